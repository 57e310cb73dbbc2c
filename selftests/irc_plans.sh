#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever listens in the daemon's place may plan in any order, can't have two edits
# made in the same bytes, and may have values written as any protocol writes them;
# the stream goes on in any case.
#
#	in ---- gw (nf_appgw, irc_plan.py) ---- out	see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"
source "$SELFTESTS/lib/storm.sh"

# planner_scene WORD: a router with somebody who does that only
planner_scene()
{
	scene masq
	planner_start "$1"
	wait_for 20 listened || die "nobody listens"
}

# offers ADDRESS...: in one line
offers()
{
	local i=1 address text='PRIVMSG bob :'

	for address; do
		text+="\x01DCC SEND f $address 5000$i 1\x01"
		i=$((i + 1))
	done
	printf '%s' "$text\\r\\n"
}

# lines ADDRESS...: the same, each in a line of its own
lines()
{
	local i=1 address

	for address; do
		printf '%s' "${SENT}DCC SEND f $address 5000$i 1$END"
		i=$((i + 1))
	done
}

# The first one's endpoint stands in the place of the second one's.
edited_by_the_first()
{
	local text

	text=$(offers "$IN" "$WAN")
	echo "${text/$WAN 50002/$WAN 50001}"
}

goes_on()
{
	irc_chat && say pump c s 20000 && say pump s c 20000
}

# in_form FORM TEXT [PORT]: TEXT stands where the address and port were
in_form()
{
	opens "${SENT}DCC SEND $1 $IN 50001 1$END" "${SENT}DCC SEND $1 $2 1$END" \
		"${@:3}"
}

# utf16 TEXT: as "say" has it, the lower byte first
utf16()
{
	local i c

	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		printf '%s\\x00' "${c/\\/\\x5c}"
	done
}

# makes_no_sense FORM...: nothing is opened or edited for them
makes_no_sense()
{
	local form

	for form; do
		in_form "$form" "$IN 50001" || { echo "$form"; return 1; }
	done
}

need nft conntrack nsenter ip /usr/bin/python3
plan 20
say_start
load_appgw

planner_scene last-first
check "two in a line, the last first" opens "$(offers "$IN" "$IN")" \
	"$(offers "$WAN" "$WAN")" 50001 50002
check "and what is behind them comes as it is" goes_on
check "three lines in a segment, the last first" \
	opens "$(lines "$IN" "$IN" "$IN")" "$(lines "$WAN" "$WAN" "$WAN")" \
	50001 50002 50003
check "and what is behind them comes as it is" goes_on
check "it has said so" planner_stop

planner_scene only-last
check "two edits in the same bytes: the second one is refused" \
	opens "$(offers "$IN" "$IN")" "$(edited_by_the_first)" 50001
check "and what is behind them comes as it is" goes_on
planner_stop >"$WORK/said"
check "with the error for that" grep -q 'plan:EEXIST=1' "$WORK/said"

planner_scene forms
check "bytes and their complements" in_form bytes \
	'\xcb\x00\x71\x01\xc3\x51\x34\xff\x8e\xfe\x3c\xae' 50001
check "UTF-16, filled up" in_form utf16 \
	"$(utf16 "\\\\${IP4[wan]}\\UDP\\50001")\\x00\\x00" 50001
check "a length of what is behind, a port in two bytes, filled up" in_form xdr \
	"\\x00\\x00\\x00\\x12${IP4[wan]}.195.81\\x00\\x00end" 50001
check "base64 of a number with a sign" in_form signed 'MjQxODI5ODc=' 50001
check "backwards, and a length" in_form round '1.311.0.302:10005/5' 50001
check "and what is behind them comes as it is" goes_on
check "what makes no sense opens and edits nothing" \
	makes_no_sense sign rests fill nothing unknown
planner_stop >"$WORK/said"
# a slow machine sends one again
check "with the error for that" grep -Eq 'plan:EINVAL=([5-9]|[0-9]{2})' "$WORK/said"

planner_scene datagrams
check "a plan for a datagram opens nothing" opens "$(offers "$IN")" \
	"$(offers "$IN")"
check "nor one for SCTP" opens "$(offers "$IN")" "$(offers "$IN")"
planner_stop >"$WORK/said"
check "there is no such flow" grep -q 'plan:ENOENT=[1-9]' "$WORK/said"
check "no helper has that transport" grep -q 'plan:EPROTONOSUPPORT=[1-9]' "$WORK/said"
note "took $SECONDS s"
