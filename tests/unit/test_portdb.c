// SPDX-License-Identifier: GPL-2.0
/* Remote ports, and what is asked of the name server about them. */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"

#include <linux/errno.h>
#include <linux/unaligned.h>

#include "core/isp_ct.h"
#include "core/isp_hba.h"
#include "core/isp_link.h"
#include "core/isp_trace.h"
#include "hw/isp_hw_ct.h"

#define OURS 0x010200
#define A 0x2100000000000aaaULL
#define B 0x2100000000000bbbULL
#define C 0x2100000000000cccULL

static struct isp_hba hba;
static struct isp_chan *const chan = &hba.chan[0];
static struct isp_port_event last;
static unsigned int nr_told, nr_asked;

/* ---- what core wants of its neighbours ---- */

void isp_link_resolve(struct isp_chan *c)
{
	nr_asked++;
}

void isp_trace_port_state(const struct isp_hba *h, unsigned int idx, u64 wwpn,
			  u32 port_id, const char *from, const char *to)
{
}

static void port_event(struct isp_chan *c, const struct isp_port_event *ev)
{
	last = *ev;
	nr_told++;
}

static const struct isp_role_ops role = {
	.role = ISP_ROLE_TARGET,
	.port_event = port_event,
};

static const struct isp_chip_ops chip = { .family = "2500" };

static u64 host_now(void)
{
	return 0;
}

static void host_alarm(u64 at)
{
}

static void host_soon(void)
{
}

static const struct shim_host host = {
	.now_ns = (uint64_t(*)(void))host_now,
	.alarm = (void (*)(uint64_t))host_alarm,
	.soon = host_soon,
};

static void start(void)
{
	shim_init(&host);
	memset(&hba, 0, sizeof(hba));
	hba.chip = &chip;
	hba.role_ops[0] = &role;
	chan->hba = &hba;
	chan->wwpn = 0x2100000000000111ULL;
	chan->wwnn = 0x2000000000000111ULL;
	chan->port_id = OURS;
	chan->told = ISP_ROLE_TARGET;
	chan->have = ISP_ROLE_TARGET;
	isp_portdb_init(chan);
	nr_told = 0;
	nr_asked = 0;
}

static unsigned int stop(void)
{
	isp_portdb_exit(chan);
	return shim_fini();
}

static bool told(unsigned int nr, enum isp_port_event_kind kind, u64 wwpn,
		 u32 port_id)
{
	bool good = nr_told == nr && last.kind == kind && last.wwpn == wwpn &&
		    last.port_id == port_id;

	if (!good)
		printf("# told %u times, last %d %llx %06x\n", nr_told,
		       last.kind, (unsigned long long)last.wwpn, last.port_id);
	return good;
}

/* ---- who is there ---- */

static void test_seen(void)
{
	struct isp_port port;

	start();
	isp_portdb_seen(chan, 0x010500, A);
	tap_ok(told(1, ISP_PORT_EVENT_FOUND, A, 0x010500), "a port is found");
	isp_portdb_seen(chan, 0x010500, A);
	tap_ok(nr_told == 1, "once");
	isp_portdb_seen(chan, 0x010600, A);
	tap_ok(told(2, ISP_PORT_EVENT_MOVED, A, 0x010600) &&
		       isp_portdb_by_id(chan, 0x010600, &port) &&
		       !isp_portdb_by_id(chan, 0x010500, &port),
	       "it moves, and is found where it is");
	isp_portdb_gone(chan, A);
	tap_ok(told(3, ISP_PORT_EVENT_GONE, A, 0x010600) &&
		       !isp_portdb_by_id(chan, 0x010600, &port) &&
		       isp_portdb_by_wwpn(chan, A, &port) &&
		       port.state == ISP_PORT_GONE,
	       "it goes, its name stays known");
	isp_portdb_gone(chan, A);
	isp_portdb_gone(chan, B);
	tap_ok(nr_told == 3, "who is not there cannot go");
	isp_portdb_seen(chan, 0x010600, A);
	tap_ok(told(4, ISP_PORT_EVENT_FOUND, A, 0x010600), "it comes back");
	isp_portdb_seen(chan, 0x010700, chan->wwpn);
	isp_portdb_seen(chan, 0x010700, 0);
	tap_ok(nr_told == 4 && chan->nr_ports == 1,
	       "we ourselves and nobody are no ports");
	tap_ok(!stop(), "nothing leaked");
}

static void els(u16 op, u64 wwpn, u32 port_id, u16 handle)
{
	struct isp_notify n = {
		.kind = ISP_NOTIFY_ELS,
		.els = op,
		.wwpn = wwpn,
		.port_id = port_id,
		.port_handle = handle,
		.prli_w3 = op == ISP_ELS_PRLI ? 0x22 : 0,
	};

	isp_portdb_notify(chan, &n);
}

static bool is(u64 wwpn, enum isp_port_state state, u16 handle, u16 prli_w3)
{
	struct isp_port port;
	bool good = isp_portdb_by_wwpn(chan, wwpn, &port) &&
		    port.state == state && port.handle == handle &&
		    port.prli_w3 == prli_w3;

	if (!good)
		printf("# state %d handle %04x word 3 %04x\n", port.state,
		       port.handle, port.prli_w3);
	return good;
}

static void test_logins(void)
{
	const u16 none = ISP_PORT_HANDLE_NONE;

	start();
	els(ISP_ELS_PRLI, A, 0x010500, 7);
	tap_ok(!chan->nr_ports, "PRLI of a port that never logged in: unknown");
	els(ISP_ELS_PLOGI, A, 0x010500, 7);
	tap_ok(is(A, ISP_PORT_LOGGED_IN, 7, 0), "PLOGI: the handle");
	els(ISP_ELS_PRLI, A, 0x010500, 8);
	tap_ok(is(A, ISP_PORT_PRLI_DONE, 8, 0x22), "PRLI: handle and word 3");
	els(ISP_ELS_PRLO, A, 0x010500, 8);
	tap_ok(is(A, ISP_PORT_LOGGED_IN, 8, 0), "PRLO: still logged in");
	els(ISP_ELS_PRLI, 0, 0x010500, 9);
	tap_ok(is(A, ISP_PORT_PRLI_DONE, 9, 0x22),
	       "a notify without a name goes by the address");
	els(ISP_ELS_LOGO, A, 0x010500, 9);
	tap_ok(is(A, ISP_PORT_SEEN, none, 0), "LOGO: no handle");
	els(ISP_ELS_PLOGI, A, 0x010500, 7);
	els(ISP_ELS_PRLI, A, 0x010500, 7);
	isp_portdb_link_down(chan);
	tap_ok(is(A, ISP_PORT_SEEN, none, 0), "link down: nobody is logged in");
	tap_ok(!stop(), "nothing leaked");
}

static void test_scan(void)
{
	struct isp_port port;

	start();
	isp_portdb_seen(chan, 0x010500, A);
	isp_portdb_seen(chan, 0x010600, B);
	isp_portdb_seen(chan, 0x010700, C);
	isp_portdb_gone(chan, C);
	isp_portdb_scan_begin(chan);
	isp_portdb_seen(chan, 0x010500, A);
	tap_ok(isp_portdb_scan_missing(chan, &port) && port.wwpn == B,
	       "who is not on the list is missing");
	tap_ok(!isp_portdb_scan_missing(chan, &port), "once");
	tap_ok(!stop(), "nothing leaked");
}

static void test_resolve(void)
{
	unsigned int i, good = 0;
	u32 id = 0;

	start();
	for (i = 0; i < ISP_MAX_RESOLVE; i++)
		good += !isp_portdb_resolve(chan, 0x020000 + i);
	tap_ok(good == ISP_MAX_RESOLVE && nr_asked == good, "%u questions",
	       good);
	tap_ok(isp_portdb_resolve(chan, 0x030000) == -EAGAIN &&
		       nr_asked == good,
	       "one more is too many");
	tap_ok(!isp_portdb_resolve(chan, 0x020003) &&
		       chan->nr_resolve == ISP_MAX_RESOLVE,
	       "the same again is the same");
	for (i = 0, good = 0; isp_portdb_next_resolve(chan, &id); i++) {
		good += isp_portdb_next_resolve(chan, &id) &&
			id == 0x020000 + i;
		isp_portdb_resolved(chan, id);
	}
	tap_ok(good == ISP_MAX_RESOLVE && i == good,
	       "oldest first, each until it is answered");
	isp_portdb_resolve(chan, 0x020001);
	isp_portdb_resolve(chan, 0x020002);
	isp_portdb_resolved(chan, 0x020002);
	isp_portdb_resolved(chan, 0x020003);
	tap_ok(isp_portdb_next_resolve(chan, &id) && id == 0x020001 &&
		       chan->nr_resolve == 1,
	       "an answer takes away its own question and no other");
	isp_portdb_resolve(chan, 0x020000);
	isp_portdb_link_down(chan);
	tap_ok(!isp_portdb_next_resolve(chan, &id),
	       "link down: nobody asks any more");
	tap_ok(!stop(), "nothing leaked");
}

/* ---- the name server ---- */

static u8 buf[ISP_CT_REQ_SIZE];
static u8 rsp[ISP_CT_RSP_SIZE];

static size_t build(u16 code)
{
	memset(buf, 0xff, sizeof(buf));
	return isp_ct_build(chan, buf, code, 0x0a0b0c);
}

static void test_requests(void)
{
	unsigned int i, set = 0;

	start();
	tap_ok(build(ISP_CT_GPN_ID) == 20 && buf[0] == 1 && buf[4] == 0xfc &&
		       buf[5] == 2 && get_unaligned_be16(buf + 8) == 0x0112 &&
		       buf[17] == 0x0a && buf[18] == 0x0b && buf[19] == 0x0c,
	       "GPN_ID: preamble, command, address");
	tap_ok(get_unaligned_be16(buf + 10) == (ISP_CT_RSP_SIZE - 16) / 4,
	       "room for the answer, in words behind the preamble");
	tap_ok(build(ISP_CT_RFT_ID) == 52, "RFT_ID: 52 bytes");
	for (i = 20; i < 52; i++)
		set += buf[i] != 0;
	tap_ok(set == 1 && buf[22] == 1, "FC-4 type 8 and no other");
	tap_ok(build(ISP_CT_RFF_ID) == 24 && buf[22] == 1 && buf[23] == 8,
	       "RFF_ID: FCP target");
	chan->have = ISP_ROLE_BOTH;
	build(ISP_CT_RFF_ID);
	tap_ok(buf[22] == 3, "or both");
	tap_ok(build(ISP_CT_RNN_ID) == 28 &&
		       get_unaligned_be64(buf + 20) == chan->wwnn,
	       "RNN_ID: node name");
	tap_ok(build(ISP_CT_RSNN_NN) % 4 == 0 &&
		       get_unaligned_be64(buf + 16) == chan->wwnn &&
		       buf[24] == strlen((char *)buf + 25) &&
		       !strncmp((char *)buf + 25, "isp_mod ISP2500 ", 16),
	       "RSNN_NN: node name, symbolic name and its length");
	tap_ok(build(ISP_CT_GPN_FT) == 20 && buf[19] == 8, "GPN_FT: FCP");
	tap_ok(!stop(), "nothing leaked");
}

static int answer(u16 code, u8 reason)
{
	memset(rsp, 0, sizeof(rsp));
	put_unaligned_be16(code, rsp + 8);
	rsp[13] = reason;
	return isp_ct_check(rsp);
}

static void put_port(unsigned int i, u8 control, u32 id, u64 wwpn)
{
	u8 *p = rsp + 16 + i * 16;

	p[0] = control;
	p[1] = id >> 16;
	p[2] = id >> 8;
	p[3] = id;
	put_unaligned_be64(wwpn, p + 8);
}

static void test_answers(void)
{
	unsigned int i, room = (ISP_CT_RSP_SIZE - 16) / 16;
	struct isp_port port;

	start();
	tap_ok(!answer(0x8002, 0), "accepted");
	tap_ok(answer(0x8001, 9) == -ENOENT, "no such thing");
	tap_ok(answer(0x8001, 5) == -EIO && answer(0, 0) == -EIO &&
		       answer(0x1234, 9) == -EIO,
	       "anything else is an error");
	put_unaligned_be64(A, rsp + 16);
	tap_ok(isp_ct_wwpn(rsp) == A, "GPN_ID: a name");

	answer(0x8002, 0);
	put_port(0, 0, 0x010500, A);
	put_port(1, 0, OURS, C);
	put_port(2, 0x80, 0x010600, B);
	put_port(3, 0, 0x010700, C);
	isp_ct_ports(chan, rsp);
	tap_ok(chan->nr_ports == 2 && isp_portdb_by_id(chan, 0x010500, &port) &&
		       port.wwpn == A &&
		       isp_portdb_by_id(chan, 0x010600, &port) &&
		       port.wwpn == B,
	       "GPN_FT: each port but us, as far as the last");
	for (i = 0; i < room; i++)
		put_port(i, 0, 0x020000 + i, 0x5000000000000000ULL + i);
	isp_ct_ports(chan, rsp);
	tap_ok(chan->nr_ports == min(room + 2, (unsigned int)ISP_MAX_PORTS),
	       "a list without an end stops where the answer does (%u)",
	       chan->nr_ports);
	tap_ok(!stop(), "nothing leaked");
}

int main(void)
{
	test_seen();
	test_logins();
	test_scan();
	test_resolve();
	test_requests();
	test_answers();
	return tap_end();
}
