/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see compiler.h. */
#ifndef SHIM_LINUX_COMPILER_ATTRIBUTES_H
#define SHIM_LINUX_COMPILER_ATTRIBUTES_H
#include <linux/compiler.h>
#endif
