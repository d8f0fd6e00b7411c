// SPDX-License-Identifier: GPL-2.0
/*
 * The lists of the module parameters: each form of DEVID, roles, names; and
 * nothing else, however long or odd.
 */
#include "../lib/tap.h"

#include <stdlib.h>
#include <string.h>

#include <linux/array_size.h>
#include <linux/errno.h>

#include "core/isp_role.h"
#include "linux/isp_list.h"

/* core/ has it beside the adapter, which is not linked here. */
const char *isp_role_name(u8 roles)
{
	static const char *const names[] = { "none", "target", "initiator",
					     "both" };

	return names[roles & 3];
}

static const struct isp_list_addr card = { 0, 0x0b, 3, 0 };

static void test_devid(void)
{
	static const char *const good[] = {
		"b0300",   "0xb0300",	   "0XB0300", "000b0300",
		"b18",	   "0xB18",	   "*",	      "0000:0b:03.0",
		"0b:03.0", "0000:0B:03.0", "b:3.0",   "00000000:0b:03.0",
	};
	static const char *const other[] = {
		"b0301",   "b0310",   "b19", "0001:0b:03.0", "0b:03.1",
		"0b:04.0", "0c:03.0", "0",   "ffffffff",
	};
	static const char *const bad[] = {
		"",
		"**",
		"x",
		"0x",
		"zz",
		"b0300 ",
		"b03001234",
		"-1",
		"+1",
		"0b:03",
		"0b:03.",
		"0b:03.8",
		"0b:03.00",
		"0b:20.0",
		"100:03.0",
		"0b.03.0",
		"0b:03:00.0:1",
		"0:0:0b:03.0",
		":0b:03.0",
		"0b::03.0",
		"0000:0b:03.0x",
		"0000:0b:03.0 ",
		"123456789:0b:03.0",
		".0",
		"0b:03.g",
		"0x0b:03.0",
		"b0300\xff",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		tap_ok(isp_list_devid_valid(good[i]) &&
			       isp_list_devid_matches(good[i], &card),
		       "%s is the card 0000:0b:03.0", good[i]);
	for (i = 0; i < ARRAY_SIZE(other); i++)
		tap_ok(isp_list_devid_valid(other[i]) &&
			       !isp_list_devid_matches(other[i], &card),
		       "%s is another card", other[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		tap_ok(!isp_list_devid_valid(bad[i]) &&
			       !isp_list_devid_matches(bad[i], &card),
		       "word %u of the odd ones is no card", i);
	tap_ok(isp_list_devid(&card) == 0xb0300,
	       "the form that is printed is the first one");
}

/* The same number in both encodings: the caller must look for a second card. */
static void test_two_meanings(void)
{
	static const struct isp_list_addr first = { 0, 1, 0, 0 };
	static const struct isp_list_addr second = { 1, 0, 0, 0 };

	tap_ok(isp_list_devid_matches("10000", &first) &&
		       isp_list_devid_matches("10000", &second),
	       "10000 is 0000:01:00.0 and 0001:00:00.0");
}

static bool items_are(const char *list, int end, unsigned int nr,
		      const char *const *want)
{
	char *copy = strdup(list);
	const char *p = copy;
	char item[ISP_LIST_ITEM];
	unsigned int i = 0;
	bool same = true;
	int ret;

	while ((ret = isp_list_next(&p, item)) == 1 && i < 64) {
		same = same && i < nr && !strcmp(item, want[i]);
		i++;
	}
	free(copy);
	return same && i == nr && ret == end;
}

static void test_items(void)
{
	static const char *const two[] = { "a=1", "b=2" };
	static const char *const max[] = {
		"012345678901234567890123456789012345678901234567890123456789012"
	};
	char item[ISP_LIST_ITEM];
	const char *none = NULL;
	char longer[200];
	char *value;

	tap_ok(!isp_list_next(&none, item), "no list has no items");
	tap_ok(items_are("", 0, 0, NULL), "an empty list has none");
	tap_ok(items_are("\t\n", 0, 0, NULL), "nor has one of blanks");
	tap_ok(items_are("a=1,b=2", 0, 2, two), "two items");
	tap_ok(items_are(" a=1 , b=2\t\n", 0, 2, two), "blanks are left out");
	tap_ok(items_are("a=1,b=2,", 0, 2, two), "a comma at the end");
	tap_ok(items_are("a=1,,b=2", -EINVAL, 1, two),
	       "an empty item: refused");
	tap_ok(items_are(",", -EINVAL, 0, NULL), "a comma alone: refused");
	tap_ok(items_are(max[0], 0, 1, max), "63 characters fit");
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	tap_ok(items_are(longer, -EINVAL, 0, NULL), "more do not");
	longer[64] = '\0';
	tap_ok(items_are(longer, -EINVAL, 0, NULL), "not even one more");
	strcpy(item, "b0300=both");
	value = isp_list_value(item);
	tap_ok(value && !strcmp(item, "b0300") && !strcmp(value, "both"),
	       "an item is divided at its sign");
	strcpy(item, "=both");
	tap_ok(!isp_list_value(item), "not without a card");
	strcpy(item, "both");
	tap_ok(!isp_list_value(item), "nor without a sign");
}

static void test_role(void)
{
	static const char *const words[] = { "none", "Target", "INITIATOR",
					     "both" };
	static const char *const bad[] = { "",	"targe",   "targets",
					   "3", "target ", "none,both" };
	unsigned int i;
	u8 roles;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		roles = 0xff;
		tap_ok(!isp_list_role(words[i], &roles) && roles == i,
		       "role %s is %u", words[i], i);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		tap_ok(isp_list_role(bad[i], &roles) == -EINVAL,
		       "\"%s\" is no role", bad[i]);
}

static bool wwn_is(const char *word, unsigned int chan, u64 want)
{
	unsigned int got = 999;
	u64 wwn = 0;

	return !isp_list_wwn(word, &got, &wwn) && got == chan && wwn == want;
}

static void test_wwn(void)
{
	static const char *const bad[] = {
		"",
		":",
		"12",
		"0000000000000000",
		"2100001b320a0b0",
		"2100001b320a0b0c0",
		"21:00:00:1b:32:0a:0b:0c",
		":2100001b320a0b0c",
		"256:2100001b320a0b0c",
		"99999999999:2100001b320a0b0c",
		"-1:2100001b320a0b0c",
		"0x1:2100001b320a0b0c",
		"1:",
		"1:0x",
		"g100001b320a0b0c",
		"naa.2100001b320a0b0c",
		"1:2:2100001b320a0b0c",
	};
	unsigned int chan, i;
	u64 wwn;

	tap_ok(wwn_is("2100001b320a0b0c", 0, 0x2100001b320a0b0cULL),
	       "16 digits are a name of channel 0");
	tap_ok(wwn_is("0x2100001B320A0B0C", 0, 0x2100001b320a0b0cULL),
	       "with 0x and in upper case, too");
	tap_ok(wwn_is("7:2100001b320a0b0c", 7, 0x2100001b320a0b0cULL),
	       "a channel may stand before it");
	tap_ok(wwn_is("255:0x2100001b320a0b0c", 255, 0x2100001b320a0b0cULL),
	       "up to 255");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		tap_ok(isp_list_wwn(bad[i], &chan, &wwn) == -EINVAL,
		       "\"%s\" is no name", bad[i]);
}

/* Anything at all in a list ends, within its bounds, and says what it is. */
static void test_noise(void)
{
	static const char alphabet[] = "0123456789abcdefx:.,=*\n *zT\xff";
	unsigned int i, k, len, chan, items = 0;
	char item[ISP_LIST_ITEM];
	u8 roles;
	u64 wwn;
	u32 num;

	srand(20260916);
	for (i = 0; i < 20000; i++) {
		char *list, *value;
		const char *p;

		len = rand() % 150;
		list = malloc(len + 1);
		for (k = 0; k < len; k++)
			list[k] = alphabet[rand() % (sizeof(alphabet) - 1)];
		list[len] = '\0';
		p = list;
		while (isp_list_next(&p, item) == 1) {
			items++;
			isp_list_number(item, &num);
			isp_list_devid_matches(item, &card);
			value = isp_list_value(item);
			if (value) {
				isp_list_role(value, &roles);
				isp_list_wwn(value, &chan, &wwn);
			}
		}
		free(list);
	}
	tap_ok(items > 20000, "%u items of noise, seed 20260916", items);
}

int main(void)
{
	test_devid();
	test_two_meanings();
	test_items();
	test_role();
	test_wwn();
	test_noise();
	return tap_end();
}
