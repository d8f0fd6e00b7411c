/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of isp_scst.ko share: adapters, ports, targets, sessions. */
#ifndef ISP_SCST_H
#define ISP_SCST_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "scst.h"

#include "../include/isp_tport.h"

/* Names a user meets: the driver in SCST, and its directory in /proc. */
#define ISP_SCST_NAME "qla_isp"

/* "21:00:00:1b:32:01:02:03" and its end. */
#define ISP_SCST_WWN_LEN 24

struct proc_dir_entry;

/**
 * struct isp_scst_hba - an adapter, which is a file in /proc
 * @node:    in isp_scst_hbas, protected by isp_scst_lists
 * @host_no: number of its SCSI host, which is the file's name
 * @unit:    its number in load order
 * @devid:   its PCI address
 * @bus:     FC or SPI
 * @nr_ports: ports that use this, protected by isp_scst_bind
 * @ports:   those that can be seen, protected by isp_scst_lists
 * @proc:    the file, or NULL
 */
struct isp_scst_hba {
	struct list_head node;
	unsigned int host_no;
	unsigned int unit;
	u32 devid;
	enum isp_tport_bus bus;
	unsigned int nr_ports;
	struct list_head ports;
	struct proc_dir_entry *proc;
};

/**
 * struct isp_scst_tgt - a target in SCST, named by a port
 * @node:    in isp_scst_tgts, protected by isp_scst_bind
 * @scst:    SCST's part
 * @mutex:   covers every enable, disable, bind and unbind from start to end
 * @port:    channel that serves it; NULL: it is gone (an orphan); protected
 *           by @mutex, constant while the channel is claimed
 * @want:    the user has enabled it; protected by @mutex
 * @enabled: the channel is claimed and runs
 * @wwpn:    port name
 * @wwnn:    node name
 * @name:    @wwpn in colon form
 *
 * Made by the first port of its name, freed when the module goes.
 */
struct isp_scst_tgt {
	struct list_head node;
	struct scst_tgt *scst;
	struct mutex mutex; /* see LOCKING in isp_scst_main.c */
	struct isp_scst_port *port;
	bool want;
	bool enabled;
	u64 wwpn;
	u64 wwnn;
	char name[ISP_SCST_WWN_LEN];
};

/**
 * struct isp_scst_port - one channel that isp_mod offers us
 * @node:    in hba->ports, protected by isp_scst_lists
 * @hba:     its adapter
 * @dev:     for messages
 * @ops:     down calls
 * @tport:   the channel
 * @chan:    its index on the adapter
 * @tgt:     its target
 * @linked:  the target's link "host" is there
 * @started: completes with ISP_TPORT_EV_ENABLED
 * @start_err: what that event said
 * @stopped: completes with ISP_TPORT_EV_DISABLED
 *
 * Allocated by the auxiliary driver's probe, freed by its remove.
 */
struct isp_scst_port {
	struct list_head node;
	struct isp_scst_hba *hba;
	struct device *dev;
	const struct isp_tport_ops *ops;
	struct isp_tport *tport;
	unsigned int chan;
	struct isp_scst_tgt *tgt;
	bool linked;
	struct completion started;
	int start_err;
	struct completion stopped;
};

/**
 * struct isp_scst_sess - an initiator
 * @port:    the channel it came by
 * @tsess:   isp_mod's part
 * @scst:    SCST's part, NULL until set up
 * @lock:    protects every command's tie to SCST, see isp_scst_cmd.c
 * @start:   sets it up
 * @stop:    takes it down
 * @drop:    asks isp_mod to end it
 * @nr_cmds: commands and functions that isp_mod has not got back
 * @wwpn:    initiator's port name
 * @name:    @wwpn in colon form
 */
struct isp_scst_sess {
	struct isp_scst_port *port;
	struct isp_tport_sess *tsess;
	struct scst_session *scst;
	spinlock_t lock; /* taken inside SCST's, never around them */
	struct work_struct start;
	struct work_struct stop;
	struct work_struct drop;
	atomic_t nr_cmds;
	u64 wwpn;
	char name[ISP_SCST_WWN_LEN];
};

/**
 * struct isp_scst_cmd - our part of a command, lives in isp_tport_cmd
 * @cmd:     isp_mod's part
 * @sess:    its session
 * @scst:    SCST's part, valid as long as SCST's points here
 * @ref:     one of SCST's command, one of the @abort under way
 * @abort:   gives its data up
 * @aborting: @abort was queued, protected by sess->lock
 * @bare:    SCST does not know it
 * @asked:   bytes of a WRITE that are being fetched
 * @moved:   bytes that have arrived
 */
struct isp_scst_cmd {
	struct isp_tport_cmd *cmd;
	struct isp_scst_sess *sess;
	struct scst_cmd *scst;
	refcount_t ref;
	struct work_struct abort;
	bool aborting;
	bool bare;
	u32 asked;
	u32 moved;
};

extern struct mutex isp_scst_lists;
extern struct list_head isp_scst_hbas;
extern struct workqueue_struct *isp_scst_sess_wq;
extern struct workqueue_struct *isp_scst_cmd_wq;
extern struct scst_tgt_template isp_scst_template;

void isp_scst_wwn_format(char *name, u64 wwn);
int isp_scst_tgt_start(struct isp_scst_tgt *tgt);
void isp_scst_tgt_stop(struct isp_scst_tgt *tgt);
int isp_scst_tgt_switch(struct isp_scst_tgt *tgt, bool on);

int isp_scst_proc_init(void);
void isp_scst_proc_exit(void);
void isp_scst_proc_add(struct isp_scst_hba *hba);
void isp_scst_proc_remove(struct isp_scst_hba *hba);

void isp_scst_sess_new(struct isp_tport_sess *tsess);
void isp_scst_sess_gone(struct isp_tport_sess *tsess);
int isp_scst_sess_close(struct scst_session *scst);

void isp_scst_cmd_new(struct isp_tport_cmd *cmd);
void isp_scst_tmf_new(struct isp_tport_cmd *cmd);
void isp_scst_cmd_data(struct isp_tport_cmd *cmd, int err);
void isp_scst_cmd_done(struct isp_tport_cmd *cmd, int err);
int isp_scst_cmd_rdy_to_xfer(struct scst_cmd *scst);
int isp_scst_cmd_xmit_response(struct scst_cmd *scst);
void isp_scst_cmd_abort(struct scst_cmd *scst);
void isp_scst_cmd_overdue(struct scst_cmd *scst);
void isp_scst_cmd_free(struct scst_cmd *scst);
void isp_scst_tmf_done(struct scst_mgmt_cmd *mcmd);

#endif /* ISP_SCST_H */
