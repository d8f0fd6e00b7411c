/* SPDX-License-Identifier: GPL-2.0 */
/* A PCI function: configuration space, BARs, interrupts and DMA. */
#ifndef MODEL_PCIDEV_H
#define MODEL_PCIDEV_H

#include "base.h"
#include "judge/judge.h"
#include "mem/mem.h"

#define PCIDEV_CFG_SIZE 4096U
#define PCIDEV_BAR_IO 0U /* registers through I/O space */
#define PCIDEV_BAR_IO_SIZE 0x100U
#define PCIDEV_BAR_MEM 1U /* registers, MSI-X table; 64-bit: takes BAR 2 */
#define PCIDEV_BAR_MEM_SIZE 0x4000U
#define PCIDEV_MSIX_TABLE 0x2000U
#define PCIDEV_MSIX_PBA 0x3000U
#define PCIDEV_NR_VECTORS 2U /* default vector and response vector */

/**
 * enum pcidev_irq_mode - How interrupts leave the function.
 * @PCIDEV_IRQ_INTX: level; use pcidev_intx()
 * @PCIDEV_IRQ_MSI: one message
 * @PCIDEV_IRQ_MSIX: PCIDEV_NR_VECTORS messages
 *
 * In the identity: the best that the function offers. From
 * pcidev_irq_mode(): what the guest has enabled.
 */
enum pcidev_irq_mode {
	PCIDEV_IRQ_INTX,
	PCIDEV_IRQ_MSI,
	PCIDEV_IRQ_MSIX,
};

/**
 * enum pcidev_reset - Why the function is reset.
 * @PCIDEV_RESET_POWER: power on; also a new guest on the socket
 * @PCIDEV_RESET_BUS: function-level or bus reset by the guest
 */
enum pcidev_reset {
	PCIDEV_RESET_POWER,
	PCIDEV_RESET_BUS,
};

/**
 * struct pcidev_id - What the configuration space says.
 * @device: 0x2432 or 0x2532 (vendor is 0x1077)
 * @subsystem: subsystem device id
 * @subvendor: subsystem vendor; 0: QLogic (0x1077)
 * @revision: revision id
 * @pin: interrupt pin, 1 = INTA#
 * @multi: the card has more than one function
 * @irq: greatest interrupt mode that is offered
 */
struct pcidev_id {
	uint16_t device;
	uint16_t subsystem;
	uint16_t subvendor;
	uint8_t revision;
	uint8_t pin;
	bool multi;
	enum pcidev_irq_mode irq;
};

/**
 * struct pcidev_ops - Calls into the chip.
 * @bar_read: @size is 1, 2 or 4 and @off is aligned to it and in range; the
 *	BAR is PCIDEV_BAR_IO or PCIDEV_BAR_MEM below PCIDEV_MSIX_TABLE
 * @bar_write: likewise
 * @reset: everything back to power-on state; guest memory may be gone
 */
struct pcidev_ops {
	uint32_t (*bar_read)(void *chip, unsigned int bar, uint32_t off,
			     unsigned int size);
	void (*bar_write)(void *chip, unsigned int bar, uint32_t off,
			  unsigned int size, uint32_t val);
	void (*reset)(void *chip, enum pcidev_reset why);
};

/**
 * struct pcidev_host_ops - Calls to whoever plugged the function in.
 * @msi_fire: send message @vector of mode MSI or MSI-X
 * @intx_level: the INTx wire of this function changed; the frontend counts
 *	irqs_intx each time that it really interrupts the guest
 */
struct pcidev_host_ops {
	void (*msi_fire)(void *host, enum pcidev_irq_mode mode,
			 unsigned int vector);
	void (*intx_level)(void *host, bool level);
};

/**
 * struct pcidev - One PCI function.
 * @jp: its port in the judge's records
 * @id: identity
 * @ops: the chip; NULL until pcidev_attach_chip()
 * @chip: for @ops
 * @host_ops: the frontend; NULL while nothing is plugged in
 * @host: for @host_ops
 * @mem: guest memory for DMA; bus mastering follows the command register
 * @cfg: configuration space as read
 * @wmask: bits of @cfg that the guest may change
 * @table: MSI-X table as the guest wrote it
 * @msix_masked: vectors masked by their table entry
 * @pending: messages that came while masked; bit = vector
 * @host_table: the frontend keeps the MSI-X table and its masks itself
 * @intx: level that the chip wants
 * @intx_wire: level on the wire (the guest may disable INTx)
 * @gone: surprise removed: all ones, no DMA, no interrupts
 */
struct pcidev {
	struct judge_port *jp;
	struct pcidev_id id;
	const struct pcidev_ops *ops;
	void *chip;
	const struct pcidev_host_ops *host_ops;
	void *host;
	struct mem mem;
	uint8_t cfg[PCIDEV_CFG_SIZE];
	uint8_t wmask[PCIDEV_CFG_SIZE];
	uint8_t table[16 * PCIDEV_NR_VECTORS];
	uint32_t msix_masked;
	uint32_t pending;
	bool host_table;
	bool intx;
	bool intx_wire;
	bool gone;
};

/* ---- making ---- */

/**
 * pcidev_init() - Make a function in power-on state.
 * @dev: function
 * @id: identity
 * @jp: port in the judge's records
 */
void pcidev_init(struct pcidev *dev, const struct pcidev_id *id,
		 struct judge_port *jp);

/**
 * pcidev_fini() - Undo pcidev_init().
 * @dev: function
 */
void pcidev_fini(struct pcidev *dev);

/**
 * pcidev_attach_chip() - Put a chip behind the function.
 * @dev: function
 * @ops: calls into the chip
 * @chip: for @ops
 */
void pcidev_attach_chip(struct pcidev *dev, const struct pcidev_ops *ops,
			void *chip);

/* ---- services for the chip ---- */

/**
 * pcidev_irq_mode() - What the guest has enabled now.
 * @dev: function
 *
 * Return: the mode; INTx if neither MSI nor MSI-X is enabled.
 */
enum pcidev_irq_mode pcidev_irq_mode(const struct pcidev *dev);

/**
 * pcidev_irq() - Send a message for one new event.
 * @dev: function
 * @vector: 0 = default, 1 = response; MSI has only one, so both are that
 *
 * A masked vector pends. In INTx mode nothing happens: see pcidev_intx().
 */
void pcidev_irq(struct pcidev *dev, unsigned int vector);

/**
 * pcidev_intx() - The chip's interrupt line, to be told in every mode.
 * @dev: function
 * @level: true while an enabled interrupt is pending in the chip
 *
 * Reaches the wire only in INTx mode with INTx not disabled.
 */
void pcidev_intx(struct pcidev *dev, bool level);

/**
 * pcidev_dma_read() - DMA from guest memory; counts, and judges failures.
 * @dev: function
 * @iova: bus address
 * @buf: destination
 * @len: bytes
 *
 * Return: 0; -EFAULT after a verdict: the chip reports its own DMA error.
 */
int pcidev_dma_read(struct pcidev *dev, uint64_t iova, void *buf, size_t len);

/**
 * pcidev_dma_write() - DMA to guest memory; counts, and judges failures.
 * @dev: function
 * @iova: bus address
 * @buf: source
 * @len: bytes
 *
 * Return: 0; -EFAULT after a verdict.
 */
int pcidev_dma_write(struct pcidev *dev, uint64_t iova, const void *buf,
		     size_t len);

/**
 * pcidev_dma_at() - As mem_at() with counting and judging.
 * @dev: function
 * @iova: bus address
 * @len: bytes, not 0
 * @write: the chip will write
 *
 * Return: pointer for use in this callback only, or NULL after a verdict.
 */
void *pcidev_dma_at(struct pcidev *dev, uint64_t iova, size_t len, bool write);

/**
 * pcidev_dma_copy() - Move data from one function's guest to another's.
 * @dst: receiving function
 * @dst_iova: bus address there
 * @src: sending function
 * @src_iova: bus address there
 * @len: bytes
 *
 * Return: 0; -EFAULT: @src failed; -ENXIO: @dst failed; both after a verdict
 *	   on the side that failed.
 */
int pcidev_dma_copy(struct pcidev *dst, uint64_t dst_iova, struct pcidev *src,
		    uint64_t src_iova, size_t len);

/**
 * pcidev_dma_fault() - Raise the verdict for a mem_*() failure just seen.
 * @dev: function whose memory failed
 * @len: bytes that were asked for
 * @write: the chip wanted to write
 */
void pcidev_dma_fault(struct pcidev *dev, size_t len, bool write);

/* ---- calls from the frontend (vfu, sim) ---- */

/**
 * pcidev_attach_host() - A guest is plugged in: power-on reset.
 * @dev: function
 * @ops: calls to the frontend
 * @host: for @ops
 */
void pcidev_attach_host(struct pcidev *dev, const struct pcidev_host_ops *ops,
			void *host);

/**
 * pcidev_detach_host() - The guest is gone: reset, no DMA, no interrupts.
 * @dev: function
 */
void pcidev_detach_host(struct pcidev *dev);

/**
 * pcidev_reset() - Reset by the guest's platform.
 * @dev: function
 * @why: cause
 */
void pcidev_reset(struct pcidev *dev, enum pcidev_reset why);

/**
 * pcidev_cfg_read() - Read configuration space.
 * @dev: function
 * @off: offset; what lies beyond the end reads as 0
 * @buf: destination
 * @len: bytes
 */
void pcidev_cfg_read(struct pcidev *dev, uint32_t off, void *buf, size_t len);

/**
 * pcidev_cfg_write() - Write configuration space.
 * @dev: function
 * @off: offset
 * @buf: source
 * @len: bytes
 */
void pcidev_cfg_write(struct pcidev *dev, uint32_t off, const void *buf,
		      size_t len);

/**
 * pcidev_bar_read() - Read registers; counts.
 * @dev: function
 * @bar: PCIDEV_BAR_IO or PCIDEV_BAR_MEM
 * @off: offset
 * @size: 1, 2, 4 or 8
 *
 * Return: value; all ones if out of range, disabled or gone.
 */
uint64_t pcidev_bar_read(struct pcidev *dev, unsigned int bar, uint32_t off,
			 unsigned int size);

/**
 * pcidev_bar_write() - Write registers; counts.
 * @dev: function
 * @bar: PCIDEV_BAR_IO or PCIDEV_BAR_MEM
 * @off: offset
 * @size: 1, 2, 4 or 8
 * @val: value
 */
void pcidev_bar_write(struct pcidev *dev, unsigned int bar, uint32_t off,
		      unsigned int size, uint64_t val);

/**
 * pcidev_msix_mask() - The frontend that keeps the table (un)masks a vector.
 * @dev: function
 * @vector: below PCIDEV_NR_VECTORS
 * @masked: new state; what pended is sent on unmasking
 */
void pcidev_msix_mask(struct pcidev *dev, unsigned int vector, bool masked);

/**
 * pcidev_set_gone() - Surprise removal, and its end.
 * @dev: function
 * @gone: true: reads are all ones, writes are lost, no DMA, no interrupts
 */
void pcidev_set_gone(struct pcidev *dev, bool gone);

#endif
