// SPDX-License-Identifier: GPL-2.0
/* Commands and notifies, allocated when a port is enabled and never later. */
#include "isp_tgt.h"

#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "../core/isp_hba.h"
#include "../core/isp_trace.h"

#define IU_PAGE 4096

static const char *const cmd_state_names[] = {
#define X(id, name) [ISP_CMD_##id] = name,
	ISP_CMD_STATES(X)
#undef X
};

/**
 * isp_cmd_state_name() - name of a command state
 * @state: the state
 *
 * Return: the name.
 */
const char *isp_cmd_state_name(enum isp_cmd_state state)
{
	return cmd_state_names[state];
}

static unsigned int pool_size(const struct isp_hba *hba)
{
	unsigned int nr = hba->fw.nr_exchanges;

	if (nr < ISP_TGT_MIN_CMDS)
		nr = ISP_TGT_MIN_CMDS;
	if (nr > ISP_TGT_MAX_CMDS)
		nr = ISP_TGT_MAX_CMDS;
	return nr + ISP_TGT_EXTRA_CMDS;
}

static struct isp_tgt_cmd *cmd_alloc(struct isp_tport *port, u32 priv_size)
{
	size_t head = ALIGN(sizeof(struct isp_tgt_cmd), 16);
	struct isp_tgt_cmd *cmd;

	cmd = kzalloc(head + priv_size, GFP_KERNEL);
	if (!cmd)
		return NULL;
	cmd->port = port;
	cmd->pub.engine_cmd = priv_size ? (u8 *)cmd + head : NULL;
	cmd->pub.cdb = cmd->cdb;
	INIT_LIST_HEAD(&cmd->sess_node);
	INIT_LIST_HEAD(&cmd->send_node);
	INIT_LIST_HEAD(&cmd->open_node);
	return cmd;
}

static void iu_pages_free(struct isp_tport *port)
{
	unsigned int i;

	for (i = 0; i < port->nr_iu_pages; i++)
		dma_free_coherent(port->hba->dev, IU_PAGE, port->iu_pages[i].va,
				  port->iu_pages[i].dma);
	kfree(port->iu_pages);
	port->iu_pages = NULL;
	port->nr_iu_pages = 0;
}

static int iu_pages_alloc(struct isp_tport *port, unsigned int nr_cmds)
{
	unsigned int nr = DIV_ROUND_UP(nr_cmds, ISP_TGT_IUS_PER_PAGE);
	struct isp_tgt_iu_page *page;

	port->iu_pages = kcalloc(nr, sizeof(*page), GFP_KERNEL);
	if (!port->iu_pages)
		return -ENOMEM;
	for (; port->nr_iu_pages < nr; port->nr_iu_pages++) {
		page = &port->iu_pages[port->nr_iu_pages];
		page->va = dma_alloc_coherent(port->hba->dev, IU_PAGE,
					      &page->dma, GFP_KERNEL);
		if (!page->va)
			return -ENOMEM;
	}
	return 0;
}

/* Give the @i-th command its part of the pages. */
static void iu_assign(struct isp_tgt_cmd *cmd, unsigned int i)
{
	struct isp_tgt_iu_page *page;
	unsigned int at;

	page = &cmd->port->iu_pages[i / ISP_TGT_IUS_PER_PAGE];
	at = i % ISP_TGT_IUS_PER_PAGE * ISP_TGT_IU_LEN;
	cmd->iu = (u8 *)page->va + at;
	cmd->iu_dma = page->dma + at;
}

/**
 * isp_tgt_pool_fill() - allocate a port's commands and notifies
 * @port:      port in state OFF, nobody else looks at its pools
 * @priv_size: bytes of the engine in each command
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM: nothing is allocated.
 */
int isp_tgt_pool_fill(struct isp_tport *port, u32 priv_size)
{
	unsigned int nr = pool_size(port->hba);
	struct isp_tgt_note *note;
	struct isp_tgt_cmd *cmd;
	unsigned int i;

	if (iu_pages_alloc(port, nr))
		goto err_drop;
	for (i = 0; i < nr; i++) {
		cmd = cmd_alloc(port, priv_size);
		if (!cmd)
			goto err_drop;
		iu_assign(cmd, i);
		list_add_tail(&cmd->node, &port->free);
	}
	for (i = 0; i < ISP_TGT_NR_NOTES; i++) {
		note = kzalloc(sizeof(*note), GFP_KERNEL);
		if (!note)
			goto err_drop;
		list_add_tail(&note->node, &port->notes);
	}
	return 0;

err_drop:
	isp_tgt_pool_drop(port);
	return -ENOMEM;
}

/**
 * isp_tgt_pool_drop() - free what isp_tgt_pool_fill() allocated
 * @port: port without open commands and notifies
 *
 * Context: process.
 */
void isp_tgt_pool_drop(struct isp_tport *port)
{
	struct isp_tgt_note *note, *next_note;
	struct isp_tgt_cmd *cmd, *next_cmd;

	list_for_each_entry_safe(cmd, next_cmd, &port->free, node) {
		list_del(&cmd->node);
		kfree(cmd);
	}
	list_for_each_entry_safe(note, next_note, &port->notes, node) {
		list_del(&note->node);
		kfree(note);
	}
	iu_pages_free(port);
}

/**
 * isp_tgt_cmd_state_locked() - change a command's state and trace it
 * @cmd:   the command
 * @state: new state
 *
 * Keeps port->nr_engine. Context: any, port->lock held.
 */
void isp_tgt_cmd_state_locked(struct isp_tgt_cmd *cmd, enum isp_cmd_state state)
{
	struct isp_tport *port = cmd->port;

	lockdep_assert_held(&port->lock);
	isp_trace_cmd_state(port->hba, cmd->exchange,
			    cmd_state_names[cmd->state],
			    cmd_state_names[state]);
	if (cmd->state == ISP_CMD_ENGINE)
		port->nr_engine--;
	if (state == ISP_CMD_ENGINE)
		port->nr_engine++;
	cmd->state = state;
}

/*
 * Once nothing is open the pools are on their way out: who came late must not
 * take from them.
 */
static bool is_ended_locked(const struct isp_tport *port)
{
	lockdep_assert_held(&port->lock);
	return port->state == ISP_TPORT_ENDING || port->state == ISP_TPORT_OFF;
}

/**
 * isp_tgt_cmd_get_locked() - take a free command
 * @port:     the port
 * @exchange: the chip's name for it
 * @life:     of which life of the rings that name is
 *
 * Context: any, port->lock held.
 * Return: the command, in state WAIT and in port->open; NULL: none is free, or
 * the role has ended.
 */
struct isp_tgt_cmd *isp_tgt_cmd_get_locked(struct isp_tport *port, u32 exchange,
					   u32 life)
{
	struct isp_tgt_cmd *cmd;

	if (is_ended_locked(port))
		return NULL;
	cmd = list_first_entry_or_null(&port->free, struct isp_tgt_cmd, node);
	if (!cmd)
		return NULL;
	list_del_init(&cmd->node);
	list_add_tail(&cmd->open_node, &port->open);
	port->nr_open++;
	cmd->exchange = exchange;
	cmd->life = life;
	cmd->sess = NULL;
	cmd->op = ISP_OP_NONE;
	cmd->is_abts = false;
	cmd->aborted = false;
	cmd->dead = false;
	cmd->sent = false;
	cmd->no_data = false;
	cmd->queued = false;
	cmd->term_out = false;
	cmd->nr_cpl = 0;
	cmd->err = 0;
	cmd->epoch = port->epoch;
	cmd->nr_sg = 0;
	cmd->pub.sess = NULL;
	cmd->pub.tag = ++port->next_tag;
	cmd->pub.tmf = ISP_TPORT_TMF_NONE;
	cmd->pub.ref_tag = 0;
	cmd->pub.sg = NULL;
	cmd->pub.nr_sg = 0;
	cmd->pub.xfer_len = 0;
	cmd->pub.status = 0;
	cmd->pub.sense = NULL;
	cmd->pub.sense_len = 0;
	cmd->pub.resid_kind = ISP_TPORT_RESID_NONE;
	cmd->pub.resid = 0;
	isp_tgt_cmd_state_locked(cmd, ISP_CMD_WAIT);
	return cmd;
}

/**
 * isp_tgt_cmd_put_locked() - give a command back to the pool
 * @cmd: command that neither session, engine nor chip knows
 *
 * Context: any, port->lock held. isp_tgt_drained_locked() is due.
 */
void isp_tgt_cmd_put_locked(struct isp_tgt_cmd *cmd)
{
	struct isp_tport *port = cmd->port;

	isp_tgt_cmd_state_locked(cmd, ISP_CMD_FREE);
	list_del_init(&cmd->open_node);
	port->nr_open--;
	/* The most recently used one is the warmest. */
	list_add(&cmd->node, &port->free);
}

/**
 * isp_tgt_note_get_locked() - take a free notify
 * @port: the port
 *
 * Context: any, port->lock held.
 * Return: the notify; NULL: none is free, or the role has ended.
 */
struct isp_tgt_note *isp_tgt_note_get_locked(struct isp_tport *port)
{
	struct isp_tgt_note *note;

	if (is_ended_locked(port))
		return NULL;
	note = list_first_entry_or_null(&port->notes, struct isp_tgt_note,
					node);
	if (!note)
		return NULL;
	list_del_init(&note->node);
	port->nr_notes++;
	note->logo = false;
	note->reject = false;
	note->epoch = port->epoch;
	note->since = jiffies;
	return note;
}

/**
 * isp_tgt_note_put_locked() - give a notify back
 * @port: the port
 * @note: notify that is acknowledged, or cannot be any more
 *
 * Context: any, port->lock held. isp_tgt_drained_locked() is due.
 */
void isp_tgt_note_put_locked(struct isp_tport *port, struct isp_tgt_note *note)
{
	lockdep_assert_held(&port->lock);
	port->nr_notes--;
	list_add(&note->node, &port->notes);
}
