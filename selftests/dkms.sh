#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# On a router with kernel headers, DKMS builds and installs the module, which
# then carries a file through NAT; its removal leaves nothing behind.
#
#	in ---- gw (nf_appgw from DKMS) ---- out	see lib/net.sh
#
# For a machine without a nf_appgw of its own:
#
#	selftests/vm/run -n -t 600 -- selftests/dkms.sh

# shellcheck source=selftests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

FILE_SIZE=1000000
VER=$(uname -r)
MODULES=/lib/modules/$VER
SRC=$WORK/src
DEST=$WORK/dest
OUT=$WORK/make.out

# headers_of VERSION: those that the test machine's kernel was fetched with
headers_of()
{
	local dir

	for dir in "$APPGW_CACHE"/kernels/*; do
		[ "$(cat "$dir/version" 2>/dev/null)" = "$1" ] || continue
		[ -e "$dir/headers/Makefile" ] && echo "$dir/headers"
		return
	done
	return 1
}

# A module tree that can be written to, with the link that the package
# linux-headers makes. Only this script sees it.
router_with_headers()
{
	local dir=$WORK/modules headers

	headers=$(headers_of "$VER") ||
		skip_all "needs the headers of $VER, for this host's compiler"
	mkdir -p "$dir/upper" "$dir/work"
	mount -t overlay overlay -o "lowerdir=$MODULES,upperdir=$dir/upper" \
		-o "workdir=$dir/work" "$MODULES" || die "can't cover $MODULES"
	ln -sfn "$headers" "$MODULES/build"
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

	file=$(modinfo -n nf_appgw) || return 1
	echo "$file"
	[[ $file == "$MODULES"/updates/* ]]
}

modprobe_loads()
{
	modprobe -v nf_appgw >"$WORK/modprobe" &&
		cat "$WORK/modprobe" &&
		grep -q "^insmod $1" "$WORK/modprobe" && appgw_loaded
}

# transfer STATUS: how a PORT transfer is to end, which needs translation
transfer()
{
	local dir rc

	dir=$(mktemp -d "$WORK/trip.XXXXXX")
	ftp_session curl port "$dir/log" get down "$dir/down"
	rc=$?
	[ $rc -eq "$1" ] && {
		[ $rc -ne "$FTP_OK" ] || cmp "$dir/down" "$TEST_HOME/down"
	} && return
	echo "status $rc"
	cat "$dir/log"
	return 1
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

need dkms make gcc modinfo curl ip nft
need_server vsftpd
router_with_headers
copy_sources
test_account
head -c $FILE_SIZE /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"

plan 15

check_fails "no nf_appgw before" modinfo nf_appgw
check "make names the headers when there are none" \
	names_what_is_missing module KDIR="$WORK/nowhere"
check "make dkms-install" make_here dkms-install
check "DKMS says that it is installed" dkms_says_installed
check "modprobe will find it" installed
check "the manual is there" there /usr/share/man/man4/nf_appgw.4

topology masq
start_server vsftpd "$SERVER"
check "without it, no file comes" transfer "$FTP_DATA_FAILED"
file=$(installed)
check "modprobe loads what DKMS has built" modprobe_loads "$file"
check "a file comes through the router" transfer "$FTP_OK"
check "by a pinhole" counter_is used 1

# The same compiler run as before, which takes a minute here, is left out.
cp "$file" "$SRC/nf_appgw.ko"
installed_files=("$DEST/lib/modules/$VER/updates/nf_appgw.ko"
	"$DEST/usr/share/man/man4/nf_appgw.4")
check "make install-module into DESTDIR" make_here -o module install-module \
	DESTDIR="$DEST" KDIR="$MODULES/build" KVER=another
check "module and manual are there" there "${installed_files[@]}"
check "make uninstall" make_here uninstall \
	DESTDIR="$DEST" KDIR="$MODULES/build" KVER=another

check "make dkms-uninstall" make_here dkms-uninstall
check "nothing is left" gone "$DEST" "$MODULES/updates" \
	/var/lib/dkms /usr/src /usr/share/man/man4
note "took $SECONDS s"
