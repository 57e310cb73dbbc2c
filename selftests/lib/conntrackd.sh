# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# conntrackd's own helpers, which judge ours.
#
#	source "$SELFTESTS/lib/conntrackd.sh"
#	need nft nfct nsenter
#	need_conntrackd

# Beside the system, or where it is installed
CONNTRACKD=conntrackd

# Number of the first helper's queue; no other than a judge's is near
CONNTRACKD_QUEUE=20

conntrackd_found()
{
	local dir=$APPGW_CACHE/peers/conntrackd lib

	! command -v conntrackd >/dev/null || return 0
	[ -x "$dir/usr/sbin/conntrackd" ] || return
	CONNTRACKD=$dir/usr/sbin/conntrackd
	# it looks for its helpers there only
	lib=$(cd "$dir" && echo usr/lib/*/conntrack-tools)
	mkdir -p "/$lib" && mount --bind "$dir/$lib" "/$lib"
}

need_conntrackd()
{
	conntrackd_found || skip_all "needs conntrackd (selftests/setup peers)"
	modprobe -a nfnetlink_cthelper nfnetlink_queue nf_conntrack_netlink ||
		skip_all "needs nfnetlink_cthelper"
}

# conntrackd_config HELPER...: each is "NAME FAMILY TRANSPORT PORT SECONDS"; one
# statement a line
conntrackd_config()
{
	local queue=$CONNTRACKD_QUEUE name family transport seconds

	echo "Helper {"
	while read -r name family transport _ seconds; do
		cat <<-EOF
			Type $name $family $transport {
			QueueNum $queue
			QueueLen 1024
			Policy $name {
			ExpectMax 8
			ExpectTimeout $seconds
			}
			}
		EOF
		queue=$((queue + 1))
	done < <(printf '%s\n' "$@")
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

# conntrackd_rules HOOK HELPER...: what passes there has them
conntrackd_rules()
{
	local hook=$1 name transport port
	shift

	echo "table inet judge {"
	while read -r name _ transport port _; do
		echo "ct helper ${name}_$transport {"
		echo "type \"$name\" protocol $transport; l3proto inet;"
		echo "}"
	done < <(printf '%s\n' "$@" | sort -u -k 1,1 -k 3,3)
	echo "chain c {"
	echo "type filter hook $hook priority -150;"
	while read -r name _ transport port _; do
		echo "$transport dport $port ct helper set \"${name}_$transport\""
	done < <(printf '%s\n' "$@" | sort -u -k 1,1 -k 3,3)
	echo "}"
	echo "}"
}

# conntrackd_comes NS HOOK HELPER...: as above
conntrackd_comes()
{
	local ns=$1 hook=$2 helper words
	shift 2

	for helper; do
		read -ra words <<<"$helper"
		in_ns "$ns" nfct add helper "${words[@]:0:3}" || return
	done
	conntrackd_rules "$hook" "$@" | in_ns "$ns" nft -f - || return
	conntrackd_config "$@" >"$WORK/judge.conf"
	nsenter --net="/run/netns/$ns" -- "$CONNTRACKD" -C "$WORK/judge.conf" \
		</dev/null >"$WORK/judge.out" 2>&1 &
	CONNTRACKD_PID=$!
	wait_for 20 conntrackd_listens "$ns" \
		$((CONNTRACKD_QUEUE + $# - 1)) || {
		cat "$WORK/judge.out" "$WORK/judge.log"
		return 1
	}
}

# conntrackd_listens NS QUEUE
conntrackd_listens()
{
	in_ns "$1" grep -q "^ *$2 " /proc/net/netfilter/nfnetlink_queue
}

conntrackd_goes()
{
	kill "$CONNTRACKD_PID"
	wait "$CONNTRACKD_PID"
} 2>/dev/null
