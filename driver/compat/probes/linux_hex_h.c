// SPDX-License-Identifier: GPL-2.0
/* Do hex_to_bin() and its like have a header of their own? */
#include <linux/hex.h>
