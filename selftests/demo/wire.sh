# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the router sees of a transfer, on its two wires and in conntrack.

# Read by the other parts.
# shellcheck disable=SC2034

# First packets of connections
SYNS='tcp[13] & 2 != 0 or (ip6[6] = 6 and ip6[53] & 2 != 0)'

# Bytes of a packet that tcpdump reads: its ring has place for eight of the length
# that it reads by default, and loses what comes at once beyond them
SNAPLEN=2000

# Of the last transfer: what tcpdump and conntrack have written.
wire=$WORK/wire
events=$WORK/events
wire_port=
conntrack_pid=
tcpdump_pid=

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

# routes TOPOLOGY: a new router, of which conntrack tells even what concerns a
# connection that was there before it was asked
routes()
{
	topology "$1"
	in_ns gw sysctl -q net.netfilter.nf_conntrack_events=1
}

# is_subscribed PID: some netfilter socket of its namespace listens to events
# shellcheck disable=SC2317
is_subscribed()
{
	awk '$2 == 12 && $4 !~ /^0+$/ { found = 1 } END { exit !found }' \
		"/proc/$1/net/netlink"
}

# watch_router PORT [OPTION...]: control connections to that port, and the first
# packet of every other one; options for tcpdump. Not in_ns: the process ids are
# to be those of the tools themselves.
watch_router()
{
	wire_port=$1
	nsenter --net=/run/netns/gw -- stdbuf -oL conntrack -E expect \
		>"$events" 2>&1 &
	conntrack_pid=$!
	nsenter --net=/run/netns/gw -- tcpdump -i any -n -l -t --immediate-mode \
		-s $SNAPLEN "${@:2}" "tcp port $1 or $SYNS" >"$wire" 2>"$wire.err" &
	tcpdump_pid=$!
	wait_for 20 grep -q 'listening on' "$wire.err" ||
		die "tcpdump: $(tail -n 1 "$wire.err")"
	wait_for 20 is_subscribed $conntrack_pid ||
		die "conntrack shows no events: $(tail -n 1 "$events")"
}

# watch_end with|without: not before both have told what there was
watch_end()
{
	[ "$1" = without ] || wait_for 20 grep -q DESTROY "$events"
	kill -INT $tcpdump_pid $conntrack_pid
	wait $tcpdump_pid $conntrack_pid
}

# syns INTERFACE In|Out: "from -> to" of each data connection's first packet
syns()
{
	awk -v dev="$1" -v dir="$2" -v control=".$wire_port" '
		function pretty(s, port) {
			port = s
			sub(/.*\./, "", port)
			sub(/\.[0-9]+$/, "", s)
			return (s ~ /:/ ? "[" s "]" : s) ":" port
		}
		$1 == dev && $2 == dir && /Flags \[S\],/ {
			sub(/:$/, "", $6)
			if (substr($6, length($6) - length(control) + 1) != control)
				print pretty($4) " -> " pretty($6)
		}
	' "$wire"
}

# dropped_by_firewall: packets so far
dropped_by_firewall()
{
	in_ns gw nft list chain inet test forward |
		awk '/comment "dropped"/ { print $3 }'
}

# was_dropped FROM TO: the data connection between those namespaces; sets tries,
# how often it came
was_dropped()
{
	tries=$(syns "$(wire_of "$1")" In | grep -c .)
	[ "$tries" -gt 0 ] &&
		[ "$(syns "$(wire_of "$2")" Out | grep -c .)" -eq 0 ] &&
		[ "$(dropped_by_firewall)" -gt 0 ]
}

# show_announcement WHO SENT WHOM RECEIVED: what was sent on one wire, what was
# received on the other
show_announcement()
{
	local sent=$2 received=$4

	[ -n "$sent" ] || {
		fact "$1 sent" nothing
		return
	}
	fact "$1 sent" "$sent"
	fact "" "\"$(come_to "$sent")\""
	if [ "$received" = "$sent" ]; then
		fact "$3 received" "the same"
	else
		fact "$3 received" "$bold${received:-nothing}$plain"
		[ -z "$received" ] || fact "" "\"$(come_to "$received")\""
	fi
}

# number_to_ip N: an IPv4 address that is written as one decimal number
number_to_ip()
{
	echo "$(($1 >> 24)).$(($1 >> 16 & 255)).$(($1 >> 8 & 255)).$(($1 & 255))"
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
	elif [[ $1 =~ DCC\ SEND\ [^\ ]+\ ([^\ ]+)\ $n ]]; then
		m=("${BASH_REMATCH[@]}")
		[[ ${m[1]} == *:* ]] || m[1]=$(number_to_ip "${m[1]}")
		echo "come to ${m[1]}, port ${m[2]}"
	elif [[ $1 =~ IP-Address:\ ([^,]+),\ Port:\ $n ]]; then
		m=("${BASH_REMATCH[@]}")
		echo "come to ${m[1]}, port ${m[2]}"
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
		if (v["src"] ~ /^(0\.0\.0\.0|::)$/)
			v["src"] = "anyone"
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

# show_data_connection FROM TO: namespaces
show_data_connection()
{
	local came left

	came=$(syns "$(wire_of "$1")" In | head -n 1)
	left=$(syns "$(wire_of "$2")" Out | head -n 1)
	[ -n "$came" ] || {
		fact "data connection" "none that reached the router"
		return
	}
	fact "data connection" "$(side_of "$1")  $came"
	fact "" "$(side_of "$2")  ${left:-nothing}"
}

# came_whole GOT SENT: a file; prints its result
came_whole()
{
	local sum

	sum=$(sha256sum <"$2")
	[ -e "$1" ] && [ "$(sha256sum <"$1")" = "$sum" ] || return
	why="ok, $(stat -c %s "$1") bytes"
	fact result "$green$why, same SHA-256: ${sum:0:12}...$plain"
}

# failed TEXT [MORE]: prints that result
failed()
{
	fact result "${red}FAILED: $1$plain"
	[ -z "${2:-}" ] || fact "" "$2"
}
