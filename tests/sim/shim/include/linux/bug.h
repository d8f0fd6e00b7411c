/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: warnings are failures of the test. */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/printk.h>

/* Not of the kernel: counts one failure and says it on stderr. */
void shim_fail(const char *fmt, ...) __printf(1, 2);

#define WARN(cond, fmt, ...)                                                  \
	({                                                                    \
		bool shim_w_ = !!(cond);                                      \
		if (unlikely(shim_w_))                                        \
			shim_fail("%s:%d: warning: " fmt, __FILE__, __LINE__, \
				  ##__VA_ARGS__);                             \
		shim_w_;                                                      \
	})
#define WARN_ON(cond) WARN(cond, "%s", #cond)
#define WARN_ON_ONCE(cond) WARN_ON(cond)
#define WARN_ONCE(cond, fmt, ...) WARN(cond, fmt, ##__VA_ARGS__)

#endif
