#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An announcement of another host's address, of a privileged port or of numbers
# that don't add up passes byte for byte, opens nothing, and is counted.
#
#	in, 10.0.1.2 and .99 ---- gw (nf_appgw) ---- out	see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50000
IN=${IP4[in]}
NEIGHBOUR=10.0.1.99	# another inside host, as far as anyone can tell

# The reason why, and the line. "-" is for what is no announcement at all.
CLIENT_LINES="
	foreign		PORT 10,0,1,99,195,80
	foreign		PORT 203,0,113,2,195,80
	foreign		PORT 127,0,0,1,195,80
	foreign		PORT 0,0,0,0,195,80
	foreign		EPRT |1|10.0.1.99|50000|
	foreign		EPRT |2|fd00:1::2|50000|
	foreign		EPRT |2|::ffff:10.0.1.2|50000|
	privileged	PORT 10,0,1,2,0,22
	privileged	PORT 10,0,1,2,3,255
	privileged	PORT 10,0,1,2,0,0
	privileged	PORT 10,0,1,99,0,22
	privileged	EPRT |1|10.0.1.2|1023|
	privileged	EPRT |1|10.0.1.2|0|
	privileged	EPRT |1|10.0.1.2|00022|
	malformed	PORT 10,0,1,2,256,80
	malformed	PORT 10,0,1,2,195,336
	malformed	PORT 266,0,1,2,195,80
	malformed	PORT 10,0,1,2,451,80
	malformed	PORT 10,0,1,2,0,50000
	malformed	PORT 10,0,1,4294967298,195,80
	malformed	PORT 10,0,1,2,195,-1
	malformed	EPRT |1|10.0.1.2|65536|
	malformed	EPRT |1|10.0.1.2|99999|
	malformed	EPRT |1|10.0.1.2|115536|
	malformed	EPRT |1|10.0.1.2|4295017296|
	malformed	EPRT |1|10.0.1.2|-15536|
	malformed	EPRT |257|10.0.1.2|50000|
	malformed	EPRT |1|266.0.1.2|50000|
	malformed	PORT
	malformed	PORT 10,0,1,2,195
	malformed	PORT 10,0,1,2,195,80,1
	malformed	PORT 10,0,1,2,195,80 or so
	malformed	PORT 10.0.1.2,195,80
	malformed	PORT 10,,0,1,2,195,80
	malformed	PORT (10,0,1,2,195,80)
	malformed	EPRT |1|10.0.1.2|50000
	malformed	EPRT |1|10.0.1.2|50000||
	malformed	EPRT |1|10.0.1.2|
	malformed	EPRT |3|10.0.1.2|50000|
	malformed	EPRT |1|fd00:1::2|50000|
	malformed	EPRT |2|10.0.1.2|50000|
	malformed	EPRT 1|10.0.1.2|50000|
	malformed	EPRT |1!10.0.1.2|50000|
	-		PORTER 10,0,1,2,195,80
	-		SITE PORT 10,0,1,2,195,80
	-		227 go (10,0,1,2,195,80)
"
SERVER_LINES="
	foreign		227 go (10,0,1,99,195,80)
	foreign		227 go (203,0,113,2,195,80)
	privileged	227 go (10,0,1,2,0,22)
	privileged	227 go (10,0,1,2,3,255)
	privileged	229 go (|||22|)
	privileged	229 go (|||0|)
	malformed	227 go (10,0,1,2,256,80)
	malformed	227 go (10,0,1,2,195,336)
	malformed	227 go (266,0,1,2,195,80)
	malformed	227 go (10,0,1,2,195)
	malformed	227 go (10,0,1,2,195,80,1)
	malformed	227 go
	malformed	229 go (|||65536|)
	malformed	229 go (|||115536|)
	malformed	229 go (|||99999|)
	malformed	229 go (||50000|)
	malformed	229 go (|||50000)
	malformed	229 go |||50000|
	malformed	229 go (||!50000|)
	malformed	229 go (|1|10.0.1.2|50000|)
	-		2270 go (10,0,1,2,195,80)
	-		228 go (10,0,1,2,195,80)
	-		227go (10,0,1,2,195,80)
	-		EPRT |1|10.0.1.2|50000|
"

# refused FROM TO REASON LINE: the server is asked for its line before, and
# each side knows afterwards that everything has been answered
refused()
{
	local before moved=()

	case $1/$4 in
	s/229*) pass c s 'EPSV\r\n' || return ;;
	s/*) pass c s 'PASV\r\n' || return ;;
	esac
	before=$(counters)
	[ "$3" = - ] || moved=("refused_$3=1")
	pass "$1" "$2" "$4\r\n" && expect_count 0 &&
		counters_moved "$before" opened=0 lines=1 "${moved[@]}" &&
		pass s c '500 no\r\n'
}

# refuses FROM TO LINES
refuses()
{
	local reason line

	while read -r reason line; do
		[ -z "$reason" ] ||
			check "$reason: $line" refused "$1" "$2" "$reason" "$line"
	done <<<"$3"
}

# The neighbour has its own address, and out a way to it.
neighbour()
{
	ip -n in addr add $NEIGHBOUR/24 dev eth0
	ip -n out route add $NEIGHBOUR via "${IP4[wan]}"
	say listen data in $PORT >/dev/null
	say listen ssh in 22 >/dev/null
}

need nft conntrack nsenter ip
plan $(($(grep -c . <<<"$CLIENT_LINES$SERVER_LINES") + 14))
say_start
load_appgw

scene masq
need_control
refuses c s "$CLIENT_LINES"
check "what is right is still rewritten" all_of \
	pass c s "PORT $(six "$IN" $PORT)\r\n" \
		"PORT $(six "${IP4[wan]}" $PORT)\r\n" \; expect_count 1 $PORT

scene dnat
need_control
refuses s c "$SERVER_LINES"
check "what is right is still rewritten" all_of \
	pass c s 'PASV\r\n' \; pass s c "227 go ($(six "$IN" $PORT))\r\n" \
		"227 go ($(six "${IP4[wan]}" $PORT))\r\n" \; \
	expect_count 1 $PORT

# Without NAT, so that nothing but the pinhole is missing.
scene route
neighbour
need_control
check "a neighbour's port stays shut" all_of \
	refused c s foreign "PORT $(six $NEIGHBOUR $PORT)" \; \
	say blocked out $NEIGHBOUR $PORT
check "a privileged port stays shut" all_of \
	refused c s privileged "PORT $(six "$IN" 22)" \; \
	say blocked out "$IN" 22
check "the client's own opens" all_of \
	pass c s "PORT $(six "$IN" $PORT)\r\n" \; \
	data_through out "$IN" $PORT data
check "port 1024 is not privileged" all_of \
	pass c s "PORT $(six "$IN" 1024)\r\n" \; expect_count 1 1024

say close
load_appgw loose=1
scene route
neighbour
need_control
check "loose=1: a neighbour's port opens" all_of \
	pass c s "PORT $(six $NEIGHBOUR $PORT)\r\n" \; \
	pass s c '200 ok\r\n' \; \
	expect_count 1 $PORT \; say blocked out "$IN" $PORT \; \
	data_through out $NEIGHBOUR $PORT data
check "loose=1: not its privileged ports" all_of \
	refused c s privileged "PORT $(six $NEIGHBOUR 22)" \; \
	say blocked out $NEIGHBOUR 22
check "loose=1: nor the client's" all_of \
	refused c s privileged "PORT $(six "$IN" 1023)"
check "loose=1: nor the server's" all_of \
	refused s c privileged "229 go (|||22|)"
check "loose=1: nor numbers that wrap" all_of \
	refused c s malformed "EPRT |1|$NEIGHBOUR|115536|"
check "loose=1: nor an address of the other family" all_of \
	refused c s foreign "EPRT |2|fd00:1::99|$PORT|"

scene masq
need_control
check "loose=1: a foreign address is not rewritten" all_of \
	pass c s "PORT $(six 203.0.113.3 $PORT)\r\n" \; expect_count 1 $PORT
check "loose=1: the client's own is" all_of \
	pass c s "PORT $(six "$IN" $PORT)\r\n" \
		"PORT $(six "${IP4[wan]}" $PORT)\r\n" \; expect_count 1 $PORT
note "took $SECONDS s"
