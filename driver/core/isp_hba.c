// SPDX-License-Identifier: GPL-2.0
/* One adapter function: set-up, tear-down, faults and role changes. */
#include "isp_hba.h"

#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "isp_life.h"
#include "isp_link.h"
#include "isp_trace.h"

static const char *const hba_state_names[] = {
#define X(id, name) [ISP_HBA_##id] = name,
	ISP_HBA_STATES(X)
#undef X
};

static const char *const link_state_names[] = {
#define X(id, name) [ISP_LINK_##id] = name,
	ISP_LINK_STATES(X)
#undef X
};

/**
 * isp_hba_state_name() - Name of an adapter state.
 * @state: the state
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_hba_state_name(enum isp_hba_state state)
{
	return state < ISP_NR_HBA_STATES ? hba_state_names[state] : "?";
}

/**
 * isp_link_state_name() - Name of a link state.
 * @state: the state
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_link_state_name(enum isp_link_state state)
{
	return state < ISP_NR_LINK_STATES ? link_state_names[state] : "?";
}

/**
 * isp_role_name() - Name of a set of roles.
 * @roles: ISP_ROLE_* bits
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_role_name(u8 roles)
{
	static const char *const names[] = {
		[ISP_ROLE_NONE] = "none",
		[ISP_ROLE_TARGET] = "target",
		[ISP_ROLE_INITIATOR] = "initiator",
		[ISP_ROLE_BOTH] = "both",
	};

	return names[roles & ISP_ROLE_BOTH];
}

static void life_work(struct work_struct *work)
{
	isp_life_run(
		container_of(to_delayed_work(work), struct isp_hba, life.work));
}

static void space_work(struct work_struct *work)
{
	isp_ring_space(container_of(to_delayed_work(work), struct isp_hba,
				    space_work));
}

/**
 * isp_hba_kick() - Make the life worker look around.
 * @hba: the adapter
 *
 * Context: any.
 */
void isp_hba_kick(struct isp_hba *hba)
{
	mod_delayed_work(hba->wq, &hba->life.work, 0);
}

/**
 * isp_hba_set_state() - Change the adapter's state.
 * @hba: the adapter
 * @to:  the new state
 * @why: for the trace
 *
 * Context: process, life worker only. Takes hba->lock.
 */
void isp_hba_set_state(struct isp_hba *hba, enum isp_hba_state to,
		       const char *why)
{
	enum isp_hba_state from;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	from = hba->state;
	hba->state = to;
	spin_unlock_irqrestore(&hba->lock, flags);
	if (from == to)
		return;
	isp_trace_hba_state(hba, isp_hba_state_name(from),
			    isp_hba_state_name(to), why);
	dev_dbg(hba->dev, "%s -> %s (%s)\n", isp_hba_state_name(from),
		isp_hba_state_name(to), why);
	hba->os->state(hba);
}

static void init_chan(struct isp_hba *hba, unsigned int idx)
{
	struct isp_chan *chan = &hba->chan[idx];

	chan->hba = hba;
	chan->idx = idx;
	INIT_LIST_HEAD(&chan->waits);
	INIT_LIST_HEAD(&chan->stop_wait[0].node);
	INIT_LIST_HEAD(&chan->stop_wait[1].node);
	isp_portdb_init(chan);
}

static int attach_roles(struct isp_hba *hba)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++) {
		if (!hba->role_ops[i])
			continue;
		err = hba->role_ops[i]->attach(hba);
		if (err)
			goto err_detach;
	}
	return 0;

err_detach:
	while (i--)
		if (hba->role_ops[i])
			hba->role_ops[i]->detach(hba);
	return err;
}

static void detach_roles(struct isp_hba *hba)
{
	unsigned int i = ARRAY_SIZE(hba->role_ops);

	while (i--)
		if (hba->role_ops[i])
			hba->role_ops[i]->detach(hba);
}

/**
 * isp_hba_init() - Make an adapter ready for isp_hba_start().
 * @hba: zeroed, with chip, os, dev, regs, rev, wq, params and role_ops set
 *
 * Nothing is asked of the chip yet.
 *
 * Context: process, may sleep.
 * Return: 0 or -errno; on failure nothing remains.
 */
int isp_hba_init(struct isp_hba *hba)
{
	unsigned int i;
	int err;

	spin_lock_init(&hba->lock);
	hba->state = ISP_HBA_OFF;
	hba->nr_chans = 1;
	INIT_DELAYED_WORK(&hba->life.work, life_work);
	INIT_DELAYED_WORK(&hba->space_work, space_work);
	isp_mbox_init(hba);
	for (i = 0; i < hba->nr_chans; i++)
		init_chan(hba, i);

	hba->dma_buf = dma_alloc_coherent(hba->dev, ISP_DMA_BUF_SIZE,
					  &hba->dma_buf_dma, GFP_KERNEL);
	if (!hba->dma_buf)
		return -ENOMEM;
	err = isp_ring_alloc(hba);
	if (err)
		goto err_free_rings;
	err = isp_handle_init(hba);
	if (err)
		goto err_free_rings;
	for (i = 0; i < hba->nr_chans; i++) {
		err = isp_link_init(&hba->chan[i]);
		if (err)
			goto err_exit_links;
	}
	err = attach_roles(hba);
	if (err)
		goto err_exit_links;
	return 0;

err_exit_links:
	while (i--)
		isp_link_exit(&hba->chan[i]);
	isp_handle_exit(hba);
err_free_rings:
	isp_ring_free(hba);
	dma_free_coherent(hba->dev, ISP_DMA_BUF_SIZE, hba->dma_buf,
			  hba->dma_buf_dma);
	return err;
}

/**
 * isp_hba_exit() - Free everything.
 * @hba: the adapter, isp_hba_is_gone(), interrupts freed
 *
 * Context: process, may sleep.
 */
void isp_hba_exit(struct isp_hba *hba)
{
	unsigned int i;

	cancel_delayed_work_sync(&hba->life.work);
	cancel_delayed_work_sync(&hba->space_work);
	isp_mbox_exit(hba);
	detach_roles(hba);
	for (i = 0; i < hba->nr_chans; i++) {
		isp_link_exit(&hba->chan[i]);
		isp_portdb_exit(&hba->chan[i]);
	}
	isp_handle_exit(hba);
	isp_ring_free(hba);
	isp_fw_free(hba);
	dma_free_coherent(hba->dev, ISP_DMA_BUF_SIZE, hba->dma_buf,
			  hba->dma_buf_dma);
}

/**
 * isp_hba_start() - Bring the adapter up, as far as IDLE without a role.
 * @hba: the adapter; interrupts are requested
 *
 * Context: process.
 */
void isp_hba_start(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->life.go = true;
	spin_unlock_irqrestore(&hba->lock, flags);
	isp_hba_kick(hba);
}

/**
 * isp_hba_stop() - End the adapter's life for good.
 * @hba: the adapter
 *
 * The state becomes GONE soon; isp_hba_is_gone() tells. Every role has been
 * told stopped() by then, and every entry has come back.
 *
 * Context: any.
 */
void isp_hba_stop(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->stop = true;
	spin_unlock_irqrestore(&hba->lock, flags);
	isp_hba_kick(hba);
}

/**
 * isp_hba_is_gone() - Has isp_hba_stop() done its work?
 * @hba: the adapter
 *
 * Context: any.
 * Return: true once the state is GONE.
 */
bool isp_hba_is_gone(struct isp_hba *hba)
{
	return READ_ONCE(hba->state) == ISP_HBA_GONE;
}

/**
 * isp_hba_fault() - The chip said or did something that it must not.
 * @hba: the adapter
 * @why: constant string, for the log
 *
 * Nothing more is sent or taken; the life worker resets the chip.
 *
 * Context: any; ring locks may be held, hba->lock not.
 */
void isp_hba_fault(struct isp_hba *hba, const char *why)
{
	bool first = false;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	if (hba->life.go && !hba->fault_pending && hba->state != ISP_HBA_GONE &&
	    hba->state != ISP_HBA_FAULT && hba->state != ISP_HBA_OFF) {
		first = true;
		hba->fault_pending = true;
		hba->why = why;
		WRITE_ONCE(hba->live, false);
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	if (!first)
		return;
	isp_trace_fault(hba, why);
	dev_err_ratelimited(hba->dev, "fault in state %s: %s\n",
			    isp_hba_state_name(READ_ONCE(hba->state)), why);
	isp_hba_kick(hba);
}

/**
 * isp_hba_suspend() - Silence the chip until isp_hba_resume().
 * @hba: the adapter
 *
 * To the roles it is a fault: what was at the chip comes back to them, and they
 * stay started. isp_hba_is_suspended() tells when the chip is silent.
 *
 * Context: process.
 */
void isp_hba_suspend(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->life.hold = true;
	if (hba->life.go && hba->state != ISP_HBA_GONE &&
	    hba->state != ISP_HBA_FAULT) {
		hba->fault_pending = true;
		hba->why = "suspend";
		WRITE_ONCE(hba->live, false);
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	isp_hba_kick(hba);
}

/**
 * isp_hba_is_suspended() - Has isp_hba_suspend() done its work?
 * @hba: the adapter
 *
 * Context: any.
 * Return: true once the chip is reset and nothing of ours is there any more.
 */
bool isp_hba_is_suspended(struct isp_hba *hba)
{
	unsigned long flags;
	bool silent;

	spin_lock_irqsave(&hba->lock, flags);
	silent = !hba->life.go || hba->state == ISP_HBA_GONE ||
		 (hba->state == ISP_HBA_FAULT && !hba->fault_pending &&
		  READ_ONCE(hba->life.phase));
	spin_unlock_irqrestore(&hba->lock, flags);
	return silent;
}

/**
 * isp_hba_resume() - Bring the adapter to where it was at isp_hba_suspend().
 * @hba: the adapter; its PCI function works again
 *
 * Context: process.
 */
void isp_hba_resume(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->life.hold = false;
	spin_unlock_irqrestore(&hba->lock, flags);
	isp_hba_kick(hba);
}

/* Answer one who waits; its memory is free before it is called. */
static void answer_wait(struct isp_chan *chan, struct isp_role_wait *wait,
			int err)
{
	isp_role_done_fn done = wait->done;
	void *arg = wait->arg;

	if (!wait->on)
		err = 0;
	list_del_init(&wait->node);
	if (wait->on)
		kfree(wait);
	done(chan, arg, err);
}

/**
 * isp_hba_role_waits() - Answer those who wait for a role change.
 * @chan: the channel
 * @err:  0: answer those whose wish has come true; else give this to those who
 *        wait for a role to start, and forget the wish
 * @all:  answer everyone: the adapter is going away
 *
 * Context: process (life worker). Takes hba->lock, calls done() without it.
 */
void isp_hba_role_waits(struct isp_chan *chan, int err, bool all)
{
	struct isp_hba *hba = chan->hba;
	struct isp_role_wait *wait, *tmp;
	unsigned long flags;
	LIST_HEAD(ready);
	bool reached;

	spin_lock_irqsave(&hba->lock, flags);
	list_for_each_entry_safe(wait, tmp, &chan->waits, node) {
		reached = wait->on == !!(chan->have & wait->role);
		if (!all && !(err && wait->on) && (err || !reached))
			continue;
		if (err && wait->on)
			chan->want &= ~wait->role;
		list_move_tail(&wait->node, &ready);
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	list_for_each_entry_safe(wait, tmp, &ready, node)
		answer_wait(chan, wait, err);
}

/* Who still waits for a role to start hears that it will not. */
static void end_starts(struct isp_chan *chan, u8 role)
{
	struct isp_hba *hba = chan->hba;
	struct isp_role_wait *wait, *tmp;
	unsigned long flags;
	LIST_HEAD(ended);

	spin_lock_irqsave(&hba->lock, flags);
	list_for_each_entry_safe(wait, tmp, &chan->waits, node) {
		if (!wait->on || wait->role != role)
			continue;
		chan->want &= ~role;
		list_move_tail(&wait->node, &ended);
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	list_for_each_entry_safe(wait, tmp, &ended, node)
		answer_wait(chan, wait, -ECANCELED);
}

static int change_role(struct isp_chan *chan, struct isp_role_wait *wait,
		       u8 role, bool on, isp_role_done_fn done, void *arg)
{
	struct isp_hba *hba = chan->hba;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&hba->lock, flags);
	/* Until it is GONE, firmware may run and a role be on: that ends later. */
	if (hba->state == ISP_HBA_GONE || (on && hba->stop)) {
		err = -ENODEV;
	} else if (!on && !list_empty(&wait->node)) {
		err = -EALREADY;
	} else {
		wait->role = role;
		wait->on = on;
		wait->done = done;
		wait->arg = arg;
		if (on) {
			chan->want |= role;
			hba->life.go = true; /* firmware may be there now */
		} else {
			chan->want &= ~role;
		}
		list_add_tail(&wait->node, &chan->waits);
	}
	spin_unlock_irqrestore(&hba->lock, flags);
	if (!err)
		isp_hba_kick(hba);
	return err;
}

/**
 * isp_role_start() - Turn a role on; other roles stay as they are.
 * @chan: the channel
 * @role: one ISP_ROLE_* bit
 * @done: told of the end
 * @arg:  for @done
 *
 * Context: any.
 * Return: 0: @done follows; -EOPNOTSUPP: this role is not built; -ENODEV: the
 *         adapter is going away; -ENOMEM.
 */
int isp_role_start(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		   void *arg)
{
	struct isp_hba *hba = chan->hba;
	unsigned int i = role == ISP_ROLE_TARGET ? 0 : 1;
	struct isp_role_wait *wait;
	int err;

	if (role != ISP_ROLE_TARGET && role != ISP_ROLE_INITIATOR)
		return -EOPNOTSUPP;
	if (!hba->role_ops[i]) {
		dev_err(hba->dev, "role %s: not built yet\n",
			isp_role_name(role));
		return -EOPNOTSUPP;
	}
	wait = kzalloc(sizeof(*wait), GFP_ATOMIC);
	if (!wait)
		return -ENOMEM;
	err = change_role(chan, wait, role, true, done, arg);
	if (err)
		kfree(wait);
	return err;
}

/**
 * isp_role_stop() - Turn a role off; other roles stay as they are.
 * @chan: the channel
 * @role: one ISP_ROLE_* bit
 * @done: told of the end, always with 0
 * @arg:  for @done
 *
 * Whoever waits for its start is told -ECANCELED from in here.
 *
 * Context: any.
 * Return: 0: @done follows; -ENODEV: the adapter is gone, so is the role;
 *         -EALREADY: it is being stopped.
 */
int isp_role_stop(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		  void *arg)
{
	unsigned int i = role == ISP_ROLE_TARGET ? 0 : 1;

	/* First: behind the stop it would be taken for the next start's end. */
	end_starts(chan, role);
	return change_role(chan, &chan->stop_wait[i], role, false, done, arg);
}
