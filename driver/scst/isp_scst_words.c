// SPDX-License-Identifier: GPL-2.0
/* Takes apart what users write to /proc/scsi_tgt/qla_isp/N; pure. */
#include "isp_scst_words.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* Words that a text has at most: "enable CHAN LUN". */
#define WORDS_MAX 3

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Cut @buf at its blanks. Return: number of words; -EINVAL: more than
 * WORDS_MAX.
 */
static int split(char *buf, char **word)
{
	int nr = 0;

	for (;;) {
		while (is_blank(*buf))
			*buf++ = '\0';
		if (!*buf)
			return nr;
		if (nr == WORDS_MAX)
			return -EINVAL;
		word[nr++] = buf;
		while (*buf && !is_blank(*buf))
			buf++;
	}
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* A number as C writes it: decimal, 0x hexadecimal, 0 octal. */
static int number_of(const char *word, unsigned int *num)
{
	unsigned int base = 10;
	u64 val = 0;

	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
		base = 16;
		word += 2;
	} else if (word[0] == '0') {
		base = 8;
	}
	if (!*word)
		return -EINVAL;
	for (; *word; word++) {
		unsigned int digit = digit_of(*word);

		if (digit >= base)
			return -EINVAL;
		val = val * base + digit;
		if (val > U32_MAX)
			return -EINVAL;
	}
	*num = val;
	return 0;
}

static int all_or_number(const char *word, bool *all, unsigned int *num)
{
	*all = !strcasecmp(word, "all");
	return *all ? 0 : number_of(word, num);
}

static int verb_of(const char *word, enum isp_scst_verb *verb)
{
	if (!strcasecmp(word, "enable"))
		*verb = ISP_SCST_ENABLE;
	else if (!strcasecmp(word, "disable"))
		*verb = ISP_SCST_DISABLE;
	else if (!strcasecmp(word, "test"))
		*verb = ISP_SCST_TEST;
	else
		return -EINVAL;
	return 0;
}

/**
 * isp_scst_words_parse() - understand a text
 * @text:  the text, not necessarily ended by a NUL; one newline at its end
 *         is dropped
 * @len:   its bytes
 * @words: out
 *
 * The grammar, in either case: ``enable CHAN|all [LUN|all]``, ``disable
 * CHAN|all [LUN|all]``, ``test``. Whether a LUN fits the adapter is for the
 * caller to say.
 *
 * Context: any.
 * Return: 0; -EINVAL: not of that grammar, a number above 32 bits, a NUL in
 *         it, or ISP_SCST_WORDS_MAX bytes or more.
 */
int isp_scst_words_parse(const char *text, size_t len,
			 struct isp_scst_words *words)
{
	char buf[ISP_SCST_WORDS_MAX];
	char *word[WORDS_MAX];
	int nr;

	memset(words, 0, sizeof(*words));
	if (len && text[len - 1] == '\n')
		len--;
	if (len >= sizeof(buf) || memchr(text, '\0', len))
		return -EINVAL;
	memcpy(buf, text, len);
	buf[len] = '\0';
	nr = split(buf, word);
	if (nr < 1 || verb_of(word[0], &words->verb))
		return -EINVAL;
	if (words->verb == ISP_SCST_TEST)
		return nr == 1 ? 0 : -EINVAL;
	if (nr < 2 || all_or_number(word[1], &words->all_chans, &words->chan))
		return -EINVAL;
	words->has_lun = nr == 3;
	if (nr < 3)
		return 0;
	return all_or_number(word[2], &words->all_luns, &words->lun);
}
