// SPDX-License-Identifier: GPL-2.0
/* Are the unaligned accessors in linux/ rather than asm/? */
#include <linux/unaligned.h>
