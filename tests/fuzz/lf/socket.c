// SPDX-License-Identifier: GPL-2.0
/*
 * What comes on a vfio-user socket: messages of any command, size and body, with
 * descriptors or without, cut into pieces or not, and bytes that are none. The
 * server may only cut this client off: the next one is served, and nothing that
 * was sent along stays open.
 */
#include "fuzz.h"

#include "vclient.h"
#include "vfu/vfu_int.h"

#include <fcntl.h>
#include <linux/vfio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BAR1 VFIO_PCI_BAR1_REGION_INDEX
#define MAX_OPS 48U
#define MAX_BODY 200U
#define MEM_SIZE 0x4000U

static const char version[] = "\0\0\1\0{\"capabilities\":{}}";
static struct toy toy;
static struct fuzz_in in;
static int sock = -1;
static int memfd = -1;
static int efd = -1;
static int bellfd = -1;
static struct ev_fd bell;

static void ring_bell(struct ev_fd *f, uint32_t events)
{
	(void)events;
	ev_quit(f->ev);
}

/* No room but for a header: each message lies in a block of its very size. */
static void shrink(struct vfu *v)
{
	if (v->rx_len || v->rx_cap == VFU_HDR_LEN)
		return;
	v->rx = realloc(v->rx, VFU_HDR_LEN);
	v->rx_cap = VFU_HDR_LEN;
	fuzz_want(v->rx);
}

/*
 * Let the server look at what there is. A unix socket needs no time, and the
 * bell always rings: so nobody waits.
 */
static void turn(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		shrink(toy.vfu);
		ev_run(toy.ev);
	}
}

static void plug_in(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", toy.path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	fuzz_want(sock >= 0);
	fuzz_want(!connect(sock, (struct sockaddr *)&addr, sizeof(addr)));
	turn();
}

/* What was sent before is still read, piece by piece. */
static void unplug(void)
{
	unsigned int i;

	close(sock);
	for (i = 0; toy.vfu->conn.ev; i++) {
		fuzz_want(i < 8 * MAX_OPS);
		turn();
	}
}

static void send_bytes(const uint8_t *p, size_t len, const int *fds,
		       unsigned int nr_fds)
{
	char ctl[CMSG_SPACE(32 * sizeof(int))] = { 0 };
	struct iovec iov = { (void *)p, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *h;

	if (!len)
		return;
	if (nr_fds) {
		msg.msg_control = ctl;
		msg.msg_controllen = CMSG_SPACE(nr_fds * sizeof(int));
		h = CMSG_FIRSTHDR(&msg);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(nr_fds * sizeof(int));
		memcpy(CMSG_DATA(h), fds, nr_fds * sizeof(int));
	}
	/* Cut off, or not taken: as the server wants. */
	if (sendmsg(sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
}

static size_t drain(uint8_t *to, size_t len)
{
	size_t got = 0;
	ssize_t n;

	turn();
	while (got < len &&
	       (n = recv(sock, to + got, len - got, MSG_DONTWAIT)) > 0)
		got += (size_t)n;
	return got;
}

static void put_header(uint8_t *msg, uint16_t cmd, size_t body)
{
	memset(msg, 0, VFU_HDR_LEN);
	put_le16(msg + VFU_HDR_ID, 7);
	put_le16(msg + VFU_HDR_CMD, cmd);
	put_le32(msg + VFU_HDR_SIZE, (uint32_t)(VFU_HDR_LEN + body));
}

/* ---- the wild client ---- */

/* A body that could be one: what the input says is taken modulo sense. */
static size_t sane_body(uint16_t cmd, uint8_t *p)
{
	uint8_t a = fuzz_u8(&in), b = fuzz_u8(&in);

	switch (cmd) {
	case VFU_VERSION:
		memcpy(p, version, sizeof(version));
		return sizeof(version);
	case VFU_DMA_MAP:
		put_le32(p, VFU_MAP_LEN);
		put_le32(p + VFU_MAP_FLAGS, a & 3);
		put_le64(p + VFU_MAP_OFFSET, (a >> 2 & 3) * 0x1000U);
		put_le64(p + VFU_MAP_IOVA, (b & 15) * 0x1000U);
		put_le64(p + VFU_MAP_SIZE, (b >> 4) * 0x1000U);
		return VFU_MAP_LEN;
	case VFU_DMA_UNMAP:
		put_le32(p, VFU_UNMAP_LEN);
		put_le32(p + VFU_UNMAP_FLAGS, a & 2);
		put_le64(p + VFU_UNMAP_IOVA, (b & 15) * 0x1000U);
		put_le64(p + VFU_UNMAP_SIZE, (b >> 4) * 0x1000U);
		return VFU_UNMAP_LEN;
	case VFU_SET_IRQS:
		put_le32(p, VFU_SET_DATA);
		put_le32(p + VFU_SET_FLAGS, 1U << (a & 3) | 8U << (a >> 2 & 3));
		put_le32(p + VFU_SET_INDEX, a >> 4 & 7);
		put_le32(p + VFU_SET_START, b & 3);
		put_le32(p + VFU_SET_COUNT, b >> 2 & 3);
		return VFU_SET_DATA + (b >> 4 & 3);
	case VFU_REGION_READ:
	case VFU_REGION_WRITE:
		put_le64(p + VFU_RW_OFFSET, a * (b & 0x80 ? 64U : 4U));
		put_le32(p + VFU_RW_REGION, b & 15);
		put_le32(p + VFU_RW_COUNT, 1U << (b >> 4 & 3));
		return VFU_RW_DATA + 8;
	default:
		put_le32(p, 64);
		p[8] = a;
		return 32;
	}
}

static void message(uint8_t how)
{
	uint8_t msg[VFU_HDR_LEN + MAX_BODY] = { 0 };
	uint16_t cmd = fuzz_u8(&in);
	unsigned int nr_fds = how >> 5, i;
	uint8_t *body = msg + VFU_HDR_LEN;
	size_t len;
	int fds[VFU_MAX_FDS + 8];

	len = sane_body(cmd, body);
	if (how & 2)
		fuzz_patch(&in, body, len);
	if (how & 4)
		len = fuzz_u8(&in) % MAX_BODY;
	put_header(msg, cmd, len);
	if (how & 8)
		fuzz_patch(&in, msg, VFU_HDR_LEN);
	if (nr_fds == 7)
		nr_fds = fuzz_u8(&in) % (VFU_MAX_FDS + 8);
	for (i = 0; i < nr_fds; i++)
		fds[i] = (how & 0x10) != 0 ? memfd : efd;
	send_bytes(msg, VFU_HDR_LEN + len, fds, nr_fds);
}

static void bytes(uint8_t nr)
{
	uint8_t buf[64];
	size_t i, len = nr % sizeof(buf);

	for (i = 0; i < len; i++)
		buf[i] = fuzz_u8(&in);
	send_bytes(buf, len, &efd, nr >> 7);
}

static void one_op(void)
{
	static uint8_t taken[65536];
	uint8_t op = fuzz_u8(&in);

	switch (op % 16) {
	case 0:
		bytes(fuzz_u8(&in));
		break;
	case 1:
		drain(taken, sizeof(taken));
		break;
	case 2:
		turn();
		break;
	case 3:
		pcidev_irq(&toy.dev, op >> 7);
		break;
	case 4:
		pcidev_intx(&toy.dev, op >> 7);
		break;
	case 5:
		unplug();
		plug_in();
		break;
	default:
		message(fuzz_u8(&in));
	}
}

/* ---- the good client ---- */

static uint64_t call(uint16_t cmd, const uint8_t *body, size_t len, int fd)
{
	uint8_t msg[VFU_HDR_LEN + MAX_BODY], out[512];
	size_t got;

	put_header(msg, cmd, len);
	memcpy(msg + VFU_HDR_LEN, body, len);
	send_bytes(msg, VFU_HDR_LEN + len, &fd, fd >= 0);
	got = drain(out, sizeof(out));
	fuzz_want(got >= VFU_HDR_LEN && got == get_le32(out + VFU_HDR_SIZE));
	fuzz_want(get_le32(out + VFU_HDR_FLAGS) == VFU_FLAG_REPLY);
	fuzz_want(get_le16(out + VFU_HDR_CMD) == cmd);
	if (got < VFU_HDR_LEN + VFU_RW_DATA + 4)
		return 0;
	return get_le32(out + VFU_HDR_LEN + VFU_RW_DATA);
}

static uint32_t access_reg(bool write, uint32_t region, uint64_t off,
			   uint32_t val)
{
	uint8_t body[VFU_RW_DATA + 4];

	put_le64(body + VFU_RW_OFFSET, off);
	put_le32(body + VFU_RW_REGION, region);
	put_le32(body + VFU_RW_COUNT, 4);
	put_le32(body + VFU_RW_DATA, val);
	return (uint32_t)call(write ? VFU_REGION_WRITE : VFU_REGION_READ, body,
			      write ? sizeof(body) : VFU_RW_DATA, -1);
}

static void good_client(void)
{
	uint8_t map[VFU_MAP_LEN] = { VFU_MAP_LEN };

	plug_in();
	call(VFU_VERSION, (const uint8_t *)version, sizeof(version), -1);
	access_reg(true, VFIO_PCI_CONFIG_REGION_INDEX, 4, 7);
	put_le32(map + VFU_MAP_FLAGS, 3);
	put_le64(map + VFU_MAP_IOVA, 0x100000);
	put_le64(map + VFU_MAP_SIZE, MEM_SIZE);
	call(VFU_DMA_MAP, map, sizeof(map), memfd);
	access_reg(true, BAR1, TOY_DMA_ADDR, 0x100000);
	access_reg(true, BAR1, TOY_DMA_ADDR + 4, 0);
	access_reg(true, BAR1, TOY_SCRATCH, 0x600df00d);
	access_reg(true, BAR1, TOY_DMA_WRITE, 0);
	access_reg(true, BAR1, TOY_SCRATCH, 0);
	access_reg(true, BAR1, TOY_DMA_READ, 0);
	fuzz_want(access_reg(false, BAR1, TOY_SCRATCH, 0) == 0x600df00d);
	unplug();
}

/* The lowest free descriptor tells of one that was forgotten. */
static int next_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t msg[VFU_HDR_LEN + sizeof(version)];
	uint8_t cfg[VFU_HDR_LEN + VFU_RW_DATA + 2] = { 0 };
	unsigned int i;
	int before;

	if (memfd < 0) {
		memfd = memfd_create("guest", MFD_CLOEXEC);
		efd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		bellfd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
		fuzz_want(memfd >= 0 && efd >= 0 && bellfd >= 0);
		fuzz_want(!ftruncate(memfd, MEM_SIZE));
	}
	in = (struct fuzz_in){ data, len };
	toy_start(&toy, PCIDEV_IRQ_MSIX);
	fuzz_want(!ev_fd_start(&bell, toy.ev, bellfd, EPOLLIN, ring_bell));
	before = next_fd();
	plug_in();
	/* All but a few are let in first. */
	if (fuzz_u8(&in) % 16) {
		put_header(msg, VFU_VERSION, sizeof(version));
		memcpy(msg + VFU_HDR_LEN, version, sizeof(version));
		send_bytes(msg, sizeof(msg), NULL, 0);
		put_header(cfg, VFU_REGION_WRITE, VFU_RW_DATA + 2);
		cfg[VFU_HDR_LEN + VFU_RW_OFFSET] = 4;
		cfg[VFU_HDR_LEN + VFU_RW_REGION] = VFIO_PCI_CONFIG_REGION_INDEX;
		cfg[VFU_HDR_LEN + VFU_RW_COUNT] = 2;
		cfg[VFU_HDR_LEN + VFU_RW_DATA] = 7;
		send_bytes(cfg, sizeof(cfg), NULL, 0);
		turn();
	}
	for (i = 0; i < MAX_OPS && in.left; i++)
		one_op();
	unplug();
	good_client();
	fuzz_want(next_fd() == before);
	ev_fd_stop(&bell);
	toy_stop(&toy);
	return 0;
}
