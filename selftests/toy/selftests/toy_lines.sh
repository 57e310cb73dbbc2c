#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The toy's announcement is rewritten and opens its port.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"

# shellcheck disable=SC2034
CONTROL_PORT=7007
PORT=50000

greets()
{
	say close c s && say listen toy "$SERVER" "$CONTROL_PORT" >/dev/null &&
		say dial c "$CLIENT" "$TARGET" "$CONTROL_PORT" &&
		say accept s toy >/dev/null && pass c s 'HELLO toy\n'
}

announces()
{
	greets && say send c "LISTEN ${IP4[in]} $PORT\n" &&
		say want s "LISTEN $1 $PORT\n"
}

in_two()
{
	greets && say send c 'LIST' && say send c "EN ${IP4[in]} $PORT\n" &&
		say want s "LISTEN ${IP4[wan]} $PORT\n"
}

need nft conntrack nsenter ip appgwd appgwctl
plan 5
topology masq
load_appgw
say_start
appgwd_start --queue 3 || die "appgwd does not listen"
check "a toy's announcement" announces "${IP4[wan]}"
check "one connection comes in" all_of \
	say listen data in $PORT \; data_through out "${IP4[wan]}" $PORT data
check "and no other one" say blocked out "${IP4[wan]}" $PORT
check "cut in two" in_two
appgwd_stop
check "without the daemon it comes as it is" announces "${IP4[in]}"
