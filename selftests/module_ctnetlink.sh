#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A helper that ctnetlink takes away from a connection, as kernels before 7.1
# let it, takes with it what the module knew of that connection.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# With user namespaces, who does that may be anybody, and as often as he likes.
# Kernels that merge slabs don't show how many sessions there are: boot with
# slab_nomerge.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50000
IN=${IP4[in]}
OUT=${IP4[out]}
WAN=${IP4[wan]}

# Connections that lose their helper, and sessions that may be left of them: a
# few more than the module waits for before it looks for such.
CHURN=4000
LEFT_MAX=1500

# Sessions that the allocator counts though they are free.
SLACK=128

# unhelp: the control connection c
unhelp()
{
	in_ns gw /usr/bin/python3 -I -S "$SELFTESTS/peers/ctnetlink.py" \
		unhelp "$IN" "$(say port c)" "$OUT" 21 2>&1
}

# Kernels from 7.1 on refuse.
can_unhelp()
{
	need_control
	[[ $(unhelp) != *"not supported"* ]]
}

announce()
{
	pass c s "PORT $(six "$IN" $PORT)\r\n" "PORT $(six "$WAN" $PORT)\r\n"
}

# One that was rewritten loses its translation with the helper; the manual says
# so.
goes_on()
{
	control && unhelp && say chat c s 3
}

# unhelped N: connections that end without the helper they had
unhelped()
{
	local i

	for i in $(seq "$1"); do
		control && unhelp && say close c s || return
	done
	in_ns gw conntrack -F 2>&1
}

sessions()
{
	awk '$1 == "appgw_session" { print $2 }' /proc/slabinfo
}

at_most()
{
	local n

	n=$(sessions)
	echo "$n sessions"
	[[ -n $n ]] && ((n <= $1))
}

# Connections that a helper was taken from are many, their sessions are not.
churned()
{
	in_ns gw /usr/bin/python3 -I -S "$SELFTESTS/peers/ctnetlink.py" \
		churn $CHURN "$OUT" 2121 2>&1 && wait_for 20 at_most $LEFT_MAX
}

removed()
{
	net_remove
	wait_for 20 at_most $SLACK
}

no_complaint()
{
	! dmesg | grep -E 'WARNING:|BUG:|Oops|general protection|kmem_cache'
}

need nft conntrack nsenter ip
plan 8
say_start
load_appgw ports=21,2121

scene masq
if ! can_unhelp; then
	for i in {1..8}; do
		skip "a helper is taken away" "not on this kernel"
	done
else
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	check "a connection goes on without its helper" goes_on
	say close
	check "connections end without the helper they had" unhelped 20
	check "others are helped after that" all_of \
		control \; announce \; say chat c s 5
	say close

	listen_on out 2121
	in_ns gw nft insert rule inet test output tcp dport 2121 accept ||
		die "no rule"
	check "sessions are counted" test -n "$(sessions)"
	check "sessions of lost helpers are swept up" churned
	check "none outlives its namespace" removed
	check "the module unloads" rmmod nf_appgw
	check "the kernel has nothing to complain of" no_complaint
fi
note "took $SECONDS s"
