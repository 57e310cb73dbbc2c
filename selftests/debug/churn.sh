#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module comes and goes, and so do namespaces, under traffic, many times.
#
#	in ---- gw (nf_appgw, masq) ---- out		see lib/net.sh
#
# usage: churn.sh [LOADS [NAMESPACES]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"

LOADS=${1:-20}
NAMESPACES=${2:-5}
SLAB=/sys/kernel/slab/appgw_session
rounds=0

churn()
{
	say churn churn in out "${IP4[out]}" "${IP4[in]}" "${IP4[wan]}" 50100
}

# More rounds than before, and none that went wrong
goes_on()
{
	local n before=$rounds

	n=$(say churned churn) || { echo "$n"; return 1; }
	echo "rounds, helped, with data: $n"
	rounds=${n%% *}
	[ "$rounds" -gt "$before" ]
}

helped()
{
	local n

	n=$(say churned churn)
	echo "rounds, helped, with data: $n"
	read -r _ n _ <<<"$n"
	[ "$n" -gt 0 ]
}

# Each time with traffic in between, and somebody who listens
loads()
{
	local i

	for ((i = 0; i < LOADS; i++)); do
		modprobe nf_appgw || return
		genl follow e gw && genl set gw ftps_ports=40000-50000 || return
		pause 0.$((RANDOM % 5 + 1))
		genl close
		rmmod nf_appgw || return
	done
}

# A router goes in the midst of it: what is left has nothing to go through.
teardown()
{
	scene masq
	churn && genl follow e gw &&
		genl set gw ftps_ports=40000-50000 || return
	wait_for 60 goes_on >/dev/null || { goes_on; return 1; }
	[ "$(counter opened)" -gt 0 ] || { echo "no pinhole"; return 1; }
	net_delete gw || return
	GATEWAYS=()
	genl close
	rounds=0
}

# Every second time, the module goes while the namespace does.
teardowns()
{
	local i

	for ((i = 0; i < NAMESPACES; i++)); do
		appgw_loaded || modprobe nf_appgw || return
		teardown || return
		[ $((i % 2)) -eq 0 ] || rmmod nf_appgw || return
	done
}

no_sessions()
{
	local n

	echo 1 >$SLAB/shrink
	read -r n _ <$SLAB/objects
	echo "$n sessions"
	[ "$n" -eq 0 ]
}

need nft conntrack nsenter ip modprobe
plan 8
export SAY_LIMIT_S=${SAY_LIMIT_S:-60}
say_start
genl_start

scene masq
churn
check "traffic without the module" wait_for 60 goes_on
check "loads and unloads $LOADS times" loads
modprobe nf_appgw
check "traffic goes on" all_of wait_for 60 goes_on \; wait_for 60 goes_on
check "some of it was helped" wait_for 60 helped
say close
rounds=0
check "$NAMESPACES namespaces go in the midst of it" teardowns
say close
net_remove
appgw_loaded || modprobe nf_appgw
check "no session is left" wait_for 60 no_sessions
check "the module unloads" rmmod nf_appgw
check_fails "and is gone" appgw_loaded
note "took $SECONDS s"
