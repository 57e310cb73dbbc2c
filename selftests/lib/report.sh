# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# KTAP output: the plan, what came of each test, the verdict. All that scripts on
# the host need of it.

tap_planned=0
tap_count=0
tap_pass=0
tap_fail=0
tap_skip=0

note()
{
	printf '# %s\n' "$@"
}

# plan N: how many checks this script makes, said before the first one
plan()
{
	tap_planned=$1
	printf 'TAP version 13\n1..%d\n' "$1"
}

# plan_parts N PART...: the same, for N and what CHECKS says of each part
plan_parts()
{
	local part n=$1

	for part in "${@:2}"; do
		n=$((n + ${CHECKS[$part]:?no part called $part}))
	done
	plan $n
}

# tap_report RC NAME OUTPUT_FILE: of a test that was made
tap_report()
{
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		tap_pass=$((tap_pass + 1))
		printf 'ok %d %s\n' "$tap_count" "$2"
		return 0
	fi

	tap_fail=$((tap_fail + 1))
	printf 'not ok %d %s\n' "$tap_count" "$2"
	sed 's/^/# /' "$3"
	return 1
}

# tap_relay N: the N results that another script writes, which standard input is,
# and what it says besides
tap_relay()
{
	local want=$((tap_count + $1)) line

	while IFS= read -r line; do
		case $line in
		'ok '*)	tap_report 0 "${line#ok * }" ;;
		'not ok '*)
			tap_report 1 "${line#not ok * }" /dev/null ;;
		'TAP version'* | 1..*) ;;
		'#'*)	echo "$line" ;;
		*)	echo "# $line" ;;
		esac
	done
	while [ "$tap_count" -lt "$want" ]; do
		tap_report 1 "a result that did not come" /dev/null
	done
}

# skip NAME WHY: one check of the plan is not made
skip()
{
	tap_count=$((tap_count + 1))
	tap_skip=$((tap_skip + 1))
	printf 'ok %d %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# tap_finish RC: the totals, and the exit status they deserve
tap_finish()
{
	local rc=$1

	[ "$rc" -eq 4 ] && [ "$tap_count" -eq 0 ] && return 4

	if [ "$tap_planned" -ne "$tap_count" ]; then
		note "planned $tap_planned checks, made $tap_count"
		[ "$rc" -ne 0 ] || rc=1
	fi
	note "Totals: pass:$tap_pass fail:$tap_fail skip:$tap_skip"
	[ "$tap_fail" -eq 0 ] || rc=1
	[ "$rc" -ne 0 ] || [ "$tap_pass" -gt 0 ] || rc=4
	return "$rc"
}
