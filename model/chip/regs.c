// SPDX-License-Identifier: GPL-2.0
/* The register block: reads, writes, resets, host commands. */
#include "chip/chip_int.h"

#include "spec/spec.h"

#include <assert.h>

#define NO_REG 0xffU

/* spec_regs[] by offset / 2, made at the first use; never changes later. */
static uint8_t by_off[REG_END / 2];
static bool by_off_made;

static const struct spec_reg *find(uint32_t off)
{
	if (!by_off_made) {
		memset(by_off, NO_REG, sizeof(by_off));
		assert(spec_nr_regs < NO_REG);
		for (size_t i = 0; i < spec_nr_regs; i++)
			for (unsigned int k = 0; k < spec_regs[i].width; k += 2)
				by_off[(spec_regs[i].off + k) / 2] = (uint8_t)i;
		by_off_made = true;
	}
	if (off >= REG_END || by_off[off / 2] == NO_REG)
		return NULL;
	return &spec_regs[by_off[off / 2]];
}

static bool is_window(uint32_t off)
{
	return off >= REG_WINDOW;
}

/* ---- reads ---- */

static uint16_t read_mbox(struct chip *c, uint32_t off)
{
	unsigned int i = (off - REG_MBOX0) / 2;

	if (i == 0 && c->mbox.boot_reads) {
		c->mbox.boot_reads--;
		return CHIP_BOOT_BUSY;
	}
	return c->mbox.out[i];
}

static uint32_t read_ctrl(struct chip *c)
{
	uint32_t val = c->reg[REG_CTRL / 4] &
		       ~(CTRL_SOFT_RESET | CTRL_FUNCTION);

	if (c->soft_reset_reads) {
		c->soft_reset_reads--;
		val |= CTRL_SOFT_RESET;
	}
	if (c->s.fn)
		val |= CTRL_FUNCTION;
	return val;
}

static uint32_t read_hccr(const struct chip *c)
{
	return (c->state == CHIP_RESET ? HCCR_RISC_RESET : 0) |
	       (c->mbox.posted ? HCCR_HOST_INT : 0);
}

static uint32_t read_reg(struct chip *c, uint32_t off)
{
	switch (off) {
	case REG_CTRL:
		return read_ctrl(c);
	case REG_ISTAT:
		return irq_is_pending(c) ? ISTAT_RISC_INT : 0;
	case REG_REQ_IN:
		return c->req.in;
	case REG_REQ_OUT:
		return c->req.out;
	case REG_RSP_IN:
		return c->rsp.in;
	case REG_RSP_OUT:
		return c->rsp.out;
	case REG_ATIO_IN:
		return c->atio.in;
	case REG_ATIO_OUT:
		return c->atio.out;
	case REG_HOST_STATUS:
		return irq_host_status(c);
	case REG_HCCR:
		return read_hccr(c);
	default:
		return c->reg[off / 4];
	}
}

static void hit(struct chip *c, uint32_t off)
{
	const struct spec_reg *r = find(off);

	if (r)
		cover_hit(c->s.jp, COVER_REG, r->off);
}

static uint32_t bar_read(void *priv, unsigned int bar, uint32_t off,
			 unsigned int size)
{
	struct chip *c = priv;
	uint32_t val;

	(void)bar;
	if (off >= REG_END)
		return 0;
	hit(c, off);
	if (off >= REG_MBOX0 && off <= REG_MBOX31 + 1) {
		val = read_mbox(c, off & ~1U);
		if (size == 4) {
			hit(c, off + 2);
			val |= (uint32_t)read_mbox(c, off + 2) << 16;
		}
	} else {
		val = read_reg(c, off & ~3U) >> 8 * (off & 2);
	}
	val >>= 8 * (off & 1);
	return size == 4 ? val : val & ((1U << 8 * size) - 1);
}

/* ---- resets ---- */

static void all_reset(struct chip *c)
{
	chip_stop(c);
	c->paused = false;
	c->multi_id = false;
	irq_reset(c);
	ring_reset(c);
	mbox_reset(c);
	risc_forget(c);
	if (fault_port_active(&c->fault, FAULT_FW_HANG))
		fault_port_take(&c->fault, FAULT_FW_HANG);
	chip_set_state(c, CHIP_RESET);
}

/**
 * chip_regs_reset() - Everything back to what it is after power-on.
 * @c: chip
 *
 * Context: event loop.
 */
void chip_regs_reset(struct chip *c)
{
	for (size_t i = 0; i < spec_nr_regs; i++)
		c->reg[spec_regs[i].off / 4] = 0;
	all_reset(c);
	c->irq.overtaken = false;
	c->soft_reset_reads = 0;
}

static void soft_reset(struct chip *c)
{
	trace_add(c->s.jp, TRACE_RESET, REG_CTRL, 0, 0, 0);
	c->s.jp->n.resets++;
	c->reg[REG_ICTRL / 4] = 0;
	all_reset(c);
	c->soft_reset_reads = 1;
	c->mbox.boot_reads = CHIP_BOOT_READS;
}

/* ---- writes ---- */

static void risc_run(struct chip *c)
{
	if (c->state != CHIP_RESET)
		return;
	c->mbox.boot_reads = CHIP_BOOT_READS;
	chip_set_state(c, CHIP_ROM);
}

static void write_hccr(struct chip *c, uint32_t val)
{
	switch (val >> 28) {
	case HCCR_CMD_NOP:
		break;
	case HCCR_CMD_RESET:
		if (c->state != CHIP_RESET) {
			trace_add(c->s.jp, TRACE_RESET, REG_HCCR, 0, 0, 0);
			c->s.jp->n.resets++;
			all_reset(c);
		}
		break;
	case HCCR_CMD_RUN:
		risc_run(c);
		break;
	case HCCR_CMD_PAUSE:
		c->paused = true;
		break;
	case HCCR_CMD_RELEASE:
		c->paused = false;
		mbox_resume(c);
		ring_doorbell(c, c->req.in);
		break;
	case HCCR_CMD_HOST_INT:
		mbox_host_int(c);
		break;
	case HCCR_CMD_CLR_HOST_INT:
		break;
	case HCCR_CMD_CLR_RISC_INT:
		irq_clear(c);
		break;
	default:
		judge_raise(c->s.jp, VERDICT_HCCR_UNKNOWN, "command %x",
			    val >> 28);
		break;
	}
}

static void write_ctrl(struct chip *c, uint32_t val)
{
	uint32_t keep = c->reg[REG_CTRL / 4] & CTRL_FLASH_ERROR;

	if (!(val & CTRL_FLASH_ENABLE))
		keep = 0;
	c->reg[REG_CTRL / 4] =
		keep | (val & (0x33U | CTRL_DMA_SHUTDOWN) & ~CTRL_SOFT_RESET);
	if (val & CTRL_SOFT_RESET) {
		c->reg[REG_CTRL / 4] = 0;
		soft_reset(c);
	}
}

/* An index that the chip keeps: the host may only put it to 0 beforehand. */
static void write_owned(struct chip *c, struct chip_ring *r, uint32_t off,
			uint32_t *idx, uint32_t val)
{
	if (r->len)
		judge_raise(c->s.jp, VERDICT_RING_OWNED,
			    "register %02x value %x", off, val);
	else
		*idx = val;
}

static void write_reg(struct chip *c, uint32_t off, uint32_t val)
{
	switch (off) {
	case REG_FLASH_ADDR:
		flash_reg_addr(c, val);
		break;
	case REG_CTRL:
		write_ctrl(c, val);
		break;
	case REG_ICTRL:
		c->reg[off / 4] = val & ICTRL_RISC_INT;
		irq_enable_changed(c);
		break;
	case REG_REQ_IN:
		ring_doorbell(c, val);
		break;
	case REG_REQ_OUT:
		write_owned(c, &c->req, off, &c->req.out, val);
		break;
	case REG_RSP_IN:
		write_owned(c, &c->rsp, off, &c->rsp.in, val);
		break;
	case REG_RSP_OUT:
		ring_out_written(c, &c->rsp, "response", val);
		break;
	case REG_ATIO_IN:
		write_owned(c, &c->atio, off, &c->atio.in, val);
		break;
	case REG_ATIO_OUT:
		ring_out_written(c, &c->atio, "atio", val);
		break;
	case REG_HCCR:
		write_hccr(c, val);
		break;
	default:
		c->reg[off / 4] = val;
		break;
	}
}

static bool write_is_sane(struct chip *c, const struct spec_reg *r,
			  uint32_t off, unsigned int size, uint32_t val)
{
	struct judge_port *jp = c->s.jp;

	if (!r) {
		judge_raise(jp, VERDICT_REG_UNKNOWN, "%u bytes at %02x: %x",
			    size, off, val);
		return false;
	}
	if (size < r->width || (size > r->width && r->width == 4)) {
		judge_raise(jp, VERDICT_REG_WIDTH, "%u bytes to %s", size,
			    r->name);
		return false;
	}
	if (r->off == REG_ISTAT || r->off == REG_HOST_STATUS) {
		judge_raise(jp, VERDICT_REG_RO, "%s: %x", r->name, val);
		return false;
	}
	if (val & r->rsvd)
		judge_raise(jp, VERDICT_REG_RSVD, "%s: %08x, reserved %08x",
			    r->name, val, val & r->rsvd);
	if (is_window(off) && !c->paused) {
		judge_raise(jp, VERDICT_WINDOW_RUNNING, "%s", r->name);
		return false;
	}
	return true;
}

static void bar_write(void *priv, unsigned int bar, uint32_t off,
		      unsigned int size, uint32_t val)
{
	struct chip *c = priv;
	const struct spec_reg *r = find(off);

	(void)bar;
	if (!write_is_sane(c, r, off, size, val))
		return;
	cover_hit(c->s.jp, COVER_REG, r->off);
	if (off >= REG_MBOX0 && off <= REG_MBOX31) {
		c->mbox.in[(off - REG_MBOX0) / 2] = (uint16_t)val;
		if (size == 4)
			c->mbox.in[(off - REG_MBOX0) / 2 + 1] =
				(uint16_t)(val >> 16);
		return;
	}
	write_reg(c, off, val & ~r->rsvd);
}

static void bar_reset(void *priv, enum pcidev_reset why)
{
	struct chip *c = priv;

	trace_add(c->s.jp, TRACE_RESET, 0x100U + (uint32_t)why, 0, 0, 0);
	chip_regs_reset(c);
}

const struct pcidev_ops chip_pcidev_ops = {
	.bar_read = bar_read,
	.bar_write = bar_write,
	.reset = bar_reset,
};
