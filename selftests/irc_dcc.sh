#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# IRC clients send files and chat by DCC, through NAT and a firewall that knows
# nothing but "established,related", and resume what was cut short.
#
#	alice, in ---- gw (nf_appgw, appgwd) ---- out, bob	see lib/net.sh
#
# usage: irc_dcc.sh [RUN...]		see run_NAME below

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$SELFTESTS/lib/daemon.sh"
source "$SELFTESTS/lib/irc.sh"
source "$SELFTESTS/peers/irc_server.sh"
source "$SELFTESTS/peers/irc_client.sh"

FILE_SIZE=300000
PART_SIZE=100000	# what the receiver has of it already

# How long a transfer may take that must work, and how long one is watched that
# must not.
TRANSFER_S=40
WATCH_S=6

RUNS="masq masq_inspircd dnat third route6 masq6 dnat6"
RUNS+=" no_daemon no_module no_daemon6"

# Checks of each kind of run.
SHARED_CHECKS=9
CONTROL_CHECKS=4

# new_file NAME: so that no transfer is taken for another
new_file()
{
	head -c $FILE_SIZE /dev/urandom >"$WORK/$1"
}

file_came()
{
	cmp -s "$WORK/$2" "$(irc_dir "$1")/got/${3:-$2}"
}

# sends FROM TO NAME
sends()
{
	new_file "$3"
	irc_do "$1" "/dcc send $2 $WORK/$3" &&
		wait_for $TRANSFER_S file_came "$2" "$3"
}

# resumes FROM TO NAME: what the receiver has are zeros, and they are still
# there in the end: only the rest was sent
resumes()
{
	new_file "$3"
	{
		head -c $PART_SIZE /dev/zero
		tail -c +$((PART_SIZE + 1)) "$WORK/$3"
	} >"$WORK/$3.want"
	head -c $PART_SIZE /dev/zero >"$(irc_part "$2" "$3")"
	irc_do "$1" "/dcc send $2 $WORK/$3" &&
		wait_for $TRANSFER_S resumed "$2" "$3"
}

resumed()
{
	cmp -s "$WORK/$2.want" "$(irc_dir "$1")/got/$2"
}

# chats FROM TO WORD: both hear each other
chats()
{
	irc_do "$1" "/dcc chat $2" &&
		wait_for $TRANSFER_S heard "$1" "$2" "$3-there" &&
		wait_for $TRANSFER_S heard "$2" "$1" "$3-back"
	local rc=$?

	irc_end_chat "$1" "$2"
	irc_end_chat "$2" "$1"
	return $rc
}

# heard FROM TO WORD: said again and again, as nobody hears it until the chat
# is open
heard()
{
	irc_say_chat "$1" "$2" "$3"
	pause 1
	irc_told "$2" "$3"
}

# opened_ports SIDE: own and public port of the last pinhole to a host of that
# side: inside or outside
opened_ports()
{
	local re=': dcc_(send|chat) (.*):([0-9]+) (is .*:([0-9]+) out|stays)'
	local line own public host

	host=$(ip_of in)
	[ "$1" = inside ] || host=$(ip_of out)
	[ "$FAMILY" = 4 ] || host="[$host]"
	while read -r line; do
		if [[ $line =~ $re && ${BASH_REMATCH[2]} == "$host" ]]; then
			own=${BASH_REMATCH[3]}
			public=${BASH_REMATCH[5]:-$own}
		fi
	done <"$APPGWD_LOG"
	[ -n "${own:-}" ] && echo "$own $public"
}

# shut_again NS ADDRESS SIDE LISTENER_NS: what was open isn't any more, nor is
# the port next to it, although somebody listens on both
shut_again()
{
	local own public

	read -r own public < <(opened_ports "$3") || {
		cat "$APPGWD_LOG"
		return 1
	}
	echo "port $own, outside $public"
	listen_on "$4" "$own" && listen_on "$4" $((own + 1)) &&
		cannot_connect "$1" "$2" "$public" &&
		cannot_connect "$1" "$2" $((public + 1))
}

# counters_add_up USED: so many pinholes were used, and no other was opened
counters_add_up()
{
	wait_for 20 expect_count 0 && counter_is opened "$1" &&
		counter_is used "$1"
}

# place TOPOLOGY SERVER: a router in front of a server translates what leaves,
# too
place()
{
	appgwd_stop
	topology "$1"
	[ "${1%6}" != dnat ] ||
		in_ns gw nft add rule inet test nat_out oifname wan masquerade
	start_irc_server "$2" "$SERVER"
}

# join ALICE BOB [BOBS_NS]: what they are, until the server has let both in.
# Without waiting connections, what listened on a port can be listened to again.
join()
{
	local ns inside outside=$TARGET

	inside=$(ip_of "$SERVER")
	[ "$SERVER" = in ] || outside=$inside
	for ns in in "${3:-out}"; do
		in_ns "$ns" sysctl -q net.ipv4.tcp_max_tw_buckets=0
	done
	start_irc_client "$1" in alice "$inside"
	start_irc_client "$2" "${3:-out}" bob "$outside"
}

# conversations NAME: all that the two of them do
conversations()
{
	check "$1: a file from inside to outside" sends alice bob file1
	check "$1: a file from outside to inside" sends bob alice file2
	check "$1: a file from inside, resumed" resumes alice bob file3
	check "$1: a file from outside, resumed" resumes bob alice file4
	check "$1: a chat that is offered inside" chats alice bob word1
	check "$1: a chat that is offered outside" chats bob alice word2
}

# run NAME TOPOLOGY SERVER ALICE BOB
run()
{
	local to_inside

	place "$2" "$3"
	irc_daemon
	join "$4" "$5"
	conversations "$1"
	check "$1: six pinholes were opened and used" counters_add_up 6
	to_inside=$(ip_of wan)
	[ "${2%6}" != route ] || to_inside=$(ip_of in)
	check "$1: nothing leads inside any more" shut_again out "$to_inside" \
		inside in
	check "$1: nor outside" shut_again in "$(ip_of out)" outside out
}

run_masq()
{
	run "masq, irssi to weechat" masq ngircd irssi weechat
}

run_masq_inspircd()
{
	run "inspircd, weechat to irssi" masq inspircd weechat irssi
}

run_dnat()
{
	run "dnat, weechat to irssi" dnat ngircd weechat irssi
}

run_route6()
{
	run "route6, irssi to weechat" route6 ngircd irssi weechat
}

run_masq6()
{
	run "masq6, weechat to irssi" masq6 ngircd weechat irssi
}

run_dnat6()
{
	run "dnat6, irssi to weechat" dnat6 ngircd irssi weechat
}

# Bob is elsewhere than the server. What the server passes on of him is not its
# own address, so the firewall has to let alice out.
run_third()
{
	appgwd_stop
	setup_gw far
	FAMILY=4 SERVER=out TARGET=$(ip_of out)
	ip -n gw route add "$(ip_of far)" via "$(ip_of out)"
	firewall gw masq=wan
	start_irc_server ngircd out
	irc_daemon
	join irssi weechat far
	check "third: his offers open nothing" offer_opens_nothing
	in_ns gw nft add rule inet test forward iifname lan accept
	conversations third
	check "third: three pinholes were opened and used" counters_add_up 3
	check "third: nothing leads inside any more" shut_again far \
		"$(ip_of wan)" inside in
}

offer_opens_nothing()
{
	no_file bob alice file0 && counter_is opened 0 && expect_count 0
}

# no_file FROM TO NAME: the offer comes, the file does not
no_file()
{
	new_file "$3"
	irc_do "$1" "/dcc send $2 $WORK/$3" &&
		wait_for $TRANSFER_S irc_told "$2" "$3" || return
	! wait_for $WATCH_S anything_came "$2" "$3"
}

anything_came()
{
	[ -s "$(irc_dir "$1")/got/$2" ] || [ -s "$(irc_dir "$1")/got/$2.part" ]
}

# no_chat FROM TO WORD
no_chat()
{
	irc_do "$1" "/dcc chat $2" &&
		wait_for $TRANSFER_S irc_told_of_chat "$2" "$1" || return
	! wait_for $WATCH_S heard "$1" "$2" "$3"
}

# control NAME TOPOLOGY: the same peers, and nobody who helps them
control()
{
	place "$2" ngircd
	join irssi weechat
	check "$1: no file from inside" no_file alice bob file1
	check "$1: no file from outside" no_file bob alice file2
	check "$1: no chat from inside" no_chat alice bob word1
	check "$1: no chat from outside" no_chat bob alice word2
}

run_no_daemon()
{
	control "without the daemon" masq
}

run_no_daemon6()
{
	control "without the daemon, route6" route6
}

run_no_module()
{
	appgwd_stop
	net_remove
	unload_appgw || die "nf_appgw does not unload"
	control "without the module" masq
	load_appgw
}

count_checks()
{
	local run n=0

	for run; do
		case $run in
		no_*) n=$((n + CONTROL_CHECKS)) ;;
		*) n=$((n + SHARED_CHECKS)) ;;
		esac
	done
	echo $n
}

need nft conntrack nsenter ip appgwd
need_irc_server ngircd inspircd
need_irc_client irssi weechat
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $RUNS
plan "$(count_checks "$@")"
load_appgw
for run; do
	"run_$run"
done
appgwd_stop
note "took $SECONDS s"
