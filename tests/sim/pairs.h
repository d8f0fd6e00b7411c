/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pair tests on a whole adapter share: the seed, small worlds, and the
 * table of which event has met which state.
 */
#ifndef TESTS_SIM_PAIRS_H
#define TESTS_SIM_PAIRS_H

#include "sim.h"

/**
 * pairs_start() - Take the seed from the command line, begin to count.
 * @argc: of main()
 * @argv: of main()
 * @also: told what the driver goes through as well, or NULL; must stay
 */
void pairs_start(int argc, char **argv, const struct drv_watch *also);

/**
 * pairs_sim() - A world whose chip and interrupts are up to the seed.
 * @nr_ini: initiators
 *
 * Return: the world, its driver not loaded.
 */
struct sim *pairs_sim(unsigned int nr_ini);

/**
 * pairs_met() - The test lets something happen that the driver does not tell.
 * @ev: event
 */
void pairs_met(enum drv_event ev);

/**
 * pairs_save() - Append what was met to a file, for tests/sim/table.
 * @path: file
 *
 * Return: false: it cannot be written.
 */
bool pairs_save(const char *path);

#endif
