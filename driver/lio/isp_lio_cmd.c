// SPDX-License-Identifier: GPL-2.0
/*
 * Commands and task management between isp_mod and the core.
 *
 * isp_mod calls in any context, the core wants to sleep: each command waits
 * in the lane of its LUN (isp_lio_lane.c) until somebody calls the core.
 *
 * LIFETIME
 *   se_cmd has two references (TARGET_SCF_ACK_KREF): one ends when the core is
 *   through (check_stop_free), one when isp_mod has said cmd_done(). The last
 *   one leads to release_cmd(), which gives the command back to isp_mod. A
 *   command that never entered the core is "bare" and goes back directly.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

#include <scsi/scsi_common.h>
#include <scsi/scsi_proto.h>

#include "../compat/isp_compat.h"
#include "isp_lio.h"

/* Fixed format sense data. [SPC-4 4.5.3, D] */
#define SENSE_FIXED_LEN 18

static struct isp_lio_cmd *to_lio_cmd(struct se_cmd *se_cmd)
{
	return container_of(se_cmd, struct isp_lio_cmd, se_cmd);
}

static struct isp_lio_sess *cmd_sess(struct isp_lio_cmd *lcmd)
{
	return lcmd->cmd->sess->engine_sess;
}

static const struct isp_tport_ops *cmd_ops(struct isp_lio_cmd *lcmd)
{
	return cmd_sess(lcmd)->port->ops;
}

static enum isp_lio_turn_kind turn_kind(const struct isp_lio_cmd *lcmd)
{
	switch (lcmd->step) {
	case ISP_LIO_TMF:
		return ISP_LIO_TURN_ALONE;
	case ISP_LIO_NEW:
		return lcmd->cmd->attr == ISP_TPORT_ORDERED ?
			       ISP_LIO_TURN_ALONE :
			       ISP_LIO_TURN_NEW;
	case ISP_LIO_DATA:
	case ISP_LIO_DONE:
		break;
	}
	return ISP_LIO_TURN_INSIDE;
}

/* Let a hand do a step. */
static void cmd_add(struct isp_lio_cmd *lcmd, enum isp_lio_step step)
{
	lcmd->step = step;
	isp_lio_turn_add(&lcmd->turn, turn_kind(lcmd));
}

static void reset_begins(struct isp_lio_sess *sess, struct isp_lio_cmd *lcmd)
{
	unsigned long flags;

	spin_lock_irqsave(&sess->lock, flags);
	list_add_tail(&lcmd->reset_node, &sess->resets);
	spin_unlock_irqrestore(&sess->lock, flags);
}

static void reset_ends(struct isp_lio_sess *sess, struct isp_lio_cmd *lcmd)
{
	unsigned long flags;

	spin_lock_irqsave(&sess->lock, flags);
	list_del(&lcmd->reset_node);
	spin_unlock_irqrestore(&sess->lock, flags);
}

/* Is an initiator resetting a LUN to which it sends a command? */
static bool is_resetting(struct isp_lio_sess *sess, const u8 *lun)
{
	struct isp_lio_cmd *reset;
	unsigned long flags;
	bool found = false;

	/* isp_mod delivers what a session sends one by one. */
	if (list_empty(&sess->resets))
		return false;
	spin_lock_irqsave(&sess->lock, flags);
	list_for_each_entry(reset, &sess->resets, reset_node)
		found |= !memcmp(reset->cmd->lun, lun, sizeof(reset->cmd->lun));
	spin_unlock_irqrestore(&sess->lock, flags);
	return found;
}

/*
 * Give a command back to isp_mod; last use of it. The session may go as soon
 * as its count is zero; it serves as a key for the waiter, no more.
 */
static void cmd_give_back(struct isp_lio_cmd *lcmd)
{
	struct isp_lio_sess *sess = cmd_sess(lcmd);
	atomic_t *nr_cmds = &sess->nr_cmds;

	if (lcmd->cmd->tmf == ISP_TPORT_TMF_LUN_RESET)
		reset_ends(sess, lcmd);
	cmd_ops(lcmd)->cmd_free(lcmd->cmd);
	if (atomic_dec_and_test(nr_cmds))
		wake_up_var(nr_cmds);
}

/* Answer a command that the core must not see. */
static void cmd_refuse(struct isp_lio_cmd *lcmd, u8 status, u8 key, u8 asc)
{
	struct isp_tport_cmd *cmd = lcmd->cmd;

	lcmd->bare = true;
	cmd->xfer_len = 0;
	cmd->status = status;
	cmd->sense = NULL;
	cmd->sense_len = 0;
	if (status == SAM_STAT_CHECK_CONDITION) {
		memset(lcmd->sense, 0, SENSE_FIXED_LEN);
		scsi_build_sense_buffer(0, lcmd->sense, key, asc, 0);
		cmd->sense = lcmd->sense;
		cmd->sense_len = SENSE_FIXED_LEN;
	}
	cmd->resid_kind = cmd->data_len ? ISP_TPORT_RESID_UNDER :
					  ISP_TPORT_RESID_NONE;
	cmd->resid = cmd->data_len;
	if (cmd_ops(lcmd)->send(cmd))
		cmd_give_back(lcmd);
}

static int core_attr(enum isp_tport_attr attr)
{
	switch (attr) {
	case ISP_TPORT_HEAD:
		return TCM_HEAD_TAG;
	case ISP_TPORT_ORDERED:
		return TCM_ORDERED_TAG;
	case ISP_TPORT_ACA:
		return TCM_ACA_TAG;
	case ISP_TPORT_SIMPLE:
	case ISP_TPORT_UNTAGGED:
		break;
	}
	return TCM_SIMPLE_TAG;
}

static int core_dir(enum isp_tport_dir dir)
{
	switch (dir) {
	case ISP_TPORT_DIR_READ:
		return DMA_FROM_DEVICE;
	case ISP_TPORT_DIR_WRITE:
		return DMA_TO_DEVICE;
	case ISP_TPORT_DIR_NONE:
	case ISP_TPORT_DIR_BIDI:
		break;
	}
	return DMA_NONE;
}

static void cmd_submit(struct isp_lio_cmd *lcmd)
{
	struct isp_tport_cmd *cmd = lcmd->cmd;
	struct se_cmd *se_cmd = &lcmd->se_cmd;
	u64 lun = scsilun_to_int((struct scsi_lun *)cmd->lun);

	/* The core reads as many bytes as the CDB itself announces. */
	if (cmd->dir == ISP_TPORT_DIR_BIDI ||
	    scsi_command_size(cmd->cdb) > cmd->cdb_len) {
		cmd_refuse(lcmd, SAM_STAT_CHECK_CONDITION, ILLEGAL_REQUEST,
			   0x20);
		return;
	}
	memset(se_cmd, 0, sizeof(*se_cmd));
	/* The core fills in some of it: nothing of another command shall go. */
	memset(lcmd->sense, 0, sizeof(lcmd->sense));
	se_cmd->tag = cmd->tag;
	if (target_init_cmd(se_cmd, cmd_sess(lcmd)->se_sess, lcmd->sense, lun,
			    cmd->data_len, core_attr(cmd->attr),
			    core_dir(cmd->dir), TARGET_SCF_ACK_KREF)) {
		/* The session is going away: let the exchange end. */
		cmd_give_back(lcmd);
		return;
	}
	if (target_submit_prep(se_cmd, (unsigned char *)cmd->cdb, NULL, 0, NULL,
			       0, NULL, 0, GFP_KERNEL))
		return;
	target_submit(se_cmd);
}

static unsigned char core_tmf(enum isp_tport_tmf tmf)
{
	switch (tmf) {
	case ISP_TPORT_TMF_ABORT_TASK:
		return TMR_ABORT_TASK;
	case ISP_TPORT_TMF_ABORT_TASK_SET:
		return TMR_ABORT_TASK_SET;
	case ISP_TPORT_TMF_CLEAR_TASK_SET:
		return TMR_CLEAR_TASK_SET;
	case ISP_TPORT_TMF_CLEAR_ACA:
		return TMR_CLEAR_ACA;
	case ISP_TPORT_TMF_LUN_RESET:
		return TMR_LUN_RESET;
	case ISP_TPORT_TMF_TARGET_RESET:
		return TMR_TARGET_WARM_RESET;
	case ISP_TPORT_TMF_NONE:
	case ISP_TPORT_TMF_UNKNOWN:
		break;
	}
	return TMR_UNKNOWN;
}

/* Answer a function without the core. */
static void tmf_answer(struct isp_lio_cmd *lcmd, enum isp_tport_tmf_rsp rsp)
{
	lcmd->bare = true;
	if (cmd_ops(lcmd)->tmf_send(lcmd->cmd, rsp))
		cmd_give_back(lcmd);
}

static void tmf_submit(struct isp_lio_cmd *lcmd)
{
	struct isp_tport_cmd *cmd = lcmd->cmd;
	unsigned char fn = core_tmf(cmd->tmf);
	u64 lun = scsilun_to_int((struct scsi_lun *)cmd->lun);

	if (fn == TMR_UNKNOWN) {
		tmf_answer(lcmd, ISP_TPORT_TMF_REJECTED);
		return;
	}
	memset(&lcmd->se_cmd, 0, sizeof(lcmd->se_cmd));
	lcmd->se_cmd.tag = cmd->tag;
	if (target_submit_tmr(&lcmd->se_cmd, cmd_sess(lcmd)->se_sess,
			      lcmd->sense, lun, lcmd, fn, GFP_KERNEL,
			      cmd->ref_tag, TARGET_SCF_ACK_KREF))
		tmf_answer(lcmd, ISP_TPORT_TMF_FAILED);
}

/* The data of a WRITE is there, or never will be. */
static void cmd_data_in_place(struct isp_lio_cmd *lcmd)
{
	struct se_cmd *se_cmd = &lcmd->se_cmd;

	if (!lcmd->err) {
		target_execute_cmd(se_cmd);
		return;
	}
	/*
	 * Nothing was executed, so nothing is to be completed: that of COMPARE
	 * AND WRITE would compare what has not come, and let go of a semaphore
	 * that it does not hold.
	 */
	se_cmd->transport_complete_callback = NULL;
	transport_generic_request_failure(se_cmd,
					  TCM_CHECK_CONDITION_ABORT_CMD);
}

/**
 * isp_lio_cmd_step() - do what a command waited in its lane for
 * @turn: its place there; may be gone, or in the lane again, on return
 *
 * Context: process, may sleep.
 */
void isp_lio_cmd_step(struct isp_lio_turn *turn)
{
	struct isp_lio_cmd *lcmd = container_of(turn, struct isp_lio_cmd, turn);

	switch (lcmd->step) {
	case ISP_LIO_NEW:
		cmd_submit(lcmd);
		break;
	case ISP_LIO_TMF:
		tmf_submit(lcmd);
		break;
	case ISP_LIO_DATA:
		cmd_data_in_place(lcmd);
		break;
	case ISP_LIO_DONE:
		transport_generic_free_cmd(&lcmd->se_cmd, 0);
		break;
	}
}

/*
 * A command that comes behind a LOGICAL UNIT RESET of its own initiator was on
 * its way for longer and has been given up. The core might see it before the
 * reset has looked round, and would wait for data that nobody sends.
 */
static void cmd_arrive(struct isp_tport_cmd *cmd, enum isp_lio_step step)
{
	struct isp_lio_sess *sess = cmd->sess->engine_sess;
	struct isp_lio_cmd *lcmd = cmd->engine_cmd;
	/* Any bits that differ between LUNs will do. */
	u32 hash = get_unaligned_be16(cmd->lun);

	lcmd->cmd = cmd;
	isp_lio_turn_init(&lcmd->turn,
			  &sess->port->lanes[hash % ISP_LIO_NR_LANES]);
	lcmd->bare = false;
	lcmd->moved = false;
	atomic_inc(&sess->nr_cmds);
	if (step == ISP_LIO_NEW && is_resetting(sess, cmd->lun)) {
		cmd_refuse(lcmd, SAM_STAT_BUSY, 0, 0);
		return;
	}
	if (cmd->tmf == ISP_TPORT_TMF_LUN_RESET)
		reset_begins(sess, lcmd);
	cmd_add(lcmd, step);
}

/**
 * isp_lio_cmd_new() - a command has arrived
 * @cmd: isp_mod's part
 *
 * Context: any.
 */
void isp_lio_cmd_new(struct isp_tport_cmd *cmd)
{
	cmd_arrive(cmd, ISP_LIO_NEW);
}

/**
 * isp_lio_tmf_new() - a task management function has arrived
 * @cmd: isp_mod's part
 *
 * Context: any.
 */
void isp_lio_tmf_new(struct isp_tport_cmd *cmd)
{
	cmd_arrive(cmd, ISP_LIO_TMF);
}

/**
 * isp_lio_cmd_data() - the data of a WRITE is there, or never will be
 * @cmd: isp_mod's part
 * @err: as in isp_tport_engine_ops.cmd_data
 *
 * Context: any.
 */
void isp_lio_cmd_data(struct isp_tport_cmd *cmd, int err)
{
	struct isp_lio_cmd *lcmd = cmd->engine_cmd;

	lcmd->err = err;
	lcmd->moved = !err;
	cmd_add(lcmd, ISP_LIO_DATA);
}

/**
 * isp_lio_cmd_done() - a status or a function's answer has left
 * @cmd: isp_mod's part
 * @err: whether it really did; the core does not want to know
 *
 * Context: any.
 */
void isp_lio_cmd_done(struct isp_tport_cmd *cmd, int err)
{
	struct isp_lio_cmd *lcmd = cmd->engine_cmd;

	if (lcmd->bare)
		cmd_give_back(lcmd);
	else
		cmd_add(lcmd, ISP_LIO_DONE);
}

/**
 * isp_lio_cmd_write_pending() - core: fetch the data of a WRITE
 * @se_cmd: the core's part
 *
 * Context: process.
 * Return: 0; a failure is told to the core later, as if the transfer failed.
 */
int isp_lio_cmd_write_pending(struct se_cmd *se_cmd)
{
	struct isp_lio_cmd *lcmd = to_lio_cmd(se_cmd);
	struct isp_tport_cmd *cmd = lcmd->cmd;
	int err;

	cmd->sg = se_cmd->t_data_sg;
	cmd->nr_sg = se_cmd->t_data_nents;
	cmd->xfer_len = min(se_cmd->data_length, cmd->data_len);
	err = cmd_ops(lcmd)->recv_data(cmd);
	if (err) {
		lcmd->err = err;
		cmd_add(lcmd, ISP_LIO_DATA);
	}
	return 0;
}

static void cmd_set_resid(struct isp_tport_cmd *cmd, struct se_cmd *se_cmd)
{
	/* Both: more was asked for than fits, and less is there than fits. */
	if (se_cmd->se_cmd_flags & SCF_UNDERFLOW_BIT)
		cmd->resid_kind = ISP_TPORT_RESID_UNDER;
	else if (se_cmd->se_cmd_flags & SCF_OVERFLOW_BIT)
		cmd->resid_kind = ISP_TPORT_RESID_OVER;
	else
		cmd->resid_kind = ISP_TPORT_RESID_NONE;
	cmd->resid = cmd->resid_kind == ISP_TPORT_RESID_NONE ?
			     0 :
			     se_cmd->residual_count;
}

static u16 sense_length(const u8 *sense)
{
	return min(8 + sense[7], TRANSPORT_SENSE_BUFFER);
}

/* Sense may come with data too: that of a tape at a filemark. */
static void cmd_set_status(struct isp_lio_cmd *lcmd)
{
	struct isp_tport_cmd *cmd = lcmd->cmd;
	struct se_cmd *se_cmd = &lcmd->se_cmd;

	cmd->status = se_cmd->scsi_status;
	cmd->sense = NULL;
	cmd->sense_len = 0;
	if (se_cmd->se_cmd_flags &
	    (SCF_TRANSPORT_TASK_SENSE | SCF_EMULATED_TASK_SENSE)) {
		cmd->sense = lcmd->sense;
		cmd->sense_len = sense_length(lcmd->sense);
	}
}

/* Start the answer; whatever happens to it, cmd_done() follows. */
static void cmd_send(struct isp_lio_cmd *lcmd)
{
	if (cmd_ops(lcmd)->send(lcmd->cmd))
		cmd_add(lcmd, ISP_LIO_DONE);
}

/**
 * isp_lio_cmd_data_in() - core: send the data of a READ and its status
 * @se_cmd: the core's part
 *
 * Context: process or softirq.
 * Return: 0.
 */
int isp_lio_cmd_data_in(struct se_cmd *se_cmd)
{
	struct isp_lio_cmd *lcmd = to_lio_cmd(se_cmd);
	struct isp_tport_cmd *cmd = lcmd->cmd;

	cmd->sg = se_cmd->t_data_sg;
	cmd->nr_sg = se_cmd->t_data_nents;
	cmd->xfer_len = min(se_cmd->data_length, cmd->data_len);
	cmd_set_status(lcmd);
	cmd_set_resid(cmd, se_cmd);
	cmd_send(lcmd);
	return 0;
}

/**
 * isp_lio_cmd_status() - core: send a status without data
 * @se_cmd: the core's part
 *
 * Context: process or softirq.
 * Return: 0.
 */
int isp_lio_cmd_status(struct se_cmd *se_cmd)
{
	struct isp_lio_cmd *lcmd = to_lio_cmd(se_cmd);
	struct isp_tport_cmd *cmd = lcmd->cmd;

	cmd->xfer_len = 0;
	cmd_set_status(lcmd);
	cmd_set_resid(cmd, se_cmd);
	if (cmd->data_len && !lcmd->moved) {
		/* Nothing of the data that was announced has moved or will. */
		cmd->resid_kind = ISP_TPORT_RESID_UNDER;
		cmd->resid = cmd->data_len;
	}
	cmd_send(lcmd);
	return 0;
}

/**
 * isp_lio_cmd_tmf_rsp() - core: a function has ended
 * @se_cmd: the core's part
 *
 * Context: process.
 */
void isp_lio_cmd_tmf_rsp(struct se_cmd *se_cmd)
{
	struct isp_lio_cmd *lcmd = to_lio_cmd(se_cmd);
	enum isp_tport_tmf_rsp rsp;

	switch (se_cmd->se_tmr_req->response) {
	case TMR_FUNCTION_COMPLETE:
		rsp = ISP_TPORT_TMF_COMPLETE;
		break;
	case TMR_TASK_DOES_NOT_EXIST:
		rsp = ISP_TPORT_TMF_NO_TASK;
		break;
	case TMR_LUN_DOES_NOT_EXIST:
		rsp = ISP_TPORT_TMF_BAD_LUN;
		break;
	case TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED:
	case TMR_FUNCTION_REJECTED:
		rsp = ISP_TPORT_TMF_REJECTED;
		break;
	default:
		rsp = ISP_TPORT_TMF_FAILED;
		break;
	}
	if (cmd_ops(lcmd)->tmf_send(lcmd->cmd, rsp))
		cmd_add(lcmd, ISP_LIO_DONE);
}

/**
 * isp_lio_cmd_aborted() - core: a command ends without a status
 * @se_cmd: the core's part
 *
 * Nothing to do: isp_mod terminates the exchange when the command is released.
 */
void isp_lio_cmd_aborted(struct se_cmd *se_cmd)
{
}

/**
 * isp_lio_cmd_stop_free() - core: it is through with a command
 * @se_cmd: the core's part
 *
 * Context: any.
 * Return: 1 if that was the last reference, else 0.
 */
int isp_lio_cmd_stop_free(struct se_cmd *se_cmd)
{
	return target_put_sess_cmd(se_cmd);
}

/**
 * isp_lio_cmd_release() - core: the last reference has gone
 * @se_cmd: the core's part
 *
 * Context: any.
 */
void isp_lio_cmd_release(struct se_cmd *se_cmd)
{
	cmd_give_back(to_lio_cmd(se_cmd));
}
