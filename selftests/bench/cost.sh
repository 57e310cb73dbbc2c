#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a segment costs on its way through a NAT router: without a helper, with
# nf_conntrack_ftp and the rules that it needs, and with nf_appgw.
#
#	in ---- gw (masq) ---- out
#
# In instructions, so it is for "selftests/vm/run -i". All hosts share one
# kernel here, so our hooks also run where in and out send and receive. Without
# a router between them, that alone is measured, and taken off: real hosts don't
# have the module.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# Lowest medians of so many rounds, each in another order.
ROUNDS=${ROUNDS:-3}
SEGMENT=$SELFTESTS/../.build/bench/segment
CASES="command reply announce other ends"

# What we may add to each case
declare -A GOAL=([command]=580 [reply]=580 [announce]=5500 [other]=40)
declare -A WHAT=(
	[command]="command, not an announcement"
	[reply]="reply, not an announcement"
	[announce]="PORT, rewritten"
	[other]="segment of another service"
)
declare -A best=()

# A second way from in to out, past the router
direct()
{
	net_link in direct out direct
	ip -n in addr add 10.9.9.1/24 dev direct
	ip -n out addr add 10.9.9.2/24 dev direct
	ip -n in link set direct up
	ip -n out link set direct up
}

# setup NONE|TREE|OURS
setup()
{
	unload_appgw || die "nf_appgw does not unload"
	FW_HELPER=
	case $1 in
	tree) FW_HELPER=ftp ;;
	ours) load_appgw ;;
	esac
	topology masq
	direct
}

# measure NONE|TREE|OURS
measure()
{
	local name median order

	setup "$1"
	mapfile -t order < <(shuf -e $CASES)
	"$SEGMENT" in out "$TARGET" 10.9.9.2 "${order[@]}" \
		>"$WORK/medians" || die "segment: exit status $?"
	while read -r name median; do
		[ "$median" -ge "${best[$1.$name]:-$median}" ] ||
			best[$1.$name]=$median
		: "${best[$1.$name]:=$median}"
	done <"$WORK/medians"
}

# added TREE|OURS CASE: to a segment's way through the router
added()
{
	echo $((${best[$1.$2]} - ${best[none.$2]} -
		(${best[$1.ends]} - ${best[none.ends]})))
}

within()
{
	echo "$(added ours "$1") instructions, at most ${GOAL[$1]} allowed"
	[ "$(added ours "$1")" -le "${GOAL[$1]}" ]
}

# A table, for people
table()
{
	local name met

	printf '%-30s %8s %8s %8s %8s\n' instructions \
		"no helper" in-tree nf_appgw goal
	for name in command reply announce other; do
		met="not met"
		within $name >/dev/null && met=met
		printf '%-30s %8d %+8d %+8d %+8d %s\n' "${WHAT[$name]}" \
			"${best[none.$name]}" "$(added tree $name)" \
			"$(added ours $name)" "${GOAL[$name]}" "$met"
	done
}

need nft ip shuf
[ -x "$SEGMENT" ] || skip_all "needs selftests/bench built"
plan 4
FIREWALL=none
modprobe -a nf_conntrack_ftp nf_nat_ftp || die "no nf_conntrack_ftp"

for _ in $(seq "$ROUNDS"); do
	for config in $(shuf -e none tree ours); do
		measure "$config"
	done
done
table | sed 's/^/# /'
note "our hooks at the ends: $((${best[ours.ends]} - ${best[none.ends]}))"
for name in command reply announce other; do
	check "${WHAT[$name]}" within $name
done
