/* SPDX-License-Identifier: GPL-2.0 */
/* TAP for the model's tests: a test is a function, its checks, one line. */
#ifndef TESTS_MODEL_TAP_H
#define TESTS_MODEL_TAP_H

#include <stdbool.h>

/**
 * tap_check() - One check inside a test; failures are printed as comments.
 * @good: the condition
 * @expr: its text
 * @file: of the check
 * @line: of the check
 *
 * Return: @good.
 */
bool tap_check(bool good, const char *expr, const char *file, int line);

/**
 * tap_run() - Run one test and print its line.
 * @fn: test
 * @sentence: what it shows
 */
void tap_run(void (*fn)(void), const char *sentence);

/**
 * tap_end() - Print the plan.
 *
 * Return: exit code of the program: 0 if every test passed.
 */
int tap_end(void);

#define ok(cond) tap_check(cond, #cond, __FILE__, __LINE__)

#endif
