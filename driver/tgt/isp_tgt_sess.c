// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions: from PRLI, or from the first command of an unknown initiator.
 *
 * Commands wait in their own session until the engine has accepted it, so an
 * initiator that is new, slow or unwanted holds up nobody else. Delivery is
 * one at a time per session (sess->delivering), which keeps arrival order and
 * makes sure that the engine hears of no command after sess_gone().
 */
#include "isp_tgt.h"

#include <linux/bug.h>
#include <linux/slab.h>

#include "../core/isp_hba.h"
#include "../core/isp_portdb.h"
#include "../core/isp_ring.h"
#include "../core/isp_trace.h"

#define SAM_BUSY 0x08

static const char *const sess_state_names[] = {
#define X(id, name) [ISP_SESS_##id] = name,
	ISP_SESS_STATES(X)
#undef X
};

/**
 * struct lost - what is to be done, unlocked, for sessions that were lost
 * @gone:  sessions to tell the engine about, by todo
 * @doomed: commands to end, by node
 * @cut:   commands whose chip side was given up, by node
 * @notes: PRLIs to refuse, by node
 */
struct lost {
	struct list_head gone;
	struct list_head doomed;
	struct list_head cut;
	struct list_head notes;
};

static struct isp_tgt_sess *to_sess(struct isp_tport_sess *pub)
{
	return container_of(pub, struct isp_tgt_sess, pub);
}

/**
 * isp_sess_state_name() - name of a session state
 * @state: the state
 *
 * Return: the name.
 */
const char *isp_sess_state_name(enum isp_sess_state state)
{
	return sess_state_names[state];
}

static void sess_state_locked(struct isp_tgt_sess *sess,
			      enum isp_sess_state state, const char *why)
{
	isp_trace_sess_state(sess->port->hba, sess->port->chan->idx,
			     sess->pub.wwpn, sess_state_names[sess->state],
			     sess_state_names[state], why);
	sess->state = state;
}

static struct list_head *hash_of(struct isp_tport *port, u32 port_id)
{
	/* The area and the address in it differ most. */
	return &port->hash[(port_id ^ port_id >> 8) % ISP_TGT_HASH];
}

/**
 * isp_tgt_sess_find_locked() - the session that a command belongs to
 * @port:    the port
 * @port_id: S_ID
 *
 * Context: any, port->lock held.
 * Return: the session, or NULL.
 */
struct isp_tgt_sess *isp_tgt_sess_find_locked(struct isp_tport *port,
					      u32 port_id)
{
	struct isp_tgt_sess *sess;

	lockdep_assert_held(&port->lock);
	list_for_each_entry(sess, hash_of(port, port_id), hash)
		if (sess->pub.port_id == port_id)
			return sess;
	return NULL;
}

static struct isp_tgt_sess *sess_create_locked(struct isp_tport *port,
					       u32 port_id, const char *why)
{
	struct isp_tgt_sess *sess;

	sess = kzalloc(sizeof(*sess), GFP_ATOMIC);
	if (!sess)
		return NULL;
	sess->port = port;
	sess->pub.port = port;
	sess->pub.port_id = port_id;
	sess->pub.engine = port->owner->engine;
	sess->port_handle = ISP_PORT_HANDLE_NONE;
	INIT_LIST_HEAD(&sess->wait);
	INIT_LIST_HEAD(&sess->cmds);
	INIT_LIST_HEAD(&sess->todo);
	list_add_tail(&sess->node, &port->sessions);
	list_add_tail(&sess->hash, hash_of(port, port_id));
	sess->state = ISP_SESS_RESOLVE;
	isp_trace_sess_state(port->hba, port->chan->idx, 0, "none",
			     sess_state_names[sess->state], why);
	return sess;
}

/* A session nobody refers to any more; port->lock held. */
static void sess_free_locked(struct isp_tgt_sess *sess, const char *why)
{
	sess_state_locked(sess, ISP_SESS_FREED, why);
	list_del_init(&sess->hash);
	list_del(&sess->node);
	kfree(sess);
}

/**
 * isp_tgt_sess_first_locked() - find or make the session of a command
 * @port:    the port, owned by an engine
 * @port_id: S_ID
 * @resolve: set if it is new: isp_tgt_sess_begin() is due after unlocking
 *
 * Context: any, port->lock held.
 * Return: the session; NULL: out of memory.
 */
struct isp_tgt_sess *isp_tgt_sess_first_locked(struct isp_tport *port,
					       u32 port_id, bool *resolve)
{
	struct isp_tgt_sess *sess;

	sess = isp_tgt_sess_find_locked(port, port_id);
	if (sess)
		return sess;
	sess = sess_create_locked(port, port_id, "first command");
	*resolve = sess;
	return sess;
}

/**
 * isp_tgt_sess_append_locked() - queue a command to its session
 * @sess: the session
 * @cmd:  command in state WAIT
 *
 * Context: any, port->lock held.
 * Return: true: the caller must call isp_tgt_sess_deliver() after unlocking.
 */
bool isp_tgt_sess_append_locked(struct isp_tgt_sess *sess,
				struct isp_tgt_cmd *cmd)
{
	lockdep_assert_held(&sess->port->lock);
	cmd->sess = sess;
	cmd->pub.sess = &sess->pub;
	cmd->port_handle = sess->port_handle;
	list_add_tail(&cmd->sess_node, &sess->cmds);
	list_add_tail(&cmd->node, &sess->wait);
	sess->nr_cmds++;
	if (sess->state != ISP_SESS_READY || sess->delivering || sess->acked)
		return false;
	sess->delivering = true;
	return true;
}

/*
 * A LUN RESET waits until the commands it hits have ended. Those that wait for
 * data may wait for ever, their initiator sees no reason to send it; those for
 * which the engine has not asked for any get none.
 */
static void deliver_lun_reset(struct isp_tport *port,
			      const struct isp_tgt_cmd *tmf)
{
	struct isp_tgt_cmd *cmd;
	unsigned long flags;
	LIST_HEAD(cut);

	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry(cmd, &port->open, open_node) {
		if (memcmp(cmd->pub.lun, tmf->pub.lun, sizeof(tmf->pub.lun)))
			continue;
		if (cmd->state == ISP_CMD_ENGINE)
			cmd->no_data = true;
		else if (cmd->state == ISP_CMD_DATA)
			isp_tgt_cmd_cut_locked(cmd, &cut);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	isp_tgt_cmd_cut_finish(&cut);
}

static void deliver_one(struct isp_tport *port, struct isp_tgt_cmd *cmd)
{
	const struct isp_tport_engine_ops *up = port->owner->ops;

	if (cmd->pub.tmf == ISP_TPORT_TMF_NONE) {
		up->cmd_new(&cmd->pub);
		return;
	}
	if (cmd->pub.tmf == ISP_TPORT_TMF_LUN_RESET)
		deliver_lun_reset(port, cmd);
	up->tmf_new(&cmd->pub);
}

/**
 * isp_tgt_sess_deliver() - hand a session's commands to the engine
 * @sess: session whose delivering flag the caller has set
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_deliver(struct isp_tgt_sess *sess)
{
	struct isp_tport *port = sess->port;
	struct isp_tgt_cmd *cmd;
	unsigned long flags;
	bool gone;

	for (;;) {
		spin_lock_irqsave(&port->lock, flags);
		cmd = list_first_entry_or_null(&sess->wait, struct isp_tgt_cmd,
					       node);
		if (!cmd)
			break;
		list_del_init(&cmd->node);
		cmd->port_handle = sess->port_handle;
		isp_tgt_cmd_state_locked(cmd, ISP_CMD_ENGINE);
		spin_unlock_irqrestore(&port->lock, flags);
		deliver_one(port, cmd);
	}
	sess->delivering = false;
	gone = sess->gone_due;
	sess->gone_due = false;
	spin_unlock_irqrestore(&port->lock, flags);
	if (gone)
		port->owner->ops->sess_gone(&sess->pub);
}

/* Has the nexus ended, whether or not the engine is through with it? */
static bool sess_is_lost(const struct isp_tgt_sess *sess)
{
	return sess->state == ISP_SESS_LOST || sess->state == ISP_SESS_CLOSING;
}

/* Is another session of this initiator still being closed? */
static bool sess_is_closing_locked(struct isp_tport *port, u64 wwpn)
{
	struct isp_tgt_sess *sess;

	list_for_each_entry(sess, &port->sessions, node)
		if (sess->pub.wwpn == wwpn && sess_is_lost(sess))
			return true;
	return false;
}

/* A session's initiator is known; true: sess_new() is due after unlocking. */
static bool sess_known_locked(struct isp_tgt_sess *sess, u64 wwpn, u64 wwnn,
			      u16 port_handle, const char *why)
{
	bool hold = sess_is_closing_locked(sess->port, wwpn);

	sess->pub.wwpn = wwpn;
	sess->pub.wwnn = wwnn;
	sess->port_handle = port_handle;
	sess_state_locked(sess, hold ? ISP_SESS_HOLD : ISP_SESS_NEW, why);
	return !hold;
}

static void lost_init(struct lost *lost)
{
	INIT_LIST_HEAD(&lost->gone);
	INIT_LIST_HEAD(&lost->doomed);
	INIT_LIST_HEAD(&lost->cut);
	INIT_LIST_HEAD(&lost->notes);
}

static void doom_waiting_locked(struct isp_tgt_sess *sess,
				struct list_head *doomed)
{
	struct isp_tgt_cmd *cmd;

	list_for_each_entry(cmd, &sess->wait, node) {
		list_del_init(&cmd->sess_node);
		cmd->port_handle = sess->port_handle;
		cmd->sess = NULL;
		sess->nr_cmds--;
	}
	list_splice_tail_init(&sess->wait, doomed);
}

static void sess_lose_locked(struct isp_tgt_sess *sess, struct lost *lost,
			     const char *why)
{
	struct isp_tgt_cmd *cmd;

	if (sess_is_lost(sess))
		return;
	list_del_init(&sess->hash);
	doom_waiting_locked(sess, &lost->doomed);
	if (sess->prli)
		list_add_tail(&sess->prli->node, &lost->notes);
	sess->prli = NULL;
	sess->acked = NULL;
	if (sess->state == ISP_SESS_NEW) {
		sess_state_locked(sess, ISP_SESS_LOST, why);
		return;
	}
	if (sess->state != ISP_SESS_READY) {
		sess_free_locked(sess, why);
		return;
	}
	list_for_each_entry(cmd, &sess->cmds, sess_node)
		isp_tgt_cmd_cut_locked(cmd, &lost->cut);
	sess_state_locked(sess, ISP_SESS_CLOSING, why);
	if (sess->delivering)
		sess->gone_due = true;
	else
		list_add_tail(&sess->todo, &lost->gone);
}

static void lost_finish(struct isp_tport *port, struct lost *lost, u8 status)
{
	struct isp_tgt_note *note, *next_note;
	struct isp_tgt_sess *sess, *next_sess;
	struct isp_tgt_cmd *cmd, *next_cmd;

	list_for_each_entry_safe(note, next_note, &lost->notes, node) {
		list_del_init(&note->node);
		isp_tgt_ack(port, note, true);
	}
	list_for_each_entry_safe(cmd, next_cmd, &lost->doomed, node) {
		list_del_init(&cmd->node);
		isp_tgt_cmd_doom(cmd, status);
	}
	isp_tgt_cmd_cut_finish(&lost->cut);
	list_for_each_entry_safe(sess, next_sess, &lost->gone, todo) {
		list_del_init(&sess->todo);
		port->owner->ops->sess_gone(&sess->pub);
	}
}

/**
 * isp_tgt_sess_lose() - the nexus to an initiator is lost
 * @port:        the port
 * @wwpn:        its name, 0 = not known
 * @port_handle: its N_Port handle, ISP_PORT_HANDLE_NONE = not known
 * @port_id:     its address, 0 = not known
 * @why:         for the trace
 *
 * Hits every session that one of the three names.
 * Context: any, no lock held.
 */
void isp_tgt_sess_lose(struct isp_tport *port, u64 wwpn, u16 port_handle,
		       u32 port_id, const char *why)
{
	struct isp_tgt_sess *sess, *next;
	unsigned long flags;
	struct lost lost;

	lost_init(&lost);
	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry_safe(sess, next, &port->sessions, node) {
		if ((wwpn && sess->pub.wwpn == wwpn) ||
		    (port_handle != ISP_PORT_HANDLE_NONE &&
		     sess->port_handle == port_handle) ||
		    (port_id && sess->pub.port_id == port_id))
			sess_lose_locked(sess, &lost, why);
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	lost_finish(port, &lost, 0);
}

/**
 * isp_tgt_sess_lose_all() - every nexus is lost
 * @port: the port
 * @why:  for the trace
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_lose_all(struct isp_tport *port, const char *why)
{
	struct isp_tgt_sess *sess, *next;
	unsigned long flags;
	struct lost lost;

	lost_init(&lost);
	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry_safe(sess, next, &port->sessions, node)
		sess_lose_locked(sess, &lost, why);
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	lost_finish(port, &lost, 0);
}

/**
 * isp_tgt_sess_login() - an initiator has sent PRLI
 * @port:   the port
 * @notify: the PRLI
 * @note:   its copy, to be acknowledged when the engine has answered; NULL: to
 *          be acknowledged at once
 *
 * What it had open before is lost, as FCP wants it [FCP-4 4.9, D].
 * Context: any, no lock held.
 */
void isp_tgt_sess_login(struct isp_tport *port, const struct isp_notify *notify,
			struct isp_tgt_note *note)
{
	struct isp_tgt_sess *sess = NULL;
	bool tell = false;
	unsigned long flags;

	isp_tgt_sess_lose(port, notify->wwpn, notify->port_handle,
			  notify->port_id, "prli");
	spin_lock_irqsave(&port->lock, flags);
	if (port->state == ISP_TPORT_ON || port->state == ISP_TPORT_STARTING)
		sess = sess_create_locked(port, notify->port_id, "prli");
	if (sess) {
		sess->prli = note;
		tell = sess_known_locked(sess, notify->wwpn, notify->wwnn,
					 notify->port_handle, "prli");
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (!note)
		isp_tgt_ack_plain(port, notify, !sess);
	else if (!sess)
		isp_tgt_ack(port, note, true);
	if (tell)
		port->owner->ops->sess_new(&sess->pub);
}

/**
 * isp_tgt_sess_resolved() - the port database has looked for an initiator
 * @port:        the port
 * @port_id:     address it looked for
 * @wwpn:        its name; 0: nobody is there
 * @port_handle: its N_Port handle
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_resolved(struct isp_tport *port, u32 port_id, u64 wwpn,
			   u16 port_handle)
{
	struct isp_tgt_sess *sess;
	unsigned long flags;
	struct lost lost;
	bool tell = false;

	lost_init(&lost);
	spin_lock_irqsave(&port->lock, flags);
	sess = isp_tgt_sess_find_locked(port, port_id);
	if (sess && sess->state == ISP_SESS_RESOLVE) {
		if (wwpn)
			tell = sess_known_locked(sess, wwpn, 0, port_handle,
						 "first command");
		else
			sess_lose_locked(sess, &lost, "nobody there");
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	lost_finish(port, &lost, 0);
	if (tell)
		port->owner->ops->sess_new(&sess->pub);
}

/**
 * isp_tgt_sess_begin() - find out who has sent a first command
 * @port:    the port
 * @port_id: S_ID
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_begin(struct isp_tport *port, u32 port_id)
{
	struct isp_port known;

	if (isp_portdb_by_id(port->chan, port_id, &known) &&
	    known.handle != ISP_PORT_HANDLE_NONE)
		isp_tgt_sess_resolved(port, port_id, known.wwpn, known.handle);
	else if (isp_portdb_resolve(port->chan, port_id))
		isp_tgt_sess_resolved(port, port_id, 0, ISP_PORT_HANDLE_NONE);
}

/* The engine has no use for this session: the initiator is turned away. */
static void sess_refuse_locked(struct isp_tgt_sess *sess, struct lost *lost)
{
	doom_waiting_locked(sess, &lost->doomed);
	if (sess->prli)
		list_add_tail(&sess->prli->node, &lost->notes);
	sess_free_locked(sess, "engine refused");
}

/* Whoever was on hold for this initiator may start; NULL: nobody. */
static struct isp_tgt_sess *sess_unhold_locked(struct isp_tport *port, u64 wwpn)
{
	struct isp_tgt_sess *sess;

	if (sess_is_closing_locked(port, wwpn))
		return NULL;
	list_for_each_entry(sess, &port->sessions, node) {
		if (sess->pub.wwpn == wwpn && sess->state == ISP_SESS_HOLD) {
			sess_state_locked(sess, ISP_SESS_NEW, "old one closed");
			return sess;
		}
	}
	return NULL;
}

/**
 * isp_tgt_sess_ready() - isp_tport_ops.sess_ready
 * @pub: the session
 * @err: the engine's answer
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_ready(struct isp_tport_sess *pub, int err)
{
	struct isp_tgt_sess *sess = to_sess(pub), *held = NULL;
	struct isp_tport *port = sess->port;
	struct isp_tgt_note *note = NULL;
	u64 wwpn = pub->wwpn;
	unsigned long flags;
	bool deliver = false;
	struct lost lost;

	lost_init(&lost);
	spin_lock_irqsave(&port->lock, flags);
	if (err) {
		sess_refuse_locked(sess, &lost);
		held = sess_unhold_locked(port, wwpn);
	} else if (sess->state == ISP_SESS_LOST) {
		sess_state_locked(sess, ISP_SESS_CLOSING, "lost before ready");
		list_add_tail(&sess->todo, &lost.gone);
	} else {
		sess_state_locked(sess, ISP_SESS_READY, "engine accepted");
		note = sess->prli;
		sess->prli = NULL;
		sess->acked = note;
		sess->delivering = !note;
		deliver = !note;
	}
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	if (note)
		isp_tgt_ack(port, note, false);
	if (deliver)
		isp_tgt_sess_deliver(sess);
	lost_finish(port, &lost, err == -EACCES ? 0 : SAM_BUSY);
	if (held)
		port->owner->ops->sess_new(&held->pub);
}

/**
 * isp_tgt_sess_acked() - the chip is through with an acknowledged notify
 * @port: the port
 * @note: the notify
 *
 * If it was a PRLI, commands of its session flow from now on. Some firmware
 * takes a while for it, and logs out whoever is answered before.
 * Context: any, no lock held.
 */
void isp_tgt_sess_acked(struct isp_tport *port, const struct isp_tgt_note *note)
{
	struct isp_tgt_sess *sess, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry(sess, &port->sessions, node) {
		if (sess->acked != note)
			continue;
		sess->acked = NULL;
		if (sess->state == ISP_SESS_READY && !sess->delivering) {
			sess->delivering = true;
			found = sess;
		}
		break;
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (found)
		isp_tgt_sess_deliver(found);
}

/**
 * isp_tgt_sess_closed() - isp_tport_ops.sess_closed
 * @pub: the session
 *
 * Context: any, no lock held.
 */
void isp_tgt_sess_closed(struct isp_tport_sess *pub)
{
	struct isp_tgt_sess *sess = to_sess(pub), *held;
	struct isp_tport *port = sess->port;
	u64 wwpn = pub->wwpn;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (WARN_ON_ONCE(sess->state != ISP_SESS_CLOSING || sess->nr_cmds)) {
		spin_unlock_irqrestore(&port->lock, flags);
		return;
	}
	sess_free_locked(sess, "engine closed");
	held = sess_unhold_locked(port, wwpn);
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	if (held)
		port->owner->ops->sess_new(&held->pub);
}

/**
 * isp_tgt_sess_drop() - isp_tport_ops.sess_drop
 * @pub: the session
 *
 * A LOGO names two ports, not a session: it ends whatever login there is
 * between them [FC-LS-3 LOGO, D]. That of a lost session has ended; the one that
 * a LOGO would end may be the next, whose session waits until this one closes.
 * Context: any, no lock of ours held.
 */
void isp_tgt_sess_drop(struct isp_tport_sess *pub)
{
	struct isp_tgt_sess *sess = to_sess(pub);
	struct isp_tport *port = sess->port;
	struct isp_tgt_note *note;
	unsigned long flags;
	struct lost lost;

	lost_init(&lost);
	spin_lock_irqsave(&port->lock, flags);
	if (sess_is_lost(sess)) {
		spin_unlock_irqrestore(&port->lock, flags);
		return;
	}
	note = isp_tgt_note_get_locked(port);
	if (note) {
		note->logo = true;
		note->notify = (struct isp_notify){
			.port_handle = sess->port_handle,
			.port_id = pub->port_id,
			.vp_idx = port->chan->idx,
			/* A reset would have lost this session first. */
			.life = READ_ONCE(port->hba->ring[ISP_RING_REQ].life),
		};
	}
	sess_lose_locked(sess, &lost, "engine dropped it");
	isp_tgt_drained_locked(port);
	spin_unlock_irqrestore(&port->lock, flags);
	lost_finish(port, &lost, 0);
	if (note)
		isp_tgt_ack(port, note, false);
	else
		dev_warn(port->hba->dev,
			 "%06x is not logged out: too many notifies wait\n",
			 pub->port_id);
}
