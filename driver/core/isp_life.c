// SPDX-License-Identifier: GPL-2.0
/*
 * The life worker: every change of an adapter's state.
 *
 * Each state has one function. It does what can be done without waiting and
 * says when it wants to run again; answers of the chip, new wishes and faults
 * kick the worker at once. See the picture in isp_hba.h.
 */
#include "isp_life.h"

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../hw/isp_hw_mbox.h"
#include "isp_hba.h"
#include "isp_link.h"

/* Deadlines. */
#define INIT_TIMEOUT_MS 30000

/* Pause before a faulted chip is reset: doubled with each fault in a row. */
#define FAULT_PAUSE_MS 100
#define FAULT_PAUSE_MAX_MS 30000

#define BUSY_POLL_MS 1

/*
 * A firmware that hangs says nothing. When nothing has come for BEAT_MS while
 * it holds entries of ours, or for IDLE_BEATS times as long without, it is
 * asked for a sign of life, and the mailbox' deadline decides.
 */
#define BEAT_MS 5000
#define IDLE_BEATS 6
#define BEAT_TIMEOUT_MS 10000

static void mbox_done(struct isp_hba *hba, struct isp_mbox *mbx, int err)
{
	hba->life.mbx_err = err;
	/* The worker must see the answer once it sees that we are done. */
	smp_store_release(&hba->life.mbx_busy, false);
	isp_hba_kick(hba);
}

/**
 * isp_life_mbox_setup() - Prepare the worker's mailbox.
 * @hba:        the adapter
 * @opcode:     register 0
 * @nr_out:     answer registers wanted
 * @timeout_ms: deadline
 *
 * Context: process (life worker).
 */
void isp_life_mbox_setup(struct isp_hba *hba, u16 opcode, u8 nr_out,
			 u32 timeout_ms)
{
	isp_mbox_setup(&hba->life.mbx, opcode, nr_out, timeout_ms, mbox_done);
}

/**
 * isp_life_mbox() - Send the worker's mailbox.
 * @hba: the adapter
 *
 * The state's function runs again when the answer is there.
 *
 * Context: process (life worker).
 * Return: ISP_LIFE_SLEEP.
 */
int isp_life_mbox(struct isp_hba *hba)
{
	hba->life.mbx_busy = true;
	if (isp_mbox_submit(hba, &hba->life.mbx)) {
		hba->life.mbx_err = -ESHUTDOWN;
		hba->life.mbx_busy = false;
		return ISP_LIFE_AGAIN;
	}
	return ISP_LIFE_SLEEP;
}

static void enter(struct isp_hba *hba, enum isp_hba_state to, const char *why)
{
	struct isp_life *l = &hba->life;

	l->phase = 0;
	l->polls = 0;
	l->quiet = false;
	memset(&l->step, 0, sizeof(l->step));
	isp_hba_set_state(hba, to, why);
}

static u8 roles_wanted(struct isp_hba *hba)
{
	u8 roles = 0;
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		roles |= READ_ONCE(hba->chan[i].want);
	return roles;
}

static bool roles_differ(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		if (READ_ONCE(hba->chan[i].want) != hba->chan[i].have)
			return true;
	return false;
}

/* What the roles hear when the chip loses everything. */
static void tell_fault(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++)
		if (hba->role_ops[i] && hba->role_ops[i]->fault)
			hba->role_ops[i]->fault(hba);
}

/* Roles that have heard started() and are not wanted, or have no chip now. */
static void tell_stopped(struct isp_hba *hba)
{
	struct isp_chan *chan;
	unsigned int i, r;
	unsigned long flags;
	u8 off;

	for (i = 0; i < hba->nr_chans; i++) {
		chan = &hba->chan[i];
		spin_lock_irqsave(&hba->lock, flags);
		chan->have = 0;
		off = chan->told & ~(hba->stop ? 0 : chan->want);
		chan->told &= ~off;
		spin_unlock_irqrestore(&hba->lock, flags);
		for (r = 0; r < ARRAY_SIZE(hba->role_ops); r++)
			if (hba->role_ops[r] && off & hba->role_ops[r]->role)
				hba->role_ops[r]->stopped(chan);
		isp_hba_role_waits(chan, 0, false);
	}
}

static void tell_started(struct isp_hba *hba)
{
	struct isp_chan *chan;
	unsigned int i, r;
	u8 on;

	for (i = 0; i < hba->nr_chans; i++) {
		chan = &hba->chan[i];
		on = chan->have & ~chan->told;
		chan->told |= on;
		for (r = 0; r < ARRAY_SIZE(hba->role_ops); r++)
			if (hba->role_ops[r] && on & hba->role_ops[r]->role)
				hba->role_ops[r]->started(chan);
		isp_hba_role_waits(chan, 0, false);
	}
}

static void take_back(struct isp_hba *hba)
{
	unsigned int i;

	isp_mbox_close(hba);
	for (i = 0; i < hba->nr_chans; i++)
		isp_link_stop(&hba->chan[i]);
	if (hba->life.was_live)
		tell_fault(hba);
	isp_handle_sweep(hba);
	hba->life.was_live = false;
}

/*
 * Take everything back from the chip: nothing is sent or taken any more; once
 * the chip is reset and cannot touch memory, every mailbox and every entry
 * ends. Returns ms to wait, or 0: done, and reset_err says whether the chip
 * answered at all.
 */
static int quiesce(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned long flags;
	int ret;

	if (!l->quiet) {
		/* Locked: no sender is half way through an entry after this. */
		spin_lock_irqsave(&hba->ring[ISP_RING_REQ].lock, flags);
		WRITE_ONCE(hba->live, false);
		spin_unlock_irqrestore(&hba->ring[ISP_RING_REQ].lock, flags);
		isp_mbox_hold(hba);
		/* Rings that nobody drains would interrupt without end. */
		hba->chip->irq_enable(hba, false);
		/* Pairs with isp_ring_drain(): it sees live, or we see it. */
		smp_mb();
		if (isp_ring_is_busy(hba))
			return BUSY_POLL_MS;
		memset(&l->step, 0, sizeof(l->step));
		l->quiet = true;
	}
	ret = hba->chip->reset(hba, &l->step);
	if (ret > 0)
		return ret;
	l->quiet = false;
	l->reset_err = ret;
	if (ret && hba->os->dma)
		hba->os->dma(hba, false);
	take_back(hba);
	return 0;
}

static int state_off(struct isp_hba *hba)
{
	if (!hba->life.go) {
		/* Without firmware; who turns a role off is through at once. */
		tell_stopped(hba);
		return ISP_LIFE_SLEEP;
	}
	enter(hba, ISP_HBA_RESET, "start");
	return ISP_LIFE_AGAIN;
}

static int state_reset(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	int ret;

	/* A suspend that met FAULT when its last look at this was over. */
	if (READ_ONCE(l->hold)) {
		enter(hba, ISP_HBA_FAULT, "suspend");
		return ISP_LIFE_AGAIN;
	}
	ret = quiesce(hba);
	if (ret)
		return ret;
	tell_stopped(hba);
	if (l->reset_err) {
		isp_hba_fault(hba,
			      l->reset_err == -ENODEV ?
				      "the card does not answer (all ones)" :
				      "reset timeout");
		return ISP_LIFE_AGAIN;
	}
	/* Not before: a chip that was not reset may know our memory of old. */
	if (hba->os->dma)
		hba->os->dma(hba, true);
	hba->chip->irq_enable(hba, true);
	isp_mbox_open(hba);
	enter(hba, ISP_HBA_LOAD, "chip is reset");
	return ISP_LIFE_AGAIN;
}

static int state_idle(struct isp_hba *hba)
{
	hba->life.nr_faults = 0;
	if (!roles_wanted(hba)) {
		tell_stopped(hba);
		return ISP_LIFE_SLEEP;
	}
	enter(hba, ISP_HBA_INIT, "a role is wanted");
	return ISP_LIFE_AGAIN;
}

static void go_live(struct isp_hba *hba)
{
	struct isp_chan *chan;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&hba->lock, flags);
	for (i = 0; i < hba->nr_chans; i++)
		hba->chan[i].have = hba->life.init_roles[i];
	spin_unlock_irqrestore(&hba->lock, flags);
	hba->life.was_live = true;
	WRITE_ONCE(hba->live, true);
	for (i = 0; i < hba->nr_chans; i++) {
		chan = &hba->chan[i];
		isp_link_start(chan);
	}
}

/*
 * Phase n sends the n-th mailbox of the family's init sequence. The rings must
 * be ready to be drained when the last one is sent: the chip may use them
 * before its answer is read.
 */
static int state_init(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned int i;
	int err;

	if (l->polls) {
		l->polls = 0;
		if (l->mbx_err)
			return ISP_LIFE_AGAIN; /* a fault or a stop is on */
		if (l->mbx.out[0] != ISP_MBOX_OK && l->mbx_needed) {
			dev_err(hba->dev, "init mailbox %04x refused: %04x\n",
				l->mbx.in[0], l->mbx.out[0]);
			isp_hba_fault(hba, "firmware refuses to initialise");
			return ISP_LIFE_AGAIN;
		}
	} else if (!l->phase) {
		/* Bounded, or gcc 12 ends the function in nowhere. */
		for (i = 0; i < min_t(u32, hba->nr_chans, ISP_MAX_CHANS); i++)
			l->init_roles[i] = READ_ONCE(hba->chan[i].want);
		isp_ring_reset(hba);
		hba->chip->ptr_reset(hba);
	}
	do {
		isp_life_mbox_setup(hba, 0, 4, INIT_TIMEOUT_MS);
		l->mbx_needed = l->phase > 0;
		err = hba->chip->init_next(hba, l->phase++, hba->dma_buf,
					   hba->dma_buf_dma, &l->mbx);
	} while (err == -EAGAIN);
	if (!err) {
		l->polls = 1;
		return isp_life_mbox(hba);
	}
	/* In this order: rings live in READY and in no state before. */
	enter(hba, ISP_HBA_READY, "firmware is initialised");
	go_live(hba);
	dev_info(hba->dev, "role %s is on\n", isp_role_name(hba->chan[0].have));
	tell_started(hba);
	/* What came before the rings were live, and had its interrupt. */
	isp_ring_drain(hba, ISP_RING_RSP);
	isp_ring_drain(hba, ISP_RING_ATIO);
	return ISP_LIFE_AGAIN;
}

/* Returns ms until the next look, or what sending a mailbox returns. */
static int heartbeat(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	u64 seen = hba->stats.nr_rsp + hba->stats.nr_atio;

	if (time_before(jiffies, l->until))
		return jiffies_to_msecs(l->until - jiffies) + 1;
	l->until = jiffies + msecs_to_jiffies(BEAT_MS);
	if (seen != l->seen) {
		l->seen = seen;
		l->nr_quiet = 0;
		return BEAT_MS;
	}
	l->nr_quiet++;
	if (!READ_ONCE(hba->handles.nr_used) && l->nr_quiet % IDLE_BEATS)
		return BEAT_MS;
	isp_life_mbox_setup(hba, ISP_MBOX_NOP, 1, BEAT_TIMEOUT_MS);
	return isp_life_mbox(hba);
}

static int state_ready(struct isp_hba *hba)
{
	hba->life.nr_faults = 0;
	if (roles_differ(hba)) {
		enter(hba, ISP_HBA_RESET, "roles change");
		return ISP_LIFE_AGAIN;
	}
	tell_started(hba);
	return heartbeat(hba);
}

static void begin_pause(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	u32 pause = FAULT_PAUSE_MS << min(l->nr_faults, 10U);
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		isp_hba_role_waits(&hba->chan[i], -EIO, false);
	l->nr_faults++;
	l->until = jiffies +
		   msecs_to_jiffies(min_t(u32, pause, FAULT_PAUSE_MAX_MS));
	/* isp_hba_is_suspended() may look now. */
	WRITE_ONCE(l->phase, 1);
}

static int state_fault(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	int ret;

	if (!l->phase) {
		ret = quiesce(hba);
		if (ret)
			return ret;
		begin_pause(hba);
	}
	/* Who turns a role off need not wait for the recovery. */
	tell_stopped(hba);
	if (READ_ONCE(l->hold))
		return ISP_LIFE_SLEEP;
	if (time_before(jiffies, l->until))
		return jiffies_to_msecs(l->until - jiffies) + 1;
	enter(hba, ISP_HBA_RESET, "recovery");
	return ISP_LIFE_AGAIN;
}

/* Stop wanted: leave the chip silent, whatever it was doing. */
static int go_down(struct isp_hba *hba)
{
	unsigned int i;
	int ret;

	if (hba->state == ISP_HBA_GONE)
		return ISP_LIFE_SLEEP;
	if (hba->life.go) {
		/* A card that has been pulled out is silent too. */
		ret = quiesce(hba);
		if (ret)
			return ret;
	}
	tell_stopped(hba);
	enter(hba, ISP_HBA_GONE, "stop");
	/* All of them: from GONE on, nobody begins to wait. */
	for (i = 0; i < hba->nr_chans; i++)
		isp_hba_role_waits(&hba->chan[i], -ENODEV, true);
	return ISP_LIFE_SLEEP;
}

static bool take_fault(struct isp_hba *hba)
{
	unsigned long flags;
	bool fault;

	spin_lock_irqsave(&hba->lock, flags);
	fault = hba->fault_pending;
	hba->fault_pending = false;
	spin_unlock_irqrestore(&hba->lock, flags);
	return fault;
}

static int run_state(struct isp_hba *hba)
{
	static int (*const fn[])(struct isp_hba *) = {
		[ISP_HBA_OFF] = state_off,
		[ISP_HBA_RESET] = state_reset,
		[ISP_HBA_LOAD] = isp_fw_state_load,
		[ISP_HBA_START] = isp_fw_state_start,
		[ISP_HBA_QUERY] = isp_fw_state_query,
		[ISP_HBA_IDLE] = state_idle,
		[ISP_HBA_INIT] = state_init,
		[ISP_HBA_READY] = state_ready,
		[ISP_HBA_FAULT] = state_fault,
	};

	if (READ_ONCE(hba->stop))
		return go_down(hba);
	if (take_fault(hba)) {
		hba->stats.nr_fault++;
		enter(hba, ISP_HBA_FAULT, hba->why);
		return ISP_LIFE_AGAIN;
	}
	/*
	 * RESET and FAULT are what ends a mailbox that is never answered.
	 * Pairs with the release in mbox_done().
	 */
	if (smp_load_acquire(&hba->life.mbx_busy) &&
	    hba->state != ISP_HBA_RESET && hba->state != ISP_HBA_FAULT)
		return ISP_LIFE_SLEEP;
	return fn[hba->state](hba);
}

/**
 * isp_life_run() - Run the adapter's state machine until it has to wait.
 * @hba: the adapter
 *
 * Context: process (work), never in parallel with itself.
 */
void isp_life_run(struct isp_hba *hba)
{
	int ret;

	do {
		ret = run_state(hba);
	} while (ret == ISP_LIFE_AGAIN);
	if (ret > 0)
		queue_delayed_work(hba->wq, &hba->life.work,
				   msecs_to_jiffies(ret));
}
