#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ICMP errors about a control connection: they are no segments of it, and the
# sender of what they are about finds its own numbers in them.
#
#	in ---- gw (nf_appgw) ---- out
#
# With ends that send each segment by order.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

A=${IP4[raw_in]:=10.0.1.9}
B=${IP4[raw_out]:=203.0.113.9}
WAN=${IP4[wan]}
MTU=1400
LESS=64			# what is kept free for lines to grow

# Routers on the way, beyond either end
R_IN=10.0.1.77
R_OUT=203.0.113.77

L=$(length "$(raw_port 50001)")

# told END WHAT...: the error that comes there has these in front
told()
{
	local came

	came=$(say complained "$1") || { echo "$came"; return 1; }
	echo "came: $came, not: ${*:2}"
	[[ "$came " == "${*:2} "* ]]
}

rewritten()
{
	raw_control && say push c 0 "$(raw_port 50001)" &&
		say pulled s 0 "$(raw_public 50001)"
}

acknowledged()
{
	rewritten && say heard s $((L + RAW_GROWS)) && say acked c "$L"
}

# Nothing has been rewritten, and nothing is in the error.
untouched()
{
	raw_control && say push c 0 'NOOP\r\n' && say pulled s 0 'NOOP\r\n' &&
		say complain s $R_OUT 0 $MTU && told c 0 $MTU "$A"
}

# behind END AT_THERE ROUTER AT_HERE MTU: about what comes behind the PORT
behind()
{
	acknowledged && say push c "$L" 'NOOP\r\n' &&
		say pulled s $((L + RAW_GROWS)) 'NOOP\r\n' &&
		say complain s $R_OUT $((L + RAW_GROWS)) $MTU &&
		told c "$L" $MTU "$A"
}

# It is about the segment that has grown: one as large as the MTU would be too
# long again.
about_it()
{
	rewritten && say complain s $R_OUT 0 $MTU &&
		told c 0 $((MTU - LESS)) "$A"
}

# Part of the line is kept here, and the client believes it delivered.
about_kept()
{
	local head tail

	raw_control || return
	head=$(raw_port 50001) tail=${head:12} head=${head:0:12}
	say push c 0 "$head" && say pull s && say heard s 5 &&
		say acked c 12 && say push c 12 "$tail" && say pull s &&
		say complain s $R_OUT 5 $MTU && told c 12 $((MTU - LESS))
}

# The quoted header's identifier looks like the length of a TCP header and a SYN,
# the address behind it like the option that names a segment size.
misread()
{
	local server=2.4.200.1 id=0x6002

	say close
	ip -n gw route replace $server dev wan &&
		ip -n in route replace $server via "${IP4[lan]}" &&
		raw_host c in $((RANDOM + 20000)) lan "$A" &&
		raw_host s out 21 wan $server && say handshake c s $server 21 &&
		say complain c $R_IN 0 $MTU $id && told s 0 $MTU $server "$1" $id
}

plan 5
need nft conntrack nsenter ip
say_start
load_appgw
scene masq
check "nothing was rewritten: as it is" untouched
check "behind an edit: the sender's number" behind
check "about the edit: with room to grow" about_it
check "about what is kept here: what is not yet delivered" about_kept
check "its quotation is not read as a header" misread "$WAN"
note "took $SECONDS s"
