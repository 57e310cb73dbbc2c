#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mutated segments of a protocol that the daemon reads don't harm the kernel,
# whoever listens: nobody, or the daemon, which is killed meanwhile; and what
# comes out of the helper are whole packets.
#
# usage: storm_gate.sh PROTOCOL [SEGMENTS [SEED]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/storm.sh"

PROTOCOL=${1:-}
SEGMENTS=${2:-50000}
SEED=${3:-${APPGW_SEED:-$SRANDOM}}

# What is to be refused, and how pinholes end before their connection does
case $PROTOCOL in
msn)	TYPICAL="refused_foreign refused_privileged closed" ;;
rtsp)	TYPICAL="refused_foreign refused_privileged replaced" ;;
mms)	TYPICAL="refused_foreign refused_privileged rejected closed" ;;
rpc)	TYPICAL="refused_program refused_privileged refused_call closed" ;;
*)	die "usage: storm_gate.sh mms|msn|rpc|rtsp [SEGMENTS [SEED]]" ;;
esac

# storm SHARE [PARAM=VALUE...]: that many per cent of all segments
storm()
{
	storm_share "$PROTOCOL" "$@"
}

# Until there is a file "enough": what is open lasts for a second or for long, and other
# programs may be
policies()
{
	local calls=(pass drop)

	while [ ! -e "$WORK/enough" ]; do
		ctl policy set rpc_timeout=$((RANDOM % 3 ? 1 : 600)) \
			rpc_calls="${calls[RANDOM % 2]}" \
			rpc_programs=$((100003 + 2 * (RANDOM % 2))),100021 \
			quota_host=$((1 + RANDOM % 20)) || return
	done
}

# policies_while CMD...
policies_while()
{
	local rc pid

	rm -f "$WORK/enough"
	policies &
	pid=$!
	"$@"
	rc=$?
	: >"$WORK/enough"
	wait $pid && return $rc
}

# What lasts has its time, and what may be opened is policy's to say.
lasting()
{
	policy gw rpc_timeout=1 || die "no policy"
	check "their time runs out" moves expired refused_program \; \
		storm 10 linger_ms=2500
	check "policies change" policies_while storm 15
	policy gw rpc_timeout=600 || die "no policy"
}

storm_need
need appgwd
if [ "$PROTOCOL" = rpc ]; then plan 9; else plan 7; fi
note "$PROTOCOL, seed $SEED"
say_start
genl_start
load_appgw
storm_scene
genl follow e gw

check "nobody listens" storm 10
appgwd_start --queue $STORM_QUEUE || die "appgwd does not listen"
# shellcheck disable=SC2086 # names
check "the daemon listens" moves queued planned opened held $TYPICAL \; \
	storm 40
check "two at the same time" storm 20 threads=2
appgwd_stop
check "it is killed and started again" daemons_while storm 15
appgwd_start --queue $STORM_QUEUE || die "appgwd does not listen"
[ "$PROTOCOL" != rpc ] || lasting
policy gw login=0 quota_host=2 quota_total=5 || die "no policy"
check "few pinholes" moves refused_quota \; storm 10
policy gw dry_run=1 || die "no policy"
check "dry run" storm 5
appgwd_stop
say close
genl close
net_remove
check "the module unloads" unload_appgw
note "took $SECONDS s"
