// SPDX-License-Identifier: GPL-2.0
/* Bytes as they come from a control client, cut into lines. */
#include "ctl/lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void ctl_lines_init(struct ctl_lines *l, size_t max)
{
	memset(l, 0, sizeof(*l));
	l->max = max;
	l->buf = malloc(max);
	if (!l->buf)
		abort();
}

void ctl_lines_fini(struct ctl_lines *l)
{
	free(l->buf);
}

char *ctl_lines_room(struct ctl_lines *l, size_t *room)
{
	assert(!l->start && l->len < l->max);
	*room = l->max - l->len;
	return l->buf + l->len;
}

void ctl_lines_add(struct ctl_lines *l, size_t nr)
{
	l->len += nr;
}

const char *ctl_lines_next(struct ctl_lines *l)
{
	char *line = l->buf + l->start;
	char *end;

	while ((end = memchr(line, '\n', l->len - l->start))) {
		*end = '\0';
		l->start = (size_t)(end + 1 - l->buf);
		/* A NUL inside would hide the rest of the line. */
		if (end > line)
			return strlen(line) == (size_t)(end - line) ? line : "";
		line = end + 1;
	}
	l->len -= l->start;
	memmove(l->buf, line, l->len);
	l->start = 0;
	if (l->len < l->max)
		return NULL;
	l->len = 0;
	l->lost = true;
	return "";
}
