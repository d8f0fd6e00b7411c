// SPDX-License-Identifier: GPL-2.0
/* Interrupts of the chip: the event FIFO, what a clear clears, no lost news. */
#include <stdio.h>

#include "box.h"
#include "spec/entries.h"
#include "spec/regs.h"
#include "tap.h"

static struct box b;

static uint32_t rd(uint32_t off)
{
	return host_rd(&b.host, off);
}

static void wr(uint32_t off, uint32_t val)
{
	host_wr(&b.host, off, val);
}

static void clear(void)
{
	wr(REG_HCCR, (uint32_t)HCCR_CMD_CLR_RISC_INT << 28);
}

/* A ready chip whose interrupts the test itself handles. */
static void up(enum pcidev_irq_mode irq, enum host_role role)
{
	box_up(&b, 0x2532, irq, NULL);
	box_ready(&b, role);
	host_irq_mask(&b.host, false);
	ok(rd(REG_HOST_STATUS) == 0);
	b.host.irqs = 0;
}

static void atio(uint8_t tag)
{
	uint8_t e[HOST_ENTRY_LEN] = { ENTRY_ATIO, 1, 0x38, 0, tag };

	ok(!chip_atio_push(b.chip, e, 1));
}

static void rsp(uint8_t tag)
{
	uint8_t e[HOST_ENTRY_LEN] = { ENTRY_STATUS, 1, 0, 0, tag };

	chip_rsp_push(b.chip, e);
}

static uint64_t irqs(unsigned int vector)
{
	return b.jp->n.irqs[vector];
}

static void test_fifo(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_INI);
	host_irq_mask(&b.host, true);
	ev_work_cancel(&b.host.irq_work);
	chip_async(b.chip, 0x8015, 1, 2, 3);
	chip_async(b.chip, 0x8012, 4, 5, 6);
	ev_work_cancel(&b.host.irq_work);
	/* The head stays until it is cleared; only then the next one shows. */
	ok(rd(REG_HOST_STATUS) == 0x80158012);
	ok(rd(REG_HOST_STATUS) == 0x80158012);
	ok(rd(REG_MBOX0) == 0x8015 && rd(REG_MBOX1) == 1);
	ok(rd(REG_MBOX2) == 2 && rd(REG_MBOX3) == 3);
	ok(rd(REG_ISTAT) == ISTAT_RISC_INT);
	clear();
	ev_work_cancel(&b.host.irq_work);
	ok(rd(REG_HOST_STATUS) == 0x80128012);
	ok(rd(REG_MBOX1) == 4);
	clear();
	ok(rd(REG_HOST_STATUS) == 0);
	ok(rd(REG_ISTAT) == 0);
	box_down(&b);
}

static void test_clear_idle(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_INI);
	clear();
	ok(box_verdict(&b, VERDICT_IRQ_CLEAR_IDLE));
	box_down(&b);
}

/* A handler resets the chip and then clears what it was called for. */
static void test_clear_overtaken(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_INI);
	chip_async(b.chip, 0x8012, 0, 0, 0);
	ok(rd(REG_HOST_STATUS) == 0x80128012);
	wr(REG_CTRL, CTRL_SOFT_RESET);
	clear();
	clear();
	ok(box_verdict(&b, VERDICT_IRQ_CLEAR_IDLE));
	box_down(&b);
}

static void test_clear_blind(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_INI);
	chip_async(b.chip, 0x8012, 0, 0, 0);
	clear();
	ok(box_verdict(&b, VERDICT_IRQ_CLEAR_BLIND));
	ok(rd(REG_HOST_STATUS) == 0);
	/* Read before the event came is not read. */
	chip_async(b.chip, 0x8012, 0, 0, 0);
	clear();
	ok(box_verdict(&b, VERDICT_IRQ_CLEAR_BLIND));
	box_down(&b);
}

static void test_attribution(void)
{
	uint64_t v0, v1;

	up(PCIDEV_IRQ_MSIX, HOST_INI);
	wr(REG_ICTRL, ICTRL_RISC_INT);
	v0 = irqs(0);
	v1 = irqs(1);
	rsp(1);
	rsp(2);
	ok(irqs(0) == v0 && irqs(1) == v1 + 1);
	chip_async(b.chip, 0x8015, 0, 0, 0);
	ok(irqs(0) == v0 + 1);
	ev_work_cancel(&b.host.irq_work);
	/* The response vector's clear: the event must survive it. */
	wr(REG_RSP_OUT, rd(REG_RSP_IN));
	clear();
	ok(irqs(1) == v1 + 1);
	ok((rd(REG_HOST_STATUS) & 0xff) == REASON_ASYNC);
	clear();
	/* Entries that came between the walk and the clear fire again. */
	rsp(3);
	ok(irqs(1) == v1 + 2);
	clear();
	ok(irqs(1) == v1 + 3);
	wr(REG_RSP_OUT, rd(REG_RSP_IN));
	clear();
	ok(irqs(1) == v1 + 3);
	b.host.rsp_out = rd(REG_RSP_OUT);
	ev_work_cancel(&b.host.irq_work);
	box_down(&b);
}

static void test_atio(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_TGT);
	atio(1);
	atio(2);
	ok((rd(REG_HOST_STATUS) & 0xff) == REASON_ATIO);
	/* Written after the read, before the clear: must be told anew. */
	atio(3);
	clear();
	ok((rd(REG_HOST_STATUS) & 0xff) == REASON_ATIO);
	clear();
	ok(rd(REG_HOST_STATUS) == 0);
	wr(REG_ATIO_OUT, rd(REG_ATIO_IN));
	box_down(&b);
}

/* Without MSI-X answers are events as well. */
static void test_one_vector(void)
{
	static const enum pcidev_irq_mode modes[] = { PCIDEV_IRQ_MSI,
						      PCIDEV_IRQ_INTX };

	for (unsigned int i = 0; i < ARRAY_SIZE(modes); i++) {
		up(modes[i], HOST_INI);
		ok(!b.host.intx);
		rsp(1);
		rsp(2);
		ok((rd(REG_HOST_STATUS) & 0xff) == REASON_RSP);
		wr(REG_ICTRL, ICTRL_RISC_INT);
		ok(b.host.intx == (modes[i] == PCIDEV_IRQ_INTX));
		ok(i || b.host.irqs == 1);
		wr(REG_ICTRL, 0);
		ok(!b.host.intx);
		clear();
		/* The ring was not emptied: the event is back. */
		ok((rd(REG_HOST_STATUS) & 0xff) == REASON_RSP);
		wr(REG_RSP_OUT, rd(REG_RSP_IN));
		clear();
		ok(rd(REG_HOST_STATUS) == 0);
		b.host.rsp_out = rd(REG_RSP_OUT);
		ev_work_cancel(&b.host.irq_work);
		box_down(&b);
	}
}

static void test_flood(void)
{
	up(PCIDEV_IRQ_MSIX, HOST_INI);
	for (unsigned int i = 0; i < 256; i++)
		chip_async(b.chip, 0x8015, (uint16_t)i, 0, 0);
	ok(judge_total(b.judge) == 0);
	chip_async(b.chip, 0x8015, 0, 0, 0);
	ok(box_verdict(&b, VERDICT_IRQ_FLOOD));
	box_down(&b);
}

int main(void)
{
	tap_run(test_fifo, "events show one after the other, by clears");
	tap_run(test_clear_idle, "a clear of nothing is judged");
	tap_run(test_clear_overtaken, "a clear that a reset overtook is not");
	tap_run(test_clear_blind,
		"a blind clear loses the event and is judged");
	tap_run(test_attribution, "each vector's clear finds its own");
	tap_run(test_atio, "an ATIO after the read is announced again");
	tap_run(test_one_vector,
		"MSI and INTx: answers are events, INTx a level");
	tap_run(test_flood, "events that are never cleared end in a verdict");
	return tap_end();
}
