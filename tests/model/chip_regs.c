// SPDX-License-Identifier: GPL-2.0
/* Registers of the chip: reset, pause, flash, NVRAM, and what is not allowed. */
#include <stdio.h>

#include "box.h"
#include "spec/memory.h"
#include "spec/regs.h"
#include "spec/spec.h"
#include "tap.h"

static struct box b;

static void up(uint16_t device)
{
	box_up(&b, device, PCIDEV_IRQ_MSIX, NULL);
}

static uint32_t rd(uint32_t off)
{
	return host_rd(&b.host, off);
}

static void wr(uint32_t off, uint32_t val)
{
	host_wr(&b.host, off, val);
}

static void hccr(unsigned int cmd)
{
	wr(REG_HCCR, cmd << 28);
}

static void test_reset(void)
{
	up(0x2532);
	ok(chip_state(b.chip) == CHIP_RESET);
	wr(REG_CTRL, CTRL_DMA_SHUTDOWN | 0x30);
	ok(rd(REG_CTRL) == (CTRL_DMA_SHUTDOWN | 0x30));
	wr(REG_CTRL, CTRL_SOFT_RESET | CTRL_DMA_SHUTDOWN | 0x30);
	/* Neither is over at the first look. */
	ok(rd(REG_CTRL) & CTRL_SOFT_RESET);
	ok(!(rd(REG_CTRL) & CTRL_SOFT_RESET));
	ok(rd(REG_MBOX0) == 4);
	ok(rd(REG_MBOX0) == 4);
	ok(rd(REG_MBOX0) == 0);
	ok(rd(REG_HCCR) & HCCR_RISC_RESET);
	hccr(HCCR_CMD_RESET);
	hccr(HCCR_CMD_RELEASE);
	hccr(HCCR_CMD_RUN);
	ok(chip_state(b.chip) == CHIP_ROM);
	ok(!(rd(REG_HCCR) & HCCR_RISC_RESET));
	ok(rd(REG_MBOX0) == 4);
	ok(rd(REG_HOST_STATUS) == 0);
	/* No-op, and taking back a host interrupt: nothing happens. */
	hccr(HCCR_CMD_NOP);
	hccr(HCCR_CMD_CLR_HOST_INT);
	ok(chip_state(b.chip) == CHIP_ROM);
	hccr(HCCR_CMD_RESET);
	ok(chip_state(b.chip) == CHIP_RESET);
	box_down(&b);
}

static void test_pause(void)
{
	uint16_t nop[1] = { 0x00 };

	up(0x2532);
	box_rom(&b);
	hccr(HCCR_CMD_PAUSE);
	ok(rd(REG_HOST_STATUS) == HSR_PAUSED);
	wr(REG_IOBASE, 0x7000);
	wr(REG_WINDOW, 1);
	wr(REG_WINDOW_C4, 1);
	wr(REG_WINDOW_C8, 1);
	wr(REG_WINDOW_Q, 1);
	wr(REG_WINDOW_SELECT, 0xb0000000);
	wr(REG_WINDOW_SDATA, 1);
	ok(rd(REG_IOBASE) == 0x7000);
	/* A command waits until the RISC runs again. */
	wr(REG_MBOX0, nop[0]);
	hccr(HCCR_CMD_HOST_INT);
	box_settle(&b);
	ok(rd(REG_HCCR) & HCCR_HOST_INT);
	ok(!b.host.mbox_done);
	hccr(HCCR_CMD_RELEASE);
	box_settle(&b);
	ok(b.host.mbox_done && b.host.mb[0] == 0x4000);
	ok(!(rd(REG_HCCR) & HCCR_HOST_INT));
	wr(REG_WINDOW, 1);
	ok(box_verdict(&b, VERDICT_WINDOW_RUNNING));
	box_down(&b);
}

static void test_judged(void)
{
	up(0x2532);
	wr(0x14, 0);
	ok(box_verdict(&b, VERDICT_REG_UNKNOWN));
	wr(0x300, 0);
	ok(box_verdict(&b, VERDICT_REG_UNKNOWN));
	pcidev_bar_write(b.host.dev, PCIDEV_BAR_MEM, REG_ICTRL, 2, 0);
	ok(box_verdict(&b, VERDICT_REG_WIDTH));
	pcidev_bar_write(b.host.dev, PCIDEV_BAR_MEM, REG_MBOX1, 1, 0);
	ok(box_verdict(&b, VERDICT_REG_WIDTH));
	wr(REG_HOST_STATUS, 0);
	ok(box_verdict(&b, VERDICT_REG_RO));
	wr(REG_ISTAT, 8);
	ok(box_verdict(&b, VERDICT_REG_RO));
	wr(REG_ICTRL, 0x18);
	ok(box_verdict(&b, VERDICT_REG_RSVD));
	ok(rd(REG_ICTRL) == 8);
	wr(REG_CTRL, 0x40);
	ok(box_verdict(&b, VERDICT_REG_RSVD));
	hccr(0x7);
	ok(box_verdict(&b, VERDICT_HCCR_UNKNOWN));
	box_down(&b);
}

/* Every register answers, also those that nothing else needs. */
static void test_all(void)
{
	up(0x2432);
	for (size_t i = 0; i < spec_nr_regs; i++)
		rd(spec_regs[i].off);
	wr(REG_PRI_IN, 0);
	wr(REG_PRI_OUT, 0);
	wr(REG_SEMA, 1);
	ok(rd(REG_SEMA) == 1);
	wr(REG_GPIOE, 0x3);
	wr(REG_GPIOD, 0x1c0004);
	ok(rd(REG_GPIOD) == 0x1c0004 && rd(REG_GPIOE) == 3);
	/* Two mailboxes at once, and the same registers through I/O space. */
	pcidev_bar_write(b.host.dev, PCIDEV_BAR_MEM, REG_MBOX2, 4, 0x12345678);
	ok(pcidev_bar_read(b.host.dev, PCIDEV_BAR_IO, REG_CTRL, 4) == 0);
	ok(pcidev_bar_read(b.host.dev, PCIDEV_BAR_MEM, REG_MBOX2, 4) == 0);
	box_down(&b);
}

static uint32_t flash(uint32_t addr)
{
	wr(REG_FLASH_ADDR, addr);
	ok(rd(REG_FLASH_ADDR) == (addr | FLASH_FLAG));
	return rd(REG_FLASH_DATA);
}

static void nvram(uint32_t base, uint8_t *nv)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < NVRAM_SIZE / 4; i++) {
		put_le32(nv + 4 * i, flash(base + i));
		sum += get_le32(nv + 4 * i);
	}
	ok(sum == 0);
}

static void test_nvram(void)
{
	uint8_t nv[NVRAM_SIZE];
	struct card_spec spec = { .name = "card" };

	for (unsigned int k = 0; k < 2; k++) {
		up(k ? 0x2532 : 0x2432);
		nvram(k ? 0x7ff48080 : 0x7ffe0080, nv);
		ok(!memcmp(nv, "ISP ", 4));
		ok(get_be64(nv + NVRAM_WWPN) == card_wwpn(&spec, 0));
		ok(get_be64(nv + NVRAM_WWNN) == card_wwnn(&spec, 0));
		ok((flash(k ? 0x7ff48000 : 0x7ffe0000) & 0xff) == 0x82);
		/* The layout table says version 1. */
		ok((flash(k ? 0x7ff50400 : 0x7ff11400) & 0xffff) == 1);
		ok(flash(0x7ff20000) == 0xffffffff);
		ok(flash(0x7ffd03ab) != 0xffffffff);
		box_down(&b);
	}
}

static void test_flash_write(void)
{
	up(0x2532);
	wr(REG_FLASH_DATA, 0x12345678);
	wr(REG_FLASH_ADDR, 0x7ff30000 | FLASH_FLAG);
	ok(box_verdict(&b, VERDICT_FLASH_LOCKED));
	ok(rd(REG_CTRL) & 0x40000);
	wr(REG_CTRL, rd(REG_CTRL) | CTRL_FLASH_ENABLE);
	wr(REG_FLASH_DATA, 0x12345678);
	wr(REG_FLASH_ADDR, 0x7ff30000 | FLASH_FLAG);
	ok(rd(REG_FLASH_ADDR) == 0x7ff30000);
	ok(flash(0x7ff30000) == 0x12345678);
	/* Programming clears bits, it never sets them. */
	wr(REG_FLASH_DATA, 0xffff0000);
	wr(REG_FLASH_ADDR, 0x7ff30000 | FLASH_FLAG);
	ok(flash(0x7ff30000) == 0x12340000);
	wr(REG_CTRL, rd(REG_CTRL) & ~CTRL_FLASH_ENABLE);
	ok(!(rd(REG_CTRL) & 0x40000));
	box_down(&b);
	up(0x2432);
	wr(REG_CTRL, CTRL_FLASH_ENABLE);
	wr(REG_FLASH_DATA, 0x12345678);
	wr(REG_FLASH_ADDR, 0x7ffe0200 | FLASH_FLAG);
	ok(flash(0x7ffe0200) == 0x12345678);
	box_down(&b);
}

static void test_all_ones(void)
{
	up(0x2532);
	box_idle(&b);
	ok(!fault_arm_port(b.fault, "card.0", FAULT_ALL_ONES, FAULT_FOREVER));
	ok(rd(REG_HOST_STATUS) == 0xffffffff);
	wr(0x14, 0);
	ok(!fault_clear_port(b.fault, "card.0", FAULT_ALL_ONES));
	ok(rd(REG_HOST_STATUS) == 0);
	ok(chip_state(b.chip) == CHIP_RESET);
	box_idle(&b);
	box_down(&b);
}

int main(void)
{
	tap_run(test_reset, "soft reset and RISC reset take their time");
	tap_run(test_pause, "a paused RISC shows it and takes no command");
	tap_run(test_judged, "wrong register writes are judged");
	tap_run(test_all, "every register can be read");
	tap_run(test_nvram, "NVRAM and layout table are valid on both chips");
	tap_run(test_flash_write, "flash is written only when enabled");
	tap_run(test_all_ones, "a removed card reads as ones and comes back");
	return tap_end();
}
