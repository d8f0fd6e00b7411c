/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see asm/byteorder.h. */
#ifndef SHIM_LINUX_BYTEORDER_H
#define SHIM_LINUX_BYTEORDER_H
#include <asm/byteorder.h>
#endif
