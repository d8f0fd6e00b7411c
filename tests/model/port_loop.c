// SPDX-License-Identifier: GPL-2.0
/* Two ports on an arbitrated loop: addresses, own logins, every kind of LIP. */
#include <errno.h>
#include <stdio.h>

#include "entry.h"
#include "port/port.h"
#include "spec/entries.h"
#include "spec/memory.h"
#include "tap.h"
#include "world.h"

#define LOG 64
#define ANS (HOST_DATA + 0x1000U)
#define TGT_WWPN 0x2100001b32000001ULL
#define INI_WWPN 0x2100001b32ffff01ULL
#define FIRST_AL_PA 0x01U /* lowest address, highest loop ID */
#define SECOND_AL_PA 0x02U
#define FIRST_LOOP_ID 0x7dU
#define SECOND_LOOP_ID 0x7cU
#define OPT1_FULL_LOGIN 0x2000U
#define OPT2_LOOP 0x4020U
#define OPT2_P2P 0x4010U

/* One driver and what it saw, in order. */
struct end {
	struct host h;
	struct card *card;
	uint16_t ev[LOG][4];
	unsigned int nr_ev;
	uint8_t rsp[LOG][HOST_ENTRY_LEN];
	unsigned int nr_rsp;
	uint8_t atio[LOG][HOST_ENTRY_LEN];
	unsigned int nr_atio;
};

static struct world w;
static struct end t, i;

static void on_async(struct host *h, const uint16_t *mb)
{
	struct end *e = h->priv;

	if (e->nr_ev < LOG)
		memcpy(e->ev[e->nr_ev++], mb, sizeof(e->ev[0]));
}

static void on_rsp(struct host *h, const uint8_t *entry)
{
	struct end *e = h->priv;

	if (e->nr_rsp < LOG)
		memcpy(e->rsp[e->nr_rsp++], entry, HOST_ENTRY_LEN);
}

static void on_atio(struct host *h, const uint8_t *entry)
{
	struct end *e = h->priv;

	if (e->nr_atio < LOG)
		memcpy(e->atio[e->nr_atio++], entry, HOST_ENTRY_LEN);
	if (entry[HDR_TYPE] == ENTRY_NOTIFY)
		entry_nack(h, 0x500, entry);
}

static const struct host_ops ops = { on_rsp, on_atio, on_async };

static void boot(struct end *e, enum host_role role, uint64_t wwpn,
		 uint32_t opt1, uint32_t opt2)
{
	uint8_t *icb = host_at(&e->h, HOST_ICB);

	host_icb(&e->h, role, wwpn);
	put_le32(icb + ICB_OPTIONS1, get_le32(icb + ICB_OPTIONS1) | opt1);
	put_le32(icb + ICB_OPTIONS2, opt2);
	ok(host_start(&e->h) == 0x4000);
}

static void forget(void)
{
	t.nr_ev = 0;
	t.nr_rsp = 0;
	t.nr_atio = 0;
	i.nr_ev = 0;
	i.nr_rsp = 0;
	i.nr_atio = 0;
}

static void stage_with(uint32_t tgt_opt2, uint32_t ini_opt1)
{
	world_init(&w, FAB_LOOP);
	memset(&t, 0, sizeof(t));
	memset(&i, 0, sizeof(i));
	t.card = world_card(&w, "name=t,chip=2432");
	i.card = world_card(&w, "name=i,chip=2532");
	host_init(&t.h, w.ev, &t.card->dev[0], &ops, &t, PCIDEV_IRQ_MSIX);
	host_init(&i.h, w.ev, &i.card->dev[0], &ops, &i, PCIDEV_IRQ_MSIX);
	ok(host_reset(&t.h) && host_load(&t.h));
	ok(host_reset(&i.h) && host_load(&i.h));
	boot(&t, HOST_TGT, TGT_WWPN, 0, tgt_opt2);
	world_run(&w, 2 * EV_SEC);
	boot(&i, HOST_INI, INI_WWPN, ini_opt1, OPT2_LOOP);
	world_run(&w, 3 * EV_SEC);
}

static void stage(uint32_t tgt_opt2)
{
	stage_with(tgt_opt2, 0);
}

static void unstage(void)
{
	world_run(&w, EV_SEC);
	ok(!world_verdicts(&w) && world_balanced(&w));
	host_fini(&t.h);
	host_fini(&i.h);
	world_fini(&w);
}

static unsigned int nr_events(const struct end *e, uint16_t code)
{
	unsigned int k, nr = 0;

	for (k = 0; k < e->nr_ev; k++)
		nr += e->ev[k][0] == code;
	return nr;
}

/* Notifies with a status and, if not 0, an ELS code. */
static unsigned int nr_notifies(const struct end *e, uint16_t status,
				uint8_t els)
{
	unsigned int k, nr = 0;

	for (k = 0; k < e->nr_atio; k++)
		nr += e->atio[k][HDR_TYPE] == ENTRY_NOTIFY &&
		      get_le16(e->atio[k] + INOT_STATUS) == status &&
		      (!els || e->atio[k][INOT_SUBCODE] == els);
	return nr;
}

static uint16_t mbox(struct end *e, uint16_t op, uint16_t mb1)
{
	uint16_t in[9] = { op, mb1 };

	in[2] = (uint16_t)((HOST_IOVA + ANS) >> 16);
	in[3] = (uint16_t)(HOST_IOVA + ANS);
	in[6] = (uint16_t)((uint64_t)(HOST_IOVA + ANS) >> 48);
	in[7] = (uint16_t)((uint64_t)(HOST_IOVA + ANS) >> 32);
	return host_mbox(&e->h, in, 9);
}

static bool logged_in(void)
{
	struct port_login list[8];
	unsigned int nr = port_get_logins(chip_port(t.card->chip[0]), list, 8);
	unsigned int k;

	for (k = 0; k < nr; k++)
		if (list[k].wwpn == INI_WWPN && !strcmp(list[k].state, "prli"))
			return list[k].handle == SECOND_LOOP_ID;
	return false;
}

static void test_up(void)
{
	const uint8_t *ans;

	stage(OPT2_LOOP);
	ok(nr_events(&t, 0x8010) == 2 && nr_events(&t, 0x8011) == 2 &&
	   nr_events(&t, 0x8014) == 2 && !nr_events(&t, 0x8030));
	ok(nr_events(&i, 0x8010) == 1 && i.ev[i.nr_ev - 1][0] == 0x8014 &&
	   i.ev[i.nr_ev - 1][1] == 0xffff);
	/* Addresses: the first keeps its own when the second comes. */
	ok(mbox(&t, 0x20, 0) == 0x4000 && t.h.mb[1] == FIRST_LOOP_ID &&
	   t.h.mb[2] == FIRST_AL_PA && t.h.mb[6] == 0);
	ok(mbox(&i, 0x20, 0) == 0x4000 && i.h.mb[1] == SECOND_LOOP_ID &&
	   i.h.mb[2] == SECOND_AL_PA && i.h.mb[6] == 0);
	/* The initiator's firmware has logged in by itself. */
	ok(nr_notifies(&t, 0x46, 0x03) == 1 &&
	   nr_notifies(&t, 0x46, 0x20) == 1);
	ok(logged_in());
	ok(mbox(&i, 0x7c, 0) == 0x4000 && i.h.mb[1] == 1);
	ans = host_at(&i.h, ANS);
	ok(get_le16(ans + 4) == FIRST_LOOP_ID && ans[0] == FIRST_AL_PA);
	ok(mbox(&i, 0x63, 0) == 0x4000 && i.h.mb[1] == 2);
	ok(ans[0] == 2 && ans[1] == FIRST_AL_PA && ans[2] == SECOND_AL_PA);
	/* No switch here. */
	ok(mbox(&i, 0x6a, 0x7fe) != 0x4000 && mbox(&i, 0x70, 3) != 0x4000);
	unstage();
}

static void test_lip(void)
{
	stage(OPT2_LOOP);
	forget();
	ok(mbox(&i, 0x62, 0) == 0x4000);
	ok(mbox(&i, 0x20, 0) == 0x4005 && mbox(&i, 0x69, 0) == 0x4000 &&
	   i.h.mb[1] == 2 && mbox(&i, 0x63, 0) != 0x4000);
	world_run(&w, EV_SEC);
	/* The login is verified, not made anew. */
	ok(nr_notifies(&t, 0x0f, 0) == 1 && nr_notifies(&t, 0x46, 0x52) == 1 &&
	   !nr_notifies(&t, 0x46, 0x03));
	ok(nr_events(&t, 0x8010) == 1 && nr_events(&i, 0x8010) == 1 &&
	   nr_events(&i, 0x8014) == 1 && logged_in());
	unstage();
}

static void test_full_login(void)
{
	stage(OPT2_LOOP);
	forget();
	ok(mbox(&i, 0x72, 0x10) == 0x4000);
	world_run(&w, EV_SEC);
	ok(nr_notifies(&t, 0x46, 0x03) == 1 &&
	   nr_notifies(&t, 0x46, 0x20) == 1);
	ok(logged_in() && mbox(&i, 0x69, 0) == 0x4000 && i.h.mb[1] == 3);
	unstage();
}

/* An initiator whose control block asks for full logins after any LIP. */
static void test_always_full(void)
{
	const struct seg seg = { HOST_IOVA + ANS, 512 };
	const struct cmd cmd = {
		.handle = 0x77,
		.nport = FIRST_LOOP_ID,
		.id = FIRST_AL_PA,
		.cdb = { 0x28, 0, 0, 0, 0, 0, 0, 0, 1 },
		.dl = 512,
		.read = true,
		.segs = &seg,
		.nr_segs = 1,
	};
	const uint8_t *e = i.rsp[0];

	stage_with(OPT2_LOOP, OPT1_FULL_LOGIN);
	forget();
	entry_cmd(&i.h, &cmd);
	host_ring(&i.h);
	world_run(&w, EV_SEC / 100);
	ok(t.nr_atio == 1 && !i.nr_rsp);
	ok(!fab_lip(world_port(t.card, 0), FAB_LIP_INIT));
	world_run(&w, EV_SEC / 100);
	/* What is open ends with the login. */
	ok(i.nr_rsp == 1 && e[HDR_TYPE] == ENTRY_STATUS &&
	   get_le32(e + STS_HANDLE) == 0x77 && get_le16(e + STS_COMP) == 0x29);
	world_run(&w, EV_SEC);
	ok(nr_notifies(&t, 0x0f, 0) == 1 && !nr_notifies(&t, 0x46, 0x52) &&
	   nr_notifies(&t, 0x46, 0x03) == 1 &&
	   nr_notifies(&t, 0x46, 0x20) == 1 && logged_in());
	unstage();
}

static void test_reset(void)
{
	stage(OPT2_LOOP);
	forget();
	ok(!fab_lip(world_port(i.card, 0), FAB_LIP_RESET));
	world_run(&w, EV_SEC);
	ok(nr_events(&t, 0x8013) == 1 && nr_events(&i, 0x8013) == 1);
	ok(nr_notifies(&t, 0x0e, 0) == 1 && nr_notifies(&t, 0x46, 0x20) == 1 &&
	   logged_in());
	unstage();
}

static void test_absent(void)
{
	stage(OPT2_LOOP);
	forget();
	fab_port_cable(world_port(i.card, 0), false, 0);
	world_run(&w, EV_SEC);
	/* Who is not on the loop any more is logged out. */
	ok(!logged_in() && nr_events(&t, 0x8010) == 1 &&
	   nr_events(&i, 0x8012) == 1);
	ok(fab_lip(world_port(i.card, 0), FAB_LIP_INIT) == -ENOTCONN);
	fab_port_cable(world_port(i.card, 0), true, 0);
	world_run(&w, 2 * EV_SEC);
	ok(logged_in());
	unstage();
}

static void test_p2p_only(void)
{
	stage(OPT2_P2P);
	ok(!nr_events(&t, 0x8011) && mbox(&t, 0x20, 0) == 0x4005);
	ok(nr_events(&i, 0x8011) == 1 && mbox(&i, 0x63, 0) == 0x4000 &&
	   i.h.mb[1] == 1);
	unstage();
}

static void test_al_pas(void)
{
	unsigned int id, good = 0;

	for (id = 0; id < FAB_LOOP_MAX; id++)
		good += fab_loop_id(fab_loop_al_pa(id)) == (int)id;
	ok(good == FAB_LOOP_MAX && fab_loop_al_pa(0) == 0xef &&
	   fab_loop_al_pa(0x7d) == 0x01);
	ok(fab_loop_id(0) == -1 && fab_loop_id(0x03) == -1 &&
	   fab_loop_al_pa(FAB_LOOP_MAX) == FAB_LOOP_NONE);
}

int main(void)
{
	tap_run(test_up, "two ports get addresses, the firmware logs in");
	tap_run(test_lip, "a LIP: logins are verified and stay");
	tap_run(test_full_login, "a LIP with full login: PLOGI and PRLI anew");
	tap_run(test_always_full,
		"full login after any LIP: logged out, PLOGI and PRLI anew");
	tap_run(test_reset, "a LIP reset ends everything, logins come back");
	tap_run(test_absent,
		"who leaves the loop is logged out, who joins not");
	tap_run(test_p2p_only,
		"a port that knows point-to-point only is outside");
	tap_run(test_al_pas, "loop IDs and AL_PAs");
	return tap_end();
}
