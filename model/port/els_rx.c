// SPDX-License-Identifier: GPL-2.0
/*
 * Link services that remote ports ask for. In target role the driver hears of
 * logins by an immediate notify and answers with a notify acknowledge; what it
 * need not decide, the firmware answers at once.
 *
 *	frame --> struct tgt (TGT_ELS) --> notify 0Dh on the ATIO ring
 *	LS_ACC or LS_RJT <-- notify acknowledge 0Eh --> the same entry back
 *
 * Source: [SS 4, O]; [LX qlt_24xx_handle_els, O]; [FB isp_handle_platform_
 * target_notify_ack, O]
 */
#include "port/port_int.h"

#define PRLI_LEN 20
#define PRLI_WORD3 16
#define ADISC_LEN 28
#define RSCN_PAGE 4 /* bytes of one page, and where they begin */

/* LS_RJT reason and explanation codes. [FC-LS-2 tables 8 and 9, D] */
#define RJT_LOGICAL 0x03
#define RJT_BUSY 0x05
#define RJT_UNABLE 0x09
#define RJT_UNSUPPORTED 0x0b
#define EXPL_NONE 0x00
#define EXPL_NAME 0x0d /* invalid port name */
#define EXPL_LOGIN 0x1e /* PLOGI required */

static void reject(struct port *p, const struct fab_frame *f, uint8_t reason,
		   uint8_t expl)
{
	frame_els_rjt(p, f->s_id, f->ox_id, 0xffff, reason, expl);
}

/* Answer an ELS with LS_ACC, whoever decided it. */
static void accept_els(struct port *p, uint8_t code, uint32_t d_id,
		       uint16_t ox_id, uint16_t rx_id, uint16_t word3)
{
	struct fab_frame *f;
	uint32_t len = 4;

	switch (code) {
	case FAB_ELS_PLOGI:
	case FAB_ELS_PDISC:
		len = FAB_ELS_PLOGI_LEN;
		break;
	case FAB_ELS_PRLI:
	case FAB_ELS_PRLO:
		len = PRLI_LEN;
		break;
	case FAB_ELS_ADISC:
		len = ADISC_LEN;
		break;
	default:
		break;
	}
	f = frame_els(p, FAB_RCTL_ELS_RSP, d_id, ox_id, rx_id, len);
	f->payload[0] = FAB_ELS_LS_ACC;
	switch (code) {
	case FAB_ELS_PLOGI:
	case FAB_ELS_PDISC:
		frame_fill_login(p, f->payload, FAB_ELS_LS_ACC);
		break;
	case FAB_ELS_PRLI:
		frame_fill_prli(p, f->payload, FAB_ELS_LS_ACC, word3);
		break;
	case FAB_ELS_PRLO:
		f->payload[1] = 16;
		put_be16(f->payload + 2, PRLI_LEN);
		f->payload[4] = FAB_TYPE_FCP;
		put_be16(f->payload + 6, 0x0100);
		break;
	case FAB_ELS_ADISC:
		put_be64(f->payload + 8, p->set.wwpn);
		put_be64(f->payload + 16, p->set.wwnn);
		put_be24(f->payload + 25, p->id);
		break;
	default:
		break;
	}
	frame_tx(p, f);
}

/* Tell the driver by an immediate notify. */
static void notify(struct port *p, struct rport *rp, const struct fab_frame *f,
		   uint16_t word3)
{
	uint8_t e[ENTRY_SIZE] = { 0 };
	uint8_t code = f->payload[0];
	struct tgt *x = tgt_get(p, TGT_ELS);

	if (!x) {
		reject(p, f, RJT_BUSY, EXPL_NONE);
		return;
	}
	x->els = code;
	x->notify = NOTIFY_ELS;
	x->rp = rp;
	x->s_id = f->s_id;
	x->d_id = f->d_id;
	x->ox_id = f->ox_id;
	x->word3 = word3;
	e[HDR_TYPE] = ENTRY_NOTIFY;
	e[HDR_COUNT] = 1;
	put_le16(e + INOT_NPORT, rp->handle);
	put_le16(e + INOT_SRR_RX_ID, 0xffff);
	put_le16(e + INOT_STATUS, NOTIFY_ELS);
	e[INOT_SUBCODE] = code;
	put_le32(e + INOT_XCHG, x->addr);
	if (code == FAB_ELS_PRLI)
		put_le16(e + INOT_WORD3, word3);
	else
		put_be64(e + INOT_WWNN, rp->wwnn);
	put_be64(e + INOT_WWPN, rp->wwpn);
	put_le24(e + INOT_PORT_ID, f->s_id);
	put_le16(e + INOT_OX_ID, f->ox_id);
	if (chip_atio_push(p->chip, e, 1)) {
		tgt_put(p, x, END_BY_CHIP);
		reject(p, f, RJT_BUSY, EXPL_NONE);
		return;
	}
	if (code == FAB_ELS_PLOGI || code == FAB_ELS_PRLI)
		rp->pending = x->addr;
}

/**
 * notify_lip() - Tell the driver's target side that the loop is initialised.
 * @p: port in target role
 * @status: NOTIFY_LINK_REINIT or NOTIFY_LIP_RESET
 */
void notify_lip(struct port *p, uint16_t status)
{
	uint8_t e[ENTRY_SIZE] = { 0 };
	struct tgt *x = tgt_get(p, TGT_ELS);

	if (!x)
		return;
	x->els = 0;
	x->notify = status;
	x->rp = NULL;
	x->s_id = 0;
	x->ox_id = 0xffff;
	e[HDR_TYPE] = ENTRY_NOTIFY;
	e[HDR_COUNT] = 1;
	put_le16(e + INOT_NPORT, 0xffff);
	put_le16(e + INOT_SRR_RX_ID, 0xffff);
	put_le16(e + INOT_STATUS, status);
	put_le32(e + INOT_XCHG, x->addr);
	put_le16(e + INOT_OX_ID, x->ox_id);
	if (chip_atio_push(p->chip, e, 1))
		tgt_put(p, x, END_BY_CHIP);
}

/* ---- requests ---- */

/* The remote port for a PLOGI: by name, by address, or a new handle. */
static struct rport *plogi_rport(struct port *p, const struct fab_frame *f)
{
	uint64_t wwpn = get_be64(f->payload + 20);
	struct rport *by_id = rport_by_id(p, f->s_id);
	struct rport *rp = rport_by_wwpn(p, wwpn);

	if (p->loop && rp && rp->id != f->s_id) {
		/* The handle is the loop ID: another address, another one. */
		rport_logout(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_free(p, rp);
		rp = NULL;
	}
	if (by_id && by_id->wwpn && by_id != rp) {
		/* Another port has this address now. */
		rport_logout(p, by_id, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_set_id(p, by_id, 0);
		by_id = NULL;
	}
	if (!rp)
		rp = by_id ? by_id : rport_take_any(p, f->s_id);
	else if (by_id && by_id != rp && !by_id->wwpn)
		rport_set_id(p, by_id, 0);
	if (rp)
		rport_set_id(p, rp, f->s_id);
	return rp;
}

static void rx_plogi(struct port *p, const struct fab_frame *f)
{
	struct rport *rp;

	if (f->len < FAB_ELS_PLOGI_LEN || !get_be64(f->payload + 20)) {
		reject(p, f, RJT_LOGICAL,
		       f->len < FAB_ELS_PLOGI_LEN ? EXPL_NONE : EXPL_NAME);
		return;
	}
	rp = plogi_rport(p, f);
	if (!rp) {
		reject(p, f, RJT_UNABLE, EXPL_NONE);
		return;
	}
	login_params(rp, f->payload);
	if (p->n2n && f->d_id)
		link_n2n_named(p, f->d_id, f->s_id);
	/* A login ends what was open under the one before. */
	rport_end_fcp(p, rp, CS_LOGGED_OUT, CTIO_CHANGED);
	if (rp->pending != XCHG_NONE) {
		struct tgt *old = tgt_find(p, rp->pending);

		rp->pending = XCHG_NONE;
		if (old)
			tgt_put(p, old, END_BY_CHIP);
	}
	if (port_is_target(p)) {
		rport_set_state(p, rp, RP_PLOGI_PEND);
		notify(p, rp, f, 0);
		return;
	}
	accept_els(p, FAB_ELS_PLOGI, f->s_id, f->ox_id, 0xffff, 0);
	rport_set_state(p, rp, RP_PLOGI);
	if (p->n2n)
		port_event(p, EV_PORT_UPDATE, rp->handle, RP_PLOGI, 0);
}

static void rx_prli(struct port *p, const struct fab_frame *f)
{
	struct rport *rp = rport_by_id(p, f->s_id);
	uint16_t word3;

	if (f->len < PRLI_LEN || f->payload[4] != FAB_TYPE_FCP) {
		reject(p, f, RJT_UNABLE, EXPL_NONE);
		return;
	}
	if (!rp || rp->state < RP_PLOGI || rp->state > RP_PRLI) {
		reject(p, f, RJT_UNABLE, EXPL_LOGIN);
		return;
	}
	word3 = (uint16_t)get_be32(f->payload + PRLI_WORD3);
	if (port_is_target(p) && p->set.options2 & OPT2_TGT_PRLI_CTL) {
		rport_set_state(p, rp, RP_PRLI_PEND);
		notify(p, rp, f, word3);
		return;
	}
	rp->word3 = word3;
	accept_els(p, FAB_ELS_PRLI, f->s_id, f->ox_id, 0xffff, word3);
	rport_set_state(p, rp, RP_PRLI);
	if (p->n2n)
		port_event(p, EV_PORT_UPDATE, rp->handle, RP_PRLI, 0);
}

static void rx_logo(struct port *p, const struct fab_frame *f)
{
	struct rport *rp = rport_by_id(p, f->s_id);
	bool known = rp && rp->state != RP_OUT;
	bool prlo = f->payload[0] == FAB_ELS_PRLO;

	if (!known || !port_is_target(p) || rp->id >= 0xfffff0)
		accept_els(p, f->payload[0], f->s_id, f->ox_id, 0xffff, 0);
	if (!known)
		return;
	if (prlo) {
		rport_end_fcp(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_set_state(p, rp, RP_PLOGI);
	} else {
		rport_logout(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	}
	if (port_is_target(p) && rp->id < 0xfffff0)
		notify(p, rp, f, 0);
	else
		port_event(p, EV_PORT_UPDATE, rp->handle, RP_OUT, 0);
}

static void rx_disc(struct port *p, const struct fab_frame *f)
{
	struct rport *rp = rport_by_id(p, f->s_id);

	if (!rp || rp->state < RP_PLOGI || rp->state > RP_PRLI)
		reject(p, f, RJT_UNABLE, EXPL_LOGIN);
	else if (port_is_target(p))
		notify(p, rp, f, 0);
	else
		accept_els(p, f->payload[0], f->s_id, f->ox_id, 0xffff, 0);
}

static void rx_rscn(struct port *p, const struct fab_frame *f)
{
	uint32_t len = f->len, off;

	accept_els(p, FAB_ELS_RSCN, f->s_id, f->ox_id, 0xffff, 0);
	if (f->len >= 4 && get_be16(f->payload + 2) < len)
		len = get_be16(f->payload + 2);
	for (off = RSCN_PAGE; off + RSCN_PAGE <= len; off += RSCN_PAGE) {
		const uint8_t *pg = f->payload + off;

		port_event(p, EV_RSCN, (uint16_t)((pg[0] & 3) << 8 | pg[1]),
			   get_be16(pg + 2), 0);
	}
}

static void rx_echo(struct port *p, const struct fab_frame *f)
{
	struct fab_frame *r = frame_reply(p, f, FAB_RCTL_ELS_RSP, f->len);

	memcpy(r->payload, f->payload, f->len);
	r->payload[0] = FAB_ELS_LS_ACC;
	frame_tx(p, r);
}

/**
 * els_rx() - A link service request arrived.
 * @p: port with light
 * @f: frame
 */
void els_rx(struct port *p, const struct fab_frame *f)
{
	uint8_t code = f->len ? f->payload[0] : 0;

	if (code == FAB_ELS_FLOGI) {
		link_flogi_rx(p, f);
		return;
	}
	/* On a wire the other end may be ready first. */
	if (code == FAB_ELS_PLOGI && p->state == LINK_EVENTS && p->n2n)
		link_announce(p);
	/*
	 * Before it is ready the firmware knows nobody; on a loop initiators
	 * log in to each other meanwhile.
	 */
	if (p->state <
		    (p->loop && !port_is_target(p) ? LINK_FLOGI : LINK_READY) ||
	    (!p->id && !p->n2n) || (p->id && f->d_id != p->id))
		return;
	cover_hit(p->jp, COVER_ELS, code);
	switch (code) {
	case FAB_ELS_PLOGI:
		rx_plogi(p, f);
		break;
	case FAB_ELS_PRLI:
		rx_prli(p, f);
		break;
	case FAB_ELS_LOGO:
	case FAB_ELS_PRLO:
		rx_logo(p, f);
		break;
	case FAB_ELS_ADISC:
	case FAB_ELS_PDISC:
		rx_disc(p, f);
		break;
	case FAB_ELS_RSCN:
		rx_rscn(p, f);
		break;
	case FAB_ELS_ECHO:
		rx_echo(p, f);
		break;
	default:
		reject(p, f, RJT_UNSUPPORTED, EXPL_NONE);
		break;
	}
}

/* ---- notify acknowledge ---- */

static void nack_back(struct port *p, const uint8_t *req, uint16_t status)
{
	uint8_t e[ENTRY_SIZE];

	memcpy(e, req, ENTRY_SIZE);
	put_le16(e + NACK_STATUS, status);
	port_answer(p, e, false);
}

/* PRLI that is done late: the entry comes back late as well. */
static void late_rx(struct op *op, const struct fab_frame *f)
{
	(void)f;
	op_answer(op);
}

static void late_cancel(struct op *op, uint16_t cs)
{
	(void)cs;
	op_answer(op);
}

static void nack_back_late(struct port *p, const uint8_t *req)
{
	struct op *op = op_get(p, req, false);

	put_le16(op->req + NACK_STATUS, NACK_OK);
	op->rx = late_rx;
	op->cancel = late_cancel;
	ev_timer_start(&op->timer, p->prli_delay_ms * EV_MS);
}

static void nack_reject(struct port *p, const uint8_t *req, struct tgt *x)
{
	uint8_t reason = req[NACK_REJ_CODE] ? req[NACK_REJ_CODE] : RJT_BUSY;
	struct rport *rp = x->rp;

	frame_els_rjt(p, x->s_id, x->ox_id, (uint16_t)x->addr, reason,
		      req[NACK_REJ_EXPL]);
	if (rp && x->els == FAB_ELS_PLOGI)
		rport_set_state(p, rp, RP_OUT);
	else if (rp && x->els == FAB_ELS_PRLI)
		rport_set_state(p, rp, RP_PLOGI);
}

/* Return: true if the entry comes back by itself later. */
static bool nack_accept(struct port *p, const uint8_t *req, struct tgt *x)
{
	struct rport *rp = x->rp;

	accept_els(p, x->els, x->s_id, x->ox_id, (uint16_t)x->addr, x->word3);
	switch (x->els) {
	case FAB_ELS_PLOGI:
		rport_set_state(p, rp, RP_PLOGI);
		break;
	case FAB_ELS_PRLI:
		rp->word3 = x->word3;
		rport_set_state(p, rp, RP_PRLI);
		if (!p->prli_delay_ms)
			break;
		rp->settled_ns = ev_now_ns(p->ev) + p->prli_delay_ms * EV_MS;
		nack_back_late(p, req);
		return true;
	default:
		break;
	}
	return false;
}

/**
 * nack_request() - Entry 0Eh.
 * @p: port
 * @req: entry
 * @by_mbox: false
 */
void nack_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint32_t addr = get_le32(req + NACK_XCHG);
	struct tgt *x = tgt_find(p, addr);
	bool late = false;

	(void)by_mbox;
	if (!x || x->kind != TGT_ELS) {
		if (tgt_was(p, addr) != END_BY_CHIP)
			judge_raise(p->jp, VERDICT_NACK_UNKNOWN,
				    "exchange %08x subcode %02x", addr,
				    req[NACK_SUBCODE]);
		nack_back(p, req, NACK_GONE);
		return;
	}
	if (get_le16(req + NACK_STATUS) != x->notify ||
	    req[NACK_SUBCODE] != x->els ||
	    (x->rp && get_le16(req + NACK_NPORT) != x->rp->handle) ||
	    get_le16(req + NACK_OX_ID) != x->ox_id)
		judge_raise(
			p->jp, VERDICT_NACK_MISMATCH,
			"exchange %08x els %02x: status %04x %02x handle %x",
			addr, x->els, get_le16(req + NACK_STATUS),
			req[NACK_SUBCODE], get_le16(req + NACK_NPORT));
	if (x->rp && x->rp->pending == addr)
		x->rp->pending = XCHG_NONE;
	if (get_le16(req + NACK_FLAGS) & NACK_TERMINATE)
		nack_reject(p, req, x);
	else if (x->rp)
		late = nack_accept(p, req, x);
	/* Else the handle was released meanwhile: nobody hears of it. */
	if (!late)
		nack_back(p, req,
			  x->rp || x->notify != NOTIFY_ELS ? NACK_OK :
							     NACK_GONE);
	tgt_put(p, x, END_BY_DRIVER);
}
