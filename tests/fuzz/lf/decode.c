// SPDX-License-Identifier: GPL-2.0
/*
 * What a chip gives, taken apart: ring entries, NVRAM, firmware images. The
 * first byte of an input says which; the rest lies in a block of exactly its
 * size, so that a byte read beyond it is seen.
 */
#include "fuzz.h"

#include <linux/build_bug.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "chip/isp_codec_2400.h"
#include "core/isp_hba.h"

#define ENTRY 64
#define MAX_ENTRIES 8

/* Types that a chip may put on a ring; the generator finds them seldom. */
static const u8 types[] = { 0x03, 0x04, 0x06, 0x0d, 0x0e, 0x10, 0x12, 0x29,
			    0x32, 0x52, 0x54, 0x55, 0x0a, 0x00, 0xff, 0x7a };
/* Statuses that CTIOs, notifies and others know. */
static const u8 codes[] = { 0x00, 0x01, 0x02, 0x05, 0x06, 0x07, 0x08,
			    0x09, 0x0b, 0x0e, 0x0f, 0x10, 0x11, 0x15,
			    0x16, 0x17, 0x1c, 0x20, 0x28, 0x29, 0x2a,
			    0x2d, 0x2e, 0x31, 0x34, 0x36, 0x45, 0x46 };
/* Link services, and formats of an address report. */
static const u8 services[] = { 0x03, 0x04, 0x05, 0x20, 0x21, 0x24,
			       0x50, 0x52, 0x00, 0x01, 0x02 };

/* The encoders are linked but not used. */
void *isp_cursor_next(struct isp_cursor *cur)
{
	return NULL;
}

static void want(bool good)
{
	if (!good)
		abort();
}

static void check_rsp(const struct isp_rsp *rsp, const u8 *entry, size_t bytes)
{
	want(rsp->kind < ISP_NR_RSPS && rsp->cpl < ISP_NR_CPLS);
	want(rsp->type == entry[0]);
	switch (rsp->kind) {
	case ISP_RSP_ATIO:
		want(rsp->atio.port_id <= 0xffffff);
		want(rsp->atio.d_id <= 0xffffff && rsp->atio.attr < 8);
		if (rsp->atio.bad)
			break;
		/* What it points to is all in the entries. */
		want(rsp->atio.add_cdb >= entry);
		want(rsp->atio.add_cdb + rsp->atio.add_cdb_len + 4 <=
		     entry + bytes);
		break;
	case ISP_RSP_NOTIFY:
		want(rsp->notify.kind < ISP_NR_NOTIFIES);
		want(rsp->notify.port_id <= 0xffffff);
		break;
	case ISP_RSP_CTIO:
		want(rsp->ctio.cpl < ISP_NR_CPLS);
		want(!rsp->ctio.resid || rsp->ctio.cpl == ISP_CPL_UNDERRUN);
		break;
	case ISP_RSP_ABTS:
		want(rsp->abts.port_id <= 0xffffff);
		break;
	case ISP_RSP_VP_REPORT:
		want(rsp->vp.port_id <= 0xffffff);
		want(rsp->vp.topo <= ISP_TOPO_F);
		break;
	default:
		break;
	}
}

/* Bytes: what to repair, type, status, service; then the entries. */
static void entries(const u8 *data, size_t len)
{
	enum isp_ring_id ring;
	struct isp_rsp rsp;
	unsigned int nr;
	u8 *block;

	if (len < 4)
		return;
	ring = data[0] & 1 ? ISP_RING_RSP : ISP_RING_ATIO;
	nr = 1 + (data[0] >> 1) % MAX_ENTRIES;
	block = calloc(nr, ENTRY);
	want(block);
	memcpy(block, data + 4,
	       len - 4 < (size_t)nr * ENTRY ? len - 4 : (size_t)nr * ENTRY);
	block[0] = types[data[1] % sizeof(types)];
	if (data[0] & 0x20) {
		block[3] = 0;
		block[8] = codes[data[2] % sizeof(codes)];
		block[9] = 0;
		block[16] = block[8];
		block[17] = 0;
		block[18] = services[data[3] % sizeof(services)];
		block[15] = services[data[3] % sizeof(services)];
	}
	isp24_decode(ring, block, nr, &rsp);
	check_rsp(&rsp, block, (size_t)nr * ENTRY);
	want(isp24_entry_type(block) == block[0]);
	want(isp24_entry_count(block) == block[1]);
	free(block);
}

static void nvram(const u8 *data, size_t len)
{
	u32 dword[ISP_NVRAM_DWORDS] = { 0 };
	struct isp_nvram nv;
	u32 sum = 0, i;

	memcpy(dword, data, len < sizeof(dword) ? len : sizeof(dword));
	/* Mostly with all that lets it pass the door. */
	if (len && data[len - 1] & 3) {
		memcpy(dword, "ISP ", 4);
		for (i = 0; i < ISP_NVRAM_DWORDS - 1; i++)
			sum += dword[i];
		dword[i] = 0 - sum;
	}
	if (!isp_chip_2400_ops.nvram_decode(dword, &nv))
		want(nv.wwpn);
}

static void put_word(u8 *at, u32 word)
{
	at[0] = (u8)(word >> 24);
	at[1] = (u8)(word >> 16);
	at[2] = (u8)(word >> 8);
	at[3] = (u8)word;
}

static u32 get_word(const u8 *at)
{
	return (u32)at[0] << 24 | (u32)at[1] << 16 | (u32)at[2] << 8 | at[3];
}

/* Length and checksum of both segments right, whatever the rest. */
static void repair(u8 *image, size_t len)
{
	size_t half = len / 8 * 4, at, i;
	u32 sum;

	if (len < 64 || len % 8)
		return;
	for (at = 0; at < len; at += half) {
		put_word(image + at + 12, (u32)(half / 4));
		sum = 0;
		for (i = 4; i < half; i += 4)
			sum += get_word(image + at + i);
		put_word(image + at, 0 - sum);
	}
}

static void image(const u8 *data, size_t len)
{
	struct isp_fw_map map;
	u32 have, max = 1024, need;
	u8 *copy;
	u32 i;

	if (!len)
		return;
	copy = malloc(len);
	want(copy);
	memcpy(copy, data, len);
	if (data[0] & 1)
		repair(copy, len);
	if (!isp_chip_2400_ops.fw_map(copy, len, &map)) {
		want(map.nr_segs && map.nr_segs <= ISP_FW_MAX_SEGS);
		for (i = 0; i < map.nr_segs; i++)
			want(map.seg[i].offset + map.seg[i].nr * 4ULL <= len);
	}
	/* As it is read from flash: word by word, as far as it says. */
	for (have = 0; have <= len / 4; have = need) {
		need = isp_chip_2400_ops.fw_need(copy, have, max);
		want(need <= max);
		if (!need || need == have)
			break;
		want(need > have);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (!len)
		return 0;
	switch (data[0] % 4) {
	case 0:
		image(data + 1, len - 1);
		break;
	case 1:
		nvram(data + 1, len - 1);
		break;
	default:
		entries(data + 1, len - 1);
		break;
	}
	return 0;
}
