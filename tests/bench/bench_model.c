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

#include "card.h"
#include "chip/chip.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "host.h"
#include "port/port.h"
#include "spec/entries.h"

#define MAX_DEPTH 256U
#define TGT_HANDLE 0x0007U /* N_Port handle that the initiator chooses */
#define BLOCK 512U
#define DATA_ROOM (HOST_RAM - HOST_DATA)

#define CTIO_DATA_IN 0x0002U
#define CTIO_DATA_OUT 0x0001U
#define CTIO_STATUS 0x8000U
#define CTIO_MODE1 0x0040U

#define LOGIN_PLOGI 0x0010U /* conditional PLOGI, with PRLI */
#define NOTIFY_ELS 0x46U
#define XCHG_UNKNOWN 0xffffffffU

/**
 * struct bench - one run
 * @ev: loop
 * @ini: initiator
 * @tgt: target
 * @tgt_id: its address
 * @size: bytes per command
 * @depth: commands at a time
 * @write: WRITE instead of READ
 * @left: commands to be issued yet
 * @open: commands issued and not completed
 * @done: commands completed
 * @failed: of these, without good status
 * @logged_in: the login IOCB succeeded
 * @ctio_open: CTIOs not given back
 */
struct bench {
	struct ev *ev;
	struct host ini;
	struct host tgt;
	uint32_t tgt_id;
	uint32_t size;
	unsigned int depth;
	bool write;
	uint64_t left;
	uint64_t open;
	uint64_t done;
	uint64_t failed;
	bool logged_in;
	uint64_t ctio_open;
};

static struct bench *of(struct host *h)
{
	return h->priv;
}

static uint64_t slot_iova(const struct bench *b, uint32_t tag)
{
	return HOST_IOVA + HOST_DATA + (uint64_t)tag * b->size;
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench: %s failed\n", what);
	exit(1);
}

/* Each dword of a CDB or LUN is stored the other way round. */
static void put_swapped(uint8_t *dst, const uint8_t *src, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		dst[i ^ 3] = src[i];
}

/* ---- initiator ---- */

static void issue(struct bench *b, uint32_t tag)
{
	uint8_t cdb[16] = { b->write ? 0x2a : 0x28 };
	uint8_t *e = host_slot(&b->ini);

	must(e, "room on the request ring");
	put_be32(cdb + 2, tag * (b->size / BLOCK));
	put_be16(cdb + 7, (uint16_t)(b->size / BLOCK));
	e[HDR_TYPE] = ENTRY_CMD7;
	put_le32(e + CMD7_HANDLE, tag);
	put_le16(e + CMD7_NPORT, TGT_HANDLE);
	put_le16(e + CMD7_TIMEOUT, 30);
	put_le16(e + CMD7_NR_DSD, 1);
	e[CMD7_DIR] = b->write ? 1 : 2;
	put_swapped(e + CMD7_CDB, cdb, sizeof(cdb));
	put_le32(e + CMD7_DL, b->size);
	put_le16(e + CMD7_PORT_ID, (uint16_t)b->tgt_id);
	e[CMD7_PORT_ID + 2] = (uint8_t)(b->tgt_id >> 16);
	put_le64(e + CMD7_DSD_ADDR, slot_iova(b, tag));
	put_le32(e + CMD7_DSD_LEN, b->size);
	b->left--;
	b->open++;
}

static void ini_rsp(struct host *h, const uint8_t *e)
{
	struct bench *b = of(h);

	switch (e[HDR_TYPE]) {
	case ENTRY_LOGIO:
		b->logged_in = !get_le16(e + LOGIO_COMP) && !e[HDR_STATUS];
		break;
	case ENTRY_STATUS:
		b->open--;
		b->done++;
		if (get_le16(e + STS_COMP) || get_le16(e + STS_SCSI))
			b->failed++;
		if (b->left)
			issue(b, get_le32(e + STS_HANDLE));
		break;
	default:
		break;
	}
}

static void log_in(struct bench *b)
{
	uint8_t *e = host_slot(&b->ini);
	uint64_t end = ev_now_ns(b->ev) + 10 * EV_SEC;

	e[HDR_TYPE] = ENTRY_LOGIO;
	put_le32(e + LOGIO_HANDLE, 0x10000);
	put_le16(e + LOGIO_NPORT, TGT_HANDLE);
	put_le16(e + LOGIO_CTL, LOGIN_PLOGI);
	put_le16(e + LOGIO_PORT_ID, (uint16_t)b->tgt_id);
	e[LOGIO_PORT_ID + 2] = (uint8_t)(b->tgt_id >> 16);
	host_ring(&b->ini);
	while (!b->logged_in && ev_now_ns(b->ev) < end)
		if (!ev_step(b->ev))
			break;
	must(b->logged_in, "login");
}

/* ---- target ---- */

static uint8_t *ctio(struct bench *b, const uint8_t *atio, uint16_t flags)
{
	uint8_t *e = host_slot(&b->tgt);

	must(e, "room on the target's request ring");
	e[HDR_TYPE] = ENTRY_CTIO7;
	put_le16(e + CTIO_TIMEOUT, 30);
	put_le16(e + CTIO_INI_ID, get_be16(atio + ATIO_S_ID + 1));
	e[CTIO_INI_ID + 2] = atio[ATIO_S_ID];
	put_le32(e + CTIO_XCHG, get_le32(atio + ATIO_XCHG));
	put_le16(e + CTIO_OX_ID, get_be16(atio + ATIO_OX_ID));
	put_le16(e + CTIO_FLAGS, flags);
	b->ctio_open++;
	return e;
}

/* A CTIO's handle names the LBA's slot, so that data can be compared. */
static void tgt_cmd(struct bench *b, const uint8_t *atio)
{
	const uint8_t *cdb = atio + ATIO_CMND + 12;
	uint32_t tag = get_be32(cdb + 2) / (b->size / BLOCK);
	uint8_t *e;

	if (b->write)
		e = ctio(b, atio, CTIO_DATA_OUT);
	else
		e = ctio(b, atio, CTIO_DATA_IN | CTIO_STATUS);
	put_le32(e + CTIO_HANDLE, tag + 1);
	put_le16(e + CTIO_NR_DSD, 1);
	put_le32(e + CTIO0_XFER_LEN, b->size);
	put_le64(e + CTIO0_DSD_ADDR, slot_iova(b, tag));
	put_le32(e + CTIO0_DSD_LEN, b->size);
}

static void notify_ack(struct bench *b, const uint8_t *n)
{
	uint8_t *e = host_slot(&b->tgt);

	must(e, "room on the target's request ring");
	e[HDR_TYPE] = ENTRY_NOTIFY_ACK;
	put_le32(e + NACK_HANDLE, 0x20000);
	memcpy(e + NACK_NPORT, n + INOT_NPORT, 2);
	memcpy(e + NACK_SRR_RX_ID, n + INOT_SRR_RX_ID, 2);
	memcpy(e + NACK_STATUS, n + INOT_STATUS, 4);
	memcpy(e + NACK_XCHG, n + INOT_XCHG, 4);
	memcpy(e + NACK_OX_ID, n + INOT_OX_ID, 2);
}

static void tgt_atio(struct host *h, const uint8_t *e)
{
	if (e[HDR_TYPE] == ENTRY_ATIO)
		tgt_cmd(of(h), e);
	else if (e[HDR_TYPE] == ENTRY_NOTIFY)
		notify_ack(of(h), e);
}

/* Data of a WRITE are here: the status goes out. */
static void tgt_status(struct bench *b, const uint8_t *done)
{
	uint8_t *e = host_slot(&b->tgt);

	must(e, "room on the target's request ring");
	e[HDR_TYPE] = ENTRY_CTIO7;
	put_le32(e + CTIO_HANDLE, get_le32(done + CTIO_HANDLE));
	put_le16(e + CTIO_TIMEOUT, 30);
	memcpy(e + CTIO_XCHG, done + CTIOR_XCHG, 4);
	put_le16(e + CTIO_FLAGS, CTIO_STATUS | CTIO_MODE1);
	b->ctio_open++;
}

static void tgt_rsp(struct host *h, const uint8_t *e)
{
	struct bench *b = of(h);

	if (e[HDR_TYPE] != ENTRY_CTIO7)
		return;
	b->ctio_open--;
	if (get_le16(e + CTIOR_STATUS) != 1)
		b->failed++;
	else if (get_le16(e + CTIOR_FLAGS) & CTIO_DATA_OUT)
		tgt_status(b, e);
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

static struct card *make_card(struct bench *b, const char *text,
			      struct judge *judge, struct fab *fab,
			      struct fault *fault)
{
	struct card_spec spec;
	struct card *card;
	char err[200];

	if (card_spec_parse(&spec, text, err, sizeof(err))) {
		fprintf(stderr, "bench: %s\n", err);
		exit(2);
	}
	card = card_new(&spec, b->ev, judge, fab, fault, err, sizeof(err));
	must(card, "card");
	card_spec_free(&spec);
	return card;
}

/* Both sides know what byte belongs where. */
static void fill(struct bench *b, struct host *h)
{
	uint8_t *p = host_at(h, HOST_DATA);
	uint32_t i;

	for (i = 0; i < b->depth * b->size; i += 4)
		put_le32(p + i, i * 2654435761U);
}

static bool data_are_equal(struct bench *b)
{
	return !memcmp(host_at(&b->ini, HOST_DATA), host_at(&b->tgt, HOST_DATA),
		       (size_t)b->depth * b->size);
}

static void run(struct bench *b, uint64_t count)
{
	uint32_t tag;

	b->left = count;
	b->done = 0;
	for (tag = 0; tag < b->depth && b->left; tag++)
		issue(b, tag);
	host_ring(&b->ini);
	while ((b->left || b->open) && ev_step(b->ev))
		;
	must(b->done == count && !b->failed, "a command");
}

static double measure(struct bench *b, uint64_t count)
{
	struct host *from = b->write ? &b->ini : &b->tgt;
	struct host *to = b->write ? &b->tgt : &b->ini;
	double t0, dt;

	fill(b, from);
	memset(host_at(to, HOST_DATA), 0, (size_t)b->depth * b->size);
	run(b, count / 10 + b->depth);
	t0 = seconds();
	run(b, count);
	dt = seconds() - t0;
	while (b->ctio_open && ev_step(b->ev))
		;
	must(!b->ctio_open, "giving all CTIOs back");
	must(data_are_equal(b), "comparing data");
	return (double)count / dt;
}

static void usage(FILE *f)
{
	fprintf(f,
		"usage: bench_model [--count N] [--depth N] [--size BYTES]\n"
		"                   [--chip 2432|2532] [--write] [--min RATE]\n"
		"Ends with 1 if fewer than RATE commands per second are done.\n");
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

int main(int argc, char **argv)
{
	struct bench b = { .size = 4096, .depth = 32 };
	unsigned long count = 400000, min = 0;
	const char *chip = "2532";
	struct card *ini, *tgt;
	struct judge *judge;
	struct fault *fault;
	struct fab *fab;
	char spec[64];
	double rate;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			count = number(optarg, 1, 1000000000);
			break;
		case 'd':
			b.depth = (unsigned int)number(optarg, 1, MAX_DEPTH);
			break;
		case 's':
			b.size = (uint32_t)number(optarg, BLOCK, 1 << 20);
			break;
		case 'k':
			chip = optarg;
			break;
		case 'm':
			min = number(optarg, 0, 1000000000);
			break;
		case 'w':
			b.write = true;
			break;
		default:
			usage(c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (b.size % BLOCK || (uint64_t)b.size * b.depth > DATA_ROOM) {
		fprintf(stderr,
			"bench_model: size: a multiple of %u, and size"
			" times depth at most %u\n",
			BLOCK, DATA_ROOM);
		return 2;
	}

	b.ev = ev_new(EV_CLOCK_VIRTUAL);
	judge = judge_new(b.ev);
	fault = fault_new();
	fab = fab_new(b.ev, FAB_SWITCH, fault);
	snprintf(spec, sizeof(spec), "name=initiator,chip=%s", chip);
	ini = make_card(&b, spec, judge, fab, fault);
	snprintf(spec, sizeof(spec), "name=target,chip=%s", chip);
	tgt = make_card(&b, spec, judge, fab, fault);
	host_init(&b.ini, b.ev, &ini->dev[0], &ini_ops, &b, PCIDEV_IRQ_MSIX);
	host_init(&b.tgt, b.ev, &tgt->dev[0], &tgt_ops, &b, PCIDEV_IRQ_MSIX);
	must(host_boot(&b.tgt, HOST_TGT, card_wwpn(&tgt->spec, 0)),
	     "starting the target");
	must(host_boot(&b.ini, HOST_INI, card_wwpn(&ini->spec, 0)),
	     "starting the initiator");
	b.tgt_id = fab_port_id(port_fab(chip_port(tgt->chip[0])));
	log_in(&b);

	rate = measure(&b, count);
	printf("%s %s %u bytes depth %u: %.0f per second, %.0f MB/s, "
	       "%.2f us each, verdicts %llu\n",
	       chip, b.write ? "WRITE" : "READ", b.size, b.depth, rate,
	       rate * b.size / 1e6, 1e6 / rate,
	       (unsigned long long)judge_total(judge));

	host_fini(&b.ini);
	host_fini(&b.tgt);
	card_free(ini);
	card_free(tgt);
	fab_free(fab);
	fault_free(fault);
	judge_free(judge);
	ev_free(b.ev);
	if (rate < (double)min) {
		fprintf(stderr, "bench: slower than %lu per second\n", min);
		return 1;
	}
	return 0;
}
