/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: error numbers; the C library includes this name too. */
#include_next <linux/errno.h>
#ifndef SHIM_LINUX_ERRNO_H
#define SHIM_LINUX_ERRNO_H
#define ERESTARTSYS 512
#define EPROBE_DEFER 517
#define ENOTSUPP 524
#endif
