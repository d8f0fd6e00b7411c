/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A chip's Fibre Channel port as its firmware runs it: link, logins, exchanges
 * in both roles, and every queue entry that concerns them. The chip
 * (model/chip) owns registers and rings and calls in here; the fabric
 * (model/fabric) carries frames.
 */
#ifndef MODEL_PORT_H
#define MODEL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chip;
struct fab;
struct fab_port;
struct port;

/*
 * Most entries that one request may take on the ring: header plus
 * continuations (255 by the width of its count).
 */
#define PORT_REQ_MAX 255

/**
 * struct port_setup - What the initialization control block tells the firmware
 * about its port.
 * @wwpn: port name, native byte order
 * @wwnn: node name, native byte order
 * @options1: firmware options 1; bit 4 target role, bit 5 no initiator role
 * @options2: firmware options 2; bits 4..6 topology, bit 14 target PRLI control
 * @options3: firmware options 3; bits 13..15 data rate
 * @exchanges: exchanges wanted for the initiator role; 0 or FFFFh = as
 *	many as there are
 * @frame_size: largest payload of a frame, bytes
 * @login_timeout_s: seconds to wait for a login answer; 0 = default
 * @hard_addr: hard address; not used outside loops
 * @multi_id: initialized with mailbox 48h
 *
 * Source: [FB ispmbox.h isp_icb_2400_t, O]; [stock-sequence 1, O]
 */
struct port_setup {
	uint64_t wwpn;
	uint64_t wwnn;
	uint32_t options1;
	uint32_t options2;
	uint32_t options3;
	uint16_t exchanges;
	uint16_t frame_size;
	uint16_t login_timeout_s;
	uint16_t hard_addr;
	bool multi_id;
};

/**
 * struct port_status - What the control socket tells about a port.
 * @fw_state: answer of mailbox 69h (3 = ready, 2 = waiting for login,
 *	4 = loss of sync, ...); -1 while not started
 * @link_up: light and, on a switch, an accepted FLOGI
 * @topology: "fabric", "p2p" or "none"
 * @roles: "none", "initiator", "target" or "both"
 * @port_id: 24-bit address, 0 while unknown
 * @wwpn: port name in use
 * @wwnn: node name in use
 * @logins: remote N_Ports whose login state is PLOGI complete or
 *	better (well-known addresses not counted)
 * @open_ini: exchanges open as originator of FCP commands
 * @open_tgt: exchanges open as responder to FCP commands
 */
struct port_status {
	int fw_state;
	bool link_up;
	const char *topology;
	const char *roles;
	uint32_t port_id;
	uint64_t wwpn;
	uint64_t wwnn;
	unsigned int logins;
	unsigned int open_ini;
	unsigned int open_tgt;
};

/**
 * struct port_login - One remote port, for the control socket.
 * @handle: N_Port handle
 * @port_id: 24-bit address
 * @wwpn: port name
 * @wwnn: node name
 * @state: "plogi-pending", "plogi", "prli-pending", "prli", "logged-out" ...
 * @prli_word3: low 16 bits of the peer's PRLI service parameter word 3
 *	(bit 4 target, bit 5 initiator)
 */
struct port_login {
	uint16_t handle;
	uint32_t port_id;
	uint64_t wwpn;
	uint64_t wwnn;
	const char *state;
	uint16_t prli_word3;
};

/* Answer of a mailbox handler that will call chip_mbox_done() later. */
#define PORT_MBOX_LATER 0

/**
 * struct port_mbox - One mailbox command that concerns ports.
 * @opcode: mailbox 0
 * @name: for trace and coverage
 * @fn: handler: reads @in, writes @out[1..31]; returns the status for
 *	mailbox 0 (4000h, 4001h, 4005h, 4006h, ...) or PORT_MBOX_LATER, then
 *	chip_mbox_done(chip, out) is called exactly once later, unless the port
 *	is stopped before.
 */
struct port_mbox {
	uint16_t opcode;
	const char *name;
	uint16_t (*fn)(struct port *port, const uint16_t in[32],
		       uint16_t out[32]);
};

/* All mailbox commands of the port, for the chip's dispatch table. */
extern const struct port_mbox port_mboxes[];
extern const size_t port_nr_mboxes;

/**
 * port_new() - Make the port of one chip and plug it into the fabric.
 * @chip: the chip; outlives the port. Its accessors must work already.
 * @fab: the fabric; laser off until port_start()
 *
 * Context: event loop.
 * Return: the port, stopped; never NULL (allocation failure aborts).
 */
struct port *port_new(struct chip *chip, struct fab *fab);

/**
 * port_free() - End a port; frames that are on their way to it are lost.
 * @port: the port or NULL
 *
 * Context: event loop.
 */
void port_free(struct port *port);

/**
 * port_start() - The firmware has taken the control block (mailbox 48h or
 * 60h): go on the wire.
 * @port: a stopped port
 * @setup: copied
 *
 * Link-up, FLOGI and their async events follow by timers; rings must be usable
 * from now on.
 *
 * Context: event loop.
 * Return: 0; -EINVAL: the setup makes no sense (names of zero, unknown
 * topology), the mailbox fails.
 */
int port_start(struct port *port, const struct port_setup *setup);

/**
 * port_stop() - Chip reset, firmware stopped or crashed: forget everything at
 * once, tell the driver nothing.
 * @port: any port; stopping a stopped one does nothing
 *
 * On the wire the light goes out. The books write off what was open.
 *
 * Context: event loop, never from inside port_request().
 */
void port_stop(struct port *port);

/**
 * port_request() - Carry out one request that the chip has fetched from the
 * request ring.
 * @port: a started port
 * @req: @nr entries of 64 bytes, a copy that the caller reuses
 *	afterwards; @req[1] is the entry count
 * @nr: entries, 1..PORT_REQ_MAX; equals the entry count of the first
 *
 * Entry types that are unknown are returned with entry status "invalid entry
 * type".
 *
 * Context: event loop. May push to the response and ATIO rings, directly or
 * later.
 */
void port_request(struct port *port, const uint8_t *req, unsigned int nr);

/**
 * port_get_status() - Describe a port.
 * @port: the port
 * @st: filled
 *
 * Context: event loop.
 */
void port_get_status(const struct port *port, struct port_status *st);

/**
 * port_get_logins() - List remote ports.
 * @port: the port
 * @list: filled, may be NULL if @max is 0
 * @max: room in @list
 *
 * Context: event loop.
 * Return: how many there are (may exceed @max).
 */
unsigned int port_get_logins(const struct port *port, struct port_login *list,
			     unsigned int max);

/**
 * port_fab() - The port's connector, for pulling its cable and the like.
 * @port: the port
 *
 * Context: event loop.
 * Return: never NULL.
 */
struct fab_port *port_fab(struct port *port);

/* Login template: a PLOGI payload without its first word. */
#define PORT_LOGIN_TEMPLATE 112

/**
 * port_login_template() - What this port would send as PLOGI.
 * @port: a started port
 * @buf: PORT_LOGIN_TEMPLATE bytes in the order of the wire
 *
 * For mailbox 5Ah subcode 7, which gives it with the bytes of each dword
 * swapped.
 *
 * Context: event loop.
 * Source: [LX qla24xx_get_port_login_templ, O]
 */
void port_login_template(const struct port *port, uint8_t *buf);

/**
 * port_set_no_exchange() - Let commands find the firmware without exchanges.
 * @port: port
 * @on: from now on, or no longer
 */
void port_set_no_exchange(struct port *port, bool on);

/**
 * port_set_prli_delay() - Finish PRLI late, as some firmware does.
 * @port: the port
 * @ms: milliseconds from PRLI request to its completion on this side,
 *	0 = at once
 *
 * Context: event loop. Holds for PRLIs from now on and over chip resets.
 */
void port_set_prli_delay(struct port *port, unsigned int ms);

#endif /* MODEL_PORT_H */
