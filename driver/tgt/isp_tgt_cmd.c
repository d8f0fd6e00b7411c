// SPDX-License-Identifier: GPL-2.0
/* The way of a command from its ATIO to the last completion. */
#include "isp_tgt.h"

#include <linux/bug.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>

#include "../core/isp_hba.h"
#include "../core/isp_portdb.h"

/* SCSI status that we give ourselves. [SAM-5 5.3.1, D] */
#define SAM_BUSY 0x08
#define SAM_TASK_SET_FULL 0x28

static_assert(ISP_CDB_LEN + ISP_ADD_CDB_MAX == ISP_TPORT_CDB_MAX);

static struct isp_tgt_cmd *to_cmd(struct isp_tport_cmd *pub)
{
	return container_of(pub, struct isp_tgt_cmd, pub);
}

static void cmd_unmap(struct isp_tgt_cmd *cmd)
{
	if (!cmd->nr_sg)
		return;
	dma_unmap_sg(cmd->port->hba->dev, cmd->pub.sg, cmd->nr_sg,
		     cmd->state == ISP_CMD_DATA ? DMA_FROM_DEVICE :
						  DMA_TO_DEVICE);
	cmd->nr_sg = 0;
	cmd->nr_dma = 0;
}

static int cmd_map(struct isp_tgt_cmd *cmd, enum dma_data_direction dir)
{
	struct isp_tport_cmd *pub = &cmd->pub;
	int nr;

	nr = dma_map_sg(cmd->port->hba->dev, pub->sg, pub->nr_sg, dir);
	if (nr <= 0)
		return -ENOMEM;
	cmd->nr_sg = pub->nr_sg;
	cmd->nr_dma = nr;
	return 0;
}

/*
 * The chip is through with a command: tell its owner, or put it away. A cut
 * may have slipped in a terminate meanwhile; then its completion comes here.
 */
static void cmd_settle(struct isp_tgt_cmd *cmd)
{
	struct isp_tport *port = cmd->port;
	const struct isp_tport_engine_ops *up;
	enum isp_cmd_state was;
	unsigned long flags;
	int err;

	cmd_unmap(cmd);
	spin_lock_irqsave(&port->lock, flags);
	was = cmd->state;
	if (cmd->nr_cpl) {
		spin_unlock_irqrestore(&port->lock, flags);
		return;
	}
	if (cmd->term_out || cmd->epoch != port->epoch)
		cmd->dead = true;
	if ((cmd->aborted || cmd->dead) && !cmd->sent)
		cmd->err = -ECONNABORTED;
	err = cmd->err;
	cmd->err = 0;
	up = port->owner ? port->owner->ops : NULL;
	switch (was) {
	case ISP_CMD_DATA:
		isp_tgt_cmd_state_locked(cmd, ISP_CMD_ENGINE);
		break;
	case ISP_CMD_SEND:
		port->stats.nr_done += cmd->sent;
		isp_tgt_cmd_state_locked(cmd, ISP_CMD_DONE);
		break;
	default:
		isp_tgt_cmd_put_locked(cmd);
		break;
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);

	if (was == ISP_CMD_DATA)
		up->cmd_data(&cmd->pub, err);
	else if (was == ISP_CMD_SEND)
		up->cmd_done(&cmd->pub, err);
}

/* What a completion means for the command; port->lock held. */
static void cmd_judge_locked(struct isp_tgt_cmd *cmd, enum isp_cpl cpl)
{
	switch (cpl) {
	case ISP_CPL_OK:
		/* Whoever cut it meanwhile was too late. */
		if (cmd->state == ISP_CMD_SEND)
			cmd->sent = true;
		break;
	case ISP_CPL_RESET:
	case ISP_CPL_BAD_EXCHANGE:
		/* Nothing is left that a terminate could end. */
		cmd->dead = true;
		break;
	case ISP_CPL_UNDERRUN:
	case ISP_CPL_OVERRUN:
	case ISP_CPL_DATA_ERROR:
		/* The exchange lives; the engine may answer it. */
		cmd->err = -EIO;
		break;
	default:
		cmd->aborted = true;
		break;
	}
}

/*
 * A terminate that still waits for ring space has become pointless: the chip
 * has forgotten the exchange. port->lock held.
 */
static void cmd_drop_term_locked(struct isp_tgt_cmd *cmd)
{
	if (!cmd->term_out || !cmd->queued || !cmd->dead)
		return;
	list_del_init(&cmd->send_node);
	cmd->queued = false;
	cmd->nr_cpl--;
}

/**
 * isp_tgt_cmd_answered() - an entry of a command came back, or was not sent
 * @cmd: the command
 * @cpl: how it ended
 *
 * Context: any, no lock held.
 */
void isp_tgt_cmd_answered(struct isp_tgt_cmd *cmd, enum isp_cpl cpl)
{
	struct isp_tport *port = cmd->port;
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&port->lock, flags);
	cmd_judge_locked(cmd, cpl);
	if (!cmd->nr_cpl) {
		spin_unlock_irqrestore(&port->lock, flags);
		WARN_ON_ONCE(1);
		return;
	}
	cmd->nr_cpl--;
	cmd_drop_term_locked(cmd);
	more = cmd->nr_cpl;
	spin_unlock_irqrestore(&port->lock, flags);
	if (!more)
		cmd_settle(cmd);
}

static enum isp_tport_attr cmd_attr(u8 raw)
{
	switch (raw) {
	case ISP_TASK_HEAD:
		return ISP_TPORT_HEAD;
	case ISP_TASK_ORDERED:
		return ISP_TPORT_ORDERED;
	case ISP_TASK_ACA:
		return ISP_TPORT_ACA;
	default:
		return ISP_TPORT_SIMPLE;
	}
}

static enum isp_tport_dir cmd_dir(const struct isp_atio *atio)
{
	if (atio->rd && atio->wr)
		return ISP_TPORT_DIR_BIDI;
	if (atio->rd)
		return ISP_TPORT_DIR_READ;
	return atio->wr ? ISP_TPORT_DIR_WRITE : ISP_TPORT_DIR_NONE;
}

static enum isp_tport_tmf cmd_tmf(u8 tm_flags)
{
	switch (tm_flags) {
	case 0:
		return ISP_TPORT_TMF_NONE;
	case ISP_TMF_ABORT_TASK_SET:
		return ISP_TPORT_TMF_ABORT_TASK_SET;
	case ISP_TMF_CLEAR_TASK_SET:
		return ISP_TPORT_TMF_CLEAR_TASK_SET;
	case ISP_TMF_LUN_RESET:
		return ISP_TPORT_TMF_LUN_RESET;
	case ISP_TMF_TARGET_RESET:
		return ISP_TPORT_TMF_TARGET_RESET;
	case ISP_TMF_CLEAR_ACA:
		return ISP_TPORT_TMF_CLEAR_ACA;
	default:
		return ISP_TPORT_TMF_UNKNOWN;
	}
}

static void cmd_fill(struct isp_tgt_cmd *cmd, const struct isp_atio *atio)
{
	struct isp_tport_cmd *pub = &cmd->pub;

	cmd->port_id = atio->port_id;
	cmd->port_handle = ISP_PORT_HANDLE_NONE;
	cmd->ox_id = atio->ox_id;
	cmd->attr = atio->attr;
	memcpy(cmd->cdb, atio->cdb, sizeof(atio->cdb));
	if (atio->add_cdb_len)
		memcpy(cmd->cdb + sizeof(atio->cdb), atio->add_cdb,
		       atio->add_cdb_len);
	memcpy(pub->lun, atio->lun, sizeof(pub->lun));
	pub->tmf = cmd_tmf(atio->tm_flags);
	pub->cdb_len = pub->tmf ? 0 : sizeof(atio->cdb) + atio->add_cdb_len;
	pub->attr = cmd_attr(atio->attr);
	pub->dir = cmd_dir(atio);
	pub->data_len = pub->dir == ISP_TPORT_DIR_NONE ? 0 : atio->data_len;
}

/*
 * One entry is due, and its deadline runs: it may wait for ring space before
 * it is sent. port->lock held.
 */
static void cmd_due_locked(struct isp_tgt_cmd *cmd, enum isp_cmd_op op)
{
	cmd->op = op;
	cmd->nr_cpl = 1;
	cmd->since = jiffies;
}

/* Make a command nobody's, to be ended on the wire; port->lock held. */
static void cmd_orphan_locked(struct isp_tgt_cmd *cmd, enum isp_cmd_op op)
{
	isp_tgt_cmd_state_locked(cmd, ISP_CMD_TERM);
	cmd_due_locked(cmd, op);
	cmd->port->stats.nr_term += op == ISP_OP_TERM;
}

/**
 * isp_tgt_cmd_doom() - end a command that the engine never saw
 * @cmd:    in state WAIT, without a session, on no list but port->open
 * @status: SCSI status to end it with; 0: terminate the exchange
 *
 * Context: any, no lock held.
 */
void isp_tgt_cmd_doom(struct isp_tgt_cmd *cmd, u8 status)
{
	struct isp_tport *port = cmd->port;
	enum isp_cmd_op op = ISP_OP_TERM;
	unsigned long flags;

	if (cmd->is_abts) {
		op = ISP_OP_ABTS_RSP;
	} else if (status && !cmd->pub.tmf) {
		op = ISP_OP_STATUS;
		cmd->pub.status = status;
		cmd->pub.resid = cmd->pub.data_len;
		if (cmd->pub.resid)
			cmd->pub.resid_kind = ISP_TPORT_RESID_UNDER;
	}
	spin_lock_irqsave(&port->lock, flags);
	port->stats.nr_busy += op == ISP_OP_STATUS;
	cmd_orphan_locked(cmd, op);
	spin_unlock_irqrestore(&port->lock, flags);
	isp_tgt_send(cmd, true);
}

/* A command for which there is no room: say so without an object for it. */
static void cmd_no_room(struct isp_tport *port, const struct isp_atio *atio)
{
	u16 handle = ISP_PORT_HANDLE_NONE;
	u8 status = SAM_BUSY;
	struct isp_tgt_sess *sess;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->stats.nr_busy++;
	port->stats.nr_noexch += atio->exchange == ISP_EXCHANGE_NONE;
	sess = isp_tgt_sess_find_locked(port, atio->port_id);
	if (sess) {
		handle = sess->port_handle;
		if (sess->nr_cmds)
			status = SAM_TASK_SET_FULL;
	}
	spin_unlock_irqrestore(&port->lock, flags);
	isp_tgt_send_busy(port, atio, handle, status);
}

/**
 * isp_tgt_cmd_atio() - a command or task management request has arrived
 * @port: the port
 * @atio: the command; copied
 *
 * Context: any, no lock held; one call at a time for a port.
 */
void isp_tgt_cmd_atio(struct isp_tport *port, const struct isp_atio *atio)
{
	struct isp_tgt_sess *sess = NULL, *known;
	struct isp_tgt_cmd *cmd = NULL;
	bool resolve = false, deliver = false;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->stats.nr_cmds++;
	if (atio->exchange != ISP_EXCHANGE_NONE)
		cmd = isp_tgt_cmd_get_locked(port, atio->exchange, atio->life);
	if (!cmd) {
		spin_unlock_irqrestore(&port->lock, flags);
		cmd_no_room(port, atio);
		return;
	}
	cmd_fill(cmd, atio);
	if (!atio->bad &&
	    (port->state == ISP_TPORT_ON || port->state == ISP_TPORT_STARTING))
		sess = isp_tgt_sess_first_locked(port, atio->port_id, &resolve);
	if (sess) {
		deliver = isp_tgt_sess_append_locked(sess, cmd);
	} else {
		known = isp_tgt_sess_find_locked(port, atio->port_id);
		if (known)
			cmd->port_handle = known->port_handle;
	}
	spin_unlock_irqrestore(&port->lock, flags);

	/*
	 * Where a port is being disabled, BUSY makes the initiator try again
	 * and meet the link that is down; a terminated exchange is an error
	 * that Linux hands to those who asked for no retry (read-ahead).
	 */
	if (!sess)
		isp_tgt_cmd_doom(cmd, atio->bad ? 0 : SAM_BUSY);
	else if (resolve)
		isp_tgt_sess_begin(port, atio->port_id);
	else if (deliver)
		isp_tgt_sess_deliver(sess);
}

/**
 * isp_tgt_cmd_cut_locked() - give up what the chip does for a command
 * @cmd:  any command but FREE and TERM
 * @todo: gets the command if isp_tgt_cmd_cut_finish() has to act
 *
 * The engine may not answer it any more.
 * Context: any, port->lock held.
 */
void isp_tgt_cmd_cut_locked(struct isp_tgt_cmd *cmd, struct list_head *todo)
{
	lockdep_assert_held(&cmd->port->lock);
	if (cmd->aborted)
		return;
	cmd->aborted = true;
	if (cmd->state != ISP_CMD_DATA && cmd->state != ISP_CMD_SEND)
		return;
	if (cmd->queued) {
		/* The chip has not seen it: that completion never comes. */
		list_del_init(&cmd->send_node);
		cmd->queued = false;
		cmd->nr_cpl--;
		if (!cmd->nr_cpl)
			list_add_tail(&cmd->node, todo);
		return;
	}
	/*
	 * Data may be waited for until a timeout, so that is ended. An answer
	 * ends by itself, and its exchange must not be named again: once it
	 * has left, the name may be another command's.
	 */
	if (cmd->state != ISP_CMD_DATA || !cmd->nr_cpl || cmd->dead)
		return;
	cmd->term_out = true;
	cmd->nr_cpl++;
	cmd->port->stats.nr_term++;
	list_add_tail(&cmd->node, todo);
}

/*
 * Terminate what was cut, unless its data has come back meanwhile and said that
 * the exchange is gone: the name may be another command's by now. Locked, so
 * that a completion is before the look or finds the terminate on the ring.
 */
static void cut_send(struct isp_tgt_cmd *cmd)
{
	struct isp_tport *port = cmd->port;
	struct isp_ctio ctio = {
		.exchange = cmd->exchange,
		.life = cmd->life,
		.port_id = cmd->port_id,
		.port_handle = cmd->port_handle,
		.ox_id = cmd->ox_id,
		.vp_idx = port->chan->idx,
		.attr = cmd->attr,
		.flags = ISP_CTIO_TERMINATE,
	};
	unsigned long flags;
	int err = -ESHUTDOWN;

	spin_lock_irqsave(&port->lock, flags);
	if (!cmd->dead)
		err = isp_ring_send_ctio(port->hba, &ctio, cmd);
	if (err == -EAGAIN && cmd->epoch != port->epoch)
		err = -ESHUTDOWN;
	if (err == -EAGAIN) {
		cmd->op = ISP_OP_TERM;
		cmd->queued = true;
		list_add_tail(&cmd->send_node, &port->sendq);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (!err)
		isp_tgt_bell(port, true);
	else if (err == -EAGAIN)
		schedule_work(&port->flush);
	else
		isp_tgt_cmd_answered(cmd, ISP_CPL_RESET);
}

/**
 * isp_tgt_cmd_cut_finish() - do what isp_tgt_cmd_cut_locked() found to do
 * @todo: its list; empty afterwards
 *
 * Context: any, no lock held.
 */
void isp_tgt_cmd_cut_finish(struct list_head *todo)
{
	struct isp_tgt_cmd *cmd, *next;

	list_for_each_entry_safe(cmd, next, todo, node) {
		list_del_init(&cmd->node);
		if (cmd->term_out)
			cut_send(cmd);
		else
			cmd_settle(cmd);
	}
}

/*
 * Hand a command from the engine to the chip; port->lock held.
 * Return: 0; -ENOTCONN, -ECONNABORTED: it stays with the engine.
 */
static int cmd_leave_engine_locked(struct isp_tgt_cmd *cmd,
				   enum isp_cmd_state state, enum isp_cmd_op op,
				   bool *last)
{
	struct isp_tport *port = cmd->port;

	if (WARN_ON_ONCE(cmd->state != ISP_CMD_ENGINE))
		return -EINVAL;
	if (cmd->sess->state != ISP_SESS_READY)
		return -ENOTCONN;
	if (cmd->aborted || cmd->dead || cmd->epoch != port->epoch ||
	    (cmd->no_data && state == ISP_CMD_DATA))
		return -ECONNABORTED;
	isp_tgt_cmd_state_locked(cmd, state);
	cmd_due_locked(cmd, op);
	*last = !port->nr_engine;
	return 0;
}

static int cmd_leave_engine(struct isp_tgt_cmd *cmd, enum isp_cmd_state state,
			    enum isp_cmd_op op, bool *last)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&cmd->port->lock, flags);
	err = cmd_leave_engine_locked(cmd, state, op, last);
	spin_unlock_irqrestore(&cmd->port->lock, flags);
	return err;
}

/**
 * isp_tgt_cmd_recv_data() - isp_tport_ops.recv_data
 * @pub: the command
 *
 * Context: any, no lock held.
 * Return: see isp_tport_ops.
 */
int isp_tgt_cmd_recv_data(struct isp_tport_cmd *pub)
{
	struct isp_tgt_cmd *cmd = to_cmd(pub);
	struct isp_tport *port = cmd->port;
	unsigned long flags;
	int err, put = 0;
	bool last;

	if (pub->dir != ISP_TPORT_DIR_WRITE || !pub->xfer_len ||
	    pub->xfer_len > pub->data_len || !pub->nr_sg ||
	    pub->nr_sg > ISP_TGT_MAX_SG)
		return -EINVAL;
	err = cmd_map(cmd, DMA_FROM_DEVICE);
	if (err)
		return err;
	spin_lock_irqsave(&port->lock, flags);
	err = cmd_leave_engine_locked(cmd, ISP_CMD_DATA, ISP_OP_DATA_OUT,
				      &last);
	if (!err)
		put = isp_tgt_put_locked(cmd);
	spin_unlock_irqrestore(&port->lock, flags);
	if (err) {
		dma_unmap_sg(port->hba->dev, pub->sg, cmd->nr_sg,
			     DMA_FROM_DEVICE);
		cmd->nr_sg = 0;
		return err;
	}
	isp_tgt_put_end(port, cmd, put, last);
	return 0;
}

/**
 * isp_tgt_cmd_send() - isp_tport_ops.send
 * @pub: the command
 *
 * Context: any, no lock held.
 * Return: see isp_tport_ops.
 */
int isp_tgt_cmd_send(struct isp_tport_cmd *pub)
{
	struct isp_tgt_cmd *cmd = to_cmd(pub);
	bool data = pub->xfer_len && pub->dir == ISP_TPORT_DIR_READ;
	bool last;
	int err;

	if (data) {
		if (pub->xfer_len > pub->data_len || !pub->nr_sg ||
		    pub->nr_sg > ISP_TGT_MAX_SG)
			return -EINVAL;
		err = cmd_map(cmd, DMA_TO_DEVICE);
		if (err)
			return err;
	}
	err = cmd_leave_engine(cmd, ISP_CMD_SEND,
			       data ? ISP_OP_DATA_IN : ISP_OP_STATUS, &last);
	if (err) {
		cmd_unmap(cmd);
		return err;
	}
	isp_tgt_send(cmd, last);
	return 0;
}

/**
 * isp_tgt_cmd_abort() - isp_tport_ops.cmd_abort
 * @pub: the command
 *
 * Context: any, no lock held.
 */
void isp_tgt_cmd_abort(struct isp_tport_cmd *pub)
{
	struct isp_tgt_cmd *cmd = to_cmd(pub);
	unsigned long flags;
	LIST_HEAD(cut);

	spin_lock_irqsave(&cmd->port->lock, flags);
	cmd->no_data = true;
	if (cmd->state == ISP_CMD_DATA)
		isp_tgt_cmd_cut_locked(cmd, &cut);
	spin_unlock_irqrestore(&cmd->port->lock, flags);
	isp_tgt_cmd_cut_finish(&cut);
}

static u8 tmf_code(enum isp_tport_tmf_rsp rsp)
{
	switch (rsp) {
	case ISP_TPORT_TMF_COMPLETE:
	case ISP_TPORT_TMF_NO_TASK:
		return FCP_TMF_COMPLETE;
	case ISP_TPORT_TMF_REJECTED:
		return FCP_TMF_REJECTED;
	case ISP_TPORT_TMF_BAD_LUN:
		return FCP_TMF_BAD_LUN;
	case ISP_TPORT_TMF_FAILED:
		break;
	}
	return FCP_TMF_FAILED;
}

/* An ABTS of a command that we know is refused only if the engine failed. */
static void abts_code(struct isp_tgt_cmd *cmd, enum isp_tport_tmf_rsp rsp)
{
	bool ok = rsp == ISP_TPORT_TMF_COMPLETE || rsp == ISP_TPORT_TMF_NO_TASK;

	cmd->rsp[0] = ok ? 0 : ISP_BA_RJT_UNABLE;
	cmd->rsp[1] = ISP_BA_RJT_EXPL_NONE;
}

/**
 * isp_tgt_tmf_send() - isp_tport_ops.tmf_send
 * @pub: the function
 * @rsp: the engine's answer
 *
 * Context: any, no lock held.
 * Return: see isp_tport_ops.
 */
int isp_tgt_tmf_send(struct isp_tport_cmd *pub, enum isp_tport_tmf_rsp rsp)
{
	struct isp_tgt_cmd *cmd = to_cmd(pub);
	enum isp_cmd_op op;
	bool last;
	int err;

	if (pub->tmf == ISP_TPORT_TMF_NONE)
		return -EINVAL;
	op = cmd->is_abts ? ISP_OP_ABTS_RSP : ISP_OP_TMF_RSP;
	memset(cmd->rsp, 0, sizeof(cmd->rsp));
	if (cmd->is_abts)
		abts_code(cmd, rsp);
	else
		cmd->rsp[3] = tmf_code(rsp);
	err = cmd_leave_engine(cmd, ISP_CMD_SEND, op, &last);
	if (err)
		return err;
	isp_tgt_send(cmd, true);
	return 0;
}

/**
 * isp_tgt_cmd_free() - isp_tport_ops.cmd_free
 * @pub: the command
 *
 * Context: any, no lock held.
 */
void isp_tgt_cmd_free(struct isp_tport_cmd *pub)
{
	struct isp_tgt_cmd *cmd = to_cmd(pub);
	struct isp_tport *port = cmd->port;
	unsigned long flags;
	bool term;

	spin_lock_irqsave(&port->lock, flags);
	if (WARN_ON_ONCE(cmd->state != ISP_CMD_ENGINE &&
			 cmd->state != ISP_CMD_DONE)) {
		spin_unlock_irqrestore(&port->lock, flags);
		return;
	}
	list_del_init(&cmd->sess_node);
	cmd->sess->nr_cmds--;
	cmd->sess = NULL;
	term = !cmd->sent && !cmd->dead && cmd->epoch == port->epoch;
	if (term) {
		if (cmd->is_abts)
			cmd->rsp[0] = ISP_BA_RJT_UNABLE;
		cmd_orphan_locked(cmd,
				  cmd->is_abts ? ISP_OP_ABTS_RSP : ISP_OP_TERM);
	} else {
		isp_tgt_cmd_put_locked(cmd);
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	if (term)
		isp_tgt_send(cmd, true);
}
