// SPDX-License-Identifier: GPL-2.0
/* A fabric with cards and their drivers in one process, virtual time. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

void world_init(struct world *w, enum fab_topo topo)
{
	memset(w, 0, sizeof(*w));
	w->ev = ev_new(EV_CLOCK_VIRTUAL);
	w->judge = judge_new(w->ev);
	w->fault = fault_new();
	w->fab = fab_new(w->ev, topo, w->fault);
}

void world_fini(struct world *w)
{
	while (w->nr_cards)
		card_free(w->cards[--w->nr_cards]);
	fab_free(w->fab);
	fault_free(w->fault);
	judge_free(w->judge);
	ev_free(w->ev);
}

struct card *world_card(struct world *w, const char *text)
{
	struct card_spec spec;
	struct card *card;
	char err[200] = "too many cards";

	if (w->nr_cards == WORLD_MAX_CARDS ||
	    card_spec_parse(&spec, text, err, sizeof(err))) {
		fprintf(stderr, "card %s: %s\n", text, err);
		exit(2);
	}
	card = card_new(&spec, w->ev, w->judge, w->fab, w->fault, err,
			sizeof(err));
	if (!card) {
		fprintf(stderr, "card %s: %s\n", text, err);
		exit(2);
	}
	card_spec_free(&spec);
	w->cards[w->nr_cards++] = card;
	return card;
}

struct fab_port *world_port(struct card *card, unsigned int fn)
{
	return port_fab(chip_port(card->chip[fn]));
}

void world_run(struct world *w, uint64_t ns)
{
	ev_run_until(w->ev, ev_now_ns(w->ev) + ns);
}

uint64_t world_verdicts(const struct world *w)
{
	const struct judge_port *jp;
	unsigned int v;

	for (jp = w->judge->ports; jp; jp = jp->next)
		for (v = 0; v < VERDICT_NR; v++)
			if (jp->verdicts[v].nr)
				printf("# verdict %s %s x%llu: %s\n", jp->name,
				       verdict_infos[v].name,
				       (unsigned long long)jp->verdicts[v].nr,
				       jp->verdicts[v].first);
	return judge_total(w->judge);
}

bool world_balanced(const struct world *w)
{
	const struct judge_port *jp;
	bool good = true;
	unsigned int k;

	for (jp = w->judge->ports; jp; jp = jp->next) {
		for (k = 0; k < BOOK_NR_KINDS; k++) {
			const struct book *b = &jp->books.kind[k];

			if (!book_open(b))
				continue;
			good = false;
			printf("# book %s %s: given %llu, returned %llu\n",
			       jp->name, book_names[k],
			       (unsigned long long)b->given,
			       (unsigned long long)b->returned);
		}
	}
	return good;
}
