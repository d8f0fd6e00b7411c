/* SPDX-License-Identifier: GPL-2.0 */
/* The model's description of the hardware, as tables to print and compare. */
#ifndef MODEL_SPEC_H
#define MODEL_SPEC_H

#include "base.h"

#include <stdio.h>

/**
 * struct spec_reg - One register.
 * @name: as printed
 * @off: byte offset in both BARs
 * @width: bytes
 * @reset: value after reset
 * @write: bits that the host can change
 * @rsvd: bits that must be written as 0
 */
struct spec_reg {
	const char *name;
	uint16_t off;
	uint8_t width;
	uint32_t reset;
	uint32_t write;
	uint32_t rsvd;
};

extern const struct spec_reg spec_regs[];
extern const size_t spec_nr_regs;

/**
 * spec_dump() - Print every table as tab separated values.
 * @f: where to
 *
 * Columns: kind (reg, entry, memory), struct, field, offset (hex), width
 * (dec), byte order (le, be, bytes, swap32).
 */
void spec_dump(FILE *f);

#endif
