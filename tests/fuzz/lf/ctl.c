// SPDX-License-Identifier: GPL-2.0
/*
 * What a control client gives to ispsim: the bytes of an input come in pieces
 * and are cut into lines, as a second, naive reading cuts them. Each line is a
 * request or nonsense, on a small model with three ports; a byte 1 to 8 at the
 * start of a line lets as many milliseconds pass. Each line has one answer that
 * says "ok" or not, on one line, and the same model can be asked again.
 */
#include "fuzz.h"

#include "ctl/cmds.h"
#include "ctl/lines.h"
#include "mini.h"

#define MAX_LINES 16U
#define MAX_LINE 256U

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

static void one_line(struct model *m, const char *line)
{
	uint64_t ms = (uint8_t)line[0];

	if (ms && ms <= 8) {
		ev_run_until(m->ev, ev_now_ns(m->ev) + ms * EV_MS);
		line++;
	}
	ask(m, line);
}

/* How long a piece is, the last byte of the one before it says. */
static void add_piece(struct ctl_lines *l, struct fuzz_in *in, uint8_t *last)
{
	size_t nr = 1 + *last % 64, room;
	char *to = ctl_lines_room(l, &room);

	fuzz_want(room && room <= MAX_LINE);
	if (nr > room)
		nr = room;
	if (nr > in->left)
		nr = in->left;
	memcpy(to, in->p, nr);
	in->p += nr;
	in->left -= nr;
	*last = in->p[-1];
	ctl_lines_add(l, nr);
}

/* The next line that is not empty, cut from the whole input at once. */
static bool naive_line(struct fuzz_in *in, char *line, bool *lost)
{
	size_t nr = 0;

	while (in->left) {
		line[nr] = (char)fuzz_u8(in);
		if (line[nr] == '\n' && nr) {
			line[memchr(line, 0, nr) ? 0 : nr] = '\0';
			return true;
		}
		if (line[nr] != '\n' && ++nr == MAX_LINE) {
			*lost = true;
			line[0] = '\0';
			return true;
		}
	}
	return false;
}

static void all_lines(struct model *m, const uint8_t *data, size_t len)
{
	struct fuzz_in in = { data, len }, slow = in;
	struct ctl_lines lines;
	char want[MAX_LINE];
	unsigned int nr = 0;
	bool lost = false;
	uint8_t last = 0;
	const char *line;

	ctl_lines_init(&lines, MAX_LINE);
	while (in.left && !lines.lost) {
		add_piece(&lines, &in, &last);
		while ((line = ctl_lines_next(&lines))) {
			fuzz_want(naive_line(&slow, want, &lost));
			fuzz_want(!strcmp(line, want) && lines.lost == lost);
			if (nr++ < MAX_LINES)
				one_line(m, line);
		}
	}
	fuzz_want(lost || !naive_line(&slow, want, &lost));
	ctl_lines_fini(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct model m;

	mini_start(&m, EV_CLOCK_VIRTUAL);
	all_lines(&m, data, len);
	ev_run_until(m.ev, ev_now_ns(m.ev) + EV_SEC);
	fuzz_want(ask(&m, "{\"cmd\":\"ping\"}"));
	fuzz_want(ask(&m, "{\"cmd\":\"faults\",\"clear\":true}"));
	fuzz_want(ask(&m, "{\"cmd\":\"books\"}"));
	mini_stop(&m);
	return 0;
}
