#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules that appgwctl renders load, and let through what they are for, and no more:
# those of profiles in somebody's own table, and the strict ones of what is helped.
#
#	in 10.0.1.2 ---- lan gw wan ---- out 203.0.113.2
#	in2 10.0.2.2 --- lan2 +
#
# usage: profiles_packets.sh [PART...]	readers, nft, iptables, refusals

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/peers/ftp_server.sh
source "$SELFTESTS/peers/ftp_server.sh"
# shellcheck source=selftests/peers/ftp_client.sh
source "$SELFTESTS/peers/ftp_client.sh"

PROFILES=$SELFTESTS/../daemon/profiles
IN=${IP4[in]} OUT=${IP4[out]} WAN=${IP4[wan]}
# another server, of which no rule knows
OTHER=203.0.113.3
PORT=50000

declare -A CHECKS=([readers]=14 [nft]=29 [iptables]=28 [refusals]=5)

render()
{
	appgwctl profile --profiles "$PROFILES" render "$@"
}

# ---- all of them load

SHIPPED=$WORK/shipped

all_shipped()
{
	local file rc=0

	for file in "$SHIPPED/$1"/*; do
		"${@:2}" "$file" || {
			echo "that was ${file##*/}"
			rc=1
		}
	done
	[ -e "$file" ] && return $rc
}

# What is around the file on OpenWrt, as firewall4's ruleset.uc writes it
fw4()
{
	{
		echo 'table inet fw4 {'
		echo 'define lan_devices = { "br-lan" }'
		echo 'define lan2_devices = { "br-lan2" }'
		echo 'define wan_devices = { "eth1", "pppoe-wan" }'
		echo "include \"$1\""
		cat <<-'EOF'
			chain input {
				type filter hook input priority filter; policy drop
				iifname "eth1" jump input_wan
			}
			chain forward {
				type filter hook forward priority filter; policy drop
				iifname "br-lan" jump forward_lan
				iifname "eth1" jump forward_wan
			}
			chain input_wan {
			}
			chain forward_lan {
			}
			chain forward_wan {
			}
			}
		EOF
	} >"$WORK/fw4.nft"
	in_ns gw nft -c -f "$WORK/fw4.nft"
}

iptables_reads()
{
	local name=${1##*/} router=(--outside wan --server 10.0.1.2)

	name=${name%.nft}
	[ "$name" != smb ] || router=(--inside lan2)
	render "$name" --as iptables --inside lan "${router[@]}" \
		--passive-ports 50000-50009 >"$WORK/rules" &&
		in_ns gw iptables-legacy-restore --noflush --test <"$WORK/rules" &&
		in_ns gw ip6tables-legacy-restore --noflush --test <"$WORK/rules"
}

timeouts_for_iptables()
{
	in_ns gw nfct timeout add exp4 inet udp unreplied 60 replied 600 &&
		in_ns gw nfct timeout add exp6 inet6 udp \
			unreplied 60 replied 600
}

loads_twice()
{
	in_ns gw nft -f "$1" && in_ns gw nft list ruleset >"$WORK/once" &&
		in_ns gw nft -f "$1" && in_ns gw nft list ruleset |
		cmp - "$WORK/once"
}

alias_loads()
{
	unload_appgw && modprobe "nf_conntrack_appgw_$1" && appgw_loaded
}

part_readers()
{
	setup_gw
	check "appgwctl renders what is shipped" \
		"$PROFILES/generate" "$(command -v appgwctl)" "$SHIPPED"
	check "nft takes each" all_shipped nftables in_ns gw nft -c -f
	check "loaded again, it is there once" \
		loads_twice "$SHIPPED/nftables/expedat.nft"
	check "OpenWrt's table takes each" all_shipped openwrt fw4
	check "iptables has the timeouts" timeouts_for_iptables
	check "iptables and ip6tables take each" \
		all_shipped nftables iptables_reads
	for name in ftp irc rtsp pna msn rpc mms; do
		check "modprobe nf_conntrack_appgw_$name loads the module" \
			alias_loads $name
	done
	check "nfct-helper-appgw-ftp doesn't" all_of unload_appgw \; \
		tap_fails modprobe -q nfct-helper-appgw-ftp
}

# ---- profiles, in a table of somebody's own

# own_table: established, errors for the router itself, and limits for all that is new
own_table()
{
	in_ns gw nft -f - <<-EOF
		table inet filter {
			chain limits {
				udp dport 8080 limit rate over 1/minute burst 1 packets drop
				udp sport 8080 limit rate over 1/minute burst 1 packets drop
				ct state established accept
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				jump appgw_forward
				jump limits
			}
			chain input {
				type filter hook input priority 0; policy drop;
				jump appgw_input
				ct state established accept
			}
			chain nat_out {
				type nat hook postrouting priority 100;
				oifname "wan" masquerade
			}
		}
	EOF
}

# profile NAME... ARG...: its rules are loaded in gw, by nft or iptables
profile()
{
	if [ "$FIREWALL" = nft ]; then
		render "$@" --as nft >"$WORK/profile" &&
			in_ns gw nft -f "$WORK/profile" && own_table
		return
	fi
	render "$@" --as iptables >"$WORK/profile" &&
		in_ns gw iptables-legacy-restore --noflush <"$WORK/profile" &&
		in_ns gw iptables-legacy-restore --noflush <<-EOF
			*raw
			-A PREROUTING -j APPGW-RAW
			COMMIT
			*nat
			-A PREROUTING -j APPGW-DNAT
			-A POSTROUTING -o wan -j MASQUERADE
			COMMIT
			*filter
			:FORWARD DROP
			:INPUT DROP
			-A FORWARD -j APPGW-FORWARD
			-A FORWARD -p udp -m limit --limit 1/minute --limit-burst 1 -j RETURN
			-A FORWARD -p udp -j DROP
			-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
			-A INPUT -j APPGW-INPUT
			-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
			COMMIT
		EOF
}

# started NAME...: a router with that profile's rules alone
started()
{
	say close >/dev/null
	setup_gw
	GATEWAYS=(gw)
	[ "$FIREWALL" = nft ] || timeouts_for_iptables
	in_ns gw sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30
	profile "$@" || die "the rules of $1 don't load"
}

# talks A ADDRESS PORT B COUNT: so many datagrams both ways
talks()
{
	local peer i

	for ((i = 0; i < $5; i++)); do
		say tell "$1" "$2" "$3" "to $i" &&
			peer=$(say told "$4" "to $i") &&
			say tell "$4" "${peer% *}" "${peer#* }" "from $i" &&
			say told "$1" "from $i" >/dev/null || return 1
	done
}

# remembered MIN MAX [PATTERN]: the connections to port 8080 that are like this have
# so many seconds left
remembered()
{
	local left

	left=$(in_ns gw conntrack -L -p udp 2>/dev/null |
		grep "${3:-.}" | awk '/dport=8080/ { print $3; exit }')
	echo "$left s left"
	[ -n "$left" ] && [ "$left" -gt "$1" ] && [ "$left" -le "$2" ]
}

talks_and_is_remembered()
{
	talks a "$OUT" 8080 b 1 && remembered 180 600 ASSURED
}

# errors_seen: ICMP that says a port is unreachable has come to in
errors_seen()
{
	in_ns in nft list table inet seen | grep -q 'packets [1-9]'
}

unreachable()
{
	in_ns in nft -f - <<-EOF
		table inet seen {
			chain input {
				type filter hook input priority 0;
				icmp type destination-unreachable counter
			}
		}
	EOF
	say tell a "$OUT" 8080 nobody && wait_for 5 errors_seen
}

expedat()
{
	started expedat --inside lan --outside wan --server "$IN"
	udp a in 0
	check "$FIREWALL: expedat: an error about it comes in" unreachable
	check "$FIREWALL: nobody answers: 60 s" remembered 30 60 UNREPLIED
	say close a
	udp a in 0
	udp b out 8080
	check "$FIREWALL: 10 datagrams each way, beside a limit" \
		talks a "$OUT" 8080 b 10
	check "$FIREWALL: when answered for a while: 600 s" \
		wait_for 20 talks_and_is_remembered
	udp c out 0
	udp d in 8080
	check "$FIREWALL: the same from outside, to the server" \
		talks c "$WAN" 8080 d 10
	udp e in 8081
	check "$FIREWALL: port 8081 is not open" stays_out c "$WAN" 8081 e
	[ "$FIREWALL" = nft ] || return
	in_ns gw nft flush chain inet filter forward
	in_ns gw nft add rule inet filter forward jump limits
	in_ns gw nft add rule inet filter forward accept
	check "without the profile the limit counts" all_of \
		talks a "$OUT" 8080 b 1 \; stays_out a "$OUT" 8080 b
}

ftp_server()
{
	started ftp-server --inside lan --outside wan --server "$IN" \
		--passive-ports 50000-50009
	for port in 21 50000 50009 50010; do
		say listen "l$port" in $port >/dev/null
	done
	check "$FIREWALL: ftp-server: control connections" \
		say dial a out "$WAN" 21
	check "$FIREWALL: the range, first and last" all_of \
		say dial b out "$WAN" 50000 \; say dial c out "$WAN" 50009
	check "$FIREWALL: beyond it is shut" say blocked out "$WAN" 50010
	check "$FIREWALL: and so is what isn't redirected" \
		routed_is_shut 50010
}

# routed_is_shut PORT: the way to in itself
routed_is_shut()
{
	ip -n out route replace "$IN" via "$WAN"
	say blocked out "$IN" "$1"
}

bittorrent()
{
	started bittorrent --inside lan --outside wan --server "$IN"
	for port in 6881 6889 6890; do
		say listen "l$port" in $port >/dev/null
	done
	udp a out 0
	udp b in 6881
	check "$FIREWALL: bittorrent: TCP and UDP to one host" all_of \
		say dial c out "$WAN" 6881 \; say dial d out "$WAN" 6889 \; \
		comes a "$WAN" 6881 b
	check "$FIREWALL: port 6890 is shut" say blocked out "$WAN" 6890
}

refused_at_once()
{
	say blocked "$@" | grep -i refused
}

# two_lans: in2 is in a network of its own
two_lans()
{
	say close >/dev/null
	setup_gw in2
	GATEWAYS=(gw)
	ip -n gw link set lan1 nomaster
	ip -n gw link set lan2 nomaster
	ip -n gw link del lan
	ip -n gw addr add 10.0.1.1/24 dev lan1
	ip -n gw addr add 10.0.2.1/24 dev lan2
	ip -n in2 addr flush dev eth0
	ip -n in2 addr add 10.0.2.2/24 dev eth0
	ip -n in2 route add default via 10.0.2.1
	ip -n in route replace default via 10.0.1.1
}

smb()
{
	two_lans
	profile smb --inside lan1 --inside lan2 || die "smb doesn't load"
	for port in 139 445 80; do
		say listen "i$port" in2 $port >/dev/null
		say listen "j$port" in $port >/dev/null
		say listen "o$port" out $port >/dev/null
	done
	udp a in 0
	udp b in2 137
	check "$FIREWALL: smb: shares, and callbacks" all_of \
		say dial c in 10.0.2.2 445 \; say dial d in 10.0.2.2 139 \; \
		say dial e in2 "$IN" 445
	check "$FIREWALL: names" comes a 10.0.2.2 137 b
	check "$FIREWALL: port 80 is refused at once" \
		refused_at_once in 10.0.2.2 80
	check "$FIREWALL: port 81 is not" tap_fails \
		refused_at_once in 10.0.2.2 81
	check "$FIREWALL: nothing of it goes to the outside" \
		say blocked in "$OUT" 445
	check "$FIREWALL: nor comes from there" routed_is_shut 445
	check "$FIREWALL: nor does port 80 answer there" tap_fails \
		refused_at_once out "$IN" 80
}

# ---- strict rules

strict_loads()
{
	local args=(--inside lan --outside wan --server "$OUT")

	if [ "$FIREWALL" = nft ]; then
		in_ns gw appgwctl rules --nft "${args[@]}" >"$WORK/strict" &&
			in_ns gw nft -f "$WORK/strict" &&
			in_ns gw nft -f "$WORK/strict"
		return
	fi
	in_ns gw appgwctl rules --iptables "${args[@]}" >"$WORK/strict" &&
		in_ns gw iptables-legacy-restore --noflush <"$WORK/strict" &&
		in_ns gw ip6tables-legacy-restore --noflush <"$WORK/strict" &&
		in_ns gw iptables-legacy -t raw -I PREROUTING -j APPGW-HELPERS &&
		in_ns gw iptables-legacy -I FORWARD -j APPGW-STRICT
}

# strict_router: routed, so that all of in's ports can be tried from outside
strict_router()
{
	say close >/dev/null
	net_remove
	load_appgw attach=0
	setup_gw
	GATEWAYS=(gw) CLIENT=in SERVER=out TARGET=$OUT ORIGIN=$IN
	ip -n out route add "$IN" via "$WAN"
	ip -n out addr add $OTHER/24 dev eth0
}

# gets MODE: a file, and the session goes as it should
gets()
{
	local dir=$WORK/get.$SRANDOM

	mkdir "$dir"
	ftp_session curl "$1" "$dir/log" get down "$dir/down" &&
		cmp "$dir/down" "$TEST_HOME/down" || {
		cat "$dir/log"
		return 1
	}
}

# announces ADDRESS: what is said to a server there
announces()
{
	TARGET=$1
	control "c$1" "s$1" && pass "c$1" "s$1" "PORT $(six "$IN" $PORT)\r\n"
	set -- $?
	TARGET=$OUT
	return "$1"
}

strict()
{
	strict_router
	check "$FIREWALL: strict rules load, and again" strict_loads
	start_server vsftpd out
	for mode in port pasv; do
		check "$FIREWALL: strict: a file, $mode" gets $mode
	done
	stop_server out
	say listen data in $PORT >/dev/null
	say listen other in $((PORT + 1)) >/dev/null
	check "$FIREWALL: an announcement opens its port" all_of \
		announces "$OUT" \; expect_count 1 $PORT
	check "$FIREWALL: and no other" say blocked out "$IN" $((PORT + 1))
	check "$FIREWALL: nor to another host" \
		say blocked out "$IN" $PORT bind=$OTHER
	check "$FIREWALL: for one connection" all_of \
		data_through out "$IN" $PORT data \; \
		say blocked out "$IN" $PORT
	check "$FIREWALL: a server that isn't named is not helped" all_of \
		announces $OTHER \; expect_count 0 \; \
		say blocked out "$IN" $PORT bind=$OTHER
	check "$FIREWALL: a false source doesn't come through" false_source
}

# A source that is inside, from outside
false_source()
{
	ip -n out addr add 10.0.1.77/32 dev lo
	say blocked out "$IN" $PORT bind=10.0.1.77 && false_is_counted
}

false_is_counted()
{
	if [ "$FIREWALL" = nft ]; then
		in_ns gw nft list chain inet appgw_strict forward |
			grep 'fib .* counter packets [1-9]'
		return
	fi
	in_ns gw iptables-legacy -t raw -nvxL APPGW-HELPERS | grep ' wan .*rpfilter' |
		grep -v '^ *0 '
}

attach_is_said()
{
	[[ $(in_ns gw appgwctl rules --inside lan --outside wan) == \
		*"appgwctl policy set attach=0"* ]]
}

refuses()
{
	local said

	said=$("$@" 2>&1)
	[ $? -eq 1 ] && echo "$said" && [ "$(wc -l <<<"$said")" -eq 1 ] &&
		[[ $said == "appgwctl: "* ]]
}

part_nft()
{
	local FIREWALL=nft

	with_packets
}

part_iptables()
{
	local FIREWALL=iptables

	with_packets
}

with_packets()
{
	expedat
	ftp_server
	bittorrent
	smb
	strict
}

part_refusals()
{
	net_remove
	load_appgw
	setup_gw
	check "attach=1: rules say what to set" attach_is_said
	check "no interface: one line that says so" refuses \
		in_ns gw appgwctl rules --inside lan
	check "a semicolon in one: too" refuses \
		in_ns gw appgwctl rules --inside lan --outside 'wan;'
	check "the address of nobody: too" refuses in_ns gw appgwctl rules \
		--inside lan --outside wan --server 0.0.0.0
	unload_appgw
	check "no module: too" refuses \
		in_ns gw appgwctl rules --inside lan --outside wan
}

need appgwctl nft conntrack iptables-legacy nfct curl
need_checkout
need_server vsftpd
test_account
head -c 100000 /dev/urandom >"$TEST_HOME/down"
chmod 644 "$TEST_HOME/down"
[ $# -gt 0 ] || set -- readers nft iptables refusals
plan_parts 0 "$@"
say_start
for part; do
	part_$part
done
note "took $SECONDS s"
