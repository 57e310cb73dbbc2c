# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The module, its counters, and what conntrack knows.

appgw_loaded()
{
	[ -e /sys/module/nf_appgw ]
}

# load_appgw [PARAM=VALUE...]
load_appgw()
{
	unload_appgw || die "nf_appgw does not unload"
	modprobe nf_appgw "$@" || die "nf_appgw does not load"
}

appgw_rmmod()
{
	! appgw_loaded || rmmod nf_appgw
}

# Namespaces go in the background, and a rule in one of them may still hold
# the module.
unload_appgw()
{
	! appgw_loaded || wait_for 20 appgw_rmmod 2>/dev/null || rmmod nf_appgw
}

# What load_appgw began, ended again when the script ends.
appgw_exit()
{
	unload_appgw
}

# counters [NS]: one "name value" a line
counters()
{
	# shellcheck disable=SC2016 # awk's fields
	in_ns "${1:-gw}" awk '
		NR == 1 { n = split($0, name) }
		NR == 2 { for (i = 1; i <= n; i++) print name[i], $i }
	' /proc/net/stat/nf_appgw
}

# counter NAME [NS]
counter()
{
	counters "${2:-gw}" | awk -v want="$1" '$1 == want { print $2 }'
}

# counter_is NAME VALUE [NS]
counter_is()
{
	[ "$(counter "$1" "${3:-gw}")" = "$2" ]
}

# expectations [NS]: all of them, one a line
expectations()
{
	local f

	for f in ipv4 ipv6; do
		in_ns "${1:-gw}" conntrack -L expect -f $f 2>/dev/null
	done
}

# expect_count N [PORT]: the gateways hold N expectations, [to that port]
expect_count()
{
	local ns n=0

	for ns in "${GATEWAYS[@]}"; do
		n=$((n + $(expectations "$ns" | grep -cE " dport=${2:-[0-9]+} ")))
	done
	[ "$n" -eq "$1" ] || {
		echo "$n expectations instead of $1"
		return 1
	}
}

# The state of the routers, for the one who reads a failure.
diagnose()
{
	local ns

	for ns in "${GATEWAYS[@]}"; do
		echo "--- $ns: connections"
		in_ns "$ns" conntrack -L 2>/dev/null | tail -n 20
		in_ns "$ns" conntrack -L -f ipv6 2>/dev/null | tail -n 20
		echo "--- $ns: expectations"
		expectations "$ns"
		echo "--- $ns: firewall"
		if [ "$FIREWALL" = iptables ]; then
			in_ns "$ns" iptables-legacy -nvL
		else
			in_ns "$ns" nft list ruleset | grep counter
		fi
		if in_ns "$ns" test -e /proc/net/stat/nf_appgw; then
			echo "--- $ns: nf_appgw"
			counters "$ns"
		fi
	done
	echo "--- kernel"
	dmesg | tail -n 15
}
