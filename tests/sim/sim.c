// SPDX-License-Identifier: GPL-2.0
/* The model's side of the world: card, switch, clock, interrupts, memory. */
#include "sim.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define REMOVE_MS 120000U
#define IRQ_AGAIN_NS 1000U
#define MAX_STEPS_STILL 2000000U
#define MAX_IRQS_NOW 100U
#define INI_WWPN 0x2100dead00000001ULL
#define DISK_BLOCKS 262144U

#define CFG_COMMAND 0x04U
#define CFG_CAPS 0x34U
#define CMD_MEM_MASTER 0x0006U
#define CMD_IO 0x0001U
#define CAP_MSI 0x05U
#define CAP_MSIX 0x11U

/* The shim has no argument for its host, so there is one world at a time. */
static struct sim *world;

/* ---- randomness ---- */

static uint64_t next_rand(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint32_t sim_rand(struct sim *sim, uint32_t below)
{
	return (uint32_t)(next_rand(&sim->first->rng) % below);
}

/* ---- firmware ---- */

#define SEG_WORDS 600U
#define SEG_0 0x00100000U
#define SEG_1 0x00110000U

static void segment(uint8_t *at, uint32_t addr, uint32_t next, uint64_t *rng)
{
	uint32_t sum = 0, i;

	for (i = 0; i < SEG_WORDS; i++)
		put_be32(at + i * 4, (uint32_t)next_rand(rng));
	put_be32(at + 4, next);
	put_be32(at + 8, addr);
	put_be32(at + 12, SEG_WORDS);
	put_be32(at + 16, 5);
	put_be32(at + 20, 8);
	put_be32(at + 24, 1);
	put_be32(at + 28, 0);
	put_be32(at + (SEG_WORDS - 1) * 4, 0);
	for (i = 0; i < SEG_WORDS; i++)
		sum += get_be32(at + i * 4);
	put_be32(at + (SEG_WORDS - 1) * 4, 0 - sum);
}

uint8_t *sim_fw_image(uint64_t seed, size_t *len)
{
	uint8_t *image;

	*len = 2 * (size_t)SEG_WORDS * 4;
	image = malloc(*len);
	assert(image);
	segment(image, SEG_0, SEG_1, &seed);
	segment(image + SEG_WORDS * 4, SEG_1, 0, &seed);
	return image;
}

/* ---- what the shim wants of its host ---- */

static uint64_t host_now(void)
{
	return world ? ev_now_ns(world->ev) : 0;
}

static void host_alarm(uint64_t at_ns)
{
	uint64_t now = ev_now_ns(world->ev);

	if (at_ns == UINT64_MAX)
		ev_timer_stop(&world->alarm);
	else
		ev_timer_start(&world->alarm, at_ns > now ? at_ns - now : 0);
}

static void host_soon(void)
{
	ev_soon(&world->soon);
}

static void alarm_fired(struct ev_timer *t)
{
	(void)t;
	shim_timers_run();
}

static void soon_fired(struct ev_work *w)
{
	(void)w;
	shim_work_run();
}

/* ---- interrupts ---- */

static void deliver(struct sim *sim)
{
	unsigned int now = sim->irq_pending;

	for (unsigned int v = 0; v < PCIDEV_NR_VECTORS; v++) {
		if (!(now >> v & 1) || !sim->drv || !shim_irq_enter())
			continue;
		/* A level stays until the chip lowers it. */
		if (!sim->intx)
			sim->irq_pending &= ~(1U << v);
		sim->nr_irqs++;
		sim->jp->n.irqs_intx += sim->intx;
		drv_irq(sim->drv, v);
		shim_locks_idle("end of an interrupt handler");
		shim_irq_leave();
	}
	if (sim->irq_pending && !ev_timer_is_armed(&sim->irq_timer))
		ev_timer_start(&sim->irq_timer, IRQ_AGAIN_NS);
}

static void irq_fired(struct ev_timer *t)
{
	struct sim *sim = container_of(t, struct sim, irq_timer);

	if (!sim->irq_held)
		deliver(sim);
}

static void raise_irq(struct sim *sim, unsigned int vector)
{
	uint64_t late = sim->setup.irq_jitter_ns;

	sim->irq_pending |= 1U << vector;
	if (ev_timer_is_armed(&sim->irq_timer) || sim->irq_held)
		return;
	if (late)
		late = sim_rand(sim, (uint32_t)late);
	ev_timer_start(&sim->irq_timer, late);
}

void sim_irq_hold(struct sim *sim, bool on)
{
	sim->irq_held = on;
	if (!on && sim->irq_pending && !ev_timer_is_armed(&sim->irq_timer))
		ev_timer_start(&sim->irq_timer, 0);
}

void sim_irq_now(struct sim *sim)
{
	for (unsigned int i = 0; sim->irq_pending && i < MAX_IRQS_NOW; i++)
		deliver(sim);
}

void sim_poke_irq(struct sim *sim)
{
	raise_irq(sim, 0);
}

/* On a real machine an interrupt may come wherever it is enabled again. */
static void host_irq_window(void)
{
	struct sim *sim;

	if (!world || world->in_window)
		return;
	for (sim = world; sim; sim = sim->next) {
		if (!sim->irq_pending || sim->irq_held ||
		    !sim->setup.irq_jitter_ns || sim_rand(sim, 4))
			continue;
		world->in_window = true;
		deliver(sim);
		world->in_window = false;
	}
}

static void msi_fire(void *host, enum pcidev_irq_mode mode, unsigned int vector)
{
	(void)mode;
	raise_irq(host, vector);
}

static void intx_level(void *host, bool level)
{
	struct sim *sim = host;

	sim->intx = level;
	if (level)
		raise_irq(sim, 0);
	else
		sim->irq_pending = 0;
}

static const struct pcidev_host_ops host_ops = {
	.msi_fire = msi_fire,
	.intx_level = intx_level,
};

/* ---- memory and registers ---- */

static int find_mem(struct mem *m, uint64_t iova, struct mem_hit *hit)
{
	struct shim_dma_hit h;

	if (!shim_dma_find(m->priv, iova, &h))
		return -EFAULT;
	hit->iova = h.iova;
	hit->len = h.len;
	hit->host = h.host;
	hit->prot = (h.can_read ? MEM_PROT_READ : 0) |
		    (h.can_write ? MEM_PROT_WRITE : 0);
	return 0;
}

static const struct mem_ops mem_ops = { .find = find_mem };

static void host_dma_forget(void *shim_host)
{
	struct sim *sim = shim_host;

	mem_forget(&sim->dev->mem);
}

static uint32_t reg_read(void *priv, uint32_t off, unsigned int size)
{
	struct sim *sim = priv;

	return (uint32_t)pcidev_bar_read(sim->dev, PCIDEV_BAR_MEM, off, size);
}

static void reg_write(void *priv, uint32_t off, unsigned int size, uint32_t val)
{
	struct sim *sim = priv;

	pcidev_bar_write(sim->dev, PCIDEV_BAR_MEM, off, size, val);
}

static const struct shim_io_ops reg_ops = {
	.read = reg_read,
	.write = reg_write,
};

static void (*failed_hook)(bool map);

void sim_failed_hook(void (*fn)(bool map))
{
	failed_hook = fn;
}

static void host_failed(bool map)
{
	if (failed_hook)
		failed_hook(map);
}

static const struct shim_host shim_host_ops = {
	.now_ns = host_now,
	.alarm = host_alarm,
	.soon = host_soon,
	.irq_window = host_irq_window,
	.dma_forget = host_dma_forget,
	.failed = host_failed,
};

/* ---- PCI: what the kernel's core does at probe ---- */

static uint32_t find_cap(struct pcidev *dev, uint8_t id)
{
	uint8_t at = 0, here[2];

	pcidev_cfg_read(dev, CFG_CAPS, &at, 1);
	while (at) {
		pcidev_cfg_read(dev, at, here, 2);
		if (here[0] == id)
			return at;
		at = here[1];
	}
	return 0;
}

static void set_cfg16(struct pcidev *dev, uint32_t off, uint16_t bits)
{
	uint8_t v[2];

	pcidev_cfg_read(dev, off, v, 2);
	put_le16(v, get_le16(v) | bits);
	pcidev_cfg_write(dev, off, v, 2);
}

static void set_up_pci(struct sim *sim)
{
	struct pcidev *dev = sim->dev;
	uint32_t cap;

	set_cfg16(dev, CFG_COMMAND, CMD_MEM_MASTER | CMD_IO);
	if (sim->setup.irq == PCIDEV_IRQ_MSIX) {
		for (unsigned int v = 0; v < PCIDEV_NR_VECTORS; v++)
			pcidev_bar_write(dev, PCIDEV_BAR_MEM,
					 PCIDEV_MSIX_TABLE + v * 16 + 12, 4, 0);
		cap = find_cap(dev, CAP_MSIX);
		assert(cap);
		set_cfg16(dev, cap + 2, 0x8000);
	} else if (sim->setup.irq == PCIDEV_IRQ_MSI) {
		cap = find_cap(dev, CAP_MSI);
		assert(cap);
		set_cfg16(dev, cap + 2, 0x0001);
	}
}

void sim_slot_reset(struct sim *sim)
{
	pcidev_reset(sim->dev, PCIDEV_RESET_BUS);
	set_up_pci(sim);
}

/* ---- life ---- */

/* A card takes its flash from a file: one without a name. */
static int flash_file(struct sim *sim, char *path, size_t len)
{
	int fd = memfd_create("flash", MFD_CLOEXEC);

	if (fd < 0 || write(fd, sim->fw, sim->fw_len) != (ssize_t)sim->fw_len) {
		perror("# flash");
		abort();
	}
	snprintf(path, len, "/proc/self/fd/%d", fd);
	return fd;
}

static void build_card(struct sim *sim)
{
	struct card_spec spec = {
		.device = sim->setup.device,
		.nr_ports = 1,
		.revision = sim->setup.device == 0x2432 ? 3 : 2,
		.irq = sim->setup.irq,
	};
	char err[160] = "", port[sizeof(sim->name) + 2], path[32];
	int fd = -1;

	snprintf(spec.name, sizeof(spec.name), "%s", sim->name);
	if (sim->setup.flash_fw) {
		fd = flash_file(sim, path, sizeof(path));
		spec.flash_fw = path;
	}
	sim->card = card_new(&spec, sim->ev, sim->judge, sim->fab, sim->fault,
			     err, sizeof(err));
	if (!sim->card) {
		fprintf(stderr, "# card: %s\n", err);
		abort();
	}
	if (fd >= 0)
		close(fd);
	sim->dev = &sim->card->dev[0];
	sim->jp = sim->dev->jp;
	sim->jp->who = COVER_OURS;
	sim->dev->mem.ops = &mem_ops;
	sim->dev->mem.priv = sim;
	snprintf(port, sizeof(port), "%s.0", sim->name);
	sim->tport = fab_find_port(sim->fab, port);
	assert(sim->tport);
}

static struct sim *alloc_sim(const struct sim_setup *setup)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	assert(sim);
	sim->setup = *setup;
	if (!sim->setup.disk_blocks)
		sim->setup.disk_blocks = DISK_BLOCKS;
	return sim;
}

/* A card, its slot, its driver's firmware. */
static void build_slot(struct sim *sim)
{
	ev_timer_init(&sim->irq_timer, sim->ev, irq_fired);
	sim->fw = sim_fw_image(sim->setup.seed, &sim->fw_len);
	build_card(sim);
	pcidev_attach_host(sim->dev, &host_ops, sim);
	set_up_pci(sim);
	sim->regs = shim_io_map(PCIDEV_BAR_MEM_SIZE, &reg_ops, sim);
}

static void free_slot(struct sim *sim)
{
	card_free(sim->card);
	free(sim->fw);
}

struct sim *sim_new(const struct sim_setup *setup)
{
	struct sim *sim = alloc_sim(setup);

	assert(!world);
	world = sim;
	sim->first = sim;
	snprintf(sim->name, sizeof(sim->name), "target");
	sim->rng = setup->seed;
	sim->ev = ev_new(EV_CLOCK_VIRTUAL);
	sim->judge = judge_new(sim->ev);
	sim->fault = fault_new();
	sim->fab = fab_new(sim->ev, sim->setup.loop ? FAB_LOOP : FAB_SWITCH,
			   sim->fault);
	fab_set_latency(sim->fab, setup->latency_ns);
	ev_timer_init(&sim->alarm, sim->ev, alarm_fired);
	ev_work_init(&sim->soon, sim->ev, soon_fired);
	shim_init(&shim_host_ops);
	build_slot(sim);
	return sim;
}

struct sim *sim_join(struct sim *first, const struct sim_setup *setup)
{
	struct sim *sim = alloc_sim(setup), *last = first;
	unsigned int nr = 1;

	while (last->next) {
		last = last->next;
		nr++;
	}
	last->next = sim;
	sim->first = first;
	snprintf(sim->name, sizeof(sim->name), "target%u", nr);
	sim->ev = first->ev;
	sim->judge = first->judge;
	sim->fault = first->fault;
	sim->fab = first->fab;
	build_slot(sim);
	return sim;
}

int sim_probe(struct sim *sim)
{
	struct drv_setup s = {
		.regs = sim->regs,
		.shim_host = sim,
		.device = sim->setup.device,
		.rev = sim->card->spec.revision,
		.irq = (int)sim->setup.irq,
		.fw = sim->setup.no_fw ? NULL : sim->fw,
		.fw_len = sim->fw_len,
		.fw_late = sim->setup.fw_late,
		.disk_blocks = sim->setup.disk_blocks,
		.beside = sim->first != sim,
	};
	int err = 0;

	sim->drv = drv_probe(&s, &err);
	return sim->drv ? 0 : err;
}

void sim_verbose(void)
{
	const char *verbose = getenv("SIM_VERBOSE");

	if (!verbose)
		return;
	drv_trace_verbose(atoi(verbose) > 1);
	shim_log_verbose(7);
}

void sim_start_inis(struct sim *sim)
{
	char name[16];

	while (sim->nr_ini < sim->setup.nr_ini) {
		unsigned int i = sim->nr_ini++;

		snprintf(name, sizeof(name), "ini%u.0", i);
		sim->ini[i] = ini_new(sim->ev, sim->judge, sim->fab, name,
				      INI_WWPN + i, sim->tport);
	}
}

static bool is_gone(void *arg)
{
	struct sim *sim = arg;

	return drv_is_gone(sim->drv);
}

bool sim_remove(struct sim *sim)
{
	struct drv *drv = sim->drv;

	if (!drv)
		return true;
	drv_remove_begin(drv);
	if (!sim_wait(sim, is_gone, sim, REMOVE_MS))
		return false;
	sim->drv = NULL;
	drv_remove_end(drv);
	return true;
}

unsigned int sim_free(struct sim *sim)
{
	unsigned int i, failures;
	struct sim *s, *next;

	for (i = 0; i < sim->nr_ini; i++)
		ini_free(sim->ini[i]);
	for (s = sim; s; s = s->next) {
		shim_io_unmap(s->regs);
		pcidev_detach_host(s->dev);
	}
	failures = shim_fini();
	for (s = sim; s; s = s->next)
		free_slot(s);
	fab_free(sim->fab);
	fault_free(sim->fault);
	judge_free(sim->judge);
	ev_free(sim->ev);
	for (s = sim; s; s = next) {
		next = s->next;
		free(s);
	}
	world = NULL;
	return failures;
}

/* ---- time ---- */

bool sim_wait(struct sim *sim, bool (*cond)(void *arg), void *arg, uint64_t ms)
{
	uint64_t end = ev_now_ns(sim->ev) + ms * EV_MS;
	uint64_t last = 0;
	unsigned int still = 0;

	while (!cond(arg)) {
		uint64_t now = ev_now_ns(sim->ev);

		if (now >= end || !ev_step(sim->ev))
			return cond(arg);
		still = now == last ? still + 1 : 0;
		last = now;
		if (still > MAX_STEPS_STILL) {
			fprintf(stderr, "# busy at %.6f s without an end\n",
				(double)now / 1e9);
			if (getenv("SHIM_ABORT"))
				abort();
			return false;
		}
	}
	return true;
}

void sim_run(struct sim *sim, uint64_t ms)
{
	ev_run_until(sim->ev, ev_now_ns(sim->ev) + ms * EV_MS);
}

bool sim_is_idle(void *arg)
{
	struct sim *sim = arg;

	return !strcmp(drv_state(sim->drv), "idle");
}

bool sim_is_ready(void *arg)
{
	struct sim *sim = arg;

	return sim->drv && drv_enabled(sim->drv) &&
	       !strcmp(drv_state(sim->drv), "ready") &&
	       !strcmp(drv_link(sim->drv), "up");
}

bool sim_all_in(void *arg)
{
	struct sim *sim = arg;

	for (unsigned int i = 0; i < sim->nr_ini; i++)
		if (sim->ini[i]->state != INI_READY)
			return false;
	return true;
}

bool sim_none_open(void *arg)
{
	struct sim *sim = arg;

	for (unsigned int i = 0; i < sim->nr_ini; i++)
		if (ini_open(sim->ini[i]))
			return false;
	return true;
}

bool sim_books_balanced(struct sim *sim)
{
	bool ok = true;

	for (unsigned int k = 0; k < BOOK_NR_KINDS; k++) {
		const struct book *b = &sim->jp->books.kind[k];

		if (!book_open(b))
			continue;
		ok = false;
		fprintf(stderr, "# book %s: %lld open of %llu given\n",
			book_names[k], (long long)book_open(b),
			(unsigned long long)b->given);
	}
	return ok;
}

uint64_t sim_verdicts(struct sim *sim)
{
	struct judge_port *jp;

	for (jp = sim->judge->ports; jp; jp = jp->next)
		for (unsigned int v = 0; v < VERDICT_NR; v++)
			if (jp->verdicts[v].nr)
				fprintf(stderr, "# verdict %s %s x%llu: %s\n",
					jp->name, verdict_infos[v].name,
					(unsigned long long)jp->verdicts[v].nr,
					jp->verdicts[v].first);
	return judge_total(sim->judge);
}
