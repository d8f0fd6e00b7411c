# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian packages of any release, fetched and unpacked, never installed.
#
# Sourced after lib.sh. The host's apt is used with lists, sources and an empty
# package data base of our own, so neither the host nor the lab root changes.

DEBS_RELIST_HOURS=12

# security_mirror: print the archive of security updates that this machine is
# set up for; nothing if there is none.
security_mirror() {
	if [ -n "${QLA_ISP_SECURITY_MIRROR:-}" ]; then
		printf '%s\n' "$QLA_ISP_SECURITY_MIRROR"
		return 0
	fi
	apt-get indextargets --format '$(LABEL) $(REPO_URI)' |
		awk '$1 == "Debian-Security" && !seen++ { print $2 }'
}

# debs_sources SUITE...: print apt's lines for these suites; the word NAME
# alone (bookworm) means NAME with its security updates.
debs_sources() {
	local archive security suite

	archive=$(mirror)
	security=$(security_mirror)
	for suite in "$@"; do
		case $suite in
		*-security)
			if [ -n "$security" ]; then
				echo "deb $security $suite main"
			fi
			;;
		*) echo "deb $archive $suite main" ;;
		esac
	done
}

# debs_apt SUITES COMMAND...: an apt command that knows just these suites (one
# word, separated by commas). The lists are fetched anew twice a day.
debs_apt() {
	local suites=$1 dir=$LAB_CACHE/apt-${1//,/_} words

	shift
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	# shellcheck disable=SC2046
	debs_sources $(tr , ' ' <<<"$suites") >"$dir/sources.list"
	words=(-o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache"
		-o "Dir::Etc::SourceList=$dir/sources.list"
		-o Dir::Etc::SourceParts=/dev/null
		-o Dir::Etc::Preferences=/dev/null
		-o Dir::Etc::PreferencesParts=/dev/null
		-o Dir::State::status=/dev/null
		-o APT::Architecture=amd64 -o APT::Architectures=amd64
		-o APT::Sandbox::User=root -o Acquire::Languages=none
		-o Acquire::Retries=3)
	if [ -z "$(find "$dir/fetched" -mmin "-$((DEBS_RELIST_HOURS * 60))" \
		2>/dev/null)" ]; then
		apt-get "${words[@]}" -qq update >&2 ||
			die "apt cannot read the lists of $suites"
		touch "$dir/fetched"
	fi
	"$@" "${words[@]}"
}

# debs_newest SUITES PACKAGE: print the newest version there is.
debs_newest() {
	debs_apt "$1" apt-cache madison "$2" | tr -d ' ' |
		awk -v p="$2" -F '|' '$1 == p { print $2 }' | debs_highest
}

# debs_highest: print the highest of the versions on standard input.
debs_highest() {
	local version best=''

	while read -r version; do
		if [ -z "$best" ] ||
			dpkg --compare-versions "$version" gt "$best"; then
			best=$version
		fi
	done
	[ -z "$best" ] || echo "$best"
}

# debs_depends SUITES PACKAGE VERSION REGEX: print the names among its
# dependencies that match.
debs_depends() {
	debs_apt "$1" apt-cache show "$2=$3" | awk -v re="$4" '
		/^Depends:/ { gsub(/[(][^)]*[)]/, ""); n = split($0, d, /[ ,|]+/)
			for (i = 1; i <= n; i++)
				if (d[i] ~ re && !seen[d[i]]++) print d[i] }'
}

# debs_unpack SUITES TREE PACKAGE...: fetch these and unpack them into TREE.
debs_unpack() {
	local suites=$1 tree=$2 deb

	shift 2
	mkdir -p "$tree/usr/lib" "$tree.debs"
	ln -sfn usr/lib "$tree/lib"
	(cd "$tree.debs" && debs_apt "$suites" apt-get -qq download "$@") >&2 ||
		die "apt cannot fetch $*"
	for deb in "$tree.debs"/*.deb; do
		dpkg-deb -x "$deb" "$tree"
	done
	rm -rf --one-file-system -- "$tree.debs"
}

# debs_headers SUITES RELEASE: print the packages that compiling modules for
# that kernel needs, the compiler apart.
debs_headers() {
	local name=linux-headers-$2

	echo "$name"
	debs_depends "$1" "$name" "$(debs_newest "$1" "$name")" \
		'^linux-(headers|kbuild)-[0-9]'
}

# debs_relocate TREE RELEASE: headers name their own place; these lie where
# in_root shows the tree of a kernel.
debs_relocate() {
	sed -i "s,/usr/src/,$LAB_KERNEL_AT/usr/src/,g" \
		"$1/usr/src/linux-headers-$2/Makefile"
}
