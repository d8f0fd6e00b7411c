// SPDX-License-Identifier: GPL-2.0
/* Firmware images and NVRAM: what is right is taken, what is not is refused. */
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

int main(void)
{
	test_fw(&isp_chip_2400_ops);
	test_fw(&isp_chip_2500_ops);
	test_nvram(&isp_chip_2400_ops);
	test_nvram(&isp_chip_2500_ops);
	return tap_end();
}
