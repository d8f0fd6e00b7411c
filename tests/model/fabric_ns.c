// SPDX-License-Identifier: GPL-2.0
/* The name server: every request, short and malformed ones, and its RSCNs. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "judge/judge.h"
#include "tap.h"

#define UNABLE 0x09
#define UNSUPPORTED 0x0b
#define BAD_SIZE 0x04

static struct ev *ev;
static struct fab *fab;
static struct client a, b, c;

static const uint8_t fcp_types[32] = { 0, 0, 1 };

static void put_id(uint8_t *arg, uint32_t id)
{
	arg[0] = 0;
	put_be24(arg + 1, id);
}

static const struct got *ns_id(struct client *from, uint16_t cmd, uint32_t id)
{
	uint8_t arg[4];

	put_id(arg, id);
	return client_ns(from, cmd, arg, sizeof(arg));
}

static bool rft(struct client *from)
{
	uint8_t arg[36];

	put_id(arg, from->id);
	memcpy(arg + 4, fcp_types, 32);
	return ct_accepted(client_ns(from, 0x0217, arg, sizeof(arg)), 0);
}

static bool rff(struct client *from, uint8_t features)
{
	uint8_t arg[8] = { 0, 0, 0, 0, 0, 0, features, 8 };

	put_id(arg, from->id);
	return ct_accepted(client_ns(from, 0x021f, arg, sizeof(arg)), 0);
}

static void join_fabric(struct client *n)
{
	ok(client_flogi(n) && client_plogi(n, FAB_ID_NS));
}

static void clear_all(void)
{
	client_clear(&a);
	client_clear(&b);
	client_clear(&c);
}

static void set_up(void)
{
	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	ok(!client_init(&a, ev, fab, NULL, "a.0", 0x21000000000000aaULL));
	ok(!client_init(&b, ev, fab, NULL, "b.0", 0x21000000000000bbULL));
	ok(!client_init(&c, ev, fab, NULL, "c.0", 0x21000000000000ccULL));
	client_settle(&a);
	join_fabric(&a);
	join_fabric(&b);
	join_fabric(&c);
	clear_all();
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

static void test_names(void)
{
	uint8_t wwn[8];
	const struct got *g;

	set_up();
	g = ns_id(&a, 0x0112, b.id);
	ok(ct_accepted(g, 8) && get_be64(g->payload + 16) == b.wwpn);
	g = ns_id(&a, 0x0113, b.id);
	ok(ct_accepted(g, 8) &&
	   get_be64(g->payload + 16) == (b.wwpn ^ 1ULL << 60));
	g = ns_id(&a, 0x011c, b.id);
	ok(ct_accepted(g, 8) &&
	   get_be64(g->payload + 16) == 0x3001000000000001ULL);
	put_be64(wwn, c.wwpn);
	g = client_ns(&a, 0x0121, wwn, sizeof(wwn));
	ok(ct_accepted(g, 4) && get_be32(g->payload + 16) == c.id);
	put_be64(wwn, c.wwpn ^ 1ULL << 60);
	g = client_ns(&a, 0x0131, wwn, sizeof(wwn));
	ok(ct_accepted(g, 4) &&
	   get_be32(g->payload + 16) == (0x80000000U | c.id));
	/* The header comes back as it was sent. */
	ok(g && g->payload[0] == 1 && g->payload[4] == 0xfc &&
	   g->payload[5] == 0x02 && g->r_ctl == FAB_RCTL_CT_RSP);
	tear_down();
}

static void test_unknown_subject(void)
{
	static const uint16_t by_id[] = { 0x0112, 0x0113, 0x0117, 0x011c,
					  0x011f };
	static const uint32_t ids[] = { 0, 0x010300, 0x010001, 0xfffffc,
					0xffffff };
	uint8_t wwn[8] = { 1 };
	unsigned int i, k;

	set_up();
	for (i = 0; i < ARRAY_SIZE(by_id); i++)
		for (k = 0; k < ARRAY_SIZE(ids); k++)
			ok(ct_rejected(ns_id(&a, by_id[i], ids[k]), UNABLE, 1));
	ok(ct_rejected(client_ns(&a, 0x0121, wwn, 8), UNABLE, 2));
	ok(ct_rejected(client_ns(&a, 0x0131, wwn, 8), UNABLE, 3));
	/* A port that has gone is unknown at once. */
	fab_port_enable(&b.port, false);
	ok(ct_rejected(ns_id(&a, 0x0112, 0x010100), UNABLE, 1));
	tear_down();
}

static void test_types(void)
{
	uint8_t arg[8] = { 0, 0, 0, 0, 0, 0, 0, 8 };
	const struct got *g;

	set_up();
	g = ns_id(&b, 0x0117, a.id);
	ok(ct_accepted(g, 32) && g->payload[18] == 0);
	ok(rft(&a) && rff(&a, 2));
	g = ns_id(&b, 0x0117, a.id);
	ok(ct_accepted(g, 32) && !memcmp(g->payload + 16, fcp_types, 32));
	g = ns_id(&b, 0x011f, a.id);
	ok(ct_accepted(g, 128) && g->payload[16 + 7] == 2);
	/* The other nibble is another type's: 28h is byte 23, 29h above it. */
	put_id(arg, a.id);
	arg[6] = 0x1f;
	arg[7] = 0x29;
	ok(ct_accepted(client_ns(&a, 0x021f, arg, 8), 0));
	arg[6] = 0x05;
	arg[7] = 0x28;
	ok(ct_accepted(client_ns(&a, 0x021f, arg, 8), 0));
	g = ns_id(&b, 0x011f, a.id);
	ok(ct_accepted(g, 128) && g->payload[16 + 23] == 0xf5 &&
	   g->payload[16 + 7] == 2);
	/* Taking everything back. */
	ok(ct_accepted(ns_id(&a, 0x0300, a.id), 0));
	g = ns_id(&b, 0x0117, a.id);
	ok(ct_accepted(g, 32) && g->payload[18] == 0);
	ok(ct_accepted(ns_id(&b, 0x0112, a.id), 8));
	tear_down();
}

/* Lists: 4-byte entries (GID_*) and 16-byte entries (G*N_FT). */
static void test_lists(void)
{
	uint8_t ft[4] = { 0, 0, 0, 8 }, pt[4] = { 0x7f, 0, 0, 0 };
	const struct got *g;

	set_up();
	ok(ct_rejected(client_ns(&a, 0x0172, ft, 4), UNABLE, 7));
	ok(ct_rejected(client_ns(&a, 0x0173, ft, 4), UNABLE, 7));
	ok(ct_rejected(client_ns(&a, 0x0171, ft, 4), UNABLE, 7));
	g = client_ns(&a, 0x01a1, pt, 4);
	ok(ct_accepted(g, 12) && get_be32(g->payload + 16) == a.id &&
	   get_be32(g->payload + 20) == b.id &&
	   get_be32(g->payload + 24) == (0x80000000U | c.id));
	ok(rft(&a) && rft(&c));
	g = client_ns(&a, 0x0171, ft, 4);
	ok(ct_accepted(g, 8) && get_be32(g->payload + 16) == a.id &&
	   get_be32(g->payload + 20) == (0x80000000U | c.id));
	g = client_ns(&a, 0x0172, ft, 4);
	ok(ct_accepted(g, 32) && get_be32(g->payload + 16) == a.id &&
	   get_be32(g->payload + 20) == 0 &&
	   get_be64(g->payload + 24) == a.wwpn &&
	   get_be32(g->payload + 32) == (0x80000000U | c.id) &&
	   get_be64(g->payload + 40) == c.wwpn);
	g = client_ns(&a, 0x0173, ft, 4);
	ok(ct_accepted(g, 32) &&
	   get_be64(g->payload + 40) == (c.wwpn ^ 1ULL << 60));
	ft[3] = 0x28;
	ok(ct_rejected(client_ns(&a, 0x0172, ft, 4), UNABLE, 7));
	/* Scope: domain, area; port type N, and NL that nobody is. */
	pt[0] = 0x01;
	pt[1] = 0x01;
	pt[2] = 0x02;
	g = client_ns(&a, 0x01a1, pt, 4);
	ok(ct_accepted(g, 4) &&
	   get_be32(g->payload + 16) == (0x80000000U | c.id));
	pt[1] = 0x02;
	ok(ct_rejected(client_ns(&a, 0x01a1, pt, 4), UNABLE, 0x0a));
	pt[0] = 0x02;
	pt[1] = 0;
	ok(ct_rejected(client_ns(&a, 0x01a1, pt, 4), UNABLE, 0x0a));
	tear_down();
}

/* A reply longer than the room is cut, the rest told in words. */
static void test_residual(void)
{
	uint8_t ft[4] = { 0, 0, 0, 8 };
	const struct got *g;

	set_up();
	ok(rft(&a) && rft(&b) && rft(&c));
	g = client_ct(&a, FAB_ID_NS, 0xfc, 2, 0x0172, 8192, ft, 4);
	ok(ct_accepted(g, 48) && get_be16(g->payload + 10) == 0);
	g = client_ct(&a, FAB_ID_NS, 0xfc, 2, 0x0172, 8, ft, 4);
	ok(ct_accepted(g, 32) && get_be16(g->payload + 10) == 4);
	ok(g && !(g->payload[32] & 0x80));
	g = client_ct(&a, FAB_ID_NS, 0xfc, 2, 0x0172, 1, ft, 4);
	ok(ct_accepted(g, 4) && get_be16(g->payload + 10) == 11);
	tear_down();
}

static void test_symbolic(void)
{
	uint8_t node[264] = { 0 }, port[264] = { 0 };
	const struct got *g;

	set_up();
	put_be64(node, b.wwpn ^ 1ULL << 60);
	node[8] = 5;
	memcpy(node + 9, "node!", 5);
	/* Stock drivers send the name's room in full: longer is no error. */
	ok(ct_accepted(client_ns(&b, 0x0239, node, sizeof(node)), 0));
	ok(ct_accepted(client_ns(&b, 0x0239, node, 14), 0));
	put_id(port, b.id);
	port[4] = 255;
	memset(port + 5, 'p', 255);
	ok(ct_accepted(client_ns(&b, 0x0218, port, 260), 0));
	g = ns_id(&a, 0x0100, a.id);
	ok(ct_accepted(g, 620));
	ok(g && g->payload[16] == 1 && get_be24(g->payload + 17) == b.id &&
	   get_be64(g->payload + 20) == b.wwpn);
	ok(g && g->payload[28] == 255 && g->payload[29] == 'p' &&
	   g->payload[29 + 254] == 'p');
	ok(g && get_be64(g->payload + 284) == (b.wwpn ^ 1ULL << 60));
	ok(g && g->payload[292] == 5 && !memcmp(g->payload + 293, "node!", 5));
	ok(g && get_be32(g->payload + 16 + 556) == 8);
	ok(g && get_be64(g->payload + 16 + 608) == 0x3001000000000001ULL);
	/* A node that is not the sender's, and lengths beyond the end. */
	put_be64(node, a.wwpn);
	ok(ct_rejected(client_ns(&b, 0x0239, node, 14), UNABLE, 3));
	node[8] = 200;
	ok(ct_rejected(client_ns(&b, 0x0239, node, 14), BAD_SIZE, 0));
	ok(ct_rejected(client_ns(&b, 0x0218, port, 100), BAD_SIZE, 0));
	/* A port does not speak for another one. */
	ok(ct_rejected(client_ns(&a, 0x0218, port, 260), UNABLE, 0x11));
	tear_down();
}

static void test_rnn(void)
{
	uint8_t arg[12];
	const struct got *g;

	set_up();
	put_id(arg, a.id);
	put_be64(arg + 4, 0x2000000000001234ULL);
	ok(ct_accepted(client_ns(&a, 0x0213, arg, sizeof(arg)), 0));
	g = ns_id(&b, 0x0113, a.id);
	ok(ct_accepted(g, 8) &&
	   get_be64(g->payload + 16) == 0x2000000000001234ULL);
	tear_down();
}

/* GA_NXT goes round all ports and comes back. */
static void test_ga_nxt(void)
{
	const struct got *g;

	set_up();
	g = ns_id(&a, 0x0100, a.id);
	ok(ct_accepted(g, 620) && get_be24(g->payload + 17) == b.id);
	g = ns_id(&a, 0x0100, b.id);
	ok(ct_accepted(g, 620) && get_be24(g->payload + 17) == c.id);
	g = ns_id(&a, 0x0100, c.id);
	ok(ct_accepted(g, 620) && get_be24(g->payload + 17) == a.id);
	g = ns_id(&a, 0x0100, 0);
	ok(ct_accepted(g, 620) && get_be24(g->payload + 17) == a.id);
	g = ns_id(&a, 0x0100, 0xffffff);
	ok(ct_accepted(g, 620) && get_be24(g->payload + 17) == a.id);
	tear_down();
}

static void test_not_own(void)
{
	static const uint16_t cmds[] = { 0x0213, 0x0217, 0x021f, 0x0300 };
	uint8_t arg[36] = { 0 };
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		put_id(arg, b.id);
		ok(ct_rejected(client_ns(&a, cmds[i], arg, 36), UNABLE, 0x11));
		put_id(arg, 0x010900);
		ok(ct_rejected(client_ns(&a, cmds[i], arg, 36), UNABLE, 1));
	}
	tear_down();
}

/* Every command with every length below what it needs. */
static void test_short(void)
{
	static const struct {
		uint16_t cmd;
		uint32_t need;
	} cmds[] = {
		{ 0x0100, 4 },	{ 0x0112, 4 },	{ 0x0113, 4 }, { 0x0117, 4 },
		{ 0x011c, 4 },	{ 0x011f, 4 },	{ 0x0121, 8 }, { 0x0131, 8 },
		{ 0x0171, 4 },	{ 0x0172, 4 },	{ 0x0173, 4 }, { 0x01a1, 4 },
		{ 0x0213, 12 }, { 0x0217, 36 }, { 0x0218, 5 }, { 0x021f, 8 },
		{ 0x0239, 9 },	{ 0x0300, 4 },
	};
	uint8_t arg[64] = { 0 };
	unsigned int i;
	uint32_t len;

	set_up();
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (len = 0; len < cmds[i].need; len++)
			ok(ct_rejected(client_ns(&a, cmds[i].cmd, arg, len),
				       BAD_SIZE, 0));
		client_clear(&a);
	}
	tear_down();
}

static void test_bad_header(void)
{
	uint8_t iu[20] = { 1, 0, 0, 0, 0xfc, 2, 0, 0, 0x01, 0x12 };
	uint8_t id[4];
	unsigned int cmd;
	uint32_t len;

	set_up();
	put_id(id, b.id);
	/* Not even a preamble: answered as far as it goes. */
	for (len = 0; len < 16; len++) {
		client_clear(&a);
		fab_tx(&a.port, client_frame(&a, FAB_ID_NS, FAB_RCTL_CT_REQ,
					     FAB_TYPE_CT, iu, len));
		client_settle(&a);
		ok(a.nr_got == 1 && ct_rejected(&a.got[0], BAD_SIZE, 0));
	}
	client_clear(&a);
	iu[0] = 7;
	fab_tx(&a.port, client_frame(&a, FAB_ID_NS, FAB_RCTL_CT_REQ,
				     FAB_TYPE_CT, iu, 20));
	client_settle(&a);
	ok(a.nr_got == 1 && ct_rejected(&a.got[0], 0x02, 0));
	ok(ct_rejected(client_ct(&a, FAB_ID_NS, 0xfc, 3, 0x0112, 0, id, 4),
		       0x0d, 0));
	ok(ct_rejected(client_ct(&a, FAB_ID_NS, 0xfa, 2, 0x0112, 0, id, 4),
		       0x0d, 0));
	ok(ct_rejected(client_ct(&a, FAB_ID_NS, 0xfa, 1, 0x0127, 0, id, 4),
		       0x0d, 0));
	/* Commands that exist nowhere, or that this server does not have. */
	for (cmd = 0; cmd < 0x10000; cmd += 0x0111) {
		if (cmd == 0x0222)
			continue;
		ok(ct_rejected(client_ns(&a, (uint16_t)(cmd | 0x8000), id, 4),
			       UNSUPPORTED, 0));
		client_clear(&a);
	}
	ok(ct_rejected(client_ns(&a, 0x0115, id, 4), UNSUPPORTED, 0));
	tear_down();
}

/* The trap: registering is what tells initiators to look again. */
static void test_rscn(void)
{
	set_up();
	ok(client_scr(&b, 3));
	clear_all();
	ok(rft(&a));
	ok(client_count_els(&b, FAB_ELS_RSCN) == 1);
	ok(rff(&a, 1));
	ok(client_count_els(&b, FAB_ELS_RSCN) == 2);
	ok(b.nr_got == 2 && get_be32(b.got[1].payload + 4) == a.id);
	/* The same again is no news; nobody is told about himself. */
	ok(rft(&a) && rff(&a, 1));
	ok(client_count_els(&b, FAB_ELS_RSCN) == 2);
	ok(rft(&b) && rff(&b, 2));
	ok(client_count_els(&b, FAB_ELS_RSCN) == 2);
	ok(rff(&a, 3));
	ok(client_count_els(&b, FAB_ELS_RSCN) == 3);
	/* The accept comes before the port hears of anything else. */
	ok(client_count_els(&a, FAB_ELS_RSCN) == 0);
	tear_down();
}

/* After a loss of light everything has to be registered anew. */
static void test_forgotten(void)
{
	const struct got *g;

	set_up();
	ok(rft(&b) && rff(&b, 1));
	fab_port_cable(&b.port, false, 0);
	fab_port_cable(&b.port, true, 0);
	client_settle(&b);
	ok(client_flogi(&b));
	g = ns_id(&a, 0x0117, b.id);
	ok(ct_accepted(g, 32) && g->payload[18] == 0);
	client_clear(&b);
	ok(!rft(&b));
	ok(client_count_els(&b, FAB_ELS_LOGO) == 1);
	tear_down();
}

/* Requests made of noise: always one answer, never harm. */
static void test_noise(void)
{
	unsigned int seed = 1, i, k, answered = 0;
	uint8_t iu[80];

	set_up();
	printf("# seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 20000; i++) {
		uint32_t len = (uint32_t)random() % sizeof(iu);

		for (k = 0; k < sizeof(iu); k++)
			iu[k] = (uint8_t)random();
		iu[0] = 1;
		iu[4] = 0xfc;
		iu[5] = 2;
		iu[8] = (uint8_t)random() % 4;
		if (i % 2)
			put_id(iu + 16, a.id);
		client_clear(&a);
		fab_tx(&a.port, client_frame(&a, FAB_ID_NS, FAB_RCTL_CT_REQ,
					     FAB_TYPE_CT, iu, len));
		client_settle(&a);
		answered += a.nr_got == 1 && a.got[0].kind == FAB_CT_RSP;
	}
	ok(answered == 20000);
	ok(ct_accepted(ns_id(&b, 0x0112, a.id), 8));
	tear_down();
}

static void test_coverage(void)
{
	struct judge *judge;
	struct judge_port *jp;
	size_t i, ct = 0, hit = 0;

	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	judge = judge_new(ev);
	jp = judge_port_new(judge, "a.0");
	jp->who = COVER_STOCK;
	ok(!client_init(&a, ev, fab, jp, "a.0", 0x21000000000000aaULL));
	client_settle(&a);
	join_fabric(&a);
	ok(ct_accepted(ns_id(&a, 0x0112, a.id), 8));
	for (i = 1; i < judge->cover.nr_items; i++) {
		const struct cover_item *it = &judge->cover.items[i];

		ct += it->kind == COVER_CT;
		hit += it->hits[COVER_STOCK] != 0;
	}
	/* 18 name server, 9 FDMI, 1 configuration; FLOGI, PLOGI, GPN_ID. */
	ok(ct == 28 && hit == 3);
	client_fini(&a);
	client_settle(&a);
	fab_free(fab);
	judge_free(judge);
	ev_free(ev);
}

int main(void)
{
	tap_run(test_names, "GPN_ID GNN_ID GFPN_ID GID_PN GID_NN");
	tap_run(test_unknown_subject, "unknown subjects: 09 with the reason");
	tap_run(test_types, "RFT_ID, RFF_ID, GFT_ID, GFF_ID, DA_ID");
	tap_run(test_lists, "GID_PT, GID_FT, GPN_FT, GNN_FT and scopes");
	tap_run(test_residual, "replies longer than the room are cut");
	tap_run(test_symbolic, "RSPN_ID and RSNN_NN, seen in GA_NXT");
	tap_run(test_rnn, "RNN_ID changes the node name");
	tap_run(test_ga_nxt, "GA_NXT goes round");
	tap_run(test_not_own, "registration for others is refused");
	tap_run(test_short, "short payloads: 04 for every command and length");
	tap_run(test_bad_header, "bad preambles and unknown commands");
	tap_run(test_rscn, "RSCN when FC-4 registrations change, only then");
	tap_run(test_forgotten, "a lost link forgets registrations and logins");
	tap_run(test_noise, "20000 random requests are all answered");
	tap_run(test_coverage, "what is served is registered and charged");
	return tap_end();
}
