// SPDX-License-Identifier: GPL-2.0
/* Hands each decoded entry to the one it belongs to. */
#include "isp_dispatch.h"

#include <linux/device.h>
#include <linux/kernel.h>

#include "isp_hba.h"
#include "isp_link.h"

static const struct isp_role_ops *target_of(const struct isp_chan *chan)
{
	return READ_ONCE(chan->have) & ISP_ROLE_TARGET ?
		       chan->hba->role_ops[0] :
		       NULL;
}

/* One channel per function so far; anything else belongs to the first. */
static struct isp_chan *chan_of_vp(struct isp_hba *hba, u8 vp_idx)
{
	return &hba->chan[vp_idx < hba->nr_chans ? vp_idx : 0];
}

static struct isp_chan *chan_of_did(struct isp_hba *hba, u32 d_id)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		if (hba->chan[i].port_id == d_id)
			return &hba->chan[i];
	return &hba->chan[0];
}

/* A command that no role wants must not keep its exchange. */
static void refuse_atio(struct isp_hba *hba, const struct isp_atio *atio)
{
	struct isp_ctio ctio = {
		.exchange = atio->exchange,
		.life = atio->life,
		.port_id = atio->port_id,
		.port_handle = ISP_PORT_HANDLE_NONE,
		.ox_id = atio->ox_id,
		.attr = atio->attr,
		.flags = ISP_CTIO_TERMINATE,
	};

	if (atio->exchange == ISP_EXCHANGE_NONE)
		return;
	isp_ring_send_ctio(hba, &ctio, NULL);
	isp_ring_doorbell(hba);
}

static void dispatch_atio(struct isp_hba *hba, const struct isp_atio *atio)
{
	struct isp_chan *chan = chan_of_did(hba, atio->d_id);
	const struct isp_role_ops *tgt = target_of(chan);

	if (tgt)
		tgt->atio(chan, atio);
	else
		refuse_atio(hba, atio);
}

static void dispatch_notify(struct isp_hba *hba, const struct isp_notify *n)
{
	struct isp_chan *chan = chan_of_vp(hba, n->vp_idx);
	const struct isp_role_ops *tgt = target_of(chan);
	struct isp_ack ack = { .notify = n };

	isp_portdb_notify(chan, n);
	if (tgt) {
		tgt->notify(chan, n);
		return;
	}
	ack.reject = n->kind == ISP_NOTIFY_ELS &&
		     (n->els == ISP_ELS_PLOGI || n->els == ISP_ELS_PRLI);
	isp_ring_send_ack(hba, &ack, NULL);
	isp_ring_doorbell(hba);
}

static void dispatch_abts(struct isp_hba *hba, const struct isp_abts *abts)
{
	struct isp_chan *chan = chan_of_vp(hba, abts->vp_idx);
	const struct isp_role_ops *tgt = target_of(chan);
	struct isp_abts_rsp rsp = {
		.abts = abts,
		.reason = ISP_BA_RJT_LOGICAL_ERROR,
		.expl = ISP_BA_RJT_EXPL_INVALID_ID,
	};

	if (tgt) {
		/* The command may still lie on its own ring, not looked at. */
		isp_ring_drain(hba, ISP_RING_ATIO);
		tgt->abts(chan, abts);
		return;
	}
	isp_ring_send_abts_rsp(hba, &rsp, NULL);
	isp_ring_doorbell(hba);
}

/* A completion must name a handle of ours, of the right kind, once. */
static bool claim(struct isp_hba *hba, const struct isp_rsp *rsp,
		  enum isp_owner_kind kind, void **owner)
{
	bool known;

	*owner = isp_handle_put(hba, rsp->handle, kind, &known);
	if (known)
		return true;
	hba->stats.nr_stale++;
	dev_err_ratelimited(
		hba->dev,
		"entry type %02x came back with unknown handle %08x\n",
		rsp->type, rsp->handle);
	isp_hba_fault(hba, "completion with a handle that nobody owns");
	return false;
}

static void dispatch_ctio(struct isp_hba *hba, const struct isp_rsp *rsp)
{
	void *owner;

	/* Sent without a handle: only failures come back. */
	if (rsp->handle == ISP_HANDLE_NONE)
		return;
	if (claim(hba, rsp, ISP_OWNER_CTIO, &owner) && owner)
		hba->role_ops[0]->ctio_done(hba, owner, &rsp->ctio);
}

static void dispatch_done(struct isp_hba *hba, const struct isp_rsp *rsp,
			  enum isp_owner_kind kind)
{
	const struct isp_role_ops *tgt = hba->role_ops[0];
	void *owner;

	if (!claim(hba, rsp, kind, &owner) || !owner)
		return;
	switch (kind) {
	case ISP_OWNER_ACK:
		tgt->ack_done(hba, owner, rsp->cpl);
		break;
	case ISP_OWNER_ABTS_RSP:
		tgt->abts_done(hba, owner, rsp->cpl);
		break;
	case ISP_OWNER_LOGIO:
		tgt->logio_done(hba, owner, rsp->cpl);
		break;
	case ISP_OWNER_FABRIC:
		isp_link_io_done(owner, rsp->cpl, rsp);
		break;
	default:
		break;
	}
}

/* A login entry is core's or a role's; the handle knows. */
static void dispatch_logio(struct isp_hba *hba, const struct isp_rsp *rsp)
{
	void *owner;
	bool known;

	owner = isp_handle_put(hba, rsp->handle, ISP_OWNER_FABRIC, &known);
	if (!known)
		dispatch_done(hba, rsp, ISP_OWNER_LOGIO);
	else if (owner)
		isp_link_io_done(owner, rsp->cpl, rsp);
}

/**
 * isp_dispatch_begin() - A batch of entries starts.
 * @hba: the adapter
 *
 * Context: any, no lock held.
 */
void isp_dispatch_begin(struct isp_hba *hba)
{
	if (hba->role_ops[0] && hba->role_ops[0]->batch_begin)
		hba->role_ops[0]->batch_begin(hba);
}

/**
 * isp_dispatch() - Hand one entry over.
 * @hba: the adapter
 * @rsp: the decoded entry; on the caller's stack
 *
 * Context: any, no lock held.
 */
void isp_dispatch(struct isp_hba *hba, const struct isp_rsp *rsp)
{
	void *owner;

	switch (rsp->kind) {
	case ISP_RSP_ATIO:
		dispatch_atio(hba, &rsp->atio);
		break;
	case ISP_RSP_NOTIFY:
		dispatch_notify(hba, &rsp->notify);
		break;
	case ISP_RSP_CTIO:
		dispatch_ctio(hba, rsp);
		break;
	case ISP_RSP_ACK:
		dispatch_done(hba, rsp, ISP_OWNER_ACK);
		break;
	case ISP_RSP_ABTS:
		dispatch_abts(hba, &rsp->abts);
		break;
	case ISP_RSP_ABTS_RSP:
		dispatch_done(hba, rsp, ISP_OWNER_ABTS_RSP);
		break;
	case ISP_RSP_CT:
		dispatch_done(hba, rsp, ISP_OWNER_FABRIC);
		break;
	case ISP_RSP_LOGIO:
		dispatch_logio(hba, rsp);
		break;
	case ISP_RSP_MARKER:
		claim(hba, rsp, ISP_OWNER_MARKER, &owner);
		break;
	case ISP_RSP_VP_REPORT:
		isp_link_vp_report(chan_of_vp(hba, rsp->vp.vp_idx), &rsp->vp);
		break;
	case ISP_RSP_IGNORE:
		break;
	default:
		dev_err_ratelimited(hba->dev,
				    "entry of unexpected type %02x on a ring\n",
				    rsp->type);
		isp_hba_fault(hba, "entry of a type that we never asked for");
		break;
	}
}

/**
 * isp_dispatch_end() - The batch is over.
 * @hba: the adapter
 *
 * Context: any, no lock held.
 */
void isp_dispatch_end(struct isp_hba *hba)
{
	isp_ring_space(hba);
	if (hba->role_ops[0] && hba->role_ops[0]->batch_end)
		hba->role_ops[0]->batch_end(hba);
}
