#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Segments that are lost, come twice or come late don't change what the peers
# read, and open no pinhole twice.
#
#	in ---- gw (nf_appgw, masq) ---- out
#
# Most of it with ends that send each segment by order. "At 20" means that
# many bytes into the stream.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

A=${IP4[raw_in]:=10.0.1.9}
WAN=${IP4[wan]}
GROWS=3			# from $A to $WAN as numbers with commas

# p PORT, P PORT: PORT as the client sends it, as the server sees it
p()
{
	echo "PORT $(six "$A" "$1")\r\n"
}

P()
{
	echo "PORT $(six "$WAN" "$1")\r\n"
}

# sends AT TEXT [AT_SERVER AS]
sends()
{
	say push c "$1" "$2" && say pulled s "${3-$1}" "${4-$2}"
}

L=$(length "$(p 50001)")	# of every announcement here

retransmitted()
{
	raw_control &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" && expect_count 1 50001 &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" && expect_count 1 50001
}

# Its pinhole has gone in the meantime.
retransmitted_late()
{
	in_ns gw conntrack -F expect >/dev/null 2>&1
	wait_for 20 expect_count 0 &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" && expect_count 0
}

acknowledged()
{
	say heard s $((L + GROWS)) && say acked c "$L" &&
		sends "$L" 'NOOP\r\n' $((L + GROWS)) &&
		say heard s $((L + GROWS + 6)) && say acked c $((L + 6))
}

# The sender puts what it had sent in two segments into one, and more.
joined()
{
	raw_control &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" &&
		sends "$L" 'NOOP\r\n' $((L + GROWS)) &&
		sends 0 "$(p 50001)NOOP\r\n" 0 "$(P 50001)NOOP\r\n" &&
		sends 0 "$(p 50001)NOOP\r\nSTAT\r\n" \
			0 "$(P 50001)NOOP\r\nSTAT\r\n"
}

# The sender cuts what it had sent in one segment, in another place: between
# two lines, or inside the announcement, of whose new text it then gets a part.
cut_between_lines()
{
	raw_control &&
		sends 0 "NOOP\r\n$(p 50001)" 0 "NOOP\r\n$(P 50001)" &&
		sends 0 'NOOP\r\n' &&
		sends 6 "$(p 50001)" 6 "$(P 50001)"
}

cut_inside_a_line()
{
	raw_control &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" &&
		sends 0 'PORT 10,0' 0 'PORT 203,' &&
		sends 0 "$(p 50001)" 0 "$(P 50001)"
}

# Both were on their way when the first one got lost.
two_in_flight()
{
	raw_control &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" &&
		sends "$L" "$(p 50002)" $((L + GROWS)) "$(P 50002)" &&
		sends 0 "$(p 50001)" 0 "$(P 50001)" &&
		sends "$L" "$(p 50002)" $((L + GROWS)) "$(P 50002)" &&
		expect_count 1 && expect_count 1 50002
}

# As many as may be on their way go, again when they come again; the rest when
# they have arrived.
many_in_one()
{
	local sent='' rest='' seen='' left='' i

	for i in 1 2 3 4 5 6; do
		sent+=$(p 5000$i)
		if [ $i -le 3 ]; then
			seen+=$(P 5000$i)
		else
			rest+=$(p 5000$i)
			left+=$(P 5000$i)
		fi
	done
	raw_control &&
		sends 0 "$sent" 0 "$seen" &&
		sends 0 "$sent" 0 "$seen" &&
		say heard s $((3 * (L + GROWS))) && say acked c $((3 * L)) &&
		sends $((3 * L)) "$rest" $((3 * (L + GROWS))) "$left" &&
		sends $((3 * L)) "$rest" $((3 * (L + GROWS))) "$left" &&
		expect_count 1 && expect_count 1 50006
}

# What overtakes another line waits until it comes again, behind that.
overtakes()
{
	raw_control &&
		sends 0 'SYST\r\n' &&
		say push c 14 "$(p 50001)" &&
		say none_from s 6 && expect_count 0 &&
		sends 6 'TYPE I\r\n' &&
		sends 14 "$(p 50001)" 14 "$(P 50001)" &&
		expect_count 1 50001
}

# A line inside a multi-line reply is lost at first.
gap_in_text()
{
	local go

	go="227 go ($(six "${IP4[raw_out]}" 50001))\r\n"
	raw_control &&
		sends 0 'STAT\r\nPASV\r\n' &&
		say push s 0 '211-one\r\n' && say pulled c 0 '211-one\r\n' &&
		say push s 18 '211 end\r\n' && say none_from c 9 &&
		say push s 9 '211-two\r\n' &&
		say pulled c 9 '211-two\r\n' &&
		say push s 18 '211 end\r\n' && say pulled c 18 '211 end\r\n' &&
		say push s 27 "$go" && say pulled c 27 "$go" &&
		expect_count 1 50001
}

# after_the_end FLAG: what the server says then opens nothing
after_the_end()
{
	raw_control &&
		sends 0 'PASV\r\n' && say heard s 6 && say acked c 6 &&
		say flag c 6 "$1" || return
	say push s 0 "227 go ($(six "${IP4[raw_out]}" 50001))\r\n"
	say pull c
	expect_count 0
}

# Ends that are the kernel's from here on.
drop_at_out()
{
	in_ns out nft -f - <<-EOF
		table inet loss {
			chain c {
				type filter hook prerouting priority -300;
				tcp dport 21 $1 counter drop
			}
		}
	EOF
}

dropped()
{
	in_ns out nft list table inet loss | grep -qE 'packets [1-9]'
}

# forget: connections, expectations, and rules that drop
forget()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	in_ns out nft delete table inet loss 2>/dev/null
}

# loses_pieces 0|1: the even or the odd ones of those that offloading makes
loses_pieces()
{
	control && drop_at_out "ip length > 2000 numgen inc mod 2 == $1" &&
		say amid c s 5000 "$(p 50004)" "$(P 50004)" && dropped &&
		say chat c s 10 && say close c s &&
		in_ns out nft delete table inet loss
}

# A real sender's retransmission, after the module has seen the segment.
real_retransmission()
{
	local before

	before=$(counters)
	drop_at_out 'ip length > 60' || return
	say send c "$(p 50001)" && wait_for 20 dropped &&
		wait_for 20 expect_count 1 50001 || return
	in_ns out nft delete table inet loss
	say want s "$(P 50001)" && expect_count 1 50001 &&
		counters_moved "$before" opened=1 replaced=0 &&
		pass s c '200 ok\r\n' && say chat c s 20 && say flood c s 2000
}

announcements()
{
	local i

	for i in $(seq 100 129); do
		pass c s "$(p 50$i)" "$(P 50$i)" &&
			pass s c '200 ok\r\n' && say chat c s 1 || return
	done
	say flood c s 5000
}

bad_lines()
{
	local line

	for line in 'in eth0' 'gw lan' 'gw wan' 'out eth0'; do
		tc -n "${line% *}" qdisc replace dev "${line#* }" root netem \
			delay 2ms 1ms loss 4% duplicate 4% reorder 10% 50% ||
			return
	done
}

need nft conntrack nsenter ip tc
plan 15
say_start
load_appgw
scene masq

check "a PORT that comes three times is the same three times" retransmitted
check "it opens nothing when it comes again, later" retransmitted_late
check "ACKs and what follows are in step" acknowledged
check "retransmission in one segment instead of two" joined
check "retransmission cut between two lines" cut_between_lines
check "retransmission cut inside an announcement" cut_inside_a_line
check "two announcements in flight, the first one lost" two_in_flight
check "six announcements in one lost segment" many_in_one
check "an announcement that overtakes another line" overtakes
check "227 is read behind a multi-line reply out of order" gap_in_text
check "227 opens nothing after the client's RST" after_the_end rst

A=${IP4[in]}
forget
check "what a kernel retransmits is the same" all_of \
	control \; real_retransmission
forget
check "PORT in the middle of 200 KB, every second piece lost" all_of \
	loses_pieces 0 \; loses_pieces 1
forget
check "PORT at the end of a full segment arrives" all_of \
	control \; say full c s 'NOOP ' "$(p 50003)" "$(P 50003)"
forget
check "30 PORTs over lines that lose, double and reorder" all_of \
	control \; bad_lines \; announcements
note "took $SECONDS s"
