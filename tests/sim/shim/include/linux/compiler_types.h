/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see compiler.h. */
#ifndef SHIM_LINUX_COMPILER_TYPES_H
#define SHIM_LINUX_COMPILER_TYPES_H
#include <linux/compiler.h>
#endif
