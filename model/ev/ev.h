/* SPDX-License-Identifier: GPL-2.0 */
/* The one event loop: timers, work to do next, file descriptors, and time. */
#ifndef MODEL_EV_H
#define MODEL_EV_H

#include "base.h"

struct ev;

#define EV_MS 1000000ULL
#define EV_SEC 1000000000ULL

/**
 * enum ev_clock - Where time comes from.
 * @EV_CLOCK_REAL: the monotonic clock of the host; file descriptors are polled
 * @EV_CLOCK_VIRTUAL: time stands still while anything is due and then jumps to
 *	the next timer; file descriptors are never looked at
 */
enum ev_clock {
	EV_CLOCK_REAL,
	EV_CLOCK_VIRTUAL,
};

/**
 * struct ev_timer - One-shot timer, embedded in what it serves.
 * @ev: loop it belongs to
 * @fn: called once when due; it may start the timer again or free its owner
 * @due_ns: when it is due
 * @seq: order of starting; decides between equal due times
 * @slot: place in the heap plus one; 0 = not armed
 */
struct ev_timer {
	struct ev *ev;
	void (*fn)(struct ev_timer *t);
	uint64_t due_ns;
	uint64_t seq;
	size_t slot;
};

/**
 * struct ev_work - Something to do after the current callback returns.
 * @ev: loop it belongs to
 * @fn: called once, in the order of ev_soon() calls; may queue itself again
 * @next: FIFO link
 * @prev: FIFO link; NULL = not queued
 */
struct ev_work {
	struct ev *ev;
	void (*fn)(struct ev_work *w);
	struct ev_work *next;
	struct ev_work *prev;
};

/**
 * struct ev_fd - A file descriptor that the loop watches.
 * @ev: loop it belongs to, NULL = not watched
 * @fn: called with EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR bits as they are
 * @fd: the descriptor; stays the owner's
 */
struct ev_fd {
	struct ev *ev;
	void (*fn)(struct ev_fd *f, uint32_t events);
	int fd;
};

/**
 * ev_new() - Make a loop.
 * @clock: kind of time
 *
 * Return: the loop; running out of memory ends the process.
 */
struct ev *ev_new(enum ev_clock clock);

/**
 * ev_free() - Free a loop; whatever is still armed is forgotten, not called.
 * @ev: loop or NULL
 */
void ev_free(struct ev *ev);

/**
 * ev_now_ns() - Time since ev_new().
 * @ev: loop
 *
 * Real time is read once per turn of the loop, so this costs nothing.
 *
 * Return: nanoseconds.
 */
uint64_t ev_now_ns(const struct ev *ev);

/**
 * ev_timer_init() - Prepare a timer, not armed.
 * @t: timer
 * @ev: its loop
 * @fn: what to call
 */
void ev_timer_init(struct ev_timer *t, struct ev *ev,
		   void (*fn)(struct ev_timer *t));

/**
 * ev_timer_start() - Arm a timer, or arm it anew.
 * @t: initialised timer
 * @delay_ns: from now; 0 = as soon as the loop turns
 */
void ev_timer_start(struct ev_timer *t, uint64_t delay_ns);

/**
 * ev_timer_stop() - Disarm; nothing happens if it was not armed.
 * @t: initialised or all-zero timer
 */
void ev_timer_stop(struct ev_timer *t);

/**
 * ev_timer_is_armed() - Is the timer running?
 * @t: timer
 *
 * Return: true between start and call.
 */
static inline bool ev_timer_is_armed(const struct ev_timer *t)
{
	return t->slot != 0;
}

/**
 * ev_work_init() - Prepare a work item, not queued.
 * @w: work
 * @ev: its loop
 * @fn: what to call
 */
void ev_work_init(struct ev_work *w, struct ev *ev,
		  void (*fn)(struct ev_work *w));

/**
 * ev_soon() - Call the work once after the current callback, first in first out.
 * @w: initialised work; nothing happens if it is queued already
 */
void ev_soon(struct ev_work *w);

/**
 * ev_work_cancel() - Take a work item out of the queue if it is in it.
 * @w: initialised or all-zero work
 */
void ev_work_cancel(struct ev_work *w);

/**
 * ev_fd_start() - Watch a descriptor.
 * @f: place to use, owned by the caller until ev_fd_stop()
 * @ev: loop with EV_CLOCK_REAL
 * @fd: descriptor
 * @events: EPOLLIN and/or EPOLLOUT
 * @fn: what to call
 *
 * Return: 0 or -errno of epoll.
 */
int ev_fd_start(struct ev_fd *f, struct ev *ev, int fd, uint32_t events,
		void (*fn)(struct ev_fd *f, uint32_t events));

/**
 * ev_fd_set() - Change what is waited for.
 * @f: watched descriptor
 * @events: EPOLLIN and/or EPOLLOUT
 */
void ev_fd_set(struct ev_fd *f, uint32_t events);

/**
 * ev_fd_stop() - Stop watching; events already collected are dropped.
 * @f: watched descriptor or all zero; the descriptor is not closed
 */
void ev_fd_stop(struct ev_fd *f);

/**
 * ev_step() - Do one thing: the next work item, else the next due timer.
 * @ev: loop
 *
 * Virtual time jumps to the next timer if there is no work. In real time only
 * what is due now runs and descriptors are not polled.
 *
 * Return: false if there was nothing to do.
 */
bool ev_step(struct ev *ev);

/**
 * ev_run_until() - Run until a point in time or ev_quit().
 * @ev: loop
 * @t_ns: as ev_now_ns(); virtual time stands at @t_ns afterwards
 */
void ev_run_until(struct ev *ev, uint64_t t_ns);

/**
 * ev_run() - Run until ev_quit(); virtual time: or until nothing is left.
 * @ev: loop
 */
void ev_run(struct ev *ev);

/**
 * ev_quit() - Make ev_run() or ev_run_until() return after this callback.
 * @ev: loop
 */
void ev_quit(struct ev *ev);

#endif
