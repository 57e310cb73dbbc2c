#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mutated messages to the module's netlink family don't harm the kernel: from
# root, from a user who may do nothing, and from a user's own namespaces, who then
# changes nothing in those of others. Each that asks for an answer gets one.
#
# usage: storm_genl.sh [MESSAGES [SEED]]

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/genl.sh"

MESSAGES=${1:-100000}
SEED=${2:-${APPGW_SEED:-$SRANDOM}}
BUILT=$(dirname "$SELFTESTS")/.build/debug-genl/storm_genl
NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# What memory may have grown by beside what the first storm has left: caches of
# the kernel's, and on the debug kernel what KASAN keeps back (a 32nd of all)
GROWTH_KB=1536
QUARANTINE=/sys/kernel/debug/kmemleak

# storm SHARE CMD...: that many per cent of all messages, each time others, by CMD;
# what became of them is said in any case
STORMS=0
storm()
{
	local rc

	"${@:2}" $((MESSAGES * $1 / 100 + 200)) $((SEED + 2 * STORMS)) \
		>"$WORK/storm" 2>&1
	rc=$?
	STORMS=$((STORMS + 1))
	cat "$WORK/storm"
	sed -n 's/^.*[0-9] messages: /# &/p' "$WORK/storm" >&"$TAP_OUT"
	return $rc
}

# rule NAME: conntrack looks at the conversations only if one wants to know of them.
rule()
{
	nft -f - <<-EOF
	table inet $1 {
		chain c {
			type filter hook output priority 0;
			ct state new accept
		}
	}
	EOF
}

# own_namespaces MESSAGES SEED: the same storm in a user's
own_namespaces()
{
	"${NOBODY[@]}" unshare --user --map-root-user --net bash -c "
		$(declare -f rule)
		ip link set lo up && rule storm && exec '$WORK/storm_genl' $1 $2"
}

# meanwhile_reloaded CMD...: what waits in the queue is dropped by that
meanwhile_reloaded()
{
	local pid

	"$@" &
	pid=$!
	while [ -e "/proc/$pid" ]; do
		rule again && nft delete table inet again || return
	done
	wait $pid
}

# All that there is to see of the module in the namespace of the first process
state()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/genl.py" policy &&
		counters first && conntrack -L expect 2>/dev/null
}

# unchanged CMD...: by it
unchanged()
{
	local before

	before=$(state) && "$@" && diff <(echo "$before") <(state)
}

# KB of memory that the kernel can't give back
unreclaimable()
{
	awk '$1 == "SUnreclaim:" { print $2 }' /proc/meminfo
}

settle()
{
	conntrack -F 2>/dev/null
	# what waits for a grace period, a module's unloading waits for, too
	modprobe nf_log_syslog 2>/dev/null && modprobe -r nf_log_syslog
	unreclaimable
}

does_not_grow()
{
	local before after limit=$GROWTH_KB

	[ ! -e $QUARANTINE ] || limit=$((limit +
		$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo) / 32))
	before=$(settle)
	"$@" || return
	after=$(settle)
	note "$((after - before)) KB more, $limit KB allowed" >&"$TAP_OUT"
	echo "from $before KB to $after KB"
	[ $((after - before)) -le $limit ]
}

need nft conntrack unshare setpriv ip modprobe /usr/bin/python3
[ -x "$BUILT" ] || skip_all "needs make -C selftests/debug/genl"
plan 7
note "seed $SEED"
NS_PID[first]=$$
# where anybody may run it
install -m 755 "$BUILT" "$WORK/storm_genl"
load_appgw
rule storm || die "no rule"

check "root" storm 20 "$WORK/storm_genl"
check "root, while rules come and go" meanwhile_reloaded \
	storm 5 "$WORK/storm_genl"
check "root again: memory doesn't grow" does_not_grow \
	storm 35 "$WORK/storm_genl"
check "a user who may do nothing here" unchanged \
	storm 5 "${NOBODY[@]}" "$WORK/storm_genl" -d
check "nor with a user namespace of its own" unchanged \
	storm 5 "${NOBODY[@]}" unshare --user --map-root-user \
	"$WORK/storm_genl" -d
check "in a user's own namespaces, without a trace in others" unchanged \
	storm 30 own_namespaces
nft delete table inet storm
check "the module unloads" unload_appgw
note "took $SECONDS s"
