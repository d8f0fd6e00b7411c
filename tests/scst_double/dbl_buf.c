// SPDX-License-Identifier: GPL-2.0
/* Buffers of commands: scatterlists of chance. */
#include "dbl.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* The longest run of pages that is tried for: 2^4 pages are 64 KiB. */
#define MAX_ORDER_TRIED 4
/* Written over some of the buffers that the driver has given back. */
#define POISON 0xdb

static unsigned int order_for(struct dbl_cmd *cmd, u32 len)
{
	const struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	u32 nr_pages = DIV_ROUND_UP(len, PAGE_SIZE);
	unsigned int order = 0;

	if (vtt->no_clustering || !vtt->use_clustering)
		return 0;
	if (!dbl_roll(3))
		order = dbl_roll(MAX_ORDER_TRIED + 1);
	while (order < MAX_ORDER_TRIED &&
	       DIV_ROUND_UP(nr_pages, 1u << order) >
		       (u32)cmd->pub.tgt->sg_tablesize)
		order++;
	return order;
}

static int fill_list(struct dbl_cmd *cmd, u32 len, unsigned int order,
		     gfp_t gfp)
{
	struct scatterlist *sg;
	struct page *page;
	int i, fit;

	for_each_sg(cmd->pub.sg, sg, cmd->sg_total, i) {
		fit = order;
		while (fit && PAGE_SIZE << (fit - 1) >= len)
			fit--;
		page = alloc_pages(gfp | __GFP_NOWARN, fit);
		if (!page)
			return -ENOMEM;
		cmd->sg_orders[i] = fit;
		sg_set_page(sg, page, min_t(u32, len, PAGE_SIZE << fit), 0);
		len -= sg->length;
	}
	return 0;
}

/**
 * dbl_buf_alloc() - Give a command a buffer.
 * @cmd: command without one
 * @len: bytes, 1 or more
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 * Return: 0; -E2BIG: more entries than the target takes; -ENOMEM.
 */
int dbl_buf_alloc(struct dbl_cmd *cmd, u32 len, gfp_t gfp)
{
	unsigned int order = order_for(cmd, len);
	int nr = DIV_ROUND_UP(len, PAGE_SIZE << order);

	if (cmd->pub.tgt->sg_tablesize <= 0)
		dbl_break(DBL_RULE_TEMPLATE, "target %s takes no scatterlist",
			  cmd->pub.tgt->tgt_name);
	if (nr > cmd->pub.tgt->sg_tablesize)
		return -E2BIG;
	cmd->pub.sg = kcalloc(nr, sizeof(*cmd->pub.sg), gfp | __GFP_NOWARN);
	cmd->sg_orders = kcalloc(nr, 1, gfp);
	if (!cmd->pub.sg || !cmd->sg_orders)
		goto err_free;
	sg_init_table(cmd->pub.sg, nr);
	cmd->sg_total = nr;
	if (fill_list(cmd, len, order, gfp))
		goto err_free;
	cmd->pub.sg_cnt = nr;
	cmd->pub.bufflen = len;
	return 0;

err_free:
	dbl_buf_free(cmd);
	return -ENOMEM;
}

/**
 * dbl_buf_free() - Take the buffer away.
 * @cmd: command, with or without one
 *
 * A driver or chip that still uses it will find it written over.
 *
 * Context: any.
 */
void dbl_buf_free(struct dbl_cmd *cmd)
{
	bool poison = cmd->sg_total && !dbl_roll(8);
	struct page *page;
	int i;

	for (i = 0; cmd->pub.sg && i < cmd->sg_total; i++) {
		page = sg_page(&cmd->pub.sg[i]);
		if (!page)
			break;
		if (poison)
			memset(page_address(page), POISON,
			       PAGE_SIZE << cmd->sg_orders[i]);
		__free_pages(page, cmd->sg_orders[i]);
	}
	kfree(cmd->pub.sg);
	kfree(cmd->sg_orders);
	cmd->pub.sg = NULL;
	cmd->pub.sg_cnt = 0;
	cmd->sg_orders = NULL;
	cmd->sg_total = 0;
}

/**
 * dbl_buf_cut() - Make the scatterlist that the driver sees shorter.
 * @cmd: command
 * @len: bytes that shall be left
 *
 * Context: any.
 */
void dbl_buf_cut(struct dbl_cmd *cmd, u32 len)
{
	struct scatterlist *sg;
	int i, nr = cmd->pub.sg_cnt;

	cmd->pub.sg_cnt = 0;
	for_each_sg(cmd->pub.sg, sg, nr, i) {
		if (!len)
			return;
		sg->length = min(sg->length, len);
		len -= sg->length;
		cmd->pub.sg_cnt = i + 1;
	}
}

/**
 * dbl_buf_put() - Copy into a command's buffer.
 * @cmd:  command
 * @from: source
 * @len:  its bytes
 *
 * Context: any.
 * Return: bytes copied.
 */
u32 dbl_buf_put(struct dbl_cmd *cmd, const void *from, u32 len)
{
	return sg_copy_from_buffer(cmd->pub.sg, cmd->pub.sg_cnt, from, len);
}

/**
 * dbl_buf_get() - Copy out of a command's buffer.
 * @cmd: command
 * @to:  destination
 * @len: its bytes
 *
 * Context: any.
 * Return: bytes copied.
 */
u32 dbl_buf_get(struct dbl_cmd *cmd, void *to, u32 len)
{
	return sg_copy_to_buffer(cmd->pub.sg, cmd->pub.sg_cnt, to, len);
}
