// SPDX-License-Identifier: GPL-2.0
/*
 * The data model: per sector the writes that it may show.
 *
 * A write has a time from its start to the moment when it is known to be over.
 * A read may see any write that began before the read's end, unless another
 * one that was acknowledged lies wholly between the two.
 */
#include "disk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRUNE_AT 8U
#define FEW 4U /* of a sector's writes need no memory of their own */

struct write {
	uint64_t start;
	uint64_t end;
	uint32_t lba;
	uint32_t blocks;
	bool done;
};

struct sector {
	uint32_t *may;
	uint32_t nr;
	uint32_t room;
	uint32_t few[FEW];
};

struct disk {
	uint32_t blocks;
	struct sector *sector;
	struct write *write;
	uint32_t nr;
	uint32_t room;
	uint64_t oldest;
};

static void *grow(void *p, uint32_t nr, size_t size)
{
	p = realloc(p, nr * size);
	assert(p);
	return p;
}

static void may_free(struct sector *s)
{
	if (s->may != s->few)
		free(s->may);
}

static void may_add(struct sector *s, uint32_t nr)
{
	if (s->nr == s->room) {
		uint32_t *more = malloc(s->room * 2 * sizeof(*more));

		assert(more);
		memcpy(more, s->may, s->nr * sizeof(*more));
		may_free(s);
		s->may = more;
		s->room *= 2;
	}
	s->may[s->nr++] = nr;
}

struct disk *disk_new(uint32_t blocks)
{
	struct disk *d = calloc(1, sizeof(*d));

	assert(d);
	d->blocks = blocks;
	d->sector = calloc(blocks, sizeof(*d->sector));
	d->room = 1024;
	d->write = grow(NULL, d->room, sizeof(*d->write));
	assert(d->sector);
	/* The first one is the disk as it was made. */
	d->write[d->nr++] = (struct write){ .blocks = blocks, .done = true };
	for (uint32_t i = 0; i < blocks; i++) {
		d->sector[i].may = d->sector[i].few;
		d->sector[i].room = FEW;
	}
	disk_wipe(d);
	return d;
}

void disk_wipe(struct disk *d)
{
	for (uint32_t i = 0; i < d->blocks; i++) {
		d->sector[i].nr = 0;
		may_add(&d->sector[i], 0);
	}
}

void disk_free(struct disk *d)
{
	if (!d)
		return;
	for (uint32_t i = 0; i < d->blocks; i++)
		may_free(&d->sector[i]);
	free(d->sector);
	free(d->write);
	free(d);
}

/*
 * All of a sector says which write and which sector it is: the first words by
 * themselves, and each word by its distance from the one before.
 */
static uint64_t first_word(uint32_t nr, uint32_t lba)
{
	return (uint64_t)lba << 32 | nr;
}

static uint64_t step_of(uint64_t first)
{
	return (first * 6364136223846793005ULL + 1442695040888963407ULL) | 1;
}

static void fill(uint8_t *at, uint32_t nr, uint32_t lba)
{
	uint64_t first = first_word(nr, lba), step = step_of(first);

	for (uint64_t i = 0; i < DISK_BLOCK / 8; i++) {
		uint64_t v = first + i * step;

		memcpy(at + i * 8, &v, sizeof(v));
	}
}

uint32_t disk_write(struct disk *d, uint64_t now, uint32_t lba, uint32_t blocks,
		    uint8_t *buf)
{
	uint32_t nr = d->nr++;

	assert(blocks && lba + blocks <= d->blocks);
	if (nr == d->room) {
		d->room *= 2;
		d->write = grow(d->write, d->room, sizeof(*d->write));
	}
	d->write[nr] = (struct write){ now, UINT64_MAX, lba, blocks, false };
	for (uint32_t i = 0; i < blocks; i++) {
		fill(buf + (size_t)i * DISK_BLOCK, nr, lba + i);
		may_add(&d->sector[lba + i], nr);
	}
	return nr;
}

/* Has something that was acknowledged before @since replaced @nr? */
static bool replaced(const struct disk *d, const struct sector *s, uint32_t nr,
		     uint64_t since)
{
	for (uint32_t i = 0; i < s->nr; i++) {
		const struct write *w = &d->write[s->may[i]];

		if (w->done && w->end < since && s->may[i] != nr &&
		    (!nr || w->start > d->write[nr].end))
			return true;
	}
	return false;
}

static void forget(struct sector *s, uint32_t nr)
{
	for (uint32_t i = 0; i < s->nr; i++)
		if (s->may[i] == nr) {
			s->may[i] = s->may[--s->nr];
			return;
		}
}

static void prune(struct disk *d, struct sector *s)
{
	uint32_t keep[64], nr = 0;

	if (s->nr < PRUNE_AT || s->nr > 64)
		return;
	for (uint32_t i = 0; i < s->nr; i++)
		if (!replaced(d, s, s->may[i], d->oldest))
			keep[nr++] = s->may[i];
	memcpy(s->may, keep, nr * sizeof(*keep));
	s->nr = nr;
}

void disk_oldest(struct disk *d, uint64_t at)
{
	d->oldest = at;
}

void disk_written(struct disk *d, uint32_t nr, uint64_t now, enum disk_end end,
		  uint32_t blocks)
{
	struct write *w = &d->write[nr];

	for (uint32_t i = end == DISK_NEVER ? 0 : blocks; i < w->blocks; i++)
		forget(&d->sector[w->lba + i], nr);
	w->done = end == DISK_DONE;
	if (end != DISK_LOST)
		w->end = now;
	if (w->done)
		for (uint32_t i = 0; i < blocks; i++)
			prune(d, &d->sector[w->lba + i]);
}

void disk_settle(struct disk *d, uint32_t nr, uint64_t now)
{
	if (d->write[nr].end == UINT64_MAX)
		d->write[nr].end = now;
}

static bool is_from(const uint8_t *buf, uint32_t nr, uint32_t lba)
{
	uint64_t first = nr ? first_word(nr, lba) : 0;
	uint64_t step = nr ? step_of(first) : 0, differ = 0, v;

	for (uint64_t i = 0; i < DISK_BLOCK / 8; i++) {
		memcpy(&v, buf + i * 8, sizeof(v));
		differ |= v ^ (first + i * step);
	}
	return !differ;
}

bool disk_check(struct disk *d, uint64_t since, uint32_t lba, uint32_t blocks,
		const uint8_t *buf, char *why, size_t why_len)
{
	for (uint32_t i = 0; i < blocks; i++, buf += DISK_BLOCK) {
		const struct sector *s = &d->sector[lba + i];
		uint32_t nr, k;

		memcpy(&nr, buf, sizeof(nr));
		for (k = 0; k < s->nr && s->may[k] != nr; k++)
			;
		if (k < s->nr && is_from(buf, nr, lba + i) &&
		    !replaced(d, s, nr, since))
			continue;
		snprintf(why, why_len,
			 "sector %" PRIu32 " (%" PRIu32 " of %" PRIu32
			 ") shows write %" PRIu32 "%s",
			 lba + i, i, blocks, nr,
			 k == s->nr ? ", which cannot be there" :
			 !is_from(buf, nr, lba + i) ? ", damaged" :
						      ", which was replaced");
		return false;
	}
	return true;
}
