// SPDX-License-Identifier: GPL-2.0
/* The seed, small worlds and the table of the pair tests. */
#include "pairs.h"

#include "storm/cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t seed = 1;
static const struct drv_watch *other;
static struct cells cells;
static struct cells_now now;

static void see_state(void *host, const char *what, const char *from,
		      const char *to)
{
	cells_move(&now, what, from, to);
	if (other)
		other->state(host, what, from, to);
}

static void see_event(void *host, enum drv_event ev)
{
	cells_met(&cells, &now, ev);
	if (other)
		other->event(host, ev);
}

static void see_failure(bool map)
{
	pairs_met(map ? DRV_EV_MAP_FAIL : DRV_EV_ALLOC_FAIL);
}

void pairs_start(int argc, char **argv, const struct drv_watch *also)
{
	static const struct drv_watch watch = {
		.state = see_state,
		.event = see_event,
	};

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	printf("# seed %" PRIu64 "\n", seed);
	sim_verbose();
	other = also;
	drv_watch_set(&watch);
	sim_failed_hook(see_failure);
}

struct sim *pairs_sim(unsigned int nr_ini)
{
	struct sim_setup setup = {
		.device = seed % 2 ? 0x2532 : 0x2432,
		.irq = seed % 3 ? PCIDEV_IRQ_MSIX : PCIDEV_IRQ_INTX,
		.nr_ini = nr_ini,
		.seed = seed,
		.latency_ns = 5000,
		.irq_jitter_ns = 3000,
		.disk_blocks = 4096,
	};

	cells_start(&now);
	return sim_new(&setup);
}

void pairs_met(enum drv_event ev)
{
	cells_met(&cells, &now, ev);
}

bool pairs_save(const char *path)
{
	return cells_save(&cells, path);
}
