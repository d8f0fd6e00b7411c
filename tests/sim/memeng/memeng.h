/* SPDX-License-Identifier: GPL-2.0 */
/* A disk in memory behind one channel: the smallest whole target engine. */
#ifndef MEMENG_H
#define MEMENG_H

#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "../../../driver/include/isp_tport.h"

/**
 * struct memeng - the engine of one channel
 * @ops:       down calls; to enable and disable, call these
 * @port:      the channel
 * @disk:      content of the LUN, the caller's
 * @nr_blocks: its size
 * @lock:      protects all below
 * @fetching:  commands whose data is being fetched
 */
struct memeng {
	const struct isp_tport_ops *ops;
	struct isp_tport *port;
	u8 *disk;
	u32 nr_blocks;
	spinlock_t lock;
	struct list_head fetching;
};

struct memeng *memeng_new(const struct isp_tport_binding *bind, void *disk,
			  u32 nr_blocks);
bool memeng_tmf_hits(const struct isp_tport_cmd *tmf,
		     const struct isp_tport_cmd *cmd);

static inline void memeng_free(struct memeng *mem)
{
	mem->ops->detach(mem->port, mem);
	kfree(mem);
}

#endif /* MEMENG_H */
