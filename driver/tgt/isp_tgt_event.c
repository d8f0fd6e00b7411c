// SPDX-License-Identifier: GPL-2.0
/* Notifies (logins, logouts, resets) and ABTS. */
#include "isp_tgt.h"

#include "../core/isp_hba.h"

/* Logins and logouts of one initiator; true: the ack is left to the session. */
static bool notify_els(struct isp_tport *port, const struct isp_notify *notify,
		       struct isp_tgt_note *note)
{
	switch (notify->els) {
	case ISP_ELS_PRLI:
		if (!(notify->prli_w3 & ISP_PRLI_INITIATOR))
			return false;
		isp_tgt_sess_login(port, notify, note);
		return true;
	case ISP_ELS_PLOGI:
		isp_tgt_sess_lose(port, notify->wwpn, notify->port_handle,
				  notify->port_id, "plogi");
		return false;
	case ISP_ELS_LOGO:
		isp_tgt_sess_lose(port, notify->wwpn, notify->port_handle,
				  notify->port_id, "logo");
		return false;
	case ISP_ELS_PRLO:
		isp_tgt_sess_lose(port, notify->wwpn, notify->port_handle,
				  notify->port_id, "prlo");
		return false;
	case ISP_ELS_TPRLO:
		isp_tgt_sess_lose_all(port, "tprlo");
		return false;
	default:
		/* PDISC, ADISC: who they are; the chip has compared. */
		return false;
	}
}

/* Something that concerns one port if it is named, else all of them. */
static void notify_lose(struct isp_tport *port, const struct isp_notify *notify,
			const char *why)
{
	if (notify->port_handle == ISP_PORT_HANDLE_NONE && !notify->port_id)
		isp_tgt_sess_lose_all(port, why);
	else
		isp_tgt_sess_lose(port, notify->wwpn, notify->port_handle,
				  notify->port_id, why);
}

/**
 * isp_tgt_notify() - the chip tells something and waits for an ack
 * @port:   the port
 * @notify: what; copied
 *
 * Context: any, no lock held.
 */
void isp_tgt_notify(struct isp_tport *port, const struct isp_notify *notify)
{
	struct isp_tgt_note *note;
	bool reject = false;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	note = isp_tgt_note_get_locked(port);
	if (note)
		note->notify = *notify;
	spin_unlock_irqrestore(&port->lock, flags);

	switch (notify->kind) {
	case ISP_NOTIFY_ELS:
		if (notify_els(port, notify, note))
			return;
		break;
	case ISP_NOTIFY_LIP_RESET:
		notify_lose(port, notify, "lip reset");
		break;
	case ISP_NOTIFY_PORT_LOGOUT:
		notify_lose(port, notify, "port logout");
		break;
	case ISP_NOTIFY_LINK_REINIT:
		/*
		 * A LIP: logins and exchanges stay unless a login says
		 * otherwise; a loss told now would fail the next command.
		 */
		break;
	case ISP_NOTIFY_GLOBAL_LOGO:
		isp_tgt_sess_lose_all(port, "global logo");
		break;
	case ISP_NOTIFY_GLOBAL_TPRLO:
		isp_tgt_sess_lose_all(port, "global tprlo");
		break;
	case ISP_NOTIFY_SRR:
		/* Retransmission is not offered: no FC tape in our PRLI. */
		reject = true;
		break;
	default:
		break;
	}
	if (note)
		isp_tgt_ack(port, note, reject);
	else
		isp_tgt_ack_plain(port, notify, reject);
}

static struct isp_tgt_cmd *abts_find_locked(struct isp_tport *port,
					    const struct isp_abts *abts)
{
	struct isp_tgt_cmd *cmd;

	if (abts->to_abort == ISP_EXCHANGE_NONE)
		return NULL;
	/* What is left of the time before a reset may have the same name. */
	list_for_each_entry(cmd, &port->open, open_node)
		if (cmd->exchange == abts->to_abort && !cmd->is_abts &&
		    cmd->port_id == abts->port_id &&
		    cmd->epoch == port->epoch && !cmd->dead && !cmd->sent)
			return cmd;
	return NULL;
}

static void abts_fill(struct isp_tgt_cmd *cmd, const struct isp_abts *abts)
{
	cmd->is_abts = true;
	cmd->abts = *abts;
	cmd->port_id = abts->port_id;
	cmd->port_handle = abts->port_handle;
	cmd->ox_id = abts->ox_id;
	cmd->attr = 0;
	cmd->pub.tmf = ISP_TPORT_TMF_ABORT_TASK;
	cmd->pub.cdb_len = 0;
	cmd->pub.attr = ISP_TPORT_SIMPLE;
	cmd->pub.dir = ISP_TPORT_DIR_NONE;
	cmd->pub.data_len = 0;
	memset(cmd->pub.lun, 0, sizeof(cmd->pub.lun));
	/* What the initiator gets unless something better is found. */
	cmd->rsp[0] = ISP_BA_RJT_LOGICAL_ERROR;
	cmd->rsp[1] = ISP_BA_RJT_EXPL_INVALID_ID;
}

/* No object for it: tell the initiator to try again. */
static void abts_no_room(struct isp_tport *port, const struct isp_abts *abts)
{
	struct isp_abts_rsp rsp = {
		.abts = abts,
		.reason = ISP_BA_RJT_UNABLE,
		.expl = ISP_BA_RJT_EXPL_NONE,
	};

	if (!isp_ring_send_abts_rsp(port->hba, &rsp, NULL))
		isp_tgt_bell(port, true);
}

/*
 * Answer an ABTS, or abort its command. False: there is no such command, and
 * as @final is not set nothing was done.
 */
static bool abts_decide(struct isp_tport *port, struct isp_tgt_cmd *cmd,
			bool final)
{
	struct isp_tgt_sess *sess = NULL;
	bool unseen = false, deliver = false;
	struct isp_tgt_cmd *victim = NULL;
	unsigned long flags;
	LIST_HEAD(cut);

	spin_lock_irqsave(&port->lock, flags);
	/* Since a reset the name that it gives is another command's. */
	if (cmd->epoch == port->epoch)
		victim = abts_find_locked(port, &cmd->abts);
	if (!victim && !final) {
		spin_unlock_irqrestore(&port->lock, flags);
		return false;
	}
	if (victim) {
		cmd->rsp[0] = 0;
		cmd->rsp[1] = 0;
		sess = victim->sess;
		/* Without a session it is being ended already. */
		unseen = sess && victim->state == ISP_CMD_WAIT;
	}
	if (unseen) {
		list_del_init(&victim->node);
		list_del_init(&victim->sess_node);
		victim->sess = NULL;
		sess->nr_cmds--;
		sess = NULL;
	} else if (victim) {
		isp_tgt_cmd_cut_locked(victim, &cut);
	}
	if (sess && sess->state == ISP_SESS_READY) {
		cmd->pub.ref_tag = victim->pub.tag;
		memcpy(cmd->pub.lun, victim->pub.lun, sizeof(cmd->pub.lun));
		deliver = isp_tgt_sess_append_locked(sess, cmd);
	} else {
		sess = NULL;
	}
	spin_unlock_irqrestore(&port->lock, flags);

	isp_tgt_cmd_cut_finish(&cut);
	if (unseen)
		isp_tgt_cmd_doom(victim, 0);
	if (!sess)
		isp_tgt_cmd_doom(cmd, 0);
	else if (deliver)
		isp_tgt_sess_deliver(sess);
	return true;
}

/**
 * isp_tgt_park_work() - decide on ABTS whose command was not found at once
 * @work: port->park
 *
 * Context: process (work).
 */
void isp_tgt_park_work(struct work_struct *work)
{
	struct isp_tport *port =
		container_of(to_delayed_work(work), struct isp_tport, park);
	struct isp_tgt_cmd *cmd, *next;
	unsigned long flags;
	LIST_HEAD(parked);

	spin_lock_irqsave(&port->lock, flags);
	list_splice_init(&port->parked, &parked);
	spin_unlock_irqrestore(&port->lock, flags);
	list_for_each_entry_safe(cmd, next, &parked, node) {
		list_del_init(&cmd->node);
		abts_decide(port, cmd, true);
	}
}

/**
 * isp_tgt_abts() - an initiator gives up an exchange
 * @port: the port
 * @abts: the ABTS; copied
 *
 * A command that the engine has is aborted through the engine, and answered
 * when that has ended; one that it has not seen yet ends here. A command that
 * nobody knows may be on the ATIO ring, in the hands of another CPU: the ABTS
 * is looked at again a little later and only then refused.
 * Context: any, no lock held.
 */
void isp_tgt_abts(struct isp_tport *port, const struct isp_abts *abts)
{
	struct isp_tgt_cmd *cmd;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->stats.nr_abts++;
	cmd = isp_tgt_cmd_get_locked(port, abts->exchange, abts->life);
	if (cmd)
		abts_fill(cmd, abts);
	spin_unlock_irqrestore(&port->lock, flags);
	if (!cmd) {
		abts_no_room(port, abts);
		return;
	}
	if (abts_decide(port, cmd, abts->to_abort == ISP_EXCHANGE_NONE))
		return;
	spin_lock_irqsave(&port->lock, flags);
	list_add_tail(&cmd->node, &port->parked);
	spin_unlock_irqrestore(&port->lock, flags);
	schedule_delayed_work(&port->park, msecs_to_jiffies(ISP_TGT_PARK_MS));
}
