// SPDX-License-Identifier: GPL-2.0
/* A vfio-user client for tests, and a toy chip to talk to. */
#include "vclient.h"

#include "vfu/guard.h"

#include <errno.h>
#include <linux/vfio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- toy chip ---- */

static uint32_t toy_read(void *chip, unsigned int bar, uint32_t off,
			 unsigned int size)
{
	struct toy *t = chip;

	(void)bar;
	(void)size;
	return t->reg[off / 4] >> 8 * (off & 3);
}

static void toy_dma(struct toy *t, bool write)
{
	uint64_t at = get_le64(&t->reg[TOY_DMA_ADDR / 4]);
	int ret;

	if (write)
		ret = pcidev_dma_write(&t->dev, at, &t->reg[0], 4);
	else
		ret = pcidev_dma_read(&t->dev, at, &t->reg[0], 4);
	if (ret)
		t->bad_dma++;
}

static void toy_write(void *chip, unsigned int bar, uint32_t off,
		      unsigned int size, uint32_t val)
{
	struct toy *t = chip;

	(void)bar;
	(void)size;
	if (off == TOY_INTX)
		pcidev_intx(&t->dev, val & 1);
	else if (off == TOY_IRQ)
		pcidev_irq(&t->dev, val % PCIDEV_NR_VECTORS);
	else if (off == TOY_DMA_READ || off == TOY_DMA_WRITE)
		toy_dma(t, off == TOY_DMA_WRITE);
	else
		t->reg[off / 4] = val;
}

static void toy_reset(void *chip, enum pcidev_reset why)
{
	struct toy *t = chip;

	(void)why;
	memset(t->reg, 0, sizeof(t->reg));
	t->resets++;
}

static const struct pcidev_ops toy_ops = {
	.bar_read = toy_read,
	.bar_write = toy_write,
	.reset = toy_reset,
};

void toy_start(struct toy *t, enum pcidev_irq_mode irq)
{
	static unsigned int nr;
	struct pcidev_id id = {
		.device = 0x2532,
		.subsystem = 0x015c,
		.revision = 2,
		.pin = 1,
		.irq = irq,
	};

	memset(t, 0, sizeof(*t));
	signal(SIGPIPE, SIG_IGN);
	guard_init();
	t->ev = ev_new(EV_CLOCK_REAL);
	t->judge = judge_new(t->ev);
	t->jp = judge_port_new(t->judge, "toy.0");
	pcidev_init(&t->dev, &id, t->jp);
	pcidev_attach_chip(&t->dev, &toy_ops, t);
	snprintf(t->path, sizeof(t->path), "/tmp/vclient.%d.%u", getpid(),
		 nr++);
	if (vfu_new(t->ev, &t->dev, t->path, &t->vfu))
		abort();
}

void toy_stop(struct toy *t)
{
	vfu_free(t->vfu);
	pcidev_fini(&t->dev);
	judge_free(t->judge);
	ev_free(t->ev);
}

void toy_turn(struct toy *t)
{
	ev_run_until(t->ev, ev_now_ns(t->ev) + EV_MS / 4);
}

/* ---- client ---- */

bool vclient_connect(struct vclient *c, struct toy *t)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memset(c, 0, sizeof(*c));
	c->t = t;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", t->path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&addr, sizeof(addr)))
		return false;
	toy_turn(t);
	return true;
}

bool vclient_start(struct vclient *c, struct toy *t)
{
	static const char version[] = "\0\0\1\0{\"capabilities\":{}}";

	if (!vclient_connect(c, t))
		return false;
	if (vclient_call(c, VFU_VERSION, version, sizeof(version), NULL, 0))
		return false;
	return !vclient_write(c, VFIO_PCI_CONFIG_REGION_INDEX, 0x04, 2, 0x7);
}

void vclient_close(struct vclient *c)
{
	close(c->fd);
	toy_turn(c->t);
}

void vclient_raw(struct vclient *c, const void *data, size_t len,
		 const int *fds, unsigned int nr_fds)
{
	char ctl[CMSG_SPACE(64 * sizeof(int))] = { 0 };
	const uint8_t *p = data;

	while (len) {
		struct iovec iov = { (void *)p, len };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n;

		if (nr_fds) {
			struct cmsghdr *h;

			msg.msg_control = ctl;
			msg.msg_controllen = CMSG_SPACE(nr_fds * sizeof(int));
			h = CMSG_FIRSTHDR(&msg);
			h->cmsg_level = SOL_SOCKET;
			h->cmsg_type = SCM_RIGHTS;
			h->cmsg_len = CMSG_LEN(nr_fds * sizeof(int));
			memcpy(CMSG_DATA(h), fds, nr_fds * sizeof(int));
		}
		n = sendmsg(c->fd, &msg, MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
			nr_fds = 0;
		}
		if (len)
			toy_turn(c->t);
	}
}

void vclient_send(struct vclient *c, uint16_t cmd, uint32_t flags,
		  const void *body, size_t len, const int *fds,
		  unsigned int nr_fds)
{
	uint8_t *msg = calloc(1, VFU_HDR_LEN + len);

	if (!msg)
		abort();
	put_le16(msg + VFU_HDR_ID, ++c->id);
	put_le16(msg + VFU_HDR_CMD, cmd);
	put_le32(msg + VFU_HDR_SIZE, (uint32_t)(VFU_HDR_LEN + len));
	put_le32(msg + VFU_HDR_FLAGS, flags);
	if (len)
		memcpy(msg + VFU_HDR_LEN, body, len);
	vclient_raw(c, msg, VFU_HDR_LEN + len, fds, nr_fds);
	free(msg);
}

/* Read exactly @len bytes, letting the server run in between. */
static bool read_all(struct vclient *c, uint8_t *to, size_t len)
{
	uint64_t end = ev_now_ns(c->t->ev) + EV_SEC;

	while (len) {
		ssize_t n = recv(c->fd, to, len, MSG_DONTWAIT);

		if (n > 0) {
			to += n;
			len -= (size_t)n;
			continue;
		}
		if (n == 0 || errno != EAGAIN || ev_now_ns(c->t->ev) > end)
			return false;
		toy_turn(c->t);
	}
	return true;
}

bool vclient_recv(struct vclient *c)
{
	uint8_t hdr[VFU_HDR_LEN];
	uint32_t size, flags;

	if (!read_all(c, hdr, sizeof(hdr)))
		return false;
	size = get_le32(hdr + VFU_HDR_SIZE);
	flags = get_le32(hdr + VFU_HDR_FLAGS);
	if (size < VFU_HDR_LEN || size - VFU_HDR_LEN > sizeof(c->body) ||
	    (flags & VFU_FLAG_TYPE) != VFU_FLAG_REPLY)
		return false;
	c->error = flags & VFU_FLAG_ERROR ? get_le32(hdr + VFU_HDR_ERROR) : 0;
	c->len = size - VFU_HDR_LEN;
	return read_all(c, c->body, c->len) &&
	       get_le16(hdr + VFU_HDR_ID) == c->id;
}

int vclient_call(struct vclient *c, uint16_t cmd, const void *body, size_t len,
		 const int *fds, unsigned int nr_fds)
{
	vclient_send(c, cmd, 0, body, len, fds, nr_fds);
	return vclient_recv(c) ? (int)c->error : -1;
}

bool vclient_is_cut(struct vclient *c)
{
	uint64_t end = ev_now_ns(c->t->ev) + EV_SEC;
	char buf[4096];

	while (ev_now_ns(c->t->ev) < end) {
		ssize_t n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			return true;
		toy_turn(c->t);
	}
	return false;
}

int vclient_read(struct vclient *c, uint32_t region, uint64_t off,
		 uint32_t count, uint64_t *val)
{
	uint8_t body[VFU_RW_DATA];
	uint8_t data[8] = { 0 };
	int ret;

	put_le64(body + VFU_RW_OFFSET, off);
	put_le32(body + VFU_RW_REGION, region);
	put_le32(body + VFU_RW_COUNT, count);
	ret = vclient_call(c, VFU_REGION_READ, body, sizeof(body), NULL, 0);
	if (!ret && c->len == VFU_RW_DATA + count)
		memcpy(data, c->body + VFU_RW_DATA, count < 8 ? count : 8);
	else if (!ret)
		ret = -1;
	*val = get_le64(data);
	return ret;
}

int vclient_write(struct vclient *c, uint32_t region, uint64_t off,
		  uint32_t count, uint64_t val)
{
	uint8_t body[VFU_RW_DATA + 8];

	put_le64(body + VFU_RW_OFFSET, off);
	put_le32(body + VFU_RW_REGION, region);
	put_le32(body + VFU_RW_COUNT, count);
	put_le64(body + VFU_RW_DATA, val);
	return vclient_call(c, VFU_REGION_WRITE, body, VFU_RW_DATA + count,
			    NULL, 0);
}

int vclient_map(struct vclient *c, int fd, uint64_t offset, uint64_t iova,
		uint64_t size, uint32_t flags)
{
	uint8_t body[VFU_MAP_LEN];

	put_le32(body, VFU_MAP_LEN);
	put_le32(body + VFU_MAP_FLAGS, flags);
	put_le64(body + VFU_MAP_OFFSET, offset);
	put_le64(body + VFU_MAP_IOVA, iova);
	put_le64(body + VFU_MAP_SIZE, size);
	return vclient_call(c, VFU_DMA_MAP, body, sizeof(body), &fd, fd >= 0);
}

int vclient_unmap(struct vclient *c, uint64_t iova, uint64_t size,
		  uint32_t flags)
{
	uint8_t body[VFU_UNMAP_LEN];

	put_le32(body, VFU_UNMAP_LEN);
	put_le32(body + VFU_UNMAP_FLAGS, flags);
	put_le64(body + VFU_UNMAP_IOVA, iova);
	put_le64(body + VFU_UNMAP_SIZE, size);
	return vclient_call(c, VFU_DMA_UNMAP, body, sizeof(body), NULL, 0);
}

int vclient_set_irqs(struct vclient *c, uint32_t flags, uint32_t index,
		     uint32_t start, uint32_t count, const int *fds,
		     unsigned int nr_fds)
{
	uint8_t body[VFU_SET_DATA];

	put_le32(body, VFU_SET_DATA);
	put_le32(body + VFU_SET_FLAGS, flags);
	put_le32(body + VFU_SET_INDEX, index);
	put_le32(body + VFU_SET_START, start);
	put_le32(body + VFU_SET_COUNT, count);
	return vclient_call(c, VFU_SET_IRQS, body, sizeof(body), fds, nr_fds);
}
