// SPDX-License-Identifier: GPL-2.0
/* A whole small model for tests of the control commands. */
#include "mini.h"

#include "fabric/fab.h"
#include "fault/fault.h"

#include <stdlib.h>

void mini_start(struct model *m, enum ev_clock clock)
{
	static const char *const texts[] = {
		"name=target,chip=2532,ports=2",
		"name=initiator,chip=2432",
	};
	char err[128];
	size_t i;

	memset(m, 0, sizeof(*m));
	m->seed = 1;
	m->ev = ev_new(clock);
	m->judge = judge_new(m->ev);
	m->fault = fault_new();
	m->fab = fab_new(m->ev, FAB_SWITCH, m->fault);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct card_spec spec;

		if (card_spec_parse(&spec, texts[i], err, sizeof(err)))
			abort();
		m->cards[i] = card_new(&spec, m->ev, m->judge, m->fab, m->fault,
				       err, sizeof(err));
		if (!m->cards[i])
			abort();
		m->nr_cards++;
	}
}

void mini_stop(struct model *m)
{
	unsigned int i;

	for (i = 0; i < m->nr_cards; i++)
		card_free(m->cards[i]);
	fab_free(m->fab);
	fault_free(m->fault);
	judge_free(m->judge);
	ev_free(m->ev);
}
