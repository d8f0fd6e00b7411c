// SPDX-License-Identifier: GPL-2.0
/* sysfs: targets/, their sessions/ and the files of both. */
#include "dbl.h"

#include <linux/slab.h>

static struct dbl_tgt *tgt_of_kobj(struct kobject *kobj)
{
	return container_of(kobj, struct dbl_tgt, pub.tgt_kobj);
}

static struct dbl_sess *sess_of_kobj(struct kobject *kobj)
{
	return container_of(kobj, struct dbl_sess, pub.sess_kobj);
}

static void tgt_release(struct kobject *kobj)
{
	complete_all(&tgt_of_kobj(kobj)->gone);
}

static void sess_release(struct kobject *kobj)
{
	complete_all(&sess_of_kobj(kobj)->gone);
}

static const struct kobj_type tgt_type = {
	.release = tgt_release,
	.sysfs_ops = &kobj_sysfs_ops,
};

static const struct kobj_type sess_type = {
	.release = sess_release,
	.sysfs_ops = &kobj_sysfs_ops,
};

/**
 * dbl_sysfs_add_tgtt() - Make a driver's directory.
 * @tgtt: template
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_tgtt(struct dbl_tgtt *tgtt)
{
	const struct attribute **attrs = tgtt->vtt->tgtt_attrs;

	tgtt->dir = dbl_dir_add(dbl_sysfs_targets(), tgtt,
				(const struct attribute *const *)attrs,
				tgtt->vtt->name);
	return PTR_ERR_OR_ZERO(tgtt->dir);
}

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	struct dbl_tgt *tgt = tgt_of_kobj(kobj);

	return sysfs_emit(buf, "%d\n",
			  tgt->tgtt->vtt->is_target_enabled(&tgt->pub));
}

struct enable_call {
	struct dbl_tgt *tgt;
	bool on;
};

static int enable_in_thread(void *arg)
{
	struct enable_call *call = arg;

	return dbl_tgt_enable(call->tgt, call->on);
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *buf, size_t len)
{
	struct enable_call call = { .tgt = tgt_of_kobj(kobj) };
	int err;

	if (buf[0] != '0' && buf[0] != '1')
		return -EINVAL;
	call.on = buf[0] == '1';
	err = dbl_ctx_uid(enable_in_thread, &call);
	return err ?: (ssize_t)len;
}

static ssize_t rel_tgt_id_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	u16 id = tgt_of_kobj(kobj)->pub.rel_tgt_id;

	return dbl_emit_key(buf, sysfs_emit(buf, "%u\n", id), id);
}

static ssize_t rel_tgt_id_store(struct kobject *kobj,
				struct kobj_attribute *attr, const char *buf,
				size_t len)
{
	struct dbl_tgt *tgt = tgt_of_kobj(kobj), *other;
	u16 id;
	int err = kstrtou16(buf, 0, &id);

	if (err)
		return err;
	err = dbl_lock_config();
	if (err)
		return err;
	other = id ? dbl_tgt_find_id(id) : NULL;
	if (other && other != tgt)
		err = -EINVAL;
	else
		tgt->pub.rel_tgt_id = id;
	mutex_unlock(&dbl_mutex);
	return err ?: (ssize_t)len;
}

static ssize_t comment_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	const char *text = tgt_of_kobj(kobj)->comment;

	return dbl_emit_key(buf, sysfs_emit(buf, "%s\n", text), *text);
}

static ssize_t comment_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *buf, size_t len)
{
	struct dbl_tgt *tgt = tgt_of_kobj(kobj);
	int err = dbl_lock_config();

	if (err)
		return err;
	snprintf(tgt->comment, sizeof(tgt->comment), "%.*s",
		 (int)strcspn(buf, "\n"), buf);
	mutex_unlock(&dbl_mutex);
	return len;
}

static ssize_t sg_tablesize_show(struct kobject *kobj,
				 struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", tgt_of_kobj(kobj)->pub.sg_tablesize);
}

static struct kobj_attribute enabled_attr = __ATTR_RW(enabled);
static struct kobj_attribute rel_tgt_id_attr = __ATTR_RW(rel_tgt_id);
static struct kobj_attribute comment_attr = __ATTR_RW(comment);
static struct kobj_attribute sg_tablesize_attr = __ATTR_RO(sg_tablesize);

static const struct attribute *const tgt_attrs[] = {
	&rel_tgt_id_attr.attr,
	&comment_attr.attr,
	&sg_tablesize_attr.attr,
	NULL,
};

static int fill_tgt(struct dbl_tgt *tgt)
{
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	struct kobject *kobj = &tgt->pub.tgt_kobj;
	int err;

	tgt->sess_dir = dbl_dir_add(kobj, tgt, NULL, "sessions");
	if (IS_ERR(tgt->sess_dir)) {
		err = PTR_ERR(tgt->sess_dir);
		tgt->sess_dir = NULL;
		return err;
	}
	tgt->acgs_dir = dbl_dir_add(kobj, tgt, dbl_acgs_attrs, "ini_groups");
	if (IS_ERR(tgt->acgs_dir)) {
		err = PTR_ERR(tgt->acgs_dir);
		tgt->acgs_dir = NULL;
		return err;
	}
	err = dbl_sysfs_add_acg(&tgt->acg);
	if (!err)
		err = dbl_files_add(kobj, tgt_attrs);
	if (!err && vtt->enable_target)
		err = sysfs_create_file(kobj, &enabled_attr.attr);
	if (!err)
		err = dbl_files_add(
			kobj, (const struct attribute *const *)vtt->tgt_attrs);
	return err;
}

/**
 * dbl_sysfs_add_tgt() - Make a target's directory.
 * @tgt: target
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_tgt(struct dbl_tgt *tgt)
{
	int err = kobject_init_and_add(&tgt->pub.tgt_kobj, &tgt_type,
				       &tgt->tgtt->dir->kobj, "%s",
				       tgt->pub.tgt_name);

	if (!err)
		err = fill_tgt(tgt);
	if (err)
		dbl_sysfs_del_tgt(tgt);
	return err;
}

/**
 * dbl_sysfs_del_tgt() - Remove it and wait until nobody uses it.
 * @tgt: target without sessions
 *
 * Context: process.
 */
void dbl_sysfs_del_tgt(struct dbl_tgt *tgt)
{
	dbl_sysfs_del_acg(&tgt->acg);
	dbl_dir_del(tgt->acgs_dir);
	dbl_dir_del(tgt->sess_dir);
	kobject_del(&tgt->pub.tgt_kobj);
	kobject_put(&tgt->pub.tgt_kobj);
	wait_for_completion(&tgt->gone);
}

static ssize_t initiator_name_show(struct kobject *kobj,
				   struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", sess_of_kobj(kobj)->pub.initiator_name);
}

static ssize_t active_commands_show(struct kobject *kobj,
				    struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(sess_of_kobj(kobj)->nr_cmds));
}

static ssize_t commands_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(sess_of_kobj(kobj)->nr_cmds));
}

static ssize_t cmd_count_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  READ_ONCE(sess_of_kobj(kobj)->nr_done));
}

static ssize_t force_close_store(struct kobject *kobj,
				 struct kobj_attribute *attr, const char *buf,
				 size_t len)
{
	struct dbl_sess *sess = sess_of_kobj(kobj);
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	int err = tgt->tgtt->vtt->close_session(&sess->pub);

	return err ?: (ssize_t)len;
}

static struct kobj_attribute initiator_name_attr = __ATTR_RO(initiator_name);
static struct kobj_attribute active_commands_attr = __ATTR_RO(active_commands);
static struct kobj_attribute commands_attr = __ATTR_RO(commands);
static struct kobj_attribute cmd_count_attr = __ATTR_RO(cmd_count);
static struct kobj_attribute force_close_attr = __ATTR_WO(force_close);

static const struct attribute *const sess_attrs[] = {
	&initiator_name_attr.attr,
	&active_commands_attr.attr,
	&commands_attr.attr,
	&cmd_count_attr.attr,
	NULL,
};

/* The name is the initiator's, with a number from the second one on. */
static int add_sess_dir(struct dbl_sess *sess)
{
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	const char *name = sess->pub.initiator_name;
	struct dbl_sess *other;
	unsigned int nr = 0;

	spin_lock_irq(&dbl_lock);
	list_for_each_entry(other, &tgt->sessions, entry)
		if (other != sess && other->in_sysfs &&
		    !strcmp(other->pub.initiator_name, name))
			nr = max(nr, other->dir_nr + 1);
	spin_unlock_irq(&dbl_lock);
	sess->dir_nr = nr;
	if (!nr)
		return kobject_init_and_add(&sess->pub.sess_kobj, &sess_type,
					    &tgt->sess_dir->kobj, "%s", name);
	return kobject_init_and_add(&sess->pub.sess_kobj, &sess_type,
				    &tgt->sess_dir->kobj, "%s_%u", name, nr);
}

/**
 * dbl_sysfs_add_sess() - Make a session's directory.
 * @sess: session that has a group
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_sess(struct dbl_sess *sess)
{
	struct dbl_tgt *tgt = dbl_tgt_of(sess->pub.tgt);
	struct scst_tgt_template *vtt = tgt->tgtt->vtt;
	struct kobject *kobj = &sess->pub.sess_kobj;
	int err;

	if (tgt->releasing)
		return -ESHUTDOWN;
	err = add_sess_dir(sess);
	sess->in_sysfs = true;
	if (!err)
		err = dbl_files_add(kobj, sess_attrs);
	if (!err && vtt->close_session)
		err = sysfs_create_file(kobj, &force_close_attr.attr);
	if (!err)
		err = dbl_files_add(
			kobj, (const struct attribute *const *)vtt->sess_attrs);
	if (!err)
		dbl_sysfs_link_sess(sess);
	else
		dbl_sysfs_del_sess(sess);
	return err;
}

/**
 * dbl_sysfs_del_sess() - Remove it and wait until nobody uses it.
 * @sess: session
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_del_sess(struct dbl_sess *sess)
{
	if (!sess->in_sysfs)
		return;
	sess->in_sysfs = false;
	kobject_del(&sess->pub.sess_kobj);
	kobject_put(&sess->pub.sess_kobj);
	wait_for_completion(&sess->gone);
}

/**
 * dbl_sysfs_link_sess() - Let "luns" point to the map of the group.
 * @sess: session
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_link_sess(struct dbl_sess *sess)
{
	struct kobject *kobj = &sess->pub.sess_kobj;

	if (!sess->in_sysfs || !sess->acg->luns_dir || !kobj->sd)
		return;
	sysfs_remove_link(kobj, "luns");
	if (sysfs_create_link(kobj, &sess->acg->luns_dir->kobj, "luns"))
		pr_warn("scst_double: session %s: no link to its LUNs\n",
			sess->pub.initiator_name);
}
