// SPDX-License-Identifier: GPL-2.0
/* Life of a target port: engines, enable and disable, and core's calls. */
#include "isp_tgt.h"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/isp_hba.h"
#include "../core/isp_trace.h"

static const char *const port_state_names[] = {
#define X(id, name) [ISP_TPORT_##id] = name,
	ISP_TPORT_STATES(X)
#undef X
};

/**
 * isp_tport_state_name() - name of a port state
 * @state: the state
 *
 * Return: the name.
 */
const char *isp_tport_state_name(enum isp_tport_state state)
{
	return port_state_names[state];
}

/**
 * isp_tgt_port() - the target side of a channel
 * @chan: the channel
 *
 * Context: any.
 * Return: the port; NULL before attach and after detach of the role.
 */
struct isp_tport *isp_tgt_port(struct isp_chan *chan)
{
	return chan->role_priv[0];
}

static void port_state_locked(struct isp_tport *port,
			      enum isp_tport_state state, const char *why)
{
	lockdep_assert_held(&port->lock);
	isp_trace_tport_state(port->hba, port->chan->idx,
			      port_state_names[port->state],
			      port_state_names[state], why);
	port->state = state;
}

/* Call event() of an engine that cannot detach meanwhile. */
static void tell(struct isp_tport *port, struct isp_tgt_attach *att,
		 enum isp_tport_event ev, int err)
{
	unsigned long flags;

	att->ops->event(att->engine, ev, err);
	spin_lock_irqsave(&port->lock, flags);
	/* Locked: once the engine can leave, port->os may go too. */
	if (!--att->nr_calls && port->os)
		port->os->idle(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* Tell the owner, if there is one and the port is on. */
static void tell_owner(struct isp_tport *port, enum isp_tport_event ev)
{
	struct isp_tgt_attach *att = NULL;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->state == ISP_TPORT_ON)
		att = port->owner;
	if (att)
		att->nr_calls++;
	spin_unlock_irqrestore(&port->lock, flags);
	if (att)
		tell(port, att, ev, 0);
}

static struct isp_tgt_attach *find_engine_locked(struct isp_tport *port,
						 const void *engine)
{
	struct isp_tgt_attach *att;

	list_for_each_entry(att, &port->engines, node)
		if (att->engine == engine)
			return att;
	return NULL;
}

static bool ops_match(const struct isp_tport_engine_ops *ops)
{
	return ops->abi == ISP_TPORT_ABI && ops->size == sizeof(*ops) &&
	       ops->name && ops->event && ops->sess_new && ops->sess_gone &&
	       ops->cmd_new && ops->tmf_new && ops->cmd_data && ops->cmd_done;
}

/**
 * isp_tgt_attach() - isp_tport_ops.attach
 * @port:   the port
 * @ops:    up calls
 * @engine: their argument
 *
 * Context: process, may sleep.
 * Return: see isp_tport_ops.
 */
int isp_tgt_attach(struct isp_tport *port,
		   const struct isp_tport_engine_ops *ops, void *engine)
{
	struct isp_tgt_attach *att, *other;
	unsigned long flags;
	int err = 0;

	if (!ops_match(ops)) {
		dev_err(port->hba->dev,
			"engine refused: it is of another build than isp_mod\n");
		return -EPROTO;
	}
	att = kzalloc(sizeof(*att), GFP_KERNEL);
	if (!att)
		return -ENOMEM;
	att->ops = ops;
	att->engine = engine;
	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry(other, &port->engines, node)
		if (!strcmp(other->ops->name, ops->name))
			err = -EEXIST;
	if (!err)
		list_add_tail(&att->node, &port->engines);
	spin_unlock_irqrestore(&port->lock, flags);
	if (err)
		kfree(att);
	return err;
}

/**
 * isp_tgt_detach() - undo isp_tgt_attach() if nothing is under way
 * @port:   the port
 * @engine: the engine
 *
 * Context: any.
 * Return: 0; -EBUSY: the engine owns the port or is inside event(), try again
 *         after os->idle(); -ENOENT: it is not attached.
 */
int isp_tgt_detach(struct isp_tport *port, void *engine)
{
	struct isp_tgt_attach *att;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&port->lock, flags);
	att = find_engine_locked(port, engine);
	if (!att)
		err = -ENOENT;
	else if (port->owner == att || att->nr_calls)
		err = -EBUSY;
	else
		list_del(&att->node);
	spin_unlock_irqrestore(&port->lock, flags);
	if (!err)
		kfree(att);
	return err;
}

/* The claim ends; the event says why. */
static void off_work(struct work_struct *work)
{
	struct isp_tport *port = container_of(work, struct isp_tport, off);
	enum isp_tport_event ev = ISP_TPORT_EV_DISABLED;
	struct isp_tgt_attach *att;
	unsigned long flags;
	int err = port->stop_err;

	if (port->start_err) {
		ev = ISP_TPORT_EV_ENABLED;
		err = port->start_err;
	}
	cancel_delayed_work(&port->watch);
	isp_tgt_pool_drop(port);
	spin_lock_irqsave(&port->lock, flags);
	att = port->owner;
	port->owner = NULL;
	att->nr_calls++;
	port_state_locked(port, ISP_TPORT_OFF, "drained");
	spin_unlock_irqrestore(&port->lock, flags);
	if (port->os)
		port->os->release(att->ops);
	tell(port, att, ev, err);
}

/**
 * isp_tgt_drained_locked() - finish a disable if nothing is left to wait for
 * @port: the port
 *
 * Called whenever a session, command or notify has gone, before the lock is let
 * go: whoever has none of them any more must not touch the port afterwards.
 * Context: any, port->lock held.
 */
void isp_tgt_drained_locked(struct isp_tport *port)
{
	lockdep_assert_held(&port->lock);
	if (port->state != ISP_TPORT_DRAINING || port->nr_open ||
	    port->nr_notes || !list_empty(&port->sessions))
		return;
	port_state_locked(port, ISP_TPORT_ENDING, "drained");
	schedule_work(&port->off);
}

/*
 * The chip has forgotten every exchange and notify. What it holds of ours
 * comes back by itself; what waits for ring space is given up here.
 */
static void forget_exchanges(struct isp_tport *port)
{
	struct isp_tgt_note *note, *next_note;
	struct isp_tgt_cmd *cmd, *next;
	unsigned long flags;
	LIST_HEAD(unsent);

	spin_lock_irqsave(&port->lock, flags);
	port->epoch++;
	list_splice_init(&port->sendq, &unsent);
	list_for_each_entry(cmd, &unsent, send_node)
		cmd->queued = false;
	list_for_each_entry_safe(note, next_note, &port->ackq, node) {
		list_del_init(&note->node);
		isp_tgt_note_put_locked(port, note);
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	list_for_each_entry_safe(cmd, next, &unsent, send_node) {
		list_del_init(&cmd->send_node);
		isp_tgt_cmd_answered(cmd, ISP_CPL_RESET);
	}
}

static void role_stopped(struct isp_chan *chan, void *arg, int err)
{
	struct isp_tport *port = arg;
	unsigned long flags;

	forget_exchanges(port);
	isp_tgt_sess_lose_all(port, "disabled");
	spin_lock_irqsave(&port->lock, flags);
	port_state_locked(port, ISP_TPORT_DRAINING, "role is off");
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* Begin to end the target role; state is STOPPING. */
static void stop_role(struct isp_tport *port)
{
	if (isp_role_stop(port->chan, ISP_ROLE_TARGET, role_stopped, port))
		role_stopped(port->chan, port, 0);
}

static void role_started(struct isp_chan *chan, void *arg, int err)
{
	struct isp_tport *port = arg;
	struct isp_tgt_attach *att = NULL;
	unsigned long flags;
	bool failed = false;

	spin_lock_irqsave(&port->lock, flags);
	if (port->state == ISP_TPORT_STARTING) {
		if (err) {
			failed = true;
			port->start_err = err;
			port_state_locked(port, ISP_TPORT_STOPPING,
					  "start failed");
		} else {
			att = port->owner;
			att->nr_calls++;
			port_state_locked(port, ISP_TPORT_ON, "role is on");
		}
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (failed)
		stop_role(port);
	else if (att)
		tell(port, att, ISP_TPORT_EV_ENABLED, 0);
}

static int claim_locked(struct isp_tport *port, struct isp_tgt_attach *att)
{
	if (!att)
		return -ENODEV;
	if (port->owner && port->owner != att) {
		dev_err(port->hba->dev,
			"channel %u: enable by %s refused, %s owns it; disable it there first\n",
			port->chan->idx, att->ops->name,
			port->owner->ops->name);
		return -EBUSY;
	}
	if (port->state == ISP_TPORT_ON || port->state == ISP_TPORT_STARTING)
		return -EALREADY;
	if (port->state != ISP_TPORT_OFF)
		return -EBUSY;
	port->owner = att;
	port->start_err = 0;
	port->stop_err = 0;
	port_state_locked(port, ISP_TPORT_STARTING, "enable");
	return 0;
}

static void unclaim(struct isp_tport *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->owner = NULL;
	port_state_locked(port, ISP_TPORT_OFF, "enable failed");
	spin_unlock_irqrestore(&port->lock, flags);
}

/**
 * isp_tgt_enable() - isp_tport_ops.enable
 * @port:   the port
 * @engine: who wants it
 *
 * Context: process, may sleep.
 * Return: see isp_tport_ops.
 */
int isp_tgt_enable(struct isp_tport *port, void *engine)
{
	struct isp_tgt_attach *att;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&port->lock, flags);
	att = find_engine_locked(port, engine);
	err = claim_locked(port, att);
	spin_unlock_irqrestore(&port->lock, flags);
	if (err)
		return err;
	if (port->os && !port->os->claim(att->ops)) {
		err = -ENODEV;
		goto err_unclaim;
	}
	err = isp_tgt_pool_fill(port, att->ops->cmd_priv_size);
	if (err)
		goto err_release;
	schedule_delayed_work(&port->watch, msecs_to_jiffies(ISP_TGT_WATCH_MS));
	err = isp_role_start(port->chan, ISP_ROLE_TARGET, role_started, port);
	if (err)
		goto err_drop;
	return 0;

err_drop:
	cancel_delayed_work(&port->watch);
	isp_tgt_pool_drop(port);
err_release:
	if (port->os)
		port->os->release(att->ops);
err_unclaim:
	unclaim(port);
	return err;
}

/**
 * isp_tgt_disable() - isp_tport_ops.disable
 * @port:   the port
 * @engine: its owner
 *
 * Context: any.
 * Return: see isp_tport_ops.
 */
int isp_tgt_disable(struct isp_tport *port, void *engine)
{
	unsigned long flags;
	int err = -EALREADY;

	spin_lock_irqsave(&port->lock, flags);
	if (port->owner && port->owner->engine == engine &&
	    (port->state == ISP_TPORT_ON ||
	     port->state == ISP_TPORT_STARTING)) {
		port_state_locked(port, ISP_TPORT_STOPPING, "disable");
		err = 0;
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (!err)
		stop_role(port);
	return err;
}

/**
 * isp_tgt_get_info() - isp_tport_ops.get_info
 * @port: the port
 * @info: to be filled
 *
 * Context: any.
 * Return: 0.
 */
int isp_tgt_get_info(struct isp_tport *port, struct isp_tport_info *info)
{
	struct isp_chan *chan = port->chan;
	unsigned long flags;

	memset(info, 0, sizeof(*info));
	info->bus = port->hba->chip->caps & ISP_CAP_FC ? ISP_TPORT_FC :
							 ISP_TPORT_SPI;
	info->wwpn = chan->wwpn;
	info->wwnn = chan->wwnn;
	info->port_id = chan->port_id;
	info->link_up = chan->link == ISP_LINK_UP;
	info->speed_mbps = chan->speed_gbps * 1000;
	info->max_sg = ISP_TGT_MAX_SG;
	info->hba_name = dev_name(port->hba->dev);
	info->host_no = port->hba->no;
	info->unit = port->hba->unit;
	info->devid = port->hba->devid;
	info->chan = chan->idx;
	spin_lock_irqsave(&port->lock, flags);
	info->enabled = port->state == ISP_TPORT_ON;
	if (port->owner)
		strscpy(info->owner, port->owner->ops->name,
			sizeof(info->owner));
	spin_unlock_irqrestore(&port->lock, flags);
	return 0;
}

/**
 * isp_tgt_dma_device() - isp_tport_ops.dma_device
 * @port: the port
 *
 * Context: any.
 * Return: the adapter's device.
 */
struct device *isp_tgt_dma_device(struct isp_tport *port)
{
	return port->hba->dev;
}

/* Where nothing sleeps: the engine has disabled the port before. */
static void tport_detach(struct isp_tport *port, void *engine)
{
	WARN_ON_ONCE(isp_tgt_detach(port, engine));
}

/**
 * isp_tgt_plug() - isp_tport_ops.plug
 * @port: the port
 *
 * Context: any.
 */
void isp_tgt_plug(struct isp_tport *port)
{
	atomic_inc(&port->plugs);
}

/**
 * isp_tgt_unplug() - isp_tport_ops.unplug
 * @port: the port
 *
 * Context: any.
 */
void isp_tgt_unplug(struct isp_tport *port)
{
	/* Full barrier inside; pairs with isp_tgt_bell(). */
	if (atomic_dec_and_test(&port->plugs))
		isp_ring_doorbell(port->hba);
}

const struct isp_tport_ops isp_tgt_tport_ops =
	ISP_TGT_TPORT_OPS(NULL, tport_detach);

/* Deadlines: what the chip has not returned, and logins not answered. */
static void watch_work(struct work_struct *work)
{
	struct isp_tport *port =
		container_of(to_delayed_work(work), struct isp_tport, watch);
	unsigned long chip_limit = msecs_to_jiffies(ISP_TGT_CHIP_MS);
	unsigned long prli_limit = msecs_to_jiffies(ISP_TGT_PRLI_MS);
	struct isp_tgt_note *note, *next;
	struct isp_tgt_sess *sess;
	struct isp_tgt_cmd *cmd;
	bool stuck = false, on;
	unsigned long flags;
	LIST_HEAD(late);

	spin_lock_irqsave(&port->lock, flags);
	on = port->owner;
	list_for_each_entry(cmd, &port->open, open_node)
		if (cmd->nr_cpl && time_after(jiffies, cmd->since + chip_limit))
			stuck = true;
	list_for_each_entry(sess, &port->sessions, node) {
		if (!sess->prli ||
		    !time_after(jiffies, sess->prli->since + prli_limit))
			continue;
		list_add_tail(&sess->prli->node, &late);
		sess->prli = NULL;
	}
	spin_unlock_irqrestore(&port->lock, flags);

	/* Let them in: their commands wait for the engine. */
	list_for_each_entry_safe(note, next, &late, node) {
		list_del_init(&note->node);
		isp_tgt_ack(port, note, false);
	}
	if (stuck)
		isp_hba_fault(port->hba, "a target entry is overdue");
	if (on)
		schedule_delayed_work(&port->watch,
				      msecs_to_jiffies(ISP_TGT_WATCH_MS));
}

static struct isp_tport *port_alloc(struct isp_chan *chan)
{
	struct isp_tport *port;
	int i;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return NULL;
	port->chan = chan;
	port->hba = chan->hba;
	spin_lock_init(&port->lock);
	INIT_LIST_HEAD(&port->engines);
	INIT_LIST_HEAD(&port->sessions);
	for (i = 0; i < ISP_TGT_HASH; i++)
		INIT_LIST_HEAD(&port->hash[i]);
	INIT_LIST_HEAD(&port->free);
	INIT_LIST_HEAD(&port->open);
	INIT_LIST_HEAD(&port->notes);
	INIT_LIST_HEAD(&port->sendq);
	INIT_LIST_HEAD(&port->ackq);
	INIT_LIST_HEAD(&port->parked);
	atomic_set(&port->plugs, 0);
	INIT_WORK(&port->flush, isp_tgt_flush_work);
	INIT_WORK(&port->off, off_work);
	INIT_DELAYED_WORK(&port->park, isp_tgt_park_work);
	INIT_DELAYED_WORK(&port->watch, watch_work);
	return port;
}

static void role_detach(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++) {
		struct isp_tport *port = isp_tgt_port(&hba->chan[i]);

		if (!port)
			continue;
		WARN_ON_ONCE(port->owner || !list_empty(&port->engines));
		flush_work(&port->off);
		cancel_work_sync(&port->flush);
		cancel_delayed_work_sync(&port->park);
		cancel_delayed_work_sync(&port->watch);
		hba->chan[i].role_priv[0] = NULL;
		kfree(port);
	}
}

static int role_attach(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++) {
		struct isp_tport *port = port_alloc(&hba->chan[i]);

		if (!port) {
			role_detach(hba);
			return -ENOMEM;
		}
		hba->chan[i].role_priv[0] = port;
	}
	return 0;
}

static void role_atio(struct isp_chan *chan, const struct isp_atio *atio)
{
	isp_tgt_cmd_atio(isp_tgt_port(chan), atio);
}

static void role_notify(struct isp_chan *chan, const struct isp_notify *notify)
{
	isp_tgt_notify(isp_tgt_port(chan), notify);
}

static void role_abts(struct isp_chan *chan, const struct isp_abts *abts)
{
	isp_tgt_abts(isp_tgt_port(chan), abts);
}

static void role_ctio_done(struct isp_hba *hba, void *owner,
			   const struct isp_ctio_done *done)
{
	isp_tgt_cmd_answered(owner, done->cpl);
}

static void role_abts_done(struct isp_hba *hba, void *owner, enum isp_cpl cpl)
{
	isp_tgt_cmd_answered(owner, cpl);
}

static struct isp_tport *note_port(struct isp_hba *hba,
				   const struct isp_tgt_note *note)
{
	/* Without channels to tell apart, a notify's port is the first. */
	return isp_tgt_port(&hba->chan[note->notify.vp_idx % hba->nr_chans]);
}

static void note_end(struct isp_tport *port, struct isp_tgt_note *note)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	isp_tgt_note_put_locked(port, note);
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void role_ack_done(struct isp_hba *hba, void *owner, enum isp_cpl cpl)
{
	struct isp_tgt_note *note = owner;
	struct isp_tport *port = note_port(hba, note);

	isp_tgt_sess_acked(port, note);
	note_end(port, note);
}

/* A LOGO; however it ended, who was logged out is. */
static void role_logio_done(struct isp_hba *hba, void *owner, enum isp_cpl cpl)
{
	note_end(note_port(hba, owner), owner);
}

static void role_resolved(struct isp_chan *chan, u32 port_id, u64 wwpn,
			  u16 port_handle)
{
	isp_tgt_sess_resolved(isp_tgt_port(chan), port_id, wwpn, port_handle);
}

static void role_port_event(struct isp_chan *chan,
			    const struct isp_port_event *ev)
{
	if (ev->kind == ISP_PORT_EVENT_FOUND)
		return;
	isp_tgt_sess_lose(isp_tgt_port(chan), ev->wwpn, ISP_PORT_HANDLE_NONE, 0,
			  ev->kind == ISP_PORT_EVENT_GONE ? "port gone" :
							    "port moved");
}

static void role_link(struct isp_chan *chan, bool up)
{
	struct isp_tport *port = isp_tgt_port(chan);

	/* Logins do not outlive the link; who comes back logs in again. */
	if (!up)
		isp_tgt_sess_lose_all(port, "link down");
	tell_owner(port, up ? ISP_TPORT_EV_LINK_UP : ISP_TPORT_EV_LINK_DOWN);
}

static void role_ring_space(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		isp_tgt_retry(isp_tgt_port(&hba->chan[i]));
}

static void role_batch_begin(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		WRITE_ONCE(isp_tgt_port(&hba->chan[i])->in_batch, true);
}

static void role_batch_end(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++)
		WRITE_ONCE(isp_tgt_port(&hba->chan[i])->in_batch, false);
	/* Pairs with isp_tgt_bell(). */
	smp_mb();
	isp_ring_doorbell(hba);
}

static void role_fault(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++) {
		struct isp_tport *port = isp_tgt_port(&hba->chan[i]);

		forget_exchanges(port);
		isp_tgt_sess_lose_all(port, "adapter reset");
		tell_owner(port, ISP_TPORT_EV_FAULT);
	}
}

static void role_on(struct isp_chan *chan)
{
}

static void role_off(struct isp_chan *chan)
{
	forget_exchanges(isp_tgt_port(chan));
	isp_tgt_sess_lose_all(isp_tgt_port(chan), "role is off");
}

const struct isp_role_ops isp_tgt_role_ops = {
	.name = "target",
	.role = ISP_ROLE_TARGET,
	.attach = role_attach,
	.detach = role_detach,
	.atio = role_atio,
	.notify = role_notify,
	.abts = role_abts,
	.ctio_done = role_ctio_done,
	.ack_done = role_ack_done,
	.abts_done = role_abts_done,
	.logio_done = role_logio_done,
	.resolved = role_resolved,
	.port_event = role_port_event,
	.link = role_link,
	.ring_space = role_ring_space,
	.batch_begin = role_batch_begin,
	.batch_end = role_batch_end,
	.fault = role_fault,
	.started = role_on,
	.stopped = role_off,
};
