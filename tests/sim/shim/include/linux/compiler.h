/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: compiler annotations and forced accesses. */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <stddef.h>

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" : : : "memory")

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)                               \
	do {                                             \
		*(volatile __typeof__(x) *)&(x) = (val); \
	} while (0)

/* Barriers order accesses of one thread; the model runs in the same one. */
#define mb() __sync_synchronize()
#define rmb() barrier()
#define wmb() barrier()
#define dma_mb() mb()
#define dma_rmb() barrier()
#define dma_wmb() barrier()
#define smp_mb() mb()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()
#define smp_load_acquire(p) READ_ONCE(*(p))
#define smp_store_release(p, v) WRITE_ONCE(*(p), v)

/* sparse knows these; a C compiler has no use for them. */
#define __bitwise
#define __force
#define __iomem
#define __user
#define __rcu
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)

#ifndef __packed
#define __packed __attribute__((__packed__))
#endif
#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define __aligned(x) __attribute__((__aligned__(x)))
#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __counted_by(member)
#define __cold
#define __init
#define __exit
#define __read_mostly
#define ____cacheline_aligned __aligned(64)
#define ____cacheline_aligned_in_smp __aligned(64)
#define noinline __attribute__((__noinline__))
#define fallthrough __attribute__((__fallthrough__))

#define struct_group(NAME, ...)     \
	union {                     \
		struct {            \
			__VA_ARGS__ \
		};                  \
		struct {            \
			__VA_ARGS__ \
		} NAME;             \
	}

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))

#endif
