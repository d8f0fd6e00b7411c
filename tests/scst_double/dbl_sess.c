// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions: an initiator at a target port, from registration to its end.
 *
 * STATES
 *   INIT --(thread)--> READY or FAILED --(driver)--> UNREG --> GONE
 *   Commands and functions that come in INIT wait. UNREG ends when the last
 *   command and the last function have ended.
 */
#include "dbl.h"

#include <linux/delay.h>
#include <linux/slab.h>

/* Ended sessions whose memory a late call can still name. */
#define SESS_QUARANTINE 32

static LIST_HEAD(quarantine); /* protected by dbl_lock */
static unsigned int nr_quarantine; /* protected by dbl_lock */

static void sess_free(struct dbl_sess *sess)
{
	kfree(sess->pub.initiator_name);
	kfree(sess);
}

static void sess_init_work(struct work_struct *work);
static void sess_end_work(struct work_struct *work);

static struct dbl_sess *sess_alloc(struct dbl_tgt *tgt, const char *name,
				   void *priv, gfp_t gfp)
{
	struct dbl_sess *sess = kzalloc(sizeof(*sess), gfp);

	if (!sess)
		return NULL;
	sess->pub.initiator_name = kstrdup(name, gfp);
	if (!sess->pub.initiator_name) {
		kfree(sess);
		return NULL;
	}
	sess->magic = DBL_MAGIC_SESS;
	sess->pub.tgt = &tgt->pub;
	sess->pub.tgt_priv = priv;
	sess->initial_ua = (struct dbl_ua){ .asc = 0x29 };
	INIT_LIST_HEAD(&sess->nexuses);
	INIT_LIST_HEAD(&sess->cmds);
	INIT_LIST_HEAD(&sess->waiting);
	INIT_LIST_HEAD(&sess->mwaiting);
	INIT_WORK(&sess->init_work, sess_init_work);
	INIT_WORK(&sess->end_work, sess_end_work);
	init_completion(&sess->gone);
	return sess;
}

/* The eight bytes of a colon-separated port name, or 0. */
static u64 name_to_wwn(const char *name)
{
	u8 b[8];

	if (strlen(name) != 23 ||
	    sscanf(name, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx",
		   &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &b[6], &b[7]) != 8)
		return 0;
	return dbl_get_be64(b);
}

static void sess_ask_tid(struct dbl_sess *sess)
{
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	u64 wwn = name_to_wwn(sess->pub.initiator_name);
	u8 wanted[DBL_TID_LEN] = { 0 };
	uint8_t *tid = NULL;
	int err;

	if (!vtt->get_initiator_port_transport_id)
		return;
	err = vtt->get_initiator_port_transport_id(&tgt->pub, &sess->pub, &tid);
	if (err || !tid) {
		dbl_break(DBL_RULE_TID, "session %s: %d, no transport id",
			  sess->pub.initiator_name, err);
		return;
	}
	if (!virt_addr_valid(tid) || ksize(tid) < DBL_TID_LEN) {
		dbl_break(DBL_RULE_TID,
			  "session %s: id is not 24 bytes of kmalloc()",
			  sess->pub.initiator_name);
		return;
	}
	memcpy(sess->tid, tid, DBL_TID_LEN);
	dbl_put_be64(wwn, wanted + 8);
	if (wwn && memcmp(sess->tid, wanted, DBL_TID_LEN))
		dbl_break(DBL_RULE_TID, "session %s: id is %*phN",
			  sess->pub.initiator_name, DBL_TID_LEN, tid);
	kfree(tid);
}

/* Give the session its group, LUNs, name for reservations and directory. */
static int sess_set_up(struct dbl_sess *sess)
{
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	struct dbl_nexus *nexus;
	int err;

	mutex_lock(&dbl_mutex);
	sess->acg = dbl_acg_match(tgt, sess->pub.initiator_name);
	sess_ask_tid(sess);
	dbl_sess_rebuild(sess, false);
	spin_lock_irq(&dbl_lock);
	list_for_each_entry(nexus, &sess->nexuses, entry)
		dbl_ua_add_locked(nexus, sess->initial_ua.asc,
				  sess->initial_ua.ascq);
	spin_unlock_irq(&dbl_lock);
	err = dbl_sysfs_add_sess(sess);
	mutex_unlock(&dbl_mutex);
	return err;
}

/* The session is ready or has failed: what has waited goes on. */
static void sess_release_waiting(struct dbl_sess *sess, int err)
{
	struct dbl_cmd *cmd, *next;
	struct dbl_mcmd *mcmd, *mnext;
	LIST_HEAD(cmds);
	LIST_HEAD(mcmds);

	spin_lock_irq(&dbl_lock);
	if (sess->state == DBL_SESS_INIT)
		sess->state = err ? DBL_SESS_FAILED : DBL_SESS_READY;
	list_splice_init(&sess->waiting, &cmds);
	list_splice_init(&sess->mwaiting, &mcmds);
	spin_unlock_irq(&dbl_lock);
	list_for_each_entry_safe(cmd, next, &cmds, queue) {
		list_del_init(&cmd->queue);
		dbl_cmd_undefer(cmd);
	}
	list_for_each_entry_safe(mcmd, mnext, &mcmds, queue) {
		list_del_init(&mcmd->queue);
		dbl_tmf_start(mcmd);
	}
}

static void sess_init_work(struct work_struct *work)
{
	struct dbl_sess *sess = container_of(work, struct dbl_sess, init_work);
	int err;

	msleep(dbl_sess_delay_ms());
	err = dbl_sess_fails() ? -ENOMEM : sess_set_up(sess);
	sess_release_waiting(sess, err);
	if (sess->result_fn)
		sess->result_fn(&sess->pub, sess->result_data, err);
	if (dbl_is_atomic())
		dbl_break(DBL_RULE_CALLBACK,
			  "a session's result function left it atomic");
}

/**
 * scst_register_session() - An initiator appears.
 * @pub:            target
 * @atomic:         do not sleep; the end is told by @result_fn
 * @initiator_name: its name, copied
 * @tgt_priv:       the driver's
 * @result_fn_data: argument of @result_fn
 * @result_fn:      called at the end of an atomic registration
 *
 * Context: any with @atomic, else process.
 * Return: the session, or NULL.
 */
struct scst_session *scst_register_session(
	struct scst_tgt *pub, int atomic, const char *initiator_name,
	void *tgt_priv, void *result_fn_data,
	void (*result_fn)(struct scst_session *sess, void *data, int result))
{
	struct dbl_tgt *tgt = dbl_tgt_of(pub);
	struct dbl_sess *sess;

	if (!dbl_tgt_is_valid(pub, __func__))
		return NULL;
	if (!atomic)
		dbl_must_sleep(__func__);
	if (tgt->releasing) {
		dbl_break(DBL_RULE_ORDER,
			  "session %s at target %s, which is going",
			  initiator_name, pub->tgt_name);
		return NULL;
	}
	sess = sess_alloc(tgt, initiator_name, tgt_priv,
			  atomic || dbl_is_atomic() ? GFP_ATOMIC : GFP_KERNEL);
	if (!sess)
		return NULL;
	sess->result_fn = atomic ? result_fn : NULL;
	sess->result_data = result_fn_data;
	scoped_guard(spinlock_irqsave, &dbl_lock)
		list_add_tail(&sess->entry, &tgt->sessions);
	if (atomic || dbl_is_atomic()) {
		dbl_ctx_mgmt(&sess->init_work);
		return &sess->pub;
	}
	sess_release_waiting(sess, sess_set_up(sess));
	if (sess->state != DBL_SESS_FAILED)
		return &sess->pub;
	scst_unregister_session(&sess->pub, 1, NULL);
	return NULL;
}
EXPORT_SYMBOL_GPL(scst_register_session);

/**
 * dbl_sess_is_valid() - May the driver name this session?
 * @pub: what it passed
 * @who: name of the call
 *
 * Context: any.
 * Return: true if it may; else rule 5 has been reported.
 */
bool dbl_sess_is_valid(const struct scst_session *pub, const char *who)
{
	const struct dbl_sess *sess = container_of(pub, struct dbl_sess, pub);

	if (!pub || sess->magic != DBL_MAGIC_SESS) {
		dbl_break(DBL_RULE_DEAD_SESS, "%s() without a session", who);
		return false;
	}
	if (READ_ONCE(sess->state) < DBL_SESS_UNREG)
		return true;
	dbl_break(DBL_RULE_DEAD_SESS, "%s() for session %s, which is %s", who,
		  pub->initiator_name,
		  sess->state == DBL_SESS_GONE ? "gone" : "being unregistered");
	return false;
}

static void sess_check_end_locked(struct dbl_sess *sess)
{
	lockdep_assert_held(&dbl_lock);
	if (sess->state != DBL_SESS_UNREG || sess->end_queued ||
	    sess->nr_cmds || sess->nr_mcmds)
		return;
	sess->end_queued = true;
	dbl_ctx_mgmt(&sess->end_work);
}

/**
 * dbl_sess_put_cmd_locked() - A command or function of a session has ended.
 * @sess: session; its counter has been decremented
 *
 * Context: dbl_lock is held.
 */
void dbl_sess_put_cmd_locked(struct dbl_sess *sess)
{
	sess_check_end_locked(sess);
}

/**
 * scst_unregister_session() - An initiator goes.
 * @pub:           session
 * @wait:          return when it has gone
 * @unreg_done_fn: told when it has gone, or NULL
 *
 * Context: any; process with @wait.
 */
void scst_unregister_session(struct scst_session *pub, int wait,
			     void (*unreg_done_fn)(struct scst_session *sess))
{
	struct dbl_sess *sess = dbl_sess_of(pub);
	DECLARE_COMPLETION_ONSTACK(waiter);
	struct dbl_cmd *cmd;
	unsigned long flags;
	LIST_HEAD(cmds);

	if (!dbl_sess_is_valid(pub, __func__))
		return;
	if (wait)
		dbl_must_sleep(__func__);
	spin_lock_irqsave(&dbl_lock, flags);
	sess->done_fn = unreg_done_fn;
	sess->waiter = wait ? &waiter : NULL;
	sess->unreg_at = jiffies;
	/* The end waits for the commands that are aborted just below. */
	sess->nr_cmds++;
	sess->state = DBL_SESS_UNREG;
	list_for_each_entry(cmd, &sess->cmds, entry)
		dbl_tmf_mark_locked(cmd, NULL, &cmds);
	spin_unlock_irqrestore(&dbl_lock, flags);
	dbl_tmf_abort(&cmds);
	spin_lock_irqsave(&dbl_lock, flags);
	sess->nr_cmds--;
	sess_check_end_locked(sess);
	spin_unlock_irqrestore(&dbl_lock, flags);
	if (wait)
		wait_for_completion(&waiter);
}
EXPORT_SYMBOL_GPL(scst_unregister_session);

static void sess_quarantine(struct dbl_sess *sess)
{
	struct dbl_sess *oldest = NULL;

	spin_lock_irq(&dbl_lock);
	list_add_tail(&sess->entry, &quarantine);
	if (++nr_quarantine > SESS_QUARANTINE) {
		oldest = list_first_entry(&quarantine, struct dbl_sess, entry);
		list_del(&oldest->entry);
		nr_quarantine--;
	}
	spin_unlock_irq(&dbl_lock);
	if (oldest)
		sess_free(oldest);
}

static void sess_end_work(struct work_struct *work)
{
	struct dbl_sess *sess = container_of(work, struct dbl_sess, end_work);
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	struct completion *waiter = sess->waiter;
	struct dbl_nexus *nexus, *next;
	struct dbl_dev *dev;
	LIST_HEAD(nexuses);

	mutex_lock(&dbl_mutex);
	dbl_sysfs_del_sess(sess);
	spin_lock_irq(&dbl_lock);
	list_splice_init(&sess->nexuses, &nexuses);
	list_for_each_entry(dev, &dbl_devs, entry)
		if (dev->reserved_by == sess)
			dev->reserved_by = NULL;
	spin_unlock_irq(&dbl_lock);
	mutex_unlock(&dbl_mutex);
	list_for_each_entry_safe(nexus, next, &nexuses, entry)
		kfree(nexus);
	if (sess->done_fn)
		sess->done_fn(&sess->pub);
	if (dbl_is_atomic())
		dbl_break(DBL_RULE_CALLBACK,
			  "a session's end function left it atomic");
	/* Whoever walks the sessions of a target has the mutex or the lock. */
	mutex_lock(&dbl_mutex);
	spin_lock_irq(&dbl_lock);
	sess->state = DBL_SESS_GONE;
	list_del(&sess->entry);
	if (list_empty(&tgt->sessions))
		wake_up_all(&tgt->no_sess);
	spin_unlock_irq(&dbl_lock);
	mutex_unlock(&dbl_mutex);
	sess_quarantine(sess);
	if (waiter)
		complete(waiter);
}

/**
 * dbl_sess_nexus_locked() - Find a LUN of a session.
 * @sess: session
 * @lun:  number
 *
 * Context: dbl_lock is held.
 * Return: the nexus, or NULL.
 */
struct dbl_nexus *dbl_sess_nexus_locked(struct dbl_sess *sess, u64 lun)
{
	struct dbl_nexus *nexus;

	lockdep_assert_held(&dbl_lock);
	list_for_each_entry(nexus, &sess->nexuses, entry)
		if (nexus->lun->lun == lun)
			return nexus;
	return NULL;
}

static struct dbl_nexus *nexus_of(struct dbl_sess *sess, struct dbl_lun *lun)
{
	struct dbl_nexus *nexus;

	list_for_each_entry(nexus, &sess->nexuses, entry)
		if (nexus->lun == lun)
			return nexus;
	return NULL;
}

/**
 * dbl_sess_rebuild() - Bring a session's LUNs in line with its group's map.
 * @sess: session that has a group
 * @tell: queue "reported LUNs data has changed" on every LUN
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sess_rebuild(struct dbl_sess *sess, bool tell)
{
	struct dbl_nexus *nexus, *next;
	struct dbl_lun *lun;
	LIST_HEAD(old);

	lockdep_assert_held(&dbl_mutex);
	spin_lock_irq(&dbl_lock);
	list_for_each_entry_safe(nexus, next, &sess->nexuses, entry)
		if (nexus->lun->acg != sess->acg)
			list_move(&nexus->entry, &old);
	spin_unlock_irq(&dbl_lock);
	list_for_each_entry(lun, &sess->acg->luns, entry) {
		if (nexus_of(sess, lun))
			continue;
		nexus = kzalloc(sizeof(*nexus), GFP_KERNEL);
		if (!nexus)
			continue;
		nexus->lun = lun;
		spin_lock_irq(&dbl_lock);
		list_add_tail(&nexus->entry, &sess->nexuses);
		spin_unlock_irq(&dbl_lock);
	}
	if (tell) {
		spin_lock_irq(&dbl_lock);
		list_for_each_entry(nexus, &sess->nexuses, entry)
			dbl_ua_add_locked(nexus, 0x3f, 0x0e);
		spin_unlock_irq(&dbl_lock);
	}
	list_for_each_entry_safe(nexus, next, &old, entry)
		kfree(nexus);
}

/**
 * scst_set_initial_UA() - Choose the first unit attention of a session.
 * @pub:  session
 * @key:  UNIT ATTENTION
 * @asc:  additional sense code
 * @ascq: its qualifier
 *
 * Context: any.
 */
void scst_set_initial_UA(struct scst_session *pub, int key, int asc, int ascq)
{
	struct dbl_sess *sess = dbl_sess_of(pub);
	struct dbl_nexus *nexus;
	unsigned long flags;

	if (!dbl_sess_is_valid(pub, __func__))
		return;
	spin_lock_irqsave(&dbl_lock, flags);
	list_for_each_entry(nexus, &sess->nexuses, entry) {
		dbl_ua_drop_locked(nexus, sess->initial_ua.asc,
				   sess->initial_ua.ascq);
		dbl_ua_add_locked(nexus, asc, ascq);
	}
	sess->initial_ua = (struct dbl_ua){ .asc = asc, .ascq = ascq };
	spin_unlock_irqrestore(&dbl_lock, flags);
}
EXPORT_SYMBOL_GPL(scst_set_initial_UA);

/**
 * scst_initiator_has_luns() - Would this initiator see anything?
 * @pub:            target
 * @initiator_name: its name
 *
 * Context: process.
 * Return: true if its group's map is not empty.
 */
bool scst_initiator_has_luns(struct scst_tgt *pub, const char *initiator_name)
{
	guard(mutex)(&dbl_mutex);
	return !list_empty(
		&dbl_acg_match(dbl_tgt_of(pub), initiator_name)->luns);
}
EXPORT_SYMBOL_GPL(scst_initiator_has_luns);

static struct dbl_cmd *held_cmd_locked(struct dbl_sess *sess)
{
	struct dbl_cmd *cmd;

	list_for_each_entry(cmd, &sess->cmds, entry)
		if (cmd->state == DBL_CMD_DATA || cmd->state == DBL_CMD_SEND)
			return cmd;
	return NULL;
}

static void sess_check_held_locked(struct dbl_sess *sess)
{
	struct dbl_cmd *cmd;

	lockdep_assert_held(&dbl_lock);
	if (sess->state != DBL_SESS_UNREG || !sess->nr_cmds ||
	    sess->held_told ||
	    time_before(jiffies, sess->unreg_at + dbl_held_s() * HZ))
		return;
	sess->held_told = true;
	cmd = held_cmd_locked(sess);
	dbl_break(DBL_RULE_HELD,
		  "session %s ends, command %#llx is kept in state %s",
		  sess->pub.initiator_name, cmd ? cmd->pub.tag : 0,
		  dbl_cmd_state_name(cmd ? cmd->state : DBL_CMD_NEW));
}

/**
 * dbl_sess_check_held() - Look for commands that drivers have kept too long.
 *
 * Context: process.
 */
void dbl_sess_check_held(void)
{
	struct dbl_tgtt *tgtt;
	struct dbl_sess *sess;
	struct dbl_tgt *tgt;

	mutex_lock(&dbl_mutex);
	spin_lock_irq(&dbl_lock);
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry)
			list_for_each_entry(sess, &tgt->sessions, entry)
				sess_check_held_locked(sess);
	spin_unlock_irq(&dbl_lock);
	mutex_unlock(&dbl_mutex);
}

/**
 * dbl_sess_exit() - Free the quarantine.
 *
 * Context: process; no session is left.
 */
void dbl_sess_exit(void)
{
	struct dbl_sess *sess, *next;

	list_for_each_entry_safe(sess, next, &quarantine, entry)
		sess_free(sess);
}
