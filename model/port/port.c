// SPDX-License-Identifier: GPL-2.0
/* A port's life, where its frames and requests go, and what it tells. */
#include "port/port_int.h"

#include <errno.h>
#include <stdlib.h>

/* ---- frames ---- */

static void rx_answer(struct port *p, const struct fab_frame *f)
{
	struct ini *x = ini_find(p, f->ox_id);

	/* Late answers to what was given up are nobody's. */
	if (x && x->kind == INI_OP)
		x->op->rx(x->op, f);
}

static void rx_data(struct port *p, const struct fab_frame *f)
{
	struct ini *x;

	if (f->owner && ((struct txop *)f->owner)->dead)
		return;
	if (!(f->f_ctl & FCTL_RESPONDER)) {
		tgt_rx_data(p, f);
		return;
	}
	x = ini_find(p, f->ox_id);
	if (x && x->kind == INI_FCP && x->d_id == f->s_id && !x->done)
		ini_rx_data(p, x, f);
}

static void rx_ini(struct port *p, const struct fab_frame *f)
{
	struct ini *x = ini_find(p, f->ox_id);

	if (!x || x->kind == INI_OP || x->d_id != f->s_id || x->done)
		return;
	x->rx_id = f->rx_id;
	if (f->kind == FAB_XFER_RDY)
		ini_rx_xfer_rdy(p, x, f);
	else
		ini_rx_rsp(p, x, f);
}

static void port_rx(struct fab_port *fp, const struct fab_frame *f)
{
	struct port *p = fp->priv;

	if (p->state < LINK_SETTLE || chip_state(p->chip) != CHIP_READY)
		return;
	trace_add(p->jp, TRACE_FRAME_RX, f->r_ctl, f->s_id, f->ox_id, f->rx_id);
	switch (f->kind) {
	case FAB_CMND:
		tgt_rx_cmnd(p, f);
		break;
	case FAB_DATA:
		rx_data(p, f);
		break;
	case FAB_XFER_RDY:
	case FAB_RSP:
		rx_ini(p, f);
		break;
	case FAB_ABTS:
		abts_rx(p, f);
		break;
	case FAB_BA:
		ba_rx(p, f);
		break;
	case FAB_ELS_REQ:
		els_rx(p, f);
		break;
	case FAB_ELS_RSP:
	case FAB_CT_RSP:
		rx_answer(p, f);
		break;
	default:
		break;
	}
}

static void port_link(struct fab_port *fp, bool up)
{
	link_change(fp->priv, up);
}

static void port_sent(struct fab_port *fp, const struct fab_frame *f,
		      enum fab_fate fate)
{
	struct port *p = fp->priv;
	struct txop *t = f->owner;

	(void)fate;
	if (--t->frames)
		return;
	if (t->is_ctio)
		ctio_frame_done(p, (struct ctio *)t);
	else if (t->dead)
		txop_put(p, t);
}

static const struct fab_port_ops port_fab_ops = {
	.rx = port_rx,
	.link = port_link,
	.sent = port_sent,
	.lip = loop_lip,
	.loop = loop_ready,
};

/* ---- deadlines ---- */

static void port_sweep(struct ev_timer *t)
{
	struct port *p = container_of(t, struct port, sweep);
	uint64_t now = ev_now_ns(p->ev);
	uint32_t i;

	for (i = 0; i < XCHG_NR && p->nr_timed; i++) {
		struct ini *x = &p->ini[i];
		struct tgt *y = &p->tgt[i];

		if (x->deadline_ns && x->deadline_ns <= now) {
			xchg_deadline(p, &x->deadline_ns, 0);
			if (x->aborting)
				abts_timeout(p, x);
			else if (x->kind == INI_OP)
				x->op->rx(x->op, NULL);
			else
				ini_timeout(p, x);
		}
		if (y->deadline_ns && y->deadline_ns <= now) {
			xchg_deadline(p, &y->deadline_ns, 0);
			tgt_timeout(p, y);
		}
	}
	if (p->nr_timed && !ev_timer_is_armed(&p->sweep))
		ev_timer_start(&p->sweep, SWEEP_NS);
}

/* ---- requests ---- */

static const struct {
	uint8_t type;
	const char *name;
	enum book_kind book;
	bool by_mbox; /* mailbox 54h may carry it */
	bool multi; /* continuations may follow */
	void (*fn)(struct port *p, const uint8_t *req, bool by_mbox);
} requests[] = {
	{ ENTRY_CMD7, "command type 7", BOOK_COMMAND, false, true,
	  cmd_request },
	{ ENTRY_CTIO7, "CTIO type 7", BOOK_CTIO, false, true, ctio_request },
	{ ENTRY_NOTIFY_ACK, "notify acknowledge", BOOK_NOTIFY_ACK, false, false,
	  nack_request },
	{ ENTRY_MARKER, "marker", BOOK_MARKER, true, false, marker_request },
	{ ENTRY_TMF, "task management", BOOK_COMMAND, true, false,
	  tmf_request },
	{ ENTRY_CT, "CT pass-through", BOOK_COMMAND, true, true, ct_request },
	{ ENTRY_ABORT, "abort", BOOK_ABTS, true, false, abort_request },
	{ ENTRY_MBOX, "mailbox command", BOOK_COMMAND, false, false,
	  mbox_request },
	{ ENTRY_LOGIO, "login/logout", BOOK_COMMAND, true, false,
	  login_request },
	{ ENTRY_ELS, "ELS pass-through", BOOK_COMMAND, true, true,
	  els_request },
	{ ENTRY_ABTS_RSP, "ABTS response", BOOK_ABTS, false, false,
	  abts_rsp_request },
};

/**
 * port_dispatch() - Carry out a request from the ring or from mailbox 54h.
 * @p: port
 * @req: @nr entries
 * @nr: entries
 * @by_mbox: came by mailbox 54h
 */
void port_dispatch(struct port *p, const uint8_t *req, unsigned int nr,
		   bool by_mbox)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].type == req[HDR_TYPE])
			break;
	if (i == ARRAY_SIZE(requests) || (by_mbox && !requests[i].by_mbox)) {
		judge_raise(p->jp, VERDICT_ENTRY_TYPE, "type %02x%s",
			    req[HDR_TYPE], by_mbox ? " by mailbox" : "");
		book_give(p->jp, BOOK_COMMAND);
		port_reject(p, req, by_mbox, ENTRY_ST_TYPE);
		return;
	}
	if (!by_mbox)
		book_give(p->jp, requests[i].book);
	if (nr > 1 && !requests[i].multi) {
		judge_raise(p->jp, VERDICT_ENTRY_COUNT, "type %02x count %u",
			    req[HDR_TYPE], nr);
		port_reject(p, req, by_mbox, ENTRY_ST_COUNT);
		return;
	}
	p->req = req;
	p->nr_req = nr;
	requests[i].fn(p, req, by_mbox);
	p->req = NULL;
}

/**
 * port_request() - see port.h
 * @port: a started port
 * @req: entries
 * @nr: entries
 */
void port_request(struct port *port, const uint8_t *req, unsigned int nr)
{
	port_dispatch(port, req, nr, false);
}

/* ---- life ---- */

/* What the coverage must see used. */
static void port_cover(struct judge *j)
{
	static const struct {
		uint8_t code;
		const char *name;
	} out[] = {
		{ ENTRY_STATUS, "status" },
		{ ENTRY_STATUS_CONT, "status continuation" },
		{ ENTRY_ATIO, "ATIO type 6" },
		{ ENTRY_NOTIFY, "immediate notify" },
		{ ENTRY_RPT_ID, "report ID acquisition" },
		{ ENTRY_ABTS_RCV, "ABTS received" },
	}, els[] = {
		{ FAB_ELS_PLOGI, "PLOGI" },   { FAB_ELS_LOGO, "LOGO" },
		{ FAB_ELS_FLOGI, "FLOGI" },   { FAB_ELS_PRLI, "PRLI" },
		{ FAB_ELS_PRLO, "PRLO" },     { FAB_ELS_PDISC, "PDISC" },
		{ FAB_ELS_ADISC, "ADISC" },   { FAB_ELS_RSCN, "RSCN" },
		{ FAB_ELS_ECHO, "ECHO" },
	};
	static const struct {
		uint16_t code;
		const char *name;
	} events[] = {
		{ EV_LIP, "LIP" },
		{ EV_LIP_RESET, "LIP reset" },
		{ EV_LOOP_UP, "loop up" },
		{ EV_LOOP_DOWN, "loop down" },
		{ EV_PORT_UPDATE, "port update" },
		{ EV_RSCN, "RSCN" },
		{ EV_POINT_TO_POINT, "point-to-point" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		cover_add(j, COVER_ENTRY, requests[i].type, requests[i].name);
	for (i = 0; i < ARRAY_SIZE(out); i++)
		cover_add(j, COVER_ENTRY, out[i].code, out[i].name);
	for (i = 0; i < ARRAY_SIZE(els); i++)
		cover_add(j, COVER_ELS, els[i].code, els[i].name);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		cover_add(j, COVER_EVENT, events[i].code, events[i].name);
}

/**
 * port_new() - see port.h
 * @chip: chip
 * @fab: fabric
 *
 * Return: the port.
 */
struct port *port_new(struct chip *chip, struct fab *fab)
{
	struct port *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->chip = chip;
	p->dev = chip_dev(chip);
	p->jp = chip_jp(chip);
	p->ev = chip_ev(chip);
	p->fab = fab;
	xchg_init(p);
	rport_init(p);
	ev_timer_init(&p->link_timer, p->ev, link_step);
	ev_timer_init(&p->sweep, p->ev, port_sweep);
	port_cover(p->jp->judge);
	if (fab_port_attach(fab, &p->fp, chip_name(chip), &port_fab_ops, p,
			    chip_speed_gbps(chip)))
		abort();
	p->fp.jp = p->jp;
	return p;
}

/**
 * port_free() - see port.h
 * @port: the port or NULL
 */
void port_free(struct port *port)
{
	if (!port)
		return;
	port_stop(port);
	fab_port_detach(&port->fp);
	xchg_fini(port);
	free(port);
}

/**
 * port_start() - see port.h
 * @port: stopped port
 * @setup: copied
 *
 * Return: 0; -EINVAL.
 */
int port_start(struct port *port, const struct port_setup *setup)
{
	if (port->state != LINK_STOPPED || !setup->wwpn || !setup->wwnn ||
	    setup->frame_size < 256)
		return -EINVAL;
	if ((setup->options1 & (OPT1_TARGET | OPT1_NO_INITIATOR)) ==
	    OPT1_NO_INITIATOR)
		return -EINVAL;
	port->set = *setup;
	port->max_ini = XCHG_MAX_CMDS;
	if (setup->exchanges && setup->exchanges < port->max_ini)
		port->max_ini = setup->exchanges;
	loop_setup(port);
	link_set_state(port, LINK_DARK);
	fab_port_enable(&port->fp, true);
	return 0;
}

/**
 * port_stop() - see port.h
 * @port: any port
 */
void port_stop(struct port *port)
{
	struct ctio *c;
	uint32_t i;

	if (port->state == LINK_STOPPED)
		return;
	link_set_state(port, LINK_STOPPED);
	ev_timer_stop(&port->link_timer);
	fab_port_enable(&port->fp, false);
	op_end_all(port);
	while ((c = port->ctios)) {
		/* Its frames are on the way: sent() frees it then. */
		port->ctios = c->link;
		if (c->link)
			c->link->prev = &port->ctios;
		c->prev = NULL;
		c->tx.dead = true;
		if (!c->tx.frames)
			ctio_frame_done(port, c);
	}
	for (i = 0; i < XCHG_NR; i++) {
		if (port->ini[i].kind != INI_FREE)
			ini_put(port, &port->ini[i]);
		if (port->tgt[i].kind != TGT_FREE)
			tgt_put(port, &port->tgt[i], END_BY_CHIP);
	}
	ev_timer_stop(&port->sweep);
	rport_init(port);
	book_drop_all(port->jp);
	port->id = 0;
	port->n2n = false;
	port->lip = false;
	port->told_up = false;
	port->logins = 0;
}

/* ---- what it tells ---- */

/**
 * port_fab() - see port.h
 * @port: the port
 *
 * Return: its connector.
 */
struct fab_port *port_fab(struct port *port)
{
	return &port->fp;
}

/**
 * port_set_no_exchange() - see port.h
 * @port: port
 * @on: none from now on
 */
void port_set_no_exchange(struct port *port, bool on)
{
	port->no_exchange = on;
}

/**
 * port_set_prli_delay() - see port.h
 * @port: the port
 * @ms: milliseconds
 */
void port_set_prli_delay(struct port *port, unsigned int ms)
{
	port->prli_delay_ms = ms;
}

static bool is_login(const struct rport *rp)
{
	return rp->used && rp->id < 0xfffff0 && rp->state >= RP_PLOGI &&
	       rp->state <= RP_PRLI;
}

static unsigned int count_ini(const struct port *p)
{
	unsigned int i, n = 0;

	for (i = 0; i < XCHG_NR; i++)
		if ((p->ini[i].kind == INI_FCP || p->ini[i].kind == INI_TMF) &&
		    !p->ini[i].done)
			n++;
	return n;
}

/**
 * port_get_status() - see port.h
 * @port: the port
 * @st: filled
 */
void port_get_status(const struct port *port, struct port_status *st)
{
	static const char *const roles[] = { "none", "target", "initiator",
					     "both" };
	unsigned int i, role = 0;

	memset(st, 0, sizeof(*st));
	st->fw_state = -1;
	if (port->state != LINK_STOPPED) {
		st->fw_state = port->lip ? FW_WAIT_LOGIN :
					   link_fw_states[port->state];
		role = port_is_target(port) | port_is_initiator(port) << 1;
	}
	st->link_up = port->state == LINK_READY;
	st->topology = "none";
	if (st->link_up)
		st->topology = port->loop ? "loop" :
			       port->n2n  ? "p2p" :
					    "fabric";
	st->roles = roles[role];
	st->port_id = port->id;
	st->wwpn = role ? port->set.wwpn : chip_nvram_wwpn(port->chip);
	st->wwnn = role ? port->set.wwnn : 0;
	for (i = 0; i < RP_NR; i++)
		st->logins += is_login(&port->rps[i]);
	st->open_ini = count_ini(port);
	st->open_tgt = port->nr_tgt;
}

static const char *rp_state_name(uint8_t state)
{
	switch (state) {
#define S(sym, name, nr) \
	case RP_##sym:   \
		return name;
		RP_STATES(S)
#undef S
	default:
		return "?";
	}
}

/**
 * port_get_logins() - see port.h
 * @port: the port
 * @list: filled
 * @max: room
 *
 * Return: how many there are.
 */
unsigned int port_get_logins(const struct port *port, struct port_login *list,
			     unsigned int max)
{
	unsigned int i, n = 0;

	for (i = 0; i < RP_NR; i++) {
		const struct rport *rp = &port->rps[i];

		if (!rp->used)
			continue;
		if (n < max) {
			list[n].handle = rp->handle;
			list[n].port_id = rp->id;
			list[n].wwpn = rp->wwpn;
			list[n].wwnn = rp->wwnn;
			list[n].state = rp_state_name(rp->state);
			list[n].prli_word3 = rp->word3;
		}
		n++;
	}
	return n;
}
