#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A protocol more is its own files and one line: a copy of everything gets the toy
# (selftests/toy), is built, and helps it through a router. On the host.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
# shellcheck source=selftests/vm/common.sh
. selftests/vm/common.sh
# shellcheck source=selftests/lib/report.sh
. selftests/lib/report.sh

LIST=include/appgw/protocols.h
TOY=selftests/toy
copy=$PWD/.build/toy
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# check NAME CMD...
check()
{
	"${@:2}" >"$out" 2>&1
	tap_report $? "$1" "$out"
}

copied()
{
	mkdir -p "$copy" && git ls-files -co --exclude-standard -z |
		rsync -a --delete --exclude=/.build --from0 --files-from=- ./ "$copy/"
}

# The toy's line, behind the last one.
added()
{
	rsync -a "$TOY/" "$copy/" &&
		echo 'APPGW_PROTOCOL(toy)' >>"$copy/$LIST"
}

# changed: each line in which a file of the copy is not as here
changed()
{
	local f

	while read -r f; do
		diff "$f" "$copy/$f" | sed -n "s,^[<>] ,$f: ,p"
	done < <(git ls-files -co --exclude-standard)
}

one_line()
{
	changed
	[ "$(changed)" = "$LIST: APPGW_PROTOCOL(toy)" ]
}

# at most MAX files of its own in each half
few_files()
{
	(cd $TOY && find kmod daemon -type f) | tee "$out.files"
	[ "$(wc -l <"$out.files")" -le "$1" ]
	local rc=$?

	rm -f "$out.files"
	return $rc
}

daemon_has_it()
{
	make -s -C "$copy/daemon" BUILD="$copy/.build/daemon" CFLAGS="-O2 -Werror" &&
		"$copy/.build/daemon/appgwd" --help | grep toy
}

unit()
{
	make -s -C "$copy/selftests/unit" BUILD="$copy/.build/unit" TESTS=toy_scan &&
		"$copy/.build/unit/toy_scan"
}

plan 11
check "a copy" copied
check "the toy's files, and its line" added
check "nothing else has changed" one_line
check "four files in both halves" few_files 4
check "the daemon has it" daemon_has_it
check "and so has its unit test, without a word to make" unit
tap_relay 5 < <("$copy/selftests/vm/run" -t 300 -- selftests/toy_lines.sh 2>&1)
tap_finish 0
