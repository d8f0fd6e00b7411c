/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of one port; the chip counts inline, ctl prints. */
#ifndef MODEL_COUNT_H
#define MODEL_COUNT_H

#include "base.h"

#define COUNT_BAR_SIZE 0x4000U
#define COUNT_NR_VECTORS 32U

/* clang-format off */
/*
 * Plain counters without an index: C(field), the ctl name is the field name.
 * Every folder may add rows.
 */
#define COUNT_PLAIN(C) \
	C(dma_read_bytes) /* the chip read from guest memory */ \
	C(dma_write_bytes) /* the chip wrote to guest memory */ \
	C(irqs_intx) /* times INTx was signalled */ \
	C(fcp_cmds_ini) /* FCP commands completed here as initiator */ \
	C(fcp_cmds_tgt) /* FCP commands completed here as target */ \
	C(abts_rx) /* ABTS received from the wire */ \
	C(abts_tx) /* ABTS sent to the wire */ \
	C(events) /* async events given to the driver */ \
	C(resets) /* chip resets */ \
	C(mbox_other) /* mailbox opcodes above FFh */ \
	C(mbox_unknown) /* mailbox opcodes refused as unknown */ \
	C(ring_full) /* entries that waited for room on their ring */
/* clang-format on */

/**
 * struct count - Counters of one port.
 * @reg_reads: by register offset / 2 (counted by pcidev for both BARs)
 * @reg_writes: by register offset / 2
 * @irqs: messages sent, by vector
 * @entries_in: request-ring entries fetched, by entry type
 * @entries_out: response- and ATIO-ring entries written, by entry type
 * @mbox: mailbox commands by opcode
 * @ctio_status: CTIOs that have ended, by status, also those whose success
 *	the driver did not want to hear of
 * @cmd_status: status entries for commands of the driver's, by completion
 *	status
 *
 * The plain ones are those of COUNT_PLAIN().
 */
struct count {
	uint64_t reg_reads[COUNT_BAR_SIZE / 2];
	uint64_t reg_writes[COUNT_BAR_SIZE / 2];
	uint64_t irqs[COUNT_NR_VECTORS];
	uint64_t entries_in[256];
	uint64_t entries_out[256];
	uint64_t mbox[256];
	uint64_t ctio_status[256];
	uint64_t cmd_status[256];
	/* private: see COUNT_PLAIN() */
#define C(field) uint64_t field;
	COUNT_PLAIN(C)
#undef C
};

#endif
