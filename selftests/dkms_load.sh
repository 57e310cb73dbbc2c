#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The second half of dkms.sh, on the router: what DKMS has built and installed is
# what modprobe loads, and carries a file through NAT.
#
#	in ---- gw (nf_appgw from DKMS) ---- out	see lib/net.sh
#
# usage: dkms_load.sh MODULES	the kernel's module tree with what DKMS built

# shellcheck source=selftests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

FILE_SIZE=1000000
MODULES=/lib/modules/$(uname -r)

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

need modinfo curl ip nft
need_server vsftpd
[ $# -eq 1 ] || die "usage: dkms_load.sh MODULES"
mount --bind "$1" "$MODULES" || die "can't cover $MODULES"
test_account
head -c $FILE_SIZE /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"

plan 4
topology masq
start_server vsftpd "$SERVER"
check "without it, no file comes" transfer "$FTP_DATA_FAILED"
check "modprobe loads what DKMS has built" modprobe_loads \
	"$(modinfo -n nf_appgw)"
check "a file comes through the router" transfer "$FTP_OK"
check "by a pinhole" counter_is used 1
note "took $SECONDS s"
