// SPDX-License-Identifier: GPL-2.0
/*
 * First light: probe, firmware, four initiators, 10,000 reads and writes, 100
 * aborts, a link flap, a firmware crash, and every sector compared.
 *
 *	first_light [SEED [2432|2532 [msix|msi|intx]]]
 */
#include "sim.h"

#include "../lib/tap.h"
#include <inttypes.h>
#include <stdlib.h>

#define NR_INI 4U
#define NR_SLOTS 16U
#define SLOT_BLOCKS 4096U /* of the disk, per slot: 2 MiB */
#define NR_IO 10000U
#define NR_ABORTS 100U
#define DEADLINE_MS 3600000U

/*
 * Each slot of each initiator has a part of the disk for itself, so that the
 * content of every sector is known whatever the order of completion.
 */
struct slot {
	struct ini_io io;
	struct load *load;
	struct ev_timer abort_timer;
	struct ev_timer wait_timer;
	unsigned int ini;
	unsigned int nr;
	uint32_t first;
	uint32_t lba;
	uint32_t blocks;
	uint32_t serial;
	bool write;
	bool again;
	bool idle;
	bool to_abort;
	uint8_t *shadow;
};

struct load {
	struct sim *sim;
	struct slot slot[NR_INI][NR_SLOTS];
	uint8_t *shadow;
	unsigned int todo;
	unsigned int done;
	unsigned int aborts_left;
	unsigned int aborted;
	unsigned int lost;
	unsigned int bad;
	uint32_t serial;
};

static void next(struct slot *s);

static void complain(struct slot *s, const char *what)
{
	struct ini_io *io = &s->io;

	if (s->load->bad++ < 10)
		printf("# io %u ini%u slot %u %s lba %u+%u: %s (status %02x flags %02x resid %u moved %u sense %02x/%02x)\n",
		       s->serial, s->ini, s->nr, s->write ? "write" : "read",
		       s->lba, s->blocks, what, io->status, io->flags,
		       io->resid, io->moved, io->sense[2], io->sense[12]);
}

/* Compare sectors; say of the first wrong one what it holds. */
static bool same_data(const uint8_t *got, const uint8_t *want, uint32_t lba,
		      uint32_t blocks)
{
	uint32_t i;

	for (i = 0; i < blocks; i++, got += 512, want += 512)
		if (memcmp(got, want, 512)) {
			printf("# sector %u (%u of %u): is write %u sector %u, should be write %u sector %u\n",
			       lba + i, i, blocks, get_le32(got),
			       get_le32(got + 4), get_le32(want),
			       get_le32(want + 4));
			return false;
		}
	return true;
}

static void judge_io(struct slot *s)
{
	struct ini_io *io = &s->io;
	uint32_t bytes = s->blocks * 512;
	uint8_t *want = s->shadow + (size_t)(s->lba - s->first) * 512;

	if (io->status)
		complain(s, "status");
	else if (io->flags & 0x0c)
		complain(s, "residual");
	else if (io->moved != bytes)
		complain(s, "byte count");
	else if (!s->write &&
		 !same_data(ini_buf(io->ini, s->nr), want, s->lba, s->blocks))
		complain(s, "data");
	if (s->write)
		memcpy(want, ini_buf(io->ini, s->nr), bytes);
}

static void io_done(struct ini_io *io)
{
	struct slot *s = container_of(io, struct slot, io);
	struct load *l = s->load;

	ev_timer_stop(&s->abort_timer);
	/* After an abort or a loss a write may be there or not: do it anew. */
	s->again = io->end != INI_END_STATUS;
	if (io->end == INI_END_STATUS &&
	    (io->status == 0x08 || io->status == 0x28)) {
		s->again = true;
	} else if (io->end == INI_END_STATUS) {
		judge_io(s);
		l->done++;
	}
	l->aborted += io->end == INI_END_ABORTED;
	l->lost += io->end == INI_END_LOST;
	next(s);
}

static void choose(struct slot *s)
{
	struct load *l = s->load;
	struct sim *sim = l->sim;
	uint32_t max = 1U << sim_rand(sim, 12);
	uint8_t *buf = ini_buf(sim->ini[s->ini], s->nr);
	uint32_t i;

	s->serial = ++l->serial;
	s->blocks = 1 + sim_rand(sim, max);
	s->lba = s->first + sim_rand(sim, SLOT_BLOCKS - s->blocks);
	s->write = sim_rand(sim, 2);
	if (!s->write) {
		memset(buf, 0xee, s->blocks * 512);
		return;
	}
	/* Each sector tells which write it is from, and which sector it is. */
	for (i = 0; i < s->blocks * 512; i += 4)
		put_le32(buf + i, i % 512 == 0 ? s->serial :
				  i % 512 == 4 ? s->lba + i / 512 :
						 s->serial + i * 2654435761U);
}

static void next(struct slot *s)
{
	struct load *l = s->load;
	struct ini *ini = l->sim->ini[s->ini];

	s->idle = true;
	if (ini->state != INI_READY) {
		/* After a loss: when logged in again. */
		return;
	}
	if (!s->again) {
		if (!l->todo)
			return;
		l->todo--;
		choose(s);
	} else if (!s->write) {
		memset(ini_buf(ini, s->nr), 0xee, s->blocks * 512);
	}
	s->again = false;
	s->idle = false;
	s->io.slot = s->nr;
	s->io.done = io_done;
	ini_rw(&s->io, s->write, s->lba, s->blocks);
	ini_submit(ini, &s->io);
	if (l->aborts_left && !sim_rand(l->sim, 16))
		ev_timer_start(&s->abort_timer, sim_rand(l->sim, 40000));
}

static void abort_fired(struct ev_timer *t)
{
	struct slot *s = container_of(t, struct slot, abort_timer);

	if (!s->load->aborts_left || !s->io.open)
		return;
	s->load->aborts_left--;
	ini_abort(&s->io);
}

/* The target side cannot be asked: a pause, as an initiator's retry has. */
static void resume(struct ini *ini)
{
	struct load *l = ini->priv;
	unsigned int i, k;

	for (i = 0; i < l->sim->nr_ini; i++)
		for (k = 0; l->sim->ini[i] == ini && k < NR_SLOTS; k++)
			if (l->slot[i][k].idle)
				next(&l->slot[i][k]);
}

static struct load *load_new(struct sim *sim)
{
	struct load *l = calloc(1, sizeof(*l));
	unsigned int i, k;

	l->sim = sim;
	l->shadow = calloc(NR_INI * NR_SLOTS * SLOT_BLOCKS, 512);
	for (i = 0; i < NR_INI; i++) {
		sim->ini[i]->priv = l;
		sim->ini[i]->ready = resume;
		for (k = 0; k < NR_SLOTS; k++) {
			struct slot *s = &l->slot[i][k];

			s->load = l;
			s->ini = i;
			s->nr = k;
			s->first = (i * NR_SLOTS + k) * SLOT_BLOCKS;
			s->shadow = l->shadow + (size_t)s->first * 512;
			s->idle = true;
			ev_timer_init(&s->abort_timer, sim->ev, abort_fired);
		}
	}
	return l;
}

static void load_free(struct load *l)
{
	unsigned int i;

	for (i = 0; i < NR_INI; i++)
		l->sim->ini[i]->ready = NULL;
	free(l->shadow);
	free(l);
}

static void load_add(struct load *l, unsigned int nr)
{
	unsigned int i;

	l->todo += nr;
	for (i = 0; i < NR_INI; i++)
		resume(l->sim->ini[i]);
}

static bool load_is_over(void *arg)
{
	struct load *l = arg;
	unsigned int i, k;

	if (l->todo)
		return false;
	for (i = 0; i < NR_INI; i++)
		for (k = 0; k < NR_SLOTS; k++)
			if (!l->slot[i][k].idle || l->slot[i][k].again)
				return false;
	return true;
}

static bool under_way(void *arg)
{
	struct load *l = arg;

	return l->todo < 1000;
}

static unsigned int all_open(struct sim *sim)
{
	unsigned int i, nr = 0;

	for (i = 0; i < NR_INI; i++)
		nr += ini_open(sim->ini[i]);
	return nr;
}

/* ---- steps ---- */

/* Commands in ENGINE, DATA and SEND at one moment. */
static bool in_every_state(void *arg)
{
	struct sim *sim = arg;
	unsigned int nr[16], n, i, hit = 0;

	n = drv_cmd_states(sim->drv, nr, 16);
	for (i = 0; i < n; i++) {
		const char *name = drv_cmd_state_name(i);

		if (nr[i] && (!strcmp(name, "engine") ||
			      !strcmp(name, "data") || !strcmp(name, "send")))
			hit++;
	}
	return hit == 3;
}

static bool was_fault(void *arg)
{
	struct sim *sim = arg;

	return drv_faults(sim->drv) > 0;
}

static void crash(struct sim *sim, struct load *l)
{
	unsigned int open;

	/* One initiator leaves its writes in data, the engine holds others. */
	sim->ini[0]->hold_xfer_rdy = true;
	load_add(l, 1500);
	sim_wait(sim, under_way, l, 60000);
	drv_hold(sim->drv, true);
	tap_ok(sim_wait(sim, in_every_state, sim, 60000),
	       "commands are open in the engine, in data and in status");
	open = all_open(sim);
	fault_arm_port(sim->fault, "target.0", FAULT_FW_CRASH, 1);
	tap_ok(sim_wait(sim, was_fault, sim, 10000),
	       "a firmware crash with %u commands open is a fault", open);
	sim->ini[0]->hold_xfer_rdy = false;
	drv_hold(sim->drv, false);
	tap_ok(sim_wait(sim, sim_is_ready, sim, 120000),
	       "the adapter comes back");
	tap_ok(sim_wait(sim, sim_all_in, sim, 120000),
	       "all initiators log in again");
	tap_ok(sim_wait(sim, load_is_over, l, DEADLINE_MS),
	       "every command ends or is sent again");
	tap_ok(!l->bad, "status, length and data are right");
}

static void flap(struct sim *sim, struct load *l)
{
	unsigned int open;

	load_add(l, 1500);
	sim_wait(sim, under_way, l, 60000);
	open = all_open(sim);
	fab_port_cable(sim->tport, false, 3 * EV_SEC);
	tap_ok(open > 30, "a link is pulled with %u commands open", open);
	sim_run(sim, 1000);
	tap_ok(!strcmp(drv_link(sim->drv), "down"), "the driver sees it");
	tap_ok(sim_wait(sim, sim_is_ready, sim, 60000) &&
		       sim_wait(sim, sim_all_in, sim, 60000),
	       "it comes back and everybody logs in");
	tap_ok(sim_wait(sim, load_is_over, l, DEADLINE_MS),
	       "every command ends or is sent again");
	tap_ok(!l->bad && !drv_faults(sim->drv),
	       "status, length and data are right, no fault");
}

/* Commands that the target still has although nobody waits for them. */
static unsigned int left_over(struct sim *sim)
{
	unsigned int nr[16], n, i, sum = 0;

	n = drv_cmd_states(sim->drv, nr, 16);
	for (i = 0; i < n; i++)
		if (nr[i]) {
			printf("# %u commands in state %s\n", nr[i],
			       drv_cmd_state_name(i));
			sum += nr[i];
		}
	return sum;
}

static void big_load(struct sim *sim, struct load *l)
{
	unsigned int rejects = 0, i;

	l->aborts_left = NR_ABORTS;
	load_add(l, NR_IO);
	tap_ok(sim_wait(sim, load_is_over, l, DEADLINE_MS),
	       "%u reads and writes end", NR_IO);
	tap_ok(l->done == NR_IO && !l->bad,
	       "%u of them with good status, length and data, %u not", l->done,
	       l->bad);
	tap_ok(!l->aborts_left && sim->jp->n.abts_rx >= NR_ABORTS,
	       "%u aborts: %u before the status, others too late", NR_ABORTS,
	       l->aborted);
	for (i = 0; i < NR_INI; i++)
		rejects += sim->ini[i]->nr_rejects;
	tap_ok(!rejects, "no abort of an open command is rejected (%u were)",
	       rejects);
	sim_run(sim, 1000);
	tap_ok(!left_over(sim), "nothing is left of them in the target");
	tap_ok(sim_books_balanced(sim), "nor in the chip");
	tap_ok(!l->lost && sim->ini[0]->nr_logins == 1, "nobody was lost");
	tap_ok(sim->jp->n.entries_out[0x06] > 2 * 4096,
	       "the ATIO ring went round");
}

static void compare(struct sim *sim, struct load *l)
{
	tap_ok(same_data(drv_disk(sim->drv), l->shadow, 0,
			 NR_INI * NR_SLOTS * SLOT_BLOCKS),
	       "every sector of the disk is as it must be");
}

int main(int argc, char **argv)
{
	struct sim_setup setup = {
		.device = 0x2532,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = NR_INI,
		.seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1,
		.latency_ns = 5000,
		.irq_jitter_ns = 3000,
		.disk_blocks = NR_INI * NR_SLOTS * SLOT_BLOCKS,
		.fw_late = true,
	};
	struct sim *sim;
	struct load *l;

	if (argc > 2)
		setup.device = (uint16_t)strtoul(argv[2], NULL, 16);
	if (argc > 3)
		setup.irq = !strcmp(argv[3], "intx") ? PCIDEV_IRQ_INTX :
			    !strcmp(argv[3], "msi")  ? PCIDEV_IRQ_MSI :
						       PCIDEV_IRQ_MSIX;
	printf("# seed %" PRIu64 ", chip %04x, irq %d\n", setup.seed,
	       setup.device, (int)setup.irq);
	sim_verbose();
	sim = sim_new(&setup);
	if (!tap_ok(!sim_probe(sim), "probe"))
		return tap_end();
	sim_run(sim, 5000);
	tap_ok(!strcmp(drv_state(sim->drv), "idle"),
	       "firmware runs, the port is silent (%s)", drv_state(sim->drv));
	tap_ok(!drv_enable(sim->drv) && sim_wait(sim, sim_is_ready, sim, 60000),
	       "the target role is on, the link is up");
	sim_start_inis(sim);
	if (!tap_ok(sim_wait(sim, sim_all_in, sim, 60000),
		    "%u initiators log in", NR_INI)) {
		shim_log_dump();
		sim_verdicts(sim);
		return tap_end();
	}
	l = load_new(sim);
	big_load(sim, l);
	flap(sim, l);
	crash(sim, l);
	compare(sim, l);
	sim_run(sim, 10000);
	tap_ok(drv_sessions(sim->drv) == NR_INI, "four sessions");
	tap_ok(sim_books_balanced(sim), "the chip has given back everything");
	load_free(l);
	tap_ok(sim_remove(sim), "the driver goes");
	tap_ok(!sim_verdicts(sim), "the judge has no verdict");
	tap_ok(!sim_free(sim), "nothing leaked, no misuse");
	return tap_end();
}
