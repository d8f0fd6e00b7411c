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

/** drv_state() - State of @d in words. Return: static string. */
const char *drv_state(const struct drv *d);
/** drv_link() - State of @d's link in words. Return: static string. */
const char *drv_link(const struct drv *d);
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
