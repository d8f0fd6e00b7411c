// SPDX-License-Identifier: GPL-2.0
/* Each rule of the double, broken on purpose. */
#include "bad.h"

#include <linux/delay.h>

static struct scst_session *sess;

static bool run(struct bad_cmd *bad)
{
	bool good = bad && !bad_cmd_run(sess, bad);

	bad_cmd_free(bad);
	return good;
}

static struct bad_cmd *with(enum bad_trick trick)
{
	struct bad_cmd *bad = bad_cmd_new(0x2a, SCST_DATA_WRITE, 512);

	if (bad) {
		bad->cdb[8] = 1;
		bad->trick = trick;
	}
	return bad;
}

static void trick(enum bad_trick what)
{
	run(with(what));
}

#define TRICK(name, what)      \
	static void name(void) \
	{                      \
		trick(what);   \
	}
TRICK(strange_rc, BAD_STRANGE_RC)
TRICK(done_and_full, BAD_DONE_AND_FULL)
TRICK(done_twice, BAD_DONE_TWICE)
TRICK(data_twice, BAD_DATA_TWICE)
TRICK(done_for_data, BAD_DONE_FOR_DATA)
TRICK(same_late, BAD_SAME_LATE)
TRICK(no_abort_check, BAD_NO_ABORT_CHECK)
TRICK(no_len, BAD_NO_LEN)
TRICK(no_write_fields, BAD_NO_WRITE_FIELDS)
TRICK(sense_set, BAD_SENSE_SET)

/* Only a call in a thread can ask there for a thread. */
static void thread_again(void)
{
	u64 before = scst_double_nr_broken(8);
	int i;

	for (i = 0; i < 100 && scst_double_nr_broken(8) == before; i++)
		trick(BAD_THREAD_AGAIN);
}

static void no_sense(void)
{
	struct bad_cmd *bad = bad_cmd_new(0xc1, SCST_DATA_NONE, 0);

	if (bad)
		bad->trick = BAD_NO_SENSE;
	run(bad);
}

static void no_resid(void)
{
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_READ, 64);

	if (bad)
		bad->trick = BAD_NO_RESID;
	run(bad);
}

static struct bad_cmd *held(enum bad_trick what)
{
	struct bad_cmd *bad = with(what);

	if (bad && !bad_cmd_start(sess, bad))
		wait_for_completion_timeout(&bad->held,
					    msecs_to_jiffies(BAD_WAIT_MS));
	return bad;
}

static void end_held(struct bad_cmd *bad)
{
	bad_cmd_resume(bad);
	bad_cmd_wait(bad);
	bad_cmd_free(bad);
}

struct abort_call {
	struct work_struct work;
	u64 tag;
};

static void abort_work(struct work_struct *work)
{
	struct abort_call *call = container_of(work, struct abort_call, work);

	bad_tmf(sess, SCST_ABORT_TASK, call->tag, 0);
}

/* The command is aborted while it is held, and answered all the same. */
static void answer_aborted(void)
{
	struct bad_cmd *bad = held(BAD_ANSWER_ABORTED);
	struct abort_call call;
	int i;

	if (!bad)
		return;
	call.tag = bad->tag;
	INIT_WORK_ONSTACK(&call.work, abort_work);
	schedule_work(&call.work);
	for (i = 0; i < BAD_WAIT_MS && !atomic_read(&bad->nr_aborts); i++)
		usleep_range(1000, 2000);
	end_held(bad);
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
}

static void same_tag(void)
{
	struct bad_cmd *bad = held(BAD_HOLD_DATA);
	struct bad_cmd *twin = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (bad && twin) {
		twin->same_tag = bad->tag;
		run(twin);
	}
	if (bad)
		end_held(bad);
}

static void init_twice(void)
{
	struct bad_cmd *bad = held(BAD_HOLD_DATA);

	if (!bad)
		return;
	scst_cmd_init_done(bad->cmd, SCST_CONTEXT_THREAD);
	end_held(bad);
}

static void after_the_end(void)
{
	struct bad_cmd *bad = with(BAD_NONE);

	if (!bad || bad_cmd_run(sess, bad))
		return;
	scst_tgt_cmd_done(bad->cmd, SCST_CONTEXT_THREAD);
	bad_cmd_free(bad);
}

static void put_too_often(void)
{
	struct bad_cmd *bad = with(BAD_NONE);

	if (!bad || bad_cmd_run(sess, bad))
		return;
	scst_cmd_put(bad->cmd);
	bad_cmd_free(bad);
}

static void nothing_expected(void)
{
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (bad)
		bad->no_expected = true;
	run(bad);
}

static void unknown_direction(void)
{
	run(bad_cmd_new(0x00, SCST_DATA_UNKNOWN, 0));
}

static void unknown_queue(void)
{
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (bad)
		bad->queue = 9;
	run(bad);
}

static void init_in(enum scst_exec_context ctx, bool no_preempt, bool no_irq)
{
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);
	unsigned long flags = 0;

	if (!bad)
		return;
	bad->ctx = ctx;
	if (no_preempt)
		preempt_disable();
	if (no_irq)
		local_irq_save(flags);
	bad_cmd_start(sess, bad);
	if (no_irq)
		local_irq_restore(flags);
	if (no_preempt)
		preempt_enable();
	bad_cmd_wait(bad);
	bad_cmd_free(bad);
}

static void init_same(void)
{
	init_in(SCST_CONTEXT_SAME, false, false);
}

static void init_direct(void)
{
	init_in(SCST_CONTEXT_DIRECT, true, false);
}

static void init_irq(void)
{
	init_in(SCST_CONTEXT_DIRECT_ATOMIC, false, true);
}

static void rx_sleeps(void)
{
	static const u8 zero[8];
	struct scst_cmd *cmd;
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (!bad)
		return;
	preempt_disable();
	cmd = scst_rx_cmd(sess, zero, sizeof(zero), bad->cdb, 6, false);
	preempt_enable();
	if (cmd) {
		bad->cmd = cmd;
		scst_cmd_set_tgt_priv(cmd, bad);
		scst_cmd_set_tag(cmd, U64_MAX);
		scst_cmd_set_expected(cmd, SCST_DATA_NONE, 0);
		scst_cmd_init_done(cmd, SCST_CONTEXT_THREAD);
		bad_cmd_wait(bad);
	}
	bad_cmd_free(bad);
}

static void login_sleeps(void)
{
	struct scst_session *other;

	preempt_disable();
	other = bad_login("21:00:00:00:00:00:00:0c");
	preempt_enable();
	if (other)
		bad_logout(other);
}

static void dead_session(void)
{
	struct scst_session *other = bad_login("21:00:00:00:00:00:00:0d");
	struct bad_cmd *bad = bad_cmd_new(0x00, SCST_DATA_NONE, 0);

	if (other)
		bad_logout(other);
	if (other && bad)
		bad_cmd_start(other, bad);
	bad_cmd_free(bad);
}

static void dead_session_tmf(void)
{
	struct scst_session *other = bad_login("21:00:00:00:00:00:00:0d");

	if (!other)
		return;
	bad_logout(other);
	bad_tmf(other, SCST_LUN_RESET, 0, 0);
}

static void tmf_without(int fn)
{
	struct scst_rx_mgmt_params params = { .fn = fn, .atomic = 1 };

	scst_rx_mgmt_fn(sess, &params);
}

static void no_tag(void)
{
	tmf_without(SCST_ABORT_TASK);
}

static void no_lun(void)
{
	tmf_without(SCST_LUN_RESET);
}

static void not_for_drivers(void)
{
	tmf_without(SCST_UNREG_SESS_TM);
}

/* A command is kept for longer than held_s while its session ends. */
static void keeps_command(void)
{
	struct scst_session *old = sess, *other;
	u64 before = scst_double_nr_broken(12);
	struct bad_cmd *bad;
	int i;

	other = bad_login("21:00:00:00:00:00:00:0e");
	if (!other)
		return;
	sess = other;
	run(bad_cmd_new(0x00, SCST_DATA_NONE, 0));
	bad = held(BAD_HOLD_DATA);
	sess = old;
	scst_unregister_session(other, 0, NULL);
	for (i = 0; i < BAD_WAIT_MS && scst_double_nr_broken(12) == before; i++)
		usleep_range(1000, 2000);
	if (bad)
		end_held(bad);
}

static void tid_is(enum bad_tid what)
{
	struct scst_session *other;

	bad_tid = what;
	other = bad_login("21:00:00:00:00:00:00:0f");
	bad_tid = BAD_TID_GOOD;
	if (other)
		bad_logout(other);
}

static void no_tid(void)
{
	tid_is(BAD_TID_ERROR);
}

static void wrong_tid(void)
{
	tid_is(BAD_TID_NAME);
}

static struct scst_tgt_template spare = { .name = "scst_double_spare" };

static void old_version(void)
{
	bad_init_template(&spare);
	__scst_register_target_template(&spare, "another version");
}

static void no_release(void)
{
	bad_init_template(&spare);
	spare.release = NULL;
	scst_register_target_template(&spare);
}

static void no_sg(void)
{
	bad_init_template(&spare);
	spare.sg_tablesize = 0;
	scst_register_target_template(&spare);
}

static ssize_t no_del_target(const char *name)
{
	return -EOPNOTSUPP;
}

static void half_pair(void)
{
	bad_init_template(&spare);
	spare.del_target = no_del_target;
	spare.add_target = NULL;
	scst_register_target_template(&spare);
	spare.del_target = NULL;
}

static void target_left(void)
{
	bad_init_template(&spare);
	if (scst_register_target_template(&spare))
		return;
	scst_register_target(&spare, "spare");
	scst_unregister_target_template(&spare);
}

static void session_left(void)
{
	struct scst_tgt *tgt;

	bad_init_template(&spare);
	if (scst_register_target_template(&spare))
		return;
	tgt = scst_register_target(&spare, "spare");
	if (tgt) {
		scst_register_session(tgt, 0, "21:00:00:00:00:00:00:10", NULL,
				      NULL, NULL);
		scst_unregister_target(tgt);
	}
	scst_unregister_target_template(&spare);
}

static const struct {
	const char *what;
	unsigned int rule;
	void (*fn)(void);
} breakages[] = {
	{ "another header's version", 1, old_version },
	{ "no release()", 1, no_release },
	{ "no scatterlist entries", 1, no_sg },
	{ "del_target() alone", 1, half_pair },
	{ "template before target", 2, target_left },
	{ "target before session", 2, session_left },
	{ "scst_rx_cmd() sleeps", 3, rx_sleeps },
	{ "registration sleeps", 3, login_sleeps },
	{ "init_done(SAME)", 4, init_same },
	{ "init_done(DIRECT) where nothing sleeps", 4, init_direct },
	{ "init_done(DIRECT_ATOMIC) with interrupts off", 4, init_irq },
	{ "cmd_done(SAME) outside the callback", 4, same_late },
	{ "command for a dead session", 5, dead_session },
	{ "function for a dead session", 5, dead_session_tmf },
	{ "init_done twice", 6, init_twice },
	{ "rx_data twice", 6, data_twice },
	{ "cmd_done twice", 6, done_twice },
	{ "cmd_done instead of rx_data", 6, done_for_data },
	{ "cmd_done and QUEUE_FULL", 6, done_and_full },
	{ "cmd_done after the end", 6, after_the_end },
	{ "cmd_put after the end", 6, put_too_often },
	{ "a tag twice", 7, same_tag },
	{ "nothing expected", 7, nothing_expected },
	{ "direction UNKNOWN", 7, unknown_direction },
	{ "no such queue type", 7, unknown_queue },
	{ "strange return code", 8, strange_rc },
	{ "NEED_THREAD_CTX in a thread", 8, thread_again },
	{ "abort not looked at", 9, no_abort_check },
	{ "aborted command answered", 9, answer_aborted },
	{ "length not looked at", 10, no_len },
	{ "sense data not looked at", 10, no_sense },
	{ "residual not looked at", 10, no_resid },
	{ "WRITE's buffer not looked at", 10, no_write_fields },
	{ "SENSE_SET without an error", 10, sense_set },
	{ "ABORT TASK without a tag", 11, no_tag },
	{ "LUN RESET without a LUN", 11, no_lun },
	{ "SCST's own function", 11, not_for_drivers },
	{ "a command is kept", 12, keeps_command },
	{ "no transport id", 13, no_tid },
	{ "another's transport id", 13, wrong_tid },
};

/**
 * bad_rules_run() - Break each rule and see that the double says so.
 * @with_sess: session
 *
 * Context: process.
 */
void bad_rules_run(struct scst_session *with_sess)
{
	u64 before, all;
	char what[80];
	size_t i;

	sess = with_sess;
	for (i = 0; i < ARRAY_SIZE(breakages); i++) {
		before = scst_double_nr_broken(breakages[i].rule);
		all = scst_double_nr_broken(0);
		breakages[i].fn();
		snprintf(what, sizeof(what), "rule %u: %s", breakages[i].rule,
			 breakages[i].what);
		bad_ok(scst_double_nr_broken(breakages[i].rule) > before &&
			       scst_double_nr_broken(breakages[i].rule) -
					       before ==
				       scst_double_nr_broken(0) - all,
		       what);
	}
}
