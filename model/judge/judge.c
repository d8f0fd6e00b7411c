// SPDX-License-Identifier: GPL-2.0
/* The judge's records: verdicts, ports, coverage, and names for all of it. */
#include "judge/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define V(name, sentence) { #name, sentence },
const struct verdict_info verdict_infos[VERDICT_NR] = {
#include "judge/verdicts.h"
};
#undef V

#define T(sym, name, a, b, c, d) { name, { a, b, c, d } },
const struct trace_name trace_names[TRACE_NR_KINDS] = { TRACE_KINDS(T) };
#undef T

#define B(sym, name) name,
const char *const book_names[BOOK_NR_KINDS] = { BOOK_KINDS(B) };
#undef B

#define K(sym, name) name,
const char *const cover_kind_names[COVER_NR_KINDS] = { COVER_KINDS(K) };
#undef K

const char *const cover_who_names[COVER_NR_WHO] = {
	[COVER_STOCK] = "stock",
	[COVER_OURS] = "ours",
	[COVER_TEST] = "test",
};

static void *must_alloc(size_t nr, size_t size)
{
	void *p = calloc(nr, size);

	if (!p)
		abort();
	return p;
}

struct judge *judge_new(struct ev *ev)
{
	struct judge *j = must_alloc(1, sizeof(*j));

	j->ev = ev;
	j->cover.items = must_alloc(1, sizeof(*j->cover.items));
	j->cover.nr_items = 1;
	j->cover.index = must_alloc(COVER_NR_KINDS, sizeof(*j->cover.index));
	return j;
}

void judge_free(struct judge *j)
{
	struct judge_port *jp, *next;

	if (!j)
		return;
	for (jp = j->ports; jp; jp = next) {
		next = jp->next;
		free(jp);
	}
	free(j->cover.items);
	free(j->cover.index);
	free(j);
}

struct judge_port *judge_port_new(struct judge *j, const char *name)
{
	struct judge_port *jp = must_alloc(1, sizeof(*jp));
	struct judge_port **end = &j->ports;

	jp->judge = j;
	jp->who = COVER_TEST;
	snprintf(jp->name, sizeof(jp->name), "%s", name);
	while (*end)
		end = &(*end)->next;
	*end = jp;
	return jp;
}

void judge_raise(struct judge_port *jp, enum verdict v, const char *fmt, ...)
{
	char detail[JUDGE_DETAIL_LEN];
	struct judge_count *c = &jp->verdicts[v];
	va_list ap;

	trace_add(jp, TRACE_VERDICT, v, 0, 0, 0);
	/* A driver gone wild repeats itself: words only for the first few. */
	if (c->nr++ >= 8)
		return;
	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	if (c->nr == 1)
		memcpy(c->first, detail, sizeof(c->first));
	if (jp->judge->log)
		jp->judge->log(jp->judge->log_priv, jp, v, detail);
}

void judge_clear(struct judge *j)
{
	struct judge_port *jp;

	for (jp = j->ports; jp; jp = jp->next)
		memset(jp->verdicts, 0, sizeof(jp->verdicts));
}

uint64_t judge_total(const struct judge *j)
{
	const struct judge_port *jp;
	uint64_t total = 0;
	unsigned int v;

	for (jp = j->ports; jp; jp = jp->next)
		for (v = 0; v < VERDICT_NR; v++)
			total += jp->verdicts[v].nr;
	return total;
}

void cover_add(struct judge *j, enum cover_kind kind, uint16_t code,
	       const char *name)
{
	struct cover *c = &j->cover;

	if (c->index[kind][code])
		return;
	/* A power of two is the only time when the table is full. */
	if (!(c->nr_items & (c->nr_items - 1))) {
		c->items = reallocarray(c->items, 2 * c->nr_items,
					sizeof(*c->items));
		if (!c->items)
			abort();
	}
	memset(&c->items[c->nr_items], 0, sizeof(*c->items));
	c->items[c->nr_items].kind = kind;
	c->items[c->nr_items].code = code;
	c->items[c->nr_items].name = name;
	c->index[kind][code] = (uint16_t)c->nr_items++;
}

void book_drop_all(struct judge_port *jp)
{
	unsigned int k;

	for (k = 0; k < BOOK_NR_KINDS; k++) {
		int64_t open = book_open(&jp->books.kind[k]);

		/* More returned than given stays visible as a negative. */
		if (open > 0)
			jp->books.kind[k].dropped += (uint64_t)open;
	}
}
