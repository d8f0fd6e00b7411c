// SPDX-License-Identifier: GPL-2.0
/*
 * The honest chip under the whole driver: it boots, has a link to a switch with
 * two other ports on it, and gives back each entry as done.
 */
#include "fake.h"

#include "base.h"
#include "shim/shim.h"

#define REGS_LEN 0x100U
#define FLASH_ADDR 0x00U
#define FLASH_DATA 0x04U
#define CTRL 0x08U
#define ICTRL 0x0cU
#define REQ_IN 0x1cU
#define REQ_OUT 0x20U
#define RSP_IN 0x24U
#define RSP_OUT 0x28U
#define ATIO_IN 0x3cU
#define ATIO_OUT 0x40U
#define HOST_STATUS 0x44U
#define HCCR 0x48U
#define MBOX 0x80U

#define FLASH_READY 0x80000000U
#define FLASH_FW 0x20000U
#define SEG_WORDS 16U

/* Longest way to anywhere: pauses after faults, deadlines. */
#define HEAL_MS 400000U
#define GONE_MS 200000U
/* More than this at one moment is no progress. */
#define MAX_STEPS 20000U

static const struct fake_ops no_ops;
static struct fake fake;
static uint8_t image[2 * SEG_WORDS * 4];

/* ---- what the shim wants ---- */

static uint64_t now_ns(void)
{
	return fake.now_ns;
}

static void set_alarm(uint64_t at_ns)
{
	fake.alarm_ns = at_ns;
}

static void set_soon(void)
{
	fake.soon = true;
}

static const struct shim_host host = {
	.now_ns = now_ns,
	.alarm = set_alarm,
	.soon = set_soon,
};

/* ---- firmware ---- */

static void make_segment(uint8_t *p, uint32_t addr)
{
	uint32_t sum = 0, i;

	for (i = 0; i < SEG_WORDS; i++)
		put_be32(p + 4 * i, i * 0x10203);
	put_be32(p + 8, addr);
	put_be32(p + 12, SEG_WORDS);
	for (i = 0; i < SEG_WORDS - 1; i++)
		sum += get_be32(p + 4 * i);
	put_be32(p + 4 * i, 0 - sum);
}

static uint32_t flash_word(uint32_t at)
{
	at = (at & 0xfffff) - FLASH_FW;
	return at < 2 * SEG_WORDS ? get_le32(image + 4 * (size_t)at) : 0;
}

/* ---- registers ---- */

static uint32_t honest(struct fake *f, uint32_t off)
{
	switch (off) {
	case FLASH_ADDR:
		return f->flash_at | FLASH_READY;
	case FLASH_DATA:
		return flash_word(f->flash_at);
	case ICTRL:
		return f->ictrl;
	case REQ_OUT:
		return f->at[FAKE_REQ];
	case RSP_IN:
		return f->at[FAKE_RSP];
	case ATIO_IN:
		return f->at[FAKE_ATIO];
	case HOST_STATUS:
		return f->cause;
	default:
		return off >= MBOX && off < MBOX + 64 ?
			       f->out[(off - MBOX) / 2] :
			       0;
	}
}

static uint32_t reg_read(void *priv, uint32_t off, unsigned int size)
{
	struct fake *f = priv;
	unsigned int i;

	fuzz_want(size == (off >= MBOX && off < MBOX + 64 ? 2 : 4));
	for (i = 0; i < FAKE_LIES; i++) {
		if (!f->lies[i].nr || f->lies[i].off != off)
			continue;
		f->lies[i].nr--;
		return size == 2 ? f->lies[i].val & 0xffff : f->lies[i].val;
	}
	return honest(f, off);
}

static void reset(struct fake *f)
{
	f->nr_resets++;
	f->mbox_open = false;
	f->cause = 0;
	f->nr_held = 0;
	memset(f->out, 0, sizeof(f->out));
	memset(f->ring, 0, sizeof(f->ring));
}

static void reg_write(void *priv, uint32_t off, unsigned int size, uint32_t val)
{
	struct fake *f = priv;

	(void)size;
	if (off == CTRL && val & 1)
		reset(f);
	else if (off == FLASH_ADDR)
		f->flash_at = val;
	else if (off == ICTRL)
		f->ictrl = val;
	else if (off == REQ_IN)
		f->host[FAKE_REQ] = val;
	else if (off == RSP_OUT)
		f->host[FAKE_RSP] = val;
	else if (off == ATIO_OUT)
		f->host[FAKE_ATIO] = val;
	else if (off == HCCR && val >> 28 == 5)
		f->mbox_open = true;
	else if (off == HCCR && val >> 28 == 10)
		f->cause = 0;
	else if (off >= MBOX && off < MBOX + 64)
		f->in[(off - MBOX) / 2] = (uint16_t)val;
}

static const struct shim_io_ops reg_ops = {
	.read = reg_read,
	.write = reg_write,
};

/* ---- interrupts and rings ---- */

static void interrupt(struct fake *f, uint32_t status, unsigned int vector)
{
	f->cause = status;
	if (!f->drv || !f->ictrl)
		return;
	fuzz_want(shim_irq_enter());
	drv_irq(f->drv, vector);
	shim_locks_idle("end of an interrupt handler");
	shim_irq_leave();
}

void fake_irq(struct fake *f, uint32_t status)
{
	interrupt(f, status, 0);
}

void fake_aen(struct fake *f, const uint16_t *mb)
{
	memcpy(f->out, mb, 4 * sizeof(*mb));
	fake_irq(f, (uint32_t)mb[0] << 16 | FAKE_IRQ_AEN);
}

bool fake_put(struct fake *f, enum fake_ring ring, const uint8_t *e,
	      unsigned int nr)
{
	uint32_t used;

	if (!f->ring[ring])
		return false;
	used = (f->at[ring] - f->host[ring]) & (f->nr[ring] - 1);
	if (used + nr >= f->nr[ring])
		return false;
	for (; nr; nr--, e += FAKE_ENTRY) {
		memcpy(f->ring[ring] + (size_t)f->at[ring] * FAKE_ENTRY, e,
		       FAKE_ENTRY);
		f->at[ring] = (f->at[ring] + 1) & (f->nr[ring] - 1);
	}
	if (ring == FAKE_RSP)
		interrupt(f, FAKE_IRQ_RSP, f->msix);
	else
		fake_irq(f, FAKE_IRQ_ATIO);
	return true;
}

void fake_back(struct fake *f, unsigned int i)
{
	uint8_t e[FAKE_ENTRY];

	memcpy(e, f->held[i], sizeof(e));
	f->nr_held--;
	memmove(f->held[i], f->held[i + 1],
		(f->nr_held - i) * (size_t)FAKE_ENTRY);
	fake_put(f, FAKE_RSP, e, 1);
}

uint8_t *fake_memory(uint64_t iova, uint32_t len)
{
	struct shim_dma_hit hit;

	fuzz_want(shim_dma_find(&fake, iova, &hit));
	fuzz_want(iova - hit.iova <= hit.len);
	fuzz_want(len <= hit.len - (iova - hit.iova));
	return hit.host + (iova - hit.iova);
}

/* ---- mailboxes ---- */

static void init_firmware(struct fake *f)
{
	static const struct {
		unsigned int nr, addr;
	} at[] = { { 0x26, 0x2c }, { 0x24, 0x34 }, { 0x4e, 0x50 } };
	uint64_t dma = (uint64_t)f->in[6] << 48 | (uint64_t)f->in[7] << 32 |
		       (uint32_t)f->in[2] << 16 | f->in[3];
	const uint8_t *icb = fake_memory(dma, 128);
	unsigned int i;

	for (i = 0; i < FAKE_NR_RINGS; i++) {
		f->nr[i] = get_le16(icb + at[i].nr);
		f->ring[i] = fake_memory(get_le64(icb + at[i].addr),
					 f->nr[i] * FAKE_ENTRY);
		f->at[i] = 0;
		f->host[i] = 0;
	}
}

static void run_mbox(struct fake *f)
{
	uint16_t *out = f->out;

	memset(out, 0, sizeof(f->out));
	out[0] = 0x4000;
	switch (f->in[0]) {
	case 0x06: /* test: all comes back */
		memcpy(out + 1, f->in + 1, 7 * sizeof(*out));
		break;
	case 0x08: /* about firmware */
		out[1] = 8;
		out[2] = 7;
		break;
	case 0x20: /* our address, on a switch */
		out[2] = FAKE_ID & 0xffff;
		out[3] = FAKE_ID >> 16;
		out[6] = 3;
		break;
	case 0x42: /* resources */
		out[1] = 1024;
		out[7] = 1024;
		break;
	case 0x48:
	case 0x60:
		init_firmware(f);
		break;
	case 0x5d: /* 8 Gb/s */
		out[1] = 4;
		break;
	case 0x69: /* ready */
		out[1] = 3;
		break;
	case 0x6a: /* the switch's name */
		out[2] = 0x1000;
		break;
	}
	fake_irq(f, (uint32_t)out[0] << 16 | FAKE_IRQ_MBOX);
}

/* ---- entries ---- */

static void name_server(struct fake *f, const uint8_t *e)
{
	uint32_t room = get_le32(e + 0x20);
	const uint8_t *req =
		fake_memory(get_le64(e + 0x28), get_le32(e + 0x24));
	uint8_t *rsp = fake_memory(get_le64(e + 0x34), room);
	uint16_t code = get_be16(req + 8);

	fuzz_want(get_le32(e + 0x24) >= 16 && room >= 48);
	memset(rsp, 0, room);
	put_be16(rsp + 8, 0x8002);
	if (code == 0x0172) { /* who is there: two */
		put_be32(rsp + 16, 0x010500);
		put_be64(rsp + 24, 0x2100000000000aaaULL);
		put_be32(rsp + 32, 0x80010600);
		put_be64(rsp + 40, 0x2100000000000bbbULL);
	} else if (code == 0x0112) {
		put_be64(rsp + 16, 0x2100000000000000ULL | get_be32(req + 16));
	}
	if (f->ops->ct)
		f->ops->ct(f, code, rsp, room);
}

/* Return: does it come back? */
static bool honest_back(struct fake *f, const uint8_t *e, uint8_t *back)
{
	memcpy(back, e, FAKE_ENTRY);
	back[1] = 1;
	back[3] = 0;
	put_le16(back + 8, 0);
	switch (e[0]) {
	case 0x12: /* CTIO */
		put_le16(back + 8, 1);
		return !(get_le16(e + 0x1a) & 0x100);
	case 0x0e: /* notify acknowledge */
		put_le16(back + 0x10, 1);
		return true;
	case 0x29: /* CT */
		name_server(f, e);
		return true;
	default:
		return true;
	}
}

static void take_entry(struct fake *f)
{
	uint8_t e[256 * FAKE_ENTRY], back[FAKE_ENTRY];
	uint32_t mask = f->nr[FAKE_REQ] - 1;
	uint32_t at = f->at[FAKE_REQ];
	uint32_t left = (f->host[FAKE_REQ] - at) & mask;
	unsigned int nr = f->ring[FAKE_REQ][(size_t)at * FAKE_ENTRY + 1];
	unsigned int i;
	bool returns, now;

	/* What the driver sends is well formed, whatever was done to it. */
	fuzz_want(nr && nr <= left);
	for (i = 0; i < nr; i++)
		memcpy(e + (size_t)i * FAKE_ENTRY,
		       f->ring[FAKE_REQ] +
			       (size_t)((at + i) & mask) * FAKE_ENTRY,
		       FAKE_ENTRY);
	f->at[FAKE_REQ] = (at + nr) & mask;
	returns = honest_back(f, e, back);
	now = !f->ops->entry || f->ops->entry(f, e, nr, returns ? back : NULL);
	if (!returns)
		return;
	if (now)
		fake_put(f, FAKE_RSP, back, 1);
	else if (f->nr_held < FAKE_HELD)
		memcpy(f->held[f->nr_held++], back, FAKE_ENTRY);
}

/* ---- time ---- */

/* The chip gets on with its work; true: it had some. */
static bool step(struct fake *f)
{
	if (f->soon) {
		f->soon = false;
		shim_work_run();
		return true;
	}
	if (f->mbox_open) {
		f->mbox_open = false;
		if (f->lose)
			f->lose--;
		else
			run_mbox(f);
		return true;
	}
	if (f->ring[FAKE_REQ] && f->host[FAKE_REQ] != f->at[FAKE_REQ]) {
		fuzz_want(f->host[FAKE_REQ] < f->nr[FAKE_REQ]);
		take_entry(f);
		return true;
	}
	return false;
}

void fake_run(struct fake *f, unsigned int ms)
{
	uint64_t end = f->now_ns + ms * 1000000ULL;
	unsigned int still = 0;

	for (;;) {
		if (step(f)) {
			fuzz_want(still++ < MAX_STEPS);
		} else if (f->alarm_ns <= end) {
			if (f->alarm_ns > f->now_ns) {
				f->now_ns = f->alarm_ns;
				still = 0;
			}
			fuzz_want(still++ < MAX_STEPS);
			shim_timers_run();
		} else {
			break;
		}
	}
	f->now_ns = end;
}

void fake_lie(struct fake *f, uint32_t off, uint32_t val, unsigned int nr)
{
	unsigned int i = 0;

	while (i < FAKE_LIES - 1 && f->lies[i].nr)
		i++;
	f->lies[i] = (struct fake_lie){ off, val, nr };
}

struct fake *fake_begin(const struct fake_ops *ops, const struct fake_setup *s)
{
	struct fake *f = &fake;
	struct drv_setup setup = {
		.shim_host = f,
		.device = s->device,
		.irq = s->msix ? 2 : 1,
		.fw = s->no_file ? NULL : image,
		.fw_len = sizeof(image),
		.disk_blocks = FAKE_DISK,
	};
	int err;

	memset(f, 0, sizeof(*f));
	f->ops = ops;
	f->msix = s->msix;
	f->alarm_ns = UINT64_MAX;
	make_segment(image, 0x100000);
	make_segment(image + sizeof(image) / 2, 0x110000);
	shim_init(&host);
	if (getenv("FUZZ_VERBOSE")) {
		shim_log_verbose(7);
		drv_trace_verbose(true);
	}
	setup.regs = shim_io_map(REGS_LEN, &reg_ops, f);
	f->regs = setup.regs;
	f->drv = drv_probe(&setup, &err);
	fuzz_want(f->regs && f->drv && !err);
	return f;
}

void fake_heal(struct fake *f)
{
	static const uint16_t crash[4] = { 0x8002 };

	memset(f->lies, 0, sizeof(f->lies));
	f->lose = 0;
	f->ops = &no_ops;
	drv_resume(f->drv);
	drv_refuse(f->drv, 0);
	drv_lazy(f->drv, false);
	drv_hold(f->drv, false);
	fake_aen(f, crash);
	fake_run(f, HEAL_MS);
	fuzz_want(!drv_busy(f->drv));
	if (!drv_enabled(f->drv)) {
		fuzz_want(!drv_enable(f->drv));
		fake_run(f, HEAL_MS);
	}
	fuzz_want(drv_enabled(f->drv));
	fuzz_want(!strcmp(drv_state(f->drv), "ready"));
	fuzz_want(!strcmp(drv_link(f->drv), "up"));
}

void fake_end(struct fake *f)
{
	drv_remove_begin(f->drv);
	fake_run(f, GONE_MS);
	fuzz_want(drv_is_gone(f->drv));
	drv_remove_end(f->drv);
	f->drv = NULL;
	shim_io_unmap(f->regs);
	if (shim_fini()) {
		fprintf(stderr, "the driver: %s\n", shim_failure_text());
		abort();
	}
}
