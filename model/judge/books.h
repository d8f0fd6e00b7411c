/* SPDX-License-Identifier: GPL-2.0 */
/* Books: what a driver gave to the chip and what the chip gave back. */
#ifndef MODEL_BOOKS_H
#define MODEL_BOOKS_H

#include "base.h"

/* clang-format off */
/* B(NAME, "name"): kinds of things that must come back. */
#define BOOK_KINDS(B) \
	B(CTIO, "ctio") \
	B(NOTIFY_ACK, "notify_ack") \
	B(EXCHANGE, "exchange") \
	B(MARKER, "marker") \
	B(COMMAND, "command") \
	B(ABTS, "abts") \
	B(MAILBOX, "mailbox")
/* clang-format on */

#define B(sym, name) BOOK_##sym,
/** enum book_kind - Kinds of things, see BOOK_KINDS(). */
enum book_kind { BOOK_KINDS(B) BOOK_NR_KINDS };
#undef B

/**
 * struct book - One account.
 * @given: taken over by the chip
 * @returned: given back to the driver
 * @dropped: died with a chip reset, which returns nothing
 */
struct book {
	uint64_t given;
	uint64_t returned;
	uint64_t dropped;
};

/**
 * struct books - The accounts of one port.
 * @kind: by enum book_kind
 */
struct books {
	struct book kind[BOOK_NR_KINDS];
};

/**
 * book_open() - How many are with the chip now.
 * @b: account
 *
 * Return: number; negative would mean more returned than given.
 */
static inline int64_t book_open(const struct book *b)
{
	return (int64_t)(b->given - b->returned - b->dropped);
}

extern const char *const book_names[BOOK_NR_KINDS];

#endif
