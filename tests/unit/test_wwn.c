// SPDX-License-Identifier: GPL-2.0
/* Port names in three spellings, and whatever else a user may type. */
#include "../lib/tap.h"

#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "lio/isp_lio_wwn.h"

#define NAME 0x2100001b320a0b0cULL

static bool refused(const char *word)
{
	u64 wwn = 5;

	return isp_lio_wwn_parse(word, &wwn) == -EINVAL && wwn == 5;
}

static void test_spellings(void)
{
	static const char *const good[] = {
		"21:00:00:1b:32:0a:0b:0c", "2100001b320a0b0c",
		"naa.2100001b320a0b0c",	   "21:00:00:1B:32:0A:0B:0C",
		"2100001B320A0b0C",	   "NAA.2100001B320A0B0C",
	};
	unsigned int i;
	u64 wwn;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		wwn = 0;
		tap_ok(!isp_lio_wwn_parse(good[i], &wwn) && wwn == NAME,
		       "%s is the name", good[i]);
	}
}

static void test_nonsense(void)
{
	static const char *const bad[] = {
		"",
		"x",
		"naa.",
		"naa.naa.2100001b320a0b0c",
		"naa.21:00:00:1b:32:0a:0b:0c",
		"2100001b320a0b0",
		"2100001b320a0b0c0",
		"21:00:00:1b:32:0a:0b:0c:00",
		"21:00:00:1b:32:0a:0b:0",
		"21-00-00-1b-32-0a-0b-0c",
		"2:100:00:1b:32:0a:0b:0c",
		":1:00:00:1b:32:0a:0b:0c",
		"2100001b320a0b0c ",
		" 2100001b320a0b0c",
		"0000000000000000",
		"00:00:00:00:00:00:00:00",
		"naa.0000000000000000",
		"g100001b320a0b0c",
		"21:00:00:1b:32:0a:0b:0c\n",
		"2100001b320a0b0c\xff",
		"0x2100001b320a0b0c",
	};
	unsigned int i, nr = 0;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (refused(bad[i]))
			nr++;
		else
			printf("# accepted: %s\n", bad[i]);
	}
	tap_ok(nr == i, "%u other words are refused", i);
}

/* Each on a heap block of its very size: a read beyond it is seen. */
static void test_cut(void)
{
	static const char whole[] = "21:00:00:1b:32:0a:0b:0c";
	static const char naa[] = "naa.2100001b320a0b0c";
	unsigned int len, nr = 0;
	char *copy;

	for (len = 0; len < sizeof(whole) - 1; len++) {
		copy = strndup(whole, len);
		nr += refused(copy);
		free(copy);
	}
	for (len = 0; len < sizeof(naa) - 1; len++) {
		copy = strndup(naa, len);
		nr += refused(copy);
		free(copy);
	}
	tap_ok(nr == sizeof(whole) + sizeof(naa) - 2,
	       "a name cut anywhere is refused");
}

/* What is written can be read; random words are read only if well formed. */
static void test_round(void)
{
	static const char alphabet[] = "0123456789abcdefABCDEF:.naxg ";
	char name[ISP_LIO_WWN_LEN], word[32];
	unsigned int i, k, len, same = 0, odd = 0;
	u64 wwn, back;

	srand(20260915);
	for (i = 0; i < 2000; i++) {
		wwn = (u64)rand() << 40 ^ (u64)rand() << 20 ^ rand() ^ 1;
		isp_lio_wwn_format(name, wwn);
		same += strlen(name) == ISP_LIO_WWN_LEN - 1 &&
			!isp_lio_wwn_parse(name, &back) && back == wwn;
		len = rand() % (sizeof(word) - 1);
		for (k = 0; k < len; k++)
			word[k] = alphabet[rand() % (sizeof(alphabet) - 1)];
		word[len] = '\0';
		odd += !isp_lio_wwn_parse(word, &back) && len != 16 &&
		       len != 20 && len != 23;
	}
	tap_ok(same == 2000,
	       "2000 names written are read again, seed 20260915");
	tap_ok(!odd, "no random word of another length is a name");
	isp_lio_wwn_format(name, NAME);
	tap_ok(!strcmp(name, "21:00:00:1b:32:0a:0b:0c"),
	       "written with colons, lower case");
}

int main(void)
{
	test_spellings();
	test_nonsense();
	test_cut();
	test_round();
	return tap_end();
}
