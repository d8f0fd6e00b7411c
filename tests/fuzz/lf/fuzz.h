/* SPDX-License-Identifier: GPL-2.0 */
/* One harness, two masters: libFuzzer, or the seeded generator of seeded.c. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Most bytes that the generator makes of one input. */
#define FUZZ_MAX_LEN 4096

/**
 * LLVMFuzzerTestOneInput() - Let the code under test have one input.
 * @data: the input
 * @len:  its bytes
 *
 * Ends the program where an answer is wrong.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
