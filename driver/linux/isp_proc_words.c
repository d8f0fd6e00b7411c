// SPDX-License-Identifier: GPL-2.0
/* Takes apart what users write to /proc/scsi/isp/N; pure. */
#include "isp_proc_words.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "isp_list.h"

#define DEBUG_LEN 6 /* "debug=" */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* @buf without the blanks around it. */
static char *trim(char *buf)
{
	size_t len = strlen(buf);

	while (len && is_blank(buf[len - 1]))
		len--;
	buf[len] = '\0';
	while (is_blank(*buf))
		buf++;
	return buf;
}

/**
 * isp_proc_words_parse() - understand a text
 * @text: the text, not necessarily ended by a NUL; ends at one
 * @len:  its bytes
 * @verb: out
 *
 * Blanks around it do not count. ``rescan``, ``lip``, ``reset``, ``bins``,
 * ``debug=HEX``, ``busreset=...``, ``devreset=...``.
 *
 * Context: any.
 * Return: 0; -EINVAL: none of these, nothing at all, or ISP_PROC_WORDS_MAX
 *         bytes or more.
 */
int isp_proc_words_parse(const char *text, size_t len, enum isp_proc_verb *verb)
{
	static const struct {
		const char *word;
		enum isp_proc_verb verb;
		bool more;
	} words[] = {
		{ "rescan", ISP_PROC_RESCAN, false },
		{ "lip", ISP_PROC_LIP, false },
		{ "reset", ISP_PROC_RESET, false },
		{ "bins", ISP_PROC_BINS, false },
		{ "debug=", ISP_PROC_DEBUG, true },
		{ "busreset=", ISP_PROC_BUSRESET, true },
		{ "devreset=", ISP_PROC_DEVRESET, true },
	};
	char buf[ISP_PROC_WORDS_MAX];
	const char *word;
	unsigned int i;
	u32 mask;

	if (len >= sizeof(buf))
		return -EINVAL;
	memcpy(buf, text, len);
	buf[len] = '\0';
	word = trim(buf);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (words[i].more ? strncmp(word, words[i].word,
					    strlen(words[i].word)) :
				    strcmp(word, words[i].word))
			continue;
		*verb = words[i].verb;
		if (*verb == ISP_PROC_DEBUG)
			return isp_list_number(word + DEBUG_LEN, &mask);
		return 0;
	}
	return -EINVAL;
}
