#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What only looks like an announcement of DCC opens nothing, other protocols on
# the port are left alone, and nothing is queued that the daemon needn't see.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: irc_refuse.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

# ---- what opens nothing

refused()
{
	irc_scene masq
	check "a port below 1024" as_it_is "SEND f $IN 1023 1" \
		refused_privileged=1
	check "somebody else's address" as_it_is "SEND f 3232235777 $PORT 1" \
		refused_foreign=1
	check "the peer's address" as_it_is "CHAT chat $OUT $PORT" \
		refused_foreign=1
	check "each of these is told once, by the counter's name" told_once
	check "a port that is none" as_it_is "SEND f $IN 70000 1"
	check "a port that would be 6667 in 16 bits" as_it_is \
		"CHAT chat $IN 72203"
	check "an address of 33 bits" as_it_is \
		"CHAT chat $((IN + (1 << 32))) $PORT"
	check "startkeylogger" as_it_is 'SEND "startkeylogger" 0 0 0'
	check "in the middle of a text" unread \
		"PRIVMSG bob :look: \x01DCC SEND f $IN $PORT 1$END"
	check "in the middle of a CTCP message" unread \
		"PRIVMSG bob :\x01PING \x01DCC SEND f $IN $PORT 1$END"
	check "as a text without marks" unread \
		"PRIVMSG bob :DCC SEND f $IN $PORT 1\r\n"
	check "in the lines of other commands" unread \
		"TOPIC #x :\x01DCC SEND f $IN $PORT 1$END"
	check "behind a blank in a nick" unread \
		"USERHOST PRIVMSG bob :\x01DCC SEND f $IN $PORT 1$END"
	check "in the middle of a line that was cut" all_of irc_login \; \
		pass c s 'PRIVMSG bob :see ' \; \
		pass c s "PRIVMSG bob :\x01DCC SEND f $IN $PORT 1$END" \; \
		expect_count 0
	check "CTCP of other kinds" unread "${SENT}VERSION$END"
	check "in a line that is too long" unread \
		"${SENT}DCC SEND $(printf 'x%.0s' {1..500}) $IN $PORT 1$END"
	check "in a numeric of the server's" tells \
		":irc.test 332 me #x :\x01DCC SEND f $OUT $PORT 1$END" \
		":irc.test 332 me #x :\x01DCC SEND f $OUT $PORT 1$END"
	check "one port offered again and again is one pinhole" offers_again
	check "eight pinholes a connection, and no ninth" opens_eight
	check "they are closed with it" closes_eight
}

# Two edits are planned for each, and both are refused.
told_once()
{
	appgwd_said ': refused_privileged: names a port' 1 &&
		appgwd_said ': refused_foreign: names somebody' 2 &&
		ctl_json "d['daemon']['queues'][0]['refused'] == {'EACCES': 3}" \
			status
}

# refuses_server ADDRESS PORT: a line of the server's opens nothing
refuses_server()
{
	local before

	irc_login && before=$(counters) &&
		pass s c "${GOT}DCC SEND f $1 $2 1$END" && expect_count 0 &&
		counters_moved "$before" opened=0 refused_relayed=1
}

# Whoever sits outside can have it say that.
relayed()
{
	irc_scene masq
	in_ns gw appgwctl events >"$WORK/told" 2>"$WORK/follows" &
	wait_for 20 grep -q following "$WORK/follows"
	check "a client may use ports of any kind" offer "SEND f $IN 8080 1" \
		"SEND f $WAN 8080 1" 8080
	check "in words: from whom is not known, and not said" wait_for 20 \
		grep -qE ": opened dcc_send ${IP4[in]}:8080 as ${IP4[wan]}:8080$" "$WORK/told"
	irc_scene dnat
	say listen service in 8080 >/dev/null
	check "a port below bouncer_ports, named by the server" \
		refuses_server "$IN" 8080
	check "it is shut" say blocked out "${IP4[wan]}" 8080
	check "nor with the public address" refuses_server "$WAN" 32767
	check "the lowest one is opened" tells \
		"${GOT}DCC SEND f $IN 32768 1$END" \
		"${GOT}DCC SEND f $WAN 32768 1$END" 32768
	check "bouncer_ports=8080-8081: that one, too" all_of \
		ctl policy set bouncer_ports=8080-8081 \; tells \
		"${GOT}DCC SEND f $IN 8080 1$END" \
		"${GOT}DCC SEND f $WAN 8080 1$END" 8080
	check "and one above is not" refuses_server "$IN" 8082
	check "bouncer_ports empty: none" all_of \
		ctl policy set bouncer_ports= \; refuses_server "$IN" $PORT
	say close service
}

# As many have it who let one port in only: a new offer ends the one before.
offers_again()
{
	local i before

	irc_login && before=$(counters) || return
	for i in {1..10}; do
		pass c s "${SENT}DCC SEND f$i $IN 50001 1$END" \
			"${SENT}DCC SEND f$i $WAN 50001 1$END" || return
	done
	expect_count 1 &&
		counters_moved "$before" opened=10 replaced=9 refused_quota=0
}

opens_eight()
{
	local i before

	# by default it depends on the machine's memory how many a host may have
	ctl policy set quota_host=64 quota_total=64 && irc_login || return
	for i in 1 2 3 4 5 6 7 8; do
		pass c s "${SENT}DCC SEND f $IN 5000$i 1$END" \
			"${SENT}DCC SEND f $WAN 5000$i 1$END" || return
	done
	before=$(counters)
	pass c s "${SENT}DCC SEND f $IN 50009 1$END" && expect_count 8 &&
		counters_moved "$before" opened=0 refused_quota=1
}

closes_eight()
{
	local before

	before=$(counters)
	say close c s
	wait_for 20 expect_count 0 && counters_moved "$before" closed=8
}

# ---- other protocols

# stops REASON WORD...: >TEXT is the client's, <TEXT the server's; what an IRC
# client would say after that opens nothing
stops()
{
	local before word

	irc_connected && before=$(counters) || return
	for word in "${@:2}"; do
		case $word in
		\>*) pass c s "${word#>}" || return ;;
		\<*) pass s c "${word#<}" || return ;;
		esac
	done
	irc_register c s && pass c s "${SENT}DCC SEND f $IN $PORT 1$END" &&
		expect_count 0 && say pump c s 10000 && say pump s c 10000 &&
		counters_moved "$before" opened=0 queued=0 ${1:+"$1=1"}
}

others()
{
	local dcc="${SENT}DCC CHAT chat $IN $PORT$END"
	local hello='\x16\x03\x01\x00\x36\x01\x00\x00\x32\x03\x03\r\n'
	local head method post='POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n'

	irc_scene masq
	check "HTTP: a POST with a DCC line in its body" stops \
		stopped_not_client ">$post$dcc"
	check "HTTP: the body in a segment of its own" stops \
		stopped_not_client ">$post" ">$dcc" '<HTTP/1.1 200 OK\r\n\r\n'
	check "HTTP: behind what the server says first" stops \
		stopped_not_client '<:irc.test NOTICE * :hi\r\n' ">$post$dcc"
	head=' /x HTTP/1.1\r\nHost: irc.test:6664\r\nAccept: */*\r\n\r\n'
	for method in NICK USER PASS QUIT; do
		check "HTTP with $method for a method" stops \
			stopped_not_client ">$method$head$dcc"
	done
	check "a head of HTTP behind a line of IRC" stops stopped_not_client \
		">NICK me\r\n" ">${head#*n}"
	check "001 between a request and its body" stops stopped_not_client \
		">NICK$head" '<:irc.test 001 me :Welcome\r\n' ">$dcc"
	check "TLS from the first byte" stops stopped_tls ">$hello"
	check "STARTTLS" stops stopped_tls '>STARTTLS\r\n' \
		'<:irc.test 670 me :go on\r\n'
	check "SSH: the server first" stops stopped_not_server \
		'<SSH-2.0-OpenSSH_9.2\r\n'
	check "SMTP" stops stopped_not_server '<220 mx ESMTP\r\n'
	check "before the server let the client in" before_login
	check "001 that nobody asked for" unasked_welcome
}

before_login()
{
	local before

	irc_connected && before=$(counters) &&
		pass c s 'NICK me\r\nUSER me 0 * :me\r\n' &&
		pass c s "${SENT}DCC CHAT chat $IN $PORT$END" &&
		expect_count 0 && counters_moved "$before" refused_login=1 &&
		pass s c ':irc.test 001 me :Welcome\r\n' &&
		pass c s "${SENT}DCC CHAT chat $IN $PORT$END" \
			"${SENT}DCC CHAT chat $WAN $PORT$END" &&
		expect_count 1
}

unasked_welcome()
{
	irc_connected && pass s c ':irc.test 001 me :Welcome\r\n' &&
		pass c s 'NICK me\r\n' &&
		pass c s "${SENT}DCC CHAT chat $IN $PORT$END" && expect_count 0
}

# ---- who sees what

# moves NAME=N... \; CMD...: CMD makes the counters move like that
moves()
{
	local before want=()

	while [ "$1" != ';' ]; do
		want+=("$1")
		shift
	done
	shift
	before=$(counters) && "$@" && counters_moved "$before" "${want[@]}"
}

queue()
{
	irc_scene masq
	irc_login >/dev/null || die "no connection"
	check "chat is not queued" moves queued=0 \; irc_chat
	check "nor is a CTCP message of another kind" moves queued=0 \; \
		pass c s "${SENT}VERSION$END"
	check "an announcement is" moves queued=1 planned=1 \; pass c s \
		"${SENT}DCC SEND f $IN $PORT 1$END" \
		"${SENT}DCC SEND f $WAN $PORT 1$END"
	check "what begins one is kept, and queued when it ends" moves \
		queued=1 held=1 planned=1 \; in_two_pieces 50001
	appgwd_stop
	check "without a daemon none is queued, kept or changed" moves \
		queued=0 held=0 planned=0 \; pass c s \
		"${SENT}DCC SEND f $IN 50002 1$END"
	check "and a beginning passes at once" all_of \
		pass c s "${SENT}DCC SEND f" \; pass c s " $IN 50002 1$END"
	check "the stream stays as it was" all_of irc_chat \; \
		say pump c s 50000 \; say pump s c 50000
	irc_daemon
	check "a new daemon goes on at the next line" all_of irc_login \; \
		in_two_pieces 50003
}

in_two_pieces()
{
	say send c "${SENT}DCC SEND f $IN" && say want s 'PRIVMSG bob :' &&
		say quiet s && say send c " $1 1$END" &&
		say want s "\x01DCC SEND f $WAN $1 1$END"
}

declare -A CHECKS=([refused]=20 [relayed]=9 [others]=15 [queue]=8)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- refused relayed others queue
daemon_parts "" "$@"
