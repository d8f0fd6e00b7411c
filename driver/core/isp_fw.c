// SPDX-License-Identifier: GPL-2.0
/* From a listening ROM to running firmware: NVRAM, image, load, versions. */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../hw/isp_hw_mbox.h"
#include "isp_hba.h"
#include "isp_life.h"

#define WRAP_TIMEOUT_MS 10000
#define LOAD_TIMEOUT_MS 30000
#define EXEC_TIMEOUT_MS 30000
#define QUERY_TIMEOUT_MS 10000

/* Flash is read this many dwords at a time, and each is asked for so often. */
#define FLASH_BATCH 256
#define FLASH_TRIES 2000

/* Largest firmware looked for in flash, RISC words. */
#define FLASH_MAX_WORDS 0x40000

enum load_phase {
	LOAD_NVRAM,
	LOAD_WRAP,
	LOAD_WRAP_DONE,
	LOAD_IMAGE,
	LOAD_IMAGE_WAIT,
	LOAD_FLASH,
	LOAD_PIECE,
	LOAD_PIECE_DONE,
};

enum start_phase {
	START_VERIFY,
	START_EXEC,
	START_EXEC_DONE,
};

enum query_phase {
	QUERY_VERSION,
	QUERY_RESOURCES,
	QUERY_DONE,
};

static void next_phase(struct isp_life *l, unsigned int phase)
{
	l->phase = phase;
	memset(&l->step, 0, sizeof(l->step));
}

/*
 * Answer of the worker's mailbox. A timeout or a stop is dealt with elsewhere;
 * a refusal is a fault.
 */
static bool answered(struct isp_hba *hba, const char *what)
{
	struct isp_life *l = &hba->life;

	if (l->mbx_err)
		return false;
	if (l->mbx.out[0] == ISP_MBOX_OK)
		return true;
	dev_err(hba->dev, "%s: mailbox %04x answered %04x\n", what,
		l->mbx.in[0], l->mbx.out[0]);
	isp_hba_fault(hba, what);
	return false;
}

/*
 * NAA 3: locally assigned. Stable for a slot, other for each card of a host,
 * and other for each host that knows who it is.
 */
static u64 invented_wwn(struct isp_hba *hba)
{
	const char *c = dev_name(hba->dev);
	u64 hash = 0xcbf29ce484222325ULL ^ hba->params.host_id; /* FNV-1a */

	for (; *c; c++)
		hash = (hash ^ (u8)*c) * 0x100000001b3ULL;
	return 0x3ULL << 60 | (hash & GENMASK_ULL(55, 0));
}

static void set_names(struct isp_hba *hba)
{
	struct isp_chan *chan = &hba->chan[0];

	chan->wwpn = hba->params.own_wwpn ?: hba->nvram.wwpn;
	chan->wwnn = hba->params.own_wwnn ?: hba->nvram.wwnn;
	if (chan->wwpn) {
		if (!chan->wwnn)
			chan->wwnn = chan->wwpn;
		return;
	}
	chan->wwpn = invented_wwn(hba);
	chan->wwnn = chan->wwpn;
	dev_warn(
		hba->dev,
		"no valid NVRAM: port name %016llx is made up, set one by isp_wwpns=\n",
		chan->wwpn);
}

static void take_nvram(struct isp_hba *hba)
{
	hba->nvram_ok = !hba->chip->nvram_decode(hba->life.nvram, &hba->nvram);
	if (!hba->nvram_ok) {
		memset(&hba->nvram, 0, sizeof(hba->nvram));
		dev_warn(hba->dev, "NVRAM content is not valid\n");
	}
}

/*
 * Read a dword of flash. 1: there; 0: not yet, try later; -errno: it will not
 * come. step.step 1: an address is on its way.
 */
static int flash_word(struct isp_hba *hba, u32 addr, u32 *val)
{
	struct isp_step *s = &hba->life.step;

	if (!s->step) {
		hba->chip->flash_start(hba, addr);
		s->step = 1;
		s->tries = 0;
	}
	if (!hba->chip->flash_poll(hba, val))
		return s->tries++ < FLASH_TRIES ? 0 : -ETIMEDOUT;
	s->step = 0;
	return 1;
}

static int load_nvram(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	u32 val = 0, nr = 0;
	u32 addr;
	int ret;

	if (hba->params.no_nvram || hba->nvram_ok) {
		set_names(hba);
		next_phase(l, LOAD_WRAP);
		return ISP_LIFE_AGAIN;
	}
	addr = hba->chip->nvram_addr(hba, &nr);
	nr = min_t(u32, nr, ISP_NVRAM_DWORDS);
	while (l->step.addr < nr) {
		ret = flash_word(hba, addr + l->step.addr, &val);
		if (!ret)
			return 1;
		if (ret < 0) {
			isp_hba_fault(hba, "NVRAM does not answer");
			return ISP_LIFE_AGAIN;
		}
		l->nvram[l->step.addr++] = val;
	}
	take_nvram(hba);
	set_names(hba);
	next_phase(l, LOAD_WRAP);
	return ISP_LIFE_AGAIN;
}

/* Different values there and back prove that all registers work. */
static int load_wrap(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned int i;

	isp_life_mbox_setup(hba, ISP_MBOX_WRAP_TEST, 8, WRAP_TIMEOUT_MS);
	for (i = 1; i < 8; i++)
		l->mbx.in[i] = 0xa500 | (i * 0x11);
	next_phase(l, LOAD_WRAP_DONE);
	return isp_life_mbox(hba);
}

static int load_wrap_done(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned int i;

	if (!answered(hba, "mailbox test refused"))
		return ISP_LIFE_AGAIN;
	for (i = 1; i < 8; i++) {
		if (l->mbx.out[i] == l->mbx.in[i])
			continue;
		isp_hba_fault(hba, "mailbox test: other values came back");
		return ISP_LIFE_AGAIN;
	}
	next_phase(l, LOAD_IMAGE);
	return ISP_LIFE_AGAIN;
}

static void begin_pieces(struct isp_life *l)
{
	l->seg = 0;
	l->seg_done = 0;
	next_phase(l, LOAD_PIECE);
}

static int load_image(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned long flags;

	/* A fault may have cut the reading of flash short: begin anew. */
	if (!hba->fw.len)
		isp_fw_free(hba);
	if (hba->fw.image) {
		begin_pieces(l);
		return ISP_LIFE_AGAIN;
	}
	if (hba->params.no_reload) {
		next_phase(l, LOAD_FLASH);
		return ISP_LIFE_AGAIN;
	}
	spin_lock_irqsave(&hba->lock, flags);
	l->fw_wait = true;
	spin_unlock_irqrestore(&hba->lock, flags);
	next_phase(l, LOAD_IMAGE_WAIT);
	hba->os->fw_request(hba, hba->chip->fw_name);
	return ISP_LIFE_AGAIN;
}

static int load_image_wait(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;

	if (READ_ONCE(l->fw_wait))
		return ISP_LIFE_SLEEP;
	if (hba->fw.image)
		begin_pieces(l);
	else
		next_phase(l, LOAD_FLASH);
	return ISP_LIFE_AGAIN;
}

/* Nothing to run. Whoever wants a role makes us look again. */
static int no_firmware(struct isp_hba *hba)
{
	unsigned long flags;
	unsigned int i;

	dev_err(hba->dev,
		"no firmware: %s is missing or damaged and there is none in flash; install Debian's package firmware-qlogic (non-free-firmware)\n",
		hba->chip->fw_name);
	isp_fw_free(hba);
	hba->chip->irq_enable(hba, false);
	isp_mbox_close(hba);
	spin_lock_irqsave(&hba->lock, flags);
	hba->life.go = false;
	hba->why = "no firmware";
	spin_unlock_irqrestore(&hba->lock, flags);
	isp_hba_set_state(hba, ISP_HBA_OFF, "no firmware");
	for (i = 0; i < hba->nr_chans; i++)
		isp_hba_role_waits(&hba->chan[i], -ENOENT, false);
	return ISP_LIFE_AGAIN;
}

static int load_flash(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	unsigned int batch = 0;
	u32 val = 0, need;
	int ret;

	if (!(hba->chip->caps & ISP_CAP_FLASH_FW))
		return no_firmware(hba);
	if (!hba->fw.image) {
		hba->fw.image = kvzalloc(FLASH_MAX_WORDS * 4, GFP_KERNEL);
		if (!hba->fw.image)
			return no_firmware(hba);
		dev_info(hba->dev, "looking for firmware in flash\n");
	}
	while (batch++ < FLASH_BATCH) {
		need = hba->chip->fw_need(hba->fw.image, l->step.addr,
					  FLASH_MAX_WORDS);
		if (!need)
			return no_firmware(hba);
		if (l->step.addr == need)
			break;
		ret = flash_word(hba, hba->chip->flash_fw + l->step.addr, &val);
		if (!ret)
			return 1;
		if (ret < 0)
			return no_firmware(hba);
		hba->chip->fw_put(hba->fw.image, l->step.addr++, val);
	}
	if (batch > FLASH_BATCH)
		return 1;
	hba->fw.len = (size_t)l->step.addr * 4;
	if (hba->chip->fw_map(hba->fw.image, hba->fw.len, &hba->fw.map))
		return no_firmware(hba);
	hba->fw.from_flash = true;
	begin_pieces(l);
	return ISP_LIFE_AGAIN;
}

static int load_piece(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;
	const struct isp_fw_seg *seg = &hba->fw.map.seg[l->seg];
	u32 nr = min_t(u32, seg->nr - l->seg_done,
		       ISP_DMA_BUF_SIZE / hba->chip->ram_word);
	size_t at = seg->offset + (size_t)l->seg_done * hba->chip->ram_word;

	hba->chip->fw_copy(hba->dma_buf, (u8 *)hba->fw.image + at, nr);
	isp_life_mbox_setup(hba, 0, 2, LOAD_TIMEOUT_MS);
	hba->chip->mbox_load(&l->mbx, seg->addr + l->seg_done, nr,
			     hba->dma_buf_dma);
	l->seg_done += nr;
	next_phase(l, LOAD_PIECE_DONE);
	return isp_life_mbox(hba);
}

static int load_piece_done(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;

	if (!answered(hba, "firmware load refused"))
		return ISP_LIFE_AGAIN;
	if (l->seg_done == hba->fw.map.seg[l->seg].nr) {
		l->seg++;
		l->seg_done = 0;
	}
	if (l->seg < hba->fw.map.nr_segs) {
		next_phase(l, LOAD_PIECE);
		return ISP_LIFE_AGAIN;
	}
	next_phase(l, 0);
	isp_hba_set_state(hba, ISP_HBA_START, "firmware is loaded");
	return ISP_LIFE_AGAIN;
}

/**
 * isp_fw_state_load() - State LOAD: NVRAM, then firmware into the chip.
 * @hba: the adapter
 *
 * Context: process (life worker).
 * Return: when to run again, see isp_life.h.
 */
int isp_fw_state_load(struct isp_hba *hba)
{
	switch (hba->life.phase) {
	case LOAD_NVRAM:
		return load_nvram(hba);
	case LOAD_WRAP:
		return load_wrap(hba);
	case LOAD_WRAP_DONE:
		return load_wrap_done(hba);
	case LOAD_IMAGE:
		return load_image(hba);
	case LOAD_IMAGE_WAIT:
		return load_image_wait(hba);
	case LOAD_FLASH:
		return load_flash(hba);
	case LOAD_PIECE:
		return load_piece(hba);
	default:
		return load_piece_done(hba);
	}
}

/**
 * isp_fw_state_start() - State START: verify what was loaded and run it.
 * @hba: the adapter
 *
 * Context: process (life worker).
 * Return: when to run again, see isp_life.h.
 */
int isp_fw_state_start(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;

	switch (l->phase) {
	case START_VERIFY:
		isp_life_mbox_setup(hba, 0, 3, EXEC_TIMEOUT_MS);
		hba->chip->mbox_verify(&l->mbx, hba->fw.map.start);
		next_phase(l, START_EXEC);
		return isp_life_mbox(hba);
	case START_EXEC:
		if (!answered(hba, "firmware checksum is wrong"))
			return ISP_LIFE_AGAIN;
		isp_life_mbox_setup(hba, 0, 4, EXEC_TIMEOUT_MS);
		hba->chip->mbox_exec(&l->mbx, hba->fw.map.start);
		next_phase(l, START_EXEC_DONE);
		return isp_life_mbox(hba);
	default:
		if (!answered(hba, "firmware does not start"))
			return ISP_LIFE_AGAIN;
		next_phase(l, 0);
		isp_hba_set_state(hba, ISP_HBA_QUERY, "firmware runs");
		return ISP_LIFE_AGAIN;
	}
}

static void take_version(struct isp_hba *hba)
{
	const u16 *out = hba->life.mbx.out;
	struct isp_fw *fw = &hba->fw;

	memcpy(fw->version, &out[1], sizeof(fw->version));
	fw->attrs = out[6];
}

static void take_resources(struct isp_hba *hba)
{
	const u16 *out = hba->life.mbx.out;

	hba->fw.nr_exchanges = out[1];
	hba->fw.nr_iocbs = out[7];
	hba->fw.max_vports = out[11];
}

static void announce(struct isp_hba *hba)
{
	const struct isp_fw *fw = &hba->fw;

	if (hba->life.announced)
		return;
	hba->life.announced = true;
	dev_info(
		hba->dev,
		"firmware %u.%02u.%02u from %s, attributes %04x, %u exchanges, port name %016llx\n",
		fw->version[0], fw->version[1], fw->version[2],
		fw->from_flash ? "flash" : hba->chip->fw_name, fw->attrs,
		fw->nr_exchanges, hba->chan[0].wwpn);
	if (fw->version[0] == 4 && fw->version[1] == 4 && fw->version[2] == 5)
		dev_warn(
			hba->dev,
			"firmware 4.4.5 is known to crash as a target; use a newer one\n");
}

/**
 * isp_fw_state_query() - State QUERY: what the firmware is and has.
 * @hba: the adapter
 *
 * Context: process (life worker).
 * Return: when to run again, see isp_life.h.
 */
int isp_fw_state_query(struct isp_hba *hba)
{
	struct isp_life *l = &hba->life;

	switch (l->phase) {
	case QUERY_VERSION:
		isp_life_mbox_setup(hba, ISP_MBOX_ABOUT_FW, 7,
				    QUERY_TIMEOUT_MS);
		next_phase(l, QUERY_RESOURCES);
		return isp_life_mbox(hba);
	case QUERY_RESOURCES:
		if (!answered(hba, "firmware version refused"))
			return ISP_LIFE_AGAIN;
		take_version(hba);
		isp_life_mbox_setup(hba, ISP_MBOX_GET_RESOURCES, 12,
				    QUERY_TIMEOUT_MS);
		next_phase(l, QUERY_DONE);
		return isp_life_mbox(hba);
	default:
		if (!answered(hba, "resource counts refused"))
			return ISP_LIFE_AGAIN;
		take_resources(hba);
		announce(hba);
		next_phase(l, 0);
		isp_hba_set_state(hba, ISP_HBA_IDLE, "firmware is known");
		return ISP_LIFE_AGAIN;
	}
}

/**
 * isp_hba_fw_result() - Answer to the world's fw_request().
 * @hba:   the adapter
 * @image: content of the file, NULL: there is none; copied, never written to
 * @len:   bytes
 *
 * Context: process, may sleep.
 */
void isp_hba_fw_result(struct isp_hba *hba, const void *image, size_t len)
{
	struct isp_fw_map map;
	unsigned long flags;
	void *copy = NULL;

	if (image && hba->chip->fw_map(image, len, &map)) {
		dev_err(hba->dev,
			"%s is damaged: wrong length or checksum (%zu bytes)\n",
			hba->chip->fw_name, len);
		image = NULL;
	}
	if (image) {
		copy = kvmalloc(len, GFP_KERNEL);
		if (copy)
			memcpy(copy, image, len);
		else
			dev_err(hba->dev, "no memory for %s (%zu bytes)\n",
				hba->chip->fw_name, len);
	}
	spin_lock_irqsave(&hba->lock, flags);
	if (hba->life.fw_wait && !hba->fw.image) {
		hba->fw.image = copy;
		if (copy) {
			hba->fw.len = len;
			hba->fw.map = map;
			hba->fw.from_flash = false;
		}
		copy = NULL;
	}
	hba->life.fw_wait = false;
	spin_unlock_irqrestore(&hba->lock, flags);
	kvfree(copy);
	isp_hba_kick(hba);
}

/**
 * isp_fw_free() - Forget the firmware image.
 * @hba: the adapter
 *
 * Context: process, may sleep.
 */
void isp_fw_free(struct isp_hba *hba)
{
	kvfree(hba->fw.image);
	hba->fw.image = NULL;
	hba->fw.len = 0;
}
