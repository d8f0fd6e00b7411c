// SPDX-License-Identifier: GPL-2.0
/* Tables of exchanges in both roles; ids are an index and a generation. */
#include "port/port_int.h"

#include <stdlib.h>

static void *xchg_alloc(size_t nr, size_t size)
{
	void *v = calloc(nr, size);

	if (!v)
		abort();
	return v;
}

/**
 * xchg_init() - Make empty tables.
 * @p: port
 */
void xchg_init(struct port *p)
{
	uint32_t i;

	p->ini = xchg_alloc(XCHG_NR, sizeof(*p->ini));
	p->tgt = xchg_alloc(XCHG_NR, sizeof(*p->tgt));
	for (i = 0; i < XCHG_NR; i++) {
		p->ini[i].next = i + 1;
		p->ini[i].ox_id = (uint16_t)i;
		p->tgt[i].next = i + 1;
		p->tgt[i].addr = i;
	}
	p->ini[XCHG_NR - 1].next = XCHG_NONE;
	p->tgt[XCHG_NR - 1].next = XCHG_NONE;
	p->ini_tail = XCHG_NR - 1;
	p->tgt_tail = XCHG_NR - 1;
	p->max_ini = XCHG_MAX_CMDS;
}

/**
 * xchg_fini() - Free the tables and every spare object.
 * @p: port without exchanges
 */
void xchg_fini(struct port *p)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		free(p->ini[i].segs.v);
		free(p->tgt[i].segs.v);
	}
	free(p->ini);
	free(p->tgt);
	while (p->free_tx) {
		struct txop *t = p->free_tx;

		p->free_tx = t->next;
		free(t);
	}
	while (p->free_ctio) {
		struct ctio *c = p->free_ctio;

		p->free_ctio = (struct ctio *)c->tx.next;
		free(c);
	}
	while (p->free_op) {
		struct op *o = p->free_op;

		p->free_op = o->next;
		free(o);
	}
}

/**
 * xchg_deadline() - Set, move or clear a deadline; the sweep looks at it.
 * @p: port
 * @deadline: of an exchange
 * @delay_ns: from now, 0 clears
 */
void xchg_deadline(struct port *p, uint64_t *deadline, uint64_t delay_ns)
{
	if (*deadline)
		p->nr_timed--;
	*deadline = 0;
	if (!delay_ns)
		return;
	*deadline = ev_now_ns(p->ev) + delay_ns;
	p->nr_timed++;
	if (!ev_timer_is_armed(&p->sweep))
		ev_timer_start(&p->sweep, SWEEP_NS);
}

/**
 * ini_get() - Open an exchange as originator.
 * @p: port
 * @kind: what it will carry
 *
 * Return: the exchange, or NULL: none is left.
 */
struct ini *ini_get(struct port *p, enum ini_kind kind)
{
	struct ini *x;

	if (p->ini_head == XCHG_NONE)
		return NULL;
	if (kind == INI_FCP && p->nr_ini >= p->max_ini)
		return NULL;
	x = &p->ini[p->ini_head];
	p->ini_head = x->next;
	if (p->ini_head == XCHG_NONE)
		p->ini_tail = XCHG_NONE;
	x->kind = kind;
	x->rx_id = 0xffff;
	if (kind == INI_FCP)
		p->nr_ini++;
	return x;
}

/**
 * ini_put() - Close an exchange of ours.
 * @p: port
 * @x: open exchange; data still on the wire will not be taken. A request that
 *	aborts it is told.
 */
void ini_put(struct port *p, struct ini *x)
{
	uint32_t idx = x->ox_id & XCHG_MASK;
	struct segs segs = x->segs;
	uint16_t ox_id = (uint16_t)(x->ox_id + XCHG_NR);
	struct op *abort = x->abort;

	if (x->kind == INI_FCP)
		p->nr_ini--;
	if (x->tx && x->tx->frames)
		x->tx->dead = true;
	else if (x->tx)
		txop_put(p, x->tx);
	xchg_deadline(p, &x->deadline_ns, 0);
	memset(x, 0, sizeof(*x));
	x->segs = segs;
	x->ox_id = ox_id;
	x->next = XCHG_NONE;
	if (p->ini_tail == XCHG_NONE)
		p->ini_head = idx;
	else
		p->ini[p->ini_tail].next = idx;
	p->ini_tail = idx;
	if (abort) {
		abort->ini = NULL;
		abort->rx(abort, NULL);
	}
}

/**
 * ini_find() - Exchange of ours by its OX_ID.
 * @p: port
 * @ox_id: from a frame
 *
 * Return: open exchange or NULL.
 */
struct ini *ini_find(struct port *p, uint16_t ox_id)
{
	struct ini *x = &p->ini[ox_id & XCHG_MASK];

	return x->kind != INI_FREE && x->ox_id == ox_id ? x : NULL;
}

/**
 * ini_by_handle() - Exchange of ours by the driver's handle.
 * @p: port
 * @handle: of a command, task management, login, CT or ELS entry
 *
 * Slow, for aborts only.
 *
 * Return: exchange that is not completed yet, or NULL.
 */
struct ini *ini_by_handle(struct port *p, uint32_t handle)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		struct ini *x = &p->ini[i];

		if (x->kind == INI_FREE || x->done || x->handle != handle)
			continue;
		if (x->kind == INI_OP && x->op && x->op->own)
			continue;
		return x;
	}
	return NULL;
}

/**
 * ini_set_handle() - Give an exchange the driver's handle, and judge it.
 * @p: port
 * @x: open exchange
 * @handle: of the entry
 *
 * A handle must be the only one of its value among the open requests: else
 * the driver could not tell their answers apart.
 */
void ini_set_handle(struct port *p, struct ini *x, uint32_t handle)
{
	uint16_t *slot = &p->by_handle[handle & 0xffff];
	const struct ini *old = *slot ? &p->ini[*slot - 1] : NULL;

	if (old && old != x && old->kind != INI_FREE && !old->done &&
	    old->handle == handle)
		judge_raise(p->jp, VERDICT_HANDLE_IN_USE, "handle %08x",
			    handle);
	x->handle = handle;
	*slot = (uint16_t)((x->ox_id & XCHG_MASK) + 1);
}

/**
 * tgt_get() - Open an exchange that a remote port originated.
 * @p: port
 * @kind: what it carries
 *
 * Return: the exchange, or NULL: none is left.
 */
struct tgt *tgt_get(struct port *p, enum tgt_kind kind)
{
	struct tgt *x;

	if (p->tgt_head == XCHG_NONE)
		return NULL;
	if (kind == TGT_FCP && (p->no_exchange || p->nr_tgt >= XCHG_MAX_CMDS))
		return NULL;
	x = &p->tgt[p->tgt_head];
	p->tgt_head = x->next;
	if (p->tgt_head == XCHG_NONE)
		p->tgt_tail = XCHG_NONE;
	x->kind = kind;
	x->victim = XCHG_NONE;
	if (kind == TGT_FCP)
		p->nr_tgt++;
	book_give(p->jp, BOOK_EXCHANGE);
	return x;
}

/**
 * tgt_put() - Close an exchange of a remote port.
 * @p: port
 * @x: open exchange without a waiting CTIO
 * @why: who ended it
 */
void tgt_put(struct port *p, struct tgt *x, enum tgt_end why)
{
	uint32_t idx = x->addr & XCHG_MASK;
	struct segs segs = x->segs;
	uint32_t addr = x->addr + XCHG_NR;

	if (x->kind == TGT_FCP)
		p->nr_tgt--;
	xchg_deadline(p, &x->deadline_ns, 0);
	memset(x, 0, sizeof(*x));
	x->segs = segs;
	/* The address that means "unknown" is never given out. */
	x->addr = addr == XCHG_NONE ? addr + XCHG_NR : addr;
	x->end = why;
	x->next = XCHG_NONE;
	if (p->tgt_tail == XCHG_NONE)
		p->tgt_head = idx;
	else
		p->tgt[p->tgt_tail].next = idx;
	p->tgt_tail = idx;
	book_return(p->jp, BOOK_EXCHANGE);
}

/**
 * tgt_find() - Exchange by its address.
 * @p: port
 * @addr: from an entry
 *
 * Return: open exchange or NULL.
 */
struct tgt *tgt_find(struct port *p, uint32_t addr)
{
	struct tgt *x = &p->tgt[addr & XCHG_MASK];

	return x->kind != TGT_FREE && x->addr == addr ? x : NULL;
}

/**
 * tgt_by_rx_id() - Exchange by the RX_ID of a frame.
 * @p: port
 * @rx_id: low half of the address
 *
 * Return: open exchange or NULL.
 */
struct tgt *tgt_by_rx_id(struct port *p, uint16_t rx_id)
{
	struct tgt *x = &p->tgt[rx_id & XCHG_MASK];

	return x->kind != TGT_FREE && (uint16_t)x->addr == rx_id ? x : NULL;
}

/**
 * tgt_by_ox_id() - SCSI exchange by originator and OX_ID, for aborts.
 * @p: port
 * @s_id: originator
 * @ox_id: its id
 *
 * Return: open exchange or NULL.
 */
struct tgt *tgt_by_ox_id(struct port *p, uint32_t s_id, uint16_t ox_id)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		struct tgt *x = &p->tgt[i];

		if (x->kind == TGT_FCP && x->s_id == s_id && x->ox_id == ox_id)
			return x;
	}
	return NULL;
}

/**
 * tgt_was() - Was there such an exchange lately, and who ended it?
 * @p: port
 * @addr: address that tgt_find() does not know
 *
 * Return: END_NEVER if it never was, or too long ago to tell.
 */
enum tgt_end tgt_was(const struct port *p, uint32_t addr)
{
	const struct tgt *x = &p->tgt[addr & XCHG_MASK];

	if (x->kind == TGT_FREE && x->addr == addr + XCHG_NR)
		return x->end;
	/* The slot is in use again: an older life of it has surely been. */
	if (x->kind != TGT_FREE && x->addr == addr + XCHG_NR)
		return END_BY_CHIP;
	return END_NEVER;
}

/**
 * txop_get() - Owner for frames.
 * @p: port
 *
 * Return: zeroed; back to txop_put() or to the last sent() of its frames.
 */
struct txop *txop_get(struct port *p)
{
	struct txop *t = p->free_tx;

	if (t)
		p->free_tx = t->next;
	else
		t = xchg_alloc(1, sizeof(*t));
	memset(t, 0, sizeof(*t));
	return t;
}

/**
 * txop_put() - Give an owner back.
 * @p: port
 * @t: no frame left
 */
void txop_put(struct port *p, struct txop *t)
{
	t->next = p->free_tx;
	p->free_tx = t;
}
