// SPDX-License-Identifier: GPL-2.0
/*
 * What a user gives: module parameters, /proc/scsi_tgt/qla_isp/N,
 * /proc/scsi/isp/N, port names in configfs. The first byte of an input says which; the rest is the text, in a
 * block of exactly its size. What is accepted must mean what a second, naive
 * reading says, and come back when it is written again.
 */
#include "fuzz.h"

#include <linux/errno.h>
#include <linux/types.h>
#include <strings.h>

#include "core/isp_role.h"
#include "linux/isp_list.h"
#include "linux/isp_proc_words.h"
#include "lio/isp_lio_wwn.h"
#include "scst/isp_scst_words.h"

/* core/ has it beside the adapter, which is not linked here. */
const char *isp_role_name(u8 roles)
{
	static const char *const names[] = { "none", "target", "initiator",
					     "both" };

	return names[roles & 3];
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* The hex digits of @text as a number; colons are passed over. */
static u64 naive_hex(const char *text)
{
	char digits[32] = "";
	size_t nr = 0;

	for (; *text && nr < sizeof(digits) - 1; text++)
		if (is_hex(*text))
			digits[nr++] = *text;
	return strtoull(digits, NULL, 16);
}

/* ---- module parameters ---- */

static void one_address(const struct isp_list_addr *a, const char *devid)
{
	struct isp_list_addr other = *a;
	char text[32];
	u32 num;

	if (!isp_list_devid_matches(devid, a))
		return;
	fuzz_want(isp_list_devid_valid(devid));
	/* What it means can be written in full and in the oldest form. */
	snprintf(text, sizeof(text), "%x:%02x:%02x.%x", a->domain, a->bus,
		 a->slot, a->func);
	fuzz_want(isp_list_devid_matches(text, a));
	snprintf(text, sizeof(text), "%x", isp_list_devid(a));
	fuzz_want(!isp_list_number(text, &num) && num == isp_list_devid(a));
	fuzz_want(isp_list_devid_matches(text, a));
	/* An address means one card, a number two at most. */
	other.func ^= 1;
	if (strcmp(devid, "*"))
		fuzz_want(!isp_list_devid_matches(devid, &other));
}

static void devid(const char *item)
{
	static const struct isp_list_addr at[] = {
		{ 0, 0x0b, 3, 0 },
		{ 0xb, 3, 0, 0 },
		{ 1, 0, 0, 7 },
		{ 0, 0, 0, 0 },
	};
	struct isp_list_addr found = { 0 };
	const char *dot = strchr(item, '.');
	unsigned int i;
	u32 num;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		one_address(&at[i], item);
	if (!isp_list_number(item, &num)) {
		fuzz_want(num == (u32)strtoull(item, NULL, 16));
		fuzz_want(isp_list_devid_valid(item));
		found.bus = num >> 16;
		found.slot = num >> 8 & 0x1f;
		found.func = num & 7;
		if (isp_list_devid(&found) == num)
			one_address(&found, item);
	} else if (isp_list_devid_valid(item) && strcmp(item, "*")) {
		fuzz_want(dot && is_hex(dot[1]) && !dot[2]);
		fuzz_want(strspn(item, "0123456789abcdefABCDEF:.") ==
			  strlen(item));
	}
}

static void value_of(const char *value)
{
	unsigned int chan = 0;
	char text[64];
	u8 roles = 0;
	u64 wwn = 0, back;

	if (!isp_list_role(value, &roles)) {
		fuzz_want(roles <= ISP_ROLE_BOTH);
		fuzz_want(!strcasecmp(value, isp_role_name(roles)));
	}
	if (isp_list_wwn(value, &chan, &wwn))
		return;
	fuzz_want(wwn && chan <= 255);
	fuzz_want(strlen(value) >= 16);
	fuzz_want(wwn == naive_hex(value + strlen(value) - 16));
	snprintf(text, sizeof(text), "%u:0x%016llx", chan,
		 (unsigned long long)wwn);
	fuzz_want(!isp_list_wwn(text, &chan, &back) && back == wwn);
}

static void list(const char *text)
{
	char item[ISP_LIST_ITEM];
	const char *p = text, *was;
	const char *value;
	int ret;

	do {
		was = p;
		memset(item, 'x', sizeof(item));
		ret = isp_list_next(&p, item);
		fuzz_want(ret == 1 || ret == 0 || ret == -EINVAL);
		if (ret != 1)
			break;
		fuzz_want(p > was && p <= text + strlen(text));
		fuzz_want(strnlen(item, sizeof(item)) < sizeof(item));
		fuzz_want(item[0] && !strchr(item, ','));
		devid(item);
		value = isp_list_value(item);
		if (!value)
			continue;
		fuzz_want(item[0] && value < item + sizeof(item));
		devid(item);
		value_of(value);
	} while (true);
}

/* ---- /proc/scsi_tgt/qla_isp/N ---- */

static const char *number(char *text, bool all, unsigned int num)
{
	if (all)
		return "all";
	snprintf(text, 16, "%u", num);
	return text;
}

static void words(const char *text, size_t len)
{
	static const char *const verbs[] = { "enable", "disable", "test" };
	struct isp_scst_words w, again;
	char chan[16], lun[16], out[64];
	int n;

	if (isp_scst_words_parse(text, len, &w))
		return;
	fuzz_want(len <= ISP_SCST_WORDS_MAX && w.verb <= ISP_SCST_TEST);
	if (w.verb == ISP_SCST_TEST)
		n = snprintf(out, sizeof(out), "test");
	else
		n = snprintf(out, sizeof(out), "%s %s %s\n", verbs[w.verb],
			     number(chan, w.all_chans, w.chan),
			     w.has_lun ? number(lun, w.all_luns, w.lun) : "");
	fuzz_want(!isp_scst_words_parse(out, (size_t)n, &again));
	fuzz_want(again.verb == w.verb && again.all_chans == w.all_chans);
	fuzz_want(again.all_chans || again.chan == w.chan);
	fuzz_want(again.has_lun == w.has_lun && again.all_luns == w.all_luns);
	fuzz_want(again.all_luns || again.lun == w.lun);
}

/* ---- /proc/scsi/isp/N ---- */

/* 1 to 8 digits, perhaps after 0x, and nothing else. */
static bool is_number(const char *text)
{
	size_t len;

	if (!strncasecmp(text, "0x", 2))
		text += 2;
	len = strspn(text, "0123456789abcdefABCDEF");
	return len && len <= 8 && !text[len];
}

/* What the word behind the blanks means, read slowly. */
static bool naive_verb(char *text, enum isp_proc_verb *verb)
{
	static const char *const plain[] = { "rescan", "lip", "reset", "bins" };
	size_t len;
	unsigned int i;

	text += strspn(text, " \t\n\v\f\r");
	for (len = strlen(text); len && strchr(" \t\n\v\f\r", text[len - 1]);)
		text[--len] = '\0';
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(text, plain[i]))
			*verb = (enum isp_proc_verb)(ISP_PROC_RESCAN + i);
	if (!strncmp(text, "debug=", 6) && is_number(strchr(text, '=') + 1))
		*verb = ISP_PROC_DEBUG;
	if (strstr(text, "busreset=") == text)
		*verb = ISP_PROC_BUSRESET;
	if (strstr(text, "devreset=") == text)
		*verb = ISP_PROC_DEVRESET;
	return *verb <= ISP_PROC_DEVRESET;
}

static void command(const char *bytes, size_t len, char *text)
{
	const enum isp_proc_verb none = ISP_PROC_DEVRESET + 1;
	enum isp_proc_verb verb = none, want = none;
	bool good = !isp_proc_words_parse(bytes, len, &verb);

	fuzz_want(good ==
		  (len < ISP_PROC_WORDS_MAX && naive_verb(text, &want)));
	fuzz_want(!good || verb == want);
}

/* ---- configfs ---- */

static void name(const char *text)
{
	char out[ISP_LIO_WWN_LEN];
	u64 wwn = 5, back = 0;
	size_t len = strlen(text);

	if (isp_lio_wwn_parse(text, &wwn)) {
		fuzz_want(wwn == 5);
		return;
	}
	fuzz_want(wwn && (len == 16 || len == 20 || len == 23));
	fuzz_want(wwn == naive_hex(len == 20 ? text + 4 : text));
	isp_lio_wwn_format(out, wwn);
	fuzz_want(strlen(out) == ISP_LIO_WWN_LEN - 1);
	fuzz_want(!isp_lio_wwn_parse(out, &back) && back == wwn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text, *bytes;

	if (!len)
		return 0;
	text = malloc(len);
	/* Not ended by a NUL, as proc has it. */
	bytes = malloc(len - 1 ? len - 1 : 1);
	fuzz_want(text && bytes);
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	memcpy(bytes, data + 1, len - 1);
	switch (data[0] % 4) {
	case 0:
		name(text);
		break;
	case 1:
		words(bytes, len - 1);
		break;
	case 2:
		list(text);
		break;
	default:
		command(bytes, len - 1, text);
		break;
	}
	free(bytes);
	free(text);
	return 0;
}
