// SPDX-License-Identifier: GPL-2.0
/* TAP output: test lines as they end, the plan last. */
#include "tap.h"

#include <stdio.h>

static int nr_tests;
static int nr_failed;
static bool failing;

bool tap_check(bool good, const char *expr, const char *file, int line)
{
	if (!good) {
		printf("# %s:%d: false: %s\n", file, line, expr);
		failing = true;
	}
	return good;
}

void tap_run(void (*fn)(void), const char *sentence)
{
	failing = false;
	fn();
	nr_tests++;
	if (failing)
		nr_failed++;
	printf("%sok %d - %s\n", failing ? "not " : "", nr_tests, sentence);
	fflush(stdout);
}

int tap_end(void)
{
	printf("1..%d\n", nr_tests);
	return nr_failed ? 1 : 0;
}
