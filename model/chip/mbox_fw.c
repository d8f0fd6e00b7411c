// SPDX-License-Identifier: GPL-2.0
/* Mailbox commands of the running firmware that do not concern the port. */
#include "chip/chip_int.h"

#include <stdio.h>

#define FW_ATTR_MULTI_ID 0x0004U
#define NR_EXCHANGES 2048U
#define NR_IOCBS 4096U
#define NR_VPORTS 63U

/* 00h */
static uint16_t no_op(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)c;
	(void)in;
	(void)out;
	return CHIP_MB_OK;
}

/* 06h: mailboxes come back as they were. [LX qla2x00_mbx_reg_test, O] */
static uint16_t reg_test(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)c;
	memcpy(out + 1, in + 1, (CHIP_NR_MBOX - 1) * sizeof(*out));
	return CHIP_MB_OK;
}

/* 08h: version, end of memory, attributes. [LX qla2x00_get_fw_version, O] */
static uint16_t about_fw(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)in;
	out[1] = c->fw_version[0];
	out[2] = c->fw_version[1];
	out[3] = c->fw_version[2];
	out[4] = (uint16_t)(RISC_EXT_END - 1);
	out[5] = (uint16_t)((RISC_EXT_END - 1) >> 16);
	out[6] = FW_ATTR_MULTI_ID;
	return CHIP_MB_OK;
}

/* 22h: mb1 login retries, mb2 delay, mb3 timeout in 100 ms. [LX, O] */
static uint16_t retry_count(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)in;
	out[1] = c->retry_count;
	out[2] = 0;
	out[3] = 200;
	return CHIP_MB_OK;
}

/* 27h: trace buffers; nothing is ever written to them. [LX TC_*, O] */
static uint16_t trace_control(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)c;
	(void)out;
	switch (in[1]) {
	case 4: /* event trace on */
	case 5: /* off */
	case 8: /* frame trace on */
	case 9: /* off */
		return CHIP_MB_OK;
	default:
		return CHIP_MB_PARAM;
	}
}

/* 28h, 38h: mb1..3. [LX qla2x00_set_fw_options, O] */
static uint16_t get_options(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)in;
	memcpy(out + 1, c->options + 1, 3 * sizeof(*out));
	return CHIP_MB_OK;
}

static uint16_t set_options(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)out;
	memcpy(c->options + 1, in + 1, 3 * sizeof(*in));
	return CHIP_MB_OK;
}

static void sfp_text(uint8_t *p, const char *text, unsigned int len)
{
	for (unsigned int i = 0; i < len; i++)
		p[i] = *text ? (uint8_t)*text++ : ' ';
}

static uint8_t sfp_sum(const uint8_t *p, unsigned int len)
{
	unsigned int sum = 0;

	while (len--)
		sum += *p++;
	return (uint8_t)sum;
}

/* A short-wave optical SFP. [SFF-8472, D] */
static void sfp_id(const struct chip *c, uint8_t sfp[256])
{
	char serial[17];

	memset(sfp, 0, 256);
	sfp[0] = 0x03; /* SFP */
	sfp[1] = 0x04;
	sfp[2] = 0x07; /* LC */
	sfp[7] = 0x20; /* intermediate distance */
	sfp[8] = 0x40; /* short wave laser */
	sfp[9] = 0x0c; /* multimode */
	sfp[10] = c->is_25xx ? 0x70 : 0x15;
	sfp[11] = 0x01;
	sfp[12] = c->is_25xx ? 85 : 43;
	sfp_text(sfp + 20, "ISPSIM", 16);
	sfp_text(sfp + 40, c->is_25xx ? "SW-8G" : "SW-4G", 16);
	sfp_text(sfp + 56, "A", 4);
	snprintf(serial, sizeof(serial), "S%06x",
		 (unsigned int)(c->s.wwpn & 0xffffff));
	sfp_text(sfp + 68, serial, 16);
	sfp_text(sfp + 84, "260101", 8);
	sfp[63] = sfp_sum(sfp, 63);
	sfp[95] = sfp_sum(sfp + 64, 31);
}

/*
 * 31h: mb1 device A0 or A2, mb8 bytes, mb9 offset, mb10 bit 0: one byte in
 * mb1 instead of DMA. [LX qla2x00_read_sfp, O]
 */
static uint16_t read_sfp(struct chip *c, const uint16_t *in, uint16_t *out)
{
	unsigned int off = in[9], len = in[8];
	uint8_t sfp[256] = { 0 };

	if (in[1] == 0xa0)
		sfp_id(c, sfp);
	else if (in[1] != 0xa2)
		return CHIP_MB_PARAM;
	if (in[10] & 1)
		len = 1;
	if (!len || off + len > sizeof(sfp))
		return CHIP_MB_PARAM;
	if (in[10] & 1)
		out[1] = sfp[off];
	else if (pcidev_dma_write(c->s.dev, mbox_addr(in), sfp + off, len))
		return CHIP_MB_HOST_ERR;
	return CHIP_MB_OK;
}

/* 42h: what there is and what is left. [LX qla2x00_get_resource_cnts, O] */
static uint16_t resources(struct chip *c, const uint16_t *in, uint16_t *out)
{
	struct port_status st;
	unsigned int ini, tgt;

	(void)in;
	port_get_status(c->port, &st);
	ini = st.open_ini < NR_EXCHANGES ? st.open_ini : NR_EXCHANGES;
	tgt = st.open_tgt < NR_EXCHANGES ? st.open_tgt : NR_EXCHANGES;
	out[1] = NR_EXCHANGES;
	out[2] = (uint16_t)(NR_EXCHANGES - tgt);
	out[3] = (uint16_t)(NR_EXCHANGES - ini);
	out[6] = NR_EXCHANGES;
	out[7] = NR_IOCBS;
	out[10] = NR_IOCBS;
	out[11] = NR_VPORTS;
	return CHIP_MB_OK;
}

/*
 * 59h: mb1 high byte is the kind: 9 driver version of mb1's low byte in
 * dwords, 5 map of ELS commands, 32 bytes. [LX RNID_TYPE_*, O]
 */
static uint16_t set_rnid(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint8_t buf[256 * 4];
	size_t len;

	(void)out;
	switch (in[1] >> 8) {
	case 0x05:
		len = 32;
		break;
	case 0x09:
		len = (size_t)(in[1] & 0xff) * 4;
		break;
	default:
		return CHIP_MB_PARAM;
	}
	if (pcidev_dma_read(c->s.dev, mbox_addr(in), buf, len))
		return CHIP_MB_HOST_ERR;
	return CHIP_MB_OK;
}

/*
 * 5Ah: kind 7 is the login parameters that the port sends, mb8 dwords; they
 * are stored with the bytes of each dword swapped. [LX
 * qla24xx_get_port_login_templ, O]
 */
static uint16_t get_rnid(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint8_t tmpl[PORT_LOGIN_TEMPLATE], buf[sizeof(tmpl)];
	size_t len = (size_t)in[8] * 4;

	(void)out;
	if (in[1] >> 8 != 0x07 || !len)
		return CHIP_MB_PARAM;
	if (len > sizeof(buf))
		len = sizeof(buf);
	port_login_template(c->port, tmpl);
	for (size_t i = 0; i < sizeof(buf); i += 4)
		put_le32(buf + i, get_be32(tmpl + i));
	if (pcidev_dma_write(c->s.dev, mbox_addr(in), buf, len))
		return CHIP_MB_HOST_ERR;
	return CHIP_MB_OK;
}

/* 5Dh: mb1 0 asks, 1 and 2 set mb2; the answer is the rate. [FB MBGSD_*, O] */
static uint16_t data_rate(struct chip *c, const uint16_t *in, uint16_t *out)
{
	if (in[1] > 2)
		return CHIP_MB_PARAM;
	out[1] = chip_rate_code(c);
	return CHIP_MB_OK;
}

/* 69h before there is a control block: waiting for one. [LX FSTATE, O] */
static uint16_t idle_state(struct chip *c, const uint16_t *in, uint16_t *out)
{
	(void)c;
	(void)in;
	out[1] = 0;
	return CHIP_MB_OK;
}

/* [FB ispmbox.h MBOX_*, O]; [LX qla_def.h MBC_*, O] */
const struct chip_mbox_cmd mbox_fw_cmds[] = {
	{ 0x00, "no-op", IN_ANY, no_op },
	{ 0x06, "register test", IN_ANY, reg_test },
	{ 0x08, "firmware version", IN_FW, about_fw },
	{ 0x22, "get retry count", IN_FW, retry_count },
	{ 0x27, "trace control", IN_FW, trace_control },
	{ 0x28, "get firmware options", IN_FW, get_options },
	{ 0x31, "read SFP", IN_FW, read_sfp },
	{ 0x38, "set firmware options", IN_FW, set_options },
	{ 0x42, "resource counts", IN_FW, resources },
	{ 0x59, "set RNID parameters", IN_FW, set_rnid },
	{ 0x5a, "get RNID parameters", IN_FW, get_rnid },
	{ 0x5d, "data rate", IN_FW, data_rate },
	{ 0x69, "firmware state", IN_IDLE, idle_state },
};
const size_t mbox_nr_fw_cmds = ARRAY_SIZE(mbox_fw_cmds);
