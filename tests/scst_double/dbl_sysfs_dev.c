// SPDX-License-Identifier: GPL-2.0
/* sysfs: handlers/ and devices/. */
#include "dbl.h"

#include <linux/slab.h>

static ssize_t mgmt_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	bool nullio = (unsigned long)dbl_owner(kobj) == DBL_NULLIO;

	return sysfs_emit(buf,
			  "Usage: echo \"add_device NAME [parameters]\" >mgmt\n"
			  "       echo \"del_device NAME\" >mgmt\n\n"
			  "Disks of this test double are in memory.\n"
			  "The following parameters available: %sblocksize, "
			  "size, size_mb, nv_cache, read_only, removable, "
			  "rotational, thin_provisioned, write_through, "
			  "o_direct, dummy.\n",
			  nullio ? "" : "filename, ");
}

static int handler_command(enum dbl_handler handler, char *text)
{
	char *verb = strsep(&text, " \t");
	int err;

	if (!text)
		return -EINVAL;
	text = strim(text);
	err = dbl_lock_config();
	if (err)
		return err;
	if (!strcmp(verb, "add_device"))
		err = dbl_dev_add(handler, text);
	else if (!strcmp(verb, "del_device"))
		err = dbl_dev_del(handler, text);
	else
		err = -EINVAL;
	mutex_unlock(&dbl_mutex);
	return err;
}

static ssize_t mgmt_store(struct kobject *kobj, struct kobj_attribute *attr,
			  const char *buf, size_t len)
{
	char *text = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	err = handler_command((unsigned long)dbl_owner(kobj), strim(text));
	kfree(text);
	return err ?: (ssize_t)len;
}

static ssize_t type_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf,
			  "0 - Direct-access device (e.g., magnetic disk)\n");
}

static struct kobj_attribute mgmt_attr = __ATTR_RW(mgmt);
static struct kobj_attribute type_attr = __ATTR_RO(type);

const struct attribute *const dbl_handler_attrs[] = {
	&mgmt_attr.attr,
	&type_attr.attr,
	NULL,
};

/* A value, marked for the saved configuration if it was chosen. */
static ssize_t emit_num(char *buf, u64 value, bool key)
{
	return dbl_emit_key(buf, sysfs_emit(buf, "%llu\n", value), key);
}

static ssize_t emit_text(char *buf, const char *value, bool key)
{
	return dbl_emit_key(buf, sysfs_emit(buf, "%s\n", value), key);
}

#define DEV_FILE(name, emit, value, key)                                   \
	static ssize_t name##_show(struct kobject *kobj,                   \
				   struct kobj_attribute *attr, char *buf) \
	{                                                                  \
		const struct dbl_dev *dev = dbl_owner(kobj);               \
		return emit(buf, value, key);                              \
	}                                                                  \
	static struct kobj_attribute name##_attr = __ATTR_RO(name)
#define DEV_NUM(name, value, key) DEV_FILE(name, emit_num, value, key)
#define DEV_TEXT(name, value, key) DEV_FILE(name, emit_text, value, key)

DEV_NUM(blocksize, dev->block_size, dev->block_size != 512);
DEV_NUM(size, dev->nr_blocks * dev->block_size, dev->size_given);
DEV_NUM(size_mb, (dev->nr_blocks * dev->block_size) >> 20, false);
DEV_NUM(nv_cache, dev->nv_cache, dev->nv_cache);
DEV_NUM(read_only, dev->read_only, dev->read_only);
DEV_NUM(removable, dev->removable, dev->removable);
DEV_NUM(rotational, dev->rotational,
	dev->rotational != (dev->handler != DBL_NULLIO));
DEV_NUM(thin_provisioned, dev->thin, dev->thin);
DEV_NUM(write_through, dev->write_through, dev->write_through);
DEV_TEXT(filename, dev->filename, true);
DEV_TEXT(usn, dev->usn, false);
DEV_TEXT(t10_dev_id, dev->t10_id, false);
DEV_TEXT(prod_id, dev->prod_id, false);

static const struct attribute *const dev_attrs[] = {
	&type_attr.attr,
	&blocksize_attr.attr,
	&size_attr.attr,
	&size_mb_attr.attr,
	&nv_cache_attr.attr,
	&read_only_attr.attr,
	&removable_attr.attr,
	&rotational_attr.attr,
	&thin_provisioned_attr.attr,
	&write_through_attr.attr,
	&usn_attr.attr,
	&t10_dev_id_attr.attr,
	&prod_id_attr.attr,
	NULL,
};

static int link_dev(struct dbl_dev *dev)
{
	struct kobject *handler = dbl_sysfs_handler(dev->handler);
	int err = 0;

	if (dev->handler != DBL_NULLIO)
		err = sysfs_create_file(&dev->dir->kobj, &filename_attr.attr);
	if (!err)
		err = sysfs_create_link(&dev->dir->kobj, handler, "handler");
	if (!err)
		err = sysfs_create_link(handler, &dev->dir->kobj, dev->name);
	return err;
}

/**
 * dbl_sysfs_add_dev() - Make a device's directory.
 * @dev: device
 *
 * Context: process, dbl_mutex is held.
 * Return: 0 or what sysfs says.
 */
int dbl_sysfs_add_dev(struct dbl_dev *dev)
{
	int err;

	dev->dir = dbl_dir_add(dbl_sysfs_devices(), dev, dev_attrs, dev->name);
	if (IS_ERR(dev->dir))
		return PTR_ERR(dev->dir);
	dev->exported = dbl_dir_add(&dev->dir->kobj, dev, NULL, "exported");
	err = PTR_ERR_OR_ZERO(dev->exported) ?: link_dev(dev);
	if (err)
		dbl_sysfs_del_dev(dev);
	return err;
}

/**
 * dbl_sysfs_del_dev() - Remove it.
 * @dev: device
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_sysfs_del_dev(struct dbl_dev *dev)
{
	sysfs_remove_link(dbl_sysfs_handler(dev->handler), dev->name);
	dbl_dir_del(dev->exported);
	dbl_dir_del(dev->dir);
}
