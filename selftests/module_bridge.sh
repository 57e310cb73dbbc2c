#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Connections of a bridge, which conntrack follows there: nobody's hooks have made
# room for a shift of numbers. A rule of the bridge's gives them the helper.
#
#	in ---- gw, lan1 = br = lan2 ---- in2
#
# Any user can build that in a namespace of its own.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

IN=${IP4[in]}

bridged()
{
	scene hairpin
	say close
	in_ns gw nft -f - <<-EOF
	table bridge helpers {
		ct helper ftp {
			type "appgw-ftp" protocol tcp; l3proto ip;
		}
		chain prerouting {
			type filter hook prerouting priority 0;
			ct state new tcp dport 21 ct helper set "ftp"
		}
	}
	table bridge filter {
		chain forward {
			type filter hook forward priority 0;
			ct state established,related,new accept
		}
	}
	EOF
}

logs_in()
{
	say listen control in2 21 && say dial c in "${IP4[in2]}" 21 &&
		say accept s control && pass s c '220 ready\r\n' &&
		pass c s 'USER me\r\n' && pass s c '230 hi\r\n' &&
		in_ns gw conntrack -L -p tcp --dport 21 2>&1 |
		grep helper=appgw-ftp
}

announces()
{
	local text

	text="PORT $(six "$IN" "$1")\r\n"
	pass c s "$text" "$text" && expect_count "$2" "$1"
}

# unloads: what is bridged goes on, and the machine with it. A rule keeps the module,
# the connections that it helps don't.
unloads()
{
	in_ns gw nft delete table bridge helpers && unload_appgw &&
		say chat c s 5 && say pump c s 20000 && say pump s c 20000
}

plan 4
need nft conntrack nsenter ip
say_start
load_appgw
bridged
check "a rule gives a bridged connection the helper" logs_in
check "PORT passes as it is, and opens" announces 50001 1
check "another takes its place" announces 50002 1
check "unloaded: the connection goes on" unloads
note "took $SECONDS s"
