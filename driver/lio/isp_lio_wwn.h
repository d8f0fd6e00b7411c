/* SPDX-License-Identifier: GPL-2.0 */
/* Port names as users write them. */
#ifndef ISP_LIO_WWN_H
#define ISP_LIO_WWN_H

#include <linux/types.h>

/* "21:00:00:1b:32:01:02:03" and its end */
#define ISP_LIO_WWN_LEN 24

int isp_lio_wwn_parse(const char *name, u64 *wwn);
void isp_lio_wwn_format(char *name, u64 wwn);

#endif
