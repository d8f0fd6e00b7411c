// SPDX-License-Identifier: GPL-2.0
/* Loop, guest memory and the judge's records. */
#include "tap.h"

#include "ev/ev.h"
#include "judge/judge.h"
#include "mem/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ---- loop ---- */

#define NR_TIMERS 500

struct tick {
	struct ev_timer timer;
	unsigned int nr;
};

static struct tick ticks[NR_TIMERS];
static unsigned int order[2 * NR_TIMERS];
static unsigned int nr_order;

static void on_tick(struct ev_timer *t)
{
	order[nr_order++] = container_of(t, struct tick, timer)->nr;
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void test_timer_order(void)
{
	struct ev *ev = ev_new(EV_CLOCK_VIRTUAL);
	uint64_t seed = 42, last = 0;
	unsigned int i;

	nr_order = 0;
	for (i = 0; i < NR_TIMERS; i++) {
		ev_timer_init(&ticks[i].timer, ev, on_tick);
		ticks[i].nr = i;
		ev_timer_start(&ticks[i].timer, next_random(&seed) % 20);
	}
	for (i = 0; i < NR_TIMERS; i += 3)
		ev_timer_stop(&ticks[i].timer);
	for (i = 0; i < NR_TIMERS; i += 6)
		ev_timer_start(&ticks[i].timer, next_random(&seed) % 20);
	ev_run(ev);
	ok(nr_order == NR_TIMERS - (NR_TIMERS + 2) / 3 + (NR_TIMERS + 5) / 6);
	for (i = 1; i < nr_order; i++) {
		const struct ev_timer *a = &ticks[order[i - 1]].timer;
		const struct ev_timer *b = &ticks[order[i]].timer;

		ok(a->due_ns < b->due_ns ||
		   (a->due_ns == b->due_ns && a->seq < b->seq));
		last = b->due_ns;
	}
	ok(ev_now_ns(ev) == last);
	ok(!ev_step(ev));
	ev_free(ev);
}

static struct ev_work works[3];
static char written[16];

static void on_work(struct ev_work *w)
{
	written[strlen(written)] = (char)('a' + (w - works));
	if (w == &works[0] && strlen(written) < 4)
		ev_soon(&works[0]);
}

static void test_soon(void)
{
	struct ev *ev = ev_new(EV_CLOCK_VIRTUAL);
	unsigned int i;

	memset(written, 0, sizeof(written));
	for (i = 0; i < 3; i++)
		ev_work_init(&works[i], ev, on_work);
	ev_soon(&works[0]);
	ev_soon(&works[1]);
	ev_soon(&works[2]);
	ev_soon(&works[1]);
	ev_work_cancel(&works[2]);
	ok(ev_step(ev) && !strcmp(written, "a"));
	ev_run(ev);
	ok(!strcmp(written, "abaa"));
	ok(ev_now_ns(ev) == 0);
	ev_run_until(ev, 5 * EV_SEC);
	ok(ev_now_ns(ev) == 5 * EV_SEC);
	ev_free(ev);
}

static unsigned int nr_reads;
static struct ev_fd other_fd;

static void on_readable(struct ev_fd *f, uint32_t events)
{
	(void)events;
	nr_reads++;
	/* Both are readable: the one that is stopped must not be called. */
	ev_fd_stop(f);
	ev_fd_stop(&other_fd);
}

static void test_real(void)
{
	struct ev *ev = ev_new(EV_CLOCK_REAL);
	struct ev_fd fd = { 0 };
	int p[2], q[2];
	uint64_t start, deadline;

	if (pipe(p) || pipe(q))
		abort();
	ok(!ev_fd_start(&fd, ev, p[0], EPOLLIN, on_readable));
	ok(!ev_fd_start(&other_fd, ev, q[0], EPOLLIN, on_readable));
	if (write(p[1], "", 1) < 0 || write(q[1], "", 1) < 0)
		abort();
	nr_reads = 0;
	start = ev_now_ns(ev);
	nr_order = 0;
	ev_timer_init(&ticks[0].timer, ev, on_tick);
	ev_timer_start(&ticks[0].timer, 2 * EV_MS);
	/* A busy machine may hold us up longer than the timer takes. */
	deadline = start + 10000 * EV_MS;
	do {
		ev_run_until(ev, ev_now_ns(ev) + 5 * EV_MS);
	} while ((!nr_reads || !nr_order) && ev_now_ns(ev) < deadline);
	ok(nr_reads == 1 || nr_reads == 2);
	ok(nr_order == 1);
	ok(ev_now_ns(ev) >= start + 5 * EV_MS);
	ev_fd_stop(&fd);
	ev_fd_stop(&other_fd);
	close(p[0]);
	close(p[1]);
	close(q[0]);
	close(q[1]);
	ev_free(ev);
}

/* ---- memory ---- */

static void test_mem_map(void)
{
	static uint8_t host[0x4000];
	struct mem m;
	uint8_t buf[0x1800];

	mem_init(&m, NULL, NULL);
	ok(mem_map(&m, 0x1000, 0, host, 3) == -EINVAL);
	ok(mem_map(&m, UINT64_MAX, 2, host, 3) == -EINVAL);
	ok(!mem_map(&m, 0x2000, 0x1000, host + 0x1000, 3));
	ok(!mem_map(&m, 0x1000, 0x1000, host, 3));
	ok(!mem_map(&m, 0x4000, 0x1000, host + 0x2000, 1));
	ok(!mem_map(&m, UINT64_MAX - 0xfff, 0x1000, host + 0x3000, 3));
	ok(mem_map(&m, 0x2fff, 0x1000, host, 3) == -EEXIST);
	ok(mem_map(&m, 0, UINT64_MAX, host, 3) == -EEXIST);
	ok(mem_at(&m, 0x1ffc, 4, true) == host + 0xffc);
	ok(!mem_at(&m, 0x1ffd, 4, true) && m.why == MEM_WHY_UNMAPPED);
	ok(!mem_at(&m, 0x3000, 1, false));
	ok(!mem_at(&m, 0, 1, false));
	ok(!mem_at(&m, 0x4000, 1, true) && m.why == MEM_WHY_PROT);
	ok(mem_at(&m, UINT64_MAX, 1, true) == host + 0x3fff);
	ok(!mem_at(&m, UINT64_MAX, 2, true));
	host[0x17ff] = 7;
	ok(!mem_read(&m, 0x1000, buf, sizeof(buf)) && buf[0x17ff] == 7);
	ok(mem_read(&m, 0x2000, buf, 0x1001) == -EFAULT);
	ok(m.bad_iova == 0x3000);
	ok(mem_write(&m, 0x4000, buf, 1) == -EFAULT);
	ok(!mem_read(&m, 0x3000, buf, 0));
	mem_enable(&m, false);
	ok(!mem_at(&m, 0x1000, 1, false) && m.why == MEM_WHY_MASTER);
	mem_enable(&m, true);
	ok(mem_unmap(&m, 0x1000, 0x800) == -ENOENT);
	ok(!mem_unmap(&m, 0x1000, 0x1000));
	ok(!mem_at(&m, 0x1000, 1, false));
	ok(mem_at(&m, 0x2000, 1, false) == host + 0x1000);
	mem_fini(&m);
}

/* Against a naive twin: one byte at a time over flat arrays. */
static void test_mem_copy(void)
{
	static uint8_t a[0x3000], b[0x3000], want[0x3000];
	struct mem src, dst;
	uint64_t seed = 7;
	unsigned int i, k;

	mem_init(&src, NULL, NULL);
	mem_init(&dst, NULL, NULL);
	for (i = 0; i < 3; i++) {
		ok(!mem_map(&src, i * 0x1000, 0x1000, a + i * 0x1000, 3));
		ok(!mem_map(&dst, i * 0x1000, 0x1000, b + (2 - i) * 0x1000, 3));
	}
	for (k = 0; k < sizeof(a); k++)
		a[k] = (uint8_t)next_random(&seed);
	for (i = 0; i < 200; i++) {
		uint64_t from = next_random(&seed) % 0x3000;
		uint64_t to = next_random(&seed) % 0x3000;
		uint64_t len = next_random(&seed) % 0x3000;
		bool fits = from + len <= 0x3000 && to + len <= 0x3000;

		for (k = 0; fits && k < len; k++) {
			uint64_t at = to + k;

			want[(2 - at / 0x1000) * 0x1000 + at % 0x1000] =
				a[from + k];
		}
		if (fits) {
			ok(!mem_copy(&dst, to, &src, from, len));
			ok(!memcmp(b, want, sizeof(b)));
		} else {
			ok(mem_copy(&dst, to, &src, from, len) < 0);
			memcpy(want, b, sizeof(b));
		}
	}
	ok(mem_copy(&dst, 0, &src, 0x5000, 1) == -EFAULT);
	ok(mem_copy(&dst, 0x5000, &src, 0, 1) == -ENXIO);
	mem_fini(&src);
	mem_fini(&dst);
}

static unsigned int nr_finds;
static uint8_t page[4096];

static int find_page(struct mem *m, uint64_t iova, struct mem_hit *hit)
{
	nr_finds++;
	if (m->priv != page || iova < 0x8000 || iova >= 0x9000)
		return -EFAULT;
	*hit = (struct mem_hit){ 0x8000, 0x1000, page, 3 };
	return 0;
}

static void test_mem_ops(void)
{
	static const struct mem_ops ops = { .find = find_page };
	struct mem m;

	mem_init(&m, &ops, page);
	ok(mem_at(&m, 0x8010, 4, true) == page + 16);
	ok(mem_at(&m, 0x8ffc, 4, true) == page + 4092);
	ok(nr_finds == 1);
	ok(!mem_at(&m, 0x9000, 4, true) && nr_finds == 2);
	mem_forget(&m);
	ok(mem_at(&m, 0x8000, 4, true) == page && nr_finds == 3);
	mem_fini(&m);
}

/* ---- judge ---- */

static unsigned int nr_logged;

static void count_log(void *priv, const struct judge_port *jp, enum verdict v,
		      const char *detail)
{
	(void)jp;
	(void)v;
	(void)detail;
	*(unsigned int *)priv += 1;
}

static void test_judge(void)
{
	struct ev *ev = ev_new(EV_CLOCK_VIRTUAL);
	struct judge *j = judge_new(ev);
	struct judge_port *jp = judge_port_new(j, "a.0");
	unsigned int i;

	j->log = count_log;
	j->log_priv = &nr_logged;
	ok(judge_total(j) == 0);
	for (i = 0; i < 100; i++)
		judge_raise(jp, VERDICT_DMA_PROT, "time %u", i);
	ok(judge_total(j) == 100 && nr_logged == 8);
	ok(!strcmp(jp->verdicts[VERDICT_DMA_PROT].first, "time 0"));
	ok(jp->trace.nr == 100);
	judge_clear(j);
	ok(judge_total(j) == 0);
	for (i = 0; i < 1000; i++)
		cover_add(j, COVER_CT, (uint16_t)(i / 2), "x");
	ok(j->cover.nr_items == 501);
	cover_hit(jp, COVER_CT, 499);
	cover_hit(jp, COVER_CT, 500);
	ok(j->cover.items[500].hits[COVER_TEST] == 1);
	ok(j->cover.items[0].hits[COVER_TEST] == 1);
	book_give(jp, BOOK_CTIO);
	book_give(jp, BOOK_CTIO);
	book_return(jp, BOOK_CTIO);
	book_return(jp, BOOK_ABTS);
	ok(book_open(&jp->books.kind[BOOK_CTIO]) == 1);
	book_drop_all(jp);
	ok(book_open(&jp->books.kind[BOOK_CTIO]) == 0);
	ok(book_open(&jp->books.kind[BOOK_ABTS]) == -1);
	judge_free(j);
	ev_free(ev);
}

int main(void)
{
	tap_run(test_timer_order, "timers run by due time, equal ones in turn");
	tap_run(test_soon, "work runs first in first out, once per call");
	tap_run(test_real, "real time: timers, descriptors, stopping another");
	tap_run(test_mem_map, "guest memory: edges of maps and permissions");
	tap_run(test_mem_copy, "guest to guest copies agree with a naive twin");
	tap_run(test_mem_ops, "a frontend without a map plugs in its lookup");
	tap_run(test_judge, "verdicts, coverage and books count");
	return tap_end();
}
