/* SPDX-License-Identifier: GPL-2.0 */
/* Remote ports that a channel knows. */
#ifndef ISP_PORTDB_H
#define ISP_PORTDB_H

#include <linux/list.h>
#include <linux/types.h>

#include "isp_chip.h"

struct isp_chan;
struct isp_hba;

#define ISP_MAX_PORTS 1024
#define ISP_MAX_RESOLVE 32

/* A remote port as we see it. */
#define ISP_PORT_STATES(X)        \
	X(SEEN, "seen")           \
	X(LOGGED_IN, "logged-in") \
	X(PRLI_DONE, "prli-done") \
	X(GONE, "gone")

enum isp_port_state {
#define X(id, name) ISP_PORT_##id,
	ISP_PORT_STATES(X)
#undef X
		ISP_NR_PORT_STATES
};

/**
 * struct isp_port - one remote port, protected by chan->port_lock
 * @node:    in chan->ports
 * @wwpn:    never 0
 * @wwnn:    0 when not known
 * @port_id: 24 bits
 * @handle:  N_Port handle, or ISP_PORT_HANDLE_NONE
 * @prli_w3: service parameters of its PRLI, 0 before
 * @state:   enum isp_port_state
 * @scan:    chan->scan_gen of the last name server list that had it
 */
struct isp_port {
	struct list_head node;
	u64 wwpn;
	u64 wwnn;
	u32 port_id;
	u16 handle;
	u16 prli_w3;
	enum isp_port_state state;
	u32 scan;
};

const char *isp_port_state_name(enum isp_port_state state);
void isp_portdb_init(struct isp_chan *chan);
void isp_portdb_exit(struct isp_chan *chan);
void isp_portdb_notify(struct isp_chan *chan, const struct isp_notify *notify);
void isp_portdb_link_down(struct isp_chan *chan);
void isp_portdb_seen(struct isp_chan *chan, u32 port_id, u64 wwpn);
void isp_portdb_scan_begin(struct isp_chan *chan);
bool isp_portdb_scan_missing(struct isp_chan *chan, struct isp_port *copy);
void isp_portdb_gone(struct isp_chan *chan, u64 wwpn);
bool isp_portdb_by_id(struct isp_chan *chan, u32 port_id,
		      struct isp_port *copy);
bool isp_portdb_by_wwpn(struct isp_chan *chan, u64 wwpn, struct isp_port *copy);
int isp_portdb_resolve(struct isp_chan *chan, u32 port_id);
bool isp_portdb_next_resolve(struct isp_chan *chan, u32 *port_id);
void isp_portdb_resolved(struct isp_chan *chan, u32 port_id);

#endif
