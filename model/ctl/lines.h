/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes as they come from a control client, cut into lines. */
#ifndef MODEL_CTL_LINES_H
#define MODEL_CTL_LINES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct ctl_lines - what has come and was not taken
 * @buf: @max bytes
 * @max: longest line, its newline included
 * @len: bytes that are there
 * @start: where the next line begins
 * @lost: a line was too long: where the next one begins is unknown
 */
struct ctl_lines {
	char *buf;
	size_t max;
	size_t len;
	size_t start;
	bool lost;
};

/**
 * ctl_lines_init() - Nothing has come yet.
 * @l: lines, overwritten
 * @max: longest line, its newline included, at least 1
 */
void ctl_lines_init(struct ctl_lines *l, size_t max);

/**
 * ctl_lines_fini() - Free what is there.
 * @l: lines
 */
void ctl_lines_fini(struct ctl_lines *l);

/**
 * ctl_lines_room() - Where the next bytes go.
 * @l: lines, all taken: ctl_lines_next() has said NULL; not lost
 * @room: out: how many there may be, at least 1
 *
 * Return: place.
 */
char *ctl_lines_room(struct ctl_lines *l, size_t *room);

/**
 * ctl_lines_add() - Bytes were put there.
 * @l: lines
 * @nr: how many
 */
void ctl_lines_add(struct ctl_lines *l, size_t nr);

/**
 * ctl_lines_next() - Take the next line that is whole; empty ones do not count.
 * @l: lines
 *
 * Return: the line without its newline, valid until the next call; "" for one
 *	   that was too long or has a NUL inside; NULL: more has to come.
 */
const char *ctl_lines_next(struct ctl_lines *l);

#endif
