// SPDX-License-Identifier: GPL-2.0
/*
 * Mailbox commands that concern ports, and the two ways in which mailbox
 * commands and entries carry each other (54h and entry 39h).
 *
 * Source: [FB ispmbox.h MBOX_*, O]; [LX qla_mbx.c, O]; [SS 2 to 4, O]
 */
#include "port/port_int.h"

#define MB_NOT_LOGGED_IN 0x400a
#define MB_LOST_SYNC 0x0007 /* mailbox 1 of 20h: firmware not ready */
#define TOPO_LOOP 0
#define TOPO_N2N 2
#define TOPO_FABRIC 3
#define GNL_EXTENDED 0x000c /* options of 75h: names, long form */
#define GNL_LEN 40
#define PDB_LEN 64
#define ID_LIST_LEN 8
#define NR_STATS 7 /* dwords of 6Dh that are counted here */

static uint64_t mbox_addr(const uint16_t *in)
{
	return (uint64_t)in[6] << 48 | (uint64_t)in[7] << 32 |
	       (uint64_t)in[2] << 16 | in[3];
}

/* 20h: own address and topology */
static uint16_t mbox_adapter_id(struct port *p, const uint16_t *in,
				uint16_t *out)
{
	if (in[9])
		return CHIP_MB_PARAM;
	if (!port_is_up(p) || p->lip) {
		out[1] = MB_LOST_SYNC;
		return CHIP_MB_ERROR;
	}
	out[1] = p->loop ? loop_handle(p, p->id) : 0;
	out[2] = (uint16_t)p->id;
	out[3] = (uint16_t)(p->id >> 16);
	out[6] = p->loop ? TOPO_LOOP : p->n2n ? TOPO_N2N : TOPO_FABRIC;
	return CHIP_MB_OK;
}

/* 54h: an entry in memory; the result goes back over it */
static uint16_t mbox_exec_entry(struct port *p, const uint16_t *in,
				uint16_t *out)
{
	uint8_t e[ENTRY_SIZE];

	(void)out;
	p->mbox_iova = mbox_addr(in);
	if (pcidev_dma_read(p->dev, p->mbox_iova, e, ENTRY_SIZE))
		return CHIP_MB_HOST_ERR;
	p->mbox_busy = true;
	p->mbox_status = PORT_MBOX_LATER;
	port_dispatch(p, e, 1, true);
	p->mbox_busy = false;
	return p->mbox_status;
}

static void fill_pdb(uint8_t *d, const struct port *p, const struct rport *rp)
{
	memset(d, 0, PDB_LEN);
	d[PDB_STATE] = rp->state;
	d[PDB_LAST] = rp->last;
	put_be24(d + PDB_PORT_ID, rp->id);
	put_le16(d + PDB_NPORT, rp->handle);
	put_le16(d + PDB_RCV_SIZE, p->set.frame_size);
	put_le16(d + PDB_WORD0, 0);
	put_le16(d + PDB_WORD3, rp->word3);
	put_be64(d + PDB_WWPN, rp->wwpn);
	put_be64(d + PDB_WWNN, rp->wwnn);
}

/* 64h: one remote port */
static uint16_t mbox_port_database(struct port *p, const uint16_t *in,
				   uint16_t *out)
{
	struct rport *rp = rport_by_handle(p, in[1]);
	uint8_t d[PDB_LEN];

	(void)out;
	if (in[9])
		return CHIP_MB_PARAM;
	if (!rp)
		return MB_NOT_LOGGED_IN;
	fill_pdb(d, p, rp);
	if (pcidev_dma_write(p->dev, mbox_addr(in), d, sizeof(d)))
		return CHIP_MB_HOST_ERR;
	return CHIP_MB_OK;
}

/* 69h: firmware state */
static uint16_t mbox_fw_state(struct port *p, const uint16_t *in, uint16_t *out)
{
	(void)in;
	out[1] = p->lip ? FW_WAIT_LOGIN : link_fw_states[p->state];
	return CHIP_MB_OK;
}

/* 6Ah: port or node name of a handle; 7FEh is the switch */
static uint16_t mbox_port_name(struct port *p, const uint16_t *in,
			       uint16_t *out)
{
	const struct rport *rp = rport_by_handle(p, in[1]);
	bool node = in[10] & 1;
	uint64_t name;

	if (in[9])
		return CHIP_MB_PARAM;
	if (in[1] == RP_FPORT && port_is_up(p) && !p->n2n && !p->loop)
		name = node ? p->fport_wwnn : p->fport_wwpn;
	else if (rp && rp->state != RP_OUT)
		name = node ? rp->wwnn : rp->wwpn;
	else
		return CHIP_MB_ERROR;
	out[2] = (uint16_t)(name >> 48);
	out[3] = (uint16_t)(name >> 32);
	out[6] = (uint16_t)(name >> 16);
	out[7] = (uint16_t)name;
	return CHIP_MB_OK;
}

/* 6Dh: link error counters. [LX struct link_statistics, O] */
static uint16_t mbox_statistics(struct port *p, const uint16_t *in,
				uint16_t *out)
{
	uint32_t left = in[8] * 4U, iova_off = 0;
	uint8_t d[256] = { 0 };

	(void)out;
	put_le32(d, (uint32_t)p->fp.stats.link_losses);
	put_le32(d + 4, (uint32_t)p->fp.stats.link_losses);
	put_le32(d + 20, (uint32_t)p->fp.stats.bad_crc);
	while (left) {
		uint32_t n = left < sizeof(d) ? left : (uint32_t)sizeof(d);

		if (pcidev_dma_write(p->dev, mbox_addr(in) + iova_off, d, n))
			return CHIP_MB_HOST_ERR;
		memset(d, 0, NR_STATS * 4);
		left -= n;
		iova_off += n;
	}
	return CHIP_MB_OK;
}

/* 70h: register for state changes once more */
static uint16_t mbox_change_request(struct port *p, const uint16_t *in,
				    uint16_t *out)
{
	(void)out;
	if (in[1] < 1 || in[1] > 3 || in[9])
		return CHIP_MB_PARAM;
	if (!port_is_up(p) || p->n2n || p->loop)
		return CHIP_MB_ERROR;
	link_send_scr(p);
	return CHIP_MB_OK;
}

/* 62h: begin a LIP. [FB MBOX_INIT_LIP, O] */
static uint16_t mbox_init_lip(struct port *p, const uint16_t *in, uint16_t *out)
{
	(void)in;
	(void)out;
	return fab_lip(&p->fp, FAB_LIP_INIT) ? CHIP_MB_ERROR : CHIP_MB_OK;
}

/* 63h: AL_PAs by position, their number first. [LX qla_mbx.c, O] */
static uint16_t mbox_position_map(struct port *p, const uint16_t *in,
				  uint16_t *out)
{
	uint8_t map[1 + FAB_LOOP_MAX + 1] = { 0 };

	if (!p->loop || !port_is_up(p) || p->lip)
		return CHIP_MB_ERROR;
	map[0] = (uint8_t)fab_loop_map(p->fab, map + 1);
	out[1] = map[0];
	if (pcidev_dma_write(p->dev, mbox_addr(in), map, sizeof(map)))
		return CHIP_MB_HOST_ERR;
	return CHIP_MB_OK;
}

/* 72h: start the link anew: a LIP, or the light goes out and comes back */
static uint16_t mbox_link_reset(struct port *p, const uint16_t *in,
				uint16_t *out)
{
	(void)in;
	(void)out;
	if (!fab_lip(&p->fp, FAB_LIP_LOGIN))
		return CHIP_MB_OK;
	fab_port_enable(&p->fp, false);
	fab_port_enable(&p->fp, true);
	return CHIP_MB_OK;
}

/* 75h: all remote ports; only the long form with names is offered */
static uint16_t mbox_name_list(struct port *p, const uint16_t *in,
			       uint16_t *out)
{
	uint64_t iova = mbox_addr(in);
	uint32_t room = in[8], len = 0;
	uint8_t d[PDB_LEN];
	unsigned int i;

	if (in[1] != GNL_EXTENDED || in[9])
		return CHIP_MB_PARAM;
	for (i = 0; i < RP_NR && len + GNL_LEN <= room; i++) {
		const struct rport *rp = &p->rps[i];

		if (!rp->used || rp->state == RP_OUT)
			continue;
		fill_pdb(d, p, rp);
		/* Unlike in 64h address and names come low byte first. */
		put_le24(d + PDB_PORT_ID, rp->id);
		put_le64(d + PDB_WWPN, rp->wwpn);
		put_le64(d + PDB_WWNN, rp->wwnn);
		if (pcidev_dma_write(p->dev, iova + len, d, GNL_LEN))
			return CHIP_MB_HOST_ERR;
		len += GNL_LEN;
	}
	out[1] = (uint16_t)len;
	return CHIP_MB_OK;
}

/* 7Ch: addresses and handles of remote ports. [LX gid_list_info, O] */
static uint16_t mbox_id_list(struct port *p, const uint16_t *in, uint16_t *out)
{
	uint64_t iova = mbox_addr(in);
	unsigned int i, nr = 0;

	if (in[9])
		return CHIP_MB_PARAM;
	for (i = 0; i < RP_NR; i++) {
		const struct rport *rp = &p->rps[i];
		uint8_t d[ID_LIST_LEN] = { 0 };

		if (!rp->used || rp->state == RP_OUT)
			continue;
		put_le24(d, rp->id);
		put_le16(d + 4, rp->handle);
		if (pcidev_dma_write(p->dev, iova + nr * ID_LIST_LEN, d,
				     sizeof(d)))
			return CHIP_MB_HOST_ERR;
		nr++;
	}
	out[1] = (uint16_t)nr;
	return CHIP_MB_OK;
}

const struct port_mbox port_mboxes[] = {
	{ 0x0020, "get adapter id", mbox_adapter_id },
	{ 0x0054, "execute entry", mbox_exec_entry },
	{ 0x0062, "initiate LIP", mbox_init_lip },
	{ 0x0063, "get loop position map", mbox_position_map },
	{ 0x0064, "get port database", mbox_port_database },
	{ 0x0069, "get firmware state", mbox_fw_state },
	{ 0x006a, "get port name", mbox_port_name },
	{ 0x006d, "get statistics", mbox_statistics },
	{ 0x0070, "send change request", mbox_change_request },
	{ 0x0072, "full login LIP", mbox_link_reset },
	{ 0x0075, "get name list", mbox_name_list },
	{ 0x007c, "get id list", mbox_id_list },
};

const size_t port_nr_mboxes = ARRAY_SIZE(port_mboxes);

/**
 * mbox_request() - Entry 39h: a mailbox command by the request ring.
 * @p: port
 * @req: entry
 * @by_mbox: false
 */
void mbox_request(struct port *p, const uint8_t *req, bool by_mbox)
{
	uint16_t in[CHIP_NR_MBOX] = { 0 }, out[CHIP_NR_MBOX] = { 0 };
	uint8_t e[ENTRY_SIZE];
	unsigned int i;

	for (i = 0; i < 28; i++)
		in[i] = get_le16(req + MBX_MB + 2 * i);
	chip_mbox_run(p->chip, in, out);
	memcpy(e, req, ENTRY_SIZE);
	for (i = 0; i < 28; i++)
		put_le16(e + MBX_MB + 2 * i, out[i]);
	port_answer(p, e, by_mbox);
}
