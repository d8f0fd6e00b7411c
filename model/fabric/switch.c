// SPDX-License-Identifier: GPL-2.0
/*
 * The switch: fabric login, addresses, the fabric controller's RSCNs, and the
 * ELS side of its servers.
 *
 * An N_Port is known from FLOGI until its light goes out, it logs out of
 * FFFFFE, or it sends FLOGI again. Only then do its frames go anywhere.
 *
 * Zones are hard ones: ports without a common zone find each other neither in
 * the name server nor by RSCN, and a frame between them is discarded.
 */
#include <assert.h>

#include "fabric/fab_int.h"

#define SCR_FABRIC 0x01 /* events detected by the fabric */
#define SCR_N_PORT 0x02 /* events detected by an N_Port */
#define SCR_FULL 0x03
#define SCR_CLEAR 0xff

/* Common service parameters, byte offsets in FLOGI/PLOGI. [FC-LS-2 6.6, D] */
#define CSP_VERSION 4
#define CSP_BB_CREDIT 6
#define CSP_FEATURES 8
#define CSP_RX_SIZE 10
#define CSP_R_A_TOV 12 /* in the F_Port's LS_ACC */
#define CSP_TOTAL_SEQ 12 /* in a server's LS_ACC */
#define CSP_E_D_TOV 16
#define LOGIN_PORT_NAME 20
#define LOGIN_NODE_NAME 28
#define LOGIN_CLASS_3 68
#define CLASS_VALID 0x8000
#define CLASS_IN_ORDER 0x0800
#define FEAT_F_PORT 0x1000
#define FEAT_CONT_OFFS 0x8000 /* continuously increasing offset */

static const struct {
	uint8_t code;
	const char *name;
} sw_els[] = {
	{ FAB_ELS_FLOGI, "FLOGI" }, { FAB_ELS_PLOGI, "PLOGI" },
	{ FAB_ELS_LOGO, "LOGO" },   { FAB_ELS_SCR, "SCR" },
	{ FAB_ELS_RSCN, "RSCN" },
};

static void cover_cmds(struct judge *judge, const struct ct_cmd *cmds,
		       size_t nr, uint16_t server)
{
	size_t i;

	for (i = 0; i < nr; i++)
		cover_add(judge, COVER_CT, cmds[i].cmd | server, cmds[i].name);
}

void sw_cover(struct judge *judge)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sw_els); i++)
		cover_add(judge, COVER_ELS, sw_els[i].code, sw_els[i].name);
	cover_cmds(judge, ns_cmds, ns_nr_cmds, CT_COVER_NS);
	cover_cmds(judge, fcs_cmds, fcs_nr_cmds, CT_COVER_FCS);
	cover_cmds(judge, fdmi_cmds, fdmi_nr_cmds, CT_COVER_FDMI);
}

static void hit_els(const struct sw_port *sp, uint8_t code)
{
	if (sp->port->jp)
		cover_hit(sp->port->jp, COVER_ELS, code);
}

/* Slot number in domain and area, AL_PA zero. */
static uint32_t slot_id(unsigned int slot)
{
	return (FAB_DOMAIN + slot / 256) << 16 | (slot % 256) << 8;
}

struct sw_port *sw_by_id(struct fab *fab, uint32_t id)
{
	uint32_t slot = (id >> 8) - (FAB_DOMAIN << 8);

	if (id & 0xff || slot >= fab->nr_slots || fab->sw[slot].id != id || !id)
		return NULL;
	return &fab->sw[slot];
}

struct sw_port *sw_by_wwpn(struct fab *fab, uint64_t wwpn)
{
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++)
		if (fab->sw[i].id && fab->sw[i].ns.port_name == wwpn)
			return &fab->sw[i];
	return NULL;
}

uint64_t sw_fport_name(const struct fab *fab, const struct sw_port *sp)
{
	return FAB_FPORT_WWN + (uint64_t)(sp - fab->sw);
}

/* ---- RSCN ---- */

static void send_rscn(struct fab *fab, const struct sw_port *to, uint32_t id)
{
	struct fab_frame *f = fab_frame_get(fab, 8);

	f->r_ctl = FAB_RCTL_ELS_REQ;
	f->type = FAB_TYPE_ELS;
	f->s_id = FAB_ID_FCTRL;
	f->d_id = to->id;
	f->ox_id = fab->next_xid++;
	f->payload[0] = FAB_ELS_RSCN;
	f->payload[1] = 4;
	put_be16(f->payload + 2, 8);
	put_be24(f->payload + 5, id);
	hit_els(to, FAB_ELS_RSCN);
	sw_send(fab, to, f);
}

static bool wants_rscn(const struct sw_port *sp)
{
	return sp->id && (sp->scr == SCR_FABRIC || sp->scr == SCR_FULL);
}

void sw_rscn(struct fab *fab, const struct sw_port *about, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < fab->nr_slots; i++) {
		const struct sw_port *sp = &fab->sw[i];

		if (sp != about && wants_rscn(sp) && sw_sees(sp, about))
			send_rscn(fab, sp, id);
	}
}

/* ---- zones ---- */

bool sw_sees(const struct sw_port *a, const struct sw_port *b)
{
	return a == b || a->zones & b->zones;
}

void sw_zone(struct fab *fab, struct sw_port *sp, uint32_t zones)
{
	uint32_t old = sp->zones;
	unsigned int i;

	sp->zones = zones;
	for (i = 0; i < fab->nr_slots && sp->id; i++) {
		const struct sw_port *o = &fab->sw[i];

		if (o == sp || !o->id || !(old & o->zones) == !sw_sees(sp, o))
			continue;
		if (wants_rscn(sp))
			send_rscn(fab, sp, o->id);
		if (wants_rscn(o))
			send_rscn(fab, o, sp->id);
	}
}

/* ---- replies ---- */

struct fab_frame *sw_reply(struct fab *fab, const struct fab_frame *req,
			   uint8_t r_ctl, uint32_t len)
{
	struct fab_frame *f = fab_frame_get(fab, len);

	f->r_ctl = r_ctl;
	f->type = req->type;
	f->s_id = req->d_id;
	f->d_id = req->s_id;
	f->ox_id = req->ox_id;
	f->rx_id = fab->next_xid++;
	return f;
}

static void els_accept(struct fab *fab, const struct sw_port *sp,
		       const struct fab_frame *req)
{
	struct fab_frame *f = sw_reply(fab, req, FAB_RCTL_ELS_RSP, 4);

	f->payload[0] = FAB_ELS_LS_ACC;
	sw_send(fab, sp, f);
}

static void els_reject(struct fab *fab, const struct sw_port *sp,
		       const struct fab_frame *req, uint8_t reason,
		       uint8_t expl)
{
	struct fab_frame *f = sw_reply(fab, req, FAB_RCTL_ELS_RSP, 8);

	f->payload[0] = FAB_ELS_LS_RJT;
	f->payload[5] = reason;
	f->payload[6] = expl;
	sw_send(fab, sp, f);
}

/* What FLOGI and PLOGI answers have in common. */
static struct fab_frame *
login_accept(struct fab *fab, const struct fab_frame *req, uint64_t port_name)
{
	struct fab_frame *f =
		sw_reply(fab, req, FAB_RCTL_ELS_RSP, FAB_ELS_PLOGI_LEN);

	f->payload[0] = FAB_ELS_LS_ACC;
	put_be16(f->payload + CSP_VERSION, 0x2020);
	put_be16(f->payload + CSP_BB_CREDIT, 16);
	put_be16(f->payload + CSP_RX_SIZE, 2112);
	put_be64(f->payload + LOGIN_PORT_NAME, port_name);
	put_be64(f->payload + LOGIN_NODE_NAME, FAB_SWITCH_WWN);
	put_be16(f->payload + LOGIN_CLASS_3, CLASS_VALID | CLASS_IN_ORDER);
	put_be16(f->payload + LOGIN_CLASS_3 + 6, 2112);
	return f;
}

/* ---- fabric login ---- */

void sw_logout(struct fab *fab, struct sw_port *sp)
{
	uint32_t id = sp->id;
	uint64_t wwpn = sp->ns.port_name;

	sp->id = 0;
	sp->scr = 0;
	memset(sp->login, 0, sizeof(sp->login));
	memset(&sp->ns, 0, sizeof(sp->ns));
	if (!id)
		return;
	fdmi_forget(fab, wwpn);
	sw_rscn(fab, sp, id);
}

static void flogi(struct fab *fab, struct sw_port *sp,
		  const struct fab_frame *req)
{
	struct fab_frame *f;
	uint64_t wwpn, wwnn;

	if (req->len != FAB_ELS_PLOGI_LEN) {
		els_reject(fab, sp, req, LS_RJT_PROTOCOL, LS_EXP_BAD_LENGTH);
		return;
	}
	wwpn = get_be64(req->payload + LOGIN_PORT_NAME);
	wwnn = get_be64(req->payload + LOGIN_NODE_NAME);
	/* A login anew is a logout first, whoever it says it is now. */
	sw_logout(fab, sp);
	if (!wwpn || !wwnn || sw_by_wwpn(fab, wwpn)) {
		els_reject(fab, sp, req, LS_RJT_LOGICAL, LS_EXP_BAD_NAME);
		return;
	}
	sp->id = slot_id((unsigned int)(sp - fab->sw));
	sp->ns.port_name = wwpn;
	sp->ns.node_name = wwnn;
	sp->ns.cos = 1U << 3;
	f = login_accept(fab, req, sw_fport_name(fab, sp));
	f->d_id = sp->id;
	put_be16(f->payload + CSP_FEATURES, FEAT_F_PORT);
	put_be32(f->payload + CSP_R_A_TOV, 10000);
	put_be32(f->payload + CSP_E_D_TOV, 2000);
	sw_send(fab, sp, f);
	sw_rscn(fab, sp, sp->id);
}

static void fport_els(struct fab *fab, struct sw_port *sp,
		      const struct fab_frame *req)
{
	switch (req->payload[0]) {
	case FAB_ELS_FLOGI:
		flogi(fab, sp, req);
		break;
	case FAB_ELS_LOGO:
		els_accept(fab, sp, req);
		sw_logout(fab, sp);
		break;
	default:
		els_reject(fab, sp, req, LS_RJT_UNSUPPORTED,
			   LS_EXP_NOT_SUPPORTED);
	}
}

/* ---- servers ---- */

static void server_plogi(struct fab *fab, struct sw_port *sp,
			 enum sw_server server, const struct fab_frame *req)
{
	struct fab_frame *f;

	if (req->len != FAB_ELS_PLOGI_LEN) {
		els_reject(fab, sp, req, LS_RJT_PROTOCOL, LS_EXP_BAD_LENGTH);
		return;
	}
	if (get_be64(req->payload + LOGIN_PORT_NAME) != sp->ns.port_name) {
		els_reject(fab, sp, req, LS_RJT_LOGICAL, LS_EXP_BAD_NAME);
		return;
	}
	sp->login[server] = true;
	/* Each server is a port of its own: the address makes its name. */
	f = login_accept(fab, req, FAB_SWITCH_WWN | (uint64_t)req->d_id << 16);
	put_be16(f->payload + CSP_FEATURES, FEAT_CONT_OFFS);
	put_be16(f->payload + CSP_TOTAL_SEQ, 255);
	put_be16(f->payload + CSP_TOTAL_SEQ + 2, 0x1f);
	put_be32(f->payload + CSP_E_D_TOV, 2000);
	sw_send(fab, sp, f);
}

/* Registration needs the fabric's login only. [FC-LS-2 4.2.30, D] */
static void scr(struct fab *fab, struct sw_port *sp,
		const struct fab_frame *req)
{
	uint8_t function;

	if (req->len != 8) {
		els_reject(fab, sp, req, LS_RJT_PROTOCOL, LS_EXP_BAD_LENGTH);
		return;
	}
	function = req->payload[7];
	switch (function) {
	case SCR_FABRIC:
	case SCR_N_PORT:
	case SCR_FULL:
		sp->scr = function;
		break;
	case SCR_CLEAR:
		sp->scr = 0;
		break;
	default:
		els_reject(fab, sp, req, LS_RJT_LOGICAL, LS_EXP_NONE);
		return;
	}
	els_accept(fab, sp, req);
}

static void server_els(struct fab *fab, struct sw_port *sp,
		       enum sw_server server, const struct fab_frame *req)
{
	uint8_t code = req->payload[0];

	if (code == FAB_ELS_PLOGI) {
		server_plogi(fab, sp, server, req);
	} else if (code == FAB_ELS_LOGO) {
		sp->login[server] = false;
		els_accept(fab, sp, req);
	} else if (code == FAB_ELS_SCR && server == SW_FCTRL) {
		scr(fab, sp, req);
	} else {
		els_reject(fab, sp, req, LS_RJT_UNSUPPORTED,
			   LS_EXP_NOT_SUPPORTED);
	}
}

/* A frame from a port without a login here is answered by a logout. */
static void send_logo(struct fab *fab, const struct sw_port *sp, uint32_t from)
{
	struct fab_frame *f = fab_frame_get(fab, 16);

	f->r_ctl = FAB_RCTL_ELS_REQ;
	f->type = FAB_TYPE_ELS;
	f->s_id = from;
	f->d_id = sp->id;
	f->ox_id = fab->next_xid++;
	f->payload[0] = FAB_ELS_LOGO;
	put_be24(f->payload + 5, from);
	put_be64(f->payload + 8, FAB_SWITCH_WWN | (uint64_t)from << 16);
	sw_send(fab, sp, f);
}

static void rx_els(struct fab *fab, struct sw_port *sp,
		   const struct fab_frame *frame)
{
	if (frame->len < 4)
		return;
	hit_els(sp, frame->payload[0]);
	switch (frame->d_id) {
	case FAB_ID_FPORT:
		fport_els(fab, sp, frame);
		break;
	case FAB_ID_FCTRL:
		server_els(fab, sp, SW_FCTRL, frame);
		break;
	case FAB_ID_NS:
		server_els(fab, sp, SW_NS, frame);
		break;
	default:
		server_els(fab, sp, SW_MGMT, frame);
	}
}

static void rx_ct(struct fab *fab, struct sw_port *sp,
		  const struct fab_frame *frame)
{
	enum sw_server server;

	if (frame->d_id == FAB_ID_NS)
		server = SW_NS;
	else if (frame->d_id == FAB_ID_MGMT)
		server = SW_MGMT;
	else
		return;
	if (sp->login[server])
		ct_rx(fab, sp, server, frame);
	else
		send_logo(fab, sp, frame->d_id);
}

void sw_rx(struct fab *fab, struct sw_port *sp, const struct fab_frame *frame)
{
	/* The light may have gone out since the frame was sent. */
	if (!sp->id && frame->d_id != FAB_ID_FPORT)
		return;
	if (frame->kind == FAB_ELS_REQ)
		rx_els(fab, sp, frame);
	else if (frame->kind == FAB_CT_REQ)
		rx_ct(fab, sp, frame);
}
