// SPDX-License-Identifier: GPL-2.0
/* debugfs: everything core knows of an adapter, for a bug report. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "../core/isp_link.h"
#include "../tgt/isp_tgt.h"
#include "isp_linux.h"

static struct dentry *debugfs_root;

static void show_stats(struct seq_file *s, const struct isp_stats *st)
{
	seq_printf(s, "interrupts: %llu\n", st->nr_irq);
	seq_printf(s, "interrupts_bogus: %llu\n", st->nr_irq_bogus);
	seq_printf(s, "mailboxes: %llu\n", st->nr_mbox);
	seq_printf(s, "events: %llu\n", st->nr_aen);
	seq_printf(s, "atio_entries: %llu\n", st->nr_atio);
	seq_printf(s, "response_entries: %llu\n", st->nr_rsp);
	seq_printf(s, "request_entries: %llu\n", st->nr_req);
	seq_printf(s, "doorbells: %llu\n", st->nr_doorbell);
	seq_printf(s, "pointer_reads: %llu\n", st->nr_ptr_read);
	seq_printf(s, "faults: %llu\n", st->nr_fault);
	seq_printf(s, "ring_full: %llu\n", st->nr_ring_full);
	seq_printf(s, "stale_handles: %llu\n", st->nr_stale);
}

static void show_ring(struct seq_file *s, const char *name,
		      const struct isp_ring *ring)
{
	seq_printf(s, "ring_%s: nr %u idx %u posted %u tail %u\n", name,
		   ring->nr, ring->idx, ring->posted, ring->tail);
}

static void show_handles(struct seq_file *s, struct isp_hba *hba)
{
	static const char *const kinds[] = {
#define X(id, name) [ISP_OWNER_##id] = name,
		ISP_OWNERS(X)
#undef X
	};
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	const struct isp_handle *slot;
	unsigned long flags;
	unsigned int i;

	seq_printf(s, "handles: used %u max %u\n", hba->handles.nr_used,
		   hba->handles.max_used);
	for (i = 1; i < ISP_NR_HANDLES; i++) {
		u8 kind;
		u16 gen;

		spin_lock_irqsave(&req->lock, flags);
		slot = &hba->handles.slot[i];
		kind = slot->kind;
		gen = slot->gen;
		spin_unlock_irqrestore(&req->lock, flags);
		if (kind != ISP_OWNER_FREE)
			seq_printf(s, "handle: %04x%04x %s\n", gen, i,
				   kinds[kind]);
	}
}

static void show_chan(struct seq_file *s, struct isp_chan *chan)
{
	struct isp_port *port;
	unsigned long flags;

	seq_printf(
		s,
		"channel %u: wwpn %016llx want %s have %s link %s step %s topo %s port_id %06x speed %u fabric %016llx\n",
		chan->idx, chan->wwpn, isp_role_name(chan->want),
		isp_role_name(chan->have), isp_link_state_name(chan->link),
		isp_link_step_name(chan->fabric->step),
		isp_topo_name(chan->topo), chan->port_id, chan->speed_gbps,
		chan->fabric_wwn);
	spin_lock_irqsave(&chan->port_lock, flags);
	list_for_each_entry(port, &chan->ports, node)
		seq_printf(s,
			   "port: %016llx id %06x handle %04x prli %04x %s\n",
			   port->wwpn, port->port_id, port->handle,
			   port->prli_w3, isp_port_state_name(port->state));
	spin_unlock_irqrestore(&chan->port_lock, flags);
}

static int dump_show(struct seq_file *s, void *v)
{
	struct isp_dev *dev = s->private;
	struct isp_hba *hba = &dev->hba;
	unsigned int i;

	seq_printf(s,
		   "card: %s family %s rev %u function %u vectors %d mode %d\n",
		   pci_name(dev->pdev), hba->chip->family, hba->rev, hba->func,
		   dev->nr_vectors, hba->irq_mode);
	seq_printf(s, "state: %s live %d faults_in_row %u why: %s\n",
		   isp_hba_state_name(hba->state), hba->live,
		   hba->life.nr_faults, hba->why ?: "-");
	seq_printf(
		s,
		"firmware: %u.%02u.%02u attributes %04x exchanges %u iocbs %u vports %u %s\n",
		hba->fw.version[0], hba->fw.version[1], hba->fw.version[2],
		hba->fw.attrs, hba->fw.nr_exchanges, hba->fw.nr_iocbs,
		hba->fw.max_vports, hba->fw.from_flash ? "flash" : "file");
	show_stats(s, &hba->stats);
	show_ring(s, "request", &hba->ring[ISP_RING_REQ]);
	show_ring(s, "response", &hba->ring[ISP_RING_RSP]);
	show_ring(s, "atio", &hba->ring[ISP_RING_ATIO]);
	show_handles(s, hba);
	for (i = 0; i < hba->nr_chans; i++) {
		show_chan(s, &hba->chan[i]);
		isp_debugfs_show_tgt(s, isp_tgt_port(&hba->chan[i]));
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(dump);

/**
 * isp_debugfs_init() - Make the module's directory.
 *
 * Context: process, at module load.
 */
void isp_debugfs_init(void)
{
	debugfs_root = debugfs_create_dir("isp_mod", NULL);
}

/**
 * isp_debugfs_exit() - Take it away.
 *
 * Context: process, at module unload.
 */
void isp_debugfs_exit(void)
{
	debugfs_remove(debugfs_root);
}

/**
 * isp_debugfs_add() - Make a function's directory, named by its host number.
 * @dev: the function
 *
 * Context: process, may sleep.
 */
void isp_debugfs_add(struct isp_dev *dev)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", dev->hba.no);
	dev->debugfs = debugfs_create_dir(name, debugfs_root);
	debugfs_create_file("dump", 0400, dev->debugfs, dev, &dump_fops);
}

/**
 * isp_debugfs_remove() - Take it away.
 * @dev: the function
 *
 * Context: process, may sleep: waits for readers.
 */
void isp_debugfs_remove(struct isp_dev *dev)
{
	debugfs_remove(dev->debugfs);
}
