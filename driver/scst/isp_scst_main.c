// SPDX-License-Identifier: GPL-2.0
/* isp_scst.ko: binds the channels of isp_mod and registers SCST's targets. */
#include "isp_scst.h"

#include <linux/auxiliary_bus.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <scsi/scsi_host.h>

/* How long an enable may take: reset, firmware load and init of the chip. */
#define ENABLE_DEADLINE_MS 60000

/* A disable waits for SCST to end its sessions; how often to say so. */
#define DISABLE_NAG_MS 30000

#define WWN_BYTES 8

/* The parameter of old, and its name before that. */
static int debug;
module_param(debug, int, 0444);
MODULE_PARM_DESC(debug, "no effect: dynamic debug chooses messages");
module_param_named(scsi_tdebug, debug, int, 0444);
MODULE_PARM_DESC(scsi_tdebug, "as debug");

/*
 * LOCKING
 *   tgt->mutex      covers what happens to one target from start to end, with
 *                   all the waiting; targets do not wait for each other.
 *   isp_scst_bind   covers making and freeing of targets and adapters, with
 *                   their files in /proc.
 *   isp_scst_lists  covers what a reader or writer of /proc looks at; never
 *                   held over anything that waits.
 *   Order: tgt->mutex is taken inside neither of the others; isp_scst_lists
 *   may be taken inside isp_scst_bind.
 *
 *   SCST calls with scst_mutex held (is_target_enabled(), close_session(),
 *   transport ids), and a session needs scst_mutex to begin and to end, for
 *   which a disable waits with tgt->mutex held: so those calls take no mutex.
 *   A target is unregistered with none held either, because that waits for
 *   users of its attributes, who may be inside enable_target().
 *
 * ORPHANS
 *   A target stays in SCST, with its LUNs and groups, when its port goes: by
 *   unplug, unbind or rmmod isp_mod. It is served again when a port of its
 *   name returns, and enabled if the user had not disabled it. They
 *   end with the module.
 */
static DEFINE_MUTEX(isp_scst_bind);
DEFINE_MUTEX(isp_scst_lists);
LIST_HEAD(isp_scst_hbas);
static LIST_HEAD(isp_scst_tgts);
struct workqueue_struct *isp_scst_sess_wq;
struct workqueue_struct *isp_scst_cmd_wq;

/**
 * isp_scst_wwn_format() - write a port name in colon form
 * @name: room for ISP_SCST_WWN_LEN bytes
 * @wwn:  the name
 *
 * Context: any.
 */
void isp_scst_wwn_format(char *name, u64 wwn)
{
	u8 b[WWN_BYTES];
	int i;

	for (i = WWN_BYTES - 1; i >= 0; i--, wwn >>= 8)
		b[i] = wwn & 0xff;
	snprintf(name, ISP_SCST_WWN_LEN, "%8phC", b);
}

static void port_event(void *engine, enum isp_tport_event ev, int err)
{
	struct isp_scst_port *port = engine;

	switch (ev) {
	case ISP_TPORT_EV_ENABLED:
		port->start_err = err;
		WRITE_ONCE(port->tgt->enabled, !err);
		complete_all(&port->started);
		break;
	case ISP_TPORT_EV_DISABLED:
		WRITE_ONCE(port->tgt->enabled, false);
		complete_all(&port->stopped);
		break;
	case ISP_TPORT_EV_LINK_UP:
	case ISP_TPORT_EV_LINK_DOWN:
	case ISP_TPORT_EV_FAULT:
		break;
	}
}

/*
 * No owner: isp_scst may be unloaded with targets enabled, as SCST's service
 * script does; port_remove() disables them.
 */
static const struct isp_tport_engine_ops engine_ops = {
	.abi = ISP_TPORT_ABI,
	.size = sizeof(engine_ops),
	.name = "scst",
	.cmd_priv_size = sizeof(struct isp_scst_cmd),
	.event = port_event,
	.sess_new = isp_scst_sess_new,
	.sess_gone = isp_scst_sess_gone,
	.cmd_new = isp_scst_cmd_new,
	.tmf_new = isp_scst_tmf_new,
	.cmd_data = isp_scst_cmd_data,
	.cmd_done = isp_scst_cmd_done,
};

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

static void port_disable(struct isp_scst_port *port)
{
	unsigned long nag = msecs_to_jiffies(DISABLE_NAG_MS);

	if (port->ops->disable(port->tport, port))
		return;
	while (!wait_for_completion_timeout(&port->stopped, nag))
		dev_warn(port->dev,
			 "still waiting for SCST to end the sessions of %s\n",
			 port->tgt->name);
}

static int port_enable(struct isp_scst_port *port)
{
	unsigned long limit = msecs_to_jiffies(ENABLE_DEADLINE_MS);
	int err;

	if (READ_ONCE(port->tgt->enabled))
		return 0;
	reinit_completion(&port->started);
	reinit_completion(&port->stopped);
	err = port->ops->enable(port->tport, port);
	if (err)
		return err;
	if (!wait_for_completion_timeout(&port->started, limit)) {
		port_disable(port);
		return -ETIMEDOUT;
	}
	return port->start_err;
}

/**
 * isp_scst_tgt_start() - enable a target and wait
 * @tgt: the target
 *
 * Context: process, may sleep, tgt->mutex held.
 * Return: 0, also if it is enabled; -ENODEV: it is an orphan; -EBUSY: another
 *         engine owns its port; other -errno from the adapter.
 */
int isp_scst_tgt_start(struct isp_scst_tgt *tgt)
{
	int err;

	lockdep_assert_held(&tgt->mutex);
	if (!tgt->port) {
		pr_err("isp_scst: cannot enable %s: its port is gone\n",
		       tgt->name);
		return -ENODEV;
	}
	err = port_enable(tgt->port);
	if (err)
		dev_err(tgt->port->dev, "enable of %s refused (%d): %s\n",
			tgt->name, err, enable_reason(err));
	else
		tgt->want = true;
	return err;
}

/**
 * isp_scst_tgt_stop() - disable a target and wait for its sessions to end
 * @tgt: the target; nothing happens to one that is disabled
 *
 * Context: process, may sleep, tgt->mutex held.
 */
void isp_scst_tgt_stop(struct isp_scst_tgt *tgt)
{
	lockdep_assert_held(&tgt->mutex);
	tgt->want = false;
	if (tgt->port)
		port_disable(tgt->port);
}

/* The target of this name, made if there is none; NULL: it cannot be made. */
static struct isp_scst_tgt *tgt_get(u64 wwpn)
{
	struct isp_scst_tgt *tgt;

	lockdep_assert_held(&isp_scst_bind);
	list_for_each_entry(tgt, &isp_scst_tgts, node)
		if (tgt->wwpn == wwpn)
			return tgt;
	tgt = kzalloc(sizeof(*tgt), GFP_KERNEL);
	if (!tgt)
		return NULL;
	mutex_init(&tgt->mutex);
	tgt->wwpn = wwpn;
	isp_scst_wwn_format(tgt->name, wwpn);
	tgt->scst = scst_register_target(&isp_scst_template, tgt->name);
	if (!tgt->scst) {
		kfree(tgt);
		return NULL;
	}
	scst_tgt_set_tgt_priv(tgt->scst, tgt);
	list_add_tail(&tgt->node, &isp_scst_tgts);
	return tgt;
}

static void tgts_free(void)
{
	struct isp_scst_tgt *tgt, *next;

	list_for_each_entry_safe(tgt, next, &isp_scst_tgts, node) {
		list_del(&tgt->node);
		scst_unregister_target(tgt->scst);
		kfree(tgt);
	}
}

/* The adapter of a port, made with its file in /proc if there is none. */
static struct isp_scst_hba *hba_get(const struct isp_tport_info *info)
{
	struct isp_scst_hba *hba;

	lockdep_assert_held(&isp_scst_bind);
	list_for_each_entry(hba, &isp_scst_hbas, node) {
		if (hba->host_no == info->host_no) {
			hba->nr_ports++;
			return hba;
		}
	}
	hba = kzalloc(sizeof(*hba), GFP_KERNEL);
	if (!hba)
		return NULL;
	INIT_LIST_HEAD(&hba->ports);
	hba->host_no = info->host_no;
	hba->unit = info->unit;
	hba->devid = info->devid;
	hba->bus = info->bus;
	hba->nr_ports = 1;
	list_add_tail(&hba->node, &isp_scst_hbas);
	isp_scst_proc_add(hba);
	return hba;
}

static void hba_put(struct isp_scst_hba *hba)
{
	lockdep_assert_held(&isp_scst_bind);
	if (--hba->nr_ports)
		return;
	list_del(&hba->node);
	isp_scst_proc_remove(hba);
	kfree(hba);
}

static void link_host(struct isp_scst_port *port)
{
	struct Scsi_Host *shost = scsi_host_lookup(port->hba->host_no);

	if (!shost)
		return;
	port->linked =
		!sysfs_create_link(scst_sysfs_get_tgt_kobj(port->tgt->scst),
				   &shost->shost_dev.kobj, "host");
	scsi_host_put(shost);
}

static void unlink_host(struct isp_scst_port *port)
{
	if (port->linked)
		sysfs_remove_link(scst_sysfs_get_tgt_kobj(port->tgt->scst),
				  "host");
}

/* Make a port serve its target, and enable that if it was so before. */
static int port_bind(struct isp_scst_port *port,
		     const struct isp_tport_info *info)
{
	struct isp_scst_tgt *tgt = port->tgt;
	int err = 0;

	mutex_lock(&tgt->mutex);
	if (tgt->port) {
		dev_err(port->dev,
			"%s is left out: another port has the same name\n",
			tgt->name);
		err = -EEXIST;
		goto out;
	}
	scst_tgt_set_sg_tablesize(tgt->scst, info->max_sg);
	WRITE_ONCE(tgt->wwnn, info->wwnn);
	tgt->port = port;
	link_host(port);
	if (tgt->want && !isp_scst_tgt_start(tgt))
		dev_info(port->dev, "%s is back\n", tgt->name);
out:
	mutex_unlock(&tgt->mutex);
	return err;
}

static void port_show(struct isp_scst_port *port)
{
	mutex_lock(&isp_scst_lists);
	list_add_tail(&port->node, &port->hba->ports);
	mutex_unlock(&isp_scst_lists);
}

static struct isp_scst_port *port_alloc(struct auxiliary_device *adev)
{
	struct isp_tport_binding *bind = dev_get_platdata(&adev->dev);
	struct isp_scst_port *port;

	if (!bind || bind->ops->abi != ISP_TPORT_ABI ||
	    bind->ops->size != sizeof(*bind->ops)) {
		dev_err(&adev->dev,
			"isp_mod and isp_scst are of different builds\n");
		return ERR_PTR(-EPROTO);
	}
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return ERR_PTR(-ENOMEM);
	port->dev = &adev->dev;
	port->ops = bind->ops;
	port->tport = bind->port;
	init_completion(&port->started);
	init_completion(&port->stopped);
	return port;
}

static int port_probe(struct auxiliary_device *adev,
		      const struct auxiliary_device_id *id)
{
	struct isp_tport_info info;
	struct isp_scst_port *port;
	int err;

	port = port_alloc(adev);
	if (IS_ERR(port))
		return PTR_ERR(port);
	err = port->ops->get_info(port->tport, &info);
	if (err)
		goto err_free;
	port->chan = info.chan;

	mutex_lock(&isp_scst_bind);
	port->tgt = tgt_get(info.wwpn);
	port->hba = port->tgt ? hba_get(&info) : NULL;
	mutex_unlock(&isp_scst_bind);
	if (!port->hba) {
		dev_err(port->dev, "cannot register a target with SCST\n");
		err = -ENOMEM;
		goto err_free;
	}
	err = port->ops->attach(port->tport, &engine_ops, port);
	if (err)
		goto err_hba;
	err = port_bind(port, &info);
	if (err)
		goto err_detach;
	auxiliary_set_drvdata(adev, port);
	port_show(port);
	return 0;

err_detach:
	port->ops->detach(port->tport, port);
err_hba:
	mutex_lock(&isp_scst_bind);
	hba_put(port->hba);
	mutex_unlock(&isp_scst_bind);
err_free:
	kfree(port);
	return err;
}

static void port_remove(struct auxiliary_device *adev)
{
	struct isp_scst_port *port = auxiliary_get_drvdata(adev);
	struct isp_scst_tgt *tgt = port->tgt;

	mutex_lock(&isp_scst_lists);
	list_del(&port->node);
	mutex_unlock(&isp_scst_lists);

	mutex_lock(&tgt->mutex);
	port->ops->detach(port->tport, port);
	WRITE_ONCE(tgt->enabled, false);
	unlink_host(port);
	tgt->port = NULL;
	mutex_unlock(&tgt->mutex);
	dev_info(port->dev, "%s is an orphan until its port is back\n",
		 tgt->name);

	mutex_lock(&isp_scst_bind);
	hba_put(port->hba);
	mutex_unlock(&isp_scst_bind);
	kfree(port);
}

static const struct auxiliary_device_id port_ids[] = {
	{ .name = ISP_TPORT_MATCH_SCST },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, port_ids);

static struct auxiliary_driver port_driver = {
	.name = "port",
	.probe = port_probe,
	.remove = port_remove,
	.id_table = port_ids,
};

static int __init isp_scst_init(void)
{
	int err = -ENOMEM;

	if (debug)
		pr_warn("isp_scst: debug=%d has no effect: messages are chosen by dynamic debug\n",
			debug);
	isp_scst_sess_wq = alloc_workqueue("isp_scst_sess",
					   WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!isp_scst_sess_wq)
		return err;
	isp_scst_cmd_wq =
		alloc_workqueue("isp_scst_cmd", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!isp_scst_cmd_wq)
		goto err_sess_wq;
	err = isp_scst_proc_init();
	if (err)
		goto err_cmd_wq;
	err = scst_register_target_template(&isp_scst_template);
	if (err)
		goto err_proc;
	err = auxiliary_driver_register(&port_driver);
	if (err)
		goto err_template;
	return 0;

err_template:
	tgts_free();
	scst_unregister_target_template(&isp_scst_template);
err_proc:
	isp_scst_proc_exit();
err_cmd_wq:
	destroy_workqueue(isp_scst_cmd_wq);
err_sess_wq:
	destroy_workqueue(isp_scst_sess_wq);
	return err;
}

static void __exit isp_scst_exit(void)
{
	auxiliary_driver_unregister(&port_driver);
	tgts_free();
	scst_unregister_target_template(&isp_scst_template);
	isp_scst_proc_exit();
	destroy_workqueue(isp_scst_cmd_wq);
	destroy_workqueue(isp_scst_sess_wq);
}

module_init(isp_scst_init);
module_exit(isp_scst_exit);

MODULE_DESCRIPTION("SCST target driver qla_isp on QLogic ISP adapters");
MODULE_LICENSE("GPL");
MODULE_ALIAS(ISP_SCST_NAME);
MODULE_IMPORT_NS(SCST_NAMESPACE);
