/* SPDX-License-Identifier: GPL-2.0 */
/* The table of states and events: which event has met which state. */
#ifndef TESTS_SIM_STORM_CELLS_H
#define TESTS_SIM_STORM_CELLS_H

#include "../drv.h"

#define CELLS_STATES 40U

/**
 * struct cells - how often each state has met each event
 * @met: by state (see cells.c) and event
 * @seed: the first that made them meet, so that it can be played again
 * @now: seed that is being played
 */
struct cells {
	uint32_t met[CELLS_STATES][DRV_NR_EVENTS];
	uint64_t seed[CELLS_STATES][DRV_NR_EVENTS];
	uint64_t now;
};

/**
 * struct cells_now - the states that one adapter has now
 * @nr: things (adapter, link, sessions, commands) in each state
 */
struct cells_now {
	int nr[CELLS_STATES];
};

/**
 * cells_find() - Number of a state.
 * @what: machine
 * @state: name
 *
 * Return: number; -1: no such state in the table.
 */
int cells_find(const char *what, const char *state);

/** cells_start() - An adapter of @now is probed: all is off. */
void cells_start(struct cells_now *now);

/**
 * cells_move() - A state machine has moved.
 * @now: of its adapter
 * @what: machine
 * @from: "none" for a session that begins
 * @to: state
 */
void cells_move(struct cells_now *now, const char *what, const char *from,
		const char *to);

/**
 * cells_met() - An event comes.
 * @cells: counted here
 * @now: of the adapter it comes to
 * @ev: event
 */
void cells_met(struct cells *cells, const struct cells_now *now,
	       enum drv_event ev);

/**
 * cells_add() - Add counts to others.
 * @to: others
 * @from: counts
 */
void cells_add(struct cells *to, const struct cells *from);

/**
 * cells_save() - Append what was met to a file, for tests/sim/table.
 * @cells: counts
 * @path: file
 *
 * Return: false: it cannot be written.
 */
bool cells_save(const struct cells *cells, const char *path);

#endif
