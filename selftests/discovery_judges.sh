#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wherever the kernel's own helpers of NetBIOS and SNMP, or conntrackd's of mDNS, SSDP
# and SLP, let in what answers a question to all hosts, we do; and where a rule has
# assigned one of them, it is left alone.
#
#	in, in2 ---- gw (a judge, then nf_appgw)		see lib/discovery.sh
#
# usage: discovery_judges.sh [alone|compare|beside]...

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=selftests/lib/say.sh
source "$SELFTESTS/lib/say.sh"
# shellcheck source=selftests/lib/daemon.sh
source "$SELFTESTS/lib/daemon.sh"
# shellcheck source=selftests/lib/discovery.sh
source "$SELFTESTS/lib/discovery.sh"
# shellcheck source=selftests/lib/conntrackd.sh
source "$SELFTESTS/lib/conntrackd.sh"

# As lib/conntrackd.sh has them, with the times of conntrackd's own manual
CONNTRACKDS=("mdns inet udp 5353 30" "mdns inet6 udp 5353 30"
	"ssdp inet udp 1900 300" "ssdp inet6 udp 1900 300"
	"slp inet udp 427 16" "slp inet6 udp 427 16")

# ---- cases: "WORD [6] [NAME=VALUE]...", as discovery_ask.py has them, but for
# group=ADDRESS to ask elsewhere

# A router, whose interface has no broadcast address
CASES_router=(
	netbios "netbios group=255.255.255.255 from=$LAN" snmp
	ssdp "ssdp 6" "ssdp 6 group=ff05::c from=${IP6[lan]}" "ssdp-mx2 later=20"
	mdns "mdns 6" "mdns-qu port=5353" "mdns-qu 6 port=5353" "mdns later=20"
	wsd "wsd 6" wsd-resolve
	slp "slp 6" "slp group=$BROADCAST" "slp later=99"
)
# The same with one
CASES_broadcast=(
	netbios "netbios group=255.255.255.255 from=$LAN" netbios-status
	"netbios later=20" "netbios port=137" snmp "snmp later=99"
	"slp group=$BROADCAST"
	# an address that another interface has
	"netbios from=${IP4[wan]}"
)
# A host, in2, as systems set up its interface
CASES_host=(
	netbios "netbios port=137" snmp ssdp "ssdp 6" mdns "mdns 6" "mdns-qu port=5353"
	wsd "wsd 6" slp "slp 6"
)
# What they let in and we don't, nor should we; gw is as for broadcast
CASES_strict=(
	# later than we wait for answers, and than hosts answer
	"mdns later=50"
	# no questions
	netbios-answer snmp-trap mdns-answer slp-reply
)
PLACES="router broadcast host"
# Those that each judge must work for at least, or it judges nothing
declare -A LEAST=([kernel]=6 [conntrackd]=10)

# What may be asked, and whom of: namespace, interface, and who answers
ASKER=gw DEV=lan HOSTS="in in2"

set_broadcast()
{
	ip -n "$1" addr del "$2/24" dev "$3"
	ip -n "$1" addr add "$2/24" brd + dev "$3"
}

# set_place router|broadcast|strict|host
set_place()
{
	ASKER=gw DEV=lan HOSTS="in in2"
	place_router
	case $1 in
	broadcast | strict)
		set_broadcast gw "$LAN" lan
		;;
	host)
		place_host
		set_broadcast in2 "${IP4[in2]}" eth0
		ASKER=in2 DEV=eth0 HOSTS=in
		;;
	esac
}

# ask_case CASE LIMIT_S: sets HEARD to what comes
ask_case()
{
	local words six='' to='' opts=() word opt hosts

	read -ra words <<<"$1"
	word=${words[0]}
	for opt in "${words[@]:1}"; do
		case $opt in
		6)	six=6 ;;
		group=*) to=${opt#*=} ;;
		*)	opts+=("$opt") ;;
		esac
	done
	read -ra hosts <<<"$HOSTS"
	fresh "$ASKER"
	mapfile -t HEARD < <(ask "$ASKER" dev=$DEV good=${#hosts[@]} \
		limit="$2" "${opts[@]}" "${to:-$(group "$word" $six)}" "$word")
}

# limit_of CASE: how long to wait for what may never come, in seconds
limit_of()
{
	local tenths=0

	[[ $1 != *later=* ]] || tenths=${1#*later=}
	echo $((2 + tenths / 10))
}

# works CASE: every host's good answer is heard
works()
{
	local host

	ask_case "$1" "${2:-$(limit_of "$1")}"
	echo "$1: heard ${HEARD[*]:-nothing}"
	for host in $HOSTS; do
		[[ " ${HEARD[*]} " == *" $host good "* ]] || return 1
	done
}

# window: for how long answers come in, in seconds, as far as can be seen
window()
{
	sed -n 's/^ *\([0-9]\+\) l3proto.*/\1/p' \
		"/proc/${NS_PID[$ASKER]}/net/nf_conntrack_expect" | sort -n | tail -n 1
}

# ---- who helps

# kernel_rules NS: those of an administrator who wants the kernel's own
kernel_rules()
{
	modprobe -a nf_conntrack_netbios_ns nf_conntrack_snmp || return
	in_ns "$1" nft -f - <<-EOF
	table inet judge {
		ct helper netbios { type "netbios-ns" protocol udp; l3proto ip; }
		ct helper snmp { type "snmp" protocol udp; l3proto ip; }
		chain c {
			type filter hook output priority -150;
			udp dport 137 ct helper set "netbios"
			udp dport 161 ct helper set "snmp"
		}
	}
	EOF
}

judge_kernel()
{
	kernel_rules "$ASKER"
}

judge_conntrackd()
{
	conntrackd_comes "$ASKER" output "${CONNTRACKDS[@]}"
}

judge_ours()
{
	load_appgw
}

# judged JUDGE PLACE: sets RESULTS, and adds to LETS_IN
declare -A RESULTS=() LETS_IN=()
judged()
{
	local -n cases=CASES_$2
	local case

	unload_appgw || return
	set_place "$2"
	"judge_$1" || die "$1 does not come to $2"
	for case in "${cases[@]}"; do
		RESULTS[$1 $2 $case]=-
		works "$case" || continue
		RESULTS[$1 $2 $case]="$(window) s"
		[ "$2" = strict ] || LETS_IN[$1]+="$2: $case"$'\n'
		[[ "${HEARD[*]}" != *foreign* ]] ||
			RESULTS[$1 $2 $case]+=", foreign"
		[[ "${HEARD[*]}" != *beside* ]] ||
			RESULTS[$1 $2 $case]+=", beside"
	done
	[ "$1" != conntrackd ] || conntrackd_goes
}

# ---- what is compared

# alone PLACE: without help each host's five datagrams are dropped
alone()
{
	local -n cases=CASES_$1
	local case hosts

	unload_appgw || return
	set_place "$1"
	read -ra hosts <<<"$HOSTS"
	for case in "${cases[@]}"; do
		ask_case "$case" 0.5
		echo "$case: heard ${HEARD[*]:-nothing}"
		[ ${#HEARD[@]} -eq 0 ] &&
			wait_for 20 dropped "$ASKER" $((5 * ${#hosts[@]})) &&
			expect_count 0 || return
	done
}

# helps JUDGE: in as many cases as it must, or it is none
helps()
{
	local n

	n=$(grep -c . <<<"${LETS_IN[$1]:-}")
	echo "$1 lets answers in, $n times:"
	echo "${LETS_IN[$1]:-}"
	[ "$n" -ge "${LEAST[$1]}" ]
}

# no_worse JUDGE
no_worse()
{
	local case rc=0

	while read -r case; do
		grep -qxF -e "$case" <<<"${LETS_IN[ours]:-}" || {
			echo "only with $1: $case"
			rc=1
		}
	done < <(grep . <<<"${LETS_IN[$1]:-}")
	return $rc
}

# stricter: of those cases each is let in by one of them, and not by us
stricter()
{
	local case rc=0

	for case in "${CASES_strict[@]}"; do
		[ "${RESULTS[kernel strict $case]}${RESULTS[conntrackd strict $case]}" != -- ] &&
			[ "${RESULTS[ours strict $case]}" = - ] || {
			echo "$case"
			rc=1
		}
	done
	return $rc
}

alone_checks()
{
	local place

	for place in $PLACES; do
		check "without help nothing comes in: $place" alone $place
	done
}

table()
{
	local row='%-50s %-6s %-15s %s' place case

	# shellcheck disable=SC2059 # that is the row
	note "$(printf "$row" case kernel conntrackd ours)"
	for place in $PLACES strict; do
		local -n cases=CASES_$place
		for case in "${cases[@]}"; do
			# shellcheck disable=SC2059
			note "$(printf "$row" "$place: $case" \
				"${RESULTS[kernel $place $case]}" \
				"${RESULTS[conntrackd $place $case]}" \
				"${RESULTS[ours $place $case]}")"
		done
	done
}

compare_checks()
{
	local place judge

	for place in $PLACES strict; do
		for judge in kernel conntrackd ours; do
			judged $judge $place >"$WORK/judged" || die "$judge, $place"
		done
	done
	table
	for judge in kernel conntrackd; do
		check "$judge: works" helps $judge
		check "$judge: whatever it lets in, so do we" no_worse $judge
	done
	check "but for what should stay out" stricter
}

# ---- beside one another

# moved NAME N CMD...: a counter, while CMD succeeds
moved()
{
	local name=$1 n=$2 was
	shift 2

	was=$(counter "$name")
	"$@" && counter_is "$name" $((was + n)) || {
		echo "$name was $was, is $(counter "$name")"
		return 1
	}
}

# theirs CASE HELPER: it has the question, and ours has said and opened nothing
theirs()
{
	moved discovery 0 moved foreign_helper 1 works "$1" &&
		expect_count 1 && in_ns gw conntrack -L -p udp >"$WORK/entries" 2>&1 &&
		grep "helper=$2" "$WORK/entries" && ! grep helper=appgw "$WORK/entries"
}

heard_good()
{
	[ "${HEARD[*]}" = "$GOOD" ]
}

# ours CASE
ours()
{
	moved discovery 1 moved foreign_helper 0 works "$1"
}

beside_kernels()
{
	load_appgw
	set_place broadcast
	kernel_rules gw || die "no helpers of the kernel's"
	check "the kernel's by a rule: NetBIOS" all_of theirs netbios netbios-ns \; \
		heard_good
	check "the kernel's by a rule: SNMP" all_of theirs snmp snmp \; heard_good
	check "other questions are ours" all_of ours wsd \; ours "slp 6"
	check "even where the rule's opens nothing" shut_by_rule
	check "unloaded, what the rule's expects stays" stays
	check "it goes, and ours sees to NetBIOS" takes_over
	check "the kernel's by policy: ours comes first" all_of \
		ctl policy set kernel_helpers=netbios-ns,snmp \; \
		ours netbios \; ours snmp
	check "and without ours, the kernel's" all_of ctl policy set discovery=none \; \
		moved kernel_helpers 1 works netbios
}

# The kernel's lets in nothing for a question to 255.255.255.255.
shut_by_rule()
{
	! moved discovery 0 works "netbios group=255.255.255.255 from=$LAN" &&
		wait_for 5 dropped gw 10 && expect_count 0
}

stays()
{
	ask_case "snmp" 0.5
	unload_appgw && expect_count 1 && works snmp
}

takes_over()
{
	load_appgw
	in_ns gw nft delete table inet judge
	in_ns gw conntrack -F
	wait_for 10 rmmod nf_conntrack_netbios_ns && rmmod nf_conntrack_snmp &&
		ours netbios && ours snmp
}

beside_conntrackd()
{
	load_appgw
	set_place router
	conntrackd_comes gw output "${CONNTRACKDS[@]}" || die "no conntrackd"
	check "conntrackd's by a rule: mDNS" theirs mdns mdns
	check "conntrackd's by a rule: SSDP" theirs ssdp ssdp
	check "other questions are ours beside it" all_of ours wsd \; ours netbios
	conntrackd_goes
}

beside_checks()
{
	beside_kernels
	beside_conntrackd
}

parts=(alone compare beside)
declare -A CHECKS=([alone]=3 [compare]=5 [beside]=11)

need nft conntrack nsenter ip nfct python3 appgwctl
need_conntrackd
[ $# -eq 0 ] || parts=("$@")
plan_parts 0 "${parts[@]}"
for part in "${parts[@]}"; do
	"${part}_checks"
done
note "took $SECONDS s"
