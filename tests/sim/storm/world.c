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
#include "world_int.h"

#include <stdarg.h>
#include <stdlib.h>

/* Deadlines, virtual time. */
#define RECOVER_MS 200000U /* after the last fault: a hang, then its resets */
#define BOOKS_MS 60000U /* an unanswered link service is given up */
#define QUIESCE_MS 60000U /* the end: disable and removal */
#define CMD_TIMEOUT_NS (2 * EV_SEC)

static struct world *the_world;

void storm_wrong(struct world *w, const char *fmt, ...)
{
	va_list ap;
	size_t at;

	if (!w->r->ok)
		return;
	w->r->ok = false;
	at = (size_t)snprintf(
		w->r->why, sizeof(w->r->why), "%.6f s: ",
		(double)(w->first ? ev_now_ns(w->first->ev) : w->end_ns) / 1e9);
	va_start(ap, fmt);
	vsnprintf(w->r->why + at, sizeof(w->r->why) - at, fmt, ap);
	va_end(ap);
	if (getenv("SIM_VERBOSE"))
		fprintf(stderr, "# WRONG %s\n", w->r->why);
}

void storm_struck(struct world *w, bool struck)
{
	w->r->nr_faults += struck;
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
	struct tgt *t = tgt_of(shim_host);

	cells_move(&t->now, what, from, to);
	if (!t->at || cells_find(what, to) != (int)t->at->a)
		return;
	t->at_event = (struct storm_event){
		.kind = (uint8_t)t->at->b,
		.who = t->at->who,
		.a = 1,
	};
	/* Once whoever makes the change has returned. */
	ev_timer_start(&t->at_timer, t->at->c);
	t->at = NULL;
}

static void watch_event(void *shim_host, enum drv_event ev)
{
	cells_met(the_world->cells, &tgt_of(shim_host)->now, ev);
}

static const struct drv_watch watch = {
	.state = watch_state,
	.event = watch_event,
};

void storm_met(struct tgt *t, enum drv_event ev)
{
	if (t->sim->drv)
		cells_met(t->w->cells, &t->now, ev);
}

/* With several adapters nobody can tell whose allocation it was. */
static void refused(bool map)
{
	storm_struck(the_world, true);
	if (the_world->s->nr_tgt == 1)
		storm_met(&the_world->tgt[0],
			  map ? DRV_EV_MAP_FAIL : DRV_EV_ALLOC_FAIL);
}

/* ---- settling ---- */

static bool is_settled(void *arg)
{
	struct world *w = arg;
	unsigned int i;

	/* Asked after each event: what takes longest comes first. */
	for (i = 0; i < w->s->nr_ini; i++) {
		struct from *f = &w->from[i];

		if (f->ini->state != INI_READY || ini_open(f->ini) ||
		    f->head != f->tail)
			return false;
	}
	for (i = 0; i < w->s->nr_tgt; i++)
		if (w->tgt[i].keep != KEEP_RUN || !sim_is_ready(w->tgt[i].sim))
			return false;
	return true;
}

/* What the model knows: frames hit, mailboxes lost, crashes and hangs. */
static void count_struck(struct world *w)
{
	static const enum fault_state once[] = {
		FAULT_FW_HANG,
		FAULT_FW_CRASH,
		FAULT_MBOX_TIMEOUT,
	};
	struct fault *fault = w->first->fault;
	struct fault_frame_info info;
	struct fault_port *fp;
	uint64_t nr = 0;
	unsigned int i;

	for (i = 0; fault_frame_info(fault, i, &info); i++)
		w->r->nr_faults += info.hit != 0;
	for (fp = fault_port_next(fault, NULL); fp;
	     fp = fault_port_next(fault, fp))
		for (i = 0; i < sizeof(once) / sizeof(once[0]); i++)
			nr += fp->fired[once[i]];
	w->r->nr_faults += (uint32_t)(nr - w->nr_fired);
	w->nr_fired = nr;
}

static void calm(struct world *w)
{
	unsigned int i;

	count_struck(w);
	fault_clear(w->first->fault);
	shim_fail_map_at(0);
	shim_fail_alloc_at(0);
	for (i = 0; i < w->s->nr_tgt; i++) {
		struct tgt *t = &w->tgt[i];

		t->at = NULL;
		ev_timer_stop(&t->at_timer);
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

		at += (size_t)snprintf(text + at, len - at, " %s: %s %s %s%u",
				       storm_port_name(t),
				       t->sim->drv ? drv_state(t->sim->drv) :
						     "none",
				       t->sim->drv ? drv_link(t->sim->drv) : "",
				       "keeper ", t->keep);
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
		storm_wrong(w, "no recovery within %u s:%s", RECOVER_MS / 1000,
			    text);
		return false;
	}
	ms = (ev_now_ns(w->first->ev) - start) / EV_MS;
	if (ms > w->r->slowest_ms)
		w->r->slowest_ms = (uint32_t)ms;
	return true;
}

/* ---- begin and end ---- */

/* A fault that hits whoever comes first. */
static bool is_shared(const struct storm_event *e)
{
	uint32_t kind = e->kind == STORM_AT ? e->b : e->kind;

	return kind == STORM_MAP || kind == STORM_ALLOC;
}

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
		ev_timer_init(&t->tick, w->first->ev, storm_tick);
		ev_timer_init(&t->ones, w->first->ev, storm_ones_end);
		ev_timer_init(&t->at_timer, w->first->ev, storm_at_fired);
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
		f->ini->ready = storm_ini_in;
		f->ini->timeout_ns = CMD_TIMEOUT_NS;
		w->first->ini[i] = f->ini;
		w->first->nr_ini = i + 1;
	}
	for (i = 0; i < s->nr; i++) {
		int hit = storm_hits(s, &s->ev[i]);

		if (hit >= 0)
			w->tgt[hit].touched = true;
		/* Nobody knows beforehand whom a shared fault hits. */
		if (is_shared(&s->ev[i]))
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
			storm_wrong(w, "%s: the engine's disk: %s",
				    storm_port_name(t), why);
		if (!t->late && drv_misordered(t->sim->drv))
			storm_wrong(w, "%s: %u commands out of order",
				    storm_port_name(t),
				    drv_misordered(t->sim->drv));
		if (!t->was_out && !sim_books_balanced(t->sim))
			storm_wrong(w, "%s: books do not balance",
				    storm_port_name(t));
	}
	for (i = 0; i < w->s->nr_ini; i++) {
		struct from *f = &w->from[i];

		if (f->ini->nr_twice)
			storm_wrong(w, "%s: %u commands answered twice",
				    f->ini->port.name, f->ini->nr_twice);
		if (f->ini->nr_late && !f->tgt->late)
			storm_wrong(w, "%s: %u frames for aborted commands",
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
				storm_wrong(w, "verdict %s %s: %s", jp->name,
					    verdict_infos[v].name,
					    jp->verdicts[v].first);
	}
}

static void play(struct world *w)
{
	const struct storm_script *s = w->s;
	uint32_t owed = 0;

	for (uint32_t i = 0; i < s->nr && w->r->ok; i++) {
		const struct storm_event *e = &s->ev[i];
		struct ev *ev = w->first->ev;

		if (e->wait_ns)
			ev_run_until(ev, ev_now_ns(ev) + e->wait_ns);
		if (e->kind == STORM_SETTLE) {
			if (!settle(w))
				return;
		} else if (e->kind == STORM_ENOUGH) {
			owed = e->a;
			if (w->r->nr_faults >= owed)
				break;
		} else if (e->kind <= STORM_INI_LINK) {
			storm_happen_ini(w, e);
		} else if (e->kind == STORM_FRAME) {
			storm_frame(w, e);
		} else {
			storm_happen_tgt(w, e);
		}
	}
	if (w->r->ok && settle(w) && w->r->nr_faults < owed)
		storm_wrong(w, "only %u faults struck", w->r->nr_faults);
}

/* A step of FNV-1a over whole words. */
static uint64_t mix(uint64_t digest, uint64_t word)
{
	return (digest ^ word) * 0x100000001b3ULL;
}

/* The same seed must always give the same: any other timing would show. */
static uint64_t digest(const struct world *w)
{
	const struct storm_result *r = w->r;
	uint64_t d = mix(w->s->seed, ev_now_ns(w->first->ev));
	unsigned int i;

	d = mix(d, r->nr_cmds);
	d = mix(d, r->nr_good);
	d = mix(d, r->nr_aborted);
	d = mix(d, r->nr_lost);
	d = mix(d, r->nr_faults);
	d = mix(d, r->slowest_ms);
	for (i = 0; i < w->s->nr_tgt; i++)
		d = mix(d, w->tgt[i].sim->nr_irqs);
	for (i = 0; i < w->s->nr_ini; i++)
		d = mix(d, w->from[i].nr_logins);
	return d;
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
			storm_unbind(t);
	}
	if (!sim_wait(w->first, all_out, w, QUIESCE_MS)) {
		char text[240] = "";

		describe(w, text, sizeof(text));
		storm_wrong(w, "does not go within %u s:%s", QUIESCE_MS / 1000,
			    text);
		return;
	}
	judge_verdicts(w);
	w->r->digest = digest(w);
	for (i = 0; i < w->s->nr_tgt; i++) {
		ev_timer_stop(&w->tgt[i].tick);
		ev_timer_stop(&w->tgt[i].ones);
		ev_timer_stop(&w->tgt[i].at_timer);
	}
	w->end_ns = ev_now_ns(w->first->ev);
	nr = sim_free(w->first);
	w->first = NULL;
	if (nr)
		storm_wrong(w, "%u failures of the shim: %s", nr,
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
