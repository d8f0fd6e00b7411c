/* SPDX-License-Identifier: GPL-2.0 */
/* Core's trace calls with nobody listening; isp_trace_fault() is the test's. */
#ifndef TESTS_UNIT_NO_TRACE_H
#define TESTS_UNIT_NO_TRACE_H

#include "core/isp_trace.h"

void isp_trace_hba_state(const struct isp_hba *h, const char *from,
			 const char *to, const char *why)
{
}

void isp_trace_link_state(const struct isp_hba *h, unsigned int idx,
			  const char *from, const char *to, const char *why)
{
}

void isp_trace_port_state(const struct isp_hba *h, unsigned int idx, u64 wwpn,
			  u32 port_id, const char *from, const char *to)
{
}

void isp_trace_mbox(const struct isp_hba *h, u16 opcode, u16 status, int err,
		    u32 us)
{
}

void isp_trace_aen(const struct isp_hba *h, const u16 *mb)
{
}

#endif
