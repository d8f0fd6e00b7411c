/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: every change of state, mailbox, event and fault. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM isp

#if !defined(ISP_TRACE_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define ISP_TRACE_EVENTS_H

/* clang-format off */
#include <linux/tracepoint.h>

#define ISP_TRACE_NAME 24
#define ISP_TRACE_WHY 48

TRACE_EVENT(isp_hba_state,
	TP_PROTO(unsigned int host, const char *from, const char *to,
		 const char *why),
	TP_ARGS(host, from, to, why),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__array(char, from, ISP_TRACE_NAME)
		__array(char, to, ISP_TRACE_NAME)
		__array(char, why, ISP_TRACE_WHY)
	),
	TP_fast_assign(
		__entry->host = host;
		strscpy(__entry->from, from, ISP_TRACE_NAME);
		strscpy(__entry->to, to, ISP_TRACE_NAME);
		strscpy(__entry->why, why, ISP_TRACE_WHY);
	),
	TP_printk("host=%u %s -> %s (%s)", __entry->host, __entry->from,
		  __entry->to, __entry->why)
);

DECLARE_EVENT_CLASS(isp_chan_state,
	TP_PROTO(unsigned int host, unsigned int chan, u64 wwpn,
		 const char *from, const char *to, const char *why),
	TP_ARGS(host, chan, wwpn, from, to, why),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__field(unsigned int, chan)
		__field(u64, wwpn)
		__array(char, from, ISP_TRACE_NAME)
		__array(char, to, ISP_TRACE_NAME)
		__array(char, why, ISP_TRACE_WHY)
	),
	TP_fast_assign(
		__entry->host = host;
		__entry->chan = chan;
		__entry->wwpn = wwpn;
		strscpy(__entry->from, from, ISP_TRACE_NAME);
		strscpy(__entry->to, to, ISP_TRACE_NAME);
		strscpy(__entry->why, why, ISP_TRACE_WHY);
	),
	TP_printk("host=%u chan=%u wwpn=%016llx %s -> %s (%s)", __entry->host,
		  __entry->chan, __entry->wwpn, __entry->from, __entry->to,
		  __entry->why)
);

DEFINE_EVENT(isp_chan_state, isp_link_state,
	TP_PROTO(unsigned int host, unsigned int chan, u64 wwpn,
		 const char *from, const char *to, const char *why),
	TP_ARGS(host, chan, wwpn, from, to, why)
);

DEFINE_EVENT(isp_chan_state, isp_port_state,
	TP_PROTO(unsigned int host, unsigned int chan, u64 wwpn,
		 const char *from, const char *to, const char *why),
	TP_ARGS(host, chan, wwpn, from, to, why)
);

DEFINE_EVENT(isp_chan_state, isp_sess_state,
	TP_PROTO(unsigned int host, unsigned int chan, u64 wwpn,
		 const char *from, const char *to, const char *why),
	TP_ARGS(host, chan, wwpn, from, to, why)
);

DEFINE_EVENT(isp_chan_state, isp_tport_state,
	TP_PROTO(unsigned int host, unsigned int chan, u64 wwpn,
		 const char *from, const char *to, const char *why),
	TP_ARGS(host, chan, wwpn, from, to, why)
);

TRACE_EVENT(isp_cmd_state,
	TP_PROTO(unsigned int host, u32 exchange, const char *from,
		 const char *to),
	TP_ARGS(host, exchange, from, to),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__field(u32, exchange)
		__array(char, from, ISP_TRACE_NAME)
		__array(char, to, ISP_TRACE_NAME)
	),
	TP_fast_assign(
		__entry->host = host;
		__entry->exchange = exchange;
		strscpy(__entry->from, from, ISP_TRACE_NAME);
		strscpy(__entry->to, to, ISP_TRACE_NAME);
	),
	TP_printk("host=%u exchange=%08x %s -> %s", __entry->host,
		  __entry->exchange, __entry->from, __entry->to)
);

TRACE_EVENT(isp_mbox,
	TP_PROTO(unsigned int host, u16 opcode, u16 status, int err, u32 us),
	TP_ARGS(host, opcode, status, err, us),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__field(u16, opcode)
		__field(u16, status)
		__field(int, err)
		__field(u32, us)
	),
	TP_fast_assign(
		__entry->host = host;
		__entry->opcode = opcode;
		__entry->status = status;
		__entry->err = err;
		__entry->us = us;
	),
	TP_printk("host=%u opcode=%04x status=%04x err=%d us=%u",
		  __entry->host, __entry->opcode, __entry->status,
		  __entry->err, __entry->us)
);

TRACE_EVENT(isp_aen,
	TP_PROTO(unsigned int host, const u16 *mb),
	TP_ARGS(host, mb),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__field(u16, mb0)
		__field(u16, mb1)
		__field(u16, mb2)
		__field(u16, mb3)
	),
	TP_fast_assign(
		__entry->host = host;
		__entry->mb0 = mb[0];
		__entry->mb1 = mb[1];
		__entry->mb2 = mb[2];
		__entry->mb3 = mb[3];
	),
	TP_printk("host=%u event=%04x %04x %04x %04x", __entry->host,
		  __entry->mb0, __entry->mb1, __entry->mb2, __entry->mb3)
);

TRACE_EVENT(isp_fault,
	TP_PROTO(unsigned int host, const char *why),
	TP_ARGS(host, why),
	TP_STRUCT__entry(
		__field(unsigned int, host)
		__array(char, why, ISP_TRACE_WHY)
	),
	TP_fast_assign(
		__entry->host = host;
		strscpy(__entry->why, why, ISP_TRACE_WHY);
	),
	TP_printk("host=%u %s", __entry->host, __entry->why)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE isp_trace_events
#include <trace/define_trace.h>
/* clang-format on */
