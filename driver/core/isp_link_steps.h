/* SPDX-License-Identifier: GPL-2.0 */
/* The steps of a link's way from an address to a settled fabric. */
#ifndef ISP_LINK_STEPS_H
#define ISP_LINK_STEPS_H

#include "isp_hba.h"
#include "isp_link.h"

/* What a step's answer may say instead of a next step: ask again later. */
#define ISP_STEP_AGAIN ISP_NR_STEPS

/**
 * struct isp_step_ops - one step
 * @send: ask; 0: asked, 1: nothing to ask (settled), -errno: could not
 * @done: what the answer means; @err 0 or -errno; returns the next step
 */
struct isp_step_ops {
	int (*send)(struct isp_fabric *fab);
	enum isp_link_step (*done)(struct isp_fabric *fab, int err);
};

extern const struct isp_step_ops isp_link_steps[ISP_NR_STEPS];

void isp_link_kick(struct isp_fabric *fab);
void isp_link_set(struct isp_chan *chan, enum isp_link_state to,
		  const char *why);

#endif
