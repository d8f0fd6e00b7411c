/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port on the rig's switch that no chip is behind: what it sends is up to the
 * test. It can be asked for data by the rig's initiator.
 */
#ifndef TESTS_FUZZ_WILD_H
#define TESTS_FUZZ_WILD_H

#include "rig.h"

#define WILD_NPORT 0x0009U /* handle that the rig's initiator uses for it */
#define WILD_IOVA 0x200000ULL
#define WILD_RAM 65536U
#define WILD_LEN 4096U /* bytes of a command that it is asked */

/**
 * struct wild_xchg - an exchange with somebody
 * @id: the other end's address
 * @ox_id: originator's name of it
 * @rx_id: responder's name of it
 */
struct wild_xchg {
	uint32_t id;
	uint16_t ox_id;
	uint16_t rx_id;
};

/**
 * struct wild - the port
 * @rig: the stage
 * @port: connector
 * @dev: whose memory data frames come from
 * @ram: that memory, WILD_RAM bytes at WILD_IOVA
 * @id: address, 0 before the fabric has accepted a login
 */
struct wild {
	struct rig *rig;
	struct fab_port port;
	struct pcidev dev;
	uint8_t *ram;
	uint32_t id;
};

/**
 * wild_plug() - Put the port on the rig's switch, laser on.
 * @w: port, overwritten
 * @rig: stage
 * @ops: what to do with frames that arrive; must outlive the port
 *
 * Return: is it there? If not, nothing is left of it.
 */
bool wild_plug(struct wild *w, struct rig *rig, const struct fab_port_ops *ops);

/**
 * wild_unplug() - Take the port off; its frames in flight are dropped.
 * @w: port
 */
void wild_unplug(struct wild *w);

/**
 * wild_link() - For struct fab_port_ops of a port that does not care.
 * @port: its connector
 * @up: light
 */
void wild_link(struct fab_port *port, bool up);

/**
 * wild_frame() - A frame from the port, for fab_tx().
 * @w: port
 * @x: exchange
 * @r_ctl: routing control
 * @type: FAB_TYPE_*
 * @len: bytes of payload, all 0
 *
 * Return: the frame, as an originator sends the last one of a sequence.
 */
struct fab_frame *wild_frame(struct wild *w, const struct wild_xchg *x,
			     uint8_t r_ctl, uint8_t type, uint32_t len);

/**
 * wild_fill_login() - The payload of a login of the port, or of its acceptance.
 * @p: FAB_ELS_PLOGI_LEN bytes, all 0
 * @code: FAB_ELS_*
 */
void wild_fill_login(uint8_t *p, uint8_t code);

/**
 * wild_flogi() - A login of the port to the fabric, for fab_tx().
 * @w: port
 *
 * Return: the frame.
 */
struct fab_frame *wild_flogi(struct wild *w);

/**
 * wild_is_flogi_acc() - Is that the fabric's answer? Then take the address.
 * @w: port
 * @f: a frame that has arrived
 *
 * Return: true if so.
 */
bool wild_is_flogi_acc(struct wild *w, const struct fab_frame *f);

/**
 * wild_log_in() - The rig's initiator logs in to the port, or out; rings.
 * @w: port
 * @handle: driver's handle of the IOCB
 * @flags: LOGIN_*
 */
void wild_log_in(struct wild *w, uint32_t handle, uint16_t flags);

/**
 * wild_ask() - The rig's initiator has a READ or WRITE for the port; rings.
 * @w: port
 * @handle: driver's handle
 * @write: WRITE
 * @timeout_s: of the command
 */
void wild_ask(struct wild *w, uint32_t handle, bool write, uint16_t timeout_s);

/**
 * wild_give_up() - The rig's initiator aborts what it has asked; rings.
 * @w: port
 * @handle: driver's handle of the abort
 * @victim: that of the command
 */
void wild_give_up(struct wild *w, uint32_t handle, uint32_t victim);

#endif
