// SPDX-License-Identifier: GPL-2.0
/* Interrupts to the guest: eventfds, and INTx as a level with automask. */
#include "vfu/vfu_int.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <sys/epoll.h>
#include <unistd.h>

#define UNSENT_MSI (1U << 31)

static void signal_fd(int fd)
{
	uint64_t one = 1;

	/* Full or closed at the other end: the guest's own loss. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

static void intx_update(struct vfu *v)
{
	if (!v->intx_level || v->intx_masked || v->intx_fd < 0)
		return;
	v->intx_masked = true;
	v->dev->jp->n.irqs_intx++;
	signal_fd(v->intx_fd);
}

static void on_intx(void *host, bool level)
{
	struct vfu *v = host;

	v->intx_level = level;
	intx_update(v);
}

static void on_msi(void *host, enum pcidev_irq_mode mode, unsigned int vector)
{
	struct vfu *v = host;
	int fd = mode == PCIDEV_IRQ_MSI ? v->msi_fd : v->msix_fd[vector];

	if (fd >= 0)
		signal_fd(fd);
	else
		v->unsent |= mode == PCIDEV_IRQ_MSI ? UNSENT_MSI : 1U << vector;
}

const struct pcidev_host_ops vfu_host_ops = {
	.msi_fire = on_msi,
	.intx_level = on_intx,
};

uint32_t vfu_irq_count(const struct vfu *v, uint32_t index)
{
	enum pcidev_irq_mode offered = v->dev->id.irq;

	switch (index) {
	case VFIO_PCI_INTX_IRQ_INDEX:
		return 1;
	case VFIO_PCI_MSI_IRQ_INDEX:
		return offered >= PCIDEV_IRQ_MSI;
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return offered >= PCIDEV_IRQ_MSIX ? PCIDEV_NR_VECTORS : 0;
	default:
		return 0;
	}
}

static int *fd_of(struct vfu *v, uint32_t index, uint32_t sub)
{
	if (index == VFIO_PCI_INTX_IRQ_INDEX)
		return &v->intx_fd;
	if (index == VFIO_PCI_MSI_IRQ_INDEX)
		return &v->msi_fd;
	return &v->msix_fd[sub];
}

/* A new eventfd, or -1 to have none; what waited for one is sent. */
static void assign(struct vfu *v, uint32_t index, uint32_t sub, int fd)
{
	int *place = fd_of(v, index, sub);
	uint32_t bit = 1U << sub;

	if (*place >= 0)
		close(*place);
	*place = fd;
	if (index == VFIO_PCI_INTX_IRQ_INDEX) {
		v->intx_masked = false;
		intx_update(v);
		return;
	}
	if (index == VFIO_PCI_MSI_IRQ_INDEX)
		bit = UNSENT_MSI;
	if (fd >= 0) {
		int flags = fcntl(fd, F_GETFL);

		/* Whatever it is: it must not block everybody. */
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
		if (v->unsent & bit)
			signal_fd(fd);
	}
	v->unsent &= ~bit;
}

static void set_mask(struct vfu *v, uint32_t index, uint32_t sub, bool mask)
{
	if (index == VFIO_PCI_INTX_IRQ_INDEX) {
		v->intx_masked = mask;
		intx_update(v);
	} else if (index == VFIO_PCI_MSIX_IRQ_INDEX) {
		pcidev_msix_mask(v->dev, sub, mask);
	}
}

static int set_trigger(struct vfu *v, struct vfu_msg *m, uint32_t data,
		       uint32_t index, uint32_t start, uint32_t count)
{
	uint32_t i;

	if (data == VFIO_IRQ_SET_DATA_NONE && !count) {
		for (i = 0; i < vfu_irq_count(v, index); i++)
			assign(v, index, i, -1);
		return 0;
	}
	if (!count)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		if (data == VFIO_IRQ_SET_DATA_EVENTFD) {
			assign(v, index, start + i, m->nr_fds ? m->fds[i] : -1);
			if (m->nr_fds)
				m->fds[i] = -1;
			continue;
		}
		/* A loop-back trigger, asked for by the client itself. */
		if (data == VFIO_IRQ_SET_DATA_BOOL &&
		    !m->body[VFU_SET_DATA + i])
			continue;
		if (*fd_of(v, index, start + i) >= 0)
			signal_fd(*fd_of(v, index, start + i));
	}
	return 0;
}

static void drop_resample(struct vfu *v)
{
	if (!v->resample.ev)
		return;
	ev_fd_stop(&v->resample);
	close(v->resample.fd);
}

static void on_resample(struct ev_fd *f, uint32_t events)
{
	struct vfu *v = container_of(f, struct vfu, resample);
	uint64_t nr;
	ssize_t n;

	(void)events;
	n = read(f->fd, &nr, sizeof(nr));
	if (n < 0 && errno == EAGAIN)
		return;
	if (n != sizeof(nr)) {
		/* No eventfd: it would be readable for ever. */
		drop_resample(v);
		return;
	}
	v->intx_masked = false;
	intx_update(v);
}

/*
 * Where the client's kernel handles interrupts (KVM), an eventfd says that the
 * guest has ended one, instead of an unmask message.
 */
static int set_resample(struct vfu *v, struct vfu_msg *m, uint32_t index,
			uint32_t count)
{
	int ret = 0;

	if (index != VFIO_PCI_INTX_IRQ_INDEX || count != 1)
		return -EOPNOTSUPP;
	drop_resample(v);
	if (m->nr_fds) {
		fcntl(m->fds[0], F_SETFL,
		      fcntl(m->fds[0], F_GETFL) | O_NONBLOCK);
		ret = ev_fd_start(&v->resample, v->ev, m->fds[0], EPOLLIN,
				  on_resample);
		if (!ret)
			m->fds[0] = -1;
	}
	return ret;
}

static bool is_one_bit(uint32_t x)
{
	return x && !(x & (x - 1));
}

int vfu_set_irqs(struct vfu *v, struct vfu_msg *m)
{
	uint32_t flags, data, action, index, start, count, max, i;

	if (m->len < VFU_SET_DATA)
		return -EINVAL;
	flags = get_le32(m->body + VFU_SET_FLAGS);
	index = get_le32(m->body + VFU_SET_INDEX);
	start = get_le32(m->body + VFU_SET_START);
	count = get_le32(m->body + VFU_SET_COUNT);
	data = flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	action = flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	max = vfu_irq_count(v, index);
	if ((data | action) != flags || !is_one_bit(data) ||
	    !is_one_bit(action) || start > max || count > max - start)
		return -EINVAL;
	if (data == VFIO_IRQ_SET_DATA_BOOL && m->len - VFU_SET_DATA < count)
		return -EINVAL;
	if (data == VFIO_IRQ_SET_DATA_EVENTFD && m->nr_fds &&
	    m->nr_fds != count)
		return -EINVAL;
	if (action == VFIO_IRQ_SET_ACTION_TRIGGER)
		return set_trigger(v, m, data, index, start, count);
	if (data == VFIO_IRQ_SET_DATA_EVENTFD)
		return action == VFIO_IRQ_SET_ACTION_UNMASK ?
			       set_resample(v, m, index, count) :
			       -EOPNOTSUPP;
	for (i = 0; i < count; i++)
		if (data == VFIO_IRQ_SET_DATA_NONE || m->body[VFU_SET_DATA + i])
			set_mask(v, index, start + i,
				 action == VFIO_IRQ_SET_ACTION_MASK);
	return 0;
}

void vfu_irq_init(struct vfu *v)
{
	uint32_t i;

	v->intx_fd = -1;
	v->msi_fd = -1;
	for (i = 0; i < PCIDEV_NR_VECTORS; i++)
		v->msix_fd[i] = -1;
}

void vfu_irq_fini(struct vfu *v)
{
	uint32_t i;

	drop_resample(v);
	assign(v, VFIO_PCI_INTX_IRQ_INDEX, 0, -1);
	assign(v, VFIO_PCI_MSI_IRQ_INDEX, 0, -1);
	for (i = 0; i < PCIDEV_NR_VECTORS; i++)
		assign(v, VFIO_PCI_MSIX_IRQ_INDEX, i, -1);
	v->intx_level = false;
	v->unsent = 0;
}
