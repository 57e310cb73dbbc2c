#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# MSN Messenger's clients send files to each other through NAT and a firewall that
# knows nothing but "established,related": by MSNFTP, and by the direct
# connections of MSNSLP. They verify every length that they are told.
#
#	alice, in ---- gw (nf_appgw, appgwd) ---- out, bob and the switchboard
#
# usage: msn_transfer.sh [RUN...]		see run_NAME below

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/msn.sh"
source "$SELFTESTS/lib/msn_peers.sh"

RUNS="open masq meeting dnat both no_daemon no_module"

declare -A CHECKS=([open]=2 [masq]=16 [meeting]=3 [dnat]=2 [both]=4
	[no_daemon]=4 [no_module]=4)

# What either way is told to have the client inside listen
FTP="--method=msnftp"
SLP="--method=slp --nonce=plain"

# arrives NS NS WORD...: the file does, both are content, and nothing is left
# open
arrives()
{
	local words=${*:3}

	# shellcheck disable=SC2086
	peers_transfer "$1" "$2" $words && cmp "$PEERS_FILE" "$PEERS_GOT" &&
		wait_for 20 expect_count 0 || {
		peers_said switchboard inviter receiver
		tail -n 12 "$APPGWD_LOG"
		return 1
	}
}

# fails NS NS WORD...: they understand each other, but no connection comes up
fails()
{
	local words=${*:3}

	# shellcheck disable=SC2086
	! peers_transfer "$1" "$2" $words --limit=6 && [ ! -s "$PEERS_GOT" ] &&
		grep -q '^announced:' "$WORK/inviter" "$WORK/receiver" || {
		peers_said switchboard inviter receiver
		return 1
	}
}

run_open()
{
	appgwd_stop
	scene open
	check "without a router's help: MSNFTP" arrives in out "$FTP"
	check "without a router's help: MSNSLP" arrives out in "$SLP"
}

# alice is inside, bob where the switchboard is
run_masq()
{
	local in="inviter:--internal=self inviter:--external=none"
	local from="receiver:--want=${IP4[wan]}" to="inviter:--want=${IP4[wan]}"

	msn_scene masq
	check "MSNFTP: the inviter inside listens" arrives in out "$FTP $from"
	check "MSNFTP: it knows its public address" arrives in out \
		"$FTP inviter:--external=${IP4[wan]} $from"
	check "MSNFTP: and names its own beside it" arrives in out \
		"$FTP inviter:--external=${IP4[wan]} inviter:--internal=self inviter:--portx=7000 $from"
	check "MSNFTP: the receiver inside listens" arrives out in \
		"$FTP --listener=receiver $to"
	check "MSNFTP: chat quotes an invitation before" arrives in out \
		"$FTP --quote $from"
	check "MSNFTP: seven bytes a segment" arrives in out \
		"$FTP --split=7 switchboard:--split=7 $from"
	check "MSNFTP: together" arrives in out \
		"$FTP --coalesce switchboard:--coalesce $from"
	check "MSNSLP: the inviter inside listens" arrives in out \
		"$SLP --listener=inviter $in $from"
	check "MSNSLP: and says so in its request" arrives in out \
		"$SLP --listener=inviter --in-request $in $from"
	check "MSNSLP: the receiver inside listens" arrives out in "$SLP $to"
	check "MSNSLP: it knows its public address" arrives out in \
		"$SLP receiver:--external=${IP4[wan]} $to"
	check "MSNSLP: seven bytes a segment" arrives out in \
		"$SLP --split=7 switchboard:--split=7 $to"
	check "MSNSLP: together" arrives out in \
		"$SLP --coalesce switchboard:--coalesce $to"
	check "MSNSLP: backwards" arrives out in "$SLP --reversed $to"
	check "MSNSLP: in parts" arrives out in \
		"$SLP --chunk=250 receiver:--internal=self,192.168.100.100 $to"
	# as most routers do
	in_ns gw nft insert rule inet test forward iifname lan accept
	check "MSNFTP: the one outside listens" arrives in out \
		"$FTP --listener=receiver"
}

run_meeting()
{
	msn_scene masq
	check "NetMeeting: the inviter inside is called" arrives in out \
		"--method=netmeeting receiver:--want=${IP4[wan]}"
	check "NetMeeting: the receiver inside is called" arrives out in \
		"--method=netmeeting --listener=receiver inviter:--want=${IP4[wan]}"
	check "CANCEL closes what was announced" cancelled
}

cancelled()
{
	peers_transfer in out "$FTP" --cancel=tried && expect_count 0 || {
		peers_said switchboard inviter receiver
		return 1
	}
}

# The switchboard is inside, and alice on its host. What she says doesn't come
# through the router but from the switchboard, which could say it of anybody.
run_dnat()
{
	msn_scene dnat
	in_ns gw nft add rule inet test nat_out oifname wan masquerade
	check "the switchboard inside: MSNFTP" arrives out in "$FTP"
	check "the switchboard inside: MSNSLP" arrives in out "$SLP"
}

# alice, in ---- gw ---- out ---- far, bob; the switchboard is in net, beyond out
run_both()
{
	appgwd_stop
	say close >/dev/null
	setup_gw far
	net_namespace net
	net_link out mid net eth0
	ip -n out addr add 198.51.100.1/24 dev mid
	ip -n out link set mid up
	ip -n net link set lo up
	ip -n net link set eth0 up
	ip -n net addr add 198.51.100.2/24 dev eth0
	ip -n net route add default via 198.51.100.1
	ip -n gw route add 198.51.100.0/24 via "${IP4[out]}"
	FAMILY=4
	firewall gw masq=wan
	in_ns out nft add table inet test
	in_ns out nft add chain inet test nat_out \
		'{ type nat hook postrouting priority 100; }'
	in_ns out nft add rule inet test nat_out ip saddr 192.168.7.0/24 \
		masquerade
	SERVER=net TARGET=198.51.100.2
	appgwd_start NS=out --queue 3 --control "$WORK/control.out" ||
		die "appgwd does not listen"
	far_daemon=$APPGWD_PID
	appgwd_start --queue 3 || die "appgwd does not listen"
	# as most routers do
	in_ns gw nft insert rule inet test forward iifname lan accept
	check "two routers: MSNFTP" arrives in far \
		"$FTP receiver:--want=${IP4[wan]}"
	check "two routers: MSNFTP, the other way" arrives far in \
		"$FTP receiver:--want=198.51.100.1"
	check "two routers: MSNSLP" arrives far in \
		"$SLP inviter:--want=${IP4[wan]}"
	check "two routers: MSNSLP, the other way" arrives in far \
		"$SLP inviter:--want=198.51.100.1"
	kill "$far_daemon"
}

# helpless WHAT: nothing comes in from outside
helpless()
{
	scene masq
	check "$1: MSNFTP" fails in out "$FTP"
	check "$1: MSNFTP, the receiver inside listens" fails out in \
		"$FTP --listener=receiver"
	check "$1: MSNSLP" fails out in "$SLP"
	check "$1: MSNSLP, in parts" fails out in "$SLP --chunk=250"
}

run_no_daemon()
{
	appgwd_stop
	helpless "without the daemon"
}

run_no_module()
{
	appgwd_stop
	say close >/dev/null
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	helpless "without the module"
	load_appgw
}

need nft conntrack nsenter ip appgwd appgwctl /usr/bin/python3
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $RUNS
daemon_parts run_ "$@"
