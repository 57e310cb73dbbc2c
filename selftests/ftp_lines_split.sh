#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An announcement may be cut at any byte, or come byte by byte: it is rewritten
# all the same, opens its pinhole, and comes hardly later than without the
# module. Where the stream ends inside it, it arrives as far as it was sent.
#
#	in ---- gw (nf_appgw) ---- out		see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

PORT=50001		# DATA_PORT of peers/ftp_split.py
HOLD_MAX=512		# STREAM_HOLD_MAX
LONG_PORT=2,195,81
LONG_IN=4,4,${IP4[in]//./,}
LONG_WAN=4,4,${IP4[wan]//./,}
LONG_IN6=6,16,253,0,0,1,0,0,0,0,0,0,0,0,0,0,0,2
LONG_WAN6=6,16,32,1,13,184,0,2,0,0,0,0,0,0,0,0,0,1

# announces NAME SIDE ASK SENT SEEN: one more case, of peers/ftp_split.py
announces()
{
	local IFS=$'\t' text

	printf -v text '%b' "$*"
	cases+=("$text")
	names+=("$1")
}

# split_cases TOPOLOGY: all that are announced there
split_cases()
{
	cases=() names=()
	case $1 in
	masq)
		announces "PORT" c '' "PORT $(six "${IP4[in]}" $PORT)\r\n" \
			"PORT $(six "${IP4[wan]}" $PORT)\r\n"
		announces "EPRT" c '' "EPRT |1|${IP4[in]}|$PORT|\r\n" \
			"EPRT |1|${IP4[wan]}|$PORT|\r\n"
		announces "LPRT" c '' "LPRT $LONG_IN,$LONG_PORT\r\n" \
			"LPRT $LONG_WAN,$LONG_PORT\r\n"
		;;
	masq6)
		announces "EPRT, IPv6" c '' "EPRT |2|${IP6[in]}|$PORT|\r\n" \
			"EPRT |2|${IP6[wan]}|$PORT|\r\n"
		announces "LPRT, IPv6" c '' "LPRT $LONG_IN6,$LONG_PORT\r\n" \
			"LPRT $LONG_WAN6,$LONG_PORT\r\n"
		;;
	dnat)
		announces "227" s 'PASV\r\n' \
			"227 go on ($(six "${IP4[in]}" $PORT)).\r\n" \
			"227 go on ($(six "${IP4[wan]}" $PORT)).\r\n"
		announces "228" s 'LPSV\r\n' \
			"228 go on ($LONG_IN,$LONG_PORT)\r\n" \
			"228 go on ($LONG_WAN,$LONG_PORT)\r\n"
		announces "229" s 'EPSV\r\n' "229 go on (|||$PORT|)\r\n" \
			"229 go on (|||$PORT|)\r\n"
		announces "moved 229" s 'EPSV\r\n' "229 go on (|||$PORT|)\r\n" \
			"229 go on (|||<port>|)\r\n"
		;;
	dnat6)
		announces "228, IPv6" s 'LPSV\r\n' \
			"228 go on ($LONG_IN6,$LONG_PORT)\r\n" \
			"228 go on ($LONG_WAN6,$LONG_PORT)\r\n"
		announces "229, IPv6" s 'EPSV\r\n' "229 go on (|||$PORT|)\r\n" \
			"229 go on (|||$PORT|)\r\n"
		;;
	esac
}

# split_all with|without TOPOLOGY: all cases, what came of them to a file
split_all()
{
	/usr/bin/python3 -I -S "$SELFTESTS/peers/ftp_split.py" "$1" \
		"$WORK/times.$2" "$CLIENT" "$SERVER" "$TARGET" \
		"$(ip_of wan)" "${cases[@]}" >"$WORK/split.$1" 2>&1
}

# outcome MODE CASE WHAT: prints what is wrong, if anything is
outcome()
{
	local said

	said=$(awk -F '\t' -v name="$2" -v what="$3" \
		'$1 == name && $2 == what { print $3 }' "$WORK/split.$1")
	[ "$said" = ok ] || {
		echo "${said:-did not come so far}"
		tail -n 5 "$WORK/split.$1"
		return 1
	}
}

# lines_of TOPOLOGY
lines_of()
{
	local name mode

	unload_appgw || die "nf_appgw does not unload"
	topology "$1"
	split_cases "$1"
	split_all without "$1"
	load_appgw
	split_all with "$1"
	for name in "${names[@]}"; do
		for mode in TCP_NODELAY Nagle; do
			check "$name, $mode: without the module as it is" \
				outcome without "$name, $mode" cut
			check "$name, $mode: cut at each byte, and it works" \
				outcome with "$name, $mode" cut
			check "$name, $mode: in time" \
				outcome with "$name, $mode" late
		done
		check "$name: the stream may end behind each byte" \
			outcome with "$name" end
	done
	awk -F '\t' '$2 == "time" { print "# " $1 ": " $3 }' "$WORK/split.with"
}

# tail_of LENGTH OVERFLOWS: an incomplete line with so long a tail, its end,
# and what follows
tail_of()
{
	local before digits

	printf -v digits '%*s' "$1" ''
	digits=${digits// /1}
	before=$(counters)
	say send c "PORT $digits" || return
	# what is kept comes with the end of the line, what is not at once
	if [ "$2" -eq 0 ]; then
		say want s 'PORT ' && say quiet s &&
			pass c s '\r\n' "$digits\r\n"
	else
		say want s "PORT $digits" && pass c s '\r\n'
	fi && counters_moved "$before" overflow="$2" refused_malformed=1 &&
		pass s c '501 no\r\n' && say chat c s 5 &&
		pass c s "PORT $(six "${IP4[in]}" $PORT)\r\n" \
			"PORT $(six "${IP4[wan]}" $PORT)\r\n" &&
		expect_count 1 $PORT && pass s c '200 ok\r\n' &&
		say chat c s 5
}

# The same tail, a byte at a time: what was kept goes on with what follows.
tail_grows()
{
	local before digits

	printf -v digits '%*s' "$HOLD_MAX" ''
	digits=${digits// /1}
	before=$(counters)
	say send c "PORT $digits" && say want s 'PORT ' && say quiet s &&
		pass c s '2' "${digits}2" && pass c s '345' &&
		pass c s '6\r\n' && pass s c '501 no\r\n' &&
		counters_moved "$before" overflow=1 refused_malformed=1 &&
		say chat c s 5 && say flood c s 2000
}

need nft conntrack nsenter ip
topologies=(masq masq6 dnat dnat6)
[ $# -eq 0 ] || topologies=("$@")
total=3
for t in "${topologies[@]}"; do
	split_cases "$t"
	total=$((total + 7 * ${#names[@]}))
done
plan $total
for t in "${topologies[@]}"; do
	lines_of "$t"
done

say_start
scene masq
need_control
check "a tail of $HOLD_MAX bytes is kept" tail_of $HOLD_MAX 0
check "one more byte, and it goes on as it came" tail_of $((HOLD_MAX + 1)) 1
check "a tail that grows beyond that goes on" tail_grows
note "took $SECONDS s"
