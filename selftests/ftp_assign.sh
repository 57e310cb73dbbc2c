#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who gets the helper: with attach=1 each connection to the ports for which
# nobody chose another one, with attach=0 those that a rule names, and nobody
# where conntrack does not run.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"

PORT=50000
IN=${IP4[in]}
WAN=${IP4[wan]}

# reload PARAM...: rules that name the helper would hold the old one
reload()
{
	say close
	net_remove
	load_appgw "$@"
}

# helper_is NAME|none: of the control connection
helper_is()
{
	local entry

	entry=$(in_ns gw conntrack -L -p tcp --orig-port-dst "$CONTROL_PORT" \
		2>/dev/null)
	echo "$entry"
	[ -n "$entry" ] || return
	case $1 in
	none) [[ $entry != *helper=* ]] ;;
	*) [[ $entry == *"helper=$1 "* ]] ;;
	esac
}

helped()
{
	control && helper_is appgw-ftp &&
		pass c s "PORT $(six "$IN" $PORT)\r\n" \
			"PORT $(six "$WAN" $PORT)\r\n" &&
		data_through out "$WAN" $PORT data from=20
}

not_helped()
{
	control && pass c s "PORT $(six "$IN" $PORT)\r\n" &&
		expect_count 0 && say blocked out "$WAN" $PORT
}

# ours_did_nothing: not even read a line
ours_did_nothing()
{
	counter_is attached 0 && counter_is lines 0
}

# masq_with FIREWALL HELPER: a scene whose rules name that helper
masq_with()
{
	FIREWALL=$1 FW_HELPER=$2 scene masq
	say listen data in $PORT >/dev/null
}

# object HELPER HOOK PRIORITY: an administrator's choice by a rule
object()
{
	in_ns gw nft -f - <<-EOF
		table inet chosen {
			ct helper h {
				type "$1" protocol tcp; l3proto inet;
			}
			chain c {
				type filter hook $2 priority $3;
				tcp dport $CONTROL_PORT ct helper set "h"
			}
		}
	EOF
}

# template HELPER CHAIN: the same by a template, before conntrack
template()
{
	in_ns gw iptables-legacy -t raw -A "$2" -p tcp --dport "$CONTROL_PORT" \
		-j CT --helper "$1"
}

# choice SCENE HOW HELPER WHERE...: it is the administrator's that counts
choice()
{
	local topology=$1 how=$2

	shift 2
	reload
	scene "$topology"
	check "$1 by $how in ${*:2}, $topology: wins" all_of \
		"$how" "$@" \; control \; say chat c s 3 \; \
		helper_is "$1" \; ours_did_nothing \; \
		counter_is foreign_helper 1
}

# loads A B: one after the other, whatever was there before
loads()
{
	unload_appgw
	rmmod nf_nat_ftp nf_conntrack_ftp 2>/dev/null
	[ ! -e /sys/module/nf_conntrack_ftp ] || return
	modprobe "$1" && modprobe "$2"
}

# entries AT_LEAST AT_MOST: in gw's table of connections
entries()
{
	local n

	n=$(in_ns gw conntrack -C)
	echo "$n entries"
	[ "$n" -ge "$1" ] && [ "$n" -le "$2" ]
}

need nft conntrack nsenter ip iptables-legacy
plan 32
say_start
genl_start

# Without a rule
load_appgw
masq_with nft ''
check "attach=1: attached" all_of helped \; counter_is attached 1
reload attach=0
masq_with nft ''
check "attach=0: nobody is" all_of \
	not_helped \; helper_is none \; ours_did_nothing

# By a rule
for fw in nft iptables; do
	reload attach=0
	masq_with $fw appgw-ftp
	check "attach=0, rule of $fw: attached" all_of \
		helped \; counter_is attached 1
	reload
	masq_with $fw appgw-ftp
	check "attach=1, rule of $fw: attached, but once" all_of \
		helped \; counter_is attached 1
done

# On a port of its own, so that nothing but the rule can have done it
CONTROL_PORT=2121
for fw in nft iptables; do
	say close
	net_remove
	unload_appgw
	check_fails "rule of $fw: the module is not there before" appgw_loaded
	# it can't be entered
	(masq_with $fw appgw-ftp) >/dev/null 2>&1
	check_fails "rule of $fw: doesn't load the module" appgw_loaded
	net_remove
	load_appgw
	masq_with $fw appgw-ftp
	check "rule of $fw: attaches" helped
done
CONTROL_PORT=21

# Another helper
choice masq template ftp PREROUTING
choice local-client template ftp OUTPUT
choice masq object ftp prerouting -150
choice masq object ftp prerouting 0
choice masq object ftp forward 0
choice masq object ftp postrouting 300
choice local-client object ftp output 0
choice local-server object ftp input 0
choice masq object irc prerouting -150
choice route object irc forward 0

# Beside the kernel's own
say close
net_remove
check "loads when nf_nat_ftp is there" loads nf_nat_ftp nf_appgw
masq_with nft ''
check "and attaches" helped
say close
net_remove
check "nf_nat_ftp loads when it is there" loads nf_appgw nf_nat_ftp
masq_with nft ''
check "and it attaches" helped

# Data connections are not control connections, whatever their port.
reload ports=21,2121
scene masq
say listen data2121 in 2121 >/dev/null
check "a data connection to one of the ports is not attached" all_of \
	control \; pass c s "PORT $(six "$IN" 2121)\r\n" \
		"PORT $(six "$WAN" 2121)\r\n" \; \
	data_through out "$WAN" 2121 data2121 \; \
	pass d1 d2 "PORT $(six "${IP4[out]}" 50001)\r\n" \; \
	counter_is attached 1 \; expect_count 0

# Where nobody asked for conntrack
reload
scene masq
check "with a firewall, conntrack knows the connection" all_of \
	control \; entries 1 2
scene open
GATEWAYS=(gw)
check "without one FTP passes untouched" all_of \
	control \; pass c s "PORT $(six "$IN" $PORT)\r\n" \; say chat c s 20
check "and conntrack does nothing" all_of \
	entries 0 0 \; ours_did_nothing
# Another helper, once more: whoever follows the events keeps the namespace
reload
scene masq
genl follow e gw
template ftp PREROUTING
check "it is told which helper has it" all_of control \; \
	genl event e type=stopped reason=foreign_helper kind=ftp \
	"server=${IP4[out]}:21"
reload attach=0
scene masq
template irc PREROUTING
check "attach=0: nobody wanted it" all_of control \; \
	counter_is foreign_helper 0
note "took $SECONDS s"
