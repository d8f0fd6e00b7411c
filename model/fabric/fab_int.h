/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the fabric share among themselves. */
#ifndef MODEL_FABRIC_FAB_INT_H
#define MODEL_FABRIC_FAB_INT_H

#include "fabric/fab.h"
#include "judge/judge.h"

#define FAB_MAX_PORTS 1024U /* area is 8 bits, four domains */
#define FAB_DOMAIN 0x01U /* domain of the first 256 slots */
#define NS_SYM_MAX 255U

/* World wide names of the switch: locally assigned format. [FC-FS-3 14, D] */
#define FAB_SWITCH_WWN 0x3000000000000001ULL
#define FAB_FPORT_WWN 0x3001000000000000ULL /* plus slot number */

/* ELS reject reasons and explanations. [FC-LS-2 4.4.4, D] */
#define LS_RJT_LOGICAL 0x03
#define LS_RJT_PROTOCOL 0x07
#define LS_RJT_UNABLE 0x09
#define LS_RJT_UNSUPPORTED 0x0b
#define LS_EXP_NONE 0x00
#define LS_EXP_BAD_NAME 0x0d
#define LS_EXP_NO_LOGIN 0x1e
#define LS_EXP_NOT_SUPPORTED 0x2c
#define LS_EXP_BAD_LENGTH 0x2d

/**
 * enum sw_server - servers of the switch that a port can log in to
 * @SW_NS: directory server
 * @SW_MGMT: management server
 * @SW_FCTRL: fabric controller
 * @SW_NR_SERVERS: how many there are
 */
enum sw_server { SW_NS, SW_MGMT, SW_FCTRL, SW_NR_SERVERS };

/**
 * struct ns_entry - what the name server knows about one N_Port
 * @port_name: WWPN
 * @node_name: WWNN
 * @fc4_types: bitmap as RFT_ID carries it
 * @fc4_features: four bits per FC-4 type, as GFF_ID returns them
 * @sym_port: symbolic port name, not terminated
 * @sym_node: symbolic node name, not terminated
 * @sym_port_len: its length
 * @sym_node_len: its length
 * @cos: class of service word
 */
struct ns_entry {
	uint64_t port_name;
	uint64_t node_name;
	uint8_t fc4_types[32];
	uint8_t fc4_features[128];
	uint8_t sym_port[NS_SYM_MAX];
	uint8_t sym_node[NS_SYM_MAX];
	uint8_t sym_port_len;
	uint8_t sym_node_len;
	uint32_t cos;
};

/**
 * struct sw_port - the switch's side of a connector
 * @port: connector, NULL: the slot is free
 * @id: address, 0: not logged in to the fabric
 * @login: logged in to enum sw_server
 * @scr: registered for RSCNs: function of the last SCR, 0 none
 * @zones: bitmap of the zones that it is in; belongs to the slot, not to a login
 * @ns: name server entry, valid while @id is not 0
 */
struct sw_port {
	struct fab_port *port;
	uint32_t id;
	bool login[SW_NR_SERVERS];
	uint8_t scr;
	uint32_t zones;
	struct ns_entry ns;
};

/**
 * struct fdmi_attr_block - attributes as registered
 * @data: attribute entries in wire form
 * @len: bytes of @data
 * @count: number of entries
 */
struct fdmi_attr_block {
	uint8_t *data;
	uint32_t len;
	uint32_t count;
};

/**
 * struct fdmi_port - a port registered with the management server
 * @next: list of the HBA
 * @name: WWPN
 * @attr: attributes
 */
struct fdmi_port {
	struct fdmi_port *next;
	uint64_t name;
	struct fdmi_attr_block attr;
};

/**
 * struct fdmi_hba - an HBA registered with the management server
 * @next: list of the fabric
 * @id: HBA identifier, one of its WWPNs
 * @owner: WWPN of the N_Port that registered it
 * @attr: attributes
 * @ports: its ports
 */
struct fdmi_hba {
	struct fdmi_hba *next;
	uint64_t id;
	uint64_t owner;
	struct fdmi_attr_block attr;
	struct fdmi_port *ports;
};

struct frame_chunk;

/**
 * struct fab_queue - frames in the order of delivery
 * @head: next one
 * @tail: last one
 */
struct fab_queue {
	struct fab_frame *head;
	struct fab_frame *tail;
};

/**
 * struct fab - the fabric
 * @ev: loop
 * @topo: switch, wires or a loop
 * @loop_up: the loop is initialised
 * @loop_timer: initialisation takes time
 * @held: frames that wait for the end of it
 * @fault: registry or NULL
 * @work: delivers @now
 * @timer: moves what is due from @later to @now
 * @now: to be delivered in the next turn
 * @later: by due time, then by order of sending
 * @latency_ns: added to each frame
 * @nr_in_flight: frames in both queues, link events not counted
 * @current: the frame being delivered right now, or NULL
 * @nr_out: frames that are not in @idle
 * @idle: free frames
 * @chunks: all memory of frames
 * @sw: slots of the switch; on a wire only @port is used, on a loop @id too
 * @nr_slots: slots ever used
 * @next_xid: exchange ids of the servers
 * @hbas: FDMI database
 */
struct fab {
	struct ev *ev;
	enum fab_topo topo;
	bool loop_up;
	struct ev_timer loop_timer;
	struct fab_queue held;
	struct fault *fault;
	struct ev_work work;
	struct ev_timer timer;
	struct fab_queue now;
	struct fab_queue later;
	uint64_t latency_ns;
	unsigned int nr_in_flight;
	struct fab_frame *current;
	unsigned int nr_out;
	struct fab_frame *idle;
	struct frame_chunk *chunks;
	struct sw_port sw[FAB_MAX_PORTS];
	unsigned int nr_slots;
	uint16_t next_xid;
	struct fdmi_hba *hbas;
};

/**
 * struct ct_req - a CT request as a server sees it
 * @sp: requesting port
 * @frame: the request
 * @cmd: command code
 * @arg: bytes behind the 16-byte preamble
 * @arg_len: how many
 */
struct ct_req {
	struct sw_port *sp;
	const struct fab_frame *frame;
	uint16_t cmd;
	const uint8_t *arg;
	uint32_t arg_len;
};

/**
 * struct ct_out - reply under construction
 * @buf: bytes behind the preamble
 * @len: how many
 */
struct ct_out {
	uint8_t buf[FAB_PAYLOAD_MAX - 16];
	uint32_t len;
};

/* A reject: reason in the high byte, explanation in the low one. */
#define CT_RJT(reason, expl) ((uint16_t)((reason) << 8 | (expl)))

/* CT reject reasons. [FC-GS-5 4.4.4, D] */
#define CT_BAD_COMMAND 0x01
#define CT_BAD_VERSION 0x02
#define CT_LOGICAL 0x03
#define CT_BAD_SIZE 0x04
#define CT_UNABLE 0x09
#define CT_UNSUPPORTED 0x0b
#define CT_NO_SERVER 0x0d

/**
 * struct ct_cmd - one command of a server
 * @cmd: command code
 * @name: for coverage
 * @min_len: shortest argument that makes sense, bytes behind the preamble
 * @fn: does it: 0 and @out filled, or CT_RJT()
 */
struct ct_cmd {
	uint16_t cmd;
	const char *name;
	uint32_t min_len;
	uint16_t (*fn)(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out);
};

/* Coverage codes: command, plus the server in the top digit. */
#define CT_COVER_NS 0x0000
#define CT_COVER_FCS 0x1000 /* fabric configuration server */
#define CT_COVER_FDMI 0x2000

extern const struct ct_cmd ns_cmds[];
extern const size_t ns_nr_cmds;
extern const struct ct_cmd fdmi_cmds[];
extern const size_t fdmi_nr_cmds;
extern const struct ct_cmd fcs_cmds[];
extern const size_t fcs_nr_cmds;

/**
 * sw_rx() - A frame to a well-known address.
 * @fab: switch
 * @sp: sending port
 * @frame: borrowed
 */
void sw_rx(struct fab *fab, struct sw_port *sp, const struct fab_frame *frame);

/**
 * sw_logout() - The fabric forgets a port's login (light lost, LOGO, FLOGI).
 * @fab: switch
 * @sp: port
 */
void sw_logout(struct fab *fab, struct sw_port *sp);

/**
 * sw_by_id() - Who has an address?
 * @fab: switch
 * @id: 24-bit address
 *
 * Return: a logged-in port or NULL.
 */
struct sw_port *sw_by_id(struct fab *fab, uint32_t id);

/**
 * sw_by_wwpn() - Who has a port name?
 * @fab: switch
 * @wwpn: port name
 *
 * Return: a logged-in port or NULL.
 */
struct sw_port *sw_by_wwpn(struct fab *fab, uint64_t wwpn);

/**
 * sw_fport_name() - Name of the F_Port that a port is attached to.
 * @fab: switch
 * @sp: port
 *
 * Return: WWN.
 */
uint64_t sw_fport_name(const struct fab *fab, const struct sw_port *sp);

/**
 * sw_sees() - Have two ports a zone in common?
 * @a: port
 * @b: port
 *
 * Return: true if they may know of each other; a port always sees itself.
 */
bool sw_sees(const struct sw_port *a, const struct sw_port *b);

/**
 * sw_zone() - Put a port into other zones; who gains or loses it is told.
 * @fab: switch
 * @sp: port, logged in or not
 * @zones: bitmap
 */
void sw_zone(struct fab *fab, struct sw_port *sp, uint32_t zones);

/**
 * sw_rscn() - Tell registered ports that something changed at a port.
 * @fab: switch
 * @about: affected port, not told itself, nor who has no zone with it
 * @id: its address
 */
void sw_rscn(struct fab *fab, const struct sw_port *about, uint32_t id);

/**
 * sw_send() - Send a frame from a server of the switch to a port.
 * @fab: switch
 * @sp: receiver
 * @frame: complete; taken over
 */
void sw_send(struct fab *fab, const struct sw_port *sp,
	     struct fab_frame *frame);

/**
 * sw_reply() - Start a reply frame.
 * @fab: switch
 * @req: request
 * @r_ctl: of the reply
 * @len: payload bytes
 *
 * Return: frame with addresses and exchange ids set, payload zeroed.
 */
struct fab_frame *sw_reply(struct fab *fab, const struct fab_frame *req,
			   uint8_t r_ctl, uint32_t len);

/**
 * ct_rx() - A CT request to a server.
 * @fab: switch
 * @sp: sending port, logged in to @server
 * @server: SW_NS or SW_MGMT
 * @frame: borrowed
 */
void ct_rx(struct fab *fab, struct sw_port *sp, enum sw_server server,
	   const struct fab_frame *frame);

/**
 * ct_put() - Append bytes to a CT reply.
 * @out: reply
 * @data: bytes, or NULL for zeros
 * @len: how many; what does not fit is dropped
 */
void ct_put(struct ct_out *out, const void *data, uint32_t len);

/**
 * ct_put_be() - Append a big-endian number to a CT reply.
 * @out: reply
 * @value: number
 * @len: bytes, 1..8
 */
void ct_put_be(struct ct_out *out, uint64_t value, unsigned int len);

/**
 * fdmi_forget() - Remove what a port has registered.
 * @fab: switch
 * @wwpn: port name
 */
void fdmi_forget(struct fab *fab, uint64_t wwpn);

/* What a queued frame is: frames, then what is told among them. */
enum fab_what {
	WHAT_FRAME,
	WHAT_LOST,
	WHAT_BAD_CRC,
	WHAT_LINK_UP,
	WHAT_LINK_DOWN,
	WHAT_LIP, /* param is enum fab_lip */
	WHAT_LOOP, /* param is the AL_PA */
};

/**
 * fab_submit() - Queue a frame or a piece of news.
 * @fab: fabric
 * @f: with @what set
 * @delay_ns: until delivery
 */
void fab_submit(struct fab *fab, struct fab_frame *f, uint64_t delay_ns);

/**
 * fab_resend() - Send a frame that was held back.
 * @fab: fabric
 * @f: from @held
 */
void fab_resend(struct fab *fab, struct fab_frame *f);

/**
 * fab_lose() - Everything on its way to or from a port is lost.
 * @fab: fabric
 * @port: the port
 */
void fab_lose(struct fab *fab, const struct fab_port *port);

/**
 * loop_init() - Prepare a fabric that may be a loop.
 * @fab: fabric
 */
void loop_init(struct fab *fab);

/**
 * loop_fini() - Undo it.
 * @fab: fabric
 */
void loop_fini(struct fab *fab);

/**
 * loop_carrier() - Light of a port on the loop came or went.
 * @fab: fabric
 * @port: the port
 */
void loop_carrier(struct fab *fab, struct fab_port *port);

/**
 * loop_by_id() - Who has an AL_PA?
 * @fab: loop
 * @id: 24-bit address
 *
 * Return: its slot or NULL.
 */
struct sw_port *loop_by_id(struct fab *fab, uint32_t id);

/**
 * loop_holds() - Keep a frame back while the loop is being initialised?
 * @fab: fabric
 * @port: its sender
 * @f: taken over if so
 *
 * Return: true if it was kept.
 */
bool loop_holds(struct fab *fab, const struct fab_port *port,
		struct fab_frame *f);

/**
 * sw_cover() - Register what the switch implements.
 * @judge: judge
 */
void sw_cover(struct judge *judge);

#endif
