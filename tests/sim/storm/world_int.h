/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of a storm's world share. */
#ifndef TESTS_SIM_STORM_WORLD_INT_H
#define TESTS_SIM_STORM_WORLD_INT_H

#include "../sim.h"
#include "cells.h"
#include "disk.h"
#include "script.h"
#include "world.h"

enum keep {
	KEEP_RUN, /* loaded; shall be enabled */
	KEEP_OFF, /* a disable is under way */
	KEEP_UNBIND, /* removal: first the engine goes */
	KEEP_STOP, /* then the adapter */
	KEEP_OUT, /* no driver */
};

struct world;

struct tgt {
	struct world *w;
	struct sim *sim;
	struct ev_timer tick;
	struct ev_timer ones;
	struct disk *disk;
	struct cells_now now;
	const struct storm_event *at; /* waits for a state */
	struct ev_timer at_timer;
	struct storm_event at_event;
	enum keep keep;
	uint64_t until;
	uint64_t pause;
	bool detach;
	bool was_out; /* all ones at some time */
	bool touched;
	bool late; /* frames may overtake each other */
};

struct cmd {
	struct ini_io io;
	struct from *from;
	uint64_t since;
	uint32_t lba;
	uint32_t blocks; /* that move */
	uint32_t write; /* number in the data model */
	enum storm_form form;
};

struct from {
	struct world *w;
	struct ini *ini;
	struct tgt *tgt;
	unsigned int depth;
	struct cmd cmd[INI_SLOTS];
	uint32_t queue[STORM_MAX_EVENTS]; /* events */
	uint32_t head;
	uint32_t tail;
	uint32_t lost[STORM_MAX_EVENTS]; /* writes that may still come */
	uint32_t nr_lost;
	uint32_t serial;
	unsigned int nr_errors;
	unsigned int nr_logins;
};

struct world {
	const struct storm_script *s;
	struct storm_result *r;
	struct cells *cells;
	struct sim *first;
	struct tgt tgt[STORM_MAX_TGT];
	struct from from[STORM_MAX_INI];
	uint64_t nr_fired; /* port faults that were counted */
	uint64_t end_ns; /* when all was freed and there is no clock any more */
	bool over;
};

/* world.c: the first invariant that does not hold ends the run */
__attribute__((format(printf, 2, 3))) void storm_wrong(struct world *w,
						       const char *fmt, ...);
/* world.c: an event for the table of states and events */
void storm_met(struct tgt *t, enum drv_event ev);

/* world.c: a fault came; did it find something to strike? */
void storm_struck(struct world *w, bool struck);

/* cmds.c: send what waits, as far as there is room */
void storm_pump(struct from *f);
/* cmds.c: an initiator has logged in */
void storm_ini_in(struct ini *ini);
/* cmds.c: send a task management function */
void storm_tmf(struct from *f, const struct storm_event *e);
/* cmds.c: abort something that is open */
void storm_abts(struct from *f, const struct storm_event *e);

/* events.c: name of a target's port in fault.h */
const char *storm_port_name(const struct tgt *t);
/* events.c: begin to unload a target's driver */
void storm_unbind(struct tgt *t);
/* events.c: the keeper looks at its target */
void storm_tick(struct ev_timer *timer);
/* events.c: a card is back in its slot */
void storm_ones_end(struct ev_timer *timer);
/* events.c: the state that an event waited for has come */
void storm_at_fired(struct ev_timer *timer);
/* events.c: something happens to frames */
void storm_frame(struct world *w, const struct storm_event *e);
/* events.c: something that an initiator does */
void storm_happen_ini(struct world *w, const struct storm_event *e);
/* events.c: something that happens to a target */
void storm_happen_tgt(struct world *w, const struct storm_event *e);

#endif
