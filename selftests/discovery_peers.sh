#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs find what is on their network through a firewall that lets only answers
# in, and nothing without the module.
#
#	in, in2 ---- gw (nf_appgw)		see lib/discovery.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/discovery.sh
source "$SELFTESTS/lib/discovery.sh"

# peer PACKAGE PROGRAM: where it is
peer()
{
	local path

	for path in "$APPGW_CACHE/peers/$1/usr/"{bin,sbin}"/$2"; do
		[ ! -x "$path" ] || { echo "$path"; return; }
	done
	command -v "$2"
}

need_peers()
{
	while [ $# -gt 0 ]; do
		peer "$1" "$2" >/dev/null || skip_all "needs $2"
		shift 2
	done
}

# run_in NS CMD...: until the topology goes
run_in()
{
	local ns=$1
	shift

	nsenter --net="/run/netns/$ns" -- "$@" </dev/null \
		>>"$WORK/said.$ns" 2>&1 &
	disown
}

# bound NS PORT: a socket of UDP is
bound()
{
	local hex

	printf -v hex ':%04X ' "$2"
	grep -q "$hex" "/proc/${NS_PID[$1]}/net/udp" \
		"/proc/${NS_PID[$1]}/net/udp6"
}

# smb_conf NS ADDRESS: and the folders in it; prints its name
smb_conf()
{
	local dir=$WORK/smb.$1 name

	mkdir -p "$dir"
	{
		echo "[global]"
		echo "workgroup = TESTGRP"
		echo "netbios name = ${1}box"
		echo "interfaces = $2/24"
		for name in private lock state cache pid ncalrpc; do
			case $name in
			lock | state | cache | pid)
				echo "$name directory = $dir" ;;
			*)	echo "$name dir = $dir" ;;
			esac
		done
	} >"$dir/smb.conf"
	echo "$dir/smb.conf"
}

start_nmbd()
{
	local conf

	conf=$(smb_conf "$1" "${IP4[$1]}")
	mkdir -p /run/samba
	# two of them would have one socket there
	# shellcheck disable=SC2016 # for that shell
	run_in "$1" unshare -m sh -c 'mount -t tmpfs none /run/samba && exec "$@"' \
		sh "$(peer samba nmbd)" -F --no-process-group -s "$conf" \
		-l "${conf%/*}"
}

# A daemon that answers for what programs have told it of
start_minissdpd()
{
	run_in in "$(peer minissdpd minissdpd)" -d -i eth0 -s "$WORK/minissdpd" \
		-p "$WORK/minissdpd.pid"
	wait_for 20 test -S "$WORK/minissdpd" &&
		/usr/bin/python3 -I -S -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
words = (b"urn:x:device:thing:1", b"uuid:1234::urn:x:device:thing:1", b"x/1",
         b"http://10.0.1.2:80/thing.xml")
s.send(b"\4" + b"".join(bytes([len(w)]) + w for w in words))
' "$WORK/minissdpd"
}

start_avahi()
{
	cat >"$WORK/avahi.conf" <<-EOF
	[server]
	host-name=inbox
	allow-interfaces=eth0
	enable-dbus=no
	[wide-area]
	enable-wide-area=no
	EOF
	mkdir -p /run/avahi-daemon
	# it looks for its user even if it stays root
	grep -q ^avahi: /etc/passwd || {
		echo avahi:x:4022:4022::/:/bin/false >>/etc/passwd
		echo avahi:x:4022: >>/etc/group
	}
	run_in in "$(peer avahi-daemon avahi-daemon)" -f "$WORK/avahi.conf" \
		--no-drop-root --no-chroot --no-rlimits
}

start_wsdd()
{
	local ns

	for ns in in in2; do
		run_in "$ns" /usr/bin/python3 "$(peer wsdd wsdd)" -i eth0 -n "${ns}box"
	done
}

start_snmpd()
{
	echo "rocommunity public" >"$WORK/snmpd.conf"
	# without the MIBs, which take it seconds
	run_in in env MIBS= MIBDIRS=/nonexistent "$(peer snmpd snmpd)" -f -Lo -C \
		-c "$WORK/snmpd.conf" udp:161
}

place()
{
	local port

	setup_gw in2
	rm -f "$WORK"/said.*
	start_nmbd in
	start_nmbd in2
	start_minissdpd || die "minissdpd does not start"
	start_avahi
	start_wsdd
	start_snmpd
	for port in "in 137" "in2 137" "in 5353" "in 3702" "in2 3702" "in 161"; do
		# shellcheck disable=SC2086 # two words
		wait_for 60 bound $port || {
			tail -n 20 "$WORK"/said.*
			die "nobody has ${port#* } in ${port% *}"
		}
	done
	shut gw
	GW_CONF=$(smb_conf gw "${IP4[lan]}")
}

# says PATTERN CMD...: in gw, once that much time is enough for its peers
says()
{
	local pattern=$1 said
	shift

	said=$(in_ns gw timeout "$(scaled 20)" "$@" 2>&1)
	echo "$said"
	grep -aqE -e "$pattern" <<<"$said"
}

# silent PATTERN CMD...: not so, and that is the firewall's doing
silent()
{
	in_ns gw nft reset counters >/dev/null
	! says "$@" && dropped gw 1
}

nmblookup()
{
	"$1" "$2" "$(peer samba-common-bin nmblookup)" -s "$GW_CONF" "${@:3}"
}

# lists_box WHAT: WHAT says that the name was found, and nobody there has shares
lists_box()
{
	"$1" 'NT_STATUS_CONNECTION_REFUSED' "$(peer smbclient smbclient)" \
		-s "$GW_CONF" -N -L inbox --option='name resolve order = bcast' \
		--option='name cache timeout = 0'
}

ssdp_finds()
{
	"$1" 'uuid:1234' "$(peer gupnp-tools gssdp-discover)" -i lan \
		--timeout=3 --target=urn:x:device:thing:1
}

# mdns_finds WHAT ADDRESS [QU]
mdns_finds()
{
	"$1" '^10\.0\.1\.2$' env PYTHONDONTWRITEBYTECODE=1 \
		PYTHONPATH="$SELFTESTS/peers" /usr/bin/python3 -S -c '
import socket, sys
from discovery_words import dns
group, qu = sys.argv[1:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
lan = socket.if_nametoindex("lan")
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
             b"\0" * 8 + lan.to_bytes(4, sys.byteorder))
s.settimeout(2)
for _ in range(3):
    s.sendto(dns(0, b"inbox.local", 1, 0x8001 if qu else 1), (group, 5353))
    try:
        print(socket.inet_ntoa(s.recv(4096)[-4:]))
        break
    except TimeoutError:
        pass
' "$2" "${3:-}"
}

# wsd_finds WHAT 4|6: both of them, or neither
wsd_finds()
{
	local limit=40 rc=0 pid

	[ "$1" = says ] || limit=8
	nsenter --net=/run/netns/gw -- /usr/bin/python3 "$(peer wsdd wsdd)" \
		-i lan --no-host --discovery "-$2" -vv -l "127.0.0.1:535$2" \
		</dev/null >"$WORK/wsdd.$1$2" 2>&1 &
	pid=$!
	wait_for $limit wsdd_has "$WORK/wsdd.$1$2" || rc=1
	kill $pid
	wait $pid 2>/dev/null
	cat "$WORK/wsdd.$1$2"
	if [ "$1" = silent ]; then
		! grep -i "discovered in" "$WORK/wsdd.$1$2" &&
			grep "scheduling Probe" "$WORK/wsdd.$1$2"
	else
		return $rc
	fi
}

wsdd_has()
{
	grep -qi "discovered inbox" "$1" && grep -qi "discovered in2box" "$1"
}

snmp_answers()
{
	"$1" 'public' env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -S \
		"$SELFTESTS/peers/discovery_ask.py" from=10.0.1.1 \
		limit=2 255.255.255.255 snmp
}

found()
{
	check "nmblookup" wait_for 20 \
		nmblookup says '^10.0.1.2 inbox' -B 10.0.1.255 inbox
	check "nmblookup '*': both" all_of \
		wait_for 20 nmblookup says '^10.0.1.3 ' -B 10.0.1.255 '*' \; \
		wait_for 20 nmblookup says '^10.0.1.2 ' -B 10.0.1.255 '*'
	ip -n gw addr del 10.0.1.1/24 dev lan
	ip -n gw addr add 10.0.1.1/24 brd + dev lan
	check "nmblookup, with a broadcast address" \
		nmblookup says '^10.0.1.3 in2box' in2box
	check "smbclient" lists_box says
	check "gssdp-discover" ssdp_finds says
	check "mDNS" mdns_finds says 224.0.0.251
	check "mDNS, by unicast" mdns_finds says 224.0.0.251 qu
	check "wsdd" wsd_finds says 4
	check "wsdd, IPv6" wsd_finds says 6
	check "snmpd" snmp_answers says
}

not_found()
{
	check "without the module: nmblookup" \
		nmblookup silent '^10.0.1.2 inbox' -B 10.0.1.255 inbox
	check "without: smbclient" lists_box silent
	check "without: gssdp-discover" ssdp_finds silent
	check "without: mDNS" mdns_finds silent 224.0.0.251
	check "without: wsdd" wsd_finds silent 4
	check "without: snmpd" snmp_answers silent
}

need nft conntrack python3
need_peers samba nmbd samba-common-bin nmblookup smbclient smbclient \
	minissdpd minissdpd gupnp-tools gssdp-discover \
	avahi-daemon avahi-daemon wsdd wsdd snmpd snmpd
plan 16
test_account
load_appgw
place
found
unload_appgw
not_found
note "took $SECONDS s"
