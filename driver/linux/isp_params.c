// SPDX-License-Identifier: GPL-2.0
/* Module parameters, with the names and the grammar of old. */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/string.h>

#include "isp_linux.h"

/* Longest "DEVID=value" of a list. */
#define ITEM_LEN 64

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
static char *isp_roles;
static char *isp_wwpns;
static char *isp_wwnns;
static char *isp_pci_exclude;
static char *isp_pci_include;

#define PARAM(name, type, text)         \
	module_param(name, type, 0444); \
	MODULE_PARM_DESC(name, text)

PARAM(isp_debug, uint, "log mask (messages are chosen by dynamic debug now)");
PARAM(isp_disable, uint, "bitmap of units to leave alone, in load order");
PARAM(isp_nonvram, uint, "bitmap of units whose NVRAM is not read");
PARAM(isp_nofwreload, uint, "bitmap of units that run firmware from flash");
PARAM(isp_maxluns, uint, "initiator: highest LUN + 1");
PARAM(isp_throttle, uint, "accepted, never had an effect");
PARAM(isp_cmd_per_lun, uint, "initiator: commands per LUN");
PARAM(isp_maxsectors, uint, "initiator: sectors per command");
PARAM(isp_fcduplex, uint, "bitmap of units that use full duplex");
PARAM(isp_nport_only, uint, "bitmap of units: point-to-point only");
PARAM(isp_loop_only, uint, "bitmap of units: loop only");
PARAM(isp_deadloop_time, uint, "initiator: seconds of link down");
PARAM(isp_fc_id, uint, "hard loop id, with isp_own_id");
PARAM(isp_spi_id, uint, "SCSI id of parallel adapters");
PARAM(isp_own_id, uint, "isp_fc_id overrides NVRAM");
PARAM(isp_default_frame_size, uint, "512, 1024 or 2048; 0: NVRAM");
PARAM(isp_default_exec_throttle, uint, "1 to 255; 0: NVRAM");
PARAM(isp_vports, uint, "virtual ports (not built yet)");
PARAM(isp_pci_mapmem, uint, "bitmap: registers by memory, not I/O ports");
PARAM(isp_roles, charp, "DEVID=none|target|initiator|both[,...]");
PARAM(isp_wwpns, charp, "DEVID=[channel:]port name, 16 hex digits[,...]");
PARAM(isp_wwnns, charp, "DEVID=[channel:]node name, 16 hex digits[,...]");
PARAM(isp_pci_exclude, charp, "bus<<16|slot<<8|function, hex[,...]");
PARAM(isp_pci_include, charp, "as isp_pci_exclude, and wins over it");

/**
 * isp_params_devid() - A function's DEVID in the form of the first releases.
 * @pdev: the function
 *
 * Context: any.
 * Return: bus << 16 | slot << 8 | function.
 */
u32 isp_params_devid(struct pci_dev *pdev)
{
	return pdev->bus->number << 16 | PCI_SLOT(pdev->devfn) << 8 |
	       PCI_FUNC(pdev->devfn);
}

/* The form of the later releases. */
static u32 devid_late(struct pci_dev *pdev)
{
	return (u32)pci_domain_nr(pdev->bus) << 16 | pdev->bus->number << 8 |
	       pdev->devfn;
}

static bool name_matches(struct pci_dev *pdev, const char *devid)
{
	const char *name = pci_name(pdev);

	if (!strcasecmp(name, devid))
		return true;
	/* Domain 0 may be left out. */
	return !pci_domain_nr(pdev->bus) && strlen(name) > 5 &&
	       !strcasecmp(name + 5, devid);
}

static bool devid_matches(struct pci_dev *pdev, const char *devid)
{
	u32 num;

	if (!strcmp(devid, "*") || name_matches(pdev, devid))
		return true;
	if (kstrtou32(devid, 16, &num))
		return false;
	return num == isp_params_devid(pdev) || num == devid_late(pdev);
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

/*
 * Take the next "DEVID=value" of a list apart. 1: there is one; 0: end of
 * list; -EINVAL: not of that form.
 */
static int next_item(const char **list, char *item, char **value)
{
	const char *end;
	size_t len;

	if (!*list || !**list || **list == '\n')
		return 0;
	end = strchrnul(*list, ',');
	len = end - *list;
	if (len >= ITEM_LEN)
		return -EINVAL;
	memcpy(item, *list, len);
	item[len] = '\0';
	*list = *end ? end + 1 : end;
	strim(item);
	*value = strchr(item, '=');
	if (!*value || *value == item)
		return -EINVAL;
	*(*value)++ = '\0';
	return 1;
}

static int role_of(const char *word, u8 *roles)
{
	u8 r;

	for (r = ISP_ROLE_NONE; r <= ISP_ROLE_BOTH; r++) {
		if (strcasecmp(word, isp_role_name(r)))
			continue;
		*roles = r;
		return 0;
	}
	return -EINVAL;
}

/* "[channel:]16 hex digits". */
static int wwn_of(const char *word, unsigned int chan, u64 *wwn)
{
	const char *colon = strchr(word, ':');
	unsigned int for_chan = 0;

	if (colon) {
		if (colon - word != 1 || !isdigit(word[0]))
			return -EINVAL;
		for_chan = word[0] - '0';
		word = colon + 1;
	}
	if (!strncasecmp(word, "0x", 2))
		word += 2;
	if (strlen(word) != 16 || kstrtou64(word, 16, wwn) || !*wwn)
		return -EINVAL;
	return for_chan == chan ? 0 : -ENOENT;
}

static int check_devid(const char *devid)
{
	unsigned int dom, bus, slot, fn;
	u32 num;

	if (!strcmp(devid, "*") || !kstrtou32(devid, 16, &num) ||
	    sscanf(devid, "%x:%x:%x.%x", &dom, &bus, &slot, &fn) == 4 ||
	    sscanf(devid, "%x:%x.%x", &bus, &slot, &fn) == 3)
		return 0;
	return -EINVAL;
}

static int check_list(const char *param, const char *list, bool wwn)
{
	char item[ITEM_LEN];
	char *value;
	u64 name;
	u8 roles;
	int ret;

	while ((ret = next_item(&list, item, &value)) == 1) {
		ret = check_devid(item);
		if (ret)
			break;
		if (wwn)
			ret = wwn_of(value, 0, &name);
		else
			ret = role_of(value, &roles);
		if (ret == -EINVAL)
			break;
	}
	if (ret == -EINVAL)
		pr_err("isp_mod: %s=\"%.128s\" refused: want %s\n", param,
		       wwn ? (param[6] == 'n' ? isp_wwnns : isp_wwpns) :
			     isp_roles,
		       wwn ? "DEVID=[channel:]16 hex digits[,...]" :
			     "DEVID=none|target|initiator|both[,...]");
	return ret == -EINVAL ? ret : 0;
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

	err = check_list("isp_roles", isp_roles, false);
	if (!err)
		err = check_list("isp_wwpns", isp_wwpns, true);
	if (!err)
		err = check_list("isp_wwnns", isp_wwnns, true);
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
	if (isp_vports)
		pr_warn("isp_mod: isp_vports=%u has no effect: virtual ports are not built yet\n",
			isp_vports);
	if (isp_throttle)
		pr_warn("isp_mod: isp_throttle has no effect\n");
	return 0;
}

static bool unit_bit(u32 map, unsigned int unit)
{
	return unit < 32 && map & BIT(unit);
}

static bool in_pci_list(struct pci_dev *pdev, const char *list)
{
	char item[ITEM_LEN];
	const char *end;
	size_t len;
	u32 num;

	while (list && *list) {
		end = strchrnul(list, ',');
		len = min_t(size_t, end - list, ITEM_LEN - 1);
		memcpy(item, list, len);
		item[len] = '\0';
		if (!kstrtou32(strim(item), 16, &num) &&
		    num == isp_params_devid(pdev))
			return true;
		list = *end ? end + 1 : end;
	}
	return false;
}

static u8 roles_for(struct pci_dev *pdev)
{
	const char *list = isp_roles;
	u8 roles = ISP_ROLE_NONE;
	char item[ITEM_LEN];
	char *value;

	while (next_item(&list, item, &value) == 1)
		if (is_ours(pdev, "isp_roles", item))
			role_of(value, &roles);
	return roles;
}

static u64 wwn_for(struct pci_dev *pdev, const char *param, const char *list)
{
	char item[ITEM_LEN];
	u64 wwn = 0, val;
	char *value;

	while (next_item(&list, item, &value) == 1)
		if (is_ours(pdev, param, item) && !wwn_of(value, 0, &val))
			wwn = val;
	return wwn;
}

/**
 * isp_params_get() - What the parameters say about one function.
 * @pdev: the function
 * @unit: its number in load order
 * @out:  out
 *
 * Context: process.
 */
void isp_params_get(struct pci_dev *pdev, unsigned int unit,
		    struct isp_dev_params *out)
{
	struct isp_params *p = &out->params;

	memset(out, 0, sizeof(*out));
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
	p->fc_id = isp_own_id ? (int)min(isp_fc_id, 125U) : -1;
}
