// SPDX-License-Identifier: GPL-2.0
/*
 * An arbitrated loop through a hub: who is on it, addresses, initialisation.
 *
 *	light comes or goes, or a port asks (fab_lip)
 *	  -> every port hears lip(), frames wait in @held
 *	  -> LOOP_INIT_NS later each has an AL_PA and hears loop(), frames go on
 *
 * AL_PAs are claimed in the order of FC-AL: previous ones (LIPA), hard ones
 * (LIHA), any (LISA). There is no FL_Port, so LIFA has nothing to say. The
 * position of a port is its slot; which one is loop master matters to nobody.
 * Frames that were sent before a LIP arrive before it; a LIP reset loses them.
 *
 * Source: [FC-AL-2 8 and 10.4, table 8, D]
 */
#include "fabric/fab.h"

#include <errno.h>
#include <stdlib.h>

#include "fabric/fab_int.h"

#define LOOP_INIT_NS (15 * EV_MS) /* AL_TIME. [FC-AL-2 11, D] */

/* By loop ID. [FC-AL-2 table 8, D] */
static const uint8_t al_pas[FAB_LOOP_MAX] = {
	/* clang-format off */
	0xef, 0xe8, 0xe4, 0xe2, 0xe1, 0xe0, 0xdc, 0xda, 0xd9, 0xd6, 0xd5, 0xd4,
	0xd3, 0xd2, 0xd1, 0xce, 0xcd, 0xcc, 0xcb, 0xca, 0xc9, 0xc7, 0xc6, 0xc5,
	0xc3, 0xbc, 0xba, 0xb9, 0xb6, 0xb5, 0xb4, 0xb3, 0xb2, 0xb1, 0xae, 0xad,
	0xac, 0xab, 0xaa, 0xa9, 0xa7, 0xa6, 0xa5, 0xa3, 0x9f, 0x9e, 0x9d, 0x9b,
	0x98, 0x97, 0x90, 0x8f, 0x88, 0x84, 0x82, 0x81, 0x80, 0x7c, 0x7a, 0x79,
	0x76, 0x75, 0x74, 0x73, 0x72, 0x71, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x69,
	0x67, 0x66, 0x65, 0x63, 0x5c, 0x5a, 0x59, 0x56, 0x55, 0x54, 0x53, 0x52,
	0x51, 0x4e, 0x4d, 0x4c, 0x4b, 0x4a, 0x49, 0x47, 0x46, 0x45, 0x43, 0x3c,
	0x3a, 0x39, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31, 0x2e, 0x2d, 0x2c, 0x2b,
	0x2a, 0x29, 0x27, 0x26, 0x25, 0x23, 0x1f, 0x1e, 0x1d, 0x1b, 0x18, 0x17,
	0x10, 0x0f, 0x08, 0x04, 0x02, 0x01,
	/* clang-format on */
};

int fab_loop_id(uint32_t al_pa)
{
	int i;

	for (i = 0; i < (int)FAB_LOOP_MAX; i++)
		if (al_pas[i] == al_pa)
			return i;
	return -1;
}

uint8_t fab_loop_al_pa(unsigned int id)
{
	return id < FAB_LOOP_MAX ? al_pas[id] : FAB_LOOP_NONE;
}

/* The @i-th slot's port if it is on the loop. */
static struct fab_port *member(const struct fab *fab, unsigned int i)
{
	struct fab_port *port = fab->sw[i].port;

	return port && port->carrier && port->takes_part ? port : NULL;
}

static bool any_member(const struct fab *fab)
{
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++)
		if (member(fab, i))
			return true;
	return false;
}

static void tell(struct fab *fab, struct fab_port *port, enum fab_what what,
		 uint32_t param)
{
	struct fab_frame *f = fab_frame_get(fab, 0);

	f->what = what;
	f->dst = port;
	f->param = param;
	/* Behind the frames that were sent before. */
	fab_submit(fab, f, fab->latency_ns);
}

/* What has waited goes on its way, or is lost if nobody is there any more. */
static void let_go(struct fab *fab)
{
	struct fab_frame *f = fab->held.head;
	struct fab_frame *next;

	fab->held.head = NULL;
	fab->held.tail = NULL;
	for (; f; f = next) {
		next = f->next;
		fab->nr_in_flight--;
		fab_resend(fab, f);
	}
}

static void begin(struct fab *fab, enum fab_lip kind)
{
	unsigned int i;

	fab->loop_up = false;
	for (i = 0; i < fab->nr_slots; i++) {
		fab->sw[i].id = 0;
		if (!member(fab, i))
			continue;
		if (kind == FAB_LIP_RESET)
			fab_lose(fab, fab->sw[i].port);
		tell(fab, fab->sw[i].port, WHAT_LIP, kind);
	}
	if (any_member(fab)) {
		ev_timer_start(&fab->loop_timer,
			       LOOP_INIT_NS + fab->latency_ns);
		return;
	}
	ev_timer_stop(&fab->loop_timer);
	let_go(fab);
}

static bool claim(bool *taken, uint8_t al_pa)
{
	int id = fab_loop_id(al_pa);

	if (id < 0 || taken[id])
		return false;
	taken[id] = true;
	return true;
}

static void assign(struct fab *fab)
{
	bool taken[FAB_LOOP_MAX] = { false };
	struct fab_port *port;
	unsigned int i, id;

	for (i = 0; i < fab->nr_slots; i++) {
		port = member(fab, i);
		if (port && !claim(taken, port->al_pa))
			port->al_pa = FAB_LOOP_NONE;
	}
	for (i = 0; i < fab->nr_slots; i++) {
		port = member(fab, i);
		if (port && !port->al_pa && claim(taken, port->hard_al_pa))
			port->al_pa = port->hard_al_pa;
	}
	for (i = 0; i < fab->nr_slots; i++) {
		port = member(fab, i);
		/* The lowest AL_PA has the highest loop ID. */
		for (id = FAB_LOOP_MAX; port && !port->al_pa && id; id--)
			if (claim(taken, al_pas[id - 1]))
				port->al_pa = al_pas[id - 1];
		if (port)
			fab->sw[i].id = port->al_pa;
	}
}

static void init_over(struct ev_timer *t)
{
	struct fab *fab = container_of(t, struct fab, loop_timer);
	unsigned int i;

	assign(fab);
	fab->loop_up = true;
	for (i = 0; i < fab->nr_slots; i++)
		if (member(fab, i))
			tell(fab, fab->sw[i].port, WHAT_LOOP, fab->sw[i].id);
	let_go(fab);
}

void loop_init(struct fab *fab)
{
	ev_timer_init(&fab->loop_timer, fab->ev, init_over);
}

void loop_fini(struct fab *fab)
{
	ev_timer_stop(&fab->loop_timer);
}

void loop_carrier(struct fab *fab, struct fab_port *port)
{
	if (port->takes_part)
		begin(fab, FAB_LIP_INIT);
}

struct sw_port *loop_by_id(struct fab *fab, uint32_t id)
{
	unsigned int i;

	for (i = 0; id && i < fab->nr_slots; i++)
		if (fab->sw[i].id == id)
			return &fab->sw[i];
	return NULL;
}

bool loop_holds(struct fab *fab, const struct fab_port *port,
		struct fab_frame *f)
{
	if (fab->topo != FAB_LOOP || fab->loop_up || !port->link_up ||
	    !port->carrier || !port->takes_part)
		return false;
	f->next = NULL;
	if (fab->held.tail)
		fab->held.tail->next = f;
	else
		fab->held.head = f;
	fab->held.tail = f;
	fab->nr_in_flight++;
	return true;
}

void fab_port_loop(struct fab_port *port, bool takes_part, uint8_t hard_al_pa)
{
	port->takes_part = takes_part;
	port->hard_al_pa = hard_al_pa;
}

int fab_lip(struct fab_port *port, enum fab_lip kind)
{
	struct fab *fab = port->fab;

	if (fab->topo != FAB_LOOP)
		return -EOPNOTSUPP;
	if (!port->carrier || !port->takes_part)
		return -ENOTCONN;
	begin(fab, kind);
	return 0;
}

unsigned int fab_loop_map(const struct fab *fab, uint8_t *map)
{
	unsigned int i, nr = 0;

	for (i = 0; fab->loop_up && i < fab->nr_slots; i++)
		if (member(fab, i) && fab->sw[i].id)
			map[nr++] = (uint8_t)fab->sw[i].id;
	return nr;
}
