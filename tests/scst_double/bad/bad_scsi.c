// SPDX-License-Identifier: GPL-2.0
/* The double's disk: each command, and lengths and directions that do not fit.
 */
#include "bad.h"

#include <linux/slab.h>

/* A command, what is expected of its initiator, and what must come back. */
struct scsi_case {
	const char *what;
	u8 cdb[16];
	scst_data_direction dir;
	int len;
	u8 lun[2];
	u8 status;
	u8 key;
	u8 asc;
	int got;
	int resid;
	bool no_expected;
};

#define CC SAM_STAT_CHECK_CONDITION

static const struct scsi_case cases[] = {
	{ "unit attention first",
	  { 0x00 },
	  SCST_DATA_NONE,
	  0,
	  .status = CC,
	  .key = 6,
	  .asc = 0x29 },
	{ "TEST UNIT READY", { 0x00 }, SCST_DATA_NONE, 0 },
	{ "TEST UNIT READY that expects data",
	  { 0x00 },
	  SCST_DATA_READ,
	  64,
	  .resid = 64 },
	{ "INQUIRY of 96 gives 68",
	  { 0x12, 0, 0, 0, 96 },
	  SCST_DATA_READ,
	  96,
	  .got = 68,
	  .resid = 28 },
	{ "INQUIRY without lengths",
	  { 0x12, 0, 0, 0, 96 },
	  SCST_DATA_NONE,
	  0,
	  .got = 68,
	  .no_expected = true },
	{ "INQUIRY of an absent LUN",
	  { 0x12, 0, 0, 0, 96 },
	  SCST_DATA_READ,
	  96,
	  { 0, 7 },
	  .got = 68,
	  .resid = 28 },
	{ "absent LUN",
	  { 0x00 },
	  SCST_DATA_NONE,
	  0,
	  { 0, 7 },
	  .status = CC,
	  .key = 5,
	  .asc = 0x25 },
	{ "LUN of several levels",
	  { 0x00 },
	  SCST_DATA_NONE,
	  0,
	  { 0xc0, 1 },
	  .status = CC,
	  .key = 5,
	  .asc = 0x25 },
	{ "VPD page 83h",
	  { 0x12, 1, 0x83, 0, 36 },
	  SCST_DATA_READ,
	  36,
	  .got = 36 },
	{ "no VPD page 55h",
	  { 0x12, 1, 0x55, 0, 36 },
	  SCST_DATA_READ,
	  36,
	  .status = CC,
	  .key = 5,
	  .asc = 0x24,
	  .resid = 36 },
	{ "REPORT LUNS", { 0xa0, [9] = 16 }, SCST_DATA_READ, 16, .got = 16 },
	{ "REQUEST SENSE",
	  { 0x03, 0, 0, 0, 252 },
	  SCST_DATA_READ,
	  252,
	  .got = 18,
	  .resid = 234 },
	{ "READ CAPACITY(10)", { 0x25 }, SCST_DATA_READ, 8, .got = 8 },
	{ "READ CAPACITY(16)",
	  { 0x9e, 0x10, [13] = 32 },
	  SCST_DATA_READ,
	  32,
	  .got = 32 },
	{ "MODE SENSE(6)",
	  { 0x1a, 0, 0x3f, 0, 192 },
	  SCST_DATA_READ,
	  192,
	  .got = 36,
	  .resid = 156 },
	{ "SYNCHRONIZE CACHE", { 0x35 }, SCST_DATA_NONE, 0 },
	{ "VERIFY(10)", { 0x2f, [8] = 8 }, SCST_DATA_NONE, 0 },
	{ "unknown opcode",
	  { 0xc1 },
	  SCST_DATA_NONE,
	  0,
	  .status = CC,
	  .key = 5,
	  .asc = 0x20 },
	{ "READ behind the end",
	  { 0x28, 0, 0x7f, [8] = 1 },
	  SCST_DATA_READ,
	  512,
	  .status = CC,
	  .key = 5,
	  .asc = 0x21,
	  .resid = 512 },
	{ "READ 4096, 8192 expected",
	  { 0x28, [8] = 8 },
	  SCST_DATA_READ,
	  8192,
	  .got = 4096,
	  .resid = 4096 },
	{ "READ 4096, 2048 expected",
	  { 0x28, [8] = 8 },
	  SCST_DATA_READ,
	  2048,
	  .got = 2048,
	  .resid = -2048 },
	{ "READ 4096, 0 expected",
	  { 0x28, [8] = 8 },
	  SCST_DATA_READ,
	  0,
	  .resid = -4096 },
	{ "READ of nothing", { 0x28 }, SCST_DATA_READ, 512, .resid = 512 },
	{ "READ, WRITE expected",
	  { 0x28, [8] = 8 },
	  SCST_DATA_WRITE,
	  4096,
	  .status = CC,
	  .key = 5,
	  .asc = 0x49,
	  .resid = 4096 },
	{ "READ, both expected",
	  { 0x28, [8] = 8 },
	  SCST_DATA_BIDI,
	  4096,
	  .status = CC,
	  .key = 5,
	  .asc = 0x49,
	  .resid = 4096 },
	{ "WRITE, nothing expected",
	  { 0x2a, [8] = 8 },
	  SCST_DATA_NONE,
	  0,
	  .status = CC,
	  .key = 5,
	  .asc = 0x49 },
	{ "WRITE 4096, 2048 expected",
	  { 0x2a, [8] = 8 },
	  SCST_DATA_WRITE,
	  2048,
	  .resid = -2048 },
	{ "WRITE 4096, 8192 expected",
	  { 0x2a, [8] = 8 },
	  SCST_DATA_WRITE,
	  8192,
	  .resid = 4096 },
	{ "WRITE 4096, 0 expected",
	  { 0x2a, [8] = 8 },
	  SCST_DATA_WRITE,
	  0,
	  .resid = -4096 },
	{ "no keys registered",
	  { 0x5e, 0, [8] = 64 },
	  SCST_DATA_READ,
	  64,
	  .got = 8,
	  .resid = 56 },
};

static bool fits(const struct bad_cmd *bad, const struct scsi_case *want)
{
	if (bad->status == want->status && bad->got == want->got &&
	    bad->resid == want->resid &&
	    (!want->key || ((bad->sense[2] & 0xf) == want->key &&
			    bad->sense[12] == want->asc)))
		return true;
	pr_info("scst_double_bad: # status %02x %x/%02x got %d resid %d\n",
		bad->status, bad->sense[2], bad->sense[12], bad->got,
		bad->resid);
	return false;
}

static void run_case(struct scst_session *sess, const struct scsi_case *want)
{
	struct bad_cmd *bad = bad_cmd_new(0, want->dir, want->len);
	struct scst_session *spi = NULL;
	bool good = false;

	/* Only parallel SCSI says nothing about lengths. */
	if (want->no_expected)
		spi = bad_login("00:00:00:05");
	if (bad) {
		memcpy(bad->cdb, want->cdb, sizeof(bad->cdb));
		memcpy(bad->lun, want->lun, sizeof(want->lun));
		bad->no_expected = want->no_expected;
		good = !bad_cmd_run(spi ?: sess, bad) && bad->answered &&
		       fits(bad, want);
	}
	bad_ok(good, want->what);
	bad_cmd_free(bad);
	if (spi)
		bad_logout(spi);
}

static const u8 cdb_write[][16] = {
	{ 0x0a, 0, 0, 40, 4 },
	{ 0x2a, [5] = 40, [8] = 4 },
	{ 0xaa, [5] = 40, [9] = 4 },
	{ 0x8a, [9] = 40, [13] = 4 },
};

static const u8 cdb_read[][16] = {
	{ 0x08, 0, 0, 40, 4 },
	{ 0x28, [5] = 40, [8] = 4 },
	{ 0xa8, [5] = 40, [9] = 4 },
	{ 0x88, [9] = 40, [13] = 4 },
};

/* Four blocks are written by each WRITE and read back by each READ. */
static bool write_and_read(struct scst_session *sess, int w, int r)
{
	struct bad_cmd *out = bad_cmd_new(0, SCST_DATA_WRITE, 2048);
	struct bad_cmd *in = bad_cmd_new(0, SCST_DATA_READ, 2048);
	bool good = false;

	if (out && in) {
		memcpy(out->cdb, cdb_write[w], sizeof(out->cdb));
		memcpy(in->cdb, cdb_read[r], sizeof(in->cdb));
		memset(out->data, 0x10 + 4 * w + r, 2048);
		out->data[2047] = 0x77;
		good = !bad_cmd_run(sess, out) && !out->status &&
		       out->wanted == 2048 && !bad_cmd_run(sess, in) &&
		       !in->status && in->got == 2048 &&
		       !memcmp(in->data, out->data, 2048);
	}
	bad_cmd_free(out);
	bad_cmd_free(in);
	return good;
}

static int pr_out(struct scst_session *sess, u8 action, u8 type, u64 key,
		  u64 service_key)
{
	struct bad_cmd *bad = bad_cmd_new(0x5f, SCST_DATA_WRITE, 24);
	int status = -1;

	if (!bad)
		return -1;
	bad->cdb[1] = action;
	bad->cdb[2] = type;
	bad->cdb[8] = 24;
	bad->data[7] = key;
	bad->data[15] = service_key;
	if (!bad_cmd_run(sess, bad))
		status = bad->status;
	bad_cmd_free(bad);
	return status;
}

static int simple(struct scst_session *sess, u8 opcode, scst_data_direction dir,
		  int len, u8 blocks, u8 *asc)
{
	struct bad_cmd *bad = bad_cmd_new(opcode, dir, len);
	int status = -1;

	if (!bad)
		return -1;
	bad->cdb[8] = blocks;
	if (!bad_cmd_run(sess, bad))
		status = bad->status;
	if (asc)
		*asc = bad->sense[12];
	bad_cmd_free(bad);
	return status;
}

static void reservations(struct scst_session *sess)
{
	struct scst_session *other = bad_login("21:00:00:00:00:00:00:0b");
	u8 asc = 0;

	if (!other) {
		bad_ok(false, "a second session");
		return;
	}
	simple(other, 0x00, SCST_DATA_NONE, 0, 0, NULL);
	bad_ok(pr_out(sess, 0, 0, 0, 5) == 0 && pr_out(sess, 1, 1, 5, 0) == 0,
	       "register and reserve");
	bad_ok(simple(other, 0x2a, SCST_DATA_WRITE, 512, 1, NULL) ==
		       SAM_STAT_RESERVATION_CONFLICT,
	       "a reservation stops another's WRITE");
	bad_ok(simple(other, 0x28, SCST_DATA_READ, 512, 1, NULL) == 0,
	       "but not its READ");
	bad_ok(pr_out(other, 0, 0, 0, 6) == 0 && pr_out(other, 4, 1, 6, 5) == 0,
	       "preempt");
	bad_ok(simple(sess, 0x00, SCST_DATA_NONE, 0, 0, &asc) == CC &&
		       asc == 0x2a,
	       "the preempted one learns of it");
	bad_ok(pr_out(other, 3, 0, 6, 0) == 0, "clear");
	bad_logout(other);
}

/**
 * bad_scsi_run() - Try the disk.
 * @sess: session that is new
 *
 * Context: process.
 */
void bad_scsi_run(struct scst_session *sess)
{
	bool good = true;
	size_t i;
	int w, r;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		run_case(sess, &cases[i]);
	for (w = 0; w < 4; w++)
		for (r = 0; r < 4; r++)
			good = write_and_read(sess, w, r) && good;
	bad_ok(good, "what each WRITE wrote each READ reads");
	reservations(sess);
}
