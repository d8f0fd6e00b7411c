/* SPDX-License-Identifier: GPL-2.0 */
/* Hands each decoded entry to the one it belongs to. */
#ifndef ISP_DISPATCH_H
#define ISP_DISPATCH_H

struct isp_hba;
struct isp_rsp;

void isp_dispatch_begin(struct isp_hba *hba);
void isp_dispatch(struct isp_hba *hba, const struct isp_rsp *rsp);
void isp_dispatch_end(struct isp_hba *hba);

#endif
