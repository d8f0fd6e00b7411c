// SPDX-License-Identifier: GPL-2.0
/*
 * Ring entries of the 2400 family, byte by byte. The offsets here are those
 * seen in what stock drivers exchange with the chip, not the driver's own
 * structures.
 */
#include "../lib/tap.h"

#include <linux/dma-mapping.h>
#include <linux/unaligned.h>

#include "chip/isp_codec_2400.h"
#include "core/isp_hba.h"

#define NR 64

static u8 entry[NR][64];

/* The real one hands out ring entries; here they lie in a row. */
void *isp_cursor_next(struct isp_cursor *cur)
{
	if (!cur->left)
		return NULL;
	cur->left--;
	return memset(entry[NR - 1 - cur->left], 0, 64);
}

static const u8 *start(struct isp_cursor *cur, unsigned int nr)
{
	memset(entry, 0xff, sizeof(entry));
	cur->ring = NULL;
	cur->left = nr;
	return entry[NR - nr];
}

static u16 w(const u8 *e, unsigned int at)
{
	return get_unaligned_le16(e + at);
}

static u32 d(const u8 *e, unsigned int at)
{
	return get_unaligned_le32(e + at);
}

static struct isp_ctio read_ctio(struct scatterlist *sg, unsigned int nr_sg)
{
	struct isp_ctio c = {
		.exchange = 0x11223344,
		.port_id = 0x010203,
		.port_handle = 0x0077,
		.ox_id = 0x5566,
		.attr = 1,
		.flags = ISP_CTIO_DATA_IN | ISP_CTIO_STATUS,
		.len = 4096,
		.sg = sg,
		.nr_sg = nr_sg,
	};
	unsigned int i;

	sg_init_table(sg, nr_sg);
	for (i = 0; i < nr_sg; i++) {
		sg[i].dma_address = 0x1234567800000000ULL + i * 0x10000;
		sg[i].dma_length = 4096 + i;
	}
	return c;
}

static void test_read(void)
{
	struct scatterlist sg[17];
	struct isp_ctio c = read_ctio(sg, 1);
	struct isp_cursor cur;
	const u8 *e;
	bool order = true;
	unsigned int i;

	tap_ok(isp24_ctio_entries(&c) == 1 && isp24_ctio_one_step(&c),
	       "a READ of one segment is one entry");
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 0xcafe0001);
	tap_ok(e[0] == 0x12 && e[1] == 1 && d(e, 4) == 0xcafe0001,
	       "CTIO: type 12, count, handle");
	tap_ok(w(e, 8) == 0x0077 && d(e, 20) == 0x11223344 &&
		       w(e, 32) == 0x5566,
	       "port handle, exchange, OX_ID");
	tap_ok(e[16] == 3 && e[17] == 2 && e[18] == 1,
	       "initiator's address, low byte first");
	tap_ok(w(e, 26) == (0x8002 | 1 << 9),
	       "flags: data to the initiator, status, attribute");
	tap_ok(d(e, 44) == 4096 && w(e, 12) == 1 && d(e, 36) == 0,
	       "length, one segment, offset 0");
	tap_ok(get_unaligned_le64(e + 52) == 0x1234567800000000ULL &&
		       d(e, 60) == 4096,
	       "the segment");

	c = read_ctio(sg, 17);
	c.rel_offset = 0x8000;
	tap_ok(isp24_ctio_entries(&c) == 5, "17 segments: 1 + 4 entries");
	e = start(&cur, 5);
	isp24_ctio_encode(&cur, &c, 1);
	tap_ok(e[1] == 5 && w(e, 12) == 17 && d(e, 36) == 0x8000,
	       "count, segments, offset");
	for (i = 1; i < 17; i++) {
		const u8 *s =
			e + 64 * (1 + (i - 1) / 5) + 4 + 12 * ((i - 1) % 5);

		order &= get_unaligned_le64(s) == sg[i].dma_address &&
			 d(s, 8) == sg[i].dma_length;
	}
	tap_ok(order && e[64] == 0x0a && e[256] == 0x0a && !cur.left,
	       "continuations hold the other segments in order");
	tap_ok(d(e, 256 + 4 + 12 + 8) == 0, "and nothing behind the last");
}

static void test_status(void)
{
	u8 sense[96], rsp[8] = { 0, 0, 0, 5 };
	struct isp_ctio c = {
		.exchange = 9,
		.flags = ISP_CTIO_STATUS | ISP_CTIO_UNDER,
		.scsi_status = 2,
		.resid = 0x1234,
		.sense = sense,
		.sense_len = 18,
	};
	struct isp_cursor cur;
	const u8 *e;
	unsigned int i;

	for (i = 0; i < sizeof(sense); i++)
		sense[i] = (u8)(i + 1);
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok(w(e, 26) == 0x8040 && d(e, 28) == 0x1234 &&
		       w(e, 34) == (0x0a00 | 2) && w(e, 24) == 18,
	       "check condition: mode 1, residual under, sense length");
	tap_ok(e[40] == 4 && e[43] == 1 && e[40 + 16 + 3] == 17 &&
		       e[40 + 16 + 2] == 18,
	       "sense, each word swapped");
	c.flags = ISP_CTIO_STATUS | ISP_CTIO_OVER;
	c.sense = NULL;
	c.sense_len = 0;
	c.scsi_status = 0;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok(w(e, 34) == 0x0400 && d(e, 28) == 0x1234 && !w(e, 24),
	       "good status with a residual over");
	c.flags = ISP_CTIO_STATUS;
	c.rsp = rsp;
	c.rsp_len = 8;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok(w(e, 34) == 0x0100 && w(e, 36) == 8 && e[40] == 5 && !d(e, 28),
	       "a function's answer: response code");
	c.rsp = NULL;
	c.rsp_len = 0;
	c.flags = ISP_CTIO_TERMINATE;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok((w(e, 26) & 0xc003) == 0x4000, "terminate: flag 4000 alone");
}

/* More sense than an entry holds: a whole FCP_RSP in memory. */
static void test_long_sense(void)
{
	u8 sense[252], iu[24 + 252 + 4];
	struct isp_ctio c = {
		.exchange = 9,
		.flags = ISP_CTIO_STATUS | ISP_CTIO_OVER,
		.scsi_status = 2,
		.resid = 0x1234,
		.sense = sense,
		.sense_len = 96,
		.iu = iu,
		.iu_dma = 0x1122334455667788ULL,
		.iu_room = sizeof(iu),
	};
	struct isp_cursor cur;
	const u8 *e;
	unsigned int i;

	for (i = 0; i < sizeof(sense); i++)
		sense[i] = (u8)(i + 1);
	memset(iu, 0xff, sizeof(iu));
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok((w(e, 26) & 0xc0c3) == 0x8080 && w(e, 24) == 96 &&
		       w(e, 12) == 1 && d(e, 44) == 24 + 96,
	       "96 bytes of sense: mode 2, their number, one segment");
	tap_ok(get_unaligned_le64(e + 52) == c.iu_dma && d(e, 60) == 24 + 96,
	       "which is all of the FCP_RSP");
	tap_ok(iu[10] == (0x02 | 0x04) && iu[11] == 2 &&
		       get_unaligned_be32(iu + 12) == 0x1234 &&
		       get_unaligned_be32(iu + 16) == 96 &&
		       !get_unaligned_be32(iu + 20),
	       "FCP_RSP: flags, status, residual over, lengths");
	tap_ok(!memcmp(iu + 24, sense, 96) && iu[24 + 96] == 0xff,
	       "the sense in its order, and nothing behind it");
	c.flags = ISP_CTIO_STATUS | ISP_CTIO_UNDER;
	c.sense_len = 252;
	c.iu_room = 24 + 100;
	start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok(iu[10] == (0x02 | 0x08) && get_unaligned_be32(iu + 16) == 100 &&
		       iu[24 + 100] == 0xff,
	       "no more than there is room for");
	c.sense_len = 24;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok((w(e, 26) & 0xc0) == 0x40, "24 bytes fit the entry: mode 1");
}

static void test_steps(void)
{
	struct scatterlist sg[1];
	struct isp_ctio c = read_ctio(sg, 1);
	struct isp_cursor cur;
	const u8 *e;

	c.flags = ISP_CTIO_DATA_OUT;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok((w(e, 26) & 0xc1c3) == 0x0001, "data from the initiator: 0001");
	c.flags = ISP_CTIO_DATA_IN | ISP_CTIO_NO_CPL;
	e = start(&cur, 1);
	isp24_ctio_encode(&cur, &c, 5);
	tap_ok((w(e, 26) & 0xc1c3) == 0x0102,
	       "data alone, no completion: 0102");
	c.flags = ISP_CTIO_DATA_IN | ISP_CTIO_STATUS | ISP_CTIO_UNDER;
	tap_ok(!isp24_ctio_one_step(&c), "a residual needs a second step");
	c.flags = ISP_CTIO_DATA_IN | ISP_CTIO_STATUS;
	c.scsi_status = 2;
	tap_ok(!isp24_ctio_one_step(&c), "so does a bad status");
	c.scsi_status = 0;
	c.flags = ISP_CTIO_DATA_OUT | ISP_CTIO_STATUS;
	tap_ok(!isp24_ctio_one_step(&c), "and a WRITE");
}

static void put24(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 16);
	p[1] = (u8)(v >> 8);
	p[2] = (u8)v;
}

static void test_atio(void)
{
	u8 e[64] = { 0x06, 1 };
	struct isp_rsp rsp;
	unsigned int i;

	put_unaligned_le16(0x38 | 1 << 12, e + 2);
	put_unaligned_le32(0x00abcdef, e + 4);
	put24(e + 9, 0x0a0b0c);
	put24(e + 13, 0x010200);
	put_unaligned_be16(0x4321, e + 24);
	e[33] = 5;
	e[41] = 2;
	e[43] = 1;
	for (i = 0; i < 16; i++)
		e[44 + i] = (u8)(0x20 + i);
	put_unaligned_be32(0x00010000, e + 60);
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.kind == ISP_RSP_ATIO && rsp.atio.exchange == 0x00abcdef,
	       "ATIO: exchange");
	tap_ok(rsp.atio.port_id == 0x010200 && rsp.atio.d_id == 0x0a0b0c &&
		       rsp.atio.ox_id == 0x4321,
	       "addresses and OX_ID");
	tap_ok(rsp.atio.wr && !rsp.atio.rd && rsp.atio.attr == 2 &&
		       rsp.atio.data_len == 0x10000 && rsp.atio.lun[1] == 5,
	       "direction, attribute, length, LUN");
	tap_ok(rsp.atio.cdb[0] == 0x20 && rsp.atio.cdb[15] == 0x2f &&
		       !rsp.atio.bad && !rsp.atio.tm_flags,
	       "CDB");
	e[43] = 2;
	e[42] = 0x10;
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.atio.rd && !rsp.atio.wr && rsp.atio.tm_flags == 0x10,
	       "the other direction, a function");
	put_unaligned_le16(0x37, e + 2);
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.atio.bad, "one byte short: bad");
	put_unaligned_le16(0x38, e + 2);
	put_unaligned_be32(0xdeaddead, e + 60);
	e[42] = 0;
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.kind == ISP_RSP_ATIO && rsp.atio.data_len == 0xdeaddead,
	       "a length like the empty mark is a length");
}

/* A CDB longer than 16 bytes: the rest, then the length, run on. */
static void test_atio_long(void)
{
	u8 e[5 * 64] = { 0x06, 5 };
	struct isp_rsp rsp;
	unsigned int i;

	for (i = 0; i < 252; i++)
		e[60 + i] = (u8)(i ^ 0x5a);
	e[43] = 252 | 2;
	put_unaligned_le16(24 + 32 + 252, e + 2);
	put_unaligned_be32(0x00012345, e + 60 + 252);
	isp24_decode(ISP_RING_ATIO, e, 5, &rsp);
	tap_ok(!rsp.atio.bad && rsp.atio.add_cdb_len == 252 &&
		       !memcmp(rsp.atio.add_cdb, e + 60, 252) &&
		       rsp.atio.data_len == 0x12345,
	       "CDB of 268 bytes: the rest of it, and the length behind it");
	isp24_decode(ISP_RING_ATIO, e, 4, &rsp);
	tap_ok(rsp.atio.bad && !rsp.atio.add_cdb_len,
	       "not all of it in the ring: bad");
	put_unaligned_le16(24 + 32 + 251, e + 2);
	isp24_decode(ISP_RING_ATIO, e, 5, &rsp);
	tap_ok(rsp.atio.bad, "the frame was one byte short: bad");
	e[43] = 4 | 2;
	put_unaligned_le16(24 + 32 + 4, e + 2);
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.atio.bad, "a length that would lie behind the entry: bad");
}

static enum isp_cpl ctio_cpl(u16 status)
{
	u8 e[64] = { 0x12, 1 };
	struct isp_rsp rsp;

	put_unaligned_le32(0x00020003, e + 4);
	put_unaligned_le16(status, e + 8);
	put_unaligned_le16(0x8002, e + 26);
	isp24_decode(ISP_RING_RSP, e, 1, &rsp);
	if (rsp.kind != ISP_RSP_CTIO || rsp.handle != 0x00020003)
		return ISP_NR_CPLS;
	return rsp.ctio.cpl;
}

static void test_done(void)
{
	u8 e[64] = { 0x12, 1 };
	struct isp_rsp rsp;

	tap_ok(ctio_cpl(1) == ISP_CPL_OK, "CTIO back with 1: good");
	tap_ok(ctio_cpl(8) == ISP_CPL_BAD_EXCHANGE, "8: exchange gone");
	tap_ok(ctio_cpl(2) == ISP_CPL_ABORTED, "2: aborted");
	tap_ok(ctio_cpl(0x29) == ISP_CPL_LOGGED_OUT &&
		       ctio_cpl(0x28) == ISP_CPL_PORT_UNAVAIL,
	       "29, 28: nexus lost");
	tap_ok(ctio_cpl(0x15) == ISP_CPL_UNDERRUN, "15: underrun");
	tap_ok(ctio_cpl(0x7f) == ISP_CPL_UNKNOWN, "7F: unknown, not good");
	e[3] = 0x08;
	put_unaligned_le16(1, e + 8);
	isp24_decode(ISP_RING_RSP, e, 1, &rsp);
	tap_ok(rsp.kind == ISP_RSP_CTIO && rsp.ctio.cpl == ISP_CPL_BAD_ENTRY,
	       "an entry status wins over the rest");
}

static void test_notify(void)
{
	u8 e[64] = { 0x0d, 1 };
	struct isp_cursor cur;
	struct isp_ack ack;
	struct isp_rsp rsp;
	const u8 *a;

	put_unaligned_le16(0x10, e + 8);
	put_unaligned_le16(0x46, e + 16);
	e[18] = 0x20;
	put_unaligned_le32(0x99887766, e + 20);
	e[32] = 0x22;
	put_unaligned_be64(0x2100001b32010203ULL, e + 40);
	put_unaligned_le24(0x010500, e + 56);
	put_unaligned_le16(0x1234, e + 62);
	isp24_decode(ISP_RING_ATIO, e, 1, &rsp);
	tap_ok(rsp.kind == ISP_RSP_NOTIFY &&
		       rsp.notify.kind == ISP_NOTIFY_ELS &&
		       rsp.notify.els == ISP_ELS_PRLI,
	       "notify of a PRLI");
	tap_ok(rsp.notify.wwpn == 0x2100001b32010203ULL &&
		       rsp.notify.port_id == 0x010500 &&
		       rsp.notify.port_handle == 0x10 &&
		       rsp.notify.prli_w3 == 0x22,
	       "who, where, word 3");
	ack = (struct isp_ack){ .notify = &rsp.notify };
	a = start(&cur, 1);
	isp24_ack_encode(&cur, &ack, 0x4711);
	tap_ok(a[0] == 0x0e && a[1] == 1 && d(a, 4) == 0x4711 &&
		       w(a, 8) == 0x10 && w(a, 16) == 0x46 && a[18] == 0x20 &&
		       d(a, 20) == 0x99887766 && w(a, 62) == 0x1234 &&
		       !(w(a, 12) & 8),
	       "the ack echoes handle, status, ELS, exchange and OX_ID");
	ack.reject = true;
	a = start(&cur, 1);
	isp24_ack_encode(&cur, &ack, 0x4711);
	tap_ok(w(a, 12) & 8, "a reject has flag bit 3");
}

static void test_abts(void)
{
	u8 e[64] = { 0x54, 1 };
	struct isp_abts_rsp ans;
	struct isp_cursor cur;
	struct isp_rsp rsp;
	const u8 *a;

	put_unaligned_le16(0x10, e + 10);
	put_unaligned_le32(0x70000001, e + 16);
	put_unaligned_le24(0x010100, e + 20);
	e[23] = 0x81;
	put_unaligned_le24(0x010200, e + 24);
	put_unaligned_le16(0x2222, e + 36);
	put_unaligned_le16(0x1111, e + 38);
	put_unaligned_le32(0x00abcdef, e + 60);
	isp24_decode(ISP_RING_RSP, e, 1, &rsp);
	tap_ok(rsp.kind == ISP_RSP_ABTS && rsp.abts.exchange == 0x70000001 &&
		       rsp.abts.to_abort == 0x00abcdef,
	       "ABTS: both exchanges");
	tap_ok(rsp.abts.port_id == 0x010200 && rsp.abts.ox_id == 0x1111 &&
		       rsp.abts.rx_id == 0x2222 && rsp.abts.port_handle == 0x10,
	       "who and which");
	ans = (struct isp_abts_rsp){ .abts = &rsp.abts, .accept = true };
	a = start(&cur, 1);
	isp24_abts_rsp_encode(&cur, &ans, 0x77);
	tap_ok(a[0] == 0x55 && d(a, 4) == 0x77 && d(a, 16) == 0x70000001 &&
		       d(a, 60) == 0x00abcdef,
	       "the answer: both exchanges again");
	tap_ok(a[23] == 0x84 && get_unaligned_le24(a + 20) == 0x010200 &&
		       get_unaligned_le24(a + 24) == 0x010100 &&
		       w(a, 38) == 0x1111 && w(a, 36) == 0x2222,
	       "BA_ACC to where it came from");
	ans.accept = false;
	ans.reason = 9;
	a = start(&cur, 1);
	isp24_abts_rsp_encode(&cur, &ans, 0x77);
	tap_ok(a[23] == 0x85 && a[46] == 9, "BA_RJT with a reason");
}

/* Whatever lies on a ring is decoded to something, without harm. */
static void test_garbage(void)
{
	struct isp_rsp rsp;
	u64 rng = 42;
	bool sane = true;
	u8 e[64];
	unsigned int i, k;

	for (i = 0; i < 300000; i++) {
		for (k = 0; k < 64; k++) {
			rng = rng * 6364136223846793005ULL +
			      1442695040888963407ULL;
			e[k] = (u8)(rng >> 56);
		}
		if (i % 2)
			e[0] = (u8)(i / 2 % 0x60);
		isp24_decode(i % 3 ? ISP_RING_RSP : ISP_RING_ATIO, e, 1, &rsp);
		sane &= rsp.kind < ISP_NR_RSPS && rsp.cpl < ISP_NR_CPLS;
		if (rsp.kind == ISP_RSP_CTIO)
			sane &= rsp.ctio.cpl < ISP_NR_CPLS;
		if (rsp.kind == ISP_RSP_NOTIFY)
			sane &= rsp.notify.kind < ISP_NR_NOTIFIES &&
				rsp.notify.port_id <= 0xffffff;
	}
	tap_ok(sane, "300000 random entries (seed 42) decode to known kinds");
}

int main(void)
{
	test_read();
	test_status();
	test_long_sense();
	test_steps();
	test_atio();
	test_atio_long();
	test_done();
	test_notify();
	test_abts();
	test_garbage();
	return tap_end();
}
