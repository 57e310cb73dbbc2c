# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# RTSP behind a router where the module and the daemon run.
#
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/rtsp.sh"

# Read by the scripts and by other parts of the library.
# shellcheck disable=SC2034
RTSP_PORT=554
# shellcheck disable=SC2034
CONTROL_PORT=$RTSP_PORT

# What the clips show in a second, see selftests/setup
RTSP_FRAMES=15
RTSP_SOUNDS=7

# rtsp_daemon: one in gw, in the place of the one there was elsewhere
rtsp_daemon()
{
	appgwd_stop
	appgwd_start --queue 3 || die "appgwd does not listen"
}

# datagrams NS: how many sockets there have been given so far
datagrams()
{

	if [ "$FAMILY" = 6 ]; then
		in_ns "$1" awk '$1 == "Udp6InDatagrams" { print $2 }' \
			/proc/net/snmp6
	else
		in_ns "$1" awk '$1 == "Udp:" && $2 ~ /^[0-9]/ { print $2 }' \
			/proc/net/snmp
	fi
}

# dropped: packets that the firewalls between them have dropped
dropped()
{
	local ns

	for ns in "${GATEWAYS[@]}"; do
		in_ns "$ns" nft list table inet test
	done | awk '/comment "dropped"/ { n += $3 } END { print n + 0 }'
}

# frames FILE CLIP: how many pictures of the clip are in what was received. They
# have to be the same to the last bit.
frames()
{
	ffmpeg -nostdin -loglevel error -i "$1" -map 0:v -fps_mode passthrough \
		-f framemd5 - 2>/dev/null | awk '!/^#/ { print $NF }' |
		grep -cxFf "$RTSP_MEDIA/$2.frames"
}

# sounds FILE: how many frames of sound can be decoded, in it or FILE.aac
sounds()
{
	local file=$1

	[ ! -e "$1.aac" ] || file=$1.aac
	ffprobe -loglevel quiet -select_streams a -count_frames \
		-show_entries stream=nb_read_frames -of csv=p=0 "$file" |
		awk '{ n += $1 } END { print n + 0 }'
}

# shows FILE CLIP SECONDS: at least so much of it, but for what comes before
# the first picture that can be shown alone
shows()
{
	local pictures sounds

	pictures=$(frames "$1" "$2")
	sounds=$(sounds "$1")
	echo "$pictures pictures, $sounds frames of sound"
	[ "$pictures" -ge $((($3 - 1) * RTSP_FRAMES)) ] &&
		[ "$sounds" -ge $((($3 - 1) * RTSP_SOUNDS)) ]
}

# media_flows [ADDRESS]: the UDP connections of gw with the host outside, or
# that address of its, one a line, as seen from outside and by the host inside:
#	FROM_ADDRESS FROM_PORT TO_ADDRESS TO_PORT INSIDE_PORT
media_flows()
{
	in_ns gw conntrack -L -p udp -f "ipv$FAMILY" 2>/dev/null |
		awk -v out=" $(ip_of out) ${1:-} " '{
			n = 0
			for (i = 1; i <= NF; i++) {
				split($i, kv, "=")
				if (kv[1] == "src")
					src[++n] = kv[2]
				else if (kv[1] == "dst")
					dst[n] = kv[2]
				else if (kv[1] == "sport")
					sport[n] = kv[2]
				else if (kv[1] == "dport")
					dport[n] = kv[2]
			}
			from = 0
			for (i = 1; i <= n; i++)
				if (index(out, " " src[i] " "))
					from = i
			if (from)
				print src[from], sport[from], dst[from], \
					dport[from], sport[3 - from]
		}' | sort -u
}

# shut_again FILE N: N connections or more in a file of media_flows led inside,
# and none does any more. Nobody else may have their ports any more.
shut_again()
{
	local flow flows

	mapfile -t flows <"$1"
	[ ${#flows[@]} -ge "$2" ] || {
		echo "gw has seen ${#flows[@]} connections with media"
		return 1
	}
	wait_for 20 expect_count 0 || return
	for flow in "${flows[@]}"; do
		! leads_inside "$flow" || {
			echo "what leads inside: $flow"
			in_ns gw conntrack -L -p udp -f "ipv$FAMILY"
			return 1
		}
	done
}

# leads_inside FLOW: what is sent from outside where media came from, or from
# another port, arrives inside
leads_inside()
{
	local from from_port addr to own rc

	read -r from from_port addr to own <<<"$1"
	say udp media_in in "$own" >/dev/null &&
		say udp media_out out "$from_port" bind="$from" >/dev/null &&
		say udp media_other out 0 bind="$from" >/dev/null ||
		die "can't have the ports of: $1"
	say tell media_out "$addr" "$to" 'again'
	say tell media_other "$addr" "$to" 'others'
	say silent media_in
	rc=$?
	say close media_in media_out media_other
	[ $rc -ne 0 ]
}
