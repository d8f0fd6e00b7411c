/* SPDX-License-Identifier: GPL-2.0 */
/* Where things are in the configuration space that the model offers. */
#ifndef MODEL_PCI_CFG_H
#define MODEL_PCI_CFG_H

/* Type 0 header. [PCI 3.0 6.1, D] */
#define CFG_VENDOR 0x00
#define CFG_DEVICE 0x02
#define CFG_COMMAND 0x04
#define CFG_COMMAND_IO 0x0001
#define CFG_COMMAND_MEM 0x0002
#define CFG_COMMAND_MASTER 0x0004
#define CFG_COMMAND_INTX_OFF 0x0400
#define CFG_COMMAND_RW 0x0557 /* the above, MWI, parity, SERR */
#define CFG_STATUS 0x06
#define CFG_STATUS_INTX 0x0008
#define CFG_STATUS_CAPS 0x0010
#define CFG_REVISION 0x08
#define CFG_CLASS 0x09
#define CFG_CACHE_LINE 0x0c
#define CFG_HEADER_TYPE 0x0e
#define CFG_HEADER_MULTI 0x80
#define CFG_BAR0 0x10
#define CFG_BAR1 0x14
#define CFG_BAR2 0x18
#define CFG_SUBVENDOR 0x2c
#define CFG_SUBDEVICE 0x2e
#define CFG_CAP_PTR 0x34
#define CFG_LINE 0x3c
#define CFG_PIN 0x3d

/*
 * Capabilities. Real cards have power management at 44h and PCI Express at
 * 4Ch; a 2532 goes on with MSI at 88h and MSI-X at A0h. [lspci listings of
 * QLE2560, O] A 2432 has both nearer, inside what QEMU takes for the second
 * version of the Express capability, where they would read as zeros; so the
 * model places them as on a 2532.
 */
#define CFG_PM 0x44
#define CFG_PM_CTRL (CFG_PM + 4)
#define CFG_PM_STATE 0x0003
#define CFG_PM_NO_SOFT_RESET 0x0008
#define CFG_EXP 0x4c
#define CFG_EXP_DEVCTL (CFG_EXP + 0x08)
#define CFG_EXP_DEVCTL_FLR 0x8000
#define CFG_MSI 0x88
#define CFG_MSI_CTRL (CFG_MSI + 2)
#define CFG_MSI_ENABLE 0x0001
#define CFG_MSI_64BIT 0x0080
#define CFG_MSIX 0xa0
#define CFG_MSIX_CTRL (CFG_MSIX + 2)
#define CFG_MSIX_MASK_ALL 0x4000
#define CFG_MSIX_ENABLE 0x8000

#define CAP_ID_PM 0x01
#define CAP_ID_MSI 0x05
#define CAP_ID_EXP 0x10
#define CAP_ID_MSIX 0x11

#define PCI_VENDOR_QLOGIC 0x1077
#define PCI_DEVICE_2532 0x2532
#define PCI_CLASS_FC 0x0c04

#endif
