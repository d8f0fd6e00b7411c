// SPDX-License-Identifier: GPL-2.0
/*
 * A peer gone wild on a switch, next to an initiator and a target that work:
 * it logs in, takes commands as a target and sends them as an initiator, and
 * answers with frames of true exchanges and false contents. The good ones must
 * be served, no driver may be blamed, and nothing may be left open.
 */
#include "spec/entries.h"
#include "tap.h"
#include "wild.h"

#include <stdio.h>
#include <stdlib.h>

#define STEPS 60000U
#define LEN WILD_LEN
#define GOOD_BUF HOST_DATA
#define NR_OPEN 64U

static struct rig rig;
static struct wild evil;
/* What the peer remembers of exchanges that it could answer. */
static struct wild_xchg open_x[NR_OPEN];
static unsigned int nr_seen;
static uint64_t seed;
static unsigned int nr_good;

static uint32_t rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33);
}

static uint32_t nasty(void)
{
	static const uint32_t list[] = {
		0,    1,	  4,	      512,	  LEN - 1,
		LEN,  LEN + 1,	  2 * LEN,    0x7fffffff, 0x80000000,
		0xff, 0xdeaddead, 0xfffff000, 0xffffffff,
	};

	return rnd() % 3 ? list[rnd() % ARRAY_SIZE(list)] : rnd() << 1;
}

/* ---- frames ---- */

/* Now and then with flags of another kind of frame. */
static struct fab_frame *dress(struct fab_frame *f)
{
	if (rnd() % 4 == 0)
		f->f_ctl = rnd() & 0xffffff;
	return f;
}

static struct fab_frame *frame(const struct wild_xchg *x, uint8_t r_ctl,
			       uint8_t type, uint32_t len)
{
	return dress(wild_frame(&evil, x, r_ctl, type, len));
}

static void send_els(const struct wild_xchg *x, uint8_t r_ctl, uint8_t code,
		     uint32_t len)
{
	struct fab_frame *f = frame(x, r_ctl, FAB_TYPE_ELS, len);

	if (len)
		f->payload[0] = code;
	fab_tx(&evil.port, f);
}

static void send_login(const struct wild_xchg *x, uint8_t r_ctl, uint8_t code)
{
	struct fab_frame *f = frame(x, r_ctl, FAB_TYPE_ELS, FAB_ELS_PLOGI_LEN);

	wild_fill_login(f->payload, code);
	if (rnd() % 50 == 0)
		f->len = rnd() % FAB_ELS_PLOGI_LEN;
	if (rnd() % 50 == 0)
		put_be64(f->payload + 20, rnd());
	fab_tx(&evil.port, f);
}

static void send_prli(const struct wild_xchg *x, uint8_t r_ctl, uint8_t code)
{
	struct fab_frame *f = frame(x, r_ctl, FAB_TYPE_ELS, 20);

	f->payload[0] = code;
	f->payload[1] = 0x10;
	f->payload[3] = 20;
	f->payload[4] = 8;
	f->payload[6] = code == FAB_ELS_LS_ACC ? 0x21 : 0x20;
	f->payload[19] = 0x32;
	if (rnd() % 50 == 0)
		f->payload[rnd() % 20] = (uint8_t)rnd();
	if (rnd() % 50 == 0)
		f->len = rnd() % 20;
	fab_tx(&evil.port, f);
}

/* Data out of the peer's memory, or from where it has none. */
static void send_data(const struct wild_xchg *x, uint32_t off, uint32_t len)
{
	struct fab_frame *f = frame(x, FAB_RCTL_FCP_DATA, FAB_TYPE_FCP, 0);
	unsigned int nr = rnd() % 4 ? 1 : 1 + rnd() % 3;

	f->mem = &evil.dev.mem;
	f->param = off;
	while (nr--)
		fab_frame_add_sg(
			f, rnd() % 16 ? WILD_IOVA + rnd() % 4096 : nasty(),
			nr ? rnd() % 2048 : len % 32768);
	fab_tx(&evil.port, f);
}

static void send_rsp(const struct wild_xchg *x)
{
	struct fab_frame *f = frame(x, FAB_RCTL_FCP_RSP, FAB_TYPE_FCP,
				    rnd() % 8 ? 24 : rnd() % 300);
	uint32_t i;

	if (rnd() % 2)
		for (i = 10; i < f->len; i++)
			if (rnd() % 3 == 0)
				f->payload[i] = (uint8_t)rnd();
	if (f->len >= 24 && rnd() % 2)
		put_be32(f->payload + 12 + 4 * (rnd() % 3), nasty());
	fab_tx(&evil.port, f);
}

static void send_xfer_rdy(const struct wild_xchg *x, uint32_t off, uint32_t len)
{
	struct fab_frame *f = frame(x, FAB_RCTL_FCP_XFER_RDY, FAB_TYPE_FCP,
				    rnd() % 16 ? 12 : rnd() % 12);

	if (f->len >= 8) {
		put_be32(f->payload, off);
		put_be32(f->payload + 4, len);
	}
	fab_tx(&evil.port, f);
}

static void send_bls(const struct wild_xchg *x)
{
	static const uint8_t kinds[] = { FAB_RCTL_ABTS, FAB_RCTL_BA_ACC,
					 FAB_RCTL_BA_RJT };
	struct fab_frame *f =
		frame(x, kinds[rnd() % 3], FAB_TYPE_BLS, rnd() % 16);

	if (rnd() % 2)
		f->f_ctl ^= 0x800000;
	fab_tx(&evil.port, f);
}

static void send_cmnd(void)
{
	struct wild_xchg x = { rig.tgt_id, (uint16_t)(0x4000 + rnd() % 256),
			       0xffff };
	struct fab_frame *f = frame(&x, FAB_RCTL_FCP_CMND, FAB_TYPE_FCP,
				    rnd() % 8 ? 32 : rnd() % 128);
	uint32_t i;

	for (i = 0; i < f->len; i++)
		if (rnd() % 8 == 0)
			f->payload[i] = (uint8_t)rnd();
	if (f->len >= 32) {
		f->payload[10] = rnd() % 16 ? 0 : (uint8_t)rnd();
		f->payload[11] = rnd() % 8 ? 1 + rnd() % 2 : (uint8_t)rnd();
		f->payload[12] = rnd() % 2 ? 0x2a : 0x28;
		put_be32(f->payload + 14, rnd() % 128);
		put_be16(f->payload + 19, (uint16_t)(rnd() % 9));
		put_be32(f->payload + 28, rnd() % 4 ? LEN : nasty());
	}
	fab_tx(&evil.port, f);
}

/* A command served nearly as it should be: every so often a step is wrong. */
static void nearly_serve(const struct fab_frame *f)
{
	struct wild_xchg x = { f->s_id, f->ox_id, (uint16_t)rnd() };
	bool read = f->len >= 12 && f->payload[11] & 2;
	uint32_t off = 0;

	while (off < LEN) {
		uint32_t len = rnd() % 2 ? LEN - off : 1 + rnd() % (LEN - off);
		uint32_t at = rnd() % 16 ? off : nasty();

		if (read)
			send_data(&x, at, rnd() % 16 ? len : nasty());
		else
			send_xfer_rdy(&x, at, rnd() % 16 ? len : nasty());
		off += len;
	}
	send_rsp(&x);
}

/* ---- what arrives ---- */

static void remember(const struct fab_frame *f, bool ours)
{
	struct wild_xchg *x = &open_x[nr_seen++ % NR_OPEN];

	x->id = f->s_id;
	x->ox_id = f->ox_id;
	x->rx_id = ours ? f->rx_id : (uint16_t)rnd();
}

static void answer_els(const struct fab_frame *f)
{
	struct wild_xchg x = { f->s_id, f->ox_id, (uint16_t)rnd() };

	if (f->s_id >= 0xfffff0 || !f->len || rnd() % 20 == 0)
		return;
	if (rnd() % 20 == 0)
		send_els(&x, FAB_RCTL_ELS_RSP, (uint8_t)rnd(), rnd() % 40);
	else if (f->payload[0] == FAB_ELS_PLOGI)
		send_login(&x, FAB_RCTL_ELS_RSP, FAB_ELS_LS_ACC);
	else if (f->payload[0] == FAB_ELS_PRLI)
		send_prli(&x, FAB_RCTL_ELS_RSP, FAB_ELS_LS_ACC);
	else
		send_els(&x, FAB_RCTL_ELS_RSP, FAB_ELS_LS_ACC, 4);
}

static void answer_xfer_rdy(const struct fab_frame *f)
{
	struct wild_xchg x = { f->s_id, f->ox_id, f->rx_id };

	if (f->len >= 8 && rnd() % 2)
		send_data(&x, get_be32(f->payload),
			  rnd() % 8 ? get_be32(f->payload + 4) : nasty());
}

static void evil_rx(struct fab_port *port, const struct fab_frame *f)
{
	(void)port;
	if (wild_is_flogi_acc(&evil, f))
		return;
	if (f->kind == FAB_ELS_REQ)
		answer_els(f);
	else if (f->kind == FAB_CMND) {
		remember(f, false);
		if (rnd() % 2)
			nearly_serve(f);
	} else if (f->kind == FAB_XFER_RDY) {
		remember(f, true);
		answer_xfer_rdy(f);
	}
}

static const struct fab_port_ops evil_ops = { .rx = evil_rx,
					      .link = wild_link };

static void plug_in_evil(void)
{
	ok(wild_plug(&evil, &rig, &evil_ops));
	fab_tx(&evil.port, dress(wild_flogi(&evil)));
	world_run(&rig.w, EV_MS);
	ok(evil.id);
}

/* ---- steps ---- */

static void false_answer(void)
{
	unsigned int back = rnd() % 2 ? 1 : 1 + rnd() % NR_OPEN;
	const struct wild_xchg *x = &open_x[(nr_seen - back) % NR_OPEN];

	if (!x->id)
		return;
	switch (rnd() % 8) {
	case 0:
	case 1:
	case 2:
		send_data(x, rnd() % 2 ? 0 : nasty(),
			  rnd() % 2 ? LEN : nasty());
		break;
	case 3:
	case 4:
		send_rsp(x);
		break;
	case 5:
	case 6:
		send_xfer_rdy(x, rnd() % 2 ? 0 : nasty(),
			      rnd() % 2 ? LEN : nasty());
		break;
	default:
		send_bls(x);
	}
}

static void any_els(void)
{
	static const uint8_t codes[] = { FAB_ELS_LOGO,	FAB_ELS_PRLO,
					 FAB_ELS_ADISC, FAB_ELS_PDISC,
					 FAB_ELS_RSCN,	FAB_ELS_ECHO,
					 FAB_ELS_RTV,	FAB_ELS_FLOGI,
					 0x77 };
	struct wild_xchg x = { rnd() % 2 ? rig.tgt_id : rig.ini_id,
			       (uint16_t)(0x5000 + rnd() % 64), 0xffff };

	switch (rnd() % 4) {
	case 0:
		send_els(&x, FAB_RCTL_ELS_REQ, codes[rnd() % sizeof(codes)],
			 rnd() % 4 ? 16 + rnd() % 16 : rnd() % 200);
		break;
	case 1:
		send_prli(&x, FAB_RCTL_ELS_REQ, FAB_ELS_PRLI);
		break;
	default:
		send_login(&x, FAB_RCTL_ELS_REQ, FAB_ELS_PLOGI);
		x.ox_id++;
		send_prli(&x, FAB_RCTL_ELS_REQ, FAB_ELS_PRLI);
	}
}

/* The good initiator asks the wild target for something. */
static void ask_evil(uint32_t handle)
{
	bool write = rnd() % 2;

	wild_ask(&evil, handle, write, 1 + (uint16_t)(rnd() % 3));
	if (rnd() % 8 == 0)
		wild_give_up(&evil, handle + 0x100000, handle);
}

static void log_in_to_evil(void)
{
	wild_log_in(&evil, 0x40000000, LOGIN_PLOGI);
}

/* The good pair must not notice: write a block, read it back. */
static bool good_pair(uint32_t handle)
{
	uint8_t *buf = host_at(&rig.ini, GOOD_BUF);
	uint32_t i, want = rnd();
	const uint8_t *sts;
	bool good;

	rig_forget(&rig);
	for (i = 0; i < LEN; i += 4)
		put_le32(buf + i, want + i);
	rig_io(&rig, handle, true, 4096, LEN, GOOD_BUF);
	sts = rig_status(&rig, handle);
	good = sts && !get_le16(sts + STS_COMP) && !get_le16(sts + STS_SCSI);
	memset(buf, 0, LEN);
	rig_io(&rig, handle + 1, false, 4096, LEN, GOOD_BUF);
	sts = rig_status(&rig, handle + 1);
	good = good && sts && !get_le16(sts + STS_COMP) &&
	       !get_le16(sts + STS_SCSI);
	for (i = 0; i < LEN; i += 4)
		good = good && get_le32(buf + i) == want + i;
	rig_forget(&rig);
	return good;
}

static void step(unsigned int i)
{
	switch (rnd() % 16) {
	case 0:
	case 1:
	case 2:
		ask_evil(0x1000 + i);
		break;
	case 3:
	case 4:
	case 5:
		send_cmnd();
		break;
	case 6:
		any_els();
		break;
	case 7:
		if (rnd() % 4 == 0)
			log_in_to_evil();
		break;
	default:
		false_answer();
	}
	if (rnd() % 2)
		world_run(&rig.w, EV_MS);
	if (rnd() % 64 == 0)
		world_run(&rig.w, EV_SEC);
	if (rig.ini_rsp.nr > RIG_LOG / 2 || rig.tgt_rsp.nr > RIG_LOG / 2)
		rig_forget(&rig);
}

static void test_peer(void)
{
	unsigned int i, tried = 0;

	if (!ok(rig_init(&rig, NULL)))
		return;
	plug_in_evil();
	log_in_to_evil();
	for (i = 0; i < STEPS; i++) {
		step(i);
		if (i % 500 == 499) {
			tried++;
			nr_good += good_pair(0x20000000 + 2 * i);
		}
	}
	ok(nr_good == tried);
	printf("# good pair: %u of %u\n", nr_good, tried);
	for (i = 0; i < FAB_NR_KINDS; i++)
		printf("# %s: %llu sent, %llu received\n",
		       fab_kind_name((enum fab_kind)i),
		       (unsigned long long)evil.port.stats.tx[i],
		       (unsigned long long)evil.port.stats.rx[i]);
	printf("# lost %llu\n", (unsigned long long)evil.port.stats.tx_dropped);
	/* The peer goes; what it left open has to end by itself. */
	wild_unplug(&evil);
	world_run(&rig.w, 300 * EV_SEC);
	ok(good_pair(0x30000000));
	ok(rig_quiet(&rig));
	rig_fini(&rig);
}

int main(void)
{
	const char *text = getenv("FUZZ_SEED");

	seed = text ? strtoull(text, NULL, 0) : 1;
	printf("# FUZZ_SEED=%llu\n", (unsigned long long)seed);
	tap_run(test_peer, "a wild peer harms nobody else");
	return tap_end();
}
