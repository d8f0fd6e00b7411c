// SPDX-License-Identifier: GPL-2.0
/* Nonsense as control commands: every line gets one answer, nothing breaks. */
#include "mini.h"
#include "tap.h"

#include "ctl/cmds.h"

#include <stdio.h>
#include <stdlib.h>

#define NR_LINES 20000

static const char *const seeds[] = {
	"{\"cmd\":\"ping\"}",
	"{\"cmd\":\"help\"}",
	"{\"cmd\":\"counters\",\"port\":\"target.0\",\"reset\":true}",
	"{\"cmd\":\"state\",\"port\":\"initiator.0\"}",
	"{\"cmd\":\"books\",\"port\":\"target.1\"}",
	"{\"cmd\":\"trace\",\"last\":5}",
	"{\"cmd\":\"coverage\"}",
	"{\"cmd\":\"label\",\"port\":\"target.0\",\"who\":\"stock\"}",
	"{\"cmd\":\"verdicts\",\"clear\":true}",
	"{\"cmd\":\"link\",\"port\":\"target.0\",\"state\":\"down\",\"ms\":3}",
	"{\"cmd\":\"rscn\",\"port\":\"target.0\"}",
	"{\"cmd\":\"fault\",\"what\":\"drop\",\"frame\":\"cmnd\",\"nth\":2}",
	"{\"cmd\":\"fault\",\"what\":\"delay\",\"ms\":7,\"from\":\"target.0\"}",
	"{\"cmd\":\"fault\",\"what\":\"fw_crash\",\"port\":\"target.0\"}",
	"{\"cmd\":\"fault\",\"what\":\"all_ones\",\"port\":\"target.0\"}",
	"{\"cmd\":\"fault\",\"what\":\"fw_hang\",\"port\":\"initiator.0\"}",
	"{\"cmd\":\"prli_delay\",\"port\":\"target.0\",\"ms\":10}",
	"{\"cmd\":\"faults\",\"clear\":true}",
};

static struct model m;
static uint64_t seed;

static uint32_t rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33);
}

/* A good line with some bytes changed, cut, doubled or swapped for JSON. */
static void make_line(char *line, size_t size)
{
	static const char *const bits[] = {
		"\"",	    "{",	   "}",	       "[",
		"]",	    ":",	   ",",	       "null",
		"true",	    "-1",	   "1e999",    "18446744073709551616",
		"\"port\"", "\"\\u0000\"", "\"ms\":0", "0.5",
		"\\",	    "\"cmd\"",	   "\xff\xfe", "\"count\":4294967295",
	};
	size_t n;

	snprintf(line, size, "%s", seeds[rnd() % ARRAY_SIZE(seeds)]);
	for (n = rnd() % 4; n; n--) {
		const char *bit = bits[rnd() % ARRAY_SIZE(bits)];
		size_t len = strlen(line);
		char tail[256];
		size_t k = len ? rnd() % len : 0;

		switch (rnd() % 4) {
		case 0:
			line[k] = (char)(1 + rnd() % 255);
			break;
		case 1:
			line[k] = '\0';
			break;
		default:
			snprintf(tail, sizeof(tail), "%s",
				 line + k + (rnd() % 2 && line[k]));
			snprintf(line + k, size - k, "%s%s", bit, tail);
		}
	}
}

static void test_lines(void)
{
	unsigned int i, good = 0, bad = 0;
	char line[256];

	mini_start(&m, EV_CLOCK_VIRTUAL);
	for (i = 0; i < NR_LINES; i++) {
		cJSON *out;
		const cJSON *verdict;
		char *text;

		make_line(line, sizeof(line));
		out = ctl_run(&m, line);
		verdict = cJSON_GetObjectItem(out, "ok");
		if (!ok(cJSON_IsBool(verdict)))
			printf("# line %u: %s\n", i, line);
		if (cJSON_IsTrue(verdict))
			good++;
		else
			bad++;
		/* It must also be printable, and no time may be lost in it. */
		text = cJSON_PrintUnformatted(out);
		ok(text && !strchr(text, '\n'));
		free(text);
		cJSON_Delete(out);
		if (i % 16 == 0)
			ev_run_until(m.ev, ev_now_ns(m.ev) + 5 * EV_MS);
	}
	printf("# %u lines: %u carried out, %u refused\n", i, good, bad);
	ok(good > NR_LINES / 10 && bad > NR_LINES / 10);
	mini_stop(&m);
}

int main(void)
{
	const char *text = getenv("FUZZ_SEED");

	seed = text ? strtoull(text, NULL, 0) : 1;
	printf("# FUZZ_SEED=%llu\n", (unsigned long long)seed);
	tap_run(test_lines, "control commands: broken lines get an answer");
	return tap_end();
}
