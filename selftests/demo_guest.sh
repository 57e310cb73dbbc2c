#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "make demo" shows, inside the test machine. A story, not a test: it is
# told in plain text instead of KTAP. Its exit status can be relied on.
#
#	in ---- lan gw wan ---- out		see lib/net.sh

# The library's variables are upper case, like some of our own.
# shellcheck disable=SC2153
# shellcheck source=selftests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

FILE_SIZE=1000000

# How long a transfer may hang that is bound to fail.
HOPELESS_S=2

# Topology, its name, mode, what the mode means. Those of one topology follow
# each other.
TRANSFERS=(
"masq|client behind masquerade|port|the client listens, the server connects"
"masq|client behind masquerade|eprt|PORT in its newer form"
"masq|client behind masquerade|pasv|the server listens, the client connects"
"masq|client behind masquerade|epsv|PASV in its newer form"
"route6|IPv6, firewall, no NAT|eprt|the client listens, the server connects"
"dnat|server behind DNAT|pasv|the server listens, the client connects"
)

# Control connections, and the first packet of every other one
WIRE_FILTER='tcp port 21 or tcp[13] & 2 != 0 or (ip6[6] = 6 and ip6[53] & 2 != 0)'

# What the router saw of the last transfer.
wire=
events=
conntrack_pid=
tcpdump_pid=

# Outcomes by transfer, for the table at the end.
without=()
with=()
declare -A total=()
unexpected=0

bold='' red='' green='' dim='' plain=''
if [ "${APPGW_DEMO_COLOR:-}" = 1 ]; then
	bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[m'
fi

# The harness ends with a line of KTAP, which has no place here.
# shellcheck disable=SC2317
tap_finish()
{
	return "$1"
}

die()
{
	echo "${red}demo: $*$plain"
	exit 1
}

title()
{
	printf '\n%s=== %s ===%s\n' "$bold" "$*" "$plain"
}

prompt()
{
	printf '\n  %s%s# %s%s\n' "$bold" "$1" "${*:2}" "$plain"
}

# fact LABEL TEXT: LABEL is empty on all lines of it but the first
fact()
{
	printf '  %s%-17s%s %s\n' "$dim" "$1" "$plain" "$2"
}

# repeat STRING N
repeat()
{
	local s

	printf -v s '%*s' "$2" ''
	printf '%s' "${s// /$1}"
}

# draw ROUTER_DOES LEFT LEFT_RUNS RIGHT RIGHT_RUNS
draw()
{
	local l r i o edge
	local lw rw mw=${#1}

	l=$(ip_of in) r=$(ip_of out) i=$(ip_of lan) o=$(ip_of wan)
	lw=${#l} rw=${#r}
	[ "$mw" -ge 8 ] || mw=8
	edge=$(printf '   +%s+%*s+%s+%*s+%s+' \
		"$(repeat - $((lw + 2)))" $((${#i} + 2)) '' \
		"$(repeat - $((mw + 2)))" $((${#o} + 2)) '' \
		"$(repeat - $((rw + 2)))")

	printf '\n     %-*s%-*s%s\n' $((lw + ${#i} + 6)) "$2" \
		$((mw + ${#o} + 6)) router "$4"
	echo "$edge"
	printf '   | %s | %s | %-*s | %s | %s |\n' "$l" "$i" "$mw" "$1" "$o" "$r"
	printf '   | %-*s |%s| %-*s |%s| %-*s |\n' "$lw" "$3" \
		"$(repeat - $((${#i} + 2)))" "$mw" firewall \
		"$(repeat - $((${#o} + 2)))" "$rw" "$5"
	printf '%s\n\n' "$edge"
}

introduce()
{
	case $1 in
	masq)
		draw masquerade client curl server vsftpd
		echo "  What the router forwards: policy drop; ct state established,related"
		echo "  accept; ct state new tcp dport 21 accept. The inside has one public"
		echo "  address, the router's."
		;;
	route6)
		draw forwards client curl server vsftpd
		echo "  No translation, the same firewall: no address is wrong, but who"
		echo "  opens the door for the data connection?"
		;;
	dnat)
		draw "DNAT :21" server vsftpd client curl
		echo "  The server is inside now. The client knows the router's address"
		echo "  alone; port 21 is redirected to the server."
		;;
	esac
}

# is_inside NS: it sits on the router's lan side
is_inside()
{
	[ "$1" = in ]
}

# wire_of NS: the router's interface that leads there
wire_of()
{
	if is_inside "$1"; then
		echo lan
	else
		echo wan
	fi
}

# side_of NS: where it sits, in a word that fills its column
side_of()
{
	if is_inside "$1"; then
		echo "inside "
	else
		echo outside
	fi
}

# is_subscribed PID: some netfilter socket of its namespace listens to events
# shellcheck disable=SC2317
is_subscribed()
{
	awk '$2 == 12 && $4 !~ /^0+$/ { found = 1 } END { exit !found }' \
		"/proc/$1/net/netlink"
}

# Not in_ns: the process ids are to be those of the tools themselves.
watch_router()
{
	wire=$WORK/wire
	events=$WORK/events
	nsenter --net=/run/netns/gw -- stdbuf -oL conntrack -E expect \
		>"$events" 2>&1 &
	conntrack_pid=$!
	nsenter --net=/run/netns/gw -- tcpdump -i any -n -l -t --immediate-mode \
		"$WIRE_FILTER" >"$wire" 2>"$wire.err" &
	tcpdump_pid=$!
	wait_for 20 grep -q 'listening on' "$wire.err" ||
		die "tcpdump: $(tail -n 1 "$wire.err")"
	wait_for 20 is_subscribed $conntrack_pid ||
		die "conntrack shows no events: $(tail -n 1 "$events")"
}

# watch_end with|without: not before both have told what there was. A control
# connection ends with a FIN, however it went, and a pinhole by its use.
watch_end()
{
	wait_for 10 grep -q ' Out .*Flags \[[FR]' "$wire"
	[ "$1" = without ] || wait_for 5 grep -q DESTROY "$events"
	kill -INT $tcpdump_pid $conntrack_pid
	wait $tcpdump_pid $conntrack_pid
}

# ftp_line INTERFACE In|Out PATTERN: the first such line on that wire
ftp_line()
{
	sed -nE "s/^$1 +$2 .*: FTP: (($3).*)/\1/p" "$wire" | head -n 1
}

# syns INTERFACE In|Out: "from -> to" of each data connection's first packet
syns()
{
	awk -v dev="$1" -v dir="$2" '
		function pretty(s, port) {
			port = s
			sub(/.*\./, "", port)
			sub(/\.[0-9]+$/, "", s)
			return (s ~ /:/ ? "[" s "]" : s) ":" port
		}
		$1 == dev && $2 == dir && /Flags \[S\],/ {
			sub(/:$/, "", $6)
			if ($6 !~ /\.21$/)
				print pretty($4) " -> " pretty($6)
		}
	' "$wire"
}

# come_to LINE: what an announcement says in plain words
come_to()
{
	local m n='([0-9]+)'

	if [[ $1 =~ $n,$n,$n,$n,$n,$n ]]; then
		m=("${BASH_REMATCH[@]}")
		echo "come to ${m[1]}.${m[2]}.${m[3]}.${m[4]}," \
			"port $((m[5] * 256 + m[6]))"
	elif [[ $1 =~ \|[12]?\|([^|]*)\|([0-9]+)\| ]]; then
		m=("${BASH_REMATCH[@]}")
		echo "come to ${m[1]:-my address}, port ${m[2]}"
	fi
}

# The announcement on both wires: what was sent, what was received.
show_announcement()
{
	local mode=$1 from to who whom pattern sent received

	case $mode in
	pasv) pattern=227 ;;
	epsv) pattern=229 ;;
	*) pattern=${mode^^} ;;
	esac
	if is_active "$mode"; then
		from=$CLIENT who=client to=$SERVER whom=server
	else
		from=$SERVER who=server to=$CLIENT whom=client
	fi
	sent=$(ftp_line "$(wire_of "$from")" In "$pattern")
	received=$(ftp_line "$(wire_of "$to")" Out "$pattern")

	[ -n "$sent" ] || {
		fact "$who sent" nothing
		return
	}
	fact "$who sent" "$sent"
	fact "" "\"$(come_to "$sent")\""
	if [ "$received" = "$sent" ]; then
		fact "$whom received" "the same"
	else
		fact "$whom received" "$bold${received:-nothing}$plain"
		[ -z "$received" ] || fact "" "\"$(come_to "$received")\""
	fi
}

# conntrack's events, in words
show_pinhole()
{
	local opened gone

	# the first src=, dst= and second dport= are the connection expected
	opened=$(awk '/\[NEW\]/ {
		for (i = 1; i <= NF; i++) {
			n = split($i, kv, "=")
			if (n == 2 && !(kv[1] in v))
				v[kv[1]] = kv[2]
		}
		print v["src"] " -> " v["dst"] ", port " v["dport"]
		exit
	}' "$events")
	[ -n "$opened" ] || {
		fact pinhole none
		return
	}
	fact pinhole "$bold$opened$plain"
	gone="for one connection"
	! grep -q DESTROY "$events" || gone+="; shut behind it"
	fact "" "$gone"
}

show_data_connection()
{
	local mode=$1 from=$CLIENT to=$SERVER came left

	if is_active "$mode"; then
		from=$SERVER to=$CLIENT
	fi
	came=$(syns "$(wire_of "$from")" In | head -n 1)
	left=$(syns "$(wire_of "$to")" Out | head -n 1)
	[ -n "$came" ] || {
		fact "data connection" "none that reached the router"
		return
	}
	fact "data connection" "$(side_of "$from")  $came"
	fact "" "$(side_of "$to")  ${left:-nothing}"
}

# dropped_by_firewall: packets so far
dropped_by_firewall()
{
	in_ns gw nft list chain inet test forward |
		awk '/comment "dropped"/ { print $3 }'
}

# Sets why, a few words for the table, and prints the reason in full.
explain_failure()
{
	local mode=$1 rc=$2 log=$3 from=$CLIENT to=$SERVER
	local refusal came left answer more=

	if is_active "$mode"; then
		from=$SERVER to=$CLIENT
	fi
	refusal=$(ftp_line "$(wire_of "$SERVER")" In '5[0-9][0-9] ')
	came=$(syns "$(wire_of "$from")" In | grep -c .)
	left=$(syns "$(wire_of "$to")" Out | grep -c .)
	if [ "$rc" -eq "$FTP_LOGIN_FAILED" ]; then
		why="login failed"
		answer="the login failed"
	elif [ -n "$refusal" ]; then
		why="refused by server"
		answer="the server says \"$refusal\""
		more="the client it talks to has another address"
	elif [ "$came" -gt 0 ] && [ "$left" -eq 0 ] &&
		[ "$(dropped_by_firewall)" -gt 0 ]; then
		why="dropped by firewall"
		answer="the firewall dropped it, $came tries out of $came"
	elif [ "$came" -eq 0 ] && [ "$mode" = pasv ]; then
		why="address unreachable"
		answer="the client can't reach the address it was told"
	else
		why="failed"
		answer="no file came"
	fi
	fact result "${red}FAILED: $answer$plain"
	[ -z "$more" ] || fact "" "$more"
	case $why in
	failed | "login failed") tail -n 5 "$log" | sed 's/^/    /' ;;
	esac
}

# transfer NUMBER MODE MEANING with|without
transfer()
{
	local number=$1 mode=$2 help=$4 dir rc sum why log got

	dir=$(mktemp -d "$WORK/transfer.XXXXXX")
	log=$dir/log got=$dir/got
	printf '\n%s%d. %s: %s%s\n' "$bold" "$number" "${mode^^}" "$3" "$plain"
	watch_router
	if [ "$help" = with ]; then
		ftp_session curl "$mode" "$log" get down "$got"
	else
		FTP_STALL_S=$HOPELESS_S \
			ftp_session curl "$mode" "$log" get down "$got"
	fi
	rc=$?
	watch_end "$help"

	show_announcement "$mode"
	show_pinhole
	show_data_connection "$mode"

	sum=$(sha256sum <"$TEST_HOME/down")
	if [ $rc -eq 0 ] && [ "$(sha256sum <"$got")" = "$sum" ]; then
		why="ok, $(stat -c %s "$got") bytes"
		fact result "$green$why, same SHA-256: ${sum:0:12}...$plain"
	else
		# a file that came, but not as it was sent, is no success
		[ $rc -ne 0 ] || rc=$FTP_OTHER_MODE
		explain_failure "$mode" $rc "$log"
	fi

	if [ "$help" = with ]; then
		with+=("$why")
		[ $rc -eq 0 ] || {
			unexpected=1
			diagnose
		}
	else
		without+=("$why")
		# to fail is right, but only after a login that worked
		[ $rc -eq "$FTP_DATA_FAILED" ] || unexpected=1
	fi
}

# Each topology has a router of its own: add up what they have counted.
add_counters()
{
	local name value

	[ "$1" = with ] || return 0
	while read -r name value; do
		total[$name]=$((${total[$name]:-0} + value))
	done < <(counters)
}

# round with|without: all transfers
round()
{
	local i topology='' t name mode meaning

	for i in "${!TRANSFERS[@]}"; do
		IFS='|' read -r t name mode meaning <<<"${TRANSFERS[i]}"
		if [ "$t" != "$topology" ]; then
			[ -z "$topology" ] || add_counters "$1"
			topology=$t
			printf '\n%s--- %s, %s nf_appgw ---%s\n' "$bold" \
				"$name" "$1" "$plain"
			topology "$t"
			[ "$1" = with ] || introduce "$t"
			start_server vsftpd "$SERVER" "$ANNOUNCE"
		fi
		transfer $((i + 1)) "$mode" "$meaning" "$1"
	done
	add_counters "$1"
}

table()
{
	local i t name mode meaning colour

	printf '\n  %s   %-4s %-24s %-20s %s%s\n' "$bold" "" "" \
		"without" "with nf_appgw" "$plain"
	for i in "${!TRANSFERS[@]}"; do
		IFS='|' read -r t name mode meaning <<<"${TRANSFERS[i]}"
		colour=$red
		[[ ${with[i]} != ok* ]] || colour=$green
		printf '  %d. %-4s %-24s %s%-20s%s %s%s%s\n' $((i + 1)) \
			"${mode^^}" "$name" "$red" "${without[i]}" "$plain" \
			"$colour" "${with[i]}" "$plain"
	done
}

show_counters()
{
	local name other=''

	printf '\n  What the router counted, in /proc/net/stat/nf_appgw:\n\n'
	printf '  %6d  control connections attached\n' "${total[attached]}"
	printf '  %6d  lines read\n' "${total[lines]}"
	printf '  %6d  pinholes opened\n' "${total[opened]}"
	printf '  %6d  of them used by their data connection\n' "${total[used]}"
	for name in "${!total[@]}"; do
		case $name in
		attached | lines | opened | used) continue ;;
		esac
		[ "${total[$name]}" -eq 0 ] ||
			other+=" $name ${total[$name]}"
	done
	printf '  %6s  %s\n' "${other:+more:}" "${other:-everything else is 0}"
}

need ip nsenter nft conntrack tcpdump curl
need_server vsftpd
! appgw_loaded || die "nf_appgw is loaded already"

test_account
head -c $FILE_SIZE /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"

title "Without nf_appgw, Linux $(uname -r)"
round without

title "With nf_appgw"
echo
echo "  The same machines, the same rules. One command more:"
prompt router modprobe nf_appgw
# shellcheck disable=SC2119
load_appgw
round with

title "In short"
table
show_counters
if [ $unexpected -eq 0 ]; then
	printf '\n  %sEvery transfer failed without nf_appgw and worked with it.%s\n' \
		"$green" "$plain"
else
	printf '\n  %sNot as it should be: see above.%s\n' "$red" "$plain"
fi
printf '  %s\n' "This took $SECONDS seconds in the machine."
exit $unexpected
