/* SPDX-License-Identifier: GPL-2.0 */
/* The whole model as the program runs it: fabric, cards, sockets. */
#ifndef MODEL_H
#define MODEL_H

#include "card.h"
#include "ev/ev.h"
#include "judge/judge.h"

#define MODEL_VERSION "1.0"
#define MODEL_MAX_CARDS 32U

struct fab;
struct fault;
struct vfu;

/**
 * struct model - Everything in one process.
 * @ev: loop
 * @judge: records
 * @fault: faults on demand
 * @fab: fabric
 * @cards: cards in the order of the command line
 * @vfu: server of each function
 * @nr_cards: how many cards
 * @seed: seed of everything random
 */
struct model {
	struct ev *ev;
	struct judge *judge;
	struct fault *fault;
	struct fab *fab;
	struct card *cards[MODEL_MAX_CARDS];
	struct vfu *vfu[MODEL_MAX_CARDS][CARD_MAX_PORTS];
	unsigned int nr_cards;
	uint64_t seed;
};

/**
 * struct model_port - One port and all that belongs to it.
 * @card: its card
 * @fn: its function
 * @jp: records
 * @dev: PCI function
 * @chip: chip
 * @vfu: server, or NULL
 */
struct model_port {
	struct card *card;
	unsigned int fn;
	struct judge_port *jp;
	struct pcidev *dev;
	struct chip *chip;
	struct vfu *vfu;
};

/**
 * model_port() - Walk over the ports.
 * @m: model
 * @idx: 0, 1, ...
 * @mp: filled
 *
 * Return: false past the end.
 */
static inline bool model_port(const struct model *m, unsigned int idx,
			      struct model_port *mp)
{
	unsigned int c;

	for (c = 0; c < m->nr_cards; c++) {
		struct card *card = m->cards[c];

		if (idx < card->nr_ports) {
			mp->card = card;
			mp->fn = idx;
			mp->jp = card->dev[idx].jp;
			mp->dev = &card->dev[idx];
			mp->chip = card->chip[idx];
			mp->vfu = m->vfu[c][idx];
			return true;
		}
		idx -= card->nr_ports;
	}
	return false;
}

#endif
