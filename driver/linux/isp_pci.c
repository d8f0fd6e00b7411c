// SPDX-License-Identifier: GPL-2.0
/* The module and its PCI functions: probe, remove, shutdown, errors. */
#include <linux/aer.h>
#include <linux/dma-mapping.h>
#include <linux/firmware.h>
#include <linux/interrupt.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>

#include "../compat/isp_compat.h"
#include "../core/isp_irq.h"
#include "../tgt/isp_tgt.h"
#include "isp_aux.h"
#include "isp_linux.h"

/* Cards of this maker use these chips behind a RAID controller. */
#define SUBVENDOR_AMI 0x101e

#define BAR_REGS 1

/* MSI-X of the 2432 works from this revision on. [qla2xxx qla_isr.c, O] */
#define REV_2432_MSIX 3

#define PROBE_TIMEOUT_MS 60000
#define REMOVE_TIMEOUT_MS 60000
#define SUSPEND_POLL_US 2000

/*
 * The only place that asks "which chip?". No MODULE_DEVICE_TABLE: the module
 * must never be loaded for a card on its own, stock drivers want it too.
 */
const struct pci_device_id isp_pci_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_QLOGIC, 0x2422),
	  .driver_data = (kernel_ulong_t)&isp_chip_2400_ops },
	{ PCI_DEVICE(PCI_VENDOR_ID_QLOGIC, 0x2432),
	  .driver_data = (kernel_ulong_t)&isp_chip_2400_ops },
	{ PCI_DEVICE(PCI_VENDOR_ID_QLOGIC, 0x2532),
	  .driver_data = (kernel_ulong_t)&isp_chip_2500_ops },
	{}
};

/* What core wants of us. */

static void fw_work(struct work_struct *work)
{
	struct isp_dev *dev = container_of(work, struct isp_dev, fw_work);
	const struct firmware *fw = NULL;

	if (firmware_request_nowarn(&fw, dev->fw_name, &dev->pdev->dev))
		fw = NULL;
	isp_hba_fw_result(&dev->hba, fw ? fw->data : NULL, fw ? fw->size : 0);
	release_firmware(fw);
}

static void os_fw_request(struct isp_hba *hba, const char *name)
{
	struct isp_dev *dev = hba->os_priv;

	dev->fw_name = name;
	schedule_work(&dev->fw_work);
}

static void os_state(struct isp_hba *hba)
{
	struct isp_dev *dev = hba->os_priv;

	wake_up_all(&dev->settled);
	schedule_work(&dev->state_work);
}

static void os_dma(struct isp_hba *hba, bool on)
{
	struct isp_dev *dev = hba->os_priv;

	if (on)
		pci_set_master(dev->pdev);
	else
		pci_clear_master(dev->pdev);
}

static const struct isp_os_ops os_ops = {
	.fw_request = os_fw_request,
	.state = os_state,
	.dma = os_dma,
};

/* Has the first way up come to an end, good or bad? */
static bool came_up(struct isp_dev *dev)
{
	switch (READ_ONCE(dev->hba.state)) {
	case ISP_HBA_IDLE:
	case ISP_HBA_INIT:
	case ISP_HBA_READY:
	case ISP_HBA_FAULT:
	case ISP_HBA_GONE:
		return true;
	case ISP_HBA_OFF:
		return READ_ONCE(dev->hba.why);
	default:
		return false;
	}
}

static void state_work(struct work_struct *work)
{
	struct isp_dev *dev = container_of(work, struct isp_dev, state_work);

	if (!dev->aux_added && !dev->removing && dev->hba.chan[0].wwpn &&
	    came_up(dev))
		dev->aux_added = !isp_aux_add(&dev->hba);
	isp_scsi_host_update(dev);
}

struct mbox_wait {
	struct completion done;
	int err;
};

static void mbox_run_done(struct isp_hba *hba, struct isp_mbox *mbx, int err)
{
	struct mbox_wait *wait = mbx->arg;

	wait->err = err;
	complete(&wait->done);
}

/**
 * isp_mbox_run() - Run one mailbox command and wait for its answer.
 * @hba: the adapter
 * @mbx: set up by isp_mbox_setup(), done may be NULL; caller keeps it
 *
 * Context: process, sleeps. The deadline is the mailbox's own.
 * Return: 0: answered, mbx->out[0] says what; -ETIMEDOUT; -ESHUTDOWN.
 */
int isp_mbox_run(struct isp_hba *hba, struct isp_mbox *mbx)
{
	struct mbox_wait wait;
	int err;

	init_completion(&wait.done);
	mbx->done = mbox_run_done;
	mbx->arg = &wait;
	err = isp_mbox_submit(hba, mbx);
	if (err)
		return err;
	wait_for_completion(&wait.done);
	return wait.err;
}

/* Interrupts. */

static irqreturn_t irq_default(int irq, void *data)
{
	struct isp_dev *dev = data;

	return isp_irq_default(&dev->hba) ? IRQ_HANDLED : IRQ_NONE;
}

static irqreturn_t irq_response(int irq, void *data)
{
	struct isp_dev *dev = data;

	isp_irq_response(&dev->hba);
	return IRQ_HANDLED;
}

static int alloc_vectors(struct isp_dev *dev)
{
	struct isp_hba *hba = &dev->hba;
	struct pci_dev *pdev = dev->pdev;
	int nr;

	if (hba->chip->caps & ISP_CAP_MSIX &&
	    !(pdev->device == 0x2432 && pdev->revision < REV_2432_MSIX)) {
		nr = pci_alloc_irq_vectors(pdev, 2, 2, PCI_IRQ_MSIX);
		if (nr == 2) {
			hba->irq_mode = ISP_IRQ_MODE_MSIX;
			return nr;
		}
	}
	nr = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	hba->irq_mode = pdev->msi_enabled ? ISP_IRQ_MODE_MSI :
					    ISP_IRQ_MODE_INTX;
	return nr;
}

static int request_irqs(struct isp_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	unsigned long flags;
	int err;

	dev->nr_vectors = alloc_vectors(dev);
	if (dev->nr_vectors < 0)
		return dev->nr_vectors;
	flags = dev->hba.irq_mode == ISP_IRQ_MODE_INTX ? IRQF_SHARED : 0;
	err = request_irq(pci_irq_vector(pdev, 0), irq_default, flags,
			  "isp default", dev);
	if (err)
		goto err_free_vectors;
	if (dev->nr_vectors == 1)
		return 0;
	err = request_irq(pci_irq_vector(pdev, 1), irq_response, 0,
			  "isp response", dev);
	if (err)
		goto err_free_default;
	return 0;

err_free_default:
	free_irq(pci_irq_vector(pdev, 0), dev);
err_free_vectors:
	pci_free_irq_vectors(pdev);
	return err;
}

static void free_irqs(struct isp_dev *dev)
{
	int i = dev->nr_vectors;

	while (i--)
		free_irq(pci_irq_vector(dev->pdev, i), dev);
	pci_free_irq_vectors(dev->pdev);
}

/* Probe and remove. */

static int map_function(struct isp_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return err;
	err = pci_request_selected_regions(pdev, BIT(BAR_REGS),
					   ISP_DRIVER_NAME);
	if (err)
		goto err_disable;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (err)
		goto err_release;
	dev->hba.regs = pci_ioremap_bar(pdev, BAR_REGS);
	if (!dev->hba.regs) {
		err = -ENOMEM;
		goto err_release;
	}
	pci_set_master(pdev);
	if (pci_is_pcie(pdev))
		pcie_set_readrq(pdev, 4096);
	return 0;

err_release:
	pci_release_selected_regions(pdev, BIT(BAR_REGS));
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void unmap_function(struct isp_dev *dev)
{
	iounmap(dev->hba.regs);
	pci_release_selected_regions(dev->pdev, BIT(BAR_REGS));
	pci_disable_device(dev->pdev);
}

static int init_core(struct isp_dev *dev, const struct isp_chip_ops *chip,
		     const struct isp_dev_params *params)
{
	struct isp_hba *hba = &dev->hba;
	int err;

	hba->chip = chip;
	hba->os = &os_ops;
	hba->os_priv = dev;
	hba->dev = &dev->pdev->dev;
	hba->rev = dev->pdev->revision;
	hba->no = dev->shost->host_no;
	hba->unit = dev->unit;
	hba->devid = isp_params_devid(dev->pdev);
	hba->params = params->params;
	hba->role_ops[0] = &isp_tgt_role_ops;
	hba->wq = alloc_ordered_workqueue("isp%u", WQ_MEM_RECLAIM, hba->no);
	if (!hba->wq)
		return -ENOMEM;
	err = isp_hba_init(hba);
	if (err)
		destroy_workqueue(hba->wq);
	return err;
}

static void exit_core(struct isp_dev *dev)
{
	isp_hba_exit(&dev->hba);
	destroy_workqueue(dev->hba.wq);
}

static bool wait_gone(struct isp_dev *dev)
{
	isp_hba_stop(&dev->hba);
	if (wait_event_timeout(dev->settled, isp_hba_is_gone(&dev->hba),
			       msecs_to_jiffies(REMOVE_TIMEOUT_MS)))
		return true;
	dev_err(dev->hba.dev, "adapter does not stop within %u ms\n",
		REMOVE_TIMEOUT_MS);
	return false;
}

static void warn_roles(struct isp_dev *dev, u8 roles)
{
	if (roles & ISP_ROLE_INITIATOR)
		dev_err(dev->hba.dev,
			"isp_roles: initiator role refused: not built yet\n");
	if (roles & ISP_ROLE_TARGET)
		dev_info(
			dev->hba.dev,
			"isp_roles: the target role comes on when an engine enables it\n");
}

/* Shall this function be taken? If so, @params are what it was told. */
static bool is_wanted(struct pci_dev *pdev, const struct isp_chip_ops *chip,
		      struct isp_dev_params *params)
{
	/* By new_id or driver_override anything may come here. */
	if (!chip) {
		pci_err(pdev, "%04x:%04x is no chip of this driver\n",
			pdev->vendor, pdev->device);
		return false;
	}
	if (pdev->subsystem_vendor == SUBVENDOR_AMI) {
		pci_info(pdev, "belongs to a RAID controller, left alone\n");
		return false;
	}
	if (isp_params_claims_some() && !isp_params_claims(pdev) &&
	    !isp_compat_has_override(pdev)) {
		pci_info(pdev, "not on the list of isp_claim, left alone\n");
		return false;
	}
	isp_params_get(pdev, params);
	if (params->disabled) {
		pci_info(pdev,
			 "left alone as isp_disable or isp_pci_exclude says\n");
		return false;
	}
	return true;
}

static int isp_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct isp_chip_ops *chip = (const void *)id->driver_data;
	struct isp_dev_params params;
	struct isp_dev *dev;
	int err;

	if (!is_wanted(pdev, chip, &params))
		return -ENODEV;
	dev = isp_scsi_host_alloc(pdev);
	if (!dev)
		return -ENOMEM;
	dev->unit = params.unit;
	INIT_WORK(&dev->fw_work, fw_work);
	INIT_WORK(&dev->state_work, state_work);
	init_waitqueue_head(&dev->settled);
	pci_set_drvdata(pdev, dev);
	err = map_function(dev);
	if (err)
		goto err_put_host;
	err = init_core(dev, chip, &params);
	if (err)
		goto err_unmap;
	err = request_irqs(dev);
	if (err)
		goto err_exit_core;
	err = isp_scsi_host_add(dev);
	if (err)
		goto err_free_irqs;
	isp_proc_add(dev);
	isp_debugfs_add(dev);
	warn_roles(dev, params.roles);
	pci_save_state(pdev);

	isp_hba_start(&dev->hba);
	if (!wait_event_timeout(dev->settled, came_up(dev),
				msecs_to_jiffies(PROBE_TIMEOUT_MS)))
		dev_err(dev->hba.dev, "not up after %u ms, state %s\n",
			PROBE_TIMEOUT_MS,
			isp_hba_state_name(READ_ONCE(dev->hba.state)));
	flush_work(&dev->state_work);
	return 0;

err_free_irqs:
	free_irqs(dev);
err_exit_core:
	exit_core(dev);
err_unmap:
	unmap_function(dev);
err_put_host:
	scsi_host_put(dev->shost);
	return err;
}

static void isp_remove(struct pci_dev *pdev)
{
	struct isp_dev *dev = pci_get_drvdata(pdev);

	dev->removing = true;
	flush_work(&dev->state_work);
	if (dev->aux_added)
		isp_aux_del(&dev->hba);
	/* What its memory is given to next must not be written by the chip. */
	if (!wait_gone(dev))
		pci_clear_master(pdev);
	isp_debugfs_remove(dev);
	isp_proc_remove(dev);
	isp_scsi_host_remove(dev);
	free_irqs(dev);
	cancel_work_sync(&dev->fw_work);
	exit_core(dev);
	cancel_work_sync(&dev->state_work);
	unmap_function(dev);
	scsi_host_put(dev->shost);
}

static void isp_shutdown(struct pci_dev *pdev)
{
	struct isp_dev *dev = pci_get_drvdata(pdev);

	/* Stopped or not: the kernel that comes next has other plans. */
	wait_gone(dev);
	pci_clear_master(pdev);
}

/* Sleep. The card may lose power: all of it is loaded again afterwards. */

static int isp_suspend(struct device *device)
{
	struct isp_dev *dev = dev_get_drvdata(device);
	bool silent;

	isp_hba_suspend(&dev->hba);
	if (read_poll_timeout(isp_hba_is_suspended, silent, silent,
			      SUSPEND_POLL_US, REMOVE_TIMEOUT_MS * 1000UL,
			      false, &dev->hba)) {
		dev_err(dev->hba.dev, "adapter does not stop within %u ms\n",
			REMOVE_TIMEOUT_MS);
		pci_save_state(dev->pdev); /* as in isp_resume() */
		isp_hba_resume(&dev->hba);
		return -EBUSY;
	}
	return 0;
}

static int isp_resume(struct device *device)
{
	struct isp_dev *dev = dev_get_drvdata(device);

	/* The PCI core has used up what isp_slot_reset() will want. */
	pci_save_state(dev->pdev);
	isp_hba_resume(&dev->hba);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(isp_pm_ops, isp_suspend, isp_resume);

/* PCI errors. */

static pci_ers_result_t isp_error_detected(struct pci_dev *pdev,
					   pci_channel_state_t state)
{
	struct isp_dev *dev = pci_get_drvdata(pdev);

	isp_hba_fault(&dev->hba, "PCI error");
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	return state == pci_channel_io_normal ? PCI_ERS_RESULT_CAN_RECOVER :
						PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t isp_slot_reset(struct pci_dev *pdev)
{
	/* That enables its memory again; to the kernel it never was disabled. */
	pci_restore_state(pdev);
	pci_save_state(pdev);
	pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void isp_error_resume(struct pci_dev *pdev)
{
	struct isp_dev *dev = pci_get_drvdata(pdev);

	isp_hba_kick(&dev->hba);
}

static const struct pci_error_handlers isp_err_handler = {
	.error_detected = isp_error_detected,
	.slot_reset = isp_slot_reset,
	.resume = isp_error_resume,
};

/*
 * A listed card that is plugged in is reserved before any driver is asked.
 * Cards that were there before are the udev rule's business: this notice comes
 * for new ones only.
 */
static int bus_notice(struct notifier_block *nb, unsigned long action,
		      void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	if (action == BUS_NOTIFY_ADD_DEVICE &&
	    pci_match_id(isp_pci_ids, pdev) && !isp_compat_has_override(pdev) &&
	    isp_params_claims(pdev) &&
	    isp_compat_set_override(pdev, ISP_DRIVER_NAME))
		pci_warn(pdev, "cannot be reserved as isp_claim says\n");
	return NOTIFY_DONE;
}

static struct notifier_block bus_nb = {
	.notifier_call = bus_notice,
};

static struct pci_driver isp_pci_driver = {
	.name = ISP_DRIVER_NAME,
	.id_table = isp_pci_ids,
	.probe = isp_probe,
	.remove = isp_remove,
	.shutdown = isp_shutdown,
	.err_handler = &isp_err_handler,
	.driver.pm = pm_sleep_ptr(&isp_pm_ops),
};

static int __init isp_init(void)
{
	int err;

	err = isp_params_check();
	if (err)
		return err;
	err = isp_scsi_host_init();
	if (err)
		return err;
	isp_proc_init();
	isp_debugfs_init();
	err = bus_register_notifier(&pci_bus_type, &bus_nb);
	if (err)
		goto err_exit;
	err = pci_register_driver(&isp_pci_driver);
	if (err)
		goto err_unwatch;
	return 0;

err_unwatch:
	bus_unregister_notifier(&pci_bus_type, &bus_nb);
err_exit:
	isp_debugfs_exit();
	isp_proc_exit();
	isp_scsi_host_exit();
	return err;
}

static void __exit isp_exit(void)
{
	pci_unregister_driver(&isp_pci_driver);
	bus_unregister_notifier(&pci_bus_type, &bus_nb);
	isp_debugfs_exit();
	isp_proc_exit();
	isp_scsi_host_exit();
}

module_init(isp_init);
module_exit(isp_exit);

MODULE_DESCRIPTION("QLogic ISP adapters as SCSI target");
MODULE_LICENSE("GPL");
MODULE_ALIAS("qla_isp");
MODULE_FIRMWARE("ql2400_fw.bin");
MODULE_FIRMWARE("ql2500_fw.bin");
