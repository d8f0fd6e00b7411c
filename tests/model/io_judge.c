// SPDX-License-Identifier: GPL-2.0
/*
 * The judge of queue entries: each verdict about commands, CTIOs, aborts and
 * acknowledgements is provoked on purpose, and the chip's answer is looked at.
 */
#include <stdio.h>

#include "rig.h"
#include "spec/entries.h"
#include "tap.h"

#define BUF HOST_DATA
#define ES_TYPE 0x04 /* entry status */
#define ES_PARAM 0x08
#define ES_COUNT 0x10

static struct rig r;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

/* One verdict at one port, once; then the slate is clean. */
static bool judged(struct host *h, enum verdict v)
{
	bool once = h->dev->jp->verdicts[v].nr == 1 &&
		    judge_total(r.w.judge) == 1;

	if (!once) {
		printf("# wanted %s once\n", verdict_infos[v].name);
		world_verdicts(&r.w);
	}
	judge_clear(r.w.judge);
	return once;
}

static const uint8_t *ini_answer(uint8_t type, uint32_t handle)
{
	return rig_wait(&r, &r.ini_rsp, type, handle, 60 * EV_SEC);
}

static const uint8_t *tgt_answer(uint8_t type, uint32_t handle)
{
	return rig_wait(&r, &r.tgt_rsp, type, handle, 60 * EV_SEC);
}

static bool refused(const uint8_t *e, uint8_t status)
{
	if (e && e[HDR_STATUS] != status)
		printf("# entry status %02x\n", e[HDR_STATUS]);
	return e && e[HDR_STATUS] == status;
}

static void quiet(void)
{
	ok(!world_verdicts(&r.w) && world_balanced(&r.w));
}

/* ---- initiator ---- */

static void types_body(void)
{
	uint8_t *e = host_slot(&r.ini);

	e[HDR_TYPE] = 0x77;
	put_le32(e + HDR_HANDLE, 0x100);
	host_ring(&r.ini);
	ok(refused(ini_answer(0x77, 0x100), ES_TYPE));
	ok(judged(&r.ini, VERDICT_ENTRY_TYPE));

	e = entry_abort(&r.ini, 0x101, 5, r.tgt_nport, r.tgt_id);
	e[HDR_COUNT] = 2;
	host_slot(&r.ini)[HDR_TYPE] = ENTRY_CONT64;
	host_ring(&r.ini);
	ok(refused(ini_answer(ENTRY_ABORT, 0x101), ES_COUNT));
	ok(judged(&r.ini, VERDICT_ENTRY_COUNT));
	quiet();
}

static void test_types(void)
{
	on_stage(types_body);
}

static const uint8_t *changed_cmd(uint32_t handle, unsigned int off,
				  uint8_t value)
{
	uint8_t *e = rig_io(&r, handle, false, 0, 4096, BUF);

	e[off] = value;
	return ini_answer(ENTRY_CMD7, handle);
}

static void cmd_body(void)
{
	static const struct {
		unsigned int off;
		uint8_t value;
	} bad[] = { { CMD7_DIR, 0 },   { CMD7_DIR, 3 }, { CMD7_DIR, 0x12 },
		    { CMD7_TM, 0x10 }, { CMD7_VP, 1 },	{ CMD7_RSVD_0E, 1 } };
	struct seg seg = { HOST_IOVA + BUF, 512 };
	struct cmd c = { .handle = 0x200,
			 .cdb = { 0x28, 0, 0, 0, 0, 0, 0, 0, 8 },
			 .dl = 4096,
			 .read = true,
			 .timeout_s = 30,
			 .segs = &seg,
			 .nr_segs = 1 };
	const uint8_t *sts;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(refused(changed_cmd(0x100 + i, bad[i].off, bad[i].value),
			   ES_PARAM));
		ok(judged(&r.ini, VERDICT_CMD_FIELDS));
	}
	/* More segments than entries. */
	ok(refused(changed_cmd(0x180, CMD7_NR_DSD, 7), ES_COUNT));
	ok(judged(&r.ini, VERDICT_ENTRY_SEGMENTS));
	/* Less room than the data length: not a byte behind the buffer. */
	memset(host_at(&r.ini, BUF), 0xee, 4096);
	rig_cmd(&r, &c);
	sts = rig_status(&r, 0x200);
	ok(sts && get_le16(sts + STS_COMP) == 0x07);
	ok(host_at(&r.ini, BUF)[512] == 0xee);
	ok(judged(&r.ini, VERDICT_CMD_SHORT));
	ok(rig_quiet(&r));
}

static void test_cmd(void)
{
	on_stage(cmd_body);
}

static void ini_fields_body(void)
{
	uint8_t lun[8] = { 0 };
	uint8_t *e;

	entry_tmf(&r.ini, 0x100, r.tgt_nport, r.tgt_id, 0x12, lun);
	host_ring(&r.ini);
	ok(refused(ini_answer(ENTRY_TMF, 0x100), ES_PARAM));
	ok(judged(&r.ini, VERDICT_TMF_FIELDS));

	e = host_slot(&r.ini);
	e[HDR_TYPE] = ENTRY_MARKER;
	put_le32(e + HDR_HANDLE, 0x101);
	e[MRK_MODIFIER] = 9;
	host_ring(&r.ini);
	ok(refused(ini_answer(ENTRY_MARKER, 0x101), ES_PARAM));
	ok(judged(&r.ini, VERDICT_MARKER_FIELDS));

	e = entry_abort(&r.ini, 0x102, 5, r.tgt_nport, r.tgt_id);
	put_le16(e + ABRT_OPTIONS, 0x8000);
	host_ring(&r.ini);
	ok(refused(ini_answer(ENTRY_ABORT, 0x102), ES_PARAM));
	ok(judged(&r.ini, VERDICT_ABORT_FIELDS));

	e = host_slot(&r.ini);
	e[HDR_TYPE] = ENTRY_MARKER;
	put_le32(e + HDR_HANDLE, 0x103);
	e[MRK_MODIFIER] = 2;
	host_ring(&r.ini);
	ok(refused(ini_answer(ENTRY_MARKER, 0x103), 0));
	quiet();
}

static void test_ini_fields(void)
{
	on_stage(ini_fields_body);
}

/* ---- target: CTIO ---- */

/* A command that the test answers itself; gone after finish(). */
static const uint8_t *hold(uint32_t handle, bool write)
{
	uint8_t *e;

	r.serve = false;
	rig_forget(&r);
	e = rig_io(&r, handle, write, 0, 4096, BUF);
	/* The initiator waits for ever: time is the target's here. */
	put_le16(e + CMD7_TIMEOUT, 0);
	return rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
}

static void finish(const uint8_t *atio, uint32_t handle)
{
	rig_ctio(&r, 0x9000, atio, CTIO_STATUS | CTIO_MODE1, 0, 0);
	ok(tgt_answer(ENTRY_CTIO7, 0x9000));
	ok(rig_status(&r, handle));
}

static void ctio_fields_body(void)
{
	static const uint16_t flags[] = {
		0,
		CTIO_DATA_IN | CTIO_DATA_OUT,
		CTIO_STATUS | 0x00c0,
		CTIO_STATUS | 0x0010,
		CTIO_TERMINATE | CTIO_STATUS,
		CTIO_DATA_IN | CTIO_MODE1,
	};
	static const unsigned int rsvd[] = { CTIO_VP,	    CTIO_ADD_FLAGS,
					     CTIO_RSVD_13,  CTIO0_RSVD_18,
					     CTIO0_RSVD_28, CTIO0_RSVD_30 };
	const uint8_t *atio = hold(0x10, false);
	unsigned int i;

	if (!ok(atio))
		return;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		rig_ctio(&r, 0x100 + i, atio, flags[i], 0, 0);
		ok(refused(tgt_answer(ENTRY_CTIO7, 0x100 + i), ES_PARAM));
		ok(judged(&r.tgt, VERDICT_CTIO_FIELDS));
	}
	for (i = 0; i < ARRAY_SIZE(rsvd); i++) {
		uint8_t *e = rig_ctio(&r, 0x200 + i, atio, CTIO_STATUS, 0, 0);

		e[rsvd[i]] = 1;
		ok(refused(tgt_answer(ENTRY_CTIO7, 0x200 + i), ES_PARAM));
		ok(judged(&r.tgt, VERDICT_CTIO_FIELDS));
	}
	finish(atio, 0x10);
	ok(rig_quiet(&r));
}

static void test_ctio_fields(void)
{
	on_stage(ctio_fields_body);
}

static void ctio_data_body(void)
{
	const uint8_t *atio = hold(0x10, false);
	uint8_t *e;

	if (!ok(atio))
		return;
	/* Wrong way. */
	rig_ctio(&r, 0x100, atio, CTIO_DATA_OUT, RIG_DISK_OFF, 512);
	world_run(&r.w, EV_MS);
	ok(judged(&r.tgt, VERDICT_CTIO_DIRECTION));
	ok(tgt_answer(ENTRY_CTIO7, 0x100));
	/* Fewer segments than announced, and less data. */
	e = rig_ctio(&r, 0x101, atio, CTIO_DATA_IN, RIG_DISK_OFF, 512);
	put_le16(e + CTIO_NR_DSD, 3);
	ok(refused(tgt_answer(ENTRY_CTIO7, 0x101), ES_COUNT));
	ok(judged(&r.tgt, VERDICT_ENTRY_SEGMENTS));
	e = rig_ctio(&r, 0x102, atio, CTIO_DATA_IN, RIG_DISK_OFF, 512);
	put_le32(e + CTIO0_XFER_LEN, 1024);
	ok(refused(tgt_answer(ENTRY_CTIO7, 0x102), ES_PARAM));
	ok(judged(&r.tgt, VERDICT_CTIO_SHORT));
	/* Beyond the command's length. */
	rig_ctio(&r, 0x103, atio, CTIO_DATA_IN, RIG_DISK_OFF, 8192);
	ok(tgt_answer(ENTRY_CTIO7, 0x103));
	ok(judged(&r.tgt, VERDICT_CTIO_BEYOND));
	finish(atio, 0x10);
	/* Two at a time that wait for data. */
	atio = hold(0x11, true);
	if (!ok(atio))
		return;
	fab_set_latency(r.w.fab, 10 * EV_MS);
	rig_ctio(&r, 0x110, atio, CTIO_DATA_OUT, RIG_DISK_OFF, 4096);
	rig_ctio(&r, 0x111, atio, CTIO_DATA_OUT, RIG_DISK_OFF, 4096);
	ok(refused(tgt_answer(ENTRY_CTIO7, 0x111), ES_PARAM));
	ok(judged(&r.tgt, VERDICT_CTIO_OVERLAP));
	ok(tgt_answer(ENTRY_CTIO7, 0x110));
	finish(atio, 0x11);
	ok(rig_quiet(&r));
}

static void test_ctio_data(void)
{
	on_stage(ctio_data_body);
}

static void ctio_ids_body(void)
{
	static const unsigned int off[] = { CTIO_NPORT, CTIO_INI_ID,
					    CTIO_OX_ID };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		const uint8_t *atio = hold(0x10 + i, false);
		uint8_t *e;

		if (!ok(atio))
			return;
		e = rig_ctio(&r, 0x100 + i, atio, CTIO_STATUS | CTIO_MODE1, 0,
			     0);
		e[off[i]] ^= 0x55;
		ok(tgt_answer(ENTRY_CTIO7, 0x100 + i));
		ok(rig_status(&r, 0x10 + i));
		ok(judged(&r.tgt, VERDICT_CTIO_IDS));
	}
	ok(rig_quiet(&r));
}

static void test_ctio_ids(void)
{
	on_stage(ctio_ids_body);
}

static void ctio_xchg_body(void)
{
	const uint8_t *atio = hold(0x10, false);
	uint8_t copy[HOST_ENTRY_LEN];
	const uint8_t *e;

	if (!ok(atio))
		return;
	memcpy(copy, atio, sizeof(copy));
	finish(atio, 0x10);
	/* Ended by the driver itself: data for it are a mistake. */
	rig_ctio(&r, 0x100, copy, CTIO_STATUS | CTIO_MODE1, 0, 0);
	e = tgt_answer(ENTRY_CTIO7, 0x100);
	ok(e && get_le16(e + CTIOR_STATUS) == 0x08);
	ok(judged(&r.tgt, VERDICT_CTIO_AFTER_END));
	/* To terminate it again is not. */
	rig_ctio(&r, 0x101, copy, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
	e = tgt_answer(ENTRY_CTIO7, 0x101);
	ok(e && get_le16(e + CTIOR_STATUS) == 0x08);
	quiet();
	/* Never was. */
	put_le32(copy + ATIO_XCHG, 0x00777777);
	rig_ctio(&r, 0x102, copy, CTIO_STATUS | CTIO_MODE1, 0, 0);
	e = tgt_answer(ENTRY_CTIO7, 0x102);
	ok(e && get_le16(e + CTIOR_STATUS) == 0x08);
	ok(judged(&r.tgt, VERDICT_CTIO_XCHG));
	ok(rig_quiet(&r));
}

static void test_ctio_xchg(void)
{
	on_stage(ctio_xchg_body);
}

static void ctio_sense_body(void)
{
	const uint8_t *atio = hold(0x10, false);
	const uint8_t *sts;
	uint8_t *e;

	if (!ok(atio))
		return;
	e = rig_ctio(&r, 0x100, atio, CTIO_STATUS | CTIO_MODE1, 0, 0);
	put_le16(e + CTIO_SCSI, 0x0202);
	put_le16(e + CTIO1_SENSE_LEN, 96);
	ok(tgt_answer(ENTRY_CTIO7, 0x100));
	sts = rig_status(&r, 0x10);
	ok(sts && get_le32(sts + STS_SENSE_LEN) == 24);
	ok(judged(&r.tgt, VERDICT_CTIO_SENSE));
	ok(rig_quiet(&r));
}

static void test_ctio_sense(void)
{
	on_stage(ctio_sense_body);
}

/* Mode 2: the whole response from memory, sense over several entries. */
static void mode2_body(void)
{
	const uint8_t *atio = hold(0x10, false);
	uint8_t *rsp = host_at(&r.tgt, HOST_MISC);
	const uint8_t *sts, *cont;
	uint8_t back[96];
	unsigned int i;
	uint8_t *e;

	if (!ok(atio))
		return;
	memset(rsp, 0, 24);
	rsp[10] = 0x02;
	rsp[11] = 0x02;
	put_be32(rsp + 16, 96);
	for (i = 0; i < 96; i++)
		rsp[24 + i] = (uint8_t)(i + 1);
	e = rig_ctio(&r, 0x100, atio, CTIO_STATUS | 0x0080, 0, 0);
	put_le16(e + CTIO_NR_DSD, 1);
	put_le16(e + CTIO_SCSI, 0x0202);
	put_le32(e + CTIO2_LEN, 24 + 96);
	put_le64(e + CTIO2_DSD_ADDR, HOST_IOVA + HOST_MISC);
	put_le32(e + CTIO2_DSD_LEN, 24 + 96);
	ok(tgt_answer(ENTRY_CTIO7, 0x100));
	sts = rig_status(&r, 0x10);
	world_run(&r.w, EV_MS);
	if (ok(sts && get_le32(sts + STS_SENSE_LEN) == 96 &&
	       sts[HDR_COUNT] == 3)) {
		cont = sts + HOST_ENTRY_LEN;
		entry_swap(back, sts + STS_DATA, 28);
		entry_swap(back + 28, cont + STSC_DATA, 60);
		ok(cont[HDR_TYPE] == ENTRY_STATUS_CONT &&
		   cont[HOST_ENTRY_LEN] == ENTRY_STATUS_CONT);
		ok(!memcmp(back, rsp + 24, 88));
	}
	ok(rig_quiet(&r));
}

static void test_mode2(void)
{
	on_stage(mode2_body);
}

/* ---- target: ABTS and notifies ---- */

static void abts_answer(const uint8_t *abts, uint32_t handle, uint8_t r_ctl,
			unsigned int spoil)
{
	uint8_t *e = host_slot(&r.tgt);

	memcpy(e, abts, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_ABTS_RSP;
	put_le32(e + HDR_HANDLE, handle);
	memcpy(e + ABTS_D_ID, abts + ABTS_S_ID, 3);
	memcpy(e + ABTS_S_ID, abts + ABTS_D_ID, 3);
	e[ABTS_R_CTL] = r_ctl;
	memset(e + ABTS_PAYLOAD, 0, 12);
	if (spoil)
		e[spoil] ^= 0x55;
	host_ring(&r.tgt);
}

static void abts_body(void)
{
	const uint8_t *atio = hold(0x10, false);
	uint8_t abts[HOST_ENTRY_LEN];
	const uint8_t *e;

	if (!ok(atio))
		return;
	entry_abort(&r.ini, 0x11, 0x10, r.tgt_nport, r.tgt_id);
	host_ring(&r.ini);
	e = rig_wait_last(&r, &r.tgt_rsp, ENTRY_ABTS_RCV, EV_SEC);
	if (!ok(e))
		return;
	memcpy(abts, e, sizeof(abts));
	/* No answer at all in r_ctl. */
	abts_answer(abts, 0x100, 0x81, 0);
	e = tgt_answer(ENTRY_ABTS_RSP, 0x100);
	ok(e && get_le16(e + ABTS_COMP) == 0x31);
	ok(judged(&r.tgt, VERDICT_ABTS_RSP_FIELDS));
	/* Somebody else's address: judged, but the exchange says where to. */
	abts_answer(abts, 0x101, FAB_RCTL_BA_RJT, ABTS_D_ID);
	e = tgt_answer(ENTRY_ABTS_RSP, 0x101);
	ok(e && !get_le16(e + ABTS_COMP));
	ok(judged(&r.tgt, VERDICT_ABTS_RSP_FIELDS));
	/* Answered already. */
	abts_answer(abts, 0x102, FAB_RCTL_BA_RJT, 0);
	e = tgt_answer(ENTRY_ABTS_RSP, 0x102);
	ok(e && get_le16(e + ABTS_COMP) == 0x31);
	ok(judged(&r.tgt, VERDICT_ABTS_RSP_XCHG));
	ok(ini_answer(ENTRY_ABORT, 0x11));
	rig_ctio(&r, 0x103, atio, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
	ok(tgt_answer(ENTRY_CTIO7, 0x103));
	ok(rig_quiet(&r));
}

static void test_abts(void)
{
	on_stage(abts_body);
}

static void nack_body(void)
{
	uint8_t notify[HOST_ENTRY_LEN];
	const uint8_t *e;

	r.serve = false;
	rig_forget(&r);
	entry_login(&r.ini, 0x100, r.tgt_nport, r.tgt_id, LOGIN_LOGO);
	host_ring(&r.ini);
	e = rig_wait_last(&r, &r.tgt_atio, ENTRY_NOTIFY, EV_SEC);
	if (!ok(e && e[INOT_SUBCODE] == FAB_ELS_LOGO))
		return;
	memcpy(notify, e, sizeof(notify));
	entry_nack(&r.tgt, 0x200, notify)[NACK_SUBCODE] = FAB_ELS_PRLI;
	host_ring(&r.tgt);
	ok(tgt_answer(ENTRY_NOTIFY_ACK, 0x200));
	ok(judged(&r.tgt, VERDICT_NACK_MISMATCH));
	entry_nack(&r.tgt, 0x201, notify);
	host_ring(&r.tgt);
	e = tgt_answer(ENTRY_NOTIFY_ACK, 0x201);
	ok(e && get_le16(e + NACK_STATUS) == 0x08);
	ok(judged(&r.tgt, VERDICT_NACK_UNKNOWN));
	ok(ini_answer(ENTRY_LOGIO, 0x100));
	quiet();
}

static void test_nack(void)
{
	on_stage(nack_body);
}

int main(void)
{
	tap_run(test_types, "unknown entry types and stray continuations");
	tap_run(test_cmd, "command: fields, segments, room");
	tap_run(test_ini_fields, "task management, marker, abort: fields");
	tap_run(test_ctio_fields, "CTIO: flags and reserved fields");
	tap_run(test_ctio_data, "CTIO: direction, segments, length, overlap");
	tap_run(test_ctio_ids, "CTIO: ids of another exchange");
	tap_run(test_ctio_xchg, "CTIO: exchange ended, or never was");
	tap_run(test_ctio_sense, "CTIO: more sense than fits");
	tap_run(test_mode2, "CTIO mode 2: 96 bytes of sense arrive");
	tap_run(test_abts, "ABTS answers: r_ctl, ids, twice");
	tap_run(test_nack, "notify acks: other fields, twice");
	return tap_end();
}
