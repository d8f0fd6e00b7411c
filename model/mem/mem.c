// SPDX-License-Identifier: GPL-2.0
/* Guest memory: a sorted map of ranges, or a frontend's own lookup. */
#include "mem/mem.h"

#include <errno.h>
#include <stdlib.h>

void mem_init(struct mem *m, const struct mem_ops *ops, void *priv)
{
	memset(m, 0, sizeof(*m));
	m->ops = ops;
	m->priv = priv;
	m->enabled = true;
}

void mem_fini(struct mem *m)
{
	mem_unmap_all(m);
	free(m->ranges);
	m->ranges = NULL;
	m->cap_ranges = 0;
}

void mem_forget(struct mem *m)
{
	memset(&m->hit, 0, sizeof(m->hit));
	m->gen++;
}

/* Index of the first range that ends beyond @iova. */
static size_t lower(const struct mem *m, uint64_t iova)
{
	size_t lo = 0, hi = m->nr_ranges;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct mem_hit *r = &m->ranges[mid];

		if (r->iova + (r->len - 1) < iova)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int mem_map(struct mem *m, uint64_t iova, uint64_t len, void *host,
	    unsigned int prot)
{
	size_t i;

	if (!len || iova + (len - 1) < iova)
		return -EINVAL;
	i = lower(m, iova);
	if (i < m->nr_ranges && m->ranges[i].iova <= iova + (len - 1))
		return -EEXIST;
	if (m->nr_ranges == m->cap_ranges) {
		m->cap_ranges = m->cap_ranges ? 2 * m->cap_ranges : 16;
		m->ranges = reallocarray(m->ranges, m->cap_ranges,
					 sizeof(*m->ranges));
		if (!m->ranges)
			abort();
	}
	memmove(&m->ranges[i + 1], &m->ranges[i],
		(m->nr_ranges - i) * sizeof(*m->ranges));
	m->ranges[i] = (struct mem_hit){
		.iova = iova, .len = len, .host = host, .prot = prot
	};
	m->nr_ranges++;
	mem_forget(m);
	return 0;
}

int mem_unmap(struct mem *m, uint64_t iova, uint64_t len)
{
	size_t i = lower(m, iova);

	if (i >= m->nr_ranges || m->ranges[i].iova != iova ||
	    m->ranges[i].len != len)
		return -ENOENT;
	m->nr_ranges--;
	memmove(&m->ranges[i], &m->ranges[i + 1],
		(m->nr_ranges - i) * sizeof(*m->ranges));
	mem_forget(m);
	return 0;
}

void mem_unmap_all(struct mem *m)
{
	m->nr_ranges = 0;
	mem_forget(m);
}

void mem_enable(struct mem *m, bool on)
{
	m->enabled = on;
	mem_forget(m);
}

static int fail(struct mem *m, uint64_t iova, enum mem_why why)
{
	m->why = why;
	m->bad_iova = iova;
	return -EFAULT;
}

int mem_find(struct mem *m, uint64_t iova)
{
	size_t i;

	if (!m->enabled)
		return fail(m, iova, MEM_WHY_MASTER);
	if (m->ops) {
		struct mem_hit hit = { 0 };

		if (m->ops->find(m, iova, &hit) || iova < hit.iova ||
		    iova - hit.iova >= hit.len)
			return fail(m, iova, MEM_WHY_UNMAPPED);
		m->hit = hit;
		return 0;
	}
	i = lower(m, iova);
	if (i >= m->nr_ranges || m->ranges[i].iova > iova)
		return fail(m, iova, MEM_WHY_UNMAPPED);
	m->hit = m->ranges[i];
	return 0;
}

/* As mem_at(), but as much as lies in one piece: *@len is reduced to that. */
static void *piece(struct mem *m, uint64_t iova, size_t *len, bool write)
{
	uint64_t off = iova - m->hit.iova;

	if (iova < m->hit.iova || off >= m->hit.len) {
		if (mem_find(m, iova))
			return NULL;
		off = iova - m->hit.iova;
	}
	if (*len > m->hit.len - off)
		*len = m->hit.len - off;
	return mem_at(m, iova, *len, write);
}

int mem_read(struct mem *m, uint64_t iova, void *buf, size_t len)
{
	uint8_t *to = buf;

	while (len) {
		size_t n = len;
		const void *p = piece(m, iova, &n, false);

		if (!p)
			return -EFAULT;
		memcpy(to, p, n);
		to += n;
		iova += n;
		len -= n;
	}
	return 0;
}

int mem_write(struct mem *m, uint64_t iova, const void *buf, size_t len)
{
	const uint8_t *from = buf;

	while (len) {
		size_t n = len;
		void *p = piece(m, iova, &n, true);

		if (!p)
			return -EFAULT;
		memcpy(p, from, n);
		from += n;
		iova += n;
		len -= n;
	}
	return 0;
}

int mem_copy(struct mem *dst, uint64_t dst_iova, struct mem *src,
	     uint64_t src_iova, size_t len)
{
	while (len) {
		size_t n = len;
		const void *from = piece(src, src_iova, &n, false);
		void *to;

		if (!from)
			return -EFAULT;
		to = piece(dst, dst_iova, &n, true);
		if (!to)
			return -ENXIO;
		/* One guest may name overlapping buffers. */
		memmove(to, from, n);
		dst_iova += n;
		src_iova += n;
		len -= n;
	}
	return 0;
}
