// SPDX-License-Identifier: GPL-2.0
/* The register and interrupt budget of a 4 KiB READ, counted by the model. */
#include "sim.h"

#include "../lib/tap.h"
#include <stdlib.h>

#define BLOCKS 8U
#define NR_WARM 64U

struct tally {
	double reads;
	double writes;
	double irqs;
};

struct run {
	struct sim *sim;
	struct ini_io io[INI_SLOTS];
	unsigned int depth;
	unsigned int todo;
	unsigned int open;
	unsigned int bad;
	bool write;
	bool late;
};

static struct run run;

static uint64_t sum(const uint64_t *v, size_t nr)
{
	uint64_t s = 0;

	while (nr--)
		s += *v++;
	return s;
}

static void snap(const struct sim *sim, struct tally *t, double sign)
{
	const struct count *n = &sim->jp->n;

	t->reads += sign * (double)sum(n->reg_reads, ARRAY_SIZE(n->reg_reads));
	t->writes +=
		sign * (double)sum(n->reg_writes, ARRAY_SIZE(n->reg_writes));
	t->irqs += sign *
		   (double)(sum(n->irqs, ARRAY_SIZE(n->irqs)) + n->irqs_intx);
}

static void io_done(struct ini_io *io)
{
	run.open--;
	if (io->end != INI_END_STATUS || io->status ||
	    io->moved != BLOCKS * 512)
		run.bad++;
}

static bool none_open(void *arg)
{
	(void)arg;
	return !run.open;
}

/*
 * Bursts of @depth commands at one moment; the next when all have ended. With
 * run.late the engine answers only when all are there, one by one and from
 * process context, as LIO's work items do.
 */
static struct tally measure(struct sim *sim, unsigned int depth,
			    unsigned int bursts)
{
	struct tally t = { 0 };
	unsigned int b, i;

	snap(sim, &t, -1);
	for (b = 0; b < bursts; b++) {
		drv_hold(sim->drv, run.late);
		for (i = 0; i < depth; i++) {
			run.io[i].slot = i;
			run.io[i].done = io_done;
			ini_rw(&run.io[i], run.write, i * BLOCKS, BLOCKS);
			ini_submit(sim->ini[0], &run.io[i]);
			run.open++;
		}
		if (run.late) {
			sim_run(sim, 1);
			drv_hold(sim->drv, false);
		}
		if (!sim_wait(sim, none_open, NULL, 10000)) {
			run.bad += run.open;
			break;
		}
		/* What follows the last answer belongs to it. */
		sim_run(sim, 50);
	}
	snap(sim, &t, 1);
	t.reads /= (double)bursts * depth;
	t.writes /= (double)bursts * depth;
	t.irqs /= (double)bursts * depth;
	return t;
}

static void gate(struct sim *sim, const char *name, unsigned int depth,
		 struct tally most)
{
	struct tally t;

	measure(sim, depth, NR_WARM / depth + 1);
	t = measure(sim, depth, 256);
	tap_ok(!run.bad, "%s: all commands end well", name);
	tap_ok(t.writes <= most.writes,
	       "%s: %.3f register writes, at most %.2f", name, t.writes,
	       most.writes);
	tap_ok(t.reads <= most.reads, "%s: %.3f register reads, at most %.2f",
	       name, t.reads, most.reads);
	tap_ok(t.irqs <= most.irqs, "%s: %.3f interrupts, at most %.2f", name,
	       t.irqs, most.irqs);
}

static void one_chip(uint16_t device)
{
	struct sim_setup setup = {
		.device = device,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = 1,
		.seed = 7,
		.latency_ns = 5000,
		.disk_blocks = 4096,
	};
	struct sim *sim = sim_new(&setup);
	char name[40];

	if (!tap_ok(!sim_probe(sim) && (sim_run(sim, 5000), true) &&
			    !drv_enable(sim->drv) &&
			    sim_wait(sim, sim_is_ready, sim, 60000),
		    "%04x: ready", device))
		exit(tap_end());
	sim_start_inis(sim);
	if (!tap_ok(sim_wait(sim, sim_all_in, sim, 60000), "%04x: logged in",
		    device))
		exit(tap_end());
	run = (struct run){ .sim = sim };
	snprintf(name, sizeof(name), "%04x READ depth 1", device);
	gate(sim, name, 1, (struct tally){ 1, 5, 2 });
	snprintf(name, sizeof(name), "%04x READ depth 32", device);
	gate(sim, name, 32, (struct tally){ 0.25, 0.75, 0.25 });
	run.late = true;
	snprintf(name, sizeof(name), "%04x late READ depth 1", device);
	gate(sim, name, 1, (struct tally){ 1, 5, 2 });
	snprintf(name, sizeof(name), "%04x late READ depth 32", device);
	gate(sim, name, 32, (struct tally){ 0.25, 0.75, 0.25 });
	run.late = false;
	run.write = true;
	/* A WRITE has one more CTIO: its doorbell, and its answer. */
	snprintf(name, sizeof(name), "%04x WRITE depth 1", device);
	gate(sim, name, 1, (struct tally){ 1, 8, 3 });
	tap_ok(sim_remove(sim) && !sim_verdicts(sim), "%04x: no verdict",
	       device);
	tap_ok(!sim_free(sim), "%04x: nothing leaked", device);
}

int main(void)
{
	one_chip(0x2532);
	one_chip(0x2432);
	return tap_end();
}
