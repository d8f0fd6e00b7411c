// SPDX-License-Identifier: GPL-2.0
/*
 * scst_double.ko: a double of SCST for tests. It checks what a target driver
 * does against SCST's contract and serves disks in memory. Never installed.
 */
#include "dbl.h"

#include <linux/module.h>

DEFINE_MUTEX(dbl_mutex);
DEFINE_SPINLOCK(dbl_lock);

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, watch);

/* Once a second: what is kept for too long? */
static void watch(struct work_struct *work)
{
	dbl_xfer_check_held();
	dbl_sess_check_held();
	schedule_delayed_work(&watch_work, HZ);
}

static int __init dbl_init(void)
{
	int err;

	dbl_dice_init();
	err = dbl_ctx_init();
	if (err)
		return err;
	err = dbl_sysfs_init();
	if (err)
		goto err_ctx;
	schedule_delayed_work(&watch_work, HZ);
	return 0;

err_ctx:
	dbl_ctx_exit();
	return err;
}

static void __exit dbl_exit(void)
{
	dbl_tgt_exit();
	cancel_delayed_work_sync(&watch_work);
	dbl_ctx_flush();
	dbl_dev_exit();
	dbl_sysfs_exit();
	dbl_ctx_exit();
	dbl_cmd_exit();
	dbl_sess_exit();
}

module_init(dbl_init);
module_exit(dbl_exit);

MODULE_DESCRIPTION("Test double of SCST: checks drivers, serves memory");
MODULE_LICENSE("GPL");
