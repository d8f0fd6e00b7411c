// SPDX-License-Identifier: GPL-2.0
/* The rings and the handle table against a chip that is an array. */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"

#include <linux/slab.h>
#include <linux/unaligned.h>
#include <stdlib.h>

#include "core/isp_dispatch.h"
#include "core/isp_hba.h"
#include "core/isp_link.h"

#define ENTRY 64

static struct isp_hba hba;
static struct device dev = { .init_name = "isp", .shim_host = &dev };
static u16 posted[ISP_NR_RINGS];
static u16 chip_ptr[ISP_NR_RINGS];
static unsigned int nr_faults, nr_seen, nr_begin, nr_end, nr_done, nr_space;
static u32 last_handle;
static u32 ctio_handle[2]; /* of the last two */
static u8 seen_mark[8192];
static enum isp_rsp_kind gives; /* what kind each entry is */
static struct isp_rsp seen;

/* ---- what core wants of its neighbours ---- */

void isp_hba_fault(struct isp_hba *h, const char *why)
{
	nr_faults++;
}

void isp_link_io_done(struct isp_link_io *io, enum isp_cpl cpl,
		      const struct isp_rsp *rsp)
{
}

void isp_dispatch_begin(struct isp_hba *h)
{
	nr_begin++;
}

void isp_dispatch(struct isp_hba *h, const struct isp_rsp *rsp)
{
	seen_mark[nr_seen++ % sizeof(seen_mark)] = (u8)rsp->raw;
	seen = *rsp;
}

void isp_dispatch_end(struct isp_hba *h)
{
	nr_end++;
}

/* ---- the chip ---- */

static void ptr_write(struct isp_hba *h, enum isp_ring_id ring, u16 val)
{
	posted[ring] = val;
}

static u32 ptr_read(struct isp_hba *h, enum isp_ring_id ring)
{
	return chip_ptr[ring];
}

static void ack_encode(struct isp_cursor *cur, const struct isp_ack *ack,
		       u32 handle)
{
	u8 *e = isp_cursor_next(cur);

	e[0] = 0x0e;
	last_handle = handle;
}

static void ctio_encode(struct isp_cursor *cur, const struct isp_ctio *ctio,
			u32 handle)
{
	isp_cursor_next(cur);
	ctio_handle[0] = ctio_handle[1];
	ctio_handle[1] = handle;
}

static unsigned int ctio_entries(const struct isp_ctio *ctio)
{
	return 1;
}

static bool ctio_one_step(const struct isp_ctio *ctio)
{
	return true;
}

static void abts_rsp_encode(struct isp_cursor *cur,
			    const struct isp_abts_rsp *rsp, u32 handle)
{
	isp_cursor_next(cur);
}

static void decode(enum isp_ring_id ring, const void *entry, unsigned int nr,
		   struct isp_rsp *rsp)
{
	memset(rsp, 0, sizeof(*rsp));
	rsp->kind = gives;
	rsp->raw = ((const u8 *)entry)[8];
}

static u8 entry_count(const void *entry)
{
	return ((const u8 *)entry)[1];
}

static const struct isp_chip_ops chip = {
	.ptr_write = ptr_write,
	.ptr_read = ptr_read,
	.ctio_encode = ctio_encode,
	.ctio_entries = ctio_entries,
	.ctio_one_step = ctio_one_step,
	.ack_encode = ack_encode,
	.abts_rsp_encode = abts_rsp_encode,
	.decode = decode,
	.entry_count = entry_count,
};

static void ack_done(struct isp_hba *h, void *owner, enum isp_cpl cpl)
{
	nr_done += owner == &hba && cpl == ISP_CPL_RESET;
}

static void ring_space(struct isp_hba *h)
{
	nr_space++;
}

static const struct isp_role_ops role = {
	.ack_done = ack_done,
	.ring_space = ring_space,
};

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

static void start(void)
{
	shim_init(&host);
	memset(&hba, 0, sizeof(hba));
	memset(posted, 0, sizeof(posted));
	memset(chip_ptr, 0, sizeof(chip_ptr));
	hba.chip = &chip;
	hba.dev = &dev;
	hba.role_ops[0] = &role;
	INIT_DELAYED_WORK(&hba.space_work, NULL);
	if (isp_ring_alloc(&hba) || isp_handle_init(&hba))
		abort();
	isp_ring_reset(&hba);
	hba.live = true;
	gives = ISP_RSP_IGNORE;
	nr_faults = 0;
	nr_seen = 0;
	nr_begin = 0;
	nr_end = 0;
	nr_done = 0;
	nr_space = 0;
}

static unsigned int stop(void)
{
	cancel_delayed_work(&hba.space_work);
	isp_handle_sweep(&hba);
	isp_handle_exit(&hba);
	isp_ring_free(&hba);
	return shim_fini();
}

static int send_one(void)
{
	const struct isp_notify notify = { .life = hba.ring[ISP_RING_REQ].life };
	const struct isp_ack ack = { .notify = &notify };

	return isp_ring_send_ack(&hba, &ack, &hba);
}

/* ---- request ring and handles ---- */

static void test_full(void)
{
	unsigned int nr = 0, room;
	bool known;

	start();
	while (!send_one())
		nr++;
	room = ISP_REQ_ENTRIES - 1;
	tap_ok(nr == room, "the request ring takes %u entries, not %u", nr,
	       ISP_REQ_ENTRIES);
	tap_ok(hba.ring[ISP_RING_REQ].starved, "then it knows who is hungry");
	isp_ring_doorbell(&hba);
	tap_ok(posted[ISP_RING_REQ] == room, "the doorbell says so");
	chip_ptr[ISP_RING_REQ] = 10;
	for (nr = 0; !send_one(); nr++)
		;
	tap_ok(nr == 10, "10 entries consumed make room for %u", nr);
	chip_ptr[ISP_RING_REQ] = ISP_REQ_ENTRIES;
	tap_ok(send_one() && nr_faults == 1,
	       "a pointer out of range is a fault");
	tap_ok(isp_handle_put(&hba, last_handle, ISP_OWNER_ACK, &known) ==
			       &hba &&
		       known,
	       "the last one comes back");
	tap_ok(!stop(), "nothing leaked");
	tap_ok(nr_done == room + 10 - 1, "a sweep tells every other owner");
}

/* Data and status of a READ that take two entries: half of it never goes. */
static void test_pair(void)
{
	struct isp_ctio data = { .flags = ISP_CTIO_DATA_IN | ISP_CTIO_NO_CPL };
	struct isp_ctio status = { .flags = ISP_CTIO_STATUS };
	struct isp_ring *req;
	bool known;
	u16 idx;

	start();
	req = &hba.ring[ISP_RING_REQ];
	data.life = req->life;
	status.life = req->life;
	while (req->idx < ISP_REQ_ENTRIES - 2)
		if (send_one())
			break;
	idx = req->idx;
	tap_ok(isp_ring_send_ctio_pair(&hba, &data, &status, &hba) == -EAGAIN &&
		       req->idx == idx && req->starved,
	       "no half of a pair goes where there is room for one entry");
	chip_ptr[ISP_RING_REQ] = 1;
	tap_ok(!isp_ring_send_ctio_pair(&hba, &data, &status, &hba) &&
		       req->idx == ((idx + 2) & (ISP_REQ_ENTRIES - 1)) &&
		       ctio_handle[0] == ISP_HANDLE_NONE &&
		       isp_handle_put(&hba, ctio_handle[1], ISP_OWNER_CTIO,
				      &known) == &hba &&
		       known,
	       "where there is room for two both go, and one comes back");
	status.life--;
	tap_ok(isp_ring_send_ctio_pair(&hba, &data, &status, &hba) ==
		       -ESHUTDOWN,
	       "none goes for an exchange of another life");
	tap_ok(!stop(), "nothing leaked");
}

/* Whoever found the ring full is told once there is room worth telling. */
static void test_space(void)
{
	start();
	isp_ring_space(&hba);
	tap_ok(!nr_space && !shim_pending(),
	       "nobody is hungry, nobody is told");
	while (!send_one())
		;
	tap_ok(shim_pending() == 1, "a full ring will be looked at again");
	cancel_delayed_work(&hba.space_work);
	chip_ptr[ISP_RING_REQ] = 1;
	isp_ring_space(&hba);
	tap_ok(!nr_space && shim_pending() == 1,
	       "one entry is no room: later again");
	cancel_delayed_work(&hba.space_work);
	chip_ptr[ISP_RING_REQ] = ISP_REQ_ENTRIES / 2;
	isp_ring_space(&hba);
	tap_ok(nr_space == 1 && !shim_pending(), "half of it is told");
	isp_ring_space(&hba);
	tap_ok(nr_space == 1, "once");
	tap_ok(!stop(), "nothing leaked");
}

static void test_wrap(void)
{
	unsigned int i, bad = 0;
	u32 first = 0;
	bool known;

	start();
	for (i = 0; i < 3 * ISP_NR_HANDLES; i++) {
		u32 handle;

		if (send_one())
			break;
		isp_ring_doorbell(&hba);
		handle = last_handle;
		if (!i)
			first = handle;
		bad += !handle ||
		       posted[ISP_RING_REQ] != (i + 1) % ISP_REQ_ENTRIES;
		bad += isp_handle_put(&hba, handle, ISP_OWNER_CTIO, &known) ||
		       known;
		bad += isp_handle_put(&hba, handle, ISP_OWNER_ACK, &known) !=
			       &hba ||
		       !known;
		bad += isp_handle_put(&hba, handle, ISP_OWNER_ACK, &known) ||
		       known;
	}
	tap_ok(i == 3 * ISP_NR_HANDLES && !bad,
	       "ring and handles go round three times, each handle once");
	tap_ok(!isp_handle_put(&hba, first, ISP_OWNER_ACK, &known) && !known,
	       "a handle of an earlier round is nobody's");
	send_one();
	tap_ok((last_handle & 0xffff) != (first & 0xffff) ||
		       last_handle != first,
	       "nor is it given out again");
	tap_ok(!isp_handle_put(&hba, 0xffffffff, ISP_OWNER_ACK, &known) &&
		       !known &&
		       !isp_handle_put(&hba, 0, ISP_OWNER_ACK, &known) &&
		       !known,
	       "handles that never were are nobody's");
	tap_ok(!stop(), "nothing leaked");
}

/* A handle that came back may not be taken for its slot's next user. */
static void test_stale(void)
{
	unsigned int i;
	bool known;
	u32 old;

	start();
	send_one();
	old = last_handle;
	isp_handle_put(&hba, old, ISP_OWNER_ACK, &known);
	for (i = 0; i < 2 * ISP_NR_HANDLES; i++) {
		send_one();
		if ((last_handle & 0xffff) == (old & 0xffff))
			break;
		isp_handle_put(&hba, last_handle, ISP_OWNER_ACK, &known);
	}
	tap_ok((last_handle & 0xffff) == (old & 0xffff), "a slot is used anew");
	tap_ok(!isp_handle_put(&hba, old, ISP_OWNER_ACK, &known) && !known,
	       "its old handle is refused");
	tap_ok(!stop(), "nothing leaked");
}

/* ---- rings that the chip fills ---- */

static void put(u16 at, u8 type, u8 count, u8 mark, u32 last)
{
	u8 *e = (u8 *)hba.ring[ISP_RING_ATIO].va + at * ENTRY;

	memset(e, 0, ENTRY);
	e[8] = mark;
	put_unaligned_le32(last, e + 60);
	e[1] = count;
	e[0] = type;
}

static void test_drain(void)
{
	unsigned int i, bad = 0;
	u16 at = 0;

	start();
	tap_ok(!isp_ring_drain(&hba, ISP_RING_ATIO) && !nr_seen,
	       "nothing is on an empty ring");
	for (i = 0; i < 3 * ISP_ATIO_ENTRIES; i++) {
		put(at, 0x06, 1, (u8)i, i);
		at = (at + 1) % ISP_ATIO_ENTRIES;
		chip_ptr[ISP_RING_ATIO] = at;
		if (i % 7)
			continue;
		isp_ring_drain(&hba, ISP_RING_ATIO);
		bad += nr_seen != i + 1 || posted[ISP_RING_ATIO] != at ||
		       seen_mark[i % sizeof(seen_mark)] != (u8)i;
	}
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(!bad && nr_seen == i, "three times round, each entry once");
	tap_ok(nr_begin == nr_end && nr_begin <= i / 7 + 2,
	       "in batches that begin and end");
	tap_ok(!isp_ring_drain(&hba, ISP_RING_ATIO), "nothing is seen twice");

	nr_seen = 0;
	put(at, 0x06, 1, 1, ISP_RING_POISON);
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(!nr_seen, "a half-written entry waits");
	chip_ptr[ISP_RING_ATIO] = (at + 1) % ISP_ATIO_ENTRIES;
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_seen == 1, "until the chip's pointer has passed it");
	at = (at + 1) % ISP_ATIO_ENTRIES;

	put(at, 0x06, 2, 1, 0);
	chip_ptr[ISP_RING_ATIO] = (at + 1) % ISP_ATIO_ENTRIES;
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_seen == 1, "an entry of two waits for the second");
	chip_ptr[ISP_RING_ATIO] = (at + 2) % ISP_ATIO_ENTRIES;
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_seen == 2, "and comes then");
	at = (at + 2) % ISP_ATIO_ENTRIES;

	put(at, 0x06, 0, 1, 0);
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_faults == 1 && nr_seen == 2, "a count of 0 is a fault");
	put(at, 0x06, 255, 1, 0);
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_faults == 2 && nr_seen == 2, "so is a count of 255");
	put(at, 0x06, 1, 1, ISP_RING_POISON);
	chip_ptr[ISP_RING_ATIO] = 0xffff;
	isp_ring_drain(&hba, ISP_RING_ATIO);
	tap_ok(nr_faults == 3, "so is an in-pointer out of range");
	tap_ok(!stop(), "nothing leaked");
}

/* ---- names of exchanges, which the chip gives anew after a reset ---- */

static int answer_seen(void)
{
	const struct isp_ctio ctio = { .life = seen.atio.life };
	const struct isp_ack ack = { .notify = &seen.notify };
	const struct isp_abts_rsp rsp = { .abts = &seen.abts };

	switch (seen.kind) {
	case ISP_RSP_ATIO:
		return isp_ring_send_ctio(&hba, &ctio, NULL);
	case ISP_RSP_NOTIFY:
		return isp_ring_send_ack(&hba, &ack, NULL);
	default:
		return isp_ring_send_abts_rsp(&hba, &rsp, NULL);
	}
}

static void test_life(enum isp_rsp_kind kind, const char *what)
{
	bool live, late;

	start();
	gives = kind;
	put(0, 0x06, 1, 1, 0);
	chip_ptr[ISP_RING_ATIO] = 1;
	isp_ring_drain(&hba, ISP_RING_ATIO);
	live = !answer_seen();
	isp_handle_sweep(&hba);
	isp_ring_reset(&hba);
	late = answer_seen() == -ESHUTDOWN;
	tap_ok(nr_seen == 1 && live && late && !hba.ring[ISP_RING_REQ].idx,
	       "%s is answered in its own life of the chip, not in the next",
	       what);
	tap_ok(!stop(), "nothing leaked");
}

int main(void)
{
	test_full();
	test_pair();
	test_space();
	test_wrap();
	test_stale();
	test_drain();
	test_life(ISP_RSP_ATIO, "a command");
	test_life(ISP_RSP_NOTIFY, "a notify");
	test_life(ISP_RSP_ABTS, "an ABTS");
	return tap_end();
}
