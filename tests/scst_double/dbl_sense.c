// SPDX-License-Identifier: GPL-2.0
/* Sense data, error status and unit attentions. */
#include "dbl.h"

#include <linux/string.h>

/**
 * dbl_sense_fill() - Write fixed-format sense data.
 * @buf:  SCST_STANDARD_SENSE_LEN bytes
 * @key:  sense key
 * @asc:  additional sense code
 * @ascq: its qualifier
 *
 * Context: any.
 * Source: SPC-4 4.5.3.
 */
void dbl_sense_fill(u8 *buf, u8 key, u8 asc, u8 ascq)
{
	memset(buf, 0, SCST_STANDARD_SENSE_LEN);
	buf[0] = 0x70;
	buf[2] = key;
	buf[7] = SCST_STANDARD_SENSE_LEN - 8;
	buf[12] = asc;
	buf[13] = ascq;
}

/**
 * dbl_sense_set() - Let a command end in CHECK CONDITION.
 * @cmd:  command
 * @key:  sense key
 * @asc:  additional sense code
 * @ascq: its qualifier
 *
 * Context: any.
 */
void dbl_sense_set(struct dbl_cmd *cmd, u8 key, u8 asc, u8 ascq)
{
	scst_set_cmd_error_status(&cmd->pub, SAM_STAT_CHECK_CONDITION);
	dbl_sense_fill(cmd->sense_buf, key, asc, ascq);
	cmd->pub.sense_len = SCST_STANDARD_SENSE_LEN;
}

/**
 * scst_set_cmd_error_status() - Let a command end in a status.
 * @cmd:    command
 * @status: SCSI status
 *
 * The buffer stays, the direction becomes NONE: as SCST has it.
 *
 * Context: any.
 * Return: 0.
 */
int scst_set_cmd_error_status(struct scst_cmd *cmd, int status)
{
	cmd->status = status;
	cmd->data_dir = SCST_DATA_NONE;
	cmd->resp_data_len = 0;
	return 0;
}
EXPORT_SYMBOL_GPL(scst_set_cmd_error_status);

/* An absent LUN has answers of its own to these two [SPC-4 6.4.2, 6.39]. */
static bool absent_lun_answer(struct dbl_cmd *cmd, int asc)
{
	return asc == 0x25 && !cmd->dev &&
	       (cmd->pub.cdb[0] == INQUIRY || cmd->pub.cdb[0] == REQUEST_SENSE);
}

/**
 * scst_set_cmd_error() - Let a command end in CHECK CONDITION.
 * @cmd:  command
 * @key:  sense key
 * @asc:  additional sense code
 * @ascq: its qualifier
 *
 * Context: any.
 * Return: 0.
 */
int scst_set_cmd_error(struct scst_cmd *cmd, int key, int asc, int ascq)
{
	if (!absent_lun_answer(dbl_cmd_of(cmd), asc))
		dbl_sense_set(dbl_cmd_of(cmd), key, asc, ascq);
	return 0;
}
EXPORT_SYMBOL_GPL(scst_set_cmd_error);

/**
 * scst_set_busy() - Let a command end in BUSY or TASK SET FULL.
 * @cmd: command
 *
 * Context: any.
 */
void scst_set_busy(struct scst_cmd *cmd)
{
	scst_set_cmd_error_status(cmd, dbl_roll(2) ? SAM_STAT_BUSY :
						     SAM_STAT_TASK_SET_FULL);
}
EXPORT_SYMBOL_GPL(scst_set_busy);

/**
 * dbl_ua_add_locked() - Queue a unit attention.
 * @nexus: LUN of a session
 * @asc:   additional sense code
 * @ascq:  its qualifier
 *
 * One of the same kind is queued once; the oldest goes when there are too
 * many.
 *
 * Context: dbl_lock is held.
 */
void dbl_ua_add_locked(struct dbl_nexus *nexus, u8 asc, u8 ascq)
{
	lockdep_assert_held(&dbl_lock);
	dbl_ua_drop_locked(nexus, asc, ascq);
	if (nexus->nr_ua == DBL_MAX_UA)
		memmove(nexus->ua, nexus->ua + 1,
			--nexus->nr_ua * sizeof(*nexus->ua));
	nexus->ua[nexus->nr_ua++] = (struct dbl_ua){ .asc = asc, .ascq = ascq };
}

/**
 * dbl_ua_take_locked() - Take the oldest unit attention.
 * @nexus: LUN of a session
 * @ua:    filled
 *
 * Context: dbl_lock is held.
 * Return: true if there was one.
 */
bool dbl_ua_take_locked(struct dbl_nexus *nexus, struct dbl_ua *ua)
{
	lockdep_assert_held(&dbl_lock);
	if (!nexus->nr_ua)
		return false;
	*ua = nexus->ua[0];
	memmove(nexus->ua, nexus->ua + 1, --nexus->nr_ua * sizeof(*nexus->ua));
	return true;
}

/**
 * dbl_ua_drop_locked() - Forget a unit attention.
 * @nexus: LUN of a session
 * @asc:   additional sense code
 * @ascq:  its qualifier
 *
 * Context: dbl_lock is held.
 */
void dbl_ua_drop_locked(struct dbl_nexus *nexus, u8 asc, u8 ascq)
{
	unsigned int i;

	lockdep_assert_held(&dbl_lock);
	for (i = 0; i < nexus->nr_ua; i++) {
		if (nexus->ua[i].asc != asc || nexus->ua[i].ascq != ascq)
			continue;
		nexus->nr_ua--;
		memmove(nexus->ua + i, nexus->ua + i + 1,
			(nexus->nr_ua - i) * sizeof(*nexus->ua));
		return;
	}
}
