/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The shim seen from a test: what it needs of the host, and what it tells.
 *
 * The driver's sources see kernel names (include/linux); a test and the model
 * see only this header, in plain C types, so that neither side includes the
 * other's. There is one shim per process and one thread.
 */
#ifndef TESTS_SIM_SHIM_H
#define TESTS_SIM_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct shim_host - what the shim needs
 * @now_ns: virtual time
 * @alarm: call shim_timers_run() at that time, or never if UINT64_MAX; each
 *	call replaces the one before
 * @soon: call shim_work_run() once the current callback has returned
 * @irq_window: interrupts have just been enabled; may deliver one by
 *	shim_irq_enter() .. shim_irq_leave(), or NULL
 * @atomic_window: the same at an atomic operation with interrupts on, or NULL
 * @dma_forget: addresses of this device (struct device.shim_host) are about
 *	to go away; or NULL
 * @failed: an allocation (or, @map, a DMA mapping) has just been refused; or
 *	NULL
 */
struct shim_host {
	uint64_t (*now_ns)(void);
	void (*alarm)(uint64_t at_ns);
	void (*soon)(void);
	void (*irq_window)(void);
	void (*atomic_window)(void);
	void (*dma_forget)(void *shim_host);
	void (*failed)(bool map);
};

/**
 * enum shim_ctx - what kind of context code runs in
 * @SHIM_TASK: process context: the test itself, or work; may sleep
 * @SHIM_SOFTIRQ: a timer
 * @SHIM_HARDIRQ: an interrupt handler
 */
enum shim_ctx {
	SHIM_TASK,
	SHIM_SOFTIRQ,
	SHIM_HARDIRQ,
};

/* ---- life (shim_base.c) ---- */

/**
 * shim_init() - Start from nothing.
 * @host: must outlive the shim
 */
void shim_init(const struct shim_host *host);

/**
 * shim_fini() - Judge what was left behind: memory, mappings, timers, work.
 *
 * Each is one failure with the line that made it. What was left is freed.
 *
 * Return: failures since shim_init(), these included.
 */
unsigned int shim_fini(void);

/**
 * shim_failures() - Misuse, leaks and warnings so far.
 *
 * Return: number since shim_init().
 */
unsigned int shim_failures(void);

/**
 * shim_expect_failures() - The test provoked so many: forget them.
 * @nr: exact number since shim_init() or the last call
 *
 * Return: true if it was that number.
 */
bool shim_expect_failures(unsigned int nr);

/**
 * shim_failure_text() - The last failure, for messages.
 *
 * Return: sentence, empty if there was none.
 */
const char *shim_failure_text(void);

/**
 * shim_log_count() - Messages of a level and graver ones.
 * @level: 0 (emergency) to 7 (debug)
 *
 * Return: number since shim_init().
 */
unsigned int shim_log_count(int level);

/**
 * shim_log_find() - Was something said?
 * @text: part of a message among the last ones
 *
 * Return: true if a message has it.
 */
bool shim_log_find(const char *text);

/**
 * shim_log_dump() - Print the last messages as TAP diagnostics on stderr.
 */
void shim_log_dump(void);

/**
 * shim_log_verbose() - Print each message as it comes.
 * @level: up to this level; -1: none
 */
void shim_log_verbose(int level);

/* ---- context and locks (shim_lock.c) ---- */

/**
 * shim_irq_enter() - An interrupt handler begins.
 *
 * Return: false: interrupts are off or a handler runs already, try later.
 */
bool shim_irq_enter(void);

/**
 * shim_irq_leave() - The handler has returned; it must hold no lock.
 */
void shim_irq_leave(void);

/**
 * shim_ctx_set() - Change the context for a callback.
 * @ctx: new
 *
 * Return: old one, to be set again afterwards.
 */
enum shim_ctx shim_ctx_set(enum shim_ctx ctx);

/**
 * shim_may_sleep() - Process context, interrupts on, no lock held?
 *
 * Return: as asked.
 */
bool shim_may_sleep(void);

/**
 * shim_locks_idle() - No lock held, interrupts on; else a failure is counted.
 * @where: for the message
 */
void shim_locks_idle(const char *where);

/* ---- memory (shim_mem.c) ---- */

/**
 * shim_fail_alloc_at() - Let an allocation fail.
 * @nth: 1: the next one; 0: none
 */
void shim_fail_alloc_at(unsigned int nth);

/**
 * shim_fail_map_at() - Let a DMA mapping of a scatterlist fail.
 * @nth: 1: the next one; 0: none
 *
 * Those count as allocations too, see shim_fail_alloc_at().
 */
void shim_fail_map_at(unsigned int nth);

/**
 * shim_alloc_count() - Allocations tried (kmalloc and coherent DMA).
 *
 * Return: number since shim_init().
 */
unsigned int shim_alloc_count(void);

/**
 * shim_alloc_live() - Pieces of memory in use, DMA included.
 *
 * Return: number.
 */
unsigned int shim_alloc_live(void);

/**
 * struct shim_dma_hit - where a bus address lies
 * @iova: first address of the piece
 * @len: bytes
 * @host: memory
 * @can_read: the device may read it
 * @can_write: the device may write it
 */
struct shim_dma_hit {
	uint64_t iova;
	uint64_t len;
	uint8_t *host;
	bool can_read;
	bool can_write;
};

/**
 * shim_dma_find() - Look a bus address up as the device would.
 * @shim_host: device that asks, as in struct device.shim_host
 * @iova: address
 * @hit: the piece it is in
 *
 * An address of an undone mapping, of another device's, or one that never was
 * a mapping, is a failure.
 *
 * Return: true if there is memory.
 */
bool shim_dma_find(void *shim_host, uint64_t iova, struct shim_dma_hit *hit);

/**
 * shim_dma_live() - Mappings in use.
 *
 * Return: number, coherent memory included.
 */
unsigned int shim_dma_live(void);

/* ---- time and work (shim_time.c) ---- */

/**
 * shim_timers_run() - Run the timers that are due.
 */
void shim_timers_run(void);

/**
 * shim_work_run() - Run what was queued so far.
 */
void shim_work_run(void);

/**
 * shim_pending() - Timers and work that wait.
 *
 * Return: number.
 */
unsigned int shim_pending(void);

/* ---- registers (shim_io.c) ---- */

/**
 * struct shim_io_ops - registers of one BAR
 * @read: @size 1, 2 or 4
 * @write: likewise
 */
struct shim_io_ops {
	uint32_t (*read)(void *priv, uint32_t off, unsigned int size);
	void (*write)(void *priv, uint32_t off, unsigned int size,
		      uint32_t val);
};

/**
 * shim_io_map() - Make registers appear at an address nobody can dereference.
 * @size: bytes
 * @ops: who answers
 * @priv: for @ops
 *
 * Return: address for readl() and so on; NULL: too many.
 */
void *shim_io_map(size_t size, const struct shim_io_ops *ops, void *priv);

/**
 * shim_io_unmap() - Undo shim_io_map(); later accesses are failures.
 * @addr: as returned
 */
void shim_io_unmap(void *addr);

#endif
