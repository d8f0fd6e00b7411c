/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: what the compile probes of driver/compat find out, for user space. */
#ifndef SHIM_ISP_COMPAT_GEN_H
#define SHIM_ISP_COMPAT_GEN_H

#define ISP_HAVE_LINUX_HEX_H 1
#define ISP_HAVE_LINUX_UNALIGNED_H 1
#define ISP_HAVE_PCI_IRQ_INTX 1

#endif
