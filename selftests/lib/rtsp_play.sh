# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Real players of RTSP, and whether the clip comes that the server has.
#
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/rtsp_play.sh"
#
# APPGW_PLAY_S says how many seconds of it are wanted.

# shellcheck source=selftests/lib/rtsp.sh
source "$SELFTESTS/lib/rtsp.sh"
# shellcheck source=selftests/peers/rtsp_server.sh
source "$SELFTESTS/peers/rtsp_server.sh"
# shellcheck source=selftests/peers/rtsp_client.sh
source "$SELFTESTS/peers/rtsp_client.sh"

PLAY_S=${APPGW_PLAY_S:-5}	# the clip has 12
START_S=60	# until something comes that must
WATCH_S=8	# how long one waits for what must not

# place TOPOLOGY SERVER [ARG...]: a router in front of a server translates what
# leaves, too
place()
{
	appgwd_stop
	say close >/dev/null
	topology "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	start_rtsp_server "$2" "$SERVER" "${@:3}"
}

# begin CLIENT NS NAME CLIP [ARG...]: the clip is found by its name, or at $RTSP_PATH
begin()
{
	start_rtsp_client "$1" "$2" "$3" \
		"$(rtsp_url "$TARGET" "${RTSP_PATH:-$4}")" "${@:5}"
}

# receives CLIENT NS NAME CLIP [ARG...]: for so many seconds from when something
# came, and it is the clip. What gw knew of it is in NAME.flows.
receives()
{
	local file=$WORK/$3.media rc=0

	begin "$@"
	: >"$WORK/$3.flows"
	if wait_for $START_S test -s "$file"; then
		# before the clip's end, with which they may go
		pause 1
		media_flows >"$WORK/$3.flows"
		pause $((PLAY_S - 1))
	else
		echo "nothing comes"
		rc=1
	fi
	stop_rtsp_client "$CLIENT_PID" || rc=1
	shows "$file" "$4" "$PLAY_S" && [ $rc = 0 ] || {
		peers_said "$3"
		return 1
	}
}

# peers_said NAME: to tell why it failed
peers_said()
{
	tail -n 30 "$WORK/$1.log" "$SERVER_LOG"
}

# plays CLIENT NS NAME CLIP [ARG...]: the same, by UDP
plays()
{
	local before

	before=$(datagrams "$2")
	receives "$@" && came "$2" "$before"
}

# plays_inside CLIENT NS NAME CLIP [ARG...]: the same, in the control connection
plays_inside()
{
	local before

	before=$(datagrams "$2")
	receives "$@" && [ "$(datagrams "$2")" -eq "$before" ]
}

# came NS BEFORE: enough datagrams for a client that doesn't get it otherwise
came()
{
	local n=$(($(datagrams "$1") - $2))

	echo "$n datagrams"
	[ $n -ge $((10 * PLAY_S)) ]
}

# starves CLIENT NAME [ARG...]: the server plays, but none of it comes
starves()
{
	local before was rc=0

	before=$(datagrams "$CLIENT")
	was=$(dropped)
	begin "$1" "$CLIENT" "$2" av "${@:3}"
	wait_for $START_S media_dropped "$was" || {
		echo "nothing was dropped"
		rc=1
	}
	! wait_for $WATCH_S test -s "$WORK/$2.media" || {
		echo "something was written"
		rc=1
	}
	[ "$(datagrams "$CLIENT")" -eq "$before" ] || {
		echo "datagrams came"
		rc=1
	}
	stop_rtsp_client "$CLIENT_PID" || rc=1
	[ $rc = 0 ] || peers_said "$2"
	return $rc
}

# media_dropped BEFORE: more than a client sends to open its own router
media_dropped()
{
	[ $(($(dropped) - $1)) -gt 30 ]
}
