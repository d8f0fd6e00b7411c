// SPDX-License-Identifier: GPL-2.0
/* /proc/scsi/isp/N: what the old driver showed and took there. */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../core/isp_link.h"
#include "../hw/isp_hw_mbox.h"
#include "isp_linux.h"
#include "isp_proc_words.h"

static struct proc_dir_entry *proc_dir;
static bool made_scsi;

static const char *fw_state_name(const struct isp_dev *dev)
{
	const struct isp_hba *hba = &dev->hba;

	if (hba->state == ISP_HBA_FAULT)
		return "Error";
	if (hba->state != ISP_HBA_READY)
		return "Config Wait";
	return hba->chan[0].link == ISP_LINK_DOWN ? "Loss Of Sync" : "Ready";
}

static void show_rings(struct seq_file *s, const struct isp_hba *hba)
{
	const struct isp_stats *st = &hba->stats;

	seq_printf(s, "Interrupt Stats: total=0x%016llx bogus=0x%016llx\n",
		   st->nr_irq, st->nr_irq_bogus);
	seq_printf(s, "                 MboxC=0x%016llx async=0x%016llx\n",
		   st->nr_mbox, st->nr_aen);
	seq_printf(s, "                 CRslt=0x%016llx ATIO =0x%016llx\n",
		   st->nr_rsp, st->nr_atio);
	seq_printf(s, "Request In %u Request Out %u Result %u ATIO %u\n",
		   hba->ring[ISP_RING_REQ].idx, hba->ring[ISP_RING_REQ].tail,
		   hba->ring[ISP_RING_RSP].idx, hba->ring[ISP_RING_ATIO].idx);
	seq_printf(s, "Nactv %u HiWater %u\n", hba->handles.nr_used,
		   hba->handles.max_used);
}

static const char *role_word(u16 w3)
{
	bool tgt = w3 & ISP_PRLI_TARGET;
	bool ini = w3 & ISP_PRLI_INITIATOR;

	return tgt && ini ? "Target/Initiator" :
	       tgt	  ? "Target" :
	       ini	  ? "Initiator" :
			    "None";
}

static void show_chan(struct seq_file *s, struct isp_dev *dev,
		      struct isp_chan *chan)
{
	struct isp_port *port;
	unsigned long flags;
	unsigned int i = 0;

	seq_printf(s, "Self Channel %u:\n", chan->idx);
	seq_printf(
		s,
		"\tHandle ID 0x%x PortID 0x%06x FW State %s Loop State %s Topology %s Link Speed %uGb\n",
		chan->loop_id, chan->port_id, fw_state_name(dev),
		isp_link_state_name(chan->link), isp_topo_name(chan->topo),
		chan->speed_gbps);
	seq_printf(s, "\tRole %s Port WWN 0x%016llx Node WWN 0x%016llx\n",
		   isp_role_name(chan->have), chan->wwpn, chan->wwnn);
	seq_puts(s, "\tFC devices in port database:\n");
	spin_lock_irqsave(&chan->port_lock, flags);
	list_for_each_entry(port, &chan->ports, node)
		seq_printf(
			s,
			"\tdbidx %u handle 0x%x PortID 0x%06x role %s state %s\n\t\tPort WWN 0x%016llx Node WWN 0x%016llx\n",
			i++, port->handle, port->port_id,
			role_word(port->prli_w3),
			isp_port_state_name(port->state), port->wwpn,
			port->wwnn);
	spin_unlock_irqrestore(&chan->port_lock, flags);
}

static int proc_show(struct seq_file *s, void *v)
{
	struct isp_dev *dev = s->private;
	struct isp_hba *hba = &dev->hba;
	unsigned int i;

	seq_printf(s, "Driver for a Qlogic ISP %04x Host Adapter\n",
		   dev->pdev->device);
	seq_printf(s, "DEVID %x\n", isp_params_devid(dev->pdev));
	seq_printf(s, "State %s%s%s\n", isp_hba_state_name(hba->state),
		   hba->why ? ", last fault: " : "", hba->why ?: "");
	seq_printf(s, "Firmware %u.%02u.%02u%s\n", hba->fw.version[0],
		   hba->fw.version[1], hba->fw.version[2],
		   hba->fw.from_flash ? " (flash)" : "");
	show_rings(s, hba);
	for (i = 0; i < hba->nr_chans; i++)
		show_chan(s, dev, &hba->chan[i]);
	return 0;
}

static int proc_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_show, pde_data(inode));
}

static int do_lip(struct isp_hba *hba)
{
	struct isp_mbox mbx;
	int err;

	err = isp_link_lip_setup(&hba->chan[0], &mbx);
	if (err == -EOPNOTSUPP)
		dev_err(hba->dev,
			"/proc: lip refused: the topology is %s, a LIP is for loops; rescan looks at the fabric anew\n",
			isp_topo_name(hba->chan[0].topo));
	else if (err)
		dev_err(hba->dev,
			"/proc: lip refused: no role is on (state %s); enable a target first\n",
			isp_hba_state_name(hba->state));
	else
		err = isp_mbox_run(hba, &mbx);
	if (err || mbx.out[0] == ISP_MBOX_OK)
		return err;
	dev_err(hba->dev,
		"/proc: lip refused: the firmware answers %04x; is there light, and a loop?\n",
		mbx.out[0]);
	return -EIO;
}

static int run_command(struct isp_dev *dev, enum isp_proc_verb verb)
{
	struct isp_hba *hba = &dev->hba;

	switch (verb) {
	case ISP_PROC_RESCAN:
		isp_link_rescan(&hba->chan[0]);
		return 0;
	case ISP_PROC_LIP:
		return do_lip(hba);
	case ISP_PROC_RESET:
		isp_hba_fault(hba, "reset asked for in /proc");
		return 0;
	case ISP_PROC_BINS:
		memset(&hba->stats, 0, sizeof(hba->stats));
		return 0;
	case ISP_PROC_DEBUG:
		dev_info_once(
			hba->dev,
			"/proc: debug= has no effect: messages are chosen by dynamic debug\n");
		return 0;
	case ISP_PROC_BUSRESET:
	case ISP_PROC_DEVRESET:
		dev_err(hba->dev, "%sreset= is for parallel SCSI adapters\n",
			verb == ISP_PROC_BUSRESET ? "bus" : "dev");
		return -EOPNOTSUPP;
	}
	return -EINVAL;
}

static ssize_t proc_write(struct file *file, const char __user *ubuf,
			  size_t len, loff_t *pos)
{
	struct isp_dev *dev = pde_data(file_inode(file));
	char buf[ISP_PROC_WORDS_MAX];
	enum isp_proc_verb verb;
	int err;

	if (!len || len >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, len))
		return -EFAULT;
	err = isp_proc_words_parse(buf, len, &verb);
	if (err) {
		dev_err(dev->hba.dev,
			"/proc: want rescan, lip, reset, bins or debug=HEX\n");
		return err;
	}
	err = run_command(dev, verb);
	return err ?: len;
}

static const struct proc_ops proc_ops = {
	.proc_open = proc_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = proc_write,
};

/**
 * isp_proc_init() - Make /proc/scsi/isp, and /proc/scsi where nobody does.
 *
 * Context: process, at module load. Failure only costs the files.
 */
void isp_proc_init(void)
{
	if (!IS_ENABLED(CONFIG_SCSI_PROC_FS))
		made_scsi = proc_mkdir("scsi", NULL);
	proc_dir = proc_mkdir("scsi/isp", NULL);
}

/**
 * isp_proc_exit() - Take the directories away again.
 *
 * Context: process, at module unload.
 */
void isp_proc_exit(void)
{
	if (proc_dir)
		remove_proc_entry("scsi/isp", NULL);
	if (made_scsi)
		remove_proc_entry("scsi", NULL);
}

/**
 * isp_proc_add() - Make /proc/scsi/isp/N.
 * @dev: the function
 *
 * Context: process, may sleep.
 */
void isp_proc_add(struct isp_dev *dev)
{
	char name[16];

	if (!proc_dir)
		return;
	snprintf(name, sizeof(name), "%u", dev->hba.no);
	dev->proc = proc_create_data(name, 0600, proc_dir, &proc_ops, dev);
}

/**
 * isp_proc_remove() - Take /proc/scsi/isp/N away.
 * @dev: the function
 *
 * Context: process, may sleep: waits for readers and writers.
 */
void isp_proc_remove(struct isp_dev *dev)
{
	proc_remove(dev->proc);
}
