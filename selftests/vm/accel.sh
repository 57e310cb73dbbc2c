# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What runs the test machine's processor: KVM where it can, else emulation.
# Sourced by run.
#
# There are machines that have /dev/kvm and can't run an unmodified kernel with
# it: the guest hangs before its first word. So one of our kernels is booted
# once, and what came of it is kept until this machine or its kernel is another.
#
# CACHE/kvm	"yes" or "no", and what the answer holds for

# Another one is for a test of this file.
kvm_device=${APPGW_KVM_DEVICE:-/dev/kvm}
kvm_answer=$APPGW_CACHE/kvm
kvm_said="this kernel runs"

# A machine with KVM says so within a second or two.
readonly KVM_PROBE_S=8

# kvm_holds_for BASE: what has to be the same for an answer to be one
kvm_holds_for()
{
	{
		cat /proc/sys/kernel/random/boot_id "$1/stamp"
		grep -m 1 'model name' /proc/cpuinfo
		qemu-system-x86_64 --version
		echo "$kvm_device"
	} | sha256sum | cut -c1-16
}

# The smallest root that can speak
kvm_probe_initrd()
{
	mkdir -p "$1"/{bin,dev} &&
		cp "$(command -v busybox)" "$1/bin/" &&
		ln -s busybox "$1/bin/sh" || return 1
	cat >"$1/init" <<-INIT
	#!/bin/sh
	/bin/busybox mount -t devtmpfs dev /dev
	echo "$kvm_said" >/dev/ttyS0
	/bin/busybox reboot -f
	INIT
	chmod 755 "$1/init" && (cd "$1" && find . | cpio -o -H newc --quiet)
}

# kvm_boots BASE DIR: true if that kernel does, with KVM; DIR is scratch
kvm_boots()
{
	local image=$1/vmlinux

	[ -e "$image" ] || image=$1/vmlinuz
	(set -o pipefail; kvm_probe_initrd "$2/probe") >"$2/probe.initrd" ||
		die "can't make an initrd"
	# In a shell that keeps to itself that qemu has aborted
	(timeout -s KILL $KVM_PROBE_S qemu-system-x86_64 -accel kvm -cpu host \
		-m 256 -nodefaults -no-user-config -no-reboot -display none \
		-monitor none -chardev "file,id=c,path=${2//,/,,}/probe.console" \
		-serial chardev:c -kernel "$image" -initrd "$2/probe.initrd" \
		-append "console=ttyS0 panic=-1 mitigations=off" \
		</dev/null >"$2/probe.qemu" 2>&1; true) 2>/dev/null
	grep -qs "$kvm_said" "$2/probe.console"
}

# kvm_works BASE DIR
kvm_works()
{
	local key said=

	[ -r "$kvm_device" ] && [ -w "$kvm_device" ] || return
	key=$(kvm_holds_for "$1")
	{
		flock 8
		[ "$(cut -d' ' -f2 "$kvm_answer" 2>/dev/null)" = "$key" ] || {
			said=no
			! kvm_boots "$1" "$2" 8>&- || said=yes
			echo "$said $key" >"$kvm_answer"
		}
	} 8>"$kvm_answer.lock"
	[ "$said" != no ] ||
		say "$kvm_device does not run Linux $(cat "$1/version"): emulating"
	[ "$(cut -d' ' -f1 "$kvm_answer")" = yes ]
}

# choose_accel ICOUNT BASE DIR: tcg or kvm, of which counting instructions knows
# but the first. A kernel that checks itself takes long to boot, so another one
# is tried in its place if there is one.
choose_accel()
{
	local base=$2

	if [ -n "$1" ]; then
		accel=tcg
		return
	fi
	case ${APPGW_VM_ACCEL:-} in
	tcg|kvm)
		accel=$APPGW_VM_ACCEL
		return
		;;
	'') ;;
	*)
		say "APPGW_VM_ACCEL=$APPGW_VM_ACCEL: tcg or kvm"
		exit 2
		;;
	esac
	[ ! -s "${base%/*}/6.1/stamp" ] || base=${base%/*}/6.1
	accel=tcg
	! kvm_works "$base" "$3" || accel=kvm
}
