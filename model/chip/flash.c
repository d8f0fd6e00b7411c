// SPDX-License-Identifier: GPL-2.0
/*
 * Flash and NVRAM behind registers 00 and 04, by dword.
 *
 *	7FF00000	flash data
 *	7FFD0000	flash part's own commands: writes are taken, reads give its id
 *	7FFE0000	24xx: NVRAM; a 25xx keeps it in flash, at 48000
 *	7FFF0000	24xx: NVRAM part's own commands
 *
 * Source: [LX qla_fw.h FARX_*, qla_sup.c, O]
 */
#include "chip/chip_int.h"

#include <errno.h>
#include <stdlib.h>

#define WINDOW_FLASH 0x7ff00000U
#define WINDOW_FLASH_CONF 0x7ffd0000U
#define WINDOW_NVRAM 0x7ffe0000U
#define ERASED 0xffffffffU
#define FLASH_ID 0x0000201fU /* maker 1F, part 20: unknown to drivers */

static uint32_t *flash_place(struct chip *c, uint32_t idx, bool make)
{
	uint32_t **page;

	if (idx >= c->flash_dwords)
		return NULL;
	page = &c->flash[idx / FLASH_PAGE];
	if (!*page && make) {
		*page = malloc(FLASH_PAGE * sizeof(**page));
		if (!*page)
			abort();
		memset(*page, 0xff, FLASH_PAGE * sizeof(**page));
	}
	return *page ? &(*page)[idx % FLASH_PAGE] : NULL;
}

/**
 * flash_dword() - Read flash.
 * @c: chip
 * @idx: dword index
 * @val: the dword, bytes in memory order little endian
 *
 * Return: 0; -EINVAL: beyond the end.
 */
int flash_dword(struct chip *c, uint32_t idx, uint32_t *val)
{
	uint32_t *p = flash_place(c, idx, false);

	if (idx >= c->flash_dwords)
		return -EINVAL;
	*val = p ? *p : ERASED;
	return 0;
}

/**
 * flash_store() - Put bytes into flash, as the factory does.
 * @c: chip
 * @idx: dword index
 * @buf: bytes
 * @len: bytes; what exceeds flash is left out
 */
void flash_store(struct chip *c, uint32_t idx, const void *buf, size_t len)
{
	const uint8_t *b = buf;

	while (len) {
		uint8_t tail[4] = { 0xff, 0xff, 0xff, 0xff };
		size_t n = len < 4 ? len : 4;
		uint32_t *p = flash_place(c, idx++, true);

		if (!p)
			return;
		memcpy(tail, b, n);
		*p = get_le32(tail);
		b += n;
		len -= n;
	}
}

/**
 * flash_read() - Read through the address register's windows.
 * @c: chip
 * @addr: as in the register, flag bit 31 clear
 *
 * Return: the dword; erased where there is nothing.
 */
uint32_t flash_read(struct chip *c, uint32_t addr)
{
	uint32_t val = ERASED;

	if (addr >= WINDOW_NVRAM) {
		uint32_t idx = addr - WINDOW_NVRAM;

		return !c->is_25xx && idx < NVRAM_DWORDS ? c->nvram[idx] : 0;
	}
	if (addr >= WINDOW_FLASH_CONF)
		return FLASH_ID;
	if (addr >= WINDOW_FLASH)
		flash_dword(c, addr - WINDOW_FLASH, &val);
	return val;
}

static void flash_write(struct chip *c, uint32_t addr, uint32_t val)
{
	uint32_t *p = NULL;

	if (!(c->reg[REG_CTRL / 4] & CTRL_FLASH_ENABLE)) {
		judge_raise(c->s.jp, VERDICT_FLASH_LOCKED, "address %08x",
			    addr);
		c->reg[REG_CTRL / 4] |= CTRL_FLASH_ERROR;
		return;
	}
	if (addr >= WINDOW_NVRAM) {
		if (!c->is_25xx && addr - WINDOW_NVRAM < NVRAM_DWORDS)
			c->nvram[addr - WINDOW_NVRAM] = val;
		return;
	}
	if (addr >= WINDOW_FLASH_CONF)
		return;
	if (addr >= WINDOW_FLASH)
		p = flash_place(c, addr - WINDOW_FLASH, true);
	if (p)
		*p &= val; /* programming only clears bits */
}

/**
 * flash_reg_addr() - The host writes the flash address register.
 * @c: chip
 * @val: address; flag bit 31 set: write what is in the data register
 *
 * The flag reads back flipped when the access is done, which is at once.
 */
void flash_reg_addr(struct chip *c, uint32_t val)
{
	uint32_t addr = val & ~FLASH_FLAG;

	if (val & FLASH_FLAG)
		flash_write(c, addr, c->reg[REG_FLASH_DATA / 4]);
	else
		c->reg[REG_FLASH_DATA / 4] = flash_read(c, addr);
	c->reg[REG_FLASH_ADDR / 4] = val ^ FLASH_FLAG;
}

/**
 * flash_free() - Free the pages.
 * @c: chip
 */
void flash_free(struct chip *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->flash); i++) {
		free(c->flash[i]);
		c->flash[i] = NULL;
	}
}
