// SPDX-License-Identifier: GPL-2.0
/* The registry of faults on demand: arming, counting, asking. */
#include "fault/fault.h"

#include <errno.h>
#include <stdlib.h>

#include "base.h"
#include "fabric/fab.h"

#define FAULT_MAX_FRAME 64U

/**
 * struct fault - the registry
 * @frame: frame faults in the order of arming, spent ones included
 * @nr_frame: used places of @frame
 * @nr_live: frame faults that can still hit
 * @last_id: last id given out
 * @ports: ports by name
 */
struct fault {
	struct fault_frame_info frame[FAULT_MAX_FRAME];
	unsigned int nr_frame;
	unsigned int nr_live;
	unsigned int last_id;
	struct fault_port *ports;
};

static const char *const act_names[] = {
	[FAULT_PASS] = "pass",
	[FAULT_DROP] = "drop",
	[FAULT_DELAY] = "delay",
	[FAULT_CORRUPT] = "corrupt",
};

static const char *const class_names[FAULT_NR_CLASSES] = {
	[FAULT_CMND] = "cmnd",	       [FAULT_DATA] = "data",
	[FAULT_XFER_RDY] = "xfer_rdy", [FAULT_RSP] = "rsp",
	[FAULT_ABTS] = "abts",	       [FAULT_BA] = "ba",
	[FAULT_PLOGI] = "plogi",       [FAULT_PRLI] = "prli",
	[FAULT_LOGO] = "logo",	       [FAULT_FLOGI] = "flogi",
	[FAULT_ELS] = "els",	       [FAULT_CT] = "ct",
	[FAULT_ANY] = "any",
};

static const char *const state_names[FAULT_NR_STATES] = {
	[FAULT_FW_HANG] = "fw_hang",
	[FAULT_FW_CRASH] = "fw_crash",
	[FAULT_MBOX_TIMEOUT] = "mbox_timeout",
	[FAULT_ALL_ONES] = "all_ones",
	[FAULT_RING_STALL] = "ring_stall",
	[FAULT_NO_EXCHANGE] = "no_exchange",
};

struct fault *fault_new(void)
{
	struct fault *fault = calloc(1, sizeof(*fault));

	if (!fault)
		abort();
	return fault;
}

void fault_free(struct fault *fault)
{
	free(fault);
}

/* Spent entries stay listed until their place is needed. */
static void forget_spent(struct fault *fault)
{
	unsigned int i, kept = 0;

	for (i = 0; i < fault->nr_frame; i++)
		if (!fault->frame[i].spent)
			fault->frame[kept++] = fault->frame[i];
	fault->nr_frame = kept;
}

int fault_arm_frame(struct fault *fault, const struct fault_frame_spec *spec)
{
	struct fault_frame_info *f;

	if (spec->act <= FAULT_PASS || spec->act > FAULT_CORRUPT ||
	    spec->cls >= FAULT_NR_CLASSES || !spec->nth || !spec->count)
		return -EINVAL;
	if (spec->act == FAULT_DELAY && !spec->delay_ns)
		return -EINVAL;
	if (fault->nr_frame == FAULT_MAX_FRAME)
		forget_spent(fault);
	if (fault->nr_frame == FAULT_MAX_FRAME)
		return -ENOSPC;
	f = &fault->frame[fault->nr_frame++];
	memset(f, 0, sizeof(*f));
	f->spec = *spec;
	f->spec.from[FAULT_NAME_MAX - 1] = '\0';
	f->id = ++fault->last_id;
	fault->nr_live++;
	return (int)f->id;
}

bool fault_frames_armed(const struct fault *fault)
{
	return fault->nr_live != 0;
}

static enum fault_class els_class(const struct fab_frame *frame)
{
	switch (frame->len ? frame->payload[0] : 0) {
	case FAB_ELS_PLOGI:
		return FAULT_PLOGI;
	case FAB_ELS_PRLI:
		return FAULT_PRLI;
	case FAB_ELS_LOGO:
		return FAULT_LOGO;
	case FAB_ELS_FLOGI:
		return FAULT_FLOGI;
	default:
		return FAULT_ELS;
	}
}

static enum fault_class frame_class(const struct fab_frame *frame)
{
	switch (frame->kind) {
	case FAB_CMND:
		return FAULT_CMND;
	case FAB_DATA:
		return FAULT_DATA;
	case FAB_XFER_RDY:
		return FAULT_XFER_RDY;
	case FAB_RSP:
		return FAULT_RSP;
	case FAB_ABTS:
		return FAULT_ABTS;
	case FAB_BA:
		return FAULT_BA;
	case FAB_ELS_REQ:
		return els_class(frame);
	case FAB_ELS_RSP:
		return FAULT_ELS;
	case FAB_CT_REQ:
	case FAB_CT_RSP:
		return FAULT_CT;
	default:
		return FAULT_ANY;
	}
}

enum fault_act fault_frame(struct fault *fault, const struct fab_frame *frame,
			   const char *from, uint64_t *delay_ns)
{
	enum fault_class cls = frame_class(frame);
	enum fault_act act = FAULT_PASS;
	unsigned int i;

	for (i = 0; i < fault->nr_frame; i++) {
		struct fault_frame_info *f = &fault->frame[i];

		if (f->spent)
			continue;
		if (f->spec.cls != FAULT_ANY && f->spec.cls != cls)
			continue;
		if (f->spec.from[0] && strcmp(f->spec.from, from) != 0)
			continue;
		f->seen++;
		if (f->seen < f->spec.nth || act != FAULT_PASS)
			continue;
		act = f->spec.act;
		*delay_ns = f->spec.delay_ns;
		f->hit++;
		if (f->spec.count != FAULT_FOREVER && f->hit >= f->spec.count) {
			f->spent = true;
			fault->nr_live--;
		}
	}
	return act;
}

bool fault_frame_info(const struct fault *fault, unsigned int idx,
		      struct fault_frame_info *info)
{
	if (idx >= fault->nr_frame)
		return false;
	*info = fault->frame[idx];
	return true;
}

static void clear_state(struct fault_port *fp, enum fault_state state)
{
	if (!fault_port_active(fp, state))
		return;
	fp->active &= ~(1u << state);
	fp->left[state] = 0;
	if (fp->changed)
		fp->changed(fp, state, false);
}

void fault_clear(struct fault *fault)
{
	struct fault_port *fp;
	unsigned int state;

	fault->nr_frame = 0;
	fault->nr_live = 0;
	for (fp = fault->ports; fp; fp = fp->next)
		for (state = 0; state < FAULT_NR_STATES; state++)
			clear_state(fp, state);
}

void fault_port_add(struct fault *fault, struct fault_port *fp,
		    const char *name,
		    void (*changed)(struct fault_port *fp,
				    enum fault_state state, bool on),
		    void *priv)
{
	struct fault_port **pos = &fault->ports;

	memset(fp, 0, sizeof(*fp));
	strncpy(fp->name, name, sizeof(fp->name) - 1);
	fp->changed = changed;
	fp->priv = priv;
	while (*pos)
		pos = &(*pos)->next;
	*pos = fp;
}

void fault_port_del(struct fault *fault, struct fault_port *fp)
{
	struct fault_port **pos = &fault->ports;

	while (*pos && *pos != fp)
		pos = &(*pos)->next;
	if (*pos)
		*pos = fp->next;
	fp->next = NULL;
}

struct fault_port *fault_port_next(const struct fault *fault,
				   const struct fault_port *fp)
{
	return fp ? fp->next : fault->ports;
}

static struct fault_port *find_port(const struct fault *fault, const char *name)
{
	struct fault_port *fp;

	for (fp = fault->ports; fp; fp = fp->next)
		if (!strcmp(fp->name, name))
			return fp;
	return NULL;
}

int fault_arm_port(struct fault *fault, const char *port,
		   enum fault_state state, uint32_t count)
{
	struct fault_port *fp;

	if (state >= FAULT_NR_STATES || !count)
		return -EINVAL;
	fp = find_port(fault, port);
	if (!fp)
		return -ENOENT;
	fp->active |= 1u << state;
	fp->left[state] = count;
	if (fp->changed)
		fp->changed(fp, state, true);
	return 0;
}

int fault_clear_port(struct fault *fault, const char *port,
		     enum fault_state state)
{
	struct fault_port *fp = find_port(fault, port);

	if (!fp)
		return -ENOENT;
	if (state < FAULT_NR_STATES)
		clear_state(fp, state);
	return 0;
}

bool fault_port_take(struct fault_port *fp, enum fault_state state)
{
	if (!fault_port_active(fp, state))
		return false;
	fp->fired[state]++;
	if (fp->left[state] != FAULT_FOREVER && !--fp->left[state])
		fp->active &= ~(1u << state);
	return true;
}

static int parse(const char *const *names, unsigned int first, unsigned int end,
		 const char *name)
{
	unsigned int i;

	for (i = first; i < end; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -EINVAL;
}

const char *fault_act_name(enum fault_act act)
{
	return act < ARRAY_SIZE(act_names) ? act_names[act] : "?";
}

int fault_act_parse(const char *name)
{
	return parse(act_names, FAULT_DROP, ARRAY_SIZE(act_names), name);
}

const char *fault_class_name(enum fault_class cls)
{
	return cls < FAULT_NR_CLASSES ? class_names[cls] : "?";
}

int fault_class_parse(const char *name)
{
	return parse(class_names, 0, FAULT_NR_CLASSES, name);
}

const char *fault_state_name(enum fault_state state)
{
	return state < FAULT_NR_STATES ? state_names[state] : "?";
}

int fault_state_parse(const char *name)
{
	return parse(state_names, 0, FAULT_NR_STATES, name);
}
