/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: work runs from the event loop, one item at a time, in order. */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/atomic.h>
#include <linux/timer.h>
#include <linux/types.h>

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/**
 * struct work_struct - something to do in process context
 * @entry: in the queue while pending
 * @func:  what to call
 * @file:  where it was set up
 */
struct work_struct {
	struct list_head entry;
	work_func_t func;
	const char *file;
};

/**
 * struct delayed_work - work to be queued later
 * @work:  the work
 * @timer: runs until it is queued
 */
struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
};

extern struct workqueue_struct *system_wq;
#define system_highpri_wq system_wq
#define system_long_wq system_wq
#define system_unbound_wq system_wq

#define WQ_UNBOUND 2
#define WQ_MEM_RECLAIM 8
#define WQ_HIGHPRI 16
#define WQ_PERCPU 256

void shim_work_init(struct work_struct *work, work_func_t fn, const char *file);
void shim_delayed_work_init(struct delayed_work *dwork, work_func_t fn,
			    const char *file);
#define INIT_WORK(w, fn) shim_work_init(w, fn, __FILE__)
#define INIT_DELAYED_WORK(w, fn) shim_delayed_work_init(w, fn, __FILE__)

bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);
bool work_pending(const struct work_struct *work);

#define schedule_work(w) queue_work(system_wq, w)
#define schedule_delayed_work(w, d) queue_delayed_work(system_wq, w, d)
#define delayed_work_pending(w) \
	(work_pending(&(w)->work) || timer_pending(&(w)->timer))
#define disable_work_sync(w) cancel_work_sync(w)
#define disable_delayed_work_sync(w) cancel_delayed_work_sync(w)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

#endif
