/* SPDX-License-Identifier: GPL-2.0 */
/* Entries of the 2400 and 2500 families: what both op tables share. */
#ifndef ISP_CODEC_2400_H
#define ISP_CODEC_2400_H

#include "../core/isp_chip.h"

unsigned int isp24_ctio_entries(const struct isp_ctio *ctio);
bool isp24_ctio_one_step(const struct isp_ctio *ctio);
void isp24_ctio_encode(struct isp_cursor *cur, const struct isp_ctio *ctio,
		       u32 handle);
void isp24_ack_encode(struct isp_cursor *cur, const struct isp_ack *ack,
		      u32 handle);
void isp24_abts_rsp_encode(struct isp_cursor *cur,
			   const struct isp_abts_rsp *rsp, u32 handle);
void isp24_marker_encode(struct isp_cursor *cur, u8 vp_idx, u32 handle);
void isp24_logio_encode(struct isp_cursor *cur, const struct isp_logio *logio,
			u32 handle);
void isp24_ct_encode(struct isp_cursor *cur, const struct isp_ct *ct,
		     u32 handle);
void isp24_decode(enum isp_ring_id ring, const void *entry, unsigned int nr,
		  struct isp_rsp *rsp);
u8 isp24_entry_type(const void *entry);
u8 isp24_entry_count(const void *entry);

#endif
