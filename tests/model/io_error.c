// SPDX-License-Identifier: GPL-2.0
/* What goes wrong between two chips: aborts, task management, lost frames. */
#include <stdio.h>

#include "rig.h"
#include "spec/entries.h"
#include "tap.h"

#define BUF HOST_DATA
#define CS_ABORTED 0x05
#define CS_TIMEOUT 0x06
#define CS_UNAVAILABLE 0x28
#define CS_LOGGED_OUT 0x29
#define ABORT_STATUS ABRT_NPORT /* where entry 33h has its result */
#define NOT_TERMINATED 0x1e

static struct rig r;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

static bool good(const uint8_t *sts)
{
	return sts && !get_le16(sts + STS_COMP) && !get_le16(sts + STS_SCSI);
}

static bool comp_is(const uint8_t *sts, uint16_t comp)
{
	if (sts && get_le16(sts + STS_COMP) != comp)
		printf("# completion status %02x\n", get_le16(sts + STS_COMP));
	return sts && get_le16(sts + STS_COMP) == comp;
}

static void arm(enum fault_act act, enum fault_class cls, uint64_t nth,
		uint32_t count)
{
	struct fault_frame_spec f = { act, cls, nth, count, 5 * EV_SEC, "" };

	ok(fault_arm_frame(r.w.fault, &f) > 0);
}

static const uint8_t *wait_abort(uint32_t handle)
{
	return rig_wait(&r, &r.ini_rsp, ENTRY_ABORT, handle, 60 * EV_SEC);
}

static void abort_it(uint32_t handle, uint32_t victim)
{
	entry_abort(&r.ini, handle, victim, r.tgt_nport, r.tgt_id);
	host_ring(&r.ini);
}

static bool io_works(uint32_t handle)
{
	rig_io(&r, handle, false, 0, 4096, BUF);
	return good(rig_status(&r, handle));
}

/* ---- task management ---- */

static void tmf_body(void)
{
	static const struct {
		uint32_t flags;
		uint8_t byte;
	} tm[] = { { 0x10, 0x10 },
		   { 0x02, 0x20 },
		   { 0x04, 0x04 },
		   { 0x08, 0x02 },
		   { 0x01, 0x40 } };
	uint8_t lun[8] = { 0, 3 };
	const uint8_t *sts, *atio;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tm); i++) {
		entry_tmf(&r.ini, 0x500 + i, r.tgt_nport, r.tgt_id, tm[i].flags,
			  lun);
		host_ring(&r.ini);
		sts = rig_status(&r, 0x500 + i);
		ok(sts && !get_le16(sts + STS_COMP) &&
		   get_le16(sts + STS_SCSI) == 0x0100 &&
		   get_le32(sts + STS_RSP_LEN) == 8 &&
		   get_le32(sts + STS_DATA) == 0);
		atio = rig_last(&r.tgt_atio, ENTRY_ATIO);
		ok(atio && atio[ATIO_CMND + 10] == tm[i].byte &&
		   !memcmp(atio + ATIO_CMND, lun, 8) &&
		   !get_be32(atio + ATIO_CMND + 28));
	}
	ok(rig_quiet(&r));
}

static void test_tmf(void)
{
	on_stage(tmf_body);
}

/* ---- aborts ---- */

static void never_delivered_body(void)
{
	arm(FAULT_DROP, FAULT_CMND, 1, 1);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, EV_SEC);
	ok(!rig_find(&r.ini_rsp, ENTRY_STATUS, 0x10));
	abort_it(0x11, 0x10);
	ok(comp_is(rig_status(&r, 0x10), CS_ABORTED));
	ok(wait_abort(0x11) && !get_le16(wait_abort(0x11) + ABORT_STATUS));
	ok(rig_last(&r.tgt_rsp, ENTRY_ABTS_RCV));
	ok(r.ini.dev->jp->n.abts_tx == 1 && r.tgt.dev->jp->n.abts_rx == 1);
	ok(io_works(0x12) && rig_quiet(&r));
}

static void test_never_delivered(void)
{
	on_stage(never_delivered_body);
}

/* The target has ended the command, its FCP_RSP is lost. */
static void rsp_lost_body(void)
{
	const uint8_t *abts;

	arm(FAULT_DROP, FAULT_RSP, 1, 1);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, EV_SEC);
	ok(rig_last(&r.tgt_rsp, ENTRY_CTIO7) && !r.tgt_ctios);
	abort_it(0x11, 0x10);
	ok(comp_is(rig_status(&r, 0x10), CS_ABORTED) && wait_abort(0x11));
	abts = rig_last(&r.tgt_rsp, ENTRY_ABTS_RCV);
	ok(abts && get_le32(abts + ABTS_VICTIM) == 0xffffffff);
	ok(io_works(0x12) && rig_quiet(&r));
}

static void test_rsp_lost(void)
{
	on_stage(rsp_lost_body);
}

static void answer_abts(const uint8_t *abts, uint8_t r_ctl)
{
	uint8_t *e = host_slot(&r.tgt);

	memcpy(e, abts, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_ABTS_RSP;
	put_le32(e + HDR_HANDLE, 0x700);
	memcpy(e + ABTS_D_ID, abts + ABTS_S_ID, 3);
	memcpy(e + ABTS_S_ID, abts + ABTS_D_ID, 3);
	e[ABTS_R_CTL] = r_ctl;
	memset(e + ABTS_PAYLOAD, 0, 12);
	if (r_ctl == FAB_RCTL_BA_RJT)
		e[ABTSR_RJT_REASON] = 9;
	host_ring(&r.tgt);
}

static const uint8_t *abts_answered(void)
{
	return rig_wait(&r, &r.tgt_rsp, ENTRY_ABTS_RSP, 0x700, EV_SEC);
}

/* A command that the target holds: accept is refused until it is terminated. */
static void held_body(void)
{
	const uint8_t *atio, *abts, *e;

	r.serve = false;
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio))
		return;
	abort_it(0x11, 0x10);
	abts = rig_wait_last(&r, &r.tgt_rsp, ENTRY_ABTS_RCV, EV_SEC);
	if (!ok(abts))
		return;
	ok(get_le32(abts + ABTS_VICTIM) == get_le32(atio + ATIO_XCHG));
	ok(get_le16(abts + ABTS_OX_ID) == get_be16(atio + ATIO_OX_ID));
	answer_abts(abts, FAB_RCTL_BA_ACC);
	e = abts_answered();
	ok(e && get_le16(e + ABTS_COMP) == 0x31 &&
	   get_le32(e + ABTSR_SUB1) == NOT_TERMINATED);
	ok(!rig_find(&r.ini_rsp, ENTRY_STATUS, 0x10));
	r.tgt_rsp.nr = 0;
	rig_ctio(&r, 0x40, atio, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
	ok(rig_wait(&r, &r.tgt_rsp, ENTRY_CTIO7, 0x40, EV_SEC));
	answer_abts(abts, FAB_RCTL_BA_ACC);
	e = abts_answered();
	ok(e && !get_le16(e + ABTS_COMP));
	ok(comp_is(rig_status(&r, 0x10), CS_ABORTED) && wait_abort(0x11));
	ok(rig_quiet(&r));
}

static void test_held(void)
{
	on_stage(held_body);
}

/* As LIO does: reject the ABTS, then terminate the exchange. */
static void rejected_body(void)
{
	const uint8_t *atio, *abts, *e;

	r.serve = false;
	rig_io(&r, 0x10, true, 0, 4096, BUF);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio))
		return;
	abort_it(0x11, 0x10);
	abts = rig_wait_last(&r, &r.tgt_rsp, ENTRY_ABTS_RCV, EV_SEC);
	if (!ok(abts))
		return;
	answer_abts(abts, FAB_RCTL_BA_RJT);
	e = abts_answered();
	ok(e && !get_le16(e + ABTS_COMP));
	ok(comp_is(rig_status(&r, 0x10), CS_ABORTED) && wait_abort(0x11));
	rig_ctio(&r, 0x40, atio, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
	ok(rig_wait(&r, &r.tgt_rsp, ENTRY_CTIO7, 0x40, EV_SEC));
	ok(rig_quiet(&r));
}

static void test_rejected(void)
{
	on_stage(rejected_body);
}

/* A lost ABTS is sent again; when both are lost the port is logged out. */
static void abts_lost_body(void)
{
	arm(FAULT_DROP, FAULT_CMND, 1, 1);
	arm(FAULT_DROP, FAULT_ABTS, 1, 1);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	abort_it(0x11, 0x10);
	ok(comp_is(rig_status(&r, 0x10), CS_ABORTED) && wait_abort(0x11));
	ok(r.ini.dev->jp->n.abts_tx == 2 && io_works(0x12));
	arm(FAULT_DROP, FAULT_CMND, 1, 1);
	arm(FAULT_DROP, FAULT_BA, 1, 2);
	rig_io(&r, 0x20, false, 0, 4096, BUF);
	abort_it(0x21, 0x20);
	ok(comp_is(rig_status(&r, 0x20), CS_ABORTED) && wait_abort(0x21));
	world_run(&r.w, EV_SEC);
	ok(r.ini.last_async[0] == 0x8014 && r.ini.last_async[1] == r.tgt_nport);
	rig_io(&r, 0x22, false, 0, 4096, BUF);
	ok(comp_is(rig_status(&r, 0x22), CS_LOGGED_OUT));
	ok(!rig_login(&r) && io_works(0x23) && rig_quiet(&r));
}

static void test_abts_lost(void)
{
	on_stage(abts_lost_body);
}

static void abort_nothing_body(void)
{
	const uint8_t *e;

	abort_it(0x11, 0x10);
	e = wait_abort(0x11);
	ok(e && get_le16(e + ABORT_STATUS) == 0x31);
	ok(io_works(0x12) && rig_quiet(&r));
}

static void test_abort_nothing(void)
{
	on_stage(abort_nothing_body);
}

static void timeout_body(void)
{
	struct seg seg = { HOST_IOVA + BUF, 4096 };
	struct cmd c = { .handle = 0x10,
			 .cdb = { 0x28 },
			 .dl = 4096,
			 .read = true,
			 .timeout_s = 5,
			 .segs = &seg,
			 .nr_segs = 1 };
	uint64_t t0 = ev_now_ns(r.w.ev);

	arm(FAULT_DROP, FAULT_CMND, 1, 1);
	rig_cmd(&r, &c);
	ok(comp_is(rig_status(&r, 0x10), CS_TIMEOUT));
	ok(ev_now_ns(r.w.ev) - t0 >= 5 * EV_SEC &&
	   ev_now_ns(r.w.ev) - t0 < 7 * EV_SEC);
	ok(io_works(0x11) && rig_quiet(&r));
}

static void test_timeout(void)
{
	on_stage(timeout_body);
}

/* ---- lost frames of a WRITE ---- */

static void write_lost_body(void)
{
	static const enum fault_class cls[] = { FAULT_XFER_RDY, FAULT_DATA };
	const uint8_t *atio, *e;
	unsigned int i;

	r.serve = false;
	for (i = 0; i < ARRAY_SIZE(cls); i++) {
		arm(FAULT_DROP, cls[i], 1, 1);
		r.tgt_atio.nr = 0;
		e = rig_io(&r, 0x10 + i, true, 0, 4096, BUF);
		put_le16((uint8_t *)e + CMD7_TIMEOUT, 0);
		atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
		if (!ok(atio))
			return;
		rig_ctio(&r, 0x40 + i, atio, CTIO_DATA_OUT, RIG_DISK_OFF, 4096);
		e = rig_wait(&r, &r.tgt_rsp, ENTRY_CTIO7, 0x40 + i,
			     40 * EV_SEC);
		ok(e && get_le16(e + CTIOR_STATUS) == 0x0b);
		rig_ctio(&r, 0x50 + i, atio, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
		ok(rig_status(&r, 0x10 + i));
	}
	r.serve = true;
	ok(io_works(0x20) && rig_quiet(&r));
}

static void test_write_lost(void)
{
	on_stage(write_lost_body);
}

/* Frames that come late: an answer after its command's end meets nobody. */
static void late_body(void)
{
	static const enum fault_class cls[] = { FAULT_DATA, FAULT_RSP };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cls); i++) {
		arm(FAULT_DELAY, cls[i], 1, 1);
		rig_io(&r, 0x10 + 2 * i, false, 0, 4096, BUF);
		world_run(&r.w, EV_SEC);
		abort_it(0x11 + 2 * i, 0x10 + 2 * i);
		ok(rig_status(&r, 0x10 + 2 * i) && wait_abort(0x11 + 2 * i));
		ok(io_works(0x30 + i));
		world_run(&r.w, 10 * EV_SEC);
	}
	ok(io_works(0x40) && rig_quiet(&r));
}

static void test_late(void)
{
	on_stage(late_body);
}

/* ---- links and chips ---- */

/* Commands in every state when the light goes: all come back, then again. */
static void link_loss_body(void)
{
	unsigned int i;

	r.serve = false;
	for (i = 0; i < 8; i++)
		rig_io(&r, 0x10 + i, i % 2, 0, 4096, BUF);
	world_run(&r.w, EV_MS);
	for (i = 0; i < 4 && i < r.tgt_atio.nr; i++)
		rig_ctio(&r, 0x40 + i, r.tgt_atio.e[r.tgt_atio.nr - 1 - i],
			 i % 2 ? CTIO_DATA_IN | CTIO_STATUS : CTIO_DATA_OUT,
			 RIG_DISK_OFF, 4096);
	fab_port_cable(world_port(r.ini_card, 0), false, 3 * EV_SEC);
	for (i = 0; i < 8; i++)
		ok(comp_is(rig_status(&r, 0x10 + i), CS_UNAVAILABLE));
	ok(!r.ini.is_up && r.ini.last_async[0] == 0x8012);
	world_run(&r.w, 10 * EV_SEC);
	ok(r.ini.is_up);
	r.serve = true;
	rig_forget(&r);
	ok(!rig_login(&r) && io_works(0x60));
	/* The target's driver ends what it still holds. */
	ok(!world_verdicts(&r.w));
}

static void test_link_loss(void)
{
	on_stage(link_loss_body);
}

static void logout_body(void)
{
	const uint8_t *e;

	arm(FAULT_DROP, FAULT_CMND, 1, 1);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, EV_SEC);
	entry_login(&r.ini, 0x600, r.tgt_nport, r.tgt_id, LOGIN_LOGO);
	host_ring(&r.ini);
	e = rig_wait(&r, &r.ini_rsp, ENTRY_LOGIO, 0x600, 10 * EV_SEC);
	ok(e && !get_le16(e + LOGIO_COMP));
	ok(comp_is(rig_status(&r, 0x10), CS_LOGGED_OUT));
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_LOGO);
	rig_io(&r, 0x11, false, 0, 4096, BUF);
	ok(comp_is(rig_status(&r, 0x11), CS_LOGGED_OUT) ||
	   comp_is(rig_status(&r, 0x11), CS_UNAVAILABLE));
	ok(!rig_login(&r) && io_works(0x12) && rig_quiet(&r));
}

static void test_logout(void)
{
	on_stage(logout_body);
}

/* The target's chip is reset with commands open, starts anew, logs in anew. */
static void target_reset_body(void)
{
	const uint8_t *sts;

	r.serve = false;
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, EV_MS);
	r.serve = true;
	ok(host_boot(&r.tgt, HOST_TGT, card_wwpn(&r.tgt_card->spec, 0)));
	sts = rig_status(&r, 0x10);
	ok(sts && get_le16(sts + STS_COMP));
	r.tgt_ctios = 0;
	rig_forget(&r);
	/* The first command may meet a target that has forgotten its sender. */
	ok(io_works(0x20) || (!rig_login(&r) && io_works(0x21)));
	ok(rig_quiet(&r));
}

static void test_target_reset(void)
{
	on_stage(target_reset_body);
}

static void crash_body(void)
{
	unsigned int i;

	r.serve = false;
	for (i = 0; i < 4; i++)
		rig_io(&r, 0x10 + i, false, 0, 4096, BUF);
	world_run(&r.w, EV_MS);
	ok(!fault_arm_port(r.w.fault, "initiator.0", FAULT_FW_CRASH, 1));
	world_run(&r.w, EV_SEC);
	ok(r.ini.last_async[0] == 0x8002);
	r.serve = true;
	rig_forget(&r);
	ok(host_boot(&r.ini, HOST_INI, card_wwpn(&r.ini_card->spec, 0)));
	ok(!rig_login(&r) && io_works(0x20));
	ok(!world_verdicts(&r.w));
}

static void test_crash(void)
{
	on_stage(crash_body);
}

static void hang_body(void)
{
	static const uint16_t nop[1] = { 0 };

	ok(host_mbox(&r.ini, nop, 1) == 0x4000);
	ok(!fault_arm_port(r.w.fault, "initiator.0", FAULT_MBOX_TIMEOUT, 1));
	ok(host_mbox(&r.ini, nop, 1) == 0);
	ok(!fault_arm_port(r.w.fault, "initiator.0", FAULT_FW_HANG, 1));
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, 40 * EV_SEC);
	ok(!rig_find(&r.ini_rsp, ENTRY_STATUS, 0x10));
	rig_forget(&r);
	ok(host_boot(&r.ini, HOST_INI, card_wwpn(&r.ini_card->spec, 0)));
	ok(!rig_login(&r) && io_works(0x20));
	ok(!fault_arm_port(r.w.fault, "initiator.0", FAULT_ALL_ONES,
			   FAULT_FOREVER));
	ok(host_rd(&r.ini, 0x44) == 0xffffffff);
	ok(!fault_clear_port(r.w.fault, "initiator.0", FAULT_ALL_ONES));
	ok(host_rd(&r.ini, 0x44) != 0xffffffff);
}

static void test_hang(void)
{
	on_stage(hang_body);
}

int main(void)
{
	tap_run(test_tmf, "task management: flags, LUN, response code");
	tap_run(test_never_delivered, "abort of a command never delivered");
	tap_run(test_rsp_lost, "abort of a command whose response was lost");
	tap_run(test_held, "abort of a command that the target holds");
	tap_run(test_rejected, "ABTS rejected, exchange terminated after");
	tap_run(test_abts_lost, "lost ABTS: again, then logged out");
	tap_run(test_abort_nothing, "abort of an unknown handle");
	tap_run(test_timeout, "a command's own timeout");
	tap_run(test_write_lost,
		"WRITE without XFER_RDY or data: CTIO timeout");
	tap_run(test_late, "data and response after the end");
	tap_run(test_link_loss, "light lost with commands in every state");
	tap_run(test_logout, "logout with a command open");
	tap_run(test_target_reset, "target reset with a command open");
	tap_run(test_crash, "firmware crash with commands open");
	tap_run(test_hang, "mailbox timeout, firmware hang, all ones");
	return tap_end();
}
