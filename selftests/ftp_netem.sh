#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hundreds of FTP sessions over links that lose, double and reorder packets:
# each one gets and puts its file, and all bytes are right. Half of them cut
# their commands, so that their PORTs come in two segments.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
#	ftp_netem.sh [--sessions N] [--at-a-time N] [--control]
#
# Half of the sessions are active, through masquerade, half are passive,
# through DNAT. --control tries them without module and NAT: what fails there
# as well is the network's fault, or the server's.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/peers/ftp_server.sh"

# Of each direction of each link
LINKS=('in eth0' 'gw lan' 'gw wan' 'out eth0')
NETEM='delay 4ms loss 5% duplicate 5% reorder 5%'

sessions=500 at_a_time=24 control=
while [ $# -gt 0 ]; do
	case $1 in
	--sessions) sessions=$2; shift ;;
	--at-a-time) at_a_time=$2; shift ;;
	--control) control=y ;;
	*) die "what is $1?" ;;
	esac
	shift
done

# Each packet counts by itself, not one of many that offloading makes of it.
bad_links()
{
	local link

	for link in "${LINKS[@]}"; do
		in_ns "${link% *}" ethtool -K "${link#* }" tso off gso off \
			gro off >/dev/null 2>&1 || return
		# shellcheck disable=SC2086
		tc -n "${link% *}" qdisc replace dev "${link#* }" root netem \
			$NETEM limit 10000 || return
	done
}

# many active|passive: half of the sessions
many()
{
	in_ns "$CLIENT" timeout "$(scaled 1000)" /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/ftp_many.py" "$TARGET" "$CONTROL_PORT" \
		"$TEST_USER" "$TEST_PASS" "$TEST_HOME" "$1" \
		$((sessions / 2)) "$at_a_time" >"$WORK/many" 2>&1
	local rc=$?

	cat "$WORK/many"
	return $rc
}

# Two announcements a session, and no more, however often they came
opened()
{
	local opened used

	opened=$(counter opened) used=$(counter used)
	echo "$opened opened, $used used"
	[ "$opened" -eq "$sessions" ] && [ "$used" -eq "$sessions" ]
}

# The clients cut commands, so some PORTs are not complete at first.
tails_were_kept()
{
	local held

	held=$(counter held)
	echo "$held tails"
	[ "$held" -gt 0 ]
}

# netem itself says what it did to the packets.
links_were_bad()
{
	local link said

	for link in "${LINKS[@]}"; do
		said=$(tc -n "${link% *}" -s qdisc show dev "${link#* }")
		echo "$link: $said"
		[[ $said =~ dropped\ ([0-9]+) ]] &&
			[ "${BASH_REMATCH[1]}" -gt "$sessions" ] || return
	done
}

# half active|passive TOPOLOGY
half()
{
	topology "$2"
	bad_links || die "no netem"
	start_server vsftpd "$SERVER"
	[ -n "$control" ] || load_appgw
	check "$((sessions / 2)) $1 sessions, $2" many "$1"
	sed 's/^/# /' "$WORK/many"
	check "$1: each link lost packets" links_were_bad
	if [ -z "$control" ]; then
		check "$1: each announcement opened one pinhole" opened
		[ "$1" = passive ] ||
			check "$1: tails were kept" tails_were_kept
		counters | awk '$2 { printf "# %s %d\n", $1, $2 }'
	fi
	stop_server "$SERVER"
}

need nft conntrack nsenter ip tc ethtool /usr/bin/python3
need_server vsftpd
if [ -n "$control" ]; then plan 4; else plan 7; fi
if [ -n "$control" ]; then
	half active route
	half passive route
else
	half active masq
	half passive dnat
fi
note "took $SECONDS s"
