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
source "$SELFTESTS/bench/scene.sh"

# Of 100 announcements 90 take at most so many instructions
P90_GOAL=20000
P90_MAX=20500
# Bytes of a pinhole and all that belongs to it
BYTES_MAX=450

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
large_tables
modprobe -a tun nf_conntrack_ftp nf_nat_ftp || die "no helpers in this kernel"
scene 'ct helper h { type "ftp" protocol tcp; l3proto inet; }
	chain pre {
		type filter hook prerouting priority 0;
		tcp dport 21 ct helper set "h";
	}'
measure nf_conntrack_ftp
ip netns del gw
load_appgw
scene
unlimited
measure nf_appgw
check "no announcement goes unrewritten" [ "$UNCHANGED" -eq 0 ]
[ "$P90" -le "$P90_GOAL" ] || note "goal of $P90_GOAL for p90: missed"
check "90 of 100 take at most $P90_MAX instructions" [ "$P90" -le "$P90_MAX" ]
check "a pinhole takes at most $BYTES_MAX bytes" [ "$BYTES" -le "$BYTES_MAX" ]
