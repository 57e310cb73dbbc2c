#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What memory the module takes: of each network namespace, and of each of 10,000 pinholes.
#
#	COUNT namespaces without the module, and as many with it
#	lan ---- gw (masquerade, nf_appgw) ---- wan	see tun.h
#
# Run with "-a slab_nomerge", so that each kind of object is counted by itself. MORE=y
# tells which of them there are more of.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/bench/scene.sh"

# So many namespaces, of which each takes at most so many bytes
COUNT=200
NAMESPACE_GOAL=2048
NAMESPACE_MAX=4096
# Bytes of a pinhole and all that belongs to it
PINHOLE_GOAL=450

# settle: give back what is only kept for the next one
settle()
{
	local cache

	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done
}

# snapshot FILE: "WHAT BYTES" of all kinds of objects, and of memory besides. What counts
# files and mounts is none of the module's.
snapshot()
{
	settle
	{
		awk 'NR > 2 && $1 !~ /inode|dentry|filp|mnt_cache|buffer_head|vm_area|anon_vma|radix|maple|names/ {
			print $1, $2 * $4 }' /proc/slabinfo
		awk '/^(Percpu|VmallocUsed):/ { print $1, $2 * 1024 }' /proc/meminfo
	} >"$1"
}

# namespaces add|del: COUNT of them
namespaces()
{
	local i

	for ((i = 0; i < COUNT; i++)); do
		echo "netns $1 memory$i"
	done | ip -batch - || die "can't $1 namespaces"
}

# measure FILE: how many bytes more of each WHAT a namespace takes
measure()
{
	snapshot "$WORK/before"
	namespaces add
	snapshot "$WORK/after"
	namespaces del
	# they end later
	wait_for 60 ended || die "namespaces don't end"
	awk -v count="$COUNT" 'NR == FNR { before[$1] = $2; next }
		$2 != before[$1] { print $1, ($2 - before[$1]) / count }' \
		"$WORK/before" "$WORK/after" >"$1"
}

ended()
{
	# what they are made of, but for those that a test machine has itself
	echo 1 >/sys/kernel/slab/net_namespace/shrink
	[ "$(awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo)" -lt "$COUNT" ]
}

# report: sets BYTES to what a namespace takes more with the module
report()
{
	BYTES=$(awk 'NR == FNR { sum -= $2; next } { sum += $2 }
		END { printf "%d", sum }' "$WORK/without" "$WORK/with")
	[ -z "${MORE:-}" ] ||
		awk 'NR == FNR { without[$1] = $2; next }
			{ more[$1] = $2 }
			END {
				for (what in without)
					more[what] -= without[what]
				for (what in more)
					if (more[what] > 8 || more[what] < -8)
						print "#", what, more[what]
			}' "$WORK/without" "$WORK/with"
}

# Sets PINHOLE to the bytes of one, of many.
pinhole()
{
	scene
	unlimited
	read -r _ _ _ _ _ PINHOLE < <("$NEIGHBOURS" gw)
}

# When a check fails, there is no router any more.
diagnose()
{
	:
}

need nft ip
[ -x "$NEIGHBOURS" ] || skip_all "needs selftests/bench built"
[ -w /sys/kernel/slab/kmalloc-64/shrink ] || skip_all "needs SLUB"
plan 2
large_tables
modprobe -a tun nft_ct nft_nat nft_masq || die "no modules"
namespaces add
namespaces del
wait_for 60 ended || die "namespaces don't end"
measure "$WORK/without"
load_appgw
measure "$WORK/with"
report
note "a namespace: $BYTES bytes"
[ "$BYTES" -le "$NAMESPACE_GOAL" ] || note "goal of $NAMESPACE_GOAL: missed"
check "a namespace takes at most $NAMESPACE_MAX bytes" [ "$BYTES" -le "$NAMESPACE_MAX" ]
check "pinholes are opened" pinhole
note "a pinhole: $PINHOLE bytes"
[ "$PINHOLE" -le "$PINHOLE_GOAL" ] || note "goal of $PINHOLE_GOAL: missed"
