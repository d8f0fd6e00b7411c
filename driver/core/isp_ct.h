/* SPDX-License-Identifier: GPL-2.0 */
/* Name server requests and answers in a DMA buffer. */
#ifndef ISP_CT_H
#define ISP_CT_H

#include <linux/types.h>

struct isp_chan;

#define ISP_CT_REQ_SIZE 512
#define ISP_CT_RSP_SIZE 32768

size_t isp_ct_build(struct isp_chan *chan, void *buf, u16 code, u32 port_id);
int isp_ct_check(const void *rsp);
void isp_ct_ports(struct isp_chan *chan, const void *rsp);
u64 isp_ct_wwpn(const void *rsp);
const char *isp_ct_symbolic_name(struct isp_chan *chan, char *buf, size_t len);

#endif
