// SPDX-License-Identifier: GPL-2.0
/*
 * A channel's link: events, address, name server.
 *
 * STATES
 * Interrupts only set event bits; one worker per channel acts on them. It has
 * one request at the chip at a time and walks the steps of isp_link.h:
 *
 *	IDLE -> STATE -> SPEED -> ID -+-> FABRIC -> SNS_LOGIN -> SCR -> RFT ->
 *	                              |   RFF -> RNN -> RSNN -> SCAN -> CHECK*
 *	                              +-> PEER_LOGIN (N_Port pair) ----> SETTLED
 *
 * SETTLED goes back to SCAN for a state change, to RESOLVE for a question of a
 * role, and to STATE when the address may have changed. Link down goes to IDLE
 * from everywhere. The link is FABRIC from ID on and UP in SETTLED.
 */
#include "isp_link.h"

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "../hw/isp_hw_mbox.h"
#include "isp_ct.h"
#include "isp_hba.h"
#include "isp_link_steps.h"
#include "isp_trace.h"

/* Deadlines, and pauses before something is asked again. */
#define IO_DEADLINE_MS 60000
#define STATE_POLL_MS 250
#define RETRY_MS 1000
#define LIP_TIMEOUT_MS 10000

static const char *const step_names[] = {
#define X(id, name) [ISP_STEP_##id] = name,
	ISP_LINK_STEPS(X)
#undef X
};

/**
 * isp_link_step_name() - Name of a step.
 * @step: the step
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_link_step_name(enum isp_link_step step)
{
	return step < ISP_NR_STEPS ? step_names[step] : "?";
}

/**
 * isp_topo_name() - Name of a topology, in the words of old.
 * @topo: the topology
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_topo_name(enum isp_topo topo)
{
	static const char *const names[] = {
		[ISP_TOPO_NONE] = "Unavailable",
		[ISP_TOPO_LOOP] = "Private Loop",
		[ISP_TOPO_FL] = "FL Port",
		[ISP_TOPO_N] = "N-Port to N-Port",
		[ISP_TOPO_F] = "F Port",
	};

	return topo < ARRAY_SIZE(names) ? names[topo] : "?";
}

/**
 * isp_link_kick() - Make the link worker look around.
 * @fab: of the channel
 *
 * Context: any.
 */
void isp_link_kick(struct isp_fabric *fab)
{
	mod_delayed_work(fab->chan->hba->wq, &fab->work, 0);
}

static void set_event(struct isp_chan *chan, enum isp_link_event ev)
{
	set_bit(ev, &chan->fabric->events);
	isp_link_kick(chan->fabric);
}

/* Once per change: a new look at the fabric is none. */
static void say_link(struct isp_chan *chan, enum isp_link_state to,
		     const char *why)
{
	struct isp_fabric *fab = chan->fabric;

	if (to == ISP_LINK_DOWN) {
		dev_info(chan->hba->dev, "link down: %s\n", why);
		fab->said_up = -1;
	} else if (to == ISP_LINK_UP && fab->said_up != chan->port_id) {
		dev_info(chan->hba->dev, "link up: %s, port id %06x, %u Gb/s\n",
			 isp_topo_name(chan->topo), chan->port_id,
			 chan->speed_gbps);
		fab->said_up = chan->port_id;
	}
}

static void tell_roles(struct isp_chan *chan, bool up)
{
	struct isp_hba *hba = chan->hba;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++)
		if (hba->role_ops[i] && chan->told & hba->role_ops[i]->role)
			hba->role_ops[i]->link(chan, up);
}

/**
 * isp_link_set() - Change a channel's link state and tell the roles.
 * @chan: the channel
 * @to:   the new state
 * @why:  for the log
 *
 * Context: process (link or life worker). Takes hba->lock, calls up without it.
 */
void isp_link_set(struct isp_chan *chan, enum isp_link_state to,
		  const char *why)
{
	struct isp_hba *hba = chan->hba;
	enum isp_link_state from;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	from = chan->link;
	chan->link = to;
	spin_unlock_irqrestore(&hba->lock, flags);
	if (from == to)
		return;
	isp_trace_link_state(hba, chan->idx, isp_link_state_name(from),
			     isp_link_state_name(to), why);
	say_link(chan, to, why);
	if (from == ISP_LINK_DOWN || to == ISP_LINK_DOWN)
		tell_roles(chan, to != ISP_LINK_DOWN);
	hba->os->state(hba);
}

/* The worker. */

static void go_step(struct isp_fabric *fab, enum isp_link_step to)
{
	if (fab->step != to)
		fab->tries = 0;
	fab->step = to;
	fab->sent = false;
	if (fab->busy)
		fab->drop = true;
}

static void link_down(struct isp_fabric *fab, const char *why)
{
	struct isp_chan *chan = fab->chan;

	go_step(fab, ISP_STEP_IDLE);
	fab->report_valid = false;
	chan->port_id = 0;
	chan->fabric_wwn = 0;
	chan->topo = ISP_TOPO_NONE;
	isp_portdb_link_down(chan);
	/* Late commands may have begun something since, which is void now. */
	if (chan->link == ISP_LINK_DOWN)
		tell_roles(chan, false);
	else
		isp_link_set(chan, ISP_LINK_DOWN, why);
}

/*
 * Down comes first: with it in isp_link_aen() goes what was said before. Both
 * are taken in one step, or an "up" behind a "down" that was not seen yet would
 * be taken for one before it.
 */
static void take_events(struct isp_fabric *fab)
{
	struct isp_hba *hba = fab->chan->hba;
	bool down, changed;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	down = test_and_clear_bit(ISP_LINK_EV_DOWN, &fab->events);
	changed = test_and_clear_bit(ISP_LINK_EV_CHANGED, &fab->events);
	spin_unlock_irqrestore(&hba->lock, flags);
	if (down)
		link_down(fab, "loss of signal or of the fabric");
	if (changed)
		go_step(fab, ISP_STEP_STATE);
}

/* True: there is more to do at once. */
static bool settled(struct isp_fabric *fab)
{
	struct isp_chan *chan = fab->chan;
	u32 port_id;

	isp_link_set(chan, ISP_LINK_UP, "settled");
	if (test_and_clear_bit(ISP_LINK_EV_RSCN, &fab->events) &&
	    chan->fabric_wwn) {
		go_step(fab, ISP_STEP_SCAN);
		return true;
	}
	clear_bit(ISP_LINK_EV_RESOLVE, &fab->events);
	/* Also those whose answer a change of the link has cut off. */
	if (isp_portdb_next_resolve(chan, &port_id)) {
		go_step(fab, ISP_STEP_RESOLVE);
		return true;
	}
	return false;
}

static void later(struct isp_fabric *fab, unsigned int ms)
{
	queue_delayed_work(fab->chan->hba->wq, &fab->work,
			   msecs_to_jiffies(ms));
}

/* The chip has deadlines of its own; this one is for a chip that forgot. */
static void check_deadline(struct isp_fabric *fab)
{
	if (time_after(jiffies,
		       fab->sent_at + msecs_to_jiffies(IO_DEADLINE_MS)))
		isp_hba_fault(fab->chan->hba,
			      "a login or name server entry never came back");
	else
		later(fab, IO_DEADLINE_MS / 2);
}

/* Take the answer to what was sent; true: go on. */
static bool take_answer(struct isp_fabric *fab)
{
	enum isp_link_step next;

	fab->sent = false;
	next = isp_link_steps[fab->step].done(fab, fab->err);
	if (next == ISP_STEP_AGAIN) {
		later(fab,
		      fab->step == ISP_STEP_STATE ? STATE_POLL_MS : RETRY_MS);
		return false;
	}
	go_step(fab, next);
	return true;
}

static bool send_request(struct isp_fabric *fab)
{
	int ret;

	fab->err = 0;
	fab->sent_at = jiffies;
	fab->sent = true;
	ret = isp_link_steps[fab->step].send(fab);
	if (!ret) {
		/* Pairs with the release in answered(). */
		if (!smp_load_acquire(&fab->busy))
			return true;
		later(fab, IO_DEADLINE_MS / 2);
		return false;
	}
	fab->sent = false;
	if (ret > 0) {
		go_step(fab, ISP_STEP_SETTLED);
		return true;
	}
	if (ret == -EAGAIN)
		later(fab, RETRY_MS);
	return false;
}

static void link_work(struct work_struct *work)
{
	struct isp_fabric *fab =
		container_of(to_delayed_work(work), struct isp_fabric, work);
	bool more = true;

	while (more && !fab->stopped) {
		take_events(fab);
		/* Pairs with the release in answered(). */
		if (smp_load_acquire(&fab->busy)) {
			check_deadline(fab);
			return;
		}
		if (fab->drop) {
			fab->drop = false;
			fab->sent = false;
		}
		if (fab->step == ISP_STEP_IDLE)
			return;
		if (fab->step == ISP_STEP_SETTLED)
			more = settled(fab);
		else if (fab->sent)
			more = take_answer(fab);
		else
			more = send_request(fab);
	}
}

/* What others call. */

/**
 * isp_link_init() - Make a channel's link machine.
 * @chan: the channel
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int isp_link_init(struct isp_chan *chan)
{
	struct isp_fabric *fab = kzalloc(sizeof(*fab), GFP_KERNEL);

	if (!fab)
		return -ENOMEM;
	fab->buf = dma_alloc_coherent(chan->hba->dev,
				      ISP_CT_REQ_SIZE + ISP_CT_RSP_SIZE,
				      &fab->dma, GFP_KERNEL);
	if (!fab->buf) {
		kfree(fab);
		return -ENOMEM;
	}
	fab->chan = chan;
	fab->said_up = -1;
	fab->stopped = true;
	fab->io.chan = chan;
	INIT_DELAYED_WORK(&fab->work, link_work);
	chan->fabric = fab;
	return 0;
}

/**
 * isp_link_exit() - Free what isp_link_init() made.
 * @chan: the channel; the adapter is GONE
 *
 * Context: process, may sleep.
 */
void isp_link_exit(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	cancel_delayed_work_sync(&fab->work);
	dma_free_coherent(chan->hba->dev, ISP_CT_REQ_SIZE + ISP_CT_RSP_SIZE,
			  fab->buf, fab->dma);
	kfree(fab);
	chan->fabric = NULL;
}

/**
 * isp_link_start() - The firmware is initialised: look after the link.
 * @chan: the channel
 *
 * Context: process (life worker).
 */
void isp_link_start(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	fab->stopped = false;
	fab->step = ISP_STEP_IDLE;
	fab->sent = false;
	fab->drop = false;
	/* Events may have come before the init mailbox was answered. */
	set_event(chan, ISP_LINK_EV_CHANGED);
}

/**
 * isp_link_stop() - The chip is reset: the link is down.
 * @chan: the channel
 *
 * Context: process (life worker); the work queue runs one item at a time, so
 * the link worker is not running.
 */
void isp_link_stop(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	if (!fab->stopped)
		link_down(fab, "adapter is reset");
	fab->stopped = true;
	fab->events = 0;
}

static void rscn(struct isp_chan *chan)
{
	set_event(chan, READ_ONCE(chan->link) == ISP_LINK_DOWN ?
				ISP_LINK_EV_CHANGED :
				ISP_LINK_EV_RSCN);
}

/**
 * isp_link_rescan() - Ask the name server again.
 * @chan: the channel
 *
 * Context: any.
 */
void isp_link_rescan(struct isp_chan *chan)
{
	rscn(chan);
}

/**
 * isp_link_resolve() - A question for the name server waits.
 * @chan: the channel
 *
 * Context: any.
 */
void isp_link_resolve(struct isp_chan *chan)
{
	set_event(chan, ISP_LINK_EV_RESOLVE);
}

/**
 * isp_link_lip_setup() - Prepare the mailbox that begins a LIP.
 * @chan: the channel
 * @mbx:  the caller's; set up without done()
 *
 * Where the light is out there may be a loop: the firmware decides.
 *
 * Context: any.
 * Return: 0; -ENOTCONN: no role is on; -EOPNOTSUPP: this is no loop.
 */
int isp_link_lip_setup(struct isp_chan *chan, struct isp_mbox *mbx)
{
	if (READ_ONCE(chan->hba->state) != ISP_HBA_READY)
		return -ENOTCONN;
	if (chan->topo == ISP_TOPO_F || chan->topo == ISP_TOPO_N)
		return -EOPNOTSUPP;
	isp_mbox_setup(mbx, ISP_MBOX_INIT_LIP, 1, LIP_TIMEOUT_MS, NULL);
	return 0;
}

static void bad_event(struct isp_hba *hba, const u16 *mb)
{
	switch (mb[0]) {
	case ISP_AEN_SYSTEM_ERROR:
		dev_err(hba->dev, "firmware crashed: %04x %04x %04x\n", mb[1],
			mb[2], mb[3]);
		isp_hba_fault(hba, "firmware crash");
		break;
	case ISP_AEN_REQ_XFER_ERROR:
	case ISP_AEN_RSP_XFER_ERROR:
	case ISP_AEN_ATIO_XFER_ERROR:
		isp_hba_fault(hba, "the chip cannot reach a ring");
		break;
	default:
		dev_dbg(hba->dev, "event %04x %04x %04x %04x\n", mb[0], mb[1],
			mb[2], mb[3]);
		break;
	}
}

/**
 * isp_link_aen() - An asynchronous event.
 * @hba: the adapter
 * @mb:  mailboxes 0 to 3
 *
 * Context: hardirq, no lock held.
 */
void isp_link_aen(struct isp_hba *hba, const u16 *mb)
{
	struct isp_chan *chan = &hba->chan[0];
	unsigned long flags;

	switch (mb[0]) {
	case ISP_AEN_LOOP_UP:
		chan->fabric->speed_code = mb[1];
		set_event(chan, ISP_LINK_EV_CHANGED);
		break;
	case ISP_AEN_POINT_TO_POINT:
	case ISP_AEN_CONNECTION_CHANGE:
	case ISP_AEN_LIP_RESET:
		set_event(chan, ISP_LINK_EV_CHANGED);
		break;
	case ISP_AEN_LOOP_DOWN:
	case ISP_AEN_LOOP_INIT_ERROR:
		/* What was said before about being up is history. */
		spin_lock_irqsave(&hba->lock, flags);
		clear_bit(ISP_LINK_EV_CHANGED, &chan->fabric->events);
		set_bit(ISP_LINK_EV_DOWN, &chan->fabric->events);
		spin_unlock_irqrestore(&hba->lock, flags);
		isp_link_kick(chan->fabric);
		break;
	case ISP_AEN_PORT_UPDATE:
	case ISP_AEN_RSCN:
		rscn(chan);
		break;
	default:
		bad_event(hba, mb);
		break;
	}
}

/**
 * isp_link_vp_report() - The firmware acquired or lost an address.
 * @chan: the channel
 * @vp:   the report
 *
 * Context: any, no lock held.
 */
void isp_link_vp_report(struct isp_chan *chan, const struct isp_vp_report *vp)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->hba->lock, flags);
	chan->fabric->report = *vp;
	chan->fabric->report_valid = vp->ok;
	spin_unlock_irqrestore(&chan->hba->lock, flags);
	set_event(chan, vp->ok ? ISP_LINK_EV_CHANGED : ISP_LINK_EV_DOWN);
}
