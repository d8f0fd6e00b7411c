// SPDX-License-Identifier: GPL-2.0
/* A bare N_Port for tests of the fabric. */
#include "client.h"

#include <stdlib.h>

static struct client *of(struct fab_port *port)
{
	return port->priv;
}

static void record(struct client *c, const struct fab_frame *f)
{
	struct got *g;

	if (c->nr_got == CLIENT_MAX_RX)
		abort();
	g = &c->got[c->nr_got++];
	*g = (struct got){ .kind = f->kind,
			   .r_ctl = f->r_ctl,
			   .s_id = f->s_id,
			   .d_id = f->d_id,
			   .ox_id = f->ox_id,
			   .rx_id = f->rx_id,
			   .param = f->param,
			   .len = f->len,
			   .t_ns = ev_now_ns(c->ev) };
	if (f->kind != FAB_DATA && f->len) {
		g->payload = malloc(f->len);
		if (!g->payload)
			abort();
		memcpy(g->payload, f->payload, f->len);
	}
}

static void on_rx(struct fab_port *port, const struct fab_frame *f)
{
	struct client *c = of(port);

	record(c, f);
	if (c->echo) {
		c->echo--;
		fab_tx(port, client_frame(c, f->s_id, f->r_ctl, f->type,
					  f->payload, f->len));
	}
}

static void on_link(struct fab_port *port, bool up)
{
	struct client *c = of(port);

	if (up)
		c->ups++;
	else
		c->downs++;
	c->id = 0;
}

static void on_sent(struct fab_port *port, const struct fab_frame *f,
		    enum fab_fate fate)
{
	(void)f;
	of(port)->fates[fate]++;
}

static void on_bad(struct fab_port *port, const struct fab_frame *f)
{
	(void)f;
	of(port)->bad++;
}

static const struct fab_port_ops client_ops = {
	.rx = on_rx,
	.link = on_link,
	.sent = on_sent,
	.bad_frame = on_bad,
};

int client_init(struct client *c, struct ev *ev, struct fab *fab,
		struct judge_port *jp, const char *name, uint64_t wwpn)
{
	int ret;

	memset(c, 0, sizeof(*c));
	c->ev = ev;
	c->wwpn = wwpn;
	c->port.jp = jp;
	ret = fab_port_attach(fab, &c->port, name, &client_ops, c, 8);
	if (!ret)
		fab_port_enable(&c->port, true);
	return ret;
}

void client_fini(struct client *c)
{
	client_clear(c);
	if (c->port.fab)
		fab_port_detach(&c->port);
}

void client_clear(struct client *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_got; i++)
		free(c->got[i].payload);
	c->nr_got = 0;
}

void client_settle(struct client *c)
{
	while (ev_step(c->ev))
		;
}

struct fab_frame *client_frame(struct client *c, uint32_t d_id, uint8_t r_ctl,
			       uint8_t type, const void *data, uint32_t len)
{
	struct fab_frame *f = fab_frame_get(c->port.fab, len);

	f->r_ctl = r_ctl;
	f->type = type;
	f->s_id = c->id;
	f->d_id = d_id;
	f->ox_id = c->next_ox++;
	if (data && len)
		memcpy(f->payload, data, len);
	return f;
}

/* The reply on an exchange among what has arrived. */
static const struct got *reply_to(const struct client *c, uint16_t ox_id,
				  uint32_t from, enum fab_kind kind)
{
	unsigned int i;

	for (i = 0; i < c->nr_got; i++)
		if (c->got[i].ox_id == ox_id && c->got[i].kind == kind &&
		    c->got[i].s_id == from)
			return &c->got[i];
	return NULL;
}

const struct got *client_els(struct client *c, uint32_t d_id, const void *data,
			     uint32_t len)
{
	uint16_t ox_id = c->next_ox;

	fab_tx(&c->port, client_frame(c, d_id, FAB_RCTL_ELS_REQ, FAB_TYPE_ELS,
				      data, len));
	client_settle(c);
	return reply_to(c, ox_id, d_id, FAB_ELS_RSP);
}

static void fill_login(const struct client *c, uint8_t *p, uint8_t code)
{
	memset(p, 0, FAB_ELS_PLOGI_LEN);
	p[0] = code;
	put_be16(p + 4, 0x2020);
	put_be64(p + 20, c->wwpn);
	put_be64(p + 28, c->wwpn ? c->wwpn ^ 1ULL << 60 : 0);
	put_be16(p + 68, 0x8000);
}

bool client_flogi(struct client *c)
{
	uint8_t p[FAB_ELS_PLOGI_LEN];
	const struct got *g;

	c->id = 0;
	fill_login(c, p, FAB_ELS_FLOGI);
	g = client_els(c, FAB_ID_FPORT, p, sizeof(p));
	if (!g || g->payload[0] != FAB_ELS_LS_ACC)
		return false;
	c->id = g->d_id;
	return true;
}

bool client_plogi(struct client *c, uint32_t d_id)
{
	uint8_t p[FAB_ELS_PLOGI_LEN];
	const struct got *g;

	fill_login(c, p, FAB_ELS_PLOGI);
	g = client_els(c, d_id, p, sizeof(p));
	return g && g->payload[0] == FAB_ELS_LS_ACC;
}

bool client_scr(struct client *c, uint8_t function)
{
	uint8_t p[8] = { FAB_ELS_SCR, 0, 0, 0, 0, 0, 0, function };
	const struct got *g = client_els(c, FAB_ID_FCTRL, p, sizeof(p));

	return g && g->payload[0] == FAB_ELS_LS_ACC;
}

const struct got *client_ct(struct client *c, uint32_t d_id, uint8_t type,
			    uint8_t sub, uint16_t cmd, uint16_t room_words,
			    const void *arg, uint32_t len)
{
	uint16_t ox_id = c->next_ox;
	struct fab_frame *f = client_frame(c, d_id, FAB_RCTL_CT_REQ,
					   FAB_TYPE_CT, NULL, 16 + len);

	f->payload[0] = 1;
	f->payload[4] = type;
	f->payload[5] = sub;
	put_be16(f->payload + 8, cmd);
	put_be16(f->payload + 10, room_words);
	if (len)
		memcpy(f->payload + 16, arg, len);
	fab_tx(&c->port, f);
	client_settle(c);
	return reply_to(c, ox_id, d_id, FAB_CT_RSP);
}

const struct got *client_ns(struct client *c, uint16_t cmd, const void *arg,
			    uint32_t len)
{
	return client_ct(c, FAB_ID_NS, 0xfc, 0x02, cmd, 0, arg, len);
}

bool ct_accepted(const struct got *g, uint32_t len)
{
	return g && g->len == 16 + len && get_be16(g->payload + 8) == 0x8002;
}

bool ct_rejected(const struct got *g, uint8_t reason, uint8_t expl)
{
	return g && g->len == 16 && get_be16(g->payload + 8) == 0x8001 &&
	       g->payload[13] == reason && g->payload[14] == expl;
}

bool els_rejected(const struct got *g, uint8_t reason, uint8_t expl)
{
	return g && g->len == 8 && g->payload[0] == FAB_ELS_LS_RJT &&
	       g->payload[5] == reason && g->payload[6] == expl;
}

unsigned int client_count_els(const struct client *c, uint8_t code)
{
	unsigned int i, nr = 0;

	for (i = 0; i < c->nr_got; i++)
		if (c->got[i].kind == FAB_ELS_REQ &&
		    c->got[i].payload[0] == code)
			nr++;
	return nr;
}
