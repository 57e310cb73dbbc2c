#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What MSN Messenger's clients tell each other of addresses is rewritten with
# every length around it, cut wherever it may be; what only looks like that is
# left alone and opens nothing.
#
#	in ---- gw (nf_appgw, appgwd) ---- out		see lib/net.sh
#
# usage: msn_lines.sh [PART...]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/msn.sh"

# ---- invitations

invites()
{
	msn_scene masq
	check "an address and a port" opens "$(listens "$IN")" \
		"$(listens "$WAN")" $PORT
	check "one connection comes in" all_of \
		say listen data in $PORT \; \
		data_through out "$WAN" $PORT data
	check "and no other one" say blocked out "$WAN" $PORT
	check "nor did another port open" say blocked out "$WAN" $((PORT + 1))
	check "the public address already" opens "$(listens "$WAN")" \
		"$(listens "$WAN")" $PORT
	check "an inside address, and the port in disguise" opens \
		"$(sent "$(accept "IP-Address: $WAN" "Port: $PORT" \
			"IP-Address-Internal: $IN" "PortX: $DISGUISED")")" \
		"$(sent "$(accept "IP-Address: $WAN" "Port: $PORT" \
			"IP-Address-Internal: $WAN" "PortX: $DISGUISED")")" \
		$PORT
	check "an inside address and another port" opens \
		"$(sent "$(accept "IP-Address: $WAN" "Port: $PORT" \
			"IP-Address-Internal: $IN" 'PortX: 7001')")" \
		"$(sent "$(accept "IP-Address: $WAN" "Port: $PORT" \
			"IP-Address-Internal: $WAN" 'PortX: 7001')")" $PORT 7001
	check "fields in another order and without blanks" opens \
		"$(sent "$(accept "Port:$PORT" "IP-Address:$IN")")" \
		"$(sent "$(accept "Port:$PORT" "IP-Address:$WAN")")" $PORT
	check "the receiver listens" opens \
		"$(sent "$(accept "IP-Address: $IN" "Port: $PORT" \
			'Sender-Connect: TRUE')")" \
		"$(sent "$(accept "IP-Address: $WAN" "Port: $PORT" \
			'Sender-Connect: TRUE')")" $PORT
	check "an INVITE without an address" unread \
		"$(sent "$(invitation INVITE <<<'Application-File: x.txt')")"
	check "an ACCEPT without an address" unread "$(sent "$(accept)")"
	check "two in a segment" opens \
		"$(listens "$IN" 6891)$(listens "$IN" 6892)" \
		"$(listens "$WAN" 6891)$(listens "$WAN" 6892)" 6891 6892
	check "behind a text in a segment" opens \
		"$(sent 'MIME-Version: 1.0\r\n\r\nhi')$(listens "$IN")" \
		"$(sent 'MIME-Version: 1.0\r\n\r\nhi')$(listens "$WAN")" $PORT
	check "CANCEL closes it again" cancels
	check "the end of the connection closes it" all_of \
		opens "$(listens "$IN")" "$(listens "$WAN")" $PORT \; \
		say close c s \; wait_for 20 expect_count 0
	check "texts are not queued" quiet
	check "direct_ports: another port" all_of \
		ctl policy set direct_ports=50100-50100 \; \
		opens "$(listens "$IN")" "$(listens "$WAN" 50100)" 50100 \; \
		ctl policy set direct_ports=
	check "a port that somebody else has, in disguise as well" others_port
}

# The public one is another then, and is told twice. Until there is another
# topology.
others_port()
{
	local text port

	listen_on gw "$PORT" || return
	text=$(sent "$(accept "IP-Address: $IN" "Port: $PORT" "PortX: $DISGUISED")")
	msn_login && say send c "$text" || return
	say get s >/dev/null || return
	while text=$(say get s); do
		case $text in
		Port:*)	port=${text#*: } ;;
		PortX:*)
			[ $((${text#*: } ^ MSN_KEY)) -eq "$port" ] &&
				[ "$port" -ne "$PORT" ] &&
				expect_count 1 "$port"
			return ;;
		esac
	done
}

cancels()
{
	opens "$(listens "$IN")" "$(listens "$WAN")" $PORT &&
		pass c s "$(sent "$(invitation CANCEL 7 <<<'Cancel-Code: FAIL')")" &&
		expect_count 1 &&
		pass s c "$(got "$(invitation CANCEL 1917 \
			<<<'Cancel-Code: TIMEOUT')")" && expect_count 0
}

quiet()
{
	local before

	msn_login && before=$(counters) && msn_chat &&
		counters_moved "$before" queued=0
}

# ---- P2P

# offers PART=VALUE... -- FIELD...: a P2P packet with such a message
p2p()
{
	local set=()

	while [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	shift
	sent "$(packet "${set[@]}" text="$(responds "$@")")"
}

slps()
{
	local in="IPv4Internal-Addrs: $IN" wan="IPv4Internal-Addrs: $WAN"
	local port="IPv4Internal-Port: $PORT"

	msn_scene masq
	check "the inside address of a message" opens \
		"$(p2p -- "$in" "$port")" "$(p2p -- "$wan" "$port")" $PORT
	check "inside and outside" opens \
		"$(p2p -- "$in" "$port" "IPv4External-Addrs: $WAN" \
			'IPv4External-Port: 6892')" \
		"$(p2p -- "$wan" "$port" "IPv4External-Addrs: $WAN" \
			'IPv4External-Port: 6892')" $PORT 6892
	check "the acknowledgement tells the size that was sent" restores
	check "and if it tells it twice, it does so twice" restores total
	check "one who doesn't listen" unread \
		"$(sent "$(packet text="$(slp transrespbody 'Bridge: TCPv1' \
			'Listening: false' "$in" "$port")")")"
	check "who accepts" opens "$(replied '200 OK' "$in" "$port")" \
		"$(replied '200 OK' "$wan" "$port")" $PORT
	check "who declines" unread "$(replied '603 Decline' "$in" "$port")"
	check "who fails" unread \
		"$(replied '500 Internal Error' "$in" "$port")"
	check "data of a session" unread \
		"$(sent "$(packet session=5 text="$(responds "$in" "$port")")")"
	check "a part of a message keeps its length" keeps
}

# replied STATUS FIELD...: a P2P packet with such a reply in place of a request
replied()
{
	local text

	text=$(responds "${@:2}")
	sent "$(packet text="MSNSLP/1.0 $1${text#*MSNSLP/1.0}")"
}

# acknowledges ID SIZE [total]: a MSG that does so, in TotalSize as well
acknowledges()
{
	got "$(packet flags=2 ack="$1" size="$2" ${3:+total="$2"})"
}

# restores [total]: the packet grows by two bytes, its acknowledgement says so,
# and the client is told what it has sent
restores()
{
	local text as

	text=$(responds "IPv4Internal-Addrs: $IN" "IPv4Internal-Port: $PORT")
	as=$(responds "IPv4Internal-Addrs: $WAN" "IPv4Internal-Port: $PORT")
	msn_login && pass c s "$(sent "$(packet id=4711 text="$text")")" \
		"$(sent "$(packet id=4711 text="$as")")" &&
		pass s c "$(acknowledges 4711 "$(length "$as")" "$@")" \
			"$(acknowledges 4711 "$(length "$text")" "$@")" &&
		pass s c "$(acknowledges 4712 "$(length "$as")" "$@")" &&
		[ "$(length "$as")" -ne "$(length "$text")" ]
}

keeps()
{
	local text as blanks

	text="IPv4Internal-Addrs: $IN 192.168.50.1"'\r\n'"IPv4Internal-Port: $PORT"'\r\n\r\n\x00'
	blanks=$(printf '%*s' $(($(length "$IN 192.168.50.1") - $(length "$WAN"))) '')
	as="IPv4Internal-Addrs: $WAN$blanks"'\r\n'"IPv4Internal-Port: $PORT"'\r\n\r\n\x00'
	opens "$(sent "$(packet offset=500 total=700 text="$text")")" \
		"$(sent "$(packet offset=500 total=700 text="$as")")" $PORT
}

# ---- what opens nothing

refuses()
{
	local quoted

	msn_scene masq
	check "a port below 1024" unread "$(listens "$IN" 1023)" \
		refused_privileged=1
	check "somebody else's address" unread "$(listens 192.168.1.1)" \
		refused_foreign=1
	check "the peer's address" unread "$(listens "$OUT")" \
		refused_foreign=1
	check "a port that is none" unread "$(listens "$IN" 70000)" \
		refused_malformed=1
	check "a port that would be one in 16 bits" unread \
		"$(listens "$IN" 72427)" refused_malformed=1
	check "the same beside one that is one" unread \
		"$(sent "$(accept "IP-Address: $WAN" 'Port: 72427' \
			"IP-Address-Internal: $IN" 'PortX: 7001')")" \
		refused_malformed=1
	check "the same in a P2P message" unread \
		"$(p2p -- "IPv4Internal-Addrs: $IN" "IPv4Internal-Port: $PORT" \
			"IPv4External-Addrs: $WAN" 'IPv4External-Port: 72427')" \
		refused_malformed=1
	quoted=$(accept "IP-Address: $IN" "Port: $PORT")
	check "a text that quotes an invitation" unread \
		"$(sent 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n'"$quoted")"
	check "a text that quotes a whole MSG" unread \
		"$(sent 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n'"$(listens "$IN")")"
	check "a body without a type" unread \
		"$(sent 'MIME-Version: 1.0\r\n\r\n'"$quoted")"
	check "another command" unread \
		"$(sent "$(printf '%s\n' "IP-Address: $IN" "Port: $PORT" |
			invitation CANCEL)")"
	check "in a notification connection" notified
	check "behind a MSG that says it is longer" all_of msn_login \; \
		pass c s 'MSG 4 N 900\r\nMIME-Version: 1.0\r\n\r\n' \; \
		pass c s "$(listens "$IN")" \; expect_count 0
	check "eight pinholes a connection, and no ninth" opens_eight
}

notified()
{
	msn_connected && pass c s 'VER 1 MSNP9 MSNP8 CVR0\r\n' &&
		pass s c 'VER 1 MSNP9\r\n' && pass c s "$(listens "$IN")" &&
		expect_count 0
}

opens_eight()
{
	local i before

	msn_login || return
	for i in 1 2 3 4 5 6 7 8; do
		pass c s "$(listens "$IN" 690$i)" "$(listens "$WAN" 690$i)" ||
			return
	done
	before=$(counters)
	pass c s "$(listens "$IN" 6909)" && expect_count 8 &&
		counters_moved "$before" opened=0 refused_quota=1
}

# stops REASON WORD...: >TEXT is the client's, <TEXT the server's; what a client
# would say after that opens nothing
stops()
{
	local before word

	msn_connected && before=$(counters) || return
	for word in "${@:2}"; do
		case $word in
		\>*) pass c s "${word#>}" || return ;;
		\<*) pass s c "${word#<}" || return ;;
		esac
	done
	msn_greets && pass c s "$(listens "$IN")" && expect_count 0 &&
		say pump c s 10000 && say pump s c 10000 &&
		counters_moved "$before" opened=0 queued=0 ${1:+"$1=1"}
}

others()
{
	local post='POST /gateway/gateway.dll?Action=open&Server=SB HTTP/1.1\r\nContent-Length: 900\r\n\r\n'

	msn_scene masq
	check "HTTP: a POST with a MSG in its body" stops stopped_not_client \
		">$post$(listens "$IN")"
	check "HTTP: the body in a segment of its own" stops \
		stopped_not_client ">$post" ">$(listens "$IN")" \
		'<HTTP/1.1 200 OK\r\n\r\n'
	check "TLS from the first byte" stops stopped_tls \
		'>\x16\x03\x01\x00\x36\x01\x00\x00\x32\x03\x03\r\n'
	check "SSH: the server first" stops stopped_not_server \
		'<SSH-2.0-OpenSSH_9.2\r\n'
	check "FTP: the client first" stops stopped_not_client \
		'>PORT 10,0,1,2,7,8\r\n'
}

# ---- the switchboard inside, cuts, IPv6

inside()
{
	msn_scene dnat
	in_ns gw nft add rule inet test nat_out oifname wan masquerade
	check "what a switchboard inside passes on isn't its own" tells "$IN"
	check "nor is it with its public address" tells "$WAN"
	check "a client outside may be connected to" all_of \
		opens "$(listens "$OUT")" "$(listens "$OUT")" $PORT \; \
		say listen data out $PORT \; \
		data_through in "$OUT" $PORT data
}

# tells ADDRESS: a client has said so, who may be anybody
tells()
{
	local text before

	text=$(got "$(accept "IP-Address: $1" "Port: $PORT")")
	msn_login && before=$(counters) && pass s c "$text" "$text" &&
		expect_count 0 && counters_moved "$before" opened=0
}

# cuts TEXT AS: in two at every place, each on a connection of its own
cuts()
{
	local text=$1 as=$2 cut n

	split_text "$text"
	n=${#UNITS[@]}
	for ((cut = 1; cut < n; cut += STEP)); do
		msn_login && say send c "$(joined 0 "$cut")" &&
			say send c "$(joined "$cut")" && say want s "$as" &&
			expect_count 1 $PORT || {
			echo "cut at $cut"
			return 1
		}
	done
}

cut()
{
	local in="IPv4Internal-Addrs: $IN" wan="IPv4Internal-Addrs: $WAN"
	local port="IPv4Internal-Port: $PORT"

	msn_scene masq
	STEP=3
	check "an invitation cut in two" cuts "$(listens "$IN")" \
		"$(listens "$WAN")"
	STEP=23
	check "two invitations, the second cut" cuts \
		"$(listens "$IN" 6892)$(listens "$IN")" \
		"$(listens "$WAN" 6892)$(listens "$WAN")"
	STEP=29
	check "a P2P message cut in two" cuts "$(p2p -- "$in" "$port")" \
		"$(p2p -- "$wan" "$port")"
	check "a byte a segment" all_of msn_login \; \
		bytes c s "$(listens "$IN")" "$(listens "$WAN")" \; \
		expect_count 1 $PORT
	check "nothing of it waits for more than its end" all_of msn_login \; \
		say send c "$(sent 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhel')" \; \
		say want s "$(sent 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhel')"
}

ipv6()
{
	local in=${IP6[in]} wan=${IP6[wan]}

	msn_scene route6
	check "IPv6: without translation" opens "$(listens "$in")" \
		"$(listens "$in")" $PORT
	msn_scene masq6
	check "NAT66" opens "$(listens "$in")" "$(listens "$wan")" $PORT
}

# ---- nobody helps

helpless()
{
	appgwd_stop
	scene masq
	check "without the daemon all is said as it is" all_of msn_login \; \
		pass c s "$(listens "$IN")" \; \
		pass c s "$(p2p -- "IPv4Internal-Addrs: $IN" \
			"IPv4Internal-Port: $PORT")"
	check "and nothing comes in" say blocked out "$WAN" $PORT
}

declare -A CHECKS=([invites]=18 [slps]=10 [refuses]=14 [others]=5 [inside]=3
	[cut]=5 [ipv6]=2 [helpless]=2)

need nft conntrack nsenter ip appgwd appgwctl
[ $# -gt 0 ] || set -- invites slps refuses others inside cut ipv6 helpless
daemon_parts "" "$@"
