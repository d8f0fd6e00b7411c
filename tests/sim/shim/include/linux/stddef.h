/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see compiler.h. */
#ifndef SHIM_LINUX_STDDEF_H
#define SHIM_LINUX_STDDEF_H
#include <linux/compiler.h>
#endif
