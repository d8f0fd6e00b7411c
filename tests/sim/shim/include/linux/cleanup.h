/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: locks that a scope takes and gives back. */
#ifndef SHIM_LINUX_CLEANUP_H
#define SHIM_LINUX_CLEANUP_H

#include <linux/compiler.h>

#define __cleanup(func) __attribute__((__cleanup__(func)))

/* One kind of guard: type, and what to do at begin and end with *g. */
#define SHIM_GUARD(name, type, begin, end)                             \
	struct shim_guard_##name {                                     \
		type *lock;                                            \
		unsigned long flags;                                   \
	};                                                             \
	static inline struct shim_guard_##name shim_guard_##name##_in( \
		type *lock)                                            \
	{                                                              \
		struct shim_guard_##name here = { .lock = lock };      \
		struct shim_guard_##name *g = &here;                   \
                                                                       \
		begin;                                                 \
		return here;                                           \
	}                                                              \
	static inline void shim_guard_##name##_out(                    \
		struct shim_guard_##name *g)                           \
	{                                                              \
		end;                                                   \
	}

#define SHIM_PASTE2(a, b) a##b
#define SHIM_PASTE(a, b) SHIM_PASTE2(a, b)

#define guard(name)                                            \
	struct shim_guard_##name SHIM_PASTE(shim_g_, __LINE__) \
		__cleanup(shim_guard_##name##_out)             \
			__maybe_unused = shim_guard_##name##_in
#define scoped_guard(name, lock)                                              \
	for (struct shim_guard_##name shim_g_ __maybe_unused __cleanup(       \
		     shim_guard_##name##_out) = shim_guard_##name##_in(lock), \
	   *shim_done_ = NULL;                                                \
	     !shim_done_; shim_done_ = (void *)1)

#endif
