#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Conversations of FTP that were made up, odd and evil ones among them, each held
# without a router, through one with the kernel's own helper, and through one with
# nf_appgw: what works in the first two works in the third, and nothing opens there
# that no announcement covers.
#
#	in_W ---- gw_W ---- out_W	for the worlds W intree and ours;
#	in_direct ---- out_direct	addresses: see peers/ftp_talk.py
#
# What fails is printed as short as it still fails. Without the "# " before each line
# it is a case for ftp_differential.cases.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Hosts on each side; as many conversations at a time at most
HOSTS=48
CASES=$SELFTESTS/ftp_differential.cases
INSIDE_NEAR=10.0.9.9
OUTSIDE_NEAR=198.18.9.9

usage()
{
	cat <<-EOF
	usage: ftp_differential.sh [--count N] [--seed N] [--first N]
	                           [--cases FILE] [--jobs N] [--shrink N]

	  --count   conversations made up (default 150)
	  --seed    from what (default 1)
	  --first   number of the first one
	  --cases   those in FILE instead, and nothing else
	  --jobs    at a time, up to $HOSTS (default 32)
	  --shrink  failures of each kind that are made short (default 3)
	EOF
}

cases=
args=()
while [ $# -gt 0 ]; do
	[ "$1" != --help ] || { usage; exit 4; }
	[ $# -ge 2 ] || die "$1 needs a value"
	case $1 in
	--cases) cases=$(realpath "$2") ;;
	--count | --seed | --first | --jobs | --shrink) args+=("$1" "$2") ;;
	*) die "what is $1? See --help" ;;
	esac
	shift 2
done

# hosts DEV NET MASK: lines for "ip -batch"
hosts()
{
	local i

	for ((i = 1; i <= HOSTS; i++)); do
		echo "addr add $2.$i/$3 dev $1"
	done
}

# world_host NS DEV NET NEAR [GATEWAY]
world_host()
{
	{
		echo "link set lo up"
		echo "link set $2 up"
		hosts "$2" "$3" 16
		echo "addr add $4/16 dev $2"
		[ -z "${5:-}" ] || echo "route add default via $5"
	} | ip -n "$1" -batch - || die "can't set up $1"
}

# routed W: with NAT, and a policy that resets what it doesn't let through
routed()
{
	local i map=

	net_namespace "in_$1"
	net_namespace "gw_$1"
	net_namespace "out_$1"
	net_link "in_$1" eth0 "gw_$1" lan
	net_link "gw_$1" wan "out_$1" eth0
	world_host "in_$1" eth0 10.0.1 $INSIDE_NEAR 10.0.0.1
	world_host "out_$1" eth0 198.18.1 $OUTSIDE_NEAR
	{
		echo "link set lo up"
		echo "link set lan up"
		echo "link set wan up"
		echo "addr add 10.0.0.1/16 dev lan"
		echo "addr add 198.18.0.1/16 dev wan"
		hosts wan 198.18.2 16
	} | ip -n "gw_$1" -batch - || die "can't set up gw_$1"
	net_forward "gw_$1"
	# what has ended is forgotten before its ports come again
	in_ns "gw_$1" bash -c 'cd /proc/sys/net/netfilter &&
		echo 2 >nf_conntrack_tcp_timeout_time_wait &&
		echo 2 >nf_conntrack_tcp_timeout_close' || die "no conntrack"

	for ((i = 1; i <= HOSTS; i++)); do
		map+="198.18.2.$i : 10.0.1.$i, "
	done
	{
		echo "table inet test {"
		[ "$1" != intree ] || FW_HELPER=ftp firewall_nft_helper
		cat <<-EOF
			chain nat_in {
				type nat hook prerouting priority -100;
				tcp dport 21 dnat ip to ip daddr map { $map }
			}
			chain nat_out {
				type nat hook postrouting priority 100;
				oifname wan masquerade
			}
		EOF
		for hook in input forward output; do
			cat <<-EOF
				chain $hook {
					type filter hook $hook priority 0;
					meta l4proto icmp accept
					ct state established,related accept
					ct state new tcp dport 21 accept
					tcp flags & rst == rst accept
					reject with tcp reset
				}
			EOF
		done
		echo "}"
	} | in_ns "gw_$1" nft -f - || die "the firewall of gw_$1 does not load"
	GATEWAYS+=("gw_$1")
}

# Both ends know where the other one's addresses are, those of a router included.
direct()
{
	net_namespace in_direct
	net_namespace out_direct
	net_link in_direct eth0 out_direct eth0
	world_host in_direct eth0 10.0.1 $INSIDE_NEAR
	world_host out_direct eth0 198.18.1 $OUTSIDE_NEAR
	{
		echo "addr add 198.18.0.1/32 dev lo"
		hosts lo 198.18.2 32
		echo "route add 198.18.1.0/24 dev eth0"
		echo "route add 198.18.9.0/24 dev eth0"
	} | ip -n in_direct -batch - || die "can't set up in_direct"
	{
		echo "route add 10.0.0.0/16 dev eth0"
		echo "route add 198.18.0.1/32 dev eth0"
		echo "route add 198.18.2.0/24 dev eth0"
	} | ip -n out_direct -batch - || die "can't set up out_direct"
}

# talk CHECKS ARG...
talk()
{
	tap_relay "$1" < <(/usr/bin/python3 -I -S "$SELFTESTS/peers/ftp_talk.py" \
		"${@:2}" 2>&1)
}

need nft nsenter ip /usr/bin/python3
modprobe -a nf_nat_ftp 2>/dev/null
echo 65536 >/proc/sys/net/netfilter/nf_conntrack_expect_max ||
	die "no expectations"

if [ -n "$cases" ]; then
	plan "$(grep -c '^= ' "$cases")"
else
	plan $(($(grep -c '^= ' "$CASES") + 7))
fi
load_appgw attach=0 quota_host=0 quota_total=0
net_remove
direct
routed intree
routed ours

# attaches YES_OR_NO
attaches()
{
	in_ns gw_ours /usr/bin/python3 -I -S "$SELFTESTS/peers/genl.py" \
		set attach="$1" || die "can't set the policy"
}

if [ -n "$cases" ]; then
	attaches 1
	talk "$(grep -c '^= ' "$cases")" --cases "$cases" "${args[@]}"
	exit
fi
talk 1 --count 10 --no-help
attaches 1
talk "$(grep -c '^= ' "$CASES")" --cases "$CASES"
talk 6 "${args[@]}"
note "took $SECONDS s"
