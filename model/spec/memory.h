/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What lies in memory besides ring entries: the initialization control block,
 * NVRAM, flash layout table. Rows as in entries.h:
 * F(ENTRY, FIELD, "field", offset, width, ORDER).
 */
#ifndef MODEL_SPEC_MEMORY_H
#define MODEL_SPEC_MEMORY_H

/* clang-format off */
/* Initialization control block. [FB isp_icb_2400_t, O] */
#define SPEC_ICB(F)                                                          \
	F(ICB, VERSION, "version", 0x00, 2, L)                               \
	F(ICB, RSVD_02, "rsvd_02", 0x02, 2, L)                               \
	F(ICB, FRAME_SIZE, "frame_payload_size", 0x04, 2, L)                 \
	F(ICB, THROTTLE, "execution_throttle", 0x06, 2, L)                   \
	F(ICB, EXCHANGES, "exchange_count", 0x08, 2, L)                      \
	F(ICB, HARD_ADDR, "hard_address", 0x0a, 2, L)                        \
	F(ICB, WWPN, "port_name", 0x0c, 8, M)                                \
	F(ICB, WWNN, "node_name", 0x14, 8, M)                                \
	F(ICB, RSP_IN, "response_q_inpointer", 0x1c, 2, L)                   \
	F(ICB, REQ_OUT, "request_q_outpointer", 0x1e, 2, L)                  \
	F(ICB, LOGIN_RETRY, "login_retry_count", 0x20, 2, L)                 \
	F(ICB, PRI_OUT, "prio_request_q_outpointer", 0x22, 2, L)             \
	F(ICB, RSP_LEN, "response_q_length", 0x24, 2, L)                     \
	F(ICB, REQ_LEN, "request_q_length", 0x26, 2, L)                      \
	F(ICB, NOS_MS, "link_down_on_nos", 0x28, 2, L)                       \
	F(ICB, PRI_LEN, "prio_request_q_length", 0x2a, 2, L)                 \
	F(ICB, REQ_ADDR, "request_q_address", 0x2c, 8, L)                    \
	F(ICB, RSP_ADDR, "response_q_address", 0x34, 8, L)                   \
	F(ICB, PRI_ADDR, "prio_request_q_address", 0x3c, 8, L)               \
	F(ICB, MSIX, "msix", 0x44, 2, L)                                     \
	F(ICB, MSIX_ATIO, "msix_atio", 0x46, 2, L)                           \
	F(ICB, RSVD_48, "rsvd_48", 0x48, 4, L)                               \
	F(ICB, ATIO_IN, "atio_q_inpointer", 0x4c, 2, L)                      \
	F(ICB, ATIO_LEN, "atio_q_length", 0x4e, 2, L)                        \
	F(ICB, ATIO_ADDR, "atio_q_address", 0x50, 8, L)                      \
	F(ICB, INT_DELAY, "interrupt_delay_timer", 0x58, 2, L)               \
	F(ICB, LOGIN_TIMEOUT, "login_timeout", 0x5a, 2, L)                   \
	F(ICB, OPTIONS1, "firmware_options_1", 0x5c, 4, L)                   \
	F(ICB, OPTIONS2, "firmware_options_2", 0x60, 4, L)                   \
	F(ICB, OPTIONS3, "firmware_options_3", 0x64, 4, L)                   \
	F(ICB, QOS, "qos", 0x68, 2, L)                                       \
	F(ICB, RID, "rid", 0x6a, 2, L)                                       \
	F(ICB, RSVD_6C, "rsvd_6c", 0x6c, 20, B)

#define ICB_SIZE 0x80
#define ICB_VERSION_1 1
#define ICB_OPT1_TARGET 0x00000010U
#define ICB_OPT1_NO_INI 0x00000020U
#define ICB_OPT1_WWNN 0x00004000U	/* the node name field is valid */
#define ICB_OPT1_RSVD 0xffff8000U

/* NVRAM of one function: 128 dwords whose sum is 0. [LX nvram_24xx, O] */
#define SPEC_NVRAM(F)                                                        \
	F(NVRAM, ID, "id", 0x00, 4, B)                                       \
	F(NVRAM, NV_VERSION, "nvram_version", 0x04, 2, L)                    \
	F(NVRAM, ICB_VERSION, "version", 0x08, 2, L)                         \
	F(NVRAM, FRAME_SIZE, "frame_payload_size", 0x0c, 2, L)               \
	F(NVRAM, THROTTLE, "execution_throttle", 0x0e, 2, L)                 \
	F(NVRAM, EXCHANGES, "exchange_count", 0x10, 2, L)                    \
	F(NVRAM, HARD_ADDR, "hard_address", 0x12, 2, L)                      \
	F(NVRAM, WWPN, "port_name", 0x14, 8, M)                              \
	F(NVRAM, WWNN, "node_name", 0x1c, 8, M)                              \
	F(NVRAM, LOGIN_RETRY, "login_retry_count", 0x24, 2, L)               \
	F(NVRAM, NOS_MS, "link_down_on_nos", 0x26, 2, L)                     \
	F(NVRAM, INT_DELAY, "interrupt_delay_timer", 0x28, 2, L)             \
	F(NVRAM, LOGIN_TIMEOUT, "login_timeout", 0x2a, 2, L)                 \
	F(NVRAM, OPTIONS1, "firmware_options_1", 0x2c, 4, L)                 \
	F(NVRAM, OPTIONS2, "firmware_options_2", 0x30, 4, L)                 \
	F(NVRAM, OPTIONS3, "firmware_options_3", 0x34, 4, L)                 \
	F(NVRAM, HOST_P, "host_p", 0x100, 4, L)                              \
	F(NVRAM, RESET_DELAY, "reset_delay", 0x148, 1, B)                    \
	F(NVRAM, MAX_LUNS, "max_luns_per_target", 0x150, 2, L)               \
	F(NVRAM, PORT_DOWN, "port_down_retry_count", 0x154, 2, L)            \
	F(NVRAM, LINK_DOWN, "link_down_timeout", 0x156, 2, L)                \
	F(NVRAM, MODEL, "model_name", 0x1e0, 16, B)                          \
	F(NVRAM, SUBVENDOR, "subsystem_vendor_id", 0x1f8, 2, L)              \
	F(NVRAM, SUBDEVICE, "subsystem_device_id", 0x1fa, 2, L)              \
	F(NVRAM, CHECKSUM, "checksum", 0x1fc, 4, L)

#define NVRAM_SIZE 0x200

/* Flash layout table: header and one region. [LX qla_flt_header, O] */
#define SPEC_FLT(F)                                                          \
	F(FLT, VERSION, "version", 0x00, 2, L)                               \
	F(FLT, LENGTH, "length", 0x02, 2, L)                                 \
	F(FLT, CHECKSUM, "checksum", 0x04, 2, L)                             \
	F(FLTR, CODE, "code", 0x00, 2, L)                                    \
	F(FLTR, SIZE, "size", 0x04, 4, L)                                    \
	F(FLTR, START, "start", 0x08, 4, L)                                  \
	F(FLTR, END, "end", 0x0c, 4, L)

#define FLT_HEADER_SIZE 8
#define FLT_REGION_SIZE 16

/*
 * Head of a firmware segment, in dwords of RISC memory. All dwords of a
 * segment add up to 0. [LX qla24xx_load_risc_blob, O]; next and sum: [I], from
 * the images ql2400_fw.bin and ql2500_fw.bin 8.07.00
 */
#define SPEC_SEGMENT(F)                                                      \
	F(SEG, NEXT, "next", 0x04, 4, L)                                     \
	F(SEG, ADDR, "addr", 0x08, 4, L)                                     \
	F(SEG, LEN, "length_dwords", 0x0c, 4, L)                             \
	F(SEG, MAJOR, "major", 0x10, 4, L)                                   \
	F(SEG, MINOR, "minor", 0x14, 4, L)                                   \
	F(SEG, SUBMINOR, "subminor", 0x18, 4, L)

/* clang-format on */
#define SPEC_ALL_MEMORY(F) SPEC_ICB(F) SPEC_NVRAM(F) SPEC_FLT(F) SPEC_SEGMENT(F)

#define F(entry, field, name, off, width, order) entry##_##field = (off),
/** enum memory_offset - Byte offset of each field, ENTRY_FIELD. */
enum memory_offset { SPEC_ALL_MEMORY(F) };
#undef F

#endif
