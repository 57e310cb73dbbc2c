# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# RTSP clients that take media by UDP only, if they aren't told otherwise, and
# write what they get to a file. Nothing is decoded by them: lib/rtsp.sh does that
# for all.

# shellcheck disable=SC2034 # read by the scripts
RTSP_CLIENTS="ffmpeg gst"
RTSP_LOGIN=	# USER:PASSWORD@, if they are to say so

need_rtsp_client()
{
	local client

	need ffmpeg ffprobe timeout
	for client; do
		case $client in
		ffmpeg) ;;
		gst)	/usr/bin/python3 -I -c 'import gi' 2>/dev/null ||
				skip_all "needs python3-gi" ;;
		vlc)	need cvlc setpriv ;;
		*)	die "no RTSP client called $client" ;;
		esac
	done
}

# rtsp_url ADDRESS PATH
rtsp_url()
{
	local host=$1

	[[ $host != *:* ]] || host="[$host]"
	echo "rtsp://$RTSP_LOGIN$host:$RTSP_PORT/$2"
}

# start_rtsp_client CLIENT NS NAME URL [ARG...]: writes to $WORK/NAME.media
# (or the sound to $WORK/NAME.media.aac), says
# what it has to say in $WORK/NAME.log. Sets CLIENT_PID.
start_rtsp_client()
{
	local client=$1 ns=$2 file=$WORK/$3.media url=$4
	local cmd=()

	rm -f "$file" "$file.aac"
	"rtsp_client_$client" "$file" "$url" "${@:5}"
	# What a script starts in the background ignores SIGINT otherwise.
	nsenter --net="/run/netns/$ns" -- timeout --foreground -k 5 120 \
		env --default-signal=INT "${cmd[@]}" \
		</dev/null >"$WORK/$3.log" 2>&1 &
	CLIENT_PID=$!
	disown
}

# stop_rtsp_client PID: as somebody who types Ctrl-C, so it says goodbye
stop_rtsp_client()
{
	kill -INT "$1" 2>/dev/null
	wait_for 15 rtsp_client_is_gone "$1" || {
		kill -KILL "$1" 2>/dev/null
		echo "the client does not end"
		return 1
	}
}

rtsp_client_is_gone()
{
	[ ! -e "/proc/$1" ]
}

# Each of these gets a file and a URL, and sets cmd.

rtsp_client_ffmpeg()
{
	cmd=(ffmpeg -nostdin -hide_banner -y -rtsp_transport udp "${@:3}" -i "$2" -c copy
		-flush_packets 1 -f mpegts "$1")
}

rtsp_client_gst()
{
	cp "$APPGW_CACHE/gst.registry" "$1.registry"
	cmd=(env GST_REGISTRY="$1.registry" GST_REGISTRY_UPDATE=no
		/usr/bin/python3 -I "$SELFTESTS/peers/rtsp_gst_player.py"
		"$2" "$1" "$1.aac" "${@:3}")
}

# Debian builds VLC without live555. What is left of RTSP by UDP is the client
# for SAT>IP, which wants MPEG-TS from a server that names its stream.
rtsp_client_vlc()
{
	local home=${1%.media}.home

	mkdir -p "$home"
	: >"$1"
	chown nobody:nogroup "$home" "$1"
	cmd=(env HOME="$home" setpriv --reuid nobody --regid nogroup
		--clear-groups cvlc --ignore-config --no-media-library
		"satip${2#rtsp}"
		--sout "#std{access=file,mux=ts,dst=$1}" vlc://quit)
}
