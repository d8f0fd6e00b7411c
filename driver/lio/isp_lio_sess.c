// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions: isp_mod announces and loses them in any context, the core sets
 * them up and takes them down asleep; one work item each way bridges that.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "isp_lio.h"

static void sess_release(struct kref *ref)
{
	kfree(container_of(ref, struct isp_lio_sess, ref));
}

static void sess_start(struct work_struct *work)
{
	struct isp_lio_sess *sess =
		container_of(work, struct isp_lio_sess, start);
	const struct isp_tport_ops *ops = sess->port->ops;
	struct isp_tport_sess *tsess = sess->sess;
	struct se_session *se_sess;
	int err;

	se_sess = target_setup_session(&sess->port->tpg->se_tpg, 0, 0,
				       TARGET_PROT_NORMAL, sess->name, sess,
				       NULL);
	if (!IS_ERR(se_sess)) {
		sess->se_sess = se_sess;
		ops->sess_ready(tsess, 0);
		return;
	}
	err = PTR_ERR(se_sess);
	dev_warn(sess->port->dev, "initiator %s refused: %s (%d)\n", sess->name,
		 err == -EACCES ? "no ACL and demo mode is off" :
				  "cannot set up a session",
		 err);
	tsess->engine_sess = NULL;
	kref_put(&sess->ref, sess_release);
	ops->sess_ready(tsess, err);
}

static void sess_stop(struct work_struct *work)
{
	struct isp_lio_sess *sess =
		container_of(work, struct isp_lio_sess, stop);
	const struct isp_tport_ops *ops = sess->port->ops;
	struct isp_tport_sess *tsess = sess->sess;

	target_stop_session(sess->se_sess);
	target_wait_for_sess_cmds(sess->se_sess);
	/* And for those in our lanes, which the core has not counted. */
	wait_var_event(&sess->nr_cmds, !atomic_read(&sess->nr_cmds));
	core_allocate_nexus_loss_ua(sess->se_sess->se_node_acl);
	target_remove_session(sess->se_sess);
	spin_lock_irq(&sess->lock);
	sess->sess = NULL;
	spin_unlock_irq(&sess->lock);
	tsess->engine_sess = NULL;
	kref_put(&sess->ref, sess_release);
	ops->sess_closed(tsess);
}

/**
 * isp_lio_sess_new() - isp_mod has a new session
 * @tsess: its part
 *
 * Context: any.
 */
void isp_lio_sess_new(struct isp_tport_sess *tsess)
{
	struct isp_lio_port *port = tsess->engine;
	struct isp_lio_sess *sess;

	sess = kzalloc(sizeof(*sess), GFP_ATOMIC);
	if (!sess) {
		port->ops->sess_ready(tsess, -ENOMEM);
		return;
	}
	kref_init(&sess->ref);
	spin_lock_init(&sess->lock);
	INIT_LIST_HEAD(&sess->resets);
	sess->port = port;
	sess->sess = tsess;
	INIT_WORK(&sess->start, sess_start);
	INIT_WORK(&sess->stop, sess_stop);
	atomic_set(&sess->nr_cmds, 0);
	sess->port_id = tsess->port_id;
	isp_lio_wwn_format(sess->name, tsess->wwpn);
	tsess->engine_sess = sess;
	queue_work(isp_lio_sess_wq, &sess->start);
}

/**
 * isp_lio_sess_gone() - isp_mod has lost a session
 * @tsess: its part
 *
 * Context: any.
 */
void isp_lio_sess_gone(struct isp_tport_sess *tsess)
{
	struct isp_lio_sess *sess = tsess->engine_sess;

	queue_work(isp_lio_sess_wq, &sess->stop);
}

/**
 * isp_lio_sess_close() - the core wants a session ended: its ACL goes away
 * @se_sess: the core's part
 *
 * Context: process.
 */
void isp_lio_sess_close(struct se_session *se_sess)
{
	struct se_portal_group *se_tpg = READ_ONCE(se_sess->se_tpg);
	struct isp_lio_sess *sess;
	unsigned long flags;

	if (!se_tpg)
		return;
	spin_lock_irqsave(&se_tpg->session_lock, flags);
	sess = se_sess->fabric_sess_ptr;
	if (sess)
		kref_get(&sess->ref);
	spin_unlock_irqrestore(&se_tpg->session_lock, flags);
	if (!sess)
		return;
	spin_lock_irqsave(&sess->lock, flags);
	if (sess->sess)
		sess->port->ops->sess_drop(sess->sess);
	spin_unlock_irqrestore(&sess->lock, flags);
	kref_put(&sess->ref, sess_release);
}
