/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: integers at any address. */
#ifndef SHIM_LINUX_UNALIGNED_H
#define SHIM_LINUX_UNALIGNED_H

#include <asm/byteorder.h>
#include <string.h>

#define SHIM_UNALIGNED(name, type, conv)                           \
	static inline type get_unaligned_##name(const void *p)     \
	{                                                          \
		type v;                                            \
                                                                   \
		memcpy(&v, p, sizeof(v));                          \
		return conv(v);                                    \
	}                                                          \
	static inline void put_unaligned_##name(type val, void *p) \
	{                                                          \
		type v = conv(val);                                \
                                                                   \
		memcpy(p, &v, sizeof(v));                          \
	}

SHIM_UNALIGNED(le16, u16, (u16))
SHIM_UNALIGNED(le32, u32, (u32))
SHIM_UNALIGNED(le64, u64, (u64))
SHIM_UNALIGNED(be16, u16, swab16)
SHIM_UNALIGNED(be32, u32, swab32)
SHIM_UNALIGNED(be64, u64, swab64)

static inline u32 get_unaligned_be24(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 16 | (u32)b[1] << 8 | b[2];
}

static inline u32 get_unaligned_le24(const void *p)
{
	const u8 *b = p;

	return (u32)b[2] << 16 | (u32)b[1] << 8 | b[0];
}

static inline void put_unaligned_be24(u32 val, void *p)
{
	u8 *b = p;

	b[0] = (u8)(val >> 16);
	b[1] = (u8)(val >> 8);
	b[2] = (u8)val;
}

static inline void put_unaligned_le24(u32 val, void *p)
{
	u8 *b = p;

	b[0] = (u8)val;
	b[1] = (u8)(val >> 8);
	b[2] = (u8)(val >> 16);
}

#endif
