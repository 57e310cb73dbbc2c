#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Attacks on, and troubles of, a router that reads and rewrites lines in segments
# that may be split, lost, repeated or forged: those of THREATS.md, which says
# for each of them what comes of it.
#
#	in ---- gw (nf_appgw, then nf_conntrack_ftp) ---- out
#
# usage: ftp_threats_stream.sh [ATTACK...]

# What must not come is waited for that long
export SAY_LIMIT_S=4

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/threats.sh"

A=${IP4[raw_in]:=10.0.1.9}	# inside, outside, without a kernel's TCP
B=${IP4[raw_out]:=203.0.113.9}
GROWS=3				# from $A to $WAN as numbers with commas

# raw_reach ADDRESS: sets outcome to whether B gets through to A's PORT
raw_reach()
{
	raw_host p out $((RANDOM % 20000 + 30000)) wan "$B" &&
		raw_host q in $PORT lan "$A" || return
	if say handshake p q "$1" $PORT; then
		outcome=open
	else
		outcome=shut
	fi
}

raw_masq()
{
	on masq && raw_control
}

# c inside, s outside, and nobody has said anything
raw_connection()
{
	say close
	in_ns gw conntrack -F >/dev/null 2>&1
	raw_host c in $((RANDOM % 20000 + 20000)) lan "$A" &&
		raw_host s out 21 wan "$B" && say handshake c s "$B" 21
}

# A client outside, a server inside, and a session; no NAT
raw_route()
{
	on route && raw_host c out $((RANDOM % 20000 + 30000)) wan "$B" &&
		raw_host s in 21 lan "$A" && say handshake c s "$A" 21 &&
		raw_says s c 0 '220 ready\r\n' && raw_says c s 0 'USER me\r\n' &&
		raw_says s c 11 '230 hi\r\n'
}

# raw_says FROM TO AT TEXT: it comes, and is acknowledged
raw_says()
{
	local end=$(($3 + $(length "$4")))

	say push "$1" "$3" "$4" && say pulled "$2" "$3" "$4" &&
		say heard "$2" $end && say acked "$1" $end
}

# The bystander of the attacks with raw ends is one without.
raw_end()
{
	say close c s p q
}

# ---- forged and repeated segments

# What looks like an announcement is in the middle of a line. The attacker
# acknowledges what is before it, so that the server begins a segment there.
attack_partial_ack()
{
	local head="500 '" text

	text="227 go (${A//./,},$((PORT / 256)),$((PORT % 256)))"
	raw_route && say push c 9 "$text\r\n" && say pulled s 9 "$text\r\n" &&
		say push s 19 "$head$text' what?\r\n" &&
		say pulled c 19 "$head$text' what?\r\n" &&
		say heard c $((19 + ${#head})) &&
		say push s $((19 + ${#head})) "$text' what?\r\n" &&
		say pulled c $((19 + ${#head})) "$text' what?\r\n" &&
		raw_reach "$A" && raw_end
}

# The server has the first text, and throws the second away.
attack_other_bytes()
{
	local harmless="NOOP ${A//./,},$((PORT / 256)),$((PORT % 256))\r\n"

	raw_masq && say push c 0 "$harmless" && say pulled s 0 "$harmless" &&
		say push c 0 "$(port_line "$A")" && raw_reach "$WAN" && raw_end
}

attack_bad_checksum()
{
	raw_masq && say push c 0 "$(port_line "$A")" flaw=1 &&
		say nothing s && raw_reach "$WAN" && raw_end
}

# conntrack was told not to look
attack_bad_checksum_unseen()
{
	local rc

	on masq
	checksums_count 0
	raw_masq && say push c 0 "$(port_line "$A")" flaw=1 &&
		raw_reach "$WAN" && raw_end
	rc=$?
	checksums_count 1
	return $rc
}

checksums_count()
{
	in_ns gw sh -c "echo $1 >/proc/sys/net/netfilter/nf_conntrack_checksum"
}

# Whatever is behind "out" on the way to the server drops it.
attack_short_ttl()
{
	raw_masq && say push c 0 "$(port_line "$A")" ttl=2 &&
		raw_reach "$WAN" && raw_end
}

# The data connection has been, and the announcement comes again.
attack_repeated_later()
{
	local text

	raw_masq && text=$(port_line "$A") && say push c 0 "$text" &&
		say pulled s 0 "$(port_line "$WAN")" && raw_reach "$WAN" &&
		[ "$outcome" = open ] && outcome= &&
		say push c 0 "$text" && raw_reach "$WAN" && raw_end
}

# A web server makes the router forget the connection: resets that are in the
# window, but not the next byte, give the entry 10 s (here 1 s) to live, and the
# browser only answers the first of them. Its next segment makes a new entry,
# and the server speaks first.
attack_forgotten_connection()
{
	forget && pretend
}

# The same, and the new entry is shown a SYN ACK.
attack_forgotten_syn_ack()
{
	forget && say flag s -1 syn && pretend
}

forget()
{
	on masq && raw_connection && raw_says c s 0 "$POST" &&
		close_timeout 1 && say flag s 1 rst && say flag s 1 rst &&
		wait_for 20 forgotten && close_timeout 10 && say heard c 0
}

pretend()
{
	local n

	n=$(length "$POST")
	raw_says s c 0 '220 ready\r\n' &&
		raw_says c s "$n" 'USER me\r\n' &&
		raw_says s c 11 '230 hi\r\n' &&
		say push c $((n + 9)) "$(port_line "$A")" &&
		raw_reach "$WAN" && raw_end
}

close_timeout()
{
	in_ns gw sh -c \
		"echo $1 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close"
}

forgotten()
{
	[ -z "$(in_ns gw conntrack -L -p tcp --dport 21 2>/dev/null)" ]
}

# ---- announcements that are as they should be

# raw_arrives AT TEXT AT_SERVER AS: sets outcome
raw_arrives()
{
	local came

	say push c "$1" "$2" && came=$(say pull s)
	echo "came: $came"
	case $came in
	"$3 $4") outcome=whole ;;
	[0-9]*) outcome=garbled ;;
	*) outcome=stalled ;;
	esac
}

# Two in one round trip, and the first one got lost behind the router.
attack_two_in_flight()
{
	local first second n

	raw_masq || return
	first=$(port_line "$A") second=$(port_line "$A" $((PORT + 5000)))
	n=$(length "$first")
	raw_arrives 0 "$first" 0 "$(port_line "$WAN")" &&
		[ "$outcome" = whole ] &&
		raw_arrives "$n" "$second" $((n + GROWS)) \
			"$(port_line "$WAN" $((PORT + 5000)))"
	[ "$outcome" = whole ] || return
	raw_arrives 0 "$first" 0 "$(port_line "$WAN")"
	raw_end
}

# arrives TEXT AS: from the client, which then has data through PORT
arrives()
{
	local heard

	heard=$(say hear s "$(lines "$2")" $STALL_S) || return
	case $heard in
	"$2")
		if data_through out "$WAN" $PORT data; then
			outcome=whole
		else
			outcome=shut
		fi
		;;
	"$1") outcome=unhelped ;;
	'') outcome=stalled ;;
	*) outcome=garbled ;;
	esac
	echo "heard: ${heard:0:200}"
}

attack_split_line()
{
	local line

	on masq && control || return
	line=$(port_line)
	say send c "${line:0:9}" && say send c "${line:9}" &&
		arrives "$line" "$(port_line "$WAN")"
}

attack_second_line()
{
	on masq && control && say send c "TYPE I\r\n$(port_line)" &&
		arrives "TYPE I\r\n$(port_line)" \
			"TYPE I\r\n$(port_line "$WAN")"
}

# The segment is as large as any may be, and has to grow.
attack_full_segment()
{
	local rest

	on masq && control || return
	rest=$(($(say mss c) - $(length "$(port_line)") - 7))
	printf -v rest '%*s' $rest ''
	rest="NOOP ${rest// /x}\r\n"
	say send c "$(port_line)$rest" &&
		arrives "$(port_line)$rest" "$(port_line "$WAN")$rest"
}

# A rule of nftables has chosen the helper.
attack_chosen_by_rule()
{
	local was=$FW_HELPER

	FW_HELPER=$HELPER
	SCENE=
	on masq && control && say send c "$(port_line)" &&
		arrives "$(port_line)" "$(port_line "$WAN")" &&
		{ say chat c s 20 && say flood c s 2000 || outcome=garbled; }
	FW_HELPER=$was
}

need nft conntrack nsenter ip ethtool
say_start
threats_run "$@"
