// SPDX-License-Identifier: GPL-2.0
/*
 * Task management: commands are marked, the driver is told with interrupts
 * off, and the answer is given when it has returned all of them.
 */
#include "dbl.h"

#include <linux/slab.h>

/* A function that waits for the end of a command. */
struct dbl_wait {
	struct list_head entry;
	struct dbl_mcmd *mcmd;
};

/* A command that on_abort_cmd() is to be called for. */
struct abort_entry {
	struct list_head entry;
	struct dbl_cmd *cmd;
};

DEFINE_SPINLOCK(dbl_abort_lock);

static void tmf_work(struct work_struct *work);

/**
 * dbl_tmf_mark_locked() - Mark a command as aborted.
 * @cmd:  command of a session's list
 * @mcmd: function that is to wait for it, or NULL
 * @cmds: list for dbl_tmf_abort()
 *
 * Context: dbl_lock is held.
 */
void dbl_tmf_mark_locked(struct dbl_cmd *cmd, struct dbl_mcmd *mcmd,
			 struct list_head *cmds)
{
	struct abort_entry *entry;
	struct dbl_wait *wait;

	lockdep_assert_held(&dbl_lock);
	cmd->pub.aborted = true;
	wait = mcmd ? kmalloc(sizeof(*wait), GFP_ATOMIC) : NULL;
	if (wait) {
		wait->mcmd = mcmd;
		atomic_inc(&mcmd->nr_wait);
		list_add_tail(&wait->entry, &cmd->waiters);
	}
	entry = kmalloc(sizeof(*entry), GFP_ATOMIC);
	if (entry && !refcount_inc_not_zero(&cmd->ref)) {
		kfree(entry);
		entry = NULL;
	}
	if (entry) {
		entry->cmd = cmd;
		list_add_tail(&entry->entry, cmds);
	}
}

static void tell_driver(struct dbl_cmd *cmd)
{
	struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	unsigned long flags;
	int depth;

	if (!vtt->on_abort_cmd)
		return;
	spin_lock_irqsave(&dbl_abort_lock, flags);
	depth = preempt_count();
	vtt->on_abort_cmd(&cmd->pub);
	if (depth != preempt_count())
		dbl_break(DBL_RULE_CALLBACK,
			  "on_abort_cmd() left preempt_count %#x as %#x", depth,
			  preempt_count());
	if (!irqs_disabled() && !IS_ENABLED(CONFIG_PREEMPT_RT))
		dbl_break(DBL_RULE_CALLBACK,
			  "on_abort_cmd() left interrupts on");
	spin_unlock_irqrestore(&dbl_abort_lock, flags);
}

/**
 * dbl_tmf_abort() - Tell the driver about marked commands.
 * @cmds: list from dbl_tmf_mark_locked()
 *
 * Context: any, without dbl_lock.
 */
void dbl_tmf_abort(struct list_head *cmds)
{
	struct abort_entry *entry, *next;

	list_for_each_entry_safe(entry, next, cmds, entry) {
		tell_driver(entry->cmd);
		dbl_cmd_release(entry->cmd);
		kfree(entry);
	}
}

static void mcmd_dec(struct dbl_mcmd *mcmd)
{
	if (atomic_dec_and_test(&mcmd->nr_wait))
		dbl_ctx_tmf(&mcmd->work);
}

/**
 * dbl_tmf_cmd_gone() - A command has ended: functions may go on.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_tmf_cmd_gone(struct dbl_cmd *cmd)
{
	struct dbl_wait *wait, *next;
	unsigned long flags;
	LIST_HEAD(waiters);

	spin_lock_irqsave(&dbl_lock, flags);
	list_splice_init(&cmd->waiters, &waiters);
	spin_unlock_irqrestore(&dbl_lock, flags);
	list_for_each_entry_safe(wait, next, &waiters, entry) {
		mcmd_dec(wait->mcmd);
		kfree(wait);
	}
}

static bool fn_is_for_lun(int fn)
{
	return fn == SCST_ABORT_TASK_SET || fn == SCST_CLEAR_ACA ||
	       fn == SCST_CLEAR_TASK_SET || fn == SCST_LUN_RESET;
}

/* Does the function hit this command? */
static bool fn_hits(const struct dbl_mcmd *mcmd, const struct dbl_cmd *cmd,
		    const struct dbl_dev *dev)
{
	bool same = cmd->sess == mcmd->sess;

	switch (mcmd->pub.fn) {
	case SCST_ABORT_TASK:
		return same && cmd->pub.tag == mcmd->tag;
	case SCST_ABORT_TASK_SET:
		return same && cmd->lun == mcmd->lun;
	case SCST_CLEAR_TASK_SET:
	case SCST_LUN_RESET:
		return dev && cmd->dev == dev;
	case SCST_NEXUS_LOSS_SESS:
	case SCST_ABORT_ALL_TASKS_SESS:
		return same;
	case SCST_TARGET_RESET:
	case SCST_NEXUS_LOSS:
	case SCST_ABORT_ALL_TASKS:
		return cmd->tgt == dbl_tgt_of(mcmd->sess->pub.tgt);
	default:
		return false;
	}
}

/* The unit attention that a function leaves on a LUN, if any. */
static bool fn_leaves_ua(const struct dbl_mcmd *mcmd,
			 const struct dbl_sess *sess,
			 const struct dbl_nexus *nexus,
			 const struct dbl_dev *dev, bool hit, struct dbl_ua *ua)
{
	bool same = sess == mcmd->sess;

	*ua = (struct dbl_ua){ .asc = 0x29 };
	switch (mcmd->pub.fn) {
	case SCST_CLEAR_TASK_SET:
		*ua = (struct dbl_ua){ .asc = 0x2f };
		return !same && hit && dev && nexus->lun->dev == dev;
	case SCST_LUN_RESET:
		return dev && nexus->lun->dev == dev;
	case SCST_TARGET_RESET:
		return sess->pub.tgt == mcmd->sess->pub.tgt;
	case SCST_NEXUS_LOSS_SESS:
		ua->ascq = 0x07;
		return same;
	case SCST_NEXUS_LOSS:
		ua->ascq = 0x07;
		return sess->pub.tgt == mcmd->sess->pub.tgt;
	default:
		return false;
	}
}

static unsigned int hit_sess_locked(struct dbl_mcmd *mcmd,
				    struct dbl_sess *sess, struct dbl_dev *dev,
				    struct list_head *cmds)
{
	struct dbl_nexus *nexus;
	struct dbl_cmd *cmd;
	unsigned int nr = 0;
	struct dbl_ua ua;

	list_for_each_entry(cmd, &sess->cmds, entry) {
		if (!fn_hits(mcmd, cmd, dev))
			continue;
		dbl_tmf_mark_locked(cmd, mcmd, cmds);
		nr++;
	}
	list_for_each_entry(nexus, &sess->nexuses, entry)
		if (fn_leaves_ua(mcmd, sess, nexus, dev, nr, &ua))
			dbl_ua_add_locked(nexus, ua.asc, ua.ascq);
	return nr;
}

static void hit_all_locked(struct dbl_mcmd *mcmd, struct list_head *cmds)
{
	struct dbl_nexus *nexus = dbl_sess_nexus_locked(mcmd->sess, mcmd->lun);
	struct dbl_dev *dev = nexus ? nexus->lun->dev : NULL;
	struct dbl_tgtt *tgtt;
	struct dbl_sess *sess;
	struct dbl_tgt *tgt;
	unsigned int nr = 0;

	if (fn_is_for_lun(mcmd->pub.fn) && !dev) {
		mcmd->pub.status = SCST_MGMT_STATUS_LUN_NOT_EXIST;
		return;
	}
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry)
			list_for_each_entry(sess, &tgt->sessions, entry)
				nr += hit_sess_locked(mcmd, sess, dev, cmds);
	if (mcmd->pub.fn == SCST_ABORT_TASK && !nr)
		mcmd->pub.status = SCST_MGMT_STATUS_TASK_NOT_EXIST;
	if (mcmd->pub.fn == SCST_LUN_RESET)
		dev->reserved_by = NULL;
}

static void tmf_begin(struct dbl_mcmd *mcmd)
{
	unsigned long flags;
	LIST_HEAD(cmds);

	mcmd->begun = true;
	atomic_set(&mcmd->nr_wait, 1);
	spin_lock_irqsave(&dbl_lock, flags);
	hit_all_locked(mcmd, &cmds);
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_tmf_abort(&cmds);
	mcmd_dec(mcmd);
}

static void tmf_finish(struct dbl_mcmd *mcmd)
{
	struct dbl_sess *sess = mcmd->sess;
	struct scst_tgt_template *vtt = dbl_tgt_of(sess->pub.tgt)->tgtt->vtt;

	if (vtt->task_mgmt_affected_cmds_done && mcmd->pub.fn != SCST_CLEAR_ACA)
		vtt->task_mgmt_affected_cmds_done(&mcmd->pub);
	vtt->task_mgmt_fn_done(&mcmd->pub);
	if (dbl_is_atomic())
		dbl_break(DBL_RULE_CALLBACK,
			  "task_mgmt_fn_done() left the context atomic");
	kfree(mcmd);
	spin_lock_irq(&dbl_lock);
	sess->nr_mcmds--;
	dbl_sess_put_cmd_locked(sess);
	spin_unlock_irq(&dbl_lock);
}

static void tmf_work(struct work_struct *work)
{
	struct dbl_mcmd *mcmd = container_of(work, struct dbl_mcmd, work);

	if (mcmd->begun)
		tmf_finish(mcmd);
	else
		tmf_begin(mcmd);
}

/**
 * dbl_tmf_start() - Begin with a function whose session is ready.
 * @mcmd: function
 *
 * Context: any.
 */
void dbl_tmf_start(struct dbl_mcmd *mcmd)
{
	dbl_ctx_tmf(&mcmd->work);
}

static const char *params_fault(const struct dbl_sess *sess,
				const struct scst_rx_mgmt_params *params)
{
	if (!dbl_tgt_of(sess->pub.tgt)->tgtt->vtt->task_mgmt_fn_done)
		return "the template has no task_mgmt_fn_done()";
	if (params->fn < SCST_ABORT_TASK || params->fn > SCST_ABORT_ALL_TASKS)
		return "no such function for drivers";
	if (params->fn == SCST_ABORT_TASK)
		return params->tag_set ? NULL : "ABORT TASK without a tag";
	if (params->fn == SCST_TARGET_RESET || params->fn == SCST_NEXUS_LOSS ||
	    params->fn == SCST_ABORT_ALL_TASKS)
		return NULL;
	return params->lun_set ? NULL : "a function that needs a LUN has none";
}

/**
 * scst_rx_mgmt_fn() - A task management function has arrived.
 * @pub:    session
 * @params: what it is
 *
 * Context: any with params->atomic, else process.
 * Return: 0: task_mgmt_fn_done() will come; else it will not: -EFAULT: LUN of
 *         unknown form; -EINVAL: rule 5 or 11; -ENOMEM.
 */
int scst_rx_mgmt_fn(struct scst_session *pub,
		    const struct scst_rx_mgmt_params *params)
{
	struct dbl_sess *sess = dbl_sess_of(pub);
	struct dbl_mcmd *mcmd;
	unsigned long flags;
	const char *fault;
	bool wait;

	if (!dbl_sess_is_valid(pub, __func__))
		return -EINVAL;
	if (!params->atomic)
		dbl_must_sleep(__func__);
	fault = params_fault(sess, params);
	if (fault) {
		dbl_break(DBL_RULE_TMF, "function %d: %s", params->fn, fault);
		return -EINVAL;
	}
	mcmd = kzalloc(sizeof(*mcmd), GFP_ATOMIC);
	if (!mcmd)
		return -ENOMEM;
	mcmd->lun = U64_MAX;
	if (params->lun_set) {
		mcmd->lun = scst_unpack_lun(params->lun, params->lun_len);
		if (mcmd->lun == U64_MAX && params->fn != SCST_ABORT_TASK) {
			kfree(mcmd);
			return -EFAULT;
		}
	}
	mcmd->pub.fn = params->fn;
	mcmd->pub.sess = pub;
	mcmd->pub.tgt_priv = params->tgt_priv;
	mcmd->tag = params->tag;
	mcmd->sess = sess;
	INIT_WORK(&mcmd->work, tmf_work);
	spin_lock_irqsave(&dbl_lock, flags);
	sess->nr_mcmds++;
	wait = sess->state == DBL_SESS_INIT;
	if (wait)
		list_add_tail(&mcmd->queue, &sess->mwaiting);
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (!wait)
		dbl_tmf_start(mcmd);
	return 0;
}
EXPORT_SYMBOL_GPL(scst_rx_mgmt_fn);
