// SPDX-License-Identifier: GPL-2.0
/* Data segments of an entry and its continuations, and moving data by them. */
#include "port/port_int.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static void segs_add(struct segs *s, uint64_t iova, uint32_t len)
{
	if (s->nr == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4;
		s->v = realloc(s->v, s->cap * sizeof(*s->v));
		if (!s->v)
			abort();
	}
	s->v[s->nr].iova = iova;
	s->v[s->nr].len = len;
	s->nr++;
	s->total += len;
}

/**
 * segs_load() - Collect segments from a request.
 * @s: filled anew
 * @req: request, @nr entries of 64 bytes
 * @nr: entries
 * @first_off: where the segments of the first entry begin
 * @nr_first: how many the first entry has room for
 * @nr_segs: how many there are
 *
 * Return: 0; -EINVAL: not as many entries as the segments need, or one that
 * follows is no continuation.
 * Source: [FB ispcontreq64_t, O]; [LX qla24xx_build_scsi_iocbs, O]
 */
int segs_load(struct segs *s, const uint8_t *req, unsigned int nr,
	      unsigned int first_off, unsigned int nr_first,
	      unsigned int nr_segs)
{
	unsigned int i;

	s->nr = 0;
	s->total = 0;
	s->cur = 0;
	s->cur_off = 0;
	s->pos = 0;
	for (i = 0; i < nr_segs; i++) {
		const uint8_t *d;

		if (i < nr_first) {
			d = req + first_off + i * DSD64_SIZE;
		} else {
			unsigned int k = i - nr_first;
			unsigned int e = 1 + k / DSD64_PER_CONT;

			if (e >= nr || req[e * ENTRY_SIZE] != ENTRY_CONT64)
				return -EINVAL;
			d = req + e * ENTRY_SIZE + CONT64_DSD +
			    k % DSD64_PER_CONT * DSD64_SIZE;
		}
		segs_add(s, get_le64(d), get_le32(d + 8));
	}
	return 0;
}

/**
 * segs_seek() - Go to a byte; cheap when it goes forward.
 * @s: segments
 * @pos: 0..total
 */
void segs_seek(struct segs *s, uint64_t pos)
{
	assert(pos <= s->total);
	if (pos < s->pos) {
		s->cur = 0;
		s->cur_off = 0;
		s->pos = 0;
	}
	while (s->pos < pos) {
		uint32_t left = s->v[s->cur].len - s->cur_off;

		if (pos - s->pos < left) {
			s->cur_off += (uint32_t)(pos - s->pos);
			s->pos = pos;
			return;
		}
		s->pos += left;
		s->cur++;
		s->cur_off = 0;
	}
}

/* The piece at the position, skipping empty ones. */
static uint32_t segs_here(struct segs *s, uint64_t *iova)
{
	while (s->cur < s->nr && s->v[s->cur].len == s->cur_off) {
		s->cur++;
		s->cur_off = 0;
	}
	if (s->cur == s->nr)
		return 0;
	*iova = s->v[s->cur].iova + s->cur_off;
	return s->v[s->cur].len - s->cur_off;
}

static void segs_step(struct segs *s, uint32_t len)
{
	s->cur_off += len;
	s->pos += len;
}

/**
 * segs_copy_in() - Copy a data sequence straight from the sender's guest.
 * @p: receiving port
 * @s: where to; room for all of it from its position on
 * @f: FCP_DATA
 *
 * Return: 0; -EFAULT: the sender's memory failed (its txop is marked);
 * -ENXIO: ours failed.
 */
int segs_copy_in(struct port *p, struct segs *s, const struct fab_frame *f)
{
	struct pcidev *from = container_of(f->mem, struct pcidev, mem);
	uint32_t skip = f->sg_skip;
	uint32_t left = f->len;
	uint32_t i;
	int err;

	for (i = 0; i < f->nr_sg && left; i++) {
		uint64_t iova = f->sg[i].iova + skip;
		uint32_t len = f->sg[i].len - skip;

		skip = 0;
		if (len > left)
			len = left;
		left -= len;
		while (len) {
			uint64_t to = 0;
			uint32_t n = segs_here(s, &to);

			assert(n);
			if (n > len)
				n = len;
			err = pcidev_dma_copy(p->dev, to, from, iova, n);
			if (err) {
				if (err == -EFAULT && f->owner)
					((struct txop *)f->owner)->failed =
						true;
				return err;
			}
			segs_step(s, n);
			iova += n;
			len -= n;
		}
	}
	return 0;
}

/**
 * segs_to_frame() - Put the next bytes into an FCP_DATA frame.
 * @p: sending port
 * @s: segments, at the first byte
 * @f: frame
 * @len: bytes, no more than are left
 */
void segs_to_frame(struct port *p, struct segs *s, struct fab_frame *f,
		   uint32_t len)
{
	f->mem = &p->dev->mem;
	while (len) {
		uint64_t iova = 0;
		uint32_t n = segs_here(s, &iova);

		assert(n);
		if (n > len)
			n = len;
		fab_frame_add_sg(f, iova, n);
		segs_step(s, n);
		len -= n;
	}
}

/**
 * segs_read() - Read from the start of the segments.
 * @p: port
 * @s: segments
 * @buf: destination
 * @len: bytes, no more than there are
 *
 * Return: 0; -EFAULT.
 */
int segs_read(struct port *p, const struct segs *s, void *buf, uint32_t len)
{
	uint8_t *b = buf;
	uint32_t i;

	for (i = 0; i < s->nr && len; i++) {
		uint32_t n = s->v[i].len < len ? s->v[i].len : len;

		if (n && pcidev_dma_read(p->dev, s->v[i].iova, b, n))
			return -EFAULT;
		b += n;
		len -= n;
	}
	return 0;
}

/**
 * segs_write() - Write to the start of the segments.
 * @p: port
 * @s: segments
 * @buf: source
 * @len: bytes, no more than there is room
 *
 * Return: 0; -EFAULT.
 */
int segs_write(struct port *p, const struct segs *s, const void *buf,
	       uint32_t len)
{
	const uint8_t *b = buf;
	uint32_t i;

	for (i = 0; i < s->nr && len; i++) {
		uint32_t n = s->v[i].len < len ? s->v[i].len : len;

		if (n && pcidev_dma_write(p->dev, s->v[i].iova, b, n))
			return -EFAULT;
		b += n;
		len -= n;
	}
	return 0;
}
