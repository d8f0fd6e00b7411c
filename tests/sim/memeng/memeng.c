// SPDX-License-Identifier: GPL-2.0
/* The memory engine: SCSI commands on one LUN, written on isp_tport.h alone. */
#include "memeng.h"

#include <linux/module.h>
#include <linux/scatterlist.h>

#define BLOCK 512u
#define NR_SG 256u /* with MIN_SEG: every transfer fits */
#define MIN_SEG 4096u
#define SENSE_MAX 96
enum { GOOD = 0x00, CHECK = 0x02 };

struct mem_sess {
	struct memeng *mem;
	unsigned int nr_refs; /* commands, and 1 until gone; mem->lock */
};

struct mem_cmd {
	struct list_head node; /* in mem->fetching */
	struct isp_tport_cmd *cmd;
	unsigned int nr_users; /* of a fetch; mem->lock */
	bool given_up; /* mem->lock */
	int err;
	u8 buf[64] __aligned(8);
	u8 sense[SENSE_MAX];
	struct scatterlist sg[NR_SG];
};

static u64 get_be(const u8 *p, int len)
{
	u64 val = 0;

	while (len--)
		val = val << 8 | *p++;
	return val;
}

static struct mem_sess *sess_of(struct isp_tport_cmd *cmd)
{
	return cmd->sess->engine_sess;
}

static unsigned int count(struct memeng *mem, unsigned int *nr, int by)
{
	guard(spinlock_irqsave)(&mem->lock);
	return *nr += by;
}

static void sess_put(struct isp_tport_sess *tsess)
{
	struct mem_sess *sess = tsess->engine_sess;
	struct memeng *mem = sess->mem;

	if (count(mem, &sess->nr_refs, -1))
		return;
	kfree(sess);
	mem->ops->sess_closed(tsess);
}

static void cmd_end(struct isp_tport_cmd *cmd)
{
	struct isp_tport_sess *tsess = cmd->sess;

	sess_of(cmd)->mem->ops->cmd_free(cmd);
	sess_put(tsess);
}

/* Describe @need bytes at @at to the adapter, and how they miss data_len. */
static void cmd_xfer(struct isp_tport_cmd *cmd, u8 *at, u32 need)
{
	struct mem_cmd *mc = cmd->engine_cmd;
	u32 len = min(need, cmd->data_len);
	u32 seg = max(MIN_SEG, ALIGN(DIV_ROUND_UP(len, NR_SG), BLOCK));
	u32 off, i = 0;

	cmd->xfer_len = len;
	cmd->sg = mc->sg;
	cmd->nr_sg = DIV_ROUND_UP(len, seg);
	if (len)
		sg_init_table(mc->sg, cmd->nr_sg);
	for (off = 0; off < len; off += seg)
		sg_set_buf(&mc->sg[i++], at + off, min(seg, len - off));
	cmd->resid = max(need, cmd->data_len) - len;
	cmd->resid_kind = !cmd->resid ? ISP_TPORT_RESID_NONE :
			  need > len  ? ISP_TPORT_RESID_OVER :
					ISP_TPORT_RESID_UNDER;
}

static void cmd_send(struct isp_tport_cmd *cmd, u8 status)
{
	cmd->status = status;
	if (sess_of(cmd)->mem->ops->send(cmd))
		cmd_end(cmd);
}

/* Every byte of the sense data that means nothing is its own offset. */
static void cmd_check(struct isp_tport_cmd *cmd, u8 key, u8 asc, u16 len)
{
	struct mem_cmd *mc = cmd->engine_cmd;
	int i;

	for (i = 0; i < SENSE_MAX; i++)
		mc->sense[i] = i < 18 ? 0 : i;
	mc->sense[0] = 0x70;
	mc->sense[2] = key;
	mc->sense[7] = len - 8;
	mc->sense[12] = asc;
	cmd_xfer(cmd, NULL, 0);
	cmd->sense = mc->sense;
	cmd->sense_len = len;
	cmd_send(cmd, CHECK);
}

static bool is_lun0(const struct isp_tport_cmd *cmd)
{
	return !memchr_inv(cmd->lun, 0, sizeof(cmd->lun));
}

/* Answer from a page in buf; the length that the page has, or -1. */
static int cmd_page(struct isp_tport_cmd *cmd, u8 *buf, u32 nr_blocks,
		    int *asked)
{
	const u8 *cdb = cmd->cdb;
	__be32 *cap = (__be32 *)buf;

	*asked = cdb[4];
	switch (cdb[0]) {
	case 0x03: /* REQUEST SENSE: nothing to report */
		buf[0] = 0x70;
		buf[7] = 10;
		return 18;
	case 0x12: /* INQUIRY, no VPD pages */
		*asked = get_be(cdb + 3, 2);
		buf[0] = is_lun0(cmd) ? 0 : 0x7f;
		if (cdb[1] & 1)
			return -1;
		memcpy(buf + 2, "\6\2\37\0\0\0QLA_ISP MEMORY DISK     0001",
		       34);
		return 36;
	case 0x1a: /* MODE SENSE (6): the header alone */
		buf[0] = 3;
		return 4;
	case 0x25: /* READ CAPACITY (10) */
		*asked = 8;
		cap[0] = cpu_to_be32(nr_blocks - 1);
		cap[1] = cpu_to_be32(BLOCK);
		return 8;
	default: /* REPORT LUNS: LUN 0 */
		*asked = get_be(cdb + 6, 4);
		buf[3] = 8;
		return 16;
	}
}

/* The last user of a fetch goes on: the fetch itself, or who gives it up. */
static void fetch_put(struct isp_tport_cmd *cmd)
{
	struct memeng *mem = sess_of(cmd)->mem;
	struct mem_cmd *mc = cmd->engine_cmd;

	scoped_guard(spinlock_irqsave, &mem->lock)
	{
		if (--mc->nr_users)
			return;
		list_del(&mc->node);
	}
	cmd->xfer_len = 0;
	if (!mc->err)
		cmd_send(cmd, GOOD);
	else if (mc->err == -EIO)
		cmd_check(cmd, 0xb, 0x4b, 18);
	else
		cmd_end(cmd);
}

static void mem_cmd_data(struct isp_tport_cmd *cmd, int err)
{
	((struct mem_cmd *)cmd->engine_cmd)->err = err;
	fetch_put(cmd);
}

static void cmd_fetch(struct isp_tport_cmd *cmd)
{
	struct memeng *mem = sess_of(cmd)->mem;
	struct mem_cmd *mc = cmd->engine_cmd;
	int err;

	mc->cmd = cmd;
	mc->nr_users = 1;
	mc->given_up = false;
	scoped_guard(spinlock_irqsave, &mem->lock)
		list_add_tail(&mc->node, &mem->fetching);
	err = mem->ops->recv_data(cmd);
	if (err)
		mem_cmd_data(cmd, err);
}

/* READ and WRITE; an end beyond the disk or a wrong direction is refused. */
static void cmd_rw(struct isp_tport_cmd *cmd, const u8 *cdb)
{
	struct memeng *mem = sess_of(cmd)->mem;
	bool write = (cdb[0] & 0x0f) == 0x0a;
	enum isp_tport_dir want = write ? ISP_TPORT_DIR_WRITE :
					  ISP_TPORT_DIR_READ;
	u64 lba = get_be(cdb + 2, cdb[0] >= 0x80 ? 8 : 4);
	u32 nr = cdb[0] >= 0x80 ? get_be(cdb + 10, 4) : get_be(cdb + 7, 2);

	if (cdb[0] < 0x20) {
		lba = get_be(cdb + 1, 3) & 0x1fffff;
		nr = cdb[4] ? cdb[4] : 256;
	}
	if (lba > mem->nr_blocks || nr > mem->nr_blocks - lba) {
		cmd_check(cmd, 5, 0x21, 18);
	} else if (nr && cmd->dir != want) {
		cmd_check(cmd, 5, 0x24, 18);
	} else {
		cmd_xfer(cmd, mem->disk + lba * BLOCK, nr * BLOCK);
		if (!write || !cmd->xfer_len)
			cmd_send(cmd, GOOD);
		else
			cmd_fetch(cmd);
	}
}

enum { REFUSE, NOTHING, RW, PAGE, LONG_SENSE, ECHO };

static const u8 kinds[256] = {
	/* clang-format off */
	[0x00] = NOTHING, [0x35] = NOTHING, [0xc0] = LONG_SENSE, [0xc1] = ECHO,
	[0x08] = RW, [0x0a] = RW, [0x28] = RW, [0x2a] = RW, [0x88] = RW,
	[0x8a] = RW, [0x03] = PAGE, [0x12] = PAGE, [0x1a] = PAGE,
	[0x25] = PAGE, [0xa0] = PAGE,
	/* clang-format on */
};

static void cmd_execute(struct isp_tport_cmd *cmd)
{
	struct memeng *mem = sess_of(cmd)->mem;
	struct mem_cmd *mc = cmd->engine_cmd;
	u8 op = cmd->cdb[0];
	int made = 0, asked = 0;

	if (!is_lun0(cmd) && op != 0x12 && op != 0xa0) {
		cmd_check(cmd, 5, 0x25, 18);
	} else if (kinds[op] == RW) {
		cmd_rw(cmd, cmd->cdb);
	} else if (kinds[op] == LONG_SENSE) {
		cmd_check(cmd, 9, 0x80, SENSE_MAX);
	} else if (kinds[op] == ECHO) {
		cmd_xfer(cmd, (u8 *)cmd->cdb, cmd->cdb_len);
		cmd_send(cmd, GOOD);
	} else if (kinds[op] == REFUSE) {
		cmd_check(cmd, 5, 0x20, 18);
	} else {
		memset(mc->buf, 0, sizeof(mc->buf));
		if (kinds[op] == PAGE)
			made = cmd_page(cmd, mc->buf, mem->nr_blocks, &asked);
		cmd_xfer(cmd, mc->buf, min_t(u32, made, asked));
		if (made < 0)
			cmd_check(cmd, 5, 0x24, 18);
		else
			cmd_send(cmd, GOOD);
	}
}

static void mem_cmd_new(struct isp_tport_cmd *cmd)
{
	count(sess_of(cmd)->mem, &sess_of(cmd)->nr_refs, 1);
	cmd->xfer_len = 0;
	cmd_execute(cmd);
}

static void mem_cmd_done(struct isp_tport_cmd *cmd, int err)
{
	cmd_end(cmd);
}

/**
 * memeng_tmf_hits() - Does task management mean a command?
 * @tmf: a function of one channel
 * @cmd: a command of the same
 *
 * Context: any.
 * Return: true if it is to be ended.
 */
bool memeng_tmf_hits(const struct isp_tport_cmd *tmf,
		     const struct isp_tport_cmd *cmd)
{
	bool same_lun = !memcmp(tmf->lun, cmd->lun, sizeof(cmd->lun));

	switch (tmf->tmf) {
	case ISP_TPORT_TMF_ABORT_TASK:
		return tmf->sess == cmd->sess && tmf->ref_tag == cmd->tag;
	case ISP_TPORT_TMF_ABORT_TASK_SET:
		return tmf->sess == cmd->sess && same_lun;
	case ISP_TPORT_TMF_CLEAR_TASK_SET:
	case ISP_TPORT_TMF_LUN_RESET:
		return same_lun;
	default:
		return tmf->tmf == ISP_TPORT_TMF_TARGET_RESET;
	}
}

/* The next command that @tmf hits while its data is being fetched. */
static struct mem_cmd *fetch_get(struct memeng *mem, struct isp_tport_cmd *tmf)
{
	struct mem_cmd *mc;

	guard(spinlock_irqsave)(&mem->lock);
	list_for_each_entry(mc, &mem->fetching, node) {
		if (mc->given_up || !memeng_tmf_hits(tmf, mc->cmd))
			continue;
		mc->given_up = true;
		mc->nr_users++;
		return mc;
	}
	return NULL;
}

static void mem_tmf_new(struct isp_tport_cmd *tmf)
{
	struct memeng *mem = sess_of(tmf)->mem;
	enum isp_tport_tmf_rsp rsp = ISP_TPORT_TMF_COMPLETE;
	struct mem_cmd *mc;

	count(mem, &sess_of(tmf)->nr_refs, 1);
	/* isp_mod itself gives up the data of a command that an ABTS names. */
	while (tmf->tmf != ISP_TPORT_TMF_ABORT_TASK &&
	       (mc = fetch_get(mem, tmf))) {
		mem->ops->cmd_abort(mc->cmd);
		fetch_put(mc->cmd);
	}
	if (tmf->tmf == ISP_TPORT_TMF_UNKNOWN)
		rsp = ISP_TPORT_TMF_REJECTED;
	else if (tmf->tmf == ISP_TPORT_TMF_ABORT_TASK)
		rsp = ISP_TPORT_TMF_NO_TASK;
	if (mem->ops->tmf_send(tmf, rsp))
		cmd_end(tmf);
}

static void mem_sess_new(struct isp_tport_sess *tsess)
{
	struct memeng *mem = tsess->engine;
	struct mem_sess *sess = kzalloc(sizeof(*sess), GFP_ATOMIC);

	tsess->engine_sess = sess;
	if (!sess) {
		mem->ops->sess_ready(tsess, -ENOMEM);
		return;
	}
	sess->mem = mem;
	sess->nr_refs = 1;
	mem->ops->sess_ready(tsess, 0);
}

/* Nobody needs to know: isp_mod says in the log what happens to a channel. */
static void mem_event(void *mem, enum isp_tport_event ev, int err)
{
}

static const struct isp_tport_engine_ops mem_ops = {
	.abi = ISP_TPORT_ABI,
	.size = sizeof(mem_ops),
	.owner = THIS_MODULE,
	.name = "mem",
	.cmd_priv_size = sizeof(struct mem_cmd),
	.event = mem_event,
	.sess_new = mem_sess_new,
	.sess_gone = sess_put,
	.cmd_new = mem_cmd_new,
	.tmf_new = mem_tmf_new,
	.cmd_data = mem_cmd_data,
	.cmd_done = mem_cmd_done,
};

/* Attach a memory disk of 512-byte blocks to a channel; NULL: refused. */
struct memeng *memeng_new(const struct isp_tport_binding *bind, void *disk,
			  u32 nr_blocks)
{
	struct memeng *mem = kzalloc(sizeof(*mem), GFP_KERNEL);

	if (!mem)
		return NULL;
	mem->ops = bind->ops;
	mem->port = bind->port;
	mem->disk = disk;
	mem->nr_blocks = nr_blocks;
	spin_lock_init(&mem->lock);
	INIT_LIST_HEAD(&mem->fetching);
	if (mem->ops->attach(mem->port, &mem_ops, mem)) {
		kfree(mem);
		return NULL;
	}
	return mem;
}
