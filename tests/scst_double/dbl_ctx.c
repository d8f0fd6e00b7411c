// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: inline, softirq, threads; which of the allowed ones a command
 * goes on in is thrown with the dice.
 */
#include "dbl.h"

#include <linux/interrupt.h>
#include <linux/jiffies.h>

/*
 * What one run of the tasklet may take. Then the processor gets a word in: the
 * next run is one more softirq, in ksoftirqd if there are many.
 */
#define SOFT_BUDGET 16
#define SOFT_BUDGET_MS 2

static struct workqueue_struct *cmd_wq;
static struct workqueue_struct *mgmt_wq; /* as SCST's thread scst_mgmtd */
static struct workqueue_struct *tmf_wq; /* as scsi_tm */
static struct workqueue_struct *uid_wq; /* as scst_uid */

static DEFINE_SPINLOCK(soft_lock);
static LIST_HEAD(soft_list); /* protected by soft_lock */

static struct dbl_cmd *soft_take(void)
{
	struct dbl_cmd *cmd;
	unsigned long flags;

	spin_lock_irqsave(&soft_lock, flags);
	cmd = list_first_entry_or_null(&soft_list, struct dbl_cmd, queue);
	if (cmd)
		list_del_init(&cmd->queue);
	spin_unlock_irqrestore(&soft_lock, flags);
	return cmd;
}

/* Commands may come as fast as they are worked off: a run has an end. */
static void soft_run(struct tasklet_struct *tasklet)
{
	unsigned long end = jiffies + msecs_to_jiffies(SOFT_BUDGET_MS);
	struct dbl_cmd *cmd;
	int i;

	for (i = 0; i < SOFT_BUDGET && time_before_eq(jiffies, end); i++) {
		cmd = soft_take();
		if (!cmd)
			return;
		cmd->how = DBL_HOW_SOFTIRQ;
		dbl_cmd_run(cmd, true);
		dbl_cmd_mem_put(cmd);
	}
	tasklet_schedule(tasklet);
}

static DECLARE_TASKLET(soft_tasklet, soft_run);

static void thread_run(struct work_struct *work)
{
	struct dbl_cmd *cmd = container_of(work, struct dbl_cmd, work);

	cmd->how = DBL_HOW_THREAD;
	dbl_cmd_run(cmd, false);
	dbl_cmd_mem_put(cmd);
}

/**
 * dbl_ctx_softirq() - Let a command go on in softirq.
 * @cmd: command that the caller owns and gives up
 *
 * Context: any.
 */
void dbl_ctx_softirq(struct dbl_cmd *cmd)
{
	unsigned long flags;

	refcount_inc(&cmd->mem);
	spin_lock_irqsave(&soft_lock, flags);
	list_add_tail(&cmd->queue, &soft_list);
	spin_unlock_irqrestore(&soft_lock, flags);
	tasklet_schedule(&soft_tasklet);
}

/**
 * dbl_ctx_thread() - Let a command go on in a thread.
 * @cmd: command that the caller owns and gives up
 *
 * Context: any.
 */
void dbl_ctx_thread(struct dbl_cmd *cmd)
{
	refcount_inc(&cmd->mem);
	INIT_WORK(&cmd->work, thread_run);
	if (!queue_work(cmd_wq, &cmd->work))
		dbl_cmd_mem_put(cmd);
}

/**
 * dbl_ctx_check() - Judge the context argument of a driver's call.
 * @cmd: command
 * @who: name of the call
 * @ctx: what the driver passed
 *
 * Context: the driver's.
 * Return: a context that is safe and never SCST_CONTEXT_SAME.
 */
enum scst_exec_context dbl_ctx_check(struct dbl_cmd *cmd, const char *who,
				     enum scst_exec_context ctx)
{
	if (ctx == SCST_CONTEXT_SAME) {
		if (READ_ONCE(cmd->cb_task) != current) {
			dbl_break(DBL_RULE_CONTEXT,
				  "%s(SAME) outside a callback", who);
			return SCST_CONTEXT_THREAD;
		}
		ctx = cmd->cb_atomic ? SCST_CONTEXT_DIRECT_ATOMIC :
				       SCST_CONTEXT_DIRECT;
	}
	switch (ctx) {
	case SCST_CONTEXT_DIRECT:
		if (!dbl_is_atomic())
			return ctx;
		dbl_break(DBL_RULE_CONTEXT,
			  "%s(DIRECT) where nothing may sleep", who);
		return SCST_CONTEXT_THREAD;
	case SCST_CONTEXT_DIRECT_ATOMIC:
		if (!in_hardirq() && !irqs_disabled())
			return ctx;
		dbl_break(DBL_RULE_CONTEXT,
			  "%s(DIRECT_ATOMIC) with interrupts off", who);
		return SCST_CONTEXT_THREAD;
	case SCST_CONTEXT_TASKLET:
	case SCST_CONTEXT_THREAD:
		return ctx;
	default:
		dbl_break(DBL_RULE_CONTEXT, "%s() with context %d", who, ctx);
		return SCST_CONTEXT_THREAD;
	}
}

/**
 * dbl_ctx_go() - Go on with a command in an allowed context.
 * @cmd: command that the caller owns and gives up
 * @ctx: checked context
 *
 * Context: as @ctx says.
 */
void dbl_ctx_go(struct dbl_cmd *cmd, enum scst_exec_context ctx)
{
	u32 roll = dbl_roll(8);

	switch (ctx) {
	case SCST_CONTEXT_DIRECT:
	case SCST_CONTEXT_DIRECT_ATOMIC:
		if (roll == 7) {
			dbl_ctx_thread(cmd);
		} else if (roll == 6) {
			dbl_ctx_softirq(cmd);
		} else {
			cmd->how = DBL_HOW_INLINE;
			dbl_cmd_run(cmd, ctx == SCST_CONTEXT_DIRECT_ATOMIC);
		}
		break;
	case SCST_CONTEXT_TASKLET:
		if (roll < 6)
			dbl_ctx_softirq(cmd);
		else
			dbl_ctx_thread(cmd);
		break;
	default:
		dbl_ctx_thread(cmd);
		break;
	}
}

/**
 * dbl_ctx_mgmt() - Queue work for the thread that makes and ends sessions.
 * @work: the work
 *
 * Context: any.
 */
void dbl_ctx_mgmt(struct work_struct *work)
{
	queue_work(mgmt_wq, work);
}

/**
 * dbl_ctx_tmf() - Queue work for the thread of task management.
 * @work: the work
 *
 * Context: any.
 */
void dbl_ctx_tmf(struct work_struct *work)
{
	queue_work(tmf_wq, work);
}

struct uid_call {
	struct work_struct work;
	int (*fn)(void *arg);
	void *arg;
	int result;
};

static void uid_run(struct work_struct *work)
{
	struct uid_call *call = container_of(work, struct uid_call, work);

	call->result = call->fn(call->arg);
}

/**
 * dbl_ctx_uid() - Call a function in the management thread and wait for it.
 * @fn:  function, may sleep
 * @arg: its argument
 *
 * A kernel thread has no root directory of a user, as in SCST.
 *
 * Context: process, without dbl_mutex.
 * Return: what @fn returned.
 */
int dbl_ctx_uid(int (*fn)(void *arg), void *arg)
{
	struct uid_call call = { .fn = fn, .arg = arg };

	INIT_WORK_ONSTACK(&call.work, uid_run);
	queue_work(uid_wq, &call.work);
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
	return call.result;
}

/**
 * dbl_ctx_flush() - Wait until nothing is queued any more.
 *
 * Context: process.
 */
void dbl_ctx_flush(void)
{
	flush_workqueue(tmf_wq);
	flush_workqueue(cmd_wq);
	flush_workqueue(mgmt_wq);
}

/**
 * dbl_ctx_init() - Make the threads.
 *
 * Context: process.
 * Return: 0; -ENOMEM.
 */
int dbl_ctx_init(void)
{
	cmd_wq = alloc_workqueue("scst_double", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	mgmt_wq = alloc_ordered_workqueue("scst_double_mgmt", WQ_MEM_RECLAIM);
	tmf_wq = alloc_ordered_workqueue("scst_double_tm", WQ_MEM_RECLAIM);
	uid_wq = alloc_ordered_workqueue("scst_double_uid", 0);
	if (cmd_wq && mgmt_wq && tmf_wq && uid_wq)
		return 0;
	dbl_ctx_exit();
	return -ENOMEM;
}

/**
 * dbl_ctx_exit() - End them.
 *
 * Context: process; nothing is queued any more.
 */
void dbl_ctx_exit(void)
{
	tasklet_kill(&soft_tasklet);
	if (uid_wq)
		destroy_workqueue(uid_wq);
	if (tmf_wq)
		destroy_workqueue(tmf_wq);
	if (mgmt_wq)
		destroy_workqueue(mgmt_wq);
	if (cmd_wq)
		destroy_workqueue(cmd_wq);
}
