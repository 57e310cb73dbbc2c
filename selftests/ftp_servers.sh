#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the administrator has told of some servers holds in their sessions, and in no
# other's.
#
#	in, in2 ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# usage: ftp_servers.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/ftp_say.sh"

# A range of each kind, in the form in which the module tells them
ALL=10.0.1.2/32+loose=1+passive_ports=52000-52003+ftps_ports=50100-50109
ALL+=,10.0.1.0/24+loose=0+passive_ports=,2001:db8::/32+ftps_ports=

servers_of()
{
	seq -s, -f "10.0.0.%g/32+loose=1" "$1"
}

settings()
{
	local word

	act masq
	check "there are none at first" policy_is gw servers=
	check "set, and told again" all_of policy gw "servers=$ALL" \; \
		policy_is gw "servers=$ALL"
	check "the other namespaces have none" policy_is out servers=
	check "another value leaves them" all_of policy gw quota_host=5 \; \
		policy_is gw "servers=$ALL" quota_host=5
	check "16 of them" all_of policy gw "servers=$(servers_of 16)" \; \
		policy_is gw "servers=$(servers_of 16)"
	for word in 10.0.0.1/33+loose=1 10.0.0.1/24+loose=1 hex:0a00/8+loose=1 \
		+loose=1 10.0.0.1+passive_ports=80-90 \
		10.0.0.1+ftps_ports=50009-50000; do
		check "$word is refused" policy_refused gw EINVAL "servers=$word"
	done
	check "loose=2 is refused" policy_refused gw ERANGE \
		servers=10.0.0.1+loose=2
	check "17 are" policy_refused gw ENOSPC "servers=$(servers_of 17)"
	check "one that comes twice is" policy_refused gw EEXIST \
		servers=10.0.0.1+loose=1,10.0.0.2+loose=1,10.0.0.1+loose=0
	check "and none again" all_of policy gw servers= \; policy_is gw servers=
}

# Between hosts that have no NAT, a client may have a server's data sent to another
# one only if that server may.
loose()
{
	local near

	act route
	neighbours
	ip -n out addr add $OTHER/24 dev eth0
	fresh
	near=$(six $NEIGHBOUR $PORT)
	check "a server with loose=1: a neighbour's address opens" all_of \
		policy gw "servers=$OUT/32+loose=1" \; control \; \
		pass c s "PORT $near\r\n" \; \
		data_through out $NEIGHBOUR $PORT data
	check "not its privileged ports" \
		refused privileged c s "PORT $(six $NEIGHBOUR 1023)"
	fresh
	near=$(six $NEIGHBOUR $PORT)
	check "another server's session: refused" all_of \
		policy gw "servers=$OTHER/32+loose=1" \; \
		refused foreign c s "PORT $near"
	check "the smallest range holds: refused" all_of \
		policy gw "servers=0.0.0.0/0+loose=1,$OUT/32+loose=0" \; \
		refused foreign c s "PORT $near"
	check "a range that tells something else doesn't count" all_of \
		policy gw "servers=0.0.0.0/0+loose=1,$OUT/32+passive_ports=" \; \
		pass c s "PORT $near\r\n" \; \
		data_through out $NEIGHBOUR $PORT data
	fresh
	near=$(six $NEIGHBOUR $PORT)
	check "loose=0 for a server, 1 for all: refused" all_of \
		policy gw loose=1 "servers=$OUT/32+loose=0" \; \
		refused foreign c s "PORT $near"
	check "but fxp holds for it, too" all_of policy gw fxp=10.0.1.96/27 \; \
		pass c s "PORT $near\r\n" \; \
		data_through out $NEIGHBOUR $PORT data
	policy gw loose=0 fxp=

	act route6
	neighbours
	fresh
	check "IPv6: opens" all_of \
		policy gw "servers=${IP6[out]}/128+loose=1" \; control \; \
		pass c s "EPRT |2|fd00:1::99|$PORT|\r\n" \; \
		data_through out fd00:1::99 $PORT data
	check "IPv6: IPv4's range of everything doesn't count" all_of \
		policy gw servers=0.0.0.0/0+loose=1 \; \
		refused foreign c s "EPRT |2|fd00:1::99|$PORT|"
}

# Behind DNAT a server is known by the address that it has itself.
passive_ports()
{
	act dnat
	fresh
	check "passive_ports of a server: 227 is moved there" all_of \
		policy gw passive_ports=54000-54003 \
		"servers=$IN/32+passive_ports=52000-52003" \; control \; \
		passive 227 $PORT 52000 52003
	fresh
	check "of its public address: they don't count" all_of \
		policy gw "servers=$WAN/32+passive_ports=52000-52003" \; \
		passive 227 $PORT 54000 54003
	fresh
	check "empty for a server: anywhere" all_of \
		policy gw "servers=$IN/32+passive_ports=" \; \
		passive 227 $PORT $PORT $PORT
}

ftps_ports()
{
	act masq
	ip -n out addr add $OTHER/24 dev eth0
	say listen data out 50100 >/dev/null
	policy gw "servers=$OUT/32+ftps_ports=50100-50109"
	check "ftps_ports of a server: shut before AUTH" all_of \
		control \; say blocked in "$OUT" 50100
	check "open after it" all_of pass c s 'AUTH TLS\r\n' \; \
		pass s c '234 go ahead\r\n' \; \
		data_through in "$OUT" 50100 data
	check "another server's are shut" say blocked in $OTHER 50100
	check "other ports are, too" say blocked in "$OUT" 50110
	check "another server's range doesn't count" all_of \
		policy gw "servers=$OTHER/32+ftps_ports=50100-50109" \; \
		say blocked in "$OUT" 50100
	check "none for a server, some for all: shut" all_of \
		policy gw ftps_ports=50100-50109 "servers=$OUT/32+ftps_ports=" \; \
		say blocked in "$OUT" 50100
	check "for all: open" all_of policy gw servers= \; \
		say close data \; say listen data out 50100 \; \
		data_through in "$OUT" 50100 data
}

need nft conntrack nsenter ip
# Parts that may be named, and how many checks each makes
declare -A checks=([settings]=15 [loose]=9 [passive_ports]=3 [ftps_ports]=7)
parts=(settings loose passive_ports ftps_ports)
[ $# -eq 0 ] || parts=("$@")
total=0
for part in "${parts[@]}"; do
	total=$((total + ${checks[$part]:?no such part}))
done
plan $total
say_start
genl_start
load_appgw
for part in "${parts[@]}"; do
	$part
done
