/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One harness, two masters: libFuzzer, or the seeded generator of seeded.c.
 * And what most targets do with an input: take it byte by byte.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most bytes that the generator makes of one input. */
#define FUZZ_MAX_LEN 4096

/* What must hold, or the input is one to keep. */
#define fuzz_want(cond)                                                  \
	do {                                                             \
		if (!(cond)) {                                           \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				__LINE__, #cond);                        \
			abort();                                         \
		}                                                        \
	} while (0)

/**
 * struct fuzz_in - what is left of an input
 * @p: next byte
 * @left: how many
 */
struct fuzz_in {
	const uint8_t *p;
	size_t left;
};

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

/** fuzz_u8() - The next byte of @in. Return: it, or 0 at the end. */
static inline uint8_t fuzz_u8(struct fuzz_in *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

/** fuzz_u16() - The next two bytes of @in. Return: little endian. */
static inline uint16_t fuzz_u16(struct fuzz_in *in)
{
	uint16_t low = fuzz_u8(in);

	return (uint16_t)(low | fuzz_u8(in) << 8);
}

/** fuzz_u32() - The next four bytes of @in. Return: little endian. */
static inline uint32_t fuzz_u32(struct fuzz_in *in)
{
	uint32_t low = fuzz_u16(in);

	return low | (uint32_t)fuzz_u16(in) << 16;
}

/**
 * fuzz_patch() - Spoil some bytes: a count, then places and values.
 * @in: input
 * @p: bytes
 * @len: how many, 1 to 256
 */
static inline void fuzz_patch(struct fuzz_in *in, uint8_t *p, size_t len)
{
	unsigned int nr = fuzz_u8(in) % 16;
	size_t at;

	while (nr-- && in->left) {
		at = fuzz_u8(in) % len;
		p[at] = fuzz_u8(in);
	}
}

#endif
