// SPDX-License-Identifier: GPL-2.0
/*
 * Without libFuzzer: the inputs named on the command line, then as many
 * random ones as FUZZ_RUNS says, all from FUZZ_SEED.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t rng;

static uint32_t rnd(void)
{
	rng = rng * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(rng >> 33);
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static int one_file(const char *path)
{
	static uint8_t buf[1 << 20];
	FILE *in = fopen(path, "rb");
	size_t len;

	if (!in) {
		perror(path);
		return 1;
	}
	len = fread(buf, 1, sizeof(buf), in);
	fclose(in);
	LLVMFuzzerTestOneInput(buf, len);
	return 0;
}

int main(int argc, char **argv)
{
	static uint8_t buf[FUZZ_MAX_LEN];
	unsigned long runs = number("FUZZ_RUNS", 100000);
	unsigned long i;
	size_t len, k;
	int a;

	rng = number("FUZZ_SEED", 1);
	for (a = 1; a < argc; a++)
		if (one_file(argv[a]))
			return 1;
	for (i = 0; i < runs; i++) {
		len = rnd() % (i % 16 ? 256 : sizeof(buf));
		for (k = 0; k < len; k++)
			buf[k] = (uint8_t)rnd();
		LLVMFuzzerTestOneInput(buf, len);
	}
	printf("# %d files, %lu random inputs\n", argc - 1, runs);
	return 0;
}
