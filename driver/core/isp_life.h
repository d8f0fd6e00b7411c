/* SPDX-License-Identifier: GPL-2.0 */
/* The life worker: every change of an adapter's state. */
#ifndef ISP_LIFE_H
#define ISP_LIFE_H

#include <linux/types.h>

struct isp_hba;
struct isp_mbox;

/* What a state function returns besides milliseconds until it wants to run. */
#define ISP_LIFE_AGAIN 0 /* run the (maybe new) state's function at once */
#define ISP_LIFE_SLEEP (-1) /* until somebody kicks */

void isp_life_run(struct isp_hba *hba);
int isp_life_mbox(struct isp_hba *hba);
void isp_life_mbox_setup(struct isp_hba *hba, u16 opcode, u8 nr_out,
			 u32 timeout_ms);

int isp_fw_state_load(struct isp_hba *hba);
int isp_fw_state_start(struct isp_hba *hba);
int isp_fw_state_query(struct isp_hba *hba);
void isp_fw_free(struct isp_hba *hba);

#endif
