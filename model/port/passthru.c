// SPDX-License-Identifier: GPL-2.0
/*
 * CT and ELS pass-through: the driver's own payloads out, answers back into
 * its memory (entries 29h and 53h).
 *
 * Source: [FB isp_ct_pt_t, els_t, O]; [LX ct_entry_24xx, els_entry_24xx, O];
 * [SS 3, O]
 */
#include "port/port_int.h"

#include <stdlib.h>

#define ELS_PAYLOAD_MASK 0xe000U
#define ELS_INCL_HEADER 0x0800U
#define CT_MAX (FAB_PAYLOAD_MAX)
#define MIN_CT 16

/*
 * Where the answer goes. An op of the pass-through kind owns one, found by
 * its exchange: struct ini has segments of its own.
 */
static uint32_t answer_room(const struct op *op)
{
	uint64_t room = op->ini->segs.total;
	uint32_t count = op->req[HDR_TYPE] == ENTRY_CT ?
				 get_le32(op->req + CT_RSP_LEN) :
				 get_le32(op->req + ELS_RX_LEN);

	return count < room ? count : (uint32_t)room;
}

/* Copy the answer; Return: completion status. */
static uint16_t take_answer(struct op *op, const struct fab_frame *f,
			    uint32_t *len)
{
	uint32_t room = answer_room(op);

	*len = f->len < room ? f->len : room;
	if (*len && segs_write(op->port, &op->ini->segs, f->payload, *len))
		return CS_DMA;
	if (f->len > room)
		return CS_OVERRUN;
	return CS_COMPLETE;
}

static void pass_fail(struct op *op, uint16_t cs)
{
	put_le16(op->req + CT_COMP, cs);
	op_answer(op);
}

/* ---- CT ---- */

static void ct_rx(struct op *op, const struct fab_frame *f)
{
	uint32_t len;
	uint16_t cs;

	if (!f) {
		pass_fail(op, CS_TIMEOUT);
		return;
	}
	if (f->kind != FAB_CT_RSP) {
		pass_fail(op, CS_LOGGED_OUT);
		return;
	}
	cs = take_answer(op, f, &len);
	put_le32(op->req + CT_RSP_LEN, len);
	pass_fail(op, cs);
}

/* Collect request and answer segments: they follow each other. */
static int load_both(struct port *p, const uint8_t *req, unsigned int off,
		     unsigned int nr_out, unsigned int nr_in, struct segs *out,
		     struct segs *in)
{
	unsigned int i;

	if (segs_load(out, p->req ? p->req : req, p->nr_req, off, 2,
		      nr_out + nr_in))
		return -1;
	/* The tail is the answer's. */
	in->nr = 0;
	in->total = 0;
	for (i = nr_out; i < out->nr; i++) {
		if (in->nr == in->cap) {
			in->cap = in->cap ? in->cap * 2 : 4;
			in->v = realloc(in->v, in->cap * sizeof(*in->v));
			if (!in->v)
				abort();
		}
		in->v[in->nr++] = out->v[i];
		in->total += out->v[i].len;
		out->total -= out->v[i].len;
	}
	out->nr = nr_out;
	return 0;
}

/**
 * ct_request() - Entry 29h.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 */
void ct_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	struct rport *rp = rport_by_handle(p, get_le16(req + CT_NPORT));
	uint32_t len = get_le32(req + CT_CMD_LEN);
	uint16_t timeout = get_le16(req + CT_TIMEOUT);
	struct segs out = { 0 }, in = { 0 };
	struct fab_frame *f;
	struct op *op;

	if (load_both(p, req, CT_DSD0_ADDR, get_le16(req + CT_NR_CMD),
		      get_le16(req + CT_NR_RSP), &out, &in) ||
	    len > out.total || len > CT_MAX || len < MIN_CT || req[CT_VP]) {
		judge_raise(p->jp, VERDICT_CT_FIELDS, "length %u of %u, vp %u",
			    len, (unsigned int)out.total, req[CT_VP]);
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		goto out;
	}
	op = op_get(p, req, by_mbox);
	op->rx = ct_rx;
	op->cancel = pass_fail;
	op->rp = rp;
	if (!port_is_up(p)) {
		pass_fail(op, CS_UNAVAILABLE);
		goto out;
	}
	if (!rp || rp->state < RP_PLOGI || rp->state > RP_PRLI) {
		pass_fail(op, CS_LOGGED_OUT);
		goto out;
	}
	f = frame_els(p, FAB_RCTL_CT_REQ, rp->id, 0, 0xffff, len);
	if (segs_read(p, &out, f->payload, len)) {
		fab_frame_put(p->fab, f);
		pass_fail(op, CS_DMA);
		goto out;
	}
	cover_hit(p->jp, COVER_CT, get_be16(f->payload + 8));
	if (op_send(op, rp, f, timeout ? timeout * EV_SEC : CT_TIMEOUT_NS)) {
		pass_fail(op, CS_NO_RESOURCE);
		goto out;
	}
	free(op->ini->segs.v);
	op->ini->segs = in;
	in.v = NULL;
out:
	free(out.v);
	free(in.v);
}

/* ---- ELS ---- */

static void els_fail(struct op *op, uint16_t cs, uint32_t sub1, uint32_t sub2)
{
	uint8_t *e = op->req;
	uint32_t id = get_le24(e + ELS_D_ID);

	memset(e + ELSS_TOTAL, 0, ENTRY_SIZE - ELSS_TOTAL);
	put_le24(e + ELS_D_ID, id);
	put_le16(e + ELS_COMP, cs);
	put_le32(e + ELSS_SUB1, sub1);
	put_le32(e + ELSS_SUB2, sub2);
	op_answer(op);
}

static void els_cancel(struct op *op, uint16_t cs)
{
	els_fail(op, cs, 0, 0);
}

/* What a login or logout by hand means to the firmware. */
static void els_state(struct op *op, const struct fab_frame *f)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;
	bool acc = f->len >= 4 && f->payload[0] == FAB_ELS_LS_ACC;

	if (!rp)
		return;
	switch (op->req[ELS_OPCODE]) {
	case FAB_ELS_PLOGI:
		if (acc && f->len >= FAB_ELS_PLOGI_LEN) {
			login_params(rp, f->payload);
			rport_set_state(p, rp, RP_PLOGI);
		} else if (rp->pending == XCHG_NONE) {
			rport_set_state(p, rp, RP_OUT);
		}
		break;
	case FAB_ELS_LOGO:
		rport_end_fcp(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		if (rp->pending == XCHG_NONE)
			rport_set_state(p, rp, RP_OUT);
		break;
	case FAB_ELS_PRLO:
		rport_end_fcp(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_set_state(p, rp, RP_PLOGI);
		break;
	case FAB_ELS_PRLI:
		if (acc && f->len >= 20) {
			rp->word3 = (uint16_t)get_be32(f->payload + 16);
			rport_set_state(p, rp, RP_PRLI);
		}
		break;
	default:
		break;
	}
}

static void els_answer(struct op *op, const struct fab_frame *f)
{
	uint32_t room, len;
	uint16_t cs;

	if (!f) {
		els_fail(op, CS_TIMEOUT, 0, 0);
		return;
	}
	els_state(op, f);
	room = answer_room(op);
	cs = take_answer(op, f, &len);
	if (cs == CS_COMPLETE && len < room)
		cs = CS_UNDERRUN;
	if (op->req[ELS_OPCODE] == FAB_ELS_PLOGI &&
	    (!f->len || f->payload[0] != FAB_ELS_LS_ACC)) {
		els_fail(op, CS_IOCB_ERROR, SC_REJECTED,
			 f->len >= 8 ? get_be32(f->payload + 4) : 0);
		return;
	}
	memset(op->req + ELSS_TOTAL, 0, ENTRY_SIZE - ELSS_TOTAL);
	put_le32(op->req + ELSS_TOTAL, len);
	put_le16(op->req + ELS_COMP, cs);
	op_answer(op);
}

/* PLOGI by hand takes a handle, as login does. */
static struct rport *els_rport(struct op *op)
{
	struct port *p = op->port;
	uint32_t id = get_le24(op->req + ELS_D_ID);
	uint16_t handle = get_le16(op->req + ELS_NPORT);
	struct rport *rp = rport_by_id(p, id);
	struct rport *other = rport_by_handle(p, handle);

	if (op->req[ELS_OPCODE] != FAB_ELS_PLOGI)
		return other && other->id == id ? other : rp;
	if (rp && rp->handle != handle && rp->state != RP_OUT) {
		els_fail(op, CS_IOCB_ERROR, SC_PORT_ID_USED, rp->handle);
		return NULL;
	}
	if (other && other != rp && other->state != RP_OUT) {
		els_fail(op, CS_IOCB_ERROR, SC_HANDLE_USED, other->id);
		return NULL;
	}
	if (handle >= RP_NR || !id) {
		els_fail(op, CS_IOCB_ERROR, SC_NO_HANDLE, 0);
		return NULL;
	}
	if (rp && rp->handle != handle) {
		rport_free(p, rp);
		rp = NULL;
	}
	if (!rp)
		rp = rport_take(p, handle, id);
	rport_end_fcp(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	rport_set_state(p, rp, RP_PLOGI_PEND);
	return rp;
}

/* The source address has an order of its own. [LX qla24xx_els_logo_iocb, O] */
static uint32_t els_s_id(const uint8_t *req)
{
	const uint8_t *s = req + ELS_S_ID;
	uint32_t id = (uint32_t)s[0] << 16 | (uint32_t)s[2] << 8 | s[1];

	return id ? id : 1;
}

/**
 * els_request() - Entry 53h.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 *
 * Answers to requests of others (payload descriptor not "command") need an
 * exchange that was handed up whole, which this firmware never does.
 */
void els_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t id = get_le24(req + ELS_D_ID);
	uint32_t len = get_le32(req + ELS_TX_LEN);
	uint16_t flags = get_le16(req + ELS_CTL);
	struct segs out = { 0 }, in = { 0 };
	struct fab_frame *f;
	struct rport *rp;
	struct op *op;

	if (load_both(p, req, ELS_TX_ADDR, get_le16(req + ELS_NR_TX),
		      get_le16(req + ELS_NR_RX), &out, &in) ||
	    len > out.total || len > CT_MAX || len < 4 || req[ELS_VP]) {
		judge_raise(p->jp, VERDICT_ELS_FIELDS, "length %u of %u, vp %u",
			    len, (unsigned int)out.total, req[ELS_VP]);
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		goto out;
	}
	op = op_get(p, req, by_mbox);
	op->rx = els_answer;
	op->cancel = els_cancel;
	if (flags & (ELS_PAYLOAD_MASK | ELS_INCL_HEADER)) {
		els_fail(op, CS_IOCB_ERROR, SC_PARAM, 0);
		goto out;
	}
	if (!port_is_up(p)) {
		els_fail(op, CS_UNAVAILABLE, 0, 0);
		goto out;
	}
	/* On a wire the driver with the bigger name gives the addresses. */
	if (p->n2n && !p->id && req[ELS_OPCODE] == FAB_ELS_PLOGI)
		link_n2n_named(p, els_s_id(req), id);
	rp = els_rport(op);
	if (!rp && req[ELS_OPCODE] == FAB_ELS_PLOGI)
		goto out;
	op->rp = rp;
	f = frame_els(p, FAB_RCTL_ELS_REQ, id, 0, 0xffff, len);
	if (segs_read(p, &out, f->payload, len)) {
		fab_frame_put(p->fab, f);
		els_fail(op, CS_DMA, 0, 0);
		goto out;
	}
	if (f->payload[0] != req[ELS_OPCODE])
		judge_raise(p->jp, VERDICT_ELS_FIELDS,
			    "opcode %02x, frame %02x", req[ELS_OPCODE],
			    f->payload[0]);
	if (op_send(op, op->rp, f, CT_TIMEOUT_NS)) {
		els_fail(op, CS_NO_RESOURCE, 0, 0);
		goto out;
	}
	free(op->ini->segs.v);
	op->ini->segs = in;
	in.v = NULL;
out:
	free(out.v);
	free(in.v);
}
