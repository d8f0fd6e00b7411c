// SPDX-License-Identifier: GPL-2.0
/*
 * What a peer on the switch gives to a modelled chip and to the switch's own
 * servers: FCP_CMND, data, XFER_RDY and FCP_RSP of true and false exchanges,
 * ELS, CT, ABTS, of any length. Behind the payload of each frame memory is
 * poisoned. An initiator and a target next to it must go on as if nothing were,
 * no driver is blamed, and once the peer has gone nothing is left open.
 */
#include "fuzz.h"

#include "../wild.h"
#include "spec/entries.h"

#include <sanitizer/asan_interface.h>

#define MAX_OPS 48U
#define LEN WILD_LEN
#define NR_SEEN 8U

static struct rig rig;
static struct fuzz_in in;
static struct wild evil;
/* Exchanges that the peer could answer. */
static struct wild_xchg seen[NR_SEEN];
static unsigned int nr_seen;
static uint32_t handle;

/* ---- frames ---- */

static size_t room_of(const struct fab_frame *f)
{
	return f->payload == f->small ? sizeof(f->small) : f->big_size;
}

static struct fab_frame *frame(const struct wild_xchg *x, uint8_t r_ctl,
			       uint8_t type, uint32_t len)
{
	return wild_frame(&evil, x, r_ctl, type, len);
}

/* Spoil it, cut it short, and let nobody read beyond its end. */
static void send_frame(struct fab_frame *f, uint8_t how)
{
	if (how & 1 && f->len)
		fuzz_patch(&in, f->payload, f->len < 256 ? f->len : 256);
	if (how & 2 && f->len)
		f->len = fuzz_u8(&in) % f->len;
	if (how & 4)
		f->f_ctl = (uint32_t)fuzz_u8(&in) << 16;
	if (how & 8)
		f->rx_id = fuzz_u8(&in);
	/* The owner of data is a chip's. */
	if (!f->mem) {
		f->owner = &evil.port;
		ASAN_POISON_MEMORY_REGION(f->payload + f->len,
					  room_of(f) - f->len);
	}
	fab_tx(&evil.port, f);
}

static void evil_sent(struct fab_port *port, const struct fab_frame *f,
		      enum fab_fate fate)
{
	(void)port;
	(void)fate;
	ASAN_UNPOISON_MEMORY_REGION(f->payload, room_of(f));
}

static void send_els(const struct wild_xchg *x, uint8_t r_ctl, uint8_t code,
		     uint8_t how)
{
	bool login = code == FAB_ELS_PLOGI || code == FAB_ELS_FLOGI ||
		     code == FAB_ELS_FDISC || code == FAB_ELS_PDISC;
	uint32_t len = login	  ? FAB_ELS_PLOGI_LEN :
		       how & 0x20 ? fuzz_u8(&in) * 3U :
				    28;
	struct fab_frame *f = frame(x, r_ctl, FAB_TYPE_ELS, len);

	if (login) {
		wild_fill_login(f->payload, code);
	} else if (len >= 20) {
		f->payload[0] = code;
		/* PRLI as an initiator and a target send it. */
		f->payload[1] = 0x10;
		f->payload[3] = 20;
		f->payload[4] = 8;
		f->payload[6] = r_ctl == FAB_RCTL_ELS_RSP ? 0x21 : 0x20;
		f->payload[19] = 0x32;
	}
	if (r_ctl == FAB_RCTL_ELS_RSP && len)
		f->payload[0] = FAB_ELS_LS_ACC;
	send_frame(f, how);
}

static uint32_t dest(uint8_t how)
{
	static const uint32_t servers[] = {
		FAB_ID_MGMT, FAB_ID_NS, FAB_ID_FCTRL, FAB_ID_FPORT, 0xffffff,
		0x123456,    0
	};

	if (!(how & 0x80))
		return how & 0x40 ? rig.ini_id : rig.tgt_id;
	if (how & 0x40)
		return evil.id;
	return servers[(how >> 2) % ARRAY_SIZE(servers)];
}

static void request_els(uint8_t how)
{
	static const uint8_t codes[] = {
		FAB_ELS_PLOGI, FAB_ELS_PRLI,  FAB_ELS_LOGO,  FAB_ELS_PRLO,
		FAB_ELS_ADISC, FAB_ELS_PDISC, FAB_ELS_RSCN,  FAB_ELS_ECHO,
		FAB_ELS_RTV,   FAB_ELS_FLOGI, FAB_ELS_FDISC, FAB_ELS_SCR,
		FAB_ELS_RNID,  0x24,	      0x77,
	};
	uint8_t b = fuzz_u8(&in);
	struct wild_xchg x = { dest(how), (uint16_t)(0x5000 + (b >> 4)),
			       0xffff };

	send_els(&x, FAB_RCTL_ELS_REQ, codes[(b & 15) % sizeof(codes)],
		 how & 0x3f);
}

static void request_ct(uint8_t how)
{
	static const uint16_t cmds[] = {
		0x0100, 0x0112, 0x0113, 0x0117, 0x011c, 0x011f, 0x0121,
		0x0131, 0x0171, 0x0172, 0x0173, 0x01a1, 0x0213, 0x0217,
		0x0218, 0x021f, 0x0239, 0x0300, 0x0101, 0x0102, 0x0110,
		0x0200, 0x0210, 0x0211, 0x0310, 0x0127,
	};
	uint8_t b = fuzz_u8(&in);
	bool mgmt = b & 0x80;
	struct wild_xchg x = { mgmt ? FAB_ID_MGMT : FAB_ID_NS, b, 0xffff };
	struct fab_frame *f = frame(&x, FAB_RCTL_CT_REQ, FAB_TYPE_CT,
				    16 + fuzz_u8(&in) * (how & 0x10 ? 8U : 1U));

	f->payload[0] = 1;
	f->payload[4] = mgmt ? 0xfa : 0xfc;
	f->payload[5] = !mgmt ? 2 : b & 0x40 ? 0x10 : 1;
	put_be16(f->payload + 8, cmds[(b & 0x3f) % ARRAY_SIZE(cmds)]);
	if (f->len >= 20)
		put_be32(f->payload + 16, how & 0x20 ? evil.id : rig.tgt_id);
	send_frame(f, how & 3);
}

static void send_cmnd(uint8_t how)
{
	struct wild_xchg x = { dest(how & 0xc0), (uint16_t)(0x4000 + handle++),
			       0xffff };
	struct fab_frame *f = frame(&x, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP,
				    how & 0x10 ? fuzz_u8(&in) : 32);

	if (f->len >= 32) {
		f->payload[11] = how & 0x20 ? 1 : 2;
		f->payload[12] = how & 0x20 ? 0x2a : 0x28;
		f->payload[17] = 16;
		f->payload[20] = 8;
		put_be32(f->payload + 28, LEN);
	}
	send_frame(f, how & 7);
}

/* ---- answers ---- */

static uint32_t nasty(void)
{
	static const uint32_t list[] = { 0,	     1,		 512,
					 LEN - 1,    LEN,	 LEN + 1,
					 0x7fffffff, 0xfffff000, 0xffffffff };
	uint8_t b = fuzz_u8(&in);

	return b & 0x80 ? b * 32U : list[b % ARRAY_SIZE(list)];
}

/* Data out of the peer's memory, or from where it has none. */
static void send_data(const struct wild_xchg *x, uint8_t how)
{
	struct fab_frame *f = frame(x, FAB_RCTL_FCP_DATA, FAB_TYPE_FCP, 0);
	unsigned int nr = 1 + (how >> 6);

	f->mem = &evil.dev.mem;
	f->param = how & 0x10 ? nasty() : 0;
	while (nr--)
		fab_frame_add_sg(f,
				 how & 0x20 ? nasty() :
					      WILD_IOVA + fuzz_u8(&in) * 16U,
				 nasty() % 32768);
	send_frame(f, how & 12);
}

static void answer(uint8_t how)
{
	static const uint8_t bls[] = { FAB_RCTL_ABTS, FAB_RCTL_BA_ACC,
				       FAB_RCTL_BA_RJT };
	uint8_t what = fuzz_u8(&in);
	const struct wild_xchg *x = &seen[(what >> 5) % NR_SEEN];
	struct fab_frame *f;

	if (!x->id)
		return;
	switch (what & 7) {
	case 0:
	case 1:
		send_data(x, how);
		break;
	case 2:
	case 3:
		f = frame(x, FAB_RCTL_FCP_XFER_RDY, FAB_TYPE_FCP, 12);
		put_be32(f->payload, how & 0x10 ? nasty() : 0);
		put_be32(f->payload + 4, how & 0x20 ? nasty() : LEN);
		send_frame(f, how & 15);
		break;
	case 4:
	case 5:
		f = frame(x, FAB_RCTL_FCP_RSP, FAB_TYPE_FCP,
			  how & 0x10 ? fuzz_u8(&in) + 24 : 24);
		put_be32(f->payload + 12, how & 0x20 ? nasty() : 0);
		send_frame(f, how & 15);
		break;
	case 6:
		f = frame(x, bls[(how >> 4) % sizeof(bls)], FAB_TYPE_BLS, 12);
		send_frame(f, how & 15);
		break;
	default:
		send_els(x, FAB_RCTL_ELS_RSP, how >> 4, how & 0x2f);
	}
}

static void any_frame(uint8_t how)
{
	struct wild_xchg x = { dest(how), fuzz_u8(&in), fuzz_u8(&in) };
	uint8_t r_ctl = fuzz_u8(&in);
	struct fab_frame *f = frame(&x, r_ctl, fuzz_u8(&in), fuzz_u8(&in));

	/* Data have memory behind them; only a chip could forget it. */
	if (f->r_ctl == FAB_RCTL_FCP_DATA)
		f->r_ctl = FAB_RCTL_FCP_RSP;
	send_frame(f, how & 3);
}

/* ---- what arrives ---- */

static void evil_rx(struct fab_port *port, const struct fab_frame *f)
{
	struct wild_xchg x = { f->s_id, f->ox_id, f->rx_id };

	(void)port;
	if (wild_is_flogi_acc(&evil, f))
		return;
	if (f->kind == FAB_ELS_REQ && f->len && f->s_id < 0xfffff0 &&
	    (f->payload[0] == FAB_ELS_PLOGI || f->payload[0] == FAB_ELS_PRLI)) {
		/* Let in who wants to be, so that there is something to do. */
		x.rx_id = 1;
		send_els(&x, FAB_RCTL_ELS_RSP, f->payload[0], 0);
	} else {
		seen[nr_seen++ % NR_SEEN] = x;
	}
}

static const struct fab_port_ops evil_ops = {
	.rx = evil_rx,
	.link = wild_link,
	.sent = evil_sent,
};

static void fabric_login(void)
{
	send_frame(wild_flogi(&evil), 0);
	world_run(&rig.w, EV_MS);
}

static void plug_in(void)
{
	fuzz_want(wild_plug(&evil, &rig, &evil_ops));
	fabric_login();
	fuzz_want(evil.id);
}

/* ---- the good pair ---- */

static void ask_evil(uint8_t how)
{
	wild_ask(&evil, 0x1000 + handle, how & 1, 1 + (how >> 1 & 3));
	if (how & 8)
		wild_give_up(&evil, 0x100000 + handle, 0x1000 + handle);
	handle++;
}

static void log_in_to_evil(uint16_t flags)
{
	wild_log_in(&evil, 0x40000000 + handle++, flags);
}

/* The good pair must not notice: write a block, read it back. */
static void good_pair(uint32_t h)
{
	uint8_t *buf = host_at(&rig.ini, HOST_DATA);
	const uint8_t *st;

	rig_forget(&rig);
	memset(buf, 0x5a, LEN);
	rig_io(&rig, h, true, 128, LEN, HOST_DATA);
	st = rig_status(&rig, h);
	fuzz_want(st && !get_le16(st + STS_COMP) && !get_le16(st + STS_SCSI));
	memset(buf, 0, LEN);
	rig_io(&rig, h + 1, false, 128, LEN, HOST_DATA);
	st = rig_status(&rig, h + 1);
	fuzz_want(st && !get_le16(st + STS_COMP) && !get_le16(st + STS_SCSI));
	fuzz_want(buf[0] == 0x5a && !memcmp(buf, buf + 1, LEN - 1));
	rig_forget(&rig);
}

static void one_op(void)
{
	static const uint16_t times_ms[] = { 0, 0, 0, 1, 1, 20, 300, 2500 };
	uint8_t op = fuzz_u8(&in);
	uint8_t how = fuzz_u8(&in);

	switch (op & 15) {
	case 0:
	case 1:
		request_els(how);
		break;
	case 2:
		request_ct(how);
		break;
	case 3:
	case 4:
		send_cmnd(how);
		break;
	case 5:
		ask_evil(how);
		break;
	case 6:
		log_in_to_evil(how & 1 ? LOGIN_PLOGI :
			       how & 2 ? LOGIN_LOGO | LOGIN_FREE :
					 LOGIN_SERVER);
		break;
	case 7:
		any_frame(how);
		break;
	case 8:
		fab_port_enable(&evil.port, how & 1);
		break;
	case 9:
		fabric_login();
		break;
	default:
		answer(how);
	}
	world_run(&rig.w, times_ms[op >> 5] * EV_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned int i;

	in = (struct fuzz_in){ data, len };
	memset(seen, 0, sizeof(seen));
	nr_seen = 0;
	handle = 0;
	fuzz_want(rig_init(&rig, NULL));
	plug_in();
	log_in_to_evil(LOGIN_PLOGI);
	world_run(&rig.w, 10 * EV_MS);
	for (i = 0; i < MAX_OPS && in.left; i++)
		one_op();
	good_pair(0x20000000);
	/* The peer goes; what it left open has to end by itself. */
	wild_unplug(&evil);
	world_run(&rig.w, 300 * EV_SEC);
	good_pair(0x30000000);
	fuzz_want(rig_quiet(&rig));
	rig_fini(&rig);
	return 0;
}
