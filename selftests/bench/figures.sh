#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What packets cost on their way through a NAT router: without a helper, with
# nf_conntrack_ftp or nf_conntrack_irc and the rule that each needs, with nf_appgw, with
# appgwd listening there as well, and by the ways that others take: every segment through a
# queue to a program that lets it go on unread, to conntrackd's helper, which has one for
# FTP and none for IRC, or through socat, a proxy that changes nothing.
#
#	bench/router ---- lan  gw (masq)  wan ---- bench/router
#
# usage: figures.sh FILE CONFIG...; in the test machine, "selftests/vm/run -i"
#
# In instructions. FILE says in the end which kernel that was, and has "CONFIG ROW
# INSTRUCTIONS" of each row, for report.py. Rows whose connections announce something come
# behind the others: the kernel's own helpers expect it for longer than the row lasts.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/bench/scene.sh"
source "$SELFTESTS/bench/peers.sh"

OTHER="syn segment datagram flow"
FTP="command reply ack list long port command_after reply_after ack_after list_after"
IRC="chat told chats"
IRC_AFTER="chat_after told_after chats_after dcc"
FTP_BARE="command reply ack list long"
RTSP="interleaved media stray setup setup_reply"
PEERS_IRC="chat told dcc"
PEERS_FTP="command reply ack port"

# rows CONFIG ROW...; nobody rewrites anything if NOBODY=-n
rows()
{
	local config=$1

	shift
	# shellcheck disable=SC2086 # -n is apart
	"$BENCH/router" ${NOBODY:-} gw "$@" >"$WORK/rows" || return
	sed "s/^/$config /" "$WORK/rows" >>"$FILE.new"
}

# measure CONFIG
measure()
{
	case $1 in
	none)	scene
		NOBODY=-n rows none $OTHER question $FTP_BARE $IRC $RTSP ;;
	ftp)	scene "$(helper ftp 21)"
		rows ftp $OTHER $FTP ;;
	irc)	scene "$(helper irc 6667)"
		rows irc $OTHER $IRC $IRC_AFTER ;;
	ours)	load_appgw
		scene
		unlimited
		NOBODY=-n rows ours $OTHER $IRC && rows ours $FTP ;;
	listening)
		load_appgw
		scene
		listen
		rows listening $OTHER question $FTP $IRC $IRC_AFTER $RTSP ;;
	queue)	scene "$(queue_rule 6667)"
		consume_start &&
			NOBODY=-n rows queue $PEERS_IRC && has_queued $QUEUE ;;
	conntrackd)
		helperd_load
		scene
		helperd_start && rows conntrackd $PEERS_FTP &&
			has_queued "$CONNTRACKD_QUEUE" && has_expected ;;
	socat)	scene "$(redirect 6667 $PROXY_PORT)"
		proxy_start && NOBODY="-n -p" rows socat $PEERS_IRC ;;
	*)	die "$1: no such configuration" ;;
	esac
}

# The next one's is a machine as if it were the first.
clean_up()
{
	appgwd_stop
	peer_stop
	ip netns del gw
	unload_appgw || die "nf_appgw does not unload"
}

need nft ip appgwd
[[ " $* " != *" socat "* ]] || need socat ss
[[ " $* " != *" conntrackd "* ]] || need_helperd
[ -x "$BENCH/router" ] || skip_all "needs selftests/bench built"
[ $# -gt 1 ] || die "usage: figures.sh FILE CONFIG..."
FILE=$1
shift
plan $#
# tables as a router has them
modprobe nf_conntrack hashsize=65536 expect_hashsize=1024 || die "no conntrack"
sysctl -q net.netfilter.nf_conntrack_expect_max=16384 || die "no sysctl"
modprobe -a tun nf_conntrack_ftp nf_nat_ftp nf_conntrack_irc nf_nat_irc ||
	die "no helpers in this kernel"
echo "kernel $(uname -r)" >"$FILE.new"
for config; do
	check "$config" measure "$config"
	clean_up
done
# with a configuration missing it's none to compare
[ "$tap_fail" -ne 0 ] || mv "$FILE.new" "$FILE"
