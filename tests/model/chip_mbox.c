// SPDX-License-Identifier: GPL-2.0
/* Mailbox commands of the chip, its control block, its faults. */
#include <stdio.h>

#include "box.h"
#include "spec/memory.h"
#include "spec/regs.h"
#include "tap.h"

#define BUF (HOST_IOVA + HOST_MISC)

static struct box b;

static uint32_t rd(uint32_t off)
{
	return host_rd(&b.host, off);
}

static void wr(uint32_t off, uint32_t val)
{
	host_wr(&b.host, off, val);
}

static void up(uint16_t device)
{
	box_up(&b, device, PCIDEV_IRQ_MSIX, NULL);
}

static uint16_t run(const uint16_t *in)
{
	return host_mbox(&b.host, in, 32);
}

static uint16_t simple(uint16_t op, uint16_t mb1)
{
	uint16_t in[32] = { op, mb1 };

	return run(in);
}

/* ---- answers ---- */

static void test_rom(void)
{
	uint16_t test[32] = { 0x06, 0xaaaa, 0x5555, 0xaa55 };

	up(0x2532);
	box_rom(&b);
	ok(run(test) == 0x4000);
	ok(!memcmp(b.host.mb + 1, test + 1, 31 * sizeof(test[0])));
	ok(simple(0x00, 0) == 0x4000);
	/* Nothing of the firmware is there yet, and some things are nowhere. */
	ok(simple(0x08, 0) == 0x4001);
	ok(simple(0x69, 0) == 0x4001);
	ok(simple(0x14, 0) == 0x4001);
	ok(b.jp->n.mbox_unknown == 0);
	ok(simple(0x77, 0) == 0x4001);
	ok(simple(0x177, 0) == 0x4001);
	ok(b.jp->n.mbox_unknown == 2);
	ok(b.jp->n.mbox[0x77] == 1 && b.jp->n.mbox_other == 1);
	/* Boot code answers with its own reasons. */
	host_irq_mask(&b.host, false);
	wr(REG_MBOX0, 0x00);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	box_settle(&b);
	ok((rd(REG_HOST_STATUS) & 0xffff) == (HSR_INT | REASON_ROM_OK));
	wr(REG_HCCR, (uint32_t)HCCR_CMD_CLR_RISC_INT << 28);
	box_down(&b);
}

static void test_about(void)
{
	uint16_t opt[32] = { 0x38, 1, 2, 0x18 };

	up(0x2532);
	box_idle(&b);
	ok(simple(0x08, 0) == 0x4000);
	ok(b.host.mb[1] == 8 && b.host.mb[2] == 7 && b.host.mb[3] == 0);
	ok(b.host.mb[5] == 0x11 && b.host.mb[4] == 0xffff);
	ok(b.host.mb[6] & 4);
	ok(simple(0x22, 0) == 0x4000);
	ok(b.host.mb[1] == 8 && b.host.mb[3] == 200);
	ok(run(opt) == 0x4000 && simple(0x28, 0) == 0x4000);
	ok(b.host.mb[1] == 1 && b.host.mb[2] == 2 && b.host.mb[3] == 0x18);
	ok(simple(0x42, 0) == 0x4000);
	ok(b.host.mb[1] == 2048 && b.host.mb[6] == 2048 && b.host.mb[11] == 63);
	ok(simple(0x27, 5) == 0x4000 && simple(0x27, 99) == 0x4006);
	ok(simple(0x5d, 0) == 0x4000 && b.host.mb[1] == 4);
	ok(simple(0x5d, 3) == 0x4006);
	ok(simple(0x69, 0) == 0x4000 && b.host.mb[1] == 0);
	/* Loading and executing is over. */
	ok(simple(0x0b, 0) == 0x4001 && simple(0x02, 0x10) == 0x4001);
	ok(simple(0x14, 0) == 0x4000);
	ok(chip_state(b.chip) == CHIP_ROM);
	box_down(&b);
}

static void test_buffers(void)
{
	uint16_t sfp[32] = { 0x31, 0xa0 }, rnid[32] = { 0x59, 0x0904 };
	uint16_t bad[32] = { 0x31, 0xa0 };
	uint8_t sum = 0;

	up(0x2532);
	box_idle(&b);
	box_dma(sfp, BUF);
	sfp[8] = 64;
	ok(run(sfp) == 0x4000);
	ok(host_at(&b.host, HOST_MISC)[0] == 3);
	for (unsigned int i = 0; i < 63; i++)
		sum = (uint8_t)(sum + host_at(&b.host, HOST_MISC)[i]);
	ok(sum == host_at(&b.host, HOST_MISC)[63]);
	sfp[9] = 224;
	ok(run(sfp) == 0x4006);
	sfp[9] = 2;
	sfp[10] = 1;
	ok(run(sfp) == 0x4000 && b.host.mb[1] == 7);
	sfp[1] = 0xa4;
	ok(run(sfp) == 0x4006);
	sfp[1] = 0xa2;
	ok(run(sfp) == 0x4000);
	box_dma(rnid, BUF);
	ok(run(rnid) == 0x4000);
	rnid[1] = 0x0500;
	ok(run(rnid) == 0x4000);
	rnid[1] = 0x0100;
	ok(run(rnid) == 0x4006);
	rnid[0] = 0x5a;
	rnid[1] = 0x0700;
	rnid[8] = 4096;
	ok(run(rnid) == 0x4000);
	rnid[1] = 0x0100;
	ok(run(rnid) == 0x4006);
	/* A buffer that is not there. */
	box_dma(bad, 0x1000);
	bad[8] = 64;
	ok(run(bad) == 0x4002);
	ok(box_verdict(&b, VERDICT_DMA_UNMAPPED));
	box_down(&b);
}

static void test_busy(void)
{
	up(0x2532);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	ok(box_verdict(&b, VERDICT_MBOX_EARLY));
	/* Out of reset, but boot code has not said that it is ready. */
	wr(REG_HCCR, (uint32_t)HCCR_CMD_RUN << 28);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	ok(box_verdict(&b, VERDICT_MBOX_EARLY));
	box_rom(&b);
	host_irq_mask(&b.host, false);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	ok(box_verdict(&b, VERDICT_MBOX_BUSY));
	box_settle(&b);
	/* Answered, but the answer was not taken. */
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	ok(box_verdict(&b, VERDICT_MBOX_BUSY));
	ok(rd(REG_HOST_STATUS) & HSR_INT);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_CLR_RISC_INT << 28);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	box_settle(&b);
	ok(b.jp->books.kind[BOOK_MAILBOX].given == 2);
	ok(b.jp->books.kind[BOOK_MAILBOX].returned == 2);
	box_down(&b);
}

/* ---- control block ---- */

static uint16_t start(void)
{
	uint16_t in[32] = { 0x60 };

	box_dma(in, HOST_IOVA + HOST_ICB);
	return run(in);
}

static void test_icb(void)
{
	uint8_t *icb;

	up(0x2432);
	box_idle(&b);
	icb = host_at(&b.host, HOST_ICB);
	host_icb(&b.host, HOST_INI, BOX_WWPN);
	icb[ICB_VERSION] = 2;
	ok(start() == 0x4006);
	ok(box_verdict(&b, VERDICT_ICB_INVALID));
	icb[ICB_VERSION] = 1;
	put_le16(icb + ICB_FRAME_SIZE, 128);
	ok(start() == 0x4006);
	ok(box_verdict(&b, VERDICT_ICB_INVALID));
	put_le16(icb + ICB_FRAME_SIZE, 2048);
	put_le16(icb + ICB_REQ_LEN, 0);
	ok(start() == 0x4006);
	ok(box_verdict(&b, VERDICT_ICB_INVALID));
	put_le16(icb + ICB_REQ_LEN, HOST_NR_REQ);
	put_le64(icb + ICB_RSP_ADDR, HOST_IOVA + HOST_RSP + 4);
	ok(start() == 0x4006);
	ok(box_verdict(&b, VERDICT_ICB_INVALID));
	put_le64(icb + ICB_RSP_ADDR, HOST_IOVA + HOST_RAM);
	ok(start() == 0x4002);
	ok(box_verdict(&b, VERDICT_DMA_UNMAPPED));
	put_le64(icb + ICB_RSP_ADDR, HOST_IOVA + HOST_RSP);
	/* A target without an ATIO ring. */
	put_le32(icb + ICB_OPTIONS1, 0x4036);
	ok(start() == 0x4006);
	ok(box_verdict(&b, VERDICT_ICB_INVALID));
	put_le32(icb + ICB_OPTIONS1, 0x4006);
	icb[ICB_RSVD_6C + 3] = 1;
	ok(chip_state(b.chip) == CHIP_IDLE);
	ok(start() == 0x4000);
	ok(box_verdict(&b, VERDICT_ICB_RSVD));
	ok(chip_state(b.chip) == CHIP_READY && !chip_is_multi_id(b.chip));
	/* One control block per life. */
	ok(start() == 0x4001);
	box_down(&b);
}

static void test_multi_id(void)
{
	up(0x2532);
	box_idle(&b);
	host_icb(&b.host, HOST_INI, BOX_WWPN);
	put_le32(host_at(&b.host, HOST_ICB) + ICB_OPTIONS1, 0x00014006);
	ok(host_start(&b.host) == 0x4000);
	ok(box_verdict(&b, VERDICT_ICB_RSVD));
	ok(chip_is_multi_id(b.chip));
	box_down(&b);
}

/* ---- faults ---- */

static void test_crash(void)
{
	up(0x2532);
	box_ready(&b, HOST_INI);
	host_irq_mask(&b.host, false);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_FW_CRASH, 1));
	ok(chip_state(b.chip) == CHIP_CRASHED);
	ok(rd(REG_HOST_STATUS) == 0x80028012);
	ok(rd(REG_MBOX0) == 0x8002 && rd(REG_MBOX1) && rd(REG_MBOX2));
	wr(REG_HCCR, (uint32_t)HCCR_CMD_CLR_RISC_INT << 28);
	/* A dead firmware does not answer; nobody is blamed for asking. */
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	wr(REG_REQ_IN, 5);
	box_settle(&b);
	ok(rd(REG_HOST_STATUS) == 0);
	box_ready(&b, HOST_INI);
	box_down(&b);
}

static void test_crash_later(void)
{
	up(0x2532);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_FW_CRASH, 1));
	box_rom(&b);
	ok(host_load(&b.host));
	box_settle(&b);
	ok(chip_state(b.chip) == CHIP_CRASHED);
	ok(b.host.last_async[0] == 0x8002);
	box_idle(&b);
	box_down(&b);
}

static void test_hang(void)
{
	up(0x2532);
	box_ready(&b, HOST_INI);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_FW_HANG, 1));
	ok(chip_state(b.chip) == CHIP_HUNG);
	ok(simple(0x00, 0) == 0);
	box_ready(&b, HOST_INI);
	ok(simple(0x00, 0) == 0x4000);
	/* Armed while boot code runs: the next firmware hangs at once. */
	box_rom(&b);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_FW_HANG, 1));
	ok(host_load(&b.host));
	ok(chip_state(b.chip) == CHIP_HUNG);
	box_ready(&b, HOST_INI);
	box_down(&b);
}

static void test_mbox_timeout(void)
{
	up(0x2532);
	box_idle(&b);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_MBOX_TIMEOUT, 1));
	ok(simple(0x00, 0) == 0);
	ok(simple(0x00, 0) == 0x4000);
	box_down(&b);
}

static void test_reset_under_way(void)
{
	up(0x2532);
	box_ready(&b, HOST_INI);
	host_irq_mask(&b.host, false);
	wr(REG_MBOX0, 0);
	wr(REG_HCCR, (uint32_t)HCCR_CMD_HOST_INT << 28);
	/* The command dies with the reset: no answer, no open account. */
	wr(REG_CTRL, CTRL_SOFT_RESET);
	box_settle(&b);
	ok(rd(REG_HOST_STATUS) == 0);
	ok(book_open(&b.jp->books.kind[BOOK_MAILBOX]) == 0);
	ok(b.jp->books.kind[BOOK_MAILBOX].dropped == 1);
	ok(rd(REG_REQ_IN) == 0 && rd(REG_RSP_IN) == 0);
	box_ready(&b, HOST_INI);
	box_down(&b);
}

int main(void)
{
	tap_run(test_rom, "boot code knows few commands, refuses the rest");
	tap_run(test_about, "the firmware tells about itself");
	tap_run(test_buffers, "buffers go both ways, wrong ones are refused");
	tap_run(test_busy, "commands too early or on top of others are judged");
	tap_run(test_icb, "a control block without sense is refused");
	tap_run(test_multi_id, "48h starts as 60h does, with multi-id on");
	tap_run(test_crash, "a crash posts 8002h and only a reset helps");
	tap_run(test_crash_later,
		"a crash armed before waits for the firmware");
	tap_run(test_hang, "a hung firmware says nothing until a reset");
	tap_run(test_mbox_timeout, "one mailbox command is never answered");
	tap_run(test_reset_under_way, "a reset forgets an open command");
	return tap_end();
}
