/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between isp_mod (adapters) and a target engine (LIO, SCST,
 * the memory engine of the tests): two const op tables and what they share.
 *
 * Words: a channel is one target port (an FC port, an SPI bus); the engine
 * is what executes SCSI commands. "Down" calls go from the engine to
 * isp_mod, "up" calls from isp_mod to the engine.
 *
 * FINDING EACH OTHER
 *   isp_mod exports no symbols. Each channel appears on the auxiliary bus
 *   once per engine (isp_mod.lio.N, isp_mod.scst.N); platform data of the
 *   device is a struct isp_tport_binding. The engine's probe calls attach()
 *   through it, its remove calls detach().
 *
 * BINDING IS NOT OWNING
 *   Any number of engines may be attached to one channel. enable() claims
 *   it for the caller and starts the target role; ISP_TPORT_EV_DISABLED
 *   gives the claim back. Only the owner is called for sessions and commands.
 *
 * WHO OWNS A COMMAND
 *
 *        isp_mod               engine                    isp_mod
 *     ATIO -> cmd_new() ====> owned by the engine
 *                             recv_data(cmd) ==========> owned by the chip
 *             cmd_data() ===> owned by the engine <===== data is in sg
 *                             send(cmd) ===============> owned by the chip
 *             cmd_done() ===> owned by the engine <===== status is sent
 *                             cmd_free(cmd) ===========> gone
 *
 *   Every cmd_new()/tmf_new() is paired with exactly one cmd_free(), called
 *   while the engine owns the command; without a send() before it the
 *   exchange is terminated on the wire. recv_data() and send() which return
 *   an error leave the command with the engine.
 *
 * CONTEXT
 *   Up calls come from hardirq, softirq or process context, never sleep and
 *   are made without any lock of isp_mod held, so an up call may call down.
 *   cmd_new() and tmf_new() of one session come in arrival order and never
 *   in parallel; other calls may run in parallel on other CPUs.
 *   Down calls may come from any context unless said otherwise.
 */
#ifndef ISP_TPORT_H
#define ISP_TPORT_H

#include <linux/types.h>

struct device;
struct module;
struct scatterlist;

/* Changes whenever a table or a shared structure changes its meaning. */
#define ISP_TPORT_ABI 2

/* Names of the auxiliary devices, for an engine's id table. */
#define ISP_TPORT_MATCH_LIO "isp_mod.lio"
#define ISP_TPORT_MATCH_SCST "isp_mod.scst"

/* Longest CDB that is passed on: 16 bytes and FCP's additional CDB. */
#define ISP_TPORT_CDB_MAX 268

/* One channel; only isp_mod looks inside. */
struct isp_tport;

/**
 * enum isp_tport_bus - what a channel is wired to
 * @ISP_TPORT_FC:  Fibre Channel port
 * @ISP_TPORT_SPI: parallel SCSI bus
 */
enum isp_tport_bus {
	ISP_TPORT_FC,
	ISP_TPORT_SPI,
};

/**
 * enum isp_tport_dir - where a command's data goes
 * @ISP_TPORT_DIR_NONE:  no data
 * @ISP_TPORT_DIR_READ:  to the initiator
 * @ISP_TPORT_DIR_WRITE: from the initiator
 * @ISP_TPORT_DIR_BIDI:  both; the engine refuses it by SCSI status
 */
enum isp_tport_dir {
	ISP_TPORT_DIR_NONE,
	ISP_TPORT_DIR_READ,
	ISP_TPORT_DIR_WRITE,
	ISP_TPORT_DIR_BIDI,
};

/**
 * enum isp_tport_attr - task attribute [SAM-5 8.9]
 * @ISP_TPORT_SIMPLE:   simple queue; also any value reserved by FCP
 * @ISP_TPORT_HEAD:     head of queue
 * @ISP_TPORT_ORDERED:  ordered
 * @ISP_TPORT_ACA:      auto contingent allegiance
 * @ISP_TPORT_UNTAGGED: no tag (SPI only)
 */
enum isp_tport_attr {
	ISP_TPORT_SIMPLE,
	ISP_TPORT_HEAD,
	ISP_TPORT_ORDERED,
	ISP_TPORT_ACA,
	ISP_TPORT_UNTAGGED,
};

/**
 * enum isp_tport_tmf - task management function [SAM-5 7]
 * @ISP_TPORT_TMF_NONE:           an ordinary command
 * @ISP_TPORT_TMF_ABORT_TASK:     the command of the same session whose tag
 *                                is ref_tag; stands for FC's ABTS too
 * @ISP_TPORT_TMF_ABORT_TASK_SET: this session's commands on one LUN
 * @ISP_TPORT_TMF_CLEAR_TASK_SET: everybody's commands on one LUN
 * @ISP_TPORT_TMF_CLEAR_ACA:      clear auto contingent allegiance
 * @ISP_TPORT_TMF_LUN_RESET:      logical unit reset
 * @ISP_TPORT_TMF_TARGET_RESET:   all logical units of the target port
 * @ISP_TPORT_TMF_UNKNOWN:        none of these; to be answered as rejected
 */
enum isp_tport_tmf {
	ISP_TPORT_TMF_NONE,
	ISP_TPORT_TMF_ABORT_TASK,
	ISP_TPORT_TMF_ABORT_TASK_SET,
	ISP_TPORT_TMF_CLEAR_TASK_SET,
	ISP_TPORT_TMF_CLEAR_ACA,
	ISP_TPORT_TMF_LUN_RESET,
	ISP_TPORT_TMF_TARGET_RESET,
	ISP_TPORT_TMF_UNKNOWN,
};

/**
 * enum isp_tport_tmf_rsp - the engine's answer to a task management function
 * @ISP_TPORT_TMF_COMPLETE: done
 * @ISP_TPORT_TMF_NO_TASK:  no such task; on FC the same as done for the
 *                          function, but an ABTS learns that nothing was open
 * @ISP_TPORT_TMF_REJECTED: not supported
 * @ISP_TPORT_TMF_FAILED:   supported, did not work
 * @ISP_TPORT_TMF_BAD_LUN:  no such LUN
 */
enum isp_tport_tmf_rsp {
	ISP_TPORT_TMF_COMPLETE,
	ISP_TPORT_TMF_NO_TASK,
	ISP_TPORT_TMF_REJECTED,
	ISP_TPORT_TMF_FAILED,
	ISP_TPORT_TMF_BAD_LUN,
};

/**
 * enum isp_tport_resid - how the transfer missed the announced length
 * @ISP_TPORT_RESID_NONE:  not at all
 * @ISP_TPORT_RESID_UNDER: less was moved than the initiator announced
 * @ISP_TPORT_RESID_OVER:  the command had more than was announced
 */
enum isp_tport_resid {
	ISP_TPORT_RESID_NONE,
	ISP_TPORT_RESID_UNDER,
	ISP_TPORT_RESID_OVER,
};

/**
 * enum isp_tport_event - what happened to a channel
 * @ISP_TPORT_EV_ENABLED:   enable() has ended, err says how; on an error the
 *                          claim is already given back
 * @ISP_TPORT_EV_DISABLED:  disable() has ended or the channel was taken away
 *                          while enabled (err is then -ENODEV); the claim is
 *                          given back, no session or command remains
 * @ISP_TPORT_EV_LINK_UP:   the port takes part in the fabric, loop or bus
 * @ISP_TPORT_EV_LINK_DOWN: it does not; sessions stay until they are gone
 * @ISP_TPORT_EV_FAULT:     the adapter has failed and is being restarted;
 *                          every session will be gone
 */
enum isp_tport_event {
	ISP_TPORT_EV_ENABLED,
	ISP_TPORT_EV_DISABLED,
	ISP_TPORT_EV_LINK_UP,
	ISP_TPORT_EV_LINK_DOWN,
	ISP_TPORT_EV_FAULT,
};

/**
 * struct isp_tport_info - what a channel is, for names, logs and attributes
 * @bus:       FC or SPI
 * @wwpn:      FC: port name, 0 on SPI
 * @wwnn:      FC: node name, 0 on SPI
 * @bus_id:    SPI: own SCSI id, 0 on FC
 * @port_id:   FC: 24-bit address, 0 without link
 * @link_up:   the port takes part in the fabric, loop or bus
 * @speed_mbps: link speed in megabit per second, 0 without link
 * @enabled:   the target role runs
 * @max_sg:    scatterlist entries one command may have
 * @hba_name:  name of the adapter, static while attached
 * @host_no:   number of the adapter's SCSI host
 * @unit:      number of the adapter in load order
 * @devid:     PCI address of the adapter, bus << 16 | slot << 8 | function
 * @chan:      index of the channel on the adapter
 * @owner:     name of the engine that has claimed it, empty if none
 */
struct isp_tport_info {
	enum isp_tport_bus bus;
	u64 wwpn;
	u64 wwnn;
	u32 bus_id;
	u32 port_id;
	bool link_up;
	u32 speed_mbps;
	bool enabled;
	u32 max_sg;
	const char *hba_name;
	unsigned int host_no;
	unsigned int unit;
	u32 devid;
	unsigned int chan;
	char owner[16];
};

/**
 * struct isp_tport_sess - an initiator seen through one channel (I_T nexus)
 * @port:        its channel
 * @wwpn:        FC: initiator's port name; SPI: 0
 * @wwnn:        FC: initiator's node name if known, else 0
 * @port_id:     FC: 24-bit address at login; SPI: SCSI id
 * @engine:      argument of attach(), for the engine's use
 * @engine_sess: the engine's own; never touched by isp_mod
 *
 * isp_mod's from sess_new() until the engine has called sess_closed(), all
 * fields but @engine_sess constant for that time.
 */
struct isp_tport_sess {
	struct isp_tport *port;
	u64 wwpn;
	u64 wwnn;
	u32 port_id;
	void *engine;
	void *engine_sess;
};

/**
 * struct isp_tport_cmd - one SCSI command or task management function
 * @sess:      session it came by
 * @engine_cmd: engine_ops.cmd_priv_size bytes of the engine's own, aligned
 *             for any type, allocated with the command; NULL when the size
 *             is 0. Contents are whatever the command's last user left.
 * @tag:       unique among all open commands and functions of the channel
 * @lun:       the 8 bytes as the initiator sent them [SAM-5 4.7]
 * @cdb:       command descriptor block, constant until cmd_free()
 * @cdb_len:   its length, 6..ISP_TPORT_CDB_MAX; 0 for a function
 * @attr:      task attribute
 * @dir:       direction that the initiator announced
 * @data_len:  bytes that the initiator announced (FCP_DL)
 * @tmf:       function, ISP_TPORT_TMF_NONE for a command
 * @ref_tag:   TMF_ABORT_TASK: tag of the command to abort
 * @sg:        engine: buffer, set before recv_data() or a send() with data;
 *             the engine's memory, left alone until cmd_data()/cmd_done()
 * @nr_sg:     engine: entries in @sg, at most isp_tport_info.max_sg
 * @xfer_len:  engine: bytes to move with the next recv_data()/send(); never
 *             more than @data_len; 0 in a send() of status alone
 * @status:    engine: SCSI status byte for send()
 * @sense:     engine: sense data, its memory until cmd_done(); or NULL
 * @sense_len: engine: 0..252 bytes; sent in full
 * @resid_kind: engine: under, over or exact
 * @resid:     engine: bytes under or over
 */
struct isp_tport_cmd {
	struct isp_tport_sess *sess;
	void *engine_cmd;
	u64 tag;
	u8 lun[8];
	const u8 *cdb;
	u16 cdb_len;
	enum isp_tport_attr attr;
	enum isp_tport_dir dir;
	u32 data_len;
	enum isp_tport_tmf tmf;
	u64 ref_tag;

	struct scatterlist *sg;
	unsigned int nr_sg;
	u32 xfer_len;
	u8 status;
	const u8 *sense;
	u16 sense_len;
	enum isp_tport_resid resid_kind;
	u32 resid;
};

/**
 * struct isp_tport_engine_ops - up calls: what an engine offers to isp_mod
 * @abi:   ISP_TPORT_ABI
 * @size:  sizeof(struct isp_tport_engine_ops)
 * @owner: THIS_MODULE; held while the engine has a channel claimed. NULL: not
 *         held, the engine's unload takes its channels back by detach()
 * @name:  at most 15 characters, as it appears in messages ("lio")
 * @cmd_priv_size: bytes wanted in isp_tport_cmd.engine_cmd
 *
 * The table is constant and outlives every attachment.
 */
struct isp_tport_engine_ops {
	u32 abi;
	u32 size;
	struct module *owner;
	const char *name;
	u32 cmd_priv_size;

	/**
	 * @event: the channel changed; also called for attached engines
	 * that do not own the channel, with LINK_* alone. The channel is
	 * known by @engine, the argument of attach().
	 */
	void (*event)(void *engine, enum isp_tport_event ev, int err);

	/**
	 * @sess_new: an initiator has logged in or sent its first command.
	 * The engine answers with sess_ready(), at once or later from any
	 * context; until then the session's commands wait (and only those).
	 */
	void (*sess_new)(struct isp_tport_sess *sess);

	/**
	 * @sess_gone: the nexus is lost (logout, link, fault, disable). No
	 * cmd_new() or tmf_new() for it after this call; send() and
	 * recv_data() fail with -ENOTCONN. The engine aborts what it still
	 * has, frees each command, then calls sess_closed(). Comes only after
	 * a sess_ready() without error, possibly from inside it; a nexus lost
	 * earlier is told when the engine has said sess_ready().
	 */
	void (*sess_gone)(struct isp_tport_sess *sess);

	/** @cmd_new: a command has arrived; the engine owns it. */
	void (*cmd_new)(struct isp_tport_cmd *cmd);

	/** @tmf_new: a function has arrived; to be answered by tmf_send(). */
	void (*tmf_new)(struct isp_tport_cmd *cmd);

	/**
	 * @cmd_data: recv_data() has ended. err 0: xfer_len bytes are in sg.
	 * -ECONNABORTED: the exchange is dead (abort, logout, link), only
	 * cmd_free() makes sense. -EIO: the transfer failed, the exchange
	 * still takes a status.
	 */
	void (*cmd_data)(struct isp_tport_cmd *cmd, int err);

	/**
	 * @cmd_done: send() or tmf_send() has ended. err 0: the status left
	 * for the initiator; else it did not. cmd_free() is all that is left.
	 */
	void (*cmd_done)(struct isp_tport_cmd *cmd, int err);
};

/**
 * struct isp_tport_ops - down calls: what isp_mod offers to an engine
 * @abi:   ISP_TPORT_ABI
 * @size:  sizeof(struct isp_tport_ops)
 * @owner: isp_mod; held while a channel is claimed
 */
struct isp_tport_ops {
	u32 abi;
	u32 size;
	struct module *owner;

	/**
	 * @attach: bind an engine to a channel; @engine comes back in every
	 * up call. Return: 0; -EPROTO: tables do not match, or an op is
	 * missing; -EEXIST: an engine of that name is attached already;
	 * -ENODEV: the channel is gone.
	 */
	int (*attach)(struct isp_tport *port,
		      const struct isp_tport_engine_ops *ops, void *engine);

	/**
	 * @detach: undo attach(). Context: process, may sleep where isp_mod
	 * runs in a kernel. An enabled channel is disabled first, so sessions
	 * must be able to close meanwhile. After the return there is no
	 * call in either direction.
	 */
	void (*detach)(struct isp_tport *port, void *engine);

	/**
	 * @enable: claim the channel and start the target role; the end is
	 * told by ISP_TPORT_EV_ENABLED. Return: 0: under way; -EBUSY:
	 * another engine owns it (the log names it) or a disable is under
	 * way; -EALREADY: it is enabled; -EPERM: the role is not available
	 * on this adapter; -ENOMEM; -ENODEV: gone.
	 */
	int (*enable)(struct isp_tport *port, void *engine);

	/**
	 * @disable: end the target role; sessions are gone first, then
	 * ISP_TPORT_EV_DISABLED. Waits for the engine's sess_closed() calls
	 * without a limit of its own. Return: 0: under way; -EALREADY: not
	 * enabled by the caller; -ENODEV: gone.
	 */
	int (*disable)(struct isp_tport *port, void *engine);

	/** @get_info: fill @info. Return: 0; -ENODEV: gone. */
	int (*get_info)(struct isp_tport *port, struct isp_tport_info *info);

	/**
	 * @dma_device: the device that will DMA from and to sg lists, for an
	 * engine that allocates its buffers near it. Valid while attached.
	 */
	struct device *(*dma_device)(struct isp_tport *port);

	/**
	 * @sess_ready: the engine's answer to sess_new(). @err 0: commands
	 * may come, and may come before this returns. -EACCES: the initiator
	 * is not allowed in; its login is refused. Any other error: not now;
	 * its commands get BUSY and a new login is asked for later.
	 * After an error the engine has no session, isp_mod keeps nothing.
	 */
	void (*sess_ready)(struct isp_tport_sess *sess, int err);

	/** @sess_closed: the engine is through with a gone session. */
	void (*sess_closed)(struct isp_tport_sess *sess);

	/**
	 * @sess_drop: the engine wants the session ended (an ACL went away):
	 * the initiator is logged out, sess_gone() follows. Nothing happens
	 * to one that is lost already: the initiator may be logged in anew.
	 */
	void (*sess_drop)(struct isp_tport_sess *sess);

	/**
	 * @recv_data: fetch xfer_len bytes of a WRITE into sg. The end is
	 * told by cmd_data(). Return: 0; -EINVAL: no WRITE, or sg too long;
	 * -ENOTCONN: session is gone; -ECONNABORTED: exchange is dead.
	 */
	int (*recv_data)(struct isp_tport_cmd *cmd);

	/**
	 * @send: send data of a READ (xfer_len of them) and the status in
	 * one go; or the status alone. The end is told by cmd_done().
	 * Return: as recv_data().
	 */
	int (*send)(struct isp_tport_cmd *cmd);

	/**
	 * @cmd_abort: the engine gives the data of a WRITE up: a recv_data()
	 * under way ends soon (cmd_data() may come before the return), a later
	 * one fails, both with -ECONNABORTED. An answer that is on its way
	 * ends by itself. The engine keeps the command from being freed until
	 * the return.
	 */
	void (*cmd_abort)(struct isp_tport_cmd *cmd);

	/** @tmf_send: answer a function. Return: as recv_data(). */
	int (*tmf_send)(struct isp_tport_cmd *cmd, enum isp_tport_tmf_rsp rsp);

	/** @cmd_free: give a command or function back. */
	void (*cmd_free)(struct isp_tport_cmd *cmd);

	/**
	 * @plug: more send() or recv_data() calls will follow soon: gather
	 * them under one doorbell. Nests; each plug() needs an unplug().
	 */
	void (*plug)(struct isp_tport *port);

	/** @unplug: ring the doorbell for what was gathered. */
	void (*unplug)(struct isp_tport *port);
};

/**
 * struct isp_tport_binding - platform data of an auxiliary device
 * @ops:  down calls
 * @port: the channel
 */
struct isp_tport_binding {
	const struct isp_tport_ops *ops;
	struct isp_tport *port;
};

#endif /* ISP_TPORT_H */
