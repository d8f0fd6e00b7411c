/* SPDX-License-Identifier: GPL-2.0 */
/* What drivers gone wild have in common, whoever decides what they do. */
#ifndef TESTS_FUZZ_BADHOST_H
#define TESTS_FUZZ_BADHOST_H

#include "host.h"

/* For struct pcidev: a guest that looks at no interrupt. */
extern const struct pcidev_host_ops badhost_deaf;

/**
 * badhost_entry_type() - A type of entry that some driver puts on a ring.
 * @nr: any number
 *
 * Return: the same one for the same number.
 */
uint8_t badhost_entry_type(uint32_t nr);

/**
 * badhost_login_flags() - Flags of a login IOCB that make sense.
 * @nr: any number
 *
 * Return: LOGIN_*, the same ones for the same number.
 */
uint16_t badhost_login_flags(uint32_t nr);

/**
 * badhost_mbox_buffer() - Put an address where mailbox commands have theirs.
 * @mb: mailboxes 0 to 31
 * @iova: address
 */
void badhost_mbox_buffer(uint16_t *mb, uint64_t iova);

/**
 * badhost_mbox_run() - Write all mailboxes and knock; waits for nothing.
 * @h: host, started or not
 * @mb: mailboxes 0 to 31
 */
void badhost_mbox_run(struct host *h, const uint16_t *mb);

#endif
