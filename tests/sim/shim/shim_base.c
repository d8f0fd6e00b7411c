// SPDX-License-Identifier: GPL-2.0
/* Life of the shim, its failures, and the log of kernel messages. */
#include "shim_int.h"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_LINES 256
#define LOG_WIDTH 240

const struct shim_host *shim_host;
struct module shim_module;

static unsigned int nr_failures;
static char failure_text[512];
static char log_line[LOG_LINES][LOG_WIDTH];
static unsigned int log_next;
static unsigned int log_count[8];
static int verbose_level = -1;

void shim_init(const struct shim_host *host)
{
	shim_host = host;
	nr_failures = 0;
	failure_text[0] = '\0';
	memset(log_line, 0, sizeof(log_line));
	memset(log_count, 0, sizeof(log_count));
	log_next = 0;
	shim_module.refs = 0;
	shim_lock_reset();
	shim_mem_reset();
	shim_time_reset();
	shim_io_reset();
}

unsigned int shim_fini(void)
{
	shim_locks_idle("the end");
	shim_time_judge();
	shim_mem_judge();
	if (shim_module.refs)
		shim_fail("%d module references left", shim_module.refs);
	shim_io_reset();
	return nr_failures;
}

unsigned int shim_failures(void)
{
	return nr_failures;
}

bool shim_expect_failures(unsigned int nr)
{
	bool same = nr_failures == nr;

	nr_failures = 0;
	return same;
}

const char *shim_failure_text(void)
{
	return failure_text;
}

void shim_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(failure_text, sizeof(failure_text), fmt, ap);
	va_end(ap);
	nr_failures++;
	fprintf(stderr, "# shim: %s\n", failure_text);
	if (getenv("SHIM_ABORT"))
		abort();
}

void shim_list_check(const struct list_head *prev, const struct list_head *next,
		     const char *what)
{
	if (prev == NULL || next == NULL || prev == LIST_POISON2 ||
	    next == LIST_POISON1 || prev == LIST_POISON1 ||
	    next == LIST_POISON2) {
		shim_fail("list %s at an entry that is in no list", what);
		abort();
	}
	if (prev->next != next || next->prev != prev) {
		shim_fail("list is corrupted at %s", what);
		abort();
	}
}

static void log_put(const char *level, const char *name, const char *fmt,
		    va_list ap)
{
	char *line = log_line[log_next++ % LOG_LINES];
	int nr = level[0] == '<' && level[1] ? level[1] - '0' : 6;
	double now = shim_host ? (double)shim_host->now_ns() / 1e9 : 0;
	int at;

	if (nr < 0 || nr > 7)
		nr = 6;
	log_count[nr]++;
	at = snprintf(line, LOG_WIDTH, "%.6f <%d> %s%s", now, nr, name,
		      *name ? ": " : "");
	if (at < LOG_WIDTH)
		vsnprintf(line + at, (size_t)(LOG_WIDTH - at), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	if (nr <= verbose_level)
		fprintf(stderr, "# %s\n", line);
}

int printk(const char *fmt, ...)
{
	const char *level = "<6>";
	va_list ap;

	if (fmt[0] == '<' && fmt[1] && fmt[2] == '>') {
		level = fmt;
		fmt += 3;
	}
	va_start(ap, fmt);
	log_put(level, "", fmt, ap);
	va_end(ap);
	return 0;
}

void shim_dev_printk(const char *level, const struct device *dev,
		     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_put(level, dev_name(dev), fmt, ap);
	va_end(ap);
}

unsigned int shim_log_count(int level)
{
	unsigned int sum = 0;

	for (int i = 0; i <= level && i < 8; i++)
		sum += log_count[i];
	return sum;
}

bool shim_log_find(const char *text)
{
	for (unsigned int i = 0; i < LOG_LINES; i++)
		if (strstr(log_line[i], text))
			return true;
	return false;
}

void shim_log_dump(void)
{
	unsigned int first = log_next > LOG_LINES ? log_next - LOG_LINES : 0;

	for (; first < log_next; first++)
		fprintf(stderr, "# log: %s\n", log_line[first % LOG_LINES]);
}

void shim_log_verbose(int level)
{
	verbose_level = level;
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return (ssize_t)len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	if (!size)
		return 0;
	return len < (int)size ? len : (int)size - 1;
}

void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes; bytes--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}
