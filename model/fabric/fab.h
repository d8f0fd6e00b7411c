/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fab.h - the Fibre Channel fabric: a switch with its well-known services, or
 * one wire between two N_Ports.
 *
 * The fabric carries frames and answers for the well-known addresses; what a
 * frame means to an exchange is the chip's business. A frame is handed over
 * with fab_tx() and arrives at the other port's rx() from the event loop,
 * never from inside fab_tx(), in the order in which frames were sent.
 *
 *	chip A                       struct fab                    chip B
 *	fab_frame_get() -> fill -> fab_tx()  ... ev ...  ops->rx() (borrowed)
 *	ops->sent() <------------------------------- frame released
 *
 * An FCP_DATA "frame" is a whole sequence: it carries where the data are in
 * the sender's guest memory, and the receiver copies straight from there.
 *
 * Context of everything here: event loop.
 */
#ifndef MODEL_FABRIC_FAB_H
#define MODEL_FABRIC_FAB_H

#include "base.h"
#include "ev/ev.h"

struct fab;
struct fab_port;
struct fault;
struct judge_port;
struct mem;

/* Well-known addresses. [FC-FS-3 table 25, D] */
#define FAB_ID_MGMT 0xfffffau /* management server: FDMI, GPSC */
#define FAB_ID_NS 0xfffffcu /* directory (name) server */
#define FAB_ID_FCTRL 0xfffffdu /* fabric controller: SCR, RSCN */
#define FAB_ID_FPORT 0xfffffeu /* F_Port: FLOGI */

/* Routing control of the frames that the model uses. [FC-FS-3 9.3, D] */
#define FAB_RCTL_FCP_DATA 0x01 /* solicited data */
#define FAB_RCTL_CT_REQ 0x02 /* unsolicited control: CT request */
#define FAB_RCTL_CT_RSP 0x03 /* solicited control: CT response */
#define FAB_RCTL_FCP_XFER_RDY 0x05 /* data descriptor */
#define FAB_RCTL_FCP_CMND 0x06 /* unsolicited command */
#define FAB_RCTL_FCP_RSP 0x07 /* command status */
#define FAB_RCTL_ELS_REQ 0x22
#define FAB_RCTL_ELS_RSP 0x23
#define FAB_RCTL_ABTS 0x81
#define FAB_RCTL_BA_ACC 0x84
#define FAB_RCTL_BA_RJT 0x85

/* Data structure types. [FC-FS-3 9.6, D] */
#define FAB_TYPE_BLS 0x00
#define FAB_TYPE_ELS 0x01
#define FAB_TYPE_FCP 0x08
#define FAB_TYPE_CT 0x20

/* ELS command codes. [FC-LS-2 table 5, D] */
#define FAB_ELS_LS_RJT 0x01
#define FAB_ELS_LS_ACC 0x02
#define FAB_ELS_PLOGI 0x03
#define FAB_ELS_FLOGI 0x04
#define FAB_ELS_LOGO 0x05
#define FAB_ELS_RTV 0x0e
#define FAB_ELS_ECHO 0x10
#define FAB_ELS_PRLI 0x20
#define FAB_ELS_PRLO 0x21
#define FAB_ELS_FDISC 0x51
#define FAB_ELS_PDISC 0x50
#define FAB_ELS_ADISC 0x52
#define FAB_ELS_RSCN 0x61
#define FAB_ELS_SCR 0x62
#define FAB_ELS_RNID 0x78

#define FAB_ELS_PLOGI_LEN 116 /* FLOGI, FDISC, PLOGI and their LS_ACC */
#define FAB_FRAME_INLINE 384 /* payload bytes kept inside the frame */
#define FAB_PAYLOAD_MAX 65536 /* longest payload (CT sequences) */
#define FAB_NAME_MAX 64

/**
 * enum fab_topo - what lies between the ports
 * @FAB_SWITCH: one F_Port switch, any number of ports
 * @FAB_WIRE: pairs of ports, each pair joined by fab_wire()
 * @FAB_LOOP: one arbitrated loop through a hub, no switch on it
 */
enum fab_topo { FAB_SWITCH, FAB_WIRE, FAB_LOOP };

/**
 * enum fab_lip - why and how a loop is initialised anew
 * @FAB_LIP_INIT: addresses are found again, logins are to be verified
 * @FAB_LIP_LOGIN: the same, and every port logs in anew
 * @FAB_LIP_RESET: LIP reset: ports are reset, what they had open ends
 */
enum fab_lip { FAB_LIP_INIT, FAB_LIP_LOGIN, FAB_LIP_RESET };

#define FAB_LOOP_MAX 126U /* NL_Ports on a loop. [FC-AL-2 table 8, D] */
#define FAB_LOOP_NONE 0U /* no AL_PA: 00 is the FL_Port's */

/**
 * enum fab_kind - what a frame is, worked out once by fab_tx() from r_ctl/type
 * @FAB_CMND: FCP_CMND
 * @FAB_DATA: FCP_DATA, a whole sequence
 * @FAB_XFER_RDY: FCP_XFER_RDY
 * @FAB_RSP: FCP_RSP
 * @FAB_ABTS: abort sequence
 * @FAB_BA: BA_ACC or BA_RJT
 * @FAB_ELS_REQ: ELS request
 * @FAB_ELS_RSP: LS_ACC or LS_RJT
 * @FAB_CT_REQ: CT request
 * @FAB_CT_RSP: CT accept or reject
 * @FAB_OTHER: anything else
 * @FAB_NR_KINDS: how many kinds there are
 *
 * ELS and CT replies are FAB_ELS_RSP and FAB_CT_RSP whatever they answer.
 */
enum fab_kind {
	FAB_CMND,
	FAB_DATA,
	FAB_XFER_RDY,
	FAB_RSP,
	FAB_ABTS,
	FAB_BA,
	FAB_ELS_REQ,
	FAB_ELS_RSP,
	FAB_CT_REQ,
	FAB_CT_RSP,
	FAB_OTHER,
	FAB_NR_KINDS
};

/**
 * enum fab_fate - how a frame ended
 * @FAB_DELIVERED: ops->rx() of the other port (or a service) had it
 * @FAB_DROPPED: lost by a fault, by class 3 discard (nobody has d_id) or by
 *	link loss
 * @FAB_GONE: the sending port was detached with the frame in flight
 */
enum fab_fate { FAB_DELIVERED, FAB_DROPPED, FAB_GONE };

/**
 * struct fab_sg - one piece of guest memory behind an FCP_DATA sequence
 * @iova: DMA address in the sender's guest
 * @len: bytes
 */
struct fab_sg {
	uint64_t iova;
	uint32_t len;
};

/**
 * struct fab_frame - one frame, or one FCP_DATA sequence
 * @next: fabric's own: queue or free list
 * @due_ns: fabric's own: delivery time
 * @src: fabric's own: sending port, NULL for a service of the switch
 * @dst: fabric's own: receiving port, NULL for a service or nobody
 * @kind: set by fab_tx()
 * @what: fabric's own: a frame, or a link change queued among the frames
 * @r_ctl: FAB_RCTL_*
 * @type: FAB_TYPE_*
 * @f_ctl: 24 bits as in the header, only what the ends agree on
 * @s_id: 24-bit source address
 * @d_id: 24-bit destination address
 * @ox_id: originator exchange
 * @rx_id: responder exchange, FFFF unknown
 * @seq_id: sequence id, free for the ends
 * @param: parameter; for FCP_DATA the relative offset of the first byte
 * @len: payload bytes, or bytes of the data sequence
 * @payload: @len bytes unless FCP_DATA; points into the frame or to @big
 * @mem: FCP_DATA: memory that @sg is in
 * @sg: FCP_DATA: pieces, room made by fab_frame_add_sg(), kept by the frame
 * @nr_sg: pieces used
 * @sg_skip: FCP_DATA: bytes of the first piece that come before the data
 * @owner: the sender's, handed back by ops->sent()
 * @owner_tag: the sender's, a second word
 * @big: fabric's own: payload buffer for long payloads
 * @big_size: fabric's own
 * @sg_size: fabric's own: pieces that @sg has room for
 * @small: payload up to FAB_FRAME_INLINE bytes
 *
 * Frames come from a free list and go back to it: no allocation once warm.
 */
struct fab_frame {
	struct fab_frame *next;
	uint64_t due_ns;
	struct fab_port *src;
	struct fab_port *dst;
	enum fab_kind kind;
	uint8_t what;
	uint8_t r_ctl;
	uint8_t type;
	uint32_t f_ctl;
	uint32_t s_id;
	uint32_t d_id;
	uint16_t ox_id;
	uint16_t rx_id;
	uint8_t seq_id;
	uint32_t param;
	uint32_t len;
	uint8_t *payload;
	struct mem *mem;
	struct fab_sg *sg;
	uint32_t nr_sg;
	uint32_t sg_skip;
	void *owner;
	uint32_t owner_tag;
	uint8_t *big;
	uint32_t big_size;
	uint32_t sg_size;
	uint8_t small[FAB_FRAME_INLINE];
};

/**
 * struct fab_port_ops - what the fabric calls in a port's owner
 * @lip: FAB_LOOP, optional: initialisation has begun. What the port sends
 *	meanwhile is kept until it has ended.
 * @loop: FAB_LOOP, optional: it has ended; the port's AL_PA, FAB_LOOP_NONE if
 *	there are too many ports
 * @rx: a frame has arrived; borrowed, valid until the return. The receiver of
 *	FCP_DATA copies out of @mem before it returns.
 * @link: light came or went. Before up, no login of the port exists in the
 *	switch. Frames in flight at a loss of light are dropped.
 * @sent: optional; a frame whose @owner is not NULL has ended. Called once for
 *	each such frame that fab_tx() was given, never from inside fab_tx().
 *	From fab_port_detach() with FAB_GONE.
 * @bad_frame: optional; a frame arrived with a bad CRC and was discarded
 *	(rx() does not see it). For error counters only.
 *
 * All of them may call fab_tx() and fab_port_enable(); none is ever called from
 * inside a fab_*() call of the same port, except sent() from detach.
 */
struct fab_port_ops {
	void (*rx)(struct fab_port *port, const struct fab_frame *frame);
	void (*link)(struct fab_port *port, bool up);
	void (*lip)(struct fab_port *port, enum fab_lip kind);
	void (*loop)(struct fab_port *port, uint8_t al_pa);
	void (*sent)(struct fab_port *port, const struct fab_frame *frame,
		     enum fab_fate fate);
	void (*bad_frame)(struct fab_port *port, const struct fab_frame *frame);
};

/**
 * struct fab_port_stats - what went through one port
 * @tx: frames given to fab_tx(), by kind
 * @rx: frames delivered to rx(), by kind
 * @tx_dropped: lost after fab_tx(): no route, no link, fault
 * @bad_crc: arrived corrupted
 * @link_losses: changes from up to down
 */
struct fab_port_stats {
	uint64_t tx[FAB_NR_KINDS];
	uint64_t rx[FAB_NR_KINDS];
	uint64_t tx_dropped;
	uint64_t bad_crc;
	uint64_t link_losses;
};

/**
 * struct fab_port - one connector; embedded in its owner, filled by attach
 * @fab: fabric
 * @ops: owner's
 * @priv: owner's
 * @name: port's name as in ctl ("target.0")
 * @speed_gbps: 4 or 8; the link runs at the lower of both ends (switch: own)
 * @link_up: as last told by ops->link()
 * @stats: counters
 * @jp: set by the owner before attach: who is charged with coverage, or NULL
 * @takes_part: FAB_LOOP: see fab_port_loop()
 * @hard_al_pa: FAB_LOOP: see fab_port_loop()
 * @al_pa: fabric's own: last one acquired, claimed again at the next LIP
 * @index: fabric's own: slot
 * @enabled: fabric's own: the owner's laser is on
 * @forced_down: fabric's own: cable pulled by ctl
 * @carrier: fabric's own: state that the last queued link event tells
 * @cable_timer: fabric's own: brings the cable back
 * @peer: fabric's own: other end of a wire
 */
struct fab_port {
	struct fab *fab;
	const struct fab_port_ops *ops;
	void *priv;
	char name[FAB_NAME_MAX];
	unsigned int speed_gbps;
	bool link_up;
	struct fab_port_stats stats;
	struct judge_port *jp;
	bool takes_part;
	uint8_t hard_al_pa;
	uint8_t al_pa;
	unsigned int index;
	bool enabled;
	bool forced_down;
	bool carrier;
	struct ev_timer cable_timer;
	struct fab_port *peer;
};

/**
 * fab_new() - Make a fabric.
 * @ev: event loop that carries the frames; must outlive the fabric
 * @topo: switch or wires
 * @fault: registry asked about each frame, or NULL
 *
 * Return: the fabric; allocation failure aborts.
 */
struct fab *fab_new(struct ev *ev, enum fab_topo topo, struct fault *fault);

/**
 * fab_free() - Take a fabric down; all ports must be detached,
 *	and every frame sent or given back.
 * @fab: fabric or NULL
 */
void fab_free(struct fab *fab);

/**
 * fab_topo() - Which topology is it?
 * @fab: fabric
 *
 * Return: as given to fab_new().
 */
enum fab_topo fab_topo(const struct fab *fab);

/**
 * fab_fault() - Registry of faults that this fabric asks.
 * @fab: fabric
 *
 * Return: as given to fab_new(), may be NULL.
 */
struct fault *fab_fault(const struct fab *fab);

/**
 * fab_set_latency() - One-way delay of each frame sent from now on.
 * @fab: fabric
 * @ns: 0 (default): the next turn of the event loop
 */
void fab_set_latency(struct fab *fab, uint64_t ns);

/**
 * fab_port_attach() - Put a connector on the fabric, laser off.
 * @fab: fabric
 * @port: caller's, zeroed but for @jp; lives until fab_port_detach()
 * @name: copied
 * @ops: must outlive the port
 * @priv: for the owner's use
 * @speed_gbps: 4 or 8
 *
 * Return: 0; -ENOSPC: the switch has no free slot.
 */
int fab_port_attach(struct fab *fab, struct fab_port *port, const char *name,
		    const struct fab_port_ops *ops, void *priv,
		    unsigned int speed_gbps);

/**
 * fab_port_detach() - Take a connector off; nothing is called for it later.
 * @port: attached port
 *
 * Frames in flight that it sent are dropped (sent() with FAB_GONE before the
 * return), so that nobody copies out of its memory afterwards.
 */
void fab_port_detach(struct fab_port *port);

/**
 * fab_wire() - Join two ports of a FAB_WIRE fabric.
 * @a: one end
 * @b: other end
 *
 * Return: 0; -EINVAL: not a wire fabric, same port, or one is joined already.
 */
int fab_wire(struct fab_port *a, struct fab_port *b);

/**
 * fab_port_enable() - Turn a port's laser on or off (chip start, reset).
 * @port: attached port
 * @on: on or off
 *
 * The link is up while both ends are on and no cable is pulled. ops->link()
 * tells it later from the event loop; off then on again gives down and up.
 */
void fab_port_enable(struct fab_port *port, bool on);

/**
 * fab_port_cable() - Pull or plug the cable (ctl "link").
 * @port: attached port
 * @plugged: false pulls
 * @for_ns: not 0: the opposite happens by itself after that time
 */
void fab_port_cable(struct fab_port *port, bool plugged, uint64_t for_ns);

/**
 * fab_port_loop() - Say how a port behaves on a loop, before it is enabled.
 * @port: attached port
 * @takes_part: false: it only knows point-to-point and stays outside
 * @hard_al_pa: AL_PA that it wants, or FAB_LOOP_NONE
 */
void fab_port_loop(struct fab_port *port, bool takes_part, uint8_t hard_al_pa);

/**
 * fab_lip() - Initialise the loop that a port is on.
 * @port: who begins
 * @kind: how
 *
 * Return: 0; -EOPNOTSUPP: no loop; -ENOTCONN: the port is not on it.
 */
int fab_lip(struct fab_port *port, enum fab_lip kind);

/**
 * fab_loop_map() - AL_PAs on the loop, in the order of position.
 * @fab: fabric
 * @map: FAB_LOOP_MAX bytes, filled
 *
 * Return: how many; 0 while the loop is being initialised.
 */
unsigned int fab_loop_map(const struct fab *fab, uint8_t *map);

/**
 * fab_loop_id() - Loop ID of an AL_PA. [FC-AL-2 table 8, D]
 * @al_pa: address
 *
 * Return: 0..7Dh; -1: no NL_Port can have it.
 */
int fab_loop_id(uint32_t al_pa);

/**
 * fab_loop_al_pa() - AL_PA of a loop ID.
 * @id: 0..7Dh
 *
 * Return: the AL_PA; FAB_LOOP_NONE for other numbers.
 */
uint8_t fab_loop_al_pa(unsigned int id);

/**
 * fab_port_speed() - Speed that the link runs at.
 * @port: attached port
 *
 * Return: Gbit/s; on a wire or loop the lowest of all ends.
 */
unsigned int fab_port_speed(const struct fab_port *port);

/**
 * fab_port_id() - Address that the switch has given to a port.
 * @port: attached port
 *
 * Return: 24-bit address; 0: not logged in, or no switch and no loop.
 */
uint32_t fab_port_id(const struct fab_port *port);

/**
 * fab_find_port() - Look a port up by its name.
 * @fab: fabric
 * @name: "target.0"
 *
 * Return: the port or NULL.
 */
struct fab_port *fab_find_port(struct fab *fab, const char *name);

/**
 * fab_frame_get() - A frame to fill, header zeroed (rx_id FFFF).
 * @fab: fabric
 * @len: payload bytes, 0..FAB_PAYLOAD_MAX; the payload is zeroed. 0 for
 *	FCP_DATA, whose @len fab_frame_add_sg() counts up
 *
 * Return: a frame that goes to fab_tx() or fab_frame_put().
 */
struct fab_frame *fab_frame_get(struct fab *fab, uint32_t len);

/**
 * fab_frame_put() - Give back a frame that was not sent.
 * @fab: fabric
 * @frame: frame from fab_frame_get()
 */
void fab_frame_put(struct fab *fab, struct fab_frame *frame);

/**
 * fab_frame_add_sg() - Append a piece of guest memory to an FCP_DATA frame.
 * @frame: frame, @mem set by the caller
 * @iova: DMA address
 * @len: bytes
 */
void fab_frame_add_sg(struct fab_frame *frame, uint64_t iova, uint32_t len);

/**
 * fab_tx() - Send a frame; takes it over in every case.
 * @port: sending port
 * @frame: filled by the caller: r_ctl, type, s_id, d_id, ids, payload or sg
 *
 * A frame that cannot be carried (link down, nobody has d_id) is discarded as
 * class 3 does; ops->sent() tells.
 */
void fab_tx(struct fab_port *port, struct fab_frame *frame);

/* Every port is in all zones until it is told otherwise. */
#define FAB_ALL_ZONES 0xffffffffU

/**
 * fab_zone() - Change the zones that a port is in.
 * @port: port; stays there as long as it is plugged in, whoever logs in
 * @zones: bitmap; 0: no other port sees it
 *
 * Ports that see each other now and did not before, and the reverse, get an
 * RSCN about each other, if they registered. What was sent before arrives.
 *
 * Return: 0; -EOPNOTSUPP: no switch.
 */
int fab_zone(struct fab_port *port, uint32_t zones);

/**
 * fab_rscn() - Send an RSCN about a port to all that registered, but itself.
 * @port: affected port; without an address nothing is sent
 *
 * Return: 0; -ENOTCONN: the port has no address; -EOPNOTSUPP: no switch.
 */
int fab_rscn(struct fab_port *port);

/**
 * fab_in_flight() - Frames sent and not delivered yet.
 * @fab: fabric
 *
 * Return: number, delayed ones counted.
 */
unsigned int fab_in_flight(const struct fab *fab);

/**
 * fab_kind_name() - Name of a frame kind for traces.
 * @kind: kind
 *
 * Return: static string.
 */
const char *fab_kind_name(enum fab_kind kind);

#endif
