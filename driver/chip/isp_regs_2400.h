/* SPDX-License-Identifier: GPL-2.0 */
/* Register procedures, firmware, NVRAM and ICB of the 2400 and 2500 families. */
#ifndef ISP_REGS_2400_H
#define ISP_REGS_2400_H

#include "../core/isp_chip.h"

/* Where every mailbox command of these families has its DMA address. */
static inline void isp24_mbox_dma(struct isp_mbox *mbx, u64 addr)
{
	mbx->in[2] = addr >> 16;
	mbx->in[3] = addr;
	mbx->in[6] = addr >> 48;
	mbx->in[7] = addr >> 32;
}

int isp24_reset(struct isp_hba *hba, struct isp_step *step);
void isp24_irq_enable(struct isp_hba *hba, bool on);
void isp24_irq_fetch(struct isp_hba *hba, struct isp_irq *irq);
void isp24_irq_ack(struct isp_hba *hba);
void isp24_mbox_write(struct isp_hba *hba, const struct isp_mbox *mbx);
void isp24_mbox_read(struct isp_hba *hba, struct isp_mbox *mbx);
void isp24_ptr_write(struct isp_hba *hba, enum isp_ring_id ring, u16 val);
u32 isp24_ptr_read(struct isp_hba *hba, enum isp_ring_id ring);
void isp24_ptr_reset(struct isp_hba *hba);
void isp24_flash_start(struct isp_hba *hba, u32 addr);
bool isp24_flash_poll(struct isp_hba *hba, u32 *val);
int isp24_nvram_decode(const u32 *dwords, struct isp_nvram *nv);
int isp24_fw_map(const void *image, size_t len, struct isp_fw_map *map);
u32 isp24_fw_need(const void *image, u32 have, u32 max);
void isp24_fw_put(void *image, u32 idx, u32 dword);
void isp24_fw_copy(void *dst, const void *src, u32 nr);
void isp24_mbox_load(struct isp_mbox *mbx, u32 addr, u32 nr, dma_addr_t dma);
void isp24_mbox_exec(struct isp_mbox *mbx, u32 addr);
void isp24_mbox_verify(struct isp_mbox *mbx, u32 addr);
int isp24_init_next(struct isp_hba *hba, unsigned int nr, void *buf,
		    dma_addr_t dma, struct isp_mbox *mbx);

#endif
