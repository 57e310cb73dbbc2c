# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Headers of Debian's 6.1 for another architecture. Sourced by fetch, in whose
# terms it talks.

# The meta-package of headers that most machines of that kind have
foreign_headers()
{
	case $1 in
	arm64)	echo linux-headers-arm64:arm64 ;;
	armhf)	echo linux-headers-armmp:armhf ;;
	esac
}

# foreign_depends PACKAGE PATTERN: on what it depends, of those names
foreign_depends()
{
	apt-cache depends "$1" | sed -n 's/^ *Depends: <*\([^<>]*\)>*$/\1/p' |
		grep -E "^$2"
}

# Of the headers, one part is for that architecture and one is for all. The
# programs that come with them must run here, so they are this machine's.
# Updates for security change nothing of what a module needs.
fetch_foreign()
{
	local arch=$1 headers p ver

	say "$arch: reading Debian's package lists"
	if ! apt_init "$tmp/apt" bookworm ||
		! echo "APT::Architectures { \"$arch\"; };" >>"$APT_CONFIG" ||
		! apt-get -qq update >&2; then
		say "$arch: can't read the package lists"
		return 1
	fi

	headers=$(foreign_depends "$(foreign_headers "$arch")" \
		linux-headers-) || {
		say "$arch: the mirror has no headers for it"
		return 1
	}
	mkdir -p "$tmp/new" || return 1
	# shellcheck disable=SC2046 # a list
	apt_download "$tmp/debs" "$headers" $(foreign_depends "$headers" \
		'linux-(headers|kbuild)-' | sed 's/:.*//') || return 1
	for p in "$tmp"/debs/*.deb; do
		dpkg-deb -x "$p" "$tmp/new" || return 1
	done

	ver=${headers#linux-headers-}
	ver=${ver%:*}
	echo "$ver" >"$tmp/new/version"
	relocate_headers "$tmp/new" "$ver" || {
		say "$arch: can't make the headers usable"
		return 1
	}
}
