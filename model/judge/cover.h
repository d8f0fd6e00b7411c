/* SPDX-License-Identifier: GPL-2.0 */
/* Coverage: what the model implements, and who has used it. */
#ifndef MODEL_COVER_H
#define MODEL_COVER_H

#include "base.h"

/* clang-format off */
/* K(NAME, "name"): kinds of implemented things; a code is 16 bits. */
#define COVER_KINDS(K) \
	K(MBOX, "mbox") \
	K(ENTRY, "entry") \
	K(REG, "reg") \
	K(ELS, "els") \
	K(CT, "ct") \
	K(EVENT, "event")
/* clang-format on */

#define K(sym, name) COVER_##sym,
/** enum cover_kind - Kinds of implemented things, see COVER_KINDS(). */
enum cover_kind { COVER_KINDS(K) COVER_NR_KINDS };
#undef K

/**
 * enum cover_who - Whose driver uses a port.
 * @COVER_STOCK: a stock driver
 * @COVER_OURS: the project's driver
 * @COVER_TEST: a test; also the default
 * @COVER_NR_WHO: how many there are
 */
enum cover_who { COVER_STOCK, COVER_OURS, COVER_TEST, COVER_NR_WHO };

/**
 * struct cover_item - One implemented thing.
 * @kind: enum cover_kind
 * @code: opcode, entry type, register offset, ...
 * @name: stays the registrar's
 * @hits: by enum cover_who
 */
struct cover_item {
	enum cover_kind kind;
	uint16_t code;
	const char *name;
	uint64_t hits[COVER_NR_WHO];
};

/**
 * struct cover - The register of implemented things.
 * @items: [0] is for hits on what nobody registered
 * @nr_items: used entries, at least 1
 * @index: by kind and code: place in @items, 0 = not registered
 */
struct cover {
	struct cover_item *items;
	size_t nr_items;
	uint16_t (*index)[1 << 16];
};

struct judge;

/**
 * cover_add() - Register something implemented; the same again is ignored.
 * @j: judge
 * @kind: kind
 * @code: code within the kind
 * @name: static string
 */
void cover_add(struct judge *j, enum cover_kind kind, uint16_t code,
	       const char *name);

extern const char *const cover_kind_names[COVER_NR_KINDS];
extern const char *const cover_who_names[COVER_NR_WHO];

#endif
