// SPDX-License-Identifier: GPL-2.0
/*
 * Coming and going of the driver when things fail: each allocation in turn, a
 * bad or missing firmware, a chip that hangs or vanishes, removal at any time.
 *
 *	life [SEED]
 */
#include "sim.h"

#include "../lib/tap.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define DISK_BLOCKS 4096U
#define MAX_ALLOCS 20000U
#define MANY_ALLOCS 40U
#define MAX_IRQS_PER_START 100U
#define NR_REMOVALS 60U
#define NR_CUTS 12U
#define MOST_CUTS (20 * NR_CUTS)
#define NR_ASKS 60U
#define SAM_BUSY 0x08

static uint64_t seed = 1;

static struct sim *new_sim_flash(bool no_fw, bool flash_fw)
{
	struct sim_setup setup = {
		.device = 0x2532,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = 2,
		.seed = seed,
		.latency_ns = 5000,
		.irq_jitter_ns = 3000,
		.disk_blocks = DISK_BLOCKS,
		.no_fw = no_fw,
		.fw_late = seed % 2,
		.flash_fw = flash_fw,
	};

	return sim_new(&setup);
}

static struct sim *new_sim(bool no_fw)
{
	return new_sim_flash(no_fw, false);
}

static bool is_faulted(void *arg)
{
	struct sim *sim = arg;

	return drv_faults(sim->drv) > 0;
}

static bool is_gone(void *arg)
{
	struct sim *sim = arg;

	return !strcmp(drv_state(sim->drv), "gone");
}

static bool bring_up(struct sim *sim)
{
	if (sim_probe(sim) || !sim_wait(sim, sim_is_idle, sim, 60000) ||
	    drv_enable(sim->drv) || !sim_wait(sim, sim_is_ready, sim, 60000))
		return false;
	sim_start_inis(sim);
	return sim_wait(sim, sim_all_in, sim, 60000);
}

/* The sum of a world's complaints after the driver has gone. */
static unsigned int tear_down(struct sim *sim)
{
	unsigned int bad = 0;

	if (!sim_remove(sim)) {
		printf("# the driver does not go: %s\n", drv_state(sim->drv));
		exit(tap_end() | 1);
	}
	bad += sim_verdicts(sim) != 0;
	bad += sim_free(sim);
	return bad;
}

/* ---- each allocation fails once ---- */

static void test_allocs(void)
{
	unsigned int nth, k, bad = 0, refused = 0;
	struct sim *sim;
	bool over = false;

	/* The pool of commands is many allocations of one line: samples. */
	for (nth = 1; nth < MAX_ALLOCS && !over;
	     nth += nth < MANY_ALLOCS ? 1 : 397) {
		sim = new_sim(false);
		shim_fail_alloc_at(nth);
		if (sim_probe(sim)) {
			refused++;
		} else {
			/* Whatever fails from here on must heal or refuse. */
			sim_run(sim, 3000);
			over = drv_enable(sim->drv) == 0 &&
			       shim_alloc_count() < nth;
			sim_run(sim, 20000);
		}
		shim_fail_alloc_at(0);
		k = tear_down(sim);
		if (k)
			printf("# allocation %u: %s\n", nth,
			       shim_failure_text());
		bad += k;
	}
	tap_ok(refused >= 5, "probe refuses when an allocation fails (%u)",
	       refused);
	tap_ok(over && !bad, "any allocation may fail, nothing leaks (%u)",
	       bad);
}

/* ---- firmware ---- */

static void test_firmware(void)
{
	struct sim *sim = new_sim(true);
	bool said;

	tap_ok(!sim_probe(sim), "probe without a firmware file");
	sim_run(sim, 30000);
	said = shim_log_find("ql2500_fw.bin");
	tap_ok(said && strcmp(drv_state(sim->drv), "ready"),
	       "the refusal names the file (state %s)", drv_state(sim->drv));
	tap_ok(!tear_down(sim), "and it can be removed");

	sim = new_sim(false);
	sim->fw[sim->fw_len / 2] ^= 1;
	tap_ok(!sim_probe(sim), "probe with one bit of the firmware flipped");
	sim_run(sim, 30000);
	tap_ok(strcmp(drv_state(sim->drv), "idle") &&
		       strcmp(drv_state(sim->drv), "ready"),
	       "it is not started (state %s)", drv_state(sim->drv));
	tap_ok(!tear_down(sim), "and it can be removed");

	sim = new_sim(false);
	sim->fw_len = 7;
	tap_ok(!sim_probe(sim), "probe with seven bytes of firmware");
	sim_run(sim, 30000);
	tap_ok(!tear_down(sim), "ends cleanly");
}

static bool reads_flash(void *arg)
{
	(void)arg;
	return shim_log_find("looking for firmware in flash");
}

static bool is_loaded(void *arg)
{
	struct sim *sim = arg;

	return strcmp(drv_state(sim->drv), "off") &&
	       strcmp(drv_state(sim->drv), "reset") &&
	       strcmp(drv_state(sim->drv), "load");
}

/* What was read before a fault is no whole image. */
static void test_flash(void)
{
	struct sim *sim = new_sim_flash(true, true);
	unsigned int i, cut = 0, back = 0, bad = 0;
	uint64_t begin, took;

	if (!tap_ok(!sim_probe(sim) && sim_wait(sim, reads_flash, sim, 60000),
		    "without a file, flash is read"))
		exit(tap_end());
	begin = ev_now_ns(sim->ev);
	tap_ok(sim_wait(sim, is_loaded, sim, 60000) &&
		       sim_wait(sim, sim_is_idle, sim, 60000),
	       "firmware in flash runs");
	took = ev_now_ns(sim->ev) - begin;
	printf("# %" PRIu64 " us to read and load it\n", took / 1000);
	tap_ok(!tear_down(sim), "and it can be removed");

	for (i = 0; i < NR_CUTS; i++) {
		sim = new_sim_flash(true, true);
		if (sim_probe(sim) || !sim_wait(sim, reads_flash, sim, 60000))
			bad++;
		ev_run_until(sim->ev, ev_now_ns(sim->ev) + took * i / NR_CUTS);
		cut += !is_loaded(sim);
		drv_pci_error(sim->drv);
		sim_wait(sim, is_faulted, sim, 1000);
		back += sim_wait(sim, sim_is_idle, sim, 60000) &&
			drv_faults(sim->drv) == 1;
		bad += tear_down(sim);
	}
	tap_ok(cut >= NR_CUTS / 2 && back == NR_CUTS && !bad,
	       "a fault while flash is read: read anew (%u of %u, %u too late)",
	       back, NR_CUTS, NR_CUTS - cut);
}

/* ---- a chip that fails ---- */

static void test_fault(const char *name, enum fault_state what, unsigned int ms)
{
	struct sim *sim = new_sim(false);
	struct ini_io io = { 0 };
	bool back;

	if (!tap_ok(bring_up(sim), "%s: all is up", name))
		exit(tap_end());
	/* A write that waits for its data: an entry that the chip holds. */
	sim->ini[0]->hold_xfer_rdy = true;
	ini_rw(&io, true, 0, 8);
	ini_submit(sim->ini[0], &io);
	sim_run(sim, 1);
	fault_arm_port(sim->fault, "target.0", what, 1);
	fab_port_cable(sim->tport, false, 2 * EV_SEC);
	tap_ok(sim_wait(sim, is_faulted, sim, ms),
	       "%s: it is a fault within %u ms", name, ms);
	back = sim_wait(sim, sim_is_ready, sim, 300000) &&
	       sim_wait(sim, sim_all_in, sim, 60000);
	tap_ok(back, "%s: the adapter comes back (%s)", name,
	       drv_state(sim->drv));
	tap_ok(!tear_down(sim), "%s: removal, nothing leaks", name);
}

static void test_unplug(void)
{
	struct sim *sim = new_sim(false);
	struct ini_io io = { 0 };

	if (!tap_ok(bring_up(sim), "unplug: all is up"))
		exit(tap_end());
	sim->ini[0]->hold_xfer_rdy = true;
	ini_rw(&io, true, 0, 8);
	ini_submit(sim->ini[0], &io);
	sim_run(sim, 1);
	fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES, FAULT_FOREVER);
	tap_ok(!tear_down(sim), "unplug: removal at once, nothing leaks");

	sim = new_sim(false);
	if (!tap_ok(bring_up(sim), "unplug: all is up"))
		exit(tap_end());
	fault_arm_port(sim->fault, "target.0", FAULT_ALL_ONES, FAULT_FOREVER);
	/* The shared line of another device: the handler looks and sees. */
	sim_poke_irq(sim);
	sim_wait(sim, is_gone, sim, 300000);
	tap_ok(strcmp(drv_state(sim->drv), "ready"),
	       "unplug: a fault is seen and given up (%s)",
	       drv_state(sim->drv));
	tap_ok(!tear_down(sim), "unplug: removal later, nothing leaks");
}

/* ---- a reset, and someone who asks for the link ---- */

static bool is_on(void *arg)
{
	struct sim *sim = arg;

	return drv_enabled(sim->drv) && !drv_busy(sim->drv) &&
	       !strcmp(drv_state(sim->drv), "ready");
}

static bool is_off(void *arg)
{
	struct sim *sim = arg;

	return !drv_enabled(sim->drv) && sim_is_idle(sim);
}

/* "rescan", @ms after a reset began; while the link is down it is a mailbox. */
static bool ask_at(struct sim *sim, void (*reset)(struct drv *drv),
		   unsigned int ms)
{
	/* No command of its own is at the chip: that would be in the way. */
	sim_run(sim, 1000);
	reset(sim->drv);
	sim_run(sim, ms);
	drv_rescan(sim->drv);
	sim_run(sim, 200);
	drv_resume(sim->drv);
	if (drv_enabled(sim->drv))
		return sim_wait(sim, is_on, sim, 60000);
	return sim_wait(sim, is_off, sim, 60000) && !drv_enable(sim->drv) &&
	       sim_wait(sim, is_on, sim, 60000);
}

/*
 * A chip in the middle of its reset takes no mailbox command, and the link
 * worker may want to send one at any moment. A reset takes 40 ms.
 */
static void test_ask(const char *name, void (*reset)(struct drv *drv))
{
	struct sim *sim = new_sim(false);
	unsigned int ms, good = 0;

	if (!tap_ok(bring_up(sim), "%s: all is up", name))
		exit(tap_end());
	fab_port_cable(sim->tport, false, 3600 * EV_SEC);
	sim_run(sim, 2000);
	for (ms = 0; ms < NR_ASKS; ms++)
		good += ask_at(sim, reset, ms);
	tap_ok(good == NR_ASKS, "%s: back each time, %u of %u", name, good,
	       NR_ASKS);
	tap_ok(!tear_down(sim), "%s: no mailbox command met the reset", name);
}

static void disable(struct drv *drv)
{
	drv_disable(drv);
}

/* ---- removal at any time ---- */

static void submit(struct ini_io *io)
{
	struct ini *ini = io->ini;

	if (ini->state == INI_READY && !io->open) {
		ini_rw(io, io->slot % 2, io->slot * 64, 64);
		ini_submit(ini, io);
	}
}

static void test_removal(void)
{
	static struct ini_io io[2][8];
	unsigned int i, k, nr, bad = 0;
	struct sim *sim;

	for (nr = 0; nr < NR_REMOVALS; nr++) {
		sim = new_sim(false);
		sim->rng = seed * 1000 + nr;
		memset(io, 0, sizeof(io));
		if (sim_probe(sim)) {
			bad++;
			continue;
		}
		/* Most of a start is over in a fraction of a second. */
		sim_run(sim, sim_rand(sim, nr % 2 ? 100 : 8000));
		if (!drv_enable(sim->drv))
			sim_start_inis(sim);
		sim_run(sim, sim_rand(sim, 4000));
		for (i = 0; i < sim->nr_ini; i++)
			for (k = 0; k < 8; k++) {
				io[i][k].slot = k;
				io[i][k].ini = sim->ini[i];
				submit(&io[i][k]);
			}
		for (k = sim_rand(sim, 400); k; k--)
			ev_step(sim->ev);
		if (!sim_rand(sim, 3))
			fault_arm_port(sim->fault, "target.0",
				       sim_rand(sim, FAULT_NR_STATES), 1);
		for (k = sim_rand(sim, 40); k; k--)
			ev_step(sim->ev);
		k = tear_down(sim);
		if (k)
			printf("# removal %u: %s\n", nr, shim_failure_text());
		bad += k;
	}
	tap_ok(!bad, "%u removals at random moments, %u complaints",
	       NR_REMOVALS, bad);
}

/* ---- off and on ---- */

static bool is_disabled(void *arg)
{
	struct sim *sim = arg;

	return !drv_enabled(sim->drv);
}

static void test_toggle(void)
{
	struct sim *sim = new_sim(false);
	struct ini_io io = { .slot = 1 };
	unsigned int i, good = 0;

	if (!tap_ok(bring_up(sim), "all is up"))
		exit(tap_end());
	tap_ok(drv_lip(sim->drv) == -EOPNOTSUPP, "a fabric has no LIP");
	for (i = 0; i < 20; i++) {
		ini_rw(&io, i % 2, 0, 64);
		if (sim->ini[0]->state == INI_READY && !io.open)
			ini_submit(sim->ini[0], &io);
		for (unsigned int k = sim_rand(sim, 60); k; k--)
			ev_step(sim->ev);
		if (drv_disable(sim->drv) ||
		    !sim_wait(sim, is_disabled, sim, 60000))
			break;
		if (drv_sessions(sim->drv) || drv_enable(sim->drv) ||
		    !sim_wait(sim, sim_is_ready, sim, 60000) ||
		    !sim_wait(sim, sim_all_in, sim, 60000))
			break;
		good++;
	}
	tap_ok(good == 20, "target off and on again, %u times of 20", good);
	tap_ok(drv_faults(sim->drv) == 0, "without a fault");
	tap_ok(sim->nr_irqs < 20 * MAX_IRQS_PER_START,
	       "without a storm of interrupts (%" PRIu64 ")", sim->nr_irqs);
	tap_ok(!tear_down(sim), "removal, nothing leaks");
}

/* ---- off under a stream of commands ---- */

static unsigned int nr_told_busy;

static void again(struct ini_io *io)
{
	nr_told_busy += io->end == INI_END_STATUS && io->status == SAM_BUSY;
	submit(io);
}

/*
 * Between "disable" and the end of the role the chip still takes commands.
 * To terminate them would be an error at the initiator, without a retry for
 * who wants none; BUSY and then a lost link are none.
 */
static void test_stop_stream(void)
{
	static struct ini_io io[2][8];
	struct sim *sim = new_sim(false);
	uint64_t terminated;
	unsigned int i, k, good;

	if (!tap_ok(bring_up(sim), "stream: all is up"))
		exit(tap_end());
	memset(io, 0, sizeof(io));
	terminated = sim->jp->n.abts_tx;
	/* Until a disable has met commands; with some seeds that takes more. */
	for (good = 0; good < NR_CUTS || (!nr_told_busy && good < MOST_CUTS);
	     good++) {
		for (i = 0; i < 2; i++)
			for (k = 0; k < 8; k++) {
				io[i][k].slot = k;
				io[i][k].ini = sim->ini[i];
				io[i][k].done = again;
				submit(&io[i][k]);
			}
		for (k = 200 + sim_rand(sim, 60); k; k--)
			ev_step(sim->ev);
		if (drv_disable(sim->drv) ||
		    !sim_wait(sim, is_disabled, sim, 60000) ||
		    drv_enable(sim->drv) ||
		    !sim_wait(sim, sim_is_ready, sim, 60000) ||
		    !sim_wait(sim, sim_all_in, sim, 60000))
			break;
	}
	tap_ok(good >= NR_CUTS, "stream: off and on, %u times", good);
	tap_ok(nr_told_busy, "stream: %u commands were told BUSY",
	       nr_told_busy);
	terminated = sim->jp->n.abts_tx - terminated;
	tap_ok(!terminated, "stream: none was terminated (%" PRIu64 ")",
	       terminated);
	tap_ok(!tear_down(sim), "stream: removal, nothing leaks");
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	printf("# seed %" PRIu64 "\n", seed);
	sim_verbose();
	test_firmware();
	test_flash();
	test_allocs();
	test_fault("firmware crash", FAULT_FW_CRASH, 1000);
	test_fault("firmware hang", FAULT_FW_HANG, 100000);
	test_fault("lost mailbox answer", FAULT_MBOX_TIMEOUT, 65000);
	test_unplug();
	test_ask("disable", disable);
	test_ask("PCI error", drv_pci_error);
	test_ask("suspend", drv_suspend);
	test_toggle();
	test_stop_stream();
	test_removal();
	return tap_end();
}
