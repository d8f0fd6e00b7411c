/* SPDX-License-Identifier: GPL-2.0 */
/* A clock for the shim that stands still until the test moves it. */
#ifndef TESTS_UNIT_HOST_H
#define TESTS_UNIT_HOST_H

#include <linux/types.h>

#include "../sim/shim/shim.h"

static u64 now_ns, alarm_ns;
static bool soon;

static u64 host_now(void)
{
	return now_ns;
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
};

#endif
