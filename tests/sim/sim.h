/* SPDX-License-Identifier: GPL-2.0 */
/* A world in one process: a modelled card, the driver, initiators, a clock. */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "card.h"
#include "drv.h"
#include "ev/ev.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "ini.h"
#include "judge/judge.h"
#include "shim/shim.h"

#define SIM_MAX_INI 8U

/**
 * struct sim_setup - how to build a world
 * @device: 0x2432 or 0x2532
 * @irq: how interrupts come
 * @nr_ini: initiators
 * @seed: of everything random
 * @latency_ns: one-way time of a frame
 * @irq_jitter_ns: interrupts come up to so much late; 0: at once
 * @disk_blocks: of the LUN
 * @loop: the fabric is an arbitrated loop, else a switch
 * @no_fw: there is no firmware file
 * @flash_fw: what would be the file is in the card's flash, too
 * @fw_late: the firmware file comes later
 */
struct sim_setup {
	uint16_t device;
	enum pcidev_irq_mode irq;
	unsigned int nr_ini;
	uint64_t seed;
	uint64_t latency_ns;
	uint64_t irq_jitter_ns;
	uint32_t disk_blocks;
	bool loop;
	bool no_fw;
	bool flash_fw;
	bool fw_late;
};

/**
 * struct sim - an adapter and its world; there is one world at a time
 * @setup: as built
 * @ev: virtual clock
 * @judge: records
 * @fault: faults on demand
 * @fab: switch
 * @card: the adapter
 * @dev: its function
 * @jp: its records
 * @tport: its connector on the fabric
 * @drv: driver, NULL before sim_probe() and after sim_remove()
 * @ini: initiators
 * @nr_ini: how many
 * @regs: address of the registers
 * @rng: state of sim_rand()
 * @alarm: the shim's timers
 * @soon: the shim's work
 * @irq_timer: delivers interrupts
 * @irq_pending: bit per vector
 * @intx: level of the wire
 * @nr_irqs: delivered
 * @irq_held: see sim_irq_hold()
 * @in_window: no nesting of windows
 * @fw: firmware image
 * @fw_len: bytes
 * @first: the adapter that the world was made with; it has what is shared: the
 *	clock, the switch, the initiators, the random numbers
 * @next: another adapter in the same world
 * @name: of the card
 */
struct sim {
	struct sim_setup setup;
	struct ev *ev;
	struct judge *judge;
	struct fault *fault;
	struct fab *fab;
	struct card *card;
	struct pcidev *dev;
	struct judge_port *jp;
	struct fab_port *tport;
	struct drv *drv;
	struct ini *ini[SIM_MAX_INI];
	unsigned int nr_ini;
	void *regs;
	uint64_t rng;
	struct ev_timer alarm;
	struct ev_work soon;
	struct ev_timer irq_timer;
	unsigned int irq_pending;
	bool intx;
	uint64_t nr_irqs;
	bool irq_held;
	bool in_window;
	uint8_t *fw;
	size_t fw_len;
	struct sim *first;
	struct sim *next;
	char name[16];
};

/**
 * sim_new() - Build card, switch and clock; no driver yet.
 * @setup: copied
 *
 * Return: the world.
 */
struct sim *sim_new(const struct sim_setup *setup);

/**
 * sim_join() - Put another card into a world.
 * @first: what sim_new() returned
 * @setup: of the card; @nr_ini and @latency_ns are not looked at
 *
 * Return: the card's view of the world; freed with @first.
 */
struct sim *sim_join(struct sim *first, const struct sim_setup *setup);

/**
 * sim_failed_hook() - Be told of refused allocations and mappings.
 * @fn: or NULL; @map: a mapping
 */
void sim_failed_hook(void (*fn)(bool map));

/**
 * sim_probe() - Load the driver.
 * @sim: world
 *
 * Return: 0 or -errno.
 */
int sim_probe(struct sim *sim);

/**
 * sim_verbose() - Log as SIM_VERBOSE in the environment says.
 *
 * Unset: nothing; 1: what the driver logs; 2: its traces, too.
 */
void sim_verbose(void);

/**
 * sim_start_inis() - Plug the initiators in.
 * @sim: world
 */
void sim_start_inis(struct sim *sim);

/**
 * sim_remove() - Unload the driver.
 * @sim: world
 *
 * Return: true if it went within its deadline.
 */
bool sim_remove(struct sim *sim);

/**
 * sim_free() - End the world; leaks are judged.
 * @sim: world
 *
 * Return: failures of the shim.
 */
unsigned int sim_free(struct sim *sim);

/**
 * sim_wait() - Run until something holds.
 * @sim: world
 * @cond: asked after each step
 * @arg: for @cond
 * @ms: deadline, virtual milliseconds
 *
 * Return: true if it holds.
 */
bool sim_wait(struct sim *sim, bool (*cond)(void *arg), void *arg, uint64_t ms);

/**
 * sim_run() - Let time pass.
 * @sim: world
 * @ms: virtual milliseconds
 */
void sim_run(struct sim *sim, uint64_t ms);

/**
 * sim_rand() - A random number.
 * @sim: world
 * @below: bound, at least 1
 *
 * Return: 0..@below - 1.
 */
uint32_t sim_rand(struct sim *sim, uint32_t below);

/** sim_is_idle() - Firmware runs, no target is enabled. Return: true if so. */
bool sim_is_idle(void *sim);
/** sim_is_ready() - Target enabled and link up. Return: true if so. */
bool sim_is_ready(void *sim);
/** sim_all_in() - All initiators are logged in. Return: true if so. */
bool sim_all_in(void *sim);
/** sim_none_open() - No initiator has a command open. Return: true if so. */
bool sim_none_open(void *sim);

/**
 * sim_poke_irq() - Let the driver's handler run although nobody asked for it.
 * @sim: world
 */
void sim_poke_irq(struct sim *sim);

/**
 * sim_irq_hold() - Interrupts come later.
 * @sim: world
 * @on: false: those that are due come now and then again
 */
void sim_irq_hold(struct sim *sim, bool on);

/**
 * sim_irq_now() - Each interrupt that is due comes at once, held or not.
 * @sim: world
 */
void sim_irq_now(struct sim *sim);

/**
 * sim_slot_reset() - What PCI's core does to a frozen function: bus reset, and
 *	its configuration is put back.
 * @sim: world
 */
void sim_slot_reset(struct sim *sim);

/**
 * sim_books_balanced() - Has the chip given back everything?
 * @sim: world
 *
 * Return: true if so; else what is open was printed.
 */
bool sim_books_balanced(struct sim *sim);

/**
 * sim_verdicts() - Verdicts of the judge, printed.
 * @sim: world
 *
 * Return: number.
 */
uint64_t sim_verdicts(struct sim *sim);

/**
 * sim_fw_image() - A well-formed firmware image that no vendor made.
 * @seed: of its content
 * @len: its bytes
 *
 * Return: image, to be freed.
 */
uint8_t *sim_fw_image(uint64_t seed, size_t *len);

#endif
