#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the bench counts is seen to have been done: with nobody there who does it, no row is
# counted.
#
#	bench/router ---- lan  gw (masq)  wan ---- bench/router

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/bench/scene.sh"
source "$SELFTESTS/bench/peers.sh"

FTP="command reply ack list long port command_after reply_after ack_after list_after"
IRC="chat told chats chat_after told_after chats_after dcc"
RTSP="media stray"
# What the router says then
UNDONE="is still|a packet is lost"

# undone PATTERN ARG... ROW: in a scene of its own, where no other's connections are
undone()
{
	local status=1
	local pattern=$1
	shift

	scene "${RULES:-}"
	! "$BENCH/router" "${@:1:$#-1}" gw "${!#}" >"$WORK/router" 2>&1 &&
		grep -qE "$pattern" "$WORK/router" && status=0
	cat "$WORK/router"
	ip netns del gw
	return $status
}

# all_undone ROW...
all_undone()
{
	local row

	for row; do
		undone "$UNDONE" "$row" || return
	done
}

need nft ip
[ -x "$BENCH/router" ] || skip_all "needs selftests/bench built"
plan 6
modprobe tun || die "no tun"
check "FTP without a helper" all_undone $FTP
check "IRC without a helper" all_undone $IRC
load_appgw
check "IRC with the module alone" all_undone $IRC
check "RTSP with the module alone" all_undone $RTSP
unload_appgw || die "nf_appgw does not unload"
RULES=$(queue_rule 6667) check "a queue that nobody reads" undone "$UNDONE" -n chat
RULES=$(redirect 6667 $PROXY_PORT) check "no proxy" undone "no proxy is there" -n -p chat
