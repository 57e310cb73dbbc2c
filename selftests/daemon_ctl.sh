#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# appgwctl shows what the module knows, and sets its policy, with the same
# result as genl.py, which reads the messages in its own way.
#
#   in 10.0.1.2 ---- gw (nf_appgw) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/genl.sh
source "$SELFTESTS/lib/genl.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
PORT=50000

# says PATTERN ARG...: a line of what appgwctl prints is like that
says()
{
	local pattern=$1 said
	shift

	said=$(ctl "$@" 2>&1)
	echo "$said"
	grep -qE -e "$pattern" <<<"$said"
}

# refused TEXT NAME=VALUE...: with that text and status 1, and nothing changed
refused()
{
	local text=$1 before after said rc
	shift

	before=$(ctl policy get)
	said=$(ctl policy set "$@" 2>&1)
	rc=$?
	after=$(ctl policy get)
	echo "$said"
	[ $rc -eq 1 ] && [[ $said == *"$text"* ]] && [ "$before" = "$after" ]
}

# wrong_usage ARG...
wrong_usage()
{
	ctl "$@" >"$WORK/usage" 2>&1
	[ $? -eq 2 ] && grep -q '^usage:' "$WORK/usage"
}

bad_column()
{
	ctl -o client,colour flows >"$WORK/said" 2>&1
	set -- $?
	cat "$WORK/said"
	[ "$1" -eq 1 ] && grep -q '"colour": HELPER CLIENT SERVER' "$WORK/said"
}

# ---- policy

policy_checks()
{
	check "policy get, as genl.py reads it" all_of \
		says '^login=1$' policy get \; says '^passive_ports=$' policy get
	check "policy get --json" ctl_json "d['login'] is True and \
		d['quota_host'] > 0 and d['fxp'] == [] and \
		d['passive_ports'] == ''" policy get
	check "policy set: all kinds of value, seen by genl.py" all_of \
		ctl policy set login=0 quota_host=7 passive_ports=50000-50999 \
			fxp=10.0.0.0/8,fd00::/16,192.0.2.1 \; \
		policy_is gw login=0 quota_host=7 passive_ports=50000-50999 \
			fxp=10.0.0.0/8,fd00::/16,192.0.2.1/32
	check "what get prints, set takes" round_trip
	check "values taken away" all_of ctl policy set passive_ports= fxp= \; \
		policy_is gw passive_ports= fxp= quota_host=7
	check "dcc_ports" all_of ctl policy set dcc_ports=51000-51010 \; \
		says '^dcc_ports=51000-51010$' policy get
	check "media_source" all_of ctl policy set media_source=address \; \
		says '^media_source=address$' policy get \; \
		ctl_json "d['media_source'] == 'address'" policy get \; \
		policy_is gw media_source=1 \; ctl policy set media_source=port
	check "discovery" all_of ctl policy set discovery=snmp,ssdp \; \
		says '^discovery=ssdp,snmp$' policy get \; \
		policy_is gw discovery=34
	check "discovery: none" all_of ctl policy set discovery=none \; \
		ctl_json "d['discovery'] == []" policy get \; \
		ctl policy set discovery= \; policy_is gw discovery=0
	check "policy set --json says what it is now" \
		ctl_json "d['quota_host'] == 9" policy set quota_host=9
	# shellcheck disable=SC2258 # the commas are what is tested
	for word in login=2 login= login=x login quota_host=4294967296 \
		quota_host=-1 passive_ports=1 passive_ports=1-2-3 \
		passive_ports=70000-70001 fxp=10.0.0.0/33 fxp=10.0.0 \
		fxp=fd00::/129 fxp=10.0.0.0/8, media_source= \
		media_source=por media_source=1 discovery=dns \
		discovery=ssdp, discovery=none,ssdp discovery=63; do
		check "$word is refused" refused "$word" "$word"
	done
	check "an unknown name is" refused colour=red colour=red
	check "privileged ports are, by the kernel's words" \
		refused 'not a range of ports from 1024' passive_ports=80-90
	check "good and bad together: nothing" \
		refused login=x quota_host=3 login=x
	ctl policy set login=1 quota_host=64
}

round_trip()
{
	local before

	before=$(ctl policy get)
	# shellcheck disable=SC2046
	ctl policy set login=1 && ctl policy set $before &&
		[ "$(ctl policy get)" = "$before" ]
}

# ---- what there is to see

seen()
{
	act masq
	check "flows: none" ctl_json "d == []" flows
	check "pinholes: none" ctl_json "d == []" pinholes
	in_ns gw appgwctl events >"$WORK/events" 2>"$WORK/events.err" &
	in_ns gw appgwctl --json events >"$WORK/json" 2>"$WORK/json.err" &
	wait_for 20 follows "$WORK/events.err"
	wait_for 20 follows "$WORK/json.err"
	check "a control connection, and a pinhole for it" announces
	check "flows" says "^ftp +$IN:[0-9]+ +$OUT:21 +reading +1 +1 +0 +-$" \
		flows
	check "flows --json" ctl_json "len(d) == 1 and d[0]['helper'] == 'ftp' \
		and d[0]['server'] == '$OUT:21' and d[0]['pinholes'] == 1 \
		and d[0]['state'] == 'reading' and d[0]['edits'] == 1" flows
	check "columns that are chosen, in a row alone" \
		says "^$OUT:21 +ftp$" -n -o server,helper flows
	check "pinholes" says "^$IN:[0-9]+ +$OUT:21 +open +port +$IN:$PORT +$WAN:$PORT +$OUT +20[0-9T:-]+Z +20[0-9T:-]+Z +-$" \
		pinholes
	check "their times" ctl_json "d[0]['time'] < d[0]['expires'] and \
		'came' not in d[0]" pinholes
	check "pinholes --json" ctl_json "len(d) == 1 and \
		d[0]['announced'] == '$IN:$PORT' and \
		d[0]['public'] == '$WAN:$PORT' and d[0]['type'] == 'opened' \
		and d[0]['kind'] == 'port'" pinholes
	check "status: the module's version" ctl_json \
		"d['module_version'] == '$(version_of)'" status
	check "modinfo has it, too" eval \
		'[ "$(modinfo -F version nf_appgw)" = "$(version_of)" ]'
	check "events has told of it" wait_for 20 grep -qE \
		"^20[0-9T:.-]+Z $IN:[0-9]+ > $OUT:21: opened port $IN:$PORT as" \
		"$WORK/events"
	check "events --json too" wait_for 20 told_json
	check "stats" says '^module opened +1$' stats
	check "stats --json" ctl_json "d['module']['opened'] == 1 \
		and d['module']['attached'] == 1 and 'daemon' not in d" stats
	check "many flows: all of them, in several messages" many_flows
	check "a flow that isn't read: the reason, as the counters have it" \
		given_up
	check "one that has ended is closed" ended
	check "the module goes: events ends, and says why" all_of \
		say close \; unload_appgw \; wait_for 20 grep -q unloaded \
		"$WORK/events.err"
}

version_of()
{
	sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$SELFTESTS/../dkms.conf" 2>/dev/null ||
		modinfo -F version nf_appgw
}

follows()
{
	grep -q following "$1"
}

announces()
{
	control && pass c s "PORT ${IN//./,},$((PORT / 256)),$((PORT % 256))\r\n" \
		"PORT ${WAN//./,},$((PORT / 256)),$((PORT % 256))\r\n"
}

told_json()
{
	/usr/bin/python3 -I -S -c '
import json, sys
d = [json.loads(l) for l in open(sys.argv[1])]
sys.exit(not any(e["type"] == "opened" and e["public"] == sys.argv[2]
                 for e in d))' "$WORK/json" "$WAN:$PORT"
}

# More than a message of the kernel's holds, 32 KiB
MANY=400
many_flows()
{
	local i

	for ((i = 0; i < MANY; i++)); do
		say dial "m$i" in "$OUT" 21 &&
			say accept "n$i" control21 >/dev/null || return 1
	done
	ctl_json "len(d) == $MANY + 1 and \
		len(set(f['client'] for f in d)) == $MANY + 1" flows
}

# ---- who asks, and where

# member ARG...: somebody who may ask the daemon and not the module
member()
{
	in_ns gw setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$(command -v appgwctl)" --control "$WORK/control" "$@"
}

member_is_told()
{
	local said

	said=$(member --json "$1") || return
	echo "$said"
	/usr/bin/python3 -I -S -c '
import json, sys
d = json.loads(sys.argv[1])
sys.exit(not eval(sys.argv[2]))' "$said" "$2"
}

members()
{
	load_appgw
	appgwd_start --queue 3 --control-group nogroup
	check "a member of the daemon's group: status" member_is_told status \
		"d['module'] and len(d['listeners']) == 1 and \
		 d['listeners'][0]['queue'] == 3 and d['daemon']['listening'] and \
		 'module' not in d['daemon']"
	check "and stats" member_is_told stats \
		"d['module']['attached'] == 0 and d['daemon']['packets'] == 0"
	check "flows are for holders of CAP_NET_ADMIN" tap_fails member flows
	appgwd_stop
	check "and without the daemon nothing is for him" tap_fails member status
}

# found NS STATUS EXPRESSION: what is said where nobody names a control socket
found()
{
	local said rc

	said=$(in_ns "$1" appgwctl --json status)
	rc=$?
	echo "$rc: $said"
	[ $rc -eq "$2" ] && /usr/bin/python3 -I -S -c '
import json, sys
d = json.loads(sys.argv[1])["daemon"]
sys.exit(not eval(sys.argv[2]))' "$said" "$3"
}

says_elsewhere()
{
	in_ns gw appgwctl status | grep 'here, but in another network namespace'
}

namespaces()
{
	local first

	appgwd_start --queue 3 --control /run/appgwd/control
	first=$APPGWD_PID
	appgwd_start NS=in --queue 3 --control /run/appgwd-inside/control
	check "two namespaces: each finds its own daemon" all_of \
		found gw 0 "d['pid'] == $first" \; \
		found in 0 "d['pid'] == $APPGWD_PID"
	kill -STOP "$APPGWD_PID"
	check "one is stopped: the other is still found" \
		found gw 0 "d['pid'] == $first"
	kill -CONT "$APPGWD_PID"
	kill -TERM "$first"
	wait "$first"
	check "its own has ended: none, though there is another" all_of \
		found gw 2 "d is None" \; says_elsewhere
	appgwd_stop
}

given_up()
{
	say dial x in "$OUT" 21 && say accept xs control21 >/dev/null &&
		pass x xs 'USER me\r\n' && ctl_json "any(f['state'] == \
		'stopped_client_first' for f in d)" flows
}

ended()
{
	local port

	port=$(say port c) && say close c s && wait_for 20 ctl_json \
		"any(f['state'] == 'closed' and \
		f['client'] == '$IN:$port' for f in d)" flows
}

# The module of another version: the one that is installed, with a string changed
versions()
{
	local own other=$WORK/nf_appgw.ko

	own=$(version_of)
	sed "s/\x00$own\x00/\x00${own//[0-9]/9}\x00/g" \
		"$(modinfo -F filename nf_appgw)" >"$other"
	unload_appgw
	insmod "$other" || die "the other version does not load"
	check "module and daemon of different versions: the log says so" all_of \
		appgwd_start --queue 3 \; appgwd_said \
		"nf_appgw is version ${own//[0-9]/9}, this is $own" 1
	check "and status" says '^versions +of module and daemon differ' status
	appgwd_stop
	load_appgw
	check "of the same: neither" all_of appgwd_start --queue 3 \; \
		tap_fails appgwd_said 'is version' \; \
		tap_fails says differ status
	appgwd_stop
}

need appgwctl insmod nft conntrack /usr/bin/python3
plan 69
say_start
genl_start
load_appgw
act masq
check "no command: usage" wrong_usage
check "unknown command: usage" wrong_usage flow
check "a word too many: usage" wrong_usage status now
check "policy set without a word: usage" wrong_usage policy set
check "unknown option: usage" wrong_usage --jsom status
check "without CAP_NET_ADMIN: an error that says so" all_of \
	tap_fails in_ns gw setpriv --reuid 65534 --clear-groups \
	"$(command -v appgwctl)" stats
check "a column that there isn't: an error, which says what there is" \
	bad_column
policy_checks
seen
members
versions
namespaces
note "took $SECONDS s"
