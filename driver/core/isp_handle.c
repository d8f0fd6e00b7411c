// SPDX-License-Identifier: GPL-2.0
/* Handles: index and generation, given out first in, first out. */
#include "isp_handle.h"

#include <linux/bitfield.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "isp_hba.h"
#include "isp_link.h"

#define HANDLE_IDX GENMASK(15, 0)
#define HANDLE_GEN GENMASK(31, 16)

static u16 next_gen(u16 gen)
{
	return gen == U16_MAX ? 1 : gen + 1;
}

/**
 * isp_handle_init() - Make the table, all slots free.
 * @hba: the adapter
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int isp_handle_init(struct isp_hba *hba)
{
	struct isp_handles *tab = &hba->handles;
	unsigned int i;

	tab->slot = kcalloc(ISP_NR_HANDLES, sizeof(*tab->slot), GFP_KERNEL);
	if (!tab->slot)
		return -ENOMEM;
	/* Slot 0 stays out, so that no handle is ever 0. */
	for (i = 1; i < ISP_NR_HANDLES; i++) {
		tab->slot[i].gen = 1;
		tab->slot[i].next = i + 1 < ISP_NR_HANDLES ? i + 1 : 0;
	}
	tab->free = 1;
	tab->free_last = ISP_NR_HANDLES - 1;
	return 0;
}

/**
 * isp_handle_exit() - Free the table.
 * @hba: the adapter, stopped
 *
 * Context: process, may sleep.
 */
void isp_handle_exit(struct isp_hba *hba)
{
	WARN_ON_ONCE(hba->handles.nr_used);
	kfree(hba->handles.slot);
	hba->handles.slot = NULL;
}

/**
 * isp_handle_get_locked() - Take a slot for an entry about to be sent.
 * @hba:     the adapter
 * @kind:    who is to hear of the completion
 * @owner:   the sender's cookie
 * @req_end: isp_ring.nr_queued once the entry is on the ring
 *
 * Context: any, request ring locked.
 * Return: the handle, or ISP_HANDLE_NONE when all are in use.
 */
u32 isp_handle_get_locked(struct isp_hba *hba, enum isp_owner_kind kind,
			  void *owner, u32 req_end)
{
	struct isp_handles *tab = &hba->handles;
	struct isp_handle *slot;
	u16 idx = tab->free;

	lockdep_assert_held(&hba->ring[ISP_RING_REQ].lock);
	if (!idx)
		return ISP_HANDLE_NONE;
	slot = &tab->slot[idx];
	tab->free = slot->next;
	if (!tab->free)
		tab->free_last = 0;
	slot->kind = kind;
	slot->owner = owner;
	slot->req_end = req_end;
	if (++tab->nr_used > tab->max_used)
		tab->max_used = tab->nr_used;
	return FIELD_PREP(HANDLE_GEN, slot->gen) | FIELD_PREP(HANDLE_IDX, idx);
}

static void release_locked(struct isp_handles *tab, u16 idx)
{
	struct isp_handle *slot = &tab->slot[idx];

	slot->kind = ISP_OWNER_FREE;
	slot->owner = NULL;
	slot->gen = next_gen(slot->gen);
	slot->next = 0;
	if (tab->free_last)
		tab->slot[tab->free_last].next = idx;
	else
		tab->free = idx;
	tab->free_last = idx;
	tab->nr_used--;
}

/*
 * The chip takes entries in order: what came back is consumed, all before too.
 * It may come back after others were, and laps later.
 */
static void advance_tail(struct isp_ring *req, u32 req_end)
{
	u32 behind = req->nr_queued - req_end;

	if (behind < ((req->idx - req->tail) & (req->nr - 1)))
		req->tail = (req->idx - behind) & (req->nr - 1);
}

/**
 * isp_handle_put() - The chip gave an entry back.
 * @hba:    the adapter
 * @handle: as the chip says, not trusted
 * @kind:   what the entry was
 * @known:  out: the handle is good
 *
 * Context: any. Takes the request ring's lock.
 * Return: the owner, NULL too when the sender gave none.
 */
void *isp_handle_put(struct isp_hba *hba, u32 handle, enum isp_owner_kind kind,
		     bool *known)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	u16 idx = FIELD_GET(HANDLE_IDX, handle);
	struct isp_handle *slot;
	unsigned long flags;
	void *owner = NULL;

	*known = false;
	if (!idx || idx >= ISP_NR_HANDLES)
		return NULL;
	spin_lock_irqsave(&req->lock, flags);
	slot = &hba->handles.slot[idx];
	if (slot->kind == kind && slot->gen == FIELD_GET(HANDLE_GEN, handle)) {
		*known = true;
		owner = slot->owner;
		advance_tail(req, slot->req_end);
		release_locked(&hba->handles, idx);
	}
	spin_unlock_irqrestore(&req->lock, flags);
	return owner;
}

static void tell_reset(struct isp_hba *hba, enum isp_owner_kind kind,
		       void *owner)
{
	static const struct isp_ctio_done reset = { .cpl = ISP_CPL_RESET };
	const struct isp_role_ops *tgt = hba->role_ops[0];

	if (!owner)
		return;
	switch (kind) {
	case ISP_OWNER_CTIO:
		tgt->ctio_done(hba, owner, &reset);
		break;
	case ISP_OWNER_ACK:
		tgt->ack_done(hba, owner, ISP_CPL_RESET);
		break;
	case ISP_OWNER_ABTS_RSP:
		tgt->abts_done(hba, owner, ISP_CPL_RESET);
		break;
	case ISP_OWNER_LOGIO:
		tgt->logio_done(hba, owner, ISP_CPL_RESET);
		break;
	case ISP_OWNER_FABRIC:
		isp_link_io_done(owner, ISP_CPL_RESET, NULL);
		break;
	default:
		break;
	}
}

/**
 * isp_handle_sweep() - Give back what the chip held when it was reset.
 * @hba: the adapter, not live, nobody drains its rings
 *
 * Every owner hears ISP_CPL_RESET, once.
 *
 * Context: process (life worker). Takes the request ring's lock, calls up
 * without it.
 */
void isp_handle_sweep(struct isp_hba *hba)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	struct isp_handle *slot;
	enum isp_owner_kind kind;
	unsigned long flags;
	void *owner;
	u16 idx;

	for (idx = 1; idx < ISP_NR_HANDLES; idx++) {
		spin_lock_irqsave(&req->lock, flags);
		slot = &hba->handles.slot[idx];
		kind = slot->kind;
		owner = slot->owner;
		if (kind != ISP_OWNER_FREE)
			release_locked(&hba->handles, idx);
		spin_unlock_irqrestore(&req->lock, flags);
		tell_reset(hba, kind, owner);
	}
}
