// SPDX-License-Identifier: GPL-2.0
/* A chip as a whole: making and ending it, its states, its faults. */
#include "chip/chip_int.h"

#include "spec/spec.h"

#include <assert.h>
#include <stdlib.h>

#define EVENT_SYSTEM_ERROR 0x8002U

#define S(sym, name) name,
static const char *const state_names[CHIP_NR_STATES] = { CHIP_STATES(S) };
#undef S

/**
 * chip_set_state() - Change the state; traced.
 * @c: chip
 * @state: new state
 */
void chip_set_state(struct chip *c, enum chip_state state)
{
	if (c->state != state)
		trace_add(c->s.jp, TRACE_STATE, c->state, state, 0, 0);
	c->state = state;
}

/**
 * chip_is_dead() - Has the firmware crashed or hung?
 * @c: chip
 *
 * Return: true: nothing but a reset helps.
 */
bool chip_is_dead(const struct chip *c)
{
	return c->state == CHIP_CRASHED || c->state == CHIP_HUNG;
}

/**
 * chip_stop() - The port goes off the wire and open work is written off.
 * @c: chip; its state decides what the host can still do
 *
 * A driver may reset its chip from inside an interrupt that a request caused;
 * the port is then stopped when it returns.
 *
 * Context: event loop.
 */
void chip_stop(struct chip *c)
{
	c->stop_due = c->in_port;
	if (c->in_port)
		return;
	port_stop(c->port);
	book_drop_all(c->s.jp);
}

void chip_async(struct chip *c, uint16_t mb0, uint16_t mb1, uint16_t mb2,
		uint16_t mb3)
{
	uint16_t mb[4] = { mb0, mb1, mb2, mb3 };

	if (c->state != CHIP_IDLE && c->state != CHIP_READY)
		return;
	c->s.jp->n.events++;
	cover_hit(c->s.jp, COVER_EVENT, mb0);
	trace_add(c->s.jp, TRACE_EVENT, mb0, mb1, mb2, mb3);
	irq_event(c, REASON_ASYNC, mb);
}

void chip_crash(struct chip *c)
{
	if (c->state != CHIP_IDLE && c->state != CHIP_READY)
		return;
	/* Mailboxes 1..3: where it happened; to drivers just numbers. */
	chip_async(c, EVENT_SYSTEM_ERROR, 0x0010, 0x0c0d, 0x0001);
	chip_set_state(c, CHIP_CRASHED);
	chip_stop(c);
}

static void hang(struct chip *c)
{
	if (c->state != CHIP_IDLE && c->state != CHIP_READY)
		return;
	chip_set_state(c, CHIP_HUNG);
	chip_stop(c);
}

static void fault_changed(struct fault_port *fp, enum fault_state state,
			  bool on)
{
	struct chip *c = fp->priv;

	switch (state) {
	case FAULT_FW_CRASH:
		if (on && (c->state == CHIP_IDLE || c->state == CHIP_READY) &&
		    fault_port_take(fp, state))
			chip_crash(c);
		break;
	case FAULT_FW_HANG:
		if (on)
			hang(c);
		break;
	case FAULT_ALL_ONES:
		if (on)
			chip_regs_reset(c);
		pcidev_set_gone(c->s.dev, on);
		break;
	case FAULT_RING_STALL:
		if (!on)
			ev_soon(&c->ring_work);
		break;
	case FAULT_NO_EXCHANGE:
		port_set_no_exchange(c->port, on);
		break;
	default:
		break;
	}
}

static void cover_all(struct judge *j)
{
	for (size_t i = 0; i < spec_nr_regs; i++)
		cover_add(j, COVER_REG, spec_regs[i].off, spec_regs[i].name);
	mbox_cover(j);
	cover_add(j, COVER_EVENT, 0x8002, "system error");
	cover_add(j, COVER_EVENT, 0x8003, "request transfer error");
	cover_add(j, COVER_EVENT, 0x8004, "response transfer error");
}

struct chip *chip_new(const struct chip_setup *s)
{
	struct chip *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->s = *s;
	c->is_25xx = s->dev->id.device == 0x2532;
	mbox_init(c);
	ring_init(c);
	nvram_build(c);
	c->s.flash_fw = NULL;
	cover_all(s->jp->judge);
	if (s->fault)
		fault_port_add(s->fault, &c->fault, s->jp->name, fault_changed,
			       c);
	c->port = port_new(c, s->fab);
	pcidev_attach_chip(s->dev, &chip_pcidev_ops, c);
	chip_regs_reset(c);
	return c;
}

void chip_free(struct chip *c)
{
	if (!c)
		return;
	port_stop(c->port);
	port_free(c->port);
	if (c->s.fault)
		fault_port_del(c->s.fault, &c->fault);
	mbox_reset(c);
	ring_free(c);
	flash_free(c);
	risc_free(c);
	free(c);
}

/* ---- accessors ---- */

struct ev *chip_ev(const struct chip *c)
{
	return c->s.ev;
}

struct pcidev *chip_dev(const struct chip *c)
{
	return c->s.dev;
}

struct judge_port *chip_jp(const struct chip *c)
{
	return c->s.jp;
}

struct port *chip_port(const struct chip *c)
{
	return c->port;
}

enum chip_state chip_state(const struct chip *c)
{
	return c->state;
}

const char *chip_state_name(const struct chip *c)
{
	return state_names[c->state];
}

const char *chip_name(const struct chip *c)
{
	return c->s.jp->name;
}

bool chip_is_25xx(const struct chip *c)
{
	return c->is_25xx;
}

unsigned int chip_speed_gbps(const struct chip *c)
{
	return c->is_25xx ? 8 : 4;
}

uint16_t chip_rate_code(const struct chip *c)
{
	return c->is_25xx ? 4 : 3;
}

uint64_t chip_nvram_wwpn(const struct chip *c)
{
	return c->s.wwpn;
}

bool chip_is_multi_id(const struct chip *c)
{
	return c->multi_id;
}
