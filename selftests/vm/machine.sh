#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The test machine tells the truth: status and output come through as they
# are, and a machine that dies, hangs or warns can't pass.
#
# usage: machine.sh [KERNEL [long]]; runs on the host, as root
#
# Without "long" only those without which a wrong result would pass, or a test that
# needs the machine would not.

set -u
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/vm/common.sh
. "$here/common.sh"
# shellcheck source=selftests/lib/report.sh
. "$here/../lib/report.sh"
repo=$(readlink -f "$here/../..")
kernel=${1:-6.1} long=${2:-}
limit=$(scaled 120)
need_root

# Inside the checkout, because the guest has a /tmp of its own
mkdir -p "$repo/.build" || exit 1
tmp=$(mktemp -d "$repo/.build/machine.XXXXXX") || exit 1
mkdir "$tmp/tmp"
export TMPDIR=$tmp/tmp
# On the cache's file system, so that a copy can be made of links
cache_copy=$APPGW_CACHE/selftest.$$
trap 'rm -rf "$tmp" "$cache_copy"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# vm STATUS ARG...: true if run ARG... ends with STATUS. Its output is then
# in $tmp/out and $tmp/err.
vm()
{
	local want=$1 rc

	shift
	"$here/run" -k "$kernel" -n -t "$limit" "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
	[ $rc -eq "$want" ] ||
		{ echo "status $rc, not $want" >>"$tmp/err"; return 1; }
}

out_is()
{
	[ "$(cat "$tmp/out")" = "$1" ] || {
		echo "output: $(head -c 300 "$tmp/out")" >>"$tmp/err"
		return 1
	}
}

err_has()
{
	grep -q -e "$1" "$tmp/err"
}

passes_status()
{
	vm 0 -- true && vm 7 -- sh -c 'exit 7' &&
		vm 124 -- sh -c 'exit 124' && ! [ -s "$tmp/err" ]
}

right_kernel()
{
	vm 0 -- uname -r &&
		out_is "$(cat "$APPGW_CACHE/kernels/$kernel/version")"
}

binary_output()
{
	head -c 1048576 /dev/urandom >"$tmp/data"
	printf 'cr\r\nlf\n\0\377\004' >>"$tmp/data"
	vm 0 -- cat "$tmp/data" && cmp "$tmp/data" "$tmp/out" 2>>"$tmp/err"
}

output_apart()
{
	vm 0 -- sh -c 'echo one; echo two >/dev/stderr; echo three' &&
		out_is $'one\nthree' && [ "$(cat "$tmp/err")" = two ]
}

slow_reader()
{
	"$here/run" -k "$kernel" -n -t "$limit" -- cat "$tmp/data" |
		{ sleep 6; cat; } | cmp - "$tmp/data" 2>"$tmp/err"
}

arguments()
{
	# shellcheck disable=SC2016,SC1003
	local args=('a b' "it's" '"' $'two\nlines' '' '$HOME' '\')

	vm 0 -- printf '<%s>' "${args[@]}" &&
		out_is "$(printf '<%s>' "${args[@]}")"
}

environment()
{
	# shellcheck disable=SC2016
	APPGW_SELFTEST="a 'b' \$c" OTHER=x vm 0 -- sh -c \
		'echo "$APPGW_SELFTEST|$OTHER|$HOME|$(id -u)|$(pwd)"' &&
		out_is "a 'b' \$c||/root|0|$repo"
}

leftovers()
{
	vm 0 -- sh -c 'sleep 1000 & echo end' && out_is end
}

time_limit()
{
	"$here/run" -k "$kernel" -n -t 8 -- sleep 1000 >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 124 ] && err_has 'not done within 8 s'
}

panic()
{
	vm 125 -- sh -c 'echo c >/proc/sysrq-trigger' &&
		err_has 'the machine died' && err_has 'Kernel panic' &&
		err_has 'end Kernel panic\|Kernel Offset'
}

no_qemu()
{
	vm 125 -x -no-such-option -- true && err_has no-such-option
}

kernel_warning()
{
	local cmd='echo "<4>WARNING: CPU: 0 made up" >/dev/kmsg'

	vm 123 -- sh -c "$cmd" && err_has 'made up' &&
		vm 0 -w -- sh -c "$cmd" && err_has 'made up'
}

host_is_safe()
{
	vm 0 -- sh -c "echo x >/etc/appgw-selftest && rm -f '$cache_copy' /etc/passwd" &&
		[ ! -e /etc/appgw-selftest ] && [ -e /etc/passwd ]
}

checkout_is_shared()
{
	vm 0 -- sh -c "echo from guest >'$tmp/made'" &&
		[ "$(cat "$tmp/made")" = 'from guest' ]
}

network()
{
	vm 0 -- bash -c '
		set -e
		ping -c 1 -W 5 127.0.0.1 >/dev/null || exec 3<>/dev/udp/127.0.0.1/9
		ip netns add a
		ip link add v0 type veth peer name v1 netns a
		nft add table inet t
		nft add chain inet t c "{ type nat hook postrouting priority 100; }"
		nft add rule inet t c oifname v0 masquerade
		nft list ruleset | grep -q masquerade'
}

interrupted()
{
	local pid i

	"$here/run" -k "$kernel" -n -t "$limit" -- sleep 1000 >"$tmp/out" \
		2>"$tmp/err" &
	pid=$!
	for ((i = 0; i < 10 * limit; i++)); do
		[ -z "$(find "$TMPDIR" -name uptime)" ] || break
		sleep 0.1
	done
	[ $i -lt $((10 * limit)) ] || return 1
	kill -TERM $pid
	wait $pid
	[ $? -eq 143 ] && [ -z "$(ls -A "$TMPDIR")" ] || return 1
	for ((i = 0; i < 50; i++)); do
		pgrep -f "^qemu-system.*$TMPDIR" >/dev/null || return 0
		sleep 0.1
	done
	return 1
}

side_by_side()
{
	local n pids=()

	for n in 1 2; do
		"$here/run" -k "$kernel" -n -t "$limit" -- echo "machine $n" \
			>"$tmp/out$n" 2>"$tmp/err" &
		pids+=($!)
	done
	for n in 1 2; do
		wait "${pids[n - 1]}" &&
			[ "$(cat "$tmp/out$n")" = "machine $n" ] || return 1
	done
}

counts_instructions()
{
	cat >"$tmp/count.c" <<-'C'
	#include <stdio.h>
	#include <unistd.h>
	#include <x86intrin.h>

	int main(void)
	{
		unsigned long long t, min = -1ULL;

		for (int run = 0; run < 20; run++) {
			t = __rdtsc();
			for (int i = 0; i < 200; i++)
				getppid();
			t = __rdtsc() - t;
			if (t < min)
				min = t;
		}
		printf("%llu\n", min);
	}
	C
	gcc -O1 -o "$tmp/count" "$tmp/count.c" 2>"$tmp/err" || return 1
	vm 0 -i -- "$tmp/count" || return 1
	mv "$tmp/out" "$tmp/first"
	vm 0 -i -- "$tmp/count" && [ -s "$tmp/first" ] &&
		cmp "$tmp/first" "$tmp/out" 2>>"$tmp/err"
}

module_in_reach()
{
	"$here/run" -k "$kernel" -t "$limit" -- sh -c \
		'modprobe nf_appgw && lsmod | grep -q ^nf_appgw && modprobe -r nf_appgw' \
		>"$tmp/out" 2>"$tmp/err"
}

# Pauses that are over before they begin. The mask is that of the shell itself.
pause_keeps_signals()
{
	mkfifo "$tmp/pause" && bash -c '
		. "$1/tap.sh"
		exec {PAUSE_FD}<>"$2"
		for ((i = 0; i < 50; i++)); do
			pause 0.000001
		done
		while read -r key value; do
			[ "$key" != SigBlk: ] || echo "$value"
		done <"/proc/$$/status"' sh "$here/../lib" "$tmp/pause" \
		>"$tmp/out" 2>"$tmp/err" && out_is 0000000000000000
}

unknown_kernel()
{
	"$here/run" -k 2.2 -n -- true >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 2 ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] && err_has 2.2
}

# Damage in a copy. Links are broken first: the original must stay whole.
check_copy()
{
	APPGW_CACHE=$cache_copy "$here/fetch" --check "$kernel" 2>"$tmp/err"
}

# An image that is in there stays.
copy_kernel()
{
	rm -rf "$cache_copy/kernels"
	mkdir -p "$cache_copy/kernels" &&
		cp -al "$APPGW_CACHE/kernels/$kernel" "$cache_copy/kernels/" ||
		return 1
	check_copy
}

damage_is_noticed()
{
	local dir=$cache_copy/kernels/$kernel f

	for f in vmlinuz vmlinux; do
		copy_kernel || return 1
		rm "$dir/$f"
		head -c 1000000 "$APPGW_CACHE/kernels/$kernel/$f" >"$dir/$f"
		! check_copy || return 1
	done

	copy_kernel || return 1
	f=$(find "$dir/lib" -name nf_conntrack.ko)
	cp "$f" "$f.new" && printf x | dd of="$f.new" bs=1 seek=5000 \
		conv=notrunc status=none && mv "$f.new" "$f" || return 1
	! check_copy || return 1

	copy_kernel && rm -rf "${dir:?}/lib" && ! check_copy || return 1
	copy_kernel && rm "$dir/stamp" && ! check_copy || return 1
	copy_kernel && : >"$dir/new" && mv "$dir/new" "$dir/stamp" &&
		! check_copy
}

# One that can, when it is asked for KVM, what $1 says: run an emulated machine in
# its place, or only hang. Its device is one that anybody may write to.
fake_kvm()
{
	mkdir -p "$tmp/bin"
	{
		echo '#!/bin/bash'
		echo "how=$1 real=$(command -v qemu-system-x86_64)"
		cat <<-'FAKE'
		args=()
		for arg; do
			case $arg in
			kvm)	[ $how = works ] || exec sleep 100
				arg=tcg ;;
			host)	arg=max,la57=off ;;
			esac
			args+=("$arg")
		done
		exec "$real" "${args[@]}"
		FAKE
	} >"$tmp/bin/qemu-system-x86_64"
	chmod 755 "$tmp/bin/qemu-system-x86_64"
	copy_kernel
}

# vm_kvm STATUS ARG...: with that one, and a cache that knows nothing of it
vm_kvm()
{
	PATH=$tmp/bin:$PATH APPGW_KVM_DEVICE=/dev/null \
		APPGW_CACHE=$cache_copy APPGW_VM_ACCEL=${by_hand:-} vm "$@"
}

# shellcheck disable=SC2016 # for the guest
kvm_hangs()
{
	fake_kvm hangs || return
	rm -f "$cache_copy/kvm"
	vm_kvm 0 -- sh -c 'echo $APPGW_VM_ACCEL' && out_is tcg &&
		[ "$(grep -c emulating "$tmp/err")" -eq 1 ] &&
		vm_kvm 0 -- true && ! err_has emulating &&
		grep -q '^no ' "$cache_copy/kvm"
}

# shellcheck disable=SC2016 # for the guest
kvm_works()
{
	fake_kvm works || return
	rm -f "$cache_copy/kvm"
	vm_kvm 0 -- sh -c 'echo $APPGW_VM_ACCEL' && out_is kvm &&
		! [ -s "$tmp/err" ] && grep -q '^yes ' "$cache_copy/kvm" &&
		vm_kvm 0 -i -- sh -c 'echo $APPGW_VM_ACCEL' && out_is tcg
}

# shellcheck disable=SC2016 # for the guest
kvm_by_hand()
{
	fake_kvm hangs || return
	rm -f "$cache_copy/kvm"
	by_hand=tcg vm_kvm 0 -- sh -c 'echo $APPGW_VM_ACCEL' && out_is tcg &&
		[ ! -e "$cache_copy/kvm" ] && by_hand=xen vm_kvm 2 -- true &&
		err_has xen
}

# What is in the image is the host's as it is now.
image_is_new()
{
	local file=$cache_copy/peers/file

	copy_kernel && mkdir -p "${file%/*}" && echo one >"$file" || return
	APPGW_CACHE=$cache_copy vm 0 -- cat "$file" && out_is one || return
	rm "$file"
	echo two >"$file.2"
	APPGW_CACHE=$cache_copy vm 0 -- sh -c "cat '$file.2'; ! cat '$file'" &&
		out_is two
}

charges_complaints()
{
	local n

	for n in 1 2 3; do
		printf '%s\n' '#!/bin/sh' "echo ok $n" >"$tmp/script$n"
		chmod 755 "$tmp/script$n"
	done
	echo 'echo "<4>WARNING: CPU: 0 made up" >/dev/kmsg' >>"$tmp/script2"
	vm 123 -- selftests/vm/several.sh ../".build/${tmp##*/}/script"{1,2,3} &&
		sed '/^---/,$d' "$tmp/err" | grep script >"$tmp/charged" &&
		[[ $(cat "$tmp/charged") == *script2 ]] &&
		grep -q '^not ok .*script2: the kernel complained' "$tmp/out" &&
		[ "$(grep -c '^ok' "$tmp/out")" -eq 3 ] &&
		[ "$(grep -c '^not ok' "$tmp/out")" -eq 1 ]
}

nothing_is_left()
{
	[ -z "$(ls -A "$TMPDIR")" ]
}

# t TEST NAME
t()
{
	local rc

	: >"$tmp/err"
	"$1"
	rc=$?
	tail -n 15 "$tmp/err" >"$tmp/told"
	tap_report $rc "$2" "$tmp/told"
}

# l TEST NAME: one of those that take long
l()
{
	[ -z "$long" ] || t "$@"
}

if [ -n "$long" ]; then
	plan 28
else
	plan 17
fi
"$here/fetch" "$kernel" || {
	echo "Bail out! no kernel $kernel"
	exit 1
}

t passes_status		"the command's status comes through: 0, 7, 124"
t right_kernel		"the kernel is the one asked for"
l binary_output		"1 MB of any bytes comes through unchanged"
t output_apart		"stdout and stderr come out apart"
l slow_reader		"a slow reader loses nothing"
l arguments		"arguments with blanks, quotes and newlines"
l environment		"APPGW_* is passed on, other variables are not"
l leftovers		"a process left behind does not hold up the end"
t time_limit		"past the time limit: 124 and a message"
t panic			"a panic: 125 and the console's tail"
t no_qemu		"qemu can't start: 125 and its message"
t kernel_warning	"a warning of the kernel: 123, or shown with -w"
t host_is_safe		"the guest can't write to the host's root"
t checkout_is_shared	"the guest can write to the checkout"
t network		"namespaces, veth and nftables' nat are there"
t interrupted		"SIGTERM ends the machine and leaves nothing"
l side_by_side		"two machines run side by side"
t counts_instructions	"-i: the same work takes the same rdtsc count"
if [ -f "$repo/Kbuild" ]; then
	t module_in_reach "nf_appgw is built and can be loaded"
else
	skip "nf_appgw is built and can be loaded" "no Kbuild yet"
fi
t pause_keeps_signals	"a pause of the scripts leaves no signal blocked"
l unknown_kernel	"an unknown kernel: status 2 and one line"
l damage_is_noticed	"a damaged kernel is noticed"
l kvm_hangs		"KVM that does not run our kernel: emulated, said once"
l kvm_works		"KVM that does is used, but not with -i"
l kvm_by_hand		"APPGW_VM_ACCEL chooses"
t image_is_new		"a host's file that has changed or gone is so in the guest"
t charges_complaints	"a warning is charged to the script that provoked it"
t nothing_is_left	"no temporary files are left"

tap_finish 0
