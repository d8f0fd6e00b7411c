// SPDX-License-Identifier: GPL-2.0
/* I/O between two chips: data, segments, residuals, sense, both generations. */
#include <stdio.h>
#include <stdlib.h>

#include "rig.h"
#include "spec/entries.h"
#include "tap.h"

#define BUF HOST_DATA

static struct rig r;

/* Run a test's body on a fresh stage. */
static void on_stage(const struct rig_setup *s, void (*body)(void))
{
	if (ok(rig_init(&r, s)))
		body();
	rig_fini(&r);
}

static bool good(const uint8_t *sts)
{
	return sts && !get_le16(sts + STS_COMP) && !get_le16(sts + STS_SCSI);
}

static void fill(uint8_t *p, uint32_t len, uint32_t seed)
{
	uint32_t i;

	for (i = 0; i < len; i += 4)
		put_le32(p + i, seed + i * 2654435761U);
}

static bool write_read(uint32_t handle, uint32_t lba, uint32_t len)
{
	uint8_t *ini = host_at(&r.ini, BUF);
	uint8_t *disk = host_at(&r.tgt, RIG_DISK_OFF + lba * RIG_BLOCK);

	fill(ini, len, handle);
	rig_io(&r, handle, true, lba, len, BUF);
	if (!ok(good(rig_status(&r, handle))) || !ok(!memcmp(ini, disk, len)))
		return false;
	memset(ini, 0, len);
	rig_io(&r, handle + 1, false, lba, len, BUF);
	if (!ok(good(rig_status(&r, handle + 1))) ||
	    !ok(!memcmp(ini, disk, len)))
		return false;
	rig_forget(&r);
	return true;
}

static void variation(void)
{
	ok(write_read(0x100, 0, 512) && write_read(0x102, 7, 4096) &&
	   write_read(0x104, 64, 65536));
	ok(rig_quiet(&r));
}

static void test_2532(void)
{
	on_stage(NULL, variation);
}

static void test_2432(void)
{
	struct rig_setup s = { FAB_SWITCH, "2432", PCIDEV_IRQ_MSIX, 0, 0 };

	on_stage(&s, variation);
}

static void test_msi(void)
{
	struct rig_setup s = { FAB_SWITCH, "2532", PCIDEV_IRQ_MSI, 0, 0 };

	on_stage(&s, variation);
}

static void test_intx(void)
{
	struct rig_setup s = { FAB_SWITCH, "2432", PCIDEV_IRQ_INTX, 0, 0 };

	on_stage(&s, variation);
}

static void test_wire(void)
{
	struct rig_setup s = { FAB_WIRE, "2532", PCIDEV_IRQ_MSIX,
			       0x2100001b32000001ULL, 0x2100001b32000002ULL };

	on_stage(&s, variation);
	s.ini_wwpn = 0x2100001b32000003ULL;
	on_stage(&s, variation);
	s.chip = "2432";
	on_stage(&s, variation);
}

/* Every count of segments around the limits of an entry. */
static void segments_body(void)
{
	static const unsigned int pieces[] = { 1, 2, 5, 6, 7, 11, 12, 64, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		r.pieces = pieces[i];
		ok(write_read(0x200 + 2 * i, i, 1024));
		ok(write_read(0x300 + 2 * i, 3 * i, 128 * 1024));
	}
	ok(rig_quiet(&r));
}

static void test_segments(void)
{
	on_stage(NULL, segments_body);
}

static void megabyte_body(void)
{
	r.pieces = 256;
	ok(write_read(0x400, 0, 1 << 20));
	ok(r.ini.dev->jp->n.fcp_cmds_ini == 2);
	ok(r.tgt.dev->jp->n.fcp_cmds_tgt == 2);
	ok(r.ini.dev->jp->n.cmd_status[0] == 2);
	ok(rig_quiet(&r));
}

static void test_megabyte(void)
{
	on_stage(NULL, megabyte_body);
}

/* A READ that ends early: data without return, then status with residual. */
static void short_read_body(void)
{
	const uint8_t *atio, *sts;
	uint8_t *e;

	r.serve = false;
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio && get_be32(atio + ATIO_CMND + 28) == 4096))
		return;
	fill(host_at(&r.tgt, RIG_DISK_OFF), 1000, 1);
	rig_ctio(&r, 0x40000001, atio, CTIO_DATA_IN | CTIO_NO_RETURN,
		 RIG_DISK_OFF, 1000);
	e = rig_ctio(&r, 0x41, atio, CTIO_STATUS | CTIO_MODE1, 0, 0);
	put_le32(e + CTIO_RESID, 3096);
	put_le16(e + CTIO_SCSI, 0x0800);
	sts = rig_status(&r, 0x10);
	ok(sts && get_le16(sts + STS_COMP) == 0x15);
	ok(sts && get_le32(sts + STS_RESID) == 3096 &&
	   get_le32(sts + STS_RSP_RESID) == 3096);
	ok(sts && get_le16(sts + STS_SCSI) == 0x0800);
	ok(!memcmp(host_at(&r.ini, BUF), host_at(&r.tgt, RIG_DISK_OFF), 1000));
	ok(!rig_find(&r.tgt_rsp, ENTRY_CTIO7, 0x40000001));
	ok(rig_wait(&r, &r.tgt_rsp, ENTRY_CTIO7, 0x41, EV_SEC));
	ok(rig_quiet(&r));
}

static void test_short_read(void)
{
	on_stage(NULL, short_read_body);
}

/* The target says underrun, the chip counted none: lost frames show so. */
static void lost_data_body(void)
{
	const uint8_t *sts;
	struct fault_frame_spec f = { FAULT_DROP, FAULT_DATA, 1, 1, 0, "" };

	ok(fault_arm_frame(r.w.fault, &f) > 0);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	sts = rig_status(&r, 0x10);
	ok(sts && get_le16(sts + STS_COMP) == 0x15 &&
	   get_le32(sts + STS_RESID) == 4096 &&
	   get_le32(sts + STS_RSP_RESID) == 0);
	f.act = FAULT_CORRUPT;
	ok(fault_arm_frame(r.w.fault, &f) > 0);
	rig_io(&r, 0x11, false, 0, 4096, BUF);
	sts = rig_status(&r, 0x11);
	ok(sts && get_le16(sts + STS_COMP) == 0x15);
	rig_io(&r, 0x12, false, 0, 4096, BUF);
	ok(good(rig_status(&r, 0x12)));
	ok(rig_quiet(&r));
}

static void test_lost_data(void)
{
	on_stage(NULL, lost_data_body);
}

/* Sense in the entry: 24 bytes fit, byte order as stock drivers have it. */
static void sense_body(void)
{
	uint8_t sense[24] = { 0x70, 0, 5, 0, 0, 0, 0, 16, 1, 2, 3, 4, 0x24 };
	const uint8_t *atio, *sts;
	uint8_t back[24], *e;
	struct cmd c = { .handle = 0x77, .timeout_s = 30 };

	r.serve = false;
	rig_cmd(&r, &c);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio))
		return;
	e = rig_ctio(&r, 0x41, atio, CTIO_STATUS | CTIO_MODE1, 0, 0);
	put_le16(e + CTIO_SCSI, 0x0202);
	put_le16(e + CTIO1_SENSE_LEN, sizeof(sense));
	entry_swap(e + CTIO1_DATA, sense, sizeof(sense));
	sts = rig_status(&r, 0x77);
	ok(sts && get_le16(sts + STS_COMP) == 0 &&
	   get_le16(sts + STS_SCSI) == 0x0202 &&
	   get_le32(sts + STS_SENSE_LEN) == 24);
	if (sts) {
		entry_swap(back, sts + STS_DATA, sizeof(back));
		ok(!memcmp(back, sense, sizeof(sense)));
	}
	ok(rig_quiet(&r));
}

static void test_sense(void)
{
	on_stage(NULL, sense_body);
}

/* LUN and CDB arrive as they were given, in plain byte order. */
static void command_bytes_body(void)
{
	struct cmd c = { .handle = 0x78,
			 .lun = { 0x40, 0x12, 0x34, 0x56, 1, 2, 3, 4 },
			 .cdb = { 0xa0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
				  13, 14, 15 } };
	const uint8_t *atio;

	rig_cmd(&r, &c);
	ok(good(rig_status(&r, 0x78)));
	atio = rig_last(&r.tgt_atio, ENTRY_ATIO);
	ok(atio && !memcmp(atio + ATIO_CMND, c.lun, 8) &&
	   !memcmp(atio + ATIO_CMND + 12, c.cdb, 16));
	ok(atio && get_be24(atio + ATIO_S_ID) == r.ini_id &&
	   get_be24(atio + ATIO_D_ID) == r.tgt_id &&
	   (get_le16(atio + ATIO_LEN) & 0xfff) == 56);
	ok(rig_quiet(&r));
}

static void test_command_bytes(void)
{
	on_stage(NULL, command_bytes_body);
}

static void overrun_body(void)
{
	const uint8_t *atio, *sts;

	r.serve = false;
	memset(host_at(&r.ini, BUF), 0xee, 8192);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	atio = rig_wait_last(&r, &r.tgt_atio, ENTRY_ATIO, EV_SEC);
	if (!ok(atio))
		return;
	rig_ctio(&r, 0x41, atio, CTIO_DATA_IN | CTIO_STATUS, RIG_DISK_OFF,
		 8192);
	sts = rig_status(&r, 0x10);
	ok(sts && get_le16(sts + STS_COMP) == 0x07);
	/* Not one byte beyond the buffer. */
	ok(host_at(&r.ini, BUF)[4096] == 0xee &&
	   host_at(&r.ini, BUF)[8191] == 0xee);
	world_run(&r.w, EV_SEC);
	ok(r.tgt.dev->jp->verdicts[VERDICT_CTIO_BEYOND].nr == 1);
	ok(world_balanced(&r.w) && !r.tgt_ctios);
}

static void test_overrun(void)
{
	on_stage(NULL, overrun_body);
}

/* Ring wrap and many at once: more than every ring has places. */
static void wrap_body(void)
{
	unsigned int i, k, nr_good = 0;

	fill(host_at(&r.tgt, RIG_DISK_OFF), 64 * 4096, 9);
	for (i = 0; i < 100; i++) {
		rig_forget(&r);
		for (k = 0; k < 64; k++)
			rig_io(&r, k, false, k * 8, 4096, BUF + k * 4096);
		for (k = 0; k < 64; k++)
			nr_good += good(rig_status(&r, k));
	}
	ok(nr_good == 6400);
	ok(!memcmp(host_at(&r.ini, BUF), host_at(&r.tgt, RIG_DISK_OFF),
		   64 * 4096));
	ok(rig_quiet(&r));
}

static void test_wrap(void)
{
	on_stage(NULL, wrap_body);
}

int main(void)
{
	tap_run(test_2532, "2532 on a switch: data go there and back");
	tap_run(test_2432, "2432 on a switch");
	tap_run(test_msi, "MSI");
	tap_run(test_intx, "INTx");
	tap_run(test_wire, "N_Port to N_Port, either WWN higher");
	tap_run(test_segments, "1 to 255 segments");
	tap_run(test_megabyte, "1 MiB in 256 segments, counted once");
	tap_run(test_short_read, "short READ: two CTIOs, residual");
	tap_run(test_lost_data,
		"lost data: underrun without the target's word");
	tap_run(test_sense, "check condition with sense");
	tap_run(test_command_bytes, "LUN and CDB byte for byte");
	tap_run(test_overrun, "more data than asked: overrun, no byte too far");
	tap_run(test_wrap, "6400 READs over ring wraps");
	return tap_end();
}
