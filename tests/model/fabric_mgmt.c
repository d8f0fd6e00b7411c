// SPDX-License-Identifier: GPL-2.0
/* The management server: FDMI as stock drivers use it, and GPSC. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "tap.h"

#define UNABLE 0x09
#define BAD_SIZE 0x04

static struct ev *ev;
static struct fab *fab;
static struct client a, b;

static void set_up(void)
{
	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_SWITCH, NULL);
	ok(!client_init(&a, ev, fab, NULL, "a.0", 0x21000000000000aaULL));
	ok(!client_init(&b, ev, fab, NULL, "b.0", 0x21000000000000bbULL));
	client_settle(&a);
	ok(client_flogi(&a) && client_plogi(&a, FAB_ID_MGMT));
	ok(client_flogi(&b) && client_plogi(&b, FAB_ID_MGMT));
	client_clear(&a);
	client_clear(&b);
}

static void tear_down(void)
{
	client_fini(&a);
	client_fini(&b);
	client_settle(&a);
	fab_free(fab);
	ev_free(ev);
}

static const struct got *fdmi(struct client *from, uint16_t cmd,
			      const void *arg, uint32_t len)
{
	return client_ct(from, FAB_ID_MGMT, 0xfa, 0x10, cmd, 0, arg, len);
}

static const struct got *fdmi_wwn(struct client *from, uint16_t cmd,
				  uint64_t wwn)
{
	uint8_t arg[8];

	put_be64(arg, wwn);
	return fdmi(from, cmd, arg, sizeof(arg));
}

/* An attribute block of two entries, 4 + 12 + 8 bytes. */
static uint32_t put_attrs(uint8_t *p, uint16_t type1, uint16_t type2)
{
	put_be32(p, 2);
	put_be16(p + 4, type1);
	put_be16(p + 6, 12);
	put_be64(p + 8, 0x1122334455667788ULL);
	put_be16(p + 16, type2);
	put_be16(p + 18, 8);
	memcpy(p + 20, "QLGC", 4);
	return 24;
}

static uint32_t put_rhba(uint8_t *p, uint64_t wwn)
{
	put_be64(p, wwn);
	put_be32(p + 8, 1);
	put_be64(p + 12, wwn);
	return 20 + put_attrs(p + 20, 1, 2);
}

static bool rhba(struct client *from)
{
	uint8_t arg[64];

	return ct_accepted(fdmi(from, 0x0200, arg, put_rhba(arg, from->wwpn)),
			   0);
}

static bool rpa(struct client *from)
{
	uint8_t arg[64];

	put_be64(arg, from->wwpn);
	return ct_accepted(
		fdmi(from, 0x0211, arg, 8 + put_attrs(arg + 8, 1, 0x101)), 0);
}

/* What qla2xxx does: RHBA, RPA; later RHBA is refused, DHBA, RHBA again. */
static void test_stock(void)
{
	uint8_t arg[80] = { 0 };
	uint32_t len;

	set_up();
	ok(rhba(&a) && rpa(&a));
	len = put_rhba(arg, a.wwpn);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x10));
	ok(ct_accepted(fdmi_wwn(&a, 0x0300, a.wwpn), 0));
	/* It states 16 bytes more than it has filled. */
	ok(ct_accepted(fdmi(&a, 0x0200, arg, len + 16), 0));
	ok(rpa(&a));
	tear_down();
}

static void test_read_back(void)
{
	uint8_t arg[64];
	const struct got *g;

	set_up();
	g = fdmi(&b, 0x0100, NULL, 0);
	ok(ct_accepted(g, 4) && get_be32(g->payload + 16) == 0);
	ok(rhba(&a) && rpa(&a) && rhba(&b));
	g = fdmi(&b, 0x0100, NULL, 0);
	ok(ct_accepted(g, 20) && get_be32(g->payload + 16) == 2 &&
	   get_be64(g->payload + 20) == b.wwpn &&
	   get_be64(g->payload + 28) == a.wwpn);
	put_attrs(arg, 1, 2);
	g = fdmi_wwn(&b, 0x0101, a.wwpn);
	ok(ct_accepted(g, 12 + 24) && get_be32(g->payload + 16) == 1 &&
	   get_be64(g->payload + 20) == a.wwpn &&
	   !memcmp(g->payload + 28, arg, 24));
	g = fdmi_wwn(&b, 0x0102, a.wwpn);
	ok(ct_accepted(g, 12) && get_be64(g->payload + 20) == a.wwpn);
	put_attrs(arg, 1, 0x101);
	g = fdmi_wwn(&b, 0x0110, a.wwpn);
	ok(ct_accepted(g, 24) && !memcmp(g->payload + 16, arg, 24));
	g = fdmi_wwn(&a, 0x0110, b.wwpn);
	ok(ct_accepted(g, 4) && get_be32(g->payload + 16) == 0);
	tear_down();
}

/* A virtual port registers with RPRT under the HBA of its base port. */
static void test_rprt(void)
{
	const uint64_t vport = 0x2101000000000001ULL;
	uint8_t arg[64];
	uint32_t len;

	set_up();
	put_be64(arg, a.wwpn);
	put_be64(arg + 8, vport);
	len = 16 + put_attrs(arg + 16, 1, 2);
	ok(ct_rejected(fdmi(&a, 0x0210, arg, len), UNABLE, 0x17));
	ok(rhba(&a));
	ok(ct_accepted(fdmi(&a, 0x0210, arg, len), 0));
	ok(ct_rejected(fdmi(&a, 0x0210, arg, len), UNABLE, 0x20));
	ok(ct_accepted(fdmi_wwn(&a, 0x0110, vport), 24));
	ok(ct_accepted(fdmi_wwn(&a, 0x0310, vport), 0));
	ok(ct_rejected(fdmi_wwn(&a, 0x0310, vport), UNABLE, 0x21));
	ok(ct_rejected(fdmi_wwn(&a, 0x0110, vport), UNABLE, 0x21));
	tear_down();
}

static void test_unknown(void)
{
	static const uint16_t not_here[] = { 0x0000, 0x0111, 0x0201, 0x0212,
					     0x0301, 0x0311, 0x0400, 0xffff };
	uint8_t arg[64];
	unsigned int i;

	set_up();
	ok(ct_rejected(fdmi_wwn(&a, 0x0101, 5), UNABLE, 0x17));
	ok(ct_rejected(fdmi_wwn(&a, 0x0102, 5), UNABLE, 0x17));
	ok(ct_rejected(fdmi_wwn(&a, 0x0300, 5), UNABLE, 0x17));
	put_be64(arg, 5);
	ok(ct_rejected(fdmi(&a, 0x0211, arg, 8 + put_attrs(arg + 8, 1, 2)),
		       UNABLE, 0x21));
	for (i = 0; i < ARRAY_SIZE(not_here); i++)
		ok(ct_rejected(fdmi(&a, not_here[i], arg, 40), 0x0b, 0));
	tear_down();
}

static void test_bad_blocks(void)
{
	uint8_t arg[80] = { 0 };
	uint32_t len, cut;

	set_up();
	len = put_rhba(arg, a.wwpn);
	for (cut = 0; cut < 12; cut++)
		ok(ct_rejected(fdmi(&a, 0x0200, arg, cut), BAD_SIZE, 0));
	for (; cut < 20; cut++)
		ok(ct_rejected(fdmi(&a, 0x0200, arg, cut), UNABLE, 0x16));
	for (; cut < len; cut++)
		ok(ct_rejected(fdmi(&a, 0x0200, arg, cut), UNABLE, 0x13));
	/* Port lists that are empty or longer than the request. */
	put_be32(arg + 8, 0);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x16));
	put_be32(arg + 8, 0x20000001);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x16));
	put_be32(arg + 8, 0xffffffff);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x16));
	put_be32(arg + 8, 1);
	/* Attribute lengths, repeated types, counts. */
	put_be16(arg + 26, 4);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x13));
	put_be16(arg + 26, 0xffff);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x13));
	put_rhba(arg, a.wwpn);
	put_be32(arg + 20, 0xffffffff);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x13));
	put_rhba(arg, a.wwpn);
	put_attrs(arg + 20, 7, 7);
	ok(ct_rejected(fdmi(&a, 0x0200, arg, len), UNABLE, 0x12));
	ok(rhba(&a));
	/* The same for a port's block. */
	put_be64(arg, a.wwpn);
	put_attrs(arg + 8, 7, 7);
	ok(ct_rejected(fdmi(&a, 0x0211, arg, 32), UNABLE, 0x22));
	put_attrs(arg + 8, 7, 8);
	for (cut = 8; cut < 32; cut++)
		ok(ct_rejected(fdmi(&a, 0x0211, arg, cut), UNABLE, 0x23));
	ok(ct_rejected(fdmi(&a, 0x0211, arg, 7), BAD_SIZE, 0));
	/* A port of one HBA cannot be another one's, too. */
	put_rhba(arg, b.wwpn);
	put_be64(arg + 12, a.wwpn);
	ok(ct_rejected(fdmi(&b, 0x0200, arg, len), UNABLE, 0x20));
	tear_down();
}

static void test_forgotten(void)
{
	set_up();
	ok(rhba(&a) && rhba(&b));
	fab_port_enable(&a.port, false);
	client_settle(&a);
	ok(ct_rejected(fdmi_wwn(&b, 0x0101, a.wwpn), UNABLE, 0x17));
	ok(ct_accepted(fdmi_wwn(&b, 0x0101, b.wwpn), 12 + 24));
	tear_down();
}

static void test_gpsc(void)
{
	uint8_t name[8];
	const struct got *g;
	struct client slow;

	set_up();
	ok(!client_init(&slow, ev, fab, NULL, "s.0", 0x21000000000000eeULL));
	slow.port.speed_gbps = 4;
	client_settle(&slow);
	ok(client_flogi(&slow));
	put_be64(name, 0x3001000000000001ULL);
	g = client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0127, 1, name, 8);
	ok(ct_accepted(g, 4) && get_be16(g->payload + 16) == 0xe800 &&
	   get_be16(g->payload + 18) == 0x0800);
	put_be64(name, 0x3001000000000002ULL);
	g = client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0127, 1, name, 8);
	ok(ct_accepted(g, 4) && get_be16(g->payload + 18) == 0x2000);
	put_be64(name, 0x3001000000000003ULL);
	ok(ct_rejected(client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0127, 1, name, 8),
		       UNABLE, 1));
	put_be64(name, a.wwpn);
	ok(ct_rejected(client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0127, 1, name, 8),
		       UNABLE, 1));
	ok(ct_rejected(client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0127, 1, name, 7),
		       BAD_SIZE, 0));
	ok(ct_rejected(client_ct(&a, FAB_ID_MGMT, 0xfa, 1, 0x0128, 1, name, 8),
		       0x0b, 0));
	client_fini(&slow);
	tear_down();
}

static void test_noise(void)
{
	unsigned int seed = 2, i, k, answered = 0;
	uint8_t iu[120];

	set_up();
	printf("# seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 20000; i++) {
		uint32_t len = (uint32_t)random() % sizeof(iu);

		for (k = 0; k < sizeof(iu); k++)
			iu[k] = random() % 3 ? 0 : (uint8_t)random();
		iu[0] = 1;
		iu[4] = 0xfa;
		iu[5] = 0x10;
		iu[8] = (uint8_t)random() % 4;
		iu[9] = (uint8_t)(random() % 2 * 0x10 + random() % 2);
		client_clear(&a);
		fab_tx(&a.port, client_frame(&a, FAB_ID_MGMT, FAB_RCTL_CT_REQ,
					     FAB_TYPE_CT, iu, len));
		client_settle(&a);
		answered += a.nr_got == 1 && a.got[0].kind == FAB_CT_RSP;
	}
	ok(answered == 20000);
	tear_down();
}

int main(void)
{
	tap_run(test_stock, "RHBA, RPA, DHBA in the order of stock drivers");
	tap_run(test_read_back,
		"GRHL GHAT GRPL GPAT give back what was stored");
	tap_run(test_rprt, "RPRT and DPRT for one more port");
	tap_run(test_unknown, "unknown HBAs, ports and commands are refused");
	tap_run(test_bad_blocks, "short lists and broken attributes");
	tap_run(test_forgotten, "a lost link takes its HBA along");
	tap_run(test_gpsc, "GPSC tells the speed of an F_Port");
	tap_run(test_noise, "20000 random requests are all answered");
	return tap_end();
}
