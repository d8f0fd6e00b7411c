// SPDX-License-Identifier: GPL-2.0
/* Event loop: a heap of timers, a FIFO of work, epoll for descriptors. */
#include "ev/ev.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EV_BATCH 32
/* Work items between two looks at descriptors and the clock. */
#define EV_WORK_TURN 256

struct ev {
	enum ev_clock clock;
	uint64_t now_ns;
	uint64_t start_ns;
	uint64_t seq;
	struct ev_timer **heap;
	size_t nr_heap;
	size_t cap_heap;
	struct ev_work work; /* head of the FIFO */
	int epfd;
	struct epoll_event batch[EV_BATCH];
	int nr_batch;
	bool quit;
};

static uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * EV_SEC + (uint64_t)ts.tv_nsec;
}

static void refresh(struct ev *ev)
{
	if (ev->clock == EV_CLOCK_REAL)
		ev->now_ns = clock_ns() - ev->start_ns;
}

struct ev *ev_new(enum ev_clock clock)
{
	struct ev *ev = calloc(1, sizeof(*ev));

	if (!ev)
		abort();
	ev->clock = clock;
	ev->work.next = &ev->work;
	ev->work.prev = &ev->work;
	ev->epfd = -1;
	if (clock == EV_CLOCK_REAL) {
		ev->start_ns = clock_ns();
		ev->epfd = epoll_create1(EPOLL_CLOEXEC);
		if (ev->epfd < 0)
			abort();
	}
	return ev;
}

void ev_free(struct ev *ev)
{
	if (!ev)
		return;
	if (ev->epfd >= 0)
		close(ev->epfd);
	free(ev->heap);
	free(ev);
}

uint64_t ev_now_ns(const struct ev *ev)
{
	return ev->now_ns;
}

/* ---- timers ---- */

static bool is_before(const struct ev_timer *a, const struct ev_timer *b)
{
	if (a->due_ns != b->due_ns)
		return a->due_ns < b->due_ns;
	return a->seq < b->seq;
}

static void heap_set(struct ev *ev, size_t i, struct ev_timer *t)
{
	ev->heap[i] = t;
	t->slot = i + 1;
}

static void heap_up(struct ev *ev, size_t i, struct ev_timer *t)
{
	while (i > 0) {
		size_t parent = (i - 1) / 2;

		if (!is_before(t, ev->heap[parent]))
			break;
		heap_set(ev, i, ev->heap[parent]);
		i = parent;
	}
	heap_set(ev, i, t);
}

static void heap_down(struct ev *ev, size_t i, struct ev_timer *t)
{
	for (;;) {
		size_t kid = 2 * i + 1;

		if (kid >= ev->nr_heap)
			break;
		if (kid + 1 < ev->nr_heap &&
		    is_before(ev->heap[kid + 1], ev->heap[kid]))
			kid++;
		if (!is_before(ev->heap[kid], t))
			break;
		heap_set(ev, i, ev->heap[kid]);
		i = kid;
	}
	heap_set(ev, i, t);
}

void ev_timer_init(struct ev_timer *t, struct ev *ev,
		   void (*fn)(struct ev_timer *t))
{
	memset(t, 0, sizeof(*t));
	t->ev = ev;
	t->fn = fn;
}

void ev_timer_start(struct ev_timer *t, uint64_t delay_ns)
{
	struct ev *ev = t->ev;

	ev_timer_stop(t);
	if (ev->nr_heap == ev->cap_heap) {
		ev->cap_heap = ev->cap_heap ? 2 * ev->cap_heap : 64;
		ev->heap = reallocarray(ev->heap, ev->cap_heap, sizeof(void *));
		if (!ev->heap)
			abort();
	}
	t->due_ns = ev->now_ns + delay_ns;
	t->seq = ev->seq++;
	heap_up(ev, ev->nr_heap++, t);
}

void ev_timer_stop(struct ev_timer *t)
{
	struct ev *ev = t->ev;
	struct ev_timer *last;
	size_t i = t->slot;

	if (!i)
		return;
	i--;
	assert(i < ev->nr_heap && ev->heap[i] == t);
	t->slot = 0;
	last = ev->heap[--ev->nr_heap];
	if (last == t)
		return;
	if (i > 0 && is_before(last, ev->heap[(i - 1) / 2]))
		heap_up(ev, i, last);
	else
		heap_down(ev, i, last);
}

static bool run_due_timer(struct ev *ev)
{
	struct ev_timer *t;

	if (!ev->nr_heap || ev->heap[0]->due_ns > ev->now_ns)
		return false;
	t = ev->heap[0];
	ev_timer_stop(t);
	t->fn(t);
	return true;
}

/* ---- work ---- */

void ev_work_init(struct ev_work *w, struct ev *ev,
		  void (*fn)(struct ev_work *w))
{
	memset(w, 0, sizeof(*w));
	w->ev = ev;
	w->fn = fn;
}

void ev_soon(struct ev_work *w)
{
	struct ev *ev = w->ev;

	if (w->prev)
		return;
	w->prev = ev->work.prev;
	w->next = &ev->work;
	w->prev->next = w;
	ev->work.prev = w;
}

void ev_work_cancel(struct ev_work *w)
{
	if (!w->prev)
		return;
	w->prev->next = w->next;
	w->next->prev = w->prev;
	w->prev = NULL;
	w->next = NULL;
}

static bool run_work(struct ev *ev)
{
	struct ev_work *w = ev->work.next;

	if (w == &ev->work)
		return false;
	ev_work_cancel(w);
	w->fn(w);
	return true;
}

/* ---- descriptors ---- */

int ev_fd_start(struct ev_fd *f, struct ev *ev, int fd, uint32_t events,
		void (*fn)(struct ev_fd *f, uint32_t events))
{
	struct epoll_event e = { .events = events, .data.ptr = f };

	assert(ev->clock == EV_CLOCK_REAL);
	if (epoll_ctl(ev->epfd, EPOLL_CTL_ADD, fd, &e))
		return -errno;
	f->ev = ev;
	f->fd = fd;
	f->fn = fn;
	return 0;
}

void ev_fd_set(struct ev_fd *f, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = f };

	if (epoll_ctl(f->ev->epfd, EPOLL_CTL_MOD, f->fd, &e))
		assert(!"epoll_ctl MOD of a watched descriptor");
}

void ev_fd_stop(struct ev_fd *f)
{
	struct ev *ev = f->ev;
	int i;

	if (!ev)
		return;
	epoll_ctl(ev->epfd, EPOLL_CTL_DEL, f->fd, NULL);
	for (i = 0; i < ev->nr_batch; i++)
		if (ev->batch[i].data.ptr == f)
			ev->batch[i].data.ptr = NULL;
	f->ev = NULL;
}

/* Wait until @until_ns at most, and hand out what has happened. */
static void poll_fds(struct ev *ev, bool block, uint64_t until_ns)
{
	struct timespec ts = { 0, 0 };
	struct timespec *timeout = &ts;
	int i, n;

	if (block && until_ns == UINT64_MAX) {
		timeout = NULL;
	} else if (block && until_ns > ev->now_ns) {
		ts.tv_sec = (time_t)((until_ns - ev->now_ns) / EV_SEC);
		ts.tv_nsec = (long)((until_ns - ev->now_ns) % EV_SEC);
	}
	n = epoll_pwait2(ev->epfd, ev->batch, EV_BATCH, timeout, NULL);
	refresh(ev);
	if (n < 0)
		return;
	ev->nr_batch = n;
	for (i = 0; i < n; i++) {
		struct ev_fd *f = ev->batch[i].data.ptr;

		if (f)
			f->fn(f, ev->batch[i].events);
	}
	ev->nr_batch = 0;
}

/* ---- running ---- */

/* Virtual time jumps to the next timer, but not beyond @limit_ns. */
static bool jump(struct ev *ev, uint64_t limit_ns)
{
	if (ev->clock != EV_CLOCK_VIRTUAL || !ev->nr_heap ||
	    ev->heap[0]->due_ns > limit_ns)
		return false;
	if (ev->heap[0]->due_ns > ev->now_ns)
		ev->now_ns = ev->heap[0]->due_ns;
	return true;
}

bool ev_step(struct ev *ev)
{
	refresh(ev);
	if (run_work(ev) || run_due_timer(ev))
		return true;
	return jump(ev, UINT64_MAX) && run_due_timer(ev);
}

static void run_virtual(struct ev *ev, uint64_t t_ns)
{
	while (!ev->quit) {
		if (run_work(ev) || run_due_timer(ev))
			continue;
		if (!jump(ev, t_ns))
			break;
	}
	if (!ev->quit && t_ns != UINT64_MAX && ev->now_ns < t_ns)
		ev->now_ns = t_ns;
}

static void run_real(struct ev *ev, uint64_t t_ns)
{
	while (!ev->quit && ev->now_ns < t_ns) {
		uint64_t until = t_ns;
		bool idle = true;
		int i;

		refresh(ev);
		for (i = 0; i < EV_WORK_TURN && !ev->quit; i++) {
			if (!run_work(ev) && !run_due_timer(ev))
				break;
			idle = false;
		}
		if (ev->quit)
			break;
		if (ev->nr_heap && ev->heap[0]->due_ns < until)
			until = ev->heap[0]->due_ns;
		poll_fds(ev, idle, until);
	}
}

void ev_run_until(struct ev *ev, uint64_t t_ns)
{
	ev->quit = false;
	refresh(ev);
	if (ev->clock == EV_CLOCK_VIRTUAL)
		run_virtual(ev, t_ns);
	else
		run_real(ev, t_ns);
}

void ev_run(struct ev *ev)
{
	ev_run_until(ev, UINT64_MAX);
}

void ev_quit(struct ev *ev)
{
	ev->quit = true;
}
