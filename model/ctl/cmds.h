/* SPDX-License-Identifier: GPL-2.0 */
/* Commands of the control socket. */
#ifndef MODEL_CTL_CMDS_H
#define MODEL_CTL_CMDS_H

#include <cjson/cJSON.h>

#include "model.h"

/**
 * struct ctl_req - One request while it is carried out.
 * @m: model
 * @in: the request, an object
 * @out: the answer; a command adds members
 * @error: why it failed, in words, or NULL
 * @hint: what to do about it, or NULL
 * @buf: room for @error or @hint
 */
struct ctl_req {
	struct model *m;
	const cJSON *in;
	cJSON *out;
	const char *error;
	const char *hint;
	char buf[512];
};

/**
 * ctl_run() - Carry out one line.
 * @m: model
 * @line: text of the request
 *
 * Return: the answer; the caller frees it with cJSON_Delete().
 */
cJSON *ctl_run(struct model *m, const char *line);

/**
 * ctl_fail() - The request fails.
 * @r: request
 * @error: why; stays the caller's
 * @hint: what to do, or NULL
 */
void ctl_fail(struct ctl_req *r, const char *error, const char *hint);

/**
 * ctl_str() - A text member of the request.
 * @r: request
 * @key: its name
 * @def: if it is missing; NULL = it must be there
 *
 * Return: the text, or NULL after ctl_fail().
 */
const char *ctl_str(struct ctl_req *r, const char *key, const char *def);

/**
 * ctl_num() - A whole number in the request.
 * @r: request
 * @key: its name
 * @def: if it is missing
 * @min: least value
 * @max: greatest value
 * @out: the number
 *
 * Return: false after ctl_fail().
 */
bool ctl_num(struct ctl_req *r, const char *key, uint64_t def, uint64_t min,
	     uint64_t max, uint64_t *out);

/**
 * ctl_flag() - A boolean in the request.
 * @r: request
 * @key: its name
 *
 * Return: true if it is there and true; what is no boolean fails.
 */
bool ctl_flag(struct ctl_req *r, const char *key);

/**
 * ctl_port() - The port that the request must name.
 * @r: request
 * @mp: filled
 *
 * Return: false after ctl_fail(), which lists the ports.
 */
bool ctl_port(struct ctl_req *r, struct model_port *mp);

/**
 * ctl_port_wanted() - Is this port meant by the request?
 * @r: request
 * @mp: a port
 *
 * Return: true if "port" is missing or names it.
 */
bool ctl_port_wanted(const struct ctl_req *r, const struct model_port *mp);

/* query.c */
void ctl_ping(struct ctl_req *r);
void ctl_counters(struct ctl_req *r);
void ctl_state(struct ctl_req *r);
void ctl_books(struct ctl_req *r);
void ctl_trace(struct ctl_req *r);
void ctl_coverage(struct ctl_req *r);
void ctl_verdicts(struct ctl_req *r);
void ctl_faults(struct ctl_req *r);

/* action.c */
void ctl_label(struct ctl_req *r);
void ctl_link(struct ctl_req *r);
void ctl_rscn(struct ctl_req *r);
void ctl_zone(struct ctl_req *r);
void ctl_lip(struct ctl_req *r);
void ctl_fault(struct ctl_req *r);
void ctl_prli_delay(struct ctl_req *r);
void ctl_quit(struct ctl_req *r);

#endif
