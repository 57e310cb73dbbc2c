#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What namespaces that have nothing to do with it pay for the module: memory while
# they are there, and the time it takes until they are gone, of which the kernel has
# one worker for all.
#
# As many come and go without the module, and then with it, in one machine.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ROUNDS=6
SPACES=40

# Bytes that a namespace may take, and what its end may take of what it takes
# without the module, in per cent. The goal is 110, but the kernel ends one batch of
# them or two, as it comes; with two waits for each namespace it was 217.
BYTES_MAX=2048
PERCENT_MAX=190

# What one round may find that another doesn't, and has nothing to do with it: a table
# of the kernel's that has grown or was freed. It is a round's, not a namespace's.
STRAY_BYTES=4096

# Until the kernel has freed what it frees when there is nothing better to do
LAZY_S=8

# Bytes that modules can have asked for, without what processors keep to hand out
# next, which counts as used
slab_bytes()
{
	local cache

	sleep $LAZY_S
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done
	awk '/^(kmalloc|proc_dir_entry)/ { sum += $2 * $4 }
		END { printf "%d\n", sum }' /proc/slabinfo
}

# churn: SPACES come and go; sets BYTES a namespace and MS for all of their ends
churn()
{
	local i before start

	before=$(slab_bytes)
	for ((i = 0; i < SPACES; i++)); do
		ip netns add "n$i"
	done
	BYTES=$((($(slab_bytes) - before) / SPACES))
	start=$(now_ms)
	for ((i = 0; i < SPACES; i++)); do
		ip netns del "n$i"
	done
	# the worker has taken them all on when a new one can be set up
	ended
	MS=$(($(now_ms) - start))
}

now_ms()
{
	local now=${EPOCHREALTIME/./}

	echo $((now / 1000))
}

# ended: until the kernel has done with all that were deleted; a module's unloading
# waits for it
ended()
{
	modprobe dummy && modprobe -r dummy
}

# median NUMBER...
median()
{
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# measured: sets BYTES to the median of all rounds and MS to their mean
measured()
{
	local bytes=() ms=() i

	churn
	for ((i = 0; i < ROUNDS; i++)); do
		churn
		bytes+=("$BYTES") ms+=("$MS")
	done
	note "bytes: ${bytes[*]}; ms: ${ms[*]}"
	BYTES=$(median "${bytes[@]}")
	MS=$((($(printf '+%d' "${ms[@]}")) / ROUNDS))
}

costs_little_memory()
{
	echo "$BYTES bytes, without the module $BYTES_WITHOUT"
	[ $((BYTES - BYTES_WITHOUT)) -le $((BYTES_MAX + STRAY_BYTES / SPACES)) ]
}

costs_little_time()
{
	echo "$MS ms for $SPACES, without the module $MS_WITHOUT"
	[ $((100 * MS)) -le $((PERCENT_MAX * MS_WITHOUT)) ]
}

need ip modprobe
plan 2
unload_appgw
# a router has these whether helped or not, and they have their own price
modprobe -a nf_conntrack nf_nat nf_conntrack_netlink
measured
BYTES_WITHOUT=$BYTES MS_WITHOUT=$MS
load_appgw
measured
note "$((BYTES - BYTES_WITHOUT)) bytes more a namespace;" \
	"their ends take $MS ms instead of $MS_WITHOUT"
check "memory: at most $BYTES_MAX bytes" costs_little_memory
check "their end takes what it takes" costs_little_time
