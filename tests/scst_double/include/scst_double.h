/* SPDX-License-Identifier: GPL-2.0 */
/* What only the self-test of the double asks it for; SCST has none of this. */
#ifndef SCST_DOUBLE_ONLY_H
#define SCST_DOUBLE_ONLY_H

#include <linux/types.h>

u64 scst_double_nr_broken(unsigned int rule);

#endif /* SCST_DOUBLE_ONLY_H */
