// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes: where commands wait for a context in which the core may sleep.
 *
 * The core is called in the order of arrival. A backstore may sleep inside that
 * call for as long as its disk takes (a file does), and the next command shall
 * not wait for it: a lane has several hands. Before a hand calls the core, it
 * wakes the next one if there is more to do. Hands are works of one CPU's pool,
 * which begins the next while the one before sleeps, and else behind it. After
 * ISP_LIO_HAND_CALLS commands a hand gives way to what else waits for that CPU.
 *
 * ORDER
 *   So a SIMPLE command may overtake another one, as SAM lets it. An ORDERED
 *   command and a task management function are alone in their lane: they begin
 *   when every call before has returned, and nothing begins until theirs has.
 *   That is for what the core has not seen yet. A call may wait for another
 *   command's end (PREEMPT AND ABORT does): what the core has waits for nobody,
 *   not even for a hand.
 */
#include "isp_lio_lane.h"

#include <linux/lockdep.h>

/*
 * The one whose turn it is; NULL: there is none, or it has to wait for hands
 * that are busy, the last of which will look again.
 */
static struct isp_lio_turn *lane_first_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_turn *turn;

	lockdep_assert_held(&lane->lock);
	if (!list_empty(&lane->inside))
		return list_first_entry(&lane->inside, struct isp_lio_turn,
					node);
	turn = list_first_entry_or_null(&lane->head, struct isp_lio_turn, node);
	if (!turn || lane->alone ||
	    (turn->kind != ISP_LIO_TURN_NEW && lane->nr_busy))
		return NULL;
	return turn;
}

/* If it is somebody's turn, wake a hand, unless one will look anyway. */
static void lane_wake_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_turn *turn, *tmp;
	struct isp_lio_hand *hand;

	if (!lane_first_locked(lane) || lane->next)
		return;
	hand = list_first_entry_or_null(&lane->idle, struct isp_lio_hand, node);
	if (hand) {
		list_del_init(&hand->node);
		lane->next = hand;
		queue_work(lane->wq, &hand->work);
		return;
	}
	list_for_each_entry_safe(turn, tmp, &lane->inside, node) {
		list_del(&turn->node);
		queue_work(lane->own_wq, &turn->work);
	}
}

static struct isp_lio_turn *lane_take_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_turn *turn = lane_first_locked(lane);

	if (!turn)
		return NULL;
	list_del(&turn->node);
	if (turn->kind != ISP_LIO_TURN_INSIDE) {
		lane->alone = turn->kind != ISP_LIO_TURN_NEW;
		lane->nr_busy++;
	}
	return turn;
}

static void hand_work(struct work_struct *work)
{
	struct isp_lio_hand *hand =
		container_of(work, struct isp_lio_hand, work);
	struct isp_lio_lane *lane = hand->lane;
	enum isp_lio_turn_kind kind;
	struct isp_lio_turn *turn;
	unsigned int nr;

	spin_lock_irq(&lane->lock);
	for (nr = 0; nr < ISP_LIO_HAND_CALLS; nr++) {
		turn = lane_take_locked(lane);
		if (lane->next == hand)
			lane->next = NULL;
		if (!turn)
			break;
		lane_wake_locked(lane);
		kind = turn->kind;
		spin_unlock_irq(&lane->lock);
		lane->call(turn);
		spin_lock_irq(&lane->lock);
		if (kind == ISP_LIO_TURN_INSIDE)
			continue;
		lane->nr_busy--;
		lane->alone = false;
	}
	list_add(&hand->node, &lane->idle);
	/* Who waits for hands that were busy may have its turn now. */
	lane_wake_locked(lane);
	spin_unlock_irq(&lane->lock);
}

/* All hands are inside the core, asleep perhaps until this turn is through. */
static void turn_work(struct work_struct *work)
{
	struct isp_lio_turn *turn =
		container_of(work, struct isp_lio_turn, work);

	turn->lane->call(turn);
}

/**
 * isp_lio_turn_init() - give a command its lane
 * @turn: its place
 * @lane: the lane of its LUN
 *
 * Context: any.
 */
void isp_lio_turn_init(struct isp_lio_turn *turn, struct isp_lio_lane *lane)
{
	turn->lane = lane;
	INIT_WORK(&turn->work, turn_work);
}

/**
 * isp_lio_turn_add() - let the core see a command, or go on with it
 * @turn: its place, not waiting; the caller's no longer on return
 * @kind: when it may begin
 *
 * Context: any.
 */
void isp_lio_turn_add(struct isp_lio_turn *turn, enum isp_lio_turn_kind kind)
{
	struct isp_lio_lane *lane = turn->lane;
	unsigned long flags;

	/*
	 * Locked: a hand that is busy already must not find the command, end
	 * it and let the port go before we are through with the lane.
	 */
	spin_lock_irqsave(&lane->lock, flags);
	turn->kind = kind;
	list_add_tail(&turn->node, kind == ISP_LIO_TURN_INSIDE ? &lane->inside :
								 &lane->head);
	lane_wake_locked(lane);
	spin_unlock_irqrestore(&lane->lock, flags);
}

/**
 * isp_lio_lane_init() - make a lane usable
 * @lane: the lane
 * @wq: where its hands work; each may be asleep for long
 * @own_wq: where a turn of kind INSIDE works when all hands are busy; another
 *	one, lest those keep a hand of another lane from its work
 * @call: what they do with a command; process context
 *
 * Context: any.
 */
void isp_lio_lane_init(struct isp_lio_lane *lane, struct workqueue_struct *wq,
		       struct workqueue_struct *own_wq,
		       void (*call)(struct isp_lio_turn *turn))
{
	int i;

	lane->wq = wq;
	lane->own_wq = own_wq;
	lane->call = call;
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->head);
	INIT_LIST_HEAD(&lane->inside);
	INIT_LIST_HEAD(&lane->idle);
	lane->next = NULL;
	lane->nr_busy = 0;
	lane->alone = false;
	for (i = 0; i < ISP_LIO_NR_HANDS; i++) {
		struct isp_lio_hand *hand = &lane->hands[i];

		hand->lane = lane;
		INIT_WORK(&hand->work, hand_work);
		list_add_tail(&hand->node, &lane->idle);
	}
}

/**
 * isp_lio_lane_flush() - wait until no hand looks at a lane
 * @lane: the lane; nothing is in it, and nothing will be added
 *
 * Context: process, may sleep.
 */
void isp_lio_lane_flush(struct isp_lio_lane *lane)
{
	int i;

	for (i = 0; i < ISP_LIO_NR_HANDS; i++)
		flush_work(&lane->hands[i].work);
	/* A turn's own work may have ended before who added it was through. */
	spin_lock_irq(&lane->lock);
	spin_unlock_irq(&lane->lock);
}
