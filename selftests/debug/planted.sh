#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each kind of bug that the debug kernel is there to find makes the test machine
# fail, and the same run without one passes.
#
# usage: planted.sh [BUG...]; runs on the host, as root

set -u
here=$(dirname "$(readlink -f "$0")")
modules=$(readlink -f "$here/../..")/.build/debug-modules

# What the kernel has to say about each
declare -A says=(
	[use-after-free]='KASAN: use-after-free'
	[out-of-bounds]='KASAN: slab-out-of-bounds'
	[leak]='kmemleak: unreferenced object'
	[lock-order]='possible circular locking'
	[lock-context]='inconsistent lock state'
	[sleep]='scheduling while atomic|sleeping function called'
	[rcu]='suspicious RCU usage'
	[shift]='UBSAN: shift-out-of-bounds'
	[live-timer]='ODEBUG: free active'
)
[ $# -gt 0 ] || set -- "${!says[@]}"

err=$(mktemp) || exit 1
trap 'rm -f "$err"' EXIT

tests=0 failed=0
result()
{
	local rc=$1
	shift

	tests=$((tests + 1))
	if [ "$rc" -eq 0 ]; then
		echo "ok $tests $*"
	else
		echo "not ok $tests $*"
		failed=$((failed + 1))
		sed 's/^/# /' "$err"
	fi
}

# plant BUG: what the test machine says of it, and its status
plant()
{
	"$here/../vm/run" -k debug -n -t 300 -- \
		insmod "$modules/plant.ko" "bug=$1" >"$err" 2>&1
}

caught()
{
	plant "$1"
	[ $? -eq 123 ] && grep -qE "${says[$1]}" "$err"
}

echo "TAP version 13"
echo "1..$(($# + 1))"
"$here/build" || {
	echo "Bail out! no modules"
	exit 1
}

plant none
result $? "no bug: passes"
for bug; do
	caught "$bug"
	result $? "$bug: fails, and says why"
done
[ $failed -eq 0 ]
