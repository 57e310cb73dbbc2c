#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What somebody else sends in the name of an end, without knowing its numbers, ends
# no connection and shuts no pinhole.
#
#	in ---- gw (nf_appgw) ---- out
#
# With ends that send each segment by order.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

# As far away as conntrack takes for the future; and within any window
FAR=$((1 << 29))
NEAR=1000

L=$(length "$(raw_port 50001)")	# of every announcement here

# Time that a connection which is alive has left, at the least
ALIVE_S=200

# is_alive: conntrack keeps the only control connection as one
is_alive()
{
	local entry

	entry=$(in_ns gw conntrack -L -p tcp --dport 21 2>/dev/null)
	echo "$entry"
	[[ $entry =~ ^tcp\ +6\ ([0-9]+)\ ESTABLISHED ]] &&
		[ "${BASH_REMATCH[1]}" -ge $ALIVE_S ]
}

# open_hole [ACK]: a PORT goes through; with ACK the server says so
open_hole()
{
	raw_control && say push c 0 "$(raw_port 50001)" &&
		say pulled s 0 "$(raw_public 50001)" || return
	if [ -n "${1:-}" ]; then
		say heard s $((L + RAW_GROWS)) && say acked c "$L" || return
	fi
	expect_count 1 50001
}

# survives ACK END AT FLAGS
survives()
{
	open_hole "$1" && say forge "$2" "$3" "$4" && sleep "$FORGED_S" &&
		expect_count 1 50001 && { [ -z "$1" ] || is_alive; }
}

# Until what must not happen would have happened
FORGED_S=0.3

# still_heard AT...: behind forged answers to a SYN that bring a byte each, what the
# server says is still read
still_heard()
{
	local at

	open_hole 1 || return
	for at; do
		say forge s "$at" answer x
	done
	sleep "$FORGED_S" && expect_count 1 50001 &&
		say push s 0 '500 no\r\n' && say pull c &&
		wait_for 5 expect_count 0
}

# ends_it END AT FLAGS: the same from who does know closes
ends_it()
{
	open_hole 1 && say forge "$1" "$2" "$3" &&
		wait_for 5 expect_count 0
}

# A FIN behind a gap counts when the gap has been filled.
fin_behind_a_gap()
{
	open_hole 1 && say forge s $NEAR fin && say pull c &&
		expect_count 1 50001 && say push s 0 '200 ok\r\n' &&
		say pulled c 0 '200 ok\r\n' && say forge s 8 fin &&
		wait_for 5 expect_count 0
}

# The numbers conntrack judges by are right when it judges strictly again: the
# conversation goes on, and so it does behind the next edit.
goes_on()
{
	local i at=0 there=0 reply=0 before

	raw_control && before=$(invalid) || return
	for i in 1 2 3 4 5; do
		say push c $at "$(raw_port 5000$i)" &&
			say pulled s $there "$(raw_public 5000$i)" || return
		at=$((at + L)) there=$((there + L + RAW_GROWS))
		say heard s $there && say acked c $at &&
			say push s $reply '200 ok\r\n' &&
			say pulled c $reply '200 ok\r\n' || return
		reply=$((reply + 8))
		say heard c $reply && say acked s $reply || return
	done
	echo "invalid: $(invalid), before: $before"
	expect_count 1 50005 && is_alive && [ "$(invalid)" = "$before" ]
}

# invalid: packets that conntrack took for such
invalid()
{
	in_ns gw conntrack -S | grep -o 'invalid=[0-9]*'
}

plan 11
need nft conntrack nsenter ip
say_start
load_appgw
scene masq
for end in c s; do
	check "an RST of $end, far away" survives 1 $end $FAR rst
	check "a FIN of $end, far away" survives 1 $end $FAR fin
done
check "an RST while an edit is on its way" survives '' s $FAR rst
check "a FIN then" survives '' s $FAR fin
check "answers to a SYN, far ahead and behind, with a byte" still_heard \
	$FAR -$FAR $((3 * FAR)) -$((3 * FAR))
check "an RST that is next ends it" ends_it s 0 rst
check "so does one within the window" ends_it s $NEAR rst
check "a FIN behind a gap does when the gap is filled" fin_behind_a_gap
check "the conversation goes on" goes_on
note "took $SECONDS s"
