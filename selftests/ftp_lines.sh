#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every announcement in a segment is rewritten, nothing else changes, and the
# streams stay whole behind a rewrite that lengthens or shortens them.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

P1=50001
P2=50002
P3=50003

# p PORT, P PORT: the announcement as the client makes it, as the server is
# to see it
p()
{
	six "${IP4[in]}" "$1"
}

P()
{
	six "${IP4[wan]}" "$1"
}

# opens TEXT AS PORT: in one segment from the client; PORT is open then, and
# no other
opens()
{
	pass c s "$1" "$2" && expect_count 1 && expect_count 1 "$3"
}

# tells TEXT AS [PORT]: the same from the server, when it is asked to; without
# PORT nothing opens
tells()
{
	pass c s 'PASV\r\n' && pass s c "$1" "${2:-$1}" || return
	if [ $# -eq 3 ]; then
		expect_count 1 && expect_count 1 "$3"
	else
		expect_count 0
	fi
}

opens_six()
{
	local sent='' seen='' i

	for i in 1 2 3 4 5 6; do
		sent+="PORT $(p 5000$i)\r\n"
		seen+="PORT $(P 5000$i)\r\n"
	done
	opens "$sent" "$seen" 50006
}

rewrites_in_turn()
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		pass c s "PORT $(p $((40000 + i * 997)))\r\n" \
			"PORT $(P $((40000 + i * 997)))\r\n" &&
			pass s c '200 ok\r\n' && say chat c s 3 || return
	done
}

# The stream's parts that follow a rewrite, in both directions.
whole()
{
	say chat c s 60 && say flood c s 20000 && say chat c s 10
}

# Without this, a packet between namespaces keeps no checksum to be wrong.
checksums_count()
{
	in_ns "$1" ethtool -K "$2" tx off rx off gso off tso off gro off \
		>/dev/null 2>&1
}

# lines_of_the_client SCENE: what the server sees of them
lines_of_the_client()
{
	scene masq
	need_control

	check "$1: PORT is rewritten" opens \
		"PORT $(p $P1)\r\n" "PORT $(P $P1)\r\n" $P1
	check "$1: chat and uploads behind it are whole" whole
	check "$1: rewrites in turn, and chat between them" rewrites_in_turn
	check "$1: two PORTs in one segment" opens \
		"PORT $(p $P1)\r\nPORT $(p $P2)\r\n" \
		"PORT $(P $P1)\r\nPORT $(P $P2)\r\n" $P2
	check "$1: PORT before and behind other commands" opens \
		"TYPE I\r\nPORT $(p $P3)\r\nSTOR PORT $(p $P1)\r\nNOOP\r\n" \
		"TYPE I\r\nPORT $(P $P3)\r\nSTOR PORT $(p $P1)\r\nNOOP\r\n" $P3
	check "$1: lower case" opens \
		"port $(p $P1)\r\n" "port $(P $P1)\r\n" $P1
	check "$1: EPRT, mixed case, another delimiter" opens \
		"ePrT !1!${IP4[in]}!$P2!\r\n" \
		"ePrT !1!${IP4[wan]}!$P2!\r\n" $P2
	check "$1: LF alone" opens \
		"PORT $(p $P3)\nPORT $(p $P1)\nNOOP\n" \
		"PORT $(P $P3)\nPORT $(P $P1)\nNOOP\n" $P1
	check "$1: six PORTs in one segment" opens_six
	check "$1: PORT in pieces" cut c s \
		"PORT $(p $P1)\r\n" "PORT $(P $P1)\r\n"
	check "$1: PORT in the middle of 200 KB" say amid c s 5000 \
		"PORT $(p $P2)\r\n" "PORT $(P $P2)\r\n"
	check "$1: has opened its pinhole" expect_count 1 $P2
	check "$1: all of it is still whole" whole

	checksums_count in eth0
	checksums_count gw lan
	checksums_count gw wan
	checksums_count out eth0
	check "$1: and without offloading" all_of \
		opens "PORT $(p $P1)\r\n" "PORT $(P $P1)\r\n" $P1 \; whole
}

lines_of_the_server()
{
	scene dnat
	need_control

	check "$1: 227 is rewritten" tells \
		"227 go on ($(p $P1)).\r\n" "227 go on ($(P $P1)).\r\n" $P1
	check "$1: chat and downloads behind it are whole" whole
	check "$1: 227 without parentheses" tells \
		"227 =$(p $P2)\r\n" "227 =$(P $P2)\r\n" $P2
	check "$1: 227 with LF alone" tells \
		"227 $(p $P3)\n" "227 $(P $P3)\n" $P3
	check "$1: 227 behind a multi-line reply in one segment" all_of \
		pass c s 'FEAT\r\n' \; tells \
		"211-Features:\r\n EPSV\r\n211 End\r\n227 go ($(p $P1))\r\n" \
		"211-Features:\r\n EPSV\r\n211 End\r\n227 go ($(P $P1))\r\n" \
		$P1
	check "$1: two replies in one segment" all_of \
		pass c s 'NOOP\r\n' \; tells \
		"200 ok\r\n227 go ($(p $P2))\r\n150 here it comes\r\n" \
		"200 ok\r\n227 go ($(P $P2))\r\n150 here it comes\r\n" $P2
	check "$1: a multi-line 227" tells \
		"227-($(p $P1))\r\n227 go ($(p $P3))\r\n" \
		"227-($(p $P1))\r\n227 go ($(P $P3))\r\n" $P3
	check "$1: 227 in pieces" cut s c \
		"227 ($(p $P1))\r\n" "227 ($(P $P1))\r\n"
	check "$1: and it is still whole" whole
}

# What is not an announcement, however much it looks like one. PASV has been
# said each time, and the reply to it is still to come.
text_opens_nothing()
{
	local c4

	scene dnat
	need_control
	c4=$(p $P1)

	check "227 inside a multi-line text opens nothing" all_of \
		tells "214-hello\r\n227 go ($c4)\r\n 229 (|||$P2|)\r\n214 end\r\n"
	check "nor does it in a segment of its own" all_of \
		tells "211-hello\r\n" \; pass s c "227 go ($c4)\r\n" \; \
		pass s c "229 go (|||$P2|)\r\n" \; \
		pass s c "211 end\r\n" \; expect_count 0
	check "nor behind the end of another reply inside it" tells \
		"214-hello\r\n230 end\r\n227 go ($c4)\r\n214 end\r\n"
	check "nor in the middle of a line" tells \
		"200 227 go ($c4)\r\n"
	check "nor behind a blank" all_of \
		tells " 227 go ($c4)\r\n" \; pass s c "500 no\r\n"
	check "nor from the client" all_of \
		pass c s "227 go ($c4)\r\n" \; expect_count 0 \; \
		pass s c "500 no\r\n"
	check "nor PORT from the server" all_of \
		tells "PORT $c4\r\n" \; pass s c "500 no\r\n"
	check "nor 227 when nobody asked" all_of \
		pass s c "227 go ($c4)\r\n" \; expect_count 0
	check "227 after all that does" tells \
		"227 go ($c4)\r\n" "227 go ($(P $P1))\r\n" $P1
}

# cut FROM TO TEXT AS: in two pieces, cut at each place in turn, then each byte
# in a piece of its own
cut()
{
	local from=$1 to=$2 text=${3%'\r\n'} i

	for ((i = 1; i <= ${#text}; i++)); do
		[ "$from" = c ] || pass c s 'PASV\r\n' || return
		say send "$from" "${text:0:i}" &&
			say send "$from" "${text:i}\r\n" &&
			say want "$to" "$4" || return
		[ "$from" = s ] || pass s c '200 ok\r\n' || return
	done
	[ "$from" = c ] || pass c s 'PASV\r\n' || return
	for ((i = 0; i < ${#text}; i++)); do
		say send "$from" "${text:i:1}" || return
	done
	say send "$from" '\r' && say send "$from" '\n' && say want "$to" "$4" &&
		expect_count 1 $P1
}

# Here both directions are rewritten on one router.
both_directions()
{
	local i

	say chat c s 5 || return
	for i in 1 2 3 4 5; do
		pass c s "PORT $(p $((30000 + i)))\r\n" \
			"PORT $(six "${IP4[lan]}" $((30000 + i)))\r\n" &&
			pass s c '200 ok\r\n' && say chat c s 5 &&
			pass c s 'PASV\r\n' &&
			pass s c "227 go ($(six "${IP4[in2]}" $((31000 + i))))\r\n" \
			"227 go ($(P $((31000 + i))))\r\n" &&
			say chat c s 5 || return
	done
	whole
}

need nft conntrack nsenter ip ethtool
plan 56
say_start
load_appgw

lines_of_the_client longer
lines_of_the_server longer

scene hairpin
need_control
check "rewrites in both directions, in turn" both_directions

IP4[in]=192.168.123.212 IP4[lan]=192.168.123.111 IP4[in2]=192.168.123.213
IP4[wan]=9.0.0.1 IP4[out]=9.0.0.2
lines_of_the_client shorter
lines_of_the_server shorter

text_opens_nothing
note "took $SECONDS s"
