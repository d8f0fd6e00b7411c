/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: a firmware image in memory. */
#ifndef SHIM_LINUX_FIRMWARE_H
#define SHIM_LINUX_FIRMWARE_H

#include <linux/types.h>

struct firmware {
	size_t size;
	const u8 *data;
};

#endif
