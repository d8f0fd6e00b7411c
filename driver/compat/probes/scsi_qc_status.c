// SPDX-License-Identifier: GPL-2.0
/* Does queuecommand() answer by an enum of its own? */
#include <scsi/scsi_host.h>

static enum scsi_qc_status __maybe_unused isp_probe(struct scsi_host_template *t)
{
	return t->queuecommand(NULL, NULL);
}
