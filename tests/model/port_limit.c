// SPDX-License-Identifier: GPL-2.0
/* Exchanges and handles are finite: what happens at their end. */
#include <stdio.h>

#include "rig.h"
#include "spec/entries.h"
#include "spec/memory.h"
#include "tap.h"

#define BUF HOST_DATA
#define MAX_CMDS 2048U
#define CS_QUEUE_FULL 0x1c
#define CS_NO_RESOURCE 0x2c
#define TASK_SET_FULL 0x28

static struct rig r;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

static uint16_t comp_of(uint32_t handle)
{
	const uint8_t *e = rig_status(&r, handle);

	return e ? get_le16(e + STS_COMP) : 0xffff;
}

/* A command that the target holds. */
static void hold(uint32_t handle)
{
	struct cmd c = { .handle = handle };

	rig_cmd(&r, &c);
	world_run(&r.w, EV_MS);
}

static void end_all(void)
{
	entry_login(&r.ini, 0x9000, r.tgt_nport, r.tgt_id,
		    LOGIN_LOGO | LOGIN_IMPLICIT);
	entry_login(&r.tgt, 0x9001, r.ini_nport, r.ini_id,
		    LOGIN_LOGO | LOGIN_IMPLICIT);
	host_ring(&r.ini);
	host_ring(&r.tgt);
	world_run(&r.w, EV_SEC);
}

/* The control block allows four commands. */
static void few_body(void)
{
	unsigned int i;

	ok(host_reset(&r.ini) && host_load(&r.ini));
	host_icb(&r.ini, HOST_INI, card_wwpn(&r.ini_card->spec, 0));
	put_le16(host_at(&r.ini, HOST_ICB) + ICB_EXCHANGES, 4);
	r.ini.is_up = false;
	ok(host_start(&r.ini) == 0x4000 && host_wait_up(&r.ini, 20 * EV_SEC) &&
	   rig_login(&r) == 0);
	rig_forget(&r);
	r.serve = false;
	for (i = 0; i < 5; i++)
		hold(0x10 + i);
	ok(r.ini_rsp.nr == 1 && comp_of(0x14) == CS_NO_RESOURCE);
	/* A place comes free. */
	entry_abort(&r.ini, 0x20, 0x12, r.tgt_nport, r.tgt_id);
	r.serve = true;
	host_ring(&r.ini);
	ok(comp_of(0x12) == 0x05);
	r.serve = false;
	hold(0x15);
	ok(!rig_find(&r.ini_rsp, ENTRY_STATUS, 0x15));
	end_all();
	ok(comp_of(0x15) == 0x29 && rig_quiet(&r));
}

static void test_few(void)
{
	on_stage(few_body);
}

/*
 * All of the target's exchanges are in use: a further command comes without
 * an address, and is answered by the initiator's ids alone.
 */
static void full_body(void)
{
	uint8_t lun[8] = { 0 };
	const uint8_t *atio;
	unsigned int i;
	uint8_t *e;

	r.serve = false;
	for (i = 0; i < MAX_CMDS; i++) {
		r.tgt_atio.nr = 0;
		hold(0x1000 + i);
		if (!r.tgt_atio.nr)
			break;
	}
	ok(i == MAX_CMDS && !rig_last(&r.ini_rsp, ENTRY_STATUS));
	r.tgt_atio.nr = 0;
	entry_tmf(&r.ini, 0x10, r.tgt_nport, r.tgt_id, 0x10, lun);
	host_ring(&r.ini);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio && get_le32(atio + ATIO_XCHG) == 0xffffffff))
		return;
	e = rig_ctio(&r, 0x40, atio, CTIO_STATUS | CTIO_MODE1, 0, 0);
	put_le16(e + CTIO_SCSI, TASK_SET_FULL);
	host_ring(&r.tgt);
	ok(comp_of(0x10) == CS_QUEUE_FULL);
	ok((get_le16(rig_status(&r, 0x10) + STS_SCSI) & 0xff) == TASK_SET_FULL);
	/* To give such a one up is no mistake; to move data for it is. */
	rig_ctio(&r, 0x41, atio, CTIO_TERMINATE | CTIO_MODE1, 0, 0);
	rig_ctio(&r, 0x42, atio, CTIO_DATA_IN, RIG_DISK_OFF, 512);
	world_run(&r.w, EV_SEC);
	atio = rig_find(&r.tgt_rsp, ENTRY_CTIO7, 0x42);
	ok(atio && get_le16(atio + CTIOR_STATUS) == 0x08);
	r.tgt_rsp.nr = 0;
	r.ini_rsp.nr = 0;
	end_all();
	ok(rig_quiet(&r));
}

static void test_full(void)
{
	on_stage(full_body);
}

static void handle_body(void)
{
	r.serve = false;
	hold(0x10);
	hold(0x11);
	ok(!judge_total(r.w.judge));
	hold(0x10);
	ok(r.ini.dev->jp->verdicts[VERDICT_HANDLE_IN_USE].nr == 1);
	end_all();
	ok(judge_total(r.w.judge) == 1);
	judge_clear(r.w.judge);
	/* Once it is back it may be used again. */
	r.serve = true;
	ok(rig_login(&r) == 0);
	rig_forget(&r);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	ok(comp_of(0x10) == 0 && rig_quiet(&r));
}

static void test_handle(void)
{
	on_stage(handle_body);
}

int main(void)
{
	tap_run(test_few, "initiator: no exchange is left");
	tap_run(test_full, "target: no exchange is left");
	tap_run(test_handle, "a handle that is in use");
	return tap_end();
}
