// SPDX-License-Identifier: GPL-2.0
/*
 * Login and logout of remote ports on the driver's request (entry 52h): PLOGI
 * with the PRLI that the firmware does by itself, ADISC, LOGO, PRLO.
 *
 *	PLOGI --acc--> [PRLI --acc--> [delay]] --> answer
 *	  |  reject, no answer after ELS_TRIES, port gone --> answer with error
 *
 * Source: [FB isp_plogx_t, PLOGX_*, O]; [LX logio_entry_24xx, LCF_*, O]
 */
#include "port/port_int.h"

#define CTL_CMD 0x000fU
#define CMD_PLOGI 0x0U
#define CMD_PRLI 0x1U
#define CMD_PDISC 0x2U
#define CMD_ADISC 0x3U
#define CMD_LOGO 0x8U
#define CMD_PRLO 0x9U
#define CTL_COND 0x0010U /* PLOGI: only if not logged in */
#define CTL_IMPLICIT 0x0010U /* LOGO, PRLO: no frame */
#define CTL_SKIP_PRLI 0x0020U /* PLOGI */
#define CTL_ALL 0x0020U /* LOGO: all ports, implicit */
#define CTL_NVME 0x0040U /* PRLI */
#define CTL_FREE 0x0080U /* LOGO: release the handle */
#define CTL_KNOWN 0x07ffU

#define WKA_FIRST 0xfffff0U /* well-known addresses have no PRLI */
#define PARAM(n) (LOGIO_PARAM + 4 * (n))
#define LOGIN_RJT_LEN 8
#define PRLI_LEN 20
#define PRLI_WORD3 16
#define LS_WWPN 20
#define LS_WWNN 28

enum login_step { STEP_PLOGI, STEP_PRLI, STEP_DELAY, STEP_ELS };

/* A login of the firmware's own has ended: on a loop that is waited for. */
static void own_ended(struct op *op, bool ok)
{
	struct port *p = op->port;
	bool verify = op->step == STEP_ELS;
	uint32_t id = op->d_id;

	op_end(op);
	loop_login_ended(p, id, ok, verify);
}

static void login_fail(struct op *op, uint32_t sub, uint32_t detail)
{
	if (op->own && op->port->loop) {
		own_ended(op, false);
		return;
	}
	put_le16(op->req + LOGIO_COMP, CS_IOCB_ERROR);
	put_le32(op->req + PARAM(0), sub);
	put_le32(op->req + PARAM(1), detail);
	op_answer(op);
}

static void login_ok(struct op *op)
{
	struct rport *rp = op->rp;

	if (op->own && op->port->loop) {
		own_ended(op, true);
		return;
	}
	put_le16(op->req + LOGIO_COMP, CS_COMPLETE);
	memset(op->req + LOGIO_PARAM, 0, 44);
	if (rp && rp->state == RP_PRLI) {
		put_le32(op->req + PARAM(0), rp->word3);
		/* Class 3 is what the peer supports. */
		put_le32(op->req + PARAM(9), 0x8000);
	}
	if (op->own && rp)
		port_event(op->port, EV_PORT_UPDATE, rp->handle, rp->state, 0);
	op_answer(op);
}

static void login_cancel(struct op *op, uint16_t cs)
{
	(void)cs;
	login_fail(op, port_is_up(op->port) ? SC_FAILED : SC_NO_LINK, 0);
}

/**
 * login_params() - Learn names from PLOGI or its accept.
 * @rp: remote port
 * @payload: FAB_ELS_PLOGI_LEN bytes
 */
void login_params(struct rport *rp, const uint8_t *payload)
{
	rp->wwpn = get_be64(payload + LS_WWPN);
	rp->wwnn = get_be64(payload + LS_WWNN);
}

static void send_plogi(struct op *op)
{
	struct port *p = op->port;
	struct fab_frame *f = frame_els(p, FAB_RCTL_ELS_REQ, op->rp->id, 0,
					0xffff, FAB_ELS_PLOGI_LEN);

	op->step = STEP_PLOGI;
	op->tries++;
	frame_fill_login(p, f->payload, FAB_ELS_PLOGI);
	if (op->rp->pending == XCHG_NONE)
		rport_set_state(p, op->rp, RP_PLOGI_PEND);
	if (op_send(op, op->rp, f, ELS_RETRY_NS))
		login_fail(op, SC_NO_XCHG, 0);
}

static void send_prli(struct op *op)
{
	struct port *p = op->port;
	struct fab_frame *f =
		frame_els(p, FAB_RCTL_ELS_REQ, op->rp->id, 0, 0xffff, PRLI_LEN);

	op->step = STEP_PRLI;
	op->tries++;
	frame_fill_prli(p, f->payload, FAB_ELS_PRLI, 0);
	rport_set_state(p, op->rp, RP_PRLI_PEND);
	if (op_send(op, op->rp, f, ELS_RETRY_NS))
		login_fail(op, SC_NO_XCHG, 0);
}

/* ADISC, explicit LOGO and PRLO: one request, one answer. */
static void send_els(struct op *op)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;
	unsigned int cmd = op->flags & CTL_CMD;
	struct fab_frame *f;
	uint32_t len = 16;

	if (cmd == CMD_ADISC)
		len = 28;
	else if (cmd == CMD_PDISC)
		len = FAB_ELS_PLOGI_LEN;
	else if (cmd == CMD_PRLO)
		len = 20;
	f = frame_els(p, FAB_RCTL_ELS_REQ, rp->id, 0, 0xffff, len);
	switch (cmd) {
	case CMD_ADISC:
		f->payload[0] = FAB_ELS_ADISC;
		put_be64(f->payload + 8, p->set.wwpn);
		put_be64(f->payload + 16, p->set.wwnn);
		put_be24(f->payload + 25, p->id);
		break;
	case CMD_PDISC:
		frame_fill_login(p, f->payload, FAB_ELS_PDISC);
		break;
	case CMD_PRLO:
		f->payload[0] = FAB_ELS_PRLO;
		f->payload[1] = 16;
		put_be16(f->payload + 2, 20);
		f->payload[4] = FAB_TYPE_FCP;
		break;
	default:
		f->payload[0] = FAB_ELS_LOGO;
		put_be24(f->payload + 5, p->id);
		put_be64(f->payload + 8, p->set.wwpn);
		break;
	}
	op->step = STEP_ELS;
	op->tries++;
	if (op_send(op, rp, f, ELS_RETRY_NS))
		login_fail(op, SC_NO_XCHG, 0);
}

/* The exchange has served; its end must not cancel the request. */
static void drop_ini(struct op *op)
{
	if (op->ini)
		ini_put(op->port, op->ini);
	op->ini = NULL;
}

static void logged_out(struct op *op, uint16_t flags)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;

	drop_ini(op);
	op->rp = NULL;
	rport_logout(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	if (flags & CTL_FREE)
		rport_free(p, rp);
}

static void login_done(struct op *op)
{
	struct port *p = op->port;

	drop_ini(op);
	if (op->rp->state == RP_PRLI && p->prli_delay_ms) {
		op->step = STEP_DELAY;
		rport_set_state(p, op->rp, RP_PRLI_PEND);
		ev_timer_start(&op->timer, p->prli_delay_ms * EV_MS);
		return;
	}
	login_ok(op);
}

static void plogi_accepted(struct op *op, const struct fab_frame *f)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;

	cover_hit(p->jp, COVER_ELS, FAB_ELS_PLOGI);
	login_params(rp, f->payload);
	rport_set_state(p, rp, RP_PLOGI);
	op->tries = 0;
	if (op->flags & CTL_SKIP_PRLI || rp->id >= WKA_FIRST) {
		login_done(op);
		return;
	}
	send_prli(op);
}

static void prli_accepted(struct op *op, const struct fab_frame *f)
{
	cover_hit(op->port->jp, COVER_ELS, FAB_ELS_PRLI);
	op->rp->word3 = (uint16_t)get_be32(f->payload + PRLI_WORD3);
	rport_set_state(op->port, op->rp, RP_PRLI);
	login_done(op);
}

static void els_accepted(struct op *op, const struct fab_frame *f)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;
	uint64_t wwpn;

	switch (op->flags & CTL_CMD) {
	case CMD_ADISC:
	case CMD_PDISC:
		wwpn = 0;
		if ((op->flags & CTL_CMD) == CMD_ADISC && f->len >= 28)
			wwpn = get_be64(f->payload + 8);
		else if (f->len >= FAB_ELS_PLOGI_LEN)
			wwpn = get_be64(f->payload + LS_WWPN);
		if (wwpn != rp->wwpn) {
			drop_ini(op);
			rport_logout(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
			login_fail(op, SC_FAILED, 0);
			return;
		}
		drop_ini(op);
		break;
	case CMD_PRLO:
		drop_ini(op);
		rport_end_io(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_set_state(p, rp, RP_PLOGI);
		break;
	default:
		logged_out(op, op->flags);
		break;
	}
	login_ok(op);
}

/* Rejected: tell reason and explanation as the chip does. [FB, O] */
static void login_rejected(struct op *op, const struct fab_frame *f)
{
	struct port *p = op->port;
	uint32_t detail = 0;

	if (f->len >= LOGIN_RJT_LEN)
		detail = get_be32(f->payload + 4);
	drop_ini(op);
	switch (op->step) {
	case STEP_PLOGI:
		if (op->rp->pending == XCHG_NONE)
			rport_set_state(p, op->rp, RP_OUT);
		break;
	case STEP_PRLI:
		rport_set_state(p, op->rp, RP_PLOGI);
		break;
	default:
		/* Whatever the peer thinks of it, a logout stands. */
		if ((op->flags & CTL_CMD) == CMD_LOGO) {
			logged_out(op, op->flags);
			login_ok(op);
			return;
		}
		rport_logout(p, op->rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		break;
	}
	login_fail(op, SC_REJECTED, detail);
}

static void login_no_answer(struct op *op)
{
	struct port *p = op->port;

	if (op->tries < ELS_TRIES) {
		if (op->step == STEP_PLOGI)
			send_plogi(op);
		else if (op->step == STEP_PRLI)
			send_prli(op);
		else
			send_els(op);
		return;
	}
	drop_ini(op);
	if (op->step == STEP_ELS && (op->flags & CTL_CMD) == CMD_LOGO) {
		logged_out(op, op->flags);
		login_ok(op);
		return;
	}
	rport_logout(p, op->rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	login_fail(op, SC_FAILED, 0);
}

static void login_rx(struct op *op, const struct fab_frame *f)
{
	if (op->step == STEP_DELAY) {
		if (op->rp->state != RP_PRLI_PEND) {
			login_fail(op, SC_FAILED, 0);
			return;
		}
		rport_set_state(op->port, op->rp, RP_PRLI);
		login_ok(op);
	} else if (!f) {
		login_no_answer(op);
	} else if (f->len < 4 || f->payload[0] != FAB_ELS_LS_ACC) {
		login_rejected(op, f);
	} else if (op->step == STEP_PLOGI && f->len >= FAB_ELS_PLOGI_LEN) {
		plogi_accepted(op, f);
	} else if (op->step == STEP_PRLI && f->len >= PRLI_LEN) {
		prli_accepted(op, f);
	} else if (op->step == STEP_ELS) {
		els_accepted(op, f);
	} else {
		login_rejected(op, f);
	}
}

/* May this handle and address go together? Else the chip names the clash. */
static struct rport *plogi_rport(struct op *op, uint16_t handle, uint32_t id)
{
	struct port *p = op->port;
	struct rport *rp = rport_by_id(p, id);
	struct rport *other = rport_by_handle(p, handle);

	if (handle >= RP_NR) {
		login_fail(op, SC_NO_HANDLE, 0);
		return NULL;
	}
	if (!id || id == p->id) {
		login_fail(op, SC_PARAM, 0);
		return NULL;
	}
	if (rp && rp->handle != handle) {
		if (rp->state != RP_OUT || rp->pending != XCHG_NONE) {
			login_fail(op, SC_PORT_ID_USED, rp->handle);
			return NULL;
		}
		rport_free(p, rp);
		rp = NULL;
	}
	if (other && other != rp && other->state != RP_OUT) {
		login_fail(op, SC_HANDLE_USED, other->id);
		return NULL;
	}
	return rp ? rp : rport_take(p, handle, id);
}

static void do_plogi(struct op *op)
{
	struct port *p = op->port;
	uint32_t id = get_le24(op->req + LOGIO_PORT_ID);
	struct rport *rp;

	/* On a wire the bigger name gives the addresses. */
	if (p->n2n && !p->id && p->set.wwpn > p->peer_wwpn)
		link_n2n_named(p, id == 1 ? 2 : 1, id);
	rp = plogi_rport(op, get_le16(op->req + LOGIO_NPORT), id);
	if (!rp)
		return;
	op->rp = rp;
	if (op->flags & CTL_COND && rp->state == RP_PRLI) {
		login_ok(op);
		return;
	}
	if (op->flags & CTL_COND && rp->state == RP_PLOGI) {
		if (op->flags & CTL_SKIP_PRLI || id >= WKA_FIRST)
			login_ok(op);
		else
			send_prli(op);
		return;
	}
	rport_end_io(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	send_plogi(op);
}

static void do_logo(struct op *op)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;
	unsigned int i;

	if (op->flags & CTL_ALL) {
		for (i = 0; i < RP_NR; i++) {
			if (!p->rps[i].used)
				continue;
			rport_logout(p, &p->rps[i], CS_LOGGED_OUT,
				     CTIO_LOGGED_OUT);
			if (op->flags & CTL_FREE)
				rport_free(p, &p->rps[i]);
		}
		op->rp = NULL;
		login_ok(op);
		return;
	}
	if (op->flags & CTL_IMPLICIT) {
		if (rp)
			logged_out(op, op->flags);
		login_ok(op);
		return;
	}
	if (!rp || rp->state == RP_OUT) {
		login_fail(op, SC_NOT_LOGGED_IN, 0);
		return;
	}
	send_els(op);
}

static void do_prlo(struct op *op)
{
	struct port *p = op->port;
	struct rport *rp = op->rp;

	if (!rp || (rp->state != RP_PRLI && rp->state != RP_PRLI_PEND)) {
		login_fail(op, SC_NOT_LOGGED_IN, 0);
		return;
	}
	if (op->flags & CTL_IMPLICIT) {
		rport_end_io(p, rp, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
		rport_set_state(p, rp, RP_PLOGI);
		login_ok(op);
		return;
	}
	send_els(op);
}

static void do_prli(struct op *op)
{
	struct rport *rp = op->rp;

	if (op->flags & CTL_NVME)
		login_fail(op, SC_PARAM, 0);
	else if (!rp || rp->state < RP_PLOGI || rp->state > RP_PRLI)
		login_fail(op, SC_NOT_LOGGED_IN, 0);
	else
		send_prli(op);
}

/* One login request at a time per remote port. */
static bool login_busy(const struct op *op)
{
	const struct op *o;

	for (o = op->port->ops; o; o = o->next)
		if (o != op && o->rx == login_rx && o->rp && o->rp == op->rp)
			return true;
	return false;
}

/**
 * login_request() - Entry 52h.
 * @p: port
 * @req: entry
 * @by_mbox: came by mailbox 54h
 */
void login_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint16_t flags = get_le16(req + LOGIO_CTL);
	unsigned int cmd = flags & CTL_CMD;
	struct op *op;

	if (req[LOGIO_VP] || flags & ~CTL_KNOWN) {
		judge_raise(p->jp, VERDICT_LOGIN_FIELDS, "flags %04x vp %u",
			    flags, req[LOGIO_VP]);
		port_reject(p, req, by_mbox, ENTRY_ST_PARAM);
		return;
	}
	op = op_get(p, req, by_mbox);
	op->rx = login_rx;
	op->cancel = login_cancel;
	op->flags = flags;
	op->rp = rport_by_handle(p, get_le16(req + LOGIO_NPORT));
	if (!port_is_up(p) &&
	    !(cmd == CMD_LOGO && flags & (CTL_IMPLICIT | CTL_ALL))) {
		login_fail(op,
			   p->state < LINK_SETTLE ? SC_NO_LINK : SC_NOT_READY,
			   0);
		return;
	}
	if (cmd < CMD_LOGO && login_busy(op)) {
		login_fail(op, SC_FAILED, 0);
		return;
	}
	switch (cmd) {
	case CMD_PLOGI:
		do_plogi(op);
		break;
	case CMD_PRLI:
		do_prli(op);
		break;
	case CMD_PDISC:
	case CMD_ADISC:
		if (!op->rp || op->rp->state < RP_PLOGI ||
		    op->rp->state > RP_PRLI)
			login_fail(op, SC_NOT_LOGGED_IN, 0);
		else
			send_els(op);
		break;
	case CMD_LOGO:
		do_logo(op);
		break;
	case CMD_PRLO:
		do_prlo(op);
		break;
	default:
		login_fail(op, SC_PARAM, 0);
		break;
	}
}

static struct op *own_get(struct port *p, struct rport *rp)
{
	struct op *op = op_get(p, NULL, false);

	op->rx = login_rx;
	op->cancel = login_cancel;
	op->rp = rp;
	op->d_id = rp->id;
	return op;
}

/**
 * login_own() - The firmware logs in by itself (loop; N2N, bigger name).
 * @p: port
 * @d_id: the peer's address
 */
void login_own(struct port *p, uint32_t d_id)
{
	struct op *op;
	struct rport *rp = rport_by_id(p, d_id);

	if (!rp)
		rp = rport_take_any(p, d_id);
	if (!rp)
		return;
	op = own_get(p, rp);
	if (!port_is_initiator(p))
		op->flags = CTL_SKIP_PRLI;
	send_plogi(op);
}

/**
 * login_verify() - Ask a port of the loop whether it is still the same one.
 * @p: port
 * @rp: logged in
 */
void login_verify(struct port *p, struct rport *rp)
{
	struct op *op = own_get(p, rp);

	op->flags = CMD_ADISC;
	send_els(op);
}

/**
 * login_own_stop() - Forget the firmware's own logins.
 * @p: port
 */
void login_own_stop(struct port *p)
{
	struct op *op = p->ops;
	struct op *next;

	for (; op; op = next) {
		next = op->next;
		if (op->own && op->rx == login_rx)
			op_end(op);
	}
	p->logins = 0;
}
