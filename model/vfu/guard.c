// SPDX-License-Identifier: GPL-2.0
/* A bus error inside a guest's memory costs that guest a page, not the model. */
#include "vfu/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD_MAX 16384

struct span {
	uintptr_t start;
	size_t len; /* 0 = free place */
};

static struct span spans[GUARD_MAX];
static size_t nr_spans;
static _Atomic unsigned long hits; /* counted in a signal handler */
static size_t page_size;

static const struct span *span_of(uintptr_t at)
{
	size_t i;

	for (i = 0; i < nr_spans; i++)
		if (at - spans[i].start < spans[i].len)
			return &spans[i];
	return NULL;
}

/* Runs in the middle of a copy: only what signal handlers may do. */
static void on_bus_error(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	uintptr_t page = at & ~(page_size - 1);

	(void)context;
	if (span_of(at)) {
		/* MAP_FIXED replaces just this page of a mapping of ours. */
		void *p = mmap((void *)page, page_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (p != MAP_FAILED) {
			hits++;
			return;
		}
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

void guard_init(void)
{
	struct sigaction sa = { .sa_sigaction = on_bus_error,
				.sa_flags = SA_SIGINFO };

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGBUS, &sa, NULL);
}

int guard_add(void *host, size_t len)
{
	size_t i;

	for (i = 0; i < GUARD_MAX; i++) {
		if (spans[i].len)
			continue;
		spans[i].start = (uintptr_t)host;
		spans[i].len = len;
		if (i >= nr_spans)
			nr_spans = i + 1;
		return 0;
	}
	return -ENOSPC;
}

void guard_del(void *host)
{
	size_t i;

	for (i = 0; i < nr_spans; i++) {
		if (spans[i].len && spans[i].start == (uintptr_t)host) {
			spans[i].len = 0;
			return;
		}
	}
}

unsigned long guard_hits(void)
{
	return hits;
}
