# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Folders that are fetched once and kept below APPGW_CACHE: each is there as a whole,
# or not at all. Sourced by scripts that say what one has to look like, describe DIR,
# and what decides how it is made, recipe NAME.

# Where one is made; nothing there is trusted by a later run.
tmp=

cleanup()
{
	[ -z "$tmp" ] || rm -rf --one-file-system "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# is_fetched DIR NAME
is_fetched()
{
	[ -s "$1/stamp" ] &&
		[ "$(cat "$1/recipe" 2>/dev/null)" = "$(recipe "$2")" ] &&
		[ "$(describe "$1" 2>/dev/null | sha256sum)" = \
			"$(cat "$1/stamp")" ]
}

# lock_fetch DIR: by one script at a time, until this one ends. What a killed one has
# started keeps the lock until it has ended, too.
lock_fetch()
{
	mkdir -p "${1%/*}" || exit 1
	exec 9>"${1%/*}/.${1##*/}.lock" || exit 1
	flock -n 9 || {
		say "${1##*/}: waiting for another fetch"
		flock 9 || exit 1
	}
}

# begin_fetch DIR: sets $tmp, an empty folder beside it. By a fixed name, so what a
# killed fetch has left goes away here.
begin_fetch()
{
	tmp=${1%/*}/.${1##*/}.tmp
	cleanup
	mkdir -p "$tmp" || exit 1
}

# end_fetch DIR: $tmp/new takes its place
end_fetch()
{
	describe "$tmp/new" | sha256sum >"$tmp/stamp" || return 1
	# Without this, a crash could leave a stamp and files still empty.
	sync -f "$tmp"
	mv "$tmp/stamp" "$tmp/new/stamp" &&
		rm -rf --one-file-system "${1:?}" && mv -T "$tmp/new" "$1"
}
