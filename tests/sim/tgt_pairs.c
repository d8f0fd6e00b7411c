// SPDX-License-Identifier: GPL-2.0
/*
 * The target role alone, between a core and an engine that do anything at any
 * time: every state of session and command meets every event, from a seed.
 *
 * DESCRIPTION: whatever comes in whatever state, every exchange and notify is
 * ended exactly once, the engine's contract is kept, nothing is left over.
 * usage: tgt_pairs [SEED [STEPS [verbose]]]
 */
#include "tgt_pairs.h"

#include <stdlib.h>

#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "../lib/tap.h"

/* Some time after the start: zero is long ago. */
static u64 now_ns = 1000ULL * 1000000000, alarm_ns = U64_MAX;
static bool soon;

/* ---- the engine that is played ---- */

static struct isp_tport_sess *starting[NR_HELD];
static unsigned int nr_starting;
static struct isp_tport_sess *closing[NR_HELD];
static unsigned int nr_closing;
static struct isp_tport_cmd *held[NR_HELD];
static unsigned int nr_held;
static unsigned int nr_events[ISP_TPORT_EV_FAULT + 1];
static u8 data[4][512];

struct eng_sess {
	unsigned int nr_cmds;
	bool gone;
	bool ready;
	u64 last_tag;
};

struct eng_cmd {
	bool mine; /* ours, not the chip's */
	bool done; /* only free is left */
	bool tmf;
	bool reset; /* a LUN RESET came after it */
	struct scatterlist sg[4];
};

static struct eng_sess *es_of(struct isp_tport_sess *sess)
{
	return sess->engine_sess;
}

static void eng_event(void *engine, enum isp_tport_event ev, int err)
{
	nr_events[ev]++;
}

static void eng_sess_new(struct isp_tport_sess *sess)
{
	sess->engine_sess = kzalloc(sizeof(struct eng_sess), GFP_ATOMIC);
	starting[nr_starting++] = sess;
}

static void eng_sess_gone(struct isp_tport_sess *sess)
{
	must(es_of(sess)->ready, "gone before ready");
	must(!es_of(sess)->gone, "gone twice");
	es_of(sess)->gone = true;
	closing[nr_closing++] = sess;
}

static void eng_take(struct isp_tport_cmd *cmd, bool tmf)
{
	struct eng_cmd *ec = cmd->engine_cmd;
	int i;

	must(es_of(cmd->sess)->ready, "a command before ready");
	must(!es_of(cmd->sess)->gone, "a command after gone");
	must(tmf || cmd->tag > es_of(cmd->sess)->last_tag, "out of order");
	if (!tmf)
		es_of(cmd->sess)->last_tag = cmd->tag;
	es_of(cmd->sess)->nr_cmds++;
	*ec = (struct eng_cmd){ .mine = true, .tmf = tmf };
	sg_init_table(ec->sg, 4);
	for (i = 0; i < 4; i++)
		sg_set_buf(&ec->sg[i], data[i], 512);
	held[nr_held++] = cmd;
}

/* What the engine has already will be ended by it; all are of one LUN here. */
static void eng_lun_reset(void)
{
	struct eng_cmd *ec;
	unsigned int i;

	for (i = 0; i < nr_held; i++) {
		ec = held[i]->engine_cmd;
		ec->reset = true;
	}
}

static void eng_cmd_new(struct isp_tport_cmd *cmd)
{
	eng_take(cmd, false);
}

static void eng_tmf_new(struct isp_tport_cmd *cmd)
{
	if (cmd->tmf == ISP_TPORT_TMF_LUN_RESET)
		eng_lun_reset();
	eng_take(cmd, true);
}

static void eng_cmd_data(struct isp_tport_cmd *cmd, int err)
{
	struct eng_cmd *ec = cmd->engine_cmd;

	must(!ec->mine && !ec->done, "data for a command that is ours");
	must(err || last_cpl == ISP_CPL_OK, "a failed transfer looks good");
	ec->mine = true;
}

static void eng_cmd_done(struct isp_tport_cmd *cmd, int err)
{
	struct eng_cmd *ec = cmd->engine_cmd;

	must(!ec->mine, "done for a command that is ours");
	must(err || last_cpl == ISP_CPL_OK, "a failed answer looks good");
	ec->mine = true;
	ec->done = true;
}

static const struct isp_tport_engine_ops eng_ops = {
	.abi = ISP_TPORT_ABI,
	.size = sizeof(eng_ops),
	.name = "pairs",
	.cmd_priv_size = sizeof(struct eng_cmd),
	.event = eng_event,
	.sess_new = eng_sess_new,
	.sess_gone = eng_sess_gone,
	.cmd_new = eng_cmd_new,
	.tmf_new = eng_tmf_new,
	.cmd_data = eng_cmd_data,
	.cmd_done = eng_cmd_done,
};

static const struct isp_tport_ops *const ops = &isp_tgt_tport_ops;

static void eng_free(unsigned int i)
{
	struct isp_tport_cmd *cmd = held[i];

	held[i] = held[--nr_held];
	es_of(cmd->sess)->nr_cmds--;
	met(EV_FREE, cmd->sess->port_id);
	ops->cmd_free(cmd);
}

static void eng_send(struct isp_tport_cmd *cmd)
{
	struct eng_cmd *ec = cmd->engine_cmd;
	bool data_in = cmd->dir == ISP_TPORT_DIR_READ && rnd(4);

	cmd->sg = ec->sg;
	cmd->nr_sg = 1 + rnd(4);
	cmd->xfer_len = data_in ? min(cmd->data_len, cmd->nr_sg * 512) : 0;
	cmd->resid_kind = rnd(3) ? ISP_TPORT_RESID_NONE : ISP_TPORT_RESID_UNDER;
	cmd->resid = 1;
	cmd->status = 0;
	ec->mine = false;
	met(EV_SEND, cmd->sess->port_id);
	if (cmd->tmf ? ops->tmf_send(cmd, rnd(5)) : ops->send(cmd))
		ec->mine = true;
}

static void eng_recv(struct isp_tport_cmd *cmd)
{
	struct eng_cmd *ec = cmd->engine_cmd;

	cmd->sg = ec->sg;
	cmd->nr_sg = 4;
	cmd->xfer_len = min(cmd->data_len, 2048U);
	ec->mine = false;
	met(EV_RECV, cmd->sess->port_id);
	if (ops->recv_data(cmd))
		ec->mine = true;
	else
		must(!ec->reset, "data for a command that a LUN RESET ends");
}

static void eng_step(void)
{
	struct isp_tport_cmd *cmd;
	struct eng_cmd *ec;
	unsigned int i;

	if (!nr_held)
		return;
	i = rnd(nr_held);
	cmd = held[i];
	ec = cmd->engine_cmd;
	if (!ec->mine)
		return;
	if (ec->done || !rnd(16))
		eng_free(i);
	else if (cmd->dir == ISP_TPORT_DIR_WRITE && !cmd->tmf && rnd(2))
		eng_recv(cmd);
	else
		eng_send(cmd);
}

static void eng_answer(void)
{
	struct isp_tport_sess *sess;
	static const int errs[] = { 0, 0, 0, 0, 0, -EACCES, -ENOMEM };
	unsigned int i;
	int err;

	if (!nr_starting)
		return;
	i = rnd(nr_starting);
	sess = starting[i];
	starting[i] = starting[--nr_starting];
	err = errs[rnd(ARRAY_SIZE(errs))];
	met(err ? EV_READY_NO : EV_READY_OK, sess->port_id);
	if (err)
		kfree(sess->engine_sess);
	else
		es_of(sess)->ready = true;
	ops->sess_ready(sess, err);
}

static void eng_close(void)
{
	struct isp_tport_sess *sess;
	unsigned int i;

	if (!nr_closing)
		return;
	i = rnd(nr_closing);
	sess = closing[i];
	if (es_of(sess)->nr_cmds)
		return;
	closing[i] = closing[--nr_closing];
	met(EV_CLOSED, sess->port_id);
	kfree(sess->engine_sess);
	ops->sess_closed(sess);
}

static void eng_drop(void)
{
	struct isp_tgt_sess *sess;

	list_for_each_entry(sess, &port->sessions, node) {
		if ((sess->state != ISP_SESS_READY &&
		     sess->state != ISP_SESS_CLOSING) ||
		    rnd(3))
			continue;
		met(EV_DROP, sess->pub.port_id);
		if (sess->state == ISP_SESS_READY && live)
			logo_due[sess->pub.port_id % NR_LOGOS] = true;
		ops->sess_drop(&sess->pub);
		return;
	}
}

/* ---- what the fabric does ---- */

static u32 any_ini(void)
{
	return 0x010100 + 1 + rnd(NR_INI);
}

static void cell_atio(const struct isp_atio *atio)
{
	static const struct {
		u8 flags;
		enum drv_event ev;
	} tmfs[] = {
		{ ISP_TMF_ABORT_TASK_SET, DRV_EV_ABORT_SET },
		{ ISP_TMF_CLEAR_TASK_SET, DRV_EV_CLEAR_SET },
		{ ISP_TMF_LUN_RESET, DRV_EV_LUN_RESET },
		{ ISP_TMF_TARGET_RESET, DRV_EV_TARGET_RESET },
		{ ISP_TMF_CLEAR_ACA, DRV_EV_CLEAR_ACA },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tmfs); i++)
		if (atio->tm_flags == tmfs[i].flags)
			cell(tmfs[i].ev, atio->port_id);
	if (atio->exchange == ISP_EXCHANGE_NONE)
		cell(DRV_EV_NO_EXCHANGE, atio->port_id);
}

static void fab_atio(void *arg)
{
	static const u8 tmfs[] = {
		ISP_TMF_ABORT_TASK_SET, ISP_TMF_CLEAR_TASK_SET,
		ISP_TMF_LUN_RESET,	ISP_TMF_TARGET_RESET,
		ISP_TMF_CLEAR_ACA,	0xff
	};
	struct isp_atio atio = { .port_id = any_ini(), .life = life };
	/* Commands of other channels may have all exchanges of the chip. */
	unsigned int odds = port->state == ISP_TPORT_STARTING ? 4 : 200;

	atio.exchange = rnd(odds) ? new_exchange(atio.port_id, false) :
				    ISP_EXCHANGE_NONE;
	if (!rnd(10))
		atio.tm_flags = tmfs[rnd(ARRAY_SIZE(tmfs))];
	else if (rnd(2))
		atio.rd = true;
	else
		atio.wr = true;
	atio.bad = !rnd(50);
	atio.data_len = atio.tm_flags ? 0 : 512 * (1 + rnd(4));
	met(atio.tm_flags ? EV_TMF : EV_COMMAND, atio.port_id);
	cell_atio(&atio);
	/* Now and then there is no memory for a session. */
	shim_fail_alloc_at(nr_step % 29 == 0);
	isp_tgt_role_ops.atio(&hba.chan[0], &atio);
	shim_fail_alloc_at(0);
}

/* The command that an ABTS means: of this life of the chip, not ended. */
static struct isp_tgt_cmd *meant(const struct isp_abts *abts)
{
	struct isp_tgt_cmd *cmd;

	list_for_each_entry(cmd, &port->open, open_node)
		if (cmd->exchange == abts->to_abort && !cmd->is_abts &&
		    cmd->port_id == abts->port_id &&
		    cmd->epoch == port->epoch && !cmd->dead && !cmd->sent)
			return cmd;
	return NULL;
}

static void fab_abts(void *arg)
{
	struct isp_abts abts = { .to_abort = ISP_EXCHANGE_NONE, .life = life };
	unsigned int i, start = rnd(NR_EXCH);
	struct isp_tgt_cmd *cmd;

	for (i = start; (i + 1) % NR_EXCH != start; i = (i + 1) % NR_EXCH) {
		if (!exchs[i].open || exchs[i].abts)
			continue;
		abts.to_abort = i;
		abts.port_id = exchs[i].port_id;
		break;
	}
	if (abts.to_abort == ISP_EXCHANGE_NONE && rnd(4))
		return;
	if (!abts.port_id)
		abts.port_id = any_ini();
	if (!rnd(10))
		abts.to_abort = rnd(NR_EXCH);
	abts.exchange = new_exchange(abts.port_id, true);
	met(EV_ABTS, abts.port_id);
	cell(DRV_EV_ABTS, abts.port_id);
	cmd = meant(&abts);
	isp_tgt_role_ops.abts(&hba.chan[0], &abts);
	must(!cmd || cmd->aborted || cmd->state == ISP_CMD_TERM ||
		     cmd->state == ISP_CMD_FREE,
	     "an ABTS was taken and its command goes on");
}

static void cell_notify(enum event ev, u32 port_id)
{
	if (ev == EV_PLOGI)
		cell(DRV_EV_PLOGI, port_id);
	else if (ev == EV_PRLI)
		cell(DRV_EV_PRLI, port_id);
	else if (ev == EV_LOGO)
		cell(DRV_EV_LOGO, port_id);
	else if (ev == EV_PRLO)
		cell(DRV_EV_PRLO, port_id);
}

static void fab_notify(void *arg)
{
	static const struct {
		enum isp_notify_kind kind;
		u8 els;
		enum event ev;
	} kinds[] = {
		{ ISP_NOTIFY_ELS, ISP_ELS_PLOGI, EV_PLOGI },
		{ ISP_NOTIFY_ELS, ISP_ELS_PRLI, EV_PRLI },
		{ ISP_NOTIFY_ELS, ISP_ELS_PRLI, EV_PRLI },
		{ ISP_NOTIFY_ELS, ISP_ELS_LOGO, EV_LOGO },
		{ ISP_NOTIFY_ELS, ISP_ELS_PRLO, EV_PRLO },
		{ ISP_NOTIFY_LIP_RESET, 0, EV_LIP },
		{ ISP_NOTIFY_PORT_LOGOUT, 0, EV_LOGO },
		{ ISP_NOTIFY_SRR, 0, NR_EVENTS },
		{ ISP_NOTIFY_ELS, ISP_ELS_ADISC, NR_EVENTS },
	};
	unsigned int i = rnd(ARRAY_SIZE(kinds)), id = nr_notes++ % NR_NOTES;
	struct isp_notify notify = { .kind = kinds[i].kind,
				     .els = kinds[i].els,
				     .port_id = any_ini(),
				     .life = life };

	must(!note_open[id], "a notify of long ago is not acknowledged");
	note_open[id] = true;
	notify.exchange = id;
	notify.port_handle = (u16)notify.port_id;
	notify.wwpn = 0x2100000000000000ULL + notify.port_id;
	notify.prli_w3 = rnd(20) ? ISP_PRLI_INITIATOR : 0;
	if (kinds[i].ev != NR_EVENTS)
		met(kinds[i].ev, notify.port_id);
	cell_notify(kinds[i].ev, notify.port_id);
	isp_tgt_role_ops.notify(&hba.chan[0], &notify);
}

static void fab_resolve(void *arg)
{
	struct isp_tgt_sess *sess;
	u32 port_id = any_ini();

	list_for_each_entry(sess, &port->sessions, node)
		if (sess->state == ISP_SESS_RESOLVE)
			port_id = sess->pub.port_id;
	if (rnd(3)) {
		met(EV_RESOLVED, port_id);
		isp_tgt_role_ops.resolved(&hba.chan[0], port_id,
					  0x2100000000000000ULL + port_id,
					  (u16)port_id);
	} else {
		met(EV_NOBODY, port_id);
		isp_tgt_role_ops.resolved(&hba.chan[0], port_id, 0,
					  ISP_PORT_HANDLE_NONE);
	}
}

static void fab_complete(void *arg)
{
	static const enum isp_cpl bad[] = {
		ISP_CPL_ABORTED,    ISP_CPL_BAD_EXCHANGE, ISP_CPL_TIMEOUT,
		ISP_CPL_LOGGED_OUT, ISP_CPL_UNKNOWN,	  ISP_CPL_SRR
	};
	unsigned int i;
	u32 port_id;

	if (!nr_outs)
		return;
	i = rnd(nr_outs);
	if (!has_exchange(&outs[i]) || rnd(4)) {
		port_id = has_exchange(&outs[i]) ?
				  exchs[outs[i].exchange].port_id :
				  0x7fffff;
		met(EV_CPL_OK, port_id ? port_id : 0x7fffff);
		out_end(i, ISP_CPL_OK);
	} else if (rnd(3)) {
		met(EV_CPL_BAD, exchs[outs[i].exchange].port_id);
		out_end(i, bad[rnd(ARRAY_SIZE(bad))]);
	} else {
		met(EV_CPL_DATA, exchs[outs[i].exchange].port_id);
		out_end(i, rnd(2) ? ISP_CPL_UNDERRUN : ISP_CPL_DATA_ERROR);
	}
}

static void fab_port_gone(void *arg)
{
	struct isp_port_event ev = { .kind = rnd(3) };
	u32 port_id = any_ini();

	ev.wwpn = 0x2100000000000000ULL + port_id;
	met(EV_PORT_GONE, port_id);
	cell(DRV_EV_RSCN, port_id);
	isp_tgt_role_ops.port_event(&hba.chan[0], &ev);
}

static void fab_link(void *arg)
{
	link_up = !link_up;
	if (!link_up)
		met(EV_LINK_DOWN, 0);
	cell(link_up ? DRV_EV_LINK_UP : DRV_EV_LINK_DOWN, 0);
	isp_tgt_role_ops.link(&hba.chan[0], link_up);
}

static void ring_toggle(void *arg)
{
	full = !full;
	if (full) {
		full_at = jiffies;
		met(EV_RING_FULL, 0);
		cell(DRV_EV_RING_FULL, 0);
		return;
	}
	isp_tgt_role_ops.ring_space(&hba);
	isp_ring_doorbell(&hba);
}

static void do_fault(void)
{
	/* To the role they are the same call. */
	static const enum drv_event faults[] = { DRV_EV_CRASH, DRV_EV_HANG,
						 DRV_EV_MBOX_TIMEOUT,
						 DRV_EV_PCI_ERROR,
						 DRV_EV_ALL_ONES };

	faulted = false;
	met(EV_FAULT, 0);
	cell(faults[nr_step % ARRAY_SIZE(faults)], 0);
	core_dead();
	if (port->state == ISP_TPORT_ON || role_done)
		core_live();
}

/* The adapter stops for good, and nobody has disabled the port before. */
static void do_shutdown(void)
{
	cell(DRV_EV_SHUTDOWN, 0);
	core_dead();
	isp_tgt_role_ops.stopped(&hba.chan[0]);
}

/* The role change that is under way ends. */
static void role_ends(void)
{
	isp_role_done_fn done = role_done;
	int err = role_start && !rnd(10) ? -EIO : 0;

	if (!done)
		return;
	role_done = NULL;
	if (!role_start || (live && err))
		core_dead();
	if (role_start && !err && !live)
		isp_tgt_role_ops.started(&hba.chan[0]);
	else if (!role_start || err)
		isp_tgt_role_ops.stopped(&hba.chan[0]);
	if (role_start && !err)
		core_live();
	else
		live = false;
	full = false;
	done(&hba.chan[0], port, err);
}

/* Rings are live, and another processor has yet to say that the role is on. */
static void role_begins(void)
{
	if (live || !role_done || !role_start || port->state == ISP_TPORT_OFF)
		return;
	core_live();
	isp_tgt_role_ops.started(&hba.chan[0]);
}

void other_cpu(void)
{
	if (role_done && rnd(4))
		role_ends();
	else
		do_fault();
}

static void toggle(void *engine)
{
	/* Who takes a driver or an engine away disables first. */
	static const enum drv_event offs[] = { DRV_EV_DISABLE, DRV_EV_DETACH,
					       DRV_EV_REMOVE };

	if (port->state == ISP_TPORT_OFF) {
		ops->enable(port, engine);
	} else if (!rnd(6)) {
		met(EV_DISABLE, 0);
		cell(offs[nr_step % ARRAY_SIZE(offs)], 0);
		ops->disable(port, engine);
	}
}

/* ---- the test ---- */

static uint64_t host_now(void)
{
	return now_ns;
}

static void host_alarm(uint64_t at_ns)
{
	alarm_ns = at_ns;
}

static void host_soon(void)
{
	soon = true;
}

/*
 * Interrupts are on: what another processor has waited for, or an interrupt,
 * comes between two steps of the role that are not one under the lock.
 */
static void host_irq_window(void)
{
	static void (*const fab[])(void *arg) = { fab_complete, fab_notify,
						  fab_abts, fab_port_gone };
	static bool inside;

	if (inside)
		return;
	inside = true;
	if (other_waits) {
		other_waits = false;
		other_cpu();
	} else if (live && cut_waits() && rnd(2)) {
		irq(cut_end, NULL);
	} else if (live && !rnd(8)) {
		irq(fab[rnd(ARRAY_SIZE(fab))], NULL);
	}
	inside = false;
}

static void host_failed(bool map)
{
	cell(map ? DRV_EV_MAP_FAIL : DRV_EV_ALLOC_FAIL, 0);
}

static const struct shim_host host = {
	.now_ns = host_now,
	.alarm = host_alarm,
	.soon = host_soon,
	.irq_window = host_irq_window,
	.failed = host_failed,
};

static void run_time(u64 ns)
{
	now_ns += ns;
	if (now_ns >= alarm_ns) {
		alarm_ns = U64_MAX;
		shim_timers_run();
	}
	while (soon) {
		soon = false;
		shim_work_run();
	}
}

static void step(void *engine)
{
	/* A mapping may fail whenever the engine wants one. */
	shim_fail_map_at(nr_step % 31 == 0);
	u32 what = rnd(1000);

	if (live && what < 240)
		irq(fab_atio, NULL);
	else if (live && what < 430)
		irq(fab_complete, NULL);
	else if (live && what < 470)
		irq(fab_abts, NULL);
	else if (live && what < 510)
		irq(fab_notify, NULL);
	else if (live && what < 530)
		irq(fab_resolve, NULL);
	else if (live && what < 535)
		irq(fab_port_gone, NULL);
	else if (live && what < 538)
		irq(fab_link, NULL);
	else if (live && what < 550)
		irq(ring_toggle, NULL);
	else if (what < 551 && live)
		do_fault();
	else if (what < 552 && live)
		do_shutdown();
	else if (what < 556)
		toggle(engine);
	else if (what < 562)
		role_begins();
	else if (what < 570)
		role_ends();
	else if (what < 600)
		eng_answer();
	else if (what < 640)
		eng_close();
	else if (what < 643)
		eng_drop();
	else if (what < 940)
		eng_step();
	else
		run_time(rnd(40) ? STEP_NS * rnd(20) : 1000000000ULL);
	if (faulted)
		do_fault();
	step_judge();
	shim_locks_idle("end of a step");
}

/* Let everything come to its end; true if it does. */
static bool settle(void *engine)
{
	unsigned int i;

	for (i = 0; i < 200000 && port->state != ISP_TPORT_OFF; i++) {
		ops->disable(port, engine);
		role_ends();
		eng_answer();
		eng_close();
		eng_step();
		run_time(STEP_NS);
	}
	return port->state == ISP_TPORT_OFF;
}

/*
 * What the engine does needs a session that it knows; a younger one of the
 * same initiator may be waiting beside it (RESOLVE, HOLD).
 */
static bool sess_can(enum isp_sess_state state, enum event ev)
{
	bool asked = state == ISP_SESS_NEW || state == ISP_SESS_LOST;

	if (ev == EV_READY_OK || ev == EV_READY_NO)
		return asked || state < ISP_SESS_NEW;
	if (ev == EV_CLOSED)
		return !asked && state != ISP_SESS_READY;
	if (ev == EV_DROP || ev == EV_RECV || ev == EV_SEND || ev == EV_FREE)
		return !asked;
	return true;
}

/* While it has commands, the engine has answered and cannot close. */
static bool cmd_can(enum isp_cmd_state state, enum event ev)
{
	bool known = state >= ISP_CMD_ENGINE && state <= ISP_CMD_DONE;

	return !known ||
	       (ev != EV_READY_OK && ev != EV_READY_NO && ev != EV_CLOSED);
}

static unsigned int missing(const char *what, const char *state, enum event ev,
			    unsigned int times, bool can)
{
	if (!times == !can)
		return 0;
	printf("# %s %s, %s: met %u times\n", what, state, event_names[ev],
	       times);
	return 1;
}

/* Pairs that should have met and did not, or should not have and did. */
static unsigned int report(void)
{
	unsigned int s, e, nr = 0;

	for (e = 0; e < NR_EVENTS; e++) {
		for (s = 0; s < ISP_SESS_FREED; s++)
			nr += missing("session", sess_states[s], e,
				      sess_met[s][e], sess_can(s, e));
		for (s = ISP_CMD_WAIT; s < ISP_NR_CMD_STATES; s++)
			nr += missing("command", cmd_states[s], e,
				      cmd_met[s][e], cmd_can(s, e));
	}
	return nr;
}

int main(int argc, char **argv)
{
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	unsigned int steps = argc > 2 ? (unsigned int)atoi(argv[2]) : 400000;
	static struct device dev;
	int engine;

	verbose = argc > 3;

	rng = seed * 0x9e3779b97f4a7c15ULL + 1;
	printf("# seed %llu, %u steps\n", (unsigned long long)seed, steps);
	shim_init(&host);
	hba.chip = &fake_chip;
	hba.dev = &dev;
	hba.nr_chans = 1;
	hba.chan[0].hba = &hba;
	hba.ring[ISP_RING_REQ].nr = ISP_REQ_ENTRIES;
	hba.fw.nr_exchanges = NR_EXCH;
	tap_ok(!isp_tgt_role_ops.attach(&hba), "the role attaches");
	port = isp_tgt_port(&hba.chan[0]);
	tap_ok(!ops->attach(port, &eng_ops, &engine), "an engine attaches");
	for (nr_step = 0; nr_step < steps && nr_wrong < 10; nr_step++)
		step(&engine);
	tap_ok(settle(&engine), "the port can be disabled at the end");
	tap_ok(!nr_wrong, "every rule was kept");
	tap_ok(nr_full > 100, "the ring was full %u times", nr_full);
	printf("# the chip was quicker than %u terminates\n", nr_cut_ended);
	tap_ok(!report(), "every state has met every event");
	cells_append();
	tap_ok(!nr_held && !nr_starting && !nr_closing,
	       "the engine has nothing left");
	ops->detach(port, &engine);
	isp_tgt_role_ops.detach(&hba);
	run_time(STEP_NS);
	tap_ok(!shim_fini(), "nothing leaked, no misuse: %s",
	       shim_failure_text());
	return tap_end();
}
