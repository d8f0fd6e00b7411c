// SPDX-License-Identifier: GPL-2.0
/* Templates and target ports. */
#include "dbl.h"

#include <linux/slab.h>

LIST_HEAD(dbl_tgtts);

static u16 next_rel_tgt_id = 1; /* protected by dbl_mutex */

static bool template_is_bad(const struct scst_tgt_template *vtt,
			    const char *version)
{
	const char *why = NULL;

	if (!version || strcmp(version, SCST_INTERFACE_VERSION))
		why = "compiled against another header";
	else if (!vtt->name[0] || !memchr(vtt->name, 0, SCST_MAX_NAME))
		why = "name is empty or too long";
	else if (!vtt->release)
		why = "release() is missing";
	else if (!vtt->xmit_response)
		why = "xmit_response() is missing";
	else if (!vtt->add_target != !vtt->del_target)
		why = "add_target() and del_target() come in pairs";
	else if (!vtt->enable_target != !vtt->is_target_enabled)
		why = "enable_target() and is_target_enabled() come in pairs";
	else if (vtt->sg_tablesize <= 0)
		why = "sg_tablesize is not positive";
	else if (vtt->threads_num < 0)
		why = "threads_num is negative";
	else if (vtt->tgtt_dir || vtt->tgt_list.next ||
		 vtt->scst_template_list_entry.next)
		why = "private fields are not zero";
	else if (vtt->unchecked_isa_dma || vtt->tgt_alloc_data_buf ||
		 vtt->preprocessing_done || vtt->pre_exec || vtt->get_serial)
		why = "asks for what the double does not have";
	if (!why)
		return false;
	dbl_break(DBL_RULE_TEMPLATE, "template %.49s: %s", vtt->name, why);
	return true;
}

/**
 * __scst_register_target_template() - A driver introduces itself.
 * @vtt:     its template, static storage
 * @version: SCST_INTERFACE_VERSION as the driver was compiled
 *
 * Context: process.
 * Return: 0; -EINVAL: rule 1; -ENOMEM; -EEXIST.
 */
int __scst_register_target_template(struct scst_tgt_template *vtt,
				    const char *version)
{
	struct dbl_tgtt *tgtt, *other;
	int err;

	dbl_must_sleep(__func__);
	if (template_is_bad(vtt, version))
		return -EINVAL;
	if (!vtt->get_initiator_port_transport_id)
		pr_warn("scst_double: %s: no persistent reservations\n",
			vtt->name);
	tgtt = kzalloc(sizeof(*tgtt), GFP_KERNEL);
	if (!tgtt)
		return -ENOMEM;
	tgtt->vtt = vtt;
	INIT_LIST_HEAD(&tgtt->tgts);
	mutex_lock(&dbl_mutex);
	err = -EEXIST;
	list_for_each_entry(other, &dbl_tgtts, entry)
		if (!strcmp(other->vtt->name, vtt->name))
			goto err_free;
	err = dbl_sysfs_add_tgtt(tgtt);
	if (err)
		goto err_free;
	list_add_tail(&tgtt->entry, &dbl_tgtts);
	vtt->tgtt_dir = tgtt;
	mutex_unlock(&dbl_mutex);
	return 0;

err_free:
	mutex_unlock(&dbl_mutex);
	kfree(tgtt);
	return err;
}
EXPORT_SYMBOL_GPL(__scst_register_target_template);

/**
 * scst_unregister_target_template() - A driver goes.
 * @vtt: its template
 *
 * Context: process.
 */
void scst_unregister_target_template(struct scst_tgt_template *vtt)
{
	struct dbl_tgtt *tgtt = vtt->tgtt_dir;
	struct dbl_tgt *tgt;

	dbl_must_sleep(__func__);
	if (!tgtt) {
		dbl_break(DBL_RULE_ORDER, "template %s is not registered",
			  vtt->name);
		return;
	}
	for (;;) {
		mutex_lock(&dbl_mutex);
		tgt = list_first_entry_or_null(&tgtt->tgts, struct dbl_tgt,
					       entry);
		mutex_unlock(&dbl_mutex);
		if (!tgt)
			break;
		dbl_break(DBL_RULE_ORDER, "template %s goes before target %s",
			  vtt->name, tgt->pub.tgt_name);
		scst_unregister_target(&tgt->pub);
	}
	mutex_lock(&dbl_mutex);
	list_del(&tgtt->entry);
	mutex_unlock(&dbl_mutex);
	dbl_dir_del(tgtt->dir);
	vtt->tgtt_dir = NULL;
	kfree(tgtt);
}
EXPORT_SYMBOL_GPL(scst_unregister_target_template);

static void tgt_free(struct dbl_tgt *tgt)
{
	tgt->magic = 0;
	kfree(tgt->pub.tgt_name);
	kfree(tgt);
}

static bool tgt_name_is_known(struct dbl_tgtt *tgtt, const char *name)
{
	struct dbl_tgt *tgt;

	list_for_each_entry(tgt, &tgtt->tgts, entry)
		if (!strcmp(tgt->pub.tgt_name, name))
			return true;
	return false;
}

static void tgt_ask_protocol(struct dbl_tgt *tgt)
{
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	int proto;

	if (!vtt->get_initiator_port_transport_id)
		return;
	proto = vtt->get_initiator_port_transport_id(&tgt->pub, NULL, NULL);
	if (proto < 0 || proto > 15)
		dbl_break(DBL_RULE_TID,
			  "target %s: protocol id %d without a session",
			  tgt->pub.tgt_name, proto);
}

/**
 * scst_register_target() - A port appears.
 * @vtt:         its driver's template
 * @target_name: name in sysfs
 *
 * Context: process.
 * Return: the target, or NULL.
 */
struct scst_tgt *scst_register_target(struct scst_tgt_template *vtt,
				      const char *target_name)
{
	struct dbl_tgtt *tgtt = vtt->tgtt_dir;
	struct dbl_tgt *tgt;

	dbl_must_sleep(__func__);
	if (!tgtt || !target_name) {
		dbl_break(DBL_RULE_TEMPLATE, "target without %s",
			  tgtt ? "a name" : "a registered template");
		return NULL;
	}
	tgt = kzalloc(sizeof(*tgt), GFP_KERNEL);
	if (!tgt)
		return NULL;
	tgt->pub.tgt_name = kstrdup(target_name, GFP_KERNEL);
	if (!tgt->pub.tgt_name)
		goto err_free;
	tgt->magic = DBL_MAGIC_TGT;
	tgt->pub.sg_tablesize = vtt->sg_tablesize;
	tgt->tgtt = tgtt;
	init_completion(&tgt->gone);
	INIT_LIST_HEAD(&tgt->acgs);
	INIT_LIST_HEAD(&tgt->sessions);
	INIT_LIST_HEAD(&tgt->retry);
	INIT_DELAYED_WORK(&tgt->retry_work, dbl_xfer_retry);
	init_waitqueue_head(&tgt->no_sess);
	dbl_acg_init(&tgt->acg, tgt, "");
	tgt->acg.addr_method = vtt->preferred_addr_method;
	mutex_lock(&dbl_mutex);
	if (tgt_name_is_known(tgtt, target_name) || dbl_sysfs_add_tgt(tgt))
		goto err_unlock;
	spin_lock_irq(&dbl_lock);
	list_add_tail(&tgt->entry, &tgtt->tgts);
	spin_unlock_irq(&dbl_lock);
	mutex_unlock(&dbl_mutex);
	return &tgt->pub;

err_unlock:
	mutex_unlock(&dbl_mutex);
err_free:
	tgt_free(tgt);
	return NULL;
}
EXPORT_SYMBOL_GPL(scst_register_target);

/**
 * dbl_tgt_is_valid() - Is this a target of ours?
 * @tgt: what the driver passed
 * @who: name of the call
 *
 * Context: any.
 * Return: true if it is; else rule 2 has been reported.
 */
bool dbl_tgt_is_valid(const struct scst_tgt *tgt, const char *who)
{
	if (tgt &&
	    container_of(tgt, struct dbl_tgt, pub)->magic == DBL_MAGIC_TGT)
		return true;
	dbl_break(DBL_RULE_ORDER, "%s() for a target that is not registered",
		  who);
	return false;
}

/* A driver that has not ended its sessions in release() never will. */
static void tgt_wait_sess(struct dbl_tgt *tgt)
{
	struct dbl_sess *sess, *left;

	while (!wait_event_timeout(tgt->no_sess, list_empty(&tgt->sessions),
				   dbl_held_s() * HZ)) {
		left = NULL;
		spin_lock_irq(&dbl_lock);
		list_for_each_entry(sess, &tgt->sessions, entry)
			if (sess->state != DBL_SESS_UNREG)
				left = sess;
		spin_unlock_irq(&dbl_lock);
		if (!left)
			continue;
		dbl_break(DBL_RULE_ORDER,
			  "target %s released with session %s left",
			  tgt->pub.tgt_name, left->pub.initiator_name);
		scst_unregister_session(&left->pub, 0, NULL);
	}
}

static void tgt_check_sess(struct dbl_tgt *tgt)
{
	struct dbl_sess *sess;
	unsigned int nr = 0;

	spin_lock_irq(&dbl_lock);
	list_for_each_entry(sess, &tgt->sessions, entry)
		if (sess->state != DBL_SESS_UNREG)
			nr++;
	spin_unlock_irq(&dbl_lock);
	if (nr)
		pr_info("scst_double: %s: %u sessions when release() returned\n",
			tgt->pub.tgt_name, nr);
}

/**
 * scst_unregister_target() - A port goes.
 * @pub: the target; gone when this returns
 *
 * Context: process.
 */
void scst_unregister_target(struct scst_tgt *pub)
{
	struct dbl_tgt *tgt = dbl_tgt_of(pub);
	struct dbl_acg *acg, *next;

	dbl_must_sleep(__func__);
	if (!dbl_tgt_is_valid(pub, __func__))
		return;
	if (tgt->releasing) {
		dbl_break(DBL_RULE_ORDER, "target %s is unregistered twice",
			  pub->tgt_name);
		return;
	}
	tgt->releasing = true;
	/* No file may be in use during or after release(). */
	kobject_del(&pub->tgt_kobj);
	tgt->tgtt->vtt->release(pub);
	tgt_check_sess(tgt);
	tgt_wait_sess(tgt);
	mutex_lock(&dbl_mutex);
	list_for_each_entry_safe(acg, next, &tgt->acgs, entry)
		dbl_acg_del(acg);
	dbl_acg_clear(&tgt->acg);
	spin_lock_irq(&dbl_lock);
	list_del(&tgt->entry);
	spin_unlock_irq(&dbl_lock);
	mutex_unlock(&dbl_mutex);
	cancel_delayed_work_sync(&tgt->retry_work);
	dbl_sysfs_del_tgt(tgt);
	tgt_free(tgt);
}
EXPORT_SYMBOL_GPL(scst_unregister_target);

static int tgt_new_id(struct dbl_tgt *tgt)
{
	if (tgt->pub.rel_tgt_id)
		return 0;
	mutex_lock(&dbl_mutex);
	while (!next_rel_tgt_id || dbl_tgt_find_id(next_rel_tgt_id))
		next_rel_tgt_id++;
	tgt->pub.rel_tgt_id = next_rel_tgt_id;
	mutex_unlock(&dbl_mutex);
	return 0;
}

/**
 * dbl_tgt_find_id() - Find a target by its relative port id.
 * @id: 1..65535
 *
 * Context: dbl_mutex is held.
 * Return: the target or NULL.
 */
struct dbl_tgt *dbl_tgt_find_id(u16 id)
{
	struct dbl_tgtt *tgtt;
	struct dbl_tgt *tgt;

	lockdep_assert_held(&dbl_mutex);
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry)
			if (tgt->pub.rel_tgt_id == id)
				return tgt;
	return NULL;
}

/**
 * dbl_tgt_enable() - Switch a port on or off.
 * @tgt: target
 * @on:  wanted
 *
 * Context: process in the management thread, without dbl_mutex.
 * Return: what the driver said.
 */
int dbl_tgt_enable(struct dbl_tgt *tgt, bool on)
{
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	bool was = vtt->is_target_enabled(&tgt->pub);
	bool is;
	int err;

	tgt_ask_protocol(tgt);
	if (on)
		tgt_new_id(tgt);
	err = vtt->enable_target(&tgt->pub, on);
	if (dbl_is_atomic())
		dbl_break(DBL_RULE_CALLBACK,
			  "enable_target() left the context atomic");
	is = vtt->is_target_enabled(&tgt->pub);
	if (!err && is != on)
		dbl_break(DBL_RULE_ENABLE,
			  "%s: enable_target(%d) succeeded, enabled is %d",
			  tgt->pub.tgt_name, on, is);
	else if (err && was != on && is == on)
		dbl_break(DBL_RULE_ENABLE,
			  "%s: enable_target(%d) failed by %d, enabled is %d",
			  tgt->pub.tgt_name, on, err, is);
	else if (err > 0)
		dbl_break(DBL_RULE_ENABLE, "%s: enable_target(%d) returned %d",
			  tgt->pub.tgt_name, on, err);
	if (!err)
		tgt->enabled = on;
	return err > 0 ? -EIO : err;
}

/**
 * dbl_tgt_exit() - Tell of templates that are left.
 *
 * Context: process.
 */
void dbl_tgt_exit(void)
{
	struct dbl_tgtt *tgtt;

	/* The memory of a template went with its module. */
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		dbl_break(DBL_RULE_ORDER, "a template was never unregistered");
}
