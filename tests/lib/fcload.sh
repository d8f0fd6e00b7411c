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
# The same for aborts: no command that nothing happens to may take its 2 s.
aborts_args=()
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
	local before after rc=0
	before=$(port_count initiator.0 .abts_tx)
	on initiator /scripts/disk-timeout "$LT_DISK" 2 || return 1
	lt_load_start aborts 128 "${aborts_args[@]}" || rc=1
	((rc)) || ctl '{"cmd":"fault","what":"drop","frame":"rsp","nth":1,"count":24}' \
		>/dev/null || rc=1
	((rc)) || lt_load_wait aborts || rc=1
	on initiator /scripts/disk-timeout "$LT_DISK" 30 && ((rc == 0)) || return 1
	after=$(port_count initiator.0 .abts_tx)
	diag "$((after - before)) ABTS on the wire"
	((after - before >= 20))
}

# quiet: no exchange is open at either end.
quiet() {
	(($(port_get target.0 .open_exchanges_tgt) +
		$(port_get initiator.0 .open_exchanges_ini) == 0))
}

# ends_bad: how many of the initiator's commands did not end well so far.
# (15h is a short answer, as INQUIRY has.)
ends_bad() {
	port_count initiator.0 \
		'.cmd_status | to_entries | map(select(.key != "00" and .key != "15").value) | add // 0'
}

# ctios_lost: how many CTIOs came back because a login was not there.
ctios_lost() {
	port_count target.0 '.ctio_status | [."29", ."2A"] | add // 0'
}

# lip_by WHO KIND: a LIP by a port, by the driver of the initiator (always one
# with full login) or by who types "lip" at the target (always a plain one).
# Sets LIP_OPEN: exchanges that were open at the ends.
lip_by() {
	local answer
	LIP_OPEN=$(port_get initiator.0 .open_exchanges_ini)
	case $1 in
	sysfs)
		on initiator sh -c 'for f in /sys/class/fc_host/*/issue_lip; do
			echo 1 >"$f"; done'
		;;
	proc)
		on target sh -c 'for f in /proc/scsi/isp/*; do
			echo lip >"$f"; done'
		;;
	*)
		answer=$(ctl "{\"cmd\":\"lip\",\"port\":\"$1\",\"kind\":\"$2\"}") &&
			LIP_OPEN=$(jq -e .open_exchanges <<<"$answer")
		;;
	esac
}

# data_or_end: the load has moved a MiB since LT_BEFORE, or is through.
data_or_end() {
	! kill -0 "$LT_LOAD" 2>/dev/null || load_moves 1
}

# chips_reset: how often chips were reset at both ends.
chips_reset() {
	echo $(($(port_count target.0 .resets) + $(port_count initiator.0 .resets)))
}

# What more words fio takes during LIPs.
lip_args=()

# lips N KIND WHO...: so many LIPs that meet open exchanges, begun by these in
# turn. The load must go on after each, none of it may fail, and no driver may
# need a reset of its chip.
lips() {
	local want=$1 kind=$2 met=0 tried=0 slowest=0 start resets who
	shift 2
	resets=$(chips_reset)
	while ((met < want && tried < 5 * want)); do
		lt_load_start "lip-$kind" 64 "${lip_args[@]}" || return 1
		while ((met < want && tried < 5 * want)); do
			exchanges_seen >/dev/null || break
			kill -0 "$LT_LOAD" 2>/dev/null || break
			who=$((tried % $# + 1))
			lip_by "${!who}" "$kind" || return 1
			tried=$((tried + 1))
			((LIP_OPEN == 0)) || met=$((met + 1))
			start=$(date +%s%N)
			LT_BEFORE=$(bytes_moved)
			poll 60 'data after a LIP' data_or_end || break
			start=$((($(date +%s%N) - start) / 1000000))
			((slowest >= start)) || slowest=$start
		done
		lt_load_wait "lip-$kind" || return 1
	done
	diag "$met of $tried LIPs met open exchanges; data again after $slowest ms at most"
	resets=$(($(chips_reset) - resets))
	((resets == 0)) || diag "$resets chip resets"
	((met == want && resets == 0))
}

# udev_runs yes|no: may udev of the initiator react? Each LIP that resets makes it
# read the disk at some moment of its own; no, and it keeps its events for later.
udev_runs() {
	if [ "$1" = yes ]; then
		on initiator udevadm control --start-exec-queue
	else
		on initiator udevadm settle --timeout=20 &&
			on initiator udevadm control --stop-exec-queue
	fi
}

# first_commands N KIND MS WHO...: nothing is open when the LIP comes, the PRLI
# is done MS late, and commands wait for it. None of them may fail, and no CTIO
# may meet a login that is not done yet. A LIP that met a command after all does
# not count, and what it ended neither.
first_commands() {
	local n=$1 kind=$2 ms=$3 good=0 tried=0 who bad=0 lost=0 rc=0
	local -a before
	shift 3
	udev_runs no || return 1
	ctl "{\"cmd\":\"prli_delay\",\"port\":\"target.0\",\"ms\":$ms}" >/dev/null ||
		rc=1
	while ((good < n && tried < 3 * n && rc == 0)); do
		poll 30 'silence' quiet || rc=1
		before=("$(ends_bad)" "$(ctios_lost)")
		who=$((tried % $# + 1))
		tried=$((tried + 1))
		lip_by "${!who}" "$kind" || rc=1
		lab exec -n -t 60 initiator -- fio --name=first --direct=1 \
			--filename="$LT_DISK" --ioengine=libaio --iodepth=16 \
			--rw=randread --bs=64k --number_ios=64 --size=64m \
			>"$LT_OUT/fio-first" 2>&1 || {
			diag "LIP $tried: $(grep -m 1 -i error "$LT_OUT/fio-first")"
			rc=1
		}
		((LIP_OPEN == 0)) || continue
		good=$((good + 1))
		bad=$((bad + $(ends_bad) - before[0]))
		lost=$((lost + $(ctios_lost) - before[1]))
	done
	ctl '{"cmd":"prli_delay","port":"target.0","ms":0}' >/dev/null || rc=1
	udev_runs yes || rc=1
	diag "$good of $tried LIPs ($kind) met silence, PRLI $ms ms late:" \
		"$bad commands failed, $lost CTIOs came too early"
	((rc == 0 && good == n && bad == 0 && lost == 0))
}

# still_in: both ends are up and logged in to each other.
still_in() {
	local port
	for port in target.0 initiator.0; do
		if [ "$(port_get "$port" .topology)" != loop ] ||
			[ "$(port_get "$port" '.logins[0].state')" != prli ]; then
			diag "$port: $(port_get "$port" '| tojson')"
			return 1
		fi
	done
}
