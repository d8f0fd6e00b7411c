// SPDX-License-Identifier: GPL-2.0
/* sysfs: luns/, ini_groups/ and initiators/. */
#include "dbl.h"

#include <linux/slab.h>

static ssize_t store_words(const char *buf, size_t len,
			   int (*fn)(void *arg, char *verb, char *rest),
			   void *arg)
{
	char *text = kstrndup(buf, len, GFP_KERNEL);
	char *rest, *verb;
	int err;

	if (!text)
		return -ENOMEM;
	rest = strim(text);
	verb = strsep(&rest, " \t");
	err = dbl_lock_config();
	if (!err) {
		err = fn(arg, verb, rest ? skip_spaces(rest) : NULL);
		mutex_unlock(&dbl_mutex);
	}
	kfree(text);
	return err ?: (ssize_t)len;
}

/* "read_only=1;" is all that can be said about a LUN. */
static int lun_options(char *text, bool *read_only)
{
	char *pair, *value;

	while ((pair = strsep(&text, "; \t"))) {
		if (!*pair)
			continue;
		value = strchr(pair, '=');
		if (!value)
			return -EINVAL;
		*value++ = 0;
		if (strcmp(pair, "read_only") || kstrtobool(value, read_only))
			return -EINVAL;
	}
	return 0;
}

static int luns_command(void *arg, char *verb, char *rest)
{
	struct dbl_acg *acg = arg;
	bool read_only = false;
	char *dev, *lun;
	u64 number;

	if (!strcmp(verb, "clear")) {
		dbl_acg_clear_luns(acg);
		return 0;
	}
	if (!rest)
		return -EINVAL;
	if (!strcmp(verb, "del"))
		return kstrtou64(rest, 0, &number) ?:
						     dbl_acg_del_lun(acg, number);
	dev = strsep(&rest, " \t");
	lun = strsep(&rest, " \t");
	if (!lun || kstrtou64(lun, 0, &number) ||
	    (rest && lun_options(rest, &read_only)))
		return -EINVAL;
	if (!strcmp(verb, "add"))
		return dbl_acg_add_lun(acg, dev, number, read_only, false);
	if (!strcmp(verb, "replace"))
		return dbl_acg_add_lun(acg, dev, number, read_only, true);
	return -EINVAL;
}

static ssize_t luns_mgmt_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(
		buf, "Usage: echo \"add NAME LUN [parameters]\" >mgmt\n"
		     "       echo \"replace NAME LUN [parameters]\" >mgmt\n"
		     "       echo \"del LUN\" >mgmt\n"
		     "       echo \"clear\" >mgmt\n\n"
		     "The following parameters available: read_only\n");
}

static ssize_t luns_mgmt_store(struct kobject *kobj,
			       struct kobj_attribute *attr, const char *buf,
			       size_t len)
{
	return store_words(buf, len, luns_command, dbl_owner(kobj));
}

static struct kobj_attribute luns_mgmt_attr =
	__ATTR(mgmt, 0644, luns_mgmt_show, luns_mgmt_store);

static const struct attribute *const luns_attrs[] = {
	&luns_mgmt_attr.attr,
	NULL,
};

static int inis_command(void *arg, char *verb, char *rest)
{
	struct dbl_acg *acg = arg, *other;
	char *name;
	int err;

	if (!strcmp(verb, "clear")) {
		dbl_acg_clear_inis(acg);
		return 0;
	}
	name = rest ? strsep(&rest, " \t") : NULL;
	if (!name)
		return -EINVAL;
	if (!strcmp(verb, "add"))
		return dbl_acg_add_ini(acg, name);
	if (!strcmp(verb, "del"))
		return dbl_acg_del_ini(acg, name);
	if (strcmp(verb, "move") || !rest)
		return -EINVAL;
	other = dbl_acg_find(acg->tgt, strim(rest));
	if (!other)
		return -ENOENT;
	err = dbl_acg_del_ini(acg, name);
	return err ?: dbl_acg_add_ini(other, name);
}

static ssize_t inis_mgmt_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "Usage: echo \"add NAME\" >mgmt\n"
			       "       echo \"del NAME\" >mgmt\n"
			       "       echo \"move NAME GROUP\" >mgmt\n"
			       "       echo \"clear\" >mgmt\n");
}

static ssize_t inis_mgmt_store(struct kobject *kobj,
			       struct kobj_attribute *attr, const char *buf,
			       size_t len)
{
	return store_words(buf, len, inis_command, dbl_owner(kobj));
}

static struct kobj_attribute inis_mgmt_attr =
	__ATTR(mgmt, 0644, inis_mgmt_show, inis_mgmt_store);

static const struct attribute *const inis_attrs[] = {
	&inis_mgmt_attr.attr,
	NULL,
};

static int acgs_command(void *arg, char *verb, char *rest)
{
	struct dbl_tgt *tgt = arg;
	struct dbl_acg *acg;

	if (!rest)
		return -EINVAL;
	if (!strcmp(verb, "create"))
		return PTR_ERR_OR_ZERO(dbl_acg_new(tgt, rest));
	if (strcmp(verb, "del"))
		return -EINVAL;
	acg = dbl_acg_find(tgt, rest);
	return acg ? dbl_acg_del(acg) : -ENOENT;
}

static ssize_t acgs_mgmt_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "Usage: echo \"create NAME\" >mgmt\n"
			       "       echo \"del NAME\" >mgmt\n");
}

static ssize_t acgs_mgmt_store(struct kobject *kobj,
			       struct kobj_attribute *attr, const char *buf,
			       size_t len)
{
	return store_words(buf, len, acgs_command, dbl_owner(kobj));
}

static struct kobj_attribute acgs_mgmt_attr =
	__ATTR(mgmt, 0644, acgs_mgmt_show, acgs_mgmt_store);

const struct attribute *const dbl_acgs_attrs[] = {
	&acgs_mgmt_attr.attr,
	NULL,
};

static ssize_t addr_method_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	static const char *const names[] = { "PERIPHERAL", "FLAT", "LUN",
					     "EXTENDED" };
	const struct dbl_acg *acg = dbl_owner(kobj);

	return sysfs_emit(buf, "%s\n", names[acg->addr_method & 3]);
}

static struct kobj_attribute addr_method_attr = __ATTR_RO(addr_method);

static const struct attribute *const acg_attrs[] = {
	&addr_method_attr.attr,
	NULL,
};

static void forget_err(struct dbl_dir **dir)
{
	if (IS_ERR(*dir))
		*dir = NULL;
}

/**
 * dbl_sysfs_add_acg() - Make a group's directories.
 * @acg: group; of the default one only luns/ is made, in the target's
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_acg(struct dbl_acg *acg)
{
	struct dbl_tgt *tgt = acg->tgt;
	struct kobject *parent = &tgt->pub.tgt_kobj;
	int err = 0;

	if (acg != &tgt->acg) {
		acg->dir = dbl_dir_add(&tgt->acgs_dir->kobj, acg, acg_attrs,
				       acg->name);
		if (IS_ERR(acg->dir)) {
			err = PTR_ERR(acg->dir);
			acg->dir = NULL;
			return err;
		}
		parent = &acg->dir->kobj;
		acg->inis_dir =
			dbl_dir_add(parent, acg, inis_attrs, "initiators");
		err = PTR_ERR_OR_ZERO(acg->inis_dir);
		if (!err)
			err = dbl_files_add(parent,
					    (const struct attribute *const *)
						    tgt->tgtt->vtt->acg_attrs);
	}
	acg->luns_dir = dbl_dir_add(parent, acg, luns_attrs, "luns");
	err = err ?: PTR_ERR_OR_ZERO(acg->luns_dir);
	if (err)
		dbl_sysfs_del_acg(acg);
	return err;
}

/**
 * dbl_sysfs_del_acg() - Remove them.
 * @acg: group
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_del_acg(struct dbl_acg *acg)
{
	forget_err(&acg->luns_dir);
	forget_err(&acg->inis_dir);
	dbl_dir_del(acg->luns_dir);
	dbl_dir_del(acg->inis_dir);
	dbl_dir_del(acg->dir);
}

static ssize_t lun_read_only_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	const struct dbl_lun *lun = dbl_owner(kobj);

	return dbl_emit_key(buf, sysfs_emit(buf, "%d\n", lun->read_only),
			    lun->read_only);
}

static struct kobj_attribute lun_read_only_attr =
	__ATTR(read_only, 0444, lun_read_only_show, NULL);

static const struct attribute *const lun_attrs[] = {
	&lun_read_only_attr.attr,
	NULL,
};

/**
 * dbl_sysfs_add_lun() - Make a LUN's directory and the link back to it.
 * @lun: LUN
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_lun(struct dbl_lun *lun)
{
	static unsigned int next; /* protected by dbl_mutex */
	char name[24];
	int err;

	snprintf(name, sizeof(name), "%llu", lun->lun);
	snprintf(lun->link, sizeof(lun->link), "export%u", next++);
	lun->dir = dbl_dir_add(&lun->acg->luns_dir->kobj, lun, lun_attrs, name);
	if (IS_ERR(lun->dir)) {
		err = PTR_ERR(lun->dir);
		lun->dir = NULL;
		return err;
	}
	err = sysfs_create_link(&lun->dir->kobj, &lun->dev->dir->kobj,
				"device");
	if (!err)
		err = sysfs_create_link(&lun->dev->exported->kobj,
					&lun->dir->kobj, lun->link);
	if (err)
		dbl_sysfs_del_lun(lun);
	return err;
}

/**
 * dbl_sysfs_del_lun() - Remove it.
 * @lun: LUN
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_del_lun(struct dbl_lun *lun)
{
	if (!lun->dir)
		return;
	sysfs_remove_link(&lun->dev->exported->kobj, lun->link);
	dbl_dir_del(lun->dir);
	lun->dir = NULL;
}

static ssize_t ini_show(struct kobject *kobj, struct kobj_attribute *attr,
			char *buf)
{
	return sysfs_emit(buf, "%s\n", attr->attr.name);
}

/**
 * dbl_sysfs_add_ini() - Make the file of an initiator in a group.
 * @acg: group
 * @ini: initiator
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_ini(struct dbl_acg *acg, struct dbl_ini *ini)
{
	sysfs_attr_init(&ini->attr.attr);
	ini->attr.attr.name = ini->name;
	ini->attr.attr.mode = 0444;
	ini->attr.show = ini_show;
	return sysfs_create_file(&acg->inis_dir->kobj, &ini->attr.attr);
}

/**
 * dbl_sysfs_del_ini() - Remove it.
 * @acg: group
 * @ini: initiator
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_del_ini(struct dbl_acg *acg, struct dbl_ini *ini)
{
	if (acg->inis_dir)
		sysfs_remove_file(&acg->inis_dir->kobj, &ini->attr.attr);
}
