// SPDX-License-Identifier: GPL-2.0
/* Remote ports: one per N_Port handle, found by handle, address or name. */
#include "port/port_int.h"

#define NONE 0xffffU

/**
 * rport_init() - Forget all remote ports.
 * @p: port
 */
void rport_init(struct port *p)
{
	unsigned int i;

	memset(p->rps, 0, sizeof(p->rps));
	memset(p->hash, 0xff, sizeof(p->hash));
	for (i = 0; i < RP_NR; i++) {
		p->rps[i].handle = (uint16_t)i;
		p->rps[i].hash_next = NONE;
	}
}

static unsigned int hash_of(uint32_t id)
{
	return (id ^ id >> 8 ^ id >> 16) % RP_HASH;
}

static void hash_del(struct port *p, struct rport *rp)
{
	uint16_t *at = &p->hash[hash_of(rp->id)];

	while (*at != NONE && *at != rp->handle)
		at = &p->rps[*at].hash_next;
	if (*at != NONE)
		*at = rp->hash_next;
	rp->hash_next = NONE;
}

static void hash_add(struct port *p, struct rport *rp)
{
	uint16_t *head = &p->hash[hash_of(rp->id)];

	rp->hash_next = *head;
	*head = rp->handle;
}

/**
 * rport_take() - Use a handle for an address.
 * @p: port
 * @handle: below RP_NR; what it was used for before is forgotten
 * @id: address
 *
 * Return: the remote port, logged out.
 */
struct rport *rport_take(struct port *p, uint16_t handle, uint32_t id)
{
	struct rport *rp = &p->rps[handle];

	if (rp->used)
		rport_free(p, rp);
	rp->used = true;
	rp->state = RP_OUT;
	rp->last = RP_OUT;
	rp->id = id;
	rp->wwpn = 0;
	rp->wwnn = 0;
	rp->word3 = 0;
	rp->settled_ns = 0;
	rp->pending = XCHG_NONE;
	hash_add(p, rp);
	return rp;
}

/**
 * rport_take_any() - Use a handle of the chip's choice; on a loop the loop ID.
 * @p: port
 * @id: address
 *
 * Return: the remote port, or NULL: no handle is free.
 */
struct rport *rport_take_any(struct port *p, uint32_t id)
{
	unsigned int h = loop_handle(p, id);

	if (h < RP_NR)
		return rport_take(p, (uint16_t)h, id);
	for (h = RP_FIRST_OWN; h <= RP_LAST_OWN; h++)
		if (!p->rps[h].used)
			return rport_take(p, (uint16_t)h, id);
	return NULL;
}

/**
 * rport_free() - Release the handle; a notify that waits is orphaned.
 * @p: port
 * @rp: used; no exchange refers to it any more
 */
void rport_free(struct port *p, struct rport *rp)
{
	struct tgt *x;

	if (rp->pending != XCHG_NONE) {
		x = tgt_find(p, rp->pending);
		if (x)
			x->rp = NULL;
	}
	hash_del(p, rp);
	rp->used = false;
	rp->pending = XCHG_NONE;
	rp->state = RP_OUT;
}

/**
 * rport_set_id() - The remote port has another address now.
 * @p: port
 * @rp: used
 * @id: address
 */
void rport_set_id(struct port *p, struct rport *rp, uint32_t id)
{
	if (rp->id == id)
		return;
	hash_del(p, rp);
	rp->id = id;
	hash_add(p, rp);
}

/**
 * rport_set_state() - Change the login state.
 * @p: port
 * @rp: used
 * @state: new
 */
void rport_set_state(struct port *p, struct rport *rp, enum rp_state state)
{
	if (rp->state == state)
		return;
	trace_add(p->jp, TRACE_LOGIN, rp->handle, rp->id, rp->state, state);
	rp->last = rp->state;
	rp->state = (uint8_t)state;
}

/**
 * rport_by_handle() - Remote port by handle.
 * @p: port
 * @handle: any number
 *
 * Return: used one, or NULL.
 */
struct rport *rport_by_handle(struct port *p, uint16_t handle)
{
	if (handle >= RP_NR || !p->rps[handle].used)
		return NULL;
	return &p->rps[handle];
}

/**
 * rport_by_id() - Remote port by address.
 * @p: port
 * @id: 24 bits
 *
 * Return: used one, or NULL.
 */
struct rport *rport_by_id(struct port *p, uint32_t id)
{
	uint16_t h = p->hash[hash_of(id)];

	while (h != NONE && p->rps[h].id != id)
		h = p->rps[h].hash_next;
	return h == NONE ? NULL : &p->rps[h];
}

/**
 * rport_by_wwpn() - Remote port by name; slow.
 * @p: port
 * @wwpn: name, not 0
 *
 * Return: used one, or NULL.
 */
struct rport *rport_by_wwpn(struct port *p, uint64_t wwpn)
{
	unsigned int h;

	for (h = 0; h < RP_NR; h++)
		if (p->rps[h].used && p->rps[h].wwpn == wwpn)
			return &p->rps[h];
	return NULL;
}

static void end_tgt(struct port *p, struct rport *rp, uint16_t ctio_status)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		struct tgt *x = &p->tgt[i];

		if (x->kind == TGT_FREE || x->kind == TGT_ELS ||
		    (rp && x->rp != rp))
			continue;
		tgt_end(p, x, ctio_status, END_BY_CHIP);
	}
}

/**
 * rport_end_fcp() - End every SCSI exchange with a remote port.
 * @p: port
 * @rp: remote port; NULL: all of them
 * @cs: completion status for what we originated
 * @ctio_status: status for CTIOs of exchanges that it originated
 */
void rport_end_fcp(struct port *p, struct rport *rp, uint16_t cs,
		   uint16_t ctio_status)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		struct ini *x = &p->ini[i];

		if (x->kind != INI_FREE && x->kind != INI_OP &&
		    (!rp || x->rp == rp))
			ini_complete(p, x, cs);
	}
	end_tgt(p, rp, ctio_status);
}

/**
 * rport_end_io() - End every exchange with a remote port, logins as well.
 * @p: port
 * @rp: remote port; NULL: all of them
 * @cs: as rport_end_fcp()
 * @ctio_status: as rport_end_fcp()
 */
void rport_end_io(struct port *p, struct rport *rp, uint16_t cs,
		  uint16_t ctio_status)
{
	uint32_t i;

	for (i = 0; i < XCHG_NR; i++) {
		struct ini *x = &p->ini[i];

		if (x->kind == INI_OP && (!rp || x->rp == rp))
			x->op->cancel(x->op, cs);
	}
	rport_end_fcp(p, rp, cs, ctio_status);
}

/**
 * rport_logout() - A remote port is not logged in any more.
 * @p: port
 * @rp: used; keeps its handle and address, and a PLOGI that waits for its ack
 * @cs: as rport_end_io()
 * @ctio_status: as rport_end_io()
 */
void rport_logout(struct port *p, struct rport *rp, uint16_t cs,
		  uint16_t ctio_status)
{
	rport_end_io(p, rp, cs, ctio_status);
	if (rp->pending == XCHG_NONE)
		rport_set_state(p, rp, RP_OUT);
}
