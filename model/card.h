/* SPDX-License-Identifier: GPL-2.0 */
/* A card: one or two functions, each a PCI function, a chip and a fabric port. */
#ifndef MODEL_CARD_H
#define MODEL_CARD_H

#include "base.h"
#include "ev/ev.h"
#include "judge/judge.h"
#include "pci/pcidev.h"

#define CARD_MAX_PORTS 2U
#define CARD_NAME_LEN 24U

struct chip;
struct fab;
struct fault;

/**
 * struct card_spec - What the command line says about a card.
 * @name: of the card; port k is "NAME.k"
 * @device: 0x2432 or 0x2532
 * @nr_ports: functions, 1..CARD_MAX_PORTS
 * @revision: PCI revision
 * @subvendor: PCI subsystem vendor; 0: QLogic
 * @irq: greatest interrupt mode that is offered
 * @wwpn: of function 0, or 0 = derived from @name
 * @nvram_bad: the NVRAM checksum is wrong
 * @flash_fw: path of a firmware image to put into flash, or NULL
 * @socket: path of the vfio-user socket of function 0, or NULL
 */
struct card_spec {
	char name[CARD_NAME_LEN];
	uint16_t device;
	unsigned int nr_ports;
	uint8_t revision;
	uint16_t subvendor;
	enum pcidev_irq_mode irq;
	uint64_t wwpn;
	bool nvram_bad;
	char *flash_fw;
	char *socket;
};

/**
 * struct card - A card.
 * @spec: copy; the strings are the card's own
 * @nr_ports: functions
 * @dev: PCI functions
 * @chip: chip functions
 */
struct card {
	struct card_spec spec;
	unsigned int nr_ports;
	struct pcidev dev[CARD_MAX_PORTS];
	struct chip *chip[CARD_MAX_PORTS];
};

/**
 * card_spec_parse() - Parse "name=...,chip=...".
 * @spec: result; card_spec_free() it
 * @text: SPEC of the command line
 * @err: place for a sentence on failure
 * @err_len: its size
 *
 * Return: 0; -EINVAL with a sentence in @err.
 */
int card_spec_parse(struct card_spec *spec, const char *text, char *err,
		    size_t err_len);

/**
 * card_spec_free() - Free the strings of a spec.
 * @spec: spec
 */
void card_spec_free(struct card_spec *spec);

/**
 * card_new() - Build a card: PCI functions, chips, fabric ports.
 * @spec: what to build; copied
 * @ev: loop
 * @judge: records
 * @fab: fabric that the ports are plugged into
 * @fault: registry of faults, or NULL
 * @err: place for a sentence on failure
 * @err_len: its size
 *
 * Return: the card, or NULL with a sentence in @err.
 */
struct card *card_new(const struct card_spec *spec, struct ev *ev,
		      struct judge *judge, struct fab *fab, struct fault *fault,
		      char *err, size_t err_len);

/**
 * card_free() - Unplug and free a card.
 * @card: card or NULL
 */
void card_free(struct card *card);

/**
 * card_wwpn() - World wide port name of a function.
 * @spec: card
 * @fn: function, 0 or 1
 *
 * Return: 21:00:00:1b:32:xx:xx:xx from the name, or as the spec says; function
 *	   1 has another first byte pair (21:01), as cards of this maker have.
 */
uint64_t card_wwpn(const struct card_spec *spec, unsigned int fn);

/**
 * card_wwnn() - World wide node name of a function.
 * @spec: card
 * @fn: function, 0 or 1
 *
 * Return: the name with 20 in front instead of 21.
 */
uint64_t card_wwnn(const struct card_spec *spec, unsigned int fn);

#endif
