/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of driver/linux share: one PCI function as Linux has it. */
#ifndef ISP_LINUX_H
#define ISP_LINUX_H

#include <linux/pci.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <scsi/scsi_host.h>

#include "../core/isp_hba.h"

struct isp_tport;
struct seq_file;

#define ISP_DRIVER_NAME "isp"

/**
 * struct isp_dev - one PCI function
 * @hba:        core's part; its os_priv points back here
 * @pdev:       the function
 * @shost:      SCSI host that this structure is the private part of
 * @unit:       see struct isp_dev_params
 * @nr_vectors: interrupt vectors in use
 * @fw_work:    fetches the firmware file
 * @fw_name:    which
 * @state_work: tells Linux of changes
 * @settled:    waited on by probe and remove
 * @aux_added:  engines have been offered the channels, state_work only
 * @removing:   no more aux devices
 * @old_link:   link state that Linux has been told of
 * @proc:       /proc/scsi/isp/N
 * @debugfs:    directory, or error
 */
struct isp_dev {
	struct isp_hba hba;
	struct pci_dev *pdev;
	struct Scsi_Host *shost;
	unsigned int unit;
	int nr_vectors;
	struct work_struct fw_work;
	const char *fw_name;
	struct work_struct state_work;
	wait_queue_head_t settled;
	bool aux_added;
	bool removing;
	enum isp_link_state old_link;
	struct proc_dir_entry *proc;
	struct dentry *debugfs;
};

/**
 * struct isp_dev_params - what the module parameters say about one function
 * @params:   for core
 * @unit:     number of the place, in the order of first probes
 * @roles:    ISP_ROLE_* asked for by isp_roles
 * @disabled: leave the function alone
 */
struct isp_dev_params {
	struct isp_params params;
	unsigned int unit;
	u8 roles;
	bool disabled;
};

extern const struct pci_device_id isp_pci_ids[];

int isp_params_check(void);
void isp_params_get(struct pci_dev *pdev, struct isp_dev_params *out);
bool isp_params_claims(struct pci_dev *pdev);
bool isp_params_claims_some(void);
u32 isp_params_devid(struct pci_dev *pdev);

int isp_scsi_host_init(void);
void isp_scsi_host_exit(void);
struct isp_dev *isp_scsi_host_alloc(struct pci_dev *pdev);
int isp_scsi_host_add(struct isp_dev *dev);
void isp_scsi_host_remove(struct isp_dev *dev);
void isp_scsi_host_update(struct isp_dev *dev);

void isp_proc_init(void);
void isp_proc_exit(void);
void isp_proc_add(struct isp_dev *dev);
void isp_proc_remove(struct isp_dev *dev);

void isp_debugfs_init(void);
void isp_debugfs_exit(void);
void isp_debugfs_add(struct isp_dev *dev);
void isp_debugfs_show_tgt(struct seq_file *s, struct isp_tport *port);
void isp_debugfs_remove(struct isp_dev *dev);

int isp_mbox_run(struct isp_hba *hba, struct isp_mbox *mbx);

#endif
