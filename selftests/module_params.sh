#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A parameter with a bad value keeps the module from loading, with a line that
# names the value; good ones can be read back, by root, and not be changed.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PARAMS=/sys/module/nf_appgw/parameters
NINE=21,2121,1,65535,5,6,7,8,9

# refused PARAM=VALUE [LINE]: the log or modprobe says LINE, or else VALUE
refused()
{
	local said

	unload_appgw
	dmesg -C
	if said=$(modprobe nf_appgw "$1" 2>&1); then
		echo "accepted as $(cat "$PARAMS/${1%%=*}")"
		return 1
	fi
	said+=$'\n'$(dmesg)
	echo "$said"
	! appgw_loaded && grep "${1%%=*}" <<<"$said" | grep -qF -e "${2:-${1#*=}}"
}

# accepted PARAM=VALUE [READ_BACK]
accepted()
{
	local value

	load_appgw "$1"
	value=$(cat "$PARAMS/${1%%=*}")
	echo "is $value"
	[ "$value" = "${2:-${1#*=}}" ]
}

defaults()
{
	load_appgw
	grep . $PARAMS/*
	[ "$(cat $PARAMS/ports)" = 21 ] && [ "$(cat $PARAMS/attach)" = Y ] &&
		[ "$(cat $PARAMS/discovery)" = netbios,ssdp,mdns,wsd,slp,snmp ] &&
		[ "$(cat $PARAMS/loose)" = N ]
}

changes()
{
	echo "$2" >"$PARAMS/$1"
}

for_root_only()
{
	! setpriv --reuid 65534 --clear-groups cat $PARAMS/ports
}

need modprobe setpriv
plan 61

load_appgw
check "irc_ports is 6660-6669,7000" grep -x 6660-6669,7000 $PARAMS/irc_ports
check "ports takes ranges" accepted ports=21,2121-2130
check "irc_ports takes ranges" accepted irc_ports=6667,7000-7005

for value in 0 21,0 0,21; do
	check "ports=$value is refused" refused ports=$value
done
# shellcheck disable=SC2258 # the commas are what is tested
for value in 65536 70000 65557 -1 -65515 abc 21a 21,abc 21,,22 21, ,21 21.5 \
	'21 22' 99999999999999999999 23-21; do
	check "ports=$value is refused" refused "ports=$value"
done
check "ports= is for none" accepted ports= none
check "ports with ten values is refused" refused "ports=$NINE,10"
for param in attach loose; do
	for value in maybe 7x 2 nonsense yonder 1x; do
		check "$param=$value is refused" refused "$param=$value"
	done
done

for value in 1 por ports ''; do
	check "media_source=$value is refused" refused "media_source=$value" \
		"'$value'"
done

# shellcheck disable=SC2258 # the commas are what is tested
for value in 1 dns ssdp,dns ssdp, ,ssdp 'ssdp mdns' none,ssdp; do
	check "discovery=$value is refused" refused "discovery=$value" \
		"'$value'"
done
check "discovery=snmp,netbios is accepted" accepted discovery=snmp,netbios \
	netbios,snmp
check "discovery= is for none" accepted discovery= none
check "discovery=none is" accepted discovery=none

check "defaults: 21, attach, not loose" defaults
check "nine ports are accepted" accepted "ports=$NINE"
check "one other port is" accepted ports=2121
check "attach=0 is" accepted attach=0 N
check "attach=1 is" accepted attach=1 Y
check "loose=1 is" accepted loose=1 Y
check "media_source=address is" accepted media_source=address
check "media_source=port is" accepted media_source=port
for param in ports attach loose; do
	check_fails "$param can't be changed" changes $param 1
done
check "nor be read by others" for_root_only
note "took $SECONDS s"
