/* SPDX-License-Identifier: GPL-2.0 */
/* The words that users write to /proc/scsi/isp/N. */
#ifndef ISP_PROC_WORDS_H
#define ISP_PROC_WORDS_H

#include <linux/types.h>

/* Longest text that can mean something, with its end. */
#define ISP_PROC_WORDS_MAX 64

/**
 * enum isp_proc_verb - what is to be done
 * @ISP_PROC_RESCAN:   look at the fabric anew
 * @ISP_PROC_LIP:      begin a loop initialisation
 * @ISP_PROC_RESET:    reset the adapter
 * @ISP_PROC_BINS:     set the counters to 0
 * @ISP_PROC_DEBUG:    choose messages, once
 * @ISP_PROC_BUSRESET: of parallel SCSI
 * @ISP_PROC_DEVRESET: of parallel SCSI
 */
enum isp_proc_verb {
	ISP_PROC_RESCAN,
	ISP_PROC_LIP,
	ISP_PROC_RESET,
	ISP_PROC_BINS,
	ISP_PROC_DEBUG,
	ISP_PROC_BUSRESET,
	ISP_PROC_DEVRESET,
};

int isp_proc_words_parse(const char *text, size_t len,
			 enum isp_proc_verb *verb);

#endif /* ISP_PROC_WORDS_H */
