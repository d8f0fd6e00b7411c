// SPDX-License-Identifier: GPL-2.0
/* Builders of request entries, as a driver writes them. */
#include "entry.h"

#include "host.h"
#include "spec/entries.h"

static void put_le24(uint8_t *p, uint32_t v)
{
	put_le16(p, (uint16_t)v);
	p[2] = (uint8_t)(v >> 16);
}

void entry_swap(uint8_t *dst, const uint8_t *src, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		dst[i ^ 3] = src[i];
}

static void put_dsd(uint8_t *p, const struct seg *seg)
{
	put_le64(p, seg->iova);
	put_le32(p + 8, seg->len);
}

/* The first segment is in the entry, five more in each continuation. */
static bool put_segs(struct host *h, uint8_t *e, unsigned int dsd_off,
		     const struct seg *segs, unsigned int nr)
{
	unsigned int i, k;

	if (nr)
		put_dsd(e + dsd_off, &segs[0]);
	for (i = 1; i < nr; i += DSD64_PER_CONT) {
		uint8_t *c = host_slot(h);

		if (!c)
			return false;
		c[HDR_TYPE] = ENTRY_CONT64;
		for (k = 0; k < DSD64_PER_CONT && i + k < nr; k++)
			put_dsd(c + CONT64_DSD + k * DSD64_SIZE, &segs[i + k]);
		e[HDR_COUNT]++;
	}
	return true;
}

uint8_t *entry_cmd(struct host *h, const struct cmd *c)
{
	uint8_t *e = host_slot(h);

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_CMD7;
	put_le32(e + CMD7_HANDLE, c->handle);
	put_le16(e + CMD7_NPORT, c->nport);
	put_le16(e + CMD7_TIMEOUT, c->timeout_s);
	put_le16(e + CMD7_NR_DSD, (uint16_t)c->nr_segs);
	entry_swap(e + CMD7_LUN, c->lun, 8);
	e[CMD7_DIR] = (uint8_t)((c->write ? 1 : 0) | (c->read ? 2 : 0));
	entry_swap(e + CMD7_CDB, c->cdb, 16);
	put_le32(e + CMD7_DL, c->dl);
	put_le24(e + CMD7_PORT_ID, c->id);
	return put_segs(h, e, CMD7_DSD_ADDR, c->segs, c->nr_segs) ? e : NULL;
}

uint8_t *entry_ctio(struct host *h, uint32_t handle, uint16_t nport,
		    const uint8_t *atio, uint16_t flags, const struct seg *segs,
		    unsigned int nr_segs)
{
	uint8_t *e = host_slot(h);
	uint32_t total = 0;
	unsigned int i;

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_CTIO7;
	put_le32(e + CTIO_HANDLE, handle);
	put_le16(e + CTIO_NPORT, nport);
	put_le16(e + CTIO_TIMEOUT, 30);
	put_le16(e + CTIO_NR_DSD, (uint16_t)nr_segs);
	put_le24(e + CTIO_INI_ID, get_be24(atio + ATIO_S_ID));
	put_le32(e + CTIO_XCHG, get_le32(atio + ATIO_XCHG));
	put_le16(e + CTIO_OX_ID, get_be16(atio + ATIO_OX_ID));
	put_le16(e + CTIO_FLAGS, flags);
	if (flags & CTIO_MODE1)
		return e;
	for (i = 0; i < nr_segs; i++)
		total += segs[i].len;
	put_le32(e + CTIO0_XFER_LEN, total);
	return put_segs(h, e, CTIO0_DSD_ADDR, segs, nr_segs) ? e : NULL;
}

uint8_t *entry_login(struct host *h, uint32_t handle, uint16_t nport,
		     uint32_t id, uint16_t flags)
{
	uint8_t *e = host_slot(h);

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_LOGIO;
	put_le32(e + LOGIO_HANDLE, handle);
	put_le16(e + LOGIO_NPORT, nport);
	put_le16(e + LOGIO_CTL, flags);
	put_le24(e + LOGIO_PORT_ID, id);
	return e;
}

uint8_t *entry_nack(struct host *h, uint32_t handle, const uint8_t *notify)
{
	uint8_t *e = host_slot(h);

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_NOTIFY_ACK;
	put_le32(e + NACK_HANDLE, handle);
	memcpy(e + NACK_NPORT, notify + INOT_NPORT, 2);
	memcpy(e + NACK_SRR_RX_ID, notify + INOT_SRR_RX_ID, 2);
	memcpy(e + NACK_STATUS, notify + INOT_STATUS, 4);
	memcpy(e + NACK_XCHG, notify + INOT_XCHG, 4);
	memcpy(e + NACK_OX_ID, notify + INOT_OX_ID, 2);
	return e;
}

uint8_t *entry_abort(struct host *h, uint32_t handle, uint32_t victim,
		     uint16_t nport, uint32_t id)
{
	uint8_t *e = host_slot(h);

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_ABORT;
	put_le32(e + ABRT_HANDLE, handle);
	put_le16(e + ABRT_NPORT, nport);
	put_le32(e + ABRT_VICTIM, victim);
	put_le24(e + ABRT_PORT_ID, id);
	return e;
}

uint8_t *entry_tmf(struct host *h, uint32_t handle, uint16_t nport, uint32_t id,
		   uint32_t flags, const uint8_t *lun)
{
	uint8_t *e = host_slot(h);

	if (!e)
		return NULL;
	e[HDR_TYPE] = ENTRY_TMF;
	put_le32(e + TMF_HANDLE, handle);
	put_le16(e + TMF_NPORT, nport);
	put_le16(e + TMF_TIMEOUT, 20);
	entry_swap(e + TMF_LUN, lun, 8);
	put_le32(e + TMF_CTL, flags);
	put_le24(e + TMF_PORT_ID, id);
	return e;
}
