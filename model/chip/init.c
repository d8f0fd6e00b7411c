// SPDX-License-Identifier: GPL-2.0
/* Mailbox 48h and 60h: the initialization control block and what it starts. */
#include "chip/chip_int.h"

#include <errno.h>

#define FRAME_MIN 256U
#define FRAME_MAX 2112U
#define MULTI_ID 0x48U

static uint64_t wwnn(const uint8_t *icb)
{
	uint64_t wwpn = get_be64(icb + ICB_WWPN);

	if (get_le32(icb + ICB_OPTIONS1) & ICB_OPT1_WWNN)
		return get_be64(icb + ICB_WWNN);
	/* Without a name of its own the node has the port's, type 2 port 0. */
	return (wwpn & 0x0000ffffffffffffULL) | 0x2000000000000000ULL;
}

static void judge_reserved(struct chip *c, const uint8_t *icb)
{
	static const uint8_t gaps[][2] = {
		{ ICB_RSVD_02, 2 },
		{ ICB_RSVD_48, 4 },
		{ ICB_RSVD_6C, 20 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(gaps); i++)
		for (unsigned int k = 0; k < gaps[i][1]; k++)
			if (icb[gaps[i][0] + k])
				judge_raise(c->s.jp, VERDICT_ICB_RSVD,
					    "byte %02x is %02x", gaps[i][0] + k,
					    icb[gaps[i][0] + k]);
	if (get_le32(icb + ICB_OPTIONS1) & ICB_OPT1_RSVD)
		judge_raise(c->s.jp, VERDICT_ICB_RSVD, "options 1 %08x",
			    get_le32(icb + ICB_OPTIONS1));
}

static int rings(struct chip *c, const uint8_t *icb)
{
	uint64_t atio = get_le64(icb + ICB_ATIO_ADDR);
	int err;

	err = ring_setup(c, &c->req, get_le64(icb + ICB_REQ_ADDR),
			 get_le16(icb + ICB_REQ_LEN),
			 get_le16(icb + ICB_REQ_OUT));
	if (err)
		return err;
	err = ring_setup(c, &c->rsp, get_le64(icb + ICB_RSP_ADDR),
			 get_le16(icb + ICB_RSP_LEN),
			 get_le16(icb + ICB_RSP_IN));
	if (err)
		return err;
	/* A pure initiator gives a length as well, but no address. [SS 1, O] */
	if (!atio)
		return get_le32(icb + ICB_OPTIONS1) & ICB_OPT1_TARGET ?
			       -EINVAL :
			       0;
	return ring_setup(c, &c->atio, atio, get_le16(icb + ICB_ATIO_LEN),
			  get_le16(icb + ICB_ATIO_IN));
}

static int check(const uint8_t *icb)
{
	uint16_t frame = get_le16(icb + ICB_FRAME_SIZE);

	if (get_le16(icb + ICB_VERSION) != ICB_VERSION_1)
		return -EINVAL;
	if (frame < FRAME_MIN || frame > FRAME_MAX)
		return -EINVAL;
	return 0;
}

static int start_port(struct chip *c, const uint8_t *icb)
{
	struct port_setup setup = {
		.wwpn = get_be64(icb + ICB_WWPN),
		.wwnn = wwnn(icb),
		.options1 = get_le32(icb + ICB_OPTIONS1),
		.options2 = get_le32(icb + ICB_OPTIONS2),
		.options3 = get_le32(icb + ICB_OPTIONS3),
		.exchanges = get_le16(icb + ICB_EXCHANGES),
		.frame_size = get_le16(icb + ICB_FRAME_SIZE),
		.login_timeout_s = get_le16(icb + ICB_LOGIN_TIMEOUT),
		.hard_addr = get_le16(icb + ICB_HARD_ADDR),
		.multi_id = c->multi_id,
	};

	return port_start(c->port, &setup);
}

static uint16_t refuse(struct chip *c, int err)
{
	ring_reset(c);
	c->multi_id = false;
	if (err == -EFAULT)
		return CHIP_MB_HOST_ERR;
	judge_raise(c->s.jp, VERDICT_ICB_INVALID, "mailbox fails with 4006h");
	return CHIP_MB_PARAM;
}

/* 48h, 60h: control block by DMA. [LX qla2x00_init_firmware, O] */
static uint16_t init_fw(struct chip *c, const uint16_t *in, uint16_t *out)
{
	uint8_t icb[ICB_SIZE];
	int err;

	(void)out;
	if (pcidev_dma_read(c->s.dev, mbox_addr(in), icb, sizeof(icb)))
		return CHIP_MB_HOST_ERR;
	judge_reserved(c, icb);
	c->multi_id = in[0] == MULTI_ID;
	err = check(icb);
	if (!err)
		err = rings(c, icb);
	if (err)
		return refuse(c, err);
	if (get_le16(icb + ICB_LOGIN_RETRY))
		c->retry_count = get_le16(icb + ICB_LOGIN_RETRY);
	chip_set_state(c, CHIP_READY);
	err = start_port(c, icb);
	if (err) {
		chip_set_state(c, CHIP_IDLE);
		return refuse(c, err);
	}
	return CHIP_MB_OK;
}

/* [FB ispmbox.h MBOX_*, O]; [LX qla_def.h MBC_*, O] */
const struct chip_mbox_cmd mbox_init_cmds[] = {
	{ 0x48, "multi-id init firmware", IN_IDLE, init_fw },
	{ 0x60, "init firmware", IN_IDLE, init_fw },
};
const size_t mbox_nr_init_cmds = ARRAY_SIZE(mbox_init_cmds);
