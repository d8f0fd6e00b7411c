# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads and faults that a Fibre Channel target must survive, whoever wrote it.
#
# Each is one test for `ok` of labtest.sh, which is sourced before. A fault
# counts only if it met open exchanges.
# shellcheck source=tests/lib/labtest.sh
. "$(dirname "${BASH_SOURCE[0]}")/labtest.sh"

# MiB that verify() writes and reads back.
mib=512
# More words for fio during a link pull, and whose link is pulled.
pull_args=()
pull_port=target.0
# Set: commands are held on the wire first, so that none is inside the target.
pull_hold=

verify() {
	lt_load_start verify "$mib" || return 1
	lt_load_wait verify || return 1
	local moved
	moved=$(jq '[.jobs[].write.io_bytes] | add' "$LT_OUT/fio-verify.json")
	((moved >= mib << 20)) || {
		diag "only $moved bytes written"
		return 1
	}
}

# exchanges_seen: how many are open at the target; waits until some are.
exchanges_seen() {
	local open=0 deadline=$((SECONDS + 20))
	while ((open == 0 && SECONDS < deadline)); do
		open=$(port_get target.0 .open_exchanges_tgt)
	done
	echo "$open"
	((open > 0))
}

# commands_done N: the target has answered so many since LT_BEFORE.
commands_done() {
	(($(port_count target.0 .fcp_cmds_tgt) - LT_BEFORE >= $1))
}

# Commands stay on the wire from now on; through when the target has none left.
hold_commands() {
	local initiator_open target_open deadline=$((SECONDS + 20))

	ctl '{"cmd":"fault","what":"delay","frame":"cmnd","count":1000000,"ms":20000,"from":"initiator.0"}' \
		>/dev/null || return 1
	while ((SECONDS < deadline)); do
		target_open=$(port_get target.0 .open_exchanges_tgt)
		initiator_open=$(port_get initiator.0 .open_exchanges_ini)
		((target_open > 0 || initiator_open == 0)) || return 0
	done
	diag "held commands: $target_open open at the target," \
		"$initiator_open at the initiator"
	return 1
}

# An outage of 3 s counts only if it met open exchanges.
link_pull() {
	local answer open=0 i
	lt_load_start pull 128 "${pull_args[@]}" || return 1
	# Between two looks the load may be between two commands: a pull that
	# met none is repeated.
	for ((i = 0; i < 10 && open == 0; i++)); do
		exchanges_seen >/dev/null || break
		[ -z "$pull_hold" ] || hold_commands || break
		answer=$(ctl "{\"cmd\":\"link\",\"port\":\"$pull_port\",\"state\":\"down\",\"ms\":3500}")
		open=$(jq '.open_exchanges' <<<"$answer")
		diag "link of $pull_port pulled with $open exchanges open"
		[ -z "$pull_hold" ] ||
			ctl '{"cmd":"faults","clear":true}' >/dev/null || break
		poll 30 'the link' link_is_up || break
	done
	lt_load_wait pull || return 1
	((open > 0))
}

link_is_up() {
	[ "$(port_get "$pull_port" .link)" = up ]
}

# sg_reset of the LUN and of the target while the load runs.
reset_under_load() {
	local open rc=0
	lt_load_start reset 128 || return 1
	open=$(exchanges_seen) || return 1
	on initiator sg_reset -d "$LT_DISK" >"$LT_OUT/sg_reset.txt" 2>&1 || rc=$?
	diag "LUN reset with $open exchanges open: exit $rc"
	on initiator sg_reset -t "$LT_DISK" >>"$LT_OUT/sg_reset.txt" 2>&1 || true
	lt_load_wait reset || return 1
	((open > 0 && rc == 0))
}

# 24 responses lost under load and a command timer of 2 s: aborts on the wire.
aborts() {
	local before after
	before=$(port_count initiator.0 .abts_tx)
	on initiator /scripts/disk-timeout "$LT_DISK" 2 || return 1
	lt_load_start aborts 128 || return 1
	ctl '{"cmd":"fault","what":"drop","frame":"rsp","nth":1,"count":24}' \
		>/dev/null || return 1
	lt_load_wait aborts || return 1
	on initiator /scripts/disk-timeout "$LT_DISK" 30 || return 1
	after=$(port_count initiator.0 .abts_tx)
	diag "$((after - before)) ABTS on the wire"
	((after - before >= 20))
}
