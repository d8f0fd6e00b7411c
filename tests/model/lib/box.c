// SPDX-License-Identifier: GPL-2.0
/* One card on a switch with a host plugged in, and its judge. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

static const struct host_ops no_ops;

void box_up(struct box *b, uint16_t device, enum pcidev_irq_mode irq,
	    const char *flash_fw)
{
	struct card_spec spec = {
		.name = "card",
		.device = device,
		.nr_ports = 1,
		.revision = device == 0x2432 ? 3 : 2,
		.irq = PCIDEV_IRQ_MSIX,
		.flash_fw = (char *)flash_fw,
	};
	char err[160] = "";

	memset(b, 0, sizeof(*b));
	b->ev = ev_new(EV_CLOCK_VIRTUAL);
	b->judge = judge_new(b->ev);
	b->fault = fault_new();
	b->fab = fab_new(b->ev, FAB_SWITCH, b->fault);
	b->card = card_new(&spec, b->ev, b->judge, b->fab, b->fault, err,
			   sizeof(err));
	if (!b->card) {
		fprintf(stderr, "%s\n", err);
		abort();
	}
	b->chip = b->card->chip[0];
	b->jp = chip_jp(b->chip);
	host_init(&b->host, b->ev, &b->card->dev[0], &no_ops, b, irq);
}

void box_down(struct box *b)
{
	ok(judge_total(b->judge) == b->before);
	host_fini(&b->host);
	card_free(b->card);
	fab_free(b->fab);
	fault_free(b->fault);
	judge_free(b->judge);
	ev_free(b->ev);
}

bool box_verdict(struct box *b, enum verdict v)
{
	uint64_t total = judge_total(b->judge);
	bool good = total == b->before + 1 && b->jp->verdicts[v].nr == 1;

	if (!good)
		printf("# %s: %llu, all %llu new\n", verdict_infos[v].name,
		       (unsigned long long)b->jp->verdicts[v].nr,
		       (unsigned long long)(total - b->before));
	judge_clear(b->judge);
	b->before = 0;
	return good;
}

void box_settle(struct box *b)
{
	ev_run_until(b->ev, ev_now_ns(b->ev) + 1000);
}

void box_dma(uint16_t *in, uint64_t iova)
{
	in[2] = (uint16_t)(iova >> 16);
	in[3] = (uint16_t)iova;
	in[6] = (uint16_t)(iova >> 48);
	in[7] = (uint16_t)(iova >> 32);
}

void box_rom(struct box *b)
{
	ok(host_reset(&b->host));
	ok(chip_state(b->chip) == CHIP_ROM);
}

void box_idle(struct box *b)
{
	box_rom(b);
	ok(host_load(&b->host));
	ok(chip_state(b->chip) == CHIP_IDLE);
}

void box_ready(struct box *b, enum host_role role)
{
	ok(host_boot(&b->host, role, BOX_WWPN));
	ok(chip_state(b->chip) == CHIP_READY);
	ev_run_until(b->ev, ev_now_ns(b->ev) + 3 * EV_SEC);
}
