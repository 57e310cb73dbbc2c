# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# appgwd and appgwctl in a gateway.
#
#	source "$SELFTESTS/lib/daemon.sh"

# The daemon that was started last, and what it says.
APPGWD_PID=
APPGWD_LOG=$WORK/appgwd.log

# appgwd_run [NS=NAME] ARG...: in the background, without waiting for anything;
# of no configuration but the arguments
appgwd_run()
{
	local ns=gw

	case ${1:-} in
	NS=*)	ns=${1#NS=}
		shift ;;
	esac
	: >"$APPGWD_LOG"
	# not by in_ns, whose shell would be the one that signals reach
	nsenter --net="/run/netns/$ns" -- \
		appgwd --config "${APPGWD_CONF:-/dev/null}" \
		--control "$WORK/control" "$@" \
		</dev/null >/dev/null 2>>"$APPGWD_LOG" &
	APPGWD_PID=$!
}

# appgwd_start [NS=NAME] ARG...: until it listens
appgwd_start()
{
	appgwd_run "$@"
	wait_for 20 appgwd_said 'module: listening' || {
		cat "$APPGWD_LOG"
		return 1
	}
}

# appgwd_said PATTERN [TIMES]: that many lines of its log are like this, or at
# least one
appgwd_said()
{
	local n

	n=$(grep -cE -e "$1" "$APPGWD_LOG")
	if [ $# -gt 1 ]; then
		[ "$n" -eq "$2" ]
	else
		[ "$n" -gt 0 ]
	fi
}

# appgwd_stop [SIGNAL]: it ends, and its status is this function's
# shellcheck disable=SC2120 # scripts pass one
appgwd_stop()
{
	local pid=$APPGWD_PID

	[ -n "$pid" ] || return 0
	APPGWD_PID=
	kill "-${1:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

# ctl [NS=NAME] ARG...: appgwctl
ctl()
{
	local ns=gw

	case ${1:-} in
	NS=*)	ns=${1#NS=}
		shift ;;
	esac
	in_ns "$ns" appgwctl --control "$WORK/control" "$@"
}

# ctl_json EXPRESSION ARG...: what appgwctl --json ARG... says makes the Python
# expression true, in which it is called d
ctl_json()
{
	local said
	local expression=$1
	shift

	said=$(ctl --json "$@" 2>&1)
	/usr/bin/python3 -I -S -c '
import json, sys
d = json.loads(sys.argv[2])
sys.exit(not eval(sys.argv[1]))' "$expression" "$said" && return
	echo "not $expression:"
	echo "$said"
	return 1
}

# worker NAME: that counter of the daemon, all queues together
worker()
{
	ctl --json status | /usr/bin/python3 -I -S -c '
import json, sys
d = json.load(sys.stdin)["daemon"]
print(sum(q[sys.argv[1]] for q in d["queues"]))' "$1"
}

# daemon_parts PREFIX PART...: all of a script that has CHECKS of each part, which
# PREFIXPART makes: a function, or with a blank at the end of PREFIX that one with PART
daemon_parts()
{
	local part since

	plan_parts 0 "${@:2}"
	say_start
	load_appgw
	for part in "${@:2}"; do
		since=$SECONDS
		# shellcheck disable=SC2086 # may be two words
		$1$part
		note "$part took $((SECONDS - since)) s"
	done
	appgwd_stop
	note "took $SECONDS s"
}
