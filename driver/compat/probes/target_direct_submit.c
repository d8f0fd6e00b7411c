// SPDX-License-Identifier: GPL-2.0
/* Can a LIO fabric ask for submission in its own context? */
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

const struct target_core_fabric_ops ops = {
	.direct_submit_supp = 1,
	.default_submit_type = TARGET_DIRECT_SUBMIT,
};
