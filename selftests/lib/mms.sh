# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# MMS: what is said in it, as "say" has bytes, and who speaks it.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/mms.sh"

MMS_PORT=1755
# shellcheck disable=SC2034 # read by lib/net.sh
CONTROL_PORT=$MMS_PORT
MMS_FROM=		# address that the client connects from, if it has several

# ---- what is said

# mms_number N: four bytes, the lowest first
mms_number()
{
	printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) \
		$(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# mms_zeros N: so many bytes
mms_zeros()
{
	[ "$1" -eq 0 ] || printf '\\x00%.0s' $(seq "$1")
}

# mms_utf16 TEXT
mms_utf16()
{
	local i c

	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		[ "$c" != \\ ] || c='\x5c'
		printf '%s\\x00' "$c"
	done
}

# mms_fill BODY: bytes of 0 that it is filled up with
mms_fill()
{
	local len

	len=$(length "$1")
	mms_zeros $(((8 - len % 8) % 8))
}

# mms_message WHAT BODY: one, as long as its lengths say
mms_message()
{
	local body=$2 size

	body+=$(mms_fill "$2")
	size=$((40 + $(length "$body")))
	printf '%s' '\x01\x00\x00\x00\xce\xfa\x0b\xb0' \
		"$(mms_number $((size - 16)))" 'MMS ' \
		"$(mms_number $(((size - 16) / 8)))" "$(mms_number 1)" \
		"$(mms_zeros 8)" "$(mms_number $(((size - 32) / 8)))" \
		"$(mms_number "$1")" "$body"
}

# mms_funnel_body NAME [BEHIND]: what BEHIND its end is, means nothing
mms_funnel_body()
{
	printf '%s' "$(mms_zeros 4)" '\xff\xff\xff\xff' "$(mms_zeros 4)" \
		'\x80\x96\x98\x00\x02\x00\x00\x00' "$(mms_utf16 "$1")" \
		'\x00\x00' "${2-}"
}

# mms_name NAME: a request for a funnel called so
mms_name()
{
	mms_message 0x00030002 "$(mms_funnel_body "$1")"
}

# mms_funnel ADDRESS PORT [BEHIND]: a request for one of datagrams
mms_funnel()
{
	mms_message 0x00030002 \
		"$(mms_funnel_body "\\\\$1\\UDP\\$2" "${3-}")"
}

# mms_renamed ADDRESS PORT ADDRESS PORT [BEHIND]: what becomes of it, if the first are
# the second. What it was filled up with, stays.
mms_renamed()
{
	local fill

	fill=$(mms_fill "$(mms_funnel_body "\\\\$1\\UDP\\$2" "${5-}")")
	mms_funnel "$3" "$4" "${5-}$fill"
}

MMS_CONNECT=$(mms_message 0x00030001 "$(mms_number 0x0004000b)$(mms_utf16 \
	'NSPlayer/7.0.0.1956; Host: x')")
MMS_AGREED=$(mms_message 0x00040002 "$(mms_zeros 16)$(mms_utf16 \
	'Funnel Of The Gods')")
# shellcheck disable=SC2034 # read by the scripts
MMS_REFUSED=$(mms_message 0x00040003 "$(mms_zeros 8)")

# mms_linked [C S]: a connection on which nothing has been said, whose ends are
# called so
mms_linked()
{
	local c=${1:-c} s=${2:-s}

	say close "$c" "$s" &&
		say listen mms "$SERVER" $MMS_PORT >/dev/null &&
		say dial "$c" "$CLIENT" "$TARGET" $MMS_PORT \
			${MMS_FROM:+bind="$MMS_FROM"} &&
		say accept "$s" mms >/dev/null
}

# mms_connected [C S]: the client has said what it is
mms_connected()
{
	mms_linked "$@" && pass "${1:-c}" "${2:-s}" "$MMS_CONNECT"
}

# mms_asks C S ADDRESS PORT ADDRESS PORT [BEHIND]: for a funnel, and the server hears
# of the second address and port
mms_asks()
{
	pass "$1" "$2" "$(mms_funnel "$3" "$4" "${7-}")" \
		"$(mms_renamed "$3" "$4" "$5" "$6" "${7-}")"
}

# ---- who speaks it

# mms_server NS ADDRESS [WORD...]: see peers/mms_server.py
mms_server()
{
	MMS_LOG=$WORK/mms.log
	: >"$MMS_LOG"
	say close >/dev/null
	nsenter --net="/run/netns/$1" -- /usr/bin/python3 -I \
		"$SELFTESTS/peers/mms_server.py" "${@:2}" \
		</dev/null >"$MMS_LOG" 2>&1 &
	MMS_SERVER_PID=$!
	disown
	wait_for 20 mms_server_said listening ||
		die "the server does not listen: $(cat "$MMS_LOG")"
}

# mms_server_said LINE
mms_server_said()
{
	grep -qFx -e "$1" "$MMS_LOG"
}

mms_server_stop()
{
	kill "$MMS_SERVER_PID"
}

# mms_vlc NS ADDRESS: plays what a server has, by UDP
mms_vlc()
{
	local home=$WORK/vlc.home

	mkdir -p "$home"
	chown nobody:nogroup "$home"
	# What a script starts in the background ignores SIGINT otherwise.
	nsenter --net="/run/netns/$1" -- timeout --foreground -k 5 120 \
		env --default-signal=INT HOME="$home" \
		setpriv --reuid nobody --regid nogroup --clear-groups \
		cvlc --ignore-config --no-media-library -I dummy --no-audio \
		--no-video "mmsu://$2/clip.wmv" vlc://quit \
		</dev/null >"$WORK/vlc.log" 2>&1 &
	MMS_VLC_PID=$!
	disown
}

# mms_vlc_stop: it ends, if it hasn't
mms_vlc_stop()
{
	kill -INT $MMS_VLC_PID 2>/dev/null
	wait_for 20 mms_vlc_has_ended || kill -KILL $MMS_VLC_PID 2>/dev/null
	cat "$WORK/vlc.log"
}

mms_vlc_has_ended()
{
	[ ! -e "/proc/$MMS_VLC_PID" ]
}

# mms_datagrams NS: how many sockets there have been given so far
mms_datagrams()
{
	in_ns "$1" awk '$1 == "Udp:" && $2 ~ /^[0-9]/ { print $2 }' \
		/proc/net/snmp
}

# mms_more_datagrams NS BEFORE N: so many more than there were
mms_more_datagrams()
{
	local n

	n=$(($(mms_datagrams "$1") - $2))
	echo "$n datagrams"
	[ $n -ge "$3" ]
}
