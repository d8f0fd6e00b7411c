/* SPDX-License-Identifier: GPL-2.0 */
/* What core asks of a chip family: native entries and one const op table. */
#ifndef ISP_CHIP_H
#define ISP_CHIP_H

#include <linux/bits.h>
#include <linux/types.h>

struct isp_hba;
struct isp_cursor;
struct scatterlist;

#define ISP_PORT_HANDLE_NONE 0xffff
#define ISP_EXCHANGE_NONE 0xffffffff
#define ISP_CDB_LEN 16
#define ISP_ADD_CDB_MAX 252 /* 63 words. [FCP-4 9.2.2, D] */
#define ISP_SENSE_MAX 96
#define ISP_NR_MBOX 32

/*
 * How something that was given to the chip ended. RESET is ours: the chip was
 * reset, or stopped, while it held the entry.
 */
#define ISP_CPLS(X)                         \
	X(OK, "ok")                         \
	X(ABORTED, "aborted")               \
	X(BAD_EXCHANGE, "bad-exchange")     \
	X(TIMEOUT, "timeout")               \
	X(LIP_RESET, "lip-reset")           \
	X(TARGET_RESET, "target-reset")     \
	X(PORT_UNAVAIL, "port-unavailable") \
	X(LOGGED_OUT, "logged-out")         \
	X(PORT_CHANGED, "port-changed")     \
	X(SRR, "srr")                       \
	X(UNDERRUN, "underrun")             \
	X(OVERRUN, "overrun")               \
	X(DATA_ERROR, "data-error")         \
	X(QUEUE_FULL, "queue-full")         \
	X(REJECTED, "rejected")             \
	X(BAD_ENTRY, "bad-entry")           \
	X(RESET, "reset")                   \
	X(UNKNOWN, "unknown")

enum isp_cpl {
#define X(id, name) ISP_CPL_##id,
	ISP_CPLS(X)
#undef X
		ISP_NR_CPLS
};

/* SAM task attributes as they stand in FCP_CMND. */
enum isp_task_attr {
	ISP_TASK_SIMPLE = 0,
	ISP_TASK_HEAD = 1,
	ISP_TASK_ORDERED = 2,
	ISP_TASK_ACA = 4,
	ISP_TASK_UNTAGGED = 5,
};

/* FCP_CMND task management flags; at most one may be set. [FCP-4 9.2.2, D] */
#define ISP_TMF_ABORT_TASK_SET BIT(1)
#define ISP_TMF_CLEAR_TASK_SET BIT(2)
#define ISP_TMF_LUN_RESET BIT(4)
#define ISP_TMF_TARGET_RESET BIT(5)
#define ISP_TMF_CLEAR_ACA BIT(6)

/**
 * struct isp_atio - one command that an initiator sent, native order
 * @exchange:  the chip's name for the exchange; ISP_EXCHANGE_NONE: the chip ran
 *             out of exchanges and nothing can be answered on it
 * @port_id:   S_ID of the initiator, 24 bits
 * @d_id:      D_ID, 24 bits: tells the channel
 * @ox_id:     the initiator's OX_ID
 * @lun:       eight bytes as on the wire
 * @cdb:       first 16 bytes of the CDB
 * @add_cdb: bytes of CDB beyond @cdb, the ring's until the op returns
 * @add_cdb_len: how many, 0 to ISP_ADD_CDB_MAX
 * @data_len:  FCP_DL, bytes
 * @attr:      enum isp_task_attr, or a reserved value as the peer sent it;
 *             to be copied to struct isp_ctio.attr
 * @tm_flags:  0 for a command, else ISP_TMF_*; raw byte of the peer
 * @crn:       command reference number
 * @rd:        FCP_CMND says data to the initiator
 * @wr:        FCP_CMND says data from the initiator
 * @bad:       the FCP_CMND is shorter than the standard allows: terminate it
 * @life:      the rings' life, see struct isp_ring; set by the ring
 *
 * Lives on the caller's stack during the atio() op; copy what must stay.
 */
struct isp_atio {
	u32 exchange;
	u32 port_id;
	u32 d_id;
	u16 ox_id;
	u8 lun[8];
	u8 cdb[ISP_CDB_LEN];
	const u8 *add_cdb;
	u8 add_cdb_len;
	u32 data_len;
	u8 attr;
	u8 tm_flags;
	u8 crn;
	bool rd;
	bool wr;
	bool bad;
	u32 life;
};

/* Flags of struct isp_ctio. */
#define ISP_CTIO_DATA_IN BIT(0) /* to the initiator */
#define ISP_CTIO_DATA_OUT BIT(1) /* from the initiator */
#define ISP_CTIO_STATUS BIT(2) /* send FCP_RSP, ends the exchange */
#define ISP_CTIO_TERMINATE BIT(3) /* end the exchange without FCP_RSP */
#define ISP_CTIO_NO_CPL BIT(4) /* no completion when it went well */
#define ISP_CTIO_UNDER BIT(5) /* resid is an underrun */
#define ISP_CTIO_OVER BIT(6) /* resid is an overrun */

/**
 * struct isp_ctio - one step of a target command, native order
 * @exchange:    from the ATIO
 * @life:        from the ATIO
 * @port_id:     S_ID of the initiator
 * @port_handle: its N_Port handle; ISP_PORT_HANDLE_NONE when not known
 * @ox_id:       from the ATIO
 * @vp_idx:      channel, 0 = the physical port
 * @flags:       ISP_CTIO_*
 * @attr:        task attribute, from the ATIO
 * @scsi_status: SAM status, with ISP_CTIO_STATUS
 * @resid:       bytes, with ISP_CTIO_UNDER or ISP_CTIO_OVER
 * @rel_offset:  offset of this data in the command's data, bytes
 * @len:         data bytes of this step; 0 without data
 * @sg:          DMA-mapped list that holds at least @len bytes; caller's until
 *               the completion
 * @nr_sg:       mapped elements of @sg
 * @sense:       sense data, or NULL; copied
 * @sense_len:   bytes of @sense; without @iu the codec cuts what the entry
 *               cannot carry
 * @iu:          DMA memory of the command for a whole FCP_RSP, or NULL; the
 *               chip's until the completion
 * @iu_dma:      its bus address
 * @iu_room:     its bytes
 * @rsp:         FCP_RSP_INFO, or NULL; copied (task management answers)
 * @rsp_len:     0, 4 or 8
 * @timeout_s:   0: the chip's default
 *
 * A data step and a status may be one CTIO only when there is no sense, no
 * @rsp and no residual; see isp_chip_ops.ctio_one_step.
 */
struct isp_ctio {
	u32 exchange;
	u32 life;
	u32 port_id;
	u16 port_handle;
	u16 ox_id;
	u8 vp_idx;
	u8 attr;
	u8 scsi_status;
	u16 flags;
	u32 resid;
	u32 rel_offset;
	u32 len;
	struct scatterlist *sg;
	u32 nr_sg;
	const u8 *sense;
	u8 sense_len;
	u8 *iu;
	dma_addr_t iu_dma;
	u16 iu_room;
	const u8 *rsp;
	u8 rsp_len;
	u16 timeout_s;
};

/**
 * struct isp_ctio_done - a CTIO came back
 * @cpl:      how it ended
 * @raw:      the chip's own status, for logs
 * @exchange: as the chip says; may be stale, do not look things up by it
 * @resid:    bytes not moved, when @cpl is ISP_CPL_UNDERRUN
 * @status_sent: FCP_RSP left with this CTIO (only meaningful with ISP_CPL_OK)
 */
struct isp_ctio_done {
	enum isp_cpl cpl;
	u16 raw;
	u32 exchange;
	u32 resid;
	bool status_sent;
};

#define ISP_NOTIFIES(X)                 \
	X(ELS, "els")                   \
	X(LIP_RESET, "lip-reset")       \
	X(LINK_REINIT, "link-reinit")   \
	X(OVERFLOW, "overflow")         \
	X(ABORT_TASK, "abort-task")     \
	X(PORT_LOGOUT, "port-logout")   \
	X(PORT_CHANGED, "port-changed") \
	X(GLOBAL_TPRLO, "global-tprlo") \
	X(GLOBAL_LOGO, "global-logo")   \
	X(RESOURCE, "resource")         \
	X(MESSAGE, "message")           \
	X(SRR, "srr")                   \
	X(UNKNOWN, "unknown")

enum isp_notify_kind {
#define X(id, name) ISP_NOTIFY_##id,
	ISP_NOTIFIES(X)
#undef X
		ISP_NR_NOTIFIES
};

/* ELS commands that a notify may carry. [FC-LS-3 table 4, D] */
enum isp_els {
	ISP_ELS_PLOGI = 0x03,
	ISP_ELS_FLOGI = 0x04,
	ISP_ELS_LOGO = 0x05,
	ISP_ELS_PRLI = 0x20,
	ISP_ELS_PRLO = 0x21,
	ISP_ELS_TPRLO = 0x24,
	ISP_ELS_PDISC = 0x50,
	ISP_ELS_ADISC = 0x52,
};

/* PRLI service parameter word 3, FCP. [FCP-4 6.3.2, D] */
#define ISP_PRLI_TARGET BIT(4)
#define ISP_PRLI_INITIATOR BIT(5)

/**
 * struct isp_notify - immediate notify: something that waits for our ack
 * @kind:        what it is
 * @els:         enum isp_els when @kind is ISP_NOTIFY_ELS
 * @port_handle: N_Port handle, or ISP_PORT_HANDLE_NONE
 * @port_id:     24 bits, 0 when the chip gave none
 * @wwpn:        0 when the chip gave none
 * @wwnn:        PLOGI, PDISC and ADISC only, else 0
 * @prli_w3:     PRLI only: low half of service parameter word 3
 * @exchange:    to be echoed by the ack
 * @ox_id:       of the ELS
 * @vp_idx:      channel
 * @flags:       raw, to be echoed where the family asks for it
 * @status:      raw status code
 * @subcode:     raw status subcode (ELS code on the 2400 family)
 * @fw_handle:   raw, to be echoed
 * @srr_rx_id:   SRR: exchange concerned
 * @srr_offset:  SRR: relative offset, bytes
 * @srr_iu:      SRR: information unit asked for
 * @life:        the rings' life, see struct isp_ring; set by the ring
 *
 * The receiver owns a copy until it has acknowledged it.
 */
struct isp_notify {
	enum isp_notify_kind kind;
	u8 els;
	u16 port_handle;
	u32 port_id;
	u64 wwpn;
	u64 wwnn;
	u16 prli_w3;
	u32 exchange;
	u16 ox_id;
	u8 vp_idx;
	u16 flags;
	u16 status;
	u8 subcode;
	u8 fw_handle;
	u16 srr_rx_id;
	u32 srr_offset;
	u16 srr_iu;
	u32 life;
};

/**
 * struct isp_ack - answer to a notify
 * @notify: what is answered; caller keeps it
 * @reject: refuse the login (PLOGI, PRLI) or the SRR
 */
struct isp_ack {
	const struct isp_notify *notify;
	bool reject;
};

/**
 * struct isp_abts - an initiator wants an exchange gone
 * @exchange:    of the ABTS itself; goes into the answer
 * @to_abort:    exchange to abort = struct isp_atio.exchange of the command;
 *               ISP_EXCHANGE_NONE when the chip does not know it
 * @port_id:     S_ID
 * @d_id:        D_ID
 * @port_handle: N_Port handle
 * @ox_id:       OX_ID
 * @rx_id:       RX_ID
 * @vp_idx:      channel
 * @sof:         start-of-frame type, echoed
 * @cs_ctl:      echoed
 * @seq_id:      echoed
 * @df_ctl:      echoed
 * @seq_cnt:     echoed
 * @seq_only:    the parameter field says: abort the sequence, not the exchange
 * @life:        the rings' life, see struct isp_ring; set by the ring
 */
struct isp_abts {
	u32 exchange;
	u32 to_abort;
	u32 port_id;
	u32 d_id;
	u16 port_handle;
	u16 ox_id;
	u16 rx_id;
	u8 vp_idx;
	u8 sof;
	u8 cs_ctl;
	u8 seq_id;
	u8 df_ctl;
	u16 seq_cnt;
	bool seq_only;
	u32 life;
};

/**
 * struct isp_abts_rsp - BA_ACC or BA_RJT
 * @abts:      what is answered; caller keeps it
 * @accept:    BA_ACC, else BA_RJT with @reason and @expl
 * @terminate: the chip shall end the ABTS' own exchange without an answer
 * @reason:    BA_RJT reason [FC-FS-3 table 33, D]
 * @expl:      BA_RJT explanation
 */
struct isp_abts_rsp {
	const struct isp_abts *abts;
	bool accept;
	bool terminate;
	u8 reason;
	u8 expl;
};

#define ISP_BA_RJT_LOGICAL_ERROR 0x03
#define ISP_BA_RJT_UNABLE 0x09
#define ISP_BA_RJT_EXPL_NONE 0x00
#define ISP_BA_RJT_EXPL_INVALID_ID 0x03

/* Flags of struct isp_logio. */
#define ISP_LOGIO_COND BIT(0) /* PLOGI only if not logged in */
#define ISP_LOGIO_NO_PRLI BIT(1) /* PLOGI alone */
#define ISP_LOGIO_IMPLICIT BIT(2) /* LOGO: nothing on the wire */
#define ISP_LOGIO_FREE BIT(3) /* LOGO: release the handle */
#define ISP_LOGIO_ALL BIT(4) /* LOGO: of every port */

enum isp_logio_op {
	ISP_LOGIO_PLOGI,
	ISP_LOGIO_PRLI,
	ISP_LOGIO_LOGO,
	ISP_LOGIO_PRLO,
};

/**
 * struct isp_logio - log a remote port in or out
 * @op:          what
 * @flags:       ISP_LOGIO_*
 * @port_handle: N_Port handle to use
 * @port_id:     24 bits
 * @vp_idx:      channel
 */
struct isp_logio {
	enum isp_logio_op op;
	u8 flags;
	u16 port_handle;
	u32 port_id;
	u8 vp_idx;
};

/**
 * struct isp_ct - one CT request and room for its answer
 * @port_handle: login to send it by (name server)
 * @vp_idx:      channel
 * @timeout_s:   the chip's own deadline
 * @req_dma:     request, CT_IU preamble included
 * @req_len:     bytes
 * @rsp_dma:     room for the answer
 * @rsp_len:     bytes
 */
struct isp_ct {
	u16 port_handle;
	u8 vp_idx;
	u16 timeout_s;
	dma_addr_t req_dma;
	u32 req_len;
	dma_addr_t rsp_dma;
	u32 rsp_len;
};

/**
 * struct isp_vp_report - the chip acquired (or lost) an address
 * @format:  0 loop, 1 fabric, 2 N_Port to N_Port
 * @vp_idx:  channel, formats 1 and 2
 * @ok:      the address is good
 * @port_id: ours
 * @topo:    enum isp_topo
 * @peer_wwpn: format 1: of the fabric port; format 2: of the other port
 * @peer_wwnn: likewise
 * @peer_id: format 2: address of the other port
 */
struct isp_vp_report {
	u8 format;
	u8 vp_idx;
	bool ok;
	u32 port_id;
	u8 topo;
	u64 peer_wwpn;
	u64 peer_wwnn;
	u32 peer_id;
};

/* What lies on a response or ATIO ring. */
#define ISP_RSPS(X)                   \
	X(ATIO, "atio")               \
	X(NOTIFY, "notify")           \
	X(CTIO, "ctio")               \
	X(ACK, "notify-ack")          \
	X(ABTS, "abts")               \
	X(ABTS_RSP, "abts-rsp")       \
	X(CT, "ct")                   \
	X(LOGIO, "logio")             \
	X(MARKER, "marker")           \
	X(VP_REPORT, "vp-report")     \
	X(STATUS, "status")           \
	X(STATUS_CONT, "status-cont") \
	X(IGNORE, "ignore")           \
	X(UNKNOWN, "unknown")

enum isp_rsp_kind {
#define X(id, name) ISP_RSP_##id,
	ISP_RSPS(X)
#undef X
		ISP_NR_RSPS
};

/**
 * struct isp_rsp - one decoded entry
 * @kind:   which member of the union counts
 * @type:   raw entry type
 * @handle: our handle, for kinds that answer something of ours
 * @cpl:    how it ended, for kinds without a struct of their own
 * @raw:    raw status, for logs
 * @param:  LOGIO: the chip's two parameters on failure
 * @atio:   ATIO
 * @notify: NOTIFY
 * @ctio:   CTIO
 * @abts:   ABTS
 * @vp:     VP_REPORT
 */
struct isp_rsp {
	enum isp_rsp_kind kind;
	u8 type;
	u32 handle;
	enum isp_cpl cpl;
	u16 raw;
	u32 param[2];
	union {
		struct isp_atio atio;
		struct isp_notify notify;
		struct isp_ctio_done ctio;
		struct isp_abts abts;
		struct isp_vp_report vp;
	};
};

enum isp_topo {
	ISP_TOPO_NONE,
	ISP_TOPO_LOOP, /* private loop */
	ISP_TOPO_FL, /* loop with a fabric port */
	ISP_TOPO_N, /* N_Port to N_Port */
	ISP_TOPO_F, /* switch */
};

enum isp_ring_id { ISP_RING_REQ, ISP_RING_RSP, ISP_RING_ATIO, ISP_NR_RINGS };

enum isp_irq_kind {
	ISP_IRQ_NONE, /* not ours */
	ISP_IRQ_MBOX, /* mailbox command ended */
	ISP_IRQ_AEN, /* asynchronous event; mb[] holds it */
	ISP_IRQ_RSP, /* response ring */
	ISP_IRQ_ATIO, /* ATIO ring */
	ISP_IRQ_ATIO_RSP, /* both rings */
	ISP_IRQ_PAUSED, /* RISC stopped: treat as a crash */
	ISP_IRQ_GONE, /* all ones: the card is not there */
	ISP_IRQ_UNKNOWN, /* reason not known; clear and count */
};

/**
 * struct isp_irq - one interrupt as the chip tells it
 * @kind: what happened
 * @raw:  register value, for logs
 * @mb:   mailboxes 0 to 3 of an asynchronous event
 */
struct isp_irq {
	enum isp_irq_kind kind;
	u32 raw;
	u16 mb[4];
};

/**
 * struct isp_mbox - one mailbox command
 * @in:         registers to write, native order
 * @out:        registers read back, native order
 * @nr_out:     how many of @out the caller wants, 1 to 32
 * @timeout_ms: deadline, 1 to 60000
 * @done:       called once; @err 0: the chip answered and @out[0] says what;
 *              -ETIMEDOUT: deadline missed; -ESHUTDOWN: chip was reset first.
 *              Context: softirq or hardirq, no lock held.
 * @arg:        caller's
 * @next:       core's list of waiting commands; NULL when not queued
 *
 * Owned by the caller, handed to core from submit to @done.
 */
struct isp_mbox {
	u16 in[ISP_NR_MBOX];
	u16 out[ISP_NR_MBOX];
	u8 nr_out;
	u32 timeout_ms;
	void (*done)(struct isp_hba *hba, struct isp_mbox *mbx, int err);
	void *arg;
	struct isp_mbox *next;
};

/**
 * struct isp_step - where a chip procedure stands between two calls
 * @step:  family's own numbering, 0 at the start
 * @tries: calls spent in this step
 * @addr:  family's own
 */
struct isp_step {
	u32 step;
	u32 tries;
	u32 addr;
};

/**
 * struct isp_nvram - what we take from NVRAM
 * @wwpn:       port name
 * @wwnn:       node name
 * @options:    firmware options 1 to 3
 * @frame_size: bytes
 * @hard_address: loop id
 * @exec_throttle: as stored
 * @login_retry: as stored
 * @login_timeout_s: seconds
 */
struct isp_nvram {
	u64 wwpn;
	u64 wwnn;
	u32 options[3];
	u16 frame_size;
	u16 hard_address;
	u16 exec_throttle;
	u16 login_retry;
	u16 login_timeout_s;
};

/* Capabilities of a family or of one chip. */
#define ISP_CAP_FC BIT(0)
#define ISP_CAP_ATIO_RING BIT(1) /* commands come on a ring of their own */
#define ISP_CAP_CT_IOCB BIT(2)
#define ISP_CAP_LOGIO_IOCB BIT(3)
#define ISP_CAP_MSIX BIT(4) /* two vectors: default, response */
#define ISP_CAP_FORCE_P2P BIT(5) /* target role: point-to-point only */
#define ISP_CAP_FW_OPTIONS BIT(6) /* target role: firmware option mailbox */
#define ISP_CAP_STOP_FW BIT(7) /* wants mailbox 14h at shutdown */
#define ISP_CAP_FLASH_FW BIT(8) /* firmware in flash can be loaded */

/**
 * struct isp_fw_seg - one piece of a firmware image
 * @addr:   where it goes, words of the RISC
 * @nr:     RISC words
 * @offset: in the image, bytes
 */
struct isp_fw_seg {
	u32 addr;
	u32 nr;
	u32 offset;
};

#define ISP_FW_MAX_SEGS 4

/**
 * struct isp_fw_map - a verified image
 * @seg:     pieces in load order
 * @nr_segs: 1 to ISP_FW_MAX_SEGS
 * @start:   where to execute
 * @version: major, minor, subminor
 */
struct isp_fw_map {
	struct isp_fw_seg seg[ISP_FW_MAX_SEGS];
	unsigned int nr_segs;
	u32 start;
	u16 version[3];
};

/**
 * struct isp_chip_ops - all that differs between families
 * @family:     4-digit name
 * @fw_name:    traditional firmware file
 * @caps:       ISP_CAP_*
 * @nr_mbox:    mailbox registers, 8 to 32
 * @ram_word:   bytes of a RISC word: 2 or 4
 * @flash_fw:   flash address of the firmware, dwords; with ISP_CAP_FLASH_FW
 * @handle_sns: N_Port handle of the name server
 * @handle_fl:  N_Port handle of the fabric port
 *
 * @reset:      soft reset up to "ready for a mailbox command". Called again
 *              after the returned number of ms until 0; -errno: it failed.
 * @irq_enable: let the chip interrupt, or not
 * @irq_fetch:  read what the interrupt is about; hba->lock held
 * @irq_ack:    clear it; hba->lock held. Exactly once per interrupt.
 * @mbox_write: write the registers and start the command; hba->lock held
 * @mbox_read:  read nr_out registers; hba->lock held
 * @ptr_write:  post the host's pointer of a ring
 * @ptr_read:   read the chip's pointer of a ring
 * @ptr_reset:  zero all pointers before the init mailbox
 * @flash_start: start reading one dword
 * @flash_poll: true: @val is it
 * @nvram_addr: flash address of our function's NVRAM, and its dwords
 * @nvram_decode: check the dwords read and take them apart; -EINVAL: content
 *              is not valid
 * @fw_map:     check a firmware image; -EINVAL: it is not one for us
 * @fw_need:    words that an image in flash has at least, as far as the first
 *              @have tell; 0: it is none
 * @fw_put:     store one dword read from flash as it would be in the file
 * @fw_copy:    copy @nr words of it to DMA memory in the chip's order
 * @mbox_load:  fill the mailbox that loads @nr words from @dma to @addr
 * @mbox_exec:  fill the mailbox that starts the firmware
 * @mbox_verify: fill the mailbox that verifies the checksum
 * @init_next:  fill the nr-th mailbox of the init sequence, using @buf where
 *              the family wants a block in memory; -ENOENT: sequence over
 * @ctio_entries: ring entries a CTIO takes
 * @ctio_one_step: data and status of this CTIO can leave in one entry
 * @ctio_encode: write a CTIO
 * @ack_encode: write a notify ack
 * @abts_rsp_encode: write an ABTS answer
 * @marker_encode: write a "synchronise all" marker
 * @logio_encode: write a login entry
 * @ct_encode:  write a CT entry
 * @decode:     what a response or ATIO ring has, @nr entries in one piece;
 *              never trusts it
 * @entry_type: of a ring entry, raw byte
 * @entry_count: of a ring entry, raw byte
 *
 * Every op may be called in hardirq context. Encoders take zeroed entries from
 * the cursor and keep nothing.
 */
struct isp_chip_ops {
	const char *family;
	const char *fw_name;
	u32 caps;
	u8 nr_mbox;
	u8 ram_word;
	u32 flash_fw;
	u16 handle_sns;
	u16 handle_fl;

	int (*reset)(struct isp_hba *hba, struct isp_step *step);
	void (*irq_enable)(struct isp_hba *hba, bool on);
	void (*irq_fetch)(struct isp_hba *hba, struct isp_irq *irq);
	void (*irq_ack)(struct isp_hba *hba);

	void (*mbox_write)(struct isp_hba *hba, const struct isp_mbox *mbx);
	void (*mbox_read)(struct isp_hba *hba, struct isp_mbox *mbx);

	void (*ptr_write)(struct isp_hba *hba, enum isp_ring_id ring, u16 val);
	u32 (*ptr_read)(struct isp_hba *hba, enum isp_ring_id ring);
	void (*ptr_reset)(struct isp_hba *hba);

	void (*flash_start)(struct isp_hba *hba, u32 addr);
	bool (*flash_poll)(struct isp_hba *hba, u32 *val);
	u32 (*nvram_addr)(struct isp_hba *hba, u32 *nr_dwords);
	int (*nvram_decode)(const u32 *dwords, struct isp_nvram *nv);

	int (*fw_map)(const void *image, size_t len, struct isp_fw_map *map);
	u32 (*fw_need)(const void *image, u32 have, u32 max);
	void (*fw_put)(void *image, u32 idx, u32 dword);
	void (*fw_copy)(void *dst, const void *src, u32 nr);
	void (*mbox_load)(struct isp_mbox *mbx, u32 addr, u32 nr,
			  dma_addr_t dma);
	void (*mbox_exec)(struct isp_mbox *mbx, u32 addr);
	void (*mbox_verify)(struct isp_mbox *mbx, u32 addr);

	int (*init_next)(struct isp_hba *hba, unsigned int nr, void *buf,
			 dma_addr_t dma, struct isp_mbox *mbx);

	unsigned int (*ctio_entries)(const struct isp_ctio *ctio);
	bool (*ctio_one_step)(const struct isp_ctio *ctio);
	void (*ctio_encode)(struct isp_cursor *cur, const struct isp_ctio *ctio,
			    u32 handle);
	void (*ack_encode)(struct isp_cursor *cur, const struct isp_ack *ack,
			   u32 handle);
	void (*abts_rsp_encode)(struct isp_cursor *cur,
				const struct isp_abts_rsp *rsp, u32 handle);
	void (*marker_encode)(struct isp_cursor *cur, u8 vp_idx, u32 handle);
	void (*logio_encode)(struct isp_cursor *cur,
			     const struct isp_logio *logio, u32 handle);
	void (*ct_encode)(struct isp_cursor *cur, const struct isp_ct *ct,
			  u32 handle);

	void (*decode)(enum isp_ring_id ring, const void *entry,
		       unsigned int nr, struct isp_rsp *rsp);
	u8 (*entry_type)(const void *entry);
	u8 (*entry_count)(const void *entry);
};

extern const struct isp_chip_ops isp_chip_2400_ops;
extern const struct isp_chip_ops isp_chip_2500_ops;

#endif
