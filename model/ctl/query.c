// SPDX-License-Identifier: GPL-2.0
/* Control commands that tell: counters, state, books, trace, coverage. */
#include "ctl/cmds.h"

#include "chip/chip.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "port/port.h"
#include "vfu/guard.h"
#include "vfu/vfu.h"

#include <stdio.h>

static void add_num(cJSON *to, const char *key, uint64_t n)
{
	cJSON_AddNumberToObject(to, key, (double)n);
}

static void add_wwn(cJSON *to, const char *key, uint64_t wwn)
{
	char text[24];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x:%02x:%02x",
		 (uint8_t)(wwn >> 56), (uint8_t)(wwn >> 48),
		 (uint8_t)(wwn >> 40), (uint8_t)(wwn >> 32),
		 (uint8_t)(wwn >> 24), (uint8_t)(wwn >> 16),
		 (uint8_t)(wwn >> 8), (uint8_t)wwn);
	cJSON_AddStringToObject(to, key, text);
}

static void add_id(cJSON *to, const char *key, uint32_t id)
{
	char text[12];

	snprintf(text, sizeof(text), "%06x", id);
	cJSON_AddStringToObject(to, key, text);
}

/* An object with a member for each counter that is not zero; adds a total. */
static void add_table(cJSON *to, const char *key, const uint64_t *n, size_t nr,
		      unsigned int step, int digits, const char *total_key)
{
	cJSON *table = cJSON_AddObjectToObject(to, key);
	uint64_t total = 0;
	char name[16];
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!n[i])
			continue;
		snprintf(name, sizeof(name), "%0*zX", digits, i * step);
		add_num(table, name, n[i]);
		total += n[i];
	}
	if (total_key)
		add_num(to, total_key, total);
}

void ctl_ping(struct ctl_req *r)
{
	cJSON *ports;
	struct model_port mp;
	unsigned int i;

	cJSON_AddStringToObject(r->out, "version", MODEL_VERSION);
	add_num(r->out, "uptime_ms", ev_now_ns(r->m->ev) / EV_MS);
	add_num(r->out, "seed", r->m->seed);
	ports = cJSON_AddArrayToObject(r->out, "ports");
	for (i = 0; model_port(r->m, i, &mp); i++)
		cJSON_AddItemToArray(ports, cJSON_CreateString(mp.jp->name));
}

/* ---- counters ---- */

static void add_irqs(cJSON *to, const struct count *n)
{
	cJSON *irqs = cJSON_AddObjectToObject(to, "irqs");
	uint64_t total = n->irqs_intx;
	char name[12];
	unsigned int v;

	for (v = 0; v < COUNT_NR_VECTORS; v++) {
		total += n->irqs[v];
		if (!n->irqs[v] && v >= PCIDEV_NR_VECTORS)
			continue;
		snprintf(name, sizeof(name), "%u", v);
		add_num(irqs, name, n->irqs[v]);
	}
	add_num(irqs, "intx", n->irqs_intx);
	add_num(to, "irqs_total", total);
}

static void add_frames(cJSON *to, struct chip *chip)
{
	const struct fab_port_stats *s = &port_fab(chip_port(chip))->stats;
	cJSON *tx = cJSON_AddObjectToObject(to, "frames_tx");
	cJSON *rx = cJSON_AddObjectToObject(to, "frames_rx");
	unsigned int k;

	for (k = 0; k < FAB_NR_KINDS; k++) {
		if (s->tx[k])
			add_num(tx, fab_kind_name(k), s->tx[k]);
		if (s->rx[k])
			add_num(rx, fab_kind_name(k), s->rx[k]);
	}
	add_num(to, "frames_tx_dropped", s->tx_dropped);
	add_num(to, "frames_bad_crc", s->bad_crc);
	add_num(to, "link_losses", s->link_losses);
}

void ctl_counters(struct ctl_req *r)
{
	bool reset = ctl_flag(r, "reset");
	cJSON *ports = cJSON_AddObjectToObject(r->out, "ports");
	struct model_port mp;
	unsigned int i;

	add_num(r->out, "t_us", ev_now_ns(r->m->ev) / 1000);
	add_num(r->out, "lost_guest_pages", guard_hits());
	for (i = 0; model_port(r->m, i, &mp); i++) {
		struct count *n = &mp.jp->n;
		cJSON *p;

		if (!ctl_port_wanted(r, &mp))
			continue;
		p = cJSON_AddObjectToObject(ports, mp.jp->name);
		add_table(p, "reg_reads", n->reg_reads,
			  ARRAY_SIZE(n->reg_reads), 2, 2, "reg_reads_total");
		add_table(p, "reg_writes", n->reg_writes,
			  ARRAY_SIZE(n->reg_writes), 2, 2, "reg_writes_total");
		add_irqs(p, n);
		add_table(p, "entries_in", n->entries_in,
			  ARRAY_SIZE(n->entries_in), 1, 2, NULL);
		add_table(p, "entries_out", n->entries_out,
			  ARRAY_SIZE(n->entries_out), 1, 2, NULL);
		add_table(p, "mbox", n->mbox, ARRAY_SIZE(n->mbox), 1, 4, NULL);
		add_table(p, "ctio_status", n->ctio_status,
			  ARRAY_SIZE(n->ctio_status), 1, 2, NULL);
		add_table(p, "cmd_status", n->cmd_status,
			  ARRAY_SIZE(n->cmd_status), 1, 2, NULL);
#define C(field) add_num(p, #field, n->field);
		COUNT_PLAIN(C)
#undef C
		add_frames(p, mp.chip);
		if (reset && !r->error)
			memset(n, 0, sizeof(*n));
	}
}

/* ---- state ---- */

static void add_logins(cJSON *to, struct chip *chip)
{
	struct port_login list[64];
	unsigned int nr =
		port_get_logins(chip_port(chip), list, ARRAY_SIZE(list));
	cJSON *array = cJSON_AddArrayToObject(to, "logins");
	unsigned int i;

	for (i = 0; i < nr && i < ARRAY_SIZE(list); i++) {
		cJSON *l = cJSON_CreateObject();

		add_num(l, "handle", list[i].handle);
		add_id(l, "port_id", list[i].port_id);
		add_wwn(l, "wwpn", list[i].wwpn);
		add_wwn(l, "wwnn", list[i].wwnn);
		cJSON_AddStringToObject(l, "state", list[i].state);
		add_num(l, "prli_word3", list[i].prli_word3);
		cJSON_AddItemToArray(array, l);
	}
}

void ctl_state(struct ctl_req *r)
{
	static const char *const modes[] = {
		[PCIDEV_IRQ_INTX] = "intx",
		[PCIDEV_IRQ_MSI] = "msi",
		[PCIDEV_IRQ_MSIX] = "msix",
	};
	cJSON *ports = cJSON_AddObjectToObject(r->out, "ports");
	struct model_port mp;
	unsigned int i;

	for (i = 0; model_port(r->m, i, &mp); i++) {
		struct port_status st;
		cJSON *p;

		if (!ctl_port_wanted(r, &mp))
			continue;
		port_get_status(chip_port(mp.chip), &st);
		p = cJSON_AddObjectToObject(ports, mp.jp->name);
		cJSON_AddStringToObject(
			p, "chip", chip_is_25xx(mp.chip) ? "2532" : "2432");
		cJSON_AddStringToObject(p, "boot", chip_state_name(mp.chip));
		cJSON_AddNumberToObject(p, "fw_state", st.fw_state);
		cJSON_AddStringToObject(p, "link", st.link_up ? "up" : "down");
		cJSON_AddStringToObject(p, "topology", st.topology);
		cJSON_AddStringToObject(p, "roles", st.roles);
		add_id(p, "port_id", st.port_id);
		add_wwn(p, "wwpn",
			st.wwpn ? st.wwpn : card_wwpn(&mp.card->spec, mp.fn));
		add_wwn(p, "wwnn",
			st.wwnn ? st.wwnn : card_wwnn(&mp.card->spec, mp.fn));
		add_num(p, "nr_logins", st.logins);
		add_logins(p, mp.chip);
		add_num(p, "open_exchanges", st.open_ini + st.open_tgt);
		add_num(p, "open_exchanges_ini", st.open_ini);
		add_num(p, "open_exchanges_tgt", st.open_tgt);
		cJSON_AddStringToObject(p, "irq_mode",
					modes[pcidev_irq_mode(mp.dev)]);
		cJSON_AddBoolToObject(p, "vm_connected",
				      mp.vfu && vfu_is_connected(mp.vfu));
		cJSON_AddBoolToObject(p, "gone", mp.dev->gone);
		cJSON_AddStringToObject(p, "label",
					cover_who_names[mp.jp->who]);
	}
}

/* ---- books ---- */

void ctl_books(struct ctl_req *r)
{
	cJSON *ports = cJSON_AddObjectToObject(r->out, "ports");
	bool all = true;
	struct model_port mp;
	unsigned int i, k;

	for (i = 0; model_port(r->m, i, &mp); i++) {
		bool balanced = true;
		cJSON *p;

		if (!ctl_port_wanted(r, &mp))
			continue;
		p = cJSON_AddObjectToObject(ports, mp.jp->name);
		for (k = 0; k < BOOK_NR_KINDS; k++) {
			const struct book *b = &mp.jp->books.kind[k];
			cJSON *kind = cJSON_AddObjectToObject(p, book_names[k]);

			add_num(kind, "given", b->given);
			add_num(kind, "returned", b->returned);
			add_num(kind, "dropped", b->dropped);
			cJSON_AddNumberToObject(kind, "open",
						(double)book_open(b));
			balanced &= book_open(b) == 0;
		}
		cJSON_AddBoolToObject(p, "balanced", balanced);
		all &= balanced;
	}
	cJSON_AddBoolToObject(r->out, "balanced", all);
}

/* ---- trace ---- */

struct trace_at {
	struct model_port mp;
	uint64_t next; /* number of the next older record, counted from 1 */
};

static const struct trace_rec *peek(const struct trace_at *at)
{
	const struct trace *t = &at->mp.jp->trace;

	if (!at->next || t->nr - at->next >= TRACE_LEN)
		return NULL;
	return &t->ring[(at->next - 1) % TRACE_LEN];
}

static cJSON *trace_json(const struct trace_at *at, const struct trace_rec *rec)
{
	const struct trace_name *name = &trace_names[rec->kind];
	cJSON *e = cJSON_CreateObject();
	unsigned int i;

	add_num(e, "t_us", rec->t_ns / 1000);
	cJSON_AddStringToObject(e, "port", at->mp.jp->name);
	cJSON_AddStringToObject(e, "what", name->name);
	for (i = 0; i < ARRAY_SIZE(rec->arg); i++)
		if (*name->arg[i])
			add_num(e, name->arg[i], rec->arg[i]);
	if (rec->kind == TRACE_VERDICT)
		cJSON_AddStringToObject(e, "name",
					verdict_infos[rec->arg[0]].name);
	return e;
}

void ctl_trace(struct ctl_req *r)
{
	struct trace_at at[MODEL_MAX_CARDS * CARD_MAX_PORTS];
	unsigned int nr = 0;
	unsigned int i;
	uint64_t last;
	cJSON *list;

	if (!ctl_num(r, "last", 100, 1, 1000000, &last))
		return;
	list = cJSON_AddArrayToObject(r->out, "trace");
	for (i = 0; model_port(r->m, i, &at[nr].mp); i++) {
		if (!ctl_port_wanted(r, &at[nr].mp))
			continue;
		at[nr].next = at[nr].mp.jp->trace.nr;
		if (++nr == ARRAY_SIZE(at))
			break;
	}
	/* Merge backwards: always take the newest that is left. */
	while (last--) {
		struct trace_at *best = NULL;

		for (i = 0; i < nr; i++)
			if (peek(&at[i]) &&
			    (!best || peek(&at[i])->t_ns > peek(best)->t_ns))
				best = &at[i];
		if (!best)
			break;
		cJSON_InsertItemInArray(list, 0, trace_json(best, peek(best)));
		best->next--;
	}
}

/* ---- coverage ---- */

void ctl_coverage(struct ctl_req *r)
{
	const struct cover *c = &r->m->judge->cover;
	cJSON *list = cJSON_AddArrayToObject(r->out, "coverage");
	char code[8];
	size_t i;
	unsigned int w;

	for (i = 0; i < c->nr_items; i++) {
		const struct cover_item *it = &c->items[i];
		cJSON *e = cJSON_CreateObject();

		cJSON_AddStringToObject(e, "kind",
					i ? cover_kind_names[it->kind] :
					    "unregistered");
		cJSON_AddStringToObject(e, "name", i ? it->name : "");
		snprintf(code, sizeof(code), "%04X", it->code);
		cJSON_AddStringToObject(e, "code", i ? code : "");
		for (w = 0; w < COVER_NR_WHO; w++)
			add_num(e, cover_who_names[w], it->hits[w]);
		/* What nobody registered is shown only if it was hit. */
		if (i || it->hits[0] || it->hits[1] || it->hits[2])
			cJSON_AddItemToArray(list, e);
		else
			cJSON_Delete(e);
	}
}

/* ---- verdicts ---- */

void ctl_verdicts(struct ctl_req *r)
{
	bool clear = ctl_flag(r, "clear");
	cJSON *list = cJSON_AddArrayToObject(r->out, "verdicts");
	struct model_port mp;
	unsigned int i, v;

	for (i = 0; model_port(r->m, i, &mp); i++) {
		for (v = 0; v < VERDICT_NR; v++) {
			const struct judge_count *c = &mp.jp->verdicts[v];
			cJSON *e;

			if (!c->nr)
				continue;
			e = cJSON_CreateObject();
			cJSON_AddStringToObject(e, "name",
						verdict_infos[v].name);
			cJSON_AddStringToObject(e, "port", mp.jp->name);
			add_num(e, "count", c->nr);
			cJSON_AddStringToObject(e, "sentence",
						verdict_infos[v].sentence);
			cJSON_AddStringToObject(e, "first_detail", c->first);
			cJSON_AddItemToArray(list, e);
		}
	}
	add_num(r->out, "total", judge_total(r->m->judge));
	if (clear && !r->error)
		judge_clear(r->m->judge);
}

/* ---- faults ---- */

static void add_frame_faults(struct ctl_req *r)
{
	cJSON *list = cJSON_AddArrayToObject(r->out, "frames");
	struct fault_frame_info info;
	unsigned int i;

	for (i = 0; fault_frame_info(r->m->fault, i, &info); i++) {
		cJSON *e = cJSON_CreateObject();

		add_num(e, "id", info.id);
		cJSON_AddStringToObject(e, "what",
					fault_act_name(info.spec.act));
		cJSON_AddStringToObject(e, "frame",
					fault_class_name(info.spec.cls));
		add_num(e, "nth", info.spec.nth);
		add_num(e, "count", info.spec.count);
		if (info.spec.act == FAULT_DELAY)
			add_num(e, "ms", info.spec.delay_ns / EV_MS);
		if (info.spec.from[0])
			cJSON_AddStringToObject(e, "from", info.spec.from);
		add_num(e, "seen", info.seen);
		add_num(e, "fired", info.hit);
		cJSON_AddBoolToObject(e, "armed", !info.spent);
		cJSON_AddItemToArray(list, e);
	}
}

void ctl_faults(struct ctl_req *r)
{
	bool clear = ctl_flag(r, "clear");
	struct fault_port *fp = NULL;
	cJSON *list;
	unsigned int s;

	add_frame_faults(r);
	list = cJSON_AddArrayToObject(r->out, "ports");
	while ((fp = fault_port_next(r->m->fault, fp))) {
		for (s = 0; s < FAULT_NR_STATES; s++) {
			bool armed = fault_port_active(fp, s);
			cJSON *e;

			if (!armed && !fp->fired[s])
				continue;
			e = cJSON_CreateObject();
			cJSON_AddStringToObject(e, "port", fp->name);
			cJSON_AddStringToObject(e, "what", fault_state_name(s));
			cJSON_AddBoolToObject(e, "armed", armed);
			if (armed && fp->left[s] != FAULT_FOREVER)
				add_num(e, "left", fp->left[s]);
			add_num(e, "fired", fp->fired[s]);
			cJSON_AddItemToArray(list, e);
		}
	}
	if (clear && !r->error)
		fault_clear(r->m->fault);
}
