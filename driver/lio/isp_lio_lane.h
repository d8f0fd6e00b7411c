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
 * enum isp_lio_turn_kind - when a turn may begin
 * @ISP_LIO_TURN_NEW: after all that came before
 * @ISP_LIO_TURN_ALONE: the same, and with no other one of these kinds
 * @ISP_LIO_TURN_INSIDE: at once: the core has the command, and another call may
 *	sleep until this one is through
 */
enum isp_lio_turn_kind {
	ISP_LIO_TURN_NEW,
	ISP_LIO_TURN_ALONE,
	ISP_LIO_TURN_INSIDE,
};

/**
 * struct isp_lio_turn - a command's place in a lane
 * @lane: the lane
 * @node: in isp_lio_lane.head or .inside
 * @kind: when it may begin
 * @work: begins it when no hand is left
 */
struct isp_lio_turn {
	struct isp_lio_lane *lane;
	struct list_head node;
	enum isp_lio_turn_kind kind;
	struct work_struct work;
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
 * @wq:    where the hands work; each may sleep there
 * @own_wq: where turns work that have no hand, however many
 * @call:  the core is called in there; may sleep, may free the turn or add it
 *         again
 * @lock:  protects all below; taken from hardirq context
 * @head:  struct isp_lio_turn.node, in order of arrival
 * @inside: the same of kind INSIDE, which are not in @head
 * @idle:  hands that sleep
 * @next:  hand that was woken and has not looked yet, or NULL
 * @nr_busy: turns of @head that are inside @call
 * @alone: nothing of @head begins: what has begun is to be the only one
 * @hands: all of them
 */
struct isp_lio_lane {
	struct workqueue_struct *wq;
	struct workqueue_struct *own_wq;
	void (*call)(struct isp_lio_turn *turn);
	spinlock_t lock;
	struct list_head head;
	struct list_head inside;
	struct list_head idle;
	struct isp_lio_hand *next;
	unsigned int nr_busy;
	bool alone;
	struct isp_lio_hand hands[ISP_LIO_NR_HANDS];
};

void isp_lio_lane_init(struct isp_lio_lane *lane, struct workqueue_struct *wq,
		       struct workqueue_struct *own_wq,
		       void (*call)(struct isp_lio_turn *turn));
void isp_lio_turn_init(struct isp_lio_turn *turn, struct isp_lio_lane *lane);
void isp_lio_turn_add(struct isp_lio_turn *turn, enum isp_lio_turn_kind kind);
void isp_lio_lane_flush(struct isp_lio_lane *lane);

#endif
