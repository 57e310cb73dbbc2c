#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# appgwctl explain tells in sentences what has happened, for everything that the module
# tells; what it recommends helps. The daemon keeps the last thousand events, and nobody
# who asks for them can hold it up.
#
#   in 10.0.1.2 ---- gw (nf_appgw, appgwd) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"
# shellcheck source=selftests/lib/irc.sh
source "$SELFTESTS/lib/irc.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

CONTROL_PORT=21
# irc.sh has them as numbers
DCC_IN=$IN DCC_WAN=$WAN
IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
THIRD=203.0.113.77	# an address that is nobody's
KEPT=1000		# EVENTS_KEPT

# explained PATTERN ARG...: a line of what explain says is like that
explained()
{
	local pattern=$1 said
	shift

	said=$(ctl explain "$@" 2>&1)
	echo "$said"
	grep -qE -e "$pattern" <<<"$said"
}

# wrong TEXT ARG...: status 2, and that text
wrong()
{
	local wanted=$1 said rc
	shift

	said=$(ctl "$@" 2>&1)
	rc=$?
	echo "$rc: $said"
	[ $rc -eq 2 ] && [[ $said == *"$wanted"* ]]
}

# remedy PATTERN HOST: the words of the last remedy there that are like that
remedy()
{
	ctl explain "$2" | grep -F '    remedy: ' | tail -n 1 | grep -oE -e "$1"
}

# announce PORT [ADDRESS]: as PORT; what the server is told instead doesn't matter
announce()
{
	say send c "PORT $(six "${2:-$IN}" "$1")\r\n" >/dev/null && say get s
}

# In the place of need_control, whose file is the daemon's socket here
new_control()
{
	say close c s >/dev/null
	control >"$WORK/said" || die "no control connection: $(cat "$WORK/said")"
}

# ---- what there is to tell

real_transfer()
{
	local cmd=()

	TARGET=$OUT client_curl port get small "$WORK/small"
	in_ns in "${cmd[@]}" 2>&1 && cmp "$WORK/small" "$TEST_HOME/small"
}

transfers()
{
	check "nothing has happened: that is said" \
		explained 'nothing is remembered'
	start_server vsftpd out
	head -c 50000 /dev/urandom >"$TEST_HOME/small"
	check "a real transfer, in active mode" real_transfer
	check "its story" wait_for 20 explained \
		"^  20[0-9T:-]+[+-][0-9]{4} $IN asked $OUT \(ftp, port 21\) to connect to it at $IN:[0-9]+; the router opened $WAN:[0-9]+ for $OUT; used after [0-9]+\.[0-9] s$" \
		"$IN"
	check "of its control connection" \
		explained "^$IN:[0-9]+ > $OUT:21 \(ftp\)$" "$OUT"
	check "not of another host's" tap_fails explained "$IN" "$THIRD"
	stop_server out
}

third_party()
{
	local fxp

	new_control
	check "an address of a third party is refused: who, what and why" all_of \
		announce 50001 $THIRD \; wait_for 20 explained \
		"$IN asked $OUT \(ftp, port 21\) to connect to it at $THIRD:50001; refused, because it names somebody else's address \(refused_foreign\)$" \
		$THIRD
	fxp=$(remedy 'fxp=[0-9.]+' $THIRD)
	check "the remedy helps" all_of ctl policy set "$fxp" \; \
		announce 50001 $THIRD \; wait_for 20 explained \
		"at $THIRD:50001; the router opened $THIRD:50001 for $OUT" $THIRD
	ctl policy set fxp=
}

quota()
{
	local set

	new_control
	ctl policy set quota_host=1
	check "one too many" all_of announce 50002 \; \
		control c2 s2 \; say send c2 "PORT $(six "$IN" 50003)\r\n" \; \
		say get s2 \; wait_for 20 explained \
		"at $IN:50003; refused, because it is one too many" "$IN"
	set=$(remedy 'quota_host=NUMBER' "$IN")
	check "the remedy helps" all_of ctl policy set "${set/NUMBER/0}" \; \
		say send c2 "PORT $(six "$IN" 50003)\r\n" \; say get s2 \; \
		wait_for 20 explained \
		"at $IN:50003; the router opened $WAN:50003 for $OUT" "$IN"
	say close c2 s2
	check "the end of its connection" wait_for 20 explained \
		"$WAN:50003 for $OUT; shut unused after [0-9.]+ s, because the control connection ended" \
		"$WAN"
}

dcc()
{
	check "DCC: told to anybody" all_of irc_login \; \
		pass c s "${SENT}DCC SEND f $DCC_IN 50004 1$END" \
		"${SENT}DCC SEND f $DCC_WAN 50004 1$END" \; \
		wait_for 20 explained \
		"$IN told users of $OUT \(irc, port 6667\) to connect to it at $IN:50004; the router opened $WAN:50004 for anybody$" \
		--helper irc
	check "below 1024: refused, and nothing can be done" all_of \
		pass c s "${SENT}DCC SEND f $DCC_IN 80 1$END" \; \
		wait_for 20 explained "remedy: nothing to be done" \
		--reason refused_privileged
}

comes_in_vain()
{
	in_ns out timeout 1 bash -c ": </dev/tcp/$WAN/$1" 2>/dev/null
	[ $? -ne 0 ]
}

blocked()
{
	local rule

	new_control
	in_ns gw nft insert rule inet test forward ct state related \
		meta l4proto tcp drop
	check "the router's own firewall is in the way" all_of \
		announce 50005 \; comes_in_vain 50005 \; wait_for 20 explained \
		"$WAN:50005 for $OUT; the router's own firewall dropped what came" \
		"$IN"
	check "which end it was, of all places" \
		explained "remedy: the router's own firewall has dropped what came from $OUT: accept" \
		--type blocked
	rule=$(remedy 'ct state [a-z,]+' "$IN")
	say listen data6 in 50006 >/dev/null
	# shellcheck disable=SC2086
	check "the remedy helps" all_of \
		in_ns gw nft insert rule inet test forward $rule accept \; \
		announce 50006 \; say dial d6 out "$WAN" 50006 \; \
		wait_for 20 explained "$WAN:50006 for $OUT; used after" "$OUT"
}

# ---- filters

filters()
{
	check "--json: the events" ctl_json "len(d) > 5 and all(e['type'] in \
		('opened', 'refused') for e in d if e['reason'] in \
		('opened', 'refused_foreign')) and all(e['helper'] in \
		('ftp', 'irc') for e in d)" explain
	check "--reason, --client" ctl_json "len(d) == 1 and \
		d[0]['reason'] == 'refused_foreign'" \
		explain --reason refused_foreign --client "$IN"
	check "--client is no server" ctl_json "d == []" explain \
		--client "$OUT"
	check "--type" ctl_json "len(d) and \
		set(e['type'] for e in d) == {'used'}" explain --type used
	check "--since: a time ago, and a day" all_of \
		ctl_json "len(d) > 5" explain --since 1h \; \
		ctl_json "len(d) > 5" explain --since "$(date -d yesterday +%F)"
	check "--since: later than all of it" ctl_json "d == []" \
		explain --since 0s --type expired
	check "times that make no sense" all_of \
		wrong '"soon" is no time' explain --since soon \; \
		wrong 'no time' explain --since 2990-01-01 \; \
		wrong 'no time' events --since 25:00
	check "names that nobody knows" all_of \
		wrong 'refused_foreing' explain --reason refused_foreing \; \
		wrong 'none of opened, used' explain --type open \; \
		wrong 'none of ftp, irc' events --helper smtp \; \
		wrong 'no address' explain host.example \; \
		wrong 'no address' explain --client 10.0.0 \; \
		wrong 'are for events and explain' status --since 1h
}

# ---- the history, and what is followed

# follow FILE ARG...: appgwctl events, until it follows
follow()
{
	local file=$1
	shift

	: >"$WORK/$file.err"
	nsenter --net=/run/netns/gw -- \
		appgwctl --control "$WORK/control" --json events "$@" \
		>"$WORK/$file" 2>"$WORK/$file.err" &
	FOLLOWS+=($!)
	disown
	wait_for 20 grep -q following "$WORK/$file.err"
}

# kept EXPRESSION: what is in the history makes the Python expression true. It is more
# than an argument may be.
kept()
{
	ctl --json explain >"$WORK/history" && /usr/bin/python3 -I -S -c '
import json, sys
d = json.load(open(sys.argv[2]))
print(len(d), "events,", d[:1], "to", d[-1:])
sys.exit(not eval(sys.argv[1]))' "$1" "$WORK/history"
}

# same_as_history FILE: each event of the history is there once, in its order
same_as_history()
{
	ctl --json explain >"$WORK/history"
	/usr/bin/python3 -I -S -c '
import json, sys
told = [json.loads(l) for l in open(sys.argv[1])]
kept = json.load(open(sys.argv[2]))
print(len(told), "told,", len(kept), "kept")
sys.exit(told != kept)' "$WORK/$1" "$WORK/history"
}

# flood LINES: so many announcements, each of which is refused
flood()
{
	local lines='' i

	for ((i = 0; i < 50; i++)); do
		lines+="PORT 10,0,9,9,200,$i\r\n"
	done
	for ((i = 0; i < $1; i += 50)); do
		pass c s "$lines" >/dev/null || return
	done
}

since()
{
	local FOLLOWS=()

	new_control
	follow before --since 1h
	# it follows, and what happens before it has its answer is in that as well
	kill -STOP "$APPGWD_PID"
	check "events --since, while more happen" all_of \
		follow during --since 1h \; flood 50
	kill -CONT "$APPGWD_PID"
	announce 50007 >/dev/null
	check "followed: kept ones first, none missing, none twice" \
		wait_for 20 same_as_history before
	check "the same where history and present overlap" \
		wait_for 20 same_as_history during
	follow some --since 1h --reason opened
	announce 50008 >/dev/null
	check "a filter is for both" wait_for 20 some_are_opened
	kill "${FOLLOWS[@]}"
}

some_are_opened()
{
	grep -q '"announced":"'"$IN"':50008"' "$WORK/some" &&
		[ "$(wc -l <"$WORK/some")" -gt 3 ] &&
		! grep -v '"reason":"opened"' "$WORK/some"
}

kept_is()
{
	ctl_json "d['daemon']['events']['kept'] == $1" status
}

reload()
{
	local kept

	ctl --json explain >"$WORK/old"
	say close
	unload_appgw
	check "the module goes: the history stays" wait_for 20 same_or_more
	check "events needs the module" tap_fails ctl events --since 1h
	modprobe nf_appgw
	wait_for 20 appgwd_said 'module: listening' 2
	kept=$(ctl --json explain | grep -o '"type"' | wc -l)
	new_control
	check "it comes back: new events behind the old ones" all_of \
		announce 50009 \; wait_for 20 kept_is $((kept + 1)) \; \
		explained "at $IN:50009; the router opened" "$IN"
}

# What the module has told at its end may be there as well.
same_or_more()
{
	/usr/bin/python3 -I -S -c '
import json, sys
old = json.load(open(sys.argv[1]))
new = json.load(open(sys.argv[2]))
sys.exit(new[:len(old)] != old)' "$WORK/old" <(ctl --json explain)
}

# ---- many

full()
{
	flood 100 && kept_is $KEPT >/dev/null
}

forgotten()
{
	local said

	flood 100
	said=$(ctl explain 2>&1 >/dev/null)
	[[ $said =~ forgotten:\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 500 ]
}

# Clients that don't read. One of them reads in the end what there is, and how much the
# first line says that there would be.
stuck_clients()
{
	/usr/bin/python3 -I -S -c '
import json, socket, sys, time
def dial(path):
    s = socket.socket(socket.AF_UNIX)
    s.setblocking(False)
    try:
        s.connect(path)
    except BlockingIOError:
        pass
    return s
path = sys.argv[1]
held = [dial(path + ".events") for _ in range(30)]
status = [dial(path) for _ in range(3)]
print("held", flush=True)
sys.stdin.readline()
held[0].setblocking(True)
text = b""
while True:
    part = held[0].recv(65536)
    if not part:
        break
    text += part
lines = text.split(b"\n")
print("cut" if len(lines) - 2 < json.loads(lines[0])["events"] else "whole",
      flush=True)
' "$WORK/control"
}

answers_at_once()
{
	local before=${EPOCHREALTIME/./}

	ctl --json status >/dev/null && works_meanwhile || return
	echo "$((${EPOCHREALTIME/./} - before)) us"
	[ $((${EPOCHREALTIME/./} - before)) -lt $(($(scaled 2) * 1000000)) ]
}

was_cut()
{
	echo "it is $1"
	[ "$1" = cut ]
}

works_meanwhile()
{
	announce 50010 && kill -0 "$APPGWD_PID"
}

# What a socket takes before somebody reads it: less than there will be to tell
SEND_BUFFER=/proc/sys/net/core/wmem_default

many()
{
	local stuck was

	was=$(cat $SEND_BUFFER)
	check "a flood: $KEPT are kept" wait_for 60 full
	check "and not one more, older ones are forgotten" all_of \
		wait_for 60 forgotten \; kept_is $KEPT \; \
		kept "len(d) == $KEPT"
	check "explain tells all of it" explained "10\.0\.9\.9" "$OUT"
	echo 16384 >$SEND_BUFFER
	coproc STUCK { stuck_clients; }
	read -r stuck <&"${STUCK[0]}"
	check "clients that don't read: others are answered at once" \
		answers_at_once
	check "the history, when they have been hung up on" \
		wait_for 60 kept "len(d) == $KEPT"
	echo >&"${STUCK[1]}"
	read -r stuck <&"${STUCK[0]}"
	check "one that was too slow sees that it is cut short" \
		was_cut "$stuck"
	echo "$was" >$SEND_BUFFER
}

# has_overrun: messages for somebody in gw have been dropped
has_overrun()
{
	flood 100 && awk '$9 > 0 && $9 != "Drops" { n++ } END { exit !n }' \
		"/proc/${NS_PID[gw]}/net/netlink"
}

overrun()
{
	kill -STOP "$APPGWD_PID"
	check "it doesn't read for a while, and much happens" \
		wait_for 60 has_overrun
	kill -CONT "$APPGWD_PID"
	wait_for 20 ctl status >/dev/null
	announce 50011 >/dev/null
	check "how many are missing, and where" wait_for 20 explained \
		'^ *[1-9][0-9]* events are missing here$'
	check "status counts them" ctl_json \
		"d['daemon']['events']['lost'] > 0" status
}

# ---- the log, and no daemon

# as_group GID ARG...: appgwctl of somebody who has no privileges
as_group()
{
	in_ns gw setpriv --reuid 65534 --regid "$1" --clear-groups \
		"$(command -v appgwctl)" --control "$WORK/control" "${@:2}"
}

logs()
{
	check "refusals are in the log, others are not" all_of \
		appgwd_said "^$IN:[0-9]+ > $OUT:21: refused \(refused_foreign\) port $THIRD:50001: names" \; \
		tap_fails appgwd_said ': opened port'
	appgwd_stop
	appgwd_start --queue 3 --log-events all --control-group nogroup
	say close
	new_control
	check "log-events = all: all of them" all_of announce 50012 \; \
		wait_for 20 appgwd_said "^$IN:[0-9]+ > $OUT:21: opened port"
	check "a member of the daemon's group is told, and nobody else" all_of \
		as_group 65534 explain \; tap_fails as_group 65533 explain
	appgwd_stop
	appgwd_start --queue 3 --log-events off
	check "off: none" all_of announce 50013 $THIRD \; wait_for 20 explained \
		"$THIRD" \; tap_fails appgwd_said 'refused'
	appgwd_stop
	check "without the daemon: what is needed is said" \
		explained 'history needs appgwd: systemctl start appgwd.*appgwctl events'
}

need appgwctl nft conntrack curl setpriv /usr/bin/python3
need_server vsftpd
plan 44
say_start
load_appgw
scene masq
in_ns gw nft insert rule inet test forward tcp dport $IRC_PORT accept
appgwd_start --queue 3 || die "appgwd doesn't listen"
for part in transfers third_party quota dcc blocked filters since reload many \
	overrun logs; do
	since=$SECONDS
	$part
	note "$part took $((SECONDS - since)) s"
done
note "took $SECONDS s"
