// SPDX-License-Identifier: GPL-2.0
/*
 * The target on an arbitrated loop: every kind of LIP under load, logins that
 * the chip completes late, and the first command after each.
 *
 *	loop [2432]
 */
#include "sim.h"

#include "../lib/tap.h"
#include "chip/chip.h"
#include "port/port.h"
#include <stdlib.h>

#define NR_INI 3U
#define NR_SLOTS 8U
#define BLOCKS 16U /* of one command */
#define NR_LIPS 12U
#define LOAD_MS 10U

static struct sim *sim;
static struct ini_io io[NR_INI][NR_SLOTS];
static uint8_t stamp[NR_INI][NR_SLOTS]; /* what was written, 0: not known */
static bool loading, first_due[NR_INI];
static unsigned int nr_done, nr_lost, nr_failed, nr_wrong, nr_first;

static void next(struct ini *ini, unsigned int k, unsigned int s)
{
	struct ini_io *x = &io[k][s];
	uint32_t lba = (k * NR_SLOTS + s) * BLOCKS;
	bool write = !stamp[k][s] || sim_rand(sim, 2);

	ini_rw(x, write, lba, BLOCKS);
	x->slot = s;
	if (write) {
		stamp[k][s] = (uint8_t)(1 + sim_rand(sim, 127));
		memset(ini_buf(ini, s), stamp[k][s], BLOCKS * 512U);
	} else {
		memset(ini_buf(ini, s), 0, BLOCKS * 512U);
	}
	ini_submit(ini, x);
}

static void done(struct ini_io *x)
{
	struct ini *ini = x->ini;
	unsigned int k = (unsigned int)(uintptr_t)ini->priv;
	unsigned int s = x->slot, i;
	const uint8_t *buf = ini_buf(ini, s);

	if (x->end == INI_END_LOST) {
		nr_lost++;
		if (x->write)
			stamp[k][s] = 0;
		return;
	}
	nr_done++;
	nr_failed += x->end != INI_END_STATUS || x->status;
	if (first_due[k])
		nr_first++;
	first_due[k] = false;
	for (i = 0; !x->write && i < BLOCKS * 512U; i++)
		if (buf[i] != stamp[k][s]) {
			if (!nr_wrong++)
				printf("# initiator %u slot %u: byte %u is %02x, not %02x\n",
				       k, s, i, buf[i], stamp[k][s]);
			break;
		}
	if (loading)
		next(ini, k, s);
}

static void ready(struct ini *ini)
{
	unsigned int k = (unsigned int)(uintptr_t)ini->priv, s;

	for (s = 0; loading && s < NR_SLOTS; s++)
		if (!io[k][s].open)
			next(ini, k, s);
}

static bool all_first(void *arg)
{
	unsigned int k;

	(void)arg;
	for (k = 0; k < NR_INI; k++)
		if (first_due[k])
			return false;
	return true;
}

/* By an initiator and by the target in turn, or by whoever types "lip". */
static int begin_lip(enum fab_lip kind, unsigned int i, bool typed)
{
	if (typed)
		return drv_lip(sim->drv);
	return fab_lip(i % 2 ? sim->tport : &sim->ini[i % NR_INI]->port, kind);
}

static void test_lips(enum fab_lip kind, const char *name, unsigned int delay,
		      bool typed)
{
	unsigned int i, k, s, good = 0;

	nr_done = 0;
	nr_lost = 0;
	nr_failed = 0;
	nr_wrong = 0;
	nr_first = 0;
	port_set_prli_delay(chip_port(sim->card->chip[0]), delay);
	loading = true;
	for (k = 0; k < NR_INI; k++)
		ready(sim->ini[k]);
	for (i = 0; i < NR_LIPS; i++) {
		sim_run(sim, LOAD_MS + sim_rand(sim, LOAD_MS));
		for (k = 0; k < NR_INI; k++)
			first_due[k] = true;
		if (begin_lip(kind, i, typed))
			break;
		good += sim_wait(sim, all_first, NULL, 20000);
	}
	loading = false;
	tap_ok(good == NR_LIPS,
	       "%s, PRLI %u ms late: I/O goes on after %u of %u", name, delay,
	       good, NR_LIPS);
	tap_ok(!nr_failed && !nr_wrong,
	       "%u commands, %u lost with their login, %u failed, %u wrong",
	       nr_done, nr_lost, nr_failed, nr_wrong);
	tap_ok(kind != FAB_LIP_INIT || !nr_lost, "a plain LIP loses nothing");
	sim_wait(sim, sim_none_open, sim, 60000);
	for (k = 0; k < NR_INI; k++)
		for (s = 0; s < NR_SLOTS; s++)
			if (io[k][s].open)
				ini_abort(&io[k][s]);
	tap_ok(sim_wait(sim, sim_none_open, sim, 60000), "nothing stays open");
}

int main(int argc, char **argv)
{
	struct sim_setup setup = {
		.device = argc > 1 ? (uint16_t)strtoul(argv[1], NULL, 16) :
				     0x2432,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = NR_INI,
		.seed = 5,
		.latency_ns = 100000,
		.loop = true,
	};
	unsigned int k, s, before;

	sim_verbose();
	sim = sim_new(&setup);
	if (!tap_ok(!sim_probe(sim) && (sim_run(sim, 5000), true) &&
			    !drv_enable(sim->drv) &&
			    sim_wait(sim, sim_is_ready, sim, 60000),
		    "%04x: ready on a loop", setup.device))
		return tap_end();
	sim_start_inis(sim);
	for (k = 0; k < NR_INI; k++) {
		sim->ini[k]->priv = (void *)(uintptr_t)k;
		sim->ini[k]->ready = ready;
		for (s = 0; s < NR_SLOTS; s++)
			io[k][s].done = done;
	}
	if (!tap_ok(sim_wait(sim, sim_all_in, sim, 60000), "all logged in"))
		return tap_end();
	test_lips(FAB_LIP_INIT, "LIP", 0, false);
	before = sim->ini[0]->nr_lips;
	test_lips(FAB_LIP_INIT, "LIP by /proc", 0, true);
	tap_ok(sim->ini[0]->nr_lips >= before + NR_LIPS, "each was one");
	test_lips(FAB_LIP_LOGIN, "LIP with full login", 0, false);
	test_lips(FAB_LIP_LOGIN, "LIP with full login", 5, false);
	test_lips(FAB_LIP_LOGIN, "LIP with full login", 300, false);
	test_lips(FAB_LIP_RESET, "LIP reset", 0, false);
	test_lips(FAB_LIP_RESET, "LIP reset", 5, false);
	tap_ok(sim->ini[0]->nr_lips > 7 * NR_LIPS, "%u LIPs",
	       sim->ini[0]->nr_lips);
	sim_run(sim, 5000);
	tap_ok(sim_books_balanced(sim), "the books balance");
	tap_ok(!drv_faults(sim->drv), "no fault");
	tap_ok(sim_remove(sim), "the driver goes");
	tap_ok(!sim_verdicts(sim), "the judge has no verdict");
	tap_ok(!sim_free(sim), "nothing leaked, no misuse");
	return tap_end();
}
