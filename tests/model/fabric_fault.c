// SPDX-License-Identifier: GPL-2.0
/* Frame faults, port faults, latency, detach in flight, and the frame pool. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "fault/fault.h"
#include "tap.h"

static struct ev *ev;
static struct fault *fault;
static struct fab *fab;
static struct client a, b;

static void set_up(void)
{
	ev = ev_new(EV_CLOCK_VIRTUAL);
	fault = fault_new();
	fab = fab_new(ev, FAB_SWITCH, fault);
	ok(fab_fault(fab) == fault);
	ok(!client_init(&a, ev, fab, NULL, "a.0", 0x21000000000000aaULL));
	ok(!client_init(&b, ev, fab, NULL, "b.0", 0x21000000000000bbULL));
	client_settle(&a);
	ok(client_flogi(&a) && client_flogi(&b));
	client_clear(&a);
	client_clear(&b);
}

static void tear_down(void)
{
	client_fini(&a);
	client_fini(&b);
	client_settle(&a);
	fab_free(fab);
	fault_free(fault);
	ev_free(ev);
}

static void send(struct client *from, const struct client *to, uint8_t r_ctl,
		 uint8_t type, uint8_t first)
{
	uint8_t p[24] = { first };
	struct fab_frame *f = client_frame(from, to->id, r_ctl, type, p, 24);

	f->owner = from;
	fab_tx(&from->port, f);
}

static void send_cmnd(struct client *from, const struct client *to, uint8_t nr)
{
	send(from, to, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, nr);
}

static int arm(const char *act, const char *cls, uint64_t nth, uint32_t count,
	       uint64_t delay_ns, const char *from)
{
	struct fault_frame_spec spec = { 0 };

	spec.act = (enum fault_act)fault_act_parse(act);
	spec.cls = (enum fault_class)fault_class_parse(cls);
	spec.nth = nth;
	spec.count = count;
	spec.delay_ns = delay_ns;
	snprintf(spec.from, sizeof(spec.from), "%s", from);
	return fault_arm_frame(fault, &spec);
}

static void test_drop(void)
{
	struct fault_frame_info info;
	uint8_t i;

	set_up();
	ok(!fault_frames_armed(fault));
	ok(arm("drop", "cmnd", 3, 2, 0, "") == 1);
	ok(fault_frames_armed(fault));
	for (i = 1; i <= 6; i++)
		send_cmnd(&a, &b, i);
	client_settle(&a);
	ok(b.nr_got == 4 && b.got[0].payload[0] == 1 &&
	   b.got[1].payload[0] == 2 && b.got[2].payload[0] == 5 &&
	   b.got[3].payload[0] == 6);
	ok(a.fates[FAB_DROPPED] == 2 && a.fates[FAB_DELIVERED] == 4);
	ok(!fault_frames_armed(fault));
	ok(fault_frame_info(fault, 0, &info) && info.spent && info.hit == 2 &&
	   info.id == 1 && info.seen == 4);
	ok(!fault_frame_info(fault, 1, &info));
	tear_down();
}

static void test_corrupt(void)
{
	set_up();
	ok(arm("corrupt", "data", 1, 1, 0, "a.0") > 0);
	send(&b, &a, FAB_RCTL_FCP_DATA, FAB_TYPE_FCP, 0);
	send_cmnd(&a, &b, 1);
	send(&a, &b, FAB_RCTL_FCP_DATA, FAB_TYPE_FCP, 0);
	send(&a, &b, FAB_RCTL_FCP_RSP, FAB_TYPE_FCP, 0);
	client_settle(&a);
	/* Discarded by the receiver, who counts it; the sender knows nothing. */
	ok(a.nr_got == 1 && b.nr_got == 2 && b.bad == 1);
	ok(b.port.stats.bad_crc == 1 && b.port.stats.rx[FAB_DATA] == 0);
	ok(a.fates[FAB_DELIVERED] == 3);
	/* Towards a server of the switch it is just lost. */
	ok(arm("corrupt", "els", 1, 1, 0, "") > 0);
	ok(!client_scr(&a, 3));
	ok(client_scr(&a, 3));
	tear_down();
}

static void test_delay(void)
{
	uint64_t t0;

	set_up();
	ok(arm("delay", "any", 1, 1, 30 * EV_MS, "") > 0);
	t0 = ev_now_ns(ev);
	send_cmnd(&a, &b, 1);
	send_cmnd(&a, &b, 2);
	ok(fab_in_flight(fab) == 2);
	client_settle(&a);
	ok(b.nr_got == 2 && b.got[0].payload[0] == 2 &&
	   b.got[1].payload[0] == 1);
	ok(b.got[0].t_ns == t0 && b.got[1].t_ns == t0 + 30 * EV_MS);
	tear_down();
}

/* One frame of each class: each fault hits its own only. */
static void test_classes(void)
{
	static const struct {
		const char *name;
		uint8_t r_ctl, type, first;
	} cls[] = {
		{ "cmnd", FAB_RCTL_FCP_CMND, FAB_TYPE_FCP, 0 },
		{ "data", FAB_RCTL_FCP_DATA, FAB_TYPE_FCP, 0 },
		{ "xfer_rdy", FAB_RCTL_FCP_XFER_RDY, FAB_TYPE_FCP, 0 },
		{ "rsp", FAB_RCTL_FCP_RSP, FAB_TYPE_FCP, 0 },
		{ "abts", FAB_RCTL_ABTS, FAB_TYPE_BLS, 0 },
		{ "ba", FAB_RCTL_BA_ACC, FAB_TYPE_BLS, 0 },
		{ "plogi", FAB_RCTL_ELS_REQ, FAB_TYPE_ELS, FAB_ELS_PLOGI },
		{ "prli", FAB_RCTL_ELS_REQ, FAB_TYPE_ELS, FAB_ELS_PRLI },
		{ "logo", FAB_RCTL_ELS_REQ, FAB_TYPE_ELS, FAB_ELS_LOGO },
		{ "flogi", FAB_RCTL_ELS_REQ, FAB_TYPE_ELS, FAB_ELS_FLOGI },
		{ "els", FAB_RCTL_ELS_RSP, FAB_TYPE_ELS, FAB_ELS_LS_ACC },
		{ "ct", FAB_RCTL_CT_REQ, FAB_TYPE_CT, 0 },
	};
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(cls); i++) {
		set_up();
		ok(arm("drop", cls[i].name, 1, FAULT_FOREVER, 0, "") > 0);
		for (k = 0; k < ARRAY_SIZE(cls); k++)
			send(&a, &b, cls[k].r_ctl, cls[k].type, cls[k].first);
		client_settle(&a);
		ok(b.nr_got == ARRAY_SIZE(cls) - 1);
		ok(fault_frames_armed(fault));
		fault_clear(fault);
		ok(!fault_frames_armed(fault));
		send(&a, &b, cls[i].r_ctl, cls[i].type, cls[i].first);
		client_settle(&a);
		ok(b.nr_got == ARRAY_SIZE(cls));
		tear_down();
	}
	set_up();
	ok(arm("drop", "any", 1, 100, 0, "") > 0);
	for (k = 0; k < ARRAY_SIZE(cls); k++)
		send(&a, &b, cls[k].r_ctl, cls[k].type, cls[k].first);
	client_settle(&a);
	ok(b.nr_got == 0);
	tear_down();
}

static void test_from(void)
{
	set_up();
	ok(arm("drop", "cmnd", 1, 1, 0, "b.0") > 0);
	send_cmnd(&a, &b, 1);
	send_cmnd(&b, &a, 1);
	send_cmnd(&b, &a, 2);
	client_settle(&a);
	ok(b.nr_got == 1 && a.nr_got == 1 && a.got[0].payload[0] == 2);
	/* Two at once: the first armed wins, both count. */
	ok(arm("drop", "cmnd", 2, 1, 0, "") > 0);
	ok(arm("drop", "cmnd", 3, 1, 0, "") > 0);
	client_clear(&b);
	send_cmnd(&a, &b, 1);
	send_cmnd(&a, &b, 2);
	send_cmnd(&a, &b, 3);
	send_cmnd(&a, &b, 4);
	client_settle(&a);
	ok(b.nr_got == 2 && b.got[1].payload[0] == 4);
	tear_down();
}

static void test_bad_specs(void)
{
	int i, id = 0;

	set_up();
	ok(arm("drop", "cmnd", 0, 1, 0, "") == -EINVAL);
	ok(arm("drop", "cmnd", 1, 0, 0, "") == -EINVAL);
	ok(arm("delay", "cmnd", 1, 1, 0, "") == -EINVAL);
	ok(arm("pass", "cmnd", 1, 1, 0, "") == -EINVAL);
	ok(arm("drop", "frob", 1, 1, 0, "") == -EINVAL);
	ok(fault_act_parse("explode") == -EINVAL);
	ok(fault_class_parse("") == -EINVAL);
	ok(fault_state_parse("any") == -EINVAL);
	for (i = 0; i < FAULT_NR_CLASSES; i++)
		ok(fault_class_parse(fault_class_name((enum fault_class)i)) ==
		   i);
	for (i = 0; i < FAULT_NR_STATES; i++)
		ok(fault_state_parse(fault_state_name((enum fault_state)i)) ==
		   i);
	for (i = FAULT_DROP; i <= FAULT_CORRUPT; i++)
		ok(fault_act_parse(fault_act_name((enum fault_act)i)) == i);
	/* A full list takes no more; spent ones make room. */
	for (i = 0; i < 64; i++)
		id = arm("drop", "cmnd", 1, 1, 0, "");
	ok(id == 64 && arm("drop", "cmnd", 1, 1, 0, "") == -ENOSPC);
	send_cmnd(&a, &b, 1);
	client_settle(&a);
	ok(arm("drop", "cmnd", 1, 1, 0, "") == 65);
	tear_down();
}

static unsigned int nr_changed;
static bool changed_on;

static void on_changed(struct fault_port *fp, enum fault_state state, bool on)
{
	(void)fp;
	(void)state;
	nr_changed++;
	changed_on = on;
}

static void test_port_faults(void)
{
	struct fault_port p, q;

	set_up();
	fault_port_add(fault, &p, "a.0", on_changed, NULL);
	fault_port_add(fault, &q, "b.0", NULL, NULL);
	ok(fault_port_next(fault, NULL) == &p &&
	   fault_port_next(fault, &p) == &q && !fault_port_next(fault, &q));
	ok(fault_arm_port(fault, "c.0", FAULT_FW_HANG, 1) == -ENOENT);
	ok(fault_arm_port(fault, "a.0", FAULT_FW_HANG, 0) == -EINVAL);
	ok(fault_clear_port(fault, "c.0", FAULT_FW_HANG) == -ENOENT);
	nr_changed = 0;
	ok(!fault_arm_port(fault, "a.0", FAULT_MBOX_TIMEOUT, 2));
	ok(nr_changed == 1 && changed_on);
	ok(fault_port_active(&p, FAULT_MBOX_TIMEOUT) &&
	   !fault_port_active(&q, FAULT_MBOX_TIMEOUT) &&
	   !fault_port_active(&p, FAULT_ALL_ONES));
	ok(fault_port_take(&p, FAULT_MBOX_TIMEOUT));
	ok(fault_port_take(&p, FAULT_MBOX_TIMEOUT));
	ok(!fault_port_take(&p, FAULT_MBOX_TIMEOUT));
	ok(p.fired[FAULT_MBOX_TIMEOUT] == 2 && nr_changed == 1);
	ok(!fault_arm_port(fault, "a.0", FAULT_ALL_ONES, FAULT_FOREVER));
	ok(fault_port_take(&p, FAULT_ALL_ONES));
	ok(fault_port_active(&p, FAULT_ALL_ONES));
	ok(!fault_clear_port(fault, "a.0", FAULT_ALL_ONES) && !changed_on);
	ok(!fault_clear_port(fault, "a.0", FAULT_ALL_ONES) && nr_changed == 3);
	ok(!fault_arm_port(fault, "b.0", FAULT_FW_CRASH, 1));
	ok(!fault_arm_port(fault, "a.0", FAULT_FW_HANG, 1));
	fault_clear(fault);
	ok(!p.active && !q.active && nr_changed == 5);
	fault_port_del(fault, &p);
	ok(fault_port_next(fault, NULL) == &q);
	fault_port_del(fault, &q);
	ok(!fault_port_next(fault, NULL));
	tear_down();
}

static void test_latency(void)
{
	uint64_t t0;
	uint8_t i;

	set_up();
	fab_set_latency(fab, 3 * EV_MS);
	t0 = ev_now_ns(ev);
	for (i = 0; i < 100; i++) {
		send_cmnd(&a, &b, i);
		ev_run_until(ev, t0 + (i + 1) * EV_MS);
	}
	client_settle(&a);
	ok(b.nr_got == 100);
	for (i = 0; i < 100; i++)
		ok(b.got[i].payload[0] == i &&
		   b.got[i].t_ns == t0 + (i + 3) * EV_MS);
	/* Less latency from now on: later frames may overtake. */
	send_cmnd(&a, &b, 100);
	fab_set_latency(fab, 0);
	send_cmnd(&a, &b, 101);
	client_settle(&a);
	ok(b.got[100].payload[0] == 101 && b.got[101].payload[0] == 100);
	tear_down();
}

/* Detach with frames both ways: the sender is told, nothing arrives later. */
static void test_detach_in_flight(void)
{
	set_up();
	fab_set_latency(fab, EV_MS);
	send_cmnd(&a, &b, 1);
	send_cmnd(&a, &b, 2);
	send_cmnd(&b, &a, 3);
	ok(fab_in_flight(fab) == 3);
	fab_port_detach(&a.port);
	ok(a.fates[FAB_GONE] == 2 && fab_in_flight(fab) == 1);
	client_settle(&b);
	ok(a.nr_got == 0 && b.nr_got == 0 && b.fates[FAB_DROPPED] == 1);
	ok(a.downs == 0);
	tear_down();
}

static void detach_peer(struct fab_port *port, const struct fab_frame *f)
{
	(void)port;
	(void)f;
	fab_port_detach(&a.port);
}

/* The receiver takes the sender off while it is looking at the frame. */
static void test_detach_from_rx(void)
{
	static struct fab_port_ops ops;

	set_up();
	ops = *b.port.ops;
	ops.rx = detach_peer;
	b.port.ops = &ops;
	send_cmnd(&a, &b, 1);
	send_cmnd(&a, &b, 2);
	client_settle(&b);
	ok(a.fates[FAB_GONE] == 2 && a.fates[FAB_DELIVERED] == 0);
	ok(fab_in_flight(fab) == 0);
	tear_down();
}

static void test_sg(void)
{
	struct fab_frame *f, *again;
	uint32_t i;

	set_up();
	f = fab_frame_get(fab, 0);
	for (i = 0; i < 300; i++)
		fab_frame_add_sg(f, 0x1000ULL * i, 512 + i);
	ok(f->nr_sg == 300 && f->sg[299].iova == 0x1000ULL * 299 &&
	   f->sg[299].len == 811);
	ok(f->len == 300 * 512 + 299 * 300 / 2);
	fab_frame_put(fab, f);
	/* Frames and their room are used again. */
	again = fab_frame_get(fab, 0);
	ok(again == f && again->nr_sg == 0 && again->len == 0);
	fab_frame_put(fab, again);
	f = fab_frame_get(fab, FAB_PAYLOAD_MAX);
	memset(f->payload, 0xff, FAB_PAYLOAD_MAX);
	fab_frame_put(fab, f);
	f = fab_frame_get(fab, 1000);
	ok(!f->payload[0] && !f->payload[999]);
	fab_frame_put(fab, f);
	tear_down();
}

/* Two ports play ball: never more frames than the pool had at first. */
static void test_ping_pong(void)
{
	struct fab_frame *first[64];
	unsigned int i, k, rounds = 0;
	bool known = true;

	set_up();
	for (i = 0; i < 64; i++)
		first[i] = fab_frame_get(fab, 0);
	for (i = 0; i < 64; i++)
		fab_frame_put(fab, first[i]);
	for (i = 0; i < 100; i++) {
		struct fab_frame *f;

		client_clear(&a);
		client_clear(&b);
		a.echo = 100;
		b.echo = 100;
		send_cmnd(&a, &b, 0);
		client_settle(&a);
		rounds += a.nr_got + b.nr_got;
		f = fab_frame_get(fab, 0);
		for (k = 0; k < 64 && first[k] != f; k++)
			;
		known = known && k < 64;
		fab_frame_put(fab, f);
	}
	ok(rounds == 100 * 201 && known);
	tear_down();
}

/* Frames, faults, cables, lasers in any order: the sums must match. */
static void test_storm(void)
{
	unsigned int seed = 3, i;
	uint64_t sent = 0;

	set_up();
	printf("# seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 20000; i++) {
		struct client *x = random() % 2 ? &a : &b;
		struct client *y = x == &a ? &b : &a;

		switch (random() % 20) {
		case 0:
			fab_port_cable(&x->port, random() % 3, 0);
			break;
		case 1:
			fab_port_enable(&x->port, random() % 3);
			break;
		case 2:
			(void)arm("delay", "any", 1, 2, 5 * EV_MS, "");
			break;
		case 3:
			(void)arm("drop", "any", 2, 1, 0, "");
			break;
		case 4:
			fab_set_latency(fab, (uint64_t)random() % 4 * EV_MS);
			break;
		case 5:
			fab_port_cable(&x->port, true, 0);
			fab_port_enable(&x->port, true);
			ev_run_until(ev, ev_now_ns(ev) + 20 * EV_MS);
			(void)client_flogi(x);
			break;
		default:
			send_cmnd(x, y, 0);
			sent++;
		}
		ev_run_until(ev, ev_now_ns(ev) + EV_MS);
		client_clear(&a);
		client_clear(&b);
	}
	client_settle(&a);
	ok(fab_in_flight(fab) == 0);
	ok(sent == a.fates[FAB_DELIVERED] + a.fates[FAB_DROPPED] +
			   b.fates[FAB_DELIVERED] + b.fates[FAB_DROPPED]);
	ok(a.fates[FAB_DELIVERED] > 100 && a.fates[FAB_DROPPED] > 100);
	ok(!a.fates[FAB_GONE] && !b.fates[FAB_GONE]);
	tear_down();
}

int main(void)
{
	tap_run(test_drop, "drop: the Nth frame and as many as told");
	tap_run(test_corrupt, "corrupt: the receiver discards and counts");
	tap_run(test_delay, "delay: later frames overtake");
	tap_run(test_classes, "each class of frames can be hit alone");
	tap_run(test_from, "faults of one sender; two faults at once");
	tap_run(test_bad_specs, "nonsense is refused, names round trip");
	tap_run(test_port_faults, "port faults: arm, ask, take, clear");
	tap_run(test_latency, "latency keeps the order");
	tap_run(test_detach_in_flight, "detach with frames in flight");
	tap_run(test_detach_from_rx, "detach of the sender while delivering");
	tap_run(test_sg, "scatter lists and payload buffers are used again");
	tap_run(test_ping_pong, "20000 frames from a pool that does not grow");
	tap_run(test_storm, "a storm of faults: every frame ends once");
	return tap_end();
}
