// SPDX-License-Identifier: GPL-2.0
/* Login, commands and aborts of a scripted FC initiator. */
#include "ini.h"

#include "base.h"
#include <assert.h>
#include <stdlib.h>

#define ARENA_IOVA 0x40000000ULL
#define RETRY_NS (100 * EV_MS)
#define ABTS_AGAIN_NS (1 * EV_MS)
#define ABTS_TIMEOUT_NS (20 * EV_SEC)
#define CMD_TIMEOUT_NS (30 * EV_SEC)
#define ELS_OX_BASE 0x8000U
#define CMD_GENS 512U
#define NR_SPARE 16U

/* F_CTL bits of FC-FS-3 table 33 that the ends look at. */
#define FCTL_RESPONDER 0x800000U
#define FCTL_FIRST 0x200000U
#define FCTL_LAST 0x100000U
#define FCTL_END 0x080000U
#define FCTL_INITIATIVE 0x010000U

#define CT_RFT_ID 0x0217U
#define CT_ACCEPT 0x8002U
#define FLAG_RSP 0x01U
#define FLAG_SENSE 0x02U

static void search(struct ini *ini);

/* While a loop is being initialised we still go by our last AL_PA. */
static uint32_t own_id(const struct ini *ini)
{
	return fab_topo(ini->fab) == FAB_LOOP ? ini->port.al_pa :
						fab_port_id(&ini->port);
}

static struct fab_frame *frame(struct ini *ini, uint8_t r_ctl, uint32_t d_id,
			       uint32_t len)
{
	struct fab_frame *f = fab_frame_get(ini->fab, len);

	f->r_ctl = r_ctl;
	f->d_id = d_id;
	f->s_id = own_id(ini);
	f->rx_id = 0xffff;
	f->type = FAB_TYPE_FCP;
	f->f_ctl = FCTL_FIRST | FCTL_END | FCTL_INITIATIVE;
	return f;
}

static struct fab_frame *els(struct ini *ini, uint32_t d_id, uint8_t code,
			     uint32_t len)
{
	struct fab_frame *f = frame(ini, FAB_RCTL_ELS_REQ, d_id, len);

	f->type = FAB_TYPE_ELS;
	f->ox_id = ++ini->els_ox | ELS_OX_BASE;
	ini->els_ox = f->ox_id;
	f->payload[0] = code;
	return f;
}

static void send_login(struct ini *ini, uint32_t d_id, uint8_t code)
{
	struct fab_frame *f = els(ini, d_id, code, FAB_ELS_PLOGI_LEN);
	uint8_t *p = f->payload;

	put_be16(p + 4, 0x2020);
	put_be16(p + 6, 3);
	put_be16(p + 8, 0x8800);
	put_be16(p + 10, 2048);
	put_be16(p + 12, 255);
	put_be16(p + 14, 0x00ff);
	put_be32(p + 16, 2000);
	put_be64(p + 20, ini->wwpn);
	put_be64(p + 28, ini->wwpn ^ (1ULL << 60));
	put_be16(p + 68, 0x8000);
	put_be16(p + 74, 2048);
	put_be16(p + 76, 255);
	put_be16(p + 80, 1);
	if (code == FAB_ELS_FLOGI)
		f->s_id = 0;
	fab_tx(&ini->port, f);
}

static void send_scr(struct ini *ini)
{
	struct fab_frame *f = els(ini, FAB_ID_FCTRL, FAB_ELS_SCR, 8);

	f->payload[7] = 3;
	fab_tx(&ini->port, f);
}

/* Tell the name server that we speak FCP. [FC-GS-5 5.2.5.14, D] */
static void send_rft_id(struct ini *ini)
{
	struct fab_frame *f = frame(ini, FAB_RCTL_CT_REQ, FAB_ID_NS, 16 + 36);
	uint8_t *p = f->payload;

	f->type = FAB_TYPE_CT;
	f->ox_id = ++ini->els_ox | ELS_OX_BASE;
	ini->els_ox = f->ox_id;
	p[0] = 1;
	p[4] = 0xfc;
	p[5] = 0x02;
	put_be16(p + 8, CT_RFT_ID);
	put_be24(p + 17, fab_port_id(&ini->port));
	p[22] = 0x01;
	fab_tx(&ini->port, f);
}

static void send_prli(struct ini *ini)
{
	struct fab_frame *f = els(ini, ini->target_id, FAB_ELS_PRLI, 20);
	uint8_t *p = f->payload;

	p[1] = 16;
	put_be16(p + 2, 20);
	p[4] = FAB_TYPE_FCP;
	put_be16(p + 6, 0x2000);
	put_be32(p + 16, 0x22);
	fab_tx(&ini->port, f);
}

static void go(struct ini *ini, enum ini_state state)
{
	ini->state = state;
	ev_timer_start(&ini->retry, 2 * EV_SEC);
	switch (state) {
	case INI_DARK:
	case INI_READY:
		ev_timer_stop(&ini->retry);
		break;
	case INI_FLOGI:
		send_login(ini, FAB_ID_FPORT, FAB_ELS_FLOGI);
		break;
	case INI_NS_PLOGI:
		send_login(ini, FAB_ID_NS, FAB_ELS_PLOGI);
		break;
	case INI_SCR:
		send_scr(ini);
		break;
	case INI_RFT_ID:
		send_rft_id(ini);
		break;
	case INI_SEARCH:
		ev_timer_start(&ini->retry, RETRY_NS);
		break;
	case INI_PLOGI:
		send_login(ini, ini->target_id, FAB_ELS_PLOGI);
		break;
	case INI_PRLI:
		send_prli(ini);
		break;
	}
}

static uint16_t cmd_ox_id(const struct ini *ini, unsigned int slot)
{
	return (uint16_t)(slot + ini->gen[slot] % CMD_GENS * INI_SLOTS);
}

static void end_io(struct ini_io *io, enum ini_end how)
{
	struct ini *ini = io->ini;

	if (!io->open)
		return;
	ev_timer_stop(&io->timer);
	io->open = false;
	io->end = how;
	ini->slot[io->slot] = NULL;
	ini->nr_open--;
	ini->gen[io->slot]++;
	ini->last[io->slot] = how;
	if (io->done)
		io->done(io);
}

static void target_lost(struct ini *ini)
{
	unsigned int i;
	bool was = ini->state == INI_READY;

	if (ini->state > INI_SEARCH)
		go(ini, INI_SEARCH);
	ini->target_id = 0;
	for (i = 0; i < INI_SLOTS; i++)
		if (ini->slot[i])
			end_io(ini->slot[i], INI_END_LOST);
	if (was && ini->lost)
		ini->lost(ini);
}

/* Whoever is there when we look is asked to let us in. */
static void search(struct ini *ini)
{
	uint32_t id = fab_port_id(ini->target);

	if (!id) {
		go(ini, INI_SEARCH);
		return;
	}
	ini->target_id = id;
	go(ini, INI_PLOGI);
}

static void retry_fired(struct ev_timer *t)
{
	struct ini *ini = container_of(t, struct ini, retry);

	if (ini->state >= INI_SEARCH)
		search(ini);
	else
		go(ini, ini->state);
}

static void rx_accept(struct ini *ini)
{
	switch (ini->state) {
	case INI_FLOGI:
	case INI_NS_PLOGI:
	case INI_SCR:
		go(ini, ini->state + 1);
		break;
	case INI_RFT_ID:
		search(ini);
		break;
	case INI_PLOGI:
		go(ini, INI_PRLI);
		break;
	case INI_PRLI:
		go(ini, INI_READY);
		ini->nr_logins++;
		if (ini->ready)
			ini->ready(ini);
		break;
	default:
		break;
	}
}

static void rx_els_rsp(struct ini *ini, const struct fab_frame *f)
{
	if (f->ox_id != ini->els_ox)
		return;
	if (f->payload[0] == FAB_ELS_LS_ACC) {
		rx_accept(ini);
	} else {
		ini->nr_refused++;
		ev_timer_start(&ini->retry, RETRY_NS);
	}
}

static void accept_els(struct ini *ini, const struct fab_frame *req)
{
	struct fab_frame *f = frame(ini, FAB_RCTL_ELS_RSP, req->s_id, 4);

	f->type = FAB_TYPE_ELS;
	f->f_ctl = FCTL_RESPONDER | FCTL_LAST | FCTL_END;
	f->ox_id = req->ox_id;
	f->rx_id = 0x7777;
	f->payload[0] = FAB_ELS_LS_ACC;
	fab_tx(&ini->port, f);
}

static void rx_els_req(struct ini *ini, const struct fab_frame *f)
{
	accept_els(ini, f);
	ini->nr_logos += f->payload[0] == FAB_ELS_LOGO &&
			 f->s_id == ini->target_id;
	switch (f->payload[0]) {
	case FAB_ELS_RSCN:
		/* Gone, or back with another address or without our login. */
		if (fab_port_id(ini->target) != ini->target_id)
			target_lost(ini);
		break;
	case FAB_ELS_LOGO:
	case FAB_ELS_PRLO:
		if (f->s_id == ini->target_id)
			target_lost(ini);
		break;
	}
}

/* A frame for a command that has just ended: is that right? */
static void stray(struct ini *ini, const struct fab_frame *f, unsigned int slot)
{
	uint16_t before =
		(uint16_t)(slot + (ini->gen[slot] - 1U) % CMD_GENS * INI_SLOTS);

	if (f->ox_id != before || f->type != FAB_TYPE_FCP)
		return;
	ini->nr_twice += f->r_ctl == FAB_RCTL_FCP_RSP &&
			 ini->last[slot] == INI_END_STATUS;
	ini->nr_late += ini->last[slot] == INI_END_ABORTED;
}

static struct ini_io *by_ox_id(struct ini *ini, const struct fab_frame *f)
{
	unsigned int slot = f->ox_id % INI_SLOTS;

	if (f->s_id != ini->target_id)
		return NULL;
	if (f->ox_id != cmd_ox_id(ini, slot)) {
		stray(ini, f, slot);
		return NULL;
	}
	return ini->slot[slot];
}

static void rx_data(struct ini *ini, struct ini_io *io,
		    const struct fab_frame *f)
{
	uint8_t *to = ini_buf(ini, io->slot) + f->param;
	uint32_t i;

	io->rx_id = f->rx_id;
	io->frames++;
	/* Beyond what was announced nothing is taken; the test sees moved. */
	if (!io->read || f->param > io->data_len ||
	    f->len > io->data_len - f->param) {
		io->moved = UINT32_MAX;
		return;
	}
	for (i = 0; i < f->nr_sg; i++) {
		if (mem_read(f->mem, f->sg[i].iova, to, f->sg[i].len)) {
			io->moved = UINT32_MAX;
			return;
		}
		to += f->sg[i].len;
	}
	io->moved += f->len;
}

static void rx_xfer_rdy(struct ini *ini, struct ini_io *io,
			const struct fab_frame *f)
{
	uint32_t off = get_be32(f->payload);
	uint32_t len = get_be32(f->payload + 4);
	struct fab_frame *d;

	io->rx_id = f->rx_id;
	if (ini->hold_xfer_rdy)
		return;
	if (!io->write || off > io->data_len || len > io->data_len - off) {
		io->moved = UINT32_MAX;
		return;
	}
	d = frame(ini, FAB_RCTL_FCP_DATA, f->s_id, 0);
	d->f_ctl = FCTL_END | FCTL_INITIATIVE;
	d->ox_id = f->ox_id;
	d->rx_id = f->rx_id;
	d->param = off;
	d->mem = &ini->dev.mem;
	fab_frame_add_sg(d, ARENA_IOVA + (uint64_t)io->slot * INI_IO_MAX + off,
			 len);
	io->moved += len;
	fab_tx(&ini->port, d);
}

static void rx_rsp(struct ini_io *io, const struct fab_frame *f)
{
	const uint8_t *p = f->payload;
	uint32_t rsp_len = 0;

	io->flags = p[10];
	io->status = p[11];
	io->resid = get_be32(p + 12);
	if (io->flags & FLAG_RSP) {
		rsp_len = get_be32(p + 20);
		io->rsp_code = p[27];
	}
	memset(io->sense, 0, sizeof(io->sense));
	if (io->flags & FLAG_SENSE) {
		io->sense_len = get_be32(p + 16);
		if (io->sense_len <= sizeof(io->sense) &&
		    24 + rsp_len + io->sense_len <= f->len)
			memcpy(io->sense, p + 24 + rsp_len, io->sense_len);
	}
	end_io(io, INI_END_STATUS);
}

static void rx(struct fab_port *port, const struct fab_frame *f)
{
	struct ini *ini = container_of(port, struct ini, port);
	struct ini_io *io;

	switch (f->r_ctl) {
	case FAB_RCTL_ELS_RSP:
		rx_els_rsp(ini, f);
		return;
	case FAB_RCTL_ELS_REQ:
		rx_els_req(ini, f);
		return;
	case FAB_RCTL_CT_RSP:
		if (f->ox_id == ini->els_ox &&
		    get_be16(f->payload + 8) == CT_ACCEPT)
			rx_accept(ini);
		return;
	}
	ini->nr_ba_acc += f->r_ctl == FAB_RCTL_BA_ACC;
	ini->nr_ba_rjt += f->r_ctl == FAB_RCTL_BA_RJT;
	io = by_ox_id(ini, f);
	if (!io)
		return;
	switch (f->r_ctl) {
	case FAB_RCTL_FCP_DATA:
		rx_data(ini, io, f);
		break;
	case FAB_RCTL_FCP_XFER_RDY:
		rx_xfer_rdy(ini, io, f);
		break;
	case FAB_RCTL_FCP_RSP:
		rx_rsp(io, f);
		break;
	case FAB_RCTL_BA_ACC:
		if (io->aborting)
			end_io(io, INI_END_ABORTED);
		break;
	case FAB_RCTL_BA_RJT:
		if (!io->aborting)
			break;
		/* Rejected twice: the target does not know it. */
		if (io->rejected) {
			end_io(io, INI_END_ABORTED);
			break;
		}
		ini->nr_rejects++;
		io->rejected = true;
		io->aborting = false;
		ev_timer_start(&io->timer, ABTS_AGAIN_NS);
		break;
	}
}

static void link_changed(struct fab_port *port, bool up)
{
	struct ini *ini = container_of(port, struct ini, port);

	if (up) {
		/* On a loop loop_ready() comes next. */
		if (fab_topo(ini->fab) != FAB_LOOP)
			go(ini, INI_FLOGI);
		return;
	}
	target_lost(ini);
	go(ini, INI_DARK);
}

/* A plain LIP interrupts nothing but the flow of frames. */
static void lip(struct fab_port *port, enum fab_lip kind)
{
	struct ini *ini = container_of(port, struct ini, port);

	ini->nr_lips++;
	if (kind == FAB_LIP_INIT && ini->state == INI_READY)
		return;
	target_lost(ini);
	go(ini, INI_DARK);
}

static void loop_ready(struct fab_port *port, uint8_t al_pa)
{
	struct ini *ini = container_of(port, struct ini, port);

	(void)al_pa;
	if (ini->state == INI_READY &&
	    ini->target_id == fab_port_id(ini->target))
		return;
	target_lost(ini);
	search(ini);
}

static const struct fab_port_ops port_ops = {
	.rx = rx,
	.link = link_changed,
	.lip = lip,
	.loop = loop_ready,
};

/* A command without an answer is aborted; an ABTS without one means LOGO. */
static void io_timeout(struct ev_timer *t)
{
	struct ini_io *io = container_of(t, struct ini_io, timer);

	if (!io->aborting)
		ini_abort(io);
	else
		ini_logout(io->ini, true);
}

/*
 * Buffers go from one initiator to the next as they are: fresh pages of the
 * system would cost a short run as much time as all that it does.
 */
static uint8_t *spare[NR_SPARE];

static uint8_t *arena_get(void)
{
	uint8_t *arena = NULL;

	for (unsigned int i = 0; !arena && i < NR_SPARE; i++) {
		arena = spare[i];
		spare[i] = NULL;
	}
	if (!arena)
		arena = calloc(INI_SLOTS, INI_IO_MAX);
	assert(arena);
	return arena;
}

static void arena_put(uint8_t *arena)
{
	for (unsigned int i = 0; i < NR_SPARE; i++)
		if (!spare[i]) {
			spare[i] = arena;
			return;
		}
	free(arena);
}

struct ini *ini_new(struct ev *ev, struct judge *judge, struct fab *fab,
		    const char *name, uint64_t wwpn, struct fab_port *target)
{
	static const struct pcidev_id id = { .device = 0x2532, .revision = 2 };
	struct ini *ini = calloc(1, sizeof(*ini));
	int err;

	assert(ini);
	ini->ev = ev;
	ini->fab = fab;
	ini->target = target;
	ini->wwpn = wwpn;
	ini->els_ox = ELS_OX_BASE;
	ini->timeout_ns = CMD_TIMEOUT_NS;
	ini->arena = arena_get();
	pcidev_init(&ini->dev, &id, judge_port_new(judge, name));
	mem_enable(&ini->dev.mem, true);
	err = mem_map(&ini->dev.mem, ARENA_IOVA,
		      (uint64_t)INI_SLOTS * INI_IO_MAX, ini->arena,
		      MEM_PROT_READ | MEM_PROT_WRITE);
	assert(!err);
	ev_timer_init(&ini->retry, ev, retry_fired);
	err = fab_port_attach(fab, &ini->port, name, &port_ops, ini, 8);
	assert(!err);
	fab_port_loop(&ini->port, true, FAB_LOOP_NONE);
	fab_port_enable(&ini->port, true);
	return ini;
}

void ini_free(struct ini *ini)
{
	ini->lost = NULL;
	target_lost(ini);
	ev_timer_stop(&ini->retry);
	fab_port_detach(&ini->port);
	pcidev_fini(&ini->dev);
	arena_put(ini->arena);
	free(ini);
}

uint8_t *ini_buf(struct ini *ini, unsigned int slot)
{
	return ini->arena + (size_t)slot * INI_IO_MAX;
}

void ini_submit(struct ini *ini, struct ini_io *io)
{
	struct fab_frame *f = frame(ini, FAB_RCTL_FCP_CMND, ini->target_id,
				    32U + io->add_cdb_len);
	uint8_t *p = f->payload;

	assert(io->add_cdb_len % 4 == 0);
	assert(ini->state == INI_READY && !ini->slot[io->slot]);
	io->ini = ini;
	io->end = INI_END_OPEN;
	io->status = 0;
	io->flags = 0;
	io->resid = 0;
	io->rsp_code = 0;
	io->sense_len = 0;
	io->moved = 0;
	io->frames = 0;
	io->rx_id = 0xffff;
	io->aborting = false;
	io->aborted = false;
	io->rejected = false;
	io->open = true;
	ini->slot[io->slot] = io;
	ini->nr_open++;
	ev_timer_init(&io->timer, ini->ev, io_timeout);
	ev_timer_start(&io->timer, ini->timeout_ns);

	f->ox_id = cmd_ox_id(ini, io->slot);
	memcpy(p, io->lun, 8);
	p[9] = io->attr;
	p[10] = io->tmf;
	p[11] = (uint8_t)((io->read ? 2 : 0) | (io->write ? 1 : 0) |
			  io->add_cdb_len);
	memcpy(p + 12, io->cdb, 16);
	memcpy(p + 28, io->add_cdb, io->add_cdb_len);
	put_be32(p + 28 + io->add_cdb_len, io->data_len);
	fab_tx(&ini->port, f);
}

void ini_abort_id(struct ini *ini, uint16_t ox_id, uint16_t rx_id)
{
	struct fab_frame *f;

	f = frame(ini, FAB_RCTL_ABTS, ini->target_id, 0);
	f->type = FAB_TYPE_BLS;
	f->f_ctl = FCTL_END | FCTL_INITIATIVE;
	f->ox_id = ox_id;
	f->rx_id = rx_id;
	fab_tx(&ini->port, f);
}

void ini_abort(struct ini_io *io)
{
	struct ini *ini = io->ini;

	if (!io->open || io->aborting)
		return;
	io->aborting = true;
	io->aborted = true;
	ini->nr_abts++;
	ev_timer_start(&io->timer, ABTS_TIMEOUT_NS);
	ini_abort_id(ini, cmd_ox_id(ini, io->slot), io->rx_id);
}

void ini_rw(struct ini_io *io, bool write, uint32_t lba, uint32_t blocks)
{
	memset(io->lun, 0, sizeof(io->lun));
	memset(io->cdb, 0, sizeof(io->cdb));
	io->cdb[0] = write ? 0x2a : 0x28;
	put_be32(io->cdb + 2, lba);
	put_be16(io->cdb + 7, (uint16_t)blocks);
	io->attr = 0;
	io->tmf = 0;
	io->read = !write;
	io->write = write;
	io->data_len = blocks * 512;
}

void ini_logout(struct ini *ini, bool again)
{
	struct fab_frame *f;

	if (!ini->target_id)
		return;
	f = els(ini, ini->target_id, FAB_ELS_LOGO, 16);
	put_be24(f->payload + 5, fab_port_id(&ini->port));
	put_be64(f->payload + 8, ini->wwpn);
	fab_tx(&ini->port, f);
	target_lost(ini);
	if (!again)
		ev_timer_stop(&ini->retry);
}

void ini_prlo(struct ini *ini)
{
	struct fab_frame *f;

	if (!ini->target_id)
		return;
	f = els(ini, ini->target_id, FAB_ELS_PRLO, 20);
	f->payload[1] = 16;
	put_be16(f->payload + 2, 20);
	f->payload[4] = FAB_TYPE_FCP;
	fab_tx(&ini->port, f);
	target_lost(ini);
}

void ini_again(struct ini *ini, bool plogi)
{
	uint32_t id = ini->target_id;

	if (ini->state != INI_READY)
		return;
	target_lost(ini);
	ini->target_id = id;
	go(ini, plogi ? INI_PLOGI : INI_PRLI);
}

void ini_stray(struct ini *ini, uint32_t d_id)
{
	struct fab_frame *f = frame(ini, FAB_RCTL_FCP_CMND, d_id, 32);

	f->ox_id = 0x7fff;
	fab_tx(&ini->port, f);
}

void ini_login(struct ini *ini)
{
	search(ini);
}

void ini_lose(struct ini *ini)
{
	target_lost(ini);
	ev_timer_stop(&ini->retry);
}

unsigned int ini_open(const struct ini *ini)
{
	return ini->nr_open;
}
