// SPDX-License-Identifier: GPL-2.0
/* Commands that every device has [SPC-4]. */
#include "dbl.h"

#include <linux/slab.h>

#define INQUIRY_LEN 68
#define MAX_REPLY 4096

/* Version descriptors [SPC-4 6.4.2]: SAM-5, SPC-4, SBC-3. */
static const u16 versions[] = { 0x00a0, 0x0460, 0x04c0 };

static void pad(u8 *to, const char *from, size_t len)
{
	size_t used = strnlen(from, len);

	memcpy(to, from, used);
	memset(to + used, ' ', len - used);
}

static u8 *reply_alloc(struct dbl_cmd *cmd)
{
	u8 *buf = kzalloc(MAX_REPLY, GFP_ATOMIC);

	if (!buf)
		scst_set_busy(&cmd->pub);
	return buf;
}

static const char *vendor(const struct dbl_dev *dev)
{
	static const char *const names[DBL_NR_HANDLERS] = {
		[DBL_FILEIO] = "SCST_FIO",
		[DBL_BLOCKIO] = "SCST_BIO",
		[DBL_NULLIO] = "SCST_NIO",
	};

	return names[dev->handler];
}

static u32 inquiry_std(struct dbl_cmd *cmd, u8 *buf)
{
	const struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	const struct dbl_dev *dev = cmd->dev;
	u8 *at = buf + 58;
	size_t i;

	buf[0] = dev ? 0x00 : 0x7f;
	buf[1] = dev && dev->removable ? 0x80 : 0;
	buf[2] = 6; /* SPC-4 */
	buf[3] = 0x12; /* HISUP, response format 2 */
	buf[4] = INQUIRY_LEN - 5;
	buf[7] = 0x02; /* CMDQUE */
	pad(buf + 8, dev ? vendor(dev) : "SCST_DBL", 8);
	pad(buf + 16, dev ? dev->prod_id : "", 16);
	pad(buf + 32, "DBL1", 4);
	for (i = 0; i < ARRAY_SIZE(versions); i++, at += 2)
		dbl_put_be16(versions[i], at);
	if (vtt->get_scsi_transport_version) {
		dbl_put_be16(vtt->get_scsi_transport_version(&cmd->tgt->pub),
			     at);
		at += 2;
	}
	if (vtt->get_phys_transport_version && at < buf + INQUIRY_LEN)
		dbl_put_be16(vtt->get_phys_transport_version(&cmd->tgt->pub),
			     at);
	return INQUIRY_LEN;
}

static u32 vpd_id(struct dbl_cmd *cmd, u8 *buf)
{
	const struct dbl_dev *dev = cmd->dev;
	u8 *at = buf + 4;
	u32 hash = 5381;
	const char *c;

	/* T10 vendor identification */
	at[0] = 2;
	at[1] = 1;
	at[3] = 8 + strlen(dev->t10_id);
	pad(at + 4, vendor(dev), 8);
	memcpy(at + 12, dev->t10_id, strlen(dev->t10_id));
	at += 4 + at[3];
	/* NAA, locally assigned */
	for (c = dev->name; *c; c++)
		hash = hash * 33 + *c;
	at[0] = 1;
	at[1] = 3;
	at[3] = 8;
	dbl_put_be64(0x3000000000000000ull | (u64)hash << 8, at + 4);
	at += 12;
	/* relative target port */
	at[0] = 1;
	at[1] = 0x14;
	at[3] = 4;
	dbl_put_be16(cmd->tgt->pub.rel_tgt_id, at + 6);
	at += 8;
	return at - buf - 4;
}

static u32 vpd_limits(struct dbl_cmd *cmd, u8 *buf)
{
	dbl_put_be32((4u << 20) / cmd->dev->block_size, buf + 8);
	dbl_put_be32((1u << 20) / cmd->dev->block_size, buf + 12);
	return 0x3c;
}

static u32 vpd_character(struct dbl_cmd *cmd, u8 *buf)
{
	dbl_put_be16(cmd->dev->rotational ? 0x1c20 : 1, buf + 4);
	return 0x3c;
}

/* Return: bytes of the page, 0 if there is no such page. */
static u32 inquiry_vpd(struct dbl_cmd *cmd, u8 *buf)
{
	static const u8 pages[] = { 0x00, 0x80, 0x83, 0xb0, 0xb1 };
	u8 page = cmd->pub.cdb[2];
	u32 len;

	switch (page) {
	case 0x00:
		memcpy(buf + 4, pages, sizeof(pages));
		len = sizeof(pages);
		break;
	case 0x80:
		len = strlen(cmd->dev->usn);
		memcpy(buf + 4, cmd->dev->usn, len);
		break;
	case 0x83:
		len = vpd_id(cmd, buf);
		break;
	case 0xb0:
		len = vpd_limits(cmd, buf);
		break;
	case 0xb1:
		len = vpd_character(cmd, buf);
		break;
	default:
		return 0;
	}
	buf[1] = page;
	dbl_put_be16(len, buf + 2);
	return len + 4;
}

/**
 * dbl_spc_inquiry() - INQUIRY.
 * @cmd: command; may have no device
 *
 * Context: any.
 * Source: SPC-4 6.4.
 */
void dbl_spc_inquiry(struct dbl_cmd *cmd)
{
	const u8 *cdb = cmd->pub.cdb;
	u8 *buf = reply_alloc(cmd);
	u32 len = 0;

	if (!buf)
		return;
	if (!(cdb[1] & 1) && !cdb[2])
		len = inquiry_std(cmd, buf);
	else if (cdb[1] == 1 && cmd->dev)
		len = inquiry_vpd(cmd, buf);
	if (len)
		dbl_op_reply(cmd, buf, len);
	else
		dbl_op_bad_field(cmd);
	kfree(buf);
}

/**
 * dbl_spc_report_luns() - REPORT LUNS.
 * @cmd: command
 *
 * Context: any.
 * Source: SPC-4 6.33.
 */
void dbl_spc_report_luns(struct dbl_cmd *cmd)
{
	struct dbl_sess *sess = cmd->sess;
	struct dbl_nexus *nexus;
	unsigned long flags;
	u32 len = 8;
	int method;
	u8 *buf;

	if (cmd->pub.cdb[2] > 2) {
		dbl_op_bad_field(cmd);
		return;
	}
	buf = reply_alloc(cmd);
	if (!buf)
		return;
	spin_lock_irqsave(&dbl_lock, flags);
	method = sess->acg ? sess->acg->addr_method : 0;
	list_for_each_entry(nexus, &sess->nexuses, entry) {
		dbl_ua_drop_locked(nexus, 0x3f, 0x0e);
		/* There is no well known logical unit. */
		if (cmd->pub.cdb[2] == 1 || len + 8 > MAX_REPLY)
			continue;
		dbl_put_be16(method << 14 | nexus->lun->lun, buf + len);
		len += 8;
	}
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_put_be32(len - 8, buf);
	dbl_op_reply(cmd, buf, len);
	kfree(buf);
}

/**
 * dbl_spc_request_sense() - REQUEST SENSE: a unit attention, if there is one.
 * @cmd: command; may have no device
 *
 * Context: any.
 * Source: SPC-4 6.39.
 */
void dbl_spc_request_sense(struct dbl_cmd *cmd)
{
	u8 sense[SCST_STANDARD_SENSE_LEN];
	struct dbl_nexus *nexus;
	unsigned long flags;
	struct dbl_ua ua;

	dbl_sense_fill(sense, NO_SENSE, 0, 0);
	if (!cmd->dev)
		dbl_sense_fill(sense, ILLEGAL_REQUEST, 0x25, 0);
	spin_lock_irqsave(&dbl_lock, flags);
	nexus = dbl_sess_nexus_locked(cmd->sess, cmd->lun);
	if (nexus && dbl_ua_take_locked(nexus, &ua))
		dbl_sense_fill(sense, UNIT_ATTENTION, ua.asc, ua.ascq);
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_op_reply(cmd, sense, sizeof(sense));
}

static u32 mode_pages(struct dbl_cmd *cmd, u8 *at, u8 page)
{
	u8 *start = at;

	if (page == 0x08 || page == 0x3f) { /* caching [SBC-3 6.4.5] */
		at[0] = 0x08;
		at[1] = 0x12;
		at[2] = cmd->dev->write_through ? 0 : 0x04; /* WCE */
		at += 0x14;
	}
	if (page == 0x0a || page == 0x3f) { /* control [SPC-4 7.5.8] */
		at[0] = 0x0a;
		at[1] = 0x0a;
		at[3] = 0x10; /* unrestricted reordering */
		at += 0x0c;
	}
	return at - start;
}

/**
 * dbl_spc_mode_sense() - MODE SENSE(6) and (10).
 * @cmd: command
 *
 * Context: any.
 * Source: SPC-4 6.11, 6.12.
 */
void dbl_spc_mode_sense(struct dbl_cmd *cmd)
{
	const u8 *cdb = cmd->pub.cdb;
	bool ten = cdb[0] == MODE_SENSE_10;
	u8 specific = 0x10; /* DPOFUA */
	u32 head = ten ? 8 : 4;
	u32 len;
	u8 *buf;

	if (cdb[2] >> 6 == 3) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x39, 0x00);
		return;
	}
	buf = reply_alloc(cmd);
	if (!buf)
		return;
	if (cmd->read_only || cmd->dev->read_only)
		specific |= 0x80;
	len = mode_pages(cmd, buf + head, cdb[2] & 0x3f);
	if (len && ten) {
		dbl_put_be16(head + len - 2, buf);
		buf[3] = specific;
	} else if (len) {
		buf[0] = head + len - 1;
		buf[2] = specific;
	}
	if (len && !cdb[3])
		dbl_op_reply(cmd, buf, head + len);
	else
		dbl_op_bad_field(cmd);
	kfree(buf);
}

/**
 * dbl_spc_supported_ops() - REPORT SUPPORTED OPERATION CODES, one of them.
 * @cmd: command
 *
 * Context: any.
 * Source: SPC-4 6.35.
 */
void dbl_spc_supported_ops(struct dbl_cmd *cmd)
{
	const u8 *cdb = cmd->pub.cdb;
	u8 buf[4] = { 0 };

	if ((cdb[1] & 0x1f) != MI_REPORT_SUPPORTED_OPERATION_CODES ||
	    (cdb[2] & 7) != 1) {
		dbl_op_bad_field(cmd);
		return;
	}
	buf[1] = dbl_op_find(cdb[3]) ? 3 : 1;
	dbl_op_reply(cmd, buf, sizeof(buf));
}

/**
 * dbl_spc_reserve() - RESERVE of SPC-2.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_spc_reserve(struct dbl_cmd *cmd)
{
	bool taken;

	scoped_guard(spinlock_irqsave, &dbl_lock)
	{
		taken = !list_empty(&cmd->dev->registrants) ||
			(cmd->dev->reserved_by &&
			 cmd->dev->reserved_by != cmd->sess);
		if (!taken)
			cmd->dev->reserved_by = cmd->sess;
	}
	if (taken)
		scst_set_cmd_error_status(&cmd->pub,
					  SAM_STAT_RESERVATION_CONFLICT);
}

/**
 * dbl_spc_release() - RELEASE of SPC-2.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_spc_release(struct dbl_cmd *cmd)
{
	unsigned long flags;

	spin_lock_irqsave(&dbl_lock, flags);
	if (cmd->dev->reserved_by == cmd->sess)
		cmd->dev->reserved_by = NULL;
	spin_unlock_irqrestore(&dbl_lock, flags);
}
