// SPDX-License-Identifier: GPL-2.0
/*
 * Commands and task management between isp_mod and SCST.
 *
 * isp_mod calls from interrupts, so SCST is always told to go on in a tasklet
 * or thread of its own (SCST_CONTEXT_TASKLET); that keeps arrival order, as
 * SCST numbers commands inside scst_cmd_init_done(). Inside xmit_response()
 * alone a command ends in SCST's context.
 *
 * LIFETIME
 *   Our part lives in isp_mod's command. SCST's command points to it from
 *   scst_rx_cmd() until the answer has left, was given up, or SCST drops the
 *   command; then the exchange goes back to isp_mod before SCST hears of
 *   it. SCST may call on_abort_cmd() later still, so the pointer is read and
 *   cleared under sess->lock, and an abort takes a reference.
 *
 * LOCKING
 *   sess->lock is taken with SCST's locks held (on_abort_cmd()) and nothing
 *   is called with it held. No lock is held around any call to SCST.
 */
#include "isp_scst.h"

#include <linux/device.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

/* Operation codes 60h to 7fh, which SCST takes for CDBs of 32 bytes. */
#define CDB_GROUP_LONG 3
#define CDB_LONG_LEN 32
#define CDB_VARIABLE 0x7f

static const struct isp_tport_ops *cmd_ops(struct isp_scst_cmd *scmd)
{
	return scmd->sess->port->ops;
}

/*
 * Give a command back to isp_mod with its last reference. The session may go
 * as soon as its count is zero; it serves as a key for the waiter, no more.
 */
static void cmd_put(struct isp_scst_cmd *scmd)
{
	struct isp_scst_sess *sess = scmd->sess;
	atomic_t *nr_cmds = &sess->nr_cmds;

	if (!refcount_dec_and_test(&scmd->ref))
		return;
	sess->port->ops->cmd_free(scmd->cmd);
	if (atomic_dec_and_test(nr_cmds))
		wake_up_var(nr_cmds);
}

/* SCST's command goes its own way from here. */
static void cmd_untie(struct isp_scst_cmd *scmd, struct scst_cmd *scst)
{
	struct isp_scst_sess *sess = scmd->sess;
	unsigned long flags;

	spin_lock_irqsave(&sess->lock, flags);
	scst_cmd_set_tgt_priv(scst, NULL);
	spin_unlock_irqrestore(&sess->lock, flags);
	cmd_put(scmd);
}

static struct isp_scst_cmd *cmd_arrive(struct isp_tport_cmd *cmd)
{
	struct isp_scst_cmd *scmd = cmd->engine_cmd;

	scmd->cmd = cmd;
	scmd->sess = cmd->sess->engine_sess;
	refcount_set(&scmd->ref, 1);
	scmd->aborting = false;
	scmd->bare = false;
	scmd->asked = 0;
	scmd->moved = 0;
	atomic_inc(&scmd->sess->nr_cmds);
	return scmd;
}

static enum scst_cmd_queue_type scst_attr(enum isp_tport_attr attr)
{
	switch (attr) {
	case ISP_TPORT_HEAD:
		return SCST_CMD_QUEUE_HEAD_OF_QUEUE;
	case ISP_TPORT_ORDERED:
		return SCST_CMD_QUEUE_ORDERED;
	case ISP_TPORT_ACA:
		return SCST_CMD_QUEUE_ACA;
	case ISP_TPORT_UNTAGGED:
		return SCST_CMD_QUEUE_UNTAGGED;
	case ISP_TPORT_SIMPLE:
		break;
	}
	return SCST_CMD_QUEUE_SIMPLE;
}

static scst_data_direction scst_dir(enum isp_tport_dir dir)
{
	switch (dir) {
	case ISP_TPORT_DIR_READ:
		return SCST_DATA_READ;
	case ISP_TPORT_DIR_WRITE:
		return SCST_DATA_WRITE;
	case ISP_TPORT_DIR_BIDI:
		return SCST_DATA_BIDI;
	case ISP_TPORT_DIR_NONE:
		break;
	}
	return SCST_DATA_NONE;
}

/* SCST reads as many bytes as the operation code wants; are they all here? */
static bool cdb_is_cut(const struct isp_tport_cmd *cmd)
{
	const u8 *cdb = cmd->cdb;

	if (cdb[0] >> 5 != CDB_GROUP_LONG)
		return false;
	return cmd->cdb_len < CDB_LONG_LEN ||
	       (cdb[0] == CDB_VARIABLE && cdb[7] + 8 > cmd->cdb_len);
}

/* Nothing moves in an answer without SCST or without data. */
static void cmd_no_data(struct isp_tport_cmd *cmd)
{
	cmd->sg = NULL;
	cmd->nr_sg = 0;
	cmd->xfer_len = 0;
	cmd->sense = NULL;
	cmd->sense_len = 0;
	cmd->resid_kind = cmd->data_len ? ISP_TPORT_RESID_UNDER :
					  ISP_TPORT_RESID_NONE;
	cmd->resid = cmd->data_len;
}

static void cmd_busy(struct isp_scst_cmd *scmd)
{
	struct isp_tport_cmd *cmd = scmd->cmd;

	scmd->bare = true;
	cmd_no_data(cmd);
	cmd->status = SAM_STAT_BUSY;
	if (cmd_ops(scmd)->send(cmd))
		cmd_put(scmd);
}

/**
 * isp_scst_cmd_new() - a command has arrived
 * @cmd: isp_mod's part
 *
 * Context: any.
 */
void isp_scst_cmd_new(struct isp_tport_cmd *cmd)
{
	struct isp_scst_cmd *scmd = cmd_arrive(cmd);
	struct scst_cmd *scst;

	scst = scst_rx_cmd(scmd->sess->scst, cmd->lun, sizeof(cmd->lun),
			   cmd->cdb, cmd->cdb_len, true);
	if (!scst) {
		cmd_busy(scmd);
		return;
	}
	scmd->scst = scst;
	scst_cmd_set_tag(scst, cmd->tag);
	scst_cmd_set_tgt_priv(scst, scmd);
	scst_cmd_set_queue_type(scst, scst_attr(cmd->attr));
	scst_cmd_set_expected(scst, scst_dir(cmd->dir), cmd->data_len);
	if (cmd->dir == ISP_TPORT_DIR_BIDI || cdb_is_cut(cmd))
		scst_set_cmd_error(scst,
				   SCST_LOAD_SENSE(scst_sense_invalid_opcode));
	scst_cmd_init_done(scst, SCST_CONTEXT_TASKLET);
}

/* SCST's own words for it (04/44) would make initiators give the disk up. */
static void data_failed(struct scst_cmd *scst, enum scst_exec_context context)
{
	scst_set_cmd_error(scst, SCST_LOAD_SENSE(scst_sense_internal_failure));
	scst_rx_data(scst, SCST_RX_STATUS_ERROR_SENSE_SET, context);
}

/**
 * isp_scst_cmd_rdy_to_xfer() - SCST: fetch the data of a WRITE
 * @scst: SCST's part
 *
 * Context: process or softirq.
 * Return: SCST_TGT_RES_SUCCESS, or SCST_TGT_RES_QUEUE_FULL: nothing was
 *         started, SCST is to ask again.
 */
int isp_scst_cmd_rdy_to_xfer(struct scst_cmd *scst)
{
	struct isp_scst_cmd *scmd = scst_cmd_get_tgt_priv(scst);
	struct isp_tport_cmd *cmd = scmd->cmd;
	int len, nr_sg, err;

	len = scst_cmd_get_write_fields(scst, &cmd->sg, &nr_sg);
	if (len <= 0) {
		scst_rx_data(scst, SCST_RX_STATUS_SUCCESS, SCST_CONTEXT_THREAD);
		return SCST_TGT_RES_SUCCESS;
	}
	cmd->nr_sg = nr_sg;
	cmd->xfer_len = len;
	scmd->asked = len;
	err = cmd_ops(scmd)->recv_data(cmd);
	if (err == -ENOMEM)
		return SCST_TGT_RES_QUEUE_FULL;
	if (err)
		data_failed(scst, SCST_CONTEXT_THREAD);
	return SCST_TGT_RES_SUCCESS;
}

/**
 * isp_scst_cmd_data() - the data of a WRITE is there, or never will be
 * @cmd: isp_mod's part
 * @err: as in isp_tport_engine_ops.cmd_data
 *
 * Of a dead exchange SCST is told the same as of a bad transfer: its
 * xmit_response() call ends the command.
 * Context: any.
 */
void isp_scst_cmd_data(struct isp_tport_cmd *cmd, int err)
{
	struct isp_scst_cmd *scmd = cmd->engine_cmd;
	struct scst_cmd *scst = scmd->scst;

	if (!err) {
		scmd->moved = scmd->asked;
		scst_rx_data(scst, SCST_RX_STATUS_SUCCESS,
			     SCST_CONTEXT_TASKLET);
		return;
	}
	data_failed(scst, SCST_CONTEXT_TASKLET);
}

/* What the initiator announced and what has moved or will, as FCP counts. */
static void cmd_set_resid(struct isp_scst_cmd *scmd, struct scst_cmd *scst)
{
	struct isp_tport_cmd *cmd = scmd->cmd;
	u32 moved = scmd->moved + cmd->xfer_len;
	int resid = 0;

	if (!scst_get_resid(scst, &resid, NULL))
		resid = 0;
	cmd->resid_kind = ISP_TPORT_RESID_NONE;
	cmd->resid = 0;
	if (moved < cmd->data_len) {
		cmd->resid_kind = ISP_TPORT_RESID_UNDER;
		cmd->resid = cmd->data_len - moved;
	} else if (resid < 0) {
		cmd->resid_kind = ISP_TPORT_RESID_OVER;
		cmd->resid = -resid;
	}
}

static void cmd_set_answer(struct isp_scst_cmd *scmd, struct scst_cmd *scst)
{
	struct isp_tport_cmd *cmd = scmd->cmd;
	int len = scst_cmd_get_adjusted_resp_data_len(scst);
	const u8 *sense = scst_cmd_get_sense_buffer(scst);

	cmd_no_data(cmd);
	if (len > 0) {
		cmd->sg = scst_cmd_get_sg(scst);
		cmd->nr_sg = scst_cmd_get_sg_cnt(scst);
		cmd->xfer_len = len;
	}
	cmd->status = scst_cmd_get_status(scst);
	if (scst_sense_valid(sense)) {
		cmd->sense = sense;
		cmd->sense_len = scst_cmd_get_sense_buffer_len(scst);
	}
	cmd_set_resid(scmd, scst);
}

/* End a command inside xmit_response() with nothing on the wire. */
static void xmit_nothing(struct isp_scst_cmd *scmd, struct scst_cmd *scst,
			 int delivery)
{
	cmd_untie(scmd, scst);
	scst_set_delivery_status(scst, delivery);
	scst_tgt_cmd_done(scst, SCST_CONTEXT_SAME);
}

/**
 * isp_scst_cmd_xmit_response() - SCST: send data of a READ and the status
 * @scst: SCST's part
 *
 * Context: process or softirq.
 * Return: SCST_TGT_RES_SUCCESS; SCST_TGT_RES_QUEUE_FULL: nothing was started,
 *         SCST is to ask again; SCST_TGT_RES_FATAL_ERROR: data without a
 *         status, which no handler of SCST asks for; SCST drops the command.
 */
int isp_scst_cmd_xmit_response(struct scst_cmd *scst)
{
	struct isp_scst_cmd *scmd = scst_cmd_get_tgt_priv(scst);
	int err;

	if (scst_cmd_aborted_on_xmit(scst)) {
		xmit_nothing(scmd, scst, SCST_CMD_DELIVERY_ABORTED);
		return SCST_TGT_RES_SUCCESS;
	}
	if (!scst_cmd_get_is_send_status(scst))
		return SCST_TGT_RES_FATAL_ERROR;
	cmd_set_answer(scmd, scst);
	err = cmd_ops(scmd)->send(scmd->cmd);
	if (err == -ENOMEM)
		return SCST_TGT_RES_QUEUE_FULL;
	if (err)
		xmit_nothing(scmd, scst, SCST_CMD_DELIVERY_FAILED);
	return SCST_TGT_RES_SUCCESS;
}

/**
 * isp_scst_cmd_done() - a status or a function's answer has left
 * @cmd: isp_mod's part
 * @err: whether it really did
 *
 * Context: any.
 */
void isp_scst_cmd_done(struct isp_tport_cmd *cmd, int err)
{
	struct isp_scst_cmd *scmd = cmd->engine_cmd;
	struct scst_cmd *scst = scmd->scst;

	if (scmd->bare) {
		cmd_put(scmd);
		return;
	}
	cmd_untie(scmd, scst);
	if (err)
		scst_set_delivery_status(scst, SCST_CMD_DELIVERY_FAILED);
	scst_tgt_cmd_done(scst, SCST_CONTEXT_TASKLET);
}

static void cmd_abort(struct work_struct *work)
{
	struct isp_scst_cmd *scmd =
		container_of(work, struct isp_scst_cmd, abort);

	cmd_ops(scmd)->cmd_abort(scmd->cmd);
	cmd_put(scmd);
}

/**
 * isp_scst_cmd_abort() - SCST: a command is being aborted
 * @scst: SCST's part
 *
 * What waits for data that may never come must be given back, or the function
 * never ends; everything else comes back by itself.
 * Context: process, locks of SCST held, interrupts off.
 */
void isp_scst_cmd_abort(struct scst_cmd *scst)
{
	struct isp_scst_sess *sess =
		scst_sess_get_tgt_priv(scst_cmd_get_session(scst));
	struct isp_scst_cmd *scmd;
	unsigned long flags;

	spin_lock_irqsave(&sess->lock, flags);
	scmd = scst_cmd_get_tgt_priv(scst);
	if (scmd && !scmd->aborting) {
		scmd->aborting = true;
		refcount_inc(&scmd->ref);
		INIT_WORK(&scmd->abort, cmd_abort);
		queue_work(isp_scst_cmd_wq, &scmd->abort);
	}
	spin_unlock_irqrestore(&sess->lock, flags);
}

/**
 * isp_scst_cmd_overdue() - SCST: the port has had a command for too long
 * @scst: SCST's part
 *
 * Data that the initiator does not send is given up. An answer that the
 * adapter does not return is the business of isp_mod, which resets it.
 * Context: process.
 */
void isp_scst_cmd_overdue(struct scst_cmd *scst)
{
	struct isp_scst_sess *sess =
		scst_sess_get_tgt_priv(scst_cmd_get_session(scst));

	dev_warn_ratelimited(
		sess->port->dev,
		"command %llu of %s is overdue, its data given up\n",
		scst_cmd_get_tag(scst), sess->name);
	isp_scst_cmd_abort(scst);
}

/**
 * isp_scst_cmd_free() - SCST: a command is gone
 * @scst: SCST's part
 *
 * Context: any. Ours goes with it if SCST dropped the command unanswered.
 */
void isp_scst_cmd_free(struct scst_cmd *scst)
{
	struct isp_scst_cmd *scmd = scst_cmd_get_tgt_priv(scst);

	if (scmd)
		cmd_untie(scmd, scst);
}

/* Codes of SCST; -1: it has none. */
static int scst_fn(enum isp_tport_tmf tmf)
{
	switch (tmf) {
	case ISP_TPORT_TMF_ABORT_TASK:
		return SCST_ABORT_TASK;
	case ISP_TPORT_TMF_ABORT_TASK_SET:
		return SCST_ABORT_TASK_SET;
	case ISP_TPORT_TMF_CLEAR_TASK_SET:
		return SCST_CLEAR_TASK_SET;
	case ISP_TPORT_TMF_CLEAR_ACA:
		return SCST_CLEAR_ACA;
	case ISP_TPORT_TMF_LUN_RESET:
		return SCST_LUN_RESET;
	case ISP_TPORT_TMF_TARGET_RESET:
		return SCST_TARGET_RESET;
	case ISP_TPORT_TMF_NONE:
	case ISP_TPORT_TMF_UNKNOWN:
		break;
	}
	return -1;
}

static void tmf_answer(struct isp_scst_cmd *scmd, enum isp_tport_tmf_rsp rsp)
{
	if (cmd_ops(scmd)->tmf_send(scmd->cmd, rsp))
		cmd_put(scmd);
}

/* SCST reads single-level LUNs but those of the extended form. */
static bool lun_is_odd(const u8 *lun)
{
	return lun[0] >> 6 == 3 || memchr_inv(lun + 2, 0, 6);
}

/* Why SCST has refused a function: a LUN that it cannot read, or no memory. */
static enum isp_tport_tmf_rsp tmf_refusal(const struct isp_tport_cmd *cmd)
{
	if (cmd->tmf != ISP_TPORT_TMF_ABORT_TASK &&
	    cmd->tmf != ISP_TPORT_TMF_TARGET_RESET && lun_is_odd(cmd->lun))
		return ISP_TPORT_TMF_BAD_LUN;
	return ISP_TPORT_TMF_FAILED;
}

/**
 * isp_scst_tmf_new() - a task management function has arrived
 * @cmd: isp_mod's part
 *
 * Context: any.
 */
void isp_scst_tmf_new(struct isp_tport_cmd *cmd)
{
	struct isp_scst_cmd *scmd = cmd_arrive(cmd);
	struct scst_rx_mgmt_params params;

	scmd->bare = true;
	scst_rx_mgmt_params_init(&params);
	params.fn = scst_fn(cmd->tmf);
	if (params.fn < 0) {
		tmf_answer(scmd, ISP_TPORT_TMF_REJECTED);
		return;
	}
	params.atomic = SCST_ATOMIC;
	params.tgt_priv = scmd;
	if (cmd->tmf == ISP_TPORT_TMF_ABORT_TASK) {
		params.tag = cmd->ref_tag;
		params.tag_set = 1;
	} else if (cmd->tmf != ISP_TPORT_TMF_TARGET_RESET) {
		params.lun = cmd->lun;
		params.lun_len = sizeof(cmd->lun);
		params.lun_set = 1;
	}
	if (scst_rx_mgmt_fn(scmd->sess->scst, &params))
		tmf_answer(scmd, tmf_refusal(cmd));
}

/**
 * isp_scst_tmf_done() - SCST: a function has ended
 * @mcmd: SCST's part
 *
 * Context: process (SCST's one thread for functions), does not wait.
 */
void isp_scst_tmf_done(struct scst_mgmt_cmd *mcmd)
{
	enum isp_tport_tmf_rsp rsp;

	switch (scst_mgmt_cmd_get_status(mcmd)) {
	case SCST_MGMT_STATUS_SUCCESS:
		rsp = ISP_TPORT_TMF_COMPLETE;
		break;
	case SCST_MGMT_STATUS_TASK_NOT_EXIST:
		rsp = ISP_TPORT_TMF_NO_TASK;
		break;
	case SCST_MGMT_STATUS_LUN_NOT_EXIST:
		rsp = ISP_TPORT_TMF_BAD_LUN;
		break;
	case SCST_MGMT_STATUS_FN_NOT_SUPPORTED:
	case SCST_MGMT_STATUS_REJECTED:
		rsp = ISP_TPORT_TMF_REJECTED;
		break;
	default:
		rsp = ISP_TPORT_TMF_FAILED;
		break;
	}
	tmf_answer(scst_mgmt_cmd_get_tgt_priv(mcmd), rsp);
}
