#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What packets cost, in several boots, beside what they did cost when baseline.json was
# made. See figures.sh for the scene, and report.py for rows and goals.
#
# usage: cost.sh [quick]; on the host
#
# "quick" is one boot, and nothing of the kernel's own helpers nor of other ways. BOOTS is
# how many, 3 by default. A goal that is missed is printed, and no failure; a figure that is
# worse than the baseline's is one. In .build/bench/cost are the figures, cost.json, and
# cost.svg and peers.svg if there is gnuplot; "report.py renew" makes the former the baseline.

set -u
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/vm/common.sh
. "$here/../vm/common.sh"
# shellcheck source=selftests/lib/report.sh
. "$here/../lib/report.sh"
cd "$here/../.." || exit 1

# A boot's limit in seconds
BOOT_S=500
# conntrackd's is the last: it needs modules that others do without
configs=(none ours listening ftp irc queue socat conntrackd)
boots=${BOOTS:-3}
out=.build/bench/cost
if [ "${1:-}" = quick ]; then
	configs=(none ours listening)
	boots=1
	out=.build/bench/quick
fi
need_root

# The processor is one that all machines emulate alike.
boot()
{
	selftests/vm/run -i -x -cpu -x max,la57=off -t "$(scaled $BOOT_S)" -- \
		selftests/bench/figures.sh "$out/boot.$1" "${configs[@]}" 2>&1
}

make -s -C selftests/bench || exit
rm -rf "$out"
mkdir -p "$out" || exit
plan $((boots + 2))
selftests/bench/report.py self-test >"$out/said" 2>&1
tap_report $? "what the report calculates" "$out/said"
for ((i = 1; i <= boots; i++)); do
	boot $i >"$out/said"
	tap_report $? "boot $i is measured" "$out/said"
done
if [ $tap_fail -gt 0 ]; then
	skip "nothing costs more than it did" "there are no figures"
	tap_finish 1
	exit
fi
selftests/bench/report.py figures "$out"/boot.* >"$out/cost.json" || exit
selftests/bench/report.py table "$out/cost.json" | sed 's/^/# /'
[ "${1:-}" = quick ] || ! command -v gnuplot >/dev/null || {
	selftests/bench/report.py plot "$out/cost.json" >"$out/cost.svg"
	selftests/bench/report.py plot-peers "$out/cost.json" >"$out/peers.svg"
}
selftests/bench/report.py compare "$out/cost.json" selftests/bench/baseline.json \
	>"$out/said" 2>&1
tap_report $? "nothing costs more than it did" "$out/said"
tap_finish 0
