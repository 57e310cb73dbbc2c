#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon builds without a warning on Debian 13 and sid, for other architectures
# and against musl; where its C library is at hand it runs, and passes unit tests.
#
# usage: everywhere.sh		all of that, but for what others cover
#	 everywhere.sh long	with armhf, and the unit tests that take a machine long
#	 everywhere.sh build	only what daemon_everywhere.sh runs

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
# shellcheck source=selftests/vm/common.sh
. selftests/vm/common.sh
# shellcheck source=selftests/lib/report.sh
. selftests/lib/report.sh
# Not as a part of the "make" that may have started this
unset MAKEFLAGS MFLAGS MAKELEVEL

RELEASES="trixie sid"
# 64 bits, 32 bits twice, of which one is this processor's own, and big-endian
ARCHITECTURES="arm64 i386 s390x"
LONG_ARCHITECTURES="arm64 armhf i386 s390x"
# Those that run in the test machine
RUNNING="trixie sid i386"

# Unit tests: what the daemon alone reads, and what has its libraries. An emulator
# runs only those that take no time: their likes are covered by s390x and i386.
DAEMON_TESTS="config kmod_plan packet irc_parse msn_parse rtsp_parse"
SHORT_TESTS="config kmod_plan packet msn_parse"
# Under an emulator each of these takes 10 s and more.
LONG_TESTS="browsers ftp_session msn_plans msn_scan pna_scan rtsp_scan stream"

# target NAME: all of what follows is about it
#
# Sets enter (how one gets there), root and at (the checkout, and where it is built,
# as seen from there), make (with its arguments), and runs (what starts a program).
target()
{
	dir=$PWD/.build/everywhere/$1
	enter=() root=$PWD at=$dir make=(make -s) runs=
	case $1 in
	trixie)	target_release 6.12 ;;
	sid)	target_release latest ;;
	arm64)	target_cross "$1" aarch64-linux-gnu qemu-aarch64-static ;;
	armhf)	target_cross "$1" arm-linux-gnueabihf qemu-arm-static ;;
	i386)	target_cross "$1" i686-linux-gnu '' ;;
	s390x)	target_cross "$1" s390x-linux-gnu qemu-s390x-static ;;
	musl)	target_musl ;;
	esac
}

# made_with FILE: what was built by something else is built again
made_with()
{
	cmp -s "$1" "$dir/made-with" && return
	rm -rf "$dir"
	mkdir -p "$dir" && cp "$1" "$dir/made-with"
}

target_release()
{
	made_with "$APPGW_CACHE/kernels/$1/stamp"
	enter=(in_chroot "$1" "$dir") root=/mnt at=/build
}

# target_cross ARCH COMPILER EMULATOR: without one, this processor runs it
target_cross()
{
	local sysroot=$APPGW_CACHE/sysroots/$1 lib

	made_with "$sysroot/stamp"
	lib=$(echo "$sysroot"/usr/lib/*-linux-gnu*)
	make+=("CC=$2-gcc --sysroot=$sysroot")
	enter=(env "PKG_CONFIG_SYSROOT_DIR=$sysroot"
		"PKG_CONFIG_LIBDIR=$lib/pkgconfig:$sysroot/usr/share/pkgconfig")
	runs="$3 -L $sysroot"
	[ -n "$3" ] || runs="$sysroot/lib/ld-linux.so.2 --library-path \
$sysroot/lib/${lib##*/}:$lib"
}

# Debian has no libraries for it: their headers are those for the other C library, and
# nothing is linked.
target_musl()
{
	local headers

	headers="-idirafter /usr/include -idirafter /usr/include/$(gcc -print-multiarch)"
	made_with <(dpkg-query -W musl-dev libc6-dev)
	make+=("CC=musl-gcc $headers")
}

# report NAME CMD...: passes if CMD succeeds
report()
{
	local name=$1 rc
	shift

	"$@" >"$OUT" 2>&1
	rc=$?
	echo "exit status $rc" >>"$OUT"
	tap_report $rc "$name" "$OUT"
}

# daemon_make [GOAL]: by one script at a time
daemon_make()
{
	(flock 9 && "${enter[@]}" "${make[@]}" -C "$root/daemon" \
		BUILD="$at/daemon" CFLAGS="-O2 -g -Werror" "$@") \
		9>.build/.everywhere.lock
}

daemon_runs()
{
	local said

	# shellcheck disable=SC2086 # a list
	said=$("${enter[@]}" $runs "$at/daemon/appgwd" --help) || return
	echo "$said"
	[[ $said == *--queue* ]] || return
	# shellcheck disable=SC2086 # a list
	said=$("${enter[@]}" $runs "$at/daemon/appgwctl" --help) || return
	echo "$said"
	[[ $said == *status* ]]
}

# checks FILE
checks()
{
	# shellcheck disable=SC2086 # a list
	"${enter[@]}" $runs "$at/daemon/appgwd" --check --config "$1" 2>&1
}

checks_configuration()
{
	local said

	checks "$root/daemon/appgwd.conf" || return
	echo 'queue = 70000' >"$dir/bad.conf"
	! said=$(checks "$at/bad.conf") && [[ $said == *"$at/bad.conf:1: queue"* ]] ||
		{ echo "$said"; return 1; }
}

# unit TEST...: those, or all; what they say if it isn't "ok"
unit()
{
	"${enter[@]}" "${make[@]}" -C "$root/selftests/unit" BUILD="$at/unit" \
		RUN="$runs" ${1+"TESTS=$*"} "${unit_flags[@]}" run 2>&1 |
		grep -v '^ok '
	[ "${PIPESTATUS[0]}" -eq 0 ]
}

# all_but TEST...: the names of the other unit tests
all_but()
{
	make -s -C selftests/unit names |
		grep -vxFf <(printf '%s\n' "$@")
}

# Without sanitizers, which an emulator takes minutes for
emulated_flags=(CFLAGS=-O1 SANITIZE=)

everywhere_build()
{
	local t

	for t in $RUNNING; do
		target "$t"
		report "$t: the daemon builds" daemon_make
	done
}

# everywhere_units: what the daemon reads, by the newest compiler, with its sanitizers,
# and on machines whose likes are covered
everywhere_units()
{
	local t

	target sid
	unit_flags=()
	# shellcheck disable=SC2086 # a list
	report "sid: unit tests" unit $DAEMON_TESTS
	unit_flags=("${emulated_flags[@]}")
	for t in arm64 armhf; do
		target "$t"
		# shellcheck disable=SC2086 # a list
		report "$t: unit tests" unit $SHORT_TESTS
	done
}

everywhere_all()
{
	local t

	for t in $RELEASES $ARCHITECTURES; do
		target "$t"
		report "$t: the daemon builds without a warning" daemon_make
		report "$t: it runs" daemon_runs
		report "$t: it tells a good configuration from a bad one" \
			checks_configuration
	done
	target musl
	report "musl: each file compiles without a warning" daemon_make objects

	[ -n "$long" ] || everywhere_units
	unit_flags=("${emulated_flags[@]}")
	for t in i386 s390x; do
		target "$t"
		# shellcheck disable=SC2046 # a list
		report "$t: unit tests of both halves" unit $(all_but $long)
	done
}

long=$LONG_TESTS part=all units=2
case ${1:-} in
'')	;;
long)	long='' units=5 ARCHITECTURES=$LONG_ARCHITECTURES ;;
build)	part=build ;;
*)	die "$1: neither long nor build" ;;
esac
mkdir -p .build/everywhere || exit 1
OUT=$(mktemp .build/everywhere/out.XXXXXX) || exit 1
trap 'rm -f "$OUT"' EXIT

case $part in
build)
	selftests/vm/fetch 6.12 latest && selftests/sysroot i386 || exit
	plan "$(wc -w <<<"$RUNNING")"
	;;
all)
	for c in musl-gcc qemu-{aarch64,arm,s390x}-static \
		{aarch64,i686,s390x}-linux-gnu-gcc arm-linux-gnueabihf-gcc; do
		command -v "$c" >/dev/null || {
			selftests/setup everywhere || exit
			break
		}
	done
	# shellcheck disable=SC2086 # a list
	selftests/vm/fetch 6.12 latest && selftests/sysroot $ARCHITECTURES ||
		exit
	plan $((3 * $(wc -w <<<"$RELEASES $ARCHITECTURES") + 1 + units))
	;;
esac
everywhere_$part
tap_finish 0
