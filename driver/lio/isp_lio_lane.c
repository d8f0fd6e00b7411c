// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes: where commands wait for a context in which the core may sleep.
 *
 * The core is called in the order of arrival. A backstore may sleep inside that
 * call for as long as its disk takes (a file does), and the next command shall
 * not wait for it: a lane has several hands. Before a hand calls the core, it
 * wakes the next one if there is more to do. Hands are works of one CPU's pool,
 * which begins the next while the one before sleeps, and else behind it. After
 * HAND_TURN commands a hand gives way to what else waits for that CPU.
 *
 * ORDER
 *   So a SIMPLE command may overtake another one, as SAM lets it. An ORDERED
 *   command and a task management function are alone in their lane: they begin
 *   when every call before has returned, and nothing begins until theirs has.
 */
#include "isp_lio.h"

#define HAND_TURN 16

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
	queue_work(isp_lio_cmd_wq, &hand->work);
}

static bool is_alone(const struct isp_lio_cmd *lcmd)
{
	return lcmd->step == ISP_LIO_TMF ||
	       (lcmd->step == ISP_LIO_NEW &&
		lcmd->cmd->attr == ISP_TPORT_ORDERED);
}

/*
 * The command whose turn it is; NULL: there is none, or it has to wait for
 * hands that are busy, the last of which will look again.
 */
static struct isp_lio_cmd *lane_take_locked(struct isp_lio_lane *lane)
{
	struct isp_lio_cmd *lcmd;

	lockdep_assert_held(&lane->lock);
	lcmd = list_first_entry_or_null(&lane->head, struct isp_lio_cmd, node);
	if (!lcmd || lane->alone || (is_alone(lcmd) && lane->nr_busy))
		return NULL;
	list_del(&lcmd->node);
	lane->alone = is_alone(lcmd);
	lane->nr_busy++;
	return lcmd;
}

static void hand_work(struct work_struct *work)
{
	struct isp_lio_hand *hand =
		container_of(work, struct isp_lio_hand, work);
	struct isp_lio_lane *lane = hand->lane;
	struct isp_lio_cmd *lcmd;
	unsigned int nr;

	spin_lock_irq(&lane->lock);
	for (nr = 0; nr < HAND_TURN; nr++) {
		lcmd = lane_take_locked(lane);
		if (lane->next == hand)
			lane->next = NULL;
		if (!lcmd)
			break;
		if (!lane->alone && !list_empty(&lane->head))
			lane_wake_locked(lane);
		spin_unlock_irq(&lane->lock);
		isp_lio_cmd_step(lcmd);
		spin_lock_irq(&lane->lock);
		lane->nr_busy--;
		lane->alone = false;
	}
	list_add(&hand->node, &lane->idle);
	/* Who waits for hands that were busy may have its turn now. */
	if (nr == HAND_TURN && !list_empty(&lane->head))
		lane_wake_locked(lane);
	spin_unlock_irq(&lane->lock);
}

/**
 * isp_lio_lane_add() - let the core see a command
 * @lcmd: command with a lane
 * @step: what to do with it
 *
 * Context: any.
 */
void isp_lio_lane_add(struct isp_lio_cmd *lcmd, enum isp_lio_step step)
{
	struct isp_lio_lane *lane = lcmd->lane;
	unsigned long flags;

	/*
	 * Locked: a hand that is busy already must not find the command, end
	 * it and let the port go before we are through with the lane.
	 */
	spin_lock_irqsave(&lane->lock, flags);
	lcmd->step = step;
	list_add_tail(&lcmd->node, &lane->head);
	lane_wake_locked(lane);
	spin_unlock_irqrestore(&lane->lock, flags);
}

/**
 * isp_lio_lanes_init() - make a port's lanes usable
 * @port: the port, before it is attached
 *
 * Context: any.
 */
void isp_lio_lanes_init(struct isp_lio_port *port)
{
	int i, j;

	for (i = 0; i < ISP_LIO_NR_LANES; i++) {
		struct isp_lio_lane *lane = &port->lanes[i];

		lane->port = port;
		spin_lock_init(&lane->lock);
		INIT_LIST_HEAD(&lane->head);
		INIT_LIST_HEAD(&lane->idle);
		for (j = 0; j < ISP_LIO_NR_HANDS; j++) {
			struct isp_lio_hand *hand = &lane->hands[j];

			hand->lane = lane;
			INIT_WORK(&hand->work, hand_work);
			list_add_tail(&hand->node, &lane->idle);
		}
	}
}

/**
 * isp_lio_lanes_flush() - wait until no hand looks at a port
 * @port: the port, detached; no command is left
 *
 * Context: process, may sleep.
 */
void isp_lio_lanes_flush(struct isp_lio_port *port)
{
	int i, j;

	for (i = 0; i < ISP_LIO_NR_LANES; i++)
		for (j = 0; j < ISP_LIO_NR_HANDS; j++)
			flush_work(&port->lanes[i].hands[j].work);
}
