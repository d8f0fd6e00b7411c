// SPDX-License-Identifier: GPL-2.0
/* The core that tgt_pairs plays: rings, exchanges, role changes, traces. */
#include "tgt_pairs.h"

#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/jiffies.h>

u64 rng;

u32 rnd(u32 below)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (u32)(rng >> 32) % below;
}

unsigned int nr_wrong;

unsigned int nr_step;
bool verbose;

/* ---- what met what ---- */

const char *const sess_states[] = {
#define X(id, name) name,
	ISP_SESS_STATES(X)
#undef X
};
const char *const cmd_states[] = {
#define X(id, name) name,
	ISP_CMD_STATES(X)
#undef X
};

const char *const event_names[] = {
#define X(id) #id,
	EVENTS(X)
#undef X
};

unsigned int sess_met[ISP_NR_SESS_STATES][NR_EVENTS];
unsigned int cmd_met[ISP_NR_CMD_STATES][NR_EVENTS];

struct isp_hba hba;
struct isp_tport *port;

void met(enum event ev, u32 port_id)
{
	struct isp_tgt_sess *sess;
	struct isp_tgt_cmd *cmd;

	list_for_each_entry(sess, &port->sessions, node)
		if (!port_id || sess->pub.port_id == port_id)
			sess_met[sess->state][ev]++;
	list_for_each_entry(cmd, &port->open, open_node)
		if (!port_id || cmd->port_id == port_id)
			cmd_met[cmd->state][ev]++;
}

static const char *const port_states[] = {
#define X(id, name) name,
	ISP_TPORT_STATES(X)
#undef X
};
static unsigned int sess_cell[ISP_NR_SESS_STATES][DRV_NR_EVENTS];
static unsigned int cmd_cell[ISP_NR_CMD_STATES][DRV_NR_EVENTS];
static unsigned int port_cell[ISP_NR_TPORT_STATES][DRV_NR_EVENTS];

void cell(enum drv_event ev, u32 port_id)
{
	struct isp_tgt_sess *sess;
	struct isp_tgt_cmd *cmd;

	port_cell[port->state][ev]++;
	list_for_each_entry(sess, &port->sessions, node)
		if (!port_id || sess->pub.port_id == port_id)
			sess_cell[sess->state][ev]++;
	list_for_each_entry(cmd, &port->open, open_node)
		if (!port_id || cmd->port_id == port_id)
			cmd_cell[cmd->state][ev]++;
}

static void append(FILE *f, const char *what, const char *state,
		   const unsigned int *met_by)
{
	static const char *const names[] = {
#define X(id, name) name,
		DRV_EVENTS(X)
#undef X
	};
	unsigned int e;

	for (e = 0; e < DRV_NR_EVENTS; e++)
		fprintf(f, "%s\t%s\t%s\t%u\n", what, state, names[e],
			met_by[e]);
}

void cells_append(void)
{
	const char *path = getenv("CELLS");
	FILE *f = path ? fopen(path, "a") : NULL;
	unsigned int i;

	if (!f)
		return;
	for (i = 0; i < ISP_NR_TPORT_STATES; i++)
		append(f, "tport", port_states[i], port_cell[i]);
	for (i = 0; i < ISP_SESS_FREED; i++)
		append(f, "sess", sess_states[i], sess_cell[i]);
	for (i = ISP_CMD_WAIT; i < ISP_NR_CMD_STATES; i++)
		append(f, "cmd", cmd_states[i], cmd_cell[i]);
	fclose(f);
}

void isp_trace_tport_state(const struct isp_hba *h, unsigned int chan,
			   const char *from, const char *to, const char *why)
{
}

void isp_trace_sess_state(const struct isp_hba *h, unsigned int chan, u64 wwpn,
			  const char *from, const char *to, const char *why)
{
	if (verbose)
		printf("# %u: session %llx %s -> %s: %s\n", nr_step,
		       (unsigned long long)wwpn, from, to, why);
}

void isp_trace_cmd_state(const struct isp_hba *h, u32 exchange,
			 const char *from, const char *to)
{
	if (verbose)
		printf("# %u: command %x %s -> %s\n", nr_step, exchange, from,
		       to);
}

/* ---- the core that is played ---- */

struct out outs[NR_OUT];
unsigned int nr_outs;
struct exch exchs[NR_EXCH];
bool note_open[NR_NOTES];
bool logo_due[NR_LOGOS];
unsigned int nr_notes;
bool live, full, faulted, link_up;
u32 life;
bool other_waits;
unsigned int nr_full;
unsigned long full_at;
unsigned int nr_cut_ended;
isp_role_done_fn role_done;
bool role_start;
enum isp_cpl last_cpl;

static int ring_take(bool ack, bool terminate, const u32 *of_life)
{
	/* Who ends many exchanges has time to meet a reset between two. */
	unsigned int odds = terminate ? 30 : 5000;

	if (!live)
		return -ESHUTDOWN;
	/* More often while a disable is under way: it must come to its end. */
	if (role_done)
		odds = ack ? 3 : 50;
	if (!rnd(odds)) {
		if (port->lock.held)
			other_waits = true;
		else
			other_cpu();
	}
	if (!live || (of_life && *of_life != life))
		return -ESHUTDOWN;
	if (full || nr_outs == NR_OUT) {
		nr_full++;
		return -EAGAIN;
	}
	hba.ring[ISP_RING_REQ].idx++;
	return 0;
}

static void out_add(enum out_kind kind, void *owner, u32 exchange, bool closes)
{
	outs[nr_outs++] =
		(struct out){ kind, owner, exchange, closes, jiffies };
}

static void ctio_add(const struct isp_ctio *ctio, void *owner)
{
	bool closes = ctio->flags & (ISP_CTIO_STATUS | ISP_CTIO_TERMINATE);
	struct exch *ex;

	if (ctio->exchange == ISP_EXCHANGE_NONE) {
		must(!owner, "an owner for no exchange");
		return;
	}
	must(ctio->exchange < NR_EXCH, "exchange %u", ctio->exchange);
	ex = &exchs[ctio->exchange];
	if (verbose)
		printf("# %u: CTIO %x flags %x%s\n", nr_step, ctio->exchange,
		       ctio->flags, owner ? "" : " no owner");
	must(ex->open, "CTIO for the ended exchange %u", ctio->exchange);
	must(!ex->closing, "CTIO behind the last one of exchange %u",
	     ctio->exchange);
	must(!ex->abts, "CTIO for an ABTS");
	if (closes)
		ex->closing = true;
	if (owner)
		out_add(OUT_CTIO, owner, ctio->exchange, closes);
	else if (closes)
		ex->open = false;
}

int isp_ring_send_ctio(struct isp_hba *h, const struct isp_ctio *ctio,
		       void *owner)
{
	int err =
		ring_take(false, ctio->flags & ISP_CTIO_TERMINATE, &ctio->life);

	if (!err)
		ctio_add(ctio, owner);
	return err;
}

int isp_ring_send_ctio_pair(struct isp_hba *h, const struct isp_ctio *first,
			    const struct isp_ctio *last, void *owner)
{
	int err = ring_take(false, false, &last->life);

	if (err)
		return err;
	must(first->flags & ISP_CTIO_NO_CPL, "two completions of a pair");
	ctio_add(first, NULL);
	ctio_add(last, owner);
	return 0;
}

int isp_ring_send_abts_rsp(struct isp_hba *h, const struct isp_abts_rsp *rsp,
			   void *owner)
{
	struct exch *ex = &exchs[rsp->abts->exchange];
	int err = ring_take(false, false, &rsp->abts->life);

	if (err)
		return err;
	must(ex->open && ex->abts, "an ABTS answered twice");
	if (owner)
		out_add(OUT_ABTS, owner, rsp->abts->exchange, true);
	else
		ex->open = false;
	return 0;
}

int isp_ring_send_ack(struct isp_hba *h, const struct isp_ack *ack, void *owner)
{
	u32 id = ack->notify->exchange;
	int err = ring_take(true, false, &ack->notify->life);

	if (err)
		return err;
	must(note_open[id], "notify %u acknowledged twice", id);
	note_open[id] = false;
	if (owner)
		out_add(OUT_ACK, owner, id, true);
	return 0;
}

int isp_ring_send_logio(struct isp_hba *h, const struct isp_logio *logio,
			u32 of_life, void *owner)
{
	int err = ring_take(true, false, &of_life);

	if (err)
		return err;
	logo_due[logio->port_id % NR_LOGOS] = false;
	out_add(OUT_LOGO, owner, 0, false);
	return 0;
}

/* Has the chip had an entry, or no room for one, for as long as that takes? */
static bool is_overdue(void)
{
	unsigned long limit = msecs_to_jiffies(ISP_TGT_CHIP_MS);
	unsigned int i;

	for (i = 0; i < nr_outs; i++)
		if (time_after(jiffies, outs[i].at + limit))
			return true;
	return full && time_after(jiffies, full_at + limit);
}

void step_judge(void)
{
	unsigned long limit = msecs_to_jiffies(ISP_TGT_CHIP_MS);
	const struct isp_tgt_cmd *cmd;
	unsigned int i;

	list_for_each_entry(cmd, &port->open, open_node)
		must(!cmd->nr_cpl || is_overdue() ||
			     !time_after(jiffies, cmd->since + limit),
		     "exchange %x is overdue", cmd->exchange);
	for (i = 0; i < NR_LOGOS; i++) {
		must(!logo_due[i] || !list_empty(&port->ackq),
		     "the LOGO for %x is lost", i);
		logo_due[i] &= !list_empty(&port->ackq);
	}
}

void isp_ring_doorbell(struct isp_hba *h)
{
	hba.ring[ISP_RING_REQ].posted = hba.ring[ISP_RING_REQ].idx;
}

int isp_role_start(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		   void *arg)
{
	must(!role_done, "two role changes at once");
	if (!rnd(20))
		return -ENODEV;
	role_done = done;
	role_start = true;
	return 0;
}

int isp_role_stop(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		  void *arg)
{
	isp_role_done_fn start = role_start ? role_done : NULL;

	role_done = NULL;
	if (start)
		start(chan, arg, -ECANCELED);
	role_done = done;
	role_start = false;
	return 0;
}

bool isp_portdb_by_id(struct isp_chan *chan, u32 port_id, struct isp_port *copy)
{
	if (rnd(4))
		return false;
	copy->wwpn = 0x2100000000000000ULL + port_id;
	copy->handle = (u16)port_id;
	return true;
}

int isp_portdb_resolve(struct isp_chan *chan, u32 port_id)
{
	return rnd(8) ? 0 : -EAGAIN;
}

void isp_hba_fault(struct isp_hba *h, const char *why)
{
	must(!strstr(why, "overdue") || is_overdue(), "%s", why);
	faulted = true;
}

static bool one_step(const struct isp_ctio *ctio)
{
	return !(ctio->flags & (ISP_CTIO_UNDER | ISP_CTIO_OVER)) &&
	       !ctio->sense_len;
}

const struct isp_chip_ops fake_chip = {
	.caps = ISP_CAP_FC,
	.ctio_one_step = one_step,
};

void irq(void (*fn)(void *arg), void *arg)
{
	if (!shim_irq_enter())
		return;
	isp_tgt_role_ops.batch_begin(&hba);
	fn(arg);
	isp_tgt_role_ops.batch_end(&hba);
	shim_irq_leave();
	must(hba.ring[ISP_RING_REQ].posted == hba.ring[ISP_RING_REQ].idx,
	     "a batch ends and the doorbell was not rung");
}

bool has_exchange(const struct out *out)
{
	return out->kind != OUT_ACK && out->kind != OUT_LOGO;
}

void out_end(unsigned int i, enum isp_cpl cpl)
{
	struct out out = outs[i];
	struct isp_ctio_done done = { .cpl = cpl };

	outs[i] = outs[--nr_outs];
	if (verbose)
		printf("# %u: entry %d of %x ends: %d\n", nr_step, out.kind,
		       out.exchange, cpl);
	if (cpl == ISP_CPL_RESET || cpl == ISP_CPL_BAD_EXCHANGE ||
	    (cpl == ISP_CPL_OK && out.closes))
		if (has_exchange(&out))
			exchs[out.exchange].open = false;
	if (out.closes && has_exchange(&out))
		exchs[out.exchange].closing = false;
	last_cpl = cpl;
	if (out.kind == OUT_CTIO)
		isp_tgt_role_ops.ctio_done(&hba, out.owner, &done);
	else if (out.kind == OUT_ACK)
		isp_tgt_role_ops.ack_done(&hba, out.owner, cpl);
	else if (out.kind == OUT_LOGO)
		isp_tgt_role_ops.logio_done(&hba, out.owner, cpl);
	else
		isp_tgt_role_ops.abts_done(&hba, out.owner, cpl);
	last_cpl = ISP_CPL_OK;
}

/* What is cut and has no terminate on the ring yet; nr_outs: nothing. */
static unsigned int cut_find(void)
{
	const struct isp_tgt_cmd *cmd;
	unsigned int i;

	for (i = 0; i < nr_outs; i++) {
		cmd = outs[i].owner;
		if (outs[i].kind == OUT_CTIO && !outs[i].closes &&
		    cmd->term_out && !cmd->queued && cmd->nr_cpl == 2 &&
		    !exchs[outs[i].exchange].closing)
			break;
	}
	return i;
}

bool cut_waits(void)
{
	return cut_find() < nr_outs;
}

void cut_end(void *arg)
{
	nr_cut_ended++;
	out_end(cut_find(), ISP_CPL_BAD_EXCHANGE);
}

void core_live(void)
{
	if (!live)
		hba.ring[ISP_RING_REQ].life = ++life;
	live = true;
}

void core_dead(void)
{
	live = false;
	memset(exchs, 0, sizeof(exchs));
	memset(note_open, 0, sizeof(note_open));
	memset(logo_due, 0, sizeof(logo_due));
	isp_tgt_role_ops.fault(&hba);
	while (nr_outs)
		out_end(rnd(nr_outs), ISP_CPL_RESET);
}

/* The chip gives no name out again while an entry about it is in its ring. */
static bool in_use(u32 id)
{
	unsigned int i;

	for (i = 0; i < nr_outs; i++)
		if (has_exchange(&outs[i]) && outs[i].exchange == id)
			return true;
	return exchs[id].open;
}

/*
 * Where to look for a free name: after a reset the chip begins anew, so it may
 * well be that of a command which the engine still has from before.
 */
static u32 some_name(u32 port_id)
{
	struct isp_tgt_cmd *cmd;

	list_for_each_entry(cmd, &port->open, open_node)
		if (cmd->epoch != port->epoch && cmd->port_id == port_id &&
		    cmd->exchange < NR_EXCH && rnd(2))
			return cmd->exchange;
	return rnd(NR_EXCH);
}

u32 new_exchange(u32 port_id, bool abts)
{
	unsigned int i, nr = 0;

	for (i = 0; i < NR_EXCH; i++)
		nr += exchs[i].open;
	if (nr >= MAX_OPEN && !abts)
		return ISP_EXCHANGE_NONE;
	for (i = some_name(port_id); in_use(i); i = (i + 1) % NR_EXCH)
		;
	exchs[i] =
		(struct exch){ .open = true, .abts = abts, .port_id = port_id };
	return i;
}
