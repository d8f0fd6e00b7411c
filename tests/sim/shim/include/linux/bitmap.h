/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see bitops.h. */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H
#include <linux/bitops.h>
#endif
