// SPDX-License-Identifier: GPL-2.0
/* /proc/scsi_tgt/qla_isp/N: channels on and off in the words of old. */
#include "isp_scst.h"

#include <linux/namei.h>
#include <linux/path.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "isp_scst_words.h"

#define PROC_TOP "scsi_tgt"
#define PROC_DIR PROC_TOP "/" ISP_SCST_NAME

static struct proc_dir_entry *proc_top;
static struct proc_dir_entry *proc_dir;

/* Next channel from @from on, upwards or downwards; NULL: there is none. */
static struct isp_scst_port *next_port(struct isp_scst_hba *hba, int from,
				       bool up)
{
	struct isp_scst_port *port, *best = NULL;

	lockdep_assert_held(&isp_scst_lists);
	list_for_each_entry(port, &hba->ports, node) {
		int chan = port->chan;

		if (up ? chan < from : chan > from)
			continue;
		if (!best || (up ? chan < best->chan : chan > best->chan))
			best = port;
	}
	return best;
}

static int proc_show(struct seq_file *s, void *v)
{
	struct isp_scst_hba *hba = s->private;
	struct isp_scst_port *port;
	int chan = 0;

	seq_printf(s, "%s HBA isp%u DEVID %x\n",
		   hba->bus == ISP_TPORT_FC ? "FC" : "SPI", hba->unit,
		   hba->devid);
	mutex_lock(&isp_scst_lists);
	while ((port = next_port(hba, chan, true))) {
		bool on = READ_ONCE(port->tgt->enabled);

		chan = port->chan + 1;
		if (hba->bus == ISP_TPORT_FC)
			seq_printf(s, "%-2d: %d\n", port->chan, on);
		else
			seq_printf(s, "%-2d: 0x%llx\n", port->chan,
				   on ? ~0ULL : 0);
	}
	mutex_unlock(&isp_scst_lists);
	return 0;
}

static int proc_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_show, pde_data(inode));
}

/*
 * Switch the channels from @from on, upwards or downwards, or just that one.
 * Whoever refuses has said why in the log.
 * Targets outlive their ports and this file, so none is held meanwhile.
 * Return: 0, the first error, or -ENXIO: no such channel.
 */
static int switch_chans(struct isp_scst_hba *hba, int from, bool all, bool on)
{
	struct isp_scst_port *port;
	struct isp_scst_tgt *tgt;
	int ret = -ENXIO, err;

	for (;;) {
		mutex_lock(&isp_scst_lists);
		port = next_port(hba, from, on);
		tgt = port ? port->tgt : NULL;
		if (port && !all && port->chan != from)
			tgt = NULL;
		if (tgt)
			from = port->chan + (on ? 1 : -1);
		mutex_unlock(&isp_scst_lists);
		if (!tgt)
			return ret;
		err = isp_scst_tgt_switch(tgt, on);
		if (ret == -ENXIO || !ret)
			ret = err;
		if (!all)
			return ret;
	}
}

static int say_grammar(const struct isp_scst_hba *hba)
{
	pr_err("isp_scst: /proc/" PROC_DIR "/%u: want %s, or test\n",
	       hba->host_no,
	       hba->bus == ISP_TPORT_FC ? "enable CHAN|all, disable CHAN|all" :
					  "enable all, disable all");
	return -EINVAL;
}

static int run_words(struct isp_scst_hba *hba,
		     const struct isp_scst_words *words)
{
	bool on = words->verb == ISP_SCST_ENABLE;
	int from = words->chan;
	int err;

	if (words->verb == ISP_SCST_TEST) {
		pr_info("isp_scst: isp%u is SCSI host %u, DEVID %x\n",
			hba->unit, hba->host_no, hba->devid);
		return 0;
	}
	if (words->has_lun && hba->bus == ISP_TPORT_FC) {
		pr_err("isp_scst: /proc/" PROC_DIR
		       "/%u: a Fibre Channel port has no LUNs to switch\n",
		       hba->host_no);
		return -EINVAL;
	}
	if (words->has_lun && !words->all_luns) {
		pr_err("isp_scst: /proc/" PROC_DIR
		       "/%u: single LUNs cannot be switched, write all\n",
		       hba->host_no);
		return -EOPNOTSUPP;
	}
	if (words->chan > INT_MAX - 1)
		return -ENXIO;
	if (words->all_chans)
		from = on ? 0 : INT_MAX - 1;
	err = switch_chans(hba, from, words->all_chans, on);
	if (err == -ENXIO && words->all_chans)
		return 0;
	if (err == -ENXIO)
		pr_err("isp_scst: /proc/" PROC_DIR "/%u: no channel %u\n",
		       hba->host_no, words->chan);
	return err;
}

static ssize_t proc_write(struct file *file, const char __user *ubuf,
			  size_t len, loff_t *pos)
{
	struct isp_scst_hba *hba = pde_data(file_inode(file));
	struct isp_scst_words words;
	char buf[ISP_SCST_WORDS_MAX];
	int err;

	if (!len || len > sizeof(buf))
		return say_grammar(hba);
	if (copy_from_user(buf, ubuf, len))
		return -EFAULT;
	if (isp_scst_words_parse(buf, len, &words))
		return say_grammar(hba);
	err = run_words(hba, &words);
	return err ?: len;
}

static const struct proc_ops proc_ops = {
	.proc_open = proc_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = proc_write,
};

/* Asked by name: proc itself can only be told to make it, and complains. */
static bool top_is_there(void)
{
	struct path path;

	if (kern_path("/proc/" PROC_TOP, LOOKUP_DIRECTORY, &path))
		return false;
	path_put(&path);
	return true;
}

/**
 * isp_scst_proc_init() - make /proc/scsi_tgt/qla_isp
 *
 * Context: process, at module load.
 * Return: 0; -ENOMEM: it cannot be made.
 */
int isp_scst_proc_init(void)
{
	if (!top_is_there()) {
		proc_top = proc_mkdir(PROC_TOP, NULL);
		if (!proc_top)
			return -ENOMEM;
	}
	proc_dir = proc_mkdir(PROC_DIR, NULL);
	if (proc_dir)
		return 0;
	if (proc_top)
		remove_proc_entry(PROC_TOP, NULL);
	return -ENOMEM;
}

/**
 * isp_scst_proc_exit() - take away what isp_scst_proc_init() made
 *
 * Context: process, at module unload.
 */
void isp_scst_proc_exit(void)
{
	remove_proc_entry(PROC_DIR, NULL);
	if (proc_top)
		remove_proc_entry(PROC_TOP, NULL);
}

/**
 * isp_scst_proc_add() - make an adapter's file
 * @hba: the adapter
 *
 * Context: process, may sleep. Failure only costs the file.
 */
void isp_scst_proc_add(struct isp_scst_hba *hba)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", hba->host_no);
	hba->proc = proc_create_data(name, 0644, proc_dir, &proc_ops, hba);
	if (!hba->proc)
		pr_err("isp_scst: cannot make /proc/" PROC_DIR "/%s\n", name);
}

/**
 * isp_scst_proc_remove() - take an adapter's file away
 * @hba: the adapter
 *
 * Context: process, may sleep: waits for readers and writers.
 */
void isp_scst_proc_remove(struct isp_scst_hba *hba)
{
	proc_remove(hba->proc);
}
