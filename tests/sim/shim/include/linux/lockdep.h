/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: what a lock must be when code relies on it. */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/spinlock_types.h>

void shim_assert_held(const spinlock_t *lock, bool held, const char *file,
		      int line);

#define lockdep_assert_held(l) shim_assert_held(l, true, __FILE__, __LINE__)
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert_not_held(l) \
	shim_assert_held(l, false, __FILE__, __LINE__)

#endif
