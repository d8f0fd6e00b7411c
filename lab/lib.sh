# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What every script of the lab shares: paths, words to the user, locks, roots.
#
# Sourced, never run (so the names that only others use are not unused). The caller sets -euo pipefail first.

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_TOP=$(cd "$LAB_DIR/.." && pwd)
LAB_BUILD=${QLA_ISP_BUILD:-$LAB_TOP/build}
LAB_CACHE=${QLA_ISP_CACHE:-/var/cache/qla_isp}
LAB_SUITE=trixie
LAB_BACKPORTS=trixie-backports
LAB_PROG=${0##*/}

# The kernels that the lab knows by name, and where in_root shows the tree of
# one that does not lie in the lab root.
LAB_KERNELS="6.1 6.12 6.12-rt 7 7-rt debug"
LAB_KERNEL_AT=/srv

# A cached entry that nobody used for so many days may go when a new one comes.
LAB_KEEP_DAYS=2

# say TEXT: progress, with the seconds since this script began.
say() {
	if [ -z "${LAB_QUIET:-}" ]; then
		printf '%s: [%3ds] %s\n' "$LAB_PROG" "$SECONDS" "$*" >&2
	fi
}

# die TEXT: a failure the user can act on; exit 1.
die() {
	printf '%s: error: %s\n' "$LAB_PROG" "$*" >&2
	exit 1
}

# usage_error TEXT: the command line is wrong; exit 2.
usage_error() {
	printf '%s: %s\n' "$LAB_PROG" "$*" >&2
	printf "%s: try '%s --help'\n" "$LAB_PROG" "$LAB_PROG" >&2
	exit 2
}

# one_of OPTION VALUE ALLOWED...: refuse a value that is not among ALLOWED.
one_of() {
	local option=$1 value=$2 allowed

	shift 2
	for allowed in "$@"; do
		if [ "$value" = "$allowed" ]; then
			return 0
		fi
	done
	usage_error "$option: '$value' is not one of: $*"
}

# number_of OPTION VALUE LOW HIGH: refuse what is no number in that range.
number_of() {
	if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ "$2" -lt "$3" ] ||
		[ "$2" -gt "$4" ]; then
		usage_error "$1: '$2' is not a number from $3 to $4"
	fi
}

# need_root WHY: the caller must be root.
need_root() {
	if [ "$(id -u)" -ne 0 ]; then
		die "$1 needs root; run it with sudo"
	fi
}

# need_host PACKAGE:COMMAND...: install the packages whose command is missing.
need_host() {
	local pair missing=()

	for pair in "$@"; do
		if ! command -v "${pair#*:}" >/dev/null; then
			missing+=("${pair%%:*}")
		fi
	done
	if [ "${#missing[@]}" -eq 0 ]; then
		return 0
	fi
	need_root "installing ${missing[*]}"
	say "installing host packages: ${missing[*]}"
	apt-get -qq update >&2 || say "apt-get update failed; trying anyway"
	DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
		--no-install-recommends "${missing[@]}" >&2 ||
		die "cannot install ${missing[*]}: see the words of apt above"
}

# mirror: print the Debian archive that this machine is set up for.
mirror() {
	local uri

	if [ -n "${QLA_ISP_MIRROR:-}" ]; then
		printf '%s\n' "$QLA_ISP_MIRROR"
		return 0
	fi
	uri=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' |
		awk '$1 == "Debian" { print $2; exit }')
	if [ -z "$uri" ]; then
		die "apt knows no Debian archive; set QLA_ISP_MIRROR=URI"
	fi
	printf '%s\n' "$uri"
}

# hash_of FILE...: print a short hash of the contents of the files.
hash_of() {
	cat -- "$@" | sha256sum | cut -c1-16
}

# take_lock NAME: hold a lock of the cache until this shell ends (fd 9).
take_lock() {
	mkdir -p "$LAB_CACHE"
	exec 9>"$LAB_CACHE/.lock.$1"
	if ! flock -n 9; then
		say "another run is making the $1; waiting for it"
		flock -w 1800 9 || die "waited 30 minutes for the $1 of another run"
	fi
}

# drop_lock: give the lock of take_lock back.
drop_lock() {
	exec 9>&-
}

# forget_old PREFIX KEEP: delete other entries PREFIX* that are long unused,
# and what interrupted runs left behind. The caller holds the lock of PREFIX.
forget_old() {
	local entry

	for entry in "$LAB_CACHE/$1"*; do
		if [ ! -e "$entry" ] || [ "$entry" = "$2" ]; then
			continue
		fi
		if [[ $entry == *.tmp ]] || [ -n "$(find "$entry" -maxdepth 0 \
			-mtime "+$LAB_KEEP_DAYS")" ]; then
			say "removing the old ${entry##*/}"
			rm -rf --one-file-system -- "$entry"
		fi
	done
}

# kernel_tree NAME: print the directory that holds that kernel's lib/modules,
# its vmlinuz and its headers; make it if it is not there.
kernel_tree() {
	case $1 in
	6.12 | 7) "$LAB_DIR/root" ;;
	debug) "$LAB_DIR/debug-kernel" ;;
	*) "$LAB_DIR/deb-kernel" "$1" ;;
	esac
}

# kernel_release NAME TREE: print the full version of that kernel.
kernel_release() {
	case $1 in
	6.12 | 7) cat "$2/etc/lab/kernel-$1" ;;
	*) cat "$2/release" ;;
	esac
}

# in_root ROOT COMMAND...: run a command chrooted in ROOT, with /proc and /dev,
# in a mount namespace of its own, so that nothing stays mounted afterwards.
# LAB_BIND="/host/dir" appears there as /mnt, LAB_KERNEL="/host/tree" (that of a
# kernel) as /srv.
in_root() {
	local root=$1

	shift
	# shellcheck disable=SC2016
	LAB_BIND=${LAB_BIND:-} LAB_KERNEL=${LAB_KERNEL:-} unshare --mount -- sh -euc '
		root=$1
		shift
		mount --make-rprivate /
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs -o mode=1777 tmp "$root/tmp"
		if [ -n "$LAB_BIND" ]; then
			mount --bind "$LAB_BIND" "$root/mnt"
		fi
		if [ -n "$LAB_KERNEL" ]; then
			mount --bind "$LAB_KERNEL" "$root/srv"
		fi
		exec chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' sh "$root" "$@"
}
