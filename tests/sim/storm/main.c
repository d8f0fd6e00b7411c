// SPDX-License-Identifier: GPL-2.0
/*
 * Storms: run seeds and scripts, and make a short script of what fails.
 *
 *	storms [-s SEED] [-n N] [-t SECONDS] [-T MINUTES] [-m MIN] [-j JOBS]
 *	       [-c CELLS] [-o DIR] [SCRIPT ...]
 *
 * N seeds, or as many of them (without -n: as many) as SECONDS allow, which is
 * said; fewer than MIN are a failure. Scripts are run first. Each worker is a
 * process of its own, so that a crash is a failure like any other. A seed that
 * fails is run again, and events are dropped from its script for as long as it
 * still fails; what is left goes to DIR/SEED.storm.
 */
#include "world.h"

#include "../shim/shim.h"
#include "../../lib/tap.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_JOBS 16U
#define NO_END (UINT64_MAX / 2) /* seeds, for as long as there is time */
#define MAX_S (365U * 86400) /* of real time, for all seeds */
#define HANG_S 60U /* of real time, for one seed */
#define SHRINK_S 120U
#define MAX_FAILED 5U
#define PROGRESS_S 10

/**
 * struct slot - what a worker tells
 * @seed: being run
 * @busy: it runs
 * @nr: seeds that are through
 * @slowest_us: real time of the slowest one
 * @sum: of all results
 * @fewest_cmds: that a seed had
 * @fewest_faults: that struck in a seed
 * @result: of the last one
 * @cells: of all
 */
struct slot {
	uint64_t seed;
	bool busy;
	uint64_t nr;
	uint64_t slowest_us;
	struct {
		uint64_t cmds, good, aborted, lost, faults;
		uint64_t digest;
		uint32_t slowest_ms;
	} sum;
	uint32_t fewest_cmds;
	uint32_t fewest_faults;
	struct storm_result result;
	struct cells cells;
};

static struct slot *slots;
static struct storm_script script;
static unsigned int nr_jobs = 2;
static const char *out_dir = "build/sim/failed";

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void run_here(const struct storm_script *s, struct slot *slot)
{
	struct storm_result *r = &slot->result;
	uint64_t start = now_us(), us;

	alarm(HANG_S);
	slot->cells.now = s->seed;
	storm_run(s, r, &slot->cells);
	us = now_us() - start;
	slot->slowest_us = us > slot->slowest_us ? us : slot->slowest_us;
	slot->nr++;
	slot->sum.cmds += r->nr_cmds;
	slot->sum.good += r->nr_good;
	slot->sum.aborted += r->nr_aborted;
	slot->sum.lost += r->nr_lost;
	slot->sum.faults += r->nr_faults;
	slot->sum.digest += r->digest;
	if (r->slowest_ms > slot->sum.slowest_ms)
		slot->sum.slowest_ms = r->slowest_ms;
}

static void seed_here(const struct storm_script *s, struct slot *slot)
{
	run_here(s, slot);
	slot->fewest_cmds = MIN(slot->fewest_cmds, slot->result.nr_cmds);
	slot->fewest_faults = MIN(slot->fewest_faults, slot->result.nr_faults);
}

/* ---- one script in a process of its own ---- */

static bool child_ok(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(st) && !WEXITSTATUS(st);
}

static bool passes(const struct storm_script *s, struct slot *slot, bool quiet)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (quiet && (!freopen("/dev/null", "w", stderr) ||
			      !freopen("/dev/null", "w", stdout)))
			_exit(2);
		run_here(s, slot);
		_exit(!slot->result.ok);
	}
	return pid > 0 && child_ok(pid);
}

/* ---- shrinking ---- */

static void drop(struct storm_script *to, const struct storm_script *from,
		 uint32_t at, uint32_t nr)
{
	*to = *from;
	memmove(&to->ev[at], &to->ev[at + nr],
		(from->nr - at - nr) * sizeof(to->ev[0]));
	to->nr = from->nr - nr;
}

/* What kind of failure is it? The text without its numbers. */
static void gist(char *to, const char *why, size_t len)
{
	const char *p = strstr(why, " s: ");
	size_t at = 0;

	for (p = p ? p : why; *p && at + 1 < len; p++)
		if (!strchr("0123456789abcdef+-.", *p))
			to[at++] = *p;
	to[at] = '\0';
	to[at > 40 ? 40 : at] = '\0';
}

static bool fails_alike(const struct storm_script *s, struct slot *slot,
			const char *want)
{
	char got[64];

	if (passes(s, slot, true))
		return false;
	gist(got, slot->result.why, sizeof(got));
	return !strcmp(got, want);
}

/*
 * Drop events in ever smaller pieces while the rest still fails. Time that an
 * event waited is lost with it, which keeps scripts short.
 */
static void shrink(struct storm_script *s, struct slot *slot)
{
	static struct storm_script less;
	uint64_t end = now_us() + SHRINK_S * 1000000ULL;
	char want[64];
	uint32_t piece, at;
	bool any;

	gist(want, slot->result.why, sizeof(want));

	for (piece = s->nr / 2; piece; piece = any ? piece : piece / 2) {
		any = false;
		if (piece > s->nr / 2)
			piece = s->nr / 2 ? s->nr / 2 : 1;
		for (at = 0; at + piece <= s->nr && now_us() < end;) {
			drop(&less, s, at, piece);
			if (!fails_alike(&less, slot, want)) {
				at += piece;
			} else {
				*s = less;
				any = true;
			}
		}
		if (now_us() >= end)
			break;
	}
}

static void keep_script(struct slot *slot)
{
	char path[512];
	FILE *f;

	shrink(&script, slot);
	passes(&script, slot, true);
	snprintf(path, sizeof(path), "%s/%016" PRIx64 ".storm", out_dir,
		 script.seed);
	f = fopen(path, "w");
	if (!f) {
		printf("# %s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(f, "# %s\n", slot->result.why);
	storm_print(&script, f);
	fclose(f);
	printf("# seed %#" PRIx64 " fails with %u events: %s\n", script.seed,
	       script.nr, slot->result.why);
	printf("# kept in %s; copy it to tests/sim/regress when it is fixed\n",
	       path);
}

static bool run_seed(uint64_t seed, struct slot *slot)
{
	storm_make(&script, seed);
	printf("# seed %#" PRIx64 ": %s\n", seed, slot->result.why);
	printf("# replay: build/sim/storm/opt/storms -s %#" PRIx64 " -n 1\n",
	       seed);
	if (passes(&script, slot, true)) {
		printf("# alone it passes: state of an earlier seed?\n");
		return false;
	}
	keep_script(slot);
	return false;
}

/* ---- many seeds ---- */

static uint64_t seed_of(uint64_t base, uint64_t i)
{
	return base + i * 0x9e3779b97f4a7c15ULL;
}

static void worker(uint64_t base, uint64_t from, uint64_t to, uint64_t until_us,
		   struct slot *slot)
{
	for (uint64_t i = from; i < to && now_us() < until_us; i += nr_jobs) {
		slot->seed = i;
		slot->busy = true;
		storm_make(&script, seed_of(base, i));
		seed_here(&script, slot);
		if (!slot->result.ok)
			_exit(1);
		slot->busy = false;
	}
	_exit(0);
}

static pid_t start(uint64_t base, uint64_t from, uint64_t to, uint64_t until_us,
		   struct slot *slot)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		worker(base, from, to, until_us, slot);
	return pid;
}

static uint64_t nr_run(void)
{
	uint64_t nr = 0;

	for (unsigned int j = 0; j < nr_jobs; j++)
		nr += slots[j].nr;
	return nr;
}

static void progress(uint64_t start_us, uint64_t n)
{
	uint64_t nr = nr_run(), us = now_us() - start_us;

	fprintf(stderr, "# %" PRIu64, nr);
	if (n != NO_END)
		fprintf(stderr, " of %" PRIu64, n);
	fprintf(stderr, " seeds, %.0f a second\n",
		(double)nr * 1e6 / (double)us);
}

static unsigned int run_seeds(uint64_t base, uint64_t n, uint64_t until_us)
{
	uint64_t bad[MAX_FAILED], began = now_us(), said = began;
	pid_t pid[MAX_JOBS] = { 0 };
	unsigned int nr_bad = 0, alive = 0, j;
	char why[MAX_FAILED][400];
	int st;

	for (j = 0; j < nr_jobs; j++)
		alive += (pid[j] = start(base, j, n, until_us, &slots[j])) > 0;
	while (alive) {
		pid_t done = waitpid(-1, &st, WNOHANG);

		if (now_us() - said > PROGRESS_S * 1000000ULL) {
			said = now_us();
			progress(began, n);
		}
		if (done <= 0) {
			usleep(5000);
			continue;
		}
		for (j = 0; j < nr_jobs && pid[j] != done; j++)
			;
		if (j == nr_jobs)
			continue;
		alive--;
		if ((WIFEXITED(st) && !WEXITSTATUS(st)) || nr_bad == MAX_FAILED)
			continue;
		memcpy(why[nr_bad], slots[j].result.why, sizeof(why[0]));
		bad[nr_bad++] = slots[j].seed;
		pid[j] = start(base, slots[j].seed + nr_jobs, n, until_us,
			       &slots[j]);
		alive += pid[j] > 0;
	}
	progress(began, n);
	for (j = 0; j < nr_bad; j++) {
		memcpy(slots[0].result.why, why[j], sizeof(why[0]));
		run_seed(seed_of(base, bad[j]), &slots[0]);
	}
	return nr_bad;
}

/* ---- command line ---- */

static void run_scripts(int nr, char **path)
{
	for (int i = 0; i < nr; i++) {
		FILE *f = fopen(path[i], "r");
		int line = f ? storm_parse(&script, f) : -1;
		bool ok = !line && passes(&script, &slots[0], false);

		if (f)
			fclose(f);
		if (line)
			printf("# %s:%d cannot be read\n", path[i], line);
		else if (!ok)
			printf("# %s\n", slots[0].result.why);
		tap_ok(ok, "script %s", path[i]);
	}
}

static void summary(struct cells *all)
{
	uint64_t nr = 0, slowest_us = 0, cmds = 0, faults = 0, good = 0;
	uint64_t aborted = 0, lost = 0, digest = 0;
	uint32_t slowest_ms = 0, few_cmds = UINT32_MAX, few_faults = UINT32_MAX;

	for (unsigned int j = 0; j < nr_jobs; j++) {
		const struct slot *s = &slots[j];

		nr += s->nr;
		cmds += s->sum.cmds;
		good += s->sum.good;
		aborted += s->sum.aborted;
		lost += s->sum.lost;
		faults += s->sum.faults;
		digest += s->sum.digest;
		few_cmds = MIN(few_cmds, s->fewest_cmds);
		few_faults = MIN(few_faults, s->fewest_faults);
		if (s->slowest_us > slowest_us)
			slowest_us = s->slowest_us;
		if (s->sum.slowest_ms > slowest_ms)
			slowest_ms = s->sum.slowest_ms;
		cells_add(all, &s->cells);
	}
	printf("# %" PRIu64 " runs: %" PRIu64 " commands (%" PRIu64
	       " good, %" PRIu64 " aborted, %" PRIu64 " lost), %" PRIu64
	       " faults; slowest %" PRIu64
	       " ms real, longest recovery %u ms virtual, digest %016" PRIx64
	       "\n",
	       nr, cmds, good, aborted, lost, faults, slowest_us / 1000,
	       slowest_ms, digest);
	if (few_cmds != UINT32_MAX)
		printf("# in the least seed %u commands, %u faults that struck\n",
		       few_cmds, few_faults);
}

/* What the command line asks for. */
struct options {
	uint64_t base; /* first seed */
	uint64_t n;
	uint64_t seconds; /* no more seeds after that, 0 no limit */
	uint64_t least; /* fewer seeds are a failure */
	const char *cells; /* file for the cells that were met, or NULL */
};

/* A number as C writes it, all of @text; says what is wrong with another one. */
static bool number(char opt, const char *text, uint64_t least, uint64_t most,
		   uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 0);
	if (isdigit((unsigned char)*text) && !*end && !errno && *out >= least &&
	    *out <= most)
		return true;
	fprintf(stderr,
		"storms: -%c '%s' is not a number from %" PRIu64 " to %" PRIu64
		" (as 1234 or 0x4d2)\n",
		opt, text, least, most);
	return false;
}

static bool parse(struct options *o, int argc, char **argv)
{
	uint64_t jobs = nr_jobs, minutes = 0;
	bool ok = true;
	int c;

	while (ok && (c = getopt(argc, argv, "s:n:t:T:m:j:c:o:")) != -1) {
		if (c == 's')
			ok = number('s', optarg, 0, UINT64_MAX, &o->base);
		else if (c == 'n')
			ok = number('n', optarg, 1, NO_END - 1, &o->n);
		else if (c == 't')
			ok = number('t', optarg, 1, MAX_S, &o->seconds);
		else if (c == 'T')
			ok = number('T', optarg, 1, MAX_S / 60, &minutes);
		else if (c == 'm')
			ok = number('m', optarg, 0, NO_END, &o->least);
		else if (c == 'j')
			ok = number('j', optarg, 1, 4096, &jobs);
		else if (c == 'c')
			o->cells = optarg;
		else if (c == 'o')
			out_dir = optarg;
		else
			ok = false;
	}
	nr_jobs = (unsigned int)MIN(jobs, (uint64_t)MAX_JOBS);
	if (minutes)
		o->seconds = minutes * 60;
	return ok;
}

/* What the jobs report is in memory that they share. */
static bool share_slots(void)
{
	slots = mmap(NULL, sizeof(*slots) * MAX_JOBS, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		return false;
	for (unsigned int j = 0; j < nr_jobs; j++) {
		slots[j].fewest_cmds = UINT32_MAX;
		slots[j].fewest_faults = UINT32_MAX;
	}
	return true;
}

static void run_storms(struct options *o)
{
	uint64_t until_us = UINT64_MAX, nr;
	unsigned int bad;

	if (o->seconds) {
		until_us = now_us() + o->seconds * 1000000ULL;
		if (!o->n)
			o->n = NO_END;
	}
	if (!o->n)
		return;
	printf("# seed %#" PRIx64 "\n", o->base);
	nr = nr_run();
	bad = run_seeds(o->base, o->n, until_us);
	nr = nr_run() - nr;
	tap_ok(!bad && nr >= o->least, "storms: %" PRIu64 " seeds, %u failed",
	       nr, bad);
	if (nr < o->n && o->n != NO_END)
		printf("# stopped after %" PRIu64 " s: %" PRIu64 " of %" PRIu64
		       " seeds, at least %" PRIu64 " are due\n",
		       o->seconds, nr, o->n, o->least);
}

int main(int argc, char **argv)
{
	struct options o = { .base = 1 };
	static struct cells all;
	const char *verbose = getenv("SIM_VERBOSE");

	if (!parse(&o, argc, argv)) {
		fprintf(stderr,
			"usage: storms [-s SEED] [-n N] [-t SECONDS] "
			"[-T MINUTES] [-m MIN] [-j JOBS] [-c CELLS] [-o DIR] "
			"[SCRIPT ...]\n");
		return 2;
	}
	if (verbose) {
		drv_trace_verbose(atoi(verbose) > 1);
		shim_log_verbose(7);
	}
	/* Memory goes round; do not give it back to the system each time. */
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_MMAP_THRESHOLD, 8 << 20);
	if (!share_slots())
		return 2;
	run_scripts(argc - optind, argv + optind);
	run_storms(&o);
	summary(&all);
	if (o.cells && !cells_save(&all, o.cells))
		tap_ok(false, "%s cannot be written", o.cells);
	return tap_end();
}
