#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Transport headers of RTSP are rewritten in requests and replies, whatever form
# they have and however they are cut; media come in from where the reply says,
# and from nowhere else.
#
#	in, in2 ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rtsp_lines.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rtsp.sh"
source "$SELFTESTS/lib/rtsp_say.sh"

# ---- a client inside

masq()
{
	rtsp_scene masq
	check "a pair that is free stays" setup "$UDP" "$UDP"
	check "nothing comes before the reply" all_of \
		ends in $PORT out $SERVER_PORT \; nothing_comes
	check "the ports are listed as taken" listed 2 0
	check "nor does the reply change" answers "$UDP;$SERVER_PORTS"
	check "they are listed as open now" listed 0 4
	check "others can't be the first" all_of \
		ends in $PORT out $SERVER_PORT bind=$OUT \; \
		others_stay_out $OTHER
	check "media come, both ways" media_comes
	check "they are listed as used, and since when" listed_used 4
	check "not from elsewhere" others_stay_out $OTHER
	check "nothing comes when the session has ended" ends_session
	check "nor after the connection's end" ends_connection
	check "a source of the reply's" setup "$UDP" "$UDP" \
		"$UDP;source=$OTHER;$SERVER_PORTS" \
		"$UDP;source=$OTHER;$SERVER_PORTS"
	check "a third host can't be the first" all_of \
		ends in $PORT out $((SERVER_PORT + 2)) \; \
		others_stay_out $THIRD
	check "media come from there" media_comes $OTHER
	check "and not from the server" others_stay_out $OUT
	check "a refusal opens nothing" refused
	check "a server that doesn't tell its port" setup "$UDP" "$UDP" \
		"$UDP" "$UDP"
	check "may use any" any_port
}

# listed TAKEN OPEN: so many pinholes, in text and in JSON
listed()
{
	local text json

	text=$(in_ns gw appgwctl pinholes) &&
		json=$(in_ns gw appgwctl --json pinholes) || return
	printf '%s\n' "$text" "$json"
	[ "$(grep -cE ' taken +client_port ' <<<"$text")" -eq "$1" ] &&
		[ "$(grep -c ' open ' <<<"$text")" -eq "$2" ] &&
		[ "$(grep -oE '"taken": ?true' <<<"$json" | wc -l)" -eq "$1" ]
}

# listed_used N: so many have had media, and end with their session
listed_used()
{
	local json

	json=$(in_ns gw appgwctl --json pinholes) || return
	echo "$json"
	in_ns gw appgwctl -n -o state,used pinholes | tee /dev/stderr |
		grep -cE '^used +20[0-9-]+T[0-9:]+Z *$' | grep -qx "$1" &&
		/usr/bin/python3 -I -S -c '
import json, sys
d = json.loads(sys.argv[1])
sys.exit(not all("came" in p and p["time"] < p["came"] and "expires" not in p
                 for p in d))' "$json"
}

ends_session()
{
	CSEQ=$((CSEQ + 1))
	pass c s "TEARDOWN rtsp://h/t RTSP/1.0\r\nCSeq: $CSEQ\r\nSession: 7\r\n\r\n" &&
		pass s c "RTSP/1.0 200 OK\r\nCSeq: $CSEQ\r\n\r\n" &&
		wait_for 20 nothing_comes
}

ends_connection()
{
	setup "$UDP" "$UDP" "$UDP;$SERVER_PORTS" "$UDP;$SERVER_PORTS" &&
		media_comes && say close c && say end s && say close s &&
		wait_for 20 nothing_comes && expect_count 0
}

refused()
{
	setup "$UDP" "$UDP" &&
		pass s c "$(reply "$UDP" '461 Unsupported Transport')" &&
		ends in $PORT out $SERVER_PORT && nothing_comes &&
		expect_count 0
}

any_port()
{
	ends in $PORT out 7001 && comes o0 $WAN $PORT i0 "$OUT 7001" &&
		comes o1 $WAN $((PORT + 1)) i1 "$OUT 7002"
}

# ---- forms of a Transport header

forms()
{
	local real as words

	rtsp_scene masq
	check "one port" setup "RTP/AVP;unicast;client_port=$PORT" \
		"RTP/AVP;unicast;client_port=$PORT"
	check "the last ports that there are" all_of setup \
		"RTP/AVP;unicast;client_port=65534-65535" \
		"RTP/AVP;unicast;client_port=65534-65535" \; expect_count 2
	check "ports with a slash" setup \
		"RTP/AVP;unicast;client_port=$PORT/$((PORT + 1))" \
		"RTP/AVP;unicast;client_port=$PORT/$((PORT + 1))"
	check "the client's own destination" setup \
		"RTP/AVP;unicast;destination=$IN;$CLIENT_PORTS" \
		"RTP/AVP;unicast;destination=$WAN;$CLIENT_PORTS" \
		"RTP/AVP;unicast;destination=$WAN;$CLIENT_PORTS;$SERVER_PORTS" \
		"RTP/AVP;unicast;destination=$IN;$CLIENT_PORTS;$SERVER_PORTS"
	check "media come to it" media_comes
	check "behind the ports" setup "$UDP;destination=$IN;mode=play" \
		"$UDP;destination=$WAN;mode=play"
	check "with a port" setup "RTP/AVP;destination=$IN:$PORT" \
		"RTP/AVP;destination=$WAN:$PORT"
	check "another destination" unread \
		"RTP/AVP;unicast;destination=$OTHER;$CLIENT_PORTS" \
		refused_foreign=1
	check "a port of the system's" unread \
		"RTP/AVP;unicast;client_port=1022-1023" refused_privileged=1
	check "a group's ports" unread "RTP/AVP;multicast;port=5000-5001"
	check "channels" unread "RTP/AVP/TCP;unicast;interleaved=0-1"
	check "parameters that nobody knows" setup \
		"RTP/AVP/UDP;unicast;foo=\"a;b,c\";$CLIENT_PORTS;x;ssrc=1A" \
		"RTP/AVP/UDP;unicast;foo=\"a;b,c\";$CLIENT_PORTS;x;ssrc=1A"
	check "capital letters" setup "rtp/avp;UNICAST;DESTINATION=$IN;CLIENT_PORT=$PORT-$((PORT + 1))" \
		"rtp/avp;UNICAST;DESTINATION=$WAN;CLIENT_PORT=$PORT-$((PORT + 1))"
	check "a name in capital letters" named_so TRANSPORT:
	check "one in small letters, without a blank" named_so transport:
	check "a folded header" setup \
		"RTP/AVP;unicast;\r\n destination=$IN;\r\n\t$CLIENT_PORTS" \
		"RTP/AVP;unicast;\r\n destination=$WAN;\r\n\t$CLIENT_PORTS"
	check "several, the preferred one first" setup \
		"RTP/AVP/UDP;unicast;destination=$IN;$CLIENT_PORTS,RTP/AVP/TCP;unicast;interleaved=0-1" \
		"RTP/AVP/UDP;unicast;destination=$WAN;$CLIENT_PORTS,RTP/AVP/TCP;unicast;interleaved=0-1"
	real="x-real-rdt/mcast;client_port=6970;mode=play"
	real+=",x-real-rdt/udp;client_port=6970;mode=play"
	real+=",x-pn-tng/udp;client_port=6970;mode=play"
	real+=",RTP/AVP;unicast;client_port=6970-6971;mode=play"
	real+=",x-pn-tng/tcp;mode=play,x-real-rdt/tcp;mode=play"
	real+=",RTP/AVP/TCP;unicast;mode=play"
	check "RealNetworks' list" setup "$real" "$real" \
		"x-real-rdt/udp;client_port=6970;server_port=$SERVER_PORT" \
		"x-real-rdt/udp;client_port=6970;server_port=$SERVER_PORT"
	check "its media come" all_of ends in 6970 out $SERVER_PORT \; \
		comes o0 $WAN 6970 i0
	check "RTSP 2.0" version2 \
		"RTP/AVP/UDP;unicast;dest_addr=\":$PORT\"/\":$((PORT + 1))\"" \
		"RTP/AVP/UDP;unicast;dest_addr=\":$PORT\"/\":$((PORT + 1))\""
	words="RTP/AVP/UDP;unicast;dest_addr=\"$IN:$PORT\"/\"$IN:$((PORT + 1))\""
	as="RTP/AVP/UDP;unicast;dest_addr=\"$WAN:$PORT\"/\"$WAN:$((PORT + 1))\""
	check "RTSP 2.0 with addresses" version2 "$words" "$as" \
		"$as;src_addr=\"$OUT:$SERVER_PORT\"/\"$OUT:$((SERVER_PORT + 1))\"" \
		"$words;src_addr=\"$OUT:$SERVER_PORT\"/\"$OUT:$((SERVER_PORT + 1))\""
	check "its media come, both ways" media_comes
	check "two requests in a segment" two_requests
	check "a body isn't read" body
	check "frames aren't read" frames_between
}

# named_so NAME
named_so()
{
	local text="SETUP rtsp://h/t RTSP/1.0\r\nCSEQ:2\r\n$1RTP/AVP;$CLIENT_PORTS;destination="

	rtsp_connected && pass c s "$text$IN\r\n\r\n" "$text$WAN\r\n\r\n"
}

# version2 TRANSPORT AS [REPLY AS]
version2()
{
	local head="SETUP rtsp://h/t RTSP/2.0\r\nCSeq: 2\r\nTransport: "
	local answer="RTSP/2.0 200 OK\r\nCSeq: 2\r\nTransport: "
	local end="\r\n\r\n"

	rtsp_connected && pass c s "$head$1$end" "$head$2$end" || return
	[ $# -eq 2 ] || pass s c "$answer$3$end" "$answer$4$end"
}

# two_requests: sent without waiting; what isn't SETUP's is between them
two_requests()
{
	local text

	rtsp_connected || return
	text="SETUP rtsp://h/t/1 RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP;client_port=5000-5001;destination=@\r\n\r\n"
	text+="GET_PARAMETER rtsp://h/t RTSP/1.0\r\nCSeq: 3\r\n\r\n"
	text+="SETUP rtsp://h/t/2 RTSP/1.0\r\nTransport: RTP/AVP;client_port=5002-5003;destination=@\r\nCSeq: 4\r\n\r\n"
	pass c s "${text//@/$IN}" "${text//@/$WAN}" &&
		CSEQ=2 && answers "RTP/AVP;client_port=5000-5001;server_port=6000-6001" &&
		CSEQ=4 && answers "RTP/AVP;client_port=5002-5003;server_port=6002-6003" &&
		ends in 5000 out 6000 && comes o0 $WAN 5000 i0 &&
		ends in 5002 out 6002 && comes o0 $WAN 5002 i0
}

body()
{
	local text="SETUP x RTSP/1.0\r\nCSeq: 9\r\nTransport: RTP/AVP;destination=$IN;$CLIENT_PORTS\r\n\r\n"
	local bytes=${text//\\r/}
	bytes=${bytes//\\n/}

	rtsp_connected && pass c s "SET_PARAMETER rtsp://h/t RTSP/1.0\r\nCSeq: 2\r\nContent-Length: $((${#bytes} + 8))\r\n\r\n$text" &&
		expect_count 0 && pass s c 'RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n' &&
		CSEQ=2 && asks "RTP/AVP;destination=$IN;$CLIENT_PORTS" \
			"RTP/AVP;destination=$WAN;$CLIENT_PORTS"
}

frames_between()
{
	local transport="Transport: RTP/AVP;destination=$IN;"

	rtsp_connected && pass c s "\$\x01\x00\x2c\r\n$transport\r\n" &&
		expect_count 0 && asks "RTP/AVP;destination=$IN;$CLIENT_PORTS" \
			"RTP/AVP;destination=$WAN;$CLIENT_PORTS"
}

# ---- cameras that don't say all as they should

clumsy()
{
	local cseq
	local sdp='v=0\r\no=- 1 1 IN IP4 203.0.113.2\r\ns=x\r\n\r\nm=video 0 RTP/AVP 96\r\na=control:t\r\n'
	local untold="RTP/AVP;client_port=5000-5001;server_port=6000-6001"

	rtsp_scene masq
	for cseq in '' 'CSeq: 0\r\n' 'CSeq: 1\r\n' 'CSeq: x\r\n'; do
		check "a reply with '$cseq' for its CSeq" all_of \
			answers_so "${cseq}Session: 7\r\n" \; media_comes
	done
	check "it is no other's either" others_stay_out $OTHER
	check "and ends as others do" ends_session
	check "a refusal without CSeq opens nothing" all_of \
		rtsp_connected \; asks "$UDP" \; \
		pass s c 'RTSP/1.0 461 Unsupported Transport\r\n\r\n' \; \
		expect_count 0
	check "a reply without CSeq that nobody has asked for" all_of \
		rtsp_connected \; pass s c "$(untold "$untold")" \; \
		expect_count 0
	check "the reply to what was asked before opens nothing" all_of \
		rtsp_connected \; \
		pass c s 'GET_PARAMETER rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\n\r\n' \; \
		asks "$UDP" \; pass s c "$(untold "$UDP;$SERVER_PORTS")" \; \
		ends in $PORT out $SERVER_PORT \; nothing_comes
	check "two replies without CSeq, in order" in_order
	check "a source that nobody knows: the server sends itself" all_of \
		from 192.168.1.108 \; ends in $PORT out $((SERVER_PORT + 2)) \; \
		others_stay_out $THIRD \; media_comes
	check "and nobody else" others_stay_out $OTHER
	check "a source that isn't the first to send stays out" all_of \
		from $OTHER \; media_comes \; others_stay_out $OTHER
	check "a source that is no address" all_of from 0.0.0.0 \; \
		ends in $PORT out $((SERVER_PORT + 2)) \; \
		others_stay_out $OTHER \; media_comes
	check "the end of the session shuts it for both" all_of \
		from $OTHER \; expect_count 4 \; ends_session \; expect_count 0
	check "ports that are no pair" apart '-' 5380 5722 52573 47487
	check "each admits its own of the server's alone" all_of \
		apart '-' 5380 5722 52573 47487 shut \; \
		stays_out o0 $WAN 5722 i1 \; stays_out o1 $WAN 5380 i0
	check "and nothing between them" all_of \
		stays_out o0 $WAN 5381 i0 \; expect_count 4
	check "ports that are a pair backwards" apart '-' 5381 5380 6257 6256
	check "ports with a slash that are no pair" apart '/' 5380 5722 6256 9001
	check "a body whose length is empty" described "$sdp" \
		'Content-Length:\r\n'
	check "one that is longer than it says" described "$sdp" \
		'Content-Length: 17\r\n'
	check "one of which nothing is said" described "$sdp"
	check "what looks like a reply in one opens nothing" answered_by_body
	check "two blanks in a status line" all_of rtsp_connected \; \
		asks "$UDP" \; \
		pass s c "RTSP/1.0  200 OK\r\nCSeq: $CSEQ\r\nTransport: $UDP;$SERVER_PORTS\r\n\r\n" \; \
		media_comes
}

# apart SEPARATOR CLIENT'S SERVER'S [shut]: two ports each, RTP's and RTCP's; media
# come to them, or not yet
apart()
{
	local client="RTP/AVP;unicast;client_port=$2$1$3"
	local server="$client;server_port=$4$1$5"

	say close i0 i1 o0 o1
	setup "$client" "$client" "$server" "$server" &&
		udp i0 in "$2" && udp i1 in "$3" &&
		udp o0 out "$4" bind=$OUT && udp o1 out "$5" bind=$OUT || return
	[ $# -lt 6 ] || return 0
	comes o0 $WAN "$2" i0 "$OUT $4" && comes o1 $WAN "$3" i1 "$OUT $5" &&
		comes i0 $OUT "$4" o0 "$WAN $2" &&
		comes i1 $OUT "$5" o1 "$WAN $3"
}

# described BODY [LINE]: it comes in the reply to a DESCRIBE, of which LINE says how
# long it is; a SETUP behind it is helped
described()
{
	describes "$1" "${2-}" && asks "$UDP;destination=$IN" \
		"$UDP;destination=$WAN" && answers "$UDP;$SERVER_PORTS" &&
		media_comes
}

describes()
{
	rtsp_connected &&
		pass c s 'DESCRIBE rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\n\r\n' &&
		pass s c "RTSP/1.0 200 OK\r\nCSeq: 9\r\n$2\r\n$1"
}

# A SETUP that is sent before the body's end isn't answered by what is in that.
answered_by_body()
{
	rtsp_connected &&
		pass c s 'DESCRIBE rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\n\r\n' &&
		asks "$UDP" &&
		pass s c "RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\ns=x\r\n" &&
		pass s c "$(reply "$UDP;$SERVER_PORTS")" &&
		ends in $PORT out $SERVER_PORT && nothing_comes
}

# from ADDRESS: a SETUP is answered with that source
from()
{
	setup "$UDP" "$UDP" "$UDP;source=$1;$SERVER_PORTS" \
		"$UDP;source=$1;$SERVER_PORTS"
}

# untold TRANSPORT: a reply with it that doesn't tell which request it is for
untold()
{
	printf '%s' "RTSP/1.0 200 OK\r\nSession: 7\r\nTransport: $1\r\n\r\n"
}

# answers_so LINES: a SETUP is answered with those in front of Transport
answers_so()
{
	rtsp_connected && asks "$UDP" &&
		pass s c "RTSP/1.0 200 OK\r\n$1Transport: $UDP;$SERVER_PORTS\r\n\r\n"
}

in_order()
{
	local first="RTP/AVP;client_port=5000-5001"
	local second="RTP/AVP;client_port=5002-5003"

	rtsp_connected && asks "$first" && asks "$second" &&
		pass s c "$(untold "$first;server_port=6000-6001")" &&
		ends in 5002 out 6000 && stays_out o0 $WAN 5002 i0 &&
		ends in 5000 out 6000 && comes o0 $WAN 5000 i0 &&
		pass s c "$(untold "$second;server_port=6002-6003")" &&
		ends in 5002 out 6002 && comes o0 $WAN 5002 i0
}

# ---- media from ports that nobody has named

sources()
{
	local events="$WORK/sources"

	rtsp_scene masq
	in_ns gw appgwctl events >"$events" 2>"$events.err" &
	wait_for 20 grep -q following "$events.err"
	check "media from another port of the server's stays out" all_of \
		agreed \; astray
	check "that is counted, once a pinhole" strays 2
	check "and told, with the port" told "$events" \
		"refused \(refused_source\) client_port $IN:$PORT as $WAN:$PORT for $OUT:7001: has media"
	check "others' is not" all_of agreed \; strangers \; strays 0
	check "nor what comes as it should" all_of agreed \; media_comes \; \
		strays 0
	check "nor the server's when the session has ended" all_of \
		agreed \; ends_session \; astray \; strays 0
	check "a port alone: nothing comes to the one behind it" all_of \
		alone \; expect_count 1 \; stays_out o1 $WAN $((PORT + 1)) i1
	check "that is counted as well" strays 1
	in_ns gw appgwctl policy set media_source=address >/dev/null
	check "media_source=address: it comes from any port" all_of \
		agreed \; ends in $PORT out 7001 bind=$OUT \; \
		comes o0 $WAN $PORT i0 "$OUT 7001" \; \
		comes o1 $WAN $((PORT + 1)) i1 "$OUT 7002"
	check "media_source=address: but from nobody else" all_of agreed \; \
		strangers
	check "media_source=address: nor before the server has agreed" all_of \
		setup "$UDP" "$UDP" \; ends in $PORT out 7001 bind=$OUT \; \
		nothing_comes
	check "media_source=address: it comes behind a port alone" all_of \
		alone \; expect_count 2 \; \
		comes o1 $WAN $((PORT + 1)) i1 "$OUT 7002" \; \
		comes o0 $WAN $PORT i0 "$OUT 7001"
	check "media_source=address: a session's end closes both" all_of \
		alone \; ends_session \; expect_count 0
	check "media_source=address: not behind an odd one" all_of \
		alone $((PORT + 1)) \; expect_count 1
	check "media_source=address: not to one that is named itself" named_next
}

# agreed: a session with media between the usual ports; sets BEFORE
agreed()
{
	setup "$UDP" "$UDP" "$UDP;$SERVER_PORTS" "$UDP;$SERVER_PORTS" &&
		BEFORE=$(counters)
}

# strays N: so many have been counted since then
strays()
{
	counters_moved "$BEFORE" "refused_source=$1"
}

# astray: from two other ports of the server's, more than once
astray()
{
	ends in $PORT out 7001 bind=$OUT && nothing_comes && nothing_comes
}

strangers()
{
	ends in $PORT out $SERVER_PORT bind=$OTHER && nothing_comes
}

# told FILE PATTERN
told()
{
	wait_for 20 grep -qE "$2" "$1" || { cat "$1"; return 1; }
}

# alone [PORT]: the client names one port, and the server none
alone()
{
	local port=${1:-$PORT}

	setup "RTP/AVP;unicast;client_port=$port" \
		"RTP/AVP;unicast;client_port=$port" \
		"RTP/AVP;unicast;client_port=$port" \
		"RTP/AVP;unicast;client_port=$port" &&
		ends in $PORT out 7001 bind=$OUT && BEFORE=$(counters)
}

# A client that names 4589 alone, and then 4588, keeps what it has for the first.
named_next()
{
	local first="RTP/AVP;client_port=$((PORT + 1))"
	local second="RTP/AVP;client_port=$PORT"

	rtsp_connected && asks "$first" &&
		answers "$first;server_port=7001" "$first;server_port=7001" &&
		asks "$second" &&
		answers "$second;server_port=7002" "$second;server_port=7002" &&
		ends in $PORT out 7001 bind=$OUT &&
		comes o0 $WAN $((PORT + 1)) i1 "$OUT 7001" &&
		comes o1 $WAN $PORT i0 "$OUT 7002"
}

# ---- two clients that want the same ports

# Both connections are open at once: the second client's is c2, s2.
taken()
{
	appgwd_stop
	say close >/dev/null
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=$OUT
	firewall gw masq=wan
	rtsp_daemon
	check "the first client keeps its ports" setup \
		"$UDP;destination=$IN" "$UDP;destination=$WAN" \
		"$UDP;destination=$WAN;$SERVER_PORTS" \
		"$UDP;destination=$IN;$SERVER_PORTS"
	check "the second one gets others" second_setup
	check "and is told its own in the reply" second_answer
	check "each gets its own media" both_get_media
	check "the first one's end leaves the second one's" all_of \
		say close c \; say end s \; say close s \; \
		wait_for 20 stays_out o0 $WAN $PORT i0 \; \
		comes o2 $WAN "$PUBLIC" i2
	check "ports of a longer number" longer_number
}

# Sets PUBLIC. As many digits as there were, and the first is even.
second_setup()
{
	local line

	rtsp_connected c2 s2 in2 && CSEQ=2 && say send c2 "$(request "$UDP")" &&
		say get s2 && say get s2 && line=$(say get s2) &&
		say want s2 '\r\n' || return
	echo "$line"
	[[ $line =~ ^"Transport: RTP/AVP;unicast;client_port="([0-9]{4})-([0-9]{4})$ ]] ||
		return
	PUBLIC=${BASH_REMATCH[1]}
	[ "$PUBLIC" -ne $PORT ] && [ $((PUBLIC % 2)) -eq 0 ] &&
		[ "${BASH_REMATCH[2]}" -eq $((PUBLIC + 1)) ]
}

second_answer()
{
	CSEQ=2
	pass s2 c2 \
		"$(reply "RTP/AVP;unicast;client_port=$PUBLIC-$((PUBLIC + 1));server_port=7256-7257")" \
		"$(reply "$UDP;server_port=7256-7257")"
}

both_get_media()
{
	media_comes && udp i2 in2 $PORT &&
		udp o2 out 7256 bind=$OUT &&
		comes o2 $WAN "$PUBLIC" i2 "$OUT 7256" &&
		comes i2 $OUT 7256 o2 "$WAN $PUBLIC" &&
		stays_out o2 $WAN $PORT i0 && stays_out o0 $WAN "$PUBLIC" i2
}

# 9998-9999 are taken: what comes instead has as many digits
longer_number()
{
	local ports="RTP/AVP;unicast;client_port=9998-9999" line

	setup "$ports" "$ports" "$ports;$SERVER_PORTS" "$ports;$SERVER_PORTS" &&
		rtsp_connected c2 s2 in2 && CSEQ=2 &&
		say send c2 "$(request "$ports")" && say get s2 &&
		say get s2 && line=$(say get s2) || return
	echo "$line"
	[[ $line =~ =([0-9]{4})-([0-9]{4})$ ]] &&
		[ "${BASH_REMATCH[1]}" -ne 9998 ]
}

# ---- a server inside

dnat()
{
	local ports="server_port=$SERVER_PORT-$((SERVER_PORT + 1))"

	rtsp_scene dnat
	check "dnat: the server's ports stay" setup "$UDP" "$UDP" \
		"$UDP;$ports" "$UDP;$ports"
	check "dnat: others can't be the first" all_of \
		ends in $SERVER_PORT out $PORT bind=$OUT \; \
		udp other out $PORT bind=$OTHER \; \
		stays_out other $WAN $SERVER_PORT i0
	check "dnat: media come, both ways" media_goes
	check "dnat: others stay out" all_of \
		stays_out o1 $WAN $((SERVER_PORT + 2)) i1 \; \
		udp other out $PORT bind=$OTHER \; \
		stays_out other $WAN $SERVER_PORT i0
	check "dnat: nothing comes when the connection has ended" all_of \
		say close c \; say end s \; say close s \; \
		wait_for 20 stays_out o0 $WAN $SERVER_PORT i0 \; \
		stays_out o1 $WAN $((SERVER_PORT + 1)) i1
	check "dnat: the server's source" setup "$UDP" "$UDP" \
		"$UDP;source=$IN;$ports" "$UDP;source=$WAN;$ports"
	check "dnat: its media come, both ways" media_goes
	check "dnat: the client's destination stays" setup \
		"$UDP;destination=$OUT" "$UDP;destination=$OUT" \
		"$UDP;destination=$OUT;$ports" "$UDP;destination=$OUT;$ports"
	check "dnat: odd ports of the server's" odd_ports
	check "dnat: ports of the server's that are no pair" no_pair
}

# media_goes: for a server inside
media_goes()
{
	ends in $SERVER_PORT out $PORT bind=$OUT &&
		comes i0 $OUT $PORT o0 "$WAN $SERVER_PORT" &&
		comes i1 $OUT $((PORT + 1)) o1 "$WAN $((SERVER_PORT + 1))" &&
		comes o0 $WAN $SERVER_PORT i0 &&
		comes o1 $WAN $((SERVER_PORT + 1)) i1
}

no_pair()
{
	setup "$UDP" "$UDP" "$UDP;server_port=47487-52573" \
		"$UDP;server_port=47487-52573" &&
		udp c0 in 47487 && udp c1 in 52573 &&
		ends in 7000 out $PORT bind=$OUT &&
		comes o0 $WAN 47487 c0 "$OUT $PORT" &&
		comes c1 $OUT $((PORT + 1)) o1 "$WAN 52573"
}

odd_ports()
{
	setup "$UDP" "$UDP" "$UDP;server_port=58547-58548" \
		"$UDP;server_port=58547-58548" &&
		ends in 58547 out $PORT bind=$OUT &&
		comes o0 $WAN 58547 i0 && comes i1 $OUT $((PORT + 1)) o1 "$WAN 58548"
}

# ---- cut headers

# cuts FROM TO TEXT AS [STEP]: in two pieces, cut at each place in turn or every
# STEPth, all on one connection
cuts()
{
	local i

	rtsp_connected || return
	split_text "$3"
	for ((i = 1; i < ${#UNITS[@]}; i += ${5:-1})); do
		say send "$1" "$(joined 0 $i)" &&
			say send "$1" "$(joined $i)" && say want "$2" "$4" || {
			echo "cut at $i: $(joined 0 $i)"
			return 1
		}
	done
	echo "cut at $i places"
}

cut()
{
	rtsp_scene masq
	CSEQ=2
	check "a request cut at every place" cuts c s \
		"$(request "$UDP;destination=$IN")" \
		"$(request "$UDP;destination=$WAN")"
	check "two of them" cuts c s \
		"$(request "$UDP;destination=$IN")$(request "$UDP;destination=$IN")" \
		"$(request "$UDP;destination=$WAN")$(request "$UDP;destination=$WAN")" 7
	check "one byte a segment" all_of rtsp_connected \; bytes c s \
		"$(request "RTP/AVP;destination=$IN;\r\n $CLIENT_PORTS")" \
		"$(request "RTP/AVP;destination=$WAN;\r\n $CLIENT_PORTS")"
	check "and its reply" bytes s c \
		"$(reply "RTP/AVP;destination=$WAN;\r\n $CLIENT_PORTS;$SERVER_PORTS")" \
		"$(reply "RTP/AVP;destination=$IN;\r\n $CLIENT_PORTS;$SERVER_PORTS")"
	check "media come" media_comes
	check "what is behind comes as it is" all_of \
		pass c s 'PLAY rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\n\r\n' \; \
		pass s c 'RTSP/1.0 200 OK\r\nCSeq: 9\r\nRTP-Info: url=x\r\n\r\n'
}

# ---- IPv6

ipv6()
{
	local in=${IP6[in]} wan=${IP6[wan]} out=${IP6[out]}

	rtsp_scene route6
	check "IPv6: nothing is translated" setup \
		"$UDP;destination=$in" "$UDP;destination=$in" \
		"$UDP;destination=$in;source=$out;$SERVER_PORTS" \
		"$UDP;destination=$in;source=$out;$SERVER_PORTS"
	check "IPv6: another port of the server's can't be the first" all_of \
		ends in $PORT out $((SERVER_PORT + 2)) \; \
		stays_out o0 "$in" $PORT i0
	check "IPv6: media come, both ways" media6 "$in"
	check "IPv6: others stay out" all_of say close o0 \; \
		udp o0 out $((SERVER_PORT + 2)) \; \
		stays_out o0 "$in" $PORT i0
	rtsp_scene masq6
	check "NAT66: a destination" setup \
		"$UDP;destination=$in" "$UDP;destination=$wan" \
		"$UDP;destination=$wan;source=$out;$SERVER_PORTS" \
		"$UDP;destination=$in;source=$out;$SERVER_PORTS"
	check "NAT66: media come, both ways" media6 "$wan"
	check "NAT66: RTSP 2.0" version2 \
		"RTP/AVP/UDP;unicast;dest_addr=\"[$in]:$PORT\"/\"[$in]:$((PORT + 1))\"" \
		"RTP/AVP/UDP;unicast;dest_addr=\"[$wan]:$PORT\"/\"[$wan]:$((PORT + 1))\""
	check "NAT66: another destination" unread \
		"RTP/AVP;unicast;destination=$out;$CLIENT_PORTS" \
		refused_foreign=1
	rtsp_scene dnat6
	check "NAT66: the server's source" setup "$UDP" "$UDP" \
		"$UDP;source=$in;$SERVER_PORTS" "$UDP;source=$wan;$SERVER_PORTS"
	check "NAT66: its media come, both ways" all_of \
		ends in $SERVER_PORT out $PORT \; \
		comes i0 "$out" $PORT o0 "$wan $SERVER_PORT" \; \
		comes o1 "$wan" $((SERVER_PORT + 1)) i1
}

# media6 ADDRESS: the client's, as it is seen from outside
media6()
{
	ends in $PORT out $SERVER_PORT &&
		comes o0 "$1" $PORT i0 "${IP6[out]} $SERVER_PORT" &&
		comes o1 "$1" $((PORT + 1)) i1 &&
		comes i0 "${IP6[out]}" $SERVER_PORT o0 "$1 $PORT"
}

# ---- nobody helps: what is said passes, and no media come

helpless()
{
	appgwd_stop
	scene masq
	ip -n out addr add $OTHER/24 dev eth0
	check "without the daemon all is said as it is" setup \
		"$UDP;destination=$IN" "$UDP;destination=$IN" \
		"$UDP;$SERVER_PORTS" "$UDP;$SERVER_PORTS"
	check "and no media come" all_of \
		ends in $PORT out $SERVER_PORT bind=$OUT \; nothing_comes \; \
		stays_out i0 $OUT $SERVER_PORT o0
	FAMILY=4 scene open
	check "without NAT and firewall they come" all_of setup "$UDP" "$UDP" \; \
		ends in $PORT out $SERVER_PORT bind=$OUT \; \
		comes o0 "$IN" $PORT i0 "$OUT $SERVER_PORT" \; \
		comes i1 $OUT $((SERVER_PORT + 1)) o1 "$IN $((PORT + 1))"
}

declare -A CHECKS=([masq]=18 [clumsy]=25 [sources]=15 [forms]=25 [taken]=6 [dnat]=10 [cut]=6 [ipv6]=10
	[helpless]=3)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- masq clumsy sources forms taken dnat cut ipv6 helpless
daemon_parts "" "$@"
