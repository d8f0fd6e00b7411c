// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests have reached: with TALLY=FILE each judge leaves there, before
 * it forgets, which verdicts it gave and what was covered. Linked in by
 * wrapping judge_free() and judge_clear(); read by tests/model/tally.
 */
#include "judge/judge.h"

#include <stdio.h>
#include <stdlib.h>

void __real_judge_free(struct judge *j);
void __real_judge_clear(struct judge *j);
void __wrap_judge_free(struct judge *j);
void __wrap_judge_clear(struct judge *j);

static void tally_verdicts(FILE *f, const struct judge *j)
{
	const struct judge_port *jp;
	unsigned int v;

	for (jp = j->ports; jp; jp = jp->next)
		for (v = 0; v < VERDICT_NR; v++)
			if (jp->verdicts[v].nr)
				fprintf(f, "verdict %s\n",
					verdict_infos[v].name);
}

static void tally_cover(FILE *f, const struct judge *j)
{
	size_t i;

	for (i = 1; i < j->cover.nr_items; i++) {
		const struct cover_item *it = &j->cover.items[i];

		if (it->hits[COVER_STOCK] + it->hits[COVER_OURS] +
		    it->hits[COVER_TEST])
			fprintf(f, "%s %04X\n", cover_kind_names[it->kind],
				it->code);
	}
}

static void tally(const struct judge *j, bool cover)
{
	const char *path = getenv("TALLY");
	FILE *f;

	if (!path || !j)
		return;
	f = fopen(path, "ae");
	if (!f)
		abort();
	tally_verdicts(f, j);
	if (cover)
		tally_cover(f, j);
	fclose(f);
}

void __wrap_judge_clear(struct judge *j)
{
	tally(j, false);
	__real_judge_clear(j);
}

void __wrap_judge_free(struct judge *j)
{
	tally(j, true);
	__real_judge_free(j);
}
