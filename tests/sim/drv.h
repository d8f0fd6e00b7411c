/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's side of the simulated world, in plain C types: what PCI probe
 * and remove are in driver/linux, and the memory engine on top.
 */
#ifndef TESTS_SIM_DRV_H
#define TESTS_SIM_DRV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct drv;

/* What may happen to an adapter, as the table of states and events has it. */
/* clang-format off */
#define DRV_EVENTS(X)                                                         \
	X(ABTS, "ABTS") X(ABORT_SET, "abort task set")                        \
	X(CLEAR_SET, "clear task set") X(CLEAR_ACA, "clear ACA")              \
	X(LUN_RESET, "LUN reset") X(TARGET_RESET, "target reset")             \
	X(LOGO, "LOGO") X(PRLO, "PRLO") X(PLOGI, "PLOGI") X(PRLI, "PRLI")     \
	X(RSCN, "RSCN") X(LINK_DOWN, "link down") X(LINK_UP, "link up")       \
	X(CRASH, "firmware crash") X(HANG, "firmware hang")                   \
	X(MBOX_TIMEOUT, "mailbox timeout") X(RING_FULL, "ring full")          \
	X(NO_EXCHANGE, "out of exchanges") X(MAP_FAIL, "DMA mapping failure") \
	X(ALLOC_FAIL, "allocation failure") X(DISABLE, "disable")             \
	X(DETACH, "engine detach") X(REMOVE, "module removal")                \
	X(ALL_ONES, "surprise removal") X(SHUTDOWN, "shutdown")               \
	X(PCI_ERROR, "PCI error")
/* clang-format on */

enum drv_event {
#define X(id, name) DRV_EV_##id,
	DRV_EVENTS(X)
#undef X
		DRV_NR_EVENTS
};

/**
 * struct drv_watch - who is told what the driver goes through
 * @state: a state machine ("hba", "link", "tport", "sess", "cmd") moves; @from
 *	is "none" for a session that begins
 * @event: something happens to an adapter, in the states it has now
 */
struct drv_watch {
	void (*state)(void *shim_host, const char *what, const char *from,
		      const char *to);
	void (*event)(void *shim_host, enum drv_event ev);
};

/**
 * drv_watch_set() - Be told from now on.
 * @watch: table, or NULL
 */
void drv_watch_set(const struct drv_watch *watch);

/**
 * struct drv_setup - what probe finds
 * @regs: address of the registers, from shim_io_map()
 * @shim_host: for struct device
 * @device: PCI device id, 0x2432 or 0x2532
 * @func: PCI function
 * @rev: PCI revision
 * @irq: 0 INTx, 1 MSI, 2 MSI-X
 * @fw: firmware image as in the file, or NULL: there is none
 * @fw_len: bytes
 * @fw_late: answer the firmware request from work instead of at once
 * @disk_blocks: of the memory engine, 512 bytes each
 * @beside: another adapter is there already, so what it was traced for stays
 */
struct drv_setup {
	void *regs;
	void *shim_host;
	uint16_t device;
	unsigned int func;
	uint8_t rev;
	int irq;
	const void *fw;
	size_t fw_len;
	bool fw_late;
	uint32_t disk_blocks;
	bool beside;
};

/**
 * drv_probe() - Everything up to a started life worker.
 * @s: setup
 * @err: 0 or -errno
 *
 * Return: the adapter or NULL.
 */
struct drv *drv_probe(const struct drv_setup *s, int *err);

/**
 * drv_remove_begin() - Disable the engine and stop the adapter.
 * @d: adapter
 */
void drv_remove_begin(struct drv *d);

/**
 * drv_is_gone() - Has drv_remove_begin() come to its end?
 * @d: adapter
 *
 * Return: true: drv_remove_end() may be called.
 */
bool drv_is_gone(const struct drv *d);

/**
 * drv_remove_end() - Free everything.
 * @d: adapter
 */
void drv_remove_end(struct drv *d);

/**
 * drv_irq() - The interrupt handler; between shim_irq_enter() and leave.
 * @d: adapter
 * @vector: MSI-X vector, 0 otherwise
 *
 * Return: true if it was ours.
 */
bool drv_irq(struct drv *d, unsigned int vector);

/**
 * drv_enable() - Memory engine: attach and enable the target.
 * @d: adapter
 *
 * Return: 0 or -errno.
 */
int drv_enable(struct drv *d);

/**
 * drv_disable() - Memory engine: disable the target; ends later.
 * @d: adapter
 *
 * Return: 0 or -errno.
 */
int drv_disable(struct drv *d);

/**
 * drv_enabled() - Does the engine own an enabled target?
 * @d: adapter
 *
 * Return: true after the event that says so.
 */
bool drv_enabled(const struct drv *d);

/**
 * drv_busy() - Is an enable or disable of @d under way?
 * @d: adapter
 *
 * Return: true until the event that ends it.
 */
bool drv_busy(const struct drv *d);

/**
 * drv_detach() - Take the engine off its channel; drv_enable() makes a new one.
 * @d: adapter, neither enabled nor busy
 */
void drv_detach(struct drv *d);

/**
 * drv_shutdown() - The machine goes down: stop the adapter as it is.
 * @d: adapter
 */
void drv_shutdown(struct drv *d);

/**
 * drv_pci_error() - The bus has reported an error of this function.
 * @d: adapter
 */
void drv_pci_error(struct drv *d);

/**
 * drv_pci_resume() - The function works again, as far as the bus is concerned.
 * @d: adapter
 */
void drv_pci_resume(struct drv *d);

/**
 * drv_lip() - As "lip" in /proc/scsi/isp/N; the answer comes later.
 * @d: adapter
 *
 * Return: 0 or -errno.
 */
int drv_lip(struct drv *d);

/**
 * drv_rescan() - As "rescan" in /proc/scsi/isp/N.
 * @d: adapter
 */
void drv_rescan(struct drv *d);

/**
 * drv_suspend() - The machine goes to sleep.
 * @d: adapter; silent once drv_is_suspended() says so
 */
void drv_suspend(struct drv *d);

/** drv_is_suspended() - Is the chip of @d silent? Return: true if it is. */
bool drv_is_suspended(struct drv *d);

/**
 * drv_resume() - The machine is awake again.
 * @d: adapter
 */
void drv_resume(struct drv *d);

/** drv_state() - State of @d in words. Return: static string. */
const char *drv_state(const struct drv *d);
/** drv_link() - State of @d's link in words. Return: static string. */
const char *drv_link(const struct drv *d);
/** drv_tport() - State of @d's target port in words. Return: static string. */
const char *drv_tport(const struct drv *d);
/** drv_faults() - Times that @d was in FAULT. Return: number. */
unsigned int drv_faults(const struct drv *d);
/** drv_sessions() - Sessions that the engine has. Return: number. */
unsigned int drv_sessions(const struct drv *d);
/** drv_disk() - Memory behind the LUN. Return: its first byte. */
uint8_t *drv_disk(struct drv *d);

/**
 * drv_hold() - The engine keeps what arrives instead of executing it.
 * @d: adapter
 * @on: false: go on with what was kept
 */
void drv_hold(struct drv *d, bool on);

/**
 * drv_stubborn() - What drv_hold() keeps outlives its session.
 * @d: adapter
 * @on: so
 */
void drv_stubborn(struct drv *d, bool on);

/**
 * drv_lazy() - The engine neither accepts nor closes sessions for now.
 * @d: adapter
 * @on: false: do what was put off
 */
void drv_lazy(struct drv *d, bool on);

/**
 * drv_drop() - The engine wants its oldest session ended, gone or not.
 * @d: adapter
 */
void drv_drop(struct drv *d);

/**
 * drv_refuse() - The engine turns sessions away.
 * @d: adapter
 * @nr: the next so many
 */
void drv_refuse(struct drv *d, unsigned int nr);

/**
 * drv_attach_other() - Another engine wants to attach to the channel, too.
 * @d: adapter
 *
 * Return: 0: it did, and was taken off again; or -errno.
 */
int drv_attach_other(struct drv *d);

/**
 * drv_slow() - The firmware takes its time to look at a mailbox command.
 * @d: adapter
 * @ms: so long; 0: none
 */
void drv_slow(struct drv *d, unsigned int ms);

/**
 * drv_misordered() - Commands that overtook an older one of their session.
 * @d: adapter
 *
 * Return: number, as far as initiators number their commands.
 */
unsigned int drv_misordered(const struct drv *d);

/**
 * drv_cmd_states() - Commands of the target role by state.
 * @d: adapter
 * @nr: counts, by position in drv_cmd_state_name()
 * @max: room
 *
 * Return: number of states.
 */
unsigned int drv_cmd_states(const struct drv *d, unsigned int *nr,
			    unsigned int max);

/** drv_cmd_state_name() - Name of state @i. Return: static string. */
const char *drv_cmd_state_name(unsigned int i);

/**
 * drv_trace_seen() - Has a state machine gone through a change?
 * @what: "hba", "link", "port", "sess" or "cmd"
 * @from: state
 * @to: state
 *
 * Return: how often since drv_probe().
 */
unsigned int drv_trace_seen(const char *what, const char *from, const char *to);

/**
 * drv_trace_verbose() - Print state changes on stderr.
 * @on: commands too
 */
void drv_trace_verbose(bool on);

#endif
