#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Handshakes that are not SYN, SYN ACK, ACK and nothing else: lines behind them are
# read and rewritten, or the connection is given up and says so. Never does it
# stall.
#
#	in ---- gw (nf_appgw, masq) ---- out
#
# Most of it with ends that send each segment by order.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

A=${IP4[raw_in]:=10.0.1.9}
B=${IP4[raw_out]:=203.0.113.9}

# ends: c inside and s outside, and nothing has been said
ends()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	raw_host c in $((RANDOM + 20000)) lan "$A" &&
		raw_host s out 21 wan "$B"
}

# logs_in AT_CLIENT [AT_SERVER]: behind so many bytes of the client's and a greeting
# of 11 of the server's; a PORT opens then
logs_in()
{
	conveys c s "$1" 'USER me\r\n' && conveys s c "${2:-11}" '230 hi\r\n' &&
		say push c $(($1 + 9)) "$(raw_port 50001)" &&
		say pulled s $(($1 + 9)) "$(raw_public 50001)" &&
		expect_count 1 50001
}

greets()
{
	conveys s c 0 '220 ready\r\n'
}

plain()
{
	ends && say syn c "$B" 21 && say asked s && say answer s &&
		say answered c && say heard c 0 && greets && logs_in 0
}

# The first answer is lost behind the router; the client asks again, and the server,
# which remembers nothing of it, answers with another number.
other_answer()
{
	ends && say syn c "$B" 21 && say asked s && say answer s &&
		say answered c && say syn c "$B" 21 && say asked s &&
		say anew s 100000 && say answer s && say answered c &&
		say heard c 0 && greets && logs_in 0
}

# The same answer comes again when it has brought something, and when it has been
# agreed to.
same_answer()
{
	ends && say syn c "$B" 21 && say asked s &&
		say answer s 0 '220 ready\r\n' &&
		say answered c '220 ready\r\n' &&
		say answer s 0 '220 ready\r\n' &&
		say answered c '220 ready\r\n' && say heard c 11 &&
		say answer s 0 && logs_in 0
}

answer_with_greeting()
{
	ends && say syn c "$B" 21 && say asked s &&
		say answer s 0 '220 ready\r\n' &&
		say answered c '220 ready\r\n' && say heard c 11 && logs_in 0
}

answer_with_half()
{
	ends && say syn c "$B" 21 && say asked s && say answer s 0 '220 re' &&
		say answered c '220 re' && say heard c 6 &&
		conveys s c 6 'ady\r\n' && logs_in 0
}

# The client begins anew, and the server agrees.
client_anew()
{
	ends && say syn c "$B" 21 && say asked s && say answer s &&
		say answered c && say anew c 100000 && say syn c "$B" 21 &&
		say asked s && say anew s 100000 && say answer s &&
		say answered c && say heard c 0 && greets && logs_in 0
}

# What conntrack lets pass and hasn't judged: an answer that nobody gave, and a word
# before any answer.
forged_answer()
{
	ends && say syn c "$B" 21 && say asked s && say answer s &&
		say answered c && say forge s 70000 answer x &&
		say forge s -70000 answer x && say pull c && say pull c &&
		say heard c 0 && greets && logs_in 0
}

forged_before_answer()
{
	ends && say syn c "$B" 21 && say asked s &&
		say forge s 70000 ack '220 x\r\n' && say answer s &&
		say answered c && say heard c 0 && greets && logs_in 0
}

# Either end has begun anew, from the same ports, and nobody has told the router:
# that is a new connection in the old one's entry.
old_entry()
{
	plain && say anew c "$1" && say syn c "$B" 21 && say asked s &&
		say anew s "$2" && say answer s && say answered c &&
		say heard c 0 && greets && conveys c s 0 'NOOP\r\n' &&
		conveys s c 11 '530 no\r\n' && expect_count 0 && logs_in 6 19
}

# The server has reset the former one.
reset_entry()
{
	plain && say forge s 19 rst && wait_for 5 expect_count 0 &&
		say anew c -500000 && say syn c "$B" 21 && say asked s &&
		say anew s 700000 && say answer s && say answered c &&
		say heard c 0 && greets && logs_in 0
}

# What comes with the SYN, and the server doesn't take, comes again or doesn't.
syn_with_data_refused()
{
	ends && say syn c "$B" 21 'HELP\r\n' && say asked s 'HELP\r\n' &&
		say answer s && say answered c && say heard c 0 && greets &&
		conveys c s 0 'HELP\r\n' && conveys s c 11 '214 no\r\n' &&
		say push c 6 'USER me\r\n' && say pulled s 6 'USER me\r\n'
}

# What the server does take has gone unread.
syn_with_data_taken()
{
	local before port

	port=$(raw_port 50001)
	ends && before=$(counters) && say syn c "$B" 21 'USER me\r\n' &&
		say asked s 'USER me\r\n' && say answer s 9 && say answered c &&
		say heard c 0 && greets && conveys s c 11 '230 hi\r\n' &&
		conveys c s 9 "$port" && conveys c s $((9 + $(length "$port"))) \
			'NOOP\r\n' && expect_count 0 &&
		counters_moved "$before" stopped_client_first=1
}

# ---- behind a SYN proxy, which makes up the numbers that the client sees

# proxied_some: the proxy has let clients through
proxied_some()
{
	in_ns gw cat /proc/net/stat/synproxy | tee /dev/stderr |
		awk 'NR > 1 && $4 !~ /^0*$/ { some = 1 } END { exit !some }'
}

proxied()
{
	local before

	control && proxied_some || return
	before=$(counters)
	say listen data in 50001 >/dev/null &&
		pass c s "PORT $(six "${IP4[in]}" 50001)\r\n" \
			"$(raw_public 50001)" &&
		data_through out "${IP4[wan]}" 50001 data && say chat c s 20 &&
		pass c s "PORT $(six "${IP4[in]}" 50002)\r\n" \
			"$(raw_public 50002)" &&
		say chat c s 5 &&
		counters_moved "$before" opened=2 used=1 &&
		say pump c s 100000 && say pump s c 100000
}

# The router itself tells the server of a smaller path, in the server's own numbers.
smaller_path()
{
	ip -n gw link set lan mtu 1300 && say pump s c 100000 &&
		ip -n gw link set lan mtu 1500
}

syn_proxy()
{
	in_ns gw sysctl -qw net.ipv4.tcp_syncookies=1 \
		net.ipv4.tcp_timestamps=1 \
		net.netfilter.nf_conntrack_tcp_loose=0 &&
		in_ns gw nft -f - <<-EOF
		table ip proxied {
			chain early {
				type filter hook prerouting priority raw;
				iifname "lan" tcp dport 21 tcp flags syn notrack
			}
			chain forward {
				type filter hook forward priority -1;
				iifname "lan" tcp dport 21 \
				ct state invalid,untracked \
				synproxy mss 1460 wscale 7 timestamp sack-perm
			}
		}
		EOF
}

# An entry that comes from another router, with the helper. What was said before is
# unknown, so nothing that is said now counts; conntrack marks it as if a SYN proxy
# had begun it.
restored()
{
	local before port=30000 text

	text=$(raw_port 50001)
	say close
	ip -n out route add "$A" via "${IP4[wan]}" && raw_host c in $port lan "$A" &&
		raw_host s out 21 wan "$B" && say handshake c s "$B" 21 &&
		in_ns gw conntrack -D -p tcp --dport 21 2>&1 &&
		in_ns gw /usr/bin/python3 -I -S "$SELFTESTS/peers/ctnetlink.py" \
			restore "$A" $port "$B" 21 appgw-ftp 2>&1 &&
		before=$(counters) && say forge c 0 ack &&
		conveys s c 0 '220 ready\r\n' &&
		conveys c s 0 'USER me\r\n' &&
		conveys s c 11 '230 hi\r\n' && conveys c s 9 "$text" &&
		expect_count 0 && counters_moved "$before" stopped_client_first=1
}

plan 17
need nft conntrack nsenter ip ethtool
say_start
load_appgw
scene masq
check "SYN, SYN ACK, ACK" plain
check "an answer with another number" other_answer
check "the same answer once more" same_answer
check "an answer that brings a greeting" answer_with_greeting
check "half a greeting" answer_with_half
check "the client begins anew" client_anew
check "an answer that nobody gave, before the client has agreed" forged_answer
check "data before any answer" forged_before_answer
check "a new connection in an old entry: both numbers higher" \
	old_entry 500000 700000
check "lower" old_entry -500000 -700000
check "behind a reset" reset_entry
check "data on a SYN, not taken: come again, and are read" \
	syn_with_data_refused
check "taken: the connection is given up, and says so" syn_with_data_taken
scene route
check "an entry restored from another router opens nothing" restored
# the router's own firewall lets no proxy answer
FIREWALL=none
scene masq
check "a SYN proxy stands between them" syn_proxy
check "behind it PORT is rewritten, and its data arrive" proxied
check "a path that is smaller" smaller_path
note "took $SECONDS s"
