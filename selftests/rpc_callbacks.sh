#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A server that a client has asked for its lock manager or status monitor may ask that
# client's portmapper for the same in return, where the policy says so: see RFC 1813
# appendix II and XNFS chapter 10. Nobody else may, nor for anything else.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rpc_callbacks.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rpc.sh"
source "$SELFTESTS/lib/rpc_attacks.sh"

# Programs, and what asks for their ports
NLOCKMGR="prog=100021 vers=4"
STATUS="prog=100024 vers=1"

# world WHO: who asks whom from now on, the client or the server
world()
{
	local nat=1

	[[ $PLACE != route* ]] || nat=0
	if [ "$1" = client ]; then
		rpc_world "$PLACE"
	else
		rpc world "client=$SERVER" "server=$CLIENT" "target=$ORIGIN" \
			"origin=$(ip_of "$SERVER")" "own=$(ip_of "$CLIENT")" nat=$nat
	fi
}

# place TOPOLOGY [POLICY]: the firewall lets in no questions from the server's side
place()
{
	PLACE=$1
	rpc_scene "$1"
	[[ $1 != route* ]] || in_ns gw nft insert rule inet test forward \
		iifname wan ct state new drop
	ctl policy set "rpc_callbacks=${2:-1}" >/dev/null ||
		die "the policy has no callbacks"
}

# asks WORD...: the client asks, and uses what it is told
asks()
{
	world client && rpc case form=getport "$@"
}

# is_asked WORD...: the server does
is_asked()
{
	world server && rpc case "$@"
}

# deaf [WORD...]: the client's portmapper can't be reached from the server's side
deaf()
{
	world server && rpc shut tcp,udp "$RPC_PORT" "$@"
}
RPC_PORT=111

# shellcheck disable=SC2086 # words
works()
{
	place "$1"
	check "$1: nobody has asked" deaf
	check "$1: a lock manager" asks by=udp for=tcp $NLOCKMGR
	check "$1: the client's, asked by TCP" \
		is_asked form=getport by=tcp for=tcp $NLOCKMGR
	check "$1: asked by UDP" is_asked form=getport by=udp for=udp $NLOCKMGR
	check "$1: its status monitor" is_asked form=getport by=udp for=udp $STATUS
	check "$1: by GETADDR" is_asked form=getaddr4 by=tcp $NLOCKMGR
	check "$1: told from the port that has asked" notified
}

# As sm-notify does it
notified()
{
	local port

	world server && port=$(rpc port) && rpc flow f by=udp source=639 &&
		rpc call f form=getport for=udp prog=100024 vers=1 &&
		rpc reply f port="$port" && rpc close f &&
		rpc data udp "$port" sources=639
}

# shellcheck disable=SC2086 # words
masq()
{
	works masq
	world server
	check "another host is not heard" deaf bind=$OTHER4
	check "nor has it the lock manager's port" others_port
	check "NFS opens nothing" attack_program udp 100003
	check "nor does mountd, by TCP" attack_program tcp 100005
	check "a wrong number opens nothing" attack_other_xid tcp
	check "nor does the server itself, answering" attack_roles tcp
	check "the router has the port: another one" \
		moved form=getport by=tcp for=tcp $NLOCKMGR
	check "in the other direction all is as it was" asks by=tcp for=tcp
}

# Those of port 111 are the server's alone.
others_port()
{
	local port

	port=$(is_asked form=getport by=tcp for=tcp prog=100021 vers=4) &&
		rpc shut tcp,udp "$port" bind=$OTHER4 && rpc data tcp "$port"
}

moved()
{
	local port

	world server && port=$(rpc port) &&
		rpc hold h gw tcp "$port" "$ORIGIN" &&
		rpc case port="$port" moved=1 "$@" && rpc close h
}

masq6()		{ works masq6; }
route()		{ works route; }

# ---- who may not

# shellcheck disable=SC2086 # words
shut_up()
{
	place masq 0
	check "by default: a lock manager" asks by=udp for=tcp $NLOCKMGR
	check "and nobody may ask" deaf
	place masq
	check "mountd" asks by=udp for=udp
	check "calls nobody back" deaf
	check "a program that isn't listed: policy" \
		ctl policy set rpc_programs=100003,100005
	check "a lock manager then" not_listed
	check "calls nobody back, either" deaf
	place masq
	world client
	check "the router has a portmapper itself" all_of \
		rpc hold h gw tcp $RPC_PORT "$ORIGIN" \; \
		rpc case form=getport by=udp for=tcp $NLOCKMGR
	check "which is counted" counted_taken
	check "and is asked by TCP" all_of world server \; rpc shut tcp $RPC_PORT
	check "while by UDP the client's is" \
		is_asked form=getport by=udp for=udp $NLOCKMGR
}

not_listed()
{
	world client && attack_program udp 100021
}

counted_taken()
{
	[ "$(counter refused_taken)" -eq 1 ]
}

# ---- two clients, of which the server sees but one

# shellcheck disable=SC2086 # words
two()
{
	appgwd_stop
	rpc close
	setup_gw in2
	PLACE=masq FAMILY=4 CLIENT=in SERVER=out TARGET=${IP4[out]} ORIGIN=${IP4[wan]}
	firewall gw masq=wan
	rpc_firewall gw || die "the firewall does not load"
	world client
	rpc_daemon
	ctl policy set rpc_callbacks=1 >/dev/null
	check "one client" asks by=udp for=tcp $NLOCKMGR
	check "is asked" is_asked form=getport by=tcp for=tcp $NLOCKMGR
	CLIENT=in2
	check "another one" asks by=udp for=tcp $NLOCKMGR
	check "is asked from then on" is_asked form=getport by=tcp for=tcp $NLOCKMGR
	CLIENT=in
	check "the first one is not" deaf
	check "until it asks again" asks by=udp for=tcp $NLOCKMGR
	check "and is asked" is_asked form=getport by=tcp for=tcp $NLOCKMGR
}

# ---- how long

# shellcheck disable=SC2086 # words
life()
{
	place masq
	rpc_short_lived
	ctl policy set rpc_timeout=4 >/dev/null
	check "a lock manager that is used" in_use $NLOCKMGR
	check "calls back all the time" \
		is_asked form=getport by=tcp for=tcp $NLOCKMGR
	check "and no longer than that" all_of wait_for 60 expect_count 0 \; deaf
	check "it asks again" asks by=udp for=tcp $NLOCKMGR
	appgwd_stop KILL
	check "without a daemon the one that is asked is not helped" unhelped
	unload_appgw || die "nf_appgw does not unload"
	check "without the module a lock manager is named, and not reached" \
		named $NLOCKMGR
	check "and nobody may ask" deaf
	load_appgw
}

in_use()
{
	local i port

	port=$(asks by=udp for=tcp "$@") || return
	for i in {1..9}; do
		pause 1
		rpc data tcp "$port" || {
			echo "after $i s"
			return 1
		}
	done
}

# named WORD...: question and answer pass as they are, and nothing opens
named()
{
	world client && pass_by udp form=getport "$@"
}

unhelped()
{
	world server && pass_by tcp form=getport $NLOCKMGR
}

declare -A CHECKS=([masq]=15 [masq6]=7 [route]=7 [shut_up]=11 [two]=7 [life]=7)

need nft conntrack nsenter ip od appgwd appgwctl
[ $# -gt 0 ] || set -- masq masq6 route shut_up two life
plan_parts 0 "$@"
rpc_start
load_appgw
rpc_parts "$@"
