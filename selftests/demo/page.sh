# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How the demo looks: titles, facts in two columns, drawings, colours.

bold='' red='' green='' dim='' plain=''
if [ "${APPGW_DEMO_COLOR:-}" = 1 ]; then
	bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[m'
fi

# The harness ends with a line of KTAP, which has no place here.
# shellcheck disable=SC2317
tap_finish()
{
	return "$1"
}

die()
{
	echo "${red}demo: $*$plain"
	exit 1
}

title()
{
	printf '\n%s=== %s ===%s\n' "$bold" "$*" "$plain"
}

heading()
{
	printf '\n%s--- %s ---%s\n' "$bold" "$*" "$plain"
}

# numbered N TEXT: a transfer begins
numbered()
{
	printf '\n%s%d. %s%s\n' "$bold" "$1" "$2" "$plain"
}

prompt()
{
	printf '\n  %s%s# %s%s\n' "$bold" "$1" "${*:2}" "$plain"
}

# fact LABEL TEXT: LABEL is empty on all lines of it but the first
fact()
{
	printf '  %s%-17s%s %s\n' "$dim" "$1" "$plain" "$2"
}

# row N WHAT WHERE WITHOUT WITH: of the table at the end
row()
{
	local colour=$red

	[[ $5 != ok* ]] || colour=$green
	printf ' %2d. %-4s %-24s %s%-20s%s %s%s%s\n' "$1" "$2" "$3" \
		"$red" "$4" "$plain" "$colour" "$5" "$plain"
}

# head_row WITH: what the last column is about
head_row()
{
	printf '\n  %s   %-4s %-24s %-20s %s%s\n' "$bold" "" "" \
		"without" "with $1" "$plain"
}

# repeat STRING N
repeat()
{
	local s

	printf -v s '%*s' "$2" ''
	printf '%s' "${s// /$1}"
}

# draw ROUTER_DOES LEFT LEFT_RUNS RIGHT RIGHT_RUNS
draw()
{
	local l r i o edge
	local lw rw mw=${#1}

	l=$(ip_of in) r=$(ip_of out) i=$(ip_of lan) o=$(ip_of wan)
	lw=${#l} rw=${#r}
	[ "$mw" -ge 8 ] || mw=8
	[ ${#5} -le "$rw" ] || rw=${#5}
	edge=$(printf '   +%s+%*s+%s+%*s+%s+' \
		"$(repeat - $((lw + 2)))" $((${#i} + 2)) '' \
		"$(repeat - $((mw + 2)))" $((${#o} + 2)) '' \
		"$(repeat - $((rw + 2)))")

	printf '\n     %-*s%-*s%s\n' $((lw + ${#i} + 6)) "$2" \
		$((mw + ${#o} + 6)) router "$4"
	echo "$edge"
	printf '   | %s | %s | %-*s | %s | %-*s |\n' "$l" "$i" "$mw" "$1" "$o" \
		"$rw" "$r"
	printf '   | %-*s |%s| %-*s |%s| %-*s |\n' "$lw" "$3" \
		"$(repeat - $((${#i} + 2)))" "$mw" firewall \
		"$(repeat - $((${#o} + 2)))" "$rw" "$5"
	printf '%s\n\n' "$edge"
}
