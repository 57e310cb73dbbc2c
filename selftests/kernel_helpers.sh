#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own helpers are given to connections to their ports where the policy
# names them and no rule chose: TFTP's by default, and real files come through. Their
# modules are held as long as a policy names them, and no longer; nobody but the
# machine's root has them loaded.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/genl.sh"

IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
TFTPD=$APPGW_CACHE/peers/tftpd-hpa/usr/sbin/in.tftpd
TFTP_PORT=69
TFTP_HEX=0045
# Several blocks of TFTP's, the last one short
FILE_BYTES=5000
MODPROBE_CONF=/etc/modprobe.d/nf_appgw-kernel_helpers.conf

# Each word, and what conntrack calls it: transport, port, name
declare -A HELPERS=(
	[tftp]="udp:69:tftp" [amanda]="udp:10080:amanda" [sane]="tcp:6566:sane"
	[netbios-ns]="udp:137:netbios-ns" [snmp]="udp:161:snmp"
	[pptp]="tcp:1723:pptp" [sip]="udp:5060:sip tcp:5060:sip"
	[h323]="udp:1719:RAS tcp:1720:Q.931"
)
WORDS="tftp amanda sane netbios-ns snmp pptp sip h323"
ALL=${WORDS// /,}
HELPER_PORTS="69, 137, 161, 1069, 1719, 1720, 1723, 5060, 6566, 10080"

# ---- scenes

# stage [masq|dnat|route]: on the way to those ports everything new may go, and what is
# related
stage()
{
	local nat=

	pkill_servers
	genl close >/dev/null
	say close >/dev/null
	topology "open${2:-}"
	GATEWAYS=(gw)
	case $1 in
	masq) nat="chain nat { type nat hook postrouting priority 100; oifname wan masquerade; }" ;;
	dnat) nat="chain nat { type nat hook prerouting priority -100; iifname wan udp dport 1069 dnat ip to $IN:69; }" ;;
	esac
	in_ns gw nft -f - <<-END || die "no firewall"
		table inet test {
			$nat
			chain forward {
				type filter hook forward priority 0; policy drop;
				meta l4proto { icmp, ipv6-icmp } accept
				ct state established,related accept
				udp dport { $HELPER_PORTS } accept
				tcp dport { $HELPER_PORTS } accept
				counter comment "dropped"
			}
			chain input {
				type filter hook input priority 0; policy drop;
				meta l4proto { icmp, ipv6-icmp } accept
				ct state established,related accept
				counter comment "dropped"
			}
		}
	END
}

# restage PARAM=VALUE...: the module anew
restage()
{
	pkill_servers
	say close >/dev/null
	genl close >/dev/null
	net_remove
	load_appgw "$@"
}

SERVERS=()
pkill_servers()
{
	[ ${#SERVERS[@]} -eq 0 ] || kill "${SERVERS[@]}" 2>/dev/null
	SERVERS=()
}

udp_bound()
{
	grep -q ":$TFTP_HEX .* 07 " /proc/"${NS_PID[$1]}"/net/udp \
		/proc/"${NS_PID[$1]}"/net/udp6
}

# tftpd NS: serves, and takes, files of $WORK/tftp
tftpd()
{
	mkdir -p "$WORK/tftp"
	chmod 755 "$WORK"
	chmod 777 "$WORK/tftp"
	head -c $FILE_BYTES /dev/urandom >"$WORK/tftp/file"
	nsenter --net="/run/netns/$1" -- "$TFTPD" --foreground --secure \
		--create --permissive --user nobody "$WORK/tftp" </dev/null \
		>"$WORK/tftpd.log" 2>&1 &
	SERVERS+=($!)
	disown
	wait_for 20 udp_bound "$1"
}

# to_fetch CLIENT NS ADDRESS [PORT]: sets FETCH to a command whose file ends up in
# $WORK/got
FETCH=()
to_fetch()
{
	rm -f "$WORK/got"
	FETCH=(nsenter --net="/run/netns/$2" --)
	case $1 in
	tftp) FETCH+=(tftp -m binary "$3" "${4:-$TFTP_PORT}"
		-c get file "$WORK/got") ;;
	atftp) FETCH+=(atftp --get --remote-file file
		--local-file "$WORK/got" "$3" "${4:-$TFTP_PORT}") ;;
	esac
}

# got CLIENT NS ADDRESS [PORT]: the whole file
got()
{
	to_fetch "$@"
	"${FETCH[@]}"
	cmp "$WORK/got" "$WORK/tftp/file"
}

# sent CLIENT NS ADDRESS: a whole file, the other way
sent()
{
	head -c $FILE_BYTES /dev/urandom >"$WORK/own"
	rm -f "$WORK/tftp/new"
	case $1 in
	tftp) in_ns "$2" tftp -m binary "$3" -c put "$WORK/own" new ;;
	atftp) in_ns "$2" atftp --put --local-file "$WORK/own" \
		--remote-file new "$3" ;;
	esac
	wait_for 20 cmp -s "$WORK/own" "$WORK/tftp/new"
}

# drops: packets that the firewall did not let in
drops()
{
	in_ns gw nft list table inet test |
		awk '/dropped/ { sum += $3 } END { print sum + 0 }'
}

drops_exceed()
{
	[ "$(drops)" -gt "$1" ]
}

# stays_out CLIENT NS ADDRESS: the server's answer comes as far as the firewall
stays_out()
{
	local client before rc

	in_ns gw conntrack -F >/dev/null 2>&1
	before=$(drops)
	to_fetch "$@"
	"${FETCH[@]}" </dev/null >/dev/null 2>&1 &
	client=$!
	wait_for 20 drops_exceed "$before"
	rc=$?
	kill -KILL $client
	wait $client 2>/dev/null
	[ $rc -eq 0 ] && [ ! -s "$WORK/got" ]
}

# ---- what conntrack says

entry()
{
	in_ns gw conntrack -L -f "ipv$FAMILY" -p "$1" --orig-port-dst "$2" 2>/dev/null
}

# given PROTO PORT NAME|none: a new connection to there has this helper
given()
{
	local said

	in_ns gw conntrack -F >/dev/null 2>&1
	if [ "$1" = udp ]; then
		say_hello "$2"
	else
		say listen "to$2" out "$2" >/dev/null
		can_connect in "$(ip_of out)" "$2"
	fi
	said=$(entry "$1" "$2")
	echo "$said"
	[ -n "$said" ] || return
	case $3 in
	none) [[ $said != *helper=* ]] ;;
	*) [[ $said == *"helper=$3 "* ]] ;;
	esac
}

# say_hello PORT: a datagram to there
say_hello()
{
	# shellcheck disable=SC2016
	in_ns in bash -c 'echo x >"/dev/udp/$1/$2"' hello "$(ip_of out)" "$1"
}

# given_all WORD: each that belongs to it
given_all()
{
	local one proto port name

	for one in ${HELPERS[$1]}; do
		IFS=: read -r proto port name <<<"$one"
		given "$proto" "$port" "$name" || return
	done
}

given_none()
{
	local one proto port name

	for one in ${HELPERS[$1]}; do
		IFS=: read -r proto port name <<<"$one"
		given "$proto" "$port" none || return
	done
}

# rule HELPER: an administrator's choice for TFTP's port
rule()
{
	in_ns gw nft -f - <<-END
		table ip chosen {
			ct helper h { type "$1" protocol udp; l3proto ip; }
			chain c {
				type filter hook prerouting priority 0;
				udp dport $TFTP_PORT ct helper set "h"
			}
		}
	END
}

# ---- modules

loaded()
{
	grep -q "^$1 " /proc/modules
}

# free MODULE...: each can be unloaded, in that order
free()
{
	rmmod "$@"
}

# in_use MODULE: it says so
in_use()
{
	local said

	said=$(rmmod "$1" 2>&1) && return 1
	echo "$said"
	[[ $said == *"in use"* ]]
}

unload_theirs()
{
	local gone=y name _ users

	while [ -n "$gone" ]; do
		gone=
		while read -r name _ users _; do
			[[ $name =~ ^nf_(nat|conntrack)_(tftp|amanda|sane|netbios_ns|snmp|broadcast|pptp|sip|h323)$ ]] &&
				[ "$users" = 0 ] && rmmod "$name" && gone=y
		done < <(cat /proc/modules)
	done
	return 0
}

# without MODULE...: modprobe can't load those
without()
{
	printf 'install %s /bin/false\n' "$@" >"$MODPROBE_CONF"
}

log_says()
{
	dmesg | grep -E -- "$1"
}

log_is_silent()
{
	! log_says 'nf_appgw: kernel_helpers'
}

# load_refused VALUE: the log names it, and the module isn't there
load_refused()
{
	unload_appgw
	dmesg -C
	! modprobe nf_appgw kernel_helpers="$1" && ! appgw_loaded &&
		log_says "kernel_helpers: '$1' is not a list of tftp"
}

# ctl_refused TEXT VALUE: with that text, and nothing changes
ctl_refused()
{
	local before said

	before=$(ctl policy get)
	said=$(ctl policy set kernel_helpers="$2" 2>&1) && return 1
	echo "$said"
	[[ $said == *"$1"* ]] && [ "$(ctl policy get)" = "$before" ]
}

# policy_has WORD,...|none
policy_has()
{
	ctl policy get | grep -x "kernel_helpers=$1"
}

# warned yes|no VALUE: by appgwctl, and it is set
warned()
{
	local said

	said=$(ctl policy set kernel_helpers="$2" 2>&1) || return
	echo "$said"
	policy_has "$2" || return
	case $1 in
	yes) [[ $said == "appgwctl: warning: "*slipstreaming* ]] ;;
	no) [ -z "$said" ] ;;
	esac
}

# user_sets POLICY=VALUE...: the root of a user's own namespace does
user_sets()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare -Urn appgwctl policy set "$@" 2>&1
}

user_refused()
{
	local said

	said=$(user_sets "$@") && return 1
	echo "$said"
	[[ $said == *"only the machine's own root"* ]]
}

# ---- the checks

defaults()
{
	unload_appgw
	unload_theirs
	dmesg -C
	load_appgw
	check "the parameter is tftp by default" \
		grep -qx tftp /sys/module/nf_appgw/parameters/kernel_helpers
	check "its module and NAT's are loaded, nothing is said" all_of \
		loaded nf_conntrack_tftp \; loaded nf_nat_tftp \; log_is_silent
	stage masq
	tftpd out
	check "so is the policy" all_of policy_has tftp \; \
		ctl_json "d['kernel_helpers'] == ['tftp']" policy get \; \
		policy_is gw kernel_helpers=1
	for client in tftp atftp; do
		check "$client gets a file through masquerade" \
			got $client in "$OUT"
		check "$client puts one" sent $client in "$OUT"
	done
	check "four were given, and nothing else is counted" all_of \
		counter_is kernel_helpers 4 \; counter_is attached 0 \; \
		counter_is foreign_helper 0
	check "sip's and others' ports get none" all_of \
		given_none sip \; given_none snmp \; given_none sane \; \
		given_none h323
	stage masq
	tftpd out
	check "tftp=none at run time: stays out" all_of \
		ctl policy set kernel_helpers=none \; policy_has none \; \
		ctl_json "d['kernel_helpers'] == []" policy get \; \
		stays_out tftp in "$OUT" \; counter_is kernel_helpers 0
	check "and again: gets it" all_of \
		ctl policy set kernel_helpers=tftp \; got tftp in "$OUT" \; \
		counter_is kernel_helpers 1
	check "attach=0: stays out" all_of \
		ctl policy set attach=0 \; stays_out tftp in "$OUT"
	check "dry_run=1: stays out" all_of \
		ctl policy set attach=1 dry_run=1 \; stays_out tftp in "$OUT"
	check "neither: gets it" all_of \
		ctl policy set dry_run=0 \; got atftp in "$OUT"
	check "a rule's own choice stays" all_of rule snmp \; \
		given udp $TFTP_PORT snmp \; counter_is kernel_helpers 2 \; \
		counter_is foreign_helper 0
}

ways()
{
	restage
	stage dnat
	tftpd in
	check "behind DNAT, known by another port" got tftp out "$WAN" 1069
	stage route
	tftpd out
	check "the router itself asks" got tftp gw "$OUT"
	check "and not with none" all_of ctl policy set kernel_helpers=none \; \
		stays_out tftp gw "$OUT"
	stage route 6
	tftpd out
	check "IPv6, without NAT" got tftp in "${IP6[out]}"
	check "IPv6, with none: stays out" all_of \
		ctl policy set kernel_helpers=none \; \
		stays_out tftp in "${IP6[out]}"
	restage kernel_helpers=none
	stage masq
	tftpd out
	check "the parameter none: stays out" all_of policy_has none \; \
		grep -qx none /sys/module/nf_appgw/parameters/kernel_helpers \; \
		stays_out tftp in "$OUT"
	unload_appgw
	check "no module: stays out" stays_out tftp in "$OUT"
}

each()
{
	local word

	restage kernel_helpers=none
	stage route
	check "tftp,amanda,sane,netbios-ns,snmp,pptp: set without a warning" \
		warned no tftp,amanda,sane,netbios-ns,snmp,pptp
	check "h323: with one" warned yes h323
	check "sip: with one" warned yes tftp,sip
	check "all" warned yes "$ALL"
	for word in $WORDS; do
		check "$word: its connections have the helper" given_all "$word"
	done
	check "each is counted" all_of counter_is kernel_helpers 10 \; \
		counter_is attached 0 \; counter_is foreign_helper 0
	check "what get prints, set takes" all_of \
		ctl policy save "$WORK/policy.conf" \; \
		ctl policy set kernel_helpers= \; policy_has none \; \
		steps_differ \; ctl policy load "$WORK/policy.conf" \; \
		policy_has "$ALL"
	stage route 6
	check "IPv6: all but IPv4's own" all_of \
		ctl policy set kernel_helpers="$ALL" \; given_all tftp \; \
		given_all amanda \; given_all sane \; given_all sip \; \
		given_all h323 \; given_none pptp
	restage "kernel_helpers=$ALL"
	stage route
	check "the parameter: all" all_of policy_has "$ALL" \; given_all sip \; \
		given_all pptp
	dmesg -C
	restage kernel_helpers=tftp,sip
	check "the parameter with sip: a warning in the log" \
		log_says 'nf_appgw: kernel_helpers: .*slipstreaming'
}

# policy diff says so
steps_differ()
{
	ctl policy diff "$WORK/policy.conf"
	[ $? -eq 1 ]
}

refusals()
{
	local value

	# shellcheck disable=SC2258 # the commas are what is tested
	for value in ftp tftp, 'tftp sane' 1; do
		check "the parameter '$value' is refused" load_refused "$value"
	done
	load_appgw
	stage route
	# shellcheck disable=SC2258
	for value in ftp irc TFTP tftp, ,tftp tftp,none 1; do
		check "the policy '$value' is" \
			ctl_refused "kernel_helpers=$value: bad value" "$value"
	done
	check "an unknown bit is" policy_refused gw EINVAL kernel_helpers=256
	unload_appgw
	unload_theirs
	without nf_conntrack_amanda nf_conntrack_snmp
	dmesg -C
	load_appgw kernel_helpers=amanda,tftp
	stage route
	check "one that the kernel lacks: a line in the log, the rest goes on" \
		all_of log_says 'kernel_helpers: .* no helper for amanda$' \; \
		policy_has tftp \; given_all tftp
	check "in a policy: refused by its name, and nothing changes" \
		ctl_refused 'no helper for amanda' amanda,tftp
	check "others of such a request aren't held" all_of \
		ctl_refused 'no helper for snmp' sane,snmp \; loaded nf_conntrack_sane \; free nf_conntrack_sane
	check "what else is set meanwhile, is" all_of ctl policy set login=0 \; \
		policy_has tftp
	without nf_nat_amanda
	check "nor is it there without its NAT" \
		ctl_refused 'no helper for amanda' amanda
	check "which leaves nothing held" free nf_conntrack_amanda
	rm -f "$MODPROBE_CONF"
	check "with both it is there" all_of \
		ctl policy set kernel_helpers=amanda \; given_all amanda \; \
		given_none tftp
}

users()
{
	unload_appgw
	unload_theirs
	load_appgw
	stage route
	check "a user's root can't have modules loaded" all_of \
		user_refused kernel_helpers=sane \; tap_fails loaded nf_conntrack_sane
	check "nor use one that is loaded, but not held" all_of \
		modprobe nf_conntrack_sane \; user_refused kernel_helpers=sane
	check "but use what is held" all_of \
		user_sets kernel_helpers=tftp attach=1 \; \
		ctl policy set kernel_helpers=sane \; \
		user_sets kernel_helpers=sane
}

holds()
{
	restage kernel_helpers=none
	unload_theirs
	stage masq
	tftpd out
	ctl policy set kernel_helpers=tftp
	check "held: in use" all_of in_use nf_nat_tftp \; in_use nf_conntrack_tftp
	check "set again: in use, and released by one none" all_of \
		ctl policy set kernel_helpers=tftp login=0 \; \
		ctl policy set kernel_helpers=tftp,sane \; \
		ctl policy set kernel_helpers=none \; \
		free nf_nat_tftp nf_conntrack_tftp nf_conntrack_sane
	check "two namespaces: held until both let go" all_of \
		ctl policy set kernel_helpers=tftp \; \
		ctl NS=out policy set kernel_helpers=tftp \; \
		ctl policy set kernel_helpers=none \; in_use nf_nat_tftp \; \
		ctl NS=out policy set kernel_helpers=none \; \
		free nf_nat_tftp nf_conntrack_tftp
	check "a namespace's end lets go" all_of \
		ip netns add short \; \
		in_ns short appgwctl policy set kernel_helpers=tftp \; \
		in_use nf_nat_tftp \; ip netns del short \; \
		wait_for 20 free nf_nat_tftp \; free nf_conntrack_tftp
	check "while a connection has it: let go, and it goes on" all_of \
		flushed \; ctl policy set kernel_helpers=tftp \; \
		got tftp in "$OUT" \; ctl policy set kernel_helpers=none \; has_helper tftp \; \
		free nf_nat_tftp nf_conntrack_tftp \; not_helped_any_more
	check "ours goes first, with connections alive" all_of \
		flushed \; ctl policy set kernel_helpers=tftp \; \
		got tftp in "$OUT" \; appgw_rmmod \; has_helper tftp \; \
		free nf_nat_tftp nf_conntrack_tftp \; not_helped_any_more
	load_appgw
	check "as the default: held, whatever policies say" all_of \
		ctl policy set kernel_helpers=none \; in_use nf_nat_tftp \; \
		in_use nf_conntrack_tftp
	check "until ours goes" all_of appgw_rmmod \; \
		free nf_nat_tftp nf_conntrack_tftp
	load_appgw "kernel_helpers=$ALL"
	stage route
	check "all of them, with connections, in any order" all_of \
		given_each \; appgw_rmmod \; unload_theirs \; none_loaded
}

flushed()
{
	in_ns gw conntrack -F 2>/dev/null
}

given_each()
{
	local word

	for word in $WORDS; do
		given_all "$word" || return
	done
}

none_loaded()
{
	! grep -E '^nf_conntrack_(tftp|amanda|sane|netbios_ns|snmp|pptp|sip|h323) ' \
		/proc/modules
}

# has_helper NAME: the connection to TFTP's port
has_helper()
{
	local said

	said=$(entry udp $TFTP_PORT)
	echo "$said"
	[[ $said == *"helper=$1 "* ]]
}

# not_helped_any_more: what the last client's connection asks for now stays out. The
# name may stay with it (since 7.1).
not_helped_any_more()
{
	local before said

	said=$(entry udp $TFTP_PORT)
	echo "$said"
	[[ $said =~ sport=([0-9]+) ]] || return
	before=$(drops)
	in_ns in /usr/bin/python3 -I -S -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[2])))
s.sendto(b"\0\1file\0octet\0", (sys.argv[1], 69))' "$OUT" "${BASH_REMATCH[1]}"
	wait_for 20 drops_exceed "$before"
}

need nft conntrack nsenter ip setpriv unshare appgwctl tftp atftp
[ -x "$TFTPD" ] || skip_all "needs tftpd-hpa"
# Parts that may be named, and how many checks each makes
declare -A checks=([defaults]=15 [ways]=7 [each]=17 [refusals]=19 [users]=3
	[holds]=9)
parts=(defaults ways each refusals users holds)
[ $# -eq 0 ] || parts=("$@")
total=0
for part in "${parts[@]}"; do
	total=$((total + ${checks[$part]:?no such part}))
done
plan $total
sysctl -qw kernel.unprivileged_userns_clone=1 2>/dev/null
say_start
genl_start
unload_theirs
for part in "${parts[@]}"; do
	$part
done
note "took $SECONDS s"
