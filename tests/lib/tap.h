/* SPDX-License-Identifier: GPL-2.0 */
/* Test Anything Protocol for test programs in C. */
#ifndef TESTS_LIB_TAP_H
#define TESTS_LIB_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_nr;
static int tap_bad;

/**
 * tap_ok() - One test.
 * @good: did it hold?
 * @fmt: the sentence that holds
 *
 * Return: @good.
 */
static inline bool __attribute__((format(printf, 2, 3)))
tap_ok(bool good, const char *fmt, ...)
{
	va_list ap;

	tap_nr++;
	tap_bad += !good;
	printf("%sok %d - ", good ? "" : "not ", tap_nr);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return good;
}

/**
 * tap_end() - Print the plan.
 *
 * Return: exit code of the program.
 */
static inline int tap_end(void)
{
	printf("1..%d\n", tap_nr);
	return tap_bad ? 1 : 0;
}

#endif
