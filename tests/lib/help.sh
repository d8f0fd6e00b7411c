# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Sourced before anything is done: with --help among its arguments a script
# prints the comment at its head and ends well.

for help_arg in "$@"; do
	[ "$help_arg" = --help ] || continue
	awk 'NR > 2 { if (!/^#/ || /^# shellcheck/) exit; sub(/^# ?/, ""); print }' \
		"$0"
	exit 0
done
unset help_arg
