#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Locks are taken in one order, also where conntrack throws connections away
# that it comes across: the kernel's own checks are the judge.
#
#	in ---- gw (nf_appgw, masq) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"

PORT=50000
ROUNDS=5
LIMITS=/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_

# A data connection that ends, and that conntrack still has when it has expired
data_expires()
{
	pass c s "PORT $(six "${IP4[in]}" $PORT)\r\n" \
		"PORT $(six "${IP4[wan]}" $PORT)\r\n" &&
		data_through out "${IP4[wan]}" $PORT data from=20 &&
		say reset d1 && say end d2 && say close d2 || return
	# which says that nothing came
	pause 2 || return 0
}

# The next announcement of the same port meets it.
again()
{
	local i

	control && say listen data in $PORT >/dev/null || return
	for ((i = 0; i < ROUNDS; i++)); do
		data_expires || return
	done
}

quiet()
{
	! dmesg | grep -E 'WARNING:|BUG:'
}

need nft conntrack nsenter appgwctl
plan 3
say_start
load_appgw
scene masq
for state in close time_wait fin_wait last_ack close_wait; do
	in_ns gw bash -c "echo 1 >$LIMITS$state" || die "no $state"
done
check "connections expire, and are opened again" again
check "flows are listed" ctl_json "len(d) == 1" flows
check "the kernel has nothing to complain of" quiet
note "took $SECONDS s"
