/* SPDX-License-Identifier: GPL-2.0 */
/* One adapter function: its life, its channels, its locks. */
#ifndef ISP_HBA_H
#define ISP_HBA_H

#include <linux/device.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "isp_chip.h"
#include "isp_handle.h"
#include "isp_mbox.h"
#include "isp_portdb.h"
#include "isp_ring.h"
#include "isp_role.h"

/*
 * STATES of an adapter. One worker (life_work) makes every change.
 *
 *	OFF -> RESET -> LOAD -> START -> QUERY -> IDLE -> INIT -> READY
 *	         ^                                 |        |       |
 *	         |<----- role wanted or dropped ---+--------+-------+
 *	         |<----- FAULT (after a pause) <---- any state above
 *	GONE: removed, or given up after too many faults; nothing leaves it.
 *
 * IDLE has firmware running and no rings: the port is silent. READY has rings
 * and a role; the link is a state of its own.
 */
#define ISP_HBA_STATES(X) \
	X(OFF, "off")     \
	X(RESET, "reset") \
	X(LOAD, "load")   \
	X(START, "start") \
	X(QUERY, "query") \
	X(IDLE, "idle")   \
	X(INIT, "init")   \
	X(READY, "ready") \
	X(FAULT, "fault") \
	X(GONE, "gone")

enum isp_hba_state {
#define X(id, name) ISP_HBA_##id,
	ISP_HBA_STATES(X)
#undef X
		ISP_NR_HBA_STATES
};

/*
 * CELLS: what these states never meet, and why. Each state of this file and of
 * tgt/isp_tgt.h meets each event of tests/sim/drv.h, or has it here or there:
 * tests/sim/table reads this and fails when it is not so.
 *
 * frames = ABTS, abort task set, clear task set, clear ACA, LUN reset,
 *	target reset, LOGO, PRLO, PLOGI, PRLI, out of exchanges
 * news = RSCN, link down, link up
 *
 * hba off, load, start, query, idle, init, fault, gone: frames: the rings are
 *	looked at from READY until RESET or a fault takes everything back; what
 *	came during INIT lies there until READY
 * hba off, load, start, query, idle, init, fault, gone: ring full: without
 *	live rings a send is refused before the room is looked at
 * hba off, load, start, query, idle, gone: news: the firmware has no port to
 *	tell of before its init mailbox
 * hba init: RSCN: a fabric tells of changes only who has asked since its login
 * hba off, load, gone: firmware crash: no firmware runs
 * hba off, idle, gone: mailbox timeout: no mailbox is sent in these states;
 *	what was open has been answered or taken back before
 * hba off: DMA mapping failure: no role has been on: firmware that has run is
 *	kept, so that OFF does not come again
 */

/*
 * STATES of a channel's link. DOWN: no signal or no address; FABRIC: address
 * there, talking to the name server; UP: settled (with or without a switch).
 */
#define ISP_LINK_STATES(X)  \
	X(DOWN, "down")     \
	X(FABRIC, "fabric") \
	X(UP, "up")

enum isp_link_state {
#define X(id, name) ISP_LINK_##id,
	ISP_LINK_STATES(X)
#undef X
		ISP_NR_LINK_STATES
};

enum isp_irq_mode {
	ISP_IRQ_MODE_INTX,
	ISP_IRQ_MODE_MSI,
	ISP_IRQ_MODE_MSIX,
};

/**
 * struct isp_os_ops - what core needs of the world around it
 * @fw_request:  get firmware file @name; answer by isp_hba_fw_result(), at once
 *               or later
 * @state:       adapter, role or link state changed; in process context
 * @dma:         allow or forbid the chip to touch memory; may be NULL
 */
struct isp_os_ops {
	void (*fw_request)(struct isp_hba *hba, const char *name);
	void (*state)(struct isp_hba *hba);
	void (*dma)(struct isp_hba *hba, bool on);
};

struct isp_fabric;

/**
 * struct isp_stats - counters of one adapter, not exact under races
 * @nr_irq:       interrupts taken
 * @nr_irq_bogus: interrupts without a reason
 * @nr_mbox:      mailbox commands ended
 * @nr_aen:       asynchronous events
 * @nr_atio:      entries of the ATIO ring
 * @nr_rsp:       entries of the response ring
 * @nr_req:       entries of the request ring
 * @nr_doorbell:  request doorbells
 * @nr_ptr_read:  ring pointers read back
 * @nr_fault:     times in FAULT
 * @nr_ring_full: times that the request ring was full
 * @nr_stale:     completions with a handle that nobody owns
 */
struct isp_stats {
	u64 nr_irq;
	u64 nr_irq_bogus;
	u64 nr_mbox;
	u64 nr_aen;
	u64 nr_atio;
	u64 nr_rsp;
	u64 nr_req;
	u64 nr_doorbell;
	u64 nr_ptr_read;
	u64 nr_fault;
	u64 nr_ring_full;
	u64 nr_stale;
};

/**
 * struct isp_role_wait - somebody waits for a role change
 * @node: in chan->waits
 * @role: ISP_ROLE_*
 * @on:   start, else stop
 * @done: to be called
 * @arg:  for @done
 */
struct isp_role_wait {
	struct list_head node;
	u8 role;
	bool on;
	isp_role_done_fn done;
	void *arg;
};

/**
 * struct isp_chan - an FC port (or, on SPI chips, a bus) of an adapter
 * @hba:       the adapter
 * @idx:       0 is the physical port
 * @wwpn:      ours
 * @wwnn:      ours
 * @want:      roles asked for, protected by hba->lock
 * @have:      roles that the firmware was initialised with, hba->lock
 * @told:      roles that have heard started(), life worker only
 * @waits:     struct isp_role_wait, hba->lock
 * @stop_wait: of the target and of the initiator role: turning a role off must
 *             not need memory
 * @link:      enum isp_link_state, hba->lock
 * @port_id:   our address, 0 without
 * @topo:      enum isp_topo
 * @speed_gbps: 0 when not known
 * @fabric_wwn: of the switch port, 0 without
 * @loop_id:   as the firmware says
 * @port_lock: protects ports, nr_ports, scan_gen, resolve, nr_resolve
 * @ports:     struct isp_port
 * @nr_ports:  how many
 * @scan_gen:  number of the running name server scan
 * @resolve:   addresses whose owner a role asks for, oldest first
 * @nr_resolve: how many
 * @fabric:    core's name server client of this channel
 * @role_priv: a role's own: [0] target, [1] initiator
 */
struct isp_chan {
	struct isp_hba *hba;
	unsigned int idx;
	u64 wwpn;
	u64 wwnn;
	u8 want;
	u8 have;
	u8 told;
	struct list_head waits;
	struct isp_role_wait stop_wait[2];
	enum isp_link_state link;
	u32 port_id;
	enum isp_topo topo;
	u8 speed_gbps;
	u64 fabric_wwn;
	u16 loop_id;
	spinlock_t port_lock;
	struct list_head ports;
	unsigned int nr_ports;
	u32 scan_gen;
	u32 resolve[ISP_MAX_RESOLVE];
	unsigned int nr_resolve;
	struct isp_fabric *fabric;
	void *role_priv[2];
};

#define ISP_MAX_CHANS 1

/**
 * struct isp_fw - the firmware in use
 * @image:     copy that we own, or NULL; kept for recovery
 * @len:       bytes
 * @map:       its pieces
 * @from_flash: it was read from flash
 * @version:   as the running firmware reports
 * @attrs:     attribute bits as reported
 * @nr_exchanges: target exchanges
 * @nr_iocbs:  IOCBs
 * @max_vports: virtual ports
 */
struct isp_fw {
	void *image;
	size_t len;
	struct isp_fw_map map;
	bool from_flash;
	u16 version[3];
	u16 attrs;
	u16 nr_exchanges;
	u16 nr_iocbs;
	u16 max_vports;
};

/**
 * struct isp_params - how this adapter was configured
 * @own_wwpn:  overrides NVRAM unless 0
 * @own_wwnn:  likewise
 * @no_nvram:  do not read NVRAM
 * @no_reload: use the firmware in flash
 * @frame_size: 0, 512, 1024 or 2048 bytes
 * @throttle:  0 or 1 to 255
 * @nport_only: point-to-point only
 * @loop_only: loop only
 * @full_duplex: set the option bit
 * @fc_id:     hard loop id, or -1
 * @host_id:   of this machine and no other, or 0; goes into made-up names
 */
struct isp_params {
	u64 own_wwpn;
	u64 own_wwnn;
	bool no_nvram;
	bool no_reload;
	u16 frame_size;
	u16 throttle;
	bool nport_only;
	bool loop_only;
	bool full_duplex;
	int fc_id;
	u64 host_id;
};

#define ISP_NVRAM_DWORDS 128

/**
 * struct isp_life - the life worker's own, nobody else touches it
 * @work:     runs the worker
 * @go:       isp_hba_start() was called, protected by hba->lock
 * @step:     of a chip procedure
 * @seg:      firmware piece being loaded
 * @seg_done: words of it already loaded
 * @mbx:      the worker's mailbox
 * @mbx_busy: @mbx is at the chip
 * @mbx_err:  how it ended
 * @mbx_needed: a refusal of @mbx is a fault
 * @init_roles: what each channel is being initialised for
 * @quiet:    the chip is being reset to take everything back
 * @reset_err: how that went
 * @was_live: roles may have something at the chip, not yet taken back
 * @until:    jiffies; end of the pause in FAULT, next look in READY
 * @hold:     stay in FAULT until isp_hba_resume(), protected by hba->lock
 * @seen:     READY: entries that had come at the last look
 * @nr_quiet: READY: looks since something came
 * @phase:    step within a state
 * @polls:    times that something was asked again
 * @nr_faults: faults in a row without READY or IDLE in between
 * @fw_wait:  waiting for isp_hba_fw_result(), protected by hba->lock
 * @announced: the firmware's version has been logged
 * @nvram:    raw image while it is read
 */
struct isp_life {
	struct delayed_work work;
	bool go;
	struct isp_step step;
	unsigned int seg;
	u32 seg_done;
	struct isp_mbox mbx;
	bool mbx_busy;
	int mbx_err;
	bool mbx_needed;
	u8 init_roles[ISP_MAX_CHANS];
	bool quiet;
	int reset_err;
	bool was_live;
	unsigned long until;
	bool hold;
	u64 seen;
	unsigned int nr_quiet;
	unsigned int phase;
	unsigned int polls;
	unsigned int nr_faults;
	bool fw_wait;
	bool announced;
	u32 nvram[ISP_NVRAM_DWORDS];
};

/**
 * struct isp_hba - one PCI function
 * @chip:     the family
 * @os:       the world
 * @dev:      for DMA and messages
 * @regs:     register block
 * @no:       number for messages: the SCSI host's
 * @unit:     number in load order
 * @devid:    PCI address, bus << 16 | slot << 8 | function
 * @func:     PCI function number as the chip sees it
 * @rev:      PCI revision
 * @irq_mode: how we are interrupted
 * @params:   configuration
 * @role_ops: [0] target, [1] initiator; NULL when not built
 * @nr_chans: channels in use
 * @chan:     the channels
 * @lock:     protects state, why, mboxq, roles and links, and is held from the
 *            read of host_status to the interrupt clear (see isp_irq.c)
 * @state:    enum isp_hba_state, protected by @lock
 * @live:     rings and chip are usable; read without lock in fast paths
 * @why:      reason of the last fault
 * @stop:     the life worker shall end in GONE, protected by @lock
 * @fault_pending: the life worker shall go to FAULT, protected by @lock
 * @mboxq:    mailbox queue
 * @ring:     the rings
 * @handles:  handle table, protected by ring[ISP_RING_REQ].lock
 * @fw:       firmware
 * @nvram:    what NVRAM said
 * @nvram_ok: it was valid
 * @life:     the life worker's
 * @wq:       for all our work, one item at a time; set by the world
 * @space_work: looks again at a request ring that was full
 * @dma_buf:  scratch for firmware pieces, ICB
 * @dma_buf_dma: its bus address
 * @stats:    counters
 * @os_priv:  the world's own
 */
struct isp_hba {
	const struct isp_chip_ops *chip;
	const struct isp_os_ops *os;
	struct device *dev;
	void __iomem *regs;
	unsigned int no;
	unsigned int unit;
	u32 devid;
	unsigned int func;
	u8 rev;
	enum isp_irq_mode irq_mode;
	struct isp_params params;
	const struct isp_role_ops *role_ops[2];
	unsigned int nr_chans;
	struct isp_chan chan[ISP_MAX_CHANS];

	spinlock_t lock;
	enum isp_hba_state state;
	bool live;
	const char *why;
	bool stop;
	bool fault_pending;
	struct isp_mboxq mboxq;

	struct isp_ring ring[ISP_NR_RINGS];
	struct isp_handles handles;

	struct isp_fw fw;
	struct isp_nvram nvram;
	bool nvram_ok;
	struct isp_life life;
	struct workqueue_struct *wq;
	struct delayed_work space_work;
	void *dma_buf;
	dma_addr_t dma_buf_dma;
	struct isp_stats stats;
	void *os_priv;
};

#define ISP_DMA_BUF_SIZE 65536

static inline u32 isp_rd32(const struct isp_hba *hba, u32 off)
{
	return readl(hba->regs + off);
}

static inline u16 isp_rd16(const struct isp_hba *hba, u32 off)
{
	return readw(hba->regs + off);
}

static inline void isp_wr32(const struct isp_hba *hba, u32 off, u32 val)
{
	writel(val, hba->regs + off);
}

static inline void isp_wr16(const struct isp_hba *hba, u32 off, u16 val)
{
	writew(val, hba->regs + off);
}

int isp_hba_init(struct isp_hba *hba);
void isp_hba_exit(struct isp_hba *hba);
void isp_hba_start(struct isp_hba *hba);
void isp_hba_stop(struct isp_hba *hba);
bool isp_hba_is_gone(struct isp_hba *hba);
void isp_hba_suspend(struct isp_hba *hba);
bool isp_hba_is_suspended(struct isp_hba *hba);
void isp_hba_resume(struct isp_hba *hba);
void isp_hba_fault(struct isp_hba *hba, const char *why);
void isp_hba_kick(struct isp_hba *hba);
void isp_hba_fw_result(struct isp_hba *hba, const void *image, size_t len);
void isp_hba_set_state(struct isp_hba *hba, enum isp_hba_state to,
		       const char *why);
void isp_hba_role_waits(struct isp_chan *chan, int err, bool all);
const char *isp_hba_state_name(enum isp_hba_state state);
const char *isp_link_state_name(enum isp_link_state state);

#endif
