/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of isp_lio.ko share: ports, portal groups, sessions. */
#ifndef ISP_LIO_H
#define ISP_LIO_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

#include "../include/isp_tport.h"
#include "isp_lio_lane.h"
#include "isp_lio_wwn.h"

/*
 * Scatterlist entries of one command. The core cuts longer transfers and says
 * so in the block limits page; one continuation entry takes five of them.
 */
#define ISP_LIO_MAX_SG 1024

/* Commands of one LUN share a lane; lanes do not wait for each other. */
#define ISP_LIO_NR_LANES 32

/**
 * struct isp_lio_port - one channel that isp_mod offers us
 * @node:    in isp_lio_ports, protected by isp_lio_mutex
 * @dev:     for messages
 * @ops:     down calls
 * @tport:   the channel
 * @wwpn:    its name
 * @tpg:     portal group that uses it, or NULL; protected by isp_lio_mutex,
 *           constant while the channel is claimed
 * @enabled: the last enable() worked and nothing has ended it since
 * @started: completes with ISP_TPORT_EV_ENABLED
 * @start_err: what that event said
 * @stopped: completes with ISP_TPORT_EV_DISABLED
 * @lanes:   command lanes
 *
 * Allocated by the auxiliary driver's probe, freed by its remove.
 */
struct isp_lio_port {
	struct list_head node;
	struct device *dev;
	const struct isp_tport_ops *ops;
	struct isp_tport *tport;
	u64 wwpn;
	struct isp_lio_tpg *tpg;
	bool enabled;
	struct completion started;
	int start_err;
	struct completion stopped;
	struct isp_lio_lane lanes[ISP_LIO_NR_LANES];
};

/**
 * struct isp_lio_attrib - what a user may set for a portal group, 0 or 1 each
 * @generate_node_acls: initiators without an ACL may log in (demo mode)
 * @cache_dynamic_acls: keep what the core made for them after their logout
 * @demo_mode_write_protect: they may only read
 * @prod_mode_write_protect: those with an ACL may only read
 * @demo_mode_login_only: they see no LUNs
 */
struct isp_lio_attrib {
	u32 generate_node_acls;
	u32 cache_dynamic_acls;
	u32 demo_mode_write_protect;
	u32 prod_mode_write_protect;
	u32 demo_mode_login_only;
};

/**
 * struct isp_lio_wwn - configfs directory of a target port name
 * @se_wwn: the core's part
 * @node:   in isp_lio_wwns, protected by isp_lio_mutex
 * @wwpn:   the name
 * @name:   the name in colon form, as the core wants it in a TransportID
 * @tpg:    its portal group if made; protected by isp_lio_mutex
 */
struct isp_lio_wwn {
	struct se_wwn se_wwn;
	struct list_head node;
	u64 wwpn;
	char name[ISP_LIO_WWN_LEN];
	struct isp_lio_tpg *tpg;
};

/**
 * struct isp_lio_tpg - configfs directory tpgt_1
 * @se_tpg: the core's part
 * @wwn:    the directory above
 * @attrib: user's settings
 * @port:   channel that serves it; NULL: none, or it is gone (an orphan);
 *          protected by isp_lio_mutex
 * @want:   the user has enabled it; protected by isp_lio_mutex
 */
struct isp_lio_tpg {
	struct se_portal_group se_tpg;
	struct isp_lio_wwn *wwn;
	struct isp_lio_attrib attrib;
	struct isp_lio_port *port;
	bool want;
};

/**
 * struct isp_lio_sess - an initiator
 * @ref:     one for isp_mod's session, one for whoever is in close_session
 * @port:    the channel it came by
 * @lock:    protects @sess and @resets
 * @sess:    isp_mod's part; NULL when that may be gone
 * @se_sess: the core's part, NULL until set up
 * @start:   sets it up
 * @stop:    takes it down
 * @resets:  LOGICAL UNIT RESETs of this initiator that have not ended
 * @nr_cmds: commands and functions that isp_mod has not got back
 * @port_id: its address at login, for "info"
 * @name:    initiator's port name in colon form
 */
struct isp_lio_sess {
	struct kref ref;
	struct isp_lio_port *port;
	spinlock_t lock;
	struct isp_tport_sess *sess; /* protected by lock */
	struct se_session *se_sess;
	struct work_struct start;
	struct work_struct stop;
	struct list_head resets; /* protected by lock */
	atomic_t nr_cmds;
	u32 port_id;
	char name[ISP_LIO_WWN_LEN];
};

/* What a lane's hand has to do with a command. */
enum isp_lio_step {
	ISP_LIO_NEW,
	ISP_LIO_TMF,
	ISP_LIO_DATA,
	ISP_LIO_DONE,
};

/**
 * struct isp_lio_cmd - our part of a command, lives in isp_tport_cmd
 * @se_cmd: the core's part
 * @cmd:    isp_mod's part
 * @turn:   its place in the lane where it waits
 * @reset_node: of a LOGICAL UNIT RESET, in isp_lio_sess.resets
 * @step:   what the hand has to do next
 * @err:    of the last cmd_data()
 * @bare:   the core does not know it
 * @moved:  data of a WRITE has arrived
 * @sense:  sense data
 */
struct isp_lio_cmd {
	struct se_cmd se_cmd;
	struct isp_tport_cmd *cmd;
	struct isp_lio_turn turn;
	struct list_head reset_node;
	enum isp_lio_step step;
	int err;
	bool bare;
	bool moved;
	u8 sense[TRANSPORT_SENSE_BUFFER];
};

extern struct mutex isp_lio_mutex;
extern struct list_head isp_lio_ports;
extern struct list_head isp_lio_wwns;
extern struct workqueue_struct *isp_lio_sess_wq;
extern const struct target_core_fabric_ops isp_lio_fabric_ops;

struct isp_lio_port *isp_lio_port_find(u64 wwpn);
int isp_lio_port_start(struct isp_lio_port *port, struct isp_lio_tpg *tpg);
void isp_lio_port_stop(struct isp_lio_port *port);

void isp_lio_sess_new(struct isp_tport_sess *sess);
void isp_lio_sess_gone(struct isp_tport_sess *sess);
void isp_lio_sess_close(struct se_session *se_sess);

/* isp_lio_cmd.c */
void isp_lio_cmd_step(struct isp_lio_turn *turn);
void isp_lio_cmd_new(struct isp_tport_cmd *cmd);
void isp_lio_tmf_new(struct isp_tport_cmd *cmd);
void isp_lio_cmd_data(struct isp_tport_cmd *cmd, int err);
void isp_lio_cmd_done(struct isp_tport_cmd *cmd, int err);
int isp_lio_cmd_write_pending(struct se_cmd *se_cmd);
int isp_lio_cmd_data_in(struct se_cmd *se_cmd);
int isp_lio_cmd_status(struct se_cmd *se_cmd);
void isp_lio_cmd_tmf_rsp(struct se_cmd *se_cmd);
void isp_lio_cmd_aborted(struct se_cmd *se_cmd);
int isp_lio_cmd_stop_free(struct se_cmd *se_cmd);
void isp_lio_cmd_release(struct se_cmd *se_cmd);

#endif /* ISP_LIO_H */
