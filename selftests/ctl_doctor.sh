#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# appgwctl doctor finds nothing on a router that is well, and what was done to one that
# isn't: it names the very rule or value, and what it says to type makes it well again.
#
#   in 10.0.1.2 ---- gw (nf_appgw) ---- out 203.0.113.2

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/genl.sh
source "$SELFTESTS/lib/genl.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"

IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
PORT=50000

# doctor: what it finds is in $WORK/found, and its exit status the function's
doctor()
{
	in_ns gw appgwctl "${CONTROL[@]}" --json doctor >"$WORK/found" \
		2>"$WORK/missed"
}

# Where the daemon is looked for; elsewhere than where others may run
CONTROL=(--control "$WORK/control")

healthy()
{
	doctor
	set -- $?
	cat "$WORK/found" "$WORK/missed"
	[ "$1" -eq 0 ] && [ "$(cat "$WORK/found")" = "[]" ]
}

# It says what it has looked at.
healthy_text()
{
	local said

	said=$(in_ns gw appgwctl "${CONTROL[@]}" doctor 2>&1)
	set -- $?
	echo "$said"
	[ "$1" -eq 0 ] &&
		[[ $said == *"nothing found; looked at: module daemon "*nft*conntrack* ]]
}

# has ID EVIDENCE: that finding, with something like that in its evidence; its remedy is
# in $WORK/remedy
has()
{
	/usr/bin/python3 -I -S -c '
import json, re, sys
for f in json.load(open(sys.argv[1])):
    if (sorted(f) == ["evidence", "id", "remedy", "what"] and
            f["id"] == sys.argv[2] and f["what"] and f["remedy"] and
            any(re.search(sys.argv[3], e) for e in f["evidence"])):
        open(sys.argv[4], "w").write(f["remedy"])
        sys.exit(0)
sys.exit(1)' "$WORK/found" "$1" "$2" "$WORK/remedy"
}

# finds ID EVIDENCE: exit status 1, and it is among what was found
finds()
{
	doctor
	set -- $? "$@"
	cat "$WORK/found" "$WORK/missed"
	[ "$1" -eq 1 ] && has "$2" "$3"
}

# gone ID
gone()
{
	doctor
	cat "$WORK/found"
	! grep -q "\"id\":\"$1\"" "$WORK/found"
}

# cured ID [NS]: by what it says is to be typed, in gw or there
cured()
{
	cat "$WORK/remedy"
	echo
	if [ -n "${2:-}" ]; then
		bash -c "$(cat "$WORK/remedy")"
	else
		in_ns gw bash -c "$(cat "$WORK/remedy")"
	fi && gone "$1"
}

# ill NAME ID EVIDENCE [NS]: that is found, and can be cured
ill()
{
	check "$1" finds "$2" "$3"
	check "$1: cured" cured "$2" ${4:+"$4"}
}

in_gw()
{
	in_ns gw "$@" || die "can't: $*"
}

rule()
{
	in_gw nft "$*"
}

# ---- those that are well

well()
{
	act masq
	ip -n gw route add default via "$OUT"
	check "a router that is well: nft" healthy
	check "for people" healthy_text
	appgwd_start --queue 3
	control >/dev/null && announces >/dev/null || die "no control connection"
	check "with a daemon, and a pinhole open" healthy
	appgwd_stop
	FIREWALL=iptables act masq
	FAMILY=6 FIREWALL=iptables firewall gw
	check "iptables of its own tables" healthy
	act open
	in_gw iptables-restore <<-RULES
		*filter
		:FORWARD DROP
		-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		-A FORWARD -p icmp -j ACCEPT
		-A FORWARD -p tcp --dport 21 -m comment --comment "\"ftp\" -j DROP" -j ACCEPT
		COMMIT
	RULES
	in_gw ip6tables-restore <<-RULES
		*filter
		:FORWARD DROP
		-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		COMMIT
	RULES
	check "iptables of nft's tables" healthy
	in_gw nft flush ruleset
}

announces()
{
	pass c s "PORT $(six "$IN" $PORT)\r\n" "PORT $(six "$WAN" $PORT)\r\n"
}

# ---- module and daemon

module()
{
	act masq
	unload_appgw
	ill "no module" module-not-loaded "/lib/modules/$(uname -r)/modules.dep"
	other_version
	ill "another version" version-skew "^module 9"
	load_appgw
}

# The module that is installed, with its version changed
other_version()
{
	local own other=$WORK/nf_appgw.ko

	own=$(modinfo -F version nf_appgw)
	unload_appgw
	sed "s/\x00$own\x00/\x00${own//[0-9]/9}\x00/g" \
		"$(modinfo -F filename nf_appgw)" >"$other"
	insmod "$other" || die "the other version does not load"
}

daemon()
{
	act masq
	appgwd_start --queue 3
	kill -STOP "$APPGWD_PID"
	check "a daemon that is stopped" finds daemon-stuck "$WORK/control"
	kill -CONT "$APPGWD_PID"
	check "it goes on" gone daemon-stuck
	appgwd_stop KILL
	check "it was killed, and nobody misses it" healthy
	rule 'insert rule inet test forward tcp dport 6667 accept'
	say listen irc out 6667 >/dev/null && say dial c in "$OUT" 6667 ||
		die "no connection"
	check "a connection that only a daemon reads" finds daemon-missing \
		"connection of $IN:[0-9]+ to $OUT:6667, helper irc: nobody reads it"
	appgwd_start --queue 3
	check "it runs again" gone daemon-missing
	appgwd_stop
	check "it is to start at boot" enabled
	queues
}

# A unit that is enabled, and the first network namespace; both are this script's alone
enabled()
{
	local wants=/etc/systemd/system/multi-user.target.wants

	mount -t tmpfs none /etc/systemd/system && mkdir $wants &&
		touch $wants/appgwd.service || die "can't hide systemd's units"
	appgwctl --json doctor >"$WORK/found" 2>/dev/null
	cat "$WORK/found"
	has daemon-missing "^$wants/appgwd.service" &&
		gone daemon-missing
	umount /etc/systemd/system
}

queues()
{
	local reader

	act masq
	genl listen l gw irc 9 >/dev/null
	check "nobody reads the queue" finds queue-unbound "queue 9"
	nsenter --net=/run/netns/gw -- /usr/bin/python3 -I -S \
		"$SELFTESTS/peers/queue_reader.py" 9 </dev/null >"$WORK/reader" &
	reader=$!
	wait_for 20 grep -q reading "$WORK/reader" || die "nobody reads queue 9"
	check "another program reads it" finds queue-foreign \
		"queue 9, port [0-9]+, process $reader \(python3\)"
	kill "$reader"
	check "it ends" gone queue-foreign
	genl close l >/dev/null
}

policies()
{
	act masq
	in_gw appgwctl policy set attach=0 dry_run=1
	check "attach=0" finds nothing-attached "attach=0"
	check "attach=0: cured" cured nothing-attached
	ill "dry_run=1" dry-run "dry_run=1"
	in_gw appgwctl policy set quota_host=1 quota_total=1
	control >/dev/null && announces >/dev/null || die "no control connection"
	ill "a host's pinholes" quota-host-full "pinholes of $IN: 1"
	ill "all pinholes" quota-full "quota_total=1"
	in_gw appgwctl policy set quota_host=64 quota_total=1000
	pass c s 'AUTH TLS\r\n' >/dev/null && pass s c '234 go\r\n' >/dev/null ||
		die "no TLS"
	wait_for 20 tls_seen
	ill "TLS" ftps-not-covered "stopped_tls [1-9]"
	in_gw appgwctl policy set ftps_ports=
	# shellcheck disable=SC2119
	unload_appgw
	load_appgw
}

tls_seen()
{
	[ "$(counter stopped_tls)" -gt 0 ]
}

# ---- conntrack and helpers

tracking()
{
	act masq
	rule 'add chain inet test raw { type filter hook prerouting priority -300; }'
	rule 'add rule inet test raw tcp dport { 21, 990 } counter notrack'
	ill "notrack" control-untracked "chain raw: tcp dport .* notrack$"
	rule 'add rule inet test raw tcp dport 990 notrack'
	check "of another port" healthy
	in_gw iptables-legacy -t raw -A PREROUTING -p tcp --dport 20:25 \
		-j CT --notrack
	ill "notrack of iptables" control-untracked \
		"^iptables-legacy table raw, .*-A PREROUTING .*--notrack$"
	act open
	ill "no conntrack" conntrack-off "nf_conntrack_count: 0"
}

helpers()
{
	modprobe -a nf_conntrack_ftp nf_nat_ftp || die "no nf_conntrack_ftp"
	act masq
	rule 'add ct helper inet test f { type "ftp" protocol tcp; l3proto inet; }'
	rule 'add chain inet test pre { type filter hook prerouting priority -150; }'
	rule 'add rule inet test pre tcp dport 21 ct helper set "f"'
	control >/dev/null || die "no control connection"
	check "a connection that has the kernel's" finds foreign-helper-used \
		"^conntrack: .* dport=21 .*helper=ftp"
	ill "the kernel's helper, by nft" foreign-helper \
		'chain pre: tcp dport 21 ct helper set "f"$'
	check "the connection is still there" finds foreign-helper-used helper=ftp
	check "the connection: cured" cured foreign-helper-used
	in_gw iptables-legacy -t raw -A PREROUTING -p tcp -m tcp --dport 21 \
		-j CT --helper ftp
	ill "by iptables" foreign-helper "-A PREROUTING .*--dport 21 -j CT --helper ftp"
	in_gw nft -f - <<-RULES
		table inet firewalld {
			ct helper helper-ftp-tcp { type "ftp" protocol tcp; l3proto inet; }
			chain filter_IN_public_allow {
				tcp dport 21 ct helper set "helper-ftp-tcp"
			}
			chain filter_INPUT {
				type filter hook input priority 10;
				jump filter_IN_public_allow
			}
		}
	RULES
	check "by firewalld" finds foreign-helper "firewalld: .* zone public"
	check "which is told of it" grep -q -e \
		'--zone=public --remove-service=ftp --add-port=21/tcp' "$WORK/remedy"
	in_gw nft delete table inet firewalld
	check "a helper of ours" our_helper
	act masq
	modprobe -r nf_nat_ftp nf_conntrack_ftp
}

our_helper()
{
	rule 'add ct helper inet test g { type "appgw-ftp" protocol tcp; l3proto inet; }' &&
		rule 'add rule inet test pre tcp dport 21 ct helper set "g"' &&
		gone foreign-helper
}

offload()
{
	act masq
	unload_appgw
	rule 'add flowtable inet test ft { hook ingress priority 0; devices = { lan, wan }; }'
	rule 'insert rule inet test forward ip protocol tcp flow add @ft'
	control >/dev/null || die "no control connection"
	load_appgw
	ill "a flowtable" control-offloaded "chain forward: ip protocol tcp flow add @ft"
}

# ---- rules

related()
{
	act masq
	rule 'flush chain inet test forward'
	rule 'add rule inet test forward ct state established accept'
	rule 'add rule inet test forward ct state new tcp dport 21 accept'
	ill "no rule for related" no-related-rule "chain forward: policy drop"
	control >/dev/null || die "no control connection"
	rule 'insert rule inet test forward tcp dport 1024-65535 drop'
	check "a rule before it, which has dropped nothing yet" healthy
	announces >/dev/null || die "no announcement"
	say listen d in $PORT >/dev/null
	say blocked out "$WAN" $PORT from=20 >/dev/null
	check "one that has" wait_for 20 finds data-dropped \
		"chain forward: tcp dport 1024-65535 drop"
	check "one that has: cured" cured data-dropped
	FIREWALL=iptables act masq
	FAMILY=6 FIREWALL=iptables firewall gw
	in_gw iptables-legacy -D FORWARD -m conntrack \
		--ctstate ESTABLISHED,RELATED -j ACCEPT
	ill "of iptables" no-related-rule "iptables-legacy table filter, chain FORWARD"
}

filters()
{
	act masq
	rule 'insert rule inet test forward icmp type { destination-unreachable, echo-request } drop'
	ill "errors of ICMP" icmp-dropped "chain forward: icmp type .* drop$"
	rule 'add rule inet test forward icmp type destination-unreachable drop'
	check "dropped where they don't come any more" healthy
	rule 'add chain inet test early { type filter hook prerouting priority -450; }'
	rule 'add rule inet test early ip frag-off & 0x1fff != 0 drop'
	ill "fragments" fragments-dropped "chain early: ip frag-off .* drop$"
	rule 'insert rule inet test forward ip frag-off & 0x1fff != 0 drop'
	check "fragments, where there are none any more" healthy
	in_gw nft flush ruleset
	in_gw nft -f - <<-RULES
		table ip four {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
			}
		}
	RULES
	ill "IPv6 without rules" ipv6-unfiltered "net/ipv6/conf/all/forwarding: 1"
}

# ---- the system

network()
{
	act masq
	in_gw sysctl -q -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
	check "no forwarding of IPv4" finds forwarding-off "ip_forward: 0"
	check "no forwarding of IPv4: cured" cured forwarding-off
	ill "nor of IPv6" forwarding-off-ipv6 "forwarding: 0"
	ip -n gw route add default via "$OUT"
	ip -n gw link set wan mtu 1400
	ill "a small MTU outside" mtu-unclamped "^wan, .*MTU 1400"
	strict_filter
	ill "a strict filter of addresses" rp-filter "conf/lan/rp_filter: 1"
	rule 'flush chain inet test nat_out'
	in_ns in timeout "$(scaled 2)" bash -c ": </dev/tcp/$OUT/21" 2>/dev/null
	ill "no NAT" nat-missing "src=$IN dst=$OUT .*UNREPLIED"
}

# A datagram from an address that answers would go to by another way. The filter is for
# questions by ARP as well, so the router is asked before by its own address.
strict_filter()
{
	in_ns in bash -c "echo hello >/dev/udp/$OUT/9"
	wait_for 20 knows_router || die "the router doesn't answer"
	in_gw sysctl -q -w net.ipv4.conf.lan.rp_filter=1
	ip -n in addr add 203.0.113.77/32 dev lo
	ip -n in route replace "$OUT" via "${IP4[lan]}" src 203.0.113.77
	in_ns in bash -c "echo hello >/dev/udp/$OUT/9"
	ip -n in route del "$OUT"
}

knows_router()
{
	[[ $(ip -n in neigh show "${IP4[lan]}") == *lladdr* ]]
}

tables()
{
	local path=/proc/sys/net/netfilter entries expectations

	entries=$(cat $path/nf_conntrack_max)
	expectations=$(cat $path/nf_conntrack_expect_max)
	act masq
	control >/dev/null && announces >/dev/null || die "no control connection"
	echo 1 >$path/nf_conntrack_max
	check "conntrack's table is full" finds conntrack-full "nf_conntrack_max: 1"
	check "conntrack's table is full: cured" cured conntrack-full here
	echo 1 >$path/nf_conntrack_expect_max
	check "that of expectations" finds expectations-full "expect_max: 1"
	check "that of expectations: cured" cured expectations-full here
	echo "$entries" >$path/nf_conntrack_max
	echo "$expectations" >$path/nf_conntrack_expect_max
}

# ---- what can't be looked at

blind()
{
	act masq
	check "without CAP_NET_ADMIN" unprivileged
	check "without nft and iptables: they are told" no_programs
}

unprivileged()
{
	in_ns gw setpriv --reuid 65534 --clear-groups \
		"$(command -v appgwctl)" doctor >"$WORK/said" 2>&1
	set -- $?
	cat "$WORK/said"
	[ "$1" -eq 2 ] && grep -q 'not looked at: .*CAP_NET_ADMIN' "$WORK/said"
}

no_programs()
{
	local tool

	tool=$(realpath "$(command -v appgwctl)")
	cp "$tool" "$WORK/appgwctl"
	in_ns gw unshare -m bash -c '
		mount -t tmpfs none /usr/sbin && exec "$@"' hide \
		"$WORK/appgwctl" "${CONTROL[@]}" doctor >"$WORK/said" 2>&1
	set -- $?
	cat "$WORK/said"
	[ "$1" -eq 2 ] &&
		grep -q 'not looked at: rules of nftables: nft: not installed' "$WORK/said" &&
		grep -q 'not looked at: rules of iptables: .*: not installed' "$WORK/said"
}

PARTS="well module daemon policies tracking helpers offload related filters network
	tables blind"
declare -A CHECKS=([well]=5 [module]=4 [daemon]=9 [policies]=10 [tracking]=7
	[helpers]=10 [offload]=2 [related]=7 [filters]=8 [network]=10 [tables]=4
	[blind]=2)

need appgwctl insmod nft iptables-legacy conntrack /usr/bin/python3
genl_start
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $PARTS
daemon_parts "" "$@"
