#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module unloads under traffic and in any order with namespaces and rules,
# leaves nothing behind, and the connections that it had rewritten go on.
#
#	in1 ---- gw1 (masq) ---- out1	sessions that the script holds
#	in2 ---- gw2 (masq) ---- out2	more of them
#	in3 ---- gw3 (masq) ---- out3	sessions one after the other, all along

#
# Sessions can be counted if the kernel keeps slabs apart: slub_nomerge on its
# command line.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

SLAB=/sys/kernel/slab/appgw_session
STATE_MAX=256
CYCLES=${APPGW_CYCLES:-20}
PORT=50000
IN=${IP4[in]}
WAN=${IP4[wan]}

# routers N: that many, alike, each in namespaces of its own
routers()
{
	local i ns

	say close
	net_remove
	for i in $(seq "$1"); do
		for ns in in gw out; do
			net_namespace $ns$i
		done
		net_link in$i eth0 gw$i lan
		net_link gw$i wan out$i eth0
		net_host in$i eth0 in lan
		net_host gw$i lan lan
		net_host gw$i wan wan
		net_host out$i eth0 out
		net_forward gw$i
		firewall gw$i masq=wan
	done
	TARGET=${IP4[out]}
}

# log_in I: c1 and s1 for the first router
log_in()
{
	say listen control$1 out$1 21 &&
		say dial c$1 in$1 "$TARGET" 21 && say accept s$1 control$1 &&
		pass s$1 c$1 '220 ready\r\n' && pass c$1 s$1 'USER a\r\n' &&
		pass s$1 c$1 '230 hello\r\n'
}

announce()
{
	pass c$1 s$1 "PORT $(six "$IN" $2)\r\n" "PORT $(six "$WAN" $2)\r\n"
}

# busy I: a session whose stream is shifted, with an open data connection
# (from x1 to y1) and an open pinhole
busy()
{
	log_in $1 && announce $1 $PORT &&
		say listen data$1 in$1 $PORT &&
		say dial x$1 out$1 "$WAN" $PORT from=20 &&
		say accept y$1 data$1 && pass x$1 y$1 'data\r\n' &&
		announce $1 50001
}

churn()
{
	say churn churn$1 in$1 out$1 "$TARGET" "$IN" "$WAN" 50100
}

# churned I: rounds without an error, and more of them than before
churned()
{
	local n before=${rounds[$1]:-0}

	n=$(say churned churn$1) || { echo "$n"; return 1; }
	echo "rounds, helped, with data: $n"
	rounds[$1]=${n%% *}
	[ "${rounds[$1]}" -gt "$before" ]
}
rounds=()

# helps|leaves I: a new announcement
helps()
{
	log_in $1 && announce $1 50002
}

leaves()
{
	log_in $1 && pass c$1 s$1 "PORT $(six "$IN" 50003)\r\n" &&
		expect_count 0
}

goes_on()
{
	say chat c$1 s$1 20 && say flood c$1 s$1 2000 && say chat c$1 s$1 5
}

data_goes_on()
{
	say pump x$1 y$1 100000 && say pump y$1 x$1 100000
}

nothing_left()
{
	{ $merged || [ ! -e $SLAB ]; } && ! appgw_loaded &&
		! in_ns "${1:-gw1}" test -e /proc/net/stat/nf_appgw
}

no_complaint()
{
	! dmesg | grep -E 'WARNING:|BUG:|Oops|kmem_cache|refcount_t'
}

# Exact only after the processors' own stocks are given back.
sessions()
{
	local n

	echo 1 >$SLAB/shrink
	read -r n _ <$SLAB/objects
	echo "$n"
}

# check_apart NAME CMD...: a check that counts sessions
check_apart()
{
	if $merged; then
		skip "$1" "slabs are merged"
	else
		check "$@"
	fi
}

sessions_are()
{
	local n

	n=$(sessions)
	echo "$n sessions"
	[ "$n" -eq "$1" ]
}

# Connections that end in all ways there are.
many_connections()
{
	local i

	for i in $(seq 30); do
		log_in 1 && announce 1 $((51000 + i)) || return
		case $((i % 3)) in
		0) say reset c1 ;;
		1) say close c1 s1 ;;
		esac
	done
	sessions_are 30 && in_ns gw1 conntrack -F &&
		wait_for 20 sessions_are 0
}

# With ports for FTPS: then there are hooks that every packet passes.
cycles()
{
	local i

	for i in $(seq $CYCLES); do
		modprobe nf_appgw ftps_ports=40000-40001 || return
		pause 0.3
		rmmod nf_appgw || return
	done
}

delete_gateways()
{
	local i

	for i in 1 2; do
		net_delete gw$i || return
	done
	GATEWAYS=()
}

holds()
{
	in_ns gw1 nft 'add table inet holder
		add ct helper inet holder h { type "appgw-ftp" protocol tcp; }'
}

gives_up()
{
	in_ns gw1 nft delete table inet holder
}

need nft conntrack nsenter ip modprobe
plan 33
say_start

load_appgw
routers 3
size=$(cat $SLAB/object_size)
if [ -e /proc/lockdep ]; then
	skip "state per connection" "lockdep makes a lock many times its size"
else
	check "state per connection: $size bytes, at most $STATE_MAX" \
		[ "$size" -le $STATE_MAX ]
fi
merged=true
[ "$(cat $SLAB/aliases)" -gt 0 ] || merged=false
check_apart "is freed with the connection, however that ends" many_connections

# Unload under traffic
churn 3 >/dev/null
check "two sessions, open data connections and pinholes" all_of \
	busy 1 \; busy 2 \; wait_for 20 expect_count 2 50001
check "a third router has traffic all along" wait_for 20 churned 3
check "unloads" rmmod nf_appgw
check "nothing is left" nothing_left
check "pinholes are closed" all_of \
	expect_count 0 \; say blocked out1 "$WAN" 50001
for i in 1 2; do
	check "shifted control connection $i goes on" goes_on $i
	check "data connection $i goes on" data_goes_on $i
done
check "new announcements are left alone" leaves 1
check "traffic goes on" wait_for 20 churned 3

# With it again
modprobe nf_appgw
check "loads again: new sessions are helped" helps 1
check "the old one is left alone" all_of \
	pass c2 s2 "PORT $(six "$IN" 50004)\r\n" \; goes_on 2
say close control2
churn 2 >/dev/null
check "traffic on two routers" all_of \
	wait_for 20 churned 2 \; wait_for 20 churned 3
rmmod nf_appgw
check "loads and unloads $CYCLES times under it" cycles
check "traffic goes on: second router" wait_for 20 churned 2
check "traffic goes on: third router" wait_for 20 churned 3
say close
check "nothing is left" nothing_left

# Namespaces first, then the module
load_appgw
routers 2
check "live sessions in two namespaces" all_of busy 1 \; busy 2
check "namespaces go with them" delete_gateways
check_apart "and the sessions with the namespaces" wait_for 20 sessions_are 0
check "then the module unloads" rmmod nf_appgw
load_appgw
routers 2
check "live sessions again" all_of busy 1 \; busy 2
check "the module unloads while namespaces go" all_of \
	delete_gateways \; rmmod nf_appgw

# The module first, then namespaces
load_appgw
routers 2
check "and again" all_of busy 1 \; busy 2
check "the module unloads first" rmmod nf_appgw
check "then the namespaces go" delete_gateways

# A rule that refers to the helper
load_appgw attach=0
routers 1
check "an object of nft holds the module" all_of \
	holds \; tap_fails rmmod nf_appgw \; appgw_loaded
check "without it the module unloads" all_of \
	gives_up \; wait_for 20 rmmod nf_appgw
check "nothing is left" nothing_left
check "the kernel has nothing to complain of" no_complaint
note "took $SECONDS s"
