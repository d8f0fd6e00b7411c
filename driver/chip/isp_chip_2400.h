/* SPDX-License-Identifier: GPL-2.0 */
/* Ops that the 2400 and 2500 families share: what differs is in their files. */
#ifndef ISP_CHIP_2400_H
#define ISP_CHIP_2400_H

#include "../core/isp_hba.h"
#include "../hw/isp_hw_2400.h"
#include "../hw/isp_hw_regs_2400.h"
#include "isp_codec_2400.h"
#include "isp_regs_2400.h"

/* N_Port handles that the firmware reserves. [qla_def.h NPH_*, O] */
#define ISP24_HANDLE_SNS 0x7fc
#define ISP24_HANDLE_FL 0x7fe

#define ISP24_SHARED_CAPS                                   \
	(ISP_CAP_FC | ISP_CAP_ATIO_RING | ISP_CAP_CT_IOCB | \
	 ISP_CAP_LOGIO_IOCB | ISP_CAP_MSIX | ISP_CAP_FLASH_FW)

/* clang-format off */
#define ISP24_SHARED_OPS				\
	.nr_mbox = 32,					\
	.ram_word = 4,					\
	.handle_sns = ISP24_HANDLE_SNS,			\
	.handle_fl = ISP24_HANDLE_FL,			\
	.reset = isp24_reset,				\
	.irq_enable = isp24_irq_enable,			\
	.irq_fetch = isp24_irq_fetch,			\
	.irq_ack = isp24_irq_ack,			\
	.mbox_write = isp24_mbox_write,			\
	.mbox_read = isp24_mbox_read,			\
	.ptr_write = isp24_ptr_write,			\
	.ptr_read = isp24_ptr_read,			\
	.ptr_reset = isp24_ptr_reset,			\
	.flash_start = isp24_flash_start,		\
	.flash_poll = isp24_flash_poll,			\
	.nvram_decode = isp24_nvram_decode,		\
	.fw_map = isp24_fw_map,				\
	.fw_need = isp24_fw_need,			\
	.fw_put = isp24_fw_put,				\
	.fw_copy = isp24_fw_copy,			\
	.mbox_load = isp24_mbox_load,			\
	.mbox_exec = isp24_mbox_exec,			\
	.mbox_verify = isp24_mbox_verify,		\
	.init_next = isp24_init_next,			\
	.ctio_entries = isp24_ctio_entries,		\
	.ctio_one_step = isp24_ctio_one_step,		\
	.ctio_encode = isp24_ctio_encode,		\
	.ack_encode = isp24_ack_encode,			\
	.abts_rsp_encode = isp24_abts_rsp_encode,	\
	.marker_encode = isp24_marker_encode,		\
	.logio_encode = isp24_logio_encode,		\
	.ct_encode = isp24_ct_encode,			\
	.decode = isp24_decode,				\
	.entry_type = isp24_entry_type,			\
	.entry_count = isp24_entry_count
/* clang-format on */

#endif
