// SPDX-License-Identifier: GPL-2.0
/*
 * Mailbox commands: a queue, one in flight, each with a deadline.
 *
 * LOCKING
 * hba->lock protects the queue. A command is owned by the queue from submit
 * until it is unlinked; whoever unlinks it (interrupt, deadline, close) calls
 * done(), without the lock. So done() is called once.
 */
#include "isp_mbox.h"

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "isp_hba.h"
#include "isp_trace.h"

static void start_locked(struct isp_hba *hba)
{
	struct isp_mboxq *q = &hba->mboxq;

	lockdep_assert_held(&hba->lock);
	if (q->busy || !q->head)
		return;
	q->busy = true;
	q->started = ktime_get();
	hba->chip->mbox_write(hba, q->head);
	mod_delayed_work(hba->wq, &q->work,
			 msecs_to_jiffies(q->head->timeout_ms));
}

static struct isp_mbox *unlink_locked(struct isp_hba *hba)
{
	struct isp_mboxq *q = &hba->mboxq;
	struct isp_mbox *mbx = q->head;

	lockdep_assert_held(&hba->lock);
	if (!mbx)
		return NULL;
	q->head = mbx->next;
	if (!q->head)
		q->last = NULL;
	mbx->next = NULL;
	q->busy = false;
	return mbx;
}

static void deadline(struct work_struct *work)
{
	struct isp_hba *hba =
		container_of(to_delayed_work(work), struct isp_hba, mboxq.work);
	struct isp_mboxq *q = &hba->mboxq;
	struct isp_mbox *mbx = NULL;
	unsigned long flags;
	s64 left_ms;

	spin_lock_irqsave(&hba->lock, flags);
	if (q->busy) {
		left_ms = q->head->timeout_ms -
			  ktime_ms_delta(ktime_get(), q->started);
		if (left_ms > 0) {
			mod_delayed_work(hba->wq, &q->work,
					 msecs_to_jiffies(left_ms) + 1);
		} else {
			mbx = unlink_locked(hba);
			/* The next one must not meet a chip that is stuck. */
			q->open = false;
		}
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	if (!mbx)
		return;
	dev_err(hba->dev, "mailbox command %04x: no answer in %u ms\n",
		mbx->in[0], mbx->timeout_ms);
	isp_hba_fault(hba, "mailbox timeout");
	isp_mbox_finish(hba, mbx, -ETIMEDOUT);
}

/**
 * isp_mbox_init() - Make the queue ready, closed.
 * @hba: the adapter
 *
 * Context: process.
 */
void isp_mbox_init(struct isp_hba *hba)
{
	INIT_DELAYED_WORK(&hba->mboxq.work, deadline);
}

/**
 * isp_mbox_exit() - No deadline runs after this.
 * @hba: the adapter, queue closed
 *
 * Context: process, may sleep.
 */
void isp_mbox_exit(struct isp_hba *hba)
{
	cancel_delayed_work_sync(&hba->mboxq.work);
}

/**
 * isp_mbox_setup() - Clear a command and fill in what all have.
 * @mbx:        the command
 * @opcode:     register 0
 * @nr_out:     answer registers wanted, 1 to ISP_NR_MBOX
 * @timeout_ms: 1 to 60000
 * @done:       see struct isp_mbox
 *
 * Context: any.
 */
void isp_mbox_setup(struct isp_mbox *mbx, u16 opcode, u8 nr_out, u32 timeout_ms,
		    void (*done)(struct isp_hba *hba, struct isp_mbox *mbx,
				 int err))
{
	memset(mbx, 0, sizeof(*mbx));
	mbx->in[0] = opcode;
	mbx->nr_out = nr_out;
	mbx->timeout_ms = timeout_ms;
	mbx->done = done;
}

/**
 * isp_mbox_submit() - Queue a command.
 * @hba: the adapter
 * @mbx: the command, core's until done() is called
 *
 * Context: any. Takes hba->lock.
 * Return: 0; -ESHUTDOWN: the chip takes no commands now, done() is not called.
 */
int isp_mbox_submit(struct isp_hba *hba, struct isp_mbox *mbx)
{
	struct isp_mboxq *q = &hba->mboxq;
	unsigned long flags;
	int err = -ESHUTDOWN;

	spin_lock_irqsave(&hba->lock, flags);
	if (q->open) {
		mbx->next = NULL;
		if (q->last)
			q->last->next = mbx;
		else
			q->head = mbx;
		q->last = mbx;
		start_locked(hba);
		err = 0;
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	return err;
}

/**
 * isp_mbox_answer_locked() - The chip says that its command has ended.
 * @hba: the adapter
 *
 * Reads the answer and starts the next command only in isp_mbox_finish(), after
 * the interrupt is cleared.
 *
 * Context: hardirq, hba->lock held.
 * Return: the command, to be given to isp_mbox_finish(); NULL: none was sent.
 */
struct isp_mbox *isp_mbox_answer_locked(struct isp_hba *hba)
{
	lockdep_assert_held(&hba->lock);
	if (!hba->mboxq.busy)
		return NULL;
	hba->chip->mbox_read(hba, hba->mboxq.head);
	return unlink_locked(hba);
}

/**
 * isp_mbox_finish() - Tell the owner and start the next command.
 * @hba: the adapter
 * @mbx: unlinked
 * @err: see struct isp_mbox
 *
 * Context: any, no lock held.
 */
void isp_mbox_finish(struct isp_hba *hba, struct isp_mbox *mbx, int err)
{
	s64 us = ktime_us_delta(ktime_get(), hba->mboxq.started);
	unsigned long flags;

	hba->stats.nr_mbox++;
	isp_trace_mbox(hba, mbx->in[0], err ? 0 : mbx->out[0], err, us);
	spin_lock_irqsave(&hba->lock, flags);
	if (hba->mboxq.open)
		start_locked(hba);
	spin_unlock_irqrestore(&hba->lock, flags);
	mbx->done(hba, mbx, err);
}

/**
 * isp_mbox_open() - The chip takes commands from now on.
 * @hba: the adapter, just reset
 *
 * Context: process (life worker).
 */
void isp_mbox_open(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->mboxq.open = true;
	spin_unlock_irqrestore(&hba->lock, flags);
}

/**
 * isp_mbox_hold() - Take no more commands; what is queued or at the chip stays.
 * @hba: the adapter
 *
 * For a chip that is about to be reset: a command in the middle of that would
 * meet a processor that is not ready. isp_mbox_close() ends the rest once the
 * chip cannot touch memory any more.
 *
 * Context: process (life worker).
 */
void isp_mbox_hold(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->mboxq.open = false;
	spin_unlock_irqrestore(&hba->lock, flags);
}

/**
 * isp_mbox_close() - Take no more commands; those queued end with -ESHUTDOWN.
 * @hba: the adapter
 *
 * Context: process (life worker). Takes hba->lock, calls done() without it.
 */
void isp_mbox_close(struct isp_hba *hba)
{
	struct isp_mbox *mbx;
	unsigned long flags;

	do {
		spin_lock_irqsave(&hba->lock, flags);
		hba->mboxq.open = false;
		mbx = unlink_locked(hba);
		spin_unlock_irqrestore(&hba->lock, flags);
		if (mbx)
			isp_mbox_finish(hba, mbx, -ESHUTDOWN);
	} while (mbx);
}
