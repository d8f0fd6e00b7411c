/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: ticks of virtual time. */
#ifndef SHIM_LINUX_JIFFIES_H
#define SHIM_LINUX_JIFFIES_H

#include <linux/types.h>

#define HZ 250
unsigned long shim_jiffies(void);
#define jiffies shim_jiffies()

#define msecs_to_jiffies(ms) ((unsigned long)(((u64)(ms)*HZ + 999) / 1000))
#define secs_to_jiffies(s) ((unsigned long)(s)*HZ)
#define usecs_to_jiffies(us) \
	((unsigned long)(((u64)(us)*HZ + 999999) / 1000000))
#define jiffies_to_msecs(j) ((unsigned int)((u64)(j)*1000 / HZ))
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

#endif
