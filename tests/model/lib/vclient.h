/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vfio-user client for tests, in one process and one loop with the server,
 * and a chip of a few registers behind the function.
 */
#ifndef TESTS_MODEL_VCLIENT_H
#define TESTS_MODEL_VCLIENT_H

#include "ev/ev.h"
#include "judge/judge.h"
#include "pci/pcidev.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

/* Registers of the toy chip, all in both BARs. */
#define TOY_SCRATCH 0x00 /* reads what was written */
#define TOY_INTX 0x04 /* bit 0 is the interrupt line */
#define TOY_IRQ 0x08 /* a write sends that vector */
#define TOY_DMA_ADDR 0x10
#define TOY_DMA_READ 0x18 /* write: fetch a dword from DMA_ADDR to SCRATCH */
#define TOY_DMA_WRITE 0x1c /* write: store SCRATCH to DMA_ADDR */

/**
 * struct toy - A server with a function and a toy chip.
 * @ev: loop in real time
 * @judge: records
 * @jp: the port
 * @dev: function
 * @vfu: server
 * @path: of its socket
 * @reg: the chip's registers by offset / 4
 * @resets: chip resets
 * @bad_dma: DMA accesses that failed
 */
struct toy {
	struct ev *ev;
	struct judge *judge;
	struct judge_port *jp;
	struct pcidev dev;
	struct vfu *vfu;
	char path[64];
	uint32_t reg[0x2000 / 4];
	unsigned int resets;
	unsigned int bad_dma;
};

/**
 * toy_start() - Build a toy and its server.
 * @t: overwritten
 * @irq: greatest interrupt mode
 */
void toy_start(struct toy *t, enum pcidev_irq_mode irq);

/**
 * toy_stop() - Free everything.
 * @t: toy
 */
void toy_stop(struct toy *t);

/**
 * toy_turn() - Let the server look at its sockets for a moment.
 * @t: toy
 */
void toy_turn(struct toy *t);

/**
 * struct vclient - One client.
 * @t: whose server it talks to
 * @fd: socket
 * @id: of the last message
 * @error: of the last reply
 * @len: bytes in @body of the last reply
 * @body: behind the header of the last reply
 */
struct vclient {
	struct toy *t;
	int fd;
	uint16_t id;
	uint32_t error;
	size_t len;
	uint8_t body[VFU_MAX_MSG];
};

/**
 * vclient_connect() - Connect only.
 * @c: overwritten
 * @t: toy
 *
 * Return: true if the socket took it.
 */
bool vclient_connect(struct vclient *c, struct toy *t);

/**
 * vclient_start() - Connect, exchange versions, switch decoding and bus
 *	mastering on.
 * @c: overwritten
 * @t: toy
 *
 * Return: true if all of it was answered.
 */
bool vclient_start(struct vclient *c, struct toy *t);

/**
 * vclient_close() - Disconnect, and let the server see it.
 * @c: client
 */
void vclient_close(struct vclient *c);

/**
 * vclient_raw() - Send bytes as they are.
 * @c: client
 * @data: bytes
 * @len: how many
 * @fds: descriptors to send along
 * @nr_fds: how many
 */
void vclient_raw(struct vclient *c, const void *data, size_t len,
		 const int *fds, unsigned int nr_fds);

/**
 * vclient_send() - Send one message, without waiting.
 * @c: client
 * @cmd: command
 * @flags: header flags
 * @body: behind the header
 * @len: bytes of @body
 * @fds: descriptors to send along
 * @nr_fds: how many
 */
void vclient_send(struct vclient *c, uint16_t cmd, uint32_t flags,
		  const void *body, size_t len, const int *fds,
		  unsigned int nr_fds);

/**
 * vclient_recv() - Wait for one reply, a second at most.
 * @c: client; @error, @len and @body are set
 *
 * Return: true if a well-formed reply to the last message came.
 */
bool vclient_recv(struct vclient *c);

/**
 * vclient_call() - Send one message and wait for the reply.
 * @c: client
 * @cmd: command
 * @body: behind the header
 * @len: bytes of @body
 * @fds: descriptors to send along
 * @nr_fds: how many
 *
 * Return: the reply's error: 0 or a positive errno; -1: no reply.
 */
int vclient_call(struct vclient *c, uint16_t cmd, const void *body, size_t len,
		 const int *fds, unsigned int nr_fds);

/**
 * vclient_is_cut() - Has the server disconnected?
 * @c: client
 *
 * Return: true if so.
 */
bool vclient_is_cut(struct vclient *c);

/**
 * vclient_read() - Read a region.
 * @c: client
 * @region: number
 * @off: offset
 * @count: bytes
 * @val: up to eight bytes of it, little endian
 *
 * Return: as vclient_call().
 */
int vclient_read(struct vclient *c, uint32_t region, uint64_t off,
		 uint32_t count, uint64_t *val);

/**
 * vclient_write() - Write a region, and wait for the reply.
 * @c: client
 * @region: number
 * @off: offset
 * @count: bytes
 * @val: value
 *
 * Return: as vclient_call().
 */
int vclient_write(struct vclient *c, uint32_t region, uint64_t off,
		  uint32_t count, uint64_t val);

/**
 * vclient_map() - Map a memory file for DMA.
 * @c: client
 * @fd: descriptor, or -1 to send none
 * @offset: in the file
 * @iova: bus address
 * @size: bytes
 * @flags: VFU_MAP_FLAG_*
 *
 * Return: as vclient_call().
 */
int vclient_map(struct vclient *c, int fd, uint64_t offset, uint64_t iova,
		uint64_t size, uint32_t flags);

/**
 * vclient_unmap() - Unmap.
 * @c: client
 * @iova: bus address
 * @size: bytes
 * @flags: VFU_UNMAP_FLAG_*
 *
 * Return: as vclient_call().
 */
int vclient_unmap(struct vclient *c, uint64_t iova, uint64_t size,
		  uint32_t flags);

/**
 * vclient_set_irqs() - SET_IRQS.
 * @c: client
 * @flags: as in linux/vfio.h
 * @index: kind
 * @start: first
 * @count: how many
 * @fds: eventfds
 * @nr_fds: how many
 *
 * Return: as vclient_call().
 */
int vclient_set_irqs(struct vclient *c, uint32_t flags, uint32_t index,
		     uint32_t start, uint32_t count, const int *fds,
		     unsigned int nr_fds);

#endif
