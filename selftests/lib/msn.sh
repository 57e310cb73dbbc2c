# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# MSN Messenger behind a router where the module and the daemon run: what is said
# by hand on a connection to a switchboard, see lib/say.sh.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/msn.sh"

# Read by the scripts and by other parts of the library.
# shellcheck disable=SC2034
MSN_PORT=1863
# shellcheck disable=SC2034
CONTROL_PORT=$MSN_PORT

IN=${IP4[in]}
# shellcheck disable=SC2034
WAN=${IP4[wan]}
# shellcheck disable=SC2034
OUT=${IP4[out]}
# A port that is announced, in case nothing else is said, and in disguise
PORT=6891
# shellcheck disable=SC2034
MSN_KEY=0x3141 DISGUISED=11178

# msn_scene TOPOLOGY: with a daemon
msn_scene()
{
	appgwd_stop
	scene "$1"
	appgwd_start --queue 3 || die "appgwd does not listen"
}

# msn_connected: c and s, and nobody has said anything
msn_connected()
{
	say close c s && say listen msn "$SERVER" "$MSN_PORT" >/dev/null &&
		say dial c "$CLIENT" "$TARGET" "$MSN_PORT" &&
		say accept s msn >/dev/null
}

# msn_greets: the client comes to the switchboard
msn_greets()
{
	pass c s 'USR 1 al@x.org 17262740.1050826919.32307\r\n' &&
		pass s c 'USR 1 OK al@x.org Al\r\n'
}

# msn_login: a switchboard where somebody else is, too
msn_login()
{
	msn_connected && msn_greets && pass c s 'CAL 2 bo@x.org\r\n' &&
		pass s c 'CAL 2 RINGING 17262740\r\nJOI bo@x.org Bo\r\n'
}

# msn_chat: texts of no interest come as they are, both ways
msn_chat()
{
	local text='MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n'

	pass c s "$(sent "${text}hello")" && pass s c "$(got "${text}hi")" &&
		pass c s 'PNG\r\n' && pass s c 'QNG 42\r\n'
}

# ---- texts, all as "say" has them

# sent BODY: a client's MSG; got BODY: as another client gets one
sent()
{
	printf '%s' "MSG 5 N $(length "$1")"'\r\n'"$1"
}

got()
{
	printf '%s' "MSG bo@x.org Bo $(length "$1")"'\r\n'"$1"
}

# invitation COMMAND [COOKIE]: and the fields that are on stdin, a line each
invitation()
{
	local line

	printf '%s' 'MIME-Version: 1.0\r\n' \
		'Content-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n' \
		"Invitation-Command: $1"'\r\n' \
		"Invitation-Cookie: ${2:-1917}"'\r\n'
	while IFS= read -r line; do
		printf '%s' "$line"'\r\n'
	done
	printf '%s' '\r\n'
}

# accept FIELD...: the one that listens says where
accept()
{
	printf '%s\n' "$@" 'AuthCookie: 4171' 'Launch-Application: FALSE' \
		'Request-Data: IP-Address:' | invitation ACCEPT
}

# listens ADDRESS [PORT]: a client's MSG with the one of somebody who listens there
listens()
{
	sent "$(accept "IP-Address: $1" "Port: ${2:-$PORT}")"
}

# number BYTES N: the lowest byte first
number()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '\\x%02x' $((($2 >> 8 * i) & 255))
	done
}

# packet NAME=VALUE...: a P2P packet, version 1, in its MSG's payload: session,
# id, offset, total, flags, ack, uid, size; text is what it carries
packet()
{
	local session=0 id=100 offset=0 total='' flags=0 ack=1 uid=0 size=0
	local text='' len

	local "$@"
	len=$(length "$text")
	printf '%s' 'MIME-Version: 1.0\r\n' \
		'Content-Type: application/x-msnmsgrp2p\r\n' \
		'P2P-Dest: bo@x.org\r\n\r\n'
	number 4 "$session"
	number 4 "$id"
	number 8 "$offset"
	number 8 "${total:-$len}"
	number 4 "$len"
	number 4 "$flags"
	number 4 "$ack"
	number 4 "$uid"
	number 8 "$size"
	printf '%s' "$text" '\x00\x00\x00\x00'
}

# slp TYPE FIELD...: a message of MSNSLP with those lines in its body
slp()
{
	local body='' field

	for field in "${@:2}"; do
		body+=$field'\r\n'
	done
	body+='\r\n\x00'
	printf '%s' 'INVITE MSNMSGR:bo@x.org MSNSLP/1.0\r\n' \
		'To: <msnmsgr:bo@x.org>\r\nFrom: <msnmsgr:al@x.org>\r\n' \
		'Via: MSNSLP/1.0/TLP ;branch={33517CE4-02FC-4428-B6F4-39927229B722}\r\n' \
		'CSeq: 0 \r\nCall-ID: {9D79AE57-1BD5-444B-B14E-3FC9BB2B5D58}\r\n' \
		'Max-Forwards: 0\r\n' \
		"Content-Type: application/x-msnmsgr-$1"'\r\n' \
		"Content-Length: $(length "$body")"'\r\n\r\n' "$body"
}

# responds FIELD...: the body that says where its sender listens
responds()
{
	slp transrespbody 'Bridge: TCPv1' 'Listening: true' \
		'Nonce: {AD2C8F0A-4C5C-4B3B-9E0E-2B2A7F3D9C11}' "$@"
}

# ---- what comes of them

# opens TEXT AS PORT...: in one segment from the client, on a connection of its
# own, AS is what the switchboard gets; those ports are open then, and no others
opens()
{
	local port

	msn_login && pass c s "$1" "$2" && expect_count $(($# - 2)) || return
	for port in "${@:3}"; do
		expect_count 1 "$port" || return
	done
}

# unread TEXT [COUNTER=N...]: comes as it is and opens nothing; those counters
# move, and no others
unread()
{
	local before

	msn_login && before=$(counters) && pass c s "$1" && expect_count 0 &&
		counters_moved "$before" opened=0 "${@:2}"
}
