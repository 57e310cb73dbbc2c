#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# This folder is one of kselftest's in a kernel's tree: its make installs scenarios,
# and its runner runs them, and skips those that lack what they need.
#
# usage: kselftest.sh			on the host, as root
#	 kselftest.sh inside DIR	in the test machine: what was installed in DIR

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
# shellcheck source=selftests/vm/common.sh
. selftests/vm/common.sh
# shellcheck source=selftests/lib/report.sh
. selftests/lib/report.sh
# Not as a part of the "make" that may have started this
unset MAKEFLAGS MFLAGS MAKELEVEL

# What make_kselftest of selftests/setup has left of a kernel's tree
SOURCE=$APPGW_CACHE/kselftest
# The kernel that it is of, and that options are looked for in
KERNEL=6.1
ROOM=tools/testing/selftests

# Some that take seconds: what a client announces, what is asked of the module over
# netlink, and the daemon
SCENARIOS="ftp_pinhole.sh irc_plans.sh pna.sh"
# In the test machine: one each, and what each of these lacks
INSIDE=7

out=$(mktemp) || exit 1
trap 'rm -f "$out" "$out.inside"' EXIT

# check NAME CMD...
check()
{
	"${@:2}" >"$out" 2>&1
	tap_report $? "$1" "$out"
}

# ---- in the test machine

# runs NAME END: the runner's last word about it; sets said, all that came
runs()
{
	said=$("$dir/run_kselftest.sh" -t "nf_appgw:$1" 2>&1)
	echo "$said"
	[ "$(tail -n 1 <<<"$said")" = "${2/NAME/1 selftests: nf_appgw: $1}" ]
}

# passes NAME: all of it, and at least one check
passes()
{
	runs "$1" "ok NAME" &&
		grep -qE '^# # Totals: pass:[1-9][0-9]* fail:0 skip:0$' <<<"$said"
}

# skipped NAME WHY
skipped()
{
	runs "$1" "ok NAME # SKIP" && grep -qxF "# 1..0 # SKIP needs $2" <<<"$said"
}

# fails NAME WHY
fails()
{
	runs "$1" "not ok NAME # exit=1" && grep -qxF "# Bail out! $2" <<<"$said"
}

module_is_bad()
{
	local empty=/run/empty

	: >"$empty" && mount --bind "$empty" "$(modinfo -n nf_appgw)"
}

module_is_missing()
{
	mount -t tmpfs tmpfs "/lib/modules/$(uname -r)"
}

daemon_is_missing()
{
	local file

	while file=$(type -P appgwd); do
		rm "$file" || return
		hash -r
	done
}

# Away from what else the checkout has
inside()
{
	local t dir=/tmp/kselftest

	plan $INSIDE
	cp -a "$1" $dir
	export KSELFTEST_PNA_SH_ARGS=taken
	for t in $SCENARIOS; do
		check "$t passes" passes "$t"
	done
	daemon_is_missing
	check "without the daemon what needs it is skipped" \
		skipped pna.sh appgwd
	check "and the module alone passes" passes irc_plans.sh
	module_is_bad
	check "a module that does not load is a failure" \
		fails irc_plans.sh "nf_appgw does not load"
	module_is_missing
	check "without a module all is skipped" \
		skipped irc_plans.sh "the module nf_appgw"
	tap_finish 0
}

# ---- on the host

installed()
{
	rm -rf "$tree" "$dir" && mkdir -p "$tree" && cp -a "$SOURCE/." "$tree" &&
		(cd selftests && git ls-files -co --exclude-standard -z |
			rsync -a --from0 --files-from=- ./ "$tree/$ROOM/nf_appgw/") &&
		make -s -C "$tree/$ROOM" TARGETS=nf_appgw install \
			INSTALL_PATH="$dir" && [ -x "$dir/run_kselftest.sh" ]
}

# By the suites, all that run in the test machine; one needs what its host builds.
scenarios()
{
	# shellcheck disable=SC2016 # stands in the list of suites
	sed -n 's/^[^#].*$vm //p' selftests/suites | grep -oE '[a-z_/]+\.sh\b' |
		sed 's,^selftests/,,' | grep -vxE '.*/.*|daemon_everywhere.sh' |
		sort -u
}

lists_all()
{
	diff <(scenarios) <("$dir/run_kselftest.sh" -l | sed 's/^nf_appgw://' | sort)
}

# What scripts read by name, but for what only a checkout has
complete()
{
	local file files

	files=$(cd "$dir/nf_appgw" && grep -rhoE '\$SELFTESTS/[A-Za-z0-9_/.]+' \
		--include='*.sh' . | sort -u | grep -v '/\.\.')
	echo "$files"
	[ -n "$files" ] || return
	for file in $files; do
		[ -e "$dir/nf_appgw/${file#*/}" ] ||
			{ echo "no ${file#*/}"; return 1; }
	done
}

# Debian's kernel, on which all of them pass, has each option.
options()
{
	local config=$APPGW_CACHE/kernels/$KERNEL/headers/.config line rc=0

	while read -r line; do
		grep -qE "^${line%=*}=[my]$" "$config" || {
			echo "not in $KERNEL: $line"
			rc=1
		}
	done <"$dir/nf_appgw/config"
	return $rc
}

tells()
{
	local said

	said=$(make -C selftests 2>&1) && return 1
	echo "$said"
	[[ $said == *"in $ROOM/nf_appgw"* ]]
}

if [ "${1:-}" = inside ]; then
	inside "$2"
	exit
fi

need_root
[ -d "$SOURCE" ] || selftests/setup judges || exit
selftests/vm/fetch $KERNEL || exit
tree=$PWD/.build/kselftest/linux dir=$PWD/.build/kselftest/installed

plan $((5 + INSIDE))
check "a kernel's make installs it" installed
check "the list names all scenarios" lists_all
check "what they read is installed, too" complete
check "config names options of the kernel's" options
check "outside of a kernel's tree make tells where it belongs" tells
selftests/vm/run -k $KERNEL -t "$(scaled 300)" -- \
	selftests/kselftest.sh inside "$dir" >"$out.inside" 2>&1
status=$?
tap_relay $INSIDE <"$out.inside"
tap_finish $status
