// SPDX-License-Identifier: GPL-2.0
/* The driver's callbacks for data and answers, and its calls back. */
#include "dbl.h"

#include <linux/interrupt.h>
#include <linux/slab.h>

/* Refused commands that the driver is called for again in one go. */
#define RETRY_BATCH 20

static atomic64_t nr_calls[DBL_NR_WHATS][DBL_NR_HOWS];

/**
 * dbl_xfer_nr() - How often has a callback run in a context?
 * @what: enum dbl_what
 * @how:  enum dbl_how
 *
 * Context: any.
 * Return: the count.
 */
u64 dbl_xfer_nr(unsigned int what, unsigned int how)
{
	return atomic64_read(&nr_calls[what][how]);
}

static void count(struct dbl_cmd *cmd, enum dbl_what what)
{
	atomic64_inc(&nr_calls[what][cmd->how]);
}

/* What atomic means to a driver, also in a thread. */
static void atomic_begin(bool atomic)
{
	if (atomic && !IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
}

static void atomic_end(bool atomic)
{
	if (atomic && !IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

static int call_driver(struct dbl_cmd *cmd, const char *name,
		       int (*fn)(struct scst_cmd *cmd), bool atomic)
{
	bool irqs = irqs_disabled();
	int depth, rc;

	cmd->pub.atomic = atomic;
	cmd->cb_atomic = atomic;
	WRITE_ONCE(cmd->cb_task, current);
	atomic_begin(atomic);
	depth = preempt_count();
	rc = fn(&cmd->pub);
	if (depth != preempt_count() || irqs != irqs_disabled())
		dbl_break(DBL_RULE_CALLBACK,
			  "%s() left preempt_count %#x as %#x", name, depth,
			  preempt_count());
	atomic_end(atomic);
	cmpxchg(&cmd->cb_task, current, NULL);
	if (rc > SCST_TGT_RES_SUCCESS || rc < SCST_TGT_RES_FATAL_ERROR) {
		dbl_break(DBL_RULE_CALLBACK, "%s() returned %d", name, rc);
		rc = SCST_TGT_RES_FATAL_ERROR;
	}
	if (rc == SCST_TGT_RES_NEED_THREAD_CTX && !atomic)
		dbl_break(DBL_RULE_CALLBACK,
			  "%s() asks in a thread for a thread", name);
	return rc;
}

static void retry_later(struct dbl_cmd *cmd)
{
	scoped_guard(spinlock_irqsave, &dbl_lock)
		list_add_tail(&cmd->queue, &cmd->tgt->retry);
	schedule_delayed_work(&cmd->tgt->retry_work, 1);
}

/**
 * dbl_xfer_retry() - Call the driver again for what it has refused.
 * @work: dbl_tgt.retry_work
 *
 * Context: process.
 */
void dbl_xfer_retry(struct work_struct *work)
{
	struct dbl_tgt *tgt =
		container_of(work, struct dbl_tgt, retry_work.work);
	struct dbl_cmd *cmd;
	unsigned long flags;
	int i;

	for (i = 0; i < RETRY_BATCH; i++) {
		spin_lock_irqsave(&dbl_lock, flags);
		cmd = list_first_entry_or_null(&tgt->retry, struct dbl_cmd,
					       queue);
		if (cmd)
			list_del_init(&cmd->queue);
		spin_unlock_irqrestore(&dbl_lock, flags);
		if (!cmd)
			return;
		dbl_ctx_thread(cmd);
	}
	schedule_delayed_work(&tgt->retry_work, 1);
}

/* The driver did not take the command: state is where it tries again. */
static bool take_back(struct dbl_cmd *cmd, enum dbl_cmd_state given,
		      enum dbl_cmd_state state, const char *name, int rc)
{
	unsigned long flags;
	bool ours;

	spin_lock_irqsave(&dbl_lock, flags);
	ours = cmd->state == given;
	if (ours)
		cmd->state = state;
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (!ours)
		dbl_break(DBL_RULE_CMD_STATE,
			  "%s(%#llx) returned %d, yet the command went on",
			  name, cmd->pub.tag, rc);
	return ours;
}

static void try_again(struct dbl_cmd *cmd, enum dbl_cmd_state given,
		      enum dbl_cmd_state state, const char *name, int rc)
{
	if (!take_back(cmd, given, state, name, rc))
		return;
	if (rc == SCST_TGT_RES_QUEUE_FULL)
		retry_later(cmd);
	else
		dbl_ctx_thread(cmd);
}

/**
 * dbl_xfer_rdy() - Have the driver fetch the data of a WRITE.
 * @cmd:    command in state RDY
 * @atomic: nothing may sleep
 *
 * Context: as @atomic says.
 * Return: true: go on with the command; false: it has been given up.
 */
bool dbl_xfer_rdy(struct dbl_cmd *cmd, bool atomic)
{
	struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	bool go_on = false;
	int rc;

	if (atomic && !vtt->rdy_to_xfer_atomic) {
		dbl_ctx_thread(cmd);
		return false;
	}
	count(cmd, DBL_WHAT_RDY);
	refcount_inc(&cmd->mem);
	cmd->asked = 0;
	cmd->held_at = jiffies;
	cmd->held_told = false;
	dbl_cmd_set_state(cmd, DBL_CMD_DATA);
	rc = call_driver(cmd, "rdy_to_xfer", vtt->rdy_to_xfer, atomic);
	if (rc == SCST_TGT_RES_FATAL_ERROR) {
		go_on = take_back(cmd, DBL_CMD_DATA, DBL_CMD_XMIT,
				  "rdy_to_xfer", rc);
		if (go_on)
			dbl_sense_set(cmd, MEDIUM_ERROR, 0x03, 0x00);
	} else if (rc != SCST_TGT_RES_SUCCESS) {
		try_again(cmd, DBL_CMD_DATA, DBL_CMD_RDY, "rdy_to_xfer", rc);
	}
	dbl_cmd_mem_put(cmd);
	return go_on;
}

static void check_received(struct dbl_cmd *cmd, int status)
{
	if (status == SCST_RX_STATUS_SUCCESS && cmd->pub.write_len &&
	    !test_bit(SCST_DOUBLE_ASKED_WRITE, &cmd->asked))
		dbl_break(DBL_RULE_ANSWER,
			  "data of %#llx received, buffer never asked for",
			  cmd->pub.tag);
	if (status == SCST_RX_STATUS_ERROR_SENSE_SET && !cmd->pub.status)
		dbl_break(DBL_RULE_ANSWER,
			  "scst_rx_data(%#llx, SENSE_SET) without an error",
			  cmd->pub.tag);
	if (status < SCST_RX_STATUS_SUCCESS ||
	    status > SCST_RX_STATUS_ERROR_FATAL)
		dbl_break(DBL_RULE_ANSWER, "scst_rx_data() with status %d",
			  status);
}

/**
 * scst_rx_data() - The data of a WRITE has arrived, or not.
 * @pub:          command; no longer the driver's
 * @status:       SCST_RX_STATUS_*
 * @pref_context: where it may go on
 *
 * Context: as @pref_context says.
 */
void scst_rx_data(struct scst_cmd *pub, int status,
		  enum scst_exec_context pref_context)
{
	struct dbl_cmd *cmd = dbl_cmd_of(pub);
	enum dbl_cmd_state state;

	if (!dbl_cmd_is_valid(pub, __func__))
		return;
	pref_context = dbl_ctx_check(cmd, __func__, pref_context);
	scoped_guard(spinlock_irqsave, &dbl_lock)
	{
		state = cmd->state;
		if (state == DBL_CMD_DATA)
			cmd->state = DBL_CMD_EXEC;
	}
	if (state != DBL_CMD_DATA) {
		dbl_break(DBL_RULE_CMD_STATE, "scst_rx_data(%#llx) in state %s",
			  pub->tag, dbl_cmd_state_name(state));
		return;
	}
	check_received(cmd, status);
	if (status == SCST_RX_STATUS_SUCCESS) {
		pub->write_len -= min(cmd->not_received, pub->write_len);
	} else if (status == SCST_RX_STATUS_ERROR_FATAL) {
		dbl_cmd_set_state(cmd, DBL_CMD_DONE);
	} else {
		if (status != SCST_RX_STATUS_ERROR_SENSE_SET || !pub->status)
			dbl_sense_set(cmd, HARDWARE_ERROR, 0x44, 0x00);
		dbl_cmd_set_state(cmd, DBL_CMD_XMIT);
	}
	dbl_ctx_go(cmd, pref_context);
}
EXPORT_SYMBOL_GPL(scst_rx_data);

/* Fit the answer to what the initiator expects. */
static void prepare(struct dbl_cmd *cmd)
{
	struct scst_cmd *pub = &cmd->pub;
	int resid = 0;

	if (pub->data_dir != SCST_DATA_READ)
		pub->resp_data_len = 0;
	pub->adjusted_resp_data_len = pub->resp_data_len;
	if (pub->expected_set)
		pub->adjusted_resp_data_len = min(
			pub->resp_data_len, pub->expected_dir & SCST_DATA_READ ?
						    pub->expected_len :
						    0);
	if (pub->data_dir == SCST_DATA_READ)
		dbl_buf_cut(cmd, pub->adjusted_resp_data_len);
	pub->resid_possible = true;
	__scst_get_resid(pub, &resid, NULL);
	pub->resid_possible = resid || !dbl_roll(4);
}

/**
 * dbl_xfer_xmit() - Have the driver send the answer.
 * @cmd:    command in state XMIT
 * @atomic: nothing may sleep
 *
 * Context: as @atomic says.
 */
void dbl_xfer_xmit(struct dbl_cmd *cmd, bool atomic)
{
	struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	int rc;

	if (atomic && !vtt->xmit_response_atomic) {
		dbl_ctx_thread(cmd);
		return;
	}
	count(cmd, DBL_WHAT_XMIT);
	refcount_inc(&cmd->mem);
	prepare(cmd);
	cmd->asked = 0;
	cmd->held_at = jiffies;
	cmd->held_told = false;
	cmd->pub.delivery_status = SCST_CMD_DELIVERY_SUCCESS;
	scoped_guard(spinlock_irqsave, &dbl_lock)
	{
		cmd->xmit_aborted = cmd->pub.aborted && !cmd->pub.aborted_other;
		cmd->state = DBL_CMD_SEND;
	}
	rc = call_driver(cmd, "xmit_response", vtt->xmit_response, atomic);
	if (rc == SCST_TGT_RES_FATAL_ERROR) {
		if (take_back(cmd, DBL_CMD_SEND, DBL_CMD_DONE, "xmit_response",
			      rc))
			dbl_cmd_run(cmd, atomic);
	} else if (rc != SCST_TGT_RES_SUCCESS) {
		try_again(cmd, DBL_CMD_SEND, DBL_CMD_XMIT, "xmit_response", rc);
	}
	dbl_cmd_mem_put(cmd);
}

static const char *missing_part(const struct dbl_cmd *cmd)
{
	const struct scst_cmd *pub = &cmd->pub;
	unsigned long asked = cmd->asked;

	if (!(asked & BIT(SCST_DOUBLE_ASKED_LEN)))
		return "length";
	if (pub->adjusted_resp_data_len && !(asked & BIT(SCST_DOUBLE_ASKED_SG)))
		return "buffer";
	if (!(asked & BIT(SCST_DOUBLE_ASKED_SEND_STATUS)))
		return "whether there is a status to send";
	if (!(asked & BIT(SCST_DOUBLE_ASKED_STATUS)))
		return "status";
	if (pub->status == SAM_STAT_CHECK_CONDITION &&
	    !(asked & BIT(SCST_DOUBLE_ASKED_SENSE)))
		return "sense data";
	if (pub->expected_set && pub->resid_possible &&
	    !(asked & BIT(SCST_DOUBLE_ASKED_RESID)))
		return "residual";
	return NULL;
}

static void check_answer(struct dbl_cmd *cmd)
{
	const struct scst_cmd *pub = &cmd->pub;
	const char *part;

	if (!test_bit(SCST_DOUBLE_ASKED_ABORTED, &cmd->asked))
		dbl_break(DBL_RULE_ABORTED,
			  "%#llx: scst_cmd_aborted_on_xmit() was not called",
			  pub->tag);
	if (cmd->xmit_aborted) {
		if (pub->delivery_status != SCST_CMD_DELIVERY_ABORTED)
			dbl_break(DBL_RULE_ABORTED,
				  "%#llx: aborted, yet delivery status is %d",
				  pub->tag, pub->delivery_status);
		if (test_bit(SCST_DOUBLE_ASKED_STATUS, &cmd->asked))
			dbl_break(
				DBL_RULE_ABORTED,
				"%#llx: aborted, yet its status was asked for",
				pub->tag);
		return;
	}
	if (pub->delivery_status != SCST_CMD_DELIVERY_SUCCESS)
		return;
	part = missing_part(cmd);
	if (part)
		dbl_break(DBL_RULE_ANSWER, "%#llx: sent without asking for: %s",
			  pub->tag, part);
}

/**
 * scst_tgt_cmd_done() - The answer has been sent.
 * @pub:          command; no longer the driver's
 * @pref_context: where it may go on
 *
 * Context: as @pref_context says.
 */
void scst_tgt_cmd_done(struct scst_cmd *pub,
		       enum scst_exec_context pref_context)
{
	struct dbl_cmd *cmd = dbl_cmd_of(pub);
	enum dbl_cmd_state state;
	struct dbl_tgt *tgt;
	bool retry;

	if (!dbl_cmd_is_valid(pub, __func__))
		return;
	tgt = cmd->tgt;
	pref_context = dbl_ctx_check(cmd, __func__, pref_context);
	scoped_guard(spinlock_irqsave, &dbl_lock)
	{
		state = cmd->state;
		if (state == DBL_CMD_SEND)
			cmd->state = DBL_CMD_DONE;
	}
	if (state != DBL_CMD_SEND) {
		dbl_break(DBL_RULE_CMD_STATE,
			  "scst_tgt_cmd_done(%#llx) in state %s", pub->tag,
			  dbl_cmd_state_name(state));
		return;
	}
	check_answer(cmd);
	scoped_guard(spinlock_irqsave, &dbl_lock)
		retry = !list_empty(&tgt->retry);
	if (retry)
		mod_delayed_work(system_wq, &tgt->retry_work, 0);
	dbl_ctx_go(cmd, pref_context);
}
EXPORT_SYMBOL_GPL(scst_tgt_cmd_done);

/**
 * dbl_xfer_on_free() - Tell the driver that a command is gone.
 * @cmd: command whose last reference is gone
 * @vtt: template
 *
 * Context: any.
 */
void dbl_xfer_on_free(struct dbl_cmd *cmd, const struct scst_tgt_template *vtt)
{
	int depth;

	count(cmd, DBL_WHAT_FREE);
	if (!vtt->on_free_cmd)
		return;
	/* Never known to the driver: it had only scst_rx_cmd(). */
	atomic_begin(true);
	depth = preempt_count();
	vtt->on_free_cmd(&cmd->pub);
	if (depth != preempt_count())
		dbl_break(DBL_RULE_CALLBACK,
			  "on_free_cmd() left preempt_count %#x as %#x", depth,
			  preempt_count());
	atomic_end(true);
}

/**
 * __scst_get_resid() - How far did the transfer miss what was expected?
 * @cmd:            command
 * @resid:          positive: less was moved; negative: more was there
 * @bidi_out_resid: 0, or NULL
 *
 * Context: any.
 * Return: true if the values are worth a look; they may still be 0.
 */
bool __scst_get_resid(struct scst_cmd *cmd, int *resid, int *bidi_out_resid)
{
	*resid = 0;
	if (bidi_out_resid)
		*bidi_out_resid = 0;
	if (!cmd->expected_set)
		return false;
	if (cmd->expected_dir & SCST_DATA_READ)
		*resid = cmd->expected_len - cmd->resp_data_len;
	else if (!(cmd->expected_dir & SCST_DATA_WRITE))
		return false;
	else if (cmd->write_len < cmd->expected_len)
		*resid = cmd->expected_len - cmd->write_len;
	else
		*resid = cmd->write_len - cmd->bufflen;
	return true;
}
EXPORT_SYMBOL_GPL(__scst_get_resid);

/**
 * scst_to_tgt_dma_dir() - Direction of a command for the DMA of a target.
 * @scst_dir: SCST_DATA_*
 *
 * Context: any.
 * Return: the kernel's direction.
 */
enum dma_data_direction scst_to_tgt_dma_dir(int scst_dir)
{
	switch (scst_dir) {
	case SCST_DATA_READ:
		return DMA_TO_DEVICE;
	case SCST_DATA_WRITE:
		return DMA_FROM_DEVICE;
	case SCST_DATA_BIDI:
		return DMA_BIDIRECTIONAL;
	default:
		return DMA_NONE;
	}
}
EXPORT_SYMBOL_GPL(scst_to_tgt_dma_dir);

/**
 * scst_cmd_set_write_not_received_data_len() - Some of a WRITE is missing.
 * @pub:          command in rdy_to_xfer() or before scst_rx_data()
 * @not_received: bytes that did not come
 *
 * Context: any.
 */
void scst_cmd_set_write_not_received_data_len(struct scst_cmd *pub,
					      int not_received)
{
	if (not_received < 0 || not_received > pub->write_len)
		dbl_break(DBL_RULE_ANSWER, "%d of %d bytes not received",
			  not_received, pub->write_len);
	else
		dbl_cmd_of(pub)->not_received = not_received;
}
EXPORT_SYMBOL_GPL(scst_cmd_set_write_not_received_data_len);

/**
 * scst_update_hw_pending_start() - The driver has just begun with a command.
 * @pub: command
 *
 * Context: any.
 */
void scst_update_hw_pending_start(struct scst_cmd *pub)
{
	dbl_cmd_of(pub)->held_at = jiffies;
}
EXPORT_SYMBOL_GPL(scst_update_hw_pending_start);

/**
 * scst_aen_done() - An asynchronous event was sent.
 * @aen: the event
 *
 * Context: any. The double sends none.
 */
void scst_aen_done(struct scst_aen *aen)
{
	dbl_break(DBL_RULE_CMD_STATE, "scst_aen_done() without an event");
}
EXPORT_SYMBOL_GPL(scst_aen_done);

/* One command that the driver has had for too long, with references. */
static struct dbl_cmd *find_overdue(struct dbl_sess *sess, int limit_s)
{
	struct dbl_cmd *cmd;

	list_for_each_entry(cmd, &sess->cmds, entry) {
		if (cmd->held_told ||
		    (cmd->state != DBL_CMD_DATA && cmd->state != DBL_CMD_SEND))
			continue;
		if (time_before(jiffies, cmd->held_at + limit_s * HZ) ||
		    !refcount_inc_not_zero(&cmd->ref))
			continue;
		cmd->held_told = true;
		return cmd;
	}
	return NULL;
}

static void check_held_tgt(struct dbl_tgt *tgt)
{
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	struct dbl_cmd *cmd;
	struct dbl_sess *sess;

	if (!vtt->on_hw_pending_cmd_timeout || vtt->max_hw_pending_time <= 0)
		return;
	do {
		cmd = NULL;
		spin_lock_irq(&dbl_lock);
		list_for_each_entry(sess, &tgt->sessions, entry) {
			cmd = find_overdue(sess, vtt->max_hw_pending_time);
			if (cmd)
				break;
		}
		spin_unlock_irq(&dbl_lock);
		if (cmd) {
			vtt->on_hw_pending_cmd_timeout(&cmd->pub);
			dbl_cmd_release(cmd);
		}
	} while (cmd);
}

/**
 * dbl_xfer_check_held() - Tell drivers of commands they keep for too long.
 *
 * Context: process.
 */
void dbl_xfer_check_held(void)
{
	struct dbl_tgtt *tgtt;
	struct dbl_tgt *tgt;

	guard(mutex)(&dbl_mutex);
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry)
			check_held_tgt(tgt);
}
