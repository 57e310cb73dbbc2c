# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A Prometheus that scrapes appgwd, and what it makes of queries.
#
#	source "$SELFTESTS/peers/prometheus.sh"

PROMETHEUS=$APPGW_CACHE/peers/prometheus/usr/bin/prometheus
PROMTOOL=$APPGW_CACHE/peers/prometheus/usr/bin/promtool
PROMETHEUS_PORT=9090

need_prometheus()
{
	[ -x "$PROMETHEUS" ] && [ -x "$PROMTOOL" ] || skip_all "needs prometheus"
}

# prometheus_start NS TARGET RULES: scrapes TARGET each second, until the topology goes
prometheus_start()
{
	local dir=$WORK/prometheus

	mkdir -p "$dir"
	cat >"$dir/prometheus.yml" <<-EOF
		global:
		  scrape_interval: 1s
		  evaluation_interval: 5s
		rule_files: ["$3"]
		scrape_configs:
		- job_name: nf_appgw
		  static_configs:
		  - targets: ["$2"]
	EOF
	nsenter --net="/run/netns/$1" -- "$PROMETHEUS" \
		--config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" \
		--web.listen-address=127.0.0.1:$PROMETHEUS_PORT \
		</dev/null >"$dir/log" 2>&1 &
	disown
	wait_for 60 listening $! $PROMETHEUS_PORT || {
		sed 's/^/# /' "$dir/log"
		die "prometheus does not start"
	}
}

# prometheus_has NS EXPRESSION...: each has data; one "= EXPRESSION" is only to make
# sense. Python asks, once for all of them: curl starts slowly on an emulated machine.
prometheus_has()
{
	in_ns "$1" /usr/bin/python3 -I -S -c '
import json, sys, urllib.error, urllib.parse, urllib.request
rc = 0
for text in sys.argv[2:]:
    expr = text.removeprefix("= ")
    url = sys.argv[1] + "?" + urllib.parse.urlencode({"query": expr})
    try:
        answer = json.load(urllib.request.urlopen(url))
    except urllib.error.HTTPError as e:
        answer = json.load(e)
    result = answer.get("data", {}).get("result", [])
    if answer["status"] != "success" or expr == text and not result:
        print("%s: %s" % (expr, answer.get("error", "no data")))
        rc = 1
sys.exit(rc)' "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query" "${@:2}"
}
