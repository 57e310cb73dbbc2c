# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# rpcbind, its clients and the services that it names, on both sides of a router
# with the daemon: see peers/rpc.py for what they can say.
#
#	source "$SELFTESTS/lib/say.sh"
#	source "$SELFTESTS/lib/daemon.sh"
#	source "$SELFTESTS/lib/rpc.sh"

# shellcheck source=selftests/lib/partner.sh
source "$SELFTESTS/lib/partner.sh"

# Read by lib/net.sh.
# shellcheck disable=SC2034
CONTROL_PORT=111

# Another outside host's addresses, and another inside host's, as far as anyone can
# tell
OTHER4=203.0.113.3 OTHER6=2001:db8:2::3 NEIGHBOUR4=10.0.1.9

# For what must come
RPC_LIMIT_S=$(scaled "${RPC_LIMIT_S:-20}")

rpc_start()
{
	partner_start rpc rpc.py
	rpc limit "$RPC_LIMIT_S"
}

# rpc VERB WORD...: what comes back is printed; false if it is "no"
rpc()
{
	partner_told rpc 100 "$@"
}

# rpc_world: tell it who is where
rpc_world()
{
	local nat=1

	case ${1%6} in
	open | route | local-*) nat=0 ;;
	esac
	rpc world "client=$CLIENT" "server=$SERVER" "target=$TARGET" \
		"origin=$ORIGIN" "own=$(rpc_own "$1")" "nat=$nat"
}

# rpc_own TOPOLOGY: the server's address, as the server knows it
rpc_own()
{
	case ${1%6} in
	local-server) echo "$TARGET" ;;
	*) ip_of "$SERVER" ;;
	esac
}

# rpc_firewall NS: questions by UDP are as welcome as those by TCP
rpc_firewall()
{
	local chain

	for chain in input forward output; do
		in_ns "$1" nft add rule inet test $chain ct state new \
			udp dport 111 counter accept || return
	done
	in_ns "$1" nft list chain inet test nat_in >/dev/null 2>&1 ||
		return 0
	rpc_dnat "$1" "$TARGET" "$(ip_of "$SERVER")"
}

# rpc_dnat NS PUBLIC INSIDE
rpc_dnat()
{
	local ip=ip

	[ "$FAMILY" = 4 ] || ip=ip6
	in_ns "$1" nft add rule inet test nat_in $ip daddr "$2" udp dport 111 \
		dnat $ip to "$3"
}

# rpc_topology TOPOLOGY: without a daemon; what services answered is forgotten
rpc_topology()
{
	appgwd_stop
	rpc close
	topology "$1"
	local ns

	for ns in "${GATEWAYS[@]}"; do
		rpc_firewall "$ns" || die "the firewall of $ns does not load"
	done
	ip -n out addr add $OTHER4/24 dev eth0
	ip -n in addr add $NEIGHBOUR4/24 dev eth0
	ip -n out addr add $OTHER6/64 dev eth0 nodad preferred_lft 0
	rpc_world "$1"
}

# rpc_scene TOPOLOGY: with one
rpc_scene()
{
	rpc_topology "$1"
	rpc_daemon
}

# rpc_daemon: and room for all that cases open, each of which stays
rpc_daemon()
{
	echo 8192 >/proc/sys/net/netfilter/nf_conntrack_expect_max
	appgwd_start --queue 3 || die "appgwd does not listen"
	ctl policy set quota_total=4000 quota_host=4000 >/dev/null ||
		die "no quota"
}

# ---- cases: "NAME: WORD..." of "rpc case"

# What must work wherever there is a router
# shellcheck disable=SC2034
RPC_FORMS4=(
	"GETPORT of UDP by UDP: form=getport by=udp for=udp"
	"GETPORT of TCP by UDP: form=getport by=udp for=tcp"
	"GETPORT of UDP by TCP: form=getport by=tcp for=udp"
	"GETPORT of TCP by TCP: form=getport by=tcp for=tcp"
)
RPC_FORMS=(
	"GETADDR 3 by UDP: form=getaddr3 by=udp"
	"GETADDR 3 by TCP: form=getaddr3 by=tcp"
	"GETADDR 4 by UDP: form=getaddr4 by=udp"
	"GETADDR 4 by TCP: form=getaddr4 by=tcp"
	"GETADDR of TCP by UDP is of UDP: form=getaddr4 by=udp netid=tcp"
	"GETADDR of UDP by TCP is of TCP: form=getaddr3 by=tcp netid=udp"
	"GETVERSADDR by UDP: form=getversaddr by=udp"
	"GETVERSADDR by TCP: form=getversaddr by=tcp"
	"GETADDRLIST by UDP: form=getaddrlist by=udp"
	"GETADDRLIST by TCP: form=getaddrlist by=tcp"
)

# The same said in odd ways, which are right all the same
# shellcheck disable=SC2034
RPC_ODD=(
	"AUTH_SYS: form=getport cred=60 for=tcp"
	"AUTH_SYS of 400 bytes: form=getaddr4 by=tcp cred=400"
	"a verifier of 400 bytes: form=getaddr4 verf=400"
	"bytes behind the question: form=getport by=tcp trail=20"
	"bytes behind the answer: form=getport rtrail=20"
	"bytes behind a question by UDP: form=getaddr3 trail=3"
	"bytes behind the address: form=getaddr4 by=tcp rtrail=8"
	"no owner: form=getaddr4 by=tcp owner="
	"a hint that is none: form=getaddr4 hint="
	"the socket that has asked: form=getaddr4 by=udp same=1"
	"a connection that stays open: form=getport by=tcp for=tcp keep=1"
	"nfs: form=getport for=tcp prog=100003"
	"rquotad: form=getaddr4 prog=100011 port=875"
	"nlockmgr: form=getport by=tcp for=tcp prog=100021 vers=4"
	"status: form=getport by=udp prog=100024 vers=1"
	"nfs_acl: form=getport by=tcp for=tcp prog=100227"
	"mountd on 600: form=getport for=tcp port=600"
	"mountd on 1023: form=getaddr4 by=tcp port=1023"
	"the highest port: form=getport for=tcp port=65535"
	"six connections: form=getport for=tcp sources=0,0,0,701,702,65000"
	"six of UDP: form=getaddr3 sources=0,0,0,703,704,65001"
)

# What a server writes as its address
# shellcheck disable=SC2034
RPC_HOSTS=(
	"another interface's address by UDP: form=getaddr4 host=other"
	"another interface's address by TCP: form=getaddr4 by=tcp host=other"
	"no address at all by UDP: form=getaddr3 host=zero"
	"no address at all by TCP: form=getversaddr by=tcp host=zero"
	"loopback: form=getaddr4 by=tcp host=loop"
	"the dialled one: form=getaddr4 host=dialled"
	"GETADDRLIST by UDP with another address: form=getaddrlist host=other"
	"GETADDRLIST by TCP with another address: form=getaddrlist by=tcp host=other"
)

# Cut into segments and fragments
# shellcheck disable=SC2034
RPC_STREAM=(
	"a byte a segment: form=getaddr4 by=tcp cut=each rcut=each"
	"two questions in a segment: form=getport by=tcp for=tcp n=2"
	"two of GETADDR: form=getaddr4 by=tcp n=2"
	"eight questions in a segment: form=getaddr4 by=tcp n=8"
	"a question and a half: form=getport by=tcp for=udp n=2 cut=85 rcut=40"
	"answers in another order: form=getaddr4 by=tcp n=3 swap=1"
	"an answer cut in the other: form=getaddr4 by=tcp n=3 swap=1 rcut=3,47,90"
	"a question in two fragments: form=getport by=tcp for=tcp frags=2"
	"in sixteen: form=getaddr4 by=tcp frags=16"
	"an answer in two fragments: form=getport by=tcp for=tcp rfrags=2"
	"with an empty one: form=getaddr4 by=tcp rempty=1"
	"in seven: form=getport by=tcp for=tcp rfrags=7"
	"fragments and segments: form=getport by=tcp for=udp frags=4 rfrags=7 cut=each rcut=each"
	"a list of 28: form=getaddrlist by=tcp entries=24"
	"a port cut by a mark: form=getport by=tcp for=tcp rfrags=14"
	"an address cut by seven: form=getaddr4 by=tcp rfrags=14"
	"by three, the dialled one: form=getaddr4 by=tcp rfrags=7 host=dialled"
	"and by segments: form=getaddr4 by=tcp frags=4 rfrags=4 cut=each rcut=each"
	"addresses of a list: form=getaddrlist by=tcp rfrags=14"
	"three in a segment: form=getaddr4 by=tcp n=3 rfrags=9"
	"a list of 28 in eight: form=getaddrlist by=tcp entries=24 rfrags=8"
)

# Late, again, and in pieces
# shellcheck disable=SC2034
RPC_DATAGRAMS=(
	"two questions, answered in another order: form=getport for=tcp n=2 swap=1"
	"eight: form=getaddr4 n=8 swap=1"
	"an answer that comes twice: form=getport for=tcp twice=2"
	"GETADDR's twice: form=getaddr4 host=other twice=2"
	"a question that is repeated: form=getaddr4 again=2 twice=2"
	"two that are repeated: form=getaddr3 n=2 again=2 twice=3 swap=1"
	"a list twice: form=getaddrlist twice=2"
	"an answer in IP fragments: form=getport for=tcp rtrail=6000"
	"GETADDR's: form=getaddr4 rtrail=6000"
	"its length just below the MTU: form=getaddr4 rtrail=1420"
	"a list in IP fragments: form=getaddrlist rtrail=3000"
	"a question in IP fragments: form=getaddr4 trail=3000"
	"a list of 28: form=getaddrlist entries=24"
	"a list of 24 addresses: form=getaddrlist many=20 nothing=1"
)

# rpc_cases PREFIX CASE...: a check each
rpc_cases()
{
	local prefix=$1 case
	shift

	for case; do
		# shellcheck disable=SC2086 # words
		check "$prefix${case%%: *}" rpc case ${case#*: }
	done
}

# rpc_all CASE...: all of them work
rpc_all()
{
	local case

	for case; do
		# shellcheck disable=SC2086 # words
		rpc case ${case#*: } || {
			echo "fails: $case"
			return 1
		}
	done
}

# rpc_none CASE...: none of them works
rpc_none()
{
	local case rc=0

	rpc limit 0.5
	for case; do
		# shellcheck disable=SC2086 # words
		if rpc case ${case#*: }; then
			echo "works: $case"
			rc=1
		fi
	done
	rpc limit "$RPC_LIMIT_S"
	return $rc
}

# rpc_parts FUNCTION...: of a script, its last words
rpc_parts()
{
	for part; do
		since=$SECONDS
		$part
		note "$part took $((SECONDS - since)) s"
	done
	appgwd_stop
	note "took $SECONDS s"
}

# rpc_conntrack OPTION...: does an entry of gw's with these words live?
rpc_conntrack()
{
	local line

	while read -r line; do
		[[ $line != *$1* ]] || return 0
	done <"/proc/${NS_PID[gw]}/net/nf_conntrack"
	return 1
}

# rpc_short_lived: entries go within seconds
rpc_short_lived()
{
	in_ns gw bash -c '
		cd /proc/sys/net/netfilter &&
		echo 2 >nf_conntrack_udp_timeout &&
		echo 2 >nf_conntrack_udp_timeout_stream &&
		for t in time_wait close close_wait fin_wait last_ack; do
			echo 2 >nf_conntrack_tcp_timeout_$t
		done'
}
