/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: timers of virtual time. */
#ifndef SHIM_LINUX_TIMER_H
#define SHIM_LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/types.h>

/**
 * struct timer_list - a timer
 * @entry:    in the shim's queue while pending
 * @expires:  jiffies
 * @function: called in softirq context
 * @flags:    not looked at
 * @file:     where it was set up
 */
struct timer_list {
	struct list_head entry;
	unsigned long expires;
	void (*function)(struct timer_list *t);
	u32 flags;
	const char *file;
};

void shim_timer_setup(struct timer_list *t, void (*fn)(struct timer_list *t),
		      const char *file);
int mod_timer(struct timer_list *timer, unsigned long expires);
int timer_delete(struct timer_list *timer);
int shim_timer_delete_sync(struct timer_list *timer, bool shutdown);
int timer_pending(const struct timer_list *timer);

#define timer_setup(t, fn, flags) shim_timer_setup(t, fn, __FILE__)
#define add_timer(t) mod_timer(t, (t)->expires)
#define timer_delete_sync(t) shim_timer_delete_sync(t, false)
#define timer_shutdown_sync(t) shim_timer_delete_sync(t, true)
#define del_timer(t) timer_delete(t)
#define del_timer_sync(t) timer_delete_sync(t)
#define from_timer(var, t, field) container_of(t, __typeof__(*(var)), field)
#define timer_container_of(var, t, field) \
	container_of(t, __typeof__(*(var)), field)

#endif
