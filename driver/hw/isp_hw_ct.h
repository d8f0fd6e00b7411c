/* SPDX-License-Identifier: GPL-2.0 */
/* Name server requests as they go over the wire, big endian. */
#ifndef ISP_HW_CT_H
#define ISP_HW_CT_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "isp_hw_wire.h"

/* CT_IU preamble. [FC-GS-4 4.3, D] */
struct isp_ct_hdr {
	u8 revision;
	u8 in_id[3];
	u8 gs_type;
	u8 gs_subtype;
	u8 options;
	u8 rsvd_07;
	__be16 code; /* command, or accept or reject */
	__be16 max_dwords;
	u8 rsvd_0c;
	u8 reason;
	u8 expl;
	u8 vendor;
} __packed;
WIRE_SIZE(struct isp_ct_hdr, 16);
WIRE_AT(struct isp_ct_hdr, gs_type, 0x04);
WIRE_AT(struct isp_ct_hdr, code, 0x08);
WIRE_AT(struct isp_ct_hdr, reason, 0x0d);

#define ISP_CT_REVISION 1
#define ISP_CT_GS_TYPE_DIRECTORY 0xfc
#define ISP_CT_GS_SUBTYPE_NS 0x02
#define ISP_CT_ACCEPT 0x8002
#define ISP_CT_REJECT 0x8001
#define ISP_CT_REASON_UNABLE 0x09

/* Name server commands. [FC-GS-4 table 9, D] */
enum isp_ct_code {
	ISP_CT_GPN_ID = 0x0112,
	ISP_CT_GPN_FT = 0x0172,
	ISP_CT_RNN_ID = 0x0213,
	ISP_CT_RFT_ID = 0x0217,
	ISP_CT_RFF_ID = 0x021f,
	ISP_CT_RSNN_NN = 0x0239,
};

#define ISP_FC4_TYPE_FCP 0x08
#define ISP_FC4_FEATURE_TARGET BIT(0)
#define ISP_FC4_FEATURE_INITIATOR BIT(1)

/* GPN_ID, and the start of RFT_ID, RFF_ID, RNN_ID. [FC-GS-4 5.2.5, D] */
struct isp_ct_id {
	struct isp_ct_hdr hdr;
	u8 rsvd_10;
	u8 port_id[3];
} __packed;
WIRE_SIZE(struct isp_ct_id, 20);
WIRE_AT(struct isp_ct_id, port_id, 0x11);

struct isp_ct_rft_id {
	struct isp_ct_id id;
	u8 types[32];
} __packed;
WIRE_SIZE(struct isp_ct_rft_id, 52);

/* Types are counted from the high end of each 32-bit word. */
#define ISP_CT_RFT_FCP_BYTE 2
#define ISP_CT_RFT_FCP_BIT BIT(0)

struct isp_ct_rff_id {
	struct isp_ct_id id;
	u8 rsvd_14[2];
	u8 features;
	u8 type;
} __packed;
WIRE_SIZE(struct isp_ct_rff_id, 24);
WIRE_AT(struct isp_ct_rff_id, features, 0x16);

struct isp_ct_rnn_id {
	struct isp_ct_id id;
	u8 wwnn[8];
} __packed;
WIRE_SIZE(struct isp_ct_rnn_id, 28);

#define ISP_CT_NAME_LEN 64

struct isp_ct_rsnn_nn {
	struct isp_ct_hdr hdr;
	u8 wwnn[8];
	u8 len;
	u8 name[ISP_CT_NAME_LEN];
} __packed;
WIRE_SIZE(struct isp_ct_rsnn_nn, 89);
WIRE_AT(struct isp_ct_rsnn_nn, name, 0x19);

struct isp_ct_gpn_ft {
	struct isp_ct_hdr hdr;
	u8 rsvd_10;
	u8 domain;
	u8 area;
	u8 type;
} __packed;
WIRE_SIZE(struct isp_ct_gpn_ft, 20);
WIRE_AT(struct isp_ct_gpn_ft, domain, 0x11);

/* One port of the answer to GPN_FT. */
struct isp_ct_gpn_ft_port {
	u8 control;
	u8 port_id[3];
	u8 rsvd_04[4];
	u8 wwpn[8];
} __packed;
WIRE_SIZE(struct isp_ct_gpn_ft_port, 16);
WIRE_AT(struct isp_ct_gpn_ft_port, wwpn, 0x08);

#define ISP_CT_LAST_PORT BIT(7)

#endif
