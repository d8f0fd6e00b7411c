// SPDX-License-Identifier: GPL-2.0
/* Numbers and steps of drivers gone wild. */
#include "badhost.h"

#include "entry.h"

#define REG_HCCR 0x48U
#define HCCR_SET_HOST_INT (5U << 28)
#define REG_MBOX 0x80U
#define NR_MBOX 32U

static void no_msi(void *host, enum pcidev_irq_mode mode, unsigned int vector)
{
	(void)host;
	(void)mode;
	(void)vector;
}

static void no_intx(void *host, bool level)
{
	(void)host;
	(void)level;
}

const struct pcidev_host_ops badhost_deaf = { no_msi, no_intx };

uint8_t badhost_entry_type(uint32_t nr)
{
	static const uint8_t types[] = { 0x03, 0x04, 0x06, 0x0a, 0x0d, 0x0e,
					 0x10, 0x12, 0x14, 0x18, 0x29, 0x30,
					 0x31, 0x32, 0x33, 0x39, 0x48, 0x52,
					 0x53, 0x54, 0x55, 0x7a };

	return types[nr % ARRAY_SIZE(types)];
}

uint16_t badhost_login_flags(uint32_t nr)
{
	static const uint16_t flags[] = {
		LOGIN_PLOGI,
		LOGIN_SERVER,
		LOGIN_LOGO,
		LOGIN_LOGO | LOGIN_IMPLICIT,
		LOGIN_LOGO | LOGIN_IMPLICIT | LOGIN_FREE,
	};

	return flags[nr % ARRAY_SIZE(flags)];
}

void badhost_mbox_buffer(uint16_t *mb, uint64_t iova)
{
	mb[2] = (uint16_t)(iova >> 16);
	mb[3] = (uint16_t)iova;
	mb[6] = (uint16_t)(iova >> 48);
	mb[7] = (uint16_t)(iova >> 32);
}

void badhost_mbox_run(struct host *h, const uint16_t *mb)
{
	unsigned int i;

	for (i = 0; i < NR_MBOX; i++)
		host_wr(h, REG_MBOX + 2 * i, mb[i]);
	host_wr(h, REG_HCCR, HCCR_SET_HOST_INT);
}
