/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small driver for one modelled function, in the same process: guest memory,
 * firmware, mailbox, rings, interrupts. Tests say what goes onto the rings.
 */
#ifndef TESTS_MODEL_HOST_H
#define TESTS_MODEL_HOST_H

#include "ev/ev.h"
#include "pci/pcidev.h"

#define HOST_ENTRY_LEN 64U
#define HOST_IOVA 0x100000000ULL /* guest memory starts here */
/* A test that begins anew very often may want less. */
#ifndef HOST_RAM
#define HOST_RAM (16U << 20)
#endif
#define HOST_DATA (1U << 20) /* offset of what tests may use */
#define HOST_NR_REQ 2048U
#define HOST_NR_RSP 512U
#define HOST_NR_ATIO 4096U

/* Parts of guest memory, offsets. */
#define HOST_ICB 0x1000U
#define HOST_MISC 0x2000U /* mailbox buffers, 8 KiB */
#define HOST_FW 0x8000U
#define HOST_REQ 0x20000U
#define HOST_RSP 0x40000U
#define HOST_ATIO 0x50000U

/**
 * enum host_role - what the control block asks for
 * @HOST_INI: initiator
 * @HOST_TGT: target, no initiator
 * @HOST_BOTH: both
 */
enum host_role { HOST_INI, HOST_TGT, HOST_BOTH };

struct host;

/**
 * struct host_ops - what a test does with what comes from the chip
 * @rsp: an entry of the response ring; valid until the return
 * @atio: the first entry of a command or notify on the ATIO ring
 * @async: an async event, mailboxes 0..3
 *
 * All optional, all called from the interrupt handler in the event loop; they
 * may push requests, host_ring() is done afterwards for them.
 */
struct host_ops {
	void (*rsp)(struct host *h, const uint8_t *entry);
	void (*atio)(struct host *h, const uint8_t *entry);
	void (*async)(struct host *h, const uint16_t *mb);
};

/**
 * struct host - one function and its driver
 * @ev: loop
 * @dev: function
 * @ops: test's
 * @priv: test's
 * @ram: guest memory, HOST_RAM bytes at HOST_IOVA
 * @irq_work: interrupt handler
 * @irqs: vectors that fired since it ran last, bits
 * @intx: level of the wire
 * @req_in: next request goes there
 * @req_rung: last doorbell
 * @req_free: places known to be free
 * @rsp_out: next answer
 * @atio_out: next ATIO
 * @mbox_done: the mailbox command has been answered
 * @mb: its answer
 * @last_async: most recent async event, mailboxes 0..3
 * @nr_async: how many so far
 * @is_up: last of 8011/8014 and 8012 was an up
 */
struct host {
	struct ev *ev;
	struct pcidev *dev;
	const struct host_ops *ops;
	void *priv;
	uint8_t *ram;
	struct ev_work irq_work;
	uint32_t irqs;
	bool intx;
	uint32_t req_in;
	uint32_t req_rung;
	uint32_t req_free;
	uint32_t rsp_out;
	uint32_t atio_out;
	bool mbox_done;
	uint16_t mb[32];
	uint16_t last_async[4];
	unsigned int nr_async;
	bool is_up;
};

/**
 * host_init() - Plug a function in, switch decoding and bus mastering on.
 * @h: host, overwritten
 * @ev: loop
 * @dev: function with its chip
 * @ops: callbacks
 * @priv: for the callbacks
 * @irq: interrupt mode to use
 */
void host_init(struct host *h, struct ev *ev, struct pcidev *dev,
	       const struct host_ops *ops, void *priv,
	       enum pcidev_irq_mode irq);

/**
 * host_fini() - Unplug and free guest memory.
 * @h: host
 */
void host_fini(struct host *h);

/**
 * host_rd() - Read a register.
 * @h: host
 * @off: offset
 *
 * Return: value; mailboxes are 16 bits wide.
 */
uint32_t host_rd(struct host *h, uint32_t off);

/**
 * host_wr() - Write a register.
 * @h: host
 * @off: offset
 * @val: value
 */
void host_wr(struct host *h, uint32_t off, uint32_t val);

/**
 * host_at() - Guest memory.
 * @h: host
 * @off: offset in it
 *
 * Return: pointer.
 */
static inline uint8_t *host_at(struct host *h, uint32_t off)
{
	return h->ram + off;
}

/**
 * host_reset() - Soft reset, then the RISC runs its boot code.
 * @h: host
 *
 * Return: did mailbox 0 come back to 0?
 */
bool host_reset(struct host *h);

/**
 * host_mbox() - Run a mailbox command and the loop until it is answered.
 * @h: host
 * @in: mailboxes to write, @nr of them
 * @nr: 1..32; the others are written as 0
 *
 * Return: mailbox 0 of the answer, all of it in @h->mb; 0: 10 s have passed.
 */
uint16_t host_mbox(struct host *h, const uint16_t *in, unsigned int nr);

/**
 * host_fw_image() - Make up a firmware image that verifies.
 * @words: place, little endian dwords
 * @nr: dwords, at least 16
 * @addr: RISC address of the segment
 * @next: address of the next segment, 0 the last
 */
void host_fw_image(uint8_t *words, uint32_t nr, uint32_t addr, uint32_t next);

/**
 * host_load() - Load and start a made-up firmware.
 * @h: host after host_reset()
 *
 * Return: did every mailbox command succeed?
 */
bool host_load(struct host *h);

/**
 * host_icb() - Write a control block into guest memory.
 * @h: host
 * @role: role
 * @wwpn: port name
 */
void host_icb(struct host *h, enum host_role role, uint64_t wwpn);

/**
 * host_start() - Initialise the firmware with the control block (48h).
 * @h: host after host_load() and host_icb()
 *
 * Return: mailbox 0 of the answer.
 */
uint16_t host_start(struct host *h);

/**
 * host_wait_up() - Run the loop until the link is up.
 * @h: host after host_start()
 * @limit_ns: longest time
 *
 * Return: is it up?
 */
bool host_wait_up(struct host *h, uint64_t limit_ns);

/**
 * host_boot() - All of it: reset, load, start, wait for the link.
 * @h: host
 * @role: role
 * @wwpn: port name
 *
 * Return: is the link up?
 */
bool host_boot(struct host *h, enum host_role role, uint64_t wwpn);

/**
 * host_slot() - Next place on the request ring, zeroed.
 * @h: started host
 *
 * Return: 64 bytes that go out with the next host_ring(), or NULL: ring full.
 */
uint8_t *host_slot(struct host *h);

/**
 * host_ring() - Ring the doorbell if there is anything new.
 * @h: started host
 */
void host_ring(struct host *h);

/**
 * host_irq_mask() - Switch the chip's interrupts.
 * @h: host
 * @on: on or off
 */
void host_irq_mask(struct host *h, bool on);

#endif
