// SPDX-License-Identifier: GPL-2.0
/* Remote ports that a channel knows, by notifies and by the name server. */
#include "isp_portdb.h"

#include <linux/errno.h>
#include <linux/slab.h>

#include "isp_hba.h"
#include "isp_link.h"
#include "isp_trace.h"

static const char *const port_state_names[] = {
#define X(id, name) [ISP_PORT_##id] = name,
	ISP_PORT_STATES(X)
#undef X
};

/**
 * isp_port_state_name() - Name of a port state.
 * @state: the state
 *
 * Context: any.
 * Return: a constant string.
 */
const char *isp_port_state_name(enum isp_port_state state)
{
	return state < ISP_NR_PORT_STATES ? port_state_names[state] : "?";
}

static void set_state(struct isp_chan *chan, struct isp_port *port,
		      enum isp_port_state to)
{
	lockdep_assert_held(&chan->port_lock);
	if (port->state == to)
		return;
	isp_trace_port_state(chan->hba, chan->idx, port->wwpn, port->port_id,
			     isp_port_state_name(port->state),
			     isp_port_state_name(to));
	port->state = to;
}

static void tell_roles(struct isp_chan *chan, enum isp_port_event_kind kind,
		       u64 wwpn, u32 port_id)
{
	struct isp_port_event ev = {
		.kind = kind,
		.wwpn = wwpn,
		.port_id = port_id,
	};
	struct isp_hba *hba = chan->hba;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++)
		if (hba->role_ops[i] && chan->told & hba->role_ops[i]->role)
			hba->role_ops[i]->port_event(chan, &ev);
}

static struct isp_port *find_wwpn_locked(struct isp_chan *chan, u64 wwpn)
{
	struct isp_port *port;

	list_for_each_entry(port, &chan->ports, node)
		if (port->wwpn == wwpn)
			return port;
	return NULL;
}

static struct isp_port *find_id_locked(struct isp_chan *chan, u32 port_id)
{
	struct isp_port *port;

	list_for_each_entry(port, &chan->ports, node)
		if (port->port_id == port_id && port->state != ISP_PORT_GONE)
			return port;
	return NULL;
}

static struct isp_port *get_port_locked(struct isp_chan *chan, u64 wwpn)
{
	struct isp_port *port = find_wwpn_locked(chan, wwpn);

	if (port || chan->nr_ports >= ISP_MAX_PORTS)
		return port;
	port = kzalloc(sizeof(*port), GFP_ATOMIC);
	if (!port)
		return NULL;
	port->wwpn = wwpn;
	port->handle = ISP_PORT_HANDLE_NONE;
	port->state = ISP_PORT_GONE;
	list_add_tail(&port->node, &chan->ports);
	chan->nr_ports++;
	return port;
}

/**
 * isp_portdb_init() - Make an empty database.
 * @chan: the channel
 *
 * Context: process.
 */
void isp_portdb_init(struct isp_chan *chan)
{
	spin_lock_init(&chan->port_lock);
	INIT_LIST_HEAD(&chan->ports);
}

/**
 * isp_portdb_exit() - Forget every port.
 * @chan: the channel, stopped
 *
 * Context: process.
 */
void isp_portdb_exit(struct isp_chan *chan)
{
	struct isp_port *port, *tmp;

	list_for_each_entry_safe(port, tmp, &chan->ports, node) {
		list_del(&port->node);
		kfree(port);
	}
	chan->nr_ports = 0;
}

static void note_els(struct isp_chan *chan, struct isp_port *port,
		     const struct isp_notify *n)
{
	switch (n->els) {
	case ISP_ELS_PLOGI:
		port->wwnn = n->wwnn;
		port->port_id = n->port_id;
		port->handle = n->port_handle;
		port->prli_w3 = 0;
		set_state(chan, port, ISP_PORT_LOGGED_IN);
		break;
	case ISP_ELS_PRLI:
		port->prli_w3 = n->prli_w3;
		port->handle = n->port_handle;
		set_state(chan, port, ISP_PORT_PRLI_DONE);
		break;
	case ISP_ELS_PRLO:
	case ISP_ELS_TPRLO:
		port->prli_w3 = 0;
		set_state(chan, port, ISP_PORT_LOGGED_IN);
		break;
	case ISP_ELS_LOGO:
		port->prli_w3 = 0;
		port->handle = ISP_PORT_HANDLE_NONE;
		set_state(chan, port, ISP_PORT_SEEN);
		break;
	default:
		break;
	}
}

/**
 * isp_portdb_notify() - Learn from an immediate notify before a role gets it.
 * @chan:   the channel
 * @notify: the notify
 *
 * Context: any. Takes chan->port_lock.
 */
void isp_portdb_notify(struct isp_chan *chan, const struct isp_notify *notify)
{
	struct isp_port *port;
	unsigned long flags;

	if (notify->kind != ISP_NOTIFY_ELS)
		return;
	spin_lock_irqsave(&chan->port_lock, flags);
	if (!notify->wwpn)
		port = find_id_locked(chan, notify->port_id);
	else if (notify->els == ISP_ELS_PLOGI)
		port = get_port_locked(chan, notify->wwpn);
	else
		port = find_wwpn_locked(chan, notify->wwpn);
	if (port)
		note_els(chan, port, notify);
	spin_unlock_irqrestore(&chan->port_lock, flags);
}

/**
 * isp_portdb_link_down() - The link is gone: nobody is logged in any more.
 * @chan: the channel
 *
 * The ports stay known; the next scan says who is still there.
 *
 * Context: any. Takes chan->port_lock.
 */
void isp_portdb_link_down(struct isp_chan *chan)
{
	struct isp_port *port;
	unsigned long flags;

	spin_lock_irqsave(&chan->port_lock, flags);
	list_for_each_entry(port, &chan->ports, node) {
		port->prli_w3 = 0;
		port->handle = ISP_PORT_HANDLE_NONE;
		if (port->state != ISP_PORT_GONE)
			set_state(chan, port, ISP_PORT_SEEN);
	}
	chan->nr_resolve = 0;
	spin_unlock_irqrestore(&chan->port_lock, flags);
}

/**
 * isp_portdb_seen() - The fabric says that a port is there.
 * @chan:    the channel
 * @port_id: its address
 * @wwpn:    its name
 *
 * Context: process (link worker). Takes chan->port_lock, calls up without it.
 */
void isp_portdb_seen(struct isp_chan *chan, u32 port_id, u64 wwpn)
{
	enum isp_port_event_kind kind = ISP_PORT_EVENT_FOUND;
	struct isp_port *port;
	unsigned long flags;
	bool tell = false;

	if (!wwpn || wwpn == chan->wwpn)
		return;
	spin_lock_irqsave(&chan->port_lock, flags);
	port = get_port_locked(chan, wwpn);
	if (port) {
		port->scan = chan->scan_gen;
		if (port->state == ISP_PORT_GONE) {
			tell = true;
			set_state(chan, port, ISP_PORT_SEEN);
		} else if (port->port_id != port_id) {
			kind = ISP_PORT_EVENT_MOVED;
			tell = true;
		}
		port->port_id = port_id;
	}
	spin_unlock_irqrestore(&chan->port_lock, flags);
	if (tell)
		tell_roles(chan, kind, wwpn, port_id);
}

/**
 * isp_portdb_scan_begin() - A new list of the name server is about to come.
 * @chan: the channel
 *
 * Context: process (link worker). Takes chan->port_lock.
 */
void isp_portdb_scan_begin(struct isp_chan *chan)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->port_lock, flags);
	chan->scan_gen++;
	spin_unlock_irqrestore(&chan->port_lock, flags);
}

/**
 * isp_portdb_scan_missing() - A port that the last list did not have.
 * @chan: the channel
 * @copy: out: the port as it is
 *
 * The port counts as seen from now on, so that each is returned once.
 *
 * Context: process (link worker). Takes chan->port_lock.
 * Return: true if there is one.
 */
bool isp_portdb_scan_missing(struct isp_chan *chan, struct isp_port *copy)
{
	struct isp_port *port;
	unsigned long flags;
	bool found = false;

	spin_lock_irqsave(&chan->port_lock, flags);
	list_for_each_entry(port, &chan->ports, node) {
		if (port->state == ISP_PORT_GONE ||
		    port->scan == chan->scan_gen)
			continue;
		port->scan = chan->scan_gen;
		*copy = *port;
		found = true;
		break;
	}
	spin_unlock_irqrestore(&chan->port_lock, flags);
	return found;
}

/**
 * isp_portdb_gone() - A port is not in the fabric any more.
 * @chan: the channel
 * @wwpn: its name
 *
 * Context: process (link worker). Takes chan->port_lock, calls up without it.
 */
void isp_portdb_gone(struct isp_chan *chan, u64 wwpn)
{
	struct isp_port *port;
	unsigned long flags;
	u32 port_id = 0;
	bool tell = false;

	spin_lock_irqsave(&chan->port_lock, flags);
	port = find_wwpn_locked(chan, wwpn);
	if (port && port->state != ISP_PORT_GONE) {
		port_id = port->port_id;
		port->handle = ISP_PORT_HANDLE_NONE;
		port->prli_w3 = 0;
		set_state(chan, port, ISP_PORT_GONE);
		tell = true;
	}
	spin_unlock_irqrestore(&chan->port_lock, flags);
	if (tell)
		tell_roles(chan, ISP_PORT_EVENT_GONE, wwpn, port_id);
}

/**
 * isp_portdb_by_id() - Look a port up by its address.
 * @chan:    the channel
 * @port_id: 24 bits
 * @copy:    out: the port as it is
 *
 * Context: any. Takes chan->port_lock.
 * Return: true if it is known and not gone.
 */
bool isp_portdb_by_id(struct isp_chan *chan, u32 port_id, struct isp_port *copy)
{
	struct isp_port *port;
	unsigned long flags;

	spin_lock_irqsave(&chan->port_lock, flags);
	port = find_id_locked(chan, port_id);
	if (port)
		*copy = *port;
	spin_unlock_irqrestore(&chan->port_lock, flags);
	return port;
}

/**
 * isp_portdb_by_wwpn() - Look a port up by its name.
 * @chan: the channel
 * @wwpn: its name
 * @copy: out: the port as it is
 *
 * Context: any. Takes chan->port_lock.
 * Return: true if it is known, gone or not.
 */
bool isp_portdb_by_wwpn(struct isp_chan *chan, u64 wwpn, struct isp_port *copy)
{
	struct isp_port *port;
	unsigned long flags;

	spin_lock_irqsave(&chan->port_lock, flags);
	port = find_wwpn_locked(chan, wwpn);
	if (port)
		*copy = *port;
	spin_unlock_irqrestore(&chan->port_lock, flags);
	return port;
}

/**
 * isp_portdb_resolve() - Ask the fabric who has an address.
 * @chan:    the channel
 * @port_id: 24 bits
 *
 * Context: any. Takes chan->port_lock.
 * Return: 0: resolved() follows; -EAGAIN: too many questions are open.
 */
int isp_portdb_resolve(struct isp_chan *chan, u32 port_id)
{
	unsigned long flags;
	unsigned int i;
	int err = 0;

	spin_lock_irqsave(&chan->port_lock, flags);
	for (i = 0; i < chan->nr_resolve; i++)
		if (chan->resolve[i] == port_id)
			break;
	if (i == ISP_MAX_RESOLVE)
		err = -EAGAIN;
	else if (i == chan->nr_resolve)
		chan->resolve[chan->nr_resolve++] = port_id;
	spin_unlock_irqrestore(&chan->port_lock, flags);
	if (!err)
		isp_link_resolve(chan);
	return err;
}

/**
 * isp_portdb_next_resolve() - The oldest open question.
 * @chan:    the channel
 * @port_id: out
 *
 * It stays open until isp_portdb_resolved(): what is asked may get no answer,
 * when the link changes meanwhile.
 *
 * Context: process (link worker). Takes chan->port_lock.
 * Return: true if there is one.
 */
bool isp_portdb_next_resolve(struct isp_chan *chan, u32 *port_id)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&chan->port_lock, flags);
	found = chan->nr_resolve;
	if (found)
		*port_id = chan->resolve[0];
	spin_unlock_irqrestore(&chan->port_lock, flags);
	return found;
}

/**
 * isp_portdb_resolved() - A question is answered, one way or the other.
 * @chan:    the channel
 * @port_id: which
 *
 * Context: process (link worker). Takes chan->port_lock.
 */
void isp_portdb_resolved(struct isp_chan *chan, u32 port_id)
{
	unsigned long flags;
	unsigned int i = 0;

	spin_lock_irqsave(&chan->port_lock, flags);
	while (i < chan->nr_resolve && chan->resolve[i] != port_id)
		i++;
	if (i < chan->nr_resolve)
		chan->nr_resolve--;
	for (; i < chan->nr_resolve; i++)
		chan->resolve[i] = chan->resolve[i + 1];
	spin_unlock_irqrestore(&chan->port_lock, flags);
}
