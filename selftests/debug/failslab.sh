#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Without memory, the module does less or doesn't load, and does no harm.
#
#	in ---- gw (nf_appgw, masq) ---- out		see lib/net.sh
#
# Only allocations that the module asks for fail, directly or by what it calls.
#
# usage: failslab.sh [ROUNDS [SEED]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/storm.sh"

ROUNDS=${1:-40}
SEED=${2:-${APPGW_SEED:-$SRANDOM}}
# Segments of each storm
STORM=$((ROUNDS < 40 ? 1000 : 4000))
MORE=100
FAIL=/sys/kernel/debug/failslab
TIMES=1000000
# Where modules are (Documentation/x86/x86_64/mm.rst)
ALL_MODULES="0xffffffffa0000000 0xffffffffff000000"

CACHE_CREATE=kmem_cache_create_usercopy

# What asks for memory when packets of FTP pass, and when those of IRC do and
# somebody plans for them
SITES="appgw_session_get appgw_hold_alloc appgw_pinhole_open"
SITES+=" appgw_event_send appgw_ftps_enter appgw_segment_replace"
SITES_IRC="appgw_session_get session_begin"
SITES_IRC+=" appgw_hold_alloc appgw_pinhole_open appgw_event_send"
SITES_IRC+=" appgw_gate_plan appgw_control_plan"
SITES_IRC+=" appgw_segment_replace steer_hook"

# fails PERCENT START END: of the allocations asked for from there
fails()
{
	echo "$2" >$FAIL/require-start
	echo "$3" >$FAIL/require-end
	echo $TIMES >$FAIL/times
	echo "$1" >$FAIL/probability
}

# Sets failed to how many did.
fails_end()
{
	echo 0 >$FAIL/probability
	failed=$((TIMES - $(cat $FAIL/times)))
}

# where_all: addresses of nf_appgw
where_all()
{
	local name size rest addr

	while read -r name size _ _ _ addr rest; do
		[ "$name" != nf_appgw ] ||
			printf '%s 0x%x\n' "$addr" $((addr + size))
	done </proc/modules
}

# where FUNCTION: its addresses; the kernel's list is long, so it is read once
where()
{
	[ -s "$WORK/symbols" ] ||
		grep '\[nf_appgw\]' /proc/kallsyms | sort >"$WORK/symbols"
	awk -v want="$1" '
		found		{ print "0x" start, "0x" $1; exit }
		$3 == want	{ start = $1; found = 1 }' "$WORK/symbols"
}

# both YES NO: some attempts went well, some did not
both()
{
	echo "$1 went well, $2 did not, $failed allocations failed"
	[ "$1" -gt 0 ] && [ "$2" -gt 0 ] && [ "$failed" -gt 0 ]
}

# attempts PERCENT UNDO CMD...: again and again, with less memory than needed;
# UNDO after each that went well. Which allocations fail is the kernel's chance,
# so it goes on, MORE times at most, until some went well and some did not.
attempts()
{
	local percent=$1 undo=$2 i sum=0
	shift 2

	yes=0 no=0
	for ((i = 0; i < ROUNDS || i < ROUNDS + MORE && yes * no == 0; i++)); do
		# shellcheck disable=SC2086 # start and end
		fails "$percent" $range
		"$@" >"$WORK/attempt" 2>&1
		rc=$?
		fails_end
		sum=$((sum + failed))
		if [ $rc -eq 0 ]; then
			yes=$((yes + 1))
			$undo || return
		else
			no=$((no + 1))
		fi
	done
	failed=$sum
	cat "$WORK/attempt"
	both $yes $no
}

# The addresses of CACHE_CREATE, and the next function's
cache_create()
{
	grep -m 1 -A 1 " $CACHE_CREATE\$" /proc/kallsyms |
		awk '{ printf "%s0x%s", NR == 1 ? "" : " ", $1 }'
}

# The kernel tells everybody when it can't make a cache, which is kept off the
# console here: the test machine would take it for a fault of the kernel.
cache_fails()
{
	local rc

	dmesg -n 1
	# shellcheck disable=SC2086 # start and end
	fails 100 $cache_create
	modprobe nf_appgw 2>&1
	rc=$?
	fails_end
	dmesg -n 5
	echo "$failed allocations failed"
	! dmesg | grep -E 'BUG:|WARNING:' || return
	dmesg --clear
	[ $rc -ne 0 ] && [ $failed -gt 0 ] && ! appgw_loaded
}

load_fails()
{
	range=$ALL_MODULES
	echo "${cache_create% *}" >$FAIL/reject-start &&
		echo "${cache_create#* }" >$FAIL/reject-end || return
	attempts 3 "rmmod nf_appgw" modprobe nf_appgw && ! appgw_loaded
	rc=$?
	echo 0 >$FAIL/reject-start
	echo 0 >$FAIL/reject-end
	return $rc
}

spare_gone()
{
	ip netns del spare
}

namespaces_fail()
{
	range=$(where_all)
	attempts 20 spare_gone ip netns add spare
}

policies_fail()
{
	range=$(where_all)
	attempts 20 true genl set gw ftps_ports=40000-50000 &&
		attempts 20 true genl policy gw &&
		policy_is gw ftps_ports=40000-50000
}

# rounds N: of traffic so far, at least, and none that went wrong
rounds()
{
	local n

	n=$(say churned churn) || { echo "$n"; return 1; }
	n=${n%% *}
	[ "$n" -ge "$1" ]
}

sessions_fail()
{
	say churn churn in out "${IP4[out]}" "${IP4[in]}" "${IP4[wan]}" 50100
	# shellcheck disable=SC2046 # start and end
	fails 10 $(where_all)
	wait_for 300 rounds 10
	fails_end
	echo "$failed allocations failed, counted: $(counter failed)"
	say churned churn
	[ $failed -gt 0 ] && wait_for 120 rounds 15
}

# storm PROTOCOL PERCENT CMD...: of the allocations in what CMD says. What seldom
# comes may not be in a storm, so there are others, MORE at most.
storm()
{
	local rc=0 i

	failed=0
	for ((i = 0; i <= MORE && failed + rc == 0; i++)); do
		# shellcheck disable=SC2046 # start and end
		fails "$2" $("${@:3}")
		storm_send $STORM $((SEED + i)) protocol="$1"
		rc=$?
		fails_end
	done
	echo "$failed allocations failed"
	[ $rc -eq 0 ] && [ $failed -gt 0 ]
}

# The same while somebody listens, who has to listen again and again
storm_planned()
{
	local rc

	planner_start "$SEED"
	wait_for 20 listened
	storm irc "$@"
	rc=$?
	planner_stop && return $rc
}

# Each time in a namespace that has no hooks for it yet
spare_anew()
{
	genl close l && ip netns del spare && ip netns add spare
}

listeners_fail()
{
	range=$(where_all)
	ip netns add spare &&
		attempts 5 spare_anew genl listen l spare irc $STORM_QUEUE &&
		genl listen l spare irc $STORM_QUEUE && genl close l &&
		ip netns del spare
}

control_works()
{
	scene masq
	control && pass c s "PORT $(six "${IP4[in]}" 50000)\r\n" \
		"PORT $(six "${IP4[wan]}" 50000)\r\n" && say chat c s 5
}

mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
[ -e $FAIL/require-start ] || skip_all "needs failslab, on the debug kernel"
storm_need
plan $((10 + $(wc -w <<<"$SITES $SITES_IRC")))
note "seed $SEED"
export SAY_LIMIT_S=${SAY_LIMIT_S:-60}
say_start
genl_start
for setting in verbose=0 interval=1 space=0 task-filter=N ignore-gfp-wait=N \
	stacktrace-depth=32; do
	echo "${setting#*=}" >"$FAIL/${setting%%=*}"
done

cache_create=$(cache_create)
check "the module needs its cache" cache_fails
check "the module loads, or says why not" load_fails
load_appgw
for site in $SITES $SITES_IRC; do
	[ -n "$(where $site)" ] || die "no function $site in the module"
done
check "namespaces come, or don't" namespaces_fail
check "somebody listens, or not" listeners_fail
storm_scene
check "policy is set, or not" policies_fail
check "traffic goes on" sessions_fail
say close
genl follow e gw
check "a storm" storm ftp 5 where_all
for site in $SITES; do
	percent=30
	# a few times in a storm only
	[ $site != appgw_ftps_enter ] || percent=100
	check "a storm, $site fails" storm ftp $percent where $site
done
check "a storm, and who listens to it" storm_planned 5 where_all
for site in $SITES_IRC; do
	check "a storm, and who listens to it, $site fails" \
		storm_planned 30 where $site
done
genl close
check "all is well when there is memory again" control_works
say close
net_remove
check "the module unloads" unload_appgw
note "took $SECONDS s"
