#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run scenarios one after the other in one test machine, where a boot, and on the
# debug kernel the search for lost memory, cost as much as many a scenario.
#
# Each has namespaces and processes of its own (lib/sandbox.sh), and finds the
# modules loaded that there were before the first; what the kernel complains of
# while one runs is that one's fault.
#
# usage: several.sh SCRIPT...	each with its arguments, in one word

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/vm/complaints.sh
. "$here/complaints.sh"
export SAY_LIMIT_S=${SAY_LIMIT_S:-60}

declare -A first=()
while read -r name _; do
	first[$name]=y
done </proc/modules

# Those that a script has loaded, without which each is as good as the first: again
# and again, because they need each other.
unload()
{
	local name users gone=y loaded

	while [ -n "$gone" ]; do
		gone=
		loaded=$(cat /proc/modules)
		while read -r name _ users _ && [ -n "$name" ]; do
			[ -z "${first[$name]:-}" ] && [ "$users" = 0 ] &&
				rmmod "$name" 2>/dev/null && gone=y
		done <<<"$loaded"
	done
}

# complained MARK: what the kernel has had to complain of since it was told MARK
complained()
{
	dmesg | awk -v mark="$1" 'index($0, mark) { seen = NR } { line[NR] = $0 }
		END { for (i = seen + 1; i <= NR; i++) print line[i] }' |
		grep -E "$complaints"
}

rc=0 n=0
for script; do
	[ $n -eq 0 ] || unload
	n=$((n + 1))
	mark="appgw script $n: $script"
	echo "# $script"
	# on the console, too
	echo "<4>$mark" >/dev/kmsg
	# shellcheck disable=SC2086 # a script and its arguments
	"$here"/../$script
	case $? in
	0 | 4)	;;
	*)	rc=1 ;;
	esac
	if [ -e /sys/module/nf_appgw ]; then
		echo "not ok $script: nf_appgw is still loaded"
		rc=1
	fi
	if said=$(complained "$mark"); then
		echo "not ok $script: the kernel complained"
		head -n 20 <<<"$said" | sed 's/^/# /'
		rc=1
	fi
done
exit $rc
