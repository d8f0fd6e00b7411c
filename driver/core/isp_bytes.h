/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in byte arrays, whatever their alignment. */
#ifndef ISP_BYTES_H
#define ISP_BYTES_H

#include <linux/types.h>

static inline u32 isp_get_be24(const u8 *p)
{
	return (u32)p[0] << 16 | p[1] << 8 | p[2];
}

static inline u32 isp_get_le24(const u8 *p)
{
	return (u32)p[2] << 16 | p[1] << 8 | p[0];
}

static inline void isp_put_le24(u8 *p, u32 val)
{
	p[0] = val & 0xff;
	p[1] = (val >> 8) & 0xff;
	p[2] = (val >> 16) & 0xff;
}

static inline u32 isp_get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | isp_get_be24(p + 1);
}

static inline u64 isp_get_be64(const u8 *p)
{
	return (u64)isp_get_be32(p) << 32 | isp_get_be32(p + 4);
}

static inline void isp_put_be32(u8 *p, u32 val)
{
	p[0] = val >> 24;
	p[1] = (val >> 16) & 0xff;
	p[2] = (val >> 8) & 0xff;
	p[3] = val & 0xff;
}

static inline void isp_put_be64(u8 *p, u64 val)
{
	isp_put_be32(p, val >> 32);
	isp_put_be32(p + 4, val & 0xffffffff);
}

#endif
