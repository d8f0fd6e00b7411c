// SPDX-License-Identifier: GPL-2.0
/* Login and logout between two chips: order, clashes, rejects, lost frames. */
#include <stdio.h>

#include "rig.h"
#include "spec/entries.h"
#include "tap.h"

#define BUF HOST_DATA
#define CTL_PRLI 0x0001U
#define CTL_PDISC 0x0002U
#define CTL_ADISC 0x0003U
#define CTL_PRLO 0x0009U
#define CTL_NVME 0x0040U
#define CTL_ALL 0x0020U
#define CTL_ALWAYS 0x0000U /* PLOGI and PRLI in any case */

#define CS_IOCB_ERROR 0x31
#define SC_NO_LINK 0x01
#define SC_FAILED 0x04
#define SC_NOT_LOGGED_IN 0x09
#define SC_REJECTED 0x18
#define SC_PARAM 0x19
#define SC_PORT_ID_USED 0x1a
#define SC_HANDLE_USED 0x1b
#define SC_NO_HANDLE 0x1c
#define ANSWERED 0xffffffffU /* no subcode: it succeeded */

static struct rig r;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

static void arm(enum fault_class cls, uint64_t nth, uint32_t count)
{
	struct fault_frame_spec f = { FAULT_DROP, cls, nth, count, 0, "" };

	ok(fault_arm_frame(r.w.fault, &f) > 0);
}

static const uint8_t *answer_of(struct host *h, uint32_t handle)
{
	return rig_wait(&r, h == &r.ini ? &r.ini_rsp : &r.tgt_rsp, ENTRY_LOGIO,
			handle, 30 * EV_SEC);
}

/* Result of a login request: its subcode, or ANSWERED. */
static uint32_t login(struct host *h, uint16_t nport, uint32_t id,
		      uint16_t flags)
{
	static uint32_t handle = 0x900;
	const uint8_t *e;

	entry_login(h, ++handle, nport, id, flags);
	host_ring(h);
	e = answer_of(h, handle);
	if (!ok(e))
		return 0;
	if (!get_le16(e + LOGIO_COMP))
		return ANSWERED;
	ok(get_le16(e + LOGIO_COMP) == CS_IOCB_ERROR);
	return get_le32(e + LOGIO_PARAM);
}

static uint32_t ini_login(uint16_t flags)
{
	return login(&r.ini, r.tgt_nport, r.tgt_id, flags);
}

static bool io_works(uint32_t handle)
{
	const uint8_t *e;

	rig_io(&r, handle, false, 0, 4096, BUF);
	e = rig_status(&r, handle);
	return e && !get_le16(e + STS_COMP) && !get_le16(e + STS_SCSI);
}

static uint16_t io_comp(uint32_t handle)
{
	const uint8_t *e;

	rig_io(&r, handle, false, 0, 4096, BUF);
	e = rig_status(&r, handle);
	return e ? get_le16(e + STS_COMP) : 0xffff;
}

static const uint8_t *wait_notify(uint8_t els)
{
	const uint8_t *e;

	r.tgt_atio.nr = 0;
	e = rig_wait_last(&r, &r.tgt_atio, ENTRY_NOTIFY, 10 * EV_SEC);
	return e && e[INOT_SUBCODE] == els ? e : NULL;
}

/* ---- the usual things ---- */

static void services_body(void)
{
	const uint8_t *e;

	ok(ini_login(CTL_ADISC) == ANSWERED);
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_ADISC);
	ok(ini_login(CTL_PDISC) == ANSWERED);
	ok(ini_login(LOGIN_PLOGI) == ANSWERED); /* is logged in: no frame */
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_PDISC);
	ok(io_works(0x10));
	ok(ini_login(CTL_PRLO) == ANSWERED);
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_PRLO);
	ok(io_comp(0x11) == 0x29);
	ok(ini_login(CTL_PRLI) == ANSWERED);
	ok(io_works(0x12));
	ok(ini_login(LOGIN_LOGO | LOGIN_FREE) == ANSWERED);
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_LOGO);
	ok(io_comp(0x13) == 0x28); /* the handle is not in use */
	ok(ini_login(CTL_ALWAYS) == ANSWERED);
	ok(io_works(0x14));
	ok(rig_quiet(&r));
}

static void test_services(void)
{
	on_stage(services_body);
}

/* What the driver learns about the peer. */
static void names_body(void)
{
	const uint8_t *e;

	ok(ini_login(LOGIN_LOGO) == ANSWERED);
	rig_forget(&r);
	entry_login(&r.ini, 0x33, r.tgt_nport, r.tgt_id, LOGIN_PLOGI);
	host_ring(&r.ini);
	e = answer_of(&r.ini, 0x33);
	ok(e && (get_le32(e + LOGIO_PARAM) & 0x30) == 0x10);
	e = rig_find(&r.tgt_atio, ENTRY_NOTIFY, 0);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_PLOGI &&
	   get_be64(e + INOT_WWPN) == card_wwpn(&r.ini_card->spec, 0) &&
	   get_be64(e + INOT_WWNN) == card_wwnn(&r.ini_card->spec, 0) &&
	   get_le16(e + INOT_STATUS) == 0x46);
	e = rig_last(&r.tgt_atio, ENTRY_NOTIFY);
	ok(e && e[INOT_SUBCODE] == FAB_ELS_PRLI &&
	   (get_le16(e + INOT_WORD3) & 0x30) == 0x20);
	ok(rig_quiet(&r));
}

static void test_names(void)
{
	on_stage(names_body);
}

/* ---- refusals ---- */

static void clashes_body(void)
{
	ok(login(&r.ini, 0x20, r.tgt_id, CTL_ALWAYS) == SC_PORT_ID_USED);
	ok(login(&r.ini, r.tgt_nport, 0x0105ef, CTL_ALWAYS) == SC_HANDLE_USED);
	ok(login(&r.ini, 0x800, 0x0105ef, CTL_ALWAYS) == SC_NO_HANDLE);
	ok(login(&r.ini, 0x20, r.ini_id, CTL_ALWAYS) == SC_PARAM);
	ok(login(&r.ini, 0x20, 0, CTL_ALWAYS) == SC_PARAM);
	ok(login(&r.ini, 0x20, 0x0105ef, CTL_PRLI) == SC_NOT_LOGGED_IN);
	ok(login(&r.ini, 0x20, 0x0105ef, CTL_ADISC) == SC_NOT_LOGGED_IN);
	ok(login(&r.ini, 0x20, 0x0105ef, LOGIN_LOGO) == SC_NOT_LOGGED_IN);
	ok(login(&r.ini, 0x20, 0x0105ef, CTL_PRLO) == SC_NOT_LOGGED_IN);
	ok(ini_login(CTL_PRLI | CTL_NVME) == SC_PARAM);
	ok(ini_login(0x000a) == SC_PARAM); /* TPRLO */
	/* Nobody has that address. */
	ok(login(&r.ini, 0x20, 0x0105ef, CTL_ALWAYS) == SC_FAILED);
	ok(io_works(0x10) && rig_quiet(&r));
}

static void test_clashes(void)
{
	on_stage(clashes_body);
}

static void fields_body(void)
{
	uint64_t before = r.ini.dev->jp->verdicts[VERDICT_LOGIN_FIELDS].nr;
	const uint8_t *e;

	entry_login(&r.ini, 0x50, r.tgt_nport, r.tgt_id, 0x4000);
	host_ring(&r.ini);
	e = answer_of(&r.ini, 0x50);
	ok(e && e[HDR_STATUS] == ENTRY_ST_PARAM);
	entry_login(&r.ini, 0x51, r.tgt_nport, r.tgt_id, 0)[LOGIO_VP] = 1;
	host_ring(&r.ini);
	e = answer_of(&r.ini, 0x51);
	ok(e && e[HDR_STATUS] == ENTRY_ST_PARAM);
	ok(r.ini.dev->jp->verdicts[VERDICT_LOGIN_FIELDS].nr == before + 2);
	judge_clear(r.w.judge);
	ok(rig_quiet(&r));
}

static void test_fields(void)
{
	on_stage(fields_body);
}

/* The target's driver says no: to PLOGI, then to PRLI. */
static void rejected_body(void)
{
	const uint8_t *e;
	uint8_t *n;

	ok(ini_login(LOGIN_LOGO) == ANSWERED);
	r.serve = false;
	entry_login(&r.ini, 0x60, r.tgt_nport, r.tgt_id, CTL_ALWAYS);
	host_ring(&r.ini);
	e = wait_notify(FAB_ELS_PLOGI);
	if (!ok(e))
		return;
	n = entry_nack(&r.tgt, 0x61, e);
	put_le16(n + NACK_FLAGS, 0x0008);
	host_ring(&r.tgt);
	e = answer_of(&r.ini, 0x60);
	ok(e && get_le16(e + LOGIO_COMP) == CS_IOCB_ERROR &&
	   get_le32(e + LOGIO_PARAM) == SC_REJECTED &&
	   get_le32(e + LOGIO_PARAM + 4) == 0x00050000);

	entry_login(&r.ini, 0x62, r.tgt_nport, r.tgt_id, CTL_ALWAYS);
	host_ring(&r.ini);
	e = wait_notify(FAB_ELS_PLOGI);
	if (!ok(e))
		return;
	entry_nack(&r.tgt, 0x63, e);
	host_ring(&r.tgt);
	e = wait_notify(FAB_ELS_PRLI);
	if (!ok(e))
		return;
	n = entry_nack(&r.tgt, 0x64, e);
	put_le16(n + NACK_FLAGS, 0x0008);
	n[NACK_REJ_CODE] = 9;
	n[NACK_REJ_EXPL] = 0x2c;
	host_ring(&r.tgt);
	e = answer_of(&r.ini, 0x62);
	ok(e && get_le32(e + LOGIO_PARAM) == SC_REJECTED &&
	   get_le32(e + LOGIO_PARAM + 4) == 0x00092c00);
	ok(io_comp(0x10) == 0x29);
	r.serve = true;
	ok(ini_login(CTL_ALWAYS) == ANSWERED && io_works(0x11));
	ok(rig_quiet(&r));
}

static void test_rejected(void)
{
	on_stage(rejected_body);
}

/* ---- lost frames ---- */

static void lost_body(void)
{
	arm(FAULT_PLOGI, 1, 1);
	arm(FAULT_PRLI, 1, 2);
	ok(ini_login(CTL_ALWAYS) == ANSWERED && io_works(0x10));
	fault_clear(r.w.fault);
	arm(FAULT_PLOGI, 1, 3);
	ok(ini_login(CTL_ALWAYS) == SC_FAILED);
	ok(io_comp(0x11) == 0x29);
	fault_clear(r.w.fault);
	ok(ini_login(CTL_ALWAYS) == ANSWERED && io_works(0x12));
	/* A logout that nobody hears is a logout all the same. */
	arm(FAULT_LOGO, 1, 9);
	ok(ini_login(LOGIN_LOGO) == ANSWERED && io_comp(0x13) == 0x29);
	fault_clear(r.w.fault);
	ok(ini_login(CTL_ALWAYS) == ANSWERED && io_works(0x14));
	ok(rig_quiet(&r));
}

static void test_lost(void)
{
	on_stage(lost_body);
}

static void no_link_body(void)
{
	fab_port_cable(world_port(r.tgt_card, 0), false, 0);
	fab_port_cable(world_port(r.ini_card, 0), false, 0);
	world_run(&r.w, EV_SEC);
	ok(ini_login(CTL_ALWAYS) == SC_NO_LINK);
	ok(ini_login(LOGIN_LOGO | LOGIN_IMPLICIT) == ANSWERED);
	ok(login(&r.ini, 0, 0, LOGIN_LOGO | CTL_ALL | LOGIN_FREE) == ANSWERED);
	ok(io_comp(0x10) == 0x28);
	fab_port_cable(world_port(r.tgt_card, 0), true, 0);
	fab_port_cable(world_port(r.ini_card, 0), true, 0);
	world_run(&r.w, 5 * EV_SEC);
	ok(ini_login(CTL_ALWAYS) == ANSWERED && io_works(0x11));
	ok(rig_quiet(&r));
}

static void test_no_link(void)
{
	on_stage(no_link_body);
}

/* ---- a login while an older one stands ---- */

/* As stock does: implicit logout of the old one, then the acknowledgement. */
static void again_body(void)
{
	const uint8_t *e, *atio;
	uint8_t notify[HOST_ENTRY_LEN];

	r.serve = false;
	rig_io(&r, 0x70, true, 0, 4096, BUF);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio))
		return;
	arm(FAULT_DATA, 1, 1);
	rig_ctio(&r, 0x71, atio, CTIO_DATA_OUT, RIG_DISK_OFF, 4096);
	world_run(&r.w, EV_SEC);
	entry_login(&r.ini, 0x72, r.tgt_nport, r.tgt_id, CTL_ALWAYS);
	host_ring(&r.ini);
	e = wait_notify(FAB_ELS_PLOGI);
	if (!ok(e))
		return;
	memcpy(notify, e, sizeof(notify));
	/* The old command is over at both ends. */
	e = rig_find(&r.tgt_rsp, ENTRY_CTIO7, 0x71);
	ok(e && get_le16(e + CTIOR_STATUS) == 0x2a);
	e = rig_status(&r, 0x70);
	ok(e && get_le16(e + STS_COMP) == 0x29);
	ok(login(&r.tgt, get_le16(notify + INOT_NPORT), r.ini_id,
		 LOGIN_LOGO | LOGIN_IMPLICIT) == ANSWERED);
	entry_nack(&r.tgt, 0x73, notify);
	host_ring(&r.tgt);
	e = wait_notify(FAB_ELS_PRLI);
	if (!ok(e))
		return;
	r.serve = true;
	entry_nack(&r.tgt, 0x74, e);
	host_ring(&r.tgt);
	e = answer_of(&r.ini, 0x72);
	ok(e && !get_le16(e + LOGIO_COMP));
	ok(io_works(0x75) && rig_quiet(&r));
}

static void test_again(void)
{
	on_stage(again_body);
}

/* The handle is released under the PLOGI: its acknowledgement goes nowhere. */
static void orphan_body(void)
{
	const uint8_t *e;
	uint8_t notify[HOST_ENTRY_LEN];

	r.serve = false;
	entry_login(&r.ini, 0x80, r.tgt_nport, r.tgt_id, CTL_ALWAYS);
	host_ring(&r.ini);
	e = wait_notify(FAB_ELS_PLOGI);
	if (!ok(e))
		return;
	memcpy(notify, e, sizeof(notify));
	ok(login(&r.tgt, get_le16(notify + INOT_NPORT), r.ini_id,
		 LOGIN_LOGO | LOGIN_IMPLICIT | LOGIN_FREE) == ANSWERED);
	entry_nack(&r.tgt, 0x81, notify);
	host_ring(&r.tgt);
	e = rig_wait(&r, &r.tgt_rsp, ENTRY_NOTIFY_ACK, 0x81, EV_SEC);
	ok(e && get_le16(e + NACK_STATUS) == 0x08);
	ok(!rig_find(&r.ini_rsp, ENTRY_LOGIO, 0x80));
	/* The initiator tries again and gets through. */
	r.serve = true;
	e = answer_of(&r.ini, 0x80);
	ok(e && !get_le16(e + LOGIO_COMP));
	ok(io_works(0x82) && rig_quiet(&r));
}

static void test_orphan(void)
{
	on_stage(orphan_body);
}

/* ---- PRLI that is done late ---- */

static void late_target_body(void)
{
	const uint8_t *e;
	unsigned int before;

	port_set_prli_delay(chip_port(r.tgt_card->chip[0]), 200);
	ok(ini_login(CTL_ALWAYS) == ANSWERED);
	before = r.tgt_rsp.nr;
	ok(rig_last(&r.tgt_rsp, ENTRY_NOTIFY_ACK) != NULL);
	r.serve = false;
	r.tgt_atio.nr = 0;
	rig_io(&r, 0x90, false, 0, 4096, BUF);
	e = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(e))
		return;
	rig_ctio(&r, 0x91, e, CTIO_DATA_IN | CTIO_STATUS, RIG_DISK_OFF, 4096);
	e = rig_wait(&r, &r.tgt_rsp, ENTRY_CTIO7, 0x91, EV_SEC);
	ok(e && get_le16(e + CTIOR_STATUS) == 0x29);
	ok(r.tgt.dev->jp->n.ctio_status[0x29] == 1);
	/* The acknowledgement comes back when the login is done. */
	ok(r.tgt_rsp.nr == before + 1);
	world_run(&r.w, EV_SEC);
	ok(r.tgt_rsp.nr == before + 2 &&
	   rig_last(&r.tgt_rsp, ENTRY_NOTIFY_ACK) == r.tgt_rsp.e[before + 1]);
	e = rig_last(&r.tgt_atio, ENTRY_ATIO);
	rig_ctio(&r, 0x92, e, CTIO_DATA_IN | CTIO_STATUS, RIG_DISK_OFF, 4096);
	e = rig_status(&r, 0x90);
	ok(e && !get_le16(e + STS_COMP));
	ok(rig_quiet(&r));
}

static void test_late_target(void)
{
	on_stage(late_target_body);
}

static void late_initiator_body(void)
{
	uint64_t start;

	port_set_prli_delay(chip_port(r.ini_card->chip[0]), 700);
	start = ev_now_ns(r.w.ev);
	ok(ini_login(CTL_ALWAYS) == ANSWERED);
	ok(ev_now_ns(r.w.ev) - start >= 700 * EV_MS);
	ok(io_works(0x10) && rig_quiet(&r));
}

static void test_late_initiator(void)
{
	on_stage(late_initiator_body);
}

int main(void)
{
	tap_run(test_services,
		"ADISC, PDISC, PRLO, LOGO and logins after them");
	tap_run(test_names, "the notify tells names and roles of the peer");
	tap_run(test_clashes, "clashing handles and addresses are named");
	tap_run(test_fields, "unknown bits in a login request are refused");
	tap_run(test_rejected, "a rejecting target is told to the initiator");
	tap_run(test_lost,
		"lost PLOGI, PRLI, LOGO are sent again, or given up");
	tap_run(test_no_link, "without light there is no login");
	tap_run(test_again, "a new PLOGI ends what the old login had open");
	tap_run(test_orphan, "an acknowledgement for a released handle");
	tap_run(test_late_target, "target: PRLI is done late");
	tap_run(test_late_initiator, "initiator: PRLI is done late");
	return tap_end();
}
