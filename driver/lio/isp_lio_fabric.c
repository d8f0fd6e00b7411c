// SPDX-License-Identifier: GPL-2.0
/* The LIO fabric `isp`: what users find below /sys/kernel/config/target/isp. */
#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <scsi/scsi_proto.h>

#include "../compat/isp_compat.h"
#include "isp_lio.h"

static struct isp_lio_tpg *lio_tpg(struct se_portal_group *se_tpg)
{
	return container_of(se_tpg, struct isp_lio_tpg, se_tpg);
}

static struct isp_lio_wwn *lio_wwn(struct se_wwn *se_wwn)
{
	return container_of(se_wwn, struct isp_lio_wwn, se_wwn);
}

static char *tpg_get_wwn(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->wwn->name;
}

static u16 tpg_get_tag(struct se_portal_group *se_tpg)
{
	return 1;
}

static int tpg_check_demo_mode(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->attrib.generate_node_acls;
}

static int tpg_check_demo_mode_cache(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->attrib.cache_dynamic_acls;
}

static int tpg_check_demo_mode_wp(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->attrib.demo_mode_write_protect;
}

static int tpg_check_prod_mode_wp(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->attrib.prod_mode_write_protect;
}

static int tpg_check_login_only(struct se_portal_group *se_tpg)
{
	return lio_tpg(se_tpg)->attrib.demo_mode_login_only;
}

static u32 tpg_get_inst_index(struct se_portal_group *se_tpg)
{
	return 1;
}

static u32 sess_get_index(struct se_session *se_sess)
{
	return 0;
}

static void set_default_node_attributes(struct se_node_acl *acl)
{
}

static int get_cmd_state(struct se_cmd *se_cmd)
{
	return 0;
}

/* Is there another ACL for this name, maybe written in another way? */
static bool acl_exists(struct se_portal_group *se_tpg, struct se_node_acl *acl,
		       const char *name)
{
	struct se_node_acl *other;

	list_for_each_entry(other, &se_tpg->acl_node_list, acl_list)
		if (other != acl && !strcmp(other->initiatorname, name))
			return true;
	return false;
}

/* The core compares names as strings: keep the one form that sessions use. */
static int init_nodeacl(struct se_node_acl *acl, const char *name)
{
	struct se_portal_group *se_tpg = acl->se_tpg;
	char colons[ISP_LIO_WWN_LEN];
	u64 wwn;
	int err;

	err = isp_lio_wwn_parse(name, &wwn);
	if (err) {
		pr_err("isp_lio: \"%.64s\" is no port name: write naa.<16 hex digits>, 16 hex digits, or 8 pairs with colons\n",
		       name);
		return err;
	}
	isp_lio_wwn_format(colons, wwn);
	mutex_lock(&se_tpg->acl_node_mutex);
	if (acl_exists(se_tpg, acl, colons)) {
		err = -EEXIST;
		pr_err("isp_lio: %s has an ACL already; to take over one of demo mode, write the name in this form\n",
		       colons);
	} else {
		strscpy(acl->initiatorname, colons, sizeof(acl->initiatorname));
	}
	mutex_unlock(&se_tpg->acl_node_mutex);
	return err;
}

/* Names of all channels, for the log line of a refusal. */
static void report_ports(void)
{
	struct isp_lio_port *port;
	char name[ISP_LIO_WWN_LEN];

	list_for_each_entry(port, &isp_lio_ports, node) {
		isp_lio_wwn_format(name, port->wwpn);
		dev_info(port->dev, "is port %s\n", name);
	}
}

static int tpg_start(struct isp_lio_tpg *tpg)
{
	struct isp_lio_port *port = isp_lio_port_find(tpg->wwn->wwpn);
	int err;

	if (!port) {
		pr_err("isp_lio: cannot enable %s: its port is gone\n",
		       tpg->wwn->name);
		report_ports();
		return -ENODEV;
	}
	err = isp_lio_port_start(port, tpg);
	if (!err)
		tpg->want = true;
	return err;
}

static void tpg_stop(struct isp_lio_tpg *tpg)
{
	tpg->want = false;
	if (tpg->port)
		isp_lio_port_stop(tpg->port);
}

static int enable_tpg(struct se_portal_group *se_tpg, bool enable)
{
	struct isp_lio_tpg *tpg = lio_tpg(se_tpg);
	int err = 0;

	mutex_lock(&isp_lio_mutex);
	if (enable)
		err = tpg_start(tpg);
	else
		tpg_stop(tpg);
	mutex_unlock(&isp_lio_mutex);
	return err;
}

static struct se_portal_group *make_tpg(struct se_wwn *se_wwn, const char *name)
{
	struct isp_lio_wwn *wwn = lio_wwn(se_wwn);
	struct isp_lio_tpg *tpg;
	int err;

	if (strcmp(name, "tpgt_1")) {
		pr_err("isp_lio: a port has one portal group, tpgt_1\n");
		return ERR_PTR(-EINVAL);
	}
	tpg = kzalloc(sizeof(*tpg), GFP_KERNEL);
	if (!tpg)
		return ERR_PTR(-ENOMEM);
	tpg->wwn = wwn;
	tpg->attrib.demo_mode_write_protect = 1;
	tpg->attrib.demo_mode_login_only = 1;
	err = core_tpg_register(se_wwn, &tpg->se_tpg, SCSI_PROTOCOL_FCP);
	if (err) {
		kfree(tpg);
		return ERR_PTR(err);
	}
	mutex_lock(&isp_lio_mutex);
	wwn->tpg = tpg;
	mutex_unlock(&isp_lio_mutex);
	return &tpg->se_tpg;
}

static void drop_tpg(struct se_portal_group *se_tpg)
{
	struct isp_lio_tpg *tpg = lio_tpg(se_tpg);

	mutex_lock(&isp_lio_mutex);
	tpg_stop(tpg);
	tpg->wwn->tpg = NULL;
	mutex_unlock(&isp_lio_mutex);
	core_tpg_deregister(se_tpg);
	kfree(tpg);
}

static struct isp_lio_wwn *wwn_find(u64 wwpn)
{
	struct isp_lio_wwn *wwn;

	list_for_each_entry(wwn, &isp_lio_wwns, node)
		if (wwn->wwpn == wwpn)
			return wwn;
	return NULL;
}

/*
 * The core turns every error of fabric_make_wwn() into EINVAL. The type of
 * the fabric's directory is therefore copied and its make_group() wrapped, to
 * let EEXIST through.
 */
static const struct config_item_type *core_type;
static struct config_item_type wrap_type;
static struct configfs_group_operations wrap_ops;

/* Why a directory for @wwpn cannot be made; 0: it can. */
static int wwn_refuse(u64 wwpn, const char *name)
{
	int err = 0;

	mutex_lock(&isp_lio_mutex);
	if (wwn_find(wwpn)) {
		pr_err("isp_lio: port %.64s has a directory already\n", name);
		err = -EEXIST;
	} else if (!isp_lio_port_find(wwpn)) {
		pr_err("isp_lio: no such port as %.64s; isp_mod must be loaded and have it\n",
		       name);
		report_ports();
		err = -ENODEV;
	}
	mutex_unlock(&isp_lio_mutex);
	return err;
}

static struct config_group *make_wwn_group(struct config_group *group,
					   const char *name)
{
	u64 wwpn;
	int err;

	if (!isp_lio_wwn_parse(name, &wwpn)) {
		err = wwn_refuse(wwpn, name);
		if (err)
			return ERR_PTR(err);
	}
	return core_type->ct_group_ops->make_group(group, name);
}

static void wrap_make_group(struct config_group *group)
{
	if (group->cg_item.ci_type == &wrap_type)
		return;
	core_type = group->cg_item.ci_type;
	wrap_type = *core_type;
	wrap_ops = *core_type->ct_group_ops;
	wrap_ops.make_group = make_wwn_group;
	wrap_type.ct_group_ops = &wrap_ops;
	group->cg_item.ci_type = &wrap_type;
}

static struct se_wwn *make_wwn(struct target_fabric_configfs *tf,
			       struct config_group *group, const char *name)
{
	struct isp_lio_wwn *wwn;
	u64 wwpn;
	int err;

	wrap_make_group(group);
	if (isp_lio_wwn_parse(name, &wwpn)) {
		pr_err("isp_lio: \"%.64s\" is no port name: write naa.<16 hex digits>, 16 hex digits, or 8 pairs with colons\n",
		       name);
		return ERR_PTR(-EINVAL);
	}
	err = wwn_refuse(wwpn, name);
	if (err)
		return ERR_PTR(err);
	wwn = kzalloc(sizeof(*wwn), GFP_KERNEL);
	if (!wwn)
		return ERR_PTR(-ENOMEM);
	wwn->wwpn = wwpn;
	isp_lio_wwn_format(wwn->name, wwpn);
	mutex_lock(&isp_lio_mutex);
	list_add_tail(&wwn->node, &isp_lio_wwns);
	mutex_unlock(&isp_lio_mutex);
	return &wwn->se_wwn;
}

static void drop_wwn(struct se_wwn *se_wwn)
{
	struct isp_lio_wwn *wwn = lio_wwn(se_wwn);

	mutex_lock(&isp_lio_mutex);
	list_del(&wwn->node);
	mutex_unlock(&isp_lio_mutex);
	kfree(wwn);
}

static ssize_t isp_lio_wwn_version_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "isp_lio, engine interface %u\n",
			  ISP_TPORT_ABI);
}

CONFIGFS_ATTR_RO(isp_lio_wwn_, version);

static struct configfs_attribute *wwn_attrs[] = {
	&isp_lio_wwn_attr_version,
	NULL,
};

/* One line of "info"; lines that do not fit the page are left out. */
static ssize_t info_line(char *page, ssize_t len, struct se_session *se_sess)
{
	struct isp_lio_sess *sess = se_sess->fabric_sess_ptr;
	struct se_node_acl *acl = se_sess->se_node_acl;

	return sysfs_emit_at(page, len,
			     "%s port_id 0x%06x acl %s commands %d\n",
			     sess->name, sess->port_id,
			     acl && acl->dynamic_node_acl ? "demo" : "explicit",
			     atomic_read(&sess->nr_cmds));
}

static ssize_t isp_lio_tpg_info_show(struct config_item *item, char *page)
{
	struct se_portal_group *se_tpg = to_tpg(item);
	struct se_session *se_sess;
	ssize_t len = 0;

	spin_lock_irq(&se_tpg->session_lock);
	list_for_each_entry(se_sess, &se_tpg->tpg_sess_list, sess_list)
		len += info_line(page, len, se_sess);
	spin_unlock_irq(&se_tpg->session_lock);
	return len;
}

static ssize_t isp_lio_tpg_dynamic_sessions_show(struct config_item *item,
						 char *page)
{
	return target_show_dynamic_sessions(to_tpg(item), page);
}

CONFIGFS_ATTR_RO(isp_lio_tpg_, info);
CONFIGFS_ATTR_RO(isp_lio_tpg_, dynamic_sessions);

static struct configfs_attribute *tpg_attrs[] = {
	&isp_lio_tpg_attr_info,
	&isp_lio_tpg_attr_dynamic_sessions,
	NULL,
};

static ssize_t attrib_store(const char *page, size_t count, u32 *attrib)
{
	bool val;
	int err;

	err = kstrtobool(page, &val);
	if (err)
		return err;
	*attrib = val;
	return count;
}

static struct isp_lio_attrib *to_attrib(struct config_item *item)
{
	return &lio_tpg(attrib_to_tpg(item))->attrib;
}

#define ISP_LIO_ATTRIB(_name)                                                  \
	static ssize_t isp_lio_attrib_##_name##_show(struct config_item *item, \
						     char *page)               \
	{                                                                      \
		return sysfs_emit(page, "%u\n", to_attrib(item)->_name);       \
	}                                                                      \
	static ssize_t isp_lio_attrib_##_name##_store(                         \
		struct config_item *item, const char *page, size_t count)      \
	{                                                                      \
		return attrib_store(page, count, &to_attrib(item)->_name);     \
	}                                                                      \
	CONFIGFS_ATTR(isp_lio_attrib_, _name)

ISP_LIO_ATTRIB(generate_node_acls);
ISP_LIO_ATTRIB(cache_dynamic_acls);
ISP_LIO_ATTRIB(demo_mode_write_protect);
ISP_LIO_ATTRIB(prod_mode_write_protect);
ISP_LIO_ATTRIB(demo_mode_login_only);

static struct configfs_attribute *attrib_attrs[] = {
	&isp_lio_attrib_attr_generate_node_acls,
	&isp_lio_attrib_attr_cache_dynamic_acls,
	&isp_lio_attrib_attr_demo_mode_write_protect,
	&isp_lio_attrib_attr_prod_mode_write_protect,
	&isp_lio_attrib_attr_demo_mode_login_only,
	NULL,
};

/* The table that is registered with the core. */
const struct target_core_fabric_ops isp_lio_fabric_ops = {
	.module = THIS_MODULE,
	.fabric_name = "isp",
	.node_acl_size = sizeof(struct se_node_acl),
	.max_data_sg_nents = ISP_LIO_MAX_SG,
	.tpg_get_wwn = tpg_get_wwn,
	.tpg_get_tag = tpg_get_tag,
	.tpg_check_demo_mode = tpg_check_demo_mode,
	.tpg_check_demo_mode_cache = tpg_check_demo_mode_cache,
	.tpg_check_demo_mode_write_protect = tpg_check_demo_mode_wp,
	.tpg_check_prod_mode_write_protect = tpg_check_prod_mode_wp,
	.tpg_check_demo_mode_login_only = tpg_check_login_only,
	.tpg_get_inst_index = tpg_get_inst_index,
	.check_stop_free = isp_lio_cmd_stop_free,
	.release_cmd = isp_lio_cmd_release,
	.close_session = isp_lio_sess_close,
	.sess_get_index = sess_get_index,
	.write_pending = isp_lio_cmd_write_pending,
	.set_default_node_attributes = set_default_node_attributes,
	.get_cmd_state = get_cmd_state,
	.queue_data_in = isp_lio_cmd_data_in,
	.queue_status = isp_lio_cmd_status,
	.queue_tm_rsp = isp_lio_cmd_tmf_rsp,
	.aborted_task = isp_lio_cmd_aborted,
	.fabric_make_wwn = make_wwn,
	.fabric_drop_wwn = drop_wwn,
	.fabric_make_tpg = make_tpg,
	.fabric_enable_tpg = enable_tpg,
	.fabric_drop_tpg = drop_tpg,
	.fabric_init_nodeacl = init_nodeacl,
	.tfc_wwn_attrs = wwn_attrs,
	.tfc_tpg_base_attrs = tpg_attrs,
	.tfc_tpg_attrib_attrs = attrib_attrs,
	ISP_COMPAT_DIRECT_SUBMIT ISP_COMPAT_DIRECT_COMPL
};
