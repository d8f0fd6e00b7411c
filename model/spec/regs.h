/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of the 24xx and 25xx as rows, from which come the offsets that the
 * code uses, its write masks, and the table printed by --dump-spec.
 *
 * R(SYM, "name", offset, width, reset, write, rsvd): @write are the bits that
 * the host can change, @rsvd those that it must write as 0. What is in neither
 * is read-only and may be written back. All registers are little endian.
 *
 * Gaps at 14, 18, 34, 38, 5C..7C: nothing is known there.
 *
 * Sources: [FB ispreg.h BIU2400_*, O]; [LX qla_fw.h device_reg_24xx, O]; what
 * reserved bits stock drivers write back: [SS 0, O]
 */
#ifndef MODEL_SPEC_REGS_H
#define MODEL_SPEC_REGS_H

/* clang-format off */
#define SPEC_REGS(R)                                                         \
	R(FLASH_ADDR, "flash_addr", 0x00, 4, 0, 0xffffffff, 0)               \
	R(FLASH_DATA, "flash_data", 0x04, 4, 0, 0xffffffff, 0)               \
	R(CTRL, "ctrl_status", 0x08, 4, 0, 0x00010033, 0xfff870c8)           \
	R(ICTRL, "ictrl", 0x0c, 4, 0, 0x00000008, 0xfffffff7)                \
	R(ISTAT, "istatus", 0x10, 4, 0, 0, 0)                                \
	R(REQ_IN, "req_q_in", 0x1c, 4, 0, 0x0000ffff, 0xffff0000)            \
	R(REQ_OUT, "req_q_out", 0x20, 4, 0, 0x0000ffff, 0xffff0000)          \
	R(RSP_IN, "rsp_q_in", 0x24, 4, 0, 0x0000ffff, 0xffff0000)            \
	R(RSP_OUT, "rsp_q_out", 0x28, 4, 0, 0x0000ffff, 0xffff0000)          \
	R(PRI_IN, "preq_q_in", 0x2c, 4, 0, 0x0000ffff, 0xffff0000)           \
	R(PRI_OUT, "preq_q_out", 0x30, 4, 0, 0x0000ffff, 0xffff0000)         \
	R(ATIO_IN, "atio_q_in", 0x3c, 4, 0, 0x0000ffff, 0xffff0000)          \
	R(ATIO_OUT, "atio_q_out", 0x40, 4, 0, 0x0000ffff, 0xffff0000)        \
	R(HOST_STATUS, "host_status", 0x44, 4, 0, 0, 0)                      \
	R(HCCR, "hccr", 0x48, 4, 0x20, 0xf0000000, 0x0fffff9f)               \
	R(GPIOD, "gpiod", 0x4c, 4, 0, 0x1c1f001f, 0xe3e0ffe0)                \
	R(GPIOE, "gpioe", 0x50, 4, 0, 0x1c1f001f, 0xe3e0ffe0)                \
	R(IOBASE, "iobase_addr", 0x54, 4, 0, 0xffffffff, 0)                  \
	R(SEMA, "host_semaphore", 0x58, 4, 0, 0x00000001, 0xfffffffc)        \
	R(MBOX0, "mailbox0", 0x80, 2, 0, 0xffff, 0)                          \
	R(MBOX1, "mailbox1", 0x82, 2, 0, 0xffff, 0)                          \
	R(MBOX2, "mailbox2", 0x84, 2, 0, 0xffff, 0)                          \
	R(MBOX3, "mailbox3", 0x86, 2, 0, 0xffff, 0)                          \
	R(MBOX4, "mailbox4", 0x88, 2, 0, 0xffff, 0)                          \
	R(MBOX5, "mailbox5", 0x8a, 2, 0, 0xffff, 0)                          \
	R(MBOX6, "mailbox6", 0x8c, 2, 0, 0xffff, 0)                          \
	R(MBOX7, "mailbox7", 0x8e, 2, 0, 0xffff, 0)                          \
	R(MBOX8, "mailbox8", 0x90, 2, 0, 0xffff, 0)                          \
	R(MBOX9, "mailbox9", 0x92, 2, 0, 0xffff, 0)                          \
	R(MBOX10, "mailbox10", 0x94, 2, 0, 0xffff, 0)                        \
	R(MBOX11, "mailbox11", 0x96, 2, 0, 0xffff, 0)                        \
	R(MBOX12, "mailbox12", 0x98, 2, 0, 0xffff, 0)                        \
	R(MBOX13, "mailbox13", 0x9a, 2, 0, 0xffff, 0)                        \
	R(MBOX14, "mailbox14", 0x9c, 2, 0, 0xffff, 0)                        \
	R(MBOX15, "mailbox15", 0x9e, 2, 0, 0xffff, 0)                        \
	R(MBOX16, "mailbox16", 0xa0, 2, 0, 0xffff, 0)                        \
	R(MBOX17, "mailbox17", 0xa2, 2, 0, 0xffff, 0)                        \
	R(MBOX18, "mailbox18", 0xa4, 2, 0, 0xffff, 0)                        \
	R(MBOX19, "mailbox19", 0xa6, 2, 0, 0xffff, 0)                        \
	R(MBOX20, "mailbox20", 0xa8, 2, 0, 0xffff, 0)                        \
	R(MBOX21, "mailbox21", 0xaa, 2, 0, 0xffff, 0)                        \
	R(MBOX22, "mailbox22", 0xac, 2, 0, 0xffff, 0)                        \
	R(MBOX23, "mailbox23", 0xae, 2, 0, 0xffff, 0)                        \
	R(MBOX24, "mailbox24", 0xb0, 2, 0, 0xffff, 0)                        \
	R(MBOX25, "mailbox25", 0xb2, 2, 0, 0xffff, 0)                        \
	R(MBOX26, "mailbox26", 0xb4, 2, 0, 0xffff, 0)                        \
	R(MBOX27, "mailbox27", 0xb6, 2, 0, 0xffff, 0)                        \
	R(MBOX28, "mailbox28", 0xb8, 2, 0, 0xffff, 0)                        \
	R(MBOX29, "mailbox29", 0xba, 2, 0, 0xffff, 0)                        \
	R(MBOX30, "mailbox30", 0xbc, 2, 0, 0xffff, 0)                        \
	R(MBOX31, "mailbox31", 0xbe, 2, 0, 0xffff, 0)                        \
	R(WINDOW, "iobase_window", 0xc0, 4, 0, 0xffffffff, 0)                \
	R(WINDOW_C4, "iobase_c4", 0xc4, 4, 0, 0xffffffff, 0)                 \
	R(WINDOW_C8, "iobase_c8", 0xc8, 4, 0, 0xffffffff, 0)                 \
	R(WINDOW_Q, "iobase_q", 0xe4, 4, 0, 0xffffffff, 0)                   \
	R(WINDOW_SELECT, "iobase_select", 0xf0, 4, 0, 0xffffffff, 0)         \
	R(WINDOW_SDATA, "iobase_sdata", 0xfc, 4, 0, 0xffffffff, 0)
/* clang-format on */

#define R(sym, name, off, width, reset, write, rsvd) REG_##sym = (off),
/** enum reg - Register offsets, see SPEC_REGS(). */
enum reg { SPEC_REGS(R) REG_END = 0x100 };
#undef R

/* Control/status. [FB BIU2400_*, O] */
#define CTRL_SOFT_RESET 0x00000001U
#define CTRL_FLASH_ENABLE 0x00000002U
#define CTRL_FUNCTION 0x00008000U
#define CTRL_DMA_SHUTDOWN 0x00010000U
#define CTRL_FLASH_ERROR 0x00040000U

#define ICTRL_RISC_INT 0x00000008U
#define ISTAT_RISC_INT 0x00000008U

/* Host status: reason in the low byte, mailbox 0 in the upper half. */
#define HSR_PAUSED 0x00000100U
#define HSR_INT 0x00008000U

/* Reasons. [FB ISP2400R2HST_*, O] */
#define REASON_ROM_OK 0x01U
#define REASON_ROM_FAIL 0x02U
#define REASON_MBOX_OK 0x10U
#define REASON_MBOX_FAIL 0x11U
#define REASON_ASYNC 0x12U
#define REASON_RSP 0x13U
#define REASON_ATIO 0x1cU

/* Host command and control: the command is the top nibble. [FB HCCR_2400, O] */
#define HCCR_CMD_NOP 0x0U
#define HCCR_CMD_RESET 0x1U
#define HCCR_CMD_RUN 0x2U
#define HCCR_CMD_PAUSE 0x3U
#define HCCR_CMD_RELEASE 0x4U
#define HCCR_CMD_HOST_INT 0x5U
#define HCCR_CMD_CLR_HOST_INT 0x6U
#define HCCR_CMD_CLR_RISC_INT 0xaU
#define HCCR_HOST_INT 0x00000040U
#define HCCR_RISC_RESET 0x00000020U

/* Flash address register. [LX FARX_*, O] */
#define FLASH_FLAG 0x80000000U

#endif
