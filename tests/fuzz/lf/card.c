// SPDX-License-Identifier: GPL-2.0
/*
 * A chip gone wild under the whole driver (core, chip, target role, an engine
 * on top): mailbox answers, asynchronous events, interrupts, ring entries,
 * handles, ring pointers and any register, in any state of the adapter. What an
 * administrator may do comes in between. Whatever happened: a chip that works
 * again is in use again, and the driver goes and leaves nothing behind.
 */
#include "fake.h"

#include "base.h"

#define MAX_OPS 64U
#define INI_ID 0x010500U
#define INI_WWPN 0x2100000000000aaaULL

static struct fuzz_in in;
static unsigned int keep; /* the next so many entries are kept back */
static unsigned int spoil; /* and so many are spoilt on their way back */

static const uint16_t events[] = {
	0x8001, 0x8002, 0x8003, 0x8004, 0x8005, 0x8010, 0x8011, 0x8012,
	0x8013, 0x8014, 0x8015, 0x8016, 0x8017, 0x8030, 0x8036, 0x8049,
};
static const uint8_t causes[] = {
	0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x14, 0x1c, 0x1d, 0x00, 0xff,
};
static const uint8_t regs[] = {
	0x00, 0x04, 0x08, 0x20, 0x24, 0x3c, 0x44, 0x80,
	0x82, 0x84, 0x86, 0x88, 0x8c, 0x8e, 0x96,
};

/* ---- what the driver sends comes back ---- */

static bool entry(struct fake *f, const uint8_t *e, unsigned int nr,
		  uint8_t *back)
{
	(void)f;
	(void)e;
	(void)nr;
	if (!back)
		return true;
	if (spoil) {
		spoil--;
		fuzz_patch(&in, back, FAKE_ENTRY);
	}
	if (!keep)
		return true;
	keep--;
	return false;
}

static void ct(struct fake *f, uint16_t code, uint8_t *rsp, uint32_t room)
{
	(void)f;
	(void)code;
	(void)room;
	if (spoil)
		fuzz_patch(&in, rsp, 64);
}

static const struct fake_ops ops = { entry, ct };

/* ---- what comes unasked ---- */

static void make_atio(uint8_t *e)
{
	uint8_t what = fuzz_u8(&in);

	e[0] = 0x06;
	e[1] = 1;
	put_le16(e + 2, 24 + 32);
	put_le32(e + 4, fuzz_u8(&in));
	put_be32(e + 8, FAKE_ID);
	put_be32(e + 12, INI_ID);
	e[0x2b] = what & 1 ? 2 : 1;
	e[0x2c] = what & 1 ? 0x28 : 0x2a;
	e[0x31] = what >> 1 & 15;
	e[0x34] = what >> 5;
	put_be32(e + 0x3c, 512U * (what >> 5));
}

static void make_notify(uint8_t *e)
{
	static const uint8_t els[] = { 0x03, 0x20, 0x05, 0x21, 0x50, 0x52 };
	uint8_t what = fuzz_u8(&in);

	e[0] = 0x0d;
	e[1] = 1;
	put_le16(e + 8, 5);
	e[0x10] = what < 0xc0 ? 0x46 : 0x0e + (what & 0x3f);
	e[0x12] = els[what % sizeof(els)];
	e[0x20] = 0x22;
	put_be64(e + 0x28, INI_WWPN + (what >> 4 & 3));
	put_le32(e + 0x38, INI_ID);
}

static void make_abts(uint8_t *e)
{
	e[0] = 0x54;
	e[1] = 1;
	put_le16(e + 10, 5);
	put_le32(e + 0x10, 0x1000U + fuzz_u8(&in));
	put_le32(e + 0x14, FAKE_ID);
	put_le32(e + 0x18, INI_ID);
	put_le32(e + 0x3c, fuzz_u8(&in));
}

static void make_report(uint8_t *e)
{
	e[0] = 0x32;
	e[1] = 1;
	put_le32(e + 12, FAKE_ID | 1U << 24);
	e[0x11] = fuzz_u8(&in);
	put_be64(e + 0x28, INI_WWPN);
}

/* One that is at the chip, or a handle of the chip's own making. */
static void make_done(struct fake *f, uint8_t *e)
{
	static const uint8_t types[] = { 0x12, 0x0e, 0x55, 0x52, 0x29, 0x04 };
	uint8_t what = fuzz_u8(&in);

	if (f->nr_held && what & 0x80) {
		memcpy(e, f->held[what % f->nr_held], FAKE_ENTRY);
		return;
	}
	e[0] = types[what % sizeof(types)];
	e[1] = 1;
	put_le32(e + 4, fuzz_u32(&in));
}

static void put(struct fake *f, uint8_t what)
{
	uint8_t e[4 * FAKE_ENTRY] = { 0 };
	enum fake_ring ring = FAKE_ATIO;

	switch (what % 8) {
	case 0:
	case 1:
		make_atio(e);
		break;
	case 2:
		make_notify(e);
		break;
	case 3:
		make_abts(e);
		ring = FAKE_RSP;
		break;
	case 4:
		make_report(e);
		ring = FAKE_RSP;
		break;
	case 5:
	case 6:
		make_done(f, e);
		ring = FAKE_RSP;
		break;
	default:
		fuzz_patch(&in, e, FAKE_ENTRY);
	}
	if (what & 0x40)
		fuzz_patch(&in, e, FAKE_ENTRY);
	if (what & 0x80)
		ring = ring == FAKE_RSP ? FAKE_ATIO : FAKE_RSP;
	fake_put(f, ring, e, 1 + (what >> 4 & 3));
}

/* Into the ring, but not where the next one belongs, or without a word. */
static void scribble(struct fake *f, uint8_t what)
{
	enum fake_ring ring = what & 1 ? FAKE_RSP : FAKE_ATIO;
	uint8_t *e;

	if (!f->ring[ring])
		return;
	e = f->ring[ring] +
	    (size_t)((f->at[ring] + (what >> 1 & 3)) & (f->nr[ring] - 1)) *
		    FAKE_ENTRY;
	fuzz_patch(&in, e, FAKE_ENTRY);
	if (what & 8)
		e[1] = fuzz_u8(&in);
	if (what & 0x10)
		f->at[ring] = (f->at[ring] + (what >> 5) * 3U) &
			      (f->nr[ring] - 1);
}

/* ---- what an administrator does ---- */

static void administer(struct fake *f, uint8_t what)
{
	switch (what % 12) {
	case 0:
		drv_enable(f->drv);
		break;
	case 1:
		drv_disable(f->drv);
		break;
	case 2:
		drv_rescan(f->drv);
		break;
	case 3:
		drv_suspend(f->drv);
		break;
	case 4:
		drv_resume(f->drv);
		break;
	case 5:
		drv_pci_error(f->drv);
		break;
	case 6:
		drv_hold(f->drv, what & 0x10);
		break;
	case 7:
		drv_lazy(f->drv, what & 0x10);
		break;
	case 8:
		drv_refuse(f->drv, what >> 4);
		break;
	case 9:
		drv_pci_resume(f->drv);
		break;
	default:
		break;
	}
}

static void event(struct fake *f, uint8_t what)
{
	uint16_t mb[4];

	mb[0] = what & 0x80 ? fuzz_u16(&in) : events[what % ARRAY_SIZE(events)];
	mb[1] = fuzz_u8(&in);
	mb[2] = what & 0x40 ? fuzz_u16(&in) : 0;
	mb[3] = mb[2];
	fake_aen(f, mb);
}

static void interrupt(struct fake *f, uint8_t what)
{
	uint32_t status = 0x8000U | causes[what % sizeof(causes)];

	if (what & 0x80)
		status = fuzz_u32(&in);
	else if (what & 0x40)
		status |= (uint32_t)fuzz_u16(&in) << 16;
	fake_irq(f, status);
}

static void lie(struct fake *f, uint8_t what)
{
	uint32_t off = regs[(what & 15) % sizeof(regs)];
	uint32_t val = what & 0x80 ? 0xffffffff : fuzz_u32(&in);

	fake_lie(f, off, val, 1U << (what >> 4 & 7));
}

static void one_op(struct fake *f)
{
	static const uint16_t times[] = { 0,	1,    20,    300,
					  1500, 6000, 20000, 65000 };
	uint8_t op = fuzz_u8(&in);
	uint8_t what = fuzz_u8(&in);

	switch (op % 16) {
	case 0:
	case 1:
	case 2:
	case 3:
		put(f, what);
		break;
	case 4:
		scribble(f, what);
		break;
	case 5:
	case 6:
		event(f, what);
		break;
	case 7:
		interrupt(f, what);
		break;
	case 8:
	case 9:
		lie(f, what);
		break;
	case 10:
		f->lose = what % 4;
		break;
	case 11:
		keep = what % 8;
		spoil = what / 8 % 8;
		break;
	case 12:
		if (f->nr_held)
			fake_back(f, what % f->nr_held);
		break;
	case 13:
		administer(f, what);
		break;
	default:
		break;
	}
	fake_run(f, times[op >> 5]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fake_setup setup = { .device = 0x2532 };
	struct fake *f;
	unsigned int i;
	uint8_t head;

	in = (struct fuzz_in){ data, len };
	keep = 0;
	spoil = 0;
	head = fuzz_u8(&in);
	setup.no_file = head & 1;
	setup.msix = head & 2;
	if (head & 4)
		setup.device = 0x2432;
	f = fake_begin(&ops, &setup);
	/* Some begin on a chip that has just been found. */
	if ((head & 0x18) != 0x18) {
		fake_run(f, 100);
		fuzz_want(!drv_enable(f->drv));
		fake_run(f, 1000);
		fuzz_want(!strcmp(drv_link(f->drv), "up"));
	}
	for (i = 0; i < MAX_OPS && in.left; i++)
		one_op(f);
	fake_heal(f);
	fake_end(f);
	return 0;
}
