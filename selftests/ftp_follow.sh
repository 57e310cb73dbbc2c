#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A passive port that had to be moved is reached from a source port which the
# client has just used for the same port inside under another public one: the
# source is translated then, or the packet would be taken for one of the older
# connection and dropped.
#
#	in (server) ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50001
FROM=4242

# announced [PORT]: the public port that the client is told for PORT
announced()
{
	local line

	pass c s 'EPSV\r\n' >&2 && say send s "229 go (|||$PORT|)\r\n" >&2 &&
		line=$(say get c) && [[ $line =~ '(|||'([0-9]+)'|)' ]] &&
		echo "${BASH_REMATCH[1]}"
}

# moved: the next announcement's port is another one, and is reached
moved()
{
	local port

	port=$(announced) || return
	echo "told port $port"
	[ "$port" != $PORT ] &&
		data_through out "$TARGET" "$port" data from=$FROM
}

need nft conntrack /usr/bin/python3
plan 5
say_start
load_appgw

scene dnat
say listen data in $PORT >/dev/null
check "two control connections" all_of control \; control c2 s2
check "a data connection to the announced port" all_of \
	announced \; data_through out "$TARGET" $PORT data from=$FROM
check "another control connection takes that port" all_of \
	say reset d1 \; say close d2 \; pass c2 s2 'EPSV\r\n' \; \
	pass s2 c2 "229 go (|||$PORT|)\r\n"
check "a moved port, from the same source port" moved
check "another one while that connection is there" moved
note "took $SECONDS s"
