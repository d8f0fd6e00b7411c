/* SPDX-License-Identifier: GPL-2.0 */
/* Trace calls; the bodies are tracepoints in driver/linux, or a test's. */
#ifndef ISP_TRACE_H
#define ISP_TRACE_H

#include <linux/types.h>

struct isp_hba;

void isp_trace_hba_state(const struct isp_hba *hba, const char *from,
			 const char *to, const char *why);
void isp_trace_link_state(const struct isp_hba *hba, unsigned int chan,
			  const char *from, const char *to, const char *why);
void isp_trace_port_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, u32 port_id, const char *from,
			  const char *to);
void isp_trace_sess_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, const char *from, const char *to,
			  const char *why);
void isp_trace_tport_state(const struct isp_hba *hba, unsigned int chan,
			   const char *from, const char *to, const char *why);
void isp_trace_cmd_state(const struct isp_hba *hba, u32 exchange,
			 const char *from, const char *to);
void isp_trace_mbox(const struct isp_hba *hba, u16 opcode, u16 status, int err,
		    u32 us);
void isp_trace_aen(const struct isp_hba *hba, const u16 *mb);
void isp_trace_fault(const struct isp_hba *hba, const char *why);

#endif
