// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts to the host: a FIFO of events for the default vector, and news of
 * the response ring.
 *
 * There is one clear command for everything. A clear after the head was read
 * from host status takes the head away. A clear without that read belongs to
 * the response vector, whose handler has nothing to read. If that vector was
 * not signalled either, the clear hits an event that nobody has seen: it is
 * lost, and the judge hears of it.
 *
 * News of the ATIO ring counts as delivered when it is read, for the host
 * walks the ring only after the clear, which may still be on its way while
 * the next entry is written. News of the response ring is looked at again at
 * the clear, because its out-index is written before. [SS 0, O]
 */
#include "chip/chip_int.h"

#include <assert.h>

static struct chip_event *head(struct chip_irq *q)
{
	return &q->ev[q->first % CHIP_NR_EVENTS];
}

static bool enabled(const struct chip *c)
{
	return c->reg[REG_ICTRL / 4] & ICTRL_RISC_INT;
}

static void set_level(struct chip *c)
{
	pcidev_intx(c->s.dev, enabled(c) && c->irq.nr);
}

static void fire(struct chip *c, unsigned int vector)
{
	if (enabled(c) && pcidev_irq_mode(c->s.dev) != PCIDEV_IRQ_INTX)
		pcidev_irq(c->s.dev, vector);
}

/* A new head: its mailboxes appear, and the host is told. */
static void present(struct chip *c)
{
	struct chip_event *e = head(&c->irq);

	c->irq.head_read = false;
	switch (e->reason) {
	case REASON_ROM_OK:
	case REASON_ROM_FAIL:
	case REASON_MBOX_OK:
	case REASON_MBOX_FAIL:
		memcpy(c->mbox.out, c->mbox.result, sizeof(c->mbox.out));
		break;
	case REASON_ASYNC:
		memcpy(c->mbox.out, e->mb, sizeof(e->mb));
		break;
	default:
		break;
	}
	fire(c, 0);
	set_level(c);
}

/**
 * irq_event() - Queue an event for the default vector.
 * @c: chip
 * @reason: REASON_*
 * @mb: mailboxes 0..3, or NULL
 *
 * Context: event loop.
 */
void irq_event(struct chip *c, uint8_t reason, const uint16_t mb[4])
{
	struct chip_irq *q = &c->irq;
	struct chip_event *e;

	if (q->nr == CHIP_NR_EVENTS) {
		judge_raise(c->s.jp, VERDICT_IRQ_FLOOD, "reason %02x lost",
			    reason);
		return;
	}
	e = &q->ev[(q->first + q->nr) % CHIP_NR_EVENTS];
	memset(e, 0, sizeof(*e));
	e->reason = reason;
	if (mb)
		memcpy(e->mb, mb, sizeof(e->mb));
	if (++q->nr == 1)
		present(c);
}

/**
 * irq_rsp_news() - There are entries on the response ring.
 * @c: chip
 *
 * Context: event loop.
 */
void irq_rsp_news(struct chip *c)
{
	struct chip_irq *q = &c->irq;

	if (pcidev_irq_mode(c->s.dev) == PCIDEV_IRQ_MSIX) {
		if (q->rsp_open)
			return;
		q->rsp_open = true;
		fire(c, 1);
	} else if (!q->rsp_queued) {
		q->rsp_queued = true;
		irq_event(c, REASON_RSP, NULL);
	}
}

/**
 * irq_atio_news() - There is a new entry on the ATIO ring.
 * @c: chip
 *
 * Context: event loop.
 */
void irq_atio_news(struct chip *c)
{
	if (c->irq.atio_fresh)
		return;
	c->irq.atio_fresh = true;
	irq_event(c, REASON_ATIO, NULL);
}

/**
 * irq_host_status() - The host reads host status.
 * @c: chip
 *
 * Context: event loop.
 * Return: register value.
 */
uint32_t irq_host_status(struct chip *c)
{
	uint32_t val = c->paused ? HSR_PAUSED : 0;
	struct chip_event *e;

	if (!c->irq.nr)
		return val;
	e = head(&c->irq);
	c->irq.head_read = true;
	if (e->reason == REASON_ATIO)
		c->irq.atio_fresh = false;
	return val | HSR_INT | e->reason | (uint32_t)e->mb[0] << 16;
}

/**
 * irq_is_pending() - Is anything uncleared?
 * @c: chip
 *
 * Return: true if so.
 */
bool irq_is_pending(const struct chip *c)
{
	return c->irq.nr || c->irq.rsp_open;
}

static void pop(struct chip *c)
{
	struct chip_irq *q = &c->irq;
	struct chip_event e = *head(q);
	bool again = false;

	q->first++;
	q->nr--;
	q->head_read = false;
	switch (e.reason) {
	case REASON_ROM_OK:
	case REASON_ROM_FAIL:
	case REASON_MBOX_OK:
	case REASON_MBOX_FAIL:
		mbox_taken(c);
		break;
	case REASON_RSP:
		q->rsp_queued = false;
		again = c->rsp.len && c->rsp.in != c->rsp.out;
		break;
	default:
		break;
	}
	if (q->nr)
		present(c);
	else
		set_level(c);
	if (again)
		irq_rsp_news(c);
}

static void blind_clear(struct chip *c)
{
	struct chip_event *e = head(&c->irq);

	judge_raise(c->s.jp, VERDICT_IRQ_CLEAR_BLIND,
		    "reason %02x mailbox 0 %04x lost", e->reason, e->mb[0]);
	if (e->reason == REASON_ATIO)
		c->irq.atio_fresh = false;
	pop(c);
}

/**
 * irq_clear() - The host gives the clear command.
 * @c: chip
 *
 * Context: event loop.
 */
void irq_clear(struct chip *c)
{
	struct chip_irq *q = &c->irq;

	if (q->nr && q->head_read) {
		pop(c);
	} else if (q->rsp_open) {
		q->rsp_open = false;
		if (c->rsp.len && c->rsp.in != c->rsp.out)
			irq_rsp_news(c);
	} else if (q->nr) {
		blind_clear(c);
	} else if (q->overtaken) {
		q->overtaken = false;
	} else {
		judge_raise(c->s.jp, VERDICT_IRQ_CLEAR_IDLE, "state %s",
			    chip_state_name(c));
	}
}

/**
 * irq_enable_changed() - The host wrote the interrupt control register.
 * @c: chip; the register has the new value
 *
 * What is pending is signalled when interrupts go on.
 *
 * Context: event loop.
 */
void irq_enable_changed(struct chip *c)
{
	set_level(c);
	if (!enabled(c))
		return;
	if (c->irq.nr)
		fire(c, 0);
	if (c->irq.rsp_open)
		fire(c, 1);
}

/**
 * irq_reset() - Forget everything.
 * @c: chip
 *
 * A handler that has looked already will still clear: stock drivers reset the
 * chip out of the handler of 8002h. That one clear is no mistake.
 *
 * Context: event loop.
 */
void irq_reset(struct chip *c)
{
	bool overtaken = c->irq.head_read || c->irq.rsp_open ||
			 c->irq.overtaken;

	memset(&c->irq, 0, sizeof(c->irq));
	c->irq.overtaken = overtaken;
	set_level(c);
}
