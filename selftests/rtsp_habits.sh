#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What RTSP clients and servers do besides playing, through NAT and a firewall that
# knows nothing but "established,related": they ask for a password, send one another
# elsewhere, pause, and fall back to media in the control connection. What comes is
# decoded and compared with the clip.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rtsp_habits.sh [RUN...]		see run_NAME below
#
# APPGW_PAUSE_S says how long a pause is.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rtsp_play.sh"

OTHER_PORT=8554
CONTROL_PORT="{ $RTSP_PORT, $OTHER_PORT }"
OTHER_ADDRESS=203.0.113.3	# of out, beside its own
UDP_TIMEOUT_S=2		# of conntrack, so that a pause outlasts it soon
PAUSE_S=${APPGW_PAUSE_S:-8}
PLAY_FIRST_S=2
FALL_BACK_S=3		# a client waits so long for datagrams

declare -A EITHER=(
	[ffmpeg]="-rtsp_transport udp+tcp -timeout ${FALL_BACK_S}000000"
	[gst]="protocols=udp+tcp timeout=${FALL_BACK_S}000000"
)
declare -A INSIDE=([ffmpeg]="-rtsp_transport tcp" [gst]="protocols=tcp")

RUNS="open digest digest_dnat basic redirect redirect_dnat pause pause_dnat pause6"
RUNS+=" refused refused_dnat blocked blocked_dnat inside no_daemon no_daemon_tcp"

declare -A CHECKS=(
	[open]=4 [digest]=5 [digest_dnat]=4 [basic]=4
	[redirect]=9 [redirect_dnat]=2
	[pause]=2 [pause_dnat]=2 [pause6]=4
	[refused]=2 [refused_dnat]=2 [blocked]=3 [blocked_dnat]=3 [inside]=4
	[no_daemon]=2 [no_daemon_tcp]=4
)

# closed NAME N: nothing leads inside that did, and there were N connections at
# least
closed()
{
	stop_rtsp_server
	check "$1: nothing leads inside any more" shut_again "$WORK/clip.flows" "$2"
}

# with_password NAME TOPOLOGY WAY CLIENT: of two checks
with_password()
{
	place "$2" gst auth="$3"
	rtsp_daemon
	RTSP_LOGIN=$RTSP_USER:$RTSP_PASSWORD@
	check "$1: plays" plays "$4" "$CLIENT" clip av
	RTSP_LOGIN=
	closed "$1" 1
}

# passwords TOPOLOGY WAY CLIENT...
passwords()
{
	local client

	for client in "${@:3}"; do
		with_password "$1, $2, $client" "$1" "$2" "$client"
	done
}

# turned_away: who says a wrong password gets nothing, and nothing is opened
turned_away()
{
	place masq gst auth=digest
	rtsp_daemon
	RTSP_LOGIN=$RTSP_USER:wrong@
	begin ffmpeg "$CLIENT" clip av
	RTSP_LOGIN=
	wait_for $START_S rtsp_client_is_gone "$CLIENT_PID" &&
		grep -q '401 Unauthorized' "$WORK/clip.log" &&
		[ ! -s "$WORK/clip.media" ] && counter_is opened 0 && return
	peers_said clip
	return 1
}

run_digest()
{
	passwords masq digest ffmpeg gst
	check "masq, digest: a wrong password opens nothing" turned_away
}

run_digest_dnat()
{
	passwords dnat digest ffmpeg gst
}

run_basic()
{
	passwords masq basic ffmpeg
	passwords dnat basic gst
}

# redirecting STATUS ADDRESS LOCATION: a second server, on $RTSP_PORT of that address
redirecting()
{
	local pid=$SERVER_PID log=$SERVER_LOG

	start_rtsp_server redirect "$SERVER" "$2" "$RTSP_PORT" "$1" "$3"
	REDIRECT_LOG=$SERVER_LOG
	SERVER_PID=$pid SERVER_LOG=$log
}

# plays_elsewhere CLIENT: by way of the one that redirects
plays_elsewhere()
{
	RTSP_PATH=old plays "$1" "$CLIENT" clip av &&
		grep -q '^DESCRIBE .*/old ' "$REDIRECT_LOG"
}

# to_other_port STATUS TOPOLOGY CLIENT: of two checks
to_other_port()
{
	local name="$2, $1 to another port, $3"

	RTSP_PORT=$OTHER_PORT place "$2" gst
	redirecting "$1" 0.0.0.0 "rtsp://$TARGET:$OTHER_PORT/av"
	rtsp_daemon
	check "$name: plays" plays_elsewhere "$3"
	closed "$name" 1
}

# to_other_address STATUS CLIENT: of two checks
to_other_address()
{
	local name="masq, $1 to another address, $2"

	place masq gst at="${IP4[out]}"
	ip -n out addr add dev eth0 $OTHER_ADDRESS/24
	redirecting "$1" $OTHER_ADDRESS "rtsp://$TARGET/av"
	TARGET=$OTHER_ADDRESS
	rtsp_daemon
	check "$name: plays" plays_elsewhere "$2"
	closed "$name" 1
}

# led_astray: what says no more than where to go opens nothing
led_astray()
{
	topology masq
	start_rtsp_server redirect out 0.0.0.0 "$RTSP_PORT" 302 \
		"rtsp://$TARGET:$OTHER_PORT/av"
	rtsp_daemon
	RTSP_PATH=old begin ffmpeg "$CLIENT" clip av
	wait_for $START_S rtsp_client_is_gone "$CLIENT_PID" &&
		grep -q 'Redirecting' "$WORK/clip.log" &&
		counter_is opened 0 && expect_count 0 && return
	peers_said clip
	return 1
}

run_redirect()
{
	to_other_port 302 masq gst
	to_other_port 301 masq ffmpeg
	to_other_address 301 gst
	to_other_address 302 ffmpeg
	check "a redirect alone opens nothing" led_astray
}

run_redirect_dnat()
{
	to_other_port 302 dnat ffmpeg
}

# forgets_soon: gw, what has no datagrams
forgets_soon()
{
	in_ns gw sysctl -q net.netfilter.nf_conntrack_udp_timeout=$UDP_TIMEOUT_S \
		net.netfilter.nf_conntrack_udp_timeout_stream=$UDP_TIMEOUT_S
}

no_media_flows()
{
	[ -z "$(media_flows)" ]
}

# pauses_and_plays: gw has forgotten the media when it goes on, and what comes then
# is the rest of the clip
pauses_and_plays()
{
	local log=$WORK/clip.log before frames rc=0

	before=$(datagrams "$CLIENT")
	begin gst "$CLIENT" clip av pause=$PLAY_FIRST_S,$PAUSE_S
	: >"$WORK/clip.flows"
	wait_for $START_S grep -q '^paused' "$log" &&
		wait_for $PAUSE_S no_media_flows || {
		echo "gw still knows of media"
		rc=1
	}
	! grep -q '^plays on' "$log" || {
		echo "it went on too soon"
		rc=1
	}
	frames=$(frames "$WORK/clip.media" av)
	wait_for $((PAUSE_S + START_S)) grep -q '^plays on' "$log" || rc=1
	pause 1
	media_flows >"$WORK/clip.flows"
	pause $((PLAY_S - 1))
	stop_rtsp_client "$CLIENT_PID" || rc=1
	came "$CLIENT" "$before" || rc=1
	echo "$frames pictures before the pause"
	[ "$frames" -ge $RTSP_FRAMES ] &&
		shows "$WORK/clip.media" av $((PLAY_FIRST_S + PLAY_S - 1)) || rc=1
	[ $rc = 0 ] || peers_said clip
	return $rc
}

# pausing TOPOLOGY: of two checks
pausing()
{
	place "$1" gst
	forgets_soon
	rtsp_daemon
	check "$1, pause: plays on when gw has forgotten it" pauses_and_plays
	closed "$1, pause" 2
}

run_pause()
{
	pausing masq
}

run_pause_dnat()
{
	pausing dnat
}

run_pause6()
{
	pausing route6
	pausing masq6
}

# falls_back TOPOLOGY CLIENT: a server that has no UDP, of two checks
falls_back()
{
	place "$1" gst over=tcp
	rtsp_daemon
	# shellcheck disable=SC2086
	check "$1, no UDP, $2: plays in the connection" \
		plays_inside "$2" "$CLIENT" clip av ${EITHER[$2]}
	closed "$1, no UDP, $2" 0
}

run_refused()
{
	falls_back masq gst
}

run_refused_dnat()
{
	falls_back dnat ffmpeg
}

# block_udp NS: none leaves it, beyond what gw has to do with
block_udp()
{
	in_ns "$1" nft -f - <<-EOF
		table inet block {
			chain out {
				type filter hook output priority 0;
				oifname eth0 meta l4proto udp drop
			}
		}
	EOF
}

# opened: it was UDP that the client had asked for first
has_opened()
{
	[ "$(counter opened)" -gt 0 ]
}

# blocked TOPOLOGY CLIENT: no datagram arrives, of three checks
blocked()
{
	place "$1" gst
	block_udp "$SERVER"
	rtsp_daemon
	# shellcheck disable=SC2086
	check "$1, UDP blocked, $2: plays in the connection" \
		plays_inside "$2" "$CLIENT" clip av ${EITHER[$2]}
	check "$1, UDP blocked, $2: UDP was agreed on" has_opened
	closed "$1, UDP blocked, $2" 0
}

run_blocked()
{
	blocked masq ffmpeg
}

run_blocked_dnat()
{
	blocked dnat gst
}

# Nobody has ever wanted UDP
run_inside()
{
	local client

	for client in ffmpeg gst; do
		place masq gst
		rtsp_daemon
		# shellcheck disable=SC2086
		check "masq, interleaved, $client: plays" \
			plays_inside $client "$CLIENT" clip av ${INSIDE[$client]}
		check "masq, interleaved, $client: nothing is opened" \
			counter_is opened 0
		stop_rtsp_server
	done
}

# Without NAT and firewall, and without help: that peers do it at all
run_open()
{
	place open gst auth=digest
	RTSP_LOGIN=$RTSP_USER:$RTSP_PASSWORD@
	check "open, digest, gst: plays" plays gst "$CLIENT" clip av
	RTSP_LOGIN=
	RTSP_PORT=$OTHER_PORT place open gst
	redirecting 302 0.0.0.0 "rtsp://$TARGET:$OTHER_PORT/av"
	check "open, redirect, gst: plays" plays_elsewhere gst
	place open gst
	forgets_soon
	check "open, pause: plays on" pauses_and_plays
	place open gst over=tcp
	# shellcheck disable=SC2086
	check "open, no UDP, gst: plays in the connection" \
		plays_inside gst "$CLIENT" clip av ${EITHER[gst]}
}

# Without the daemon all is agreed on as with it, and no media comes
run_no_daemon()
{
	place masq gst auth=digest
	RTSP_LOGIN=$RTSP_USER:$RTSP_PASSWORD@
	check "without the daemon, digest: nothing comes" starves gst clip
	RTSP_LOGIN=
	RTSP_PORT=$OTHER_PORT place masq gst
	redirecting 302 0.0.0.0 "rtsp://$TARGET:$OTHER_PORT/av"
	check "without the daemon, redirect: nothing comes" starves ffmpeg clip
}

# What needs no help works without it, too
run_no_daemon_tcp()
{
	local topology client

	for topology in masq dnat; do
		place $topology gst
		block_udp "$SERVER"
		# shellcheck disable=SC2086
		check "without the daemon, $topology, UDP blocked: plays" \
			plays_inside ffmpeg "$CLIENT" clip av ${EITHER[ffmpeg]}
		place $topology gst over=tcp
		# shellcheck disable=SC2086
		check "without the daemon, $topology, no UDP: plays" \
			plays_inside gst "$CLIENT" clip av ${EITHER[gst]}
	done
}

need nft conntrack nsenter ip appgwd
need_rtsp_server gst redirect
need_rtsp_client ffmpeg gst
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $RUNS
daemon_parts run_ "$@"
