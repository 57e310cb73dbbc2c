# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Routers, hosts, and the firewalls between them, in network namespaces.
#
#   in  eth0 ---+
#               +--- lan  gw  wan --- eth0  out  lan --- eth0  far
#   in2 eth0 ---+
#
# in2 and far exist only in the topologies that use them, and out is a router
# of its own in the one with far.

# Set here, read by the scripts.
# shellcheck disable=SC2034

# What a topology tells the script that asked for it.
CLIENT=			# namespace the client runs in
SERVER=			# namespace the server runs in
TARGET=			# address the client connects to
ORIGIN=			# address the server sees it come from
ANNOUNCE=		# address the server is to announce, if not its own
FAMILY=4		# 4 or 6
GATEWAYS=()		# namespaces whose firewall is in the way

# A process in each namespace, whose /proc/PID/net any shell can read without
# starting a program there
declare -A NS_PID=()

# where control connections go, and new ones may: FTP's, unless a script says
# otherwise
CONTROL_PORT=${CONTROL_PORT:-21}
# nft, iptables (legacy), or none: NAT only, and by nft
FIREWALL=${FIREWALL:-nft}
# a helper that the firewall's rules assign: ftp, appgw-ftp, or none of them
FW_HELPER=${FW_HELPER:-}
# not empty: new connections that may not be are refused at once
FW_REJECT=${FW_REJECT:-}

TOPOLOGIES="open route masq snat dnat dnat-public hairpin both"
TOPOLOGIES+=" local-client local-server"

declare -A IP4=(
	[in]=10.0.1.2 [in2]=10.0.1.3 [lan]=10.0.1.1
	[wan]=203.0.113.1 [out]=203.0.113.2
	[outlan]=192.168.7.1 [far]=192.168.7.2
)
declare -A IP6=(
	[in]=fd00:1::2 [in2]=fd00:1::3 [lan]=fd00:1::1
	[wan]=2001:db8:2::1 [out]=2001:db8:2::2
	[outlan]=fd00:7::1 [far]=fd00:7::2
)

# ip_of HOST_OR_PORT: its address in the family of the topology
ip_of()
{
	if [ "$FAMILY" = 6 ]; then
		echo "${IP6[$1]}"
	else
		echo "${IP4[$1]}"
	fi
}

# in_ns NS CMD...: not "ip netns exec", which mounts a /sys for each command
in_ns()
{
	local ns=$1
	shift

	nsenter --net="/run/netns/$ns" -- "$@"
}

net_namespaces()
{
	local f

	for f in /run/netns/*; do
		[ -e "$f" ] && echo "${f##*/}"
	done
}

# net_kill NS: end what runs in it, but for the process that others look through
net_kill()
{
	local pid pids=()

	for pid in $(ip netns pids "$1" 2>/dev/null); do
		[ "$pid" = "${NS_PID[$1]:-}" ] || pids+=("$pid")
	done
	[ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
}

# net_delete NS: it goes, whatever there is in it
net_delete()
{
	local pid=${NS_PID[$1]:-}

	unset "NS_PID[$1]"
	[ -z "$pid" ] || kill -KILL "$pid"
	ip netns del "$1"
}

net_remove()
{
	local ns

	for ns in $(net_namespaces); do
		net_kill "$ns"
		net_delete "$ns"
	done
	GATEWAYS=()
}

# net_namespace NS: a new one, without duplicate address detection. A router asks
# for a neighbour from its link-local address, which it has only after that, and
# by then it may have given up the first connection.
net_namespace()
{
	ip netns add "$1" || die "can't make namespaces"
	nsenter --net="/run/netns/$1" -- sh -c '
		cd /proc/sys/net/ipv6/conf &&
		echo 0 >all/accept_dad && echo 0 >default/accept_dad &&
		exec sleep infinity' </dev/null >/dev/null &
	disown
	NS_PID[$1]=$!
	until net_holds $!; do
		pause 0.01
	done
}

# net_holds PID: it is in its namespace, and has set that up
net_holds()
{
	local comm

	read -r comm <"/proc/$1/comm" || die "can't set up a namespace"
	[ "$comm" = sleep ]
}

# net_link NS1 DEV1 NS2 DEV2
net_link()
{
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
}

# net_host NS DEV ADDRESS_NAME [ROUTER_ADDRESS_NAME]
net_host()
{
	{
		echo "link set lo up"
		echo "link set $2 up"
		echo "addr add ${IP4[$3]}/24 dev $2"
		echo "addr add ${IP6[$3]}/64 dev $2 nodad"
		if [ -n "${4:-}" ]; then
			echo "route add default via ${IP4[$4]}"
			echo "route add default via ${IP6[$4]}"
		fi
	} | ip -n "$1" -batch - || die "can't set up $2 in $1"
}

net_forward()
{
	in_ns "$1" bash -c '
		echo 1 >/proc/sys/net/ipv4/ip_forward &&
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

# setup_gw [in2] [far]: the hosts and the routers between them, no rules yet
setup_gw()
{
	local ns

	net_remove
	for ns in in gw out "$@"; do
		net_namespace "$ns"
	done

	if [[ " $* " == *" in2 "* ]]; then
		net_link in eth0 gw lan1
		net_link in2 eth0 gw lan2
		ip -n gw link add lan type bridge
		ip -n gw link set lan1 master lan up
		ip -n gw link set lan2 master lan up
		net_host in2 eth0 in2 lan
	else
		net_link in eth0 gw lan
	fi
	net_link gw wan out eth0
	net_host in eth0 in lan
	net_host gw lan lan
	net_host gw wan wan
	net_host out eth0 out
	net_forward gw

	if [[ " $* " == *" far "* ]]; then
		net_link out lan far eth0
		net_host out lan outlan
		net_host far eth0 far outlan
		net_forward out
	fi
}

# firewall NS [masq=DEV] [snat=DEV,ADDR] [dnat=PUBLIC,INSIDE] [hairpin=NET]
#
# Besides the NAT asked for: drop everything except what conntrack calls
# established or related, and new control connections.
firewall()
{
	local ns=$1 opt
	local masq='' snat='' dnat='' hairpin=''
	shift

	for opt; do
		case $opt in
		masq=*) masq=${opt#*=} ;;
		snat=*) snat=${opt#*=} ;;
		dnat=*) dnat=${opt#*=} ;;
		hairpin=*) hairpin=${opt#*=} ;;
		*) die "firewall: what is $opt?" ;;
		esac
	done

	GATEWAYS+=("$ns")
	case $FIREWALL in
	iptables) firewall_iptables "$ns" ;;
	nft | none) firewall_nft "$ns" ;;
	*) die "no firewall called $FIREWALL" ;;
	esac || die "the firewall of $ns does not load"
}

firewall_nft()
{
	local ip=ip

	[ "$FAMILY" = 6 ] && ip=ip6
	{
		echo "table inet test {"
		[ -z "$FW_HELPER" ] || firewall_nft_helper
		[ -z "$dnat" ] || cat <<-EOF
			chain nat_in {
				type nat hook prerouting priority -100;
				$ip daddr ${dnat%,*} tcp dport $CONTROL_PORT dnat $ip to ${dnat#*,}
			}
		EOF
		echo "chain nat_out {"
		echo "type nat hook postrouting priority 100;"
		[ -z "$masq" ] || echo "oifname $masq masquerade"
		[ -z "$snat" ] ||
			echo "oifname ${snat%,*} snat $ip to ${snat#*,}"
		[ -z "$hairpin" ] ||
			echo "$ip saddr $hairpin $ip daddr $hairpin masquerade"
		echo "}"
		[ "$FIREWALL" = none ] || firewall_nft_policy
		echo "}"
	} | in_ns "$1" nft -f -
}

firewall_nft_helper()
{
	local hook

	echo "ct helper h {"
	echo "type \"$FW_HELPER\" protocol tcp; l3proto inet;"
	echo "}"
	for hook in prerouting output; do
		cat <<-EOF
			chain helper_$hook {
				type filter hook $hook priority -150;
				tcp dport $CONTROL_PORT ct helper set "h"
			}
		EOF
	done
}

firewall_nft_policy()
{
	local -A lo=([input]=iifname [forward]=iifname [output]=oifname)
	local hook

	for hook in input forward output; do
		cat <<-EOF
			chain $hook {
				type filter hook $hook priority 0; policy drop;
				meta ${lo[$hook]} lo accept
				meta l4proto { icmp, ipv6-icmp } accept
				ct state established,related counter accept
				ct state new tcp dport $CONTROL_PORT counter accept
				${FW_REJECT:+ct state new tcp flags & (syn | ack) == syn reject with tcp reset}
				counter comment "dropped"
			}
		EOF
	done
}

firewall_iptables()
{
	local restore=iptables-legacy-restore icmp=icmp
	local -A lo=([INPUT]="-i lo" [FORWARD]="-i lo" [OUTPUT]="-o lo")
	local to="-p tcp --dport $CONTROL_PORT" state="-m conntrack --ctstate" chain

	if [ "$FAMILY" = 6 ]; then
		restore=ip6tables-legacy-restore
		icmp=icmpv6
	fi
	{
		echo "*nat"
		[ -z "$dnat" ] || echo "-A PREROUTING -d ${dnat%,*} $to" \
			"-j DNAT --to-destination ${dnat#*,}"
		[ -z "$masq" ] ||
			echo "-A POSTROUTING -o $masq -j MASQUERADE"
		[ -z "$snat" ] || echo "-A POSTROUTING -o ${snat%,*}" \
			"-j SNAT --to-source ${snat#*,}"
		[ -z "$hairpin" ] || echo "-A POSTROUTING -s $hairpin" \
			"-d $hairpin -j MASQUERADE"
		echo COMMIT

		if [ -n "$FW_HELPER" ]; then
			echo "*raw"
			for chain in PREROUTING OUTPUT; do
				echo "-A $chain $to" \
					"-j CT --helper $FW_HELPER"
			done
			echo COMMIT
		fi

		echo "*filter"
		for chain in INPUT FORWARD OUTPUT; do
			cat <<-EOF
				:$chain DROP
				-A $chain ${lo[$chain]} -j ACCEPT
				-A $chain -p $icmp -j ACCEPT
				-A $chain $state ESTABLISHED,RELATED -j ACCEPT
				-A $chain $to $state NEW -j ACCEPT
				${FW_REJECT:+-A $chain -p tcp --syn -j REJECT --reject-with tcp-reset}
			EOF
		done
		echo COMMIT
	} | in_ns "$1" $restore
}

# topology NAME: one of $TOPOLOGIES, with a 6 behind it for IPv6
#
#	open		no NAT and no policy: proves client and server
#	route		policy only
#	masq, snat	the client inside, translated
#	dnat		the server inside, the client connects to gw's address
#	dnat-public	the same with a server that announces that address
#	hairpin		both inside, the client connects to gw's address
#	both		the client behind its own NAT, the server behind gw's
#	local-client	the client on gw
#	local-server	the server on gw
topology()
{
	local base=${1%6} inside

	FAMILY=4
	[[ $1 == *6 ]] && FAMILY=6
	CLIENT=in
	SERVER=out
	TARGET=$(ip_of out)
	ORIGIN=$(ip_of wan)
	ANNOUNCE=

	case $base in
	hairpin) setup_gw in2 ;;
	both) setup_gw far ;;
	*) setup_gw ;;
	esac

	case $base in
	open | route)
		ORIGIN=$(ip_of in)
		ip -n out route add "$ORIGIN" via "$(ip_of wan)"
		[ "$base" = open ] || firewall gw
		;;
	masq)
		firewall gw masq=wan
		;;
	snat)
		firewall gw snat="wan,$(ip_of wan)"
		;;
	dnat | dnat-public | both)
		CLIENT=out
		SERVER=in
		TARGET=$(ip_of wan)
		ORIGIN=$(ip_of out)
		firewall gw dnat="$(ip_of wan),$(ip_of in)"
		[ "$base" != dnat-public ] || ANNOUNCE=$TARGET
		if [ "$base" = both ]; then
			CLIENT=far
			firewall out masq=eth0
		fi
		;;
	hairpin)
		CLIENT=in
		SERVER=in2
		TARGET=$(ip_of wan)
		ORIGIN=$(ip_of lan)
		inside=10.0.1.0/24
		[ "$FAMILY" = 4 ] || inside=fd00:1::/64
		firewall gw dnat="$(ip_of wan),$(ip_of in2)" hairpin="$inside"
		;;
	local-client)
		CLIENT=gw
		firewall gw
		;;
	local-server)
		CLIENT=out
		SERVER=gw
		TARGET=$(ip_of wan)
		ORIGIN=$(ip_of out)
		firewall gw
		;;
	*)
		die "no topology called $1"
		;;
	esac
}

# can_connect NS ADDRESS PORT: a TCP connection comes up within 5 seconds, or what
# that is on a slow machine
can_connect()
{
	# shellcheck disable=SC2016
	in_ns "$1" timeout "$(scaled 5)" bash -c ': <"/dev/tcp/$1/$2"' connect "$2" "$3"
}

cannot_connect()
{
	! can_connect "$@" 2>/dev/null
}

# listening PID PORT: something listens on PORT in the namespace of PID
listening()
{
	local hex

	printf -v hex ':%04X [0-9A-F:]* 0A' "$2"
	grep -q "$hex" "/proc/$1/net/tcp" "/proc/$1/net/tcp6" 2>/dev/null
}

# listen_on NS PORT: accept connections there until the topology goes
listen_on()
{
	nsenter --net="/run/netns/$1" -- \
		/usr/bin/python3 -I -S "$SELFTESTS/peers/listener.py" "$2" \
		</dev/null >/dev/null 2>&1 &
	disown
	wait_for 20 listening $! "$2"
}
