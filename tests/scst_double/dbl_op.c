// SPDX-License-Identifier: GPL-2.0
/* Operation codes: what a CDB moves, whether it may run, who runs it. */
#include "dbl.h"

#include <linux/gfp.h>

/* The longest transfer; told to initiators in VPD page B0h. */
#define MAX_TRANSFER (4u << 20)

static int len_none(struct dbl_cmd *cmd)
{
	return 0;
}

static int len_u8_4(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = cmd->pub.cdb[4];
	return 0;
}

static int len_be16_3(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = dbl_get_be16(cmd->pub.cdb + 3);
	return 0;
}

static int len_be16_7(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = dbl_get_be16(cmd->pub.cdb + 7);
	return 0;
}

static int len_be32_5(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = dbl_get_be32(cmd->pub.cdb + 5);
	return 0;
}

static int len_be32_6(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = dbl_get_be32(cmd->pub.cdb + 6);
	return 0;
}

static int len_be32_10(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = dbl_get_be32(cmd->pub.cdb + 10);
	return 0;
}

static int len_capacity10(struct dbl_cmd *cmd)
{
	cmd->cdb_bytes = 8;
	return 0;
}

static void do_nothing(struct dbl_cmd *cmd)
{
}

#define OP(c, n, d, p, e, f)                                        \
	{                                                           \
		.code = (c), .name = (n), .dir = (d), .parse = (p), \
		.exec = (e), .flags = (f)                           \
	}
#define NONE SCST_DATA_NONE
#define IN SCST_DATA_READ
#define OUT SCST_DATA_WRITE

/* clang-format off */
static const struct dbl_op ops[] = {
	OP(0x00, "TEST UNIT READY", NONE, len_none, do_nothing, 0),
	OP(0x03, "REQUEST SENSE", IN, len_u8_4, dbl_spc_request_sense,
	   DBL_OP_NO_LUN | DBL_OP_SKIP_UA | DBL_OP_SKIP_RESV),
	OP(0x08, "READ(6)", IN, dbl_disk_parse_rw, dbl_disk_read, 0),
	OP(0x0a, "WRITE(6)", OUT, dbl_disk_parse_rw, dbl_disk_write,
	   DBL_OP_MEDIUM),
	OP(0x12, "INQUIRY", IN, len_be16_3, dbl_spc_inquiry,
	   DBL_OP_NO_LUN | DBL_OP_SKIP_UA | DBL_OP_SKIP_RESV),
	OP(0x16, "RESERVE(6)", NONE, len_none, dbl_spc_reserve, 0),
	OP(0x17, "RELEASE(6)", NONE, len_none, dbl_spc_release,
	   DBL_OP_SKIP_RESV),
	OP(0x1a, "MODE SENSE(6)", IN, len_u8_4, dbl_spc_mode_sense, 0),
	OP(0x1b, "START STOP UNIT", NONE, len_none, do_nothing, 0),
	OP(0x1e, "PREVENT ALLOW MEDIUM REMOVAL", NONE, len_none, do_nothing,
	   0),
	OP(0x25, "READ CAPACITY(10)", IN, len_capacity10, dbl_disk_capacity10,
	   0),
	OP(0x28, "READ(10)", IN, dbl_disk_parse_rw, dbl_disk_read, 0),
	OP(0x2a, "WRITE(10)", OUT, dbl_disk_parse_rw, dbl_disk_write,
	   DBL_OP_MEDIUM),
	OP(0x2f, "VERIFY(10)", OUT, dbl_disk_parse_verify, dbl_disk_verify, 0),
	OP(0x35, "SYNCHRONIZE CACHE(10)", NONE, len_none, do_nothing, 0),
	OP(0x56, "RESERVE(10)", NONE, len_none, dbl_spc_reserve, 0),
	OP(0x57, "RELEASE(10)", NONE, len_none, dbl_spc_release,
	   DBL_OP_SKIP_RESV),
	OP(0x5a, "MODE SENSE(10)", IN, len_be16_7, dbl_spc_mode_sense, 0),
	OP(0x5e, "PERSISTENT RESERVE IN", IN, len_be16_7, dbl_pr_in,
	   DBL_OP_SKIP_RESV),
	OP(0x5f, "PERSISTENT RESERVE OUT", OUT, len_be32_5, dbl_pr_out,
	   DBL_OP_SKIP_RESV),
	OP(0x88, "READ(16)", IN, dbl_disk_parse_rw, dbl_disk_read, 0),
	OP(0x8a, "WRITE(16)", OUT, dbl_disk_parse_rw, dbl_disk_write,
	   DBL_OP_MEDIUM),
	OP(0x8f, "VERIFY(16)", OUT, dbl_disk_parse_verify, dbl_disk_verify, 0),
	OP(0x91, "SYNCHRONIZE CACHE(16)", NONE, len_none, do_nothing, 0),
	OP(0x9e, "SERVICE ACTION IN(16)", IN, len_be32_10,
	   dbl_disk_service_in, 0),
	OP(0xa0, "REPORT LUNS", IN, len_be32_6, dbl_spc_report_luns,
	   DBL_OP_SKIP_UA | DBL_OP_SKIP_RESV),
	OP(0xa3, "MAINTENANCE IN", IN, len_be32_6, dbl_spc_supported_ops, 0),
	OP(0xa8, "READ(12)", IN, dbl_disk_parse_rw, dbl_disk_read, 0),
	OP(0xaa, "WRITE(12)", OUT, dbl_disk_parse_rw, dbl_disk_write,
	   DBL_OP_MEDIUM),
	OP(0xaf, "VERIFY(12)", OUT, dbl_disk_parse_verify, dbl_disk_verify, 0),
};
/* clang-format on */

/**
 * dbl_op_find() - Find an operation code.
 * @code: first byte of a CDB
 *
 * Context: any.
 * Return: the operation, or NULL.
 */
const struct dbl_op *dbl_op_find(u8 code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].code == code)
			return &ops[i];
	return NULL;
}

/* CDB length by the group of the operation code [SPC-4 4.2.5.1]. */
static unsigned int cdb_min_len(u8 code)
{
	static const u8 lens[8] = { 6, 10, 10, 6, 16, 12, 6, 6 };

	return lens[code >> 5];
}

/**
 * dbl_op_bad_field() - Invalid field in CDB.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_op_bad_field(struct dbl_cmd *cmd)
{
	dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x24, 0x00);
}

static bool direction_fits(struct dbl_cmd *cmd)
{
	return !cmd->pub.expected_set || cmd->cdb_dir == SCST_DATA_NONE ||
	       cmd->pub.expected_dir == cmd->cdb_dir;
}

static int make_buffer(struct dbl_cmd *cmd)
{
	struct scst_cmd *pub = &cmd->pub;
	int err;

	if (!cmd->cdb_bytes)
		return 0;
	err = dbl_buf_alloc(cmd, cmd->cdb_bytes,
			    dbl_is_atomic() ? GFP_ATOMIC : GFP_KERNEL);
	if (err == -E2BIG)
		dbl_op_bad_field(cmd);
	else if (err)
		scst_set_busy(pub);
	if (err)
		return err;
	if (cmd->cdb_dir != SCST_DATA_WRITE)
		return 0;
	pub->write_len = pub->bufflen;
	if (pub->expected_set)
		pub->write_len = min(pub->write_len, pub->expected_len);
	dbl_buf_cut(cmd, pub->write_len);
	return 0;
}

/**
 * dbl_op_parse() - Look at a command and give it a buffer.
 * @cmd: command
 *
 * Context: any.
 * Return: 0; else the command has an error to be sent.
 */
int dbl_op_parse(struct dbl_cmd *cmd)
{
	const struct dbl_op *op = dbl_op_find(cmd->pub.cdb[0]);

	if (cmd->pub.queue_type > SCST_CMD_QUEUE_ACA) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x49, 0x00);
		return -EINVAL;
	}
	if (!cmd->dev && !(op && op->flags & DBL_OP_NO_LUN)) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x25, 0x00);
		return -ENXIO;
	}
	if (!op || cmd->pub.cdb_len < cdb_min_len(op->code)) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x20, 0x00);
		return -EINVAL;
	}
	cmd->op = op;
	if (op->parse(cmd))
		return -EINVAL;
	/* Control lengths are often generous: cap what is allocated. */
	if (op->dir == SCST_DATA_READ && op->exec != dbl_disk_read)
		cmd->cdb_bytes = min(cmd->cdb_bytes, 65536u);
	if (cmd->cdb_bytes > MAX_TRANSFER) {
		dbl_op_bad_field(cmd);
		return -EINVAL;
	}
	cmd->cdb_dir = cmd->cdb_bytes ? op->dir : SCST_DATA_NONE;
	if (!direction_fits(cmd)) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x49, 0x00);
		return -EINVAL;
	}
	cmd->pub.data_dir = cmd->cdb_dir;
	return make_buffer(cmd);
}

static bool stopped_by_ua(struct dbl_cmd *cmd)
{
	struct dbl_nexus *nexus;
	unsigned long flags;
	struct dbl_ua ua;
	bool stop;

	if (cmd->op->flags & DBL_OP_SKIP_UA)
		return false;
	spin_lock_irqsave(&dbl_lock, flags);
	nexus = dbl_sess_nexus_locked(cmd->sess, cmd->lun);
	stop = nexus && dbl_ua_take_locked(nexus, &ua);
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (stop)
		dbl_sense_set(cmd, UNIT_ATTENTION, ua.asc, ua.ascq);
	return stop;
}

static bool stopped_by_resv(struct dbl_cmd *cmd)
{
	if (cmd->op->flags & DBL_OP_SKIP_RESV || !dbl_pr_conflicts(cmd))
		return false;
	scst_set_cmd_error_status(&cmd->pub, SAM_STAT_RESERVATION_CONFLICT);
	return true;
}

/**
 * dbl_op_exec() - Do what a command asks for.
 * @cmd: command that was parsed, with its data if it is a WRITE
 *
 * Context: any.
 */
void dbl_op_exec(struct dbl_cmd *cmd)
{
	if (stopped_by_ua(cmd) || stopped_by_resv(cmd))
		return;
	if (cmd->op->flags & DBL_OP_MEDIUM &&
	    (cmd->read_only || cmd->dev->read_only)) {
		dbl_sense_set(cmd, DATA_PROTECT, 0x27, 0x00);
		return;
	}
	cmd->op->exec(cmd);
}

/**
 * dbl_op_reply() - Answer with data that was put together elsewhere.
 * @cmd:  command
 * @data: the data
 * @len:  its bytes; the CDB may ask for less
 *
 * Context: any.
 */
void dbl_op_reply(struct dbl_cmd *cmd, const void *data, u32 len)
{
	len = min(len, cmd->cdb_bytes);
	if (len)
		dbl_buf_put(cmd, data, len);
	cmd->pub.resp_data_len = len;
}
