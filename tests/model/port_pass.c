// SPDX-License-Identifier: GPL-2.0
/* CT and ELS pass-through, and mailbox commands that concern ports. */
#include <stdio.h>

#include "rig.h"
#include "spec/entries.h"
#include "tap.h"

#define REQ HOST_DATA
#define ANS (HOST_DATA + 0x10000U)
#define NS_NPORT 0x7fcU
#define NS_ID 0xfffffcU
#define FPORT_NPORT 0x7feU
#define MB_OK 0x4000
#define MB_ERROR 0x4005
#define MB_PARAM 0x4006
#define MB_NOT_LOGGED_IN 0x400a
#define CT_GPN_ID 0x0112
#define CT_GID_FT 0x0171
#define CS_TIMEOUT 0x06
#define CS_OVERRUN 0x07
#define CS_UNDERRUN 0x15
#define CS_LOGGED_OUT 0x29

static struct rig r;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

static uint16_t mbox(struct host *h, uint16_t op, uint16_t mb1, uint32_t off,
		     uint16_t mb8, uint16_t mb10)
{
	uint64_t iova = HOST_IOVA + off;
	uint16_t in[12] = { op, mb1, (uint16_t)(iova >> 16), (uint16_t)iova };

	in[6] = (uint16_t)(iova >> 48);
	in[7] = (uint16_t)(iova >> 32);
	in[8] = mb8;
	in[10] = mb10;
	return host_mbox(h, in, 12);
}

static bool ns_login(void)
{
	const uint8_t *e;

	entry_login(&r.ini, 0x101, NS_NPORT, NS_ID, LOGIN_SERVER);
	host_ring(&r.ini);
	e = rig_wait(&r, &r.ini_rsp, ENTRY_LOGIO, 0x101, 30 * EV_SEC);
	return e && !get_le16(e + LOGIO_COMP);
}

/* A name server request with a port id behind the preamble. */
static void ct_fill(uint8_t *req, uint16_t cmd, uint32_t arg)
{
	memset(req, 0, 20);
	req[0] = 1;
	req[4] = 0xfc;
	req[5] = 2;
	put_be16(req + 8, cmd);
	put_be32(req + 16, arg);
}

static uint8_t *ct_entry(uint8_t *e, uint32_t handle, uint16_t nport,
			 uint32_t len, uint32_t room)
{
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_CT;
	e[HDR_COUNT] = 1;
	put_le32(e + CT_HANDLE, handle);
	put_le16(e + CT_NPORT, nport);
	put_le16(e + CT_NR_CMD, 1);
	put_le16(e + CT_NR_RSP, 1);
	put_le32(e + CT_RSP_LEN, room);
	put_le32(e + CT_CMD_LEN, len);
	put_le64(e + CT_DSD0_ADDR, HOST_IOVA + REQ);
	put_le32(e + CT_DSD0_LEN, len);
	put_le64(e + CT_DSD1_ADDR, HOST_IOVA + ANS);
	put_le32(e + CT_DSD1_LEN, room);
	return e;
}

static const uint8_t *ct(uint32_t handle, uint16_t nport, uint32_t room)
{
	ct_entry(host_slot(&r.ini), handle, nport, 20, room);
	host_ring(&r.ini);
	return rig_wait(&r, &r.ini_rsp, ENTRY_CT, handle, 60 * EV_SEC);
}

static uint16_t comp_of(const uint8_t *e)
{
	return e ? get_le16(e + CT_COMP) : 0xffff;
}

/* ---- CT ---- */

static void ct_body(void)
{
	uint8_t *req = host_at(&r.ini, REQ), *ans = host_at(&r.ini, ANS);
	const uint8_t *e;

	ct_fill(req, CT_GPN_ID, r.tgt_id);
	ok(comp_of(ct(1, NS_NPORT, 64)) == CS_LOGGED_OUT);
	ok(ns_login());
	e = ct(2, NS_NPORT, 64);
	ok(comp_of(e) == 0 && get_le32(e + CT_RSP_LEN) == 24);
	ok(get_be16(ans + 8) == 0x8002 &&
	   get_be64(ans + 16) == card_wwpn(&r.tgt_card->spec, 0));
	/* The answer is longer than the room: the rest is not written. */
	memset(ans, 0xaa, 64);
	e = ct(3, NS_NPORT, 20);
	ok(comp_of(e) == CS_OVERRUN && get_le32(e + CT_RSP_LEN) == 20 &&
	   ans[20] == 0xaa);
	/* Rejected by the server: that is an answer like any other. */
	ct_fill(req, CT_GPN_ID, 0x0105ef);
	e = ct(4, NS_NPORT, 64);
	ok(comp_of(e) == 0 && get_be16(ans + 8) == 0x8001);
	ok(rig_quiet(&r));
}

static void test_ct(void)
{
	on_stage(ct_body);
}

static void ct_lost_body(void)
{
	struct fault_frame_spec f = { FAULT_DROP, FAULT_CT, 1, 1, 0, "" };
	uint8_t *e;

	ct_fill(host_at(&r.ini, REQ), CT_GPN_ID, r.tgt_id);
	ok(ns_login());
	ok(fault_arm_frame(r.w.fault, &f) > 0);
	e = ct_entry(host_slot(&r.ini), 1, NS_NPORT, 20, 64);
	put_le16(e + CT_TIMEOUT, 3);
	host_ring(&r.ini);
	ok(comp_of(rig_wait(&r, &r.ini_rsp, ENTRY_CT, 1, 10 * EV_SEC)) ==
	   CS_TIMEOUT);
	ok(comp_of(ct(2, NS_NPORT, 64)) == 0);
	/* Light goes out with a request on its way. */
	fault_clear(r.w.fault);
	ok(fault_arm_frame(r.w.fault, &f) > 0);
	ct_entry(host_slot(&r.ini), 3, NS_NPORT, 20, 64);
	host_ring(&r.ini);
	world_run(&r.w, EV_SEC);
	fab_port_cable(world_port(r.ini_card, 0), false, EV_SEC);
	ok(comp_of(rig_wait(&r, &r.ini_rsp, ENTRY_CT, 3, EV_SEC)) == 0x28);
	ok(rig_quiet(&r));
}

static void test_ct_lost(void)
{
	on_stage(ct_lost_body);
}

/* Segments beyond the two of the entry are in a continuation. */
static void ct_cont_body(void)
{
	uint8_t *req = host_at(&r.ini, REQ), *ans = host_at(&r.ini, ANS);
	const uint8_t *a;
	uint8_t *e;

	ok(ns_login());
	ct_fill(req, CT_GPN_ID, r.tgt_id);
	e = ct_entry(host_slot(&r.ini), 1, NS_NPORT, 20, 24);
	e[HDR_COUNT] = 2;
	put_le16(e + CT_NR_CMD, 2);
	put_le16(e + CT_NR_RSP, 2);
	put_le32(e + CT_DSD0_LEN, 7);
	put_le64(e + CT_DSD1_ADDR, HOST_IOVA + REQ + 7);
	put_le32(e + CT_DSD1_LEN, 13);
	e = host_slot(&r.ini);
	e[HDR_TYPE] = ENTRY_CONT64;
	e[HDR_COUNT] = 1;
	put_le64(e + CONT64_DSD, HOST_IOVA + ANS);
	put_le32(e + CONT64_DSD + 8, 5);
	put_le64(e + CONT64_DSD + 12, HOST_IOVA + ANS + 5);
	put_le32(e + CONT64_DSD + 20, 19);
	host_ring(&r.ini);
	a = rig_wait(&r, &r.ini_rsp, ENTRY_CT, 1, 10 * EV_SEC);
	ok(comp_of(a) == 0 &&
	   get_be64(ans + 16) == card_wwpn(&r.tgt_card->spec, 0));
	ok(rig_quiet(&r));
}

static void test_ct_cont(void)
{
	on_stage(ct_cont_body);
}

static bool judged(enum verdict v, uint64_t times)
{
	bool good = r.ini.dev->jp->verdicts[v].nr == times &&
		    judge_total(r.w.judge) == times;

	judge_clear(r.w.judge);
	return good;
}

static void ct_fields_body(void)
{
	const uint8_t *e;

	ok(ns_login());
	put_le32(ct_entry(host_slot(&r.ini), 1, NS_NPORT, 20, 64) + CT_CMD_LEN,
		 21);
	put_le32(ct_entry(host_slot(&r.ini), 2, NS_NPORT, 20, 64) + CT_CMD_LEN,
		 15);
	ct_entry(host_slot(&r.ini), 3, NS_NPORT, 20, 64)[CT_VP] = 9;
	put_le16(ct_entry(host_slot(&r.ini), 4, NS_NPORT, 20, 64) + CT_NR_RSP,
		 7);
	host_ring(&r.ini);
	world_run(&r.w, EV_SEC);
	e = rig_find(&r.ini_rsp, ENTRY_CT, 1);
	ok(e && e[HDR_STATUS] == ENTRY_ST_PARAM);
	ok(rig_find(&r.ini_rsp, ENTRY_CT, 4) != NULL);
	ok(judged(VERDICT_CT_FIELDS, 4) && rig_quiet(&r));
}

static void test_ct_fields(void)
{
	on_stage(ct_fields_body);
}

/* ---- ELS ---- */

static uint8_t *els_entry(uint32_t handle, uint8_t op, uint32_t d_id,
			  uint32_t len, uint32_t room)
{
	uint8_t *e = host_slot(&r.ini);

	e[HDR_TYPE] = ENTRY_ELS;
	e[HDR_COUNT] = 1;
	put_le32(e + ELS_HANDLE, handle);
	put_le16(e + ELS_NPORT, r.tgt_nport);
	put_le16(e + ELS_NR_TX, 1);
	put_le16(e + ELS_NR_RX, room ? 1 : 0);
	e[ELS_SOF] = 0x10;
	e[ELS_OPCODE] = op;
	e[ELS_D_ID] = (uint8_t)d_id;
	e[ELS_D_ID + 1] = (uint8_t)(d_id >> 8);
	e[ELS_D_ID + 2] = (uint8_t)(d_id >> 16);
	put_le32(e + ELS_RX_LEN, room);
	put_le32(e + ELS_TX_LEN, len);
	put_le64(e + ELS_TX_ADDR, HOST_IOVA + REQ);
	put_le32(e + ELS_TX_DSD_LEN, len);
	put_le64(e + ELS_RX_ADDR, HOST_IOVA + ANS);
	put_le32(e + ELS_RX_DSD_LEN, room);
	host_at(&r.ini, REQ)[0] = op;
	return e;
}

static const uint8_t *els_wait(uint32_t handle)
{
	host_ring(&r.ini);
	return rig_wait(&r, &r.ini_rsp, ENTRY_ELS, handle, 60 * EV_SEC);
}

static void els_body(void)
{
	uint8_t *req = host_at(&r.ini, REQ), *ans = host_at(&r.ini, ANS);
	const uint8_t *e;

	memset(req, 0x5a, 64);
	put_be32(req, 0);
	els_entry(1, FAB_ELS_ECHO, r.tgt_id, 64, 64);
	e = els_wait(1);
	ok(comp_of(e) == 0 && get_le32(e + ELSS_TOTAL) == 64);
	ok(ans[0] == FAB_ELS_LS_ACC && !memcmp(ans + 4, req + 4, 60));
	/* Not known there: the reject is the answer, shorter than the room. */
	els_entry(2, FAB_ELS_RNID, r.tgt_id, 64, 64);
	e = els_wait(2);
	ok(comp_of(e) == CS_UNDERRUN && get_le32(e + ELSS_TOTAL) == 8 &&
	   ans[0] == FAB_ELS_LS_RJT && ans[5] == 0x0b);
	/* A logout by hand logs out. */
	memset(req, 0, 64);
	els_entry(3, FAB_ELS_LOGO, r.tgt_id, 16, 0);
	ok(comp_of(els_wait(3)) != 0xffff);
	rig_io(&r, 4, false, 0, 4096, ANS);
	e = rig_status(&r, 4);
	ok(e && get_le16(e + STS_COMP) == CS_LOGGED_OUT);
	/* A login by hand, then PRLI by the firmware. */
	port_login_template(chip_port(r.ini_card->chip[0]), req + 4);
	els_entry(5, FAB_ELS_PLOGI, r.tgt_id, 116, 116);
	e = els_wait(5);
	ok(comp_of(e) == 0 && ans[0] == FAB_ELS_LS_ACC &&
	   get_be64(ans + 20) == card_wwpn(&r.tgt_card->spec, 0));
	entry_login(&r.ini, 6, r.tgt_nport, r.tgt_id, 1);
	host_ring(&r.ini);
	e = rig_wait(&r, &r.ini_rsp, ENTRY_LOGIO, 6, EV_SEC);
	ok(e && !get_le16(e + LOGIO_COMP));
	rig_io(&r, 7, false, 0, 4096, ANS);
	e = rig_status(&r, 7);
	ok(e && !get_le16(e + STS_COMP) && rig_quiet(&r));
}

static void test_els(void)
{
	on_stage(els_body);
}

static void els_refused_body(void)
{
	const uint8_t *e;
	uint8_t *w;

	/* An answer to an exchange that was never handed up. */
	w = els_entry(1, FAB_ELS_ECHO, r.tgt_id, 64, 64);
	put_le16(w + ELS_CTL, 1 << 13);
	ok(comp_of(els_wait(1)) == 0x31);
	/* Handle and address of different ports. */
	w = els_entry(2, FAB_ELS_PLOGI, r.tgt_id, 116, 116);
	put_le16(w + ELS_NPORT, 0x20);
	e = els_wait(2);
	ok(comp_of(e) == 0x31 && get_le32(e + ELSS_SUB1) == 0x1a &&
	   get_le32(e + ELSS_SUB2) == r.tgt_nport);
	els_entry(3, FAB_ELS_PLOGI, 0x0105ef, 116, 116);
	e = els_wait(3);
	ok(comp_of(e) == 0x31 && get_le32(e + ELSS_SUB1) == 0x1b &&
	   get_le32(e + ELSS_SUB2) == r.tgt_id);
	ok(rig_quiet(&r));
	w = els_entry(4, FAB_ELS_ECHO, r.tgt_id, 64, 64);
	put_le32(w + ELS_TX_LEN, 65);
	e = els_wait(4);
	ok(e && e[HDR_STATUS] == ENTRY_ST_PARAM);
	w = els_entry(5, FAB_ELS_ECHO, r.tgt_id, 64, 64);
	w[ELS_OPCODE] = FAB_ELS_RTV;
	ok(els_wait(5) != NULL);
	ok(judged(VERDICT_ELS_FIELDS, 2) && rig_quiet(&r));
}

static void test_els_refused(void)
{
	on_stage(els_refused_body);
}

/* ---- mailboxes ---- */

static void database_body(void)
{
	uint8_t *d = host_at(&r.ini, ANS);
	uint64_t wwpn = card_wwpn(&r.tgt_card->spec, 0);

	ok(mbox(&r.ini, 0x64, r.tgt_nport, ANS, 0, 0) == MB_OK);
	ok(d[PDB_STATE] == 6 && get_be24(d + PDB_PORT_ID) == r.tgt_id &&
	   get_le16(d + PDB_NPORT) == r.tgt_nport &&
	   (d[PDB_WORD3] & 0x30) == 0x10 && get_be64(d + PDB_WWPN) == wwpn);
	ok(mbox(&r.ini, 0x64, 0x123, ANS, 0, 0) == MB_NOT_LOGGED_IN);
	ok(ns_login());
	ok(mbox(&r.ini, 0x75, 0x000c, ANS, 400, 0) == MB_OK &&
	   r.ini.mb[1] == 80);
	ok(d[PDB_PORT_ID] == (uint8_t)r.tgt_id &&
	   d[PDB_PORT_ID + 2] == (uint8_t)(r.tgt_id >> 16) &&
	   get_le64(d + PDB_WWPN) == wwpn);
	ok(mbox(&r.ini, 0x75, 0x000c, ANS, 79, 0) == MB_OK &&
	   r.ini.mb[1] == 40);
	ok(mbox(&r.ini, 0x75, 0x0001, ANS, 400, 0) == MB_PARAM);
	ok(mbox(&r.ini, 0x7c, 0, ANS, 0, 0) == MB_OK && r.ini.mb[1] == 2 &&
	   get_le16(d + 4) == r.tgt_nport);
	ok(mbox(&r.ini, 0x6a, FPORT_NPORT, 0, 0, 0) == MB_OK && r.ini.mb[2]);
	ok(mbox(&r.ini, 0x6a, r.tgt_nport, 0, 0, 0) == MB_OK &&
	   r.ini.mb[2] == (uint16_t)(wwpn >> 48) &&
	   r.ini.mb[7] == (uint16_t)wwpn);
	ok(mbox(&r.ini, 0x6a, 0x123, 0, 0, 0) == MB_ERROR);
	ok(rig_quiet(&r));
}

static void test_database(void)
{
	on_stage(database_body);
}

static void link_mbox_body(void)
{
	uint8_t *d = host_at(&r.ini, ANS);
	unsigned int losses;

	ok(mbox(&r.ini, 0x69, 0, 0, 0, 0) == MB_OK && r.ini.mb[1] == 3);
	ok(mbox(&r.ini, 0x20, 0, 0, 0, 0) == MB_OK && r.ini.mb[6] == 3);
	ok(mbox(&r.tgt, 0x70, 3, 0, 0, 0) == MB_OK);
	ok(mbox(&r.tgt, 0x70, 9, 0, 0, 0) == MB_PARAM);
	ok(mbox(&r.ini, 0x6d, 0, ANS, 7, 0) == MB_OK);
	losses = get_le32(d);
	ok(mbox(&r.ini, 0x72, 0x10, 0, 0, 0) == MB_OK);
	world_run(&r.w, 100 * EV_MS);
	ok(mbox(&r.ini, 0x69, 0, 0, 0, 0) == MB_OK && r.ini.mb[1] == 2);
	ok(mbox(&r.ini, 0x20, 0, 0, 0, 0) == MB_ERROR && r.ini.mb[1] == 7);
	ok(mbox(&r.ini, 0x70, 3, 0, 0, 0) == MB_ERROR);
	world_run(&r.w, 3 * EV_SEC);
	ok(mbox(&r.ini, 0x69, 0, 0, 0, 0) == MB_OK && r.ini.mb[1] == 3);
	ok(mbox(&r.ini, 0x6d, 0, ANS, 7, 0) == MB_OK &&
	   get_le32(d) == losses + 1);
	ok(rig_login(&r) == 0 && rig_quiet(&r));
}

static void test_link_mbox(void)
{
	on_stage(link_mbox_body);
}

/* Mailbox 54h: the entry in memory becomes its own result. */
static void exec_body(void)
{
	uint8_t *e = host_at(&r.ini, HOST_MISC);

	ct_fill(host_at(&r.ini, REQ), CT_GPN_ID, r.tgt_id);
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_LOGIO;
	e[HDR_COUNT] = 1;
	put_le16(e + LOGIO_NPORT, NS_NPORT);
	put_le16(e + LOGIO_CTL, LOGIN_SERVER);
	memset(e + LOGIO_PORT_ID, 0xff, 3);
	e[LOGIO_PORT_ID] = 0xfc;
	put_le16(e + LOGIO_COMP, 0xffff);
	ok(mbox(&r.ini, 0x54, 0, HOST_MISC, 0, 0) == MB_OK);
	ok(!e[HDR_STATUS] && !get_le16(e + LOGIO_COMP));
	put_le16(ct_entry(e, 1, NS_NPORT, 20, 64) + CT_COMP, 0xffff);
	ok(mbox(&r.ini, 0x54, 0, HOST_MISC, 0, 0) == MB_OK);
	ok(!get_le16(e + CT_COMP) &&
	   get_be16(host_at(&r.ini, ANS) + 8) == 0x8002);
	/* An abort of what never was. */
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_ABORT;
	e[HDR_COUNT] = 1;
	put_le32(e + ABRT_VICTIM, 0x4711);
	ok(mbox(&r.ini, 0x54, 0, HOST_MISC, 0, 0) == MB_OK);
	ok(get_le16(e + ABRT_NPORT) == 0x31);
	/* Task management: the result has the form of a status entry. */
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_TMF;
	e[HDR_COUNT] = 1;
	put_le16(e + TMF_NPORT, r.tgt_nport);
	put_le32(e + TMF_CTL, 0x10);
	e[TMF_PORT_ID] = (uint8_t)r.tgt_id;
	e[TMF_PORT_ID + 1] = (uint8_t)(r.tgt_id >> 8);
	e[TMF_PORT_ID + 2] = (uint8_t)(r.tgt_id >> 16);
	ok(mbox(&r.ini, 0x54, 0, HOST_MISC, 0, 0) == MB_OK);
	ok(e[HDR_TYPE] == ENTRY_STATUS && !get_le16(e + STS_COMP) &&
	   get_le16(e + STS_SCSI) == 0x0100);
	ok(rig_quiet(&r));
	/* A command cannot be carried that way. */
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_TYPE] = ENTRY_CMD7;
	e[HDR_COUNT] = 1;
	ok(mbox(&r.ini, 0x54, 0, HOST_MISC, 0, 0) == MB_OK &&
	   e[HDR_STATUS] == ENTRY_ST_TYPE);
	ok(r.ini.dev->jp->verdicts[VERDICT_ENTRY_TYPE].nr == 1);
	/* Nor from where no memory is. */
	ok(mbox(&r.ini, 0x54, 0, HOST_RAM, 0, 0) == 0x4002);
	judge_clear(r.w.judge);
}

static void test_exec(void)
{
	on_stage(exec_body);
}

/* Entry 39h: a mailbox command by the request ring. */
static void by_entry_body(void)
{
	uint8_t *e = host_slot(&r.ini);
	uint64_t iova = HOST_IOVA + ANS;
	const uint8_t *a;

	e[HDR_TYPE] = ENTRY_MBOX;
	e[HDR_COUNT] = 1;
	put_le32(e + MBX_HANDLE, 1);
	put_le16(e + MBX_MB, 0x75);
	put_le16(e + MBX_MB + 2, 0x000c);
	put_le16(e + MBX_MB + 4, (uint16_t)(iova >> 16));
	put_le16(e + MBX_MB + 6, (uint16_t)iova);
	put_le16(e + MBX_MB + 14, (uint16_t)(iova >> 32));
	put_le16(e + MBX_MB + 16, 400);
	host_ring(&r.ini);
	a = rig_wait(&r, &r.ini_rsp, ENTRY_MBOX, 1, EV_SEC);
	ok(a && get_le16(a + MBX_MB) == MB_OK &&
	   get_le16(a + MBX_MB + 2) == 40);
	ok(get_le64(host_at(&r.ini, ANS) + PDB_WWPN) ==
	   card_wwpn(&r.tgt_card->spec, 0));
	/* Not everything can come that way. */
	e = host_slot(&r.ini);
	e[HDR_TYPE] = ENTRY_MBOX;
	e[HDR_COUNT] = 1;
	put_le32(e + MBX_HANDLE, 2);
	put_le16(e + MBX_MB, 0x54);
	host_ring(&r.ini);
	a = rig_wait(&r, &r.ini_rsp, ENTRY_MBOX, 2, EV_SEC);
	ok(a && get_le16(a + MBX_MB) == 0x4001);
	world_run(&r.w, EV_SEC);
	ok(world_balanced(&r.w));
}

static void test_by_entry(void)
{
	on_stage(by_entry_body);
}

int main(void)
{
	tap_run(test_ct, "CT: answer, overrun, reject, not logged in");
	tap_run(test_ct_lost, "CT: lost request, lost link");
	tap_run(test_ct_cont, "CT: segments in a continuation");
	tap_run(test_ct_fields, "CT: impossible lengths are refused");
	tap_run(test_els, "ELS: ECHO, reject, LOGO, PLOGI by hand");
	tap_run(test_els_refused, "ELS: clashes and impossible fields");
	tap_run(test_database, "mailboxes 64 6A 75 7C tell about remote ports");
	tap_run(test_link_mbox, "mailboxes 20 69 6D 70 72 tell about the link");
	tap_run(test_exec, "mailbox 54 carries entries");
	tap_run(test_by_entry, "entry 39 carries mailbox commands");
	return tap_end();
}
