/* SPDX-License-Identifier: GPL-2.0 */
/* A vfio-user server: plugs one PCI function into whatever connects. */
#ifndef MODEL_VFU_H
#define MODEL_VFU_H

#include "base.h"

struct ev;
struct pcidev;
struct vfu;

/**
 * vfu_new() - Listen on a socket for the guest of a PCI function.
 * @ev: loop in real time
 * @dev: function with its chip; must outlive the server
 * @path: of the unix socket; an old socket there is replaced
 * @out: the server
 *
 * One client at a time. When it goes, the function is reset and the next
 * client may come. Nothing that a client sends harms anything but itself.
 *
 * Return: 0; -EADDRINUSE: somebody else serves that socket; -ENAMETOOLONG;
 *	   other -errno of bind() and listen().
 */
int vfu_new(struct ev *ev, struct pcidev *dev, const char *path,
	    struct vfu **out);

/**
 * vfu_free() - Disconnect the client, close and remove the socket.
 * @v: server or NULL
 */
void vfu_free(struct vfu *v);

/**
 * vfu_is_connected() - Is there a guest?
 * @v: server
 *
 * Return: true from the client's version message until it goes.
 */
bool vfu_is_connected(const struct vfu *v);

#endif
