#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A hundred thousand flows of IRC at the same cost a segment as a hundred.
#
#	bench/flows ---- lan  gw (masq, appgwd)  wan ---- bench/flows
#
# In instructions, so it is for "selftests/vm/run -i".

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/bench/scene.sh"

FEW=${FEW:-100}
MANY=${MANY:-100000}
PERCENT=10			# more, at most

declare -A chat=() offer=()

# same FEW MANY
same()
{
	echo "$FEW flows $1, $MANY flows $2 instructions"
	[ "$2" -le $(($1 * (100 + PERCENT) / 100)) ]
}

need nft ip appgwd
[ -x "$BENCH/flows" ] || skip_all "needs selftests/bench built"
plan 3
# tables as a router has them that is meant for so many
modprobe nf_conntrack hashsize=262144 expect_hashsize=1024 ||
	die "no conntrack"
sysctl -q net.netfilter.nf_conntrack_max=$((MANY * 2)) \
	net.netfilter.nf_conntrack_expect_max=4096 || die "no sysctl"
modprobe tun || die "no tun"
load_appgw
scene
listen

"$BENCH/flows" gw "$FEW" "$MANY" >"$WORK/flows" || die "flows has failed"
while read -r count c o; do
	chat[$count]=$c offer[$count]=$o
	note "$count flows: chat $c, DCC $o instructions"
done <"$WORK/flows"
printf '%s\n' "few $FEW" "few_chat ${chat[$FEW]}" "few_dcc ${offer[$FEW]}" \
	"many $MANY" "many_chat ${chat[$MANY]}" "many_dcc ${offer[$MANY]}" >"$BENCH/flows.more"
check "$MANY flows are read" counter_is attached "$MANY"
check "chat that isn't queued" same "${chat[$FEW]}" "${chat[$MANY]}"
check "DCC, through appgwd" same "${offer[$FEW]}" "${offer[$MANY]}"
appgwd_stop
