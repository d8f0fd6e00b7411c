/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: reference counters that tell their misuse. */
#ifndef SHIM_LINUX_REFCOUNT_H
#define SHIM_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)               \
	{                              \
		.refs = ATOMIC_INIT(n) \
	}

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return (unsigned int)atomic_read(&r->refs);
}

static inline void refcount_inc(refcount_t *r)
{
	WARN(atomic_inc_return(&r->refs) <= 1, "refcount: inc from 0");
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	return atomic_inc_not_zero(&r->refs);
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	int now = atomic_dec_return(&r->refs);

	WARN(now < 0, "refcount: below 0");
	return now == 0;
}

#define refcount_dec(r) ((void)refcount_dec_and_test(r))

#endif
