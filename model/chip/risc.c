// SPDX-License-Identifier: GPL-2.0
/* RISC memory: what is loaded into it, and whether that is a firmware. */
#include "chip/chip_int.h"

#include <errno.h>
#include <stdlib.h>

#define MAX_SEGMENTS 8U

struct region {
	uint32_t start;
	uint32_t end;
};

static const struct region regions[2] = {
	{ RISC_CODE_START, RISC_CODE_END },
	{ RISC_EXT_START, RISC_EXT_END },
};

static uint32_t *place(struct chip *c, uint32_t addr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(regions); i++) {
		const struct region *r = &regions[i];

		if (addr < r->start || addr >= r->end)
			continue;
		if (!c->ram[i]) {
			c->ram[i] = calloc(r->end - r->start, 4);
			if (!c->ram[i])
				abort();
		}
		return &c->ram[i][addr - r->start];
	}
	return NULL;
}

/**
 * risc_read() - Read a dword of RISC memory.
 * @c: chip
 * @addr: dword address
 * @val: result, native order
 *
 * Return: 0; -EINVAL: no memory there.
 */
int risc_read(struct chip *c, uint32_t addr, uint32_t *val)
{
	uint32_t *p = place(c, addr);

	if (!p)
		return -EINVAL;
	*val = *p;
	return 0;
}

/**
 * risc_load() - Write a dword of RISC memory.
 * @c: chip
 * @addr: dword address
 * @val: native order
 *
 * Return: 0; -EINVAL: no memory there.
 */
int risc_load(struct chip *c, uint32_t addr, uint32_t val)
{
	uint32_t *p = place(c, addr);

	if (!p)
		return -EINVAL;
	*p = val;
	if (addr >= RISC_EXT_START && addr < RISC_EXT_END) {
		uint32_t i = addr - RISC_EXT_START;

		c->loaded[i / 8] |= (uint8_t)(1U << i % 8);
	}
	return 0;
}

static bool is_loaded(const struct chip *c, uint32_t addr)
{
	uint32_t i = addr - RISC_EXT_START;

	return addr >= RISC_EXT_START && addr < RISC_EXT_END &&
	       (c->loaded[i / 8] >> i % 8 & 1);
}

static int segment(struct chip *c, uint32_t start, uint32_t *sum,
		   uint32_t *next)
{
	uint32_t addr = 0, len = 0, word;

	if (!is_loaded(c, start + SEG_LEN / 4) ||
	    risc_read(c, start + SEG_NEXT / 4, next) ||
	    risc_read(c, start + SEG_ADDR / 4, &addr) ||
	    risc_read(c, start + SEG_LEN / 4, &len))
		return -ENOENT;
	if (addr != start || len <= SEG_SUBMINOR / 4 ||
	    len > RISC_EXT_END - start)
		return -EINVAL;
	*sum = 0;
	for (uint32_t i = 0; i < len; i++) {
		if (!is_loaded(c, start + i) || risc_read(c, start + i, &word))
			return -ENOENT;
		*sum += word;
	}
	return *sum ? -EINVAL : 0;
}

/**
 * risc_verify() - Is there a whole firmware in RISC memory?
 * @c: chip
 * @start: dword address of the first segment
 * @sum: checksum of the segment that failed, 0 if it is not the checksum
 *
 * Each segment names its own address, its length and the next segment; its
 * words add up to 0, and all of them were loaded since the last reset.
 *
 * Return: 0; -ENOENT: something was not loaded; -EINVAL: a header or a
 *	   checksum is wrong.
 */
int risc_verify(struct chip *c, uint32_t start, uint32_t *sum)
{
	uint32_t addr = start, next = 0;
	int err;

	*sum = 0;
	for (unsigned int i = 0; i < MAX_SEGMENTS; i++) {
		err = segment(c, addr, sum, &next);
		if (err)
			return err;
		if (!next)
			return 0;
		addr = next;
	}
	return -EINVAL;
}

/**
 * risc_forget() - A reset: nothing counts as loaded; the bits stay for a dump.
 * @c: chip
 */
void risc_forget(struct chip *c)
{
	memset(c->loaded, 0, sizeof(c->loaded));
}

/**
 * risc_free() - Free RISC memory.
 * @c: chip
 */
void risc_free(struct chip *c)
{
	free(c->ram[0]);
	free(c->ram[1]);
	c->ram[0] = NULL;
	c->ram[1] = NULL;
}
