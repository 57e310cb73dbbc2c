#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What needs Sun RPC works through NAT and a firewall that admits nothing but questions
# to rpcbind: rpcinfo, showmount, libnfs, and the kernel's NFS with its locks, against
# nfs-ganesha and against the kernel's nfsd.
#
#	in, in2 ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: rpc_peers.sh [PART...]		see part_NAME below

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/nfs.sh"

CONTROL_PORT=$RPC_PORT

# The program that is asked for, and its version
MOUNTD="100005 3"

declare -A CHECKS=(
	[open_kernel]=16 [open_ganesha]=16
	[masq_kernel]=20 [masq_ganesha]=16
	[dnat_kernel]=15 [dnat_ganesha]=15
	[route_kernel]=22 [route_ganesha]=19
	[no_module_masq]=7 [no_module_dnat]=9 [no_module_route]=10
)
PARTS="open_kernel open_ganesha masq_kernel masq_ganesha dnat_kernel dnat_ganesha"
PARTS+=" route_kernel route_ganesha no_module_masq no_module_dnat no_module_route"

# Who the checks are about, as their names say
where=

# How long is waited for what must not come
WAIT_S=3

# two_clients: in lib/net.sh's words, with routes for both families
two_clients()
{
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=$(ip_of out)
	ip -n out route add 10.0.1.0/24 via "${IP4[wan]}"
	ip -n out route add fd00:1::/64 via "${IP6[wan]}"
}

# place TOPOLOGY SERVER: one of lib/net.sh, with what RPC needs in its firewall
place()
{
	appgwd_stop
	nfs_stop
	where=$1,\ $2
	case $1 in
	dnat)
		topology dnat
		rpc_firewall wan
		;;
	masq)
		two_clients
		firewall gw masq=wan
		rpc_firewall lan
		;;
	route)
		two_clients
		firewall gw
		rpc_firewall lan
		;;
	open)
		two_clients
		;;
	esac
	nfs_host "$CLIENT"
	nfs_host "$SERVER"
	nfs_server "$2" "$SERVER"
}

# help_rpc: what reads questions and answers; with CALLBACKS=1, also the server's
help_rpc()
{
	appgwd_start --queue 3 || die "appgwd does not listen"
	ctl policy set "rpc_callbacks=${CALLBACKS:-0}" >/dev/null ||
		die "the policy has no callbacks"
}

# says PATTERN CMD...: on the client, and its output is so
says()
{
	local pattern=$1 said
	shift

	said=$(nfs_do "$CLIENT" "$@" 2>&1) && grep -qE -- "$pattern" <<<"$said" ||
		{
		echo "$said"
		return 1
	}
}

# pings ARG...: rpcinfo calls the procedure that does nothing
pings()
{
	says "ready and waiting" rpcinfo "$@"
}

lists()
{
	says "^ +100005 +3 +tcp .* mountd" rpcinfo -p "$TARGET"
}

# Unlike that, without a question where rpcbind itself is
sums_up()
{
	says "^ *100005 .* mountd " rpcinfo -s "$TARGET"
}

# Under the address that the client knows, whatever the server calls itself
tells_addresses()
{
	# shellcheck disable=SC2086 # two words
	says " ${TARGET//./[.]}[.][0-9]+[.][0-9]+ .*mountd" \
		rpcinfo -l "$TARGET" $MOUNTD
}

shows_exports()
{
	says "^$NFS_EXPORT " showmount --no-headers -e "$TARGET"
}

libnfs_lists()
{
	says " down\$" nfs-ls "nfs://$TARGET$NFS_EXPORT"
}

libnfs_reads()
{
	nfs_do "$CLIENT" nfs-cat "nfs://$TARGET$NFS_EXPORT/down" |
		cmp - "$NFS_DOWN"
}

# mounts ADDRESS OPTIONS: it can, and there is something
mounts()
{
	nfs_mount "$CLIENT" "$1" "$2" && nfs_reads "$CLIENT"
}

# mounts_shortly ADDRESS OPTIONS
mounts_shortly()
{
	mounts "$@" && nfs_umount "$CLIENT"
}

questions()
{
	check "$where: rpcinfo -p" lists
	check "$where: rpcinfo -s" sums_up
	check "$where: rpcinfo -l has the address that was asked" tells_addresses
	# shellcheck disable=SC2086 # two words
	check "$where: rpcinfo -u" pings -u "$TARGET" $MOUNTD
	# shellcheck disable=SC2086
	check "$where: rpcinfo -t" pings -t "$TARGET" $MOUNTD
	check "$where: showmount -e" shows_exports
	check "$where: nfs-ls" libnfs_lists
	check "$where: nfs-cat" libnfs_reads
}

locks()
{
	lock_start "$CLIENT" first
	wait_for "$NFS_LIMIT_S" lock_has first || {
		cat "$WORK/first.log"
		return 1
	}
	server_locked "$SERVER" || {
		echo "the server knows of no lock"
		return 1
	}
}

# The mount is there all the time.
files()
{
	check "$where: mount, and a file comes" mounts "$TARGET" proto=tcp
	check "$where: a file goes" nfs_writes "$CLIENT" "$SERVER"
	check "$where: a lock" locks
	check "$where: umount, without it" all_go
}

all_go()
{
	lock_release first && nfs_umount "$CLIENT" && ! server_locked "$SERVER"
}

ipv6_questions()
{
	# shellcheck disable=SC2086 # two words
	check "$where: rpcinfo -T tcp6" pings -T tcp6 "${IP6[$SERVER]}" $MOUNTD
	# shellcheck disable=SC2086
	check "$where: rpcinfo -T udp6" pings -T udp6 "${IP6[$SERVER]}" $MOUNTD
}


ipv6_mount()
{
	check "$where: mount by tcp6" mounts_shortly "[${IP6[$SERVER]}]" proto=tcp6
}

udp_mount()
{
	check "$where: mount, and mountd asked by UDP" \
		mounts_shortly "$TARGET" proto=tcp,mountproto=udp
}

# Another host waits for a lock that the first one has. Behind one address nfsd would
# take the two for the same.
waits_for_lock()
{
	lock_start in2 second
	! wait_for $WAIT_S lock_has second
}

# count_calls NS: questions of the server to the portmapper there, with which calling
# back begins. How soon the client has its lock tells little: after 30 s it asks again by
# itself, called or not.
count_calls()
{
	in_ns "$1" nft -f - <<-END
		table inet calls {
			counter come { }
			chain input {
				type filter hook input priority 0;
				ip saddr $TARGET th dport $RPC_PORT counter name come
			}
		}
	END
}

# called NS: some have come
called()
{
	! in_ns "$1" nft list counter inet calls come | grep -q 'packets 0 '
}

# not_called_back: the client, from its wait for a lock until it has it
not_called_back()
{
	lock_release first && asks_again && ! called in2
}

asks_again()
{
	wait_for "$NFS_LIMIT_S" lock_has second
}

two_go()
{
	nfs_umount in && nfs_umount in2
}

blocked_lock()
{
	nfs_host in2
	nfs_mount in "$TARGET" proto=tcp
	nfs_mount in2 "$TARGET" proto=tcp
	lock_start in first
	wait_for "$NFS_LIMIT_S" lock_has first
	count_calls in2
	check "$where: a second client waits for a lock" waits_for_lock
	check "$where: it has it when it asks again, not called back" not_called_back
	lock_release second
	check "$where: two umounts" two_go
}

# waits_for_server: the client, for a lock that a program of the server's has
waits_for_server()
{
	lock_start "$SERVER" holder "$NFS_EXPORT/down"
	wait_for "$NFS_LIMIT_S" lock_has holder || return
	lock_start "$CLIENT" waiter
	! wait_for $WAIT_S lock_has waiter
}

# is_called_back: it has it, and its portmapper was asked
is_called_back()
{
	lock_release holder && wait_for "$NFS_LIMIT_S" lock_has waiter &&
		called "$CLIENT"
}

# The server's statd knows who is to be told when it has started again.
restart_told()
{
	on_host "$SERVER" bash -c '
		ls -A /var/lib/nfs/sm | grep -q . && sm-notify -f' &&
		wait_for "$NFS_LIMIT_S" nobody_left
}

nobody_left()
{
	on_host "$SERVER" bash -c \
		'! ls -A /var/lib/nfs/sm /var/lib/nfs/sm.bak | grep -q "^[0-9]"'
}

callbacks()
{
	mounts "$TARGET" proto=tcp
	count_calls "$CLIENT"
	check "$where: a client waits for a lock" waits_for_server
	check "$where: and is called back" is_called_back
	check "$where: and told when the server has started again" restart_told
	lock_release waiter
	check "$where: umount without that lock" nfs_umount "$CLIENT"
}

# A service that rpcbind knows nothing of
stays_shut()
{
	listen_on "$SERVER" 5000
	check "$where: another service stays shut" cannot_connect "$CLIENT" "$TARGET" 5000
	[ -z "${NS_PID[in2]:-}" ] || check "$where: who has not asked is shut out" \
		cannot_connect in2 "$TARGET" 2049
}

# Peers, without NAT, firewall or help, are as they should be.
open()
{
	place open "$1"
	questions
	ipv6_questions
	files
	udp_mount
	ipv6_mount
}

# helped TOPOLOGY SERVER: what must work with help, and what stays shut
helped()
{
	place "$1" "$2"
	help_rpc
	check "$where: NFS is shut at first" cannot_connect "$CLIENT" "$TARGET" 2049
	questions
	files
	udp_mount
	stays_shut
}

# hopeless NAME CMD...: it fails, beside others
hopeless()
{
	NFS_LIMIT_S=$NFS_HOPELESS_S check_bg "$where: $1 fails" tap_fails "${@:2}"
}

# not_helped TOPOLOGY SERVER: rpcbind answers, and that is all
not_helped()
{
	appgwd_stop
	nfs_stop
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	place "$1" "$2"
	where+=", no module"
	check "$where: rpcbind answers rpcinfo -s" sums_up
	# shellcheck disable=SC2086 # two words
	hopeless "rpcinfo -u" pings -u "$TARGET" $MOUNTD
	# shellcheck disable=SC2086
	hopeless "rpcinfo -t" pings -t "$TARGET" $MOUNTD
	hopeless "showmount -e" shows_exports
	hopeless "nfs-ls" libnfs_lists
	hopeless "mount" mounts "$TARGET" proto=tcp
	hopeless "mount, and mountd asked by UDP," \
		mounts "$TARGET" proto=tcp,mountproto=udp
}

part_open_kernel()
{
	open kernel
}

part_open_ganesha()
{
	open ganesha
}

part_masq_kernel()
{
	CALLBACKS=1 helped masq kernel
	callbacks
}

part_masq_ganesha()
{
	helped masq ganesha
}

part_dnat_kernel()
{
	helped dnat kernel
}

part_dnat_ganesha()
{
	helped dnat ganesha
}

part_route_kernel()
{
	helped route kernel
	ipv6_questions
	ipv6_mount
	blocked_lock
}

part_route_ganesha()
{
	helped route ganesha
	ipv6_questions
	ipv6_mount
}

part_no_module_masq()
{
	not_helped masq kernel
	check_wait
}

part_no_module_dnat()
{
	not_helped dnat ganesha
	hopeless "rpcinfo -p" lists
	hopeless "rpcinfo -l" tells_addresses
	check_wait
}

part_no_module_route()
{
	not_helped route kernel
	# shellcheck disable=SC2086 # two words
	hopeless "rpcinfo -T tcp6" pings -T tcp6 "${IP6[$SERVER]}" $MOUNTD
	# shellcheck disable=SC2086
	hopeless "rpcinfo -T udp6" pings -T udp6 "${IP6[$SERVER]}" $MOUNTD
	hopeless "mount by tcp6" mounts "[${IP6[$SERVER]}]" proto=tcp6
	check_wait
}

need nft conntrack nsenter ip appgwd
need_nfs
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $PARTS
plan_parts 0 "$@"
for part; do
	since=$SECONDS
	[[ $part == no_module* ]] || appgw_loaded || load_appgw
	"part_$part"
	note "$part took $((SECONDS - since)) s"
done
appgwd_stop
nfs_stop
note "took $SECONDS s"
