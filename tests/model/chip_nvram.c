// SPDX-License-Identifier: GPL-2.0
/* NVRAM of a card with two functions, found and read as a stock driver does. */
#include <stdio.h>

#include "client.h"
#include "pci/cfg.h"
#include "spec/memory.h"
#include "spec/regs.h"
#include "tap.h"
#include "world.h"

/* Where the stock driver looks. [LX qla_fw.h FA_*, qla_sup.c, O] */
#define WINDOW_FLASH 0x7ff00000U
#define WINDOW_NVRAM 0x7ffe0000U
#define LAYOUT_25 0x50400U
#define NVRAM_OF(fn) (0x80U + 0x100U * (fn))
#define FLT_VPD_0 0x14U
#define FLT_NVRAM_OF(fn) (0x15U + 2U * (fn))

#define GPN_ID 0x0112U
#define GNN_ID 0x0113U

static const struct host_ops no_ops;
static const char *const cards[] = {
	"name=card,chip=2432,ports=2",
	"name=card,chip=2532,ports=2",
};

static struct world w;
static struct card *card;
static struct host fns[CARD_MAX_PORTS];

static void up(const char *text)
{
	world_init(&w, FAB_SWITCH);
	card = world_card(&w, text);
	for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++)
		host_init(&fns[fn], w.ev, &card->dev[fn], &no_ops, NULL,
			  PCIDEV_IRQ_MSIX);
}

static void down(void)
{
	ok(!world_verdicts(&w));
	for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++)
		host_fini(&fns[fn]);
	world_fini(&w);
}

static uint32_t dword(struct host *h, uint32_t addr)
{
	host_wr(h, REG_FLASH_ADDR, addr);
	ok(host_rd(h, REG_FLASH_ADDR) == (addr | FLASH_FLAG));
	return host_rd(h, REG_FLASH_DATA);
}

/* Which port of the card is it? The interrupt pin tells the stock driver. */
static unsigned int port_no(const struct host *h)
{
	uint8_t pin;

	pcidev_cfg_read(h->dev, CFG_PIN, &pin, sizeof(pin));
	return pin - 1U;
}

/* First dword of a region of the flash layout table, ffffffff: not listed. */
static uint32_t region(struct host *h, uint16_t code)
{
	uint32_t at = WINDOW_FLASH + LAYOUT_25;
	uint32_t len = dword(h, at + FLT_VERSION / 4) >> 16;

	ok(len && len % FLT_REGION_SIZE == 0);
	at += FLT_HEADER_SIZE / 4;
	for (; len; len -= FLT_REGION_SIZE, at += FLT_REGION_SIZE / 4)
		if ((dword(h, at + FLTR_CODE / 4) & 0xffff) == code)
			return dword(h, at + FLTR_START / 4) / 4;
	return 0xffffffff;
}

/*
 * A 25xx has NVRAM in flash, where the table says that function 0's vital
 * product data begin; a 24xx has a window of its own.
 */
static uint32_t base(struct host *h)
{
	uint32_t nvram = NVRAM_OF(port_no(h));

	if (!chip_is_25xx(card->chip[0]))
		return WINDOW_NVRAM + nvram;
	return WINDOW_FLASH + (region(h, FLT_VPD_0) | nvram);
}

/* Return: the sum of its dwords, 0 if nothing is broken. */
static uint32_t nvram(struct host *h, uint8_t *nv)
{
	uint32_t at = base(h), sum = 0;

	for (unsigned int i = 0; i < NVRAM_SIZE / 4; i++) {
		put_le32(nv + 4 * i, dword(h, at + i));
		sum += get_le32(nv + 4 * i);
	}
	return sum;
}

static void test_valid(void)
{
	uint8_t nv[CARD_MAX_PORTS][NVRAM_SIZE];

	for (unsigned int k = 0; k < ARRAY_SIZE(cards); k++) {
		up(cards[k]);
		for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++) {
			ok(port_no(&fns[fn]) == fn);
			ok(nvram(&fns[fn], nv[fn]) == 0);
			ok(!memcmp(nv[fn] + NVRAM_ID, "ISP ", 4));
			ok(get_le16(nv[fn] + NVRAM_NV_VERSION) >= 1);
		}
		ok(get_be64(nv[0] + NVRAM_WWPN) !=
		   get_be64(nv[1] + NVRAM_WWPN));
		ok(get_be64(nv[0] + NVRAM_WWNN) !=
		   get_be64(nv[1] + NVRAM_WWNN));
		down();
	}
}

static void test_layout(void)
{
	up(cards[1]);
	for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++)
		ok(WINDOW_FLASH + region(&fns[fn], FLT_NVRAM_OF(fn)) ==
		   base(&fns[fn]));
	down();
}

/* What the fabric has learnt by FLOGI. */
static uint64_t fabric_name(struct client *c, uint16_t request, uint32_t id)
{
	uint8_t arg[4] = { 0 };
	const struct got *g;

	put_be24(arg + 1, id);
	g = client_ns(c, request, arg, sizeof(arg));
	return ct_accepted(g, 8) ? get_be64(g->payload + 16) : 0;
}

static void check_names(struct client *c, unsigned int fn)
{
	struct port *port = chip_port(card->chip[fn]);
	struct port_status st;
	uint8_t nv[NVRAM_SIZE];
	uint64_t wwpn, wwnn;

	ok(nvram(&fns[fn], nv) == 0);
	wwpn = get_be64(nv + NVRAM_WWPN);
	wwnn = get_be64(nv + NVRAM_WWNN);
	ok(wwpn == card_wwpn(&card->spec, fn));
	ok(wwnn == card_wwnn(&card->spec, fn));
	port_get_status(port, &st);
	ok(st.wwpn == wwpn);
	host_icb(&fns[fn], HOST_TGT, wwpn);
	ok(host_reset(&fns[fn]) && host_load(&fns[fn]));
	put_be64(host_at(&fns[fn], HOST_ICB) + ICB_WWNN, wwnn);
	ok(host_start(&fns[fn]) == 0x4000);
	if (!ok(host_wait_up(&fns[fn], 5 * EV_SEC)))
		return;
	port_get_status(port, &st);
	ok(st.wwpn == wwpn && st.wwnn == wwnn);
	ok(fabric_name(c, GPN_ID, st.port_id) == wwpn);
	ok(fabric_name(c, GNN_ID, st.port_id) == wwnn);
}

static void test_names(void)
{
	static struct client c;

	for (unsigned int k = 0; k < ARRAY_SIZE(cards); k++) {
		up(cards[k]);
		ok(!client_init(&c, w.ev, w.fab, NULL, "c.0",
				0x21000000000000ccULL));
		client_settle(&c);
		ok(client_flogi(&c) && client_plogi(&c, FAB_ID_NS));
		for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++)
			check_names(&c, fn);
		client_fini(&c);
		down();
	}
}

/* Takes one bit away: flash can do that without being erased. */
static void flip(struct host *h, unsigned int off)
{
	uint32_t addr = base(h) + off / 4, val = dword(h, addr);

	host_wr(h, REG_CTRL, host_rd(h, REG_CTRL) | CTRL_FLASH_ENABLE);
	host_wr(h, REG_FLASH_DATA, val & (val - 1));
	host_wr(h, REG_FLASH_ADDR, addr | FLASH_FLAG);
	host_wr(h, REG_CTRL, host_rd(h, REG_CTRL) & ~CTRL_FLASH_ENABLE);
	ok(dword(h, addr) == (val & (val - 1)));
}

static void test_flipped(void)
{
	static const unsigned int offs[] = { NVRAM_ID, NVRAM_WWPN, NVRAM_WWNN,
					     NVRAM_MODEL, NVRAM_CHECKSUM };
	uint8_t nv[NVRAM_SIZE];

	for (unsigned int k = 0; k < 2 * ARRAY_SIZE(cards); k++) {
		unsigned int fn = k & 1;

		for (unsigned int i = 0; i < ARRAY_SIZE(offs); i++) {
			up(cards[k / 2]);
			flip(&fns[fn], offs[i]);
			ok(nvram(&fns[fn], nv) != 0);
			ok(nvram(&fns[!fn], nv) == 0);
			down();
		}
	}
}

static void test_bad(void)
{
	uint8_t nv[NVRAM_SIZE];

	up("name=card,chip=2532,ports=2,nvram=bad");
	for (unsigned int fn = 0; fn < CARD_MAX_PORTS; fn++) {
		ok(nvram(&fns[fn], nv) != 0);
		ok(get_be64(nv + NVRAM_WWPN) == card_wwpn(&card->spec, fn));
	}
	down();
}

int main(void)
{
	tap_run(test_valid, "each function has a valid NVRAM and own names");
	tap_run(test_layout, "the layout table points at the same places");
	tap_run(test_names, "FLOGI and state have the names that NVRAM has");
	tap_run(test_flipped, "a flipped bit breaks one function's checksum");
	tap_run(test_bad,
		"a card with bad NVRAM has two with a wrong checksum");
	return tap_end();
}
