#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# appgwctl top shows connections and pinholes as they are, on terminals of any size, and
# without one only once.
#
#   in 10.0.1.2 ---- gw (masquerade, nf_appgw) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
PORT=50000

screen()
{
	tmux -L appgw -f /dev/null "$@"
}

# screen_start COLUMNS LINES [VARIABLE=VALUE]: top, on a terminal of that size
screen_start()
{
	rm -f "$WORK/status"
	screen new-session -d -x "$1" -y "$2" \
		"nsenter --net=/run/netns/gw -- env ${3:-A=b} appgwctl top 2>$WORK/said; echo \$? >$WORK/status; exec sleep infinity"
}

screen_stop()
{
	screen kill-server
	# it goes in the background
	wait_for 10 tap_fails screen has-session 2>/dev/null
}

# shown PATTERN: a line on the terminal is like that, soon
shown()
{
	wait_for 10 shows "$1" || {
		screen capture-pane -p
		cat "$WORK/said"
		return 1
	}
}

shows()
{
	screen capture-pane -p | grep -qE -e "$1"
}

# ended_with STATUS
ended_with()
{
	wait_for 10 test -s "$WORK/status" && [ "$(cat "$WORK/status")" = "$1" ]
}

announces()
{
	control && pass c s "PORT $(six "$IN" $PORT)\r\n" "PORT $(six "$WAN" $PORT)\r\n"
}

# seconds_left: of the pinhole, as it is on the terminal
seconds_left()
{
	screen capture-pane -p | awk '$1 == "pinhole" { print $NF }'
}

counts_down()
{
	local before now

	before=$(seconds_left)
	[[ $before =~ ^[0-9]+$ ]] || return
	wait_for 10 less_than "$before"
}

less_than()
{
	local now

	now=$(seconds_left)
	[[ $now =~ ^[0-9]+$ ]] && [ "$now" -lt "$1" ]
}

once()
{
	scene masq
	check "nothing: no rows, and how to have all columns" eval \
		'said=$(ctl top --once 2>"$WORK/said") && [ -z "$said" ] &&
		grep -q nf_conntrack_acct=1 "$WORK/said"'
	check "a connection and a pinhole" announces
	check "both; no bytes while conntrack doesn't count" ctl_json \
		"len(d) == 2 and [e for e in d if e['type'] == 'flow' and \
		e['what'] == 'ftp' and e['server'] == '$OUT:21' and \
		'bytes' not in e] and [e for e in d if e['type'] == 'pinhole' \
		and e['state'] == 'open' and e['public'] == '$WAN:$PORT' and \
		0 < e['expires'] < 3600 and 0 <= e['age'] < 100]" top --once
	check "sorted by what is asked for, what has none of it last" all_of \
		ctl_json "d[0]['type'] == 'pinhole'" top --once --sort expires \; \
		ctl_json "d[0]['type'] == 'flow'" top --once --sort type
	say close c s >/dev/null
	in_ns gw sysctl -qw net.netfilter.nf_conntrack_acct=1 \
		net.netfilter.nf_conntrack_timestamp=1
	check "conntrack counts: bytes and age of a new connection" all_of \
		control \; ctl_json "d[0]['type'] == 'flow' and \
		len(d) >= 1 and 200 < d[0]['bytes'] < 5000 and 0 <= d[0]['age'] < 100" top --once
	check "and no advice then" eval '! ctl top --once 2>&1 | grep sysctl'
	check "no terminal: an error that says what needs none" eval \
		'said=$(ctl top 2>&1); [ $? -eq 1 ] && [[ $said == *--once* ]]'
	check "--sort by what there isn't, and no interval" all_of \
		tap_fails ctl top --once --sort colour \; \
		tap_fails ctl top --once --interval 0 \; \
		tap_fails ctl top --once more
	say close >/dev/null
}

live()
{
	scene masq
	announces || die "no pinhole"
	screen_start 160 12
	check "on a terminal: both, under headings" all_of \
		shown "^TYPE +WHAT +CLIENT" \; \
		shown "^flow +ftp +$IN:[0-9]+ +$OUT:21 +reading" \; \
		shown "^pinhole +port +$IN:[0-9]+ +$OUT:21 +open +$WAN:$PORT"
	check "the pinhole's time runs" counts_down
	check "keys sort" all_of shown 'by bytes' \; screen send-keys s \; \
		shown 'by server'
	screen resize-window -x 3 -y 1
	check "hardly any terminal" shown '^app$'
	screen resize-window -x 160 -y 12
	check "and a larger one again" all_of shown "^pinhole +port" \; \
		shown '^flow +ftp'
	check "what has ended goes" all_of say close c s \; \
		wait_for 20 tap_fails shows '^pinhole'
	check "q ends it" all_of screen send-keys q \; ended_with 0
	screen_stop
	for term in dumb none-such; do
		screen_start 80 10 TERM=$term
		check "TERM=$term: an error" all_of ended_with 1 \; \
			grep -q 'top --once' "$WORK/said"
		screen_stop
	done
	say close >/dev/null
	screen_start 80 10
	check "the module goes: so does top, and says why" all_of \
		shown TYPE \; unload_appgw \; ended_with 1 \; \
		grep -q 'not loaded' "$WORK/said"
	screen_stop
}

declare -A CHECKS=([once]=8 [live]=10)

need appgwctl nft conntrack tmux /usr/bin/python3
[ $# -gt 0 ] || set -- once live
daemon_parts "" "$@"
