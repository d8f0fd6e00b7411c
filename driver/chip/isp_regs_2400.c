// SPDX-License-Identifier: GPL-2.0
/* Register procedures of the 2400 and 2500 families. */
#include "isp_regs_2400.h"

#include <linux/bitfield.h>
#include <linux/errno.h>

#include "../core/isp_hba.h"
#include "../hw/isp_hw_mbox.h"
#include "../hw/isp_hw_regs_2400.h"

#define ALL_ONES 0xffffffff

/* Tries of 1 ms each before a reset step counts as failed. */
#define RESET_TRIES 500

enum reset_step {
	RESET_STOP_DMA,
	RESET_WAIT_DMA,
	RESET_WAIT_SOFT,
	RESET_WAIT_RISC,
};

static void reset_next(struct isp_step *step, u32 to)
{
	step->step = to;
	step->tries = 0;
}

static void risc_restart(struct isp_hba *hba)
{
	/* Each read makes sure that the write before it has arrived. */
	isp_wr32(hba, ISP24_HCCR, ISP24_HCCR_RESET_RISC);
	isp_rd32(hba, ISP24_HCCR);
	isp_wr32(hba, ISP24_HCCR, ISP24_HCCR_RELEASE_PAUSE);
	isp_rd32(hba, ISP24_HCCR);
	isp_wr32(hba, ISP24_HCCR, ISP24_HCCR_RELEASE_RESET);
	isp_rd32(hba, ISP24_HCCR);
}

/**
 * isp24_reset() - One step of the way from any state to a listening ROM.
 * @hba:  the adapter
 * @step: where it stands; zeroed by the caller at first
 *
 * Context: process. No lock needed: the chip is nobody else's now.
 * Return: 0 done; >0 call again after so many ms; -ETIMEDOUT: it did not come
 *         back; -ENODEV: it is not there.
 * Source: [qla2xxx qla_init.c qla24xx_reset_risc, O; stock-sequence 1, O]
 */
int isp24_reset(struct isp_hba *hba, struct isp_step *step)
{
	u32 ctrl = isp_rd32(hba, ISP24_CTRL_STATUS);

	if (ctrl == ALL_ONES)
		return -ENODEV;
	if (step->tries++ > RESET_TRIES)
		return -ETIMEDOUT;

	switch (step->step) {
	case RESET_STOP_DMA:
		hba->func = !!(ctrl & ISP24_CTRL_FUNCTION);
		isp_wr32(hba, ISP24_CTRL_STATUS,
			 ISP24_CTRL_DMA_SHUTDOWN | ISP24_CTRL_MAX_BURST_4096);
		reset_next(step, RESET_WAIT_DMA);
		return 1;
	case RESET_WAIT_DMA:
		/* The soft reset ends what does not end by itself. */
		if (ctrl & ISP24_CTRL_DMA_ACTIVE && step->tries <= RESET_TRIES)
			return 1;
		isp_wr32(hba, ISP24_CTRL_STATUS,
			 ISP24_CTRL_SOFT_RESET | ISP24_CTRL_DMA_SHUTDOWN |
				 ISP24_CTRL_MAX_BURST_4096);
		reset_next(step, RESET_WAIT_SOFT);
		return 1;
	case RESET_WAIT_SOFT:
		if (ctrl & ISP24_CTRL_SOFT_RESET ||
		    isp_rd16(hba, ISP24_MBOX(0)))
			return 1;
		risc_restart(hba);
		reset_next(step, RESET_WAIT_RISC);
		return 10;
	default:
		return isp_rd16(hba, ISP24_MBOX(0)) ? 1 : 0;
	}
}

/**
 * isp24_irq_enable() - Let the chip interrupt, or stop it.
 * @hba: the adapter
 * @on:  which
 *
 * Context: any.
 */
void isp24_irq_enable(struct isp_hba *hba, bool on)
{
	isp_wr32(hba, ISP24_INT_CTRL, on ? ISP24_INT_CTRL_ENABLE : 0);
	isp_rd32(hba, ISP24_INT_CTRL);
}

static void fetch_aen(struct isp_hba *hba, struct isp_irq *irq)
{
	unsigned int i;

	irq->kind = ISP_IRQ_AEN;
	irq->mb[0] = FIELD_GET(ISP24_HOST_STATUS_MB0, irq->raw);
	for (i = 1; i < ARRAY_SIZE(irq->mb); i++)
		irq->mb[i] = isp_rd16(hba, ISP24_MBOX(i));
}

/**
 * isp24_irq_fetch() - Read what the interrupt is about: one register read.
 * @hba: the adapter
 * @irq: out
 *
 * Context: hardirq, hba->lock held. An asynchronous event costs three more.
 * Source: [stock-sequence 0, O]
 */
void isp24_irq_fetch(struct isp_hba *hba, struct isp_irq *irq)
{
	irq->raw = isp_rd32(hba, ISP24_HOST_STATUS);
	if (irq->raw == ALL_ONES) {
		irq->kind = ISP_IRQ_GONE;
		return;
	}
	if (irq->raw & ISP24_HOST_STATUS_PAUSED) {
		irq->kind = ISP_IRQ_PAUSED;
		return;
	}
	if (!(irq->raw & ISP24_HOST_STATUS_INT)) {
		irq->kind = ISP_IRQ_NONE;
		return;
	}
	switch (FIELD_GET(ISP24_HOST_STATUS_REASON, irq->raw)) {
	case ISP24_REASON_ROM_MBOX_OK:
	case ISP24_REASON_ROM_MBOX_BAD:
	case ISP24_REASON_MBOX_OK:
	case ISP24_REASON_MBOX_BAD:
		irq->kind = ISP_IRQ_MBOX;
		break;
	case ISP24_REASON_AEN:
		fetch_aen(hba, irq);
		break;
	case ISP24_REASON_RSP:
	case ISP24_REASON_RSP_UPDATE:
		irq->kind = ISP_IRQ_RSP;
		break;
	case ISP24_REASON_ATIO:
		irq->kind = ISP_IRQ_ATIO;
		break;
	case ISP24_REASON_ATIO_RSP:
		irq->kind = ISP_IRQ_ATIO_RSP;
		break;
	default:
		irq->kind = ISP_IRQ_UNKNOWN;
		break;
	}
}

/**
 * isp24_irq_ack() - Clear the interrupt; posted, never read back.
 * @hba: the adapter
 *
 * Context: hardirq, hba->lock held.
 */
void isp24_irq_ack(struct isp_hba *hba)
{
	isp_wr32(hba, ISP24_HCCR, ISP24_HCCR_CLEAR_RISC_INT);
}

/**
 * isp24_mbox_write() - Start a mailbox command.
 * @hba: the adapter
 * @mbx: the command; all 32 registers are written, unused ones as 0
 *
 * Context: any, hba->lock held.
 */
void isp24_mbox_write(struct isp_hba *hba, const struct isp_mbox *mbx)
{
	unsigned int i;

	for (i = 0; i < ISP_NR_MBOX; i++)
		isp_wr16(hba, ISP24_MBOX(i), mbx->in[i]);
	isp_wr32(hba, ISP24_HCCR, ISP24_HCCR_SET_HOST_INT);
}

/**
 * isp24_mbox_read() - Fetch the answer of the command that ended.
 * @hba: the adapter
 * @mbx: the command
 *
 * Context: hardirq, hba->lock held, before the interrupt is cleared.
 */
void isp24_mbox_read(struct isp_hba *hba, struct isp_mbox *mbx)
{
	unsigned int i;

	for (i = 0; i < mbx->nr_out; i++)
		mbx->out[i] = isp_rd16(hba, ISP24_MBOX(i));
}

/**
 * isp24_ptr_write() - Tell the chip how far the host has come on a ring.
 * @hba:  the adapter
 * @ring: request: in-pointer; the others: out-pointer
 * @val:  entry number
 *
 * Context: any. Posted, never read back.
 */
void isp24_ptr_write(struct isp_hba *hba, enum isp_ring_id ring, u16 val)
{
	static const u8 reg[ISP_NR_RINGS] = {
		[ISP_RING_REQ] = ISP24_REQ_IN,
		[ISP_RING_RSP] = ISP24_RSP_OUT,
		[ISP_RING_ATIO] = ISP24_ATIO_OUT,
	};

	isp_wr32(hba, reg[ring], val);
}

/**
 * isp24_ptr_read() - Ask the chip how far it has come on a ring.
 * @hba:  the adapter
 * @ring: request: out-pointer; the others: in-pointer
 *
 * Context: any. Costs a round trip to the card.
 * Return: the raw register, not checked.
 */
u32 isp24_ptr_read(struct isp_hba *hba, enum isp_ring_id ring)
{
	static const u8 reg[ISP_NR_RINGS] = {
		[ISP_RING_REQ] = ISP24_REQ_OUT,
		[ISP_RING_RSP] = ISP24_RSP_IN,
		[ISP_RING_ATIO] = ISP24_ATIO_IN,
	};

	return isp_rd32(hba, reg[ring]);
}

/**
 * isp24_ptr_reset() - Zero every ring pointer, before the init mailbox.
 * @hba: the adapter
 *
 * Context: any.
 */
void isp24_ptr_reset(struct isp_hba *hba)
{
	static const u8 reg[] = {
		ISP24_REQ_IN,  ISP24_REQ_OUT, ISP24_RSP_IN,
		ISP24_RSP_OUT, ISP24_ATIO_IN, ISP24_ATIO_OUT,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reg); i++)
		isp_wr32(hba, reg[i], 0);
	isp_rd32(hba, ISP24_HCCR);
}

/**
 * isp24_flash_start() - Begin to read a dword of flash or NVRAM.
 * @hba:  the adapter
 * @addr: dword address with the window's base
 *
 * Context: any.
 */
void isp24_flash_start(struct isp_hba *hba, u32 addr)
{
	isp_wr32(hba, ISP24_FLASH_ADDR, addr & ~ISP24_FLASH_ADDR_DATA_FLAG);
}

/**
 * isp24_flash_poll() - Has the dword come?
 * @hba: the adapter
 * @val: out
 *
 * Context: any.
 * Return: true if @val is it.
 */
bool isp24_flash_poll(struct isp_hba *hba, u32 *val)
{
	if (!(isp_rd32(hba, ISP24_FLASH_ADDR) & ISP24_FLASH_ADDR_DATA_FLAG))
		return false;
	*val = isp_rd32(hba, ISP24_FLASH_DATA);
	return true;
}

/**
 * isp24_mbox_load() - Fill in the command that loads RISC memory.
 * @mbx:  set up by isp_mbox_setup()
 * @addr: where to, RISC words
 * @nr:   how many RISC words
 * @dma:  where from
 *
 * Context: any.
 * Source: [qla2xxx qla_mbx.c qla2x00_load_ram, O]
 */
void isp24_mbox_load(struct isp_mbox *mbx, u32 addr, u32 nr, dma_addr_t dma)
{
	mbx->in[0] = ISP_MBOX_LOAD_RAM_EXT;
	mbx->in[1] = addr;
	mbx->in[8] = addr >> 16;
	mbx->in[4] = nr >> 16;
	mbx->in[5] = nr;
	isp24_mbox_dma(mbx, dma);
}

/**
 * isp24_mbox_exec() - Fill in the command that starts the firmware.
 * @mbx:  set up by isp_mbox_setup()
 * @addr: where, RISC words
 *
 * Context: any.
 * Source: [qla2xxx qla_mbx.c qla2x00_execute_fw, O]
 */
void isp24_mbox_exec(struct isp_mbox *mbx, u32 addr)
{
	mbx->in[0] = ISP_MBOX_EXEC_FW;
	mbx->in[1] = addr >> 16;
	mbx->in[2] = addr;
}

/**
 * isp24_mbox_verify() - Fill in the command that checks what was loaded.
 * @mbx:  set up by isp_mbox_setup()
 * @addr: start, RISC words
 *
 * Context: any.
 * Source: [qla2xxx qla_mbx.c qla2x00_verify_checksum, O]
 */
void isp24_mbox_verify(struct isp_mbox *mbx, u32 addr)
{
	mbx->in[0] = ISP_MBOX_VERIFY_CHECKSUM;
	mbx->in[1] = addr >> 16;
	mbx->in[2] = addr;
}
