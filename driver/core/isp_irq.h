/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt handlers, one per vector. */
#ifndef ISP_IRQ_H
#define ISP_IRQ_H

#include <linux/types.h>

struct isp_hba;

bool isp_irq_default(struct isp_hba *hba);
void isp_irq_response(struct isp_hba *hba);

#endif
