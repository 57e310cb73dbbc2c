#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever sends bulk data through the control port, after a greeting and a login
# or without FTP at all, gets them through unchanged, and at least nearly as
# fast as with nf_conntrack_ftp.
#
#	in ---- gw (masq) ---- out	64 KiB at a time, SACK, window scaling
#
# The two helpers take turns, so that only ratios count.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

MIB=${APPGW_BENCH_MIB:-64}	# each time; 1024 for a real transfer
ROUNDS=${ROUNDS:-2}
PERCENT=95			# of the in-tree helper's throughput
BULK=$SELFTESTS/../.build/bench/bulk

declare -A best=()

# setup TREE|OURS
setup()
{
	unload_appgw || die "nf_appgw does not unload"
	FW_HELPER=
	case $1 in
	tree) FW_HELPER=ftp ;;
	ours) load_appgw ;;
	esac
	topology masq
}

# transfer TREE|OURS KIND up|down
transfer()
{
	local us

	us=$("$BULK" in out "$TARGET" "$MIB" "$2" "$3") || return
	[ "$us" -ge "${best[$1.$2.$3]:-$((us + 1))}" ] || best[$1.$2.$3]=$us
}

# ratio KIND up|down: in per cent
ratio()
{
	echo $((${best[tree.$1.$2]} * 100 / ${best[ours.$1.$2]}))
}

fast()
{
	echo "$MIB MiB: in-tree ${best[tree.$1.$2]:?} us," \
		"nf_appgw ${best[ours.$1.$2]:?} us"
	[ "$(ratio "$1" "$2")" -ge $PERCENT ]
}

need nft ip
[ -x "$BULK" ] || skip_all "needs selftests/bench built"
plan 6
FIREWALL=none
modprobe -a nf_conntrack_ftp nf_nat_ftp || die "no nf_conntrack_ftp"

for _ in $(seq "$ROUNDS"); do
	for config in tree ours; do
		setup $config
		for kind in login lines foreign; do
			for way in up down; do
				transfer $config $kind $way ||
					die "$config: $kind $way: bytes lost"
			done
		done
	done
done
for kind in login lines foreign; do
	for way in up down; do
		note "$kind $way: $(ratio $kind $way) % of in-tree"
		check "$kind, $way: whole and fast" fast $kind $way
	done
done
