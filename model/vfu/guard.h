/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory whose file a guest may shrink under us without killing us. */
#ifndef MODEL_VFU_GUARD_H
#define MODEL_VFU_GUARD_H

#include "base.h"

/**
 * guard_init() - Catch the signal of touching mapped memory that has no file.
 *
 * Such a page is replaced by zeros of our own; any other bus error ends the
 * process as usual. Call once, before the first guard_add().
 */
void guard_init(void);

/**
 * guard_add() - Watch a mapping.
 * @host: start, page aligned
 * @len: bytes
 *
 * Return: 0; -ENOSPC: too many mappings.
 */
int guard_add(void *host, size_t len);

/**
 * guard_del() - Stop watching, before munmap().
 * @host: as added
 */
void guard_del(void *host);

/**
 * guard_hits() - How many pages have been replaced.
 *
 * Return: number since the start.
 */
unsigned long guard_hits(void);

#endif
