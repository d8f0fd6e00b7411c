// SPDX-License-Identifier: GPL-2.0
/* Nonsense on the vfio-user socket; a good client must still be served. */
#include "tap.h"
#include "vclient.h"

#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
#define BAR1 VFIO_PCI_BAR1_REGION_INDEX
#define ROUNDS 400U
#define MSGS_PER_ROUND 50U

static struct toy toy;
static struct vclient cl;
static uint64_t seed;
static int memfd;
static int efd;

static uint32_t rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33);
}

/* Numbers at which programs break, and any others. */
static uint64_t nasty(void)
{
	static const uint64_t list[] = {
		0,
		1,
		2,
		3,
		4,
		7,
		8,
		15,
		16,
		0xff,
		0x100,
		0xfff,
		0x1000,
		0x1001,
		0x2000,
		0x3000,
		0x3fff,
		0x4000,
		0x10000,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		0x7fffffffffffffff,
		0x8000000000000000,
		0xfffffffffffff000,
		0xffffffffffffffff,
	};

	if (rnd() % 4 == 0)
		return (uint64_t)rnd() << 32 | rnd();
	return list[rnd() % ARRAY_SIZE(list)];
}

/* A body that could be one of @cmd, with some fields beyond reason. */
static size_t make_body(uint16_t cmd, uint8_t *body)
{
	size_t len = rnd() % 64;
	size_t i;

	for (i = 0; i < 64; i += 8)
		put_le64(body + i, rnd() % 3 ? nasty() : rnd() % 8);
	switch (cmd) {
	case VFU_REGION_READ:
	case VFU_REGION_WRITE:
		put_le32(body + VFU_RW_REGION, rnd() % 10);
		if (rnd() % 2) {
			put_le64(body + VFU_RW_OFFSET, rnd() % 0x4100);
			put_le32(body + VFU_RW_COUNT, 1U << rnd() % 4);
			len = VFU_RW_DATA + 8;
		}
		break;
	case VFU_DMA_MAP:
		if (rnd() % 2) {
			put_le32(body + VFU_MAP_FLAGS, rnd() % 4);
			put_le64(body + VFU_MAP_OFFSET, rnd() % 4 * 0x1000);
			put_le64(body + VFU_MAP_IOVA, rnd() % 8 * 0x1000);
			put_le64(body + VFU_MAP_SIZE, rnd() % 4 * 0x1000);
			len = VFU_MAP_LEN;
		}
		break;
	case VFU_DMA_UNMAP:
		if (rnd() % 2) {
			put_le32(body + VFU_UNMAP_FLAGS, rnd() % 16 ? 0 : 2);
			put_le64(body + VFU_UNMAP_IOVA, rnd() % 8 * 0x1000);
			put_le64(body + VFU_UNMAP_SIZE, rnd() % 4 * 0x1000);
			len = VFU_UNMAP_LEN;
		}
		break;
	case VFU_SET_IRQS:
		if (rnd() % 2) {
			put_le32(body + VFU_SET_FLAGS,
				 1U << rnd() % 3 | 8U << rnd() % 3);
			put_le32(body + VFU_SET_INDEX, rnd() % 5);
			put_le32(body + VFU_SET_START, rnd() % 3);
			put_le32(body + VFU_SET_COUNT, rnd() % 3);
			len = VFU_SET_DATA + rnd() % 4;
		}
		break;
	default:
		break;
	}
	return len;
}

static void send_nonsense(void)
{
	uint8_t msg[VFU_HDR_LEN + 64];
	uint16_t cmd = rnd() % 8 ? (uint16_t)(rnd() % 16) : (uint16_t)nasty();
	size_t len = make_body(cmd, msg + VFU_HDR_LEN);
	uint32_t size = (uint32_t)(VFU_HDR_LEN + len);
	int fds[VFU_MAX_FDS + 2];
	unsigned int nr_fds = rnd() % 3 ? 0 : rnd() % ARRAY_SIZE(fds);
	unsigned int i;

	if (rnd() % 2 && (cmd == VFU_DMA_MAP || cmd == VFU_SET_IRQS))
		nr_fds = 1 + rnd() % 2;
	for (i = 0; i < nr_fds; i++)
		fds[i] = rnd() % 2 ? memfd : efd;
	/* A second version message would only end the round early. */
	if (cmd == VFU_VERSION && rnd() % 64)
		cmd = VFU_REGION_READ;
	put_le16(msg + VFU_HDR_ID, (uint16_t)rnd());
	put_le16(msg + VFU_HDR_CMD, cmd);
	put_le32(msg + VFU_HDR_SIZE, rnd() % 200 ? size : (uint32_t)nasty());
	put_le32(msg + VFU_HDR_FLAGS,
		 rnd() % 200 ? (rnd() % 2) * VFU_FLAG_NO_REPLY : rnd());
	put_le32(msg + VFU_HDR_ERROR, rnd());
	if (rnd() % 300 == 0)
		size = rnd() % size;
	if (size)
		vclient_raw(&cl, msg, size, fds, nr_fds);
}

/* What came back is not looked at, but it must be taken. */
static void drain(void)
{
	static char buf[65536];

	toy_turn(&toy);
	while (read(cl.fd, buf, sizeof(buf)) > 0)
		;
}

static bool still_serves(void)
{
	uint64_t v = 0;
	bool good;

	good = ok(vclient_start(&cl, &toy)) &&
	       ok(!vclient_map(&cl, memfd, 0, 0x100000, 0x4000, 3)) &&
	       ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x100000)) &&
	       ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 0x600df00d)) &&
	       ok(!vclient_write(&cl, BAR1, TOY_DMA_WRITE, 4, 0)) &&
	       ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 0)) &&
	       ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0)) &&
	       ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v)) &&
	       ok(v == 0x600df00d);
	vclient_close(&cl);
	return good;
}

static unsigned int open_fds(void)
{
	unsigned int nr = 0;
	int fd;

	for (fd = 0; fd < 1024; fd++)
		nr += dup2(fd, fd) == fd;
	return nr;
}

static void set_nonblock(void)
{
	int flags = fcntl(cl.fd, F_GETFL);

	fcntl(cl.fd, F_SETFL, flags | O_NONBLOCK);
}

static void test_messages(void)
{
	unsigned int round, i, fds;

	memfd = memfd_create("guest", MFD_CLOEXEC);
	efd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (memfd < 0 || efd < 0 || ftruncate(memfd, 0x4000))
		abort();
	toy_start(&toy, PCIDEV_IRQ_MSIX);
	fds = open_fds();
	for (round = 0; round < ROUNDS; round++) {
		if (!ok(vclient_start(&cl, &toy)))
			break;
		set_nonblock();
		for (i = 0; i < MSGS_PER_ROUND; i++) {
			send_nonsense();
			if (rnd() % 4 == 0)
				drain();
			if (rnd() % 8 == 0)
				pcidev_irq(&toy.dev, rnd() % 2);
		}
		drain();
		vclient_close(&cl);
		if (!still_serves()) {
			printf("# in round %u\n", round);
			break;
		}
	}
	ok(open_fds() == fds);
	printf("# %u rounds of %u messages; %llu refused, %llu cut off\n",
	       round, MSGS_PER_ROUND,
	       (unsigned long long)toy.jp->verdicts[VERDICT_VFU_REFUSED].nr,
	       (unsigned long long)toy.jp->verdicts[VERDICT_VFU_PROTOCOL].nr);
	ok(toy.jp->verdicts[VERDICT_VFU_REFUSED].nr > 1000);
	ok(toy.jp->verdicts[VERDICT_VFU_PROTOCOL].nr > 10);
	toy_stop(&toy);
	close(memfd);
	close(efd);
}

/* Bytes that are no messages at all. */
static void test_bytes(void)
{
	uint8_t junk[256];
	unsigned int round;
	size_t i;

	toy_start(&toy, PCIDEV_IRQ_MSIX);
	for (round = 0; round < ROUNDS; round++) {
		size_t len = rnd() % sizeof(junk);

		if (!ok(round % 2 ? vclient_connect(&cl, &toy) :
				    vclient_start(&cl, &toy)))
			break;
		for (i = 0; i < len; i++)
			junk[i] = (uint8_t)rnd();
		vclient_raw(&cl, junk, len, NULL, 0);
		vclient_close(&cl);
	}
	ok(vclient_start(&cl, &toy));
	vclient_close(&cl);
	toy_stop(&toy);
}

int main(void)
{
	const char *text = getenv("FUZZ_SEED");

	seed = text ? strtoull(text, NULL, 0) : 1;
	printf("# FUZZ_SEED=%llu\n", (unsigned long long)seed);
	tap_run(test_messages,
		"vfio-user: broken messages harm only the sender");
	tap_run(test_bytes, "vfio-user: random bytes harm only the sender");
	return tap_end();
}
