// SPDX-License-Identifier: GPL-2.0
/*
 * The carrier: frame pool, queues, delivery, connectors and light.
 *
 * STATES of a connector:
 *
 *	enabled (laser of the owner) and cable plugged, and on a wire the same
 *	at the other end  =>  carrier. Each change of carrier queues a link
 *	event among the frames; link_up follows when the event is delivered.
 *	Frames are carried only while both agree.
 */
#include "fabric/fab.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "fabric/fab_int.h"
#include "fault/fault.h"

#define CHUNK_FRAMES 64U
#define BATCH_FRAMES 256U /* delivered per turn, then others have one */

struct frame_chunk {
	struct frame_chunk *next;
	struct fab_frame frame[CHUNK_FRAMES];
};

static const char *const kind_names[FAB_NR_KINDS] = {
	[FAB_CMND] = "cmnd",	     [FAB_DATA] = "data",
	[FAB_XFER_RDY] = "xfer_rdy", [FAB_RSP] = "rsp",
	[FAB_ABTS] = "abts",	     [FAB_BA] = "ba",
	[FAB_ELS_REQ] = "els_req",   [FAB_ELS_RSP] = "els_rsp",
	[FAB_CT_REQ] = "ct_req",     [FAB_CT_RSP] = "ct_rsp",
	[FAB_OTHER] = "other",
};

const char *fab_kind_name(enum fab_kind kind)
{
	return kind < FAB_NR_KINDS ? kind_names[kind] : "?";
}

static enum fab_kind frame_kind(const struct fab_frame *frame)
{
	switch ((unsigned int)frame->r_ctl << 8 | frame->type) {
	case FAB_RCTL_FCP_CMND << 8 | FAB_TYPE_FCP:
		return FAB_CMND;
	case FAB_RCTL_FCP_DATA << 8 | FAB_TYPE_FCP:
		return FAB_DATA;
	case FAB_RCTL_FCP_XFER_RDY << 8 | FAB_TYPE_FCP:
		return FAB_XFER_RDY;
	case FAB_RCTL_FCP_RSP << 8 | FAB_TYPE_FCP:
		return FAB_RSP;
	case FAB_RCTL_ABTS << 8 | FAB_TYPE_BLS:
		return FAB_ABTS;
	case FAB_RCTL_BA_ACC << 8 | FAB_TYPE_BLS:
	case FAB_RCTL_BA_RJT << 8 | FAB_TYPE_BLS:
		return FAB_BA;
	case FAB_RCTL_ELS_REQ << 8 | FAB_TYPE_ELS:
		return FAB_ELS_REQ;
	case FAB_RCTL_ELS_RSP << 8 | FAB_TYPE_ELS:
		return FAB_ELS_RSP;
	case FAB_RCTL_CT_REQ << 8 | FAB_TYPE_CT:
		return FAB_CT_REQ;
	case FAB_RCTL_CT_RSP << 8 | FAB_TYPE_CT:
		return FAB_CT_RSP;
	default:
		return FAB_OTHER;
	}
}

/* ---- frames ---- */

static void grow_pool(struct fab *fab)
{
	struct frame_chunk *chunk = calloc(1, sizeof(*chunk));
	unsigned int i;

	if (!chunk)
		abort();
	chunk->next = fab->chunks;
	fab->chunks = chunk;
	for (i = 0; i < CHUNK_FRAMES; i++) {
		chunk->frame[i].next = fab->idle;
		fab->idle = &chunk->frame[i];
	}
}

struct fab_frame *fab_frame_get(struct fab *fab, uint32_t len)
{
	struct fab_frame *f;

	assert(len <= FAB_PAYLOAD_MAX);
	if (!fab->idle)
		grow_pool(fab);
	f = fab->idle;
	fab->idle = f->next;
	fab->nr_out++;
	f->next = NULL;
	f->src = NULL;
	f->dst = NULL;
	f->what = WHAT_FRAME;
	f->r_ctl = 0;
	f->type = 0;
	f->f_ctl = 0;
	f->s_id = 0;
	f->d_id = 0;
	f->ox_id = 0xffff;
	f->rx_id = 0xffff;
	f->seq_id = 0;
	f->param = 0;
	f->len = len;
	f->mem = NULL;
	f->nr_sg = 0;
	f->sg_skip = 0;
	f->owner = NULL;
	f->owner_tag = 0;
	f->payload = f->small;
	if (len > FAB_FRAME_INLINE) {
		if (f->big_size < len) {
			free(f->big);
			f->big = malloc(len);
			if (!f->big)
				abort();
			f->big_size = len;
		}
		f->payload = f->big;
	}
	if (len)
		memset(f->payload, 0, len);
	return f;
}

void fab_frame_put(struct fab *fab, struct fab_frame *frame)
{
	frame->next = fab->idle;
	fab->idle = frame;
	fab->nr_out--;
}

void fab_frame_add_sg(struct fab_frame *frame, uint64_t iova, uint32_t len)
{
	if (frame->nr_sg == frame->sg_size) {
		uint32_t size = frame->sg_size ? frame->sg_size * 2 : 8;
		struct fab_sg *sg = realloc(frame->sg, size * sizeof(*sg));

		if (!sg)
			abort();
		frame->sg = sg;
		frame->sg_size = size;
	}
	frame->sg[frame->nr_sg].iova = iova;
	frame->sg[frame->nr_sg].len = len;
	frame->nr_sg++;
	frame->len += len;
}

/* ---- queues ---- */

static void queue_add(struct fab_queue *q, struct fab_frame *f)
{
	f->next = NULL;
	if (q->tail)
		q->tail->next = f;
	else
		q->head = f;
	q->tail = f;
}

static struct fab_frame *queue_take(struct fab_queue *q)
{
	struct fab_frame *f = q->head;

	q->head = f->next;
	if (!q->head)
		q->tail = NULL;
	return f;
}

/* Mostly due times never fall, so the place is at the end. */
static void queue_add_sorted(struct fab_queue *q, struct fab_frame *f)
{
	struct fab_frame **pos = &q->head;

	if (!q->tail || q->tail->due_ns <= f->due_ns) {
		queue_add(q, f);
		return;
	}
	while ((*pos)->due_ns <= f->due_ns)
		pos = &(*pos)->next;
	f->next = *pos;
	*pos = f;
}

void fab_submit(struct fab *fab, struct fab_frame *f, uint64_t delay_ns)
{
	f->due_ns = ev_now_ns(fab->ev) + delay_ns;
	if (f->what < WHAT_LINK_UP)
		fab->nr_in_flight++;
	if (!delay_ns) {
		queue_add(&fab->now, f);
		ev_soon(&fab->work);
		return;
	}
	queue_add_sorted(&fab->later, f);
	if (fab->later.head == f)
		ev_timer_start(&fab->timer, delay_ns);
}

static void later_due(struct ev_timer *t)
{
	struct fab *fab = container_of(t, struct fab, timer);
	uint64_t now = ev_now_ns(fab->ev);

	while (fab->later.head && fab->later.head->due_ns <= now)
		queue_add(&fab->now, queue_take(&fab->later));
	if (fab->now.head)
		ev_soon(&fab->work);
	if (fab->later.head)
		ev_timer_start(&fab->timer, fab->later.head->due_ns - now);
}

/* A queue's part of fab_lose(). */
static void lose_in_flight(struct fab_queue *q, const struct fab_port *port)
{
	struct fab_frame *f;

	for (f = q->head; f; f = f->next)
		if (f->what < WHAT_LINK_UP &&
		    (f->src == port || f->dst == port))
			f->what = WHAT_LOST;
}

void fab_lose(struct fab *fab, const struct fab_port *port)
{
	lose_in_flight(&fab->now, port);
	lose_in_flight(&fab->later, port);
	lose_in_flight(&fab->held, port);
}

/* ---- delivery ---- */

static void tell_sender(struct fab_frame *f, enum fab_fate fate)
{
	struct fab_port *src = f->src;

	if (!src)
		return;
	if (fate != FAB_DELIVERED)
		src->stats.tx_dropped++;
	if (f->owner && src->ops->sent)
		src->ops->sent(src, f, fate);
}

static void end_frame(struct fab *fab, struct fab_frame *f, enum fab_fate fate)
{
	tell_sender(f, fate);
	fab_frame_put(fab, f);
}

static void deliver_link(struct fab *fab, struct fab_frame *f)
{
	struct fab_port *port = f->dst;
	bool up = f->what == WHAT_LINK_UP;

	fab_frame_put(fab, f);
	if (!port || port->link_up == up)
		return;
	port->link_up = up;
	if (!up)
		port->stats.link_losses++;
	port->ops->link(port, up);
}

/* News for a port of a loop. */
static void deliver_loop(struct fab *fab, struct fab_frame *f)
{
	struct fab_port *port = f->dst;
	uint8_t what = f->what;
	uint32_t param = f->param;

	fab_frame_put(fab, f);
	if (!port || !port->link_up)
		return;
	if (what == WHAT_LIP && port->ops->lip)
		port->ops->lip(port, param);
	else if (what == WHAT_LOOP && port->ops->loop)
		port->ops->loop(port, (uint8_t)param);
}

static void deliver_to_port(struct fab_frame *f)
{
	struct fab_port *dst = f->dst;

	if (f->what == WHAT_BAD_CRC) {
		dst->stats.bad_crc++;
		if (dst->ops->bad_frame)
			dst->ops->bad_frame(dst, f);
		return;
	}
	dst->stats.rx[f->kind]++;
	dst->ops->rx(dst, f);
}

static void deliver(struct fab *fab, struct fab_frame *f)
{
	enum fab_fate fate = FAB_DELIVERED;

	if (f->what >= WHAT_LIP) {
		deliver_loop(fab, f);
		return;
	}
	if (f->what >= WHAT_LINK_UP) {
		deliver_link(fab, f);
		return;
	}
	fab->nr_in_flight--;
	fab->current = f;
	if (f->what == WHAT_LOST)
		fate = FAB_DROPPED;
	else if (f->dst)
		deliver_to_port(f);
	else if (f->what == WHAT_FRAME)
		sw_rx(fab, &fab->sw[f->src->index], f);
	fab->current = NULL;
	end_frame(fab, f, fate);
}

static void deliver_batch(struct ev_work *w)
{
	struct fab *fab = container_of(w, struct fab, work);
	unsigned int left = BATCH_FRAMES;

	while (fab->now.head && left--)
		deliver(fab, queue_take(&fab->now));
	if (fab->now.head)
		ev_soon(&fab->work);
}

/* ---- sending ---- */

/* Only a logged-in port has an address; FLOGI is what gets it one. */
static bool may_send(const struct fab *fab, const struct fab_port *port,
		     const struct fab_frame *f)
{
	const struct sw_port *sp = &fab->sw[port->index];

	if (!port->link_up || !port->carrier)
		return false;
	if (fab->topo == FAB_WIRE)
		return true;
	if (fab->topo == FAB_SWITCH && f->d_id == FAB_ID_FPORT)
		return !f->s_id || f->s_id == sp->id;
	return sp->id && f->s_id == sp->id;
}

static bool is_service(uint32_t d_id)
{
	return d_id == FAB_ID_FPORT || d_id == FAB_ID_FCTRL ||
	       d_id == FAB_ID_NS || d_id == FAB_ID_MGMT;
}

static bool route(struct fab *fab, struct fab_port *port, struct fab_frame *f)
{
	struct sw_port *to;

	if (fab->topo == FAB_WIRE) {
		f->dst = port->peer;
		return true;
	}
	if (fab->topo == FAB_SWITCH && is_service(f->d_id))
		return true;
	to = fab->topo == FAB_LOOP ? loop_by_id(fab, f->d_id) :
				     sw_by_id(fab, f->d_id);
	if (!to || !to->port->carrier || !sw_sees(&fab->sw[port->index], to))
		return false;
	f->dst = to->port;
	return true;
}

static uint64_t apply_faults(struct fab *fab, struct fab_frame *f,
			     const char *from)
{
	uint64_t delay_ns = 0;

	switch (fault_frame(fab->fault, f, from, &delay_ns)) {
	case FAULT_DROP:
		f->what = WHAT_LOST;
		return 0;
	case FAULT_CORRUPT:
		f->what = WHAT_BAD_CRC;
		return 0;
	case FAULT_DELAY:
		return delay_ns;
	default:
		return 0;
	}
}

static bool faults_armed(const struct fab *fab)
{
	return fab->fault && fault_frames_armed(fab->fault);
}

void fab_tx(struct fab_port *port, struct fab_frame *frame)
{
	struct fab *fab = port->fab;

	frame->src = port;
	frame->kind = frame_kind(frame);
	port->stats.tx[frame->kind]++;
	if (!loop_holds(fab, port, frame))
		fab_resend(fab, frame);
}

void fab_resend(struct fab *fab, struct fab_frame *frame)
{
	struct fab_port *port = frame->src;
	uint64_t delay_ns = fab->latency_ns;

	if (frame->what == WHAT_LOST)
		delay_ns = 0;
	else if (!may_send(fab, port, frame) || !route(fab, port, frame))
		frame->what = WHAT_LOST;
	else if (faults_armed(fab))
		delay_ns += apply_faults(fab, frame, port->name);
	fab_submit(fab, frame, delay_ns);
}

void sw_send(struct fab *fab, const struct sw_port *sp, struct fab_frame *frame)
{
	uint64_t delay_ns = fab->latency_ns;

	frame->kind = frame_kind(frame);
	frame->dst = sp->port;
	if (!sp->port->carrier)
		frame->what = WHAT_LOST;
	else if (faults_armed(fab))
		delay_ns += apply_faults(fab, frame, "");
	fab_submit(fab, frame, delay_ns);
}

/* ---- connectors ---- */

static bool is_lit(const struct fab_port *port)
{
	return port->enabled && !port->forced_down;
}

static void update_one(struct fab *fab, struct fab_port *port)
{
	bool carrier = is_lit(port) && (fab->topo != FAB_WIRE ||
					(port->peer && is_lit(port->peer)));
	struct fab_frame *f;

	if (port->carrier == carrier)
		return;
	port->carrier = carrier;
	if (!carrier) {
		fab_lose(fab, port);
		if (fab->topo == FAB_SWITCH)
			sw_logout(fab, &fab->sw[port->index]);
	}
	f = fab_frame_get(fab, 0);
	f->what = carrier ? WHAT_LINK_UP : WHAT_LINK_DOWN;
	f->dst = port;
	fab_submit(fab, f, 0);
	if (fab->topo == FAB_LOOP)
		loop_carrier(fab, port);
}

static void update_carrier(struct fab_port *port)
{
	struct fab_port *peer = port->peer;

	update_one(port->fab, port);
	if (peer)
		update_one(port->fab, peer);
}

static void cable_back(struct ev_timer *t)
{
	struct fab_port *port = container_of(t, struct fab_port, cable_timer);

	port->forced_down = !port->forced_down;
	update_carrier(port);
}

int fab_port_attach(struct fab *fab, struct fab_port *port, const char *name,
		    const struct fab_port_ops *ops, void *priv,
		    unsigned int speed_gbps)
{
	unsigned int i = 0;

	while (i < fab->nr_slots && fab->sw[i].port)
		i++;
	if (i == FAB_MAX_PORTS)
		return -ENOSPC;
	if (i == fab->nr_slots)
		fab->nr_slots++;
	memset(&fab->sw[i], 0, sizeof(fab->sw[i]));
	fab->sw[i].port = port;
	fab->sw[i].zones = FAB_ALL_ZONES;
	port->fab = fab;
	port->ops = ops;
	port->priv = priv;
	strncpy(port->name, name, sizeof(port->name) - 1);
	port->speed_gbps = speed_gbps;
	port->index = i;
	ev_timer_init(&port->cable_timer, fab->ev, cable_back);
	if (port->jp && fab->topo == FAB_SWITCH)
		sw_cover(port->jp->judge);
	return 0;
}

/* The sender's memory goes away: nobody may copy out of it any more. */
static void drop_sent_by(struct fab *fab, struct fab_queue *q,
			 const struct fab_port *port)
{
	struct fab_queue kept = { NULL, NULL };
	struct fab_queue gone = { NULL, NULL };

	while (q->head) {
		struct fab_frame *f = queue_take(q);

		if (f->dst == port) {
			f->dst = NULL;
			if (f->what < WHAT_LINK_UP)
				f->what = WHAT_LOST;
		}
		queue_add(f->src == port ? &gone : &kept, f);
	}
	*q = kept;
	while (gone.head) {
		fab->nr_in_flight--;
		end_frame(fab, queue_take(&gone), FAB_GONE);
	}
}

void fab_port_detach(struct fab_port *port)
{
	struct fab *fab = port->fab;
	struct fab_port *peer = port->peer;

	fab_port_enable(port, false);
	ev_timer_stop(&port->cable_timer);
	if (peer) {
		port->peer = NULL;
		peer->peer = NULL;
	}
	if (fab->current && fab->current->src == port) {
		tell_sender(fab->current, FAB_GONE);
		fab->current->src = NULL;
	}
	drop_sent_by(fab, &fab->now, port);
	drop_sent_by(fab, &fab->later, port);
	drop_sent_by(fab, &fab->held, port);
	fab->sw[port->index].port = NULL;
	port->fab = NULL;
}

int fab_wire(struct fab_port *a, struct fab_port *b)
{
	if (a->fab != b->fab || a->fab->topo != FAB_WIRE || a == b || a->peer ||
	    b->peer)
		return -EINVAL;
	a->peer = b;
	b->peer = a;
	update_carrier(a);
	return 0;
}

void fab_port_enable(struct fab_port *port, bool on)
{
	port->enabled = on;
	update_carrier(port);
}

void fab_port_cable(struct fab_port *port, bool plugged, uint64_t for_ns)
{
	port->forced_down = !plugged;
	update_carrier(port);
	if (for_ns)
		ev_timer_start(&port->cable_timer, for_ns);
	else
		ev_timer_stop(&port->cable_timer);
}

unsigned int fab_port_speed(const struct fab_port *port)
{
	const struct fab *fab = port->fab;
	unsigned int i, speed = port->speed_gbps;

	for (i = 0; fab->topo == FAB_LOOP && i < fab->nr_slots; i++) {
		const struct fab_port *o = fab->sw[i].port;

		if (o && o->carrier && o->takes_part && o->speed_gbps < speed)
			speed = o->speed_gbps;
	}
	if (port->peer && port->peer->speed_gbps < port->speed_gbps)
		return port->peer->speed_gbps;
	return speed;
}

uint32_t fab_port_id(const struct fab_port *port)
{
	return port->fab->sw[port->index].id;
}

struct fab_port *fab_find_port(struct fab *fab, const char *name)
{
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++)
		if (fab->sw[i].port && !strcmp(fab->sw[i].port->name, name))
			return fab->sw[i].port;
	return NULL;
}

/* ---- the fabric itself ---- */

struct fab *fab_new(struct ev *ev, enum fab_topo topo, struct fault *fault)
{
	struct fab *fab = calloc(1, sizeof(*fab));

	if (!fab)
		abort();
	fab->ev = ev;
	fab->topo = topo;
	fab->fault = fault;
	ev_work_init(&fab->work, ev, deliver_batch);
	ev_timer_init(&fab->timer, ev, later_due);
	loop_init(fab);
	return fab;
}

static unsigned int queue_len(const struct fab_queue *q)
{
	const struct fab_frame *f;
	unsigned int nr = 0;

	for (f = q->head; f; f = f->next)
		nr++;
	return nr;
}

void fab_free(struct fab *fab)
{
	unsigned int i;

	if (!fab)
		return;
	for (i = 0; i < fab->nr_slots; i++)
		assert(!fab->sw[i].port);
	/* Whoever took a frame has sent it or given it back. */
	assert(fab->nr_out == queue_len(&fab->now) + queue_len(&fab->later) +
				      queue_len(&fab->held));
	ev_work_cancel(&fab->work);
	ev_timer_stop(&fab->timer);
	loop_fini(fab);
	while (fab->hbas)
		fdmi_forget(fab, fab->hbas->owner);
	while (fab->chunks) {
		struct frame_chunk *chunk = fab->chunks;

		for (i = 0; i < CHUNK_FRAMES; i++) {
			free(chunk->frame[i].big);
			free(chunk->frame[i].sg);
		}
		fab->chunks = chunk->next;
		free(chunk);
	}
	free(fab);
}

enum fab_topo fab_topo(const struct fab *fab)
{
	return fab->topo;
}

struct fault *fab_fault(const struct fab *fab)
{
	return fab->fault;
}

void fab_set_latency(struct fab *fab, uint64_t ns)
{
	fab->latency_ns = ns;
}

unsigned int fab_in_flight(const struct fab *fab)
{
	return fab->nr_in_flight;
}

int fab_zone(struct fab_port *port, uint32_t zones)
{
	struct fab *fab = port->fab;

	if (fab->topo != FAB_SWITCH)
		return -EOPNOTSUPP;
	sw_zone(fab, &fab->sw[port->index], zones);
	return 0;
}

int fab_rscn(struct fab_port *port)
{
	struct fab *fab = port->fab;
	struct sw_port *sp = &fab->sw[port->index];

	if (fab->topo != FAB_SWITCH)
		return -EOPNOTSUPP;
	if (!sp->id)
		return -ENOTCONN;
	sw_rscn(fab, sp, sp->id);
	return 0;
}
