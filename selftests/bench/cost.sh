#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a segment costs on its way through a NAT router: without a helper, with
# nf_conntrack_ftp or nf_conntrack_irc and the rules that they need, with
# nf_appgw, and with appgwd listening there as well.
#
#	in ---- gw (masq) ---- out
#
# In instructions, so it is for "selftests/vm/run -i". All hosts share one
# kernel here, so our hooks also run where in and out send and receive. Without
# a router between them, that alone is measured, and taken off: real hosts don't
# have the module.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"

# Lowest medians of so many rounds, each in another order.
ROUNDS=${ROUNDS:-3}
SEGMENT=$SELFTESTS/../.build/bench/segment
DATAGRAM=$SELFTESTS/../.build/bench/datagram
CONFIGS="none ftp irc ours listening"
SEGMENTS="command reply announce chat told other"
DATAGRAMS="datagram flow question"
CASES="$SEGMENTS $DATAGRAMS"

# What we may add to each case
declare -A GOAL=([command]=580 [reply]=580 [announce]=5600 [other]=40
	[chat]=800 [told]=800 [datagram]=45 [flow]=95 [question]=2600)
declare -A WHAT=(
	[command]="FTP command, not an announcement"
	[reply]="FTP reply, not an announcement"
	[announce]="PORT, rewritten"
	[chat]="IRC, client's chat"
	[told]="IRC, others' chat"
	[other]="segment of another service"
	[datagram]="datagram of another service"
	[flow]="the first one of a flow"
	[question]="question to a portmapper, UDP"
)
# What the kernel has for it, and which of ours the goal is for
declare -A TREE=([command]=ftp [reply]=ftp [announce]=ftp [other]=ftp
	[chat]=irc [told]=irc [datagram]=ftp [flow]=ftp [question]=ftp)
declare -A OURS=([command]=ours [reply]=ours [announce]=ours [other]=ours
	[chat]=listening [told]=listening [datagram]=ours [flow]=ours
	[question]=listening)
# What is measured past the router for it
declare -A ENDS=([datagram]=datagram_ends [flow]=flow_ends [question]=flow_ends)
declare -A best=()

# Of the segments with IRC's text that went through while appgwd was listening:
# how many there were, how many the module didn't queue, and how many it did
sent=0 spared=0 queued=0

# A second way from in to out, past the router
direct()
{
	net_link in direct out direct
	ip -n in addr add 10.9.9.1/24 dev direct
	ip -n out addr add 10.9.9.2/24 dev direct
	ip -n in link set direct up
	ip -n out link set direct up
}

# setup CONFIG
setup()
{
	appgwd_stop
	unload_appgw || die "nf_appgw does not unload"
	FW_HELPER='' FTP_PORT=21
	case $1 in
	ftp) FW_HELPER=ftp ;;
	irc) FW_HELPER=irc FTP_PORT=6667 ;;
	ours | listening) load_appgw ;;
	esac
	topology masq
	# any router's firewall has this hook, and what is the first one in a
	# place bears the cost of the place, too
	in_ns gw nft add chain inet test forward \
		'{ type filter hook forward priority 0; }' || die "no chain"
	direct
	[ "$1" != listening ] || appgwd_start --queue 3 ||
		die "appgwd does not listen"
}

# measure CONFIG
measure()
{
	local name median count order

	setup "$1"
	mapfile -t order < <(shuf -e $SEGMENTS ends)
	"$SEGMENT" in out "$TARGET" 10.9.9.2 "${order[@]}" \
		>"$WORK/medians" || die "segment: exit status $?"
	mapfile -t order < <(shuf -e $DATAGRAMS datagram_ends flow_ends)
	[ "$1" != listening ] || order+=(answer)
	"$DATAGRAM" in out "$TARGET" 10.9.9.2 "${order[@]}" \
		>>"$WORK/medians" || die "datagram: exit status $?"
	while read -r name median count; do
		[ "$median" -ge "${best[$1.$name]:-$median}" ] ||
			best[$1.$name]=$median
		: "${best[$1.$name]:=$median}"
		[ "$1.${TREE[$name]:-}" != listening.irc ] ||
			sent=$((sent + count))
	done <"$WORK/medians"
	if [ "$1" = listening ]; then
		spared=$((spared + $(counter spared)))
		queued=$((queued + $(counter queued)))
	fi
}

# added CONFIG CASE: to a segment's way through the router
added()
{
	local ends=${ENDS[$2]:-ends}

	echo $((${best[$1.$2]} - ${best[none.$2]} -
		(${best[$1.$ends]} - ${best[none.$ends]})))
}

# When a check fails, there is no router any more.
diagnose()
{
	:
}

within()
{
	local added

	added=$(added "${OURS[$1]}" "$1")
	echo "$added instructions, at most ${GOAL[$1]} allowed"
	[ "$added" -le "${GOAL[$1]}" ]
}

nothing_queued()
{
	echo "$queued segments queued, $spared of $sent spared"
	[ "$queued" -eq 0 ] && [ "$sent" -gt 0 ] && [ "$spared" -ge "$sent" ]
}

# A table, for people
table()
{
	local name met

	printf '%-33s %8s %8s %8s %9s %6s\n' instructions \
		"without" in-tree nf_appgw listening goal
	for name in $CASES; do
		met="not met"
		within $name >/dev/null && met=met
		printf '%-33s %8d %+8d %+8d %+9d %+6d %s\n' "${WHAT[$name]}" \
			"${best[none.$name]}" \
			"$(added "${TREE[$name]}" $name)" \
			"$(added ours $name)" "$(added listening $name)" \
			"${GOAL[$name]}" "$met"
	done
}

need nft ip shuf appgwd
[ -x "$SEGMENT" ] && [ -x "$DATAGRAM" ] || skip_all "needs selftests/bench built"
plan 10
FIREWALL=none
modprobe -a nf_conntrack_ftp nf_nat_ftp nf_conntrack_irc nf_nat_irc ||
	die "no helpers in this kernel"

for _ in $(seq "$ROUNDS"); do
	for config in $(shuf -e $CONFIGS); do
		measure "$config"
	done
done
appgwd_stop
table | sed 's/^/# /'
note "our hooks at the ends: $((${best[ours.ends]} - ${best[none.ends]})), listening $((${best[listening.ends]} - ${best[none.ends]}))"
note "a portmapper's answer by UDP, through appgwd: ${best[listening.answer]} from end to end"
for name in $CASES; do
	check "${WHAT[$name]}" within $name
done
check "chat isn't queued" nothing_queued
