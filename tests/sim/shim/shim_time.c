// SPDX-License-Identifier: GPL-2.0
/* Timers and work of virtual time. */
#include "shim_int.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>

#define NS_PER_JIFFY (1000000000ULL / HZ)
/* Jiffies wrap a few seconds after the start, as in the kernel. */
#define FIRST_JIFFY ((unsigned long)(-3L * HZ))

static LIST_HEAD(timers); /* sorted by expiry, first in first out */
static LIST_HEAD(works);
/* Of them, what shim_work_run() is at; who sleeps in there runs the rest. */
static LIST_HEAD(batch);
static struct work_struct *running;
static bool soon_asked;

struct workqueue_struct *system_wq;

void shim_time_reset(void)
{
	INIT_LIST_HEAD(&timers);
	INIT_LIST_HEAD(&works);
	INIT_LIST_HEAD(&batch);
	running = NULL;
	soon_asked = false;
}

unsigned long shim_jiffies(void)
{
	return FIRST_JIFFY +
	       (unsigned long)(shim_host->now_ns() / NS_PER_JIFFY);
}

ktime_t ktime_get(void)
{
	return (ktime_t)shim_host->now_ns();
}

static void set_alarm(void)
{
	struct timer_list *t;
	unsigned long ticks;

	if (list_empty(&timers)) {
		shim_host->alarm(UINT64_MAX);
		return;
	}
	t = list_first_entry(&timers, struct timer_list, entry);
	ticks = t->expires - FIRST_JIFFY;
	if (time_after_eq(jiffies, t->expires))
		shim_host->alarm(shim_host->now_ns());
	else
		shim_host->alarm((u64)ticks * NS_PER_JIFFY);
}

void shim_timer_setup(struct timer_list *t, void (*fn)(struct timer_list *t),
		      const char *file)
{
	INIT_LIST_HEAD(&t->entry);
	t->expires = 0;
	t->function = fn;
	t->flags = 0;
	t->file = file;
}

int timer_pending(const struct timer_list *timer)
{
	return timer->entry.next && !list_empty(&timer->entry);
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_list *pos;
	int was = timer_pending(timer);

	if (!timer->function) {
		/* After timer_shutdown_sync() arming does nothing. */
		if (!timer->file)
			shim_fail("mod_timer() of a timer never set up");
		return 0;
	}
	if (was)
		list_del_init(&timer->entry);
	timer->expires = expires;
	list_for_each_entry_reverse(pos, &timers, entry)
		if (time_before_eq(pos->expires, expires))
			break;
	list_add(&timer->entry, &pos->entry);
	set_alarm();
	return was;
}

int timer_delete(struct timer_list *timer)
{
	if (!timer->file) {
		shim_fail("deletion of a timer never set up");
		return 0;
	}
	if (!timer_pending(timer))
		return 0;
	list_del_init(&timer->entry);
	set_alarm();
	return 1;
}

int shim_timer_delete_sync(struct timer_list *timer, bool shutdown)
{
	int was = timer_delete(timer);

	if (shutdown)
		timer->function = NULL;
	return was;
}

void shim_timers_run(void)
{
	while (!list_empty(&timers)) {
		struct timer_list *t =
			list_first_entry(&timers, struct timer_list, entry);
		enum shim_ctx old;

		if (time_before(jiffies, t->expires))
			break;
		list_del_init(&t->entry);
		old = shim_ctx_set(SHIM_SOFTIRQ);
		t->function(t);
		shim_locks_idle("end of a timer");
		shim_ctx_set(old);
	}
	set_alarm();
}

void shim_work_init(struct work_struct *work, work_func_t fn, const char *file)
{
	INIT_LIST_HEAD(&work->entry);
	work->func = fn;
	work->file = file;
}

bool work_pending(const struct work_struct *work)
{
	return work->entry.next && !list_empty(&work->entry);
}

bool queue_work(struct workqueue_struct *wq __maybe_unused,
		struct work_struct *work)
{
	if (!work->func) {
		shim_fail("queue_work() of work never set up");
		return false;
	}
	if (work_pending(work))
		return false;
	list_add_tail(&work->entry, &works);
	if (!soon_asked) {
		soon_asked = true;
		shim_host->soon();
	}
	return true;
}

static void run_one(struct work_struct *work)
{
	struct work_struct *outer = running;
	enum shim_ctx old = shim_ctx_set(SHIM_TASK);

	list_del_init(&work->entry);
	running = work;
	work->func(work); /* may free itself */
	running = outer;
	shim_locks_idle("end of work");
	shim_ctx_set(old);
}

void shim_work_run(void)
{
	soon_asked = false;
	list_splice_tail_init(&works, &batch);
	while (!list_empty(&batch))
		run_one(list_first_entry(&batch, struct work_struct, entry));
	if (!list_empty(&works) && !soon_asked) {
		soon_asked = true;
		shim_host->soon();
	}
}

static void delayed_fire(struct timer_list *t)
{
	struct delayed_work *dwork =
		container_of(t, struct delayed_work, timer);

	queue_work(system_wq, &dwork->work);
}

void shim_delayed_work_init(struct delayed_work *dwork, work_func_t fn,
			    const char *file)
{
	shim_work_init(&dwork->work, fn, file);
	shim_timer_setup(&dwork->timer, delayed_fire, file);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	if (work_pending(&dwork->work) || timer_pending(&dwork->timer))
		return false;
	if (!delay)
		return queue_work(wq, &dwork->work);
	mod_timer(&dwork->timer, jiffies + delay);
	return true;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	queue_delayed_work(wq, dwork, delay);
	return was;
}

bool cancel_work(struct work_struct *work)
{
	if (!work_pending(work))
		return false;
	list_del_init(&work->entry);
	return true;
}

static void judge_sync(struct work_struct *work, const char *what)
{
	if (!shim_may_sleep())
		shim_fail("%s may sleep, called in atomic context", what);
	if (running == work)
		shim_fail("%s from the work itself hangs", what);
}

bool cancel_work_sync(struct work_struct *work)
{
	judge_sync(work, "cancel_work_sync()");
	return cancel_work(work);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	bool was = timer_delete(&dwork->timer);

	return cancel_work(&dwork->work) || was;
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	judge_sync(&dwork->work, "cancel_delayed_work_sync()");
	return cancel_delayed_work(dwork);
}

bool flush_work(struct work_struct *work)
{
	judge_sync(work, "flush_work()");
	if (!work_pending(work))
		return false;
	run_one(work);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete(&dwork->timer))
		queue_work(system_wq, &dwork->work);
	return flush_work(&dwork->work);
}

unsigned int shim_pending(void)
{
	return (unsigned int)(list_count_nodes(&timers) +
			      list_count_nodes(&works) +
			      list_count_nodes(&batch));
}

const char *shim_time_inside(const void *start, size_t size)
{
	uintptr_t from = (uintptr_t)start;
	struct timer_list *t;
	struct work_struct *w;

	list_for_each_entry(t, &timers, entry)
		if ((uintptr_t)t - from < size)
			return t->file;
	list_for_each_entry(w, &works, entry)
		if ((uintptr_t)w - from < size)
			return w->file;
	return NULL;
}

void shim_time_judge(void)
{
	struct timer_list *t;
	struct work_struct *w;

	list_for_each_entry(t, &timers, entry)
		shim_fail("timer of %s still pending", t->file);
	list_for_each_entry(w, &works, entry)
		shim_fail("work of %s still pending", w->file);
	shim_time_reset();
}
