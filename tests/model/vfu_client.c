// SPDX-License-Identifier: GPL-2.0
/* The vfio-user server: what a good client gets, and what a bad one gets. */
#include "tap.h"
#include "vclient.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
#define BAR1 VFIO_PCI_BAR1_REGION_INDEX
#define TRIGGER (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define UNMASK (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK)
#define RESAMPLE (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK)
#define MASK (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK)
#define DISABLE (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
#define RW (VFU_MAP_FLAG_READ | VFU_MAP_FLAG_WRITE)

static struct toy toy;
static struct vclient cl;

static bool begin(enum pcidev_irq_mode irq)
{
	toy_start(&toy, irq);
	return ok(vclient_start(&cl, &toy));
}

static void end(void)
{
	vclient_close(&cl);
	toy_stop(&toy);
}

static int new_memfd(size_t size)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)size))
		abort();
	return fd;
}

static uint64_t fired(int efd)
{
	uint64_t n = 0;

	toy_turn(&toy);
	if (read(efd, &n, sizeof(n)) < 0)
		return 0;
	return n;
}

static uint64_t verdicts(enum verdict v)
{
	return toy.jp->verdicts[v].nr;
}

/* ---- good clients ---- */

static void test_info(void)
{
	uint8_t body[VFU_REGION_INFO_LEN] = { 0 };

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_call(&cl, VFU_GET_INFO, body, VFU_INFO_LEN, NULL, 0));
	ok(get_le32(cl.body + 8) == VFIO_PCI_NUM_REGIONS);
	ok(get_le32(cl.body + 12) == VFIO_PCI_NUM_IRQS);
	put_le32(body + 8, BAR1);
	ok(!vclient_call(&cl, VFU_GET_REGION_INFO, body, sizeof(body), NULL,
			 0));
	ok(get_le64(cl.body + 16) == 0x4000);
	put_le32(body + 8, VFIO_PCI_BAR3_REGION_INDEX);
	ok(!vclient_call(&cl, VFU_GET_REGION_INFO, body, sizeof(body), NULL,
			 0));
	ok(get_le64(cl.body + 16) == 0);
	put_le32(body + 8, VFIO_PCI_MSIX_IRQ_INDEX);
	ok(!vclient_call(&cl, VFU_GET_IRQ_INFO, body, VFU_IRQ_INFO_LEN, NULL,
			 0));
	ok(get_le32(cl.body + 12) == 2);
	end();
}

static void test_config(void)
{
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_read(&cl, CONFIG, 0, 4, &v) && v == 0x25321077);
	ok(!vclient_read(&cl, CONFIG, 8, 4, &v) && v == 0x0c040002);
	/* Sizing: all ones into both halves of BAR 1. */
	ok(!vclient_write(&cl, CONFIG, 0x14, 8, UINT64_MAX));
	ok(!vclient_read(&cl, CONFIG, 0x14, 8, &v));
	ok(v == 0xffffffffffffc004);
	ok(!vclient_write(&cl, CONFIG, 0x10, 4, UINT32_MAX));
	ok(!vclient_read(&cl, CONFIG, 0x10, 4, &v) && v == 0xffffff01);
	ok(!vclient_read(&cl, CONFIG, 0, 256, &v));
	ok(cl.body[VFU_RW_DATA + 0x34] == 0x44);
	ok(!vclient_write(&cl, CONFIG, 0, 4, 0));
	ok(!vclient_read(&cl, CONFIG, 0, 4, &v) && v == 0x25321077);
	end();
}

static void test_caps(void)
{
	static const struct {
		enum pcidev_irq_mode irq;
		const char *ids;
	} t[] = {
		{ PCIDEV_IRQ_MSIX, "\x01\x10\x05\x11" },
		{ PCIDEV_IRQ_MSI, "\x01\x10\x05" },
		{ PCIDEV_IRQ_INTX, "\x01\x10" },
	};
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		uint64_t at = 0, cap = 0;

		if (!begin(t[i].irq))
			return;
		ok(!vclient_read(&cl, CONFIG, 0x34, 1, &at));
		for (n = 0; n < strlen(t[i].ids); n++) {
			ok(!vclient_read(&cl, CONFIG, at, 2, &cap));
			ok((cap & 0xff) == (uint8_t)t[i].ids[n]);
			/* What QEMU widens must not hide the next one. */
			ok((cap & 0xff) != 0x10 || !(cap >> 8) ||
			   cap >> 8 >= at + 0x3c);
			at = cap >> 8;
		}
		ok(at == 0);
		end();
	}
}

static void test_registers(void)
{
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 0x12345678));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 0x12345678);
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH + 2, 2, &v) && v == 0x1234);
	ok(!vclient_read(&cl, 0, TOY_SCRATCH, 4, &v) && v == 0x12345678);
	ok(toy.jp->n.reg_writes[0] == 1 && toy.jp->n.reg_reads[0] == 2 &&
	   toy.jp->n.reg_reads[1] == 1);
	ok(!vclient_write(&cl, CONFIG, 4, 2, 0));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 0xffffffff);
	ok(verdicts(VERDICT_BAR_DISABLED) == 1);
	/* The MSI-X table takes whole words only. */
	ok(!vclient_write(&cl, CONFIG, 4, 2, 2));
	ok(!vclient_write(&cl, BAR1, 0x2000, 2, 1));
	ok(verdicts(VERDICT_BAR_ACCESS) == 1);
	end();
}

static void test_posted(void)
{
	uint8_t body[VFU_RW_DATA + 4] = { 0 };
	uint64_t v;
	unsigned int i;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	put_le32(body + VFU_RW_REGION, BAR1);
	put_le32(body + VFU_RW_COUNT, 4);
	for (i = 0; i < 1000; i++) {
		put_le32(body + VFU_RW_DATA, i);
		vclient_send(&cl, VFU_REGION_WRITE, VFU_FLAG_NO_REPLY, body,
			     sizeof(body), NULL, 0);
	}
	ok(!vclient_read(&cl, BAR1, 0, 4, &v) && v == 999);
	ok(toy.jp->n.reg_writes[0] == 1000);
	end();
}

static void test_multi(void)
{
	uint8_t body[VFU_MULTI_FIRST + 2 * VFU_MULTI_STEP] = { 0 };
	uint8_t *p = body + VFU_MULTI_FIRST;
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	put_le64(body, 2);
	put_le32(p + VFU_RW_REGION, BAR1);
	put_le32(p + VFU_RW_COUNT, 4);
	put_le32(p + VFU_RW_DATA, 11);
	p += VFU_MULTI_STEP;
	put_le64(p, 0x40);
	put_le32(p + VFU_RW_REGION, BAR1);
	put_le32(p + VFU_RW_COUNT, 2);
	put_le32(p + VFU_RW_DATA, 22);
	ok(!vclient_call(&cl, VFU_REGION_WRITE_MULTI, body, sizeof(body), NULL,
			 0));
	ok(!vclient_read(&cl, BAR1, 0, 4, &v) && v == 11);
	ok(!vclient_read(&cl, BAR1, 0x40, 4, &v) && v == 22);
	put_le64(body, 3);
	ok(vclient_call(&cl, VFU_REGION_WRITE_MULTI, body, sizeof(body), NULL,
			0) == EINVAL);
	put_le64(body, UINT64_MAX);
	ok(vclient_call(&cl, VFU_REGION_WRITE_MULTI, body, sizeof(body), NULL,
			0) == EINVAL);
	end();
}

static void test_dma(void)
{
	int fd = new_memfd(0x4000);
	uint32_t *mem =
		mmap(NULL, 0x4000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_map(&cl, fd, 0x1000, 0x100000, 0x2000, RW));
	ok(!vclient_map(&cl, -1, 0, 0xc0000, 0x1000, RW));
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 0xfeedf00d));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x101ffc));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_WRITE, 4, 0));
	ok(mem[0x2ffc / 4] == 0xfeedf00d);
	mem[0x2ffc / 4] = 77;
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 77);
	ok(toy.jp->n.dma_read_bytes == 4 && toy.jp->n.dma_write_bytes == 4);
	ok(toy.bad_dma == 0);
	/* A range without a descriptor cannot be reached, nor can a gap. */
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0xc0000));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x101ffe));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(toy.bad_dma == 2 && verdicts(VERDICT_DMA_UNMAPPED) == 2);
	ok(!vclient_unmap(&cl, 0xc0000, 0x1000, 0));
	ok(!vclient_unmap(&cl, 0x100000, 0x2000, 0));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x100000));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(verdicts(VERDICT_DMA_UNMAPPED) == 3);
	end();
	munmap(mem, 0x4000);
	close(fd);
}

static void test_dma_refused(void)
{
	int fd = new_memfd(0x1000);

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_map(&cl, fd, 0, 0x1000, 0x1000, VFU_MAP_FLAG_READ));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x1000));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_WRITE, 4, 0));
	ok(verdicts(VERDICT_DMA_PROT) == 1);
	ok(!vclient_write(&cl, CONFIG, 4, 2, 3));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(verdicts(VERDICT_DMA_NO_MASTER) == 1);
	ok(!vclient_write(&cl, CONFIG, 4, 2, 7));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(toy.bad_dma == 2);
	end();
	close(fd);
}

/* A guest whose memory file shrinks loses its data, nobody else anything. */
static void test_shrunk(void)
{
	int fd = new_memfd(0x2000);
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_map(&cl, fd, 0, 0x10000, 0x2000, RW));
	if (ftruncate(fd, 0x1000))
		abort();
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x11000));
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 5));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_WRITE, 4, 0));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 5);
	end();
	close(fd);
}

static void test_msix(void)
{
	int efd[2] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK) };

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	/* Without MSI-X enabled a message goes nowhere. */
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(!vclient_write(&cl, CONFIG, 0xa2, 2, 0xc000));
	/* Masked as a whole: it pends. */
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 1));
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 2, efd,
			     2));
	ok(fired(efd[0]) == 0 && fired(efd[1]) == 0);
	ok(!vclient_write(&cl, CONFIG, 0xa2, 2, 0x8000));
	ok(fired(efd[0]) == 0 && fired(efd[1]) == 1);
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(fired(efd[0]) == 1 && fired(efd[1]) == 0);
	ok(!vclient_set_irqs(&cl, MASK, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(fired(efd[0]) == 0);
	ok(!vclient_set_irqs(&cl, UNMASK, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(fired(efd[0]) == 1);
	/* While an eventfd is exchanged nothing may be lost. */
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(fired(efd[0]) == 0);
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, efd,
			     1));
	ok(fired(efd[0]) == 1);
	ok(!vclient_set_irqs(&cl, DISABLE, VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, NULL,
			     0));
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(fired(efd[0]) == 0);
	ok(toy.jp->n.irqs[0] == 4 && toy.jp->n.irqs[1] == 1);
	end();
	close(efd[0]);
	close(efd[1]);
}

static void test_msi(void)
{
	int efd = eventfd(0, EFD_NONBLOCK);

	if (!begin(PCIDEV_IRQ_MSI))
		return;
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSI_IRQ_INDEX, 0, 1, &efd,
			     1));
	ok(!vclient_write(&cl, CONFIG, 0x8a, 2, 1));
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 1));
	ok(!vclient_write(&cl, BAR1, TOY_IRQ, 4, 0));
	ok(fired(efd) == 2);
	ok(toy.jp->n.irqs[0] == 2);
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, &efd,
			    1) == EINVAL);
	end();
	close(efd);
}

static void test_intx(void)
{
	int resample = eventfd(0, EFD_NONBLOCK);
	int efd = eventfd(0, EFD_NONBLOCK);
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 1));
	/* The line was high before there was anybody to tell. */
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, &efd,
			     1));
	ok(fired(efd) == 1);
	ok(!vclient_read(&cl, CONFIG, 6, 2, &v) && v & 8);
	/* Signalled once until unmasked; then again, as it is a level. */
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 1));
	ok(fired(efd) == 0);
	ok(!vclient_set_irqs(&cl, UNMASK, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(fired(efd) == 1);
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 0));
	ok(!vclient_set_irqs(&cl, UNMASK, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(fired(efd) == 0);
	/* A kernel that ends interrupts by itself says so by an eventfd. */
	ok(!vclient_set_irqs(&cl, RESAMPLE, VFIO_PCI_INTX_IRQ_INDEX, 0, 1,
			     &resample, 1));
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 1));
	ok(fired(efd) == 1 && fired(efd) == 0);
	ok(!eventfd_write(resample, 1));
	ok(fired(efd) == 1);
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 0));
	ok(!eventfd_write(resample, 1));
	ok(fired(efd) == 0);
	ok(vclient_set_irqs(&cl, RESAMPLE, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1,
			    &resample, 1) == EOPNOTSUPP);
	ok(!vclient_set_irqs(&cl, RESAMPLE, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, NULL,
			     0));
	ok(!vclient_set_irqs(&cl, UNMASK, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, NULL,
			     0));
	/* Disabled in the command register: no signal, still a status. */
	ok(!vclient_write(&cl, CONFIG, 4, 2, 0x407));
	ok(!vclient_write(&cl, BAR1, TOY_INTX, 4, 1));
	ok(fired(efd) == 0);
	ok(!vclient_write(&cl, CONFIG, 4, 2, 7));
	ok(fired(efd) == 1);
	ok(toy.jp->n.irqs_intx == 5);
	end();
	close(efd);
	close(resample);
}

static void test_reset(void)
{
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 9));
	ok(!vclient_call(&cl, VFU_RESET, NULL, 0, NULL, 0));
	ok(!vclient_read(&cl, CONFIG, 4, 2, &v) && v == 0);
	ok(!vclient_write(&cl, CONFIG, 4, 2, 7));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 0);
	/* Function-level reset through the Express capability. */
	ok(!vclient_write(&cl, CONFIG, 0x54, 2, 0x8000));
	ok(!vclient_read(&cl, CONFIG, 4, 2, &v) && v == 0);
	end();
}

static void test_gone(void)
{
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	pcidev_set_gone(&toy.dev, true);
	ok(!vclient_read(&cl, CONFIG, 0, 4, &v) && v == 0xffffffff);
	ok(!vclient_read(&cl, BAR1, 0, 4, &v) && v == 0xffffffff);
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 1));
	pcidev_set_gone(&toy.dev, false);
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 0);
	ok(judge_total(toy.judge) == 0);
	end();
}

static void test_reconnect(void)
{
	static struct vclient other;
	unsigned int resets;
	uint64_t v;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(vfu_is_connected(toy.vfu));
	ok(!vclient_write(&cl, BAR1, TOY_SCRATCH, 4, 9));
	/* One guest at a time; the second is turned away, the first stays. */
	ok(vclient_connect(&other, &toy));
	ok(vclient_is_cut(&other));
	vclient_close(&other);
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 9);
	resets = toy.resets;
	vclient_close(&cl);
	ok(!vfu_is_connected(toy.vfu));
	ok(toy.resets > resets);
	ok(vclient_start(&cl, &toy));
	ok(!vclient_read(&cl, BAR1, TOY_SCRATCH, 4, &v) && v == 0);
	ok(judge_total(toy.judge) == 0);
	end();
}

/* ---- bad clients ---- */

static void test_no_version(void)
{
	uint8_t body[VFU_INFO_LEN] = { 0 };

	toy_start(&toy, PCIDEV_IRQ_MSIX);
	ok(vclient_connect(&cl, &toy));
	vclient_send(&cl, VFU_GET_INFO, 0, body, sizeof(body), NULL, 0);
	ok(vclient_is_cut(&cl));
	ok(verdicts(VERDICT_VFU_PROTOCOL) == 1);
	vclient_close(&cl);
	/* A major version that we do not speak, and JSON that is none. */
	ok(vclient_connect(&cl, &toy));
	ok(vclient_call(&cl, VFU_VERSION, "\1\0\0\0", 4, NULL, 0) == EINVAL);
	ok(vclient_is_cut(&cl));
	vclient_close(&cl);
	ok(vclient_connect(&cl, &toy));
	ok(vclient_call(&cl, VFU_VERSION, "\0\0\1\0{", 6, NULL, 0) == EINVAL);
	vclient_close(&cl);
	ok(vclient_connect(&cl, &toy));
	ok(vclient_call(&cl, VFU_VERSION, "\0\0\1\0{}", 6, NULL, 0) == EINVAL);
	vclient_close(&cl);
	ok(vclient_start(&cl, &toy));
	vclient_send(&cl, VFU_VERSION, 0, "\0\0\1\0", 4, NULL, 0);
	ok(vclient_is_cut(&cl));
	end();
}

static void test_bad_header(void)
{
	static const uint32_t sizes[] = { 0, 1, 15, VFU_MAX_MSG + 1,
					  UINT32_MAX };
	uint8_t hdr[VFU_HDR_LEN] = { 0 };
	size_t i;

	toy_start(&toy, PCIDEV_IRQ_MSIX);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ok(vclient_start(&cl, &toy));
		put_le16(hdr + VFU_HDR_CMD, VFU_GET_INFO);
		put_le32(hdr + VFU_HDR_SIZE, sizes[i]);
		vclient_raw(&cl, hdr, sizeof(hdr), NULL, 0);
		ok(vclient_is_cut(&cl));
		vclient_close(&cl);
	}
	ok(vclient_start(&cl, &toy));
	vclient_send(&cl, VFU_GET_INFO, VFU_FLAG_REPLY, NULL, 0, NULL, 0);
	ok(vclient_is_cut(&cl));
	ok(verdicts(VERDICT_VFU_PROTOCOL) == ARRAY_SIZE(sizes) + 1);
	end();
}

static void test_short_bodies(void)
{
	static const uint16_t cmds[] = {
		VFU_DMA_MAP,	     VFU_DMA_UNMAP,    VFU_GET_INFO,
		VFU_GET_REGION_INFO, VFU_GET_IRQ_INFO, VFU_SET_IRQS,
		VFU_REGION_READ,     VFU_REGION_WRITE, VFU_REGION_WRITE_MULTI,
	};
	uint8_t body[8] = { 0 };
	size_t i, len;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		for (len = 0; len < sizeof(body); len++)
			ok(vclient_call(&cl, cmds[i], body, len, NULL, 0) ==
			   EINVAL);
	ok(vclient_call(&cl, VFU_DMA_READ, body, 8, NULL, 0) == EOPNOTSUPP);
	ok(vclient_call(&cl, VFU_GET_REGION_IO_FDS, body, 8, NULL, 0) ==
	   EOPNOTSUPP);
	ok(vclient_call(&cl, 0, body, 8, NULL, 0) == EOPNOTSUPP);
	ok(vclient_call(&cl, 0xffff, body, 8, NULL, 0) == EOPNOTSUPP);
	ok(verdicts(VERDICT_VFU_REFUSED) == 9 * 8 + 4);
	end();
}

static void test_bad_access(void)
{
	static const struct {
		uint64_t off;
		uint32_t region;
		uint32_t count;
	} t[] = {
		{ 0x4000, BAR1, 4 },
		{ 0x3ffe, BAR1, 4 },
		{ 2, BAR1, 4 },
		{ 0, BAR1, 3 },
		{ 0, BAR1, 0 },
		{ 0, BAR1, 16 },
		{ 0, BAR1, UINT32_MAX },
		{ UINT64_MAX, BAR1, 4 },
		{ 0x100, 0, 4 },
		{ 0, 2, 4 },
		{ 0, 3, 4 },
		{ 0, 6, 4 },
		{ 0, 9, 4 },
		{ 0, UINT32_MAX, 4 },
		{ 0x1000, CONFIG, 1 },
		{ 0xfff, CONFIG, 2 },
		{ UINT64_MAX, CONFIG, 1 },
		{ 1, CONFIG, UINT32_MAX },
	};
	uint8_t body[VFU_RW_DATA];
	uint64_t v;
	size_t i;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		ok(vclient_read(&cl, t[i].region, t[i].off, t[i].count, &v) ==
		   EINVAL);
		if (t[i].count <= 8)
			ok(vclient_write(&cl, t[i].region, t[i].off, t[i].count,
					 0) == EINVAL);
	}
	/* More to be written than the message holds. */
	put_le64(body, 0);
	put_le32(body + VFU_RW_REGION, CONFIG);
	put_le32(body + VFU_RW_COUNT, 64);
	ok(vclient_call(&cl, VFU_REGION_WRITE, body, sizeof(body), NULL, 0) ==
	   EINVAL);
	end();
}

static void test_bad_maps(void)
{
	int fd = new_memfd(0x2000);
	int pipes[2];

	if (pipe(pipes))
		abort();
	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(vclient_map(&cl, fd, 0, 0x1000, 0, RW) == EINVAL);
	ok(vclient_map(&cl, fd, 0, 0x1000, 0x3000, RW) == EINVAL);
	ok(vclient_map(&cl, fd, 0x2000, 0x1000, 0x1000, RW) == EINVAL);
	ok(vclient_map(&cl, fd, UINT64_MAX & ~0xfffULL, 0x1000, 0x2000, RW) ==
	   EINVAL);
	ok(vclient_map(&cl, fd, 0, UINT64_MAX & ~0xfffULL, 0x2000, RW) ==
	   EINVAL);
	ok(vclient_map(&cl, fd, 0, 0x1001, 0x1000, RW) == EINVAL);
	ok(vclient_map(&cl, fd, 0, 0x1000, 0x1000, 0xff) == EINVAL);
	ok(vclient_map(&cl, pipes[0], 0, 0x1000, 0x1000, RW) == EINVAL);
	ok(!vclient_map(&cl, fd, 0, 0x1000, 0x2000, RW));
	ok(vclient_map(&cl, fd, 0, 0x2000, 0x1000, RW) == EEXIST);
	ok(vclient_unmap(&cl, 0x1000, 0x1000, 0) == EINVAL);
	ok(vclient_unmap(&cl, 0x9000, 0x1000, 0) == ENOENT);
	ok(vclient_unmap(&cl, 0x1000, 0, 0) == EINVAL);
	ok(vclient_unmap(&cl, 0x1000, UINT64_MAX, 0) == EINVAL);
	ok(vclient_unmap(&cl, 0x1000, 0x2000, 1) == EOPNOTSUPP);
	ok(!vclient_unmap(&cl, 0, 0, VFU_UNMAP_FLAG_ALL));
	ok(vclient_unmap(&cl, 0x1000, 0x2000, 0) == ENOENT);
	end();
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
}

static void test_bad_irqs(void)
{
	int fds[3] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK),
		       eventfd(0, EFD_NONBLOCK) };
	int i;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 3, fds,
			    3) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 1, 2, fds,
			    2) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 2, fds,
			    1) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, UINT32_MAX,
			    2, fds, 2) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0,
			    UINT32_MAX, NULL, 0) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, 3, 0, 1, fds, 1) == EINVAL);
	ok(vclient_set_irqs(&cl, TRIGGER, UINT32_MAX, 0, 1, fds, 1) == EINVAL);
	ok(vclient_set_irqs(&cl, 0, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, NULL, 0) ==
	   EINVAL);
	ok(vclient_set_irqs(&cl, UINT32_MAX, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1,
			    NULL, 0) == EINVAL);
	ok(vclient_set_irqs(
		   &cl, VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER,
		   VFIO_PCI_MSIX_IRQ_INDEX, 0, 2, NULL, 0) == EINVAL);
	/* A pipe that nobody reads must not stop the server. */
	if (pipe(fds + 1))
		abort();
	ok(!vclient_set_irqs(&cl, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1,
			     fds + 2, 1));
	ok(!vclient_write(&cl, CONFIG, 0xa2, 2, 0x8000));
	for (i = 0; i < 10000 && toy.jp->n.irqs[0] < 9000; i++)
		pcidev_irq(&toy.dev, 0);
	ok(!vclient_set_irqs(&cl, DISABLE, VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, NULL,
			     0));
	end();
}

static unsigned int open_fds(void)
{
	unsigned int nr = 0;
	int fd;

	for (fd = 0; fd < 1024; fd++)
		nr += dup2(fd, fd) == fd;
	return nr;
}

/* Descriptors that nobody asked for are closed, whatever they came with. */
static void test_stray_fds(void)
{
	unsigned int before, i;
	int fds[64];
	int fd = new_memfd(0x1000);
	uint8_t body[VFU_INFO_LEN] = { 0 };
	uint64_t v;

	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = fd;
	toy_start(&toy, PCIDEV_IRQ_MSIX);
	ok(vclient_start(&cl, &toy));
	before = open_fds();
	for (i = 1; i <= VFU_MAX_FDS; i++)
		ok(!vclient_call(&cl, VFU_GET_INFO, body, sizeof(body), fds,
				 i));
	vclient_send(&cl, VFU_DMA_MAP, 0, body, sizeof(body), fds, 3);
	ok(vclient_recv(&cl) && cl.error == EINVAL);
	ok(open_fds() == before);
	/* Of two maps in one go, the second has the descriptor. */
	vclient_send(&cl, VFU_GET_INFO, 0, body, sizeof(body), NULL, 0);
	ok(vclient_map(&cl, fd, 0, 0x1000, 0x1000, RW) == -1);
	ok(vclient_recv(&cl) && !cl.error);
	ok(!vclient_write(&cl, BAR1, TOY_DMA_ADDR, 4, 0x1000));
	ok(!vclient_write(&cl, BAR1, TOY_DMA_READ, 4, 0));
	ok(!vclient_read(&cl, BAR1, 0, 4, &v) && toy.bad_dma == 0);
	/* More than fit are a broken protocol. */
	vclient_send(&cl, VFU_GET_INFO, 0, body, sizeof(body), fds, 64);
	ok(vclient_is_cut(&cl));
	end();
	close(fd);
	ok(open_fds() <= before);
}

/* One byte at a time, and a client that goes away in the middle. */
static void test_pieces(void)
{
	uint8_t msg[VFU_HDR_LEN + VFU_INFO_LEN] = { 0 };
	size_t i;

	toy_start(&toy, PCIDEV_IRQ_MSIX);
	ok(vclient_start(&cl, &toy));
	put_le16(msg + VFU_HDR_ID, ++cl.id);
	put_le16(msg + VFU_HDR_CMD, VFU_GET_INFO);
	put_le32(msg + VFU_HDR_SIZE, sizeof(msg));
	for (i = 0; i < sizeof(msg); i++) {
		vclient_raw(&cl, msg + i, 1, NULL, 0);
		toy_turn(&toy);
	}
	ok(vclient_recv(&cl) && !cl.error);
	for (i = 0; i < sizeof(msg); i += 7) {
		vclient_raw(&cl, msg, i, NULL, 0);
		vclient_close(&cl);
		ok(!vfu_is_connected(toy.vfu));
		ok(vclient_start(&cl, &toy));
	}
	ok(judge_total(toy.judge) == 0);
	end();
}

/* A client that asks and never listens is cut off, not waited for. */
static void test_deaf(void)
{
	uint8_t body[VFU_RW_DATA] = { 0 };
	unsigned int i;

	if (!begin(PCIDEV_IRQ_MSIX))
		return;
	put_le32(body + VFU_RW_REGION, CONFIG);
	put_le32(body + VFU_RW_COUNT, 4096);
	for (i = 0; i < 5000 && vfu_is_connected(toy.vfu); i++) {
		vclient_send(&cl, VFU_REGION_READ, 0, body, sizeof(body), NULL,
			     0);
		if (i % 64 == 0)
			toy_turn(&toy);
	}
	ok(!vfu_is_connected(toy.vfu));
	ok(verdicts(VERDICT_VFU_PROTOCOL) == 1);
	end();
}

int main(void)
{
	tap_run(test_info, "regions and interrupts are those of the cards");
	tap_run(test_config, "configuration space: identity, sizing, masks");
	tap_run(test_caps, "capabilities follow the irq option and QEMU's gap");
	tap_run(test_registers, "registers through both BARs are counted");
	tap_run(test_posted,
		"posted writes get no answer and keep their order");
	tap_run(test_multi, "several writes in one message");
	tap_run(test_dma, "DMA reaches mapped memory and nothing else");
	tap_run(test_dma_refused, "read-only memory and bus mastering hold");
	tap_run(test_shrunk, "a memory file that shrinks harms only its guest");
	tap_run(test_msix, "MSI-X: masks, pending, change of eventfds");
	tap_run(test_msi, "MSI: one message for both vectors");
	tap_run(test_intx, "INTx is a level with automask");
	tap_run(test_reset, "device reset and function-level reset");
	tap_run(test_gone, "surprise removal reads all ones");
	tap_run(test_reconnect, "one guest at a time, the next after it");
	tap_run(test_no_version, "nothing before the version, and only once");
	tap_run(test_bad_header,
		"impossible sizes and stray replies disconnect");
	tap_run(test_short_bodies, "short bodies and unknown commands: errors");
	tap_run(test_bad_access, "accesses out of range are errors");
	tap_run(test_bad_maps, "impossible maps and unmaps are errors");
	tap_run(test_bad_irqs, "impossible interrupt set-ups are errors");
	tap_run(test_stray_fds,
		"descriptors go to their message or are closed");
	tap_run(test_pieces, "messages in pieces, clients gone in the middle");
	tap_run(test_deaf, "a client that takes no answers is cut off");
	return tap_end();
}
