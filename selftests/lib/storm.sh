# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Mutated segments by the module of debug/storm_main.c, and a listener that is
# as bad as one can be.
#
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/storm.sh"
#	storm_need

# shellcheck disable=SC2034 # read by the scripts
STORM_MODULES=$(dirname "$SELFTESTS")/.build/debug-modules
STORM_QUEUE=3
PLANNER_PID=

storm_need()
{
	need nft conntrack nsenter ip insmod /usr/bin/python3
	[ -e "$STORM_MODULES/storm.ko" ] || skip_all "needs selftests/debug/build"
}

# storm_scene: a router with a way out for segments that have grown
storm_scene()
{
	scene masq
	ip -n gw link set lo mtu 1500
}

# storm_send SEGMENTS SEED [PARAM=VALUE...]: says what became of them, too
storm_send()
{
	local rc

	in_ns gw insmod "$STORM_MODULES/storm.ko" segments="$1" seed="$2" \
		"${@:3}" 2>&1
	rc=$?
	dmesg | grep 'storm:' | tail -n 3
	[ $rc -ne 0 ] || rmmod storm
	return $rc
}

# planner_start SEED|MISTAKE: in the daemon's place; see peers/irc_plan.py
planner_start()
{
	nsenter --net=/run/netns/gw -- /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/irc_plan.py" $STORM_QUEUE "$1" \
		</dev/null >"$WORK/planner" 2>"$WORK/planner.err" &
	PLANNER_PID=$!
}

# Somebody reads the queue, and has the segments sent there.
listened()
{
	in_ns gw grep -q "^ *$STORM_QUEUE " \
		/proc/net/netfilter/nfnetlink_queue &&
		ctl_json "len(d['listeners']) == 1" status
}

# planner_stop: says what became of its plans; false if it has ended before
planner_stop()
{
	kill -TERM "$PLANNER_PID"
	wait "$PLANNER_PID"
	local rc=$?
	cat "$WORK/planner" "$WORK/planner.err"
	return $rc
}
