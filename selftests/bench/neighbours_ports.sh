#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A crowd of pinholes, which has its ports remembered (kmod/pinhole/crowd.c): what is
# announced keeps its port as long as nobody else has it, and gets another one else;
# and when all are gone no port counts as taken any more.
#
#	lan ---- gw (masquerade) ---- wan	see bench/tun.h

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/bench/scene.sh"

# So many clients announce a port each, then a thousand others the same ports
CROWD=3000
LATE=1000

# The program fails if one of the first clients isn't told its own port.
crowd()
{
	local unchanged

	read -r _ _ _ _ unchanged _ < <("$NEIGHBOURS" gw $CROWD) &&
		[ "$unchanged" -eq 0 ]
}

# There is no server in the test.
diagnose()
{
	counters
}

need nft ip conntrack
[ -x "$NEIGHBOURS" ] || skip_all "needs selftests/bench built"
plan 5
modprobe tun || die "this kernel has no tun"
large_tables
load_appgw
scene
unlimited
GATEWAYS=(gw)
check "each keeps its port, or gets another one" crowd
check "all are open" expect_count $((CROWD + LATE))
in_ns gw conntrack -F 2>/dev/null
check "they end with their connections" wait_for 20 expect_count 0
check "and may be announced again" crowd
ip netns del gw
check "the module unloads" unload_appgw
