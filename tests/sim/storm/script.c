// SPDX-License-Identifier: GPL-2.0
/* Scripts of storms: made of a seed, written and read as text. */
#include "script.h"

#include "cells.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MORE_CMDS 200U
#define MIN_FAULTS 40U
#define MAX_MORE_FAULTS 32U
#define HOT_BLOCKS 512U
#define BLOCKS 4096U

static const struct {
	const char *name;
	bool fault;
} kinds[] = {
#define X(id, name, fault) { name, fault },
	STORM_KINDS(X)
#undef X
};

bool storm_is_fault(enum storm_kind kind)
{
	return kinds[kind].fault;
}

const char *storm_kind_name(enum storm_kind kind)
{
	return kind < STORM_NR_KINDS ? kinds[kind].name : "?";
}

/* ---- making one ---- */

static uint64_t rng;

/* Once in a statement: compilers differ in which of two they call first. */
static uint32_t rnd(uint32_t below)
{
	uint64_t z = rng += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ z >> 31) % below);
}

/* A time of any order of magnitude up to 10^@digits. */
static uint32_t any_time(unsigned int digits)
{
	uint32_t t = 1;

	for (digits = rnd(digits + 1); digits; digits--)
		t *= 10;
	t = rnd(t);
	return t + rnd(2);
}

static void make_world(struct storm_script *s)
{
	static const uint8_t nr_tgts[] = { 1, 1, 1, 1, 2, 2, 2, 3, 3, 4 };
	uint32_t i;

	s->nr_tgt = nr_tgts[rnd(sizeof(nr_tgts))];
	s->nr_ini = s->nr_tgt + rnd(STORM_MAX_INI - s->nr_tgt + 1);
	s->latency_ns = 500 + rnd(20000);
	s->jitter_ns = rnd(4) ? 1 + rnd(8000) : 0;
	s->blocks = BLOCKS;
	for (i = 0; i < s->nr_tgt; i++) {
		s->tgt[i].device = rnd(2) ? 0x2532 : 0x2432;
		s->tgt[i].irq = (uint8_t)rnd(3);
		s->tgt[i].fw_late = rnd(2);
	}
	for (i = 0; i < s->nr_ini; i++) {
		s->to[i] = (uint8_t)(i < s->nr_tgt ? i : rnd(s->nr_tgt));
		s->depth[i] = (uint8_t)(1 + rnd(rnd(2) ? 32 : 8));
	}
}

static struct storm_event *add(struct storm_script *s, enum storm_kind kind,
			       uint32_t who, uint32_t wait_ns)
{
	struct storm_event *e = &s->ev[s->nr++];

	memset(e, 0, sizeof(*e));
	e->kind = (uint8_t)kind;
	e->who = (uint8_t)who;
	e->wait_ns = wait_ns;
	return e;
}

static void make_cmd(struct storm_script *s, uint32_t ini, uint32_t wait_ns)
{
	struct storm_event *e = add(s, STORM_CMD, ini, wait_ns);
	uint32_t max = rnd(64) ? 1U << rnd(7) : 2040;
	uint32_t room = rnd(4) ? HOT_BLOCKS : s->blocks;

	e->b = 1 + rnd(max);
	if (e->b + 1 >= room)
		room = s->blocks;
	e->a = rnd(room - e->b - 1);
	e->c = rnd(2);
	/* Some attributes are none. */
	e->c |= rnd(8) << 1;
	if (!rnd(16))
		e->c |= rnd(STORM_FORM_SENSE + 1) << 4;
}

static uint32_t a_while_us(void)
{
	return 1 + any_time(6);
}

static void make_frame(struct storm_script *s, struct storm_event *e)
{
	e->a = (1 + rnd(3)) << 8;
	e->a |= rnd(13);
	e->b = 1 + any_time(5);
	e->c = rnd(2) ? UINT32_MAX : s->to[e->who];
}

/* What can be done to a target in the very moment of a change of state. */
static const uint8_t at_kinds[] = {
	STORM_CRASH,  STORM_HANG,   STORM_PCI,	    STORM_DISABLE,
	STORM_DETACH, STORM_REMOVE, STORM_SHUTDOWN, STORM_ALL_ONES,
	STORM_ALLOC,  STORM_MAP,    STORM_TGT_LINK, STORM_RSCN,
	STORM_MBOX,
};

static void make_fault(struct storm_script *s, enum storm_kind kind,
		       uint32_t tgt, uint32_t ini, uint32_t wait_ns)
{
	static const uint8_t tmfs[] = { 0x02, 0x04, 0x10, 0x20, 0x40, 0x41 };
	struct storm_event *e = add(s, kind, tgt, wait_ns);

	switch (kind) {
	case STORM_ABTS:
		e->a = rnd(32);
		e->b = !rnd(8);
		break;
	case STORM_ABTS_NONE:
		e->a = rnd(0x8000);
		e->b = rnd(2) ? 0xffff : rnd(0x10000);
		break;
	case STORM_TMF:
		e->a = tmfs[rnd(sizeof(tmfs))];
		e->b = !rnd(8);
		break;
	case STORM_LOGO:
		e->a = rnd(2);
		break;
	case STORM_NO_DATA:
	case STORM_STALL:
	case STORM_NO_XCHG:
	case STORM_HOLD:
	case STORM_LAZY:
		e->a = rnd(3) != 0;
		break;
	case STORM_MBOX:
	case STORM_REFUSE:
		e->a = 1 + rnd(3);
		break;
	case STORM_MAP:
	case STORM_ALLOC:
		e->a = 1 + rnd(10);
		break;
	case STORM_INI_LINK:
	case STORM_TGT_LINK:
	case STORM_DISABLE:
	case STORM_DETACH:
	case STORM_REMOVE:
	case STORM_SHUTDOWN:
	case STORM_ALL_ONES:
		e->a = a_while_us();
		e->b = rnd(2);
		break;
	case STORM_AT:
		e->a = rnd(CELLS_STATES);
		e->b = at_kinds[rnd(sizeof(at_kinds))];
		e->c = rnd(2) ? 0 : any_time(5);
		break;
	case STORM_FRAME:
		e->who = (uint8_t)ini;
		make_frame(s, e);
		break;
	default:
		break;
	}
	if (kind <= STORM_INI_LINK)
		e->who = (uint8_t)ini;
}

/* What concerns one command or one initiator comes more often. */
static enum storm_kind any_fault(void)
{
	static const uint8_t often[] = { STORM_ABTS,  STORM_ABTS, STORM_ABTS,
					 STORM_TMF,   STORM_TMF,  STORM_FRAME,
					 STORM_LOGO,  STORM_HOLD, STORM_LAZY,
					 STORM_STALL, STORM_AT,	  STORM_AT,
					 STORM_AT,    STORM_AT };

	if (rnd(2))
		return often[rnd(sizeof(often))];
	return STORM_ABTS + rnd(STORM_NR_KINDS - STORM_ABTS);
}

/* A target that no fault is aimed at: its initiators must see none. */
static uint32_t quiet_tgt(const struct storm_script *s)
{
	return s->nr_tgt > 1 && rnd(2) ? rnd(s->nr_tgt) : UINT32_MAX;
}

static void one_fault(struct storm_script *s, uint32_t quiet, uint32_t wait_ns)
{
	enum storm_kind kind = any_fault();
	uint32_t tgt, ini;

	do {
		ini = rnd(s->nr_ini);
		tgt = rnd(2) ? s->to[ini] : rnd(s->nr_tgt);
	} while (tgt == quiet || s->to[ini] == quiet);
	/* Whose allocation or mapping it will be cannot be told before. */
	if ((kind == STORM_MAP || kind == STORM_ALLOC || kind == STORM_AT) &&
	    quiet != UINT32_MAX)
		kind = STORM_ABTS;
	make_fault(s, kind, tgt, ini, wait_ns);
}

/* Mostly while commands are open, now and then in the calm after them. */
static uint32_t fault_time(uint32_t digits)
{
	return rnd(4) ? rnd(60000) : any_time(digits);
}

/*
 * A fault that is due may find nothing to strike. What comes last makes up for
 * that, a few at a time: commands to be aborted, logins to be ended.
 */
static void make_rest(struct storm_script *s, uint32_t quiet)
{
	uint32_t round, ini, i;

	/* Whoever is logged in can log out: at least one of each round strikes. */
	for (round = 0; round < STORM_MIN_FAULTS; round++) {
		add(s, STORM_ENOUGH, 0, 0)->a = STORM_MIN_FAULTS;
		for (ini = 0; ini < s->nr_ini; ini++) {
			if (s->to[ini] == quiet)
				continue;
			for (i = 1 + rnd(4); i; i--)
				make_cmd(s, ini, 0);
			make_fault(s, STORM_ABTS, 0, ini, rnd(30000));
			i = STORM_LOGO + rnd(STORM_PRLI - STORM_LOGO + 1);
			make_fault(s, i, 0, ini, rnd(30000));
		}
		add(s, STORM_SETTLE, 0, any_time(7));
	}
}

void storm_make(struct storm_script *s, uint64_t seed)
{
	uint32_t cmds, faults, rounds, quiet, i, left;

	memset(s, 0, sizeof(*s));
	rng = seed;
	s->seed = seed;
	make_world(s);
	quiet = quiet_tgt(s);
	cmds = STORM_MIN_CMDS + rnd(MAX_MORE_CMDS);
	faults = MIN_FAULTS + rnd(MAX_MORE_FAULTS);
	rounds = 2 + rnd(5);
	for (; rounds; rounds--) {
		uint32_t digits = 3 + rnd(3);
		uint32_t nr = rounds == 1 ? cmds : cmds / rounds;
		uint32_t bad = rounds == 1 ? faults : faults / rounds;

		cmds -= nr;
		faults -= bad;
		for (i = 0; i < nr; i++) {
			/* Mostly bursts. */
			left = rnd(s->nr_ini);
			make_cmd(s, left, rnd(4) ? 0 : any_time(digits + 2));
			for (left = nr - i; bad && rnd(left) < bad; bad--)
				one_fault(s, quiet, fault_time(digits + 2));
		}
		for (; bad; bad--)
			one_fault(s, quiet, any_time(digits + 3));
		add(s, STORM_SETTLE, 0, any_time(7));
	}
	make_rest(s, quiet);
}

int storm_hits(const struct storm_script *s, const struct storm_event *e)
{
	if (e->kind == STORM_RSCN || !storm_is_fault(e->kind)) {
		/* An engine that waits makes initiators give up. */
		return e->kind == STORM_HOLD || e->kind == STORM_LAZY ? e->who :
									-1;
	}
	if (e->kind <= STORM_INI_LINK || e->kind == STORM_FRAME)
		return s->to[e->who];
	return e->who;
}

/* ---- text ---- */

void storm_print(const struct storm_script *s, FILE *f)
{
	uint32_t i;

	fprintf(f, "seed %#" PRIx64 "\n", s->seed);
	fprintf(f, "world %u %u %u %u %u\n", s->nr_tgt, s->nr_ini,
		s->latency_ns, s->jitter_ns, s->blocks);
	for (i = 0; i < s->nr_tgt; i++)
		fprintf(f, "target %04x %u %u\n", s->tgt[i].device,
			s->tgt[i].irq, s->tgt[i].fw_late);
	for (i = 0; i < s->nr_ini; i++)
		fprintf(f, "initiator %u %u\n", s->to[i], s->depth[i]);
	for (i = 0; i < s->nr; i++) {
		const struct storm_event *e = &s->ev[i];

		fprintf(f, "%u %s %u %u %u %u\n", e->wait_ns,
			kinds[e->kind].name, e->who, e->a, e->b, e->c);
	}
}

static bool parse_event(struct storm_script *s, const char *line)
{
	struct storm_event e = { 0 };
	unsigned int who, k;
	char name[32];

	if (s->nr == STORM_MAX_EVENTS ||
	    sscanf(line, "%" SCNu32 " %31s %u %" SCNu32 " %" SCNu32 " %" SCNu32,
		   &e.wait_ns, name, &who, &e.a, &e.b, &e.c) != 6)
		return false;
	for (k = 0; k < STORM_NR_KINDS && strcmp(name, kinds[k].name); k++)
		;
	if (k == STORM_NR_KINDS)
		return false;
	e.kind = (uint8_t)k;
	e.who = (uint8_t)who;
	if (who >=
	    (k <= STORM_INI_LINK || k == STORM_FRAME ? s->nr_ini : s->nr_tgt))
		return k == STORM_SETTLE;
	s->ev[s->nr++] = e;
	return true;
}

static bool parse_line(struct storm_script *s, const char *line, uint32_t *tgt,
		       uint32_t *ini)
{
	unsigned int a, b, c;

	if (sscanf(line, "seed %" SCNx64, &s->seed) == 1)
		return true;
	if (sscanf(line, "world %u %u %u %u %u", &s->nr_tgt, &s->nr_ini,
		   &s->latency_ns, &s->jitter_ns, &s->blocks) == 5)
		return s->nr_tgt - 1 < STORM_MAX_TGT &&
		       s->nr_ini <= STORM_MAX_INI;
	if (sscanf(line, "target %x %u %u", &a, &b, &c) == 3) {
		if (*tgt == s->nr_tgt)
			return false;
		s->tgt[(*tgt)++] =
			(struct storm_tgt){ (uint16_t)a, (uint8_t)b, c };
		return true;
	}
	if (sscanf(line, "initiator %u %u", &a, &b) == 2) {
		if (*ini == s->nr_ini || a >= s->nr_tgt)
			return false;
		s->to[*ini] = (uint8_t)a;
		s->depth[(*ini)++] = (uint8_t)b;
		return true;
	}
	return parse_event(s, line);
}

int storm_parse(struct storm_script *s, FILE *f)
{
	uint32_t tgt = 0, ini = 0;
	char line[256];
	int nr = 0;

	memset(s, 0, sizeof(*s));
	while (fgets(line, sizeof(line), f)) {
		nr++;
		if (line[0] != '#' && line[0] != '\n' &&
		    !parse_line(s, line, &tgt, &ini))
			return nr;
	}
	return tgt == s->nr_tgt && ini == s->nr_ini && tgt ? 0 : nr + 1;
}
