# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What is announced in a scripted control connection of FTP, and what becomes of it. For
# scripts that have lib/say.sh and lib/genl.sh.

IN=${IP4[in]}
IN2=${IP4[in2]}
WAN=${IP4[wan]}
OUT=${IP4[out]}
NEIGHBOUR=10.0.1.99	# another inside host, as far as anyone can tell
OTHER=203.0.113.3	# another outside host
PORT=50000

# fresh PORT...: so many ports that "in" listens on
fresh()
{
	PORT=$((PORT + 1))
	say close data d1 d2 && say listen data "${1:-in}" $PORT >/dev/null
}

# refused REASON FROM TO LINE: passes as it is, opens nothing, is counted
refused()
{
	local before

	before=$(counters)
	pass "$2" "$3" "$4\r\n" && expect_count "${OPEN:-0}" &&
		counters_moved "$before" opened=0 "refused_$1=1"
}

# told NAME [REGEX]: sets public to the port in the line that NAME gets
told()
{
	local line

	line=$(say get "$1") || { echo "$line"; return 1; }
	echo "$line"
	[[ $line =~ ${2:-.} ]] || return 1
	case $line in
	229*) [[ $line =~ \|([0-9]+)\|\) ]] && public=${BASH_REMATCH[1]} ;;
	*) public=$(six_port "$line") ;;
	esac
}

is_between()
{
	echo "port $3"
	[ "$3" -ge "$1" ] && [ "$3" -le "$2" ]
}

# passive REPLY PORT LO HI [NAMES]: the client is told a port in that range,
# and it leads to the server
passive()
{
	case $1 in
	227) pass c s 'PASV\r\n' &&
		say send s "227 go ($(six "${5:-$IN}" "$2"))\r\n" ;;
	229) pass c s 'EPSV\r\n' && say send s "229 go (|||$2|)\r\n" ;;
	esac && told c "^$1 " && is_between "$3" "$4" "$public" &&
		expect_count 1 "$public" &&
		data_through out "$WAN" "$public" data
}

# encrypted [CLIENT SERVER]: a control connection on which both have agreed to TLS
encrypted()
{
	control "$@" && pass "${1:-c}" "${2:-s}" 'AUTH TLS\r\n' &&
		pass "${2:-s}" "${1:-c}" '234 go ahead\r\n'
}

# neighbours: addresses that "in" has but never begins a connection with
neighbours()
{
	ip -n in addr add $NEIGHBOUR/24 dev eth0
	ip -n in addr add fd00:1::99/64 dev eth0 nodad preferred_lft 0
	ip -n out route add 10.0.1.0/24 via "$WAN" 2>/dev/null
	ip -n out route add fd00:1::99 via "${IP6[wan]}" 2>/dev/null
}

# with_open N refused...: beside N pinholes that are open already
with_open()
{
	OPEN=$1 "${@:2}"
}
