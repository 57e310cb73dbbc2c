#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wherever the router translates addresses, each side is told the address and
# port that it can reach, and the data connection comes from where the control
# connection is.
#
#	in, in2 ---- gw (nf_appgw) ---- out ---- far	see lib/net.sh

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/say.sh"

# What the client and the server know as their own address; what they must be
# told is in $TARGET and $ORIGIN.
CLIENT_OWN=
SERVER_OWN=
PORT=50000

own_addresses()
{
	case $1 in
	both*) CLIENT_OWN=$(ip_of far) SERVER_OWN=$(ip_of in) ;;
	dnat*) CLIENT_OWN=$(ip_of out) SERVER_OWN=$(ip_of in) ;;
	hairpin*) CLIENT_OWN=$(ip_of in) SERVER_OWN=$(ip_of in2) ;;
	local-client*) CLIENT_OWN=$(ip_of wan) SERVER_OWN=$(ip_of out) ;;
	local-server*) CLIENT_OWN=$(ip_of out) SERVER_OWN=$(ip_of wan) ;;
	*) CLIENT_OWN=$(ip_of in) SERVER_OWN=$(ip_of out) ;;
	esac
	[ -z "$ANNOUNCE" ] || SERVER_OWN=$ANNOUNCE
}

# text FORM ADDRESS PORT
text()
{
	local af=1

	[ "$FAMILY" = 4 ] || af=2
	case $1 in
	PORT) echo "PORT $(six "$2" "$3")\r\n" ;;
	EPRT) echo "EPRT |$af|$2|$3|\r\n" ;;
	227) echo "227 Entering Passive Mode ($(six "$2" "$3"))\r\n" ;;
	229) echo "229 Entering Extended Passive Mode (|||$3|)\r\n" ;;
	esac
}

# came_from ADDRESS [PORT]: d2's other end, as its own end sees it
came_from()
{
	local peer

	peer=$(say accept d2 data) || { echo "$peer"; return 1; }
	echo "from $peer"
	[ "${peer% *}" = "$1" ] && [ "${peer#* }" = "${2:-${peer#* }}" ]
}

bytes_pass()
{
	pass d1 d2 'down\r\n' && pass d2 d1 'up\r\n' &&
		say pump d1 d2 20000 && say close d1 d2
}

# shut_behind NS ADDRESS: that was all
shut_behind()
{
	expect_count 0 && say blocked "$1" "$2" $PORT
}

# active FORM: the client announces, the server connects from its port 20
active()
{
	PORT=$((PORT + 1))
	say close data
	say listen data "$CLIENT" $PORT &&
		pass c s "$(text "$1" "$CLIENT_OWN" $PORT)" \
			"$(text "$1" "$ORIGIN" $PORT)" &&
		pass s c '200 ok\r\n' && say dial d1 "$SERVER" "$ORIGIN" $PORT from=20 &&
		came_from "$TARGET" 20 && bytes_pass &&
		shut_behind "$SERVER" "$ORIGIN"
}

# ask C S FORM: for that reply
ask()
{
	case $3 in
	227) pass "$1" "$2" 'PASV\r\n' ;;
	229) pass "$1" "$2" 'EPSV\r\n' ;;
	esac
}

# passive FORM: the server announces, the client connects
passive()
{
	PORT=$((PORT + 1))
	say close data
	say listen data "$SERVER" $PORT && ask c s "$1" &&
		pass s c "$(text "$1" "$SERVER_OWN" $PORT)" \
			"$(text "$1" "$TARGET" $PORT)" &&
		say dial d1 "$CLIENT" "$TARGET" $PORT &&
		came_from "$ORIGIN" && bytes_pass &&
		shut_behind "$CLIENT" "$TARGET"
}

# forms: those of the family
forms()
{
	[ "$FAMILY" = 6 ] || echo PORT 227
	echo EPRT 229
}

# transfers NAME: in every form, on one control connection
transfers()
{
	local form

	for form in $(forms); do
		case $form in
		[A-Z]*) check "$1: $form" active "$form" ;;
		*) check "$1: $form" passive "$form" ;;
		esac
	done
}

both_families()
{
	local t

	for t in "$1" "${1}6"; do
		scene "$t"
		own_addresses "$t"
		check "$t: control" control
		transfers "$t"
	done
}

# With another address than the interface's own
snat_to_another()
{
	ip -n gw addr add 203.0.113.7/24 dev wan
	ORIGIN=203.0.113.7
	firewall gw snat=wan,$ORIGIN
	CLIENT=in SERVER=out TARGET=$(ip_of out)
	own_addresses snat
}

# dnat_port INSIDE: gw's ports 21 and 2121 lead to this port inside
dnat_port()
{
	say close
	setup_gw
	FAMILY=4 CLIENT=out SERVER=in TARGET=$(ip_of wan) ORIGIN=$(ip_of out)
	ANNOUNCE=
	CONTROL_PORT='{ 21, 2121 }' firewall gw dnat="$TARGET,$(ip_of in):$1"
	own_addresses dnat
}

# proxy_here PORT: the router's own connections to port 21 are led to one of its
# programs, which listens there
proxy_here()
{
	say close
	FIREWALL=none setup_gw
	FAMILY=4 CLIENT=gw SERVER=gw TARGET=$(ip_of out) ORIGIN=$(ip_of wan)
	ANNOUNCE=
	CLIENT_OWN=$ORIGIN SERVER_OWN=127.0.0.1
	in_ns gw nft -f - <<-EOF
	table ip proxy {
		chain output {
			type nat hook output priority -100;
			tcp dport 21 redirect to :$1
		}
	}
	EOF
}

# Two replies from one server name the same port for one client: the second
# one moves, whether it names the inside address or the public one.
second_moves()
{
	local line moved

	PORT=$((PORT + 1))
	say close data
	say listen data in $PORT && control c s && control c2 s2 &&
		ask c s 227 && ask c2 s2 227 &&
		pass s c "$(text 227 "$SERVER_OWN" $PORT)" \
			"$(text 227 "$TARGET" $PORT)" &&
		say send s2 "$(text 227 "$SERVER_OWN" $PORT)" &&
		line=$(say get c2) && echo "$line" &&
		[[ $line == *"(${TARGET//./,},"* ]] &&
		moved=$(six_port "$line") &&
		[ "$moved" -ge 1024 ] && [ "$moved" -ne $PORT ] &&
		say dial d1 out "$TARGET" "$moved" && came_from "$ORIGIN" &&
		bytes_pass &&
		say dial d1 out "$TARGET" $PORT && came_from "$ORIGIN" &&
		bytes_pass
}

# A control connection on another port than the module's is none.
not_helped()
{
	pass c s "$(text PORT "$CLIENT_OWN" $PORT)" && expect_count 0 &&
		counter_is attached 0
}

topologies()
{
	local t

	for t in route masq snat dnat hairpin both local-client local-server; do
		both_families $t
	done
}

public()
{
	scene dnat-public
	own_addresses dnat-public
	check "dnat-public: control" control
	check "dnat-public: 227 names the public address" passive 227
	check "dnat-public: 229" passive 229
	check "dnat-public: the same port twice" second_moves
	scene dnat
	own_addresses dnat
	check "dnat: the same port twice" second_moves
}

translations()
{
	scene dnat
	say close
	setup_gw
	snat_to_another
	check "snat to another address: control" control
	transfers "snat to another address"

	dnat_port 21
	CONTROL_PORT=2121 check "dnat from port 2121 to 21: control" \
		control c s 21
	transfers "dnat from port 2121 to 21"
	dnat_port 2121
	CONTROL_PORT=21 check "dnat from port 21 to 2121: control" \
		control c s 2121
	transfers "dnat from port 21 to 2121"
}

# What leaves by the output hooks comes back by the loopback device, and is seen in
# both of the places where there is help.
proxy()
{
	scene masq
	proxy_here 2121
	check "a proxy on the router itself: control" control c s 2121
	check "a proxy on the router itself: 227" passive 227
	check "a proxy on the router itself: 229" passive 229
	check "a proxy on the router itself: talk behind them" say chat c s 5
	in_ns gw nft delete table ip proxy
}

track_bridge()
{
	in_ns gw nft -f - <<-EOF
	table bridge filter {
		chain forward {
			type filter hook forward priority 0;
			ct state established,related accept
		}
	}
	EOF
}

# A router whose inside is a bridge, and whose rules for it ask conntrack: each
# packet that leaves by the bridge is seen twice.
bridge()
{
	scene masq
	say close
	setup_gw in2
	firewall gw masq=wan
	track_bridge
	own_addresses masq
	check "a bridge inside: control" control
	transfers "a bridge inside"
	check "a bridge inside: talk" say chat c s 10

	CLIENT=out SERVER=in TARGET=$(ip_of wan) ORIGIN=$(ip_of out)
	say close
	in_ns gw nft flush ruleset
	firewall gw dnat="$(ip_of wan),$(ip_of in)"
	track_bridge
	own_addresses dnat
	check "a server behind it: control" control
	transfers "a server behind it"
}

ports()
{
	CONTROL_PORT=2121
	scene masq
	own_addresses masq
	check "port 2121: control" control
	check "port 2121: not one of the module's" not_helped
	say close
	load_appgw ports=21,2121
	check "port 2121 in ports: control" control
	transfers "port 2121 in ports"
	CONTROL_PORT=21
	scene masq
	check "port 21 beside it: control" control
	transfers "port 21 beside it"
}

declare -A CHECKS=([topologies]=64 [public]=5 [translations]=15 [proxy]=4 [bridge]=11
	[ports]=12)

need nft conntrack nsenter ip
[ $# -gt 0 ] || set -- topologies public translations proxy bridge ports
plan_parts 0 "$@"
say_start
load_appgw
for part; do
	"$part"
done
note "took $SECONDS s"
