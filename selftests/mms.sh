#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a client of MMS names as a funnel for datagrams is rewritten, with the lengths
# of the message; datagrams come in when the server has agreed to it, from the server
# alone, until the connection ends. VLC is one such client.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#	in2 ---/
#
# usage: mms.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/mms.sh"

IN=${IP4[in]}
IN2=${IP4[in2]}
WAN=${IP4[wan]}
OUT=${IP4[out]}
OTHER=203.0.113.3	# another host's, or so it looks
PORT=7000		# where VLC waits, whatever others do
MEDIA_PORT=5005		# of the server's
BEYOND=$((PORT + 1))

# mms_scene TOPOLOGY: with a daemon
mms_scene()
{
	appgwd_stop
	scene "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	[ "$FAMILY" = 6 ] || ip -n out addr add $OTHER/24 dev eth0
	appgwd_start --queue 3 || die "appgwd does not listen"
}

# asks [ADDRESS [AS]]: for a funnel to its own port, on a connection of its own
# shellcheck disable=SC2120 # parts pass some
asks()
{
	local address=${1:-$(ip_of in)} as=${2:-$(ip_of wan)}

	mms_connected && mms_asks c s "$address" $PORT "$as" $PORT
}

# ends INSIDE OUTSIDE [bind=ADDRESS]: sockets: i0 and i1 on the client's port and the
# next, o0 on one of the server's, r on the one that hears requests
ends()
{
	say close i0 i1 o0 r other
	udp i0 "$1" $PORT && udp i1 "$1" $BEYOND &&
		udp o0 "$2" $MEDIA_PORT "${@:3}" &&
		udp r "$2" "$MMS_PORT" "${@:3}"
}

masq_ends()
{
	ends in out bind=$OUT
}

media_comes()
{
	comes o0 $WAN $PORT i0 "$OUT $MEDIA_PORT" &&
		comes i0 $OUT $MEDIA_PORT o0 "$WAN $PORT"
}

nothing_comes()
{
	stays_out o0 $WAN $PORT i0 && stays_out r $WAN $PORT i0
}

# closed: what came, comes no more when the connection has ended
closed()
{
	say close c && say end s && say close s &&
		wait_for 20 nothing_comes && expect_count 0
}

# ---- a client inside

masq()
{
	mms_scene masq
	check "the public address is named, and lengths fit" asks
	check "nothing comes before the server agrees" all_of \
		masq_ends \; nothing_comes
	check "its answer passes as it is" pass s c "$MMS_AGREED"
	check "what comes from elsewhere stays out" all_of \
		udp other out 0 bind=$OTHER \; \
		stays_out other $WAN $PORT i0 \; \
		stays_out o0 $WAN $BEYOND i1
	check "datagrams come from any of its ports, both ways" media_comes
	check "what was lost is asked for from that port" \
		comes i0 $OUT $MMS_PORT r "$WAN $PORT"
	check "what is said behind passes as it is" behind
	check "what conntrack forgets comes in when the client speaks" \
		forgotten
	check "nothing comes when the connection has ended" closed
	check "a funnel that the server refuses" refused
	check "and another one on the same connection" again
	check "the way in is over with it, too" closed
	check "VLC's: a character behind the name's end" vlcs
}

# more messages of both, and what isn't any
behind()
{
	local text

	text=$(mms_message 0x00030007 "$(mms_zeros 24)")
	pass c s "$text" && pass s c "\x00\x01\x02 media" &&
		pass c s "$text$text" && pass s c "$MMS_AGREED"
}

forgotten()
{
	in_ns gw conntrack -D -p udp >/dev/null 2>&1
	stays_out o0 $WAN $PORT i0 &&
		pass c s "$(mms_message 0x00030007 "$(mms_zeros 24)")" &&
		media_comes
}

refused()
{
	local before

	asks && before=$(counters) && pass s c "$MMS_REFUSED" && masq_ends &&
		nothing_comes && expect_count 0 &&
		counters_moved "$before" rejected=1
}

again()
{
	mms_asks c s $IN $PORT $WAN $PORT && pass s c "$MMS_AGREED" &&
		media_comes
}

vlcs()
{
	mms_connected && mms_asks c s $IN $PORT $WAN $PORT '0\x00' &&
		pass s c "$MMS_AGREED" && masq_ends && media_comes
}

# ---- ports that are taken

# public_port [PORT]: of the pinhole that is neither for the server's port nor that one
public_port()
{
	expectations | awk -v server=$MMS_PORT -v other="${1:-0}" '{
		for (i = 1; i <= NF; i++)
			if (sub(/^dport=/, "", $i)) {
				if ($i != other && $i != server)
					print $i
				next
			}
	}'
}

taken()
{
	mms_scene masq
	udp service gw $PORT bind=$WAN
	check "a port that the router has: another one" moved
	check "what was lost is asked for from that one, first" all_of \
		masq_ends \; comes i0 $OUT $MMS_PORT r "$WAN $PUBLIC" \; \
		comes r $WAN "$PUBLIC" i0 "$OUT $MMS_PORT" \; \
		comes o0 $WAN "$PUBLIC" i0 "$OUT $MEDIA_PORT"
	check "another one again, and datagrams come to it" moved_media
	check "what was lost is asked for from that one" \
		comes i0 $OUT $MMS_PORT r "$WAN $PUBLIC"
	say close service
}

moved()
{
	mms_connected &&
		say send c "$(mms_funnel $IN $PORT)" || return
	wait_for 20 expect_count 1 || return
	PUBLIC=$(public_port)
	echo "$PORT is $PUBLIC outside"
	[ "$PUBLIC" -ne $PORT ] &&
		say want s "$(mms_renamed $IN $PORT $WAN "$PUBLIC")" &&
		pass s c "$MMS_AGREED"
}

moved_media()
{
	moved && masq_ends &&
		comes o0 $WAN "$PUBLIC" i0 "$OUT $MEDIA_PORT" &&
		stays_out o0 $WAN $PORT i0
}

# ---- two clients at the same port, of the same server

two()
{
	appgwd_stop
	say close >/dev/null
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=$OUT
	firewall gw masq=wan
	appgwd_start --queue 3 || die "appgwd does not listen"
	check "the first client has its port" all_of asks \; \
		pass s c "$MMS_AGREED" \; masq_ends
	check "the second one gets another" second
	check "each receives its own" all_of \
		media_comes \; udp j0 in2 $PORT \; \
		comes o0 $WAN "$PUBLIC" j0 "$OUT $MEDIA_PORT"
	check "each asks for what was lost" all_of \
		comes i0 $OUT $MMS_PORT r "$WAN $PORT" \; \
		comes j0 $OUT $MMS_PORT r "$WAN $PUBLIC"
	check "the first one ends" all_of say close c \; say end s \; \
		say close s \; wait_for 20 stays_out o0 $WAN $PORT i0
	check "the second one doesn't" \
		comes o0 $WAN "$PUBLIC" j0 "$OUT $MEDIA_PORT"
	check "the first comes back, and asks for what was lost" all_of asks \; \
		pass s c "$MMS_AGREED" \; \
		comes i0 $OUT $MMS_PORT r "$WAN $PORT"
}

second()
{
	CLIENT=in2 mms_connected c2 s2 &&
		say send c2 "$(mms_funnel $IN2 $PORT)" || return
	# that of the first, its server's, and this one
	wait_for 20 expect_count 3 || return
	PUBLIC=$(public_port $PORT)
	echo "$PORT is $PUBLIC outside"
	say want s2 "$(mms_renamed $IN2 $PORT $WAN "$PUBLIC")" &&
		pass s2 c2 "$MMS_AGREED"
}

# ---- a server inside

dnat()
{
	mms_scene dnat
	check "dnat: all is said as it is" all_of asks $OUT $OUT \; \
		pass s c "$MMS_AGREED"
	check "dnat: datagrams go out, and requests come in" all_of \
		ends out in bind=$IN \; \
		comes o0 $OUT $PORT i0 \; comes i0 "$WAN" $MMS_PORT r
	check "dnat: or requests come first" all_of asks $OUT $OUT \; \
		pass s c "$MMS_AGREED" \; ends out in bind=$IN \; \
		comes i0 $WAN $MMS_PORT r "$OUT $PORT"
	check "dnat: not from others" all_of udp other out 0 bind=$OTHER \; \
		stays_out other $WAN $MMS_PORT r
}

# ---- cut

# cut_funnel: in two pieces, cut at every other place in turn; unit/mms_scan.c has all
cut_funnel()
{
	local i text

	text=$(mms_renamed $IN $PORT $WAN $PORT)
	split_text "$(mms_funnel $IN $PORT)"
	for ((i = 1; i < ${#UNITS[@]}; i += 2)); do
		mms_connected && say send c "$(joined 0 $i)" &&
			say send c "$(joined $i)" && say want s "$text" &&
			expect_count 1 || {
			echo "cut at $i"
			return 1
		}
	done
	echo "cut up to $i"
}

cut()
{
	local text

	mms_scene masq
	check "a funnel cut at every other place" cut_funnel
	check "three messages in one segment" one_segment
	check "an answer in two" all_of asks \; \
		say send s "${MMS_AGREED:0:100}" \; \
		say send s "${MMS_AGREED:100}" \; say want c "$MMS_AGREED" \; \
		masq_ends \; media_comes
}

one_segment()
{
	local text

	text=$(mms_message 0x00030018 "$(mms_zeros 8)")
	mms_linked && pass c s "$MMS_CONNECT$text$(mms_funnel $IN $PORT)$text" \
		"$MMS_CONNECT$text$(mms_renamed $IN $PORT $WAN $PORT)$text" &&
		expect_count 1
}

# ---- what opens nothing

# passes TEXT [COUNTER=N...]: all is as it is, and nothing opens; those counters
# move, and no others
passes()
{
	local before

	mms_connected && before=$(counters) && pass c s "$1" &&
		pass s c "$MMS_AGREED" && masq_ends && nothing_comes &&
		expect_count 0 && counters_moved "$before" opened=0 "${@:2}"
}

# a name in place of that of a funnel
passes_name()
{
	passes "$(mms_name "$1")" "${@:2}"
}

refuse()
{
	mms_scene masq
	check "TCP, and an address that is nobody's" passes_name \
		'\\192.168.0.129\TCP\1037' released=1
	check "TCP, and its own" passes_name "\\\\$IN\\TCP\\$PORT" \
		released=1
	check "TCP, when UDP was refused" then_tcp
	check "somebody else's address" passes_name \
		"\\\\10.0.1.77\\UDP\\$PORT" refused_foreign=1 released=1
	check "a port of the system's" passes_name "\\\\$IN\\UDP\\80" \
		refused_privileged=1 released=1
	check "a port that is none" passes_name "\\\\$IN\\UDP\\72536" \
		refused_malformed=1 released=1
	check "an address that is none" passes_name \
		"\\\\10.0.1.2.3\\UDP\\$PORT" refused_malformed=1 \
		released=1
	check "no name" passes_name 'funnel' released=1
	check "HTTP" strange 'POST / HTTP/1.1\r\nHost: x:1755\r\n\r\n'
	check "a funnel without a connection" strange ''
	check "an answer that nobody has asked for" unasked
	check "without an answer" all_of asks \; masq_ends \; nothing_comes
}

then_tcp()
{
	local before

	refused && before=$(counters) &&
		pass c s "$(mms_name '\\192.168.0.1\TCP\1242')" &&
		pass s c "$MMS_AGREED" && masq_ends && nothing_comes &&
		expect_count 0 && counters_moved "$before" opened=0 released=1
}

# strange TEXT: a conversation that begins with that, and not as it should
strange()
{
	local before

	mms_linked && before=$(counters) &&
		pass c s "$1$(mms_funnel $IN $PORT)" && masq_ends &&
		nothing_comes &&
		counters_moved "$before" opened=0 stopped_not_client=1
}

unasked()
{
	mms_connected && pass s c "$MMS_AGREED" &&
		mms_asks c s $IN $PORT $WAN $PORT && masq_ends && nothing_comes
}

# ---- IPv6

ipv6()
{
	local in=${IP6[in]} wan=${IP6[wan]}

	mms_scene route6
	check "IPv6: nothing is translated" all_of asks "$in" "$in" \; \
		pass s c "$MMS_AGREED"
	check "IPv6: datagrams come, both ways" media6 "$in"
	mms_scene masq6
	check "NAT66: the public address is named" all_of asks \; \
		pass s c "$MMS_AGREED"
	check "NAT66: datagrams come, both ways" media6 "$wan"
	ip -n in addr add "fd00:1::1111:2222:3333:4444/64" dev eth0 nodad
	check "NAT66: the longest address there is" longest
}

# media6 ADDRESS: the client's, as it is seen from outside
media6()
{
	ends in out && comes o0 "$1" $PORT i0 "${IP6[out]} $MEDIA_PORT" &&
		comes i0 "${IP6[out]}" $MEDIA_PORT o0 "$1 $PORT"
}

# as clients write it that leave nothing out
longest()
{
	say close i0 o0
	MMS_FROM=fd00:1::1111:2222:3333:4444 mms_connected &&
		mms_asks c s fd00:0001:0000:0000:1111:2222:3333:4444 50000 \
			"${IP6[wan]}" 50000 &&
		pass s c "$MMS_AGREED" && udp i0 in 50000 &&
		udp o0 out $MEDIA_PORT &&
		comes o0 "${IP6[wan]}" 50000 i0
}

# ---- players

players()
{
	mms_scene masq
	mms_server out "$OUT" from=$MEDIA_PORT
	check "VLC is sent what it wants" vlc_receives
	check "the server was told of the public address" \
		mms_server_said "funnel \\\\$WAN\\UDP\\$PORT"
	check "nothing comes when it has ended" all_of masq_socket \; \
		wait_for 20 stays_out o0 $WAN $PORT i0
	check "ffmpeg's funnel of TCP is left alone" ffmpeg_asks
	mms_server_stop
}

masq_socket()
{
	say close i0 o0
	udp i0 in $PORT && udp o0 out 0 bind=$OUT
}

# VLC takes what comes to its socket
vlc_receives()
{
	local before rc

	before=$(mms_datagrams in)
	mms_vlc in "$OUT"
	wait_for 60 mms_more_datagrams in "$before" 3
	rc=$?
	mms_vlc_stop
	return $rc
}

ffmpeg_asks()
{
	local before

	before=$(counters)
	in_ns in timeout 60 ffmpeg -nostdin -loglevel quiet \
		-i "mmst://$OUT/clip.wmv" -f null - </dev/null &
	wait_for 60 mms_server_said 'funnel \\192.168.0.129\TCP\1037' &&
		wait_for 20 counters_moved "$before" opened=0 released=1
}

# ---- nobody helps: what is said passes, and nothing comes

helpless()
{
	appgwd_stop
	scene masq
	check "without the daemon all is said as it is" all_of \
		asks $IN $IN \; pass s c "$MMS_AGREED"
	check "and no datagrams come" all_of masq_ends \; nothing_comes
	check "nor does VLC receive any" vlc_starves
	say close >/dev/null
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	scene masq
	check "without the module likewise" all_of mms_connected \; \
		pass c s "$(mms_funnel $IN $PORT)" \; \
		pass s c "$MMS_AGREED" \; masq_ends \; nothing_comes
	scene open
	check "without NAT and firewall they come" all_of mms_connected \; \
		pass c s "$(mms_funnel $IN $PORT)" \; masq_ends \; \
		comes o0 $IN $PORT i0 "$OUT $MEDIA_PORT"
	load_appgw
}

vlc_starves()
{
	local before

	before=$(mms_datagrams in)
	mms_server out "$OUT" from=$MEDIA_PORT
	mms_vlc in "$OUT"
	wait_for 60 mms_server_said open && pause 1
	mms_vlc_stop
	mms_server_stop
	! mms_more_datagrams in "$before" 1
}

declare -A CHECKS=([masq]=13 [taken]=4 [two]=7 [dnat]=4 [cut]=3 [refuse]=12
	[ipv6]=5 [players]=4 [helpless]=5)

need nft conntrack nsenter ip appgwd appgwctl ffmpeg cvlc setpriv
[ $# -gt 0 ] || set -- masq taken two dnat cut refuse ipv6 players helpless
daemon_parts "" "$@"
