// SPDX-License-Identifier: GPL-2.0
/* The socket of a vfio-user server: clients, messages, descriptors. */
#include "vfu/vfu_int.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define RX_START 0x10000U
/* A client that takes no answers is cut off here. */
#define TX_MAX (8U << 20)

/* ---- sending ---- */

static void append(struct vfu *v, const void *data, size_t len)
{
	if (v->tx_len + len > v->tx_cap) {
		size_t cap = 2 * (v->tx_len + len);
		uint8_t *tx = realloc(v->tx, cap);

		if (!tx)
			abort();
		v->tx = tx;
		v->tx_cap = cap;
	}
	memcpy(v->tx + v->tx_len, data, len);
	v->tx_len += len;
	if (v->tx_len > TX_MAX)
		v->broken = "answers are not taken";
}

static void flush(struct vfu *v)
{
	ssize_t n;

	n = send(v->conn.fd, v->tx, v->tx_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			v->broken = "";
		return;
	}
	v->tx_len -= (size_t)n;
	memmove(v->tx, v->tx + n, v->tx_len);
	if (!v->tx_len)
		ev_fd_set(&v->conn, EPOLLIN);
}

void vfu_reply(struct vfu *v, const struct vfu_msg *m, int err,
	       const void *body, size_t len)
{
	uint8_t hdr[VFU_HDR_LEN];
	struct iovec iov[2] = { { hdr, sizeof(hdr) }, { (void *)body, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t n = 0;

	if (m->no_reply || v->broken)
		return;
	if (err)
		len = 0;
	iov[1].iov_len = len;
	put_le16(hdr + VFU_HDR_ID, m->id);
	put_le16(hdr + VFU_HDR_CMD, m->cmd);
	put_le32(hdr + VFU_HDR_SIZE, (uint32_t)(sizeof(hdr) + len));
	put_le32(hdr + VFU_HDR_FLAGS,
		 VFU_FLAG_REPLY | (err ? VFU_FLAG_ERROR : 0));
	put_le32(hdr + VFU_HDR_ERROR, (uint32_t)-err);
	if (!v->tx_len) {
		n = sendmsg(v->conn.fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			v->broken = "";
			return;
		}
		if (n < 0)
			n = 0;
	}
	if ((size_t)n < sizeof(hdr)) {
		append(v, hdr + n, sizeof(hdr) - (size_t)n);
		n = sizeof(hdr);
	}
	n -= (ssize_t)sizeof(hdr);
	if ((size_t)n < len)
		append(v, (const uint8_t *)body + n, len - (size_t)n);
	if (v->tx_len)
		ev_fd_set(&v->conn, EPOLLIN | EPOLLOUT);
}

/* ---- clients ---- */

static void drop_fds(struct vfu *v, uint64_t before)
{
	unsigned int i, kept = 0;

	for (i = 0; i < v->nr_fds; i++) {
		if (v->fds[i].at >= before)
			v->fds[kept++] = v->fds[i];
		else
			close(v->fds[i].fd);
	}
	v->nr_fds = kept;
}

static void disconnect(struct vfu *v)
{
	const char *why = v->broken;
	int fd = v->conn.fd;

	if (!v->conn.ev)
		return;
	if (why && *why)
		judge_raise(v->dev->jp, VERDICT_VFU_PROTOCOL, "%s", why);
	ev_fd_stop(&v->conn);
	close(fd);
	if (v->ready)
		pcidev_detach_host(v->dev);
	v->ready = false;
	vfu_irq_fini(v);
	vfu_unmap_all(v);
	drop_fds(v, UINT64_MAX);
	v->rx_len = 0;
	v->rx_at = 0;
	v->tx_len = 0;
	v->broken = NULL;
}

/* Take over the descriptors of one recvmsg(); they came with message @at. */
static void collect_fds(struct vfu *v, struct msghdr *msg, uint64_t at)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		const uint8_t *p = CMSG_DATA(c);
		size_t nr, i;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		nr = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < nr; i++) {
			int fd;

			memcpy(&fd, p + i * sizeof(int), sizeof(fd));
			if (v->nr_fds == ARRAY_SIZE(v->fds)) {
				close(fd);
				v->broken = "too many descriptors";
				continue;
			}
			v->fds[v->nr_fds].fd = fd;
			v->fds[v->nr_fds++].at = at;
		}
	}
	if (msg->msg_flags & MSG_CTRUNC)
		v->broken = "too many descriptors in one message";
}

/*
 * Where in rx the last message begins that has begun there. The kernel ends a
 * read behind the bytes that descriptors came with, so they belong to it.
 */
static size_t last_start(const struct vfu *v)
{
	size_t pos = 0;

	while (v->rx_len - pos >= VFU_HDR_LEN) {
		uint32_t size = get_le32(v->rx + pos + VFU_HDR_SIZE);

		if (size < VFU_HDR_LEN || size >= v->rx_len - pos)
			break;
		pos += size;
	}
	return pos;
}

static void grow_rx(struct vfu *v, size_t need)
{
	uint8_t *rx;

	if (need <= v->rx_cap)
		return;
	rx = realloc(v->rx, need);
	if (!rx)
		abort();
	v->rx = rx;
	v->rx_cap = need;
}

/* Return: false if there is nothing to handle. */
static bool receive(struct vfu *v)
{
	union {
		char buf[CMSG_SPACE(VFU_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} ctl;
	struct iovec iov = { v->rx + v->rx_len, v->rx_cap - v->rx_len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ctl.buf,
		.msg_controllen = sizeof(ctl.buf),
	};
	ssize_t n;

	n = recvmsg(v->conn.fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		v->broken = "";
		return false;
	}
	v->rx_len += (size_t)n;
	if (msg.msg_controllen)
		collect_fds(v, &msg, v->rx_at + last_start(v));
	return true;
}

/* Descriptors of the message at stream position @at move into it. */
static void take_fds(struct vfu *v, struct vfu_msg *m, uint64_t at)
{
	unsigned int i, kept = 0;

	for (i = 0; i < v->nr_fds; i++) {
		if (v->fds[i].at == at && m->nr_fds < VFU_MAX_FDS)
			m->fds[m->nr_fds++] = v->fds[i].fd;
		else
			v->fds[kept++] = v->fds[i];
	}
	v->nr_fds = kept;
}

static void handle_one(struct vfu *v, const uint8_t *p, uint32_t size,
		       uint64_t at)
{
	uint32_t flags = get_le32(p + VFU_HDR_FLAGS);
	struct vfu_msg m = {
		.hdr = p,
		.cmd = get_le16(p + VFU_HDR_CMD),
		.id = get_le16(p + VFU_HDR_ID),
		.body = p + VFU_HDR_LEN,
		.len = size - VFU_HDR_LEN,
		.no_reply = flags & VFU_FLAG_NO_REPLY,
	};
	unsigned int i;

	if (flags & VFU_FLAG_TYPE) {
		v->broken = "a reply to no request";
		return;
	}
	if (v->nr_fds)
		take_fds(v, &m, at);
	vfu_dispatch(v, &m);
	for (i = 0; i < m.nr_fds; i++)
		if (m.fds[i] >= 0)
			close(m.fds[i]);
}

static void handle_all(struct vfu *v)
{
	size_t pos = 0;

	while (!v->broken && v->rx_len - pos >= VFU_HDR_LEN) {
		uint32_t size = get_le32(v->rx + pos + VFU_HDR_SIZE);

		if (size < VFU_HDR_LEN || size > VFU_MAX_MSG) {
			v->broken = "a size out of range";
			break;
		}
		if (size > v->rx_len - pos) {
			grow_rx(v, size);
			break;
		}
		handle_one(v, v->rx + pos, size, v->rx_at + pos);
		pos += size;
	}
	v->rx_len -= pos;
	v->rx_at += pos;
	memmove(v->rx, v->rx + pos, v->rx_len);
	drop_fds(v, v->rx_at);
}

static void on_conn(struct ev_fd *f, uint32_t events)
{
	struct vfu *v = container_of(f, struct vfu, conn);

	if (events & EPOLLOUT)
		flush(v);
	if (!v->broken && events & (EPOLLIN | EPOLLHUP | EPOLLERR) &&
	    receive(v))
		handle_all(v);
	if (v->broken)
		disconnect(v);
}

/* A client that died unnoticed must not keep the next one out. */
static bool is_dead(const struct vfu *v)
{
	char c;

	return recv(v->conn.fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void on_listen(struct ev_fd *f, uint32_t events)
{
	struct vfu *v = container_of(f, struct vfu, listen);
	int fd;

	(void)events;
	fd = accept4(f->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (v->conn.ev && is_dead(v)) {
		v->broken = "";
		disconnect(v);
	}
	if (v->conn.ev || ev_fd_start(&v->conn, v->ev, fd, EPOLLIN, on_conn)) {
		close(fd);
		return;
	}
	v->rx_at = 0;
}

/* ---- server ---- */

/* A socket file that nobody serves any more may be replaced. */
static int clear_path(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		ret = -EADDRINUSE;
	else if (errno == ECONNREFUSED)
		unlink(addr->sun_path);
	close(fd);
	return ret;
}

static int open_listen(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	ret = clear_path(&addr);
	if (ret)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(fd, 4)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return fd;
}

int vfu_new(struct ev *ev, struct pcidev *dev, const char *path,
	    struct vfu **out)
{
	struct vfu *v;
	int fd, ret;

	fd = open_listen(path);
	if (fd < 0)
		return fd;
	v = calloc(1, sizeof(*v));
	if (!v)
		abort();
	v->ev = ev;
	v->dev = dev;
	v->path = strdup(path);
	grow_rx(v, RX_START);
	vfu_irq_init(v);
	/* The stock client never shows us its MSI-X table. */
	dev->host_table = true;
	ret = ev_fd_start(&v->listen, ev, fd, EPOLLIN, on_listen);
	if (ret) {
		v->listen.fd = fd;
		vfu_free(v);
		return ret;
	}
	*out = v;
	return 0;
}

void vfu_free(struct vfu *v)
{
	if (!v)
		return;
	if (v->conn.ev)
		disconnect(v);
	ev_fd_stop(&v->listen);
	close(v->listen.fd);
	unlink(v->path);
	free(v->path);
	free(v->rx);
	free(v->tx);
	free(v);
}

bool vfu_is_connected(const struct vfu *v)
{
	return v->ready;
}
