// SPDX-License-Identifier: GPL-2.0
/* Context, interrupts off and on, and spinlocks that check their use. */
#include "shim_int.h"

#include <linux/spinlock.h>

#define MAX_HELD 8
#define MAX_CLASSES 64

static enum shim_ctx ctx;
static bool irqs_off;
static const spinlock_t *held[MAX_HELD];
static unsigned int nr_held;
static unsigned int nr_classes = 1;
static struct shim_lock_class *class_of[MAX_CLASSES];
/* order[a] has bit b: b was taken while a was held */
static u64 order[MAX_CLASSES];

void shim_lock_reset(void)
{
	for (unsigned int i = 1; i < nr_classes; i++) {
		class_of[i]->index = 0;
		class_of[i]->in_hardirq = false;
		class_of[i]->irqs_on = false;
		order[i] = 0;
	}
	nr_classes = 1;
	nr_held = 0;
	irqs_off = false;
	ctx = SHIM_TASK;
}

enum shim_ctx shim_ctx_set(enum shim_ctx now)
{
	enum shim_ctx old = ctx;

	ctx = now;
	return old;
}

bool shim_may_sleep(void)
{
	return ctx == SHIM_TASK && !irqs_off && !nr_held;
}

void shim_locks_idle(const char *where)
{
	if (nr_held)
		shim_fail("%s: lock %s (%s:%d) still held", where,
			  held[nr_held - 1]->cls->name, held[nr_held - 1]->file,
			  held[nr_held - 1]->line);
	if (irqs_off && ctx != SHIM_HARDIRQ)
		shim_fail("%s: interrupts are still off", where);
}

bool shim_irq_enter(void)
{
	if (irqs_off || ctx == SHIM_HARDIRQ)
		return false;
	ctx = SHIM_HARDIRQ;
	irqs_off = true;
	return true;
}

void shim_irq_leave(void)
{
	ctx = SHIM_TASK;
	irqs_off = false;
}

unsigned long shim_irq_save(void)
{
	unsigned long flags = irqs_off;

	irqs_off = true;
	return flags;
}

void shim_irq_restore(unsigned long flags, const char *file, int line)
{
	if (!irqs_off)
		shim_fail("%s:%d: interrupts enabled twice", file, line);
	if (ctx == SHIM_HARDIRQ && !flags)
		shim_fail("%s:%d: interrupts enabled in a handler", file, line);
	irqs_off = flags;
	if (!irqs_off && shim_host && shim_host->irq_window)
		shim_host->irq_window();
}

void shim_atomic_window(void)
{
	if (!irqs_off && shim_host && shim_host->atomic_window)
		shim_host->atomic_window();
}

bool shim_irqs_disabled(void)
{
	return irqs_off;
}

/* Is there a way from one class to another along "taken while held"? */
static bool reaches(unsigned int from, unsigned int to, u64 *seen)
{
	if (from == to)
		return true;
	*seen |= 1ULL << from;
	for (unsigned int i = 1; i < nr_classes; i++)
		if ((order[from] >> i & 1) && !(*seen >> i & 1) &&
		    reaches(i, to, seen))
			return true;
	return false;
}

static void note_order(struct shim_lock_class *cls, const char *file, int line)
{
	for (unsigned int i = 0; i < nr_held; i++) {
		struct shim_lock_class *out = held[i]->cls;
		u64 seen = 0;

		if (order[out->index] >> cls->index & 1)
			continue;
		if (out == cls)
			shim_fail("%s:%d: two locks '%s' nest", file, line,
				  cls->name);
		else if (reaches(cls->index, out->index, &seen))
			shim_fail(
				"%s:%d: '%s' inside '%s', elsewhere the other way round",
				file, line, cls->name, out->name);
		order[out->index] |= 1ULL << cls->index;
	}
}

static void note_class(struct shim_lock_class *cls, const char *file, int line)
{
	if (!cls->index) {
		if (nr_classes == MAX_CLASSES) {
			shim_fail("more than %d kinds of locks", MAX_CLASSES);
			return;
		}
		cls->index = nr_classes;
		class_of[nr_classes++] = cls;
	}
	if (ctx == SHIM_HARDIRQ && !cls->in_hardirq) {
		cls->in_hardirq = true;
		if (cls->irqs_on)
			shim_fail(
				"%s:%d: '%s' taken in a handler, elsewhere with interrupts on",
				file, line, cls->name);
	}
	if (!irqs_off && !cls->irqs_on) {
		cls->irqs_on = true;
		if (cls->in_hardirq)
			shim_fail(
				"%s:%d: '%s' taken with interrupts on, elsewhere in a handler",
				file, line, cls->name);
	}
}

void shim_spin_init(spinlock_t *lock, struct shim_lock_class *cls)
{
	lock->cls = cls;
	lock->held = false;
	lock->file = "";
	lock->line = 0;
}

static void take(spinlock_t *lock, const char *file, int line)
{
	lock->held = true;
	lock->file = file;
	lock->line = line;
	if (nr_held == MAX_HELD)
		shim_fail("%s:%d: more than %d locks nest", file, line,
			  MAX_HELD);
	else
		held[nr_held++] = lock;
}

void shim_spin_lock(spinlock_t *lock, const char *file, int line)
{
	if (!lock->cls) {
		shim_fail("%s:%d: lock was never initialised", file, line);
		return;
	}
	if (lock->held) {
		/* A real machine would hang here. */
		shim_fail("%s:%d: '%s' is held since %s:%d", file, line,
			  lock->cls->name, lock->file, lock->line);
		return;
	}
	note_class(lock->cls, file, line);
	note_order(lock->cls, file, line);
	take(lock, file, line);
}

bool shim_spin_trylock(spinlock_t *lock, const char *file, int line)
{
	if (!lock->cls) {
		shim_fail("%s:%d: lock was never initialised", file, line);
		return false;
	}
	if (lock->held)
		return false;
	note_class(lock->cls, file, line);
	take(lock, file, line);
	return true;
}

void shim_spin_unlock(spinlock_t *lock, const char *file, int line)
{
	unsigned int i;

	if (!lock->held) {
		shim_fail("%s:%d: unlock of what is not locked", file, line);
		return;
	}
	lock->held = false;
	for (i = nr_held; i && held[i - 1] != lock; i--)
		;
	if (!i)
		return;
	for (; i < nr_held; i++)
		held[i - 1] = held[i];
	nr_held--;
}

void shim_assert_held(const spinlock_t *lock, bool want, const char *file,
		      int line)
{
	if (lock->held != want)
		shim_fail("%s:%d: '%s' is %sheld", file, line,
			  lock->cls ? lock->cls->name : "?",
			  want ? "not " : "");
}
