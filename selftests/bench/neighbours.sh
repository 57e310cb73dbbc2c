#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an announcement costs when 10,000 pinholes are open on neighbouring ports and the
# announced one is among them, and what memory a pinhole takes, beside the kernel's
# own helper.
#
#	lan ---- gw (masquerade; nf_appgw, or nf_conntrack_ftp) ---- wan	see tun.h
#
# In instructions, so it is for "selftests/vm/run -i", with "-a slab_nomerge" for memory.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"

NEIGHBOURS=$SELFTESTS/../.build/bench/neighbours

# Of 100 announcements 90 take at most so many instructions
P90_MAX=20000
# Bytes of a pinhole and all that belongs to it
BYTES_MAX=450

# scene [RULES]
scene()
{
	ip netns add gw || die "can't make a namespace"
	in_ns gw sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
	ip -n gw -batch - <<-EOF2 || die "can't set up gw"
		link set lo up
		tuntap add dev lan mode tun
		tuntap add dev wan mode tun
		link set lan up txqueuelen 1000
		link set wan up txqueuelen 1000
		addr add 10.0.0.1/8 dev lan
		addr add 203.0.113.1/24 dev wan
	EOF2
	in_ns gw nft -f - <<-EOF2 || die "no rules"
		table inet test {
			${1:-}
			chain nat_out {
				type nat hook postrouting priority 100;
				oifname wan masquerade
			}
		}
	EOF2
}

# measure NAME: sets P50, P90, P99, TOP, UNCHANGED and BYTES
measure()
{
	read -r P50 P90 P99 TOP UNCHANGED BYTES < <("$NEIGHBOURS" gw) ||
		{ in_ns gw cat /proc/net/stat/nf_appgw; die "neighbours has failed"; }
	note "$1: p50 $P50, p90 $P90, p99 $P99, highest $TOP instructions;" \
		"$UNCHANGED not rewritten; $BYTES bytes a pinhole"
}

# When a check fails, there is no router any more.
diagnose()
{
	:
}

need nft ip appgwd
[ -x "$NEIGHBOURS" ] || skip_all "needs selftests/bench built"
plan 3
# tables that are large enough for what is open at a time
modprobe nf_conntrack hashsize=65536 expect_hashsize=1024 || die "no conntrack"
modprobe -a tun nf_conntrack_ftp nf_nat_ftp || die "no helpers in this kernel"
sysctl -q net.netfilter.nf_conntrack_max=65536 \
	net.netfilter.nf_conntrack_expect_max=16384 || die "no sysctl"
scene 'ct helper h { type "ftp" protocol tcp; l3proto inet; }
	chain pre {
		type filter hook prerouting priority 0;
		tcp dport 21 ct helper set "h";
	}'
measure nf_conntrack_ftp
ip netns del gw
load_appgw
scene
ctl policy set quota_host=0 quota_total=0 >/dev/null || die "no policy"
measure nf_appgw
check "no announcement goes unrewritten" [ "$UNCHANGED" -eq 0 ]
check "90 of 100 take at most $P90_MAX instructions" [ "$P90" -le "$P90_MAX" ]
check "a pinhole takes at most $BYTES_MAX bytes" [ "$BYTES" -le "$BYTES_MAX" ]
