// SPDX-License-Identifier: GPL-2.0
/* Seeded chance: which allowed context, when to refuse, how long to wait. */
#include "dbl.h"

#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/random.h>

static unsigned int seed;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "seed of all choices, 0 = choose one");

static unsigned int rx_null = 509;
module_param(rx_null, uint, 0644);
MODULE_PARM_DESC(rx_null, "one in N scst_rx_cmd() calls gives NULL, 0 = none");

static unsigned int sess_delay_ms = 20;
module_param(sess_delay_ms, uint, 0644);
MODULE_PARM_DESC(sess_delay_ms,
		 "longest wait before an atomic session is ready, 0..10000");

static unsigned int sess_fail;
module_param(sess_fail, uint, 0644);
MODULE_PARM_DESC(sess_fail, "that many atomic registrations will fail");

static unsigned int held_s = 30;
module_param(held_s, uint, 0644);
MODULE_PARM_DESC(held_s,
		 "seconds after which an aborted command counts as held");

static DEFINE_SPINLOCK(dice_lock);
static struct rnd_state dice; /* protected by dice_lock */

/**
 * dbl_dice_init() - Take the seed, or make one, and print it.
 *
 * Context: process.
 */
void dbl_dice_init(void)
{
	if (!seed)
		seed = get_random_u32() | 1;
	prandom_seed_state(&dice, seed);
	pr_info("scst_double: TEST DOUBLE of SCST, seed=%u\n", seed);
}

/**
 * dbl_roll() - Throw the dice.
 * @sides: 1 or more
 *
 * Context: any.
 * Return: 0 to @sides - 1.
 */
u32 dbl_roll(u32 sides)
{
	unsigned long flags;
	u32 value;

	spin_lock_irqsave(&dice_lock, flags);
	value = prandom_u32_state(&dice);
	spin_unlock_irqrestore(&dice_lock, flags);
	return value % sides;
}

/**
 * dbl_rx_is_null() - Is scst_rx_cmd() to say that memory is short?
 *
 * Context: any.
 * Return: true once in a while.
 */
bool dbl_rx_is_null(void)
{
	u32 odds = READ_ONCE(rx_null);

	return odds && !dbl_roll(odds);
}

/**
 * dbl_sess_delay_ms() - How long is a session to be made to wait?
 *
 * Context: any.
 * Return: milliseconds.
 */
unsigned int dbl_sess_delay_ms(void)
{
	return dbl_roll(min(READ_ONCE(sess_delay_ms), 10000u) + 1);
}

/**
 * dbl_sess_fails() - Is this registration to fail?
 *
 * Context: process, one caller at a time.
 * Return: true as often as sess_fail was set to.
 */
bool dbl_sess_fails(void)
{
	if (!sess_fail)
		return false;
	sess_fail--;
	return true;
}

/**
 * dbl_held_s() - After how many seconds is a command held?
 *
 * Context: any.
 * Return: seconds.
 */
unsigned int dbl_held_s(void)
{
	return READ_ONCE(held_s);
}
