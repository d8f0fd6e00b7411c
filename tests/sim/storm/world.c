// SPDX-License-Identifier: GPL-2.0
/*
 * A storm: commands of many initiators to many targets, and what goes wrong
 * meanwhile.
 *
 * A keeper per target does what an administrator's scripts do: it loads the
 * driver, enables the target, and does so again after each removal. Settling
 * means that faults end and everything has to be as on the first day within
 * RECOVER_MS; only then the rest of the script goes on.
 */
#include "world.h"

#include "../sim.h"
#include "disk.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

/* Deadlines, virtual time. */
#define RECOVER_MS 200000U /* after the last fault: a hang, then its resets */
#define BOOKS_MS 60000U /* an unanswered link service is given up */
#define QUIESCE_MS 60000U /* the end: disable and removal */
#define CMD_TIMEOUT_NS (2 * EV_SEC)
#define TICK_NS (5 * EV_MS)
#define RETRY_NS (20 * EV_MS)

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
	bool over;
};

static struct world *the_world;

__attribute__((format(printf, 2, 3))) static void wrong(struct world *w,
							const char *fmt, ...)
{
	va_list ap;
	size_t at;

	if (!w->r->ok)
		return;
	w->r->ok = false;
	at = (size_t)snprintf(w->r->why, sizeof(w->r->why), "%.6f s: ",
			      (double)ev_now_ns(w->first->ev) / 1e9);
	va_start(ap, fmt);
	vsnprintf(w->r->why + at, sizeof(w->r->why) - at, fmt, ap);
	va_end(ap);
	if (getenv("SIM_VERBOSE"))
		fprintf(stderr, "# WRONG %s\n", w->r->why);
}

static struct tgt *tgt_of(void *shim_host)
{
	for (unsigned int i = 0; i < the_world->s->nr_tgt; i++)
		if (the_world->tgt[i].sim == shim_host)
			return &the_world->tgt[i];
	return NULL;
}

static void watch_state(void *shim_host, const char *what, const char *from,
			const char *to)
{
	cells_move(&tgt_of(shim_host)->now, what, from, to);
}

static void watch_event(void *shim_host, enum drv_event ev)
{
	cells_met(the_world->cells, &tgt_of(shim_host)->now, ev);
}

static const struct drv_watch watch = {
	.state = watch_state,
	.event = watch_event,
};

static void met(struct tgt *t, enum drv_event ev)
{
	if (t->sim->drv)
		cells_met(t->w->cells, &t->now, ev);
}

/* With several adapters nobody can tell whose allocation it was. */
static void refused(bool map)
{
	if (the_world->s->nr_tgt == 1)
		met(&the_world->tgt[0],
		    map ? DRV_EV_MAP_FAIL : DRV_EV_ALLOC_FAIL);
}

/* ---- commands ---- */

static void pump(struct from *f);

static uint64_t now_of(const struct from *f)
{
	return ev_now_ns(f->w->first->ev);
}

static void complain(struct cmd *c, const char *what)
{
	struct ini_io *io = &c->io;

	wrong(c->from->w,
	      "%s: command %02x of block %u+%u form %u: %s (status %02x flags %02x resid %u moved %u sense %x/%02x)",
	      c->from->ini->port.name, io->cdb[0], c->lba, c->blocks, c->form,
	      what, io->status, io->flags, io->resid, io->moved,
	      io->sense[2] & 15, io->sense[12]);
}

/* An error is an error only if nothing was done to this target. */
static void excused(struct cmd *c, const char *what)
{
	c->from->nr_errors++;
	if (!c->from->tgt->touched)
		complain(c, what);
}

static void judge_good(struct cmd *c)
{
	struct ini_io *io = &c->io;
	uint32_t bytes = c->blocks * DISK_BLOCK;
	uint8_t want = c->form == STORM_FORM_UNDER ? 0x08 :
		       c->form == STORM_FORM_OVER  ? 0x04 :
						     0;
	char why[160];

	c->from->w->r->nr_good++;
	if (io->moved != bytes && !io->write) {
		/* A lost frame: an initiator's chip sees that, too. */
		excused(c, "byte count");
		return;
	}
	if (io->moved != bytes || (io->flags & 0x0c) != want ||
	    (want && io->resid != DISK_BLOCK))
		complain(c, "byte count or residual");
	if (io->read && bytes &&
	    !disk_check(c->from->tgt->disk, c->since, c->lba, c->blocks,
			ini_buf(io->ini, io->slot), why, sizeof(why)))
		complain(c, why);
}

static void judge_status(struct cmd *c)
{
	static const struct {
		uint8_t key, asc;
	} want[] = {
		[STORM_FORM_DIR] = { 5, 0x24 },
		[STORM_FORM_LUN] = { 5, 0x25 },
		[STORM_FORM_OPCODE] = { 5, 0x20 },
		[STORM_FORM_SENSE] = { 9, 0x80 },
	};
	struct ini_io *io = &c->io;

	if (io->status == 0x08 || io->status == 0x28)
		excused(c, "busy");
	else if (c->form < STORM_FORM_DIR || c->form == STORM_FORM_TUR)
		excused(c, "status");
	else if (io->status != 2 || (io->sense[2] & 15) != want[c->form].key ||
		 io->sense[12] != want[c->form].asc)
		complain(c, "sense");
}

static void end_write(struct cmd *c)
{
	struct ini_io *io = &c->io;
	struct from *f = c->from;
	enum disk_end end = DISK_MAYBE;

	if (io->end == INI_END_LOST) {
		end = DISK_LOST;
		f->lost[f->nr_lost++ % STORM_MAX_EVENTS] = c->write;
	} else if (io->end == INI_END_STATUS && !io->status) {
		end = DISK_DONE;
	} else if (io->end == INI_END_STATUS &&
		   (io->status == 0x08 || io->status == 0x28)) {
		end = DISK_NEVER;
	}
	disk_written(f->tgt->disk, c->write, now_of(f), end, c->blocks);
}

static void io_done(struct ini_io *io)
{
	struct cmd *c = container_of(io, struct cmd, io);
	struct from *f = c->from;

	if (c->write)
		end_write(c);
	c->write = 0;
	if (io->end == INI_END_LOST) {
		f->w->r->nr_lost++;
		if (!f->w->over)
			excused(c, "lost");
	} else if (io->end == INI_END_ABORTED) {
		f->w->r->nr_aborted++;
		excused(c, "aborted");
	} else if (io->tmf) {
		if (io->status || (io->flags & 1 && io->rsp_code > 5))
			complain(c, "answer of a function");
	} else if (io->status) {
		judge_status(c);
	} else if (c->form >= STORM_FORM_DIR && c->form != STORM_FORM_TUR) {
		complain(c, "is GOOD");
	} else {
		judge_good(c);
	}
	pump(f);
}

/* No read can begin, or is open, that began before this. */
static void note_oldest(struct tgt *t)
{
	uint64_t oldest = ev_now_ns(t->sim->ev);
	struct world *w = t->w;

	for (unsigned int i = 0; i < w->s->nr_ini; i++)
		for (unsigned int k = 0; k < INI_SLOTS; k++) {
			const struct cmd *c = &w->from[i].cmd[k];

			if (c->io.open && c->since < oldest)
				oldest = c->since;
		}
	disk_oldest(t->disk, oldest);
}

static void shape(struct cmd *c, const struct storm_event *e)
{
	struct ini_io *io = &c->io;
	bool write = e->c & STORM_CMD_WRITE;
	uint32_t blocks = e->b;

	ini_rw(io, write, e->a, blocks);
	io->attr = (uint8_t)((e->c & STORM_CMD_ATTR) >> 1);
	switch (c->form) {
	case STORM_FORM_RW:
		break;
	case STORM_FORM_UNDER:
		io->data_len += DISK_BLOCK;
		break;
	case STORM_FORM_OVER:
		io->data_len -= DISK_BLOCK;
		blocks--;
		break;
	case STORM_FORM_DIR:
		io->read = write;
		io->write = !write;
		blocks = 0;
		break;
	case STORM_FORM_LUN:
		io->lun[1] = 1;
		blocks = 0;
		break;
	default:
		io->cdb[0] = c->form == STORM_FORM_OPCODE ? 0xee :
			     c->form == STORM_FORM_TUR	  ? 0x00 :
							    0xc0;
		io->read = false;
		io->write = false;
		io->data_len = 0;
		blocks = 0;
		break;
	}
	c->lba = e->a;
	c->blocks = blocks;
}

static void submit(struct from *f, unsigned int slot,
		   const struct storm_event *e)
{
	struct cmd *c = &f->cmd[slot];
	uint8_t *buf = ini_buf(f->ini, slot);

	memset(&c->io, 0, sizeof(c->io));
	c->from = f;
	c->io.slot = slot;
	c->io.done = io_done;
	c->since = now_of(f);
	c->write = 0;
	c->form = (e->c & STORM_CMD_FORM) >> 4;
	if (c->form == STORM_FORM_OVER && e->b == 1)
		c->form = STORM_FORM_RW;
	shape(c, e);
	if (c->io.write && c->blocks) {
		note_oldest(f->tgt);
		c->write =
			disk_write(f->tgt->disk, c->since, c->lba, e->b, buf);
	} else if (c->io.read) {
		memset(buf, 0xee, c->io.data_len);
	}
	f->w->r->nr_cmds++;
	ini_submit(f->ini, &c->io);
}

static int free_slot(const struct from *f)
{
	for (unsigned int i = 0; i < f->depth; i++)
		if (!f->cmd[i].io.open)
			return (int)i;
	return -1;
}

static void pump(struct from *f)
{
	int slot;

	while (!f->w->over && f->head != f->tail &&
	       f->ini->state == INI_READY && (slot = free_slot(f)) >= 0)
		submit(f, (unsigned int)slot,
		       &f->w->s->ev[f->queue[f->head++]]);
}

static void ini_in(struct ini *ini)
{
	struct from *f = ini->priv;

	for (uint32_t i = 0; i < f->nr_lost && i < STORM_MAX_EVENTS; i++)
		disk_settle(f->tgt->disk, f->lost[i], now_of(f));
	f->nr_lost = 0;
	if (f->nr_logins++ && !f->tgt->touched)
		wrong(f->w, "%s had to log in again", ini->port.name);
	pump(f);
}

static void send_tmf(struct from *f, const struct storm_event *e)
{
	int slot = free_slot(f);
	struct cmd *c;

	if (f->ini->state != INI_READY || slot < 0)
		return;
	c = &f->cmd[slot];
	memset(&c->io, 0, sizeof(c->io));
	c->from = f;
	c->io.slot = (unsigned int)slot;
	c->io.done = io_done;
	c->io.tmf = (uint8_t)e->a;
	c->io.lun[1] = (uint8_t)e->b;
	c->since = now_of(f);
	c->write = 0;
	f->w->r->nr_faults++;
	ini_submit(f->ini, &c->io);
}

static void send_abts(struct from *f, const struct storm_event *e)
{
	unsigned int nr = ini_open(f->ini), i;

	if (!nr)
		return;
	nr = e->a % nr;
	for (i = 0; i < INI_SLOTS; i++) {
		struct ini_io *io = f->ini->slot[i];

		if (!io || nr--)
			continue;
		f->w->r->nr_faults++;
		ini_abort(io);
		if (e->b)
			ini_abort_id(f->ini, 0x7fff, io->rx_id);
		return;
	}
}

/* ---- the keepers ---- */

static const char *port_name(const struct tgt *t)
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

static void begin_unbind(struct tgt *t)
{
	drv_hold(t->sim->drv, false);
	drv_lazy(t->sim->drv, false);
	if (drv_enabled(t->sim->drv) || drv_busy(t->sim->drv))
		drv_disable(t->sim->drv);
	t->keep = KEEP_UNBIND;
}

static void keep_run(struct tgt *t)
{
	struct drv *drv = t->sim->drv;

	if (!strcmp(drv_state(drv), "gone")) {
		begin_unbind(t);
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

static void tick(struct ev_timer *timer)
{
	struct tgt *t = container_of(timer, struct tgt, tick);

	keep_one(t);
	ev_timer_start(timer, TICK_NS);
}

static void ones_end(struct ev_timer *timer)
{
	struct tgt *t = container_of(timer, struct tgt, ones);

	fault_clear_port(t->sim->fault, port_name(t), FAULT_ALL_ONES);
}

/* ---- events ---- */

static void turn_off(struct tgt *t, const struct storm_event *e)
{
	met(t, e->kind == STORM_DETACH ? DRV_EV_DETACH : DRV_EV_DISABLE);
	t->pause = e->a * 1000ULL;
	t->detach = e->kind == STORM_DETACH;
	t->until = 0;
	t->keep = KEEP_OFF;
	if (t->detach) {
		drv_hold(t->sim->drv, false);
		drv_lazy(t->sim->drv, false);
	}
	drv_disable(t->sim->drv);
}

static void take_out(struct tgt *t, const struct storm_event *e)
{
	met(t, e->kind == STORM_REMOVE	 ? DRV_EV_REMOVE :
	       e->kind == STORM_SHUTDOWN ? DRV_EV_SHUTDOWN :
					   DRV_EV_ALL_ONES);
	t->pause = e->a * 1000ULL;
	t->until = 0;
	if (e->kind == STORM_ALL_ONES) {
		t->was_out = true;
		fault_arm_port(t->sim->fault, port_name(t), FAULT_ALL_ONES,
			       FAULT_FOREVER);
		ev_timer_start(&t->ones, t->pause);
		if (!e->b)
			return;
	}
	if (e->kind == STORM_SHUTDOWN)
		drv_shutdown(t->sim->drv);
	begin_unbind(t);
}

static void frame_fault(struct world *w, const struct storm_event *e)
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
	if (on)
		fault_arm_port(t->sim->fault, port_name(t), state,
			       FAULT_FOREVER);
	else
		fault_clear_port(t->sim->fault, port_name(t), state);
}

static void happen_ini(struct world *w, const struct storm_event *e)
{
	struct from *f = &w->from[e->who];
	struct ini *ini = f->ini;

	if (e->kind == STORM_CMD) {
		f->queue[f->tail++] = (uint32_t)(e - w->s->ev);
		pump(f);
		return;
	}
	if (e->kind == STORM_INI_LINK) {
		fab_port_cable(&ini->port, false, e->a * 1000ULL + 1);
	} else if (e->kind == STORM_NO_DATA) {
		ini->hold_xfer_rdy = e->a;
	} else if (ini->state != INI_READY) {
		return;
	} else if (e->kind == STORM_ABTS) {
		send_abts(f, e);
		return;
	} else if (e->kind == STORM_TMF) {
		send_tmf(f, e);
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
	w->r->nr_faults++;
}

/* What needs a driver that is there and in nobody's hands. */
static void happen_loaded(struct tgt *t, const struct storm_event *e)
{
	if (t->keep != KEEP_RUN)
		return;
	switch (e->kind) {
	case STORM_DISABLE:
	case STORM_DETACH:
		if (!drv_enabled(t->sim->drv) && !drv_busy(t->sim->drv))
			return;
		turn_off(t, e);
		break;
	case STORM_REMOVE:
	case STORM_SHUTDOWN:
	case STORM_ALL_ONES:
		take_out(t, e);
		break;
	case STORM_PCI:
		met(t, DRV_EV_PCI_ERROR);
		drv_pci_error(t->sim->drv);
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
	t->w->r->nr_faults += storm_is_fault(e->kind);
}

static void happen_tgt(struct world *w, const struct storm_event *e)
{
	struct tgt *t = &w->tgt[e->who];

	switch (e->kind) {
	case STORM_RSCN:
		fab_rscn(t->sim->tport);
		return;
	case STORM_TGT_LINK:
		fab_port_cable(t->sim->tport, false, e->a * 1000ULL + 1);
		break;
	case STORM_CRASH:
		fault_arm_port(t->sim->fault, port_name(t), FAULT_FW_CRASH, 1);
		break;
	case STORM_HANG:
		met(t, DRV_EV_HANG);
		fault_arm_port(t->sim->fault, port_name(t), FAULT_FW_HANG, 1);
		break;
	case STORM_MBOX:
		fault_arm_port(t->sim->fault, port_name(t), FAULT_MBOX_TIMEOUT,
			       e->a);
		break;
	case STORM_STALL:
		on_off(t, FAULT_RING_STALL, e->a);
		break;
	case STORM_NO_XCHG:
		on_off(t, FAULT_NO_EXCHANGE, e->a);
		break;
	case STORM_MAP:
		shim_fail_map_at(e->a);
		break;
	case STORM_ALLOC:
		shim_fail_alloc_at(e->a);
		break;
	default:
		happen_loaded(t, e);
		return;
	}
	w->r->nr_faults++;
}

/* ---- settling ---- */

static bool is_settled(void *arg)
{
	struct world *w = arg;
	unsigned int i;

	for (i = 0; i < w->s->nr_tgt; i++)
		if (w->tgt[i].keep != KEEP_RUN || !sim_is_ready(w->tgt[i].sim))
			return false;
	for (i = 0; i < w->s->nr_ini; i++) {
		struct from *f = &w->from[i];

		if (f->ini->state != INI_READY || ini_open(f->ini) ||
		    f->head != f->tail)
			return false;
	}
	return true;
}

static void calm(struct world *w)
{
	unsigned int i;

	fault_clear(w->first->fault);
	shim_fail_map_at(0);
	shim_fail_alloc_at(0);
	for (i = 0; i < w->s->nr_tgt; i++) {
		struct tgt *t = &w->tgt[i];

		if (!t->sim->drv || t->keep > KEEP_OFF)
			continue;
		drv_hold(t->sim->drv, false);
		drv_lazy(t->sim->drv, false);
		drv_refuse(t->sim->drv, 0);
	}
	for (i = 0; i < w->s->nr_ini; i++) {
		struct ini *ini = w->from[i].ini;

		ini->hold_xfer_rdy = false;
		if (ini->state == INI_SEARCH && !ev_timer_is_armed(&ini->retry))
			ini_login(ini);
	}
}

static void describe(struct world *w, char *text, size_t len)
{
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < w->s->nr_tgt && at < len; i++) {
		struct tgt *t = &w->tgt[i];

		at += (size_t)snprintf(
			text + at, len - at, " %s: %s %s %s%u", port_name(t),
			t->sim->drv ? drv_state(t->sim->drv) : "none",
			t->sim->drv ? drv_link(t->sim->drv) : "", "keeper ",
			t->keep);
	}
	for (i = 0; i < w->s->nr_ini && at < len; i++) {
		struct from *f = &w->from[i];

		if (f->ini->state != INI_READY || ini_open(f->ini))
			at += (size_t)snprintf(text + at, len - at,
					       " %s: state %u, %u open",
					       f->ini->port.name, f->ini->state,
					       ini_open(f->ini));
	}
}

static bool settle(struct world *w)
{
	uint64_t start = ev_now_ns(w->first->ev), ms;
	char text[240] = "";

	calm(w);
	if (!sim_wait(w->first, is_settled, w, RECOVER_MS)) {
		describe(w, text, sizeof(text));
		wrong(w, "no recovery within %u s:%s", RECOVER_MS / 1000, text);
		return false;
	}
	ms = (ev_now_ns(w->first->ev) - start) / EV_MS;
	if (ms > w->r->slowest_ms)
		w->r->slowest_ms = (uint32_t)ms;
	return true;
}

/* ---- begin and end ---- */

static void build(struct world *w)
{
	const struct storm_script *s = w->s;
	char name[16];
	unsigned int i;

	for (i = 0; i < s->nr_tgt; i++) {
		struct sim_setup setup = {
			.device = s->tgt[i].device,
			.irq = s->tgt[i].irq,
			.seed = s->seed,
			.latency_ns = s->latency_ns,
			.irq_jitter_ns = s->jitter_ns,
			.disk_blocks = s->blocks,
			.fw_late = s->tgt[i].fw_late,
		};
		struct tgt *t = &w->tgt[i];

		t->w = w;
		t->sim = i ? sim_join(w->first, &setup) : sim_new(&setup);
		if (!i)
			w->first = t->sim;
		t->disk = disk_new(s->blocks);
		ev_timer_init(&t->tick, w->first->ev, tick);
		ev_timer_init(&t->ones, w->first->ev, ones_end);
		t->keep = KEEP_OUT;
		ev_timer_start(&t->tick, 0);
	}
	for (i = 0; i < s->nr_ini; i++) {
		struct from *f = &w->from[i];

		snprintf(name, sizeof(name), "ini%u.0", i);
		f->w = w;
		f->tgt = &w->tgt[s->to[i]];
		f->depth = s->depth[i] && s->depth[i] <= INI_SLOTS ?
				   s->depth[i] :
				   1;
		f->ini = ini_new(w->first->ev, w->first->judge, w->first->fab,
				 name, 0x2100dead00000001ULL + i,
				 f->tgt->sim->tport);
		f->ini->priv = f;
		f->ini->ready = ini_in;
		f->ini->timeout_ns = CMD_TIMEOUT_NS;
		w->first->ini[i] = f->ini;
		w->first->nr_ini = i + 1;
	}
	for (i = 0; i < s->nr; i++) {
		int hit = storm_hits(s, &s->ev[i]);

		if (hit >= 0)
			w->tgt[hit].touched = true;
		/* Nobody knows beforehand whom a shared fault hits. */
		if (s->ev[i].kind == STORM_MAP || s->ev[i].kind == STORM_ALLOC)
			for (unsigned int k = 0; k < s->nr_tgt; k++)
				w->tgt[k].touched = true;
	}
}

static bool all_out(void *arg)
{
	struct world *w = arg;

	for (unsigned int i = 0; i < w->s->nr_tgt; i++)
		if (w->tgt[i].keep != KEEP_OUT)
			return false;
	return true;
}

/* Has the chip given everything back? A lost answer takes its time. */
static bool books_closed(void *arg)
{
	struct world *w = arg;

	for (unsigned int i = 0; i < w->s->nr_tgt; i++)
		for (unsigned int k = 0; k < BOOK_NR_KINDS; k++)
			if (!w->tgt[i].was_out &&
			    book_open(&w->tgt[i].sim->jp->books.kind[k]))
				return false;
	return true;
}

/* Quiet now: what the books and the disks say. */
static void judge_end(struct world *w)
{
	char why[160];
	unsigned int i;

	sim_wait(w->first, books_closed, w, BOOKS_MS);
	for (i = 0; i < w->s->nr_tgt; i++) {
		struct tgt *t = &w->tgt[i];

		if (!disk_check(t->disk, ev_now_ns(w->first->ev), 0,
				w->s->blocks, drv_disk(t->sim->drv), why,
				sizeof(why)))
			wrong(w, "%s: the engine's disk: %s", port_name(t),
			      why);
		if (!t->was_out && !sim_books_balanced(t->sim))
			wrong(w, "%s: books do not balance", port_name(t));
	}
	for (i = 0; i < w->s->nr_ini; i++) {
		struct from *f = &w->from[i];

		if (f->ini->nr_twice)
			wrong(w, "%s: %u commands answered twice",
			      f->ini->port.name, f->ini->nr_twice);
		if (f->ini->nr_late && !f->tgt->late)
			wrong(w, "%s: %u frames for aborted commands",
			      f->ini->port.name, f->ini->nr_late);
	}
}

/* Verdicts, but for a card that was away: its driver cannot have known. */
static void judge_verdicts(struct world *w)
{
	struct judge_port *jp;
	unsigned int i, v;

	for (jp = w->first->judge->ports; jp; jp = jp->next) {
		bool away = false;

		for (i = 0; i < w->s->nr_tgt; i++)
			away |= w->tgt[i].was_out && w->tgt[i].sim->jp == jp;
		for (v = 0; v < VERDICT_NR && !away; v++)
			if (jp->verdicts[v].nr)
				wrong(w, "verdict %s %s: %s", jp->name,
				      verdict_infos[v].name,
				      jp->verdicts[v].first);
	}
}

static void play(struct world *w)
{
	const struct storm_script *s = w->s;

	for (uint32_t i = 0; i < s->nr && w->r->ok; i++) {
		const struct storm_event *e = &s->ev[i];
		struct ev *ev = w->first->ev;

		if (e->wait_ns)
			ev_run_until(ev, ev_now_ns(ev) + e->wait_ns);
		if (e->kind == STORM_SETTLE) {
			if (!settle(w))
				return;
		} else if (e->kind <= STORM_INI_LINK) {
			happen_ini(w, e);
		} else if (e->kind == STORM_FRAME) {
			w->r->nr_faults++;
			frame_fault(w, e);
		} else {
			happen_tgt(w, e);
		}
	}
	if (w->r->ok)
		settle(w);
}

static void tear_down(struct world *w)
{
	unsigned int i, nr;

	w->over = true;
	calm(w);
	for (i = 0; i < w->s->nr_tgt; i++) {
		struct tgt *t = &w->tgt[i];

		t->pause = 0;
		t->until = 0;
		if (t->keep <= KEEP_OFF)
			begin_unbind(t);
	}
	if (!sim_wait(w->first, all_out, w, QUIESCE_MS)) {
		char text[240] = "";

		describe(w, text, sizeof(text));
		wrong(w, "does not go within %u s:%s", QUIESCE_MS / 1000, text);
		return;
	}
	judge_verdicts(w);
	for (i = 0; i < w->s->nr_tgt; i++) {
		ev_timer_stop(&w->tgt[i].tick);
		ev_timer_stop(&w->tgt[i].ones);
	}
	nr = sim_free(w->first);
	if (nr)
		wrong(w, "%u failures of the shim: %s", nr,
		      shim_failure_text());
	for (i = 0; i < w->s->nr_tgt; i++)
		disk_free(w->tgt[i].disk);
}

void storm_run(const struct storm_script *s, struct storm_result *r,
	       struct cells *cells)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	memset(r, 0, sizeof(*r));
	/* Whoever looks after a crash finds these words. */
	snprintf(r->why, sizeof(r->why), "0 s: crashed or hung");
	r->ok = true;
	w->s = s;
	w->r = r;
	w->cells = cells;
	the_world = w;
	drv_watch_set(&watch);
	sim_failed_hook(refused);
	build(w);
	if (settle(w))
		play(w);
	if (r->ok)
		judge_end(w);
	if (r->ok)
		tear_down(w);
	else if (getenv("SIM_VERBOSE"))
		sim_verdicts(w->first);
	if (r->ok)
		r->why[0] = '\0';
	free(w);
}
