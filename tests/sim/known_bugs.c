// SPDX-License-Identifier: GPL-2.0
/*
 * Bugs that others had, played again from their descriptions: ours passes each.
 * doc/known-bugs.md has the sources.
 *
 *	known_bugs [SEED]
 */
#include "sim.h"

#include "../lib/tap.h"
#include "chip/chip.h"
#include "port/port.h"
#include <inttypes.h>
#include <stdlib.h>

#define DISK_BLOCKS 4096U
#define SLOTS 16U
#define UP_MS 60000U
#define BACK_MS 200000U
#define FAILED 5U /* RSP_CODE: function failed */

static uint64_t seed = 1;
static struct sim *sim;
static struct ini_io io[2][INI_SLOTS];
static unsigned int nr_ended[2][INI_SLOTS];

static bool is_disabled(void *arg)
{
	(void)arg;
	return !drv_enabled(sim->drv);
}

static bool is_faulted(void *arg)
{
	(void)arg;
	return drv_faults(sim->drv) > 0;
}

static bool is_fabric(void *arg)
{
	(void)arg;
	return !strcmp(drv_link(sim->drv), "fabric");
}

static bool ini0_back(void *arg)
{
	(void)arg;
	return sim->ini[0]->state == INI_READY;
}

static bool logged_out(void *arg)
{
	(void)arg;
	return sim->ini[0]->nr_logos > 0;
}

/* Does a new login wait for the end of the old one? */
static bool is_held(void *arg)
{
	(void)arg;
	return drv_trace_seen("sess", "resolve", "hold") > 0;
}

static bool one_session(void *arg)
{
	(void)arg;
	return drv_sessions(sim->drv) == 1;
}

static bool settled(void *arg)
{
	return sim_is_ready(arg) && sim_all_in(arg);
}

static void count_end(struct ini_io *i)
{
	nr_ended[i->ini == sim->ini[1]][i->slot]++;
}

static bool load(void)
{
	return !sim_probe(sim) && sim_wait(sim, sim_is_idle, sim, UP_MS) &&
	       !drv_enable(sim->drv) && sim_wait(sim, sim_is_ready, sim, UP_MS);
}

static void up(unsigned int nr_ini)
{
	struct sim_setup setup = {
		.device = seed % 2 ? 0x2532 : 0x2432,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = nr_ini,
		.seed = seed,
		.latency_ns = 5000,
		.irq_jitter_ns = 3000,
		.disk_blocks = DISK_BLOCKS,
	};

	memset(io, 0, sizeof(io));
	memset(nr_ended, 0, sizeof(nr_ended));
	sim = sim_new(&setup);
	if (!load()) {
		tap_ok(false, "the target comes up");
		exit(tap_end());
	}
	sim_start_inis(sim);
	if (!sim_wait(sim, sim_all_in, sim, UP_MS)) {
		tap_ok(false, "the initiators log in");
		exit(tap_end());
	}
	for (unsigned int i = 0; i < nr_ini; i++)
		sim->ini[i]->timeout_ns = 2 * EV_SEC;
}

/* The end of every scenario: nothing open, nothing left, nobody complains. */
static void down(bool good, const char *what)
{
	bool clean;

	clean = sim_wait(sim, sim_none_open, sim, UP_MS) &&
		sim_books_balanced(sim);
	for (unsigned int i = 0; i < sim->nr_ini; i++)
		clean = clean && !sim->ini[i]->nr_twice &&
			!sim->ini[i]->nr_late;
	if (!sim_remove(sim)) {
		tap_ok(false, "%s: the driver does not go", what);
		exit(tap_end());
	}
	clean = !sim_verdicts(sim) && clean;
	clean = !sim_free(sim) && clean;
	tap_ok(good && clean, "%s%s", what,
	       good && !clean ? " (something is left over)" : "");
}

static struct ini_io *send(unsigned int i, unsigned int slot, bool write,
			   uint32_t lba, uint32_t blocks)
{
	struct ini_io *x = &io[i][slot];

	x->slot = slot;
	x->done = count_end;
	ini_rw(x, write, lba, blocks);
	ini_submit(sim->ini[i], x);
	return x;
}

static struct ini_io *tmf(unsigned int i, unsigned int slot, uint8_t flags)
{
	struct ini_io *x = &io[i][slot];

	memset(x, 0, sizeof(*x));
	x->slot = slot;
	x->done = count_end;
	x->tmf = flags;
	ini_submit(sim->ini[i], x);
	return x;
}

static bool ended(void *arg)
{
	return !((struct ini_io *)arg)->open;
}

static bool good_io(unsigned int i, unsigned int slot)
{
	struct ini_io *x = send(i, slot, false, slot, 8);

	return sim_wait(sim, ended, x, 1000) && x->end == INI_END_STATUS &&
	       !x->status;
}

/* A function that cannot be carried out is answered once, as a function. */
static void failed_function(void)
{
	struct ini_io *x;
	bool good;

	up(1);
	fault_arm_port(sim->fault, "target.0", FAULT_NO_EXCHANGE,
		       FAULT_FOREVER);
	x = tmf(0, 0, 0x10);
	good = sim_wait(sim, ended, x, 1000) && x->end == INI_END_STATUS &&
	       !x->status && (x->flags & 1) && x->rsp_code == FAILED;
	fault_clear_port(sim->fault, "target.0", FAULT_NO_EXCHANGE);
	down(good && good_io(0, 1), "a function that fails is told so, once");
}

/* An abort meets its command at each step of its way. */
static void abort_races(void)
{
	unsigned int steps, bad = 0;

	up(1);
	for (steps = 0; steps < 400; steps++) {
		unsigned int slot = steps % SLOTS, before = nr_ended[0][slot];
		struct ini_io *x = send(0, slot, steps & 1, 0, 64);

		for (unsigned int k = steps / 2 % 100; k && x->open; k--)
			ev_step(sim->ev);
		ini_abort(x);
		bad += !sim_wait(sim, ended, x, 1000) ||
		       nr_ended[0][slot] != before + 1;
	}
	down(!bad && good_io(0, 0),
	     "an abort at any step ends its command once");
}

/* A WRITE that waits for its data, in the chip's hands, is aborted at once. */
static void abort_in_chip(void)
{
	struct ini_io *x;
	bool good;

	up(2);
	sim->ini[0]->hold_xfer_rdy = true;
	x = send(0, 0, true, 0, 64);
	sim_run(sim, 1);
	ini_abort(x);
	good = sim_wait(sim, ended, x, 1000) && x->end == INI_END_ABORTED;
	down(good, "a command that the chip is moving data for can be aborted");
}

/* And so is one that another initiator's LUN reset hits. */
static void reset_in_chip(void)
{
	struct ini_io *x, *r;
	bool good;

	up(2);
	sim->ini[0]->hold_xfer_rdy = true;
	x = send(0, 0, true, 0, 64);
	sim_run(sim, 1);
	r = tmf(1, 0, 0x10);
	good = sim_wait(sim, ended, r, 1000) && !r->rsp_code;
	/* Its initiator sees nothing and gives it up: it must be gone. */
	good = sim_wait(sim, ended, x, 10000) && good;
	sim->ini[0]->hold_xfer_rdy = false;
	down(good && good_io(0, 1), "a LUN reset ends what waits for data");
}

/* Both vectors, mailboxes and events at once: no interrupt gets lost. */
static void lost_interrupts(void)
{
	unsigned int round, slot;
	bool good = true;

	up(2);
	for (round = 0; round < 200; round++) {
		for (slot = 0; slot < SLOTS; slot++)
			if (!io[0][slot].open)
				send(0, slot, false, slot * 16, 16);
		if (round % 4 == 0)
			fab_rscn(&sim->ini[1]->port);
		sim_run(sim, 1);
	}
	good = !drv_faults(sim->drv) && sim_wait(sim, sim_none_open, sim, 1000);
	down(good, "no interrupt is cleared for another vector");
}

/* The cable is pulled with commands open on both sides of the engine. */
static void cable_pull(void)
{
	unsigned int slot, nr[16], open = 0, i;
	bool good;

	up(1);
	sim->ini[0]->hold_xfer_rdy = true;
	for (slot = 0; slot < SLOTS; slot++)
		send(0, slot, slot & 1, slot * 64, 64);
	for (i = 0; i < 60; i++)
		ev_step(sim->ev);
	fab_port_cable(sim->tport, false, EV_SEC);
	sim_run(sim, 500);
	drv_cmd_states(sim->drv, nr, 16);
	for (i = 0; i < 16; i++)
		open += nr[i];
	good = !open && !drv_sessions(sim->drv);
	sim->ini[0]->hold_xfer_rdy = false;
	good = sim_wait(sim, settled, sim, BACK_MS) && good;
	down(good && good_io(0, 0), "a pulled cable ends every command");
}

/* The chip crashes while it is asked about the fabric. */
static void crash_in_discovery(void)
{
	bool good;

	up(2);
	fab_port_cable(sim->tport, false, 10 * EV_MS);
	good = sim_wait(sim, is_fabric, sim, UP_MS);
	fault_arm_port(sim->fault, "target.0", FAULT_FW_CRASH, 1);
	good = good && sim_wait(sim, is_faulted, sim, UP_MS) &&
	       sim_wait(sim, settled, sim, BACK_MS);
	down(good && good_io(0, 0) && good_io(1, 0),
	     "a reset during discovery leaves no login blocked");
}

/* Three reasons to end a session, in one moment. */
static void ended_thrice(void)
{
	unsigned int slot;
	bool good;

	up(2);
	drv_lazy(sim->drv, true);
	for (slot = 0; slot < SLOTS; slot++)
		send(0, slot, slot & 1, 0, 64);
	ini_prlo(sim->ini[0]);
	ini_logout(sim->ini[0], false);
	fab_port_cable(sim->tport, false, EV_SEC);
	sim_run(sim, 500);
	drv_lazy(sim->drv, false);
	ini_login(sim->ini[0]);
	good = sim_wait(sim, settled, sim, BACK_MS) &&
	       drv_sessions(sim->drv) == 2;
	down(good && good_io(0, 0),
	     "a session that ends for three reasons ends once");
}

/* An engine that takes its time over one session must not stop the others. */
static void slow_close(void)
{
	unsigned int i;
	bool good = true;

	up(2);
	drv_lazy(sim->drv, true);
	ini_logout(sim->ini[0], true);
	for (i = 0; i < 100; i++) {
		sim_run(sim, 100);
		good = good_io(1, i % SLOTS) && good;
	}
	drv_lazy(sim->drv, false);
	good = sim_wait(sim, ini0_back, sim, 30000) && good;
	down(good && good_io(0, 0), "a slow session end holds up nobody else");
}

/* The chip tells of a PRLI late; the first command must not pay for it. */
static void late_prli(void)
{
	unsigned int i;
	bool good = true;

	up(1);
	port_set_prli_delay(chip_port(sim->card->chip[0]), 20);
	for (i = 0; i < 10; i++) {
		fab_port_cable(&sim->ini[0]->port, false, 20 * EV_MS);
		sim_run(sim, 30);
		good = sim_wait(sim, ini0_back, sim, BACK_MS) &&
		       good_io(0, i) && good;
	}
	down(good, "the first command after a login does not fail");
}

/* A PCI error is told while commands are open. */
static void pci_error(void)
{
	unsigned int slot;
	bool good;

	up(1);
	sim->ini[0]->hold_xfer_rdy = true;
	for (slot = 0; slot < SLOTS; slot++)
		send(0, slot, slot & 1, 0, 64);
	sim_run(sim, 1);
	drv_pci_error(sim->drv);
	sim->ini[0]->hold_xfer_rdy = false;
	good = sim_wait(sim, is_faulted, sim, 1000) &&
	       sim_wait(sim, settled, sim, BACK_MS);
	down(good && good_io(0, 0), "a PCI error with commands open heals");
}

/* Removal while work of the driver is waiting to run. */
static void unload_at_work(void)
{
	unsigned int i;

	for (i = 0; i < 40; i++) {
		up(1);
		ini_abort_id(sim->ini[0], 0x7ffe, 0xfffe); /* gets parked */
		for (unsigned int slot = 0; slot < SLOTS; slot++)
			send(0, slot, slot & 1, 0, 64);
		for (unsigned int k = i * 3; k; k--)
			ev_step(sim->ev);
		if (!sim_remove(sim) || sim_verdicts(sim) || sim_free(sim)) {
			tap_ok(false, "unload %u with work pending", i);
			return;
		}
	}
	tap_ok(true, "an unload waits for the driver's own work");
}

/* An initiator that logs in again and again, as one in a login loop does. */
static void login_loop(void)
{
	unsigned int i;
	bool good = true;

	up(2);
	for (i = 0; i < 500; i++) {
		ini_again(sim->ini[0], i & 1);
		for (unsigned int k = i % 37; k; k--)
			ev_step(sim->ev);
	}
	good = sim_wait(sim, settled, sim, 30000) &&
	       drv_sessions(sim->drv) == 2;
	down(good && good_io(0, 0) && good_io(1, 0),
	     "500 logins in a row leave one session");
}

/* The same port name comes back with another address. */
static void moved_port(void)
{
	static const uint64_t wwpn = 0x2100dead00000077ULL;
	struct ini *old, *mover;
	bool good;

	up(0);
	old = ini_new(sim->ev, sim->judge, sim->fab, "old.0", wwpn, sim->tport);
	good = sim_wait(sim, one_session, sim, UP_MS);
	/* Replugged: gone without a word here, and there at the same time. */
	fab_port_cable(&old->port, false, 0);
	mover = ini_new(sim->ev, sim->judge, sim->fab, "new.0", wwpn,
			sim->tport);
	sim->ini[0] = mover;
	sim->nr_ini = 1;
	good = sim_wait(sim, sim_all_in, sim, UP_MS) && good;
	sim_run(sim, 1000);
	good = good && drv_sessions(sim->drv) == 1 && good_io(0, 0);
	ini_free(old);
	down(good, "a port that moved has one session, the new one");
}

/* Many functions at the same time, to the same LUN. */
static void many_functions(void)
{
	unsigned int slot, done = 0;
	bool good;

	up(2);
	for (slot = 0; slot < INI_SLOTS; slot++) {
		tmf(0, slot, 0x10);
		tmf(1, slot, slot & 1 ? 0x02 : 0x20);
	}
	good = sim_wait(sim, sim_none_open, sim, 1000);
	for (slot = 0; slot < INI_SLOTS; slot++)
		done += io[0][slot].end == INI_END_STATUS &&
			!io[0][slot].rsp_code &&
			io[1][slot].end == INI_END_STATUS &&
			!io[1][slot].rsp_code;
	down(good && done == INI_SLOTS,
	     "functions at the same time all answer");
}

/* The target restarts; its initiators come back by themselves. */
static void target_restart(void)
{
	unsigned int i;
	bool good = true;

	up(2);
	for (i = 0; i < 10; i++) {
		for (unsigned int slot = 0; slot < SLOTS; slot++)
			send(0, slot, slot & 1, 0, 64);
		good = sim_remove(sim) && load() &&
		       sim_wait(sim, sim_all_in, sim, 30000) && good;
	}
	down(good && good_io(0, 0) && good_io(1, 0),
	     "initiators come back after a restart, without a hand");
}

/*
 * An engine may want a session ended that is being closed: by then the initiator
 * may have logged in anew.
 */
static void late_drop(void)
{
	struct ini *ini;
	bool good;

	up(1);
	ini = sim->ini[0];
	drv_lazy(sim->drv, true);
	ini_again(ini, true);
	good = sim_wait(sim, is_held, sim, 1000);
	drv_drop(sim->drv);
	sim_run(sim, 100);
	drv_lazy(sim->drv, false);
	good = good && sim_wait(sim, settled, sim, 1000) && good_io(0, 0) &&
	       !ini->nr_logos && ini->nr_logins == 2;
	/* One that is in time ends it, and the initiator may come again. */
	drv_drop(sim->drv);
	good = sim_wait(sim, logged_out, sim, 1000) &&
	       !drv_sessions(sim->drv) && good;
	good = sim_wait(sim, settled, sim, BACK_MS) && good_io(0, 1) && good;
	good = good && ini->nr_logos == 1 && one_session(sim);
	down(good, "a session dropped late does not end the next login");
}

/* A target is disabled while an initiator has logged in half way. */
static void disable_in_login(void)
{
	unsigned int i;
	bool good = true;

	up(1);
	for (i = 0; i < 60; i++) {
		ini_again(sim->ini[0], true);
		for (unsigned int k = i; k; k--)
			ev_step(sim->ev);
		good = !drv_disable(sim->drv) &&
		       sim_wait(sim, is_disabled, sim, UP_MS) &&
		       !drv_sessions(sim->drv) && !drv_enable(sim->drv) &&
		       sim_wait(sim, settled, sim, UP_MS) && good;
	}
	down(good && good_io(0, 0), "disable during a login frees the session");
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	printf("# seed %" PRIu64 "\n", seed);
	sim_verbose();
	failed_function();
	abort_races();
	abort_in_chip();
	reset_in_chip();
	lost_interrupts();
	cable_pull();
	crash_in_discovery();
	ended_thrice();
	slow_close();
	late_prli();
	pci_error();
	unload_at_work();
	login_loop();
	moved_port();
	many_functions();
	target_restart();
	late_drop();
	disable_in_login();
	return tap_end();
}
