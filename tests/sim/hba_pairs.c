// SPDX-License-Identifier: GPL-2.0
/*
 * Every state of the adapter and of its link meets every event: whatever comes
 * and whenever it comes, the adapter can be used afterwards and goes cleanly.
 *
 *	hba_pairs [SEED]
 */
#include "pairs.h"

#include "../lib/tap.h"
#include <stdlib.h>

#define WAIT_MS 400000U
#define OUTAGE_NS (2 * EV_SEC)

/* What happens. */
enum event {
	EV_CRASH,
	EV_HANG,
	EV_MBOX_LOST,
	EV_ALL_ONES,
	EV_LINK_PULL,
	EV_ENABLE,
	EV_DISABLE,
	EV_IRQ,
	EV_ALLOC,
	EV_PCI,
	EV_PCI_RESET,
	EV_PCI_AGAIN,
	EV_PCI_LOST,
	EV_SHUTDOWN,
	EV_SHUTDOWN_OFF,
	EV_SLEEP,
	EV_REMOVE,
	NR_EVENTS
};

static const char *const event_names[NR_EVENTS] = {
	[EV_CRASH] = "firmware crash",
	[EV_HANG] = "firmware hang",
	[EV_MBOX_LOST] = "lost mailbox answer",
	[EV_ALL_ONES] = "all ones for a while",
	[EV_LINK_PULL] = "link pull",
	[EV_ENABLE] = "enable",
	[EV_DISABLE] = "disable",
	[EV_IRQ] = "interrupt for nothing",
	[EV_ALLOC] = "allocation failure",
	[EV_PCI] = "PCI error, the bus works on",
	[EV_PCI_RESET] = "PCI error, slot reset",
	[EV_PCI_AGAIN] = "PCI error, slot reset, and once more",
	[EV_PCI_LOST] = "PCI error, the slot is lost",
	[EV_SHUTDOWN] = "shutdown",
	[EV_SHUTDOWN_OFF] = "shutdown, disabled meanwhile",
	[EV_SLEEP] = "suspend and resume",
	[EV_REMOVE] = "removal",
};

/**
 * struct where - a state to be reached
 * @link: of the link, else of the adapter
 * @state: its name
 * @enabled: on the way to an enabled target
 * @faulted: by a crash
 */
struct where {
	bool link;
	const char *state;
	bool enabled;
	bool faulted;
};

static const struct where wheres[] = {
	{ false, "off", false, false },	  { false, "reset", false, false },
	{ false, "load", false, false },  { false, "start", false, false },
	{ false, "query", false, false }, { false, "idle", false, false },
	{ false, "init", true, false },	  { false, "ready", true, false },
	{ false, "fault", true, true },	  { true, "down", true, false },
	{ true, "fabric", true, false },  { true, "up", true, false },
};

#define NR_WHERES (sizeof(wheres) / sizeof(wheres[0]))

static const struct where *wanted;

static bool is_there(void *arg)
{
	struct sim *sim = arg;

	if (wanted->link)
		return !strcmp(drv_state(sim->drv), "ready") &&
		       !strcmp(drv_link(sim->drv), wanted->state);
	return !strcmp(drv_state(sim->drv), wanted->state);
}

static bool is_settled(void *arg)
{
	struct sim *sim = arg;

	/* Off without firmware: who enables a target makes it look again. */
	return sim_is_idle(sim) || !strcmp(drv_state(sim->drv), "ready") ||
	       !strcmp(drv_state(sim->drv), "off");
}

static bool is_suspended(void *arg)
{
	struct sim *sim = arg;

	return drv_is_suspended(sim->drv);
}

/* Silent soon, and for as long as the machine sleeps. */
static bool sleep_well(struct sim *sim)
{
	bool good;

	drv_suspend(sim->drv);
	good = sim_wait(sim, is_suspended, sim, WAIT_MS);
	sim_run(sim, 5000);
	good = is_suspended(sim) && good;
	drv_resume(sim->drv);
	return good;
}

static bool reach(struct sim *sim, const struct where *w)
{
	wanted = w;
	if (sim_probe(sim))
		return false;
	if (!w->enabled)
		return is_there(sim) || sim_wait(sim, is_there, sim, WAIT_MS);
	if (!sim_wait(sim, sim_is_idle, sim, WAIT_MS) || drv_enable(sim->drv))
		return false;
	if (w->faulted) {
		if (!sim_wait(sim, sim_is_ready, sim, WAIT_MS))
			return false;
		fault_arm_port(sim->fault, "target.0", FAULT_FW_CRASH, 1);
	}
	return sim_wait(sim, is_there, sim, WAIT_MS);
}

/*
 * What the kernel does after a fatal error [pci-error-recovery.rst, D]: the
 * function is frozen and reads as ones, error_detected() is called, its slot is
 * reset and its configuration put back by slot_reset(), then comes resume().
 */
static void slot_reset(struct sim *sim)
{
	fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES, FAULT_FOREVER);
	drv_pci_error(sim->drv);
	sim_run(sim, sim_rand(sim, 1500));
	fault_clear_port(sim->fault, "target.0", FAULT_ALL_ONES);
	sim_slot_reset(sim);
	drv_pci_resume(sim->drv);
}

/* What the kernel does with the card and says to the driver. */
static void happen_on_bus(struct sim *sim, enum event ev)
{
	switch (ev) {
	case EV_PCI:
		drv_pci_error(sim->drv);
		sim_run(sim, sim_rand(sim, 50));
		drv_pci_resume(sim->drv);
		break;
	case EV_PCI_AGAIN:
		slot_reset(sim);
		sim_run(sim, sim_rand(sim, 200));
		slot_reset(sim);
		break;
	case EV_PCI_RESET:
		slot_reset(sim);
		break;
	case EV_PCI_LOST:
		fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES,
			       FAULT_FOREVER);
		drv_pci_error(sim->drv);
		sim_run(sim, sim_rand(sim, 2000));
		break;
	case EV_SHUTDOWN:
		drv_shutdown(sim->drv);
		sim_run(sim, 1000);
		break;
	case EV_SHUTDOWN_OFF:
		drv_shutdown(sim->drv);
		drv_disable(sim->drv);
		sim_run(sim, 1000);
		break;
	default:
		break;
	}
}

/* For the table of what has met what. */
static void note(enum event ev)
{
	static const int noted[NR_EVENTS] = {
		[EV_HANG] = DRV_EV_HANG + 1,
		[EV_ALL_ONES] = DRV_EV_ALL_ONES + 1,
		[EV_DISABLE] = DRV_EV_DISABLE + 1,
		[EV_PCI] = DRV_EV_PCI_ERROR + 1,
		[EV_PCI_RESET] = DRV_EV_PCI_ERROR + 1,
		[EV_PCI_AGAIN] = DRV_EV_PCI_ERROR + 1,
		[EV_PCI_LOST] = DRV_EV_PCI_ERROR + 1,
		[EV_SHUTDOWN] = DRV_EV_SHUTDOWN + 1,
		[EV_SHUTDOWN_OFF] = DRV_EV_SHUTDOWN + 1,
		[EV_REMOVE] = DRV_EV_REMOVE + 1,
	};

	if (noted[ev])
		pairs_met((enum drv_event)(noted[ev] - 1));
}

static bool happen(struct sim *sim, const struct where *w, enum event ev)
{
	note(ev);
	switch (ev) {
	case EV_CRASH:
		fault_arm_port(sim->fault, "target.0", FAULT_FW_CRASH, 1);
		break;
	case EV_HANG:
		fault_arm_port(sim->fault, "target.0", FAULT_FW_HANG, 1);
		break;
	case EV_MBOX_LOST:
		fault_arm_port(sim->fault, "target.0", FAULT_MBOX_TIMEOUT, 1);
		break;
	case EV_ALL_ONES:
		fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES, 1);
		sim_run(sim, 3000);
		fault_clear_port(sim->fault, "target.0", FAULT_ALL_ONES);
		break;
	case EV_LINK_PULL:
		fab_port_cable(sim->tport, false, OUTAGE_NS);
		break;
	case EV_ENABLE:
		drv_enable(sim->drv); /* maybe for the second time */
		break;
	case EV_DISABLE:
		/* There is no engine before the first enable. */
		if (!w->enabled && drv_enable(sim->drv))
			break;
		drv_disable(sim->drv);
		break;
	case EV_IRQ:
		sim_poke_irq(sim);
		break;
	case EV_ALLOC:
		shim_fail_alloc_at(1);
		sim_run(sim, 10000);
		shim_fail_alloc_at(0);
		break;
	case EV_SLEEP:
		return sleep_well(sim);
	default:
		happen_on_bus(sim, ev);
		break;
	}
	return true;
}

/*
 * The adapter heals by itself, and then a target can be had. A fault that only
 * shows when the target is enabled costs that attempt.
 */
static bool usable(struct sim *sim)
{
	unsigned int tries = 2;

	do {
		sim_run(sim, 100000);
		if (!sim_wait(sim, is_settled, sim, WAIT_MS))
			return false;
		if (!drv_enabled(sim->drv) && drv_enable(sim->drv))
			return false;
	} while (!sim_wait(sim, sim_is_ready, sim, WAIT_MS) && --tries);
	if (!tries)
		return false;
	sim_start_inis(sim);
	return sim_wait(sim, sim_all_in, sim, WAIT_MS);
}

static void pair(const struct where *w, enum event ev)
{
	const char *what = w->link ? "link" : "adapter";
	struct sim *sim = pairs_sim(1);
	bool good;

	if (!reach(sim, w)) {
		tap_ok(false, "%s %s: not reached (%s, %s)", what, w->state,
		       drv_state(sim->drv), drv_link(sim->drv));
		exit(tap_end());
	}
	good = happen(sim, w, ev);
	if (ev != EV_REMOVE && ev != EV_SHUTDOWN && ev != EV_SHUTDOWN_OFF &&
	    ev != EV_PCI_LOST)
		good = usable(sim) && good;
	if (!good)
		printf("# %s, link %s, %u faults\n", drv_state(sim->drv),
		       drv_link(sim->drv), drv_faults(sim->drv));
	if (!sim_remove(sim)) {
		tap_ok(false, "%s %s, %s: does not go (%s)", what, w->state,
		       event_names[ev], drv_state(sim->drv));
		exit(tap_end());
	}
	/* A card that was away came back reset; an idle driver cannot know. */
	if (ev != EV_ALL_ONES)
		good = !sim_verdicts(sim) && good;
	good = !sim_free(sim) && good;
	tap_ok(good, "%s %s, %s", what, w->state, event_names[ev]);
}

/*
 * In the kernel, removal waits for an engine that is just enabling its target
 * before it stops the adapter (isp_aux_del); this world's removal does not.
 */
static bool possible(const struct where *w, enum event ev)
{
	return (ev != EV_REMOVE && ev != EV_SHUTDOWN) ||
	       strcmp(w->state, "init");
}

int main(int argc, char **argv)
{
	unsigned int i, ev;

	pairs_start(argc, argv, NULL);
	for (i = 0; i < NR_WHERES; i++)
		for (ev = 0; ev < NR_EVENTS; ev++)
			if (possible(&wheres[i], ev))
				pair(&wheres[i], ev);
	if (getenv("CELLS"))
		tap_ok(pairs_save(getenv("CELLS")), "cells are kept");
	return tap_end();
}
