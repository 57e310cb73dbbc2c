#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The ports in PNA's hello and reply are rewritten where they stand; datagrams
# come in on them when the server has replied, and from nowhere else.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: pna.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"

IN=${IP4[in]}
WAN=${IP4[wan]}
OUT=${IP4[out]}
OTHER=203.0.113.3	# another host's, or so it looks
PORT=7000		# the client's, and the next one for what it asks for again
SERVER_PORT=6256
PNA_PORT=7070
CONTROL_PORT=$PNA_PORT	# read by lib/net.sh

# pna_scene TOPOLOGY: with a daemon
pna_scene()
{
	appgwd_stop
	scene "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	[ "$FAMILY" = 6 ] || ip -n out addr add $OTHER/24 dev eth0
	appgwd_start --queue 3 || die "appgwd does not listen"
}

pna_connected()
{
	say close c s &&
		say listen pna "$SERVER" $PNA_PORT >/dev/null &&
		say dial c "$CLIENT" "$TARGET" $PNA_PORT &&
		say accept s pna >/dev/null
}

# ---- what is said; all bytes as "say" has them

# number N: two bytes
number()
{
	printf '\\x%02x\\x%02x' $(($1 >> 8)) $(($1 & 255))
}

# hello OPTION...: each a number and its data's
hello()
{
	local id port

	printf '%s' 'PNA\x00\x0b'
	printf '%s' '\x00\x0a\x00\x00' '\x00\x03\x00\x04abcd'
	while [ $# -gt 0 ]; do
		id=$1 port=$2
		shift 2
		number "$id"
		number 2
		number "$port"
	done
	printf '%s' '\x00\x10\x00\x01x' '\x00\x00' 'P\x84\x1f'
}

# reply [PORT]: 19 bytes, with a port or without
reply()
{
	if [ $# -gt 0 ]; then
		printf '%s' 'PNA\x00\x0b\x01\x02\x03\x04\x05\x06\x00\x07'
		number "$1"
	else
		printf '%s' 'PNA\x00\x0b\x01\x02\x03\x04\x05\x06\x00\x03ab'
	fi
	printf '%s' 'tail'
}

# asks HELLO [AS]: on a connection of its own
asks()
{
	pna_connected && pass c s "$1" "${2-$1}"
}

# agrees HELLO REPLY: both pass as they are
agrees()
{
	asks "$1" && pass s c "$2"
}

# ends INSIDE PORT OUTSIDE PORT [bind=ADDRESS]: sockets i0, i1, o0, o1 on each
# host's port and the one behind it
ends()
{
	local i

	say close i0 i1 o0 o1 other
	for i in 0 1; do
		udp i$i "$1" $(($2 + i)) &&
			udp o$i "$3" $(($4 + i)) "${@:5}" || return
	done
}

# Through masquerade: to one port, from another one of the server's, and back
media_comes()
{
	ends in $PORT out 6900 bind=$OUT &&
		comes o0 $WAN $PORT i0 "$OUT 6900" &&
		comes i0 $OUT 6900 o0 "$WAN $PORT"
}

# to the other port, from the one that the server has named, and back
robust_comes()
{
	udp o1 out $SERVER_PORT bind=$OUT &&
		comes o1 $WAN $((PORT + 1)) i1 "$OUT $SERVER_PORT" &&
		comes i1 $OUT $SERVER_PORT o1 "$WAN $((PORT + 1))"
}

nothing_comes()
{
	stays_out o0 $WAN $PORT i0 && stays_out o1 $WAN $((PORT + 1)) i1
}

# closed: what came, comes no more when the connection has ended
closed()
{
	say close c && say end s && say close s &&
		wait_for 20 nothing_comes && expect_count 0
}

# passes HELLO REPLY [COUNTER=N...]: all is as it is, and nothing opens; those
# counters move, and no others
passes()
{
	local before

	pna_connected && before=$(counters) && pass c s "$1" &&
		pass s c "$2" && ends in $PORT out 6900 bind=$OUT &&
		nothing_comes && expect_count 0 &&
		counters_moved "$before" opened=0 "${@:3}"
}

# ---- a client inside

masq()
{
	pna_scene masq
	check "a port that is free stays" asks "$(hello 1 $PORT)"
	check "nothing comes before the reply" all_of \
		ends in $PORT out 6900 bind=$OUT \; nothing_comes
	check "nor does the reply change" pass s c "$(reply)"
	check "what comes from elsewhere stays out" all_of \
		udp other out 6900 bind=$OTHER \; \
		stays_out other $WAN $PORT i0 \; \
		stays_out o1 $WAN $((PORT + 1)) i1
	check "datagrams come, both ways" media_comes
	check "what is said behind isn't read" behind
	check "nothing comes when the connection has ended" closed
	check "two ports, and one of the server's" agrees \
		"$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)"
	check "datagrams come to both" all_of media_comes \; robust_comes
	check "until the connection ends" closed
	check "the same port twice" agrees "$(hello 7 $PORT 1 $PORT)" \
		"$(reply $SERVER_PORT)"
	check "is one" all_of media_comes \; \
		stays_out o1 $WAN $((PORT + 1)) i1
	check "a second port of 0 is none" agrees "$(hello 1 $PORT 7 0)" \
		"$(reply $SERVER_PORT)"
	check "datagrams come to the first" media_comes
}

behind()
{
	local before

	before=$(counters) && pass c s "$(hello 1 7300)" &&
		pass s c "$(reply 6300)" && expect_count 0 &&
		counters_moved "$before" opened=0 queued=0
}

# ---- ports that are taken

# public_port [NOT]: of the only pinhole, or of the one that has another port
public_port()
{
	expectations | awk -v other="${1:-0}" '{
		for (i = 1; i <= NF; i++)
			if (sub(/^dport=/, "", $i)) {
				if ($i != other)
					print $i
				next
			}
	}'
}

taken()
{
	pna_scene masq
	udp service gw $PORT bind=$WAN
	check "a port that the router has: another one" moved 1
	check "datagrams come to it" moved_media 6900
	check "the second one likewise" moved 7
	check "datagrams come to that, too" moved_media $SERVER_PORT
	say close service
}

# moved OPTION: the port in it becomes another one, which is in PUBLIC then; the
# reply passes as it is
moved()
{
	local text

	pna_connected && say send c "$(hello "$1" $PORT)" || return
	wait_for 20 expect_count 1 || return
	PUBLIC=$(public_port)
	echo "$PORT is $PUBLIC outside"
	[ "$PUBLIC" -ne $PORT ] && text=$(hello "$1" "$PUBLIC") &&
		say want s "$text" && pass s c "$(reply $SERVER_PORT)"
}

moved_media()
{
	ends in $PORT out "$1" bind=$OUT &&
		comes o0 $WAN "$PUBLIC" i0 "$OUT $1" &&
		comes i0 $OUT "$1" o0 "$WAN $PUBLIC" &&
		stays_out o1 $WAN "$PUBLIC" i0
}

# ---- a server inside

dnat()
{
	local text

	pna_scene dnat
	check "dnat: all ports stay" agrees \
		"$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)"
	check "dnat: datagrams go out, both ways" all_of \
		ends in $SERVER_PORT out $PORT bind=$OUT \; \
		comes i1 $OUT $PORT o0 \; \
		comes i0 $OUT $((PORT + 1)) o1 "$WAN $SERVER_PORT" \; \
		comes o1 $WAN $SERVER_PORT i0 "$OUT $((PORT + 1))"
	check "dnat: the client may begin" dnat_client_first
	check "dnat: others stay out" all_of \
		udp other out 0 bind=$OTHER \; \
		stays_out other $WAN $SERVER_PORT i0
	udp service gw $SERVER_PORT bind=$WAN
	check "dnat: a server's port that the router has: another one" \
		dnat_moved
	check "dnat: the client's datagrams come to it" all_of \
		ends in $SERVER_PORT out $PORT bind=$OUT \; \
		comes o1 $WAN "$PUBLIC" i0 "$OUT $((PORT + 1))" \; \
		comes i0 $OUT $((PORT + 1)) o1 "$WAN $PUBLIC"
	say close service
}

dnat_client_first()
{
	agrees "$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)" &&
		ends in $SERVER_PORT out $PORT bind=$OUT &&
		comes o1 $WAN $SERVER_PORT i0 "$OUT $((PORT + 1))" &&
		comes i0 $OUT $((PORT + 1)) o1 "$WAN $SERVER_PORT"
}

dnat_moved()
{
	local text

	asks "$(hello 7 $((PORT + 1)))" &&
		say send s "$(reply $SERVER_PORT)" || return
	wait_for 20 expect_count 2 || return
	PUBLIC=$(public_port $((PORT + 1)))
	echo "$SERVER_PORT is $PUBLIC outside"
	[ "$PUBLIC" -ne $SERVER_PORT ] && text=$(reply "$PUBLIC") &&
		say want c "$text"
}

# ---- cut

# cuts FROM TO TEXT BEFORE...: in two pieces, cut at each place in turn, each on
# a connection where BEFORE is true; it opens something
cuts()
{
	local i want=$4

	split_text "$3"
	for ((i = 1; i < ${#UNITS[@]}; i++)); do
		"${@:5}" && say send "$1" "$(joined 0 $i)" &&
			say send "$1" "$(joined $i)" && say want "$2" "$3" &&
			expect_count "$want" || {
			echo "cut at $i: $(joined 0 $i)"
			return 1
		}
	done
	echo "cut at $i places"
}

cut()
{
	local text

	pna_scene masq
	text=$(hello 1 $PORT)
	# what comes behind the end isn't waited for
	check "a hello cut at every place" cuts c s "${text%P*}" 1 \
		pna_connected
	check "a reply cut at every place" cuts s c "$(reply $SERVER_PORT)" 2 \
		asks "$(hello 7 $PORT)"
	check "one byte a segment" all_of pna_connected \; \
		bytes c s "$text" "$text" \; \
		bytes s c "$(reply)" "$(reply)"
	check "datagrams come" media_comes
}

# ---- what opens nothing

refuse()
{
	local long

	pna_scene masq
	check "a port of the system's" passes "$(hello 1 80)" "$(reply)" \
		refused_privileged=1
	check "HTTP" passes "POST / HTTP/1.1\r\n\r\n$(hello 1 $PORT)" \
		"$(reply)" stopped_not_client=1
	check "another version" passes "PNA\x01\x00$(hello 1 $PORT)" \
		"$(reply)" stopped_not_client=1
	long="PNA\x00\x0b\x00\x01\x00\x02$(number $PORT)\x00\x03\x01\xf0"
	check "an option that is too long" passes \
		"$long$(printf 'x%.0s' {1..496})\x00\x00" "$(reply)" \
		stopped_not_client=1
	check "a port given twice" passes "$(hello 1 $PORT 1 $PORT)" \
		"$(reply)" stopped_not_client=1
	check "an answer that is none" answer_is_none
	check "a server that speaks first" speaks_first
	check "without a reply" all_of asks "$(hello 1 $PORT)" \; \
		ends in $PORT out 6900 bind=$OUT \; nothing_comes
}

answer_is_none()
{
	local before

	pna_connected && before=$(counters) && pass c s "$(hello 1 $PORT)" &&
		pass s c 'HTTP/1.0 400 no\r\n\r\n' && pass s c "$(reply)" &&
		ends in $PORT out 6900 bind=$OUT && nothing_comes &&
		counters_moved "$before" opened=1 stopped_not_server=1
}

speaks_first()
{
	local before

	pna_connected && before=$(counters) && pass s c 'hello\r\n' &&
		pass c s "$(hello 1 $PORT)" && pass s c "$(reply)" &&
		ends in $PORT out 6900 bind=$OUT && nothing_comes &&
		counters_moved "$before" opened=0 stopped_not_server=1
}

# ---- IPv6

ipv6()
{
	local in=${IP6[in]} wan=${IP6[wan]} out=${IP6[out]}

	pna_scene route6
	check "IPv6: nothing is translated" agrees \
		"$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)"
	check "IPv6: datagrams come, both ways" media6 "$in"
	check "IPv6: others stay out" all_of udp other out 0 \; \
		stays_out other "$in" $((PORT + 2)) i0
	pna_scene masq6
	check "NAT66: free ports stay" agrees \
		"$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)"
	check "NAT66: datagrams come, both ways" media6 "$wan"
}

# media6 ADDRESS: the client's, as it is seen from outside
media6()
{
	ends in $PORT out $((SERVER_PORT - 1)) &&
		comes o0 "$1" $PORT i0 "${IP6[out]} $((SERVER_PORT - 1))" &&
		comes i0 "${IP6[out]}" $((SERVER_PORT - 1)) o0 "$1 $PORT" &&
		comes o1 "$1" $((PORT + 1)) i1 "${IP6[out]} $SERVER_PORT" &&
		comes i1 "${IP6[out]}" $SERVER_PORT o1 "$1 $((PORT + 1))"
}

# ---- nobody helps: what is said passes, and nothing comes

helpless()
{
	appgwd_stop
	scene masq
	check "without the daemon all is said as it is" agrees \
		"$(hello 1 $PORT 7 $((PORT + 1)))" "$(reply $SERVER_PORT)"
	check "and no datagrams come" all_of \
		ends in $PORT out 6900 bind=$OUT \; nothing_comes
	scene open
	check "without NAT and firewall they come" all_of \
		agrees "$(hello 1 $PORT)" "$(reply)" \; \
		ends in $PORT out 6900 bind=$OUT \; \
		comes o0 "$IN" $PORT i0 "$OUT 6900"
}

declare -A CHECKS=([masq]=14 [taken]=4 [dnat]=6 [cut]=4 [refuse]=8 [ipv6]=5
	[helpless]=3)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- masq taken dnat cut refuse ipv6 helpless
daemon_parts "" "$@"
