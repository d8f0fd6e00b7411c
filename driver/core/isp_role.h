/* SPDX-License-Identifier: GPL-2.0 */
/* How core calls the roles above it, and how a role is turned on and off. */
#ifndef ISP_ROLE_H
#define ISP_ROLE_H

#include "isp_chip.h"

struct isp_chan;
struct isp_hba;
struct isp_port;

/* Role bits of a channel; the numbers are those of the heritage ioctls. */
#define ISP_ROLE_NONE 0
#define ISP_ROLE_TARGET BIT(0)
#define ISP_ROLE_INITIATOR BIT(1)
#define ISP_ROLE_BOTH (ISP_ROLE_TARGET | ISP_ROLE_INITIATOR)

/* What may happen to a remote port. */
#define ISP_PORT_EVENTS(X) \
	X(FOUND, "found")  \
	X(MOVED, "moved")  \
	X(GONE, "gone")

enum isp_port_event_kind {
#define X(id, name) ISP_PORT_EVENT_##id,
	ISP_PORT_EVENTS(X)
#undef X
		ISP_NR_PORT_EVENTS
};

/**
 * struct isp_port_event - what the port database learnt
 * @kind:    FOUND: known to the fabric; MOVED: same WWPN, another address;
 *           GONE: no longer in the fabric
 * @wwpn:    of the remote port
 * @port_id: its address now (FOUND, MOVED) or last (GONE)
 */
struct isp_port_event {
	enum isp_port_event_kind kind;
	u64 wwpn;
	u32 port_id;
};

/**
 * struct isp_role_ops - a role as core sees it
 * @name:       "target" or "initiator"
 * @role:       ISP_ROLE_TARGET or ISP_ROLE_INITIATOR
 * @attach:     a new hba; may sleep; before anything else
 * @detach:     hba goes; may sleep; the chip is stopped, nothing comes any more
 * @atio:       a command or task management request, in arrival order
 * @notify:     something that the role must answer by isp_ring_send_ack()
 * @abts:       an abort that the role must answer by isp_ring_send_abts_rsp()
 * @ctio_done:  a CTIO given with owner came back; exactly once per CTIO sent
 *              with an owner, also when the chip is reset (ISP_CPL_RESET)
 * @ack_done:   likewise for a notify ack
 * @abts_done:  likewise for an ABTS answer
 * @logio_done: likewise for a login or logout that the role asked for
 * @resolved:   answer to isp_portdb_resolve(): @wwpn 0 when nobody is there
 * @port_event: the port database changed
 * @link:       the channel's link went up or down; down is told again when it
 *              is lost before it has come up
 * @ring_space: the request ring had been full (-EAGAIN) and has room again
 * @batch_begin: what follows until batch_end came with one interrupt
 * @batch_end:  core has handed over what one interrupt brought; a good moment
 *              to ring the doorbell for what the batch queued
 * @fault:      the chip is dead or being reset; every exchange is gone.
 *              ctio_done() and the like follow with ISP_CPL_RESET. What has no
 *              entry at the chip must be given up by the role itself.
 * @stopped:    the role is off on this channel and every entry has come back
 * @started:    the role is on; ATIOs may come
 *
 * Context: atio to batch_end in hardirq or softirq (work in the simulation),
 * never two of them at once for one ring; fault, stopped and started in
 * process context. No core lock is held.
 */
struct isp_role_ops {
	const char *name;
	u8 role;
	int (*attach)(struct isp_hba *hba);
	void (*detach)(struct isp_hba *hba);
	void (*atio)(struct isp_chan *chan, const struct isp_atio *atio);
	void (*notify)(struct isp_chan *chan, const struct isp_notify *notify);
	void (*abts)(struct isp_chan *chan, const struct isp_abts *abts);
	void (*ctio_done)(struct isp_hba *hba, void *owner,
			  const struct isp_ctio_done *done);
	void (*ack_done)(struct isp_hba *hba, void *owner, enum isp_cpl cpl);
	void (*abts_done)(struct isp_hba *hba, void *owner, enum isp_cpl cpl);
	void (*logio_done)(struct isp_hba *hba, void *owner, enum isp_cpl cpl);
	void (*resolved)(struct isp_chan *chan, u32 port_id, u64 wwpn,
			 u16 port_handle);
	void (*port_event)(struct isp_chan *chan,
			   const struct isp_port_event *ev);
	void (*link)(struct isp_chan *chan, bool up);
	void (*ring_space)(struct isp_hba *hba);
	void (*batch_begin)(struct isp_hba *hba);
	void (*batch_end)(struct isp_hba *hba);
	void (*fault)(struct isp_hba *hba);
	void (*started)(struct isp_chan *chan);
	void (*stopped)(struct isp_chan *chan);
};

/**
 * typedef isp_role_done_fn - a role change ended
 * @chan: the channel
 * @arg:  caller's
 * @err:  0, or why the role could not be turned on
 *
 * Context: process (work), no lock held; may be called before
 * isp_role_start() returns.
 */
typedef void (*isp_role_done_fn)(struct isp_chan *chan, void *arg, int err);

int isp_role_start(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		   void *arg);
int isp_role_stop(struct isp_chan *chan, u8 role, isp_role_done_fn done,
		  void *arg);
const char *isp_role_name(u8 roles);

#endif
