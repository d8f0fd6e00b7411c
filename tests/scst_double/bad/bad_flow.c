// SPDX-License-Identifier: GPL-2.0
/* What a driver may do besides success, and task management. */
#include "bad.h"

#include <linux/delay.h>

/* A WRITE of one block with a trick; what must come of it. */
struct flow_case {
	const char *what;
	enum bad_trick trick;
	bool answered;
	u8 key;
	u8 asc;
	int resid;
};

static const struct flow_case cases[] = {
	{ "QUEUE_FULL is tried again", BAD_FULL_ONCE, true },
	{ "NEED_THREAD_CTX gets a thread", BAD_THREAD_ONCE, true },
	{ "FATAL_ERROR of xmit_response ends the command", BAD_XMIT_FATAL },
	{ "FATAL_ERROR of rdy_to_xfer is a medium error", BAD_RDY_FATAL, true,
	  3, 0x03 },
	{ "no data: internal failure", BAD_RX_ERROR, true, 4, 0x44 },
	{ "no data, fatal: no answer", BAD_RX_FATAL },
	{ "no data: the driver's own error", BAD_RX_SENSE, true, 3, 0x03 },
	{ "part of the data", BAD_RX_PART, true, 0, 0, 256 },
};

static void run_case(struct scst_session *sess, const struct flow_case *want)
{
	struct bad_cmd *bad = bad_cmd_new(0x2a, SCST_DATA_WRITE, 512);
	bool good = false;

	if (bad) {
		bad->cdb[8] = 1;
		bad->trick = want->trick;
		good = !bad_cmd_run(sess, bad) &&
		       bad->answered == want->answered &&
		       (bad->sense[2] & 0xf) == want->key &&
		       bad->sense[12] == want->asc &&
		       (want->key || bad->resid == want->resid);
		if (!good)
			pr_info("scst_double_bad: # answered %d %x/%02x %d\n",
				bad->answered, bad->sense[2], bad->sense[12],
				bad->resid);
	}
	bad_ok(good, want->what);
	bad_cmd_free(bad);
}

struct late_work {
	struct work_struct work;
	struct bad_cmd *bad;
};

/* The data come when the driver has been told of the abort. */
static void resume_late(struct work_struct *work)
{
	struct bad_cmd *bad = container_of(work, struct late_work, work)->bad;
	int i;

	for (i = 0; i < BAD_WAIT_MS && !atomic_read(&bad->nr_aborts); i++)
		usleep_range(1000, 2000);
	bad_cmd_resume(bad);
}

static struct bad_cmd *held_write(struct scst_session *sess)
{
	struct bad_cmd *bad = bad_cmd_new(0x2a, SCST_DATA_WRITE, 512);

	if (!bad)
		return NULL;
	bad->cdb[8] = 1;
	bad->trick = BAD_HOLD_DATA;
	if (!bad_cmd_start(sess, bad))
		wait_for_completion_timeout(&bad->held,
					    msecs_to_jiffies(BAD_WAIT_MS));
	return bad;
}

static void consume_ua(struct scst_session *sess)
{
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (bad)
		bad_cmd_run(sess, bad);
	bad_cmd_free(bad);
}

/* The function hits a WRITE that is held for a while after it. */
static void tmf_hits(struct scst_session *sess, int fn, const char *what)
{
	struct bad_cmd *bad = held_write(sess);
	struct late_work late;
	int status;

	if (!bad) {
		bad_ok(false, what);
		return;
	}
	late.bad = bad;
	INIT_WORK_ONSTACK(&late.work, resume_late);
	schedule_work(&late.work);
	status = bad_tmf(sess, fn, bad->tag, 0);
	flush_work(&late.work);
	destroy_work_on_stack(&late.work);
	bad_ok(!bad_cmd_wait(bad) && status == SCST_MGMT_STATUS_SUCCESS &&
		       bad->aborted && atomic_read(&bad->nr_aborts) == 1,
	       what);
	bad_cmd_free(bad);
}

static void held_ends(struct scst_session *sess)
{
	struct bad_cmd *bad = held_write(sess);

	if (!bad) {
		bad_ok(false, "a held WRITE");
		return;
	}
	bad_ok(scst_find_cmd_by_tag(sess, bad->tag) == bad->cmd,
	       "the held command is found by its tag");
	bad_cmd_resume(bad);
	bad_ok(!bad_cmd_wait(bad) && bad->answered,
	       "it ends when its data arrive");
	bad_cmd_free(bad);
}

/**
 * bad_flow_run() - Try what is allowed.
 * @sess: session
 *
 * Context: process.
 */
void bad_flow_run(struct scst_session *sess)
{
	size_t i;
	int round;

	for (round = 0; round < 8; round++)
		for (i = 0; i < ARRAY_SIZE(cases); i++)
			run_case(sess, &cases[i]);
	held_ends(sess);
	tmf_hits(sess, SCST_ABORT_TASK, "ABORT TASK of a held WRITE");
	tmf_hits(sess, SCST_ABORT_TASK_SET, "ABORT TASK SET");
	tmf_hits(sess, SCST_CLEAR_TASK_SET, "CLEAR TASK SET");
	tmf_hits(sess, SCST_LUN_RESET, "LUN RESET");
	consume_ua(sess);
	tmf_hits(sess, SCST_TARGET_RESET, "TARGET RESET");
	consume_ua(sess);
	bad_ok(bad_tmf(sess, SCST_ABORT_TASK, 0xdead0000, 0) ==
		       SCST_MGMT_STATUS_TASK_NOT_EXIST,
	       "ABORT TASK of no task");
	bad_ok(bad_tmf(sess, SCST_LUN_RESET, 0, 7) ==
		       SCST_MGMT_STATUS_LUN_NOT_EXIST,
	       "LUN RESET of no LUN");
	bad_ok(bad_tmf(sess, SCST_CLEAR_ACA, 0, 0) == SCST_MGMT_STATUS_SUCCESS,
	       "CLEAR ACA");
}
