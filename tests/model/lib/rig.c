// SPDX-License-Identifier: GPL-2.0
/* An initiator and a target on one fabric, logged in, with a small disk. */
#include "rig.h"

#include <stdio.h>

#include "spec/entries.h"

#define MAX_PIECES 300U
#define CMND_TM (ATIO_CMND + 10)
#define CMND_DIR (ATIO_CMND + 11)
#define CMND_CDB (ATIO_CMND + 12)
#define FULL_LEN 56U /* FC header and FCP_CMND with a 16-byte CDB */
#define NO_TAG 0x10000U
#define XCHG_UNKNOWN 0xffffffffU
#define LOGIN_LIMIT_NS (30 * EV_SEC)

static struct rig *of(struct host *h)
{
	return h->priv;
}

static void log_add(struct rig_log *log, const uint8_t *e)
{
	if (log->nr < RIG_LOG)
		memcpy(log->e[log->nr++], e, HOST_ENTRY_LEN);
}

unsigned int rig_cut(struct seg *segs, unsigned int nr, uint64_t iova,
		     uint32_t len)
{
	uint32_t even = len / nr, i;

	if (!len)
		return 0;
	for (i = 0; i < nr; i++) {
		uint32_t n = i % 2 ? even - even / 3 : even + even / 3;

		if (i == nr - 1 || n > len - (nr - 1 - i))
			n = i == nr - 1 ? len : len - (nr - 1 - i);
		segs[i].iova = iova;
		segs[i].len = n;
		iova += n;
		len -= n;
	}
	return nr;
}

/* ---- target ---- */

/* The handle of the initiator under test; any other one is unknown here. */
static uint16_t nport_of(const struct rig *r, const uint8_t *atio)
{
	return get_be24(atio + ATIO_S_ID) == r->ini_id ? r->ini_nport : 0xffff;
}

static void send_status(struct rig *r, uint32_t tag, uint16_t scsi)
{
	const uint8_t *atio = r->tag_atio[tag];
	uint8_t *e = entry_ctio(&r->tgt, tag, nport_of(r, atio), atio,
				CTIO_STATUS | CTIO_MODE1, NULL, 0);

	put_le16(e + CTIO_SCSI, scsi);
	r->tgt_ctios++;
}

static void terminate(struct rig *r, uint32_t handle, const uint8_t *atio)
{
	entry_ctio(&r->tgt, handle, nport_of(r, atio), atio,
		   CTIO_TERMINATE | CTIO_MODE1, NULL, 0);
	r->tgt_ctios++;
}

static uint8_t *data_ctio(struct rig *r, uint32_t handle, const uint8_t *atio,
			  uint16_t flags, uint32_t off, uint32_t len)
{
	struct seg segs[MAX_PIECES];
	unsigned int nr = rig_cut(segs, r->pieces, HOST_IOVA + off, len);

	return entry_ctio(&r->tgt, handle, nport_of(r, atio), atio, flags, segs,
			  nr);
}

uint8_t *rig_ctio(struct rig *r, uint32_t handle, const uint8_t *atio,
		  uint16_t flags, uint32_t off, uint32_t len)
{
	uint8_t *e = data_ctio(r, handle, atio, flags, off, len);

	if (!(flags & CTIO_NO_RETURN))
		r->tgt_ctios++;
	host_ring(&r->tgt);
	return e;
}

static void send_tm_response(struct rig *r, uint32_t tag)
{
	const uint8_t *atio = r->tag_atio[tag];
	uint8_t *e = entry_ctio(&r->tgt, tag, nport_of(r, atio), atio,
				CTIO_STATUS | CTIO_MODE1, NULL, 0);

	put_le16(e + CTIO_SCSI, 0x0100);
	put_le16(e + CTIO1_RSP_LEN, 8);
	r->tgt_ctios++;
}

static uint32_t new_tag(struct rig *r)
{
	uint32_t tag = 0;

	while (tag < RIG_TAGS && r->tag_used[tag])
		tag++;
	if (tag < RIG_TAGS)
		r->tag_used[tag] = true;
	return tag;
}

/* READ or WRITE as far as the command is sane and inside the disk. */
static bool serve_data(struct rig *r, uint32_t tag, const uint8_t *atio)
{
	bool write = atio[CMND_CDB] == 0x2a;
	uint64_t off = (uint64_t)get_be32(atio + CMND_CDB + 2) * RIG_BLOCK;
	uint32_t len = get_be16(atio + CMND_CDB + 7) * RIG_BLOCK;

	if (atio[CMND_DIR] != (write ? 1 : 2) || !len ||
	    len > get_be32(atio + ATIO_CMND + 28) || off + len > RIG_DISK)
		return false;
	r->tgt_ctios++;
	data_ctio(r, tag, atio,
		  write ? CTIO_DATA_OUT : CTIO_DATA_IN | CTIO_STATUS,
		  RIG_DISK_OFF + (uint32_t)off, len);
	return true;
}

static void serve_cmd(struct rig *r, const uint8_t *atio)
{
	uint32_t tag;

	if ((get_le16(atio + ATIO_LEN) & 0xfff) != FULL_LEN) {
		terminate(r, NO_TAG, atio);
		return;
	}
	tag = new_tag(r);
	if (tag == RIG_TAGS) {
		terminate(r, NO_TAG, atio);
		return;
	}
	memcpy(r->tag_atio[tag], atio, HOST_ENTRY_LEN);
	if (atio[CMND_TM])
		send_tm_response(r, tag);
	else if (atio[CMND_CDB] != 0x28 && atio[CMND_CDB] != 0x2a)
		send_status(r, tag, 0);
	else if (!serve_data(r, tag, atio))
		send_status(r, tag, 0x02);
}

/* Accepts every ABTS after terminating what it aborts. */
static void serve_abts(struct rig *r, const uint8_t *abts)
{
	uint8_t atio[HOST_ENTRY_LEN] = { 0 };
	uint8_t *e;

	if (get_le32(abts + ABTS_VICTIM) != XCHG_UNKNOWN) {
		memcpy(atio + ATIO_XCHG, abts + ABTS_VICTIM, 4);
		put_be24(atio + ATIO_S_ID,
			 get_le32(abts + ABTS_S_ID) & 0xffffff);
		put_be16(atio + ATIO_OX_ID, get_le16(abts + ABTS_OX_ID));
		terminate(r, NO_TAG, atio);
	}
	e = host_slot(&r->tgt);
	memcpy(e, abts, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_ABTS_RSP;
	memcpy(e + ABTS_D_ID, abts + ABTS_S_ID, 3);
	memcpy(e + ABTS_S_ID, abts + ABTS_D_ID, 3);
	e[ABTS_R_CTL] = FAB_RCTL_BA_ACC;
	memset(e + ABTS_PAYLOAD, 0, 12);
	memcpy(e + ABTSR_ACC_OX_ID, abts + ABTS_OX_ID, 2);
	memcpy(e + ABTSR_ACC_RX_ID, abts + ABTS_RX_ID, 2);
	put_le16(e + ABTSR_ACC_HIGH, 0xffff);
}

static void on_atio(struct host *h, const uint8_t *e)
{
	struct rig *r = of(h);
	uint8_t ini_id[4];

	put_le32(ini_id, r->ini_id);
	log_add(&r->tgt_atio, e);
	if (e[HDR_TYPE] == ENTRY_NOTIFY && r->serve) {
		if (!memcmp(e + INOT_PORT_ID, ini_id, 3))
			r->ini_nport = get_le16(e + INOT_NPORT);
		r->nacks++;
		entry_nack(h, 0x20000 + r->nacks, e);
	} else if (e[HDR_TYPE] == ENTRY_ATIO && r->serve) {
		serve_cmd(r, e);
	}
}

static void ctio_back(struct rig *r, const uint8_t *e)
{
	uint32_t tag = get_le32(e + HDR_HANDLE);
	bool out = get_le16(e + CTIOR_FLAGS) & CTIO_DATA_OUT;

	r->tgt_ctios--;
	if (!r->serve || tag >= RIG_TAGS)
		return;
	if (out && get_le16(e + CTIOR_STATUS) == 1) {
		send_status(r, tag, 0);
		return;
	}
	if (get_le16(e + CTIOR_STATUS) != 1)
		terminate(r, NO_TAG, r->tag_atio[tag]);
	r->tag_used[tag] = false;
}

static void on_tgt_rsp(struct host *h, const uint8_t *e)
{
	struct rig *r = of(h);

	log_add(&r->tgt_rsp, e);
	if (e[HDR_TYPE] == ENTRY_CTIO7)
		ctio_back(r, e);
	else if (e[HDR_TYPE] == ENTRY_ABTS_RCV && r->serve)
		serve_abts(r, e);
}

/* ---- initiator ---- */

static void on_ini_rsp(struct host *h, const uint8_t *e)
{
	log_add(&of(h)->ini_rsp, e);
}

void rig_cmd(struct rig *r, struct cmd *c)
{
	if (!c->nport)
		c->nport = r->tgt_nport;
	if (!c->id)
		c->id = r->tgt_id;
	entry_cmd(&r->ini, c);
	host_ring(&r->ini);
}

uint8_t *rig_io(struct rig *r, uint32_t handle, bool write, uint32_t lba,
		uint32_t len, uint32_t off)
{
	struct seg segs[MAX_PIECES];
	struct cmd c = {
		.handle = handle,
		.nport = r->tgt_nport,
		.id = r->tgt_id,
		.cdb = { write ? 0x2a : 0x28 },
		.dl = len,
		.read = !write,
		.write = write,
		.timeout_s = 30,
		.segs = segs,
	};
	uint8_t *e;

	c.nr_segs = rig_cut(segs, r->pieces, HOST_IOVA + off, len);
	put_be32(c.cdb + 2, lba);
	put_be16(c.cdb + 7, (uint16_t)(len / RIG_BLOCK));
	e = entry_cmd(&r->ini, &c);
	host_ring(&r->ini);
	return e;
}

/* ---- looking ---- */

const uint8_t *rig_find(const struct rig_log *log, uint8_t type,
			uint32_t handle)
{
	unsigned int i;

	for (i = 0; i < log->nr; i++)
		if (log->e[i][HDR_TYPE] == type &&
		    get_le32(log->e[i] + HDR_HANDLE) == handle)
			return log->e[i];
	return NULL;
}

const uint8_t *rig_last(const struct rig_log *log, uint8_t type)
{
	unsigned int i = log->nr;

	while (i--)
		if (log->e[i][HDR_TYPE] == type)
			return log->e[i];
	return NULL;
}

const uint8_t *rig_wait(struct rig *r, const struct rig_log *log, uint8_t type,
			uint32_t handle, uint64_t limit_ns)
{
	uint64_t end = ev_now_ns(r->w.ev) + limit_ns;
	const uint8_t *e;

	while (!(e = rig_find(log, type, handle)) && ev_now_ns(r->w.ev) < end)
		if (!ev_step(r->w.ev))
			break;
	return e;
}

const uint8_t *rig_wait_last(struct rig *r, const struct rig_log *log,
			     uint8_t type, uint64_t limit_ns)
{
	uint64_t end = ev_now_ns(r->w.ev) + limit_ns;
	const uint8_t *e;

	while (!(e = rig_last(log, type)) && ev_now_ns(r->w.ev) < end)
		if (!ev_step(r->w.ev))
			break;
	return e;
}

const uint8_t *rig_status(struct rig *r, uint32_t handle)
{
	return rig_wait(r, &r->ini_rsp, ENTRY_STATUS, handle, 60 * EV_SEC);
}

void rig_forget(struct rig *r)
{
	r->ini_rsp.nr = 0;
	r->tgt_rsp.nr = 0;
	r->tgt_atio.nr = 0;
}

bool rig_quiet(struct rig *r)
{
	world_run(&r->w, EV_SEC);
	if (r->tgt_ctios)
		printf("# %d CTIOs are open\n", r->tgt_ctios);
	return !world_verdicts(&r->w) & world_balanced(&r->w) & !r->tgt_ctios;
}

/* ---- stage ---- */

/* The chip knows the address already: its handle is the one to use. */
#define LOGIN_FAILED 0x31
#define PORT_ID_USED 0x1a

uint16_t rig_login(struct rig *r)
{
	static uint32_t handle = 0x30000;
	unsigned int tries;
	uint16_t comp = 0xffff;

	for (tries = 0; tries < 2; tries++) {
		const uint8_t *e;

		entry_login(&r->ini, ++handle, r->tgt_nport, r->tgt_id,
			    LOGIN_PLOGI);
		host_ring(&r->ini);
		e = rig_wait(r, &r->ini_rsp, ENTRY_LOGIO, handle,
			     LOGIN_LIMIT_NS);
		if (!e)
			return 0xffff;
		comp = get_le16(e + LOGIO_COMP);
		if (comp)
			printf("# login: status %02x, %x, %x\n", comp,
			       get_le32(e + LOGIO_PARAM),
			       get_le32(e + LOGIO_PARAM + 4));
		if (comp != LOGIN_FAILED ||
		    get_le32(e + LOGIO_PARAM) != PORT_ID_USED)
			break;
		r->tgt_nport = get_le16(e + LOGIO_PARAM + 4);
	}
	return comp;
}

static const struct host_ops ini_ops = { .rsp = on_ini_rsp };
static const struct host_ops tgt_ops = { .rsp = on_tgt_rsp, .atio = on_atio };

/* The address, as mailbox 20h tells it: area and AL_PA, domain. */
static uint32_t own_id(struct host *h)
{
	static const uint16_t in[1] = { 0x20 };

	if (host_mbox(h, in, 1) != 0x4000)
		return 0;
	return (uint32_t)h->mb[3] << 16 | h->mb[2];
}

static uint64_t name_of(const struct card *card, uint64_t wanted)
{
	return wanted ? wanted : card_wwpn(&card->spec, 0);
}

/*
 * On a wire the higher name logs in first and is 1, the other one is 2. If
 * that is the target, its driver sends the first PLOGI.
 */
static bool wire_ids(struct rig *r, const struct rig_setup *s)
{
	const uint8_t *e;

	r->ini_id = 1;
	r->tgt_id = 2;
	if (name_of(r->ini_card, s->ini_wwpn) >
	    name_of(r->tgt_card, s->tgt_wwpn))
		return true;
	r->ini_id = 2;
	r->tgt_id = 1;
	entry_login(&r->tgt, 0x30000, RIG_TGT_NPORT, r->ini_id, LOGIN_SERVER);
	host_ring(&r->tgt);
	e = rig_wait(r, &r->tgt_rsp, ENTRY_LOGIO, 0x30000, LOGIN_LIMIT_NS);
	return e && !get_le16(e + LOGIO_COMP);
}

bool rig_init(struct rig *r, const struct rig_setup *s)
{
	static const struct rig_setup usual = { FAB_SWITCH, "2532",
						PCIDEV_IRQ_MSIX, 0, 0 };
	char text[64];

	if (!s)
		s = &usual;
	memset(r, 0, sizeof(*r));
	r->serve = true;
	r->pieces = 1;
	r->tgt_nport = RIG_TGT_NPORT;
	world_init(&r->w, s->topo);
	snprintf(text, sizeof(text), "name=initiator,chip=%s", s->chip);
	r->ini_card = world_card(&r->w, text);
	snprintf(text, sizeof(text), "name=target,chip=%s", s->chip);
	r->tgt_card = world_card(&r->w, text);
	if (s->topo == FAB_WIRE &&
	    fab_wire(world_port(r->ini_card, 0), world_port(r->tgt_card, 0)))
		return false;
	host_init(&r->ini, r->w.ev, &r->ini_card->dev[0], &ini_ops, r, s->irq);
	host_init(&r->tgt, r->w.ev, &r->tgt_card->dev[0], &tgt_ops, r, s->irq);
	if (!host_reset(&r->tgt) || !host_load(&r->tgt) ||
	    !host_reset(&r->ini) || !host_load(&r->ini))
		return false;
	host_icb(&r->tgt, HOST_TGT, name_of(r->tgt_card, s->tgt_wwpn));
	host_icb(&r->ini, HOST_INI, name_of(r->ini_card, s->ini_wwpn));
	if (host_start(&r->tgt) != 0x4000 || host_start(&r->ini) != 0x4000 ||
	    !host_wait_up(&r->tgt, 20 * EV_SEC) ||
	    !host_wait_up(&r->ini, 20 * EV_SEC))
		return false;
	r->ini_id = own_id(&r->ini);
	r->tgt_id = own_id(&r->tgt);
	if (s->topo == FAB_WIRE && !wire_ids(r, s))
		return false;
	return r->tgt_id && rig_login(r) == 0;
}

void rig_fini(struct rig *r)
{
	host_fini(&r->ini);
	host_fini(&r->tgt);
	world_fini(&r->w);
}
