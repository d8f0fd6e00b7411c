// SPDX-License-Identifier: GPL-2.0
/* ispsim: QLogic ISP chips, their fabric and their faults in one process. */
#include "model.h"

#include "chip/chip.h"
#include "ctl/ctl.h"
#include "fabric/fab.h"
#include "fault/fault.h"
#include "port/port.h"
#include "spec/spec.h"
#include "vfu/guard.h"
#include "vfu/vfu.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

/* @m comes first so that the rest of the program sees only that. */
struct program {
	struct model m;
	struct card_spec specs[MODEL_MAX_CARDS];
	unsigned int nr_specs;
	const char *ctl_path;
	const char *log_path;
	enum fab_topo topo;
	bool quiet;
	FILE *log;
	struct ctl *ctl;
	struct ev_fd signals;
};

static const char usage[] =
	"ispsim - QLogic Fibre Channel adapters in software, for stock QEMU\n"
	"\n"
	"  ispsim --ctl PATH [--topo fabric|p2p|loop] --card SPEC [--card SPEC ...]\n"
	"         [--seed N] [--log FILE] [--quiet]\n"
	"  ispsim --list-verdicts | --list-coverage | --dump-spec\n"
	"  ispsim --help | --version\n"
	"\n"
	"  --ctl PATH     control socket (JSON lines, see doc/ispsim.md)\n"
	"  --topo T       fabric: all ports on one switch (default);\n"
	"                 p2p: port k of one card is wired to port k of the other\n"
	"                 loop: all ports are on one arbitrated loop\n"
	"  --card SPEC    name=NAME,chip=2432|2532,socket=PATH[,ports=1|2][,rev=N]\n"
	"                 [,irq=msix|msi|intx][,flash-fw=FILE][,wwpn=HEX16][,nvram=bad]\n"
	"                 [,subvendor=HEX4]\n"
	"                 function 0 listens on PATH, function 1 on PATH.1\n"
	"  --seed N       seed of everything random (default 1)\n"
	"  --log FILE     verdicts go there instead of to stderr\n"
	"  --quiet        no verdicts on stderr\n"
	"\n"
	"Prints \"ispsim: ready\" when every socket listens. SIGTERM, SIGINT or the\n"
	"control command quit end it. Exit status: 0 ended, 1 failed, 2 usage.\n";

__printf(1, 2) static void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("ispsim: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* ---- lists ---- */

static int list_verdicts(void)
{
	unsigned int v;

	for (v = 0; v < VERDICT_NR; v++)
		printf("%-24s the driver %s\n", verdict_infos[v].name,
		       verdict_infos[v].sentence);
	return EXIT_OK;
}

/* What is implemented registers itself: build one card of each kind. */
static int list_coverage(void)
{
	static const char *const texts[] = { "name=a,chip=2432",
					     "name=b,chip=2532" };
	struct ev *ev = ev_new(EV_CLOCK_VIRTUAL);
	struct judge *judge = judge_new(ev);
	struct fab *fab = fab_new(ev, FAB_SWITCH, NULL);
	struct card *cards[ARRAY_SIZE(texts)];
	char err[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct card_spec spec;

		if (card_spec_parse(&spec, texts[i], err, sizeof(err)))
			abort();
		cards[i] =
			card_new(&spec, ev, judge, fab, NULL, err, sizeof(err));
	}
	for (i = 1; i < judge->cover.nr_items; i++) {
		const struct cover_item *it = &judge->cover.items[i];

		printf("%-6s %04X %s\n", cover_kind_names[it->kind], it->code,
		       it->name);
	}
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		card_free(cards[i]);
	fab_free(fab);
	judge_free(judge);
	ev_free(ev);
	return EXIT_OK;
}

/* ---- command line ---- */

static int add_card(struct program *p, const char *text)
{
	struct card_spec *spec = &p->specs[p->nr_specs];
	char err[256];
	unsigned int i;

	if (p->nr_specs == MODEL_MAX_CARDS) {
		complain("more than %u cards", MODEL_MAX_CARDS);
		return -EINVAL;
	}
	if (card_spec_parse(spec, text, err, sizeof(err))) {
		complain("--card %s: %s", text, err);
		return -EINVAL;
	}
	p->nr_specs++;
	if (!spec->socket) {
		complain("--card %s: socket= is missing", text);
		return -EINVAL;
	}
	for (i = 0; i + 1 < p->nr_specs; i++) {
		if (!strcmp(p->specs[i].name, spec->name)) {
			complain("two cards are called %s", spec->name);
			return -EINVAL;
		}
		if (card_wwpn(&p->specs[i], 0) == card_wwpn(spec, 0)) {
			complain(
				"cards %s and %s have the same WWPN: give one of them wwpn=",
				p->specs[i].name, spec->name);
			return -EINVAL;
		}
	}
	return 0;
}

static int check_args(struct program *p, int argc, char **argv)
{
	if (optind < argc) {
		complain("%s: not understood; see ispsim --help", argv[optind]);
		return -EINVAL;
	}
	if (!p->ctl_path || !p->nr_specs) {
		complain(
			"--ctl and at least one --card are needed; see ispsim --help");
		return -EINVAL;
	}
	if (p->topo == FAB_WIRE &&
	    (p->nr_specs != 2 ||
	     p->specs[0].nr_ports != p->specs[1].nr_ports)) {
		complain("--topo p2p needs two cards with as many ports each");
		return -EINVAL;
	}
	return 0;
}

static int set_topo(struct program *p, const char *name)
{
	static const char *const names[] = {
		[FAB_SWITCH] = "fabric",
		[FAB_WIRE] = "p2p",
		[FAB_LOOP] = "loop",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i])) {
			p->topo = i;
			return 0;
		}
	}
	complain("--topo %s: fabric, p2p or loop", name);
	return -EINVAL;
}

static int set_seed(struct program *p, const char *text)
{
	char *end;

	errno = 0;
	p->m.seed = strtoull(text, &end, 0);
	if (!errno && !*end && *text)
		return 0;
	complain("--seed %s: not a number", text);
	return -EINVAL;
}

/* Return: -1: run the model; otherwise the exit code. */
static int parse_args(struct program *p, int argc, char **argv)
{
	static const struct option options[] = {
		{ "ctl", required_argument, NULL, 'c' },
		{ "topo", required_argument, NULL, 't' },
		{ "card", required_argument, NULL, 'k' },
		{ "seed", required_argument, NULL, 's' },
		{ "log", required_argument, NULL, 'l' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "list-verdicts", no_argument, NULL, 'V' },
		{ "list-coverage", no_argument, NULL, 'C' },
		{ "dump-spec", no_argument, NULL, 'D' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			p->ctl_path = optarg;
			break;
		case 't':
			if (set_topo(p, optarg))
				return EXIT_USAGE;
			break;
		case 'k':
			if (add_card(p, optarg))
				return EXIT_USAGE;
			break;
		case 's':
			if (set_seed(p, optarg))
				return EXIT_USAGE;
			break;
		case 'l':
			p->log_path = optarg;
			break;
		case 'q':
			p->quiet = true;
			break;
		case 'V':
			return list_verdicts();
		case 'C':
			return list_coverage();
		case 'D':
			spec_dump(stdout);
			return EXIT_OK;
		case 'h':
			fputs(usage, stdout);
			return EXIT_OK;
		case 'v':
			puts("ispsim " MODEL_VERSION);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	return check_args(p, argc, argv) ? EXIT_USAGE : -1;
}

/* ---- running ---- */

static void log_verdict(void *priv, const struct judge_port *jp, enum verdict v,
			const char *detail)
{
	struct program *p = priv;

	if (!p->log)
		return;
	fprintf(p->log, "%.6f %s: %s: the driver %s (%s)\n",
		(double)ev_now_ns(p->m.ev) / EV_SEC, jp->name,
		verdict_infos[v].name, verdict_infos[v].sentence, detail);
	fflush(p->log);
}

static void on_signal(struct ev_fd *f, uint32_t events)
{
	struct program *p = container_of(f, struct program, signals);
	struct signalfd_siginfo info;

	(void)events;
	if (read(f->fd, &info, sizeof(info)) == sizeof(info))
		ev_quit(p->m.ev);
}

static int catch_signals(struct program *p)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	guard_init();
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	return ev_fd_start(&p->signals, p->m.ev, fd, EPOLLIN, on_signal);
}

static int open_log(struct program *p)
{
	p->log = p->quiet ? NULL : stderr;
	if (p->log_path) {
		p->log = fopen(p->log_path, "ae");
		if (!p->log) {
			complain("%s: %s", p->log_path, strerror(errno));
			return -EIO;
		}
	}
	p->m.judge->log = log_verdict;
	p->m.judge->log_priv = p;
	return 0;
}

static int build_cards(struct program *p)
{
	struct model *m = &p->m;
	char err[256];
	unsigned int i, fn;

	for (i = 0; i < p->nr_specs; i++) {
		m->cards[i] = card_new(&p->specs[i], m->ev, m->judge, m->fab,
				       m->fault, err, sizeof(err));
		if (!m->cards[i]) {
			complain("card %s: %s", p->specs[i].name, err);
			return -EINVAL;
		}
		m->nr_cards++;
	}
	for (fn = 0; p->topo == FAB_WIRE && fn < m->cards[0]->nr_ports; fn++)
		fab_wire(port_fab(chip_port(m->cards[0]->chip[fn])),
			 port_fab(chip_port(m->cards[1]->chip[fn])));
	return 0;
}

static int open_sockets(struct program *p)
{
	struct model *m = &p->m;
	unsigned int i, fn;
	int ret;

	for (i = 0; i < m->nr_cards; i++) {
		struct card *card = m->cards[i];

		for (fn = 0; fn < card->nr_ports; fn++) {
			char path[4096];

			snprintf(path, sizeof(path), fn ? "%s.%u" : "%s",
				 card->spec.socket, fn);
			ret = vfu_new(m->ev, &card->dev[fn], path,
				      &m->vfu[i][fn]);
			if (ret) {
				complain("%s: %s", path, strerror(-ret));
				return ret;
			}
		}
	}
	ret = ctl_new(m, p->ctl_path, &p->ctl);
	if (ret)
		complain("%s: %s", p->ctl_path, strerror(-ret));
	return ret;
}

static int start(struct program *p)
{
	struct model *m = &p->m;
	int ret;

	m->ev = ev_new(EV_CLOCK_REAL);
	m->judge = judge_new(m->ev);
	m->fault = fault_new();
	m->fab = fab_new(m->ev, p->topo, m->fault);
	ret = catch_signals(p);
	if (ret) {
		complain("signals: %s", strerror(-ret));
		return ret;
	}
	ret = open_log(p);
	if (!ret)
		ret = build_cards(p);
	if (!ret)
		ret = open_sockets(p);
	return ret;
}

static void stop(struct program *p)
{
	struct model *m = &p->m;
	unsigned int i, fn;

	ctl_free(p->ctl);
	for (i = 0; i < m->nr_cards; i++) {
		for (fn = 0; fn < CARD_MAX_PORTS; fn++)
			vfu_free(m->vfu[i][fn]);
		card_free(m->cards[i]);
	}
	fab_free(m->fab);
	fault_free(m->fault);
	judge_free(m->judge);
	if (p->signals.ev)
		close(p->signals.fd);
	ev_fd_stop(&p->signals);
	ev_free(m->ev);
	if (p->log_path && p->log)
		fclose(p->log);
}

int main(int argc, char **argv)
{
	static struct program p = { .m.seed = 1 };
	unsigned int i;
	int code;

	code = parse_args(&p, argc, argv);
	if (code < 0) {
		code = start(&p) ? EXIT_FAILED : EXIT_OK;
		if (code == EXIT_OK) {
			puts("ispsim: ready");
			fflush(stdout);
			ev_run(p.m.ev);
		}
		stop(&p);
	}
	for (i = 0; i < p.nr_specs; i++)
		card_spec_free(&p.specs[i]);
	return code;
}
