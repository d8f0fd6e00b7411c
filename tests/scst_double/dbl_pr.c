// SPDX-License-Identifier: GPL-2.0
/* Persistent reservations [SPC-4 5.13, 6.15, 6.16], the basic ones. */
#include "dbl.h"

#include <linux/slab.h>

#define MAX_REPLY 4096
#define PARAM_LEN 24

enum {
	TYPE_WRITE_EXCL = 1,
	TYPE_EXCL_ACCESS = 3,
	TYPE_WRITE_EXCL_RO = 5,
	TYPE_EXCL_ACCESS_RO = 6,
	TYPE_WRITE_EXCL_AR = 7,
	TYPE_EXCL_ACCESS_AR = 8,
};

static bool type_is_known(u8 type)
{
	return type == TYPE_WRITE_EXCL || type == TYPE_EXCL_ACCESS ||
	       (type >= TYPE_WRITE_EXCL_RO && type <= TYPE_EXCL_ACCESS_AR);
}

static bool type_is_for_all(u8 type)
{
	return type == TYPE_WRITE_EXCL_AR || type == TYPE_EXCL_ACCESS_AR;
}

static bool is_sess(const struct dbl_registrant *reg,
		    const struct dbl_sess *sess)
{
	return reg->tgt_id == sess->pub.tgt->rel_tgt_id &&
	       !memcmp(reg->tid, sess->tid, DBL_TID_LEN);
}

static struct dbl_registrant *find_locked(struct dbl_dev *dev,
					  const struct dbl_sess *sess)
{
	struct dbl_registrant *reg;

	list_for_each_entry(reg, &dev->registrants, entry)
		if (is_sess(reg, sess))
			return reg;
	return NULL;
}

static bool is_holder(const struct dbl_dev *dev,
		      const struct dbl_registrant *reg)
{
	return reg && dev->pr_type &&
	       (dev->holder == reg || type_is_for_all(dev->pr_type));
}

/* Queue a unit attention for every session that a registration stands for. */
static void tell_locked(struct dbl_dev *dev, const struct dbl_registrant *reg,
			u8 ascq)
{
	struct dbl_nexus *nexus;
	struct dbl_tgtt *tgtt;
	struct dbl_sess *sess;
	struct dbl_tgt *tgt;

	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry)
			list_for_each_entry(sess, &tgt->sessions, entry) {
				if (!is_sess(reg, sess))
					continue;
				list_for_each_entry(nexus, &sess->nexuses,
						    entry)
					if (nexus->lun->dev == dev)
						dbl_ua_add_locked(nexus, 0x2a,
								  ascq);
			}
}

static void tell_others_locked(struct dbl_dev *dev,
			       const struct dbl_registrant *self, u8 ascq)
{
	struct dbl_registrant *reg;

	list_for_each_entry(reg, &dev->registrants, entry)
		if (reg != self)
			tell_locked(dev, reg, ascq);
}

static void release_locked(struct dbl_dev *dev)
{
	dev->holder = NULL;
	dev->pr_type = 0;
}

static void drop_locked(struct dbl_dev *dev, struct dbl_registrant *reg)
{
	bool last;

	list_del(&reg->entry);
	last = list_empty(&dev->registrants);
	if (type_is_for_all(dev->pr_type) ? last : dev->holder == reg)
		release_locked(dev);
	else if (dev->holder == reg)
		dev->holder = list_first_entry(&dev->registrants,
					       struct dbl_registrant, entry);
	kfree(reg);
}

static bool writes(const struct dbl_cmd *cmd)
{
	return cmd->op->flags & DBL_OP_MEDIUM;
}

/* Commands that a reservation lets pass for everybody [SPC-4 table 66]. */
static bool always_passes(const struct dbl_cmd *cmd)
{
	switch (cmd->pub.cdb[0]) {
	case TEST_UNIT_READY:
	case READ_CAPACITY:
	case SERVICE_ACTION_IN_16:
	case MAINTENANCE_IN:
		return true;
	default:
		return false;
	}
}

static bool passes_locked(struct dbl_cmd *cmd)
{
	struct dbl_dev *dev = cmd->dev;
	struct dbl_registrant *reg = find_locked(dev, cmd->sess);

	if (dev->reserved_by)
		return dev->reserved_by == cmd->sess;
	if (!dev->pr_type || is_holder(dev, reg) || always_passes(cmd))
		return true;
	switch (dev->pr_type) {
	case TYPE_WRITE_EXCL:
		return !writes(cmd);
	case TYPE_EXCL_ACCESS:
		return false;
	case TYPE_WRITE_EXCL_RO:
	case TYPE_WRITE_EXCL_AR:
		return reg || !writes(cmd);
	default:
		return reg;
	}
}

/**
 * dbl_pr_conflicts() - Does a reservation stop a command?
 * @cmd: command with a device
 *
 * Context: any.
 * Return: true if it does.
 */
bool dbl_pr_conflicts(struct dbl_cmd *cmd)
{
	unsigned long flags;
	bool stop;

	spin_lock_irqsave(&dbl_lock, flags);
	stop = cmd->dev && !passes_locked(cmd);
	spin_unlock_irqrestore(&dbl_lock, flags);
	return stop;
}

static u32 read_keys_locked(struct dbl_dev *dev, u8 *buf)
{
	struct dbl_registrant *reg;
	u32 len = 8;

	list_for_each_entry(reg, &dev->registrants, entry) {
		if (len + 8 > MAX_REPLY)
			break;
		dbl_put_be64(reg->key, buf + len);
		len += 8;
	}
	return len;
}

static u32 read_resv_locked(struct dbl_dev *dev, u8 *buf)
{
	if (!dev->pr_type)
		return 8;
	dbl_put_be64(type_is_for_all(dev->pr_type) ? 0 : dev->holder->key,
		     buf + 8);
	buf[21] = dev->pr_type;
	return 24;
}

static u32 read_full_locked(struct dbl_dev *dev, u8 *buf)
{
	struct dbl_registrant *reg;
	u32 len = 8;
	u8 *at;

	list_for_each_entry(reg, &dev->registrants, entry) {
		if (len + 24 + DBL_TID_LEN > MAX_REPLY)
			break;
		at = buf + len;
		dbl_put_be64(reg->key, at);
		if (is_holder(dev, reg)) {
			at[12] = 1;
			at[13] = dev->pr_type;
		}
		dbl_put_be16(reg->tgt_id, at + 18);
		dbl_put_be32(DBL_TID_LEN, at + 20);
		memcpy(at + 24, reg->tid, DBL_TID_LEN);
		len += 24 + DBL_TID_LEN;
	}
	return len;
}

static u32 report_capabilities(u8 *buf)
{
	dbl_put_be16(8, buf);
	buf[3] = 0x80; /* TMV: the mask is valid */
	buf[4] = 0xea;
	buf[5] = 0x01;
	return 8;
}

/**
 * dbl_pr_in() - PERSISTENT RESERVE IN.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_pr_in(struct dbl_cmd *cmd)
{
	u8 action = cmd->pub.cdb[1] & 0x1f;
	struct dbl_dev *dev = cmd->dev;
	u8 *buf = kzalloc(MAX_REPLY, GFP_ATOMIC);
	u32 len = 0;

	if (!buf) {
		scst_set_busy(&cmd->pub);
		return;
	}
	scoped_guard(spinlock_irqsave, &dbl_lock)
	{
		if (action == 0)
			len = read_keys_locked(dev, buf);
		else if (action == 1)
			len = read_resv_locked(dev, buf);
		else if (action == 3)
			len = read_full_locked(dev, buf);
		if (len) {
			dbl_put_be32(dev->pr_gen, buf);
			dbl_put_be32(len - 8, buf + 4);
		}
	}
	if (action == 2)
		len = report_capabilities(buf);
	if (len)
		dbl_op_reply(cmd, buf, len);
	else
		dbl_op_bad_field(cmd);
	kfree(buf);
}

/* Parameters of PERSISTENT RESERVE OUT. */
struct pr_out {
	struct dbl_cmd *cmd;
	struct dbl_dev *dev;
	struct dbl_registrant *self;
	u64 key;
	u64 service_key;
	u8 type;
	bool conflict;
	bool bad_field;
	bool bad_release;
};

static void pr_register(struct pr_out *out, bool ignore)
{
	struct dbl_dev *dev = out->dev;
	struct dbl_registrant *reg = out->self;

	if (!ignore && out->key != (reg ? reg->key : 0)) {
		out->conflict = true;
		return;
	}
	dev->pr_gen++;
	if (reg && out->service_key) {
		reg->key = out->service_key;
	} else if (reg) {
		if (dev->holder == reg && (dev->pr_type == TYPE_WRITE_EXCL_RO ||
					   dev->pr_type == TYPE_EXCL_ACCESS_RO))
			tell_others_locked(dev, reg, 0x04);
		drop_locked(dev, reg);
	} else if (out->service_key) {
		reg = kzalloc(sizeof(*reg), GFP_ATOMIC);
		if (!reg) {
			scst_set_busy(&out->cmd->pub);
			return;
		}
		memcpy(reg->tid, out->cmd->sess->tid, DBL_TID_LEN);
		reg->tgt_id = out->cmd->tgt->pub.rel_tgt_id;
		reg->key = out->service_key;
		list_add_tail(&reg->entry, &dev->registrants);
	}
}

static void pr_reserve(struct pr_out *out)
{
	struct dbl_dev *dev = out->dev;

	if (!type_is_known(out->type)) {
		out->bad_field = true;
	} else if (dev->pr_type) {
		out->conflict = !is_holder(dev, out->self) ||
				dev->pr_type != out->type;
	} else {
		dev->holder = out->self;
		dev->pr_type = out->type;
	}
}

static void pr_release(struct pr_out *out)
{
	struct dbl_dev *dev = out->dev;
	u8 type = dev->pr_type;

	if (!is_holder(dev, out->self))
		return;
	if (type != out->type) {
		out->bad_release = true;
		return;
	}
	release_locked(dev);
	if (type >= TYPE_WRITE_EXCL_RO)
		tell_others_locked(dev, out->self, 0x04);
}

static void pr_clear(struct pr_out *out)
{
	struct dbl_registrant *reg, *next;

	tell_others_locked(out->dev, out->self, 0x03);
	release_locked(out->dev);
	out->dev->pr_gen++;
	list_for_each_entry_safe(reg, next, &out->dev->registrants, entry)
		drop_locked(out->dev, reg);
}

static void pr_preempt(struct pr_out *out, struct list_head *aborted)
{
	struct dbl_dev *dev = out->dev;
	struct dbl_registrant *reg, *next;
	bool all = type_is_for_all(dev->pr_type) && !out->service_key;
	bool take = dev->pr_type && !type_is_for_all(dev->pr_type) &&
		    dev->holder->key == out->service_key;
	unsigned int nr = 0;
	struct dbl_cmd *cmd;
	struct dbl_sess *sess;
	struct dbl_tgt *tgt;

	if (!type_is_known(out->type) && (all || take)) {
		out->bad_field = true;
		return;
	}
	list_for_each_entry_safe(reg, next, &dev->registrants, entry) {
		if (!all && reg->key != out->service_key)
			continue;
		nr++;
		if (reg == out->self)
			continue;
		tell_locked(dev, reg, 0x05);
		list_for_each_entry(tgt, &out->cmd->tgt->tgtt->tgts, entry)
			list_for_each_entry(sess, &tgt->sessions, entry) {
				if (!aborted || !is_sess(reg, sess))
					continue;
				list_for_each_entry(cmd, &sess->cmds, entry)
					if (cmd->dev == dev)
						dbl_tmf_mark_locked(cmd, NULL,
								    aborted);
			}
		drop_locked(dev, reg);
	}
	if (!nr) {
		out->conflict = true;
		return;
	}
	dev->pr_gen++;
	if (all || take) {
		dev->holder = out->self;
		dev->pr_type = out->type;
	}
}

static void pr_out_locked(struct pr_out *out, u8 action,
			  struct list_head *aborted)
{
	out->self = find_locked(out->dev, out->cmd->sess);
	if (action != 0 && action != 6 &&
	    (!out->self || out->key != out->self->key)) {
		out->conflict = true;
		return;
	}
	switch (action) {
	case 0:
	case 6:
		pr_register(out, action == 6);
		break;
	case 1:
		pr_reserve(out);
		break;
	case 2:
		pr_release(out);
		break;
	case 3:
		pr_clear(out);
		break;
	case 4:
		pr_preempt(out, NULL);
		break;
	case 5:
		pr_preempt(out, aborted);
		break;
	default:
		out->bad_field = true;
		break;
	}
}

/**
 * dbl_pr_out() - PERSISTENT RESERVE OUT: register, reserve, release, clear,
 *                preempt, preempt and abort, register and ignore.
 * @cmd: command with its parameters
 *
 * Context: any.
 */
void dbl_pr_out(struct dbl_cmd *cmd)
{
	struct pr_out out = { .cmd = cmd, .dev = cmd->dev };
	u8 param[PARAM_LEN];
	LIST_HEAD(aborted);

	if (cmd->pub.write_len < PARAM_LEN ||
	    dbl_buf_get(cmd, param, PARAM_LEN) != PARAM_LEN) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x1a, 0x00);
		return;
	}
	out.key = dbl_get_be64(param);
	out.service_key = dbl_get_be64(param + 8);
	out.type = cmd->pub.cdb[2] & 0x0f;
	/* SPEC_I_PT, ALL_TG_PT and APTPL are not here. */
	if (param[20] & 0x0d || cmd->pub.cdb[2] >> 4) {
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x26, 0x00);
		return;
	}
	scoped_guard(spinlock_irqsave, &dbl_lock)
		pr_out_locked(&out, cmd->pub.cdb[1] & 0x1f, &aborted);
	dbl_tmf_abort(&aborted);
	if (out.conflict)
		scst_set_cmd_error_status(&cmd->pub,
					  SAM_STAT_RESERVATION_CONFLICT);
	else if (out.bad_field)
		dbl_op_bad_field(cmd);
	else if (out.bad_release)
		dbl_sense_set(cmd, ILLEGAL_REQUEST, 0x26, 0x04);
}

/**
 * dbl_pr_free() - Forget all registrations.
 * @dev: device without commands
 *
 * Context: process.
 */
void dbl_pr_free(struct dbl_dev *dev)
{
	struct dbl_registrant *reg, *next;

	spin_lock_irq(&dbl_lock);
	list_for_each_entry_safe(reg, next, &dev->registrants, entry) {
		list_del(&reg->entry);
		kfree(reg);
	}
	spin_unlock_irq(&dbl_lock);
}
