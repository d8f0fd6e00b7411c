/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of SCST's target interface, as the test double knows them. */
#ifndef SCST_DOUBLE_CONST_H
#define SCST_DOUBLE_CONST_H

#include <linux/types.h>
#include <scsi/scsi_proto.h>

#define SCST_VERSION(a, b, c, d) (((a) << 24) + ((b) << 16) + ((c) << 8) + (d))
#define SCST_VERSION_CODE SCST_VERSION(3, 11, 0, 0)
#define SCST_VERSION_NAME "3.11.0-double"
#define SCST_VERSION_STRING SCST_VERSION_NAME

/* What both sides of a registration must have been compiled with. */
#define SCST_INTERFACE_VERSION SCST_VERSION_STRING " test double 1"

/* For MODULE_IMPORT_NS(); the double's symbols are in no namespace. */
#define SCST_NAMESPACE "SCST"

/* Bytes: a CDB kept in the command, the longest CDB, names, sense data. */
#define SCST_MAX_CDB_SIZE 16
#define SCST_MAX_LONG_CDB_SIZE 65536
#define SCST_MAX_NAME 50
#define SCST_MAX_EXTERNAL_NAME 256
#define SCST_STANDARD_SENSE_LEN 18
#define SCST_SENSE_BUFFERSIZE 252

/* Last LUN of 14 bits. */
#define SCST_MAX_LUN 0x3fff

/* Last line of an attribute that belongs into a saved configuration. */
#define SCST_SYSFS_KEY_MARK "[key]"

/* scst_rx_cmd(), scst_rx_mgmt_params.atomic: may the call sleep? */
#define SCST_NON_ATOMIC 0
#define SCST_ATOMIC 1

/* Whether status and data of a command have reached the initiator. */
#define SCST_CMD_DELIVERY_SUCCESS 0
#define SCST_CMD_DELIVERY_FAILED -1
#define SCST_CMD_DELIVERY_ABORTED -2

/* What xmit_response() and rdy_to_xfer() answer. */
#define SCST_TGT_RES_SUCCESS 0
#define SCST_TGT_RES_QUEUE_FULL -1
#define SCST_TGT_RES_NEED_THREAD_CTX -2
#define SCST_TGT_RES_FATAL_ERROR -3

/* How the fetching of a command's data has ended. */
#define SCST_RX_STATUS_SUCCESS 0
#define SCST_RX_STATUS_ERROR 1
#define SCST_RX_STATUS_ERROR_SENSE_SET 2
#define SCST_RX_STATUS_ERROR_FATAL 3

/* Task management functions; 10 and 11 are not for drivers. */
#define SCST_ABORT_TASK 0
#define SCST_ABORT_TASK_SET 1
#define SCST_CLEAR_ACA 2
#define SCST_CLEAR_TASK_SET 3
#define SCST_LUN_RESET 4
#define SCST_TARGET_RESET 5
#define SCST_NEXUS_LOSS_SESS 6
#define SCST_ABORT_ALL_TASKS_SESS 7
#define SCST_NEXUS_LOSS 8
#define SCST_ABORT_ALL_TASKS 9
#define SCST_UNREG_SESS_TM 10
#define SCST_PR_ABORT_ALL 11

/* Answers to them. */
#define SCST_MGMT_STATUS_SUCCESS 0
#define SCST_MGMT_STATUS_TASK_NOT_EXIST -1
#define SCST_MGMT_STATUS_LUN_NOT_EXIST -2
#define SCST_MGMT_STATUS_FN_NOT_SUPPORTED -5
#define SCST_MGMT_STATUS_FAILED -129
#define SCST_MGMT_STATUS_REJECTED -255
#define SCST_MGMT_STATUS_RECEIVED_STAGE_COMPLETED 200

/* Asynchronous events: the event and the driver's answer. */
#define SCST_AEN_SCSI 0
#define SCST_AEN_CPU_MASK_CHANGED 1
#define SCST_AEN_RES_SUCCESS 0
#define SCST_AEN_RES_NOT_SUPPORTED -1
#define SCST_AEN_RES_FAILED -2

/**
 * enum scst_exec_context - where a command may go on from a driver's call
 * @SCST_CONTEXT_DIRECT_ATOMIC: inside the call, without sleeping
 * @SCST_CONTEXT_DIRECT:        inside the call, sleeping allowed
 * @SCST_CONTEXT_TASKLET:       in softirq or a thread
 * @SCST_CONTEXT_THREAD:        in a thread
 * @SCST_CONTEXT_SAME:          as the callback that the driver is called from
 */
enum scst_exec_context {
	SCST_CONTEXT_DIRECT_ATOMIC,
	SCST_CONTEXT_DIRECT,
	SCST_CONTEXT_TASKLET,
	SCST_CONTEXT_THREAD,
	SCST_CONTEXT_SAME,
};

/**
 * enum scst_cmd_queue_type - task attribute
 * @SCST_CMD_QUEUE_UNTAGGED:      no tag
 * @SCST_CMD_QUEUE_SIMPLE:        simple
 * @SCST_CMD_QUEUE_ORDERED:       ordered
 * @SCST_CMD_QUEUE_HEAD_OF_QUEUE: head of queue
 * @SCST_CMD_QUEUE_ACA:           auto contingent allegiance
 */
enum scst_cmd_queue_type {
	SCST_CMD_QUEUE_UNTAGGED,
	SCST_CMD_QUEUE_SIMPLE,
	SCST_CMD_QUEUE_ORDERED,
	SCST_CMD_QUEUE_HEAD_OF_QUEUE,
	SCST_CMD_QUEUE_ACA,
};

/**
 * enum scst_data_direction - direction as the initiator sees it
 * @SCST_DATA_UNKNOWN: not known
 * @SCST_DATA_WRITE:   to the target
 * @SCST_DATA_READ:    to the initiator
 * @SCST_DATA_BIDI:    both
 * @SCST_DATA_NONE:    no data
 */
typedef enum scst_data_direction {
	SCST_DATA_UNKNOWN = 0,
	SCST_DATA_WRITE = 1,
	SCST_DATA_READ = 2,
	SCST_DATA_BIDI = 3,
	SCST_DATA_NONE = 4,
} scst_data_direction;

/**
 * enum scst_lun_addr_method - form of LUNs in REPORT LUNS [SAM-5 4.7]
 * @SCST_LUN_ADDR_METHOD_PERIPHERAL:   peripheral device
 * @SCST_LUN_ADDR_METHOD_FLAT:         flat space
 * @SCST_LUN_ADDR_METHOD_LUN:          logical unit
 * @SCST_LUN_ADDR_METHOD_EXTENDED_LUN: extended
 */
enum scst_lun_addr_method {
	SCST_LUN_ADDR_METHOD_PERIPHERAL,
	SCST_LUN_ADDR_METHOD_FLAT,
	SCST_LUN_ADDR_METHOD_LUN,
	SCST_LUN_ADDR_METHOD_EXTENDED_LUN,
};

/* Key, additional code and its qualifier, as three arguments of a call. */
#define SCST_LOAD_SENSE(key_asc_ascq) key_asc_ascq

#define scst_sense_no_sense NO_SENSE, 0x00, 0x00
#define scst_sense_write_error MEDIUM_ERROR, 0x03, 0x00
#define scst_sense_read_error MEDIUM_ERROR, 0x11, 0x00
#define scst_sense_hardw_error HARDWARE_ERROR, 0x44, 0x00
#define scst_sense_invalid_opcode ILLEGAL_REQUEST, 0x20, 0x00
#define scst_sense_block_out_range_error ILLEGAL_REQUEST, 0x21, 0x00
#define scst_sense_invalid_field_in_cdb ILLEGAL_REQUEST, 0x24, 0x00
#define scst_sense_lun_not_supported ILLEGAL_REQUEST, 0x25, 0x00
#define scst_sense_invalid_field_in_parm_list ILLEGAL_REQUEST, 0x26, 0x00
#define scst_sense_invalid_release ILLEGAL_REQUEST, 0x26, 0x04
#define scst_sense_parameter_list_length_invalid ILLEGAL_REQUEST, 0x1a, 0x00
#define scst_sense_saving_params_unsup ILLEGAL_REQUEST, 0x39, 0x00
#define scst_sense_invalid_message ILLEGAL_REQUEST, 0x49, 0x00
#define scst_sense_reset_UA UNIT_ATTENTION, 0x29, 0x00
#define scst_sense_nexus_loss_UA UNIT_ATTENTION, 0x29, 0x07
#define scst_sense_reservation_preempted UNIT_ATTENTION, 0x2a, 0x03
#define scst_sense_reservation_released UNIT_ATTENTION, 0x2a, 0x04
#define scst_sense_registrations_preempted UNIT_ATTENTION, 0x2a, 0x05
#define scst_sense_cleared_by_another_ini_UA UNIT_ATTENTION, 0x2f, 0x00
#define scst_sense_reported_luns_data_changed UNIT_ATTENTION, 0x3f, 0x0e
#define scst_sense_data_protect DATA_PROTECT, 0x00, 0x00
#define scst_sense_aborted_command ABORTED_COMMAND, 0x00, 0x00
#define scst_sense_internal_failure ABORTED_COMMAND, 0x44, 0x00
#define scst_sense_miscompare_error MISCOMPARE, 0x1d, 0x00

/**
 * scst_sense_valid() - Is there sense data in a buffer?
 * @sense: the buffer or NULL
 *
 * Return: true for a response code of 70h to 7fh.
 */
static inline int scst_sense_valid(const uint8_t *sense)
{
	return sense && (sense[0] & 0x70) == 0x70;
}

#endif /* SCST_DOUBLE_CONST_H */
