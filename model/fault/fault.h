/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault.h - the registry of faults on demand: what is armed, what has fired.
 *
 * Two families. Frame faults hit the Nth frame of a kind on its way through
 * the fabric. Port faults are states of one chip (hung, crashed ...), which
 * the chip asks for through its embedded struct fault_port: one bit test, so
 * that the question costs nothing where it is asked at each register access.
 *
 * Context of everything here: event loop.
 */
#ifndef MODEL_FAULT_FAULT_H
#define MODEL_FAULT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fab_frame;
struct fault;

#define FAULT_NAME_MAX 64
#define FAULT_FOREVER UINT32_MAX /* count: until cleared */

/**
 * enum fault_act - what happens to a frame
 * @FAULT_PASS: nothing
 * @FAULT_DROP: it is lost
 * @FAULT_DELAY: it arrives late, later frames overtake it
 * @FAULT_CORRUPT: it arrives with a bad CRC, so the receiver discards it
 */
enum fault_act { FAULT_PASS, FAULT_DROP, FAULT_DELAY, FAULT_CORRUPT };

/**
 * enum fault_class - frames that a fault can name
 * @FAULT_CMND: FCP_CMND
 * @FAULT_DATA: FCP_DATA
 * @FAULT_XFER_RDY: FCP_XFER_RDY
 * @FAULT_RSP: FCP_RSP
 * @FAULT_ABTS: ABTS
 * @FAULT_BA: BA_ACC, BA_RJT
 * @FAULT_PLOGI: PLOGI request
 * @FAULT_PRLI: PRLI request
 * @FAULT_LOGO: LOGO request
 * @FAULT_FLOGI: FLOGI request
 * @FAULT_ELS: other ELS and all ELS replies
 * @FAULT_CT: CT, both ways
 * @FAULT_ANY: every frame
 * @FAULT_NR_CLASSES: how many there are
 *
 * A frame belongs to one class besides FAULT_ANY.
 */
enum fault_class {
	FAULT_CMND,
	FAULT_DATA,
	FAULT_XFER_RDY,
	FAULT_RSP,
	FAULT_ABTS,
	FAULT_BA,
	FAULT_PLOGI,
	FAULT_PRLI,
	FAULT_LOGO,
	FAULT_FLOGI,
	FAULT_ELS,
	FAULT_CT,
	FAULT_ANY,
	FAULT_NR_CLASSES
};

/**
 * enum fault_state - faults of one port
 * @FAULT_FW_HANG: the firmware takes no command, entry or frame any more; the
 *	chip ends it with fault_port_take() when the host resets the RISC
 * @FAULT_FW_CRASH: system error 8002h: the chip crashes in changed(), or when
 *	it starts next, and takes it
 * @FAULT_MBOX_TIMEOUT: a mailbox command is never answered; taken by each one
 * @FAULT_ALL_ONES: registers and config space read as ones until cleared
 * @FAULT_RING_STALL: the chip takes nothing off its request ring until cleared
 * @FAULT_NO_EXCHANGE: every command finds the chip without an exchange until
 *	cleared
 * @FAULT_NR_STATES: how many there are
 */
enum fault_state {
	FAULT_FW_HANG,
	FAULT_FW_CRASH,
	FAULT_MBOX_TIMEOUT,
	FAULT_ALL_ONES,
	FAULT_RING_STALL,
	FAULT_NO_EXCHANGE,
	FAULT_NR_STATES
};

/**
 * struct fault_port - one port's faults; embedded in the chip
 * @active: bit per enum fault_state
 * @left: how many takes each one still allows
 * @fired: how many were taken
 * @name: port's name
 * @changed: optional; a fault was armed (true) or cleared by ctl (false).
 *	Not called by fault_port_take().
 * @priv: for changed()
 * @next: registry's own
 */
struct fault_port {
	uint32_t active;
	uint32_t left[FAULT_NR_STATES];
	uint64_t fired[FAULT_NR_STATES];
	char name[FAULT_NAME_MAX];
	void (*changed)(struct fault_port *fp, enum fault_state state, bool on);
	void *priv;
	struct fault_port *next;
};

/**
 * struct fault_frame_spec - one frame fault
 * @act: drop, delay or corrupt
 * @cls: which frames
 * @nth: first frame hit, counted from arming: 1 = the next
 * @count: how many frames in a row from there, 1..FAULT_FOREVER
 * @delay_ns: for FAULT_DELAY
 * @from: only frames sent by the port of that name; "" = any
 */
struct fault_frame_spec {
	enum fault_act act;
	enum fault_class cls;
	uint64_t nth;
	uint32_t count;
	uint64_t delay_ns;
	char from[FAULT_NAME_MAX];
};

/**
 * struct fault_frame_info - a frame fault as it stands
 * @id: as returned by fault_arm_frame()
 * @spec: as armed
 * @seen: frames that matched since arming
 * @hit: frames hit
 * @spent: has nothing left to hit
 */
struct fault_frame_info {
	unsigned int id;
	struct fault_frame_spec spec;
	uint64_t seen;
	uint64_t hit;
	bool spent;
};

/**
 * fault_new() - Make an empty registry.
 *
 * Return: the registry; allocation failure aborts.
 */
struct fault *fault_new(void);

/**
 * fault_free() - Free a registry; ports must be removed first.
 * @fault: registry or NULL
 */
void fault_free(struct fault *fault);

/**
 * fault_arm_frame() - Arm one frame fault.
 * @fault: registry
 * @spec: copied
 *
 * Return: its id (> 0); -EINVAL: nth or count is 0, a delay without time, or
 * an unknown act or class; -ENOSPC: too many are armed.
 */
int fault_arm_frame(struct fault *fault, const struct fault_frame_spec *spec);

/**
 * fault_frames_armed() - Can any frame be hit at all?
 * @fault: registry
 *
 * Return: true if fault_frame() has to be asked.
 */
bool fault_frames_armed(const struct fault *fault);

/**
 * fault_frame() - What happens to this frame? Counts it.
 * @fault: registry
 * @frame: frame as sent, its kind set
 * @from: name of the sending port, "" for a service of the switch
 * @delay_ns: set for FAULT_DELAY
 *
 * The first armed fault that hits wins; all that match count the frame.
 *
 * Return: the act.
 */
enum fault_act fault_frame(struct fault *fault, const struct fab_frame *frame,
			   const char *from, uint64_t *delay_ns);

/**
 * fault_frame_info() - Walk over the frame faults, spent ones included.
 * @fault: registry
 * @idx: 0, 1, ...
 * @info: filled
 *
 * Return: false past the end.
 */
bool fault_frame_info(const struct fault *fault, unsigned int idx,
		      struct fault_frame_info *info);

/**
 * fault_clear() - Forget all frame faults and clear all port faults.
 * @fault: registry
 */
void fault_clear(struct fault *fault);

/**
 * fault_port_add() - Make a port's faults reachable by name.
 * @fault: registry
 * @fp: chip's, zeroed; lives until fault_port_del()
 * @name: copied
 * @changed: see struct fault_port, or NULL
 * @priv: for changed()
 */
void fault_port_add(struct fault *fault, struct fault_port *fp,
		    const char *name,
		    void (*changed)(struct fault_port *fp,
				    enum fault_state state, bool on),
		    void *priv);

/**
 * fault_port_del() - Remove a port.
 * @fault: registry
 * @fp: added port
 */
void fault_port_del(struct fault *fault, struct fault_port *fp);

/**
 * fault_port_next() - Walk over the ports (ctl "faults").
 * @fault: registry
 * @fp: NULL for the first
 *
 * Return: the next one or NULL.
 */
struct fault_port *fault_port_next(const struct fault *fault,
				   const struct fault_port *fp);

/**
 * fault_arm_port() - Arm a port fault.
 * @fault: registry
 * @port: port's name
 * @state: which
 * @count: takes until it ends by itself, 1..FAULT_FOREVER
 *
 * Return: 0; -ENOENT: no such port; -EINVAL: count 0 or unknown state.
 */
int fault_arm_port(struct fault *fault, const char *port,
		   enum fault_state state, uint32_t count);

/**
 * fault_clear_port() - Clear one port fault.
 * @fault: registry
 * @port: port's name
 * @state: which
 *
 * Return: 0, also if it was not armed; -ENOENT: no such port.
 */
int fault_clear_port(struct fault *fault, const char *port,
		     enum fault_state state);

/**
 * fault_port_active() - Is a fault of this port armed? Takes nothing.
 * @fp: port
 * @state: which
 *
 * Return: true if armed.
 */
static inline bool fault_port_active(const struct fault_port *fp,
				     enum fault_state state)
{
	return fp->active & (1u << state);
}

/**
 * fault_port_take() - Use a fault up by one.
 * @fp: port
 * @state: which
 *
 * Return: true if it was armed, so that this command, reset or start has it.
 */
bool fault_port_take(struct fault_port *fp, enum fault_state state);

/**
 * fault_act_name() - Name of an act as ctl has it.
 * @act: act
 *
 * Return: static string.
 */
const char *fault_act_name(enum fault_act act);

/**
 * fault_act_parse() - Act by its name.
 * @name: "drop", "delay" or "corrupt"
 *
 * Return: the act; -EINVAL.
 */
int fault_act_parse(const char *name);

/**
 * fault_class_name() - Name of a frame class as ctl has it.
 * @cls: class
 *
 * Return: static string.
 */
const char *fault_class_name(enum fault_class cls);

/**
 * fault_class_parse() - Frame class by its name.
 * @name: "cmnd", "data", ... "any"
 *
 * Return: the class; -EINVAL.
 */
int fault_class_parse(const char *name);

/**
 * fault_state_name() - Name of a port fault as ctl has it.
 * @state: state
 *
 * Return: static string.
 */
const char *fault_state_name(enum fault_state state);

/**
 * fault_state_parse() - Port fault by its name.
 * @name: "fw_hang", "fw_crash", "mbox_timeout", "all_ones", "ring_stall" or
 *	"no_exchange"
 *
 * Return: the state; -EINVAL.
 */
int fault_state_parse(const char *name);

#endif
