// SPDX-License-Identifier: GPL-2.0
/* The words of /proc/scsi_tgt/qla_isp/N: what means what, and nothing else. */
#include "../lib/tap.h"

#include <linux/errno.h>
#include <linux/string.h>
#include <stdlib.h>
#include <time.h>

#include "scst/isp_scst_words.h"

#define NR_RANDOM 200000

/* The text in memory of its very size, so that sanitizers see its ends. */
static int parse(const char *text, size_t len, struct isp_scst_words *words)
{
	char *copy = malloc(len ? len : 1);
	int err;

	memcpy(copy, text, len);
	err = isp_scst_words_parse(copy, len, words);
	free(copy);
	return err;
}

static const struct {
	const char *text;
	struct isp_scst_words words;
} good[] = {
	{ "enable all", { .verb = ISP_SCST_ENABLE, .all_chans = true } },
	{ "enable all\n", { .verb = ISP_SCST_ENABLE, .all_chans = true } },
	{ "ENABLE ALL\n", { .verb = ISP_SCST_ENABLE, .all_chans = true } },
	{ " \tenable\t all ", { .verb = ISP_SCST_ENABLE, .all_chans = true } },
	{ "disable all\n", { .verb = ISP_SCST_DISABLE, .all_chans = true } },
	{ "enable 0", { .verb = ISP_SCST_ENABLE, .chan = 0 } },
	{ "Disable 3\n", { .verb = ISP_SCST_DISABLE, .chan = 3 } },
	{ "enable 0x1F", { .verb = ISP_SCST_ENABLE, .chan = 31 } },
	{ "enable 017", { .verb = ISP_SCST_ENABLE, .chan = 15 } },
	{ "enable 00", { .verb = ISP_SCST_ENABLE, .chan = 0 } },
	{ "enable 4294967295",
	  { .verb = ISP_SCST_ENABLE, .chan = 4294967295u } },
	{ "enable 1 0",
	  { .verb = ISP_SCST_ENABLE, .chan = 1, .has_lun = true, .lun = 0 } },
	{ "disable 0 0x3f\n",
	  { .verb = ISP_SCST_DISABLE, .has_lun = true, .lun = 63 } },
	{ "enable all all",
	  { .verb = ISP_SCST_ENABLE,
	    .all_chans = true,
	    .has_lun = true,
	    .all_luns = true } },
	{ "enable 1 All",
	  { .verb = ISP_SCST_ENABLE,
	    .chan = 1,
	    .has_lun = true,
	    .all_luns = true } },
	{ "test", { .verb = ISP_SCST_TEST } },
	{ "TEST\n", { .verb = ISP_SCST_TEST } },
};

static bool same(const struct isp_scst_words *a, const struct isp_scst_words *b)
{
	return a->verb == b->verb && a->all_chans == b->all_chans &&
	       a->chan == b->chan && a->has_lun == b->has_lun &&
	       a->all_luns == b->all_luns && a->lun == b->lun;
}

static const char *const bad[] = {
	"",
	"\n",
	" ",
	"\n\n",
	"enable",
	"enable\n",
	"disable ",
	"enable all\n\n",
	"enable all\nall",
	"enable al",
	"enable alll",
	"enabled all",
	"all enable",
	"enable -1",
	"enable +1",
	"enable 0x",
	"enable 08",
	"enable 1a",
	"enable 0xg",
	"enable 4294967296",
	"enable 99999999999999999999999999",
	"enable 1,2",
	"enable 0 0 0",
	"disable 0 all all",
	"test 0",
	"testing",
	"1",
	"0",
};

static void test_good(void)
{
	struct isp_scst_words words;
	unsigned int i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int err = parse(good[i].text, strlen(good[i].text), &words);

		tap_ok(!err && same(&words, &good[i].words),
		       "text %u is understood: %.*s", i,
		       (int)strcspn(good[i].text, "\n"), good[i].text);
	}
}

static void test_bad(void)
{
	char text[4096], nul[] = "enable\0all";
	struct isp_scst_words words;
	unsigned int i;
	int err;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = parse(bad[i], strlen(bad[i]), &words);
		tap_ok(err == -EINVAL, "text %u is refused", i);
	}
	tap_ok(parse(nul, sizeof(nul) - 1, &words) == -EINVAL,
	       "a NUL inside is refused");
	memset(text, ' ', sizeof(text));
	memcpy(text, "enable all", 10);
	tap_ok(parse(text, ISP_SCST_WORDS_MAX - 1, &words) == 0,
	       "the longest text is understood");
	tap_ok(parse(text, ISP_SCST_WORDS_MAX, &words) == -EINVAL,
	       "a longer one is refused");
	tap_ok(parse(text, sizeof(text), &words) == -EINVAL,
	       "a page of it is refused");
}

/* Words put together at random: never out of bounds, only two answers. */
static void test_random(unsigned int seed)
{
	static const char *const bits[] = { "enable", "disable", "test", "all",
					    " ",      "\t",	 "\n",	 "0",
					    "0x",     "7",	 "f",	 "-" };
	struct isp_scst_words words;
	unsigned int i, odd = 0;

	srand(seed);
	printf("# seed %u\n", seed);
	for (i = 0; i < NR_RANDOM; i++) {
		char text[128];
		size_t len = 0;
		int n = rand() % 12, err;

		while (n--) {
			const char *bit =
				bits[rand() % (sizeof(bits) / sizeof(bits[0]))];

			memcpy(text + len, bit, strlen(bit));
			len += strlen(bit);
			if (!(rand() % 50))
				text[len++] = rand();
		}
		err = parse(text, len, &words);
		odd += err && err != -EINVAL;
	}
	tap_ok(!odd, "%d random texts are understood or refused", NR_RANDOM);
}

int main(int argc, char **argv)
{
	test_good();
	test_bad();
	test_random(argc > 1 ? strtoul(argv[1], NULL, 0) : time(NULL));
	return tap_end();
}
