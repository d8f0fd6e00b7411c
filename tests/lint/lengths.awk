# SPDX-License-Identifier: GPL-2.0
# awk -f lengths.awk FILE...: functions with more than MAX lines between their
# braces. clang-format sees to it that those stand alone at the left margin, and
# no others do.
BEGIN {
	MAX = 60
}

FNR == 1 {
	name = ""
	start = 0
}

# The line of a definition that has the name: "static int name(struct ...".
/^[a-zA-Z_].*\(/ && !start {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}

/^\{$/ {
	start = FNR
}

/^\}/ && start {
	if (FNR - start - 1 > MAX)
		printf "%s:%d: %s() has %d lines, not at most %d\n", FILENAME,
			start, name, FNR - start - 1, MAX
	start = 0
}
