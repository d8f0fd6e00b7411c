// SPDX-License-Identifier: GPL-2.0
/* Results in the kernel's log, and the module. */
#include "bad.h"

#include <linux/module.h>

static unsigned int nr_done;
static unsigned int nr_failed;

/**
 * bad_ok() - Report a test.
 * @good: it passed
 * @what: its name
 *
 * Context: process.
 */
void bad_ok(bool good, const char *what)
{
	nr_done++;
	if (!good)
		nr_failed++;
	pr_info("scst_double_bad: %sok %u - %s\n", good ? "" : "not ", nr_done,
		what);
}

/**
 * bad_report_end() - Say how the run went.
 *
 * Context: process.
 */
void bad_report_end(void)
{
	pr_info("scst_double_bad: 1..%u, %u failed\n", nr_done, nr_failed);
}

static int __init bad_init(void)
{
	return bad_drv_init();
}

static void __exit bad_exit(void)
{
	bad_drv_exit();
}

module_init(bad_init);
module_exit(bad_exit);

MODULE_DESCRIPTION("Self-test of the test double of SCST");
MODULE_LICENSE("GPL");
