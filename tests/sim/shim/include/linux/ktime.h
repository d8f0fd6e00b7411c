/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: virtual time in nanoseconds. */
#ifndef SHIM_LINUX_KTIME_H
#define SHIM_LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/types.h>

typedef s64 ktime_t;

#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_USEC 1000L
#define USEC_PER_SEC 1000000L
#define USEC_PER_MSEC 1000L
#define MSEC_PER_SEC 1000L

ktime_t ktime_get(void);

#define ktime_get_ns() ((u64)ktime_get())
#define ktime_get_boottime_ns() ktime_get_ns()
#define ktime_sub(a, b) ((a) - (b))
#define ktime_add_ns(kt, ns) ((kt) + (s64)(ns))
#define ktime_add_us(kt, us) ((kt) + (s64)(us)*NSEC_PER_USEC)
#define ktime_add_ms(kt, ms) ((kt) + (s64)(ms)*NSEC_PER_MSEC)
#define ktime_to_ns(kt) (kt)
#define ktime_to_us(kt) ((kt) / NSEC_PER_USEC)
#define ktime_to_ms(kt) ((kt) / NSEC_PER_MSEC)
#define ktime_us_delta(a, b) ktime_to_us(ktime_sub(a, b))
#define ktime_ms_delta(a, b) ktime_to_ms(ktime_sub(a, b))
#define ktime_compare(a, b) ((a) < (b) ? -1 : (a) > (b))
#define ktime_before(a, b) ((a) < (b))
#define ktime_after(a, b) ((a) > (b))
#define ms_to_ktime(ms) ((ktime_t)(ms)*NSEC_PER_MSEC)

#endif
