#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wherever conntrackd's own helper of Sun RPC opens what it should, we do.
#
#	in ---- gw (conntrackd, then nf_appgw and appgwd) ---- out	see lib/net.sh
#
# usage: rpc_judges.sh [TOPOLOGY...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rpc.sh"
source "$SELFTESTS/lib/conntrackd.sh"

CASES=("${RPC_FORMS4[@]}" "${RPC_FORMS[@]}" "${RPC_ODD[@]}" "${RPC_HOSTS[@]:0:2}"
	"${RPC_STREAM[@]}" "${RPC_DATAGRAMS[@]}")
# Those that it must work for, or this judges nothing
LEAST=4

# conntrackd's helpers, as lib/conntrackd.sh has them
JUDGES=("rpc inet udp 111 300" "rpc inet tcp 111 300")

# judged TOPOLOGY: sets THEIRS to the cases that work
judged()
{
	local case

	THEIRS=()
	rpc_topology "$1"
	conntrackd_comes gw prerouting "${JUDGES[@]}" || return
	rpc limit 1
	for case in "${CASES[@]}"; do
		# shellcheck disable=SC2086 # words
		! rpc case ${case#*: } >/dev/null || THEIRS+=("$case")
	done
	rpc limit "$RPC_LIMIT_S"
	conntrackd_goes
	printf '%s\n' "${#THEIRS[@]} of ${#CASES[@]}:" "${THEIRS[@]}"
	printf '%s\n' "${#THEIRS[@]} of ${#CASES[@]}" >"$WORK/number"
	[ "${#THEIRS[@]}" -ge $LEAST ]
}

need nft conntrack nsenter ip nfct appgwd appgwctl
need_conntrackd

# through DNAT it expects connections to the router itself, and none works
[ $# -gt 0 ] || set -- masq route
plan $((2 * $#))
rpc_start
for topology; do
	unload_appgw || die "nf_appgw does not unload"
	check "$topology: conntrackd works" judged "$topology"
	note "conntrackd: $(cat "$WORK/number")"
	load_appgw
	rpc_scene "$topology"
	check "$topology: whatever works with it works with us" \
		rpc_all "${THEIRS[@]}"
done
appgwd_stop
note "took $SECONDS s"
