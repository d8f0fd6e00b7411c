/* SPDX-License-Identifier: GPL-2.0 */
/* The control socket: one JSON object per line in, one per line out. */
#ifndef MODEL_CTL_H
#define MODEL_CTL_H

struct ctl;
struct model;

/**
 * ctl_new() - Listen for control clients.
 * @m: the model that they control
 * @path: of the unix socket; an old socket there is replaced
 * @out: the server
 *
 * Return: 0; -EADDRINUSE: somebody else serves that socket; -ENAMETOOLONG;
 *	   other -errno of bind() and listen().
 */
int ctl_new(struct model *m, const char *path, struct ctl **out);

/**
 * ctl_free() - Disconnect all clients, close and remove the socket.
 * @ctl: server or NULL
 */
void ctl_free(struct ctl *ctl);

#endif
