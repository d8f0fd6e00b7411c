// SPDX-License-Identifier: GPL-2.0
/* Must a workqueue that is not unbound say so? */
#include <linux/workqueue.h>

unsigned int flags = WQ_PERCPU;
