// SPDX-License-Identifier: GPL-2.0
/*
 * The link: light, FLOGI to the switch or to the N_Port at the other end, the
 * events that tell the driver, and their end. LINK_STATES() has the picture.
 */
#include "port/port_int.h"

#define LS_FEATURES 8
#define LS_F_PORT 0x1000 /* in the accept: a switch port answers */
#define LS_WWPN 20
#define LS_WWNN 28
#define SCR_FULL 3 /* registration for all state changes */
#define RPTID_FABRIC 0x06 /* topology in the flags. [LX TOPO_*, O] */
#define RPTID_N2N 0x04
#define N2N_ID_BIGGER 1U /* addresses on a wire. [SS, I]; [LX, O] */
#define N2N_ID_SMALLER 2U

#define S(sym, name, fw) name,
const char *const link_state_names[LINK_NR_STATES] = { LINK_STATES(S) };
#undef S
#define S(sym, name, fw) fw,
const uint8_t link_fw_states[LINK_NR_STATES] = { LINK_STATES(S) };
#undef S

/**
 * link_set_state() - Go to another state and record it.
 * @p: port
 * @state: new
 */
void link_set_state(struct port *p, enum link_state state)
{
	trace_add(p->jp, TRACE_STATE, p->state, state, 0, 0);
	p->state = state;
}

/**
 * port_event() - Post an async event.
 * @p: port
 * @mb0: event code
 * @mb1: mailbox 1
 * @mb2: mailbox 2
 * @mb3: mailbox 3
 */
void port_event(struct port *p, uint16_t mb0, uint16_t mb1, uint16_t mb2,
		uint16_t mb3)
{
	cover_hit(p->jp, COVER_EVENT, mb0);
	chip_async(p->chip, mb0, mb1, mb2, mb3);
}

/**
 * link_report_id() - Report ID acquisition, to a driver that uses several ids.
 * @p: port
 * @format: 0 loop, 1 fabric or wire, 2 wire with addresses
 * @flags: topology
 * @wwpn: of the other end
 * @wwnn: of the other end
 * @remote: its address, format 2
 */
void link_report_id(struct port *p, uint8_t format, uint8_t flags,
		    uint64_t wwpn, uint64_t wwnn, uint32_t remote)
{
	uint8_t e[ENTRY_SIZE] = { 0 };

	if (!p->set.multi_id)
		return;
	e[HDR_TYPE] = ENTRY_RPT_ID;
	e[HDR_COUNT] = 1;
	e[RPTID_ACQUIRED] = 1;
	e[RPTID_SETUP] = 1;
	put_le24(e + RPTID_PORT_ID, p->id);
	e[RPTID_FORMAT] = format;
	e[RPTID_FLAGS] = flags;
	put_be64(e + RPTID_WWPN, wwpn);
	put_be64(e + RPTID_WWNN, wwnn);
	if (format == 2)
		put_le24(e + RPTID_REMOTE, remote);
	chip_rsp_push(p->chip, e);
}

/**
 * link_announce() - Tell the driver that the link is up.
 * @p: port in LINK_EVENTS
 *
 * The order matters to stock drivers: 8014h last. [SS 2, O]
 */
void link_announce(struct port *p)
{
	ev_timer_stop(&p->link_timer);
	link_set_state(p, LINK_READY);
	trace_add(p->jp, TRACE_LINK, 1, p->id, 0, 0);
	p->told_up = true;
	if (p->loop) {
		port_event(p, EV_LIP, LIP_F7, 0, 0);
		loop_announce(p);
		return;
	}
	port_event(p, EV_POINT_TO_POINT, 0, 0, 0);
	port_event(p, EV_LOOP_UP, chip_rate_code(p->chip), 0, 0);
	if (p->n2n)
		link_report_id(p, 1, RPTID_N2N, p->peer_wwpn, p->peer_wwnn, 0);
	else
		link_report_id(p, 1, RPTID_FABRIC, p->fport_wwpn, p->fport_wwnn,
			       0);
	port_event(p, EV_PORT_UPDATE, 0xffff, 6, 0xff);
	if (p->n2n && !(p->set.options3 & OPT3_DRIVER_N2N_LOGIN) &&
	    p->set.wwpn > p->peer_wwpn) {
		p->id = N2N_ID_BIGGER;
		login_own(p, N2N_ID_SMALLER);
	}
}

/**
 * link_n2n_named() - On a wire the addresses are known now: tell the driver.
 * @p: port
 * @own: our address
 * @peer: the other end's
 */
void link_n2n_named(struct port *p, uint32_t own, uint32_t peer)
{
	if (p->id == own)
		return;
	p->id = own;
	link_report_id(p, 2, RPTID_N2N, p->peer_wwpn, p->peer_wwnn, peer);
}

/**
 * link_go_events() - There is an address: the news follows.
 * @p: port
 */
void link_go_events(struct port *p)
{
	link_set_state(p, LINK_EVENTS);
	ev_timer_start(&p->link_timer, LINK_EVENTS_NS);
}

static void scr_send(struct op *op);

static void scr_rx(struct op *op, const struct fab_frame *f)
{
	if (!f && op->tries < ELS_TRIES)
		scr_send(op);
	else
		op_end(op);
}

static void own_cancel(struct op *op, uint16_t cs)
{
	(void)cs;
	op_end(op);
}

static void scr_send(struct op *op)
{
	struct fab_frame *f = frame_els(op->port, FAB_RCTL_ELS_REQ,
					FAB_ID_FCTRL, 0, 0xffff, 8);

	op->tries++;
	f->payload[0] = FAB_ELS_SCR;
	f->payload[7] = SCR_FULL;
	if (op_send(op, NULL, f, ELS_RETRY_NS))
		op_end(op);
}

/**
 * link_send_scr() - Register with the fabric controller for state changes.
 * @p: port that is logged in to the switch
 */
void link_send_scr(struct port *p)
{
	struct op *op = op_get(p, NULL, false);

	op->rx = scr_rx;
	op->cancel = own_cancel;
	scr_send(op);
}

static void n2n_known(struct port *p, const uint8_t *payload)
{
	p->n2n = true;
	p->peer_wwpn = get_be64(payload + LS_WWPN);
	p->peer_wwnn = get_be64(payload + LS_WWNN);
	if (p->state == LINK_FLOGI)
		link_go_events(p);
}

static void flogi_accepted(struct port *p, const struct fab_frame *f)
{
	cover_hit(p->jp, COVER_ELS, FAB_ELS_FLOGI);
	if (!(get_be16(f->payload + LS_FEATURES) & LS_F_PORT)) {
		n2n_known(p, f->payload);
		return;
	}
	p->n2n = false;
	p->id = f->d_id;
	p->fport_wwpn = get_be64(f->payload + LS_WWPN);
	p->fport_wwnn = get_be64(f->payload + LS_WWNN);
	link_send_scr(p);
	link_go_events(p);
}

static void flogi_send(struct op *op);

static void flogi_rx(struct op *op, const struct fab_frame *f)
{
	struct port *p = op->port;

	if (p->state != LINK_FLOGI) {
		op_end(op);
	} else if (!f) {
		flogi_send(op);
	} else if (f->payload[0] == FAB_ELS_LS_ACC &&
		   f->len >= FAB_ELS_PLOGI_LEN) {
		flogi_accepted(p, f);
		op_end(op);
	} else {
		ini_put(p, op->ini);
		op->ini = NULL;
		ev_timer_start(&op->timer, ELS_RETRY_NS);
	}
}

static void flogi_send(struct op *op)
{
	struct port *p = op->port;
	struct fab_frame *f = frame_els(p, FAB_RCTL_ELS_REQ, FAB_ID_FPORT, 0,
					0xffff, FAB_ELS_PLOGI_LEN);

	frame_fill_login(p, f->payload, FAB_ELS_FLOGI);
	f->s_id = 0;
	if (op_send(op, NULL, f, ELS_RETRY_NS))
		ev_timer_start(&op->timer, ELS_RETRY_NS);
}

/**
 * link_step() - The link timer: what comes next.
 * @t: timer of the port
 */
void link_step(struct ev_timer *t)
{
	struct port *p = container_of(t, struct port, link_timer);
	struct op *op;

	if (chip_state(p->chip) != CHIP_READY)
		return;
	switch (p->state) {
	case LINK_SETTLE:
		link_set_state(p, LINK_FLOGI);
		if (p->n2n) {
			link_go_events(p);
			break;
		}
		op = op_get(p, NULL, false);
		op->rx = flogi_rx;
		op->cancel = own_cancel;
		flogi_send(op);
		break;
	case LINK_EVENTS:
		link_announce(p);
		break;
	case LINK_FLOGI:
	case LINK_READY:
		if (p->loop)
			loop_logins(p);
		break;
	default:
		break;
	}
}

/**
 * link_flogi_rx() - An N_Port at the other end of the wire logs in.
 * @p: port
 * @f: FLOGI
 */
void link_flogi_rx(struct port *p, const struct fab_frame *f)
{
	struct fab_frame *r;

	if (fab_topo(p->fab) != FAB_WIRE || f->len < FAB_ELS_PLOGI_LEN) {
		frame_els_rjt(p, f->s_id, f->ox_id, 0xffff, 0x0b, 0);
		return;
	}
	cover_hit(p->jp, COVER_ELS, FAB_ELS_FLOGI);
	r = frame_reply(p, f, FAB_RCTL_ELS_RSP, FAB_ELS_PLOGI_LEN);
	r->s_id = FAB_ID_FPORT;
	frame_fill_login(p, r->payload, FAB_ELS_LS_ACC);
	frame_tx(p, r);
	n2n_known(p, f->payload);
}

/**
 * link_forget_els() - What others have asked is not answered any more.
 * @p: port
 */
void link_forget_els(struct port *p)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++)
		if (p->tgt[i].kind == TGT_ELS)
			tgt_put(p, &p->tgt[i], END_BY_CHIP);
	for (i = 0; i < RP_NR; i++)
		p->rps[i].pending = XCHG_NONE;
}

/**
 * link_down() - The light is gone: end everything, keep handles.
 * @p: port
 */
void link_down(struct port *p)
{
	uint32_t i;

	ev_timer_stop(&p->link_timer);
	login_own_stop(p);
	rport_end_io(p, NULL, CS_UNAVAILABLE, CTIO_UNAVAILABLE);
	link_forget_els(p);
	for (i = 0; i < RP_NR; i++)
		if (p->rps[i].used)
			rport_set_state(p, &p->rps[i], RP_OUT);
	p->id = 0;
	p->lip = false;
	p->n2n = false;
	if (p->told_up) {
		trace_add(p->jp, TRACE_LINK, 0, 0, 0, 0);
		port_event(p, EV_LOOP_DOWN, 0, 0, 0);
	}
	p->told_up = false;
}

/**
 * link_change() - Light came or went.
 * @p: port
 * @up: came
 */
void link_change(struct port *p, bool up)
{
	if (p->state == LINK_STOPPED || chip_state(p->chip) != CHIP_READY)
		return;
	if (!up) {
		if (p->state != LINK_DARK)
			link_down(p);
		link_set_state(p, LINK_DARK);
		return;
	}
	/* A loop says by itself when it is ready: loop_ready(). */
	if (p->loop && !p->fp.takes_part)
		return;
	link_set_state(p, LINK_SETTLE);
	if (!p->loop)
		ev_timer_start(&p->link_timer, LINK_SETTLE_NS);
}
