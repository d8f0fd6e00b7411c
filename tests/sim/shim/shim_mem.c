// SPDX-License-Identifier: GPL-2.0
/* Allocations and DMA mappings, each known until it is given back. */
#include "shim_int.h"

#include <linux/align.h>
#include <linux/dma-mapping.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <stdlib.h>

/*
 * ADDRESSES. Each mapping has a slot of the bus address space of its own,
 * above anything that is a pointer here; slots are never used again, so an
 * address that outlives its mapping is known as such. Inside a slot the pieces
 * of a list lie a guard page apart. What is mapped by dma_map_sg() is a copy
 * made at that moment and copied back when the mapping is undone: touching
 * the buffer in between has no effect, as with a bounce buffer. What the device
 * did not write stays as it was.
 */
#define SLOT_SHIFT 26
#define SLOT_SIZE (1ULL << SLOT_SHIFT)
#define BUS_BASE 0x000a000000000000ULL
#define HASH_SIZE 4096U
#define FILL_NEW 0xa5
#define FILL_DMA 0xdb

struct piece {
	struct piece *next;
	void *mem;
	size_t size;
	const char *file;
	int line;
};

struct seg {
	uint64_t iova;
	uint32_t len;
	uint8_t *host;
};

struct mapping {
	void *dev;
	const char *file;
	int line;
	bool coherent;
	enum dma_data_direction dir;
	unsigned int nr_segs;
	uint8_t *mem;
	size_t bytes;
	struct seg seg[];
};

static struct piece *piece_at[HASH_SIZE];
static unsigned int nr_pieces;
static unsigned int nr_tried;
static unsigned int fail_at;
static unsigned int fail_map_at;
static struct mapping **slot;
static size_t nr_slots;
static size_t cap_slots;
static unsigned int nr_mappings;

static unsigned int hash(const void *p)
{
	return (unsigned int)(((uintptr_t)p >> 4) * 2654435761U >> 7) %
	       HASH_SIZE;
}

void shim_mem_reset(void)
{
	nr_tried = 0;
	fail_at = 0;
	fail_map_at = 0;
	nr_slots = 0;
	free(slot);
	slot = NULL;
	cap_slots = 0;
	nr_mappings = 0;
}

void shim_fail_alloc_at(unsigned int nth)
{
	fail_at = nth;
}

void shim_fail_map_at(unsigned int nth)
{
	fail_map_at = nth;
}

/* Count down to a failure that a test asked for. */
static bool is_due(unsigned int *at, bool map)
{
	if (!*at || --*at)
		return false;
	if (shim_host->failed)
		shim_host->failed(map);
	return true;
}

unsigned int shim_alloc_count(void)
{
	return nr_tried;
}

unsigned int shim_alloc_live(void)
{
	return nr_pieces + nr_mappings;
}

/* Shall this allocation fail? Also judges the context. */
static bool try_alloc(gfp_t gfp, const char *file, int line)
{
	nr_tried++;
	if ((gfp & GFP_KERNEL) && !shim_may_sleep())
		shim_fail("%s:%d: GFP_KERNEL in atomic context", file, line);
	return is_due(&fail_at, false);
}

/*
 * Without sanitizers blocks go round by size, because a run gives thousands of
 * them back and the next one wants the same again. With them malloc() is
 * asked, so that whatever is used after it was freed shows.
 */
#define ROUND_SHIFT 6
#define NR_ROUND 128U /* lists: up to 8 KiB */

static size_t whole_pages(size_t size)
{
	return ALIGN(size ? size : 1, 4096UL);
}

static void *system_alloc(size_t size, bool page)
{
	void *p = page ? aligned_alloc(4096, whole_pages(size)) : malloc(size);

	if (!p)
		abort();
	return p;
}

#ifdef __SANITIZE_ADDRESS__
static void *block_get(size_t size, bool page)
{
	return system_alloc(size ? size : 1, page);
}

static void block_put(void *p, size_t size, bool page)
{
	(void)size;
	(void)page;
	free(p);
}
#else
struct block {
	struct block *next;
};

static struct block *blocks[2][NR_ROUND];

/* The list for a size, NULL: too big. Rounds the size up. */
static struct block **round_of(size_t *size, bool page)
{
	unsigned int shift = page ? 12 : ROUND_SHIFT;
	size_t nr = *size ? (*size - 1) >> shift : 0;

	if (nr >= NR_ROUND)
		return NULL;
	*size = (nr + 1) << shift;
	return &blocks[page][nr];
}

static void *block_get(size_t size, bool page)
{
	struct block **at = round_of(&size, page), *b = at ? *at : NULL;

	if (!b)
		return system_alloc(size, page);
	*at = b->next;
	return b;
}

static void block_put(void *p, size_t size, bool page)
{
	struct block **at = round_of(&size, page), *b = p;

	if (!at) {
		free(p);
		return;
	}
	b->next = *at;
	*at = b;
}
#endif

void *shim_kmalloc(size_t size, gfp_t gfp, const char *file, int line)
{
	struct piece *pc;

	if (try_alloc(gfp, file, line) || size > (1UL << 30))
		return NULL;
	pc = block_get(sizeof(*pc), false);
	*pc = (struct piece){ .size = size, .file = file, .line = line };
	pc->mem = block_get(size, false);
	memset(pc->mem, gfp & __GFP_ZERO ? 0 : FILL_NEW, size);
	pc->next = piece_at[hash(pc->mem)];
	piece_at[hash(pc->mem)] = pc;
	nr_pieces++;
	return pc->mem;
}

static struct piece **find_piece(const void *p)
{
	struct piece **at = &piece_at[hash(p)];

	while (*at && (*at)->mem != p)
		at = &(*at)->next;
	return *at ? at : NULL;
}

static void free_piece(struct piece *pc)
{
	block_put(pc->mem, pc->size, false);
	block_put(pc, sizeof(*pc), false);
	nr_pieces--;
}

void shim_kfree(const void *p, const char *file, int line)
{
	struct piece **at, *pc;
	const char *inside;

	if (ZERO_OR_NULL_PTR(p) || IS_ERR(p))
		return;
	at = find_piece(p);
	if (!at) {
		shim_fail("%s:%d: kfree() of what kmalloc() never gave", file,
			  line);
		return;
	}
	pc = *at;
	inside = shim_time_inside(pc->mem, pc->size);
	if (inside)
		shim_fail(
			"%s:%d: memory freed with a pending timer or work of %s",
			file, line, inside);
	*at = pc->next;
	free_piece(pc);
}

void *shim_krealloc(const void *p, size_t size, gfp_t gfp, const char *file,
		    int line)
{
	struct piece **at = p ? find_piece(p) : NULL;
	void *mem = shim_kmalloc(size, gfp, file, line);

	if (!mem || !at)
		return mem;
	memcpy(mem, p, min_t(size_t, size, (*at)->size));
	shim_kfree(p, file, line);
	return mem;
}

/* ---- DMA ---- */

static struct mapping *new_mapping(struct device *dev, unsigned int nr_segs,
				   size_t bytes, const char *file, int line)
{
	struct mapping *m =
		block_get(sizeof(*m) + nr_segs * sizeof(struct seg), false);

	if (nr_slots == cap_slots) {
		cap_slots = cap_slots ? cap_slots * 2 : 1024;
		slot = realloc(slot, cap_slots * sizeof(struct mapping *));
		if (!slot)
			abort();
	}
	m->dev = dev->shim_host;
	m->file = file;
	m->line = line;
	m->coherent = false;
	m->dir = DMA_BIDIRECTIONAL;
	m->nr_segs = nr_segs;
	m->bytes = bytes;
	m->mem = block_get(bytes, true);
	slot[nr_slots++] = m;
	nr_mappings++;
	return m;
}

static struct mapping *find_mapping(dma_addr_t dma)
{
	uint64_t nr = (dma - BUS_BASE) >> SLOT_SHIFT;

	return dma >= BUS_BASE && nr < nr_slots ? slot[nr] : NULL;
}

static void drop_mapping(dma_addr_t dma)
{
	struct mapping *m = find_mapping(dma);

	if (shim_host->dma_forget)
		shim_host->dma_forget(m->dev);
	slot[(dma - BUS_BASE) >> SLOT_SHIFT] = NULL;
	block_put(m->mem, m->bytes, true);
	block_put(m, sizeof(*m) + m->nr_segs * sizeof(struct seg), false);
	nr_mappings--;
}

void *shim_dma_alloc(struct device *dev, size_t size, dma_addr_t *dma,
		     gfp_t gfp, const char *file, int line)
{
	struct mapping *m;

	if (try_alloc(gfp, file, line))
		return NULL;
	if (!size || size > SLOT_SIZE) {
		shim_fail("%s:%d: %zu bytes of coherent memory", file, line,
			  size);
		return NULL;
	}
	*dma = BUS_BASE + nr_slots * SLOT_SIZE;
	m = new_mapping(dev, 1, size, file, line);
	m->coherent = true;
	m->seg[0] = (struct seg){ *dma, (uint32_t)size, m->mem };
	/* The kernel zeroes coherent memory. */
	memset(m->mem, 0, size);
	return m->mem;
}

void shim_dma_free(struct device *dev, size_t size, void *va, dma_addr_t dma,
		   const char *file, int line)
{
	struct mapping *m;

	if (!va)
		return;
	m = find_mapping(dma);
	if (!m || !m->coherent || m->mem != va || m->seg[0].len != size ||
	    m->dev != dev->shim_host) {
		shim_fail("%s:%d: dma_free_coherent() does not match", file,
			  line);
		return;
	}
	drop_mapping(dma);
}

unsigned int shim_dma_map_sg(struct device *dev, struct scatterlist *sg,
			     int nents, enum dma_data_direction dir,
			     const char *file, int line)
{
	uint64_t iova = BUS_BASE + nr_slots * SLOT_SIZE;
	struct scatterlist *s;
	struct mapping *m;
	size_t bytes = 0, at = 0;
	int i;

	if (nents <= 0) {
		shim_fail("%s:%d: dma_map_sg() of nothing", file, line);
		return 0;
	}
	for_each_sg(sg, s, nents, i) {
		if (!s || !s->length || !s->buf) {
			shim_fail("%s:%d: hole in a scatterlist", file, line);
			return 0;
		}
		bytes += s->length;
	}
	if (is_due(&fail_at, true) || is_due(&fail_map_at, true))
		return 0;
	m = new_mapping(dev, (unsigned int)nents, bytes, file, line);
	m->dir = dir;
	for_each_sg(sg, s, nents, i) {
		/* Pieces keep their place in a page. */
		iova += (uintptr_t)s->buf & (PAGE_SIZE - 1);
		m->seg[i] = (struct seg){ iova, s->length, m->mem + at };
		if (dir == DMA_FROM_DEVICE)
			memset(m->mem + at, FILL_DMA, s->length);
		else
			memcpy(m->mem + at, s->buf, s->length);
		s->dma_address = iova;
		s->dma_length = s->length;
		at += s->length;
		iova = ALIGN(iova + s->length, PAGE_SIZE) + PAGE_SIZE;
	}
	return (unsigned int)nents;
}

/* Copy the words that the device has written. */
static void copy_back(u8 *to, const u8 *from, size_t len)
{
	static const u64 fill = FILL_DMA * 0x0101010101010101ULL;
	size_t at;
	u64 word, old;

	for (at = 0; at + sizeof(word) <= len; at += sizeof(word)) {
		memcpy(&word, from + at, sizeof(word));
		memcpy(&old, to + at, sizeof(old));
		word = word == fill ? old : word;
		memcpy(to + at, &word, sizeof(word));
	}
	for (; at < len; at++)
		if (from[at] != FILL_DMA)
			to[at] = from[at];
}

void shim_dma_unmap_sg(struct device *dev, struct scatterlist *sg, int nents,
		       enum dma_data_direction dir, const char *file, int line)
{
	struct mapping *m = find_mapping(sg_dma_address(sg));
	struct scatterlist *s;
	int i;

	if (!m || m->coherent || m->nr_segs != (unsigned int)nents ||
	    m->dir != dir || m->dev != dev->shim_host ||
	    m->seg[0].iova != sg_dma_address(sg)) {
		shim_fail("%s:%d: dma_unmap_sg() does not match a mapping",
			  file, line);
		return;
	}
	for_each_sg(sg, s, nents, i)
		if (dir == DMA_FROM_DEVICE)
			copy_back(s->buf, m->seg[i].host, s->length);
		else if (dir != DMA_TO_DEVICE)
			memcpy(s->buf, m->seg[i].host, s->length);
	drop_mapping(sg_dma_address(sg));
}

bool shim_dma_find(void *dev, uint64_t iova, struct shim_dma_hit *hit)
{
	struct mapping *m = find_mapping(iova);
	unsigned int low = 0, high;

	if (!m) {
		shim_fail("DMA at %#llx: %s", (unsigned long long)iova,
			  iova >= BUS_BASE && (iova - BUS_BASE) >> SLOT_SHIFT <
						      nr_slots ?
				  "the mapping was undone" :
				  "never was a mapping");
		return false;
	}
	if (m->dev != dev) {
		shim_fail("DMA at %#llx: mapped for another device (%s:%d)",
			  (unsigned long long)iova, m->file, m->line);
		return false;
	}
	for (high = m->nr_segs; high - low > 1;) {
		unsigned int mid = (low + high) / 2;

		if (m->seg[mid].iova <= iova)
			low = mid;
		else
			high = mid;
	}
	if (iova - m->seg[low].iova >= m->seg[low].len) {
		shim_fail("DMA at %#llx: beside the mapping of %s:%d",
			  (unsigned long long)iova, m->file, m->line);
		return false;
	}
	*hit = (struct shim_dma_hit){
		.iova = m->seg[low].iova,
		.len = m->seg[low].len,
		.host = m->seg[low].host,
		.can_read = m->dir != DMA_FROM_DEVICE,
		.can_write = m->dir != DMA_TO_DEVICE,
	};
	return true;
}

unsigned int shim_dma_live(void)
{
	return nr_mappings;
}

void shim_mem_judge(void)
{
	for (size_t i = 0; i < nr_slots; i++)
		if (slot[i]) {
			shim_fail("DMA mapping of %s:%d left", slot[i]->file,
				  slot[i]->line);
			drop_mapping(BUS_BASE + ((uint64_t)i << SLOT_SHIFT));
		}
	for (unsigned int i = 0; i < HASH_SIZE; i++)
		while (piece_at[i]) {
			struct piece *pc = piece_at[i];

			shim_fail("%zu bytes of %s:%d not freed", pc->size,
				  pc->file, pc->line);
			piece_at[i] = pc->next;
			free_piece(pc);
		}
	free(slot);
	slot = NULL;
	nr_slots = 0;
	cap_slots = 0;
}
