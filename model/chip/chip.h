/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One function of an ISP2432 or ISP2532 as its driver sees it: registers,
 * RISC memory, mailbox, rings, interrupts. The firmware's idea of Fibre
 * Channel is the port's (model/port), which uses the services below.
 *
 * Context of everything here: event loop.
 */
#ifndef MODEL_CHIP_H
#define MODEL_CHIP_H

#include "base.h"
#include "ev/ev.h"
#include "fault/fault.h"
#include "judge/judge.h"
#include "pci/pcidev.h"

#define CHIP_NR_MBOX 32U
#define CHIP_ENTRY_LEN 64U /* every ring entry, bytes */
#define CHIP_MAX_ENTRIES 255U /* one request with its continuations */

/*
 * Mailbox 0 of a completed command.
 * Source: [FB ispmbox.h MBOX_COMMAND_COMPLETE.., O]
 */
#define CHIP_MB_LATER 0x0000U /* handler's answer: chip_mbox_done() follows */
#define CHIP_MB_OK 0x4000U
#define CHIP_MB_INVALID 0x4001U
#define CHIP_MB_HOST_ERR 0x4002U
#define CHIP_MB_TEST_FAILED 0x4003U
#define CHIP_MB_ERROR 0x4005U
#define CHIP_MB_PARAM 0x4006U

/*
 * Entry status, byte 3 of an entry that is given back unexecuted.
 * Source: [Q2XXX qla_def.h RF_*, O]
 */
#define CHIP_ES_BUSY 0x02U
#define CHIP_ES_TYPE 0x04U
#define CHIP_ES_PARAM 0x08U
#define CHIP_ES_COUNT 0x10U
#define CHIP_ES_ORDER 0x20U
#define CHIP_ES_DMA 0x40U

struct chip;
struct fab_port;
struct port;

/*
 * Firmware life: S(NAME, "name").
 *
 *	  power on, soft reset, RISC reset
 *	      v
 *	    RESET --HCCR 2--> ROM --02--> IDLE --48/60--> READY
 *	      ^                ^            |               |
 *	      |                +-----14-----+-------14------+
 *	      +--- any state, by a reset;  any --fault--> CRASHED, HUNG
 */
/* clang-format off */
#define CHIP_STATES(S)                                                       \
	S(RESET, "reset")   /* RISC held in reset */                         \
	S(ROM, "rom")       /* boot code: loads and checks RISC memory */    \
	S(IDLE, "idle")     /* firmware runs, no control block yet */        \
	S(READY, "ready")   /* rings known, port started */                  \
	S(CRASHED, "crashed") /* system error 8002h was posted */            \
	S(HUNG, "hung")     /* takes nothing, says nothing */
/* clang-format on */

#define S(sym, name) CHIP_##sym,
/** enum chip_state - What the RISC is doing, see CHIP_STATES(). */
enum chip_state { CHIP_STATES(S) CHIP_NR_STATES };
#undef S

/**
 * struct chip_setup - What a chip is built from.
 * @ev: loop
 * @dev: its PCI function; the chip attaches itself and outlives no use of it
 * @jp: records; also names the port
 * @fault: registry in which it is armed, or NULL
 * @fab: its connector, already in the caller's hands but not attached: the
 *	port attaches it
 * @fn: PCI function number, 0 or 1
 * @wwpn: port name in NVRAM, native order
 * @wwnn: node name in NVRAM
 * @nvram_bad: NVRAM with a wrong checksum
 * @flash_fw: firmware image as in a ql2x00_fw.bin file (big-endian words), or
 *	NULL; copied
 * @flash_fw_len: bytes of it
 */
struct chip_setup {
	struct ev *ev;
	struct pcidev *dev;
	struct judge_port *jp;
	struct fault *fault;
	struct fab *fab;
	unsigned int fn;
	uint64_t wwpn;
	uint64_t wwnn;
	bool nvram_bad;
	const void *flash_fw;
	size_t flash_fw_len;
};

/**
 * chip_new() - Make a chip in power-on state and its port.
 * @s: setup; copied
 *
 * Return: the chip; running out of memory ends the process.
 */
struct chip *chip_new(const struct chip_setup *s);

/**
 * chip_free() - End a chip and its port.
 * @c: chip or NULL
 */
void chip_free(struct chip *c);

/* ---- accessors ---- */

/** chip_ev() - Loop of @c. Return: never NULL. */
struct ev *chip_ev(const struct chip *c);
/** chip_dev() - PCI function of @c, for pcidev_dma_*(). Return: never NULL. */
struct pcidev *chip_dev(const struct chip *c);
/** chip_jp() - Records of @c. Return: never NULL. */
struct judge_port *chip_jp(const struct chip *c);
/** chip_port() - Port of @c. Return: never NULL. */
struct port *chip_port(const struct chip *c);
/** chip_state() - State of @c. Return: state. */
enum chip_state chip_state(const struct chip *c);
/** chip_state_name() - State of @c in words. Return: static string. */
const char *chip_state_name(const struct chip *c);
/** chip_name() - Name of @c's port, such as "target.0". Return: string. */
const char *chip_name(const struct chip *c);
/** chip_is_25xx() - Generation. Return: true: 2532, false: 2432. */
bool chip_is_25xx(const struct chip *c);
/** chip_speed_gbps() - Best speed. Return: 4 or 8. */
unsigned int chip_speed_gbps(const struct chip *c);
/** chip_rate_code() - Speed as events and 5Dh say it. Return: 3=4G, 4=8G. */
uint16_t chip_rate_code(const struct chip *c);
/** chip_nvram_wwpn() - Factory port name. Return: native order. */
uint64_t chip_nvram_wwpn(const struct chip *c);
/** chip_is_multi_id() - Was it initialised with 48h? Return: true if so. */
bool chip_is_multi_id(const struct chip *c);

/* ---- services for the port ---- */

/**
 * chip_rsp_push() - Put one answer on the response ring.
 * @c: chip in CHIP_READY; otherwise the entry is dropped
 * @entry: 64 bytes; copied
 *
 * While the ring is full the entry waits inside the chip; order is kept.
 */
void chip_rsp_push(struct chip *c, const uint8_t *entry);

/**
 * chip_rsp_push_n() - Put entries that belong together on the response ring.
 * @c: as above
 * @entries: @nr times 64 bytes; copied
 * @nr: 1..CHIP_MAX_ENTRIES
 */
void chip_rsp_push_n(struct chip *c, const uint8_t *entries, unsigned int nr);

/**
 * chip_atio_push() - Put an entry on the ATIO ring.
 * @c: as above
 * @entries: @nr times 64 bytes; copied
 * @nr: 1..CHIP_MAX_ENTRIES
 *
 * Return: 0; -ENOSPC: no ATIO ring, or as many entries wait as it has places;
 *	   the command cannot be announced (answer it with queue full).
 */
int chip_atio_push(struct chip *c, const uint8_t *entries, unsigned int nr);

/**
 * chip_async() - Post an async event (mailbox 0 = 8xxxh).
 * @c: chip; dropped unless firmware runs
 * @mb0: event code
 * @mb1: mailbox 1
 * @mb2: mailbox 2
 * @mb3: mailbox 3
 */
void chip_async(struct chip *c, uint16_t mb0, uint16_t mb1, uint16_t mb2,
		uint16_t mb3);

/**
 * chip_mbox_done() - Finish a mailbox command whose handler said LATER.
 * @c: chip; nothing happens if no such command is open (reset since then)
 * @out: all mailboxes; out[0] is the status
 */
void chip_mbox_done(struct chip *c, const uint16_t out[CHIP_NR_MBOX]);

/**
 * chip_mbox_run() - Carry out a mailbox command that came inside an entry (39h).
 * @c: chip in CHIP_READY
 * @in: mailboxes of the command
 * @out: mailboxes of the answer, out[0] the status
 *
 * Commands that finish later, or that make no sense inside the running
 * firmware (load, execute, init), are refused with 4001h.
 *
 * Return: out[0].
 */
uint16_t chip_mbox_run(struct chip *c, const uint16_t in[CHIP_NR_MBOX],
		       uint16_t out[CHIP_NR_MBOX]);

/**
 * chip_entry_reject() - Give a request entry back unexecuted.
 * @c: chip
 * @entry: the first 64 bytes of the request
 * @status: CHIP_ES_*
 */
void chip_entry_reject(struct chip *c, const uint8_t *entry, uint8_t status);

/**
 * chip_crash() - System error: post 8002h with a register snapshot and stop.
 * @c: chip
 */
void chip_crash(struct chip *c);

#endif
