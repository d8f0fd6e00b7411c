/* SPDX-License-Identifier: GPL-2.0 */
/* Builders of request entries, as a driver writes them. */
#ifndef TESTS_MODEL_ENTRY_H
#define TESTS_MODEL_ENTRY_H

#include "base.h"

/* CTIO flags. [stock-sequence 5, O] */
#define CTIO_DATA_OUT 0x0001U
#define CTIO_DATA_IN 0x0002U
#define CTIO_MODE1 0x0040U
#define CTIO_NO_RETURN 0x0100U
#define CTIO_TERMINATE 0x4000U
#define CTIO_STATUS 0x8000U

/* Login IOCB, control flags. [stock-sequence 3, 4 and 9, O] */
#define LOGIN_PLOGI 0x0010U /* conditional PLOGI and PRLI */
#define LOGIN_SERVER 0x0030U /* conditional PLOGI alone */
#define LOGIN_LOGO 0x0008U
#define LOGIN_IMPLICIT 0x0010U /* with LOGO: send nothing */
#define LOGIN_FREE 0x0080U /* with LOGO: free the handle */

/**
 * struct seg - one data segment
 * @iova: DMA address
 * @len: bytes
 */
struct seg {
	uint64_t iova;
	uint32_t len;
};

/**
 * struct cmd - a SCSI command for entry 18h
 * @handle: driver's handle
 * @nport: N_Port handle
 * @id: address of the target
 * @lun: LUN field, eight bytes
 * @cdb: CDB, 16 bytes
 * @dl: data length
 * @read: data come in
 * @write: data go out
 * @timeout_s: seconds, 0 none
 * @segs: data segments
 * @nr_segs: how many
 */
struct cmd {
	uint32_t handle;
	uint16_t nport;
	uint32_t id;
	uint8_t lun[8];
	uint8_t cdb[16];
	uint32_t dl;
	bool read;
	bool write;
	uint16_t timeout_s;
	const struct seg *segs;
	unsigned int nr_segs;
};

struct host;

/**
 * entry_swap() - Copy bytes with each dword the other way round.
 * @dst: destination
 * @src: source
 * @len: bytes, a multiple of 4
 */
void entry_swap(uint8_t *dst, const uint8_t *src, unsigned int len);

/**
 * entry_cmd() - Put a command type 7 with its continuations on the ring.
 * @h: initiator
 * @c: command
 *
 * Return: the first entry, for changes before host_ring(); NULL: ring full.
 */
uint8_t *entry_cmd(struct host *h, const struct cmd *c);

/**
 * entry_ctio() - Put a CTIO type 7 on the ring.
 * @h: target
 * @handle: driver's handle
 * @nport: N_Port handle of the initiator
 * @atio: ATIO of the exchange (only its ids are read)
 * @flags: CTIO_*
 * @segs: data segments, mode 0
 * @nr_segs: how many, 0 none
 *
 * The transfer length is the sum of the segments.
 *
 * Return: the first entry, for changes before host_ring(); NULL: ring full.
 */
uint8_t *entry_ctio(struct host *h, uint32_t handle, uint16_t nport,
		    const uint8_t *atio, uint16_t flags, const struct seg *segs,
		    unsigned int nr_segs);

/**
 * entry_login() - Put a login or logout on the ring.
 * @h: host
 * @handle: driver's handle
 * @nport: N_Port handle
 * @id: address
 * @flags: LOGIN_*
 *
 * Return: the entry; NULL: ring full.
 */
uint8_t *entry_login(struct host *h, uint32_t handle, uint16_t nport,
		     uint32_t id, uint16_t flags);

/**
 * entry_nack() - Put the acknowledgement of an immediate notify on the ring.
 * @h: target
 * @handle: driver's handle
 * @notify: notify
 *
 * Return: the entry; NULL: ring full.
 */
uint8_t *entry_nack(struct host *h, uint32_t handle, const uint8_t *notify);

/**
 * entry_abort() - Put an abort of a command on the ring.
 * @h: initiator
 * @handle: driver's handle of the abort
 * @victim: handle of the command
 * @nport: N_Port handle
 * @id: address
 *
 * Return: the entry; NULL: ring full.
 */
uint8_t *entry_abort(struct host *h, uint32_t handle, uint32_t victim,
		     uint16_t nport, uint32_t id);

/**
 * entry_tmf() - Put a task management request on the ring.
 * @h: initiator
 * @handle: driver's handle
 * @nport: N_Port handle
 * @id: address
 * @flags: bit 4 LUN reset, bit 1 target reset ...
 * @lun: LUN field, eight bytes
 *
 * Return: the entry; NULL: ring full.
 */
uint8_t *entry_tmf(struct host *h, uint32_t handle, uint16_t nport, uint32_t id,
		   uint32_t flags, const uint8_t *lun);

#endif
