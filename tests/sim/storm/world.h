/* SPDX-License-Identifier: GPL-2.0 */
/* Running a script: the world, its keepers, its judges. */
#ifndef TESTS_SIM_STORM_WORLD_H
#define TESTS_SIM_STORM_WORLD_H

#include "cells.h"
#include "script.h"

/**
 * struct storm_result - what came of a run
 * @ok: every invariant held
 * @nr_cmds: commands that were sent
 * @nr_good: of them, how many were answered GOOD
 * @nr_aborted: how many ended by an ABTS
 * @nr_lost: how many ended with their nexus
 * @nr_faults: faults that found something to hit
 * @slowest_ms: longest recovery, virtual
 * @digest: of what was counted, for comparing two builds run by run
 * @why: the first invariant that did not hold
 */
struct storm_result {
	bool ok;
	uint32_t nr_cmds;
	uint32_t nr_good;
	uint32_t nr_aborted;
	uint32_t nr_lost;
	uint32_t nr_faults;
	uint32_t slowest_ms;
	uint64_t digest;
	char why[400];
};

/**
 * storm_run() - Play a script from an empty world to an empty world.
 * @s: script
 * @r: filled
 * @cells: counts states and events
 */
void storm_run(const struct storm_script *s, struct storm_result *r,
	       struct cells *cells);

#endif
