# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Scripted FTP endpoints: see peers/ftp_say.py for what they can do.
#
#	source "$SELFTESTS/lib/say.sh"
#	say_start

# shellcheck source=selftests/lib/partner.sh
source "$SELFTESTS/lib/partner.sh"

say_start()
{
	partner_start say ftp_say.py
}

# say VERB WORD...: what comes back is printed; false if it is "no"
say()
{
	partner_told say 100 "$@"
}

# scene NAME: a topology with nobody in it. Sockets would keep the old one.
scene()
{
	say close >/dev/null
	topology "$1"
}

# pass FROM TO TEXT [AS]: what FROM says is what TO hears, or AS is
pass()
{
	say send "$1" "$3" && say want "$2" "${4-$3}"
}

# length TEXT: its bytes
length()
{
	local LC_ALL=C text=${1//\\x??/x}

	text=${text//\\?/x}
	echo ${#text}
}

# split_text TEXT: sets UNITS to its bytes, each as "say" has it
split_text()
{
	local rest=$1

	UNITS=()
	while [[ $rest =~ ^(\\x..|\\.|.) ]]; do
		UNITS+=("${BASH_REMATCH[1]}")
		rest=${rest:${#BASH_REMATCH[1]}}
	done
}

# joined FROM [COUNT]: so many of UNITS
joined()
{
	printf '%s' "${UNITS[@]:$1:${2:-${#UNITS[@]}}}"
}

# bytes FROM TO TEXT AS: each in a segment of its own
bytes()
{
	local unit

	split_text "$3"
	for unit in "${UNITS[@]}"; do
		say send "$1" "$unit" || return
	done
	say want "$2" "$4"
}

# control [C S [PORT]]: a control connection whose ends are called C and S
control()
{
	local c=${1:-c} s=${2:-s} port=${3:-$CONTROL_PORT}

	say listen "control$port" "$SERVER" "$port" &&
		say dial "$c" "$CLIENT" "$TARGET" "$CONTROL_PORT" &&
		say accept "$s" "control$port" &&
		pass "$s" "$c" '220 ready\r\n' &&
		pass "$c" "$s" 'USER anonymous\r\n' &&
		pass "$s" "$c" '230 welcome\r\n'
}

# need_control [C S [PORT]]: the same, without which nothing else makes sense
need_control()
{
	control "$@" >"$WORK/control" || {
		sed 's/^/# /' "$WORK/control"
		die "no control connection"
	}
}

# six ADDRESS PORT: as PORT and 227 have it
six()
{
	echo "${1//./,},$(($2 / 256)),$(($2 % 256))"
}

# six_port TEXT: the port in it
six_port()
{
	[[ $1 =~ ([0-9]+),([0-9]+)[^0-9,]*$ ]] &&
		echo $((BASH_REMATCH[1] * 256 + BASH_REMATCH[2]))
}

# data_through FROM_NS ADDRESS PORT LISTENER [FROM=...]: a data connection
# comes up there, bytes pass both ways, and the listener's end is called d2
data_through()
{
	say dial d1 "$1" "$2" "$3" "${@:5}" && say accept d2 "$4" &&
		pass d1 d2 'down\r\n' && pass d2 d1 'up\r\n'
}

# run_all SEPARATOR CMD... SEPARATOR CMD...: one after the other, while they
# succeed
run_all()
{
	local cmd=() separator=$1 word
	shift

	for word in "$@" "$separator"; do
		if [ "$word" = "$separator" ]; then
			[ ${#cmd[@]} -eq 0 ] || "${cmd[@]}" || return 1
			cmd=()
		else
			cmd+=("$word")
		fi
	done
}

# all_of CMD... \; CMD...
all_of()
{
	run_all ';' "$@"
}

# steps CMD... + CMD...: the same for a command of all_of
steps()
{
	run_all + "$@"
}

# counters_moved BEFORE NAME=N...: those, and none of the refusals and
# failures besides
counters_moved()
{
	local before=$1 name now rc=0
	local -A was=() want=()
	shift

	while read -r name now; do
		was[$name]=$now
	done <<<"$before"
	for name; do
		want[${name%=*}]=${name#*=}
	done
	while read -r name now; do
		case $name in
		refused_* | stopped_* | failed | rejected | changed) ;;
		*) [ -n "${want[$name]:-}" ] || continue ;;
		esac
		[ $((now - was[$name])) -eq "${want[$name]:-0}" ] && continue
		echo "$name moved by $((now - was[$name])), not ${want[$name]:-0}"
		rc=1
	done < <(counters)
	return $rc
}

# raw_host NAME NS PORT GATEWAY_DEV ADDRESS: an end without a kernel's TCP.
# Its address is nobody's, so the gateway is told where to find it.
raw_host()
{
	local mac

	mac=$(ip -n "$2" -br link show eth0 | awk '{ print $3 }') &&
		ip -n gw neigh replace "$5" dev "$4" lladdr "$mac" \
			nud permanent &&
		say raw "$1" "$2" "$5" "$3" eth0
}

# raw_control: one without kernels at its ends, c and s, through masquerade,
# logged in; both streams count from there. It is the only one that the
# gateway knows.
raw_control()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	raw_host c in $((RANDOM + 20000)) lan "${IP4[raw_in]:=10.0.1.9}" &&
		raw_host s out 21 wan "${IP4[raw_out]:=203.0.113.9}" &&
		say handshake c s "${IP4[raw_out]}" 21 &&
		conveys s c 0 '220 ready\r\n' && conveys c s 0 'USER me\r\n' &&
		conveys s c 11 '230 hi\r\n' && say rebase c s 9 19
}

# raw_port PORT, raw_public PORT: a PORT of that client's as it says it, and as the
# server sees it, which is so many bytes longer
RAW_GROWS=3
raw_port()
{
	echo "PORT $(six "${IP4[raw_in]:=10.0.1.9}" "$1")\r\n"
}

raw_public()
{
	echo "PORT $(six "${IP4[wan]}" "$1")\r\n"
}

# conveys FROM TO AT TEXT: of raw ends; it comes, and is acknowledged
conveys()
{
	local end=$(($3 + $(length "$4")))

	say push "$1" "$3" "$4" && say pulled "$2" "$3" "$4" &&
		say heard "$2" $end && say acked "$1" $end
}

# ---- datagrams

# udp NAME NS PORT [bind=ADDRESS]: its port is no news
udp()
{
	local said

	said=$(say udp "$@") || {
		echo "$said"
		return 1
	}
}

# comes FROM ADDRESS PORT TO [SENDER]: a datagram gets there, from "ADDRESS PORT"
comes()
{
	local peer

	say tell "$1" "$2" "$3" "to $3" && peer=$(say told "$4" "to $3") || {
		echo "$peer"
		echo "that was: comes $*"
		return 1
	}
	[ "$peer" = "${5:-$peer}" ] || {
		echo "came from $peer, not $5"
		return 1
	}
}

# stays_out FROM ADDRESS PORT TO
stays_out()
{
	say tell "$1" "$2" "$3" "stay out" && say silent "$4"
}
