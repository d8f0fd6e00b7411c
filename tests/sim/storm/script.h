/* SPDX-License-Identifier: GPL-2.0 */
/* What a storm does: a world and a list of events, made of one number. */
#ifndef TESTS_SIM_STORM_SCRIPT_H
#define TESTS_SIM_STORM_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define STORM_MAX_TGT 4U
#define STORM_MAX_INI 8U
#define STORM_MAX_EVENTS 4096U
/* In each seed. */
#define STORM_MIN_CMDS 1000U
#define STORM_MIN_FAULTS 20U /* that find something to strike */

/*
 * Events: name in a script, and whether it is a fault. who is an initiator or
 * a target; a, b, c as the comment says.
 */
/* clang-format off */
#define STORM_KINDS(X)                                                       \
	X(CMD, "cmd", 0)       /* ini: lba, blocks, STORM_CMD_* */           \
	X(SETTLE, "settle", 0) /* all faults end; everything recovers */     \
	X(ENOUGH, "enough", 0) /* the end, if a faults have struck */        \
	X(ABTS, "abts", 1)     /* ini: nth open one, b: twice */             \
	X(ABTS_NONE, "abts_none", 1) /* ini: ox_id, rx_id */                 \
	X(TMF, "tmf", 1)       /* ini: flags of FCP_CMND, lun */             \
	X(LOGO, "logo", 1)     /* ini: log in again */                       \
	X(PRLO, "prlo", 1)     /* ini */                                     \
	X(PLOGI, "plogi", 1)   /* ini */                                     \
	X(PRLI, "prli", 1)     /* ini */                                     \
	X(SILENT, "silent", 1) /* ini: forgets its target without a word */  \
	X(STRAY, "stray", 1)   /* ini: a command without a login */          \
	X(NO_DATA, "no_data", 1)     /* ini: answers no XFER_RDY; a: on */   \
	X(INI_LINK, "ini_link", 1)   /* ini: for a us */                     \
	X(RSCN, "rscn", 0)     /* tgt: about this port */                    \
	X(TGT_LINK, "tgt_link", 1)   /* tgt: for a us */                     \
	X(CRASH, "crash", 1)   /* tgt */                                     \
	X(HANG, "hang", 1)     /* tgt */                                     \
	X(MBOX, "mbox", 1)     /* tgt: a mailbox commands unanswered */      \
	X(STALL, "stall", 1)   /* tgt: request ring; a: on */                \
	X(NO_XCHG, "no_xchg", 1)     /* tgt: a: on */                        \
	X(MAP, "map", 1)       /* the a-th mapping from now fails */         \
	X(ALLOC, "alloc", 1)   /* the a-th allocation from now fails */      \
	X(DISABLE, "disable", 1)     /* tgt: for a us */                     \
	X(DETACH, "detach", 1) /* tgt: engine too, for a us */               \
	X(REMOVE, "remove", 1) /* tgt: driver, for a us */                   \
	X(SHUTDOWN, "shutdown", 1)   /* tgt: for a us */                     \
	X(ALL_ONES, "all_ones", 1)   /* tgt: for a us, b: driver goes too */ \
	X(PCI, "pci", 1)       /* tgt */                                     \
	X(FRAME, "frame", 1)   /* ini, c: tgt; a: act << 8 | class, b: us */ \
	X(HOLD, "hold", 0)     /* tgt: engine keeps commands; a: on */       \
	X(LAZY, "lazy", 0)     /* tgt: engine's sessions wait; a: on */      \
	X(REFUSE, "refuse", 1) /* tgt: engine turns a sessions away */       \
	X(AT, "at", 1)         /* tgt: event b with a = 1 once state a comes */
/* clang-format on */

enum storm_kind {
#define X(id, name, fault) STORM_##id,
	STORM_KINDS(X)
#undef X
		STORM_NR_KINDS
};

/* Third number of a command. */
#define STORM_CMD_WRITE 0x01U
#define STORM_CMD_ATTR 0x0eU /* task attribute, shifted by one */
#define STORM_CMD_FORM 0xf0U /* enum storm_form, shifted by four */

/**
 * enum storm_form - how well-behaved a command is
 * @STORM_FORM_RW: READ or WRITE as it should be
 * @STORM_FORM_UNDER: announces one block more than it has
 * @STORM_FORM_OVER: announces one block less
 * @STORM_FORM_DIR: announces the wrong direction
 * @STORM_FORM_LUN: to a LUN that is not there
 * @STORM_FORM_OPCODE: an opcode that is not there
 * @STORM_FORM_TUR: TEST UNIT READY
 * @STORM_FORM_SENSE: vendor command with long sense data
 */
enum storm_form {
	STORM_FORM_RW,
	STORM_FORM_UNDER,
	STORM_FORM_OVER,
	STORM_FORM_DIR,
	STORM_FORM_LUN,
	STORM_FORM_OPCODE,
	STORM_FORM_TUR,
	STORM_FORM_SENSE,
};

/**
 * struct storm_event - something that happens
 * @wait_ns: after the one before
 * @kind: enum storm_kind
 * @who: initiator or target
 * @a: see STORM_KINDS
 * @b: likewise
 * @c: likewise
 */
struct storm_event {
	uint32_t wait_ns;
	uint8_t kind;
	uint8_t who;
	uint32_t a;
	uint32_t b;
	uint32_t c;
};

/**
 * struct storm_tgt - a target port
 * @device: chip
 * @irq: enum pcidev_irq_mode
 * @fw_late: firmware comes from work
 */
struct storm_tgt {
	uint16_t device;
	uint8_t irq;
	bool fw_late;
};

/**
 * struct storm_script - a world and what happens in it
 * @seed: it was made of; also of the small things: interrupt jitter
 * @nr_tgt: target ports
 * @nr_ini: initiators
 * @latency_ns: one-way time of a frame
 * @jitter_ns: interrupts come up to so much late
 * @blocks: of each LUN
 * @tgt: target ports
 * @to: target of each initiator
 * @depth: commands that each initiator has open at most
 * @nr: events
 * @ev: events
 */
struct storm_script {
	uint64_t seed;
	uint32_t nr_tgt;
	uint32_t nr_ini;
	uint32_t latency_ns;
	uint32_t jitter_ns;
	uint32_t blocks;
	struct storm_tgt tgt[STORM_MAX_TGT];
	uint8_t to[STORM_MAX_INI];
	uint8_t depth[STORM_MAX_INI];
	uint32_t nr;
	struct storm_event ev[STORM_MAX_EVENTS];
};

/**
 * storm_make() - Make a script of a number.
 * @s: filled
 * @seed: number
 */
void storm_make(struct storm_script *s, uint64_t seed);

/**
 * storm_print() - Write a script as text.
 * @s: script
 * @f: file
 */
void storm_print(const struct storm_script *s, FILE *f);

/**
 * storm_parse() - Read what storm_print() wrote; lines with # are comments.
 * @s: filled
 * @f: file
 *
 * Return: 0, or the number of the line that is wrong.
 */
int storm_parse(struct storm_script *s, FILE *f);

/** storm_is_fault() - Is @kind a fault? Return: true if so. */
bool storm_is_fault(enum storm_kind kind);

/** storm_kind_name() - Name of @kind. Return: static string. */
const char *storm_kind_name(enum storm_kind kind);

/**
 * storm_hits() - Which target may see an error by this event?
 * @s: script
 * @e: event
 *
 * Return: target, or -1: none.
 */
int storm_hits(const struct storm_script *s, const struct storm_event *e);

#endif
