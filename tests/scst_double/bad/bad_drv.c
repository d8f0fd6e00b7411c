// SPDX-License-Identifier: GPL-2.0
/* The driver and the initiator of the self-test. */
#include "bad.h"

#include <linux/slab.h>

#define TGT_NAME "21:00:00:00:00:00:00:01"

struct scst_tgt *bad_tgt;
enum bad_tid bad_tid;
bool bad_lies;

static bool enabled;
static atomic64_t next_tag = ATOMIC64_INIT(1);

static struct bad_cmd *priv(struct scst_cmd *cmd)
{
	return scst_cmd_get_tgt_priv(cmd);
}

/* The contexts of the calls back take turns. */
static enum scst_exec_context any_context(void)
{
	static atomic_t turn;

	return atomic_inc_return(&turn) & 1 ? SCST_CONTEXT_TASKLET :
					      SCST_CONTEXT_THREAD;
}

static void take_answer(struct bad_cmd *bad)
{
	struct scst_cmd *cmd = bad->cmd;
	const u8 *sense;

	if (bad->trick != BAD_NO_LEN)
		bad->got = scst_cmd_get_adjusted_resp_data_len(cmd);
	if (bad->got > 0)
		sg_copy_to_buffer(scst_cmd_get_sg(cmd),
				  scst_cmd_get_sg_cnt(cmd), bad->data,
				  min(bad->got, BAD_DATA_MAX));
	if (!scst_cmd_get_is_send_status(cmd))
		return;
	bad->status = scst_cmd_get_status(cmd);
	if (bad->trick != BAD_NO_SENSE) {
		sense = scst_cmd_get_sense_buffer(cmd);
		if (scst_sense_valid(sense))
			memcpy(bad->sense, sense, sizeof(bad->sense));
	}
	if (bad->trick != BAD_NO_RESID)
		scst_get_resid(cmd, &bad->resid, NULL);
	bad->answered = true;
}

static void late_done(struct work_struct *work)
{
	struct bad_cmd *bad = container_of(work, struct bad_cmd, work);

	scst_tgt_cmd_done(bad->cmd, SCST_CONTEXT_SAME);
}

static bool refuse(struct bad_cmd *bad, int *rc)
{
	if (bad->trick == BAD_FULL_ONCE)
		*rc = SCST_TGT_RES_QUEUE_FULL;
	else if (bad->trick == BAD_THREAD_ONCE && scst_cmd_atomic(bad->cmd))
		*rc = SCST_TGT_RES_NEED_THREAD_CTX;
	else if (bad->trick == BAD_THREAD_AGAIN && !scst_cmd_atomic(bad->cmd))
		*rc = SCST_TGT_RES_NEED_THREAD_CTX;
	else
		return false;
	return atomic_inc_return(&bad->tried) == 1;
}

static int bad_xmit_response(struct scst_cmd *cmd)
{
	struct bad_cmd *bad = priv(cmd);
	int rc;

	if (refuse(bad, &rc))
		return rc;
	if (bad->trick == BAD_XMIT_FATAL)
		return SCST_TGT_RES_FATAL_ERROR;
	if (bad->trick == BAD_STRANGE_RC)
		return 5;
	if (bad->trick != BAD_NO_ABORT_CHECK && scst_cmd_aborted_on_xmit(cmd)) {
		bad->aborted = true;
		if (bad->trick == BAD_ANSWER_ABORTED)
			take_answer(bad);
		else
			scst_set_delivery_status(cmd,
						 SCST_CMD_DELIVERY_ABORTED);
		scst_tgt_cmd_done(cmd, SCST_CONTEXT_SAME);
		return SCST_TGT_RES_SUCCESS;
	}
	take_answer(bad);
	if (bad->trick == BAD_SAME_LATE) {
		INIT_WORK(&bad->work, late_done);
		schedule_work(&bad->work);
		return SCST_TGT_RES_SUCCESS;
	}
	scst_tgt_cmd_done(cmd, any_context());
	if (bad->trick == BAD_DONE_TWICE)
		scst_tgt_cmd_done(cmd, SCST_CONTEXT_THREAD);
	return bad->trick == BAD_DONE_AND_FULL ? SCST_TGT_RES_QUEUE_FULL :
						 SCST_TGT_RES_SUCCESS;
}

static void give_data(struct bad_cmd *bad)
{
	struct scatterlist *sg;
	int nr;

	if (bad->trick == BAD_NO_WRITE_FIELDS)
		return;
	bad->wanted = scst_cmd_get_write_fields(bad->cmd, &sg, &nr);
	if (bad->wanted)
		sg_copy_from_buffer(sg, nr, bad->data,
				    min(bad->wanted, BAD_DATA_MAX));
	if (bad->trick == BAD_RX_PART)
		scst_cmd_set_write_not_received_data_len(bad->cmd,
							 bad->wanted / 2);
}

static int rx_status(struct bad_cmd *bad)
{
	switch (bad->trick) {
	case BAD_RX_ERROR:
		return SCST_RX_STATUS_ERROR;
	case BAD_RX_FATAL:
		return SCST_RX_STATUS_ERROR_FATAL;
	case BAD_RX_SENSE:
		scst_set_cmd_error(bad->cmd,
				   SCST_LOAD_SENSE(scst_sense_write_error));
		return SCST_RX_STATUS_ERROR_SENSE_SET;
	case BAD_SENSE_SET:
		return SCST_RX_STATUS_ERROR_SENSE_SET;
	default:
		return SCST_RX_STATUS_SUCCESS;
	}
}

static int bad_rdy_to_xfer(struct scst_cmd *cmd)
{
	struct bad_cmd *bad = priv(cmd);
	int rc;

	if (refuse(bad, &rc))
		return rc;
	if (bad->trick == BAD_RDY_FATAL)
		return SCST_TGT_RES_FATAL_ERROR;
	give_data(bad);
	if (bad->trick == BAD_HOLD_DATA || bad->trick == BAD_ANSWER_ABORTED) {
		complete(&bad->held);
		return SCST_TGT_RES_SUCCESS;
	}
	if (bad->trick == BAD_DONE_FOR_DATA)
		scst_tgt_cmd_done(cmd, SCST_CONTEXT_THREAD);
	scst_rx_data(cmd, rx_status(bad), any_context());
	if (bad->trick == BAD_DATA_TWICE)
		scst_rx_data(cmd, SCST_RX_STATUS_SUCCESS, SCST_CONTEXT_THREAD);
	return SCST_TGT_RES_SUCCESS;
}

static void bad_on_free_cmd(struct scst_cmd *cmd)
{
	complete(&priv(cmd)->freed);
}

static void bad_on_abort_cmd(struct scst_cmd *cmd)
{
	atomic_inc(&priv(cmd)->nr_aborts);
}

struct tmf {
	struct completion done;
	int status;
};

static void bad_task_mgmt_fn_done(struct scst_mgmt_cmd *mcmd)
{
	struct tmf *tmf = scst_mgmt_cmd_get_tgt_priv(mcmd);

	tmf->status = scst_mgmt_cmd_get_status(mcmd);
	complete(&tmf->done);
}

static int bad_release(struct scst_tgt *tgt)
{
	return 0;
}

static int bad_transport_id(struct scst_tgt *tgt, struct scst_session *sess,
			    uint8_t **id)
{
	u8 *buf;
	int i;

	if (!sess)
		return 0;
	if (bad_tid == BAD_TID_ERROR)
		return -EIO;
	buf = kzalloc(24, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	for (i = 0; i < 8 && strlen(sess->initiator_name) == 23; i++)
		if (kstrtou8((char[]){ sess->initiator_name[3 * i],
				       sess->initiator_name[3 * i + 1], 0 },
			     16, &buf[8 + i]))
			break;
	if (bad_tid == BAD_TID_NAME)
		buf[15] ^= 1;
	*id = buf;
	return 0;
}

static int bad_enable_target(struct scst_tgt *tgt, bool enable)
{
	if (!bad_lies)
		enabled = enable;
	return 0;
}

static bool bad_is_target_enabled(struct scst_tgt *tgt)
{
	return enabled;
}

static ssize_t run_store(struct kobject *kobj, struct kobj_attribute *attr,
			 const char *buf, size_t len)
{
	struct scst_session *sess = bad_login("21:00:00:00:00:00:00:0a");

	if (!sess)
		return -ENOMEM;
	bad_scsi_run(sess);
	bad_flow_run(sess);
	bad_ok(scst_double_nr_broken(0) == 0, "no rule was broken so far");
	bad_rules_run(sess);
	bad_logout(sess);
	bad_report_end();
	return len;
}

static ssize_t lie_store(struct kobject *kobj, struct kobj_attribute *attr,
			 const char *buf, size_t len)
{
	bad_lies = true;
	return len;
}

static struct kobj_attribute run_attr = __ATTR_WO(run);
static struct kobj_attribute lie_attr = __ATTR_WO(lie);

static const struct attribute *bad_attrs[] = {
	&run_attr.attr,
	&lie_attr.attr,
	NULL,
};

static struct scst_tgt_template bad_template = {
	.name = "scst_double_bad",
	.sg_tablesize = 256,
	.use_clustering = 1,
	.xmit_response_atomic = 1,
	.rdy_to_xfer_atomic = 1,
	.release = bad_release,
	.xmit_response = bad_xmit_response,
	.rdy_to_xfer = bad_rdy_to_xfer,
	.on_free_cmd = bad_on_free_cmd,
	.on_abort_cmd = bad_on_abort_cmd,
	.task_mgmt_fn_done = bad_task_mgmt_fn_done,
	.get_initiator_port_transport_id = bad_transport_id,
	.enable_target = bad_enable_target,
	.is_target_enabled = bad_is_target_enabled,
	.tgt_attrs = bad_attrs,
};

/**
 * bad_init_template() - Fill a template of another name with our callbacks.
 * @vtt: zeroed but for its name
 *
 * Context: any.
 */
void bad_init_template(struct scst_tgt_template *vtt)
{
	vtt->sg_tablesize = 1;
	vtt->release = bad_release;
	vtt->xmit_response = bad_xmit_response;
	vtt->get_initiator_port_transport_id = bad_transport_id;
}

/**
 * bad_login() - Register a session.
 * @name: initiator
 *
 * Context: process.
 * Return: the session, or NULL.
 */
struct scst_session *bad_login(const char *name)
{
	return scst_register_session(bad_tgt, 0, name, NULL, NULL, NULL);
}

/**
 * bad_logout() - End a session and wait for it.
 * @sess: session
 *
 * Context: process.
 */
void bad_logout(struct scst_session *sess)
{
	scst_unregister_session(sess, 1, NULL);
}

/**
 * bad_cmd_new() - Make a command for LUN 0.
 * @opcode: first byte of the CDB
 * @dir:    direction that is expected
 * @len:    bytes that are expected
 *
 * Context: process.
 * Return: the command, or NULL.
 */
struct bad_cmd *bad_cmd_new(u8 opcode, scst_data_direction dir, int len)
{
	struct bad_cmd *bad = kzalloc(sizeof(*bad), GFP_KERNEL);

	if (!bad)
		return NULL;
	bad->data = kzalloc(BAD_DATA_MAX, GFP_KERNEL);
	if (!bad->data) {
		kfree(bad);
		return NULL;
	}
	bad->cdb[0] = opcode;
	bad->cdb_len = 16;
	bad->dir = dir;
	bad->len = len;
	bad->queue = SCST_CMD_QUEUE_SIMPLE;
	bad->ctx = SCST_CONTEXT_TASKLET;
	bad->wanted = -1;
	init_completion(&bad->held);
	init_completion(&bad->freed);
	return bad;
}

/**
 * bad_cmd_free() - Free a command that has ended.
 * @bad: command, or NULL
 *
 * Context: process.
 */
void bad_cmd_free(struct bad_cmd *bad)
{
	if (!bad)
		return;
	kfree(bad->data);
	kfree(bad);
}

/**
 * bad_cmd_start() - Send a command.
 * @sess: session
 * @bad:  command
 *
 * Context: as the command's context says.
 * Return: 0; -ENOMEM.
 */
int bad_cmd_start(struct scst_session *sess, struct bad_cmd *bad)
{
	struct scst_cmd *cmd = scst_rx_cmd(sess, bad->lun, sizeof(bad->lun),
					   bad->cdb, bad->cdb_len, true);

	if (!cmd)
		return -ENOMEM;
	bad->cmd = cmd;
	bad->tag = bad->same_tag ?: atomic64_inc_return(&next_tag);
	scst_cmd_set_tag(cmd, bad->tag);
	scst_cmd_set_tgt_priv(cmd, bad);
	scst_cmd_set_queue_type(cmd, bad->queue);
	if (!bad->no_expected)
		scst_cmd_set_expected(cmd, bad->dir, bad->len);
	scst_cmd_init_done(cmd, bad->ctx);
	return 0;
}

/**
 * bad_cmd_wait() - Wait for the end of a command.
 * @bad: command
 *
 * Context: process.
 * Return: 0; -ETIMEDOUT.
 */
int bad_cmd_wait(struct bad_cmd *bad)
{
	if (wait_for_completion_timeout(&bad->freed,
					msecs_to_jiffies(BAD_WAIT_MS)))
		return 0;
	return -ETIMEDOUT;
}

/**
 * bad_cmd_run() - Send a command and wait for its end.
 * @sess: session
 * @bad:  command
 *
 * Context: process.
 * Return: 0; -ENOMEM; -ETIMEDOUT.
 */
int bad_cmd_run(struct scst_session *sess, struct bad_cmd *bad)
{
	int err = bad_cmd_start(sess, bad);

	return err ?: bad_cmd_wait(bad);
}

/**
 * bad_cmd_resume() - Let the data of a command arrive that were held.
 * @bad: command with BAD_HOLD_DATA, bad_cmd.held is completed
 *
 * Context: process.
 */
void bad_cmd_resume(struct bad_cmd *bad)
{
	scst_rx_data(bad->cmd, SCST_RX_STATUS_SUCCESS, any_context());
}

/**
 * bad_tmf() - Send a task management function and wait for the answer.
 * @sess: session
 * @fn:   SCST_ABORT_TASK and so on
 * @tag:  for SCST_ABORT_TASK
 * @lun:  for the others
 *
 * Context: process.
 * Return: SCST_MGMT_STATUS_*; 1: the call was refused; 2: no answer.
 */
int bad_tmf(struct scst_session *sess, int fn, u64 tag, u8 lun)
{
	u8 bytes[8] = { 0, lun };
	struct scst_rx_mgmt_params params = { .fn = fn, .atomic = 1 };
	struct tmf tmf = { .status = 0 };

	init_completion(&tmf.done);
	params.tgt_priv = &tmf;
	if (fn == SCST_ABORT_TASK) {
		params.tag = tag;
		params.tag_set = 1;
	} else {
		params.lun = bytes;
		params.lun_len = sizeof(bytes);
		params.lun_set = 1;
	}
	if (scst_rx_mgmt_fn(sess, &params))
		return 1;
	if (!wait_for_completion_timeout(&tmf.done,
					 msecs_to_jiffies(BAD_WAIT_MS)))
		return 2;
	return tmf.status;
}

/**
 * bad_drv_init() - Register the driver and its one port.
 *
 * Context: process.
 * Return: 0; what the double says.
 */
int bad_drv_init(void)
{
	int err = scst_register_target_template(&bad_template);

	if (err)
		return err;
	bad_tgt = scst_register_target(&bad_template, TGT_NAME);
	if (bad_tgt)
		return 0;
	scst_unregister_target_template(&bad_template);
	return -ENOMEM;
}

/**
 * bad_drv_exit() - Undo it.
 *
 * Context: process.
 */
void bad_drv_exit(void)
{
	scst_unregister_target(bad_tgt);
	scst_unregister_target_template(&bad_template);
}
