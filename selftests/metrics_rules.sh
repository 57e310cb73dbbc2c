#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is shipped for Prometheus and Grafana is what those take, and each alert fires
# when it should and not before. Whether its queries find anything is for metrics.sh.

set -u
cd "$(dirname "$(readlink -f "$0")")" || exit 1
source lib/tap.sh

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"; tap_finish $?; exit' EXIT

PACKAGING=../packaging
RULES=$PACKAGING/prometheus/nf_appgw.rules.yml
TESTS=$PACKAGING/prometheus/nf_appgw.rules_test.yml
DASHBOARD=$PACKAGING/grafana/nf_appgw.json
PROMTOOL=${APPGW_CACHE:-/var/cache/nf_appgw}/peers/prometheus/usr/bin/promtool

diagnose()
{
	:
}

alerts()
{
	sed -n 's/^  - alert: //p' $RULES
}

# each_is_tested: that it fires, and that it does not
each_is_tested()
{
	local alert rc=0

	for alert in $(alerts); do
		grep -A1 "alertname: $alert\$" $TESTS | grep -q exp_alerts &&
			grep -A1 "alertname: $alert\$" $TESTS |
			grep -qvE 'alertname|exp_alerts|^--' || {
			echo "$alert"
			rc=1
		}
	done
	return $rc
}

# muted ALERT: the tests notice that it never fires
muted()
{
	local rc

	mkdir -p "$WORK/muted"
	cp $TESTS "$WORK/muted/"
	awk -v alert="$1" '
		/^  - alert:/ { mine = $3 == alert }
		mine && /^    expr:/ { print "    expr: vector(0) > 1"; skip = 1; next }
		/^    [a-z]/ || /^  - / { skip = 0 }
		!skip' $RULES >"$WORK/muted/${RULES##*/}"
	$PROMTOOL check rules "$WORK/muted/${RULES##*/}" &&
		! $PROMTOOL test rules "$WORK/muted/${TESTS##*/}"
	rc=$?
	rm -r "$WORK/muted"
	return $rc
}

# What Grafana's schema asks of each panel, and that nothing overlaps
dashboard_is_whole()
{
	/usr/bin/python3 -I -S - $DASHBOARD <<-'EOF'
	import json, sys
	d = json.load(open(sys.argv[1]))
	names = {v["name"] for v in d["templating"]["list"]}
	assert d["uid"] and d["title"] and d["schemaVersion"] >= 36
	assert names == {"datasource", "instance"}, names
	ids, cells = set(), set()
	for p in d["panels"]:
	    assert p["type"] in ("stat", "timeseries") and p["title"], p
	    assert p["description"] and p["targets"] and p["fieldConfig"], p
	    assert p["id"] not in ids, p["id"]
	    ids.add(p["id"])
	    g = p["gridPos"]
	    assert 0 <= g["x"] and g["x"] + g["w"] <= 24, g
	    mine = {(x, y) for x in range(g["x"], g["x"] + g["w"])
	            for y in range(g["y"], g["y"] + g["h"])}
	    assert not mine & cells, p["title"]
	    cells |= mine
	    refs = [t["refId"] for t in p["targets"]]
	    assert len(refs) == len(set(refs)), p["title"]
	    for t in p["targets"]:
	        assert t["expr"] and t["datasource"]["uid"] == "${datasource}", t
	EOF
}

[ -x "$PROMTOOL" ] || skip_all "needs prometheus: selftests/setup peers"
[ -s $RULES ] || die "no rules"
mapfile -t all < <(alerts)
tap_plan=$((4 + ${#all[@]}))
plan $tap_plan
check "promtool takes the rules" $PROMTOOL check rules $RULES
check "and the alerts come and go as they should" $PROMTOOL test rules $TESTS
check "each is tested both ways" each_is_tested
check "the dashboard is whole" dashboard_is_whole
for alert in "${all[@]}"; do
	check "$alert that never fires is noticed" muted "$alert"
done
