// SPDX-License-Identifier: GPL-2.0
/* Tables of registers and fields, made from the rows of the headers. */
#include "spec/spec.h"

#include "spec/entries.h"
#include "spec/memory.h"
#include "spec/regs.h"

#define R(sym, name, off, width, reset, write, rsvd) \
	{ name, off, width, reset, write, rsvd },
const struct spec_reg spec_regs[] = { SPEC_REGS(R) };
#undef R
const size_t spec_nr_regs = ARRAY_SIZE(spec_regs);

struct field {
	const char *kind;
	const char *entry;
	const char *name;
	uint16_t off;
	uint8_t width;
	char order;
};

#define F(entry, field, name, off, width, order) \
	{ "entry", #entry, name, off, width, (#order)[0] },
static const struct field entry_fields[] = { SPEC_ALL_ENTRIES(F) };
#undef F

#define F(entry, field, name, off, width, order) \
	{ "memory", #entry, name, off, width, (#order)[0] },
static const struct field memory_fields[] = { SPEC_ALL_MEMORY(F) };
#undef F

static const char *order_name(char order)
{
	switch (order) {
	case 'L':
		return "le";
	case 'M':
		return "be";
	case 'S':
		return "swap32";
	default:
		return "bytes";
	}
}

static void dump_fields(FILE *f, const struct field *fld, size_t nr)
{
	for (size_t i = 0; i < nr; i++, fld++)
		fprintf(f, "%s\t%s\t%s\t%02x\t%u\t%s\n", fld->kind, fld->entry,
			fld->name, fld->off, fld->width,
			order_name(fld->order));
}

void spec_dump(FILE *f)
{
	for (size_t i = 0; i < spec_nr_regs; i++)
		fprintf(f, "reg\tREG\t%s\t%02x\t%u\tle\n", spec_regs[i].name,
			spec_regs[i].off, spec_regs[i].width);
	dump_fields(f, entry_fields, ARRAY_SIZE(entry_fields));
	dump_fields(f, memory_fields, ARRAY_SIZE(memory_fields));
}
