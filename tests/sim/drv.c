// SPDX-License-Identifier: GPL-2.0
/* The driver's side of the world: probe, remove, traces, memory engine. */
#include "drv.h"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "core/isp_hba.h"
#include "core/isp_irq.h"
#include "core/isp_link.h"
#include "core/isp_trace.h"
#include "hw/isp_hw_mbox.h"
#include "include/isp_tport.h"
#include "nerves.h"
#include "tgt/isp_tgt.h"

#define MAX_CHANGES 256

/**
 * struct drv - one adapter
 * @hba: the driver's
 * @dev: device
 * @setup: what probe found
 * @fw_work: answers a firmware request later
 * @lip: mailbox of drv_lip(), one at a time
 * @engine: memory engine
 * @disk: its memory
 * @removing: drv_remove_begin() was called
 * @nr_state: calls of the state op
 * @nr_full: times of a full ring that the watch was told of
 * @chip: the family's, but for slow_write()
 * @slow_ms: see drv_slow()
 * @slow: gives @slow_mbx to the chip
 * @slow_mbx: what waits for that
 */
struct drv {
	struct isp_hba hba;
	struct device dev;
	struct drv_setup setup;
	struct work_struct fw_work;
	struct isp_mbox lip;
	struct nerves *engine;
	u8 *disk;
	bool removing;
	unsigned int nr_state;
	u64 nr_full;
	struct isp_chip_ops chip;
	unsigned int slow_ms;
	struct delayed_work slow;
	const struct isp_mbox *slow_mbx;
};

static struct {
	const char *what;
	const char *from;
	const char *to;
	unsigned int nr;
} changes[MAX_CHANGES];
static bool trace_verbose;
static bool trace_cmds;
static const struct drv_watch *watch;
static struct isp_role_ops watched_ops;

/* ---- who watches ---- */

void drv_watch_set(const struct drv_watch *w)
{
	watch = w;
}

static void *host_of(const struct isp_hba *hba)
{
	return ((struct drv *)hba->os_priv)->setup.shim_host;
}

static void happens(const struct isp_hba *hba, enum drv_event ev)
{
	if (watch)
		watch->event(host_of(hba), ev);
}

static void moves(const struct isp_hba *hba, const char *what, const char *from,
		  const char *to)
{
	struct drv *d = hba->os_priv;

	if (!watch)
		return;
	if (hba->stats.nr_ring_full != d->nr_full) {
		d->nr_full = hba->stats.nr_ring_full;
		happens(hba, DRV_EV_RING_FULL);
	}
	watch->state(host_of(hba), what, from, to);
}

/* A role that has been told of its end hears nothing more. */
static void must_be_on(struct isp_chan *chan, const char *what)
{
	enum isp_tport_state state = isp_tgt_port(chan)->state;

	if (state == ISP_TPORT_OFF || state >= ISP_TPORT_DRAINING)
		shim_fail("%s for a role that is off (%s)", what,
			  isp_tport_state_name(state));
}

static void see_atio(struct isp_chan *chan, const struct isp_atio *atio)
{
	must_be_on(chan, "a command");
	switch (atio->tm_flags) {
	case ISP_TMF_ABORT_TASK_SET:
		happens(chan->hba, DRV_EV_ABORT_SET);
		break;
	case ISP_TMF_CLEAR_TASK_SET:
		happens(chan->hba, DRV_EV_CLEAR_SET);
		break;
	case ISP_TMF_CLEAR_ACA:
		happens(chan->hba, DRV_EV_CLEAR_ACA);
		break;
	case ISP_TMF_LUN_RESET:
		happens(chan->hba, DRV_EV_LUN_RESET);
		break;
	case ISP_TMF_TARGET_RESET:
		happens(chan->hba, DRV_EV_TARGET_RESET);
		break;
	}
	if (atio->exchange == ISP_EXCHANGE_NONE)
		happens(chan->hba, DRV_EV_NO_EXCHANGE);
	isp_tgt_role_ops.atio(chan, atio);
}

static void see_notify(struct isp_chan *chan, const struct isp_notify *notify)
{
	must_be_on(chan, "a notify");
	if (notify->kind == ISP_NOTIFY_ELS && notify->els == ISP_ELS_LOGO)
		happens(chan->hba, DRV_EV_LOGO);
	else if (notify->kind == ISP_NOTIFY_ELS && notify->els == ISP_ELS_PRLO)
		happens(chan->hba, DRV_EV_PRLO);
	else if (notify->kind == ISP_NOTIFY_ELS && notify->els == ISP_ELS_PLOGI)
		happens(chan->hba, DRV_EV_PLOGI);
	else if (notify->kind == ISP_NOTIFY_ELS && notify->els == ISP_ELS_PRLI)
		happens(chan->hba, DRV_EV_PRLI);
	isp_tgt_role_ops.notify(chan, notify);
}

static void see_abts(struct isp_chan *chan, const struct isp_abts *abts)
{
	must_be_on(chan, "an ABTS");
	happens(chan->hba, DRV_EV_ABTS);
	isp_tgt_role_ops.abts(chan, abts);
}

static void see_resolved(struct isp_chan *chan, u32 port_id, u64 wwpn,
			 u16 port_handle)
{
	must_be_on(chan, "an answer");
	isp_tgt_role_ops.resolved(chan, port_id, wwpn, port_handle);
}

static void see_port_event(struct isp_chan *chan,
			   const struct isp_port_event *ev)
{
	must_be_on(chan, "news of a port");
	isp_tgt_role_ops.port_event(chan, ev);
}

static void see_link(struct isp_chan *chan, bool up)
{
	must_be_on(chan, "news of the link");
	isp_tgt_role_ops.link(chan, up);
}

static const struct isp_role_ops *role_ops(void)
{
	watched_ops = isp_tgt_role_ops;
	watched_ops.atio = see_atio;
	watched_ops.notify = see_notify;
	watched_ops.abts = see_abts;
	watched_ops.resolved = see_resolved;
	watched_ops.port_event = see_port_event;
	watched_ops.link = see_link;
	return &watched_ops;
}

/* ---- traces ---- */

static void note(const char *what, const char *from, const char *to,
		 const char *why)
{
	unsigned int i;

	if (trace_verbose && (trace_cmds || strcmp(what, "cmd")))
		fprintf(stderr, "# %.6f %s: %s -> %s%s%s\n",
			(double)ktime_get() / 1e9, what, from, to,
			why ? ": " : "", why ? why : "");
	for (i = 0; i < MAX_CHANGES && changes[i].what; i++)
		if (!strcmp(changes[i].what, what) &&
		    !strcmp(changes[i].from, from) &&
		    !strcmp(changes[i].to, to))
			break;
	if (i == MAX_CHANGES)
		return;
	changes[i].what = what;
	changes[i].from = from;
	changes[i].to = to;
	changes[i].nr++;
}

unsigned int drv_trace_seen(const char *what, const char *from, const char *to)
{
	unsigned int i;

	for (i = 0; i < MAX_CHANGES && changes[i].what; i++)
		if (!strcmp(changes[i].what, what) &&
		    !strcmp(changes[i].from, from) &&
		    !strcmp(changes[i].to, to))
			return changes[i].nr;
	return 0;
}

void drv_trace_verbose(bool cmds)
{
	trace_verbose = true;
	trace_cmds = cmds;
}

void isp_trace_hba_state(const struct isp_hba *hba, const char *from,
			 const char *to, const char *why)
{
	note("hba", from, to, why);
	moves(hba, "hba", from, to);
}

void isp_trace_link_state(const struct isp_hba *hba, unsigned int chan,
			  const char *from, const char *to, const char *why)
{
	note("link", from, to, why);
	moves(hba, "link", from, to);
}

void isp_trace_port_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, u32 port_id, const char *from,
			  const char *to)
{
	note("port", from, to, NULL);
}

void isp_trace_tport_state(const struct isp_hba *hba, unsigned int chan,
			   const char *from, const char *to, const char *why)
{
	note("tport", from, to, why);
	moves(hba, "tport", from, to);
}

void isp_trace_sess_state(const struct isp_hba *hba, unsigned int chan,
			  u64 wwpn, const char *from, const char *to,
			  const char *why)
{
	note("sess", from, to, why);
	moves(hba, "sess", from, to);
}

void isp_trace_cmd_state(const struct isp_hba *hba, u32 exchange,
			 const char *from, const char *to)
{
	char what[24];

	moves(hba, "cmd", from, to);
	if (watch && !trace_cmds)
		return;
	snprintf(what, sizeof(what), "exchange %08x", exchange);
	note("cmd", from, to, what);
}

void isp_trace_mbox(const struct isp_hba *hba, u16 opcode, u16 status, int err,
		    u32 us)
{
	if (err == -ETIMEDOUT)
		happens(hba, DRV_EV_MBOX_TIMEOUT);
	if (trace_verbose)
		fprintf(stderr, "# %.6f mailbox %04x: %04x err %d, %u us\n",
			(double)ktime_get() / 1e9, opcode, status, err, us);
}

void isp_trace_aen(const struct isp_hba *hba, const u16 *mb)
{
	switch (mb[0]) {
	case ISP_AEN_SYSTEM_ERROR:
		happens(hba, DRV_EV_CRASH);
		break;
	case ISP_AEN_LOOP_UP:
		happens(hba, DRV_EV_LINK_UP);
		break;
	case ISP_AEN_LOOP_DOWN:
		happens(hba, DRV_EV_LINK_DOWN);
		break;
	case ISP_AEN_RSCN:
		happens(hba, DRV_EV_RSCN);
		break;
	}
	if (trace_verbose)
		fprintf(stderr, "# %.6f event %04x %04x %04x %04x\n",
			(double)ktime_get() / 1e9, mb[0], mb[1], mb[2], mb[3]);
}

void isp_trace_fault(const struct isp_hba *hba, const char *why)
{
	if (trace_verbose)
		fprintf(stderr, "# %.6f fault: %s\n", (double)ktime_get() / 1e9,
			why);
}

/* ---- what core wants of the world ---- */

static void fw_answer(struct work_struct *work)
{
	struct drv *d = container_of(work, struct drv, fw_work);

	isp_hba_fw_result(&d->hba, d->setup.fw, d->setup.fw_len);
}

static void fw_request(struct isp_hba *hba, const char *name)
{
	struct drv *d = hba->os_priv;

	if (d->setup.fw_late)
		schedule_work(&d->fw_work);
	else
		isp_hba_fw_result(hba, d->setup.fw, d->setup.fw_len);
}

static void state_changed(struct isp_hba *hba)
{
	struct drv *d = hba->os_priv;

	d->nr_state++;
}

static const struct isp_os_ops os_ops = {
	.fw_request = fw_request,
	.state = state_changed,
};

/* ---- firmware that takes its time ---- */

static const struct isp_chip_ops *family(const struct drv *d)
{
	return d->setup.device == 0x2432 ? &isp_chip_2400_ops :
					   &isp_chip_2500_ops;
}

static void slow_work(struct work_struct *work)
{
	struct drv *d = container_of(to_delayed_work(work), struct drv, slow);
	struct isp_hba *hba = &d->hba;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	if (hba->mboxq.open && hba->mboxq.busy &&
	    hba->mboxq.head == d->slow_mbx)
		family(d)->mbox_write(hba, d->slow_mbx);
	spin_unlock_irqrestore(&hba->lock, flags);
}

static void slow_write(struct isp_hba *hba, const struct isp_mbox *mbx)
{
	struct drv *d = hba->os_priv;

	d->slow_mbx = mbx;
	if (d->slow_ms)
		mod_delayed_work(system_wq, &d->slow,
				 msecs_to_jiffies(d->slow_ms));
	else
		family(d)->mbox_write(hba, mbx);
}

void drv_slow(struct drv *d, unsigned int ms)
{
	d->slow_ms = ms;
}

/* ---- life ---- */

struct drv *drv_probe(const struct drv_setup *s, int *err)
{
	struct drv *d = kzalloc(sizeof(*d), GFP_KERNEL);
	struct isp_hba *hba;

	*err = -ENOMEM;
	if (!d)
		return NULL;
	if (!s->beside)
		memset(changes, 0, sizeof(changes));
	hba = &d->hba;
	d->setup = *s;
	d->dev.init_name = "isp";
	d->dev.shim_host = s->shim_host;
	INIT_WORK(&d->fw_work, fw_answer);
	INIT_DELAYED_WORK(&d->slow, slow_work);
	d->chip = *family(d);
	d->chip.mbox_write = slow_write;
	hba->chip = &d->chip;
	hba->os = &os_ops;
	hba->os_priv = d;
	hba->dev = &d->dev;
	hba->regs = s->regs;
	hba->func = s->func;
	hba->rev = s->rev;
	hba->wq = system_wq;
	hba->irq_mode = s->irq == 2 ? ISP_IRQ_MODE_MSIX :
			s->irq == 1 ? ISP_IRQ_MODE_MSI :
				      ISP_IRQ_MODE_INTX;
	hba->params.fc_id = -1;
	hba->role_ops[0] = role_ops();

	d->disk = kvzalloc((size_t)s->disk_blocks * 512, GFP_KERNEL);
	if (!d->disk)
		goto err_free;
	*err = isp_hba_init(hba);
	if (*err)
		goto err_free_disk;
	isp_hba_start(hba);
	return d;

err_free_disk:
	kvfree(d->disk);
err_free:
	kfree(d);
	return NULL;
}

int drv_enable(struct drv *d)
{
	struct isp_tport_binding b = {
		.ops = &isp_tgt_tport_ops,
		.port = isp_tgt_port(&d->hba.chan[0]),
	};

	if (!d->engine)
		d->engine = nerves_new(&b, d->disk, d->setup.disk_blocks);
	return d->engine ? nerves_enable(d->engine) : -ENOMEM;
}

int drv_disable(struct drv *d)
{
	return d->engine ? nerves_disable(d->engine) : -EALREADY;
}

bool drv_enabled(const struct drv *d)
{
	return d->engine && nerves_enabled(d->engine);
}

bool drv_busy(const struct drv *d)
{
	return d->engine && nerves_busy(d->engine);
}

void drv_detach(struct drv *d)
{
	if (d->engine)
		nerves_free(d->engine);
	d->engine = NULL;
}

static void other_event(void *engine, enum isp_tport_event ev, int err)
{
}

static void other_sess(struct isp_tport_sess *sess)
{
}

static void other_cmd(struct isp_tport_cmd *cmd)
{
}

static void other_cmd_err(struct isp_tport_cmd *cmd, int err)
{
}

int drv_attach_other(struct drv *d)
{
	static const struct isp_tport_engine_ops ops = {
		.abi = ISP_TPORT_ABI,
		.size = sizeof(ops),
		.name = "other",
		.event = other_event,
		.sess_new = other_sess,
		.sess_gone = other_sess,
		.cmd_new = other_cmd,
		.tmf_new = other_cmd,
		.cmd_data = other_cmd_err,
		.cmd_done = other_cmd_err,
	};
	struct isp_tport *port = isp_tgt_port(&d->hba.chan[0]);
	int err = isp_tgt_attach(port, &ops, d);

	return err ? err : isp_tgt_detach(port, d);
}

void drv_shutdown(struct drv *d)
{
	isp_hba_stop(&d->hba);
}

void drv_pci_error(struct drv *d)
{
	isp_hba_fault(&d->hba, "PCI error");
}

void drv_pci_resume(struct drv *d)
{
	isp_hba_kick(&d->hba);
}

static void lip_done(struct isp_hba *hba, struct isp_mbox *mbx, int err)
{
}

int drv_lip(struct drv *d)
{
	int err = isp_link_lip_setup(&d->hba.chan[0], &d->lip);

	d->lip.done = lip_done;
	return err ? err : isp_mbox_submit(&d->hba, &d->lip);
}

void drv_rescan(struct drv *d)
{
	isp_link_rescan(&d->hba.chan[0]);
}

void drv_suspend(struct drv *d)
{
	isp_hba_suspend(&d->hba);
}

bool drv_is_suspended(struct drv *d)
{
	return isp_hba_is_suspended(&d->hba);
}

void drv_resume(struct drv *d)
{
	isp_hba_resume(&d->hba);
}

void drv_remove_begin(struct drv *d)
{
	d->removing = true;
	if (drv_enabled(d))
		nerves_disable(d->engine);
	isp_hba_stop(&d->hba);
}

bool drv_is_gone(const struct drv *d)
{
	struct drv *w = (struct drv *)d;

	return isp_hba_is_gone(&w->hba) && !drv_enabled(d);
}

void drv_remove_end(struct drv *d)
{
	if (d->engine)
		nerves_free(d->engine);
	cancel_work_sync(&d->fw_work);
	cancel_delayed_work_sync(&d->slow);
	isp_hba_exit(&d->hba);
	kvfree(d->disk);
	kfree(d);
}

bool drv_irq(struct drv *d, unsigned int vector)
{
	if (!vector)
		return isp_irq_default(&d->hba);
	isp_irq_response(&d->hba);
	return true;
}

/* ---- what a test looks at ---- */

const char *drv_state(const struct drv *d)
{
	return isp_hba_state_name(d->hba.state);
}

const char *drv_link(const struct drv *d)
{
	return isp_link_state_name(d->hba.chan[0].link);
}

const char *drv_tport(const struct drv *d)
{
	return isp_tport_state_name(
		isp_tgt_port((struct isp_chan *)&d->hba.chan[0])->state);
}

unsigned int drv_faults(const struct drv *d)
{
	return (unsigned int)d->hba.stats.nr_fault;
}

unsigned int drv_sessions(const struct drv *d)
{
	return d->engine ? nerves_sessions(d->engine) : 0;
}

uint8_t *drv_disk(struct drv *d)
{
	return d->disk;
}

void drv_hold(struct drv *d, bool on)
{
	if (d->engine)
		nerves_hold(d->engine, on);
}

void drv_stubborn(struct drv *d, bool on)
{
	if (d->engine)
		nerves_stubborn(d->engine, on);
}

void drv_lazy(struct drv *d, bool on)
{
	if (d->engine)
		nerves_lazy(d->engine, on);
}

void drv_drop(struct drv *d)
{
	if (d->engine)
		nerves_drop(d->engine);
}

void drv_refuse(struct drv *d, unsigned int nr)
{
	if (d->engine)
		nerves_refuse(d->engine, nr);
}

unsigned int drv_misordered(const struct drv *d)
{
	return d->engine ? nerves_misordered(d->engine) : 0;
}

unsigned int drv_cmd_states(const struct drv *d, unsigned int *nr,
			    unsigned int max)
{
	struct isp_tport *port =
		isp_tgt_port((struct isp_chan *)&d->hba.chan[0]);
	struct isp_tgt_cmd *cmd;

	memset(nr, 0, max * sizeof(*nr));
	list_for_each_entry(cmd, &port->open, open_node)
		if (cmd->state < max)
			nr[cmd->state]++;
	return ISP_NR_CMD_STATES;
}

const char *drv_cmd_state_name(unsigned int i)
{
	static const char *const names[] = {
#define X(id, name) [ISP_CMD_##id] = name,
		ISP_CMD_STATES(X)
#undef X
	};

	return i < ARRAY_SIZE(names) ? names[i] : "?";
}
