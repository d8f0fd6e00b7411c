# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Makes one TAP stream of several: join SCRIPT ARGS..., then join_end.
#
# The plan is the sum of the plans that were announced, so a script that dies
# half way shows as a plan that was not kept; one that dies without a word, by
# its exit code.

# shellcheck source=tests/lib/help.sh
. "$(dirname "${BASH_SOURCE[0]}")/help.sh"

join_nr=0
join_plan=0
join_rc=0

join() {
	local line rest
	while IFS= read -r line; do
		case $line in
		1..*)
			join_plan=$((join_plan + ${line#1..}))
			;;
		"ok "* | "not ok "*)
			join_nr=$((join_nr + 1))
			rest=${line#not }
			rest=${rest#ok }
			rest=${rest#* }
			echo "${line%%ok *}ok $join_nr $rest"
			[[ $line != "not ok "* ]] || join_rc=1
			;;
		"join-exit "*)
			echo "# $1: exit code ${line#join-exit }"
			join_rc=1
			;;
		*)
			printf '%s\n' "$line"
			;;
		esac
	done < <("$@" || echo "join-exit $?")
}

join_end() {
	echo "1..$join_plan"
	((join_nr == join_plan)) || join_rc=1
	return "$join_rc"
}
