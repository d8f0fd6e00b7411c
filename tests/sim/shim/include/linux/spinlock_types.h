/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: a lock knows its holder and the place that made it. */
#ifndef SHIM_LINUX_SPINLOCK_TYPES_H
#define SHIM_LINUX_SPINLOCK_TYPES_H

#include <linux/types.h>

/**
 * struct shim_lock_class - all locks made by one line of source
 * @name:  expression of the initialiser
 * @file:  where
 * @line:  where
 * @index: 1.. once registered
 * @in_hardirq: was taken in an interrupt handler
 * @irqs_on: was taken with interrupts on
 */
struct shim_lock_class {
	const char *name;
	const char *file;
	int line;
	unsigned int index;
	bool in_hardirq;
	bool irqs_on;
};

/**
 * typedef spinlock_t - a spinlock
 * @cls:   made by spin_lock_init(); NULL: it was not
 * @held:  is taken
 * @file:  where it was taken last
 * @line:  where it was taken last
 */
typedef struct spinlock {
	struct shim_lock_class *cls;
	bool held;
	const char *file;
	int line;
} spinlock_t;

#endif
