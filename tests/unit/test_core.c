// SPDX-License-Identifier: GPL-2.0
/*
 * All of core on a card that is a few tables: what it makes of the chip's
 * answers, of a refusal, of an answer that never comes, and of the fabric.
 */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"
#include "host.h"
#include "no_trace.h"

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>
#include <stdlib.h>

#include "core/isp_hba.h"
#include "core/isp_irq.h"
#include "core/isp_link.h"

#define NAME 0x2100001b32010203ULL
#define A 0x2100000000000aaaULL
#define B 0x2100000000000bbbULL
#define ID_A 0x010500U
#define ID_B 0x010600U
#define NR_OPS 0x100U
#define NR_CTS 64U
#define FW_WORDS 40000U /* more than one piece */

/* Mailboxes. */
#define WRAP 0x06U
#define INIT 0x60U
#define GET_STATE 0x69U

static struct isp_hba hba;
static struct isp_chan *const chan = &hba.chan[0];
static struct device dev = { .init_name = "isp", .shim_host = &dev };

/* What the chip does, and what it was asked. */
static struct {
	bool nvram_bad, fw_missing, fw_bad, not_ready;
	bool pair; /* with another N_Port, no switch */
	unsigned int reset_steps;
	bool wrap_bad, ct_lost;
	bool ct_held; /* the answer takes its time */
	bool no_b; /* B has left the fabric */
	u16 refuse; /* mailbox; 0: none */
	u16 lose;
	enum isp_irq_kind kind;
	u16 mb[4];
	bool mbox_open;
	u16 in[ISP_NR_MBOX];
	unsigned int nr_mbox[NR_OPS];
	unsigned int nr_overlaps; /* of two mailboxes */
	unsigned int nr_resets;
	bool in_reset;
	unsigned int nr_words; /* of firmware, loaded in order */
	u16 scr;
	unsigned int nr_markers, nr_logios;
	struct isp_logio logio;
	u32 handle; /* of an entry that is to come back, 0: none */
	enum isp_rsp_kind entry;
	u16 ct[NR_CTS];
	unsigned int nr_cts, nr_faults;
} chip;

/* What the role has heard. */
static struct {
	unsigned int up, down, started, stopped, gone, resolved, done;
	u64 wwpn;
	int err;
} heard;

void isp_trace_fault(const struct isp_hba *h, const char *why)
{
	chip.nr_faults++;
}

/* ---- the chip ---- */

static int reset(struct isp_hba *h, struct isp_step *step)
{
	chip.mbox_open = false;
	chip.handle = 0;
	chip.in_reset = step->step++ < chip.reset_steps;
	if (chip.in_reset)
		return 100;
	chip.nr_resets++;
	chip.nr_words = 0;
	return 0;
}

static void irq_enable(struct isp_hba *h, bool on)
{
}

static void irq_fetch(struct isp_hba *h, struct isp_irq *irq)
{
	memset(irq, 0, sizeof(*irq));
	irq->kind = chip.kind;
	memcpy(irq->mb, chip.mb, sizeof(irq->mb));
}

static void nothing(struct isp_hba *h)
{
}

static void mbox_write(struct isp_hba *h, const struct isp_mbox *mbx)
{
	chip.nr_overlaps += chip.mbox_open || chip.in_reset;
	if (mbx->in[0] == 0x70)
		chip.scr = mbx->in[1];
	memcpy(chip.in, mbx->in, sizeof(chip.in));
	chip.nr_mbox[mbx->in[0] % NR_OPS]++;
	chip.mbox_open = true;
}

static void mbox_read(struct isp_hba *h, struct isp_mbox *mbx)
{
	u16 *out = mbx->out;
	unsigned int i;

	out[0] = mbx->in[0] == chip.refuse ? 0x4005 : 0x4000;
	switch (mbx->in[0]) {
	case WRAP:
		for (i = 1; i < 8; i++)
			out[i] = mbx->in[i];
		out[5] ^= chip.wrap_bad;
		break;
	case 0x08: /* about firmware */
		out[1] = 8;
		out[2] = 7;
		out[3] = 3;
		out[6] = 4;
		break;
	case 0x42: /* resources */
		out[1] = 1234;
		out[7] = 567;
		out[11] = 3;
		break;
	case GET_STATE:
		out[1] = chip.not_ready ? 2 : 3;
		break;
	case 0x5d: /* data rate */
		out[1] = 4;
		break;
	case 0x20: /* our address */
		out[1] = 9;
		out[2] = 0x0200;
		out[3] = 0x0001;
		out[6] = chip.pair ? 2 : 3;
		break;
	case 0x6a: /* the switch's name */
		out[2] = 0x1000;
		break;
	}
}

static void ptr_write(struct isp_hba *h, enum isp_ring_id ring, u16 val)
{
}

static u32 ptr_read(struct isp_hba *h, enum isp_ring_id ring)
{
	return h->ring[ring].idx;
}

static void flash_start(struct isp_hba *h, u32 addr)
{
}

static bool flash_poll(struct isp_hba *h, u32 *val)
{
	*val = 0;
	return true;
}

static u32 nvram_addr(struct isp_hba *h, u32 *nr_dwords)
{
	*nr_dwords = 2;
	return 0;
}

static int nvram_decode(const u32 *dwords, struct isp_nvram *nv)
{
	nv->wwpn = NAME;
	nv->wwnn = NAME + 1;
	return chip.nvram_bad ? -EINVAL : 0;
}

static int fw_map(const void *image, size_t len, struct isp_fw_map *map)
{
	memset(map, 0, sizeof(*map));
	map->nr_segs = 1;
	map->seg[0].addr = 0x100000;
	map->seg[0].nr = len / 4;
	map->start = 0x100000;
	return chip.fw_bad ? -EINVAL : 0;
}

static void fw_copy(void *dst, const void *src, u32 nr)
{
	const u32 *word = src;

	while (nr-- && *word++ == chip.nr_words)
		chip.nr_words++;
}

static void mbox_load(struct isp_mbox *mbx, u32 addr, u32 nr, dma_addr_t dma)
{
	mbx->in[0] = 0x0b;
}

static void mbox_exec(struct isp_mbox *mbx, u32 addr)
{
	mbx->in[0] = 0x02;
}

static void mbox_verify(struct isp_mbox *mbx, u32 addr)
{
	mbx->in[0] = 0x07;
}

static int init_next(struct isp_hba *h, unsigned int nr, void *buf,
		     dma_addr_t dma, struct isp_mbox *mbx)
{
	mbx->in[0] = INIT;
	return !nr ? -EAGAIN : nr == 1 ? 0 : -ENOENT;
}

static void entry(struct isp_cursor *cur, enum isp_rsp_kind kind, u32 handle)
{
	isp_cursor_next(cur);
	chip.entry = kind;
	chip.handle = handle;
}

static void marker_encode(struct isp_cursor *cur, u8 vp_idx, u32 handle)
{
	isp_cursor_next(cur);
	chip.nr_markers++; /* does not come back: nobody waits for it */
}

static void logio_encode(struct isp_cursor *cur, const struct isp_logio *logio,
			 u32 handle)
{
	chip.logio = *logio;
	chip.nr_logios++;
	entry(cur, ISP_RSP_LOGIO, handle);
}

static void put_port(u8 *p, u32 id, u64 wwpn, u8 control)
{
	put_unaligned_be32(id, p);
	p[0] = control;
	put_unaligned_be64(wwpn, p + 8);
}

static void ct_encode(struct isp_cursor *cur, const struct isp_ct *ct,
		      u32 handle)
{
	struct shim_dma_hit hit;
	u8 *req, *rsp;
	u16 code;

	if (!shim_dma_find(&dev, ct->req_dma, &hit))
		abort();
	req = hit.host + (ct->req_dma - hit.iova);
	rsp = hit.host + (ct->rsp_dma - hit.iova);
	code = get_unaligned_be16(req + 8);
	chip.ct[chip.nr_cts++ % NR_CTS] = code;
	put_unaligned_be16(0x8002, rsp + 8);
	if (code == 0x0172) { /* all ports */
		put_port(rsp + 16, ID_A, A, chip.no_b ? 0x80 : 0);
		put_port(rsp + 32, ID_B, B, 0x80);
	} else if (code == 0x0112 && get_unaligned_be32(req + 16) == ID_A) {
		put_unaligned_be64(A, rsp + 16);
	} else if (code == 0x0112) { /* nobody there */
		put_unaligned_be16(0x8001, rsp + 8);
		rsp[13] = 9;
	}
	entry(cur, ISP_RSP_CT, handle);
	if (chip.ct_lost)
		chip.handle = 0;
}

static void decode(enum isp_ring_id ring, const void *e, unsigned int nr,
		   struct isp_rsp *rsp)
{
	memset(rsp, 0, sizeof(*rsp));
	rsp->kind = ((const u8 *)e)[2];
	rsp->handle = get_unaligned_le32((const u8 *)e + 4);
}

static u8 entry_count(const void *e)
{
	return 1;
}

static const struct isp_chip_ops chip_ops = {
	.family = "2500",
	.fw_name = "ql2500_fw.bin",
	.ram_word = 4,
	.reset = reset,
	.irq_enable = irq_enable,
	.irq_fetch = irq_fetch,
	.irq_ack = nothing,
	.mbox_write = mbox_write,
	.mbox_read = mbox_read,
	.ptr_write = ptr_write,
	.ptr_read = ptr_read,
	.ptr_reset = nothing,
	.flash_start = flash_start,
	.flash_poll = flash_poll,
	.nvram_addr = nvram_addr,
	.nvram_decode = nvram_decode,
	.fw_map = fw_map,
	.fw_copy = fw_copy,
	.mbox_load = mbox_load,
	.mbox_exec = mbox_exec,
	.mbox_verify = mbox_verify,
	.init_next = init_next,
	.marker_encode = marker_encode,
	.logio_encode = logio_encode,
	.ct_encode = ct_encode,
	.decode = decode,
	.entry_count = entry_count,
};

static void irq(enum isp_irq_kind kind)
{
	chip.kind = kind;
	if (!shim_irq_enter())
		abort();
	isp_irq_default(&hba);
	shim_irq_leave();
}

static void event(u16 code)
{
	memset(chip.mb, 0, sizeof(chip.mb));
	chip.mb[0] = code;
	irq(ISP_IRQ_AEN);
}

/* The chip gets on with its work; true: it had some. */
static bool chip_step(void)
{
	struct isp_ring *ring = &hba.ring[ISP_RING_RSP];
	u8 *e;

	if (chip.mbox_open && chip.in[0] != chip.lose) {
		chip.mbox_open = false;
		irq(ISP_IRQ_MBOX);
		return true;
	}
	if (!chip.handle || chip.ct_held)
		return false;
	e = (u8 *)ring->va + ring->idx * 64;
	memset(e, 0, 64);
	e[0] = 1;
	e[2] = chip.entry;
	put_unaligned_le32(chip.handle, e + 4);
	chip.handle = 0;
	irq(ISP_IRQ_RSP);
	return true;
}

/* ---- the world ---- */

static void run(unsigned int ms)
{
	u64 end = now_ns + ms * 1000000ULL;

	for (;;) {
		if (soon) {
			soon = false;
			shim_work_run();
		} else if (chip_step()) {
			continue;
		} else if (alarm_ns <= end) {
			now_ns = max(now_ns, alarm_ns);
			shim_timers_run();
		} else {
			break;
		}
	}
	now_ns = end;
}

/* An event, and a second for what it begins. */
static void live_through(u16 code)
{
	event(code);
	run(1000);
}

static void fw_request(struct isp_hba *h, const char *name)
{
	static u32 image[FW_WORDS];
	unsigned int i;

	for (i = 0; i < FW_WORDS; i++)
		image[i] = i;
	isp_hba_fw_result(h, chip.fw_missing ? NULL : image, sizeof(image));
}

static const struct isp_os_ops os_ops = { .fw_request = fw_request,
					  .state = nothing };

/* ---- the role ---- */

static int attach(struct isp_hba *h)
{
	return 0;
}

static void on(struct isp_chan *c)
{
	heard.started++;
}

static void off(struct isp_chan *c)
{
	heard.stopped++;
}

static void link(struct isp_chan *c, bool up)
{
	heard.up += up;
	heard.down += !up;
}

static void port_event(struct isp_chan *c, const struct isp_port_event *ev)
{
	heard.gone += ev->kind == ISP_PORT_EVENT_GONE && ev->wwpn == B;
}

static void resolved(struct isp_chan *c, u32 port_id, u64 wwpn, u16 handle)
{
	heard.resolved++;
	heard.wwpn = wwpn;
}

static const struct isp_role_ops role = {
	.role = ISP_ROLE_TARGET,
	.attach = attach,
	.detach = nothing,
	.started = on,
	.stopped = off,
	.link = link,
	.port_event = port_event,
	.resolved = resolved,
};

static void role_done(struct isp_chan *c, void *arg, int err)
{
	heard.done++;
	heard.err = err;
}

static void prepare(void)
{
	now_ns = 0;
	alarm_ns = U64_MAX;
	soon = false;
	shim_init(&host);
	memset(&hba, 0, sizeof(hba));
	memset(&chip, 0, sizeof(chip));
	memset(&heard, 0, sizeof(heard));
	chip.lose = 0xffff;
	hba.chip = &chip_ops;
	hba.os = &os_ops;
	hba.dev = &dev;
	hba.wq = system_wq;
	hba.params.fc_id = -1;
	hba.role_ops[0] = &role;
}

static void begin(void)
{
	if (isp_hba_init(&hba))
		abort();
	isp_hba_start(&hba);
	run(1000);
}

static void enable(void)
{
	if (isp_role_start(chan, ISP_ROLE_TARGET, role_done, NULL))
		abort();
	run(1000);
}

static void end(void)
{
	isp_hba_stop(&hba);
	run(1000);
	tap_ok(isp_hba_is_gone(&hba) && !chip.nr_overlaps,
	       "it ends; each mailbox had the chip for itself");
	isp_hba_exit(&hba);
	tap_ok(!shim_fini(), "nothing leaked");
}

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
