#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# RTSP with the manners of cameras: "source=", odd ports, folded headers, replies
# in pieces. Each datagram is counted and comes from where the reply says.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rtsp_camera.sh [RUN...]		see run_NAME below

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rtsp.sh"
source "$SELFTESTS/peers/rtsp_server.sh"

WATCH_S=2		# how long each stream is
WANT=50			# datagrams of it, of 100
FLOWS_S=40		# until the first ones must have come
CLIENT_PORT=4588

RUNS="open masq dnat route6 masq6 dnat6 no_module no_daemon"

# What the camera is told, in words of peers/rtsp_camera.py; OWN and OTHER are
# its own address, and one more of its host
MANNERS=(
	"ports=even"
	"ports=odd source=OWN"
	"source=OTHER ports=odd"
	"case=upper fold=1"
	"case=lower split=1"
	"silent=1"
	"silent=1 source=OTHER fold=1 split=1"
)

declare -A CHECKS=(
	[open]=${#MANNERS[@]} [masq]=$((3 * ${#MANNERS[@]})) [dnat]=9
	[route6]=6 [masq6]=9 [dnat6]=6 [no_module]=4 [no_daemon]=2
)

declare -A OTHER=(
	[out4]=203.0.113.3 [out6]=2001:db8:2::3
	[in4]=10.0.1.4 [in6]=fd00:1::4
)

# place TOPOLOGY MANNERS: with a camera that has them
place()
{
	local words other own bits=24

	appgwd_stop
	say close >/dev/null
	topology "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	other=${OTHER[$SERVER$FAMILY]}
	[ "$FAMILY" = 4 ] || bits="64 nodad"
	# shellcheck disable=SC2086
	ip -n "$SERVER" addr add dev eth0 $other/$bits
	own=$(ip_of "$SERVER")
	words=${2//OTHER/$other}
	words=${words//OWN/$own}
	# shellcheck disable=SC2086
	start_rtsp_server camera "$SERVER" $words
}

# flows: what gw knows of media and control, if it is both
flows()
{
	media_flows "${OTHER[out$FAMILY]}" >"$WORK/camera.flows"
	[ "$(wc -l <"$WORK/camera.flows")" -ge 2 ]
}

# flows_or_end PID: the same, or that process has ended
flows_or_end()
{
	flows || ! kill -0 "$1" 2>/dev/null
}

# watches [WORD...]: see peers/rtsp_viewer.py
watches()
{
	local viewer

	in_ns "$CLIENT" timeout "$(scaled 40)" /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/rtsp_viewer.py" "$TARGET" "$RTSP_PORT" \
		$WATCH_S $CLIENT_PORT want=$WANT "$@" &
	viewer=$!
	wait_for $FLOWS_S flows_or_end $viewer
	wait $viewer || {
		echo "the camera:"
		cat "$SERVER_LOG"
		return 1
	}
}

# camera_heard MANNERS: what the client sent, unless it could not know where to
camera_heard()
{
	local media control

	wait_for 20 grep -q '^media' "$SERVER_LOG"
	read -r _ media _ control <"$SERVER_LOG"
	echo "media $media control $control"
	case $1 in
	*silent*) [ "$media" = 0 ] && [ "$control" = 0 ] ;;
	*) [ "$media" -gt 0 ] && [ "$control" -gt 1 ] ;;
	esac
}

# camera TOPOLOGY MANNERS: of three checks
camera()
{
	place "$1" "$2"
	rtsp_daemon
	check "$1, $2: all is seen" watches
	check "$1, $2: the camera hears the client" camera_heard "$2"
	stop_rtsp_server
	check "$1, $2: nothing leads inside any more" shut_again \
		"$WORK/camera.flows" 2
}

# Without a router's help both are as they should be.
run_open()
{
	local manners

	for manners in "${MANNERS[@]}"; do
		place open "$manners"
		check "open, $manners: all is seen" watches
	done
}

run_masq()
{
	local manners

	for manners in "${MANNERS[@]}"; do
		camera masq "$manners"
	done
}

run_dnat()
{
	camera dnat "ports=even"
	camera dnat "ports=odd source=OWN"
	camera dnat "case=upper fold=1 split=1 source=OWN"
}

run_route6()
{
	camera route6 "ports=odd source=OWN"
	camera route6 "ports=even source=OTHER"
}

run_masq6()
{
	camera masq6 "ports=even"
	camera masq6 "ports=odd source=OTHER"
	camera masq6 "case=lower fold=1 split=1"
}

run_dnat6()
{
	camera dnat6 "ports=even"
	camera dnat6 "ports=odd source=OWN split=1"
}

# starves NAME TOPOLOGY MANNERS: the camera sends, and none of it comes
starves()
{
	place "$2" "$3"
	check "$1, $2, $3: nothing comes" sees_nothing
}

sees_nothing()
{
	local was

	was=$(dropped)
	watches want=0 && [ $(($(dropped) - was)) -ge "$WANT" ]
}

run_no_daemon()
{
	starves "without the daemon" masq "ports=even"
	starves "without the daemon" route6 "source=OTHER"
}

run_no_module()
{
	appgwd_stop
	say close >/dev/null
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	starves "without the module" masq "ports=even"
	starves "without the module" masq "source=OTHER ports=odd"
	starves "without the module" route6 "ports=even"
	starves "without the module" dnat "ports=odd"
	load_appgw
}

need nft conntrack nsenter ip appgwd
need_rtsp_server camera
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $RUNS
daemon_parts run_ "$@"
