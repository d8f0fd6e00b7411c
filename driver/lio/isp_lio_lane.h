/* SPDX-License-Identifier: GPL-2.0 */
/* Lanes: in which order and context commands meet the core. */
#ifndef ISP_LIO_LANE_H
#define ISP_LIO_LANE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* So many commands of a lane may be asleep in a backstore. */
#define ISP_LIO_NR_HANDS 32
/* So many calls does a hand make before others have that CPU. */
#define ISP_LIO_HAND_CALLS 16

struct isp_lio_lane;

/**
 * struct isp_lio_turn - a command's place in a lane
 * @node:  in isp_lio_lane.head
 * @alone: must not be in the core together with another one of the lane
 */
struct isp_lio_turn {
	struct list_head node;
	bool alone;
};

/**
 * struct isp_lio_hand - what takes commands off a lane and calls the core
 * @lane: its lane
 * @node: in lane->idle, unless awake
 * @work: the call
 */
struct isp_lio_hand {
	struct isp_lio_lane *lane;
	struct list_head node;
	struct work_struct work;
};

/**
 * struct isp_lio_lane - commands on their way between isp_mod and the core
 * @wq:    where the hands work
 * @call:  the core is called in there; may sleep, may free the turn or add it
 *         again
 * @lock:  protects all below; taken from hardirq context
 * @head:  struct isp_lio_turn.node, in order of arrival
 * @idle:  hands that sleep
 * @next:  hand that was woken and has not looked yet, or NULL
 * @nr_busy: hands that are inside @call
 * @alone: the one that is must be the only one
 * @hands: all of them
 */
struct isp_lio_lane {
	struct workqueue_struct *wq;
	void (*call)(struct isp_lio_turn *turn);
	spinlock_t lock;
	struct list_head head;
	struct list_head idle;
	struct isp_lio_hand *next;
	unsigned int nr_busy;
	bool alone;
	struct isp_lio_hand hands[ISP_LIO_NR_HANDS];
};

void isp_lio_lane_init(struct isp_lio_lane *lane, struct workqueue_struct *wq,
		       void (*call)(struct isp_lio_turn *turn));
void isp_lio_lane_add(struct isp_lio_lane *lane, struct isp_lio_turn *turn,
		      bool alone);
void isp_lio_lane_flush(struct isp_lio_lane *lane);

#endif
