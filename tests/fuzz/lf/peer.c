// SPDX-License-Identifier: GPL-2.0
/*
 * What peers give to the driver through a chip that is honest: FCP_CMND of any
 * content and length, logins and logouts in any order, ABTS, answers of a name
 * server, links that come and go. No peer may put the adapter into FAULT; each
 * exchange is ended, each notify acknowledged once; no data but what was asked
 * for is moved. In the end a good initiator logs in, writes and reads.
 */
#include "fake.h"

#include "base.h"
#include "shim/shim.h"

#define MAX_OPS 64U
#define NR_XCHG 128U
#define NONE 0xffffffffU
#define GOOD 7U /* the good initiator's number */
#define BLOCK 512U
#define KEPT_NS 20000000000ULL

#define STATUS 0x8000U
#define TERMINATE 0x4000U
#define DATA_IN 2U
#define DATA_OUT 1U

enum kind { NOTHING, COMMAND, ABORT, NOTIFY };

/**
 * struct xchg - an exchange, or a notify; its number is given only once
 * @kind: what began it
 * @open: it is not ended
 * @port_id: peer
 * @dl: bytes that the peer expects
 */
struct xchg {
	enum kind kind;
	bool open;
	uint32_t port_id;
	uint32_t dl;
};

static struct fuzz_in in;
static struct xchg xchgs[NR_XCHG];
static unsigned int nr_xchgs;
static unsigned int keep; /* entries kept back */
static unsigned int fail; /* CTIOs that fail */
static unsigned int nr_wild_ct;
static uint64_t kept_since_ns; /* the oldest that is */
static unsigned int nr_resets; /* until the target was on */
static uint32_t sum; /* of all data read: somebody must look at them */

static uint32_t id_of(unsigned int who)
{
	return 0x010500U + who;
}

static uint64_t wwpn_of(unsigned int who)
{
	return 0x2100000000000aa0ULL + who;
}

static uint32_t begin(enum kind kind, unsigned int who, uint32_t dl)
{
	if (nr_xchgs == NR_XCHG)
		return NONE;
	xchgs[nr_xchgs] = (struct xchg){ kind, true, id_of(who), dl };
	return nr_xchgs++;
}

/* ---- what the driver sends ---- */

static void move(struct fake *f, uint64_t iova, uint32_t len, bool write)
{
	struct shim_dma_hit hit;
	uint8_t *p = fake_memory(iova, len);
	uint32_t i;

	fuzz_want(shim_dma_find(f, iova, &hit));
	fuzz_want(write ? hit.can_write : hit.can_read);
	for (i = 0; i < len; i++) {
		if (write)
			p[i] = (uint8_t)(i + len);
		else
			sum += p[i];
	}
}

static void move_data(struct fake *f, const uint8_t *e, unsigned int nr,
		      const struct xchg *x)
{
	bool write = get_le16(e + 0x1a) & DATA_OUT;
	unsigned int nr_segs = get_le16(e + 0x0c), i;
	uint32_t len = get_le32(e + 0x2c), total = 0;
	const uint8_t *seg = e + 0x34;

	fuzz_want((uint64_t)get_le32(e + 0x24) + len <= x->dl);
	fuzz_want(nr == 1 + (nr_segs + 3) / 5);
	for (i = 0; i < nr_segs; i++) {
		if (i && i % 5 == 1)
			seg = e + (1 + i / 5) * FAKE_ENTRY + 4;
		total += get_le32(seg + 8);
		move(f, get_le64(seg), get_le32(seg + 8), write);
		seg += 12;
	}
	fuzz_want(total == len);
}

static void take_ctio(struct fake *f, const uint8_t *e, unsigned int nr,
		      uint8_t *back)
{
	static const uint8_t codes[] = { 0x02, 0x08, 0x09, 0x0b, 0x0e,
					 0x10, 0x15, 0x29, 0x2a, 0x77 };
	uint32_t num = get_le32(e + 0x14);
	uint16_t flags = get_le16(e + 0x1a);
	struct xchg *x = &xchgs[num % NR_XCHG];
	uint16_t code = 1;

	if (num == NONE)
		return;
	fuzz_want(num < nr_xchgs && x->kind == COMMAND);
	fuzz_want((get_le32(e + 0x10) & 0xffffff) == x->port_id);
	if (!x->open)
		code = 0x08;
	else if (fail && !(flags & TERMINATE))
		code = codes[fuzz_u8(&in) % sizeof(codes)];
	if (code != 1 && fail)
		fail--;
	if (code == 1 && !(flags & (0x40 | 0x80)) &&
	    flags & (DATA_IN | DATA_OUT))
		move_data(f, e, nr, x);
	if (code == 0x08 || (code == 1 && flags & (STATUS | TERMINATE)))
		x->open = false;
	if (back)
		put_le16(back + 8, code);
}

static void take_answer(uint32_t num, enum kind kind)
{
	/* To a notify for which the chip had no number. */
	if (num == NONE)
		return;
	fuzz_want(num < nr_xchgs && xchgs[num].kind == kind);
	fuzz_want(xchgs[num].open);
	xchgs[num].open = false;
}

static bool entry(struct fake *f, const uint8_t *e, unsigned int nr,
		  uint8_t *back)
{
	if (e[0] == 0x12)
		take_ctio(f, e, nr, back);
	else if (e[0] == 0x0e)
		take_answer(get_le32(e + 0x14), NOTIFY);
	else if (e[0] == 0x55)
		take_answer(get_le32(e + 0x10), ABORT);
	if (!keep)
		return true;
	keep--;
	if (!f->nr_held)
		kept_since_ns = f->now_ns;
	return false;
}

/* An honest chip has deadlines of its own for whatever peers keep it from. */
static void deadline(struct fake *f)
{
	if (f->now_ns - kept_since_ns < KEPT_NS)
		return;
	keep = 0;
	while (f->nr_held)
		fake_back(f, 0);
}

static void ct(struct fake *f, uint16_t code, uint8_t *rsp, uint32_t room)
{
	uint8_t how;
	uint32_t at;

	(void)f;
	(void)code;
	if (!nr_wild_ct)
		return;
	nr_wild_ct--;
	how = fuzz_u8(&in);
	/* A list without an end, of ports that are all there or all one. */
	for (at = 16; how & 1 && at + 16 <= room; at += 16) {
		put_be32(rsp + at, 0x010000U + at);
		put_be64(rsp + at + 8, 0x2100000000000000ULL + (how & 2) * at);
	}
	if (how & 4) {
		put_be16(rsp + 8, 0x8001);
		rsp[13] = how >> 4;
	}
	if (how & 8)
		fuzz_patch(&in, rsp, 256);
}

static const struct fake_ops ops = { entry, ct };

/* ---- what peers send ---- */

static void put_cmnd(struct fake *f, uint8_t *e, unsigned int who, uint32_t num,
		     uint32_t len)
{
	unsigned int nr = (8 + len + FAKE_ENTRY - 1) / FAKE_ENTRY;

	e[0] = 0x06;
	e[1] = (uint8_t)nr;
	put_le16(e + 2, (uint16_t)len);
	put_le32(e + 4, num);
	put_be32(e + 8, 0x06000000 | FAKE_ID);
	put_be32(e + 12, id_of(who));
	e[16] = 0x08;
	put_be16(e + 24, (uint16_t)num);
	put_be16(e + 26, 0xffff);
	/* What does not fit is gone, as on a ring that is not emptied. */
	if (!fake_put(f, FAKE_ATIO, e, nr) && num != NONE)
		xchgs[num].open = false;
}

static void rw(uint8_t *e, bool write, uint8_t lba, uint8_t nr)
{
	e[0x2b] = write ? 1 : 2;
	e[0x2c] = write ? 0x2a : 0x28;
	e[0x31] = lba;
	e[0x34] = nr;
	put_be32(e + 0x3c, nr * BLOCK);
}

static void command(struct fake *f, uint8_t what)
{
	static const uint8_t cdbs[] = { 0x00, 0x12, 0xa0, 0x03, 0xc0, 0xc1 };
	uint8_t e[5 * FAKE_ENTRY] = { 0 };
	unsigned int who = what & 3;
	uint32_t num, len = 24 + 32, dl, add;

	if (what & 4)
		rw(e, what & 8, fuzz_u8(&in) % FAKE_DISK, fuzz_u8(&in) % 9);
	else
		e[0x2c] = cdbs[fuzz_u8(&in) % sizeof(cdbs)];
	if (what & 0x10)
		fuzz_patch(&in, e + 0x20, 32);
	if (what & 0x20)
		fuzz_patch(&in, e + 0x20,
			   sizeof(e) - 0x20 < 256 ? sizeof(e) - 0x20 : 256);
	if (what & 0x40)
		len = fuzz_u8(&in) % 249;
	add = (e[0x2b] >> 2) * 4U;
	dl = 0x40 + add <= sizeof(e) ? get_be32(e + 0x3c + add) : 0;
	num = what & 0x80 ? NONE : begin(COMMAND, who, dl);
	put_cmnd(f, e, who, num, len);
}

static void els(struct fake *f, unsigned int who, uint8_t code, uint16_t w3,
		bool spoil)
{
	uint8_t e[FAKE_ENTRY] = { 0x0d, 1 };
	uint32_t num = begin(NOTIFY, who, 0);

	put_le16(e + 8, (uint16_t)(0x20 + who));
	e[0x10] = 0x46;
	e[0x12] = code;
	put_le32(e + 0x14, num);
	put_le16(e + 0x20, w3);
	put_be64(e + 0x28, wwpn_of(who));
	put_le32(e + 0x38, id_of(who));
	put_le16(e + 0x3e, (uint16_t)num);
	if (spoil)
		fuzz_patch(&in, e + 0x20, 16);
	if (!fake_put(f, FAKE_ATIO, e, 1) && num != NONE)
		xchgs[num].open = false;
}

static void login_or_out(struct fake *f, uint8_t what)
{
	static const uint8_t codes[] = { 0x03, 0x20, 0x20, 0x05,
					 0x21, 0x24, 0x50, 0x52 };

	els(f, what & 3, codes[what >> 2 & 7], what & 0x40 ? 0x12 : 0x22,
	    what & 0x80);
}

/* What the chip says of a peer that it lost, or of all. */
static void notify(struct fake *f, uint8_t what)
{
	static const uint8_t codes[] = { 0x0e, 0x0f, 0x16, 0x20, 0x29, 0x2a,
					 0x2d, 0x2e, 0x34, 0x36, 0x45, 0x99 };
	uint8_t e[FAKE_ENTRY] = { 0x0d, 1 };
	uint32_t num = begin(NOTIFY, what & 3, 0);

	put_le16(e + 8, what & 0x40 ? 0xffff : 0x20 + (what & 3));
	e[0x10] = codes[(what >> 2 & 15) % sizeof(codes)];
	put_le32(e + 0x14, num);
	put_le32(e + 0x38, what & 0x80 ? 0 : id_of(what & 3));
	if (!fake_put(f, FAKE_ATIO, e, 1) && num != NONE)
		xchgs[num].open = false;
}

static void abts(struct fake *f, uint8_t what)
{
	uint8_t e[FAKE_ENTRY] = { 0x54, 1 };
	uint32_t num = begin(ABORT, what & 3, 0);
	uint32_t victim = fuzz_u8(&in);

	put_le16(e + 10, (uint16_t)(0x20 + (what & 3)));
	put_le32(e + 0x10, num);
	put_le32(e + 0x14, 0x81000000 | FAKE_ID);
	put_le32(e + 0x18, id_of(what & 3));
	put_le32(e + 0x28, what >> 3 & 1);
	if (what & 0x10)
		victim = NONE;
	else if (what & 0x20 && nr_xchgs > 1)
		victim = nr_xchgs - 2;
	put_le32(e + 0x3c, victim);
	if (!fake_put(f, FAKE_RSP, e, 1) && num != NONE)
		xchgs[num].open = false;
}

static void link(struct fake *f, uint8_t what)
{
	static const uint16_t codes[] = { 0x8015, 0x8014, 0x8012, 0x8011,
					  0x8013, 0x8030, 0x8036, 0x8010 };
	uint16_t mb[4] = { codes[what % ARRAY_SIZE(codes)] };

	nr_wild_ct = what >> 3;
	fake_aen(f, mb);
}

static void one_op(struct fake *f)
{
	static const uint16_t times[] = { 0, 0, 1, 5, 60, 1100, 4000, 12000 };
	uint8_t op = fuzz_u8(&in);
	uint8_t what = fuzz_u8(&in);

	switch (op & 15) {
	case 0:
	case 1:
		login_or_out(f, what);
		break;
	case 2:
		notify(f, what);
		break;
	case 3:
	case 4:
		abts(f, what);
		break;
	case 5:
		link(f, what);
		break;
	case 6:
		keep = what & 15;
		fail = what >> 4;
		break;
	case 7:
		if (f->nr_held)
			fake_back(f, what % f->nr_held);
		break;
	case 8:
		drv_hold(f->drv, what & 1);
		drv_lazy(f->drv, what & 2);
		drv_refuse(f->drv, what >> 6);
		break;
	default:
		command(f, what);
	}
	fake_run(f, times[op >> 5]);
	deadline(f);
}

/* ---- in the end ---- */

static void all_ended(struct fake *f)
{
	static const uint16_t up[4] = { 0x8011, 4 };
	unsigned int i;

	keep = 0;
	fail = 0;
	nr_wild_ct = 0;
	while (f->nr_held)
		fake_back(f, 0);
	drv_refuse(f->drv, 0);
	drv_lazy(f->drv, false);
	drv_hold(f->drv, false);
	fake_aen(f, up);
	fake_run(f, 200000);
	fuzz_want(!drv_faults(f->drv) && f->nr_resets == nr_resets);
	for (i = 0; i < nr_xchgs; i++)
		if (xchgs[i].open) {
			fprintf(stderr, "%s %u is still open\n",
				xchgs[i].kind == NOTIFY	 ? "notify" :
				xchgs[i].kind == COMMAND ? "command" :
							   "ABTS",
				i);
			abort();
		}
	fuzz_want(!strcmp(drv_link(f->drv), "up"));
}

static void good_io(struct fake *f, bool write)
{
	uint8_t e[FAKE_ENTRY] = { 0 };

	nr_xchgs = 0;
	rw(e, write, 8, 2);
	put_cmnd(f, e, GOOD, begin(COMMAND, GOOD, 2 * BLOCK), 24 + 32);
	fake_run(f, 1000);
	fuzz_want(!xchgs[0].open);
}

static void good_initiator(struct fake *f)
{
	nr_xchgs = 0;
	els(f, GOOD, 0x03, 0, false);
	fake_run(f, 100);
	els(f, GOOD, 0x20, 0x22, false);
	fake_run(f, 100);
	fuzz_want(!xchgs[0].open && !xchgs[1].open);
	memset(drv_disk(f->drv) + 8 * BLOCK, 0, 2 * BLOCK);
	good_io(f, true);
	fuzz_want(drv_disk(f->drv)[8 * BLOCK + 1] == 1);
	sum = 0;
	good_io(f, false);
	fuzz_want(sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fake_setup setup = { .device = 0x2532 };
	struct fake *f;
	unsigned int i;

	in = (struct fuzz_in){ data, len };
	nr_xchgs = 0;
	keep = 0;
	fail = 0;
	nr_wild_ct = 0;
	kept_since_ns = 0;
	setup.msix = fuzz_u8(&in) & 1;
	f = fake_begin(&ops, &setup);
	fake_run(f, 100);
	fuzz_want(!drv_enable(f->drv));
	fake_run(f, 1000);
	nr_resets = f->nr_resets;
	for (i = 0; i < MAX_OPS && in.left; i++)
		one_op(f);
	all_ended(f);
	good_initiator(f);
	fake_end(f);
	return 0;
}
