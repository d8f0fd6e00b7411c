# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Processes of a lab: starting QEMU and ispsim, remembering and ending them.
#
# Sourced by lab/lab after lib.sh. RUN is the run directory of the lab; ROOT,
# KERNEL_DIR, INITIATOR_KERNEL_DIR, GUEST_IMAGE, ISPSIM, ACCEL and OPT_* (the
# options of up) are its.

KVM_PROBE_S=15
STOP_DEADLINE_MS=5000
CHANNELS=6
# Size of the target's own disk; it is sparse, and holds two file systems.
TARGET_DISK=1G

# start_time PID: print when the process began (clock ticks since boot), so
# that a process number that was used again is never taken for ours.
start_time() {
	local stat

	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	stat=${stat##*) }
	# shellcheck disable=SC2086
	set -- $stat
	[ "$1" != Z ] || return 1
	echo "${20}"
}

# spawn NAME LOG COMMAND...: run in the background, in a session of its own.
spawn() {
	local name=$1 log=$2 pid

	shift 2
	# Whatever the caller has open, a lock above all, must not live on in it.
	setsid "$@" </dev/null >>"$log" 2>&1 \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	pid=$!
	echo "$name $pid $(start_time "$pid" || echo 0)" >>"$RUN/pids"
}

# is_alive NAME: is that process of the lab still the one we started?
is_alive() {
	local name pid began

	while read -r name pid began; do
		if [ "$name" = "$1" ]; then
			[ "$(start_time "$pid" || true)" = "$began" ]
			return
		fi
	done <"$RUN/pids"
	return 1
}

# any_alive: is any process of the lab alive?
any_alive() {
	local name pid began

	[ -f "$RUN/pids" ] || return 1
	while read -r name pid began; do
		if [ "$(start_time "$pid" || true)" = "$began" ]; then
			return 0
		fi
	done <"$RUN/pids"
	return 1
}

# signal_all SIGNAL: send it to every process of the lab that is alive.
signal_all() {
	local name pid began

	while read -r name pid began; do
		if [ "$(start_time "$pid" || true)" = "$began" ]; then
			kill "-$1" "$pid" 2>/dev/null || true
		fi
	done <"$RUN/pids"
}

# stop_all: end every process of the lab, politely first.
stop_all() {
	local waited=0 signal

	[ -f "$RUN/pids" ] || return 0
	for signal in TERM KILL; do
		signal_all "$signal"
		waited=0
		while any_alive && [ "$waited" -lt "$STOP_DEADLINE_MS" ]; do
			sleep 0.05
			waited=$((waited + 50))
		done
		any_alive || return 0
	done
	die "processes of $RUN do not die: $(tr '\n' ';' <"$RUN/pids")"
}

# qemu_argv: set QEMU to the words that start the lab root's emulator with the
# libraries of that root, whatever the host has.
qemu_argv() {
	local lib=$ROOT/usr/lib/x86_64-linux-gnu

	QEMU=("$ROOT/lib64/ld-linux-x86-64.so.2" --library-path "$lib"
		"$ROOT/usr/bin/qemu-system-x86_64"
		-L "$ROOT/usr/share/qemu" -L "$ROOT/usr/share/seabios")
}

accel_words() {
	if [ "$1" = kvm ]; then
		echo "-accel kvm -cpu host"
	else
		# Five-level page tables only lengthen every walk of TCG.
		echo "-accel tcg,thread=multi,tb-size=256 -cpu max,la57=off"
	fi
}

# tsc_words ACCEL: print what the kernel must be told of its clock. TCG shows it
# the host's counter; on a busy host it measures that wrong now and then, up to
# fifty times, and all its time runs too fast.
tsc_words() {
	local khz

	[ "$1" = tcg ] || return 0
	khz=$("$LAB_BUILD/lab-client" tsc-khz)
	if [ "$khz" -gt 0 ]; then
		echo "tsc_early_khz=$khz"
	fi
}

# kvm_boots KERNEL_DIR: does KVM boot this kernel within the deadline?
kvm_boots() {
	local log

	[ -w /dev/kvm ] || return 1
	say "trying KVM (up to $KVM_PROBE_S s, once after each boot of the host)"
	# shellcheck disable=SC2046
	log=$(timeout -k 2 "$KVM_PROBE_S" "${QEMU[@]}" -machine q35 -m 256 \
		$(accel_words kvm) -nodefaults -no-user-config -display none \
		-no-reboot -serial stdio -kernel "$1/vmlinuz" \
		-initrd "$1/initrd" -append "console=ttyS0 lab.probe" \
		</dev/null 2>&1) || true
	grep -q 'lab: probe ok' <<<"$log"
}

# choose_accel KERNEL_DIR: print kvm or tcg. A /dev/kvm that opens may still
# not boot anything, so only a boot counts; the answer is kept until reboot.
choose_accel() {
	local memo accel=tcg

	if [ -n "${QLA_ISP_ACCEL:-}" ]; then
		echo "$QLA_ISP_ACCEL"
		return 0
	fi
	memo=$LAB_CACHE/accel-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -f "$memo" ]; then
		if kvm_boots "$1"; then
			accel=kvm
		fi
		rm -f "$LAB_CACHE"/accel-*
		echo "$accel" >"$memo" 2>/dev/null || true
		say "KVM boots a guest here: $([ $accel = kvm ] && echo yes ||
			echo 'no, using TCG')"
	fi
	cat "$memo"
}

# stage_modules DIR STAGE: add the .ko files of DIR, and a module index that
# knows them, to what the guest will find in its /lib/modules.
stage_modules() {
	local release lib=$ROOT/usr/lib/x86_64-linux-gnu base=$2/base to

	release=$(cat "$KERNEL_DIR/release")
	to=$base/lib/modules/$release
	mkdir -p "$to"
	ln -sfn "$KERNEL_DIR/modules/kernel" "$to/kernel"
	cp "$KERNEL_DIR"/modules/modules.{builtin*,order} "$to/"
	mkdir -p "$to/updates"
	cp -f -- "$1"/*.ko "$to/updates/"
	"$ROOT/lib64/ld-linux-x86-64.so.2" --argv0 depmod \
		--library-path "$lib" "$ROOT/usr/bin/kmod" -b "$base" \
		"$release" || die "depmod fails with the modules of $1"
}

# unstage_modules STAGE: move what stage_modules made to where init looks.
unstage_modules() {
	if [ -d "$1/base" ]; then
		rm "$1"/base/lib/modules/*/kernel
		mv "$1"/base/lib/modules/* "$1/lab/modules"
		rm -r "$1/base"
	fi
}

# make_initrd VM [MODULE_DIR...]: the kernel's initramfs and after it what the lab adds.
make_initrd() {
	local vm=$1 stage=$RUN/$1.stage file dir

	shift
	mkdir -p "$stage/lab/bin"
	install -m 755 "$LAB_DIR/guest/init" "$stage/lab/init"
	install -m 755 "$LAB_BUILD/lab-agent" "$stage/lab/bin/agent"
	for file in "$LAB_DIR"/guest/bin/*; do
		install -m 755 "$file" "$stage/lab/bin/"
	done
	echo "$vm" >"$stage/lab/name"
	if [ "$OPT_firmware" != file ]; then
		touch "$stage/lab/no-firmware"
	fi
	for dir in "$@"; do
		stage_modules "$dir" "$stage"
	done
	unstage_modules "$stage"
	{
		cat "$KERNEL_DIR/initrd"
		(cd "$stage" && find . | LC_ALL=C sort |
			cpio --quiet -o -H newc -R 0:0)
	} >"$RUN/$vm.initrd"
	rm -rf -- "$stage"
}

# card_words VM SLOT: print the QEMU words, one a line, for that VM's card.
card_words() {
	local vm=$1 slot=$2 function socket more=''

	printf '%s\n' -device \
		"pcie-root-port,id=rp$slot,chassis=$slot,slot=$slot"
	for ((function = 0; function < OPT_ports; function++)); do
		socket=$RUN/$vm.vfu
		if [ "$function" -gt 0 ]; then
			socket=$socket.$function
		fi
		if [ "$OPT_ports" -gt 1 ]; then
			more=',"multifunction":true'
		fi
		printf '%s\n' -device "{\"driver\":\"vfio-user-pci\",\
\"id\":\"card$function\",\"bus\":\"rp$slot\",\"addr\":\"00.$function\"$more,\
\"socket\":{\"type\":\"unix\",\"path\":\"$socket\"}}"
	done
}

# start_vm VM [MODULE_DIR...]: start QEMU for it; its agent answers later.
start_vm() {
	local vm=$1 i words=() card=() KERNEL_DIR=$KERNEL_DIR

	if [ "$vm" != target ]; then
		KERNEL_DIR=$INITIATOR_KERNEL_DIR
	fi
	make_initrd "$@"
	# shellcheck disable=SC2054,SC2207
	words+=($(accel_words "$ACCEL"))
	# shellcheck disable=SC2054
	words+=(-name "$vm" -nodefaults -no-user-config -display none
		-machine "q35,memory-backend=mem,hpet=off,usb=off"
		-smp "$OPT_cpus" -m "$OPT_mem"
		-object "memory-backend-memfd,id=mem,size=${OPT_mem}M,share=on"
		-kernel "$KERNEL_DIR/vmlinuz" -initrd "$RUN/$vm.initrd"
		-append "console=ttyS0 loglevel=7 panic=0 mitigations=off \
random.trust_cpu=on audit=0 net.ifnames=0 tsc=reliable $(tsc_words "$ACCEL") $OPT_append"
		-qmp "unix:$RUN/$vm.qmp,server=on,wait=off"
		-chardev "socket,id=con,path=$RUN/$vm.console,server=on,\
wait=off,logfile=$RUN/$vm.log,logappend=on"
		-serial chardev:con
		-device virtio-serial-pci,max_ports=16
		-chardev "file,id=return,path=$RUN/$vm.return,append=on"
		-device virtserialport,chardev=return,name=lab.return)
	for ((i = 0; i < CHANNELS; i++)); do
		: >"$RUN/$vm.ch.$i.lock"
		words+=(-chardev "socket,id=ch$i,path=$RUN/$vm.ch.$i,\
server=on,wait=off"
			-device "virtserialport,chardev=ch$i,name=lab.$i")
	done
	for i in "$GUEST_IMAGE" "$KERNEL_DIR/modules.squashfs"; do
		words+=(-drive "file=$i,format=raw,if=virtio,readonly=on,\
file.locking=off")
	done
	# The target has /dev/vdc, which outlives reboot and death of the machine.
	if [ "$vm" = target ]; then
		truncate -s "$TARGET_DISK" "$RUN/$vm.disk"
		words+=(-drive "file=$RUN/$vm.disk,format=raw,if=virtio")
	fi
	if [ -z "$OPT_no_cards" ]; then
		mapfile -t card < <(card_words "$vm" 1)
	fi
	printf '%s\0' "${QEMU[@]}" "${words[@]}" "${card[@]}" >"$RUN/$vm.argv"
	spawn_vm "$vm"
}

# spawn_vm VM: QEMU as start_vm wrote it down.
spawn_vm() {
	local argv

	mapfile -d '' -t argv <"$RUN/$1.argv"
	spawn "$1" "$RUN/$1.qemu.log" "${argv[@]}"
}

# kill_vm VM: end its QEMU without a word to anybody in it, as a power cut does,
# and forget it.
kill_vm() {
	local waited=0 pid

	if is_alive "$1"; then
		pid=$(awk -v vm="$1" '$1 == vm { print $2 }' "$RUN/pids")
		kill -KILL "$pid" 2>/dev/null || true
	fi
	while is_alive "$1"; do
		[ "$waited" -lt "$STOP_DEADLINE_MS" ] ||
			die "$1: QEMU $pid does not die"
		sleep 0.05
		waited=$((waited + 50))
	done
	sed -i "/^$1 /d" "$RUN/pids"
}

# card_spec VM: print what ispsim is told about that VM's card.
card_spec() {
	local spec="name=$1,chip=$OPT_chip,socket=$RUN/$1.vfu,ports=$OPT_ports"

	spec+=",irq=$OPT_irq"
	if [ -n "$OPT_rev" ]; then
		spec+=",rev=$OPT_rev"
	fi
	if [ "$1" = target ] && [ -n "$OPT_target_wwpn" ]; then
		spec+=",wwpn=$OPT_target_wwpn"
	fi
	if [ "$1" = target ]; then
		spec+=${OPT_target_card:+,$OPT_target_card}
	else
		spec+=${OPT_initiator_card:+,$OPT_initiator_card}
	fi
	if [ "$OPT_firmware" = flash ]; then
		spec+=",flash-fw=$ROOT/usr/lib/firmware/ql${OPT_chip:0:2}00_fw.bin"
	fi
	echo "$spec"
}

# start_ispsim VM...: start the model with one card for each VM.
start_ispsim() {
	local vm words=(--ctl "$RUN/ctl" --topo "$OPT_topo"
		--seed "$OPT_seed") waited=0

	for vm in "$@"; do
		words+=(--card "$(card_spec "$vm")")
	done
	say "starting ispsim: ${words[*]}"
	spawn ispsim "$RUN/ispsim.log" "$ISPSIM" "${words[@]}"
	until grep -q '^ispsim: ready' "$RUN/ispsim.log"; do
		is_alive ispsim || die "ispsim ended at once"
		[ "$waited" -lt 10000 ] || die "ispsim not ready after 10 s"
		sleep 0.05
		waited=$((waited + 50))
	done
}
