/* SPDX-License-Identifier: GPL-2.0 */
/* Inside of the vfio-user server: one socket, one client, one function. */
#ifndef MODEL_VFU_INT_H
#define MODEL_VFU_INT_H

#include "ev/ev.h"
#include "pci/pcidev.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

/**
 * struct vfu_fd - A descriptor that came with a message.
 * @fd: ours until a command takes it
 * @at: position in the stream of the message that it belongs to
 */
struct vfu_fd {
	int fd;
	uint64_t at;
};

/**
 * struct vfu_map - A range of guest memory.
 * @iova: guest bus address
 * @len: bytes
 * @host: our mapping, or NULL: the client gave no descriptor
 */
struct vfu_map {
	uint64_t iova;
	uint64_t len;
	void *host;
};

/**
 * struct vfu - One server.
 * @ev: loop
 * @dev: function
 * @path: of the socket
 * @listen: listening socket
 * @conn: the client's socket; watched while there is a client
 * @ready: versions have been exchanged
 * @broken: why the client is to be disconnected, or NULL
 * @rx: bytes received and not handled
 * @rx_len: how many
 * @rx_cap: room in @rx
 * @rx_at: position in the stream of @rx[0]
 * @fds: descriptors received and not taken
 * @nr_fds: how many
 * @tx: bytes that the socket did not take
 * @tx_len: how many
 * @tx_cap: room in @tx
 * @maps: guest memory
 * @nr_maps: how many
 * @intx_fd: eventfd of INTx or -1
 * @intx_level: the function's line
 * @intx_masked: signalled, and not unmasked since
 * @resample: eventfd by which the client's kernel unmasks INTx
 * @msi_fd: eventfd of MSI or -1
 * @msix_fd: eventfds of MSI-X or -1
 * @unsent: messages that had no eventfd yet; bit = vector, bit 31 = MSI
 */
struct vfu {
	struct ev *ev;
	struct pcidev *dev;
	char *path;
	struct ev_fd listen;
	struct ev_fd conn;
	bool ready;
	const char *broken;
	uint8_t *rx;
	size_t rx_len;
	size_t rx_cap;
	uint64_t rx_at;
	struct vfu_fd fds[2 * VFU_MAX_FDS];
	unsigned int nr_fds;
	uint8_t *tx;
	size_t tx_len;
	size_t tx_cap;
	struct vfu_map maps[VFU_MAX_MAPS];
	unsigned int nr_maps;
	int intx_fd;
	bool intx_level;
	bool intx_masked;
	struct ev_fd resample;
	int msi_fd;
	int msix_fd[PCIDEV_NR_VECTORS];
	uint32_t unsent;
};

/**
 * struct vfu_msg - One request.
 * @hdr: header, followed by the body
 * @cmd: command
 * @id: to be echoed
 * @body: behind the header
 * @len: bytes of @body
 * @no_reply: the client wants no answer
 * @fds: descriptors that came with it; a handler that keeps one puts -1 there
 * @nr_fds: how many
 */
struct vfu_msg {
	const uint8_t *hdr;
	uint16_t cmd;
	uint16_t id;
	const uint8_t *body;
	size_t len;
	bool no_reply;
	int fds[VFU_MAX_FDS];
	unsigned int nr_fds;
};

/* dispatch.c */

/**
 * vfu_dispatch() - Carry out one request and answer it.
 * @v: server; @v->broken is set if the client cannot go on
 * @m: request
 */
void vfu_dispatch(struct vfu *v, struct vfu_msg *m);

/**
 * vfu_unmap_all() - Give all guest memory back.
 * @v: server
 */
void vfu_unmap_all(struct vfu *v);

/* irq.c */

extern const struct pcidev_host_ops vfu_host_ops;

/**
 * vfu_irq_count() - Interrupts of a kind that the function has.
 * @v: server
 * @index: as in linux/vfio.h
 *
 * Return: number, 0 for kinds that there are not.
 */
uint32_t vfu_irq_count(const struct vfu *v, uint32_t index);

/**
 * vfu_set_irqs() - Command SET_IRQS.
 * @v: server
 * @m: request
 *
 * Return: 0 or -errno for the reply.
 */
int vfu_set_irqs(struct vfu *v, struct vfu_msg *m);

/**
 * vfu_irq_init() - No eventfd is known.
 * @v: server
 */
void vfu_irq_init(struct vfu *v);

/**
 * vfu_irq_fini() - Close all eventfds.
 * @v: server
 */
void vfu_irq_fini(struct vfu *v);

/* vfu.c */

/**
 * vfu_reply() - Answer a request unless it wants no answer.
 * @v: server
 * @m: request
 * @err: 0 or -errno
 * @body: answer's body, ignored on errors
 * @len: bytes of @body
 */
void vfu_reply(struct vfu *v, const struct vfu_msg *m, int err,
	       const void *body, size_t len);

#endif
