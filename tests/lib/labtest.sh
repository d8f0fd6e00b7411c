# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the tests in VMs share: TAP, one lab per script, load, judgement.
#
# A script sources this, calls `plan N`, then for each test: lt_begin, steps
# that `return 1` on failure after `diag`, lt_end. The lab of a script has its
# own name, so that scripts may run side by side, and is ended by trap.

set -euo pipefail
# shellcheck source=tests/lib/help.sh
. "$(dirname "${BASH_SOURCE[0]}")/help.sh"

LT_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LT_LAB=${LT_LAB:-$(basename "$0" | tr -c 'a-z0-9\n' -)-$$}
LT_OUT=${LT_OUT:-$LT_TOP/build/tests/vm-logs/$LT_LAB}
LT_NR=0
# Machines that can still be asked at the end.
LT_ALIVE=(target initiator)
LT_FAILED=0
# Lines of a kernel log that are no fault: a read-ahead that met a lost link or
# an abort is not tried again, and the block layer says so. (0x80000 is
# REQ_RAHEAD.)
LT_ALLOW=(--allow 'I/O error, dev sd[a-z]+, .*\(READ\) flags 0x8[0-9a-f]{4,5} ')

mkdir -p "$LT_OUT"

diag() {
	printf '# %s\n' "$*"
}

plan() {
	echo "1..$1"
}

# ok NAME COMMAND...: one TAP line by the exit code of a command. The command
# runs in this shell: what it sets, stays.
ok() {
	local name=$1 rc=0 start=$SECONDS
	shift
	LT_NR=$((LT_NR + 1))
	"$@" || rc=$?
	if ((rc == 0)); then
		echo "ok $LT_NR - $name ($((SECONDS - start)) s)"
	else
		LT_FAILED=$((LT_FAILED + 1))
		echo "not ok $LT_NR - $name ($((SECONDS - start)) s)"
	fi
}

# lt_finish: exit code for the script.
lt_finish() {
	((LT_FAILED == 0))
}

lab() {
	local verb=$1
	shift
	"$LT_TOP/lab/lab" "$verb" --name "$LT_LAB" "$@"
}

on() {
	local where=$1
	shift
	lab exec "$where" -- "$@"
}

# Straight to the socket: between a look at the exchanges and a fault that shall
# meet them, the few milliseconds of lab/lab count.
ctl() {
	"${QLA_ISP_BUILD:-$LT_TOP/build}/lab-client" ctl \
		"/run/qla_isp/$LT_LAB/ctl" "$1"
}

# port_get PORT JQ: one value of a port's state.
port_get() {
	ctl "{\"cmd\":\"state\",\"port\":\"$1\"}" | jq -r ".ports[\"$1\"]$2"
}

# port_count PORT JQ: one value of a port's counters.
port_count() {
	ctl "{\"cmd\":\"counters\",\"port\":\"$1\"}" | jq -r ".ports[\"$1\"]$2"
}

# poll SECONDS WHAT COMMAND...: until the command succeeds, or the time is up.
poll() {
	local deadline=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= deadline)); then
			diag "waited in vain for: $what"
			return 1
		fi
		sleep 0.2
	done
}

# lt_real_scst: is SCST itself under test, not its double?
lt_real_scst() {
	[ -n "${LT_SCST_MODULES:-}" ]
}

# The machines of the lab; lt_up adds those of --initiators.
LT_VMS=(target initiator)

lt_save_logs() {
	local vm
	for vm in "${LT_VMS[@]}" ispsim; do
		lab log "$vm" >"$LT_OUT/$vm.log" 2>/dev/null || true
	done
}

lt_down() {
	lt_save_logs
	lab down >/dev/null 2>&1 || true
}

# lt_up ARGS...: the lab of this script; scripts of lab/scripts in both VMs.
# With LT_SCST_MODULES=DIR the modules of DIR (doc/lab.md) are taken in place of
# the test double of SCST.
lt_up() {
	local i
	trap lt_down EXIT
	if [[ " $* " =~ ' --initiators '([0-9]+)' ' ]]; then
		for ((i = 2; i <= BASH_REMATCH[1]; i++)); do
			LT_VMS+=("initiator$i")
		done
	fi
	if lt_real_scst && [[ " $* " == *' --target scst '* ]]; then
		set -- "$@" --target-modules "$LT_SCST_MODULES"
	fi
	if ! lab up "$@" >"$LT_OUT/up.log" 2>&1; then
		tail -n 40 "$LT_OUT/up.log" | sed 's/^/# /'
		return 1
	fi
	lab put target "$LT_TOP/lab/scripts" /scripts >/dev/null || return 1
	lab put initiator "$LT_TOP/lab/scripts" /scripts >/dev/null || return 1
	LT_WWPN=$(port_get target.0 .wwpn)
}

# lt_serve FABRIC MIB: export a file of the target VM, set LT_DISK.
lt_serve() {
	on target target-up --fabric "$1" --port "$LT_WWPN" \
		--file /backing --size "$2" >/dev/null || return 1
	LT_DISK=$(on initiator find-disk "$LT_WWPN" 90) || return 1
	diag "disk $LT_DISK behind $LT_WWPN"
}

# lt_leaks: on a kernel with kmemleak, both machines look for memory that
# nothing refers to. An object counts only when two looks a few seconds apart
# find it, so what was in flight during the first is no leak.
lt_leaks() {
	local vm found rc=0
	for vm in "${LT_ALIVE[@]}"; do
		found=$(on "$vm" /scripts/kmemleak) || {
			diag "kmemleak of the $vm:"
			grep -v '^ *[0-9a-f][0-9a-f] ' <<<"$found" | head -n 40 |
				sed 's/^/#   /'
			rc=1
		}
	done
	return "$rc"
}

# lt_switch FABRIC WWPN 0|1: print the shell line that switches a port.
lt_switch() {
	case $1 in
	scst) echo "echo $3 >/sys/kernel/scst_tgt/targets/qla_isp/$2/enabled" ;;
	*) echo "echo $3 >/sys/kernel/config/target/$1/$2/tpgt_1/enable" ;;
	esac
}

# lt_glue FABRIC: print the module that serves that engine of ours.
lt_glue() {
	case $1 in
	scst) echo isp_scst ;;
	*) echo isp_lio ;;
	esac
}

# lt_clean: all kernel logs clean, nothing from the judge, books balanced.
lt_clean() {
	local vm found rc=0 total
	lt_leaks || rc=1
	lt_save_logs
	for vm in "${LT_VMS[@]}"; do
		if ! found=$("$LT_TOP/tests/lib/klog" "${LT_ALLOW[@]}" \
			<"$LT_OUT/$vm.log"); then
			diag "kernel log of the $vm:"
			head -n 10 <<<"$found" | sed 's/^/#   /'
			rc=1
		fi
	done
	total=$(ctl '{"cmd":"verdicts"}' | jq '.total')
	if [ "$total" != 0 ]; then
		diag "verdicts: $(ctl '{"cmd":"verdicts"}' | jq -c '.verdicts')"
		rc=1
	fi
	return "$rc"
}

# Every entry that a driver gave to the chip came back, and the reverse.
# Completions may still be under way when the load ends, and a WRITE that its
# initiator has given up ends by the chip's timer of 30 s: a bounded wait.
books_balanced() {
	[ "$(ctl '{"cmd":"books"}' | jq '[.ports[].balanced] | all')" = true ]
}

lt_books() {
	if ! poll 45 'balanced books' books_balanced; then
		diag "books: $(ctl '{"cmd":"books"}' | jq -c '.ports')"
		return 1
	fi
}

# lt_fio NAME MIB [ARGS]: write and verify, 4 jobs, direct, depth 32. Each job
# has a quarter of the disk's first MIB mebibytes. fio says a word before its
# JSON; the deadline is far above what the slowest machine needs.
lt_fio() {
	local name=$1 mib=$2
	shift 2
	lab exec -n -t 400 initiator -- fio --name="$name" \
		--filename="$LT_DISK" --direct=1 --ioengine=libaio \
		--iodepth=32 --numjobs=4 --rw=randwrite --bsrange=512-1m \
		--blockalign=512 --size=$((mib / 4))m \
		--offset_increment=$((mib / 4))m --verify=crc32c \
		--verify_fatal=1 --randseed=7 --output-format=json "$@" \
		2>"$LT_OUT/fio-$name.err" | sed -n '/^{/,$p' >"$LT_OUT/fio-$name.json"
}

# lt_load_start NAME MIB [ARGS]: lt_fio in the background; returns when it
# really runs. Commands alone do not tell: after a reset sd and udev ask for the
# capacity again and again, and a fault that meets these waits for their own
# timers of 30 s, one after the other. Only a load moves MiB.
lt_load_start() {
	LT_BEFORE=$(bytes_moved)
	lt_fio "$@" &
	LT_LOAD=$!
	poll 60 'the load to move data' load_moves 4
}

bytes_moved() {
	port_count target.0 '| .dma_read_bytes + .dma_write_bytes'
}

# load_moves MIB: at least this much since the load was started.
load_moves() {
	(($(bytes_moved) - LT_BEFORE >= $1 << 20))
}

# lt_load_wait NAME: the load must end without an error and have moved data.
lt_load_wait() {
	local name=$1 rc=0 errors moved
	wait "$LT_LOAD" || rc=$?
	if ((rc != 0)); then
		diag "fio $name exit $rc: $(tail -n 3 "$LT_OUT/fio-$name.err" | tr '\n' ' ')"
		return 1
	fi
	errors=$(jq '[.jobs[].error] | add' "$LT_OUT/fio-$name.json")
	moved=$(jq '[.jobs[] | .write.io_bytes + .read.io_bytes] | add / 1048576 | floor' \
		"$LT_OUT/fio-$name.json")
	diag "fio $name: $moved MiB written and verified, errors $errors"
	[ "$errors" = 0 ] && ((moved > 0))
}
