/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scst_double_bad.ko: a target driver without hardware. It plays initiator
 * too, behaves well first and then breaks each rule of the double once.
 */
#ifndef BAD_H
#define BAD_H

#include <linux/completion.h>
#include <linux/workqueue.h>

#include "../include/scst.h"
#include "../include/scst_double.h"

/* The longest data of a command here; how long anything may take. */
#define BAD_DATA_MAX 8192
#define BAD_WAIT_MS 10000

/**
 * enum bad_trick - what a command's callbacks do that they should not
 * @BAD_NONE:            nothing
 * @BAD_HOLD_DATA:       rdy_to_xfer() leaves the data to bad_cmd_resume();
 *                       allowed
 * @BAD_FULL_ONCE:       QUEUE_FULL the first time, by both; allowed
 * @BAD_THREAD_ONCE:     NEED_THREAD_CTX in atomic context; allowed
 * @BAD_XMIT_FATAL:      xmit_response() gives up; allowed
 * @BAD_RDY_FATAL:       rdy_to_xfer() gives up; allowed
 * @BAD_RX_ERROR:        the data did not come; allowed
 * @BAD_RX_FATAL:        neither they nor an answer are wanted; allowed
 * @BAD_RX_SENSE:        an error of the driver's own; allowed
 * @BAD_RX_PART:         half of the data did not come; allowed
 * @BAD_THREAD_AGAIN:    NEED_THREAD_CTX in a thread
 * @BAD_STRANGE_RC:      xmit_response() returns 5
 * @BAD_DONE_AND_FULL:   scst_tgt_cmd_done() and then QUEUE_FULL
 * @BAD_DONE_TWICE:      scst_tgt_cmd_done() twice
 * @BAD_DATA_TWICE:      scst_rx_data() twice
 * @BAD_DONE_FOR_DATA:   scst_tgt_cmd_done() in rdy_to_xfer()
 * @BAD_SAME_LATE:       scst_tgt_cmd_done(SAME) from a work
 * @BAD_NO_ABORT_CHECK:  scst_cmd_aborted_on_xmit() is not called
 * @BAD_ANSWER_ABORTED:  an aborted command is answered
 * @BAD_NO_LEN:          the length is not asked for
 * @BAD_NO_SENSE:        the sense data is not asked for
 * @BAD_NO_RESID:        the residual is not asked for
 * @BAD_NO_WRITE_FIELDS: the buffer of a WRITE is not asked for
 * @BAD_SENSE_SET:       ERROR_SENSE_SET without an error
 */
enum bad_trick {
	BAD_NONE,
	BAD_HOLD_DATA,
	BAD_FULL_ONCE,
	BAD_THREAD_ONCE,
	BAD_XMIT_FATAL,
	BAD_RDY_FATAL,
	BAD_RX_ERROR,
	BAD_RX_FATAL,
	BAD_RX_SENSE,
	BAD_RX_PART,
	BAD_THREAD_AGAIN,
	BAD_STRANGE_RC,
	BAD_DONE_AND_FULL,
	BAD_DONE_TWICE,
	BAD_DATA_TWICE,
	BAD_DONE_FOR_DATA,
	BAD_SAME_LATE,
	BAD_NO_ABORT_CHECK,
	BAD_ANSWER_ABORTED,
	BAD_NO_LEN,
	BAD_NO_SENSE,
	BAD_NO_RESID,
	BAD_NO_WRITE_FIELDS,
	BAD_SENSE_SET,
};

/**
 * struct bad_cmd - a command and its answer
 * @lun:     LUN as sent
 * @cdb:     command descriptor block
 * @cdb_len: its bytes
 * @dir:     direction that is expected
 * @len:     bytes that are expected
 * @no_expected: nothing is said about that, as on SPI
 * @queue:   task attribute
 * @ctx:     context of scst_cmd_init_done()
 * @trick:   what the callbacks do
 * @data:    sent or received
 * @tag:     chosen by bad_cmd_start()
 * @same_tag: 0, or the tag to take
 * @cmd:     SCST's
 * @tried:   calls of rdy_to_xfer() or xmit_response() that were refused
 * @work:    for late calls
 * @held:    BAD_HOLD_DATA: rdy_to_xfer() has been called
 * @freed:   on_free_cmd() has been called
 * @answered: there is an answer below
 * @nr_aborts: calls of on_abort_cmd()
 * @aborted: xmit_response() found it aborted
 * @status:  SCSI status
 * @sense:   sense data
 * @got:     bytes received
 * @wanted:  bytes that rdy_to_xfer() was to fetch, -1 if it was not called
 * @resid:   residual
 */
struct bad_cmd {
	u8 lun[8];
	u8 cdb[16];
	unsigned int cdb_len;
	scst_data_direction dir;
	int len;
	bool no_expected;
	int queue;
	enum scst_exec_context ctx;
	enum bad_trick trick;
	u8 *data;
	u64 tag;
	u64 same_tag;
	struct scst_cmd *cmd;
	atomic_t tried;
	struct work_struct work;
	struct completion held;
	struct completion freed;
	bool answered;
	atomic_t nr_aborts;
	bool aborted;
	u8 status;
	u8 sense[SCST_STANDARD_SENSE_LEN];
	int got;
	int wanted;
	int resid;
};

/**
 * enum bad_tid - what get_initiator_port_transport_id() does
 * @BAD_TID_GOOD:  what it should
 * @BAD_TID_ERROR: fails
 * @BAD_TID_NAME:  another port's name
 */
enum bad_tid {
	BAD_TID_GOOD,
	BAD_TID_ERROR,
	BAD_TID_NAME,
};

extern struct scst_tgt *bad_tgt;
extern enum bad_tid bad_tid;
extern bool bad_lies;

/* bad_drv.c */
int bad_drv_init(void);
void bad_drv_exit(void);
struct scst_session *bad_login(const char *name);
void bad_logout(struct scst_session *sess);
struct bad_cmd *bad_cmd_new(u8 opcode, scst_data_direction dir, int len);
void bad_cmd_free(struct bad_cmd *cmd);
int bad_cmd_start(struct scst_session *sess, struct bad_cmd *cmd);
int bad_cmd_wait(struct bad_cmd *cmd);
int bad_cmd_run(struct scst_session *sess, struct bad_cmd *cmd);
void bad_cmd_resume(struct bad_cmd *cmd);
int bad_tmf(struct scst_session *sess, int fn, u64 tag, u8 lun);
void bad_init_template(struct scst_tgt_template *vtt);

/* bad_report.c */
void bad_ok(bool good, const char *what);
void bad_report_end(void);

/* bad_scsi.c */
void bad_scsi_run(struct scst_session *sess);

/* bad_flow.c */
void bad_flow_run(struct scst_session *sess);

/* bad_rules.c */
void bad_rules_run(struct scst_session *sess);

#endif /* BAD_H */
