/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An initiator and a target on one fabric, both started and logged in, with a
 * small disk behind the target: the stage of the tests of I/O.
 */
#ifndef TESTS_MODEL_RIG_H
#define TESTS_MODEL_RIG_H

#include "entry.h"
#include "world.h"

#define RIG_LOG 1024U
#define RIG_TAGS 256U
#define RIG_TGT_NPORT 0x0007U
#define RIG_BLOCK 512U
#define RIG_DISK (HOST_RAM / 4) /* bytes; in the target's memory */
#define RIG_DISK_OFF (HOST_DATA + HOST_RAM / 4)

/**
 * struct rig_log - entries that a host has got
 * @e: entries
 * @nr: how many
 */
struct rig_log {
	uint8_t e[RIG_LOG][HOST_ENTRY_LEN];
	unsigned int nr;
};

/**
 * struct rig - the stage
 * @w: fabric and cards
 * @ini: initiator
 * @tgt: target
 * @ini_card: its card
 * @tgt_card: its card
 * @ini_id: address
 * @tgt_id: address
 * @ini_nport: handle that the target's chip gave to the initiator
 * @tgt_nport: handle that the initiator uses for the target
 * @ini_rsp: what the initiator got on its response ring
 * @tgt_rsp: what the target got on its response ring
 * @tgt_atio: what the target got on its ATIO ring
 * @serve: the target serves READ, WRITE, TEST UNIT READY, task management
 *	and ABTS by itself; false: the test does
 * @pieces: segments that data are cut into, at both ends, at least 1
 * @nacks: notifies acknowledged by the target
 * @tgt_ctios: CTIOs given and not returned, except those without a return
 * @tag_atio: the command of each tag that the target serves
 * @tag_used: tag in use
 */
struct rig {
	struct world w;
	struct host ini;
	struct host tgt;
	struct card *ini_card;
	struct card *tgt_card;
	uint32_t ini_id;
	uint32_t tgt_id;
	uint16_t ini_nport;
	uint16_t tgt_nport;
	struct rig_log ini_rsp;
	struct rig_log tgt_rsp;
	struct rig_log tgt_atio;
	bool serve;
	unsigned int pieces;
	unsigned int nacks;
	int tgt_ctios;
	uint8_t tag_atio[RIG_TAGS][HOST_ENTRY_LEN];
	bool tag_used[RIG_TAGS];
};

/**
 * struct rig_setup - variations of the stage
 * @topo: switch or wire
 * @chip: "2432" or "2532", both ends
 * @irq: interrupt mode, both ends
 * @ini_wwpn: 0 the card's own
 * @tgt_wwpn: 0 the card's own
 */
struct rig_setup {
	enum fab_topo topo;
	const char *chip;
	enum pcidev_irq_mode irq;
	uint64_t ini_wwpn;
	uint64_t tgt_wwpn;
};

/**
 * rig_init() - Build the stage, start both chips, log in.
 * @r: rig, overwritten
 * @s: variation, or NULL: switch, 2532, MSI-X
 *
 * Return: is the initiator logged in?
 */
bool rig_init(struct rig *r, const struct rig_setup *s);

/**
 * rig_fini() - Take it down.
 * @r: rig
 */
void rig_fini(struct rig *r);

/**
 * rig_login() - Log in to the target by a login IOCB.
 * @r: rig with both links up
 *
 * Return: completion status of the IOCB; ffff: no answer in 30 s.
 */
uint16_t rig_login(struct rig *r);

/**
 * rig_io() - Put a READ(10) or WRITE(10) on the initiator's ring and ring.
 * @r: rig
 * @handle: driver's handle
 * @write: WRITE
 * @lba: first block
 * @len: bytes, a multiple of RIG_BLOCK
 * @off: offset of the buffer in the initiator's memory
 *
 * Return: entry as put, for the curious.
 */
uint8_t *rig_io(struct rig *r, uint32_t handle, bool write, uint32_t lba,
		uint32_t len, uint32_t off);

/**
 * rig_cmd() - Put any command on the initiator's ring and ring.
 * @r: rig
 * @c: command; nport and id are filled in if 0
 */
void rig_cmd(struct rig *r, struct cmd *c);

/**
 * rig_find() - An entry of some type and handle in a log.
 * @log: log
 * @type: entry type
 * @handle: dword at offset 4
 *
 * Return: first such entry or NULL.
 */
const uint8_t *rig_find(const struct rig_log *log, uint8_t type,
			uint32_t handle);

/**
 * rig_last() - The newest entry of some type in a log.
 * @log: log
 * @type: entry type
 *
 * Return: entry or NULL.
 */
const uint8_t *rig_last(const struct rig_log *log, uint8_t type);

/**
 * rig_wait() - Run until an entry is there.
 * @r: rig
 * @log: one of its logs
 * @type: entry type
 * @handle: dword at offset 4
 * @limit_ns: longest time
 *
 * Return: the entry or NULL.
 */
const uint8_t *rig_wait(struct rig *r, const struct rig_log *log, uint8_t type,
			uint32_t handle, uint64_t limit_ns);

/**
 * rig_wait_last() - Run until a new entry of some type is there.
 * @r: rig
 * @log: one of its logs
 * @type: entry type
 * @limit_ns: longest time
 *
 * Return: the first one of that type in the log or NULL.
 */
const uint8_t *rig_wait_last(struct rig *r, const struct rig_log *log,
			     uint8_t type, uint64_t limit_ns);

/**
 * rig_status() - Status entry of a command, waited for up to 60 s.
 * @r: rig
 * @handle: of the command
 *
 * Return: entry or NULL.
 */
const uint8_t *rig_status(struct rig *r, uint32_t handle);

/**
 * rig_forget() - Empty all logs.
 * @r: rig
 */
void rig_forget(struct rig *r);

/**
 * rig_quiet() - Everything served, no verdicts, books balanced?
 * @r: rig
 *
 * Return: true if so; else the reasons are printed as comments.
 */
bool rig_quiet(struct rig *r);

/**
 * rig_cut() - Cut a buffer into uneven segments.
 * @segs: room for @nr
 * @nr: how many
 * @iova: buffer
 * @len: bytes, at least @nr
 *
 * Return: @nr, or 0 if @len is 0.
 */
unsigned int rig_cut(struct seg *segs, unsigned int nr, uint64_t iova,
		     uint32_t len);

/**
 * rig_ctio() - A CTIO of the target for a buffer in its memory; rings.
 * @r: rig
 * @handle: driver's handle
 * @atio: command
 * @flags: CTIO_*
 * @off: offset of the buffer
 * @len: bytes, 0 none
 *
 * Return: the entry, already on its way.
 */
uint8_t *rig_ctio(struct rig *r, uint32_t handle, const uint8_t *atio,
		  uint16_t flags, uint32_t off, uint32_t len);

#endif
