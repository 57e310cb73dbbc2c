#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wherever conntrackd's own helper of Sun RPC opens what it should, we do.
#
#	in ---- gw (conntrackd, then nf_appgw and appgwd) ---- out	see lib/net.sh
#
# usage: rpc_judges.sh [TOPOLOGY...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/rpc.sh"

CASES=("${RPC_FORMS4[@]}" "${RPC_FORMS[@]}" "${RPC_ODD[@]}" "${RPC_HOSTS[@]:0:2}"
	"${RPC_STREAM[@]}" "${RPC_DATAGRAMS[@]}")
# Those that it must work for, or this judges nothing
LEAST=4

# Beside the system, or where it is installed
CONNTRACKD=conntrackd
judge_found()
{
	local dir=$APPGW_CACHE/peers/conntrackd lib

	! command -v conntrackd >/dev/null || return 0
	[ -x "$dir/usr/sbin/conntrackd" ] || return
	CONNTRACKD=$dir/usr/sbin/conntrackd
	# it looks for its helpers there only
	lib=$(cd "$dir" && echo usr/lib/*/conntrack-tools)
	mkdir -p "/$lib" && mount --bind "$dir/$lib" "/$lib"
}

# judge_config: one statement a line
judge_config()
{
	local transport queue=20

	echo "Helper {"
	for transport in udp tcp; do
		cat <<-EOF
			Type rpc inet $transport {
			QueueNum $queue
			QueueLen 1024
			Policy rpc {
			ExpectMax 8
			ExpectTimeout 300
			}
			}
		EOF
		queue=$((queue + 1))
	done
	cat <<-EOF
		}
		General {
		Syslog off
		LogFile $WORK/judge.log
		LockFile $WORK/judge.lock
		UNIX {
		Path $WORK/judge.sock
		}
		}
	EOF
}

# judge_comes: to gw
judge_comes()
{
	local transport

	for transport in udp tcp; do
		in_ns gw nfct add helper rpc inet $transport || return
	done
	in_ns gw nft -f - <<-EOF || return
		table inet judge {
			ct helper u {
				type "rpc" protocol udp; l3proto inet;
			}
			ct helper t {
				type "rpc" protocol tcp; l3proto inet;
			}
			chain c {
				type filter hook prerouting priority -150;
				udp dport 111 ct helper set "u"
				tcp dport 111 ct helper set "t"
			}
		}
	EOF
	judge_config >"$WORK/judge.conf"
	nsenter --net=/run/netns/gw -- "$CONNTRACKD" -C "$WORK/judge.conf" \
		</dev/null >"$WORK/judge.out" 2>&1 &
	JUDGE_PID=$!
	wait_for 20 judge_listens
}

judge_listens()
{
	grep -q '^ *21 ' "/proc/${NS_PID[gw]}/net/netfilter/nfnetlink_queue"
}

judge_goes()
{
	kill "$JUDGE_PID"
	wait "$JUDGE_PID"
} 2>/dev/null

# judged TOPOLOGY: sets THEIRS to the cases that work
judged()
{
	local case

	THEIRS=()
	rpc_topology "$1"
	judge_comes || {
		cat "$WORK/judge.out" "$WORK/judge.log"
		return 1
	}
	rpc limit 1
	for case in "${CASES[@]}"; do
		# shellcheck disable=SC2086 # words
		! rpc case ${case#*: } >/dev/null || THEIRS+=("$case")
	done
	rpc limit "$RPC_LIMIT_S"
	judge_goes
	printf '%s\n' "${#THEIRS[@]} of ${#CASES[@]}:" "${THEIRS[@]}"
	printf '%s\n' "${#THEIRS[@]} of ${#CASES[@]}" >"$WORK/number"
	[ "${#THEIRS[@]}" -ge $LEAST ]
}

need nft conntrack nsenter ip nfct appgwd appgwctl
judge_found || skip_all "needs conntrackd (selftests/setup peers)"
modprobe -a nfnetlink_cthelper nfnetlink_queue nf_conntrack_netlink ||
	skip_all "needs nfnetlink_cthelper"

# through DNAT it expects connections to the router itself, and none works
[ $# -gt 0 ] || set -- masq route
plan $((2 * $#))
rpc_start
for topology; do
	unload_appgw || die "nf_appgw does not unload"
	check "$topology: conntrackd works" judged "$topology"
	note "conntrackd: $(cat "$WORK/number")"
	load_appgw
	rpc_scene "$topology"
	check "$topology: whatever works with it works with us" \
		rpc_all "${THEIRS[@]}"
done
appgwd_stop
note "took $SECONDS s"
