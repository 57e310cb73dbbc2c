#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What other distributions make packages from works with their own tools as far as
# Debian has these, and else with stand-ins: packaging/README.md says which.
#
# usage: packaging.sh [openwrt|arch|fedora]...; runs on the host, as root

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
repo=$(dirname "$SELFTESTS")
# shellcheck source=selftests/vm/common.sh
. "$SELFTESTS/vm/common.sh"
# shellcheck source=selftests/lib/tap.sh
. "$SELFTESTS/lib/tap.sh"
need_root

# There is no router here to be looked at.
diagnose()
{
	:
}

need make gcc pkg-config busybox shellcheck makepkg pacman rpmbuild rpm rpmlint \
	cpio
BUSYBOX=$(command -v busybox)
WORK=$(mktemp -d) || exit 1
chmod 755 "$WORK"
trap 'rm -rf "$WORK"; tap_finish $?; exit' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$repo/dkms.conf")
ARCHIVE=nf_appgw-$VERSION.tar.gz
# The same programs are built three times, to be packed, and never run for long.
CFLAGS_QUICK=-O1

# As "git archive" would make it of this tree once it is committed
make_archive()
{
	(cd "$repo" && git ls-files -co --exclude-standard |
		while read -r file; do
			[ ! -e "$file" ] || echo "$file"
		done |
		tar -cz --transform "s,^,nf_appgw-$VERSION/," -T -) \
		>"$WORK/$ARCHIVE"
}

# What is made of daemon/profiles, but for the one that is advice alone
profile_files()
{
	local profile name

	for profile in "$repo"/daemon/profiles/*.profile; do
		name=$(basename "$profile" .profile)
		echo "usr/share/nf_appgw/profiles/$name.profile"
		[ "$name" != socks ] || continue
		echo "usr/lib/firewalld/services/appgw-$name.xml"
		printf 'usr/share/nf_appgw/examples/%s\n' "nftables/$name.nft" \
			"openwrt/$name.nft" "shorewall/macro.Appgw_${name//-/_}"
	done
	printf 'usr/lib/firewalld/helpers/appgw-%s.xml\n' ftp irc rtsp pna msn \
		rpc mms
	echo etc/ufw/applications.d/appgw
}

# covers SYSTEM PROGRAM NAMES: there is a name for each library that PROGRAM is linked
# with, as SYSTEM calls it
covers()
{
	local column lib name missing=0

	case $1 in
	openwrt)	column=2 ;;
	arch)		column=3 ;;
	pkgconfig)	column=4 ;;
	esac
	for lib in $(objdump -p "$2" | sed -n 's/^ *NEEDED *\(.*\)\.so.*/\1/p'); do
		[ "$lib" != libc ] || continue
		name=$(awk -v lib="$lib" -v column=$column \
			'$1 == lib { print $column }' \
			"$SELFTESTS/packaging/libraries")
		[ -n "$name" ] || echo "$lib: not in selftests/packaging/libraries"
		grep -qxF -e "${name:-none}" <<<"$3" || {
			echo "$lib: nothing asks for ${name:-it}"
			missing=1
		}
	done
	return $missing
}

# All versions are that of dkms.conf.
one_version()
{
	diff <(printf '%s\n' "$VERSION" "$VERSION" "$VERSION") <(
		cd "$repo/packaging" &&
		sed -n 's/^pkgver=//p' arch/PKGBUILD
		sed -n 's/^Version:[[:space:]]*//p' fedora/*.spec
	)
}

# shellcheck source=selftests/packaging/openwrt.sh
. "$SELFTESTS/packaging/openwrt.sh"
# shellcheck source=selftests/packaging/arch.sh
. "$SELFTESTS/packaging/arch.sh"
# shellcheck source=selftests/packaging/fedora.sh
. "$SELFTESTS/packaging/fedora.sh"

declare -A CHECKS=([openwrt]=$OPENWRT_CHECKS [arch]=$ARCH_CHECKS
	[fedora]=$FEDORA_CHECKS)
[ $# -gt 0 ] || set -- openwrt arch fedora
plan_parts 1 "$@"
make_archive || die "can't make an archive of the sources"
check "one version" one_version
for part; do
	"check_$part"
done
