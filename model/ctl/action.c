// SPDX-License-Identifier: GPL-2.0
/* Control commands that do something to the model. */
#include "ctl/cmds.h"

#include "chip/chip.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "port/port.h"

#include <errno.h>
#include <stdio.h>

#define MS_MAX 3600000U

void ctl_label(struct ctl_req *r)
{
	const char *who = ctl_str(r, "who", "test");
	struct model_port mp;
	unsigned int w;

	if (!who || !ctl_port(r, &mp))
		return;
	for (w = 0; w < COVER_NR_WHO; w++) {
		if (!strcmp(who, cover_who_names[w])) {
			mp.jp->who = w;
			return;
		}
	}
	ctl_fail(r, "nobody of that name", "who: stock, ours or test");
}

void ctl_link(struct ctl_req *r)
{
	const char *state = ctl_str(r, "state", NULL);
	struct model_port mp;
	struct port_status st;
	uint64_t ms;

	if (!state || !ctl_num(r, "ms", 0, 0, MS_MAX, &ms) || !ctl_port(r, &mp))
		return;
	if (strcmp(state, "up") != 0 && strcmp(state, "down") != 0) {
		ctl_fail(r, "no such state of a link", "state: up or down");
		return;
	}
	port_get_status(chip_port(mp.chip), &st);
	cJSON_AddNumberToObject(r->out, "open_exchanges",
				st.open_ini + st.open_tgt);
	cJSON_AddNumberToObject(r->out, "open_exchanges_ini", st.open_ini);
	cJSON_AddNumberToObject(r->out, "open_exchanges_tgt", st.open_tgt);
	fab_port_cable(port_fab(chip_port(mp.chip)), !strcmp(state, "up"),
		       ms * EV_MS);
}

void ctl_rscn(struct ctl_req *r)
{
	struct model_port mp;
	int ret;

	if (!ctl_port(r, &mp))
		return;
	ret = fab_rscn(port_fab(chip_port(mp.chip)));
	if (ret == -ENOTCONN)
		ctl_fail(r, "the port has no address",
			 "wait until its link is up");
	else if (ret)
		ctl_fail(r, "there is no switch in this topology",
			 "start ispsim with --topo fabric");
}

/* One zone, or none (0); without a number it is in all of them again. */
void ctl_zone(struct ctl_req *r)
{
	struct model_port mp;
	uint64_t zone;

	if (!ctl_num(r, "zone", 0, 0, 32, &zone) || !ctl_port(r, &mp))
		return;
	if (fab_zone(port_fab(chip_port(mp.chip)),
		     cJSON_HasObjectItem(r->in, "zone") ?
			     (uint32_t)((1ULL << zone) >> 1) :
			     FAB_ALL_ZONES))
		ctl_fail(r, "there is no switch in this topology",
			 "start ispsim with --topo fabric");
}

void ctl_lip(struct ctl_req *r)
{
	static const char *const kinds[] = {
		[FAB_LIP_INIT] = "init",
		[FAB_LIP_LOGIN] = "login",
		[FAB_LIP_RESET] = "reset",
	};
	const char *kind = ctl_str(r, "kind", kinds[FAB_LIP_INIT]);
	struct model_port mp;
	struct port_status st;
	unsigned int k;
	int ret;

	if (!kind || !ctl_port(r, &mp))
		return;
	for (k = 0; k < ARRAY_SIZE(kinds) && strcmp(kind, kinds[k]) != 0; k++)
		;
	if (k == ARRAY_SIZE(kinds)) {
		ctl_fail(r, "no such kind of LIP", "kind: init login reset");
		return;
	}
	port_get_status(chip_port(mp.chip), &st);
	ret = fab_lip(port_fab(chip_port(mp.chip)), k);
	if (ret == -ENOTCONN)
		ctl_fail(r, "the port is not on the loop",
			 "wait until its link is up");
	else if (ret)
		ctl_fail(r, "there is no loop in this topology",
			 "start ispsim with --topo loop");
	else
		cJSON_AddNumberToObject(r->out, "open_exchanges",
					st.open_ini + st.open_tgt);
}

static void fault_on_port(struct ctl_req *r, int state)
{
	/* A dead card stays dead, the others happen once, unless told. */
	uint64_t def = state == FAULT_ALL_ONES ? FAULT_FOREVER : 1;
	bool clear = ctl_flag(r, "clear");
	struct model_port mp;
	uint64_t count;

	if (cJSON_HasObjectItem(r->in, "frame") ||
	    cJSON_HasObjectItem(r->in, "nth") ||
	    cJSON_HasObjectItem(r->in, "ms") ||
	    cJSON_HasObjectItem(r->in, "from")) {
		ctl_fail(r, "frame, nth, ms and from are for frames",
			 "members of this fault: port count clear");
		return;
	}
	if (!ctl_num(r, "count", def, 1, FAULT_FOREVER, &count) ||
	    !ctl_port(r, &mp) || r->error)
		return;
	if (clear)
		fault_clear_port(r->m->fault, mp.jp->name, state);
	else
		fault_arm_port(r->m->fault, mp.jp->name, state,
			       (uint32_t)count);
}

static void fault_on_frames(struct ctl_req *r, int act)
{
	struct fault_frame_spec spec = { .act = act };
	const char *frame = ctl_str(r, "frame", "any");
	const char *from = ctl_str(r, "from", "");
	uint64_t ms, count;
	struct model_port mp;
	bool known = false;
	unsigned int i;
	int ret;

	if (!frame || !from ||
	    !ctl_num(r, "nth", 1, 1, UINT32_MAX, &spec.nth) ||
	    !ctl_num(r, "count", 1, 1, FAULT_FOREVER, &count) ||
	    !ctl_num(r, "ms", 0, 0, MS_MAX, &ms))
		return;
	if (cJSON_HasObjectItem(r->in, "port") ||
	    cJSON_HasObjectItem(r->in, "clear")) {
		ctl_fail(
			r, "port and clear are for faults of ports",
			"name the sender with from; faults with clear ends them");
		return;
	}
	for (i = 0; model_port(r->m, i, &mp); i++)
		known |= !strcmp(from, mp.jp->name);
	if (*from && !known) {
		ctl_fail(r, "no such port to come from", "see ping");
		return;
	}
	ret = fault_class_parse(frame);
	if (ret < 0) {
		ctl_fail(
			r, "no such kind of frame",
			"frame: cmnd data xfer_rdy rsp abts ba plogi prli logo flogi els ct any");
		return;
	}
	spec.cls = ret;
	spec.count = (uint32_t)count;
	spec.delay_ns = ms * EV_MS;
	snprintf(spec.from, sizeof(spec.from), "%s", from);
	ret = fault_arm_frame(r->m->fault, &spec);
	if (ret == -ENOSPC)
		ctl_fail(r, "too many faults are armed",
			 "{\"cmd\":\"faults\",\"clear\":true}");
	else if (ret < 0)
		ctl_fail(r, "a delay needs its time", "add \"ms\":N");
	else
		cJSON_AddNumberToObject(r->out, "id", ret);
}

void ctl_fault(struct ctl_req *r)
{
	const char *what = ctl_str(r, "what", NULL);

	if (!what)
		return;
	if (fault_act_parse(what) >= 0)
		fault_on_frames(r, fault_act_parse(what));
	else if (fault_state_parse(what) >= 0)
		fault_on_port(r, fault_state_parse(what));
	else
		ctl_fail(
			r, "no such fault",
			"what: drop delay corrupt fw_hang fw_crash mbox_timeout all_ones ring_stall no_exchange");
}

void ctl_prli_delay(struct ctl_req *r)
{
	struct model_port mp;
	uint64_t ms;

	if (ctl_num(r, "ms", 0, 0, MS_MAX, &ms) && ctl_port(r, &mp))
		port_set_prli_delay(chip_port(mp.chip), (unsigned int)ms);
}

void ctl_quit(struct ctl_req *r)
{
	ev_quit(r->m->ev);
}
