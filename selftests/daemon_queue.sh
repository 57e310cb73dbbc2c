#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whatever comes into a queue goes on as it is: what makes no sense, what is
# too much, and what is there when the daemon is told to end.
#
# Rules of the test fill the queue, with what the router says to itself:
#
#   gw (nf_appgw, appgwd): 127.0.0.1 ---- lo ---- 127.0.0.1, ::1

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

# Ports: datagrams to UDP, streams to TCP; not those that the module knows
PORT=9999
# For experiments (RFC 3692 section 2.1)
OTHER_TRANSPORT=253
BURST=2000
BURST_SIZE=1000
STREAM=4000000

python()
{
	nsenter --net=/run/netns/gw -- /usr/bin/python3 -I -S "$@"
}

datagrams()
{
	python "$SELFTESTS/peers/datagrams.py" send $PORT "$1" "${2:-10}"
}

# received N: that many have come, since the last forget
received()
{
	[ $(($(cat "$WORK/count") - forgotten)) -eq "$1" ] && return
	echo "received $(($(cat "$WORK/count") - forgotten)) instead of $1"
	return 1
}

forgotten=0
forget()
{
	pause 0.5
	forgotten=$(cat "$WORK/count")
}

# worker_is NAME VALUE
worker_is()
{
	local value

	value=$(worker "$1")
	[ "$value" = "$2" ] && return
	echo "$1 is $value instead of $2"
	return 1
}

queue_rules()
{
	in_ns gw nft -f - <<-EOF
		table inet fill {
			chain output {
				type filter hook output priority 0;
				udp dport $PORT queue flags bypass to 3
				tcp dport $PORT queue flags bypass to 3
				meta l4proto $OTHER_TRANSPORT queue flags bypass to 3
			}
		}
	EOF
}

# other_transport N: packets of neither TCP nor UDP come out
other_transport()
{
	python - "$1" $OTHER_TRANSPORT <<-'EOF'
		import socket, sys
		n, transport = map(int, sys.argv[1:])
		new = lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, transport)
		receiver, sender = new(), new()
		receiver.settimeout(30)
		for _ in range(n):
		    sender.sendto(b"odd", ("127.0.0.1", 0))
		    receiver.recv(100)
	EOF
}

# stream ADDRESS TEXT: it and STREAM bytes come out as they went in
stream()
{
	python - "$1" "$PORT" "$2" $STREAM <<-'EOF'
		import os, socket, sys, threading
		addr, port, text, size = sys.argv[1:]
		data = text.encode().decode("unicode_escape").encode("latin-1")
		data += os.urandom(int(size))
		family = socket.AF_INET6 if ":" in addr else socket.AF_INET
		server = socket.create_server((addr, int(port)), family=family)
		client = socket.create_connection((addr, int(port)))
		peer = server.accept()[0]
		peer.settimeout(30)
		got = bytearray()
		def read():
		    while part := peer.recv(65536):
		        got.extend(part)
		reader = threading.Thread(target=read)
		reader.start()
		client.sendall(data)
		client.shutdown(socket.SHUT_WR)
		reader.join()
		print(len(got), "bytes of", len(data))
		sys.exit(got != data)
	EOF
}

# ---- odd packets

goes_on()
{
	appgwd_start --queue 3
	datagrams 10
	check "datagrams: go on" wait_for 20 received 10
	check "and are read as such" all_workers packets 10 malformed 0
	check "packets of another transport: go on" other_transport 10
	check "and are counted as malformed" all_workers packets 20 malformed 10
	check "a stream, IPv4: byte for byte" stream 127.0.0.1 ''
	check "a stream, IPv6: byte for byte" stream ::1 ''
	check "nothing else was malformed, nothing lost" \
		all_workers malformed 10 unread 0
	check "an announcement of nobody's connection: goes on as it is" \
		stream 127.0.0.1 'PRIVMSG a :\x01DCC SEND f 167772418 5000 1\x01\r\n'
	check "the module has refused it, which is counted and logged" \
		all_refused 1
	check "more of them than are sent at once: each one is answered" \
		many_refused 40
	appgwd_stop
}

all_workers()
{
	while [ $# -gt 0 ]; do
		worker_is "$1" "$2" || return 1
		shift 2
	done
}

all_refused()
{
	all_workers plans "$1" "done" 0 &&
		ctl_json "sum(d['daemon']['queues'][0]['refused'].values()) \
			== $1" status &&
		appgwd_said '^127.0.0.1:[0-9]+ > 127.0.0.1:9999: dcc_send 10.0.1.2:5000: .'
}

# many_refused N: in one segment, beside the one before
many_refused()
{
	local i text=''

	for ((i = 0; i < $1; i++)); do
		text+='PRIVMSG a :\x01DCC SEND f 167772418 5000 1\x01\r\n'
	done
	stream 127.0.0.1 "$text" && all_workers plans $(($1 + 1)) "done" 0 &&
		ctl_json "d['daemon']['queues'][0]['refused'] == \
			{'ENOENT': $1 + 1}" status
}

# ---- too many

overrun()
{
	forget
	appgwd_start --queue 3 --buffer 128K --batch 1
	kill -STOP "$APPGWD_PID"
	datagrams $BURST $BURST_SIZE
	pause 1
	check "stopped: what doesn't fit passes it by" some_received
	kill -CONT "$APPGWD_PID"
	check "going on: the others follow" wait_for 20 received $BURST
	datagrams 1
	wait_for 20 received $((BURST + 1))
	check "it has counted each one, as read or as lost" all_counted
	appgwd_stop
}

some_received()
{
	local n=$(($(cat "$WORK/count") - forgotten))

	echo "$n of $BURST"
	[ $n -gt $((BURST / 4)) ] && [ $n -lt $BURST ]
}

all_counted()
{
	local lost packets

	lost=$(worker unread)
	packets=$(worker packets)
	echo "$packets read, $lost not"
	[ "$lost" -gt 0 ] && [ "$packets" -gt 10 ] &&
		[ $((lost + packets)) -eq $((BURST + 1)) ]
}

# ---- the end

# ended_with SIGNAL: while 20 datagrams wait; what has come of them
ended_with()
{
	appgwd_start --queue 3 || return 1
	forget
	kill -STOP "$APPGWD_PID"
	datagrams 20
	pause 0.5
	received 0 || return 1
	kill "-$1" "$APPGWD_PID"
	kill -CONT "$APPGWD_PID" 2>/dev/null
	wait "$APPGWD_PID" 2>/dev/null
	local rc=$?
	APPGWD_PID=
	pause 1
	return $rc
}

finishes()
{
	local start=${EPOCHREALTIME/./}

	ended_with TERM && received 20 &&
		echo "$((${EPOCHREALTIME/./} - start)) us"
}

loses()
{
	ended_with KILL
	[ $? -eq 137 ] && received 0
}

# ---- a thread that hangs

hangs()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/notify.py" "$WORK/notify" \
		>"$WORK/notified" 2>&1 </dev/null &
	local listener=$! holder
	wait_for 20 test -S "$WORK/notify" || die "no notify socket"

	export NOTIFY_SOCKET=$WORK/notify WATCHDOG_USEC=4000000
	appgwd_run --queue 3
	unset NOTIFY_SOCKET WATCHDOG_USEC
	wait_for 20 listens
	check "the watchdog hears from it" wait_for 20 pinged 3
	/usr/bin/python3 -I -S "$SELFTESTS/peers/hold.py" "$(worker_thread)" \
		>"$WORK/held" 2>&1 </dev/null &
	holder=$!
	wait_for 20 grep -q holds "$WORK/held" || die "can't hold a thread"
	check "a thread hangs: appgwctl shows it" wait_for 20 is_stuck
	check "and its exit status says so" status_is_stuck
	check "the watchdog hears no more" falls_silent
	kill "$holder"
	check "it goes on: the watchdog hears again" wait_for 20 pinged \
		$(($(grep -c WATCHDOG "$WORK/notified") + 2))
	appgwd_stop
	kill "$listener"
}

# The other one is the first
worker_thread()
{
	local task

	for task in "/proc/$APPGWD_PID"/task/*; do
		[ "${task##*/}" = "$APPGWD_PID" ] || echo "${task##*/}"
	done
}

status_is_stuck()
{
	ctl status
	[ $? -eq 3 ]
}

listens()
{
	ctl_json "d['daemon'] and d['daemon']['listening']" status >/dev/null
}

pinged()
{
	[ "$(grep -c WATCHDOG "$WORK/notified")" -ge "$1" ]
}

is_stuck()
{
	ctl_json "not d['daemon']['queues'][0]['alive']" status >/dev/null
}

falls_silent()
{
	local before

	before=$(grep -c WATCHDOG "$WORK/notified")
	pause 4
	! pinged $((before + 1))
}

need appgwd appgwctl nft /usr/bin/python3
plan 20
topology masq
load_appgw
queue_rules || die "the rules that fill the queue do not load"
: >"$WORK/count"
nsenter --net=/run/netns/gw -- /usr/bin/python3 -I -S \
	"$SELFTESTS/peers/datagrams.py" count $PORT "$WORK/count" &
disown
wait_for 20 grep -q . "$WORK/count"
goes_on
overrun
check "SIGTERM: what is queued goes on" finishes
check "SIGKILL: it is lost, so the test can tell" loses
hangs
note "took $SECONDS s"
