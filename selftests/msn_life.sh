#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whenever who reads MSN's invitations dies: lengths and text fit each other, and
# what was decided is done. What is opened is open for two minutes.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: msn_life.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/msn.sh"

QUEUE=3
# what the shell says of a process that kill -9 has ended
KILLED=137
TIMEOUT_S=120		# APPGW_DIRECT_TIMEOUT_S
MARGIN_S=30		# see rtsp_life.sh

# goes_on: texts come as they are, long ones as well
goes_on()
{
	msn_chat && say pump c s 20000 && say pump s c 20000
}

# ---- one that dies before it has planned for all of a MSG

# half PLANS: with one that makes so many
half()
{
	appgwd_stop
	scene masq
	nsenter --net=/run/netns/gw -- /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/msn_plan.py" $QUEUE "$1" \
		</dev/null >/dev/null 2>"$WORK/half" &
	half_pid=$!
	wait_for 20 listened || die "nobody listens: $(cat "$WORK/half")"
}

listened()
{
	ctl_json "len(d['listeners']) == 1" status
}

# halved PLANS: the MSG comes as it was said, and nothing is open
halved()
{
	half "$1"
	msn_login && before=$(counters) && pass c s "$(listens "$IN")" &&
		expect_count 0 && counters_moved "$before" planned="$1" &&
		goes_on
	local rc=$?

	kill $half_pid
	wait $half_pid
	return $rc
}

all_planned()
{
	half 3
	opens "$(listens "$IN")" "$(listens "$WAN")" $PORT && goes_on
	local rc=$?

	kill $half_pid
	wait $half_pid
	return $rc
}

halves()
{
	check "dead behind the address: as it was said" halved 1
	check "dead behind the port: as it was said" halved 2
	check "all plans: rewritten" all_planned
}

# ---- the daemon

# waits: a MSG, in the queue of a daemon that has stopped
waits()
{
	kill -STOP "$APPGWD_PID" && say send c "$(listens "$IN")" &&
		wait_for 20 queued
}

queued()
{
	[ "$(in_ns gw awk '{ n += $3 } END { print n + 0 }' \
		/proc/net/netfilter/nfnetlink_queue)" -gt 0 ]
}

dies()
{
	appgwd_stop KILL
	[ $? -eq $KILLED ]
}

# planned N: plans so far
planned()
{
	[ "$(counter planned)" -ge "$1" ]
}

# lost: it is planned for, and nothing that leaves the router arrives
lost()
{
	in_ns out nft add table inet lost && in_ns out nft add chain inet lost in \
		'{ type filter hook input priority 0; policy drop; }' &&
		say send c "$(listens "$IN")" && wait_for 20 planned 3 &&
		wait_for 20 expect_count 1 $PORT
}

found()
{
	in_ns out nft delete table inet lost && say want s "$(listens "$WAN")"
}

kills()
{
	msn_scene masq
	check "kill -9 with a MSG in its queue: it comes as it was said" all_of \
		msn_login \; waits \; dies \; \
		say want s "$(listens "$IN")" \; expect_count 0 \; goes_on
	msn_scene masq
	check "a new daemon goes on at the next one" all_of msn_login \; \
		pass c s "$(listens "$IN")" "$(listens "$WAN")" \; goes_on
	msn_scene masq
	check "a MSG is lost behind the router" all_of msn_login \; lost
	appgwd_stop KILL
	check "kill -9: what is sent again is rewritten again" all_of found \; \
		expect_count 1 $PORT \; goes_on
}

# ---- its time

# wait_until SECONDS: since $began
wait_until()
{
	local left=$((began + $1 * 1000000 - ${EPOCHREALTIME/./}))

	[ $left -le 0 ] || pause $((left / 1000000)).$((left / 100000 % 10))
	return 0
}

lifetime()
{
	local before

	genl_start
	msn_scene masq
	genl follow e gw || die "no events"
	say listen data in $PORT >/dev/null
	began=${EPOCHREALTIME/./}
	check "a port is open" opens "$(listens "$IN")" "$(listens "$WAN")" $PORT
	before=$(counters)
	check "shortly before its end, too" all_of \
		wait_until $((TIMEOUT_S - MARGIN_S)) \; expect_count 1 $PORT
	check "and no longer" all_of \
		wait_until $((TIMEOUT_S + MARGIN_S)) \; expect_count 0 \; \
		counters_moved "$before" expired=1 \; \
		say blocked out "$WAN" $PORT
}

declare -A CHECKS=([halves]=3 [kills]=4 [lifetime]=3)

need nft conntrack nsenter ip appgwd appgwctl /usr/bin/python3
[ $# -gt 0 ] || set -- halves kills
daemon_parts "" "$@"
