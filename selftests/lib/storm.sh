# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Mutated segments by the module of debug/storm_main.c, what they are to lead to,
# and listeners: daemons that are killed, and one that is as bad as can be.
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

# planner_start SEED|WORD: in the daemon's place; see peers/irc_plan.py
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

# Some things come by chance, and seldom: so many storms at most until one of each
# kind has come
STORM_ROUNDS=20
STORM_MIN=300

# storm_share PROTOCOL SHARE [PARAM=VALUE...]: that many per cent of all SEGMENTS,
# STORM_MIN at least, each time others
STORMS=0
storm_share()
{
	local segments=$((SEGMENTS * $2 / 100))

	storm_send $((segments > STORM_MIN ? segments : STORM_MIN)) \
		$((SEED + STORMS++)) protocol="$1" "${@:3}"
}

# until_ok TEST... \; CMD...: CMD, and again until TEST is content
until_ok()
{
	local round test=()

	while [ "$1" != ';' ]; do
		test+=("$1")
		shift
	done
	shift
	for ((round = 1; round <= STORM_ROUNDS; round++)); do
		"$@" || return
		! "${test[@]}" || return 0
	done
	return 1
}

# moved NAME... says which of those counters stand where they stood before.
declare -A STORM_BEFORE
moved()
{
	local name rc=0

	for name; do
		[ "$(counter "$name")" -gt "${STORM_BEFORE[$name]}" ] ||
			{ echo "no $name"; rc=1; }
	done
	return $rc
}

# moves NAME... \; CMD...: CMD makes those counters go up
moves()
{
	local name

	for name; do
		[ "$name" != ';' ] || break
		STORM_BEFORE[$name]=$(counter "$name")
	done
	until_ok moved "$@"
}

# One daemon after the other, until there is a file "enough"; how many there
# have been, and those that ended for another reason than being killed
daemons()
{
	local n=0 dead=0 signal

	while [ ! -e "$WORK/enough" ]; do
		appgwd_start --queue $STORM_QUEUE
		pause $((RANDOM % 2)).$((RANDOM % 10))
		signal=$((RANDOM % 4 ? 9 : 15))
		kill -$signal "$APPGWD_PID" 2>/dev/null || dead=$((dead + 1))
		wait "$APPGWD_PID" 2>/dev/null
		n=$((n + 1))
	done
	echo "$n $dead" >"$WORK/daemons"
}

# daemons_while CMD...
daemons_while()
{
	local rc n dead pid

	rm -f "$WORK/enough"
	daemons &
	pid=$!
	wait_for 20 listened
	"$@"
	rc=$?
	: >"$WORK/enough"
	wait $pid
	read -r n dead <"$WORK/daemons"
	echo "$n daemons, $dead of which ended by themselves"
	[ $dead -eq 0 ] || { cat "$APPGWD_LOG"; return 1; }
	return $rc
}
