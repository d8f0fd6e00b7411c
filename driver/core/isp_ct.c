// SPDX-License-Identifier: GPL-2.0
/* Name server requests and answers in a DMA buffer. */
#include "isp_ct.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../hw/isp_hw_ct.h"
#include "isp_bytes.h"
#include "isp_hba.h"

static void build_hdr(struct isp_ct_hdr *hdr, u16 code, size_t rsp_len)
{
	hdr->revision = ISP_CT_REVISION;
	hdr->gs_type = ISP_CT_GS_TYPE_DIRECTORY;
	hdr->gs_subtype = ISP_CT_GS_SUBTYPE_NS;
	hdr->code = cpu_to_be16(code);
	hdr->max_dwords = cpu_to_be16((rsp_len - sizeof(*hdr)) / 4);
}

static void put_id(struct isp_ct_id *id, u32 port_id)
{
	id->port_id[0] = port_id >> 16;
	id->port_id[1] = port_id >> 8;
	id->port_id[2] = port_id;
}

static size_t build_rft_id(struct isp_ct_rft_id *req, u32 port_id)
{
	put_id(&req->id, port_id);
	req->types[ISP_CT_RFT_FCP_BYTE] = ISP_CT_RFT_FCP_BIT;
	return sizeof(*req);
}

static size_t build_rff_id(struct isp_ct_rff_id *req, u32 port_id, u8 roles)
{
	put_id(&req->id, port_id);
	if (roles & ISP_ROLE_TARGET)
		req->features |= ISP_FC4_FEATURE_TARGET;
	if (roles & ISP_ROLE_INITIATOR)
		req->features |= ISP_FC4_FEATURE_INITIATOR;
	req->type = ISP_FC4_TYPE_FCP;
	return sizeof(*req);
}

/**
 * isp_ct_symbolic_name() - What the fabric and fc_host call us.
 * @chan: the channel
 * @buf:  out
 * @len:  bytes of @buf
 *
 * Must not start with "QL": targetcli takes such a port for qla2xxx's.
 *
 * Context: any.
 * Return: @buf.
 */
const char *isp_ct_symbolic_name(struct isp_chan *chan, char *buf, size_t len)
{
	const struct isp_hba *hba = chan->hba;

	scnprintf(buf, len, "isp_mod ISP%s FW:v%u.%02u.%02u", hba->chip->family,
		  hba->fw.version[0], hba->fw.version[1], hba->fw.version[2]);
	return buf;
}

static size_t build_rsnn_nn(struct isp_chan *chan, struct isp_ct_rsnn_nn *req)
{
	isp_put_be64(req->wwnn, chan->wwnn);
	isp_ct_symbolic_name(chan, (char *)req->name, sizeof(req->name));
	req->len = strnlen((char *)req->name, sizeof(req->name));
	return offsetof(struct isp_ct_rsnn_nn, name) + req->len;
}

/**
 * isp_ct_build() - Write a name server request.
 * @chan:    the channel
 * @buf:     ISP_CT_REQ_SIZE bytes
 * @code:    enum isp_ct_code
 * @port_id: of the port asked for or registered
 *
 * Context: any.
 * Return: bytes written, a multiple of 4.
 * Source: [FC-GS-4 5.2.5, D]
 */
size_t isp_ct_build(struct isp_chan *chan, void *buf, u16 code, u32 port_id)
{
	struct isp_ct_rnn_id *rnn = buf;
	struct isp_ct_gpn_ft *gpn_ft = buf;
	size_t len = sizeof(struct isp_ct_id);

	memset(buf, 0, ISP_CT_REQ_SIZE);
	build_hdr(buf, code, ISP_CT_RSP_SIZE);
	switch (code) {
	case ISP_CT_RFT_ID:
		len = build_rft_id(buf, port_id);
		break;
	case ISP_CT_RFF_ID:
		len = build_rff_id(buf, port_id, chan->have);
		break;
	case ISP_CT_RNN_ID:
		put_id(&rnn->id, port_id);
		isp_put_be64(rnn->wwnn, chan->wwnn);
		len = sizeof(*rnn);
		break;
	case ISP_CT_RSNN_NN:
		len = build_rsnn_nn(chan, buf);
		break;
	case ISP_CT_GPN_FT:
		gpn_ft->type = ISP_FC4_TYPE_FCP;
		len = sizeof(*gpn_ft);
		break;
	default:
		put_id(buf, port_id);
		break;
	}
	return ALIGN(len, 4);
}

/**
 * isp_ct_check() - What the name server thinks of the request.
 * @rsp: the answer, not trusted
 *
 * Context: any.
 * Return: 0: accepted; -ENOENT: rejected, no such thing; -EIO: anything else.
 */
int isp_ct_check(const void *rsp)
{
	const struct isp_ct_hdr *hdr = rsp;

	switch (be16_to_cpu(hdr->code)) {
	case ISP_CT_ACCEPT:
		return 0;
	case ISP_CT_REJECT:
		return hdr->reason == ISP_CT_REASON_UNABLE ? -ENOENT : -EIO;
	default:
		return -EIO;
	}
}

/**
 * isp_ct_ports() - Enter every port of a GPN_FT answer into the database.
 * @chan: the channel
 * @rsp:  the answer, accepted but not trusted; ISP_CT_RSP_SIZE bytes
 *
 * Context: process (link worker).
 */
void isp_ct_ports(struct isp_chan *chan, const void *rsp)
{
	const struct isp_ct_gpn_ft_port *port =
		(const void *)((const u8 *)rsp + sizeof(struct isp_ct_hdr));
	unsigned int nr =
		(ISP_CT_RSP_SIZE - sizeof(struct isp_ct_hdr)) / sizeof(*port);
	u32 id;

	for (; nr; nr--, port++) {
		id = isp_get_be24(port->port_id);
		if (id && id != chan->port_id)
			isp_portdb_seen(chan, id, isp_get_be64(port->wwpn));
		if (port->control & ISP_CT_LAST_PORT)
			break;
	}
}

/**
 * isp_ct_wwpn() - Port name in a GPN_ID answer.
 * @rsp: the answer, accepted
 *
 * Context: any.
 * Return: the name, may be 0.
 */
u64 isp_ct_wwpn(const void *rsp)
{
	return isp_get_be64((const u8 *)rsp + sizeof(struct isp_ct_hdr));
}
