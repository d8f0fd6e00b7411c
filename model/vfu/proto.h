/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the vfio-user protocol, version 0.1, as byte offsets.
 *
 * Source: [QEMU docs/interop/vfio-user.rst, D]; numbers of regions, interrupt
 * indexes and flags are those of linux/vfio.h.
 */
#ifndef MODEL_VFU_PROTO_H
#define MODEL_VFU_PROTO_H

#define VFU_MAJOR 0
#define VFU_MINOR 1

/* Header, native byte order: 16 bytes. */
#define VFU_HDR_ID 0x00
#define VFU_HDR_CMD 0x02
#define VFU_HDR_SIZE 0x04
#define VFU_HDR_FLAGS 0x08
#define VFU_HDR_ERROR 0x0c
#define VFU_HDR_LEN 0x10

#define VFU_FLAG_TYPE 0x0fU
#define VFU_FLAG_REPLY 0x01U
#define VFU_FLAG_NO_REPLY 0x10U
#define VFU_FLAG_ERROR 0x20U

/* Commands. */
#define VFU_VERSION 1
#define VFU_DMA_MAP 2
#define VFU_DMA_UNMAP 3
#define VFU_GET_INFO 4
#define VFU_GET_REGION_INFO 5
#define VFU_GET_REGION_IO_FDS 6
#define VFU_GET_IRQ_INFO 7
#define VFU_SET_IRQS 8
#define VFU_REGION_READ 9
#define VFU_REGION_WRITE 10
#define VFU_DMA_READ 11
#define VFU_DMA_WRITE 12
#define VFU_RESET 13
#define VFU_REGION_WRITE_MULTI 15

/* Bodies; offsets count from behind the header. */
#define VFU_VERSION_JSON 0x04

#define VFU_MAP_FLAGS 0x04
#define VFU_MAP_OFFSET 0x08
#define VFU_MAP_IOVA 0x10
#define VFU_MAP_SIZE 0x18
#define VFU_MAP_LEN 0x20
#define VFU_MAP_FLAG_READ 0x1U
#define VFU_MAP_FLAG_WRITE 0x2U

#define VFU_UNMAP_FLAGS 0x04
#define VFU_UNMAP_IOVA 0x08
#define VFU_UNMAP_SIZE 0x10
#define VFU_UNMAP_LEN 0x18
#define VFU_UNMAP_FLAG_ALL 0x2U

#define VFU_INFO_LEN 0x10
#define VFU_REGION_INFO_INDEX 0x08
#define VFU_REGION_INFO_LEN 0x20
#define VFU_IRQ_INFO_INDEX 0x08
#define VFU_IRQ_INFO_LEN 0x10

#define VFU_SET_FLAGS 0x04
#define VFU_SET_INDEX 0x08
#define VFU_SET_START 0x0c
#define VFU_SET_COUNT 0x10
#define VFU_SET_DATA 0x14

#define VFU_RW_OFFSET 0x00
#define VFU_RW_REGION 0x08
#define VFU_RW_COUNT 0x0c
#define VFU_RW_DATA 0x10

#define VFU_MULTI_COUNT 0x00
#define VFU_MULTI_FIRST 0x08
#define VFU_MULTI_STEP 0x18 /* offset, region, count, 8 bytes of data */

#define VFU_MAX_XFER 0x100000U
#define VFU_MAX_MSG (VFU_MAX_XFER + 0x1000U)
#define VFU_MAX_FDS 16U
#define VFU_MAX_MAPS 4096U

#endif
