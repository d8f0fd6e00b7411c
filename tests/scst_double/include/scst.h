/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SCST's target interface as the test double offers it: the names that
 * isp_scst uses, compatible in source with SCST's own scst.h. Never
 * installed; a driver built with it runs over scst_double.ko alone.
 *
 * The getters note in a command what the driver has asked for, so that
 * the double can tell an answer that was put together from half of it.
 */
#ifndef SCST_DOUBLE_H
#define SCST_DOUBLE_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/dma-direction.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <scsi/scsi.h>

#include "scst_const.h"

struct scst_acg;
struct scst_tgt_dev;
struct scst_trace_log;

/* Bits of scst_cmd.asked. */
enum scst_double_asked {
	SCST_DOUBLE_ASKED_ABORTED,
	SCST_DOUBLE_ASKED_LEN,
	SCST_DOUBLE_ASKED_SG,
	SCST_DOUBLE_ASKED_STATUS,
	SCST_DOUBLE_ASKED_SENSE,
	SCST_DOUBLE_ASKED_RESID,
	SCST_DOUBLE_ASKED_SEND_STATUS,
	SCST_DOUBLE_ASKED_WRITE,
};

/**
 * struct scst_tgt - a target port
 * @tgt_priv:     the driver's
 * @sg_tablesize: entries of a scatterlist, at most
 * @tgt_name:     name in sysfs
 * @tgt_kobj:     directory in sysfs
 * @rel_tgt_id:   relative target port id, 0 until enabled
 */
struct scst_tgt {
	void *tgt_priv;
	int sg_tablesize;
	char *tgt_name;
	struct kobject tgt_kobj;
	u16 rel_tgt_id;
};

/**
 * struct scst_session - an initiator at a target port
 * @tgt_priv:       the driver's
 * @tgt:            the port
 * @initiator_name: as registered
 * @sess_kobj:      directory in sysfs
 */
struct scst_session {
	void *tgt_priv;
	struct scst_tgt *tgt;
	char *initiator_name;
	struct kobject sess_kobj;
};

/**
 * struct scst_cmd - a SCSI command
 * @asked:      what the driver has asked for, enum scst_double_asked
 * @tgt_priv:   the driver's
 * @sess:       session
 * @tgt:        port
 * @tag:        the driver's
 * @queue_type: task attribute
 * @expected_set: the driver has told what the initiator expects
 * @expected_dir: direction that it expects
 * @expected_len: bytes that it expects
 * @expected_out_len: bytes of a bidirectional command's other direction
 * @cdb:        command descriptor block
 * @cdb_len:    its bytes
 * @data_dir:   direction by the CDB, NONE after an error
 * @sg:         buffer
 * @sg_cnt:     its entries
 * @bufflen:    its bytes
 * @write_len:  bytes to be fetched
 * @resp_data_len: bytes that the command has given
 * @adjusted_resp_data_len: those of them that the initiator expects
 * @is_send_status: a status is to be sent
 * @resid_possible: scst_get_resid() may have something to say
 * @atomic:     the callback that runs must not sleep
 * @aborted:    somebody has aborted the command
 * @aborted_other: and its initiator still wants a status
 * @status:     SCSI status
 * @sense:      sense data or NULL
 * @sense_len:  its bytes
 * @delivery_status: SCST_CMD_DELIVERY_*
 */
struct scst_cmd {
	unsigned long *asked;
	void *tgt_priv;
	struct scst_session *sess;
	struct scst_tgt *tgt;
	u64 tag;
	enum scst_cmd_queue_type queue_type;
	bool expected_set;
	scst_data_direction expected_dir;
	int expected_len;
	int expected_out_len;
	u8 *cdb;
	unsigned int cdb_len;
	scst_data_direction data_dir;
	struct scatterlist *sg;
	int sg_cnt;
	int bufflen;
	int write_len;
	int resp_data_len;
	int adjusted_resp_data_len;
	bool is_send_status;
	bool resid_possible;
	bool atomic;
	bool aborted;
	bool aborted_other;
	u8 status;
	u8 *sense;
	int sense_len;
	int delivery_status;
};

/**
 * struct scst_mgmt_cmd - a task management function
 * @tgt_priv: the driver's
 * @sess:     session
 * @fn:       SCST_ABORT_TASK and so on
 * @status:   SCST_MGMT_STATUS_*
 */
struct scst_mgmt_cmd {
	void *tgt_priv;
	struct scst_session *sess;
	int fn;
	int status;
};

/**
 * struct scst_rx_mgmt_params - a task management function that has arrived
 * @fn:       SCST_ABORT_TASK and so on
 * @tag:      command to abort
 * @lun:      LUN as the initiator sent it
 * @lun_len:  its bytes
 * @cmd_sn:   not used
 * @atomic:   the call must not sleep
 * @tgt_priv: the driver's
 * @tag_set:  @tag is valid
 * @lun_set:  @lun is valid
 * @cmd_sn_set: not used
 */
struct scst_rx_mgmt_params {
	int fn;
	u64 tag;
	const u8 *lun;
	int lun_len;
	u32 cmd_sn;
	int atomic;
	void *tgt_priv;
	unsigned char tag_set;
	unsigned char lun_set;
	unsigned char cmd_sn_set;
};

/**
 * struct scst_aen - an asynchronous event for an initiator
 * @event_fn: SCST_AEN_SCSI and so on
 * @sess:     session
 * @lun:      LUN, big-endian
 * @sense:    sense data
 * @sense_len: its bytes
 * @delivery_status: SCST_AEN_RES_*
 */
struct scst_aen {
	int event_fn;
	struct scst_session *sess;
	__be64 lun;
	u8 sense[SCST_STANDARD_SENSE_LEN];
	int sense_len;
	int delivery_status;
};

/**
 * struct scst_tgt_template - what a target driver offers
 * @preferred_addr_method: form of LUNs in REPORT LUNS
 * @max_hw_pending_time: seconds that the driver may keep a command, 0 for ever
 * @sg_tablesize:     default of scst_tgt.sg_tablesize
 * @unchecked_isa_dma: buffers below 16 MiB (refused by the double)
 * @use_clustering:   entries of a scatterlist may be longer than a page
 * @no_clustering:    they may not
 * @xmit_response_atomic: xmit_response() does not sleep
 * @rdy_to_xfer_atomic: rdy_to_xfer() does not sleep
 * @enabled_attr_not_needed: targets are always enabled
 * @xmit_response:    send data and status
 * @rdy_to_xfer:      fetch the data of a WRITE
 * @on_hw_pending_cmd_timeout: the driver keeps a command for too long
 * @on_free_cmd:      a command is gone
 * @tgt_alloc_data_buf: refused by the double
 * @preprocessing_done: refused by the double
 * @pre_exec:         refused by the double
 * @task_mgmt_affected_cmds_done: the commands of a function are gone
 * @task_mgmt_fn_done: a function is done
 * @on_abort_cmd:     a command is aborted
 * @release:          a target goes
 * @report_aen:       send an asynchronous event
 * @get_initiator_port_transport_id: name of an initiator for reservations
 * @enable_target:    switch a port on or off
 * @is_target_enabled: is it on?
 * @add_target:       make a virtual port
 * @del_target:       remove it
 * @mgmt_cmd:         other words written to the driver's mgmt file
 * @close_session:    end a session
 * @get_phys_transport_version: version descriptor for INQUIRY
 * @get_scsi_transport_version: the same
 * @name:             name in sysfs
 * @threads_num:      not negative; not used by the double
 * @default_trace_flags: not used by the double
 * @trace_flags:      not used by the double
 * @trace_tbl:        not used by the double
 * @trace_tbl_help:   not used by the double
 * @tgtt_attrs:       files of the driver's directory
 * @tgt_attrs:        files of every target's directory
 * @sess_attrs:       files of every session's directory
 * @acg_attrs:        files of every group's directory
 * @mgmt_cmd_help:    text for the driver's mgmt file
 * @add_target_parameters: text for it
 * @tgtt_optional_attributes: text for it
 * @tgt_optional_attributes: text for it
 * @get_serial:       refused by the double
 * @tgt_list:         the double's
 * @scst_template_list_entry: the double's
 * @tgtt_dir:         the double's
 */
struct scst_tgt_template {
	enum scst_lun_addr_method preferred_addr_method;
	int max_hw_pending_time;
	int sg_tablesize;
	unsigned int unchecked_isa_dma : 1;
	unsigned int use_clustering : 1;
	unsigned int no_clustering : 1;
	unsigned int xmit_response_atomic : 1;
	unsigned int rdy_to_xfer_atomic : 1;
	unsigned int enabled_attr_not_needed : 1;
	int (*xmit_response)(struct scst_cmd *cmd);
	int (*rdy_to_xfer)(struct scst_cmd *cmd);
	void (*on_hw_pending_cmd_timeout)(struct scst_cmd *cmd);
	void (*on_free_cmd)(struct scst_cmd *cmd);
	int (*tgt_alloc_data_buf)(struct scst_cmd *cmd);
	void (*preprocessing_done)(struct scst_cmd *cmd);
	int (*pre_exec)(struct scst_cmd *cmd);
	void (*task_mgmt_affected_cmds_done)(struct scst_mgmt_cmd *mcmd);
	void (*task_mgmt_fn_done)(struct scst_mgmt_cmd *mcmd);
	void (*on_abort_cmd)(struct scst_cmd *cmd);
	int (*release)(struct scst_tgt *tgt);
	int (*report_aen)(struct scst_aen *aen);
	int (*get_initiator_port_transport_id)(struct scst_tgt *tgt,
					       struct scst_session *sess,
					       uint8_t **transport_id);
	int (*enable_target)(struct scst_tgt *tgt, bool enable);
	bool (*is_target_enabled)(struct scst_tgt *tgt);
	ssize_t (*add_target)(const char *target_name, char *params);
	ssize_t (*del_target)(const char *target_name);
	ssize_t (*mgmt_cmd)(char *cmd);
	int (*close_session)(struct scst_session *sess);
	uint16_t (*get_phys_transport_version)(struct scst_tgt *tgt);
	uint16_t (*get_scsi_transport_version)(struct scst_tgt *tgt);
	const char name[SCST_MAX_NAME];
	int threads_num;
	const unsigned long default_trace_flags;
	unsigned long *trace_flags;
	struct scst_trace_log *trace_tbl;
	const char *trace_tbl_help;
	const struct attribute **tgtt_attrs;
	const struct attribute **tgt_attrs;
	const struct attribute **sess_attrs;
	const struct attribute **acg_attrs;
	const char *mgmt_cmd_help;
	const char *add_target_parameters;
	const char *tgtt_optional_attributes;
	const char *tgt_optional_attributes;
	int (*get_serial)(const struct scst_tgt_dev *tgt_dev, char *buf,
			  int size);
	struct list_head tgt_list;
	struct list_head scst_template_list_entry;
	void *tgtt_dir;
};

int __scst_register_target_template(struct scst_tgt_template *vtt,
				    const char *version);
void scst_unregister_target_template(struct scst_tgt_template *vtt);
struct scst_tgt *scst_register_target(struct scst_tgt_template *vtt,
				      const char *target_name);
void scst_unregister_target(struct scst_tgt *tgt);
struct scst_session *scst_register_session(
	struct scst_tgt *tgt, int atomic, const char *initiator_name,
	void *tgt_priv, void *result_fn_data,
	void (*result_fn)(struct scst_session *sess, void *data, int result));
void scst_unregister_session(struct scst_session *sess, int wait,
			     void (*unreg_done_fn)(struct scst_session *sess));
bool scst_initiator_has_luns(struct scst_tgt *tgt, const char *initiator_name);
void scst_set_initial_UA(struct scst_session *sess, int key, int asc, int ascq);

struct scst_cmd *scst_rx_cmd(struct scst_session *sess, const uint8_t *lun,
			     int lun_len, const uint8_t *cdb,
			     unsigned int cdb_len, bool atomic);
void scst_cmd_init_done(struct scst_cmd *cmd,
			enum scst_exec_context pref_context);
void scst_rx_data(struct scst_cmd *cmd, int status,
		  enum scst_exec_context pref_context);
void scst_tgt_cmd_done(struct scst_cmd *cmd,
		       enum scst_exec_context pref_context);
int scst_rx_mgmt_fn(struct scst_session *sess,
		    const struct scst_rx_mgmt_params *params);
void scst_cmd_get(struct scst_cmd *cmd);
void scst_cmd_put(struct scst_cmd *cmd);
int scst_set_cmd_error_status(struct scst_cmd *cmd, int status);
int scst_set_cmd_error(struct scst_cmd *cmd, int key, int asc, int ascq);
void scst_set_busy(struct scst_cmd *cmd);
void scst_cmd_set_write_not_received_data_len(struct scst_cmd *cmd,
					      int not_received);
struct scst_cmd *scst_find_cmd_by_tag(struct scst_session *sess, uint64_t tag);
struct scst_cmd *scst_find_cmd(struct scst_session *sess, void *data,
			       int (*cmp_fn)(struct scst_cmd *cmd, void *data));
void scst_update_hw_pending_start(struct scst_cmd *cmd);
void scst_aen_done(struct scst_aen *aen);
bool __scst_get_resid(struct scst_cmd *cmd, int *resid, int *bidi_out_resid);
enum dma_data_direction scst_to_tgt_dma_dir(int scst_dir);
uint64_t scst_unpack_lun(const uint8_t *lun, int len);

static inline int scst_register_target_template(struct scst_tgt_template *vtt)
{
	return __scst_register_target_template(vtt, SCST_INTERFACE_VERSION);
}

static inline void scst_rx_mgmt_params_init(struct scst_rx_mgmt_params *params)
{
	memset(params, 0, sizeof(*params));
}

static inline int scst_rx_mgmt_fn_tag(struct scst_session *sess, int fn,
				      uint64_t tag, int atomic, void *tgt_priv)
{
	struct scst_rx_mgmt_params params = {
		.fn = fn,
		.tag = tag,
		.tag_set = 1,
		.atomic = atomic,
		.tgt_priv = tgt_priv,
	};

	return scst_rx_mgmt_fn(sess, &params);
}

static inline int scst_rx_mgmt_fn_lun(struct scst_session *sess, int fn,
				      const void *lun, int lun_len, int atomic,
				      void *tgt_priv)
{
	struct scst_rx_mgmt_params params = {
		.fn = fn,
		.lun = lun,
		.lun_len = lun_len,
		.lun_set = !!lun,
		.atomic = atomic,
		.tgt_priv = tgt_priv,
	};

	return scst_rx_mgmt_fn(sess, &params);
}

/* Targets and sessions. */

static inline int scst_tgt_get_sg_tablesize(const struct scst_tgt *tgt)
{
	return tgt->sg_tablesize;
}

static inline void scst_tgt_set_sg_tablesize(struct scst_tgt *tgt, int val)
{
	tgt->sg_tablesize = val;
}

static inline void *scst_tgt_get_tgt_priv(const struct scst_tgt *tgt)
{
	return tgt->tgt_priv;
}

static inline void scst_tgt_set_tgt_priv(struct scst_tgt *tgt, void *val)
{
	tgt->tgt_priv = val;
}

static inline const char *scst_get_tgt_name(const struct scst_tgt *tgt)
{
	return tgt->tgt_name;
}

static inline struct kobject *scst_sysfs_get_tgt_kobj(struct scst_tgt *tgt)
{
	return &tgt->tgt_kobj;
}

static inline void *scst_sess_get_tgt_priv(const struct scst_session *sess)
{
	return sess->tgt_priv;
}

static inline void scst_sess_set_tgt_priv(struct scst_session *sess, void *val)
{
	sess->tgt_priv = val;
}

static inline struct kobject *
scst_sysfs_get_sess_kobj(struct scst_session *sess)
{
	return &sess->sess_kobj;
}

/* Commands. */

static inline const uint8_t *scst_cmd_get_cdb(const struct scst_cmd *cmd)
{
	return cmd->cdb;
}

static inline unsigned int scst_cmd_get_cdb_len(const struct scst_cmd *cmd)
{
	return cmd->cdb_len;
}

static inline struct scst_session *
scst_cmd_get_session(const struct scst_cmd *cmd)
{
	return cmd->sess;
}

static inline bool scst_cmd_atomic(struct scst_cmd *cmd)
{
	return cmd->atomic;
}

static inline int scst_cmd_get_resp_data_len(const struct scst_cmd *cmd)
{
	return cmd->resp_data_len;
}

static inline int
scst_cmd_get_adjusted_resp_data_len(const struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_LEN, cmd->asked);
	return cmd->adjusted_resp_data_len;
}

static inline int scst_cmd_get_is_send_status(const struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_SEND_STATUS, cmd->asked);
	return cmd->is_send_status;
}

static inline struct scatterlist *scst_cmd_get_sg(const struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_SG, cmd->asked);
	return cmd->sg;
}

static inline int scst_cmd_get_sg_cnt(const struct scst_cmd *cmd)
{
	return cmd->sg_cnt;
}

static inline int scst_cmd_get_bufflen(const struct scst_cmd *cmd)
{
	return cmd->bufflen;
}

static inline scst_data_direction
scst_cmd_get_data_direction(const struct scst_cmd *cmd)
{
	return cmd->data_dir;
}

static inline int scst_cmd_get_write_fields(struct scst_cmd *cmd,
					    struct scatterlist **sg,
					    int *sg_cnt)
{
	set_bit(SCST_DOUBLE_ASKED_WRITE, cmd->asked);
	*sg = cmd->sg;
	*sg_cnt = cmd->sg_cnt;
	return cmd->write_len;
}

static inline bool scst_get_resid(struct scst_cmd *cmd, int *resid,
				  int *bidi_out_resid)
{
	set_bit(SCST_DOUBLE_ASKED_RESID, cmd->asked);
	if (!cmd->resid_possible)
		return false;
	return __scst_get_resid(cmd, resid, bidi_out_resid);
}

static inline uint8_t scst_cmd_get_status(const struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_STATUS, cmd->asked);
	return cmd->status;
}

static inline uint8_t *scst_cmd_get_sense_buffer(const struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_SENSE, cmd->asked);
	return cmd->sense;
}

static inline int scst_cmd_get_sense_buffer_len(const struct scst_cmd *cmd)
{
	return cmd->sense_len;
}

static inline enum scst_cmd_queue_type
scst_cmd_get_queue_type(const struct scst_cmd *cmd)
{
	return cmd->queue_type;
}

static inline void scst_cmd_set_queue_type(struct scst_cmd *cmd,
					   enum scst_cmd_queue_type queue_type)
{
	cmd->queue_type = queue_type;
}

static inline uint64_t scst_cmd_get_tag(const struct scst_cmd *cmd)
{
	return cmd->tag;
}

static inline void scst_cmd_set_tag(struct scst_cmd *cmd, uint64_t tag)
{
	cmd->tag = tag;
}

static inline void *scst_cmd_get_tgt_priv(const struct scst_cmd *cmd)
{
	return cmd->tgt_priv;
}

static inline void scst_cmd_set_tgt_priv(struct scst_cmd *cmd, void *val)
{
	cmd->tgt_priv = val;
}

static inline bool scst_cmd_aborted(struct scst_cmd *cmd)
{
	return READ_ONCE(cmd->aborted);
}

static inline bool scst_cmd_aborted_on_xmit(struct scst_cmd *cmd)
{
	set_bit(SCST_DOUBLE_ASKED_ABORTED, cmd->asked);
	return READ_ONCE(cmd->aborted) && !READ_ONCE(cmd->aborted_other);
}

static inline void scst_cmd_set_expected(struct scst_cmd *cmd,
					 scst_data_direction dir, int len)
{
	cmd->expected_dir = dir;
	cmd->expected_len = len;
	cmd->expected_set = true;
}

static inline void scst_cmd_set_expected_out_transfer_len(struct scst_cmd *cmd,
							  int len)
{
	cmd->expected_out_len = len;
}

static inline int scst_cmd_is_expected_set(const struct scst_cmd *cmd)
{
	return cmd->expected_set;
}

static inline scst_data_direction
scst_cmd_get_expected_data_direction(const struct scst_cmd *cmd)
{
	return cmd->expected_dir;
}

static inline int scst_get_delivery_status(const struct scst_cmd *cmd)
{
	return cmd->delivery_status;
}

static inline void scst_set_delivery_status(struct scst_cmd *cmd, int status)
{
	cmd->delivery_status = status;
}

/* Task management and events. */

static inline void *scst_mgmt_cmd_get_tgt_priv(const struct scst_mgmt_cmd *mcmd)
{
	return mcmd->tgt_priv;
}

static inline int scst_mgmt_cmd_get_status(const struct scst_mgmt_cmd *mcmd)
{
	return mcmd->status;
}

static inline int scst_mgmt_cmd_get_fn(const struct scst_mgmt_cmd *mcmd)
{
	return mcmd->fn;
}

static inline int scst_aen_get_event_fn(const struct scst_aen *aen)
{
	return aen->event_fn;
}

static inline struct scst_session *scst_aen_get_sess(const struct scst_aen *aen)
{
	return aen->sess;
}

static inline __be64 scst_aen_get_lun(const struct scst_aen *aen)
{
	return aen->lun;
}

static inline const uint8_t *scst_aen_get_sense(const struct scst_aen *aen)
{
	return aen->sense;
}

static inline int scst_aen_get_sense_len(const struct scst_aen *aen)
{
	return aen->sense_len;
}

static inline void scst_set_aen_delivery_status(struct scst_aen *aen,
						int status)
{
	aen->delivery_status = status;
}

#endif /* SCST_DOUBLE_H */
