// SPDX-License-Identifier: GPL-2.0
/* A small driver for one modelled function, in the same process. */
#include "host.h"

#include <stdlib.h>

#include "pci/cfg.h"
#include "spec/entries.h"
#include "spec/memory.h"
#include "spec/regs.h"

#define MBOX_LIMIT_NS (10 * EV_SEC)
#define FW_ADDR 0x100000U
#define FW_DWORDS 64U

#define MB_LOAD_RAM_EXT 0x0b
#define MB_EXECUTE 0x02
#define MB_VERIFY 0x07
#define MB_REG_TEST 0x06
#define MB_INIT_MULTI 0x48

uint32_t host_rd(struct host *h, uint32_t off)
{
	unsigned int size = off >= REG_MBOX0 && off <= REG_MBOX31 ? 2 : 4;

	return (uint32_t)pcidev_bar_read(h->dev, PCIDEV_BAR_MEM, off, size);
}

void host_wr(struct host *h, uint32_t off, uint32_t val)
{
	unsigned int size = off >= REG_MBOX0 && off <= REG_MBOX31 ? 2 : 4;

	pcidev_bar_write(h->dev, PCIDEV_BAR_MEM, off, size, val);
}

static void clear_irq(struct host *h)
{
	host_wr(h, REG_HCCR, HCCR_CMD_CLR_RISC_INT << 28);
}

/* ---- interrupts ---- */

static void walk_rsp(struct host *h)
{
	uint32_t in = host_rd(h, REG_RSP_IN);

	if (in == h->rsp_out)
		return;
	while (h->rsp_out != in) {
		uint8_t *e = host_at(h, HOST_RSP + h->rsp_out * HOST_ENTRY_LEN);

		if (h->ops->rsp)
			h->ops->rsp(h, e);
		h->rsp_out = (h->rsp_out + 1) % HOST_NR_RSP;
	}
	host_wr(h, REG_RSP_OUT, h->rsp_out);
}

/* A long command takes several places; the first has the header. */
static void walk_atio(struct host *h)
{
	uint32_t in = host_rd(h, REG_ATIO_IN);
	uint32_t left = (in + HOST_NR_ATIO - h->atio_out) % HOST_NR_ATIO;

	if (!left)
		return;
	while (left) {
		uint8_t *e =
			host_at(h, HOST_ATIO + h->atio_out * HOST_ENTRY_LEN);
		uint32_t nr = e[HDR_COUNT] ? e[HDR_COUNT] : 1;

		if (h->ops->atio)
			h->ops->atio(h, e);
		if (nr > left)
			nr = left;
		h->atio_out = (h->atio_out + nr) % HOST_NR_ATIO;
		left -= nr;
	}
	host_wr(h, REG_ATIO_OUT, h->atio_out);
}

static void take_mbox(struct host *h, uint32_t status)
{
	unsigned int i;

	h->mb[0] = (uint16_t)(status >> 16);
	for (i = 0; i < 32; i++)
		h->mb[i] = (uint16_t)host_rd(h, REG_MBOX0 + 2 * i);
	h->mbox_done = true;
}

static void take_async(struct host *h, uint32_t status)
{
	unsigned int i;

	h->last_async[0] = (uint16_t)(status >> 16);
	for (i = 1; i < 4; i++)
		h->last_async[i] = (uint16_t)host_rd(h, REG_MBOX0 + 2 * i);
	h->nr_async++;
	if (h->last_async[0] == 0x8014)
		h->is_up = true;
	if (h->last_async[0] == 0x8012)
		h->is_up = false;
	if (h->ops->async)
		h->ops->async(h, h->last_async);
}

/* The default vector: one event per clear. */
static bool one_event(struct host *h)
{
	uint32_t status = host_rd(h, REG_HOST_STATUS);

	if (!(status & HSR_INT))
		return false;
	switch (status & 0xff) {
	case REASON_ROM_OK:
	case REASON_ROM_FAIL:
	case REASON_MBOX_OK:
	case REASON_MBOX_FAIL:
		take_mbox(h, status);
		clear_irq(h);
		break;
	case REASON_ASYNC:
		take_async(h, status);
		clear_irq(h);
		break;
	case REASON_ATIO:
		clear_irq(h);
		walk_atio(h);
		break;
	case REASON_RSP:
		walk_rsp(h);
		clear_irq(h);
		break;
	default:
		clear_irq(h);
	}
	return true;
}

static void on_irq(struct ev_work *w)
{
	struct host *h = container_of(w, struct host, irq_work);
	uint32_t irqs = h->irqs;

	h->irqs = 0;
	if (irqs & 2) {
		walk_rsp(h);
		clear_irq(h);
	}
	if (irqs & 1 || h->intx)
		one_event(h);
	if (h->intx)
		ev_soon(&h->irq_work);
	host_ring(h);
}

static void msi_fire(void *host, enum pcidev_irq_mode mode, unsigned int vector)
{
	struct host *h = host;

	(void)mode;
	h->irqs |= 1U << vector;
	ev_soon(&h->irq_work);
}

static void intx_level(void *host, bool level)
{
	struct host *h = host;

	h->intx = level;
	if (level)
		ev_soon(&h->irq_work);
}

static const struct pcidev_host_ops host_ops = {
	.msi_fire = msi_fire,
	.intx_level = intx_level,
};

/* ---- plugging in ---- */

static void cfg_or(struct host *h, uint32_t off, uint16_t bits)
{
	uint8_t b[2];

	pcidev_cfg_read(h->dev, off, b, 2);
	put_le16(b, get_le16(b) | bits);
	pcidev_cfg_write(h->dev, off, b, 2);
}

void host_init(struct host *h, struct ev *ev, struct pcidev *dev,
	       const struct host_ops *ops, void *priv, enum pcidev_irq_mode irq)
{
	unsigned int v;

	memset(h, 0, sizeof(*h));
	h->ev = ev;
	h->dev = dev;
	h->ops = ops;
	h->priv = priv;
	h->ram = calloc(1, HOST_RAM);
	if (!h->ram)
		abort();
	ev_work_init(&h->irq_work, ev, on_irq);
	pcidev_attach_host(dev, &host_ops, h);
	if (mem_map(&dev->mem, HOST_IOVA, HOST_RAM, h->ram,
		    MEM_PROT_READ | MEM_PROT_WRITE))
		abort();
	cfg_or(h, 0x04, 0x0007);
	if (irq == PCIDEV_IRQ_MSI)
		cfg_or(h, CFG_MSI_CTRL, CFG_MSI_ENABLE);
	if (irq != PCIDEV_IRQ_MSIX)
		return;
	cfg_or(h, CFG_MSIX_CTRL, CFG_MSIX_ENABLE);
	for (v = 0; v < PCIDEV_NR_VECTORS; v++)
		pcidev_bar_write(dev, PCIDEV_BAR_MEM,
				 PCIDEV_MSIX_TABLE + 16 * v + 12, 4, 0);
}

void host_fini(struct host *h)
{
	pcidev_detach_host(h->dev);
	ev_work_cancel(&h->irq_work);
	mem_unmap_all(&h->dev->mem);
	free(h->ram);
	h->ram = NULL;
}

void host_irq_mask(struct host *h, bool on)
{
	host_wr(h, REG_ICTRL, on ? ICTRL_RISC_INT : 0);
}

/* ---- firmware ---- */

bool host_reset(struct host *h)
{
	unsigned int i;

	host_wr(h, REG_CTRL, CTRL_SOFT_RESET);
	for (i = 0; i < 100 && host_rd(h, REG_CTRL) & CTRL_SOFT_RESET; i++)
		;
	host_wr(h, REG_HCCR, HCCR_CMD_RESET << 28);
	host_wr(h, REG_HCCR, HCCR_CMD_RELEASE << 28);
	host_wr(h, REG_HCCR, HCCR_CMD_RUN << 28);
	for (i = 0; i < 100; i++)
		if (!host_rd(h, REG_MBOX0))
			break;
	h->req_in = 0;
	h->req_rung = 0;
	h->req_free = HOST_NR_REQ - 1;
	h->rsp_out = 0;
	h->atio_out = 0;
	h->is_up = false;
	host_irq_mask(h, true);
	return i < 100;
}

uint16_t host_mbox(struct host *h, const uint16_t *in, unsigned int nr)
{
	uint64_t end = ev_now_ns(h->ev) + MBOX_LIMIT_NS;
	unsigned int i;

	for (i = 0; i < 32; i++)
		host_wr(h, REG_MBOX0 + 2 * i, i < nr ? in[i] : 0);
	h->mbox_done = false;
	host_wr(h, REG_HCCR, HCCR_CMD_HOST_INT << 28);
	while (!h->mbox_done) {
		if (!ev_step(h->ev) || ev_now_ns(h->ev) > end)
			return 0;
	}
	return h->mb[0];
}

void host_fw_image(uint8_t *words, uint32_t nr, uint32_t addr, uint32_t next)
{
	uint32_t i, sum = 0;

	for (i = 0; i < nr; i++)
		put_le32(words + 4 * i, 0x51000000U + i * 0x10203U);
	put_le32(words + SEG_NEXT, next);
	put_le32(words + SEG_ADDR, addr);
	put_le32(words + SEG_LEN, nr);
	put_le32(words + SEG_MAJOR, 8);
	put_le32(words + SEG_MINOR, 7);
	put_le32(words + SEG_SUBMINOR, 0);
	for (i = 0; i + 1 < nr; i++)
		sum += get_le32(words + 4 * i);
	put_le32(words + 4 * (nr - 1), 0U - sum);
}

/* Mailboxes 2, 3, 6, 7 carry a DMA address. */
static void mbox_dma(uint16_t *in, uint64_t iova)
{
	in[2] = (uint16_t)(iova >> 16);
	in[3] = (uint16_t)iova;
	in[6] = (uint16_t)(iova >> 48);
	in[7] = (uint16_t)(iova >> 32);
}

bool host_load(struct host *h)
{
	uint16_t test[8] = { MB_REG_TEST, 0xaaaa, 0x5555, 0xaa55,
			     0x55aa,	  0xa5a5, 0x5a5a, 0x2525 };
	uint16_t load[9] = { MB_LOAD_RAM_EXT, FW_ADDR & 0xffff };
	uint16_t start[5] = { MB_VERIFY, FW_ADDR >> 16, FW_ADDR & 0xffff };

	if (host_mbox(h, test, 8) != 0x4000)
		return false;
	host_fw_image(host_at(h, HOST_FW), FW_DWORDS, FW_ADDR, 0);
	mbox_dma(load, HOST_IOVA + HOST_FW);
	load[5] = FW_DWORDS;
	load[8] = FW_ADDR >> 16;
	if (host_mbox(h, load, 9) != 0x4000 || host_mbox(h, start, 3) != 0x4000)
		return false;
	start[0] = MB_EXECUTE;
	return host_mbox(h, start, 5) == 0x4000;
}

void host_icb(struct host *h, enum host_role role, uint64_t wwpn)
{
	static const uint32_t options1[] = { 0x4006, 0x4036, 0x4016 };
	uint8_t *icb = host_at(h, HOST_ICB);

	memset(icb, 0, ICB_SIZE);
	put_le16(icb + ICB_VERSION, ICB_VERSION_1);
	put_le16(icb + ICB_FRAME_SIZE, 2048);
	put_le16(icb + ICB_THROTTLE, 0xffff);
	put_le16(icb + ICB_EXCHANGES, role == HOST_INI ? 2048 : 0xffff);
	put_be64(icb + ICB_WWPN, wwpn);
	put_be64(icb + ICB_WWNN, (wwpn & ~(0xffULL << 56)) | 0x20ULL << 56);
	put_le16(icb + ICB_LOGIN_RETRY, 8);
	put_le16(icb + ICB_RSP_LEN, HOST_NR_RSP);
	put_le16(icb + ICB_REQ_LEN, HOST_NR_REQ);
	put_le64(icb + ICB_REQ_ADDR, HOST_IOVA + HOST_REQ);
	put_le64(icb + ICB_RSP_ADDR, HOST_IOVA + HOST_RSP);
	put_le16(icb + ICB_ATIO_LEN, HOST_NR_ATIO);
	if (role != HOST_INI)
		put_le64(icb + ICB_ATIO_ADDR, HOST_IOVA + HOST_ATIO);
	put_le16(icb + ICB_LOGIN_TIMEOUT, 20);
	put_le32(icb + ICB_OPTIONS1, options1[role]);
	put_le32(icb + ICB_OPTIONS2, role == HOST_INI ? 0x0020 : 0x4010);
	put_le32(icb + ICB_OPTIONS3, 0x4100);
}

uint16_t host_start(struct host *h)
{
	uint16_t in[8] = { MB_INIT_MULTI };

	mbox_dma(in, HOST_IOVA + HOST_ICB);
	return host_mbox(h, in, 8);
}

bool host_wait_up(struct host *h, uint64_t limit_ns)
{
	uint64_t end = ev_now_ns(h->ev) + limit_ns;

	while (!h->is_up && ev_now_ns(h->ev) < end)
		if (!ev_step(h->ev))
			break;
	return h->is_up;
}

bool host_boot(struct host *h, enum host_role role, uint64_t wwpn)
{
	if (!host_reset(h) || !host_load(h))
		return false;
	host_icb(h, role, wwpn);
	return host_start(h) == 0x4000 && host_wait_up(h, 5 * EV_SEC);
}

/* ---- request ring ---- */

uint8_t *host_slot(struct host *h)
{
	uint8_t *e;

	if (!h->req_free) {
		uint32_t out = host_rd(h, REG_REQ_OUT);

		h->req_free = (out + HOST_NR_REQ - h->req_in - 1) % HOST_NR_REQ;
		if (!h->req_free)
			return NULL;
	}
	h->req_free--;
	e = host_at(h, HOST_REQ + h->req_in * HOST_ENTRY_LEN);
	h->req_in = (h->req_in + 1) % HOST_NR_REQ;
	memset(e, 0, HOST_ENTRY_LEN);
	e[HDR_COUNT] = 1;
	return e;
}

void host_ring(struct host *h)
{
	if (h->req_in == h->req_rung)
		return;
	h->req_rung = h->req_in;
	host_wr(h, REG_REQ_IN, h->req_in);
}
