#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Only what belongs to an FTP conversation counts: another protocol on the port
# turns the helper off, and an announcement opens nothing unless it was asked
# for, at the right time, and the server agrees.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# usage: ftp_session.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

IN=${IP4[in]}
OUT=${IP4[out]}
WAN=${IP4[wan]}
PORT=50000
INSIDE=$(six "$IN" $PORT)
PUBLIC=$(six "$WAN" $PORT)

# Addresses as LPRT and 228 have them
LONG_IN=4,4,${IN//./,}
LONG_WAN=4,4,${WAN//./,}
LONG_IN6=6,16,253,0,0,1,0,0,0,0,0,0,0,0,0,0,0,2
LONG_WAN6=6,16,32,1,13,184,0,2,0,0,0,0,0,0,0,0,0,1
LONG_PORT=2,195,80

# connected: c and s, and nobody has said anything
connected()
{
	say close c s && say listen control21 "$SERVER" 21 >/dev/null &&
		say dial c "$CLIENT" "$TARGET" 21 &&
		say accept s control21 >/dev/null
}

greeted()
{
	connected && pass s c '220 ready\r\n'
}

# speak WORD...: >TEXT is the client's, <TEXT the server's; byte for byte
speak()
{
	local word

	for word; do
		case $word in
		\>*) pass c s "${word#>}" || return ;;
		\<*) pass s c "${word#<}" || return ;;
		esac
	done
}

# What an FTP client would say now opens nothing and comes as it is, and so
# does everything else.
deaf()
{
	speak '<220 ready\r\n' '>USER me\r\n' '<230 welcome\r\n' \
		">PORT $INSIDE\r\n" '<200 ok\r\n' ">EPRT |1|$IN|$PORT|\r\n" \
		'>PASV\r\n' "<227 go ($(six "$OUT" 50009))\r\n" &&
		expect_count 0 && say pump c s 10000 && say pump s c 10000
}

# stops REASON WORD...: on a connection of its own, once
stops()
{
	local before

	connected && before=$(counters) && speak "${@:2}" && deaf &&
		counters_moved "$before" "stopped_$1=1" opened=0
}

# goes_on WORD...: after that, PORT opens
goes_on()
{
	local before

	connected && before=$(counters) && speak "$@" && announce &&
		counters_moved "$before" opened=1
}

announce()
{
	pass c s "PORT $INSIDE\r\n" "PORT $PUBLIC\r\n" && expect_count 1 $PORT
}

# opens WORD... TEXT AS: the last one opens the port
opens()
{
	local n=$(($# - 2)) before

	speak "${@:1:n}" && before=$(counters) || return
	case ${@: -2:1} in
	[0-9]*) pass s c "${@:n+1}" ;;
	*) pass c s "${@:n+1}" ;;
	esac && counters_moved "$before" opened=1 && expect_count 1 $PORT
}

# refuses REASON WORD...: all of them pass, none opens anything, one is refused
refuses()
{
	local before

	before=$(counters)
	speak "${@:2}" && counters_moved "$before" "refused_$1=1" opened=0
}

# refuses_split TEXT TEXT: a 227 that nobody asked for, in two segments, of which
# the first is kept
refuses_split()
{
	local before

	before=$(counters) && say send s "227 $1" && say want c '227 ' &&
		say quiet c && say send s "$2" && say want c "$1$2" &&
		counters_moved "$before" refused_unsolicited=1 opened=0
}

text_in_reply()
{
	local before

	before=$(counters) && speak '>STAT x\r\n' '<213-here\r\n' \
		'<227 go (10,0' '<,1,2,195,80)\r\n' '<213 end\r\n' &&
		counters_moved "$before" opened=0 held=0
}

# closes COUNTER WORD...: what is open then isn't any more
closes()
{
	local before

	before=$(counters)
	speak "${@:2}" && expect_count 0 &&
		counters_moved "$before" "$1=1" opened=0 used=0 &&
		say blocked out "$WAN" $PORT
}

other_protocols()
{
	local hello='\x16\x03\x01\x00\x36\x01\x00\x00\x32\x03\x03'
	hello+='\x00\xff\x80\x0d\x0a0123456789abcdefghijklmnopqrstuvwxyz\r\n'
	hello+='\x13\x01\x01\x00'
	local post='POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n'

	scene masq
	say listen data in $PORT >/dev/null
	check "HTTP: a POST with PORT in its body" all_of stops client_first \
		">${post}USER me\r\nPORT $INSIDE\r\n" \; \
		say blocked out "$WAN" $PORT
	check "HTTP: the body in segments of their own" stops client_first \
		">$post" '>USER me\r\n' ">PORT $INSIDE\r\n" \
		"<HTTP/1.1 200 OK\r\n\r\n"
	check "HTTP: behind a server's greeting" stops not_client \
		'<220 ready\r\n' ">${post}USER me\r\nPORT $INSIDE\r\n"
	check "HTTP: behind a login" stops not_client '<220 ready\r\n' \
		'>USER me\r\n' '<230 hi\r\n' '>GET / HTTP/1.0\r\n'
	check "FTP commands before the greeting" stops client_first \
		'>USER me\r\n'
	check "PORT as the first words" stops client_first ">PORT $INSIDE\r\n"
	check "PORT as the first words after the greeting" stops not_client \
		'<220 ready\r\n' ">PORT $INSIDE\r\n"
	check "TLS: ClientHello" stops client_first ">$hello" "<$hello"
	check "TLS: ClientHello behind a greeting" stops tls \
		'<220 ready\r\n' ">$hello"
	check "SSH: the server first" stops not_server \
		'<SSH-2.0-OpenSSH_9.2\r\n' '>SSH-2.0-x\r\n'
	check "SSH: the client first" stops client_first \
		'>SSH-2.0-x\r\n' '<SSH-2.0-OpenSSH_9.2\r\n'
	check "SMTP" stops not_client '<220 mx ESMTP\r\n' '>EHLO host\r\n'
	check "SMTP: PORT in a mail" stops not_client '<220 mx ESMTP\r\n' \
		">HELO host\r\nMAIL FROM:<a@b>\r\nDATA\r\nPORT $INSIDE\r\n"
	check "POP3" stops not_server '<+OK ready\r\n' '>USER me\r\n'
	check "IMAP" stops not_server '<* OK ready\r\n' '>a login b c\r\n'
	check "another protocol's answer" stops not_server \
		'<HTTP/1.1 400 Bad Request\r\n'
	check "STUN" stops not_client '<220 ready\r\n' \
		'>\x01\x01\x00\x00\x21\x12\xa4\x42\n'
	check "HTTP with a method that FTP has" stops not_client \
		'<220 ready\r\n' '>RETR /x HTTP/1.1\r\n'
	check "HTTP with a method of the page's own, behind a login" stops \
		not_client '<220 ready\r\n' '>USER me\r\n' '<230 hi\r\n' \
		'>XYZZY /x HTTP/1.1\r\n'
	check "a code out of range" stops not_server '<700 hello\r\n'

	check "FTP: 220 and USER" goes_on '<220 ready\r\n' '>USER me\r\n' \
		'<230 hi\r\n'
	check "FTP: a greeting of several lines" goes_on \
		'<220-POST /x HTTP/1.1\r\n HELO\r\n' '<220 ready\r\n' \
		'>FEAT\r\n' '<211 none\r\n' '>USER me\r\n' '<230 hi\r\n'
	check "FTP: 120, then 220" goes_on '<120 wait\r\n' '<220 ready\r\n' \
		'>USER me\r\n' '<331 password\r\n' '>PASS x\r\n' '<230 hi\r\n'
	check "FTP: HOST, AUTH that is refused, OPTS" goes_on '<220 ready\r\n' \
		'>HOST a.example\r\n' '<220 ok\r\n' '>AUTH TLS\r\n' \
		'<534 no\r\n' '>OPTS UTF8 ON\r\n' '<200 ok\r\n' \
		'>USER me\r\n' '<230 hi\r\n'

	check "a pinhole closes when HTTP comes" all_of \
		goes_on '<220 ready\r\n' '>USER me\r\n' '<230 hi\r\n' \; \
		http_closes
}

http_closes()
{
	local before

	before=$(counters)
	speak '>GET / HTTP/1.0\r\n' && expect_count 0 &&
		counters_moved "$before" stopped_not_client=1 closed=1 &&
		say blocked out "$WAN" $PORT
}

# What people's servers and clients say: each was reported by somebody. Active and
# passive transfers work behind it, on the same connection.
dialects()
{
	local in=('<220 hi\r\n' '>USER me\r\n' '<331 p\r\n' '>PASS x\r\n'
		'<230 hi\r\n') sent=('>RETR f\r\n' '<150 go\r\n')

	scene masq
	say listen data in $PORT >/dev/null
	say listen passive out 50009 >/dev/null
	dialect "a NOOP in a transfer, never answered" "${in[@]}" "${sent[@]}" \
		'>NOOP\r\n' '<226 done\r\n'
	dialect "ABOR and the transfer have one answer" "${in[@]}" \
		"${sent[@]}" '>ABOR\r\n' '<225 ok\r\n'
	dialect "ABOR with Telnet's Synch; it has two" "${in[@]}" \
		"${sent[@]}" '>\xff\xf4\xff\xf2ABOR\r\n' '<426 cut\r\n' \
		'<226 done\r\n' '<226 done\r\n'
	dialect "two NOOPs have one answer" "${in[@]}" "${sent[@]}" \
		'>NOOP\r\nNOOP\r\n' '<500 what\r\n226 done\r\n'
	dialect "everything comes twice" '<220 hi\r\n220 hi\r\n' '>USER me\r\n' \
		'<331 p\r\n331 p\r\n' '>PASS x\r\n' '<230 hi\r\n230 hi\r\n'
	dialect "text ends in the bare code" '<220-hi\r\n220\r\n' \
		'>USER me\r\n' '<331 p\r\n' '>PASS x\r\n' \
		'<230-hi\r\n there\r\n230\r\n' '>MLST f\r\n' \
		'<250-Begin\r\n Type=file; f\r\n250\r\n'
	dialect "the transfer's begin breaks text off" "${in[@]}" \
		'>STOR f\r\n' '<553- no\r\n150 go\r\n' '<226 done\r\n'
	dialect "220 to PASS" '<220 hi\r\n' '>USER me\r\n' '<331 p\r\n' \
		'>PASS x\r\n' '<220 hi\r\n'
	dialect "an account, and 200" '<220 hi\r\n' '>USER me\r\n' \
		'<331 p\r\n' '>PASS x\r\n' '<332 a\r\n' '>ACCT y\r\n' \
		'<200 ok\r\n'
	dialect "text before the greeting" '<All is logged.\r\n' "${in[@]}"
	dialect "a byte order mark" '<220 hi\r\n' '>\xef\xbb\xbfUSER me\r\n' \
		'<331 p\r\n' '>PASS x\r\n' '<230 hi\r\n'
	dialect "verbs that nobody knows" '<220 hi\r\n' '>XYZZY\r\n' \
		'<500 what\r\n' "${in[@]:1}" '>ABCDEFGHIJK\r\n' \
		'<500 what\r\n' '>N\xf6OP\r\n' '<500 what\r\n' \
		'>get f\r\n' '<500 what\r\n'
	dialect "no blank behind codes" '<220hi\r\n' '>USER me\r\n' \
		'<331p\r\n' '>PASS x\r\n' '<230hi\r\n'
	dialect "another login, refused" "${in[@]}" '>USER you\r\n' \
		'<530 no\r\n'
	check "PASV as routers disguise it" all_of greeted \; \
		speak "${in[@]:1}" \; passive_works 'P@SW' "$OUT"
	check "a server that knows no address of its own" all_of \
		passive_works PASV 0.0.0.0
	check "blanks in its list" all_of speak '>PASV\r\n' \
		"<227 go =${OUT//./, }, 195, 89 \r\n" \; say close d1 d2 \; \
		data_through in "$OUT" 50009 passive
	check "an unanswered NOOP, and SIZE's refusal: PORT stays open" all_of \
		speak '>NOOP\r\n' \; announce \; speak '<200 ok\r\n' \
		'>SIZE f\r\n' '<550 no\r\n' \; expect_count 1 $PORT

	scene dnat
	say listen data in $PORT >/dev/null
	need_control
	check "DNAT: 0.0.0.0, the port being free" all_of opens '>PASV\r\n' \
		"227 go ($(six 0.0.0.0 $PORT))\r\n" \
		"227 go ($(six 0.0.0.0 $PORT))\r\n" \; say close d1 d2 \; \
		data_through out "$WAN" $PORT data
	check "DNAT: blanks" all_of opens '>PASV\r\n' \
		"227 go (${IN//./, }, 195, 80)\r\n" "227 go ($PUBLIC)\r\n" \; \
		say close d1 d2 \; data_through out "$WAN" $PORT data
	check "DNAT: 0.0.0.0 opens nothing unasked" refuses unsolicited \
		"<227 go ($(six 0.0.0.0 50009))\r\n"
}

# dialect NAME WORD...: after that on a new connection, see dialects()
dialect()
{
	check "$1" all_of connected \; speak "${@:2}" \; \
		passive_works PASV "$OUT" \; active_works \; \
		passive_works EPSV
}

# passive_works COMMAND [ADDRESS]
passive_works()
{
	local reply="229 go (|||50009|)"

	[ -z "${2:-}" ] || reply="227 go ($(six "$2" 50009))"
	speak ">$1\r\n" "<$reply\r\n" && say close d1 d2 &&
		data_through in "$OUT" 50009 passive
}

active_works()
{
	announce && speak '<200 ok\r\n' && say close d1 d2 &&
		data_through out "$WAN" $PORT data
}

login()
{
	scene masq
	say listen data in $PORT >/dev/null
	greeted >/dev/null || die "no control connection"
	check "PORT before USER's answer is refused" refuses login \
		'>USER me\r\n' ">PORT $INSIDE\r\n" '<331 password\r\n' \
		'<530 first log in\r\n'
	check "and EPRT before PASS" refuses login \
		">EPRT |1|$IN|$PORT|\r\n" '<530 first log in\r\n'
	check "and a 227 before it" refuses login '>PASV\r\n' \
		"<227 go ($(six "$OUT" 50009))\r\n"
	check "and when PASS wants ACCT" refuses login '>PASS x\r\n' \
		'<332 account\r\n' ">PORT $INSIDE\r\n" '<530 no\r\n'
	check "and after a wrong password" refuses login '>PASS x\r\n' \
		'<530 wrong\r\n' ">PORT $INSIDE\r\n" '<530 no\r\n'
	check "230 as an answer to something else is no login" refuses login \
		'>NOOP\r\n' '<230 ha\r\n' ">PORT $INSIDE\r\n" '<530 no\r\n'
	check "230 inside another answer is none" refuses login \
		'>STAT\r\n' '<211-all\r\n230 hi\r\n211 end\r\n' \
		">PORT $INSIDE\r\n" '<530 no\r\n'
	check "after 230 it opens" opens '>USER me\r\n' '<331 p\r\n' \
		'>PASS x\r\n' '<230 hi\r\n' \
		"PORT $INSIDE\r\n" "PORT $PUBLIC\r\n"
	check "the peer can use it" data_through out "$WAN" $PORT data
	check "REIN ends the login" refuses login '<200 ok\r\n' \
		'>REIN\r\n' '<220 again\r\n' ">PORT $INSIDE\r\n" '<530 no\r\n'
	check "232 is a login too" opens '>USER me\r\n' '<232 hi\r\n' \
		"PORT $INSIDE\r\n" "PORT $PUBLIC\r\n"
}

solicited()
{
	scene dnat
	need_control
	check "227 that nobody asked for" refuses unsolicited \
		"<227 go ($INSIDE)\r\n"
	check "229" refuses unsolicited "<229 go (|||$PORT|)\r\n"
	check "228" refuses unsolicited "<228 go ($LONG_IN,$LONG_PORT)\r\n"
	check "228 as one to PASV" refuses unsolicited '>PASV\r\n' \
		"<228 go ($LONG_IN,$LONG_PORT)\r\n"
	check "227 as one to NOOP" refuses unsolicited '>NOOP\r\n' \
		"<227 go ($INSIDE)\r\n"
	check "227 after PASV has been answered" refuses unsolicited \
		'>PASV\r\n' '<500 no\r\n' "<227 go ($INSIDE)\r\n"
	check "227 in two segments" refuses_split 'go (10,0' ",1,2,195,80)\r\n"
	check "cut inside its numbers' end" refuses_split \
		"go (${INSIDE%?}" "${INSIDE: -1})\r\n"
	check "as text inside another reply: nothing is kept or refused" \
		text_in_reply
	check "nothing is open" expect_count 0
	check "the answer to PASV opens" opens '>PASV\r\n' \
		"227 go ($INSIDE)\r\n" "227 go ($PUBLIC)\r\n"
	check "a second one doesn't" refuses unsolicited \
		"<227 go ($(six "$IN" 50009))\r\n"
	check "nor does it close the first" expect_count 1 $PORT
	check "pipelined: in the order of the commands" all_of \
		speak '>NOOP\r\nPASV\r\nEPSV\r\n' '<200 ok\r\n' \; \
		opens "227 go ($INSIDE)\r\n" "227 go ($PUBLIC)\r\n" \; \
		opens "229 go (|||$PORT|)\r\n" "229 go (|||$PORT|)\r\n"
	check "pipelined: what stands before the one answered is done with" \
		all_of speak '>PASV\r\nEPSV\r\n' \; \
		opens "229 go (|||$PORT|)\r\n" "229 go (|||$PORT|)\r\n" \; \
		refuses unsolicited "<227 go ($(six "$IN" 50009))\r\n"
	check "227 as an answer to EPSV opens" all_of opens '>EPSV\r\n' \
		"227 go ($INSIDE)\r\n" "227 go ($PUBLIC)\r\n" \; \
		refuses unsolicited "<229 go (|||50009|)\r\n"
	check "229 as one to PASV does" all_of opens '>PASV\r\n' \
		"229 go (|||$PORT|)\r\n" "229 go (|||$PORT|)\r\n" \; \
		refuses unsolicited "<227 go ($(six "$IN" 50009))\r\n"
	check "inside text, while a client waits for it: that is told" \
		refuses unsolicited '>STAT\r\nPASV\r\n' '<211-all\r\n' \
		"<227 go ($(six "$IN" 50009))\r\n" '<211 end\r\n' \
		'<500 no\r\n'
	check "behind another code inside text" \
		refuses unsolicited '>STAT\r\nPASV\r\n' '<211-all\r\n' \
		'<250\r\n' "<227 go ($(six "$IN" 50009))\r\n" '<211 end\r\n' \
		'<500 no\r\n'
	check "150 before it is not the answer" opens \
		'>PASV\r\n' '<150 wait\r\n' \
		"227 go ($INSIDE)\r\n" "227 go ($PUBLIC)\r\n"
}

epsv_all()
{
	scene masq
	say listen data in $PORT >/dev/null
	say listen extended out 50009 >/dev/null
	need_control
	check "EPSV ALL refused by the server: PORT opens" opens \
		'>EPSV ALL\r\n' '<500 no\r\n' \
		"PORT $INSIDE\r\n" "PORT $PUBLIC\r\n"
	check "it works" data_through out "$WAN" $PORT data
	check "EPSV ALL: PORT is refused" refuses epsv_all '<200 ok\r\n' \
		'>epsv all\r\n' '<200 ok\r\n' ">PORT $INSIDE\r\n" '<503 no\r\n'
	check "EPRT is" refuses epsv_all ">EPRT |1|$IN|$PORT|\r\n" \
		'<503 no\r\n'
	check "LPRT is" refuses epsv_all ">LPRT $LONG_IN,$LONG_PORT\r\n" \
		'<503 no\r\n'
	check "a 227 is" refuses epsv_all '>PASV\r\n' \
		"<227 go ($(six "$OUT" 50009))\r\n"
	check "EPSV isn't" all_of speak '>EPSV\r\n' \
		'<229 go (|||50009|)\r\n' \; expect_count 1 50009 \; \
		data_through in "$OUT" 50009 extended
}

server_refuses()
{
	scene masq
	say listen data in $PORT >/dev/null
	need_control
	check "PORT: 500 closes it at once" all_of announce \; \
		closes rejected '<500 no\r\n'
	check "EPRT: 522 does" all_of opens "EPRT |1|$IN|$PORT|\r\n" \
		"EPRT |1|$WAN|$PORT|\r\n" \; closes rejected '<522 no\r\n'
	check "LPRT: 521 does" all_of opens "LPRT $LONG_IN,$LONG_PORT\r\n" \
		"LPRT $LONG_WAN,$LONG_PORT\r\n" \; \
		closes rejected '<521 no\r\n'
	check "425 of several lines does" all_of announce \; \
		speak '<425-no\r\n' \; expect_count 1 \; \
		closes rejected '<425 no\r\n'
	check "500 to the command before doesn't" all_of \
		speak '>SITE X\r\n' \; announce \; speak '<500 no\r\n' \; \
		expect_count 1 $PORT
	check "its own does" closes rejected '<501 no\r\n'
	check "200 and 550 to the transfer don't" all_of announce \; \
		speak '<200 ok\r\n' '>RETR x\r\n' '<550 no\r\n' \; \
		expect_count 1 $PORT \; data_through out "$WAN" $PORT data
	check "500 to the first of two PORTs leaves the second one's" all_of \
		pass c s "PORT $(six "$IN" 50009)\r\nPORT $INSIDE\r\n" \
			"PORT $(six "$WAN" 50009)\r\nPORT $PUBLIC\r\n" \; \
		speak '<500 no\r\n' '<200 ok\r\n' \; expect_count 1 $PORT
	check "a data connection that is there stays" all_of announce \; \
		say close data d1 d2 \; say listen data in $PORT \; \
		data_through out "$WAN" $PORT data \; \
		speak '<500 too late\r\n' \; pass d1 d2 'more\r\n'
}

auth()
{
	local before

	scene masq
	say listen data in $PORT >/dev/null
	need_control
	check "AUTH TLS: 504 changes nothing" all_of \
		speak '>AUTH TLS\r\n' '<504 no\r\n' \; announce
	check "AUTH TLS: 234 stops it, and closes what is open" tls_stops
	check "from then on nothing is read" deaf
	check "AUTH SSL before login: 234 does too" stops tls \
		'<220 ready\r\n' '>AUTH SSL\r\n' '<234 ok\r\n'
	check "AUTH GSSAPI: 334, ADAT, 235 does" stops tls '<220 ready\r\n' \
		'>AUTH GSSAPI\r\n' '<334 go on\r\n' '>ADAT YQ==\r\n' \
		'<235 ADAT=YQ==\r\n'
	check "AUTH TLS: so does any other yes" stops tls '<220 ready\r\n' \
		'>AUTH TLS\r\n' '<200 ok\r\n'
	check "AUTH TLS: 234 when it comes out of turn" stops tls \
		'<220 ready\r\n' '>NOOP\r\n' '>AUTH TLS\r\n' '<234 ok\r\n'
	check "234 as an answer to something else doesn't" goes_on \
		'<220 ready\r\n' '>USER me\r\n' '<230 hi\r\n' '>NOOP\r\n' \
		'<234 ha\r\n'
}

tls_stops()
{
	local before

	before=$(counters)
	speak '<200 ok\r\n' '>AUTH TLS\r\n' '<234 go ahead\r\n' &&
		expect_count 0 &&
		counters_moved "$before" stopped_tls=1 closed=1 &&
		say blocked out "$WAN" $PORT
}

long_forms()
{
	scene masq
	say listen data in $PORT >/dev/null
	need_control
	check "LPRT is rewritten, and works" all_of \
		opens "LPRT $LONG_IN,$LONG_PORT\r\n" \
		"LPRT $LONG_WAN,$LONG_PORT\r\n" \; \
		data_through out "$WAN" $PORT data \; \
		speak '<200 ok\r\n' \; say chat c s 5
	check "LPRT of a neighbour is refused" refuses foreign \
		">LPRT 4,4,10,0,1,99,$LONG_PORT\r\n" '<500 no\r\n'
	check "LPRT of a privileged port is" refuses privileged \
		">LPRT $LONG_IN,2,0,22\r\n" '<500 no\r\n'
	check "LPRT with IPv6 over IPv4 is" refuses foreign \
		">LPRT $LONG_IN6,$LONG_PORT\r\n" '<500 no\r\n'
	for text in "$LONG_IN" "$LONG_IN,2,195" "$LONG_IN,2,195,80,1" \
		"$LONG_IN,1,195" "4,16,${IN//./,},$LONG_PORT" \
		"5,4,${IN//./,},$LONG_PORT" "6,4,${IN//./,},$LONG_PORT" \
		"4,4,266,0,1,2,$LONG_PORT"; do
		check "LPRT $text is malformed" refuses malformed \
			">LPRT $text\r\n" '<501 no\r\n'
	done

	scene dnat
	say listen data in $PORT >/dev/null
	need_control
	check "228 is rewritten, and works" all_of \
		opens '>LPSV\r\n' "228 go ($LONG_IN,$LONG_PORT)\r\n" \
		"228 go ($LONG_WAN,$LONG_PORT)\r\n" \; \
		data_through out "$WAN" $PORT data \; say chat c s 5

	scene masq6
	say listen data in $PORT >/dev/null
	need_control
	check "IPv6: LPRT" all_of \
		opens "LPRT $LONG_IN6,$LONG_PORT\r\n" \
		"LPRT $LONG_WAN6,$LONG_PORT\r\n" \; \
		data_through out "${IP6[wan]}" $PORT data \; \
		speak '<200 ok\r\n' \; say chat c s 5

	scene dnat6
	say listen data in $PORT >/dev/null
	need_control
	check "IPv6: 228" all_of \
		opens '>LPSV\r\n' "228 go ($LONG_IN6,$LONG_PORT)\r\n" \
		"228 go ($LONG_WAN6,$LONG_PORT)\r\n" \; \
		data_through out "${IP6[wan]}" $PORT data \; say chat c s 5
}

# Of what no line ends in: less than FTP_BULK_MAX of kmod/protocols/ftp.c in any case, and
# more than it even in the smallest segments that count
TALK=1500000
BULK=5000000

# poured FROM TO START SIZE: one line that long, all but its end
poured()
{
	pass "$1" "$2" "$3 " && say pour "$1" "$2" "$4"
}

# long_line FROM TO START: and what answers, if it was a command
long_line()
{
	poured "$@" $TALK && pass "$1" "$2" '\r\n' || return
	[ "$1" = s ] || pass s c '200 ok\r\n'
}

# still_read CMD...: CMD stops nothing, and a PORT behind it opens
still_read()
{
	local before

	control >/dev/null && before=$(counters) && "$@" && announce &&
		counters_moved "$before" opened=1
}

# listed CODE: a reply of many lines, $BULK bytes
listed()
{
	pass s c "$1-Here it is:\r\n" && say list s c $BULK &&
		pass s c "$1 that was it\r\n"
}

# greeted_at_length: all that before a word of the client's
greeted_at_length()
{
	connected && listed 220 &&
		speak '>USER anonymous\r\n' '<230 welcome\r\n'
}

# given_up REASON FROM TO START: what is open closes, and a PORT opens nothing
given_up()
{
	local before

	control >/dev/null && announce && before=$(counters) &&
		poured "${@:2}" $BULK && expect_count 0 &&
		counters_moved "$before" "stopped_$1=1" closed=1 &&
		pass "$2" "$3" '\r\n' && speak ">PORT $INSIDE\r\n" &&
		expect_count 0 && say pump c s 10000 && say pump s c 10000
}

bulk()
{
	scene masq
	check "$TALK bytes of the client's without a line: read" still_read \
		long_line c s NOOP
	check "the server's" still_read all_of speak '>NOOP\r\n' \; \
		long_line s c 200
	check "twice, with talk between" still_read all_of \
		long_line c s NOOP \; say chat c s 2 \; long_line c s NOOP
	check "STAT: a folder of $BULK bytes, on this connection" still_read \
		all_of speak '>STAT\r\n' \; listed 213
	check "a greeting as long" all_of greeted_at_length \; announce
	check "$BULK bytes of the client's: given up, closed" given_up \
		not_client c s NOOP
	check "the server's" given_up not_server s c 200
}

declare -A CHECKS=([other_protocols]=25 [login]=11 [dialects]=21 [solicited]=20 [epsv_all]=7
	[server_refuses]=9 [auth]=8 [long_forms]=15 [bulk]=7)

need nft conntrack nsenter ip
[ $# -gt 0 ] || set -- other_protocols login dialects solicited epsv_all server_refuses \
	auth long_forms bulk
plan_parts 0 "$@"
say_start
load_appgw
for part; do
	"$part"
done
note "took $SECONDS s"
