// SPDX-License-Identifier: GPL-2.0
/* The shim notices each misuse that it promises to notice, and nothing else. */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"

#include <linux/dma-mapping.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>

static u64 now_ns;
static u64 alarm_ns;
static bool soon;

static u64 host_now(void)
{
	return now_ns;
}

static void set_alarm(u64 at)
{
	alarm_ns = at;
}

static void set_soon(void)
{
	soon = true;
}

static const struct shim_host host = {
	.now_ns = (uint64_t(*)(void))host_now,
	.alarm = (void (*)(uint64_t))set_alarm,
	.soon = set_soon,
};

/* Run work and timers up to a point in time. */
static void run_until(u64 ns)
{
	while (soon || alarm_ns <= ns) {
		if (soon) {
			soon = false;
			shim_work_run();
			continue;
		}
		now_ns = alarm_ns;
		shim_timers_run();
	}
	now_ns = ns;
}

static void start(void)
{
	now_ns = 0;
	alarm_ns = U64_MAX;
	soon = false;
	shim_init(&host);
}

static void test_locks(void)
{
	spinlock_t a, b, raw = { 0 };
	unsigned long flags;

	start();
	spin_lock_init(&a);
	spin_lock_init(&b);
	spin_lock_irqsave(&a, flags);
	lockdep_assert_held(&a);
	spin_unlock_irqrestore(&a, flags);
	{
		guard(spinlock_irqsave)(&a);
		lockdep_assert_held(&a);
	}
	scoped_guard(spinlock_irqsave, &a) lockdep_assert_held(&a);
	lockdep_assert_not_held(&a);
	tap_ok(!shim_failures(), "right use of locks is silent");

	spin_lock(&a);
	spin_lock(&a);
	tap_ok(shim_expect_failures(1), "a double lock is told");
	spin_unlock(&a);
	spin_unlock(&a);
	tap_ok(shim_expect_failures(1), "unlock of unlocked is told");
	spin_lock(&raw);
	tap_ok(shim_expect_failures(1), "a lock never set up is told");
	lockdep_assert_held(&a);
	tap_ok(shim_expect_failures(1), "a failed lockdep assertion is told");

	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
	spin_lock(&b);
	spin_lock(&a);
	tap_ok(shim_expect_failures(1), "an order turned round is told");
	spin_unlock(&a);
	spin_unlock(&b);

	spin_lock(&a);
	kfree(kmalloc(8, GFP_KERNEL));
	tap_ok(shim_expect_failures(1), "sleeping under a lock is told");
	spin_unlock(&a);
	tap_ok(shim_irq_enter(), "an interrupt may come");
	spin_lock(&a);
	tap_ok(shim_expect_failures(1),
	       "a lock of handlers taken with interrupts on is told");
	spin_unlock(&a);
	shim_irq_leave();
	spin_lock_irqsave(&b, flags);
	tap_ok(!shim_irq_enter(), "no interrupt while they are off");
	shim_locks_idle("here");
	tap_ok(shim_expect_failures(2), "a lock left taken is told");
	spin_unlock_irqrestore(&b, flags);
	tap_ok(!shim_fini(), "nothing else");
}

static void test_memory(void)
{
	char *p, *q;

	start();
	p = kmalloc(10, GFP_ATOMIC);
	tap_ok(p && (u8)p[0] == 0xa5, "kmalloc() does not zero");
	kfree(p);
	p = kzalloc(10, GFP_ATOMIC);
	tap_ok(p && !p[9], "kzalloc() does");
	q = krealloc(p, 20, GFP_KERNEL);
	tap_ok(q && !q[9], "krealloc() keeps the content");
	p = q;
	shim_fail_alloc_at(2);
	kfree(p);
	p = kmalloc(1, GFP_KERNEL);
	tap_ok(p && !kmalloc(1, GFP_KERNEL), "the second allocation fails");
	tap_ok(!kcalloc(SIZE_MAX / 2, 4, GFP_KERNEL), "kcalloc() saturates");
	kfree(&host);
	tap_ok(shim_expect_failures(1), "kfree() of a foreign pointer is told");
	tap_ok(shim_fini() == 1, "a leak is told");
}

static void test_dma(void)
{
	struct device dev = { .init_name = "dev", .shim_host = &dev };
	struct device other = { .init_name = "other", .shim_host = &other };
	u8 *buf;
	struct scatterlist sg[2];
	struct shim_dma_hit hit;
	dma_addr_t dma;
	u8 *va;

	start();
	buf = kmalloc(3000, GFP_KERNEL);
	va = dma_alloc_coherent(&dev, 4096, &dma, GFP_KERNEL);
	tap_ok(va && shim_dma_find(&dev, dma + 100, &hit) && hit.host == va,
	       "coherent memory is found by its bus address");
	tap_ok(!shim_dma_find(&other, dma, &hit) && shim_expect_failures(1),
	       "DMA of another device is told");
	tap_ok(!shim_dma_find(&dev, dma + 4096, &hit) &&
		       shim_expect_failures(1),
	       "DMA past the end is told");
	tap_ok(!shim_dma_find(&dev, (uintptr_t)va, &hit) &&
		       shim_expect_failures(1),
	       "DMA to a pointer is told");

	sg_init_table(sg, 2);
	sg_set_buf(&sg[0], buf, 1000);
	sg_set_buf(&sg[1], buf + 1000, 2000);
	memset(buf, 1, 3000);
	tap_ok(dma_map_sg(&dev, sg, 2, DMA_FROM_DEVICE) == 2,
	       "a list is mapped");
	tap_ok(shim_dma_find(&dev, sg_dma_address(&sg[1]) + 1999, &hit) &&
		       hit.len == 2000 && hit.can_write && !hit.can_read,
	       "its last byte is found, for writing");
	memset(hit.host, 7, 2000);
	tap_ok(!shim_dma_find(&dev, sg_dma_address(&sg[0]) + 1000, &hit) &&
		       shim_expect_failures(1),
	       "DMA between two pieces is told");
	dma_unmap_sg(&dev, sg, 2, DMA_TO_DEVICE);
	tap_ok(shim_expect_failures(1), "unmapping the other way is told");
	tap_ok(buf[1000] == 1, "before unmapping nothing has changed");
	dma_unmap_sg(&dev, sg, 2, DMA_FROM_DEVICE);
	tap_ok(buf[1000] == 7 && buf[2999] == 7, "unmapping brings the data");
	tap_ok(!shim_dma_find(&dev, sg_dma_address(&sg[1]), &hit) &&
		       shim_expect_failures(1),
	       "DMA after unmapping is told");
	dma_unmap_sg(&dev, sg, 2, DMA_FROM_DEVICE);
	tap_ok(shim_expect_failures(1), "unmapping twice is told");
	kfree(buf);
	tap_ok(shim_fini() == 1, "coherent memory left is told");
}

struct timed {
	struct timer_list timer;
	struct delayed_work dwork;
	unsigned int nr_timer;
	unsigned int nr_work;
};

static void timed_fire(struct timer_list *t)
{
	struct timed *x = container_of(t, struct timed, timer);

	x->nr_timer++;
	kfree(kmalloc(1, GFP_KERNEL)); /* not allowed here */
}

static void timed_work(struct work_struct *w)
{
	struct timed *x = container_of(to_delayed_work(w), struct timed, dwork);

	x->nr_work++;
	kfree(kmalloc(1, GFP_KERNEL)); /* allowed here */
}

static void test_time(void)
{
	struct timed *x;

	start();
	x = kzalloc(sizeof(*x), GFP_KERNEL);
	timer_setup(&x->timer, timed_fire, 0);
	INIT_DELAYED_WORK(&x->dwork, timed_work);
	mod_timer(&x->timer, jiffies + HZ);
	schedule_delayed_work(&x->dwork, 5 * HZ);
	run_until(NSEC_PER_SEC - 1);
	tap_ok(!x->nr_timer, "a timer is not early");
	run_until(NSEC_PER_SEC);
	tap_ok(x->nr_timer == 1 && shim_expect_failures(1),
	       "it is on time, and must not sleep");
	run_until(4 * NSEC_PER_SEC);
	tap_ok(!x->nr_work, "delayed work is not early");
	run_until(5 * NSEC_PER_SEC);
	tap_ok(x->nr_work == 1 && !shim_failures(),
	       "it comes, over the wrap of jiffies, and may sleep");
	schedule_work(&x->dwork.work);
	tap_ok(!schedule_work(&x->dwork.work), "work is queued once");
	tap_ok(cancel_delayed_work_sync(&x->dwork) && !shim_pending(),
	       "and cancelled");
	mod_timer(&x->timer, jiffies + HZ);
	tap_ok(timer_shutdown_sync(&x->timer) && !timer_pending(&x->timer),
	       "a timer is shut down");
	mod_timer(&x->timer, jiffies + HZ);
	tap_ok(!timer_pending(&x->timer), "and stays so");
	schedule_delayed_work(&x->dwork, HZ);
	kfree(x);
	tap_ok(shim_expect_failures(1), "memory freed under a timer is told");
	/* The queue points into freed memory now: start anew. */
	start();
	tap_ok(!shim_fini(), "nothing else");
}

static void test_values(void)
{
	u8 b[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	tap_ok(get_unaligned_be32(b) == 0x01020304 &&
		       get_unaligned_le24(b + 1) == 0x040302 &&
		       be16_to_cpu(cpu_to_be16(0x1234)) == 0x1234,
	       "byte orders");
	tap_ok(GENMASK(7, 4) == 0xf0 && BIT(3) == 8 &&
		       roundup_pow_of_two(5) == 8 && ilog2(4096) == 12,
	       "bits");
}

int main(void)
{
	test_locks();
	test_memory();
	test_dma();
	test_time();
	test_values();
	return tap_end();
}
