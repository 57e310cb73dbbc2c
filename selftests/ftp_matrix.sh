#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every FTP server with every client in every mode moves files through NAT and
# a firewall that knows nothing but "established,related".
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh
#
# With --control there is no helper, and whatever NAT or the policy is in the
# way of must fail, after a login that works.

# The library's variables are upper case, some of ours are the same in lower.
# shellcheck disable=SC2153

# shellcheck source=selftests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

FILE_SIZE=1000000

# What is run without options: topology, servers, clients. Translation with many,
# the rest with as few peers as show every mode.
DEFAULT_RUNS="
	masq		vsftpd,proftpd,pureftpd	${FTP_CLIENTS// /,}
	dnat		vsftpd,proftpd,pureftpd	${FTP_CLIENTS// /,}
	route6		vsftpd			curl,lftp,tnftp,ftplib
	masq6		vsftpd			curl,lftp,tnftp,ftplib
	dnat6		vsftpd			curl,lftp,tnftp,ftplib
	route		vsftpd			curl
	snat		vsftpd			curl
	dnat-public	vsftpd			curl
	hairpin		vsftpd			curl
	both		vsftpd			curl
	local-client	vsftpd			curl
	local-server	vsftpd			curl
	local-client6	vsftpd			curl
	local-server6	vsftpd			curl
	hairpin6	vsftpd			curl
	both6		vsftpd			curl
"

usage()
{
	cat <<-EOF
	usage: ftp_matrix.sh [--topology T,...] [--server S,...] [--client C,...]
	                     [--control] [--helper H] [--firewall F] [--jobs N]

	  --topology  $TOPOLOGIES;
	              with a 6 behind it for IPv6
	  --server    ${FTP_SERVERS// /, }
	  --client    ${FTP_CLIENTS// /, }
	  --control   no helper: data connections must fail
	  --helper    auto: nf_appgw attaches itself (default);
	              rule: nf_appgw with attach=0, rules name appgw-ftp;
	              intree: the kernel's own, rules name ftp;
	              none: none (for the topology open)
	  --firewall  nft (default), iptables (legacy), none (NAT only)
	  --jobs      sessions at a time
	EOF
}

topologies=
servers=
clients=
helper=auto
control=
while [ $# -gt 0 ]; do
	case $1 in
	--control) control=1 helper=none; shift; continue ;;
	--help) usage; exit 4 ;;
	esac
	[ $# -ge 2 ] || die "$1 needs a value"
	case $1 in
	--topology) topologies=${2//,/ } ;;
	--server) servers=$2 ;;
	--client) clients=$2 ;;
	--helper) helper=$2 ;;
	--firewall) FIREWALL=$2 ;;
	--jobs) BG_JOBS=$2 ;;
	*) die "what is $1? See --help" ;;
	esac
	shift 2
done

# One "topology servers clients" a line.
runs=$(
	if [ -n "$topologies" ]; then
		for t in $topologies; do
			echo "$t ${servers:-${FTP_SERVERS// /,}}" \
				"${clients:-${FTP_CLIENTS// /,}}"
		done
	else
		while read -r t s c; do
			[ -z "$t" ] ||
				echo "$t ${servers:-$s} ${clients:-$c}"
		done <<<"$DEFAULT_RUNS"
	fi
)

# modes_of CLIENT TOPOLOGY
modes_of()
{
	case $2 in
	*6) ftp_modes "$1" 6 ;;
	*) ftp_modes "$1" 4 ;;
	esac
}

count_checks()
{
	local n=0 t s c client server

	[ -z "$control" ] || n=1
	while read -r t s c; do
		for server in ${s//,/ }; do
			for client in ${c//,/ }; do
				for mode in $(modes_of "$client" "$t"); do
					n=$((n + 1))
				done
			done
		done
		if [ -z "$control" ] && [ "${t%6}" != open ]; then
			n=$((n + 1))
			! helper_is_ours "$helper" || n=$((n + 1))
			[ "$FIREWALL" = none ] || n=$((n + 1))
		fi
	done <<<"$runs"
	echo $n
}

# round_trip CLIENT MODE: a file down, a file up if the client can, a listing
round_trip()
{
	local name=trip.$SRANDOM dir rc put=()

	dir=$WORK/$name
	mkdir "$dir"
	if ftp_puts "$1"; then
		put=(put "$WORK/up" "$name")
	else
		cp "$WORK/up" "$TEST_HOME/$name"
	fi
	ftp_session "$1" "$2" "$dir/log" \
		get down "$dir/down" \
		"${put[@]}" \
		list - "$dir/list" &&
		cmp "$dir/down" "$TEST_HOME/down" &&
		cmp "$WORK/up" "$TEST_HOME/$name" &&
		lists "$dir/list" "down" "$name"
	rc=$?
	if [ $rc -eq 0 ]; then
		echo "$said_port" >"$WORK/announced.$2"
	else
		cat "$dir/log"
	fi
	rm -rf "$dir" "${TEST_HOME:?}/$name"
	return $rc
}

# lists LISTING NAME...
lists()
{
	local text name

	mapfile text <"$1"
	for name in "${@:2}"; do
		[[ ${text[*]} == *"$name"* ]] || return 1
	done
}

# blocked CLIENT MODE: the login works, the data connection does not
blocked()
{
	local dir=$WORK/trip.$SRANDOM rc

	mkdir "$dir"
	FTP_STALL_S=3 ftp_session "$1" "$2" "$dir/log" get down "$dir/down"
	rc=$?
	[ $rc -eq $FTP_DATA_FAILED ] && [[ $said_modes == *$2* ]] &&
		[ ! -s "$dir/down" ]
	rc=$?
	[ $rc -eq 0 ] || cat "$dir/log"
	rm -rf "$dir"
	return $rc
}

# port_is_shut NS ADDRESS PORT LISTENER_NS: although something listens there
port_is_shut()
{
	listen_on "$4" "$3" && cannot_connect "$1" "$2" "$3"
}

# shut_again: a port of either side that was announced leads nowhere any more
shut_again()
{
	local mode port pid rc=0 pids=() active='' passive=''

	for mode in port eprt pasv epsv; do
		[ -s "$WORK/announced.$mode" ] || continue
		read -r port <"$WORK/announced.$mode"
		if is_active "$mode"; then
			active=$port
		else
			passive=$port
		fi
	done
	if [ -n "$active" ]; then
		port_is_shut "$SERVER" "$ORIGIN" "$active" "$CLIENT" &
		pids+=($!)
	fi
	if [ -n "$passive" ]; then
		port_is_shut "$CLIENT" "$TARGET" "$passive" "$SERVER" &
		pids+=($!)
	fi
	for pid in "${pids[@]}"; do
		wait "$pid" || rc=1
	done
	[ ${#pids[@]} -gt 0 ] && return $rc
}

# counters_add_up N: so many data connections at least on each gateway, and no
# pinhole whose end is not accounted for
counters_add_up()
{
	local ns name value opened used ended rc=0

	wait_for 20 expect_count 0 >/dev/null
	for ns in "${GATEWAYS[@]}"; do
		opened=0 used=0 ended=0
		while read -r name value; do
			case $name in
			opened) opened=$value ;;
			used) used=$value ended=$((ended + value)) ;;
			expired | replaced | closed)
				ended=$((ended + value))
				;;
			esac
		done < <(counters "$ns")
		[ "$used" -ge "$1" ] && [ "$opened" -eq "$ended" ] && continue
		echo "$ns, after $1 data connections:"
		counters "$ns"
		rc=1
	done
	return $rc
}

helper_rules "$helper"

case $FIREWALL in
nft | iptables | none) ;;
*) die "no firewall called $FIREWALL" ;;
esac

[ -z "$control" ] || [ "$FIREWALL" != none ] ||
	die "without a policy nothing is in the way of passive mode"

need ip nsenter nft conntrack stdbuf
[ "$FIREWALL" != iptables ] || need iptables-legacy-restore
while read -r t s c; do
	[[ " $TOPOLOGIES " == *" ${t%6} "* ]] || die "no topology called $t"
	# shellcheck disable=SC2086
	need_server ${s//,/ }
	# shellcheck disable=SC2086
	need_client ${c//,/ }
done <<<"$runs"

test_account
head -c $FILE_SIZE /dev/urandom >"$WORK/up"
head -c $FILE_SIZE /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"
if [ -n "$control" ]; then
	BG_JOBS=8
fi

plan "$(count_checks)"

helper_load "$helper"
[ -z "$control" ] || check_fails "nf_appgw is not loaded" appgw_loaded

while read -r t s c; do
	topology "$t"
	rm -f "$WORK"/announced.*
	connections=0
	for server in ${s//,/ }; do
		start_server "$server" "$SERVER" "$ANNOUNCE"
		for client in ${c//,/ }; do
			for mode in $(modes_of "$client" "$t"); do
				name="$t: $server, $client, $mode"
				if [ -n "$control" ]; then
					check_bg "$name: no data" \
						blocked "$client" "$mode"
				else
					check_bg "$name" \
						round_trip "$client" "$mode"
				fi
				connections=$((connections + 2))
				! ftp_puts "$client" ||
					connections=$((connections + 1))
			done
		done
		check_wait
		stop_server "$SERVER"
	done
	if [ -z "$control" ] && [ "${t%6}" != open ]; then
		check_bg "$t: no pinhole is left" wait_for 20 expect_count 0
		! helper_is_ours "$helper" ||
			check_bg "$t: counters add up" counters_add_up \
				"$connections"
		[ "$FIREWALL" = none ] ||
			check_bg "$t: the ports announced are shut again" \
				shut_again
		check_wait
	fi
done <<<"$runs"
note "took $SECONDS s"
