/* SPDX-License-Identifier: GPL-2.0 */
/* The rings shared with the chip: sending entries and taking what it sends. */
#ifndef ISP_RING_H
#define ISP_RING_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "isp_chip.h"

struct isp_hba;
struct isp_link_io;

#define ISP_ENTRY_SIZE 64
/* A test may want a ring that is full sooner. */
#ifndef ISP_REQ_ENTRIES
#define ISP_REQ_ENTRIES 2048
#endif
#define ISP_RSP_ENTRIES 1024
#define ISP_ATIO_ENTRIES 4096

/* More entries than this in one thing the chip sends is nonsense. */
#define ISP_MAX_RSP_COUNT 8

/* Left in an entry that has been taken; no entry type looks like its bytes. */
#define ISP_RING_POISON 0xdeaddeadU

/**
 * struct isp_ring - one ring of 64-byte entries
 * @va:    the entries
 * @dma:   their bus address
 * @nr:    how many, a power of two
 * @idx:   request ring: next free entry; others: next entry to look at
 * @posted: value of the host's pointer last told to the chip
 * @nr_queued: request ring: entries ever queued, wraps
 * @tail:  request ring: entries up to here are known to be consumed
 * @starved: request ring: someone was told -EAGAIN
 * @life:  request ring: goes up with each isp_ring_reset(), wraps. The chip
 *         names exchanges anew in each life; who answers one says of which
 *         life its name is, or it might answer another's command
 * @gather: what takes several entries, in one piece while it is handed on
 * @busy:  bit 0: somebody drains, bit 1: look again
 * @lock:  request ring: protects idx, posted, nr_queued, tail, starved and
 *         hba->handles; the others, and @gather, are protected by @busy
 */
struct isp_ring {
	void *va;
	dma_addr_t dma;
	u16 nr;
	u16 idx;
	u16 posted;
	u32 nr_queued;
	u16 tail;
	bool starved;
	u32 life;
	unsigned long busy;
	spinlock_t lock;
	u8 gather[ISP_MAX_RSP_COUNT * ISP_ENTRY_SIZE] __aligned(8);
};

/**
 * struct isp_cursor - an encoder's way to successive zeroed request entries
 * @ring: the request ring, locked
 * @left: entries that were reserved and not taken
 */
struct isp_cursor {
	struct isp_ring *ring;
	unsigned int left;
};

void *isp_cursor_next(struct isp_cursor *cur);

int isp_ring_alloc(struct isp_hba *hba);
void isp_ring_free(struct isp_hba *hba);
void isp_ring_reset(struct isp_hba *hba);

int isp_ring_send_ctio(struct isp_hba *hba, const struct isp_ctio *ctio,
		       void *owner);
int isp_ring_send_ctio_pair(struct isp_hba *hba, const struct isp_ctio *data,
			    const struct isp_ctio *status, void *owner);
int isp_ring_send_ack(struct isp_hba *hba, const struct isp_ack *ack,
		      void *owner);
int isp_ring_send_abts_rsp(struct isp_hba *hba, const struct isp_abts_rsp *rsp,
			   void *owner);
int isp_ring_send_logio(struct isp_hba *hba, const struct isp_logio *logio,
			u32 life, void *owner);
int isp_ring_send_fabric(struct isp_hba *hba, const struct isp_logio *logio,
			 const struct isp_ct *ct, struct isp_link_io *io);
int isp_ring_send_marker(struct isp_hba *hba, u8 vp_idx);
void isp_ring_doorbell(struct isp_hba *hba);
void isp_ring_space(struct isp_hba *hba);
bool isp_ring_is_busy(struct isp_hba *hba);

bool isp_ring_drain(struct isp_hba *hba, enum isp_ring_id id);

#endif
