// SPDX-License-Identifier: GPL-2.0
/*
 * Speed of the model with both ends in one process: an initiator's rings and a
 * target's rings on two chips and a switch, no VM, virtual time.
 *
 * What is measured is everything the model does for a command: register
 * accesses, ring entries, frames, exchanges and the copy of the data. The two
 * drivers at the rings do as little as a driver can.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "entry.h"
#include "spec/entries.h"
#include "world.h"

#define MAX_DEPTH 256U
#define TGT_HANDLE 0x0007U /* N_Port handle that the initiator chooses */
#define BLOCK 512U
#define DATA_ROOM (HOST_RAM - HOST_DATA)

/**
 * struct bench - one run
 * @w: fabric and cards
 * @ini: initiator
 * @tgt: target
 * @tgt_id: its address
 * @ini_nport: N_Port handle that the target's chip chose for the initiator
 * @size: bytes per command
 * @depth: commands at a time
 * @write: WRITE instead of READ
 * @left: commands to be issued yet
 * @open: commands issued and not completed
 * @done: commands completed
 * @failed: of these, without good status
 * @logged_in: the login IOCB succeeded
 * @ctio_open: CTIOs not given back
 * @atio: WRITE: the command of each slot, for its status
 */
struct bench {
	struct world w;
	struct host ini;
	struct host tgt;
	uint32_t tgt_id;
	uint16_t ini_nport;
	uint32_t size;
	unsigned int depth;
	bool write;
	uint64_t left;
	uint64_t open;
	uint64_t done;
	uint64_t failed;
	bool logged_in;
	uint64_t ctio_open;
	uint8_t atio[MAX_DEPTH][HOST_ENTRY_LEN];
};

static struct bench *of(struct host *h)
{
	return h->priv;
}

static struct seg slot_seg(const struct bench *b, uint32_t tag)
{
	return (struct seg){
		.iova = HOST_IOVA + HOST_DATA + (uint64_t)tag * b->size,
		.len = b->size,
	};
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench: %s failed\n", what);
	exit(1);
}

/* ---- initiator ---- */

static void issue(struct bench *b, uint32_t tag)
{
	struct seg seg = slot_seg(b, tag);
	struct cmd c = {
		.handle = tag,
		.nport = TGT_HANDLE,
		.id = b->tgt_id,
		.cdb = { b->write ? 0x2a : 0x28 },
		.dl = b->size,
		.read = !b->write,
		.write = b->write,
		.timeout_s = 30,
		.segs = &seg,
		.nr_segs = 1,
	};

	put_be32(c.cdb + 2, tag * (b->size / BLOCK));
	put_be16(c.cdb + 7, (uint16_t)(b->size / BLOCK));
	must(entry_cmd(&b->ini, &c), "finding room on the request ring");
	b->left--;
	b->open++;
}

static void ini_rsp(struct host *h, const uint8_t *e)
{
	struct bench *b = of(h);

	if (e[HDR_TYPE] == ENTRY_LOGIO)
		b->logged_in = !get_le16(e + LOGIO_COMP) && !e[HDR_STATUS];
	if (e[HDR_TYPE] != ENTRY_STATUS)
		return;
	b->open--;
	b->done++;
	if (get_le16(e + STS_COMP) || get_le16(e + STS_SCSI))
		b->failed++;
	if (b->left)
		issue(b, get_le32(e + STS_HANDLE));
}

static void log_in(struct bench *b)
{
	uint64_t end = ev_now_ns(b->w.ev) + 10 * EV_SEC;

	entry_login(&b->ini, 0x10000, TGT_HANDLE, b->tgt_id, LOGIN_PLOGI);
	host_ring(&b->ini);
	while (!b->logged_in && ev_now_ns(b->w.ev) < end)
		if (!ev_step(b->w.ev))
			break;
	must(b->logged_in, "logging in");
}

/* ---- target ---- */

static void ctio(struct bench *b, uint32_t tag, const uint8_t *atio,
		 uint16_t flags)
{
	struct seg seg = slot_seg(b, tag);

	must(entry_ctio(&b->tgt, tag, b->ini_nport, atio, flags, &seg,
			flags & CTIO_MODE1 ? 0 : 1),
	     "finding room on the target's request ring");
	b->ctio_open++;
}

/* The LBA names the slot, so that the data can be compared. */
static void tgt_cmd(struct bench *b, const uint8_t *atio)
{
	const uint8_t *cdb = atio + ATIO_CMND + 12;
	uint32_t tag = get_be32(cdb + 2) / (b->size / BLOCK);

	must(tag < b->depth, "understanding a CDB");
	if (!b->write) {
		ctio(b, tag, atio, CTIO_DATA_IN | CTIO_STATUS);
		return;
	}
	memcpy(b->atio[tag], atio, HOST_ENTRY_LEN);
	ctio(b, tag, atio, CTIO_DATA_OUT);
}

static void tgt_atio(struct host *h, const uint8_t *e)
{
	struct bench *b = of(h);

	if (e[HDR_TYPE] == ENTRY_ATIO) {
		tgt_cmd(b, e);
	} else if (e[HDR_TYPE] == ENTRY_NOTIFY) {
		b->ini_nport = get_le16(e + INOT_NPORT);
		entry_nack(h, 0x20000, e);
	}
}

static void tgt_rsp(struct host *h, const uint8_t *e)
{
	struct bench *b = of(h);
	uint32_t tag = get_le32(e + CTIO_HANDLE);

	if (e[HDR_TYPE] != ENTRY_CTIO7)
		return;
	b->ctio_open--;
	if (get_le16(e + CTIOR_STATUS) != 1)
		b->failed++;
	else if (get_le16(e + CTIOR_FLAGS) & CTIO_DATA_OUT)
		ctio(b, tag, b->atio[tag], CTIO_STATUS | CTIO_MODE1);
}

/* ---- run ---- */

static const struct host_ops ini_ops = { .rsp = ini_rsp };
static const struct host_ops tgt_ops = { .rsp = tgt_rsp, .atio = tgt_atio };

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void plug_in(struct bench *b, struct host *h, const char *name,
		    const char *chip, const struct host_ops *ops,
		    enum host_role role)
{
	struct card *card;
	char spec[64];

	snprintf(spec, sizeof(spec), "name=%s,chip=%s", name, chip);
	card = world_card(&b->w, spec);
	host_init(h, b->w.ev, &card->dev[0], ops, b, PCIDEV_IRQ_MSIX);
	must(host_boot(h, role, card_wwpn(&card->spec, 0)), "starting a chip");
	if (role == HOST_TGT)
		b->tgt_id = fab_port_id(world_port(card, 0));
}

static void run(struct bench *b, uint64_t count)
{
	uint32_t tag;

	b->left = count;
	b->done = 0;
	for (tag = 0; tag < b->depth && b->left; tag++)
		issue(b, tag);
	host_ring(&b->ini);
	while ((b->left || b->open) && ev_step(b->w.ev))
		;
	must(b->done == count && !b->failed, "a command");
}

/* Commands per second, after some to warm up; the data are compared. */
static double measure(struct bench *b, uint64_t count)
{
	size_t len = (size_t)b->depth * b->size;
	uint8_t *from = host_at(b->write ? &b->ini : &b->tgt, HOST_DATA);
	uint8_t *to = host_at(b->write ? &b->tgt : &b->ini, HOST_DATA);
	double t0, dt;
	uint32_t i;

	for (i = 0; i < len; i += 4)
		put_le32(from + i, i * 2654435761U);
	memset(to, 0, len);
	run(b, count / 10 + b->depth);
	t0 = seconds();
	run(b, count);
	dt = seconds() - t0;
	while (b->ctio_open && ev_step(b->w.ev))
		;
	must(!b->ctio_open, "giving all CTIOs back");
	must(!memcmp(from, to, len), "comparing data");
	return (double)count / dt;
}

static void print_cost(const struct host *h, uint64_t commands)
{
	const struct count *n = &h->dev->jp->n;
	uint64_t reads = 0, writes = 0, irqs = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(n->reg_reads); i++) {
		reads += n->reg_reads[i];
		writes += n->reg_writes[i];
	}
	for (i = 0; i < COUNT_NR_VECTORS; i++)
		irqs += n->irqs[i];
	printf("  %-12s per command: reads %.2f, writes %.2f, irqs %.2f\n",
	       h->dev->jp->name, (double)reads / (double)commands,
	       (double)writes / (double)commands,
	       (double)irqs / (double)commands);
}

/* ---- command line ---- */

static void print_usage(FILE *f)
{
	fputs("usage: bench_model [--count N] [--depth N] [--size BYTES]\n"
	      "                   [--chip 2432|2532] [--write] [--min RATE]\n"
	      "Ends with 1 if fewer than RATE commands per second are done.\n",
	      f);
}

static unsigned long number(const char *text, unsigned long min,
			    unsigned long max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < min || n > max) {
		fprintf(stderr, "bench_model: %s: allowed are %lu to %lu\n",
			text, min, max);
		exit(2);
	}
	return n;
}

static const struct option options[] = {
	{ "count", required_argument, NULL, 'c' },
	{ "depth", required_argument, NULL, 'd' },
	{ "size", required_argument, NULL, 's' },
	{ "chip", required_argument, NULL, 'k' },
	{ "min", required_argument, NULL, 'm' },
	{ "write", no_argument, NULL, 'w' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct settings - command line
 * @count: commands
 * @min: fewest per second
 * @chip: "2432" or "2532"
 */
struct settings {
	unsigned long count;
	unsigned long min;
	const char *chip;
};

static void parse(int argc, char **argv, struct bench *b, struct settings *s)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			s->count = number(optarg, 1, 1000000000);
		else if (c == 'd')
			b->depth = (unsigned int)number(optarg, 1, MAX_DEPTH);
		else if (c == 's')
			b->size = (uint32_t)number(optarg, BLOCK, 1 << 20);
		else if (c == 'k')
			s->chip = optarg;
		else if (c == 'm')
			s->min = number(optarg, 0, 1000000000);
		else if (c == 'w')
			b->write = true;
		else {
			print_usage(c == 'h' ? stdout : stderr);
			exit(c == 'h' ? 0 : 2);
		}
	}
	if (optind != argc) {
		print_usage(stderr);
		exit(2);
	}
	if (b->size % BLOCK || (uint64_t)b->size * b->depth > DATA_ROOM) {
		fprintf(stderr,
			"bench_model: size: N * %u, times depth up to %u\n",
			BLOCK, DATA_ROOM);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct bench b = { .size = 4096, .depth = 32 };
	struct settings s = { .count = 1000000, .chip = "2532" };
	double rate;

	parse(argc, argv, &b, &s);
	world_init(&b.w, FAB_SWITCH);
	plug_in(&b, &b.tgt, "target", s.chip, &tgt_ops, HOST_TGT);
	plug_in(&b, &b.ini, "initiator", s.chip, &ini_ops, HOST_INI);
	log_in(&b);
	rate = measure(&b, s.count);
	printf("%s %-5s %6u bytes depth %3u: %8.0f/s %6.0f MB/s %5.2f us\n",
	       s.chip, b.write ? "WRITE" : "READ", b.size, b.depth, rate,
	       rate * b.size / 1e6, 1e6 / rate);
	print_cost(&b.ini, s.count + s.count / 10 + b.depth);
	print_cost(&b.tgt, s.count + s.count / 10 + b.depth);
	must(!world_verdicts(&b.w), "keeping the judge quiet");
	must(world_balanced(&b.w), "balancing the books");
	host_fini(&b.ini);
	host_fini(&b.tgt);
	world_fini(&b.w);
	if (rate < (double)s.min) {
		fprintf(stderr, "bench: slower than %lu per second\n", s.min);
		return 1;
	}
	return 0;
}
