#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# On a router with kernel headers, DKMS builds and installs the module, which
# then carries a file through NAT; its removal leaves nothing behind.
#
# The compiler runs on the host, where it takes seconds: in a mount namespace in
# which everything that DKMS and make write to is this script's own. The test
# machine boots with the module tree that came of it: see dkms_load.sh.
#
# usage: dkms.sh [KERNEL]; runs on the host, as root

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/vm/common.sh
. "$SELFTESTS/vm/common.sh"
need_root
[ "${APPGW_DKMS:-}" = 1 ] ||
	APPGW_DKMS=1 exec unshare --mount --propagation private "$0" "$@"
unset APPGW_DKMS
# shellcheck source=selftests/lib/tap.sh
. "$SELFTESTS/lib/tap.sh"

kernel=${1:-6.1}
repo=$(dirname "$SELFTESTS")

# There is no router here to be looked at.
diagnose()
{
	:
}

# In the checkout, which the test machine shares
mkdir -p "$repo/.build" || exit 1
WORK=$(mktemp -d "$repo/.build/dkms.XXXXXX") || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$SELFTESTS/vm/fetch" "$kernel" || exit
base=$APPGW_CACHE/kernels/$kernel
VER=$(cat "$base/version")
MODULES=/lib/modules/$VER
TREE=$WORK/cover/lib/modules
SRC=$WORK/src
DEST=$WORK/dest
OUT=$WORK/make.out

# cover DIR: an empty one of this script's own
cover()
{
	mkdir -p "$1" "$WORK/cover$1" &&
		mount --bind "$WORK/cover$1" "$1" || die "can't cover $1"
}

# What a router has, with the link that the package linux-headers makes
router_with_headers()
{
	[ -e "$base/headers/Makefile" ] ||
		skip_all "needs the headers of $VER, for this host's compiler"
	cover /lib/modules
	cover /var/lib/dkms
	cover /usr/src
	cover /usr/share/man/man4
	cp -a "$base/lib/modules/$VER" /lib/modules/ ||
		die "no room for a module tree"
	ln -sfn "$base/headers" "$MODULES/build"
}

# Building leaves objects beside the sources, and the checkout is shared.
copy_sources()
{
	mkdir "$SRC"
	(cd "$SELFTESTS/.." &&
		cp -R Makefile Kbuild dkms.conf kmod include "$SRC")
}

# make_here ARGS...: with little to say, as a user would type it
make_here()
{
	make -C "$SRC" --no-print-directory "$@" >"$OUT" 2>&1 || {
		cat "$OUT"
		return 1
	}
}

# names_what_is_missing ARGS...: make fails, with a line that helps
names_what_is_missing()
{
	! make_here "$@" >/dev/null && grep "apt install linux-headers" "$OUT"
}

dkms_says_installed()
{
	local status

	status=$(dkms status nf_appgw)
	echo "$status"
	[[ $status == nf_appgw/*", $VER, "*": installed" ]]
}

# The module that modprobe would load, in its place for what is not the
# kernel's own.
installed()
{
	local file

	file=$(modinfo -k "$VER" -n nf_appgw) || return 1
	echo "$file"
	[[ $file == "$MODULES"/updates/* ]]
}

# there FILE...: each one has something in it
there()
{
	local file

	for file; do
		[ -s "$file" ] || {
			echo "no $file"
			return 1
		}
	done
}

# gone DIR...: nothing called nf_appgw is left in there
gone()
{
	local left

	left=$(find "$@" -name 'nf_appgw*' 2>/dev/null)
	echo "$left"
	[ -z "$left" ]
}

# Beside the sources that make dkms-install puts there
leaves_manual()
{
	local manual=usr/share/man/man4/nf_appgw.4 of=$WORK/both

	mkdir -p "$of/usr/src/nf_appgw-$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' \
		"$SRC/dkms.conf")"
	make_here -o module install-module DESTDIR="$of" KDIR="$MODULES/build" \
		KVER=another && make_here uninstall DESTDIR="$of" \
		KDIR="$MODULES/build" KVER=another && there "$of/$manual" &&
		! find "$of" -name '*.ko' | grep .
}

# The headers' link is the host's.
loads()
{
	"$SELFTESTS/vm/run" -k "$kernel" -n -t "$(scaled 300)" -- \
		selftests/dkms_load.sh "$TREE/$VER" >"$WORK/loads" 2>&1
}

for tool in dkms make gcc modinfo; do
	need $tool
done
router_with_headers
copy_sources

plan 16

check_fails "no nf_appgw before" modinfo -k "$VER" nf_appgw
check "make names the headers when there are none" \
	names_what_is_missing module KDIR="$WORK/nowhere"
check "make dkms-install" make_here dkms-install KVER="$VER"
check "DKMS says that it is installed" dkms_says_installed
check "modprobe will find it" installed
check "the manual is there" there /usr/share/man/man4/nf_appgw.4

loads
status=$?
tap_relay 4 <"$WORK/loads"

# The same compiler run as before is left out.
cp "$(installed)" "$SRC/nf_appgw.ko"
installed_files=("$DEST/lib/modules/$VER/updates/nf_appgw.ko"
	"$DEST/usr/share/man/man4/nf_appgw.4")
check "make install-module into DESTDIR" make_here -o module install-module \
	DESTDIR="$DEST" KDIR="$MODULES/build" KVER=another
check "module and manual are there" there "${installed_files[@]}"
check "make uninstall" make_here uninstall \
	DESTDIR="$DEST" KDIR="$MODULES/build" KVER=another
check "with DKMS, the manual is its own" leaves_manual

check "make dkms-uninstall" make_here dkms-uninstall KVER="$VER"
check "nothing is left" gone "$DEST" "$MODULES/updates" \
	/var/lib/dkms /usr/src /usr/share/man/man4
note "took $SECONDS s"
tap_finish $status
