#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# FTP servers and what people do beside moving files: they cancel, log in again,
# mistype, are in a hurry, or leave a client open all day. Whatever it was, after
# it files are moved in the same session, passive and active.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# What a server can't do itself, asked directly, isn't asked of the router. Of what
# ends the gateway's help by decision, nothing opens any more, and it says why. With
# --control there is no helper, and no file must come where NAT or the policy is in
# the way.

# New connections that may not be are refused, so that a server which connects to
# where nobody has asked it to is told so, as it would be without a router.

# shellcheck disable=SC2034,SC2153

# shellcheck source=selftests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"

MANY=2000
FW_REJECT=y

# What ends the session of a server, asked directly as well
declare -A ITSELF=(
	[vsftpd]="commands of other protocols"
	[proftpd]="commands of other protocols"
	[pureftpd]="commands of other protocols"
	[inetutils]="a listing cancelled"
	[netkit]="a listing cancelled"
)

# What isn't asked of a server, which does it wrong now and then: this one keeps a file
# whose connection has not come, and sends it by the next one; and it closes a download
# when PASV comes, if it hasn't sent all of it by then.
declare -A UNASKED=(
	[pyftpdlib]="ABOR at once,PORT where nobody listens,PASV and PORT during a download"
)

usage()
{
	cat <<-EOF
	usage: ftp_habits.sh [--topology T,...] [--server S,...] [--habit WORD]
	                     [--except WORD,...] [--control] [--helper H] [--firewall F] [--jobs N]
	                     [--keep FOLDER]

	  --topology  masq,dnat (default), and what ftp_matrix.sh has
	  --server    ${FTP_SERVERS// /, }; all by default
	  --habit     only those with this word in their names
	  --except    not those with one of these in their names
	  --control   no helper: data connections must fail
	  --helper    auto: nf_appgw attaches itself (default);
	              rule: nf_appgw with attach=0, rules name appgw-ftp;
	              intree: the kernel's own, rules name ftp;
	              none: none (for the topology open)
	  --firewall  nft (default), iptables (legacy), none (NAT only)
	  --jobs      sessions at a time
	  --keep      what was said, a file for each session, goes there
	EOF
}

# excepted WORD,...: as the client is told them, one a line
excepted()
{
	[ -z "$1" ] || tr , '\n' <<<"$1" | sed 's/^/!/'
}

topologies="masq dnat"
servers=$FTP_SERVERS
words=()
helper=auto
expected=helped
jobs=12
keep=
while [ $# -gt 0 ]; do
	case $1 in
	--control) expected=blocked helper=none; shift; continue ;;
	--help) usage; exit 4 ;;
	esac
	[ $# -ge 2 ] || die "$1 needs a value"
	case $1 in
	--topology) topologies=${2//,/ } ;;
	--server) servers=${2//,/ } ;;
	--habit) words+=("$2") ;;
	--except)
		mapfile -t other < <(excepted "$2")
		words+=("${other[@]}")
		;;
	--helper) helper=$2 ;;
	--firewall) FIREWALL=$2 ;;
	--jobs) jobs=$2 ;;
	--keep) keep=$2 ;;
	*) die "what is $1? See --help" ;;
	esac
	shift 2
done

# One session without a habit shows what is in the way.
if [ $expected = blocked ]; then
	words+=("beside moving files")
	export FTP_STALL_S=3
fi

client()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/ftp_habits.py" "$@"
}

# somebody_else: another account, with the same home
somebody_else()
{
	local file

	for file in /etc/passwd /etc/shadow; do
		sed -n "s/^$TEST_USER:/${TEST_USER}2:/p" $file >"$WORK/line"
		cat "$WORK/line" >>$file
	done
}

make_files()
{
	mkdir "$TEST_HOME/many" "$TEST_HOME/none"
	(cd "$TEST_HOME/many" && seq -f 'f.%04.0f' $MANY | xargs touch)
	head -c 60000 /dev/urandom >"$TEST_HOME/down"
	head -c 300000 /dev/urandom >"$TEST_HOME/middle"
	truncate -s 2M "$TEST_HOME/big"
	chown -R "$TEST_USER:$TEST_USER" "$TEST_HOME"
}

# choose SERVER: sets what is asked of it, and how much that is
choose()
{
	mapfile -t chosen < <(excepted "${UNASKED[$1]:-}")
	chosen=("${words[@]}" "${chosen[@]}")
	habits=$(client --count "${chosen[@]}")
}

# sessions TOPOLOGY SERVER
sessions()
{
	local folder=$WORK/said line name text n=0

	# what a session has left may be another user's
	rm -rf "$folder" "$TEST_HOME"/{up.*,half,noops}
	mkdir "$folder"
	while IFS=$'\t' read -r line text; do
		name="$1: $2, ${line#* }"
		[ -z "$keep" ] ||
			cp "$folder/$n" "$keep/${name//[^a-zA-Z0-9]/_}" ||
			die "can't write to $keep"
		case $line in
		ok\ *)
			tap_report 0 "$name"
			[ $expected = blocked ] || [ -z "$text" ] ||
				note "$2 itself: $text"
			;;
		"itself ${ITSELF[$2]:-}")
			tap_report 0 "$name: as without a router"
			note "$text"
			;;
		itself\ *)
			skip "$name" "$2 itself: $text"
			;;
		*)
			{
				echo "$text"
				cat "$folder/$n"
			} >"$WORK/failure"
			tap_report 1 "$name" "$WORK/failure"
			failures=$((failures + 1))
			;;
		esac
		n=$((n + 1))
	done < <(client "$CLIENT" "$TARGET" "$CONTROL_PORT" "$SERVER" \
		"$(ip_of "$SERVER")" \
		"$TEST_USER" "$TEST_PASS" "$TEST_HOME" "$folder" "$jobs" \
		$expected "${chosen[@]}" 2>"$WORK/errors")
	[ ! -s "$WORK/errors" ] || sed 's/^/# /' "$WORK/errors"
	[ "$n" -eq "$habits" ] || die "$n of $habits sessions were held"
}

# stops: of help, since the topology is there, a line for each
stops()
{
	local name value i

	while read -r name value; do
		[[ $name == stopped_* ]] || continue
		for ((i = 0; i < value; i++)); do
			echo "$name"
		done
	done < <(counters) | sort
}

# What ended help is counted, and nothing else did
stops_as_decided()
{
	diff <(client --stops "${chosen[@]}" | grep .) <(stops)
}

helper_rules "$helper"

need ip nsenter nft conntrack /usr/bin/python3
[ "$FIREWALL" != iptables ] || need iptables-legacy-restore
for t in $topologies; do
	[[ " $TOPOLOGIES " == *" ${t%6} "* ]] || die "no topology called $t"
done
# shellcheck disable=SC2086
need_server $servers

test_account
somebody_else
make_files
[ "$(client --count "${words[@]}")" -gt 0 ] || die "no habit called ${words[*]}"
ours=$(! helper_is_ours "$helper" || echo 1)
# shellcheck disable=SC2086
set -- $topologies
n=0
for server in $servers; do
	choose "$server"
	n=$((n + $# * (habits + ours)))
done
plan $n

helper_load "$helper"

failures=0
for t in $topologies; do
	for server in $servers; do
		# one server's sockets in TIME_WAIT keep another from port 20
		topology "$t"
		choose "$server"
		start_server "$server" "$SERVER" "$ANNOUNCE"
		sessions "$t" "$server"
		[ -z "$ours" ] || check "$t: $server, stops as decided" \
			stops_as_decided
		stop_server "$SERVER"
		[ $failures -eq 0 ] || diagnose 2>&1 | sed 's/^/# /'
		failures=0
	done
done
note "took $SECONDS s"
