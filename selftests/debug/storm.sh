#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mutated segments don't harm the kernel, and what comes out of the helper are
# whole packets: lengths and checksums right, data of others untouched.
#
# usage: storm.sh [SEGMENTS [SEED]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/storm.sh"

SEGMENTS=${1:-100000}
# More of them, and how many times, if some kind of line hasn't come yet
ROUND=10000
ROUNDS=20
SEED=${2:-${APPGW_SEED:-$SRANDOM}}

# storm SHARE [PARAM=VALUE...]: that many per cent of all segments
storm()
{
	storm_send $((SEGMENTS * $1 / 100)) "$SEED" "${@:2}"
}

# The kinds of lines that the module is to have understood in all that
KINDS="opened replaced held overflow out_of_order postponed changed stopped_tls
	refused_malformed refused_foreign refused_unsolicited refused_privileged"

missing()
{
	local name

	for name in $KINDS; do
		[ "$(counter "$name")" -gt 0 ] || echo "no $name"
	done
}

# Some come by chance, and seldom: until all have
reached()
{
	local round

	policy gw login=1 loose=0 ftps_ports= quota_host=64 quota_total=0 ||
		return
	for ((round = 1; round <= ROUNDS; round++)); do
		[ -n "$(missing)" ] || return 0
		storm_send $ROUND $((SEED + round)) || return
	done
	missing
	return 1
}

storm_need
plan 7
note "seed $SEED: storm.sh $SEGMENTS $SEED does the same again"
say_start
genl_start
load_appgw

storm_scene
genl follow e gw
check "one at a time" storm 40
check "two at the same time" storm 20 threads=2
check "pinholes before the login, FTPS, for others" all_of \
	policy gw login=0 loose=1 ftps_ports=40000-50000 \; storm 20
check "dry run" all_of policy gw dry_run=1 \; storm 10
check "few pinholes" all_of \
	policy gw dry_run=0 login=0 quota_host=2 quota_total=5 \; storm 10
check "what there is to read was read" reached
say close
genl close
net_remove
check "the module unloads" unload_appgw
note "took $SECONDS s"
