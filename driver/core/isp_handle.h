/* SPDX-License-Identifier: GPL-2.0 */
/* Handles: our name for an entry while the chip holds it. */
#ifndef ISP_HANDLE_H
#define ISP_HANDLE_H

#include <linux/types.h>

#include "isp_chip.h"

struct isp_hba;

#define ISP_NR_HANDLES 4096
#define ISP_HANDLE_NONE 0

/* Whose entry it is; decides who hears of its completion. */
#define ISP_OWNERS(X)           \
	X(FREE, "free")         \
	X(CTIO, "ctio")         \
	X(ACK, "ack")           \
	X(ABTS_RSP, "abts-rsp") \
	X(MARKER, "marker")     \
	X(LOGIO, "logio")       \
	X(FABRIC, "fabric")

enum isp_owner_kind {
#define X(id, name) ISP_OWNER_##id,
	ISP_OWNERS(X)
#undef X
		ISP_NR_OWNERS
};

/**
 * struct isp_handle - one slot
 * @owner:   the sender's cookie
 * @kind:    enum isp_owner_kind
 * @gen:     goes up with each use, so that a late answer finds nobody
 * @req_end: isp_ring.nr_queued after the entry: once this comes back, the
 *           ring is consumed that far
 * @next:    free list
 */
struct isp_handle {
	void *owner;
	u8 kind;
	u16 gen;
	u32 req_end;
	u16 next;
};

/**
 * struct isp_handles - table of slots
 * @slot:     the slots; slot 0 is never used
 * @free:     first free slot, 0 = none
 * @free_last: last free slot, 0 = none
 * @nr_used:  slots in use
 * @max_used: high-water mark
 */
struct isp_handles {
	struct isp_handle *slot;
	u16 free;
	u16 free_last;
	u16 nr_used;
	u16 max_used;
};

int isp_handle_init(struct isp_hba *hba);
void isp_handle_exit(struct isp_hba *hba);
u32 isp_handle_get_locked(struct isp_hba *hba, enum isp_owner_kind kind,
			  void *owner, u32 req_end);
void *isp_handle_put(struct isp_hba *hba, u32 handle, enum isp_owner_kind kind,
		     bool *known);
void isp_handle_sweep(struct isp_hba *hba);

#endif
