# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Those who ask all others, those who answer, and the firewall between them.
#
#	in  eth0 ---+
#	            +--- lan  gw (asks; its input policy drops)  wan --- eth0  out
#	in2 eth0 ---+
#
#	source "$SELFTESTS/lib/discovery.sh"

# Of no network here
FOREIGN4=192.0.2.9
FOREIGN6=2001:db8:9::9

# shut NS: what comes in is dropped, but for answers
shut()
{
	GATEWAYS=("$1")
	in_ns "$1" nft -f - <<-EOF || die "the firewall of $1 does not load"
	table inet shut {
		chain input {
			type filter hook input priority 0; policy drop;
			iifname lo accept
			meta l4proto { icmp, ipv6-icmp } accept
			ct state established,related counter accept
			meta l4proto udp counter name dropped comment "dropped"
		}
		counter dropped { }
	}
	EOF
}

# dropped NS N: as many datagrams at least have been, since its firewall was loaded
dropped()
{
	local n

	n=$(in_ns "$1" nft list counter inet shut dropped |
		sed -n 's/.*packets \([0-9]*\) .*/\1/p')
	[ "${n:-0}" -ge "$2" ]
}

# ask NS [NAME=VALUE]... ADDRESS WORD...: prints what comes, see discovery_ask.py
ask()
{
	local ns=$1
	shift

	in_ns "$ns" env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -S \
		"$SELFTESTS/peers/discovery_ask.py" "$@"
}

# Process that answers in a namespace
declare -A HOST_PID=()

# start_host NS: answers there
start_host()
{
	local ns=$1

	ip -n "$ns" addr add $FOREIGN4/32 dev lo
	ip -n "$ns" addr add $FOREIGN6/128 dev lo nodad
	nsenter --net="/run/netns/$ns" -- env PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 -S "$SELFTESTS/peers/discovery_host.py" "$ns" \
		eth0 $FOREIGN4 $FOREIGN6 "$WORK/ready.$ns" \
		</dev/null >"$WORK/host.$ns" 2>&1 &
	HOST_PID[$ns]=$!
	disown
	wait_for 60 test -e "$WORK/ready.$ns" || {
		cat "$WORK/host.$ns"
		die "no host in $ns"
	}
}

# heard LINES CMD...: what CMD prints is just that, in one line
heard()
{
	local want=$1 got
	shift

	got=$("$@" | paste -sd' ')
	echo "heard: $got"
	[ "$got" = "$want" ]
}
