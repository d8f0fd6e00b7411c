// SPDX-License-Identifier: GPL-2.0
/* Common transport: what every server does with a CT request and its reply. */
#include <stdlib.h>

#include "fabric/fab_int.h"

/* CT_IU preamble, byte offsets. [FC-GS-5 4.3, D] */
#define CT_REVISION 0
#define CT_GS_TYPE 4
#define CT_GS_SUBTYPE 5
#define CT_COMMAND 8
#define CT_MAX_SIZE 10 /* request: room in words; reply: residual */
#define CT_REASON 13
#define CT_EXPL 14
#define CT_PREAMBLE 16

#define CT_REJECT 0x8001
#define CT_ACCEPT 0x8002

#define GS_DIRECTORY 0xfc
#define GS_MANAGEMENT 0xfa
#define GS_SUB_NS 0x02
#define GS_SUB_FCS 0x01
#define GS_SUB_FDMI 0x10

/**
 * struct ct_table - a server's commands
 * @cmds: commands
 * @nr: how many
 * @cover: CT_COVER_*
 */
struct ct_table {
	const struct ct_cmd *cmds;
	size_t nr;
	uint16_t cover;
};

void ct_put(struct ct_out *out, const void *data, uint32_t len)
{
	if (len > sizeof(out->buf) - out->len)
		return;
	if (data)
		memcpy(out->buf + out->len, data, len);
	else
		memset(out->buf + out->len, 0, len);
	out->len += len;
}

void ct_put_be(struct ct_out *out, uint64_t value, unsigned int len)
{
	uint8_t b[8];

	put_be64(b, value);
	ct_put(out, b + 8 - len, len);
}

/* Which server's table? Its address and both type bytes must agree. */
static bool find_table(enum sw_server server, const uint8_t *iu,
		       struct ct_table *t)
{
	uint8_t type = iu[CT_GS_TYPE], sub = iu[CT_GS_SUBTYPE];

	if (server == SW_NS && type == GS_DIRECTORY && sub == GS_SUB_NS)
		*t = (struct ct_table){ ns_cmds, ns_nr_cmds, CT_COVER_NS };
	else if (server == SW_MGMT && type == GS_MANAGEMENT &&
		 sub == GS_SUB_FCS)
		*t = (struct ct_table){ fcs_cmds, fcs_nr_cmds, CT_COVER_FCS };
	else if (server == SW_MGMT && type == GS_MANAGEMENT &&
		 sub == GS_SUB_FDMI)
		*t = (struct ct_table){ fdmi_cmds, fdmi_nr_cmds,
					CT_COVER_FDMI };
	else
		return false;
	return true;
}

static uint16_t run(struct fab *fab, struct ct_req *req, enum sw_server server,
		    struct ct_out *out)
{
	const uint8_t *iu = req->frame->payload;
	struct ct_table t;
	size_t i;

	if (req->frame->len < CT_PREAMBLE)
		return CT_RJT(CT_BAD_SIZE, 0);
	if (iu[CT_REVISION] != 1)
		return CT_RJT(CT_BAD_VERSION, 0);
	if (!find_table(server, iu, &t))
		return CT_RJT(CT_NO_SERVER, 0);
	req->cmd = get_be16(iu + CT_COMMAND);
	req->arg = iu + CT_PREAMBLE;
	req->arg_len = req->frame->len - CT_PREAMBLE;
	for (i = 0; i < t.nr; i++) {
		if (t.cmds[i].cmd != req->cmd)
			continue;
		if (req->sp->port->jp)
			cover_hit(req->sp->port->jp, COVER_CT,
				  req->cmd | t.cover);
		if (req->arg_len < t.cmds[i].min_len)
			return CT_RJT(CT_BAD_SIZE, 0);
		return t.cmds[i].fn(fab, req, out);
	}
	return CT_RJT(CT_UNSUPPORTED, 0);
}

/* What does not fit the requester's room is cut off and told as residual. */
static uint32_t fit(const struct ct_req *req, const struct ct_out *out,
		    uint16_t *residual_words)
{
	uint32_t room = get_be16(req->frame->payload + CT_MAX_SIZE) * 4U;
	uint32_t rest;

	*residual_words = 0;
	if (!room || out->len <= room)
		return out->len;
	rest = (out->len - room + 3) / 4;
	*residual_words = (uint16_t)(rest < 0xffff ? rest : 0xffff);
	return room;
}

void ct_rx(struct fab *fab, struct sw_port *sp, enum sw_server server,
	   const struct fab_frame *frame)
{
	struct ct_req req = { .sp = sp, .frame = frame };
	uint32_t have = frame->len < 8 ? frame->len : 8, len = 0;
	uint16_t rjt, residual = 0;
	struct fab_frame *f;
	struct ct_out *out;

	out = malloc(sizeof(*out));
	if (!out)
		abort();
	out->len = 0;
	rjt = run(fab, &req, server, out);
	if (!rjt)
		len = fit(&req, out, &residual);
	f = sw_reply(fab, frame, FAB_RCTL_CT_RSP, CT_PREAMBLE + len);
	memcpy(f->payload, frame->payload, have);
	put_be16(f->payload + CT_COMMAND, rjt ? CT_REJECT : CT_ACCEPT);
	put_be16(f->payload + CT_MAX_SIZE, residual);
	f->payload[CT_REASON] = (uint8_t)(rjt >> 8);
	f->payload[CT_EXPL] = (uint8_t)rjt;
	memcpy(f->payload + CT_PREAMBLE, out->buf, len);
	free(out);
	sw_send(fab, sp, f);
}
