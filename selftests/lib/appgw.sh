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

# Who helps, as scripts are told by "--helper": auto, nf_appgw attaches itself; rule,
# the firewall's rules name it; intree, they name the kernel's own; none.

# helper_rules HELPER: sets what the firewall's rules are to name
helper_rules()
{
	case $1 in
	auto | none) ;;
	rule) FW_HELPER=appgw-ftp ;;
	intree) FW_HELPER=ftp ;;
	*) die "no helper called $1" ;;
	esac
}

helper_load()
{
	case $1 in
	auto) load_appgw ;;
	rule) load_appgw attach=0 ;;
	intree) modprobe -a nf_nat_ftp 2>/dev/null ;;
	none) unload_appgw ;;
	esac
}

# Is it nf_appgw that helps?
helper_is_ours()
{
	[ "$1" = auto ] || [ "$1" = rule ]
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

# read_counters NS: sets COUNTERS, a value by name, and COUNTER_NAMES
declare -A COUNTERS=()
COUNTER_NAMES=()
read_counters()
{
	local file=/proc/${NS_PID[$1]:-}/net/stat/nf_appgw
	local line=() names values i

	COUNTERS=()
	if [ -n "${NS_PID[$1]:-}" ]; then
		[ -e "$file" ] && mapfile -t line <"$file"
	else
		mapfile -t line < <(in_ns "$1" cat /proc/net/stat/nf_appgw)
	fi
	[ ${#line[@]} -ge 2 ] || return
	read -ra names <<<"${line[0]}"
	read -ra values <<<"${line[1]}"
	COUNTER_NAMES=("${names[@]}")
	for i in "${!names[@]}"; do
		COUNTERS[${names[i]}]=${values[i]}
	done
}

# counters [NS]: one "name value" a line
counters()
{
	local name

	read_counters "${1:-gw}" || return
	for name in "${COUNTER_NAMES[@]}"; do
		echo "$name ${COUNTERS[$name]}"
	done
}

# counter NAME [NS]
counter()
{
	read_counters "${2:-gw}" && [ -n "${COUNTERS[$1]:-}" ] &&
		echo "${COUNTERS[$1]}"
}

# counter_is NAME VALUE [NS]
counter_is()
{
	read_counters "${3:-gw}" && [ "${COUNTERS[$1]:-}" = "$2" ]
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
	local ns n=0 line all

	for ns in "${GATEWAYS[@]}"; do
		all=()
		if [ -n "${NS_PID[$ns]:-}" ]; then
			mapfile -t all <"/proc/${NS_PID[$ns]}/net/nf_conntrack_expect"
		else
			mapfile -t all < <(expectations "$ns")
		fi
		for line in "${all[@]}"; do
			[[ $line == *" dport=${2:-}"${2:+" "}* ]] && n=$((n + 1))
		done
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
