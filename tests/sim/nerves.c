// SPDX-License-Identifier: GPL-2.0
/*
 * Nerves around the memory engine, see nerves.h. Two tables of operations: up
 * calls of isp_mod come by @up, those of the engine's down calls that matter
 * by @down; all others go straight through. One thread under virtual time, so
 * no lock.
 */
#include "nerves.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/slab.h>

#include "memeng/memeng.h"

/**
 * struct nerves - around one engine
 * @mem: the engine
 * @isp: down calls of isp_mod
 * @eng: up calls of the engine
 * @down: what the engine calls
 * @up: what isp_mod calls
 * @kept: commands that hold keeps
 * @sessions: all that isp_mod has announced and that are not closed
 * @hold: see nerves_hold()
 * @stubborn: see nerves_stubborn()
 * @lazy: see nerves_lazy()
 * @hit: task management being told to the engine has ended a kept command
 * @enabled: see nerves_enabled()
 * @busy: see nerves_busy()
 * @refuse: see nerves_refuse()
 * @nr_order: see nerves_misordered()
 * @nr_sess: see nerves_sessions()
 */
struct nerves {
	struct memeng *mem;
	const struct isp_tport_ops *isp;
	const struct isp_tport_engine_ops *eng;
	struct isp_tport_ops down;
	struct isp_tport_engine_ops up;
	struct list_head kept;
	struct list_head sessions;
	bool hold;
	bool stubborn;
	bool lazy;
	bool hit;
	bool enabled;
	bool busy;
	unsigned int refuse;
	unsigned int nr_order;
	unsigned int nr_sess;
};

/*
 * In @sessions. waits: to be closed if closing, else to be accepted. gone_due: the
 * engine has not heard yet that it is gone.
 */
struct nerve_sess {
	struct list_head node;
	struct isp_tport_sess *tsess;
	bool waits;
	bool closing;
	bool gone;
	bool gone_due;
	u32 last_nr;
};

/* Behind the engine's part of a command; in @kept. */
struct nerve_cmd {
	struct list_head node;
	struct isp_tport_cmd *cmd;
	bool have_data;
};

static struct nerves *nerves_of(void *engine)
{
	return container_of(((struct memeng *)engine)->ops, struct nerves,
			    down);
}

static size_t priv_at(const struct nerves *n)
{
	return ALIGN(n->eng->cmd_priv_size, __alignof__(struct nerve_cmd));
}

static struct nerve_cmd *cmd_of(struct nerves *n, struct isp_tport_cmd *cmd)
{
	return (void *)((u8 *)cmd->engine_cmd + priv_at(n));
}

/* ---- commands ---- */

static bool keep(struct nerves *n, struct isp_tport_cmd *cmd, bool have_data)
{
	struct nerve_cmd *nc = cmd_of(n, cmd);

	if (!n->hold)
		return false;
	nc->cmd = cmd;
	nc->have_data = have_data;
	list_add_tail(&nc->node, &n->kept);
	return true;
}

static struct nerve_sess *find_sess(struct nerves *n,
				    const struct isp_tport_sess *tsess)
{
	struct nerve_sess *ns;

	list_for_each_entry(ns, &n->sessions, node)
		if (ns->tsess == tsess)
			return ns;
	return NULL;
}

static void check_order(struct nerves *n, const struct isp_tport_cmd *cmd)
{
	struct nerve_sess *ns = find_sess(n, cmd->sess);
	const u8 *p = cmd->cdb + 12;
	u32 nr;

	if (cmd->cdb[0] != 0x28 && cmd->cdb[0] != 0x2a)
		return;
	nr = (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	if (!nr)
		return;
	if (nr <= ns->last_nr)
		n->nr_order++;
	ns->last_nr = nr;
}

static void up_cmd_new(struct isp_tport_cmd *cmd)
{
	struct nerves *n = nerves_of(cmd->sess->engine);

	check_order(n, cmd);
	if (!keep(n, cmd, false))
		n->eng->cmd_new(cmd);
}

static void up_cmd_data(struct isp_tport_cmd *cmd, int err)
{
	struct nerves *n = nerves_of(cmd->sess->engine);

	if (err || find_sess(n, cmd->sess)->gone || !keep(n, cmd, true))
		n->eng->cmd_data(cmd, err);
}

/* The oldest command that is kept and that a function, a session means. */
static struct nerve_cmd *next_kept(struct nerves *n,
				   const struct isp_tport_cmd *tmf,
				   const struct isp_tport_sess *sess)
{
	struct nerve_cmd *nc;

	list_for_each_entry(nc, &n->kept, node)
		if ((!tmf || memeng_tmf_hits(tmf, nc->cmd)) &&
		    (!sess || nc->cmd->sess == sess))
			return nc;
	return NULL;
}

/*
 * Take kept commands off the list: those that @tmf hits, or of @sess, or all.
 * They go on, or end: one that the engine never saw is freed, one whose data
 * the engine waits for hears that its exchange is dead.
 */
static bool let_go(struct nerves *n, const struct isp_tport_cmd *tmf,
		   const struct isp_tport_sess *sess, bool go_on)
{
	struct nerve_cmd *nc;
	bool any = false;

	/* One by one: what comes in between may end others that are kept. */
	while ((nc = next_kept(n, tmf, sess))) {
		list_del_init(&nc->node);
		any = true;
		if (nc->have_data)
			n->eng->cmd_data(nc->cmd, go_on ? 0 : -ECONNABORTED);
		else if (go_on)
			n->eng->cmd_new(nc->cmd);
		else
			n->isp->cmd_free(nc->cmd);
	}
	return any;
}

static void up_tmf_new(struct isp_tport_cmd *tmf)
{
	struct nerves *n = nerves_of(tmf->sess->engine);

	n->hit = let_go(n, tmf, NULL, false);
	n->eng->tmf_new(tmf);
	n->hit = false;
}

static int down_tmf_send(struct isp_tport_cmd *tmf, enum isp_tport_tmf_rsp rsp)
{
	struct nerves *n = nerves_of(tmf->sess->engine);

	if (n->hit && rsp == ISP_TPORT_TMF_NO_TASK)
		rsp = ISP_TPORT_TMF_COMPLETE;
	return n->isp->tmf_send(tmf, rsp);
}

static struct nerve_sess *next_gone(struct nerves *n)
{
	struct nerve_sess *ns;

	list_for_each_entry(ns, &n->sessions, node)
		if (ns->gone_due)
			return ns;
	return NULL;
}

void nerves_hold(struct nerves *n, bool on)
{
	struct nerve_sess *ns;

	n->hold = on;
	if (on)
		return;
	let_go(n, NULL, NULL, true);
	while ((ns = next_gone(n))) {
		ns->gone_due = false;
		n->eng->sess_gone(ns->tsess);
	}
}

void nerves_stubborn(struct nerves *n, bool on)
{
	n->stubborn = on;
}

/* ---- sessions ---- */

static void sess_forget(struct nerve_sess *ns)
{
	list_del(&ns->node);
	kfree(ns);
}

static void sess_accept(struct nerves *n, struct nerve_sess *ns)
{
	struct isp_tport_sess *tsess = ns->tsess;

	if (!n->refuse) {
		n->eng->sess_new(tsess);
		return;
	}
	n->refuse--;
	sess_forget(ns);
	n->isp->sess_ready(tsess, -EACCES);
}

static void sess_close(struct nerves *n, struct nerve_sess *ns)
{
	struct isp_tport_sess *tsess = ns->tsess;

	sess_forget(ns);
	n->isp->sess_closed(tsess);
}

static void up_sess_new(struct isp_tport_sess *tsess)
{
	struct nerves *n = nerves_of(tsess->engine);
	struct nerve_sess *ns = kzalloc(sizeof(*ns), GFP_ATOMIC);

	if (!ns) {
		n->isp->sess_ready(tsess, -ENOMEM);
		return;
	}
	ns->tsess = tsess;
	ns->waits = n->lazy;
	list_add_tail(&ns->node, &n->sessions);
	if (!ns->waits)
		sess_accept(n, ns);
}

static void down_sess_ready(struct isp_tport_sess *tsess, int err)
{
	struct nerves *n = nerves_of(tsess->engine);

	if (err)
		sess_forget(find_sess(n, tsess));
	else
		n->nr_sess++;
	n->isp->sess_ready(tsess, err);
}

static void up_sess_gone(struct isp_tport_sess *tsess)
{
	struct nerves *n = nerves_of(tsess->engine);

	struct nerve_sess *ns = find_sess(n, tsess);

	ns->gone = true;
	n->nr_sess--;
	ns->gone_due = n->stubborn && next_kept(n, NULL, tsess);
	if (ns->gone_due)
		return;
	let_go(n, NULL, tsess, false);
	n->eng->sess_gone(tsess);
}

static void down_sess_closed(struct isp_tport_sess *tsess)
{
	struct nerves *n = nerves_of(tsess->engine);
	struct nerve_sess *ns = find_sess(n, tsess);

	ns->closing = true;
	ns->waits = n->lazy;
	if (!ns->waits)
		sess_close(n, ns);
}

static struct nerve_sess *next_waiting(struct nerves *n)
{
	struct nerve_sess *ns;

	list_for_each_entry(ns, &n->sessions, node)
		if (ns->waits)
			return ns;
	return NULL;
}

void nerves_lazy(struct nerves *n, bool on)
{
	struct nerve_sess *ns;

	n->lazy = on;
	/* The list may be another one after each. */
	while (!n->lazy && (ns = next_waiting(n))) {
		ns->waits = false;
		if (ns->closing)
			sess_close(n, ns);
		else
			sess_accept(n, ns);
	}
}

void nerves_refuse(struct nerves *n, unsigned int nr)
{
	n->refuse = nr;
}

void nerves_drop(struct nerves *n)
{
	struct nerve_sess *ns;

	ns = list_first_entry_or_null(&n->sessions, struct nerve_sess, node);
	if (ns)
		n->isp->sess_drop(ns->tsess);
}

/* ---- the channel ---- */

static void up_event(void *engine, enum isp_tport_event ev, int err)
{
	struct nerves *n = nerves_of(engine);

	if (ev == ISP_TPORT_EV_ENABLED || ev == ISP_TPORT_EV_DISABLED) {
		n->enabled = ev == ISP_TPORT_EV_ENABLED && !err;
		n->busy = false;
	}
	n->eng->event(engine, ev, err);
}

static int down_attach(struct isp_tport *port,
		       const struct isp_tport_engine_ops *ops, void *engine)
{
	struct nerves *n = nerves_of(engine);

	n->eng = ops;
	n->up = *ops;
	n->up.cmd_priv_size = priv_at(n) + sizeof(struct nerve_cmd);
	n->up.event = up_event;
	n->up.sess_new = up_sess_new;
	n->up.sess_gone = up_sess_gone;
	n->up.cmd_new = up_cmd_new;
	n->up.tmf_new = up_tmf_new;
	n->up.cmd_data = up_cmd_data;
	return n->isp->attach(port, &n->up, engine);
}

struct nerves *nerves_new(const struct isp_tport_binding *bind, void *disk,
			  u32 nr_blocks)
{
	struct nerves *n = kzalloc(sizeof(*n), GFP_KERNEL);
	struct isp_tport_binding mine = { .port = bind->port };

	if (!n)
		return NULL;
	INIT_LIST_HEAD(&n->kept);
	INIT_LIST_HEAD(&n->sessions);
	n->isp = bind->ops;
	n->down = *bind->ops;
	n->down.attach = down_attach;
	n->down.sess_ready = down_sess_ready;
	n->down.sess_closed = down_sess_closed;
	n->down.tmf_send = down_tmf_send;
	mine.ops = &n->down;
	n->mem = memeng_new(&mine, disk, nr_blocks);
	if (!n->mem) {
		kfree(n);
		return NULL;
	}
	return n;
}

void nerves_free(struct nerves *n)
{
	memeng_free(n->mem);
	WARN_ON_ONCE(!list_empty(&n->kept) || !list_empty(&n->sessions));
	kfree(n);
}

static int turn(struct nerves *n,
		int (*op)(struct isp_tport *port, void *engine))
{
	bool was = n->busy;
	int err;

	n->busy = true;
	err = op(n->mem->port, n->mem);
	if (err)
		n->busy = was;
	return err;
}

int nerves_enable(struct nerves *n)
{
	return turn(n, n->isp->enable);
}

int nerves_disable(struct nerves *n)
{
	return turn(n, n->isp->disable);
}

bool nerves_enabled(const struct nerves *n)
{
	return n->enabled;
}

bool nerves_busy(const struct nerves *n)
{
	return n->busy;
}

unsigned int nerves_sessions(const struct nerves *n)
{
	return n->nr_sess;
}

unsigned int nerves_misordered(const struct nerves *n)
{
	return n->nr_order;
}
