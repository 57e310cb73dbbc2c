#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each counter moves for the event that it is named after, in the namespace
# where that happens, and root alone can read it.
#
#	in ---- gw (nf_appgw, masq) ---- out

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

IN=${IP4[in]}
WAN=${IP4[wan]}
RAW_IN=${IP4[raw_in]:=10.0.1.9}
PORT=50000
EXPECT_MAX=/proc/sys/net/netfilter/nf_conntrack_expect_max

# line TEXT [AS]: the client's
line()
{
	pass c s "$1\r\n" "${2:-$1}\r\n"
}

reply()
{
	pass s c "$1\r\n"
}

port()
{
	line "PORT $(six "$IN" "$1")" "PORT $(six "$WAN" "$1")"
}

# unchanged_port C S PORT: an announcement that opens nothing
unchanged_port()
{
	pass "$1" "$2" "PORT $(six "$IN" "$3")\r\n"
}

# moves NAME N CMD...: by N while CMD runs, which must succeed
moves()
{
	local name=$1 by=$2 was
	shift 2

	was=$(counter "$name")
	"$@" || return
	echo "$name: from $was to $(counter "$name"), expected $by more"
	[ $(($(counter "$name") - was)) -eq "$by" ]
}

# counts NAME N CMD...: on a control connection of its own
counts()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	check "$1" all_of control \; moves "$@"
}

# counts_bare NAME N CMD...: on one where nobody has said anything
counts_bare()
{
	say close
	check "$1" all_of \
		say listen control21 out 21 \; \
		say dial c in "${IP4[out]}" 21 \; say accept s control21 \; \
		moves "$@"
}

# counts_raw NAME N CMD...: on one whose segments are sent by hand
counts_raw()
{
	check "$1" all_of raw_control \; moves "$@"
}

used()
{
	say listen data in $PORT && port $PORT &&
		data_through out "$WAN" $PORT data
}

in_two_pieces()
{
	say send c 'PORT 10,0' && say want s 'PORT ' &&
		say send c ',1,2,195,81\r\n' &&
		say want s "$(six "$WAN" 50001)\r\n"
}

# A client that does not end its line for longer than one can keep
too_long()
{
	local digits

	printf -v digits '1%.0s' {1..600}
	pass c s "PORT $digits"
}

six_in_one()
{
	local i text='' seen=''

	for i in 1 2 3 4 5 6; do
		text+="PORT $(six "$IN" 5000$i)\r\n"
		seen+="PORT $(six "$WAN" 5000$i)\r\n"
	done
	pass c s "$text" "$seen"
}

gap()
{
	say push c 6 'NOOP\r\n' && say none_from s 0
}

other_bytes()
{
	say push c 0 "PORT $(six "$RAW_IN" 50001)\r\n" && say pull s &&
		say push c 0 "PORT $(six "$RAW_IN" 50002)\r\n" &&
		say nothing s
}

# A second connection whose announcement finds its port taken, or no room
second_fails()
{
	port $PORT && control c2 s2 && unchanged_port c2 s2 "$1"
}

without_nat()
{
	scene route
	control && unchanged_port c s $PORT && expect_count 1 && control c2 s2
}

# with_expect_max N CMD...
with_expect_max()
{
	local was rc

	was=$(cat $EXPECT_MAX)
	echo "$1" >$EXPECT_MAX
	"${@:2}"
	rc=$?
	echo "$was" >$EXPECT_MAX
	return $rc
}

nothing_elsewhere()
{
	local ns

	for ns in in out; do
		counters $ns
		counters $ns | awk '$2 { exit 1 }' || return
	done
}

for_root_only()
{
	! in_ns gw setpriv --reuid 65534 --clear-groups \
		cat /proc/net/stat/nf_appgw
}

need nft conntrack nsenter ip setpriv
plan 31
say_start
load_appgw
scene masq

check "all are 0 to begin with" all_of \
	tap_fails eval "counters | awk '\$2' | grep ." \; \
	eval "counters | grep -q ."
counts_bare attached 0 reply '220 ready'
check "attached" moves attached 2 all_of control \; control c2 s2
counts lines 3 steps line NOOP + reply '200 ok' + line NOOP
counts opened 2 steps port 50001 + port 50002
counts used 1 used
counts replaced 1 steps port 50001 + port 50002
counts closed 1 steps port 50001 + say shut c + wait_for 20 expect_count 0
counts rejected 1 steps port 50001 + reply '500 no'
counts refused_malformed 1 line 'PORT 1,2,3'
counts refused_foreign 1 line 'PORT 10,0,1,99,195,80'
counts refused_privileged 1 line 'PORT 10,0,1,2,0,22'
counts refused_unsolicited 1 steps line NOOP + \
	reply "227 go ($(six "${IP4[out]}" $PORT))"
counts refused_epsv_all 1 steps line 'EPSV ALL' + reply '200 ok' + \
	unchanged_port c s $PORT
counts_bare refused_login 1 steps reply '220 ready' + \
	line 'USER me' + reply '331 password' + unchanged_port c s $PORT
counts_bare stopped_client_first 1 line 'USER me'
counts_bare stopped_not_server 1 reply 'SSH-2.0-hello'
counts_bare stopped_not_client 1 steps reply '220 ready' + \
	line 'GET / HTTP/1.1'
counts stopped_tls 1 steps line 'AUTH TLS' + reply '234 go ahead'
counts held 1 in_two_pieces
counts overflow 1 too_long
counts postponed 1 six_in_one
counts_raw out_of_order 1 gap
counts_raw changed 1 other_bytes
counts refused_full 1 with_expect_max 1 second_fails 50001
check "refused_taken" all_of \
	without_nat \; moves refused_taken 1 unchanged_port c2 s2 $PORT

say close
load_appgw quota_host=1
scene masq
counts refused_quota 1 second_fails 50001
say close
load_appgw quota_total=1
scene masq
counts refused_quota 1 second_fails 50001

check "none moves in other namespaces" nothing_elsewhere
check "root reads them" eval "counters | grep -q '^opened [1-9]'"
check "nobody else does" for_root_only
note "took $SECONDS s"
