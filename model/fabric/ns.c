// SPDX-License-Identifier: GPL-2.0
/*
 * The directory (name) server: a database of the logged-in N_Ports, made by
 * FLOGI and completed by their registrations, and the queries on it.
 *
 * A change of FC-4 types or features is told by RSCN: an initiator that looked
 * before the target had registered would never look again.
 */
#include "fabric/fab_int.h"

/* Explanations of rejects. [FC-GS-5 5.2.4, D] */
#define NS_NO_PORT_ID 0x01
#define NS_NO_PORT_NAME 0x02
#define NS_NO_NODE_NAME 0x03
#define NS_NO_FC4 0x07
#define NS_NO_PORT_TYPE 0x0a
#define NS_BAD_PORT_ID 0x11

#define PORT_TYPE_N 0x01
#define PORT_TYPE_NX 0x7f
#define LIST_LAST 0x80 /* control byte of the last entry */

static uint16_t unable(uint8_t expl)
{
	return CT_RJT(CT_UNABLE, expl);
}

/* Who is in none of the requester's zones is not there. */
static struct sw_port *in_zone(const struct ct_req *req, struct sw_port *sp)
{
	return sp && sw_sees(req->sp, sp) ? sp : NULL;
}

/* Subject of a query: reserved byte, then the address. */
static struct sw_port *subject(struct fab *fab, const struct ct_req *req)
{
	return in_zone(req, sw_by_id(fab, get_be24(req->arg + 1)));
}

/* A port registers for itself only. */
static uint16_t own(struct fab *fab, const struct ct_req *req,
		    struct sw_port **sp)
{
	*sp = subject(fab, req);
	if (!*sp)
		return unable(NS_NO_PORT_ID);
	if (*sp != req->sp)
		return unable(NS_BAD_PORT_ID);
	return 0;
}

static bool has_fc4(const struct sw_port *sp, uint8_t type)
{
	unsigned int byte = type / 32 * 4 + 3 - type % 32 / 8;

	return sp->ns.fc4_types[byte] >> type % 8 & 1;
}

/* Domain and area of a query; zero means any. */
static bool in_scope(const struct sw_port *sp, uint8_t domain, uint8_t area)
{
	if (domain && domain != sp->id >> 16)
		return false;
	return !area || area == (sp->id >> 8 & 0xff);
}

/* ---- queries about one port ---- */

static uint16_t gpn_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp = subject(fab, req);

	if (!sp)
		return unable(NS_NO_PORT_ID);
	ct_put_be(out, sp->ns.port_name, 8);
	return 0;
}

static uint16_t gnn_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp = subject(fab, req);

	if (!sp)
		return unable(NS_NO_PORT_ID);
	ct_put_be(out, sp->ns.node_name, 8);
	return 0;
}

static uint16_t gft_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp = subject(fab, req);

	if (!sp)
		return unable(NS_NO_PORT_ID);
	ct_put(out, sp->ns.fc4_types, sizeof(sp->ns.fc4_types));
	return 0;
}

static uint16_t gfpn_id(struct fab *fab, const struct ct_req *req,
			struct ct_out *out)
{
	struct sw_port *sp = subject(fab, req);

	if (!sp)
		return unable(NS_NO_PORT_ID);
	ct_put_be(out, sw_fport_name(fab, sp), 8);
	return 0;
}

static uint16_t gff_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp = subject(fab, req);

	if (!sp)
		return unable(NS_NO_PORT_ID);
	ct_put(out, sp->ns.fc4_features, sizeof(sp->ns.fc4_features));
	return 0;
}

static uint16_t gid_pn(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp = in_zone(req, sw_by_wwpn(fab, get_be64(req->arg)));

	if (!sp)
		return unable(NS_NO_PORT_NAME);
	ct_put_be(out, sp->id, 4);
	return 0;
}

/* The port after the given address, round the corner if there is none. */
static struct sw_port *next_port(struct fab *fab, const struct ct_req *req,
				 uint32_t id)
{
	struct sw_port *first = NULL;
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++) {
		struct sw_port *sp = &fab->sw[i];

		if (!sp->id || !in_zone(req, sp))
			continue;
		if (sp->id > id)
			return sp;
		if (!first)
			first = sp;
	}
	return first;
}

static void put_symbolic(struct ct_out *out, const uint8_t *name, uint8_t len)
{
	ct_put_be(out, len, 1);
	ct_put(out, name, len);
	ct_put(out, NULL, NS_SYM_MAX - len);
}

static uint16_t ga_nxt(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	/* The requester is logged in, so there is one. */
	struct sw_port *sp = next_port(fab, req, get_be24(req->arg + 1));

	ct_put_be(out, PORT_TYPE_N, 1);
	ct_put_be(out, sp->id, 3);
	ct_put_be(out, sp->ns.port_name, 8);
	put_symbolic(out, sp->ns.sym_port, sp->ns.sym_port_len);
	ct_put_be(out, sp->ns.node_name, 8);
	put_symbolic(out, sp->ns.sym_node, sp->ns.sym_node_len);
	ct_put(out, NULL, 8); /* initial process associator */
	ct_put(out, NULL, 16); /* node's IP address */
	ct_put_be(out, sp->ns.cos, 4);
	ct_put(out, sp->ns.fc4_types, sizeof(sp->ns.fc4_types));
	ct_put(out, NULL, 16); /* port's IP address */
	ct_put_be(out, sw_fport_name(fab, sp), 8);
	ct_put(out, NULL, 4); /* hard address */
	return 0;
}

/* ---- lists ---- */

enum list_by { BY_PORT_TYPE, BY_FC4, BY_NODE };

/**
 * struct ns_list - what a list query asks for
 * @from: who asks: only ports that it sees are listed
 * @by: key
 * @key: port type, FC-4 type or node name
 * @domain: scope, 0 any
 * @area: scope, 0 any
 * @name_len: 0: four-byte entries; 8: entries with a name
 * @node_names: the name is the node's
 */
struct ns_list {
	const struct sw_port *from;
	enum list_by by;
	uint64_t key;
	uint8_t domain;
	uint8_t area;
	unsigned int name_len;
	bool node_names;
};

static bool is_listed(const struct sw_port *sp, const struct ns_list *q)
{
	if (!sp->id || !in_scope(sp, q->domain, q->area) ||
	    !sw_sees(q->from, sp))
		return false;
	if (q->by == BY_FC4)
		return has_fc4(sp, (uint8_t)q->key);
	if (q->by == BY_NODE)
		return sp->ns.node_name == q->key;
	return q->key == PORT_TYPE_NX || q->key == PORT_TYPE_N;
}

static uint16_t put_list(struct fab *fab, const struct ns_list *q,
			 uint8_t none_expl, struct ct_out *out)
{
	uint32_t last = 0;
	bool any = false;
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++) {
		const struct sw_port *sp = &fab->sw[i];

		if (!is_listed(sp, q))
			continue;
		any = true;
		last = out->len;
		ct_put_be(out, sp->id, 4);
		if (!q->name_len)
			continue;
		ct_put(out, NULL, 4);
		ct_put_be(out,
			  q->node_names ? sp->ns.node_name : sp->ns.port_name,
			  8);
	}
	if (!any)
		return unable(none_expl);
	out->buf[last] = LIST_LAST;
	return 0;
}

static uint16_t gid_pt(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct ns_list q = { .from = req->sp,
			     .by = BY_PORT_TYPE,
			     .key = req->arg[0],
			     .domain = req->arg[1],
			     .area = req->arg[2] };

	return put_list(fab, &q, NS_NO_PORT_TYPE, out);
}

static uint16_t list_fc4(struct fab *fab, const struct ct_req *req,
			 unsigned int name_len, bool node_names,
			 struct ct_out *out)
{
	struct ns_list q = { .from = req->sp,
			     .by = BY_FC4,
			     .key = req->arg[3],
			     .domain = req->arg[1],
			     .area = req->arg[2],
			     .name_len = name_len,
			     .node_names = node_names };

	return put_list(fab, &q, NS_NO_FC4, out);
}

static uint16_t gid_ft(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	return list_fc4(fab, req, 0, false, out);
}

static uint16_t gpn_ft(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	return list_fc4(fab, req, 8, false, out);
}

static uint16_t gnn_ft(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	return list_fc4(fab, req, 8, true, out);
}

static uint16_t gid_nn(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct ns_list q = { .from = req->sp,
			     .by = BY_NODE,
			     .key = get_be64(req->arg) };

	return put_list(fab, &q, NS_NO_NODE_NAME, out);
}

/* ---- registrations ---- */

static uint16_t rft_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	const uint8_t *types = req->arg + 4;
	struct sw_port *sp;
	uint16_t rjt = own(fab, req, &sp);

	(void)out;
	if (rjt)
		return rjt;
	if (!memcmp(sp->ns.fc4_types, types, sizeof(sp->ns.fc4_types)))
		return 0;
	memcpy(sp->ns.fc4_types, types, sizeof(sp->ns.fc4_types));
	sw_rscn(fab, sp, sp->id);
	return 0;
}

static uint16_t rff_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	uint8_t features = req->arg[6] & 0x0f, type = req->arg[7];
	unsigned int byte = type / 8 * 4 + 3 - type % 8 / 2;
	unsigned int shift = type % 2 * 4;
	struct sw_port *sp;
	uint16_t rjt = own(fab, req, &sp);
	uint8_t *place, value;

	(void)out;
	if (rjt)
		return rjt;
	place = &sp->ns.fc4_features[byte];
	value = (uint8_t)((*place & ~(0x0f << shift)) | features << shift);
	if (*place == value)
		return 0;
	*place = value;
	sw_rscn(fab, sp, sp->id);
	return 0;
}

static uint16_t rnn_id(struct fab *fab, const struct ct_req *req,
		       struct ct_out *out)
{
	struct sw_port *sp;
	uint16_t rjt = own(fab, req, &sp);

	(void)out;
	if (!rjt)
		sp->ns.node_name = get_be64(req->arg + 4);
	return rjt;
}

static uint16_t rspn_id(struct fab *fab, const struct ct_req *req,
			struct ct_out *out)
{
	uint8_t len = req->arg[4];
	struct sw_port *sp;
	uint16_t rjt = own(fab, req, &sp);

	(void)out;
	if (rjt)
		return rjt;
	if (req->arg_len < 5U + len)
		return CT_RJT(CT_BAD_SIZE, 0);
	memcpy(sp->ns.sym_port, req->arg + 5, len);
	sp->ns.sym_port_len = len;
	return 0;
}

/* A node's name holds for all its ports. */
static uint16_t rsnn_nn(struct fab *fab, const struct ct_req *req,
			struct ct_out *out)
{
	uint64_t node = get_be64(req->arg);
	uint8_t len = req->arg[8];
	unsigned int i;

	(void)out;
	if (req->arg_len < 9U + len)
		return CT_RJT(CT_BAD_SIZE, 0);
	if (req->sp->ns.node_name != node)
		return unable(NS_NO_NODE_NAME);
	for (i = 0; i < fab->nr_slots; i++) {
		struct ns_entry *ns = &fab->sw[i].ns;

		if (!fab->sw[i].id || ns->node_name != node)
			continue;
		memcpy(ns->sym_node, req->arg + 9, len);
		ns->sym_node_len = len;
	}
	return 0;
}

/* Everything that was registered goes; what FLOGI said stays. */
static uint16_t da_id(struct fab *fab, const struct ct_req *req,
		      struct ct_out *out)
{
	struct sw_port *sp;
	uint16_t rjt = own(fab, req, &sp);

	(void)out;
	if (rjt)
		return rjt;
	memset(sp->ns.fc4_types, 0, sizeof(sp->ns.fc4_types));
	memset(sp->ns.fc4_features, 0, sizeof(sp->ns.fc4_features));
	sp->ns.sym_port_len = 0;
	sp->ns.sym_node_len = 0;
	sw_rscn(fab, sp, sp->id);
	return 0;
}

/* [FC-GS-5 table 12, D] */
const struct ct_cmd ns_cmds[] = {
	{ 0x0100, "GA_NXT", 4, ga_nxt },   { 0x0112, "GPN_ID", 4, gpn_id },
	{ 0x0113, "GNN_ID", 4, gnn_id },   { 0x0117, "GFT_ID", 4, gft_id },
	{ 0x011c, "GFPN_ID", 4, gfpn_id }, { 0x011f, "GFF_ID", 4, gff_id },
	{ 0x0121, "GID_PN", 8, gid_pn },   { 0x0131, "GID_NN", 8, gid_nn },
	{ 0x0171, "GID_FT", 4, gid_ft },   { 0x0172, "GPN_FT", 4, gpn_ft },
	{ 0x0173, "GNN_FT", 4, gnn_ft },   { 0x01a1, "GID_PT", 4, gid_pt },
	{ 0x0213, "RNN_ID", 12, rnn_id },  { 0x0217, "RFT_ID", 36, rft_id },
	{ 0x0218, "RSPN_ID", 5, rspn_id }, { 0x021f, "RFF_ID", 8, rff_id },
	{ 0x0239, "RSNN_NN", 9, rsnn_nn }, { 0x0300, "DA_ID", 4, da_id },
};

const size_t ns_nr_cmds = ARRAY_SIZE(ns_cmds);
