#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mutated segments of IRC don't harm the kernel, whoever listens: nobody, the
# daemon, which is killed meanwhile, or somebody whose plans make no sense; and
# what comes out of the helper are whole packets.
#
# usage: storm_irc.sh [SEGMENTS [SEED]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/storm.sh"

SEGMENTS=${1:-50000}
SEED=${2:-${APPGW_SEED:-$SRANDOM}}

# storm SHARE [PARAM=VALUE...]: that many per cent of all segments
storm()
{
	storm_share irc "$@"
}

# The same for who listens in the daemon's place; what became of its plans is
# kept
planner_while()
{
	local rc

	planner_start $((SEED + STORMS))
	wait_for 20 listened
	"$@"
	rc=$?
	planner_stop || return
	cat "$WORK/planner" >>"$WORK/planned"
	return $rc
}

plans_well_and_badly()
{
	grep -q ' plan:done=[1-9]' "$WORK/planned" &&
		grep -q ' plan:EINVAL=[1-9]' "$WORK/planned" &&
		grep -q ' plan:EPERM=[1-9]' "$WORK/planned"
}

storm_need
need appgwd
plan 9
note "seed $SEED"
say_start
genl_start
load_appgw
storm_scene
genl follow e gw

check "nobody listens" storm 5
appgwd_start --queue $STORM_QUEUE || die "appgwd does not listen"
check "the daemon listens" moves queued planned opened held \
	refused_foreign refused_privileged \; storm 25
appgwd_stop
check "it is killed and started again" daemons_while storm 20
check "somebody listens whose plans make no sense" \
	moves queued planned opened changed \; \
	planner_while storm 25
check "some were good, some were not" until_ok plans_well_and_badly \; \
	planner_while storm 5
check "two at the same time" planner_while storm 15 threads=2
policy gw login=0 quota_host=2 quota_total=5 || die "no policy"
check "before the login, and few pinholes" moves refused_quota \; \
	planner_while storm 5
policy gw dry_run=1 || die "no policy"
check "dry run" planner_while storm 5
say close
genl close
net_remove
check "the module unloads" unload_appgw
note "took $SECONDS s"
