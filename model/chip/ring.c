// SPDX-License-Identifier: GPL-2.0
/*
 * The rings: requests in, answers and ATIOs out.
 *
 * A 64-byte entry is written in ascending order of addresses, as the bus does
 * it, and the in-index only moves afterwards. What finds its ring full waits
 * in the chip, in order.
 */
#include "chip/chip_int.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define ENTRIES_PER_TURN 64U
#define MIN_RING 2U

static uint32_t used(const struct chip_ring *r)
{
	return r->in >= r->out ? r->in - r->out : r->in + r->len - r->out;
}

static uint32_t room(const struct chip_ring *r)
{
	return r->len - 1 - used(r);
}

/* ---- requests ---- */

/* The chip cannot reach its own rings: system error of that kind. */
static void ring_dma_error(struct chip *c, uint16_t event)
{
	chip_async(c, event, 0, 0, 0);
	chip_set_state(c, CHIP_CRASHED);
	chip_stop(c);
}

static int fetch(struct chip *c, uint8_t *buf, unsigned int nr)
{
	struct chip_ring *r = &c->req;
	unsigned int left = nr;

	while (left) {
		unsigned int n = r->len - r->out;
		uint64_t at = r->addr + (uint64_t)r->out * CHIP_ENTRY_LEN;

		if (n > left)
			n = left;
		if (pcidev_dma_read(c->s.dev, at, buf,
				    (size_t)n * CHIP_ENTRY_LEN))
			return -EFAULT;
		buf += (size_t)n * CHIP_ENTRY_LEN;
		left -= n;
		r->out = r->out + n == r->len ? 0 : r->out + n;
	}
	return 0;
}

static void one_request(struct chip *c)
{
	struct chip_ring *r = &c->req;
	uint32_t avail = used(r), idx = r->out;
	unsigned int nr;

	if (fetch(c, c->buf, 1)) {
		ring_dma_error(c, 0x8003);
		return;
	}
	nr = c->buf[1];
	c->s.jp->n.entries_in[c->buf[0]]++;
	cover_hit(c->s.jp, COVER_ENTRY, c->buf[0]);
	trace_add(c->s.jp, TRACE_ENTRY_IN, c->buf[0], idx, get_le32(c->buf + 4),
		  nr);
	if (!nr || nr > avail) {
		judge_raise(c->s.jp, VERDICT_ENTRY_BOUNDS,
			    "type %02x count %u, %u on the ring", c->buf[0], nr,
			    avail);
		r->out = nr ? r->in : r->out;
		chip_entry_reject(c, c->buf, CHIP_ES_COUNT);
		return;
	}
	if (nr > 1 && fetch(c, c->buf + CHIP_ENTRY_LEN, nr - 1)) {
		ring_dma_error(c, 0x8003);
		return;
	}
	c->in_port = true;
	port_request(c->port, c->buf, nr);
	c->in_port = false;
	if (c->stop_due)
		chip_stop(c);
}

static void ring_run(struct ev_work *w)
{
	struct chip *c = container_of(w, struct chip, ring_work);

	for (unsigned int i = 0; i < ENTRIES_PER_TURN; i++) {
		if (c->state != CHIP_READY || c->paused ||
		    c->req.in == c->req.out ||
		    fault_port_active(&c->fault, FAULT_RING_STALL))
			return;
		one_request(c);
	}
	ev_soon(&c->ring_work);
}

/**
 * ring_doorbell() - The host writes the request in-index.
 * @c: chip
 * @val: register value
 *
 * Context: event loop.
 */
void ring_doorbell(struct chip *c, uint32_t val)
{
	struct chip_ring *r = &c->req;
	uint32_t news;

	if (!r->len) {
		if (val && !chip_is_dead(c))
			judge_raise(c->s.jp, VERDICT_RING_NONE, "index %x",
				    val);
		return;
	}
	if (val >= r->len) {
		judge_raise(c->s.jp, VERDICT_RING_INDEX, "request %u of %u",
			    val, r->len);
		return;
	}
	news = val >= r->in ? val - r->in : val + r->len - r->in;
	if (news > room(r))
		judge_raise(c->s.jp, VERDICT_REQ_OVERRUN,
			    "%u entries, room for %u", news, room(r));
	r->in = val;
	if (c->state == CHIP_READY && r->in != r->out)
		ev_soon(&c->ring_work);
}

/**
 * chip_entry_reject() - Give a request entry back unexecuted.
 * @c: chip
 * @entry: the first 64 bytes of the request
 * @status: CHIP_ES_*
 *
 * Context: event loop.
 */
void chip_entry_reject(struct chip *c, const uint8_t *entry, uint8_t status)
{
	uint8_t e[CHIP_ENTRY_LEN];

	memcpy(e, entry, sizeof(e));
	e[1] = 1;
	e[3] = status;
	chip_rsp_push(c, e);
}

/* ---- answers ---- */

static void store_entry(void *dst, const uint8_t *src)
{
	uint64_t *d = dst;

	if ((uintptr_t)dst % sizeof(*d)) {
		memcpy(dst, src, CHIP_ENTRY_LEN);
		return;
	}
	for (unsigned int i = 0; i < CHIP_ENTRY_LEN / sizeof(*d); i++) {
		uint64_t v;

		memcpy(&v, src + i * sizeof(v), sizeof(v));
		__atomic_store_n(&d[i], v, __ATOMIC_RELEASE);
	}
}

static int put(struct chip *c, struct chip_ring *r, const uint8_t *entry)
{
	uint64_t at = r->addr + (uint64_t)r->in * CHIP_ENTRY_LEN;
	void *p = pcidev_dma_at(c->s.dev, at, CHIP_ENTRY_LEN, true);

	if (!p)
		return -EFAULT;
	store_entry(p, entry);
	c->s.jp->n.entries_out[entry[0]]++;
	cover_hit(c->s.jp, COVER_ENTRY, entry[0]);
	trace_add(c->s.jp, TRACE_ENTRY_OUT, entry[0], r->in,
		  get_le32(entry + 4), get_le32(entry + 8));
	r->in = r->in + 1 == r->len ? 0 : r->in + 1;
	return 0;
}

static void wait_add(struct chip_backlog *w, const uint8_t *entries,
		     unsigned int nr)
{
	if (w->first && w->first + w->nr + nr > w->cap) {
		memmove(w->buf, w->buf + (size_t)w->first * CHIP_ENTRY_LEN,
			(size_t)w->nr * CHIP_ENTRY_LEN);
		w->first = 0;
	}
	if (w->nr + nr > w->cap) {
		w->cap = 2 * (w->nr + nr);
		w->buf = realloc(w->buf, (size_t)w->cap * CHIP_ENTRY_LEN);
		if (!w->buf)
			abort();
	}
	memcpy(w->buf + (size_t)(w->first + w->nr) * CHIP_ENTRY_LEN, entries,
	       (size_t)nr * CHIP_ENTRY_LEN);
	w->nr += nr;
}

static int push(struct chip *c, struct chip_ring *r, const uint8_t *entries,
		unsigned int nr)
{
	if (r->wait.nr || room(r) < nr) {
		c->s.jp->n.ring_full++;
		wait_add(&r->wait, entries, nr);
		return 0;
	}
	for (unsigned int i = 0; i < nr; i++, entries += CHIP_ENTRY_LEN)
		if (put(c, r, entries))
			return -EFAULT;
	return 0;
}

void chip_rsp_push_n(struct chip *c, const uint8_t *entries, unsigned int nr)
{
	if (c->state != CHIP_READY)
		return;
	if (c->rsp.wait.nr + nr > CHIP_MAX_BACKLOG) {
		judge_raise(c->s.jp, VERDICT_RSP_STUCK,
			    "type %02x thrown away, %u wait", entries[0],
			    c->rsp.wait.nr);
		return;
	}
	if (push(c, &c->rsp, entries, nr))
		ring_dma_error(c, 0x8004);
	else
		irq_rsp_news(c);
}

void chip_rsp_push(struct chip *c, const uint8_t *entry)
{
	chip_rsp_push_n(c, entry, 1);
}

int chip_atio_push(struct chip *c, const uint8_t *entries, unsigned int nr)
{
	if (c->state != CHIP_READY)
		return 0;
	if (!c->atio.len || c->atio.wait.nr + nr > c->atio.len)
		return -ENOSPC;
	if (push(c, &c->atio, entries, nr))
		ring_dma_error(c, 0x8004);
	else
		irq_atio_news(c);
	return 0;
}

static void drain(struct chip *c, struct chip_ring *r)
{
	struct chip_backlog *w = &r->wait;
	bool any = false;

	while (w->nr && room(r)) {
		if (put(c, r, w->buf + (size_t)w->first * CHIP_ENTRY_LEN)) {
			ring_dma_error(c, 0x8004);
			return;
		}
		w->first++;
		w->nr--;
		any = true;
	}
	if (!any)
		return;
	if (r == &c->rsp)
		irq_rsp_news(c);
	else
		irq_atio_news(c);
}

/**
 * ring_out_written() - The host writes an out-index.
 * @c: chip
 * @r: response or ATIO ring
 * @name: for people
 * @val: register value
 *
 * Context: event loop.
 */
void ring_out_written(struct chip *c, struct chip_ring *r, const char *name,
		      uint32_t val)
{
	uint32_t taken;

	if (!r->len) {
		if (val && !chip_is_dead(c))
			judge_raise(c->s.jp, VERDICT_RING_NONE,
				    "%s out-index %x", name, val);
		return;
	}
	if (val >= r->len) {
		judge_raise(c->s.jp, VERDICT_RING_INDEX, "%s %u of %u", name,
			    val, r->len);
		return;
	}
	taken = val >= r->out ? val - r->out : val + r->len - r->out;
	if (taken > used(r)) {
		judge_raise(c->s.jp, VERDICT_OUT_BEYOND_IN,
			    "%s: out %u, in %u, wrote %u", name, r->out, r->in,
			    val);
		return;
	}
	r->out = val;
	drain(c, r);
}

/* ---- life ---- */

/**
 * ring_setup() - Take a ring into use.
 * @c: chip
 * @r: ring
 * @addr: of its first entry
 * @len: entries
 * @idx: first index of both sides
 *
 * Return: 0; -EINVAL: too small, or the index is beyond it; -EFAULT after a
 *	   verdict: it is not in guest memory.
 */
int ring_setup(struct chip *c, struct chip_ring *r, uint64_t addr, uint32_t len,
	       uint32_t idx)
{
	uint8_t probe[CHIP_ENTRY_LEN];
	uint64_t last = addr + (uint64_t)(len - 1) * CHIP_ENTRY_LEN;

	if (len < MIN_RING || idx >= len || !addr || addr % CHIP_ENTRY_LEN)
		return -EINVAL;
	if (pcidev_dma_read(c->s.dev, addr, probe, sizeof(probe)) ||
	    pcidev_dma_read(c->s.dev, last, probe, sizeof(probe)))
		return -EFAULT;
	r->addr = addr;
	r->len = len;
	r->in = idx;
	r->out = idx;
	return 0;
}

/**
 * ring_init() - Prepare the rings of a new chip.
 * @c: chip
 */
void ring_init(struct chip *c)
{
	ev_work_init(&c->ring_work, c->s.ev, ring_run);
}

static void forget(struct chip_ring *r)
{
	r->len = 0;
	r->in = 0;
	r->out = 0;
	r->wait.first = 0;
	r->wait.nr = 0;
}

/**
 * ring_reset() - Forget all rings and what waits for them.
 * @c: chip
 *
 * Context: event loop.
 */
void ring_reset(struct chip *c)
{
	ev_work_cancel(&c->ring_work);
	forget(&c->req);
	forget(&c->rsp);
	forget(&c->atio);
}

/**
 * ring_free() - Free what rings hold.
 * @c: chip
 */
void ring_free(struct chip *c)
{
	ring_reset(c);
	free(c->rsp.wait.buf);
	free(c->atio.wait.buf);
}
