/* SPDX-License-Identifier: GPL-2.0 */
/* Ring entries, init control block, NVRAM and firmware of the 2400 family. */
#ifndef ISP_HW_2400_H
#define ISP_HW_2400_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "isp_hw_wire.h"

/* Entry types. [qla2xxx qla_fw.h, qla_target.h, qla_def.h, O] */
enum isp24_entry_type {
	ISP24_ENTRY_STATUS = 0x03,
	ISP24_ENTRY_MARKER = 0x04,
	ISP24_ENTRY_ATIO = 0x06,
	ISP24_ENTRY_CONT = 0x0a,
	ISP24_ENTRY_NOTIFY = 0x0d,
	ISP24_ENTRY_NOTIFY_ACK = 0x0e,
	ISP24_ENTRY_STATUS_CONT = 0x10,
	ISP24_ENTRY_CTIO = 0x12,
	ISP24_ENTRY_CT = 0x29,
	ISP24_ENTRY_VP_REPORT = 0x32,
	ISP24_ENTRY_LOGIO = 0x52,
	ISP24_ENTRY_ABTS = 0x54,
	ISP24_ENTRY_ABTS_RSP = 0x55,
};

/* First four bytes of every entry. [qla2xxx qla_fw.h, O] */
struct isp24_hdr {
	u8 type;
	u8 count;
	u8 sys_define;
	u8 status;
} __packed;
WIRE_SIZE(struct isp24_hdr, 4);

/* Entry status: the chip refused the entry. [qla_def.h RF_*, O] */
#define ISP24_HDR_STATUS_ERRORS GENMASK(6, 1)

/* A 64-bit data segment. [qla_dsd.h dsd64, O] */
struct isp24_seg {
	__le64 addr;
	__le32 len;
} __packed;
WIRE_SIZE(struct isp24_seg, 12);

#define ISP24_SEGS_PER_CTIO 1
#define ISP24_SEGS_PER_CONT 5

/* Continuation entry: more segments. [qla_def.h cont_a64_entry_t, O] */
struct isp24_cont {
	struct isp24_hdr hdr;
	struct isp24_seg seg[ISP24_SEGS_PER_CONT];
} __packed;
WIRE_SIZE(struct isp24_cont, 64);
WIRE_AT(struct isp24_cont, seg, 0x04);

/* FC frame header as the wire has it. [FC-FS-3 table 10, D] */
struct isp24_fc_hdr {
	u8 r_ctl;
	u8 d_id[3];
	u8 cs_ctl;
	u8 s_id[3];
	u8 type;
	u8 f_ctl[3];
	u8 seq_id;
	u8 df_ctl;
	__be16 seq_cnt;
	__be16 ox_id;
	__be16 rx_id;
	__be32 parameter;
} __packed;
WIRE_SIZE(struct isp24_fc_hdr, 24);
WIRE_AT(struct isp24_fc_hdr, cs_ctl, 0x04);
WIRE_AT(struct isp24_fc_hdr, s_id, 0x05);
WIRE_AT(struct isp24_fc_hdr, type, 0x08);
WIRE_AT(struct isp24_fc_hdr, seq_id, 0x0c);
WIRE_AT(struct isp24_fc_hdr, ox_id, 0x10);

/* The same header, each word swapped. [qla_target.h fcp_hdr_le, O] */
struct isp24_fc_hdr_le {
	u8 d_id[3];
	u8 r_ctl;
	u8 s_id[3];
	u8 cs_ctl;
	u8 f_ctl[3];
	u8 type;
	__le16 seq_cnt;
	u8 df_ctl;
	u8 seq_id;
	__le16 rx_id;
	__le16 ox_id;
	__le32 parameter;
} __packed;
WIRE_SIZE(struct isp24_fc_hdr_le, 24);
WIRE_AT(struct isp24_fc_hdr_le, r_ctl, 0x03);
WIRE_AT(struct isp24_fc_hdr_le, s_id, 0x04);
WIRE_AT(struct isp24_fc_hdr_le, cs_ctl, 0x07);
WIRE_AT(struct isp24_fc_hdr_le, type, 0x0b);
WIRE_AT(struct isp24_fc_hdr_le, rx_id, 0x10);

/* A command from an initiator, ATIO ring. [qla_target.h atio_from_isp, O] */
struct isp24_atio {
	u8 type;
	u8 count;
	__le16 attr_len;
	__le32 exchange;
	struct isp24_fc_hdr fc;
	u8 lun[8];
	u8 crn;
	u8 task_attr;
	u8 tm_flags;
	u8 add_rd_wr;
	u8 cdb[16];
	u8 add_cdb[4];
} __packed;
WIRE_SIZE(struct isp24_atio, 64);
WIRE_AT(struct isp24_atio, attr_len, 0x02);
WIRE_AT(struct isp24_atio, exchange, 0x04);
WIRE_AT(struct isp24_atio, lun, 0x20);
WIRE_AT(struct isp24_atio, crn, 0x28);
WIRE_AT(struct isp24_atio, task_attr, 0x29);
WIRE_AT(struct isp24_atio, tm_flags, 0x2a);
WIRE_AT(struct isp24_atio, add_rd_wr, 0x2b);
WIRE_AT(struct isp24_atio, cdb, 0x2c);
WIRE_AT(struct isp24_atio, add_cdb, 0x3c);

#define ISP24_ATIO_LEN GENMASK(11, 0)
#define ISP24_ATIO_LEN_MIN (24 + 32) /* FC header and shortest FCP_CMND */
#define ISP24_ATIO_ATTR GENMASK(2, 0)
#define ISP24_ATIO_WR BIT(0)
#define ISP24_ATIO_RD BIT(1)
#define ISP24_ATIO_ADD_CDB GENMASK(7, 2) /* dwords */

/* Continue target I/O, status mode 0 (data). [qla_target.h ctio7_to_24xx, O] */
struct isp24_ctio_data {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 port_handle;
	__le16 timeout;
	__le16 nr_segs;
	u8 vp_idx;
	u8 add_flags;
	u8 port_id[3]; /* low byte first */
	u8 rsvd_13;
	__le32 exchange;
	__le16 sense_len; /* mode 2 only */
	__le16 flags;
	__le32 resid;
	__le16 ox_id;
	__le16 scsi_status;
	__le32 rel_offset;
	__le32 rsvd_28;
	__le32 len;
	__le32 rsvd_30;
	struct isp24_seg seg;
} __packed;
WIRE_SIZE(struct isp24_ctio_data, 64);
WIRE_AT(struct isp24_ctio_data, port_handle, 0x08);
WIRE_AT(struct isp24_ctio_data, vp_idx, 0x0e);
WIRE_AT(struct isp24_ctio_data, port_id, 0x10);
WIRE_AT(struct isp24_ctio_data, exchange, 0x14);
WIRE_AT(struct isp24_ctio_data, flags, 0x1a);
WIRE_AT(struct isp24_ctio_data, resid, 0x1c);
WIRE_AT(struct isp24_ctio_data, scsi_status, 0x22);
WIRE_AT(struct isp24_ctio_data, rel_offset, 0x24);
WIRE_AT(struct isp24_ctio_data, len, 0x2c);
WIRE_AT(struct isp24_ctio_data, seg, 0x34);

#define ISP24_SENSE_PER_CTIO 24

/* Continue target I/O, status mode 1. [qla_target.h ctio7_to_24xx, O] */
struct isp24_ctio_status {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 port_handle;
	__le16 timeout;
	__le16 nr_segs;
	u8 vp_idx;
	u8 add_flags;
	u8 port_id[3];
	u8 rsvd_13;
	__le32 exchange;
	__le16 sense_len;
	__le16 flags;
	__le32 resid;
	__le16 ox_id;
	__le16 scsi_status;
	__le16 rsp_len;
	__le16 rsvd_26;
	u8 sense[ISP24_SENSE_PER_CTIO]; /* each word swapped */
} __packed;
WIRE_SIZE(struct isp24_ctio_status, 64);
WIRE_AT(struct isp24_ctio_status, exchange, 0x14);
WIRE_AT(struct isp24_ctio_status, sense_len, 0x18);
WIRE_AT(struct isp24_ctio_status, flags, 0x1a);
WIRE_AT(struct isp24_ctio_status, resid, 0x1c);
WIRE_AT(struct isp24_ctio_status, scsi_status, 0x22);
WIRE_AT(struct isp24_ctio_status, rsp_len, 0x24);
WIRE_AT(struct isp24_ctio_status, sense, 0x28);

/* [qla_target.h CTIO7_FLAGS_*, O] */
#define ISP24_CTIO_DATA_OUT BIT(0)
#define ISP24_CTIO_DATA_IN BIT(1)
#define ISP24_CTIO_MODE_1 BIT(6)
#define ISP24_CTIO_MODE_2 BIT(7) /* FCP_RSP in memory, laid out as mode 0 */
#define ISP24_CTIO_NO_RETURN BIT(8)
#define ISP24_CTIO_ATTR GENMASK(12, 9)
#define ISP24_CTIO_TERMINATE BIT(14)
#define ISP24_CTIO_STATUS BIT(15)

/*
 * FCP_RSP as it stands in memory with status mode 2. No stock driver uses that
 * mode on these chips: unproven. [FreeBSD ispmbox.h ct7_entry_t m2, O;
 * FCP-4 9.5, D]
 */
struct isp24_fcp_rsp {
	u8 rsvd_00[10];
	u8 flags;
	u8 scsi_status;
	__be32 resid;
	__be32 sense_len;
	__be32 rsp_len;
	u8 data[];
} __packed;
WIRE_SIZE(struct isp24_fcp_rsp, 24);
WIRE_AT(struct isp24_fcp_rsp, flags, 0x0a);
WIRE_AT(struct isp24_fcp_rsp, sense_len, 0x10);

#define ISP24_FCP_RSP_SENSE_VALID BIT(1)
#define ISP24_FCP_RSP_OVER BIT(2)
#define ISP24_FCP_RSP_UNDER BIT(3)

/* FCP_RSP flags above the SAM status. [qla_def.h SS_*, O] */
#define ISP24_SCSI_RSP_LEN_VALID BIT(8)
#define ISP24_SCSI_SENSE_LEN_VALID BIT(9)
#define ISP24_SCSI_RESID_OVER BIT(10)
#define ISP24_SCSI_RESID_UNDER BIT(11)

/* A CTIO given back. [qla_target.h ctio7_from_24xx, O] */
struct isp24_ctio_done {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 status;
	__le16 timeout;
	__le16 nr_segs;
	u8 vp_idx;
	u8 rsvd_0f[5];
	__le32 exchange;
	__le16 rsvd_18;
	__le16 flags;
	__le32 resid;
	__le16 ox_id;
	__le16 rsvd_22;
	__le32 rel_offset;
	u8 rsvd_28[24];
} __packed;
WIRE_SIZE(struct isp24_ctio_done, 64);
WIRE_AT(struct isp24_ctio_done, status, 0x08);
WIRE_AT(struct isp24_ctio_done, exchange, 0x14);
WIRE_AT(struct isp24_ctio_done, flags, 0x1a);
WIRE_AT(struct isp24_ctio_done, resid, 0x1c);
WIRE_AT(struct isp24_ctio_done, rel_offset, 0x24);

/* CTIO status. [qla_target.h CTIO_*, O; FreeBSD isp_target.h CT7_*, O] */
enum isp24_ctio_code {
	ISP24_CTIO_OK = 0x01,
	ISP24_CTIO_ABORTED = 0x02,
	ISP24_CTIO_BAD_RX_ID = 0x08,
	ISP24_CTIO_OVERRUN = 0x09,
	ISP24_CTIO_TIMEOUT = 0x0b,
	ISP24_CTIO_LIP_RESET = 0x0e,
	ISP24_CTIO_BUS_ERROR = 0x10,
	ISP24_CTIO_REASSEMBLY = 0x11,
	ISP24_CTIO_UNDERRUN = 0x15,
	ISP24_CTIO_TARGET_RESET = 0x17,
	ISP24_CTIO_PORT_UNAVAIL = 0x28,
	ISP24_CTIO_LOGGED_OUT = 0x29,
	ISP24_CTIO_PORT_CHANGED = 0x2a,
	ISP24_CTIO_SRR = 0x45,
};

/* Immediate notify. [qla_def.h imm_ntfy_from_isp, O] */
struct isp24_notify {
	struct isp24_hdr hdr;
	__le32 rsvd_04;
	__le16 port_handle;
	__le16 rsvd_0a;
	__le16 flags;
	__le16 srr_rx_id;
	__le16 status;
	u8 subcode;
	u8 fw_handle;
	__le32 exchange;
	__le32 srr_offset;
	__le16 srr_iu;
	__le16 srr_ox_id;
	u8 detail[8]; /* node name, or word 3 of PRLI, or a port id */
	u8 wwpn[8];
	u8 rsvd_30[3];
	u8 vp_idx;
	__le32 rsvd_34;
	u8 port_id[3]; /* low byte first */
	u8 rsvd_3b;
	__le16 rsvd_3c;
	__le16 ox_id;
} __packed;
WIRE_SIZE(struct isp24_notify, 64);
WIRE_AT(struct isp24_notify, port_handle, 0x08);
WIRE_AT(struct isp24_notify, flags, 0x0c);
WIRE_AT(struct isp24_notify, status, 0x10);
WIRE_AT(struct isp24_notify, subcode, 0x12);
WIRE_AT(struct isp24_notify, exchange, 0x14);
WIRE_AT(struct isp24_notify, detail, 0x20);
WIRE_AT(struct isp24_notify, wwpn, 0x28);
WIRE_AT(struct isp24_notify, vp_idx, 0x33);
WIRE_AT(struct isp24_notify, port_id, 0x38);
WIRE_AT(struct isp24_notify, ox_id, 0x3e);

/* Notify status. [qla_target.h IMM_NTFY_*, O] */
enum isp24_notify_code {
	ISP24_NOTIFY_LIP_RESET = 0x0e,
	ISP24_NOTIFY_LINK_REINIT = 0x0f,
	ISP24_NOTIFY_OVERFLOW = 0x16,
	ISP24_NOTIFY_ABORT_TASK = 0x20,
	ISP24_NOTIFY_PORT_LOGOUT = 0x29,
	ISP24_NOTIFY_PORT_CHANGED = 0x2a,
	ISP24_NOTIFY_GLOBAL_TPRLO = 0x2d,
	ISP24_NOTIFY_GLOBAL_LOGO = 0x2e,
	ISP24_NOTIFY_RESOURCE = 0x34,
	ISP24_NOTIFY_MESSAGE = 0x36,
	ISP24_NOTIFY_SRR = 0x45,
	ISP24_NOTIFY_ELS = 0x46,
};

/* Answer to a notify; comes back with a status. [qla_target.h, O] */
struct isp24_ack {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 port_handle;
	__le16 rsvd_0a;
	__le16 flags;
	__le16 srr_rx_id;
	__le16 status;
	u8 subcode;
	u8 fw_handle;
	__le32 exchange;
	__le32 srr_offset;
	__le16 srr_iu;
	__le16 srr_flags;
	u8 rsvd_20[19];
	u8 vp_idx;
	u8 srr_vendor;
	u8 srr_expl;
	u8 srr_reason;
	u8 rsvd_37[7];
	__le16 ox_id;
} __packed;
WIRE_SIZE(struct isp24_ack, 64);
WIRE_AT(struct isp24_ack, port_handle, 0x08);
WIRE_AT(struct isp24_ack, flags, 0x0c);
WIRE_AT(struct isp24_ack, status, 0x10);
WIRE_AT(struct isp24_ack, exchange, 0x14);
WIRE_AT(struct isp24_ack, srr_flags, 0x1e);
WIRE_AT(struct isp24_ack, vp_idx, 0x33);
WIRE_AT(struct isp24_ack, srr_reason, 0x36);
WIRE_AT(struct isp24_ack, ox_id, 0x3e);

/* NOTIFY24XX_FLAGS_FCSP, PUREX: not ours. Echoed: bit 5. [qla_target.c, O] */
#define ISP24_ACK_FLAG_REJECT BIT(3)
#define ISP24_ACK_FLAG_ECHO BIT(5)
#define ISP24_ACK_SRR_REJECT 1
#define ISP24_ACK_OK 0x01

/* ABTS received, response ring. [qla_target.h abts_recv_from_24xx, O] */
struct isp24_abts {
	struct isp24_hdr hdr;
	u8 rsvd_04[6];
	__le16 port_handle;
	u8 rsvd_0c[2];
	u8 vp_idx;
	u8 sof; /* high nibble */
	__le32 exchange;
	struct isp24_fc_hdr_le fc;
	u8 rsvd_2c[16];
	__le32 to_abort;
} __packed;
WIRE_SIZE(struct isp24_abts, 64);
WIRE_AT(struct isp24_abts, port_handle, 0x0a);
WIRE_AT(struct isp24_abts, vp_idx, 0x0e);
WIRE_AT(struct isp24_abts, exchange, 0x10);
WIRE_AT(struct isp24_abts, fc, 0x14);
WIRE_AT(struct isp24_abts, to_abort, 0x3c);

#define ISP24_ABTS_SOF GENMASK(7, 4)
#define ISP24_ABTS_SEQ_ONLY BIT(0)

/* Answer to an ABTS. [qla_target.h abts_resp_to_24xx, O] */
struct isp24_abts_rsp {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 status; /* of the returned entry; else 0 */
	__le16 port_handle;
	__le16 control;
	u8 vp_idx;
	u8 sof;
	__le32 exchange;
	struct isp24_fc_hdr_le fc;
	union {
		struct {
			__le16 rsvd_00;
			u8 seq_id;
			u8 seq_id_valid;
			__le16 rx_id;
			__le16 ox_id;
			__le16 high_seq_cnt;
			__le16 low_seq_cnt;
		} __packed acc;
		struct {
			u8 vendor;
			u8 expl;
			u8 reason;
			u8 rsvd_03;
		} __packed rjt;
	} __packed;
	__le32 rsvd_38;
	__le32 to_abort;
} __packed;
WIRE_SIZE(struct isp24_abts_rsp, 64);
WIRE_AT(struct isp24_abts_rsp, status, 0x08);
WIRE_AT(struct isp24_abts_rsp, control, 0x0c);
WIRE_AT(struct isp24_abts_rsp, exchange, 0x10);
WIRE_AT(struct isp24_abts_rsp, fc, 0x14);
WIRE_AT(struct isp24_abts_rsp, acc, 0x2c);
WIRE_AT(struct isp24_abts_rsp, to_abort, 0x3c);

#define ISP24_ABTS_RSP_TERMINATE BIT(0)
#define ISP24_ABTS_RSP_SUBCODE_ERROR 0x31

/* Marker. [qla_fw.h mrk_entry_24xx, O] */
struct isp24_marker {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 port_handle;
	u8 modifier;
	u8 rsvd_0b[2];
	u8 vp_idx;
	__le16 rsvd_0e;
	u8 lun[8];
	u8 rsvd_18[40];
} __packed;
WIRE_SIZE(struct isp24_marker, 64);
WIRE_AT(struct isp24_marker, modifier, 0x0a);
WIRE_AT(struct isp24_marker, vp_idx, 0x0d);
WIRE_AT(struct isp24_marker, lun, 0x10);

#define ISP24_MARKER_SYNC_ALL 2

/* CT pass-through. [qla_fw.h ct_entry_24xx, O] */
struct isp24_ct {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 status;
	__le16 port_handle;
	__le16 nr_req_segs;
	u8 vp_idx;
	u8 rsvd_0f;
	__le16 timeout;
	__le16 rsvd_12;
	__le16 nr_rsp_segs;
	u8 rsvd_16[10];
	__le32 rsp_len;
	__le32 req_len;
	struct isp24_seg seg[2]; /* request, response */
} __packed;
WIRE_SIZE(struct isp24_ct, 64);
WIRE_AT(struct isp24_ct, status, 0x08);
WIRE_AT(struct isp24_ct, vp_idx, 0x0e);
WIRE_AT(struct isp24_ct, timeout, 0x10);
WIRE_AT(struct isp24_ct, nr_rsp_segs, 0x14);
WIRE_AT(struct isp24_ct, rsp_len, 0x20);
WIRE_AT(struct isp24_ct, seg, 0x28);

/* Login and logout. [qla_fw.h logio_entry_24xx, O] */
struct isp24_logio {
	struct isp24_hdr hdr;
	__le32 handle;
	__le16 status;
	__le16 port_handle;
	__le16 control;
	u8 vp_idx;
	u8 rsvd_0f;
	u8 port_id[3]; /* low byte first */
	u8 rsp_size;
	__le32 param[11];
} __packed;
WIRE_SIZE(struct isp24_logio, 64);
WIRE_AT(struct isp24_logio, control, 0x0c);
WIRE_AT(struct isp24_logio, port_id, 0x10);
WIRE_AT(struct isp24_logio, rsp_size, 0x13);
WIRE_AT(struct isp24_logio, param, 0x14);

#define ISP24_LOGIO_PLOGI 0x00
#define ISP24_LOGIO_PRLI 0x01
#define ISP24_LOGIO_LOGO 0x08
#define ISP24_LOGIO_PRLO 0x09
#define ISP24_LOGIO_COND BIT(4) /* PLOGI */
#define ISP24_LOGIO_IMPLICIT BIT(4) /* LOGO, PRLO */
#define ISP24_LOGIO_NO_PRLI BIT(5) /* PLOGI */
#define ISP24_LOGIO_ALL BIT(5) /* LOGO */
#define ISP24_LOGIO_FREE BIT(7) /* LOGO */
#define ISP24_LOGIO_ALREADY 0x1d /* param 0: that id is logged in */

/* Completion status of CT, LOGIO and STATUS entries. [qla_def.h CS_*, O] */
enum isp24_cs {
	ISP24_CS_OK = 0x00,
	ISP24_CS_ABORTED = 0x05,
	ISP24_CS_TIMEOUT = 0x06,
	ISP24_CS_OVERRUN = 0x07,
	ISP24_CS_UNDERRUN = 0x15,
	ISP24_CS_QUEUE_FULL = 0x1c,
	ISP24_CS_PORT_UNAVAIL = 0x28,
	ISP24_CS_LOGGED_OUT = 0x29,
	ISP24_CS_PORT_CHANGED = 0x2a,
	ISP24_CS_LOGIO_ERROR = 0x31,
};

/* Report-ID acquisition. [qla_fw.h vp_rpt_id_entry_24xx, O] */
struct isp24_vp_report {
	struct isp24_hdr hdr;
	__le32 rsvd_04;
	u8 nr_acquired;
	u8 nr_setup;
	u8 vp_idx;
	u8 vp_status;
	u8 port_id[3]; /* low byte first */
	u8 format;
	u8 subcode;
	u8 flags;
	__le16 fip_flags;
	u8 rsvd_14[12];
	u8 ls_rjt[3];
	u8 rsvd_23[5];
	u8 wwpn[8];
	u8 wwnn[8];
	__le16 rsvd_38;
	u8 rsvd_3a[2];
	u8 peer_id[4];
} __packed;
WIRE_SIZE(struct isp24_vp_report, 64);
WIRE_AT(struct isp24_vp_report, nr_acquired, 0x08);
WIRE_AT(struct isp24_vp_report, vp_idx, 0x0a);
WIRE_AT(struct isp24_vp_report, port_id, 0x0c);
WIRE_AT(struct isp24_vp_report, format, 0x0f);
WIRE_AT(struct isp24_vp_report, flags, 0x11);
WIRE_AT(struct isp24_vp_report, ls_rjt, 0x20);
WIRE_AT(struct isp24_vp_report, wwpn, 0x28);
WIRE_AT(struct isp24_vp_report, wwnn, 0x30);
WIRE_AT(struct isp24_vp_report, peer_id, 0x3c);

#define ISP24_VP_TOPO GENMASK(3, 1)
#define ISP24_VP_TOPO_FL 1
#define ISP24_VP_TOPO_N 2
#define ISP24_VP_TOPO_F 3

/* Init control block. [qla_fw.h init_cb_24xx, O] */
struct isp24_icb {
	__le16 version;
	__le16 rsvd_02;
	__le16 frame_size;
	__le16 exec_throttle;
	__le16 nr_exchanges;
	__le16 hard_address;
	u8 wwpn[8]; /* high byte first */
	u8 wwnn[8];
	__le16 rsp_in;
	__le16 req_out;
	__le16 login_retry;
	__le16 prio_req_out;
	__le16 rsp_nr;
	__le16 req_nr;
	__le16 link_down_ms;
	__le16 prio_req_nr;
	__le64 req_addr;
	__le64 rsp_addr;
	__le64 prio_req_addr;
	__le16 msix_rsp;
	__le16 msix_atio;
	u8 rsvd_48[4];
	__le16 atio_in;
	__le16 atio_nr;
	__le64 atio_addr;
	__le16 int_delay; /* 100 us */
	__le16 login_timeout;
	__le32 options[3];
	__le16 qos;
	__le16 rid;
	u8 rsvd_6c[20];
} __packed;
WIRE_SIZE(struct isp24_icb, 128);
WIRE_AT(struct isp24_icb, frame_size, 0x04);
WIRE_AT(struct isp24_icb, wwpn, 0x0c);
WIRE_AT(struct isp24_icb, rsp_in, 0x1c);
WIRE_AT(struct isp24_icb, rsp_nr, 0x24);
WIRE_AT(struct isp24_icb, req_addr, 0x2c);
WIRE_AT(struct isp24_icb, msix_rsp, 0x44);
WIRE_AT(struct isp24_icb, atio_in, 0x4c);
WIRE_AT(struct isp24_icb, atio_addr, 0x50);
WIRE_AT(struct isp24_icb, options, 0x5c);

#define ISP24_ICB_VERSION 1
/* Options 1. [qla_fw.h, O] */
#define ISP24_ICB1_HARD_ID BIT(0)
#define ISP24_ICB1_FAIRNESS BIT(1)
#define ISP24_ICB1_FULL_DUPLEX BIT(2)
#define ISP24_ICB1_TARGET BIT(4)
#define ISP24_ICB1_NO_INITIATOR BIT(5)
#define ISP24_ICB1_FULL_LOGIN BIT(13)
#define ISP24_ICB1_NODE_NAME BIT(14)
/* Options 2. */
#define ISP24_ICB2_CONNECTION GENMASK(6, 4)
#define ISP24_ICB2_LOOP_ONLY 0
#define ISP24_ICB2_P2P_ONLY 1
#define ISP24_ICB2_LOOP_THEN_P2P 2
#define ISP24_ICB2_TARGET_PRLI BIT(14)
/* Options 3. */
#define ISP24_ICB3_SOFT_ID BIT(1)
#define ISP24_ICB3_DRIVER_LOGIN BIT(8) /* N_Port pair: we send the PLOGI */
#define ISP24_ICB3_RATE GENMASK(15, 13)

/* Firmware options, mailbox 2 of command 38h. [qla_init.c, O] */
#define ISP24_FWOPT2_FLOGI_RETRY BIT(3)
#define ISP24_FWOPT2_TRACK_EXCHANGES BIT(4)

#define ISP24_MAX_VPS 254
#define ISP24_MID_OPTION_1 BIT(1) /* as stock drivers set it */

/* One virtual port in a multi-id ICB. [qla_fw.h mid_conf_entry_24xx, O] */
struct isp24_icb_vp {
	__le16 rsvd_00;
	u8 options;
	u8 hard_address;
	u8 wwpn[8];
	u8 wwnn[8];
} __packed;
WIRE_SIZE(struct isp24_icb_vp, 20);
WIRE_AT(struct isp24_icb_vp, options, 0x02);

#define ISP24_ICB_VP_NO_TARGET BIT(5)
#define ISP24_ICB_VP_INITIATOR BIT(4)
#define ISP24_ICB_VP_ENABLE BIT(3)

/* What follows the ICB when it is a multi-id one. [qla_fw.h, O] */
struct isp24_icb_mid {
	struct isp24_icb icb;
	__le16 nr_vps;
	__le16 options;
	struct isp24_icb_vp vp[];
} __packed;
WIRE_SIZE(struct isp24_icb_mid, 132);
WIRE_AT(struct isp24_icb_mid, nr_vps, 0x80);
WIRE_AT(struct isp24_icb_mid, vp, 0x84);

/* NVRAM, 128 dwords that sum up to 0. [qla_fw.h nvram_24xx, O] */
struct isp24_nvram {
	u8 id[4]; /* "ISP " */
	__le16 nvram_version;
	__le16 rsvd_06;
	__le16 icb_version;
	__le16 rsvd_0a;
	__le16 frame_size;
	__le16 exec_throttle;
	__le16 nr_exchanges;
	__le16 hard_address;
	u8 wwpn[8];
	u8 wwnn[8];
	__le16 login_retry;
	__le16 link_down_ms;
	__le16 int_delay;
	__le16 login_timeout;
	__le32 options[3];
	u8 rsvd_38[452];
	__le32 checksum;
} __packed;
WIRE_SIZE(struct isp24_nvram, 512);
WIRE_AT(struct isp24_nvram, icb_version, 0x08);
WIRE_AT(struct isp24_nvram, frame_size, 0x0c);
WIRE_AT(struct isp24_nvram, wwpn, 0x14);
WIRE_AT(struct isp24_nvram, wwnn, 0x1c);
WIRE_AT(struct isp24_nvram, options, 0x2c);
WIRE_AT(struct isp24_nvram, checksum, 0x1fc);

#define ISP24_NVRAM_DWORDS 128

/* Head of each segment of a firmware image. [qla_init.c, O; FreeBSD isp.c, O] */
struct isp24_fw_head {
	__be32 rsvd_00[2];
	__be32 addr;
	__be32 nr_dwords;
	__be32 version[3];
	__be32 rsvd_1c;
} __packed;
WIRE_SIZE(struct isp24_fw_head, 32);
WIRE_AT(struct isp24_fw_head, addr, 0x08);

#define ISP24_FW_SEGMENTS 2

#endif
