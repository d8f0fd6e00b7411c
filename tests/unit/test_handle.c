// SPDX-License-Identifier: GPL-2.0
/*
 * Handles: what the chip gives back names an owner once, in one life only, and
 * a chip that lies finds nobody.
 */
#include "../lib/tap.h"

#include <linux/bug.h>
#include <linux/slab.h>

#include "core/isp_handle.h"
#include "core/isp_hba.h"
#include "core/isp_link.h"

#define NR_USABLE (ISP_NR_HANDLES - 1)

static struct isp_hba hba;
static int told[ISP_NR_OWNERS];
static void *told_owner[ISP_NR_OWNERS];

static void tell(enum isp_owner_kind kind, void *owner, enum isp_cpl cpl)
{
	told[kind] += cpl == ISP_CPL_RESET ? 1 : 1000;
	told_owner[kind] = owner;
}

void isp_link_io_done(struct isp_link_io *io, enum isp_cpl cpl,
		      const struct isp_rsp *rsp)
{
	(void)rsp;
	tell(ISP_OWNER_FABRIC, io, cpl);
}

static void ctio_done(struct isp_hba *h, void *owner,
		      const struct isp_ctio_done *done)
{
	(void)h;
	tell(ISP_OWNER_CTIO, owner, done->cpl);
}

static void ack_done(struct isp_hba *h, void *owner, enum isp_cpl cpl)
{
	(void)h;
	tell(ISP_OWNER_ACK, owner, cpl);
}

static void abts_done(struct isp_hba *h, void *owner, enum isp_cpl cpl)
{
	(void)h;
	tell(ISP_OWNER_ABTS_RSP, owner, cpl);
}

static void logio_done(struct isp_hba *h, void *owner, enum isp_cpl cpl)
{
	(void)h;
	tell(ISP_OWNER_LOGIO, owner, cpl);
}

static const struct isp_role_ops role = {
	.name = "test",
	.ctio_done = ctio_done,
	.ack_done = ack_done,
	.abts_done = abts_done,
	.logio_done = logio_done,
};

static void set_up(void)
{
	memset(&hba, 0, sizeof(hba));
	memset(told, 0, sizeof(told));
	spin_lock_init(&hba.ring[ISP_RING_REQ].lock);
	hba.ring[ISP_RING_REQ].nr = 2048;
	hba.role_ops[0] = &role;
	tap_ok(!isp_handle_init(&hba), "the table is made");
}

static u32 get(enum isp_owner_kind kind, void *owner, u32 end)
{
	unsigned long flags;
	u32 handle;

	spin_lock_irqsave(&hba.ring[ISP_RING_REQ].lock, flags);
	handle = isp_handle_get_locked(&hba, kind, owner, end);
	spin_unlock_irqrestore(&hba.ring[ISP_RING_REQ].lock, flags);
	return handle;
}

static bool put_is(u32 handle, enum isp_owner_kind kind, void *owner)
{
	bool known = false;
	void *got = isp_handle_put(&hba, handle, kind, &known);

	return known && got == owner;
}

static bool put_fails(u32 handle, enum isp_owner_kind kind)
{
	bool known = true;
	void *got = isp_handle_put(&hba, handle, kind, &known);

	return !known && !got;
}

static void test_once(void)
{
	int a, b;
	u32 ha, hb;

	set_up();
	ha = get(ISP_OWNER_CTIO, &a, 1);
	hb = get(ISP_OWNER_ACK, &b, 2);
	tap_ok(ha && hb && ha != hb, "handles are not 0 and differ");
	tap_ok(put_fails(ha, ISP_OWNER_ACK),
	       "another kind of entry is refused");
	tap_ok(put_is(ha, ISP_OWNER_CTIO, &a), "its owner comes back");
	tap_ok(put_fails(ha, ISP_OWNER_CTIO), "but once");
	tap_ok(put_is(hb, ISP_OWNER_ACK, &b), "the other one is untouched");
	tap_ok(!hba.handles.nr_used, "nothing is in use any more");
	isp_handle_exit(&hba);
}

static void test_lies(void)
{
	static const u32 lies[] = { 0,		0xffff,		0xffffffff,
				    0xffff0000, ISP_NR_HANDLES, 0x80000000 };
	unsigned int i, refused = 0;
	int a;

	set_up();
	get(ISP_OWNER_CTIO, &a, 1);
	for (i = 0; i < ARRAY_SIZE(lies); i++)
		refused += put_fails(lies[i], ISP_OWNER_CTIO);
	tap_ok(refused == ARRAY_SIZE(lies), "numbers never given are refused");
	tap_ok(hba.handles.nr_used == 1, "and the true one stays");
	isp_handle_sweep(&hba);
	isp_handle_exit(&hba);
}

/* The slot is in use again: the handle of its earlier life finds nobody. */
static void test_stale(void)
{
	unsigned int i, good = 0;
	u32 old, now = 0;
	int a, b;

	set_up();
	old = get(ISP_OWNER_CTIO, &a, 1);
	put_is(old, ISP_OWNER_CTIO, &a);
	for (i = 0; i < NR_USABLE; i++) {
		now = get(ISP_OWNER_CTIO, &b, 1);
		good += now && now != old;
	}
	tap_ok(good == NR_USABLE, "no handle is given twice in a row");
	tap_ok((now & 0xffff) == (old & 0xffff),
	       "the last one is in that slot");
	tap_ok(put_fails(old, ISP_OWNER_CTIO), "the earlier life is refused");
	tap_ok(put_is(now, ISP_OWNER_CTIO, &b), "the present one is not");
	tap_ok(get(ISP_OWNER_CTIO, &a, 1), "one place is free again");
	tap_ok(!get(ISP_OWNER_CTIO, &a, 1),
	       "and no more: a full table says so");
	isp_handle_sweep(&hba);
	isp_handle_exit(&hba);
}

/* What was freed first is given out first: a late answer has time to come. */
static void test_order(void)
{
	u32 h[4], again[4];
	unsigned int i, good = 0;
	int a;

	set_up();
	for (i = 0; i < NR_USABLE; i++)
		h[i % 4] = get(ISP_OWNER_CTIO, &a, 1);
	for (i = 0; i < 4; i++)
		put_is(h[(i * 3) % 4], ISP_OWNER_CTIO, &a);
	for (i = 0; i < 4; i++) {
		again[i] = get(ISP_OWNER_CTIO, &a, 1);
		good += (again[i] & 0xffff) == (h[(i * 3) % 4] & 0xffff);
	}
	tap_ok(good == 4, "first freed, first given");
	isp_handle_sweep(&hba);
	isp_handle_exit(&hba);
}

static void test_sweep(void)
{
	int ctio, ack, abts, logio, fabric, kind, good = 0;

	set_up();
	get(ISP_OWNER_CTIO, &ctio, 1);
	get(ISP_OWNER_ACK, &ack, 2);
	get(ISP_OWNER_ABTS_RSP, &abts, 3);
	get(ISP_OWNER_LOGIO, &logio, 4);
	get(ISP_OWNER_FABRIC, &fabric, 5);
	get(ISP_OWNER_MARKER, NULL, 6);
	get(ISP_OWNER_CTIO, NULL, 7);
	isp_handle_sweep(&hba);
	for (kind = 0; kind < ISP_NR_OWNERS; kind++)
		good += told[kind] ==
			(kind != ISP_OWNER_FREE && kind != ISP_OWNER_MARKER);
	tap_ok(good == ISP_NR_OWNERS, "a reset is told to each owner once");
	tap_ok(told_owner[ISP_OWNER_CTIO] == &ctio &&
		       told_owner[ISP_OWNER_FABRIC] == &fabric,
	       "and to the right ones");
	tap_ok(!hba.handles.nr_used, "nothing is in use any more");
	isp_handle_exit(&hba);
}

/* Completions tell how far the chip has read the request ring. */
static void test_tail(void)
{
	struct isp_ring *req = &hba.ring[ISP_RING_REQ];
	u32 a, b, c;

	set_up();
	req->tail = 2040;
	req->idx = 5;
	req->nr_queued = 2; /* wrapped, too */
	a = get(ISP_OWNER_CTIO, &hba, (u32)-5);
	b = get(ISP_OWNER_CTIO, &hba, 0);
	put_is(b, ISP_OWNER_CTIO, &hba);
	tap_ok(req->tail == 3, "what came back is consumed");
	put_is(a, ISP_OWNER_CTIO, &hba);
	tap_ok(req->tail == 3, "an older one does not take it back");
	c = get(ISP_OWNER_CTIO, &hba, 0);
	/* A lap later the same place is not consumed, what it tells is old. */
	req->nr_queued += 2048;
	req->tail = 1000;
	put_is(c, ISP_OWNER_CTIO, &hba);
	tap_ok(req->tail == 1000, "one from a lap ago tells nothing new");
	isp_handle_exit(&hba);
}

int main(void)
{
	test_once();
	test_lies();
	test_stale();
	test_order();
	test_sweep();
	test_tail();
	return tap_end();
}
