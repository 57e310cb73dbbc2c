#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What hosts answer by unicast to a question by broadcast or multicast comes in, where
# only answers do: from the network that was asked, and from where was asked; for its
# time, and to who has asked.
#
#	in, in2 ---- gw (nf_appgw)		see lib/discovery.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"
# shellcheck source=selftests/lib/discovery.sh
source "$SELFTESTS/lib/discovery.sh"

PARAM=/sys/module/nf_appgw/parameters/discovery

# answered WORD [6]: both hosts are heard, and nothing else
answered()
{
	local want=$GOOD opts=()

	[[ $1 != ssdp* ]] || want=$ANY
	[ "$1" != mdns-qu ] || opts=(port=5353)
	fresh
	heard "$want" ask gw dev=lan good=2 limit=8 "${opts[@]}" \
		"$(group "$@")" "$1"
}

# unanswered WORD [6]: each of the hosts' ten datagrams is dropped
unanswered()
{
	local opts=()

	[[ $1 != mdns-* ]] || opts=(port=5353)
	fresh
	heard '' ask gw dev=lan limit=0.5 "${opts[@]}" "$(group "$@")" "$1" &&
		wait_for 5 dropped gw 10 && expect_count 0
}

# ---- what comes in

open_checks()
{
	local word

	for word in netbios netbios-status ssdp mdns mdns-qu wsd slp snmp \
		    wsd-resolve; do
		check "$word" answered $word
	done
	for word in ssdp mdns mdns-qu wsd slp; do
		check "$word, IPv6" answered $word 6
	done
	check "IPv6, from its address of the network" heard "$ANY" \
		ask gw dev=lan from="${IP6[lan]}" good=2 limit=8 ff05::c ssdp
	check "each was counted" test "$(counter discovery)" -ge 12
	check "to 255.255.255.255" all_of fresh \; heard "$GOOD" \
		ask gw from="$LAN" good=2 limit=8 255.255.255.255 netbios
	ip -n gw addr del "$LAN/24" dev lan
	ip -n gw addr add "$LAN/24" brd + dev lan
	check "an interface with a broadcast address" answered netbios
	ip -n gw addr add 10.0.1.9/32 dev lan
	check "from an address of its own that is no network" all_of fresh \; \
		heard "$GOOD" ask gw from=10.0.1.9 dev=lan good=2 limit=8 \
		239.255.255.250 wsd
	check "from another interface's address" all_of fresh \; \
		heard "$GOOD" ask gw from="${IP4[wan]}" dev=lan good=2 limit=8 \
		$BROADCAST netbios
	check "asked three times" all_of fresh \; heard "$GOOD" \
		ask gw dev=lan times=3 good=2 limit=8 224.0.0.251 mdns
	in_ns gw nft add table ip nat
	in_ns gw nft "add chain ip nat out { type nat hook postrouting priority 100; }"
	in_ns gw nft "add rule ip nat out udp dport 3702 snat to $LAN:40000"
	check "from a port that NAT has chosen" answered wsd
	in_ns gw nft delete table ip nat
	plain_host
}

# A host with one interface is no other case.
plain_host()
{
	place_host
	check "a plain host asks" all_of fresh \; heard "in elsewhere in good" \
		ask in2 dev=eth0 good=1 limit=8 239.255.255.250 ssdp
}

# ---- what stays out

shut_checks()
{
	local word

	for word in netbios-answer ssdp-notify ssdp-garbage mdns-answer \
		    wsd-hello slp-reply snmp-trap; do
		check "$word opens nothing" unanswered $word
	done
	check "a question by multicast alone from 5353" all_of fresh \; \
		heard '' ask gw dev=lan port=5353 limit=0.5 224.0.0.251 mdns \; \
		expect_count 0
	check "an answer before the question" early
	check "after its time nothing comes" late
	check "but until then" all_of fresh \; heard "$ANY" \
		ask gw dev=lan later=20 good=2 limit=9 239.255.255.250 ssdp
	check "even if entries don't live that long" short_lived
	check "a question prolongs the time of another" prolonged
	check "others' questions open nothing" others
	check "nor forwarded ones" forwarded
	check "none of the answers gets a helper" no_helper
}

# told_gw ADDRESS FROM PORT: a datagram from in to gw
told_gw()
{
	in_ns in /usr/bin/python3 -S -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", int(sys.argv[1])))
s.sendto(b"in told", (sys.argv[2], int(sys.argv[3])))' "$1" "$LAN" "$2"
}

early()
{
	fresh
	told_gw 3702 40001 && wait_for 5 dropped gw 1 &&
		heard "$GOOD" ask gw dev=lan port=40001 good=2 limit=8 \
			239.255.255.250 wsd
}

late()
{
	fresh
	kill -STOP "${HOST_PID[in2]}"
	heard "in good" ask gw dev=lan port=40001 good=1 limit=8 224.0.0.251 mdns
	wait_for 10 expect_count 0 || return
	in_ns gw nft reset counters >/dev/null
	# that one has not been heard yet
	kill -CONT "${HOST_PID[in2]}"
	wait_for 5 dropped gw 5
}

short_lived()
{
	local rc

	in_ns gw sysctl -qw net.netfilter.nf_conntrack_udp_timeout=1
	fresh
	heard "$ANY" ask gw dev=lan later=25 good=2 limit=9 239.255.255.250 \
		ssdp-mx2
	rc=$?
	in_ns gw sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30
	return $rc
}

# The first has three seconds, and is answered after four.
prolonged()
{
	fresh
	ask gw dev=lan port=40001 limit=2 later=99 239.255.255.250 ssdp
	heard "$ANY" ask gw dev=lan port=40001 good=2 limit=9 later=20 \
		239.255.255.250 ssdp
}

# What a host asks everybody is a question of that host's, not of this machine's.
others()
{
	local n

	in_ns gw nft insert rule inet shut input udp dport 137 counter accept
	fresh
	n=$(counter discovery)
	ask in from="${IP4[in]}" limit=0.2 $BROADCAST netbios
	wait_for 5 came 137 && expect_count 0 && counter_is discovery "$n"
}

came()
{
	in_ns gw nft list chain inet shut input |
		grep -q "udp dport $1 counter packets [1-9]"
}

forwarded()
{
	local n

	fresh
	n=$(counter discovery)
	in_ns gw sysctl -qw net.ipv4.conf.all.bc_forwarding=1 \
		net.ipv4.conf.lan.bc_forwarding=1
	ask in limit=0.2 203.0.113.255 netbios
	wait_for 5 left 137 && expect_count 0 && counter_is discovery "$n"
}

# left PORT: a datagram to it has left gw
left()
{
	in_ns gw conntrack -L -p udp --orig-port-dst "$1" 2>/dev/null | grep -q .
}

no_helper()
{
	fresh
	heard "$GOOD" ask gw dev=lan good=2 limit=8 224.0.0.251 mdns &&
		in_ns gw conntrack -L -p udp 2>/dev/null >"$WORK/entries" &&
		[ "$(grep -c "src=10.0.1.[23] dst=$LAN sport=5353" \
			"$WORK/entries")" -eq 2 ] &&
		[ "$(grep -c helper= "$WORK/entries")" -eq 1 ]
}

# ---- how many, and who decides

# flood: more than there may be, from as many ports
flood()
{
	local open

	fresh
	ask gw dev=lan sockets=200 later=99 224.0.0.251 mdns
	open=$(in_ns gw conntrack -L expect 2>/dev/null | grep -c dport)
	echo "$open are open"
	[ "$open" -ge 16 ] && [ "$open" -le 64 ] &&
		[ "$(counter refused_quota)" -ge 136 ]
}

limit_checks()
{
	check "a program asks from 200 ports" flood
	check "FTP has room beside" room_beside
	check "their time over, another may ask" all_of wait_for 10 \
		answered wsd
}

# What may be expected in all is four times as much.
room_beside()
{
	local open

	open=$(in_ns gw conntrack -L expect 2>/dev/null | grep -c dport)
	[ $((open * 4)) -le "$(cat /proc/sys/net/netfilter/nf_conntrack_expect_max)" ]
}

policy_checks()
{
	check "all are on" ctl_json "d['discovery'] == ['netbios', 'ssdp', \
		'mdns', 'wsd', 'slp', 'snmp']" policy get
	check "wsd alone" all_of ctl policy set discovery=wsd \; \
		answered wsd \; unanswered ssdp \; unanswered mdns-qu
	check "none" all_of ctl policy set discovery=none \; unanswered wsd
	check "dry_run: counted, not opened" all_of \
		ctl policy set discovery=ssdp dry_run=1 \; counted ssdp \; \
		expect_count 0
	check "all of it" all_of ctl policy set dry_run=0 \
		discovery=netbios,ssdp,mdns,wsd,slp,snmp \; answered netbios
	check "without attach" all_of ctl policy set attach=0 \; unanswered wsd
	check "an administrator's own helper" own_helper
	load_appgw discovery=slp,snmp
	place_router
	check "the parameter" all_of ctl_json "d['discovery'] == ['slp', 'snmp']" \
		policy get \; test "$(cat $PARAM)" = slp,snmp \; \
		unanswered mdns-qu \; answered snmp
	unload_appgw
	place_router
	for word in ssdp mdns-qu wsd; do
		check "without the module: $word" unanswered $word
	done
}

counted()
{
	local n

	n=$(counter discovery)
	unanswered "$1" && counter_is discovery $((n + 1))
}

# It is netbios-ns that lets in what it does, and we keep out of it.
own_helper()
{
	ctl policy set attach=1
	modprobe nf_conntrack_netbios_ns || return
	in_ns gw nft -f - <<-EOF
	table ip own {
		ct helper nb { type "netbios-ns" protocol udp; }
		chain out {
			type filter hook output priority -150;
			udp dport 137 ct helper set "nb"
		}
	}
	EOF
	ask gw dev=lan limit=0.2 $BROADCAST netbios
	in_ns gw conntrack -L -p udp --orig-port-dst 137 2>/dev/null |
		grep helper=netbios-ns && [ "$(counter foreign_helper)" -ge 1 ]
}

# Conntrack's own helper forgets what is expected with the module; ours does, too.
unload_checks()
{
	ask gw dev=lan limit=0.2 later=99 239.255.255.250 wsd
	check "unloaded while a question is open" all_of expect_count 1 \; \
		unload_appgw \; expect_count 0
}

parts=(open shut limit policy unload)
declare -A CHECKS=([open]=23 [shut]=16 [limit]=3 [policy]=11 [unload]=1)

need nft conntrack python3 appgwctl
[ $# -eq 0 ] || parts=("$@")
plan_parts 0 "${parts[@]}"
for part in "${parts[@]}"; do
	load_appgw
	place_router
	"${part}_checks"
done
note "took $SECONDS s"
