/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: interrupts off and on. */
#ifndef SHIM_LINUX_IRQFLAGS_H
#define SHIM_LINUX_IRQFLAGS_H

#include <linux/types.h>

unsigned long shim_irq_save(void);
void shim_irq_restore(unsigned long flags, const char *file, int line);
bool shim_irqs_disabled(void);

#define local_irq_save(flags) ((flags) = shim_irq_save())
#define local_irq_restore(flags) shim_irq_restore(flags, __FILE__, __LINE__)
#define local_irq_disable() ((void)shim_irq_save())
#define local_irq_enable() shim_irq_restore(0, __FILE__, __LINE__)
#define irqs_disabled() shim_irqs_disabled()

#endif
