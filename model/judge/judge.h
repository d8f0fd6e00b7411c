/* SPDX-License-Identifier: GPL-2.0 */
/* The judge: verdicts on drivers, and per port everything that is counted. */
#ifndef MODEL_JUDGE_H
#define MODEL_JUDGE_H

#include "base.h"
#include "ev/ev.h"
#include "judge/books.h"
#include "judge/count.h"
#include "judge/cover.h"
#include "judge/trace.h"

#define V(name, sentence) VERDICT_##name,
/** enum verdict - Every verdict, see verdicts.h. */
enum verdict {
#include "judge/verdicts.h"
	VERDICT_NR
};
#undef V

#define JUDGE_NAME_LEN 40
#define JUDGE_DETAIL_LEN 160

/**
 * struct verdict_info - Words for a verdict.
 * @name: as in enum verdict, without the prefix
 * @sentence: what the driver did
 */
struct verdict_info {
	const char *name;
	const char *sentence;
};

extern const struct verdict_info verdict_infos[VERDICT_NR];

/**
 * struct judge_count - How often one port earned one verdict.
 * @nr: times since the last clearing
 * @first: detail of the first time
 */
struct judge_count {
	uint64_t nr;
	char first[JUDGE_DETAIL_LEN];
};

/**
 * struct judge_port - Everything recorded about one port (one PCI function).
 * @judge: the judge
 * @next: next port
 * @name: such as "target.0"
 * @who: whose driver runs it, for coverage
 * @n: counters
 * @books: accounts
 * @trace: recent events
 * @verdicts: by enum verdict
 */
struct judge_port {
	struct judge *judge;
	struct judge_port *next;
	char name[JUDGE_NAME_LEN];
	enum cover_who who;
	struct count n;
	struct books books;
	struct trace trace;
	struct judge_count verdicts[VERDICT_NR];
};

/**
 * struct judge - All ports of one model and what it implements.
 * @ev: clock of the trace
 * @ports: in the order of making
 * @cover: coverage of all ports
 * @log: called for each verdict if not NULL
 * @log_priv: for @log
 */
struct judge {
	struct ev *ev;
	struct judge_port *ports;
	struct cover cover;
	void (*log)(void *priv, const struct judge_port *jp, enum verdict v,
		    const char *detail);
	void *log_priv;
};

/**
 * judge_new() - Make a judge.
 * @ev: clock
 *
 * Return: the judge; running out of memory ends the process.
 */
struct judge *judge_new(struct ev *ev);

/**
 * judge_free() - Free a judge and all its ports.
 * @j: judge or NULL
 */
void judge_free(struct judge *j);

/**
 * judge_port_new() - Add a port.
 * @j: judge
 * @name: unique; cut at JUDGE_NAME_LEN - 1
 *
 * Return: the port; it lives as long as the judge.
 */
struct judge_port *judge_port_new(struct judge *j, const char *name);

/**
 * judge_raise() - The driver of a port did something wrong.
 * @jp: port
 * @v: verdict
 * @fmt: detail for people, short
 *
 * The model's own mistakes are assert(), never this.
 */
__printf(3, 4) void judge_raise(struct judge_port *jp, enum verdict v,
				const char *fmt, ...);

/**
 * judge_clear() - Forget all verdicts of all ports.
 * @j: judge
 */
void judge_clear(struct judge *j);

/**
 * judge_total() - Verdicts of all ports since the last clearing.
 * @j: judge
 *
 * Return: number.
 */
uint64_t judge_total(const struct judge *j);

/* Guest errors are verdicts; the house name of the same thing. */
#define guest_error(jp, v, ...) judge_raise(jp, v, __VA_ARGS__)

/**
 * trace_add() - Record an event.
 * @jp: port
 * @kind: kind
 * @a: first argument
 * @b: second argument
 * @c: third argument
 * @d: fourth argument
 */
static inline void trace_add(struct judge_port *jp, enum trace_kind kind,
			     uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	struct trace_rec *r = &jp->trace.ring[jp->trace.nr++ % TRACE_LEN];

	r->t_ns = ev_now_ns(jp->judge->ev);
	r->kind = kind;
	r->arg[0] = a;
	r->arg[1] = b;
	r->arg[2] = c;
	r->arg[3] = d;
}

/**
 * cover_hit() - Something implemented was used.
 * @jp: port whose driver used it
 * @kind: kind
 * @code: as in cover_add(); unknown codes are counted at item 0
 */
static inline void cover_hit(struct judge_port *jp, enum cover_kind kind,
			     uint16_t code)
{
	struct cover *c = &jp->judge->cover;

	c->items[c->index[kind][code]].hits[jp->who]++;
}

/**
 * book_give() - The chip took something over from the driver.
 * @jp: port
 * @kind: account
 */
static inline void book_give(struct judge_port *jp, enum book_kind kind)
{
	jp->books.kind[kind].given++;
}

/**
 * book_return() - The chip gave something back to the driver.
 * @jp: port
 * @kind: account
 */
static inline void book_return(struct judge_port *jp, enum book_kind kind)
{
	jp->books.kind[kind].returned++;
}

/**
 * book_drop_all() - Chip reset: what is open will never be given back.
 * @jp: port
 */
void book_drop_all(struct judge_port *jp);

#endif
