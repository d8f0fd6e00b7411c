/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: a device is a name, the model's function behind it, and its DMA. */
#ifndef SHIM_LINUX_DEVICE_H
#define SHIM_LINUX_DEVICE_H

#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/dev_printk.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct device - a device
 * @init_name:   name for messages
 * @driver_data: the driver's
 * @shim_host:   what the host side hands to shim_host.dma_forget()
 */
struct device {
	const char *init_name;
	void *driver_data;
	void *shim_host;
};

static inline const char *dev_name(const struct device *dev)
{
	return dev && dev->init_name ? dev->init_name : "(null)";
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline struct device *get_device(struct device *dev)
{
	return dev;
}

static inline void put_device(struct device *dev __maybe_unused)
{
}

#endif
