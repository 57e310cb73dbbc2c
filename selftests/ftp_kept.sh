#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the router keeps of an incomplete line is never lost without a word: when the
# module is unloaded the rest of the line is waited for, and when it doesn't come, or
# the entry is deleted, both ends are told that the connection is over.
#
#	in ---- gw (nf_appgw) ---- out

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50001

# kept: the client has said half a line, and part of that is in the router
kept()
{
	local line

	line="EPRT |$FORM|$(ip_of "$CLIENT")|$PORT|\r\n"
	PUBLIC="EPRT |$FORM|$(ip_of wan)|$PORT|\r\n"
	HEAD=${line:0:12} TAIL=${line:12}
	control >/dev/null && say send c "$HEAD" && say want s "${HEAD:0:5}" &&
		say quiet s && is_acknowledged
}

# The client's kernel believes all of it delivered.
is_acknowledged()
{
	wait_for 5 nothing_unsent
}

nothing_unsent()
{
	[ -z "$(in_ns "$CLIENT" ss -Hnt state established dport = :21 |
		awk '$1 + $2 > 0')" ]
}

# both_reset: neither end waits for anything
both_reset()
{
	say end c && say end s
}

deleted()
{
	local before

	before=$(counters)
	kept && in_ns gw conntrack -D -f "$IP" -p tcp --dport 21 \
		>/dev/null 2>&1 && both_reset && counters_moved "$before" reset=1
}

# Nothing is kept: a deleted entry is none of the connection's business.
not_kept()
{
	local before

	before=$(counters)
	control && in_ns gw conntrack -D -f "$IP" -p tcp --dport 21 \
		>/dev/null 2>&1 && say chat c s 3 &&
		counters_moved "$before" reset=0 stopped_client_first=1
}

unloads()
{
	local pid

	kept || return
	rmmod nf_appgw &
	pid=$!
	sleep 0.3
	say send c "$TAIL" && wait "$pid" && say want s "${PUBLIC:5}" &&
		say chat c s 3
}

unloads_in_vain()
{
	load_appgw
	kept && rmmod nf_appgw && both_reset
}

need nft conntrack nsenter ip ss
plan 8
say_start
for t in masq masq6; do
	load_appgw
	scene $t
	FORM=1 IP=ipv4
	[ "$FAMILY" = 4 ] || FORM=2 IP=ipv6
	check "$t: the entry is deleted: both ends are reset" deleted
	check "$t: nothing is kept: the connection goes on" not_kept
	check "$t: unloaded, and the rest of the line comes: all arrives" \
		unloads
	check "$t: it doesn't come: both ends are reset" unloads_in_vain
done
note "took $SECONDS s"
