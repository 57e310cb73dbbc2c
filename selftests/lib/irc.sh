# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# IRC behind a router where the module and the daemon run.
#
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/irc.sh"

# Read by the scripts and by other parts of the library.
# shellcheck disable=SC2034
IRC_PORT=6667
# shellcheck disable=SC2034
CONTROL_PORT=$IRC_PORT

# irc_daemon: one in gw, in the place of the one there was elsewhere
irc_daemon()
{
	appgwd_stop
	appgwd_start --queue 3 || die "appgwd does not listen"
}

# The rest is for conversations made by hand: see lib/say.sh

# dcc_addr ADDRESS: as DCC has it, an IPv4 address as one decimal number
dcc_addr()
{
	local a b c d

	case $1 in
	*:*)	echo "$1" ;;
	*)	IFS=. read -r a b c d <<<"$1"
		echo $(((a << 24) + (b << 16) + (c << 8) + d)) ;;
	esac
}

# irc_connected: c and s, and nobody has said anything
irc_connected()
{
	say close c s && say listen irc "$SERVER" "$IRC_PORT" >/dev/null &&
		say dial c "$CLIENT" "$TARGET" "$IRC_PORT" &&
		say accept s irc >/dev/null
}

# irc_login: a connection on which announcements count
irc_login()
{
	irc_connected && irc_register c s
}

# irc_register C S
irc_register()
{
	pass "$1" "$2" 'NICK me\r\nUSER me 0 * :me\r\n' &&
		pass "$2" "$1" ':irc.test 001 me :Welcome\r\n'
}

# irc_chat: lines of no interest come as they are, both ways
irc_chat()
{
	pass c s 'PRIVMSG bob :hello there\r\n' &&
		pass s c ':bob!b@a PRIVMSG me :\x01ACTION nods\x01\r\n' &&
		pass c s 'PING :x\r\n' && pass s c ':irc.test PONG :x\r\n'
}

# A port that announcements name, and addresses as DCC has them.
PORT=50000
IN=$(dcc_addr "${IP4[in]}")
WAN=$(dcc_addr "${IP4[wan]}")
OUT=$(dcc_addr "${IP4[out]}")

# What stands around a DCC message that a client sends, and one that it gets.
SENT='PRIVMSG bob :\x01'
GOT=':bob!b@example.org PRIVMSG me :\x01'
END='\x01\r\n'

# irc_scene TOPOLOGY: with a daemon
irc_scene()
{
	appgwd_stop
	scene "$1"
	irc_daemon
}

# opens TEXT AS PORT...: in one segment from the client, on a connection of its
# own, AS is what the server gets; those ports are open then, and no others
opens()
{
	local port

	irc_login && pass c s "$1" "$2" && expect_count $(($# - 2)) || return
	for port in "${@:3}"; do
		expect_count 1 "$port" || return
	done
}

# offer WORDS AS PORT...: the same for one DCC message
offer()
{
	opens "${SENT}DCC $1$END" "${SENT}DCC $2$END" "${@:3}"
}

# unread TEXT [COUNTER=N...]: comes as it is and opens nothing; those counters
# move, and no others
unread()
{
	local before

	irc_login && before=$(counters) && pass c s "$1" &&
		expect_count 0 && counters_moved "$before" opened=0 "${@:2}"
}

# as_it_is WORDS [COUNTER=N...]: the same for a DCC message
as_it_is()
{
	unread "${SENT}DCC $1$END" "${@:2}"
}

# tells TEXT AS [PORT]: a line of the server's
tells()
{
	irc_login && pass s c "$1" "$2" && expect_count $(($# - 2)) || return
	[ $# -eq 2 ] || expect_count 1 "$3"
}
