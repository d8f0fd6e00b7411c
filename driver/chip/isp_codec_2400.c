// SPDX-License-Identifier: GPL-2.0
/* Ring entries of the 2400 and 2500 families, to and from native order. */
#include "isp_codec_2400.h"

#include <linux/bitfield.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <linux/string.h>

#include "../core/isp_bytes.h"
#include "../core/isp_ring.h"
#include "../hw/isp_hw_2400.h"

/* FC-FS values in an answer to an ABTS. [FC-FS-3 9.2, D] */
#define R_CTL_BA_ACC 0x84
#define R_CTL_BA_RJT 0x85
#define F_CTL_RESPONDER BIT(23)
#define F_CTL_LAST_SEQ BIT(20)
#define F_CTL_END_SEQ BIT(19)
#define F_CTL_SEQ_INITIATIVE BIT(16)
#define BA_ACC_HIGH_SEQ_CNT 0xffff

/*
 * Completion codes of the CTIO and of the other entries overlap in numbers but
 * not in meaning: two tables.
 */
static enum isp_cpl cpl_of_ctio(u16 code)
{
	switch (code) {
	case ISP24_CTIO_OK:
		return ISP_CPL_OK;
	case ISP24_CTIO_ABORTED:
		return ISP_CPL_ABORTED;
	case ISP24_CTIO_BAD_RX_ID:
		return ISP_CPL_BAD_EXCHANGE;
	case ISP24_CTIO_OVERRUN:
		return ISP_CPL_OVERRUN;
	case ISP24_CTIO_BUS_ERROR:
	case ISP24_CTIO_REASSEMBLY:
		return ISP_CPL_DATA_ERROR;
	case ISP24_CTIO_TIMEOUT:
		return ISP_CPL_TIMEOUT;
	case ISP24_CTIO_LIP_RESET:
		return ISP_CPL_LIP_RESET;
	case ISP24_CTIO_UNDERRUN:
		return ISP_CPL_UNDERRUN;
	case ISP24_CTIO_TARGET_RESET:
		return ISP_CPL_TARGET_RESET;
	case ISP24_CTIO_PORT_UNAVAIL:
		return ISP_CPL_PORT_UNAVAIL;
	case ISP24_CTIO_LOGGED_OUT:
		return ISP_CPL_LOGGED_OUT;
	case ISP24_CTIO_PORT_CHANGED:
		return ISP_CPL_PORT_CHANGED;
	case ISP24_CTIO_SRR:
		return ISP_CPL_SRR;
	default:
		return ISP_CPL_UNKNOWN;
	}
}

static enum isp_cpl cpl_of_cs(u16 code)
{
	switch (code) {
	case ISP24_CS_OK:
		return ISP_CPL_OK;
	case ISP24_CS_ABORTED:
		return ISP_CPL_ABORTED;
	case ISP24_CS_TIMEOUT:
		return ISP_CPL_TIMEOUT;
	case ISP24_CS_OVERRUN:
		return ISP_CPL_OVERRUN;
	case ISP24_CS_UNDERRUN:
		return ISP_CPL_UNDERRUN;
	case ISP24_CS_QUEUE_FULL:
		return ISP_CPL_QUEUE_FULL;
	case ISP24_CS_PORT_UNAVAIL:
		return ISP_CPL_PORT_UNAVAIL;
	case ISP24_CS_LOGGED_OUT:
		return ISP_CPL_LOGGED_OUT;
	case ISP24_CS_PORT_CHANGED:
		return ISP_CPL_PORT_CHANGED;
	case ISP24_CS_LOGIO_ERROR:
		return ISP_CPL_REJECTED;
	default:
		return ISP_CPL_UNKNOWN;
	}
}

static enum isp_notify_kind notify_kind(u16 code)
{
	switch (code) {
	case ISP24_NOTIFY_LIP_RESET:
		return ISP_NOTIFY_LIP_RESET;
	case ISP24_NOTIFY_LINK_REINIT:
		return ISP_NOTIFY_LINK_REINIT;
	case ISP24_NOTIFY_OVERFLOW:
		return ISP_NOTIFY_OVERFLOW;
	case ISP24_NOTIFY_ABORT_TASK:
		return ISP_NOTIFY_ABORT_TASK;
	case ISP24_NOTIFY_PORT_LOGOUT:
		return ISP_NOTIFY_PORT_LOGOUT;
	case ISP24_NOTIFY_PORT_CHANGED:
		return ISP_NOTIFY_PORT_CHANGED;
	case ISP24_NOTIFY_GLOBAL_TPRLO:
		return ISP_NOTIFY_GLOBAL_TPRLO;
	case ISP24_NOTIFY_GLOBAL_LOGO:
		return ISP_NOTIFY_GLOBAL_LOGO;
	case ISP24_NOTIFY_RESOURCE:
		return ISP_NOTIFY_RESOURCE;
	case ISP24_NOTIFY_MESSAGE:
		return ISP_NOTIFY_MESSAGE;
	case ISP24_NOTIFY_SRR:
		return ISP_NOTIFY_SRR;
	case ISP24_NOTIFY_ELS:
		return ISP_NOTIFY_ELS;
	default:
		return ISP_NOTIFY_UNKNOWN;
	}
}

/* The chip wants FCP_RSP payload with the bytes of each word reversed. */
static void copy_swapped(u8 *dst, const u8 *src, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		dst[i ^ 3] = src[i];
}

static bool has_data(const struct isp_ctio *ctio)
{
	return ctio->len &&
	       ctio->flags & (ISP_CTIO_DATA_IN | ISP_CTIO_DATA_OUT);
}

/**
 * isp24_ctio_entries() - Ring entries that a CTIO takes.
 * @ctio: the CTIO
 *
 * Context: any.
 * Return: 1 or more.
 */
unsigned int isp24_ctio_entries(const struct isp_ctio *ctio)
{
	if (!has_data(ctio) || ctio->nr_sg <= ISP24_SEGS_PER_CTIO)
		return 1;
	return 1 + DIV_ROUND_UP(ctio->nr_sg - ISP24_SEGS_PER_CTIO,
				ISP24_SEGS_PER_CONT);
}

/**
 * isp24_ctio_one_step() - May data and status leave together?
 * @ctio: the CTIO as the caller would like it
 *
 * Status mode 0 has no room for sense; a residual goes with mode 1 because no
 * stock driver sends it otherwise.
 *
 * Context: any.
 * Return: true if one entry will do.
 */
bool isp24_ctio_one_step(const struct isp_ctio *ctio)
{
	if (!(ctio->flags & ISP_CTIO_STATUS) || !has_data(ctio))
		return true;
	return ctio->flags & ISP_CTIO_DATA_IN && !ctio->scsi_status &&
	       !ctio->sense_len && !ctio->rsp_len &&
	       !(ctio->flags & (ISP_CTIO_UNDER | ISP_CTIO_OVER));
}

static u16 ctio_flags(const struct isp_ctio *ctio)
{
	u16 flags = FIELD_PREP(ISP24_CTIO_ATTR, ctio->attr & 0xf);

	if (ctio->flags & ISP_CTIO_STATUS)
		flags |= ISP24_CTIO_STATUS;
	if (ctio->flags & ISP_CTIO_TERMINATE)
		flags |= ISP24_CTIO_TERMINATE;
	if (ctio->flags & ISP_CTIO_NO_CPL)
		flags |= ISP24_CTIO_NO_RETURN;
	return flags;
}

static void encode_segs(struct isp_cursor *cur, struct isp24_ctio_data *data,
			const struct isp_ctio *ctio)
{
	struct isp24_cont *cont = NULL;
	struct scatterlist *sg;
	struct isp24_seg *seg;
	unsigned int i, at = 0;

	for_each_sg(ctio->sg, sg, ctio->nr_sg, i) {
		if (!i) {
			seg = &data->seg;
		} else {
			if (!cont || at == ISP24_SEGS_PER_CONT) {
				cont = isp_cursor_next(cur);
				if (!cont)
					return;
				cont->hdr.type = ISP24_ENTRY_CONT;
				cont->hdr.count = 1;
				at = 0;
			}
			seg = &cont->seg[at++];
		}
		seg->addr = cpu_to_le64(sg_dma_address(sg));
		seg->len = cpu_to_le32(sg_dma_len(sg));
	}
}

static void encode_data(struct isp_cursor *cur, struct isp24_ctio_data *data,
			const struct isp_ctio *ctio)
{
	u16 flags = ctio_flags(ctio);

	if (ctio->flags & ISP_CTIO_DATA_IN)
		flags |= ISP24_CTIO_DATA_IN;
	else
		flags |= ISP24_CTIO_DATA_OUT;
	data->flags = cpu_to_le16(flags);
	data->nr_segs = cpu_to_le16(ctio->nr_sg);
	data->rel_offset = cpu_to_le32(ctio->rel_offset);
	data->len = cpu_to_le32(ctio->len);
	encode_segs(cur, data, ctio);
}

static void encode_status(struct isp24_ctio_status *st,
			  const struct isp_ctio *ctio)
{
	unsigned int room = sizeof(st->sense);
	unsigned int rsp_len = min_t(unsigned int, ctio->rsp_len, 8);
	unsigned int len;
	u16 scsi = ctio->scsi_status;

	st->flags = cpu_to_le16(ctio_flags(ctio) | ISP24_CTIO_MODE_1);
	if (ctio->flags & ISP_CTIO_UNDER)
		scsi |= ISP24_SCSI_RESID_UNDER;
	if (ctio->flags & ISP_CTIO_OVER)
		scsi |= ISP24_SCSI_RESID_OVER;
	if (ctio->flags & (ISP_CTIO_UNDER | ISP_CTIO_OVER))
		st->resid = cpu_to_le32(ctio->resid);
	if (ctio->rsp && rsp_len) {
		scsi |= ISP24_SCSI_RSP_LEN_VALID;
		st->rsp_len = cpu_to_le16(rsp_len);
		copy_swapped(st->sense, ctio->rsp, rsp_len);
		room -= 8;
	}
	len = min_t(unsigned int, ctio->sense_len, room);
	if (ctio->sense && len) {
		scsi |= ISP24_SCSI_SENSE_LEN_VALID;
		st->sense_len = cpu_to_le16(len);
		copy_swapped(st->sense + sizeof(st->sense) - room, ctio->sense,
			     len);
	}
	st->scsi_status = cpu_to_le16(scsi);
}

/* More sense than an entry holds, and memory to put it. */
static bool wants_iu(const struct isp_ctio *ctio)
{
	return ctio->flags & ISP_CTIO_STATUS && ctio->iu && ctio->sense &&
	       ctio->sense_len > ISP24_SENSE_PER_CTIO &&
	       ctio->iu_room > sizeof(struct isp24_fcp_rsp);
}

static void encode_iu(struct isp24_ctio_data *data, const struct isp_ctio *ctio)
{
	struct isp24_fcp_rsp *iu = (void *)ctio->iu;
	size_t len =
		min_t(size_t, ctio->sense_len, ctio->iu_room - sizeof(*iu));

	memset(iu, 0, sizeof(*iu));
	iu->flags = ISP24_FCP_RSP_SENSE_VALID;
	if (ctio->flags & ISP_CTIO_OVER)
		iu->flags |= ISP24_FCP_RSP_OVER;
	if (ctio->flags & ISP_CTIO_UNDER)
		iu->flags |= ISP24_FCP_RSP_UNDER;
	if (ctio->flags & (ISP_CTIO_OVER | ISP_CTIO_UNDER))
		iu->resid = cpu_to_be32(ctio->resid);
	iu->scsi_status = ctio->scsi_status;
	iu->sense_len = cpu_to_be32(len);
	memcpy(iu->data, ctio->sense, len);

	data->flags = cpu_to_le16(ctio_flags(ctio) | ISP24_CTIO_MODE_2);
	data->sense_len = cpu_to_le16(len);
	data->nr_segs = cpu_to_le16(1);
	data->len = cpu_to_le32(sizeof(*iu) + len);
	data->seg.addr = cpu_to_le64(ctio->iu_dma);
	data->seg.len = cpu_to_le32(sizeof(*iu) + len);
}

/**
 * isp24_ctio_encode() - Write a continue target I/O entry.
 * @cur:    cursor with isp24_ctio_entries() entries reserved
 * @ctio:   what to do
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_target.c, O]
 */
void isp24_ctio_encode(struct isp_cursor *cur, const struct isp_ctio *ctio,
		       u32 handle)
{
	struct isp24_ctio_data *data = isp_cursor_next(cur);

	if (!data)
		return;
	data->hdr.type = ISP24_ENTRY_CTIO;
	data->hdr.count = isp24_ctio_entries(ctio);
	data->handle = cpu_to_le32(handle);
	data->port_handle = cpu_to_le16(ctio->port_handle);
	data->timeout = cpu_to_le16(ctio->timeout_s);
	data->vp_idx = ctio->vp_idx;
	isp_put_le24(data->port_id, ctio->port_id);
	data->exchange = cpu_to_le32(ctio->exchange);
	data->ox_id = cpu_to_le16(ctio->ox_id);
	if (has_data(ctio))
		encode_data(cur, data, ctio);
	else if (wants_iu(ctio))
		encode_iu(data, ctio);
	else
		encode_status((struct isp24_ctio_status *)data, ctio);
}

/**
 * isp24_ack_encode() - Write a notify acknowledge.
 * @cur:    cursor with one entry reserved
 * @ack:    the answer
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_target.c, O]
 */
void isp24_ack_encode(struct isp_cursor *cur, const struct isp_ack *ack,
		      u32 handle)
{
	const struct isp_notify *n = ack->notify;
	struct isp24_ack *e = isp_cursor_next(cur);

	if (!e)
		return;
	e->hdr.type = ISP24_ENTRY_NOTIFY_ACK;
	e->hdr.count = 1;
	e->handle = cpu_to_le32(handle);
	e->port_handle = cpu_to_le16(n->port_handle);
	if (n->kind == ISP_NOTIFY_ELS)
		e->flags = cpu_to_le16(n->flags & ISP24_ACK_FLAG_ECHO);
	if (ack->reject && n->kind != ISP_NOTIFY_SRR)
		e->flags |= cpu_to_le16(ISP24_ACK_FLAG_REJECT);
	e->status = cpu_to_le16(n->status);
	e->subcode = n->subcode;
	e->fw_handle = n->fw_handle;
	e->exchange = cpu_to_le32(n->exchange);
	e->vp_idx = n->vp_idx;
	e->ox_id = cpu_to_le16(n->ox_id);
	if (n->kind == ISP_NOTIFY_SRR) {
		e->srr_rx_id = cpu_to_le16(n->srr_rx_id);
		e->srr_offset = cpu_to_le32(n->srr_offset);
		e->srr_iu = cpu_to_le16(n->srr_iu);
		if (ack->reject) {
			e->srr_flags = cpu_to_le16(ISP24_ACK_SRR_REJECT);
			e->srr_reason = ISP_BA_RJT_UNABLE;
		}
	}
}

/**
 * isp24_abts_rsp_encode() - Write the answer to an ABTS.
 * @cur:    cursor with one entry reserved
 * @rsp:    the answer
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_target.c, O]
 */
void isp24_abts_rsp_encode(struct isp_cursor *cur,
			   const struct isp_abts_rsp *rsp, u32 handle)
{
	const struct isp_abts *a = rsp->abts;
	struct isp24_abts_rsp *e = isp_cursor_next(cur);

	if (!e)
		return;
	e->hdr.type = ISP24_ENTRY_ABTS_RSP;
	e->hdr.count = 1;
	e->handle = cpu_to_le32(handle);
	e->port_handle = cpu_to_le16(a->port_handle);
	e->vp_idx = a->vp_idx;
	e->sof = FIELD_PREP(ISP24_ABTS_SOF, a->sof);
	e->exchange = cpu_to_le32(a->exchange);
	isp_put_le24(e->fc.d_id, a->port_id);
	isp_put_le24(e->fc.s_id, a->d_id);
	isp_put_le24(e->fc.f_ctl, F_CTL_RESPONDER | F_CTL_LAST_SEQ |
					  F_CTL_END_SEQ | F_CTL_SEQ_INITIATIVE);
	e->fc.cs_ctl = a->cs_ctl;
	e->fc.seq_id = a->seq_id;
	e->fc.df_ctl = a->df_ctl;
	e->fc.seq_cnt = cpu_to_le16(a->seq_cnt);
	e->fc.ox_id = cpu_to_le16(a->ox_id);
	e->fc.rx_id = cpu_to_le16(a->rx_id);
	e->to_abort = cpu_to_le32(a->to_abort);
	if (rsp->terminate)
		e->control = cpu_to_le16(ISP24_ABTS_RSP_TERMINATE);
	if (rsp->accept) {
		e->fc.r_ctl = R_CTL_BA_ACC;
		e->acc.ox_id = cpu_to_le16(a->ox_id);
		e->acc.rx_id = cpu_to_le16(a->rx_id);
		e->acc.high_seq_cnt = cpu_to_le16(BA_ACC_HIGH_SEQ_CNT);
	} else {
		e->fc.r_ctl = R_CTL_BA_RJT;
		e->rjt.reason = rsp->reason;
		e->rjt.expl = rsp->expl;
	}
}

/**
 * isp24_marker_encode() - Write a marker that synchronises everything.
 * @cur:    cursor with one entry reserved
 * @vp_idx: channel
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_fw.h mrk_entry_24xx, O]
 */
void isp24_marker_encode(struct isp_cursor *cur, u8 vp_idx, u32 handle)
{
	struct isp24_marker *e = isp_cursor_next(cur);

	if (!e)
		return;
	e->hdr.type = ISP24_ENTRY_MARKER;
	e->hdr.count = 1;
	e->handle = cpu_to_le32(handle);
	e->modifier = ISP24_MARKER_SYNC_ALL;
	e->vp_idx = vp_idx;
}

static u16 logio_control(const struct isp_logio *logio)
{
	u16 control = 0;

	switch (logio->op) {
	case ISP_LOGIO_PLOGI:
		control = ISP24_LOGIO_PLOGI;
		if (logio->flags & ISP_LOGIO_COND)
			control |= ISP24_LOGIO_COND;
		if (logio->flags & ISP_LOGIO_NO_PRLI)
			control |= ISP24_LOGIO_NO_PRLI;
		return control;
	case ISP_LOGIO_PRLI:
		return ISP24_LOGIO_PRLI;
	case ISP_LOGIO_LOGO:
		control = ISP24_LOGIO_LOGO;
		if (logio->flags & ISP_LOGIO_ALL)
			control |= ISP24_LOGIO_ALL;
		if (logio->flags & ISP_LOGIO_FREE)
			control |= ISP24_LOGIO_FREE;
		break;
	case ISP_LOGIO_PRLO:
		control = ISP24_LOGIO_PRLO;
		break;
	}
	if (logio->flags & ISP_LOGIO_IMPLICIT)
		control |= ISP24_LOGIO_IMPLICIT;
	return control;
}

/**
 * isp24_logio_encode() - Write a login or logout entry.
 * @cur:    cursor with one entry reserved
 * @logio:  what to do
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_fw.h logio_entry_24xx, O]
 */
void isp24_logio_encode(struct isp_cursor *cur, const struct isp_logio *logio,
			u32 handle)
{
	struct isp24_logio *e = isp_cursor_next(cur);

	if (!e)
		return;
	e->hdr.type = ISP24_ENTRY_LOGIO;
	e->hdr.count = 1;
	e->handle = cpu_to_le32(handle);
	e->port_handle = cpu_to_le16(logio->port_handle);
	e->control = cpu_to_le16(logio_control(logio));
	e->vp_idx = logio->vp_idx;
	isp_put_le24(e->port_id, logio->port_id);
}

/**
 * isp24_ct_encode() - Write a CT pass-through entry.
 * @cur:    cursor with one entry reserved
 * @ct:     request and room for the answer
 * @handle: ours
 *
 * Context: any; request ring locked.
 * Source: [qla2xxx qla_fw.h ct_entry_24xx, O]
 */
void isp24_ct_encode(struct isp_cursor *cur, const struct isp_ct *ct,
		     u32 handle)
{
	struct isp24_ct *e = isp_cursor_next(cur);

	if (!e)
		return;
	e->hdr.type = ISP24_ENTRY_CT;
	e->hdr.count = 1;
	e->handle = cpu_to_le32(handle);
	e->port_handle = cpu_to_le16(ct->port_handle);
	e->nr_req_segs = cpu_to_le16(1);
	e->nr_rsp_segs = cpu_to_le16(1);
	e->vp_idx = ct->vp_idx;
	e->timeout = cpu_to_le16(ct->timeout_s);
	e->req_len = cpu_to_le32(ct->req_len);
	e->rsp_len = cpu_to_le32(ct->rsp_len);
	e->seg[0].addr = cpu_to_le64(ct->req_dma);
	e->seg[0].len = cpu_to_le32(ct->req_len);
	e->seg[1].addr = cpu_to_le64(ct->rsp_dma);
	e->seg[1].len = cpu_to_le32(ct->rsp_len);
}

/* An FCP_CMND that is not whole, as sent or as it lies here, is bad. */
static void decode_atio(const struct isp24_atio *e, unsigned int nr,
			struct isp_atio *a)
{
	unsigned int len = FIELD_GET(ISP24_ATIO_LEN, le16_to_cpu(e->attr_len));
	unsigned int add = 4 * FIELD_GET(ISP24_ATIO_ADD_CDB, e->add_rd_wr);
	/* Additional CDB, then FCP_DL; they run on into the next entries. */
	const u8 *rest = (const u8 *)e + offsetof(struct isp24_atio, add_cdb);

	memset(a, 0, sizeof(*a));
	a->exchange = le32_to_cpu(e->exchange);
	a->port_id = isp_get_be24(e->fc.s_id);
	a->d_id = isp_get_be24(e->fc.d_id);
	a->ox_id = be16_to_cpu(e->fc.ox_id);
	memcpy(a->lun, e->lun, sizeof(a->lun));
	memcpy(a->cdb, e->cdb, sizeof(a->cdb));
	a->crn = e->crn;
	a->attr = e->task_attr & ISP24_ATIO_ATTR;
	a->tm_flags = e->tm_flags;
	a->rd = e->add_rd_wr & ISP24_ATIO_RD;
	a->wr = e->add_rd_wr & ISP24_ATIO_WR;
	a->bad = len < ISP24_ATIO_LEN_MIN + add ||
		 sizeof(*e) + add > nr * sizeof(*e);
	if (a->bad)
		return;
	a->add_cdb = rest;
	a->add_cdb_len = add;
	a->data_len = isp_get_be32(rest + add);
}

static void decode_notify(const struct isp24_notify *e, struct isp_notify *n)
{
	memset(n, 0, sizeof(*n));
	n->status = le16_to_cpu(e->status);
	n->kind = notify_kind(n->status);
	n->port_handle = le16_to_cpu(e->port_handle);
	n->flags = le16_to_cpu(e->flags);
	n->subcode = e->subcode;
	n->fw_handle = e->fw_handle;
	n->exchange = le32_to_cpu(e->exchange);
	n->ox_id = le16_to_cpu(e->ox_id);
	n->vp_idx = e->vp_idx;
	n->port_id = isp_get_le24(e->port_id);
	n->srr_rx_id = le16_to_cpu(e->srr_rx_id);
	n->srr_offset = le32_to_cpu(e->srr_offset);
	n->srr_iu = le16_to_cpu(e->srr_iu);
	if (n->kind != ISP_NOTIFY_ELS)
		return;
	n->els = e->subcode;
	n->wwpn = isp_get_be64(e->wwpn);
	if (n->els == ISP_ELS_PRLI)
		n->prli_w3 = e->detail[0] | e->detail[1] << 8;
	else if (n->els == ISP_ELS_PLOGI || n->els == ISP_ELS_PDISC ||
		 n->els == ISP_ELS_ADISC)
		n->wwnn = isp_get_be64(e->detail);
}

static void decode_ctio(const struct isp24_ctio_done *e, struct isp_rsp *rsp)
{
	struct isp_ctio_done *c = &rsp->ctio;

	rsp->handle = le32_to_cpu(e->handle);
	memset(c, 0, sizeof(*c));
	c->raw = le16_to_cpu(e->status);
	c->exchange = le32_to_cpu(e->exchange);
	c->status_sent = le16_to_cpu(e->flags) & ISP24_CTIO_STATUS;
	if (e->hdr.status & ISP24_HDR_STATUS_ERRORS) {
		c->raw = e->hdr.status;
		c->cpl = ISP_CPL_BAD_ENTRY;
		return;
	}
	c->cpl = cpl_of_ctio(c->raw);
	if (c->cpl == ISP_CPL_UNDERRUN)
		c->resid = le32_to_cpu(e->resid);
}

static void decode_abts(const struct isp24_abts *e, struct isp_abts *a)
{
	memset(a, 0, sizeof(*a));
	a->exchange = le32_to_cpu(e->exchange);
	a->to_abort = le32_to_cpu(e->to_abort);
	a->port_id = isp_get_le24(e->fc.s_id);
	a->d_id = isp_get_le24(e->fc.d_id);
	a->port_handle = le16_to_cpu(e->port_handle);
	a->ox_id = le16_to_cpu(e->fc.ox_id);
	a->rx_id = le16_to_cpu(e->fc.rx_id);
	a->vp_idx = e->vp_idx;
	a->sof = FIELD_GET(ISP24_ABTS_SOF, e->sof);
	a->cs_ctl = e->fc.cs_ctl;
	a->seq_id = e->fc.seq_id;
	a->df_ctl = e->fc.df_ctl;
	a->seq_cnt = le16_to_cpu(e->fc.seq_cnt);
	a->seq_only = le32_to_cpu(e->fc.parameter) & ISP24_ABTS_SEQ_ONLY;
}

static void decode_vp(const struct isp24_vp_report *e, struct isp_vp_report *vp)
{
	static const u8 topo[] = {
		[ISP24_VP_TOPO_FL] = ISP_TOPO_FL,
		[ISP24_VP_TOPO_N] = ISP_TOPO_N,
		[ISP24_VP_TOPO_F] = ISP_TOPO_F,
	};
	unsigned int t = FIELD_GET(ISP24_VP_TOPO, e->flags);

	memset(vp, 0, sizeof(*vp));
	vp->format = e->format;
	vp->port_id = isp_get_le24(e->port_id);
	if (!e->format) {
		vp->ok = e->nr_acquired;
		vp->topo = ISP_TOPO_LOOP;
		return;
	}
	vp->vp_idx = e->vp_idx;
	vp->ok = !e->vp_status;
	vp->topo = t < ARRAY_SIZE(topo) ? topo[t] : ISP_TOPO_NONE;
	vp->peer_wwpn = isp_get_be64(e->wwpn);
	vp->peer_wwnn = isp_get_be64(e->wwnn);
	if (e->format == 2) {
		vp->topo = ISP_TOPO_N;
		vp->peer_id = isp_get_le24(e->peer_id);
	}
}

static void decode_cs(const struct isp24_hdr *hdr, u16 code,
		      struct isp_rsp *rsp)
{
	rsp->raw = code;
	rsp->cpl = hdr->status & ISP24_HDR_STATUS_ERRORS ? ISP_CPL_BAD_ENTRY :
							   cpl_of_cs(code);
}

static void decode_logio(const struct isp24_logio *e, struct isp_rsp *rsp)
{
	rsp->handle = le32_to_cpu(e->handle);
	decode_cs(&e->hdr, le16_to_cpu(e->status), rsp);
	rsp->param[0] = le32_to_cpu(e->param[0]);
	rsp->param[1] = le32_to_cpu(e->param[1]);
	if (rsp->cpl == ISP_CPL_REJECTED &&
	    rsp->param[0] == ISP24_LOGIO_ALREADY)
		rsp->cpl = ISP_CPL_OK;
}

static void decode_ack(const struct isp24_ack *e, struct isp_rsp *rsp)
{
	rsp->handle = le32_to_cpu(e->handle);
	rsp->raw = le16_to_cpu(e->status);
	if (e->hdr.status & ISP24_HDR_STATUS_ERRORS)
		rsp->cpl = ISP_CPL_BAD_ENTRY;
	else
		rsp->cpl = rsp->raw == ISP24_ACK_OK ? ISP_CPL_OK :
						      ISP_CPL_REJECTED;
}

static void decode_rsp_ring(const void *entry, struct isp_rsp *rsp)
{
	const struct isp24_hdr *hdr = entry;
	const struct isp24_abts_rsp *abts_rsp = entry;
	const struct isp24_marker *marker = entry;
	const struct isp24_ct *ct = entry;

	switch (hdr->type) {
	case ISP24_ENTRY_CTIO:
		rsp->kind = ISP_RSP_CTIO;
		decode_ctio(entry, rsp);
		break;
	case ISP24_ENTRY_NOTIFY_ACK:
		rsp->kind = ISP_RSP_ACK;
		decode_ack(entry, rsp);
		break;
	case ISP24_ENTRY_ABTS:
		rsp->kind = ISP_RSP_ABTS;
		decode_abts(entry, &rsp->abts);
		break;
	case ISP24_ENTRY_ABTS_RSP:
		rsp->kind = ISP_RSP_ABTS_RSP;
		rsp->handle = le32_to_cpu(abts_rsp->handle);
		decode_cs(hdr, le16_to_cpu(abts_rsp->status), rsp);
		break;
	case ISP24_ENTRY_MARKER:
		rsp->kind = ISP_RSP_MARKER;
		rsp->handle = le32_to_cpu(marker->handle);
		break;
	case ISP24_ENTRY_CT:
		rsp->kind = ISP_RSP_CT;
		rsp->handle = le32_to_cpu(ct->handle);
		decode_cs(hdr, le16_to_cpu(ct->status), rsp);
		break;
	case ISP24_ENTRY_LOGIO:
		rsp->kind = ISP_RSP_LOGIO;
		decode_logio(entry, rsp);
		break;
	case ISP24_ENTRY_VP_REPORT:
		rsp->kind = ISP_RSP_VP_REPORT;
		decode_vp(entry, &rsp->vp);
		break;
	case ISP24_ENTRY_STATUS:
		rsp->kind = ISP_RSP_STATUS;
		break;
	case ISP24_ENTRY_STATUS_CONT:
		rsp->kind = ISP_RSP_STATUS_CONT;
		break;
	default:
		break;
	}
}

/**
 * isp24_decode() - Take an entry of the response or ATIO ring apart.
 * @ring:  which ring it lies on
 * @entry: 64 bytes each, not trusted
 * @nr:    entries in one piece there, at least 1
 * @rsp:   out; kind ISP_RSP_UNKNOWN when it makes no sense there
 *
 * Context: any.
 * Source: [qla2xxx qla_target.c, qla_isr.c, O]
 */
void isp24_decode(enum isp_ring_id ring, const void *entry, unsigned int nr,
		  struct isp_rsp *rsp)
{
	const struct isp24_hdr *hdr = entry;

	rsp->kind = ISP_RSP_UNKNOWN;
	rsp->type = hdr->type;
	rsp->handle = 0;
	rsp->cpl = ISP_CPL_OK;
	rsp->raw = 0;
	if (ring == ISP_RING_RSP) {
		decode_rsp_ring(entry, rsp);
		return;
	}
	if (hdr->type == ISP24_ENTRY_ATIO) {
		rsp->kind = ISP_RSP_ATIO;
		decode_atio(entry, nr, &rsp->atio);
	} else if (hdr->type == ISP24_ENTRY_NOTIFY) {
		rsp->kind = ISP_RSP_NOTIFY;
		decode_notify(entry, &rsp->notify);
	} else if (hdr->type == ISP24_ENTRY_ABTS) {
		rsp->kind = ISP_RSP_ABTS;
		decode_abts(entry, &rsp->abts);
	}
}

/**
 * isp24_entry_type() - Type byte of a ring entry.
 * @entry: the entry
 *
 * Context: any.
 * Return: raw byte.
 */
u8 isp24_entry_type(const void *entry)
{
	return ((const struct isp24_hdr *)entry)->type;
}

/**
 * isp24_entry_count() - Count byte of a ring entry.
 * @entry: the entry
 *
 * Context: any.
 * Return: raw byte, may be 0.
 */
u8 isp24_entry_count(const void *entry)
{
	return ((const struct isp24_hdr *)entry)->count;
}
