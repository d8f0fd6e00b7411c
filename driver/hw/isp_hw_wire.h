/* SPDX-License-Identifier: GPL-2.0 */
/* Asserts that hold a structure to the bytes the chip sees. */
#ifndef ISP_HW_WIRE_H
#define ISP_HW_WIRE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define WIRE_SIZE(type, size) \
	static_assert(sizeof(type) == (size), #type " has another size")

#define WIRE_AT(type, field, at)                     \
	static_assert(offsetof(type, field) == (at), \
		      #type "." #field " lies elsewhere")

#endif
