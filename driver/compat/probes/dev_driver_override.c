// SPDX-License-Identifier: GPL-2.0
/* Is the driver override a part of struct device, with functions for it? */
#include <linux/device.h>

int (*set)(struct device *dev, const char *s) = device_set_driver_override;
