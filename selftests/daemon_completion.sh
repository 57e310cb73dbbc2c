#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bash and zsh complete each command and option of appgwctl's, and no others, as it
# lists them itself.
#
# usage: daemon_completion.sh; runs on the host

set -u
SELFTESTS=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/lib/tap.sh
. "$SELFTESTS/lib/tap.sh"
cd "$SELFTESTS/.." || exit 1
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT

# There is no router here to be looked at.
diagnose()
{
	:
}

# complete_bash WORD...: what bash offers for the last of them
complete_bash()
{
	bash --norc -c '
		. daemon/completion/appgwctl.bash
		compopt() { :; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_appgwctl
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' \
		bash "$@" | sort
}

# complete_zsh WORD...: what zsh offers, of which it takes those that begin as the last
# of them
complete_zsh()
{
	# shellcheck disable=SC2016
	zsh -f -c '
		compadd() {
			while [[ $1 != -- ]]; do shift; done
			shift
			for word; do
				[[ $word != $words[CURRENT]* ]] || echo $word
			done
		}
		_files() { ls -d $words[CURRENT]*; }
		fpath=(daemon/completion $fpath)
		autoload -Uz _appgwctl
		words=("$@") CURRENT=$#
		_appgwctl' zsh "$@" | sort
}

# In the table, from which --help is made
commands()
{
	sed -n 's/^\t{ "\([a-z-]*\)", .*/\1/p' daemon/ctl/main.c | sort -u
}

# options FILE...: of daemon/ctl, in their tables
options()
{
	(cd daemon/ctl &&
		sed -n "s/^\t\t{ \"\([a-z-]*\)\", [a-z]*_argument.*/--\1/p
			s/^\t{ '.', \"\([a-z-]*\)\", .*/--\1/p" "$@" | sort -u)
}

# offers SHELL WANTED WORD...
offers()
{
	diff <(printf '%s\n' "$2") <("complete_$1" "${@:3}")
}

# first SHELL: words of commands, and those that begin like one
first()
{
	[ "$(commands | wc -l)" -ge 6 ] && offers "$1" "$(commands)" appgwctl '' &&
		offers "$1" "$(commands)" appgwctl -j --output proto '' &&
		offers "$1" "$(commands | grep '^p')" appgwctl p
}

second()
{
	offers "$1" $'diff\nget\nload\nsave\nset' appgwctl policy '' &&
		offers "$1" $'save\nset' appgwctl --json policy s
}

nothing_else()
{
	local word

	for word in status nonesuch; do
		[ -z "$("complete_$1" appgwctl $word '')" ] || return
	done
	[ -z "$("complete_$1" appgwctl --output '')" ] &&
		[ -z "$("complete_$1" appgwctl watch --for '')" ]
}

all_options()
{
	local all

	all=$(options main.c top.c watch.c render_options.c)
	[ "$(wc -l <<<"$all")" -ge 20 ] && offers "$1" "$all" appgwctl --
}

# Options are those of the command before, and those of all.
own_options()
{
	local common=$'--control\n--help\n--json\n--version'

	offers "$1" "$common" appgwctl status -- &&
		offers "$1" "$(sort <<<"$common"$'\n--noheadings\n--output')" \
			appgwctl flows -- &&
		offers "$1" "$(sort <<<"$common"$'\n'"$(options watch.c |
			grep -vx -e --json)")" appgwctl watch 10.0.0.2 --for 5 --
}

# Of the policy that is in force: here, of one that is made up
policy()
{
	mkdir -p "$WORK/made_up"
	printf '#!/bin/sh\nprintf "attach=1\\nquota_host=64\\n"\n' \
		>"$WORK/made_up/appgwctl"
	chmod 755 "$WORK/made_up/appgwctl"
	PATH=$WORK/made_up:$PATH offers "$1" $'attach=\nquota_host=' \
		appgwctl policy set '' &&
		PATH=$WORK/made_up:$PATH offers "$1" quota_host= \
			appgwctl policy set attach=0 q
}

files()
{
	offers "$1" daemon/completion appgwctl --control daemon/comp
}

need zsh bash make
make -s daemon >&2 || die "no daemon"
PATH=$PWD/.build/daemon:$PATH
plan 14
for shell in bash zsh; do
	check "$shell: commands" first $shell
	check "$shell: their second words" second $shell
	check "$shell: nothing where nothing fits" nothing_else $shell
	check "$shell: options" all_options $shell
	check "$shell: those of a command" own_options $shell
	check "$shell: names of the policy" policy $shell
	check "$shell: a file" files $shell
done
note "took $SECONDS s"
tap_finish 0
