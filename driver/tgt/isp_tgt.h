/* SPDX-License-Identifier: GPL-2.0 */
/* The target role: ports, sessions, commands, and what its files share. */
#ifndef ISP_TGT_H
#define ISP_TGT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../core/isp_chip.h"
#include "../core/isp_role.h"
#include "../include/isp_tport.h"

struct isp_chan;
struct isp_hba;

/*
 * STATES of a target port (struct isp_tport).
 *
 *	OFF -> STARTING -> ON -> STOPPING -> DRAINING -> ENDING -> OFF
 *	          |                 ^
 *	          +--- failed ------+
 *
 * STOPPING: core turns the role off. DRAINING: it is off, the engine closes
 * its sessions. ENDING: nothing is left, a work item gives the claim back.
 */
#define ISP_TPORT_STATES(X)     \
	X(OFF, "off")           \
	X(STARTING, "starting") \
	X(ON, "on")             \
	X(STOPPING, "stopping") \
	X(DRAINING, "draining") \
	X(ENDING, "ending")

enum isp_tport_state {
#define X(id, name) ISP_TPORT_##id,
	ISP_TPORT_STATES(X)
#undef X
		ISP_NR_TPORT_STATES
};

/*
 * CELLS, see core/isp_hba.h.
 *
 * tport off, draining, ending: frames: core has told stopped() and calls the
 *	role no more
 * tport off, draining, ending: news: the chip has been reset and is not
 *	initialised again while no role is wanted
 * tport off, draining, ending: ring full: nothing is left that could be sent
 * tport off, ending: DMA mapping failure: no session, no command
 */

/*
 * STATES of a session.
 *
 *	RESOLVE -> NEW -> READY -> CLOSING -> (freed)
 *	   |        |  \-> LOST ---^
 *	  HOLD -----+
 *
 * RESOLVE: a first command came, the port database looks for its sender.
 * HOLD: the initiator is back before the engine has closed its old session.
 * NEW: the engine was told and has not answered. LOST: nor had it when the
 * nexus went. READY: commands flow. CLOSING: gone, the engine cleans up.
 */
#define ISP_SESS_STATES(X)    \
	X(RESOLVE, "resolve") \
	X(HOLD, "hold")       \
	X(NEW, "new")         \
	X(LOST, "lost")       \
	X(READY, "ready")     \
	X(CLOSING, "closing") \
	X(FREED, "freed")

enum isp_sess_state {
#define X(id, name) ISP_SESS_##id,
	ISP_SESS_STATES(X)
#undef X
		ISP_NR_SESS_STATES
};

/*
 * STATES of a command or task management function.
 *
 *	FREE -> WAIT -> ENGINE <-> DATA
 *	         |        |  \---> SEND -> DONE
 *	         v        v                  |
 *	       TERM <-----+------------------+
 *	         \-> FREE <------------------+
 *
 * WAIT: its session is not ready. ENGINE: the engine has it. DATA: the chip
 * fetches data. SEND: the chip sends data, status or answer. DONE: the engine
 * has to free it. TERM: nobody's; the chip ends the exchange.
 */
#define ISP_CMD_STATES(X)   \
	X(FREE, "free")     \
	X(WAIT, "wait")     \
	X(ENGINE, "engine") \
	X(DATA, "data")     \
	X(SEND, "send")     \
	X(DONE, "done")     \
	X(TERM, "term")

enum isp_cmd_state {
#define X(id, name) ISP_CMD_##id,
	ISP_CMD_STATES(X)
#undef X
		ISP_NR_CMD_STATES
};

/* What a command wants from the request ring next. */
enum isp_cmd_op {
	ISP_OP_NONE,
	ISP_OP_DATA_OUT, /* fetch data */
	ISP_OP_DATA_IN, /* data, a status follows in an entry of its own */
	ISP_OP_STATUS, /* status, with the data if that fits one entry */
	ISP_OP_TMF_RSP, /* answer of a function */
	ISP_OP_ABTS_RSP, /* answer of an ABTS */
	ISP_OP_TERM, /* end the exchange */
};

/* Commands beyond the firmware's exchanges, for functions and ABTS. */
#define ISP_TGT_EXTRA_CMDS 64
#define ISP_TGT_MIN_CMDS 256
#ifndef ISP_TGT_MAX_CMDS
#define ISP_TGT_MAX_CMDS 4000
#endif
#define ISP_TGT_NR_NOTES 64
#define ISP_TGT_HASH 64

/* RSP_CODE of FCP_RSP_INFO. [FCP-4 9.5.14, D] */
#define FCP_TMF_COMPLETE 0x00
#define FCP_TMF_REJECTED 0x04
#define FCP_TMF_FAILED 0x05
#define FCP_TMF_BAD_LUN 0x09

/* FCP_RSP with the longest sense data; how many fit a page. */
#define ISP_TGT_IU_LEN (24 + 252 + 4)
#define ISP_TGT_IUS_PER_PAGE (4096 / ISP_TGT_IU_LEN)

/*
 * Scatterlist entries of one command: an entry count is one byte, a CTIO holds
 * one segment and a continuation five.
 */
#define ISP_TGT_MAX_SG 1270

/* Deadlines. */
#define ISP_TGT_WATCH_MS 5000 /* between two looks at everything */
#define ISP_TGT_CHIP_MS 120000 /* the chip may hold an entry */
#define ISP_TGT_PARK_MS 20 /* an ABTS may wait for its command */
#define ISP_TGT_PRLI_MS 5000 /* a PRLI may wait for the engine */

/* Entries that may wait for a deferred doorbell. */
#define ISP_TGT_BELL_MAX 16

/**
 * struct isp_tgt_cmd - a command, a function or an ABTS
 * @pub:      the engine's view
 * @port:     owner, constant
 * @node:     in port->free or sess->wait
 * @sess_node: in sess->cmds while @sess is set
 * @send_node: in port->sendq while @queued
 * @open_node: in port->open unless FREE
 * @sess:     its session; NULL in FREE and TERM
 * @state:    enum isp_cmd_state
 * @op:       what is or was last asked of the ring
 * @is_abts:  @abts is to be answered
 * @aborted:  the initiator has given it up; no status may be sent
 * @dead:     the chip has forgotten the exchange
 * @sent:     the final answer has left
 * @no_data:  the engine has given its data up
 * @queued:   waits for ring space
 * @term_out: a terminate for it is at the chip
 * @nr_cpl:   completions to come
 * @err:      what the engine will be told
 * @exchange: the chip's name for it
 * @life:     of which life of the rings that name is
 * @epoch:    port->epoch at arrival; another one now: the chip was reset
 * @since:    jiffies when the chip got it
 * @port_id:  initiator
 * @port_handle: initiator's N_Port handle
 * @ox_id:    initiator's name for the exchange
 * @attr:     raw task attribute, echoed
 * @nr_sg:    entries given to dma_map_sg(), 0 = not mapped
 * @nr_dma:   entries that it made of them
 * @cdb:      copy of the CDB
 * @rsp:      FCP_RSP_INFO of a function
 * @iu:       DMA memory for a whole FCP_RSP, of ISP_TGT_IU_LEN bytes
 * @iu_dma:   its bus address
 * @abts:     the ABTS
 *
 * All but the engine's fields of @pub protected by port->lock once the
 * command is in port->open.
 */
struct isp_tgt_cmd {
	struct isp_tport_cmd pub;
	struct isp_tport *port;
	struct list_head node;
	struct list_head sess_node;
	struct list_head send_node;
	struct list_head open_node;
	struct isp_tgt_sess *sess;
	enum isp_cmd_state state;
	enum isp_cmd_op op;
	bool is_abts;
	bool aborted;
	bool dead;
	bool sent;
	bool no_data;
	bool queued;
	bool term_out;
	u8 nr_cpl;
	int err;
	u32 exchange;
	u32 life;
	u32 epoch;
	unsigned long since;
	u32 port_id;
	u16 port_handle;
	u16 ox_id;
	u8 attr;
	unsigned int nr_sg;
	unsigned int nr_dma;
	u8 cdb[ISP_TPORT_CDB_MAX];
	u8 rsp[8];
	u8 *iu;
	dma_addr_t iu_dma;
	struct isp_abts abts;
};

/**
 * struct isp_tgt_note - a notify that is not acknowledged yet, or a LOGO of ours
 * @node:   in port->notes (free) or port->ackq
 * @notify: copy; of a LOGO: port_id, port_handle and life of who is logged out
 * @logo:   it is that
 * @reject: the ack refuses
 * @epoch:  port->epoch at arrival
 * @since:  jiffies at arrival
 */
struct isp_tgt_note {
	struct list_head node;
	struct isp_notify notify;
	bool logo;
	bool reject;
	u32 epoch;
	unsigned long since;
};

/**
 * struct isp_tgt_sess - an initiator (I_T nexus), protected by port->lock
 * @pub:     the engine's view
 * @port:    owner
 * @node:    in port->sessions
 * @hash:    in port->hash[], while commands may find it
 * @wait:    commands and functions not delivered yet, in order
 * @cmds:    every command of it
 * @todo:    on a list local to a function that will act on it
 * @state:   enum isp_sess_state
 * @port_handle: N_Port handle
 * @nr_cmds: entries of @cmds
 * @delivering: somebody calls the engine for @wait, one by one
 * @gone_due: that somebody has to call sess_gone() when done
 * @prli:    a PRLI that waits for the engine's answer, or NULL
 * @acked:   the PRLI whose ack the chip has not given back: until then it may
 *           refuse answers to this initiator, so commands wait; or NULL
 */
struct isp_tgt_sess {
	struct isp_tport_sess pub;
	struct isp_tport *port;
	struct list_head node;
	struct list_head hash;
	struct list_head wait;
	struct list_head cmds;
	struct list_head todo;
	enum isp_sess_state state;
	u16 port_handle;
	unsigned int nr_cmds;
	bool delivering;
	bool gone_due;
	struct isp_tgt_note *prli;
	const struct isp_tgt_note *acked;
};

/**
 * struct isp_tgt_iu_page - DMA memory of some commands
 * @va:  4096 bytes
 * @dma: bus address
 */
struct isp_tgt_iu_page {
	void *va;
	dma_addr_t dma;
};

/**
 * struct isp_tgt_attach - an engine that is attached to a port
 * @node:   in port->engines
 * @ops:    up calls
 * @engine: its argument
 * @nr_calls: event() calls under way, protected by port->lock
 */
struct isp_tgt_attach {
	struct list_head node;
	const struct isp_tport_engine_ops *ops;
	void *engine;
	unsigned int nr_calls;
};

/**
 * struct isp_tgt_os_ops - what the target role needs of driver/linux
 * @claim:   an engine claims a port: take references both ways; false: no
 * @release: undo it; any context
 * @idle:    an engine's last event() call has returned or the port went OFF;
 *           port->lock is held, @idle takes no lock of ours and does not sleep
 */
struct isp_tgt_os_ops {
	bool (*claim)(const struct isp_tport_engine_ops *ops);
	void (*release)(const struct isp_tport_engine_ops *ops);
	void (*idle)(struct isp_tport *port);
};

/**
 * struct isp_tgt_stats - counters of a port, protected by port->lock
 * @nr_cmds:   commands and functions that arrived
 * @nr_done:   final answers that left
 * @nr_busy:   commands answered BUSY or TASK SET FULL by us
 * @nr_term:   exchanges terminated
 * @nr_abts:   ABTS that arrived
 * @nr_noexch: commands for which the chip had no exchange
 */
struct isp_tgt_stats {
	u64 nr_cmds;
	u64 nr_done;
	u64 nr_busy;
	u64 nr_term;
	u64 nr_abts;
	u64 nr_noexch;
};

/*
 * LOCKING
 *   port->lock protects all of a port. It is taken in hardirq context, never
 *   held over an up call or over dma_map_sg(). Order: the request ring's lock
 *   is taken inside, when a command or the terminate of one that is cut is put
 *   there (isp_tgt_put_locked()), and no other lock of ours (os->idle() takes
 *   that of a wait queue). No other call into core is made with it.
 *   Who changes a command's state under the lock owns its next step.
 */

/**
 * struct isp_tport - the target side of one channel
 * @chan:     the channel
 * @hba:      its adapter
 * @lock:     see above
 * @state:    enum isp_tport_state
 * @epoch:    goes up when the chip forgets every exchange
 * @os:       driver/linux, or NULL in the simulation
 * @os_priv:  its own
 * @engines:  struct isp_tgt_attach
 * @owner:    the one that has claimed the port, or NULL
 * @start_err: why a start failed, told when drained
 * @stop_err: what EV_DISABLED will say
 * @sessions: struct isp_tgt_sess
 * @hash:     sessions that commands may find, by port_id
 * @free:     free commands
 * @open:     all others
 * @nr_open:  how many
 * @nr_engine: commands in state ENGINE
 * @next_tag: last tag given
 * @iu_pages: memory of the commands' iu
 * @nr_iu_pages: how many
 * @notes:    free notifies
 * @nr_notes: notifies in use
 * @sendq:    commands that wait for ring space
 * @ackq:     acks that wait for ring space
 * @parked:   ABTS whose command was not found
 * @in_batch: core hands over a batch and will call batch_end()
 * @plugs:    depth of plug()
 * @flush:    deferred doorbell
 * @off:      end of a disable
 * @park:     looks at @parked again
 * @watch:    looks for missed deadlines
 * @stats:    counters
 */
struct isp_tport {
	struct isp_chan *chan;
	struct isp_hba *hba;
	spinlock_t lock;
	enum isp_tport_state state;
	u32 epoch;
	const struct isp_tgt_os_ops *os;
	void *os_priv;
	struct list_head engines;
	struct isp_tgt_attach *owner;
	int start_err;
	int stop_err;
	struct list_head sessions;
	struct list_head hash[ISP_TGT_HASH];
	struct list_head free;
	struct list_head open;
	unsigned int nr_open;
	unsigned int nr_engine;
	u64 next_tag;
	struct isp_tgt_iu_page *iu_pages;
	unsigned int nr_iu_pages;
	struct list_head notes;
	unsigned int nr_notes;
	struct list_head sendq;
	struct list_head ackq;
	struct list_head parked;
	bool in_batch;
	atomic_t plugs;
	struct work_struct flush;
	struct work_struct off;
	struct delayed_work park;
	struct delayed_work watch;
	struct isp_tgt_stats stats;
};

extern const struct isp_role_ops isp_tgt_role_ops;
extern const struct isp_tport_ops isp_tgt_tport_ops;

/* isp_tgt.c */
struct isp_tport *isp_tgt_port(struct isp_chan *chan);
const char *isp_tport_state_name(enum isp_tport_state state);
int isp_tgt_attach(struct isp_tport *port,
		   const struct isp_tport_engine_ops *ops, void *engine);
int isp_tgt_detach(struct isp_tport *port, void *engine);
int isp_tgt_enable(struct isp_tport *port, void *engine);
int isp_tgt_disable(struct isp_tport *port, void *engine);
int isp_tgt_get_info(struct isp_tport *port, struct isp_tport_info *info);
struct device *isp_tgt_dma_device(struct isp_tport *port);
void isp_tgt_plug(struct isp_tport *port);
void isp_tgt_unplug(struct isp_tport *port);
void isp_tgt_drained_locked(struct isp_tport *port);

/* isp_tgt_pool.c */
const char *isp_cmd_state_name(enum isp_cmd_state state);
int isp_tgt_pool_fill(struct isp_tport *port, u32 priv_size);
void isp_tgt_pool_drop(struct isp_tport *port);
struct isp_tgt_cmd *isp_tgt_cmd_get_locked(struct isp_tport *port, u32 exchange,
					   u32 life);
void isp_tgt_cmd_put_locked(struct isp_tgt_cmd *cmd);
struct isp_tgt_note *isp_tgt_note_get_locked(struct isp_tport *port);
void isp_tgt_note_put_locked(struct isp_tport *port, struct isp_tgt_note *note);

/* isp_tgt_cmd.c */
void isp_tgt_cmd_state_locked(struct isp_tgt_cmd *cmd,
			      enum isp_cmd_state state);
void isp_tgt_cmd_atio(struct isp_tport *port, const struct isp_atio *atio);
void isp_tgt_cmd_doom(struct isp_tgt_cmd *cmd, u8 status);
void isp_tgt_cmd_cut_locked(struct isp_tgt_cmd *cmd, struct list_head *todo);
void isp_tgt_cmd_cut_finish(struct list_head *todo);
void isp_tgt_cmd_answered(struct isp_tgt_cmd *cmd, enum isp_cpl cpl);
int isp_tgt_cmd_recv_data(struct isp_tport_cmd *pub);
int isp_tgt_cmd_send(struct isp_tport_cmd *pub);
void isp_tgt_cmd_abort(struct isp_tport_cmd *pub);
int isp_tgt_tmf_send(struct isp_tport_cmd *pub, enum isp_tport_tmf_rsp rsp);
void isp_tgt_cmd_free(struct isp_tport_cmd *pub);

/* isp_tgt_send.c */
void isp_tgt_send(struct isp_tgt_cmd *cmd, bool last);
int isp_tgt_put_locked(struct isp_tgt_cmd *cmd);
void isp_tgt_put_end(struct isp_tport *port, struct isp_tgt_cmd *cmd, int err,
		     bool last);
void isp_tgt_send_busy(struct isp_tport *port, const struct isp_atio *atio,
		       u16 port_handle, u8 status);
void isp_tgt_ack(struct isp_tport *port, struct isp_tgt_note *note,
		 bool reject);
void isp_tgt_ack_plain(struct isp_tport *port, const struct isp_notify *notify,
		       bool reject);
void isp_tgt_retry(struct isp_tport *port);
void isp_tgt_bell(struct isp_tport *port, bool last);
void isp_tgt_flush_work(struct work_struct *work);

/* isp_tgt_sess.c */
const char *isp_sess_state_name(enum isp_sess_state state);
struct isp_tgt_sess *isp_tgt_sess_find_locked(struct isp_tport *port,
					      u32 port_id);
void isp_tgt_sess_login(struct isp_tport *port, const struct isp_notify *notify,
			struct isp_tgt_note *note);
struct isp_tgt_sess *isp_tgt_sess_first_locked(struct isp_tport *port,
					       u32 port_id, bool *resolve);
void isp_tgt_sess_begin(struct isp_tport *port, u32 port_id);
bool isp_tgt_sess_append_locked(struct isp_tgt_sess *sess,
				struct isp_tgt_cmd *cmd);
void isp_tgt_sess_deliver(struct isp_tgt_sess *sess);
void isp_tgt_sess_resolved(struct isp_tport *port, u32 port_id, u64 wwpn,
			   u16 port_handle);
void isp_tgt_sess_lose(struct isp_tport *port, u64 wwpn, u16 port_handle,
		       u32 port_id, const char *why);
void isp_tgt_sess_lose_all(struct isp_tport *port, const char *why);
void isp_tgt_sess_ready(struct isp_tport_sess *pub, int err);
void isp_tgt_sess_closed(struct isp_tport_sess *pub);
void isp_tgt_sess_acked(struct isp_tport *port,
			const struct isp_tgt_note *note);
void isp_tgt_sess_drop(struct isp_tport_sess *pub);

/* isp_tgt_event.c */
void isp_tgt_notify(struct isp_tport *port, const struct isp_notify *notify);
void isp_tgt_park_work(struct work_struct *work);
void isp_tgt_abts(struct isp_tport *port, const struct isp_abts *abts);

/*
 * The down calls, for a table whose @_owner's references are taken and whose
 * detach is @_detach: with sleeping in the kernel, without in the simulation.
 */
/* clang-format off */
#define ISP_TGT_TPORT_OPS(_owner, _detach) {		\
	.abi = ISP_TPORT_ABI,				\
	.size = sizeof(struct isp_tport_ops),		\
	.owner = (_owner),				\
	.attach = isp_tgt_attach,			\
	.detach = (_detach),				\
	.enable = isp_tgt_enable,			\
	.disable = isp_tgt_disable,			\
	.get_info = isp_tgt_get_info,			\
	.dma_device = isp_tgt_dma_device,		\
	.sess_ready = isp_tgt_sess_ready,		\
	.sess_closed = isp_tgt_sess_closed,		\
	.sess_drop = isp_tgt_sess_drop,			\
	.recv_data = isp_tgt_cmd_recv_data,		\
	.send = isp_tgt_cmd_send,			\
	.cmd_abort = isp_tgt_cmd_abort,			\
	.tmf_send = isp_tgt_tmf_send,			\
	.cmd_free = isp_tgt_cmd_free,			\
	.plug = isp_tgt_plug,				\
	.unplug = isp_tgt_unplug,			\
}
/* clang-format on */

#endif /* ISP_TGT_H */
