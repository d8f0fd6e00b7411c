/* SPDX-License-Identifier: GPL-2.0 */
/* One card on a switch with a host plugged in, and its judge. */
#ifndef TESTS_MODEL_BOX_H
#define TESTS_MODEL_BOX_H

#include "card.h"
#include "chip/chip.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "host.h"

#define BOX_WWPN 0x2100001b32000001ULL

/**
 * struct box - what a test of the chip needs
 * @ev: loop, virtual time
 * @judge: records
 * @fault: faults
 * @fab: switch
 * @card: the card under test
 * @host: plugged into its function 0
 * @chip: function 0
 * @jp: records of function 0
 * @before: verdicts when box_verdict() looked last
 */
struct box {
	struct ev *ev;
	struct judge *judge;
	struct fault *fault;
	struct fab *fab;
	struct card *card;
	struct host host;
	struct chip *chip;
	struct judge_port *jp;
	uint64_t before;
};

/**
 * box_up() - Make everything; the chip is as after power-on.
 * @b: box, overwritten
 * @device: 0x2432 or 0x2532
 * @irq: interrupt mode
 * @flash_fw: path of a firmware image in flash, or NULL
 */
void box_up(struct box *b, uint16_t device, enum pcidev_irq_mode irq,
	    const char *flash_fw);

/**
 * box_down() - Check that no verdict is left unannounced, free everything.
 * @b: box
 */
void box_down(struct box *b);

/**
 * box_verdict() - Has this verdict come exactly once, and no other one?
 * @b: box
 * @v: verdict
 *
 * Return: true if so, counted since the last call.
 */
bool box_verdict(struct box *b, enum verdict v);

/**
 * box_settle() - Run the loop until nothing is due now.
 * @b: box
 */
void box_settle(struct box *b);

/**
 * box_dma() - Put a buffer address into mailboxes 2, 3, 6, 7.
 * @in: mailboxes
 * @iova: address
 */
void box_dma(uint16_t *in, uint64_t iova);

/**
 * box_rom() - Reset up to boot code.
 * @b: box
 */
void box_rom(struct box *b);

/**
 * box_idle() - Reset, load, execute.
 * @b: box
 */
void box_idle(struct box *b);

/**
 * box_ready() - All of it up to a running port; link events are taken.
 * @b: box
 * @role: role
 */
void box_ready(struct box *b, enum host_role role);

#endif
