# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The surroundings of a script: namespaces of its own, a scratch directory,
# an account for the servers to log in, and the end of it all.

# Set here, read by the scripts.
# shellcheck disable=SC2034

# Where the test machine talks to its host (selftests/vm/run).
VM_MARK=/run/vm/paths

TEST_USER=appgw
TEST_PASS=Tr4nsfer
# TEST_PASS in SHA-256 crypt with the fewest rounds: emulation is slow.
# shellcheck disable=SC2016
TEST_HASH='$5$rounds=1000$appgwsalt$GXHbkWjUZJX6B7bs0WCQBATV4xzdMvzQmYRH.yzuCP7'
TEST_UID=4021

# by_kselftest: its runner has started this script, whose time limit it exports.
# Where that is run, tests are wanted, on the kernel that is running.
by_kselftest()
{
	[ -n "${kselftest_timeout:-}" ]
}

# need_checkout: skip the script if what it builds or reads is not around it, as
# where kselftest has installed it
need_checkout()
{
	[ -e "$SELFTESTS/../dkms.conf" ] || skip_all "needs a checkout of nf_appgw"
}

# sandbox_enter SCRIPT ARGS...
sandbox_enter()
{
	[ "$(id -u)" -eq 0 ] || skip_all "needs root"
	[ -e "$VM_MARK" ] ||
		[ "${APPGW_FORCE:-}" = 1 ] || by_kselftest || skip_all \
		"runs in the test machine only (selftests/vm/run -- $1)"
	! by_kselftest || modprobe -nq nf_appgw ||
		skip_all "needs the module nf_appgw"

	if [ "${APPGW_SANDBOX:-}" != 1 ]; then
		need unshare ip
		export APPGW_SANDBOX=1
		exec unshare --mount --pid --fork --kill-child --mount-proc \
			"$@"
	fi

	mkdir -p /run/netns
	mount -t tmpfs tmpfs /run/netns || die "no private /run/netns"

	WORK=$(mktemp -d "${TMPDIR:-/tmp}/appgw.XXXXXX")
	chmod 755 "$WORK"
	mkfifo "$WORK/pause"
	exec {PAUSE_FD}<>"$WORK/pause"

	trap 'sandbox_leave $?' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

sandbox_leave()
{
	local rc=$1 out=$WORK/leave.out
	# whatever function was under way when the script ended
	local IFS=$' \t\n'

	trap - EXIT INT TERM HUP
	net_remove
	appgw_exit >"$out" 2>&1 || {
		sed 's/^/# /' "$out"
		rc=1
	}
	tap_finish "$rc"
	rc=$?
	rm -rf "$WORK"
	exit "$rc"
}

# bind_copy FILE: replace it by a copy that only this script sees
bind_copy()
{
	local copy=$WORK/etc/${1##*/}

	mkdir -p "$WORK/etc"
	cp -a "$1" "$copy"
	mount --bind "$copy" "$1" || die "can't cover $1"
}

# test_account: a user with a password and a home, in $TEST_HOME
test_account()
{
	TEST_HOME=$WORK/home

	[ ! -d "$TEST_HOME" ] || return 0
	mkdir -m 755 "$TEST_HOME"
	bind_copy /etc/passwd
	bind_copy /etc/shadow
	bind_copy /etc/group
	bind_copy /etc/pam.d
	# servers ask for their clients' names, and would wait for nobody's answer
	bind_copy /etc/nsswitch.conf
	printf '%s: files\n' passwd group shadow hosts >/etc/nsswitch.conf
	echo "$TEST_USER:x:$TEST_UID:$TEST_UID::$TEST_HOME:/bin/sh" \
		>>/etc/passwd
	echo "$TEST_USER:x:$TEST_UID:" >>/etc/group
	echo "$TEST_USER:$TEST_HASH:19700:0:99999:7:::" >>/etc/shadow
	cat >/etc/pam.d/appgw <<-EOF
		auth required pam_unix.so
		account required pam_unix.so
		session required pam_permit.so
	EOF
	# netkit's has no answer to what pam_unix asks
	{
		echo "auth sufficient pam_ftp.so"
		cat /etc/pam.d/appgw
	} >/etc/pam.d/ftp
	chown "$TEST_USER:$TEST_USER" "$TEST_HOME"
}
