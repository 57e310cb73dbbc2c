#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every announcement of DCC is rewritten and opens its port, whatever form it
# has and however it is cut, and nothing else changes.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: irc_lines.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

# ---- forms of an announcement

forms()
{
	local type

	irc_scene masq
	say listen data in $PORT >/dev/null
	for type in SEND TSEND XMIT MOVE SEND2; do
		check "$type" offer "$type file $IN $PORT 123" \
			"$type file $WAN $PORT 123" $PORT
	done
	check "SCHAT" offer "SCHAT chat $IN $PORT" "SCHAT chat $WAN $PORT" $PORT
	check "CHAT" offer "CHAT chat $IN $PORT" "CHAT chat $WAN $PORT" $PORT
	check "only that port is open" all_of \
		say blocked out "${IP4[wan]}" $((PORT + 1)) \; expect_count 1
	check "one connection comes in" data_through out "${IP4[wan]}" $PORT \
		data
	check "and no other one" all_of expect_count 0 \; \
		say blocked out "${IP4[wan]}" $PORT
	check "a token behind it" offer "SEND file $IN $PORT 123 7" \
		"SEND file $WAN $PORT 123 7" $PORT
	check "no size" offer "SEND file $IN $PORT" "SEND file $WAN $PORT" $PORT
	check "an address with dots" offer "SEND file ${IP4[in]} $PORT 1" \
		"SEND file ${IP4[wan]} $PORT 1" $PORT
	check "a quoted name" offer "SEND \"my file 1 2\" $IN $PORT 123" \
		"SEND \"my file 1 2\" $WAN $PORT 123" $PORT
	check "a name with blanks" offer "SEND my own file.txt $IN $PORT 123" \
		"SEND my own file.txt $WAN $PORT 123" $PORT
	check "lower case" opens \
		"privmsg bob :\x01dcc send file $IN $PORT 123$END" \
		"privmsg bob :\x01dcc send file $WAN $PORT 123$END" $PORT
	check "NOTICE" opens "NOTICE bob :\x01DCC SEND f $IN $PORT 1$END" \
		"NOTICE bob :\x01DCC SEND f $WAN $PORT 1$END" $PORT
	check "a prefix" opens ":me!u@h ${SENT}DCC SEND f $IN $PORT 1$END" \
		":me!u@h ${SENT}DCC SEND f $WAN $PORT 1$END" $PORT
	check "message tags" opens \
		"@label=1;+x=y ${SENT}DCC SEND f $IN $PORT 1$END" \
		"@label=1;+x=y ${SENT}DCC SEND f $WAN $PORT 1$END" $PORT
	check "tags and a prefix" opens \
		"@a=b :me!u@h ${SENT}DCC SEND f $IN $PORT 1$END" \
		"@a=b :me!u@h ${SENT}DCC SEND f $WAN $PORT 1$END" $PORT
	check "no mark at its end" opens "${SENT}DCC SEND f $IN $PORT 1\r\n" \
		"${SENT}DCC SEND f $WAN $PORT 1\r\n" $PORT
	check "LF alone" opens "${SENT}DCC SEND f $IN $PORT 1\x01\n" \
		"${SENT}DCC SEND f $WAN $PORT 1\x01\n" $PORT
	check "two in a line" opens \
		"$SENT$(two "$IN" 50001 50002)" \
		"$SENT$(two "$WAN" 50001 50002)" 50001 50002
	check "three lines in a segment, between others" opens \
		"PING :1\r\n$(three "$IN")PING :2\r\n" \
		"PING :1\r\n$(three "$WAN")PING :2\r\n" 50001 50002 50003
	check "an end that is shown, of a line that isn't" all_of \
		opens "${SENT}DCC SEND f $IN $PORT 1${END}PRIVMSG bo" \
		"${SENT}DCC SEND f $WAN $PORT 1${END}PRIVMSG bo" $PORT \; \
		pass c s 'b :hi\r\n' \; irc_chat
	check "chat goes on behind all that" all_of irc_chat \; \
		say pump c s 50000 \; say pump s c 50000
}

# two ADDRESS PORT PORT: messages of one line, and its end
two()
{
	printf '%s' "DCC SEND a $1 $2 1\x01\x01DCC SEND b $1 $3 1$END"
}

# three ADDRESS: lines
three()
{
	local i

	for i in 1 2 3; do
		printf '%s' "${SENT}DCC SEND f $1 5000$i 1$END"
	done
}

# ---- what concerns a pinhole without opening one

passive()
{
	irc_scene masq
	ctl policy set dcc_ports=40000-40099 >/dev/null ||
		die "no range of ports"
	check "a passive offer" offer "SEND file $IN 0 123 7" \
		"SEND file $WAN 0 123 7"
	check "HexChat's passive offer" as_it_is 'SEND "file" 199 0 123 7'
	check "HexChat's passive chat" as_it_is 'CHAT chat 199 0 7'
	check "the answer to a passive offer" answers_passive
	check "a public port that isn't the client's own" irc_offers_elsewhere
	check "RESUME names the client's own" pass s c \
		"${GOT}DCC RESUME file $PUBLIC 100$END" \
		"${GOT}DCC RESUME file $PORT 100$END"
	check "ACCEPT names the public one" pass c s \
		"${SENT}DCC ACCEPT file $PORT 100$END" \
		"${SENT}DCC ACCEPT file $PUBLIC 100$END"
	check "RESUME of a quoted name" pass s c \
		"${GOT}DCC RESUME \"a 1 2\" $PUBLIC 100$END" \
		"${GOT}DCC RESUME \"a 1 2\" $PORT 100$END"
	check "RESUME for a port that nobody offered" pass s c \
		"${GOT}DCC RESUME file 40100 100$END"
	check "RESUME of a passive offer" pass s c \
		"${GOT}DCC RESUME file 0 100 7$END"
	check "ACCEPT of a passive offer" pass c s \
		"${SENT}DCC ACCEPT file 0 100 7$END"
	check "the pinhole is still there" all_of expect_count 1 \; \
		expect_count 1 "$PUBLIC"
}

answers_passive()
{
	irc_login && pass s c "${GOT}DCC SEND file 3232235777 0 123 7$END" &&
		pass c s "${SENT}DCC SEND file $IN 40001 123 7$END" \
			"${SENT}DCC SEND file $WAN 40001 123 7$END" &&
		expect_count 1 && expect_count 1 40001
}

# sets PUBLIC
irc_offers_elsewhere()
{
	local line

	irc_login && say send c "${SENT}DCC SEND file $IN $PORT 123$END" &&
		line=$(say get s) || return
	echo "$line"
	[[ $line =~ \ $WAN\ (400[0-9][0-9])\ 123 ]] &&
		PUBLIC=${BASH_REMATCH[1]} && expect_count 1 "$PUBLIC"
}

# ---- lines of the server's

server()
{
	irc_scene dnat
	check "an offer from the server's host" tells \
		"${GOT}DCC SEND f $IN $PORT 1$END" \
		"${GOT}DCC SEND f $WAN $PORT 1$END" $PORT
	check "with tags" tells \
		"@time=1 ${GOT}DCC SEND f $IN $PORT 1$END" \
		"@time=1 ${GOT}DCC SEND f $WAN $PORT 1$END" $PORT
	check "an offer of somebody else's, passed on" tells \
		"${GOT}DCC SEND f 3232235777 $PORT 1$END" \
		"${GOT}DCC SEND f 3232235777 $PORT 1$END"
	say listen taken out $PORT >/dev/null
	ip -n out route add 10.0.1.0/24 via "${IP4[wan]}"
	check "an offer of the client's outside" offer \
		"SEND f $OUT $PORT 1" "SEND f $OUT $PORT 1" $PORT
	check "who takes it comes under its own address, without a rule" \
		comes_as "${IP4[in]}"
	in_ns gw nft add rule inet test nat_out oifname wan masquerade
	check "and under the router's with one" all_of offer \
		"SEND f $OUT $PORT 1" "SEND f $OUT $PORT 1" $PORT \; \
		comes_as "${IP4[wan]}"
}

# comes_as ADDRESS: the connection from inside that an offer asked for
comes_as()
{
	local peer

	say dial d1 in "${IP4[out]}" $PORT && peer=$(say accept d2 taken) ||
		return
	echo "came: $peer"
	[ "${peer% *}" = "$1" ] && pass d1 d2 'hello\r\n'
}

# ---- cut lines

# cuts FROM TO TEXT AS: in two pieces, cut at each place in turn
cuts()
{
	local i

	split_text "$3"
	for ((i = 1; i < ${#UNITS[@]}; i++)); do
		irc_login && say send "$1" "$(joined 0 $i)" &&
			say send "$1" "$(joined $i)" && say want "$2" "$4" &&
			expect_count 1 $PORT || {
			echo "cut at $i: $(joined 0 $i)"
			return 1
		}
	done
	echo "cut at $i places"
}

# bytes FROM TO TEXT AS: each in a segment of its own
bytes()
{
	local unit

	split_text "$3"
	irc_login || return
	for unit in "${UNITS[@]}"; do
		say send "$1" "$unit" || return
	done
	say want "$2" "$4" && expect_count 1 $PORT && irc_chat
}

cut()
{
	local text as

	irc_scene masq
	text="${SENT}DCC SEND f $IN $PORT 1$END"
	as="${SENT}DCC SEND f $WAN $PORT 1$END"
	check "cut at every place" cuts c s "$text" "$as"
	check "one byte a segment" bytes c s "$text" "$as"
	check "behind another line, cut at every place" cuts c s \
		"${SENT}DCC SEND a $IN 50001 1$END$text" \
		"${SENT}DCC SEND a $WAN 50001 1$END$as"
	check "two offers in a line, one byte a segment" bytes c s \
		"$SENT$(two "$IN" $PORT 50001)" "$SENT$(two "$WAN" $PORT 50001)"
	check "in the middle of much else" all_of irc_login \; \
		say amid c s 3000 "$text" "$as" \; expect_count 1 $PORT
	check "as the end of a full segment" all_of irc_login \; \
		say full c s 'PRIVMSG bob :' "$text" "$as" \; \
		expect_count 1 $PORT
	check "and what is behind them comes as it is" all_of irc_chat \; \
		say pump c s 50000 \; say pump s c 50000
	irc_scene dnat
	text="${GOT}DCC SEND f $IN $PORT 1$END"
	as="${GOT}DCC SEND f $WAN $PORT 1$END"
	check "the server's, cut at every place" cuts s c "$text" "$as"
	check "the server's, one byte a segment" bytes s c "$text" "$as"
}

# ---- IPv6

ipv6()
{
	local in=${IP6[in]} wan=${IP6[wan]} out=${IP6[out]}

	irc_scene route6
	say listen data in $PORT >/dev/null
	check "IPv6: an offer without translation" offer "SEND f $in $PORT 1" \
		"SEND f $in $PORT 1" $PORT
	check "IPv6: one connection comes in" data_through out "$in" $PORT data
	check "IPv6: and no other one" say blocked out "$in" $PORT
	irc_scene masq6
	say listen data in $PORT >/dev/null
	check "NAT66: an offer" offer "SEND f $in $PORT 1" \
		"SEND f $wan $PORT 1" $PORT
	check "NAT66: one connection comes in" data_through out "$wan" $PORT \
		data
	check "NAT66: and no other one" say blocked out "$wan" $PORT
	check "NAT66: cut at every place" cuts c s \
		"${SENT}DCC CHAT c $in $PORT$END" \
		"${SENT}DCC CHAT c $wan $PORT$END"
	check "NAT66: somebody else's address" as_it_is \
		"SEND f $out $PORT 1" refused_foreign=1
	check "NAT66: an IPv4 address" as_it_is "SEND f $IN $PORT 1" \
		refused_foreign=1
}

# ---- behind a line that the daemon has yet to see

# Ports of two lines that come while the daemon stands still
FIRST=50001
SECOND=50002

# behind SECONDS N...: for so long, and with the second line in pieces: those are the
# lengths of the first ones, of one that is all but N bytes if that is negative
behind()
{
	local seconds=$1 at=0 n
	shift

	irc_login || return
	split_text "${SENT}DCC SEND b $IN $SECOND 1$END"
	kill -STOP "$APPGWD_PID"
	say send c "${SENT}DCC SEND a $IN $FIRST 1$END"
	for n; do
		[ "$n" -gt 0 ] || n=$((${#UNITS[@]} + n))
		pause 0.05
		say send c "$(joined $at "$n")"
		at=$((at + n))
	done
	pause 0.05
	say send c "$(joined $at)"
	pause "$seconds"
	kill -CONT "$APPGWD_PID"
	say want s "${SENT}DCC SEND a $WAN $FIRST 1$END" &&
		say want s "${SENT}DCC SEND b $WAN $SECOND 1$END" &&
		expect_count 1 $FIRST && expect_count 1 $SECOND && irc_chat
}

# The start of a line comes once more with other bytes, while the first one waits:
# what the daemon has seen of it goes on, and nothing else.
otherwise()
{
	local client=10.0.1.9 server=203.0.113.9 own first second
	local login='NICK me\r\nUSER me 0 * :me\r\n' before
	local welcome=':irc.test 001 me :Welcome\r\n'

	own=$(dcc_addr $client)
	first="${SENT}DCC SEND a $own $FIRST 1$END"
	second=$(length "$first")
	say close
	raw_host c in $((RANDOM + 20000)) lan $client &&
		raw_host s out "$IRC_PORT" wan $server &&
		say handshake c s $server "$IRC_PORT" &&
		conveys c s 0 "$login" && conveys s c 0 "$welcome" &&
		say rebase c s "$(length "$login")" "$(length "$welcome")" &&
		before=$(counters) || return
	kill -STOP "$APPGWD_PID"
	say push c 0 "$first" && say push c "$second" "${SENT}DCC SE" &&
		say push c "$second" "${SENT}DCC XM" && say push c \
		$((second + $(length "${SENT}DCC SE"))) "ND b $own $SECOND 1$END"
	pause 0.2
	kill -CONT "$APPGWD_PID"
	# one digit more in the first
	say pulled s 0 "${SENT}DCC SEND a $WAN $FIRST 1$END" &&
		say pulled s $((second + 1)) "${SENT%\\x01}" && say pulled s \
		$((second + 1 + $(length "${SENT%\\x01}"))) \
		"\x01DCC SEND b $WAN $SECOND 1$END" && say nothing s &&
		expect_count 2 && counters_moved "$before" opened=2 changed=1
}

waiting()
{
	irc_scene masq
	check "behind a line that waits: another one" behind 0.2
	check "in two pieces" behind 0.2 20
	check "for long" behind 3.5 20
	check "cut in its first word" behind 1 3
	check "in many pieces" behind 1 3 4 5 6 7 2
	check "cut in its end" behind 1 -1
	check "for long, in many pieces" behind 3.5 15 5 7 9
	check "its start again, with other bytes: they don't count" otherwise
}

declare -A CHECKS=([forms]=26 [passive]=12 [server]=6 [cut]=9 [waiting]=8 [ipv6]=9)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- forms passive server cut waiting ipv6
daemon_parts "" "$@"
