/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: the place of unaligned.h before 6.12. */
#ifndef SHIM_ASM_UNALIGNED_H
#define SHIM_ASM_UNALIGNED_H
#include <linux/unaligned.h>
#endif
