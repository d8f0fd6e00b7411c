// SPDX-License-Identifier: GPL-2.0
/* Frames that the port sends: headers, and payloads of link services. */
#include "port/port_int.h"

/* Offsets in FLOGI, PLOGI and their accepts. [FC-LS-2 4.2.7, D] */
#define LS_BB_CREDIT 6
#define LS_FEATURES 8
#define LS_RCV_SIZE 10
#define LS_MAX_SEQ 12
#define LS_REL_OFF 14
#define LS_E_D_TOV 16
#define LS_WWPN 20
#define LS_WWNN 28
#define LS_CLASS3 68

/* Offsets in PRLI and its accept. [FC-LS-2 4.2.17, D]; [FCP-4 6.3, D] */
#define PRLI_LEN 20
#define PRLI_PAGE_LEN 1
#define PRLI_TOTAL 2
#define PRLI_TYPE 4
#define PRLI_FLAGS 6
#define PRLI_WORD3 16
#define PRLI_PAIR 0x2000 /* establish or established image pair */
#define PRLI_DONE 0x0100 /* accept: request executed */

/* Word 3. [FCP-4 table 17, D] */
#define WORD3_NO_XRDY 0x0002
#define WORD3_TARGET 0x0010
#define WORD3_INITIATOR 0x0020

/**
 * frame_word3() - PRLI service parameters of this port.
 * @p: started port
 *
 * Return: low half of word 3.
 */
uint16_t frame_word3(const struct port *p)
{
	uint16_t w = WORD3_NO_XRDY;

	if (port_is_target(p))
		w |= WORD3_TARGET;
	if (port_is_initiator(p))
		w |= WORD3_INITIATOR;
	return w;
}

/**
 * frame_els() - A link service frame to an address.
 * @p: port
 * @r_ctl: request, reply, CT, basic link service ...
 * @d_id: address
 * @ox_id: originator's id
 * @rx_id: responder's id, FFFF unknown
 * @len: payload bytes
 *
 * The type follows from @r_ctl. Replies are marked as coming from the
 * responder.
 *
 * Return: frame for frame_tx().
 */
struct fab_frame *frame_els(struct port *p, uint8_t r_ctl, uint32_t d_id,
			    uint16_t ox_id, uint16_t rx_id, uint32_t len)
{
	struct fab_frame *f = fab_frame_get(p->fab, len);

	f->r_ctl = r_ctl;
	f->s_id = p->id;
	f->d_id = d_id;
	f->ox_id = ox_id;
	f->rx_id = rx_id;
	switch (r_ctl) {
	case FAB_RCTL_ELS_REQ:
		f->type = FAB_TYPE_ELS;
		f->f_ctl = FCTL_FIRST | FCTL_END | FCTL_INITIATIVE;
		break;
	case FAB_RCTL_ELS_RSP:
		f->type = FAB_TYPE_ELS;
		f->f_ctl = FCTL_RESPONDER | FCTL_LAST | FCTL_END;
		break;
	case FAB_RCTL_CT_REQ:
		f->type = FAB_TYPE_CT;
		f->f_ctl = FCTL_FIRST | FCTL_END | FCTL_INITIATIVE;
		break;
	case FAB_RCTL_ABTS:
		f->type = FAB_TYPE_BLS;
		f->f_ctl = FCTL_END | FCTL_INITIATIVE;
		break;
	case FAB_RCTL_BA_ACC:
	case FAB_RCTL_BA_RJT:
		f->type = FAB_TYPE_BLS;
		f->f_ctl = FCTL_RESPONDER | FCTL_LAST | FCTL_END;
		break;
	case FAB_RCTL_FCP_CMND:
		f->type = FAB_TYPE_FCP;
		f->f_ctl = FCTL_FIRST | FCTL_END | FCTL_INITIATIVE;
		break;
	case FAB_RCTL_FCP_XFER_RDY:
		f->type = FAB_TYPE_FCP;
		f->f_ctl = FCTL_RESPONDER | FCTL_END | FCTL_INITIATIVE;
		break;
	default:
		f->type = FAB_TYPE_FCP;
		f->f_ctl = FCTL_RESPONDER | FCTL_LAST | FCTL_END;
		break;
	}
	return f;
}

/**
 * frame_reply() - A frame back to where one came from.
 * @p: port
 * @req: frame that is answered
 * @r_ctl: kind of answer
 * @len: payload bytes
 *
 * Return: frame for frame_tx().
 */
struct fab_frame *frame_reply(struct port *p, const struct fab_frame *req,
			      uint8_t r_ctl, uint32_t len)
{
	return frame_els(p, r_ctl, req->s_id, req->ox_id, req->rx_id, len);
}

/**
 * frame_tx() - Send a frame and record it.
 * @p: port
 * @f: frame; gone afterwards
 */
void frame_tx(struct port *p, struct fab_frame *f)
{
	trace_add(p->jp, TRACE_FRAME_TX, f->r_ctl, f->d_id, f->ox_id, f->rx_id);
	fab_tx(&p->fp, f);
}

/**
 * frame_fill_login() - Fill in FLOGI, PLOGI or an accept of them.
 * @p: port
 * @payload: FAB_ELS_PLOGI_LEN zeroed bytes
 * @code: ELS code
 *
 * Source: [FC-LS-2 4.2.7 and 4.2.13, D]
 */
void frame_fill_login(const struct port *p, uint8_t *payload, uint8_t code)
{
	payload[0] = code;
	payload[4] = 0x20;
	payload[5] = 0x20;
	put_be16(payload + LS_BB_CREDIT, 3);
	/* Continuously increasing relative offset; N_Port; alternate credit */
	put_be16(payload + LS_FEATURES, 0x8800);
	put_be16(payload + LS_RCV_SIZE, p->set.frame_size);
	put_be16(payload + LS_MAX_SEQ, 255);
	put_be16(payload + LS_REL_OFF, 0x00ff);
	put_be32(payload + LS_E_D_TOV, 2000);
	put_be64(payload + LS_WWPN, p->set.wwpn);
	put_be64(payload + LS_WWNN, p->set.wwnn);
	put_be16(payload + LS_CLASS3, 0x8000);
	put_be16(payload + LS_CLASS3 + 6, p->set.frame_size);
	put_be16(payload + LS_CLASS3 + 8, 255);
	put_be16(payload + LS_CLASS3 + 12, 1);
}

/**
 * frame_fill_prli() - Fill in PRLI or its accept.
 * @p: port
 * @payload: 20 zeroed bytes
 * @code: FAB_ELS_PRLI or FAB_ELS_LS_ACC
 * @peer_word3: accept: what the peer asked for
 */
void frame_fill_prli(const struct port *p, uint8_t *payload, uint8_t code,
		     uint16_t peer_word3)
{
	uint16_t own = frame_word3(p);
	uint16_t flags = PRLI_PAIR;

	payload[0] = code;
	payload[PRLI_PAGE_LEN] = 16;
	put_be16(payload + PRLI_TOTAL, PRLI_LEN);
	payload[PRLI_TYPE] = FAB_TYPE_FCP;
	if (code == FAB_ELS_LS_ACC) {
		if (!((own & WORD3_TARGET && peer_word3 & WORD3_INITIATOR) ||
		      (own & WORD3_INITIATOR && peer_word3 & WORD3_TARGET)))
			flags = 0;
		flags |= PRLI_DONE;
	}
	put_be16(payload + PRLI_FLAGS, flags);
	put_be32(payload + PRLI_WORD3, own);
}

/**
 * frame_els_rjt() - Reject an ELS.
 * @p: port
 * @d_id: who sent it
 * @ox_id: its id
 * @rx_id: ours or FFFF
 * @reason: reason code
 * @expl: explanation
 */
void frame_els_rjt(struct port *p, uint32_t d_id, uint16_t ox_id,
		   uint16_t rx_id, uint8_t reason, uint8_t expl)
{
	struct fab_frame *f =
		frame_els(p, FAB_RCTL_ELS_RSP, d_id, ox_id, rx_id, 8);

	f->payload[0] = FAB_ELS_LS_RJT;
	f->payload[5] = reason;
	f->payload[6] = expl;
	frame_tx(p, f);
}

/**
 * frame_logo() - Tell a port that it is not logged in here.
 * @p: port
 * @d_id: the port
 * @ox_id: id for the exchange; FFFF if nobody waits for the answer
 */
void frame_logo(struct port *p, uint32_t d_id, uint16_t ox_id)
{
	struct fab_frame *f =
		frame_els(p, FAB_RCTL_ELS_REQ, d_id, ox_id, 0xffff, 16);

	f->payload[0] = FAB_ELS_LOGO;
	put_be24(f->payload + 5, p->id);
	put_be64(f->payload + 8, p->set.wwpn);
	frame_tx(p, f);
}

/**
 * frame_ba_rjt() - Reject an ABTS.
 * @p: port
 * @req: the ABTS
 * @reason: reason code
 * @expl: explanation
 */
void frame_ba_rjt(struct port *p, const struct fab_frame *req, uint8_t reason,
		  uint8_t expl)
{
	struct fab_frame *f = frame_reply(p, req, FAB_RCTL_BA_RJT, 4);

	f->payload[1] = reason;
	f->payload[2] = expl;
	frame_tx(p, f);
}

/**
 * port_login_template() - see port.h
 * @port: a started port
 * @buf: PORT_LOGIN_TEMPLATE bytes
 */
void port_login_template(const struct port *port, uint8_t *buf)
{
	uint8_t pl[FAB_ELS_PLOGI_LEN] = { 0 };

	frame_fill_login(port, pl, FAB_ELS_PLOGI);
	memcpy(buf, pl + 4, PORT_LOGIN_TEMPLATE);
}

/**
 * fcp_swap() - Swap the bytes of each dword, as the chip keeps FCP payloads.
 * @dst: may be @src
 * @src: bytes
 * @len: multiple of 4
 */
void fcp_swap(uint8_t *dst, const uint8_t *src, uint32_t len)
{
	uint32_t i;

	for (i = 0; i + 4 <= len; i += 4)
		put_be32(dst + i, get_le32(src + i));
}
