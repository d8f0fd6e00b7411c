// SPDX-License-Identifier: GPL-2.0
/* NVRAM, firmware images and init control block of the 2400 and 2500. */
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../core/isp_bytes.h"
#include "../core/isp_hba.h"
#include "../hw/isp_hw_2400.h"
#include "../hw/isp_hw_mbox.h"
#include "isp_regs_2400.h"

#define FRAME_SIZE_DEFAULT 2048
#define LOGIN_TIMEOUT_MIN_S 4
#define LOGIN_RETRIES 8
#define TARGET_EXCHANGES 0xffff

static bool frame_size_ok(u16 size)
{
	return size == 512 || size == 1024 || size == 2048 || size == 2112;
}

/**
 * isp24_nvram_decode() - Check NVRAM and take out what we use.
 * @dwords: ISP24_NVRAM_DWORDS as read from the flash data register
 * @nv:     out
 *
 * Context: any.
 * Return: 0; -EINVAL: signature, version or checksum is wrong.
 * Source: [qla2xxx qla_init.c qla24xx_nvram_config, O]
 */
int isp24_nvram_decode(const u32 *dwords, struct isp_nvram *nv)
{
	__le32 word[ISP24_NVRAM_DWORDS];
	const struct isp24_nvram *n = (const void *)word;
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < ISP24_NVRAM_DWORDS; i++) {
		sum += dwords[i];
		word[i] = cpu_to_le32(dwords[i]);
	}
	if (sum || memcmp(n->id, "ISP ", sizeof(n->id)) ||
	    le16_to_cpu(n->nvram_version) < 1)
		return -EINVAL;

	nv->wwpn = isp_get_be64(n->wwpn);
	nv->wwnn = isp_get_be64(n->wwnn);
	for (i = 0; i < ARRAY_SIZE(nv->options); i++)
		nv->options[i] = le32_to_cpu(n->options[i]);
	nv->frame_size = le16_to_cpu(n->frame_size);
	nv->hard_address = le16_to_cpu(n->hard_address);
	nv->exec_throttle = le16_to_cpu(n->exec_throttle);
	nv->login_retry = le16_to_cpu(n->login_retry);
	nv->login_timeout_s = le16_to_cpu(n->login_timeout);
	/* Without the option the node name is made from the port name. */
	if (!(nv->options[0] & ISP24_ICB1_NODE_NAME) || !nv->wwnn)
		nv->wwnn = nv->wwpn & ~GENMASK_ULL(59, 56);
	return nv->wwpn ? 0 : -EINVAL;
}

static u32 image_word(const u8 *image, u32 idx)
{
	return isp_get_be32(image + (size_t)idx * 4);
}

/*
 * A segment is its own header: load address in word 2, length in word 3, and
 * its words add up to 0 (seen in every image of the Debian package).
 */
static int map_segment(const u8 *image, u32 at, u32 nr_words,
		       struct isp_fw_seg *seg)
{
	u32 sum = 0;
	u32 i, len;

	if (nr_words - at < sizeof(struct isp24_fw_head) / 4)
		return -EINVAL;
	len = image_word(image, at + 3);
	if (len < sizeof(struct isp24_fw_head) / 4 || len > nr_words - at)
		return -EINVAL;
	for (i = 0; i < len; i++)
		sum += image_word(image, at + i);
	if (sum)
		return -EINVAL;
	seg->addr = image_word(image, at + 2);
	seg->nr = len;
	seg->offset = at * 4;
	return 0;
}

/**
 * isp24_fw_map() - Check a firmware image and find its segments.
 * @image: as in the file: big-endian words; only read
 * @len:   bytes
 * @map:   out
 *
 * Context: any.
 * Return: 0; -EINVAL: too short, too long, a segment is missing or its
 *         checksum is wrong.
 * Source: [qla2xxx qla_init.c qla24xx_load_risc_blob, O]
 */
int isp24_fw_map(const void *image, size_t len, struct isp_fw_map *map)
{
	u32 nr_words = len / 4;
	u32 at = 0;
	unsigned int i;
	int err;

	memset(map, 0, sizeof(*map));
	if (len % 4 || !len || nr_words > U16_MAX * 16U)
		return -EINVAL;
	for (i = 0; i < ISP24_FW_SEGMENTS; i++) {
		err = map_segment(image, at, nr_words, &map->seg[i]);
		if (err)
			return err;
		at += map->seg[i].nr;
	}
	map->nr_segs = ISP24_FW_SEGMENTS;
	map->start = map->seg[0].addr;
	for (i = 0; i < ARRAY_SIZE(map->version); i++)
		map->version[i] = image_word(image, 4 + i);
	return 0;
}

/**
 * isp24_fw_need() - How much of an image in flash has to be read at least.
 * @image: what was read so far, by isp24_fw_put()
 * @have:  words of it
 * @max:   more than this is no image
 *
 * Context: any.
 * Return: words; @have: that was all; 0: it is no image.
 */
u32 isp24_fw_need(const void *image, u32 have, u32 max)
{
	u32 head = sizeof(struct isp24_fw_head) / 4;
	u32 at = 0, len;
	unsigned int i;

	for (i = 0; i < ISP24_FW_SEGMENTS; i++) {
		if (have < at + head)
			return at + head <= max ? at + head : 0;
		len = image_word(image, at + 3);
		if (len < head || len > max - at)
			return 0;
		at += len;
	}
	return at;
}

/**
 * isp24_fw_put() - Store a dword of flash as the file would have it.
 * @image: the image
 * @idx:   which word
 * @dword: as read from the flash data register
 *
 * Context: any.
 */
void isp24_fw_put(void *image, u32 idx, u32 dword)
{
	__le32 *word = image;

	word[idx] = cpu_to_le32(dword);
}

/**
 * isp24_fw_copy() - Copy firmware words to DMA memory in the chip's order.
 * @dst: DMA memory
 * @src: in the image
 * @nr:  words
 *
 * Context: any.
 */
void isp24_fw_copy(void *dst, const void *src, u32 nr)
{
	const u8 *in = src;
	__le32 *out = dst;
	u32 i;

	for (i = 0; i < nr; i++)
		out[i] = cpu_to_le32(isp_get_be32(in + (size_t)i * 4));
}

static u32 icb_options_1(const struct isp_hba *hba, u8 roles)
{
	u32 opt = hba->nvram.options[0];

	opt &= ~(ISP24_ICB1_TARGET | ISP24_ICB1_NO_INITIATOR |
		 ISP24_ICB1_HARD_ID);
	opt |= ISP24_ICB1_NODE_NAME;
	if (hba->params.full_duplex)
		opt |= ISP24_ICB1_FULL_DUPLEX;
	if (hba->params.fc_id >= 0)
		opt |= ISP24_ICB1_HARD_ID;
	if (roles & ISP_ROLE_TARGET) {
		/* A full login after each LIP would end every session. */
		opt &= ~(ISP24_ICB1_FULL_LOGIN | BIT(9) | BIT(15));
		opt |= ISP24_ICB1_TARGET;
	}
	if (!(roles & ISP_ROLE_INITIATOR))
		opt |= ISP24_ICB1_NO_INITIATOR;
	return opt;
}

static u32 icb_options_2(const struct isp_hba *hba, u8 roles)
{
	u32 opt = hba->nvram.options[1];
	u32 conn = FIELD_GET(ISP24_ICB2_CONNECTION, opt);

	/* Delayed and class 2 interrupts, FC tape: off. */
	opt &= ~(GENMASK(3, 0) | ISP24_ICB2_CONNECTION | BIT(8) | BIT(9) |
		 BIT(12) | ISP24_ICB2_TARGET_PRLI);
	if (hba->params.loop_only)
		conn = ISP24_ICB2_LOOP_ONLY;
	else if (hba->params.nport_only)
		conn = ISP24_ICB2_P2P_ONLY;
	else if (!conn)
		conn = ISP24_ICB2_LOOP_THEN_P2P;
	if (roles & ISP_ROLE_TARGET) {
		/*
		 * The role must see each PRLI before it is accepted. Stock
		 * drivers let a 25xx target do nothing but point-to-point.
		 */
		opt |= ISP24_ICB2_TARGET_PRLI;
		if (hba->chip->caps & ISP_CAP_FORCE_P2P &&
		    !hba->params.loop_only)
			conn = ISP24_ICB2_P2P_ONLY;
	}
	return opt | FIELD_PREP(ISP24_ICB2_CONNECTION, conn);
}

static void icb_rings(const struct isp_hba *hba, struct isp24_icb *icb)
{
	const struct isp_ring *ring = hba->ring;

	icb->req_nr = cpu_to_le16(ring[ISP_RING_REQ].nr);
	icb->req_addr = cpu_to_le64(ring[ISP_RING_REQ].dma);
	icb->rsp_nr = cpu_to_le16(ring[ISP_RING_RSP].nr);
	icb->rsp_addr = cpu_to_le64(ring[ISP_RING_RSP].dma);
	icb->atio_nr = cpu_to_le16(ring[ISP_RING_ATIO].nr);
	icb->atio_addr = cpu_to_le64(ring[ISP_RING_ATIO].dma);
}

static void icb_build(struct isp_hba *hba, struct isp24_icb_mid *mid)
{
	const struct isp_chan *chan = &hba->chan[0];
	const struct isp_nvram *nv = &hba->nvram;
	struct isp24_icb *icb = &mid->icb;
	u16 frame = hba->params.frame_size ?: nv->frame_size;
	u16 id = hba->params.fc_id >= 0 ? hba->params.fc_id : nv->hard_address;

	if (!frame_size_ok(frame))
		frame = FRAME_SIZE_DEFAULT;
	icb->version = cpu_to_le16(ISP24_ICB_VERSION);
	icb->frame_size = cpu_to_le16(frame);
	icb->exec_throttle = cpu_to_le16(0xffff);
	icb->nr_exchanges = cpu_to_le16(TARGET_EXCHANGES);
	icb->hard_address = cpu_to_le16(id);
	isp_put_be64(icb->wwpn, chan->wwpn);
	isp_put_be64(icb->wwnn, chan->wwnn);
	icb->login_retry = cpu_to_le16(nv->login_retry ?: LOGIN_RETRIES);
	icb->login_timeout = cpu_to_le16(
		max_t(u16, nv->login_timeout_s, LOGIN_TIMEOUT_MIN_S));
	icb_rings(hba, icb);
	icb->options[0] =
		cpu_to_le32(icb_options_1(hba, hba->life.init_roles[0]));
	icb->options[1] =
		cpu_to_le32(icb_options_2(hba, hba->life.init_roles[0]));
	icb->options[2] = cpu_to_le32(nv->options[2] | ISP24_ICB3_DRIVER_LOGIN);
}

/**
 * isp24_init_next() - Fill in the next mailbox of the init sequence.
 * @hba: the adapter; life.init_roles decides what it will be
 * @nr:  0 firmware options, 1 init control block
 * @buf: ISP_DMA_BUF_SIZE bytes, @dma its bus address
 * @dma: see @buf
 * @mbx: set up by isp_mbox_setup()
 *
 * Context: process (life worker).
 * Return: 0; -EAGAIN: this number does not apply, take the next one; -ENOENT:
 *         the sequence is over.
 * Source: [qla2xxx qla_init.c, qla_target.c qlt_24xx_config_nvram_stage1, O;
 *         stock-sequence 1 steps 11 and 12, O]
 */
int isp24_init_next(struct isp_hba *hba, unsigned int nr, void *buf,
		    dma_addr_t dma, struct isp_mbox *mbx)
{
	struct isp24_icb_mid *mid = buf;
	u8 roles = hba->life.init_roles[0];

	if (nr == 0) {
		if (!(hba->chip->caps & ISP_CAP_FW_OPTIONS) ||
		    !(roles & ISP_ROLE_TARGET))
			return -EAGAIN;
		mbx->in[0] = ISP_MBOX_SET_FW_OPTIONS;
		mbx->in[2] = ISP24_FWOPT2_FLOGI_RETRY |
			     ISP24_FWOPT2_TRACK_EXCHANGES;
		return 0;
	}
	if (nr > 1)
		return -ENOENT;

	memset(buf, 0, ISP_DMA_BUF_SIZE);
	icb_build(hba, mid);
	mbx->in[0] = ISP_MBOX_INIT_FW;
	if (hba->fw.attrs & ISP_FW_ATTR_MULTI_ID) {
		/* Ports other than the physical one stay all zeros: off. */
		mid->nr_vps = cpu_to_le16(
			min_t(u16, hba->fw.max_vports, ISP24_MAX_VPS));
		mid->options = cpu_to_le16(ISP24_MID_OPTION_1);
		mbx->in[0] = ISP_MBOX_INIT_FW_MULTI_ID;
	}
	isp24_mbox_dma(mbx, dma);
	return 0;
}
