# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Attacks carried out twice, on a router with nf_appgw and on one with the
# kernel's own FTP helper, and compared with what THREATS.md says comes of them.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/threats.sh"
#	attack_NAME() { ... }	sets outcome; NAME's dashes are underscores
#	threats_run "$@"
#
# What can come of an attack:
#
#	shut	what must stay shut does, and the conversation goes on
#	open	the connection that must not come up did
#	whole	lines arrive as they should, and the port they announce works
#	unhelped  they arrive as they were sent, and nothing opens
#	garbled	other bytes arrive
#	stalled	nothing arrives any more
#	served, starved  what becomes of a bystander

# Set here, read by the scripts.
# shellcheck disable=SC2034

IN2=${IP4[in2]}
# another inside host, as far as anyone can tell, and another outside host
IP4[neighbour]=10.0.1.99 IP6[neighbour]=fd00:1::99
IP4[other]=203.0.113.3 IP6[other]=2001:db8:2::3

# as the kernel's own helper writes wan's address
WAN6_LONG=2001:0db8:0002:0000:0000:0000:0000:0001

# How browsers begin
POST='POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 9999\r\n\r\n'

# Several times as long as TCP waits before it sends again
STALL_S=3

HELPER=			# appgw-ftp or ftp: whose router it is
SCENE=			# what it is set up as
V=			# 6 for attacks on IPv6
PORT=50000		# each attack has one of its own
outcome=

# use_helper appgw-ftp|ftp [PARAM=VALUE...]
use_helper()
{
	say close
	net_remove
	SCENE=
	HELPER=$1
	shift
	if [ "$HELPER" = ftp ]; then
		unload_appgw || die "nf_appgw does not unload"
		modprobe nf_nat_ftp 2>/dev/null
		FW_HELPER=ftp
	else
		load_appgw "$@"
		FW_HELPER=
	fi
}

two_clients()
{
	say close
	setup_gw in2
	FAMILY=4 CLIENT=in SERVER=out TARGET=${IP4[out]}
	firewall gw masq=wan
}

# family_addresses: names for those of the scene's family. PUBLIC is WAN as the
# helper writes it.
family_addresses()
{
	IN=$(ip_of in) WAN=$(ip_of wan) OUT=$(ip_of out) LAN=$(ip_of lan)
	NEIGHBOUR=$(ip_of neighbour) OTHER=$(ip_of other)
	PUBLIC=$WAN
	[ "$HELPER$FAMILY" != ftp6 ] || PUBLIC=$WAN6_LONG
}

# add_address NS NAME: one more, that connections begin from only if told to
add_address()
{
	ip -n "$1" addr add "${IP4[$2]}/24" dev eth0
	ip -n "$1" addr add "${IP6[$2]}/64" dev eth0 nodad preferred_lft 0
}

# on SCENE [LISTENER_NS]: masq, dnat, route, or two: masq with two clients; the
# first three by $V for IPv4 or IPv6. PORT is a new one, with a listener called
# data behind it.
on()
{
	if [ "$SCENE" != "$1$V" ]; then
		if [ "$1" = two ]; then
			two_clients
		else
			scene "$1$V"
		fi
		SCENE=$1$V
		family_addresses
		add_address in neighbour
		add_address out other
		ip -n out route add 10.0.1.0/24 via "${IP4[wan]}"
		ip -n out route add fd00:1::/64 via "${IP6[wan]}"
		# segments as a wire has them
		in_ns in ethtool -K eth0 tso off gso off >/dev/null 2>&1
		in_ns out ethtool -K eth0 tso off gso off >/dev/null 2>&1
	fi
	PORT=$((PORT + 1))
	say close c s d1 d2 data good gc gs &&
		say listen data "${2:-in}" $PORT >/dev/null
}

# connected: c and s, and nobody has said anything
connected()
{
	say listen control21 "$SERVER" 21 >/dev/null &&
		say dial c "$CLIENT" "$TARGET" 21 &&
		say accept s control21 >/dev/null
}

# speak WORD...: >TEXT is the client's, <TEXT the server's; byte for byte
speak()
{
	local word

	for word; do
		case $word in
		\>*) pass c s "${word#>}" || return ;;
		\<*) pass s c "${word#<}" || return ;;
		esac
	done
}

# lines TEXT: how many end in it
lines()
{
	local text=${1//\\n/}

	echo $(((${#1} - ${#text}) / 2))
}

# eprt_line [ADDRESS [PORT]]
eprt_line()
{
	local af=1

	[[ ${1:-$IN} != *:* ]] || af=2
	echo "EPRT |$af|${1:-$IN}|${2:-$PORT}|\r\n"
}

# port_line [ADDRESS [PORT]]: for IPv6 an EPRT, as there is no PORT
port_line()
{
	if [ "$FAMILY" = 6 ]; then
		eprt_line "$@"
	else
		echo "PORT $(six "${1:-$IN}" "${2:-$PORT}")\r\n"
	fi
}

# pasv_line [ADDRESS [PORT]]: for IPv6 a 229, which has no address
pasv_line()
{
	if [ "$FAMILY" = 6 ]; then
		echo "229 go (|||${2:-$PORT}|)\r\n"
	else
		echo "227 go ($(six "${1:-$IN}" "${2:-$PORT}"))\r\n"
	fi
}

pasv_command()
{
	if [ "$FAMILY" = 6 ]; then
		echo 'EPSV\r\n'
	else
		echo 'PASV\r\n'
	fi
}

# announce: c does, and is helped
announce()
{
	pass c s "$(port_line)" "$(port_line "$PUBLIC")"
}

# reach NS ADDRESS PORT [OPTION...]: sets outcome to whether that leads to data
reach()
{
	if say blocked "$@"; then
		outcome=shut
	elif say nobody data; then
		outcome=elsewhere
	else
		outcome=open
	fi
}

# attempt FROM TO TEXT REACH_ARG...: FROM says TEXT; is it open then? If not,
# TO must have heard it.
attempt()
{
	local heard

	say send "$1" "$3" &&
		heard=$(say hear "$2" "$(lines "$3")" $STALL_S) || return
	echo "heard: $heard"
	reach "${@:4}"
	[ "$outcome" != shut ] || case $heard in
	"$3") ;;
	'') outcome=stalled ;;
	*) outcome=garbled ;;
	esac
}

# Whoever means no harm is served, on the same router, afterwards.
goes_on()
{
	local port=$((PORT - 10000)) line=pasv_line c=gs s=gc at=$IN

	say listen good in $port >/dev/null && control gc gs || return
	if [ "${SCENE%6}" = dnat ]; then
		pass gc gs "$(pasv_command)" || return
	else
		line=port_line c=gc s=gs
	fi
	[ "${SCENE%6}" = route ] || at=$PUBLIC
	pass $c $s "$($line "$IN" $port)" "$($line "$at" $port)" &&
		data_through out "$at" $port good && say chat gc gs 2
}

# carried_out NAME OUTCOME
carried_out()
{
	outcome=
	"attack_${1//-/_}" || {
		echo "the attack could not be made"
		return 1
	}
	echo "outcome: $outcome, not: $2"
	[ "$outcome" = "$2" ] && goes_on
}

# threats_of SCRIPT [NAME...]: its attacks and what comes of them, by THREATS.md
threats_of()
{
	awk -F ' *[|] *' -v script="$1" -v names=" ${*:2} " '
		/^#/ { here = index($0, "`" script "`") }
		here && $2 ~ /^`[a-z0-9-]+`$/ {
			gsub("`", "", $2)
			if (names == "  " || index(names, " " $2 " "))
				print $2, $4, $5
		}
	' "$SELFTESTS/THREATS.md"
}

# on_this_kernel "OUTCOME[ (VERSION: OUTCOME)]": the second one is from that
# version on
on_this_kernel()
{
	local since=${1#*\(}

	if [ "$since" != "$1" ] &&
		printf '%s\n' "${since%%:*}" "$(uname -r)" | sort -CV; then
		since=${since#*: }
		echo "${since%)}"
	else
		echo "${1%% *}"
	fi
}

# threats_run [NAME...]
threats_run()
{
	local rows name ours theirs

	rows=$(threats_of "${0##*/}" "$@")
	[ -n "$rows" ] || die "THREATS.md names no such attack"
	plan $((2 * $(wc -l <<<"$rows")))

	use_helper appgw-ftp
	while read -r name ours theirs; do
		check "$name, nf_appgw: $ours" carried_out "$name" "$ours"
	done <<<"$rows"
	use_helper ftp
	while read -r name ours theirs; do
		theirs=$(on_this_kernel "$theirs")
		check "$name, nf_conntrack_ftp: $theirs" \
			carried_out "$name" "$theirs"
	done <<<"$rows"
	note "took $SECONDS s"
}
