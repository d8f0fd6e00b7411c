// SPDX-License-Identifier: GPL-2.0
/* The commands of a storm: sent, ended, judged against the data model. */
#include "world_int.h"

static uint64_t now_of(const struct from *f)
{
	return ev_now_ns(f->w->first->ev);
}

static void complain(struct cmd *c, const char *what)
{
	struct ini_io *io = &c->io;

	storm_wrong(
		c->from->w,
		"%s: command %02x of block %u+%u form %u: %s (status %02x flags %02x resid %u moved %u sense %x/%02x)",
		c->from->ini->port.name, io->cdb[0], c->lba, c->blocks, c->form,
		what, io->status, io->flags, io->resid, io->moved,
		io->sense[2] & 15, io->sense[12]);
}

/* An error is an error only if nothing was done to this target. */
static void excused(struct cmd *c, const char *what)
{
	c->from->nr_errors++;
	if (!c->from->tgt->touched)
		complain(c, what);
}

static void judge_good(struct cmd *c)
{
	struct ini_io *io = &c->io;
	uint32_t bytes = c->blocks * DISK_BLOCK;
	uint8_t want = c->form == STORM_FORM_UNDER ? 0x08 :
		       c->form == STORM_FORM_OVER  ? 0x04 :
						     0;
	char why[160];

	c->from->w->r->nr_good++;
	if (io->moved != bytes && !io->write) {
		/* A lost frame: an initiator's chip sees that, too. */
		excused(c, "byte count");
		return;
	}
	if (io->moved != bytes || (io->flags & 0x0c) != want ||
	    (want && io->resid != DISK_BLOCK))
		complain(c, "byte count or residual");
	if (io->read && bytes &&
	    !disk_check(c->from->tgt->disk, c->since, c->lba, c->blocks,
			ini_buf(io->ini, io->slot), why, sizeof(why)))
		complain(c, why);
}

static void judge_status(struct cmd *c)
{
	static const struct {
		uint8_t key, asc;
	} want[] = {
		[STORM_FORM_DIR] = { 5, 0x24 },
		[STORM_FORM_LUN] = { 5, 0x25 },
		[STORM_FORM_OPCODE] = { 5, 0x20 },
		[STORM_FORM_SENSE] = { 9, 0x80 },
	};
	struct ini_io *io = &c->io;

	if (io->status == 0x08 || io->status == 0x28)
		excused(c, "busy");
	else if (c->form < STORM_FORM_DIR || c->form == STORM_FORM_TUR)
		excused(c, "status");
	else if (io->status != 2 || (io->sense[2] & 15) != want[c->form].key ||
		 io->sense[12] != want[c->form].asc)
		complain(c, "sense");
}

static void end_write(struct cmd *c)
{
	struct ini_io *io = &c->io;
	struct from *f = c->from;
	enum disk_end end = DISK_MAYBE;

	if (io->end == INI_END_LOST) {
		end = DISK_LOST;
		f->lost[f->nr_lost++ % STORM_MAX_EVENTS] = c->write;
	} else if (io->end == INI_END_STATUS && !io->status) {
		end = DISK_DONE;
	} else if (io->end == INI_END_STATUS &&
		   (io->status == 0x08 || io->status == 0x28)) {
		end = DISK_NEVER;
	}
	disk_written(f->tgt->disk, c->write, now_of(f), end, c->blocks);
}

static void io_done(struct ini_io *io)
{
	struct cmd *c = container_of(io, struct cmd, io);
	struct from *f = c->from;

	if (c->write)
		end_write(c);
	c->write = 0;
	if (io->end == INI_END_LOST) {
		f->w->r->nr_lost++;
		if (!f->w->over)
			excused(c, "lost");
	} else if (io->end == INI_END_ABORTED) {
		f->w->r->nr_aborted++;
		excused(c, "aborted");
	} else if (io->tmf) {
		if (io->status || (io->flags & 1 && io->rsp_code > 5))
			complain(c, "answer of a function");
	} else if (io->status) {
		judge_status(c);
	} else if (c->form >= STORM_FORM_DIR && c->form != STORM_FORM_TUR) {
		complain(c, "is GOOD");
	} else {
		judge_good(c);
	}
	storm_pump(f);
}

/* No read can begin, or is open, that began before this. */
static void note_oldest(struct tgt *t)
{
	uint64_t oldest = ev_now_ns(t->sim->ev);
	struct world *w = t->w;

	for (unsigned int i = 0; i < w->s->nr_ini; i++)
		for (unsigned int k = 0; k < INI_SLOTS; k++) {
			const struct cmd *c = &w->from[i].cmd[k];

			if (c->io.open && c->since < oldest)
				oldest = c->since;
		}
	disk_oldest(t->disk, oldest);
}

static void shape(struct cmd *c, const struct storm_event *e)
{
	struct ini_io *io = &c->io;
	bool write = e->c & STORM_CMD_WRITE;
	uint32_t blocks = e->b;

	ini_rw(io, write, e->a, blocks);
	/* The engine looks at the order in which they come. */
	put_be32(io->cdb + 12, ++c->from->serial);
	io->attr = (uint8_t)((e->c & STORM_CMD_ATTR) >> 1);
	switch (c->form) {
	case STORM_FORM_RW:
		break;
	case STORM_FORM_UNDER:
		io->data_len += DISK_BLOCK;
		break;
	case STORM_FORM_OVER:
		io->data_len -= DISK_BLOCK;
		blocks--;
		break;
	case STORM_FORM_DIR:
		io->read = write;
		io->write = !write;
		blocks = 0;
		break;
	case STORM_FORM_LUN:
		io->lun[1] = 1;
		blocks = 0;
		break;
	default:
		io->cdb[0] = c->form == STORM_FORM_OPCODE ? 0xee :
			     c->form == STORM_FORM_TUR	  ? 0x00 :
							    0xc0;
		io->read = false;
		io->write = false;
		io->data_len = 0;
		blocks = 0;
		break;
	}
	c->lba = e->a;
	c->blocks = blocks;
}

static void submit(struct from *f, unsigned int slot,
		   const struct storm_event *e)
{
	struct cmd *c = &f->cmd[slot];
	uint8_t *buf = ini_buf(f->ini, slot);

	memset(&c->io, 0, sizeof(c->io));
	c->from = f;
	c->io.slot = slot;
	c->io.done = io_done;
	c->since = now_of(f);
	c->write = 0;
	c->form = (e->c & STORM_CMD_FORM) >> 4;
	if (c->form == STORM_FORM_OVER && e->b == 1)
		c->form = STORM_FORM_RW;
	shape(c, e);
	if (c->io.write && c->blocks) {
		note_oldest(f->tgt);
		c->write =
			disk_write(f->tgt->disk, c->since, c->lba, e->b, buf);
		/* Announced, but nobody may have it. */
		if (c->form == STORM_FORM_UNDER)
			memset(buf + e->b * DISK_BLOCK, 0xee, DISK_BLOCK);
	} else if (c->io.read) {
		memset(buf, 0xee, c->io.data_len);
	}
	f->w->r->nr_cmds++;
	ini_submit(f->ini, &c->io);
}

static int free_slot(const struct from *f)
{
	for (unsigned int i = 0; i < f->depth; i++)
		if (!f->cmd[i].io.open)
			return (int)i;
	return -1;
}

void storm_pump(struct from *f)
{
	int slot;

	while (!f->w->over && f->head != f->tail &&
	       f->ini->state == INI_READY && (slot = free_slot(f)) >= 0)
		submit(f, (unsigned int)slot,
		       &f->w->s->ev[f->queue[f->head++]]);
}

void storm_ini_in(struct ini *ini)
{
	struct from *f = ini->priv;

	for (uint32_t i = 0; i < f->nr_lost && i < STORM_MAX_EVENTS; i++)
		disk_settle(f->tgt->disk, f->lost[i], now_of(f));
	f->nr_lost = 0;
	if (f->nr_logins++ && !f->tgt->touched)
		storm_wrong(f->w, "%s had to log in again", ini->port.name);
	storm_pump(f);
}

void storm_tmf(struct from *f, const struct storm_event *e)
{
	int slot = free_slot(f);
	struct cmd *c;

	if (f->ini->state != INI_READY || slot < 0)
		return;
	c = &f->cmd[slot];
	memset(&c->io, 0, sizeof(c->io));
	c->from = f;
	c->io.slot = (unsigned int)slot;
	c->io.done = io_done;
	c->io.tmf = (uint8_t)e->a;
	c->io.lun[1] = (uint8_t)e->b;
	c->since = now_of(f);
	c->write = 0;
	storm_struck(f->w, true);
	ini_submit(f->ini, &c->io);
}

void storm_abts(struct from *f, const struct storm_event *e)
{
	unsigned int nr = ini_open(f->ini), i;

	if (!nr)
		return;
	nr = e->a % nr;
	for (i = 0; i < INI_SLOTS; i++) {
		struct ini_io *io = f->ini->slot[i];

		if (!io || nr--)
			continue;
		storm_struck(f->w, true);
		ini_abort(io);
		if (e->b)
			ini_abort_id(f->ini, 0x7fff, io->rx_id);
		return;
	}
}
