// SPDX-License-Identifier: GPL-2.0
/* A PCI function: configuration space, interrupts, BARs and DMA. */
#include "pci/pcidev.h"

#include "pci/cfg.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#define ALL_VECTORS ((1U << PCIDEV_NR_VECTORS) - 1)

/* ---- configuration space ---- */

static void set16(struct pcidev *dev, unsigned int off, uint16_t val,
		  uint16_t wmask)
{
	put_le16(&dev->cfg[off], val);
	put_le16(&dev->wmask[off], wmask);
}

static void set32(struct pcidev *dev, unsigned int off, uint32_t val,
		  uint32_t wmask)
{
	put_le32(&dev->cfg[off], val);
	put_le32(&dev->wmask[off], wmask);
}

static uint16_t cfg16(const struct pcidev *dev, unsigned int off)
{
	return get_le16(&dev->cfg[off]);
}

static void cap(struct pcidev *dev, unsigned int off, uint8_t id,
		unsigned int next)
{
	dev->cfg[off] = id;
	dev->cfg[off + 1] = (uint8_t)next;
}

/* PCI Express capability, an endpoint. [PCIe 2.0 7.8, D] */
static void cfg_express(struct pcidev *dev, unsigned int next)
{
	bool v2 = dev->id.device == PCI_DEVICE_2532;
	/* Width 4 or 8, 2.5 or 5 GT/s: what the cards are sold as. */
	uint32_t link = v2 ? 0x0082 : 0x0041;

	cap(dev, CFG_EXP, CAP_ID_EXP, next);
	set16(dev, CFG_EXP + 2, v2 ? 2 : 1, 0);
	/* 1 KiB payload, role-based errors; function-level reset. */
	set32(dev, CFG_EXP + 4, v2 ? 0x10008003 : 0x00008003, 0);
	set16(dev, CFG_EXP_DEVCTL, 0x2010, 0x78ff);
	set32(dev, CFG_EXP + 0x0c, link, 0);
	set16(dev, CFG_EXP + 0x10, 0, 0x01cb);
	set16(dev, CFG_EXP + 0x12, (uint16_t)link, 0);
}

static void cfg_caps(struct pcidev *dev)
{
	bool msi = dev->id.irq >= PCIDEV_IRQ_MSI;
	bool msix = dev->id.irq >= PCIDEV_IRQ_MSIX;

	set16(dev, CFG_STATUS, CFG_STATUS_CAPS, 0);
	dev->cfg[CFG_CAP_PTR] = CFG_PM;
	cap(dev, CFG_PM, CAP_ID_PM, CFG_EXP);
	set16(dev, CFG_PM + 2, 0x0003, 0); /* version 3, no PME */
	set16(dev, CFG_PM_CTRL, CFG_PM_NO_SOFT_RESET, CFG_PM_STATE);
	cfg_express(dev, msi ? CFG_MSI : 0);
	if (msi) {
		cap(dev, CFG_MSI, CAP_ID_MSI, msix ? CFG_MSIX : 0);
		set16(dev, CFG_MSI_CTRL, CFG_MSI_64BIT, CFG_MSI_ENABLE);
		set32(dev, CFG_MSI + 4, 0, 0xfffffffc);
		set32(dev, CFG_MSI + 8, 0, 0xffffffff);
		set16(dev, CFG_MSI + 12, 0, 0xffff);
	}
	if (msix) {
		cap(dev, CFG_MSIX, CAP_ID_MSIX, 0);
		set16(dev, CFG_MSIX_CTRL, PCIDEV_NR_VECTORS - 1,
		      CFG_MSIX_ENABLE | CFG_MSIX_MASK_ALL);
		set32(dev, CFG_MSIX + 4, PCIDEV_MSIX_TABLE | PCIDEV_BAR_MEM, 0);
		set32(dev, CFG_MSIX + 8, PCIDEV_MSIX_PBA | PCIDEV_BAR_MEM, 0);
	}
}

static void cfg_init(struct pcidev *dev)
{
	memset(dev->cfg, 0, sizeof(dev->cfg));
	memset(dev->wmask, 0, sizeof(dev->wmask));
	set16(dev, CFG_VENDOR, PCI_VENDOR_QLOGIC, 0);
	set16(dev, CFG_DEVICE, dev->id.device, 0);
	set16(dev, CFG_COMMAND, 0, CFG_COMMAND_RW);
	dev->cfg[CFG_REVISION] = dev->id.revision;
	dev->cfg[CFG_CLASS + 1] = PCI_CLASS_FC & 0xff;
	dev->cfg[CFG_CLASS + 2] = PCI_CLASS_FC >> 8;
	dev->wmask[CFG_CACHE_LINE] = 0xff;
	dev->cfg[CFG_HEADER_TYPE] = dev->id.multi ? CFG_HEADER_MULTI : 0;
	set32(dev, CFG_BAR0, 0x1, ~(PCIDEV_BAR_IO_SIZE - 1));
	set32(dev, CFG_BAR1, 0x4, ~(PCIDEV_BAR_MEM_SIZE - 1));
	set32(dev, CFG_BAR2, 0, 0xffffffff);
	set16(dev, CFG_SUBVENDOR, dev->id.subvendor ?: PCI_VENDOR_QLOGIC, 0);
	set16(dev, CFG_SUBDEVICE, dev->id.subsystem, 0);
	dev->wmask[CFG_LINE] = 0xff;
	dev->cfg[CFG_PIN] = dev->id.pin;
	cfg_caps(dev);
}

static bool is_awake(const struct pcidev *dev)
{
	return !(cfg16(dev, CFG_PM_CTRL) & CFG_PM_STATE);
}

static bool is_master(const struct pcidev *dev)
{
	return is_awake(dev) && !dev->gone &&
	       cfg16(dev, CFG_COMMAND) & CFG_COMMAND_MASTER;
}

static bool is_masked(const struct pcidev *dev, unsigned int vector)
{
	return cfg16(dev, CFG_MSIX_CTRL) & CFG_MSIX_MASK_ALL ||
	       dev->msix_masked & 1U << vector;
}

/* ---- interrupts ---- */

enum pcidev_irq_mode pcidev_irq_mode(const struct pcidev *dev)
{
	if (cfg16(dev, CFG_MSIX_CTRL) & CFG_MSIX_ENABLE)
		return PCIDEV_IRQ_MSIX;
	if (cfg16(dev, CFG_MSI_CTRL) & CFG_MSI_ENABLE)
		return PCIDEV_IRQ_MSI;
	return PCIDEV_IRQ_INTX;
}

static void fire(struct pcidev *dev, enum pcidev_irq_mode mode,
		 unsigned int vector)
{
	/* A message is a memory write: it needs bus mastering like any. */
	if (!dev->host_ops || !is_master(dev))
		return;
	dev->jp->n.irqs[vector]++;
	trace_add(dev->jp, TRACE_IRQ, vector, mode, 0, 0);
	dev->host_ops->msi_fire(dev->host, mode, vector);
}

void pcidev_irq(struct pcidev *dev, unsigned int vector)
{
	assert(vector < PCIDEV_NR_VECTORS);
	switch (pcidev_irq_mode(dev)) {
	case PCIDEV_IRQ_MSIX:
		if (is_masked(dev, vector))
			dev->pending |= 1U << vector;
		else
			fire(dev, PCIDEV_IRQ_MSIX, vector);
		break;
	case PCIDEV_IRQ_MSI:
		fire(dev, PCIDEV_IRQ_MSI, 0);
		break;
	case PCIDEV_IRQ_INTX:
		break;
	}
}

static void fire_pending(struct pcidev *dev)
{
	unsigned int v;

	if (pcidev_irq_mode(dev) != PCIDEV_IRQ_MSIX)
		return;
	for (v = 0; v < PCIDEV_NR_VECTORS; v++) {
		if (!(dev->pending & 1U << v) || is_masked(dev, v))
			continue;
		dev->pending &= ~(1U << v);
		fire(dev, PCIDEV_IRQ_MSIX, v);
	}
}

static void update_wire(struct pcidev *dev)
{
	bool level = dev->intx && !dev->gone &&
		     pcidev_irq_mode(dev) == PCIDEV_IRQ_INTX &&
		     !(cfg16(dev, CFG_COMMAND) & CFG_COMMAND_INTX_OFF);

	if (level == dev->intx_wire)
		return;
	dev->intx_wire = level;
	trace_add(dev->jp, TRACE_INTX, level, 0, 0, 0);
	if (dev->host_ops)
		dev->host_ops->intx_level(dev->host, level);
}

void pcidev_intx(struct pcidev *dev, bool level)
{
	dev->intx = level;
	update_wire(dev);
}

void pcidev_msix_mask(struct pcidev *dev, unsigned int vector, bool masked)
{
	assert(vector < PCIDEV_NR_VECTORS);
	if (masked)
		dev->msix_masked |= 1U << vector;
	else
		dev->msix_masked &= ~(1U << vector);
	fire_pending(dev);
}

/* ---- life ---- */

/* What follows from the configuration space, after any change of it. */
static void cfg_changed(struct pcidev *dev)
{
	bool master = is_master(dev) && dev->host_ops;

	if (master != dev->mem.enabled)
		mem_enable(&dev->mem, master);
	fire_pending(dev);
	update_wire(dev);
}

void pcidev_init(struct pcidev *dev, const struct pcidev_id *id,
		 struct judge_port *jp)
{
	memset(dev, 0, sizeof(*dev));
	dev->id = *id;
	dev->jp = jp;
	mem_init(&dev->mem, NULL, NULL);
	pcidev_reset(dev, PCIDEV_RESET_POWER);
}

void pcidev_fini(struct pcidev *dev)
{
	mem_fini(&dev->mem);
}

void pcidev_attach_chip(struct pcidev *dev, const struct pcidev_ops *ops,
			void *chip)
{
	dev->ops = ops;
	dev->chip = chip;
}

void pcidev_reset(struct pcidev *dev, enum pcidev_reset why)
{
	trace_add(dev->jp, TRACE_RESET, why, 0, 0, 0);
	cfg_init(dev);
	memset(dev->table, 0, sizeof(dev->table));
	dev->msix_masked = dev->host_table ? 0 : ALL_VECTORS;
	dev->pending = 0;
	dev->intx = false;
	cfg_changed(dev);
	if (dev->ops)
		dev->ops->reset(dev->chip, why);
}

void pcidev_attach_host(struct pcidev *dev, const struct pcidev_host_ops *ops,
			void *host)
{
	dev->host_ops = ops;
	dev->host = host;
	trace_add(dev->jp, TRACE_VM, 1, 0, 0, 0);
	pcidev_reset(dev, PCIDEV_RESET_POWER);
}

void pcidev_detach_host(struct pcidev *dev)
{
	dev->host_ops = NULL;
	dev->host = NULL;
	mem_enable(&dev->mem, false);
	mem_unmap_all(&dev->mem);
	trace_add(dev->jp, TRACE_VM, 0, 0, 0, 0);
	pcidev_reset(dev, PCIDEV_RESET_POWER);
}

void pcidev_set_gone(struct pcidev *dev, bool gone)
{
	dev->gone = gone;
	cfg_changed(dev);
}

/* ---- configuration access ---- */

void pcidev_cfg_read(struct pcidev *dev, uint32_t off, void *buf, size_t len)
{
	uint8_t *to = buf;
	uint8_t status = dev->cfg[CFG_STATUS];
	size_t i;

	if (dev->intx && pcidev_irq_mode(dev) == PCIDEV_IRQ_INTX)
		status |= CFG_STATUS_INTX;
	for (i = 0; i < len; i++) {
		uint64_t at = (uint64_t)off + i;

		if (dev->gone)
			to[i] = 0xff;
		else if (at == CFG_STATUS)
			to[i] = status;
		else
			to[i] = at < PCIDEV_CFG_SIZE ? dev->cfg[at] : 0;
	}
}

void pcidev_cfg_write(struct pcidev *dev, uint32_t off, const void *buf,
		      size_t len)
{
	const uint8_t *from = buf;
	bool flr = false;
	size_t i;

	if (dev->gone)
		return;
	trace_add(dev->jp, TRACE_CFG_WRITE, off, (uint32_t)len,
		  len >= 4 ? get_le32(from) :
		  len >= 2 ? get_le16(from) :
		  len	   ? from[0] :
			     0,
		  0);
	for (i = 0; i < len && (uint64_t)off + i < PCIDEV_CFG_SIZE; i++) {
		size_t at = off + i;
		uint8_t wmask = dev->wmask[at];

		dev->cfg[at] =
			(uint8_t)((dev->cfg[at] & ~wmask) | (from[i] & wmask));
		if (at == CFG_EXP_DEVCTL + 1 && from[i] & 0x80)
			flr = true;
	}
	/* Only a 2532 says that it can do a function-level reset. */
	if (flr && get_le32(&dev->cfg[CFG_EXP + 4]) & 1U << 28)
		pcidev_reset(dev, PCIDEV_RESET_BUS);
	else
		cfg_changed(dev);
}

/* ---- register access ---- */

static uint64_t all_ones(unsigned int size)
{
	return size == 8 ? UINT64_MAX : (1ULL << 8 * size) - 1;
}

/* The guest reaches registers only where and when it has switched them on. */
static bool is_reachable(struct pcidev *dev, unsigned int bar, uint32_t off,
			 unsigned int size)
{
	uint32_t limit = bar == PCIDEV_BAR_IO ? PCIDEV_BAR_IO_SIZE :
						PCIDEV_BAR_MEM_SIZE;
	uint16_t need = bar == PCIDEV_BAR_IO ? CFG_COMMAND_IO : CFG_COMMAND_MEM;

	if (dev->gone)
		return false;
	if ((size != 1 && size != 2 && size != 4 && size != 8) ||
	    bar > PCIDEV_BAR_MEM || off >= limit || size > limit - off ||
	    off % size) {
		judge_raise(dev->jp, VERDICT_BAR_ACCESS,
			    "BAR %u offset %Xh size %u", bar, off, size);
		return false;
	}
	if (!(cfg16(dev, CFG_COMMAND) & need) || !is_awake(dev)) {
		judge_raise(dev->jp, VERDICT_BAR_DISABLED, "BAR %u offset %Xh",
			    bar, off);
		return false;
	}
	return true;
}

static uint32_t msix_read(const struct pcidev *dev, uint32_t off)
{
	uint32_t v = off - PCIDEV_MSIX_TABLE;

	if (dev->id.irq < PCIDEV_IRQ_MSIX)
		return 0;
	if (v < sizeof(dev->table)) {
		if (v % 16 == 12)
			return dev->msix_masked >> (v / 16) & 1;
		return get_le32(&dev->table[v]);
	}
	return off == PCIDEV_MSIX_PBA ? dev->pending : 0;
}

static void msix_write(struct pcidev *dev, uint32_t off, uint32_t val)
{
	uint32_t v = off - PCIDEV_MSIX_TABLE;

	if (dev->id.irq < PCIDEV_IRQ_MSIX || v >= sizeof(dev->table))
		return;
	put_le32(&dev->table[v], val);
	if (v % 16 == 12)
		pcidev_msix_mask(dev, v / 16, val & 1);
}

uint64_t pcidev_bar_read(struct pcidev *dev, unsigned int bar, uint32_t off,
			 unsigned int size)
{
	if (!is_reachable(dev, bar, off, size))
		return all_ones(size);
	if (size == 8)
		return pcidev_bar_read(dev, bar, off, 4) |
		       pcidev_bar_read(dev, bar, off + 4, 4) << 32;
	if (bar == PCIDEV_BAR_MEM && off >= PCIDEV_MSIX_TABLE)
		return msix_read(dev, off & ~3U) >> 8 * (off & 3) &
		       all_ones(size);
	dev->jp->n.reg_reads[off / 2]++;
	return dev->ops->bar_read(dev->chip, bar, off, size) & all_ones(size);
}

void pcidev_bar_write(struct pcidev *dev, unsigned int bar, uint32_t off,
		      unsigned int size, uint64_t val)
{
	if (!is_reachable(dev, bar, off, size))
		return;
	if (size == 8) {
		pcidev_bar_write(dev, bar, off, 4, (uint32_t)val);
		pcidev_bar_write(dev, bar, off + 4, 4, val >> 32);
		return;
	}
	if (bar == PCIDEV_BAR_MEM && off >= PCIDEV_MSIX_TABLE) {
		/* The table takes whole words only. [PCI 3.0 6.8.2, D] */
		if (size == 4)
			msix_write(dev, off, (uint32_t)val);
		else
			judge_raise(dev->jp, VERDICT_BAR_ACCESS,
				    "MSI-X table written by %u bytes", size);
		return;
	}
	dev->jp->n.reg_writes[off / 2]++;
	trace_add(dev->jp, TRACE_REG_WRITE, bar, off, size, (uint32_t)val);
	dev->ops->bar_write(dev->chip, bar, off, size,
			    (uint32_t)(val & all_ones(size)));
}

/* ---- DMA ---- */

void pcidev_dma_fault(struct pcidev *dev, size_t len, bool write)
{
	static const enum verdict verdicts[] = {
		[MEM_WHY_NONE] = VERDICT_DMA_UNMAPPED,
		[MEM_WHY_UNMAPPED] = VERDICT_DMA_UNMAPPED,
		[MEM_WHY_PROT] = VERDICT_DMA_PROT,
		[MEM_WHY_MASTER] = VERDICT_DMA_NO_MASTER,
	};

	/* A card pulled out, or a guest that died, did nothing wrong. */
	if (dev->gone || !dev->host_ops)
		return;
	judge_raise(dev->jp, verdicts[dev->mem.why],
		    "%s of %zu bytes at %" PRIx64, write ? "write" : "read",
		    len, dev->mem.bad_iova);
}

int pcidev_dma_read(struct pcidev *dev, uint64_t iova, void *buf, size_t len)
{
	if (mem_read(&dev->mem, iova, buf, len)) {
		pcidev_dma_fault(dev, len, false);
		return -EFAULT;
	}
	dev->jp->n.dma_read_bytes += len;
	return 0;
}

int pcidev_dma_write(struct pcidev *dev, uint64_t iova, const void *buf,
		     size_t len)
{
	if (mem_write(&dev->mem, iova, buf, len)) {
		pcidev_dma_fault(dev, len, true);
		return -EFAULT;
	}
	dev->jp->n.dma_write_bytes += len;
	return 0;
}

void *pcidev_dma_at(struct pcidev *dev, uint64_t iova, size_t len, bool write)
{
	void *p = mem_at(&dev->mem, iova, len, write);

	if (!p)
		pcidev_dma_fault(dev, len, write);
	else if (write)
		dev->jp->n.dma_write_bytes += len;
	else
		dev->jp->n.dma_read_bytes += len;
	return p;
}

int pcidev_dma_copy(struct pcidev *dst, uint64_t dst_iova, struct pcidev *src,
		    uint64_t src_iova, size_t len)
{
	int ret = mem_copy(&dst->mem, dst_iova, &src->mem, src_iova, len);

	if (ret) {
		pcidev_dma_fault(ret == -EFAULT ? src : dst, len,
				 ret != -EFAULT);
		return ret;
	}
	src->jp->n.dma_read_bytes += len;
	dst->jp->n.dma_write_bytes += len;
	return 0;
}
