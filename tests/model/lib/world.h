/* SPDX-License-Identifier: GPL-2.0 */
/* A fabric with cards and their drivers in one process, virtual time. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "card.h"
#include "chip/chip.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "host.h"
#include "port/port.h"

#define WORLD_MAX_CARDS 8U

/**
 * struct world - everything of one test
 * @ev: loop
 * @judge: records
 * @fault: faults
 * @fab: fabric
 * @cards: cards in the order of making
 * @nr_cards: how many
 */
struct world {
	struct ev *ev;
	struct judge *judge;
	struct fault *fault;
	struct fab *fab;
	struct card *cards[WORLD_MAX_CARDS];
	unsigned int nr_cards;
};

/**
 * world_init() - Make a fabric without cards.
 * @w: world, overwritten
 * @topo: switch or wires
 */
void world_init(struct world *w, enum fab_topo topo);

/**
 * world_fini() - Free everything; hosts must be gone.
 * @w: world
 */
void world_fini(struct world *w);

/**
 * world_card() - Add a card; ends the program if the text is wrong.
 * @w: world
 * @text: as after --card, without a socket
 *
 * Return: the card; it lives as long as the world.
 */
struct card *world_card(struct world *w, const char *text);

/**
 * world_port() - Connector of a function.
 * @card: card
 * @fn: function
 *
 * Return: connector.
 */
struct fab_port *world_port(struct card *card, unsigned int fn);

/**
 * world_run() - Run the loop for some time.
 * @w: world
 * @ns: how long
 */
void world_run(struct world *w, uint64_t ns);

/**
 * world_verdicts() - Verdicts of all ports; prints them as comments.
 * @w: world
 *
 * Return: their number.
 */
uint64_t world_verdicts(const struct world *w);

/**
 * world_balanced() - Has every port given back all that it was given?
 * @w: world
 *
 * Return: true if so; what is open is printed as comments.
 */
bool world_balanced(const struct world *w);

#endif
