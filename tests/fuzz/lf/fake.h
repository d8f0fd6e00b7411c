/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A chip of the 2400 family as the driver sees it: registers, rings, mailboxes,
 * a name server. It is honest; a target lets it lie.
 */
#ifndef TESTS_FUZZ_FAKE_H
#define TESTS_FUZZ_FAKE_H

#include "fuzz.h"

#include "drv.h"

#define FAKE_ENTRY 64U
#define FAKE_HELD 64U /* entries kept back */
#define FAKE_LIES 8U
#define FAKE_ID 0x010200U /* our address */
#define FAKE_DISK 64U /* blocks */

/* Host status, its low half. */
#define FAKE_IRQ_MBOX 0x8010U
#define FAKE_IRQ_AEN 0x8012U
#define FAKE_IRQ_RSP 0x8013U
#define FAKE_IRQ_ATIO 0x801cU

enum fake_ring { FAKE_REQ, FAKE_RSP, FAKE_ATIO, FAKE_NR_RINGS };

struct fake;

/**
 * struct fake_ops - what a target has to say
 * @entry: the driver has sent an entry of @nr pieces, in @e; @back is how an
 *	honest chip gives it back, NULL: not at all; false: keep it for now
 * @ct: the name server's honest answer is in @rsp, @room bytes; to be spoilt
 *
 * All optional.
 */
struct fake_ops {
	bool (*entry)(struct fake *f, const uint8_t *e, unsigned int nr,
		      uint8_t *back);
	void (*ct)(struct fake *f, uint16_t code, uint8_t *rsp, uint32_t room);
};

/**
 * struct fake_lie - a register that says something else
 * @off: register
 * @val: what it says
 * @nr: how often
 */
struct fake_lie {
	uint32_t off;
	uint32_t val;
	unsigned int nr;
};

/**
 * struct fake - the chip, the clock and the driver on it
 * @ops: target's
 * @drv: the driver
 * @regs: registers
 * @now_ns: time
 * @alarm_ns: the shim's timers want to run
 * @soon: the shim's work wants to run
 * @msix: the response ring has a vector of its own
 * @in: mailboxes as the driver wrote them
 * @out: as it reads them
 * @mbox_open: a command is here
 * @lose: so many commands get no answer
 * @cause: of the interrupt that is on, 0: none
 * @ictrl: interrupt control
 * @flash_at: flash address
 * @ring: rings, NULL before the firmware is initialised
 * @nr: their entries
 * @at: our pointer: request out, response in, ATIO in
 * @host: the driver's pointer
 * @held: entries kept back, as they will be given back
 * @nr_held: how many
 * @lies: what registers say
 * @nr_resets: times that the chip was reset
 */
struct fake {
	const struct fake_ops *ops;
	struct drv *drv;
	void *regs;
	uint64_t now_ns;
	uint64_t alarm_ns;
	bool soon;
	bool msix;
	uint16_t in[32];
	uint16_t out[32];
	bool mbox_open;
	unsigned int lose;
	uint32_t cause;
	uint32_t ictrl;
	uint32_t flash_at;
	uint8_t *ring[FAKE_NR_RINGS];
	uint32_t nr[FAKE_NR_RINGS];
	uint32_t at[FAKE_NR_RINGS];
	uint32_t host[FAKE_NR_RINGS];
	uint8_t held[FAKE_HELD][FAKE_ENTRY];
	unsigned int nr_held;
	struct fake_lie lies[FAKE_LIES];
	unsigned int nr_resets;
};

/**
 * struct fake_setup - how to begin
 * @device: 0x2432 or 0x2532
 * @no_file: the firmware is in flash
 * @msix: interrupts by two vectors
 */
struct fake_setup {
	uint16_t device;
	bool no_file;
	bool msix;
};

/**
 * fake_begin() - Plug the chip in and load the driver.
 * @ops: target's
 * @s: how
 *
 * Return: the chip; there is one at a time.
 */
struct fake *fake_begin(const struct fake_ops *ops, const struct fake_setup *s);

/**
 * fake_end() - Unload the driver: it must go, and leave nothing behind.
 * @f: chip
 */
void fake_end(struct fake *f);

/**
 * fake_run() - Let time pass.
 * @f: chip
 * @ms: how much
 */
void fake_run(struct fake *f, unsigned int ms);

/**
 * fake_irq() - Interrupt.
 * @f: chip
 * @status: host status
 */
void fake_irq(struct fake *f, uint32_t status);

/**
 * fake_aen() - Asynchronous event.
 * @f: chip
 * @mb: mailboxes 0 to 3
 */
void fake_aen(struct fake *f, const uint16_t *mb);

/**
 * fake_put() - Put an entry on a ring, with its interrupt.
 * @f: chip
 * @ring: response or ATIO
 * @e: entry
 * @nr: of so many pieces
 *
 * Return: false: no room, or no ring.
 */
bool fake_put(struct fake *f, enum fake_ring ring, const uint8_t *e,
	      unsigned int nr);

/**
 * fake_back() - Give an entry back that was kept.
 * @f: chip
 * @i: which
 */
void fake_back(struct fake *f, unsigned int i);

/**
 * fake_lie() - Let a register say something else.
 * @f: chip
 * @off: register
 * @val: what
 * @nr: how often
 */
void fake_lie(struct fake *f, uint32_t off, uint32_t val, unsigned int nr);

/**
 * fake_heal() - The chip crashes and is honest from now on.
 * @f: chip
 *
 * The driver must end up with a target that is on and a link that is up.
 */
void fake_heal(struct fake *f);

/**
 * fake_memory() - The driver's memory behind a bus address.
 * @iova: address
 * @len: bytes that must be there
 *
 * An address that the driver has not mapped ends the program.
 *
 * Return: it.
 */
uint8_t *fake_memory(uint64_t iova, uint32_t len);

#endif
