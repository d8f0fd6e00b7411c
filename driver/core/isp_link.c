// SPDX-License-Identifier: GPL-2.0
/*
 * A channel's link: events, address, name server.
 *
 * STATES
 * Interrupts only set event bits; one worker per channel acts on them. It has
 * one request at the chip at a time and walks the steps of isp_link.h:
 *
 *	IDLE -> STATE -> SPEED -> ID -+-> FABRIC -> SNS_LOGIN -> SCR -> RFT ->
 *	                              |   RFF -> RNN -> RSNN -> SCAN -> CHECK*
 *	                              +-> PEER_LOGIN (N_Port pair) ----> SETTLED
 *
 * SETTLED goes back to SCAN for a state change, to RESOLVE for a question of a
 * role, and to STATE when the address may have changed. Link down goes to IDLE
 * from everywhere. The link is FABRIC from ID on and UP in SETTLED.
 */
#include "isp_link.h"

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../hw/isp_hw_ct.h"
#include "../hw/isp_hw_mbox.h"
#include "isp_ct.h"
#include "isp_hba.h"
#include "isp_trace.h"

/* Deadlines and pauses. */
#define MBOX_TIMEOUT_MS 10000
#define CT_TIMEOUT_S 10
#define IO_DEADLINE_MS 60000
#define STATE_POLL_MS 250
#define STATE_POLLS 240
#define RETRY_MS 1000
#define RETRIES 3

#define ID_NAME_SERVER 0xfffffc
#define CHANGE_REQ_FULL 3

/* Steps that follow an answer of 0, or that say "ask again later". */
#define STEP_AGAIN ISP_NR_STEPS

/**
 * struct step_ops - one step
 * @send: ask; 0: asked, 1: nothing to ask (settled), -errno: could not
 * @done: what the answer means; @err 0 or -errno; returns the next step
 */
struct step_ops {
	int (*send)(struct isp_fabric *fab);
	enum isp_link_step (*done)(struct isp_fabric *fab, int err);
};

static const char *const step_names[] = {
#define X(id, name) [ISP_STEP_##id] = name,
	ISP_LINK_STEPS(X)
#undef X
};

/**
 * isp_link_step_name() - Name of a step.
 * @step: the step
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_link_step_name(enum isp_link_step step)
{
	return step < ISP_NR_STEPS ? step_names[step] : "?";
}

/**
 * isp_topo_name() - Name of a topology, in the words of old.
 * @topo: the topology
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_topo_name(enum isp_topo topo)
{
	static const char *const names[] = {
		[ISP_TOPO_NONE] = "Unavailable",
		[ISP_TOPO_LOOP] = "Private Loop",
		[ISP_TOPO_FL] = "FL Port",
		[ISP_TOPO_N] = "N-Port to N-Port",
		[ISP_TOPO_F] = "F Port",
	};

	return topo < ARRAY_SIZE(names) ? names[topo] : "?";
}

static void kick(struct isp_fabric *fab)
{
	mod_delayed_work(fab->chan->hba->wq, &fab->work, 0);
}

static void set_event(struct isp_chan *chan, enum isp_link_event ev)
{
	set_bit(ev, &chan->fabric->events);
	kick(chan->fabric);
}

static void set_link(struct isp_chan *chan, enum isp_link_state to,
		     const char *why)
{
	struct isp_hba *hba = chan->hba;
	enum isp_link_state from;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&hba->lock, flags);
	from = chan->link;
	chan->link = to;
	spin_unlock_irqrestore(&hba->lock, flags);
	if (from == to)
		return;
	isp_trace_link_state(hba, chan->idx, isp_link_state_name(from),
			     isp_link_state_name(to), why);
	if (to == ISP_LINK_UP)
		dev_info(hba->dev, "link up: %s, port id %06x, %u Gb/s\n",
			 isp_topo_name(chan->topo), chan->port_id,
			 chan->speed_gbps);
	else if (to == ISP_LINK_DOWN)
		dev_info(hba->dev, "link down: %s\n", why);
	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++) {
		if (!hba->role_ops[i] || !(chan->told & hba->role_ops[i]->role))
			continue;
		if (from == ISP_LINK_DOWN)
			hba->role_ops[i]->link(chan, true);
		else if (to == ISP_LINK_DOWN)
			hba->role_ops[i]->link(chan, false);
	}
	hba->os->state(hba);
}

/* Requests. */

static void answered(struct isp_fabric *fab, int err)
{
	fab->err = err;
	smp_store_release(&fab->busy, false);
	kick(fab);
}

static void mbox_done(struct isp_hba *hba, struct isp_mbox *mbx, int err)
{
	if (!err && mbx->out[0] != ISP_MBOX_OK)
		err = -EIO;
	answered(mbx->arg, err);
}

static void mbox_setup(struct isp_fabric *fab, u16 opcode, u8 nr_out)
{
	isp_mbox_setup(&fab->mbx, opcode, nr_out, MBOX_TIMEOUT_MS, mbox_done);
	fab->mbx.arg = fab;
}

static int mbox_send(struct isp_fabric *fab)
{
	int err;

	fab->busy = true;
	err = isp_mbox_submit(fab->chan->hba, &fab->mbx);
	if (err)
		fab->busy = false;
	return err;
}

/**
 * isp_link_io_done() - An entry of the link worker came back.
 * @io:  which
 * @cpl: how it ended
 * @rsp: the entry, NULL when the chip was reset
 *
 * Context: any, no lock held.
 */
void isp_link_io_done(struct isp_link_io *io, enum isp_cpl cpl,
		      const struct isp_rsp *rsp)
{
	struct isp_fabric *fab = container_of(io, struct isp_fabric, io);
	int err = 0;

	/* The answer to CT is usually shorter than the room for it. */
	if (cpl != ISP_CPL_OK &&
	    !(cpl == ISP_CPL_UNDERRUN && rsp && rsp->kind == ISP_RSP_CT))
		err = cpl == ISP_CPL_RESET ? -ESHUTDOWN : -EIO;
	answered(fab, err);
}

static int io_send(struct isp_fabric *fab, const struct isp_logio *logio,
		   const struct isp_ct *ct)
{
	int err;

	fab->busy = true;
	err = isp_ring_send_fabric(fab->chan->hba, logio, ct, &fab->io);
	if (err)
		fab->busy = false;
	return err;
}

static void *ct_answer(struct isp_fabric *fab)
{
	return (u8 *)fab->buf + ISP_CT_REQ_SIZE;
}

static int ct_send(struct isp_fabric *fab, u16 code, u32 port_id)
{
	struct isp_chan *chan = fab->chan;
	struct isp_ct ct = {
		.port_handle = chan->hba->chip->handle_sns,
		.vp_idx = chan->idx,
		.timeout_s = CT_TIMEOUT_S,
		.req_dma = fab->dma,
		.rsp_dma = fab->dma + ISP_CT_REQ_SIZE,
		.rsp_len = ISP_CT_RSP_SIZE,
	};

	ct.req_len = isp_ct_build(chan, fab->buf, code, port_id);
	memset(ct_answer(fab), 0, ISP_CT_RSP_SIZE);
	return io_send(fab, NULL, &ct);
}

static int ct_result(struct isp_fabric *fab, int err)
{
	return err ?: isp_ct_check(ct_answer(fab));
}

/* Steps. */

static enum isp_link_step retry_or(struct isp_fabric *fab,
				   enum isp_link_step next)
{
	if (fab->tries++ < RETRIES)
		return STEP_AGAIN;
	return next;
}

static int send_state(struct isp_fabric *fab)
{
	mbox_setup(fab, ISP_MBOX_GET_FW_STATE, 2);
	return mbox_send(fab);
}

static enum isp_link_step done_state(struct isp_fabric *fab, int err)
{
	if (!err && fab->mbx.out[1] == ISP_FW_READY)
		return ISP_STEP_SPEED;
	return fab->tries++ < STATE_POLLS ? STEP_AGAIN : ISP_STEP_IDLE;
}

static u8 speed_of(u16 code)
{
	static const u8 gbps[] = { 1, 2, 0, 4, 8, 16 };

	return code < ARRAY_SIZE(gbps) ? gbps[code] : 0;
}

static int send_speed(struct isp_fabric *fab)
{
	mbox_setup(fab, ISP_MBOX_DATA_RATE, 2);
	return mbox_send(fab);
}

static enum isp_link_step done_speed(struct isp_fabric *fab, int err)
{
	fab->chan->speed_gbps =
		speed_of(err ? fab->speed_code : fab->mbx.out[1]);
	return ISP_STEP_ID;
}

static int send_id(struct isp_fabric *fab)
{
	mbox_setup(fab, ISP_MBOX_GET_ID, 8);
	fab->mbx.in[9] = fab->chan->idx;
	return mbox_send(fab);
}

static enum isp_link_step done_id(struct isp_fabric *fab, int err)
{
	static const u8 topo[] = { ISP_TOPO_LOOP, ISP_TOPO_FL, ISP_TOPO_N,
				   ISP_TOPO_F };
	struct isp_chan *chan = fab->chan;
	const u16 *out = fab->mbx.out;

	if (err)
		return retry_or(fab, ISP_STEP_IDLE);
	chan->loop_id = out[1];
	chan->port_id = (u32)(out[3] & 0xff) << 16 | out[2];
	chan->topo = out[6] < ARRAY_SIZE(topo) ? topo[out[6]] : ISP_TOPO_NONE;
	chan->fabric_wwn = 0;
	isp_ring_send_marker(chan->hba, chan->idx);
	set_link(chan, ISP_LINK_FABRIC, "address acquired");
	if (chan->topo == ISP_TOPO_LOOP)
		return ISP_STEP_SETTLED;
	return chan->topo == ISP_TOPO_N ? ISP_STEP_PEER_LOGIN : ISP_STEP_FABRIC;
}

static int send_fabric(struct isp_fabric *fab)
{
	mbox_setup(fab, ISP_MBOX_GET_PORT_NAME, 8);
	fab->mbx.in[1] = fab->chan->hba->chip->handle_fl;
	fab->mbx.in[9] = fab->chan->idx;
	return mbox_send(fab);
}

static enum isp_link_step done_fabric(struct isp_fabric *fab, int err)
{
	const u16 *out = fab->mbx.out;

	if (err)
		return ISP_STEP_SETTLED; /* no switch there */
	fab->chan->fabric_wwn = (u64)out[2] << 48 | (u64)out[3] << 32 |
				(u64)out[6] << 16 | out[7];
	return ISP_STEP_SNS_LOGIN;
}

/* Of an N_Port pair the higher name logs in. [FC-LS-3 6.3, D] */
static int send_peer_login(struct isp_fabric *fab)
{
	struct isp_chan *chan = fab->chan;
	struct isp_logio logio = {
		.op = ISP_LOGIO_PLOGI,
		.flags = ISP_LOGIO_COND | ISP_LOGIO_NO_PRLI,
		.vp_idx = chan->idx,
	};
	struct isp_vp_report report;
	unsigned long flags;
	bool valid;

	spin_lock_irqsave(&chan->hba->lock, flags);
	report = fab->report;
	valid = fab->report_valid;
	spin_unlock_irqrestore(&chan->hba->lock, flags);
	if (!valid || report.format != 2 || chan->wwpn < report.peer_wwpn)
		return 1;
	isp_portdb_seen(chan, report.peer_id, report.peer_wwpn);
	logio.port_id = report.peer_id;
	return io_send(fab, &logio, NULL);
}

static enum isp_link_step done_peer_login(struct isp_fabric *fab, int err)
{
	return err ? retry_or(fab, ISP_STEP_SETTLED) : ISP_STEP_SETTLED;
}

static int send_sns_login(struct isp_fabric *fab)
{
	struct isp_logio logio = {
		.op = ISP_LOGIO_PLOGI,
		.flags = ISP_LOGIO_COND | ISP_LOGIO_NO_PRLI,
		.port_handle = fab->chan->hba->chip->handle_sns,
		.port_id = ID_NAME_SERVER,
		.vp_idx = fab->chan->idx,
	};

	return io_send(fab, &logio, NULL);
}

static enum isp_link_step done_sns_login(struct isp_fabric *fab, int err)
{
	if (!err)
		return ISP_STEP_SCR;
	if (fab->tries >= RETRIES)
		dev_warn(
			fab->chan->hba->dev,
			"no login to the name server: initiators will not find us\n");
	return retry_or(fab, ISP_STEP_SETTLED);
}

static int send_scr(struct isp_fabric *fab)
{
	mbox_setup(fab, ISP_MBOX_SEND_CHANGE_REQ, 2);
	fab->mbx.in[1] = CHANGE_REQ_FULL;
	fab->mbx.in[9] = fab->chan->idx;
	return mbox_send(fab);
}

static enum isp_link_step done_scr(struct isp_fabric *fab, int err)
{
	return ISP_STEP_RFT; /* a switch or firmware may refuse it */
}

static int send_rft(struct isp_fabric *fab)
{
	return ct_send(fab, ISP_CT_RFT_ID, fab->chan->port_id);
}

static enum isp_link_step done_rft(struct isp_fabric *fab, int err)
{
	return ct_result(fab, err) ? retry_or(fab, ISP_STEP_RFF) : ISP_STEP_RFF;
}

static int send_rff(struct isp_fabric *fab)
{
	return ct_send(fab, ISP_CT_RFF_ID, fab->chan->port_id);
}

static enum isp_link_step done_rff(struct isp_fabric *fab, int err)
{
	return ct_result(fab, err) ? retry_or(fab, ISP_STEP_RNN) : ISP_STEP_RNN;
}

static int send_rnn(struct isp_fabric *fab)
{
	return ct_send(fab, ISP_CT_RNN_ID, fab->chan->port_id);
}

static enum isp_link_step done_rnn(struct isp_fabric *fab, int err)
{
	return ISP_STEP_RSNN; /* names are for the reader of switch tables */
}

static int send_rsnn(struct isp_fabric *fab)
{
	return ct_send(fab, ISP_CT_RSNN_NN, 0);
}

static enum isp_link_step done_rsnn(struct isp_fabric *fab, int err)
{
	return ISP_STEP_SCAN;
}

static int send_scan(struct isp_fabric *fab)
{
	clear_bit(ISP_LINK_EV_RSCN, &fab->events);
	isp_portdb_scan_begin(fab->chan);
	return ct_send(fab, ISP_CT_GPN_FT, 0);
}

static enum isp_link_step done_scan(struct isp_fabric *fab, int err)
{
	err = ct_result(fab, err);
	if (!err)
		isp_ct_ports(fab->chan, ct_answer(fab));
	else if (err != -ENOENT)
		return retry_or(fab, ISP_STEP_SETTLED);
	return ISP_STEP_CHECK;
}

/* A port that is not on the list may only not have registered its type yet. */
static int send_check(struct isp_fabric *fab)
{
	struct isp_port port;

	if (!isp_portdb_scan_missing(fab->chan, &port))
		return 1;
	fab->check_wwpn = port.wwpn;
	fab->check_id = port.port_id;
	return ct_send(fab, ISP_CT_GPN_ID, port.port_id);
}

static enum isp_link_step done_check(struct isp_fabric *fab, int err)
{
	err = ct_result(fab, err);
	if (err == -ENOENT ||
	    (!err && isp_ct_wwpn(ct_answer(fab)) != fab->check_wwpn))
		isp_portdb_gone(fab->chan, fab->check_wwpn);
	return ISP_STEP_CHECK;
}

static int send_resolve(struct isp_fabric *fab)
{
	if (!isp_portdb_next_resolve(fab->chan, &fab->check_id))
		return 1;
	if (!fab->chan->fabric_wwn) {
		fab->err = -ENOENT;
		return 0; /* nobody to ask: answered at once */
	}
	return ct_send(fab, ISP_CT_GPN_ID, fab->check_id);
}

static enum isp_link_step done_resolve(struct isp_fabric *fab, int err)
{
	struct isp_chan *chan = fab->chan;
	const struct isp_role_ops *tgt = chan->hba->role_ops[0];
	struct isp_port port = { .handle = ISP_PORT_HANDLE_NONE };
	u64 wwpn = 0;

	if (chan->fabric_wwn)
		err = ct_result(fab, err);
	if (!err) {
		wwpn = isp_ct_wwpn(ct_answer(fab));
		isp_portdb_seen(chan, fab->check_id, wwpn);
		isp_portdb_by_wwpn(chan, wwpn, &port);
	}
	if (tgt && chan->told & ISP_ROLE_TARGET)
		tgt->resolved(chan, fab->check_id, wwpn, port.handle);
	return ISP_STEP_RESOLVE;
}

static const struct step_ops step_ops[] = {
	[ISP_STEP_STATE] = { send_state, done_state },
	[ISP_STEP_SPEED] = { send_speed, done_speed },
	[ISP_STEP_ID] = { send_id, done_id },
	[ISP_STEP_FABRIC] = { send_fabric, done_fabric },
	[ISP_STEP_PEER_LOGIN] = { send_peer_login, done_peer_login },
	[ISP_STEP_SNS_LOGIN] = { send_sns_login, done_sns_login },
	[ISP_STEP_SCR] = { send_scr, done_scr },
	[ISP_STEP_RFT] = { send_rft, done_rft },
	[ISP_STEP_RFF] = { send_rff, done_rff },
	[ISP_STEP_RNN] = { send_rnn, done_rnn },
	[ISP_STEP_RSNN] = { send_rsnn, done_rsnn },
	[ISP_STEP_SCAN] = { send_scan, done_scan },
	[ISP_STEP_CHECK] = { send_check, done_check },
	[ISP_STEP_RESOLVE] = { send_resolve, done_resolve },
};

/* The worker. */

static void go_step(struct isp_fabric *fab, enum isp_link_step to)
{
	if (fab->step != to)
		fab->tries = 0;
	fab->step = to;
	fab->sent = false;
	if (fab->busy)
		fab->drop = true;
}

static void link_down(struct isp_fabric *fab, const char *why)
{
	struct isp_chan *chan = fab->chan;

	go_step(fab, ISP_STEP_IDLE);
	fab->report_valid = false;
	chan->port_id = 0;
	chan->fabric_wwn = 0;
	chan->topo = ISP_TOPO_NONE;
	isp_portdb_link_down(chan);
	set_link(chan, ISP_LINK_DOWN, why);
}

static void take_events(struct isp_fabric *fab)
{
	if (test_and_clear_bit(ISP_LINK_EV_DOWN, &fab->events))
		link_down(fab, "loss of signal or of the fabric");
	if (test_and_clear_bit(ISP_LINK_EV_CHANGED, &fab->events))
		go_step(fab, ISP_STEP_STATE);
}

/* True: there is more to do at once. */
static bool settled(struct isp_fabric *fab)
{
	struct isp_chan *chan = fab->chan;

	set_link(chan, ISP_LINK_UP, "settled");
	if (test_and_clear_bit(ISP_LINK_EV_RSCN, &fab->events) &&
	    chan->fabric_wwn) {
		go_step(fab, ISP_STEP_SCAN);
		return true;
	}
	if (test_and_clear_bit(ISP_LINK_EV_RESOLVE, &fab->events)) {
		go_step(fab, ISP_STEP_RESOLVE);
		return true;
	}
	return false;
}

static void later(struct isp_fabric *fab, unsigned int ms)
{
	queue_delayed_work(fab->chan->hba->wq, &fab->work,
			   msecs_to_jiffies(ms));
}

/* The chip has deadlines of its own; this one is for a chip that forgot. */
static void check_deadline(struct isp_fabric *fab)
{
	if (time_after(jiffies,
		       fab->sent_at + msecs_to_jiffies(IO_DEADLINE_MS)))
		isp_hba_fault(fab->chan->hba,
			      "a login or name server entry never came back");
	else
		later(fab, IO_DEADLINE_MS / 2);
}

/* Take the answer to what was sent; true: go on. */
static bool take_answer(struct isp_fabric *fab)
{
	enum isp_link_step next;

	fab->sent = false;
	next = step_ops[fab->step].done(fab, fab->err);
	if (next == STEP_AGAIN) {
		later(fab,
		      fab->step == ISP_STEP_STATE ? STATE_POLL_MS : RETRY_MS);
		return false;
	}
	go_step(fab, next);
	return true;
}

static bool send_request(struct isp_fabric *fab)
{
	int ret;

	fab->err = 0;
	fab->sent_at = jiffies;
	fab->sent = true;
	ret = step_ops[fab->step].send(fab);
	if (!ret) {
		if (!smp_load_acquire(&fab->busy))
			return true;
		later(fab, IO_DEADLINE_MS / 2);
		return false;
	}
	fab->sent = false;
	if (ret > 0) {
		go_step(fab, ISP_STEP_SETTLED);
		return true;
	}
	if (ret == -EAGAIN)
		later(fab, RETRY_MS);
	return false;
}

static void link_work(struct work_struct *work)
{
	struct isp_fabric *fab =
		container_of(to_delayed_work(work), struct isp_fabric, work);
	bool more = true;

	while (more && !fab->stopped) {
		take_events(fab);
		if (smp_load_acquire(&fab->busy)) {
			check_deadline(fab);
			return;
		}
		if (fab->drop) {
			fab->drop = false;
			fab->sent = false;
		}
		if (fab->step == ISP_STEP_IDLE)
			return;
		if (fab->step == ISP_STEP_SETTLED)
			more = settled(fab);
		else if (fab->sent)
			more = take_answer(fab);
		else
			more = send_request(fab);
	}
}

/* What others call. */

/**
 * isp_link_init() - Make a channel's link machine.
 * @chan: the channel
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int isp_link_init(struct isp_chan *chan)
{
	struct isp_fabric *fab = kzalloc(sizeof(*fab), GFP_KERNEL);

	if (!fab)
		return -ENOMEM;
	fab->buf = dma_alloc_coherent(chan->hba->dev,
				      ISP_CT_REQ_SIZE + ISP_CT_RSP_SIZE,
				      &fab->dma, GFP_KERNEL);
	if (!fab->buf) {
		kfree(fab);
		return -ENOMEM;
	}
	fab->chan = chan;
	fab->stopped = true;
	fab->io.chan = chan;
	INIT_DELAYED_WORK(&fab->work, link_work);
	chan->fabric = fab;
	return 0;
}

/**
 * isp_link_exit() - Free what isp_link_init() made.
 * @chan: the channel; the adapter is GONE
 *
 * Context: process, may sleep.
 */
void isp_link_exit(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	cancel_delayed_work_sync(&fab->work);
	dma_free_coherent(chan->hba->dev, ISP_CT_REQ_SIZE + ISP_CT_RSP_SIZE,
			  fab->buf, fab->dma);
	kfree(fab);
	chan->fabric = NULL;
}

/**
 * isp_link_start() - The firmware is initialised: look after the link.
 * @chan: the channel
 *
 * Context: process (life worker).
 */
void isp_link_start(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	fab->stopped = false;
	fab->step = ISP_STEP_IDLE;
	fab->sent = false;
	fab->drop = false;
	/* Events may have come before the init mailbox was answered. */
	set_event(chan, ISP_LINK_EV_CHANGED);
}

/**
 * isp_link_stop() - The chip is reset: the link is down.
 * @chan: the channel
 *
 * Context: process (life worker); the work queue runs one item at a time, so
 * the link worker is not running.
 */
void isp_link_stop(struct isp_chan *chan)
{
	struct isp_fabric *fab = chan->fabric;

	if (!fab->stopped)
		link_down(fab, "adapter is reset");
	fab->stopped = true;
	fab->events = 0;
}

static void rscn(struct isp_chan *chan)
{
	set_event(chan, READ_ONCE(chan->link) == ISP_LINK_DOWN ?
				ISP_LINK_EV_CHANGED :
				ISP_LINK_EV_RSCN);
}

/**
 * isp_link_rescan() - Ask the name server again.
 * @chan: the channel
 *
 * Context: any.
 */
void isp_link_rescan(struct isp_chan *chan)
{
	rscn(chan);
}

/**
 * isp_link_resolve() - A question for the name server waits.
 * @chan: the channel
 *
 * Context: any.
 */
void isp_link_resolve(struct isp_chan *chan)
{
	set_event(chan, ISP_LINK_EV_RESOLVE);
}

static void bad_event(struct isp_hba *hba, const u16 *mb)
{
	switch (mb[0]) {
	case ISP_AEN_SYSTEM_ERROR:
		dev_err(hba->dev, "firmware crashed: %04x %04x %04x\n", mb[1],
			mb[2], mb[3]);
		isp_hba_fault(hba, "firmware crash");
		break;
	case ISP_AEN_REQ_XFER_ERROR:
	case ISP_AEN_RSP_XFER_ERROR:
	case ISP_AEN_ATIO_XFER_ERROR:
		isp_hba_fault(hba, "the chip cannot reach a ring");
		break;
	default:
		dev_dbg(hba->dev, "event %04x %04x %04x %04x\n", mb[0], mb[1],
			mb[2], mb[3]);
		break;
	}
}

/**
 * isp_link_aen() - An asynchronous event.
 * @hba: the adapter
 * @mb:  mailboxes 0 to 3
 *
 * Context: hardirq, no lock held.
 */
void isp_link_aen(struct isp_hba *hba, const u16 *mb)
{
	struct isp_chan *chan = &hba->chan[0];

	switch (mb[0]) {
	case ISP_AEN_LOOP_UP:
		chan->fabric->speed_code = mb[1];
		set_event(chan, ISP_LINK_EV_CHANGED);
		break;
	case ISP_AEN_POINT_TO_POINT:
	case ISP_AEN_CONNECTION_CHANGE:
	case ISP_AEN_LIP_RESET:
		set_event(chan, ISP_LINK_EV_CHANGED);
		break;
	case ISP_AEN_LOOP_DOWN:
	case ISP_AEN_LOOP_INIT_ERROR:
		/* What was said before about being up is history. */
		clear_bit(ISP_LINK_EV_CHANGED, &chan->fabric->events);
		set_event(chan, ISP_LINK_EV_DOWN);
		break;
	case ISP_AEN_PORT_UPDATE:
	case ISP_AEN_RSCN:
		rscn(chan);
		break;
	default:
		bad_event(hba, mb);
		break;
	}
}

/**
 * isp_link_vp_report() - The firmware acquired or lost an address.
 * @chan: the channel
 * @vp:   the report
 *
 * Context: any, no lock held.
 */
void isp_link_vp_report(struct isp_chan *chan, const struct isp_vp_report *vp)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->hba->lock, flags);
	chan->fabric->report = *vp;
	chan->fabric->report_valid = vp->ok;
	spin_unlock_irqrestore(&chan->hba->lock, flags);
	set_event(chan, vp->ok ? ISP_LINK_EV_CHANGED : ISP_LINK_EV_DOWN);
}
