/* SPDX-License-Identifier: GPL-2.0 */
/* What is played around the target role in tgt_pairs: a core of its own. */
#ifndef TESTS_SIM_TGT_PAIRS_H
#define TESTS_SIM_TGT_PAIRS_H

#include <stdio.h>

#include <linux/types.h>

#include "../../driver/core/isp_hba.h"
#include "../../driver/core/isp_trace.h"
#include "drv.h"
#include "shim/shim.h"
#include "../../driver/tgt/isp_tgt.h"

#define NR_INI 5U /* initiators */
#define NR_EXCH 300U /* exchanges of the chip */
#define NR_OUT 1024U /* entries at the chip */
#define NR_HELD 2048U /* commands and sessions at the engine */
#define NR_NOTES 4096U /* notifies given */
#define NR_LOGOS 256
#define MAX_OPEN 40U /* commands that the initiators have open */
#define STEP_NS 1000000U /* virtual time of a step */

/* A rule of the test; it goes on, up to ten times. */
#define must(cond, ...)                                  \
	do {                                             \
		if (!(cond)) {                           \
			nr_wrong++;                      \
			printf("# " __VA_ARGS__);        \
			printf(" (step %u)\n", nr_step); \
		}                                        \
	} while (0)

/* clang-format off */
#define EVENTS(X)                                                            \
	X(COMMAND) X(TMF) X(ABTS) X(PLOGI) X(PRLI) X(LOGO) X(PRLO) X(LIP)    \
	X(PORT_GONE) X(LINK_DOWN) X(FAULT) X(DISABLE) X(RESOLVED) X(NOBODY)  \
	X(READY_OK) X(READY_NO) X(CLOSED) X(DROP) X(RING_FULL) X(CPL_OK)     \
	X(CPL_BAD) X(CPL_DATA) X(RECV) X(SEND) X(FREE)
/* clang-format on */

enum event {
#define X(id) EV_##id,
	EVENTS(X)
#undef X
		NR_EVENTS
};

enum out_kind { OUT_CTIO, OUT_ACK, OUT_ABTS, OUT_LOGO };

/**
 * struct out - an entry that the chip has
 * @kind: what it is
 * @owner: the role's
 * @exchange: name of the exchange, or number of the notify
 * @closes: it ends the exchange
 * @at: jiffies when it was sent
 */
struct out {
	enum out_kind kind;
	void *owner;
	u32 exchange;
	bool closes;
	unsigned long at;
};

/**
 * struct exch - an exchange as the chip sees it
 * @open: given to the role, not ended
 * @closing: an entry that ends it is at the chip
 * @abts: it is an ABTS
 * @port_id: initiator
 */
struct exch {
	bool open;
	bool closing;
	bool abts;
	u32 port_id;
};

extern u64 rng;
extern unsigned int nr_wrong;
extern unsigned int nr_step;
extern bool verbose;
extern unsigned int sess_met[ISP_NR_SESS_STATES][NR_EVENTS];
extern unsigned int cmd_met[ISP_NR_CMD_STATES][NR_EVENTS];
extern struct isp_hba hba;
extern struct isp_tport *port;
extern struct out outs[NR_OUT];
extern unsigned int nr_outs;
extern struct exch exchs[NR_EXCH];
extern bool note_open[NR_NOTES];
extern bool logo_due[NR_LOGOS]; /* by the end of the port id */
extern unsigned int nr_notes;
extern bool live, full, faulted, link_up;
extern u32 life; /* goes up when live does */
extern unsigned int nr_full;
extern unsigned long full_at; /* jiffies, when it became full */
extern unsigned int nr_cut_ended;
extern isp_role_done_fn role_done;
extern bool role_start;
extern enum isp_cpl last_cpl; /* of the entry that comes back now */
extern const char *const sess_states[];
extern const char *const cmd_states[];
extern const char *const event_names[];
extern const struct isp_chip_ops fake_chip;

/**
 * rnd() - A random number.
 * @below: bound, at least 1
 *
 * Return: 0..@below - 1.
 */
u32 rnd(u32 below);

/**
 * met() - Note the states that an event finds.
 * @ev: event
 * @port_id: initiator, 0: all of them
 */
void met(enum event ev, u32 port_id);

/**
 * cell() - Note the same for the table of states and events (tests/sim/table).
 * @ev: event
 * @port_id: initiator, 0: all of them
 */
void cell(enum drv_event ev, u32 port_id);

/**
 * cells_append() - Append what cell() noted to the file that CELLS names.
 */
void cells_append(void);

/**
 * irq() - Run a callback as an interrupt handler would.
 * @fn: callback
 * @arg: its argument
 */
void irq(void (*fn)(void *arg), void *arg);

/**
 * has_exchange() - Is an entry about an exchange?
 * @out: the entry
 *
 * Return: false: about a notify, or a LOGO.
 */
bool has_exchange(const struct out *out);

/**
 * step_judge() - What holds between any two steps.
 *
 * No deadline is over that has not been; who was dropped gets a LOGO as soon as
 * there is room for it.
 */
void step_judge(void);

/**
 * cut_waits() - Is there a command that is cut and not terminated yet?
 *
 * Return: as asked.
 */
bool cut_waits(void);

/**
 * cut_end() - Its data comes back first, and says that the exchange is gone.
 * @arg: NULL
 */
void cut_end(void *arg);

/**
 * out_end() - An entry comes back from the chip.
 * @i: which
 * @cpl: how it ended
 */
void out_end(unsigned int i, enum isp_cpl cpl);

/**
 * other_cpu() - The life worker, on another processor, takes the chip away.
 *
 * Called where the role is between a look at its own state and the ring's lock.
 */
void other_cpu(void);

/* Another processor wants to take the chip away, and waits for port->lock. */
extern bool other_waits;

/**
 * core_live() - The rings are usable, if they were not.
 */
void core_live(void);

/**
 * core_dead() - The chip is reset: nothing that it knew is left.
 */
void core_dead(void);

/**
 * new_exchange() - A name for an exchange that begins.
 * @port_id: initiator
 * @abts: it is an ABTS
 *
 * Return: name; ISP_EXCHANGE_NONE: the chip has none.
 */
u32 new_exchange(u32 port_id, bool abts);

#endif /* TESTS_SIM_TGT_PAIRS_H */
