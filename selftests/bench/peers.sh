# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Other ways to look at what passes the scene's router, which are no helpers in the kernel.
# What they have done is asked of the kernel; that a proxy is there, bench/router sees.

source "$SELFTESTS/lib/conntrackd.sh"

QUEUE=3
PROXY_PORT=16667
# Each row of TCP has more segments than that.
SEGMENTS_MIN=1000

# Who takes part in the scene beside the kernel, to be ended with it
peer=

# queue_rule PORT: every segment from there or to there is queued
queue_rule()
{
	echo "chain queued {
			type filter hook forward priority 1;
			tcp dport $1 queue num $QUEUE
			tcp sport $1 queue num $QUEUE
		}"
}

# has_queued QUEUE: what rows say has come through it
has_queued()
{
	local n

	n=$(in_ns gw awk -v queue="$1" '$1 == queue { print $8 }' \
		/proc/net/netfilter/nfnetlink_queue)
	echo "queue $1 has had ${n:-0} segments"
	[ "${n:-0}" -gt $((SEGMENTS_MIN * $(wc -l <"$WORK/rows"))) ]
}

# has_expected: what was announced was expected
has_expected()
{
	local hex

	hex=$(in_ns gw awk 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR == 2 { print $at["expect_create"] }' /proc/net/stat/nf_conntrack)
	echo "$((16#${hex:-0})) expectations"
	[ $((16#${hex:-0})) -gt 100 ]
}

# redirect PORT TO: to the router itself
redirect()
{
	echo "chain nat_in {
			type nat hook prerouting priority -100;
			iifname lan tcp dport $1 redirect to :$2
		}"
}

consume_start()
{
	local said=$WORK/consume.said

	mkfifo "$said" || return
	"$BENCH/consume" -r gw $QUEUE >"$said" &
	peer=$!
	read -r _ <"$said"
	rm -f "$said"
}

# The proxy's own connections go in and out as those of any program on the router do.
proxy_start()
{
	in_ns gw nft insert rule inet test input ct state established accept || return
	nsenter --net=/run/netns/gw -- socat \
		"TCP-LISTEN:$PROXY_PORT,fork,nodelay" TCP:203.0.113.2:6667,nodelay &
	peer=$!
	wait_for 20 listens gw $PROXY_PORT
}

# listens NS PORT
listens()
{
	in_ns "$1" ss -Htln "sport = :$2" | grep -q .
}

need_helperd()
{
	need nfct
	conntrackd_found || skip_all "needs conntrackd (selftests/setup bench)"
}

# conntrackd's helper has the name of the kernel's. Modules that are loaded for it make
# all other connections more expensive from then on.
helperd_load()
{
	modprobe -r nf_nat_ftp nf_conntrack_ftp || die "the kernel's helper stays"
	modprobe -a nfnetlink_cthelper nfnetlink_queue nf_conntrack_netlink ||
		die "no nfnetlink_cthelper"
}

helperd_start()
{
	conntrackd_comes gw prerouting "ftp inet tcp 21 300" || return
	peer=$CONNTRACKD_PID
}

peer_stop()
{
	[ -n "$peer" ] || return 0
	kill "$peer"
	wait "$peer"
	peer=
} 2>/dev/null
