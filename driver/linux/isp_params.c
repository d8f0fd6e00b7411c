// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters, with the names and the grammar of old, and what they say
 * about one card.
 */
#include <linux/dmi.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "isp_linux.h"
#include "isp_list.h"

static uint isp_debug;
static uint isp_disable;
static uint isp_nonvram;
static uint isp_nofwreload;
static uint isp_maxluns = 8;
static uint isp_throttle;
static uint isp_cmd_per_lun;
static uint isp_maxsectors = 1024;
static uint isp_fcduplex;
static uint isp_nport_only;
static uint isp_loop_only;
static uint isp_deadloop_time = 10;
static uint isp_fc_id = 111;
static uint isp_spi_id = 7;
static uint isp_own_id;
static uint isp_default_frame_size;
static uint isp_default_exec_throttle;
static uint isp_vports;
static uint isp_pci_mapmem = 0xffffffff;
static char *isp_claim;
static char *isp_roles;
static char *isp_wwpns;
static char *isp_wwnns;
static char *isp_pci_exclude;
static char *isp_pci_include;

/* The old numbers were signed: -1 and 0xffffffff are both all units. */
static int set_number(const char *val, const struct kernel_param *kp)
{
	uint *num = kp->arg;
	int err;

	err = kstrtouint(val, 0, num);
	if (err)
		err = kstrtoint(val, 0, (int *)num);
	return err;
}

static const struct kernel_param_ops number_ops = {
	.set = set_number,
	.get = param_get_uint,
};

#define NUMBER(name, text)                               \
	module_param_cb(name, &number_ops, &name, 0444); \
	MODULE_PARM_DESC(name, text)

#define LIST(name, text)                 \
	module_param(name, charp, 0444); \
	MODULE_PARM_DESC(name, text)

NUMBER(isp_debug, "no effect: dynamic debug chooses messages");
NUMBER(isp_disable, "bitmap of units to leave alone, in load order");
NUMBER(isp_nonvram, "bitmap of units whose NVRAM is not read");
NUMBER(isp_nofwreload, "bitmap of units that run firmware from flash");
NUMBER(isp_maxluns, "no effect: initiator role");
NUMBER(isp_throttle, "no effect");
NUMBER(isp_cmd_per_lun, "no effect: initiator role");
NUMBER(isp_maxsectors, "no effect: initiator role");
NUMBER(isp_fcduplex, "bitmap of units that use full duplex");
NUMBER(isp_nport_only, "bitmap of units: point-to-point only");
NUMBER(isp_loop_only, "bitmap of units: loop only");
NUMBER(isp_deadloop_time, "no effect: initiator role");
NUMBER(isp_fc_id, "hard loop id, with isp_own_id");
NUMBER(isp_spi_id, "no effect: parallel adapters");
NUMBER(isp_own_id, "isp_fc_id overrides NVRAM");
NUMBER(isp_default_frame_size, "512, 1024 or 2048; 0: NVRAM");
NUMBER(isp_default_exec_throttle, "1 to 255; 0: NVRAM");
NUMBER(isp_vports, "no effect: virtual ports are not built yet");
NUMBER(isp_pci_mapmem, "no effect: registers are memory mapped");
LIST(isp_claim, "take these cards only: DEVID[,...]; *: all");
LIST(isp_roles, "DEVID=none|target|initiator|both[,...]");
LIST(isp_wwpns, "DEVID=[channel:]port name, 16 hex digits[,...]");
LIST(isp_wwnns, "DEVID=[channel:]node name, 16 hex digits[,...]");
LIST(isp_pci_exclude, "bus<<16|slot<<8|function, hex[,...]");
LIST(isp_pci_include, "as isp_pci_exclude, and wins over it");

static struct isp_list_addr addr_of(struct pci_dev *pdev)
{
	struct isp_list_addr addr = {
		.domain = pci_domain_nr(pdev->bus),
		.bus = pdev->bus->number,
		.slot = PCI_SLOT(pdev->devfn),
		.func = PCI_FUNC(pdev->devfn),
	};

	return addr;
}

/**
 * isp_params_devid() - A function's DEVID in the form of the first releases.
 * @pdev: the function
 *
 * Context: any.
 * Return: bus << 16 | slot << 8 | function.
 */
u32 isp_params_devid(struct pci_dev *pdev)
{
	struct isp_list_addr addr = addr_of(pdev);

	return isp_list_devid(&addr);
}

static bool devid_matches(struct pci_dev *pdev, const char *devid)
{
	struct isp_list_addr addr = addr_of(pdev);

	return isp_list_devid_matches(devid, &addr);
}

/*
 * The two encodings may mean different cards by the same number. Returns the
 * installed card other than @pdev that @devid fits too, or NULL; to be put.
 */
static struct pci_dev *other_match(struct pci_dev *pdev, const char *devid)
{
	struct pci_dev *other = NULL;

	if (!strcmp(devid, "*"))
		return NULL;
	while ((other = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, other))) {
		if (other != pdev && pci_match_id(isp_pci_ids, other) &&
		    devid_matches(other, devid))
			break;
	}
	return other;
}

static bool is_ours(struct pci_dev *pdev, const char *param, const char *devid)
{
	struct pci_dev *other;

	if (!devid_matches(pdev, devid))
		return false;
	other = other_match(pdev, devid);
	if (!other)
		return true;
	pci_err(pdev,
		"%s: \"%s\" refused, it means both %s and %s; write the address in full\n",
		param, devid, pci_name(pdev), pci_name(other));
	pci_dev_put(other);
	return false;
}

/* Each checks one item of a list, and may cut it. */

static int check_roles(char *item)
{
	const char *value = isp_list_value(item);
	u8 roles;

	if (!value || !isp_list_devid_valid(item))
		return -EINVAL;
	return isp_list_role(value, &roles);
}

static int check_wwn(char *item)
{
	const char *value = isp_list_value(item);
	unsigned int chan;
	u64 wwn;
	int err;

	/* A name belongs to one card. */
	if (!value || !strcmp(item, "*") || !isp_list_devid_valid(item))
		return -EINVAL;
	err = isp_list_wwn(value, &chan, &wwn);
	if (!err && chan >= ISP_MAX_CHANS)
		pr_warn("isp_mod: the name %016llx of channel %u has no effect: virtual ports are not built yet\n",
			wwn, chan);
	return err;
}

static int check_devid(char *item)
{
	return isp_list_devid_valid(item) ? 0 : -EINVAL;
}

static int check_number(char *item)
{
	u32 num;

	return isp_list_number(item, &num);
}

static int check_list(const char *param, const char *list,
		      int (*check)(char *item), const char *want)
{
	char item[ISP_LIST_ITEM];
	const char *p = list;
	int ret;

	while ((ret = isp_list_next(&p, item)) == 1) {
		ret = check(item);
		if (ret)
			break;
	}
	if (ret)
		pr_err("isp_mod: %s=\"%.128s\" refused: want %s[,...]\n", param,
		       list, want);
	return ret;
}

/* The port name in an item that was checked, or 0. */
static u64 item_wwn(char *item)
{
	const char *value = isp_list_value(item);
	unsigned int chan;
	u64 wwn;

	return value && !isp_list_wwn(value, &chan, &wwn) ? wwn : 0;
}

/* Two ports of one name would take each other off the fabric. */
static int check_twice(void)
{
	const char *first = isp_wwpns, *second;
	char item[ISP_LIST_ITEM];
	u64 wwn;

	while (isp_list_next(&first, item) == 1) {
		wwn = item_wwn(item);
		second = first;
		while (isp_list_next(&second, item) == 1) {
			if (item_wwn(item) != wwn)
				continue;
			pr_err("isp_mod: isp_wwpns refused: port name %016llx is there twice\n",
			       wwn);
			return -EINVAL;
		}
	}
	return 0;
}

static const struct {
	const char *name;
	const uint *value;
	uint preset;
	const char *why;
} idle_numbers[] = {
	{ "isp_debug", &isp_debug, 0,
	  "messages are chosen by dynamic debug, see also the trace events of isp" },
	{ "isp_throttle", &isp_throttle, 0, "it never had one" },
	{ "isp_pci_mapmem", &isp_pci_mapmem, 0xffffffff,
	  "registers are always memory mapped" },
	{ "isp_vports", &isp_vports, 0, "virtual ports are not built yet" },
	{ "isp_maxluns", &isp_maxluns, 8,
	  "the initiator role is not built yet" },
	{ "isp_cmd_per_lun", &isp_cmd_per_lun, 0,
	  "the initiator role is not built yet" },
	{ "isp_maxsectors", &isp_maxsectors, 1024,
	  "the initiator role is not built yet" },
	{ "isp_deadloop_time", &isp_deadloop_time, 10,
	  "the initiator role is not built yet" },
	{ "isp_spi_id", &isp_spi_id, 7,
	  "parallel SCSI adapters are not built yet" },
};

static void say_idle(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(idle_numbers); i++)
		if (*idle_numbers[i].value != idle_numbers[i].preset)
			pr_warn("isp_mod: %s=%u has no effect: %s\n",
				idle_numbers[i].name, *idle_numbers[i].value,
				idle_numbers[i].why);
	if (isp_fc_id != 111 && !isp_own_id)
		pr_warn("isp_mod: isp_fc_id=%u has no effect without isp_own_id=1\n",
			isp_fc_id);
}

static int check_lists(void)
{
	int err;

	err = check_list("isp_claim", isp_claim, check_devid, "DEVID");
	if (!err)
		err = check_list("isp_roles", isp_roles, check_roles,
				 "DEVID=none|target|initiator|both");
	if (!err)
		err = check_list("isp_wwpns", isp_wwpns, check_wwn,
				 "DEVID=[channel:]16 hex digits");
	if (!err)
		err = check_list("isp_wwnns", isp_wwnns, check_wwn,
				 "DEVID=[channel:]16 hex digits");
	if (!err)
		err = check_list("isp_pci_exclude", isp_pci_exclude,
				 check_number, "bus<<16|slot<<8|function, hex");
	if (!err)
		err = check_list("isp_pci_include", isp_pci_include,
				 check_number, "bus<<16|slot<<8|function, hex");
	return err ?: check_twice();
}

/**
 * isp_params_check() - Refuse parameters that cannot be understood.
 *
 * Context: process, at module load.
 * Return: 0 or -EINVAL, with a line in the log.
 */
int isp_params_check(void)
{
	int err;

	err = check_lists();
	if (err)
		return err;
	if (isp_default_frame_size && isp_default_frame_size != 512 &&
	    isp_default_frame_size != 1024 && isp_default_frame_size != 2048) {
		pr_err("isp_mod: isp_default_frame_size=%u refused: want 512, 1024 or 2048\n",
		       isp_default_frame_size);
		return -EINVAL;
	}
	if (isp_default_exec_throttle > 255) {
		pr_err("isp_mod: isp_default_exec_throttle=%u refused: want 1 to 255\n",
		       isp_default_exec_throttle);
		return -EINVAL;
	}
	if (isp_own_id && isp_fc_id > 125) {
		pr_err("isp_mod: isp_fc_id=%u refused: want 0 to 125\n",
		       isp_fc_id);
		return -EINVAL;
	}
	say_idle();
	return 0;
}

/**
 * isp_params_claims() - Is this function on the list of isp_claim?
 * @pdev: the function
 *
 * Context: process.
 * Return: true if it is; false: it is not, or there is no list.
 */
bool isp_params_claims(struct pci_dev *pdev)
{
	char item[ISP_LIST_ITEM];
	const char *list = isp_claim;

	while (isp_list_next(&list, item) == 1)
		if (is_ours(pdev, "isp_claim", item))
			return true;
	return false;
}

/**
 * isp_params_claims_some() - Is there a list of the functions to take?
 *
 * Context: process.
 * Return: false: everything that no driver holds is ours.
 */
bool isp_params_claims_some(void)
{
	return isp_claim && *isp_claim;
}

/*
 * Unit numbers, by place: a card that is unbound and bound again keeps its
 * own, and one that is left alone keeps the others'.
 */
#define MAX_UNITS 256

static DEFINE_MUTEX(unit_mutex);
static struct {
	u32 domain;
	u32 devid;
} units[MAX_UNITS]; /* protected by unit_mutex */
static unsigned int nr_units; /* protected by unit_mutex */

static unsigned int unit_of(struct pci_dev *pdev)
{
	u32 domain = pci_domain_nr(pdev->bus);
	u32 devid = isp_params_devid(pdev);
	unsigned int i;

	mutex_lock(&unit_mutex);
	for (i = 0; i < nr_units; i++)
		if (units[i].domain == domain && units[i].devid == devid)
			break;
	if (i == nr_units && i < MAX_UNITS) {
		units[i].domain = domain;
		units[i].devid = devid;
		nr_units++;
	}
	mutex_unlock(&unit_mutex);
	return i;
}

static bool unit_bit(u32 map, unsigned int unit)
{
	return unit < 32 && map & BIT(unit);
}

static bool in_pci_list(struct pci_dev *pdev, const char *list)
{
	u32 devid = isp_params_devid(pdev);
	char item[ISP_LIST_ITEM];
	u32 num;

	while (isp_list_next(&list, item) == 1)
		if (!isp_list_number(item, &num) && num == devid)
			return true;
	return false;
}

static u8 roles_for(struct pci_dev *pdev)
{
	const char *list = isp_roles;
	char item[ISP_LIST_ITEM];
	u8 roles = ISP_ROLE_NONE;
	const char *value;

	while (isp_list_next(&list, item) == 1) {
		value = isp_list_value(item);
		if (value && is_ours(pdev, "isp_roles", item))
			isp_list_role(value, &roles);
	}
	return roles;
}

static u64 wwn_for(struct pci_dev *pdev, const char *param, const char *list)
{
	char item[ISP_LIST_ITEM];
	unsigned int chan;
	const char *value;
	u64 wwn = 0, val;

	while (isp_list_next(&list, item) == 1) {
		value = isp_list_value(item);
		if (value && is_ours(pdev, param, item) &&
		    !isp_list_wwn(value, &chan, &val) && !chan)
			wwn = val;
	}
	return wwn;
}

/* FNV-1a of the system's UUID; 0 where firmware says none. */
static u64 host_id(void)
{
	const char *c = dmi_get_system_info(DMI_PRODUCT_UUID);
	u64 hash = 0xcbf29ce484222325ULL;

	if (!c)
		return 0;
	for (; *c; c++)
		hash = (hash ^ (u8)*c) * 0x100000001b3ULL;
	return hash;
}

/**
 * isp_params_get() - What the parameters say about one function.
 * @pdev: the function
 * @out:  out
 *
 * Context: process.
 */
void isp_params_get(struct pci_dev *pdev, struct isp_dev_params *out)
{
	struct isp_params *p = &out->params;
	unsigned int unit;

	memset(out, 0, sizeof(*out));
	unit = unit_of(pdev);
	out->unit = unit;
	out->disabled = unit_bit(isp_disable, unit) ||
			(in_pci_list(pdev, isp_pci_exclude) &&
			 !in_pci_list(pdev, isp_pci_include));
	if (out->disabled)
		return;
	out->roles = roles_for(pdev);
	p->own_wwpn = wwn_for(pdev, "isp_wwpns", isp_wwpns);
	p->own_wwnn = wwn_for(pdev, "isp_wwnns", isp_wwnns);
	p->no_nvram = unit_bit(isp_nonvram, unit);
	p->no_reload = unit_bit(isp_nofwreload, unit);
	p->frame_size = isp_default_frame_size;
	p->throttle = isp_default_exec_throttle;
	p->nport_only = unit_bit(isp_nport_only, unit);
	p->loop_only = unit_bit(isp_loop_only, unit);
	p->full_duplex = unit_bit(isp_fcduplex, unit);
	p->host_id = host_id();
	p->fc_id = isp_own_id ? (int)isp_fc_id : -1;
}
