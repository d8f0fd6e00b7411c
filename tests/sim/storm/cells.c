// SPDX-License-Identifier: GPL-2.0
/* The table of states and events, fed by the driver's state traces. */
#include "cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As the state lists of core/isp_hba.h and tgt/isp_tgt.h have them. */
static const char *const states[][2] = {
	/* clang-format off */
	{ "hba", "off" }, { "hba", "reset" }, { "hba", "load" },
	{ "hba", "start" }, { "hba", "query" }, { "hba", "idle" },
	{ "hba", "init" }, { "hba", "ready" }, { "hba", "fault" },
	{ "hba", "gone" },
	{ "link", "down" }, { "link", "fabric" }, { "link", "up" },
	{ "tport", "off" }, { "tport", "starting" }, { "tport", "on" },
	{ "tport", "stopping" }, { "tport", "draining" },
	{ "tport", "ending" },
	{ "sess", "resolve" }, { "sess", "hold" }, { "sess", "new" },
	{ "sess", "lost" }, { "sess", "ready" }, { "sess", "closing" },
	{ "cmd", "wait" }, { "cmd", "engine" }, { "cmd", "data" },
	{ "cmd", "send" }, { "cmd", "done" }, { "cmd", "term" },
	/* clang-format on */
};

#define NR_STATES (sizeof(states) / sizeof(states[0]))

static const char *const events[] = {
#define X(id, name) name,
	DRV_EVENTS(X)
#undef X
};

static int search(const char *what, const char *state)
{
	for (unsigned int i = 0; i < NR_STATES; i++)
		if (!strcmp(states[i][0], what) && !strcmp(states[i][1], state))
			return (int)i;
	return -1;
}

int cells_find(const char *what, const char *state)
{
	/* Names are constants of the driver: mostly the same few pointers. */
	static struct {
		const char *what;
		const char *state;
		int nr;
	} known[64];
	uintptr_t at = ((uintptr_t)what ^ (uintptr_t)state >> 1) % 64;

	if (known[at].what != what || known[at].state != state) {
		known[at].what = what;
		known[at].state = state;
		known[at].nr = search(what, state);
	}
	return known[at].nr;
}

void cells_start(struct cells_now *now)
{
	memset(now, 0, sizeof(*now));
	now->nr[cells_find("hba", "off")] = 1;
	now->nr[cells_find("link", "down")] = 1;
	now->nr[cells_find("tport", "off")] = 1;
}

/* States in which nothing is: a command without work, a session that is not. */
static bool is_nothing(const char *state)
{
	return !strcmp(state, "none") || !strcmp(state, "free") ||
	       !strcmp(state, "freed");
}

static void count(struct cells_now *now, const char *what, const char *state,
		  int by)
{
	int i = cells_find(what, state);

	if (i >= 0) {
		now->nr[i] += by;
	} else if (!is_nothing(state)) {
		fprintf(stderr, "# state %s %s is not in cells.c\n", what,
			state);
		abort();
	}
}

void cells_move(struct cells_now *now, const char *what, const char *from,
		const char *to)
{
	if (from == to || !strcmp(from, to))
		return;
	count(now, what, from, -1);
	count(now, what, to, 1);
}

void cells_met(struct cells *cells, const struct cells_now *now,
	       enum drv_event ev)
{
	for (unsigned int i = 0; i < NR_STATES; i++) {
		if (now->nr[i] <= 0)
			continue;
		if (!cells->met[i][ev]++)
			cells->seed[i][ev] = cells->now;
	}
}

void cells_add(struct cells *to, const struct cells *from)
{
	for (unsigned int i = 0; i < NR_STATES; i++)
		for (unsigned int e = 0; e < DRV_NR_EVENTS; e++) {
			if (!to->met[i][e])
				to->seed[i][e] = from->seed[i][e];
			to->met[i][e] += from->met[i][e];
		}
}

bool cells_save(const struct cells *cells, const char *path)
{
	FILE *f = fopen(path, "a");

	if (!f)
		return false;
	for (unsigned int i = 0; i < NR_STATES; i++)
		for (unsigned int e = 0; e < DRV_NR_EVENTS; e++)
			fprintf(f, "%s\t%s\t%s\t%u\t%#" PRIx64 "\n",
				states[i][0], states[i][1], events[e],
				cells->met[i][e], cells->seed[i][e]);
	return !fclose(f);
}
