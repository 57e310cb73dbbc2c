#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A pinhole admits one data connection, from the peer's address alone, until
# the next announcement, its time limit or the end of the control connection.
#
#	in  10.0.1.2 --+                           +-- 203.0.113.2 \
#	               +-- gw (nf_appgw, masq) ----+                out
#	in2 10.0.1.3 --+        203.0.113.1        +-- 203.0.113.3 /

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

OTHER=203.0.113.3	# a second host outside
PINHOLE_TIMEOUT_S=300

WAN=${IP4[wan]}
IN=${IP4[in]}
IN2=${IP4[in2]}

# Each part has a port of its own, which it listens on and announces.
PORT=50000

next_port()
{
	PORT=$((PORT + 1))
	say listen "data$PORT" in $PORT >/dev/null
}

announce()
{
	pass c s "PORT $(six "$IN" "$1")\r\n" "PORT $(six "$WAN" "$1")\r\n"
}

# fresh_pinhole: a control connection of its own that has one open
fresh_pinhole()
{
	say close c s
	control && announce $PORT && expect_count 1 $PORT
}

# seconds_left AT_LEAST
seconds_left()
{
	local left

	read -r left _ < <(expectations gw)
	echo "$left s left"
	[ "$left" -ge "$1" ] && [ "$left" -le $PINHOLE_TIMEOUT_S ]
}

# ends_with WHAT CMD...: after CMD the pinhole is gone, and leads nowhere
ends_with()
{
	local what=$1
	shift

	next_port
	check "pinhole closes: $what" all_of \
		fresh_pinhole \; "$@" \; wait_for 20 expect_count 0 \; \
		say blocked out "$WAN" $PORT from=20
}

# The acknowledgement of what was said last, which may take 0.2 s, would make another
# entry, of a connection that nf_appgw has not seen begin.
delete_control()
{
	pause 0.3
	in_ns gw conntrack -D -p tcp --dport 21 2>&1
}

# moved C S ADDRESS: C announces PORT as ADDRESS's own; the public port that S
# is told is another one
moved()
{
	local line

	say send "$1" "PORT $(six "$3" $PORT)\r\n" >/dev/null &&
		line=$(say get "$2") && echo "$line" &&
		[[ $line == "PORT ${WAN//./,},"* ]] &&
		public=$(six_port "$line") &&
		[ "$public" -ge 1024 ] && [ "$public" -ne $PORT ] &&
		expect_count 1 "$public"
}

# Both data connections come from the server's port 20 and stay open.
each_to_its_own()
{
	say dial b1 out "$WAN" "$public" from=20 && say accept b2 other &&
		say dial a1 out "$WAN" $PORT from=20 &&
		say accept a2 data$PORT && both_talk
}

both_talk()
{
	pass a1 a2 'for in\r\n' && pass a2 a1 'from in\r\n' &&
		pass b1 b2 'for in2\r\n' && pass b2 b1 'from in2\r\n'
}

# Uploads: the client ends each data connection, so that conntrack remembers
# it for two minutes, and its next one has the same ports.
same_port_again()
{
	local i line

	for i in 1 2 3; do
		say send c "PORT $(six "$IN" $PORT)\r\n" &&
			line=$(say get s) && echo "$line" &&
			data_through out "$WAN" "$(six_port "$line")" \
				data$PORT from=20 &&
			say close d2 && say end d1 && say close d1 || return
	done
}

need nft conntrack nsenter ip
plan 28
say_start
load_appgw

scene masq
ip -n out addr add $OTHER/24 dev eth0
before=$(counters)

next_port
check "PORT opens one pinhole" fresh_pinhole
check "it expires within $PINHOLE_TIMEOUT_S s" seconds_left 280
check "another host outside can't use it" \
	say blocked out "$WAN" $PORT bind=$OTHER
check "nor does its attempt use it up" expect_count 1 $PORT
check "nor is a neighbouring port open" say blocked out "$WAN" $((PORT - 1))
check "the peer can" data_through out "$WAN" $PORT data$PORT from=20
check "but once" all_of expect_count 0 \; say blocked out "$WAN" $PORT
check "counted as opened and used" counters_moved "$before" \
	opened=1 used=1 expired=0 replaced=0 closed=0

before=$(counters)
next_port
next_port
check "an announcement replaces the one before" all_of \
	announce $((PORT - 1)) \; announce $PORT \; \
	expect_count 1 \; expect_count 1 $PORT
check "the old port is shut" say blocked out "$WAN" $((PORT - 1))
check "the new one is open" data_through out "$WAN" $PORT data$PORT
check "counted as replaced and used" counters_moved "$before" \
	opened=2 used=1 replaced=1 closed=0

next_port
check "the same port can be announced for each transfer" same_port_again

before=$(counters)
ends_with "the client's FIN" say shut c
ends_with "the server's FIN" say shut s
ends_with "the client's RST" say reset c
ends_with "the server's RST" say reset s
ends_with "the control connection's entry deleted" delete_control
check "counted as closed" counters_moved "$before" \
	opened=5 closed=5 used=0 replaced=0

next_port
check "an open data connection survives the control connection" all_of \
	fresh_pinhole \; data_through out "$WAN" $PORT data$PORT from=20 \; \
	say close c s \; pass d1 d2 'more\r\n' \; pass d2 d1 'thanks\r\n' \; \
	say pump d1 d2 300000

# The server announces, the client connects.
scene dnat
ip -n out addr add $OTHER/24 dev eth0
next_port
check "227 opens a pinhole for the client only" all_of \
	control \; pass c s 'PASV\r\n' \; \
	pass s c "227 go on ($(six "$IN" $PORT))\r\n" \
		"227 go on ($(six "$WAN" $PORT))\r\n" \; \
	say blocked out "$WAN" $PORT bind=$OTHER \; expect_count 1 $PORT
check "for one connection" all_of \
	data_through out "$WAN" $PORT data$PORT \; \
	say blocked out "$WAN" $PORT

# Two clients behind one address announce the same port.
say close
setup_gw in2
FAMILY=4 SERVER=out TARGET=${IP4[out]}
firewall gw masq=wan
next_port
say listen other in2 $PORT >/dev/null

CLIENT=in check "two clients log in: the first" control c s
CLIENT=in2 check "two clients log in: the second" control c2 s2
check "the first keeps its port" announce $PORT
check "the second gets another one" moved c2 s2 "$IN2"
check "data from port 20 reaches the client it is for" each_to_its_own
check "the port of an open connection counts as taken" all_of \
	moved c2 s2 "$IN2" \; both_talk
note "took $SECONDS s"
