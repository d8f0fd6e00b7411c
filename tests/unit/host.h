/* SPDX-License-Identifier: GPL-2.0 */
/* A clock for the shim that stands still until the test moves it. */
#ifndef TESTS_UNIT_HOST_H
#define TESTS_UNIT_HOST_H

#include <linux/types.h>

#include "../sim/shim/shim.h"

static u64 now_ns, alarm_ns;
static bool soon;
/* What others do when somebody looks at the clock; does not do it again. */
static void (*at_look)(void);
/* The same at an atomic operation, interrupts on. */
static void (*at_atomic)(void);

static void others(void (**what)(void))
{
	void (*fn)(void) = *what;

	*what = NULL;
	if (fn)
		fn();
}

static u64 host_now(void)
{
	others(&at_look);
	return now_ns;
}

static void host_atomic(void)
{
	others(&at_atomic);
}

static void host_alarm(u64 at)
{
	alarm_ns = at;
}

static void host_soon(void)
{
	soon = true;
}

static const struct shim_host host = {
	.now_ns = (uint64_t(*)(void))host_now,
	.alarm = (void (*)(uint64_t))host_alarm,
	.soon = host_soon,
	.atomic_window = host_atomic,
};

#endif
