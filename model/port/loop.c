// SPDX-License-Identifier: GPL-2.0
/*
 * A port on an arbitrated loop.
 *
 *	light --> LIP --> AL_PA --> pause --> own logins --> news to the driver
 *	             ^                                           |
 *	             +--------------- another LIP <--------------+
 *
 * An initiator's firmware logs in to everybody on the loop by itself and only
 * then tells the driver, which finds the ports by the id list. At a LIP the
 * exchanges stay open and frames wait; logins are verified by ADISC, or ended
 * and done anew if somebody asked for that: another port, for this LIP, or the
 * control block, for each (the NVRAM of cards does); a LIP reset ends
 * everything. N_Port handles of the loop are loop IDs.
 *
 * Source: [FC-AL-2 8, D]; [LX qla2x00_async_event, qla2x00_configure_local_loop,
 * O]; [FB isp_scan_loop, O]. Inferred: which login follows which LIP.
 */
#include "port/port_int.h"

#define LOOP_IDS 0x100U /* addresses with no area: those of the loop */

/**
 * loop_setup() - What the control block says about loops.
 * @p: port that is about to start
 */
void loop_setup(struct port *p)
{
	uint8_t hard = FAB_LOOP_NONE;

	p->loop = fab_topo(p->fab) == FAB_LOOP;
	p->lip = false;
	p->fresh = true;
	if (p->set.options1 & OPT1_HARD_ADDR)
		hard = fab_loop_al_pa(p->set.hard_addr);
	fab_port_loop(&p->fp,
		      (p->set.options2 & OPT2_TOPO_MASK) != OPT2_TOPO_P2P,
		      hard);
}

/**
 * loop_handle() - Handle of an address on the loop.
 * @p: port
 * @id: address
 *
 * Return: loop ID; RP_NR or more: it is not of the loop, or there is none.
 */
uint16_t loop_handle(const struct port *p, uint32_t id)
{
	int loop_id = p->loop ? fab_loop_id(id) : -1;

	return loop_id < 0 ? 0xffff : (uint16_t)loop_id;
}

static void logout_all(struct port *p, uint16_t cs, uint16_t ctio_status)
{
	unsigned int i;

	link_forget_els(p);
	for (i = 0; i < RP_NR; i++)
		if (p->rps[i].used)
			rport_logout(p, &p->rps[i], cs, ctio_status);
}

/**
 * loop_lip() - The loop is being initialised.
 * @fp: connector
 * @kind: how
 */
void loop_lip(struct fab_port *fp, enum fab_lip kind)
{
	struct port *p = fp->priv;

	if (p->state < LINK_SETTLE || chip_state(p->chip) != CHIP_READY)
		return;
	p->lip = true;
	ev_timer_stop(&p->link_timer);
	login_own_stop(p);
	if (p->state < LINK_READY)
		link_set_state(p, LINK_SETTLE);
	if (kind == FAB_LIP_RESET)
		logout_all(p, CS_RESET, CTIO_LIP_RESET);
	else if (kind == FAB_LIP_LOGIN || p->fresh)
		logout_all(p, CS_LOGGED_OUT, CTIO_LOGGED_OUT);
	if (kind != FAB_LIP_INIT)
		p->fresh = true;
	if (!p->told_up)
		return;
	if (kind == FAB_LIP_RESET)
		port_event(p, EV_LIP_RESET, LIP_F7, 0, 0);
	else
		port_event(p, EV_LIP, LIP_F7, 0, 0);
	if (port_is_target(p))
		notify_lip(p, kind == FAB_LIP_RESET ? NOTIFY_LIP_RESET :
						      NOTIFY_LINK_REINIT);
}

/* Logins of ports that are not on the loop any more end. */
static void drop_absent(struct port *p, const uint8_t *map, unsigned int nr)
{
	unsigned int i, k;

	for (i = 0; i < LOOP_IDS; i++) {
		struct rport *rp = &p->rps[i];

		if (!rp->used)
			continue;
		for (k = 0; k < nr && map[k] != rp->id; k++)
			;
		if (k == nr)
			rport_logout(p, rp, CS_UNAVAILABLE, CTIO_UNAVAILABLE);
	}
}

static void logins_over(struct port *p)
{
	p->lip = false;
	p->fresh = p->set.options1 & OPT1_FULL_LOGIN;
	if (p->state == LINK_READY)
		loop_announce(p);
	else
		link_go_events(p);
}

/**
 * loop_logins() - It is time for the firmware to log in to everybody.
 * @p: port with an AL_PA
 */
void loop_logins(struct port *p)
{
	uint8_t map[FAB_LOOP_MAX];
	unsigned int nr = fab_loop_map(p->fab, map);
	unsigned int i;

	/* Count first: a login may fail at once. */
	p->logins = 1;
	for (i = 0; i < nr && port_is_initiator(p); i++) {
		struct rport *rp = rport_by_id(p, map[i]);

		if (map[i] == p->id)
			continue;
		p->logins++;
		if (!p->fresh && rp && rp->state == RP_PRLI)
			login_verify(p, rp);
		else
			login_own(p, map[i]);
	}
	if (!--p->logins)
		logins_over(p);
}

/**
 * loop_ready() - The loop is initialised.
 * @fp: connector
 * @al_pa: ours
 */
void loop_ready(struct fab_port *fp, uint8_t al_pa)
{
	struct port *p = fp->priv;
	uint8_t map[FAB_LOOP_MAX];
	unsigned int nr = fab_loop_map(p->fab, map);

	if (p->state < LINK_SETTLE || chip_state(p->chip) != CHIP_READY ||
	    al_pa == FAB_LOOP_NONE)
		return;
	if (p->id && p->id != al_pa) {
		p->fresh = true;
		logout_all(p, CS_CHANGED, CTIO_CHANGED);
	}
	p->id = al_pa;
	drop_absent(p, map, nr);
	if (p->state < LINK_READY)
		link_set_state(p, LINK_FLOGI);
	ev_timer_start(&p->link_timer, LOOP_LOGIN_NS);
}

/**
 * loop_login_ended() - A login of the firmware's own has ended.
 * @p: port
 * @id: with whom
 * @ok: it worked
 * @verify: it was there already and was to be verified
 */
void loop_login_ended(struct port *p, uint32_t id, bool ok, bool verify)
{
	if (!p->logins)
		return;
	if (!ok && verify) {
		login_own(p, id);
		return;
	}
	if (!--p->logins)
		logins_over(p);
}

/**
 * loop_announce() - Tell the driver that the loop is up, 8014h last.
 * @p: port in LINK_READY
 */
void loop_announce(struct port *p)
{
	port_event(p, EV_LOOP_UP, chip_rate_code(p->chip), 0, 0);
	link_report_id(p, 0, 0, 0, 0, 0);
	port_event(p, EV_PORT_UPDATE, 0xffff, 6, 0xff);
}
