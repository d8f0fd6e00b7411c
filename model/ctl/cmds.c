// SPDX-License-Identifier: GPL-2.0
/* From a line of JSON to a command, its members, and an answer. */
#include "ctl/cmds.h"

#include <stdio.h>

/* @keys: the members besides "cmd", each with a blank behind it. */
struct ctl_cmd {
	const char *name;
	const char *keys;
	void (*fn)(struct ctl_req *r);
};

static void ctl_help(struct ctl_req *r);

static const struct ctl_cmd cmds[] = {
	{ "ping", "", ctl_ping },
	{ "help", "", ctl_help },
	{ "counters", "port reset ", ctl_counters },
	{ "state", "port ", ctl_state },
	{ "books", "port ", ctl_books },
	{ "trace", "port last ", ctl_trace },
	{ "coverage", "", ctl_coverage },
	{ "label", "port who ", ctl_label },
	{ "verdicts", "clear ", ctl_verdicts },
	{ "link", "port state ms ", ctl_link },
	{ "rscn", "port ", ctl_rscn },
	{ "zone", "port zone ", ctl_zone },
	{ "lip", "port kind ", ctl_lip },
	{ "fault", "what frame nth count ms from port clear ", ctl_fault },
	{ "prli_delay", "port ms ", ctl_prli_delay },
	{ "faults", "clear ", ctl_faults },
	{ "quit", "", ctl_quit },
};

static void ctl_help(struct ctl_req *r)
{
	cJSON *list = cJSON_AddArrayToObject(r->out, "commands");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		cJSON *c = cJSON_CreateObject();

		cJSON_AddStringToObject(c, "cmd", cmds[i].name);
		cJSON_AddStringToObject(c, "members", cmds[i].keys);
		cJSON_AddItemToArray(list, c);
	}
}

void ctl_fail(struct ctl_req *r, const char *error, const char *hint)
{
	if (r->error)
		return;
	r->error = error;
	r->hint = hint;
}

const char *ctl_str(struct ctl_req *r, const char *key, const char *def)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(r->in, key);

	if (!v && def)
		return def;
	if (v && cJSON_IsString(v))
		return v->valuestring;
	snprintf(r->buf, sizeof(r->buf), "\"%s\" %s", key,
		 v ? "is no string" : "is missing");
	ctl_fail(r, r->buf, "see the command in doc/ispsim.md");
	return NULL;
}

bool ctl_num(struct ctl_req *r, const char *key, uint64_t def, uint64_t min,
	     uint64_t max, uint64_t *out)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(r->in, key);

	*out = def;
	if (!v)
		return true;
	/* The comparisons are false for a NaN, so that it fails. */
	if (cJSON_IsNumber(v) && v->valuedouble >= (double)min &&
	    v->valuedouble <= (double)max) {
		*out = (uint64_t)v->valuedouble;
		if ((double)*out == v->valuedouble)
			return true;
	}
	snprintf(r->buf, sizeof(r->buf),
		 "\"%s\" is no whole number from %llu to %llu", key,
		 (unsigned long long)min, (unsigned long long)max);
	ctl_fail(r, r->buf, NULL);
	return false;
}

bool ctl_flag(struct ctl_req *r, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(r->in, key);

	if (v && !cJSON_IsBool(v)) {
		snprintf(r->buf, sizeof(r->buf), "\"%s\" is no boolean", key);
		ctl_fail(r, r->buf, "write true or false");
	}
	return cJSON_IsTrue(v);
}

bool ctl_port_wanted(const struct ctl_req *r, const struct model_port *mp)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(r->in, "port");

	return !v || !strcmp(v->valuestring, mp->jp->name);
}

/* Return: false after saying which ports there are. */
static bool find_port(struct ctl_req *r, const char *name,
		      struct model_port *mp)
{
	size_t len;
	unsigned int i;

	for (i = 0; model_port(r->m, i, mp); i++)
		if (!strcmp(mp->jp->name, name))
			return true;
	len = (size_t)snprintf(r->buf, sizeof(r->buf), "ports are:");
	for (i = 0; model_port(r->m, i, mp) && len < sizeof(r->buf); i++)
		len += (size_t)snprintf(r->buf + len, sizeof(r->buf) - len,
					" %s", mp->jp->name);
	ctl_fail(r, "no such port", r->buf);
	return false;
}

bool ctl_port(struct ctl_req *r, struct model_port *mp)
{
	const char *name = ctl_str(r, "port", NULL);

	return name && find_port(r, name, mp);
}

static bool takes_key(const struct ctl_cmd *cmd, const char *key)
{
	const char *p = cmd->keys;
	size_t len = strlen(key);

	if (!strcmp(key, "cmd"))
		return true;
	while (*p) {
		const char *end = strchr(p, ' ');

		if ((size_t)(end - p) == len && !strncmp(p, key, len))
			return true;
		p = end + 1;
	}
	return false;
}

/* What is not understood is refused: a typo must not pass for success. */
static bool check_keys(struct ctl_req *r, const struct ctl_cmd *cmd)
{
	const cJSON *item;
	struct model_port mp;

	cJSON_ArrayForEach(item, r->in) {
		if (!takes_key(cmd, item->string)) {
			snprintf(r->buf, sizeof(r->buf),
				 "%s takes these members: cmd %s", cmd->name,
				 cmd->keys);
			ctl_fail(r, "a member that this command does not take",
				 r->buf);
			return false;
		}
	}
	item = cJSON_GetObjectItemCaseSensitive(r->in, "port");
	return !item || ctl_port(r, &mp);
}

static void run(struct ctl_req *r)
{
	const char *name;
	size_t i;

	if (!cJSON_IsObject(r->in)) {
		ctl_fail(r, "not a JSON object",
			 "write {\"cmd\":\"help\"} on one line");
		return;
	}
	name = ctl_str(r, "cmd", NULL);
	for (i = 0; name && i < ARRAY_SIZE(cmds); i++) {
		if (strcmp(cmds[i].name, name) != 0)
			continue;
		if (check_keys(r, &cmds[i]))
			cmds[i].fn(r);
		return;
	}
	ctl_fail(r, "no such command", "write {\"cmd\":\"help\"}");
}

cJSON *ctl_run(struct model *m, const char *line)
{
	cJSON *in = cJSON_Parse(line);
	struct ctl_req r = { .m = m, .in = in };

	r.out = cJSON_CreateObject();
	cJSON_AddTrueToObject(r.out, "ok");
	run(&r);
	if (r.error) {
		cJSON_Delete(r.out);
		r.out = cJSON_CreateObject();
		cJSON_AddFalseToObject(r.out, "ok");
		cJSON_AddStringToObject(r.out, "error", r.error);
		if (r.hint)
			cJSON_AddStringToObject(r.out, "hint", r.hint);
	}
	cJSON_Delete(in);
	return r.out;
}
