#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What browsers and other programs sent to the default ports, for a page or a URL of
# an attacker's, opens nothing, however much the attacker's server helps.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# The bytes are those of browsers/recorded; browsers/record says how they came
# about.
#
# usage: browser_replay.sh [ENGINE...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/partner.sh"
source "$SELFTESTS/lib/daemon.sh"

PROTOCOLS="ftp irc rtsp pna msn mms"
declare -A PORTS=(
	[ftp]=21 [irc]="6660 6661 6662 6663 6664 6665 6666 6667 6668 6669 7000"
	[rtsp]="554 8554" [pna]=7070 [msn]=1863 [mms]=1755
)
# as nft has it; those of lib/net.sh's firewall
CONTROL_PORT="{ 21, 554, 1755, 1863, 6660-6669, 7000, 7070, 8554 }"
# Of all an engine sent to a protocol, seconds
LIMIT_S=200

# replay VERB WORD...: see peers/browser_replay.py
replay()
{
	partner_told replay $LIMIT_S "$@"
}

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- chromium firefox webkit clients
plan $((($# + 2) * $(wc -w <<<"$PROTOCOLS")))
load_appgw
topology masq
appgwd_start --queue 3 || die "appgwd does not listen"
partner_start replay browser_replay.py in out "${IP4[out]}" \
	"/proc/${NS_PID[gw]}/net"

for p in $PROTOCOLS; do
	# shellcheck disable=SC2086
	check "what a client of $p says opens something" \
		replay opens ${PORTS[$p]}
done
for engine; do
	since=$SECONDS
	for p in $PROTOCOLS; do
		check "$engine to $p: nothing opens" replay refused "$engine" "$p"
	done
	note "$engine took $((SECONDS - since)) s"
done
for p in $PROTOCOLS; do
	check "a client of $p is still helped" replay opens "${PORTS[$p]##* }"
done
appgwd_stop
note "took $SECONDS s"
