# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Conversations of RTSP made by hand, and media of a datagram each way.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/rtsp.sh"
#	source "$SELFTESTS/lib/rtsp_say.sh"

# shellcheck disable=SC2034 # read by the scripts
IN=${IP4[in]}
WAN=${IP4[wan]}
OUT=${IP4[out]}
OTHER=203.0.113.3	# another host's, or so it looks
THIRD=203.0.113.4	# one more
PORT=4588		# of a client, from which on it has two
SERVER_PORT=6256	# likewise of a server

# rtsp_scene TOPOLOGY: with a daemon
rtsp_scene()
{
	appgwd_stop
	scene "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	ip -n out addr add $OTHER/24 dev eth0
	ip -n out addr add $THIRD/24 dev eth0
	rtsp_daemon
}

# shellcheck disable=SC2120
# rtsp_connected [C S [NS]]: a new connection, on which all is as usual so far
rtsp_connected()
{
	local c=${1:-c} s=${2:-s}

	CSEQ=1
	say close "$c" "$s" &&
		say listen rtsp "$SERVER" "$RTSP_PORT" >/dev/null &&
		say dial "$c" "${3:-$CLIENT}" "$TARGET" "$RTSP_PORT" &&
		say accept "$s" rtsp >/dev/null &&
		pass "$c" "$s" 'OPTIONS rtsp://h/t RTSP/1.0\r\nCSeq: 1\r\n\r\n' &&
		pass "$s" "$c" 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: SETUP\r\n\r\n'
}

# request TRANSPORT: a SETUP with it. The number of the last one is in CSEQ.
request()
{
	printf '%s' "SETUP rtsp://h/t RTSP/1.0\r\nCSeq: $CSEQ\r\n" \
		"Transport: $1\r\n\r\n"
}

# reply TRANSPORT [STATUS]: to that one
reply()
{
	printf '%s' "RTSP/1.0 ${2:-200 OK}\r\nCSeq: $CSEQ\r\nSession: 7\r\n" \
		"Transport: $1\r\n\r\n"
}

# asks TRANSPORT AS: on this connection
asks()
{
	CSEQ=$((CSEQ + 1))
	pass c s "$(request "$1")" "$(request "${2-$1}")"
}

# answers TRANSPORT AS
answers()
{
	pass s c "$(reply "$1")" "$(reply "${2-$1}")"
}

# setup TRANSPORT AS [REPLY AS]: on a connection of its own
setup()
{
	rtsp_connected && asks "$1" "$2" || return
	[ $# -eq 2 ] || answers "$3" "$4"
}

# unread TRANSPORT [COUNTER=N...]: comes as it is and opens nothing; those
# counters move, and no others
unread()
{
	local before

	rtsp_connected && before=$(counters) && asks "$1" &&
		expect_count 0 && counters_moved "$before" opened=0 "${@:2}"
}

# ---- media, as far as it is a datagram each way

# ends INSIDE PORT OUTSIDE PORT [bind=ADDRESS]: sockets i0, i1, o0, o1 on each
# host's port and the one behind it
ends()
{
	local i

	say close i0 i1 o0 o1 other strange
	for i in 0 1; do
		udp i$i "$1" $(($2 + i)) &&
			udp o$i "$3" $(($4 + i)) "${@:5}" || return
	done
}

# shellcheck disable=SC2120
# media_comes [ADDRESS]: both ways through masquerade, for a client and a server
# with the usual ports
media_comes()
{
	local from=${1:-$OUT}

	ends in $PORT out $SERVER_PORT bind="$from" &&
		comes o0 $WAN $PORT i0 "$from $SERVER_PORT" &&
		comes o1 $WAN $((PORT + 1)) i1 "$from $((SERVER_PORT + 1))" &&
		comes i0 "$from" $SERVER_PORT o0 "$WAN $PORT" &&
		comes i1 "$from" $((SERVER_PORT + 1)) o1 "$WAN $((PORT + 1))"
}

# others_stay_out ADDRESS: from there, nor from other ports of the server's
others_stay_out()
{
	say close other strange
	udp strange out 0 bind="$OUT" &&
		udp other out $SERVER_PORT bind="$1" &&
		stays_out other $WAN $PORT i0 &&
		stays_out other $WAN $((PORT + 1)) i1 &&
		stays_out strange $WAN $PORT i0 &&
		stays_out strange $WAN $((PORT + 2)) i0
}

# nothing_comes: from where it did
nothing_comes()
{
	stays_out o0 $WAN $PORT i0 && stays_out o1 $WAN $((PORT + 1)) i1
}

CLIENT_PORTS="client_port=$PORT-$((PORT + 1))"
SERVER_PORTS="server_port=$SERVER_PORT-$((SERVER_PORT + 1))"
UDP="RTP/AVP;unicast;$CLIENT_PORTS"
