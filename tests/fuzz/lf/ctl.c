// SPDX-License-Identifier: GPL-2.0
/*
 * What a control client gives to ispsim: the bytes of an input are lines, each
 * a request or nonsense, on a small model with three ports; a byte 1 to 8 at
 * the start of a line lets as many milliseconds pass. Each line has one answer
 * that says "ok" or not, on one line, and the same model can be asked again.
 */
#include "fuzz.h"

#include "ctl/cmds.h"
#include "mini.h"

#define MAX_LINES 16U
#define MAX_LINE 512U

static bool ask(struct model *m, const char *line)
{
	cJSON *out = ctl_run(m, line);
	const cJSON *verdict = cJSON_GetObjectItem(out, "ok");
	char *text = cJSON_PrintUnformatted(out);
	bool good = cJSON_IsTrue(verdict);

	fuzz_want(cJSON_IsBool(verdict));
	fuzz_want(good || cJSON_GetObjectItem(out, "error"));
	fuzz_want(text && !strchr(text, '\n'));
	free(text);
	cJSON_Delete(out);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct model m;
	struct fuzz_in in = { data, len };
	char line[MAX_LINE];
	unsigned int i;
	size_t n;
	uint8_t c;

	mini_start(&m, EV_CLOCK_VIRTUAL);
	for (i = 0; i < MAX_LINES && in.left; i++) {
		n = 0;
		while (in.left && (c = fuzz_u8(&in)) != '\n')
			if (n < sizeof(line) - 1)
				line[n++] = (char)c;
		line[n] = '\0';
		if (line[0] > 0 && line[0] <= 8) {
			ev_run_until(m.ev, ev_now_ns(m.ev) +
						   (uint64_t)line[0] * EV_MS);
			ask(&m, line + 1);
		} else {
			ask(&m, line);
		}
	}
	ev_run_until(m.ev, ev_now_ns(m.ev) + EV_SEC);
	fuzz_want(ask(&m, "{\"cmd\":\"ping\"}"));
	fuzz_want(ask(&m, "{\"cmd\":\"faults\",\"clear\":true}"));
	fuzz_want(ask(&m, "{\"cmd\":\"books\"}"));
	mini_stop(&m);
	return 0;
}
