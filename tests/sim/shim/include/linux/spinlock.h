/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: spinlocks that check how they are used. */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <linux/cleanup.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/spinlock_types.h>

void shim_spin_init(spinlock_t *lock, struct shim_lock_class *cls);
void shim_spin_lock(spinlock_t *lock, const char *file, int line);
bool shim_spin_trylock(spinlock_t *lock, const char *file, int line);
void shim_spin_unlock(spinlock_t *lock, const char *file, int line);

#define spin_lock_init(lock)                                  \
	do {                                                  \
		static struct shim_lock_class shim_class_ = { \
			.name = #lock,                        \
			.file = __FILE__,                     \
			.line = __LINE__,                     \
		};                                            \
		shim_spin_init(lock, &shim_class_);           \
	} while (0)

#define DEFINE_SPINLOCK(x)                                            \
	struct shim_lock_class shim_class_##x = { .name = #x,         \
						  .file = __FILE__,   \
						  .line = __LINE__ }; \
	spinlock_t x = { .cls = &shim_class_##x }

#define spin_lock(l) shim_spin_lock(l, __FILE__, __LINE__)
#define spin_unlock(l) shim_spin_unlock(l, __FILE__, __LINE__)
#define spin_trylock(l) shim_spin_trylock(l, __FILE__, __LINE__)

#define spin_lock_irqsave(l, flags)                    \
	do {                                           \
		(flags) = shim_irq_save();             \
		shim_spin_lock(l, __FILE__, __LINE__); \
	} while (0)
#define spin_unlock_irqrestore(l, flags)                     \
	do {                                                 \
		shim_spin_unlock(l, __FILE__, __LINE__);     \
		shim_irq_restore(flags, __FILE__, __LINE__); \
	} while (0)
#define spin_lock_irq(l)                               \
	do {                                           \
		local_irq_disable();                   \
		shim_spin_lock(l, __FILE__, __LINE__); \
	} while (0)
#define spin_unlock_irq(l)                               \
	do {                                             \
		shim_spin_unlock(l, __FILE__, __LINE__); \
		local_irq_enable();                      \
	} while (0)
#define spin_lock_bh(l) spin_lock(l)
#define spin_unlock_bh(l) spin_unlock(l)

SHIM_GUARD(spinlock, spinlock_t, spin_lock(g->lock), spin_unlock(g->lock))
SHIM_GUARD(spinlock_irq, spinlock_t, spin_lock_irq(g->lock),
	   spin_unlock_irq(g->lock))
SHIM_GUARD(spinlock_irqsave, spinlock_t, spin_lock_irqsave(g->lock, g->flags),
	   spin_unlock_irqrestore(g->lock, g->flags))

#endif
