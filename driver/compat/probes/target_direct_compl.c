// SPDX-License-Identifier: GPL-2.0
/* Can a LIO fabric ask for completion in the backend's context? */
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

const struct target_core_fabric_ops ops = {
	.direct_compl_supp = 1,
	.default_compl_type = TARGET_DIRECT_COMPL,
};
