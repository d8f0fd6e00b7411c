// SPDX-License-Identifier: GPL-2.0
/* Register accesses go to whoever has claimed the address. */
#include "shim_int.h"

#include <linux/io.h>
#include <sys/mman.h>

#define MAX_REGIONS 16

static struct region {
	char *base;
	size_t size;
	const struct shim_io_ops *ops;
	void *priv;
} region[MAX_REGIONS];

void shim_io_reset(void)
{
	for (unsigned int i = 0; i < MAX_REGIONS; i++)
		if (region[i].base)
			shim_io_unmap(region[i].base);
}

void *shim_io_map(size_t size, const struct shim_io_ops *ops, void *priv)
{
	for (unsigned int i = 0; i < MAX_REGIONS; i++) {
		struct region *r = &region[i];
		void *base;

		if (r->base)
			continue;
		base = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
		if (base == MAP_FAILED)
			return NULL;
		*r = (struct region){ base, size, ops, priv };
		return base;
	}
	return NULL;
}

void shim_io_unmap(void *addr)
{
	for (unsigned int i = 0; i < MAX_REGIONS; i++)
		if (region[i].base == addr) {
			munmap(addr, region[i].size);
			region[i].base = NULL;
		}
}

static struct region *find(const volatile void *addr, unsigned int size,
			   uint32_t *off)
{
	for (unsigned int i = 0; i < MAX_REGIONS; i++) {
		struct region *r = &region[i];
		uintptr_t at = (uintptr_t)addr - (uintptr_t)r->base;

		if (r->base && at < r->size) {
			if (at % size)
				shim_fail("register %#lx: %u bytes unaligned",
					  (unsigned long)at, size);
			*off = (uint32_t)at;
			return r;
		}
	}
	shim_fail("register access at %p where nothing is mapped",
		  (const void *)addr);
	return NULL;
}

u32 shim_io_read(const volatile void __iomem *addr, unsigned int size)
{
	uint32_t off;
	struct region *r = find(addr, size, &off);

	return r ? r->ops->read(r->priv, off, size) : ~0U;
}

void shim_io_write(volatile void __iomem *addr, unsigned int size, u32 val)
{
	uint32_t off;
	struct region *r = find(addr, size, &off);

	if (r)
		r->ops->write(r->priv, off, size, val);
}
