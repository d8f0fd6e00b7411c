/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: see string.h. */
#ifndef SHIM_LINUX_SPRINTF_H
#define SHIM_LINUX_SPRINTF_H
#include <linux/string.h>
#include <stdio.h>
#endif
