// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware images and NVRAM: what is right is taken, what is not is refused;
 * and what the chip is told at its start.
 */
#include "../lib/tap.h"

#include <linux/unaligned.h>
#include <linux/slab.h>

#include "chip/isp_codec_2400.h"
#include "core/isp_hba.h"

#define WORDS 40U
#define NVRAM_LEN 512U

void *isp_cursor_next(struct isp_cursor *cur)
{
	return NULL;
}

static void segment(u8 *at, u32 addr, u32 next)
{
	u32 i, sum = 0;

	for (i = 0; i < WORDS; i++)
		put_unaligned_be32(i * 0x01010101 + addr, at + i * 4);
	put_unaligned_be32(next, at + 4);
	put_unaligned_be32(addr, at + 8);
	put_unaligned_be32(WORDS, at + 12);
	put_unaligned_be32(8, at + 16);
	put_unaligned_be32(7, at + 20);
	put_unaligned_be32(6, at + 24);
	put_unaligned_be32(0, at + (WORDS - 1) * 4);
	for (i = 0; i < WORDS; i++)
		sum += get_unaligned_be32(at + i * 4);
	put_unaligned_be32(0 - sum, at + (WORDS - 1) * 4);
}

static void test_fw(const struct isp_chip_ops *ops)
{
	u8 image[2 * WORDS * 4];
	struct isp_fw_map map;
	unsigned int i, taken = 0;
	__le32 out[4];

	segment(image, 0x00100000, 0x00110000);
	segment(image + WORDS * 4, 0x00110000, 0);
	tap_ok(!ops->fw_map(image, sizeof(image), &map) && map.nr_segs == 2 &&
		       map.start == 0x00100000 &&
		       map.seg[1].addr == 0x00110000 &&
		       map.seg[1].nr == WORDS &&
		       map.seg[1].offset == WORDS * 4 && map.version[0] == 8 &&
		       map.version[2] == 6,
	       "%s: a good image", ops->family);
	for (i = 0; i < sizeof(image); i++) {
		/* A block of exactly that size, so that one byte more traps. */
		u8 *cut = kmalloc(i ? i : 1, GFP_KERNEL);

		memcpy(cut, image, i);
		taken += !ops->fw_map(cut, i, &map);
		kfree(cut);
	}
	tap_ok(!taken, "%s: cut after any byte: refused", ops->family);
	for (i = 0; i < sizeof(image) * 8; i++) {
		image[i / 8] ^= (u8)(1 << i % 8);
		taken += !ops->fw_map(image, sizeof(image), &map);
		image[i / 8] ^= (u8)(1 << i % 8);
	}
	tap_ok(!taken, "%s: any bit flipped: refused", ops->family);
	put_unaligned_be32(0xffffffff, image + 12);
	tap_ok(ops->fw_map(image, sizeof(image), &map) == -EINVAL,
	       "%s: a huge length: refused", ops->family);
	segment(image, 0x00100000, 0x00110000);
	ops->fw_copy(out, image + 8, 2);
	tap_ok(out[0] == cpu_to_le32(0x00100000) &&
		       out[1] == cpu_to_le32(WORDS),
	       "%s: words turned for the chip", ops->family);
}

static void test_nvram(const struct isp_chip_ops *ops)
{
	__le32 image[NVRAM_LEN / 4] = { 0 };
	u8 *b = (u8 *)image;
	struct isp_nvram nv;
	unsigned int i, taken = 0;
	u32 sum = 0;

	memcpy(b, "ISP ", 4);
	b[4] = 1;
	put_unaligned_be64(0x2100001b32aabbccULL, b + 20);
	put_unaligned_be64(0x2000001b32aabbccULL, b + 28);
	put_unaligned_le32(0x4006, b + 44);
	put_unaligned_le32(0x20, b + 48);
	put_unaligned_le32(0x4000, b + 52);
	for (i = 0; i < NVRAM_LEN / 4; i++)
		sum += le32_to_cpu(image[i]);
	image[NVRAM_LEN / 4 - 1] = cpu_to_le32(0 - sum);
	memset(&nv, 0, sizeof(nv));
	tap_ok(!ops->nvram_decode(image, &nv) &&
		       nv.wwpn == 0x2100001b32aabbccULL &&
		       nv.wwnn == 0x2000001b32aabbccULL &&
		       nv.options[0] == 0x4006 && nv.options[1] == 0x20 &&
		       nv.options[2] == 0x4000,
	       "%s: good NVRAM", ops->family);
	for (i = 0; i < NVRAM_LEN * 8; i++) {
		b[i / 8] ^= (u8)(1 << i % 8);
		taken += !ops->nvram_decode(image, &nv);
		b[i / 8] ^= (u8)(1 << i % 8);
	}
	tap_ok(!taken, "%s: any bit flipped: refused", ops->family);
	memset(image, 0, sizeof(image));
	tap_ok(ops->nvram_decode(image, &nv) == -EINVAL, "%s: erased: refused",
	       ops->family);
}

/* ---- init control block; offsets as stock drivers have them ---- */

static struct isp_hba hba;
static u8 icb[ISP_DMA_BUF_SIZE];

static u16 w(unsigned int at)
{
	return get_unaligned_le16(icb + at);
}

static u32 options(unsigned int nr)
{
	return get_unaligned_le32(icb + 0x5c + 4 * nr);
}

static void icb_hba(const struct isp_chip_ops *ops, u8 roles)
{
	memset(&hba, 0, sizeof(hba));
	hba.chip = ops;
	hba.params.fc_id = -1;
	hba.chan[0].wwpn = 0x2100001b32aabbccULL;
	hba.chan[0].wwnn = 0x2000001b32aabbccULL;
	hba.nvram.wwpn = 0x1111111111111111ULL;
	hba.nvram.options[0] = 0xe006;
	hba.nvram.options[1] = 0x1020;
	hba.ring[ISP_RING_REQ].nr = 0x800;
	hba.ring[ISP_RING_REQ].dma = 0x1000000000001000ULL;
	hba.ring[ISP_RING_RSP].nr = 0x200;
	hba.ring[ISP_RING_RSP].dma = 0x2000000000002000ULL;
	hba.ring[ISP_RING_ATIO].nr = 0x1000;
	hba.ring[ISP_RING_ATIO].dma = 0x3000000000003000ULL;
	hba.life.init_roles[0] = roles;
}

static struct isp_mbox icb_build(void)
{
	struct isp_mbox mbx = { 0 };

	memset(icb, 0xff, sizeof(icb));
	if (hba.chip->init_next(&hba, 1, icb, 0x8877665544332211ULL, &mbx))
		printf("# there is no init control block\n");
	return mbx;
}

static void test_icb(const struct isp_chip_ops *ops, u32 connection)
{
	struct isp_mbox mbx = { 0 };

	icb_hba(ops, ISP_ROLE_TARGET);
	mbx = icb_build();
	tap_ok(mbx.in[0] == 0x60 && mbx.in[2] == 0x4433 &&
		       mbx.in[3] == 0x2211 && mbx.in[6] == 0x8877 &&
		       mbx.in[7] == 0x6655,
	       "%s: init: where the block lies", ops->family);
	tap_ok(w(0) == 1 && w(4) == 2048 &&
		       get_unaligned_be64(icb + 0x0c) == hba.chan[0].wwpn &&
		       get_unaligned_be64(icb + 0x14) == hba.chan[0].wwnn,
	       "%s: version, frame size, our names", ops->family);
	tap_ok(w(0x26) == 0x800 && w(0x24) == 0x200 && w(0x4e) == 0x1000,
	       "%s: lengths of the three rings", ops->family);
	tap_ok(get_unaligned_le64(icb + 0x2c) == hba.ring[ISP_RING_REQ].dma &&
		       get_unaligned_le64(icb + 0x34) ==
			       hba.ring[ISP_RING_RSP].dma &&
		       get_unaligned_le64(icb + 0x50) ==
			       hba.ring[ISP_RING_ATIO].dma,
	       "%s: addresses of the three rings", ops->family);
	tap_ok((options(0) & 0x6230) == 0x4030,
	       "%s: target, no initiator, node name, no login after a LIP",
	       ops->family);
	tap_ok((options(1) & 0x5070) == (0x4000 | connection << 4),
	       "%s: each PRLI is shown, connection %u, no FC tape", ops->family,
	       connection);
	tap_ok(options(2) & 0x100, "%s: logins are ours", ops->family);
	hba.params.loop_only = true;
	icb_build();
	tap_ok(!(options(1) & 0x70), "%s: loop only", ops->family);
	hba.params.loop_only = false;
	hba.params.fc_id = 5;
	hba.params.frame_size = 1024;
	hba.fw.attrs = 4;
	hba.fw.max_vports = 3;
	mbx = icb_build();
	tap_ok(options(0) & 1 && w(0x0a) == 5 && w(4) == 1024,
	       "%s: loop id and frame size of the user", ops->family);
	tap_ok(mbx.in[0] == 0x48 && w(0x80) == 3,
	       "%s: with virtual ports: their number", ops->family);
	icb_hba(ops, ISP_ROLE_INITIATOR);
	icb_build();
	tap_ok(!(options(0) & 0x30) && !(options(1) & 0x4000) &&
		       (options(1) & 0x70) == 0x20,
	       "%s: an initiator is no target", ops->family);
	tap_ok(ops->init_next(&hba, 2, icb, 0, &mbx) == -ENOENT,
	       "%s: that is all", ops->family);
}

int main(void)
{
	test_fw(&isp_chip_2400_ops);
	test_fw(&isp_chip_2500_ops);
	test_nvram(&isp_chip_2400_ops);
	test_nvram(&isp_chip_2500_ops);
	test_icb(&isp_chip_2400_ops, 2);
	test_icb(&isp_chip_2500_ops, 1);
	return tap_end();
}
