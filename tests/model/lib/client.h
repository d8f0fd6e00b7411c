/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bare N_Port for tests of the fabric: it records what arrives and sends
 * what it is told.
 */
#ifndef TESTS_MODEL_CLIENT_H
#define TESTS_MODEL_CLIENT_H

#include "ev/ev.h"
#include "fabric/fab.h"

#define CLIENT_MAX_RX 512

/**
 * struct got - a frame that arrived, copied
 * @kind: kind
 * @r_ctl: routing control
 * @s_id: source
 * @d_id: destination
 * @ox_id: exchange
 * @rx_id: responder exchange
 * @param: parameter
 * @len: payload or sequence bytes
 * @payload: copy, NULL for data
 * @t_ns: time of arrival
 */
struct got {
	enum fab_kind kind;
	uint8_t r_ctl;
	uint32_t s_id;
	uint32_t d_id;
	uint16_t ox_id;
	uint16_t rx_id;
	uint32_t param;
	uint32_t len;
	uint8_t *payload;
	uint64_t t_ns;
};

/**
 * struct client - the N_Port
 * @port: connector
 * @ev: loop
 * @wwpn: port name
 * @id: address once logged in
 * @got: what arrived since client_clear()
 * @nr_got: how many
 * @ups: link-up calls
 * @downs: link-down calls
 * @fates: ops->sent() calls by fate
 * @bad: bad_frame() calls
 * @next_ox: next exchange id
 * @echo: send a frame back to its sender, this many times more
 */
struct client {
	struct fab_port port;
	struct ev *ev;
	uint64_t wwpn;
	uint32_t id;
	struct got got[CLIENT_MAX_RX];
	unsigned int nr_got;
	unsigned int ups;
	unsigned int downs;
	unsigned int fates[3];
	unsigned int bad;
	uint16_t next_ox;
	unsigned int echo;
};

/**
 * client_init() - Attach a client, laser on.
 * @c: client, overwritten
 * @ev: loop
 * @fab: fabric
 * @jp: judge's port or NULL
 * @name: port name for ctl
 * @wwpn: WWPN; the node name is the same plus 1 << 60
 *
 * Return: as fab_port_attach().
 */
int client_init(struct client *c, struct ev *ev, struct fab *fab,
		struct judge_port *jp, const char *name, uint64_t wwpn);

/**
 * client_fini() - Detach and forget.
 * @c: client
 */
void client_fini(struct client *c);

/**
 * client_clear() - Forget what has arrived.
 * @c: client
 */
void client_clear(struct client *c);

/**
 * client_settle() - Run the loop until nothing is left to do.
 * @c: client
 */
void client_settle(struct client *c);

/**
 * client_frame() - A frame of this client, not sent yet.
 * @c: client
 * @d_id: to
 * @r_ctl: routing control
 * @type: type
 * @data: payload, may be NULL
 * @len: its length
 *
 * Return: frame.
 */
struct fab_frame *client_frame(struct client *c, uint32_t d_id, uint8_t r_ctl,
			       uint8_t type, const void *data, uint32_t len);

/**
 * client_els() - Send an ELS request and settle.
 * @c: client
 * @d_id: to
 * @data: payload
 * @len: its length
 *
 * Return: the reply to it, or NULL.
 */
const struct got *client_els(struct client *c, uint32_t d_id, const void *data,
			     uint32_t len);

/**
 * client_flogi() - Log in to the fabric.
 * @c: client with light
 *
 * Return: was it accepted? @id is set.
 */
bool client_flogi(struct client *c);

/**
 * client_plogi() - Log in to a server.
 * @c: client with an address
 * @d_id: server
 *
 * Return: was it accepted?
 */
bool client_plogi(struct client *c, uint32_t d_id);

/**
 * client_scr() - Register for state changes.
 * @c: client with an address
 * @function: of the SCR
 *
 * Return: was it accepted?
 */
bool client_scr(struct client *c, uint8_t function);

/**
 * client_ct() - Send a CT request and settle.
 * @c: client logged in to the server
 * @d_id: server
 * @type: GS type
 * @sub: GS subtype
 * @cmd: command
 * @room_words: longest reply wanted behind the preamble, 0: any
 * @arg: bytes behind the preamble
 * @len: how many
 *
 * Return: the reply to it, or NULL.
 */
const struct got *client_ct(struct client *c, uint32_t d_id, uint8_t type,
			    uint8_t sub, uint16_t cmd, uint16_t room_words,
			    const void *arg, uint32_t len);

/**
 * client_ns() - A request to the name server, any size of reply.
 * @c: client
 * @cmd: command
 * @arg: bytes behind the preamble
 * @len: how many
 *
 * Return: the reply to it, or NULL.
 */
const struct got *client_ns(struct client *c, uint16_t cmd, const void *arg,
			    uint32_t len);

/**
 * ct_accepted() - Is a reply a CT accept with that many bytes behind it?
 * @g: reply or NULL
 * @len: bytes behind the preamble
 *
 * Return: true or false.
 */
bool ct_accepted(const struct got *g, uint32_t len);

/**
 * ct_rejected() - Is a reply a CT reject?
 * @g: reply or NULL
 * @reason: expected
 * @expl: expected
 *
 * Return: true or false.
 */
bool ct_rejected(const struct got *g, uint8_t reason, uint8_t expl);

/**
 * els_rejected() - Is a reply an LS_RJT?
 * @g: reply or NULL
 * @reason: expected
 * @expl: expected
 *
 * Return: true or false.
 */
bool els_rejected(const struct got *g, uint8_t reason, uint8_t expl);

/**
 * client_count_els() - How many ELS requests of a kind have arrived?
 * @c: client
 * @code: ELS command
 *
 * Return: number.
 */
unsigned int client_count_els(const struct client *c, uint8_t code);

#endif
