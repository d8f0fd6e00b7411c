/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: kinds of allocation. */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#include <linux/types.h>

#define GFP_NOWAIT ((gfp_t)0x000)
#define GFP_ATOMIC ((gfp_t)0x001)
#define GFP_KERNEL ((gfp_t)0x002) /* may sleep */
#define __GFP_ZERO ((gfp_t)0x100)
#define __GFP_NOWARN ((gfp_t)0x200)
#define __GFP_NORETRY ((gfp_t)0x400)

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_MASK (~(PAGE_SIZE - 1))

#endif
