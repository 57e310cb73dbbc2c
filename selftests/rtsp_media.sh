#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# RTSP clients play what servers send them by UDP, through NAT and a firewall
# that knows nothing but "established,related". What comes is decoded and
# compared with the clip.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rtsp_media.sh [RUN...]		see run_NAME below
#
# APPGW_PAIRS says which servers and clients where all are to be tried.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rtsp_play.sh"

# Servers, and which clients play what they have
PAIRS=${APPGW_PAIRS:-gst/ffmpeg gst/gst vlc/ffmpeg vlc/gst perl/ffmpeg}

RUNS="open masq dnat route6 masq6 dnat6 camera same_ports"
RUNS+=" no_daemon no_module no_daemon_dnat no_daemon6"

N=$(wc -w <<<"$PAIRS")
declare -A CHECKS=(
	[open]=$((N + 1)) [masq]=$((2 * N)) [dnat]=$((2 * N))
	[route6]=4 [masq6]=4 [dnat6]=4
	[camera]=4 [same_ports]=2
	[no_daemon]=$N [no_module]=2 [no_daemon_dnat]=2 [no_daemon6]=2
)

# session NAME TOPOLOGY SERVER CLIENT [ARG...]: of two checks
session()
{
	place "$2" "$3" "${@:5}"
	rtsp_daemon
	check "$1: plays" plays "$4" "$CLIENT" clip av
	stop_rtsp_server
	check "$1: nothing leads inside any more" shut_again \
		"$WORK/clip.flows" 1
}

# sessions TOPOLOGY PAIR...
sessions()
{
	local pair

	for pair in "${@:2}"; do
		session "$1, $pair" "$1" "${pair%/*}" "${pair#*/}"
	done
}

# Without NAT and firewall, and without help: peers and clips are as they should
# be.
run_open()
{
	local pair

	for pair in $PAIRS; do
		place open "${pair%/*}"
		check "open, $pair: plays" plays "${pair#*/}" "$CLIENT" clip av
	done
	place open camera "clip=$RTSP_MEDIA/long.ts"
	check "open, camera/vlc: plays" plays vlc "$CLIENT" clip av
}

run_masq()
{
	# shellcheck disable=SC2086
	sessions masq $PAIRS
}

run_dnat()
{
	# shellcheck disable=SC2086
	sessions dnat $PAIRS
}

run_route6()
{
	sessions route6 gst/ffmpeg vlc/gst
}

run_masq6()
{
	sessions masq6 gst/gst vlc/ffmpeg
}

run_dnat6()
{
	sessions dnat6 gst/ffmpeg vlc/gst
}

run_camera()
{
	local topology

	for topology in masq dnat; do
		session "$topology, camera/vlc" $topology camera vlc \
			clip="$RTSP_MEDIA/long.ts" case=upper ports=odd
	done
}

# Two clients choose the same ports, and one of them can have them outside, too.
run_same_ports()
{
	local second

	appgwd_stop
	say close >/dev/null
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=$(ip_of out)
	firewall gw masq=wan
	start_rtsp_server gst out
	rtsp_daemon
	{
		plays ffmpeg in2 clip2 bv -min_port 6000 -max_port 6003 \
			>"$WORK/second" 2>&1
		echo $? >"$WORK/second.rc"
	} &
	second=$!
	check "same ports: the first client plays" plays ffmpeg in clip av \
		-min_port 6000 -max_port 6003
	wait "$second"
	check "same ports: the second one plays its own clip" second_played
}

second_played()
{
	cat "$WORK/second"
	[ "$(cat "$WORK/second.rc")" = 0 ]
}

# control NAME TOPOLOGY PAIR...: the same peers, and nobody who helps them
control()
{
	local pair

	for pair in "${@:3}"; do
		place "$2" "${pair%/*}"
		check "$1, $2, $pair: nothing comes" starves "${pair#*/}" clip
	done
}

run_no_daemon()
{
	# shellcheck disable=SC2086
	control "without the daemon" masq $PAIRS
}

run_no_daemon_dnat()
{
	control "without the daemon" dnat gst/ffmpeg vlc/gst
}

run_no_daemon6()
{
	control "without the daemon" route6 gst/gst vlc/ffmpeg
}

run_no_module()
{
	appgwd_stop
	say close >/dev/null
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	control "without the module" masq gst/ffmpeg
	control "without the module" dnat vlc/gst
	load_appgw
}

need nft conntrack nsenter ip appgwd
need_rtsp_server gst vlc perl camera
need_rtsp_client ffmpeg gst vlc
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $RUNS
daemon_parts run_ "$@"
