// SPDX-License-Identifier: GPL-2.0
/* What happens in a storm, and the keepers who put targets right again. */
#include "world_int.h"

#define TICK_NS (5 * EV_MS)
#define RETRY_NS (20 * EV_MS)

const char *storm_port_name(const struct tgt *t)
{
	return t->sim->tport->name;
}

static void load(struct tgt *t)
{
	cells_start(&t->now);
	if (sim_probe(t->sim))
		t->until = ev_now_ns(t->sim->ev) + RETRY_NS;
	else
		t->keep = KEEP_RUN;
}

static void disable(struct tgt *t)
{
	storm_met(t, DRV_EV_DISABLE);
	drv_disable(t->sim->drv);
}

void storm_unbind(struct tgt *t)
{
	drv_hold(t->sim->drv, false);
	drv_lazy(t->sim->drv, false);
	if (drv_enabled(t->sim->drv) || drv_busy(t->sim->drv))
		disable(t);
	t->keep = KEEP_UNBIND;
}

static void keep_run(struct tgt *t)
{
	struct drv *drv = t->sim->drv;

	if (!strcmp(drv_state(drv), "gone")) {
		storm_unbind(t);
		return;
	}
	if (drv_enabled(drv) || drv_busy(drv))
		return;
	if (drv_enable(drv))
		t->until = ev_now_ns(t->sim->ev) + RETRY_NS;
}

static void keep_one(struct tgt *t)
{
	uint64_t now = ev_now_ns(t->sim->ev);
	struct drv *drv = t->sim->drv;
	bool off = !drv || (!drv_enabled(drv) && !drv_busy(drv));

	if (now < t->until)
		return;
	switch (t->keep) {
	case KEEP_RUN:
		keep_run(t);
		break;
	case KEEP_OFF:
		if (!off)
			break;
		if (t->detach)
			drv_detach(drv);
		t->until = now + t->pause;
		t->keep = KEEP_RUN;
		break;
	case KEEP_UNBIND:
		if (!off)
			break;
		drv_detach(drv);
		drv_shutdown(drv);
		t->keep = KEEP_STOP;
		break;
	case KEEP_STOP:
		if (!drv_is_gone(drv))
			break;
		t->sim->drv = NULL;
		drv_remove_end(drv);
		disk_wipe(t->disk);
		t->until = now + t->pause;
		t->keep = KEEP_OUT;
		break;
	case KEEP_OUT:
		if (!t->w->over)
			load(t);
		break;
	}
}

void storm_tick(struct ev_timer *timer)
{
	struct tgt *t = container_of(timer, struct tgt, tick);

	keep_one(t);
	ev_timer_start(timer, TICK_NS);
}

void storm_ones_end(struct ev_timer *timer)
{
	struct tgt *t = container_of(timer, struct tgt, ones);

	fault_clear_port(t->sim->fault, storm_port_name(t), FAULT_ALL_ONES);
}

/* ---- events ---- */

/* Has anybody a command open at this target? */
static bool is_at_work(const struct tgt *t)
{
	const struct world *w = t->w;

	for (unsigned int i = 0; i < w->s->nr_ini; i++)
		if (w->from[i].tgt == t && ini_open(w->from[i].ini))
			return true;
	return false;
}

static void turn_off(struct tgt *t, const struct storm_event *e)
{
	if (e->kind == STORM_DETACH)
		storm_met(t, DRV_EV_DETACH);
	t->pause = e->a * 1000ULL;
	t->detach = e->kind == STORM_DETACH;
	t->until = 0;
	t->keep = KEEP_OFF;
	if (t->detach) {
		drv_hold(t->sim->drv, false);
		drv_lazy(t->sim->drv, false);
	}
	disable(t);
}

/* The card reads as all ones for a while. */
static void vanish(struct tgt *t, const struct storm_event *e)
{
	storm_struck(t->w, true);
	storm_met(t, DRV_EV_ALL_ONES);
	t->was_out = true;
	fault_arm_port(t->sim->fault, storm_port_name(t), FAULT_ALL_ONES,
		       FAULT_FOREVER);
	ev_timer_start(&t->ones, e->a * 1000ULL);
}

static void take_out(struct tgt *t, const struct storm_event *e)
{
	t->pause = e->a * 1000ULL;
	t->until = 0;
	if (e->kind == STORM_ALL_ONES) {
		vanish(t, e);
		if (!e->b)
			return;
	} else if (e->kind == STORM_SHUTDOWN) {
		storm_met(t, DRV_EV_SHUTDOWN);
		drv_shutdown(t->sim->drv);
	} else {
		storm_met(t, DRV_EV_REMOVE);
	}
	storm_unbind(t);
}

void storm_frame(struct world *w, const struct storm_event *e)
{
	struct fault_frame_spec spec = {
		.act = e->a >> 8,
		.cls = e->a & 0xff,
		.nth = 1 + e->b % 3,
		.count = 1 + e->b % 2,
		.delay_ns = e->b * 1000ULL,
	};
	struct tgt *t = &w->tgt[w->s->to[e->who]];
	struct fab_port *from = e->c < w->s->nr_tgt ?
					w->tgt[e->c].sim->tport :
					&w->from[e->who].ini->port;

	snprintf(spec.from, sizeof(spec.from), "%s", from->name);
	t->late |= spec.act == FAULT_DELAY;
	fault_arm_frame(w->first->fault, &spec);
}

static void on_off(struct tgt *t, enum fault_state state, bool on)
{
	storm_struck(t->w, on && is_at_work(t));
	if (on)
		fault_arm_port(t->sim->fault, storm_port_name(t), state,
			       FAULT_FOREVER);
	else
		fault_clear_port(t->sim->fault, storm_port_name(t), state);
}

void storm_happen_ini(struct world *w, const struct storm_event *e)
{
	struct from *f = &w->from[e->who];
	struct ini *ini = f->ini;

	if (e->kind == STORM_CMD) {
		f->queue[f->tail++] = (uint32_t)(e - w->s->ev);
		storm_pump(f);
		return;
	}
	if (e->kind == STORM_INI_LINK) {
		storm_struck(w, ini->port.link_up);
		fab_port_cable(&ini->port, false, e->a * 1000ULL + 1);
		return;
	} else if (e->kind == STORM_NO_DATA) {
		storm_struck(w, e->a && ini_open(ini));
		ini->hold_xfer_rdy = e->a;
		return;
	} else if (ini->state != INI_READY) {
		return;
	} else if (e->kind == STORM_ABTS) {
		storm_abts(f, e);
		return;
	} else if (e->kind == STORM_TMF) {
		storm_tmf(f, e);
		return;
	} else if (e->kind == STORM_ABTS_NONE) {
		ini_abort_id(ini, (uint16_t)e->a, (uint16_t)e->b);
	} else if (e->kind == STORM_LOGO) {
		ini_logout(ini, e->a);
	} else if (e->kind == STORM_PRLO) {
		ini_prlo(ini);
	} else if (e->kind == STORM_PLOGI || e->kind == STORM_PRLI) {
		ini_again(ini, e->kind == STORM_PLOGI);
	} else if (e->kind == STORM_STRAY) {
		uint32_t id = ini->target_id;

		ini_logout(ini, true);
		ini_stray(ini, id);
	} else if (e->kind == STORM_SILENT) {
		ini_lose(ini);
	}
	storm_struck(w, true);
}

/* What needs a driver that is there and in nobody's hands. */
static void happen_loaded(struct tgt *t, const struct storm_event *e)
{
	if (!t->sim->drv)
		return;
	if (e->kind == STORM_PCI) {
		storm_struck(t->w, true);
		storm_met(t, DRV_EV_PCI_ERROR);
		drv_pci_error(t->sim->drv);
	} else if (e->kind == STORM_ALL_ONES && t->keep > KEEP_OFF) {
		vanish(t, e);
	}
	if (t->keep > KEEP_OFF)
		return;
	switch (e->kind) {
	case STORM_DISABLE:
	case STORM_DETACH:
		storm_struck(t->w, true);
		turn_off(t, e);
		break;
	case STORM_REMOVE:
	case STORM_SHUTDOWN:
		storm_struck(t->w, true);
		take_out(t, e);
		break;
	case STORM_ALL_ONES:
		take_out(t, e);
		break;
	case STORM_HOLD:
		drv_hold(t->sim->drv, e->a);
		break;
	case STORM_LAZY:
		drv_lazy(t->sim->drv, e->a);
		break;
	case STORM_REFUSE:
		drv_refuse(t->sim->drv, e->a);
		break;
	}
}

void storm_happen_tgt(struct world *w, const struct storm_event *e)
{
	struct tgt *t = &w->tgt[e->who];

	switch (e->kind) {
	case STORM_RSCN:
		fab_rscn(t->sim->tport);
		break;
	case STORM_TGT_LINK:
		storm_struck(w, t->sim->tport->link_up);
		fab_port_cable(t->sim->tport, false, e->a * 1000ULL + 1);
		break;
	case STORM_CRASH:
		fault_arm_port(t->sim->fault, storm_port_name(t),
			       FAULT_FW_CRASH, 1);
		break;
	case STORM_HANG:
		storm_met(t, DRV_EV_HANG);
		fault_arm_port(t->sim->fault, storm_port_name(t), FAULT_FW_HANG,
			       1);
		break;
	case STORM_MBOX:
		fault_arm_port(t->sim->fault, storm_port_name(t),
			       FAULT_MBOX_TIMEOUT, e->a);
		break;
	case STORM_STALL:
		on_off(t, FAULT_RING_STALL, e->a);
		break;
	case STORM_NO_XCHG:
		on_off(t, FAULT_NO_EXCHANGE, e->a);
		break;
	case STORM_AT:
		if (e->b < STORM_NR_KINDS && e->b >= STORM_RSCN &&
		    e->b != STORM_AT && e->b != STORM_FRAME)
			t->at = e;
		break;
	case STORM_MAP:
		shim_fail_map_at(e->a);
		break;
	case STORM_ALLOC:
		shim_fail_alloc_at(e->a);
		break;
	default:
		happen_loaded(t, e);
		break;
	}
}

void storm_at_fired(struct ev_timer *timer)
{
	struct tgt *t = container_of(timer, struct tgt, at_timer);

	storm_happen_tgt(t->w, &t->at_event);
}
