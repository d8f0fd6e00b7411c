// SPDX-License-Identifier: GPL-2.0
/* Each entry reaches the one it belongs to, with a target role and without. */
#include "../lib/tap.h"
#include "../sim/shim/shim.h"

#include <linux/string.h>

#include "core/isp_dispatch.h"
#include "core/isp_hba.h"
#include "core/isp_link.h"

#define HANDLE 0x00020003

static struct isp_hba hba;
static int mine; /* an owner */
static enum isp_owner_kind owned; /* what HANDLE is */
static void *owner;
static unsigned int nr_faults, nr_bells, nr_drains, nr_space, nr_link_io;
static struct isp_ctio ctio;
static unsigned int nr_ctios, nr_acks, nr_abts_rsps, nr_reports;
static bool rejected;

/* What the role has heard, by op. */
static struct {
	unsigned int atio, notify, abts, ctio, ack, abts_done, logio, begin;
	unsigned int end;
} heard;

/* ---- core's other files ---- */

void isp_hba_fault(struct isp_hba *h, const char *why)
{
	nr_faults++;
}

void *isp_handle_put(struct isp_hba *h, u32 handle, enum isp_owner_kind kind,
		     bool *known)
{
	*known = handle == HANDLE && kind == owned;
	return *known ? owner : NULL;
}

int isp_ring_send_ctio(struct isp_hba *h, const struct isp_ctio *c, void *o)
{
	ctio = *c;
	nr_ctios++;
	return 0;
}

int isp_ring_send_ack(struct isp_hba *h, const struct isp_ack *ack, void *o)
{
	rejected = ack->reject;
	nr_acks++;
	return 0;
}

int isp_ring_send_abts_rsp(struct isp_hba *h, const struct isp_abts_rsp *rsp,
			   void *o)
{
	rejected = !rsp->accept;
	nr_abts_rsps++;
	return 0;
}

void isp_ring_doorbell(struct isp_hba *h)
{
	nr_bells++;
}

bool isp_ring_drain(struct isp_hba *h, enum isp_ring_id id)
{
	nr_drains += id == ISP_RING_ATIO;
	return false;
}

void isp_ring_space(struct isp_hba *h)
{
	nr_space++;
}

void isp_portdb_notify(struct isp_chan *chan, const struct isp_notify *n)
{
}

void isp_link_vp_report(struct isp_chan *chan, const struct isp_vp_report *vp)
{
	nr_reports++;
}

void isp_link_io_done(struct isp_link_io *io, enum isp_cpl cpl,
		      const struct isp_rsp *rsp)
{
	nr_link_io += io == (void *)&mine && rsp;
}

/* ---- the role ---- */

static void atio(struct isp_chan *chan, const struct isp_atio *a)
{
	heard.atio++;
}

static void notify(struct isp_chan *chan, const struct isp_notify *n)
{
	heard.notify++;
}

static void abts(struct isp_chan *chan, const struct isp_abts *a)
{
	heard.abts += nr_drains == 1;
}

static void ctio_done(struct isp_hba *h, void *o,
		      const struct isp_ctio_done *done)
{
	heard.ctio += o == &mine;
}

static void ack_done(struct isp_hba *h, void *o, enum isp_cpl cpl)
{
	heard.ack += o == &mine;
}

static void abts_done(struct isp_hba *h, void *o, enum isp_cpl cpl)
{
	heard.abts_done += o == &mine;
}

static void logio_done(struct isp_hba *h, void *o, enum isp_cpl cpl)
{
	heard.logio += o == &mine;
}

static void begin(struct isp_hba *h)
{
	heard.begin++;
}

static void end(struct isp_hba *h)
{
	heard.end += nr_space == heard.end + 1;
}

static const struct isp_role_ops role = {
	.role = ISP_ROLE_TARGET,
	.atio = atio,
	.notify = notify,
	.abts = abts,
	.ctio_done = ctio_done,
	.ack_done = ack_done,
	.abts_done = abts_done,
	.logio_done = logio_done,
	.batch_begin = begin,
	.batch_end = end,
};

static void start(u8 roles)
{
	memset(&hba, 0, sizeof(hba));
	memset(&heard, 0, sizeof(heard));
	memset(&ctio, 0, sizeof(ctio));
	hba.role_ops[0] = &role;
	hba.nr_chans = 1;
	hba.chan[0].hba = &hba;
	hba.chan[0].have = roles;
	owned = ISP_OWNER_FREE;
	owner = &mine;
	rejected = false;
	nr_faults = 0;
	nr_bells = 0;
	nr_drains = 0;
	nr_space = 0;
	nr_link_io = 0;
	nr_ctios = 0;
	nr_acks = 0;
	nr_abts_rsps = 0;
	nr_reports = 0;
}

static void come(enum isp_rsp_kind kind)
{
	struct isp_rsp rsp = { .kind = kind, .handle = HANDLE };

	isp_dispatch(&hba, &rsp);
}

static void test_role(void)
{
	start(ISP_ROLE_TARGET);
	come(ISP_RSP_ATIO);
	come(ISP_RSP_NOTIFY);
	tap_ok(heard.atio == 1 && heard.notify == 1,
	       "a command and a notify go to the role");
	come(ISP_RSP_ABTS);
	tap_ok(heard.abts == 1, "an ABTS, too, after the commands before it");
	come(ISP_RSP_VP_REPORT);
	tap_ok(nr_reports == 1, "an address goes to the link");
	come(ISP_RSP_IGNORE);
	isp_dispatch_begin(&hba);
	isp_dispatch_end(&hba);
	tap_ok(heard.begin == 1 && heard.end == 1,
	       "a batch begins, and ends after room on the ring was told");
	tap_ok(!nr_ctios && !nr_acks && !nr_abts_rsps && !nr_faults,
	       "core answers nothing itself");
}

static void test_no_role(void)
{
	struct isp_rsp rsp = { .kind = ISP_RSP_ATIO };

	start(ISP_ROLE_NONE);
	rsp.atio.exchange = 77;
	rsp.atio.port_id = 0x010203;
	isp_dispatch(&hba, &rsp);
	tap_ok(nr_ctios == 1 && nr_bells == 1 && ctio.exchange == 77 &&
		       ctio.port_id == 0x010203 &&
		       ctio.flags == ISP_CTIO_TERMINATE,
	       "no role: a command's exchange is ended");
	rsp.atio.exchange = ISP_EXCHANGE_NONE;
	isp_dispatch(&hba, &rsp);
	tap_ok(nr_ctios == 1, "if it has one");
	memset(&rsp, 0, sizeof(rsp));
	rsp.kind = ISP_RSP_NOTIFY;
	rsp.notify.kind = ISP_NOTIFY_ELS;
	rsp.notify.els = ISP_ELS_PRLI;
	isp_dispatch(&hba, &rsp);
	tap_ok(nr_acks == 1 && nr_bells == 2 && rejected, "a login is refused");
	rsp.notify.els = ISP_ELS_LOGO;
	isp_dispatch(&hba, &rsp);
	tap_ok(nr_acks == 2 && nr_bells == 3 && !rejected,
	       "a logout is acknowledged");
	memset(&rsp, 0, sizeof(rsp));
	rsp.kind = ISP_RSP_ABTS;
	isp_dispatch(&hba, &rsp);
	tap_ok(nr_abts_rsps == 1 && nr_bells == 4 && rejected,
	       "an ABTS is refused");
	tap_ok(!heard.atio && !heard.notify && !heard.abts,
	       "and the role hears nothing");
}

static void test_done(void)
{
	static const struct {
		enum isp_rsp_kind kind;
		enum isp_owner_kind owned;
		unsigned int *nr;
		const char *name;
	} dones[] = {
		{ ISP_RSP_CTIO, ISP_OWNER_CTIO, &heard.ctio, "CTIO" },
		{ ISP_RSP_ACK, ISP_OWNER_ACK, &heard.ack, "notify ack" },
		{ ISP_RSP_ABTS_RSP, ISP_OWNER_ABTS_RSP, &heard.abts_done,
		  "answer to an ABTS" },
		{ ISP_RSP_LOGIO, ISP_OWNER_LOGIO, &heard.logio, "login" },
		{ ISP_RSP_LOGIO, ISP_OWNER_FABRIC, &nr_link_io,
		  "login of the link's" },
		{ ISP_RSP_CT, ISP_OWNER_FABRIC, &nr_link_io, "CT request" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dones); i++) {
		start(ISP_ROLE_TARGET);
		owned = dones[i].owned;
		come(dones[i].kind);
		tap_ok(*dones[i].nr == 1 && !nr_faults,
		       "%s: its owner hears of it", dones[i].name);
		owner = NULL;
		come(dones[i].kind);
		tap_ok(*dones[i].nr == 1 && !nr_faults,
		       "%s: perhaps there is none", dones[i].name);
		owned = ISP_OWNER_MARKER;
		come(dones[i].kind);
		tap_ok(*dones[i].nr == 1 && nr_faults == 1 &&
			       hba.stats.nr_stale == 1,
		       "%s: a handle of another kind is a fault",
		       dones[i].name);
	}
	start(ISP_ROLE_TARGET);
	owned = ISP_OWNER_MARKER;
	come(ISP_RSP_MARKER);
	tap_ok(!nr_faults, "marker: nobody waits for it");
	owned = ISP_OWNER_FREE;
	come(ISP_RSP_MARKER);
	tap_ok(nr_faults == 1, "marker: but it has a handle");
}

static void test_odd(void)
{
	struct isp_rsp rsp = { .kind = ISP_RSP_CTIO,
			       .handle = ISP_HANDLE_NONE };

	start(ISP_ROLE_TARGET);
	isp_dispatch(&hba, &rsp);
	tap_ok(!nr_faults && !heard.ctio,
	       "a CTIO that was sent without a handle may come back");
	come(ISP_RSP_UNKNOWN);
	tap_ok(nr_faults == 1, "an entry of an unknown type is a fault");
	come(ISP_RSP_STATUS);
	tap_ok(nr_faults == 2, "so is an initiator's");
}

int main(void)
{
	test_role();
	test_no_role();
	test_done();
	test_odd();
	return tap_end();
}
