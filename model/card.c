// SPDX-License-Identifier: GPL-2.0
/* Cards: parsing of their description, world wide names, and building them. */
#include "card.h"

#include "chip/chip.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FLASH_FW_MAX (4U << 20)

__printf(3, 4) static int fail(char *err, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* ---- description ---- */

static bool parse_num(const char *text, int base, uint64_t max, uint64_t *out)
{
	char *end;

	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*out = strtoull(text, &end, base);
	return !errno && !*end && *out <= max;
}

static int set_name(struct card_spec *s, const char *val, char *err, size_t len)
{
	const char *p;

	if (!*val || strlen(val) >= sizeof(s->name))
		return fail(err, len, "name: 1 to %zu characters",
			    sizeof(s->name) - 1);
	for (p = val; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
			return fail(err, len,
				    "name: letters, digits, - and _ only");
	snprintf(s->name, sizeof(s->name), "%s", val);
	return 0;
}

static int set_irq(struct card_spec *s, const char *val, char *err, size_t len)
{
	if (!strcmp(val, "msix"))
		s->irq = PCIDEV_IRQ_MSIX;
	else if (!strcmp(val, "msi"))
		s->irq = PCIDEV_IRQ_MSI;
	else if (!strcmp(val, "intx"))
		s->irq = PCIDEV_IRQ_INTX;
	else
		return fail(err, len, "irq: msix, msi or intx, not %s", val);
	return 0;
}

static int set_num(struct card_spec *s, const char *key, const char *val,
		   char *err, size_t len)
{
	uint64_t n;

	if (!strcmp(key, "ports")) {
		if (!parse_num(val, 10, CARD_MAX_PORTS, &n) || !n)
			return fail(err, len, "ports: 1 or 2, not %s", val);
		s->nr_ports = (unsigned int)n;
	} else if (!strcmp(key, "rev")) {
		if (!parse_num(val, 10, 255, &n))
			return fail(err, len, "rev: 0 to 255, not %s", val);
		s->revision = (uint8_t)n;
	} else if (!strcmp(key, "subvendor")) {
		if (strlen(val) != 4 || !parse_num(val, 16, 0xffff, &n))
			return fail(err, len,
				    "subvendor: 4 hexadecimal digits, not %s",
				    val);
		s->subvendor = (uint16_t)n;
	} else {
		if (strlen(val) != 16 || !parse_num(val, 16, UINT64_MAX, &n) ||
		    !n)
			return fail(err, len,
				    "wwpn: 16 hexadecimal digits, not %s", val);
		s->wwpn = n;
	}
	return 0;
}

static int set_one(struct card_spec *s, const char *key, const char *val,
		   char *err, size_t len)
{
	if (!strcmp(key, "name"))
		return set_name(s, val, err, len);
	if (!strcmp(key, "irq"))
		return set_irq(s, val, err, len);
	if (!strcmp(key, "ports") || !strcmp(key, "rev") ||
	    !strcmp(key, "wwpn") || !strcmp(key, "subvendor"))
		return set_num(s, key, val, err, len);
	if (!strcmp(key, "chip")) {
		if (strcmp(val, "2432") != 0 && strcmp(val, "2532") != 0)
			return fail(err, len, "chip: 2432 or 2532, not %s",
				    val);
		s->device = (uint16_t)strtoul(val, NULL, 16);
	} else if (!strcmp(key, "nvram")) {
		if (strcmp(val, "bad") != 0)
			return fail(err, len, "nvram: only bad can be said");
		s->nvram_bad = true;
	} else if (!strcmp(key, "socket")) {
		free(s->socket);
		s->socket = strdup(val);
	} else if (!strcmp(key, "flash-fw")) {
		free(s->flash_fw);
		s->flash_fw = strdup(val);
	} else {
		return fail(err, len, "%s is no property of a card", key);
	}
	return 0;
}

int card_spec_parse(struct card_spec *spec, const char *text, char *err,
		    size_t err_len)
{
	char *copy = strdup(text);
	char *save = NULL;
	char *item;
	int ret = 0;

	if (!copy)
		abort();
	memset(spec, 0, sizeof(*spec));
	spec->nr_ports = 1;
	spec->irq = PCIDEV_IRQ_MSIX;
	/* 2432: qla2xxx uses MSI-X from revision 3 on. */
	spec->revision = 0xff;
	for (item = strtok_r(copy, ",", &save); item && !ret;
	     item = strtok_r(NULL, ",", &save)) {
		char *eq = strchr(item, '=');

		if (!eq) {
			ret = fail(err, err_len, "%s: write KEY=VALUE", item);
			break;
		}
		*eq = '\0';
		ret = set_one(spec, item, eq + 1, err, err_len);
	}
	free(copy);
	if (!ret && !spec->name[0])
		ret = fail(err, err_len, "name= is missing");
	if (!ret && !spec->device)
		ret = fail(err, err_len, "chip= is missing");
	if (spec->revision == 0xff)
		spec->revision = spec->device == 0x2432 ? 3 : 2;
	if (ret)
		card_spec_free(spec);
	return ret;
}

void card_spec_free(struct card_spec *spec)
{
	free(spec->socket);
	free(spec->flash_fw);
	spec->socket = NULL;
	spec->flash_fw = NULL;
}

uint64_t card_wwpn(const struct card_spec *spec, unsigned int fn)
{
	uint64_t base = spec->wwpn;

	if (!base) {
		uint32_t hash = 2166136261U; /* FNV-1a */
		const char *p;

		for (p = spec->name; *p; p++)
			hash = (hash ^ (uint8_t)*p) * 16777619U;
		base = 0x2100001b32000000ULL | ((hash ^ hash >> 24) & 0xffffff);
	}
	return base ^ (uint64_t)fn << 48;
}

uint64_t card_wwnn(const struct card_spec *spec, unsigned int fn)
{
	return (card_wwpn(spec, fn) & ~(0xffULL << 56)) | 0x20ULL << 56;
}

/* ---- building ---- */

static int read_file(const char *path, void **data, size_t *len, char *err,
		     size_t err_len)
{
	FILE *f = fopen(path, "rbe");

	if (!f)
		return fail(err, err_len, "%s: %s", path, strerror(errno));
	*data = malloc(FLASH_FW_MAX);
	if (!*data)
		abort();
	*len = fread(*data, 1, FLASH_FW_MAX, f);
	if (ferror(f) || !feof(f) || !*len) {
		free(*data);
		*data = NULL;
		fclose(f);
		return fail(
			err, err_len,
			"%s: cannot be a firmware image (empty, unreadable or above 4 MiB)",
			path);
	}
	fclose(f);
	return 0;
}

static void build_function(struct card *card, unsigned int fn, struct ev *ev,
			   struct judge *judge, struct fab *fab,
			   struct fault *fault, const void *fw, size_t fw_len)
{
	const struct card_spec *s = &card->spec;
	bool dual = s->nr_ports > 1;
	struct pcidev_id id = {
		.device = s->device,
		.revision = s->revision,
		.pin = (uint8_t)(fn + 1),
		.multi = dual,
		.irq = s->irq,
	};
	struct chip_setup setup = {
		.ev = ev,
		.dev = &card->dev[fn],
		.fault = fault,
		.fab = fab,
		.fn = fn,
		.wwpn = card_wwpn(s, fn),
		.wwnn = card_wwnn(s, fn),
		.nvram_bad = s->nvram_bad,
		.flash_fw = fw,
		.flash_fw_len = fw_len,
	};
	char name[JUDGE_NAME_LEN];

	/* QLE2460, QLE2462, QLE2560, QLE2562. [pci.ids, D] */
	if (s->device == 0x2432)
		id.subsystem = dual ? 0x0138 : 0x0137;
	else
		id.subsystem = dual ? 0x015d : 0x015c;
	id.subvendor = s->subvendor;
	snprintf(name, sizeof(name), "%s.%u", s->name, fn);
	setup.jp = judge_port_new(judge, name);
	pcidev_init(&card->dev[fn], &id, setup.jp);
	card->chip[fn] = chip_new(&setup);
}

struct card *card_new(const struct card_spec *spec, struct ev *ev,
		      struct judge *judge, struct fab *fab, struct fault *fault,
		      char *err, size_t err_len)
{
	struct card *card;
	void *fw = NULL;
	size_t fw_len = 0;
	unsigned int fn;

	if (spec->flash_fw &&
	    read_file(spec->flash_fw, &fw, &fw_len, err, err_len))
		return NULL;
	card = calloc(1, sizeof(*card));
	if (!card)
		abort();
	card->spec = *spec;
	card->spec.socket = spec->socket ? strdup(spec->socket) : NULL;
	card->spec.flash_fw = spec->flash_fw ? strdup(spec->flash_fw) : NULL;
	card->nr_ports = spec->nr_ports;
	for (fn = 0; fn < card->nr_ports; fn++)
		build_function(card, fn, ev, judge, fab, fault, fw, fw_len);
	free(fw);
	return card;
}

void card_free(struct card *card)
{
	unsigned int fn;

	if (!card)
		return;
	for (fn = 0; fn < card->nr_ports; fn++) {
		chip_free(card->chip[fn]);
		pcidev_fini(&card->dev[fn]);
	}
	card_spec_free(&card->spec);
	free(card);
}
