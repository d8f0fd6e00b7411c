/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every verdict that the judge knows; included many times with V() defined.
 * V(NAME, "sentence"): the sentence says what the driver or the guest did.
 * Keep the groups; each folder adds rows to its own group.
 */

/* pci, mem: what a function may do on the bus */
V(DMA_UNMAPPED, "had the chip do DMA where no guest memory is mapped")
V(DMA_PROT, "had the chip write to memory that is read-only for it")
V(DMA_NO_MASTER, "had the chip do DMA while bus mastering was off")
V(BAR_DISABLED, "accessed a BAR while its decoding was disabled")
V(BAR_ACCESS, "accessed registers out of range, unaligned or too wide")

/* vfu: the client of the vfio-user socket */
V(VFU_PROTOCOL, "sent a malformed vfio-user message and was disconnected")
V(VFU_REFUSED, "sent a vfio-user request that had to be refused")
