// SPDX-License-Identifier: GPL-2.0
/* The rings of the chip: wrap, full, overrun, wrong indexes, DMA errors. */
#include <errno.h>
#include <stdio.h>

#include "box.h"
#include "spec/entries.h"
#include "spec/memory.h"
#include "spec/regs.h"
#include "tap.h"

static struct box b;
static unsigned int nr_back;
static uint8_t last_back[HOST_ENTRY_LEN];

static uint32_t rd(uint32_t off)
{
	return host_rd(&b.host, off);
}

static void wr(uint32_t off, uint32_t val)
{
	host_wr(&b.host, off, val);
}

static void on_rsp(struct host *h, const uint8_t *e)
{
	(void)h;
	nr_back++;
	memcpy(last_back, e, sizeof(last_back));
}

static const struct host_ops ops = { .rsp = on_rsp };

static void up(enum host_role role)
{
	box_up(&b, 0x2532, PCIDEV_IRQ_MSIX, NULL);
	box_ready(&b, role);
	b.host.ops = &ops;
	nr_back = 0;
}

/* A marker for everything: it comes back at once and disturbs nothing. */
static void marker(uint32_t handle)
{
	uint8_t *e = host_slot(&b.host);

	e[HDR_TYPE] = ENTRY_MARKER;
	put_le32(e + MRK_HANDLE, handle);
	e[MRK_MODIFIER] = 2;
}

static void test_requests(void)
{
	up(HOST_INI);
	/* More than once around both rings. */
	for (uint32_t i = 0; i < 2 * HOST_NR_REQ + 10; i++) {
		marker(i + 1);
		host_ring(&b.host);
		box_settle(&b);
		ok(nr_back == i + 1);
		ok(get_le32(last_back + 4) == i + 1);
	}
	ok(rd(REG_REQ_OUT) == rd(REG_REQ_IN));
	box_down(&b);
}

static void test_counts(void)
{
	uint8_t *e;

	up(HOST_INI);
	marker(1);
	host_at(&b.host, HOST_REQ + (b.host.req_in - 1) * 64)[HDR_COUNT] = 0;
	host_ring(&b.host);
	box_settle(&b);
	ok(box_verdict(&b, VERDICT_ENTRY_BOUNDS));
	ok(nr_back == 1 && last_back[HDR_STATUS] == ENTRY_ST_COUNT);
	/* More continuations than were announced. */
	e = host_slot(&b.host);
	e[HDR_TYPE] = ENTRY_CMD7;
	e[HDR_COUNT] = 3;
	host_slot(&b.host)[HDR_TYPE] = ENTRY_CONT64;
	host_ring(&b.host);
	box_settle(&b);
	ok(box_verdict(&b, VERDICT_ENTRY_BOUNDS));
	ok(nr_back == 2 && last_back[HDR_STATUS] == ENTRY_ST_COUNT);
	ok(rd(REG_REQ_OUT) == rd(REG_REQ_IN));
	marker(7);
	host_ring(&b.host);
	box_settle(&b);
	ok(nr_back == 3 && get_le32(last_back + 4) == 7);
	box_down(&b);
}

static void test_unknown_type(void)
{
	up(HOST_INI);
	host_slot(&b.host)[HDR_TYPE] = 0x77;
	host_ring(&b.host);
	box_settle(&b);
	ok(nr_back == 1 && last_back[HDR_STATUS] == ENTRY_ST_TYPE);
	ok(b.jp->n.entries_in[0x77] == 1);
	ok(box_verdict(&b, VERDICT_ENTRY_TYPE));
	box_down(&b);
}

static void test_indexes(void)
{
	uint32_t in;

	up(HOST_INI);
	wr(REG_REQ_IN, HOST_NR_REQ);
	ok(box_verdict(&b, VERDICT_RING_INDEX));
	wr(REG_RSP_OUT, HOST_NR_RSP + 5);
	ok(box_verdict(&b, VERDICT_RING_INDEX));
	in = rd(REG_RSP_IN);
	wr(REG_RSP_OUT, (in + 1) % HOST_NR_RSP);
	ok(box_verdict(&b, VERDICT_OUT_BEYOND_IN));
	ok(rd(REG_RSP_OUT) == in);
	wr(REG_RSP_IN, 0);
	ok(box_verdict(&b, VERDICT_RING_OWNED));
	wr(REG_REQ_OUT, 0);
	ok(box_verdict(&b, VERDICT_RING_OWNED));
	/* An initiator has no ATIO ring. */
	wr(REG_ATIO_OUT, 0);
	wr(REG_ATIO_OUT, 1);
	ok(box_verdict(&b, VERDICT_RING_NONE));
	box_rom(&b);
	wr(REG_REQ_IN, 0);
	wr(REG_REQ_OUT, 0);
	wr(REG_RSP_IN, 0);
	wr(REG_RSP_OUT, 0);
	wr(REG_ATIO_IN, 0);
	wr(REG_REQ_IN, 3);
	ok(box_verdict(&b, VERDICT_RING_NONE));
	box_down(&b);
}

static void test_overrun(void)
{
	uint32_t in;

	up(HOST_INI);
	in = b.host.req_in;
	for (uint32_t i = 0; i + 1 < HOST_NR_REQ; i++)
		marker(i + 1);
	ok(!host_slot(&b.host));
	/* Two doorbells before the chip can take anything. */
	wr(REG_REQ_IN, (in + 10) % HOST_NR_REQ);
	ok(judge_total(b.judge) == 0);
	wr(REG_REQ_IN, (in + 5) % HOST_NR_REQ);
	ok(box_verdict(&b, VERDICT_REQ_OVERRUN));
	box_rom(&b);
	box_down(&b);
}

static void test_full(void)
{
	uint8_t e[2 * HOST_ENTRY_LEN] = { ENTRY_STATUS, 1 };
	uint32_t start;

	up(HOST_TGT);
	host_irq_mask(&b.host, false);
	start = rd(REG_RSP_IN);
	for (uint32_t i = 0; i < HOST_NR_RSP + 20; i++) {
		put_le32(e + 4, i);
		chip_rsp_push(b.chip, e);
	}
	ok(rd(REG_RSP_IN) == (start + HOST_NR_RSP - 1) % HOST_NR_RSP);
	ok(b.jp->n.ring_full == 21);
	/* Room for five: five more come, in order. */
	wr(REG_RSP_OUT, (start + 5) % HOST_NR_RSP);
	ok(rd(REG_RSP_IN) == (start + 4) % HOST_NR_RSP);
	ok(get_le32(host_at(&b.host,
			    HOST_RSP + 64 * ((start + 3) % HOST_NR_RSP)) +
		    4) == HOST_NR_RSP + 3);
	chip_rsp_push_n(b.chip, e, 2);
	for (unsigned int i = 0; i < 4; i++)
		wr(REG_RSP_OUT, rd(REG_RSP_IN));
	ok(rd(REG_RSP_OUT) == (start + HOST_NR_RSP + 22) % HOST_NR_RSP);
	b.host.rsp_out = rd(REG_RSP_OUT);
	b.host.irqs = 0;
	box_down(&b);
}

static void test_stuck(void)
{
	uint8_t e[HOST_ENTRY_LEN] = { ENTRY_STATUS, 1 };

	up(HOST_INI);
	host_irq_mask(&b.host, false);
	for (unsigned int i = 0; i < HOST_NR_RSP - 1 + 16384; i++)
		chip_rsp_push(b.chip, e);
	ok(judge_total(b.judge) == 0);
	chip_rsp_push(b.chip, e);
	ok(box_verdict(&b, VERDICT_RSP_STUCK));
	box_down(&b);
}

static void test_atio_full(void)
{
	uint8_t e[HOST_ENTRY_LEN] = { ENTRY_ATIO, 1 };
	unsigned int nr = 0;

	up(HOST_TGT);
	host_irq_mask(&b.host, false);
	while (nr < 3 * HOST_NR_ATIO && !chip_atio_push(b.chip, e, 1))
		nr++;
	ok(nr == 2 * HOST_NR_ATIO - 1);
	wr(REG_ATIO_OUT, rd(REG_ATIO_IN));
	ok(!chip_atio_push(b.chip, e, 1));
	box_down(&b);
	up(HOST_INI);
	ok(chip_atio_push(b.chip, e, 1) == -ENOSPC);
	box_down(&b);
}

/* Guest memory vanishes under the rings. */
static void test_dma_errors(void)
{
	uint8_t e[HOST_ENTRY_LEN] = { ENTRY_STATUS, 1 };

	for (unsigned int k = 0; k < 2; k++) {
		up(HOST_INI);
		host_irq_mask(&b.host, false);
		mem_unmap_all(&b.card->dev[0].mem);
		if (k)
			chip_rsp_push(b.chip, e);
		else
			wr(REG_REQ_IN, 1);
		box_settle(&b);
		ok(box_verdict(&b, VERDICT_DMA_UNMAPPED));
		ok(chip_state(b.chip) == CHIP_CRASHED);
		ok(rd(REG_HOST_STATUS) >> 16 == (k ? 0x8004 : 0x8003));
		box_down(&b);
	}
}

static void test_poison(void)
{
	uint8_t e[HOST_ENTRY_LEN];
	uint8_t *p;

	up(HOST_INI);
	host_irq_mask(&b.host, false);
	p = host_at(&b.host, HOST_RSP + 64 * rd(REG_RSP_IN));
	memset(p, 0xad, 128);
	memset(e, 0x11, sizeof(e));
	chip_rsp_push(b.chip, e);
	/* All of one entry is written and nothing of the next. */
	ok(!memcmp(p, e, sizeof(e)));
	ok(p[64] == 0xad && p[127] == 0xad);
	box_down(&b);
}

int main(void)
{
	tap_run(test_requests, "requests come back in order, over every wrap");
	tap_run(test_counts, "impossible entry counts are refused and judged");
	tap_run(test_unknown_type, "an unknown entry type is refused");
	tap_run(test_indexes, "wrong indexes are judged and ignored");
	tap_run(test_overrun, "a request ring run over is judged");
	tap_run(test_full, "answers wait for room and keep their order");
	tap_run(test_stuck, "a ring that is never emptied ends in a verdict");
	tap_run(test_atio_full, "a full ATIO ring is reported to the port");
	tap_run(test_dma_errors, "lost rings end in 8003h or 8004h");
	tap_run(test_poison, "an entry is written whole and alone");
	return tap_end();
}
