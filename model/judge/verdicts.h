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

/* chip: registers, mailbox, interrupts, rings */
V(REG_UNKNOWN, "wrote where there is no register")
V(REG_WIDTH, "wrote a register with a wrong width")
V(REG_RO, "wrote a register that only the chip writes")
V(REG_RSVD, "wrote ones to reserved bits of a register")
V(HCCR_UNKNOWN, "gave a host command that the chip does not know")
V(WINDOW_RUNNING, "used the RISC window without pausing the RISC")
V(FLASH_LOCKED, "wrote to flash without enabling that first")
V(MBOX_BUSY, "issued a mailbox command while another one was open")
V(MBOX_EARLY, "issued a mailbox command before the RISC was ready")
V(IRQ_CLEAR_IDLE, "cleared an interrupt that was not pending")
V(IRQ_CLEAR_BLIND, "cleared an event without reading it; it is lost")
V(IRQ_FLOOD, "left so many events uncleared that new ones are lost")
V(RING_NONE, "wrote the index of a ring that the chip does not know")
V(RING_INDEX, "wrote an index beyond the end of the ring")
V(RING_OWNED, "wrote an index that belongs to the chip")
V(REQ_OVERRUN, "put more requests on the ring than there was room for")
V(OUT_BEYOND_IN, "took more entries from a ring than were on it")
V(RSP_STUCK, "left the response ring full until answers had to be lost")
V(ENTRY_COUNT, "gave an entry count of zero or beyond what it announced")
V(ICB_RSVD, "set reserved parts of the initialization control block")
V(ICB_INVALID, "gave an initialization control block that is refused")
