// SPDX-License-Identifier: GPL-2.0
/* Groups of initiators and their LUN maps. */
#include "dbl.h"

#include <linux/ctype.h>
#include <linux/slab.h>

/**
 * dbl_acg_init() - Initialise a group.
 * @acg:  memory
 * @tgt:  target
 * @name: name, "" for the default group
 *
 * Context: any.
 */
void dbl_acg_init(struct dbl_acg *acg, struct dbl_tgt *tgt, const char *name)
{
	acg->tgt = tgt;
	strscpy(acg->name, name, sizeof(acg->name));
	INIT_LIST_HEAD(&acg->entry);
	INIT_LIST_HEAD(&acg->luns);
	INIT_LIST_HEAD(&acg->inis);
}

/**
 * dbl_acg_new() - Make a group.
 * @tgt:  target
 * @name: name
 *
 * Context: process, dbl_mutex is held.
 * Return: the group, or an ERR_PTR: -EEXIST, -EINVAL, -ENOMEM.
 */
struct dbl_acg *dbl_acg_new(struct dbl_tgt *tgt, const char *name)
{
	struct dbl_acg *acg;
	int err;

	lockdep_assert_held(&dbl_mutex);
	if (!*name || strlen(name) >= sizeof(acg->name) || strchr(name, '/'))
		return ERR_PTR(-EINVAL);
	if (dbl_acg_find(tgt, name))
		return ERR_PTR(-EEXIST);
	acg = kzalloc(sizeof(*acg), GFP_KERNEL);
	if (!acg)
		return ERR_PTR(-ENOMEM);
	dbl_acg_init(acg, tgt, name);
	acg->addr_method = tgt->acg.addr_method;
	err = dbl_sysfs_add_acg(acg);
	if (err) {
		kfree(acg);
		return ERR_PTR(err);
	}
	list_add_tail(&acg->entry, &tgt->acgs);
	return acg;
}

/**
 * dbl_acg_clear() - Empty a group.
 * @acg: group
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_acg_clear(struct dbl_acg *acg)
{
	dbl_acg_clear_luns(acg);
	dbl_acg_clear_inis(acg);
}

/**
 * dbl_acg_del() - Remove a group; its sessions go to where they fit then.
 * @acg: group, not the default one
 *
 * Context: process, dbl_mutex is held.
 * Return: 0.
 */
int dbl_acg_del(struct dbl_acg *acg)
{
	struct dbl_tgt *tgt = acg->tgt;

	lockdep_assert_held(&dbl_mutex);
	list_del_init(&acg->entry);
	dbl_acg_reassign(tgt);
	dbl_acg_clear(acg);
	dbl_sysfs_del_acg(acg);
	kfree(acg);
	return 0;
}

/**
 * dbl_acg_find() - Find a group.
 * @tgt:  target
 * @name: name
 *
 * Context: dbl_mutex is held.
 * Return: the group, or NULL.
 */
struct dbl_acg *dbl_acg_find(struct dbl_tgt *tgt, const char *name)
{
	struct dbl_acg *acg;

	lockdep_assert_held(&dbl_mutex);
	list_for_each_entry(acg, &tgt->acgs, entry)
		if (!strcmp(acg->name, name))
			return acg;
	return NULL;
}

/* "*" and "?", case does not count. */
static bool pattern_fits(const char *pattern, const char *name)
{
	const char *star = NULL, *back = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			back = name;
		} else if (*pattern == '?' ||
			   tolower(*pattern) == tolower(*name)) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++back;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool acg_fits(const struct dbl_acg *acg, const char *initiator)
{
	struct dbl_ini *ini;
	bool negate;

	list_for_each_entry(ini, &acg->inis, entry) {
		negate = ini->name[0] == '!';
		if (pattern_fits(ini->name + negate, initiator) != negate)
			return true;
	}
	return false;
}

/**
 * dbl_acg_match() - Find the group of an initiator.
 * @tgt:       target
 * @initiator: its name
 *
 * Context: dbl_mutex is held.
 * Return: a group, the default one if no other fits.
 */
struct dbl_acg *dbl_acg_match(struct dbl_tgt *tgt, const char *initiator)
{
	struct dbl_acg *acg;

	lockdep_assert_held(&dbl_mutex);
	list_for_each_entry(acg, &tgt->acgs, entry)
		if (acg_fits(acg, initiator))
			return acg;
	return &tgt->acg;
}

/*
 * Call fn for every session of a target that has a group. Sessions come under
 * dbl_lock alone, but go under the mutex too.
 */
static void each_sess(struct dbl_tgt *tgt,
		      void (*fn)(struct dbl_sess *sess, void *arg), void *arg)
{
	static unsigned int round; /* protected by dbl_mutex */
	struct dbl_sess *sess, *next;

	lockdep_assert_held(&dbl_mutex);
	round++;
	for (;;) {
		sess = NULL;
		spin_lock_irq(&dbl_lock);
		list_for_each_entry(next, &tgt->sessions, entry) {
			if (next->visit == round || !next->acg)
				continue;
			sess = next;
			sess->visit = round;
			break;
		}
		spin_unlock_irq(&dbl_lock);
		if (!sess)
			return;
		fn(sess, arg);
	}
}

static void reassign(struct dbl_sess *sess, void *unused)
{
	struct dbl_acg *acg = dbl_acg_match(dbl_tgt_of(sess->pub.tgt),
					    sess->pub.initiator_name);

	if (acg == sess->acg)
		return;
	scoped_guard(spinlock_irq, &dbl_lock) sess->acg = acg;
	dbl_sess_rebuild(sess, true);
	dbl_sysfs_link_sess(sess);
}

/**
 * dbl_acg_reassign() - The groups have changed: move sessions.
 * @tgt: target
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_acg_reassign(struct dbl_tgt *tgt)
{
	each_sess(tgt, reassign, NULL);
}

static void rebuild(struct dbl_sess *sess, void *acg)
{
	if (sess->acg == acg)
		dbl_sess_rebuild(sess, true);
}

static struct dbl_lun *lun_find(struct dbl_acg *acg, u64 number)
{
	struct dbl_lun *lun;

	list_for_each_entry(lun, &acg->luns, entry)
		if (lun->lun == number)
			return lun;
	return NULL;
}

static void tell_replaced(struct dbl_sess *sess, void *lun)
{
	struct dbl_nexus *nexus;

	spin_lock_irq(&dbl_lock);
	list_for_each_entry(nexus, &sess->nexuses, entry)
		if (nexus->lun == lun)
			dbl_ua_add_locked(nexus, 0x3f, 0x03);
	spin_unlock_irq(&dbl_lock);
}

static int lun_replace(struct dbl_lun *lun, struct dbl_dev *dev, bool read_only)
{
	dbl_sysfs_del_lun(lun);
	scoped_guard(spinlock_irq, &dbl_lock)
	{
		lun->dev = dev;
		lun->read_only = read_only;
	}
	each_sess(lun->acg->tgt, tell_replaced, lun);
	return dbl_sysfs_add_lun(lun);
}

/**
 * dbl_acg_add_lun() - Add to a LUN map, or put another device there.
 * @acg:       group
 * @name:      device
 * @number:    LUN, 0..SCST_MAX_LUN
 * @read_only: refuse writes
 * @replace:   the LUN exists
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -ENOENT: no such device or LUN; -EEXIST; -EINVAL; -ENOMEM.
 */
int dbl_acg_add_lun(struct dbl_acg *acg, const char *name, u64 number,
		    bool read_only, bool replace)
{
	struct dbl_dev *dev = dbl_dev_find(name);
	struct dbl_lun *lun = lun_find(acg, number);
	int err;

	if (number > SCST_MAX_LUN)
		return -EINVAL;
	if (!dev)
		return -ENOENT;
	if (replace && lun)
		return lun_replace(lun, dev, read_only);
	if (lun)
		return -EEXIST;
	lun = kzalloc(sizeof(*lun), GFP_KERNEL);
	if (!lun)
		return -ENOMEM;
	lun->acg = acg;
	lun->dev = dev;
	lun->lun = number;
	lun->read_only = read_only;
	err = dbl_sysfs_add_lun(lun);
	if (err) {
		kfree(lun);
		return err;
	}
	scoped_guard(spinlock_irq, &dbl_lock)
		list_add_tail(&lun->entry, &acg->luns);
	each_sess(acg->tgt, rebuild, acg);
	return 0;
}

static void forget_lun(struct dbl_sess *sess, void *lun)
{
	struct dbl_nexus *nexus, *next, *found = NULL;

	scoped_guard(spinlock_irq, &dbl_lock)
	{
		list_for_each_entry_safe(nexus, next, &sess->nexuses, entry) {
			if (nexus->lun == lun) {
				list_del(&nexus->entry);
				found = nexus;
			}
		}
		list_for_each_entry(nexus, &sess->nexuses, entry)
			if (found)
				dbl_ua_add_locked(nexus, 0x3f, 0x0e);
	}
	kfree(found);
}

static void lun_del(struct dbl_lun *lun)
{
	scoped_guard(spinlock_irq, &dbl_lock) list_del(&lun->entry);
	each_sess(lun->acg->tgt, forget_lun, lun);
	dbl_sysfs_del_lun(lun);
	kfree(lun);
}

/**
 * dbl_acg_del_lun() - Remove from a LUN map.
 * @acg:    group
 * @number: LUN
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -ENOENT.
 */
int dbl_acg_del_lun(struct dbl_acg *acg, u64 number)
{
	struct dbl_lun *lun = lun_find(acg, number);

	if (!lun)
		return -ENOENT;
	lun_del(lun);
	return 0;
}

/**
 * dbl_acg_clear_luns() - Empty a LUN map.
 * @acg: group
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_acg_clear_luns(struct dbl_acg *acg)
{
	struct dbl_lun *lun, *next;

	list_for_each_entry_safe(lun, next, &acg->luns, entry)
		lun_del(lun);
}

static void drop_dev(struct dbl_acg *acg, struct dbl_dev *dev)
{
	struct dbl_lun *lun, *next;

	list_for_each_entry_safe(lun, next, &acg->luns, entry)
		if (lun->dev == dev)
			lun_del(lun);
}

/**
 * dbl_acg_drop_dev() - A device goes: take it out of all LUN maps.
 * @dev: device
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_acg_drop_dev(struct dbl_dev *dev)
{
	struct dbl_tgtt *tgtt;
	struct dbl_tgt *tgt;
	struct dbl_acg *acg;

	lockdep_assert_held(&dbl_mutex);
	list_for_each_entry(tgtt, &dbl_tgtts, entry)
		list_for_each_entry(tgt, &tgtt->tgts, entry) {
			drop_dev(&tgt->acg, dev);
			list_for_each_entry(acg, &tgt->acgs, entry)
				drop_dev(acg, dev);
		}
}

static struct dbl_ini *ini_find(struct dbl_acg *acg, const char *name)
{
	struct dbl_ini *ini;

	list_for_each_entry(ini, &acg->inis, entry)
		if (!strcmp(ini->name, name))
			return ini;
	return NULL;
}

/**
 * dbl_acg_add_ini() - Add an initiator or a pattern to a group.
 * @acg:  group
 * @name: name; may have * and ? and begin with !
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -EEXIST; -EINVAL; -ENOMEM.
 */
int dbl_acg_add_ini(struct dbl_acg *acg, const char *name)
{
	struct dbl_ini *ini;
	int err;

	if (!*name || strlen(name) >= sizeof(ini->name))
		return -EINVAL;
	if (ini_find(acg, name))
		return -EEXIST;
	ini = kzalloc(sizeof(*ini), GFP_KERNEL);
	if (!ini)
		return -ENOMEM;
	strscpy(ini->name, name, sizeof(ini->name));
	err = dbl_sysfs_add_ini(acg, ini);
	if (err) {
		kfree(ini);
		return err;
	}
	list_add_tail(&ini->entry, &acg->inis);
	dbl_acg_reassign(acg->tgt);
	return 0;
}

static void ini_del(struct dbl_acg *acg, struct dbl_ini *ini)
{
	list_del(&ini->entry);
	dbl_sysfs_del_ini(acg, ini);
	kfree(ini);
}

/**
 * dbl_acg_del_ini() - Remove an initiator or a pattern from a group.
 * @acg:  group
 * @name: as it was added
 *
 * Context: process, dbl_mutex is held.
 * Return: 0; -ENOENT.
 */
int dbl_acg_del_ini(struct dbl_acg *acg, const char *name)
{
	struct dbl_ini *ini = ini_find(acg, name);

	if (!ini)
		return -ENOENT;
	ini_del(acg, ini);
	dbl_acg_reassign(acg->tgt);
	return 0;
}

/**
 * dbl_acg_clear_inis() - Remove all of them.
 * @acg: group
 *
 * Context: process, dbl_mutex is held.
 */
void dbl_acg_clear_inis(struct dbl_acg *acg)
{
	struct dbl_ini *ini, *next;

	list_for_each_entry_safe(ini, next, &acg->inis, entry)
		ini_del(acg, ini);
	dbl_acg_reassign(acg->tgt);
}
