// SPDX-License-Identifier: GPL-2.0
/* Register procedures of the 2400 family on a card that is an array. */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"

#include <linux/errno.h>
#include <linux/string.h>

#include "chip/isp_codec_2400.h"
#include "core/isp_hba.h"

#define SIZE 0xc0U
#define CTRL 0x08U
#define HOST_STATUS 0x44U
#define HCCR 0x48U
#define MBOX 0x80U
#define NR_LOG 64U
#define TRIES 2000U

static u8 reg[SIZE];
static struct {
	u32 off;
	u32 val;
} wrote[NR_LOG];
static unsigned int nr_wrote, nr_read;
static struct isp_hba hba;

void *isp_cursor_next(struct isp_cursor *cur)
{
	return NULL;
}

static u32 get(void *priv, u32 off, unsigned int size)
{
	u32 val = 0;

	nr_read++;
	memcpy(&val, reg + off, size);
	return val;
}

static void put(void *priv, u32 off, unsigned int size, u32 val)
{
	if (nr_wrote < NR_LOG) {
		wrote[nr_wrote].off = off;
		wrote[nr_wrote].val = val;
	}
	nr_wrote++;
}

static const struct shim_io_ops io = { .read = get, .write = put };

static u64 host_now(void)
{
	return 0;
}

static void host_alarm(u64 at)
{
}

static void host_soon(void)
{
}

static const struct shim_host host = {
	.now_ns = (uint64_t(*)(void))host_now,
	.alarm = (void (*)(uint64_t))host_alarm,
	.soon = host_soon,
};

static void start(const struct isp_chip_ops *chip)
{
	shim_init(&host);
	memset(&hba, 0, sizeof(hba));
	memset(reg, 0, sizeof(reg));
	hba.chip = chip;
	hba.regs = shim_io_map(SIZE, &io, NULL);
	nr_wrote = 0;
	nr_read = 0;
}

static unsigned int stop(void)
{
	shim_io_unmap(hba.regs);
	return shim_fini();
}

static void set32(u32 off, u32 val)
{
	memcpy(reg + off, &val, sizeof(val));
}

static void set_mbox(unsigned int i, u16 val)
{
	memcpy(reg + MBOX + 2 * i, &val, sizeof(val));
}

static bool last_write(u32 off, u32 val)
{
	return nr_wrote && nr_wrote <= NR_LOG &&
	       wrote[nr_wrote - 1].off == off && wrote[nr_wrote - 1].val == val;
}

static void test_irq(const struct isp_chip_ops *chip)
{
	static const struct {
		u32 status;
		enum isp_irq_kind kind;
	} kinds[] = {
		{ 0x00000000, ISP_IRQ_NONE },
		{ 0x0000001c, ISP_IRQ_NONE },
		{ 0x00008001, ISP_IRQ_MBOX },
		{ 0x00008002, ISP_IRQ_MBOX },
		{ 0x40008010, ISP_IRQ_MBOX },
		{ 0x40008011, ISP_IRQ_MBOX },
		{ 0x00008013, ISP_IRQ_RSP },
		{ 0x00008014, ISP_IRQ_RSP },
		{ 0x0000801c, ISP_IRQ_ATIO },
		{ 0x0000801d, ISP_IRQ_ATIO_RSP },
		{ 0x00000100, ISP_IRQ_PAUSED },
		{ 0x00008113, ISP_IRQ_PAUSED },
		{ 0xffffffff, ISP_IRQ_GONE },
		{ 0x00008077, ISP_IRQ_UNKNOWN },
	};
	unsigned int i, good = 0;
	struct isp_irq irq;

	start(chip);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		set32(HOST_STATUS, kinds[i].status);
		nr_read = 0;
		chip->irq_fetch(&hba, &irq);
		if (irq.kind == kinds[i].kind && nr_read == 1)
			good++;
		else
			printf("# %08x: %d, %u reads\n", kinds[i].status,
			       irq.kind, nr_read);
	}
	tap_ok(good == ARRAY_SIZE(kinds),
	       "%s: %u reasons of an interrupt, one read each", chip->family,
	       good);
	set32(HOST_STATUS, 0x80148012);
	set_mbox(1, 0x1111);
	set_mbox(2, 0x2222);
	set_mbox(3, 0x3333);
	chip->irq_fetch(&hba, &irq);
	tap_ok(irq.kind == ISP_IRQ_AEN && irq.mb[0] == 0x8014 &&
		       irq.mb[1] == 0x1111 && irq.mb[2] == 0x2222 &&
		       irq.mb[3] == 0x3333,
	       "%s: an event and what it says", chip->family);
	chip->irq_ack(&hba);
	tap_ok(nr_wrote == 1 && last_write(HCCR, 0xa0000000),
	       "%s: the clear is one write", chip->family);
	chip->irq_enable(&hba, true);
	tap_ok(last_write(0x0c, 8), "%s: interrupts on", chip->family);
	chip->irq_enable(&hba, false);
	tap_ok(last_write(0x0c, 0), "%s: and off", chip->family);
	tap_ok(!stop(), "%s: no misuse", chip->family);
}

static void test_mbox(const struct isp_chip_ops *chip)
{
	struct isp_mbox mbx = { .nr_out = 3 };
	unsigned int i, good = 0;

	start(chip);
	for (i = 0; i < ISP_NR_MBOX; i++)
		mbx.in[i] = (u16)(0x100 + i);
	chip->mbox_write(&hba, &mbx);
	for (i = 0; i < ISP_NR_MBOX; i++)
		good += wrote[i].off == MBOX + 2 * i &&
			wrote[i].val == 0x100 + i;
	tap_ok(good == ISP_NR_MBOX && nr_wrote == good + 1 &&
		       last_write(HCCR, 0x50000000),
	       "%s: 32 mailboxes are written, then the chip is told",
	       chip->family);
	set_mbox(0, 0x4000);
	set_mbox(2, 0x1234);
	set_mbox(3, 0x5678);
	chip->mbox_read(&hba, &mbx);
	tap_ok(mbx.out[0] == 0x4000 && mbx.out[2] == 0x1234 && !mbx.out[3],
	       "%s: as many are read as were wanted", chip->family);
	memset(&mbx, 0, sizeof(mbx));
	chip->mbox_load(&mbx, 0x00123456, 0x00019abc, 0x1122334455667788ULL);
	tap_ok(mbx.in[0] == 0x0b && mbx.in[1] == 0x3456 && mbx.in[8] == 0x12 &&
		       mbx.in[4] == 1 && mbx.in[5] == 0x9abc &&
		       mbx.in[2] == 0x5566 && mbx.in[3] == 0x7788 &&
		       mbx.in[6] == 0x1122 && mbx.in[7] == 0x3344,
	       "%s: load: where to, how much, where from", chip->family);
	memset(&mbx, 0, sizeof(mbx));
	chip->mbox_exec(&mbx, 0x00123456);
	tap_ok(mbx.in[0] == 2 && mbx.in[1] == 0x12 && mbx.in[2] == 0x3456,
	       "%s: start: where", chip->family);
	memset(&mbx, 0, sizeof(mbx));
	chip->mbox_verify(&mbx, 0x00123456);
	tap_ok(mbx.in[0] == 7 && mbx.in[1] == 0x12 && mbx.in[2] == 0x3456,
	       "%s: verify: what", chip->family);
	tap_ok(!stop(), "%s: no misuse", chip->family);
}

static void test_pointers(const struct isp_chip_ops *chip)
{
	unsigned int i, zeroed = 0;

	start(chip);
	chip->ptr_write(&hba, ISP_RING_REQ, 5);
	tap_ok(last_write(0x1c, 5), "%s: request in-pointer", chip->family);
	chip->ptr_write(&hba, ISP_RING_RSP, 6);
	tap_ok(last_write(0x28, 6), "%s: response out-pointer", chip->family);
	chip->ptr_write(&hba, ISP_RING_ATIO, 7);
	tap_ok(last_write(0x40, 7) && !nr_read,
	       "%s: ATIO out-pointer; nothing is read back", chip->family);
	set32(0x20, 11);
	set32(0x24, 12);
	set32(0x3c, 13);
	tap_ok(chip->ptr_read(&hba, ISP_RING_REQ) == 11 &&
		       chip->ptr_read(&hba, ISP_RING_RSP) == 12 &&
		       chip->ptr_read(&hba, ISP_RING_ATIO) == 13,
	       "%s: the chip's three", chip->family);
	nr_wrote = 0;
	chip->ptr_reset(&hba);
	for (i = 0; i < nr_wrote && i < NR_LOG; i++)
		zeroed += !wrote[i].val && wrote[i].off >= 0x1c &&
			  wrote[i].off <= 0x40;
	tap_ok(zeroed == 6 && nr_wrote == 6, "%s: all six are zeroed",
	       chip->family);
	tap_ok(!stop(), "%s: no misuse", chip->family);
}

/* How many steps a reset goes on as the registers are now. */
static unsigned int steps(struct isp_step *step, int *ret)
{
	unsigned int nr = 0;

	do {
		*ret = hba.chip->reset(&hba, step);
	} while (*ret > 0 && ++nr < TRIES);
	return nr;
}

static bool soft_reset_wanted(void)
{
	unsigned int i;

	for (i = 0; i < nr_wrote && i < NR_LOG; i++)
		if (wrote[i].off == CTRL && wrote[i].val & 1)
			return true;
	return false;
}

static void test_reset(const struct isp_chip_ops *chip)
{
	struct isp_step step = { 0 };
	unsigned int nr;
	int ret;

	start(chip);
	set32(CTRL, 0x20000 | 0x8000);
	for (nr = 0; nr < 100; nr++)
		ret = chip->reset(&hba, &step);
	tap_ok(ret > 0 && !soft_reset_wanted() && hba.func == 1,
	       "%s: no reset while the chip moves data", chip->family);
	set32(CTRL, 0x8001);
	for (nr = 0; nr < 100; nr++)
		ret = chip->reset(&hba, &step);
	tap_ok(ret > 0 && soft_reset_wanted() && !last_write(HCCR, 0x20000000),
	       "%s: then a reset, waited for", chip->family);
	set32(CTRL, 0x8000);
	set_mbox(0, 4);
	for (nr = 0; nr < 100; nr++)
		ret = chip->reset(&hba, &step);
	tap_ok(ret > 0 && !last_write(HCCR, 0x20000000),
	       "%s: as long as mailbox 0 says busy", chip->family);
	set_mbox(0, 0);
	ret = chip->reset(&hba, &step);
	tap_ok(ret > 0 && last_write(HCCR, 0x20000000) && nr_wrote >= 5 &&
		       wrote[nr_wrote - 3].val == 0x10000000 &&
		       wrote[nr_wrote - 2].val == 0x40000000,
	       "%s: the processor is reset and let go", chip->family);
	set_mbox(0, 4);
	tap_ok(chip->reset(&hba, &step) > 0, "%s: the ROM is waited for",
	       chip->family);
	set_mbox(0, 0);
	tap_ok(!chip->reset(&hba, &step), "%s: there it is", chip->family);

	memset(&step, 0, sizeof(step));
	nr_wrote = 0;
	set32(CTRL, 0x20000);
	nr = steps(&step, &ret);
	tap_ok(!ret && nr > 100 && nr < TRIES && soft_reset_wanted(),
	       "%s: one that moves data for ever is reset all the same",
	       chip->family);
	memset(&step, 0, sizeof(step));
	set32(CTRL, 1);
	nr = steps(&step, &ret);
	tap_ok(ret == -ETIMEDOUT && nr < TRIES,
	       "%s: one that does not come out of its reset: given up",
	       chip->family);
	memset(&step, 0, sizeof(step));
	set32(CTRL, 0xffffffff);
	steps(&step, &ret);
	tap_ok(ret == -ENODEV, "%s: all ones: it is not there", chip->family);
	tap_ok(!stop(), "%s: no misuse", chip->family);
}

static void test_flash(const struct isp_chip_ops *chip, u32 base)
{
	u32 val = 7, nr = 0, first, second;

	start(chip);
	chip->flash_start(&hba, 0xfff48000);
	tap_ok(last_write(0, 0x7ff48000), "%s: flash is asked", chip->family);
	tap_ok(!chip->flash_poll(&hba, &val) && val == 7, "%s: nothing yet",
	       chip->family);
	set32(0, 0x80000000);
	set32(4, 0x12345678);
	tap_ok(chip->flash_poll(&hba, &val) && val == 0x12345678,
	       "%s: there it is", chip->family);
	first = chip->nvram_addr(&hba, &nr);
	hba.func = 1;
	second = chip->nvram_addr(&hba, &nr);
	tap_ok(first == base + 0x80 && second == base + 0x180 && nr == 128,
	       "%s: NVRAM of either function (%08x %08x)", chip->family, first,
	       second);
	tap_ok(!stop(), "%s: no misuse", chip->family);
}

static void test_chip(const struct isp_chip_ops *chip, u32 nvram)
{
	test_irq(chip);
	test_mbox(chip);
	test_pointers(chip);
	test_reset(chip);
	test_flash(chip, nvram);
}

int main(void)
{
	test_chip(&isp_chip_2400_ops, 0x7ffe0000);
	test_chip(&isp_chip_2500_ops, 0x7ff48000);
	return tap_end();
}
