#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whatever is said to rpcbind and by it, nothing opens but the port of a listed
# program, for the client that has asked; and what opens nothing passes as it is.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rpc_shut.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rpc.sh"
source "$SELFTESTS/lib/rpc_attacks.sh"

# attacks TOPOLOGY_PREFIX: "NAME WORD..." each
attacks()
{
	local attack prefix=$1
	shift

	for attack; do
		# shellcheck disable=SC2086 # words
		check "$prefix${attack//_/ }" attack_$attack
	done
}

# helped PREFIX: those who mean no harm are
helped()
{
	check "${1}others are served" all_of \
		rpc case form=getport by=udp for=tcp \; \
		rpc case form=getaddr4 by=tcp
}

WIRE=()
for by in udp tcp; do
	WIRE+=("unasked $by" "other_xid $by" "before $by" "roles $by"
		"version $by" "no_rpcbind $by" "verifier $by" "long_auth $by"
		"denied $by" "error $by" "none $by" "listed $by")
	for text in "${TEXTS[@]}"; do
		[ $by = tcp ] && [ "$text" != wrap ] && [ "$text" != long ] ||
			WIRE+=("text $text $by")
	done
	WIRE+=("number $by 22" "number $by 20000")
	WIRE+=("system_port $by ${SYSTEM_PORTS[0]}")
done
WIRE+=(browser server_first reply_first credentials fragment fragments long_record
	empty list short spoofed)

wire()
{
	rpc_scene dnat
	attacks "" "${WIRE[@]}"
	helped "then "
	rpc_scene masq
	attacks "masq: " "unasked udp" "roles udp" "roles tcp" "before tcp" \
		"other_xid tcp" browser
	helped "masq: "
}

# ---- what is not asked for, or may not be

programs()
{
	local port program

	rpc_scene dnat
	check "a program that is not listed is counted" counted
	for port in "${SYSTEM_PORTS[@]:1}"; do
		check "port $port" attack_system_port udp "$port"
	done
	for program in "${PROGRAMS[@]}"; do
		check "program $program" attack_program udp "$program"
	done
	check "by TCP" attack_program tcp "${PROGRAMS[0]}"
	check "policy rpc_programs=300019" ctl policy set rpc_programs=300019
	check "another program is listed" rpc case form=getaddr4 prog=300019
	check "those that were are not" attack_program tcp 100005
	check "policy rpc_programs=100003,100005" \
		ctl policy set rpc_programs=100003,100005
	helped "then "
	check "100021 is not listed" attack_program udp 100021
}

counted()
{
	local before after

	before=$(counter refused_program) && attack_program udp 300019 &&
		after=$(counter refused_program) || return
	echo "refused_program was $before, is $after"
	[ "$after" -gt "$before" ]
}

# ---- another host's address

hosts()
{
	rpc_scene route
	check "without NAT, by UDP" attack_third_host_route udp
	check "by TCP" attack_third_host_route tcp
	helped "without NAT "
	rpc_scene masq
	check "with NAT, by UDP" attack_third_host udp "$EDITED"
	check "by TCP, with NAT" attack_third_host tcp "$EDITED"
	helped "with NAT "
	rpc_scene dnat
	check "an outside host doesn't use another one's" others_hole
	check "nor has it its own by another one's question" others_question
	rpc_scene route6
	check "IPv6: nor back" back
	rpc_scene masq
	check "nor has the server one to the client" back
	two_clients
	check "two clients behind one NAT, the same XID, by UDP" same_xid udp
	check "by TCP, the same XID" same_xid tcp
}

others_hole()
{
	port
	rpc case form=getport for=tcp port="$PORT" &&
		rpc case form=getport for=udp port="$PORT" &&
		rpc shut tcp,udp "$PORT" bind=$OTHER4 && rpc data tcp "$PORT"
}

others_question()
{
	port
	rpc flow f by=udp bind=$OTHER4 && rpc call f form=getport for=tcp &&
		rpc reply f port="$PORT" && shut "$PORT"
}

# The port is the server's.
back()
{
	port
	rpc case form=getport for=tcp port="$PORT" &&
		rpc case form=getaddr4 port="$PORT" &&
		rpc shut tcp,udp "$PORT" client="$SERVER" server="$CLIENT" to="$ORIGIN" &&
		shut $((PORT + 1)) $((PORT - 1))
}

two_clients()
{
	appgwd_stop
	rpc close
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=${IP4[out]} ORIGIN=${IP4[wan]}
	firewall gw masq=wan
	rpc_firewall gw || die "the firewall does not load"
	rpc_world masq
	rpc_daemon
}

same_xid()
{
	port
	rpc flow f by="$1" client=in source=701 &&
		rpc flow g by="$1" client=in2 source=701 &&
		rpc call f form=getport for=tcp xid=7 &&
		rpc call g form=getport for=tcp xid=7 &&
		rpc reply g port=$((PORT + 1)) && rpc reply f port="$PORT" &&
		rpc data tcp "$PORT" && rpc data tcp $((PORT + 1)) client=in2 &&
		rpc shut tcp "$PORT" client=in2 && rpc shut tcp $((PORT + 1))
}

# ---- calls that others make

calls()
{
	local call

	rpc_scene dnat
	for call in "${CALLS[@]}"; do
		check "$call by UDP is told" told udp "$call"
		check "$call by TCP is told" told tcp "$call"
	done
	check "policy rpc_calls=drop" ctl policy set rpc_calls=drop
	check "a call by UDP is dropped" dropped udp callit2
	check "a registration by TCP is" dropped tcp set3
	helped "still "
	check "policy rpc_calls=pass" ctl policy set rpc_calls=pass
	check "another answer with another port opens nothing" \
		attack_other_port udp
	check "by TCP neither" attack_other_port tcp
	helped "then "
}

told()
{
	local before after

	before=$(counter refused_call) && attack_call "$@" &&
		after=$(counter refused_call) || return
	echo "refused_call was $before, is $after"
	[ $((after - before)) -eq 1 ]
}

dropped()
{
	local rc=0

	rpc limit 0.5
	rpc flow f by="$1" && ! rpc call f form="$2" || rc=1
	rpc limit "$RPC_LIMIT_S"
	return $rc
}

# ---- how long, and how many

IDLE_S=3

limits()
{
	rpc_scene dnat
	rpc_short_lived
	check "policy rpc_timeout" ctl policy set rpc_timeout=$IDLE_S
	check "unused, a port of TCP is shut again" idle tcp
	check "one of UDP as well" idle udp
	check "policy quota_host" ctl policy set quota_host=5 rpc_timeout=600
	check "the quota ends a flood" flood
	check "another client has room beside" others_room
	rpc_scene route
	check "a list opens two at most" list
}

# idle TRANSPORT: what is used stays open, and is shut some time after that
idle()
{
	port
	rpc case form=getport by=udp for="$1" port="$PORT" sources=0 &&
		rpc talk t "$1" "$PORT" || return
	# the time is what is tried; an entry of UDP is shorter-lived
	if [ "$1" = tcp ]; then
		pause $((IDLE_S + 1))
		rpc talk t "$1" "$PORT" || return
	fi
	rpc close t
	wait_for 30 gone "dport=$PORT" || {
		echo "the connection is still there"
		return 1
	}
	pause $((IDLE_S + 2))
	rpc shut "$1" "$PORT"
}

gone()
{
	! rpc_conntrack "$1"
}

flood()
{
	local i

	port
	for i in {1..15}; do
		rpc case form=getport for=tcp port=$((PORT + i)) nothing=1 ||
			return
	done
	how_many 1 5 $(seq $((PORT + 1)) $((PORT + 15)))
}

list()
{
	asked tcp form=getaddrlist && rpc reply f port="$PORT" many=16 &&
		how_many 1 2 $(seq "$PORT" $((PORT + 19)))
}

others_room()
{
	local port

	ORIGIN=$OTHER4 rpc_world dnat && port=$(rpc port) &&
		rpc flow f by=udp bind=$OTHER4 &&
		rpc call f form=getport for=tcp && rpc reply f port="$port" &&
		rpc data tcp "$port" bind=$OTHER4 && rpc_world dnat
}

# how_many LEAST MOST PORT...: of these are open
how_many()
{
	local said open

	said=$(shut "${@:3}")
	echo "$said"
	open=$(grep -o ' to [0-9]*' <<<"$said" | wc -l)
	[ "$open" -ge "$1" ] && [ "$open" -le "$2" ]
}

# ---- nobody helps

kills()
{
	local tcp udp

	rpc_scene dnat
	tcp=$(rpc port)
	udp=$((tcp + 1))
	check "holes" all_of rpc case form=getport for=tcp port="$tcp" \; \
		rpc case form=getaddr4 port=$udp
	appgwd_stop KILL
	check "the daemon is killed: they go on" all_of rpc data tcp "$tcp" \; \
		rpc data udp $udp
	unhelped "then "
	rpc_daemon
	helped "another one: "
	appgwd_stop
	unhelped "the daemon is stopped: "
	rpc_scene dnat
	tcp=$(rpc port)
	check "a hole" rpc case form=getport for=tcp port="$tcp"
	appgwd_stop
	unload_appgw || die "nf_appgw does not unload"
	check "the module goes, and the hole with it" shut "$tcp"
	unhelped "without the module: "
	load_appgw
}

# unhelped PREFIX: questions and answers pass as they are, and nothing opens
unhelped()
{
	check "${1}nothing opens by UDP" all_of \
		pass_by udp form=getaddr4 \; pass_by udp form=getport
	check "${1}nor by TCP" all_of \
		pass_by tcp form=getaddr4 \; pass_by tcp form=getport
}

# ---- without the module

control()
{
	local attack

	appgwd_stop
	unload_appgw || die "nf_appgw does not unload"
	EDITED=raw=1
	rpc_topology dnat
	check "without the module all passes, too" all_attacks "${WIRE[@]}" \
		"program tcp 100068" "program udp 100068"
	rpc_topology open
	check "without a firewall nothing is shut" no_attack "${WIRE[@]}" \
		"program tcp 100068" "system_port tcp 22"
	EDITED=
}

all_attacks()
{
	local attack

	for attack; do
		# shellcheck disable=SC2086 # words
		attack_$attack || {
			echo "fails: $attack"
			return 1
		}
	done
}

# what these see is what is open: they all fail where all is
no_attack()
{
	local attack rc=0

	for attack; do
		[ "${attack% *}" != none ] || continue
		# shellcheck disable=SC2086 # words
		if attack_$attack >/dev/null; then
			echo "sees nothing: $attack"
			rc=1
		fi
	done
	return $rc
}

declare -A CHECKS=([wire]=$((${#WIRE[@]} + 8))
	[programs]=$((${#SYSTEM_PORTS[@]} + ${#PROGRAMS[@]} + 7)) [hosts]=12
	[calls]=$((2 * ${#CALLS[@]} + 8)) [limits]=7 [kills]=11 [control]=2)

need nft conntrack nsenter ip od appgwd appgwctl
[ $# -gt 0 ] || set -- wire programs hosts calls limits kills control
plan_parts 0 "$@"
rpc_start
[ "$*" = control ] || load_appgw
rpc_parts "$@"
