#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A hundred thousand flows of IRC at the same cost a segment as a hundred.
#
#	bench/flows ---- lan  gw (masq, appgwd)  wan ---- bench/flows
#
# In instructions, so it is for "selftests/vm/run -i".

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"

FEW=${FEW:-100}
MANY=${MANY:-100000}
PERCENT=10			# more, at most
BENCH=$SELFTESTS/../.build/bench

declare -A chat=() offer=()

# scene: a router between two devices whose other ends are a program's
scene()
{
	ip netns add gw || die "can't make a namespace"
	in_ns gw sysctl -q net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv4.ip_forward=1
	ip -n gw -batch - <<-EOF || die "can't set up gw"
		link set lo up
		tuntap add dev lan mode tun
		tuntap add dev wan mode tun
		link set lan up txqueuelen 1000
		link set wan up txqueuelen 1000
		addr add 10.0.0.1/8 dev lan
		addr add 203.0.113.1/24 dev wan
	EOF
	in_ns gw nft -f - <<-EOF || die "no rules"
		table inet test {
			chain nat_out {
				type nat hook postrouting priority 100;
				oifname wan masquerade
			}
			chain forward {
				type filter hook forward priority 0;
			}
		}
	EOF
	appgwd_start --queue 3 || die "appgwd does not listen"
	ctl policy set quota_host=0 quota_total=0 >/dev/null ||
		die "no policy"
}

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

"$BENCH/flows" gw "$FEW" "$MANY" >"$WORK/flows" || die "flows has failed"
while read -r count c o; do
	chat[$count]=$c offer[$count]=$o
	note "$count flows: chat $c, DCC $o instructions"
done <"$WORK/flows"
check "$MANY flows are read" counter_is attached "$MANY"
check "chat that isn't queued" same "${chat[$FEW]}" "${chat[$MANY]}"
check "DCC, through appgwd" same "${offer[$FEW]}" "${offer[$MANY]}"
appgwd_stop
