// SPDX-License-Identifier: GPL-2.0
/*
 * What one initiator can ask and how it is answered: residuals, sense, task
 * management, logouts, and what no initiator should send.
 *
 *	scsi [2432|2532]
 */
#include "sim.h"

#include "../lib/tap.h"
#include <stdlib.h>

#define DISK_BLOCKS 8192U
#define FLAG_RSP 0x01
#define FLAG_SENSE 0x02
#define FLAG_OVER 0x04
#define FLAG_UNDER 0x08
#define NR_HELD 8U
#define OP_ECHO 0xc1 /* the engine sends the CDB back */
#define CDB_SWEEPS 30U /* more entries than the ATIO ring has */

/* FCP_RSP_INFO codes. [FCP-4 table 30, D] */
#define RSP_COMPLETE 0x00
#define RSP_REJECTED 0x04

static struct sim *sim;
static struct ini *ini;
static struct ini_io io;

static bool io_is_over(void *arg)
{
	return !((struct ini_io *)arg)->open;
}

static void run_io(void)
{
	memset(ini_buf(ini, io.slot), 0xee, 65536);
	ini_submit(ini, &io);
	if (!sim_wait(sim, io_is_over, &io, 100000))
		printf("# no answer to %02x\n", io.cdb[0]);
}

static void clear_io(void)
{
	memset(&io, 0, sizeof(io));
}

static bool good(uint32_t moved, uint8_t flags, uint32_t resid)
{
	if (io.end == INI_END_STATUS && !io.status && io.moved == moved &&
	    io.flags == flags && io.resid == resid)
		return true;
	printf("# end %d status %02x flags %02x resid %u moved %u\n", io.end,
	       io.status, io.flags, io.resid, io.moved);
	return false;
}

static bool checked(uint8_t key, uint8_t asc)
{
	if (io.end == INI_END_STATUS && io.status == 2 &&
	    (io.flags & FLAG_SENSE) && io.sense_len >= 18 &&
	    io.sense[2] == key && io.sense[12] == asc)
		return true;
	printf("# end %d status %02x flags %02x sense %u bytes %02x/%02x\n",
	       io.end, io.status, io.flags, io.sense_len, io.sense[2],
	       io.sense[12]);
	return false;
}

static void test_unit_ready(void)
{
	clear_io();
	run_io();
	tap_ok(good(0, 0, 0), "TEST UNIT READY");
}

static void rw(bool write, uint32_t blocks, uint32_t data_len)
{
	clear_io();
	ini_rw(&io, write, 100, blocks);
	io.data_len = data_len;
	run_io();
}

static void test_residuals(void)
{
	clear_io();
	io.cdb[0] = 0x12;
	io.cdb[4] = 255;
	io.read = true;
	io.data_len = 255;
	run_io();
	tap_ok(good(36, FLAG_UNDER, 255 - 36), "INQUIRY: 219 bytes under");
	rw(false, 8, 4096);
	tap_ok(good(4096, 0, 0), "READ of 4096 bytes for 4096");
	rw(false, 8, 8192);
	tap_ok(good(4096, FLAG_UNDER, 4096), "READ of 4096 for 8192: under");
	rw(false, 8, 1000);
	tap_ok(good(1000, FLAG_OVER, 3096), "READ of 4096 for 1000: over");
	rw(true, 8, 8192);
	tap_ok(good(4096, FLAG_UNDER, 4096), "WRITE of 4096 for 8192: under");
	rw(true, 8, 1024);
	tap_ok(good(1024, FLAG_OVER, 3072), "WRITE of 4096 for 1024: over");
	rw(false, 8, 0);
	tap_ok(io.end == INI_END_STATUS && io.moved == 0,
	       "READ for no byte moves none");
	rw(false, 8, 0xdeaddead);
	tap_ok(good(4096, FLAG_UNDER, 0xdeaddeadU - 4096),
	       "a length like the mark of an empty entry is a length");
	test_unit_ready();
}

static void test_sense(void)
{
	unsigned int i;
	bool same = true;

	clear_io();
	ini_rw(&io, false, DISK_BLOCKS - 1, 2);
	run_io();
	tap_ok(checked(5, 0x21), "READ beyond the end: LBA out of range");
	clear_io();
	ini_rw(&io, true, DISK_BLOCKS, 1);
	run_io();
	tap_ok(checked(5, 0x21) && !io.moved, "WRITE beyond the end, no data");
	clear_io();
	io.lun[1] = 9;
	run_io();
	tap_ok(checked(5, 0x25), "no such LUN");
	clear_io();
	io.cdb[0] = 0xc0;
	run_io();
	for (i = 18; i < io.sense_len && i < sizeof(io.sense); i++)
		same &= io.sense[i] == i;
	tap_ok(io.status == 2 && io.sense_len >= 96 && same,
	       "all of long sense data arrives (%u bytes)", io.sense_len);
	test_unit_ready();
}

/* Every opcode, with and without data: an answer, whatever it is. */
static void test_opcodes(void)
{
	unsigned int op, dir, answered = 0;

	for (op = 0; op < 256; op++)
		for (dir = 0; dir < 4; dir++) {
			clear_io();
			io.cdb[0] = (uint8_t)op;
			memset(io.cdb + 1, 0, 15);
			io.cdb[8] = 1;
			io.read = dir & 1;
			io.write = dir & 2;
			io.data_len = dir ? 512 : 0;
			run_io();
			answered += io.end == INI_END_STATUS;
		}
	tap_ok(answered == 1024, "each opcode and direction is answered (%u)",
	       answered);
	tap_ok(!drv_faults(sim->drv), "without a fault");
}

/*
 * Every length that FCP can say, often enough that each number of entries
 * lies across the end of the ring once.
 */
static void test_long_cdbs(void)
{
	unsigned int sweep, words, i, right = 0;
	const uint8_t *got;

	for (sweep = 0; sweep < CDB_SWEEPS; sweep++)
		for (words = 0; words < 64; words++) {
			clear_io();
			io.cdb[0] = OP_ECHO;
			io.add_cdb_len = (uint8_t)(words * 4);
			for (i = 1; i < 16; i++)
				io.cdb[i] = (uint8_t)(i + sweep);
			for (i = 0; i < io.add_cdb_len; i++)
				io.add_cdb[i] = (uint8_t)sim_rand(sim, 256);
			io.read = true;
			io.data_len = 16U + io.add_cdb_len;
			run_io();
			got = ini_buf(ini, io.slot);
			right += good(io.data_len, 0, 0) &&
				 !memcmp(got, io.cdb, 16) &&
				 !memcmp(got + 16, io.add_cdb, io.add_cdb_len);
		}
	tap_ok(right == CDB_SWEEPS * 64,
	       "%u of %u CDBs of 16 to 268 bytes arrive whole", right,
	       CDB_SWEEPS * 64);
	clear_io();
	io.cdb[0] = OP_ECHO;
	memset(io.add_cdb, 0xad, sizeof(io.add_cdb));
	put_be32(io.add_cdb, 0xdeaddead);
	io.add_cdb_len = 100;
	io.read = true;
	io.data_len = 116;
	run_io();
	tap_ok(good(116, 0, 0) &&
		       !memcmp(ini_buf(ini, 0) + 16, io.add_cdb, 100),
	       "one that looks like the mark of an empty entry, too");
	tap_ok(!drv_faults(sim->drv), "without a fault");
}

static const uint8_t luns[][8] = {
	{ 0x00, 0x00 }, /* peripheral */
	{ 0x01, 0x00 }, /* peripheral, bus 1 */
	{ 0x40, 0x01 }, /* flat space */
	{ 0x80, 0x01 }, /* logical unit */
	{ 0xc1, 0x01 }, /* well known */
	{ 0xd2, 0x00, 0x00, 0x01 }, /* extended flat */
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	{ 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 },
};

static void test_luns(void)
{
	unsigned int i, answered = 0;

	for (i = 0; i < ARRAY_SIZE(luns); i++) {
		clear_io();
		memcpy(io.lun, luns[i], 8);
		run_io();
		answered += io.end == INI_END_STATUS &&
			    io.status == (i ? 2 : 0);
	}
	tap_ok(answered == ARRAY_SIZE(luns),
	       "LUN addresses of all methods are answered");
}

/* ---- task management ---- */

static struct ini_io held[NR_HELD];

static void hold_some(void)
{
	unsigned int i;

	drv_hold(sim->drv, true);
	for (i = 0; i < NR_HELD; i++) {
		memset(&held[i], 0, sizeof(held[i]));
		held[i].slot = 8 + i;
		ini_rw(&held[i], i % 2, i * 16, 8);
		ini_submit(ini, &held[i]);
	}
	sim_run(sim, 100);
}

static bool all_over(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < NR_HELD; i++)
		if (held[i].open)
			return false;
	return true;
}

static unsigned int nr_with_status(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < NR_HELD; i++)
		nr += held[i].end == INI_END_STATUS;
	return nr;
}

static void function(uint8_t flags)
{
	clear_io();
	io.tmf = flags;
	run_io();
}

static void end_held(void)
{
	unsigned int i;

	drv_hold(sim->drv, false);
	sim_run(sim, 100);
	for (i = 0; i < NR_HELD; i++)
		if (held[i].open)
			ini_abort(&held[i]);
	sim_wait(sim, all_over, NULL, 60000);
	/* What a function has ended is unknown to the target. */
	ini->nr_rejects = 0;
}

static void test_function(const char *name, uint8_t flags, uint8_t code,
			  bool kills)
{
	unsigned int with;

	hold_some();
	function(flags);
	tap_ok(io.end == INI_END_STATUS && (io.flags & FLAG_RSP) &&
		       io.rsp_code == code,
	       "%s: response code %u", name, io.rsp_code);
	end_held();
	with = nr_with_status();
	tap_ok(kills ? !with : with == NR_HELD,
	       "%s: %u of %u commands still got a status", name, with, NR_HELD);
	test_unit_ready();
}

static void test_functions(void)
{
	test_function("ABORT TASK SET", 0x02, RSP_COMPLETE, true);
	test_function("CLEAR TASK SET", 0x04, RSP_COMPLETE, true);
	test_function("LUN RESET", 0x10, RSP_COMPLETE, true);
	test_function("TARGET RESET", 0x20, RSP_COMPLETE, true);
	function(0x08);
	tap_ok(io.end == INI_END_STATUS && (io.flags & FLAG_RSP) &&
		       io.rsp_code != RSP_COMPLETE,
	       "a reserved function is refused");
	function(0x30);
	tap_ok(io.end == INI_END_STATUS && (io.flags & FLAG_RSP) &&
		       io.rsp_code != RSP_COMPLETE,
	       "two functions at once are refused");
}

/* ---- aborts of what the engine holds ---- */

/* Writes whose transfer requests are not answered. */
static void start_writes(void)
{
	unsigned int i;

	for (i = 0; i < NR_HELD; i++) {
		memset(&held[i], 0, sizeof(held[i]));
		held[i].slot = 8 + i;
		ini_rw(&held[i], true, i * 16, 8);
		ini_submit(ini, &held[i]);
	}
	sim_run(sim, 100);
}

/* That the target has ended them is seen when it does not know them. */
static void test_data_given_up(const char *name, uint8_t flags)
{
	unsigned int i;

	ini->hold_xfer_rdy = true;
	start_writes();
	function(flags);
	tap_ok(io.end == INI_END_STATUS && io.rsp_code == RSP_COMPLETE,
	       "%s over writes that wait for data", name);
	sim_run(sim, 1000);
	for (i = 0; i < NR_HELD; i++)
		ini_abort(&held[i]);
	tap_ok(sim_wait(sim, all_over, NULL, 10000) && !nr_with_status() &&
		       ini->nr_rejects == NR_HELD,
	       "and the target has ended all of them");
	ini->nr_rejects = 0;
	ini->hold_xfer_rdy = false;
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "and nothing stays in the chip");
	test_unit_ready();
}

static void test_aborts(void)
{
	unsigned int i;

	hold_some();
	for (i = 0; i < NR_HELD; i++)
		ini_abort(&held[i]);
	tap_ok(sim_wait(sim, all_over, NULL, 10000) && !nr_with_status() &&
		       !ini->nr_rejects,
	       "commands in the engine are aborted, none rejected");
	drv_hold(sim->drv, false);
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "and nothing stays in the chip");
	test_unit_ready();

	ini->hold_xfer_rdy = true;
	start_writes();
	for (i = 0; i < NR_HELD; i++)
		ini_abort(&held[i]);
	tap_ok(sim_wait(sim, all_over, NULL, 10000) && !nr_with_status() &&
		       !ini->nr_rejects,
	       "writes that wait for data are aborted");
	ini->hold_xfer_rdy = false;
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "and nothing stays in the chip");
	test_unit_ready();
}

static void test_wrong_aborts(void)
{
	unsigned int acc = ini->nr_ba_acc, rjt = ini->nr_ba_rjt, i;

	for (i = 0; i < 16; i++)
		ini_abort_id(ini, (uint16_t)(0x6660 + i),
			     i % 2 ? 0xffff : (uint16_t)(i * 0x0123));
	sim_run(sim, 1000);
	tap_ok(ini->nr_ba_acc == acc && ini->nr_ba_rjt == rjt + 16,
	       "16 aborts of what does not exist: %u rejected, %u accepted",
	       ini->nr_ba_rjt - rjt, ini->nr_ba_acc - acc);
	tap_ok(sim_books_balanced(sim), "and nothing stays in the chip");
	test_unit_ready();
}

/* ---- logins ---- */

static bool is_in(void *arg)
{
	(void)arg;
	return ini->state == INI_READY;
}

static bool no_session(void *arg)
{
	(void)arg;
	return !drv_sessions(sim->drv);
}

static void test_logout(void)
{
	hold_some();
	tap_ok(drv_sessions(sim->drv) == 1, "one session");
	ini_logout(ini, false);
	tap_ok(sim_wait(sim, no_session, NULL, 10000),
	       "a logout with commands in the engine ends the session");
	drv_hold(sim->drv, false);
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "nothing stays in the chip");
	ini_login(ini);
	tap_ok(sim_wait(sim, is_in, NULL, 10000), "it may log in again");
	test_unit_ready();

	/* A PLOGI without a logout before it ends the old login as well. */
	hold_some();
	ini_lose(ini);
	ini_login(ini);
	sim_run(sim, 100);
	drv_hold(sim->drv, false);
	tap_ok(sim_wait(sim, is_in, NULL, 10000) && drv_sessions(sim->drv) == 1,
	       "a new login replaces the old one");
	test_unit_ready();
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "nothing stays in the chip");
}

/* ---- frames that are wrong ---- */

static void raw_cmnd(uint32_t len, uint8_t add)
{
	struct fab_frame *f = fab_frame_get(sim->fab, len);

	f->r_ctl = FAB_RCTL_FCP_CMND;
	f->type = FAB_TYPE_FCP;
	f->s_id = fab_port_id(&ini->port);
	f->d_id = ini->target_id;
	f->ox_id = 0x7000;
	f->f_ctl = 0x290000;
	if (len > 11)
		f->payload[11] = (uint8_t)(add << 2 | 2);
	fab_tx(&ini->port, f);
	sim_run(sim, 50);
}

static void test_frames(void)
{
	uint32_t len;

	for (len = 0; len <= 96; len++)
		raw_cmnd(len, (uint8_t)(len > 32 ? (len - 32) / 4 : 0));
	for (len = 0; len < 64; len++)
		raw_cmnd(32, (uint8_t)len);
	sim_run(sim, 1000);
	tap_ok(!drv_faults(sim->drv), "FCP_CMND of each length: no fault");
	test_unit_ready();
	ini_logout(ini, false);
	sim_run(sim, 1000);
	ini_login(ini);
	tap_ok(sim_wait(sim, is_in, NULL, 10000), "log in again");
	sim_run(sim, 1000);
	tap_ok(sim_books_balanced(sim), "nothing stays in the chip");
}

int main(int argc, char **argv)
{
	struct sim_setup setup = {
		.device = argc > 1 ? (uint16_t)strtoul(argv[1], NULL, 16) :
				     0x2532,
		.irq = PCIDEV_IRQ_MSIX,
		.nr_ini = 1,
		.seed = 3,
		.latency_ns = 5000,
		.disk_blocks = DISK_BLOCKS,
	};

	sim_verbose();
	sim = sim_new(&setup);
	if (!tap_ok(!sim_probe(sim) && (sim_run(sim, 5000), true) &&
			    !drv_enable(sim->drv) &&
			    sim_wait(sim, sim_is_ready, sim, 60000),
		    "%04x: ready", setup.device))
		return tap_end();
	sim_start_inis(sim);
	ini = sim->ini[0];
	if (!tap_ok(sim_wait(sim, sim_all_in, sim, 60000), "logged in"))
		return tap_end();
	tap_ok(drv_trace_seen("link", "fabric", "up") == 1,
	       "the link came up once, whatever the chip said");
	test_unit_ready();
	test_residuals();
	test_sense();
	test_opcodes();
	test_long_cdbs();
	test_luns();
	test_aborts();
	test_data_given_up("ABORT TASK SET", 0x02);
	test_data_given_up("CLEAR TASK SET", 0x04);
	test_data_given_up("LUN RESET", 0x10);
	test_data_given_up("TARGET RESET", 0x20);
	test_wrong_aborts();
	test_functions();
	test_logout();
	test_frames();
	tap_ok(!drv_faults(sim->drv), "no fault at all");
	tap_ok(sim_remove(sim), "the driver goes");
	tap_ok(!sim_verdicts(sim), "the judge has no verdict");
	tap_ok(!sim_free(sim), "nothing leaked, no misuse");
	return tap_end();
}
