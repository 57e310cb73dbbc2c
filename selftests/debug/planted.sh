#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each kind of bug that the debug kernel is there to find makes the test machine
# fail, and the same run without one passes.
#
# usage: planted.sh [BUG...]; runs on the host, as root

set -u
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/lib/report.sh
. "$here/../lib/report.sh"
# shellcheck source=selftests/lib/limits.sh
. "$here/../lib/limits.sh"
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

# plant BUG: what the test machine says of it, and its status
plant()
{
	"$here/../vm/run" -k debug -n -t "$(scaled 300)" -- \
		insmod "$modules/plant.ko" "bug=$1" >"$err" 2>&1
}

caught()
{
	plant "$1"
	[ $? -eq 123 ] && grep -qE "${says[$1]}" "$err"
}

plan $(($# + 1))
"$here/build" || {
	echo "Bail out! no modules"
	exit 1
}

plant none
tap_report $? "no bug: passes" "$err"
for bug; do
	caught "$bug"
	tap_report $? "$bug: fails, and says why" "$err"
done
tap_finish 0
