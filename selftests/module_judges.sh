#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own tests of netfilter say the same with the module, and a daemon in
# each namespace that they make, as they say without: what has nothing to do with
# us works as ever.
#
# usage: module_judges.sh [PARAM=VALUE]... [short|long|TEST]...
#
# PARAM=VALUE are the module's; short is what runs by default.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

JUDGES=$APPGW_CACHE/judges

# Those of connections, or of what we hook into, and the others; those that take
# longest begin
SHORT=(nft_queue nft_flowtable nft_nat conntrack_tcp_unreplied
	nft_conntrack_helper conntrack_icmp_related nft_synproxy)
LONG=(nft_concat_range nft_trans_stress nft_nat_zones nft_zones_many nft_fib
	nft_audit xt_string rpath nft_meta ipvs bridge_brouter ipip-conntrack-mtu
	conntrack_vrf conntrack_sctp_collision nf_nat_edemux)

# Those that fail without the module, too, and what they say then
declare -A FAILS=(
	[nft_audit]="our first process is not the machine's, and may not switch auditing on"
)
declare -A SAID=(
	[nft_audit]="^[+] entries=0"
)

# For machines as slow as an emulated one: what a test expects of time, or does more
# of than its purpose takes
declare -A FITTED=(
	# nobody listens yet, and nobody has come yet
	[nft_conntrack_helper]='s/^\tsleep 1 |/\tuntil ip netns exec ${ns2} ss -Hltn "sport = :$port" | grep -q .; do sleep 0.1; done\n&/
		s/^\tsleep 1$/\tsleep 2/'
	# a server that is late waits for ever; programs at a queue have 4 seconds
	[nft_queue]='s/^\tsleep 1$/\tsleep 2/; s/^timeout=4/timeout=6/'
	# files of up to 40 MB, each of which has 3 seconds
	[nft_flowtable]='s/RANDOM % (1024 \* 128)/RANDOM % 128/; s/1024 \* 8)/1024)/
		s/nc -w [45]/nc -w 3/
		s/^\tsleep 3/\tfor i in {1..200}; do kill -0 $lpid || kill -0 $cpid || break; sleep 0.1; done 2>\/dev\/null/'
	# nobody waits more than a second for what is sent, nor for all of it
	[xt_string]='s/^\t) | \(.*\)/\t) >$ns; \1 <$ns/'
	# sets alone, with no packet of a connection: all of it takes an hour
	[nft_concat_range]='s/^TESTS=.*/TESTS="reported_issues"/; /quicktest/d'
	# rules alone
	[nft_trans_stress]='s/seq 1 400/seq 1 100/'
	# a process for each
	[nft_zones_many]='s/^zones=2000/zones=1000/'
	[nft_nat_zones]='s/^maxclients=100/maxclients=25/'
)

# The daemon's queue, but for a test that has programs of its own at that one
QUEUE=3
declare -A QUEUES=([nft_queue]=4)

# Twice what the kernel has for one: some wait longer here
LIMIT_S=240
# An outcome that is not what is expected is looked at again: on a busy machine
# something may come late.
TRIES=2

# netns_add NAME: stands in the tests for "ip netns add"
netns_add()
{
	local i daemon=/tmp/appgwd.$SRANDOM

	ip netns add "$1" || return
	[ -e /sys/module/nf_appgw ] || return 0
	# in a shell of its own: a test waits for all its children
	(
		nsenter --net="/run/netns/$1" -- appgwd --config /dev/null \
			--queue "$QUEUE" --control "$daemon" \
			</dev/null >/dev/null 2>"$daemon.log" &
	)
	for ((i = 0; i < 300; i++)); do
		! grep -q 'module: listening' "$daemon.log" || return 0
		sleep 0.1
	done
	echo "ERROR: no daemon in $1"
	cat "$daemon.log"
}
export -f netns_add

# fitted NAME FILE [SED_SCRIPT]: FILE becomes the test as it is run here
fitted()
{
	sed -E '1s,/bin/sh$,/bin/bash,; s/\bip net(ns)? add\b/netns_add/' \
		"$JUDGES/$1.sh" |
		sed -e "${FITTED[$1]:-}" -e "${3:-}" >"$WORK/judges/$2.sh"
	chmod 755 "$WORK/judges/$2.sh"
}

# judge NAME FILE OUT: runs it, beside others, with what that takes; what it judges
# goes to OUT.said
judge()
{
	local since=$SECONDS

	(
		cd "$WORK/judges" &&
			QUEUE=${QUEUES[$1]:-$QUEUE} timeout -k 5 "$(scaled $LIMIT_S)" \
			unshare --mount --pid --fork --kill-child --mount-proc \
			bash -c 'mount -t tmpfs tmpfs /run/netns && bash "./$0"' \
			"$2.sh"
	) >"$3" 2>&1
	echo "exit status $?" >"$3.said"
	# without what is another each time: ends of names, and the time it took
	grep -aE 'PASS|FAIL|SKIP|ERROR|\bOK\b' "$3" |
		sed -E 's/(-|tmp[.])[[:alnum:]]{8,10}\b//g; s/[0-9]+ (ms|seconds)/N \1/g' \
		>>"$3.said"
	echo "$2 $((SECONDS - since))" >>"$WORK/took"
}

# once_more OUT: what it says is not what is expected
once_more()
{
	cat "$1"
	sed "s|^|${1##*/}: |" "$1.said" >>"$WORK/again"
}

# took: seconds, and what was run more than once
took()
{
	note "seconds: $(tr '\n' ' ' <"$WORK/took")" "$SECONDS in all"
	rm "$WORK/took"
	[ ! -e "$WORK/again" ] || sed 's/^/# /' "$WORK/again"
	rm -f "$WORK/again"
}

content()
{
	grep -qx 'exit status 0' "$1.said" && ! grep -aE 'FAIL|SKIP|ERROR' "$1.said"
}

# fails NAME: still, and for the reason that is known
fails()
{
	local out=$WORK/$1.without

	judge "$1" "$1" "$out"
	content "$out" && { echo "it does not fail any more"; return 1; }
	grep -qE "${SAID[$1]}" "$out" || { cat "$out"; return 1; }
}

passes()
{
	local i out=$WORK/$1.without

	for ((i = 0; i < TRIES; i++)); do
		judge "$1" "$1" "$out"
		! content "$out" || return 0
		once_more "$out"
	done
	return 1
}

# says_the_same NAME FILE: as without the module
says_the_same()
{
	local i out=$WORK/$2.with

	for ((i = 0; i < TRIES; i++)); do
		judge "$1" "$2" "$out"
		diff "$WORK/$1.without.said" "$out.said" && return
		once_more "$out"
	done
	return 1
}

# A test that a newer kernel has come with would be left out in silence.
all_known()
{
	diff <(printf '%s\n' "${SHORT[@]}" "${LONG[@]}" | sort) \
		<(cd "$JUDGES" && printf '%s\n' *.sh | sed 's/[.]sh$//' | sort)
}

need nft conntrack ip iperf3 ipvsadm nc ping socat ebtables-legacy iptables appgwd
[ -d "$JUDGES" ] || skip_all "needs $JUDGES (selftests/setup judges)"

params=() tests=()
for arg; do
	case $arg in
	*=*)	params+=("$arg") ;;
	short)	tests+=("${SHORT[@]}") ;;
	long)	tests+=("${LONG[@]}") ;;
	*)	tests+=("$arg") ;;
	esac
done
[ ${#tests[@]} -gt 0 ] || tests=("${SHORT[@]}")
helper=
[[ " ${tests[*]} " != *" nft_conntrack_helper "* ]] || helper=y

plan $((2 * ${#tests[@]} + 1 + ${#helper}))
cp -r "$JUDGES" "$WORK/judges"
for t in "${tests[@]}"; do
	fitted "$t" "$t"
done
# nf_tables' own ebtables has no table "broute".
mkdir "$WORK/bin"
ln -s "$(command -v ebtables-legacy)" "$WORK/bin/ebtables"
PATH=$WORK/bin:$PATH

check "each test that there is has its place" all_known
unload_appgw
for t in "${tests[@]}"; do
	if [ -z "${FAILS[$t]:-}" ]; then
		check_bg "$t passes without the module" passes "$t"
	else
		check_bg "$t fails without the module: ${FAILS[$t]}" fails "$t"
	fi
done
check_wait
took
load_appgw "${params[@]}"
for t in "${tests[@]}"; do
	check_bg "$t says the same with it" says_the_same "$t" "$t"
done
check_wait
took
if [ -n "$helper" ]; then
	# by default port 21 is ours without a rule
	load_appgw attach=0
	fitted nft_conntrack_helper own_helper \
		's/type "ftp"/type "appgw-ftp"/; s/helper=ftp/helper=appgw-ftp/'
	check "nft_conntrack_helper says the same of appgw-ftp" \
		says_the_same nft_conntrack_helper own_helper
fi
note "took $SECONDS s"
