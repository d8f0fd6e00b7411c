/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the port share and nobody else sees: remote ports,
 * exchanges of both roles, and requests that take more than one step.
 *
 * Three kinds of things wait for frames or time:
 *	struct ini	an exchange that this port originated (OX_ID is ours)
 *	struct tgt	an exchange that a remote port originated (RX_ID is ours)
 *	struct op	a request (login, CT, ELS, abort ...) behind a struct ini
 * Ids carry an index and a generation, so that a late frame or a stale handle
 * never meets a later exchange in the same slot.
 *
 * Context of everything here: event loop.
 */
#ifndef MODEL_PORT_INT_H
#define MODEL_PORT_INT_H

#include "base.h"
#include "chip/chip.h"
#include "ev/ev.h"
#include "fabric/fab.h"
#include "judge/judge.h"
#include "pci/pcidev.h"
#include "port/port.h"
#include "spec/entries.h"

/* Firmware options. [FB ICB2400_OPT1_*, O]; [LX qla_nvram_config, O] */
#define OPT1_TARGET 0x0010U
#define OPT1_NO_INITIATOR 0x0020U
#define OPT1_HARD_ADDR 0x0001U
#define OPT1_FULL_LOGIN 0x2000U
#define OPT2_TOPO_MASK 0x0070U
#define OPT2_TOPO_P2P 0x0010U /* nothing but point-to-point */
#define OPT2_TGT_PRLI_CTL 0x4000U
#define OPT3_DRIVER_N2N_LOGIN 0x0100U

/* Completion status of entries. [FB RQCS_*, O] */
#define CS_COMPLETE 0x00
#define CS_DMA 0x02
#define CS_RESET 0x04
#define CS_ABORTED 0x05
#define CS_TIMEOUT 0x06
#define CS_OVERRUN 0x07
#define CS_REASSEMBLY 0x11
#define CS_UNDERRUN 0x15
#define CS_QUEUE_FULL 0x1c
#define CS_UNAVAILABLE 0x28
#define CS_LOGGED_OUT 0x29
#define CS_CHANGED 0x2a
#define CS_NO_RESOURCE 0x2c
#define CS_IOCB_ERROR 0x31

/* Subcodes of CS_IOCB_ERROR. [FB PLOGX_IOCBERR_*, O] */
#define SC_NO_LINK 0x01
#define SC_NO_XCHG 0x03
#define SC_FAILED 0x04
#define SC_NOT_READY 0x07
#define SC_NOT_LOGGED_IN 0x09
#define SC_REJECTED 0x18
#define SC_PARAM 0x19
#define SC_PORT_ID_USED 0x1a
#define SC_HANDLE_USED 0x1b
#define SC_NO_HANDLE 0x1c
#define SC_NOT_TERMINATED 0x1e /* ABTS response only */

/* Status of a CTIO that comes back. [LX CTIO_*, O]; [FB CT7_*, O] */
#define CTIO_OK 0x01
#define CTIO_ABORTED 0x02
#define CTIO_DMA_ERR 0x04
#define CTIO_BAD_XCHG 0x08
#define CTIO_TIMED_OUT 0x0b
#define CTIO_LIP_RESET 0x0e
#define CTIO_UNDERRUN 0x15
#define CTIO_UNAVAILABLE 0x28
#define CTIO_LOGGED_OUT 0x29
#define CTIO_CHANGED 0x2a

/* Async events. [FB ASYNC_*, O] */
#define EV_LIP 0x8010
#define LIP_F7 0xf7f7 /* its mailbox 1: initialisation. [FC-AL-2 5.2, D] */
#define EV_LOOP_UP 0x8011
#define EV_LOOP_DOWN 0x8012
#define EV_LIP_RESET 0x8013
#define EV_PORT_UPDATE 0x8014
#define EV_RSCN 0x8015
#define EV_POINT_TO_POINT 0x8030

#define FW_WAIT_LOGIN 2 /* mailbox 69h. [LX FSTATE_WAIT_LOGIN, O] */

/* Immediate notify. [LX IMM_NTFY_*, O] */
#define NOTIFY_LIP_RESET 0x0e
#define NOTIFY_LINK_REINIT 0x0f
#define NOTIFY_ELS 0x46
#define NACK_OK 0x01
#define NACK_GONE 0x08
#define NACK_TERMINATE 0x08 /* flag: reject it */

/* F_CTL of this model's frames. [FC-FS-3 table 33, D] */
#define FCTL_RESPONDER 0x800000U
#define FCTL_FIRST 0x200000U
#define FCTL_LAST 0x100000U
#define FCTL_END 0x080000U
#define FCTL_INITIATIVE 0x010000U

#define RP_NR 0x800U /* N_Port handles */
#define RP_FIRST_OWN 0x10U /* first one that the chip hands out */
#define RP_LAST_OWN 0x7eeU
#define RP_HASH 256U
#define RP_FPORT 0x7feU /* [SS 2: 6A asks for it, O] */

#define XCHG_BITS 12U
#define XCHG_NR (1U << XCHG_BITS)
#define XCHG_MASK (XCHG_NR - 1)
#define XCHG_MAX_CMDS 2048U /* as mailbox 42h says */
#define XCHG_NONE 0xffffffffU

#define MS EV_MS
#define LINK_SETTLE_NS (200 * MS) /* light to FLOGI */
/*
 * FLOGI to events: longer than the half second in which stock looks at the
 * firmware state, so that the news does not meet its own start-up.
 */
#define LINK_EVENTS_NS (600 * MS)
/*
 * Addresses to logins on a loop: in reality the loop needs that long, and stock
 * has ended its sessions by then and finds the new ones when 8014h comes.
 */
#define LOOP_LOGIN_NS (250 * MS)
#define ELS_RETRY_NS (2000 * MS) /* no answer: send again */
#define ELS_TRIES 3U
#define CT_TIMEOUT_NS (20000 * MS) /* 2 x R_A_TOV */
#define ABTS_TIMEOUT_NS (10000 * MS) /* R_A_TOV */
#define ABTS_TRIES 2U
#define SWEEP_NS (250 * MS)

/*
 * Life of the link: S(NAME, "name", firmware state of mailbox 69h).
 *
 *	STOPPED --start--> DARK --light--> SETTLE --> FLOGI --> EVENTS --> READY
 *	   ^                ^                |           |         |         |
 *	   +--stop, any     +--- light lost -+-----------+---------+---------+
 *
 * On a wire FLOGI ends when the peer's names are known. On a loop it is the time
 * in which the firmware logs in to the others; see loop.c.
 */
#define LINK_STATES(S)           \
	S(STOPPED, "stopped", 0) \
	S(DARK, "dark", 4)       \
	S(SETTLE, "settle", 2)   \
	S(FLOGI, "flogi", 2)     \
	S(EVENTS, "events", 3)   \
	S(READY, "ready", 3)

#define S(sym, name, fw) LINK_##sym,
/** enum link_state - Where the link is, see LINK_STATES(). */
enum link_state { LINK_STATES(S) LINK_NR_STATES };
#undef S

/*
 * Login state of a remote port, numbers as mailbox 64h shows them: S(NAME,
 * "name", number). [LX PDS_*, O]
 *
 *	OUT --PLOGI--> PLOGI_PEND --> PLOGI --PRLI--> PRLI_PEND --> PRLI
 *	 ^                 |            |                 |          |
 *	 +---- LOGO, link, reject ------+-----------------+----------+
 */
#define RP_STATES(S)                      \
	S(PLOGI_PEND, "plogi-pending", 3) \
	S(PLOGI, "plogi", 4)              \
	S(PRLI_PEND, "prli-pending", 5)   \
	S(PRLI, "prli", 6)                \
	S(OUT, "logged-out", 7)

#define S(sym, name, nr) RP_##sym = nr,
/** enum rp_state - Login state, see RP_STATES(). */
enum rp_state { RP_STATES(S) };
#undef S

/**
 * struct rport - A remote port, by N_Port handle.
 * @used: the handle is taken
 * @handle: index in struct port
 * @hash_next: handle of the next one in the chain, or 0xffff
 * @state: enum rp_state
 * @last: state before
 * @word3: low half of the peer's PRLI service parameter word 3
 * @id: 24-bit address
 * @wwpn: port name, native order
 * @wwnn: node name
 * @settled_ns: time when its PRLI is really done here
 * @pending: address of the ELS exchange whose notify waits for its ack, or
 *	XCHG_NONE
 */
struct rport {
	bool used;
	uint16_t handle;
	uint16_t hash_next;
	uint8_t state;
	uint8_t last;
	uint16_t word3;
	uint32_t id;
	uint64_t wwpn;
	uint64_t wwnn;
	uint64_t settled_ns;
	uint32_t pending;
};

/**
 * struct segs - Pieces of guest memory in the order of an entry's segments.
 * @v: pieces; kept for reuse
 * @nr: used
 * @cap: allocated
 * @total: bytes in all
 * @cur: piece at @pos
 * @cur_off: offset in it
 * @pos: bytes gone by
 */
struct segs {
	struct fab_sg *v;
	uint32_t nr;
	uint32_t cap;
	uint64_t total;
	uint32_t cur;
	uint32_t cur_off;
	uint64_t pos;
};

/**
 * struct txop - Owner of frames whose end matters.
 * @next: free list
 * @frames: not ended yet
 * @dead: its port was stopped or its command ended: data must not move any
 *	more, and nothing is completed
 * @failed: the sender's memory failed while the receiver copied
 * @is_ctio: embedded in a struct ctio
 */
struct txop {
	struct txop *next;
	unsigned int frames;
	bool dead;
	bool failed;
	bool is_ctio;
};

/**
 * struct ctio - A CTIO between fetch and return.
 * @tx: frames; first member
 * @link: all live CTIOs of the port
 * @prev: place that points here
 * @xchg: exchange address
 * @flags: as fetched
 * @status: what it will come back with, 0 = not decided
 * @final: ends the exchange when it is done
 * @req: the entry
 */
struct ctio {
	struct txop tx;
	struct ctio *link;
	struct ctio **prev;
	uint32_t xchg;
	uint16_t flags;
	uint16_t status;
	bool final;
	uint8_t req[ENTRY_SIZE];
};

/** enum ini_kind - What an exchange of ours carries. */
enum ini_kind { INI_FREE, INI_FCP, INI_TMF, INI_OP };

struct op;

/**
 * struct ini - An exchange that this port originated.
 * @next: free list, index; taken from the head, put to the tail
 * @ox_id: generation and index
 * @rx_id: learnt from the responder, FFFF unknown
 * @kind: enum ini_kind
 * @done: completed to the driver, waits only for the answer to an ABTS
 * @write: data go out
 * @read: data come in
 * @gap: a data sequence was missing or out of order
 * @over: more data than asked for or than there is room
 * @dma_err: guest memory failed
 * @rp: remote port; NULL: to an address
 * @d_id: address
 * @handle: driver's
 * @dl: bytes of FCP_DL
 * @moved: bytes moved
 * @deadline_ns: 0 none
 * @segs: data
 * @tx: data out on the wire
 * @op: INI_OP: the request
 * @abort: request that aborts this one, or NULL; hears of its end
 * @tries: ABTS sent
 * @aborting: an ABTS waits for its answer
 * @by_mbox: INI_TMF: came by mailbox 54h
 */
struct ini {
	uint32_t next;
	uint16_t ox_id;
	uint16_t rx_id;
	uint8_t kind;
	bool done;
	bool write;
	bool read;
	bool gap;
	bool over;
	bool dma_err;
	struct rport *rp;
	uint32_t d_id;
	uint32_t handle;
	uint32_t dl;
	uint32_t moved;
	uint64_t deadline_ns;
	struct segs segs;
	struct txop *tx;
	struct op *op;
	struct op *abort;
	uint8_t tries;
	bool aborting;
	bool by_mbox;
};

/** enum tgt_kind - What an exchange of a remote port carries. */
enum tgt_kind { TGT_FREE, TGT_FCP, TGT_ELS, TGT_ABTS };

/** enum tgt_end - Why the last exchange in a slot ended. */
enum tgt_end { END_NEVER, END_BY_DRIVER, END_BY_CHIP };

/**
 * struct tgt - An exchange that a remote port originated.
 * @next: free list, index
 * @addr: exchange address: generation and index; low half is the RX_ID
 * @kind: enum tgt_kind
 * @end: enum tgt_end of the exchange before
 * @els: ELS code
 * @notify: TGT_ELS: status of the notify, NOTIFY_*
 * @status_sent: final status is on its way
 * @abts_seen: its originator has sent an ABTS for it
 * @rp: remote port
 * @s_id: originator
 * @d_id: address of ours that it used
 * @ox_id: originator's
 * @dl: FCP_DL, what data CTIOs may move
 * @dir: read/write bits of FCP_CMND
 * @wait: CTIO that waits for data out, or NULL
 * @want: bytes that it waits for
 * @got: bytes that have come
 * @offset: relative offset of its first byte
 * @deadline_ns: 0 none
 * @segs: where the data go
 * @victim: TGT_ABTS: exchange to abort, or XCHG_NONE
 * @word3: TGT_ELS, PRLI: service parameters
 */
struct tgt {
	uint32_t next;
	uint32_t addr;
	uint8_t kind;
	uint8_t end;
	uint8_t els;
	bool status_sent;
	bool abts_seen;
	uint8_t dir;
	struct rport *rp;
	uint32_t s_id;
	uint32_t d_id;
	uint16_t ox_id;
	uint16_t word3;
	uint16_t notify;
	uint32_t dl;
	struct ctio *wait;
	uint32_t want;
	uint32_t got;
	uint32_t offset;
	uint64_t deadline_ns;
	struct segs segs;
	uint32_t victim;
};

/**
 * struct op - A request that takes several steps.
 * @next: list of live ones
 * @prev: place that points here
 * @port: port
 * @rp: remote port or NULL
 * @ini: its exchange, the one that it aborts, or NULL
 * @rx: an answer arrived (ELS, CT, BA); NULL frame: it timed out
 * @cancel: the exchange was ended by the chip: completion status given
 * @timer: delays
 * @req: the entry, and its answer; all zero for the firmware's own requests
 * @by_mbox: came by mailbox 54h
 * @own: the firmware's own request, nobody is told
 * @step: free
 * @tries: requests sent
 * @flags: free
 * @d_id: free
 */
struct op {
	struct op *next;
	struct op **prev;
	struct port *port;
	struct rport *rp;
	struct ini *ini;
	void (*rx)(struct op *op, const struct fab_frame *frame);
	void (*cancel)(struct op *op, uint16_t cs);
	struct ev_timer timer;
	uint8_t req[ENTRY_SIZE];
	bool by_mbox;
	bool own;
	uint8_t step;
	uint8_t tries;
	uint16_t flags;
	uint32_t d_id;
};

/**
 * struct port - see port.h.
 * @chip: its chip
 * @dev: PCI function, for DMA
 * @jp: records
 * @ev: loop
 * @fab: fabric
 * @fp: connector
 * @set: control block
 * @state: enum link_state
 * @id: own address, 0 unknown
 * @n2n: no switch, one N_Port at the other end
 * @peer_wwpn: N2N: other end
 * @peer_wwnn: N2N: other end
 * @fport_wwpn: switch port's name
 * @fport_wwnn: switch's name
 * @loop: the fabric is a loop
 * @lip: the loop is being initialised
 * @fresh: every port is to be logged in to anew after it
 * @logins: logins of the firmware's own that have not ended, see loop.c
 * @told_up: 8011h was posted
 * @link_timer: next step of the link
 * @prli_delay_ms: see port_set_prli_delay()
 * @rps: by handle
 * @hash: first handle by low byte of the address, 0xffff none
 * @ini: exchanges of ours
 * @ini_head: free list
 * @ini_tail: free list
 * @by_handle: newest exchange by the low half of its handle, plus one
 * @nr_ini: FCP exchanges in use
 * @max_ini: most that may be
 * @no_exchange: a command from outside finds none, by a fault
 * @tgt: exchanges of others
 * @tgt_head: free list
 * @tgt_tail: free list
 * @nr_tgt: FCP exchanges in use
 * @nr_timed: exchanges with a deadline
 * @sweep: looks for those that are over
 * @ops: live requests
 * @ctios: live CTIOs
 * @free_tx: spare struct txop
 * @free_ctio: spare struct ctio
 * @free_op: spare struct op
 * @mbox_iova: where the result of the running mailbox 54h goes
 * @mbox_busy: its handler has not returned yet
 * @mbox_status: its status if it ended before that, else PORT_MBOX_LATER
 * @req: request being carried out, its entries
 * @nr_req: their number
 */
struct port {
	struct chip *chip;
	struct pcidev *dev;
	struct judge_port *jp;
	struct ev *ev;
	struct fab *fab;
	struct fab_port fp;
	struct port_setup set;
	enum link_state state;
	uint32_t id;
	bool n2n;
	uint64_t peer_wwpn;
	uint64_t peer_wwnn;
	uint64_t fport_wwpn;
	uint64_t fport_wwnn;
	bool loop;
	bool lip;
	bool fresh;
	unsigned int logins;
	bool told_up;
	struct ev_timer link_timer;
	unsigned int prli_delay_ms;
	struct rport rps[RP_NR];
	uint16_t hash[RP_HASH];
	struct ini *ini;
	uint32_t ini_head;
	uint32_t ini_tail;
	uint16_t by_handle[1U << 16];
	unsigned int nr_ini;
	unsigned int max_ini;
	bool no_exchange;
	struct tgt *tgt;
	uint32_t tgt_head;
	uint32_t tgt_tail;
	unsigned int nr_tgt;
	unsigned int nr_timed;
	struct ev_timer sweep;
	struct op *ops;
	struct ctio *ctios;
	struct txop *free_tx;
	struct ctio *free_ctio;
	struct op *free_op;
	uint64_t mbox_iova;
	bool mbox_busy;
	uint16_t mbox_status;
	const uint8_t *req;
	unsigned int nr_req;
};

/** port_is_up() - Is there somebody to talk to? Return: true if so. */
static inline bool port_is_up(const struct port *p)
{
	return p->state >= LINK_EVENTS;
}

/** port_is_target() - Has @p the target role? Return: true if so. */
static inline bool port_is_target(const struct port *p)
{
	return p->set.options1 & OPT1_TARGET;
}

/** port_is_initiator() - Has @p the initiator role? Return: true if so. */
static inline bool port_is_initiator(const struct port *p)
{
	return !(p->set.options1 & OPT1_NO_INITIATOR);
}

/** get_le24() - 24-bit number, low byte first. Return: it. */
static inline uint32_t get_le24(const void *ptr)
{
	const uint8_t *b = ptr;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16;
}

/** put_le24() - Store a 24-bit number, low byte first. */
static inline void put_le24(void *ptr, uint32_t v)
{
	uint8_t *b = ptr;

	b[0] = (uint8_t)v;
	b[1] = (uint8_t)(v >> 8);
	b[2] = (uint8_t)(v >> 16);
}

/* xchg.c */
void xchg_init(struct port *p);
void xchg_fini(struct port *p);
struct ini *ini_get(struct port *p, enum ini_kind kind);
void ini_put(struct port *p, struct ini *x);
struct ini *ini_find(struct port *p, uint16_t ox_id);
struct ini *ini_by_handle(struct port *p, uint32_t handle);
void ini_set_handle(struct port *p, struct ini *x, uint32_t handle);
struct tgt *tgt_get(struct port *p, enum tgt_kind kind);
void tgt_put(struct port *p, struct tgt *x, enum tgt_end why);
struct tgt *tgt_find(struct port *p, uint32_t addr);
struct tgt *tgt_by_rx_id(struct port *p, uint16_t rx_id);
struct tgt *tgt_by_ox_id(struct port *p, uint32_t s_id, uint16_t ox_id);
enum tgt_end tgt_was(const struct port *p, uint32_t addr);
void xchg_deadline(struct port *p, uint64_t *deadline, uint64_t delay_ns);
struct txop *txop_get(struct port *p);
void txop_put(struct port *p, struct txop *t);

/* segs.c */
int segs_load(struct segs *s, const uint8_t *req, unsigned int nr,
	      unsigned int first_off, unsigned int nr_first,
	      unsigned int nr_segs);
void segs_seek(struct segs *s, uint64_t pos);
int segs_copy_in(struct port *p, struct segs *s, const struct fab_frame *f);
void segs_to_frame(struct port *p, struct segs *s, struct fab_frame *f,
		   uint32_t len);
int segs_read(struct port *p, const struct segs *s, void *buf, uint32_t len);
int segs_write(struct port *p, const struct segs *s, const void *buf,
	       uint32_t len);

/* rport.c */
void rport_init(struct port *p);
struct rport *rport_take(struct port *p, uint16_t handle, uint32_t id);
struct rport *rport_take_any(struct port *p, uint32_t id);
void rport_free(struct port *p, struct rport *rp);
void rport_set_id(struct port *p, struct rport *rp, uint32_t id);
void rport_set_state(struct port *p, struct rport *rp, enum rp_state state);
struct rport *rport_by_handle(struct port *p, uint16_t handle);
struct rport *rport_by_id(struct port *p, uint32_t id);
struct rport *rport_by_wwpn(struct port *p, uint64_t wwpn);
void rport_end_io(struct port *p, struct rport *rp, uint16_t cs,
		  uint16_t ctio_status);
void rport_end_fcp(struct port *p, struct rport *rp, uint16_t cs,
		   uint16_t ctio_status);
void rport_logout(struct port *p, struct rport *rp, uint16_t cs,
		  uint16_t ctio_status);

/* frame.c */
struct fab_frame *frame_els(struct port *p, uint8_t r_ctl, uint32_t d_id,
			    uint16_t ox_id, uint16_t rx_id, uint32_t len);
struct fab_frame *frame_reply(struct port *p, const struct fab_frame *req,
			      uint8_t r_ctl, uint32_t len);
void frame_tx(struct port *p, struct fab_frame *f);
void frame_fill_login(const struct port *p, uint8_t *payload, uint8_t code);
void frame_fill_prli(const struct port *p, uint8_t *payload, uint8_t code,
		     uint16_t peer_word3);
void frame_els_rjt(struct port *p, uint32_t d_id, uint16_t ox_id,
		   uint16_t rx_id, uint8_t reason, uint8_t expl);
void frame_logo(struct port *p, uint32_t d_id, uint16_t ox_id);
void frame_ba_rjt(struct port *p, const struct fab_frame *req, uint8_t reason,
		  uint8_t expl);
uint16_t frame_word3(const struct port *p);
void fcp_swap(uint8_t *dst, const uint8_t *src, uint32_t len);

/* op.c */
struct op *op_get(struct port *p, const uint8_t *req, bool by_mbox);
void op_answer(struct op *op);
void op_end(struct op *op);
void op_end_all(struct port *p);
int op_send(struct op *op, struct rport *rp, struct fab_frame *f,
	    uint64_t timeout_ns);
void port_answer(struct port *p, const uint8_t *entry, bool by_mbox);
void port_reject(struct port *p, const uint8_t *req, bool by_mbox,
		 uint8_t status);

/* requests by entry type: header first, p->req / p->nr_req hold all of it */
void login_request(struct port *p, const uint8_t *req, bool by_mbox);
void ct_request(struct port *p, const uint8_t *req, bool by_mbox);
void els_request(struct port *p, const uint8_t *req, bool by_mbox);
void cmd_request(struct port *p, const uint8_t *req, bool by_mbox);
void tmf_request(struct port *p, const uint8_t *req, bool by_mbox);
void marker_request(struct port *p, const uint8_t *req, bool by_mbox);
void abort_request(struct port *p, const uint8_t *req, bool by_mbox);
void ctio_request(struct port *p, const uint8_t *req, bool by_mbox);
void nack_request(struct port *p, const uint8_t *req, bool by_mbox);
void abts_rsp_request(struct port *p, const uint8_t *req, bool by_mbox);
void mbox_request(struct port *p, const uint8_t *req, bool by_mbox);
void port_dispatch(struct port *p, const uint8_t *req, unsigned int nr,
		   bool by_mbox);

/* login.c */
void login_own(struct port *p, uint32_t d_id);
void login_params(struct rport *rp, const uint8_t *payload);

/* link.c */
void link_change(struct port *p, bool up);
void link_step(struct ev_timer *t);
void link_flogi_rx(struct port *p, const struct fab_frame *f);
void link_down(struct port *p);
void link_announce(struct port *p);
void link_n2n_named(struct port *p, uint32_t own, uint32_t peer);
void link_set_state(struct port *p, enum link_state state);
void link_send_scr(struct port *p);
void link_go_events(struct port *p);
void link_report_id(struct port *p, uint8_t format, uint8_t flags,
		    uint64_t wwpn, uint64_t wwnn, uint32_t remote);
void link_forget_els(struct port *p);
void port_event(struct port *p, uint16_t mb0, uint16_t mb1, uint16_t mb2,
		uint16_t mb3);
extern const char *const link_state_names[LINK_NR_STATES];
extern const uint8_t link_fw_states[LINK_NR_STATES];

/* login.c: what the firmware does by itself on a loop */
void login_verify(struct port *p, struct rport *rp);
void login_own_stop(struct port *p);

/* loop.c */
void loop_setup(struct port *p);
void loop_lip(struct fab_port *fp, enum fab_lip kind);
void loop_ready(struct fab_port *fp, uint8_t al_pa);
void loop_logins(struct port *p);
void loop_announce(struct port *p);
void loop_login_ended(struct port *p, uint32_t id, bool ok, bool verify);
uint16_t loop_handle(const struct port *p, uint32_t id);

/* els_rx.c */
void notify_lip(struct port *p, uint16_t status);
void els_rx(struct port *p, const struct fab_frame *f);

/* cmd.c: initiator's side of FCP */
void ini_rx_data(struct port *p, struct ini *x, const struct fab_frame *f);
void ini_rx_xfer_rdy(struct port *p, struct ini *x, const struct fab_frame *f);
void ini_rx_rsp(struct port *p, struct ini *x, const struct fab_frame *f);
void ini_complete(struct port *p, struct ini *x, uint16_t cs);
void ini_timeout(struct port *p, struct ini *x);

/* ctio.c: target's side of FCP */
void tgt_rx_cmnd(struct port *p, const struct fab_frame *f);
void tgt_rx_data(struct port *p, const struct fab_frame *f);
void tgt_timeout(struct port *p, struct tgt *x);
void tgt_end(struct port *p, struct tgt *x, uint16_t ctio_status,
	     enum tgt_end why);
void ctio_frame_done(struct port *p, struct ctio *c);

/* abts.c */
void abts_rx(struct port *p, const struct fab_frame *f);
void ba_rx(struct port *p, const struct fab_frame *f);
void abts_timeout(struct port *p, struct ini *x);

#endif
