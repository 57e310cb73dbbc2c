#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Under a chat of many connections the daemon is killed, stopped, overloaded,
# ended and started again, and the module unloaded: every byte comes, and every
# offer is rewritten while there is somebody to read it.
#
#	in ---- gw (masquerade, nf_appgw, appgwd) ---- out	see lib/net.sh
#
# usage: chat_life.sh [--protocol irc|msn] [--connections N] [PART...]
#
# PART is kills, stops, retransmissions or unloading.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"

# Settings of the module: as many pinholes as there are offers
NO_QUOTA=(quota_host=0 quota_total=0)
EXPECT_MAX=8192

# Connections whose segments are lost, and those that come to a module that was
# loaded again
LOST_MAX=50
NEW=50

# what the shell says of a process that kill -9 has ended
KILLED=137

STOPPED_S=2
SHORT_QUEUE=4

protocol=irc connections=200
while [ $# -gt 0 ]; do
	case $1 in
	--protocol) protocol=$2; shift ;;
	--connections) connections=$2; shift ;;
	-*) die "what is $1?" ;;
	*) break ;;
	esac
	shift
done
case $protocol in
irc|msn) ;;
*) die "what protocol is $protocol?" ;;
esac
# shellcheck source=selftests/lib/irc.sh
source "$SELFTESTS/lib/$protocol.sh"

lost=$((connections < LOST_MAX ? connections : LOST_MAX))
# of each stage
LINES_PASSED=$((connections > 300 ? 2 * connections : 600))

# chat VERB WORD...: see peers/chat_many.py
chat()
{
	partner_told chat 300 "$@"
}

# starts ARG...: a new daemon, under load
starts()
{
	chat want either && appgwd_start --queue 3 "$@"
}

# They begin at 0 when the module is loaded again.
tell_counters()
{
	counters | awk '$2 { printf "# %s %d\n", $1, $2 }'
}

no_listener()
{
	ctl_json "not d['listeners']" status >/dev/null
}

# What the kernel threw away instead of queueing it
queue_drops()
{
	in_ns gw awk '{ n += $6 + $7 } END { print n + 0 }' \
		/proc/net/netfilter/nfnetlink_queue
}

# queue_holds N: packets at least
queue_holds()
{
	[ "$(in_ns gw awk '{ n += $3 } END { print n + 0 }' \
		/proc/net/netfilter/nfnetlink_queue)" -ge "$1" ]
}

# everybody_offers: once more, and each offer is rewritten
everybody_offers()
{
	local before came

	chat want public && before=$(chat came public) &&
		chat offer all && chat settle && came=$(chat came public) &&
		echo "$((came - before)) offers" &&
		[ $((came - before)) -ge "$connections" ]
}

# goes_on public|own: the chat, and that is what becomes of its offers
goes_on()
{
	local before came

	chat want "$1" && before=$(chat came "$1") &&
		chat chat $LINES_PASSED && chat settle &&
		came=$(chat came "$1") && echo "$((came - before)) offers" &&
		[ "$came" -gt "$before" ]
}

# ---- a daemon that dies, and another one

# ends SIGNAL STATUS: of that, so; then all that was on its way comes
ends()
{
	appgwd_stop "$1"
	local rc=$?
	echo "status $rc"
	wait_for 20 no_listener && chat chat 100 && chat settle &&
		[ $rc -eq "$2" ]
}

terminated()
{
	chat want either && chat chat 100 && ends TERM 0
}

killed()
{
	chat want either && chat chat 100 && ends KILL $KILLED
}

# Lines wait in its queue when it is killed: they are lost there.
killed_over_lines()
{
	chat want either || return
	kill -STOP "$APPGWD_PID"
	wait_for 20 queue_holds 5 && ends KILL $KILLED
}

kills()
{
	check "kill -9: all that was said has come" killed
	check "without it the chat goes on, offers come as they are" \
		goes_on own
	check "a new one: the old connections' offers are rewritten" all_of \
		starts \; everybody_offers \; goes_on public
	check "kill -9 with lines in its queue: they come" killed_over_lines
	check "without it the chat goes on" goes_on own
	check "a new one reads on" all_of starts \; everybody_offers
	check "SIGTERM: ends with status 0, all has come" terminated
	check "without it the chat goes on" goes_on own
	check "a new one reads on" all_of starts \; everybody_offers
}

# ---- a daemon that stands still

stopped()
{
	local queued drops

	chat want public && queued=$(counter queued) && drops=$(queue_drops) ||
		return
	kill -STOP "$APPGWD_PID"
	pause $STOPPED_S
	queue_holds 5
	local rc=$?
	kill -CONT "$APPGWD_PID"
	chat settle || rc=1
	echo "$(($(counter queued) - queued)) queued, $(queue_drops) dropped"
	[ "$(queue_drops)" -eq "$drops" ] && return $rc
}

came_own()
{
	[ "$(chat came own)" -gt "$1" ]
}

# Lines that find no room pass.
overflows()
{
	local own

	chat want either && own=$(chat came own) || return
	kill -STOP "$APPGWD_PID"
	wait_for 60 came_own "$own"
	local rc=$?
	kill -CONT "$APPGWD_PID"
	chat settle && echo "$(($(chat came own) - own)) passed unread" &&
		return $rc
}

# With so short a queue any offer may pass unread.
reads_again()
{
	local before

	before=$(chat came public) && chat chat $LINES_PASSED &&
		chat settle && [ "$(chat came public)" -gt "$before" ]
}

stops()
{
	check "SIGSTOP for $STOPPED_S s: nothing is lost, all is rewritten" stopped
	check "the chat goes on" goes_on public
	chat want either
	appgwd_stop
	check "a new one, with a queue of $SHORT_QUEUE" starts \
		--queue-length $SHORT_QUEUE
	check "stopped, and a queue of $SHORT_QUEUE: lines pass unread" overflows
	check "going on: it reads again" reads_again
	chat want either
	appgwd_stop
	check "a new one reads on" all_of starts \; everybody_offers
}

# ---- what TCP sends again after the daemon's death

# lose segments|acks: between the servers' host and everybody else
lose()
{
	local hook=output what='tcp sport'

	if [ "$1" = segments ]; then
		hook=prerouting what='tcp flags & psh == psh tcp dport'
	fi
	in_ns out nft -f - <<-EOF
		table inet lossy {
			chain lossy {
				type filter hook $hook priority -300;
				$what $CONTROL_PORT counter drop
			}
		}
	EOF
}

lose_no_more()
{
	in_ns out nft delete table inet lossy
}

planned_since()
{
	[ $(($(counter planned) - $1)) -ge $lost ]
}

# The daemon plans for $lost offers, and is dead when TCP sends them again.
dies_over()
{
	local planned

	planned=$(counter planned) && chat offer $lost more &&
		wait_for 60 planned_since "$planned" && chat seen $lost ||
		return
	appgwd_stop KILL
	chat again $lost
}

# sent_again segments|acks: because those are lost
sent_again()
{
	local rc

	chat halt && chat want public && chat watch && lose "$1" || return
	dies_over
	rc=$?
	lose_no_more
	chat settle && chat unwatch && chat want own && return $rc
}

retransmissions()
{
	check "offers lost behind the router, the daemon killed: the same again" \
		sent_again segments
	chat go
	check "those streams go on" goes_on own
	check "a new daemon reads on" all_of starts \; everybody_offers
	check "their acknowledgements lost, the daemon killed: the same again" \
		sent_again acks
	chat go
	check "those streams go on" goes_on own
	check "a new daemon reads on" all_of starts \; everybody_offers
}

# ---- a module that goes

# A tail that is kept when it goes is lost for good, and its pinholes close.
unloads()
{
	chat split no && chat knock no && chat want either &&
		chat chat 100 && rmmod nf_appgw && chat retire &&
		chat chat $LINES_PASSED && chat settle
}

loads_again()
{
	modprobe nf_appgw "${NO_QUOTA[@]}" &&
		wait_for 20 appgwd_said 'module: listening' 2 &&
		chat settle && chat knock yes && chat split yes &&
		chat open $NEW && goes_on public
}

unloading()
{
	tell_counters
	check "the module goes, under load: all that was said comes" unloads
	check "it comes, the daemon listens: new connections are helped" \
		loads_again
	check "SIGTERM at the end: status 0" terminated
}

declare -A CHECKS=([kills]=9 [stops]=6 [retransmissions]=6 [unloading]=3)

need nft conntrack nsenter ip appgwd appgwctl /usr/bin/python3
[ $# -gt 0 ] || set -- kills stops retransmissions unloading
plan_parts 4 "$@"
topology masq
echo $EXPECT_MAX >/proc/sys/net/netfilter/nf_conntrack_expect_max ||
	die "no room for expectations"
load_appgw "${NO_QUOTA[@]}"
appgwd_start --queue 3 || die "appgwd does not listen"
partner_start chat chat_many.py "$protocol" "$CLIENT" "$SERVER" "$TARGET" \
	"${IP4[in]}" "${IP4[wan]}"
check "$connections connections log in" chat open "$connections"
check "each one's offer is rewritten, and opens its port" everybody_offers
chat go
check "a chat with offers in it" goes_on public
for part; do
	note "$(chat report)"
	"$part"
done
check "all that was said has come" chat halt
note "$(chat report)"
tell_counters
note "took $SECONDS s"
