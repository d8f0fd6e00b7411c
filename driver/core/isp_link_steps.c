// SPDX-License-Identifier: GPL-2.0
/* The steps of a link's way from an address to a settled fabric. */
#include "isp_link_steps.h"

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../hw/isp_hw_ct.h"
#include "../hw/isp_hw_mbox.h"
#include "isp_ct.h"

/* Deadlines, and how often something is asked again. */
#define MBOX_TIMEOUT_MS 10000
#define CT_TIMEOUT_S 10
#define STATE_POLLS 240
#define RETRIES 3

#define ID_NAME_SERVER 0xfffffc
#define N_PAIR_PEER_ID 2
#define CHANGE_REQ_FULL 3

/* Requests. */

static void answered(struct isp_fabric *fab, int err)
{
	fab->err = err;
	/* The worker must see the result once it sees that we are not busy. */
	smp_store_release(&fab->busy, false);
	isp_link_kick(fab);
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
		return ISP_STEP_AGAIN;
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
	return fab->tries++ < STATE_POLLS ? ISP_STEP_AGAIN : ISP_STEP_IDLE;
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
	enum isp_topo topo_was = chan->topo;
	u32 id_was = chan->port_id;

	if (err)
		return retry_or(fab, ISP_STEP_IDLE);
	chan->loop_id = out[1];
	chan->port_id = (u32)(out[3] & 0xff) << 16 | out[2];
	chan->topo = out[6] < ARRAY_SIZE(topo) ? topo[out[6]] : ISP_TOPO_NONE;
	chan->fabric_wwn = 0;
	isp_ring_send_marker(chan->hba, chan->idx);
	/* Late news of a link that is up as it was: ask again, say nothing. */
	if (chan->link != ISP_LINK_UP || chan->port_id != id_was ||
	    chan->topo != topo_was)
		isp_link_set(chan, ISP_LINK_FABRIC, "address acquired");
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

/*
 * Of an N_Port pair the higher name logs in and thereby gives the addresses,
 * 1 to itself and 2 to the other one. [FC-LS-3 6.3, D; qla2xxx qla_mbx.c
 * report-ID format 1, O]
 */
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
	if (!valid || report.topo != ISP_TOPO_N || !report.peer_wwpn ||
	    chan->wwpn < report.peer_wwpn)
		return 1;
	/* The first report has the name only: addresses are ours to give. */
	logio.port_id = report.peer_id ?: N_PAIR_PEER_ID;
	isp_portdb_seen(chan, logio.port_id, report.peer_wwpn);
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
	isp_portdb_resolved(chan, fab->check_id);
	if (tgt && chan->told & ISP_ROLE_TARGET)
		tgt->resolved(chan, fab->check_id, wwpn, port.handle);
	return ISP_STEP_RESOLVE;
}

const struct isp_step_ops isp_link_steps[ISP_NR_STEPS] = {
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
