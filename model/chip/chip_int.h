/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of model/chip share; nobody else includes this. */
#ifndef MODEL_CHIP_INT_H
#define MODEL_CHIP_INT_H

#include "chip/chip.h"
#include "port/port.h"
#include "spec/memory.h"
#include "spec/regs.h"

#define CHIP_NR_EVENTS 256U /* power of two */
#define CHIP_MAX_BACKLOG 16384U /* answers waiting for a full ring */

/* RISC memory that the host can reach: code RAM and external RAM, dwords. */
#define RISC_CODE_START 0x00020000U
#define RISC_CODE_END 0x00040000U
#define RISC_EXT_START 0x00100000U
#define RISC_EXT_END 0x00120000U

/* Reads of mailbox 0 that still show "busy" after a reset. */
#define CHIP_BOOT_READS 2U
#define CHIP_BOOT_BUSY 0x0004U

/* Flash, dwords. */
#define FLASH_DWORDS_24 0x40000U
#define FLASH_DWORDS_25 0x80000U
#define FLASH_PAGE 0x1000U /* dwords that are kept together */
#define NVRAM_DWORDS 0x400U

/**
 * struct chip_event - One event for the default vector.
 * @reason: low byte of host status
 * @mb: mailboxes 0..3 of an async event; mb[0] of a mailbox completion
 */
struct chip_event {
	uint8_t reason;
	uint16_t mb[4];
};

/**
 * struct chip_irq - Events that the host has not cleared yet.
 * @ev: FIFO; the head shows in host status
 * @first: index of the head, running
 * @nr: events in it
 * @head_read: the host has read the head from host status
 * @atio_fresh: an ATIO event waits that the host has not read
 * @rsp_queued: a response event waits (without MSI-X)
 * @rsp_open: the response vector was signalled and not cleared (MSI-X)
 * @overtaken: a reset came between a handler's look and its clear
 */
struct chip_irq {
	struct chip_event ev[CHIP_NR_EVENTS];
	unsigned int first;
	unsigned int nr;
	bool head_read;
	bool atio_fresh;
	bool rsp_queued;
	bool rsp_open;
	bool overtaken;
};

/**
 * struct chip_mbox - The mailbox.
 * @in: as the host writes it
 * @out: as the host reads it
 * @cmd: copy of @in that is being carried out
 * @result: answer, waiting for its turn in host status
 * @work: carries it out
 * @posted: a command waits for @work
 * @open: a command is with the firmware
 * @unread: an answer waits or has not been cleared
 * @boot_reads: reads of mailbox 0 that will show "busy"
 */
struct chip_mbox {
	uint16_t in[CHIP_NR_MBOX];
	uint16_t out[CHIP_NR_MBOX];
	uint16_t cmd[CHIP_NR_MBOX];
	uint16_t result[CHIP_NR_MBOX];
	struct ev_work work;
	bool posted;
	bool open;
	bool unread;
	unsigned int boot_reads;
};

/**
 * struct chip_backlog - Entries that wait because their ring is full.
 * @buf: 64 bytes each
 * @first: entry that goes next
 * @nr: entries waiting
 * @cap: room in @buf, entries
 */
struct chip_backlog {
	uint8_t *buf;
	unsigned int first;
	unsigned int nr;
	unsigned int cap;
};

/**
 * struct chip_ring - One ring.
 * @addr: of its first entry
 * @len: entries; 0 = there is no such ring
 * @in: index of the next entry to be written
 * @out: index of the next entry to be read
 * @wait: for rings that the chip writes
 */
struct chip_ring {
	uint64_t addr;
	uint32_t len;
	uint32_t in;
	uint32_t out;
	struct chip_backlog wait;
};

/**
 * struct chip - One function.
 *
 * @s: setup
 * @is_25xx: generation
 * @state: firmware life
 * @port: its port
 * @fault: armed faults
 * @irq: events
 * @mbox: mailbox
 * @req: request ring
 * @rsp: response ring
 * @atio: ATIO ring
 * @ring_work: walks the request ring
 * @buf: request that is being carried out
 * @in_port: the port is being called; a stop has to wait
 * @stop_due: a stop waits for @in_port
 * @stop_work: does it
 * @multi_id: initialised with 48h
 * @reg: what plain registers hold, by offset / 4
 * @paused: the RISC is paused
 * @soft_reset_reads: reads of ctrl_status that will show reset still going on
 * @flash: pages of flash, NULL = erased
 * @nvram: 24xx: the separate NVRAM part
 * @flash_dwords: size of flash
 * @ram: code RAM and external RAM, NULL = never touched
 * @loaded: which dwords of external RAM were loaded since the reset
 * @fw_version: major, minor, subminor of the running firmware
 * @options: as set by 38h
 * @retry_count: as 22h answers it
 */
struct chip {
	struct chip_setup s;
	bool is_25xx;
	enum chip_state state;
	struct port *port;
	struct fault_port fault;
	struct chip_irq irq;
	struct chip_mbox mbox;
	struct chip_ring req;
	struct chip_ring rsp;
	struct chip_ring atio;
	struct ev_work ring_work;
	uint8_t buf[CHIP_MAX_ENTRIES * CHIP_ENTRY_LEN];
	bool in_port;
	bool stop_due;
	struct ev_work stop_work;
	bool multi_id;
	uint32_t reg[REG_END / 4];
	bool paused;
	unsigned int soft_reset_reads;
	uint32_t *flash[FLASH_DWORDS_25 / FLASH_PAGE];
	uint32_t nvram[NVRAM_DWORDS];
	uint32_t flash_dwords;
	uint32_t *ram[2];
	uint8_t loaded[(RISC_EXT_END - RISC_EXT_START) / 8];
	uint16_t fw_version[3];
	uint16_t options[4];
	uint16_t retry_count;
};

/* chip.c */
void chip_set_state(struct chip *c, enum chip_state state);
void chip_stop(struct chip *c);
bool chip_is_dead(const struct chip *c);

/* regs.c */
extern const struct pcidev_ops chip_pcidev_ops;
void chip_regs_reset(struct chip *c);

/* irq.c */
void irq_event(struct chip *c, uint8_t reason, const uint16_t mb[4]);
void irq_rsp_news(struct chip *c);
void irq_atio_news(struct chip *c);
uint32_t irq_host_status(struct chip *c);
bool irq_is_pending(const struct chip *c);
void irq_clear(struct chip *c);
void irq_enable_changed(struct chip *c);
void irq_reset(struct chip *c);

/* mbox.c */
void mbox_init(struct chip *c);
void mbox_host_int(struct chip *c);
void mbox_resume(struct chip *c);
void mbox_taken(struct chip *c);
void mbox_reset(struct chip *c);
void mbox_cover(struct judge *j);

/**
 * struct chip_mbox_cmd - A mailbox command that the chip itself knows.
 * @opcode: mailbox 0
 * @name: for coverage
 * @states: bit per enum chip_state in which it is accepted
 * @fn: reads @in, writes @out[1..31]; returns the status
 */
struct chip_mbox_cmd {
	uint16_t opcode;
	const char *name;
	uint32_t states;
	uint16_t (*fn)(struct chip *c, const uint16_t *in, uint16_t *out);
};

#define IN_ROM (1U << CHIP_ROM)
#define IN_IDLE (1U << CHIP_IDLE)
#define IN_READY (1U << CHIP_READY)
#define IN_FW (IN_IDLE | IN_READY)
#define IN_ANY (IN_ROM | IN_FW)

/* Buffer address in mailboxes 2, 3, 6, 7. [LX qla2x00_load_ram, O] */
static inline uint64_t mbox_addr(const uint16_t *in)
{
	return (uint64_t)in[6] << 48 | (uint64_t)in[7] << 32 |
	       (uint64_t)in[2] << 16 | in[3];
}

/* mbox_load.c, mbox_fw.c, init.c: their commands */
extern const struct chip_mbox_cmd mbox_load_cmds[];
extern const size_t mbox_nr_load_cmds;
extern const struct chip_mbox_cmd mbox_fw_cmds[];
extern const size_t mbox_nr_fw_cmds;
extern const struct chip_mbox_cmd mbox_init_cmds[];
extern const size_t mbox_nr_init_cmds;

/* risc.c */
int risc_read(struct chip *c, uint32_t addr, uint32_t *val);
int risc_load(struct chip *c, uint32_t addr, uint32_t val);
int risc_verify(struct chip *c, uint32_t start, uint32_t *sum);
void risc_forget(struct chip *c);
void risc_free(struct chip *c);

/* flash.c */
uint32_t flash_read(struct chip *c, uint32_t addr);
int flash_dword(struct chip *c, uint32_t idx, uint32_t *val);
void flash_reg_addr(struct chip *c, uint32_t val);
void flash_store(struct chip *c, uint32_t idx, const void *buf, size_t len);
void flash_free(struct chip *c);

/* nvram.c */
void nvram_build(struct chip *c);

/* ring.c */
void ring_init(struct chip *c);
void ring_reset(struct chip *c);
void ring_free(struct chip *c);
void ring_doorbell(struct chip *c, uint32_t val);
void ring_out_written(struct chip *c, struct chip_ring *r, const char *name,
		      uint32_t val);
int ring_setup(struct chip *c, struct chip_ring *r, uint64_t addr, uint32_t len,
	       uint32_t idx);

#endif
