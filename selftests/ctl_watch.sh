#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# appgwctl watch says what a host tries and what stops it, opens nothing unless told
# to, and leaves nothing behind however it ends.
#
#   in 10.0.1.2 ---- gw (masquerade, nf_appgw) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
WATCH_PID=
SEEN=$WORK/watch.out SAID=$WORK/watch.err
NEIGHBOUR=10.0.1.9
readonly CHAIN='by table inet test chain'

# Not installed here
PROFILES=$SELFTESTS/../daemon/profiles

# watch_start ARG...: until it watches; with the daemon's library of shell functions it
# could not be signalled
watch_start()
{
	: >"$SEEN"
	: >"$SAID"
	nsenter --net=/run/netns/gw -- appgwctl watch --profiles "$PROFILES" "$@" \
		</dev/null >"$SEEN" 2>"$SAID" &
	WATCH_PID=$!
	wait_for 20 grep -q 'appgwctl: watching' "$SAID" || {
		cat "$SAID"
		return 1
	}
}

# watch_end STATUS [SIGNAL]: it ends with that status
watch_end()
{
	local rc pid=$WATCH_PID

	WATCH_PID=
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	rc=$?
	cat "$SEEN" "$SAID"
	[ $rc -eq "$1" ] || {
		echo "exit status $rc instead of $1"
		return 1
	}
}

# seen PATTERN: a line of what it prints is like that, soon
seen()
{
	wait_for 10 grep -qE -e "$1" "$SEEN" || {
		cat "$SEEN" "$SAID"
		return 1
	}
}

unseen()
{
	! grep -E -e "$1" "$SEEN"
}

# no_table: nothing of watch's is in the router's rules
no_table()
{
	! in_ns gw nft list ruleset | grep appgw_watch
}

rule()
{
	in_ns gw nft insert rule inet test "$@"
}

# refused_call TEXT ARG...: with that text, status 2, and nothing done
refused_call()
{
	local text=$1 said rc
	shift

	said=$(ctl watch "$@" 2>&1)
	rc=$?
	echo "$rc: $said"
	[ $rc -eq 2 ] && [[ $said == *"$text"* ]] && no_table
}

# neighbour: the host has the address of another one as well
neighbour()
{
	ip -n in addr add "$NEIGHBOUR/24" dev eth0
}

blocked()
{
	say blocked "$@"
}

another_watch()
{
	local said rc

	said=$(ctl watch "$OUT" --for 5s 2>&1)
	rc=$?
	echo "$rc: $said"
	[ $rc -eq 2 ] && [[ $said == *"does another watch run"* ]]
}

calls()
{
	scene masq
	check "no host: an error" refused_call 'address of one host'
	check "two hosts: an error" refused_call 'address of one host' "$IN" "$OUT"
	check "a name is none" refused_call 'IPv4 or IPv6 address' localhost
	check "commands of nft are none" refused_call 'IPv4 or IPv6 address' \
		"$IN; flush ruleset"
	check "nor is a prefix" refused_call 'IPv4 or IPv6 address' 10.0.1.0/24
	check "a time that is none" refused_call '--for takes' --for 5x "$IN"
	check "without CAP_NET_ADMIN: an error that says so" eval \
		'said=$(in_ns gw setpriv --reuid 65534 --clear-groups \
		"$(command -v appgwctl)" watch "$IN" 2>&1); [ $? -eq 2 ] &&
		[[ $said == *CAP_NET_ADMIN* ]]'
	check "nothing happens: status 0 after --for" eval \
		'said=$(ctl watch "$IN" --for 1s 2>&1) &&
		[[ $said == *"nothing was seen"* ]] && no_table'
	check "another one at the same time is refused" all_of \
		watch_start "$IN" \; another_watch \; watch_end 0
}

drops()
{
	scene masq
	rule forward tcp dport 7123 drop comment '"no"' || die "no rule"
	rule forward tcp dport 7100 reject || die "no rule"
	rule forward tcp dport 7200 accept || die "no rule"
	watch_start "$IN" || die "no watch"
	check "a policy" all_of blocked in "$OUT" 5190 \; \
		seen "^tcp $IN > $OUT:5190  dropped 1x $CHAIN forward policy drop: \"AIM, ICQ\": profile aim"
	check "a rule, with its handle and text" all_of blocked in "$OUT" 7123 \; \
		seen "^tcp $IN > $OUT:7123  dropped 1x $CHAIN forward rule [0-9]+ \"tcp dport 7123 drop comment .?\"no.?\"\": unknown"
	rule forward tcp dport 7001 drop || die "no rule"
	check "one that is younger than the watch" all_of blocked in "$OUT" 7001 \; \
		seen "^tcp $IN > $OUT:7001  dropped 1x $CHAIN forward rule [0-9]+ \"tcp dport 7001 drop"
	check "a rule that rejects" all_of blocked in "$OUT" 7100 \; \
		seen "^tcp $IN > $OUT:7100  dropped .* rule [0-9]+ \"tcp dport 7100 reject"
	check "what passes" all_of control \; \
		seen "^tcp $IN > $OUT:21  passes, 1x: \"FTP, for clients\"$"
	check "what the other end refuses" all_of blocked in "$OUT" 7200 \; \
		seen "^tcp $IN > $OUT:7200  let through, refused by the other end 1x"
	check "from outside, to the router itself" all_of \
		blocked out "$WAN" 7300 \; \
		seen "^tcp $OUT > $WAN:7300  dropped 1x $CHAIN input policy drop"
	check "of another host's, nothing" all_of neighbour \; \
		blocked in "$OUT" 7400 bind="$NEIGHBOUR" \; unseen ':7400'
	check "its end: status 1, with all counts" all_of watch_end 1 INT \; \
		eval 'sed "1,/^in all:/d" "$SEEN" | grep -q ":7123  dropped [1-9]"'
	check "nothing is left" no_table
	check "--json: each line an object" json_lines
	say close >/dev/null
}

json_lines()
{
	watch_start "$IN" --json && blocked in "$OUT" 5190 && seen 5190 &&
		watch_end 1 && /usr/bin/python3 -I -S -c '
import json, sys
d = [json.loads(l) for l in open(sys.argv[1])]
f = [e for e in d if e["dst"] == sys.argv[2]][-1]
sys.exit(not (f["state"] == "dropped" and f["count"] >= 1 and f["proto"] == "tcp"
         and f["src"] == sys.argv[3] and f["service"] == "AIM, ICQ" and
         f["by"] == "table inet test chain forward policy drop"))
' "$SEEN" "$OUT:5190" "$IN"
}

six_drops()
{
	scene masq6
	watch_start "${IP6[in]}" || die "no watch"
	check "IPv6: a policy" all_of blocked in "${IP6[out]}" 5050 \; \
		seen "^tcp ${IP6[in]} > \[${IP6[out]}\]:5050  dropped 1x $CHAIN forward policy drop: \"Yahoo"
	check "IPv6: its end" all_of watch_end 1 \; no_table
	check "IPv6: --allow lets through" all_of \
		say listen l6 out 7500 \; blocked in "${IP6[out]}" 7500 \; \
		watch_start --allow --yes "${IP6[in]}" \; \
		say dial c6 in "${IP6[out]}" 7500 \; say accept s6 l6
	check "IPv6: until its end" all_of watch_end 0 \; \
		blocked in "${IP6[out]}" 7500 \; no_table
	say close >/dev/null
}

# A control connection to a port that the module doesn't look at
told_by()
{
	say listen l2121 out 2121 && say dial c2 in "$OUT" 2121 &&
		say accept s2 l2121 && pass s2 c2 '220 ready\r\n' &&
		pass c2 s2 "PORT $(six "$IN" 50113)\r\n"
}

bytes_seen()
{
	scene masq
	rule forward tcp dport '{ 2121, 4000 }' accept || die "no rule"
	watch_start "$IN" || die "no watch"
	check "a port that HOST has told, and the one who comes for it in vain" \
		all_of told_by \; blocked out "$WAN" 50113 \; \
		seen "^$IN told $OUT port 50113 on tcp 2121: add 2121 to ports"
	check "a service by its first bytes" all_of \
		say listen l4000 out 4000 \; say dial c4 in "$OUT" 4000 \; \
		say accept s4 l4000 \; \
		pass c4 s4 '\x2a\x01\x00\x01\x00\x04\x00\x00\x00\x01'
	check "the end has its name" all_of watch_end 1 \; \
		seen "^tcp $IN > $OUT:4000  passes, 1x: \"AIM, ICQ\""
	say close >/dev/null
	check "a port that HOST has told a helped connection: no word of it" \
		all_of watch_start "$IN" \; control \; \
		pass c s "PORT $(six "$IN" 50000)\r\n" "PORT $(six "$WAN" 50000)\r\n" \; \
		watch_end 0 \; unseen ' told '
	check "our own refusals" all_of watch_start "$IN" \; \
		say send c "PORT $(six 192.0.2.7 50001)\r\n" \; \
		seen 'refused.*foreign' \; watch_end 1
	say close >/dev/null
	watch_start "$IN" || die "no watch"
	check "kill -9: the table goes with it" all_of \
		eval 'in_ns gw nft list ruleset | grep -q appgw_watch' \; \
		watch_end 137 KILL \; no_table
	check "another can watch then" all_of watch_start "$IN" \; watch_end 0
}

logged()
{
	local line

	FIREWALL=iptables
	scene masq
	while read -r line; do
		# shellcheck disable=SC2086 # words
		[[ $line != "iptables "* ]] || in_ns gw iptables-legacy ${line#iptables } ||
			die "the rule that is printed can't be set"
	done < <(ctl watch --print-rule)
	watch_start "$IN" || die "no watch"
	check "iptables-legacy: it says that this can't be traced" \
		grep -q 'iptables-legacy' "$SAID"
	check "and sees what the rule logs that it has printed" all_of \
		blocked in "$OUT" 1863 \; \
		seen "^tcp $IN > $OUT:1863  dropped 1x by the rule that logs to group 5: \"MSN"
	check "its end: status 1" all_of watch_end 1 \; no_table
	FIREWALL=nft
}

# no_rules: the router's rules are as they were
no_rules()
{
	in_ns gw nft -s list ruleset >"$WORK/rules.now"
	diff "$WORK/rules" "$WORK/rules.now"
}

watch_over()
{
	wait "$WATCH_PID"
}

lets_through()
{
	say dial ca in "$OUT" 7500 && say accept sa l7500 && pass ca sa 'hello'
}

no_guard()
{
	! pgrep -x appgwctl
}

# ended_as_begun: whatever has been killed, all is shut and as it was
ended_as_begun()
{
	wait_for 10 no_guard && no_rules && say blocked in "$OUT" 7500
}

no_element()
{
	! in_ns gw nft list set inet test appgw_watch | grep elements
}

without_guard()
{
	local pid

	watch_start "$IN" --allow --yes --for 3s || return
	for pid in $(pgrep -x appgwctl); do
		[ "$pid" = "$WATCH_PID" ] || kill -KILL "$pid"
	done
	watch_end 137 KILL
	# still open, and then not, by the set alone
	lets_through && say close ca sa && wait_for 20 no_element &&
		in_ns gw nft list ruleset | grep 'saddr @appgw_watch' &&
		blocked in "$OUT" 7500
}

allowed()
{
	scene masq
	in_ns gw nft -s list ruleset >"$WORK/rules"
	say listen l7500 out 7500
	check "--allow without --yes: an error that says what it would do" \
		refused_call 'add --yes' --allow "$IN"
	check "--allow for too long" refused_call 'up to 1h' --allow --yes \
		--for 2h "$IN"
	check "--allow: what was dropped is let through" all_of \
		blocked in "$OUT" 7500 \; watch_start --allow --yes "$IN" \; \
		lets_through \; seen "^tcp $IN > $OUT:7500  passes"
	ip -n out route add "$IN" via "$WAN"
	say listen l7600 in 7600
	check "nothing comes in" all_of blocked out "$IN" 7600 \; \
		blocked out "$WAN" 7600
	check "nobody else is let through" all_of neighbour \; \
		blocked in "$OUT" 7500 bind="$NEIGHBOUR"
	check "another one meanwhile is refused, and shuts nothing" all_of \
		refused_beside \; say close ca sa \; lets_through
	check "its end: what to make permanent, and all is as before" all_of \
		watch_end 1 \; seen "nft insert rule FAMILY TABLE CHAIN ip saddr $IN ip daddr $OUT tcp dport 7500 accept" \; \
		ended_as_begun
	say close ca sa >/dev/null
	check "what is printed can be loaded" in_ns gw nft -c insert rule inet \
		test forward ip saddr "$IN" ip daddr "$OUT" tcp dport 7500 accept
	check "the time is over: all is as before" all_of \
		watch_start "$IN" --allow --yes --for 1s \; watch_over \; \
		ended_as_begun
	check "kill -9: the other process shuts it" all_of \
		watch_start "$IN" --allow --yes \; lets_through \; \
		say close ca sa \; watch_end 137 KILL \; ended_as_begun
	check "both are killed: shut when the time is over" without_guard
	check "what they have left goes with the next one" all_of \
		watch_start "$IN" --allow --yes \; watch_end 0 \; ended_as_begun
	in_ns gw nft flush ruleset
	check "nothing filters: nothing to open" refused_call 'can open nothing' \
		--allow --yes "$IN"
	say close >/dev/null
}

refused_beside()
{
	local said rc

	said=$(ctl watch --allow --yes "$IN" 2>&1)
	rc=$?
	echo "$rc: $said"
	[ $rc -eq 2 ] && [[ $said == *"does another watch run"* ]]
}

declare -A CHECKS=([calls]=9 [drops]=11 [six_drops]=4 [bytes_seen]=7 [logged]=3
	[allowed]=13)

need appgwctl nft conntrack iptables-legacy pgrep /usr/bin/python3
[ $# -gt 0 ] || set -- calls drops six_drops bytes_seen logged allowed
daemon_parts "" "$@"
