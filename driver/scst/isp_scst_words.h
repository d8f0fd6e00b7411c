/* SPDX-License-Identifier: GPL-2.0 */
/* The words that users write to /proc/scsi_tgt/qla_isp/N. */
#ifndef ISP_SCST_WORDS_H
#define ISP_SCST_WORDS_H

#include <linux/types.h>

/* Longest text that can mean something, its newline included. */
#define ISP_SCST_WORDS_MAX 64

/**
 * enum isp_scst_verb - what is to be done
 * @ISP_SCST_ENABLE:  switch on
 * @ISP_SCST_DISABLE: switch off
 * @ISP_SCST_TEST:    say in the log what is there
 */
enum isp_scst_verb {
	ISP_SCST_ENABLE,
	ISP_SCST_DISABLE,
	ISP_SCST_TEST,
};

/**
 * struct isp_scst_words - a text that was understood
 * @verb:      what is to be done
 * @all_chans: to every channel of the adapter
 * @chan:      else to this one
 * @has_lun:   a LUN was named, as parallel SCSI wants it
 * @all_luns:  and it was "all"
 * @lun:       else this one
 */
struct isp_scst_words {
	enum isp_scst_verb verb;
	bool all_chans;
	unsigned int chan;
	bool has_lun;
	bool all_luns;
	unsigned int lun;
};

int isp_scst_words_parse(const char *text, size_t len,
			 struct isp_scst_words *words);

#endif /* ISP_SCST_WORDS_H */
