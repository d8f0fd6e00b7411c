// SPDX-License-Identifier: GPL-2.0
/* The SCST driver `qla_isp`: its template and what targets show in sysfs. */
#include "isp_scst.h"

#include <linux/kernfs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include <scsi/scsi_proto.h>

#include "../compat/isp_compat.h"

/* FCP-2 and FC-FS. [SPC-4 6.6.2, D] */
#define VERSION_SCSI_FCP_2 0x0900
#define VERSION_PHYS_FC_FS 0x0da0

/* A TransportID for Fibre Channel. [SPC-4 7.6.4.2, D] */
#define TRANSPORT_ID_LEN 24
#define TRANSPORT_ID_WWPN 8

/* How long data of a WRITE may be waited for; SCST is up to twice as late. */
#define PENDING_DEADLINE_S 45

/*
 * Scatterlist entries of one command until the port says how many it takes;
 * SCST wants a number above 0 here.
 */
#define DEFAULT_SG 256

/* NULL: SCST shows the target, and we have not been told of it yet. */
static struct isp_scst_tgt *to_tgt(struct scst_tgt *scst)
{
	return scst_tgt_get_tgt_priv(scst);
}

/* Sessions are gone before a target is unregistered. */
static int tgt_release(struct scst_tgt *scst)
{
	return 0;
}

static int tgt_enable(struct scst_tgt *scst, bool enable)
{
	struct isp_scst_tgt *tgt = to_tgt(scst);
	int err = 0;

	if (!tgt)
		return -ENODEV;
	mutex_lock(&tgt->mutex);
	if (enable)
		err = isp_scst_tgt_start(tgt);
	else
		isp_scst_tgt_stop(tgt);
	mutex_unlock(&tgt->mutex);
	return err;
}

/* SCST asks with scst_mutex held, which sessions need to end: no mutex. */
static bool tgt_is_enabled(struct scst_tgt *scst)
{
	struct isp_scst_tgt *tgt = to_tgt(scst);

	return tgt && READ_ONCE(tgt->enabled);
}

static int transport_id(struct scst_tgt *scst, struct scst_session *scst_sess,
			u8 **id)
{
	struct isp_scst_sess *sess;
	u8 *buf;

	if (!scst_sess)
		return SCSI_PROTOCOL_FCP;
	sess = scst_sess_get_tgt_priv(scst_sess);
	buf = kzalloc(TRANSPORT_ID_LEN, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	buf[0] = SCSI_PROTOCOL_FCP;
	put_unaligned_be64(sess->wwpn, buf + TRANSPORT_ID_WWPN);
	*id = buf;
	return 0;
}

static u16 scsi_transport_version(struct scst_tgt *scst)
{
	return VERSION_SCSI_FCP_2;
}

static u16 phys_transport_version(struct scst_tgt *scst)
{
	return VERSION_PHYS_FC_FS;
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "isp_scst, engine interface %u, SCST %s\n",
			  ISP_TPORT_ABI, SCST_VERSION_NAME);
}

static ssize_t node_name_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	struct scst_tgt *scst = container_of(kobj, struct scst_tgt, tgt_kobj);
	struct isp_scst_tgt *tgt = to_tgt(scst);
	char name[ISP_SCST_WWN_LEN];

	isp_scst_wwn_format(name, tgt ? READ_ONCE(tgt->wwnn) : 0);
	return sysfs_emit(buf, "%s\n", name);
}

static struct kobj_attribute version_attr = __ATTR_RO(version);
static struct kobj_attribute node_name_attr = __ATTR_RO(node_name);

static const struct attribute *tgtt_attrs[] = {
	&version_attr.attr,
	NULL,
};

static const struct attribute *tgt_attrs[] = {
	&node_name_attr.attr,
	NULL,
};

/* What is registered with SCST, which keeps lists of its own in it. */
struct scst_tgt_template isp_scst_template = {
	.name = ISP_SCST_NAME,
	.sg_tablesize = DEFAULT_SG,
	.use_clustering = 1,
	.xmit_response_atomic = 1,
	.rdy_to_xfer_atomic = 1,
	.max_hw_pending_time = PENDING_DEADLINE_S,
	.release = tgt_release,
	.xmit_response = isp_scst_cmd_xmit_response,
	.rdy_to_xfer = isp_scst_cmd_rdy_to_xfer,
	.on_hw_pending_cmd_timeout = isp_scst_cmd_overdue,
	.on_free_cmd = isp_scst_cmd_free,
	.on_abort_cmd = isp_scst_cmd_abort,
	.task_mgmt_fn_done = isp_scst_tmf_done,
	.close_session = isp_scst_sess_close,
	.get_initiator_port_transport_id = transport_id,
	.get_scsi_transport_version = scsi_transport_version,
	.get_phys_transport_version = phys_transport_version,
	.enable_target = tgt_enable,
	.is_target_enabled = tgt_is_enabled,
	.tgtt_attrs = tgtt_attrs,
	.tgt_attrs = tgt_attrs,
};

/**
 * isp_scst_tgt_switch() - enable or disable a target as a user of sysfs does
 * @tgt: the target
 * @on:  enable it
 *
 * By way of SCST's own attribute, because enabling there gives the target its
 * relative target port id, for which SCST exports nothing.
 *
 * Context: process, may sleep; no lock held.
 * Return: 0 or the -errno that a writer of the attribute would get.
 */
int isp_scst_tgt_switch(struct isp_scst_tgt *tgt, bool on)
{
	struct kobject *kobj = scst_sysfs_get_tgt_kobj(tgt->scst);
	const struct sysfs_ops *ops = kobj->ktype->sysfs_ops;
	struct kernfs_node *node;
	ssize_t ret;

	node = sysfs_get_dirent(kobj->sd, "enabled");
	if (!node)
		return -ENOENT;
	ret = ops->store(kobj, node->priv, on ? "1" : "0", 1);
	sysfs_put(node);
	return ret < 0 ? ret : 0;
}
