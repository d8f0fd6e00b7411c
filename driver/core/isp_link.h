/* SPDX-License-Identifier: GPL-2.0 */
/* A channel's link: events, address, name server. */
#ifndef ISP_LINK_H
#define ISP_LINK_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "isp_chip.h"

struct isp_chan;
struct isp_hba;
struct isp_link_io;

/* Steps from "link has an address" to "settled". */
#define ISP_LINK_STEPS(X)            \
	X(IDLE, "idle")              \
	X(STATE, "fw-state")         \
	X(SPEED, "data-rate")        \
	X(ID, "get-id")              \
	X(FABRIC, "fabric-name")     \
	X(PEER_LOGIN, "peer-login")  \
	X(SNS_LOGIN, "sns-login")    \
	X(SCR, "scr")                \
	X(RFT, "rft-id")             \
	X(RFF, "rff-id")             \
	X(RNN, "rnn-id")             \
	X(RSNN, "rsnn-nn")           \
	X(SCAN, "gpn-ft")            \
	X(CHECK, "gpn-id-check")     \
	X(RESOLVE, "gpn-id-resolve") \
	X(SETTLED, "settled")

enum isp_link_step {
#define X(id, name) ISP_STEP_##id,
	ISP_LINK_STEPS(X)
#undef X
		ISP_NR_STEPS
};

/* Events that the link worker has to look at: bits of isp_fabric.events. */
enum isp_link_event {
	ISP_LINK_EV_DOWN, /* signal or address lost */
	ISP_LINK_EV_CHANGED, /* something came up, or another address */
	ISP_LINK_EV_RSCN, /* ports may have come or gone */
	ISP_LINK_EV_RESOLVE, /* somebody asks for the owner of a port id */
};

/**
 * struct isp_link_io - an entry of the link worker that the chip holds
 * @chan: the channel
 * @cpl:  how it ended
 */
struct isp_link_io {
	struct isp_chan *chan;
	enum isp_cpl cpl;
};

/**
 * struct isp_fabric - the link worker's own
 * @chan:    the channel
 * @work:    runs the worker
 * @events:  enum isp_link_event bits, set by anybody
 * @stopped: the adapter is not READY; the worker does nothing
 * @step:    where it is; changed by the worker alone
 * @sent:    the step's request has been sent, its answer is next
 * @busy:    a mailbox or an entry of ours is at the chip
 * @drop:    the answer to it is of no interest any more
 * @err:     how it ended: 0 or -errno
 * @sent_at: jiffies
 * @tries:   failures of this step
 * @mbx:     our mailbox
 * @io:      our entry
 * @report:  last address report, protected by hba->lock
 * @report_valid: @report holds something, protected by hba->lock
 * @speed_code: of the last loop-up event
 * @said_up: address with which "link up" was logged, -1 since link down
 * @check_wwpn: port whose presence is being asked for
 * @check_id: address that is being asked for
 * @buf:     CT request and answer
 * @dma:     bus address of @buf
 */
struct isp_fabric {
	struct isp_chan *chan;
	struct delayed_work work;
	unsigned long events;
	bool stopped;
	enum isp_link_step step;
	bool sent;
	bool busy;
	bool drop;
	int err;
	unsigned long sent_at;
	unsigned int tries;
	struct isp_mbox mbx;
	struct isp_link_io io;
	struct isp_vp_report report;
	bool report_valid;
	u8 speed_code;
	int said_up;
	u64 check_wwpn;
	u32 check_id;
	void *buf;
	dma_addr_t dma;
};

int isp_link_init(struct isp_chan *chan);
void isp_link_exit(struct isp_chan *chan);
void isp_link_start(struct isp_chan *chan);
void isp_link_stop(struct isp_chan *chan);
void isp_link_aen(struct isp_hba *hba, const u16 *mb);
void isp_link_vp_report(struct isp_chan *chan, const struct isp_vp_report *vp);
void isp_link_io_done(struct isp_link_io *io, enum isp_cpl cpl,
		      const struct isp_rsp *rsp);
void isp_link_rescan(struct isp_chan *chan);
void isp_link_resolve(struct isp_chan *chan);
int isp_link_lip_setup(struct isp_chan *chan, struct isp_mbox *mbx);
const char *isp_link_step_name(enum isp_link_step step);
const char *isp_topo_name(enum isp_topo topo);

#endif
