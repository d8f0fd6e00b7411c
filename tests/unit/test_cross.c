// SPDX-License-Identifier: GPL-2.0
/*
 * What crosses what in core: another processor, or the chip, acts between two
 * steps of a worker; each place where it can is tried in turn.
 */
#include "core_card.h"

#include <linux/errno.h>

/* The window whose turn it is; counts down to what happens there. */
static unsigned int countdown;
static void (*cross)(void);

/* Not while somebody has a lock: what crosses would wait for it. */
static void count_look(void)
{
	if (!shim_may_sleep() || --countdown)
		at_look = count_look;
	else
		cross();
}

static void count_atomic(void)
{
	if (--countdown)
		at_atomic = count_atomic;
	else
		cross();
}

/* ---- suspend, while the adapter recovers ---- */

static void suspend(void)
{
	isp_hba_suspend(&hba);
}

/* A fault, and a suspend where the clock is looked at for the @nth time. */
static bool suspend_at(unsigned int nth)
{
	bool silent;

	prepare();
	begin();
	enable();
	isp_hba_fault(&hba, "a test");
	run(1);
	countdown = nth;
	cross = suspend;
	at_look = count_look;
	run(2000);
	silent = !countdown && isp_hba_is_suspended(&hba) && !hba.live;
	run(60000);
	silent &= isp_hba_is_suspended(&hba);
	isp_hba_resume(&hba);
	run(2000);
	silent &= hba.state == ISP_HBA_READY && hba.live;
	isp_hba_stop(&hba);
	run(1000);
	isp_hba_exit(&hba);
	return !shim_fini() && silent;
}

static void test_suspend(void)
{
	unsigned int nth, nr = 0;

	for (nth = 1; nth <= 20; nth++)
		nr += suspend_at(nth);
	tap_ok(nr == 20,
	       "a suspend is never missed by an adapter that recovers: %u of 20",
	       nr);
}

/* ---- the link goes and comes back ---- */

static void bounce(void)
{
	event(0x8012);
	event(0x8011);
}

static void test_bounce(void)
{
	unsigned int nth = 0, nr = 0, nr_told = 0;

	prepare();
	begin();
	enable();
	for (;;) {
		memset(&heard, 0, sizeof(heard));
		countdown = ++nth;
		cross = bounce;
		at_atomic = count_atomic;
		/* Something for the worker to look at. */
		live_through(0x8014);
		if (countdown)
			break; /* there are no more windows */
		nr += chan->link == ISP_LINK_UP;
		nr_told += heard.up == 1 && heard.down == 1;
	}
	at_atomic = NULL;
	nth--;
	tap_ok(nth > 1 && nr == nth && nr_told == nth,
	       "a link that has bounced is up: %u of %u, told %u", nr, nth,
	       nr_told);
	end();
}

/* ---- a role is turned off before it was on ---- */

static unsigned int nr_told[3];
static int told_err[3];

static void told(struct isp_chan *c, void *arg, int err)
{
	unsigned int *nr = arg;

	++*nr;
	told_err[nr - nr_told] = err;
}

static void test_start_waits(void)
{
	memset(nr_told, 0, sizeof(nr_told));
	prepare();
	begin();
	chip.reset_err = -ETIMEDOUT;
	isp_hba_fault(&hba, "a test");
	run(1);
	tap_ok(!isp_role_start(chan, ISP_ROLE_TARGET, told, &nr_told[0]) &&
		       !isp_role_stop(chan, ISP_ROLE_TARGET, told, &nr_told[1]),
	       "on and off while the adapter recovers");
	tap_ok(nr_told[0] == 1 && told_err[0] == -ECANCELED && !nr_told[1],
	       "who waited for on is told that it will not be, and first");
	run(1);
	tap_ok(nr_told[1] == 1 && !told_err[1], "then off is");
	tap_ok(!isp_role_start(chan, ISP_ROLE_TARGET, told, &nr_told[2]),
	       "on again");
	run(60000);
	tap_ok(nr_told[2] == 1 && told_err[2] == -EIO && nr_told[0] == 1,
	       "one fails if the adapter does; nobody is told twice");
	chip.reset_err = 0;
	run(60000);
	end();
}

/* ---- a chip that does not let itself be reset ---- */

static void test_master(void)
{
	prepare();
	begin();
	enable();
	tap_ok(hba.live && chip.master, "a chip at work may touch memory");
	chip.reset_err = -ETIMEDOUT;
	isp_hba_fault(&hba, "a test");
	run(60000);
	tap_ok(!chip.master && chip.nr_resets > 3,
	       "one that cannot be reset may not");
	chip.reset_err = 0;
	run(60000);
	tap_ok(hba.live && chip.master && !chip.nr_early,
	       "it may again when it has been, and no sooner");
	end();
}

int main(void)
{
	test_suspend();
	test_bounce();
	test_start_waits();
	test_master();
	return tap_end();
}
