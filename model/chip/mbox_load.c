// SPDX-License-Identifier: GPL-2.0
/* Mailbox commands about RISC memory: load, dump, check, execute, stop. */
#include "chip/chip_int.h"

#include <errno.h>

/* Window of RISC addresses that is flash on a 25xx. [SS 1, O] */
#define FLASH_AT 0x7ff00000U
#define CHUNK 256U /* dwords moved at a time */

static uint32_t risc_addr(const uint16_t *in)
{
	return (uint32_t)in[8] << 16 | in[1];
}

static uint32_t dwords(const uint16_t *in)
{
	return (uint32_t)in[4] << 16 | in[5];
}

static uint32_t chunk(uint32_t left)
{
	return left < CHUNK ? left : CHUNK;
}

/* 0Bh: mb8:mb1 RISC address, mb4:mb5 dwords, source by DMA. [LX, O] */
static uint16_t load_ram(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint32_t addr = risc_addr(in), left = dwords(in);
	uint64_t src = mbox_addr(in);
	uint8_t buf[CHUNK * 4];

	(void)out;
	if (!left)
		return CHIP_MB_PARAM;
	while (left) {
		uint32_t n = chunk(left);

		if (pcidev_dma_read(c->s.dev, src, buf, (size_t)n * 4))
			return CHIP_MB_HOST_ERR;
		for (uint32_t i = 0; i < n; i++)
			if (risc_load(c, addr + i, get_le32(buf + 4 * i)))
				return CHIP_MB_PARAM;
		addr += n;
		src += (uint64_t)n * 4;
		left -= n;
	}
	return CHIP_MB_OK;
}

static int dump_word(struct chip *c, uint32_t addr, uint32_t *val)
{
	if (addr < FLASH_AT)
		return risc_read(c, addr, val);
	/* A 24xx reads its flash through registers only. */
	if (!c->is_25xx)
		return -EINVAL;
	return flash_dword(c, addr - FLASH_AT, val);
}

/* 0Ch: as 0Bh, the other way; on a 25xx flash as well. [LX, O]; [SS 1, O] */
static uint16_t dump_ram(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint32_t addr = risc_addr(in), left = dwords(in), word = 0;
	uint64_t dst = mbox_addr(in);
	uint8_t buf[CHUNK * 4];

	(void)out;
	if (!left)
		return CHIP_MB_PARAM;
	while (left) {
		uint32_t n = chunk(left);

		for (uint32_t i = 0; i < n; i++) {
			if (dump_word(c, addr + i, &word))
				return CHIP_MB_PARAM;
			put_le32(buf + 4 * i, word);
		}
		if (pcidev_dma_write(c->s.dev, dst, buf, (size_t)n * 4))
			return CHIP_MB_HOST_ERR;
		addr += n;
		dst += (uint64_t)n * 4;
		left -= n;
	}
	return CHIP_MB_OK;
}

/* 0Dh: mb8:mb1 RISC address, mb3:mb2 the dword. [LX, O] */
static uint16_t write_word(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)out;
	if (risc_load(c, risc_addr(in), (uint32_t)in[3] << 16 | in[2]))
		return CHIP_MB_PARAM;
	return CHIP_MB_OK;
}

/* 0Fh: mb8:mb1 RISC address; answer mb3:mb2. [LX, O] */
static uint16_t read_word(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint32_t val = 0;

	if (risc_read(c, risc_addr(in), &val))
		return CHIP_MB_PARAM;
	out[2] = (uint16_t)val;
	out[3] = (uint16_t)(val >> 16);
	return CHIP_MB_OK;
}

/* 07h: mb1:mb2 RISC address; on failure mb2:mb1 is the checksum. [LX, O] */
static uint16_t verify_sum(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint32_t sum = 0;

	if (!risc_verify(c, (uint32_t)in[1] << 16 | in[2], &sum))
		return CHIP_MB_OK;
	out[1] = (uint16_t)sum;
	out[2] = (uint16_t)(sum >> 16);
	return CHIP_MB_TEST_FAILED;
}

/* 02h: mb1:mb2 RISC address. What does not verify does not start. [LX, O] */
static uint16_t execute(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint32_t start = (uint32_t)in[1] << 16 | in[2], sum = 0, word = 0;

	(void)out;
	if (risc_verify(c, start, &sum))
		return CHIP_MB_ERROR;
	for (unsigned int i = 0; i < ARRAY_SIZE(c->fw_version); i++) {
		if (risc_read(c, start + SEG_MAJOR / 4 + i, &word))
			return CHIP_MB_ERROR;
		c->fw_version[i] = (uint16_t)word;
	}
	c->retry_count = 8;
	chip_set_state(c, CHIP_IDLE);
	if (fault_port_active(&c->fault, FAULT_FW_HANG))
		chip_set_state(c, CHIP_HUNG);
	return CHIP_MB_OK;
}

/* 14h: back to boot code. [LX, O] */
static uint16_t stop_fw(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)in;
	(void)out;
	if (c->state == CHIP_ROM)
		return CHIP_MB_INVALID;
	chip_stop(c);
	ring_reset(c);
	chip_set_state(c, CHIP_ROM);
	return CHIP_MB_OK;
}

/* [FB ispmbox.h MBOX_*, O]; [LX qla_def.h MBC_*, O] */
const struct chip_mbox_cmd mbox_load_cmds[] = {
	{ 0x02, "execute firmware", IN_ROM, execute },
	{ 0x07, "verify checksum", IN_ANY, verify_sum },
	{ 0x0b, "load RISC RAM", IN_ROM, load_ram },
	{ 0x0c, "dump RISC RAM", IN_ANY, dump_ram },
	{ 0x0d, "write RAM word", IN_ANY, write_word },
	{ 0x0f, "read RAM word", IN_ANY, read_word },
	{ 0x14, "stop firmware", IN_ANY, stop_fw },
};
const size_t mbox_nr_load_cmds = ARRAY_SIZE(mbox_load_cmds);
