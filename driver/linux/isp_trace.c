// SPDX-License-Identifier: GPL-2.0
/* The bodies of core's trace calls: tracepoints of the system "isp". */
#include "../core/isp_trace.h"

#include <linux/string.h>

#include "../core/isp_hba.h"

#define CREATE_TRACE_POINTS
#include "isp_trace_events.h"

static u64 wwpn_of(const struct isp_hba *hba, unsigned int chan)
{
	return hba->chan[chan < ISP_MAX_CHANS ? chan : 0].wwpn;
}

/**
 * isp_trace_hba_state() - An adapter changes its state.
 * @hba:  the adapter
 * @from: state before
 * @to:   state after
 * @why:  reason
 *
 * Context: any.
 */
void isp_trace_hba_state(const struct isp_hba *hba, const char *from,
			 const char *to, const char *why)
{
	trace_isp_hba_state(hba->no, from, to, why);
}

/**
 * isp_trace_link_state() - A link changes its state.
 * @hba:  the adapter
 * @chan: channel number
 * @from: state before
 * @to:   state after
 * @why:  reason
 *
 * Context: any.
 */
void isp_trace_link_state(const struct isp_hba *hba, unsigned int chan,
			  const char *from, const char *to, const char *why)
{
	trace_isp_link_state(hba->no, chan, wwpn_of(hba, chan), from, to, why);
}

/**
 * isp_trace_port_state() - A remote port changes its state.
 * @hba:     the adapter
 * @chan:    channel number
 * @wwpn:    of the remote port
 * @port_id: its address, not shown
 * @from:    state before
 * @to:      state after
 *
 * Context: any.
 */
void isp_trace_port_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, u32 port_id, const char *from,
			  const char *to)
{
	trace_isp_port_state(hba->no, chan, wwpn, from, to, "port database");
}

/**
 * isp_trace_sess_state() - A session changes its state.
 * @hba:  the adapter
 * @chan: channel number
 * @wwpn: of the initiator
 * @from: state before
 * @to:   state after
 * @why:  reason
 *
 * Context: any.
 */
void isp_trace_sess_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, const char *from, const char *to,
			  const char *why)
{
	trace_isp_sess_state(hba->no, chan, wwpn, from, to, why);
}

/**
 * isp_trace_tport_state() - A target port changes its state.
 * @hba:  the adapter
 * @chan: channel number
 * @from: state before
 * @to:   state after
 * @why:  reason
 *
 * Context: any.
 */
void isp_trace_tport_state(const struct isp_hba *hba, unsigned int chan,
			   const char *from, const char *to, const char *why)
{
	trace_isp_tport_state(hba->no, chan, wwpn_of(hba, chan), from, to, why);
}

/**
 * isp_trace_cmd_state() - A target command changes its state.
 * @hba:      the adapter
 * @exchange: of the command
 * @from:     state before
 * @to:       state after
 *
 * Context: any.
 */
void isp_trace_cmd_state(const struct isp_hba *hba, u32 exchange,
			 const char *from, const char *to)
{
	trace_isp_cmd_state(hba->no, exchange, from, to);
}

/**
 * isp_trace_mbox() - A mailbox command ended.
 * @hba:    the adapter
 * @opcode: the command
 * @status: answer, when @err is 0
 * @err:    0 or -errno
 * @us:     how long it took
 *
 * Context: any.
 */
void isp_trace_mbox(const struct isp_hba *hba, u16 opcode, u16 status, int err,
		    u32 us)
{
	trace_isp_mbox(hba->no, opcode, status, err, us);
}

/**
 * isp_trace_aen() - An asynchronous event came.
 * @hba: the adapter
 * @mb:  mailboxes 0 to 3
 *
 * Context: any.
 */
void isp_trace_aen(const struct isp_hba *hba, const u16 *mb)
{
	trace_isp_aen(hba->no, mb);
}

/**
 * isp_trace_fault() - An adapter goes to FAULT.
 * @hba: the adapter
 * @why: reason
 *
 * Context: any.
 */
void isp_trace_fault(const struct isp_hba *hba, const char *why)
{
	trace_isp_fault(hba->no, why);
}
