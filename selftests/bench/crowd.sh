#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How often one processor waits for a lock that another one has, while both look at chatter
# of connections of their own: with no helper, with the kernel's, which has one lock for all
# connections, and with nf_appgw.
#
#	bench/crowd ---- lan   gw (masq)  wan  ---- bench/crowd	processor 0
#	bench/crowd ---- lan1             wan1 ---- bench/crowd	processor 1
#
# usage: crowd.sh; in the test machine, "selftests/vm/run -c 2"
#
# How long something takes on two emulated processors says nothing, and instructions can be
# counted on one only. But whoever finds a lock taken calls native_queued_spin_lock_slowpath,
# or its likes for readers and writers, and nobody else does: these calls are counted, by
# lock. How many there are depends on what else the host does, so configurations take turns,
# and what counts is which locks, and more or fewer than without a helper. What it costs
# that processors share what is no lock, remains unknown.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/bench/scene.sh"

CONNECTIONS=${CONNECTIONS:-100}	# on each processor
ROUNDS=${ROUNDS:-400}		# that each one chats
TURNS=${TURNS:-3}		# of the configurations
# With fewer waits for the kernel's lock the two weren't at work at the same time.
SEEN_MIN=10

# The kernel's, by protocol
declare -A LOCK=([ftp]=nf_ftp_lock [irc]=irc_buffer_lock)

TRACE=/sys/kernel/tracing
declare -A segments=()

# second: devices for the second processor
second()
{
	ip -n gw -batch - <<-EOF || die "can't set up gw"
		tuntap add dev lan1 mode tun
		tuntap add dev wan1 mode tun
		link set lan1 up txqueuelen 1000
		link set wan1 up txqueuelen 1000
		addr add 11.0.0.1/8 dev lan1
		addr add 198.51.100.1/24 dev wan1
	EOF
	in_ns gw nft add rule inet test nat_out oifname wan1 masquerade ||
		die "no rule"
}

# Symbols are those of locks that have one.
probe()
{
	[ -e $TRACE/kprobe_events ] || mount -t tracefs trace $TRACE ||
		skip_all "needs tracefs"
	echo 'p:lock_spin native_queued_spin_lock_slowpath lock=%di:x64
p:lock_read queued_read_lock_slowpath lock=%di:x64
p:lock_write queued_write_lock_slowpath lock=%di:x64' >$TRACE/kprobe_events ||
		skip_all "needs events of kprobes"
}

count_begin()
{
	local f

	for f in $TRACE/events/kprobes/lock_*/trigger; do
		echo 'hist:keys=lock.sym' >"$f" || die "needs histograms"
	done
}

# Lines are "COUNT LOCK".
count_end()
{
	local f

	for f in $TRACE/events/kprobes/lock_*; do
		sed -n 's/^{ lock: \[[0-9a-f]*\] \(.*[^ ]\) *} hitcount: *\([0-9]*\).*/\2 \1/p' \
			"$f/hist"
		echo '!hist:keys=lock.sym' >"$f/trigger"
	done
}

# chatter CONFIG ftp|irc
chatter()
{
	local n from

	rm -f "$WORK/go"
	mkfifo "$WORK/go" || return
	# shellcheck disable=SC2094 # a pipe
	exec {from}< <(exec "$BENCH/crowd" gw "$2" "$CONNECTIONS" "$ROUNDS" <"$WORK/go")
	exec {go}>"$WORK/go"
	read -r n <&"$from" && [ "$n" = ready ] || return
	count_begin
	echo >&"$go"
	read -r n <&"$from" || n=0
	count_end >"$WORK/locks"
	exec {go}>&- {from}<&-
	[ "${n:-0}" -gt 0 ] || return
	sed "s/^/$1 $2 /" "$WORK/locks" >>"$WORK/all"
	segments[$1.$2]=$((${segments[$1.$2]:-0} + n))
}

# waits CONFIG PROTOCOL [LOCK]: for that lock, or any
waits()
{
	awk -v config="$1" -v protocol="$2" -v lock="${3:-}" '
		$1 == config && $2 == protocol && (lock == "" || $4 == lock) { n += $3 }
		END { print n + 0 }' "$WORK/all"
}

# say_waits PROTOCOL
say_waits()
{
	local config

	note "$1: how often a lock was found taken in ${segments[none.$1]} segments"
	for config in none tree ours; do
		note "  $config: $(waits $config "$1"), ${LOCK[$1]} $(waits $config "$1" "${LOCK[$1]}")"
	done
}

# say_more PROTOCOL: in a million segments
say_more()
{
	local config

	for config in none tree ours; do
		echo "crowd_$1_$config $(($(waits $config "$1") * 1000000 / segments[$config.$1]))"
	done
}

# nobody_waits PROTOCOL: no lock of the module's that has a name was found taken, and the
# others no more often than chance has it, by four standard deviations
nobody_waits()
{
	grep "^ours $1 .*\[nf_appgw\]" "$WORK/all" && return 1
	echo "$(waits ours "$1"), without a helper $(waits none "$1")"
	awk -v none="$(waits none "$1")" -v ours="$(waits ours "$1")" \
		'BEGIN { exit !(ours <= none + 4 * sqrt(none + ours + 1)) }'
}

# turn none|tree|ours ftp|irc
turn()
{
	case $1.$2 in
	tree.ftp) scene "$(helper ftp 21)" ;;
	tree.irc) scene "$(helper irc 6667)" ;;
	*)	[ "$1" = none ] || load_appgw
		scene ;;
	esac
	second
	[ "$1.$2" != ours.irc ] || listen
	chatter "$1" "$2" || die "crowd has failed"
	appgwd_stop
	ip netns del gw
	unload_appgw || die "nf_appgw does not unload"
}

need nft ip appgwd
[ -x "$BENCH/crowd" ] || skip_all "needs selftests/bench built"
[ "$(nproc)" -gt 1 ] || skip_all "needs two processors"
plan 2
modprobe nf_conntrack hashsize=65536 || die "no conntrack"
modprobe -a tun nf_conntrack_ftp nf_nat_ftp nf_conntrack_irc nf_nat_irc ||
	die "no helpers in this kernel"
probe
for _ in $(seq "$TURNS"); do
	for protocol in ftp irc; do
		for config in none tree ours; do
			turn $config $protocol
		done
	done
done
rm -f "$BENCH/crowd.more"
for protocol in ftp irc; do
	say_waits $protocol
	if [ "$(waits tree $protocol "${LOCK[$protocol]}")" -lt $SEEN_MIN ]; then
		skip "$protocol: nf_appgw lets nobody wait" "processors took turns"
	else
		check "$protocol: nf_appgw lets nobody wait" nobody_waits $protocol
		say_more $protocol >>"$BENCH/crowd.more"
	fi
done
