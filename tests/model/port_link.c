// SPDX-License-Identifier: GPL-2.0
/* The link as a driver sees it: events, report ID, RSCN, two ports, a wire. */
#include <stdio.h>

#include "entry.h"
#include "port/port.h"
#include "spec/entries.h"
#include "spec/memory.h"
#include "tap.h"
#include "world.h"

#define LOG 64
#define REQ HOST_DATA
#define ANS (HOST_DATA + 0x1000U)
#define LOW 0x2100001b32000001ULL
#define HIGH 0x2100001b32ffff01ULL
#define OPT3_FW_LOGIN 0x4000U /* the firmware logs in on a wire */
#define OPT3_DRIVER_LOGIN 0x4100U /* the driver does */
#define OPT2_NO_PRLI_CTL 0x0010U

/* One driver and what it saw, in order. */
struct end {
	struct host h;
	struct card *card;
	uint16_t ev[LOG][4];
	unsigned int nr_ev;
	uint8_t rsp[LOG][HOST_ENTRY_LEN];
	unsigned int nr_rsp;
	uint8_t atio[LOG][HOST_ENTRY_LEN];
	unsigned int nr_atio;
	bool ack;
};

static struct world w;
static struct end a, b;

static void on_async(struct host *h, const uint16_t *mb)
{
	struct end *e = h->priv;

	if (e->nr_ev < LOG)
		memcpy(e->ev[e->nr_ev++], mb, sizeof(e->ev[0]));
}

static void on_rsp(struct host *h, const uint8_t *entry)
{
	struct end *e = h->priv;

	if (e->nr_rsp < LOG)
		memcpy(e->rsp[e->nr_rsp++], entry, HOST_ENTRY_LEN);
}

static void on_atio(struct host *h, const uint8_t *entry)
{
	struct end *e = h->priv;

	if (e->nr_atio < LOG)
		memcpy(e->atio[e->nr_atio++], entry, HOST_ENTRY_LEN);
	if (entry[HDR_TYPE] == ENTRY_NOTIFY && e->ack)
		entry_nack(h, 0x500, entry);
}

static const struct host_ops ops = { on_rsp, on_atio, on_async };

static void stage(enum fab_topo topo)
{
	world_init(&w, topo);
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.ack = true;
	b.ack = true;
	a.card = world_card(&w, "name=a,chip=2532");
	b.card = world_card(&w, "name=b,chip=2432");
	if (topo == FAB_WIRE)
		ok(!fab_wire(world_port(a.card, 0), world_port(b.card, 0)));
	host_init(&a.h, w.ev, &a.card->dev[0], &ops, &a, PCIDEV_IRQ_MSIX);
	host_init(&b.h, w.ev, &b.card->dev[0], &ops, &b, PCIDEV_IRQ_MSIX);
	ok(host_reset(&a.h) && host_load(&a.h));
	ok(host_reset(&b.h) && host_load(&b.h));
}

static void unstage(void)
{
	host_fini(&a.h);
	host_fini(&b.h);
	world_fini(&w);
}

static bool quiet(void)
{
	world_run(&w, EV_SEC);
	return (world_verdicts(&w) == 0) & world_balanced(&w);
}

static void start(struct end *e, enum host_role role, uint64_t wwpn,
		  uint32_t opt3)
{
	host_icb(&e->h, role, wwpn);
	put_le32(host_at(&e->h, HOST_ICB) + ICB_OPTIONS3, opt3);
	ok(host_start(&e->h) == 0x4000);
}

static const uint8_t *rsp_of(const struct end *e, uint8_t type)
{
	unsigned int i = e->nr_rsp;

	while (i--)
		if (e->rsp[i][HDR_TYPE] == type)
			return e->rsp[i];
	return NULL;
}

/* A field of the newest entry of a type; ffff: there is none. */
static uint16_t word_of(const struct end *e, uint8_t type, unsigned int off)
{
	const uint8_t *entry = rsp_of(e, type);

	return entry ? get_le16(entry + off) : 0xffff;
}

static const uint16_t *event_of(const struct end *e, uint16_t code)
{
	unsigned int i = e->nr_ev;

	while (i--)
		if (e->ev[i][0] == code)
			return e->ev[i];
	return NULL;
}

/* Handle that the newest port update gave with a login state, or ffff. */
static uint16_t updated(const struct end *e, uint16_t state)
{
	const uint16_t *ev = event_of(e, 0x8014);

	return ev && ev[2] == state && !ev[3] ? ev[1] : 0xffff;
}

static bool event_is(const uint16_t *ev, uint16_t mb0, uint16_t mb1,
		     uint16_t mb2, uint16_t mb3)
{
	return ev[0] == mb0 && ev[1] == mb1 && ev[2] == mb2 && ev[3] == mb3;
}

static uint16_t fw_state(struct end *e)
{
	static const uint16_t in[1] = { 0x69 };

	return host_mbox(&e->h, in, 1) == 0x4000 ? e->h.mb[1] : 0xffff;
}

static bool drop(enum fault_class cls, uint64_t nth, uint32_t count)
{
	struct fault_frame_spec f = { FAULT_DROP, cls, nth, count, 0, "" };

	return fault_arm_frame(w.fault, &f) > 0;
}

/* ---- on a switch ---- */

static void test_up(void)
{
	const uint8_t *id;

	stage(FAB_SWITCH);
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	world_run(&w, 100 * EV_MS);
	ok(fw_state(&a) == 2 && !a.nr_ev);
	world_run(&w, 3 * EV_SEC);
	ok(fw_state(&a) == 3 && a.nr_ev == 3);
	ok(event_is(a.ev[0], 0x8030, 0, 0, 0));
	ok(event_is(a.ev[1], 0x8011, 4, 0, 0));
	ok(event_is(a.ev[2], 0x8014, 0xffff, 6, 0xff));
	id = rsp_of(&a, ENTRY_RPT_ID);
	ok(id && id[RPTID_ACQUIRED] == 1 && id[RPTID_FORMAT] == 1 &&
	   (id[RPTID_FLAGS] & 0x0e) == 6 && get_be64(id + RPTID_WWPN) &&
	   id[RPTID_PORT_ID + 2] == 1 && !id[RPTID_VP]);
	start(&b, HOST_TGT, HIGH, OPT3_DRIVER_LOGIN);
	world_run(&w, 3 * EV_SEC);
	ok(b.nr_ev == 3 && b.ev[1][1] == 3); /* 4 Gb */
	ok(quiet());
	unstage();
}

/* Initialised with 60h a driver has one id: nothing to report. */
static void test_one_id(void)
{
	uint64_t iova = HOST_IOVA + HOST_ICB;
	uint16_t in[8] = { 0x60, 0, (uint16_t)(iova >> 16), (uint16_t)iova };

	in[7] = (uint16_t)(iova >> 32);
	stage(FAB_SWITCH);
	host_icb(&a.h, HOST_INI, LOW);
	ok(host_mbox(&a.h, in, 8) == 0x4000);
	ok(host_wait_up(&a.h, 5 * EV_SEC));
	ok(a.nr_ev == 3 && !a.nr_rsp && quiet());
	unstage();
}

static void test_flogi_lost(void)
{
	stage(FAB_SWITCH);
	ok(drop(FAULT_FLOGI, 1, 3));
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	world_run(&w, 5 * EV_SEC);
	ok(fw_state(&a) == 2 && !a.nr_ev);
	ok(host_wait_up(&a.h, 10 * EV_SEC) && fw_state(&a) == 3);
	ok(quiet());
	unstage();
}

static void test_flap(void)
{
	const uint8_t *id;

	stage(FAB_SWITCH);
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 5 * EV_SEC));
	world_run(&w, EV_SEC);
	a.nr_ev = 0;
	fab_port_cable(world_port(a.card, 0), false, 3 * EV_SEC);
	world_run(&w, EV_SEC);
	ok(a.nr_ev == 1 && a.ev[0][0] == 0x8012 && fw_state(&a) == 4);
	world_run(&w, 5 * EV_SEC);
	ok(a.nr_ev == 4 && a.ev[3][0] == 0x8014 && fw_state(&a) == 3);
	/* Pulled before anything was said: nothing to take back. */
	a.nr_ev = 0;
	fab_port_cable(world_port(a.card, 0), false, 0);
	world_run(&w, EV_SEC);
	fab_port_cable(world_port(a.card, 0), true, 0);
	world_run(&w, 200 * EV_MS);
	fab_port_cable(world_port(a.card, 0), false, 0);
	world_run(&w, EV_SEC);
	ok(a.nr_ev == 1 && a.ev[0][0] == 0x8012);
	fab_port_cable(world_port(a.card, 0), true, 0);
	world_run(&w, 3 * EV_SEC);
	id = rsp_of(&a, ENTRY_RPT_ID);
	ok(id && a.nr_ev == 4 && quiet());
	unstage();
}

static void test_rscn(void)
{
	const uint16_t *ev;
	uint32_t id;

	stage(FAB_SWITCH);
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	start(&b, HOST_TGT, HIGH, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 5 * EV_SEC) && host_wait_up(&b.h, 5 * EV_SEC));
	world_run(&w, EV_SEC);
	a.nr_ev = 0;
	ok(!fab_rscn(world_port(b.card, 0)));
	world_run(&w, 100 * EV_MS);
	ev = event_of(&a, 0x8015);
	id = fab_port_id(world_port(b.card, 0));
	ok(a.nr_ev == 1 && ev && (ev[1] & 0xff) == id >> 16 &&
	   ev[2] == (uint16_t)id && !ev[3]);
	/* Light of the other one goes out. */
	a.nr_ev = 0;
	fab_port_cable(world_port(b.card, 0), false, 0);
	world_run(&w, 5 * EV_SEC);
	ok(event_of(&a, 0x8015) && quiet());
	unstage();
}

/* ---- on a wire ---- */

/* PLOGI by entry 53h, as stock drivers do it from the bigger name. */
static void els_plogi(struct end *e, uint32_t own, uint32_t peer)
{
	uint8_t *s = host_slot(&e->h), *req = host_at(&e->h, REQ);

	memset(req, 0, 116);
	req[0] = FAB_ELS_PLOGI;
	port_login_template(chip_port(e->card->chip[0]), req + 4);
	s[HDR_TYPE] = ENTRY_ELS;
	s[HDR_COUNT] = 1;
	put_le32(s + ELS_HANDLE, 0x77);
	put_le16(s + ELS_NPORT, 0);
	put_le16(s + ELS_NR_TX, 1);
	put_le16(s + ELS_NR_RX, 1);
	s[ELS_OPCODE] = FAB_ELS_PLOGI;
	s[ELS_D_ID] = (uint8_t)peer;
	s[ELS_S_ID + 1] = (uint8_t)own;
	put_le32(s + ELS_RX_LEN, 116);
	put_le32(s + ELS_TX_LEN, 116);
	put_le64(s + ELS_TX_ADDR, HOST_IOVA + REQ);
	put_le32(s + ELS_TX_DSD_LEN, 116);
	put_le64(s + ELS_RX_ADDR, HOST_IOVA + ANS);
	put_le32(s + ELS_RX_DSD_LEN, 116);
	host_ring(&e->h);
	world_run(&w, EV_SEC);
}

static uint32_t prli(struct end *e, uint16_t nport, uint32_t id)
{
	const uint8_t *l;

	e->nr_rsp = 0;
	entry_login(&e->h, 0x78, nport, id, 0x0001);
	host_ring(&e->h);
	world_run(&w, EV_SEC);
	l = rsp_of(e, ENTRY_LOGIO);
	if (!l || get_le16(l + LOGIO_COMP))
		return 0;
	return get_le32(l + LOGIO_PARAM);
}

static void wire_up(enum host_role ra, enum host_role rb, uint64_t wa,
		    uint64_t wb, uint32_t opt3)
{
	const uint8_t *id;

	stage(FAB_WIRE);
	start(&a, ra, wa, opt3);
	world_run(&w, 3 * EV_SEC);
	ok(!a.nr_ev && fw_state(&a) == 4); /* nobody at the other end */
	start(&b, rb, wb, opt3);
	ok(host_wait_up(&a.h, 5 * EV_SEC) && host_wait_up(&b.h, 5 * EV_SEC));
	id = NULL;
	if (a.nr_rsp && a.rsp[0][HDR_TYPE] == ENTRY_RPT_ID)
		id = a.rsp[0];
	ok(id && id[RPTID_FORMAT] == 1 && (id[RPTID_FLAGS] & 0x0e) == 4 &&
	   get_be64(id + RPTID_WWPN) == wb);
}

/* The initiator has the bigger name and gives the addresses. */
static void test_wire_ini(void)
{
	static const uint16_t in[1] = { 0x20 };
	const uint8_t *e;

	wire_up(HOST_INI, HOST_TGT, HIGH, LOW, OPT3_DRIVER_LOGIN);
	ok(host_mbox(&a.h, in, 1) == 0x4000 && a.h.mb[6] == 2 && !a.h.mb[2]);
	els_plogi(&a, 1, 2);
	e = rsp_of(&a, ENTRY_ELS);
	ok(e && !get_le16(e + ELS_COMP) &&
	   get_be64(host_at(&a.h, ANS) + 20) == LOW);
	ok(b.nr_atio == 1 && b.atio[0][INOT_SUBCODE] == FAB_ELS_PLOGI &&
	   b.atio[0][INOT_PORT_ID] == 1);
	e = rsp_of(&b, ENTRY_RPT_ID);
	ok(e && e[RPTID_FORMAT] == 2 && e[RPTID_PORT_ID] == 2 &&
	   e[RPTID_REMOTE] == 1);
	ok((prli(&a, 0, 2) & 0x30) == 0x10);
	ok(host_mbox(&a.h, in, 1) == 0x4000 && a.h.mb[2] == 1);
	ok(host_mbox(&b.h, in, 1) == 0x4000 && b.h.mb[2] == 2);
	ok(quiet());
	unstage();
}

/* The target has the bigger name: its driver sends the PLOGI. */
static void test_wire_tgt(void)
{
	const uint8_t *e;

	wire_up(HOST_INI, HOST_TGT, LOW, HIGH, OPT3_DRIVER_LOGIN);
	els_plogi(&b, 1, 2);
	e = rsp_of(&b, ENTRY_ELS);
	ok(e && !get_le16(e + ELS_COMP));
	ok(updated(&a, 4) != 0xffff);
	ok((prli(&a, updated(&a, 4), 1) & 0x30) == 0x10);
	ok(b.nr_atio == 1 && b.atio[0][INOT_SUBCODE] == FAB_ELS_PRLI);
	ok(quiet());
	unstage();
}

/* A driver that leaves it to the firmware is told when it is done. */
static void test_wire_fw(void)
{
	wire_up(HOST_INI, HOST_TGT, HIGH, LOW, OPT3_FW_LOGIN);
	world_run(&w, EV_SEC);
	ok(updated(&a, 6) != 0xffff);
	ok(b.nr_atio == 2 && b.atio[1][INOT_SUBCODE] == FAB_ELS_PRLI);
	ok(quiet());
	unstage();
}

static void test_wire_fw_tgt(void)
{
	wire_up(HOST_INI, HOST_TGT, LOW, HIGH, OPT3_FW_LOGIN);
	world_run(&w, 3 * EV_SEC); /* the first PLOGI may be early */
	ok(updated(&b, 4) != 0xffff);
	ok(updated(&a, 4) != 0xffff);
	ok((prli(&a, updated(&a, 4), 1) & 0x30) == 0x10);
	ok(quiet());
	unstage();
}

/* Both ends lose FLOGI at first. */
static void test_wire_lost(void)
{
	stage(FAB_WIRE);
	ok(drop(FAULT_FLOGI, 1, 3));
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	start(&b, HOST_TGT, HIGH, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 10 * EV_SEC) && host_wait_up(&b.h, 10 * EV_SEC));
	fault_clear(w.fault);
	els_plogi(&b, 1, 2);
	ok(rsp_of(&b, ENTRY_ELS) && quiet());
	unstage();
}

/* Without option "target PRLI control" the firmware accepts PRLI itself. */
static void test_prli_auto(void)
{
	const uint8_t *l;
	uint32_t id;

	stage(FAB_SWITCH);
	host_icb(&b.h, HOST_TGT, HIGH);
	put_le32(host_at(&b.h, HOST_ICB) + ICB_OPTIONS2, OPT2_NO_PRLI_CTL);
	ok(host_start(&b.h) == 0x4000);
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 5 * EV_SEC) && host_wait_up(&b.h, 5 * EV_SEC));
	id = fab_port_id(world_port(b.card, 0));
	entry_login(&a.h, 1, 5, id, LOGIN_PLOGI);
	host_ring(&a.h);
	world_run(&w, EV_SEC);
	l = rsp_of(&a, ENTRY_LOGIO);
	ok(l && !get_le16(l + LOGIO_COMP));
	ok(b.nr_atio == 1 && b.atio[0][INOT_SUBCODE] == FAB_ELS_PLOGI);
	ok(quiet());
	unstage();
}

/* Two initiators may log in to each other; neither becomes a target. */
static void test_initiators(void)
{
	struct cmd c = { .handle = 9, .nport = 5 };
	const uint8_t *l;
	uint32_t id;

	stage(FAB_SWITCH);
	start(&a, HOST_INI, LOW, OPT3_DRIVER_LOGIN);
	start(&b, HOST_INI, HIGH, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 5 * EV_SEC) && host_wait_up(&b.h, 5 * EV_SEC));
	id = fab_port_id(world_port(b.card, 0));
	entry_login(&a.h, 1, 5, id, LOGIN_PLOGI);
	host_ring(&a.h);
	world_run(&w, EV_SEC);
	l = rsp_of(&a, ENTRY_LOGIO);
	ok(l && !get_le16(l + LOGIO_COMP) &&
	   (get_le32(l + LOGIO_PARAM) & 0x30) == 0x20);
	/* A command to a port that is no target is answered by a logout. */
	a.nr_ev = 0;
	c.id = id;
	ok(entry_cmd(&a.h, &c));
	host_ring(&a.h);
	world_run(&w, EV_SEC);
	l = rsp_of(&a, ENTRY_STATUS);
	ok(l && get_le16(l + STS_COMP) == 0x29);
	ok(a.nr_ev == 1 && event_is(a.ev[0], 0x8014, 5, 7, 0));
	entry_login(&a.h, 1, 5, id, LOGIN_PLOGI);
	host_ring(&a.h);
	world_run(&w, EV_SEC);
	/* Its own login later finds the handle that the chip chose. */
	id = fab_port_id(world_port(a.card, 0));
	entry_login(&b.h, 2, 5, id, LOGIN_PLOGI);
	host_ring(&b.h);
	world_run(&w, EV_SEC);
	l = rsp_of(&b, ENTRY_LOGIO);
	ok(l && get_le16(l + LOGIO_COMP) == 0x31 &&
	   get_le32(l + LOGIO_PARAM) == 0x1a);
	/* A logout is told by a port update. */
	a.nr_ev = 0;
	entry_login(&b.h, 3, (uint16_t)get_le32(l + LOGIO_PARAM + 4), id,
		    LOGIN_LOGO);
	host_ring(&b.h);
	world_run(&w, EV_SEC);
	ok(a.nr_ev == 1 && event_is(a.ev[0], 0x8014, 5, 7, 0) && quiet());
	unstage();
}

static unsigned int commands_at(const struct end *e)
{
	unsigned int i, n = 0;

	for (i = 0; i < e->nr_atio; i++)
		n += e->atio[i][HDR_TYPE] == ENTRY_ATIO;
	return n;
}

static void test_both(void)
{
	struct cmd c = { .handle = 9, .nport = 5 };
	uint32_t id_a, id_b;

	stage(FAB_SWITCH);
	start(&a, HOST_BOTH, LOW, OPT3_DRIVER_LOGIN);
	start(&b, HOST_BOTH, HIGH, OPT3_DRIVER_LOGIN);
	ok(host_wait_up(&a.h, 5 * EV_SEC) && host_wait_up(&b.h, 5 * EV_SEC));
	id_a = fab_port_id(world_port(a.card, 0));
	id_b = fab_port_id(world_port(b.card, 0));
	/* Both log in at the same moment. */
	entry_login(&a.h, 1, 5, id_b, LOGIN_PLOGI);
	entry_login(&b.h, 1, 5, id_a, LOGIN_PLOGI);
	host_ring(&a.h);
	host_ring(&b.h);
	world_run(&w, 10 * EV_SEC);
	ok(word_of(&a, ENTRY_LOGIO, LOGIO_COMP) == 0);
	ok(word_of(&b, ENTRY_LOGIO, LOGIO_COMP) == 0);
	/* Each is the other one's target. */
	c.id = id_b;
	entry_cmd(&a.h, &c);
	c.id = id_a;
	entry_cmd(&b.h, &c);
	host_ring(&a.h);
	host_ring(&b.h);
	world_run(&w, EV_SEC);
	ok(commands_at(&a) == 1 && commands_at(&b) == 1);
	entry_login(&a.h, 2, 5, id_b, LOGIN_LOGO);
	host_ring(&a.h);
	world_run(&w, EV_SEC);
	ok(word_of(&a, ENTRY_STATUS, STS_COMP) == 0x29);
	ok(word_of(&b, ENTRY_STATUS, STS_COMP) == 0x29);
	ok(quiet());
	unstage();
}

int main(void)
{
	tap_run(test_up, "link up: events in order, report ID, speed");
	tap_run(test_one_id, "link up after mailbox 60: no report ID");
	tap_run(test_flogi_lost, "a lost FLOGI is sent again");
	tap_run(test_flap, "link down and up are told once each");
	tap_run(test_rscn, "RSCN becomes event 8015");
	tap_run(test_wire_ini, "wire: initiator's driver logs in");
	tap_run(test_wire_tgt, "wire: target's driver logs in");
	tap_run(test_wire_fw, "wire: initiator's firmware logs in");
	tap_run(test_wire_fw_tgt, "wire: target's firmware logs in");
	tap_run(test_wire_lost, "wire: lost FLOGI");
	tap_run(test_prli_auto, "target without PRLI control");
	tap_run(test_initiators, "two initiators");
	tap_run(test_both, "both roles at both ends, logins cross");
	return tap_end();
}
