// SPDX-License-Identifier: GPL-2.0
/*
 * Commands: from scst_rx_cmd() to on_free_cmd().
 *
 * STATES
 *   NEW -> [DEFER ->] PARSE -> [RDY -> DATA ->] EXEC -> XMIT -> SEND -> DONE
 *   The driver owns a command in NEW, DATA and SEND, the double in all other
 *   states; RDY and XMIT are entered again after QUEUE_FULL.
 */
#include "dbl.h"

#include <linux/slab.h>

static LIST_HEAD(quarantine); /* protected by dbl_lock */
static unsigned int nr_quarantine; /* protected by dbl_lock */

/**
 * dbl_cmd_state_name() - Name a state.
 * @state: state
 *
 * Context: any.
 * Return: the name.
 */
const char *dbl_cmd_state_name(enum dbl_cmd_state state)
{
	static const char *const names[] = {
		"NEW",	"DEFER", "PARSE", "RDY",  "DATA",
		"EXEC", "XMIT",	 "SEND",  "DONE", "FREED",
	};

	return names[state];
}

/**
 * dbl_cmd_set_state() - Move a command on.
 * @cmd:   command that the double owns
 * @state: next state
 *
 * Context: any.
 */
void dbl_cmd_set_state(struct dbl_cmd *cmd, enum dbl_cmd_state state)
{
	scoped_guard(spinlock_irqsave, &dbl_lock) cmd->state = state;
}

/**
 * dbl_cmd_is_valid() - Is this a command, even an ended one?
 * @pub: what the driver passed
 * @who: name of the call
 *
 * Context: any.
 * Return: true if it is; else rule 6 has been reported.
 */
bool dbl_cmd_is_valid(const struct scst_cmd *pub, const char *who)
{
	if (pub &&
	    container_of(pub, struct dbl_cmd, pub)->magic == DBL_MAGIC_CMD)
		return true;
	dbl_break(DBL_RULE_CMD_STATE, "%s() without a command", who);
	return false;
}

static void cmd_free(struct dbl_cmd *cmd)
{
	cmd->magic = 0;
	kfree(cmd);
}

/**
 * dbl_cmd_mem_put() - Let go of a command's memory.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_cmd_mem_put(struct dbl_cmd *cmd)
{
	struct dbl_cmd *oldest = NULL;
	unsigned long flags;

	if (!refcount_dec_and_test(&cmd->mem))
		return;
	spin_lock_irqsave(&dbl_lock, flags);
	list_add_tail(&cmd->queue, &quarantine);
	if (++nr_quarantine > DBL_QUARANTINE) {
		oldest = list_first_entry(&quarantine, struct dbl_cmd, queue);
		list_del(&oldest->queue);
		nr_quarantine--;
	}
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (oldest)
		cmd_free(oldest);
}

static bool cmd_copy_cdb(struct dbl_cmd *cmd, const u8 *cdb, unsigned int len,
			 gfp_t gfp)
{
	cmd->pub.cdb = cmd->cdb_buf;
	if (len > sizeof(cmd->cdb_buf))
		cmd->pub.cdb = kmalloc(len, gfp);
	if (!cmd->pub.cdb)
		return false;
	memcpy(cmd->pub.cdb, cdb, len);
	cmd->pub.cdb_len = len;
	return true;
}

/**
 * scst_rx_cmd() - A command has arrived.
 * @pub:     session
 * @lun:     LUN as the initiator sent it
 * @lun_len: 8 or 2
 * @cdb:     command descriptor block, copied
 * @cdb_len: its bytes
 * @atomic:  do not sleep
 *
 * Context: any with @atomic, else process.
 * Return: the command, to be given to scst_cmd_init_done(), or NULL.
 */
struct scst_cmd *scst_rx_cmd(struct scst_session *pub, const uint8_t *lun,
			     int lun_len, const uint8_t *cdb,
			     unsigned int cdb_len, bool atomic)
{
	struct dbl_sess *sess = dbl_sess_of(pub);
	gfp_t gfp = atomic || dbl_is_atomic() ? GFP_ATOMIC : GFP_KERNEL;
	struct dbl_cmd *cmd;

	if (!dbl_sess_is_valid(pub, __func__))
		return NULL;
	if (!atomic)
		dbl_must_sleep(__func__);
	if (!cdb_len || cdb_len > SCST_MAX_LONG_CDB_SIZE || dbl_rx_is_null())
		return NULL;
	cmd = kzalloc(sizeof(*cmd), gfp);
	if (!cmd)
		return NULL;
	if (!cmd_copy_cdb(cmd, cdb, cdb_len, gfp)) {
		kfree(cmd);
		return NULL;
	}
	cmd->magic = DBL_MAGIC_CMD;
	cmd->pub.asked = &cmd->asked;
	cmd->pub.sess = pub;
	cmd->pub.tgt = pub->tgt;
	cmd->pub.sense = cmd->sense_buf;
	cmd->pub.data_dir = SCST_DATA_NONE;
	cmd->pub.queue_type = SCST_CMD_QUEUE_SIMPLE;
	cmd->pub.is_send_status = true;
	cmd->sess = sess;
	cmd->tgt = dbl_tgt_of(pub->tgt);
	cmd->lun = scst_unpack_lun(lun, lun_len);
	refcount_set(&cmd->ref, 1);
	refcount_set(&cmd->mem, 1);
	INIT_LIST_HEAD(&cmd->queue);
	INIT_LIST_HEAD(&cmd->waiters);
	scoped_guard(spinlock_irqsave, &dbl_lock) sess->nr_cmds++;
	return &cmd->pub;
}
EXPORT_SYMBOL_GPL(scst_rx_cmd);

static bool tag_is_known_locked(const struct dbl_cmd *cmd)
{
	struct dbl_cmd *other;

	list_for_each_entry(other, &cmd->sess->cmds, entry)
		if (other != cmd && other->pub.tag == cmd->pub.tag)
			return true;
	return false;
}

/* Fibre Channel always tells what the initiator expects, SPI never. */
static bool sess_is_fc(const struct dbl_sess *sess)
{
	return strlen(sess->pub.initiator_name) == 23;
}

static void cmd_check_init_locked(struct dbl_cmd *cmd)
{
	const struct scst_cmd *pub = &cmd->pub;
	const char *why = NULL;

	if (tag_is_known_locked(cmd))
		why = "its tag is in use";
	else if (!pub->expected_set && sess_is_fc(cmd->sess))
		why = "nothing expected is set";
	else if (pub->expected_set && (pub->expected_dir < SCST_DATA_WRITE ||
				       pub->expected_dir > SCST_DATA_NONE))
		why = "no such direction is expected";
	else if (pub->expected_set && pub->expected_len < 0)
		why = "the expected length is negative";
	else if (pub->queue_type > SCST_CMD_QUEUE_ACA)
		why = "no such queue type";
	if (why)
		dbl_break(DBL_RULE_INIT, "command %#llx: %s", pub->tag, why);
}

/* Find the device; the command leaves in state PARSE, XMIT or DEFER. */
static void cmd_enter_locked(struct dbl_cmd *cmd)
{
	struct dbl_sess *sess = cmd->sess;
	struct dbl_nexus *nexus;

	if (!cmd->in_list) {
		cmd_check_init_locked(cmd);
		list_add_tail(&cmd->entry, &sess->cmds);
		cmd->in_list = true;
	}
	cmd->state = DBL_CMD_PARSE;
	switch (sess->state) {
	case DBL_SESS_INIT:
		cmd->state = DBL_CMD_DEFER;
		list_add_tail(&cmd->queue, &sess->waiting);
		return;
	case DBL_SESS_READY:
		nexus = dbl_sess_nexus_locked(sess, cmd->lun);
		if (nexus) {
			cmd->dev = nexus->lun->dev;
			cmd->read_only = nexus->lun->read_only;
			dbl_dev_get_locked(cmd->dev);
		}
		return;
	case DBL_SESS_FAILED:
		scst_set_busy(&cmd->pub);
		break;
	default:
		cmd->pub.aborted = true;
		break;
	}
	cmd->state = DBL_CMD_XMIT;
}

/**
 * scst_cmd_init_done() - A command is complete and may begin.
 * @pub:          command; no longer the driver's
 * @pref_context: where it may go on, not SCST_CONTEXT_SAME
 *
 * Context: as @pref_context says.
 */
void scst_cmd_init_done(struct scst_cmd *pub,
			enum scst_exec_context pref_context)
{
	struct dbl_cmd *cmd = dbl_cmd_of(pub);
	unsigned long flags;
	bool wait;

	if (!dbl_cmd_is_valid(pub, __func__))
		return;
	pref_context = dbl_ctx_check(cmd, __func__, pref_context);
	spin_lock_irqsave(&dbl_lock, flags);
	if (cmd->state != DBL_CMD_NEW) {
		dbl_break(DBL_RULE_CMD_STATE,
			  "scst_cmd_init_done(%#llx) in state %s", pub->tag,
			  dbl_cmd_state_name(cmd->state));
		spin_unlock_irqrestore(&dbl_lock, flags);
		return;
	}
	cmd_enter_locked(cmd);
	wait = cmd->state == DBL_CMD_DEFER;
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (!wait)
		dbl_ctx_go(cmd, pref_context);
}
EXPORT_SYMBOL_GPL(scst_cmd_init_done);

/**
 * dbl_cmd_undefer() - The session of a command that waited is ready.
 * @cmd: command in state DEFER
 *
 * Context: process.
 */
void dbl_cmd_undefer(struct dbl_cmd *cmd)
{
	scoped_guard(spinlock_irqsave, &dbl_lock) cmd_enter_locked(cmd);
	dbl_ctx_thread(cmd);
}

/* Between execution and answer the context may change. */
static bool cmd_hop(struct dbl_cmd *cmd)
{
	u32 roll = dbl_roll(4);

	if (roll > 1)
		return false;
	if (roll)
		dbl_ctx_softirq(cmd);
	else
		dbl_ctx_thread(cmd);
	return true;
}

/* Parse, or answer what has been decided already. */
static void cmd_parse(struct dbl_cmd *cmd)
{
	int err = 0;

	if (!cmd->pub.aborted && !cmd->pub.status)
		err = dbl_op_parse(cmd);
	if (err || cmd->pub.aborted || cmd->pub.status)
		dbl_cmd_set_state(cmd, DBL_CMD_XMIT);
	else if (cmd->pub.data_dir == SCST_DATA_WRITE &&
		 cmd->tgt->tgtt->vtt->rdy_to_xfer)
		dbl_cmd_set_state(cmd, DBL_CMD_RDY);
	else
		dbl_cmd_set_state(cmd, DBL_CMD_EXEC);
}

static void cmd_end(struct dbl_cmd *cmd)
{
	unsigned long flags;

	spin_lock_irqsave(&dbl_lock, flags);
	list_del(&cmd->entry);
	cmd->in_list = false;
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_cmd_release(cmd);
}

/**
 * dbl_cmd_run() - Go on with a command until the driver or nobody has it.
 * @cmd:    command that the double owns; gone or given up at the return
 * @atomic: nothing may sleep
 *
 * Context: as @atomic says.
 */
void dbl_cmd_run(struct dbl_cmd *cmd, bool atomic)
{
	for (;;) {
		switch (READ_ONCE(cmd->state)) {
		case DBL_CMD_PARSE:
			cmd_parse(cmd);
			break;
		case DBL_CMD_RDY:
			if (cmd->pub.aborted)
				dbl_cmd_set_state(cmd, DBL_CMD_XMIT);
			else if (!dbl_xfer_rdy(cmd, atomic))
				return;
			break;
		case DBL_CMD_EXEC:
			if (!cmd->pub.aborted)
				dbl_op_exec(cmd);
			dbl_cmd_set_state(cmd, DBL_CMD_XMIT);
			if (cmd_hop(cmd))
				return;
			break;
		case DBL_CMD_XMIT:
			dbl_xfer_xmit(cmd, atomic);
			return;
		case DBL_CMD_DONE:
			cmd_end(cmd);
			return;
		default:
			WARN_ONCE(1, "state %s runs",
				  dbl_cmd_state_name(cmd->state));
			return;
		}
	}
}

/* The last reference is gone: tell the driver, then all who wait. */
static void cmd_last_put(struct dbl_cmd *cmd)
{
	const struct scst_tgt_template *vtt = cmd->tgt->tgtt->vtt;
	struct dbl_sess *sess = cmd->sess;
	unsigned long flags;

	dbl_buf_free(cmd);
	/* From on_free_cmd() on the driver has nothing to say any more. */
	dbl_cmd_set_state(cmd, DBL_CMD_FREED);
	dbl_xfer_on_free(cmd, vtt);
	dbl_tmf_cmd_gone(cmd);
	if (cmd->pub.cdb != cmd->cdb_buf)
		kfree(cmd->pub.cdb);
	cmd->pub.cdb = cmd->cdb_buf;
	spin_lock_irqsave(&dbl_lock, flags);
	if (cmd->dev)
		dbl_dev_put_locked(cmd->dev);
	cmd->dev = NULL;
	sess->nr_cmds--;
	sess->nr_done++;
	dbl_sess_put_cmd_locked(sess);
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_cmd_mem_put(cmd);
}

/**
 * dbl_cmd_release() - Give up a reference to a command.
 * @cmd: command
 *
 * Context: any.
 */
void dbl_cmd_release(struct dbl_cmd *cmd)
{
	if (refcount_dec_and_test(&cmd->ref))
		cmd_last_put(cmd);
}

/**
 * scst_cmd_get() - Keep a command from ending.
 * @pub: command
 *
 * Context: any.
 */
void scst_cmd_get(struct scst_cmd *pub)
{
	struct dbl_cmd *cmd = dbl_cmd_of(pub);

	if (!dbl_cmd_is_valid(pub, __func__))
		return;
	if (!refcount_inc_not_zero(&cmd->ref))
		dbl_break(DBL_RULE_CMD_STATE, "scst_cmd_get(%#llx) in state %s",
			  pub->tag, dbl_cmd_state_name(cmd->state));
}
EXPORT_SYMBOL_GPL(scst_cmd_get);

/**
 * scst_cmd_put() - Undo scst_cmd_get().
 * @pub: command
 *
 * Context: any; on_free_cmd() may be called from here.
 */
void scst_cmd_put(struct scst_cmd *pub)
{
	struct dbl_cmd *cmd = dbl_cmd_of(pub);

	if (!dbl_cmd_is_valid(pub, __func__))
		return;
	if (READ_ONCE(cmd->state) == DBL_CMD_FREED) {
		dbl_break(DBL_RULE_CMD_STATE, "scst_cmd_put(%#llx) too many",
			  pub->tag);
		return;
	}
	dbl_cmd_release(cmd);
}
EXPORT_SYMBOL_GPL(scst_cmd_put);

/**
 * scst_find_cmd() - Find a command of a session.
 * @pub:    session
 * @data:   argument of @cmp_fn
 * @cmp_fn: says nonzero for the one; called with interrupts off
 *
 * Context: any.
 * Return: the command without a reference, or NULL.
 */
struct scst_cmd *scst_find_cmd(struct scst_session *pub, void *data,
			       int (*cmp_fn)(struct scst_cmd *cmd, void *data))
{
	struct scst_cmd *found = NULL;
	struct dbl_cmd *cmd;
	unsigned long flags;

	if (!dbl_sess_is_valid(pub, __func__))
		return NULL;
	spin_lock_irqsave(&dbl_lock, flags);
	list_for_each_entry(cmd, &dbl_sess_of(pub)->cmds, entry)
		if (!found && cmp_fn(&cmd->pub, data))
			found = &cmd->pub;
	spin_unlock_irqrestore(&dbl_lock, flags);
	return found;
}
EXPORT_SYMBOL_GPL(scst_find_cmd);

static int cmd_has_tag(struct scst_cmd *cmd, void *tag)
{
	return cmd->tag == *(uint64_t *)tag;
}

/**
 * scst_find_cmd_by_tag() - Find a command of a session by its tag.
 * @pub: session
 * @tag: tag
 *
 * Context: any.
 * Return: the command without a reference, or NULL.
 */
struct scst_cmd *scst_find_cmd_by_tag(struct scst_session *pub, uint64_t tag)
{
	return scst_find_cmd(pub, &tag, cmd_has_tag);
}
EXPORT_SYMBOL_GPL(scst_find_cmd_by_tag);

/**
 * scst_unpack_lun() - Decode a LUN.
 * @lun: bytes as the initiator sent them
 * @len: 8 or 2
 *
 * Context: any.
 * Return: the number, U64_MAX if it has several levels or another form.
 * Source: SAM-5 4.7.
 */
uint64_t scst_unpack_lun(const uint8_t *lun, int len)
{
	static const u8 zero[6];

	if (len != 2 && (len != 8 || memcmp(lun + 2, zero, sizeof(zero))))
		return U64_MAX;
	if (lun[0] >> 6 == SCST_LUN_ADDR_METHOD_EXTENDED_LUN)
		return U64_MAX;
	return (lun[0] & 0x3f) << 8 | lun[1];
}
EXPORT_SYMBOL_GPL(scst_unpack_lun);

/**
 * dbl_cmd_exit() - Free the quarantine.
 *
 * Context: process; no command is left.
 */
void dbl_cmd_exit(void)
{
	struct dbl_cmd *cmd, *next;

	list_for_each_entry_safe(cmd, next, &quarantine, queue)
		cmd_free(cmd);
}
