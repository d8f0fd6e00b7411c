// SPDX-License-Identifier: GPL-2.0
/*
 * States of adapter, link and target port meet what initiators, the fabric and
 * the engine do: frames that come in the middle of a reset, logins while our
 * own is not complete, an engine that finishes when the adapter has gone.
 *
 *	fab_pairs [SEED]
 *
 * States that are over at once are met from within: interrupts are held until
 * the change is traced, then they come.
 */
#include "pairs.h"

#include "../lib/tap.h"
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 400000U
#define SLOW_MS 2000U /* a mailbox command, while the link is down */
#define CT_NS (500 * EV_MS) /* a name server request, later */
#define RESET_MS 40U
#define NR_INI 6U /* their commands are more than the request ring holds */

/* clang-format off */
#define EVENTS(X)                                                             \
	X(ABTS, "ABTS") X(ABORT_SET, "abort task set")                        \
	X(CLEAR_SET, "clear task set") X(CLEAR_ACA, "clear ACA")              \
	X(LUN_RESET, "LUN reset") X(TARGET_RESET, "target reset")             \
	X(LOGO, "LOGO") X(PRLO, "PRLO") X(PLOGI, "PLOGI") X(PRLI, "PRLI")     \
	X(RSCN, "RSCN") X(LINK_DOWN, "link down") X(LINK_UP, "link up")       \
	X(CRASH, "firmware crash") X(NO_EXCHANGE, "out of exchanges")         \
	X(RING_FULL, "ring full") X(MAP, "DMA mapping failure")               \
	X(ALLOC, "allocation failure") X(HANG, "firmware hang")               \
	X(MBOX, "mailbox timeout") X(DISABLE, "disable")                      \
	X(DETACH, "engine detach") X(REMOVE, "removal")                       \
	X(ALL_ONES, "all ones for a while") X(SHUTDOWN, "shutdown")           \
	X(PCI, "PCI error")
/* clang-format on */

enum event {
#define X(id, name) EV_##id,
	EVENTS(X)
#undef X
		NR_EVENTS
};

static const char *const event_names[] = {
#define X(id, name) name,
	EVENTS(X)
#undef X
};

/* How a state is reached, mostly with a command that the engine keeps. */
enum how {
	BARE, /* probed, no target yet */
	UP, /* everything runs */
	FAULTED, /* a PCI error, and what follows */
	OFFED, /* a disable, likewise */
	STOPPED, /* a shutdown, likewise */
	RELINK, /* the link was down, and firmware or fabric are slow */
	FROM_INSIDE, /* as FAULTED or OFFED, at the change itself */
};

/**
 * struct where - a state to be reached
 * @what: state machine
 * @state: its name
 * @how: how
 */
struct where {
	const char *what;
	const char *state;
	enum how how;
};

static const struct where wheres[] = {
	{ "hba", "off", BARE },		{ "hba", "reset", FROM_INSIDE },
	{ "hba", "reset", OFFED },	{ "hba", "load", FAULTED },
	{ "hba", "start", FAULTED },	{ "hba", "query", FAULTED },
	{ "hba", "idle", OFFED },	{ "hba", "init", FAULTED },
	{ "hba", "ready", UP },		{ "hba", "fault", FROM_INSIDE },
	{ "hba", "fault", FAULTED },	{ "hba", "gone", STOPPED },
	{ "link", "down", RELINK },	{ "link", "fabric", RELINK },
	{ "tport", "stopping", OFFED }, { "tport", "draining", OFFED },
	{ "tport", "ending", OFFED },
};

#define NR_WHERES (sizeof(wheres) / sizeof(wheres[0]))

static struct ini_io held;
static struct ini_io more[NR_INI][INI_SLOTS];
static uint64_t timeout_at;

/* Interrupts of this world come when this machine gets into this state. */
static struct {
	struct sim *sim;
	const char *what;
	const char *state;
} inside;

static void see_state(void *host, const char *what, const char *from,
		      const char *to)
{
	struct sim *sim = inside.sim;

	(void)host;
	(void)from;
	if (!sim || strcmp(what, inside.what) || strcmp(to, inside.state))
		return;
	inside.sim = NULL;
	sim_irq_now(sim);
	sim_irq_hold(sim, false);
}

static void see_event(void *host, enum drv_event ev)
{
	struct sim *sim = host;

	if (sim && ev == DRV_EV_MBOX_TIMEOUT)
		timeout_at = ev_now_ns(sim->ev);
}

static const struct drv_watch watch = {
	.state = see_state,
	.event = see_event,
};

static const char *state_of(struct sim *sim, const char *what)
{
	if (!strcmp(what, "hba"))
		return drv_state(sim->drv);
	return !strcmp(what, "link") ? drv_link(sim->drv) : drv_tport(sim->drv);
}

static const struct where *wanted;

/*
 * What is to come over the wire needs somebody at its other end. The first one
 * has to wait: the engine still has a command of its old session.
 */
static bool are_back(struct sim *sim)
{
	for (unsigned int i = 1; i < sim->nr_ini; i++)
		if (sim->ini[i]->nr_logins < 2 ||
		    sim->ini[i]->state != INI_READY)
			return false;
	return true;
}

static bool is_there(void *arg)
{
	if (wanted->how == RELINK && !are_back(arg))
		return false;
	return !strcmp(state_of(arg, wanted->what), wanted->state);
}

static bool is_dark(void *arg)
{
	struct sim *sim = arg;

	return !strcmp(drv_link(sim->drv), "down");
}

static bool is_off(void *arg)
{
	struct sim *sim = arg;

	return !drv_enabled(sim->drv) && !drv_busy(sim->drv);
}

static bool not_busy(void *arg)
{
	struct sim *sim = arg;

	return !drv_busy(sim->drv);
}

static struct sim *new_sim(void)
{
	memset(&held, 0, sizeof(held));
	memset(more, 0, sizeof(more));
	timeout_at = 0;
	return pairs_sim(NR_INI);
}

/* All is up, and the engine keeps a command. */
static bool bring_up(struct sim *sim)
{
	if (!sim_wait(sim, sim_is_idle, sim, WAIT_MS) || drv_enable(sim->drv) ||
	    !sim_wait(sim, sim_is_ready, sim, WAIT_MS))
		return false;
	sim_start_inis(sim);
	if (!sim_wait(sim, sim_all_in, sim, WAIT_MS))
		return false;
	sim_run(sim, 1000);
	drv_stubborn(sim->drv, true);
	drv_hold(sim->drv, true);
	ini_rw(&held, false, 0, 8);
	ini_submit(sim->ini[0], &held);
	sim_run(sim, 1);
	return true;
}

static bool has_address(void *arg)
{
	struct sim *sim = arg;

	return fab_port_id(sim->tport);
}

/* The link comes back, and we are slow to see it, or to register. */
static bool relink(struct sim *sim, const struct where *w)
{
	struct fault_frame_spec slow = {
		.act = FAULT_DELAY,
		.cls = FAULT_CT,
		.nth = 1,
		.count = FAULT_FOREVER,
		.delay_ns = CT_NS,
		.from = "target.0",
	};

	fab_port_cable(sim->tport, false, 100 * EV_MS);
	if (!sim_wait(sim, is_dark, sim, WAIT_MS))
		return false;
	if (strcmp(w->state, "down"))
		fault_arm_frame(sim->fault, &slow);
	else
		drv_slow(sim->drv, SLOW_MS);
	if (!sim_wait(sim, has_address, sim, WAIT_MS))
		return false;
	for (unsigned int i = 0; i < NR_INI; i++)
		ini_again(sim->ini[i], true);
	return sim_wait(sim, is_there, sim, WAIT_MS);
}

static bool reach_off(struct sim *sim, const struct where *w)
{
	drv_lazy(sim->drv, true);
	drv_disable(sim->drv);
	if (!strcmp(w->state, "ending") || !strcmp(w->state, "draining")) {
		/* The adapter is through; the engine is not. */
		if (!sim_wait(sim, sim_is_idle, sim, WAIT_MS))
			return false;
		drv_hold(sim->drv, false);
		if (!strcmp(w->state, "ending"))
			drv_lazy(sim->drv, false);
	}
	return is_there(sim) || sim_wait(sim, is_there, sim, WAIT_MS);
}

static bool reach(struct sim *sim, const struct where *w)
{
	wanted = w;
	if (sim_probe(sim))
		return false;
	if (w->how == BARE)
		return is_there(sim);
	if (!bring_up(sim))
		return false;
	switch (w->how) {
	case FAULTED:
		drv_pci_error(sim->drv);
		break;
	case STOPPED:
		drv_shutdown(sim->drv);
		break;
	case OFFED:
		return reach_off(sim, w);
	case RELINK:
		return relink(sim, w);
	default:
		break;
	}
	return w->how == FROM_INSIDE || sim_wait(sim, is_there, sim, WAIT_MS);
}

/* ---- events ---- */

static void submit(struct sim *sim, unsigned int i, unsigned int slot,
		   uint8_t tmf)
{
	struct ini_io *io = &more[i][slot];

	if (i >= sim->nr_ini || sim->ini[i]->state != INI_READY ||
	    sim->ini[i]->slot[slot])
		return;
	io->slot = slot;
	io->tmf = tmf;
	ini_submit(sim->ini[i], io);
}

/* Nothing leaves the request ring, and there is more to be answered. */
static void fill_ring(struct sim *sim)
{
	unsigned int i, slot;

	drv_hold(sim->drv, false);
	fault_arm_port(sim->fault, "target.0", FAULT_RING_STALL, FAULT_FOREVER);
	for (i = 0; i < NR_INI; i++)
		for (slot = 1; slot < INI_SLOTS; slot++)
			submit(sim, i, slot, 0);
}

static void frames(struct sim *sim, enum event ev)
{
	static const uint8_t tmfs[] = {
		[EV_ABORT_SET] = 0x02,	  [EV_CLEAR_SET] = 0x04,
		[EV_CLEAR_ACA] = 0x40,	  [EV_LUN_RESET] = 0x10,
		[EV_TARGET_RESET] = 0x20,
	};
	struct ini *ini;

	if (!sim->nr_ini)
		return;
	ini = sim->ini[1];
	if (ini->state != INI_READY)
		return;
	switch (ev) {
	case EV_ABTS:
		ini_abort_id(ini, 0x7000, 0xffff);
		break;
	case EV_LOGO:
		ini_logout(ini, true);
		break;
	case EV_PRLO:
		ini_prlo(ini);
		break;
	case EV_PLOGI:
	case EV_PRLI:
		ini_again(ini, ev == EV_PLOGI);
		break;
	case EV_RSCN:
		fab_rscn(&ini->port);
		break;
	default:
		submit(sim, 1, 1, tmfs[ev]);
		break;
	}
}

static void engine_goes(struct sim *sim)
{
	pairs_met(DRV_EV_DETACH);
	drv_lazy(sim->drv, false);
	drv_hold(sim->drv, false);
	drv_disable(sim->drv);
	if (sim_wait(sim, is_off, sim, WAIT_MS))
		drv_detach(sim->drv);
}

/* What an administrator and the kernel do, or else a peer. */
static void happen_above(struct sim *sim, enum event ev)
{
	switch (ev) {
	case EV_DISABLE:
		pairs_met(DRV_EV_DISABLE);
		drv_disable(sim->drv);
		break;
	case EV_DETACH:
		engine_goes(sim);
		break;
	case EV_REMOVE:
		pairs_met(DRV_EV_REMOVE);
		break;
	case EV_SHUTDOWN:
		pairs_met(DRV_EV_SHUTDOWN);
		drv_shutdown(sim->drv);
		break;
	case EV_PCI:
		pairs_met(DRV_EV_PCI_ERROR);
		drv_pci_error(sim->drv);
		break;
	default:
		frames(sim, ev);
		break;
	}
}

static void happen(struct sim *sim, enum event ev)
{
	switch (ev) {
	case EV_LINK_DOWN:
		fab_port_cable(sim->tport, false, 3 * EV_SEC);
		break;
	case EV_LINK_UP:
		fab_port_cable(sim->tport, false, 1);
		break;
	case EV_CRASH:
		fault_arm_port(sim->fault, "target.0", FAULT_FW_CRASH, 1);
		break;
	case EV_NO_EXCHANGE:
		fault_arm_port(sim->fault, "target.0", FAULT_NO_EXCHANGE,
			       FAULT_FOREVER);
		submit(sim, 1, 1, 0);
		break;
	case EV_RING_FULL:
		fill_ring(sim);
		break;
	case EV_MAP:
		shim_fail_map_at(1);
		drv_hold(sim->drv, false);
		break;
	case EV_ALLOC:
		shim_fail_alloc_at(1);
		drv_attach_other(sim->drv);
		break;
	case EV_HANG:
		pairs_met(DRV_EV_HANG);
		fault_arm_port(sim->fault, "target.0", FAULT_FW_HANG, 1);
		break;
	case EV_MBOX:
		fault_arm_port(sim->fault, "target.0", FAULT_MBOX_TIMEOUT, 1);
		break;
	case EV_ALL_ONES:
		pairs_met(DRV_EV_ALL_ONES);
		fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES,
			       FAULT_FOREVER);
		sim_run(sim, 3000);
		break;
	default:
		happen_above(sim, ev);
		break;
	}
}

/* Interrupts of what happened lie about until the state comes. */
static void happen_inside(struct sim *sim, const struct where *w, enum event ev)
{
	sim_irq_hold(sim, true);
	happen(sim, ev);
	sim_run(sim, ev == EV_LINK_UP ? 1000 : 2);
	inside.what = w->what;
	inside.state = w->state;
	inside.sim = sim;
	if (!strcmp(w->state, "reset"))
		drv_disable(sim->drv);
	else
		drv_pci_error(sim->drv);
	sim_run(sim, 5);
	inside.sim = NULL;
	sim_irq_hold(sim, false);
}

/*
 * Each answer of firmware that begins is late: what it has to say meanwhile
 * comes right behind.
 */
static void happen_behind(struct sim *sim, enum event ev)
{
	sim_irq_hold(sim, true);
	while (is_there(sim)) {
		sim_run(sim, 2000);
		happen(sim, ev);
		sim_run(sim, 2);
		sim_irq_now(sim);
		sim_run(sim, 1);
	}
	sim_irq_hold(sim, false);
}

static void pass(struct sim *sim, const struct where *w, enum event ev)
{
	if (w->how == FROM_INSIDE) {
		happen_inside(sim, w, ev);
		return;
	}
	if ((!strcmp(w->state, "init") && ev <= EV_CRASH) ||
	    (!strcmp(w->state, "start") && ev == EV_CRASH)) {
		happen_behind(sim, ev);
		return;
	}
	happen(sim, ev);
	/* Before what is at work in this state goes on. */
	if (ev == EV_CRASH)
		sim_irq_now(sim);
	sim_run(sim, ev == EV_RING_FULL ? 20 : 2);
}

/* ---- the end ---- */

static bool usable(struct sim *sim)
{
	unsigned int tries = 3;

	do {
		sim_run(sim, 100000);
		if (!sim_wait(sim, not_busy, sim, WAIT_MS))
			return false;
		if (!drv_enabled(sim->drv) && drv_enable(sim->drv))
			return false;
	} while (!sim_wait(sim, sim_is_ready, sim, 60000) && --tries);
	sim_start_inis(sim);
	return sim_wait(sim, sim_all_in, sim, WAIT_MS);
}

static void calm(struct sim *sim)
{
	fault_clear(sim->fault);
	shim_fail_map_at(0);
	shim_fail_alloc_at(0);
	drv_slow(sim->drv, 0);
	drv_lazy(sim->drv, false);
	drv_hold(sim->drv, false);
}

static void finish(struct sim *sim, const struct where *w, enum event ev,
		   bool good)
{
	bool lives = w->how != STOPPED && ev != EV_REMOVE && ev != EV_SHUTDOWN;

	calm(sim);
	if (lives && good && !usable(sim)) {
		printf("# %s, link %s, port %s\n", drv_state(sim->drv),
		       drv_link(sim->drv), drv_tport(sim->drv));
		good = false;
	}
	if (!sim_remove(sim)) {
		tap_ok(false, "%s %s, %s: does not go (%s)", w->what, w->state,
		       event_names[ev], drv_state(sim->drv));
		exit(tap_end());
	}
	/* A card that was away came back reset; an idle driver cannot know. */
	if (ev != EV_ALL_ONES)
		good = !sim_verdicts(sim) && good;
	good = !sim_free(sim) && good;
	tap_ok(good, "%s %s, %s", w->what, w->state, event_names[ev]);
}

static void pair(const struct where *w, enum event ev)
{
	struct sim *sim = new_sim();

	if (!reach(sim, w)) {
		tap_ok(false, "%s %s: not reached (%s, %s, %s)", w->what,
		       w->state, drv_state(sim->drv), drv_link(sim->drv),
		       drv_tport(sim->drv));
		exit(tap_end());
	}
	pass(sim, w, ev);
	finish(sim, w, ev, true);
}

/* ---- a mailbox command that is overdue ---- */

/* The link is back, and the first question about it is never answered. */
static void lose_mbox(struct sim *sim)
{
	fab_port_cable(sim->tport, false, 100 * EV_MS);
	fault_arm_port(sim->fault, "target.0", FAULT_MBOX_TIMEOUT, 1);
}

static bool is_overdue(void *arg)
{
	(void)arg;
	return timeout_at;
}

static bool draining(struct sim *sim)
{
	static const struct where w = { "tport", "draining", OFFED };

	/* Firmware is being started, and the engine keeps its command. */
	drv_lazy(sim->drv, true);
	drv_disable(sim->drv);
	wanted = &w;
	if (!sim_wait(sim, is_there, sim, WAIT_MS))
		return false;
	fault_arm_port(sim->fault, "target.0", FAULT_MBOX_TIMEOUT, 1);
	return true;
}

/*
 * When a mailbox command is overdue is known from a first world: in the second
 * one, the same up to then, @state comes just before.
 */
static void overdue(const struct where *w)
{
	bool port = !strcmp(w->what, "tport");
	uint64_t at = 0;
	struct sim *sim;
	bool good = true;

	for (unsigned int i = 0; i < 2 && good; i++) {
		sim = new_sim();
		good = !sim_probe(sim) && bring_up(sim);
		if (!good || (port && !draining(sim)))
			break;
		if (!port)
			lose_mbox(sim);
		if (!i) {
			good = sim_wait(sim, is_overdue, sim, WAIT_MS);
			at = timeout_at;
			finish(sim, w, EV_MBOX, good);
			continue;
		}
		if (port) {
			while (ev_now_ns(sim->ev) < at && ev_step(sim->ev))
				;
			drv_hold(sim->drv, false);
			drv_lazy(sim->drv, false);
		} else {
			ev_run_until(sim->ev, at - RESET_MS / 2 * EV_MS);
			if (!strcmp(w->state, "reset"))
				drv_disable(sim->drv);
			else
				drv_pci_error(sim->drv);
		}
		sim_run(sim, 100);
		finish(sim, w, EV_MBOX, is_overdue(sim));
	}
}

int main(int argc, char **argv)
{
	static const struct where late[] = {
		{ "hba", "reset", OFFED },
		{ "hba", "fault", FAULTED },
		{ "tport", "ending", OFFED },
	};
	unsigned int i, ev;

	pairs_start(argc, argv, &watch);
	for (i = 0; i < NR_WHERES; i++)
		for (ev = 0; ev < NR_EVENTS; ev++)
			pair(&wheres[i], ev);
	for (i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		overdue(&late[i]);
	if (getenv("CELLS"))
		tap_ok(pairs_save(getenv("CELLS")), "cells are kept");
	return tap_end();
}
