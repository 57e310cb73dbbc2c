#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An expectation that user space makes, in the name of this module, is good for
# connections of this module and does no harm to those of other helpers, whose
# private data mean something else.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# With user namespaces, user space may be anybody.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50000
IN=${IP4[in]}
OUT=${IP4[out]}

# expect FROM TO PORT FN: for the control connection c
expect()
{
	in_ns gw /usr/bin/python3 -I -S "$SELFTESTS/peers/ctnetlink.py" \
		expect "$IN" "$(say port c)" "$OUT" 21 "$@" 2>&1
}

# master HELPER FN: a data connection that is expected for one of HELPER's
master()
{
	FW_HELPER=$1 scene route
	say listen data in $PORT && control && say chat c s 5 &&
		expect "$OUT" "$IN" $PORT "$2" && expect_count 1 $PORT || return
	# the one that translates addresses was not told to which
	[ "$2" = appgw-ftp ] || data_through out "$IN" $PORT data || return
	say blocked out "$IN" $PORT
	expect_count 0 && say chat c s 5
}

no_complaint()
{
	! dmesg | grep -E 'WARNING:|BUG:|Oops|general protection'
}

need nft conntrack nsenter ip
plan 8
say_start
load_appgw

for helper in appgw-ftp irc ftp; do
	for fn in appgw-ftp appgw-ftp-plain; do
		check "$fn for a connection of $helper" master $helper $fn
	done
done
check "the kernel has nothing to complain of" no_complaint
say close
net_remove
check "the module unloads" unload_appgw
note "took $SECONDS s"
