// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions: isp_mod announces and loses them in any context, SCST sets them
 * up and takes them down asleep; one work item each way bridges that.
 *
 * A lost nexus needs no function of its own towards SCST: its session ends,
 * which aborts what is open, and the next one starts with a unit attention.
 */
#include "isp_scst.h"

#include <linux/device.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

static void sess_start(struct work_struct *work)
{
	struct isp_scst_sess *sess =
		container_of(work, struct isp_scst_sess, start);
	const struct isp_tport_ops *ops = sess->port->ops;
	struct isp_tport_sess *tsess = sess->tsess;

	sess->scst = scst_register_session(sess->port->tgt->scst, 0, sess->name,
					   sess, NULL, NULL);
	if (sess->scst) {
		ops->sess_ready(tsess, 0);
		return;
	}
	dev_warn(sess->port->dev,
		 "initiator %s not let in: SCST cannot set up a session\n",
		 sess->name);
	tsess->engine_sess = NULL;
	kfree(sess);
	ops->sess_ready(tsess, -ENOMEM);
}

/*
 * SCST calls back for commands until scst_unregister_session() returns; those
 * that it never knew are counted here.
 */
static void sess_stop(struct work_struct *work)
{
	struct isp_scst_sess *sess =
		container_of(work, struct isp_scst_sess, stop);
	const struct isp_tport_ops *ops = sess->port->ops;
	struct isp_tport_sess *tsess = sess->tsess;

	scst_unregister_session(sess->scst, 1, NULL);
	wait_var_event(&sess->nr_cmds, !atomic_read(&sess->nr_cmds));
	cancel_work_sync(&sess->drop);
	tsess->engine_sess = NULL;
	kfree(sess);
	ops->sess_closed(tsess);
}

static void sess_drop(struct work_struct *work)
{
	struct isp_scst_sess *sess =
		container_of(work, struct isp_scst_sess, drop);

	sess->port->ops->sess_drop(sess->tsess);
}

/**
 * isp_scst_sess_new() - isp_mod has a new session
 * @tsess: its part
 *
 * Context: any.
 */
void isp_scst_sess_new(struct isp_tport_sess *tsess)
{
	struct isp_scst_port *port = tsess->engine;
	struct isp_scst_sess *sess;

	sess = kzalloc(sizeof(*sess), GFP_ATOMIC);
	if (!sess) {
		port->ops->sess_ready(tsess, -ENOMEM);
		return;
	}
	sess->port = port;
	sess->tsess = tsess;
	spin_lock_init(&sess->lock);
	INIT_WORK(&sess->start, sess_start);
	INIT_WORK(&sess->stop, sess_stop);
	INIT_WORK(&sess->drop, sess_drop);
	atomic_set(&sess->nr_cmds, 0);
	sess->wwpn = tsess->wwpn;
	isp_scst_wwn_format(sess->name, tsess->wwpn);
	tsess->engine_sess = sess;
	queue_work(isp_scst_sess_wq, &sess->start);
}

/**
 * isp_scst_sess_gone() - isp_mod has lost a session
 * @tsess: its part
 *
 * Context: any.
 */
void isp_scst_sess_gone(struct isp_tport_sess *tsess)
{
	struct isp_scst_sess *sess = tsess->engine_sess;

	queue_work(isp_scst_sess_wq, &sess->stop);
}

/**
 * isp_scst_sess_close() - SCST wants a session ended
 * @scst: its part
 *
 * Context: process, scst_mutex may be held; does not wait.
 * Return: 0.
 */
int isp_scst_sess_close(struct scst_session *scst)
{
	struct isp_scst_sess *sess = scst_sess_get_tgt_priv(scst);

	queue_work(isp_scst_sess_wq, &sess->drop);
	return 0;
}
