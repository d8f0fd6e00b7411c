/* SPDX-License-Identifier: GPL-2.0 */
/* How the lab's client on the host and its agent in a guest talk. */
#ifndef LAB_PROTO_H
#define LAB_PROTO_H

#include <stddef.h>
#include <stdint.h>

/*
 * One virtio-serial port is one channel; it carries one command at a time.
 * Either direction is a stream of frames: struct lab_hdr and then len bytes.
 *
 *   host                            guest
 *   LAB_PAD zero bytes, HELLO  -->
 *                              <--  HELLO (same nonce)
 *   ARGV* EXEC                 -->        command starts
 *   STDIN* STDIN_END           -->
 *                              <--  STDOUT*, STDERR*, STDIN_ACK*
 *                              <--  EXIT; then the host hangs up
 *
 * A client may have died within a frame. The zero bytes are longer than any
 * frame of the host, so whatever was cut short ends in them, and the guest
 * then looks for the next magic. A HELLO kills the command before it. A guest
 * that starts anew says HELLO with a nonce of zeros, for a host that is waiting.
 */
#define LAB_MAGIC 0x3142414cu /* "LAB1" as it lies in memory */
#define LAB_PAYLOAD_MAX 8192
#define LAB_PAD (LAB_PAYLOAD_MAX + 16)
#define LAB_ARGV_MAX (512 * 1024)
#define LAB_NONCE_SIZE 16

/* Bytes of standard input that the host may send ahead of acknowledgment. */
#define LAB_WINDOW 65536

/* What a frame is; the values are those on the wire. */
enum lab_type {
	LAB_HELLO = 1, /* both ways: LAB_NONCE_SIZE bytes */
	LAB_ARGV, /* to the guest: a part of the words, each ending in NUL */
	LAB_EXEC, /* to the guest: empty; the words are complete, go */
	LAB_STDIN, /* to the guest: bytes for the command */
	LAB_STDIN_END, /* to the guest: empty; no more bytes */
	LAB_STDIN_ACK, /* to the host: u32, bytes that the command took */
	LAB_STDOUT, /* to the host: bytes from the command */
	LAB_STDERR, /* to the host: bytes from the command */
	LAB_EXIT, /* to the host: u32, exit status as a shell has it */
	LAB_NR_TYPES,
};

/**
 * struct lab_hdr - What precedes each payload, in the order of x86 memory.
 * @magic: LAB_MAGIC
 * @type:  enum lab_type
 * @len:   bytes that follow, 0..LAB_PAYLOAD_MAX
 */
struct lab_hdr {
	uint32_t magic;
	uint16_t type;
	uint16_t len;
};

_Static_assert(sizeof(struct lab_hdr) == 8, "both sides agree on the header");

#endif
