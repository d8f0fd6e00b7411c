/* SPDX-License-Identifier: GPL-2.0 */
/* Registers of the 2400 and 2500 families, memory BAR, byte offsets. */
#ifndef ISP_HW_REGS_2400_H
#define ISP_HW_REGS_2400_H

#include <linux/bits.h>

/* [qla2xxx qla_fw.h device_reg_24xx, O; FreeBSD ispreg.h BIU2400, O] */
#define ISP24_FLASH_ADDR 0x00
#define ISP24_FLASH_ADDR_DATA_FLAG BIT(31)
#define ISP24_FLASH_DATA 0x04
#define ISP24_CTRL_STATUS 0x08
#define ISP24_CTRL_SOFT_RESET BIT(0)
#define ISP24_CTRL_MAX_BURST_4096 (3 << 4)
#define ISP24_CTRL_FUNCTION BIT(15)
#define ISP24_CTRL_DMA_SHUTDOWN BIT(16)
#define ISP24_CTRL_DMA_ACTIVE BIT(17)
#define ISP24_INT_CTRL 0x0c
#define ISP24_INT_CTRL_ENABLE BIT(3)
#define ISP24_INT_STATUS 0x10
/* gap 0x14 .. 0x1b */
#define ISP24_REQ_IN 0x1c
#define ISP24_REQ_OUT 0x20
#define ISP24_RSP_IN 0x24
#define ISP24_RSP_OUT 0x28
#define ISP24_PRIO_REQ_IN 0x2c
#define ISP24_PRIO_REQ_OUT 0x30
/* gap 0x34 .. 0x3b */
#define ISP24_ATIO_IN 0x3c
#define ISP24_ATIO_OUT 0x40
#define ISP24_HOST_STATUS 0x44
#define ISP24_HOST_STATUS_REASON GENMASK(7, 0)
#define ISP24_HOST_STATUS_PAUSED BIT(8)
#define ISP24_HOST_STATUS_INT BIT(15)
#define ISP24_HOST_STATUS_MB0 GENMASK(31, 16)
#define ISP24_HCCR 0x48
/* gap 0x4c GPIO .. 0x7f */
#define ISP24_MBOX(n) (0x80 + 2 * (n))
#define ISP24_REGS_LEN 0xc0

/* Reasons in the host status. [stock-sequence section 0, O] */
enum isp24_reason {
	ISP24_REASON_ROM_MBOX_OK = 0x01,
	ISP24_REASON_ROM_MBOX_BAD = 0x02,
	ISP24_REASON_MBOX_OK = 0x10,
	ISP24_REASON_MBOX_BAD = 0x11,
	ISP24_REASON_AEN = 0x12,
	ISP24_REASON_RSP = 0x13,
	ISP24_REASON_RSP_UPDATE = 0x14,
	ISP24_REASON_ATIO = 0x1c,
	ISP24_REASON_ATIO_RSP = 0x1d,
};

/* Commands written to the HCCR. */
enum isp24_hccr {
	ISP24_HCCR_RESET_RISC = 0x10000000,
	ISP24_HCCR_RELEASE_RESET = 0x20000000,
	ISP24_HCCR_PAUSE_RISC = 0x30000000,
	ISP24_HCCR_RELEASE_PAUSE = 0x40000000,
	ISP24_HCCR_SET_HOST_INT = 0x50000000,
	ISP24_HCCR_CLEAR_HOST_INT = 0x60000000,
	ISP24_HCCR_CLEAR_RISC_INT = 0xa0000000,
};

/* Windows behind the flash address register, dwords. [qla_fw.h FARX_*, O] */
#define ISP24_FLASH_BASE_DATA 0x7ff00000
#define ISP24_FLASH_BASE_NVRAM 0x7ffe0000
#define ISP24_NVRAM_FUNC0 0x80
#define ISP24_NVRAM_FUNC1 0x180
/* Default place of the firmware. [qla2xxx qla_sup.c def_fw, O] */
#define ISP24_FLASH_FW 0x20000
#define ISP25_FLASH_FW 0x20000
#define ISP25_FLASH_NVRAM 0x48000

#endif
