#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usage: probe.sh OUTPUT "COMPILER AND FLAGS" PROBE.c...
# Writes a header that defines ISP_HAVE_NAME for every NAME.c that compiles.
set -eu

out=$1
cc=$2
shift 2
{
	echo "/* SPDX-License-Identifier: GPL-2.0 */"
	for probe in "$@"; do
		name=$(basename "$probe" .c | tr '[:lower:]' '[:upper:]')
		# The flags are words of one string by design of Kbuild.
		# shellcheck disable=SC2086
		if $cc -w -c -o "$out.o" "$probe" >/dev/null 2>&1; then
			echo "#define ISP_HAVE_$name 1"
		fi
	done
} >"$out.tmp"
rm -f "$out.o"
mv "$out.tmp" "$out"
