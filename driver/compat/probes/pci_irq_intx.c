// SPDX-License-Identifier: GPL-2.0
/* Is a level interrupt called INTX rather than LEGACY? */
#include <linux/pci.h>

unsigned int flags = PCI_IRQ_INTX;
