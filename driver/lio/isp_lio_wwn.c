// SPDX-License-Identifier: GPL-2.0
/* Port names as users write them, and the one form in which they are kept. */
#include "isp_lio_wwn.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../compat/isp_compat.h"

#define WWN_BYTES 8

/**
 * isp_lio_wwn_parse() - read a port name in any of its three spellings
 * @name: "naa.2100001b32010203", "21:00:00:1b:32:01:02:03" or
 *        "2100001b32010203", hex digits in either case, nothing behind
 * @wwn:  the name
 *
 * Context: any.
 * Return: 0; -EINVAL: none of the three, or the name 0.
 */
int isp_lio_wwn_parse(const char *name, u64 *wwn)
{
	bool colons;
	u64 val = 0;
	int i;

	if (!strncasecmp(name, "naa.", 4)) {
		name += 4;
		colons = false;
	} else {
		colons = strlen(name) == 3 * WWN_BYTES - 1;
	}
	for (i = 0; i < WWN_BYTES; i++) {
		int hi, lo;

		if (colons && i && *name++ != ':')
			return -EINVAL;
		hi = hex_to_bin(name[0]);
		if (hi < 0)
			return -EINVAL;
		lo = hex_to_bin(name[1]);
		if (lo < 0)
			return -EINVAL;
		val = val << 8 | hi << 4 | lo;
		name += 2;
	}
	if (*name || !val)
		return -EINVAL;
	*wwn = val;
	return 0;
}

/**
 * isp_lio_wwn_format() - write a port name in colon form
 * @name: room for ISP_LIO_WWN_LEN bytes
 * @wwn:  the name
 *
 * Context: any.
 */
void isp_lio_wwn_format(char *name, u64 wwn)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int i;

	for (i = 0; i < WWN_BYTES; i++, wwn <<= 8) {
		*name++ = digits[wwn >> 60];
		*name++ = digits[wwn >> 56 & 0xf];
		*name++ = ':';
	}
	name[-1] = '\0';
}
