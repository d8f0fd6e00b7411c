/* SPDX-License-Identifier: GPL-2.0 */
/* Each channel on the auxiliary bus, once per engine. */
#ifndef ISP_AUX_H
#define ISP_AUX_H

struct isp_hba;

int isp_aux_add(struct isp_hba *hba);
void isp_aux_del(struct isp_hba *hba);

#endif /* ISP_AUX_H */
