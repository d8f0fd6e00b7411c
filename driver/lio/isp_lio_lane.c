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
 */
#include "isp_lio_lane.h"

#include <linux/lockdep.h>

/* Wake a hand, unless one will look anyway or all are busy. */
static void lane_wake_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_hand *hand;

	lockdep_assert_held(&lane->lock);
	if (lane->next || list_empty(&lane->idle))
		return;
	hand = list_first_entry(&lane->idle, struct isp_lio_hand, node);
	list_del_init(&hand->node);
	lane->next = hand;
	queue_work(lane->wq, &hand->work);
}

/*
 * The one whose turn it is; NULL: there is none, or it has to wait for hands
 * that are busy, the last of which will look again.
 */
static struct isp_lio_turn *lane_take_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_turn *turn;

	lockdep_assert_held(&lane->lock);
	turn = list_first_entry_or_null(&lane->head, struct isp_lio_turn, node);
	if (!turn || lane->alone || (turn->alone && lane->nr_busy))
		return NULL;
	list_del(&turn->node);
	lane->alone = turn->alone;
	lane->nr_busy++;
	return turn;
}

static void hand_work(struct work_struct *work)
{
	struct isp_lio_hand *hand =
		container_of(work, struct isp_lio_hand, work);
	struct isp_lio_lane *lane = hand->lane;
	struct isp_lio_turn *turn;
	unsigned int nr;

	spin_lock_irq(&lane->lock);
	for (nr = 0; nr < ISP_LIO_HAND_CALLS; nr++) {
		turn = lane_take_locked(lane);
		if (lane->next == hand)
			lane->next = NULL;
		if (!turn)
			break;
		if (!lane->alone && !list_empty(&lane->head))
			lane_wake_locked(lane);
		spin_unlock_irq(&lane->lock);
		lane->call(turn);
		spin_lock_irq(&lane->lock);
		lane->nr_busy--;
		lane->alone = false;
	}
	list_add(&hand->node, &lane->idle);
	/* Who waits for hands that were busy may have its turn now. */
	if (nr == ISP_LIO_HAND_CALLS && !list_empty(&lane->head))
		lane_wake_locked(lane);
	spin_unlock_irq(&lane->lock);
}

/**
 * isp_lio_lane_add() - let the core see a command
 * @lane: the lane of its LUN
 * @turn: its place, in no lane; the caller's no longer on return
 * @alone: the core must not see another one of the lane meanwhile
 *
 * Context: any.
 */
void isp_lio_lane_add(struct isp_lio_lane *lane, struct isp_lio_turn *turn,
		      bool alone)
{
	unsigned long flags;

	/*
	 * Locked: a hand that is busy already must not find the command, end
	 * it and let the port go before we are through with the lane.
	 */
	spin_lock_irqsave(&lane->lock, flags);
	turn->alone = alone;
	list_add_tail(&turn->node, &lane->head);
	lane_wake_locked(lane);
	spin_unlock_irqrestore(&lane->lock, flags);
}

/**
 * isp_lio_lane_init() - make a lane usable
 * @lane: the lane
 * @wq: where its hands work; each may be asleep for long
 * @call: what they do with a command; process context
 *
 * Context: any.
 */
void isp_lio_lane_init(struct isp_lio_lane *lane, struct workqueue_struct *wq,
		       void (*call)(struct isp_lio_turn *turn))
{
	int i;

	lane->wq = wq;
	lane->call = call;
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->head);
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
}
