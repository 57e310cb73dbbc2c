#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Behind an edit, and between two: several lines in a segment, acknowledgements of all
# kinds, true or forged, and numbers in SACK blocks.
#
#	in ---- gw (nf_appgw, masq) ---- out
#
# With ends that send each segment by order: most of such segments are read and numbered
# on a shorter way than others, and both must come to the same. "At 20" means that many
# bytes into the stream.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

G=$RAW_GROWS
L=$(length "$(raw_port 50001)")		# of every PORT here
FAR=100000				# beyond any window

# sends FROM TO AT TEXT [AT_RECEIVER AS]
sends()
{
	say push "$1" "$3" "$4" && say pulled "$2" "${5-$3}" "${6-$4}"
}

# edited [TEXT]: PORT 50001 was rewritten, behind TEXT; the server has yet to acknowledge it
edited()
{
	raw_control && sends c s 0 "${1-}$(raw_port 50001)" 0 \
		"${1-}$(raw_public 50001)" && expect_count 1 50001
}

# settled: the same, and it has
settled()
{
	edited && say heard s $((L + G)) && say acked c "$L"
}

# ---- several lines in a segment

# behind SETTLED_OR_EDITED BEFORE AFTER: another PORT, with lines before and after it
behind()
{
	local line

	line=$(raw_port 50002)
	"$1" && sends c s "$L" "$2$line$3" $((L + G)) \
		"$2$(raw_public 50002)$3" && expect_count 1 50002 || return
	# again, and what follows it
	sends c s "$L" "$2$line$3" $((L + G)) "$2$(raw_public 50002)$3" &&
		sends c s $((2 * L + $(length "$2$3"))) 'QUIT\r\n' \
			$((2 * (L + G) + $(length "$2$3")))
}

# What the client has said has grown, so that an answer acknowledges more than it said
answered()
{
	local text='211-one\r\n two\r\n211 end\r\n'

	settled && sends s c 0 "$text" && say heard c "$(length "$text")" &&
		say acked s "$(length "$text")" &&
		sends c s "$L" 'NOOP\r\n' $((L + G))
}

go()
{
	echo "227 go ($(six "${IP4[raw_out]}" "$1"))\r\n"
}

# asked N: the server is asked for a port so many times in one segment, behind an edit
asked()
{
	local text='' i

	for ((i = 0; i < $1; i++)); do
		text+='PASV\r\n'
	done
	settled && sends c s "$L" "$text" $((L + G)) &&
		say heard s $((L + G + 6 * $1)) && say acked c $((L + 6 * $1))
}

# only TEXT PORT OPEN: TEXT, one segment of the server's, opens PORT; or nothing if that's
# empty, but the client's own is replaced by it
only()
{
	asked "${3:-1}" && sends s c 0 "$1" && expect_count 1 "${2:-50001}"
}

# ---- acknowledgements

# Told in the middle of the new text, the client says the rest again, as it was.
inside()
{
	edited && say heard s 8 && say acked c 8 &&
		sends c s 8 "$(joined_from 8 "$(raw_port 50001)")" 8 \
			"$(joined_from 8 "$(raw_public 50001)")" &&
		say heard s $((L + G)) && say acked c "$L" &&
		sends c s "$L" 'NOOP\r\n' $((L + G))
}

# joined_from N TEXT: what is left behind N bytes
joined_from()
{
	split_text "$2"
	joined "$1"
}

# goes_on: the line that isn't acknowledged comes again as it was, and what follows it
goes_on()
{
	sends c s 0 "$(raw_port 50001)" 0 "$(raw_public 50001)" &&
		expect_count 1 50001 &&
		sends c s "$L" "$(raw_port 50002)" $((L + G)) \
			"$(raw_public 50002)" && expect_count 1 50002
}

# Somebody says that more has arrived than was ever said.
ahead()
{
	edited && say heard s $((L + G + $1)) && goes_on
}

# An old one overtakes others; after that, the client repeats nothing it need not.
old()
{
	settled && sends c s "$L" 'NOOP\r\n' $((L + G)) &&
		say heard s $((L + G + 6)) && say acked c $((L + 6)) &&
		say heard s $((L + G)) && say acked c "$L" &&
		say heard s 0 && say acked c 0 &&
		sends c s $((L + 6)) "$(raw_port 50002)" $((L + G + 6)) \
			"$(raw_public 50002)" && expect_count 1 50002
}

# The server says so many times that the edited line has not arrived.
doubled()
{
	local i

	edited && sends c s "$L" 'NOOP\r\n' $((L + G)) || return
	for i in 1 2 3; do
		say heard s 0 && say acked c 0 || return
	done
	goes_on_behind
}

goes_on_behind()
{
	sends c s 0 "$(raw_port 50001)" 0 "$(raw_public 50001)" &&
		say heard s $((L + G + 6)) && say acked c $((L + 6))
}

# ---- SACK

# The edited line is lost, and what is behind it isn't.
lost()
{
	edited && sends c s "$L" 'NOOP\r\n' $((L + G)) &&
		say sacked s 0 $((L + G)) $((L + G + 6)) &&
		say blocks c 0 "$L" $((L + 6)) && goes_on_behind
}

# The edit is settled, and a line behind it is lost, so that only shifts are left.
lost_later()
{
	settled && sends c s "$L" 'NOOP\r\n' $((L + G)) &&
		sends c s $((L + 6)) 'TYPE I\r\n' $((L + G + 6)) &&
		sends c s $((L + 14)) 'SYST\r\n' $((L + G + 14)) &&
		say sacked s $((L + G)) $((L + G + 6)) $((L + G + 20)) &&
		say blocks c "$L" $((L + 6)) $((L + 20)) &&
		sends c s "$L" 'NOOP\r\n' $((L + G)) &&
		say heard s $((L + G + 20)) && say acked c $((L + 20))
}

# Two blocks, one before the edit and one behind it; the edges are the edited line's.
two_blocks()
{
	edited 'NOOP\r\n' && sends c s $((L + 6)) 'SYST\r\n' $((L + G + 6)) &&
		say sacked s 0 $((L + G + 6)) $((L + G + 12)) 6 $((L + G + 6)) &&
		say blocks c 0 $((L + 6)) $((L + 12)) 6 $((L + 6))
}

# What was said the other way wasn't edited, and neither are its blocks.
other_way()
{
	settled && sends s c 0 '200 one\r\n' && sends s c 9 '200 two\r\n' &&
		say sacked c 0 9 18 && say blocks s 0 9 18
}

need nft conntrack nsenter ip
plan 25
say_start
load_appgw
scene masq

for how in settled edited; do
	check "$how: PORT alone" behind $how '' ''
	check "$how: behind another line" behind $how 'TYPE I\r\n' ''
	check "$how: before another line" behind $how '' 'NOOP\r\n'
	check "$how: between lines" behind $how 'NOOP\r\nTYPE I\r\n' \
		'NOOP\r\nSYST\r\n'
done
check "a reply of several lines, and talk behind it" answered
check "227 behind other replies in its segment" \
	only "200 ok\r\n200 ok\r\n$(go 50003)" 50003 3
check "227 before another reply" only "$(go 50003)200 ok\r\n" 50003 2
check "two of them: the second counts" only "$(go 50003)$(go 50004)" 50004 2
check "227 in a text opens nothing" only "211-a\r\n$(go 50003)211 end\r\n"
check "nor in one that begins like one" only "227-a\r\n$(go 50003 |
	sed 's/^227 /227-/')"
check "nor in one of code 220" only "220-a\r\n$(go 50003)220 end\r\n"
check "227 behind such a text" \
	only "220-a\r\n$(go 50003)220 end\r\n$(go 50004)" 50004 2
check "an acknowledgement of half of the new text" inside
check "one of more than was said" ahead 6
check "one of far more" ahead $FAR
check "an old one" old
check "the same three times" doubled
check "SACK: the edited line is lost" lost
check "SACK: a line behind it is lost" lost_later
check "SACK: before the edit and behind it" two_blocks
check "SACK: of the direction that was not edited" other_way
note "took $SECONDS s"
