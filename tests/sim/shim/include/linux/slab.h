/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: memory, every piece known by its owner's line until it is freed. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

void *shim_kmalloc(size_t size, gfp_t gfp, const char *file, int line);
void *shim_krealloc(const void *p, size_t size, gfp_t gfp, const char *file,
		    int line);
void shim_kfree(const void *p, const char *file, int line);

#define kmalloc(size, gfp) shim_kmalloc(size, gfp, __FILE__, __LINE__)
#define kzalloc(size, gfp) kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp) kmalloc(size_mul(n, size), gfp)
#define kcalloc(n, size, gfp) kzalloc(size_mul(n, size), gfp)
#define krealloc(p, size, gfp) shim_krealloc(p, size, gfp, __FILE__, __LINE__)
#define kfree(p) shim_kfree(p, __FILE__, __LINE__)
#define kfree_sensitive(p) kfree(p)
#define kvmalloc(size, gfp) kmalloc(size, gfp)
#define kvzalloc(size, gfp) kzalloc(size, gfp)
#define kvcalloc(n, size, gfp) kcalloc(n, size, gfp)
#define kvmalloc_array(n, size, gfp) kmalloc_array(n, size, gfp)
#define kvfree(p) kfree(p)
#define kmalloc_node(size, gfp, node) kmalloc(size, gfp)
#define kzalloc_node(size, gfp, node) kzalloc(size, gfp)

#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= 16)

#endif
