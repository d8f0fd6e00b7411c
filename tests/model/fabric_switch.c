// SPDX-License-Identifier: GPL-2.0
/* The switch: fabric login, addresses, server logins, SCR and RSCN. */
#include <errno.h>
#include <stdio.h>

#include "client.h"
#include "tap.h"

#define MANY 300

static struct ev *ev;
static struct fab *fab;
static struct client a, b, c;

static void set_up(void)
{
	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	ok(!client_init(&a, ev, fab, NULL, "a.0", 0x21000000000000aaULL));
	ok(!client_init(&b, ev, fab, NULL, "b.0", 0x21000000000000bbULL));
	ok(!client_init(&c, ev, fab, NULL, "c.0", 0x21000000000000ccULL));
	client_settle(&a);
}

static void tear_down(void)
{
	client_fini(&a);
	client_fini(&b);
	client_fini(&c);
	client_settle(&a);
	fab_free(fab);
	ev_free(ev);
}

static void log_in_all(void)
{
	ok(client_flogi(&a));
	ok(client_flogi(&b));
	ok(client_flogi(&c));
	client_clear(&a);
	client_clear(&b);
	client_clear(&c);
}

static void test_flogi(void)
{
	const struct got *g;
	uint8_t p[FAB_ELS_PLOGI_LEN] = { FAB_ELS_FLOGI };

	set_up();
	ok(a.ups == 1 && a.downs == 0);
	ok(fab_port_id(&a.port) == 0);
	put_be64(p + 20, a.wwpn);
	put_be64(p + 28, 1);
	g = client_els(&a, FAB_ID_FPORT, p, sizeof(p));
	ok(g && g->len == FAB_ELS_PLOGI_LEN);
	ok(g && g->payload[0] == FAB_ELS_LS_ACC);
	ok(g && g->d_id == 0x010000 && g->s_id == FAB_ID_FPORT);
	ok(g && get_be16(g->payload + 8) == 0x1000);
	ok(g && get_be32(g->payload + 12) == 10000);
	ok(g && get_be32(g->payload + 16) == 2000);
	ok(g && get_be64(g->payload + 20) == 0x3001000000000000ULL);
	ok(g && get_be64(g->payload + 28) == 0x3000000000000001ULL);
	ok(fab_port_id(&a.port) == 0x010000);
	ok(client_flogi(&b) && b.id == 0x010100);
	ok(client_flogi(&c) && c.id == 0x010200);
	tear_down();
}

static void test_flogi_bad(void)
{
	uint8_t p[FAB_ELS_PLOGI_LEN] = { FAB_ELS_FLOGI };
	uint32_t len;

	set_up();
	for (len = 4; len < sizeof(p); len += 7)
		ok(els_rejected(client_els(&a, FAB_ID_FPORT, p, len), 0x07,
				0x2d));
	client_clear(&a);
	/* No name, then the name of somebody else. */
	ok(els_rejected(client_els(&a, FAB_ID_FPORT, p, sizeof(p)), 0x03,
			0x0d));
	ok(client_flogi(&b));
	a.wwpn = b.wwpn;
	ok(!client_flogi(&a));
	ok(fab_port_id(&a.port) == 0 && fab_port_id(&b.port) == b.id);
	/* Less than a command word: nothing to answer. */
	client_clear(&a);
	ok(!client_els(&a, FAB_ID_FPORT, p, 3));
	ok(!client_els(&a, FAB_ID_FPORT, p, 0));
	p[0] = FAB_ELS_FDISC;
	ok(els_rejected(client_els(&a, FAB_ID_FPORT, p, sizeof(p)), 0x0b,
			0x2c));
	tear_down();
}

static void test_no_login_no_traffic(void)
{
	uint8_t byte = 0;

	set_up();
	/* Before FLOGI only FFFFFE answers. */
	ok(!client_plogi(&a, FAB_ID_NS));
	ok(!client_scr(&a, 3));
	ok(client_flogi(&b));
	client_clear(&b);
	fab_tx(&a.port, client_frame(&a, b.id, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP,
				     &byte, 1));
	client_settle(&a);
	ok(b.nr_got == 0);
	/* A false source address does not pass either. */
	ok(client_flogi(&a));
	a.id = b.id;
	fab_tx(&a.port, client_frame(&a, b.id, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP,
				     &byte, 1));
	client_settle(&a);
	ok(b.nr_got == 0);
	tear_down();
}

static void test_route(void)
{
	static const uint32_t nobody[] = { 0,	     0x010500, 0x010101,
					   0x020000, 0xffffff, 0xfffffb,
					   0x000100 };
	struct fab_frame *f;
	unsigned int i;

	set_up();
	log_in_all();
	f = client_frame(&a, b.id, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, "cmnd", 4);
	f->param = 77;
	f->owner = &a;
	fab_tx(&a.port, f);
	ok(b.nr_got == 0 && fab_in_flight(fab) == 1);
	client_settle(&a);
	ok(b.nr_got == 1 && c.nr_got == 0 && fab_in_flight(fab) == 0);
	ok(b.got[0].kind == FAB_CMND && b.got[0].s_id == a.id &&
	   b.got[0].param == 77 && !memcmp(b.got[0].payload, "cmnd", 4));
	ok(a.fates[FAB_DELIVERED] == 1);
	for (i = 0; i < ARRAY_SIZE(nobody); i++) {
		f = client_frame(&a, nobody[i], FAB_RCTL_FCP_CMND, FAB_TYPE_FCP,
				 "x", 1);
		f->owner = &a;
		fab_tx(&a.port, f);
	}
	client_settle(&a);
	ok(a.fates[FAB_DROPPED] == ARRAY_SIZE(nobody));
	ok(a.port.stats.tx_dropped == ARRAY_SIZE(nobody));
	ok(b.nr_got == 1 && c.nr_got == 0);
	tear_down();
}

static void test_server_login(void)
{
	static const uint32_t servers[] = { FAB_ID_NS, FAB_ID_MGMT,
					    FAB_ID_FCTRL };
	uint8_t logo[16] = { FAB_ELS_LOGO };
	uint8_t p[FAB_ELS_PLOGI_LEN] = { FAB_ELS_PLOGI };
	uint8_t adisc[28] = { FAB_ELS_ADISC };
	const struct got *g;
	unsigned int i;

	set_up();
	log_in_all();
	for (i = 0; i < ARRAY_SIZE(servers); i++) {
		ok(els_rejected(client_els(&a, servers[i], p, 60), 0x07, 0x2d));
		/* Somebody else's name. */
		put_be64(p + 20, b.wwpn);
		ok(els_rejected(client_els(&a, servers[i], p, sizeof(p)), 0x03,
				0x0d));
		ok(client_plogi(&a, servers[i]));
		ok(els_rejected(client_els(&a, servers[i], adisc,
					   sizeof(adisc)),
				0x0b, 0x2c));
		g = client_els(&a, servers[i], logo, sizeof(logo));
		ok(g && g->payload[0] == FAB_ELS_LS_ACC);
		client_clear(&a);
	}
	tear_down();
}

/* CT without a login is answered by LOGO from the server. */
static void test_ct_needs_login(void)
{
	uint8_t id[4] = { 0 };
	uint8_t logo[16] = { FAB_ELS_LOGO };

	set_up();
	log_in_all();
	ok(!client_ns(&a, 0x0112, id, sizeof(id)));
	ok(client_count_els(&a, FAB_ELS_LOGO) == 1);
	ok(a.nr_got == 1 && a.got[0].s_id == FAB_ID_NS &&
	   get_be24(a.got[0].payload + 5) == FAB_ID_NS);
	client_clear(&a);
	ok(!client_ct(&a, FAB_ID_MGMT, 0xfa, 0x10, 0x0100, 0, NULL, 0));
	ok(client_count_els(&a, FAB_ELS_LOGO) == 1);
	client_clear(&a);
	ok(client_plogi(&a, FAB_ID_NS));
	put_be24(id + 1, a.id);
	ok(ct_accepted(client_ns(&a, 0x0112, id, sizeof(id)), 8));
	ok(client_els(&a, FAB_ID_NS, logo, sizeof(logo)));
	client_clear(&a);
	ok(!client_ns(&a, 0x0112, id, sizeof(id)));
	ok(client_count_els(&a, FAB_ELS_LOGO) == 1);
	/* The fabric controller has no CT at all. */
	client_clear(&a);
	ok(!client_ct(&a, FAB_ID_FCTRL, 0xfc, 2, 0x0112, 0, id, sizeof(id)));
	ok(a.nr_got == 0);
	tear_down();
}

static void test_scr(void)
{
	uint8_t bad[8] = { FAB_ELS_SCR, 0, 0, 0, 0, 0, 0, 9 };

	set_up();
	log_in_all();
	ok(els_rejected(client_els(&a, FAB_ID_FCTRL, bad, sizeof(bad)), 0x03,
			0));
	ok(els_rejected(client_els(&a, FAB_ID_FCTRL, bad, 4), 0x07, 0x2d));
	ok(client_scr(&a, 1) && client_scr(&b, 2) && client_scr(&c, 3));
	client_clear(&a);
	client_clear(&b);
	client_clear(&c);
	ok(!fab_rscn(&b.port));
	client_settle(&a);
	ok(client_count_els(&a, FAB_ELS_RSCN) == 1);
	ok(client_count_els(&b, FAB_ELS_RSCN) == 0);
	ok(client_count_els(&c, FAB_ELS_RSCN) == 1);
	ok(a.nr_got == 1 && a.got[0].s_id == FAB_ID_FCTRL &&
	   a.got[0].len == 8 && a.got[0].payload[1] == 4 &&
	   get_be16(a.got[0].payload + 2) == 8 &&
	   get_be32(a.got[0].payload + 4) == b.id);
	/* Function 2 asks for events of N_Ports only, FF for none. */
	client_clear(&a);
	ok(client_scr(&a, 0xff));
	client_clear(&a);
	ok(!fab_rscn(&c.port));
	client_settle(&a);
	ok(a.nr_got == 0 && b.nr_got == 0);
	tear_down();
}

static void test_rscn_rules(void)
{
	uint8_t logo[16] = { FAB_ELS_LOGO };

	set_up();
	ok(fab_rscn(&a.port) == -ENOTCONN);
	ok(client_flogi(&a) && client_scr(&a, 3));
	client_clear(&a);
	/* Somebody comes, */
	ok(client_flogi(&b));
	ok(client_count_els(&a, FAB_ELS_RSCN) == 1);
	/* comes again without having gone, */
	client_clear(&a);
	ok(client_flogi(&b));
	ok(client_count_els(&a, FAB_ELS_RSCN) == 2);
	/* logs out, */
	client_clear(&a);
	ok(client_els(&b, FAB_ID_FPORT, logo, sizeof(logo)));
	ok(client_count_els(&a, FAB_ELS_RSCN) == 1);
	ok(fab_port_id(&b.port) == 0);
	/* goes dark, which is news only if it was logged in, */
	client_clear(&a);
	fab_port_enable(&b.port, false);
	client_settle(&a);
	ok(client_count_els(&a, FAB_ELS_RSCN) == 0 && b.downs == 1);
	ok(client_flogi(&c));
	client_clear(&a);
	fab_port_enable(&c.port, false);
	client_settle(&a);
	ok(client_count_els(&a, FAB_ELS_RSCN) == 1);
	/* and a fabric logout ends the registration, too. */
	ok(client_els(&a, FAB_ID_FPORT, logo, sizeof(logo)));
	client_clear(&a);
	fab_port_enable(&b.port, true);
	client_settle(&a);
	ok(client_flogi(&b) && a.nr_got == 0);
	tear_down();
}

struct seen {
	bool by_id, by_list, frame;
};

/* In which ways does a port find another one? */
static struct seen sees(struct client *from, struct client *to)
{
	uint8_t id[4] = { 0 }, any[4] = { 0x7f }, adisc[28] = { 0x52 };
	const struct got *g;
	struct seen seen = { 0 };
	unsigned int i;

	put_be24(id + 1, to->id);
	client_clear(from);
	g = client_ns(from, 0x0112, id, 4);
	seen.by_id = g && ct_accepted(g, 8);
	client_clear(from);
	g = client_ns(from, 0x01a1, any, 4);
	for (i = 16; g && i + 4 <= g->len; i += 4)
		if ((get_be32(g->payload + i) & 0xffffff) == to->id)
			seen.by_list = true;
	client_clear(from);
	client_clear(to);
	client_els(from, to->id, adisc, sizeof(adisc));
	seen.frame = to->nr_got > 0;
	client_clear(to);
	return seen;
}

static bool all_of(struct seen seen)
{
	return seen.by_id && seen.by_list && seen.frame;
}

static bool none_of(struct seen seen)
{
	return !seen.by_id && !seen.by_list && !seen.frame;
}

static void rscns(unsigned int of_a, unsigned int of_b, unsigned int of_c)
{
	client_settle(&a);
	ok(client_count_els(&a, FAB_ELS_RSCN) == of_a);
	ok(client_count_els(&b, FAB_ELS_RSCN) == of_b);
	ok(client_count_els(&c, FAB_ELS_RSCN) == of_c);
	client_clear(&a);
	client_clear(&b);
	client_clear(&c);
}

/* Who has no zone in common is not there, in any way. */
static void test_zones(void)
{
	set_up();
	log_in_all();
	ok(client_plogi(&a, FAB_ID_NS) && client_plogi(&b, FAB_ID_NS));
	ok(client_scr(&a, 3) && client_scr(&b, 3) && client_scr(&c, 3));
	ok(all_of(sees(&a, &b)) && all_of(sees(&b, &a)));
	client_clear(&c);
	/* a alone: b and c lose it, it loses both. */
	ok(!fab_zone(&a.port, 1));
	rscns(0, 0, 0);
	ok(!fab_zone(&b.port, 2));
	rscns(1, 1, 0);
	ok(none_of(sees(&a, &b)) && none_of(sees(&b, &a)));
	ok(all_of(sees(&a, &c)) && all_of(sees(&b, &c)));
	/* News about b is for those that see it, */
	client_clear(&c);
	ok(!fab_rscn(&b.port));
	rscns(0, 0, 1);
	/* another login changes nothing, */
	ok(client_flogi(&b));
	rscns(0, 0, 2);
	ok(client_plogi(&b, FAB_ID_NS) && client_scr(&b, 3));
	ok(none_of(sees(&a, &b)) && none_of(sees(&b, &a)));
	/* none is none, and then all is open again. */
	client_clear(&c);
	ok(!fab_zone(&c.port, 0));
	rscns(1, 1, 2);
	ok(none_of(sees(&a, &c)) && all_of(sees(&a, &a)));
	ok(!fab_zone(&b.port, FAB_ALL_ZONES));
	rscns(1, 1, 0);
	ok(all_of(sees(&a, &b)) && none_of(sees(&b, &c)));
	tear_down();
}

static void test_cable(void)
{
	set_up();
	log_in_all();
	ok(client_scr(&a, 3));
	client_clear(&a);
	fab_port_cable(&b.port, false, 100 * EV_MS);
	ev_run_until(ev, ev_now_ns(ev) + 99 * EV_MS);
	ok(!b.port.link_up && b.downs == 1 && b.ups == 1);
	ok(client_count_els(&a, FAB_ELS_RSCN) == 1);
	ok(fab_port_id(&b.port) == 0);
	ev_run_until(ev, ev_now_ns(ev) + 2 * EV_MS);
	ok(b.port.link_up && b.downs == 1 && b.ups == 2);
	ok(b.port.stats.link_losses == 1);
	ok(client_flogi(&b) && b.id == 0x010100);
	/* Pulled while dark, and plugged in again while lit. */
	fab_port_enable(&b.port, false);
	fab_port_cable(&b.port, false, 0);
	fab_port_enable(&b.port, true);
	client_settle(&b);
	ok(!b.port.link_up);
	fab_port_cable(&b.port, true, 0);
	client_settle(&b);
	ok(b.port.link_up && b.ups == 3 && b.downs == 2);
	/* Off and on within one turn: both are told. */
	fab_port_enable(&b.port, false);
	fab_port_enable(&b.port, true);
	client_settle(&b);
	ok(b.port.link_up && b.ups == 4 && b.downs == 3);
	/* Pulling twice, plugging twice: told once. */
	fab_port_cable(&b.port, false, 0);
	fab_port_cable(&b.port, false, 0);
	fab_port_cable(&b.port, true, 0);
	fab_port_cable(&b.port, true, 0);
	client_settle(&b);
	ok(b.ups == 5 && b.downs == 4);
	tear_down();
}

/* Frames in flight are lost with the light of either end. */
static void test_loss_in_flight(void)
{
	struct fab_frame *f;

	set_up();
	log_in_all();
	fab_set_latency(fab, 10 * EV_MS);
	f = client_frame(&a, b.id, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, "x", 1);
	f->owner = &a;
	fab_tx(&a.port, f);
	f = client_frame(&c, a.id, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, "x", 1);
	f->owner = &c;
	fab_tx(&c.port, f);
	ev_run_until(ev, ev_now_ns(ev) + 5 * EV_MS);
	fab_port_cable(&b.port, false, 0);
	fab_port_cable(&b.port, true, 0);
	client_settle(&a);
	ok(b.nr_got == 0 && a.fates[FAB_DROPPED] == 1);
	ok(a.nr_got == 1 && c.fates[FAB_DELIVERED] == 1);
	/* With its light on but not logged in, it gets nothing. */
	fab_tx(&a.port, client_frame(&a, b.id ? b.id : 0x010100,
				     FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, "x", 1));
	client_settle(&a);
	ok(b.nr_got == 0 && b.ups == 2);
	tear_down();
}

static void test_many(void)
{
	static struct client many[MANY];
	char name[16];
	unsigned int i, good = 0;
	uint8_t arg[4] = { 0, 0, 0, 8 };

	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%u.0", i);
		good += !client_init(&many[i], ev, fab, NULL, name,
				     0x2100000000010000ULL + i);
	}
	ok(good == MANY);
	client_settle(&many[0]);
	for (i = 0, good = 0; i < MANY; i++)
		good += client_flogi(&many[i]) &&
			many[i].id ==
				(((1U + i / 256) << 16) | ((i % 256) << 8));
	ok(good == MANY);
	ok(client_plogi(&many[5], FAB_ID_NS));
	arg[0] = 0x7f;
	arg[3] = 0;
	ok(ct_accepted(client_ns(&many[5], 0x01a1, arg, 4), 4 * MANY));
	/* Everybody to everybody's neighbour. */
	for (i = 0; i < MANY; i++) {
		client_clear(&many[i]);
		many[i].echo = 0;
	}
	for (i = 0; i < MANY; i++)
		fab_tx(&many[i].port,
		       client_frame(&many[i], many[(i + 1) % MANY].id,
				    FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, &i, 4));
	client_settle(&many[0]);
	for (i = 0, good = 0; i < MANY; i++)
		good += many[i].nr_got == 1 &&
			!memcmp(many[i].got[0].payload,
				&(unsigned int){ (i + MANY - 1) % MANY }, 4);
	ok(good == MANY);
	ok(fab_find_port(fab, "many77.0") == &many[77].port);
	ok(!fab_find_port(fab, "nobody.0"));
	for (i = 0; i < MANY; i++)
		client_fini(&many[i]);
	fab_free(fab);
	ev_free(ev);
}

static void test_full(void)
{
	static struct fab_port ports[1025];
	static const struct fab_port_ops none;
	unsigned int i;
	int ret = 0;

	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	memset(ports, 0, sizeof(ports));
	for (i = 0; i < 1024 && !ret; i++)
		ret = fab_port_attach(fab, &ports[i], "p", &none, NULL, 4);
	ok(!ret);
	ok(fab_port_attach(fab, &ports[1024], "p", &none, NULL, 4) == -ENOSPC);
	fab_port_detach(&ports[500]);
	ok(!fab_port_attach(fab, &ports[1024], "p", &none, NULL, 4));
	for (i = 0; i < 1025; i++)
		if (ports[i].fab)
			fab_port_detach(&ports[i]);
	fab_free(fab);
	ev_free(ev);
}

int main(void)
{
	tap_run(test_flogi, "FLOGI gives an address and the fabric's names");
	tap_run(test_flogi_bad, "bad FLOGI and other ELS to FFFFFE: LS_RJT");
	tap_run(test_no_login_no_traffic, "without FLOGI nothing is carried");
	tap_run(test_route, "frames go to their address, else are discarded");
	tap_run(test_server_login,
		"servers take PLOGI and LOGO, refuse others");
	tap_run(test_ct_needs_login, "CT without PLOGI is answered by LOGO");
	tap_run(test_scr, "SCR functions 1, 2, 3, FF; others are refused");
	tap_run(test_rscn_rules, "RSCN on coming, going, and only to others");
	tap_run(test_zones, "zones: name server, RSCN and frames");
	tap_run(test_cable, "cable and laser: link events in order");
	tap_run(test_loss_in_flight,
		"frames in flight are lost with the light");
	tap_run(test_many, "300 ports in two domains");
	tap_run(test_full, "1024 ports and no more; slots are used again");
	return tap_end();
}
