// SPDX-License-Identifier: GPL-2.0
/* Bad input: commands of any length, rings full of noise, memory that goes. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "rig.h"
#include "spec/entries.h"
#include "spec/regs.h"
#include "tap.h"

#define BUF HOST_DATA
#define CMND_LEN 32U

static struct rig r;
static struct client raw;

static void on_stage(void (*body)(void))
{
	if (ok(rig_init(&r, NULL)))
		body();
	rig_fini(&r);
}

static bool good(const uint8_t *sts)
{
	return sts && !get_le16(sts + STS_COMP) && !get_le16(sts + STS_SCSI);
}

static bool io_works(uint32_t handle)
{
	rig_forget(&r);
	rig_io(&r, handle, false, 0, 4096, BUF);
	return good(rig_status(&r, handle));
}

/*
 * The initiator's chip may not know yet that the target has forgotten it: the
 * first command is answered by LOGO then.
 */
static bool io_works_again(uint32_t handle)
{
	if (rig_login(&r))
		return false;
	return io_works(handle) || (!rig_login(&r) && io_works(handle));
}

static bool starts_anew(struct host *h, enum host_role role,
			const struct card *card)
{
	return host_boot(h, role, card_wwpn(&card->spec, 0));
}

/* ---- a bare N_Port that sends what it likes ---- */

static bool raw_prli(void)
{
	uint8_t p[20] = { FAB_ELS_PRLI, 0x10, 0, 20, 8, 0, 0x20, 0 };
	const struct got *g;

	p[19] = 0x22;
	g = client_els(&raw, r.tgt_id, p, sizeof(p));
	return g && g->payload[0] == FAB_ELS_LS_ACC;
}

static bool raw_join(void)
{
	if (client_init(&raw, r.w.ev, r.w.fab, NULL, "raw.0",
			0x2100000000000abcULL))
		return false;
	world_run(&r.w, EV_MS);
	return client_flogi(&raw) && client_plogi(&raw, r.tgt_id) && raw_prli();
}

static void raw_cmnd(const uint8_t *payload, uint32_t len)
{
	fab_tx(&raw.port, client_frame(&raw, r.tgt_id, FAB_RCTL_FCP_CMND,
				       FAB_TYPE_FCP, payload, len));
	world_run(&r.w, EV_MS);
}

static void terminate_all(void)
{
	unsigned int i;

	for (i = 0; i < r.tgt_atio.nr; i++)
		if (r.tgt_atio.e[i][HDR_TYPE] == ENTRY_ATIO) {
			uint8_t *e = rig_ctio(&r, 0x9000, r.tgt_atio.e[i],
					      CTIO_TERMINATE | CTIO_MODE1, 0,
					      0);

			put_le16(e + CTIO_NPORT, 0xffff);
		}
	world_run(&r.w, EV_MS);
	rig_forget(&r);
	client_clear(&raw);
}

static void lengths_body(void)
{
	uint8_t p[400];
	uint32_t len, i;

	if (!ok(raw_join()))
		return;
	r.serve = false;
	rig_forget(&r);
	for (i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)(i * 7);
	for (len = 0; len <= sizeof(p); len++) {
		const uint8_t *e;

		raw_cmnd(p, len);
		e = rig_last(&r.tgt_atio, ENTRY_ATIO);
		if (!ok(e && (get_le16(e + ATIO_LEN) & 0xfff) == 24 + len &&
			e[HDR_COUNT] == (32 + len + 63) / 64))
			printf("# length %u\n", len);
		if (e)
			ok(!memcmp(e + ATIO_CMND, p, len < 32 ? len : 32));
		terminate_all();
	}
	ok(!world_verdicts(&r.w) && world_balanced(&r.w));
	client_fini(&raw);
}

static void test_lengths(void)
{
	on_stage(lengths_body);
}

/* What a driver may leave on an empty ring, sent as a data length. */
static void poison_body(void)
{
	static const uint32_t marks[] = { 0xdeaddead, 0xaddeadde, 0xffffffff,
					  0,	      0xdead,	  0xdead0000 };
	uint8_t p[CMND_LEN] = { 0 };
	unsigned int i;

	if (!ok(raw_join()))
		return;
	r.serve = false;
	rig_forget(&r);
	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		const uint8_t *e;

		p[11] = 2;
		p[12] = 0x28;
		put_be32(p + 28, marks[i]);
		raw_cmnd(p, sizeof(p));
		e = rig_last(&r.tgt_atio, ENTRY_ATIO);
		ok(e && get_be32(e + ATIO_CMND + 28) == marks[i]);
		terminate_all();
	}
	ok(!world_verdicts(&r.w) && world_balanced(&r.w));
	client_fini(&raw);
}

static void test_poison(void)
{
	on_stage(poison_body);
}

/* LUN fields of every addressing method come through untouched. */
static void luns_body(void)
{
	struct cmd c = { .timeout_s = 30 };
	unsigned int method, i;

	for (method = 0; method < 4; method++) {
		const uint8_t *e;

		c.handle = 0x10 + method;
		for (i = 0; i < 8; i++)
			c.lun[i] = (uint8_t)(method << 6 | (i * 5 & 0x3f));
		c.nport = 0;
		c.id = 0;
		rig_cmd(&r, &c);
		ok(good(rig_status(&r, c.handle)));
		e = rig_last(&r.tgt_atio, ENTRY_ATIO);
		ok(e && !memcmp(e + ATIO_CMND, c.lun, 8));
	}
	ok(rig_quiet(&r));
}

static void test_luns(void)
{
	on_stage(luns_body);
}

/* Frames for exchanges that are not, from a port that is logged in. */
static void stray_body(void)
{
	static const uint8_t r_ctl[] = { FAB_RCTL_FCP_DATA,
					 0x02,
					 0x03,
					 FAB_RCTL_FCP_XFER_RDY,
					 FAB_RCTL_FCP_RSP,
					 FAB_RCTL_ELS_REQ,
					 FAB_RCTL_ELS_RSP,
					 FAB_RCTL_ABTS,
					 FAB_RCTL_BA_ACC,
					 FAB_RCTL_BA_RJT,
					 0xff };
	static const uint8_t types[] = { FAB_TYPE_BLS, FAB_TYPE_ELS,
					 FAB_TYPE_FCP, FAB_TYPE_CT, 0x28 };
	unsigned int seed = 4, i, k;
	uint8_t p[160];

	if (!ok(raw_join()))
		return;
	printf("# seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < 20000; i++) {
		struct fab_frame *f;
		uint8_t ctl = r_ctl[(unsigned int)random() % sizeof(r_ctl)];
		uint8_t type = types[(unsigned int)random() % sizeof(types)];

		for (k = 0; k < sizeof(p); k++)
			p[k] = random() % 2 ? 0 : (uint8_t)random();
		f = client_frame(&raw, random() % 4 ? r.tgt_id : r.ini_id, ctl,
				 type, p, (uint32_t)random() % sizeof(p));
		/* A data sequence has no payload but segments. */
		if (ctl == FAB_RCTL_FCP_DATA)
			f->len = 0;
		f->ox_id = (uint16_t)random() & 0x10ff;
		f->rx_id = (uint16_t)random() & 0x10ff;
		f->f_ctl = (uint32_t)random() & 0xffffff;
		fab_tx(&raw.port, f);
		if (i % 16 == 15)
			world_run(&r.w, EV_MS);
		rig_forget(&r);
		client_clear(&raw);
	}
	world_run(&r.w, 60 * EV_SEC);
	client_clear(&raw);
	client_fini(&raw);
	ok(io_works(0x20));
	ok(!world_verdicts(&r.w));
}

static void test_stray(void)
{
	on_stage(stray_body);
}

/* ---- drivers that write nonsense ---- */

static void noise_entry(struct host *h)
{
	static const uint8_t types[] = {
		ENTRY_MARKER,	ENTRY_CONT64, ENTRY_NOTIFY_ACK, ENTRY_CTIO7,
		ENTRY_TMF,	ENTRY_CMD7,   ENTRY_CT,		ENTRY_VP_CTRL,
		ENTRY_ABORT,	ENTRY_MBOX,   ENTRY_LOGIO,	ENTRY_ELS,
		ENTRY_ABTS_RSP,
	};
	uint8_t *e = host_slot(h);
	unsigned int i;

	if (!e)
		return;
	for (i = 0; i < HOST_ENTRY_LEN; i++)
		e[i] = random() % 3 ? 0 : (uint8_t)random();
	if (random() % 8)
		e[HDR_TYPE] = types[(unsigned int)random() % sizeof(types)];
	if (random() % 8)
		e[HDR_COUNT] = 1;
	/* Where a port or an address is expected, sometimes a true one. */
	if (random() % 2)
		put_le16(e + CMD7_NPORT, r.tgt_nport);
	if (random() % 2)
		put_le32(e + CMD7_PORT_ID, r.tgt_id);
	if (random() % 4 == 0)
		put_le64(e + CMD7_DSD_ADDR, HOST_IOVA + BUF);
}

static void noise_register(struct host *h)
{
	static const uint8_t regs[] = { REG_REQ_IN, REG_RSP_OUT, REG_ATIO_OUT,
					REG_HCCR,   REG_ICTRL,	 REG_GPIOD };
	uint8_t reg = regs[(unsigned int)random() % sizeof(regs)];
	uint32_t val = (uint32_t)random();

	/* Not every write ends in a reset: that would end the noise. */
	if (reg == REG_HCCR && random() % 16)
		val = HCCR_CMD_CLR_RISC_INT << 28;
	else if (reg != REG_HCCR && random() % 2)
		val &= 0xfff;
	host_wr(h, reg, val);
}

static void noise(struct host *h, unsigned int rounds, unsigned int registers)
{
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		if (registers && (unsigned int)random() % 100 < registers)
			noise_register(h);
		else
			noise_entry(h);
		if (random() % 4 == 0)
			host_ring(h);
		if (random() % 8 == 0)
			world_run(&r.w, EV_MS);
		if (h->req_free < 8)
			h->req_free = HOST_NR_REQ - 1;
		rig_forget(&r);
	}
	world_run(&r.w, 60 * EV_SEC);
	rig_forget(&r);
}

static void one_noise(struct host *h, enum host_role role,
		      const struct card *card, unsigned int seed,
		      unsigned int registers)
{
	printf("# seed %u\n", seed);
	srandom(seed);
	noise(h, 20000, registers);
	ok(starts_anew(h, role, card));
	r.serve = true;
	memset(r.tag_used, 0, sizeof(r.tag_used));
	ok(io_works_again(0x30));
}

static void noise_ini_body(void)
{
	one_noise(&r.ini, HOST_INI, r.ini_card, 5, 0);
	one_noise(&r.ini, HOST_INI, r.ini_card, 6, 20);
}

static void test_noise_ini(void)
{
	on_stage(noise_ini_body);
}

static void noise_tgt_body(void)
{
	r.serve = false;
	one_noise(&r.tgt, HOST_TGT, r.tgt_card, 7, 0);
	r.serve = false;
	one_noise(&r.tgt, HOST_TGT, r.tgt_card, 8, 20);
}

static void test_noise_tgt(void)
{
	on_stage(noise_tgt_body);
}

/* ---- memory that goes away ---- */

static void unplug_memory(struct host *h)
{
	mem_unmap_all(&h->dev->mem);
}

static void plug_memory(struct host *h)
{
	ok(!mem_map(&h->dev->mem, HOST_IOVA, HOST_RAM, h->ram,
		    MEM_PROT_READ | MEM_PROT_WRITE));
}

static bool ctio_came_back(uint16_t status)
{
	unsigned int i;

	for (i = 0; i < r.tgt_rsp.nr; i++)
		if (r.tgt_rsp.e[i][HDR_TYPE] == ENTRY_CTIO7 &&
		    get_le16(r.tgt_rsp.e[i] + CTIOR_STATUS) == status)
			return true;
	return false;
}

/* The data buffer's page is gone when the data come. */
static void hole(struct host *h, uint32_t off, uint32_t len)
{
	unplug_memory(h);
	ok(!mem_map(&h->dev->mem, HOST_IOVA, off, h->ram,
		    MEM_PROT_READ | MEM_PROT_WRITE));
	ok(!mem_map(&h->dev->mem, HOST_IOVA + off + len, HOST_RAM - off - len,
		    h->ram + off + len, MEM_PROT_READ | MEM_PROT_WRITE));
}

static void buffer_gone_body(void)
{
	const uint8_t *e;

	fab_set_latency(r.w.fab, 10 * EV_MS);
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	world_run(&r.w, 5 * EV_MS);
	hole(&r.ini, BUF, 4096);
	e = rig_status(&r, 0x10);
	ok(e && get_le16(e + STS_COMP) == 0x02);
	ok(r.ini.dev->jp->verdicts[VERDICT_DMA_UNMAPPED].nr);
	unplug_memory(&r.ini);
	plug_memory(&r.ini);
	judge_clear(r.w.judge);
	ok(io_works(0x11));
	/* The same at the target: between the CTIO and the wire's far end. */
	rig_forget(&r);
	rig_io(&r, 0x12, false, 0, 4096, BUF);
	world_run(&r.w, 15 * EV_MS);
	hole(&r.tgt, RIG_DISK_OFF, 4096);
	e = rig_status(&r, 0x12);
	ok(e && get_le16(e + STS_COMP));
	world_run(&r.w, EV_SEC);
	ok(ctio_came_back(0x04));
	ok(r.tgt.dev->jp->verdicts[VERDICT_DMA_UNMAPPED].nr);
	unplug_memory(&r.tgt);
	plug_memory(&r.tgt);
	judge_clear(r.w.judge);
	ok(io_works(0x13) && rig_quiet(&r));
}

static void test_buffer_gone(void)
{
	on_stage(buffer_gone_body);
}

/* All of a guest's memory goes, rings included: its chip stops, others not. */
static void all_gone_body(void)
{
	rig_io(&r, 0x10, false, 0, 4096, BUF);
	unplug_memory(&r.ini);
	world_run(&r.w, 60 * EV_SEC);
	ok(r.ini.dev->jp->verdicts[VERDICT_DMA_UNMAPPED].nr);
	plug_memory(&r.ini);
	ok(starts_anew(&r.ini, HOST_INI, r.ini_card));
	judge_clear(r.w.judge);
	ok(io_works_again(0x11));
	/* Bus mastering off in mid-flight. */
	rig_io(&r, 0x12, false, 0, 4096, BUF);
	mem_enable(&r.tgt.dev->mem, false);
	world_run(&r.w, EV_SEC);
	ok(r.tgt.dev->jp->verdicts[VERDICT_DMA_NO_MASTER].nr);
	mem_enable(&r.tgt.dev->mem, true);
	ok(starts_anew(&r.tgt, HOST_TGT, r.tgt_card));
	world_run(&r.w, 60 * EV_SEC);
	memset(r.tag_used, 0, sizeof(r.tag_used));
	ok(io_works_again(0x13));
}

static void test_all_gone(void)
{
	on_stage(all_gone_body);
}

int main(void)
{
	tap_run(test_lengths, "FCP_CMND of 0 to 400 bytes");
	tap_run(test_poison, "data lengths that look like an empty ring");
	tap_run(test_luns, "LUNs of every method");
	tap_run(test_stray, "20000 stray frames from a logged-in port");
	tap_run(test_noise_ini, "noise from an initiator's driver");
	tap_run(test_noise_tgt, "noise from a target's driver");
	tap_run(test_buffer_gone, "data buffers freed under DMA");
	tap_run(test_all_gone, "rings freed under the chip, bus master off");
	return tap_end();
}
