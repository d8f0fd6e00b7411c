/* SPDX-License-Identifier: GPL-2.0 */
/* What a disk may hold: writes that overlap, fail, or were given up. */
#ifndef TESTS_SIM_STORM_DISK_H
#define TESTS_SIM_STORM_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_BLOCK 512U

struct disk;

/**
 * enum disk_end - what became of a write
 * @DISK_DONE: it was acknowledged: its data is there
 * @DISK_MAYBE: it failed: some of its sectors may be there, no more will come
 * @DISK_NEVER: it was refused: nothing of it may be there
 * @DISK_LOST: nobody knows; it may still come until disk_settle()
 */
enum disk_end { DISK_DONE, DISK_MAYBE, DISK_NEVER, DISK_LOST };

/** disk_new() - A disk of zeroes, @blocks long. Return: the disk. */
struct disk *disk_new(uint32_t blocks);
/** disk_free() - Free @d, or nothing if NULL. */
void disk_free(struct disk *d);
/** disk_wipe() - The real disk of @d was replaced by zeroes. */
void disk_wipe(struct disk *d);

/**
 * disk_write() - A write begins; fill its buffer.
 * @d: disk
 * @now: time
 * @lba: first block
 * @blocks: how many
 * @buf: gets its data: each sector tells which write it is from
 *
 * Return: its number.
 */
uint32_t disk_write(struct disk *d, uint64_t now, uint32_t lba, uint32_t blocks,
		    uint8_t *buf);

/**
 * disk_written() - A write ends.
 * @d: disk
 * @nr: number
 * @now: time
 * @end: how
 * @blocks: so many of its first blocks, the others were not to be written
 */
void disk_written(struct disk *d, uint32_t nr, uint64_t now, enum disk_end end,
		  uint32_t blocks);

/**
 * disk_settle() - A lost write cannot come any more.
 * @d: disk
 * @nr: number
 * @now: time
 */
void disk_settle(struct disk *d, uint32_t nr, uint64_t now);

/**
 * disk_oldest() - No read that is open or will come began before this.
 * @d: disk
 * @at: time
 */
void disk_oldest(struct disk *d, uint64_t at);

/**
 * disk_check() - Is this what a read may see?
 * @d: disk
 * @since: when the read began
 * @lba: first block
 * @blocks: how many
 * @buf: what came
 * @why: place for a sentence
 * @why_len: its size
 *
 * Return: true if each sector is as a write left it that nothing has replaced.
 */
bool disk_check(struct disk *d, uint64_t since, uint32_t lba, uint32_t blocks,
		const uint8_t *buf, char *why, size_t why_len);

#endif
