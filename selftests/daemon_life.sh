#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon comes and goes, in any order with the module, and when somebody
# tells it to; a bad configuration doesn't disturb it.
#
#   in 10.0.1.2 ---- gw (nf_appgw, appgwd) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

# Without a checkout the one that is installed, which may be another by now
EXAMPLE=$SELFTESTS/../daemon/appgwd.conf
[ -e "$EXAMPLE" ] || EXAMPLE=/etc/appgwd.conf

ABSENT='nf_appgw is not loaded: modprobe nf_appgw'

# fails_with TEXT CMD...: status 1 and that text
fails_with()
{
	local said rc text=$1
	shift

	said=$("$@" 2>&1)
	rc=$?
	echo "$said"
	[ $rc -eq 1 ] && grep -qF -e "$text" <<<"$said"
}

# another ARG...: a daemon beside the one that runs
another()
{
	in_ns gw timeout "$(scaled 20)" appgwd --config /dev/null --control none "$@"
}

listeners()
{
	ctl_json "len(d['listeners']) == $1" status
}

# ---- with and without the module

absent()
{
	unload_appgw
	check "--wait 0 without the module: an error" \
		fails_with "$ABSENT" another --queue 3 --wait 0
	check "--wait 1: the same a second later" waits_a_second
	for command in status flows pinholes events stats "policy get" \
		"policy set login=1"; do
		# shellcheck disable=SC2086
		check "appgwctl $command without the module: an error" \
			fails_with "$ABSENT" ctl $command
	done
	check "appgwctl --json status without both" \
		ctl_json "not d['module'] and d['daemon'] is None" status
}

waits_a_second()
{
	local start=${EPOCHREALTIME/./} us

	fails_with "$ABSENT" another --queue 3 --wait 1
	us=$((${EPOCHREALTIME/./} - start))
	echo "took $us us"
	[ $us -gt 900000 ] && [ $us -lt 10000000 ]
}

daemon_first()
{
	appgwd_run --queue 3:4
	check "the daemon before the module: waits, and says so" \
		wait_for 20 appgwd_said 'waiting for nf_appgw'
	check "appgwctl status shows it" ctl_json \
		"not d['module'] and not d['daemon']['listening']" status
	load_appgw
	check "the module comes: it listens" \
		wait_for 20 appgwd_said 'module: listening at queue 3 to 4'
	check "the module knows it" ctl_json "d['listeners'][0]['queue'] == 3 \
		and d['listeners'][0]['queues'] == 2 \
		and d['listeners'][0]['helpers'] == ['irc', 'rtsp', 'pna', 'msn', \
			'rpc', 'mms'] \
		and d['daemon']['listening']" status
	check "the module goes" all_done rmmod nf_appgw
	check "it waits again" \
		wait_for 20 appgwd_said 'nf_appgw is gone, waiting for it'
	check "and comes: it listens again" module_is_back
	check "SIGTERM: ends with status 0" appgwd_stop
	check "nobody listens any more" listeners 0
}

all_done()
{
	wait_for 20 "$@"
}

module_is_back()
{
	modprobe nf_appgw &&
		wait_for 20 appgwd_said 'module: listening' 2 && listeners 1
}

module_first()
{
	load_appgw
	check "the module before the daemon: listens at once" \
		appgwd_start --queue 3
	check "appgwctl status" shows_status
	check "a second one on its queue is refused, which is named" \
		fails_with 'queue 3: another program reads it' \
		another --queue 2:3
	check "on another queue as well: its protocol is taken" \
		fails_with 'queue 9: nf_appgw: ' another --queue 9
	check "in another namespace it is not" elsewhere
	check "kill -9: nobody listens" killed
	check "another one can" appgwd_start --queue 3
	check "its control socket took the place of the old one" \
		ctl_json "d['daemon']['pid'] == $APPGWD_PID" status
	check "one with the same control socket is refused" fails_with \
		"another appgwd answers there" in_ns gw timeout "$(scaled 20)" appgwd \
		--config /dev/null --queue 9 --control "$WORK/control"
	appgwd_stop
	check "without a daemon appgwctl says so" said_by_ctl \
		"daemon    doesn't run" status
}

shows_status()
{
	local said

	said=$(ctl status)
	echo "$said"
	[[ $said == *'module    loaded'* && $said == *' irc rtsp pna'* &&
		$said == *"pid $APPGWD_PID"* && $said == *'queue 3 '* ]]
}

said_by_ctl()
{
	local text=$1 said
	shift

	said=$(ctl "$@")
	echo "$said"
	[[ $said == *"$text"* ]]
}

elsewhere()
{
	local mine=$APPGWD_PID

	appgwd_start NS=out --queue 3 --control none
	set -- $?
	appgwd_stop
	APPGWD_PID=$mine
	return "$1"
}

killed()
{
	appgwd_stop KILL
	wait_for 20 listeners 0
}

# ---- configuration

configuration()
{
	APPGWD_CONF=$WORK/conf
	printf '# mine\nqueue = 3\nlog-level = debug\n' >"$APPGWD_CONF"
	check "the file names the queue" appgwd_start
	printf 'queue = 3\nlog-level = error\n\nbatch = 0\n' >"$APPGWD_CONF"
	check "SIGHUP, bad file: told with file, line and value" hup \
		"config: $APPGWD_CONF:4: batch: \"0\""
	check "it is still there, and its old level" all_three
	printf 'queue = 4\n' >"$APPGWD_CONF"
	check "SIGHUP, another queue: at the next start" hup \
		'read again, some of it holds from the next start'
	check "so queue 3 is still its own" listening_at 3
	printf 'queue = 3\nlog-level = error\n' >"$APPGWD_CONF"
	kill -HUP "$APPGWD_PID"
	check "SIGHUP, less to log: obeyed" wait_for 20 is_silent
	appgwd_stop
	printf 'queue = 7\n' >"$APPGWD_CONF"
	check "the command line beats the file" at_its_queue
	appgwd_stop
	printf 'queue = 3\nnonsense = 1\n' >"$APPGWD_CONF"
	check "a bad file: no start" fails_with \
		"$APPGWD_CONF:2: no such option 'nonsense'" \
		in_ns gw appgwd --config "$APPGWD_CONF"
	check "--check finds that out as well" fails_with \
		"$APPGWD_CONF:2: no such option 'nonsense'" \
		appgwd --check --config "$APPGWD_CONF"
	if [ -e "$EXAMPLE" ]; then
		check "--check is content with the example" \
			appgwd --check --config "$EXAMPLE"
	else
		skip "--check is content with the example" "there is none"
	fi
	check "a file that is named must be there" fails_with \
		"$WORK/none: No such file" appgwd --check --config "$WORK/none"
	APPGWD_CONF=
}

# hup TEXT: what it says to SIGHUP
hup()
{
	kill -HUP "$APPGWD_PID"
	wait_for 20 grep -qF "$1" "$APPGWD_LOG" && return
	cat "$APPGWD_LOG"
	return 1
}

all_three()
{
	appgwd_said 'the old one stays' && listening_at 3 &&
		kill -0 "$APPGWD_PID" && hup 'the old one stays'
}

listening_at()
{
	ctl_json "d['listeners'][0]['queue'] == $1 \
		and d['daemon']['queues'][0]['queue'] == $1" status
}

# SIGHUP answers with a notice, unless that is too little to be logged.
is_silent()
{
	: >"$APPGWD_LOG"
	kill -HUP "$APPGWD_PID"
	pause 0.5
	! grep -q . "$APPGWD_LOG" && listening_at 3
}

at_its_queue()
{
	appgwd_start --queue 3 && listening_at 3
}

# ---- systemd

told()
{
	grep -qE "$1" "$WORK/notified"
}

notified()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/notify.py" "$WORK/notify" \
		>"$WORK/notified" 2>&1 </dev/null &
	local listener=$!
	wait_for 20 test -S "$WORK/notify" || die "no notify socket"

	export NOTIFY_SOCKET=$WORK/notify WATCHDOG_USEC=4000000
	appgwd_run --queue 3
	check "ready, even while it waits for the module" told_in_time READY=1
	load_appgw
	check "it tells when it listens" told_in_time 'STATUS=listening'
	check "the watchdog hears from it, again and again" \
		wait_for 20 hears_often
	kill -HUP "$APPGWD_PID"
	check "SIGHUP: reloading" told_in_time RELOADING=1
	check "SIGTERM: stopping" stops_told
	unset NOTIFY_SOCKET WATCHDOG_USEC
	kill "$listener"

	export JOURNAL_STREAM
	JOURNAL_STREAM=$(stat -c %d:%i "$APPGWD_LOG")
	check "in the journal each line has its level" prefixed
	unset JOURNAL_STREAM
}

told_in_time()
{
	wait_for 20 told "$1" && return
	cat "$WORK/notified"
	return 1
}

hears_often()
{
	[ "$(grep -c WATCHDOG=1 "$WORK/notified")" -ge 3 ]
}

stops_told()
{
	appgwd_stop && told_in_time STOPPING=1
}

prefixed()
{
	appgwd_start --queue 3
	appgwd_stop
	cat "$APPGWD_LOG"
	appgwd_said '^<5>module: listening' && ! appgwd_said '^[^<]'
}

need appgwd appgwctl /usr/bin/python3
plan 46
topology masq
absent
daemon_first
module_first
configuration
unload_appgw
notified
note "took $SECONDS s"
