#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon of other releases and of 32 bits, with its own C library, does its work
# within its sandbox: no system call that it makes is refused.
#
#   in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: daemon_everywhere.sh [TARGET...]; "everywhere.sh build" has built them

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"

declare -A CHECKS=([trixie]=10 [sid]=10 [i386]=10)
# The number of a call of which the filter knows nothing, and what it is
declare -A UNKNOWN=([trixie]="165 mount" [sid]="165 mount" [i386]="21 mount")

# started_by TARGET: the linker that starts its programs, with its libraries
started_by()
{
	local root

	case $1 in
	trixie)	root=$APPGW_CACHE/kernels/6.12/chroot ;;
	sid)	root=$APPGW_CACHE/kernels/latest/chroot ;;
	i386)	root=$APPGW_CACHE/sysroots/i386
		echo "$root/lib/ld-linux.so.2 --library-path" \
			"$root/lib/i386-linux-gnu:$root/usr/lib/i386-linux-gnu"
		return ;;
	esac
	echo "$root/usr/lib64/ld-linux-x86-64.so.2 --library-path" \
		"$root/usr/lib/x86_64-linux-gnu"
}

# installed TARGET: its appgwd and appgwctl are those in PATH
installed()
{
	local name

	for name in appgwd appgwctl; do
		cp "$SELFTESTS/../.build/everywhere/$1/daemon/$name" \
			"$WORK/bin/$name.$1" || return
		printf '#!/bin/sh\nexec %s %s "$@"\n' "$(started_by "$1")" \
			"$WORK/bin/$name.$1" >"$WORK/bin/$name"
		chmod 755 "$WORK/bin/$name"
	done
	hash -r
}

# uses_libc_of TARGET: the one that runs has mapped that, and no other
uses_libc_of()
{
	local libc want

	libc=$(awk '/libc[.]so/ { print $6 }' "/proc/$APPGWD_PID/maps" | sort -u)
	want=$(started_by "$1")
	want=${want##* }
	echo "$libc"
	[ -n "$libc" ] && [ "${libc%/*}" = "$(realpath "${want%%:*}")" ]
}

# seccomp_lines: of the kernel's log, one for each call that a filter refused or
# killed for
seccomp_lines()
{
	dmesg | grep 'audit: type=1326'
}

# refused: such lines since there were $before
refused()
{
	seccomp_lines | tail -n +$((before + 1)) | grep .
}

listens()
{
	ctl_json "d['daemon']['listening'] and d['daemon']['pid'] == $APPGWD_PID \
		and d['listeners'][0]['queue'] == 3" status && [[ $(ctl status) == \
		*"pid $APPGWD_PID"* ]]
}

# reloads: with another limit, which is the one that is shown
reloads()
{
	printf 'queue = 3\nuser = "nobody"\nlog-level = debug\n' >"$APPGWD_CONF"
	kill -HUP "$APPGWD_PID"
	wait_for 20 appgwd_said 'config: read again' || {
		cat "$APPGWD_LOG"
		return 1
	}
	listens
}

stays_with_old()
{
	printf 'queue = 3\nbatch = 0\n' >"$APPGWD_CONF"
	kill -HUP "$APPGWD_PID"
	wait_for 20 appgwd_said 'the old one stays' && listens
}

none_refused()
{
	! refused
}

# What looks for refused calls finds one: the filter is this daemon's.
shows_refused()
{
	before=$(seccomp_lines | wc -l)
	/usr/bin/python3 -I -S "$SELFTESTS/peers/inject.py" "$APPGWD_PID" \
		"$@" || return
	wait_for 20 refused
}

works()
{
	say listen data in $PORT >/dev/null
	offer "SEND file $IN $PORT 123" "SEND file $WAN $PORT 123" $PORT &&
		data_through out "${IP4[wan]}" $PORT data
}

target()
{
	local unknown=${UNKNOWN[$1]}

	scene masq
	installed "$1" || die "$1 is not built"
	before=$(seccomp_lines | wc -l)
	printf 'queue = 3\nuser = "nobody"\n' >"$APPGWD_CONF"
	check "$1: it starts as another user, and listens" appgwd_start
	check "$1: it has its own C library" uses_libc_of "$1"
	check "$1: appgwctl shows it" listens
	check "$1: an announcement is rewritten, data comes through" works
	check "$1: SIGHUP, a bad file: the old one stays" stays_with_old
	check "$1: SIGHUP, a good one: read again" reloads
	check "$1: no system call was refused" none_refused
	check "$1: one that is would be seen (${unknown#* })" \
		shows_refused "${unknown% *}" 0 0 0
	check "$1: it has survived that" listens
	check "$1: SIGTERM: ends with status 0" appgwd_stop
}

need /usr/bin/python3
mkdir "$WORK/bin" || die "no folder for programs"
PATH=$WORK/bin:$PATH
APPGWD_CONF=$WORK/conf
[ $# -gt 0 ] || set -- trixie sid i386
daemon_parts "target " "$@"
