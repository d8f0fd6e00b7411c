// SPDX-License-Identifier: GPL-2.0
/* The mailbox: one command at a time, its table, its answer. */
#include "chip/chip_int.h"

#include <assert.h>

static const struct {
	const struct chip_mbox_cmd *cmds;
	const size_t *nr;
} tables[] = {
	{ mbox_load_cmds, &mbox_nr_load_cmds },
	{ mbox_fw_cmds, &mbox_nr_fw_cmds },
	{ mbox_init_cmds, &mbox_nr_init_cmds },
};

static const struct chip_mbox_cmd *find_cmd(const struct chip *c, uint16_t op,
					    bool *known)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		for (size_t i = 0; i < *tables[t].nr; i++) {
			const struct chip_mbox_cmd *cmd = &tables[t].cmds[i];

			if (cmd->opcode != op)
				continue;
			*known = true;
			if (cmd->states & 1U << c->state)
				return cmd;
		}
	}
	return NULL;
}

static const struct port_mbox *find_port_cmd(uint16_t op)
{
	for (size_t i = 0; i < port_nr_mboxes; i++)
		if (port_mboxes[i].opcode == op)
			return &port_mboxes[i];
	return NULL;
}

/* A command that comes in the wrong state is refused like an unknown one. */
static uint16_t dispatch(struct chip *c, const uint16_t *in, uint16_t *out)
{
	const struct port_mbox *pc = find_port_cmd(in[0]);
	const struct chip_mbox_cmd *cmd;
	bool known = pc;

	cmd = find_cmd(c, in[0], &known);
	if (known)
		cover_hit(c->s.jp, COVER_MBOX, in[0]);
	if (cmd)
		return cmd->fn(c, in, out);
	if (pc && c->state == CHIP_READY)
		return pc->fn(c->port, in, out);
	if (!known)
		c->s.jp->n.mbox_unknown++;
	return CHIP_MB_INVALID;
}

static void complete(struct chip *c, const uint16_t *out, bool rom)
{
	uint16_t mb[4] = { out[0] };
	bool ok = out[0] == CHIP_MB_OK;

	c->mbox.open = false;
	c->mbox.unread = true;
	memcpy(c->mbox.result, out, sizeof(c->mbox.result));
	book_return(c->s.jp, BOOK_MAILBOX);
	trace_add(c->s.jp, TRACE_MBOX_DONE, out[0], out[1], out[2], out[3]);
	if (rom)
		irq_event(c, ok ? REASON_ROM_OK : REASON_ROM_FAIL, mb);
	else
		irq_event(c, ok ? REASON_MBOX_OK : REASON_MBOX_FAIL, mb);
}

void chip_mbox_done(struct chip *c, const uint16_t out[CHIP_NR_MBOX])
{
	if (c->mbox.open)
		complete(c, out, false);
}

uint16_t chip_mbox_run(struct chip *c, const uint16_t in[CHIP_NR_MBOX],
		       uint16_t out[CHIP_NR_MBOX])
{
	memset(out, 0, CHIP_NR_MBOX * sizeof(*out));
	switch (in[0]) {
	case 0x02:
	case 0x0b:
	case 0x14:
	case 0x39:
	case 0x48:
	case 0x54:
	case 0x60:
		out[0] = CHIP_MB_INVALID;
		break;
	default:
		out[0] = dispatch(c, in, out);
		break;
	}
	if (out[0] == CHIP_MB_LATER)
		out[0] = CHIP_MB_ERROR;
	return out[0];
}

static void run(struct ev_work *w)
{
	struct chip *c = container_of(w, struct chip, mbox.work);
	uint16_t out[CHIP_NR_MBOX] = { 0 };
	bool rom = c->state == CHIP_ROM;

	if (c->paused || !c->mbox.posted)
		return;
	c->mbox.posted = false;
	if (fault_port_take(&c->fault, FAULT_MBOX_TIMEOUT) || chip_is_dead(c)) {
		c->mbox.open = false;
		return;
	}
	out[0] = dispatch(c, c->mbox.cmd, out);
	if (out[0] != CHIP_MB_LATER)
		complete(c, out, rom);
	if ((c->state == CHIP_IDLE || c->state == CHIP_READY) &&
	    fault_port_take(&c->fault, FAULT_FW_CRASH))
		chip_crash(c);
}

static bool may_post(struct chip *c)
{
	struct chip_mbox *m = &c->mbox;

	if (chip_is_dead(c))
		return false;
	if (c->state == CHIP_RESET || m->boot_reads) {
		judge_raise(c->s.jp, VERDICT_MBOX_EARLY, "opcode %04x in %s",
			    m->in[0], chip_state_name(c));
		return false;
	}
	if (m->posted || m->open || m->unread) {
		judge_raise(c->s.jp, VERDICT_MBOX_BUSY,
			    "opcode %04x while %04x %s", m->in[0], m->cmd[0],
			    m->unread ? "has an uncleared answer" : "runs");
		return false;
	}
	return true;
}

/**
 * mbox_host_int() - The host says that a command is in the mailboxes.
 * @c: chip
 *
 * Context: event loop.
 */
void mbox_host_int(struct chip *c)
{
	struct chip_mbox *m = &c->mbox;

	if (!may_post(c))
		return;
	memcpy(m->cmd, m->in, sizeof(m->cmd));
	m->posted = true;
	m->open = true;
	if (m->cmd[0] < ARRAY_SIZE(c->s.jp->n.mbox))
		c->s.jp->n.mbox[m->cmd[0]]++;
	else
		c->s.jp->n.mbox_other++;
	book_give(c->s.jp, BOOK_MAILBOX);
	trace_add(c->s.jp, TRACE_MBOX, m->cmd[0], m->cmd[1], m->cmd[2],
		  m->cmd[3]);
	ev_soon(&m->work);
}

/**
 * mbox_resume() - The RISC is no longer paused.
 * @c: chip
 *
 * Context: event loop.
 */
void mbox_resume(struct chip *c)
{
	if (c->mbox.posted)
		ev_soon(&c->mbox.work);
}

/**
 * mbox_taken() - The host cleared the completion.
 * @c: chip
 */
void mbox_taken(struct chip *c)
{
	c->mbox.unread = false;
}

/**
 * mbox_reset() - Forget the command and clear all mailboxes.
 * @c: chip
 *
 * Context: event loop.
 */
void mbox_reset(struct chip *c)
{
	struct chip_mbox *m = &c->mbox;

	ev_work_cancel(&m->work);
	memset(m->in, 0, sizeof(m->in));
	memset(m->out, 0, sizeof(m->out));
	m->posted = false;
	m->open = false;
	m->unread = false;
	m->boot_reads = 0;
}

/**
 * mbox_init() - Prepare the mailbox of a new chip.
 * @c: chip
 */
void mbox_init(struct chip *c)
{
	ev_work_init(&c->mbox.work, c->s.ev, run);
}

/**
 * mbox_cover() - Register every command, the port's too.
 * @j: judge
 */
void mbox_cover(struct judge *j)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (size_t i = 0; i < *tables[t].nr; i++)
			cover_add(j, COVER_MBOX, tables[t].cmds[i].opcode,
				  tables[t].cmds[i].name);
	for (size_t i = 0; i < port_nr_mboxes; i++)
		cover_add(j, COVER_MBOX, port_mboxes[i].opcode,
			  port_mboxes[i].name);
}
