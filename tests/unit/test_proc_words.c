// SPDX-License-Identifier: GPL-2.0
/* The words of /proc/scsi/isp/N: what means what, and what nothing. */
#include "../lib/tap.h"

#include <linux/errno.h>
#include <linux/string.h>
#include <stdlib.h>

#include "core/isp_role.h"
#include "linux/isp_proc_words.h"

/* Named by the lists of parameters, which give their reading of numbers. */
const char *isp_role_name(u8 roles)
{
	(void)roles;
	return "";
}

/* The text in memory of its very size, so that sanitizers see its ends. */
static int parse(const char *text, size_t len, enum isp_proc_verb *verb)
{
	char *copy = malloc(len ? len : 1);
	int err;

	memcpy(copy, text, len);
	err = isp_proc_words_parse(copy, len, verb);
	free(copy);
	return err;
}

static const struct {
	const char *text;
	enum isp_proc_verb verb;
} good[] = {
	{ "rescan\n", ISP_PROC_RESCAN },
	{ "lip", ISP_PROC_LIP },
	{ "\t reset \t", ISP_PROC_RESET },
	{ "bins\n", ISP_PROC_BINS },
	{ "debug=0x1F\n", ISP_PROC_DEBUG },
	{ "debug=ffffffff", ISP_PROC_DEBUG },
	{ "busreset=0", ISP_PROC_BUSRESET },
	{ "devreset=1,2", ISP_PROC_DEVRESET },
};

static const char *const bad[] = {
	"",	  "\n",	      " ",     "Lip",	   "lips",
	"li",	  "debug=",   "debug", "debug=zz", "debug=100000000",
	"reset=", "busreset", "lip x", "l ip\n",   "debug= 1",
};

int main(void)
{
	char text[ISP_PROC_WORDS_MAX + 1];
	enum isp_proc_verb verb;
	unsigned int i;
	bool all = true;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		all = !parse(good[i].text, strlen(good[i].text), &verb) &&
		      verb == good[i].verb && all;
	tap_ok(all, "each word means what it says");
	for (all = true, i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		all = parse(bad[i], strlen(bad[i]), &verb) == -EINVAL && all;
	tap_ok(all, "what is no word is refused");
	tap_ok(!parse("lip\0garbage", 11, &verb) && verb == ISP_PROC_LIP,
	       "a text ends at a NUL");
	memset(text, ' ', sizeof(text));
	memcpy(text, "bins", 4);
	tap_ok(!parse(text, sizeof(text) - 2, &verb) &&
		       parse(text, sizeof(text) - 1, &verb) == -EINVAL &&
		       parse(text, sizeof(text), &verb) == -EINVAL,
	       "a text as long as the buffer is refused");
	return tap_end();
}
