// SPDX-License-Identifier: GPL-2.0
/*
 * Each channel on the auxiliary bus, once per engine, and what the target
 * role cannot do itself: sleep for an engine to leave, hold modules.
 *
 * A claimed channel holds a reference on isp_mod and on the engine's module,
 * so neither goes while a target is enabled.
 */
#include "isp_aux.h"

#include <linux/auxiliary_bus.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../core/isp_hba.h"
#include "../tgt/isp_tgt.h"

/* A disable waits for the engine; how often to say so meanwhile. */
#define DETACH_NAG_MS 30000

static const char *const engine_names[] = { "lio", "scst" };

#define NR_ENGINES ARRAY_SIZE(engine_names)

/**
 * struct aux_dev - one auxiliary device
 * @adev: the device; its release frees this
 * @bind: its platform data
 */
struct aux_dev {
	struct auxiliary_device adev;
	struct isp_tport_binding bind;
};

/**
 * struct aux_port - what a target port has of us
 * @id:   number of its auxiliary devices
 * @idle: woken when an engine may be able to leave
 * @dev:  the devices, NULL where not added
 */
struct aux_port {
	int id;
	wait_queue_head_t idle;
	struct aux_dev *dev[NR_ENGINES];
};

static DEFINE_IDA(aux_ids);

static bool aux_claim(const struct isp_tport_engine_ops *ops)
{
	if (!try_module_get(THIS_MODULE))
		return false;
	if (try_module_get(ops->owner))
		return true;
	module_put(THIS_MODULE);
	return false;
}

static void aux_release(const struct isp_tport_engine_ops *ops)
{
	module_put(ops->owner);
	module_put(THIS_MODULE);
}

static void aux_idle(struct isp_tport *port)
{
	struct aux_port *ap = port->os_priv;

	wake_up_all(&ap->idle);
}

static const struct isp_tgt_os_ops aux_os_ops = {
	.claim = aux_claim,
	.release = aux_release,
	.idle = aux_idle,
};

/* isp_tport_ops.detach where sleeping is possible. */
static void aux_detach(struct isp_tport *port, void *engine)
{
	struct aux_port *ap = port->os_priv;
	unsigned long nag = msecs_to_jiffies(DETACH_NAG_MS);
	int err = 0;

	isp_tgt_disable(port, engine);
	while (!wait_event_timeout(
		ap->idle, (err = isp_tgt_detach(port, engine)) != -EBUSY, nag))
		dev_warn(
			port->hba->dev,
			"channel %u: still waiting for the engine to end its sessions\n",
			port->chan->idx);
	WARN_ON_ONCE(err);
	/* Up calls from interrupts may be on their last instructions. */
	synchronize_rcu();
}

static const struct isp_tport_ops aux_tport_ops =
	ISP_TGT_TPORT_OPS(THIS_MODULE, aux_detach);

static void aux_dev_release(struct device *dev)
{
	kfree(container_of(to_auxiliary_dev(dev), struct aux_dev, adev));
}

static struct aux_dev *aux_dev_add(struct isp_tport *port, const char *name,
				   int id)
{
	struct aux_dev *ad;
	int err;

	ad = kzalloc(sizeof(*ad), GFP_KERNEL);
	if (!ad)
		return NULL;
	ad->bind.ops = &aux_tport_ops;
	ad->bind.port = port;
	ad->adev.name = name;
	ad->adev.id = id;
	ad->adev.dev.parent = port->hba->dev;
	ad->adev.dev.release = aux_dev_release;
	ad->adev.dev.platform_data = &ad->bind;
	err = auxiliary_device_init(&ad->adev);
	if (err) {
		kfree(ad);
		return NULL;
	}
	err = auxiliary_device_add(&ad->adev);
	if (err) {
		auxiliary_device_uninit(&ad->adev);
		return NULL;
	}
	return ad;
}

static void aux_port_del(struct isp_tport *port)
{
	struct aux_port *ap = port->os_priv;
	unsigned int i;

	if (!ap)
		return;
	for (i = 0; i < NR_ENGINES; i++) {
		if (!ap->dev[i])
			continue;
		auxiliary_device_delete(&ap->dev[i]->adev);
		auxiliary_device_uninit(&ap->dev[i]->adev);
	}
	port->os = NULL;
	port->os_priv = NULL;
	ida_free(&aux_ids, ap->id);
	kfree(ap);
}

static int aux_port_add(struct isp_tport *port)
{
	struct aux_port *ap;
	unsigned int i;
	int id;

	ap = kzalloc(sizeof(*ap), GFP_KERNEL);
	if (!ap)
		return -ENOMEM;
	id = ida_alloc(&aux_ids, GFP_KERNEL);
	if (id < 0) {
		kfree(ap);
		return id;
	}
	ap->id = id;
	init_waitqueue_head(&ap->idle);
	port->os_priv = ap;
	port->os = &aux_os_ops;
	for (i = 0; i < NR_ENGINES; i++) {
		ap->dev[i] = aux_dev_add(port, engine_names[i], id);
		if (!ap->dev[i])
			goto err_del;
	}
	return 0;

err_del:
	aux_port_del(port);
	return -ENOMEM;
}

/**
 * isp_aux_add() - offer the channels of an adapter to the engines
 * @hba: adapter whose roles are attached and whose port names are known
 *
 * Context: process, may sleep. Engines may bind before this returns.
 * Return: 0; -ENOMEM: no channel is offered.
 */
int isp_aux_add(struct isp_hba *hba)
{
	unsigned int i;
	int err;

	for (i = 0; i < hba->nr_chans; i++) {
		err = aux_port_add(isp_tgt_port(&hba->chan[i]));
		if (err) {
			isp_aux_del(hba);
			return err;
		}
	}
	return 0;
}

/**
 * isp_aux_del() - take the channels of an adapter back from the engines
 * @hba: the adapter, its core still running
 *
 * Enabled channels are disabled; no engine is bound after the return. May be
 * called without isp_aux_add() before, and twice.
 * Context: process, may sleep.
 */
void isp_aux_del(struct isp_hba *hba)
{
	unsigned int i;

	for (i = 0; i < hba->nr_chans; i++) {
		struct isp_tport *port = isp_tgt_port(&hba->chan[i]);

		if (port)
			aux_port_del(port);
	}
}
