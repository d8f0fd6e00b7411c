// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes: commands that arrive from interrupts at any moment, calls that sleep
 * while others go on or until they have, ORDERED commands among them.
 *
 * There is one thread: a call that sleeps runs the other hands from inside, so
 * that those return first.
 */
#include "../lib/tap.h"

#include <stdlib.h>

#include <linux/slab.h>

#include "host.h"
#include "lio/isp_lio_lane.h"

#define SEED 20261128
#define ROUNDS 2000
#define MAX_CMDS 300
#define MAX_CALLS 4

/*
 * struct cmd - a command
 * @turn: its place in the lane
 * @kind: of its first turn
 * @calls: it has been seen so often
 * @due: calls that it will have had
 */
struct cmd {
	struct isp_lio_turn turn;
	enum isp_lio_turn_kind kind;
	unsigned int calls;
	unsigned int due;
};

static struct isp_lio_lane *lane;
static struct cmd cmds[MAX_CMDS];
static unsigned int nr_cmds, nr_arrived, nr_called;
static unsigned int nr_new, nr_inside, max_inside;
static bool alone_inside;
/* One in so many windows has an arrival, one call in so many sleeps; 0: none */
static unsigned int window_odds, sleep_odds, alone_odds;
static unsigned int bad_order, bad_alone, bad_stuck, bad_twice, bad_context;

static bool one_in(unsigned int odds)
{
	return odds && !(rand() % odds);
}

static void arrive(void)
{
	struct cmd *cmd = &cmds[nr_arrived];

	if (nr_arrived == nr_cmds)
		return;
	nr_arrived++;
	cmd->calls = 0;
	cmd->due = 1;
	cmd->kind = one_in(alone_odds) ? ISP_LIO_TURN_ALONE : ISP_LIO_TURN_NEW;
	isp_lio_turn_init(&cmd->turn, lane);
	isp_lio_turn_add(&cmd->turn, cmd->kind);
}

/* The core has one of the commands that it has seen for longer: go on with it. */
static void go_on(void)
{
	struct cmd *cmd;

	if (!nr_called)
		return;
	cmd = &cmds[rand() % nr_called];
	if (cmd->calls != cmd->due || cmd->due == MAX_CALLS)
		return;
	cmd->due++;
	isp_lio_turn_add(&cmd->turn, ISP_LIO_TURN_INSIDE);
}

/* Interrupts are on: a chip may have something. */
static void window(void)
{
	unsigned int nr = rand() % 4;

	if (!one_in(window_odds) || !shim_irq_enter())
		return;
	while (nr--) {
		arrive();
		go_on();
	}
	shim_irq_leave();
}

/* Nobody has anything to do until a call returns: may that be? */
static void settle(void)
{
	while (shim_pending())
		shim_work_run();
	/* What the core has never waits: a call may sleep until it is through. */
	bad_stuck += !list_empty(&lane->inside);
	if (list_empty(&lane->head) || alone_inside)
		return;
	if (nr_new && cmds[nr_called].kind != ISP_LIO_TURN_NEW)
		return;
	bad_stuck += nr_inside < ISP_LIO_NR_HANDS;
}

static void call_first(struct cmd *cmd)
{
	bad_order += cmd != &cmds[nr_called];
	bad_alone += alone_inside || (cmd->kind != ISP_LIO_TURN_NEW && nr_new);
	nr_called++;
	nr_new++;
	alone_inside = cmd->kind != ISP_LIO_TURN_NEW;
}

static void call(struct isp_lio_turn *turn)
{
	struct cmd *cmd = container_of(turn, struct cmd, turn);
	bool first = !cmd->calls++;

	bad_context += !shim_may_sleep();
	bad_twice += cmd->calls > cmd->due;
	if (first)
		call_first(cmd);
	nr_inside++;
	if (nr_inside > max_inside)
		max_inside = nr_inside;
	if (one_in(sleep_odds)) {
		go_on();
		settle();
	}
	nr_inside--;
	if (first) {
		nr_new--;
		alone_inside = false;
	}
}

static const struct shim_host lane_host = {
	.now_ns = (uint64_t(*)(void))host_now,
	.alarm = (void (*)(uint64_t))host_alarm,
	.soon = host_soon,
	.irq_window = window,
};

static void lane_new(unsigned int nr, unsigned int windows, unsigned int sleeps,
		     unsigned int alones)
{
	nr_cmds = nr;
	window_odds = windows;
	sleep_odds = sleeps;
	alone_odds = alones;
	nr_arrived = 0;
	nr_called = 0;
	max_inside = 0;
	lane = kmalloc(sizeof(*lane), GFP_KERNEL);
	isp_lio_lane_init(lane, system_wq, system_wq, call);
}

/* All hands are where they belong, and nobody touches the lane any more. */
static bool lane_end(void)
{
	unsigned int i;
	bool good;

	window_odds = 0;
	isp_lio_lane_flush(lane);
	good = nr_called == nr_cmds && !nr_inside && list_empty(&lane->head) &&
	       list_empty(&lane->inside) && !lane->nr_busy &&
	       list_count_nodes(&lane->idle) == ISP_LIO_NR_HANDS;
	for (i = 0; i < nr_cmds; i++)
		good &= cmds[i].calls == cmds[i].due;
	kfree(lane);
	return good && !shim_pending();
}

static void test_random(void)
{
	unsigned int round, most = 0, bad = 0;

	for (round = 0; round < ROUNDS; round++) {
		lane_new(1 + rand() % MAX_CMDS, 1 + rand() % 8, rand() % 6,
			 rand() % 12);
		while (nr_arrived < nr_cmds) {
			arrive();
			if (one_in(3))
				shim_work_run();
			if (one_in(4))
				go_on();
			if (one_in(9))
				settle();
		}
		settle();
		if (max_inside > most)
			most = max_inside;
		bad += !lane_end();
	}
	tap_ok(!bad && !bad_twice,
	       "each command is called as often as it was added, %d rounds",
	       ROUNDS);
	tap_ok(!bad_order, "in the order of arrival");
	tap_ok(!bad_alone, "an ORDERED one alone");
	tap_ok(!bad_stuck, "nobody waits while a hand could go on");
	tap_ok(!bad_context, "and where the core may sleep");
	tap_ok(most > ISP_LIO_NR_HANDS,
	       "%u were inside at a time, more than there are hands", most);
}

static void arrive_all(void)
{
	while (nr_arrived < nr_cmds)
		arrive();
}

/* Both hands that are awake in turn are the one that a flush finds. */
static bool flush_finds(unsigned int rounds)
{
	bool awake;

	lane_new(0, 0, 0, 0);
	while (rounds--) {
		settle();
		nr_cmds += 5;
		arrive_all();
		shim_work_run();
	}
	awake = shim_pending() == 1;
	return lane_end() && awake;
}

static void test_wake(void)
{
	lane_new(5, 0, 0, 0);
	arrive_all();
	tap_ok(shim_pending() == 1, "five arrivals wake one hand");
	shim_work_run();
	tap_ok(nr_called == 5, "which does them all if none sleeps");
	tap_ok(lane_end(), "a flush waits for the one that it has woken");
	tap_ok(flush_finds(2) && flush_finds(3), "whichever that is");
}

static unsigned int called_before;

static void other_fn(struct work_struct *work)
{
	called_before = nr_called;
}

static void test_turn(void)
{
	struct work_struct other;

	INIT_WORK(&other, other_fn);
	lane_new(3 * ISP_LIO_HAND_CALLS, 0, 0, 0);
	arrive_all();
	queue_work(system_wq, &other);
	shim_work_run();
	tap_ok(called_before == ISP_LIO_HAND_CALLS,
	       "after %u calls others have the CPU", called_before);
	settle();
	tap_ok(lane_end(), "and then the rest is done");
}

int main(void)
{
	printf("# seed %d\n", SEED);
	srand(SEED);
	shim_init(&lane_host);
	test_wake();
	test_turn();
	test_random();
	tap_ok(!shim_fini(), "no misuse, nothing left: %s",
	       shim_failure_text());
	return tap_end();
}
