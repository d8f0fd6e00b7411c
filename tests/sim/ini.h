/* SPDX-License-Identifier: GPL-2.0 */
/* A scripted FC initiator on the model's fabric: frames by hand, no chip. */
#ifndef TESTS_SIM_INI_H
#define TESTS_SIM_INI_H

#include "ev/ev.h"
#include "fabric/fab.h"
#include "judge/judge.h"
#include "pci/pcidev.h"

#define INI_SLOTS 32U
#define INI_IO_MAX (1U << 20)

struct ini;

/**
 * enum ini_end - how a command ended
 * @INI_END_OPEN: it has not
 * @INI_END_STATUS: an FCP_RSP came; see the fields of struct ini_io
 * @INI_END_ABORTED: an ABTS for it was answered by BA_ACC, and no FCP_RSP
 * @INI_END_LOST: the target went away, or nothing answered
 */
enum ini_end {
	INI_END_OPEN,
	INI_END_STATUS,
	INI_END_ABORTED,
	INI_END_LOST,
};

/**
 * struct ini_io - a command; what is to be sent and what came of it
 * @slot: 0..INI_SLOTS - 1; makes OX_ID and buffer; only one user at a time
 * @lun: as on the wire
 * @cdb: command, first 16 bytes
 * @add_cdb: what follows them
 * @add_cdb_len: bytes of @add_cdb, a multiple of 4
 * @attr: task attribute, low 3 bits
 * @tmf: task management flags of FCP_CMND
 * @read: the RDDATA bit
 * @write: the WRDATA bit
 * @data_len: FCP_DL
 * @done: called once at the end; may submit again
 * @end: how it ended
 * @status: SCSI status
 * @flags: FCP_RSP flags (bit 0 response info, 1 sense, 2 over, 3 under)
 * @resid: residual as told
 * @rsp_code: response code if flags bit 0
 * @sense_len: bytes of sense
 * @sense: first bytes
 * @moved: data bytes that came or went
 * @frames: FCP_DATA sequences that came
 * @rx_id: the target's exchange id once known
 * @aborting: an ABTS is under way
 * @aborted: an ABTS was sent for it
 * @rejected: and answered by BA_RJT once
 * @timer: command or ABTS timeout
 * @ini: owner
 * @open: is on the wire
 */
struct ini_io {
	unsigned int slot;
	uint8_t lun[8];
	uint8_t cdb[16];
	uint8_t add_cdb[252];
	uint8_t add_cdb_len;
	uint8_t attr;
	uint8_t tmf;
	bool read;
	bool write;
	uint32_t data_len;
	void (*done)(struct ini_io *io);

	enum ini_end end;
	uint8_t status;
	uint8_t flags;
	uint32_t resid;
	uint8_t rsp_code;
	uint32_t sense_len;
	uint8_t sense[256];
	uint32_t moved;
	uint32_t frames;
	uint16_t rx_id;
	bool aborting;
	bool aborted;
	bool rejected;
	struct ev_timer timer;
	struct ini *ini;
	bool open;
};

/* STATES of a login; each step waits for its accept. */
#define INI_STATES(X) \
	X(DARK)       \
	X(FLOGI)      \
	X(NS_PLOGI)   \
	X(SCR)        \
	X(RFT_ID)     \
	X(SEARCH)     \
	X(PLOGI)      \
	X(PRLI)       \
	X(READY)

enum ini_state {
#define X(id) INI_##id,
	INI_STATES(X)
#undef X
};

/**
 * struct ini - an initiator
 * @port: connector
 * @ev: loop
 * @fab: fabric
 * @target: the target's connector
 * @target_id: its address while logged in
 * @wwpn: our name
 * @state: login
 * @retry: pause before the next try of a login step
 * @els_ox: OX_ID of the link service under way
 * @slot: command per slot or NULL
 * @nr_open: commands in @slot
 * @gen: per slot, part of the OX_ID; changes with each command, so that what
 *	comes for an ended one is known as such
 * @last: per slot, how the command before ended
 * @dev: stands for our host: its memory is where the target's chip reads
 * @arena: INI_SLOTS buffers of INI_IO_MAX
 * @ready: called when the login is complete, or NULL
 * @lost: called when the target is lost, commands have ended, or NULL
 * @priv: the test's
 * @nr_logins: completed logins
 * @nr_lips: times that the loop was initialised
 * @nr_logos: LOGO that came from the target
 * @nr_abts: ABTS sent
 * @nr_rejects: BA_RJT for an open command; the ABTS is sent again later
 * @nr_ba_acc: BA_ACC received, for whatever exchange
 * @nr_ba_rjt: BA_RJT likewise
 * @nr_refused: logins that were rejected
 * @nr_twice: FCP_RSP for a command that had its FCP_RSP before
 * @nr_late: FCP frames for a command whose ABTS had been accepted
 * @timeout_ns: of a command
 * @hold_xfer_rdy: do not answer transfer requests (commands stay open)
 */
struct ini {
	struct fab_port port;
	struct ev *ev;
	struct fab *fab;
	struct fab_port *target;
	uint32_t target_id;
	uint64_t wwpn;
	enum ini_state state;
	struct ev_timer retry;
	uint16_t els_ox;
	struct ini_io *slot[INI_SLOTS];
	unsigned int nr_open;
	uint16_t gen[INI_SLOTS];
	enum ini_end last[INI_SLOTS];
	struct pcidev dev;
	uint8_t *arena;
	void (*ready)(struct ini *ini);
	void (*lost)(struct ini *ini);
	void *priv;
	unsigned int nr_logins;
	unsigned int nr_lips;
	unsigned int nr_logos;
	unsigned int nr_abts;
	unsigned int nr_rejects;
	unsigned int nr_ba_acc;
	unsigned int nr_ba_rjt;
	unsigned int nr_refused;
	unsigned int nr_twice;
	unsigned int nr_late;
	uint64_t timeout_ns;
	bool hold_xfer_rdy;
};

/**
 * ini_new() - Plug an initiator in and let it log in by itself.
 * @ev: loop
 * @judge: records
 * @fab: fabric, a switch or a loop
 * @name: of its connector
 * @wwpn: port name
 * @target: connector of the target
 *
 * Return: the initiator.
 */
struct ini *ini_new(struct ev *ev, struct judge *judge, struct fab *fab,
		    const char *name, uint64_t wwpn, struct fab_port *target);

/**
 * ini_free() - Unplug; open commands end as lost.
 * @ini: initiator
 */
void ini_free(struct ini *ini);

/**
 * ini_buf() - Buffer of a slot.
 * @ini: initiator
 * @slot: slot
 *
 * Return: INI_IO_MAX bytes.
 */
uint8_t *ini_buf(struct ini *ini, unsigned int slot);

/**
 * ini_submit() - Send a command.
 * @ini: initiator in INI_READY
 * @io: command; stays with us until done()
 */
void ini_submit(struct ini *ini, struct ini_io *io);

/**
 * ini_abort() - Send an ABTS for an open command.
 * @io: command
 */
void ini_abort(struct ini_io *io);

/**
 * ini_abort_id() - Send an ABTS for any exchange.
 * @ini: initiator in INI_READY
 * @ox_id: our name for it
 * @rx_id: the target's name for it, or FFFF
 */
void ini_abort_id(struct ini *ini, uint16_t ox_id, uint16_t rx_id);

/**
 * ini_rw() - Fill in a READ(10) or WRITE(10) of LUN 0.
 * @io: command, @slot set
 * @write: direction
 * @lba: first block of 512 bytes
 * @blocks: how many
 */
void ini_rw(struct ini_io *io, bool write, uint32_t lba, uint32_t blocks);

/**
 * ini_logout() - Send LOGO to the target; open commands end as lost.
 * @ini: initiator in INI_READY
 * @again: log in again afterwards
 */
void ini_logout(struct ini *ini, bool again);

/**
 * ini_prlo() - Send PRLO to the target, and PRLI a little later; open commands
 * end as lost.
 * @ini: initiator in INI_READY
 */
void ini_prlo(struct ini *ini);

/**
 * ini_again() - Send PLOGI or PRLI although logged in; open commands end as
 * lost.
 * @ini: initiator in INI_READY
 * @plogi: begin with PLOGI
 */
void ini_again(struct ini *ini, bool plogi);

/**
 * ini_stray() - Send a command although not logged in; nobody waits for it.
 * @ini: initiator with a link
 * @d_id: to whom
 */
void ini_stray(struct ini *ini, uint32_t d_id);

/**
 * ini_login() - Log in to the target again after ini_logout() or ini_lose().
 * @ini: initiator
 */
void ini_login(struct ini *ini);

/**
 * ini_lose() - Forget the target without a word; open commands end as lost.
 * @ini: initiator
 */
void ini_lose(struct ini *ini);

/**
 * ini_open() - Commands on the wire.
 * @ini: initiator
 *
 * Return: number.
 */
unsigned int ini_open(const struct ini *ini);

#endif
