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
 * @ops:       down calls
 * @port:      the channel
 * @disk:      content of the LUN, the caller's
 * @nr_blocks: its size
 * @lock:      protects all below
 * @kept:      commands that memeng_hold() keeps
 * @fetching:  commands whose data is being fetched
 * @slow:      sessions that wait while @lazy
 * @hold:      keep what arrives
 * @lazy:      neither accept nor close sessions for now
 * @refuse:    turn so many sessions away
 * @nr_order:  commands that came before an older one of their session
 * @busy:      an enable or disable is under way
 * @enabled:   the channel is on
 * @nr_sess:   sessions that are not gone
 */
struct memeng {
	const struct isp_tport_ops *ops;
	struct isp_tport *port;
	u8 *disk;
	u32 nr_blocks;
	spinlock_t lock;
	struct list_head kept;
	struct list_head fetching;
	struct list_head slow;
	bool hold;
	bool lazy;
	unsigned int refuse;
	unsigned int nr_order;
	bool busy;
	bool enabled;
	unsigned int nr_sess;
};

struct memeng *memeng_new(const struct isp_tport_binding *bind, void *disk,
			  u32 nr_blocks);
void memeng_hold(struct memeng *mem, bool on);
void memeng_lazy(struct memeng *mem, bool on);
int memeng_enable(struct memeng *mem);
int memeng_disable(struct memeng *mem);

static inline void memeng_free(struct memeng *mem)
{
	mem->ops->detach(mem->port, mem);
	kfree(mem);
}

static inline bool memeng_is_enabled(const struct memeng *mem)
{
	return READ_ONCE(mem->enabled);
}

static inline unsigned int memeng_nr_sess(const struct memeng *mem)
{
	return READ_ONCE(mem->nr_sess);
}

#endif /* MEMENG_H */
