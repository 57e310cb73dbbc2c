# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# RTSP servers: one way to start them.

RTSP_MEDIA=$APPGW_CACHE/media	# see selftests/setup
RECORD_PORT=5545	# of RTSP::Server, for what it passes on
# Asked for by "auth=" of peers/rtsp_gst.py
# shellcheck disable=SC2034 # read by the scripts
RTSP_USER=viewer RTSP_PASSWORD=secret

need_rtsp_server()
{
	local server

	[ -s "$RTSP_MEDIA/av.frames" ] || skip_all "needs clips"
	for server; do
		case $server in
		gst)	/usr/bin/python3 -I -c '
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GstRtspServer' 2>/dev/null ||
				skip_all "needs gst-rtsp-server" ;;
		vlc)	need cvlc setpriv ;;
		camera | redirect)
			need /usr/bin/python3 ;;
		perl)	perl -MRTSP::Server -e 1 2>/dev/null ||
				skip_all "needs librtsp-server-perl" ;;
		*)	die "no RTSP server called $server" ;;
		esac
	done
}

# start_rtsp_server SERVER NS [ARG...]: on port $RTSP_PORT of NS, IPv4 and
# IPv6, with the clip at /av. Sets SERVER_PID and SERVER_LOG.
start_rtsp_server()
{
	local server=$1 ns=$2 dir=$WORK/server.$1
	local cmd=()

	mkdir -p "$dir"
	SERVER_LOG=$dir/log
	# VLC isn't root
	in_ns "$ns" sysctl -q net.ipv4.ip_unprivileged_port_start=0
	"rtsp_server_$server" "$dir" "${@:3}"
	# not in_ns: the process id is to be the server's own
	HOME=$dir nsenter --net="/run/netns/$ns" -- "${cmd[@]}" \
		</dev/null >"$SERVER_LOG" 2>&1 &
	SERVER_PID=$!
	disown
	wait_for 60 rtsp_server_is_up "$server" "$dir" || {
		sed 's/^/# /' "$SERVER_LOG"
		die "$server does not start"
	}
}

# rtsp_server_is_up SERVER DIR: the one that is called $SERVER_PID serves
rtsp_server_is_up()
{
	case $1 in
	perl)	grep -qs '^frame=' "$2/progress" ;;
	redirect) grep -q 'listens' "$SERVER_LOG" ;;
	*)	listening "$SERVER_PID" "$RTSP_PORT" ;;
	esac
}

stop_rtsp_server()
{
	kill -KILL "$SERVER_PID" 2>/dev/null
	wait_for 30 test ! -e "/proc/$SERVER_PID" || {
		sed 's/^/# /' "/proc/$SERVER_PID/status" "/proc/$SERVER_PID/stack"
		die "the server does not end"
	}
}

# Each of these gets a directory to write to, and sets cmd.

rtsp_server_gst()
{
	cp "$APPGW_CACHE/gst.registry" "$1/registry"
	cmd=(env GST_REGISTRY="$1/registry" GST_REGISTRY_UPDATE=no
		/usr/bin/python3 -I "$SELFTESTS/peers/rtsp_gst.py" "$RTSP_PORT"
		"$RTSP_MEDIA" av bv "${@:2}")
}

# Begins to play at once, whoever listens, and refuses to be root.
rtsp_server_vlc()
{
	chown nobody:nogroup "$1"
	cmd=(setpriv --reuid nobody --regid nogroup --clear-groups
		cvlc --ignore-config --no-media-library "$RTSP_MEDIA/long.mp4"
		--sout "#rtp{sdp=rtsp://:$RTSP_PORT/av}" vlc://quit)
}

# One that says what it is told to: see there.
rtsp_server_camera()
{
	cmd=(/usr/bin/python3 -I -S "$SELFTESTS/peers/rtsp_camera.py"
		"$RTSP_PORT" "${@:2}")
}

# RTSP::Server passes on what is recorded by RTSP: ffmpeg, beside it, does. It
# sends from when a stream is set up on, and goes with the server. IPv4 only.
# shellcheck disable=SC2016 # Perl's variables, and another shell's
rtsp_server_perl()
{
	local program='
		my $server = RTSP::Server->new(client_listen_port => shift,
					       source_listen_port => shift);
		$server->listen;
		AnyEvent->condvar->recv'

	rm -f "$1/progress"
	cmd=(bash -c '
		while kill -0 $$; do
			ffmpeg -nostdin -loglevel error -progress "$1/progress" \
				-re -i "$2/long.mp4" -c copy \
				-bsf:v h264_mp4toannexb -rtsp_transport udp \
				-f rtsp "rtsp://127.0.0.1:$4/av"
			sleep 0.2
		done &
		exec perl -MAnyEvent -MRTSP::Server -e "$5" "$3" "$4"' \
		recorded "$1" "$RTSP_MEDIA" "$RTSP_PORT" "$RECORD_PORT" "$program")
}

# Sends everybody elsewhere: ADDRESS PORT STATUS LOCATION
rtsp_server_redirect()
{
	cmd=(/usr/bin/python3 -I -S "$SELFTESTS/peers/rtsp_redirect.py" "${@:2}")
}
