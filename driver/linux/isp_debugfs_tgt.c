// SPDX-License-Identifier: GPL-2.0
/* The target role's part of the debugfs dump. */
#include <linux/seq_file.h>

#include "../tgt/isp_tgt.h"
#include "isp_linux.h"

static void show_cmds(struct seq_file *s, struct isp_tport *port)
{
	unsigned int nr[ISP_NR_CMD_STATES] = {};
	struct isp_tgt_cmd *cmd;
	unsigned int i;

	list_for_each_entry(cmd, &port->open, open_node)
		nr[cmd->state]++;
	seq_puts(s, "target commands:");
	for (i = ISP_CMD_WAIT; i < ISP_NR_CMD_STATES; i++)
		seq_printf(s, " %s %u", isp_cmd_state_name(i), nr[i]);
	seq_putc(s, '\n');
}

/**
 * isp_debugfs_show_tgt() - Print what a channel's target side is doing.
 * @s:    where to
 * @port: the target side
 *
 * Context: process. Takes port->lock.
 */
void isp_debugfs_show_tgt(struct seq_file *s, struct isp_tport *port)
{
	const struct isp_tgt_stats *st = &port->stats;
	struct isp_tgt_sess *sess;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	seq_printf(s, "target: %s owner %s open %u in_engine %u notifies %u\n",
		   isp_tport_state_name(port->state),
		   port->owner ? port->owner->ops->name : "-", port->nr_open,
		   port->nr_engine, port->nr_notes);
	seq_printf(s, "target counts: arrived %llu answered %llu busy %llu",
		   st->nr_cmds, st->nr_done, st->nr_busy);
	seq_printf(s, " terminated %llu aborts %llu no_exchange %llu\n",
		   st->nr_term, st->nr_abts, st->nr_noexch);
	show_cmds(s, port);
	list_for_each_entry(sess, &port->sessions, node)
		seq_printf(
			s,
			"session: %016llx id %06x handle %04x %s commands %u\n",
			sess->pub.wwpn, sess->pub.port_id, sess->port_handle,
			isp_sess_state_name(sess->state), sess->nr_cmds);
	spin_unlock_irqrestore(&port->lock, flags);
}
