# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Those who ask all others, those who answer, and the firewall between them.
#
#	in  eth0 ---+
#	            +--- lan  gw (asks; its input policy drops)  wan --- eth0  out
#	in2 eth0 ---+
#
# Or in2 asks, a host like any other.
#
#	source "$SELFTESTS/lib/discovery.sh"

LAN=${IP4[lan]}
BROADCAST=10.0.1.255
# What is heard of both hosts
GOOD="in good in2 good"
# SSDP's answers may come from another port
ANY="in elsewhere in good in2 elsewhere in2 good"

# Of no network here
FOREIGN4=192.0.2.9
FOREIGN6=2001:db8:9::9

# place_router: hosts that answer, and gw, which lets nothing else in
place_router()
{
	setup_gw in2
	rm -f "$WORK"/ready.*
	start_host in
	start_host in2
	shut gw
}

# place_host: then in2 answers no more, and is shut
place_host()
{
	kill "${HOST_PID[in2]}"
	# what comes from one's own address is dropped anyway
	ip -n in2 addr del $FOREIGN4/32 dev lo
	ip -n in2 addr del $FOREIGN6/128 dev lo
	shut in2
}

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

# fresh [NS]: nothing is known of what was asked, nor of what was dropped
fresh()
{
	in_ns "${1:-gw}" conntrack -F >/dev/null 2>&1
	in_ns "${1:-gw}" nft reset counters >/dev/null
}

# group WORD [6]: where that is asked
group()
{
	case $1${2:-} in
	netbios* | snmp*)	echo $BROADCAST ;;
	ssdp*6 | wsd*6)		echo ff02::c ;;
	mdns*6)			echo ff02::fb ;;
	slp*6)			echo ff05::116 ;;
	ssdp* | wsd*)		echo 239.255.255.250 ;;
	mdns*)			echo 224.0.0.251 ;;
	slp*)			echo 239.255.255.253 ;;
	esac
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
