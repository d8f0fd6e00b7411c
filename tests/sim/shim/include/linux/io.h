/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: registers are the model's. */
#ifndef SHIM_LINUX_IO_H
#define SHIM_LINUX_IO_H

#include <asm/byteorder.h>
#include <linux/types.h>

u32 shim_io_read(const volatile void __iomem *addr, unsigned int size);
void shim_io_write(volatile void __iomem *addr, unsigned int size, u32 val);

#define readb(a) ((u8)shim_io_read(a, 1))
#define readw(a) ((u16)shim_io_read(a, 2))
#define readl(a) shim_io_read(a, 4)
#define writeb(v, a) shim_io_write(a, 1, (u8)(v))
#define writew(v, a) shim_io_write(a, 2, (u16)(v))
#define writel(v, a) shim_io_write(a, 4, (u32)(v))
#define readl_relaxed(a) readl(a)
#define writel_relaxed(v, a) writel(v, a)
#define ioread8(a) readb(a)
#define ioread16(a) readw(a)
#define ioread32(a) readl(a)
#define iowrite8(v, a) writeb(v, a)
#define iowrite16(v, a) writew(v, a)
#define iowrite32(v, a) writel(v, a)

#endif
