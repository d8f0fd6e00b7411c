// SPDX-License-Identifier: GPL-2.0
/* A port on the rig's switch that no chip is behind. */
#include "wild.h"

#include <stdlib.h>

#define WWPN 0x2100001b32f00002ULL
#define BUF (HOST_DATA + 0x10000) /* in the initiator's memory */

struct fab_frame *wild_frame(struct wild *w, const struct wild_xchg *x,
			     uint8_t r_ctl, uint8_t type, uint32_t len)
{
	struct fab_frame *f = fab_frame_get(w->rig->w.fab, len);

	f->r_ctl = r_ctl;
	f->type = type;
	f->s_id = w->id;
	f->d_id = x->id;
	f->ox_id = x->ox_id;
	f->rx_id = x->rx_id;
	f->f_ctl = 0x880000;
	return f;
}

void wild_fill_login(uint8_t *p, uint8_t code)
{
	p[0] = code;
	put_be16(p + 4, 0x2020);
	put_be16(p + 10, 2048);
	put_be64(p + 20, WWPN);
	put_be64(p + 28, WWPN ^ 1ULL << 56);
	put_be16(p + 68, 0x8000);
}

struct fab_frame *wild_flogi(struct wild *w)
{
	static const struct wild_xchg x = { FAB_ID_FPORT, 1, 0xffff };
	struct fab_frame *f = wild_frame(w, &x, FAB_RCTL_ELS_REQ, FAB_TYPE_ELS,
					 FAB_ELS_PLOGI_LEN);

	f->s_id = 0;
	wild_fill_login(f->payload, FAB_ELS_FLOGI);
	return f;
}

bool wild_is_flogi_acc(struct wild *w, const struct fab_frame *f)
{
	if (f->kind != FAB_ELS_RSP || f->s_id != FAB_ID_FPORT)
		return false;
	w->id = f->d_id;
	return true;
}

void wild_link(struct fab_port *port, bool up)
{
	(void)port;
	(void)up;
}

bool wild_plug(struct wild *w, struct rig *rig, const struct fab_port_ops *ops)
{
	static const struct pcidev_id id = { .device = 0x2532 };

	memset(w, 0, sizeof(*w));
	w->rig = rig;
	w->ram = calloc(1, WILD_RAM);
	if (!w->ram)
		abort();
	pcidev_init(&w->dev, &id, judge_port_new(rig->w.judge, "evil.0"));
	mem_enable(&w->dev.mem, true);
	if (mem_map(&w->dev.mem, WILD_IOVA, WILD_RAM, w->ram,
		    MEM_PROT_READ | MEM_PROT_WRITE) ||
	    fab_port_attach(rig->w.fab, &w->port, "evil.0", ops, w, 8)) {
		pcidev_fini(&w->dev);
		free(w->ram);
		return false;
	}
	fab_port_enable(&w->port, true);
	world_run(&rig->w, EV_MS);
	return true;
}

void wild_unplug(struct wild *w)
{
	fab_port_detach(&w->port);
	pcidev_fini(&w->dev);
	free(w->ram);
}

/* ---- what the rig's initiator does with it ---- */

void wild_log_in(struct wild *w, uint32_t handle, uint16_t flags)
{
	entry_login(&w->rig->ini, handle, WILD_NPORT, w->id, flags);
	host_ring(&w->rig->ini);
}

void wild_ask(struct wild *w, uint32_t handle, bool write, uint16_t timeout_s)
{
	struct seg seg = { HOST_IOVA + BUF, WILD_LEN };
	struct cmd c = { .handle = handle,
			 .nport = WILD_NPORT,
			 .id = w->id,
			 .cdb = { write ? 0x2a : 0x28, 0, 0, 0, 0, 0, 0, 0, 8 },
			 .dl = WILD_LEN,
			 .read = !write,
			 .write = write,
			 .timeout_s = timeout_s,
			 .segs = &seg,
			 .nr_segs = 1 };

	rig_cmd(w->rig, &c);
}

void wild_give_up(struct wild *w, uint32_t handle, uint32_t victim)
{
	entry_abort(&w->rig->ini, handle, victim, WILD_NPORT, w->id);
	host_ring(&w->rig->ini);
}
