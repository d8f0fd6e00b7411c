/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: messages of a device. */
#ifndef SHIM_LINUX_DEV_PRINTK_H
#define SHIM_LINUX_DEV_PRINTK_H

#include <linux/printk.h>

struct device;

/* Not of the kernel: prints with the device's name. */
void shim_dev_printk(const char *level, const struct device *dev,
		     const char *fmt, ...) __printf(3, 4);

#define dev_printk(level, dev, fmt, ...) \
	shim_dev_printk(level, dev, fmt, ##__VA_ARGS__)
#define dev_emerg(dev, ...) shim_dev_printk(KERN_EMERG, dev, __VA_ARGS__)
#define dev_crit(dev, ...) shim_dev_printk(KERN_CRIT, dev, __VA_ARGS__)
#define dev_err(dev, ...) shim_dev_printk(KERN_ERR, dev, __VA_ARGS__)
#define dev_warn(dev, ...) shim_dev_printk(KERN_WARNING, dev, __VA_ARGS__)
#define dev_notice(dev, ...) shim_dev_printk(KERN_NOTICE, dev, __VA_ARGS__)
#define dev_info(dev, ...) shim_dev_printk(KERN_INFO, dev, __VA_ARGS__)
#define dev_dbg(dev, ...) shim_dev_printk(KERN_DEBUG, dev, __VA_ARGS__)
#define dev_err_ratelimited dev_err
#define dev_warn_ratelimited dev_warn
#define dev_notice_ratelimited dev_notice
#define dev_info_ratelimited dev_info
#define dev_dbg_ratelimited dev_dbg
#define dev_err_once dev_err
#define dev_warn_once dev_warn
#define dev_info_once dev_info
#define dev_notice_once dev_notice
#define dev_WARN_ONCE(dev, cond, fmt, ...) WARN(cond, fmt, ##__VA_ARGS__)

#endif
