/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between kernels, by compile probe: compat/probes/NAME.c is
 * compiled before the modules, and ISP_HAVE_NAME is defined if that worked.
 */
#ifndef ISP_COMPAT_H
#define ISP_COMPAT_H

#include "isp_compat_gen.h"

#ifdef ISP_HAVE_LINUX_HEX_H
#include <linux/hex.h>
#else
#include <linux/kernel.h>
#endif

#ifdef ISP_HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifndef ISP_HAVE_PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

/* For users of <linux/pci.h>: the driver that a function is reserved for. */
#ifdef ISP_HAVE_DEV_DRIVER_OVERRIDE
#define isp_compat_has_override(pdev) device_has_driver_override(&(pdev)->dev)
#define isp_compat_set_override(pdev, name) \
	device_set_driver_override(&(pdev)->dev, name)
#else
#define isp_compat_has_override(pdev) (!!(pdev)->driver_override)
#define isp_compat_set_override(pdev, name)                               \
	driver_set_override(&(pdev)->dev, &(pdev)->driver_override, name, \
			    strlen(name))
#endif

#ifdef ISP_HAVE_SCSI_QC_STATUS
#define ISP_COMPAT_QC_STATUS enum scsi_qc_status
#else
#define ISP_COMPAT_QC_STATUS int
#endif

#ifdef ISP_HAVE_WQ_PERCPU
#define ISP_COMPAT_WQ_PERCPU WQ_PERCPU
#else
#define ISP_COMPAT_WQ_PERCPU 0
#endif

/*
 * Members of struct target_core_fabric_ops: commands are handed to the core
 * and answered in our own worker, without a detour over the core's workers,
 * where the core lets a fabric choose.
 */
#ifdef ISP_HAVE_TARGET_DIRECT_SUBMIT
#define ISP_COMPAT_DIRECT_SUBMIT \
	.direct_submit_supp = 1, .default_submit_type = TARGET_DIRECT_SUBMIT,
#else
#define ISP_COMPAT_DIRECT_SUBMIT
#endif

#ifdef ISP_HAVE_TARGET_DIRECT_COMPL
#define ISP_COMPAT_DIRECT_COMPL \
	.direct_compl_supp = 1, .default_compl_type = TARGET_DIRECT_COMPL,
#else
#define ISP_COMPAT_DIRECT_COMPL
#endif

#endif /* ISP_COMPAT_H */
