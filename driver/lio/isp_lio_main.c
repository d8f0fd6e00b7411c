// SPDX-License-Identifier: GPL-2.0
/* isp_lio.ko: binds the channels of isp_mod and registers the LIO fabric. */
#include <linux/auxiliary_bus.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../compat/isp_compat.h"
#include "isp_lio.h"

/* How long an enable may take: reset, firmware load and init of the chip. */
#define ENABLE_DEADLINE_MS 60000

/*
 * LOCKING
 *   isp_lio_mutex covers the two lists, their links (wwn->tpg, tpg->port,
 *   port->tpg) and every enable, disable and unbind from start to end, so
 *   none of them meets another halfway. Session and command workers never
 *   take it: a disable waits for them with the mutex held.
 */
DEFINE_MUTEX(isp_lio_mutex);
LIST_HEAD(isp_lio_ports);
LIST_HEAD(isp_lio_wwns);
static struct workqueue_struct *cmd_wq;
/* Of commands that sleep while others of their LUN have all hands of its lane. */
static struct workqueue_struct *own_wq;
struct workqueue_struct *isp_lio_sess_wq;

static void port_event(void *engine, enum isp_tport_event ev, int err)
{
	struct isp_lio_port *port = engine;

	switch (ev) {
	case ISP_TPORT_EV_ENABLED:
		port->start_err = err;
		WRITE_ONCE(port->enabled, !err);
		if (err)
			dev_err(port->dev,
				"cannot enable the target: error %d\n", err);
		complete_all(&port->started);
		break;
	case ISP_TPORT_EV_DISABLED:
		WRITE_ONCE(port->enabled, false);
		complete_all(&port->stopped);
		break;
	case ISP_TPORT_EV_LINK_UP:
	case ISP_TPORT_EV_LINK_DOWN:
	case ISP_TPORT_EV_FAULT:
		break;
	}
}

static const struct isp_tport_engine_ops engine_ops = {
	.abi = ISP_TPORT_ABI,
	.size = sizeof(engine_ops),
	.owner = THIS_MODULE,
	.name = "lio",
	.cmd_priv_size = sizeof(struct isp_lio_cmd),
	.event = port_event,
	.sess_new = isp_lio_sess_new,
	.sess_gone = isp_lio_sess_gone,
	.cmd_new = isp_lio_cmd_new,
	.tmf_new = isp_lio_tmf_new,
	.cmd_data = isp_lio_cmd_data,
	.cmd_done = isp_lio_cmd_done,
};

/**
 * isp_lio_port_find() - look for a channel by name
 * @wwpn: its name
 *
 * Context: process, isp_lio_mutex held.
 * Return: the port, or NULL.
 */
struct isp_lio_port *isp_lio_port_find(u64 wwpn)
{
	struct isp_lio_port *port;

	lockdep_assert_held(&isp_lio_mutex);
	list_for_each_entry(port, &isp_lio_ports, node)
		if (port->wwpn == wwpn)
			return port;
	return NULL;
}

static const char *enable_reason(int err)
{
	switch (err) {
	case -EBUSY:
		return "another engine owns it, or a disable is under way";
	case -EPERM:
		return "the target role is not available on this adapter";
	case -ENODEV:
		return "the adapter is gone";
	case -ENOMEM:
		return "out of memory";
	case -ETIMEDOUT:
		return "the adapter did not start in time; see its messages";
	default:
		return "the adapter did not start; see its messages";
	}
}

/**
 * isp_lio_port_start() - enable a channel for a portal group and wait
 * @port: the channel
 * @tpg:  the portal group
 *
 * Context: process, may sleep, isp_lio_mutex held.
 * Return: 0; -EBUSY: another engine owns it; -EPERM: role not available;
 *         -EEXIST: another channel of this name serves the portal group;
 *         -ETIMEDOUT: it did not start; other -errno from the adapter.
 */
int isp_lio_port_start(struct isp_lio_port *port, struct isp_lio_tpg *tpg)
{
	unsigned long limit = msecs_to_jiffies(ENABLE_DEADLINE_MS);
	int err;

	lockdep_assert_held(&isp_lio_mutex);
	if (port->enabled)
		return 0;
	if (tpg->port && tpg->port != port)
		return -EEXIST;
	reinit_completion(&port->started);
	reinit_completion(&port->stopped);
	port->tpg = tpg;
	tpg->port = port;
	err = port->ops->enable(port->tport, port);
	if (err)
		goto err_unlink;
	if (!wait_for_completion_timeout(&port->started, limit)) {
		err = -ETIMEDOUT;
		goto err_disable;
	}
	err = port->start_err;
	if (err)
		goto err_unlink;
	return 0;

err_disable:
	if (!port->ops->disable(port->tport, port))
		wait_for_completion(&port->stopped);
err_unlink:
	dev_err(port->dev, "enable refused (%d): %s\n", err,
		enable_reason(err));
	tpg->port = NULL;
	port->tpg = NULL;
	return err;
}

/**
 * isp_lio_port_stop() - disable a channel and wait for its sessions to end
 * @port: the channel, used by a portal group
 *
 * Context: process, may sleep, isp_lio_mutex held.
 */
void isp_lio_port_stop(struct isp_lio_port *port)
{
	lockdep_assert_held(&isp_lio_mutex);
	if (!port->ops->disable(port->tport, port))
		wait_for_completion(&port->stopped);
	port->tpg->port = NULL;
	port->tpg = NULL;
}

/* A portal group that waits for this name (an orphan) gets it back. */
static void port_adopt(struct isp_lio_port *port)
{
	struct isp_lio_wwn *wwn;

	list_for_each_entry(wwn, &isp_lio_wwns, node) {
		if (wwn->wwpn != port->wwpn || !wwn->tpg || !wwn->tpg->want)
			continue;
		if (wwn->tpg->port)
			dev_warn(
				port->dev,
				"%s is served by %s: two ports of one name; give one another (isp_wwpns=)\n",
				wwn->name, dev_name(wwn->tpg->port->dev));
		else if (!isp_lio_port_start(port, wwn->tpg))
			dev_info(port->dev, "%s is back\n", wwn->name);
		return;
	}
}

static int port_probe(struct auxiliary_device *adev,
		      const struct auxiliary_device_id *id)
{
	struct isp_tport_binding *bind = dev_get_platdata(&adev->dev);
	struct isp_tport_info info;
	struct isp_lio_port *port;
	int err, i;

	if (!bind || bind->ops->abi != ISP_TPORT_ABI ||
	    bind->ops->size != sizeof(*bind->ops)) {
		dev_err(&adev->dev,
			"isp_mod and isp_lio are of different builds\n");
		return -EPROTO;
	}
	port = kvzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	port->dev = &adev->dev;
	port->ops = bind->ops;
	port->tport = bind->port;
	init_completion(&port->started);
	init_completion(&port->stopped);
	for (i = 0; i < ISP_LIO_NR_LANES; i++)
		isp_lio_lane_init(&port->lanes[i], cmd_wq, own_wq,
				  isp_lio_cmd_step);
	err = port->ops->attach(port->tport, &engine_ops, port);
	if (err)
		goto err_free;
	err = port->ops->get_info(port->tport, &info);
	if (err)
		goto err_detach;
	port->wwpn = info.wwpn;
	auxiliary_set_drvdata(adev, port);

	mutex_lock(&isp_lio_mutex);
	list_add_tail(&port->node, &isp_lio_ports);
	port_adopt(port);
	mutex_unlock(&isp_lio_mutex);
	return 0;

err_detach:
	port->ops->detach(port->tport, port);
err_free:
	kvfree(port);
	return err;
}

static void port_remove(struct auxiliary_device *adev)
{
	struct isp_lio_port *port = auxiliary_get_drvdata(adev);
	int i;

	mutex_lock(&isp_lio_mutex);
	list_del(&port->node);
	port->ops->detach(port->tport, port);
	if (port->tpg) {
		dev_warn(port->dev, "%s is an orphan until its port is back\n",
			 port->tpg->wwn->name);
		port->tpg->port = NULL;
	}
	mutex_unlock(&isp_lio_mutex);
	for (i = 0; i < ISP_LIO_NR_LANES; i++)
		isp_lio_lane_flush(&port->lanes[i]);
	kvfree(port);
}

static const struct auxiliary_device_id port_ids[] = {
	{ .name = ISP_TPORT_MATCH_LIO },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, port_ids);

static struct auxiliary_driver port_driver = {
	.name = "port",
	.probe = port_probe,
	.remove = port_remove,
	.id_table = port_ids,
};

static int __init isp_lio_init(void)
{
	int err = -ENOMEM;

	cmd_wq = alloc_workqueue(
		"isp_lio", ISP_COMPAT_WQ_PERCPU | WQ_HIGHPRI | WQ_MEM_RECLAIM,
		0);
	if (!cmd_wq)
		return err;
	own_wq = alloc_workqueue("isp_lio_own",
				 ISP_COMPAT_WQ_PERCPU | WQ_HIGHPRI |
					 WQ_MEM_RECLAIM,
				 WQ_MAX_ACTIVE);
	if (!own_wq)
		goto err_cmd_wq;
	isp_lio_sess_wq =
		alloc_workqueue("isp_lio_sess", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!isp_lio_sess_wq)
		goto err_own_wq;
	err = target_register_template(&isp_lio_fabric_ops);
	if (err)
		goto err_sess_wq;
	err = auxiliary_driver_register(&port_driver);
	if (err)
		goto err_template;
	return 0;

err_template:
	target_unregister_template(&isp_lio_fabric_ops);
err_sess_wq:
	destroy_workqueue(isp_lio_sess_wq);
err_own_wq:
	destroy_workqueue(own_wq);
err_cmd_wq:
	destroy_workqueue(cmd_wq);
	return err;
}

static void __exit isp_lio_exit(void)
{
	auxiliary_driver_unregister(&port_driver);
	target_unregister_template(&isp_lio_fabric_ops);
	destroy_workqueue(isp_lio_sess_wq);
	destroy_workqueue(own_wq);
	destroy_workqueue(cmd_wq);
}

module_init(isp_lio_init);
module_exit(isp_lio_exit);

MODULE_DESCRIPTION("LIO target fabric on QLogic ISP adapters");
MODULE_LICENSE("GPL");
