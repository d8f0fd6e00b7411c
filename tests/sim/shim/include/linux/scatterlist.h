/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: lists of buffers. */
#ifndef SHIM_LINUX_SCATTERLIST_H
#define SHIM_LINUX_SCATTERLIST_H

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <string.h>

/**
 * struct scatterlist - one piece of a buffer
 * @buf:         its first byte
 * @length:      bytes
 * @last:        nothing follows
 * @dma_address: as mapped
 * @dma_length:  as mapped
 */
struct scatterlist {
	void *buf;
	unsigned int length;
	bool last;
	dma_addr_t dma_address;
	unsigned int dma_length;
};

#define sg_dma_address(sg) ((sg)->dma_address)
#define sg_dma_len(sg) ((sg)->dma_length)
#define for_each_sg(sglist, sg, nr, i) \
	for ((i) = 0, (sg) = (sglist); (i) < (nr); (i)++, (sg) = sg_next(sg))

static inline struct scatterlist *sg_next(struct scatterlist *sg)
{
	return sg->last ? NULL : sg + 1;
}

static inline void sg_init_table(struct scatterlist *sgl, unsigned int nents)
{
	memset(sgl, 0, sizeof(*sgl) * nents);
	sgl[nents - 1].last = true;
}

static inline void sg_mark_end(struct scatterlist *sg)
{
	sg->last = true;
}

static inline void sg_unmark_end(struct scatterlist *sg)
{
	sg->last = false;
}

static inline void sg_set_buf(struct scatterlist *sg, const void *buf,
			      unsigned int buflen)
{
	sg->buf = (void *)buf;
	sg->length = buflen;
}

static inline void sg_init_one(struct scatterlist *sg, const void *buf,
			       unsigned int buflen)
{
	sg_init_table(sg, 1);
	sg_set_buf(sg, buf, buflen);
}

static inline void *sg_virt(struct scatterlist *sg)
{
	return sg->buf;
}

static inline int sg_nents(struct scatterlist *sg)
{
	int nents = 0;

	for (; sg; sg = sg_next(sg))
		nents++;
	return nents;
}

static inline size_t shim_sg_copy(struct scatterlist *sgl, unsigned int nents,
				  void *buf, size_t buflen, size_t skip,
				  bool to_buffer)
{
	size_t done = 0;

	for (; sgl && nents && done < buflen; sgl = sg_next(sgl), nents--) {
		size_t len = sgl->length;
		char *at = sgl->buf;

		if (skip >= len) {
			skip -= len;
			continue;
		}
		at += skip;
		len -= skip;
		skip = 0;
		if (len > buflen - done)
			len = buflen - done;
		if (to_buffer)
			memcpy((char *)buf + done, at, len);
		else
			memcpy(at, (char *)buf + done, len);
		done += len;
	}
	return done;
}

#define sg_copy_to_buffer(sgl, nents, buf, len) \
	shim_sg_copy(sgl, nents, buf, len, 0, true)
#define sg_copy_from_buffer(sgl, nents, buf, len) \
	shim_sg_copy(sgl, nents, (void *)(buf), len, 0, false)
#define sg_pcopy_to_buffer(sgl, nents, buf, len, skip) \
	shim_sg_copy(sgl, nents, buf, len, skip, true)
#define sg_pcopy_from_buffer(sgl, nents, buf, len, skip) \
	shim_sg_copy(sgl, nents, (void *)(buf), len, skip, false)

#endif
