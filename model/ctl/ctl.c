// SPDX-License-Identifier: GPL-2.0
/* The socket of the control protocol: clients, lines, answers. */
#include "ctl/ctl.h"

#include "ctl/cmds.h"
#include "ctl/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MAX_LEN 65536U
#define TX_MAX (64U << 20)
#define MAX_CLIENTS 64U

struct client {
	struct ctl *ctl;
	struct client *next;
	struct ev_fd io;
	struct ctl_lines rx;
	char *tx;
	size_t tx_len;
	size_t tx_cap;
	bool eof;
	bool broken;
};

struct ctl {
	struct model *m;
	char *path;
	struct ev_fd listen;
	struct client *clients;
	unsigned int nr_clients;
};

static void client_free(struct client *c)
{
	struct client **at = &c->ctl->clients;
	int fd = c->io.fd;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->ctl->nr_clients--;
	ev_fd_stop(&c->io);
	close(fd);
	ctl_lines_fini(&c->rx);
	free(c->tx);
	free(c);
}

static void flush(struct client *c)
{
	ssize_t n = 0;

	if (c->tx_len)
		n = send(c->io.fd, c->tx, c->tx_len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			c->broken = true;
		n = 0;
	}
	if (n) {
		c->tx_len -= (size_t)n;
		memmove(c->tx, c->tx + n, c->tx_len);
	}
	if (c->eof && !c->tx_len)
		c->broken = true;
	if (!c->broken)
		ev_fd_set(&c->io,
			  (c->eof ? 0 : EPOLLIN) | (c->tx_len ? EPOLLOUT : 0));
}

static void answer(struct client *c, const char *line)
{
	cJSON *json = ctl_run(c->ctl->m, line);
	char *text = cJSON_PrintUnformatted(json);
	size_t len;

	cJSON_Delete(json);
	if (!text)
		abort();
	len = strlen(text);
	if (c->tx_len + len + 1 > c->tx_cap) {
		c->tx_cap = 2 * (c->tx_len + len + 1);
		c->tx = realloc(c->tx, c->tx_cap);
		if (!c->tx)
			abort();
	}
	memcpy(c->tx + c->tx_len, text, len);
	c->tx[c->tx_len + len] = '\n';
	c->tx_len += len + 1;
	if (c->tx_len > TX_MAX)
		c->broken = true;
	free(text);
}

static void handle_lines(struct client *c)
{
	const char *line;

	while (!c->broken && (line = ctl_lines_next(&c->rx)))
		answer(c, line);
	if (c->rx.lost)
		c->eof = true;
}

/* Take what has come. */
static void receive(struct client *c)
{
	size_t room;
	char *to = ctl_lines_room(&c->rx, &room);
	ssize_t n = recv(c->io.fd, to, room, MSG_DONTWAIT);

	if (n > 0) {
		ctl_lines_add(&c->rx, (size_t)n);
		handle_lines(c);
	} else if (n == 0) {
		c->eof = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		c->broken = true;
	}
}

static void on_client(struct ev_fd *f, uint32_t events)
{
	struct client *c = container_of(f, struct client, io);

	if (events & EPOLLERR) {
		client_free(c);
		return;
	}
	if (!c->eof && events & (EPOLLIN | EPOLLHUP))
		receive(c);
	else if (events & EPOLLHUP)
		c->broken = true;
	if (!c->broken)
		flush(c);
	if (c->broken)
		client_free(c);
}

static void on_listen(struct ev_fd *f, uint32_t events)
{
	struct ctl *ctl = container_of(f, struct ctl, listen);
	struct client *c;
	int fd;

	(void)events;
	fd = accept4(f->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (ctl->nr_clients == MAX_CLIENTS) {
		close(fd);
		return;
	}
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->ctl = ctl;
	ctl_lines_init(&c->rx, LINE_MAX_LEN);
	if (ev_fd_start(&c->io, ctl->m->ev, fd, EPOLLIN, on_client)) {
		close(fd);
		ctl_lines_fini(&c->rx);
		free(c);
		return;
	}
	c->next = ctl->clients;
	ctl->clients = c;
	ctl->nr_clients++;
}

int ctl_new(struct model *m, const char *path, struct ctl **out)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct ctl *ctl;
	int fd, ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -EADDRINUSE;
	}
	if (errno == ECONNREFUSED)
		unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(fd, 16)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	ctl = calloc(1, sizeof(*ctl));
	if (!ctl)
		abort();
	ctl->m = m;
	ctl->path = strdup(path);
	ret = ev_fd_start(&ctl->listen, m->ev, fd, EPOLLIN, on_listen);
	if (ret) {
		ctl->listen.fd = fd;
		ctl_free(ctl);
		return ret;
	}
	*out = ctl;
	return 0;
}

void ctl_free(struct ctl *ctl)
{
	struct client *c, *next;

	if (!ctl)
		return;
	for (c = ctl->clients; c; c = next) {
		next = c->next;
		/* The answer to a quit shall still arrive. */
		flush(c);
		client_free(c);
	}
	ev_fd_stop(&ctl->listen);
	close(ctl->listen.fd);
	unlink(ctl->path);
	free(ctl->path);
	free(ctl);
}
