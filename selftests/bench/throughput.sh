#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever sends bulk data through the control port, after a greeting and a login
# or without FTP at all, gets them through unchanged, and at least nearly as
# fast as with nf_conntrack_ftp.
#
#	in ---- gw (masq) ---- out	64 KiB at a time, SACK, window scaling
#
# The two helpers take turns, so that only ratios count. What the line above says
# is checked for both.
#
# With "selftests/vm/run -i" an instruction takes a nanosecond, and what else the
# host does has no part in it; on a processor without ERMS, where a copied byte
# isn't one.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

MIB=${APPGW_BENCH_MIB:-64}	# each time; 1024 for a real transfer
ROUNDS=${ROUNDS:-2}
PERCENT=95			# of the in-tree helper's throughput
BULK=$SELFTESTS/../.build/bench/bulk

# Bytes that are to arrive in segments which are too long for any link, in per
# cent, and the MTU of that.
GSO_PERCENT=90
MTU=1500

declare -A best=() options=() gso=()

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
	count_long in
	count_long out
}

# count_long NS: what arrives there, and how much of it in long segments
count_long()
{
	in_ns "$1" nft -f - <<-EOF || die "no counters"
		table ip bench {
			counter total { }
			counter long { }
			chain arrived {
				type filter hook prerouting priority -300;
				tcp sport 21 counter name "total"
				tcp dport 21 counter name "total"
				meta length > $MTU counter name "long"
			}
		}
	EOF
}

# bytes NS COUNTER
bytes()
{
	in_ns "$1" nft list counter ip bench "$2" |
		sed -n 's/.* bytes \([0-9]*\).*/\1/p'
}

# see_long CONFIG: keep the smaller share
see_long()
{
	local ns all share

	for ns in in out; do
		all=$(bytes $ns total)
		[ "$all" -gt 0 ] || die "nothing has arrived in $ns"
		share=$(($(bytes $ns long) * 100 / all))
		[ "$share" -ge "${gso[$1]:-101}" ] || gso[$1]=$share
	done
}

# transfer TREE|OURS KIND up|down
transfer()
{
	local us used

	read -r us used < <("$BULK" in out "$TARGET" "$MIB" "$2" "$3") ||
		return
	options[$1]+=$used$'\n'
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

# Each of the transfers had both.
optioned()
{
	sort <<<"${options[$1]%$'\n'}" | uniq -c
	! grep -qvx 'sack wscale' <<<"${options[$1]%$'\n'}"
}

long_segments()
{
	echo "${gso[$1]} % of the bytes, at least $GSO_PERCENT wanted"
	[ "${gso[$1]}" -ge $GSO_PERCENT ]
}

need nft ip
[ -x "$BULK" ] || skip_all "needs selftests/bench built"
plan 10
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
		see_long $config
	done
done
for kind in login lines foreign; do
	for way in up down; do
		note "$kind $way: $(ratio $kind $way) % of in-tree"
		check "$kind, $way: whole and fast" fast $kind $way
	done
done
note "in segments of GSO: in-tree ${gso[tree]} %, nf_appgw ${gso[ours]} % of the bytes"
for config in tree ours; do
	check "$config: SACK and window scaling are on" optioned $config
	check "$config: GSO is on" long_segments $config
done
