#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module unloads while an announcement waits in the queue of a daemon that
# doesn't answer, and before that somebody else's hooks go: the kernel has nothing
# to complain of, and the line comes, as it was said, when it is sent again.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

LINE="${SENT}DCC SEND f $IN $PORT 1$END"

# Third field: packets that wait
waits()
{
	in_ns gw cat /proc/net/netfilter/nfnetlink_queue
	in_ns gw awk '$1 == 3 { exit !$3 }' /proc/net/netfilter/nfnetlink_queue
}

no_complaint()
{
	! dmesg | grep -E 'WARNING:|BUG:|Oops'
}

need nft conntrack nsenter ip appgwd
plan 8
say_start
load_appgw
irc_scene masq
check "a connection" irc_login
kill -STOP "$APPGWD_PID"
in_ns gw nft 'add table inet again; add chain inet again c {
	type filter hook forward priority 0; }' || die "no chain"
ctl policy set ftps_ports=50000-50001
check "an announcement waits" all_of say send c "$LINE" \; wait_for 20 waits
check "and still does without ports for FTPS" all_of \
	ctl policy set ftps_ports= \; waits
# which has the kernel drop what waits
check "a chain of the firewall's goes" in_ns gw nft delete table inet again
check "the announcement waits when it is sent again" wait_for 20 waits
check "the module unloads" rmmod nf_appgw
check "the kernel has nothing to complain of" no_complaint
appgwd_stop KILL
check "the line comes as it was said" say want s "$LINE"
note "took $SECONDS s"
