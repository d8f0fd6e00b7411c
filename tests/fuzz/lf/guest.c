// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest gives to a modelled chip: registers, doorbells, mailboxes and
 * their buffers, control blocks, entries of the request ring with segment lists
 * anywhere, memory that goes away. The guest is the initiator of a rig or its
 * target, booted and logged in; the other one works. In the end the chip is
 * reset and must serve a sane driver.
 */
#include "fuzz.h"

#include "../badhost.h"
#include "pci/cfg.h"
#include "rig.h"
#include "spec/entries.h"

#define MAX_OPS 48U
#define LEN 4096U

static struct rig rig;
static struct fuzz_in in;
static struct host *wild;
static bool is_tgt;

/* ---- numbers ---- */

static uint32_t nasty(void)
{
	static const uint32_t list[] = {
		0,	 1,	   2,	       0x10,	   0x3f,   0x40,
		0x7fe,	 0x7ff,	   0x800,      0xfff,	   0x1000, 0xffff,
		0x10000, 0xfffffc, 0x7fffffff, 0xffffffff,
	};
	uint8_t b = fuzz_u8(&in);

	return b & 0x80 ? fuzz_u32(&in) : list[b % ARRAY_SIZE(list)];
}

/* An address in guest memory, at its ends, or anywhere. */
static uint64_t address(void)
{
	uint8_t b = fuzz_u8(&in);

	switch (b >> 5) {
	case 0:
		return HOST_IOVA + HOST_RAM - (b & 31);
	case 1:
		return HOST_IOVA - (b & 31);
	case 2:
		return (uint64_t)nasty() << 32 | nasty();
	default:
		return HOST_IOVA + HOST_DATA + b * 0x1000U;
	}
}

/* ---- registers, configuration, memory ---- */

static void access_reg(void)
{
	static const uint8_t regs[] = { 0x00, 0x04, 0x08, 0x0c, 0x10,
					0x1c, 0x20, 0x24, 0x28, 0x3c,
					0x40, 0x44, 0x48, 0x4c, 0x50,
					0x54, 0x58, 0xc0, 0x80, 0x82 };
	uint8_t how = fuzz_u8(&in);
	unsigned int bar = how & 1 ? PCIDEV_BAR_MEM : PCIDEV_BAR_IO;
	unsigned int size = 1U << (how >> 1 & 3);
	uint32_t off = regs[fuzz_u8(&in) % sizeof(regs)];

	if (how & 0x40)
		off = nasty();
	if (how & 0x80)
		pcidev_bar_read(wild->dev, bar, off, size);
	else
		pcidev_bar_write(wild->dev, bar, off, size, nasty());
}

static void host_command(void)
{
	uint8_t b = fuzz_u8(&in);

	host_wr(wild, 0x48,
		(uint32_t)(b & 15) << 28 | (b & 0x80 ? nasty() : 0));
}

static void config(void)
{
	uint8_t buf[4];
	uint32_t off = fuzz_u8(&in);

	put_le32(buf, nasty());
	pcidev_cfg_write(wild->dev, off, buf, 1 + (off & 3));
}

static void memory(void)
{
	struct mem *m = &wild->dev->mem;
	uint8_t b = fuzz_u8(&in);

	mem_unmap_all(m);
	if (b & 3)
		mem_map(m, HOST_IOVA, b & 4 ? HOST_DATA : HOST_RAM, wild->ram,
			b & 8 ? MEM_PROT_READ : MEM_PROT_READ | MEM_PROT_WRITE);
}

static void scribble(void)
{
	static const uint32_t at[] = { HOST_REQ, HOST_RSP,  HOST_ATIO,
				       HOST_ICB, HOST_MISC, HOST_FW };
	uint8_t b = fuzz_u8(&in);

	fuzz_patch(&in,
		   host_at(wild,
			   at[b % ARRAY_SIZE(at)] + (b >> 3) * HOST_ENTRY_LEN),
		   HOST_ENTRY_LEN);
}

/* ---- mailboxes ---- */

static void mailbox(void)
{
	uint16_t mb[32] = { fuzz_u8(&in) };
	uint8_t how = fuzz_u8(&in);
	uint64_t iova = HOST_IOVA + (how & 1 ? HOST_MISC : HOST_ICB);

	if (how & 2) {
		host_icb(wild, (how >> 6) % 3, 0x2100001b32f00001ULL);
		fuzz_patch(&in, host_at(wild, HOST_ICB), 128);
	}
	if (how & 4)
		iova = address();
	if (how & 8)
		fuzz_patch(&in, host_at(wild, HOST_MISC), HOST_ENTRY_LEN);
	badhost_mbox_buffer(mb, iova);
	if (how & 0x10)
		fuzz_patch(&in, (uint8_t *)(mb + 1), sizeof(mb) - 2);
	badhost_mbox_run(wild, mb);
}

/* ---- entries ---- */

static unsigned int segments(struct seg *segs, unsigned int max)
{
	unsigned int nr = fuzz_u8(&in) % (max + 1), i;

	for (i = 0; i < nr; i++) {
		segs[i].iova = address();
		segs[i].len = fuzz_u8(&in) * 64U;
		if (segs[i].len == 255 * 64)
			segs[i].len = nasty();
	}
	return nr;
}

static uint8_t *command(void)
{
	struct seg segs[14];
	uint8_t how = fuzz_u8(&in);
	struct cmd c = {
		.handle = how >> 4,
		.nport = rig.tgt_nport,
		.id = rig.tgt_id,
		.cdb = { how & 1 ? 0x28 : 0x2a, 0, 0, 0, 0, 0, 0, 0, 8 },
		.dl = how & 2 ? nasty() : LEN,
		.read = how & 1,
		.write = !(how & 1),
		.timeout_s = how & 4 ? 2 : 0,
		.segs = segs,
	};

	c.cdb[8] = how & 8 ? fuzz_u8(&in) : 8;
	c.nr_segs = segments(segs, ARRAY_SIZE(segs));
	return entry_cmd(wild, &c);
}

/* For a command that lies on the ATIO ring, or lay there. */
static uint8_t *continue_io(void)
{
	static const uint16_t flags[] = {
		CTIO_DATA_IN | CTIO_STATUS,
		CTIO_DATA_IN,
		CTIO_DATA_OUT,
		CTIO_STATUS | CTIO_MODE1,
		CTIO_TERMINATE | CTIO_MODE1,
		CTIO_DATA_IN | CTIO_NO_RETURN,
	};
	struct seg segs[14];
	uint8_t how = fuzz_u8(&in);
	const uint8_t *atio =
		host_at(wild, HOST_ATIO + (how >> 3) * HOST_ENTRY_LEN);
	uint16_t f = flags[(how & 7) % ARRAY_SIZE(flags)];
	unsigned int nr = segments(segs, ARRAY_SIZE(segs));

	return entry_ctio(wild, how, rig.ini_nport, atio, f, segs, nr);
}

static uint8_t *log_in(void)
{
	uint8_t how = fuzz_u8(&in);
	uint32_t id = how & 0x40 ? 0xfffffc : is_tgt ? rig.ini_id : rig.tgt_id;

	return entry_login(wild, 0x100U + (how & 7), how >> 3 & 15,
			   how & 0x80 ? nasty() : id,
			   badhost_login_flags(how & 7));
}

/* How long a request is, or its answer may be. */
static uint32_t pass_len(void)
{
	uint8_t b = fuzz_u8(&in);

	if (b >= 0xc0)
		return FAB_PAYLOAD_MAX - 1 + (b & 3);
	return b & 0x80 ? nasty() : 16 + b;
}

/* An ELS or a CT request, with segments that may be elsewhere. */
static uint8_t *pass_through(void)
{
	static const uint8_t codes[] = { FAB_ELS_PLOGI, FAB_ELS_PRLI,
					 FAB_ELS_LOGO,	FAB_ELS_PRLO,
					 FAB_ELS_ADISC, FAB_ELS_ECHO,
					 FAB_ELS_RTV,	FAB_ELS_RNID };
	uint8_t *e = host_slot(wild);
	uint8_t how = fuzz_u8(&in);
	uint32_t len = pass_len(), room = pass_len();
	uint32_t id = is_tgt ? rig.ini_id : rig.tgt_id;
	uint16_t nport = how & 2 ? how >> 4 :
			 is_tgt	 ? rig.ini_nport :
				   rig.tgt_nport;

	if (!e)
		return NULL;
	e[HDR_COUNT] = 1;
	put_le32(e + HDR_HANDLE, 0x500);
	put_le64(e + CT_DSD0_ADDR, address());
	put_le32(e + CT_DSD0_ADDR + 8, len);
	put_le64(e + CT_DSD0_ADDR + 12, address());
	put_le32(e + CT_DSD0_ADDR + 20, room);
	if (how & 1) {
		e[HDR_TYPE] = ENTRY_ELS;
		e[ELS_OPCODE] = codes[how >> 4 & 7];
		put_le16(e + ELS_NPORT, nport);
		put_le16(e + ELS_D_ID, (uint16_t)id);
		e[ELS_D_ID + 2] = (uint8_t)(id >> 16);
		put_le16(e + ELS_NR_TX, 1);
		put_le16(e + ELS_NR_RX, 1);
		put_le32(e + ELS_TX_LEN, len);
		put_le32(e + ELS_RX_LEN, room);
		return e;
	}
	e[HDR_TYPE] = ENTRY_CT;
	put_le16(e + CT_NPORT, nport);
	put_le16(e + CT_NR_CMD, 1);
	put_le16(e + CT_NR_RSP, 1);
	put_le16(e + CT_TIMEOUT, 2);
	put_le32(e + CT_CMD_LEN, len);
	put_le32(e + CT_RSP_LEN, room);
	return e;
}

static uint8_t *anything(void)
{
	uint8_t *e = host_slot(wild);

	if (!e)
		return NULL;
	e[HDR_TYPE] = badhost_entry_type(fuzz_u8(&in));
	e[HDR_COUNT] = 1;
	fuzz_patch(&in, e + 1, HOST_ENTRY_LEN - 1);
	return e;
}

static void entry(uint8_t what)
{
	uint8_t lun[8] = { 0 };
	uint8_t *e;

	switch (what >> 4 & 7) {
	case 0:
	case 1:
		e = is_tgt ? continue_io() : command();
		break;
	case 2:
		e = log_in();
		break;
	case 3:
		e = entry_abort(wild, 0x200, fuzz_u8(&in) & 15, rig.tgt_nport,
				rig.tgt_id);
		break;
	case 4:
		e = entry_tmf(wild, 0x300, rig.tgt_nport, rig.tgt_id,
			      1U << (fuzz_u8(&in) & 7), lun);
		break;
	case 5:
		e = entry_nack(wild, 0x400,
			       host_at(wild,
				       HOST_ATIO + fuzz_u8(&in) % 16 *
							   HOST_ENTRY_LEN));
		break;
	case 6:
		e = pass_through();
		break;
	default:
		e = anything();
	}
	if (e && what & 0x80)
		fuzz_patch(&in, e, HOST_ENTRY_LEN);
	host_ring(wild);
}

static void one_op(unsigned int i)
{
	static const uint16_t times_us[] = { 0, 1, 50, 1000, 20000, 60000 };
	uint8_t what = fuzz_u8(&in);

	switch (what & 15) {
	case 0:
		access_reg();
		break;
	case 1:
		host_command();
		break;
	case 2:
	case 3:
		mailbox();
		break;
	case 4:
		memory();
		break;
	case 5:
		config();
		break;
	case 6:
		scribble();
		break;
	case 7: /* what the other end does */
		if (is_tgt)
			rig_io(&rig, 0x1000 + i, what & 0x10, 0, LEN,
			       HOST_DATA);
		break;
	case 8: /* as the good ones do */
		host_rd(wild, 0x44);
		host_wr(wild, 0x48, 0xaU << 28);
		break;
	case 9:
		world_run(&rig.w, fuzz_u8(&in) * 20ULL * EV_MS);
		break;
	default:
		entry(what);
	}
	world_run(&rig.w, times_us[fuzz_u8(&in) % ARRAY_SIZE(times_us)] *
				  (EV_MS / 1000ULL));
}

/* ---- what must still work ---- */

static void again(void)
{
	const struct host_ops *ops = wild->ops;
	struct card *card = is_tgt ? rig.tgt_card : rig.ini_card;
	uint8_t *buf;
	const uint8_t *st;
	uint8_t zero[PCIDEV_CFG_SIZE] = { 0 };

	host_fini(wild);
	/* As a new machine would find it: the function is reset first. */
	pcidev_reset(&card->dev[0], PCIDEV_RESET_BUS);
	pcidev_cfg_write(&card->dev[0], CFG_MSIX_CTRL, zero, 2);
	host_init(wild, rig.w.ev, &card->dev[0], ops, &rig, PCIDEV_IRQ_MSIX);
	fuzz_want(host_boot(wild, is_tgt ? HOST_TGT : HOST_INI,
			    card_wwpn(&card->spec, 0)));
	/* What the other one still waits for ends by itself. */
	world_run(&rig.w, 120 * EV_SEC);
	memset(rig.tag_used, 0, sizeof(rig.tag_used));
	rig_forget(&rig);
	entry_login(&rig.ini, 0x20000, rig.tgt_nport, rig.tgt_id,
		    LOGIN_LOGO | LOGIN_IMPLICIT | LOGIN_FREE);
	host_ring(&rig.ini);
	world_run(&rig.w, EV_SEC);
	fuzz_want(rig_login(&rig) == 0);
	buf = host_at(&rig.ini, HOST_DATA);
	memset(buf, 0xa5, LEN);
	rig_io(&rig, 0x20001, true, 64, LEN, HOST_DATA);
	st = rig_status(&rig, 0x20001);
	fuzz_want(st && !get_le16(st + STS_COMP) && !get_le16(st + STS_SCSI));
	memset(buf, 0, LEN);
	rig_io(&rig, 0x20002, false, 64, LEN, HOST_DATA);
	st = rig_status(&rig, 0x20002);
	fuzz_want(st && !get_le16(st + STS_COMP) && !get_le16(st + STS_SCSI));
	fuzz_want(buf[0] == 0xa5 && !memcmp(buf, buf + 1, LEN - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned int i;

	in = (struct fuzz_in){ data, len };
	is_tgt = fuzz_u8(&in) & 1;
	fuzz_want(rig_init(&rig, NULL));
	wild = is_tgt ? &rig.tgt : &rig.ini;
	wild->dev->host_ops = &badhost_deaf;
	for (i = 0; i < MAX_OPS && in.left; i++)
		one_op(i);
	again();
	rig_fini(&rig);
	return 0;
}
