// SPDX-License-Identifier: GPL-2.0
/* A Scsi_Host per function, in every role, that carries the fc_host. */
#include <linux/module.h>
#include <scsi/scsi.h>
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>
#include <scsi/scsi_transport_fc.h>

#include "../compat/isp_compat.h"
#include "../core/isp_ct.h"
#include "../core/isp_link.h"
#include "isp_linux.h"

static struct scsi_transport_template *fc_transport;

static struct isp_dev *dev_of(struct Scsi_Host *shost)
{
	return shost_priv(shost);
}

/* No device is ever made under this host: nothing can be queued. */
static ISP_COMPAT_QC_STATUS queuecommand(struct Scsi_Host *shost,
					 struct scsi_cmnd *cmd)
{
	cmd->result = DID_NO_CONNECT << 16;
	scsi_done(cmd);
	return 0;
}

static const char *host_info(struct Scsi_Host *shost)
{
	return "QLogic ISP adapter";
}

static struct scsi_host_template host_template = {
	.module = THIS_MODULE,
	.name = "isp_mod",
	.info = host_info,
	.queuecommand = queuecommand,
	.this_id = -1,
	.can_queue = 1,
	.sg_tablesize = SG_ALL,
};

static void get_port_id(struct Scsi_Host *shost)
{
	fc_host_port_id(shost) = dev_of(shost)->hba.chan[0].port_id;
}

static void get_port_type(struct Scsi_Host *shost)
{
	static const enum fc_port_type types[] = {
		[ISP_TOPO_NONE] = FC_PORTTYPE_UNKNOWN,
		[ISP_TOPO_LOOP] = FC_PORTTYPE_LPORT,
		[ISP_TOPO_FL] = FC_PORTTYPE_NLPORT,
		[ISP_TOPO_N] = FC_PORTTYPE_PTP,
		[ISP_TOPO_F] = FC_PORTTYPE_NPORT,
	};

	fc_host_port_type(shost) = types[dev_of(shost)->hba.chan[0].topo];
}

static void get_port_state(struct Scsi_Host *shost)
{
	const struct isp_hba *hba = &dev_of(shost)->hba;
	enum fc_port_state state;

	switch (READ_ONCE(hba->state)) {
	case ISP_HBA_READY:
		state = hba->chan[0].link == ISP_LINK_DOWN ?
				FC_PORTSTATE_LINKDOWN :
				FC_PORTSTATE_ONLINE;
		break;
	case ISP_HBA_FAULT:
	case ISP_HBA_GONE:
		state = FC_PORTSTATE_ERROR;
		break;
	default:
		state = FC_PORTSTATE_OFFLINE;
		break;
	}
	fc_host_port_state(shost) = state;
}

static void get_speed(struct Scsi_Host *shost)
{
	u32 speed;

	switch (dev_of(shost)->hba.chan[0].speed_gbps) {
	case 1:
		speed = FC_PORTSPEED_1GBIT;
		break;
	case 2:
		speed = FC_PORTSPEED_2GBIT;
		break;
	case 4:
		speed = FC_PORTSPEED_4GBIT;
		break;
	case 8:
		speed = FC_PORTSPEED_8GBIT;
		break;
	case 16:
		speed = FC_PORTSPEED_16GBIT;
		break;
	default:
		speed = FC_PORTSPEED_UNKNOWN;
		break;
	}
	fc_host_speed(shost) = speed;
}

static void get_fabric_name(struct Scsi_Host *shost)
{
	u64 wwn = dev_of(shost)->hba.chan[0].fabric_wwn;

	fc_host_fabric_name(shost) = wwn ?: (u64)-1;
}

static void get_symbolic_name(struct Scsi_Host *shost)
{
	isp_ct_symbolic_name(&dev_of(shost)->hba.chan[0],
			     fc_host_symbolic_name(shost),
			     FC_SYMBOLIC_NAME_SIZE);
}

static int issue_lip(struct Scsi_Host *shost)
{
	isp_link_rescan(&dev_of(shost)->hba.chan[0]);
	return 0;
}

static struct fc_function_template fc_functions = {
	.show_host_node_name = 1,
	.show_host_port_name = 1,
	.show_host_supported_classes = 1,
	.show_host_supported_fc4s = 1,
	.show_host_active_fc4s = 1,
	.show_host_maxframe_size = 1,
	.get_host_port_id = get_port_id,
	.show_host_port_id = 1,
	.get_host_port_type = get_port_type,
	.show_host_port_type = 1,
	.get_host_port_state = get_port_state,
	.show_host_port_state = 1,
	.get_host_speed = get_speed,
	.show_host_speed = 1,
	.show_host_supported_speeds = 1,
	.get_host_fabric_name = get_fabric_name,
	.show_host_fabric_name = 1,
	.get_host_symbolic_name = get_symbolic_name,
	.show_host_symbolic_name = 1,
	.issue_fc_host_lip = issue_lip,
};

/**
 * isp_scsi_host_init() - Attach to the FC transport class.
 *
 * Context: process, at module load.
 * Return: 0 or -ENODEV.
 */
int isp_scsi_host_init(void)
{
	fc_transport = fc_attach_transport(&fc_functions);
	return fc_transport ? 0 : -ENODEV;
}

/**
 * isp_scsi_host_exit() - Leave the FC transport class.
 *
 * Context: process, at module unload.
 */
void isp_scsi_host_exit(void)
{
	fc_release_transport(fc_transport);
}

/**
 * isp_scsi_host_alloc() - Make a host with our structure in it.
 * @pdev: the function
 *
 * Context: process, may sleep.
 * Return: the structure, or NULL. Freed with the host: scsi_host_put().
 */
struct isp_dev *isp_scsi_host_alloc(struct pci_dev *pdev)
{
	struct Scsi_Host *shost;
	struct isp_dev *dev;

	shost = scsi_host_alloc(&host_template, sizeof(*dev));
	if (!shost)
		return NULL;
	dev = shost_priv(shost);
	dev->shost = shost;
	dev->pdev = pdev;
	return dev;
}

static void set_names(struct isp_dev *dev)
{
	struct isp_chan *chan = &dev->hba.chan[0];

	fc_host_node_name(dev->shost) = chan->wwnn;
	fc_host_port_name(dev->shost) = chan->wwpn;
}

/**
 * isp_scsi_host_add() - Show the host; it is never scanned.
 * @dev: the function
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int isp_scsi_host_add(struct isp_dev *dev)
{
	struct Scsi_Host *shost = dev->shost;
	int err;

	shost->transportt = fc_transport;
	shost->max_id = 0;
	shost->max_lun = 0;
	shost->max_channel = 0;
	shost->unique_id = dev->unit;
	err = scsi_add_host(shost, &dev->pdev->dev);
	if (err)
		return err;
	fc_host_supported_classes(shost) = FC_COS_CLASS3;
	fc_host_supported_fc4s(shost)[2] = 1; /* FCP */
	fc_host_active_fc4s(shost)[2] = 1;
	fc_host_maxframe_size(shost) = 2048;
	fc_host_supported_speeds(shost) =
		FC_PORTSPEED_1GBIT | FC_PORTSPEED_2GBIT | FC_PORTSPEED_4GBIT;
	if (!strcmp(dev->hba.chip->family, "2500"))
		fc_host_supported_speeds(shost) = FC_PORTSPEED_2GBIT |
						  FC_PORTSPEED_4GBIT |
						  FC_PORTSPEED_8GBIT;
	return 0;
}

/**
 * isp_scsi_host_remove() - Take the host away.
 * @dev: the function
 *
 * Context: process, may sleep. The host is freed by scsi_host_put().
 */
void isp_scsi_host_remove(struct isp_dev *dev)
{
	fc_remove_host(dev->shost);
	scsi_remove_host(dev->shost);
}

/**
 * isp_scsi_host_update() - Tell Linux of new names and link events.
 * @dev: the function
 *
 * Context: process (state work), may sleep.
 */
void isp_scsi_host_update(struct isp_dev *dev)
{
	enum isp_link_state link = READ_ONCE(dev->hba.chan[0].link);
	bool was_up = dev->old_link != ISP_LINK_DOWN;

	set_names(dev);
	if (dev->removing || link == dev->old_link)
		return;
	dev->old_link = link;
	if (was_up == (link != ISP_LINK_DOWN))
		return;
	fc_host_post_event(dev->shost, fc_get_event_number(),
			   was_up ? FCH_EVT_LINKDOWN : FCH_EVT_LINKUP, 0);
}
