/* SPDX-License-Identifier: GPL-2.0 */
/* Mailbox commands: a queue, one in flight, each with a deadline. */
#ifndef ISP_MBOX_H
#define ISP_MBOX_H

#include <linux/ktime.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "isp_chip.h"

/**
 * struct isp_mboxq - the queue, protected by hba->lock
 * @head:    the command in flight
 * @last:    end of the list of waiting ones
 * @busy:    @head has been written to the chip
 * @open:    the chip takes commands
 * @work:    deadline of @head
 * @started: when @head was written, ns
 */
struct isp_mboxq {
	struct isp_mbox *head;
	struct isp_mbox *last;
	bool busy;
	bool open;
	struct delayed_work work;
	ktime_t started;
};

void isp_mbox_init(struct isp_hba *hba);
void isp_mbox_exit(struct isp_hba *hba);
void isp_mbox_setup(struct isp_mbox *mbx, u16 opcode, u8 nr_out, u32 timeout_ms,
		    void (*done)(struct isp_hba *hba, struct isp_mbox *mbx,
				 int err));
int isp_mbox_submit(struct isp_hba *hba, struct isp_mbox *mbx);
struct isp_mbox *isp_mbox_answer_locked(struct isp_hba *hba);
void isp_mbox_finish(struct isp_hba *hba, struct isp_mbox *mbx, int err);
void isp_mbox_open(struct isp_hba *hba);
void isp_mbox_hold(struct isp_hba *hba);
void isp_mbox_close(struct isp_hba *hba);

#endif
