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
V(ENTRY_BOUNDS, "gave an entry count of zero or beyond what it announced")
V(ICB_RSVD, "set reserved parts of the initialization control block")
V(ICB_INVALID, "gave an initialization control block that is refused")

/* port: what a driver asks of the firmware in queue entries */
V(ENTRY_TYPE, "gave the chip an entry type that it does not know")
V(ENTRY_COUNT, "gave continuations to an entry that has none")
V(ENTRY_SEGMENTS, "announced more segments than its entries hold")
V(HANDLE_IN_USE, "gave a request the handle of another one that is open")
V(LOGIN_FIELDS, "set unknown bits in a login or logout request")
V(CT_FIELDS, "gave a CT pass-through with impossible lengths or fields")
V(ELS_FIELDS, "gave an ELS pass-through with impossible lengths or fields")
V(CMD_FIELDS, "gave a command with reserved or contradicting fields set")
V(CMD_SHORT, "gave a command less room than its data length")
V(TMF_FIELDS, "gave a task management request without one known function")
V(MARKER_FIELDS, "gave a marker with an unknown modifier")
V(ABORT_FIELDS, "gave an abort request with reserved fields set")
V(NACK_UNKNOWN, "acknowledged a notify that is not open")
V(NACK_MISMATCH, "acknowledged a notify with other fields than it had")
V(CTIO_FIELDS, "set reserved fields or unknown flags in a CTIO")
V(CTIO_IDS, "gave a CTIO whose ids are not those of its exchange")
V(CTIO_XCHG, "gave a CTIO for an exchange that never was")
V(CTIO_AFTER_END, "gave a CTIO for an exchange that it had ended itself")
V(CTIO_OVERLAP, "gave a CTIO while another one of the exchange waits for data")
V(CTIO_DIRECTION, "moved data in a direction that the command does not have")
V(CTIO_BEYOND, "moved more data than the command's data length")
V(CTIO_SHORT, "gave a CTIO less segments than its transfer length")
V(CTIO_SENSE, "gave more response and sense bytes than a CTIO holds")
V(ABTS_RSP_XCHG, "answered an ABTS that is not open")
V(ABTS_RSP_FIELDS, "answered an ABTS with ids or a code that make no answer")
