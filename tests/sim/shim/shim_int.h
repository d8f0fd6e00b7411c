/* SPDX-License-Identifier: GPL-2.0 */
/* What the shim's files share. */
#ifndef TESTS_SIM_SHIM_INT_H
#define TESTS_SIM_SHIM_INT_H

#include "shim.h"

#include <linux/bug.h>
#include <linux/list.h>
#include <linux/types.h>

extern const struct shim_host *shim_host;

void shim_lock_reset(void);
void shim_mem_reset(void);
void shim_mem_judge(void);
void shim_time_reset(void);
void shim_time_judge(void);
void shim_io_reset(void);

/* Is an armed timer or queued work inside this memory? Then name it. */
const char *shim_time_inside(const void *start, size_t size);

#endif
