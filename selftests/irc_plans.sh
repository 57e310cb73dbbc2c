#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever listens in the daemon's place may plan in any order, and can't have
# two edits made in the same bytes; the stream goes on in any case.
#
#	in ---- gw (nf_appgw, irc_plan.py) ---- out	see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"
source "$SELFTESTS/lib/storm.sh"

# planner_scene WORD: a router with somebody who makes that mistake
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

need nft conntrack nsenter ip /usr/bin/python3
plan 8
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
note "took $SECONDS s"
