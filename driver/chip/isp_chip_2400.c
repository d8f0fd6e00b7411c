// SPDX-License-Identifier: GPL-2.0
/* The 2400 family's op table. */
#include "isp_chip_2400.h"

static u32 nvram_addr(struct isp_hba *hba, u32 *nr_dwords)
{
	*nr_dwords = ISP24_NVRAM_DWORDS;
	return ISP24_FLASH_BASE_NVRAM +
	       (hba->func ? ISP24_NVRAM_FUNC1 : ISP24_NVRAM_FUNC0);
}

const struct isp_chip_ops isp_chip_2400_ops = {
	.family = "2400",
	.fw_name = "ql2400_fw.bin",
	.caps = ISP24_SHARED_CAPS | ISP_CAP_STOP_FW,
	.flash_fw = ISP24_FLASH_BASE_DATA + ISP24_FLASH_FW,
	.nvram_addr = nvram_addr,
	ISP24_SHARED_OPS,
};
