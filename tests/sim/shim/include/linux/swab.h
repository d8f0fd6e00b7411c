/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: bytes turned round. */
#ifndef SHIM_LINUX_SWAB_H
#define SHIM_LINUX_SWAB_H

#include <linux/types.h>

#define swab16(x) ((u16)__builtin_bswap16(x))
#define swab32(x) ((u32)__builtin_bswap32(x))
#define swab64(x) ((u64)__builtin_bswap64(x))

static inline void swab32_array(u32 *buf, unsigned int words)
{
	for (; words; words--, buf++)
		*buf = swab32(*buf);
}

#endif
