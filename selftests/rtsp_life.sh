#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What RTSP has opened lives as long as its session, and no longer; connections
# that need no help any more, or are none of RTSP, are let go; the daemon may die
# at any time, and sees no media.
#
#	in ---- gw (masquerade, nf_appgw, appgwd) ---- out	see lib/net.sh
#
# usage: rtsp_life.sh [--sessions N] [--mib N] [PART...]
#
# PART is one of CHECKS. N sessions are those under load, N MiB what is moved
# through a connection that was released.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rtsp.sh"
source "$SELFTESTS/lib/rtsp_say.sh"

# what the shell says of a process that kill -9 has ended
KILLED=137
STOPPED_S=2

# Time passes in leaps while this machine waits for the host, as it does for a
# program's first run: not for as long as the margins
TIMEOUT_S=28		# of sessions
LATE_S=10		# APPGW_MEDIA_LATE_S
MARGIN_S=14		# so long before its end a pinhole is open, and behind it
			# it must be shut

NO_QUOTA=(quota_host=0 quota_total=0)
EXPECT_MAX=8192

# Packets that the daemon may see of a connection that is released
FEW_PACKETS=100

# Ports of a connection that may stay taken (APPGW_MAPPED_MAX_MEDIA)
MAPPED_MAX=128

# Connections while daemons die
CONNECTIONS=25

sessions=100 mib=4
while [ $# -gt 0 ]; do
	case $1 in
	--sessions) sessions=$2; shift ;;
	--mib) mib=$2; shift ;;
	-*) die "what is $1?" ;;
	*) break ;;
	esac
	shift
done
BULK=$((mib << 20))

# life_scene: with a daemon, and its events
life_scene()
{
	genl close >/dev/null
	rtsp_scene masq
	genl follow e gw || die "no events"
}

# talks METHOD [SESSION]: a request that isn't SETUP, and its answer
talks()
{
	CSEQ=$((CSEQ + 1))
	pass c s "$1 rtsp://h/t RTSP/1.0\r\nCSeq: $CSEQ\r\n${2:+Session: $2\r\n}\r\n" &&
		pass s c "RTSP/1.0 200 OK\r\nCSeq: $CSEQ\r\n\r\n"
}

# agree SESSION PORT SERVER_PORT: SETUP, on the same connection; ports stay
agree()
{
	local udp="RTP/AVP;unicast;client_port=$2-$(($2 + 1))"

	asks "$udp" && pass s c "RTSP/1.0 200 OK\r\nCSeq: $CSEQ\r\nSession: $1\r\nTransport: $udp;server_port=$3-$(($3 + 1))\r\n\r\n"
}

# flows N: media of a session come, from its server's port 600N; what was sent
# first is remembered by conntrack
flows()
{
	say close "i$1" "o$1"
	say udp "i$1" in "500$1" >/dev/null &&
		say udp "o$1" out "600$1" bind="$OUT" >/dev/null &&
		goes "$1"
}

# goes N: both ways
goes()
{
	comes "o$1" "$WAN" "500$1" "i$1" "$OUT 600$1" &&
		comes "i$1" "$OUT" "600$1" "o$1" "$WAN 500$1"
}

# is_cut N: neither way
is_cut()
{
	stays_out "o$1" "$WAN" "500$1" "i$1" &&
		stays_out "i$1" "$OUT" "600$1" "o$1"
}

# moved BEFORE NAME N: a counter has, by so much
moved()
{
	counters_moved "$1" "$2=$3"
}

# events N FIELD=VALUE...: the next N are like that
events()
{
	local i

	for ((i = 0; i < $1; i++)); do
		genl event e "${@:2}" >/dev/null || {
			echo "event $i of $1"
			return 1
		}
	done
}

# ---- a session's time

# wait_until SECONDS: since $began
wait_until()
{
	local left=$((began + $1 * 1000000 - ${EPOCHREALTIME/./}))

	[ $left -le 0 ] || pause $((left / 1000000)).$((left / 100000 % 10))
	return 0
}

lifetime()
{
	local end=$((TIMEOUT_S + LATE_S)) before
	local kept=$((end - MARGIN_S))

	life_scene
	began=${EPOCHREALTIME/./}
	check "three sessions on a connection" all_of rtsp_connected \; \
		agree "7;timeout=$TIMEOUT_S" 5000 6000 \; \
		agree "8; timeout=$TIMEOUT_S" 5002 6002 \; \
		agree "9;x=y;Timeout=$TIMEOUT_S" 5004 6004 \; expect_count 12
	before=$(counters)
	genl forget e
	check "shortly before their end all are there" all_of \
		wait_until $kept \; expect_count 12
	check "two of them are spoken of" all_of \
		talks OPTIONS 8 \; talks GET_PARAMETER 9 \; genl silent e
	check "the third one's, which were not used, expire" all_of \
		wait_until $((end + MARGIN_S)) \; \
		moved "$before" expired 4 \; expect_count 8
	check "that is told" all_of \
		events 4 type=expired reason=expired \; genl silent e
	check "nothing comes to it any more" all_of \
		say udp i0 in 5000 \; say udp o0 out 6000 bind=$OUT \; \
		is_cut 0
	check "media of the others come" all_of flows 2 \; flows 4
	check "they expire later; what was used does not" all_of \
		wait_until $((kept + end + MARGIN_S)) \; expect_count 0 \; \
		moved "$before" expired 8 \; goes 2 \; goes 4
}

# ---- its end

endings()
{
	life_scene
	check "two sessions on a connection, media of both" all_of \
		rtsp_connected \; agree 7 5000 6000 \; agree 8 5002 6002 \; \
		flows 0 \; flows 2
	check "TEARDOWN of a session that nobody has ends neither" all_of \
		talks TEARDOWN 6 \; goes 0 \; goes 2 \; expect_count 4
	check "TEARDOWN cuts what flows" all_of talks TEARDOWN 7 \; is_cut 0
	check "and closes what was not used" all_of expect_count 2 \; \
		say udp i1 in 5001 \; say udp o1 out 6001 bind=$OUT \; is_cut 1
	check "the other one goes on" goes 2
	check "FIN cuts that, too" all_of say shut c \; is_cut 2 \; \
		expect_count 0
	check "RST cuts what flows" all_of rtsp_connected \; \
		agree 7 5000 6000 \; flows 0 \; say reset c \; \
		wait_for 20 is_cut 0 \; expect_count 0
	check "what the client sent first is cut by TEARDOWN" client_first
	check "a SETUP in other words takes the place" set_up_again
	check "TEARDOWN cuts what flowed before that" all_of \
		talks TEARDOWN 7 \; is_cut 0 \; expect_count 0
	check "media that have paused come again" paused
	check "two clients can't have the same ports" second_client gets_others
	check "until the first one is refused" second_client gets_them refused
}

client_first()
{
	say close i0 o0
	rtsp_connected && agree 7 5000 6000 && say udp i0 in 5000 >/dev/null &&
		say udp o0 out 6000 bind="$OUT" >/dev/null &&
		comes i0 "$OUT" 6000 o0 "$WAN 5000" &&
		comes o0 "$WAN" 5000 i0 "$OUT 6000" &&
		talks TEARDOWN 7 && is_cut 0 && expect_count 0
}

set_up_again()
{
	local before

	rtsp_connected && agree 7 5000 6000 && before=$(counters) &&
		agree 7 5000 6000 && expect_count 4 &&
		counters_moved "$before" opened=4 replaced=4 closed=0 &&
		flows 0 && agree 7 5000 6000 && goes 0
}

# For longer than conntrack remembers datagrams.
paused()
{
	rtsp_connected && agree 7 5000 6000 && flows 0 && talks PAUSE 7 &&
		in_ns gw conntrack -D -p udp >/dev/null 2>&1 &&
		talks PLAY 7 && goes 0 && talks TEARDOWN 7 && is_cut 0
}

# second_client HOW [refused]: c2 asks for what c has asked for, when that has
# been refused
second_client()
{
	local before

	say close c2 s2
	before=$(counters)
	setup "$UDP" "$UDP" || return
	if [ $# -gt 1 ]; then
		pass s c "$(reply "$UDP" '461 Unsupported Transport')" &&
			expect_count 0 &&
			moves "$before" rejected 2 || return
	fi
	rtsp_connected c2 s2 && CSEQ=2 && say send c2 "$(request "$UDP")" &&
		say get s2 >/dev/null && say get s2 >/dev/null && "$1"
}

# It may move more of the refusals' counters than counters_moved() lets.
moves()
{
	[ $(($(counter "$2") - $(awk -v n="$2" '$1 == n { print $2 }' <<<"$1"))) \
		-eq "$3" ]
}

gets_them()
{
	say want s2 "Transport: $UDP\r\n"
}

gets_others()
{
	! gets_them
}

# ---- connections that need no help any more

# is_state STATE: the only connection is
is_state()
{
	local state

	state=$(ctl flows | awk '$1 == "rtsp" { print $4 }')
	echo "$state"
	[ "$state" = "$1" ]
}

# seen: packets that the daemon has been shown, as "worker packets", but quicker
seen()
{
	ctl status | awk '$1 == "queue" && $3 == "packets" {
		n += $4; found = 1
	}
	END { print found ? n : "unknown" }'
}

# alone: no connection but the one that begins now
alone()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	rtsp_connected && genl forget e && packets=$(seen)
}

# unseen N: the daemon has seen no more than so many packets since
unseen()
{
	local now

	now=$(seen)
	echo "$((now - packets)) packets"
	[ $((now - packets)) -le "$1" ]
}

TCP='RTP/AVP/TCP;unicast;interleaved=0-1'

# bulk FRAMES|PUMP: both ways, byte for byte
bulk()
{
	say "$1" s c $BULK && say "$1" c s $BULK
}

release()
{
	life_scene
	check "all streams in the connection: read until they play" all_of \
		alone \; asks "$TCP" \; answers "$TCP" \; is_state reading \; \
		say frames s c 10000 \; talks PLAY 7
	check "then it is released, and that is told" all_of \
		is_state released \; genl event e type=stopped reason=released
	check "$mib MiB of frames each way, and the daemon sees none" all_of \
		bulk frames \; unseen $FEW_PACKETS
	check "requests and replies come as they are" all_of \
		talks TEARDOWN 7 \; asks "$UDP;destination=$IN" \; \
		expect_count 0 \; unseen $FEW_PACKETS
	check "one stream beside the connection: it is read on" all_of alone \; \
		asks "$TCP" \; answers "$TCP" \; agree 7 5000 6000 \; \
		talks PLAY 7 \; is_state reading \; flows 0
	packets=$(seen)
	check "its frames are not shown to the daemon" all_of \
		bulk frames \; unseen 0
	check "what comes behind them is" all_of \
		asks "$UDP;destination=$IN" "$UDP;destination=$WAN" \; \
		talks TEARDOWN 7 \; is_cut 0
	check "a body of the server's that is too long: released" huge_body s c
	check "one of the client's" huge_body c s
	check "RTSP in HTTP: the server's way" in_http GET s c
	check "RTSP in HTTP: the client's way" in_http POST c s
	check "released behind an edit: numbers are still translated" edited_before
	check "released while media are open: they close with it" media_before
	check "a new connection in a released one's entry is read" released_entry
	check "the module goes: what was released stays as it is" all_of \
		alone \; asks "$TCP" \; answers "$TCP" \; \
		say frames s c 10000 \; talks PLAY 7 \; is_state released \; \
		bulk frames \; appgwd_stop \; unload_appgw \; bulk frames
	load_appgw
}

# edited_before: a SETUP grows, then comes a body that nobody reads
edited_before()
{
	alone && asks "$UDP;destination=$IN" "$UDP;destination=$WAN" &&
		pass c s "ANNOUNCE rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\nContent-Length: $BULK\r\n\r\n" &&
		is_state released && say pump c s $BULK && say pump s c $BULK &&
		say pump c s $BULK
}

# media_before: nothing is edited, and the server's reply opens ports
media_before()
{
	alone && asks "$UDP" && answers "$UDP;$SERVER_PORTS" &&
		! expect_count 0 &&
		pass c s "ANNOUNCE rtsp://h/t RTSP/1.0\r\nCSeq: 9\r\nContent-Length: $BULK\r\n\r\n" &&
		is_state released && say pump c s $BULK && media_comes &&
		say close c s && wait_for 5 expect_count 0
}

# released_entry: either end begins anew, from the same ports, and nobody has told the
# router
released_entry()
{
	local get='GET /t HTTP/1.0\r\nx-sessioncookie: 8Yt2nQ==\r\n\r\n'
	local options='OPTIONS rtsp://h/t RTSP/1.0\r\nCSeq: 1\r\n\r\n'
	local public='RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: SETUP\r\n\r\n'
	local at

	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	raw_host c in $((RANDOM + 20000)) lan "${IP4[raw_in]:=10.0.1.9}" &&
		raw_host s out "$RTSP_PORT" wan "${IP4[raw_out]:=203.0.113.9}" &&
		say handshake c s "${IP4[raw_out]}" "$RTSP_PORT" || return
	at=$(length "$get")
	conveys c s 0 "$get" && is_state released && conveys c s "$at" x &&
		conveys s c 0 x && conveys c s $((at + 1)) x &&
		conveys s c 1 "$public" && is_state released || return
	at=$(length "$options")
	CSEQ=2
	say anew c -500000 && say syn c "${IP4[raw_out]}" "$RTSP_PORT" &&
		say asked s && say anew s 700000 && say answer s &&
		say answered c && say heard c 0 &&
		conveys c s 0 "$options" && conveys s c 0 "$public" &&
		is_state reading &&
		say push c "$at" "$(request "$UDP;destination=${IP4[raw_in]}")" &&
		say pulled s "$at" "$(request "$UDP;destination=$WAN")"
}

# huge_body FROM TO
huge_body()
{
	local head="ANNOUNCE rtsp://h/t RTSP/1.0"

	[ "$1" = c ] || head="RTSP/1.0 200 OK"
	alone && pass "$1" "$2" "$head\r\nCSeq: 1\r\nContent-Length: $BULK\r\n\r\n" &&
		is_state released && say pump "$1" "$2" $BULK &&
		asks "$UDP;destination=$IN" && expect_count 0 && unseen 0 &&
		genl event e type=stopped reason=released
}

# in_http GET|POST FROM TO: as QuickTime does it, in two connections, of which
# this is one; requests in base64, and what is answered as it is
in_http()
{
	local head="$1 /t HTTP/1.0\r\nx-sessioncookie: 8Yt2nQ==\r\n"
	local text

	text=$(request "$UDP;destination=$IN")
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	CSEQ=1
	packets=$(seen)
	rtsp_dialled && genl forget e || return
	if [ "$1" = GET ]; then
		pass c s "${head}Accept: application/x-rtsp-tunnelled\r\n\r\n" &&
			pass s c 'HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n' &&
			pass s c "$(reply "$UDP;destination=$WAN")"
	else
		pass c s "${head}Content-Length: 32767\r\n\r\n" &&
			pass c s "$(printf '%b' "$text" | base64 -w 0)"
	fi && is_state released &&
		genl event e type=stopped reason=released && say pump "$2" "$3" $BULK &&
		expect_count 0 && unseen 0
}

# rtsp_dialled: c and s, and nobody has said anything
rtsp_dialled()
{
	say close c s && say listen rtsp "$SERVER" "$RTSP_PORT" >/dev/null &&
		say dial c "$CLIENT" "$TARGET" "$RTSP_PORT" &&
		say accept s rtsp >/dev/null
}

# ---- other protocols

# stops REASON WORD...: >TEXT is the client's, <TEXT the server's; a SETUP after
# that opens nothing
stops()
{
	local before word

	rtsp_dialled && before=$(counters) && genl forget e || return
	for word in "${@:2}"; do
		case $word in
		\>*) pass c s "${word#>}" || return ;;
		\<*) pass s c "${word#<}" || return ;;
		esac
	done
	CSEQ=1
	asks "$UDP;destination=$IN" && answers "$UDP;$SERVER_PORTS" &&
		expect_count 0 &&
		counters_moved "$before" opened=0 queued=0 "$1=1" &&
		genl event e type=stopped reason="$1"
}

others()
{
	local hello='\x16\x03\x01\x00\x36\x01\x00\x00\x32\x03\x03\r\n'
	local post='POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n'
	local text

	life_scene
	CSEQ=1
	text=$(request "$UDP;destination=$IN")
	check "TLS from the first byte" stops stopped_tls ">$hello"
	check "HTTP: a POST with a SETUP in its body" stops \
		stopped_not_client ">$post$text"
	check "HTTP: the body in a segment of its own" stops \
		stopped_not_client ">$post" ">$text" '<HTTP/1.1 200 OK\r\n\r\n'
	check "SSH: the server first" stops stopped_not_server \
		'<SSH-2.0-OpenSSH_9.2\r\n'
	check "SSH: the client first" stops stopped_not_client \
		'>SSH-2.0-OpenSSH_9.2\r\n'
	check "SMTP" stops stopped_not_server '<220 mx ESMTP\r\n'
}

# ---- what must not be let in

safety()
{
	life_scene
	check "a reply that nobody asked for opens nothing" unasked 999
	check "nor does one to another request" unasked 1
	check "nor does a reply of the client's" clients_reply
	check "nor does a second answer to a SETUP" answered_twice
	check "a port that the router serves is not taken" router_port
	check "nor do the media come there" all_of \
		comes o0 $WAN "$PUBLIC" i0 "$OUT $SERVER_PORT" \; \
		say silent router
	policy gw quota_host=8
	check "quota_host=8: two sessions, the third one is refused" quota
	check "it says so" all_of \
		genl event e type=refused reason=refused_quota "announced=$IN:5004" \; \
		wait_for 20 \
			appgwd_said 'client_port .*:5004.*: refused_quota: is one'
	check "TEARDOWN makes room" all_of talks TEARDOWN 7 \; \
		agree 9 5004 6004 \; expect_count 8
	rtsp_scene dnat
	check "dnat: a third host for a destination" unread \
		"$UDP;destination=$OTHER" refused_foreign=1
}

# unasked CSEQ: of the server's
unasked()
{
	local before

	rtsp_connected && before=$(counters) && CSEQ=$1 &&
		answers "$UDP;$SERVER_PORTS" && expect_count 0 &&
		counters_moved "$before" opened=0 queued=0
}

clients_reply()
{
	local before

	rtsp_connected && before=$(counters) && CSEQ=1 &&
		pass c s "$(reply "$UDP;$SERVER_PORTS")" && expect_count 0 &&
		counters_moved "$before" opened=0 queued=0
}

# answered_twice: with other ports
answered_twice()
{
	setup "$UDP" "$UDP" "$UDP;$SERVER_PORTS" "$UDP;$SERVER_PORTS" &&
		expect_count 4 && answers "$UDP;server_port=7000-7001" &&
		expect_count 4 && expect_count 0 7000
}

# Sets PUBLIC.
router_port()
{
	local line

	say udp router gw $PORT >/dev/null && rtsp_connected && CSEQ=2 &&
		say send c "$(request "$UDP")" && say get s && say get s &&
		line=$(say get s) && say want s '\r\n' || return
	echo "$line"
	[[ $line =~ client_port=([0-9]+)- ]] && PUBLIC=${BASH_REMATCH[1]} &&
		[ "$PUBLIC" -ne $PORT ] &&
		answers "RTP/AVP;unicast;client_port=$PUBLIC-$((PUBLIC + 1));$SERVER_PORTS" \
			"$UDP;$SERVER_PORTS" &&
		ends in $PORT out $SERVER_PORT bind="$OUT"
}

quota()
{
	local before

	rtsp_connected && agree 7 5000 6000 && agree 8 5002 6002 &&
		genl forget e && before=$(counters) &&
		asks "RTP/AVP;unicast;destination=$IN;client_port=5004-5005" &&
		expect_count 8 && counters_moved "$before" refused_quota=1
}

# ---- a daemon that dies, and another one

# many VERB WORD...: see peers/rtsp_many.py
many()
{
	partner_told many 200 "$@"
}

# many_scene: with as many pinholes as are asked for
many_scene()
{
	life_scene
	policy gw "${NO_QUOTA[@]}"
	echo $EXPECT_MAX >/proc/sys/net/netfilter/nf_conntrack_expect_max ||
		die "no room for expectations"
	partner_start many rtsp_many.py "$CLIENT" "$SERVER" "$TARGET" \
		"$IN" "$WAN"
}

starts()
{
	appgwd_start --queue 3
}

no_listener()
{
	ctl_json "not d['listeners']" status >/dev/null
}

# dies SIGNAL STATUS
dies()
{
	appgwd_stop "$1"
	local rc=$?
	echo "status $rc"
	wait_for 20 no_listener && [ $rc -eq "$2" ]
}

# queue_holds N: packets at least
queue_holds()
{
	[ "$(in_ns gw awk '{ n += $3 } END { print n + 0 }' \
		/proc/net/netfilter/nfnetlink_queue)" -ge "$1" ]
}

# stands_still: with all that is asked in its queue
stands_still()
{
	kill -STOP "$APPGWD_PID" && many ask && wait_for 20 queue_holds 5
}

goes_on()
{
	stands_still
	local rc=$?
	pause $STOPPED_S
	kill -CONT "$APPGWD_PID"
	return $rc
}

kills()
{
	many_scene
	check "$CONNECTIONS sessions, and media of one" all_of \
		many open $CONNECTIONS \; many setup public \; many flow 0
	check "kill -9: media go on" all_of dies KILL $KILLED \; many flows
	check "and come through what was open" many media
	check "streams that have grown stay as they are" many talk
	check "a SETUP passes as it is, media go on" all_of \
		many setup own \; many flows
	check "a new one reads on" all_of starts \; many setup public
	check "media go on, and come to all" all_of many flows \; many media
	check "SIGSTOP for $STOPPED_S s: nothing is lost, all is rewritten" \
		all_of goes_on \; many asked public \; many talk
	check "kill -9 with SETUPs in its queue: they come as they are" all_of \
		stands_still \; dies KILL $KILLED \; many asked own \; \
		many talk \; many flows
	check "a new one reads on; SIGTERM: status 0" all_of \
		starts \; many setup public \; many talk \; many flows \; \
		dies TERM 0
	partner_stop many
}

# ---- load

# sees N: so many packets since, or a few of them again
sees()
{
	local now

	now=$(($(seen) - packets))
	echo "$now packets, not $1"
	[ $now -ge "$1" ] && [ $now -le $(($1 + $1 / 5)) ]
}

# many_flow N: bursts of media
many_flow()
{
	local i

	for ((i = 0; i < $1; i++)); do
		many flows || return
	done
}

load()
{
	many_scene
	check "media flow" all_of many open 1 \; many setup public \; many flow 0
	packets=$(seen)
	check "$sessions sessions beside them" all_of many open "$sessions" \; \
		many setup public
	note "$(many flows) datagrams so far"
	check "the daemon has seen each SETUP and reply, and no more" \
		sees $((2 * sessions + 2))
	packets=$(seen)
	check "it sees no media, and no keep-alive" all_of \
		many_flow 20 \; many talk \; sees 0
	check "media come to all sessions" many media
	check "the connections' end closes all" all_of many end \; \
		wait_for 20 expect_count 0
	check "$MAPPED_MAX ports a connection that media come to, and no more" \
		piles_up
	partner_stop many
}

# Each SETUP is about two.
piles_up()
{
	local before helped

	many open 1 && before=$(counters) || return
	helped=$(many pile $MAPPED_MAX)
	echo "helped: $helped"
	[ "$helped" = $((MAPPED_MAX / 2)) ] &&
		counters_moved "$before" used=$MAPPED_MAX refused_quota=1
}

declare -A CHECKS=([lifetime]=8 [endings]=13 [release]=15 [others]=6
	[safety]=10 [kills]=10 [load]=7)

need nft conntrack nsenter ip appgwd appgwctl base64 /usr/bin/python3
[ $# -gt 0 ] || set -- lifetime endings release others safety kills load
genl_start
daemon_parts "" "$@"
