#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Module and daemon are watched from afar: all of their counters, in a form that
# Prometheus takes, from appgwctl and from the daemon itself, which no guest keeps from
# its work; and what is shipped for Prometheus and Grafana finds something.
#
#	in ---- gw (nf_appgw, appgwd, prometheus) ---- out	see lib/net.sh
#
# usage: metrics.sh [PART...]		see part_NAME below

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/irc.sh"
source "$SELFTESTS/peers/ftp_server.sh"
source "$SELFTESTS/peers/ftp_client.sh"
source "$SELFTESTS/peers/irc_server.sh"
source "$SELFTESTS/peers/irc_client.sh"
source "$SELFTESTS/peers/prometheus.sh"

METRICS_PORT=9617
LAN=${IP4[lan]}:$METRICS_PORT
PACKAGING=$SELFTESTS/../packaging

declare -A CHECKS=([text]=8 [served]=9 [guests]=6 [options]=8 [watched]=7)
ALL="text served guests options watched"

# fetch NS URL ARG...: by curl
fetch()
{
	in_ns "$1" curl -sS --max-time "$(scaled 20)" "http://$2" "${@:3}"
}

# metric NAME FILE: its value; NAME with its labels
metric()
{
	awk -v name="$1" '$1 == name { print $2 }' "$2"
}

# metric_is NAME VALUE FILE
metric_is()
{
	local value

	value=$(metric "$1" "$3")
	[ "$value" = "$2" ] || {
		echo "$1 is ${value:-missing}, not $2"
		return 1
	}
}

prom()
{
	ctl stats --prometheus >"$WORK/prom"
}

# ---- what appgwctl prints

# A control connection with a pinhole, and an announcement that is refused
something_happens()
{
	local in=${IP4[in]//./,}

	say listen ftp out 21 >/dev/null && say dial f in "${IP4[out]}" 21 &&
		say accept fs ftp >/dev/null && pass fs f '220 hi\r\n' &&
		pass f fs 'USER me\r\n' && pass fs f '230 in\r\n' &&
		say send f "PORT $in,195,80\r\n" && say want fs \
		"PORT ${IP4[wan]//./,},195,80\r\n" && pass f fs "PORT $in,0,80\r\n"
}

# all_counters: as /proc has them; each with a help of its own
all_counters()
{
	local name metric

	read_counters gw || return
	for name in "${COUNTER_NAMES[@]}"; do
		case $name in
		refused_*) metric="refused_total{reason=\"${name#refused_}\"}" ;;
		stopped_*) metric="stopped_total{reason=\"${name#stopped_}\"}" ;;
		*) metric=${name}_total ;;
		esac
		metric_is "nf_appgw_$metric" "${COUNTERS[$name]}" "$WORK/prom" ||
			return
	done
	[ ${#COUNTER_NAMES[@]} -gt 30 ] && ! grep 'newer module' "$WORK/prom"
}

promtool_is_content()
{
	"$PROMTOOL" check metrics <"$1" 2>&1 | tee "$WORK/promtool"
	[ "${PIPESTATUS[0]}" -eq 0 ] && [ ! -s "$WORK/promtool" ]
}

part_text()
{
	scene masq
	in_ns gw nft insert rule inet test forward ct state new tcp dport 21 accept
	appgwd_start --queue 3
	check "something happens" something_happens
	prom
	check "promtool finds nothing to complain of" \
		promtool_is_content "$WORK/prom"
	check "all counters of the module, each explained" all_counters
	check "flows and pinholes now" all_of \
		metric_is 'nf_appgw_flows{helper="ftp"}' 1 "$WORK/prom" \; \
		metric_is 'nf_appgw_flows{helper="irc"}' 0 "$WORK/prom" \; \
		metric_is 'nf_appgw_pinholes{state="open"}' 1 "$WORK/prom" \; \
		metric_is 'nf_appgw_refused_total{reason="privileged"}' 1 "$WORK/prom"
	check "module, daemon and queue are up" all_of \
		metric_is nf_appgw_module_up 1 "$WORK/prom" \; \
		metric_is nf_appgw_daemon_up 1 "$WORK/prom" \; \
		metric_is nf_appgw_daemon_listening 1 "$WORK/prom" \; \
		metric_is 'nf_appgw_queue_alive{queue="3"}' 1 "$WORK/prom"
	appgwd_stop
	prom
	check "without the daemon" all_of \
		metric_is nf_appgw_daemon_up 0 "$WORK/prom" \; \
		metric_is nf_appgw_module_up 1 "$WORK/prom" \; \
		tap_fails grep nf_appgw_queue_ "$WORK/prom"
	say close >/dev/null
	unload_appgw
	check "without the module, too: told, and no error" all_of prom \; \
		metric_is nf_appgw_module_up 0 "$WORK/prom" \; \
		tap_fails grep _total "$WORK/prom"
	check "a word too many: usage" tap_fails ctl stats --prometheus now
	load_appgw
}

# ---- what the daemon serves

serve()
{
	appgwd_stop
	scene masq
	in_ns gw nft add rule inet test input iifname lan accept
	in_ns gw nft add rule inet test output oifname lan accept
	appgwd_start --queue 3 --metrics "$@"
}

# answers NS TARGET STATUS ARG...: of HTTP; what was said is in $WORK/got
answers()
{
	local status

	status=$(fetch "$1" "$2" -o "$WORK/got" -w '%{http_code}' "${@:4}")
	[ "$status" = "$3" ] || {
		echo "$status, not $3"
		return 1
	}
}

# The same as appgwctl's, but for what has changed since
as_ctl_has_it()
{
	answers in "$LAN/metrics" 200 && prom || return
	diff <(grep -v uptime "$WORK/got") <(grep -v uptime "$WORK/prom")
}

is_exposition()
{
	fetch in "$LAN/metrics" -D "$WORK/head" -o "$WORK/got" &&
		grep -i '^content-type: text/plain; version=0.0.4' "$WORK/head" &&
		promtool_is_content "$WORK/got"
}

# Its filter has none of them for one that serves nothing.
EPOLL_CTL=233 SHUTDOWN=48
# injects PATTERN CALL ARG...: what that says then is like this
injects()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/inject.py" "$APPGWD_PID" \
		"${@:2}" >"$WORK/inject" 2>&1
	cat "$WORK/inject"
	grep -qE -e "$1" "$WORK/inject"
}

SOCKET=41
ends_for_socket()
{
	serve "$LAN" || return
	injects '' $SOCKET 2 1 0
	wait "$APPGWD_PID" 2>/dev/null
	[ $? -eq 159 ]		# SIGSYS
}

part_served()
{
	serve "$LAN"
	check "GET /metrics: what promtool takes, and its type" is_exposition
	check "it is what appgwctl prints" as_ctl_has_it
	check "another path: 404" answers in "$LAN/" 404
	check "HEAD, POST and others: 405" all_of \
		answers in "$LAN/metrics" 405 --head \; \
		answers in "$LAN/metrics" 405 -d x=1 \; \
		answers in "$LAN/metrics" 405 -X DELETE
	unload_appgw
	check "without the module it says so" wait_for 20 module_is_told_gone
	load_appgw
	check "nobody else's address" tap_fails can_connect in "${IP4[wan]}" \
		$METRICS_PORT
	appgwd_stop
	serve "[::1]:$METRICS_PORT"
	check "at an address of IPv6, and not at IPv4's" all_of \
		answers gw "[::1]:$METRICS_PORT/metrics" 200 \; \
		tap_fails can_connect gw 127.0.0.1 $METRICS_PORT
	check "a socket that it doesn't have still ends it" ends_for_socket
	APPGWD_PID=
	appgwd_start --queue 3
	check "one that serves nothing may not wait for guests, or hang up" all_of \
		injects 'returned -38$' $EPOLL_CTL 0 0 0 \; \
		injects 'returned -38$' $SHUTDOWN 0 0 0
	appgwd_stop
}

module_is_told_gone()
{
	answers in "$LAN/metrics" 200 &&
		metric_is nf_appgw_module_up 0 "$WORK/got"
}

# ---- guests that are no friends

guests()
{
	in_ns "${2:-in}" /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/metrics_guests.py" "$1" "${IP4[lan]}" $METRICS_PORT
}

calls_refused()
{
	dmesg | grep -c 'type=1326.*appgwd'
}

# still_works: it answers those who ask, does its work, and no call was refused, but
# for those that there were before
still_works()
{
	answers gw "$LAN/metrics" 200 && ctl_json \
		"d['daemon']['pid'] == $APPGWD_PID and d['daemon']['listening']" \
		status && [ "$(calls_refused)" -eq "$refused" ]
}

descriptors()
{
	local fds=("/proc/$APPGWD_PID"/fd/*)

	echo ${#fds[@]}
}

# has_left N: so many descriptors, as before
has_left()
{
	[ "$(descriptors)" -le "$1" ]
}

# A thousand at once: another address is answered, and IRC goes on; afterwards
# nothing of them is left.
crowd()
{
	local before rc pid

	before=$(descriptors)
	mkfifo "$WORK/leave"
	guests crowd <"$WORK/leave" >"$WORK/crowd" &
	pid=$!
	exec 8>"$WORK/leave"
	wait_for 60 grep -q there "$WORK/crowd" && still_works &&
		[ "$(descriptors)" -le $((before + 32)) ]
	rc=$?
	exec 8>&-
	wait $pid
	[ $rc -eq 0 ] && wait_for 60 has_left "$before" && still_works
}

memory_kb()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$APPGWD_PID/status"
}

part_guests()
{
	local before refused

	serve "$LAN"
	refused=$(calls_refused)
	answers gw "$LAN/metrics" 200
	before=$(memory_kb)
	check "what is no request is answered by an error, or not at all" all_of \
		guests garbage \; still_works
	check "a request of a byte now and then is hung up on" all_of \
		guests slow \; still_works
	check "so are those who read no answers" all_of guests deaf \; still_works
	check "a thousand connections: others are served" crowd
	check "its memory is what it was, give or take 4 MB" \
		eval "[ \$(memory_kb) -le $((before + 4096)) ]"
	check "it ends as before" appgwd_stop
}

# ---- options

# refuses_to_start PATTERN ARG...: with status 1 and one line like that
refuses_to_start()
{
	local rc

	in_ns gw timeout "$(scaled 20)" appgwd --config /dev/null --queue 9 \
		--control none "${@:2}" >"$WORK/said" 2>&1
	rc=$?
	cat "$WORK/said"
	[ $rc -eq 1 ] && [ "$(wc -l <"$WORK/said")" -eq 1 ] &&
		grep -qE -e "$1" "$WORK/said"
}

conf_says()
{
	printf 'queue = 3\n%b\n' "$1" >"$WORK/appgwd.conf"
}

# reloads PATTERN: after a SIGHUP the log has that
reloads()
{
	kill -HUP "$APPGWD_PID" && wait_for 20 appgwd_said "$1"
}

# comes_later ADDRESS ADDRESS:PORT: it is served as soon as the router has it
comes_later()
{
	appgwd_start --queue 3 --metrics "$2" && ! is_served "$2" &&
		ip -n gw addr add "$1" dev lo && is_served "$2"
	set -- $?
	appgwd_stop
	return "$1"
}

is_served()
{
	answers gw "$1/metrics" 200
}

part_options()
{
	local here=127.0.0.1:$METRICS_PORT

	serve "$here"
	check "an address that is taken" refuses_to_start \
		"metrics: $here: Address already in use" --metrics "$here"
	check "--check: a name instead" refuses_to_start \
		'metrics: "localhost:1" is not ADDR:PORT' --check \
		--metrics localhost:1
	check "--check opens nothing" in_ns gw appgwd --config /dev/null \
		--queue 9 --check --metrics "$here"
	appgwd_stop
	conf_says "metrics = \"$here\""
	APPGWD_CONF=$WORK/appgwd.conf appgwd_start
	check "in the file" is_served "$here"
	conf_says 'metrics = none'
	check "reload: another one holds from the next start on" all_of \
		reloads 'read again, some of it holds from the next start' \; \
		is_served "$here"
	conf_says 'metrics = 9617'
	check "a bad one is refused, with its line" all_of \
		reloads 'appgwd.conf:2: metrics: "9617" is not ADDR:PORT' \; \
		is_served "$here"
	appgwd_stop
	check "an address that comes later, as at boot" all_of comes_later \
		192.0.2.9 192.0.2.9:$METRICS_PORT \; comes_later \
		2001:db8:9::9 "[2001:db8:9::9]:$METRICS_PORT"
	conf_says 'metrics = none'
	APPGWD_CONF=$WORK/appgwd.conf appgwd_start
	check "none: nothing listens" all_of tap_fails can_connect gw \
		127.0.0.1 $METRICS_PORT \; tap_fails can_connect gw ::1 $METRICS_PORT
	appgwd_stop
}

# ---- a real Prometheus, while files move

# expressions: the dashboard's, its variables filled in, one a line
expressions()
{
	/usr/bin/python3 -I -S -c '
import json, sys
for p in json.load(open(sys.argv[1]))["panels"]:
    for t in p["targets"]:
        print(t["expr"].replace("$instance", ".+")
              .replace("$__rate_interval", "1m"))' \
		"$PACKAGING/grafana/nf_appgw.json"
}

# alert_expressions: those of the rules, as "= EXPRESSION"
alert_expressions()
{
	awk '/^    expr: >-/ { on = 1; line = ""; next }
		/^    expr: / { sub(/^    expr: /, "= "); print }
		on && /^      / { line = line " " $0; next }
		on { print "= " line; on = 0 }' \
		"$PACKAGING/prometheus/nf_appgw.rules.yml"
}

ftp_moves()
{
	local CONTROL_PORT=21 dir=$WORK/ftp.$1 rc=0

	mkdir "$dir"
	ftp_session curl "$1" "$dir/log" get down "$dir/down" &&
		cmp "$dir/down" "$TEST_HOME/down" || rc=1
	[ $rc -eq 0 ] || cat "$dir/log"
	return $rc
}

dcc_came()
{
	cmp -s "$WORK/file" "$(irc_dir bob)/got/file"
}

dcc_moves()
{
	irc_do alice "/dcc send bob $WORK/file" && wait_for 60 dcc_came
}

watched_scene()
{
	scene masq
	in_ns gw nft insert rule inet test forward ct state new tcp dport 21 accept
	appgwd_start --queue 3 --metrics "[::1]:$METRICS_PORT"
	prometheus_start gw "[::1]:$METRICS_PORT" \
		"$(realpath "$PACKAGING/prometheus/nf_appgw.rules.yml")"
	test_account
	head -c 100000 /dev/urandom | tee "$WORK/file" >"$TEST_HOME/down"
	chmod 644 "$TEST_HOME/down"
	CONTROL_PORT=21 start_server vsftpd out
	start_irc_server ngircd out
	start_irc_client irssi in alice "${IP4[out]}"
	start_irc_client weechat out bob "${IP4[out]}"
}

part_watched()
{
	local queries alerts

	watched_scene
	mapfile -t queries < <(expressions)
	mapfile -t alerts < <(alert_expressions)
	check "Prometheus scrapes it" wait_for 60 prometheus_has gw \
		'up{job="nf_appgw"} == 1'
	check "FTP, active and passive, and DCC" all_of ftp_moves port \; \
		ftp_moves epsv \; dcc_moves
	check "it has seen them" wait_for 60 prometheus_has gw \
		'nf_appgw_used_total >= 3' \
		'rate(nf_appgw_used_total[1m]) > 0' \
		'nf_appgw_flows{helper="irc"} == 1' \
		'nf_appgw_queue_done_total{queue="3"} >= 1'
	check "each of the dashboard's ${#queries[@]} queries has data" \
		prometheus_has gw "${queries[@]}"
	check "each of ${#alerts[@]} alerts makes sense, and none is raised" all_of \
		prometheus_has gw "${alerts[@]}" \; \
		tap_fails prometheus_has gw 'ALERTS'
	unload_appgw_under_it
	check "the module goes: that is known" wait_for 60 prometheus_has gw \
		'nf_appgw_module_up == 0'
	check "and the alert waits for its time" wait_for 60 prometheus_has gw \
		'ALERTS{alertname="NfAppgwModuleGone",alertstate="pending"}'
	appgwd_stop
}

unload_appgw_under_it()
{
	net_kill in
	net_kill out
	unload_appgw
}

# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $ALL
need nft conntrack nsenter ip appgwd appgwctl curl /usr/bin/python3
need_prometheus
need_server vsftpd
need_client curl
need_irc_server ngircd
need_irc_client irssi weechat
need_checkout
total=0
for part; do
	total=$((total + CHECKS[$part]))
done
plan $total
say_start
load_appgw
for part; do
	since=$SECONDS
	"part_$part"
	note "$part took $((SECONDS - since)) s"
done
note "took $SECONDS s"
