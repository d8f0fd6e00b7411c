// SPDX-License-Identifier: GPL-2.0
/*
 * The target's side of FCP: commands to the driver (ATIO), and what the driver
 * does about them (CTIO type 7).
 *
 *	FCP_CMND --> ATIO; CTIO data in --> FCP_DATA; CTIO data out -->
 *	FCP_XFER_RDY, FCP_DATA --> completion; CTIO status --> FCP_RSP
 *
 * A CTIO comes back when its frames have left (or, for data out, its data have
 * come): only then does the driver own the memory again.
 *
 * Source: [FB ct7_entry_t, O]; [LX ctio7_to_24xx, atio_from_isp, O]; [SS 5, O]
 */
#include "port/port_int.h"

#include <errno.h>
#include <stdlib.h>

/* Flags. [LX CTIO7_FLAGS_*, O] */
#define CF_STATUS 0x8000U
#define CF_TERMINATE 0x4000U
#define CF_CONFIRM 0x2000U
#define CF_ATTR 0x1e00U
#define CF_NO_RETURN 0x0100U
#define CF_MODE 0x00c0U
#define CF_MODE_0 0x0000U
#define CF_MODE_1 0x0040U
#define CF_MODE_2 0x0080U
#define CF_EXPLICIT_CONF 0x0020U
#define CF_IN 0x0002U
#define CF_OUT 0x0001U
#define CF_KNOWN                                                          \
	(CF_STATUS | CF_TERMINATE | CF_CONFIRM | CF_ATTR | CF_NO_RETURN | \
	 CF_MODE | CF_EXPLICIT_CONF | CF_IN | CF_OUT)

/* FCP_CMND and FCP_RSP, as in cmd.c. [FCP-4, D] */
#define CMND_ATTR 9
#define CMND_DIR 11
#define CMND_CDB 12
#define DIR_WRITE 0x01
#define DIR_READ 0x02
#define RSP_LEN 24
#define RSP_FLAGS 10
#define RSP_STATUS 11
#define RSP_RESID 12
#define RSP_SNS_LEN 16
#define RSP_RSP_LEN 20
#define SAM_TASK_SET_FULL 0x28

#define ATIO_HEADER 8 /* bytes before the FC header */
#define FC_HEADER 24
#define ATIO_LEN_MASK 0x0fff
#define CMND_MAX (ATIO_LEN_MASK - FC_HEADER)
#define M1_DATA_LEN 24
#define M2_MAX 512
#define TIMEOUT_NEVER 0xffff
#define TIMEOUT_DEFAULT 30 /* seconds. [LX ctio_to_2xxx timeout, I] */

/* ---- commands in ---- */

/* The chip itself says that it cannot take a command. */
static void send_task_set_full(struct port *p, const struct fab_frame *f)
{
	struct fab_frame *r = frame_reply(p, f, FAB_RCTL_FCP_RSP, RSP_LEN);

	r->payload[RSP_STATUS] = SAM_TASK_SET_FULL;
	frame_tx(p, r);
}

static void fill_atio(uint8_t *e, const struct fab_frame *f, uint32_t addr,
		      uint32_t len)
{
	e[HDR_TYPE] = ENTRY_ATIO;
	put_le16(e + ATIO_LEN, (uint16_t)(FC_HEADER + len));
	if (len > CMND_ATTR)
		e[ATIO_LEN + 1] |= (uint8_t)((f->payload[CMND_ATTR] & 7) << 4);
	put_le32(e + ATIO_XCHG, addr);
	e[ATIO_R_CTL] = f->r_ctl;
	put_be24(e + ATIO_D_ID, f->d_id);
	put_be24(e + ATIO_S_ID, f->s_id);
	e[ATIO_FC_TYPE] = f->type;
	put_be24(e + ATIO_F_CTL, f->f_ctl);
	e[ATIO_SEQ_ID] = f->seq_id;
	put_be16(e + ATIO_OX_ID, f->ox_id);
	put_be16(e + ATIO_RX_ID, f->rx_id);
	put_be32(e + ATIO_PARAMETER, f->param);
	memcpy(e + ATIO_CMND, f->payload, len);
}

static void parse_cmnd(struct tgt *x, const struct fab_frame *f)
{
	uint32_t at;

	if (f->len <= CMND_DIR)
		return;
	x->dir = f->payload[CMND_DIR] & 3;
	at = CMND_CDB + 16 + (f->payload[CMND_DIR] & ~3U);
	if (f->len >= at + 4)
		x->dl = get_be32(f->payload + at);
}

/**
 * tgt_rx_cmnd() - A SCSI command or task management function arrived.
 * @p: port
 * @f: FCP_CMND of any length
 *
 * From a port that is not logged in it is answered by LOGO, so that the other
 * end logs in anew.
 */
void tgt_rx_cmnd(struct port *p, const struct fab_frame *f)
{
	struct rport *rp = rport_by_id(p, f->s_id);
	uint8_t e[ENTRY_SIZE * 2];
	uint8_t *big = e;
	uint32_t len = f->len;
	unsigned int nr;
	struct tgt *x;
	int err;

	if (p->state != LINK_READY || f->d_id != p->id)
		return;
	if (!port_is_target(p) || !rp || rp->state != RP_PRLI) {
		frame_logo(p, f->s_id, 0xffff);
		return;
	}
	if (len > CMND_MAX)
		len = CMND_MAX;
	nr = (ATIO_HEADER + FC_HEADER + len + ENTRY_SIZE - 1) / ENTRY_SIZE;
	if (nr * ENTRY_SIZE > sizeof(e)) {
		big = calloc(nr, ENTRY_SIZE);
		if (!big)
			abort();
	} else {
		memset(e, 0, (size_t)nr * ENTRY_SIZE);
	}
	x = tgt_get(p, TGT_FCP);
	if (x) {
		x->rp = rp;
		x->s_id = f->s_id;
		x->d_id = f->d_id;
		x->ox_id = f->ox_id;
		parse_cmnd(x, f);
	}
	fill_atio(big, f, x ? x->addr : XCHG_NONE, len);
	big[HDR_COUNT] = (uint8_t)nr;
	err = chip_atio_push(p->chip, big, nr);
	if (big != e)
		free(big);
	if (!err)
		return;
	if (x)
		tgt_put(p, x, END_BY_CHIP);
	send_task_set_full(p, f);
}

/* ---- life of a CTIO ---- */

static struct ctio *ctio_get(struct port *p, const uint8_t *req)
{
	struct ctio *c = p->free_ctio;

	if (c)
		p->free_ctio = (struct ctio *)c->tx.next;
	else
		c = malloc(sizeof(*c));
	if (!c)
		abort();
	memset(c, 0, offsetof(struct ctio, req));
	memcpy(c->req, req, ENTRY_SIZE);
	c->tx.is_ctio = true;
	c->xchg = get_le32(req + CTIO_XCHG);
	c->flags = get_le16(req + CTIO_FLAGS);
	c->link = p->ctios;
	c->prev = &p->ctios;
	if (p->ctios)
		p->ctios->prev = &c->link;
	p->ctios = c;
	return c;
}

static void ctio_put(struct port *p, struct ctio *c)
{
	if (c->prev) {
		*c->prev = c->link;
		if (c->link)
			c->link->prev = c->prev;
	}
	c->tx.next = (struct txop *)p->free_ctio;
	p->free_ctio = c;
}

/* Give the entry back, unless the driver does not want to see success. */
static void ctio_return(struct port *p, const uint8_t *req, uint16_t status)
{
	uint8_t e[ENTRY_SIZE];

	p->jp->n.ctio_status[status & 0xff]++;
	if (status == CTIO_OK && get_le16(req + CTIO_FLAGS) & CF_NO_RETURN) {
		book_return(p->jp, BOOK_CTIO);
		return;
	}
	memcpy(e, req, ENTRY_SIZE);
	e[HDR_COUNT] = 1;
	put_le16(e + CTIOR_STATUS, status);
	port_answer(p, e, false);
}

static void ctio_done(struct port *p, struct ctio *c, uint16_t status)
{
	struct tgt *x = tgt_find(p, c->xchg);

	ctio_return(p, c->req, status);
	if (c->final && x) {
		p->jp->n.fcp_cmds_tgt++;
		tgt_put(p, x, END_BY_DRIVER);
	}
	ctio_put(p, c);
}

/**
 * ctio_frame_done() - The last frame of a CTIO has ended.
 * @p: port
 * @c: CTIO; gone afterwards
 */
void ctio_frame_done(struct port *p, struct ctio *c)
{
	if (c->tx.dead)
		ctio_put(p, c);
	else if (c->status)
		ctio_done(p, c, c->status);
	else
		ctio_done(p, c, c->tx.failed ? CTIO_DMA_ERR : CTIO_OK);
}

/**
 * tgt_end() - End an exchange; CTIOs under way come back with an error.
 * @p: port
 * @x: TGT_FCP or TGT_ABTS; gone afterwards
 * @ctio_status: for its CTIOs
 * @why: who ends it
 */
void tgt_end(struct port *p, struct tgt *x, uint16_t ctio_status,
	     enum tgt_end why)
{
	struct ctio *wait = x->wait;
	struct ctio *c;

	x->wait = NULL;
	if (x->kind == TGT_FCP) {
		for (c = p->ctios; c; c = c->link) {
			if (c->xchg != x->addr || c == wait)
				continue;
			c->final = false;
			if (!c->status)
				c->status = ctio_status;
		}
	}
	tgt_put(p, x, why);
	if (wait)
		ctio_done(p, wait, ctio_status);
}

/**
 * tgt_timeout() - Data out did not come in time.
 * @p: port
 * @x: exchange; stays open, the driver decides
 */
void tgt_timeout(struct port *p, struct tgt *x)
{
	struct ctio *c = x->wait;

	x->wait = NULL;
	if (!c)
		return;
	c->final = false;
	ctio_done(p, c, CTIO_TIMED_OUT);
}

/* ---- status out ---- */

static struct fab_frame *rsp_frame(struct port *p, uint32_t d_id,
				   uint16_t ox_id, uint16_t rx_id,
				   const uint8_t *req, uint32_t len)
{
	struct fab_frame *f = frame_els(p, FAB_RCTL_FCP_RSP, d_id, ox_id, rx_id,
					RSP_LEN + len);
	uint16_t scsi = get_le16(req + CTIO_SCSI);

	f->payload[RSP_FLAGS] = scsi >> 8 & 0x1f;
	f->payload[RSP_STATUS] = (uint8_t)scsi;
	if (scsi & 0x0c00)
		put_be32(f->payload + RSP_RESID, get_le32(req + CTIO_RESID));
	return f;
}

/* Mode 1: response and sense bytes are in the entry. */
static struct fab_frame *rsp_mode1(struct port *p, uint32_t d_id,
				   uint16_t ox_id, uint16_t rx_id,
				   const uint8_t *req)
{
	uint16_t scsi = get_le16(req + CTIO_SCSI);
	uint32_t rsp = scsi & 0x0100 ? get_le16(req + CTIO1_RSP_LEN) : 0;
	uint32_t sns = scsi & 0x0200 ? get_le16(req + CTIO1_SENSE_LEN) : 0;
	uint8_t data[M1_DATA_LEN];
	struct fab_frame *f;

	if (rsp + sns > M1_DATA_LEN) {
		judge_raise(p->jp, VERDICT_CTIO_SENSE,
			    "exchange %08x: %u + %u bytes",
			    get_le32(req + CTIO_XCHG), rsp, sns);
		if (rsp > M1_DATA_LEN)
			rsp = M1_DATA_LEN;
		sns = M1_DATA_LEN - rsp;
	}
	f = rsp_frame(p, d_id, ox_id, rx_id, req, rsp + sns);
	put_be32(f->payload + RSP_SNS_LEN, sns);
	put_be32(f->payload + RSP_RSP_LEN, rsp);
	fcp_swap(data, req + CTIO1_DATA, M1_DATA_LEN);
	memcpy(f->payload + RSP_LEN, data, rsp + sns);
	return f;
}

/* Mode 2: the driver has written the whole FCP_RSP. */
static struct fab_frame *rsp_mode2(struct port *p, uint32_t d_id,
				   uint16_t ox_id, uint16_t rx_id,
				   const uint8_t *req)
{
	uint32_t len = get_le32(req + CTIO2_LEN);
	struct fab_frame *f;

	if (len < RSP_LEN || len > M2_MAX ||
	    len > get_le32(req + CTIO2_DSD_LEN)) {
		judge_raise(p->jp, VERDICT_CTIO_SENSE,
			    "exchange %08x: response of %u bytes",
			    get_le32(req + CTIO_XCHG), len);
		return NULL;
	}
	f = frame_els(p, FAB_RCTL_FCP_RSP, d_id, ox_id, rx_id, len);
	if (pcidev_dma_read(p->dev, get_le64(req + CTIO2_DSD_ADDR), f->payload,
			    len)) {
		fab_frame_put(p->fab, f);
		return NULL;
	}
	return f;
}

static struct fab_frame *make_rsp(struct port *p, uint32_t d_id, uint16_t ox_id,
				  uint16_t rx_id, const uint8_t *req)
{
	switch (get_le16(req + CTIO_FLAGS) & CF_MODE) {
	case CF_MODE_1:
		return rsp_mode1(p, d_id, ox_id, rx_id, req);
	case CF_MODE_2:
		return rsp_mode2(p, d_id, ox_id, rx_id, req);
	default:
		return rsp_frame(p, d_id, ox_id, rx_id, req, 0);
	}
}

static void tx_owned(struct port *p, struct ctio *c, struct fab_frame *f)
{
	f->owner = &c->tx;
	c->tx.frames++;
	frame_tx(p, f);
}

/* Send the final status. Return: 0, or -EINVAL and nothing has been sent. */
static int send_status(struct port *p, struct tgt *x, struct ctio *c)
{
	struct fab_frame *f =
		make_rsp(p, x->s_id, x->ox_id, (uint16_t)x->addr, c->req);

	if (!f)
		return -EINVAL;
	x->status_sent = true;
	c->final = true;
	tx_owned(p, c, f);
	return 0;
}

/* ---- data ---- */

static bool data_ok(struct port *p, const struct tgt *x, const struct ctio *c)
{
	uint32_t len = get_le32(c->req + CTIO0_XFER_LEN);
	uint32_t off = get_le32(c->req + CTIO0_OFFSET);
	bool in = c->flags & CF_IN;

	if (!(x->dir & (in ? DIR_READ : DIR_WRITE)))
		judge_raise(p->jp, VERDICT_CTIO_DIRECTION,
			    "exchange %08x flags %04x, command's %u", x->addr,
			    c->flags, x->dir);
	else if ((uint64_t)off + len > x->dl)
		judge_raise(p->jp, VERDICT_CTIO_BEYOND,
			    "exchange %08x: %u at %u of %u", x->addr, len, off,
			    x->dl);
	if (x->segs.total >= len && len)
		return true;
	judge_raise(p->jp, VERDICT_CTIO_SHORT, "exchange %08x: %u of %u bytes",
		    x->addr, (unsigned int)x->segs.total, len);
	return false;
}

static void send_data(struct port *p, struct tgt *x, struct ctio *c)
{
	struct fab_frame *f = fab_frame_get(p->fab, 0);

	f->r_ctl = FAB_RCTL_FCP_DATA;
	f->type = FAB_TYPE_FCP;
	f->f_ctl = FCTL_RESPONDER | FCTL_END;
	f->s_id = p->id;
	f->d_id = x->s_id;
	f->ox_id = x->ox_id;
	f->rx_id = (uint16_t)x->addr;
	f->param = get_le32(c->req + CTIO0_OFFSET);
	segs_to_frame(p, &x->segs, f, get_le32(c->req + CTIO0_XFER_LEN));
	tx_owned(p, c, f);
}

static void ask_data(struct port *p, struct tgt *x, struct ctio *c)
{
	struct fab_frame *f = frame_els(p, FAB_RCTL_FCP_XFER_RDY, x->s_id,
					x->ox_id, (uint16_t)x->addr, 12);
	uint16_t timeout = get_le16(c->req + CTIO_TIMEOUT);

	x->wait = c;
	x->offset = get_le32(c->req + CTIO0_OFFSET);
	x->want = get_le32(c->req + CTIO0_XFER_LEN);
	x->got = 0;
	put_be32(f->payload, x->offset);
	put_be32(f->payload + 4, x->want);
	if (timeout != TIMEOUT_NEVER)
		xchg_deadline(p, &x->deadline_ns,
			      (timeout ? timeout : TIMEOUT_DEFAULT) * EV_SEC);
	frame_tx(p, f);
}

/**
 * tgt_rx_data() - Data of a WRITE.
 * @p: port
 * @f: FCP_DATA
 *
 * What does not follow what came before is discarded: the CTIO times out.
 */
void tgt_rx_data(struct port *p, const struct fab_frame *f)
{
	struct tgt *x = tgt_by_rx_id(p, f->rx_id);
	struct ctio *c;
	int err;

	if (!x || x->kind != TGT_FCP || x->s_id != f->s_id || !x->wait ||
	    f->param != x->offset + x->got || f->len > x->want - x->got)
		return;
	c = x->wait;
	segs_seek(&x->segs, x->got);
	err = segs_copy_in(p, &x->segs, f);
	if (err == -EFAULT)
		return;
	x->got += f->len;
	if (!err && x->got < x->want)
		return;
	xchg_deadline(p, &x->deadline_ns, 0);
	x->wait = NULL;
	if (err)
		ctio_done(p, c, CTIO_DMA_ERR);
	else if (!(c->flags & CF_STATUS) || send_status(p, x, c))
		ctio_done(p, c, CTIO_OK);
}

/* ---- requests ---- */

static bool fields_ok(struct port *p, const uint8_t *req)
{
	uint16_t flags = get_le16(req + CTIO_FLAGS);
	bool bad =
		req[CTIO_VP] || req[CTIO_ADD_FLAGS] || req[CTIO_RSVD_13] ||
		flags & ~CF_KNOWN || (flags & CF_MODE) == CF_MODE ||
		(flags & (CF_IN | CF_OUT)) == (CF_IN | CF_OUT) ||
		(flags & (CF_IN | CF_OUT) && flags & CF_MODE) ||
		!(flags & (CF_IN | CF_OUT | CF_STATUS | CF_TERMINATE)) ||
		(flags & CF_TERMINATE && flags & (CF_IN | CF_OUT | CF_STATUS));

	if (!bad && (flags & CF_MODE) == CF_MODE_0)
		bad = get_le16(req + CTIO0_RSVD_18) ||
		      get_le32(req + CTIO0_RSVD_28) ||
		      get_le32(req + CTIO0_RSVD_30);
	if (bad)
		judge_raise(p->jp, VERDICT_CTIO_FIELDS,
			    "exchange %08x flags %04x vp %u add %02x",
			    get_le32(req + CTIO_XCHG), flags, req[CTIO_VP],
			    req[CTIO_ADD_FLAGS]);
	return !bad;
}

static void check_ids(struct port *p, const struct tgt *x, const uint8_t *req)
{
	uint16_t handle = get_le16(req + CTIO_NPORT);

	if ((handle != 0xffff && handle != x->rp->handle) ||
	    get_le24(req + CTIO_INI_ID) != x->s_id ||
	    get_le16(req + CTIO_OX_ID) != x->ox_id)
		judge_raise(p->jp, VERDICT_CTIO_IDS,
			    "exchange %08x: handle %x id %06x ox_id %04x",
			    x->addr, handle, get_le24(req + CTIO_INI_ID),
			    get_le16(req + CTIO_OX_ID));
}

/* An exchange for which there was no resource: status by the ids alone. */
static void unknown_xchg(struct port *p, const uint8_t *req)
{
	uint16_t flags = get_le16(req + CTIO_FLAGS);
	struct fab_frame *f;

	if (flags & CF_STATUS && !(flags & (CF_IN | CF_OUT))) {
		f = make_rsp(p, get_le24(req + CTIO_INI_ID),
			     get_le16(req + CTIO_OX_ID), 0xffff, req);
		if (f)
			frame_tx(p, f);
		ctio_return(p, req, f ? CTIO_OK : CTIO_DMA_ERR);
		return;
	}
	ctio_return(p, req, flags & CF_TERMINATE ? CTIO_OK : CTIO_BAD_XCHG);
}

static void bad_xchg(struct port *p, const uint8_t *req, const struct tgt *x)
{
	uint32_t addr = get_le32(req + CTIO_XCHG);
	bool term = get_le16(req + CTIO_FLAGS) & CF_TERMINATE;
	enum tgt_end was = x ? END_BY_DRIVER : tgt_was(p, addr);

	if (was == END_BY_DRIVER && !term)
		judge_raise(p->jp, VERDICT_CTIO_AFTER_END,
			    "exchange %08x flags %04x", addr,
			    get_le16(req + CTIO_FLAGS));
	else if (was == END_NEVER)
		judge_raise(p->jp, VERDICT_CTIO_XCHG, "exchange %08x", addr);
	ctio_return(p, req, CTIO_BAD_XCHG);
}

/* The driver gives an exchange up; its originator hears of it by ABTS. */
static void terminate(struct port *p, struct tgt *x, const uint8_t *req)
{
	if (!x->abts_seen && !x->status_sent) {
		struct fab_frame *f = frame_els(p, FAB_RCTL_ABTS, x->s_id,
						x->ox_id, (uint16_t)x->addr, 0);

		f->f_ctl |= FCTL_RESPONDER;
		p->jp->n.abts_tx++;
		frame_tx(p, f);
	}
	p->jp->n.fcp_cmds_tgt++;
	tgt_end(p, x, CTIO_ABORTED, END_BY_DRIVER);
	ctio_return(p, req, CTIO_OK);
}

static void ctio_run(struct port *p, struct tgt *x, const uint8_t *req)
{
	uint16_t flags = get_le16(req + CTIO_FLAGS);
	struct ctio *c;

	if (flags & (CF_IN | CF_OUT) &&
	    segs_load(&x->segs, p->req, p->nr_req, CTIO0_DSD_ADDR, 1,
		      get_le16(req + CTIO_NR_DSD))) {
		judge_raise(p->jp, VERDICT_ENTRY_SEGMENTS,
			    "exchange %08x: %u segments in %u entries", x->addr,
			    get_le16(req + CTIO_NR_DSD), p->nr_req);
		port_reject(p, req, false, ENTRY_ST_COUNT);
		return;
	}
	c = ctio_get(p, req);
	if (flags & (CF_IN | CF_OUT) && !data_ok(p, x, c)) {
		ctio_put(p, c);
		port_reject(p, req, false, ENTRY_ST_PARAM);
		return;
	}
	if (flags & CF_OUT) {
		ask_data(p, x, c);
		return;
	}
	if (flags & CF_IN)
		send_data(p, x, c);
	if (flags & CF_STATUS && send_status(p, x, c)) {
		if (!c->tx.frames)
			ctio_done(p, c, CTIO_DMA_ERR);
		else
			c->status = CTIO_DMA_ERR;
	}
}

/**
 * ctio_request() - Entry 12h.
 * @p: port
 * @req: entry
 * @by_mbox: false
 */
void ctio_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t addr = get_le32(req + CTIO_XCHG);
	struct tgt *x = tgt_find(p, addr);

	if (!port_is_target(p) || !fields_ok(p, req)) {
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	if (addr == XCHG_NONE) {
		unknown_xchg(p, req);
		return;
	}
	if (!x || x->kind != TGT_FCP || x->status_sent) {
		bad_xchg(p, req, x);
		return;
	}
	check_ids(p, x, req);
	if (get_le16(req + CTIO_FLAGS) & CF_TERMINATE) {
		terminate(p, x, req);
		return;
	}
	if (x->wait) {
		judge_raise(p->jp, VERDICT_CTIO_OVERLAP,
			    "exchange %08x flags %04x", addr,
			    get_le16(req + CTIO_FLAGS));
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	/* The login is not done here yet: the driver has to try again. */
	if (x->rp->settled_ns > ev_now_ns(p->ev)) {
		ctio_return(p, req, CTIO_LOGGED_OUT);
		return;
	}
	ctio_run(p, x, req);
}
