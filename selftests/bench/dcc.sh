#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What it costs to have appgwd decide about a DCC line, beside a program that
# lets everything go on from the same queue, fed by the same hook of the module.
#
#	in ---- gw (masq; appgwd, or bench/consume) ---- out
#
# In instructions of the one processor that all of them share, so it is for
# "selftests/vm/run -i": the way through both hosts and the router, and whoever
# reads the queue. Only appgwd has pinholes opened, and addresses changed.
#
# A byte that "rep stosb" clears is an instruction here. The kernel clears what
# netlink allocates, so the processor has to be one without ERMS, for which it
# takes eight at a time.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"

# Lowest of so many rounds, in which the two take turns
ROUNDS=${ROUNDS:-3}
BENCH=$SELFTESTS/../.build/bench
PIPE=$WORK/consume.said

# appgwd's, in per cent of the other's: goals, which may be missed, and what would be 5 %
# worse than it was when this was written
LATENCY_GOAL=120
RATE_GOAL=60
LATENCY_MAX=131
RATE_MIN=62

declare -A alone=() each=()

# scene: what 320 connections open at a time is more than a host may have
# otherwise, and nothing that waits in the queue may be sent again before that has
# been emptied
scene()
{
	topology masq
	in_ns gw nft add chain inet test forward \
		'{ type filter hook forward priority 0; }' || die "no chain"
	in_ns in sysctl -q net.ipv4.tcp_early_retrans=0
	ctl policy set quota_host=0 quota_total=0 >/dev/null ||
		die "no policy"
}

bare_start()
{
	mkfifo "$PIPE" || die "no pipe"
	consume gw 3 >"$PIPE" &
	consumer=$!
	read -r _ <"$PIPE" || die "consume: does not listen"
	rm -f "$PIPE"
}

bare_stop()
{
	kill "$consumer"
	wait "$consumer" 2>/dev/null
}

daemon_start()
{
	appgwd_start --queue 3 || die "appgwd does not listen"
	consumer=$APPGWD_PID
}

daemon_stop()
{
	appgwd_stop
}

# lower ARRAY NAME VALUE
lower()
{
	local -n array=$1

	[ "$3" -ge "${array[$2]:-$(($3 + 1))}" ] || array[$2]=$3
}

# measure bare|daemon NAMED
measure()
{
	local median rate lines planned

	scene
	"$1_start"
	read -r median rate lines < <(dcc in out "$TARGET" "$2" "$consumer") || die "dcc has failed"
	"$1_stop"
	planned=0
	[ "$1" = bare ] || planned=$lines
	counter_is queued "$lines" && counter_is planned "$planned" || {
		counters
		die "$1: not $lines lines queued, $planned planned"
	}
	lower alone "$1" "$median"
	lower each "$1" "$rate"
}

# While a program is loaded from the host the machine has nothing to do, and its
# clock runs ahead to the next timer, and the next: let no time limit be running
# then.
fetch()
{
	cp "$BENCH/dcc" "$BENCH/consume" "$(command -v appgwd)" "$WORK/" ||
		die "can't copy the programs"
	PATH=$WORK:$PATH
	dcc 2>/dev/null
	consume 2>/dev/null
	appgwd --help >/dev/null
}

# When a check fails, there is no router any more.
diagnose()
{
	:
}

# Per cent
latency()
{
	echo $((alone[daemon] * 100 / alone[bare]))
}

rate()
{
	echo $((each[bare] * 100 / each[daemon]))
}

# met CONDITION...
met()
{
	if [ "$@" ]; then
		echo met
	else
		echo missed
	fi
}

fast()
{
	echo "$(latency) %, at most $LATENCY_MAX allowed"
	[ "$(latency)" -le $LATENCY_MAX ]
}

many()
{
	echo "$(rate) %, at least $RATE_MIN allowed"
	[ "$(rate)" -ge $RATE_MIN ]
}

need nft ip appgwd
[ -x "$BENCH/dcc" ] || skip_all "needs selftests/bench built"
plan 2
FIREWALL=none
# tables that are large enough for what is open at a time
modprobe nf_conntrack hashsize=65536 expect_hashsize=1024 ||
	die "no conntrack"
sysctl -q net.netfilter.nf_conntrack_expect_max=4096 || die "no sysctl"
load_appgw
fetch

for _ in $(seq "$ROUNDS"); do
	measure bare "${IP4[in]}"
	measure daemon "${IP4[wan]}"
done
note "a DCC line's way: bare ${alone[bare]}, appgwd ${alone[daemon]} instructions" \
	"  $(latency) %, goal at most $LATENCY_GOAL: $(met "$(latency)" -le $LATENCY_GOAL)" \
	"a waiting line: bare ${each[bare]}, appgwd ${each[daemon]} instructions" \
	"  $(rate) % of the verdicts, goal at least $RATE_GOAL: $(met "$(rate)" -ge $RATE_GOAL)"
printf '%s\n' "dcc_latency $(latency)" "dcc_rate $(rate)" >"$BENCH/dcc.more"
check "a DCC line's way takes no longer than it did" fast
check "as many verdicts" many
