#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# THREATS.md names tests that exist, and all of the attacks that are carried out.

set -u
cd "$(dirname "$(readlink -f "$0")")" || exit 1
source lib/tap.sh

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"; tap_finish $?; exit' EXIT

DOC=THREATS.md
SCRIPTS=(ftp_threats.sh ftp_threats_stream.sh)
ATTACKS_AND_BUGS=52
DEFENCES=13

diagnose()
{
	:
}

# words PATTERN: the words of that kind in what tests are named by, that is in
# the last column of the first two tables
words()
{
	sed -n '/^## Attacks carried out/q; s/^|.*| \([^|]*\) |$/\1/p' $DOC |
		grep -oE "$1"
}

# same LIST LIST
same()
{
	diff <(sort -u <<<"$1") <(sort -u <<<"$2")
}

# attacks_in SCRIPT: as functions; rows_of SCRIPT: as rows
attacks_in()
{
	sed -n 's/^attack_\([a-z0-9_]*\)()$/\1/p' "$1" | tr _ -
}

rows_of()
{
	awk -v script="$1" '
		/^#/ { here = index($0, "`" script "`") }
		here && match($0, /^[|] `[a-z0-9-]+`/) {
			print substr($0, 4, RLENGTH - 4)
		}
	' $DOC
}

attacks_named()
{
	same "$(words '`[a-z0-9-]+`' | tr -d '`' | grep -vxf <(suites_named))" \
		"$(for s in "${SCRIPTS[@]}"; do rows_of "$s"; done)"
}

# Their names are what stands behind the word.
suites_named()
{
	words 'suites( `[a-z0-9.-]+`)+' | grep -oE '`[^`]+`' | tr -d '`'
}

suites_exist()
{
	local name

	for name in $(suites_named); do
		grep -qE "^$name	" suites || { echo "no $name"; return 1; }
	done
}

# Each title in quotes belongs to the script before it.
titles_exist()
{
	local word script='' rc=0 n=0

	while read -r word; do
		case $word in
		\`*.sh\`) script=${word//\`/} ;;
		\"*\")
			word=${word#\"} word=${word%\"}
			n=$((n + 1))
			grep -qF -- "\"$word\"" "$script" && continue
			echo "$script has no: $word"
			rc=1
			;;
		esac
	done < <(words '`[a-z0-9_]+\.sh`|"[^"]+"')
	[ $n -gt 0 ] && return $rc
}

# numbered HEADING LAST
numbered()
{
	same "$(seq "$2")" "$(sed -n "/^## $1/,/^## /p" $DOC |
		sed -n 's/^| \([0-9]*\) |.*/\1/p')"
}

plan $((${#SCRIPTS[@]} + 5))
for s in "${SCRIPTS[@]}"; do
	check "$s: each attack has a row, and each row an attack" \
		same "$(attacks_in "$s")" "$(rows_of "$s")"
done
check "attacks that threats are answered with are all there are" attacks_named
check "tests of other scripts exist" titles_exist
check "suites exist" suites_exist
check "no attack or bug is left out" numbered "Attacks and bugs" $ATTACKS_AND_BUGS
check "no defence is left out" numbered Defences $DEFENCES
