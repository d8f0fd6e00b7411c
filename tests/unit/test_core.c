// SPDX-License-Identifier: GPL-2.0
/*
 * All of core on a card that is a few tables: what it makes of the chip's
 * answers, of a refusal, of an answer that never comes, and of the fabric.
 */
#include "core_card.h"

#include <linux/errno.h>

/* ---- firmware ---- */

static void test_firmware(void)
{
	prepare();
	begin();
	tap_ok(hba.state == ISP_HBA_IDLE && !chip.nr_faults, "firmware runs");
	tap_ok(chip.nr_words == FW_WORDS && chip.nr_mbox[0x0b] > 1,
	       "all of it, in %u pieces", chip.nr_mbox[0x0b]);
	tap_ok(chan->wwpn == NAME && chan->wwnn == NAME + 1,
	       "our names are those in NVRAM");
	tap_ok(hba.fw.version[0] == 8 && hba.fw.version[2] == 3 &&
		       hba.fw.nr_exchanges == 1234 && hba.fw.nr_iocbs == 567 &&
		       hba.fw.max_vports == 3 && hba.fw.attrs == 4,
	       "what it says of itself is known");
	end();

	prepare();
	hba.params.own_wwpn = NAME + 7;
	chip.nvram_bad = true;
	begin();
	tap_ok(chan->wwpn == NAME + 7, "the user's name goes before NVRAM's");
	end();

	prepare();
	chip.nvram_bad = true;
	begin();
	tap_ok(chan->wwpn >> 60 == 3 && chan->wwnn >> 60 == 3,
	       "without either a local name is made up");
	end();
}

static void test_refusals(void)
{
	static const u16 ops[] = { WRAP, 0x0b, 0x07, 0x02, 0x08, 0x42 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		prepare();
		chip.refuse = ops[i];
		begin();
		tap_ok(chip.nr_faults && hba.state != ISP_HBA_IDLE,
		       "mailbox %02x refused: a fault", ops[i]);
		chip.refuse = 0;
		run(60000);
		tap_ok(hba.state == ISP_HBA_IDLE, "which heals");
		end();
	}
	prepare();
	chip.wrap_bad = true;
	begin();
	tap_ok(chip.nr_faults && !chip.nr_mbox[0x02],
	       "a mailbox test with other values: no firmware is started");
	end();

	prepare();
	begin();
	chip.refuse = INIT;
	enable();
	tap_ok(chip.nr_faults && !heard.started && heard.done == 1 &&
		       heard.err == -EIO,
	       "firmware refuses to initialise: the role is told so");
	run(100000);
	tap_ok(chip.nr_mbox[INIT] == 1 && hba.state == ISP_HBA_IDLE,
	       "and is not tried again until somebody wants it");
	end();
}

static void test_no_firmware(void)
{
	unsigned int resets;

	prepare();
	chip.fw_missing = true;
	begin();
	tap_ok(hba.state == ISP_HBA_OFF, "no firmware: off");
	chip.fw_missing = false;
	chip.fw_bad = true;
	isp_hba_start(&hba);
	run(1000);
	tap_ok(hba.state == ISP_HBA_OFF && !chip.nr_mbox[0x0b],
	       "damaged firmware: off, and nothing is loaded");
	chip.fw_bad = false;
	chip.fw_missing = true;
	resets = chip.nr_resets;
	run(100000);
	tap_ok(chip.nr_resets == resets, "and it stays so");
	enable();
	tap_ok(heard.done == 1 && heard.err == -ENOENT &&
		       chip.nr_resets > resets,
	       "who wants a role makes it look, and is told");
	resets = chip.nr_resets;
	run(100000);
	tap_ok(chip.nr_resets == resets && !heard.started,
	       "once; the wish is forgotten");
	chip.fw_missing = false;
	enable();
	tap_ok(heard.done == 2 && !heard.err && heard.started == 1,
	       "now there is some: the role is on");
	end();
}

/* ---- fabric ---- */

static unsigned int nr_asked(u16 code)
{
	unsigned int i, nr = 0;

	for (i = 0; i < chip.nr_cts && i < NR_CTS; i++)
		nr += chip.ct[i] == code;
	return nr;
}

static void log_in(u64 wwpn, u32 port_id)
{
	struct isp_notify n = {
		.kind = ISP_NOTIFY_ELS,
		.els = ISP_ELS_PLOGI,
		.wwpn = wwpn,
		.port_id = port_id,
		.port_handle = 5,
	};

	isp_portdb_notify(chan, &n);
}

static void test_link(void)
{
	static const u16 order[] = { 0x0217, 0x021f, 0x0213, 0x0239, 0x0172 };
	struct isp_port port;

	prepare();
	begin();
	enable();
	tap_ok(chan->link == ISP_LINK_UP && heard.up == 1 && !heard.down &&
		       chan->port_id == 0x010200 && chan->speed_gbps == 8,
	       "the link is up at 8 Gb/s, our address is known");
	tap_ok(chip.nr_cts == ARRAY_SIZE(order) &&
		       !memcmp(chip.ct, order, sizeof(order)) &&
		       chip.nr_mbox[0x70] == 1,
	       "registered, changes asked for, then who is there");
	tap_ok(chip.scr == 3 && chip.nr_markers == 1,
	       "all changes; one marker for the new address");
	tap_ok(isp_portdb_by_id(chan, ID_A, &port) && port.wwpn == A &&
		       isp_portdb_by_id(chan, ID_B, &port) && port.wwpn == B,
	       "both ports are known");

	chip.no_b = true;
	live_through(0x8015);
	tap_ok(nr_asked(0x0172) == 2 && nr_asked(0x0112) == 1 &&
		       heard.gone == 1,
	       "a change: the list again, and B is asked for and gone");
	live_through(0x8014);
	tap_ok(nr_asked(0x0172) == 3 && heard.gone == 1 && heard.up == 1,
	       "another: B does not go twice");

	tap_ok(!isp_portdb_resolve(chan, ID_A), "a role asks for an address");
	run(1000);
	tap_ok(heard.resolved == 1 && heard.wwpn == A, "and gets its name");
	isp_portdb_resolve(chan, 0x017777);
	run(1000);
	tap_ok(heard.resolved == 2 && !heard.wwpn, "or hears of nobody");

	chip.ct_held = true;
	isp_portdb_resolve(chan, ID_A);
	run(1000);
	event(0x8030);
	chip.ct_held = false;
	run(1000);
	tap_ok(heard.resolved == 3 && heard.wwpn == A && nr_asked(0x0112) == 5,
	       "a change while the fabric is asked: it is asked again");

	log_in(A, ID_A);
	live_through(0x8012);
	tap_ok(chan->link == ISP_LINK_DOWN && heard.down == 1 &&
		       isp_portdb_by_wwpn(chan, A, &port) &&
		       port.handle == ISP_PORT_HANDLE_NONE && !chan->port_id,
	       "link down: the role hears of it, nobody is logged in");
	live_through(0x8012);
	tap_ok(chan->link == ISP_LINK_DOWN && heard.down == 2,
	       "lost again before it has come up: the role hears of that, too");
	live_through(0x8011);
	tap_ok(chan->link == ISP_LINK_UP && heard.up == 2, "and up again");
	tap_ok(!chip.nr_faults, "without a fault");
	end();
}

static void test_lost(void)
{
	prepare();
	begin();
	chip.ct_lost = true;
	enable();
	run(50000);
	tap_ok(!chip.nr_faults, "the name server may take 50 s");
	run(60000);
	tap_ok(chip.nr_faults, "an entry that never comes back is a fault");
	chip.ct_lost = false;
	run(200000);
	tap_ok(chan->link == ISP_LINK_UP, "which heals");

	chip.lose = GET_STATE;
	chip.nr_faults = 0;
	live_through(0x8030);
	tap_ok(chip.mbox_open && !chip.nr_faults, "a mailbox is at the chip");
	event(0x8002);
	tap_ok(!hba.live, "the firmware crashes: nothing is sent any more");
	chip.lose = 0xffff;
	run(60000);
	tap_ok(chip.nr_faults == 1 && chan->link == ISP_LINK_UP,
	       "one fault, the mailbox ends, all heals");
	tap_ok(heard.done == 1 && heard.started == 1,
	       "the role stays on through it");
	end();
}

/* Firmware that takes its time, dies in silence, or is put to sleep. */
static void test_slow(void)
{
	unsigned int resets;

	prepare();
	begin();
	chip.not_ready = true;
	enable();
	tap_ok(chip.nr_mbox[GET_STATE] > 1 && !chip.nr_mbox[0x20],
	       "no address is asked for before the firmware is ready");
	chip.reset_steps = 10;
	event(0x8002);
	run(1500);
	chip.not_ready = false;
	run(60000);
	tap_ok(chan->link == ISP_LINK_UP && chip.nr_faults == 1,
	       "a reset of a second, while it is asked again and again");

	chip.reset_steps = 0;
	chip.lose = 0; /* a sign of life */
	run(60000);
	tap_ok(chip.nr_faults > 1, "silent firmware is asked, and found dead");
	chip.lose = 0xffff;
	run(60000);
	tap_ok(chan->link == ISP_LINK_UP, "which heals");

	isp_hba_suspend(&hba);
	run(5000);
	resets = chip.nr_resets;
	tap_ok(isp_hba_is_suspended(&hba) && !hba.live, "it sleeps");
	run(100000);
	tap_ok(isp_hba_is_suspended(&hba) && chip.nr_resets == resets,
	       "for as long as it is to");
	isp_hba_resume(&hba);
	run(60000);
	tap_ok(chan->link == ISP_LINK_UP && heard.started == 1,
	       "and wakes up as it was");
	end();
}

static void test_pair(void)
{
	struct isp_vp_report vp = { .ok = true,
				    .topo = ISP_TOPO_N,
				    .peer_wwpn = A };

	prepare();
	begin();
	chip.pair = true;
	chip.not_ready = true;
	enable();
	isp_link_vp_report(chan, &vp);
	chip.not_ready = false;
	run(1000);
	tap_ok(chan->link == ISP_LINK_UP && chip.nr_logios == 1 &&
		       chip.logio.op == ISP_LOGIO_PLOGI &&
		       chip.logio.port_id == 2 && !chip.nr_cts,
	       "two N_Ports, ours is the higher name: we log in");
	vp.peer_wwpn = NAME + 1;
	live_through(0x8012);
	isp_link_vp_report(chan, &vp);
	run(1000);
	tap_ok(chan->link == ISP_LINK_UP && chip.nr_logios == 1,
	       "the lower one: we wait");
	tap_ok(!chip.nr_faults, "without a fault");
	end();
}

int main(void)
{
	test_firmware();
	test_refusals();
	test_no_firmware();
	test_link();
	test_lost();
	test_slow();
	test_pair();
	return tap_end();
}
