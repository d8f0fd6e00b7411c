// SPDX-License-Identifier: GPL-2.0
/*
 * What the target role puts on the request ring, and when it rings for it.
 *
 * DOORBELL
 *   A doorbell is a posted write; too many of them cost, too late ones delay.
 *   - While core hands over a batch (batch_begin() to batch_end()) nobody
 *     rings: batch_end() does, once.
 *   - While an engine is plugged nobody rings: unplug() does.
 *   - Else the doorbell rings at once if no other command is inside the
 *     engine: nothing else could come soon.
 *   - Else it is left to the flush work, which runs behind the completions
 *     that the engine has queued to the same CPU before; after
 *     ISP_TGT_BELL_MAX entries it rings anyway.
 *   An entry is queued before in_batch and plugs are read, and those are
 *   cleared before the ring is looked at, with full barriers on both sides:
 *   of two CPUs one sees the other.
 */
#include "isp_tgt.h"

#include <linux/workqueue.h>

#include "../core/isp_hba.h"

static void ctio_base(const struct isp_tgt_cmd *cmd, struct isp_ctio *ctio)
{
	*ctio = (struct isp_ctio){
		.exchange = cmd->exchange,
		.life = cmd->life,
		.port_id = cmd->port_id,
		.port_handle = cmd->port_handle,
		.ox_id = cmd->ox_id,
		.vp_idx = cmd->port->chan->idx,
		.attr = cmd->attr,
	};
}

static void ctio_data(const struct isp_tgt_cmd *cmd, struct isp_ctio *ctio,
		      u16 flag)
{
	ctio->flags |= flag;
	ctio->len = cmd->pub.xfer_len;
	ctio->sg = cmd->pub.sg;
	ctio->nr_sg = cmd->nr_dma;
}

static void ctio_status(const struct isp_tgt_cmd *cmd, struct isp_ctio *ctio)
{
	ctio->flags |= ISP_CTIO_STATUS;
	ctio->scsi_status = cmd->pub.status;
	ctio->sense = cmd->pub.sense;
	ctio->sense_len = cmd->pub.sense_len;
	ctio->iu = cmd->iu;
	ctio->iu_dma = cmd->iu_dma;
	ctio->iu_room = ISP_TGT_IU_LEN;
	switch (cmd->pub.resid_kind) {
	case ISP_TPORT_RESID_UNDER:
		ctio->flags |= ISP_CTIO_UNDER;
		ctio->resid = cmd->pub.resid;
		break;
	case ISP_TPORT_RESID_OVER:
		ctio->flags |= ISP_CTIO_OVER;
		ctio->resid = cmd->pub.resid;
		break;
	case ISP_TPORT_RESID_NONE:
		break;
	}
}

/* Data of a READ and its status: in one entry if the chip can. */
static int send_read(struct isp_tgt_cmd *cmd)
{
	struct isp_hba *hba = cmd->port->hba;
	struct isp_ctio ctio, status;

	ctio_base(cmd, &ctio);
	ctio_data(cmd, &ctio, ISP_CTIO_DATA_IN);
	ctio_status(cmd, &ctio);
	if (hba->chip->ctio_one_step(&ctio))
		return isp_ring_send_ctio(hba, &ctio, cmd);

	ctio_base(cmd, &ctio);
	ctio_data(cmd, &ctio, ISP_CTIO_DATA_IN | ISP_CTIO_NO_CPL);
	ctio_base(cmd, &status);
	ctio_status(cmd, &status);
	return isp_ring_send_ctio_pair(hba, &ctio, &status, cmd);
}

static int send_abts_rsp(struct isp_tgt_cmd *cmd)
{
	struct isp_abts_rsp rsp = {
		.abts = &cmd->abts,
		.accept = !cmd->rsp[0],
		.reason = cmd->rsp[0],
		.expl = cmd->rsp[1],
	};

	return isp_ring_send_abts_rsp(cmd->port->hba, &rsp, cmd);
}

static int send_op(struct isp_tgt_cmd *cmd)
{
	struct isp_hba *hba = cmd->port->hba;
	struct isp_ctio ctio;

	cmd->since = jiffies;
	ctio_base(cmd, &ctio);
	switch (cmd->op) {
	case ISP_OP_DATA_OUT:
		ctio_data(cmd, &ctio, ISP_CTIO_DATA_OUT);
		break;
	case ISP_OP_DATA_IN:
		return send_read(cmd);
	case ISP_OP_STATUS:
		ctio_status(cmd, &ctio);
		break;
	case ISP_OP_TMF_RSP:
		ctio.flags = ISP_CTIO_STATUS;
		ctio.rsp = cmd->rsp;
		ctio.rsp_len = sizeof(cmd->rsp);
		break;
	case ISP_OP_ABTS_RSP:
		return send_abts_rsp(cmd);
	case ISP_OP_TERM:
	case ISP_OP_NONE:
		ctio.flags = ISP_CTIO_TERMINATE;
		break;
	}
	return isp_ring_send_ctio(hba, &ctio, cmd);
}

/* What was to be sent cannot be: the chip is being reset. */
static void send_failed(struct isp_tgt_cmd *cmd)
{
	isp_tgt_cmd_answered(cmd, ISP_CPL_RESET);
}

/**
 * isp_tgt_put_locked() - put what a command asks for on the request ring
 * @cmd: command with op set, DMA-mapped, nr_cpl counted
 *
 * What may be cut is put there by whoever made it so, before the lock is let
 * go: the terminate of a cut must not be there first. The chip would be asked
 * for data of an exchange that has ended, and whose name may be another's.
 * isp_tgt_put_end() has to follow.
 *
 * Context: any, port->lock held.
 * Return: 0; -EAGAIN: it waits for ring space; other: it cannot be sent.
 */
int isp_tgt_put_locked(struct isp_tgt_cmd *cmd)
{
	struct isp_tport *port = cmd->port;
	int err = -EAGAIN;

	lockdep_assert_held(&port->lock);
	if (list_empty(&port->sendq))
		err = send_op(cmd);
	if (err != -EAGAIN)
		return err;
	if (cmd->epoch != port->epoch)
		return -ESHUTDOWN;
	cmd->queued = true;
	list_add_tail(&cmd->send_node, &port->sendq);
	return -EAGAIN;
}

/**
 * isp_tgt_put_end() - what follows isp_tgt_put_locked()
 * @port: the port
 * @cmd:  the command; may be gone already if @err is 0 or -EAGAIN
 * @err:  what isp_tgt_put_locked() returned
 * @last: no other command is inside the engine
 *
 * Context: any, no lock held.
 */
void isp_tgt_put_end(struct isp_tport *port, struct isp_tgt_cmd *cmd, int err,
		     bool last)
{
	if (!err)
		isp_tgt_bell(port, last);
	else if (err == -EAGAIN)
		/* It looks again in case room came just now. */
		schedule_work(&port->flush);
	else
		send_failed(cmd);
}

/**
 * isp_tgt_send() - put what a command asks for on the request ring
 * @cmd:  command with op set, DMA-mapped, nr_cpl counted, that no cut ends
 * @last: no other command is inside the engine
 *
 * The end is told by isp_tgt_cmd_answered(), also if nothing can be sent.
 * Context: any, no lock held.
 */
void isp_tgt_send(struct isp_tgt_cmd *cmd, bool last)
{
	struct isp_tport *port = cmd->port;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&port->lock, flags);
	err = isp_tgt_put_locked(cmd);
	spin_unlock_irqrestore(&port->lock, flags);
	isp_tgt_put_end(port, cmd, err, last);
}

/**
 * isp_tgt_send_busy() - answer a command for which we have no room
 * @port:        the port
 * @atio:        the command or task management function
 * @port_handle: its sender's, or ISP_PORT_HANDLE_NONE
 * @status:      SCSI status
 *
 * A function has no status; without response information an initiator would
 * take it for done, so it is told that it failed.
 * Best effort: if the ring is full too, the initiator's timeout has to do.
 * Context: any, no lock held.
 */
void isp_tgt_send_busy(struct isp_tport *port, const struct isp_atio *atio,
		       u16 port_handle, u8 status)
{
	static const u8 failed[8] = { [3] = FCP_TMF_FAILED };
	struct isp_ctio ctio = {
		.exchange = atio->exchange,
		.life = atio->life,
		.port_id = atio->port_id,
		.port_handle = port_handle,
		.ox_id = atio->ox_id,
		.vp_idx = port->chan->idx,
		.attr = atio->attr,
		.flags = ISP_CTIO_STATUS,
		.scsi_status = status,
	};

	if (atio->tm_flags) {
		ctio.scsi_status = 0;
		ctio.rsp = failed;
		ctio.rsp_len = sizeof(failed);
	} else if (atio->data_len) {
		ctio.flags |= ISP_CTIO_UNDER;
		ctio.resid = atio->data_len;
	}
	if (isp_ring_send_ctio(port->hba, &ctio, NULL))
		dev_warn_ratelimited(
			port->hba->dev,
			"command of %06x dropped: no room to say busy\n",
			atio->port_id);
	else
		isp_tgt_bell(port, true);
}

static int ack_op(struct isp_tport *port, struct isp_tgt_note *note)
{
	struct isp_ack ack = {
		.notify = &note->notify,
		.reject = note->reject,
	};
	struct isp_logio logo = {
		.op = ISP_LOGIO_LOGO,
		.port_handle = note->notify.port_handle,
		.port_id = note->notify.port_id,
		.vp_idx = port->chan->idx,
	};

	if (note->logo)
		return isp_ring_send_logio(port->hba, &logo, note->notify.life,
					   note);
	return isp_ring_send_ack(port->hba, &ack, note);
}

/**
 * isp_tgt_ack() - acknowledge a notify that was kept, or send a LOGO
 * @port:   the port
 * @note:   which; given back when the entry has come back
 * @reject: refuse it
 *
 * Context: any, no lock held.
 */
void isp_tgt_ack(struct isp_tport *port, struct isp_tgt_note *note, bool reject)
{
	unsigned long flags;
	bool queued = false;
	int err;

	note->reject = reject;
	err = ack_op(port, note);
	if (!err) {
		isp_tgt_bell(port, true);
		return;
	}
	spin_lock_irqsave(&port->lock, flags);
	if (err == -EAGAIN && note->epoch == port->epoch) {
		list_add_tail(&note->node, &port->ackq);
		queued = true;
	} else {
		isp_tgt_note_put_locked(port, note);
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	if (queued)
		schedule_work(&port->flush);
}

/**
 * isp_tgt_ack_plain() - acknowledge a notify that could not be kept
 * @port:   the port
 * @notify: the notify
 * @reject: refuse it
 *
 * Context: any, no lock held.
 */
void isp_tgt_ack_plain(struct isp_tport *port, const struct isp_notify *notify,
		       bool reject)
{
	struct isp_ack ack = { .notify = notify, .reject = reject };
	int err;

	err = isp_ring_send_ack(port->hba, &ack, NULL);
	if (err == -EAGAIN)
		isp_hba_fault(port->hba, "a notify can not be acknowledged");
	else if (!err)
		isp_tgt_bell(port, true);
}

static bool retry_ack(struct isp_tport *port)
{
	struct isp_tgt_note *note;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&port->lock, flags);
	note = list_first_entry_or_null(&port->ackq, struct isp_tgt_note, node);
	if (note)
		list_del_init(&note->node);
	spin_unlock_irqrestore(&port->lock, flags);
	if (!note)
		return false;
	err = ack_op(port, note);
	if (!err)
		return true;
	spin_lock_irqsave(&port->lock, flags);
	if (err == -EAGAIN && note->epoch == port->epoch)
		list_add(&note->node, &port->ackq);
	else
		isp_tgt_note_put_locked(port, note);
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	return err != -EAGAIN;
}

static bool retry_cmd(struct isp_tport *port)
{
	struct isp_tgt_cmd *cmd;
	unsigned long flags;
	int err = -EAGAIN;

	spin_lock_irqsave(&port->lock, flags);
	cmd = list_first_entry_or_null(&port->sendq, struct isp_tgt_cmd,
				       send_node);
	if (cmd)
		err = send_op(cmd);
	if (err != -EAGAIN) {
		list_del_init(&cmd->send_node);
		cmd->queued = false;
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (err == -EAGAIN)
		return false;
	if (err)
		send_failed(cmd);
	return true;
}

/**
 * isp_tgt_retry() - send what waited for ring space
 * @port: the port
 *
 * Context: any, no lock held.
 */
void isp_tgt_retry(struct isp_tport *port)
{
	bool any = false;

	while (retry_ack(port))
		any = true;
	while (retry_cmd(port))
		any = true;
	if (any)
		isp_tgt_bell(port, true);
}

/* Entries that the chip has not been told of; a guess while others queue. */
static unsigned int unrung(const struct isp_hba *hba)
{
	const struct isp_ring *req = &hba->ring[ISP_RING_REQ];

	return (READ_ONCE(req->idx) - READ_ONCE(req->posted)) & (req->nr - 1);
}

/**
 * isp_tgt_bell() - ring the doorbell, or leave it to who will do it soon
 * @port: the port; its entry is on the ring
 * @last: no other command is inside the engine
 *
 * Context: any, no lock held.
 */
void isp_tgt_bell(struct isp_tport *port, bool last)
{
	/* Pairs with those in batch_end() and unplug(), see DOORBELL. */
	smp_mb();
	if (READ_ONCE(port->in_batch) || atomic_read(&port->plugs))
		return;
	if (last || unrung(port->hba) >= ISP_TGT_BELL_MAX)
		isp_ring_doorbell(port->hba);
	else
		schedule_work(&port->flush);
}

/**
 * isp_tgt_flush_work() - the deferred doorbell
 * @work: port->flush
 *
 * Context: process (work).
 */
void isp_tgt_flush_work(struct work_struct *work)
{
	struct isp_tport *port = container_of(work, struct isp_tport, flush);

	isp_tgt_retry(port);
	isp_ring_doorbell(port->hba);
}
