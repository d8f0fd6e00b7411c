/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queue entries of the 24xx and 25xx: every field that the model reads or
 * writes, once, as rows from which both the offsets used by the code and the
 * table printed by --dump-spec are made.
 *
 * F(ENTRY, FIELD, "field", offset, width, ORDER): ORDER is L little endian,
 * M big endian, B bytes as they are, S bytes swapped within each dword (the
 * chip keeps FCP payloads that way). Hidden gaps are reserved and must be 0
 * from the driver.
 *
 * Sources: [FB] FreeBSD sys/dev/isp/ispmbox.h; [LX] Linux drivers/scsi/qla2xxx
 * qla_fw.h, qla_target.h, qla_def.h; [SS] stock-sequence, what stock drivers
 * were seen to do.
 */
#ifndef MODEL_SPEC_ENTRIES_H
#define MODEL_SPEC_ENTRIES_H

#define ENTRY_SIZE 64

/* Entry types. [FB RQSTYPE_*, O]; [LX *_IOCB_TYPE, O] */
enum entry_type {
	ENTRY_STATUS = 0x03,
	ENTRY_MARKER = 0x04,
	ENTRY_ATIO = 0x06,
	ENTRY_CONT64 = 0x0a,
	ENTRY_NOTIFY = 0x0d,
	ENTRY_NOTIFY_ACK = 0x0e,
	ENTRY_STATUS_CONT = 0x10,
	ENTRY_CTIO7 = 0x12,
	ENTRY_TMF = 0x14,
	ENTRY_CMD7 = 0x18,
	ENTRY_CT = 0x29,
	ENTRY_VP_CTRL = 0x30,
	ENTRY_VP_CONFIG = 0x31,
	ENTRY_RPT_ID = 0x32,
	ENTRY_ABORT = 0x33,
	ENTRY_MBOX = 0x39,
	ENTRY_LOGIO = 0x52,
	ENTRY_ELS = 0x53,
	ENTRY_ABTS_RCV = 0x54,
	ENTRY_ABTS_RSP = 0x55,
};

/* Entry status, byte 3 of each entry. [LX qla_def.h RF_*, O] */
#define ENTRY_ST_BUSY 0x02
#define ENTRY_ST_TYPE 0x04 /* invalid entry type */
#define ENTRY_ST_PARAM 0x08 /* invalid parameter */
#define ENTRY_ST_COUNT 0x10 /* invalid entry count */
#define ENTRY_ST_ORDER 0x20 /* invalid entry order */
#define ENTRY_ST_DMA 0x40 /* request queue DMA error */

/* Header that all entries share. [FB isphdr_t, O] */
#define SPEC_HDR(F)                                \
	F(HDR, TYPE, "entry_type", 0x00, 1, B)     \
	F(HDR, COUNT, "entry_count", 0x01, 1, B)   \
	F(HDR, SYS, "sys_define", 0x02, 1, B)      \
	F(HDR, STATUS, "entry_status", 0x03, 1, B) \
	F(HDR, HANDLE, "handle", 0x04, 4, L)

/* Command type 7, an initiator's SCSI command. [FB ispreqt7_t, O] */
#define SPEC_CMD7(F)                               \
	F(CMD7, HANDLE, "handle", 0x04, 4, L)      \
	F(CMD7, NPORT, "nport_handle", 0x08, 2, L) \
	F(CMD7, TIMEOUT, "timeout", 0x0a, 2, L)    \
	F(CMD7, NR_DSD, "dseg_count", 0x0c, 2, L)  \
	F(CMD7, RSVD_0E, "rsvd_0e", 0x0e, 2, L)    \
	F(CMD7, LUN, "lun", 0x10, 8, S)            \
	F(CMD7, DIR, "alen_datadir", 0x18, 1, B)   \
	F(CMD7, TM, "task_mgmt", 0x19, 1, B)       \
	F(CMD7, ATTR, "task", 0x1a, 1, B)          \
	F(CMD7, CRN, "crn", 0x1b, 1, B)            \
	F(CMD7, CDB, "cdb", 0x1c, 16, S)           \
	F(CMD7, DL, "byte_count", 0x2c, 4, L)      \
	F(CMD7, PORT_ID, "port_id", 0x30, 3, L)    \
	F(CMD7, VP, "vp_index", 0x33, 1, B)        \
	F(CMD7, DSD_ADDR, "dsd_addr", 0x34, 8, L)  \
	F(CMD7, DSD_LEN, "dsd_len", 0x3c, 4, L)

/* Continuation with five 64-bit segments. [FB ispcontreq64_t, O] */
#define SPEC_CONT64(F) F(CONT64, DSD, "dsd", 0x04, 60, B)

/* Status of a command or task management. [FB isp24xx_statusreq_t, O] */
#define SPEC_STATUS(F)                                      \
	F(STS, HANDLE, "handle", 0x04, 4, L)                \
	F(STS, COMP, "comp_status", 0x08, 2, L)             \
	F(STS, OX_ID, "ox_id", 0x0a, 2, L)                  \
	F(STS, RESID, "residual_len", 0x0c, 4, L)           \
	F(STS, STATE, "state_flags", 0x12, 2, L)            \
	F(STS, QUALIFIER, "status_qualifier", 0x14, 2, L)   \
	F(STS, SCSI, "scsi_status", 0x16, 2, L)             \
	F(STS, RSP_RESID, "rsp_residual_count", 0x18, 4, L) \
	F(STS, SENSE_LEN, "sense_len", 0x1c, 4, L)          \
	F(STS, RSP_LEN, "rsp_data_len", 0x20, 4, L)         \
	F(STS, DATA, "data", 0x24, 28, S)

/* More response and sense bytes. [FB ispstatus_cont_t, O] */
#define SPEC_STATUS_CONT(F) F(STSC, DATA, "data", 0x04, 60, S)

/* Marker. [FB isp_marker_24xx_t, O] */
#define SPEC_MARKER(F)                            \
	F(MRK, HANDLE, "handle", 0x04, 4, L)      \
	F(MRK, NPORT, "nport_handle", 0x08, 2, L) \
	F(MRK, MODIFIER, "modifier", 0x0a, 1, B)  \
	F(MRK, VP, "vp_index", 0x0d, 1, B)        \
	F(MRK, LUN, "lun", 0x10, 8, S)

/* CT pass-through. [FB isp_ct_pt_t, O] */
#define SPEC_CT(F)                                   \
	F(CT, HANDLE, "handle", 0x04, 4, L)          \
	F(CT, COMP, "comp_status", 0x08, 2, L)       \
	F(CT, NPORT, "nport_handle", 0x0a, 2, L)     \
	F(CT, NR_CMD, "cmd_dsd_count", 0x0c, 2, L)   \
	F(CT, VP, "vp_index", 0x0e, 1, B)            \
	F(CT, TIMEOUT, "timeout", 0x10, 2, L)        \
	F(CT, NR_RSP, "rsp_dsd_count", 0x14, 2, L)   \
	F(CT, RSP_LEN, "rsp_byte_count", 0x20, 4, L) \
	F(CT, CMD_LEN, "cmd_byte_count", 0x24, 4, L) \
	F(CT, DSD0_ADDR, "dsd0_addr", 0x28, 8, L)    \
	F(CT, DSD0_LEN, "dsd0_len", 0x30, 4, L)      \
	F(CT, DSD1_ADDR, "dsd1_addr", 0x34, 8, L)    \
	F(CT, DSD1_LEN, "dsd1_len", 0x3c, 4, L)

/* ELS pass-through, request. [FB els_t, O]; [LX els_entry_24xx, O] */
#define SPEC_ELS(F)                                 \
	F(ELS, HANDLE, "handle", 0x04, 4, L)        \
	F(ELS, COMP, "comp_status", 0x08, 2, L)     \
	F(ELS, NPORT, "nport_handle", 0x0a, 2, L)   \
	F(ELS, NR_TX, "tx_dsd_count", 0x0c, 2, L)   \
	F(ELS, VP, "vp_index", 0x0e, 1, B)          \
	F(ELS, SOF, "sof_type", 0x0f, 1, B)         \
	F(ELS, XCHG, "rx_xchg_address", 0x10, 4, L) \
	F(ELS, NR_RX, "rx_dsd_count", 0x14, 2, L)   \
	F(ELS, OPCODE, "opcode", 0x16, 1, B)        \
	F(ELS, D_ID, "d_id", 0x18, 3, L)            \
	F(ELS, S_ID, "s_id", 0x1b, 3, B)            \
	F(ELS, CTL, "control_flags", 0x1e, 2, L)    \
	F(ELS, RX_LEN, "rx_byte_count", 0x20, 4, L) \
	F(ELS, TX_LEN, "tx_byte_count", 0x24, 4, L) \
	F(ELS, TX_ADDR, "tx_address", 0x28, 8, L)   \
	F(ELS, TX_DSD_LEN, "tx_len", 0x30, 4, L)    \
	F(ELS, RX_ADDR, "rx_address", 0x34, 8, L)   \
	F(ELS, RX_DSD_LEN, "rx_len", 0x3c, 4, L)

/* What the answer to ELS pass-through has there. [LX els_sts_entry_24xx, O] */
#define SPEC_ELS_STS(F)                                \
	F(ELSS, TOTAL, "total_byte_count", 0x20, 4, L) \
	F(ELSS, SUB1, "error_subcode_1", 0x24, 4, L)   \
	F(ELSS, SUB2, "error_subcode_2", 0x28, 4, L)

/* Login and logout of a port. [FB isp_plogx_t, O]; [LX logio_entry_24xx, O] */
#define SPEC_LOGIO(F)                               \
	F(LOGIO, HANDLE, "handle", 0x04, 4, L)      \
	F(LOGIO, COMP, "comp_status", 0x08, 2, L)   \
	F(LOGIO, NPORT, "nport_handle", 0x0a, 2, L) \
	F(LOGIO, CTL, "control_flags", 0x0c, 2, L)  \
	F(LOGIO, VP, "vp_index", 0x0e, 1, B)        \
	F(LOGIO, PORT_ID, "port_id", 0x10, 3, L)    \
	F(LOGIO, RSP_SIZE, "rsp_size", 0x13, 1, B)  \
	F(LOGIO, PARAM, "io_parameter", 0x14, 44, B)

/* Task management. [LX tsk_mgmt_entry, O] */
#define SPEC_TMF(F)                               \
	F(TMF, HANDLE, "handle", 0x04, 4, L)      \
	F(TMF, NPORT, "nport_handle", 0x08, 2, L) \
	F(TMF, DELAY, "delay", 0x0c, 2, L)        \
	F(TMF, TIMEOUT, "timeout", 0x0e, 2, L)    \
	F(TMF, LUN, "lun", 0x10, 8, S)            \
	F(TMF, CTL, "control_flags", 0x18, 4, L)  \
	F(TMF, PORT_ID, "port_id", 0x30, 3, L)    \
	F(TMF, VP, "vp_index", 0x33, 1, B)

/* Abort of a command. [FB isp24xx_abrt_t, O] */
#define SPEC_ABORT(F)                                  \
	F(ABRT, HANDLE, "handle", 0x04, 4, L)          \
	F(ABRT, NPORT, "nport_handle", 0x08, 2, L)     \
	F(ABRT, OPTIONS, "options", 0x0a, 2, L)        \
	F(ABRT, VICTIM, "handle_to_abort", 0x0c, 4, L) \
	F(ABRT, QUEUE, "req_que_no", 0x10, 2, L)       \
	F(ABRT, PORT_ID, "port_id", 0x30, 3, L)        \
	F(ABRT, VP, "vp_index", 0x33, 1, B)

/* Mailbox command in an entry. [LX mbx_entry_24xx, O] */
#define SPEC_MBOX(F)                         \
	F(MBX, HANDLE, "handle", 0x04, 4, L) \
	F(MBX, MB, "mbx", 0x08, 56, B)

/* A SCSI command that arrived; FC header and FCP_CMND. [LX atio_from_isp, O] */
#define SPEC_ATIO(F)                                \
	F(ATIO, LEN, "attr_n_length", 0x02, 2, L)   \
	F(ATIO, XCHG, "exchange_addr", 0x04, 4, L)  \
	F(ATIO, R_CTL, "r_ctl", 0x08, 1, B)         \
	F(ATIO, D_ID, "d_id", 0x09, 3, M)           \
	F(ATIO, CS_CTL, "cs_ctl", 0x0c, 1, B)       \
	F(ATIO, S_ID, "s_id", 0x0d, 3, M)           \
	F(ATIO, FC_TYPE, "type", 0x10, 1, B)        \
	F(ATIO, F_CTL, "f_ctl", 0x11, 3, M)         \
	F(ATIO, SEQ_ID, "seq_id", 0x14, 1, B)       \
	F(ATIO, DF_CTL, "df_ctl", 0x15, 1, B)       \
	F(ATIO, SEQ_CNT, "seq_cnt", 0x16, 2, M)     \
	F(ATIO, OX_ID, "ox_id", 0x18, 2, M)         \
	F(ATIO, RX_ID, "rx_id", 0x1a, 2, M)         \
	F(ATIO, PARAMETER, "parameter", 0x1c, 4, M) \
	F(ATIO, CMND, "fcp_cmnd", 0x20, 32, B)

/* Continue target I/O type 7, what modes 0..2 share. [FB ct7_entry_t, O] */
#define SPEC_CTIO7(F)                               \
	F(CTIO, HANDLE, "handle", 0x04, 4, L)       \
	F(CTIO, NPORT, "nport_handle", 0x08, 2, L)  \
	F(CTIO, TIMEOUT, "timeout", 0x0a, 2, L)     \
	F(CTIO, NR_DSD, "dseg_count", 0x0c, 2, L)   \
	F(CTIO, VP, "vp_index", 0x0e, 1, B)         \
	F(CTIO, ADD_FLAGS, "add_flags", 0x0f, 1, B) \
	F(CTIO, INI_ID, "initiator_id", 0x10, 3, L) \
	F(CTIO, RSVD_13, "rsvd_13", 0x13, 1, B)     \
	F(CTIO, XCHG, "exchange_addr", 0x14, 4, L)  \
	F(CTIO, FLAGS, "flags", 0x1a, 2, L)         \
	F(CTIO, RESID, "residual", 0x1c, 4, L)      \
	F(CTIO, OX_ID, "ox_id", 0x20, 2, L)         \
	F(CTIO, SCSI, "scsi_status", 0x22, 2, L)

/* Mode 0: data, status without sense. [LX ctio7_to_24xx status0, O] */
#define SPEC_CTIO7_M0(F)                                  \
	F(CTIO0, RSVD_18, "rsvd_18", 0x18, 2, L)          \
	F(CTIO0, OFFSET, "relative_offset", 0x24, 4, L)   \
	F(CTIO0, RSVD_28, "rsvd_28", 0x28, 4, L)          \
	F(CTIO0, XFER_LEN, "transfer_length", 0x2c, 4, L) \
	F(CTIO0, RSVD_30, "rsvd_30", 0x30, 4, L)          \
	F(CTIO0, DSD_ADDR, "dsd_addr", 0x34, 8, L)        \
	F(CTIO0, DSD_LEN, "dsd_len", 0x3c, 4, L)

/* Mode 1: status with response and sense bytes. [LX status1, O] */
#define SPEC_CTIO7_M1(F)                                \
	F(CTIO1, SENSE_LEN, "sense_length", 0x18, 2, L) \
	F(CTIO1, RSP_LEN, "response_len", 0x24, 2, L)   \
	F(CTIO1, RSVD_26, "rsvd_26", 0x26, 2, L)        \
	F(CTIO1, DATA, "sense_data", 0x28, 24, S)

/* Mode 2: the whole FCP_RSP is in memory. [FB ct7_entry_t m2, O] */
#define SPEC_CTIO7_M2(F)                           \
	F(CTIO2, LEN, "datalen", 0x2c, 4, L)       \
	F(CTIO2, DSD_ADDR, "rsp_addr", 0x34, 8, L) \
	F(CTIO2, DSD_LEN, "rsp_dsd_len", 0x3c, 4, L)

/* CTIO type 7 as it comes back. [LX ctio7_from_24xx, O] */
#define SPEC_CTIO7_RET(F)                              \
	F(CTIOR, STATUS, "status", 0x08, 2, L)         \
	F(CTIOR, XCHG, "exchange_address", 0x14, 4, L) \
	F(CTIOR, FLAGS, "flags", 0x1a, 2, L)           \
	F(CTIOR, RESID, "residual", 0x1c, 4, L)        \
	F(CTIOR, OX_ID, "ox_id", 0x20, 2, L)           \
	F(CTIOR, OFFSET, "relative_offset", 0x24, 4, L)

/* Immediate notify. [LX imm_ntfy_from_isp isp24, O] */
#define SPEC_NOTIFY(F)                                 \
	F(INOT, NPORT, "nport_handle", 0x08, 2, L)     \
	F(INOT, FLAGS, "flags", 0x0c, 2, L)            \
	F(INOT, SRR_RX_ID, "srr_rx_id", 0x0e, 2, L)    \
	F(INOT, STATUS, "status", 0x10, 2, L)          \
	F(INOT, SUBCODE, "status_subcode", 0x12, 1, B) \
	F(INOT, FW_HANDLE, "fw_handle", 0x13, 1, B)    \
	F(INOT, XCHG, "exchange_address", 0x14, 4, L)  \
	F(INOT, WWNN, "plogi_node_name", 0x20, 8, B)   \
	F(INOT, WORD3, "prli_wd3_lo", 0x20, 2, L)      \
	F(INOT, WWPN, "port_name", 0x28, 8, B)         \
	F(INOT, VP, "vp_index", 0x33, 1, B)            \
	F(INOT, PORT_ID, "port_id", 0x38, 3, L)        \
	F(INOT, OX_ID, "ox_id", 0x3e, 2, L)

/* Notify acknowledge, there and back. [LX nack_to_isp isp24, O] */
#define SPEC_NOTIFY_ACK(F)                                        \
	F(NACK, HANDLE, "handle", 0x04, 4, L)                     \
	F(NACK, NPORT, "nport_handle", 0x08, 2, L)                \
	F(NACK, FLAGS, "flags", 0x0c, 2, L)                       \
	F(NACK, SRR_RX_ID, "srr_rx_id", 0x0e, 2, L)               \
	F(NACK, STATUS, "status", 0x10, 2, L)                     \
	F(NACK, SUBCODE, "status_subcode", 0x12, 1, B)            \
	F(NACK, FW_HANDLE, "fw_handle", 0x13, 1, B)               \
	F(NACK, XCHG, "exchange_address", 0x14, 4, L)             \
	F(NACK, VP, "vp_index", 0x33, 1, B)                       \
	F(NACK, REJ_VENDOR, "srr_reject_vendor_uniq", 0x34, 1, B) \
	F(NACK, REJ_EXPL, "srr_reject_code_expl", 0x35, 1, B)     \
	F(NACK, REJ_CODE, "srr_reject_code", 0x36, 1, B)          \
	F(NACK, OX_ID, "ox_id", 0x3e, 2, L)

/* ABTS that arrived, and its response. [LX abts_recv_from_24xx, O] */
#define SPEC_ABTS(F)                                  \
	F(ABTS, HANDLE, "handle", 0x04, 4, L)         \
	F(ABTS, COMP, "comp_status", 0x08, 2, L)      \
	F(ABTS, NPORT, "nport_handle", 0x0a, 2, L)    \
	F(ABTS, CTL, "control_flags", 0x0c, 2, L)     \
	F(ABTS, VP, "vp_index", 0x0e, 1, B)           \
	F(ABTS, SOF, "sof_type", 0x0f, 1, B)          \
	F(ABTS, XCHG, "exchange_address", 0x10, 4, L) \
	F(ABTS, D_ID, "d_id", 0x14, 3, L)             \
	F(ABTS, R_CTL, "r_ctl", 0x17, 1, B)           \
	F(ABTS, S_ID, "s_id", 0x18, 3, L)             \
	F(ABTS, CS_CTL, "cs_ctl", 0x1b, 1, B)         \
	F(ABTS, F_CTL, "f_ctl", 0x1c, 3, L)           \
	F(ABTS, FC_TYPE, "type", 0x1f, 1, B)          \
	F(ABTS, SEQ_CNT, "seq_cnt", 0x20, 2, L)       \
	F(ABTS, DF_CTL, "df_ctl", 0x22, 1, B)         \
	F(ABTS, SEQ_ID, "seq_id", 0x23, 1, B)         \
	F(ABTS, RX_ID, "rx_id", 0x24, 2, L)           \
	F(ABTS, OX_ID, "ox_id", 0x26, 2, L)           \
	F(ABTS, PARAMETER, "parameter", 0x28, 4, L)   \
	F(ABTS, PAYLOAD, "payload", 0x2c, 12, B)      \
	F(ABTS, VICTIM, "exchange_addr_to_abort", 0x3c, 4, L)

/* Payloads of the response, and errors when it comes back. [LX, O] */
#define SPEC_ABTS_RSP(F)                                       \
	F(ABTSR, RJT_VENDOR, "ba_rjt_vendor", 0x2c, 1, B)      \
	F(ABTSR, RJT_EXPL, "ba_rjt_explanation", 0x2d, 1, B)   \
	F(ABTSR, RJT_REASON, "ba_rjt_reason", 0x2e, 1, B)      \
	F(ABTSR, ACC_SEQ_ID, "ba_acc_seq_id_last", 0x2e, 1, B) \
	F(ABTSR, ACC_VALID, "ba_acc_seq_id_valid", 0x2f, 1, B) \
	F(ABTSR, ACC_RX_ID, "ba_acc_rx_id", 0x30, 2, L)        \
	F(ABTSR, ACC_OX_ID, "ba_acc_ox_id", 0x32, 2, L)        \
	F(ABTSR, ACC_HIGH, "ba_acc_high_seq_cnt", 0x34, 2, L)  \
	F(ABTSR, ACC_LOW, "ba_acc_low_seq_cnt", 0x36, 2, L)    \
	F(ABTSR, SUB1, "error_subcode1", 0x34, 4, L)           \
	F(ABTSR, SUB2, "error_subcode2", 0x38, 4, L)

/* Report ID acquisition. [LX vp_rpt_id_entry_24xx, O] */
#define SPEC_RPT_ID(F)                                \
	F(RPTID, ACQUIRED, "vp_acquired", 0x08, 1, B) \
	F(RPTID, SETUP, "vp_setup", 0x09, 1, B)       \
	F(RPTID, VP, "vp_idx", 0x0a, 1, B)            \
	F(RPTID, STATUS, "vp_status", 0x0b, 1, B)     \
	F(RPTID, PORT_ID, "port_id", 0x0c, 3, L)      \
	F(RPTID, FORMAT, "format", 0x0f, 1, B)        \
	F(RPTID, FLAGS, "flags", 0x11, 1, B)          \
	F(RPTID, WWPN, "port_name", 0x28, 8, B)       \
	F(RPTID, WWNN, "node_name", 0x30, 8, B)       \
	F(RPTID, REMOTE, "remote_nport_id", 0x3c, 4, L)

/* Port database in guest memory, mailbox 64h. [FB isp_pdb_24xx_t, O] */
#define SPEC_PDB(F)                                        \
	F(PDB, FLAGS, "flags", 0x00, 2, L)                 \
	F(PDB, STATE, "current_login_state", 0x02, 1, B)   \
	F(PDB, LAST, "last_login_state", 0x03, 1, B)       \
	F(PDB, PORT_ID, "port_id", 0x08, 3, M)             \
	F(PDB, NPORT, "nport_handle", 0x0e, 2, L)          \
	F(PDB, RCV_SIZE, "receive_data_size", 0x10, 2, L)  \
	F(PDB, WORD0, "prli_svc_param_word_0", 0x14, 2, L) \
	F(PDB, WORD3, "prli_svc_param_word_3", 0x16, 2, L) \
	F(PDB, WWPN, "port_name", 0x18, 8, B)              \
	F(PDB, WWNN, "node_name", 0x20, 8, B)

/* clang-format off */
#define SPEC_ALL_ENTRIES(F) \
	SPEC_HDR(F) SPEC_CMD7(F) SPEC_CONT64(F) SPEC_STATUS(F) \
	SPEC_STATUS_CONT(F) SPEC_MARKER(F) SPEC_CT(F) SPEC_ELS(F) \
	SPEC_ELS_STS(F) SPEC_LOGIO(F) SPEC_TMF(F) SPEC_ABORT(F) \
	SPEC_MBOX(F) SPEC_ATIO(F) SPEC_CTIO7(F) SPEC_CTIO7_M0(F) \
	SPEC_CTIO7_M1(F) SPEC_CTIO7_M2(F) SPEC_CTIO7_RET(F) \
	SPEC_NOTIFY(F) SPEC_NOTIFY_ACK(F) SPEC_ABTS(F) \
	SPEC_ABTS_RSP(F) SPEC_RPT_ID(F) SPEC_PDB(F)
/* clang-format on */

#define F(entry, field, name, off, width, order) entry##_##field = off,
/** enum entry_offset - byte offset of each field, ENTRY_FIELD */
enum entry_offset { SPEC_ALL_ENTRIES(F) };
#undef F

#define DSD64_SIZE 12 /* address 8, length 4, little endian */
#define DSD64_PER_CONT 5

#endif
