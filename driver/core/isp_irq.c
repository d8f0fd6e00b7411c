// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt handlers, one per vector.
 *
 * THE RULE OF THE CLEAR
 * The clear command is chip-wide: which interrupt it clears depends on whether
 * the host status was read since the last clear. So hba->lock is held from the
 * read to the clear on the default vector, and round the clear on the response
 * vector, and each interrupt is cleared exactly once.
 *
 * ATIO news count as taken when the host status is read, therefore the clear
 * comes first and the ring is walked after it: what arrives in between makes a
 * new interrupt. Response news are looked at again by the chip when the clear
 * arrives, therefore the ring is walked, the out-pointer written, and the
 * clear comes last.
 *
 * Without MSI-X, response news come on the only vector; no other handler can
 * clear in between, so that the lock may be let go to walk the ring.
 */
#include "isp_irq.h"

#include <linux/device.h>

#include "isp_hba.h"
#include "isp_link.h"
#include "isp_trace.h"

static void ack(struct isp_hba *hba)
{
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->chip->irq_ack(hba);
	spin_unlock_irqrestore(&hba->lock, flags);
}

static void handle_aen(struct isp_hba *hba, const u16 *mb)
{
	hba->stats.nr_aen++;
	isp_trace_aen(hba, mb);
	isp_link_aen(hba, mb);
}

/* What an interrupt is about, but for responses; @mbx: it answers this one. */
static void serve(struct isp_hba *hba, const struct isp_irq *irq,
		  struct isp_mbox *mbx)
{
	switch (irq->kind) {
	case ISP_IRQ_MBOX:
		if (mbx)
			isp_mbox_finish(hba, mbx, 0);
		break;
	case ISP_IRQ_AEN:
		handle_aen(hba, irq->mb);
		break;
	case ISP_IRQ_ATIO:
	case ISP_IRQ_ATIO_RSP:
		isp_ring_drain(hba, ISP_RING_ATIO);
		break;
	case ISP_IRQ_GONE:
		isp_hba_fault(hba, "the card does not answer (all ones)");
		break;
	case ISP_IRQ_PAUSED:
		isp_hba_fault(hba, "the chip's processor has stopped");
		break;
	case ISP_IRQ_UNKNOWN:
		dev_warn_ratelimited(
			hba->dev, "interrupt for no reason: %08x\n", irq->raw);
		break;
	default:
		break;
	}
}

/**
 * isp_irq_default() - Default vector, MSI or INTx.
 * @hba: the adapter
 *
 * One register read, one clear.
 *
 * Context: hardirq.
 * Return: false: it was not ours (shared line).
 */
bool isp_irq_default(struct isp_hba *hba)
{
	struct isp_mbox *mbx = NULL;
	bool drain_rsp = false;
	bool acked = true;
	struct isp_irq irq;
	unsigned long flags;

	spin_lock_irqsave(&hba->lock, flags);
	hba->chip->irq_fetch(hba, &irq);
	switch (irq.kind) {
	case ISP_IRQ_NONE:
	case ISP_IRQ_GONE:
	case ISP_IRQ_PAUSED:
		acked = false;
		break;
	case ISP_IRQ_RSP:
	case ISP_IRQ_ATIO_RSP:
		drain_rsp = true;
		break;
	case ISP_IRQ_MBOX:
		mbx = isp_mbox_answer_locked(hba);
		fallthrough;
	default:
		hba->chip->irq_ack(hba);
		break;
	}
	spin_unlock_irqrestore(&hba->lock, flags);

	if (drain_rsp) {
		isp_ring_drain(hba, ISP_RING_RSP);
		ack(hba);
	}
	if (!acked && irq.kind == ISP_IRQ_NONE) {
		hba->stats.nr_irq_bogus++;
		return false;
	}
	hba->stats.nr_irq++;
	serve(hba, &irq, mbx);
	return true;
}

/**
 * isp_irq_response() - Response vector of MSI-X: no read, one clear.
 * @hba: the adapter
 *
 * Context: hardirq.
 */
void isp_irq_response(struct isp_hba *hba)
{
	hba->stats.nr_irq++;
	isp_ring_drain(hba, ISP_RING_RSP);
	ack(hba);
}
