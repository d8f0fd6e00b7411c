/* SPDX-License-Identifier: GPL-2.0 */
/* Ring of recent events of one port; stored binary, formatted when asked. */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H

#include "base.h"

#define TRACE_LEN 4096U

/* clang-format off */
/*
 * Kinds of events: T(NAME, "name", "arg0", "arg1", "arg2", "arg3"); an unused
 * argument is "" and is not printed. Every folder may add rows.
 */
#define TRACE_KINDS(T) \
	T(REG_WRITE, "reg_write", "bar", "offset", "size", "value") \
	T(CFG_WRITE, "cfg_write", "offset", "size", "value", "") \
	T(IRQ, "irq", "vector", "mode", "", "") \
	T(INTX, "intx", "level", "", "", "") \
	T(VM, "vm", "connected", "", "", "") \
	T(RESET, "reset", "why", "", "", "") \
	T(MBOX, "mbox", "opcode", "mb1", "mb2", "mb3") \
	T(MBOX_DONE, "mbox_done", "status", "mb1", "mb2", "mb3") \
	T(EVENT, "event", "mb0", "mb1", "mb2", "mb3") \
	T(ENTRY_IN, "entry_in", "type", "index", "handle", "arg") \
	T(ENTRY_OUT, "entry_out", "type", "index", "handle", "arg") \
	T(FRAME_TX, "frame_tx", "kind", "d_id", "ox_id", "rx_id") \
	T(FRAME_RX, "frame_rx", "kind", "s_id", "ox_id", "rx_id") \
	T(LINK, "link", "up", "port_id", "", "") \
	T(STATE, "state", "from", "to", "", "") \
	T(LOGIN, "login", "handle", "port_id", "from", "to") \
	T(VERDICT, "verdict", "number", "", "", "") \
	T(FAULT, "fault", "what", "nth", "", "")
/* clang-format on */

#define T(sym, name, a, b, c, d) TRACE_##sym,
/** enum trace_kind - Kinds of events, see TRACE_KINDS(). */
enum trace_kind { TRACE_KINDS(T) TRACE_NR_KINDS };
#undef T

/**
 * struct trace_rec - One event.
 * @t_ns: time of the loop
 * @kind: enum trace_kind
 * @arg: arguments as TRACE_KINDS() names them
 */
struct trace_rec {
	uint64_t t_ns;
	uint32_t kind;
	uint32_t arg[4];
};

/**
 * struct trace - Events of one port.
 * @nr: events ever added; the newest is at (nr - 1) % TRACE_LEN
 * @ring: the last TRACE_LEN of them
 */
struct trace {
	uint64_t nr;
	struct trace_rec ring[TRACE_LEN];
};

/**
 * struct trace_name - Words to print an event with.
 * @name: of the kind
 * @arg: of the arguments, "" = unused
 */
struct trace_name {
	const char *name;
	const char *arg[4];
};

extern const struct trace_name trace_names[TRACE_NR_KINDS];

#endif
