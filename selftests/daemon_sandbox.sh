#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the daemon can't do once it runs, and who may talk to it.
#
#   in ---- gw (nf_appgw, appgwd) ---- out

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

NET_ADMIN=0000000000001000

# status_is FIELD VALUE: so it stands in /proc, for each of its threads
status_is()
{
	local file value

	for file in "/proc/$APPGWD_PID"/task/*/status; do
		value=$(awk -v want="$1:" '$1 == want { $1 = ""; print }' "$file")
		[ "${value# }" = "$2" ] && continue
		echo "$file: $1 is${value:- missing}, not $2"
		return 1
	done
}

threads()
{
	local tasks=("/proc/$APPGWD_PID"/task/*)

	[ ${#tasks[@]} -eq "$1" ]
}

# privileges UID: of a daemon that runs
privileges()
{
	check "$1: effective capability: only CAP_NET_ADMIN" \
		status_is CapEff $NET_ADMIN
	check "$1: permitted: the same" status_is CapPrm $NET_ADMIN
	check "$1: inheritable and ambient: none" all_of_status \
		CapInh 0000000000000000 CapAmb 0000000000000000
	check "$1: no_new_privs, and a seccomp filter" all_of_status \
		NoNewPrivs 1 Seccomp 2
	check "$1: user" status_is Uid "$2 $2 $2 $2"
}

all_of_status()
{
	while [ $# -gt 0 ]; do
		status_is "$1" "$2" || return 1
		shift 2
	done
}

# What it has open to write besides sockets: only its log
writes_only_log()
{
	local fd flags target

	for fd in "/proc/$APPGWD_PID"/fd/*; do
		target=$(readlink "$fd")
		flags=$(awk '/^flags/ { print $2 }' "${fd/fd/fdinfo}")
		case $target in
		socket:* | anon_inode:* | /dev/null) continue ;;
		esac
		[ $((flags & 3)) -eq 0 ] && continue
		[ "${target% (deleted)}" = "$APPGWD_LOG" ] && continue
		echo "$fd is $target, flags $flags"
		return 1
	done
}

# A tracer makes it call what its filter does not know: it is killed.
# injected SYSCALL_NUMBER ARG1 ARG2 ARG3
injected()
{
	appgwd_start --queue 3 || return 1
	/usr/bin/python3 -I -S "$SELFTESTS/peers/inject.py" "$APPGWD_PID" "$@"
}

killed_by()
{
	injected "$@" >"$WORK/inject" 2>&1
	wait "$APPGWD_PID" 2>/dev/null
	local rc=$?
	cat "$WORK/inject"
	echo "the daemon's status: $rc"
	[ $rc -eq 159 ]		# SIGSYS
}

# survives RESULT SYSCALL_NUMBER ARG...: it returns that, or with "-" anything
survives()
{
	injected "${@:2}" >"$WORK/inject" 2>&1
	set -- $? "$1"
	cat "$WORK/inject"
	[ "$1" -eq 0 ] && { [ "$2" = - ] || grep -qx "returned $2" "$WORK/inject"; } ||
		return 1
	ctl_json "d['daemon']['pid'] == $APPGWD_PID" status
	set -- $?
	appgwd_stop
	return "$1"
}

# seccomp_said SYSCALL_NUMBER
seccomp_said()
{
	dmesg | grep 'type=1326.*appgwd' | tail -n 20
	dmesg | grep -q "type=1326 .*comm=\"appgwd\".* syscall=$1 "
}

fails_to_start()
{
	local said

	said=$(in_ns gw timeout "$(scaled 20)" appgwd --config /dev/null --queue 3 \
		--control none --user nonesuch 2>&1)
	[ $? -eq 1 ] && [[ $said == *'no such user: nonesuch'* ]]
}

lacks_privilege()
{
	local said

	said=$(in_ns gw setpriv --reuid 65534 --clear-groups timeout 20 \
		"$(command -v appgwd)" --config /dev/null --queue 3 \
		--control none 2>&1)
	[ $? -eq 1 ] && [[ $said == *'needs CAP_NET_ADMIN'* ]]
}

# ---- control socket

socket_is()
{
	local mode

	mode=$(stat -c '%a %U:%G' "$WORK/control")
	echo "$mode"
	[ "$mode" = "$1" ]
}

# asks ID_ARG...: with those ids, the daemon is shown
asks()
{
	in_ns gw setpriv "$@" /usr/bin/python3 -I -S -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
sys.exit(b"version" not in s.recv(65536))' "$WORK/control"
}

control_socket()
{
	appgwd_start --queue 3 --control-group nonesuch
	check "no such group: root alone" all_of_socket "660 root:root" 65534
	appgwd_stop
	test_account
	appgwd_start --queue 3 --user nobody
	check "group appgw: root and the group" socket_is "660 root:appgw"
	check "root may ask" asks --reuid 0 --clear-groups
	check "a member may" asks --reuid 65534 --regid 65534 \
		--groups $TEST_UID
	check_fails "nobody else" asks --reuid 65534 --regid 65534 --clear-groups
	check "who says much and reads nothing is no trouble" bad_guests
	appgwd_stop
}

all_of_socket()
{
	socket_is "$1" && ! asks --reuid "$2" --regid "$2" --clear-groups
}

bad_guests()
{
	/usr/bin/python3 -I -S -c '
import socket, sys
guests = []
for i in range(100):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.settimeout(5)
    try:
        s.send(b"x" * 10000)
    except OSError:
        pass
    guests.append(s)' "$WORK/control" &&
		ctl_json "d['daemon']['pid'] == $APPGWD_PID" status
}

# As appgwd.service starts it: never root, with the one capability
start_unprivileged()
{
	mkdir "$WORK/run"
	chown 65534:65534 "$WORK/run"
	: >"$APPGWD_LOG"
	nsenter --net=/run/netns/gw -- setpriv --reuid 65534 --regid 65534 \
		--clear-groups --inh-caps +net_admin --ambient-caps +net_admin \
		"$(command -v appgwd)" --config /dev/null --queue 3 \
		--user nobody --control "$WORK/run/control" \
		</dev/null >/dev/null 2>>"$APPGWD_LOG" &
	APPGWD_PID=$!
	wait_for 20 appgwd_said 'module: listening'
}

need appgwd appgwctl setpriv /usr/bin/python3
plan 35
topology masq
load_appgw
appgwd_start --queue 3:6
check "four queues: four threads beside the first" threads 5
privileges root 0
check "it has nothing open to write but its log" writes_only_log
check "bounding set: none" status_is CapBnd 0000000000000000
appgwd_stop
appgwd_start --queue 3 --user nobody
privileges nobody 65534
check "and SIGTERM ends it as before" appgwd_stop
check "started without root: as well" start_unprivileged
privileges unit 65534
appgwd_stop
check "an unknown user: no start" fails_to_start
check "without CAP_NET_ADMIN: no start" lacks_privilege
control_socket
# getpid, landlock_create_ruleset, one that no kernel has; openat to write, execve,
# socket of AF_INET
check "a system call that it may make" survives - 39 0 0 0
check "one that it doesn't know: ENOSYS, and it goes on" survives -38 444 0 0 1
check "one that nobody knows: the same" survives -38 9999 0 0 0
check "and the kernel's log says which" seccomp_said 444
check "it can't open a file to write: killed" killed_by 257 -100 0 1
check "it can't start a program: killed" killed_by 59 0 0 0
check "it can't talk IP: killed" killed_by 41 2 1 0
note "took $SECONDS s"
