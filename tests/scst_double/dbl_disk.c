// SPDX-License-Identifier: GPL-2.0
/* Commands of disks [SBC-3] over pages in memory. */
#include "dbl.h"

#include <linux/gfp.h>
#include <linux/mm.h>

/* Where the blocks of a command are. */
struct extent {
	u64 lba;
	u32 nr_blocks;
};

static struct extent cdb_extent(const u8 *cdb)
{
	struct extent at;

	switch (cdb[0] >> 5) {
	case 0:
		at.lba = dbl_get_be24(cdb + 1) & 0x1fffff;
		at.nr_blocks = cdb[4] ?: 256;
		break;
	case 1:
		at.lba = dbl_get_be32(cdb + 2);
		at.nr_blocks = dbl_get_be16(cdb + 7);
		break;
	case 4:
		at.lba = dbl_get_be64(cdb + 2);
		at.nr_blocks = dbl_get_be32(cdb + 10);
		break;
	default:
		at.lba = dbl_get_be32(cdb + 2);
		at.nr_blocks = dbl_get_be32(cdb + 6);
		break;
	}
	return at;
}

static bool extent_is_bad(struct dbl_cmd *cmd, struct extent at)
{
	u64 size = cmd->dev->nr_blocks;

	if (at.lba <= size && at.nr_blocks <= size - at.lba)
		return false;
	dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x21, 0x00);
	return true;
}

/**
 * dbl_disk_parse_rw() - Find out how much a READ or WRITE moves.
 * @cmd: command
 *
 * Context: any.
 * Return: 0; -EINVAL: the command has an error.
 */
int dbl_disk_parse_rw(struct dbl_cmd *cmd)
{
	struct extent at = cdb_extent(cmd->pub.cdb);

	if (extent_is_bad(cmd, at))
		return -EINVAL;
	if (check_mul_overflow(at.nr_blocks, cmd->dev->block_size,
			       &cmd->cdb_bytes))
		cmd->cdb_bytes = U32_MAX;
	return 0;
}

/**
 * dbl_disk_parse_verify() - The same for VERIFY.
 * @cmd: command
 *
 * Context: any.
 * Return: 0; -EINVAL: the command has an error.
 */
int dbl_disk_parse_verify(struct dbl_cmd *cmd)
{
	struct extent at = cdb_extent(cmd->pub.cdb);

	if (extent_is_bad(cmd, at))
		return -EINVAL;
	switch (cmd->pub.cdb[1] >> 1 & 3) {
	case 0:
		return 0;
	case 1:
		return dbl_disk_parse_rw(cmd);
	default:
		dbl_op_bad_field(cmd);
		return -EINVAL;
	}
}

/* Call fn for each piece of at most a page; stops at an error. */
static int each_piece(struct dbl_cmd *cmd, u32 len,
		      int (*fn)(struct dbl_cmd *cmd, u64 pos, u32 off, u32 len))
{
	struct extent at = cdb_extent(cmd->pub.cdb);
	u64 pos = at.lba * cmd->dev->block_size;
	u32 off, step;
	int err;

	for (off = 0; off < len; off += step, pos += step) {
		step = min_t(u32, len - off, PAGE_SIZE - offset_in_page(pos));
		err = fn(cmd, pos, off, step);
		if (err)
			return err;
	}
	return 0;
}

static int read_piece(struct dbl_cmd *cmd, u64 pos, u32 off, u32 len)
{
	struct page *page = xa_load(&cmd->dev->pages, pos >> PAGE_SHIFT);

	if (page)
		sg_pcopy_from_buffer(cmd->pub.sg, cmd->pub.sg_cnt,
				     page_address(page) + offset_in_page(pos),
				     len, off);
	else
		sg_zero_buffer(cmd->pub.sg, cmd->pub.sg_cnt, len, off);
	return 0;
}

/**
 * dbl_disk_read() - READ.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_disk_read(struct dbl_cmd *cmd)
{
	each_piece(cmd, cmd->cdb_bytes, read_piece);
	cmd->pub.resp_data_len = cmd->cdb_bytes;
}

static struct page *page_for_write(struct dbl_dev *dev, u64 pos)
{
	gfp_t gfp = dbl_is_atomic() ? GFP_ATOMIC : GFP_KERNEL;
	struct page *page = xa_load(&dev->pages, pos >> PAGE_SHIFT);
	unsigned long flags;
	struct page *other;

	if (page)
		return page;
	page = alloc_page(gfp | __GFP_ZERO | __GFP_NOWARN);
	if (!page)
		return NULL;
	/* Writers come from softirq too: allocate under the lock. */
	xa_lock_irqsave(&dev->pages, flags);
	other = __xa_cmpxchg(&dev->pages, pos >> PAGE_SHIFT, NULL, page,
			     GFP_ATOMIC);
	xa_unlock_irqrestore(&dev->pages, flags);
	if (!other)
		return page;
	__free_page(page);
	return xa_is_err(other) ? NULL : other;
}

static int write_piece(struct dbl_cmd *cmd, u64 pos, u32 off, u32 len)
{
	struct page *page = page_for_write(cmd->dev, pos);

	if (!page)
		return -ENOMEM;
	sg_pcopy_to_buffer(cmd->pub.sg, cmd->pub.sg_cnt,
			   page_address(page) + offset_in_page(pos), len, off);
	return 0;
}

/**
 * dbl_disk_write() - WRITE.
 * @cmd: command with its data, perhaps less than the CDB says
 *
 * Context: any.
 */
void dbl_disk_write(struct dbl_cmd *cmd)
{
	u32 len = min_t(u32, cmd->pub.write_len, cmd->cdb_bytes);

	if (cmd->dev->handler != DBL_NULLIO &&
	    each_piece(cmd, len, write_piece))
		scst_set_busy(&cmd->pub);
}

static int compare_piece(struct dbl_cmd *cmd, u64 pos, u32 off, u32 len)
{
	struct page *page = xa_load(&cmd->dev->pages, pos >> PAGE_SHIFT);
	u8 part[64];
	u32 i, step;

	for (i = 0; i < len; i += step) {
		step = min_t(u32, len - i, sizeof(part));
		sg_pcopy_to_buffer(cmd->pub.sg, cmd->pub.sg_cnt, part, step,
				   off + i);
		if (page ? memcmp(part,
				  page_address(page) + offset_in_page(pos) + i,
				  step) :
			   !!memchr_inv(part, 0, step))
			return -EILSEQ;
	}
	return 0;
}

/**
 * dbl_disk_verify() - VERIFY, with or without data to compare.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_disk_verify(struct dbl_cmd *cmd)
{
	u32 len = min_t(u32, cmd->pub.write_len, cmd->cdb_bytes);

	if (cmd->dev->handler != DBL_NULLIO &&
	    each_piece(cmd, len, compare_piece))
		dbl_sense_set(cmd, MISCOMPARE, 0x1d, 0x00);
}

/**
 * dbl_disk_capacity10() - READ CAPACITY(10).
 * @cmd: command
 *
 * Context: any.
 * Source: SBC-3 5.15.
 */
void dbl_disk_capacity10(struct dbl_cmd *cmd)
{
	u8 buf[8];

	dbl_put_be32(min_t(u64, cmd->dev->nr_blocks - 1, U32_MAX), buf);
	dbl_put_be32(cmd->dev->block_size, buf + 4);
	dbl_op_reply(cmd, buf, sizeof(buf));
}

/**
 * dbl_disk_service_in() - READ CAPACITY(16).
 * @cmd: command
 *
 * Context: any.
 * Source: SBC-3 5.16.
 */
void dbl_disk_service_in(struct dbl_cmd *cmd)
{
	u8 buf[32] = { 0 };

	if ((cmd->pub.cdb[1] & 0x1f) != SAI_READ_CAPACITY_16) {
		dbl_op_bad_field(cmd);
		return;
	}
	dbl_put_be64(cmd->dev->nr_blocks - 1, buf);
	dbl_put_be32(cmd->dev->block_size, buf + 8);
	dbl_op_reply(cmd, buf, sizeof(buf));
}

/**
 * dbl_disk_free() - Free the contents.
 * @dev: device without commands
 *
 * Context: process.
 */
void dbl_disk_free(struct dbl_dev *dev)
{
	unsigned long index;
	struct page *page;

	xa_for_each(&dev->pages, index, page)
		__free_page(page);
	xa_destroy(&dev->pages);
}
