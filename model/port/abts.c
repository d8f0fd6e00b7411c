// SPDX-License-Identifier: GPL-2.0
/*
 * Aborts. Target: an ABTS goes up as entry 54h, its answer comes as 55h.
 * Initiator: entry 33h sends an ABTS; first the aborted request is completed,
 * then the 33h comes back.
 *
 * Source: [FB isp24xx_abrt_t, O]; [LX abts_recv_from_24xx, abort_entry_24xx,
 * qlt_handle_abts_completion, O]; [SS 6 and 11, O]
 */
#include "port/port_int.h"

#define AOF_NO_ABTS 0x0001U /* options of entry 33h. [LX AOF_*, O] */
#define AOF_NO_LOGOUT 0x0004U
#define AOF_KNOWN 0x001fU
#define CS_BY_TARGET 0x13 /* [FB RQCS_24XX_TABORT, O] */

/* BA_RJT. [FC-FS-3 table 35 and 36, D] */
#define BA_LOGICAL 0x03
#define BA_BAD_IDS 0x03

/* ---- from the wire ---- */

/* The target gives up an exchange of ours. */
static void abts_rx_from_target(struct port *p, const struct fab_frame *f)
{
	struct ini *x = ini_find(p, f->ox_id);
	struct fab_frame *r;

	if (!x || x->kind == INI_OP || x->d_id != f->s_id) {
		frame_ba_rjt(p, f, BA_LOGICAL, BA_BAD_IDS);
		return;
	}
	r = frame_reply(p, f, FAB_RCTL_BA_ACC, 12);
	put_be16(r->payload + 4, f->ox_id);
	put_be16(r->payload + 6, f->rx_id);
	put_be16(r->payload + 10, 0xffff);
	frame_tx(p, r);
	if (!x->aborting)
		ini_complete(p, x, CS_BY_TARGET);
}

static void push_abts(struct port *p, const struct tgt *x,
		      const struct fab_frame *f)
{
	uint8_t e[ENTRY_SIZE] = { 0 };

	e[HDR_TYPE] = ENTRY_ABTS_RCV;
	e[HDR_COUNT] = 1;
	put_le16(e + ABTS_NPORT, x->rp->handle);
	put_le32(e + ABTS_XCHG, x->addr);
	put_le24(e + ABTS_D_ID, f->d_id);
	e[ABTS_R_CTL] = f->r_ctl;
	put_le24(e + ABTS_S_ID, f->s_id);
	put_le24(e + ABTS_F_CTL, f->f_ctl);
	e[ABTS_FC_TYPE] = f->type;
	e[ABTS_SEQ_ID] = f->seq_id;
	put_le16(e + ABTS_RX_ID, f->rx_id);
	put_le16(e + ABTS_OX_ID, f->ox_id);
	put_le32(e + ABTS_PARAMETER, f->param);
	put_le32(e + ABTS_VICTIM, x->victim);
	chip_rsp_push(p->chip, e);
}

/**
 * abts_rx() - An ABTS arrived.
 * @p: port
 * @f: frame
 */
void abts_rx(struct port *p, const struct fab_frame *f)
{
	struct rport *rp = rport_by_id(p, f->s_id);
	struct tgt *victim = NULL, *x;

	if (p->state != LINK_READY || f->d_id != p->id)
		return;
	p->jp->n.abts_rx++;
	if (f->f_ctl & FCTL_RESPONDER) {
		abts_rx_from_target(p, f);
		return;
	}
	if (!port_is_target(p) || !rp || rp->state != RP_PRLI) {
		frame_ba_rjt(p, f, BA_LOGICAL, BA_BAD_IDS);
		return;
	}
	if (f->rx_id != 0xffff)
		victim = tgt_by_rx_id(p, f->rx_id);
	else
		victim = tgt_by_ox_id(p, f->s_id, f->ox_id);
	if (victim && (victim->kind != TGT_FCP || victim->s_id != f->s_id ||
		       victim->ox_id != f->ox_id))
		victim = NULL;
	x = tgt_get(p, TGT_ABTS);
	if (!x) {
		frame_ba_rjt(p, f, 0x05, 0);
		return;
	}
	x->rp = rp;
	x->s_id = f->s_id;
	x->d_id = f->d_id;
	x->ox_id = f->ox_id;
	x->word3 = f->rx_id;
	if (victim) {
		x->victim = victim->addr;
		victim->abts_seen = true;
	}
	push_abts(p, x, f);
}

/**
 * ba_rx() - The answer to an ABTS of ours; accepted or not, it is over.
 * @p: port
 * @f: BA_ACC or BA_RJT
 */
void ba_rx(struct port *p, const struct fab_frame *f)
{
	struct ini *x = ini_find(p, f->ox_id);

	if (!x || !x->aborting || x->d_id != f->s_id)
		return;
	if (x->kind == INI_OP)
		x->op->cancel(x->op, CS_ABORTED);
	else
		ini_complete(p, x, CS_ABORTED);
}

/* ---- target: the answer ---- */

static void abts_rsp_back(struct port *p, const uint8_t *req, uint16_t comp,
			  uint32_t sub1)
{
	uint8_t e[ENTRY_SIZE];

	memcpy(e, req, ENTRY_SIZE);
	put_le16(e + ABTS_COMP, comp);
	memset(e + ABTS_PAYLOAD, 0, ABTS_VICTIM - ABTS_PAYLOAD);
	put_le32(e + ABTSR_SUB1, sub1);
	port_answer(p, e, false);
}

static void send_ba(struct port *p, const struct tgt *x, const uint8_t *req)
{
	bool acc = req[ABTS_R_CTL] == FAB_RCTL_BA_ACC;
	struct fab_frame *f = frame_els(p, req[ABTS_R_CTL], x->s_id, x->ox_id,
					x->word3, acc ? 12 : 4);

	if (acc) {
		f->payload[0] = req[ABTSR_ACC_VALID];
		f->payload[1] = req[ABTSR_ACC_SEQ_ID];
		put_be16(f->payload + 4, get_le16(req + ABTSR_ACC_OX_ID));
		put_be16(f->payload + 6, get_le16(req + ABTSR_ACC_RX_ID));
		put_be16(f->payload + 8, get_le16(req + ABTSR_ACC_LOW));
		put_be16(f->payload + 10, get_le16(req + ABTSR_ACC_HIGH));
	} else {
		f->payload[1] = req[ABTSR_RJT_REASON];
		f->payload[2] = req[ABTSR_RJT_EXPL];
		f->payload[3] = req[ABTSR_RJT_VENDOR];
	}
	frame_tx(p, f);
}

/**
 * abts_rsp_request() - Entry 55h.
 * @p: port
 * @req: entry
 * @by_mbox: false
 *
 * To accept an abort while the aborted exchange is still open is refused
 * with subcode 1Eh: the driver terminates it first and answers again. One whose
 * status is on its way counts as ended.
 */
void abts_rsp_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t addr = get_le32(req + ABTS_XCHG);
	struct tgt *x = tgt_find(p, addr), *victim;
	uint8_t r_ctl = req[ABTS_R_CTL];

	(void)by_mbox;
	if (!x || x->kind != TGT_ABTS) {
		if (tgt_was(p, addr) != END_BY_CHIP)
			judge_raise(p->jp, VERDICT_ABTS_RSP_XCHG,
				    "exchange %08x", addr);
		abts_rsp_back(p, req, CS_IOCB_ERROR, SC_PARAM);
		return;
	}
	if ((r_ctl != FAB_RCTL_BA_ACC && r_ctl != FAB_RCTL_BA_RJT) ||
	    get_le24(req + ABTS_D_ID) != x->s_id ||
	    get_le24(req + ABTS_S_ID) != x->d_id ||
	    get_le16(req + ABTS_OX_ID) != x->ox_id ||
	    get_le32(req + ABTS_VICTIM) != x->victim)
		judge_raise(p->jp, VERDICT_ABTS_RSP_FIELDS,
			    "exchange %08x: r_ctl %02x d_id %06x s_id %06x",
			    addr, r_ctl, get_le24(req + ABTS_D_ID),
			    get_le24(req + ABTS_S_ID));
	if (r_ctl != FAB_RCTL_BA_ACC && r_ctl != FAB_RCTL_BA_RJT) {
		abts_rsp_back(p, req, CS_IOCB_ERROR, SC_PARAM);
		return;
	}
	victim = x->victim == XCHG_NONE ? NULL : tgt_find(p, x->victim);
	if (r_ctl == FAB_RCTL_BA_ACC && victim && !victim->status_sent) {
		abts_rsp_back(p, req, CS_IOCB_ERROR, SC_NOT_TERMINATED);
		return;
	}
	send_ba(p, x, req);
	abts_rsp_back(p, req, CS_COMPLETE, 0);
	tgt_put(p, x, END_BY_DRIVER);
}

/* ---- initiator: the request ---- */

static void abort_done(struct op *op, uint16_t cs)
{
	put_le16(op->req + ABRT_NPORT, cs);
	op_answer(op);
}

/* The aborted request has ended, one way or the other. */
static void abort_rx(struct op *op, const struct fab_frame *f)
{
	(void)f;
	abort_done(op, CS_COMPLETE);
}

static void send_abts(struct port *p, struct ini *x)
{
	struct fab_frame *f =
		frame_els(p, FAB_RCTL_ABTS, x->d_id, x->ox_id, x->rx_id, 0);

	x->tries++;
	x->aborting = true;
	xchg_deadline(p, &x->deadline_ns, ABTS_TIMEOUT_NS);
	p->jp->n.abts_tx++;
	frame_tx(p, f);
}

/**
 * abts_timeout() - Nobody answered an ABTS.
 * @p: port
 * @x: exchange that is being aborted
 *
 * After the last try the remote port is logged out, unless the driver said
 * not to.
 */
void abts_timeout(struct port *p, struct ini *x)
{
	struct rport *rp = x->rp;
	bool logout = rp && !(x->abort && x->abort->flags & AOF_NO_LOGOUT);

	if (x->tries < ABTS_TRIES) {
		send_abts(p, x);
		return;
	}
	if (x->kind == INI_OP)
		x->op->cancel(x->op, CS_ABORTED);
	else
		ini_complete(p, x, CS_ABORTED);
	if (!logout)
		return;
	rport_logout(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	port_event(p, EV_PORT_UPDATE, rp->handle, RP_OUT, 0);
}

/**
 * abort_request() - Entry 33h.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 */
void abort_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint16_t options = get_le16(req + ABRT_OPTIONS);
	struct ini *x = ini_by_handle(p, get_le32(req + ABRT_VICTIM));
	struct op *op;

	if (options & ~AOF_KNOWN || req[ABRT_VP] ||
	    get_le16(req + ABRT_QUEUE)) {
		judge_raise(p->jp, VERDICT_ABORT_FIELDS,
			    "options %04x vp %u queue %u", options,
			    req[ABRT_VP], get_le16(req + ABRT_QUEUE));
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	op = op_get(p, req, by_mbox);
	op->rx = abort_rx;
	op->cancel = abort_done;
	op->flags = options;
	if (!x || x->aborting) {
		abort_done(op, CS_IOCB_ERROR);
		return;
	}
	x->abort = op;
	op->ini = x;
	if (!(options & AOF_NO_ABTS) && p->state == LINK_READY)
		send_abts(p, x);
	else if (x->kind == INI_OP)
		x->op->cancel(x->op, CS_ABORTED);
	else
		ini_complete(p, x, CS_ABORTED);
}
