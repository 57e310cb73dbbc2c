#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Nothing that happens around the daemon makes it wait or end: a log that nobody
# reads, signals, files that whoever started it has closed. And when it does not
# answer, nobody who asks it waits for long, or is told that it isn't there.
#
#   in 10.0.1.2 ---- gw (nf_appgw, appgwd) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

FIFO_SIZE=4096
# So many lines are more than fit into it
HUPS=260
# Of these a socket's queue of connections has room for fewer
QUESTIONS=12
# appgwctl waits so long for an answer, and some more on a slow machine
ANSWER_S=10

# status_is_exit STATUS: of "appgwctl status"
status_is_exit()
{
	ctl status
	set -- "$1" $?
	echo "exit status $2"
	[ "$2" -eq "$1" ]
}

status_says()
{
	local said

	said=$(ctl status 2>&1)
	echo "$said"
	grep -qE -e "$1" <<<"$said"
}

listens()
{
	ctl_json "len(d['listeners']) == 1 and d['daemon']['listening']" status
}

# ---- a log that nobody reads

hold_fifo()
{
	/usr/bin/python3 -I -S -c '
import fcntl, os, signal, sys
fd = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(fd, 1031, int(sys.argv[2]))		# F_SETPIPE_SZ
print("holds", flush=True)
signal.pause()' "$1" $FIFO_SIZE >"$WORK/holder" &
	HOLDER_PID=$!
	wait_for 20 grep -q holds "$WORK/holder" || die "nobody holds the FIFO"
}

hang_up()
{
	local i

	for ((i = 0; i < $1; i++)); do
		kill -HUP "$APPGWD_PID" || return
		# signals of a kind that wait are one
		pause 0.01
	done
	return 0
}

drops()
{
	hang_up $HUPS && wait_for 20 ctl_json "d['daemon']['log_dropped'] > 0" status
}

read_fifo()
{
	dd if="$WORK/fifo" iflag=nonblock bs=$FIFO_SIZE count=1 2>/dev/null
}

tells_of_dropped()
{
	read_fifo >"$WORK/first"
	hang_up 1
	pause 0.5
	read_fifo >"$WORK/second"
	cat "$WORK/first" "$WORK/second"
	grep -qE 'log: [0-9]+ lines left out' "$WORK/second"
}

unread()
{
	local log=$APPGWD_LOG

	mkfifo "$WORK/fifo"
	hold_fifo "$WORK/fifo"
	APPGWD_LOG=$WORK/fifo
	appgwd_run --queue 3
	check "its log is a pipe: it listens" wait_for 20 listens
	check "that nobody reads: lines are left out, and counted" drops
	check "and status says so" status_says 'lines left out'
	check "and it still answers" listens
	check "somebody reads it again: he is told how many are missing" \
		tells_of_dropped
	hang_up $HUPS
	check "full once more: SIGTERM ends it" appgwd_stop
	appgwd_run --queue 3
	wait_for 20 listens
	kill "$HOLDER_PID"
	wait "$HOLDER_PID" 2>/dev/null
	check "nobody has the pipe open any more: it goes on" all_of_these \
		"hang_up 3" listens
	appgwd_stop
	APPGWD_LOG=$log
}

all_of_these()
{
	local command

	for command; do
		$command || return
	done
}

# ---- signals, and files

signals()
{
	local signal

	appgwd_start --queue 3
	for signal in PIPE USR1 USR2; do
		kill -"$signal" "$APPGWD_PID"
	done
	check "SIGPIPE, SIGUSR1, SIGUSR2: no reason to end" all_of_these \
		"sleep 0.5" "kill -0 $APPGWD_PID" listens
	appgwd_stop
}

# leads_nowhere PID: its standard files
leads_nowhere()
{
	local n

	for n in 0 1 2; do
		[ "$(readlink "/proc/$1/fd/$n")" = /dev/null ] && continue
		ls -l "/proc/$1/fd"
		return 1
	done
}

closed_files()
{
	nsenter --net=/run/netns/gw -- appgwd --config /dev/null --queue 3 \
		--control "$WORK/control" <&- >&- 2>&- &
	APPGWD_PID=$!
	check "started without standard files: listens" wait_for 20 listens
	check "they lead nowhere" leads_nowhere "$APPGWD_PID"
	check "SIGHUP is heard" all_of_these "hang_up 1" listens
	appgwd_stop
}

# ---- nobody answers

# in_time SECONDS CMD...: it ends by then
in_time()
{
	local limit

	limit=$(scaled "$1")
	timeout "$limit" "${@:2}"
	set -- $?
	[ "$1" -ne 124 ] || echo "took more than $limit s"
	return "$1"
}

asked_often()
{
	local i rc

	for ((i = 0; i < QUESTIONS; i++)); do
		in_time $ANSWER_S nsenter --net=/run/netns/gw -- appgwctl \
			--control "$WORK/control" status >"$WORK/said" 2>&1
		rc=$?
		[ $rc -eq 3 ] || break
		grep -q "doesn't answer" "$WORK/said" || break
	done
	[ $i -eq $QUESTIONS ] && return
	echo "question $i: exit status $rc"
	cat "$WORK/said"
	return 1
}

second_one()
{
	local said rc

	said=$(in_time $ANSWER_S nsenter --net=/run/netns/gw -- appgwd \
		--config /dev/null --queue 9 --control "$WORK/control" 2>&1)
	rc=$?
	echo "$said"
	[ $rc -eq 1 ] && [[ $said == *'another appgwd answers there'* ]]
}

stopped()
{
	check "with module and daemon: status 0" all_of_these \
		"appgwd_start --queue 3" "status_is_exit 0"
	kill -STOP "$APPGWD_PID"
	check "stopped: each of $QUESTIONS who ask is told that it doesn't answer" \
		asked_often
	check "another daemon at its control socket: refused at once" second_one
	check "stats has the module's all the same" ctl_json \
		"'attached' in d['module'] and 'daemon' not in d" stats
	kill -CONT "$APPGWD_PID"
	check "it goes on, and answers" wait_for 20 status_is_exit 0
	appgwd_stop
	check "without the daemon: status 2" status_is_exit 2
	check "which is another answer" status_says "doesn't run"
	unload_appgw
	check "without the module: status 1" status_is_exit 1
	load_appgw
}

need appgwd appgwctl dd mkfifo /usr/bin/python3
plan 19
topology masq
load_appgw
unread
signals
closed_files
stopped
note "took $SECONDS s"
