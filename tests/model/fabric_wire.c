// SPDX-License-Identifier: GPL-2.0
/* A wire between two N_Ports: light at both ends, every frame passes. */
#include <errno.h>

#include "client.h"
#include "tap.h"

static struct ev *ev;
static struct fab *fab;
static struct client a, b, c;

static void set_up(void)
{
	ev = ev_new(EV_CLOCK_VIRTUAL);
	fab = fab_new(ev, FAB_WIRE, NULL);
	ok(!client_init(&a, ev, fab, NULL, "a.0", 0x21000000000000aaULL));
	ok(!client_init(&b, ev, fab, NULL, "b.0", 0x21000000000000bbULL));
	ok(!client_init(&c, ev, fab, NULL, "c.0", 0x21000000000000ccULL));
	client_settle(&a);
}

static void tear_down(void)
{
	client_fini(&a);
	client_fini(&b);
	client_fini(&c);
	client_settle(&a);
	fab_free(fab);
	ev_free(ev);
}

static void send(struct client *from, const char *text)
{
	struct fab_frame *f = client_frame(from, 0x123456, FAB_RCTL_ELS_REQ,
					   FAB_TYPE_ELS, text, 4);

	f->owner = from;
	fab_tx(&from->port, f);
	client_settle(from);
}

static void test_light(void)
{
	set_up();
	ok(fab_topo(fab) == FAB_WIRE);
	/* No wire, no light. */
	ok(!a.port.link_up && !b.port.link_up && a.ups == 0);
	ok(!fab_wire(&a.port, &b.port));
	client_settle(&a);
	ok(a.port.link_up && b.port.link_up && !c.port.link_up);
	/* Either end puts it out for both. */
	fab_port_enable(&b.port, false);
	client_settle(&a);
	ok(!a.port.link_up && !b.port.link_up && a.downs == 1 && b.downs == 1);
	fab_port_enable(&b.port, true);
	client_settle(&a);
	ok(a.port.link_up && b.port.link_up);
	fab_port_cable(&a.port, false, 50 * EV_MS);
	ev_run_until(ev, ev_now_ns(ev) + 40 * EV_MS);
	ok(!a.port.link_up && !b.port.link_up);
	ev_run_until(ev, ev_now_ns(ev) + 20 * EV_MS);
	ok(a.port.link_up && b.port.link_up && a.ups == 3 && b.ups == 3);
	tear_down();
}

static void test_joining(void)
{
	struct client lone;

	set_up();
	ok(fab_wire(&a.port, &a.port) == -EINVAL);
	ok(!fab_wire(&a.port, &b.port));
	ok(fab_wire(&a.port, &c.port) == -EINVAL);
	ok(fab_wire(&c.port, &b.port) == -EINVAL);
	ok(fab_rscn(&a.port) == -EOPNOTSUPP);
	b.port.speed_gbps = 4;
	ok(fab_port_speed(&a.port) == 4 && fab_port_speed(&b.port) == 4);
	ok(fab_port_speed(&c.port) == 8);
	/* Unplugging one end frees the other one. */
	client_settle(&a);
	client_fini(&b);
	client_settle(&a);
	ok(!a.port.link_up && a.downs == 1);
	ok(!client_init(&lone, ev, fab, NULL, "l.0", 0x21000000000000eeULL));
	ok(!fab_wire(&lone.port, &a.port));
	client_settle(&a);
	ok(a.port.link_up && lone.port.link_up);
	client_fini(&lone);
	tear_down();
}

static void test_frames(void)
{
	set_up();
	send(&a, "dark");
	ok(a.fates[FAB_DROPPED] == 1);
	ok(!fab_wire(&a.port, &b.port));
	client_settle(&a);
	/* Addresses are the ends' business: everything passes, both ways. */
	send(&a, "ping");
	send(&b, "pong");
	ok(b.nr_got == 1 && !memcmp(b.got[0].payload, "ping", 4) &&
	   b.got[0].d_id == 0x123456 && b.got[0].s_id == 0);
	ok(a.nr_got == 1 && !memcmp(a.got[0].payload, "pong", 4));
	ok(c.nr_got == 0);
	ok(a.fates[FAB_DELIVERED] == 1 && b.fates[FAB_DELIVERED] == 1);
	/* FFFFFE is nobody here: the peer gets the FLOGI. */
	ok(!client_flogi(&a));
	ok(b.nr_got == 2 && b.got[1].d_id == FAB_ID_FPORT);
	fab_port_enable(&b.port, false);
	send(&a, "gone");
	ok(b.nr_got == 2 && a.fates[FAB_DROPPED] == 2);
	tear_down();
}

int main(void)
{
	tap_run(test_light, "light needs both ends and the cable");
	tap_run(test_joining, "one wire per port, the lower speed, unplugging");
	tap_run(test_frames, "frames pass both ways while there is light");
	return tap_end();
}
