// SPDX-License-Identifier: GPL-2.0
/* Devices: what add_device and del_device of a handler do. */
#include "dbl.h"

#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/slab.h>

#define DEFAULT_SIZE (64ull << 20)
#define MAX_SIZE (64ull << 40)

LIST_HEAD(dbl_devs);

static const char *const handler_names[DBL_NR_HANDLERS] = {
	[DBL_FILEIO] = "vdisk_fileio",
	[DBL_BLOCKIO] = "vdisk_blockio",
	[DBL_NULLIO] = "vdisk_nullio",
};

/**
 * dbl_dev_handler_name() - Name a handler.
 * @handler: handler
 *
 * Context: any.
 * Return: the name.
 */
const char *dbl_dev_handler_name(enum dbl_handler handler)
{
	return handler_names[handler];
}

/**
 * dbl_dev_find() - Find a device.
 * @name: its name
 *
 * Context: dbl_mutex is held.
 * Return: the device, or NULL.
 */
struct dbl_dev *dbl_dev_find(const char *name)
{
	struct dbl_dev *dev;

	lockdep_assert_held(&dbl_mutex);
	list_for_each_entry(dev, &dbl_devs, entry)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

/**
 * dbl_dev_get_locked() - A command uses the device.
 * @dev: device
 *
 * Context: dbl_lock is held.
 */
void dbl_dev_get_locked(struct dbl_dev *dev)
{
	lockdep_assert_held(&dbl_lock);
	dev->nr_cmds++;
}

/**
 * dbl_dev_put_locked() - It no longer does.
 * @dev: device
 *
 * Context: dbl_lock is held.
 */
void dbl_dev_put_locked(struct dbl_dev *dev)
{
	lockdep_assert_held(&dbl_lock);
	if (!--dev->nr_cmds)
		wake_up_all(&dev->idle);
}

/* The size of a file or block device, so that the disk is as large. */
static int size_of_file(const char *name, u64 *size)
{
	struct file *file = filp_open(name, O_RDONLY | O_LARGEFILE, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	*size = i_size_read(file->f_mapping->host);
	filp_close(file, NULL);
	return 0;
}

/* What an add_device line can say, before it is a device. */
struct dev_words {
	struct dbl_dev *dev;
	u64 size;
};

static int set_flag(bool *flag, const char *value)
{
	return kstrtobool(value, flag);
}

static int set_option(struct dev_words *words, const char *key,
		      const char *value)
{
	struct dbl_dev *dev = words->dev;
	bool unused;

	if (!strcmp(key, "filename"))
		return strscpy(dev->filename, value, sizeof(dev->filename)) <
				       0 ?
			       -EINVAL :
			       0;
	if (!strcmp(key, "blocksize"))
		return kstrtou32(value, 0, &dev->block_size);
	if (!strcmp(key, "size"))
		return kstrtou64(value, 0, &words->size);
	if (!strcmp(key, "size_mb")) {
		if (kstrtou64(value, 0, &words->size) ||
		    words->size > MAX_SIZE >> 20)
			return -EINVAL;
		words->size <<= 20;
		return 0;
	}
	if (!strcmp(key, "nv_cache"))
		return set_flag(&dev->nv_cache, value);
	if (!strcmp(key, "write_through"))
		return set_flag(&dev->write_through, value);
	if (!strcmp(key, "read_only"))
		return set_flag(&dev->read_only, value);
	if (!strcmp(key, "rotational"))
		return set_flag(&dev->rotational, value);
	if (!strcmp(key, "removable"))
		return set_flag(&dev->removable, value);
	if (!strcmp(key, "thin_provisioned"))
		return set_flag(&dev->thin, value);
	if (!strcmp(key, "o_direct") || !strcmp(key, "dummy"))
		return set_flag(&unused, value);
	pr_err("scst_double: device %s: unknown parameter %s\n", dev->name,
	       key);
	return -EINVAL;
}

/* "key=value; key=value": separated by semicolons, blanks do not count. */
static int set_options(struct dev_words *words, char *text)
{
	char *pair, *value;
	int err;

	while ((pair = strsep(&text, ";"))) {
		pair = strim(pair);
		if (!*pair)
			continue;
		value = strchr(pair, '=');
		if (!value)
			return -EINVAL;
		*value++ = 0;
		err = set_option(words, strim(pair), strim(value));
		if (err)
			return err;
	}
	return 0;
}

static int check_size(struct dev_words *words)
{
	struct dbl_dev *dev = words->dev;
	int err;

	dev->size_given = words->size;
	if (dev->handler != DBL_NULLIO) {
		if (!dev->filename[0])
			return -EINVAL;
		if (!words->size) {
			err = size_of_file(dev->filename, &words->size);
			if (err)
				return err;
		}
	} else if (!words->size) {
		words->size = DEFAULT_SIZE;
	}
	if (!is_power_of_2(dev->block_size) || dev->block_size < 512 ||
	    dev->block_size > PAGE_SIZE || words->size > MAX_SIZE ||
	    words->size < dev->block_size)
		return -EINVAL;
	dev->nr_blocks = words->size / dev->block_size;
	return 0;
}

static struct dbl_dev *dev_alloc(enum dbl_handler handler, const char *name)
{
	struct dbl_dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	u32 hash = 5381;
	const char *c;

	if (!dev)
		return NULL;
	for (c = name; *c; c++)
		hash = hash * 33 + *c;
	dev->handler = handler;
	dev->block_size = 512;
	dev->rotational = handler != DBL_NULLIO;
	strscpy(dev->name, name, sizeof(dev->name));
	snprintf(dev->usn, sizeof(dev->usn), "%08x", hash);
	snprintf(dev->t10_id, sizeof(dev->t10_id), "%08x-%.16s", hash, name);
	snprintf(dev->prod_id, sizeof(dev->prod_id), "%.16s", name);
	xa_init_flags(&dev->pages, XA_FLAGS_LOCK_IRQ);
	INIT_LIST_HEAD(&dev->registrants);
	init_waitqueue_head(&dev->idle);
	return dev;
}

/**
 * dbl_dev_add() - add_device.
 * @handler: handler
 * @words:   "NAME key=value; ...", is written into
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -EEXIST; -EINVAL; -ENOMEM; or why the file cannot be opened.
 */
int dbl_dev_add(enum dbl_handler handler, char *words)
{
	char *name = strsep(&words, " \t");
	struct dev_words parsed = { 0 };
	struct dbl_dev *dev;
	int err;

	if (!*name || strlen(name) >= sizeof(dev->name) || strchr(name, '/'))
		return -EINVAL;
	if (dbl_dev_find(name))
		return -EEXIST;
	dev = dev_alloc(handler, name);
	if (!dev)
		return -ENOMEM;
	parsed.dev = dev;
	err = words ? set_options(&parsed, words) : 0;
	if (!err)
		err = check_size(&parsed);
	if (!err)
		err = dbl_sysfs_add_dev(dev);
	if (err) {
		kfree(dev);
		return err;
	}
	list_add_tail(&dev->entry, &dbl_devs);
	pr_info("scst_double: device %s: %llu blocks of %u bytes, %s%s\n",
		dev->name, dev->nr_blocks, dev->block_size,
		handler == DBL_NULLIO ? "nothing is kept" :
					"kept in memory, not in ",
		dev->filename);
	return 0;
}

static void dev_remove(struct dbl_dev *dev)
{
	lockdep_assert_held(&dbl_mutex);
	dbl_acg_drop_dev(dev);
	wait_event(dev->idle, !READ_ONCE(dev->nr_cmds));
	scoped_guard(spinlock_irq, &dbl_lock) list_del(&dev->entry);
	dbl_sysfs_del_dev(dev);
	dbl_pr_free(dev);
	dbl_disk_free(dev);
	kfree(dev);
}

/**
 * dbl_dev_del() - del_device.
 * @handler: handler
 * @name:    device; is taken out of all LUN maps
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -ENOENT.
 */
int dbl_dev_del(enum dbl_handler handler, const char *name)
{
	struct dbl_dev *dev = dbl_dev_find(name);

	if (!dev || dev->handler != handler)
		return -ENOENT;
	dev_remove(dev);
	return 0;
}

/**
 * dbl_dev_exit() - Remove all devices.
 *
 * Context: process; no target is left.
 */
void dbl_dev_exit(void)
{
	struct dbl_dev *dev, *next;

	guard(mutex)(&dbl_mutex);
	list_for_each_entry_safe(dev, next, &dbl_devs, entry)
		dev_remove(dev);
}
