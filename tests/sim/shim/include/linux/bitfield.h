/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: fields inside a word, by mask. */
#ifndef SHIM_LINUX_BITFIELD_H
#define SHIM_LINUX_BITFIELD_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#define SHIM_BF_SHIFT(mask) (__builtin_ffsll(mask) - 1)

#define FIELD_FIT(mask, val) \
	(!((((u64)(val)) << SHIM_BF_SHIFT(mask)) & ~(u64)(mask)))
#define FIELD_MAX(mask) ((__typeof__(mask))((mask) >> SHIM_BF_SHIFT(mask)))
#define FIELD_PREP(mask, val)                                                  \
	((__typeof__(mask))(((__typeof__(mask))(val) << SHIM_BF_SHIFT(mask)) & \
			    (mask)))
#define FIELD_GET(mask, reg) \
	((__typeof__(mask))(((reg) & (mask)) >> SHIM_BF_SHIFT(mask)))

#endif
