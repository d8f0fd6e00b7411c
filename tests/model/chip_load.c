// SPDX-License-Identifier: GPL-2.0
/* Firmware: both ways to load it, and everything that must not start. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "box.h"
#include "spec/memory.h"
#include "spec/regs.h"
#include "tap.h"

#define ADDR1 0x100000U
#define ADDR2 0x112000U
#define LEN1 700U /* more than one chunk of the chip's */
#define LEN2 40U

static struct box b;
static uint8_t seg1[LEN1 * 4], seg2[LEN2 * 4];

static void images(void)
{
	host_fw_image(seg1, LEN1, ADDR1, ADDR2);
	host_fw_image(seg2, LEN2, ADDR2, 0);
}

static void up(uint16_t device)
{
	images();
	box_up(&b, device, PCIDEV_IRQ_MSIX, NULL);
	box_rom(&b);
}

static uint16_t load(uint32_t addr, const uint8_t *words, uint32_t nr)
{
	uint16_t in[9] = { 0x0b, (uint16_t)addr };

	memcpy(host_at(&b.host, HOST_DATA), words, (size_t)nr * 4);
	box_dma(in, HOST_IOVA + HOST_DATA);
	in[4] = (uint16_t)(nr >> 16);
	in[5] = (uint16_t)nr;
	in[8] = (uint16_t)(addr >> 16);
	return host_mbox(&b.host, in, 9);
}

static uint16_t at(uint16_t op, uint32_t addr)
{
	uint16_t in[5] = { op, (uint16_t)(addr >> 16), (uint16_t)addr };

	return host_mbox(&b.host, in, 5);
}

static void test_by_dma(void)
{
	up(0x2532);
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	ok(load(ADDR2, seg2, LEN2) == 0x4000);
	ok(at(0x07, ADDR1) == 0x4000);
	ok(at(0x02, ADDR1) == 0x4000);
	ok(chip_state(b.chip) == CHIP_IDLE);
	box_down(&b);
}

static void test_by_word(void)
{
	uint16_t in[9] = { 0x0d };

	up(0x2432);
	host_fw_image(seg2, LEN2, ADDR1, 0);
	for (uint32_t i = 0; i < LEN2; i++) {
		uint32_t w = get_le32(seg2 + 4 * i);

		in[1] = (uint16_t)(ADDR1 + i);
		in[8] = (uint16_t)((ADDR1 + i) >> 16);
		in[2] = (uint16_t)w;
		in[3] = (uint16_t)(w >> 16);
		ok(host_mbox(&b.host, in, 9) == 0x4000);
	}
	in[0] = 0x0f;
	in[2] = 0;
	in[3] = 0;
	ok(host_mbox(&b.host, in, 9) == 0x4000);
	ok(b.host.mb[2] == get_le16(seg2 + 4 * (LEN2 - 1)));
	ok(at(0x02, ADDR1) == 0x4000);
	in[8] = 0x0200;
	ok(host_mbox(&b.host, in, 9) == 0x4006);
	in[0] = 0x0d;
	ok(host_mbox(&b.host, in, 9) == 0x4006);
	box_down(&b);
}

static void refused(uint32_t addr)
{
	ok(at(0x07, addr) == 0x4003);
	ok(at(0x02, addr) == 0x4005);
	ok(chip_state(b.chip) == CHIP_ROM);
}

static void test_flipped_bit(void)
{
	unsigned int seed = 1;
	const char *s = getenv("SEED");

	if (s)
		seed = (unsigned int)strtoul(s, NULL, 0);
	printf("# SEED=%u\n", seed);
	srandom(seed);
	up(0x2532);
	for (unsigned int i = 0; i < 200; i++) {
		bool first = random() & 1;
		uint32_t bit =
			(uint32_t)random() % ((first ? LEN1 : LEN2) * 32);

		images();
		(first ? seg1 : seg2)[bit / 8] ^= (uint8_t)(1U << bit % 8);
		ok(load(ADDR1, seg1, LEN1) == 0x4000);
		ok(load(ADDR2, seg2, LEN2) == 0x4000);
		refused(ADDR1);
	}
	images();
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	ok(load(ADDR2, seg2, LEN2) == 0x4000);
	ok(at(0x02, ADDR1) == 0x4000);
	box_down(&b);
}

static void test_missing(void)
{
	up(0x2532);
	refused(ADDR1);
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	refused(ADDR1);
	ok(load(ADDR2, seg2, LEN2 - 1) == 0x4000);
	refused(ADDR1);
	ok(load(ADDR2, seg2, LEN2) == 0x4000);
	refused(ADDR1 + 4);
	refused(0x20000);
	refused(0x7fffffff);
	ok(at(0x07, ADDR1) == 0x4000);
	/* A reset takes the old firmware with it: no mixture may start. */
	box_rom(&b);
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	refused(ADDR1);
	box_down(&b);
}

/* Segments that point at each other never end. */
static void test_circle(void)
{
	up(0x2532);
	host_fw_image(seg2, LEN2, ADDR2, ADDR1);
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	ok(load(ADDR2, seg2, LEN2) == 0x4000);
	refused(ADDR1);
	box_down(&b);
}

static void test_out_of_range(void)
{
	uint16_t in[9] = { 0x0b };

	up(0x2532);
	ok(load(0x11ffff, seg1, 2) == 0x4006);
	ok(load(0x300000, seg1, 2) == 0x4006);
	ok(load(ADDR1, seg1, 0) == 0x4006);
	box_dma(in, HOST_IOVA + HOST_RAM - 16);
	in[8] = 0x10;
	in[5] = 64;
	ok(host_mbox(&b.host, in, 9) == 0x4002);
	ok(box_verdict(&b, VERDICT_DMA_UNMAPPED));
	in[0] = 0x0c;
	ok(host_mbox(&b.host, in, 9) == 0x4002);
	ok(box_verdict(&b, VERDICT_DMA_UNMAPPED));
	box_down(&b);
}

static uint16_t dump(uint32_t addr, uint32_t nr)
{
	uint16_t in[9] = { 0x0c, (uint16_t)addr };

	memset(host_at(&b.host, HOST_DATA), 0x5a, 4096);
	box_dma(in, HOST_IOVA + HOST_DATA);
	in[5] = (uint16_t)nr;
	in[8] = (uint16_t)(addr >> 16);
	return host_mbox(&b.host, in, 9);
}

static void test_dump(void)
{
	up(0x2532);
	ok(load(ADDR1, seg1, LEN1) == 0x4000);
	/* What was in memory can be dumped after a reset. */
	box_rom(&b);
	ok(dump(ADDR1, LEN1) == 0x4000);
	ok(!memcmp(host_at(&b.host, HOST_DATA), seg1, sizeof(seg1)));
	ok(dump(0x200000, 4) == 0x4006);
	ok(dump(ADDR1, 0) == 0x4006);
	/* 25xx: flash is in the same space; NVRAM with its mark. */
	ok(dump(0x7ff48080, 4) == 0x4000);
	ok(!memcmp(host_at(&b.host, HOST_DATA), "ISP ", 4));
	box_down(&b);
	up(0x2432);
	ok(dump(0x7ff48080, 4) == 0x4006);
	box_down(&b);
}

/* Firmware in flash: as in a file, big endian, segment after segment. */
static void test_flash(void)
{
	char path[] = "/tmp/chip_load.XXXXXX";
	int fd = mkstemp(path);
	uint8_t be[sizeof(seg1)];

	images();
	for (unsigned int i = 0; i < LEN1; i++)
		put_be32(be + 4 * i, get_le32(seg1 + 4 * i));
	ok(fd >= 0 && write(fd, be, sizeof(be)) == (ssize_t)sizeof(be));
	close(fd);
	box_up(&b, 0x2532, PCIDEV_IRQ_MSIX, path);
	unlink(path);
	box_rom(&b);
	ok(dump(0x7ff20000, LEN1) == 0x4000);
	ok(!memcmp(host_at(&b.host, HOST_DATA), be, sizeof(be)));
	host_wr(&b.host, REG_FLASH_ADDR, 0x7ff20000 + SEG_ADDR / 4);
	ok(host_rd(&b.host, REG_FLASH_DATA) == __builtin_bswap32(ADDR1));
	box_down(&b);
}

int main(void)
{
	tap_run(test_by_dma, "two segments by 0Bh start");
	tap_run(test_by_word, "a firmware written word by word starts");
	tap_run(test_flipped_bit, "no firmware with a flipped bit starts");
	tap_run(test_missing, "no firmware with anything missing starts");
	tap_run(test_circle, "segments in a circle do not start");
	tap_run(test_out_of_range, "loads beyond memory are refused");
	tap_run(test_dump, "RISC memory and flash can be dumped");
	tap_run(test_flash, "a firmware image can be in flash");
	return tap_end();
}
