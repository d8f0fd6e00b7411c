// SPDX-License-Identifier: GPL-2.0
/*
 * The initiator's side of FCP: commands and task management from the driver,
 * data in and out, and the status entries that end them.
 *
 * Source: [FB ispreqt7_t, isp24xx_statusreq_t, O]; [LX qla2x00_status_entry,
 * O]; [SS 5 and 6, O]; [FCP-4, D]
 */
#include "port/port_int.h"

#include <errno.h>

/* FCP_CMND, 32 bytes with a 16-byte CDB. [FCP-4 table 25, D] */
#define CMND_LEN 32
#define CMND_TM 10
#define CMND_DIR 11

/* FCP_RSP. [FCP-4 table 31, D] */
#define RSP_LEN 24
#define RSP_QUALIFIER 8
#define RSP_FLAGS 10
#define RSP_STATUS 11
#define RSP_RESID 12
#define RSP_SNS_LEN 16
#define RSP_RSP_LEN 20
#define FLAG_RSP_LEN 0x01
#define FLAG_SNS_LEN 0x02
#define FLAG_OVER 0x04
#define FLAG_UNDER 0x08
#define FLAG_CONF 0x10

#define SAM_TASK_SET_FULL 0x28
#define STATE_MOVED 0x0800 /* status entry: data moved */
#define STS_DATA_LEN 28
#define STSC_DATA_LEN 60
#define RSP_DATA_MAX 264 /* response and sense bytes kept */

#define DIR_WRITE 0x01
#define DIR_READ 0x02

/* Task management flags of entry 14h. [LX TCF_*, O] */
#define TCF_NO_FRAME 0x80000000U
#define TCF_CLEAR_ACA 0x0001U
#define TCF_TARGET_RESET 0x0002U
#define TCF_CLEAR_SET 0x0004U
#define TCF_ABORT_SET 0x0008U
#define TCF_LUN_RESET 0x0010U

static void status_entry(struct port *p, uint8_t *e, const struct ini *x,
			 uint16_t cs)
{
	p->jp->n.cmd_status[cs & 0xff]++;
	memset(e, 0, ENTRY_SIZE);
	e[HDR_TYPE] = ENTRY_STATUS;
	e[HDR_COUNT] = 1;
	put_le32(e + STS_HANDLE, x->handle);
	put_le16(e + STS_COMP, cs);
	put_le16(e + STS_OX_ID, x->ox_id);
	if (x->moved)
		put_le16(e + STS_STATE, STATE_MOVED);
}

/*
 * Completed to the driver. The exchange stays while an ABTS is on the wire,
 * so that its id is not used again before the answer.
 */
static void ini_finish(struct port *p, struct ini *x)
{
	if (x->kind == INI_FCP)
		p->jp->n.fcp_cmds_ini++;
	if (!x->aborting) {
		ini_put(p, x);
		return;
	}
	x->done = true;
	if (x->tx && x->tx->frames)
		x->tx->dead = true;
	else if (x->tx)
		txop_put(p, x->tx);
	x->tx = NULL;
}

/**
 * ini_complete() - End a command by the chip's own decision.
 * @p: port
 * @x: INI_FCP or INI_TMF; an abort that waits for it ends as well
 * @cs: completion status
 */
void ini_complete(struct port *p, struct ini *x, uint16_t cs)
{
	uint8_t e[ENTRY_SIZE];

	if (x->done) {
		ini_put(p, x);
		return;
	}
	status_entry(p, e, x, cs);
	put_le32(e + STS_RESID, x->dl - x->moved);
	port_answer(p, e, x->by_mbox);
	x->aborting = false;
	ini_finish(p, x);
}

/**
 * ini_timeout() - The time that the driver gave a command is over.
 * @p: port
 * @x: INI_FCP or INI_TMF
 *
 * The target is told by an ABTS whose answer nobody waits for.
 */
void ini_timeout(struct port *p, struct ini *x)
{
	struct fab_frame *f =
		frame_els(p, FAB_RCTL_ABTS, x->d_id, x->ox_id, x->rx_id, 0);

	p->jp->n.abts_tx++;
	frame_tx(p, f);
	ini_complete(p, x, CS_TIMEOUT);
}

/* ---- requests ---- */

static bool cmd_fields_ok(struct port *p, const uint8_t *req)
{
	uint8_t dir = req[CMD7_DIR];

	if (req[CMD7_VP] || get_le16(req + CMD7_RSVD_0E) || dir & ~3U ||
	    dir == 3 || req[CMD7_TM]) {
		judge_raise(p->jp, VERDICT_CMD_FIELDS,
			    "handle %08x dir %02x tm %02x vp %u",
			    get_le32(req + CMD7_HANDLE), dir, req[CMD7_TM],
			    req[CMD7_VP]);
		return false;
	}
	if (!dir != !get_le32(req + CMD7_DL)) {
		judge_raise(p->jp, VERDICT_CMD_FIELDS,
			    "handle %08x direction %u with length %u",
			    get_le32(req + CMD7_HANDLE), dir,
			    get_le32(req + CMD7_DL));
		return false;
	}
	return true;
}

static void cmd_refuse(struct port *p, const uint8_t *req, uint16_t cs)
{
	struct ini x = { .handle = get_le32(req + CMD7_HANDLE),
			 .dl = get_le32(req + CMD7_DL) };
	uint8_t e[ENTRY_SIZE];

	status_entry(p, e, &x, cs);
	put_le16(e + STS_OX_ID, 0xffff);
	put_le32(e + STS_RESID, x.dl);
	port_answer(p, e, false);
}

/* Is the remote port one that takes commands? Else say so. */
static uint16_t cmd_check_rport(struct port *p, const struct rport *rp,
				uint32_t id)
{
	if (!port_is_up(p))
		return CS_UNAVAILABLE;
	if (!rp || rp->state == RP_OUT)
		return rp ? CS_LOGGED_OUT : CS_UNAVAILABLE;
	if (rp->id != id)
		return CS_CHANGED;
	if (rp->state != RP_PRLI)
		return CS_LOGGED_OUT;
	return CS_COMPLETE;
}

/**
 * cmd_request() - Entry 18h.
 * @p: port
 * @req: entry
 * @by_mbox: false
 */
void cmd_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t id = get_le24(req + CMD7_PORT_ID);
	uint16_t timeout = get_le16(req + CMD7_TIMEOUT);
	struct rport *rp = rport_by_handle(p, get_le16(req + CMD7_NPORT));
	struct fab_frame *f;
	struct ini *x;
	uint16_t cs;

	if (!port_is_initiator(p) || !cmd_fields_ok(p, req)) {
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	cs = cmd_check_rport(p, rp, id);
	if (cs != CS_COMPLETE) {
		cmd_refuse(p, req, cs);
		return;
	}
	x = ini_get(p, INI_FCP);
	if (!x) {
		cmd_refuse(p, req, CS_NO_RESOURCE);
		return;
	}
	if (segs_load(&x->segs, p->req, p->nr_req, CMD7_DSD_ADDR, 1,
		      get_le16(req + CMD7_NR_DSD))) {
		judge_raise(p->jp, VERDICT_ENTRY_SEGMENTS,
			    "command %08x: %u segments in %u entries",
			    get_le32(req + CMD7_HANDLE),
			    get_le16(req + CMD7_NR_DSD), p->nr_req);
		ini_put(p, x);
		port_reject(p, req, by_mbox, ENTRY_ST_COUNT);
		return;
	}
	x->rp = rp;
	x->d_id = id;
	ini_set_handle(p, x, get_le32(req + CMD7_HANDLE));
	x->dl = get_le32(req + CMD7_DL);
	x->write = req[CMD7_DIR] & DIR_WRITE;
	x->read = req[CMD7_DIR] & DIR_READ;
	if (x->segs.total < x->dl)
		judge_raise(p->jp, VERDICT_CMD_SHORT,
			    "handle %08x: %u bytes, room for %u", x->handle,
			    x->dl, (unsigned int)x->segs.total);
	if (timeout)
		xchg_deadline(p, &x->deadline_ns, timeout * EV_SEC);
	f = frame_els(p, FAB_RCTL_FCP_CMND, id, x->ox_id, 0xffff, CMND_LEN);
	fcp_swap(f->payload, req + CMD7_LUN, CMND_LEN);
	frame_tx(p, f);
}

/* FCP_CMND's task management byte for the flags of entry 14h. */
static uint8_t tm_byte(uint32_t ctl)
{
	switch (ctl) {
	case TCF_CLEAR_ACA:
		return 0x40;
	case TCF_TARGET_RESET:
		return 0x20;
	case TCF_LUN_RESET:
		return 0x10;
	case TCF_CLEAR_SET:
		return 0x04;
	case TCF_ABORT_SET:
		return 0x02;
	default:
		return 0;
	}
}

/**
 * tmf_request() - Entry 14h.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 */
void tmf_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t ctl = get_le32(req + TMF_CTL);
	uint32_t id = get_le24(req + TMF_PORT_ID);
	uint16_t timeout = get_le16(req + TMF_TIMEOUT);
	struct rport *rp = rport_by_handle(p, get_le16(req + TMF_NPORT));
	struct ini *x, no = { .handle = get_le32(req + TMF_HANDLE) };
	struct fab_frame *f;
	uint8_t e[ENTRY_SIZE];
	uint16_t cs;

	if (!port_is_initiator(p) || req[TMF_VP] ||
	    !tm_byte(ctl & ~TCF_NO_FRAME)) {
		judge_raise(p->jp, VERDICT_TMF_FIELDS,
			    "handle %08x flags %08x vp %u", no.handle, ctl,
			    req[TMF_VP]);
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	cs = cmd_check_rport(p, rp, id);
	x = cs == CS_COMPLETE && !(ctl & TCF_NO_FRAME) ? ini_get(p, INI_TMF) :
							 NULL;
	if (!x) {
		if (cs == CS_COMPLETE && !(ctl & TCF_NO_FRAME))
			cs = CS_NO_RESOURCE;
		status_entry(p, e, &no, cs);
		port_answer(p, e, by_mbox);
		return;
	}
	x->rp = rp;
	x->d_id = id;
	ini_set_handle(p, x, no.handle);
	x->by_mbox = by_mbox;
	if (timeout)
		xchg_deadline(p, &x->deadline_ns, timeout * EV_SEC);
	f = frame_els(p, FAB_RCTL_FCP_CMND, id, x->ox_id, 0xffff, CMND_LEN);
	fcp_swap(f->payload, req + TMF_LUN, 8);
	f->payload[CMND_TM] = tm_byte(ctl);
	frame_tx(p, f);
}

/**
 * marker_request() - Entry 04h: given back at once, order is never broken here.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 */
void marker_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	if (req[MRK_MODIFIER] > 2 || req[MRK_VP]) {
		judge_raise(p->jp, VERDICT_MARKER_FIELDS, "modifier %u vp %u",
			    req[MRK_MODIFIER], req[MRK_VP]);
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	port_answer(p, req, by_mbox);
}

/* ---- frames ---- */

/**
 * ini_rx_data() - Data of a READ.
 * @p: port
 * @x: command
 * @f: FCP_DATA
 */
void ini_rx_data(struct port *p, struct ini *x, const struct fab_frame *f)
{
	uint64_t end = (uint64_t)f->param + f->len;

	if (!x->read || f->param != x->moved) {
		x->gap = true;
		return;
	}
	if (end > x->dl || end > x->segs.total) {
		x->over = true;
		return;
	}
	segs_seek(&x->segs, f->param);
	switch (segs_copy_in(p, &x->segs, f)) {
	case 0:
		x->moved = (uint32_t)end;
		break;
	case -EFAULT: /* the sender's memory: as if the frames were lost */
		x->gap = true;
		break;
	default:
		x->dma_err = true;
		break;
	}
}

/**
 * ini_rx_xfer_rdy() - The target wants data of a WRITE.
 * @p: port
 * @x: command
 * @f: FCP_XFER_RDY: offset and burst length
 */
void ini_rx_xfer_rdy(struct port *p, struct ini *x, const struct fab_frame *f)
{
	struct fab_frame *d;
	uint32_t off, len;

	if (f->len < 8)
		return;
	off = get_be32(f->payload);
	len = get_be32(f->payload + 4);
	if (!x->write || !len || (uint64_t)off + len > x->dl ||
	    (uint64_t)off + len > x->segs.total) {
		x->over = true;
		return;
	}
	d = fab_frame_get(p->fab, 0);
	d->r_ctl = FAB_RCTL_FCP_DATA;
	d->type = FAB_TYPE_FCP;
	d->f_ctl = FCTL_END | FCTL_INITIATIVE;
	d->s_id = p->id;
	d->d_id = x->d_id;
	d->ox_id = x->ox_id;
	d->rx_id = x->rx_id;
	d->param = off;
	segs_seek(&x->segs, off);
	segs_to_frame(p, &x->segs, d, len);
	if (!x->tx)
		x->tx = txop_get(p);
	x->tx->frames++;
	d->owner = x->tx;
	if (off + len > x->moved)
		x->moved = off + len;
	frame_tx(p, d);
}

/* What the chip makes of status, residuals and what it saw itself. */
static uint16_t rsp_comp(const struct ini *x, uint8_t flags, uint8_t status)
{
	uint32_t missing = x->dl - x->moved;

	if (x->dma_err)
		return CS_DMA;
	if (x->over)
		return CS_OVERRUN;
	if (x->gap)
		return CS_REASSEMBLY;
	if (status == SAM_TASK_SET_FULL)
		return CS_QUEUE_FULL;
	/*
	 * A target that refuses a WRITE before it asks for data need not
	 * report a residual.
	 */
	if (missing && (x->read || flags & FLAG_UNDER || !status))
		return CS_UNDERRUN;
	return CS_COMPLETE;
}

/* Response and sense bytes into the status entry and continuations. */
static unsigned int put_rsp_data(uint8_t *e, const uint8_t *data, uint32_t len)
{
	uint8_t buf[RSP_DATA_MAX + 4] = { 0 };
	unsigned int nr = 1;
	uint32_t off = STS_DATA_LEN;

	if (len > RSP_DATA_MAX)
		len = RSP_DATA_MAX;
	memcpy(buf, data, len);
	fcp_swap(e + STS_DATA, buf, STS_DATA_LEN);
	while (off < len) {
		uint8_t *c = e + nr * ENTRY_SIZE;
		uint32_t n = len - off;

		if (n > STSC_DATA_LEN)
			n = STSC_DATA_LEN;
		memset(c, 0, ENTRY_SIZE);
		c[HDR_TYPE] = ENTRY_STATUS_CONT;
		c[HDR_COUNT] = 1;
		fcp_swap(c + STSC_DATA, buf + off, (n + 3) & ~3U);
		off += n;
		nr++;
	}
	e[HDR_COUNT] = (uint8_t)nr;
	return nr;
}

/**
 * ini_rx_rsp() - The target has ended a command.
 * @p: port
 * @x: command or task management
 * @f: FCP_RSP
 */
void ini_rx_rsp(struct port *p, struct ini *x, const struct fab_frame *f)
{
	uint8_t e[ENTRY_SIZE * (2 + RSP_DATA_MAX / STSC_DATA_LEN)];
	const uint8_t *r = f->payload;
	uint32_t rsp_len = 0, sns_len = 0, room;
	unsigned int nr = 1;
	uint16_t cs;
	uint8_t flags;

	if (f->len < RSP_LEN)
		return;
	flags = r[RSP_FLAGS];
	room = f->len - RSP_LEN;
	if (flags & FLAG_RSP_LEN)
		rsp_len = get_be32(r + RSP_RSP_LEN);
	if (rsp_len > room)
		rsp_len = room;
	if (flags & FLAG_SNS_LEN)
		sns_len = get_be32(r + RSP_SNS_LEN);
	if (sns_len > room - rsp_len)
		sns_len = room - rsp_len;
	cs = rsp_comp(x, flags, r[RSP_STATUS]);
	status_entry(p, e, x, cs);
	put_le32(e + STS_RESID, x->dl - x->moved);
	put_le16(e + STS_QUALIFIER, get_be16(r + RSP_QUALIFIER));
	put_le16(e + STS_SCSI, (uint16_t)(r[RSP_STATUS] | (flags & 0x1f) << 8));
	if (flags & (FLAG_OVER | FLAG_UNDER))
		put_le32(e + STS_RSP_RESID, get_be32(r + RSP_RESID));
	put_le32(e + STS_RSP_LEN, rsp_len);
	put_le32(e + STS_SENSE_LEN, sns_len);
	if (rsp_len + sns_len)
		nr = put_rsp_data(e, r + RSP_LEN, rsp_len + sns_len);
	if (nr > 1 && !x->by_mbox) {
		book_return(p->jp, BOOK_COMMAND);
		chip_rsp_push_n(p->chip, e, nr);
	} else {
		port_answer(p, e, x->by_mbox);
	}
	ini_finish(p, x);
}
