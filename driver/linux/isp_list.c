// SPDX-License-Identifier: GPL-2.0
/* The lists that module parameters hold, taken apart. */
#include "isp_list.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../compat/isp_compat.h"
#include "../core/isp_role.h"

#define MAX_CHAN 255

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Hex digits at *word, at most @max of them; how many there were. */
static unsigned int take_hex(const char **word, unsigned int max, u64 *val)
{
	unsigned int nr = 0;

	*val = 0;
	while (nr < max && hex_to_bin(**word) >= 0) {
		*val = *val << 4 | hex_to_bin(**word);
		(*word)++;
		nr++;
	}
	return nr;
}

/**
 * isp_list_next() - Take the next item of a list with commas.
 * @list: where we are, moved on; NULL is an empty list
 * @item: out, ISP_LIST_ITEM bytes, without blanks around it
 *
 * Context: any.
 * Return: 1: there is one; 0: end of the list; -EINVAL: it is empty or longer
 *         than any item can be.
 */
int isp_list_next(const char **list, char *item)
{
	const char *p = *list;
	size_t len = 0;

	while (p && is_blank(*p))
		p++;
	if (!p || !*p)
		return 0;
	for (; *p && *p != ','; p++) {
		if (len == ISP_LIST_ITEM - 1)
			return -EINVAL;
		item[len++] = *p;
	}
	*list = *p ? p + 1 : p;
	while (len && is_blank(item[len - 1]))
		len--;
	item[len] = '\0';
	return len ? 1 : -EINVAL;
}

/**
 * isp_list_value() - Divide "DEVID=value" at its sign.
 * @item: cut there
 *
 * Context: any.
 * Return: the value, part of @item; NULL: there is no sign, or nothing before
 *         it.
 */
char *isp_list_value(char *item)
{
	char *value = strchr(item, '=');

	if (!value || value == item)
		return NULL;
	*value = '\0';
	return value + 1;
}

/**
 * isp_list_number() - Read a hexadecimal number.
 * @word: 1 to 8 digits in either case, perhaps after 0x, nothing behind
 * @num:  out
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int isp_list_number(const char *word, u32 *num)
{
	u64 val;

	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		word += 2;
	if (!take_hex(&word, 8, &val) || *word)
		return -EINVAL;
	*num = val;
	return 0;
}

/* "[domain:]bus:slot.function", as lspci prints it. */
static int parse_address(const char *word, struct isp_list_addr *addr)
{
	u64 part[3] = {};
	unsigned int nr = 0;
	unsigned int digits;
	u64 func;

	for (;;) {
		digits = take_hex(&word, 8, &part[nr++]);
		if (!digits || nr == ARRAY_SIZE(part) || *word != ':')
			break;
		word++;
	}
	if (!digits || nr < 2 || *word++ != '.')
		return -EINVAL;
	if (take_hex(&word, 1, &func) != 1 || *word)
		return -EINVAL;
	addr->domain = nr == 3 ? part[0] : 0;
	if (part[nr - 2] > 0xff || part[nr - 1] > 0x1f || func > 7)
		return -EINVAL;
	addr->bus = part[nr - 2];
	addr->slot = part[nr - 1];
	addr->func = func;
	return 0;
}

/**
 * isp_list_devid() - A function's DEVID in the form of the first releases.
 * @addr: the function
 *
 * Context: any.
 * Return: bus << 16 | slot << 8 | function.
 */
u32 isp_list_devid(const struct isp_list_addr *addr)
{
	return addr->bus << 16 | addr->slot << 8 | addr->func;
}

/* The form of the later releases. */
static u32 devid_late(const struct isp_list_addr *addr)
{
	return addr->domain << 16 | addr->bus << 8 | addr->slot << 3 |
	       addr->func;
}

/**
 * isp_list_devid_valid() - Can this word mean a card at all?
 * @devid: the word
 *
 * Context: any.
 * Return: true for "*", a number, or an address.
 */
bool isp_list_devid_valid(const char *devid)
{
	struct isp_list_addr addr;
	u32 num;

	return !strcmp(devid, "*") || !isp_list_number(devid, &num) ||
	       !parse_address(devid, &addr);
}

/**
 * isp_list_devid_matches() - Does this word mean this function?
 * @devid: "*", a number in either encoding, or an address
 * @addr:  the function
 *
 * Context: any.
 * Return: true if it does. A number may mean several functions.
 */
bool isp_list_devid_matches(const char *devid, const struct isp_list_addr *addr)
{
	struct isp_list_addr want;
	u32 num;

	if (!strcmp(devid, "*"))
		return true;
	if (!isp_list_number(devid, &num))
		return num == isp_list_devid(addr) || num == devid_late(addr);
	return !parse_address(devid, &want) && want.domain == addr->domain &&
	       want.bus == addr->bus && want.slot == addr->slot &&
	       want.func == addr->func;
}

/**
 * isp_list_role() - Read a role.
 * @word:  none, target, initiator or both, in either case
 * @roles: out, ISP_ROLE_*
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int isp_list_role(const char *word, u8 *roles)
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

/* "channel:" at *word, decimal; none is channel 0. */
static int take_chan(const char **word, unsigned int *chan)
{
	const char *p = *word;
	unsigned int nr = 0;

	*chan = 0;
	if (!strchr(p, ':'))
		return 0;
	for (; *p >= '0' && *p <= '9' && nr <= MAX_CHAN; p++)
		nr = nr * 10 + *p - '0';
	if (p == *word || *p != ':' || nr > MAX_CHAN)
		return -EINVAL;
	*chan = nr;
	*word = p + 1;
	return 0;
}

/**
 * isp_list_wwn() - Read a name of a port or node.
 * @word: "[channel:]" and 16 hex digits, perhaps after 0x; not 0
 * @chan: out, 0 to 255
 * @wwn:  out
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int isp_list_wwn(const char *word, unsigned int *chan, u64 *wwn)
{
	if (take_chan(&word, chan))
		return -EINVAL;
	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		word += 2;
	if (take_hex(&word, 16, wwn) != 16 || *word || !*wwn)
		return -EINVAL;
	return 0;
}
