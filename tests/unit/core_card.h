/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A card that is a few tables, the world around it, and a role that only hears:
 * what all of core runs on in a test.
 */
#ifndef TESTS_UNIT_CORE_CARD_H
#define TESTS_UNIT_CORE_CARD_H

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
	int reset_err; /* what each reset ends with */
	bool used; /* rings were made known to it since its last good reset */
	bool master; /* it may touch memory */
	unsigned int nr_early; /* that was so again before it was reset */
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
	chip.used &= !!chip.reset_err;
	return chip.reset_err;
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
	chip.used = true;
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
static __maybe_unused void live_through(u16 code)
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

static void dma(struct isp_hba *h, bool on)
{
	chip.nr_early += on && !chip.master && chip.used;
	chip.master = on;
}

static const struct isp_os_ops os_ops = {
	.fw_request = fw_request,
	.state = nothing,
	.dma = dma,
};

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

#endif
