#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A pinhole that nobody uses is shut after five minutes, is told of and counted,
# and no longer counts against a quota. On a machine whose clock leaps to the
# next timer while it is idle (selftests/vm/run -i) that takes seconds. With
# nohz=off there is always one soon, so it doesn't leap far while it only waits
# for the host.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/genl.sh"

IN=${IP4[in]}
WAN=${IP4[wan]}
PORT=50000
TIMEOUT_S=300		# APPGW_PINHOLE_TIMEOUT_S
BEFORE_S=30		# so long before its end it is still open
BEHIND_S=20		# so long behind its end it must be shut

# wait_until SECONDS: of the life of the pinhole. The peers' limits are shorter
# than that, so nothing else may wait in the meantime.
wait_until()
{
	local left=$((opened_at + $1 * 1000000 - ${EPOCHREALTIME/./}))

	[ $left -le 0 ] || pause $((left / 1000000)).$((left / 100000 % 10))
	return 0
}

announce()
{
	opened_at=${EPOCHREALTIME/./}
	pass c s "PORT $(six "$IN" $PORT)\r\n" "PORT $(six "$WAN" $PORT)\r\n" &&
		pass s c '200 ok\r\n'
}

event()
{
	genl event e "announced=$IN:$PORT" "public=$WAN:$PORT" \
		"peer=${IP4[out]}" kind=port "$@"
}

# ends EXPIRED USED REPLACED: how pinholes have ended since $before
ends()
{
	counters_moved "$before" expired="$1" used="$2" replaced="$3" closed=0
}

shut()
{
	say blocked out "$WAN" $PORT && expect_count 0
}

need nft conntrack nsenter ip
plan 15
say_start
genl_start
load_appgw
act masq
genl follow e gw || die "no events"
policy gw quota_host=1
say listen data in $PORT >/dev/null
need_control
need_control c2 s2

before=$(counters)
check "PORT opens" all_of announce \; event type=opened \; \
	expect_count 1 $PORT
check "shortly before its end it is there" all_of \
	wait_until $((TIMEOUT_S - BEFORE_S)) \; expect_count 1 $PORT
check "nothing is told of, nothing is counted" all_of \
	genl silent e \; ends 0 0 0
check "it fills the quota" all_of \
	pass c2 s2 "PORT $(six "$IN" 50009)\r\n" \; \
	genl event e type=refused reason=refused_quota
before=$(counters)
check "behind its end it is shut" all_of \
	wait_until $((TIMEOUT_S + BEHIND_S)) \; shut
check "that is told, once" all_of \
	event type=expired reason=expired \; genl silent e
check "and counted, once" ends 1 0 0
check "the quota is free again" all_of pass s2 c2 '500 no\r\n' \; \
	pass c2 s2 "PORT $(six "$IN" 50009)\r\n" \
	"PORT $(six "$WAN" 50009)\r\n" \; \
	genl event e type=opened "public=$WAN:50009" \; \
	say close c2 s2 \; genl event e type=closed

before=$(counters)
check "the next PORT opens as before" all_of \
	announce \; event type=opened \; data_through out "$WAN" $PORT data
check "what was used does not expire" all_of \
	genl event e type=used \; wait_until $((TIMEOUT_S + BEHIND_S)) \; \
	genl silent e \; ends 0 1 0
check "its data connection goes on" pass d1 d2 'more\r\n'
say close d1 d2

before=$(counters)
check "a later one takes the place" all_of announce \; event type=opened \; \
	wait_until $((TIMEOUT_S - BEFORE_S)) \; announce \; \
	event type=closed reason=replaced \; event type=opened
check "whose time begins anew" all_of wait_until $((TIMEOUT_S - BEFORE_S)) \; \
	genl silent e \; expect_count 1 $PORT
check "and ends as the first one's did" all_of \
	wait_until $((TIMEOUT_S + BEHIND_S)) \; shut \; \
	event type=expired reason=expired \; genl silent e
check "with one counted" ends 1 0 1
note "took $SECONDS s of its own time"
