#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Services that rpcbind names are reached, by all who have asked and as long as they
# are used: each form of question, by UDP and TCP, through NAT and without.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rpc_open.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rpc.sh"

ALL=("${RPC_FORMS4[@]}" "${RPC_FORMS[@]}")

# forms TOPOLOGY
forms()
{
	rpc_scene "$1"
	rpc_cases "$1: " "${ALL[@]}"
}

masq()		{ forms masq; rpc_cases "masq: " "${RPC_HOSTS[@]}"; }
masq6()		{ forms masq6; rpc_cases "masq6: " "${RPC_HOSTS[@]}"; }
dnat()		{ forms dnat; rpc_cases "dnat: " "${RPC_HOSTS[@]}" "${RPC_ODD[@]}"; }
dnat6()		{ forms dnat6; rpc_cases "dnat6: " "${RPC_HOSTS[@]}"; }
route()		{ forms route; rpc_cases "route: " "${RPC_ODD[@]}" "${RPC_STREAM[@]:14:5}"; }
route6()	{ forms route6; }

# Routers where an end is on the router, or both are behind it
routers()
{
	local topology

	for topology in local-client local-server hairpin; do
		rpc_scene $topology
		rpc_cases "$topology: " "${RPC_FORMS4[1]}" "${RPC_FORMS4[2]}" \
			"${RPC_FORMS[0]}" "${RPC_FORMS[3]}"
	done
}

# ---- how questions and answers are cut

stream()
{
	rpc_scene dnat
	check "GETPORT cut at every place" rpc cuts form=getport for=tcp
	check "of UDP, too" rpc cuts form=getport for=udp fresh=0
	check "GETADDR cut at every place" rpc cuts form=getaddr4 cred=24
	check "GETADDR with another address" rpc cuts form=getaddr3 host=other fresh=0
	check "in fragments cut at every place" \
		rpc cuts form=getport frags=2 rfrags=7 fresh=8
	check "an address in fragments, too" \
		rpc cuts form=getaddr4 frags=2 rfrags=3 fresh=8
	rpc_cases "by TCP: " "${RPC_STREAM[@]}"
}

datagrams()
{
	rpc_scene dnat
	rpc_cases "by UDP: " "${RPC_DATAGRAMS[@]}"
	rpc_scene masq6
	rpc_cases "by UDP, masq6: " "${RPC_DATAGRAMS[3]}" "${RPC_DATAGRAMS[8]}" \
		"${RPC_DATAGRAMS[9]}" "${RPC_DATAGRAMS[10]}"
}

# ---- how long

# outlives BY FOR: the hole lives when the question's own entry would long have gone,
# as that of a question does that opens nothing and is made a second later
outlives()
{
	local port source=$((RANDOM + 30000))

	port=$(rpc port) && rpc flow f by="$1" &&
		rpc call f form=getport for="$2" &&
		rpc reply f port="$port" && rpc close f || return
	pause 1
	rpc flow g by="$1" source=$source &&
		rpc call g form=null2 && rpc reply g && rpc close g || return
	wait_for 20 gone "sport=$source dport=111" &&
		rpc data "$2" "$port" sources=0,705 || return
	# and what is dialled may go, and be dialled again
	wait_for 20 gone "dport=$port" && rpc data "$2" "$port"
}

gone()
{
	! rpc_conntrack "$1"
}

# in_use: used again and again it lives longer than by itself
in_use()
{
	local i port

	port=$(rpc case form=getport by=udp for="$1") || return
	for i in {1..9}; do
		pause 1
		rpc data "$1" "$port" || {
			echo "after $i s"
			return 1
		}
	done
}

life()
{
	rpc_scene dnat
	rpc_short_lived
	check "asked by UDP, a port of TCP outlives the question" outlives udp tcp
	check "a port of UDP does" outlives udp udp
	check "asked by TCP, a port of TCP does" outlives tcp tcp
	check "a port of UDP does, too" outlives tcp udp
	rpc_scene masq
	rpc_short_lived
	check "through masquerade" outlives udp tcp
	check "by TCP, too" outlives tcp udp
	check "policy rpc_timeout=5" ctl policy set rpc_timeout=5
	check "use prolongs it" in_use tcp
	check "use of UDP does" in_use udp
}

# ---- ports that are taken

# moves FORM BY FOR [WORD...]: the router has the port itself, so it must change,
# each time to the same one
moves()
{
	local port

	port=$(rpc port) && rpc hold h gw "$3" "$port" "$TARGET" &&
		rpc case form="$1" by="$2" for="$3" port="$port" moved=1 twice="${4:-1}" &&
		rpc close h
}

# another_server: has the same port behind the same address
another_server()
{
	local first second port

	port=$(rpc port)
	first=$(rpc case form="$1" by=udp for=tcp port="$port" netid=tcp) || return
	dnat_to in2
	second=$(rpc case form="$1" by=udp for=tcp port="$port" moved=1) || return
	echo "$port is $first and $second"
	[ "$first" = "$port" ] && [ "$second" != "$port" ] || return
	WORLD_SERVER=in dnat_to in
	rpc data tcp "$first"
}

# dnat_to NS: questions go there from now on
dnat_to()
{
	SERVER=$1
	in_ns gw nft flush chain inet test nat_in &&
		in_ns gw nft add rule inet test nat_in ip daddr "$TARGET" \
			tcp dport 111 dnat ip to "${IP4[$1]}" &&
		rpc_dnat gw "$TARGET" "${IP4[$1]}" &&
		rpc world "client=$CLIENT" "server=$1" "target=$TARGET" \
			"origin=$ORIGIN" "own=${IP4[$1]}" nat=1
}

taken()
{
	rpc_scene dnat
	check "the router has GETPORT's port of TCP" moves getport udp tcp
	check "and that of UDP" moves getport tcp udp
	check "that of UDP, answered twice" moves getport udp udp 2
	check "GETADDR's of UDP" moves getaddr4 udp udp 2
	check "GETADDR's of TCP" moves getaddr4 tcp tcp
	check "another client's port stays" other_client
	two_servers
	check "another server has the same port" another_server getport
}

# Two clients may use the same port of the same server.
other_client()
{
	local port

	port=$(rpc port) &&
		rpc case form=getport for=tcp port="$port" &&
		rpc flow f by=udp bind=$OTHER4 &&
		rpc call f form=getport for=tcp && rpc reply f port="$port" &&
		rpc world "client=$CLIENT" "server=$SERVER" "target=$TARGET" \
			"origin=$OTHER4" "own=${IP4[in]}" nat=1 &&
		rpc data tcp "$port" bind=$OTHER4 && rpc_world dnat &&
		rpc data tcp "$port"
}

two_servers()
{
	appgwd_stop
	rpc close
	setup_gw in2
	FAMILY=4 CLIENT=out SERVER=in TARGET=${IP4[wan]} ORIGIN=${IP4[out]}
	firewall gw dnat="$TARGET,${IP4[in]}"
	rpc_firewall gw || die "the firewall does not load"
	rpc_world dnat
	rpc_daemon
}

# ---- nobody helps

helpless()
{
	local topology

	appgwd_stop
	unload_appgw || die "nf_appgw does not unload"
	for topology in masq dnat6 route; do
		rpc_topology $topology
		check "$topology: nothing works without the module" \
			rpc_none "${ALL[@]}" "${RPC_HOSTS[@]:0:4}"
	done
	for topology in open open6; do
		rpc_topology $topology
		check "$topology: all works without a router" \
			rpc_all "${ALL[@]}" "${RPC_ODD[@]}" "${RPC_STREAM[@]}" \
			"${RPC_DATAGRAMS[@]}"
	done
	check "and is cut at every place" rpc cuts form=getaddr4 cred=24 fresh=8
}

declare -A CHECKS=([masq]=22 [masq6]=22 [dnat]=43 [dnat6]=22 [route]=40 [route6]=14
	[routers]=12 [stream]=27 [datagrams]=18 [life]=9 [taken]=7 [helpless]=6)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- masq dnat route masq6 dnat6 route6 routers stream datagrams \
	life taken helpless
plan_parts 0 "$@"
rpc_start
[ "$*" = helpless ] || load_appgw
rpc_parts "$@"
