/* SPDX-License-Identifier: GPL-2.0 */
/* Big-endian numbers at any address; the kernel's header for it has moved. */
#ifndef DBL_BYTES_H
#define DBL_BYTES_H

#include <linux/types.h>

static inline u64 dbl_get_be(const u8 *at, unsigned int len)
{
	u64 value = 0;

	while (len--)
		value = value << 8 | *at++;
	return value;
}

static inline void dbl_put_be(u8 *at, unsigned int len, u64 value)
{
	while (len--) {
		at[len] = value;
		value >>= 8;
	}
}

static inline u16 dbl_get_be16(const u8 *at)
{
	return dbl_get_be(at, 2);
}

static inline u32 dbl_get_be24(const u8 *at)
{
	return dbl_get_be(at, 3);
}

static inline u32 dbl_get_be32(const u8 *at)
{
	return dbl_get_be(at, 4);
}

static inline u64 dbl_get_be64(const u8 *at)
{
	return dbl_get_be(at, 8);
}

static inline void dbl_put_be16(u16 value, u8 *at)
{
	dbl_put_be(at, 2, value);
}

static inline void dbl_put_be32(u32 value, u8 *at)
{
	dbl_put_be(at, 4, value);
}

static inline void dbl_put_be64(u64 value, u8 *at)
{
	dbl_put_be(at, 8, value);
}

#endif /* DBL_BYTES_H */
