// SPDX-License-Identifier: GPL-2.0
/* What the factory leaves in flash and NVRAM: names, vital product data. */
#include "chip/chip_int.h"

#include <stdio.h>

/* Both parts have the same layout from here, dwords. [LX FA_*, O] */
#define BASE_25 0x48000U
#define NVRAM_FN0 0x80U
#define VPD_FN0 0x00U
#define PER_FN 0x100U
#define VPD_SIZE 0x200U

#define FLT_25 0x50400U
#define FLT_24 0x11400U
#define FW_START 0x20000U
#define ROM_SIZE 512U /* bytes */
#define FW_DWORDS 0x20000U

/* Region codes of the layout table. [LX FLT_REG_*, O] */
#define FLT_FW 0x01
#define FLT_BOOT 0x07
#define FLT_VPD_0 0x14
#define FLT_NVRAM_0 0x15
#define FLT_VPD_1 0x16
#define FLT_NVRAM_1 0x17
#define FLT_FLT 0x1c

static void store(struct chip *c, uint32_t off, const uint8_t *buf, size_t len)
{
	if (c->is_25xx) {
		flash_store(c, BASE_25 + off, buf, len);
		return;
	}
	for (size_t i = 0; i < len / 4; i++)
		c->nvram[off + i] = get_le32(buf + 4 * i);
}

static void put_text(uint8_t *p, const char *text)
{
	while (*text)
		*p++ = (uint8_t)*text++;
}

/* What cards with this chip are sold as. [pci.ids, D] */
static const char *card_model(const struct chip *c)
{
	if (c->is_25xx)
		return c->s.dev->id.multi ? "QLE2562" : "QLE2560";
	return c->s.dev->id.multi ? "QLE2462" : "QLE2460";
}

/* Options as cards come: node name, full login after a LIP; the loop before the
 * wire; two events of the link tell of a change.
 * [LX qla24xx_nvram_config, what it takes for a broken NVRAM, O]
 */
static void build_nvram(struct chip *c)
{
	uint8_t nv[NVRAM_SIZE] = { 0 };
	uint32_t sum = 0;

	put_text(nv + NVRAM_ID, "ISP ");
	put_le16(nv + NVRAM_NV_VERSION, ICB_VERSION_1);
	put_le16(nv + NVRAM_ICB_VERSION, ICB_VERSION_1);
	put_le16(nv + NVRAM_FRAME_SIZE, 2048);
	put_le16(nv + NVRAM_THROTTLE, 0xffff);
	put_le16(nv + NVRAM_HARD_ADDR, 124);
	put_be64(nv + NVRAM_WWPN, c->s.wwpn);
	put_be64(nv + NVRAM_WWNN, c->s.wwnn);
	put_le16(nv + NVRAM_LOGIN_RETRY, 8);
	put_le32(nv + NVRAM_OPTIONS1, 0x6006);
	put_le32(nv + NVRAM_OPTIONS2, 0x0020);
	put_le32(nv + NVRAM_OPTIONS3, 0x4000);
	put_le32(nv + NVRAM_HOST_P, 0x0c00);
	nv[NVRAM_RESET_DELAY] = 5;
	put_le16(nv + NVRAM_MAX_LUNS, 128);
	put_le16(nv + NVRAM_PORT_DOWN, 30);
	put_le16(nv + NVRAM_LINK_DOWN, 30);
	put_text(nv + NVRAM_MODEL, card_model(c));
	put_le16(nv + NVRAM_SUBVENDOR, 0x1077);
	put_le16(nv + NVRAM_SUBDEVICE, c->s.dev->id.subsystem);
	for (unsigned int i = 0; i < NVRAM_CHECKSUM; i += 4)
		sum += get_le32(nv + i);
	put_le32(nv + NVRAM_CHECKSUM, 0 - sum + (c->s.nvram_bad ? 1 : 0));
	store(c, NVRAM_FN0 + PER_FN * c->s.fn, nv, sizeof(nv));
}

static unsigned int vpd_key(uint8_t *p, const char *key, const char *val)
{
	size_t len = strlen(val);

	p[0] = (uint8_t)key[0];
	p[1] = (uint8_t)key[1];
	p[2] = (uint8_t)len;
	put_text(p + 3, val);
	return (unsigned int)(3 + len);
}

/* Vital product data: id string, read-only keywords, end. [PCI 2.2 I, D] */
static void build_vpd(struct chip *c)
{
	char id[64];
	uint8_t vpd[VPD_SIZE] = { 0 };
	unsigned int n = 0, start;
	char serial[16];
	uint8_t sum = 0;

	snprintf(id, sizeof(id),
		 "PCI-Express %s Channel %uGb Fibre Channel HBA",
		 c->s.dev->id.multi ? "Dual" : "Single", chip_speed_gbps(c));
	vpd[n++] = 0x82;
	put_le16(vpd + n, (uint16_t)strlen(id));
	n += 2;
	put_text(vpd + n, id);
	n += (unsigned int)strlen(id);
	vpd[n++] = 0x90;
	start = n;
	n += 2;
	n += vpd_key(vpd + n, "PN", card_model(c));
	snprintf(serial, sizeof(serial), "SIM%06x",
		 (unsigned int)(c->s.wwpn & 0xffffff));
	n += vpd_key(vpd + n, "SN", serial);
	put_le16(vpd + start, (uint16_t)(n + 4 - start - 2));
	n += vpd_key(vpd + n, "RV", " ");
	for (unsigned int i = 0; i < n - 1; i++)
		sum = (uint8_t)(sum + vpd[i]);
	vpd[n - 1] = (uint8_t)(0 - sum);
	vpd[n] = 0x78;
	store(c, VPD_FN0 + PER_FN * c->s.fn, vpd, sizeof(vpd));
}

static unsigned int region(uint8_t *p, uint16_t code, uint32_t start,
			   uint32_t dwords)
{
	put_le16(p + FLTR_CODE, code);
	put_le32(p + FLTR_SIZE, dwords * 4);
	put_le32(p + FLTR_START, start * 4);
	put_le32(p + FLTR_END, (start + dwords) * 4 - 1);
	return FLT_REGION_SIZE;
}

/* Flash layout table; all its 16-bit words add up to 0. */
static void build_flt(struct chip *c)
{
	uint32_t at = c->is_25xx ? FLT_25 : FLT_24;
	uint8_t flt[FLT_HEADER_SIZE + 8 * FLT_REGION_SIZE] = { 0 };
	unsigned int n = FLT_HEADER_SIZE;
	uint16_t sum = 0;

	n += region(flt + n, FLT_BOOT, 0, FW_START);
	n += region(flt + n, FLT_FW, FW_START, FW_DWORDS);
	n += region(flt + n, FLT_FLT, at, sizeof(flt) / 4);
	if (c->is_25xx) {
		n += region(flt + n, FLT_VPD_0, BASE_25, 0x80);
		n += region(flt + n, FLT_NVRAM_0, BASE_25 + 0x80, 0x80);
		n += region(flt + n, FLT_VPD_1, BASE_25 + 0x100, 0x80);
		n += region(flt + n, FLT_NVRAM_1, BASE_25 + 0x180, 0x80);
	}
	put_le16(flt + FLT_VERSION, 1);
	put_le16(flt + FLT_LENGTH, (uint16_t)(n - FLT_HEADER_SIZE));
	for (unsigned int i = 0; i < n; i += 2)
		sum = (uint16_t)(sum + get_le16(flt + i));
	put_le16(flt + FLT_CHECKSUM, (uint16_t)(0 - sum));
	flash_store(c, at, flt, n);
}

/*
 * A boot image that says it is the last one and does nothing, and behind it
 * the place of the layout table. [PCI 2.2 6.3, D]; [LX qla_flt_location, O]
 */
static void build_boot(struct chip *c)
{
	uint32_t flt = (c->is_25xx ? FLT_25 : FLT_24) * 4;
	uint8_t rom[ROM_SIZE + 16] = { 0x55, 0xaa, ROM_SIZE / 512 };
	uint8_t *pcir = rom + 0x1c, *loc = rom + ROM_SIZE;
	uint16_t sum = 0;

	put_le16(rom + 0x18, 0x1c);
	put_text(pcir, "PCIR");
	put_le16(pcir + 0x04, 0x1077);
	put_le16(pcir + 0x06, c->s.dev->id.device);
	put_le16(pcir + 0x0a, 0x18);
	put_le16(pcir + 0x10, ROM_SIZE / 512);
	put_le16(pcir + 0x12, 0x0203);
	pcir[0x15] = 0x80;
	put_text(loc, "QFLT");
	put_le32(loc + 4, flt);
	loc[8] = 1;
	for (unsigned int i = 0; i < 14; i += 2)
		sum = (uint16_t)(sum + get_le16(loc + i));
	put_le16(loc + 14, (uint16_t)(0 - sum));
	flash_store(c, 0, rom, sizeof(rom));
}

/**
 * nvram_build() - Fill flash and NVRAM as they leave the factory.
 * @c: chip with its setup
 */
void nvram_build(struct chip *c)
{
	size_t max = (size_t)FW_DWORDS * 4;

	c->flash_dwords = c->is_25xx ? FLASH_DWORDS_25 : FLASH_DWORDS_24;
	build_nvram(c);
	build_vpd(c);
	build_flt(c);
	build_boot(c);
	if (c->s.flash_fw)
		flash_store(c, FW_START, c->s.flash_fw,
			    c->s.flash_fw_len < max ? c->s.flash_fw_len : max);
}
