/* SPDX-License-Identifier: GPL-2.0 */
/* Shim: strings and memory. */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <linux/types.h>
#include <string.h>

ssize_t strscpy(char *dst, const char *src, size_t size);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
void *memchr_inv(const void *start, int c, size_t bytes);

#define memzero_explicit(p, n) memset(p, 0, n)
#define strstarts(s, prefix) (strncmp(s, prefix, strlen(prefix)) == 0)

#endif
