#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Attacks that try to open what must stay shut: those of THREATS.md, which says
# for each of them what comes of it.
#
#	in, in2 ---- gw (nf_appgw, then nf_conntrack_ftp) ---- out
#
# Who is inside is attacked: by a server outside (masq, route), by a client
# outside (dnat), or by means of a browser inside.
#
# usage: ftp_threats.sh [ATTACK...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/threats.sh"

IN_TREE_LOOSE=/sys/module/nf_conntrack_ftp/parameters/loose
EXPECT_MAX=/proc/sys/net/netfilter/nf_conntrack_expect_max
FLOOD=36		# control connections
FLOOD_EXPECT_MAX=34	# expectations that conntrack takes meanwhile

# ---- browsers: a page makes them send what is no FTP

# upload HEAD TEXT [REACH_ARG...]: in one go, and TEXT begins a segment
upload()
{
	local mss pad

	mss=$(say mss c) || return
	printf -v pad '%*s' $((mss - $(length "$1") - 2)) ''
	set -- "$1${pad// /x}\r\n$2" "${@:3}"
	[ $# -gt 1 ] || set -- "$1" out "$WAN" $PORT
	attempt c s "$@"
}

# The head of a TURN Allocate request, and of its USERNAME
TURN='\x00\x03\x06\x00!\x12\xa4B0123456789ab\x00\x06\x05\xf0'

attack_slipstream()
{
	on masq && connected && upload "$POST" "$(port_line)"
}

attack_slipstream_greeted()
{
	on masq && connected && speak '<220 ready\r\n' &&
		upload "$POST" "$(port_line)"
}

attack_slipstream_turn()
{
	on masq && connected && speak '<220 ready\r\n' &&
		upload "$TURN" "$(port_line)"
}

attack_slipstream_eprt()
{
	on masq && connected && speak '<220 ready\r\n' &&
		upload "$POST" "$(eprt_line)"
}

attack_slipstream_eprt6()
{
	V=6 attack_slipstream_eprt
}

slipstream_neighbour()
{
	on route && connected && speak '<220 ready\r\n' &&
		upload "$POST" "$(port_line "$NEIGHBOUR")" out "$NEIGHBOUR" $PORT
}

attack_slipstream_v2()
{
	slipstream_neighbour
}

attack_slipstream_v2_6()
{
	V=6 attack_slipstream_v2
}

attack_slipstream_v2_loose()
{
	local rc was=$HELPER

	if [ "$was" = ftp ]; then
		echo 1 >$IN_TREE_LOOSE
	else
		use_helper "$was" loose=1
	fi
	slipstream_neighbour
	rc=$?
	if [ "$was" = ftp ]; then
		echo 0 >$IN_TREE_LOOSE
	else
		use_helper "$was"
		on route
	fi
	return $rc
}

# ---- other protocols on the port

attack_tls()
{
	local hello='\x16\x03\x01\x00\x2c\x01\x00\x00\x28\x03\x03'

	hello+='0123456789abcdefghijklmnopqrstuv\r\n'
	on masq && connected && speak ">$hello" "<$hello" &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_ssh()
{
	on masq && connected &&
		speak '<SSH-2.0-a\r\n' '>SSH-2.0-b\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_smtp()
{
	on masq && connected &&
		speak '<220 mx ESMTP\r\n' '>EHLO a\r\n' '<250 mx\r\n' \
			'>MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_silent_server()
{
	on masq && connected && speak '>USER me\r\n' '>PASS me\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_before_login()
{
	on masq && connected &&
		speak '<220 ready\r\n' '>USER me\r\n' '<331 password\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_after_auth_tls()
{
	on masq && control && speak '>AUTH TLS\r\n' '<234 go ahead\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

attack_after_epsv_all()
{
	on masq && control && speak '>EPSV ALL\r\n' '<200 ok\r\n' &&
		attempt c s "$(port_line)" out "$WAN" $PORT
}

# ---- numbers and addresses

attack_wrap_eprt()
{
	on masq && control && attempt c s \
		"$(eprt_line "$IN" $((65536 + PORT)))" out "$WAN" $PORT
}

attack_wrap_eprt6()
{
	V=6 attack_wrap_eprt
}

# 266 is 10, and 0,50001 is port 50001, to who doesn't look
attack_wrap_port()
{
	on masq && control && attempt c s \
		"PORT 266,0,1,2,0,$PORT\r\n" out "$WAN" $PORT
}

attack_wrap_227()
{
	on dnat && control && speak '>PASV\r\n' && attempt s c \
		"227 go (266,0,1,2,0,$PORT)\r\n" out "$WAN" $PORT
}

attack_wrap_229()
{
	on dnat && control && speak '>EPSV\r\n' && attempt s c \
		"229 go (|||$((65536 + PORT))|)\r\n" out "$WAN" $PORT
}

attack_wrap_229_6()
{
	V=6 attack_wrap_229
}

attack_privileged_port()
{
	on route && say close data && say listen data in 22 && control &&
		attempt c s "$(port_line "$IN" 22)" out "$IN" 22
}

attack_privileged_229()
{
	on dnat && say close data && say listen data in 22 && control &&
		speak '>EPSV\r\n' &&
		attempt s c '229 go (|||22|)\r\n' out "$WAN" 22
}

attack_privileged_port6()
{
	V=6 attack_privileged_port
}

attack_privileged_229_6()
{
	V=6 attack_privileged_229
}

attack_foreign_port()
{
	on route && control && attempt c s \
		"$(port_line "$NEIGHBOUR")" out "$NEIGHBOUR" $PORT
}

attack_foreign_port6()
{
	V=6 attack_foreign_port
}

# as_own ADDRESS IS: the client announces ADDRESS, which is its own one IS, but
# not that of its control connection
as_own()
{
	on route && control && attempt c s "$(eprt_line "$1")" out "$2" $PORT
}

attack_other_family()
{
	as_own "${IP6[in]}" "${IP6[in]}"
}

attack_other_family6()
{
	V=6 as_own "${IP4[in]}" "${IP4[in]}"
}

attack_mapped6()
{
	V=6 as_own "::ffff:${IP4[in]}" "${IP4[in]}"
}

attack_bounce()
{
	on dnat out && control &&
		attempt c s "$(port_line "$OTHER")" in "$OTHER" $PORT
}

attack_bounce6()
{
	V=6 attack_bounce
}

attack_router_address()
{
	on route gw && control &&
		attempt c s "$(port_line "$LAN")" out "$LAN" $PORT
}

attack_router_address6()
{
	V=6 attack_router_address
}

# The firewall lets the server outside use a service of the router. A client
# inside announces the port of that.
attack_router_service()
{
	local heard

	on masq && say listen service gw $PORT &&
		in_ns gw nft add rule inet test input \
			tcp dport $PORT accept &&
		control && say send c "$(port_line)" &&
		heard=$(say hear s 1 $STALL_S) || return
	echo "heard: $heard"
	say dial d1 out "$WAN" $PORT || return
	if say accept d2 service; then
		outcome=shut
	elif say accept d2 data; then
		outcome=open
	fi
	say close service
}

attack_router_service6()
{
	V=6 attack_router_service
}

# ---- replies that nobody asked for

attack_echoed_227()
{
	on dnat && control && speak '>SITE x\r\n' &&
		attempt s c "$(pasv_line)" out "$WAN" $PORT
}

attack_multiline_227()
{
	on dnat && control && speak '>STAT x\r\n' '<213-here\r\n' &&
		attempt s c "$(pasv_line)213 end\r\n" out "$WAN" $PORT
}

attack_multiline_227_pending()
{
	on dnat && control && speak '>STAT x\r\nPASV\r\n' '<213-here\r\n' &&
		attempt s c "$(pasv_line)213 end\r\n" out "$WAN" $PORT
}

attack_reply_from_client()
{
	on masq && control && speak '>NOOP\r\n' &&
		attempt c s "$(pasv_line)" out "$WAN" $PORT
}

# ---- pinholes that are open for longer, or for more, than they should

attack_refused_command()
{
	on masq && control && announce && speak '<500 no\r\n' &&
		reach out "$WAN" $PORT
}

attack_third_party()
{
	on masq && control && announce &&
		reach out "$WAN" $PORT bind="$OTHER" &&
		[ "$outcome" = open ] || data_through out "$WAN" $PORT data
}

attack_third_party6()
{
	V=6 attack_third_party
}

attack_second_connection()
{
	on masq && control && announce && data_through out "$WAN" $PORT data &&
		reach out "$WAN" $PORT
}

attack_older_announcement()
{
	on masq && control && announce && pass c s \
		"$(port_line "$IN" $((PORT + 5000)))" \
		"$(port_line "$WAN" $((PORT + 5000)))" &&
		reach out "$WAN" $PORT
}

attack_after_fin()
{
	on masq && control && announce && say shut c && say end s &&
		reach out "$WAN" $PORT
}

attack_after_rst()
{
	on masq && control && announce && say reset c && say end s &&
		reach out "$WAN" $PORT
}

# ---- one host takes what others need

# flood CMD: one announcement on each of many control connections, by CMD
flood()
{
	local i

	say close good
	cat $EXPECT_MAX >"$WORK/expect_max"
	echo $FLOOD_EXPECT_MAX >$EXPECT_MAX
	for ((i = 0; i < FLOOD; i++)); do
		control "f$i" "g$i" >/dev/null && "$1" "f$i" "g$i" $((30000 + i)) ||
			return
	done
	expectations gw | wc -l
}

flood_port()
{
	say send "$1" "$(port_line "$IN" "$3")" && say hear "$2" 1 0.5
}

flood_227()
{
	pass "$1" "$2" 'PASV\r\n' && say send "$2" "$(pasv_line "$IN" "$3")" &&
		say hear "$1" 1 0.5
}

# flood_end STATUS: of what was to work in spite of it
flood_end()
{
	local i

	outcome=starved
	[ "$1" -ne 0 ] || outcome=served
	for ((i = 0; i < FLOOD; i++)); do
		say close "f$i" "g$i"
	done
	in_ns gw conntrack -F >/dev/null 2>&1
	cat "$WORK/expect_max" >$EXPECT_MAX
	wait_for 20 expect_count 0
}

attack_flood()
{
	on two in2 && flood flood_port || return
	CLIENT=in2 control && say send c "$(port_line "$IN2")" || return
	say want s "$(port_line "$WAN")" && data_through out "$WAN" $PORT data
	flood_end $?
}

# By a client outside; another one wants something of the same server.
attack_flood_outside()
{
	on dnat && flood flood_227 && say dial c out "$WAN" 21 bind="$OTHER" &&
		say accept s control21 &&
		speak '<220 ready\r\n' '>USER me\r\n' '<230 hi\r\n' \
			'>PASV\r\n' && say send s "$(pasv_line)" || return
	say want c "$(pasv_line "$WAN")" &&
		data_through out "$WAN" $PORT data bind="$OTHER"
	flood_end $?
}

need nft conntrack nsenter ip ethtool
say_start
threats_run "$@"
