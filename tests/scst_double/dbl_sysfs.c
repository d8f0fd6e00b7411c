// SPDX-License-Identifier: GPL-2.0
/* sysfs: the root of the tree, and what all directories share. */
#include "dbl.h"

#include <linux/delay.h>
#include <linux/slab.h>

/* How long a writer waits for its turn before it is told to come again. */
#define CONFIG_WAIT_MS 15000

struct kobject *dbl_root;

static struct dbl_dir *targets_dir;
static struct dbl_dir *devices_dir;
static struct dbl_dir *handlers_dir;
static struct dbl_dir *groups_dir;
static struct dbl_dir *sgv_dir;
static struct dbl_dir *handler_dirs[DBL_NR_HANDLERS];

static void dir_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct dbl_dir, kobj));
}

static const struct kobj_type dir_type = {
	.release = dir_release,
	.sysfs_ops = &kobj_sysfs_ops,
};

/**
 * dbl_files_add() - Add files to a directory.
 * @kobj:  directory
 * @attrs: files, ends with NULL; or NULL
 *
 * Context: process.
 * Return: 0 or what sysfs says; the directory then is to be removed.
 */
int dbl_files_add(struct kobject *kobj, const struct attribute *const *attrs)
{
	int err;

	for (; attrs && *attrs; attrs++) {
		err = sysfs_create_file(kobj, *attrs);
		if (err)
			return err;
	}
	return 0;
}

/**
 * dbl_dir_add() - Make a directory.
 * @parent: where, NULL for the top
 * @owner:  for dbl_owner() in its files
 * @attrs:  its files, ends with NULL; or NULL
 * @name:   name
 *
 * Context: process.
 * Return: the directory, or an ERR_PTR.
 */
struct dbl_dir *dbl_dir_add(struct kobject *parent, void *owner,
			    const struct attribute *const *attrs,
			    const char *name)
{
	struct dbl_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	int err;

	if (!dir)
		return ERR_PTR(-ENOMEM);
	dir->owner = owner;
	err = kobject_init_and_add(&dir->kobj, &dir_type, parent, "%s", name);
	if (!err)
		err = dbl_files_add(&dir->kobj, attrs);
	if (err) {
		kobject_put(&dir->kobj);
		return ERR_PTR(err);
	}
	return dir;
}

/**
 * dbl_dir_del() - Remove a directory; none of its files is in use then.
 * @dir: directory, NULL or an ERR_PTR
 *
 * Context: process.
 */
void dbl_dir_del(struct dbl_dir *dir)
{
	if (IS_ERR_OR_NULL(dir))
		return;
	kobject_del(&dir->kobj);
	kobject_put(&dir->kobj);
}

/**
 * dbl_lock_config() - Take dbl_mutex for a write to a management file.
 *
 * Whoever removes a directory holds the mutex and waits for its writers: they
 * must not wait for ever in turn.
 *
 * Context: process.
 * Return: 0: held; -EAGAIN; -EINTR.
 */
int dbl_lock_config(void)
{
	unsigned int waited_ms;

	for (waited_ms = 0; waited_ms < CONFIG_WAIT_MS; waited_ms += 10) {
		if (mutex_trylock(&dbl_mutex))
			return 0;
		if (msleep_interruptible(10))
			return -EINTR;
	}
	return -EAGAIN;
}

/**
 * dbl_emit_key() - End a file that was written to a page.
 * @buf: page
 * @len: bytes in it
 * @key: the value belongs into a saved configuration
 *
 * Context: process.
 * Return: bytes in the page then.
 */
ssize_t dbl_emit_key(char *buf, ssize_t len, bool key)
{
	if (key)
		len += sysfs_emit_at(buf, len, "%s\n", SCST_SYSFS_KEY_MARK);
	return len;
}

/**
 * dbl_sysfs_handler() - Directory of a handler.
 * @handler: handler
 *
 * Context: any.
 * Return: the directory.
 */
struct kobject *dbl_sysfs_handler(enum dbl_handler handler)
{
	return &handler_dirs[handler]->kobj;
}

/**
 * dbl_sysfs_devices() - Directory devices/.
 *
 * Context: any.
 * Return: the directory.
 */
struct kobject *dbl_sysfs_devices(void)
{
	return &devices_dir->kobj;
}

/**
 * dbl_sysfs_targets() - Directory targets/.
 *
 * Context: any.
 * Return: the directory.
 */
struct kobject *dbl_sysfs_targets(void)
{
	return &targets_dir->kobj;
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%s\n", SCST_VERSION_STRING);
}

/* Writes are done when they return: there is never a pending one. */
static ssize_t last_sysfs_mgmt_res_show(struct kobject *kobj,
					struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}

static ssize_t setup_id_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "0x0\n");
}

static ssize_t global_stats_show(struct kobject *kobj,
				 struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "no cache in the double\n");
}

static struct kobj_attribute version_attr = __ATTR_RO(version);
static struct kobj_attribute last_attr = __ATTR_RO(last_sysfs_mgmt_res);
static struct kobj_attribute setup_id_attr = __ATTR_RO(setup_id);
static struct kobj_attribute global_stats_attr = __ATTR_RO(global_stats);

static const struct attribute *const root_attrs[] = {
	&version_attr.attr,
	&last_attr.attr,
	&setup_id_attr.attr,
	NULL,
};

static const struct attribute *const sgv_attrs[] = {
	&global_stats_attr.attr,
	NULL,
};

static struct dbl_dir *root_dir;

static int add_dirs(void)
{
	int i;

	root_dir = dbl_dir_add(kernel_kobj, NULL, root_attrs, "scst_tgt");
	if (IS_ERR(root_dir))
		return PTR_ERR(root_dir);
	dbl_root = &root_dir->kobj;
	targets_dir = dbl_dir_add(dbl_root, NULL, NULL, "targets");
	if (IS_ERR(targets_dir))
		return PTR_ERR(targets_dir);
	devices_dir = dbl_dir_add(dbl_root, NULL, NULL, "devices");
	if (IS_ERR(devices_dir))
		return PTR_ERR(devices_dir);
	handlers_dir = dbl_dir_add(dbl_root, NULL, NULL, "handlers");
	if (IS_ERR(handlers_dir))
		return PTR_ERR(handlers_dir);
	groups_dir = dbl_dir_add(dbl_root, NULL, NULL, "device_groups");
	if (IS_ERR(groups_dir))
		return PTR_ERR(groups_dir);
	sgv_dir = dbl_dir_add(dbl_root, NULL, sgv_attrs, "sgv");
	if (IS_ERR(sgv_dir))
		return PTR_ERR(sgv_dir);
	for (i = 0; i < DBL_NR_HANDLERS; i++) {
		handler_dirs[i] = dbl_dir_add(&handlers_dir->kobj,
					      (void *)(unsigned long)i,
					      dbl_handler_attrs,
					      dbl_dev_handler_name(i));
		if (IS_ERR(handler_dirs[i]))
			return PTR_ERR(handler_dirs[i]);
	}
	return dbl_rules_init();
}

/**
 * dbl_sysfs_init() - Make /sys/kernel/scst_tgt.
 *
 * Context: process.
 * Return: 0; -ENOMEM; -EEXIST: SCST itself is loaded.
 */
int dbl_sysfs_init(void)
{
	int err = add_dirs();

	if (err)
		dbl_sysfs_exit();
	return err;
}

/**
 * dbl_sysfs_exit() - Remove it.
 *
 * Context: process; nothing but the fixed directories is left.
 */
void dbl_sysfs_exit(void)
{
	int i;

	dbl_rules_exit();
	for (i = 0; i < DBL_NR_HANDLERS; i++)
		dbl_dir_del(handler_dirs[i]);
	dbl_dir_del(sgv_dir);
	dbl_dir_del(groups_dir);
	dbl_dir_del(handlers_dir);
	dbl_dir_del(devices_dir);
	dbl_dir_del(targets_dir);
	dbl_dir_del(root_dir);
}
