/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: DMA mappings, each tracked until it is undone. */
#ifndef SHIM_LINUX_DMA_MAPPING_H
#define SHIM_LINUX_DMA_MAPPING_H

#include <linux/bits.h>
#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#define DMA_BIT_MASK(n) (((n) == 64) ? ~0ULL : ((1ULL << (n)) - 1))
#define DMA_MAPPING_ERROR (~(dma_addr_t)0)

void *shim_dma_alloc(struct device *dev, size_t size, dma_addr_t *dma,
		     gfp_t gfp, const char *file, int line);
void shim_dma_free(struct device *dev, size_t size, void *va, dma_addr_t dma,
		   const char *file, int line);
unsigned int shim_dma_map_sg(struct device *dev, struct scatterlist *sg,
			     int nents, enum dma_data_direction dir,
			     const char *file, int line);
void shim_dma_unmap_sg(struct device *dev, struct scatterlist *sg, int nents,
		       enum dma_data_direction dir, const char *file, int line);

#define dma_alloc_coherent(dev, size, dma, gfp) \
	shim_dma_alloc(dev, size, dma, gfp, __FILE__, __LINE__)
#define dma_free_coherent(dev, size, va, dma) \
	shim_dma_free(dev, size, va, dma, __FILE__, __LINE__)
#define dma_map_sg(dev, sg, nents, dir) \
	shim_dma_map_sg(dev, sg, nents, dir, __FILE__, __LINE__)
#define dma_unmap_sg(dev, sg, nents, dir) \
	shim_dma_unmap_sg(dev, sg, nents, dir, __FILE__, __LINE__)

#endif
