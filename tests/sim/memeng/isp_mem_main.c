// SPDX-License-Identifier: GPL-2.0
/*
 * isp_mem.ko: the memory engine in a kernel. It binds the device meant for
 * SCST, has no modalias and is loaded by hand, for tests.
 */
#include <linux/auxiliary_bus.h>
#include <linux/gfp.h>
#include <linux/module.h>

#include "memeng.h"

/* The largest piece of contiguous memory that every kernel can give. */
#define DISK_LEN (4u << 20)

static int mem_probe(struct auxiliary_device *adev,
		     const struct auxiliary_device_id *id)
{
	struct memeng *mem;
	void *disk;
	int err;

	disk = alloc_pages_exact(DISK_LEN, GFP_KERNEL | __GFP_ZERO);
	if (!disk)
		return -ENOMEM;
	mem = memeng_new(dev_get_platdata(&adev->dev), disk, DISK_LEN / 512);
	if (!mem) {
		err = -ENODEV;
		goto err_disk;
	}
	err = mem->ops->enable(mem->port, mem);
	if (err)
		goto err_mem;
	auxiliary_set_drvdata(adev, mem);
	return 0;

err_mem:
	memeng_free(mem);
err_disk:
	free_pages_exact(disk, DISK_LEN);
	return err;
}

static void mem_remove(struct auxiliary_device *adev)
{
	struct memeng *mem = auxiliary_get_drvdata(adev);
	void *disk = mem->disk;

	memeng_free(mem);
	free_pages_exact(disk, DISK_LEN);
}

static const struct auxiliary_device_id mem_ids[] = {
	{ .name = ISP_TPORT_MATCH_SCST },
	{}
};

static struct auxiliary_driver mem_driver = {
	.name = "mem",
	.probe = mem_probe,
	.remove = mem_remove,
	.id_table = mem_ids,
};
module_auxiliary_driver(mem_driver);

MODULE_DESCRIPTION("Memory disk on QLogic ISP adapters, for tests");
MODULE_LICENSE("GPL");
