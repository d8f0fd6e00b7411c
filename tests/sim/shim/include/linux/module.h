/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: one module that holds everything. */
#ifndef SHIM_LINUX_MODULE_H
#define SHIM_LINUX_MODULE_H

#include <linux/types.h>

struct module {
	int refs;
};

extern struct module shim_module;
#define THIS_MODULE (&shim_module)
#define MODULE_LICENSE(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_AUTHOR(x)
#define MODULE_ALIAS(x)

static inline bool try_module_get(struct module *module)
{
	module->refs++;
	return true;
}

static inline void __module_get(struct module *module)
{
	module->refs++;
}

static inline void module_put(struct module *module)
{
	module->refs--;
}

#endif
