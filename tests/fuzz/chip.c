// SPDX-License-Identifier: GPL-2.0
/*
 * A driver gone wild on a chip, next to an initiator and a target that work:
 * registers, doorbells, mailboxes, control blocks and ring entries beyond
 * reason. The model must live, the others be served, and the chip work again
 * after a reset.
 */
#include "badhost.h"
#include "rig.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 150U
#define STEPS 400U
#define WILD_WWPN 0x2100001b32f00001ULL
#define LBA 64U
#define LEN 4096U

static struct rig rig;
static struct host wild;
static struct card *card;
static uint64_t seed;

static uint32_t rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33);
}

static uint32_t nasty(void)
{
	static const uint32_t list[] = {
		0,	    1,		2,	    3,		0x10,
		0x3f,	    0x40,	0x7ef,	    0x7fc,	0x7fe,
		0x7ff,	    0x800,	0xfff,	    0x1000,	0x7fff,
		0x8000,	    0xffff,	0x10000,    0xfffc,	0xfffffc,
		0x7fffffff, 0x80000000, 0xdeaddead, 0xffffffff,
	};

	return rnd() % 3 ? list[rnd() % ARRAY_SIZE(list)] : rnd() << 1;
}

static const struct host_ops none;

/* ---- wild steps ---- */

static void wild_register(void)
{
	static const uint32_t doorbells[] = {
		0x1c, 0x20, 0x24, 0x28, 0x3c, 0x40
	};
	static const uint32_t others[] = { 0x00, 0x04, 0x08, 0x0c, 0x10, 0x44,
					   0x48, 0x4c, 0x50, 0x54, 0x58, 0xc0 };
	unsigned int bar = rnd() % 4 ? PCIDEV_BAR_MEM : PCIDEV_BAR_IO;
	unsigned int size = 1U << rnd() % 3;
	uint32_t off;

	switch (rnd() % 4) {
	case 0:
		off = doorbells[rnd() % ARRAY_SIZE(doorbells)];
		size = 4;
		break;
	case 1:
		off = others[rnd() % ARRAY_SIZE(others)];
		size = 4;
		break;
	case 2:
		off = rnd() % 0x100 & ~(size - 1);
		break;
	default:
		off = nasty();
		bar = rnd() % 4;
	}
	if (rnd() % 3)
		pcidev_bar_write(card->dev, bar, off, size, nasty());
	else
		pcidev_bar_read(card->dev, bar, off, size);
}

static void wild_host_command(void)
{
	host_wr(&wild, 0x48, rnd() % 16 << 28 | (rnd() % 4 ? 0 : nasty()));
}

static void some_bytes(uint8_t *p, size_t len)
{
	unsigned int nr = rnd() % 12;

	while (nr--) {
		if (rnd() % 2)
			p[rnd() % len] = (uint8_t)nasty();
		else
			put_le32(p + rnd() % (len - 4), nasty());
	}
}

static void fill_entry(uint8_t *e)
{
	unsigned int i;

	if (rnd() % 8 == 0) {
		for (i = 0; i < HOST_ENTRY_LEN; i++)
			e[i] = (uint8_t)rnd();
		return;
	}
	e[0] = badhost_entry_type(rnd());
	e[1] = rnd() % 4 ? 1 : (uint8_t)nasty();
	put_le32(e + 4, rnd() % 8);
	some_bytes(e + 8, HOST_ENTRY_LEN - 8);
	if (e[0] == 0x39)
		put_le16(e + 8, (uint16_t)(rnd() % 0x80));
}

/* Entries that a sane driver could have written, then spoilt. */
static void spoilt_entry(void)
{
	uint32_t id = rnd() % 2 ? rig.tgt_id : rnd() % 2 ? 0xfffffc : nasty();
	uint16_t nport = (uint16_t)(rnd() % 4);
	struct seg seg = { HOST_IOVA + HOST_DATA, rnd() % 8192 };
	struct cmd cmd = {
		.handle = rnd() % 16,
		.nport = nport,
		.id = id,
		.cdb = { rnd() % 2 ? 0x28 : (uint8_t)rnd() },
		.dl = rnd() % 2 ? seg.len : nasty(),
		.read = rnd() % 2,
		.write = rnd() % 8 == 0,
		.timeout_s = 5,
		.segs = &seg,
		.nr_segs = 1,
	};
	uint8_t *e;

	/* Its writes stay away from what the others read back. */
	if (cmd.write)
		cmd.cdb[0] = 0x00;
	switch (rnd() % 5) {
	case 0:
		e = entry_cmd(&wild, &cmd);
		break;
	case 1:
		e = entry_login(&wild, rnd() % 16, nport, id,
				badhost_login_flags(rnd()));
		break;
	case 2:
		e = entry_abort(&wild, rnd() % 16, rnd() % 16, nport, id);
		break;
	case 3:
		e = entry_tmf(&wild, rnd() % 16, nport, id, 1U << rnd() % 6,
			      cmd.lun);
		break;
	default:
		e = host_slot(&wild);
		if (e)
			fill_entry(e);
	}
	if (e && rnd() % 2)
		some_bytes(e + 1, HOST_ENTRY_LEN - 1);
}

static void wild_entries(void)
{
	unsigned int nr = 1 + rnd() % 6;

	while (nr--)
		spoilt_entry();
	host_ring(&wild);
}

static void wild_mailbox(void)
{
	uint16_t mb[32] = { 0 };
	unsigned int i;

	for (i = 1; i < 32; i++)
		mb[i] = rnd() % 3 ? 0 : (uint16_t)nasty();
	mb[0] = rnd() % 8 ? (uint16_t)(rnd() % 0x80) : (uint16_t)nasty();
	if (rnd() % 2) {
		/* A buffer that is there, with an entry or a block in it. */
		uint32_t off = rnd() % 2 ? HOST_MISC : HOST_ICB;

		badhost_mbox_buffer(mb, HOST_IOVA + off);
		if (off == HOST_MISC) {
			fill_entry(host_at(&wild, off));
		} else {
			host_icb(&wild, rnd() % 3, WILD_WWPN);
			some_bytes(host_at(&wild, off), 128);
		}
	}
	badhost_mbox_run(&wild, mb);
}

/* The guest takes memory away, all or a part, and may give it back. */
static void wild_memory(void)
{
	struct mem *m = &card->dev->mem;

	mem_unmap_all(m);
	if (rnd() % 4)
		mem_map(m, HOST_IOVA, rnd() % 2 ? HOST_RAM : HOST_DATA,
			wild.ram, rnd() % 8 ? 3 : MEM_PROT_READ);
}

static void wild_config(void)
{
	uint8_t buf[4];

	put_le32(buf, nasty());
	pcidev_cfg_write(card->dev, rnd() % 2 ? rnd() % 0x100 : nasty(), buf,
			 1 + rnd() % 4);
	if (rnd() % 2) {
		put_le16(buf, 7);
		pcidev_cfg_write(card->dev, 4, buf, 2);
	}
}

static void wild_step(void)
{
	switch (rnd() % 32) {
	case 0 ... 9:
		wild_register();
		break;
	case 10:
		wild_host_command();
		break;
	case 11 ... 19:
		wild_entries();
		break;
	case 20 ... 25:
		wild_mailbox();
		break;
	case 26:
		wild_memory();
		break;
	case 27:
		wild_config();
		break;
	case 28:
		/* Read the status and clear, as the good ones do. */
		host_rd(&wild, 0x44);
		host_wr(&wild, 0x48, 0xaU << 28);
		break;
	default:
		world_run(&rig.w, rnd() % (20 * EV_MS));
	}
}

/* ---- what must still work ---- */

/*
 * Of the initiator only: the rig's target serves strangers as if they were its
 * one initiator and moved whole blocks, which earns it verdicts of its own.
 */
static uint64_t neighbours_verdicts(void)
{
	uint64_t nr = 0;
	unsigned int v;

	for (v = 0; v < VERDICT_NR; v++)
		nr += rig.ini_card->dev->jp->verdicts[v].nr;
	return nr;
}

static bool neighbours_work(unsigned int round)
{
	uint8_t *out = host_at(&rig.ini, HOST_DATA);
	uint8_t *in = host_at(&rig.ini, HOST_DATA + LEN);
	const uint8_t *st;
	unsigned int i;
	bool good;

	rig_forget(&rig);
	for (i = 0; i < LEN; i++)
		out[i] = (uint8_t)(i * 7 + round);
	memset(in, 0, LEN);
	rig_io(&rig, 2 * round + 1, true, LBA, LEN, HOST_DATA);
	st = rig_status(&rig, 2 * round + 1);
	good = ok(st && !get_le16(st + 8));
	rig_io(&rig, 2 * round + 2, false, LBA, LEN, HOST_DATA + LEN);
	st = rig_status(&rig, 2 * round + 2);
	return good && ok(st && !get_le16(st + 8)) &&
	       ok(!memcmp(out, in, LEN)) && ok(neighbours_verdicts() == 0);
}

static void run_wild(const char *text, enum pcidev_irq_mode irq)
{
	unsigned int round, i, booted = 0;

	if (!ok(rig_init(&rig, NULL)))
		return;
	rig.serve = true;
	card = world_card(&rig.w, text);
	for (round = 0; round < ROUNDS; round++) {
		host_init(&wild, rig.w.ev, card->dev, &none, NULL, irq);
		/* Some rounds begin on a chip without firmware. */
		if (round % 4 && ok(host_boot(&wild, rnd() % 3, WILD_WWPN)))
			booted++;
		card->dev->host_ops = &badhost_deaf;
		for (i = 0; i < STEPS; i++)
			wild_step();
		host_fini(&wild);
		world_run(&rig.w, EV_SEC);
		if (!neighbours_work(round)) {
			printf("# in round %u\n", round);
			break;
		}
	}
	printf("# %s: %u rounds, %u booted, %llu verdicts\n", text, round,
	       booted, (unsigned long long)world_verdicts(&rig.w));
	ok(booted > 0);
	rig_fini(&rig);
}

static void test_2532(void)
{
	run_wild("name=wild,chip=2532", PCIDEV_IRQ_MSIX);
}

static void test_2432(void)
{
	run_wild("name=wild,chip=2432,irq=msi", PCIDEV_IRQ_MSI);
}

int main(void)
{
	const char *text = getenv("FUZZ_SEED");

	seed = text ? strtoull(text, NULL, 0) : 1;
	printf("# FUZZ_SEED=%llu\n", (unsigned long long)seed);
	tap_run(test_2532, "a wild driver on a 2532 harms only itself");
	tap_run(test_2432, "a wild driver on a 2432 harms only itself");
	return tap_end();
}
