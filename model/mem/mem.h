/* SPDX-License-Identifier: GPL-2.0 */
/* One guest's memory as a PCI function's DMA sees it. */
#ifndef MODEL_MEM_H
#define MODEL_MEM_H

#include "base.h"

#define MEM_PROT_READ 1U
#define MEM_PROT_WRITE 2U

struct mem;

/**
 * struct mem_hit - A contiguous range of guest memory on the host.
 * @iova: first guest bus address
 * @len: bytes
 * @host: where it lies in this process
 * @prot: MEM_PROT_READ, MEM_PROT_WRITE
 */
struct mem_hit {
	uint64_t iova;
	uint64_t len;
	uint8_t *host;
	unsigned int prot;
};

/**
 * struct mem_ops - How a frontend without a map finds memory.
 * @find: fill @hit with the range that holds @iova; -EFAULT if there is none.
 *	The range may be remembered until mem_forget().
 */
struct mem_ops {
	int (*find)(struct mem *m, uint64_t iova, struct mem_hit *hit);
};

/**
 * enum mem_why - Why the last access failed.
 * @MEM_WHY_NONE: none has failed
 * @MEM_WHY_UNMAPPED: no memory at that address, or not as much as asked
 * @MEM_WHY_PROT: memory that may not be accessed that way
 * @MEM_WHY_MASTER: bus mastering is off
 */
enum mem_why {
	MEM_WHY_NONE,
	MEM_WHY_UNMAPPED,
	MEM_WHY_PROT,
	MEM_WHY_MASTER,
};

/**
 * struct mem - Memory of one function's guest.
 * @ops: frontend's own lookup, or NULL for the map below
 * @priv: for @ops
 * @ranges: sorted by iova, never overlapping
 * @nr_ranges: used entries of @ranges
 * @cap_ranges: allocated entries of @ranges
 * @hit: the range that was found last; len 0 = none
 * @gen: changes whenever a host pointer could have become stale
 * @enabled: bus mastering is on; off refuses everything
 * @why: cause of the last failure
 * @bad_iova: address of the last failure
 */
struct mem {
	const struct mem_ops *ops;
	void *priv;
	struct mem_hit *ranges;
	size_t nr_ranges;
	size_t cap_ranges;
	struct mem_hit hit;
	uint64_t gen;
	bool enabled;
	enum mem_why why;
	uint64_t bad_iova;
};

/**
 * mem_init() - An empty memory, bus mastering on.
 * @m: memory
 * @ops: frontend's lookup or NULL
 * @priv: for @ops
 */
void mem_init(struct mem *m, const struct mem_ops *ops, void *priv);

/**
 * mem_fini() - Forget every range and free the map.
 * @m: memory
 */
void mem_fini(struct mem *m);

/**
 * mem_map() - Add a range.
 * @m: memory
 * @iova: guest bus address
 * @len: bytes, not 0, not wrapping
 * @host: where it is in this process; stays the caller's
 * @prot: MEM_PROT_*
 *
 * Return: 0; -EINVAL: no length or wraps; -EEXIST: overlaps a range.
 */
int mem_map(struct mem *m, uint64_t iova, uint64_t len, void *host,
	    unsigned int prot);

/**
 * mem_unmap() - Remove one range exactly as it was mapped.
 * @m: memory
 * @iova: as mapped
 * @len: as mapped
 *
 * Return: 0; -ENOENT: no such range.
 */
int mem_unmap(struct mem *m, uint64_t iova, uint64_t len);

/**
 * mem_unmap_all() - Remove every range.
 * @m: memory
 */
void mem_unmap_all(struct mem *m);

/**
 * mem_forget() - The frontend's memory changed: drop what is remembered.
 * @m: memory
 */
void mem_forget(struct mem *m);

/**
 * mem_enable() - Bus mastering on or off.
 * @m: memory
 * @on: off makes every access fail with MEM_WHY_MASTER
 */
void mem_enable(struct mem *m, bool on);

/**
 * mem_find() - Slow path of mem_at() and the others.
 * @m: memory
 * @iova: guest bus address
 *
 * Return: 0 and @m->hit holds @iova; -EFAULT.
 */
int mem_find(struct mem *m, uint64_t iova);

/**
 * mem_at() - Host pointer for a range that lies in one piece.
 * @m: memory
 * @iova: guest bus address
 * @len: bytes, not 0
 * @write: the device writes
 *
 * The pointer may be used until the current callback returns and never longer:
 * the guest may unmap at any time. (Longer only while @m->gen is the same.)
 *
 * Return: pointer, or NULL: not mapped, not allowed, or not in one piece
 *	   (then mem_read(), mem_write(), mem_copy() still work).
 */
static inline void *mem_at(struct mem *m, uint64_t iova, size_t len, bool write)
{
	uint64_t off = iova - m->hit.iova;

	if (iova < m->hit.iova || off >= m->hit.len) {
		if (mem_find(m, iova))
			return NULL;
		off = iova - m->hit.iova;
	}
	if (len > m->hit.len - off) {
		m->why = MEM_WHY_UNMAPPED;
		m->bad_iova = iova;
		return NULL;
	}
	if (!(m->hit.prot & (write ? MEM_PROT_WRITE : MEM_PROT_READ))) {
		m->why = MEM_WHY_PROT;
		m->bad_iova = iova;
		return NULL;
	}
	return m->hit.host + off;
}

/**
 * mem_read() - Copy out of guest memory, over pieces if need be.
 * @m: memory
 * @iova: guest bus address
 * @buf: destination
 * @len: bytes; 0 is allowed
 *
 * Return: 0; -EFAULT: nothing useful is in @buf, the caller raises a verdict.
 */
int mem_read(struct mem *m, uint64_t iova, void *buf, size_t len);

/**
 * mem_write() - Copy into guest memory, over pieces if need be.
 * @m: memory
 * @iova: guest bus address
 * @buf: source
 * @len: bytes; 0 is allowed
 *
 * Return: 0; -EFAULT: a part may have been written.
 */
int mem_write(struct mem *m, uint64_t iova, const void *buf, size_t len);

/**
 * mem_copy() - Copy straight from one guest's memory to another's.
 * @dst: receiving memory
 * @dst_iova: bus address there
 * @src: sending memory; may be the same as @dst
 * @src_iova: bus address there
 * @len: bytes; 0 is allowed
 *
 * Return: 0; -EFAULT: @src failed; -ENXIO: @dst failed. A part may be copied.
 */
int mem_copy(struct mem *dst, uint64_t dst_iova, struct mem *src,
	     uint64_t src_iova, size_t len);

#endif
